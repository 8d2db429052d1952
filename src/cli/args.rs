//! The arguments.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::project::{Data, Options};
use crate::report::Policy;
use crate::report::schema::ScriptParts;

/// Proves, without a database, that SQL migrations lead to the PostgreSQL schema that was agreed on.
#[derive(Debug, Parser)]
#[command(name = "pgproof", version, max_term_width = 100)]
pub struct Cli {
    /// The command.
    #[command(subcommand)]
    pub command: Command,

    /// When to use colours; `NO_COLOR` is respected.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum Color {
    /// On a terminal.
    #[default]
    Auto,
    /// Also in files and pipes.
    Always,
    /// Not at all.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// Replays the migrations and checks the result against the specs.
    ///
    /// Exit status: 0 if every requirement is satisfied or waived, no migration failed and there is no finding of
    /// severity error; 1 otherwise; 2 if the arguments, the configuration or the files cannot be used.
    Check(CheckArgs),
    /// Prints the schema that the migrations make.
    Schema(SchemaArgs),
}

/// Arguments of `pgproof check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The configuration; otherwise `pgproof.yaml` in the current folder, if there is one.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Print a line for every requirement: where it is required, the verdict, the evidence (human format).
    #[arg(long)]
    pub table: bool,

    /// How to print the report.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: CheckFormat,

    /// What counts as an error besides errors.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub deny: Option<Deny>,

    /// Do not fail on requirements of which it cannot be known whether they hold.
    #[arg(long)]
    pub allow_unknown: bool,

    /// Replay everything, but count only findings of migrations added or changed since this commit branched off.
    #[arg(long, value_name = "GITREF")]
    pub since: Option<String>,

    /// Which rows there are when a migration runs, instead of what is configured.
    #[arg(long, value_enum, value_name = "WHICH")]
    pub data: Option<DataArg>,

    /// Specs to check instead of the configured ones: files, or folders with `*.yaml`.
    #[arg(value_name = "SPEC")]
    pub specs: Vec<PathBuf>,
}

impl CheckArgs {
    /// Where the library is to look, from `directory`.
    pub fn options(&self, directory: PathBuf) -> Options {
        let data = self.data.map(Data::from);
        Options { directory, config: self.config.clone(), specs: self.specs.clone(), data }
    }

    /// What the check demands.
    pub fn policy(&self) -> Policy {
        Policy { deny_warnings: matches!(self.deny, Some(Deny::Warnings)), allow_unknown: self.allow_unknown }
    }
}

/// Which rows there are when a migration runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum DataArg {
    /// Those that the migrations write: they run one after the other on a new database.
    Fresh,
    /// Any: every table that a migration finds may have rows.
    Production,
}

impl From<DataArg> for Data {
    fn from(arg: DataArg) -> Data {
        match arg {
            DataArg::Fresh => Data::Fresh,
            DataArg::Production => Data::Production,
        }
    }
}

/// How to print the report of a check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum CheckFormat {
    /// With excerpts, for people.
    #[default]
    Human,
    /// One object, for programs.
    Json,
}

/// What counts as an error besides errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum Deny {
    /// Findings of severity warning.
    Warnings,
}

/// Arguments of `pgproof schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// The configuration; otherwise `pgproof.yaml` in the current folder, if there is one.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// The schema after this migration, given by its path, file name or version, instead of after the last one.
    #[arg(long, value_name = "MIGRATION")]
    pub at: Option<String>,

    /// Which rows there are when a migration runs, instead of what is configured.
    #[arg(long, value_enum, value_name = "WHICH")]
    pub data: Option<DataArg>,

    /// How to print the schema.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: SchemaFormat,

    /// What the script leaves out because it is there already; a list with commas.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PART")]
    pub without: Vec<SchemaPart>,
}

/// A part of the script that may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum SchemaPart {
    /// What the platform provides.
    Platform,
    /// Roles, which belong to the server.
    Roles,
    /// What the baseline makes, and with it what the platform provides.
    Baseline,
}

impl SchemaArgs {
    /// What the script makes.
    pub fn parts(&self) -> ScriptParts {
        let has = |part| !self.without.contains(&part);
        ScriptParts {
            platform: has(SchemaPart::Platform),
            roles: has(SchemaPart::Roles),
            baseline: has(SchemaPart::Baseline),
        }
    }

    /// Where the library is to look, from `directory`.
    pub fn options(&self, directory: PathBuf) -> Options {
        Options { config: self.config.clone(), data: self.data.map(Data::from), ..Options::new(directory) }
    }
}

/// How to print a schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum SchemaFormat {
    /// For people.
    #[default]
    Yaml,
    /// For programs.
    Json,
    /// A script that makes the schema.
    Sql,
}
