//! pgproof proves that a project's SQL migrations lead to the PostgreSQL schema that was agreed on, without a database.

pub mod catalog;
#[cfg(feature = "cli")]
pub mod cli;
pub mod expr;
pub mod platform;
pub mod project;
pub mod replay;
pub mod report;
pub mod source;
pub mod spec;
pub mod sql;
pub mod yaml;
