//! Event triggers fire: their functions are run, with what is known of the command (`event_trigger.c:
//! EventTriggerDDLCommandStart`, `EventTriggerSQLDrop`, `EventTriggerDDLCommandEnd`).
//!
//! Which objects a command has made (`pg_event_trigger_ddl_commands()`) is known of the common ones; what it has dropped
//! and what an extension's script does is not. Then the function is run with rows that nobody knows.

use super::tag;
use crate::catalog::{Catalog, Ending, FunctionBody, Object, Oid, RelationKind};
use crate::replay::query::Rows;
use crate::replay::value::{Reason, Value};
use crate::replay::{Context, Exec, Opaque, Replay, Stop};
use crate::sql::ast::{
    AlterTableAction, ConstraintKind, CreateTable, FiringState, Name, StatementKind, TableElement, Touches,
};

/// What an event trigger's function can ask about the command.
#[derive(Clone, Debug, Default)]
pub(in crate::replay) struct Event {
    /// The rows of `pg_event_trigger_ddl_commands()`; nothing outside of `ddl_command_end`.
    pub commands: Option<Rows>,
    /// The function is that of `sql_drop`.
    pub dropped: bool,
}

impl Replay {
    /// Runs a command, with the event triggers that it fires.
    pub(in crate::replay) fn execute(&mut self, statement: &StatementKind, cx: &Context) -> Exec {
        let before = self.code.times.replace(false);
        let result = self.execute_firing(statement, cx);
        if self.code.times.replace(before) && result.is_ok() && !matches!(statement, StatementKind::Do(_)) {
            let reason = "a constant is the time of the transaction, which is not known";
            self.note(Opaque::undecided(reason, Touches::Nothing), cx);
        }
        result
    }

    fn execute_firing(&mut self, statement: &StatementKind, cx: &Context) -> Exec {
        if self.catalog.event_triggers().next().is_none() || !self.event_triggers_are_on() {
            return self.execute_alone(statement, cx);
        }
        let Some(tag) = tag::fires_for(statement, self.catalog.version()) else {
            return self.execute_alone(statement, cx);
        };
        self.fire("ddl_command_start", &tag, &Event::default(), cx)?;
        let before = self.catalog.clone();
        let result = self.execute_alone(statement, cx);
        if let Err(Stop::Error(_)) = result {
            return result;
        }
        if let StatementKind::AlterTable(stmt) = statement
            && stmt.commands.iter().any(|c| may_rewrite(&c.action))
        {
            self.fire_perhaps("table_rewrite", &tag, "whether the table is rewritten is not known", cx);
        }
        if let Err(stop) = result {
            self.fire_perhaps("sql_drop", &tag, "the command was not executed", cx);
            self.fire_perhaps("ddl_command_end", &tag, "the command was not executed", cx);
            return Err(stop);
        }
        if self.has_dropped(&before) {
            self.fire("sql_drop", &tag, &Event { dropped: true, ..Event::default() }, cx)?;
        }
        if let StatementKind::CreateExtension(_) | StatementKind::AlterExtension(_) = statement {
            self.fire_for_script(&before, cx);
        }
        let commands = self.commands(statement, &tag, &before);
        self.fire("ddl_command_end", &tag, &Event { commands: Some(commands), dropped: false }, cx)
    }

    /// `SET event_triggers = off` (17).
    fn event_triggers_are_on(&self) -> bool {
        !matches!(self.session.setting("event_triggers"), Some("off" | "false" | "no" | "0"))
    }

    /// The event triggers for an event and a tag, in the order in which they fire (`EventTriggerCommonSetup`).
    fn matching(&self, event: &str, tag: &str) -> Vec<(Name, Oid)> {
        let replica = self.session.setting("session_replication_role") == Some("replica");
        let fires = |state: FiringState| match state {
            FiringState::Enabled => !replica,
            FiringState::Replica => replica,
            FiringState::Always => true,
            FiringState::Disabled => false,
        };
        let wanted = self.catalog.event_triggers().filter(|trigger| {
            trigger.event == event
                && fires(trigger.enabled)
                && (trigger.tags.is_empty() || trigger.tags.iter().any(|t| t == tag))
        });
        let mut found: Vec<(Name, Oid)> = wanted.map(|t| (t.name.clone(), t.function)).collect();
        found.sort();
        found
    }

