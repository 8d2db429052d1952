//! Diagnostics and the formats that render them. Nothing else prints.

mod diagnostic;
mod excerpt;
mod group;
pub mod human;
pub mod json;
pub mod redact;
pub mod result;
pub mod schema;
mod suggest;
pub mod table;

pub use diagnostic::{Diagnostic, Label, Severity};
pub use result::{
    Cause, CheckResult, Entry, Evidence, MigrationError, MigrationResult, MigrationStatus, OpaqueStatement, Policy,
    RequirementResult, Summary, Verdict,
};
pub use suggest::{closest, closest_name};

/// A text of ours for a terminal: secrets hidden, control characters replaced, on one line.
fn clean(text: &str) -> String {
    let one_line = |c: char| if c.is_whitespace() { ' ' } else { excerpt::shown_char(c) };
    redact::redact(text).chars().map(one_line).collect()
}

#[cfg(test)]
mod tests;
