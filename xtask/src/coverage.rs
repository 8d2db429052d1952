//! Writes `docs/coverage.md`: what the replay does with each kind of statement of the grammar.

use std::path::Path;

#[path = "../../tests/coverage/mod.rs"]
mod states;

/// `coverage`
pub fn run() -> Result<(), Box<dyn std::error::Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/coverage.md");
    Ok(std::fs::write(path, states::page::page())?)
}
