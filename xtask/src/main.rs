//! Chores of this project that need a program: `cargo xtask builtins SOCKET_DIR…`, `cargo xtask extensions SOCKET_DIR…`,
//! `cargo xtask coverage`, `cargo xtask fidelity FOLDER…`, `cargo xtask mutants`, `cargo xtask regression FOLDER`.

mod builtins;
mod coverage;
mod fidelity;
mod mutants;
mod regression;
#[path = "../../tests/server/mod.rs"]
mod server;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let result = match args.next().as_deref() {
        Some("builtins") => builtins::run(&args.collect::<Vec<_>>()),
        Some("extensions") => builtins::run_extensions(&args.collect::<Vec<_>>()),
        Some("coverage") => coverage::run(),
        Some("fidelity") => fidelity::run(&args.collect::<Vec<_>>()),
        Some("mutants") => mutants::run(),
        Some("regression") => regression::run(&args.collect::<Vec<_>>()),
        _ => Err("usage: cargo xtask builtins SOCKET_DIR… | extensions SOCKET_DIR… | coverage | \
                  fidelity [--platform NAME] FOLDER… | mutants | regression [--all] POSTGRESQL/src/test/regress"
            .into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
