//! DETACH PARTITION (`tablecmds.c: ATExecDetachPartition, DetachPartitionFinalize`).

use crate::catalog::{ChangeKind, Oid, PartitionBound, Relation, RelationKind};
use crate::replay::{Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::RangeVar;

impl Replay {
    pub(in crate::replay::ddl) fn detach_partition(
        &mut self,
        rel: Oid,
        name: &RangeVar,
        concurrently: bool,
        cx: &Context,
    ) -> Exec {
        let Some(table) = self.catalog.shared_relation(rel) else { return Ok(()) };
        self.refuse_not_partitioned(&table)?;
        if concurrently && self.catalog.default_partition(rel).is_some() {
            let message = "cannot detach partitions concurrently when a default partition exists";
            return Err(SqlError::new("55000", message).into());
        }
        let oid = self.table(name)?;
        if let Some(partition) = self.catalog.relation(oid)
            && let Some(parent) = partition.parents.iter().find(|p| p.relation == rel)
            && parent.detach_pending
        {
            let message = format!(
                "partition \"{}\" already pending detach in partitioned table \"{}.{}\"",
                partition.name,
                self.catalog.schema_name(table.schema),
                table.name
            );
            let hint = "Use ALTER TABLE ... DETACH PARTITION ... FINALIZE to complete the pending detach operation.";
            return Err(SqlError::new("55000", message).hint(hint).into());
        }
        // The bound becomes a check of the table.
        if concurrently && !self.is_check_free(&table, oid) {
            self.check_of_detached(oid, &name.name, cx)?;
        }
        self.remove_inheritance(oid, rel, cx)?;
        self.finish_detach(&table, oid, cx)
    }

    /// Detaching concurrently leaves no check behind: of hash partitions.
    fn is_check_free(&self, _table: &Relation, partition: Oid) -> bool {
        let bound = self.catalog.relation(partition).and_then(|r| r.bound.as_deref());
        matches!(bound, Some(PartitionBound::Hash { .. }) | None)
    }

    /// FINALIZE: there is nothing to do, since no detaching is ever left unfinished.
    pub(in crate::replay::ddl) fn finalize_detach(&mut self, rel: Oid, name: &RangeVar) -> Exec {
        let Some(table) = self.catalog.shared_relation(rel) else { return Ok(()) };
        let plain = matches!(table.kind, RelationKind::Table) && self.catalog.version() < 18;
        if !table.is_partitioned() && !plain {
            return Err(self.wrong_kind(&table, "DETACH PARTITION ... FINALIZE"));
        }
        let oid = self.table(name)?;
        let Some(partition) = self.catalog.relation(oid) else { return Ok(()) };
        if !table.is_partitioned() {
            let message = format!("relation \"{}\" is not a parent of relation \"{}\"", table.name, partition.name);
            return Err(SqlError::new("42P01", message).into());
        }
        if partition.parents.iter().all(|p| p.relation != rel) {
            // `tablecmds.c: RemoveInheritance`
            let message = match plain {
                true => format!("relation \"{}\" is not a parent of relation \"{}\"", table.name, partition.name),
                false => format!("relation \"{}\" is not a partition of relation \"{}\"", partition.name, table.name),
            };
            return Err(SqlError::new("42P01", message).into());
        }
        let message = format!("cannot complete detaching partition \"{}\"", partition.name);
        let detail = "There's no pending concurrent detach.";
        Err(SqlError::new("55000", message).detail(detail).into())
    }

    fn refuse_not_partitioned(&self, table: &Relation) -> Exec {
        if table.is_partitioned() {
            return Ok(());
        }
        if !matches!(table.kind, RelationKind::Table) || self.catalog.version() >= 18 {
            return Err(self.wrong_kind(table, "DETACH PARTITION"));
        }
        let error = SqlError::new("42P17", format!("table \"{}\" is not partitioned", table.name));
        let (origin, text) = lookup::made_here(table);
        Err(error.related(origin, text).into())
    }

    fn finish_detach(&mut self, table: &Relation, oid: Oid, cx: &Context) -> Exec {
        self.drop_cloned_triggers(oid, cx)?;
        self.detach_foreign_keys(oid, cx)?;
        let indexes = self.catalog.relation(oid).map(|r| r.indexes.clone()).unwrap_or_default();
        for index in indexes {
            let Some(record) = self.catalog.relation(index) else { continue };
            let Some(above) = record.parents.first().map(|p| p.relation) else { continue };
            let own = record.as_index().and_then(|i| i.constraint);
            let theirs = self.catalog.relation(above).and_then(Relation::as_index).and_then(|i| i.constraint);
            self.catalog.remove_parent(index, above);
            if let (Some(own), Some(_)) = (own, theirs) {
                self.set_parent_constraint(oid, own, None);
            }
        }
        if self.catalog.version() >= 17 {
            let columns: Vec<_> =
                table.live_columns().filter(|c| c.identity.is_some()).map(|c| c.name.clone()).collect();
            for (partition, _) in self.catalog.inheritors(oid) {
                for name in &columns {
                    let own = self.catalog.relation_mut(partition).and_then(|r| r.column_mut(name));
                    if let Some(own) = own {
                        own.identity = None;
                    }
                }
            }
        }
        if let Some(partition) = self.catalog.relation_mut(oid) {
            partition.bound = None;
            partition.provenance.change(cx.origin, ChangeKind::Definition);
        }
        Ok(())
    }
}
