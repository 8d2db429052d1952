//! What a catalog holds of expressions and queries: typed trees ([`super::tree`]), shared.

use super::tree::{StoredQueryTree, StoredTree};

/// A stored scalar expression.
pub type StoredExpr = StoredTree;

/// A stored query.
pub type StoredQuery = StoredQueryTree;
