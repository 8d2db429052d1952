//! The document as a script that makes the schema in an empty database, or in one that has the platform.
//!
//! Functions are made with `check_function_bodies = off`, so that a body may name what comes later; keys stand in
//! CREATE TABLE, foreign keys come after all tables; privileges come last but for default ones, which would add to them.

mod depends;
mod grants;
mod inherit;
mod not_null;
mod object;
mod order;
mod platform;
mod stored;
mod table;
mod unplaced;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use self::order::{Plan, Step};
use super::Source;
use super::model::*;
use crate::catalog::{Catalog, Object, Oid};
use crate::expr::deparse::{quote_literal, setting_name};

/// The script. See [`super::Schema::to_sql`].
pub(super) fn script(doc: &SchemaDoc, source: &Source<'_>) -> String {
    let plan = Plan::new(doc, source.catalog);
    let mut script = Script {
        doc,
        source,
        catalog: source.catalog,
        platform: source.platform,
        plan,
        out: String::new(),
        title: None,
    };
    script.header();
    script.platform_part();
    script.session();
    script.dropped();
    if source.parts.roles {
        script.roles();
    }
    script.schemas();
    script.objects();
    script.owned_sequences();
    script.parts_of_tables();
    script.publications();
    script.large_objects();
    script.comments();
    script.owners();
    script.privileges();
    script.default_privileges();
    script.refreshes();
    script.database();
    script.event_triggers();
    script.out
}

struct Script<'a> {
    doc: &'a SchemaDoc,
    source: &'a Source<'a>,
    catalog: &'a Catalog,
    platform: &'a Catalog,
    plan: Plan,
    out: String,
    /// The title of a section in which nothing stands yet.
    title: Option<&'static str>,
}

