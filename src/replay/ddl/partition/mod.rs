//! Partitioned tables and their partitions.

mod attach;
mod bound;
mod compare;
mod constraint;
mod detach;
mod foreign_key;
mod index;
mod key;
mod trigger;

use crate::catalog::{ColumnMap, Oid, RelationKind};
use crate::replay::ddl::constraint::Adding;
use crate::replay::{Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::PartitionBoundSpec;

impl Replay {
    /// A new table is a partition of that one (`tablecmds.c: DefineRelation`).
    pub(super) fn bound_new_partition(
        &mut self,
        rel: Oid,
        parent: Oid,
        spec: &PartitionBoundSpec,
        cx: &Context,
    ) -> Exec {
        let Some(table) = self.catalog.shared_relation(parent) else { return Ok(()) };
        if !table.is_partitioned() {
            let error = SqlError::new("42P17", format!("\"{}\" is not partitioned", table.name));
            let (origin, text) = lookup::made_here(&table);
            return Err(error.related(origin, text).into());
        }
        drop(table);
        let bound = self.partition_bound(parent, spec, cx)?;
        self.check_new_bound(rel, parent, &bound, spec)?;
        if let Some(partition) = self.catalog.relation_mut(rel) {
            partition.bound = Some(Box::new(bound));
        }
        Ok(())
    }

    /// Indexes, triggers and foreign keys of the partitioned table come to its new partition.
    pub(super) fn clone_from_parent(&mut self, rel: Oid, parent: Oid, cx: &Context) -> Exec {
        let (Some(table), Some(partition)) = (self.catalog.shared_relation(parent), self.catalog.shared_relation(rel))
        else {
            return Ok(());
        };
        let foreign = matches!(partition.kind, RelationKind::ForeignTable(_));
        let map = ColumnMap::by_name(&table, &partition);
        drop(partition);
        for &index in &table.indexes {
            let Some(definition) = self.catalog.relation(index).and_then(|i| i.as_index()) else { continue };
            if foreign && definition.unique {
                let message = format!("cannot create foreign partition of partitioned table \"{}\"", table.name);
                let detail = format!("Table \"{}\" contains indexes that are unique.", table.name);
                return Err(SqlError::new("42809", message).detail(detail).into());
            }
            if !foreign {
                let above = index::ParentIndex { index, constraint: definition.constraint };
                self.clone_index(index, rel, &map, Some(above), Adding::Create, cx)?;
            }
        }
        self.clone_triggers(parent, rel, cx)?;
        self.clone_foreign_keys(parent, rel, cx)
    }
}
