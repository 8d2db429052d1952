//! The command `pgproof`.

use pgproof::cli;

/// A check makes and drops millions of small records, which this allocator is made for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::main(&cli::Library { check: &cli::check_project, schema: &cli::print_schema })
}
