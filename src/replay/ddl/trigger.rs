//! Triggers (`trigger.c: CreateTriggerFiringOn`).

use crate::catalog::{
    AttrNumber, ChangeKind, Constraint, ConstraintKind, DependencyKind, Object, Oid, Privs, Provenance, Relation,
    RelationKind, Trigger,
};
use crate::replay::{About, Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::{CreateTrigger, FiringState, TriggerTiming};
use crate::sql::span::Loc;

impl Replay {
    pub(crate) fn create_trigger(&mut self, stmt: &CreateTrigger, cx: &Context) -> Exec {
        if stmt.constraint && stmt.or_replace {
            let message = "CREATE OR REPLACE CONSTRAINT TRIGGER is not supported";
            return Err(SqlError::new("0A000", message).into());
        }
        self.refuse_system_catalog(&stmt.table.name)?;
        let table = self.table(&stmt.table)?;
        let Some(relation) = self.catalog.relation(table) else { return Ok(()) };
        check_relation(stmt, relation, self.catalog.version())?;
        let constraint_from = stmt.constraint_from.as_ref().map(|r| self.relation(r)).transpose()?;
        self.may_on_relation(relation, Privs::TRIGGER)?;
        if let Some(from) = constraint_from.and_then(|oid| self.catalog.relation(oid)) {
            self.may_on_relation(from, Privs::TRIGGER)?;
        }
        check_clauses(stmt)?;
        check_transition_tables(stmt, relation)?;
        let when = stmt.when.as_ref().map(|w| self.analyze_trigger_when(relation, stmt, w)).transpose()?;
        let function = self.trigger_function(&stmt.function)?;
        let old = relation.trigger(&stmt.name);
        if let Some(old) = old {
            let what = if !stmt.or_replace {
                "already exists"
            } else if old.parent.is_some() {
                "is an internal or a child trigger"
            } else if old.constraint.is_some() {
                "is a constraint trigger"
            } else {
                ""
            };
            if !what.is_empty() {
                let message = format!("trigger \"{}\" for relation \"{}\" {what}", stmt.name, relation.name);
                let error = SqlError::new("42710", message);
                let error = error.about(About::Part(relation.name.to_string(), stmt.name.to_string()));
                let related = format!("trigger \"{}\" made here", stmt.name);
                return Err(error.related(old.provenance.created, related).into());
            }
        }
        let columns = self.trigger_columns(stmt, relation)?;
        let transition = |new: bool| stmt.transition_tables.iter().find(|(n, _)| *n == new).map(|(_, n)| n.clone());
        let mut trigger = Trigger {
            oid: Oid::INVALID,
            name: stmt.name.clone(),
            function,
            args: stmt.args.clone(),
            timing: stmt.timing,
            row: stmt.row,
            events: stmt.events,
            columns,
            when,
            enabled: FiringState::Enabled,
            constraint: None,
            deferrable: stmt.deferrable,
            initially_deferred: stmt.initially_deferred,
            constraint_from,
            old_table: transition(false),
            new_table: transition(true),
            parent: None,
            comment: None,
            provenance: Provenance::new(cx.origin),
        };
        match old.cloned() {
            Some(old) => {
                trigger.oid = old.oid;
                trigger.comment = old.comment;
                trigger.provenance = old.provenance;
                trigger.provenance.change(cx.origin, ChangeKind::Definition);
            }
            None => trigger.oid = self.catalog.new_oid(),
        }
        if stmt.constraint {
            // `trigger.c: CreateTriggerFiringOn` leaves this to the index.
            if self.catalog.relation(table).is_some_and(|r| r.constraint(&stmt.name).is_some()) {
                let index = "pg_constraint_conrelid_contypid_conname_index";
                let message = format!("duplicate key value violates unique constraint \"{index}\"");
                return Err(SqlError::new("23505", message).into());
            }
            let oid = self.catalog.new_oid();
            trigger.constraint = Some(oid);
            if let Some(relation) = self.catalog.relation_mut(table) {
                relation.constraints.push(Constraint {
                    oid,
                    name: stmt.name.clone(),
                    kind: ConstraintKind::Trigger(trigger.oid),
                    columns: Vec::new(),
                    deferrable: stmt.deferrable,
                    initially_deferred: stmt.initially_deferred,
                    enforced: true,
                    validated: true,
                    is_local: true,
                    inherit_count: 0,
                    parent: None,
                    comment: None,
                    provenance: Provenance::new(cx.origin),
                });
            }
        }
        let oid = trigger.oid;
        let dependent = Object::Trigger(table, oid);
        let mut needs = vec![Object::Function(function)];
        needs.extend(trigger.when.iter().flat_map(|w| &w.depends_on));
        if let Some(relation) = self.catalog.relation_mut(table) {
            match relation.triggers.iter_mut().find(|t| t.oid == trigger.oid) {
                Some(old) => *old = trigger,
                None => {
                    if relation.triggers.is_empty() {
                        // Not room for four, which the first element of a list gets.
                        relation.triggers.reserve_exact(1);
                    }
                    relation.triggers.push(trigger);
                }
            }
        }
        self.catalog.dependencies.remove_of_kind(dependent, DependencyKind::Normal);
        self.catalog.dependencies.remove_of_kind(dependent, DependencyKind::AutoExtension);
        self.depend_on_all(dependent, &needs, None);
        if let Some(other) = constraint_from {
            self.catalog.dependencies.add(dependent, Object::Relation(other), DependencyKind::Auto);
        }
        self.clone_to_partitions(table, oid, stmt.or_replace, cx)
    }

    /// `UPDATE OF`
    fn trigger_columns(&self, stmt: &CreateTrigger, relation: &Relation) -> Exec<Vec<AttrNumber>> {
        let mut columns = Vec::with_capacity(stmt.columns.len());
        for name in &stmt.columns {
            let Some(column) = relation.column(name) else {
                return Err(lookup::undefined_column(&self.catalog, relation, name, Loc::NONE));
            };
            if columns.contains(&column.number) {
                let message = format!("column \"{name}\" specified more than once");
                return Err(SqlError::new("42701", message).into());
            }
            columns.push(column.number);
        }
        Ok(columns)
    }
}

/// What the kind of relation allows.
fn check_relation(stmt: &CreateTrigger, relation: &Relation, version: u32) -> Exec {
    let name = &relation.name;
    let wrong = |what: &str, detail: &str| {
        let error = SqlError::new("42809", format!("\"{name}\" is a {what}")).detail(detail);
        Err(error.at(stmt.table.name.loc).into())
    };
    let unsupported = |kinds: &str| {
        let error = SqlError::new("42809", format!("relation \"{name}\" cannot have triggers"));
        let error = error.detail(format!("This operation is not supported for {kinds}."));
        Err(error.at(stmt.table.name.loc).into())
    };
    let instead = stmt.timing == TriggerTiming::InsteadOf;
    match &relation.kind {
        RelationKind::Table if instead => wrong("table", "Tables cannot have INSTEAD OF triggers."),
        RelationKind::Table => Ok(()),
        RelationKind::PartitionedTable(_) if instead => wrong("table", "Tables cannot have INSTEAD OF triggers."),
        RelationKind::PartitionedTable(_) if stmt.row && !stmt.transition_tables.is_empty() => {
            let error = SqlError::new("0A000", format!("\"{name}\" is a partitioned table"));
            let detail = "ROW triggers with transition tables are not supported on partitioned tables.";
            Err(error.detail(detail).at(stmt.table.name.loc).into())
        }
        RelationKind::PartitionedTable(_) => Ok(()),
        RelationKind::View(_) if !instead && stmt.row => {
            wrong("view", "Views cannot have row-level BEFORE or AFTER triggers.")
        }
        RelationKind::View(_) if stmt.events.truncate => wrong("view", "Views cannot have TRUNCATE triggers."),
        RelationKind::View(_) => Ok(()),
        RelationKind::ForeignTable(_) if instead => {
            wrong("foreign table", "Foreign tables cannot have INSTEAD OF triggers.")
        }
        RelationKind::ForeignTable(_) if stmt.events.truncate && version < 16 => {
            wrong("foreign table", "Foreign tables cannot have TRUNCATE triggers.")
        }
        RelationKind::ForeignTable(_) if stmt.constraint => {
            wrong("foreign table", "Foreign tables cannot have constraint triggers.")
        }
        RelationKind::ForeignTable(_) if stmt.events.truncate && version < 16 => {
            wrong("foreign table", "Foreign tables cannot have TRUNCATE triggers.")
        }
        RelationKind::ForeignTable(_) => Ok(()),
        RelationKind::MaterializedView(..) => unsupported("materialized views"),
        RelationKind::Sequence(_) => unsupported("sequences"),
        RelationKind::Index(_) => unsupported("indexes"),
        RelationKind::CompositeType => unsupported("composite types"),
    }
}

/// What clauses exclude each other.
fn check_clauses(stmt: &CreateTrigger) -> Exec {
    let refuse = |message: &str| Err(SqlError::new("0A000", message).into());
    if stmt.row && stmt.events.truncate {
        return refuse("TRUNCATE FOR EACH ROW triggers are not supported");
    }
    if stmt.timing == TriggerTiming::InsteadOf {
        if !stmt.row {
            return refuse("INSTEAD OF triggers must be FOR EACH ROW");
        }
        if stmt.when.is_some() {
            return refuse("INSTEAD OF triggers cannot have WHEN conditions");
        }
        if !stmt.columns.is_empty() {
            return refuse("INSTEAD OF triggers cannot have column lists");
        }
    }
    Ok(())
}

/// `REFERENCING`
fn check_transition_tables(stmt: &CreateTrigger, relation: &Relation) -> Exec {
    let error = |sqlstate, message: &str| Err(SqlError::new(sqlstate, message).into());
    let events = stmt.events;
    if stmt.transition_rows {
        let message = "ROW variable naming in the REFERENCING clause is not supported";
        let hint = "Use OLD TABLE or NEW TABLE for naming transition tables.";
        return Err(SqlError::new("0A000", message).hint(hint).into());
    }
    let mut seen = [false; 2];
    for (new, _) in &stmt.transition_tables {
        let wrong = |what: &str, detail: &str| {
            Err(SqlError::new("42809", format!("\"{}\" is a {what}", relation.name)).detail(detail).into())
        };
        if matches!(relation.kind, RelationKind::ForeignTable(_)) {
            return wrong("foreign table", "Triggers on foreign tables cannot have transition tables.");
        }
        if matches!(relation.kind, RelationKind::View(_)) {
            return wrong("view", "Triggers on views cannot have transition tables.");
        }
        if stmt.timing != TriggerTiming::After {
            return error("42P17", "transition table name can only be specified for an AFTER trigger");
        }
        if stmt.row && relation.is_partition() {
            return error("0A000", "ROW triggers with transition tables are not supported on partitions");
        }
        if stmt.row && !relation.parents.is_empty() {
            return error("0A000", "ROW triggers with transition tables are not supported on inheritance children");
        }
        if events.truncate {
            return error("0A000", "TRUNCATE triggers with transition tables are not supported");
        }
        if [events.insert, events.update, events.delete].iter().filter(|e| **e).count() > 1 {
            return error("0A000", "transition tables cannot be specified for triggers with more than one event");
        }
        if !stmt.columns.is_empty() {
            return error("0A000", "transition tables cannot be specified for triggers with column lists");
        }
        let fires = if *new { events.insert || events.update } else { events.delete || events.update };
        if !fires && *new {
            return error("42P17", "NEW TABLE can only be specified for an INSERT or UPDATE trigger");
        }
        if !fires {
            return error("42P17", "OLD TABLE can only be specified for a DELETE or UPDATE trigger");
        }
        if std::mem::replace(&mut seen[usize::from(*new)], true) {
            let which = if *new { "NEW" } else { "OLD" };
            return error("42P17", &format!("{which} TABLE cannot be specified multiple times"));
        }
    }
    if let [(_, a), (_, b)] = stmt.transition_tables.as_slice()
        && a == b
    {
        return error("42P17", "OLD TABLE name and NEW TABLE name cannot be the same");
    }
    Ok(())
}
