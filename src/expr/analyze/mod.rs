//! Parse analysis: syntax trees to typed trees (`analyze.c`, `parse_*.c`).
//!
//! Names are resolved, types inferred, overloads chosen, coercions inserted, collations assigned, as PostgreSQL does when a
//! statement runs, with its errors at their places.
//!
//! An [`Analyzer`] has a stack of [`ParseState`]s, one for each query that is being analysed, the outermost first. The
//! functions are named after PostgreSQL's, and stand in files named after its files: `expr/` is `parse_expr.c`,
//! `func/` is `parse_func.c`, and so on.

mod coerce;
mod collate;
mod colname;
mod error;
mod expand;
mod expr;
mod func;
mod missing;
mod oper;
mod relation;
mod rte;
mod state;
mod stubs;
mod tupdesc;
mod typename;
mod vars;

pub use coerce::{CoercionPath, check_valid_internal_signature, check_valid_polymorphic_signature};
pub use colname::{figure_colname, figure_index_colname};
pub use oper::SortGroupOperators;
pub use state::{Analyzer, Environment, ExprKind, NsColumn, NsItem, ParseState, Srf, Variable, Variables};

use func::expression_returns_set;

use crate::replay::Exec;
