//! The YAML spec: what a project agreed on, and whether the catalog has it.
//!
//! [`load`] reads specs to a list of [`Requirement`]s; [`check`] judges each of them on the catalog that the migrations
//! lead to. A requirement is one line of a traceability table: a table, a column, an index, a constraint, the
//! row-level security of a table, a policy, an entry of `forbid`. Its id is made from its address, so that it stays
//! the same from run to run.
//!
//! ```
//! use pgproof::source::SourceMap;
//! use pgproof::spec;
//!
//! let mut sources = SourceMap::new();
//! let file = sources.add("spec/accounts.yaml", "forbid:\n  - table: accounts\ntables:\n  users: {}\n");
//! let specs = spec::load(&[file], &sources).expect("the spec is well formed");
//! let ids: Vec<&str> = specs.requirements.iter().map(|requirement| requirement.id.as_str()).collect();
//! assert_eq!(ids, ["forbid table accounts", "table public.users"]);
//! ```
//!
//! Invariants: nothing here changes a catalog or reads a file. What may have been changed by a statement that was not
//! executed is [`Verdict::Unknown`], never satisfied.

mod check;
mod date;
mod exprs;
mod load;
mod model;
mod names;

#[cfg(test)]
mod tests;

pub use check::{Context, Outcome, check};
pub use date::Date;
pub use load::{INVALID_SPEC, load};
pub use model::*;
pub use names::Pattern;

#[cfg(doc)]
use crate::report::Verdict;
