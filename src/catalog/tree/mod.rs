//! Typed trees: expressions and queries after parse analysis, as PostgreSQL keeps them in its catalogs.
//!
//! They follow `primnodes.h` and `parsenodes.h` node by node, under the same names. Objects are meant by OID and columns
//! by number, so that a renamed column is renamed in every policy and view. What PostgreSQL decides when a statement runs
//! (types, coercions, overloads, collations) is in the tree.
//!
//! Two trees are equal (`==`) if they mean the same objects in the same shape: places in the text do not count, as in
//! `equalfuncs.c`.

mod expr;
mod map;
mod nodes;
mod query;
mod walk;

pub use expr::*;
pub use map::{map_stored, map_variables};
pub use query::*;
pub use walk::{children, children_mut, query_children, query_children_mut};

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::Object;
use crate::sql::span::Loc;

/// The place that a node comes from. It does not count when trees are compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct At(pub Loc);

impl At {
    /// No place.
    pub const NONE: At = At(Loc::NONE);
}

impl PartialEq for At {
    fn eq(&self, _: &At) -> bool {
        true
    }
}

impl Eq for At {}

impl Hash for At {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl From<Loc> for At {
    fn from(loc: Loc) -> At {
        At(loc)
    }
}

/// A tree that a catalog holds, with what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored<T> {
    /// The tree.
    pub tree: T,
    /// The objects that it depends on (`dependency.c: recordDependencyOnExpr`), sorted, without duplicates and without
    /// built-in ones.
    pub depends_on: Vec<Object>,
}

/// A stored scalar expression. A [`Var`] in it is a column of the one relation it belongs to (number 1), or of `OLD` (1)
/// and `NEW` (2).
pub type StoredTree = Arc<Stored<Expr>>;

/// A stored query.
pub type StoredQueryTree = Arc<Stored<Query>>;
