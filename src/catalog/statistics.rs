//! Extended statistics (`pg_statistic_ext`).

use super::store::in_schema;
use super::{AttrNumber, Oid, Provenance, StoredExpr};
use crate::sql::ast::Name;

/// Extended statistics of a table.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// Its OID.
    pub oid: Oid,
    /// Its schema.
    pub schema: Oid,
    /// Its name.
    pub name: Name,
    /// Its owner.
    pub owner: Oid,
    /// The table.
    pub table: Oid,
    /// Its columns, by number.
    pub columns: Vec<AttrNumber>,
    /// Its expressions.
    pub exprs: Vec<StoredExpr>,
    /// `ndistinct`
    pub ndistinct: bool,
    /// `dependencies`
    pub dependencies: bool,
    /// `mcv`
    pub mcv: bool,
    /// `SET STATISTICS`; nothing for the default.
    pub target: Option<i32>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

in_schema!(Statistics);