    fn fire(&mut self, event: &str, tag: &str, of: &Event, cx: &Context) -> Exec {
        for (name, function) in self.matching(event, tag) {
            match self.call_event_trigger(function, event, tag, of, cx) {
                Ok(()) => {}
                Err(Stop::Opaque(opaque)) => {
                    let reason = format!("of event trigger \"{name}\": {}", opaque.reason);
                    self.note(Opaque { reason, loc: Default::default(), ..*opaque }, cx);
                }
                Err(stop) => return Err(stop),
            }
        }
        Ok(())
    }

    /// What the functions may change that perhaps run.
    fn fire_perhaps(&mut self, event: &str, tag: &str, why: &str, cx: &Context) {
        for (name, function) in self.matching(event, tag) {
            for touches in self.effects_of_called(function).touches() {
                let reason = format!("what event trigger \"{name}\" does is not known: {why}");
                self.note(Opaque::new(reason, touches), cx);
            }
        }
    }

    /// The statements of an extension's script fire event triggers too.
    fn fire_for_script(&mut self, before: &Catalog, cx: &Context) {
        const OF_RELATIONS: &[&str] = &[
            "CREATE TABLE",
            "CREATE TABLE AS",
            "SELECT INTO",
            "CREATE VIEW",
            "CREATE MATERIALIZED VIEW",
            "CREATE FOREIGN TABLE",
            "CREATE INDEX",
            "CREATE POLICY",
            "CREATE TRIGGER",
            "ALTER TABLE",
            "CREATE SEQUENCE",
        ];
        let made_relations = self.catalog.relations().any(|r| before.relation(r.oid).is_none())
            || self.catalog.taint.relations().count() != before.taint.relations().count();
        let unread = self.catalog.extensions().any(|e| e.unknown && before.extension(e.oid).is_none());
        let triggers: Vec<(Name, Oid)> = self
            .catalog
            .event_triggers()
            .filter(|t| t.enabled != FiringState::Disabled)
            .filter(|t| {
                let relations_only =
                    !t.tags.is_empty() && t.tags.iter().all(|tag| OF_RELATIONS.contains(&tag.as_str()));
                made_relations || unread || !relations_only
            })
            .map(|t| (t.name.clone(), t.function))
            .collect();
        for (name, function) in triggers {
            for touches in self.effects_of_called(function).touches() {
                let reason = format!("what event trigger \"{name}\" does with an extension's script is not followed");
                self.note(Opaque::new(reason, touches), cx);
            }
        }
    }

    /// Something was dropped that event triggers know of.
    fn has_dropped(&self, before: &Catalog) -> bool {
        let new = self.catalog.tombstones().count() - before.tombstones().count();
        self.catalog.tombstones().rev().take(new).any(|t| match t.how {
            Ending::Dropped | Ending::DroppedWith { .. } => !matches!(t.object, Object::Role(_)),
            Ending::Renamed { .. } => false,
        })
    }

    fn call_event_trigger(&mut self, function: Oid, event: &str, tag: &str, of: &Event, cx: &Context) -> Exec {
        let Some(record) = self.catalog.function(function) else { return Ok(()) };
        // Of an extension: it may refuse or change what it is not known to.
        if let FunctionBody::Native(_) = record.body {
            return Ok(());
        }
        let outer = self.code.event.replace(of.clone());
        let result = self.run_event_trigger(function, event, tag, cx);
        self.code.event = outer;
        result
    }

    // ---- which objects a command made ----

