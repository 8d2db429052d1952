//! Configured files, folders and globs to ordered lists of files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ecow::EcoString;
use globset::{GlobBuilder, GlobMatcher};
use rustc_hash::FxHashMap;
use walkdir::WalkDir;

use super::error::Problems;
use super::layout::{self, Listing};
use super::{MigrationKind, order, read};
use crate::report::{Diagnostic, Severity};
use crate::source::{FileId, Place};
use crate::yaml::Located;

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) file: PathBuf,
    pub(super) kind: MigrationKind,
    /// The entry of the configuration that led to it.
    pub(super) listed: Option<Place>,
}

/// Finds files; what is wrong goes to the problems.
pub(super) struct Discovery<'a> {
    root: &'a Path,
    directory: &'a Path,
    config: Option<FileId>,
    problems: &'a mut Problems,
}

/// What is looked for: it decides which names count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Migrations,
    Baseline,
    Specs,
}

impl Purpose {
    fn noun(self) -> &'static str {
        match self {
            Purpose::Migrations => "migration",
            Purpose::Baseline => "baseline file",
            Purpose::Specs => "spec",
        }
    }
}

impl<'a> Discovery<'a> {
    pub(super) fn new(root: &'a Path, directory: &'a Path, config: Option<FileId>, problems: &'a mut Problems) -> Self {
        Discovery { root, directory, config, problems }
    }

    pub(super) fn migrations(&mut self, entries: &[Located<EcoString>]) -> Vec<Found> {
        self.entries(entries, Purpose::Migrations)
    }

    pub(super) fn baseline(&mut self, entries: &[Located<EcoString>]) -> Vec<Found> {
        self.entries(entries, Purpose::Baseline)
    }

    pub(super) fn specs(&mut self, entries: &[Located<EcoString>]) -> Vec<Found> {
        self.entries(entries, Purpose::Specs)
    }

    /// The folder of migrations that is there without being configured.
    pub(super) fn migration_folder(&mut self, folder: &Path) -> Vec<Found> {
        self.folder(folder, None, Purpose::Migrations)
    }

    /// The folder of specs that may be there without being configured.
    pub(super) fn spec_folder(&mut self, folder: &Path) -> Vec<Found> {
        if folder.is_dir() { self.folder(folder, None, Purpose::Specs) } else { Vec::new() }
    }

    /// Specs from the command line.
    pub(super) fn spec_arguments(&mut self, paths: &[PathBuf]) -> Vec<Found> {
        let mut found = Vec::new();
        for path in paths {
            let file = self.directory.join(path);
            if file.is_dir() {
                found.extend(self.folder(&file, None, Purpose::Specs));
            } else {
                found.push(Found { file, kind: MigrationKind::Sql, listed: None });
            }
        }
        self.refuse_duplicates(&found, Purpose::Specs);
        found
    }

    pub(super) fn ambiguous_default(&mut self, first: &str, second: &str) {
        let message = format!("both `{first}` and `{second}` are there");
        self.problems.error_with_help(
            "ambiguous-migrations",
            message,
            None,
            "say which it is under `migrations` in pgproof.yaml",
        );
    }

    fn entries(&mut self, entries: &[Located<EcoString>], purpose: Purpose) -> Vec<Found> {
        let mut found = Vec::new();
        for entry in entries {
            let listed = self.config.map(|file| Place { file, span: entry.span });
            let path = self.root.join(entry.value.as_str());
            if path.is_dir() {
                let files = self.folder(&path, listed, purpose);
                if files.is_empty() && purpose != Purpose::Migrations && self.problems.is_empty() {
                    self.nothing(&entry.value, listed, purpose);
                }
                found.extend(files);
            } else if path.exists() || !is_glob(&entry.value) {
                found.extend(self.file(path, &entry.value, listed, purpose));
            } else {
                found.extend(self.glob(&entry.value, listed, purpose));
            }
        }
        self.refuse_duplicates(&found, purpose);
        found
    }

    fn file(&mut self, file: PathBuf, written: &str, listed: Option<Place>, purpose: Purpose) -> Option<Found> {
        if let Err(error) = fs::metadata(&file) {
            let message = format!("cannot read `{written}`: {}", read::describe(&error));
            self.problems.error("unreadable-file", message, listed);
            return None;
        }
        let kind = match file.file_name().and_then(|name| name.to_str()).and_then(layout::language_of) {
            Some(_) if purpose == Purpose::Migrations => MigrationKind::NotSql,
            _ => MigrationKind::Sql,
        };
        Some(Found { file, kind, listed })
    }

    fn nothing(&mut self, written: &str, listed: Option<Place>, purpose: Purpose) {
        let message = format!("no {} matches `{written}`", purpose.noun());
        self.problems.error("no-such-file", message, listed);
    }

