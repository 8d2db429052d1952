//! Diagnostics and the formats that render them. Nothing else prints.

mod diagnostic;

pub use diagnostic::{Diagnostic, Label, Severity};
