//! Roles, schemas, extensions, types, sequences, functions, views, publications.

use super::Script;
use crate::catalog::{self, Object, Oid, TypeKind};
use crate::expr::deparse::{quote_literal, setting_name, setting_value};
use crate::report::schema::model::*;

impl Script<'_> {
    pub(super) fn roles(&mut self) {
        let doc = self.doc;
        self.section("Roles");
        for role in &doc.roles {
            let name = self.ident(&role.name);
            let attributes: String = role.attributes.iter().map(|a| format!(" {a}")).collect();
            match self.platform.role(role.oid) {
                None => self.statement(format!("CREATE ROLE {name}{attributes}")),
                Some(old) => {
                    let old_name = self.ident(&old.name);
                    if old_name != name {
                        self.statement(format!("ALTER ROLE {old_name} RENAME TO {name}"));
                    }
                    if self.catalog.role(role.oid).is_some_and(|new| new.attributes != old.attributes) {
                        let all = ["SUPERUSER", "CREATEROLE", "CREATEDB", "LOGIN", "REPLICATION", "BYPASSRLS"];
                        let words: Vec<String> = all
                            .iter()
                            .map(|word| format!("{}{word}", if role.attributes.contains(word) { "" } else { "NO" }))
                            .collect();
                        let inherit = if role.attributes.contains(&"NOINHERIT") { "NOINHERIT" } else { "INHERIT" };
                        self.statement(format!("ALTER ROLE {name} {} {inherit}", words.join(" ")));
                    }
                }
            }
        }
        self.memberships();
        for role in &doc.roles {
            self.role_settings(role);
        }
    }

    /// Who grants must have got the right to before.
    fn memberships(&mut self) {
        let doc = self.doc;
        let (catalog, platform) = (self.catalog, self.platform);
        let mut given = Vec::new();
        for role in &doc.roles {
            let name = self.ident(&role.name);
            let old = platform.role(role.oid).map(|r| r.member_of.as_slice()).unwrap_or_default();
            let Some(record) = catalog.role(role.oid) else { continue };
            for gone in old.iter().filter(|m| !record.member_of.contains(m)) {
                if catalog.role(gone.role).is_some() {
                    let by = self.granted_by(gone);
                    self.statement(format!("REVOKE {} FROM {name}{by}", self.role(gone.role)));
                }
            }
            let mut new: Vec<_> = record.member_of.iter().filter(|m| !old.contains(m)).collect();
            new.sort_by_key(|m| catalog.role_name(m.role));
            given.extend(new.into_iter().map(|membership| (record, membership)));
        }
        let place = |membership: &catalog::Membership| match self.granted_by(membership).is_empty() {
            true => Oid::INVALID,
            false => membership.oid,
        };
        given.sort_by_key(|(_, membership)| place(membership));
        for (member, membership) in given {
            let mut options = Vec::new();
            if membership.admin {
                options.push(if catalog.version() >= 16 { "ADMIN TRUE" } else { "ADMIN OPTION" });
            }
            match membership.inherit.filter(|&inherit| inherit != member.attributes.inherit) {
                Some(true) => options.push("INHERIT TRUE"),
                Some(false) => options.push("INHERIT FALSE"),
                None => {}
            }
            if !membership.set {
                options.push("SET FALSE");
            }
            let with = if options.is_empty() { String::new() } else { format!(" WITH {}", options.join(", ")) };
            let by = self.granted_by(membership);
            let (group, member) = (self.role(membership.role), self.ident(&member.name));
            self.statement(format!("GRANT {group} TO {member}{with}{by}"));
        }
    }

    /// ` GRANTED BY …` (16), where it is not as if a superuser granted it.
    fn granted_by(&self, membership: &catalog::Membership) -> String {
        if self.catalog.version() < 16 || membership.grantor == catalog::BOOTSTRAP_ROLE {
            return String::new();
        }
        format!(" GRANTED BY {}", self.role(membership.grantor))
    }

    fn role_settings(&mut self, role: &Role) {
        let name = self.ident(&role.name);
        let platform = self.platform;
        let old = platform.role(role.oid).map(|r| r.config.as_slice()).unwrap_or_default();
        for (setting, value) in &role.settings {
            if !old.iter().any(|(n, v)| n == setting && v == value) {
                let value = setting_value(setting, value);
                self.statement(format!("ALTER ROLE {name} SET {} TO {value}", setting_name(self.catalog, setting)));
            }
        }
        for (setting, _) in old.iter().filter(|(n, _)| !role.settings.contains_key(n.as_str())) {
            self.statement(format!("ALTER ROLE {name} RESET {}", setting_name(self.catalog, setting)));
        }
    }

    pub(super) fn schemas(&mut self) {
        self.section("Schemas");
        for schema in &self.doc.schemas {
            let name = self.ident(&schema.name);
            match self.platform.schema(schema.oid) {
                None => self.statement(format!("CREATE SCHEMA {name}")),
                Some(old) if old.name != schema.name => {
                    self.statement(format!("ALTER SCHEMA {} RENAME TO {name}", self.ident(&old.name)));
                }
                Some(_) => {}
            }
        }
    }

    pub(super) fn extension(&mut self, extension: &Extension) {
        let (name, schema) = (self.ident(&extension.name), self.ident(&extension.schema));
        match self.platform.extension(extension.oid) {
            None => {
                let standard = self.catalog.builtins().extension(&extension.name).map(|a| a.default_version);
                let version = extension.extversion.as_deref().filter(|&version| standard != Some(version));
                let version = version.map(|v| format!(" VERSION {}", quote_literal(v))).unwrap_or_default();
                self.statement(format!("CREATE EXTENSION {name} WITH SCHEMA {schema}{version}"));
            }
            Some(old) => {
                if self.catalog.extension(extension.oid).is_some_and(|new| new.schema != old.schema) {
                    self.statement(format!("ALTER EXTENSION {name} SET SCHEMA {schema}"));
                }
                if let Some(version) = &extension.extversion
                    && old.version.as_deref() != Some(version)
                {
                    self.statement(format!("ALTER EXTENSION {name} UPDATE TO {}", quote_literal(version)));
                }
            }
        }
    }

    /// Gives an object of the platform its new schema and name. `old` is its name as SQL takes it, `new` the names.
    pub(super) fn move_object(&mut self, kind: &str, old: (&str, &str, &str), new: (&str, &str)) {
        let (old_schema, old_name, arguments) = old;
        let (schema, name) = new;
        if old_schema != schema {
            let old = self.name(old_schema, old_name);
            self.statement(format!("ALTER {kind} {old}{arguments} SET SCHEMA {}", self.ident(schema)));
        }
        if old_name != name {
            let old = self.name(schema, old_name);
            self.statement(format!("ALTER {kind} {old}{arguments} RENAME TO {}", self.ident(name)));
        }
    }

    // ---- types ----

    pub(super) fn ty(&mut self, ty: &Type) {
        let name = self.name(&ty.schema, &ty.name);
        if let Some(old) = self.platform.type_(ty.oid) {
            let old_name = (self.platform.schema_name(old.schema), old.name.as_str(), "");
            self.move_object(type_word(ty), old_name, (&ty.schema, &ty.name));
            return self.alter_type(ty, &name, &old.kind);
        }
        let base = ty.base.as_deref().unwrap_or_default();
        let definition = match ty.kind {
            "enum" => {
                let labels: Vec<String> = ty.labels.iter().map(|label| quote_literal(label)).collect();
                format!("CREATE TYPE {name} AS ENUM ({})", labels.join(", "))
            }
            "domain" => {
                let mut text = format!("CREATE DOMAIN {name} AS {base}");
                if let Some(collation) = &ty.collation {
                    text.push_str(&format!(" COLLATE {collation}"));
                }
                if let Some(default) = &ty.default {
                    text.push_str(&format!(" DEFAULT {default}"));
                }
                if ty.not_null {
                    text.push_str(" NOT NULL");
                }
                for check in ty.constraints.iter().filter(|check| !self.comes_later(ty, check)) {
                    text.push_str(&format!("\n    CONSTRAINT {} {}", self.ident(&check.name), check.definition));
                }
                text
            }
            "composite" => {
                let attributes: Vec<String> = ty.attributes.iter().map(|a| self.attribute(a)).collect();
                format!("CREATE TYPE {name} AS ({})", attributes.join(", "))
            }
            "range" | "base" => match self.type_definition(ty.oid) {
                Some(definition) => definition,
                None => return self.remark(&format!("not made: {} type {name}", ty.kind)),
            },
            "shell" => format!("CREATE TYPE {name}"),
            kind => return self.remark(&format!("not made: {kind} type {name}")),
        };
        self.statement(definition);
    }

    fn attribute(&self, attribute: &Column) -> String {
        let ty = attribute.ty.as_deref().unwrap_or("text");
        let collation = attribute.collation.as_ref().map(|c| format!(" COLLATE {c}")).unwrap_or_default();
        format!("{} {ty}{collation}", self.ident(&attribute.name))
    }

    fn alter_type(&mut self, ty: &Type, name: &str, old: &TypeKind) {
        let TypeKind::Enum(old) = old else {
            return self.remark(&format!("{name}, which the platform made, may have been changed"));
        };
        let kept: Vec<&str> =
            ty.labels.iter().map(String::as_str).filter(|l| old.iter().any(|o| o.label == *l)).collect();
        if !kept.iter().copied().eq(old.iter().map(|o| o.label.as_str())) {
            return self.remark(&format!("labels of {name}, which the platform made, were renamed"));
        }
        let mut before: Option<&String> = None;
        for label in &ty.labels {
            if !old.iter().any(|o| o.label == *label) {
                let place = match before {
                    Some(neighbour) => format!(" AFTER {}", quote_literal(neighbour)),
                    None => old.first().map(|o| format!(" BEFORE {}", quote_literal(&o.label))).unwrap_or_default(),
                };
                self.statement(format!("ALTER TYPE {name} ADD VALUE {}{place}", quote_literal(label)));
            }
            before = Some(label);
        }
    }

    pub(super) fn domain_constraints(&mut self, ty: &Type) {
        if ty.common.platform {
            return;
        }
        let later: Vec<&Constraint> = ty.constraints.iter().filter(|check| self.comes_later(ty, check)).collect();
        for check in later {
            let (domain, name) = (self.name(&ty.schema, &ty.name), self.ident(&check.name));
            self.statement(format!("ALTER DOMAIN {domain} ADD CONSTRAINT {name} {}", check.definition));
        }
    }

    /// CREATE DOMAIN does not take NOT VALID.
    fn comes_later(&self, ty: &Type, check: &Constraint) -> bool {
        check.definition.ends_with(" NOT VALID")
            || self.plan.later.contains(&Object::DomainConstraint(ty.oid, check.oid))
    }

    // ---- sequences ----

    pub(super) fn sequence(&mut self, sequence: &Sequence) {
        let name = self.name(&sequence.schema, &sequence.name);
        let options = sequence_options(sequence);
        match self.platform.relation(sequence.oid) {
            None => {
                let ty = if sequence.ty == "bigint" { String::new() } else { format!(" AS {}", sequence.ty) };
                let unlogged = if sequence.unlogged { "UNLOGGED " } else { "" };
                self.statement(format!("CREATE {unlogged}SEQUENCE {name}{ty}{options}"));
            }
            Some(old) => {
                let old_name = (self.platform.schema_name(old.schema), old.name.as_str(), "");
                self.move_object("SEQUENCE", old_name, (&sequence.schema, &sequence.name));
                if self.catalog.relation(sequence.oid).and_then(|r| r.as_sequence()) != old.as_sequence() {
                    self.statement(format!("ALTER SEQUENCE {name} AS {}{options}", sequence.ty));
                }
            }
        }
    }

    pub(super) fn owned_sequences(&mut self) {
        self.section("Sequences of columns");
        for sequence in &self.doc.sequences {
            let name = self.name(&sequence.schema, &sequence.name);
            let owned_by = |catalog: &crate::catalog::Catalog| {
                catalog.relation(sequence.oid).and_then(|r| r.as_sequence()).and_then(|s| s.owned_by)
            };
            match &sequence.owned_by {
                Some(column) if owned_by(self.platform) != owned_by(self.catalog) => {
                    self.statement(format!("ALTER SEQUENCE {name} OWNED BY {column}"));
                }
                None if owned_by(self.platform).is_some() => {
                    self.statement(format!("ALTER SEQUENCE {name} OWNED BY NONE"));
                }
                Some(_) | None => {}
            }
        }
    }

    // ---- functions, views ----

    pub(super) fn function(&mut self, function: &Function) {
        let platform = self.platform;
        if let Some(old) = platform.function(function.oid) {
            let arguments = format!("({})", function.arguments.join(", "));
            let old_name = (platform.schema_name(old.schema), old.name.as_str(), arguments.as_str());
            self.move_object(function_word(function), old_name, (&function.schema, &function.name));
        }
        match &function.definition {
            Some(definition) => self.statement(definition),
            None if function.extension.is_some() => {}
            None if function.kind == "aggregate" => self.aggregate(function.oid),
            None => self.remark(&format!("not made: function {}", self.name(&function.schema, &function.name))),
        }
    }

    /// A view that has its columns but not its query yet (`pg_dump.c: createDummyViewAsClause`).
    pub(super) fn stub(&mut self, view: &View) {
        let column = |c: &Column| {
            let ty = c.ty.as_deref().unwrap_or("text");
            format!("NULL::{ty} AS {}", self.ident(&c.name))
        };
        let columns: Vec<String> = view.columns.iter().map(column).collect();
        let name = self.name(&view.schema, &view.name);
        self.statement(format!("CREATE VIEW {name} AS\n SELECT {}", columns.join(",\n    ")));
    }

    pub(super) fn view(&mut self, view: &View, materialized: bool, has_stub: bool) {
        let name = self.name(&view.schema, &view.name);
        let query = view.definition.trim_end_matches(';');
        let with = self.with_options_of(view.oid, &view.options);
        if let Some(old) = self.platform.relation(view.oid) {
            let kind = if materialized { "MATERIALIZED VIEW" } else { "VIEW" };
            let old_name = (self.platform.schema_name(old.schema), old.name.as_str(), "");
            self.move_object(kind, old_name, (&view.schema, &view.name));
            if materialized {
                return;
            }
        }
        if materialized {
            return self.statement(format!("CREATE MATERIALIZED VIEW {name}{with} AS\n{query}\nWITH NO DATA"));
        }
        let replace = if has_stub || view.common.platform { "OR REPLACE " } else { "" };
        self.statement(format!("CREATE {replace}VIEW {name}{with} AS\n{query}"));
    }

    // ---- publications ----

    pub(super) fn publications(&mut self) {
        self.section("Publications");
        for publication in &self.doc.publications {
            let name = self.ident(&publication.name);
            let mut parts: Vec<String> = publication.tables.iter().map(|t| self.publication_table(t)).collect();
            let Some(old) = self.platform.publication(publication.oid) else {
                let schemas: Vec<String> = publication.schemas.iter().map(|s| self.ident(s)).collect();
                if !schemas.is_empty() {
                    parts.push(format!("TABLES IN SCHEMA {}", schemas.join(", ")));
                }
                let what = match (publication.all_tables, parts.is_empty()) {
                    (true, _) => " FOR ALL TABLES".to_owned(),
                    (false, true) => String::new(),
                    (false, false) => format!(" FOR {}", parts.join(", ")),
                };
                let with = self.with(&publication.options);
                self.statement(format!("CREATE PUBLICATION {name}{what}{with}"));
                continue;
            };
            if old.name != publication.name {
                self.statement(format!("ALTER PUBLICATION {} RENAME TO {name}", self.ident(&old.name)));
            }
            for (table, part) in publication.tables.iter().zip(parts) {
                if old.relations.iter().any(|r| r.relation == table.oid) {
                    self.statement(format!("ALTER PUBLICATION {name} DROP TABLE {}", table.table));
                }
                self.statement(format!("ALTER PUBLICATION {name} ADD {part}"));
            }
            let new = self.catalog.publication(publication.oid);
            for (verb, from, to) in [("DROP", Some(old), new), ("ADD", new, Some(old))] {
                let schemas =
                    |p: Option<&crate::catalog::Publication>| p.map(|p| p.schemas.clone()).unwrap_or_default();
                for schema in schemas(from).into_iter().filter(|s| !schemas(to).contains(s)) {
                    let schema = self.ident(self.catalog.schema_name(schema));
                    self.statement(format!("ALTER PUBLICATION {name} {verb} TABLES IN SCHEMA {schema}"));
                }
            }
            if new.is_some_and(|new| new.options != old.options) {
                self.statement(format!("ALTER PUBLICATION {name} SET ({})", self.options(&publication.options)));
            }
        }
    }

    fn publication_table(&self, table: &PublicationTable) -> String {
        // Its children are listed, too, if they are published.
        let mut text = format!("TABLE ONLY {}", table.table);
        if !table.columns.is_empty() {
            let columns: Vec<String> = table.columns.iter().map(|c| self.ident(c)).collect();
            text.push_str(&format!(" ({})", columns.join(", ")));
        }
        if let Some(filter) = &table.filter {
            text.push_str(&format!(" WHERE ({filter})"));
        }
        text
    }
}

/// What ALTER calls the type.
pub(super) fn type_word(ty: &Type) -> &'static str {
    if ty.kind == "domain" { "DOMAIN" } else { "TYPE" }
}

/// What ALTER calls the function.
pub(super) fn function_word(function: &Function) -> &'static str {
    match function.kind {
        "procedure" => "PROCEDURE",
        "aggregate" => "AGGREGATE",
        _ => "FUNCTION",
    }
}

/// The options of a sequence that differ from the defaults, each after a space.
pub(super) fn sequence_options(sequence: &Sequence) -> String {
    let options = [
        ("INCREMENT BY", sequence.increment),
        ("MINVALUE", sequence.min),
        ("MAXVALUE", sequence.max),
        ("START WITH", sequence.start),
        ("CACHE", sequence.cache),
    ];
    let mut text: String =
        options.iter().filter_map(|(word, value)| value.map(|value| format!(" {word} {value}"))).collect();
    if sequence.cycle {
        text.push_str(" CYCLE");
    }
    text
}
