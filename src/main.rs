//! The command `pgproof`.

use pgproof::cli;
use pgproof::project::InputError;
use pgproof::report::{Diagnostic, Severity};

/// A check makes and drops millions of small records, which this allocator is made for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::main(&cli::Library {
        check: &cli::check_project,
        schema: &|_, _, _| {
            let message = "printing a schema is not built yet";
            Err(InputError::new(Diagnostic::new("not-built-yet", Severity::Error, message)))
        },
    })
}
