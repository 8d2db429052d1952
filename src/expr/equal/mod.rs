//! Whether two stored expressions mean the same: what a spec demands and what a catalog has.
//!
//! Both are brought into a common form, and the forms are compared. Assumed to be the same:
//! * names that stand for the same object, however they are written; a table's alias; columns by their table and number;
//! * `a = b` and `b = a`, the same for `<>` and `IS DISTINCT FROM`; `a < b` and `b > a`, `a <= b` and `b >= a`;
//! * the operands of AND and OR in any order and grouping; the arguments of GREATEST and LEAST in any order;
//! * `a IN (b, c)`, `a = ANY (ARRAY[b, c])` and `a = b OR a = c`; `NOT IN`, `<> ALL (ARRAY[…])` and `a <> b AND a <> c`;
//! * BETWEEN and its two comparisons; LIKE and `~~`; `a IS NOT DISTINCT FROM b` and `NOT (a IS DISTINCT FROM b)`;
//! * `NOT NOT a` and `a`; `NOT (a IS NULL)` and `a IS NOT NULL`;
//! * `(SELECT f())` and `f()`: a sub-query of one value without FROM or any other clause. (A volatile function is called
//!   once by the first and once a row by the second, so this is for stable functions, such as those in policies.)
//! * a literal with a cast to `text` or `varchar` and without it, a literal with a cast to the type of the column that it
//!   is compared with, a column with a cast to its own type, a `varchar` column with a cast to `text`;
//! * the names of a type; `pg_catalog.` in front of a name; SQL's syntax for a call and the call: `EXTRACT(year FROM a)`
//!   and `extract('year', a)`;
//! * the select list of EXISTS, where it has only columns, constants or `*`; `= ANY (SELECT …)` and `IN (SELECT …)`.
//!
//! Not assumed: anything that rests on what a function or another operator does (`now()` and CURRENT_TIMESTAMP, `a + b`
//! and `b + a`, `NOT (a = b)` and `a <> b`), `a = true` and `a`, `a AND a` and `a`, the order of the tables in FROM,
//! and joins with ON or with WHERE.

mod form;
mod query;
mod scalar;
#[cfg(test)]
mod tests;

use self::form::{Form, Former};
use crate::catalog::{Catalog, StoredExpr, StoredQuery, TypeRef};

/// Whether two expressions mean the same; the [module](self) says what is assumed.
pub fn equivalent(a: &StoredExpr, b: &StoredExpr, catalog: &Catalog) -> bool {
    form(a, catalog) == form(b, catalog)
}

/// The same for the defaults of something of a type: a cast of a literal to that type makes no difference.
pub fn equivalent_default(a: &StoredExpr, b: &StoredExpr, ty: TypeRef, catalog: &Catalog) -> bool {
    let default = |expr: &StoredExpr| {
        let mut former = Former::new(catalog, &expr.names);
        former.expr_as(&expr.ast, Some(ty.oid))
    };
    default(a) == default(b)
}

/// The same for queries.
pub fn equivalent_query(a: &StoredQuery, b: &StoredQuery, catalog: &Catalog) -> bool {
    let form = |query: &StoredQuery| Former::new(catalog, &query.names).query(&query.ast);
    form(a) == form(b)
}

fn form(expr: &StoredExpr, catalog: &Catalog) -> Form {
    Former::new(catalog, &expr.names).expr(&expr.ast)
}