    /// The rows of `pg_event_trigger_ddl_commands()`, as far as they are known.
    fn commands(&self, statement: &StatementKind, tag: &str, before: &Catalog) -> Rows {
        let columns = COLUMNS.map(Name::from).to_vec();
        let objects = match statement {
            StatementKind::CreateTable(stmt) => Some(self.made_with_table(stmt, tag, before)),
            StatementKind::AlterTable(stmt) => {
                let plain = !stmt.commands.iter().any(|c| makes_more(&c.action));
                let found = crate::replay::lookup::relation_if_exists(&self.catalog, &self.path(), &stmt.relation.name);
                let relation = found.ok().flatten().map(Object::Relation);
                plain.then(|| relation.map(|r| (r, tag.to_owned())).into_iter().collect())
            }
            StatementKind::CreateTableAs(_)
            | StatementKind::CreateView(_)
            | StatementKind::CreateSequence(_)
            | StatementKind::CreateIndex(_)
            | StatementKind::Select(_) => {
                let made = self.catalog.relations().filter(|r| before.relation(r.oid).is_none());
                let made: Vec<Object> = made.map(|r| Object::Relation(r.oid)).collect();
                // One that was there is replaced, or left alone.
                match made.as_slice() {
                    [one] => Some(vec![(*one, tag.to_owned())]),
                    _ => None,
                }
            }
            StatementKind::CreateFunction(_) => {
                let made = self.catalog.functions().find(|f| before.function(f.oid).is_none());
                made.map(|f| vec![(Object::Function(f.oid), tag.to_owned())])
            }
            StatementKind::CreateSchema(stmt) if stmt.elements.is_empty() => {
                let made = self.catalog.schemas().find(|s| before.schema(s.oid).is_none());
                made.map(|s| vec![(Object::Schema(s.oid), tag.to_owned())])
            }
            // DROP makes nothing.
            StatementKind::Drop(_) => Some(Vec::new()),
            _ => None,
        };
        let rows = objects.and_then(|objects| {
            objects.into_iter().map(|(object, tag)| self.command_row(object, &tag)).collect::<Option<Vec<_>>>()
        });
        match rows {
            Some(rows) => Rows { columns, rows, more: None },
            None => {
                let reason = Reason::not_evaluated(format!("which objects {tag} made is not known to event triggers"));
                Rows { columns, rows: Vec::new(), more: Some(reason) }
            }
        }
    }

    /// What CREATE TABLE makes, in the order of its parts (`parse_utilcmd.c: transformCreateStmt`).
    fn made_with_table(&self, stmt: &CreateTable, tag: &str, before: &Catalog) -> Vec<(Object, String)> {
        let made: Vec<_> = self.catalog.relations().filter(|r| before.relation(r.oid).is_none()).collect();
        let of = |wanted: fn(&RelationKind) -> bool| {
            made.iter().filter(move |r| wanted(&r.kind)).map(|r| Object::Relation(r.oid))
        };
        let sequences: Vec<Object> = of(|kind| matches!(kind, RelationKind::Sequence(_))).collect();
        let tables: Vec<Object> =
            of(|kind| !matches!(kind, RelationKind::Sequence(_) | RelationKind::Index(_))).collect();
        let indexes = of(|kind| matches!(kind, RelationKind::Index(_)));
        let mut commands: Vec<(Object, String)> = Vec::new();
        commands.extend(sequences.iter().map(|s| (*s, "CREATE SEQUENCE".to_owned())));
        commands.extend(tables.iter().map(|t| (*t, tag.to_owned())));
        commands.extend(indexes.map(|i| (i, "CREATE INDEX".to_owned())));
        let foreign_keys = stmt.elements.iter().any(|element| match element {
            TableElement::Column(column) => {
                column.constraints.iter().any(|c| matches!(c.kind, ConstraintKind::ForeignKey(_)))
            }
            TableElement::Constraint(c) => matches!(c.kind, ConstraintKind::ForeignKey(_)),
            TableElement::Like(_) => false,
        });
        if foreign_keys {
            commands.extend(tables.iter().map(|t| (*t, "ALTER TABLE".to_owned())));
        }
        commands.extend(sequences.into_iter().map(|s| (s, "ALTER SEQUENCE".to_owned())));
        commands
    }

