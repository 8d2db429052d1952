//! The inputs of a run: the configuration, the migrations in their order, the baseline and the specs, as texts.
//!
//! Nothing here parses SQL beyond the markers by which migration tools are known.

mod config;
mod discover;
mod error;
mod git;
mod layout;
mod order;
mod read;

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use crate::report::{Diagnostic, Severity};
use crate::source::{FileId, Place, SourceMap};
use crate::sql::span::Span;

pub use crate::platform::Platform;
pub use config::{Config, DEFAULT_POSTGRES, Data, SUPPORTED_POSTGRES, TransactionMode};
pub use error::InputError;
pub use git::{GitError, changed_since};

use discover::{Discovery, Found};
use error::Problems;

/// The names under which the configuration is looked for.
const CONFIG_NAMES: [&str; 2] = ["pgproof.yaml", "pgproof.yml"];
/// Where migrations are looked for when nobody says it.
const DEFAULT_MIGRATIONS: &str = "migrations";
/// The same for a project of Supabase's command line tool.
const SUPABASE_MIGRATIONS: &str = "supabase/migrations";
/// Where specs are looked for when nobody says it.
const DEFAULT_SPECS: &str = "spec";

/// Where to look.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that the other paths, and the paths in reports, are relative to.
    pub directory: PathBuf,
    /// The configuration; without one `pgproof.yaml` in `directory`, if there is one.
    pub config: Option<PathBuf>,
    /// Specs to use instead of the configured ones; none for those.
    pub specs: Vec<PathBuf>,
    /// Which rows there are, if it is not what is configured.
    pub data: Option<Data>,
}

impl Options {
    /// Everything as it is found in `directory`.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Options { directory: directory.into(), config: None, specs: Vec::new(), data: None }
    }
}

/// All that a run reads.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// What is configured.
    pub config: Config,
    /// The migrations in the order in which they run; at least one.
    pub migrations: Vec<Migration>,
    /// SQL files that say what exists before the first migration, in their order.
    pub baseline: Vec<FileId>,
    /// The specs.
    pub specs: Vec<FileId>,
    /// The texts.
    pub sources: SourceMap,
    /// What is odd about the inputs but does not stop the run.
    pub warnings: Vec<Diagnostic>,
}

/// One migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The number that its name begins with, as written; for a migration in a folder of its own, the folder's.
    pub version: Option<String>,
    /// The file.
    pub file: PathBuf,
    /// What is in it.
    pub kind: MigrationKind,
    /// Its text. That knows the path that reports show.
    pub source: FileId,
}

impl Inputs {
    /// The texts of the migrations that were added or changed since a commit; see [`changed_since`].
    ///
    /// # Errors
    /// Those of [`changed_since`].
    pub fn migrations_changed_since(&self, reference: &str) -> Result<Vec<FileId>, GitError> {
        let root = if self.config.root.as_os_str().is_empty() { Path::new(".") } else { &self.config.root };
        let changed = changed_since(reference, root)?;
        Ok(self.migrations.iter().filter(|m| m.is_among(&changed)).map(|migration| migration.source).collect())
    }

    /// The index of the migration with that path, file name or version.
    ///
    /// # Errors
    /// If there is none, or several.
    pub fn find_migration(&self, name: &str) -> Result<usize, InputError> {
        let path = |migration: &Migration| self.sources.file(migration.source).path();
        let indexes = |is_meant: &dyn Fn(&Migration) -> bool| -> Vec<usize> {
            self.migrations.iter().enumerate().filter(|(_, migration)| is_meant(migration)).map(|(i, _)| i).collect()
        };
        let key = order::version_key(name);
        let candidates = [
            indexes(&|migration| path(migration) == name || migration.file == Path::new(name)),
            indexes(&|migration| migration.file.file_name().is_some_and(|file| file == name)),
            indexes(&|migration| migration.version.as_deref().is_some_and(|v| order::version_key(v) == key)),
        ];
        let error = |message: String, help: Option<String>| {
            let mut diagnostic = Diagnostic::new("unknown-migration", Severity::Error, message);
            diagnostic.help = help;
            InputError::new(diagnostic)
        };
        match candidates.iter().find(|found| !found.is_empty()).map(Vec::as_slice) {
            Some(&[only]) => Ok(only),
            Some(several) => {
                let paths: Vec<String> = several.iter().map(|&i| format!("`{}`", path(&self.migrations[i]))).collect();
                Err(error(
                    format!("`{name}` names {} migrations", several.len()),
                    Some(format!("give the path of one of {}", paths.join(", "))),
                ))
            }
            None => {
                let names = self.migrations.iter().filter_map(|m| m.file.file_name()?.to_str());
                let paths = self.migrations.iter().map(path);
                let near = crate::report::closest(name, paths).or_else(|| crate::report::closest(name, names));
                Err(error(format!("no migration is `{name}`"), near.map(|near| format!("did you mean `{near}`?"))))
            }
        }
    }
}

/// What a migration is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MigrationKind {
    /// SQL.
    Sql,
    /// A program in another language: what it does to the schema is not known.
    NotSql,
}

impl Migration {
    /// Whether it is one of the files that [`changed_since`] returned.
    pub fn is_among(&self, changed: &std::collections::HashSet<PathBuf>) -> bool {
        self.file.canonicalize().is_ok_and(|file| changed.contains(&file))
    }
}

