//! The command line: arguments, exit statuses, streams. It holds no logic.

mod args;
mod check;
mod schema;
mod terminal;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::project::{InputError, Options};
use crate::report::human::{self, Look};
use crate::report::{CheckResult, Diagnostic, Severity};

pub use args::{CheckArgs, CheckFormat, Cli, Color, Command, Deny, SchemaArgs, SchemaFormat, SchemaPart};
pub use schema::print_schema;
pub use terminal::{Stream, Terminal};

/// What the commands ask of the library.
pub struct Library<'a> {
    /// Opens the project and checks it; with a Git reference, only migrations changed since then count.
    pub check: &'a CheckFn,
    /// Opens the project and prints its schema, as the arguments say.
    pub schema: &'a SchemaFn,
}

/// See [`Library::check`].
pub type CheckFn = dyn Fn(&Options, Option<&str>) -> Result<CheckResult, InputError>;
/// See [`Library::schema`].
pub type SchemaFn = dyn Fn(&Options, &SchemaArgs) -> Result<String, InputError>;

/// How the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exit {
    /// All is well.
    Passed = 0,
    /// The check found something that it must not.
    Failed = 1,
    /// The arguments, the configuration or the files cannot be used.
    Unusable = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a command did not get to its end.
#[derive(Debug)]
enum Failure {
    Input(InputError),
    Output(io::Error),
}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Self {
        Failure::Input(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

/// Checks a project; see [`Library::check`].
pub fn check_project(options: &Options, since: Option<&str>) -> Result<CheckResult, InputError> {
    let project = crate::Project::open(options)?;
    let mut result = project.check()?;
    if let Some(reference) = since {
        result.count_only(project.inputs().migrations_changed_since(reference)?);
    }
    Ok(result)
}

/// The whole program.
pub fn main(library: &Library<'_>) -> ExitCode {
    run(std::env::args_os(), library, &mut Terminal::of_process()).into()
}

/// The program with its arguments, the first of which is its name.
pub fn run(args: impl IntoIterator<Item = OsString>, library: &Library<'_>, terminal: &mut Terminal<'_>) -> Exit {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, terminal),
    };
    if let Command::Schema(args) = &cli.command
        && args.format != SchemaFormat::Sql
        && !args.without.is_empty()
    {
        let message = "the argument '--without <PART>' is for '--format sql'";
        let error = Cli::command().error(clap::error::ErrorKind::ArgumentConflict, message);
        return usage(&error, terminal);
    }
    let result = match &cli.command {
        Command::Check(args) => run_check(args, cli.color, library, terminal),
        Command::Schema(args) => run_schema(args, library, terminal),
    };
    result.unwrap_or_else(|failure| {
        let look = terminal.err.look(cli.color);
        let text = match failure {
            Failure::Input(error) => input_error(&error, look),
            Failure::Output(error) => format!("pgproof: cannot write the output: {error}\n"),
        };
        // There is no further place to complain to.
        let _ = terminal.err.write(&text);
        Exit::Unusable
    })
}

fn run_check(
    args: &CheckArgs,
    color: Color,
    library: &Library<'_>,
    terminal: &mut Terminal<'_>,
) -> Result<Exit, Failure> {
    let options = args.options(current_directory()?);
    let result = (library.check)(&options, args.since.as_deref())?;
    let (text, exit) = check::report(&result, args, terminal.out.look(color))?;
    terminal.out.write(&text)?;
    // The process ends: taking a large catalog apart would be for nothing.
    std::mem::forget(result);
    Ok(exit)
}

fn run_schema(args: &SchemaArgs, library: &Library<'_>, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let options = args.options(current_directory()?);
    let text = (library.schema)(&options, args)?;
    terminal.out.write(&text)?;
    Ok(Exit::Passed)
}

fn current_directory() -> Result<std::path::PathBuf, InputError> {
    std::env::current_dir().map_err(|error| {
        let message = format!("cannot tell the current folder: {error}");
        InputError::new(Diagnostic::new("unreadable-file", Severity::Error, message))
    })
}

/// Help and version go to standard output, complaints to standard error, as clap decides.
fn usage(error: &clap::Error, terminal: &mut Terminal<'_>) -> Exit {
    let (stream, exit) = match error.exit_code() {
        0 => (&mut terminal.out, Exit::Passed),
        _ => (&mut terminal.err, Exit::Unusable),
    };
    let text = error.render();
    let text = if stream.look(Color::Auto).color { text.ansi().to_string() } else { text.to_string() };
    match stream.write(&text) {
        Ok(()) => exit,
        Err(_) => Exit::Unusable,
    }
}

/// What is wrong with the inputs; a file that is wrong throughout is not shown throughout.
fn input_error(error: &InputError, look: Look) -> String {
    const MOST: usize = 50;
    let shown = error.diagnostics.iter().take(MOST);
    let mut text = human::diagnostics(shown, &error.sources, look);
    if let Some(more) = error.diagnostics.len().checked_sub(MOST).filter(|&more| more > 0) {
        text.push_str(&format!("and {more} more errors\n"));
    }
    text
}

#[cfg(test)]
mod tests;
