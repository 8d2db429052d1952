//! Problems with the inputs.

use crate::report::{Diagnostic, Severity};
use crate::source::{FileId, Place, SourceMap};

use super::config::Config;
use super::git::GitError;
use super::layout::Marker;
use super::{DEFAULT_MIGRATIONS, Options, SUPABASE_MIGRATIONS};

/// Why the inputs cannot be used: errors of the configuration, of files and of specs. The exit code is 2.
#[derive(Clone, Debug)]
pub struct InputError {
    /// All that is wrong; at least one.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that the places point into.
    pub sources: SourceMap,
}

impl InputError {
    /// One error that belongs to no text.
    pub fn new(diagnostic: Diagnostic) -> Self {
        InputError { diagnostics: vec![diagnostic], sources: SourceMap::new() }
    }
}

impl From<GitError> for InputError {
    fn from(error: GitError) -> Self {
        InputError::new(Diagnostic::new("unknown-changes", Severity::Error, error.to_string()))
    }
}

impl std::fmt::Display for InputError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, diagnostic) in self.diagnostics.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            if let Some(label) = diagnostic.labels.first() {
                let (path, line) = self.sources.path_line(label.place);
                write!(f, "{path}:{line}: ")?;
            }
            f.write_str(&diagnostic.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for InputError {}

/// The problems found so far, with the texts read so far.
#[derive(Debug, Default)]
pub(super) struct Problems {
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
    pub(super) sources: SourceMap,
}

impl Problems {
    pub(super) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    pub(super) fn text(&self, file: FileId) -> &str {
        self.sources.file(file).text()
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        match diagnostic.severity {
            Severity::Error => self.errors.push(diagnostic),
            Severity::Warning | Severity::Info => self.warnings.push(diagnostic),
        }
    }

    /// An error that belongs to a place in the configuration, if it comes from there.
    pub(super) fn error(&mut self, code: &'static str, message: String, listed: Option<Place>) {
        let diagnostic = Diagnostic::new(code, Severity::Error, message);
        self.push(listed_at(diagnostic, listed));
    }

    pub(super) fn error_with_help(&mut self, code: &'static str, message: String, listed: Option<Place>, help: &str) {
        let diagnostic = Diagnostic::new(code, Severity::Error, message).help(help);
        self.push(listed_at(diagnostic, listed));
    }

    pub(super) fn marked_layout(&mut self, file: FileId, marker: &Marker) {
        let message = format!("{} migrations are not supported yet", marker.tool);
        self.push(
            Diagnostic::new("unsupported-layout", Severity::Error, message)
                .label(Place { file, span: marker.span }, format!("a marker of {}", marker.tool))
                .help("what runs forwards must be apart from what runs backwards: give pgproof files with the former only"),
        );
    }

    pub(super) fn no_migrations(&mut self, config: &Config, options: &Options) {
        let diagnostic = Diagnostic::new("no-migrations", Severity::Error, "no migrations found");
        let diagnostic = match config.migrations.as_deref() {
            None => {
                let dir = super::read::display_path(&config.root, &options.directory, &options.directory);
                let dir = if dir.is_empty() { "here".to_owned() } else { format!("in `{dir}`") };
                diagnostic.help(format!(
                    "there is neither a folder `{DEFAULT_MIGRATIONS}` nor `{SUPABASE_MIGRATIONS}` with SQL files {dir}: \
                     name the migrations under `migrations` in pgproof.yaml"
                ))
            }
            Some(entries) => {
                let place = config.migrations_span.zip(config.file).map(|(span, file)| Place { file, span });
                let help = match entries {
                    [] => "list the files, folders or globs of the migrations in the order in which they run",
                    _ => "the folders that are named here hold no `.sql` files",
                };
                listed_at(diagnostic, place).help(help)
            }
        };
        self.push(diagnostic);
    }

    pub(super) fn into_error(self) -> InputError {
        InputError { diagnostics: self.errors, sources: self.sources }
    }

    pub(super) fn into_sources_and_warnings(self) -> (SourceMap, Vec<Diagnostic>) {
        (self.sources, self.warnings)
    }
}

fn listed_at(diagnostic: Diagnostic, place: Option<Place>) -> Diagnostic {
    match place {
        Some(place) => diagnostic.label(place, ""),
        None => diagnostic,
    }
}
