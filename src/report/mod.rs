//! Diagnostics and the formats that render them. Nothing else prints.

mod diagnostic;
pub mod redact;
mod suggest;

pub use diagnostic::{Diagnostic, Label, Severity};
pub use suggest::closest;
