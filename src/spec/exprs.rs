//! SQL in specs: the one place that asks the parser and the analyser.

use crate::catalog::{Catalog, Oid, StoredExpr, TypeRef};
use crate::expr;
use crate::replay::{SqlError, types};
use crate::sql;
use crate::sql::ast::{Expr, TypeName};

/// What is wrong with a piece of SQL.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SqlProblem {
    pub message: String,
    pub help: Option<String>,
}

impl From<sql::SyntaxError> for SqlProblem {
    fn from(error: sql::SyntaxError) -> Self {
        SqlProblem { message: error.message, help: error.help }
    }
}

impl From<SqlError> for SqlProblem {
    fn from(error: SqlError) -> Self {
        SqlProblem { message: error.message, help: error.hint }
    }
}

/// Reads an expression.
pub(super) fn parse_expr(text: &str) -> Result<Expr, SqlProblem> {
    Ok(sql::parse_expr(text)?)
}

/// Reads the name of a type.
pub(super) fn parse_type(text: &str) -> Result<TypeName, SqlProblem> {
    Ok(sql::parse_type_name(text)?)
}

/// The type of that name.
pub(super) fn resolve_type(catalog: &Catalog, path: &[Oid], name: &TypeName) -> Result<TypeRef, SqlProblem> {
    Ok(types::resolve_type(catalog, path, name)?)
}

/// An expression over the columns of `table`, with its names bound.
pub(super) fn bind(catalog: &Catalog, path: &[Oid], table: Oid, written: &Expr) -> Result<StoredExpr, SqlProblem> {
    Ok(expr::resolve::bind_for_table(catalog, path, table, written.clone())?)
}

/// Whether two bound expressions mean the same.
pub(super) fn is_equivalent(catalog: &Catalog, a: &StoredExpr, b: &StoredExpr) -> bool {
    expr::equivalent(catalog, a, b)
}

/// Whether two names of types may stand for one type, as far as can be said without a catalog: the parser has resolved
/// aliases (`int8` and `bigint`), and a name without a schema may be that with one.
pub(super) fn may_be_one_type(a: &TypeName, b: &TypeName) -> bool {
    let schemas = match (&a.name.schema, &b.name.schema) {
        (Some(a), Some(b)) => a == b,
        (None, _) | (_, None) => true,
    };
    schemas
        && (&a.name.name, &a.percent_type, a.array_dims > 0, a.setof)
            == (&b.name.name, &b.percent_type, b.array_dims > 0, b.setof)
        && a.typmods.len() == b.typmods.len()
        && a.typmods.iter().zip(&b.typmods).all(|(a, b)| a.kind == b.kind)
}
