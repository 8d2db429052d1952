//! Partitions, and tables that inherit.
//!
//! A partition is made as a table of its own, with its keys, checks and indexes, and attached: what it has becomes a part of
//! what its table has, so that the order of its columns and all names stay. A table that inherits is made with INHERITS
//! where that gives the same columns in the same order.

use super::Script;
use crate::catalog::{self, Object, Oid, Relation};
use crate::report::schema::model::*;

/// How a table comes to its parents.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inheriting {
    /// It has none, or the platform made it.
    Not,
    /// `INHERITS (…)`, with the columns of its own.
    AtOnce,
    /// `ALTER TABLE … INHERIT`, with all columns.
    Later,
    /// `ATTACH PARTITION`, with all columns.
    Attached,
}

impl<'a> Script<'a> {
    /// Tables, those above which there are the most others first.
    pub(super) fn deepest_first(&self) -> Vec<&'a Table> {
        let doc = self.doc;
        let depth = |table: &&Table| std::cmp::Reverse(self.depth(table.oid));
        let mut tables: Vec<&Table> = doc.tables.iter().collect();
        tables.sort_by_key(depth);
        tables
    }

    fn depth(&self, table: Oid) -> usize {
        let parents = self.catalog.relation(table).map_or(&[][..], |r| &r.parents);
        parents.iter().map(|parent| 1 + self.depth(parent.relation)).max().unwrap_or(0)
    }

    fn inheriting(&self, table: &Table) -> Inheriting {
        let Some(relation) = self.catalog.relation(table.oid) else { return Inheriting::Not };
        if relation.parents.is_empty() || self.platform.relation(table.oid).is_some() {
            return Inheriting::Not;
        }
        if relation.is_partition() {
            return Inheriting::Attached;
        }
        // The columns that INHERITS would give.
        let mut columns: Vec<&str> = Vec::new();
        let parents = relation.parents.iter().filter_map(|p| self.catalog.relation(p.relation));
        let inherited = parents.flat_map(Relation::live_columns).map(|c| c.name.as_str());
        let own = relation.live_columns().filter(|c| c.is_local).map(|c| c.name.as_str());
        for name in inherited.chain(own) {
            if !columns.contains(&name) {
                columns.push(name);
            }
        }
        let same = relation.live_columns().map(|c| c.name.as_str()).eq(columns);
        if same { Inheriting::AtOnce } else { Inheriting::Later }
    }

    /// The table's definition leaves the column to its parents.
    pub(super) fn is_inherited_column(&self, table: &Table, column: &Column) -> bool {
        let record = self.catalog.relation(table.oid).and_then(|r| r.column_at(column.number));
        self.inheriting(table) == Inheriting::AtOnce && record.is_some_and(|c| !c.is_local)
    }

    /// A column of the table's own would have the default of a parent's.
    pub(super) fn inherits_default(&self, table: &Table, column: &Column) -> bool {
        let Some(relation) = self.catalog.relation(table.oid) else { return false };
        let mut parents = relation.parents.iter().filter_map(|p| self.catalog.relation(p.relation));
        self.inheriting(table) == Inheriting::AtOnce
            && parents.any(|parent| parent.column(&column.name).is_some_and(|c| c.default.is_some()))
    }

    /// The table's definition leaves the constraint to its parents.
    pub(super) fn is_inherited_constraint(&self, table: &Table, constraint: &Constraint) -> bool {
        let record = self.catalog.relation(table.oid);
        let record = record.and_then(|r| r.constraints.iter().find(|c| c.oid == constraint.oid));
        self.inheriting(table) == Inheriting::AtOnce && record.is_some_and(|c| !c.is_local)
    }

    /// The constraint comes from the parents that the table is made with.
    pub(super) fn leaves_to_parents(&self, table: &Table, constraint: &catalog::Constraint) -> bool {
        self.inheriting(table) == Inheriting::AtOnce && !constraint.is_local
    }

    /// A partition shares the identity of its table's column (17).
    pub(super) fn shares_identity(&self, table: &Table) -> bool {
        self.catalog.version() >= 17 && self.inheriting(table) == Inheriting::Attached
    }

    /// ` INHERITS (…)`, or nothing.
    pub(super) fn inherits(&self, table: &Table) -> String {
        match self.inheriting(table) {
            Inheriting::AtOnce => format!(" INHERITS ({})", table.inherits.join(", ")),
            Inheriting::Not | Inheriting::Later | Inheriting::Attached => String::new(),
        }
    }

    /// What the parents' columns have otherwise.
    pub(super) fn changed_columns(&mut self, table: &Table) {
        let Some(relation) = self.catalog.relation(table.oid) else { return };
        let name = self.name(&table.schema, &table.name);
        let mut statements = Vec::new();
        for column in table.columns.iter().filter(|column| self.is_inherited_column(table, column)) {
            let alter = format!("ALTER TABLE ONLY {name} ALTER COLUMN {}", self.ident(&column.name));
            let parents = relation.parents.iter().filter_map(|p| self.doc.tables.iter().find(|t| t.oid == p.relation));
            let theirs: Vec<&Column> =
                parents.filter_map(|parent| parent.columns.iter().find(|c| c.name == column.name)).collect();
            let inherited = theirs.iter().find_map(|c| c.default.as_ref());
            match &column.default {
                Some(default)
                    if inherited != Some(default)
                        && !self.plan.later.contains(&Object::Default(table.oid, column.number)) =>
                {
                    statements.push(format!("{alter} SET DEFAULT {default}"));
                }
                None if inherited.is_some() => statements.push(format!("{alter} DROP DEFAULT")),
                Some(_) | None => {}
            }
            if let Some(identity) = &column.identity {
                let identity = self.identity(table, column, identity);
                statements.push(format!("{alter} ADD{identity}"));
            }
            let recorded = relation.not_null(column.number).is_some();
            if column.not_null && !recorded && theirs.iter().all(|c| !c.not_null) {
                statements.push(format!("{alter} SET NOT NULL"));
            }
        }
        statements.into_iter().for_each(|statement| self.statement(statement));
    }

    /// Makes a table a partition, a child, or one of a type.
    pub(super) fn attach(&mut self, table: &Table) {
        let name = self.name(&table.schema, &table.name);
        match (self.inheriting(table), &table.partition_bound) {
            (Inheriting::Attached, Some(bound)) => {
                for parent in &table.inherits {
                    self.statement(format!("ALTER TABLE ONLY {parent} ATTACH PARTITION {name} {bound}"));
                }
            }
            (Inheriting::Later, _) => {
                for parent in &table.inherits {
                    self.statement(format!("ALTER TABLE ONLY {name} INHERIT {parent}"));
                }
            }
            (Inheriting::Not | Inheriting::AtOnce | Inheriting::Attached, _) => {}
        }
        if let Some(ty) = &table.of_type
            && self.platform.relation(table.oid).is_none()
        {
            self.statement(format!("ALTER TABLE ONLY {name} OF {ty}"));
        }
    }

    /// A new constraint of the table has to be one of others, too.
    pub(super) fn has_children(&self, table: &Table) -> bool {
        self.catalog.relation(table.oid).is_some_and(|r| r.is_partitioned() || !r.children.is_empty())
    }

    /// The trigger comes with that of the partitioned table.
    pub(super) fn is_clone(&self, table: Oid, trigger: &Trigger) -> bool {
        let triggers = self.catalog.relation(table).map_or(&[][..], |r| &r.triggers);
        triggers.iter().any(|t| t.oid == trigger.oid && t.parent.is_some())
    }

    /// Clones of triggers that fire otherwise than their table's.
    pub(super) fn cloned_triggers(&mut self, table: &Table) {
        let name = self.name(&table.schema, &table.name);
        let clones: Vec<&Trigger> = table.triggers.iter().filter(|t| self.is_clone(table.oid, t)).collect();
        for trigger in clones {
            if let Some(firing) = trigger.firing {
                self.statement(format!("ALTER TABLE {name} {firing} TRIGGER {}", self.ident(&trigger.name)));
            }
        }
    }
}
