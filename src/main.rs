//! The command `pgproof`.

use pgproof::cli;

fn main() -> std::process::ExitCode {
    cli::main(&cli::Library { check: &cli::check_project, schema: &cli::print_schema })
}