/// Reads the configuration and everything that it names.
///
/// # Errors
/// All problems that could be found, not only the first: a configuration that is wrong, files that are missing or no
/// UTF-8, a layout that is not supported, no migrations.
pub fn load(options: &Options) -> Result<Inputs, InputError> {
    let mut problems = Problems::default();
    let config = match config_file(options) {
        Some(file) => {
            let shown = read::display_path(&file, &options.directory, &options.directory);
            let root = file.parent().map_or_else(|| options.directory.clone(), Path::to_path_buf);
            match read::read_text(&file, &shown, None, &mut problems) {
                Some(id) => config::decode(root, id, &mut problems),
                None => None,
            }
        }
        None => Some(Config::without_file(options.directory.clone())),
    };
    let Some(mut config) = config else { return Err(problems.into_error()) };
    config.data = options.data.unwrap_or(config.data);
    let (migrations, baseline, specs) = discover_all(options, &mut config, &mut problems);

    let mut reader = Reader { options, root: &config.root, problems: &mut problems };
    let migrations = reader.migrations(migrations);
    let baseline = reader.texts(&baseline);
    let specs = reader.texts(&specs);
    if problems.is_empty() && migrations.is_empty() {
        problems.no_migrations(&config, options);
    }
    if !problems.is_empty() {
        return Err(problems.into_error());
    }
    let (sources, mut warnings) = problems.into_sources_and_warnings();
    warnings.extend(duplicate_versions(&migrations, &sources));
    Ok(Inputs { config, migrations, baseline, specs, sources, warnings })
}

fn config_file(options: &Options) -> Option<PathBuf> {
    match &options.config {
        Some(file) => Some(options.directory.join(file)),
        None => CONFIG_NAMES.iter().map(|name| options.directory.join(name)).find(|file| file.exists()),
    }
}

/// The files of the migrations, of the baseline and of the specs.
fn discover_all(
    options: &Options,
    config: &mut Config,
    problems: &mut Problems,
) -> (Vec<Found>, Vec<Found>, Vec<Found>) {
    let root = config.root.clone();
    let file = config.file;
    let mut discovery = Discovery::new(&root, &options.directory, file, problems);
    let migrations = match &config.migrations {
        Some(entries) => discovery.migrations(entries),
        None => {
            let plain = root.join(DEFAULT_MIGRATIONS);
            let supabase = root.join(SUPABASE_MIGRATIONS);
            match (plain.is_dir(), supabase.is_dir()) {
                (true, false) => discovery.migration_folder(&plain),
                (false, true) => {
                    config.assume_supabase();
                    discovery.migration_folder(&supabase)
                }
                (true, true) => {
                    discovery.ambiguous_default(DEFAULT_MIGRATIONS, SUPABASE_MIGRATIONS);
                    Vec::new()
                }
                (false, false) => Vec::new(),
            }
        }
    };
    let baseline = discovery.baseline(&config.baseline);
    let specs = match (&config.specs, options.specs.is_empty()) {
        (_, false) => discovery.spec_arguments(&options.specs),
        (Some(entries), true) => discovery.specs(entries),
        (None, true) => discovery.spec_folder(&root.join(DEFAULT_SPECS)),
    };
    (migrations, baseline, specs)
}

struct Reader<'a> {
    options: &'a Options,
    root: &'a Path,
    problems: &'a mut Problems,
}

impl Reader<'_> {
    fn text(&mut self, found: &Found) -> Option<FileId> {
        let shown = read::display_path(&found.file, &self.options.directory, self.root);
        read::read_text(&found.file, &shown, found.listed, self.problems)
    }

    fn texts(&mut self, found: &[Found]) -> Vec<FileId> {
        found.iter().filter_map(|found| self.text(found)).collect()
    }

    fn migrations(&mut self, found: Vec<Found>) -> Vec<Migration> {
        let mut migrations = Vec::with_capacity(found.len());
        let mut marked: Option<&'static str> = None;
        for found in found {
            let source = match found.kind {
                MigrationKind::Sql => self.text(&found),
                MigrationKind::NotSql => {
                    let shown = read::display_path(&found.file, &self.options.directory, self.root);
                    Some(read::read_program(&found.file, &shown, self.problems))
                }
            };
            let Some(source) = source else { continue };
            if found.kind == MigrationKind::Sql
                && let Some(marker) = layout::marker(self.problems.text(source))
                && marked != Some(marker.tool)
            {
                // One file is enough to say which tool it is.
                marked = Some(marker.tool);
                self.problems.marked_layout(source, &marker);
            }
            let version = order::version_of(&found.file);
            migrations.push(Migration { version, file: found.file, kind: found.kind, source });
        }
        migrations
    }
}

/// A warning for every migration whose version an earlier one has.
fn duplicate_versions(migrations: &[Migration], sources: &SourceMap) -> Vec<Diagnostic> {
    let mut first: FxHashMap<Vec<&str>, &Migration> = FxHashMap::default();
    let mut warnings = Vec::new();
    for migration in migrations {
        let Some(version) = &migration.version else { continue };
        let earlier = match first.entry(order::version_key(version)) {
            std::collections::hash_map::Entry::Vacant(slot) => {
                slot.insert(migration);
                continue;
            }
            std::collections::hash_map::Entry::Occupied(slot) => *slot.get(),
        };
        let place = |migration: &Migration| Place { file: migration.source, span: Span::point(0) };
        warnings.push(
            Diagnostic::new(
                "duplicate-version",
                Severity::Warning,
                format!("two migrations have the version {version}"),
            )
            .label(place(migration), "this one runs later")
            .label(place(earlier), "this one runs first")
            .help(format!(
                "tools that track versions run only one of `{}` and `{}`: give each migration a number of its own",
                sources.file(earlier.source).path(),
                sources.file(migration.source).path(),
            )),
        );
    }
    warnings
}

#[cfg(test)]
mod tests;
