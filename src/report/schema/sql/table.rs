//! Tables and their parts.

use super::Script;
use super::object::sequence_options;
use crate::catalog::{self, Object, Oid, Relation, make_object_name};
use crate::report::schema::model::*;
use crate::report::schema::text::Texts;
use crate::sql::ast::FiringState;

impl Script<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        let name = self.name(&table.schema, &table.name);
        if let Some(old) = self.platform.relation(table.oid) {
            let old_name = (self.platform.schema_name(old.schema), old.name.as_str(), "");
            self.move_object("TABLE", old_name, (&table.schema, &table.name));
            return self.alter_columns(table, &name, old);
        }
        let own = table.columns.iter().filter(|column| !self.is_inherited_column(table, column));
        let mut elements: Vec<String> = own.map(|column| self.column(table, column)).collect();
        elements.extend(self.own_not_nulls(table));
        for constraint in table.constraints.iter().filter(|c| self.stands_in_table(table, c)) {
            elements.push(format!("CONSTRAINT {} {}", self.ident(&constraint.name), constraint.definition));
        }
        let mut text = match (&table.server, table.unlogged) {
            (Some(_), _) => format!("CREATE FOREIGN TABLE {name} ("),
            (None, true) => format!("CREATE UNLOGGED TABLE {name} ("),
            (None, false) => format!("CREATE TABLE {name} ("),
        };
        if !elements.is_empty() {
            text.push_str(&format!("\n    {}\n", elements.join(",\n    ")));
        }
        text.push(')');
        text.push_str(&self.inherits(table));
        if let Some(key) = &table.partition_by {
            text.push_str(&format!(" PARTITION BY {key}"));
        }
        if let Some(server) = &table.server {
            text.push_str(&format!(" SERVER {}", self.ident(server)));
            text.push_str(&self.generic_options(&table.foreign_options));
        }
        text.push_str(&self.with_options_of(table.oid, &table.options));
        self.statement(text);
        self.changed_columns(table);
    }

    /// A column as CREATE TABLE takes it.
    fn column(&self, table: &Table, column: &Column) -> String {
        let ty = column.ty.as_deref().unwrap_or("text /* its type is not known */");
        let mut text = format!("{} {ty}", self.ident(&column.name));
        text.push_str(&self.generic_options(&column.foreign_options));
        if let Some(collation) = &column.collation {
            text.push_str(&format!(" COLLATE {collation}"));
        }
        if let Some(default) = &column.default
            && !self.plan.later.contains(&Object::Default(table.oid, column.number))
        {
            text.push_str(&format!(" DEFAULT {default}"));
        } else if column.default.is_none() && column.generated.is_none() && self.inherits_default(table, column) {
            text.push_str(" DEFAULT NULL");
        }
        if let Some(Generated { expression, stored }) = &column.generated {
            let stored = if *stored { "STORED" } else { "VIRTUAL" };
            text.push_str(&format!(" GENERATED ALWAYS AS ({expression}) {stored}"));
        }
        if let Some(identity) = &column.identity
            && !self.shares_identity(table)
        {
            text.push_str(&self.identity(table, column, identity));
        }
        text.push_str(&self.not_null(table, column));
        text
    }

    pub(super) fn identity(&self, table: &Table, column: &Column, identity: &Identity) -> String {
        let mut text = format!(" GENERATED {} AS IDENTITY", identity.generation);
        let Some(sequence) = &identity.sequence else { return text };
        let mut options = sequence_options(sequence);
        if sequence.unlogged != table.unlogged {
            options.push_str(if sequence.unlogged { " UNLOGGED" } else { " LOGGED" });
        }
        if sequence.name != make_object_name(&table.name, Some(&column.name), Some("seq")) {
            options = format!(" SEQUENCE NAME {}{options}", self.name(&sequence.schema, &sequence.name));
        }
        if !options.is_empty() {
            text.push_str(&format!(" ({})", options.trim_start()));
        }
        text
    }

    /// A foreign key needs the other table, NOT VALID an ALTER TABLE; of keys that say the same one CREATE TABLE makes
    /// one (`parse_utilcmd.c: transformIndexConstraints`).
    fn stands_in_table(&self, table: &Table, constraint: &Constraint) -> bool {
        let columns = |definition: &str| definition.find(" (").map(|start| definition[start..].to_owned());
        let is_key = |c: &Constraint| matches!(c.ty, "primary key" | "unique" | "exclude");
        let before = table.constraints.iter().take_while(|other| other.oid != constraint.oid);
        let again = is_key(constraint)
            && before.filter(|c| is_key(c)).any(|c| columns(&c.definition) == columns(&constraint.definition));
        !again
            && !self.is_made_of_index(table, constraint)
            && !self.is_partial(table, constraint)
            && constraint.ty != "foreign key"
            && constraint.ty != "not null"
            && !self.is_inherited_constraint(table, constraint)
            && !constraint.definition.ends_with(" NOT VALID")
            && !self.plan.later.contains(&Object::Constraint(table.oid, constraint.oid))
    }

    /// The index of a constraint.
    fn index_of(&self, table: &Table, constraint: &Constraint) -> Option<&catalog::Relation> {
        let relation = self.catalog.relation(table.oid)?;
        let record = relation.constraints.iter().find(|c| c.oid == constraint.oid)?;
        match record.kind {
            catalog::ConstraintKind::Key { index, .. } | catalog::ConstraintKind::Exclusion { index, .. } => {
                self.catalog.relation(index)
            }
            catalog::ConstraintKind::Check { .. }
            | catalog::ConstraintKind::ForeignKey(_)
            | catalog::ConstraintKind::NotNull { .. }
            | catalog::ConstraintKind::Trigger(_) => None,
        }
    }

    /// A primary key with NULLS NOT DISTINCT is made of an index (15): the grammar has no other.
    fn is_made_of_index(&self, table: &Table, constraint: &Constraint) -> bool {
        let index = self.index_of(table, constraint).and_then(catalog::Relation::as_index);
        index.is_some_and(|index| index.primary && index.nulls_not_distinct)
    }

    /// A key of a partitioned table that not all partitions have.
    fn is_partial(&self, table: &Table, constraint: &Constraint) -> bool {
        let index = self.index_of(table, constraint).and_then(catalog::Relation::as_index);
        index.is_some_and(|index| !index.valid)
    }

    /// Keys that come after the indexes of partitions.
    pub(super) fn keys_of_indexes(&mut self, table: &Table) {
        let name = self.name(&table.schema, &table.name);
        let mut statements = Vec::new();
        for constraint in table.constraints.iter().filter(|c| !self.is_old_constraint(table, c)) {
            let Some(index) = self.index_of(table, constraint) else { continue };
            let key = self.ident(&constraint.name);
            if self.is_made_of_index(table, constraint) {
                let Some(definition) = Texts::new(self.catalog, false).index(index) else { continue };
                statements.push(definition);
                statements.push(format!("ALTER TABLE {name}\n    ADD CONSTRAINT {key} PRIMARY KEY USING INDEX {key}"));
            } else if self.is_partial(table, constraint) {
                let definition = &constraint.definition;
                statements.push(format!("ALTER TABLE ONLY {name}\n    ADD CONSTRAINT {key} {definition}"));
                for part in index.children.iter().filter_map(|&part| self.catalog.relation(part)) {
                    let part = self.name(self.catalog.schema_name(part.schema), &part.name);
                    let whole = self.name(&table.schema, &index.name);
                    statements.push(format!("ALTER INDEX {whole} ATTACH PARTITION {part}"));
                }
            }
        }
        statements.into_iter().for_each(|statement| self.statement(statement));
    }

    // ---- tables of the platform ----

    fn alter_columns(&mut self, table: &Table, name: &str, old: &Relation) {
        for column in &table.columns {
            let ident = self.ident(&column.name);
            let Some(before) = old.column_at(column.number) else {
                let definition = self.column(table, column);
                self.statement(format!("ALTER TABLE {name} ADD COLUMN {definition}"));
                continue;
            };
            if before.name != column.name {
                self.statement(format!("ALTER TABLE {name} RENAME COLUMN {} TO {ident}", self.ident(&before.name)));
            }
            let alter = format!("ALTER TABLE {name} ALTER COLUMN {ident}");
            if let Some(ty) = &column.ty
                && *ty != self.platform.format_type(before.ty, &[])
            {
                self.statement(format!("{alter} TYPE {ty}"));
            }
            if before.not_null != column.not_null {
                match self.named_not_null(table, column) {
                    Some(constraint) if column.not_null => {
                        self.statement(format!("ALTER TABLE {name} ADD {constraint}"));
                    }
                    Some(_) | None => {
                        self.statement(format!("{alter} {} NOT NULL", if column.not_null { "SET" } else { "DROP" }));
                    }
                }
            }
            if before.identity.is_some() != column.identity.is_some()
                || before.generated.is_some() != column.generated.is_some()
            {
                self.remark(&format!("column {ident} of {name} is generated in another way than on the platform"));
            }
        }
        let Some(new) = self.catalog.relation(table.oid) else { return };
        if new.options != old.options {
            for (option, _) in old.options.iter().filter(|(n, _)| !table.options.contains_key(n.as_str())) {
                self.statement(format!(
                    "ALTER TABLE {name} RESET ({})",
                    crate::expr::deparse::setting_name(self.catalog, option)
                ));
            }
            if !table.options.is_empty() {
                self.statement(format!("ALTER TABLE {name} SET ({})", self.options(&table.options)));
            }
        }
    }

    /// The column of the platform's table that this one was.
    fn column_before(&self, table: &Table, column: &Column) -> Option<&catalog::Column> {
        self.platform.relation(table.oid)?.column_at(column.number)
    }

    // ---- columns ----

    /// What CREATE TABLE does not say of columns.
    pub(super) fn column_properties(&mut self, table: &Table) {
        let name = self.name(&table.schema, &table.name);
        for column in &table.columns {
            let alter = format!("ALTER TABLE ONLY {name} ALTER COLUMN {}", self.ident(&column.name));
            let before = self.column_before(table, column).cloned();
            match (&column.default, &before) {
                (Some(default), Some(before)) => {
                    let texts = Texts::new(self.platform, false);
                    let old = before.default.as_ref().map(|d| texts.expr(table.oid, d));
                    if old.as_deref() != Some(default) {
                        self.statement(format!("{alter} SET DEFAULT {default}"));
                    }
                }
                (Some(default), None) => {
                    if self.plan.later.contains(&Object::Default(table.oid, column.number)) {
                        self.statement(format!("{alter} SET DEFAULT {default}"));
                    }
                }
                (None, Some(before)) if before.default.is_some() => self.statement(format!("{alter} DROP DEFAULT")),
                (None, _) => {}
            }
            if let Some(storage) = &column.storage
                && before.as_ref().is_none_or(|b| b.storage.as_ref().is_none_or(|s| !s.eq_ignore_ascii_case(storage)))
            {
                self.statement(format!("{alter} SET STORAGE {storage}"));
            }
            if let Some(method) = &column.compression
                && before.as_ref().is_none_or(|b| b.compression.as_deref() != Some(method))
            {
                self.statement(format!("{alter} SET COMPRESSION {}", self.ident(method)));
            }
            if let Some(statistics) = column.statistics
                && before.as_ref().is_none_or(|b| b.statistics != Some(statistics))
            {
                self.statement(format!("{alter} SET STATISTICS {statistics}"));
            }
            if !column.options.is_empty() {
                self.statement(format!("{alter} SET ({})", self.options(&column.options)));
            }
        }
    }

    pub(super) fn view_defaults(&mut self, view: &View) {
        for column in &view.columns {
            if let Some(default) = &column.default {
                let (view, column) = (self.name(&view.schema, &view.name), self.ident(&column.name));
                self.statement(format!("ALTER VIEW {view} ALTER COLUMN {column} SET DEFAULT {default}"));
            }
        }
    }

    // ---- constraints, indexes ----

    pub(super) fn later_constraints(&mut self, table: &Table) {
        let made = !table.common.platform;
        for constraint in table.constraints.iter().filter(|c| c.ty != "foreign key") {
            // Those that are valid stand with their columns.
            if constraint.ty == "not null" && !constraint.definition.ends_with(" NOT VALID") {
                continue;
            }
            if !self.is_old_constraint(table, constraint)
                && (self.is_made_of_index(table, constraint) || self.is_partial(table, constraint))
            {
                continue;
            }
            let stands = made && self.stands_in_table(table, constraint);
            if !stands && !self.is_inherited_constraint(table, constraint) {
                self.add_constraint(table, constraint);
            }
            if !constraint.index_options.is_empty() && (made || !self.is_old_constraint(table, constraint)) {
                let index = self.name(&table.schema, &constraint.name);
                self.statement(format!("ALTER INDEX {index} SET ({})", self.options(&constraint.index_options)));
            }
        }
    }

    pub(super) fn foreign_keys(&mut self, table: &Table) {
        for constraint in table.constraints.iter().filter(|c| c.ty == "foreign key") {
            self.add_constraint(table, constraint);
        }
    }

    fn is_old_constraint(&self, table: &Table, constraint: &Constraint) -> bool {
        let old = self.platform.relation(table.oid);
        old.is_some_and(|r| r.constraints.iter().any(|c| c.oid == constraint.oid))
    }

    fn add_constraint(&mut self, table: &Table, constraint: &Constraint) {
        let (name, new) = (self.name(&table.schema, &table.name), self.ident(&constraint.name));
        let platform = self.platform;
        let old = platform.relation(table.oid).and_then(|relation| {
            let old = relation.constraints.iter().find(|c| c.oid == constraint.oid)?;
            Some((old.name.as_str(), Texts::new(platform, false).constraint(relation, old)))
        });
        if let Some((old_name, definition)) = old {
            if definition == constraint.definition {
                if old_name != constraint.name {
                    let old_name = self.ident(old_name);
                    self.statement(format!("ALTER TABLE {name} RENAME CONSTRAINT {old_name} TO {new}"));
                }
                return;
            }
            self.statement(format!("ALTER TABLE {name} DROP CONSTRAINT {}", self.ident(old_name)));
        }
        // ONLY is what a partitioned table's keys, and checks that others inherit, do not take.
        let only = if self.has_children(table) { "" } else { "ONLY " };
        self.statement(format!("ALTER TABLE {only}{name}\n    ADD CONSTRAINT {new} {}", constraint.definition));
    }

    pub(super) fn indexes(&mut self, indexes: &[Index], schema: &str, table: Oid) {
        let platform = self.platform;
        for index in indexes {
            if platform.relation(table).is_some()
                && let Some(old) = platform.relation(index.oid)
            {
                if Texts::new(platform, false).index(old).as_deref() == Some(&index.definition) {
                    continue;
                }
                self.statement(format!("DROP INDEX {}", self.name(schema, &old.name)));
            }
            // The index of a partitioned table has to reach its partitions, unless it is not in all of them.
            if index.invalid && index.definition.contains(" ON ONLY ") {
                self.statement(&index.definition);
                let parts = self.catalog.relation(index.oid).map(|r| r.children.clone()).unwrap_or_default();
                for part in parts.into_iter().filter_map(|part| self.catalog.relation(part)) {
                    let part = self.name(self.catalog.schema_name(part.schema), &part.name);
                    let whole = self.name(schema, &index.name);
                    self.statement(format!("ALTER INDEX {whole} ATTACH PARTITION {part}"));
                }
                continue;
            }
            self.statement(index.definition.replacen(" ON ONLY ", " ON ", 1));
            if index.invalid {
                self.remark(&format!("index {} is not valid", index.name));
            }
        }
    }

    /// Statistics targets of columns of indexes, those of constraints too.
    pub(super) fn index_statistics(&mut self, table: Oid) {
        let (catalog, platform) = (self.catalog, self.platform);
        let indexes = catalog.relation(table).map(|relation| relation.indexes.as_slice()).unwrap_or_default();
        for relation in indexes.iter().filter_map(|&index| catalog.relation(index)) {
            let Some(index) = relation.as_index() else { continue };
            // One whose definition changed is made anew.
            let texts = |catalog| Texts::new(catalog, false);
            let old = platform.relation(relation.oid);
            let old = old.filter(|old| texts(platform).index(old) == texts(catalog).index(relation));
            let whole = relation.parents.first().and_then(|parent| catalog.relation(parent.relation));
            let old = old.or(whole);
            let old: Vec<(usize, i32)> =
                old.and_then(|old| old.as_index()).into_iter().flat_map(|i| i.statistics()).collect();
            let new: Vec<(usize, i32)> = index.statistics().collect();
            let name = self.name(catalog.schema_name(relation.schema), &relation.name);
            let alter = format!("ALTER INDEX {name} ALTER COLUMN");
            for (number, target) in new.iter().filter(|target| !old.contains(target)) {
                self.statement(format!("{alter} {number} SET STATISTICS {target}"));
            }
            for (number, _) in old.iter().filter(|(number, _)| new.iter().all(|(n, _)| n != number)) {
                self.statement(format!("{alter} {number} SET STATISTICS -1"));
            }
        }
    }

    // ---- triggers, row-level security ----

    pub(super) fn triggers(&mut self, triggers: &[Trigger], table: &str, oid: Oid) {
        let platform = self.platform;
        for trigger in triggers.iter().filter(|trigger| !self.is_clone(oid, trigger)).collect::<Vec<_>>() {
            let old = platform.relation(oid).and_then(|r| r.triggers.iter().find(|t| t.oid == trigger.oid));
            if let Some(old) = old {
                self.statement(format!("DROP TRIGGER {} ON {table}", self.ident(&old.name)));
            }
            self.statement(&trigger.definition);
            if let Some(firing) = trigger.firing {
                self.statement(format!("ALTER TABLE {table} {firing} TRIGGER {}", self.ident(&trigger.name)));
            }
        }
    }

    pub(super) fn rules(&mut self, relation: &str, oid: Oid) {
        let Some(found) = self.catalog.relation(oid) else { return };
        let texts = Texts::new(self.catalog, false);
        for rule in &found.rules {
            let old = self.platform.relation(oid).and_then(|r| r.rules.iter().find(|r| r.oid == rule.oid));
            if let Some(old) = old {
                if old.provenance == rule.provenance {
                    continue;
                }
                self.statement(format!("DROP RULE {} ON {relation}", self.ident(&old.name)));
            }
            self.statement(texts.rule(found, rule).trim_end_matches(';'));
            let verb = match rule.enabled {
                FiringState::Enabled => None,
                FiringState::Always => Some("ENABLE ALWAYS"),
                FiringState::Replica => Some("ENABLE REPLICA"),
                FiringState::Disabled => Some("DISABLE"),
            };
            if let Some(verb) = verb {
                self.statement(format!("ALTER TABLE {relation} {verb} RULE {}", self.ident(&rule.name)));
            }
            let what = format!("RULE {} ON {relation}", self.ident(&rule.name));
            self.comment(&what, rule.comment.as_deref(), None);
        }
    }

    /// Extended statistics that the platform does not have.
    pub(super) fn statistics(&mut self) {
        let texts = Texts::new(self.catalog, false);
        for found in self.catalog.all_statistics() {
            if self.platform.statistics(found.oid).is_some() {
                continue;
            }
            self.statement(texts.statistics(found));
            let name = self.catalog.qualified(found.schema, &found.name, false);
            if let Some(target) = found.target {
                self.statement(format!("ALTER STATISTICS {name} SET STATISTICS {target}"));
            }
            self.comment(&format!("STATISTICS {name}"), found.comment.as_deref(), None);
            if found.owner != self.source.user {
                self.statement(format!("ALTER STATISTICS {name} OWNER TO {}", self.role(found.owner)));
            }
        }
    }

    pub(super) fn row_security(&mut self, table: &Table) {
        let name = self.name(&table.schema, &table.name);
        let old = self.platform.relation(table.oid);
        let (enabled, forced) = old.map_or((false, false), |r| (r.row_security, r.force_row_security));
        if enabled != table.row_security {
            let verb = if table.row_security { "ENABLE" } else { "DISABLE" };
            self.statement(format!("ALTER TABLE {name} {verb} ROW LEVEL SECURITY"));
        }
        if forced != table.force_row_security {
            let verb = if table.force_row_security { "FORCE" } else { "NO FORCE" };
            self.statement(format!("ALTER TABLE {name} {verb} ROW LEVEL SECURITY"));
        }
        for policy in &table.policies {
            let before = old.and_then(|r| r.policies.iter().find(|p| p.oid == policy.oid));
            if let Some(before) = before {
                self.statement(format!("DROP POLICY {} ON {name}", self.ident(&before.name)));
            }
            self.policy(policy, &name);
        }
    }

    fn policy(&mut self, policy: &Policy, table: &str) {
        let mut text = format!("CREATE POLICY {} ON {table}", self.ident(&policy.name));
        if policy.restrictive {
            text.push_str(" AS RESTRICTIVE");
        }
        if policy.command != "ALL" {
            text.push_str(&format!(" FOR {}", policy.command));
        }
        let everybody = policy.roles.iter().all(|role| role == "public");
        if !everybody {
            let roles: Vec<String> = policy.roles.iter().map(|role| self.ident(role)).collect();
            text.push_str(&format!(" TO {}", roles.join(", ")));
        }
        if let Some(using) = &policy.using {
            text.push_str(&format!(" USING ({using})"));
        }
        if let Some(check) = &policy.with_check {
            text.push_str(&format!(" WITH CHECK ({check})"));
        }
        self.statement(text);
    }
}
