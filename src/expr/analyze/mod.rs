//! Parse analysis: syntax trees to typed trees (`analyze.c`, `parse_*.c`).
//!
//! Names are resolved, types inferred, overloads chosen, coercions inserted, collations assigned, as PostgreSQL does when a
//! statement runs, with its errors at their places.
//!
//! An [`Analyzer`] has a stack of [`ParseState`]s, one for each query that is being analysed, the outermost first. The
//! functions are named after PostgreSQL's, and stand in files named after its files: `expr/` is `parse_expr.c`,
//! `func/` is `parse_func.c`, and so on.

mod agg;
pub mod api;
mod assign;
mod coerce;
mod collate;
mod colname;
mod cte;
mod depend;
mod error;
mod expand;
mod expr;
#[cfg(test)]
mod fixture;
mod from;
mod func;
mod function_rte;
mod group;
mod grouping;
mod insert;
mod join;
mod locking;
mod merge;
mod missing;
mod mutable;
mod on_conflict;
mod oper;
mod planned;
mod raw;
mod recursion;
mod relation;
mod resolve;
mod rewrite;
mod rte;
mod rule;
mod same;
mod select;
mod setop;
mod sort_group;
mod sql_function;
mod state;
mod statement;
mod tablefunc;
mod target;
pub mod tupdesc;
mod typename;
mod update;
mod values;
mod vars;
mod window;

pub use coerce::{CoercionPath, check_valid_internal_signature, check_valid_polymorphic_signature};
pub use colname::{figure_colname, figure_index_colname};
pub use oper::SortGroupOperators;
pub(crate) use resolve::ByAnalysis;
pub use state::{Analyzer, Environment, ExprKind, NsColumn, NsItem, ParseState, Srf, Variable, Variables};

pub use planned::refuse_unfit_bodies;

pub use depend::{expr_dependencies, query_dependencies};
pub(crate) use rewrite::{check_assignments, updatable};
pub use rule::{AnalyzedRule, analyze_rule};
pub use sql_function::{SqlFunctionVariables, analyze_sql_body, analyze_sql_function};
pub use statement::{analyze_call, analyze_query, analyze_statement, check_query};

use func::expression_returns_set;

use crate::replay::Exec;
