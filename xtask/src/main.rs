//! Chores of this project that need a program: `cargo xtask builtins SOCKET_DIR…`.

mod builtins;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let result = match args.next().as_deref() {
        Some("builtins") => builtins::run(&args.collect::<Vec<_>>()),
        _ => Err("usage: cargo xtask builtins SOCKET_DIR…".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
