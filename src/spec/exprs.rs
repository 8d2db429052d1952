//! SQL in specs: the one place that asks the parser and the analyser.

use crate::catalog::{Catalog, Column, Oid, StoredExpr, TypeRef};
use crate::expr::analyze::tupdesc::open_relation;
use crate::expr::analyze::{Environment, api};
use crate::expr::equivalent;
use crate::replay::{Stop, lookup};
use crate::sql::ast::{Expr, TypeName};
use crate::sql::{self, ParseError};

/// Why a piece of SQL cannot be used.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SqlProblem {
    /// One sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// It may be right: what it names may have been made by something that is not known.
    pub undecided: bool,
}

impl From<ParseError> for SqlProblem {
    fn from(error: ParseError) -> Self {
        match error {
            ParseError::Syntax(error) => SqlProblem { message: error.message, help: error.help, undecided: false },
            ParseError::Unparsed { reason, .. } => SqlProblem { message: reason, help: None, undecided: false },
        }
    }
}

impl From<Stop> for SqlProblem {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Error(error) => SqlProblem { message: error.message, help: error.hint, undecided: false },
            Stop::Opaque(opaque) => SqlProblem { message: opaque.reason, help: None, undecided: true },
        }
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
    Ok(lookup::resolve_type(catalog, path, name)?)
}

/// An expression over the columns of `table`, with its names bound.
pub(super) fn bind(catalog: &Catalog, path: &[Oid], table: Oid, written: &Expr) -> Result<StoredExpr, SqlProblem> {
    let env = Environment::new(catalog, path);
    let Some(relation) = open_relation(catalog, table) else {
        return Err(SqlProblem { message: "the table is gone".to_owned(), help: None, undecided: true });
    };
    Ok(api::relation_expression(env, &relation, written)?)
}

/// A default of a column, coerced to the column's type.
pub(super) fn bind_default(
    catalog: &Catalog,
    path: &[Oid],
    column: &Column,
    written: &Expr,
) -> Result<StoredExpr, SqlProblem> {
    let env = Environment::new(catalog, path);
    Ok(api::column_default(env, &column.name, column.ty, written)?)
}

/// Whether two expressions mean the same.
pub(super) fn is_equivalent(catalog: &Catalog, a: &StoredExpr, b: &StoredExpr) -> bool {
    equivalent::equivalent(&a.tree, &b.tree, catalog)
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
