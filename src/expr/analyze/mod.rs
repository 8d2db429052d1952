//! Parse analysis: syntax trees to typed trees (`analyze.c`, `parse_*.c`).
//!
//! Names are resolved, types inferred, overloads chosen, coercions inserted, collations assigned, as PostgreSQL does when a
//! statement runs, with its errors at their places.
//!
//! An [`Analyzer`] has a stack of [`ParseState`]s, one for each query that is being analysed, the outermost first. The
//! functions are named after PostgreSQL's, and stand in files named after its files: `expr.rs` is `parse_expr.c`,
//! `func.rs` is `parse_func.c`, and so on.

mod state;

pub use state::{Analyzer, Environment, ExprKind, NsColumn, NsItem, ParseState, Variable, Variables};
