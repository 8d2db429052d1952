//! `pgproof.yaml`.

use std::path::PathBuf;

use ecow::EcoString;

use super::error::Problems;
use crate::platform::Platform;
use crate::source::FileId;
use crate::sql::span::Span;
use crate::yaml::{self, Errors, Located, Map, Value};

/// The PostgreSQL versions whose rules are known.
pub const SUPPORTED_POSTGRES: std::ops::RangeInclusive<u32> = 14..=18;
/// The version when nobody says it.
pub const DEFAULT_POSTGRES: u32 = 17;

/// What `pgproof.yaml` says, or what holds without one.
#[derive(Clone, Debug)]
pub struct Config {
    /// The configuration's text, if there is a file.
    pub file: Option<FileId>,
    /// The folder that paths in it are relative to.
    pub root: PathBuf,
    /// PostgreSQL's major version.
    pub postgres: u32,
    /// What exists on the server before anything of the project's.
    pub platform: Platform,
    /// Whose session runs the migrations; the platform knows the usual one.
    pub user: Option<Located<EcoString>>,
    /// Files, folders and globs in the order in which they run.
    pub migrations: Option<Vec<Located<EcoString>>>,
    /// The place of the value of `migrations`.
    pub(super) migrations_span: Option<Span>,
    /// What one transaction covers.
    pub transaction: TransactionMode,
    /// Which rows there are when a migration runs.
    pub data: Data,
    /// SQL files that say what exists before the first migration: replayed, not judged.
    pub baseline: Vec<Located<EcoString>>,
    /// Files, folders and globs of specs.
    pub specs: Option<Vec<Located<EcoString>>>,
    platform_is_given: bool,
}

/// What one transaction covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum TransactionMode {
    /// A migration file.
    #[default]
    File,
    /// A statement.
    Statement,
    /// Whatever the file says with `BEGIN` and `COMMIT`.
    None,
}

/// Which rows there are when a migration runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Data {
    /// The migrations run one after the other on a new database: a table has the rows that they write.
    #[default]
    Fresh,
    /// Each migration runs on a database that was used: every table that it finds may have rows.
    Production,
}

impl Config {
    pub(super) fn without_file(root: PathBuf) -> Self {
        Config {
            file: None,
            root,
            postgres: DEFAULT_POSTGRES,
            platform: Platform::default(),
            user: None,
            migrations: None,
            migrations_span: None,
            transaction: TransactionMode::default(),
            data: Data::default(),
            baseline: Vec::new(),
            specs: None,
            platform_is_given: false,
        }
    }

    /// The migrations were found where Supabase's tool keeps them: unless the configuration says otherwise, they are
    /// meant for its servers.
    pub(super) fn assume_supabase(&mut self) {
        if !self.platform_is_given {
            self.platform = Platform::Supabase;
        }
    }
}

/// Decodes a configuration; nothing if it is wrong.
pub(super) fn decode(root: PathBuf, file: FileId, problems: &mut Problems) -> Option<Config> {
    let text = problems.sources.file(file).shared_text();
    let node = match yaml::parse(&text) {
        Ok(node) => node,
        Err(error) => {
            problems.push(error.into_diagnostic("invalid-config", file));
            return None;
        }
    };
    let mut config = Config { file: Some(file), ..Config::without_file(root) };
    let errors = Errors::default();
    // An empty file, or one of remarks only, configures nothing.
    if !matches!(node.kind, yaml::NodeKind::Null)
        && let Some(map) = Map::new(&node, "the configuration", &errors)
    {
        fill(&mut config, map);
    }
    if errors.is_empty() {
        return Some(config);
    }
    for error in errors.into_sorted() {
        problems.push(error.into_diagnostic("invalid-config", file));
    }
    None
}

fn fill(config: &mut Config, mut map: Map<'_>) {
    if let Some(version) = map.optional("postgres").and_then(postgres_version) {
        config.postgres = version;
    }
    if let Some(value) = map.optional("platform") {
        let known = [Platform::Plain, Platform::Supabase].map(|platform| (platform.name(), platform));
        config.platform = value.one_of(&known).map(|platform| platform.value).unwrap_or_default();
        config.platform_is_given = true;
    }
    config.user = map.optional("user").and_then(Value::name_str);
    if let Some(value) = map.optional("migrations") {
        config.migrations = value.string_or_list();
        config.migrations_span = Some(value.span());
        refuse_empty(value, config.migrations.as_deref().unwrap_or_default());
    }
    if let Some(value) = map.optional("transaction") {
        let known = [
            ("file", TransactionMode::File),
            ("statement", TransactionMode::Statement),
            ("none", TransactionMode::None),
        ];
        config.transaction = value.one_of(&known).map(|mode| mode.value).unwrap_or_default();
    }
    if let Some(value) = map.optional("data") {
        let known = [("fresh", Data::Fresh), ("production", Data::Production)];
        config.data = value.one_of(&known).map(|data| data.value).unwrap_or_default();
    }
    if let Some(value) = map.optional("baseline") {
        config.baseline = value.string_or_list().unwrap_or_default();
        refuse_empty(value, &config.baseline);
    }
    if let Some(value) = map.optional("specs") {
        config.specs = value.string_or_list();
        refuse_empty(value, config.specs.as_deref().unwrap_or_default());
    }
    map.finish();
}

fn refuse_empty(value: Value<'_>, paths: &[Located<EcoString>]) {
    if paths.iter().any(|path| path.value.trim().is_empty()) {
        value.error(format!("an empty path in `{}`", value.name()));
    }
}

/// `15`, also with a minor version.
fn postgres_version(value: Value<'_>) -> Option<u32> {
    let text = value.str()?;
    let (major, minor) = text.value.split_once('.').unwrap_or((&text.value, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match major.parse() {
        Ok(version) if is_number(major) && is_number(minor) && SUPPORTED_POSTGRES.contains(&version) => Some(version),
        _ => {
            let (first, last) = (SUPPORTED_POSTGRES.start(), SUPPORTED_POSTGRES.end());
            value.error(format!("`postgres` must be a version from {first} to {last}, not `{}`", text.value));
            None
        }
    }
}