    fn folder(&mut self, folder: &Path, listed: Option<Place>, purpose: Purpose) -> Vec<Found> {
        let listing = match list(folder, 1) {
            Ok(listing) => listing,
            Err(error) => {
                let shown = self.shown(folder);
                let message = format!("cannot read `{shown}`: {}", read::describe(&error));
                self.problems.error("unreadable-file", message, listed);
                return Vec::new();
            }
        };
        let mut names: Vec<(&str, MigrationKind)> =
            listing.files.iter().filter_map(|name| Some((name.as_str(), kind_of(name, purpose)?))).collect();
        names.sort_by(|(a, _), (b, _)| order::compare(a, b));
        if purpose == Purpose::Migrations && !self.check_folder(folder, &listing, &names, listed) {
            return Vec::new();
        }
        names.into_iter().map(|(name, kind)| Found { file: folder.join(name), kind, listed }).collect()
    }

    /// Whether the folder is one of plain migrations; says what it is otherwise.
    fn check_folder(
        &mut self,
        folder: &Path,
        listing: &Listing,
        names: &[(&str, MigrationKind)],
        listed: Option<Place>,
    ) -> bool {
        let unsupported = layout::of_folder(folder, listing).or_else(|| layout::of_names(&listing.files));
        if let Some(layout) = unsupported {
            self.unsupported(&self.shown(&folder.join(&layout.evidence)), layout.tool, listed);
            return false;
        }
        let with_sql = listing.folders.iter().filter(|(_, files)| files.iter().any(|file| layout::is_sql(file)));
        let with_sql: Vec<String> = with_sql.map(|(name, _)| self.shown(&folder.join(name))).collect();
        let is_sql = |&(_, kind): &(&str, MigrationKind)| kind == MigrationKind::Sql;
        match (names.iter().any(is_sql), names.first(), with_sql.first()) {
            (true, _, None) | (false, None, None) => true,
            (true, _, Some(inner)) => {
                let message = format!("the SQL files in `{inner}` are not read");
                let warning = Diagnostic::new("ignored-folder", Severity::Warning, message).help(
                    "migrations are read from the folder itself: list the folders one by one if these belong to them",
                );
                self.problems.push(match listed {
                    Some(place) => warning.label(place, ""),
                    None => warning,
                });
                true
            }
            (false, _, Some(inner)) => {
                let message = format!("a folder for each migration, as in `{inner}`, is not supported yet");
                let pattern = format!("{}/*/*.sql", self.shown(folder));
                let help = format!("name the files under `migrations` in pgproof.yaml, for example `{pattern}`");
                self.problems.error_with_help("unsupported-layout", message, listed, &help);
                false
            }
            (false, Some(&(name, _)), None) => {
                let language = layout::language_of(name).unwrap_or("other");
                let tools = layout::tools_of_language(language);
                let shown = self.shown(&folder.join(name));
                let message =
                    format!("`{shown}` is {language}: migrations that are not SQL ({tools}) are not supported");
                let help = "let the tool write its migrations as SQL, and give pgproof those files";
                self.problems.error_with_help("unsupported-layout", message, listed, help);
                false
            }
        }
    }

    fn unsupported(&mut self, evidence: &str, tool: &str, listed: Option<Place>) {
        let message = format!("the migrations have the layout of {tool}, which is not supported yet: `{evidence}`");
        let help = "list the files that run forwards, in their order, under `migrations` in pgproof.yaml";
        self.problems.error_with_help("unsupported-layout", message, listed, help);
    }

    fn glob(&mut self, pattern: &str, listed: Option<Place>, purpose: Purpose) -> Vec<Found> {
        let (base, rest) = split_glob(pattern);
        let matcher = match compile(rest) {
            Ok(matcher) => matcher,
            Err(error) => {
                let message = format!("`{pattern}` is no glob: {}", error.kind());
                self.problems.error("invalid-config", message, listed);
                return Vec::new();
            }
        };
        let base = self.root.join(base);
        let depth = if rest.contains("**") { usize::MAX } else { rest.split('/').count() };
        let wants_hidden = rest.starts_with('.') || rest.contains("/.");
        let walk = WalkDir::new(&base).min_depth(1).max_depth(depth).follow_links(true);
        let is_visible = |name: &std::ffi::OsStr| wants_hidden || !name.to_string_lossy().starts_with('.');
        let mut matched: Vec<(String, PathBuf)> = Vec::new();
        for entry in walk.into_iter().filter_entry(|entry| entry.depth() == 0 || is_visible(entry.file_name())) {
            match entry {
                Ok(entry) if entry.file_type().is_file() => {
                    let relative = entry.path().strip_prefix(&base).unwrap_or(entry.path());
                    let relative = relative.to_string_lossy().replace('\\', "/");
                    if matcher.is_match(&relative) {
                        matched.push((relative, entry.into_path()));
                    }
                }
                Ok(_) => {}
                // A glob whose folder is missing matches nothing, which is said below; a loop of links is no file.
                Err(error) if error.depth() == 0 || error.loop_ancestor().is_some() => {}
                Err(error) => {
                    let reason = error.io_error().map_or_else(|| error.to_string(), read::describe);
                    let shown = error.path().map(|path| self.shown(path)).unwrap_or_default();
                    self.problems.error("unreadable-file", format!("cannot read `{shown}`: {reason}"), listed);
                }
            }
        }
        let explicit = rest.rsplit('/').next().unwrap_or(rest);
        matched.retain(|(relative, _)| counts_in_glob(relative, explicit, purpose));
        matched.sort_by(|(a, _), (b, _)| order::compare(a, b));
        if purpose == Purpose::Migrations {
            let names: Vec<String> = matched.iter().map(|(relative, _)| file_name(relative).to_owned()).collect();
            if let Some(layout) = layout::of_names(&names) {
                self.unsupported(&layout.evidence, layout.tool, listed);
                return Vec::new();
            }
        }
        if matched.is_empty() && self.problems.is_empty() {
            self.nothing(pattern, listed, purpose);
        }
        let found = |(relative, file): (String, PathBuf)| {
            let kind = kind_of(file_name(&relative), purpose).unwrap_or(MigrationKind::Sql);
            Found { file, kind, listed }
        };
        matched.into_iter().map(found).collect()
    }