/// Something that the plan makes.
#[derive(Clone, Copy)]
enum Item<'a> {
    Extension(&'a Extension),
    Wrapper(&'a ForeignDataWrapper),
    Server(&'a Server),
    Language(&'a Language),
    Transform(&'a Transform),
    Type(&'a Type),
    Stored(Object),
    Sequence(&'a Sequence),
    Function(&'a Function),
    Table(&'a Table),
    View(&'a View, bool),
}

impl<'a> Script<'a> {
    // ---- writing ----

    /// Begins a section; its title is written with its first statement.
    fn section(&mut self, title: &'static str) {
        self.title = Some(title);
    }

    fn begin(&mut self) {
        if let Some(title) = self.title.take() {
            let _ = write!(self.out, "\n-- {title}\n\n");
        }
    }

    fn statement(&mut self, text: impl AsRef<str>) {
        self.begin();
        self.out.push_str(text.as_ref());
        self.out.push_str(";\n");
    }

    /// A remark on one line.
    fn remark(&mut self, text: &str) {
        self.begin();
        let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let _ = writeln!(self.out, "-- {line}");
    }

    fn ident(&self, name: &str) -> String {
        self.catalog.quote_identifier(name).into_owned()
    }

    fn name(&self, schema: &str, name: &str) -> String {
        format!("{}.{}", self.ident(schema), self.ident(name))
    }

    /// A role's name; `public` is everybody.
    fn role(&self, role: Oid) -> String {
        if role == Oid::INVALID { "PUBLIC".to_owned() } else { self.ident(self.catalog.role_name(role)) }
    }

    /// ` WITH (…)`, or nothing.
    fn with(&self, options: &BTreeMap<String, String>) -> String {
        if options.is_empty() { String::new() } else { format!(" WITH ({})", self.options(options)) }
    }

    /// The options of a relation in the order in which it has them.
    fn with_options_of(&self, oid: Oid, options: &BTreeMap<String, String>) -> String {
        let stored = self.catalog.relation(oid).map_or(&[][..], |relation| &relation.options);
        let place = |name: &str| stored.iter().position(|(stored, _)| stored == name);
        let mut ordered: Vec<(&String, &String)> = options.iter().collect();
        ordered.sort_by_key(|(name, _)| place(name));
        if ordered.is_empty() { String::new() } else { format!(" WITH ({})", self.options(ordered)) }
    }

    fn options<'o>(&self, options: impl IntoIterator<Item = (&'o String, &'o String)>) -> String {
        let option = |(name, value): (&String, &String)| {
            format!("{}={}", setting_name(self.catalog, name), quote_literal(value))
        };
        options.into_iter().map(option).collect::<Vec<_>>().join(", ")
    }

    // ---- sections ----

    fn header(&mut self) {
        let doc = self.doc;
        let at = doc.at.as_deref().map(|at| format!(" after {at}")).unwrap_or_default();
        self.remark(&format!("The schema{at}, for PostgreSQL {}, printed by pgproof", doc.postgres));
        let must_be_there = |what: &str| format!("What the {what} must be there");
        match &doc.platform {
            Some(platform) if !self.source.parts.platform => {
                self.remark(&must_be_there(&format!("platform {platform} provides")));
            }
            Some(_) => self.needed_extensions(),
            None => {}
        }
        if !self.source.parts.baseline {
            self.remark(&must_be_there("baseline makes"));
        }
        if !self.source.parts.roles {
            self.remark("All roles must be there");
        }
        if doc.hidden_secrets > 0 {
            self.remark(&format!("{} secrets are hidden: they stand as ***", doc.hidden_secrets));
        }
        for problem in &doc.problems {
            let at = problem.at.as_deref().map(|at| format!("{at}: ")).unwrap_or_default();
            self.remark(&format!("NOT CERTAIN: {at}{}: {}", problem.code, problem.message));
        }
        for unknown in &doc.unknown {
            self.remark(&format!("NOT KNOWN: {}: {}", unknown.what, unknown.reason));
        }
    }

    /// Extensions that do not come with PostgreSQL.
    fn needed_extensions(&mut self) {
        let builtins = self.catalog.builtins();
        let own = |name: &str| builtins.extension(name).is_some_and(|known| known.of_distribution);
        let mut names: Vec<&str> = self.platform.extensions().map(|e| e.name.as_str()).filter(|n| !own(n)).collect();
        names.sort_unstable();
        if !names.is_empty() {
            self.remark(&format!("The server must have the extensions {}", names.join(", ")));
        }
    }

    /// What the statements are read with.
    fn session(&mut self) {
        self.title = None;
        self.out.push('\n');
        self.statement("SET check_function_bodies = off");
        // All names of objects are qualified, but not those of operators, operator classes and collations, and those
        // in bodies in SQL's own syntax.
        let mut path: Vec<Oid> = self.source.search_path.to_vec();
        // An extension with a schema of its own has tables and functions there.
        let builtins = self.catalog.builtins();
        let shared = |name: &str| builtins.extension(name).is_none_or(|available| available.schema.is_none());
        let mut extensions: Vec<Oid> =
            self.catalog.extensions().filter(|e| shared(&e.name)).map(|e| e.schema).collect();
        extensions.sort_by_key(|&schema| self.catalog.schema_name(schema));
        for schema in extensions.into_iter().filter(|&schema| schema != crate::catalog::PG_CATALOG) {
            if !path.contains(&schema) {
                path.push(schema);
            }
        }
        let path: Vec<String> = path.iter().map(|&schema| self.ident(self.catalog.schema_name(schema))).collect();
        let path = if path.is_empty() { "''".to_owned() } else { path.join(", ") };
        self.statement(format!("SET search_path = {path}"));
    }

    fn dropped(&mut self) {
        self.section("Dropped");
        // Parts before the whole.
        let rank = |dropped: &Dropped| match dropped.kind {
            "publication table" => 0,
            "policy" | "trigger" | "constraint" | "index" => 1,
            "column" => 2,
            "role" => 4,
            _ => 3,
        };
        let roles = self.source.parts.roles;
        let mut dropped: Vec<&Dropped> = self.doc.dropped.iter().filter(|d| roles || d.kind != "role").collect();
        dropped.sort_by_key(|d| rank(d));
        for Dropped { kind, name, on, .. } in dropped {
            let on = on.as_deref().unwrap_or_default();
            match *kind {
                "publication table" => self.statement(format!("ALTER PUBLICATION {on} DROP TABLE {name}")),
                "policy" | "trigger" => {
                    self.statement(format!("DROP {} IF EXISTS {name} ON {on}", kind.to_uppercase()));
                }
                "constraint" | "column" => self.statement(format!(
                    "ALTER TABLE IF EXISTS {on} DROP {} IF EXISTS {name} CASCADE",
                    kind.to_uppercase()
                )),
                "role" => self.statement(format!("DROP ROLE IF EXISTS {name}")),
                "large object" => self.statement(format!("SELECT pg_catalog.lo_unlink({name})")),
                // Told as changes of what there is.
                "default privileges" => {}
                "setting" => {
                    let name = setting_name(self.catalog, name);
                    self.of_database(&format!("ALTER DATABASE %I RESET {name}"));
                }
                kind => self.statement(format!("DROP {} IF EXISTS {name} CASCADE", kind.to_uppercase())),
            }
        }
    }

    fn objects(&mut self) {
        let doc = self.doc;
        let mut items: FxHashMap<Object, Item<'a>> = FxHashMap::default();
        items.extend(doc.extensions.iter().map(|e| (Object::Extension(e.oid), Item::Extension(e))));
        items.extend(doc.foreign_data_wrappers.iter().map(|w| (Object::ForeignDataWrapper(w.oid), Item::Wrapper(w))));
        items.extend(doc.servers.iter().map(|s| (Object::ForeignServer(s.oid), Item::Server(s))));
        items.extend(doc.languages.iter().map(|l| (Object::Language(l.oid), Item::Language(l))));
        items.extend(doc.transforms.iter().map(|t| (Object::Transform(t.oid), Item::Transform(t))));
        items.extend(doc.types.iter().map(|t| (Object::Type(t.oid), Item::Type(t))));
        items.extend(doc.functions.iter().map(|f| (Object::Function(f.oid), Item::Function(f))));
        items.extend(doc.sequences.iter().map(|s| (Object::Relation(s.oid), Item::Sequence(s))));
        items.extend(doc.tables.iter().map(|t| (Object::Relation(t.oid), Item::Table(t))));
        items.extend(doc.views.iter().map(|v| (Object::Relation(v.oid), Item::View(v, false))));
        items.extend(doc.materialized_views.iter().map(|v| (Object::Relation(v.oid), Item::View(v, true))));
        items.extend(order::stored(self.catalog).map(|object| (object, Item::Stored(object))));
        self.section("Types, sequences, functions, tables, views");
        self.shells();
        let steps = std::mem::take(&mut self.plan.steps);
        let mut stubs = Vec::new();
        for step in steps {
            match step {
                Step::Stub(view) => {
                    if let Some(Item::View(view, false)) = items.get(&Object::Relation(view))
                        && !stubs.contains(&view.oid)
                    {
                        stubs.push(view.oid);
                        self.stub(view);
                    }
                }
                Step::Make(object) => match items.get(&object) {
                    Some(Item::Extension(extension)) => self.extension(extension),
                    Some(Item::Wrapper(wrapper)) => self.wrapper(wrapper),
                    Some(Item::Server(server)) => self.server(server),
                    Some(Item::Language(language)) => self.language(language),
                    Some(Item::Transform(transform)) => self.transform(transform),
                    Some(Item::Type(ty)) => self.ty(ty),
                    Some(Item::Stored(object)) => self.stored(*object),
                    Some(Item::Sequence(sequence)) => self.sequence(sequence),
                    Some(Item::Function(function)) => self.function(function),
                    Some(Item::Table(table)) => self.table(table),
                    Some(Item::View(view, materialized)) => self.view(view, *materialized, stubs.contains(&view.oid)),
                    None => {}
                },
            }
        }
        self.section("Constraints of domains");
        for ty in &doc.types {
            self.domain_constraints(ty);
        }
    }

    fn parts_of_tables(&mut self) {
        let doc = self.doc;
        self.section("Defaults and other properties of columns");
        for table in &doc.tables {
            self.column_properties(table);
        }
        for view in doc.views.iter().chain(&doc.materialized_views) {
            self.view_defaults(view);
        }
        self.section("Constraints");
        doc.tables.iter().for_each(|table| self.later_constraints(table));
        self.section("Partitions and inheritance");
        doc.tables.iter().for_each(|table| self.attach(table));
        self.section("Indexes");
        // Those of partitions become parts of those of their tables.
        let deepest_first = self.deepest_first();
        for table in deepest_first.iter().copied() {
            self.indexes(&table.indexes, &table.schema, table.oid);
            self.keys_of_indexes(table);
            self.after_indexes(table);
        }
        for view in &doc.materialized_views {
            self.indexes(&view.indexes, &view.schema, view.oid);
            self.clustered(view.oid);
            self.index_statistics(view.oid);
        }
        // What is set for an index is set for its partitions, too.
        deepest_first.iter().rev().for_each(|table| self.index_statistics(table.oid));
        self.section("Foreign keys");
        deepest_first.iter().for_each(|table| self.foreign_keys(table));
        self.section("Triggers");
        for table in &doc.tables {
            self.triggers(&table.triggers, &self.name(&table.schema, &table.name), table.oid);
        }
        doc.tables.iter().for_each(|table| self.cloned_triggers(table));
        for view in &doc.views {
            self.triggers(&view.triggers, &self.name(&view.schema, &view.name), view.oid);
        }
        self.section("Rules");
        for table in &doc.tables {
            self.rules(&self.name(&table.schema, &table.name), table.oid);
        }
        for view in &doc.views {
            self.rules(&self.name(&view.schema, &view.name), view.oid);
        }
        self.section("Extended statistics");
        self.statistics();
        self.section("Dependencies on extensions");
        self.depends_on_extensions();
        self.section("Row-level security");
        doc.tables.iter().for_each(|table| self.row_security(table));
    }

    /// Views are filled last: what their queries call is there only now.
    fn refreshes(&mut self) {
        self.section("Materialized views");
        for view in self.doc.materialized_views.iter().filter(|v| !v.not_populated && !v.common.platform) {
            self.statement(format!("REFRESH MATERIALIZED VIEW {}", self.name(&view.schema, &view.name)));
        }
    }
}
