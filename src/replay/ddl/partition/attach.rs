//! ATTACH PARTITION (`parse_utilcmd.c: transformPartitionCmd`, `tablecmds.c: ATExecAttachPartition`).

use super::index::ParentIndex;
use crate::catalog::{ChangeKind, ColumnMap, Oid, PartitionBound, Relation, RelationKind};
use crate::replay::ddl::constraint::Adding;
use crate::replay::ddl::inherit::{can_inherit, with_transition_table};
use crate::replay::{Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::{PartitionBoundSpec, Persistence, RangeVar};
use crate::sql::span::Loc;

impl Replay {
    pub(in crate::replay::ddl) fn attach_partition(
        &mut self,
        rel: Oid,
        name: &RangeVar,
        spec: Option<&PartitionBoundSpec>,
        cx: &Context,
    ) -> Exec {
        let Some(table) = self.catalog.shared_relation(rel) else { return Ok(()) };
        let not_partitioned = |message: String| {
            let (origin, text) = lookup::made_here(&table);
            Err(SqlError::new("42P17", message).related(origin, text).into())
        };
        match &table.kind {
            RelationKind::PartitionedTable(_) => {}
            RelationKind::Index(index) => {
                let partitioned = self.catalog.relation(index.table).is_some_and(Relation::is_partitioned);
                if !partitioned {
                    return Err(self.wrong_kind(&table, "ATTACH PARTITION"));
                }
                if spec.is_some() {
                    return not_partitioned(format!("\"{}\" is not a partitioned table", table.name));
                }
                return self.attach_index(rel, name, cx);
            }
            // From 18 on the kind of relation is looked at first.
            RelationKind::Table if self.catalog.version() < 18 => {
                return not_partitioned(format!("table \"{}\" is not partitioned", table.name));
            }
            RelationKind::Table
            | RelationKind::ForeignTable(_)
            | RelationKind::View(_)
            | RelationKind::MaterializedView(..)
            | RelationKind::Sequence(_)
            | RelationKind::CompositeType => return Err(self.wrong_kind(&table, "ATTACH PARTITION")),
        }
        let bound = match spec {
            Some(spec) => self.partition_bound(rel, spec, cx)?,
            None => PartitionBound::Default,
        };
        let oid = self.relation(name)?;
        let Some(partition) = self.catalog.shared_relation(oid) else { return Ok(()) };
        if matches!(partition.kind, RelationKind::Index(_) | RelationKind::CompositeType) {
            return Err(lookup::cannot_open(&self.catalog, &partition, Loc::NONE));
        }
        self.must_own_relation(oid)?;
        if !can_inherit(&partition.kind) {
            return Err(self.wrong_kind(&partition, "ATTACH PARTITION"));
        }
        self.check_attached(&table, &partition)?;
        drop(partition);
        if let Some(spec) = spec {
            self.check_new_bound(oid, rel, &bound, spec)?;
        }
        self.create_inheritance(oid, rel, cx)?;
        if let Some(partition) = self.catalog.relation_mut(oid) {
            partition.bound = Some(Box::new(bound));
            partition.provenance.change(cx.origin, ChangeKind::Definition);
        }
        self.ensure_indexes(&table, oid, cx)?;
        self.clone_triggers(rel, oid, cx)?;
        let before = self.checked_foreign_keys(oid);
        self.clone_foreign_keys(rel, oid, cx)?;
        let new = self.checked_foreign_keys(oid).into_iter().filter(|key| !before.contains(key));
        for key in new {
            self.refuse_ambiguous_key(oid, key)?;
        }
        if self.catalog.version() >= 17 {
            self.attach_identity(&table, oid);
        }
        Ok(())
    }

    fn check_attached(&self, table: &Relation, partition: &Relation) -> Exec {
        let name = &partition.name;
        let refuse = |message: String| Err(SqlError::new("42809", message).into());
        if partition.is_partition() {
            return refuse(format!("\"{name}\" is already a partition"));
        }
        if partition.of_type.is_some() {
            return refuse("cannot attach a typed table as partition".to_owned());
        }
        if !partition.parents.is_empty() {
            return refuse("cannot attach inheritance child as partition".to_owned());
        }
        if !partition.children.is_empty() && matches!(partition.kind, RelationKind::Table) {
            return refuse("cannot attach inheritance parent as partition".to_owned());
        }
        self.refuse_circle(table, partition)?;
        let temporary = |r: &Relation| r.persistence == Persistence::Temporary;
        match (temporary(table), temporary(partition)) {
            (false, true) => {
                return refuse(format!(
                    "cannot attach a temporary relation as partition of permanent relation \"{}\"",
                    table.name
                ));
            }
            (true, false) => {
                return refuse(format!(
                    "cannot attach a permanent relation as partition of temporary relation \"{}\"",
                    table.name
                ));
            }
            (true, true) | (false, false) => {}
        }
        for column in partition.live_columns() {
            if self.catalog.version() >= 17 && column.identity.is_some() {
                let message =
                    format!("table \"{name}\" being attached contains an identity column \"{}\"", column.name);
                let detail = "The new partition may not contain an identity column.";
                return Err(SqlError::new("55000", message).detail(detail).into());
            }
            if table.column(&column.name).is_none() {
                let message = format!(
                    "table \"{name}\" contains column \"{}\" not found in parent \"{}\"",
                    column.name, table.name
                );
                let detail = "The new partition may contain only the columns present in parent.";
                return Err(SqlError::new("42804", message).detail(detail).into());
            }
        }
        if let Some(trigger) = with_transition_table(partition) {
            let message = format!("trigger \"{trigger}\" prevents table \"{name}\" from becoming a partition");
            let detail = "ROW triggers with transition tables are not supported on partitions.";
            return Err(SqlError::new("0A000", message).detail(detail).into());
        }
        Ok(())
    }

    /// `AttachPartitionEnsureIndexes`
    fn ensure_indexes(&mut self, table: &Relation, oid: Oid, cx: &Context) -> Exec {
        for &index in &table.indexes {
            let (Some(record), Some(partition)) =
                (self.catalog.shared_relation(index), self.catalog.shared_relation(oid))
            else {
                continue;
            };
            let Some(definition) = record.as_index() else { continue };
            if matches!(partition.kind, RelationKind::ForeignTable(_)) {
                if !definition.unique {
                    continue;
                }
                let message = format!(
                    "cannot attach foreign table \"{}\" as partition of partitioned table \"{}\"",
                    partition.name, table.name
                );
                let detail = format!("Partitioned table \"{}\" contains unique indexes.", table.name);
                return Err(SqlError::new("42809", message).detail(detail).into());
            }
            let above = ParentIndex { index, constraint: definition.constraint };
            let map = ColumnMap::by_name(table, &partition);
            let is_valid =
                |oid: &Oid| self.catalog.relation(*oid).and_then(Relation::as_index).is_some_and(|i| i.valid);
            let usable = Relation {
                indexes: partition.indexes.iter().copied().filter(is_valid).collect(),
                ..(*partition).clone()
            };
            match self.matching_index(&record, &usable, &map, definition.constraint.is_some()) {
                Some(found) => self.set_parent_index(found, above, oid),
                None => {
                    drop(partition);
                    self.clone_index(index, oid, &map, Some(above), Adding::Alter { recurse: true }, cx)?;
                }
            }
        }
        Ok(())
    }

    /// Partitions have the identity columns of their table, whose sequences they share (17).
    fn attach_identity(&mut self, table: &Relation, oid: Oid) {
        for column in table.live_columns() {
            let Some(identity) = column.identity else { continue };
            for (partition, _) in self.catalog.inheritors(oid) {
                let own = self.catalog.relation_mut(partition).and_then(|r| r.column_mut(&column.name));
                if let Some(own) = own {
                    own.identity = Some(identity);
                }
            }
        }
    }
}
