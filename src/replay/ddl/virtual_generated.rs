//! What virtual generated columns (18) are not for: their values are nowhere.

use crate::catalog::{AttrNumber, Index, IndexKeyKind, Oid, Relation, TypeKind};
use crate::catalog::{INFORMATION_SCHEMA, tree::Expr};
use crate::expr::analyze::tupdesc::row_type_attributes;
use crate::replay::{Exec, Replay, SqlError};
use crate::sql::ast::{ColumnDef, ConstraintKind};

/// What an index is made for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum IndexOf {
    PrimaryKey,
    /// A unique or exclusion constraint.
    Constraint,
    Nothing,
}

/// The column of that number is generated whenever it is read.
pub(super) fn is_virtual(relation: &Relation, number: AttrNumber) -> bool {
    let generated = relation.column_at(number).and_then(|column| column.generated.as_ref());
    generated.is_some_and(|generated| !generated.stored)
}

/// The definition is that of a virtual generated column.
pub(super) fn defines_virtual(def: &ColumnDef) -> bool {
    def.constraints.iter().any(|constraint| matches!(constraint.kind, ConstraintKind::Generated { stored: false, .. }))
}

impl Replay {
    /// `heap.c: CheckAttributeType` with `CHKATYPE_IS_VIRTUAL`
    pub(super) fn check_virtual_type(&self, ty: Oid, column: &str) -> Exec {
        self.check_virtual_type_of(ty, column, &mut Vec::new())
    }

    fn check_virtual_type_of(&self, ty: Oid, column: &str, seen: &mut Vec<Oid>) -> Exec {
        let info = self.catalog.type_info(ty);
        if info.as_ref().is_some_and(|info| info.typtype == 'd') {
            let message = format!("virtual generated column \"{column}\" cannot have a domain type");
            return Err(SqlError::new("0A000", message).into());
        }
        // Rows, too, those of PostgreSQL's own relations among them.
        if let Some(attributes) = row_type_attributes(&self.catalog, ty)
            && !seen.contains(&ty)
        {
            seen.push(ty);
            { attributes.iter().filter(|own| !own.dropped) }
                .try_for_each(|own| self.check_virtual_type_of(own.ty.oid, &own.name, seen))?;
            seen.pop();
        }
        match self.catalog.type_(ty).map(|ty| &ty.kind) {
            Some(TypeKind::Range(range)) => self.check_virtual_type_of(range.subtype, column, seen)?,
            Some(TypeKind::Array(element)) => self.check_virtual_type_of(*element, column, seen)?,
            Some(
                TypeKind::Composite(_)
                | TypeKind::Base(_)
                | TypeKind::Enum(_)
                | TypeKind::Domain(_)
                | TypeKind::Multirange(_)
                | TypeKind::Shell,
            ) => {}
            None => {
                if let Some(element) = self.catalog.array_element(ty) {
                    self.check_virtual_type_of(element, column, seen)?;
                }
            }
        }
        // `initdb` makes the information schema as a user would.
        let of_user = !ty.is_builtin() || info.is_some_and(|info| info.schema == INFORMATION_SCHEMA);
        if of_user {
            let message = format!("virtual generated column \"{column}\" cannot have a user-defined type");
            let detail = "Virtual generated columns that make use of user-defined types are not yet supported.";
            return Err(SqlError::new("0A000", message).detail(detail).into());
        }
        Ok(())
    }

    /// What no index has as its keys, in its expressions and its condition (`indexcmds.c: DefineIndex`, after
    /// `ComputeIndexAttrs`).
    pub(super) fn refuse_unindexable(&self, relation: &Relation, index: &Index, of: IndexOf) -> Exec {
        let refused = |number: AttrNumber, of: IndexOf| {
            let message = match of {
                _ if number < 0 => "index creation on system columns is not supported",
                _ if !is_virtual(relation, number) => return Ok(()),
                IndexOf::PrimaryKey => "primary keys on virtual generated columns are not supported",
                IndexOf::Constraint => "unique constraints on virtual generated columns are not supported",
                IndexOf::Nothing => "indexes on virtual generated columns are not supported",
            };
            Err(SqlError::new("0A000", message).into())
        };
        let keys = index.keys.iter().filter_map(|key| key.as_column());
        keys.chain(index.including.iter().copied()).try_for_each(|number| refused(number, of))?;
        let of = match of {
            IndexOf::PrimaryKey | IndexOf::Constraint => IndexOf::Constraint,
            IndexOf::Nothing => IndexOf::Nothing,
        };
        let exprs = index.keys.iter().filter_map(|key| match &key.what {
            IndexKeyKind::Expr(expr) => Some(expr),
            IndexKeyKind::Column(_) => None,
        });
        let trees: Vec<&Expr> = exprs.chain(&index.predicate).map(|expr| &expr.tree).collect();
        let columns: Vec<AttrNumber> = trees.iter().flat_map(|tree| tree.columns()).collect();
        // Those of the system have the least numbers.
        let (system, own): (Vec<_>, Vec<_>) = columns.into_iter().partition(|&number| number < 0);
        system.into_iter().chain(own).try_for_each(|number| refused(number, of))
    }

    /// `statscmds.c: CreateStatistics`
    pub(super) fn refuse_virtual_statistics(&self, table: &Relation, columns: &[AttrNumber]) -> Exec {
        if columns.iter().any(|&number| is_virtual(table, number)) {
            let message = "statistics creation on virtual generated columns is not supported";
            return Err(SqlError::new("0A000", message).into());
        }
        Ok(())
    }
}
