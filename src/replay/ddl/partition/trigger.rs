//! Row triggers of partitioned tables: each partition has a clone (`tablecmds.c: CloneRowTriggersToPartition`,
//! `trigger.c: CreateTriggerFiringOn, renametrig, EnableDisableTrigger`).

use crate::catalog::tree::map_stored;
use crate::catalog::{
    ChangeKind, ColumnMap, Constraint, ConstraintKind, DependencyKind, Object, Oid, Provenance, Trigger,
};
use crate::replay::{About, Context, Exec, Replay, SqlError};
use crate::sql::ast::{DropBehavior, FiringState, Name};

impl Replay {
    /// A partition gets the row triggers of its table.
    pub(super) fn clone_triggers(&mut self, parent: Oid, partition: Oid, cx: &Context) -> Exec {
        let Some(table) = self.catalog.shared_relation(parent) else { return Ok(()) };
        let mut triggers: Vec<&Trigger> = table.triggers.iter().filter(|t| t.row).collect();
        triggers.sort_by(|a, b| a.name.cmp(&b.name));
        triggers.into_iter().try_for_each(|trigger| self.clone_trigger(parent, trigger.oid, partition, false, cx))
    }

    /// A new trigger, or one that was replaced, reaches all partitions.
    pub(in crate::replay::ddl) fn clone_to_partitions(
        &mut self,
        table: Oid,
        trigger: Oid,
        replace: bool,
        cx: &Context,
    ) -> Exec {
        let Some(relation) = self.catalog.shared_relation(table) else { return Ok(()) };
        let is_row = relation.triggers.iter().any(|t| t.oid == trigger && t.row);
        if !relation.is_partitioned() || !is_row {
            return Ok(());
        }
        relation.children.iter().try_for_each(|&child| self.clone_trigger(table, trigger, child, replace, cx))
    }

    fn clone_trigger(&mut self, parent: Oid, trigger: Oid, partition: Oid, replace: bool, cx: &Context) -> Exec {
        let (Some(table), Some(child)) =
            (self.catalog.shared_relation(parent), self.catalog.shared_relation(partition))
        else {
            return Ok(());
        };
        let Some(source) = table.triggers.iter().find(|t| t.oid == trigger) else { return Ok(()) };
        let existing = child.trigger(&source.name);
        if let Some(old) = existing {
            let what = if !replace {
                "already exists"
            } else if old.constraint.is_some() {
                "is a constraint trigger"
            } else {
                ""
            };
            if !what.is_empty() {
                let message = format!("trigger \"{}\" for relation \"{}\" {what}", source.name, child.name);
                let error = SqlError::new("42710", message);
                let error = error.about(About::Part(child.name.to_string(), source.name.to_string()));
                return Err(error
                    .related(old.provenance.created, format!("trigger \"{}\" made here", source.name))
                    .into());
            }
        }
        let map = ColumnMap::by_name(&table, &child);
        let when = match &source.when {
            Some(when) => match map_stored(when, parent, partition, &map) {
                Some(mapped) => Some(mapped),
                None => {
                    let message = "cannot convert whole-row table reference";
                    return Err(SqlError::new("XX000", message).into());
                }
            },
            None => None,
        };
        let oid = existing.map_or_else(|| self.catalog.new_oid(), |t| t.oid);
        let constraint = source.constraint.map(|_| self.catalog.new_oid());
        let clone = Trigger {
            oid,
            columns: map.all(&source.columns),
            when,
            constraint,
            parent: Some(trigger),
            comment: None,
            provenance: Provenance::new(cx.origin),
            ..source.clone()
        };
        drop((table, child));
        self.store_clone(partition, clone);
        self.clone_to_partitions(partition, oid, replace, cx)
    }

