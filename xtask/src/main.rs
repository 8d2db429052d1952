//! Chores of this project that need a program: `cargo xtask builtins SOCKET_DIR…`, `cargo xtask fidelity FOLDER…`.

mod builtins;
mod fidelity;
#[path = "../../tests/server/mod.rs"]
mod server;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let result = match args.next().as_deref() {
        Some("builtins") => builtins::run(&args.collect::<Vec<_>>()),
        Some("fidelity") => fidelity::run(&args.collect::<Vec<_>>()),
        _ => Err("usage: cargo xtask builtins SOCKET_DIR… | fidelity [--platform NAME] FOLDER…".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
