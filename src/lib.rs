//! pgproof proves that a project's SQL migrations lead to the PostgreSQL schema that was agreed on, without a database.

pub mod catalog;
pub mod expr;
pub mod platform;
pub mod replay;
pub mod report;
pub mod source;
pub mod sql;
