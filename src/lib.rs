//! pgproof proves that a project's SQL migrations lead to the PostgreSQL schema that was agreed on, without a database.
//!
//! ```no_run
//! use pgproof::project::Options;
//!
//! let project = pgproof::Project::open(&Options::new("."))?;
//! let result = project.check()?;
//! for requirement in &result.requirements {
//!     println!("{} {}", requirement.verdict.word(), requirement.id);
//! }
//! # Ok::<(), pgproof::project::InputError>(())
//! ```

pub mod catalog;
#[cfg(feature = "cli")]
pub mod cli;
pub mod expr;
mod facade;
pub mod platform;
pub mod project;
pub mod replay;
pub mod report;
pub mod source;
pub mod spec;
pub mod sql;
pub mod yaml;

pub use facade::{Project, Replayed};
