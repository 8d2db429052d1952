//! Foreign keys of partitioned tables: each partition has its own, and of a key to a partitioned table there is one to
//! each partition (`tablecmds.c: addFkRecurseReferencing, addFkRecurseReferenced, CloneForeignKeyConstraints`).

use crate::catalog::{
    AttrNumber, ColumnMap, Constraint, ConstraintKind, DependencyKind, ForeignKey, Object, Oid, Provenance, Relation,
    RelationKind,
};
use crate::replay::ddl::constraint::join_column_names;
use crate::replay::{Context, Exec, Replay, SqlError};
use crate::sql::ast::{DropBehavior, Name};

impl Replay {
    /// A new foreign key reaches the partitions of both tables.
    pub(in crate::replay::ddl) fn spread_foreign_key(&mut self, rel: Oid, constraint: Oid, cx: &Context) -> Exec {
        self.spread_referenced(rel, constraint, cx)?;
        self.spread_referencing(rel, constraint, cx)
    }

    fn foreign_key_of(&self, rel: Oid, constraint: Oid) -> Option<(Constraint, ForeignKey)> {
        let found = self.catalog.relation(rel)?.constraints.iter().find(|c| c.oid == constraint)?;
        match &found.kind {
            ConstraintKind::ForeignKey(key) => Some((found.clone(), (**key).clone())),
            ConstraintKind::Check { .. }
            | ConstraintKind::Key { .. }
            | ConstraintKind::Exclusion { .. }
            | ConstraintKind::Trigger(_)
            | ConstraintKind::NotNull { .. } => None,
        }
    }

    /// `addFkRecurseReferenced`
    fn spread_referenced(&mut self, rel: Oid, constraint: Oid, cx: &Context) -> Exec {
        let Some((_, key)) = self.foreign_key_of(rel, constraint) else { return Ok(()) };
        let Some(table) = self.catalog.shared_relation(key.table).filter(|r| r.is_partitioned()) else {
            return Ok(());
        };
        let partitions = self.partitions_in_order(&table);
        partitions.into_iter().try_for_each(|child| self.refer_to_partition(rel, constraint, &table, child, cx))
    }

    /// A foreign key to a partition, as a part of that to the partitioned table.
    fn refer_to_partition(
        &mut self,
        rel: Oid,
        constraint: Oid,
        table: &Relation,
        partition: Oid,
        cx: &Context,
    ) -> Exec {
        let Some((above, key)) = self.foreign_key_of(rel, constraint) else { return Ok(()) };
        let Some(child) = self.catalog.shared_relation(partition) else { return Ok(()) };
        let Some(index) = self.catalog.index_of_partition(key.index, partition) else { return Ok(()) };
        let columns = ColumnMap::by_name(table, &child).all(&key.columns);
        drop(child);
        let key = ForeignKey { table: partition, columns, index, ..key };
        let oid = self.store_foreign_key(rel, &above, above.columns.clone(), key, constraint, cx);
        self.spread_referenced(rel, oid, cx)
    }

    /// `addFkConstraint`, for a key that is a part of another.
    fn store_foreign_key(
        &mut self,
        rel: Oid,
        above: &Constraint,
        columns: Vec<AttrNumber>,
        key: ForeignKey,
        parent: Oid,
        cx: &Context,
    ) -> Oid {
        let name = self.name_of_clone(rel, &above.name, &columns);
        let oid = self.catalog.new_oid();
        self.catalog.make_inheritable(oid);
        let this = Object::Constraint(rel, oid);
        let (target, referenced, index) = (key.table, key.columns.clone(), key.index);
        self.catalog.add_constraint(
            rel,
            Constraint {
                oid,
                name,
                kind: ConstraintKind::ForeignKey(Box::new(key)),
                columns,
                is_local: false,
                inherit_count: 1,
                parent: Some(parent),
                comment: None,
                provenance: Provenance::new(cx.origin),
                ..above.clone()
            },
        );
        for number in referenced {
            self.catalog.dependencies.add(this, Object::Column(target, number), DependencyKind::Normal);
        }
        self.catalog.dependencies.add(this, Object::Relation(target), DependencyKind::Normal);
        self.catalog.dependencies.add(this, Object::Relation(index), DependencyKind::Normal);
        oid
    }