    /// A row: `classid`, `objid`, `objsubid`, `command_tag`, `object_type`, `schema_name`, `object_identity`,
    /// `in_extension`, `command`.
    fn command_row(&self, object: Object, tag: &str) -> Option<Vec<Value>> {
        // `pg_class`, `pg_proc`, `pg_namespace`
        let (class, oid, kind, schema, identity) = match object {
            Object::Relation(oid) => {
                let relation = self.catalog.relation(oid)?;
                let schema = self.schema_shown(relation.schema);
                let identity = format!("{}.{}", self.quoted(&schema), self.quoted(&relation.name));
                let kind = match relation.kind {
                    // A partitioned table is a table here (`getRelationTypeDescription`).
                    RelationKind::Table | RelationKind::PartitionedTable(_) => "table",
                    RelationKind::CompositeType => "composite type",
                    _ => relation.kind_name(),
                };
                (1259, oid, kind.to_owned(), Some(schema), identity)
            }
            Object::Function(oid) => {
                let function = self.catalog.function(oid)?;
                let schema = self.schema_shown(function.schema);
                let kind = match function.kind {
                    crate::catalog::FunctionKind::Procedure => "procedure",
                    crate::catalog::FunctionKind::Aggregate => "aggregate",
                    crate::catalog::FunctionKind::Function | crate::catalog::FunctionKind::Window => "function",
                };
                let types: Vec<String> = function.input_types().map(|ty| self.qualified_type(ty)).collect();
                let name = format!("{}.{}", self.quoted(&schema), self.quoted(&function.name));
                (1255, oid, kind.to_owned(), Some(schema), format!("{name}({})", types.join(",")))
            }
            Object::Schema(oid) => {
                let name = self.catalog.schema_name(oid);
                (2615, oid, "schema".to_owned(), None, self.quoted(name))
            }
            _ => return None,
        };
        Some(vec![
            Value::Oid(Oid(class)),
            Value::Oid(oid),
            Value::int(0),
            Value::text(tag),
            Value::text(kind),
            Value::or_null(schema, Value::text),
            Value::text(identity),
            Value::Bool(false),
            Value::not_evaluated("the parse tree of a command is no value"),
        ])
    }

    /// A type's name with its schema, but for those that SQL has words for (`format_type.c: FORMAT_TYPE_FORCE_QUALIFY`).
    fn qualified_type(&self, ty: Oid) -> String {
        let shown = self.catalog.format_type_be(ty, &[]);
        let element = self.catalog.array_element(ty).unwrap_or(ty);
        let is_plain = |name: &str| shown.trim_end_matches("[]") == self.quoted(name);
        match self.catalog.type_name(element) {
            Some((crate::catalog::PG_CATALOG, name))
                if is_plain(name) && !matches!(name, "bit" | "interval" | "numeric") =>
            {
                format!("pg_catalog.{shown}")
            }
            _ => shown,
        }
    }

    /// Temporary objects are said to be in `pg_temp`.
    fn schema_shown(&self, schema: Oid) -> String {
        match self.session.temp_schema == Some(schema) {
            true => "pg_temp".to_owned(),
            false => self.catalog.schema_name(schema).to_owned(),
        }
    }

    fn quoted(&self, name: &str) -> String {
        self.catalog.quote_identifier(name).into_owned()
    }
}

/// The columns of `pg_event_trigger_ddl_commands()`.
pub(in crate::replay) const COLUMNS: [&str; 9] = [
    "classid",
    "objid",
    "objsubid",
    "command_tag",
    "object_type",
    "schema_name",
    "object_identity",
    "in_extension",
    "command",
];

/// An action that makes objects of its own, or of which that is not known.
fn makes_more(action: &AlterTableAction) -> bool {
    match action {
        AlterTableAction::AddColumn(column) => {
            let serial = column.ty.as_ref().is_some_and(|ty| ty.name.name.contains("serial"));
            serial || column.constraints.iter().any(|c| matches!(c.kind, ConstraintKind::Identity { .. }))
        }
        AlterTableAction::AddIdentity { .. } | AlterTableAction::Unmodelled(_) => true,
        _ => false,
    }
}

/// An action that may write the table anew.
fn may_rewrite(action: &AlterTableAction) -> bool {
    match action {
        AlterTableAction::AddColumn(column) => !column.constraints.is_empty(),
        AlterTableAction::AlterColumnType { .. }
        | AlterTableAction::SetLogged
        | AlterTableAction::SetUnlogged
        | AlterTableAction::SetAccessMethod(_)
        | AlterTableAction::SetExpression { .. }
        | AlterTableAction::Unmodelled(_) => true,
        _ => false,
    }
}

/// A statement that is not executed may fire the triggers nevertheless.
pub(in crate::replay) fn unknown_rows(name: &str) -> Rows {
    let reason = format!("what {name}() returns is not known");
    Rows { more: Some(Reason::not_evaluated(reason)), ..Rows::default() }
}
