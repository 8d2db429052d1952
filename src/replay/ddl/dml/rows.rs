//! What statements leave in tables that had no rows.

use std::sync::Arc;

use super::Written;
use crate::catalog::{Object, Oid, Relation, RelationKind, Trigger};
use crate::replay::effects::RowEffect;
use crate::replay::query::NoVariables;
use crate::replay::{Context, Exec, Replay, lookup};
use crate::sql::ast::{
    AlterTableAction, Expr, FiringState, JoinKind, Query, QueryBody, RangeVar, StatementKind, TableRef, TriggerEvents,
};

/// What happens to the rows of a table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    Insert,
    Update,
    Delete,
    Truncate,
}

impl Event {
    /// To rows that are there.
    fn is_of_rows(self) -> bool {
        matches!(self, Event::Update | Event::Delete)
    }

    pub(super) fn fires(self, events: &TriggerEvents) -> bool {
        match self {
            Event::Insert => events.insert,
            // A row that moves to another partition is deleted here and inserted there.
            Event::Update => events.update || events.insert || events.delete,
            Event::Delete => events.delete,
            Event::Truncate => events.truncate,
        }
    }
}

/// Whether an action may have expressions computed for the rows of the table: it fills a column, checks the rows, or writes
/// them and the keys of indexes anew (`tablecmds.c: ATRewriteTables`).
pub(in crate::replay) fn computes_for_rows(action: &AlterTableAction) -> bool {
    match action {
        AlterTableAction::AddColumn(_)
        | AlterTableAction::SetNotNull(_)
        | AlterTableAction::SetExpression { .. }
        | AlterTableAction::AlterColumnType { .. }
        | AlterTableAction::AddConstraint(_)
        | AlterTableAction::AlterConstraint { .. }
        | AlterTableAction::ValidateConstraint(_)
        | AlterTableAction::SetLogged
        | AlterTableAction::SetUnlogged
        | AlterTableAction::SetAccessMethod(_)
        | AlterTableAction::SetTablespace(_)
        | AlterTableAction::AttachPartition { .. }
        | AlterTableAction::Unmodelled(_) => true,
        AlterTableAction::DropColumn(_)
        | AlterTableAction::ColumnDefault { .. }
        | AlterTableAction::DropNotNull(_)
        | AlterTableAction::DropExpression(_)
        | AlterTableAction::SetStatistics { .. }
        | AlterTableAction::SetColumnOptions { .. }
        | AlterTableAction::SetStorage { .. }
        | AlterTableAction::SetCompression { .. }
        | AlterTableAction::AddIdentity { .. }
        | AlterTableAction::SetIdentity { .. }
        | AlterTableAction::DropIdentity(_)
        | AlterTableAction::DropConstraint(_)
        | AlterTableAction::ChangeOwner(_)
        | AlterTableAction::ClusterOn(_)
        | AlterTableAction::DropCluster
        | AlterTableAction::SetOptions(_)
        | AlterTableAction::ResetOptions(_)
        | AlterTableAction::SetTriggers { .. }
        | AlterTableAction::SetRule { .. }
        | AlterTableAction::AddInherit(_)
        | AlterTableAction::DropInherit(_)
        | AlterTableAction::AddOf(_)
        | AlterTableAction::DropOf
        | AlterTableAction::ReplicaIdentity(_)
        | AlterTableAction::EnableRowSecurity
        | AlterTableAction::DisableRowSecurity
        | AlterTableAction::ForceRowSecurity
        | AlterTableAction::NoForceRowSecurity
        | AlterTableAction::ForeignOptions(_)
        | AlterTableAction::ForeignColumnOptions { .. }
        | AlterTableAction::DetachPartition { .. }
        | AlterTableAction::DetachPartitionFinalize(_) => false,
    }
}