    /// The name of the key that it is a part of, or one made from its columns where that is taken.
    fn name_of_clone(&self, rel: Oid, name: &Name, columns: &[AttrNumber]) -> Name {
        match self.catalog.relation(rel) {
            Some(relation) if relation.constraint(name).is_some() && self.catalog.version() >= 18 => {
                // From 18 on the name is told apart by a number.
                let mut number = 1;
                loop {
                    let made = crate::catalog::make_object_name(name, None, Some(&number.to_string()));
                    if !self.catalog.constraint_name_taken(relation.schema, &made) {
                        return made.into();
                    }
                    number += 1;
                }
            }
            Some(relation) if relation.constraint(name).is_some() => {
                let names = columns.iter().filter_map(|&n| relation.column_at(n)).map(|c| c.name.as_str());
                self.choose_constraint_name(relation, Some(&join_column_names(names)), "fkey")
            }
            Some(_) | None => name.clone(),
        }
    }

    /// `addFkRecurseReferencing`
    fn spread_referencing(&mut self, rel: Oid, constraint: Oid, cx: &Context) -> Exec {
        let Some(table) = self.catalog.shared_relation(rel) else { return Ok(()) };
        if matches!(table.kind, RelationKind::ForeignTable(_)) {
            return Err(no_foreign_tables());
        }
        if !table.is_partitioned() {
            return Ok(());
        }
        let partitions = self.partitions_in_order(&table);
        partitions.into_iter().try_for_each(|child| self.key_of_partition(&table, constraint, child, cx))
    }

    /// A partition gets a foreign key of its table: one of its own becomes it, or a new one is made.
    fn key_of_partition(&mut self, table: &Relation, constraint: Oid, partition: Oid, cx: &Context) -> Exec {
        let Some((above, key)) = self.foreign_key_of(table.oid, constraint) else { return Ok(()) };
        let Some(child) = self.catalog.shared_relation(partition) else { return Ok(()) };
        let map = ColumnMap::by_name(table, &child);
        let columns = map.all(&above.columns);
        // Of one that is not validated the rows are looked at from 18 on.
        let validates = self.catalog.version() >= 18;
        let mut found = None;
        for own in &child.constraints {
            let ConstraintKind::ForeignKey(theirs) = &own.kind else { continue };
            if own.columns != columns || theirs.table != key.table || theirs.columns != key.columns {
                continue;
            }
            if own.enforced != above.enforced {
                let message = format!(
                    "constraint \"{}\" enforceability conflicts with constraint \"{}\" on relation \"{}\"",
                    above.name, own.name, child.name
                );
                let made = format!("constraint \"{}\" made here", own.name);
                return Err(SqlError::new("42P17", message).related(own.provenance.created, made).into());
            }
            if own.parent.is_none()
                && (own.validated || validates)
                && own.deferrable == above.deferrable
                && own.initially_deferred == above.initially_deferred
                && theirs.on_update == key.on_update
                && theirs.on_delete == key.on_delete
                && theirs.match_type == key.match_type
            {
                found = Some(own.oid);
                break;
            }
        }
        // `tryAttachPartitionForeignKey`
        if let Some(own) = found {
            drop(child);
            self.change_inheritance_of_constraint(partition, own, |c| c.validated |= above.validated);
            self.set_parent_constraint(partition, own, Some(constraint));
            // What it had to the partitions of the referenced table, the table's key has.
            return self.drop_parts(partition, own, cx);
        }
        drop(child);
        let key = ForeignKey { on_delete_columns: map.all(&key.on_delete_columns), ..key };
        let oid = self.store_foreign_key(partition, &above, columns, key, constraint, cx);
        self.spread_referencing(partition, oid, cx)
    }

    /// Drops the keys to partitions that are parts of a foreign key.
    fn drop_parts(&mut self, rel: Oid, constraint: Oid, cx: &Context) -> Exec {
        let Some(relation) = self.catalog.relation_mut(rel) else { return Ok(()) };
        let mut parts = vec![constraint];
        let mut next = 0;
        while let Some(&above) = parts.get(next) {
            next += 1;
            parts.extend(relation.constraints.iter().filter(|c| c.parent == Some(above)).map(|c| c.oid));
        }
        parts.remove(0);
        for part in relation.constraints.iter_mut().filter(|c| parts.contains(&c.oid)) {
            part.parent = None;
        }
        let parts: Vec<Object> = parts.into_iter().map(|oid| Object::Constraint(rel, oid)).collect();
        self.delete_objects(&parts, DropBehavior::Restrict, cx)
    }

