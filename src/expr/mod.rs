//! Expressions and queries: analysed, printed, compared.

pub mod analyze;
pub mod datum;
pub mod deparse;
pub mod equivalent;
#[cfg(test)]
pub(crate) mod fixture;

pub(crate) use analyze::tupdesc::{is_readable, is_system_column};
pub use analyze::{figure_colname, figure_index_colname};
