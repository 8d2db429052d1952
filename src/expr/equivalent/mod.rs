//! Whether two typed trees are the same: in what they print, or in what they mean.
//!
//! [`printed_equal`] is for drift: the trees print the same text. [`equivalent`] is for specs: what a spec demands and what
//! a catalog has mean the same. Both trees are brought into a [`Form`], which can be compared, sorted and hashed. Names,
//! aliases and the way something was written are not in a typed tree any more, and so make no difference. Moreover these
//! are taken for the same:
//! * `a op b` and `b op' a` for an operator that gives a boolean and has a commutator, `IS DISTINCT FROM` too;
//! * the operands of AND and OR in any order and grouping; the arguments of GREATEST and LEAST in any order;
//! * `a IN (b, c)`, `a = ANY (ARRAY[b, c])` and `a = b OR a = c`; `NOT IN`, `<> ALL (ARRAY[…])` and `a <> b AND a <> c`;
//! * `NOT NOT a` and `a`; `NOT (a IS NULL)` and `a IS NOT NULL` unless `a` is a row; the same for `IS TRUE` and its like;
//!   `a IS UNKNOWN` and `a IS NULL`;
//! * a cast that was written and one that was not; a call in SQL's syntax, as a cast, or as a call;
//! * a constant integer of any type, and a whole `numeric`; comparisons of integers by any of the operators for them;
//! * text with a cast between `text` and `varchar` without length; a domain and its base type;
//! * `(SELECT f())` and `f()`: a sub-query of one value without FROM or any other clause. (A volatile function is called
//!   once by the first and once a row by the second, so this is for stable functions, such as those in policies.)
//! * the select list of EXISTS, where it has only columns and constants; the names of columns of sub-queries; windows by
//!   their names or in place.
//!
//! BETWEEN is its two comparisons, and USING the condition that it stands for, since analysis makes that of them.
//!
//! Not assumed: anything that rests on what a function or another operator does (`now()` and CURRENT_TIMESTAMP, `a + b`
//! and `b + a`, `NOT (a = b)` and `a <> b`), `a = true` and `a`, `a AND a` and `a`, a cast of a column to a wider type and
//! the column, the order of the tables in FROM, joins with ON or with WHERE, the order of GROUP BY.

mod form;
mod literal;
mod operator;
mod query;
mod scalar;
#[cfg(test)]
mod tests;

pub use form::Form;

use self::form::Former;
use super::deparse::Deparser;
use crate::catalog::tree::{Expr, Query};
use crate::catalog::{Catalog, Oid};
use crate::replay::Exec;

/// Two expressions over a relation print the same text.
pub fn printed_equal(a: &Expr, b: &Expr, relation: Option<Oid>, catalog: &Catalog) -> Exec<bool> {
    let deparser = Deparser::new(catalog, &[]);
    Ok(a == b || deparser.expr(a, relation)? == deparser.expr(b, relation)?)
}

/// The same for queries.
pub fn printed_equal_query(a: &Query, b: &Query, catalog: &Catalog) -> Exec<bool> {
    let deparser = Deparser::new(catalog, &[]);
    Ok(a == b || deparser.query(a)? == deparser.query(b)?)
}

/// Two expressions mean the same; the [module](self) says what is assumed.
pub fn equivalent(a: &Expr, b: &Expr, catalog: &Catalog) -> bool {
    a == b || normal_form(a, catalog) == normal_form(b, catalog)
}

/// The same for queries; the names of their columns count.
pub fn equivalent_query(a: &Query, b: &Query, catalog: &Catalog) -> bool {
    a == b || normal_form_of_query(a, catalog) == normal_form_of_query(b, catalog)
}

/// What an expression means.
pub fn normal_form(expr: &Expr, catalog: &Catalog) -> Form {
    Former::new(catalog).expr(expr)
}

/// What a query means.
pub fn normal_form_of_query(query: &Query, catalog: &Catalog) -> Form {
    Former::new(catalog).query(query)
}