    /// A partition gets the foreign keys of its table, and those to its table (`CloneForeignKeyConstraints`).
    pub(super) fn clone_foreign_keys(&mut self, parent: Oid, partition: Oid, cx: &Context) -> Exec {
        let (Some(table), Some(child)) =
            (self.catalog.shared_relation(parent), self.catalog.shared_relation(partition))
        else {
            return Ok(());
        };
        // By name (`relcache.c: RelationGetFKeyList`).
        let mut constraints: Vec<&Constraint> = table.constraints.iter().collect();
        constraints.sort_by(|a, b| a.name.cmp(&b.name));
        let keys: Vec<(Oid, Option<Oid>, Oid)> = constraints
            .into_iter()
            .filter_map(|c| match &c.kind {
                ConstraintKind::ForeignKey(key) => Some((c.oid, c.parent, key.table)),
                ConstraintKind::Check { .. }
                | ConstraintKind::Key { .. }
                | ConstraintKind::Exclusion { .. }
                | ConstraintKind::Trigger(_)
                | ConstraintKind::NotNull { .. } => None,
            })
            .collect();
        for (oid, _, referenced) in &keys {
            if *referenced == partition {
                let name = table.constraints.iter().find(|c| c.oid == *oid).map_or("", |c| &c.name);
                let message = format!(
                    "cannot attach table \"{}\" as a partition because it is referenced by foreign key \"{name}\"",
                    child.name
                );
                return Err(SqlError::new("0A000", message).into());
            }
        }
        if !keys.is_empty() && matches!(child.kind, RelationKind::ForeignTable(_)) {
            return Err(no_foreign_tables());
        }
        drop(child);
        let all: Vec<Oid> = keys.iter().map(|(oid, ..)| *oid).collect();
        for (oid, above, _) in keys {
            if above.is_none_or(|above| !all.contains(&above)) {
                self.key_of_partition(&table, oid, partition, cx)?;
            }
        }
        self.clone_references(&table, partition, cx)
    }

    /// `CloneFkReferenced`
    fn clone_references(&mut self, table: &Relation, partition: Oid, cx: &Context) -> Exec {
        let references: Vec<(Oid, Oid, Option<Oid>)> = self.references_to(table.oid);
        let all: Vec<Oid> = references.iter().map(|(_, oid, _)| *oid).collect();
        for (rel, oid, above) in references {
            if above.is_none_or(|above| !all.contains(&above)) {
                self.refer_to_partition(rel, oid, table, partition, cx)?;
            }
        }
        Ok(())
    }

    /// The foreign keys to a table: the table that has it, itself, and what it is a part of.
    fn references_to(&self, table: Oid) -> Vec<(Oid, Oid, Option<Oid>)> {
        let mut found: Vec<(Oid, Oid, Option<Oid>)> = self
            .catalog
            .dependencies
            .on(Object::Relation(table))
            .filter_map(|edge| match edge.dependent {
                Object::Constraint(rel, oid) => {
                    let constraint = self.catalog.relation(rel)?.constraints.iter().find(|c| c.oid == oid)?;
                    let refers = matches!(&constraint.kind, ConstraintKind::ForeignKey(key) if key.table == table);
                    refers.then_some((rel, oid, constraint.parent))
                }
                _ => None,
            })
            .collect();
        // A table's key to itself has no edge of its own.
        for constraint in self.catalog.relation(table).map_or(&[][..], |r| &r.constraints) {
            if let ConstraintKind::ForeignKey(key) = &constraint.kind
                && key.table == table
                && !found.iter().any(|(_, oid, _)| *oid == constraint.oid)
            {
                found.push((table, constraint.oid, constraint.parent));
            }
        }
        found.sort_unstable_by_key(|(_, oid, _)| *oid);
        found
    }

    /// A partition that leaves keeps its foreign keys as its own, and loses those to it (`DetachPartitionFinalize`).
    pub(super) fn detach_foreign_keys(&mut self, partition: Oid, cx: &Context) -> Exec {
        let Some(relation) = self.catalog.shared_relation(partition) else { return Ok(()) };
        let own: Vec<Oid> = relation.constraints.iter().map(|c| c.oid).collect();
        for constraint in &relation.constraints {
            let inherited = constraint.parent.is_some_and(|above| !own.contains(&above));
            if inherited && matches!(constraint.kind, ConstraintKind::ForeignKey(_)) {
                self.set_parent_constraint(partition, constraint.oid, None);
                self.spread_referenced(partition, constraint.oid, cx)?;
            }
        }
        drop(relation);
        let mut parts = Vec::new();
        for (rel, oid, above) in self.references_to(partition) {
            let has_above =
                |above: Oid| self.catalog.relation(rel).is_some_and(|r| r.constraints.iter().any(|c| c.oid == above));
            // Those that are a part of a key to another table: the partitioned one.
            if above.is_some_and(has_above) {
                self.set_parent_constraint(rel, oid, None);
                self.drop_parts(rel, oid, cx)?;
                parts.push(Object::Constraint(rel, oid));
            }
        }
        self.delete_objects(&parts, DropBehavior::Restrict, cx)
    }
}

fn no_foreign_tables() -> crate::replay::Stop {
    SqlError::new("42809", "foreign key constraints are not supported on foreign tables").into()
}
