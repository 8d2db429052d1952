//! Expressions and queries that a catalog holds: syntax whose names are bound to objects.
//!
//! A stored expression keeps its tree as it was written and, for each name in it, what the name stood for when the
//! statement ran. Printing looks the *current* names up, so a renamed column is renamed in every policy, as in
//! PostgreSQL, which stores OIDs and column numbers.

use std::sync::Arc;

use super::{Binding, ColumnMap, Object, Oid};
use crate::sql::ast::{Expr, Query};
use crate::sql::span::Loc;

/// A tree with its names bound.
#[derive(Debug, PartialEq, Eq)]
pub struct Bound<T> {
    /// The tree as it was written.
    pub ast: T,
    /// What its names stand for, by the place of the name; sorted by place.
    pub names: Vec<(Loc, Binding)>,
    /// The objects that it depends on, sorted, without duplicates and without built-in ones.
    pub depends_on: Vec<Object>,
}

impl<T> Bound<T> {
    /// What the name at this place stands for.
    pub fn binding(&self, loc: Loc) -> Option<Binding> {
        let at = self.names.binary_search_by_key(&loc, |&(l, _)| l).ok()?;
        Some(self.names[at].1)
    }
}

/// A stored scalar expression.
pub type StoredExpr = Arc<Bound<Expr>>;

/// A stored query.
pub type StoredQuery = Arc<Bound<Query>>;

/// The expression over columns of `from` as one over those of `to` (`rewriteManip.c: map_variable_attnos`). Nothing if
/// it has the whole row in it, or a column that is not there.
pub fn map_columns(expr: &StoredExpr, from: Oid, to: Oid, map: &ColumnMap) -> Option<StoredExpr> {
    let names = expr.names.iter().map(|&(loc, binding)| {
        let mapped = match binding {
            Binding::Column(rel, number) if rel == from => Binding::Column(to, map.get(number)?),
            Binding::TriggerRow(rel, number) if rel == from => Binding::TriggerRow(to, map.get(number)?),
            Binding::Object(Object::Relation(rel)) if rel == from => return None,
            other => other,
        };
        Some((loc, mapped))
    });
    let names: Vec<_> = names.collect::<Option<_>>()?;
    let mut depends_on = expr.depends_on.clone();
    for object in &mut depends_on {
        match *object {
            Object::Column(rel, number) if rel == from => *object = Object::Column(to, map.get(number)?),
            Object::Relation(rel) if rel == from => return None,
            _ => {}
        }
    }
    depends_on.sort_unstable();
    Some(Arc::new(Bound { ast: expr.ast.clone(), names, depends_on }))
}