impl Replay {
    /// Rows come into the tables that a statement writes, unless it is an INSERT of a query that has none.
    pub(super) fn write_rows(&mut self, written: &[Written<'_>], statement: &StatementKind, cx: &Context) -> Exec {
        if !self.catalog.knows_rows() || self.change_rows(statement, cx)? {
            return Ok(());
        }
        if let StatementKind::Insert(insert) = statement
            && insert.with.is_none()
            && insert.source.as_ref().is_some_and(|source| self.has_no_rows(source, cx))
        {
            // Triggers of the statement fire.
            match written.last().and_then(|w| self.table_meant(w.relation)) {
                Some(target) if !self.runs_writing_code(&target, Event::Insert) => {}
                Some(_) | None => self.catalog.forget_rows(),
            }
            return Ok(());
        }
        written.iter().for_each(|w| self.mark_rows_written(w));
        Ok(())
    }

    /// A query that has no rows for certain. It calls nothing that could do more than that, and reads a table without
    /// rows, so that to evaluate it is not much.
    pub(in crate::replay::ddl) fn has_no_rows(&mut self, query: &Query, cx: &Context) -> bool {
        let QueryBody::Select(select) = &query.body else { return false };
        query.with.is_none()
            && select.from.iter().any(|item| self.is_without_rows(item))
            && !self.query_calls_user(query)
            && self.query(query, &NoVariables, cx).is_ok_and(|rows| rows.rows.is_empty() && rows.more.is_none())
    }

    /// An UPDATE or DELETE of a table without rows.
    pub(in crate::replay) fn changes_no_rows(&self, statement: &StatementKind) -> bool {
        let relation = match statement {
            StatementKind::Update(stmt) if stmt.with.is_none() => &stmt.relation,
            StatementKind::Delete(stmt) if stmt.with.is_none() => &stmt.relation,
            _ => return false,
        };
        self.table_meant(relation).is_some_and(|target| self.catalog.is_empty_table(target.oid, relation.only))
    }

    /// The expressions of a table that was altered (defaults, checks, keys of indexes) are computed for its rows, and so
    /// are those that give them other values.
    pub(in crate::replay) fn run_for_rows<'e>(
        &mut self,
        relation: &RangeVar,
        using: impl IntoIterator<Item = &'e Expr>,
    ) {
        if !self.catalog.knows_rows() {
            return;
        }
        let Some(table) = self.table_meant(relation) else { return };
        if !self.catalog.is_empty_table(table.oid, false) {
            let tables = self.catalog.inheritors(table.oid);
            let stored = tables.into_iter().map(|(oid, _)| self.effects_behind(oid, 0));
            let effects = stored.chain(using.into_iter().map(|expr| self.effects_of_expr(expr))).collect();
            self.note_rows(&effects);
        }
    }

    /// What may become of rows by a statement that is not followed. Rows come by an UPDATE into a partition, and by any
    /// statement through triggers.
    pub(in crate::replay) fn effect_on_rows(&self, statement: &StatementKind) -> RowEffect {
        let (relation, event) = match statement {
            StatementKind::Update(stmt) if stmt.with.is_none() => (&stmt.relation, Event::Update),
            StatementKind::Delete(stmt) if stmt.with.is_none() => (&stmt.relation, Event::Delete),
            _ => return RowEffect::Bring,
        };
        match self.table_meant(relation) {
            Some(target) if matches!(target.kind, RelationKind::Table) && !self.runs_writing_code(&target, event) => {
                RowEffect::Change
            }
            Some(_) | None => RowEffect::Bring,
        }
    }

    /// An item of FROM with a table without rows, whatever it is joined with.
    fn is_without_rows(&self, item: &TableRef) -> bool {
        match item {
            TableRef::Relation { relation, .. } => {
                self.table_meant(relation).is_some_and(|table| self.catalog.is_empty_table(table.oid, relation.only))
            }
            TableRef::Join(join) => match join.kind {
                JoinKind::Inner => self.is_without_rows(&join.left) || self.is_without_rows(&join.right),
                JoinKind::Left => self.is_without_rows(&join.left),
                JoinKind::Right => self.is_without_rows(&join.right),
                JoinKind::Full => false,
            },
            TableRef::Subquery { .. }
            | TableRef::Function { .. }
            | TableRef::XmlTable(_)
            | TableRef::JsonTable(_)
            | TableRef::Unmodelled { .. } => false,
        }
    }

    pub(super) fn mark_rows_written(&mut self, written: &Written<'_>) {
        if !self.catalog.knows_rows() {
            return;
        }
        let Some(target) = self.table_meant(written.relation) else { return self.catalog.forget_rows() };
        let events =
            [(written.insert, Event::Insert), (written.update, Event::Update), (written.delete, Event::Delete)];
        for (_, event) in events.into_iter().filter(|(happens, _)| *happens) {
            self.write_into(&target, event);
        }
    }

