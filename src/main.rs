//! The command `pgproof`.

fn main() -> std::process::ExitCode {
    pgproof::cli::main(&pgproof::cli::Library {
        check: &pgproof::cli::check_project,
        schema: &|_, _, _| Ok(String::new()),
    })
}
