//! PARTITION BY (`tablecmds.c: transformPartitionSpec, ComputePartitionAttrs`).

use super::index::method_of;
use crate::catalog::{
    DependencyKind, IndexKeyKind, Object, Oid, PartitionKey, PartitionKeyColumn, Relation, RelationKind, TypeRef,
};
use crate::expr::is_system_column;
use crate::replay::{Exec, Replay, SqlError, lookup};
use crate::sql::ast::{IndexElem, IndexKey, PartitionBy, PartitionStrategy};

/// `PARTITION_MAX_KEYS`
const MOST_COLUMNS: usize = 32;

impl Replay {
    /// Computes the key of a new partitioned table, whose columns are there.
    pub(in crate::replay::ddl) fn define_partition_key(&mut self, rel: Oid, by: &PartitionBy) -> Exec {
        if by.key.len() > MOST_COLUMNS {
            let message = format!("cannot partition using more than {MOST_COLUMNS} columns");
            return Err(SqlError::new("54011", message).into());
        }
        if by.strategy == PartitionStrategy::List && by.key.len() != 1 {
            let message = "cannot use \"list\" partition strategy with more than one column";
            return Err(SqlError::new("42P17", message).into());
        }
        let mut key = PartitionKey { strategy: by.strategy, columns: Vec::with_capacity(by.key.len()) };
        for element in &by.key {
            let column = self.partition_key_column(rel, element, method_of(&key), key.columns.len() + 1)?;
            key.columns.push(column);
        }
        for column in &key.columns {
            let of_expr = match &column.what {
                IndexKeyKind::Expr(expr) => expr.depends_on.as_slice(),
                IndexKeyKind::Column(_) => &[],
            };
            let needs = [Object::OpClass(column.opclass), Object::Collation(column.collation)];
            for object in of_expr.iter().copied().chain(needs).filter(|o| o.relation() != Some(rel)) {
                self.catalog.dependencies.add(Object::Relation(rel), object, DependencyKind::Normal);
            }
        }
        if let Some(relation) = self.catalog.relation_mut(rel) {
            relation.kind = RelationKind::PartitionedTable(Box::new(key));
        }
        Ok(())
    }

    fn partition_key_column(
        &self,
        rel: Oid,
        element: &IndexElem,
        method: &str,
        number: usize,
    ) -> Exec<PartitionKeyColumn> {
        let (what, ty, own) = self.partition_key_value(rel, element, number)?;
        let collation = match &element.collation {
            Some(written) => self.find_collation(written)?,
            None => own,
        };
        let collatable = self.catalog.type_collation(ty.oid) != Oid::INVALID;
        if element.collation.is_some() && !collatable {
            let name = self.catalog.format_type_be(ty.oid, &self.path());
            return Err(SqlError::new("42804", format!("collations are not supported by type {name}")).into());
        }
        if collatable && collation == Oid::INVALID {
            let message = "could not determine which collation to use for partition expression";
            let hint = "Use the COLLATE clause to set the collation explicitly.";
            return Err(SqlError::new("42P22", message).hint(hint).into());
        }
        if element.opclass.is_none() {
            self.check_default_opclass(ty, method)?;
        }
        let opclass = self.index_opclass(element.opclass.as_ref(), ty.oid, method)?;
        Ok(PartitionKeyColumn { what, ty, opclass, collation: if collatable { collation } else { Oid::INVALID } })
    }

    fn check_default_opclass(&self, ty: TypeRef, method: &str) -> Exec {
        let found = self.catalog.default_opclass(self.base_type(ty.oid), method);
        if found != Oid::INVALID || lookup::maybe_undefined(&self.catalog).is_some() {
            return Ok(());
        }
        let name = self.catalog.format_type_be(ty.oid, &self.path());
        let message = format!("data type {name} has no default operator class for access method \"{method}\"");
        let hint = format!(
            "You must specify a {method} operator class or define a default {method} operator class for the data type."
        );
        Err(SqlError::new("42704", message).hint(hint).into())
    }

    /// What a part of the key is, with its type and collation.
    fn partition_key_value(&self, rel: Oid, element: &IndexElem, number: usize) -> Exec<(IndexKeyKind, TypeRef, Oid)> {
        let Some(relation) = self.catalog.relation(rel) else {
            return Err(SqlError::new("XX000", "a table is gone").into());
        };
        let expr = match &element.key {
            IndexKey::Column(ident) => {
                let name = &ident.name;
                let Some(column) = relation.column(name) else {
                    let (state, message) = if is_system_column(name) {
                        ("42P17", format!("cannot use system column \"{name}\" in partition key"))
                    } else {
                        ("42703", format!("column \"{name}\" named in partition key does not exist"))
                    };
                    return Err(SqlError::new(state, message).at(ident.loc).into());
                };
                self.refuse_generated(relation, column.number, ident.loc)?;
                return Ok((IndexKeyKind::Column(column.number), column.ty, self.catalog.column_collation(column)));
            }
            IndexKey::Expr(expr) => expr,
        };
        let key = self.analyze_partition_key(rel, number, expr)?;
        Ok(match key.column.and_then(|number| relation.column_at(number)) {
            // `x COLLATE c` and `(x COLLATE c)` are alike.
            Some(column) => (IndexKeyKind::Column(column.number), column.ty, key.collation),
            None => (IndexKeyKind::Expr(key.tree), TypeRef::plain(key.ty), key.collation),
        })
    }

    fn refuse_generated(&self, relation: &Relation, number: i16, loc: crate::sql::span::Loc) -> Exec {
        let Some(column) = relation.column_at(number).filter(|c| c.generated.is_some()) else { return Ok(()) };
        let detail = format!("Column \"{}\" is a generated column.", column.name);
        let error = SqlError::new("42P17", "cannot use generated column in partition key").detail(detail);
        Err(error.at(loc).into())
    }
}