    pub(super) fn table_meant(&self, relation: &RangeVar) -> Option<Arc<Relation>> {
        match lookup::find_relation_in_query(&self.catalog, &self.path(), &relation.name) {
            Ok(lookup::FoundRelation::User(oid)) => self.catalog.shared_relation(oid),
            Ok(lookup::FoundRelation::System { .. }) | Err(_) => None,
        }
    }

    /// What happens to a table leaves rows in it, and in any table if code runs by itself that may write.
    pub(super) fn write_into(&mut self, target: &Relation, event: Event) {
        if !self.catalog.knows_rows() {
            return;
        }
        let by_itself = self.runs_writing_code(target, event);
        match (&target.kind, event) {
            _ if by_itself => self.catalog.forget_rows(),
            // An UPDATE may move a row to another partition.
            (RelationKind::PartitionedTable(_), Event::Insert | Event::Update)
            | (RelationKind::Table, Event::Insert) => self.catalog.mark_written(target.oid),
            // What references the rows may change with them.
            (RelationKind::PartitionedTable(_) | RelationKind::Table, _) => {
                self.tables_behind(target.oid).into_iter().for_each(|table| self.catalog.mark_changed(table));
            }
            // Through a view or a server, or what is not known.
            (
                RelationKind::View(_)
                | RelationKind::MaterializedView(..)
                | RelationKind::ForeignTable(_)
                | RelationKind::Sequence(_)
                | RelationKind::Index(_)
                | RelationKind::CompositeType,
                _,
            ) => self.catalog.forget_rows(),
        }
    }

    /// Triggers fire, or rules apply, that may write rows, of the table or of those that its foreign keys change with it.
    pub(super) fn runs_writing_code(&self, target: &Relation, event: Event) -> bool {
        let mut tables: Vec<(Oid, bool)> = vec![(target.oid, false)];
        let mut next = 0;
        while let Some(&(table, referencing)) = tables.get(next) {
            next += 1;
            let Some(record) = self.catalog.relation(table) else { return true };
            let unknown = self.catalog.taint.of_relation(record.schema, &record.name, Some(record.provenance.created));
            if unknown.is_some() || !record.rules.is_empty() {
                return true;
            }
            let is_empty = event.is_of_rows() && self.catalog.is_empty_table(table, false);
            let fires = |trigger: &&Trigger| match trigger.enabled {
                FiringState::Disabled => false,
                FiringState::Enabled | FiringState::Always | FiringState::Replica => {
                    (!is_empty || !trigger.row)
                        && (referencing || event.fires(&trigger.events))
                        && self
                            .catalog
                            .function(trigger.function)
                            .is_some_and(|function| self.trigger_may_write(function))
                }
            };
            if record.triggers.iter().any(|trigger| fires(&trigger)) {
                return true;
            }
            if is_empty {
                continue;
            }
            let mut more: Vec<(Oid, bool)> = record.children.iter().map(|&child| (child, referencing)).collect();
            // A row that moves is deleted and inserted, and an INSERT may be an UPDATE: but not in what references it.
            if event != Event::Insert {
                more.extend(self.referencing_tables(table).into_iter().map(|table| (table, true)));
            }
            for new in more {
                if !tables.contains(&new) {
                    tables.push(new);
                }
            }
        }
        false
    }

    /// A table has no rows after TRUNCATE.
    pub(super) fn empties_exactly(&self, table: &Relation) -> bool {
        matches!(table.kind, RelationKind::Table) && !self.runs_writing_code(table, Event::Truncate)
    }

    /// The table and all that foreign keys tie to its rows, directly or not.
    pub(super) fn tables_behind(&self, table: Oid) -> Vec<Oid> {
        let mut tables = vec![table];
        let mut next = 0;
        while let Some(&table) = tables.get(next) {
            next += 1;
            for (table, _) in self.catalog.inheritors(table) {
                for new in self.referencing_tables(table) {
                    if !tables.contains(&new) {
                        tables.push(new);
                    }
                }
            }
        }
        tables
    }

    /// The tables that have a foreign key to this one, or to what it is a partition of.
    fn referencing_tables(&self, table: Oid) -> Vec<Oid> {
        let ancestors = std::iter::successors(Some(table), |&table| self.catalog.partition_parent(table));
        let edges = ancestors.flat_map(|table| self.catalog.dependencies.on(Object::Relation(table)));
        edges
            .filter_map(|edge| match edge.dependent {
                Object::Constraint(referencing, _) => Some(referencing),
                _ => None,
            })
            .collect()
    }
}