    fn refuse_duplicates(&mut self, found: &[Found], purpose: Purpose) {
        let mut seen: FxHashMap<PathBuf, &Found> = FxHashMap::default();
        for file in found {
            // A file that cannot be resolved is reported when it is read.
            let Ok(real) = file.file.canonicalize() else { continue };
            let Some(first) = seen.insert(real, file) else { continue };
            let message = format!("the {} `{}` is listed twice", purpose.noun(), self.shown(&file.file));
            let mut diagnostic = Diagnostic::new("duplicate-file", Severity::Error, message);
            if let Some(place) = file.listed {
                diagnostic = diagnostic.label(place, "listed again here");
            }
            if let Some(place) = first.listed.filter(|&place| Some(place) != file.listed) {
                diagnostic = diagnostic.label(place, "first listed here");
            }
            self.problems.push(diagnostic);
        }
    }

    fn shown(&self, path: &Path) -> String {
        read::display_path(path, self.directory, self.root)
    }
}

fn file_name(relative: &str) -> &str {
    relative.rsplit('/').next().unwrap_or(relative)
}

/// What a file in a folder is; nothing for files that are not looked for, such as `README.md`.
fn kind_of(name: &str, purpose: Purpose) -> Option<MigrationKind> {
    if name.starts_with('.') {
        return None;
    }
    match purpose {
        Purpose::Migrations | Purpose::Baseline if layout::is_sql(name) => Some(MigrationKind::Sql),
        // Programs without a number are helpers: `env.py`, `index.js`.
        Purpose::Migrations
            if layout::language_of(name).is_some() && name.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            Some(MigrationKind::NotSql)
        }
        Purpose::Migrations | Purpose::Baseline => None,
        Purpose::Specs => has_extension(name, &["yaml", "yml"]).then_some(MigrationKind::Sql),
    }
}

/// A glob whose last part names an extension means it; `migrations/*` means the files that count in a folder.
fn counts_in_glob(relative: &str, pattern: &str, purpose: Purpose) -> bool {
    let names_extension = pattern.rsplit_once('.').is_some_and(|(_, extension)| !is_glob(extension));
    names_extension || kind_of(file_name(relative), purpose).is_some()
}

fn has_extension(name: &str, extensions: &[&str]) -> bool {
    let Some((_, extension)) = name.rsplit_once('.') else { return false };
    extensions.iter().any(|wanted| extension.eq_ignore_ascii_case(wanted))
}

fn is_glob(text: &str) -> bool {
    text.contains(['*', '?', '[', '{'])
}

/// The folders before the first part with a special character, and the rest.
fn split_glob(pattern: &str) -> (&str, &str) {
    let mut at = 0;
    for part in pattern.split_inclusive('/') {
        if is_glob(part) {
            break;
        }
        at += part.len();
    }
    pattern.split_at(at)
}

fn compile(pattern: &str) -> Result<GlobMatcher, globset::Error> {
    // A star stays within one folder, as in a shell.
    let glob = GlobBuilder::new(pattern).literal_separator(true).backslash_escape(true).build()?;
    Ok(glob.compile_matcher())
}

/// The names in a folder and, `depth` levels down, in its folders; hidden ones left out, in order.
fn list(folder: &Path, depth: usize) -> io::Result<Listing> {
    let mut listing = Listing::default();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            let name = entry.file_name().to_string_lossy().into_owned();
            return Err(io::Error::other(format!("the name `{name}` is not UTF-8")));
        };
        if name.starts_with('.') {
            continue;
        }
        // The type behind a link; a dangling one is reported when it is read.
        match fs::metadata(entry.path()) {
            Ok(metadata) if metadata.is_dir() => {
                // A folder inside that cannot be read holds nothing that is looked for.
                let inner =
                    if depth > 0 { list(&entry.path(), depth - 1).unwrap_or_default() } else { Listing::default() };
                listing.folders.push((name, inner.files));
            }
            _ => listing.files.push(name),
        }
    }
    listing.files.sort();
    listing.folders.sort();
    Ok(listing)
}