    fn store_clone(&mut self, partition: Oid, clone: Trigger) {
        if let Some(oid) = clone.constraint {
            self.catalog.add_constraint(
                partition,
                Constraint {
                    oid,
                    name: clone.name.clone(),
                    kind: ConstraintKind::Trigger(clone.oid),
                    columns: Vec::new(),
                    deferrable: clone.deferrable,
                    initially_deferred: clone.initially_deferred,
                    enforced: true,
                    validated: true,
                    is_local: true,
                    inherit_count: 0,
                    parent: None,
                    comment: None,
                    provenance: clone.provenance.clone(),
                },
            );
        }
        let dependent = Object::Trigger(partition, clone.oid);
        let mut needs = vec![Object::Function(clone.function)];
        needs.extend(clone.when.iter().flat_map(|w| w.depends_on.iter().copied()));
        let from = clone.constraint_from;
        if let Some(relation) = self.catalog.relation_mut(partition) {
            match relation.triggers.iter_mut().find(|t| t.oid == clone.oid) {
                Some(old) => *old = clone,
                None => relation.triggers.push(clone),
            }
        }
        self.catalog.dependencies.remove_of_kind(dependent, DependencyKind::Normal);
        self.depend_on_all(dependent, &needs, None);
        if let Some(other) = from {
            self.catalog.dependencies.add(dependent, Object::Relation(other), DependencyKind::Auto);
        }
    }

    /// `tablecmds.c: DropClonedTriggersFromPartition`
    pub(super) fn drop_cloned_triggers(&mut self, partition: Oid, cx: &Context) -> Exec {
        let Some(relation) = self.catalog.relation_mut(partition) else { return Ok(()) };
        let mut clones = Vec::new();
        for trigger in relation.triggers.iter_mut().filter(|t| t.parent.is_some()) {
            trigger.parent = None;
            clones.push(Object::Trigger(partition, trigger.oid));
        }
        self.delete_objects(&clones, DropBehavior::Restrict, cx)
    }

    /// The clones of a trigger in the partitions of its table.
    pub(in crate::replay::ddl) fn clones_of_trigger(&self, table: Oid, trigger: Oid) -> Vec<(Oid, Oid)> {
        let children = self.catalog.relation(table).map_or(&[][..], |r| &r.children);
        children
            .iter()
            .filter_map(|&child| {
                let triggers = &self.catalog.relation(child)?.triggers;
                Some((child, triggers.iter().find(|t| t.parent == Some(trigger))?.oid))
            })
            .collect()
    }

    /// Renames the clones along (`renametrig_partition`).
    pub(in crate::replay::ddl) fn rename_clones(&mut self, table: Oid, trigger: Oid, new: &Name, cx: &Context) -> Exec {
        for (child, clone) in self.clones_of_trigger(table, trigger) {
            if let Some(relation) = self.catalog.relation(child)
                && relation.trigger(new).is_some_and(|taken| taken.oid != clone)
            {
                let message = format!("trigger \"{new}\" for relation \"{}\" already exists", relation.name);
                return Err(SqlError::new("42710", message).into());
            }
            let triggers = self.catalog.relation_mut(child).map(|r| &mut r.triggers);
            if let Some(found) = triggers.and_then(|t| t.iter_mut().find(|t| t.oid == clone)) {
                found.name = new.clone();
                found.provenance.change(cx.origin, ChangeKind::Name);
            }
            self.rename_clones(child, clone, new, cx)?;
        }
        Ok(())
    }

    /// ENABLE and DISABLE TRIGGER reach the clones, too.
    pub(in crate::replay::ddl) fn set_clones(&mut self, table: Oid, trigger: Oid, state: FiringState, cx: &Context) {
        for (child, clone) in self.clones_of_trigger(table, trigger) {
            let triggers = self.catalog.relation_mut(child).map(|r| &mut r.triggers);
            if let Some(found) = triggers.and_then(|t| t.iter_mut().find(|t| t.oid == clone)) {
                found.enabled = state;
                found.provenance.change(cx.origin, ChangeKind::Definition);
            }
            self.set_clones(child, clone, state, cx);
        }
    }
}
