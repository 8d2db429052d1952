//! Comments, owners, privileges: what every object may have.

use super::Script;
use super::object::{function_word, type_word};
use crate::catalog::{Acl, AclKind, Catalog, DefaultAclKey, Object, Oid, Privs, RelationKind, TypeKind};
use crate::expr::deparse::quote_literal;
use crate::report::redact::redact;
use crate::report::schema::build::{Order, default_acl_objects, orders};
use crate::report::schema::model::*;

/// An object as COMMENT, OWNER and GRANT name it.
struct Target {
    object: Object,
    /// `TABLE`, `FUNCTION` …
    word: &'static str,
    /// The name, with argument types for a function.
    name: String,
    comment: Option<String>,
    /// The platform made it.
    platform: bool,
}

/// Owner, privileges and comment as a catalog has them.
struct Record<'a> {
    owner: Option<Oid>,
    schema: Option<Oid>,
    kind: Option<AclKind>,
    acl: Option<&'a Acl>,
    comment: Option<&'a String>,
}

impl Script<'_> {
    /// All objects of the document, in the order in which they are listed.
    fn targets(&self) -> Vec<Target> {
        let doc = self.doc;
        let mut targets = Vec::new();
        let mut add = |object, word, name, common: &Common| {
            let comment = common.comment.clone();
            targets.push(Target { object, word, name, comment, platform: common.platform });
        };
        for role in doc.roles.iter().filter(|_| self.source.parts.roles) {
            add(Object::Role(role.oid), "ROLE", self.ident(&role.name), &role.common);
        }
        for schema in &doc.schemas {
            add(Object::Schema(schema.oid), "SCHEMA", self.ident(&schema.name), &schema.common);
        }
        for extension in &doc.extensions {
            add(Object::Extension(extension.oid), "EXTENSION", self.ident(&extension.name), &extension.common);
        }
        for wrapper in &doc.foreign_data_wrappers {
            let object = Object::ForeignDataWrapper(wrapper.oid);
            add(object, "FOREIGN DATA WRAPPER", self.ident(&wrapper.name), &wrapper.common);
        }
        for server in &doc.servers {
            add(Object::ForeignServer(server.oid), "SERVER", self.ident(&server.name), &server.common);
        }
        for language in &doc.languages {
            add(Object::Language(language.oid), "LANGUAGE", self.ident(&language.name), &language.common);
        }
        for transform in &doc.transforms {
            let name = format!("FOR {} LANGUAGE {}", transform.ty, self.ident(&transform.language));
            add(Object::Transform(transform.oid), "TRANSFORM", name, &transform.common);
        }
        for object in super::order::stored(self.catalog) {
            let Some((word, name)) = self.stored_name(object) else { continue };
            let platform = record(self.platform, object).is_some();
            let comment = record(self.catalog, object).and_then(|r| r.comment).map(|text| redact(text).into_owned());
            add(object, word, name, &Common { comment, platform, ..Common::default() });
        }
        for ty in &doc.types {
            add(Object::Type(ty.oid), type_word(ty), self.name(&ty.schema, &ty.name), &ty.common);
        }
        for sequence in &doc.sequences {
            let name = self.name(&sequence.schema, &sequence.name);
            add(Object::Relation(sequence.oid), "SEQUENCE", name, &sequence.common);
        }
        for function in &doc.functions {
            let none = if function.kind == "aggregate" && function.arguments.is_empty() { "*" } else { "" };
            let arguments = format!("{none}{}", function.arguments.join(", "));
            let name = format!("{}({arguments})", self.name(&function.schema, &function.name));
            add(Object::Function(function.oid), function_word(function), name, &function.common);
        }
        for table in &doc.tables {
            let word = if table.server.is_some() { "FOREIGN TABLE" } else { "TABLE" };
            add(Object::Relation(table.oid), word, self.name(&table.schema, &table.name), &table.common);
            for sequence in table.columns.iter().filter_map(|c| c.identity.as_ref()?.sequence.as_ref()) {
                let name = self.name(&sequence.schema, &sequence.name);
                add(Object::Relation(sequence.oid), "SEQUENCE", name, &sequence.common);
            }
        }
        for (views, word) in [(&doc.views, "VIEW"), (&doc.materialized_views, "MATERIALIZED VIEW")] {
            for view in views {
                add(Object::Relation(view.oid), word, self.name(&view.schema, &view.name), &view.common);
            }
        }
        for object in &doc.large_objects {
            add(Object::LargeObject(object.number), "LARGE OBJECT", object.number.0.to_string(), &object.common);
        }
        for publication in &doc.publications {
            let name = self.ident(&publication.name);
            add(Object::Publication(publication.oid), "PUBLICATION", name, &publication.common);
        }
        targets
    }

    // ---- comments ----

    pub(super) fn comments(&mut self) {
        self.section("Comments");
        for target in self.targets() {
            let old = record(self.platform, target.object).and_then(|r| r.comment.cloned());
            self.comment(&format!("{} {}", target.word, target.name), target.comment.as_deref(), old.as_deref());
        }
        let doc = self.doc;
        for ty in &doc.types {
            let name = self.name(&ty.schema, &ty.name);
            for attribute in &ty.attributes {
                let what = format!("COLUMN {name}.{}", self.ident(&attribute.name));
                self.comment(&what, attribute.comment.as_deref(), None);
            }
            for check in &ty.constraints {
                let what = format!("CONSTRAINT {} ON DOMAIN {name}", self.ident(&check.name));
                self.comment(&what, check.comment.as_deref(), None);
            }
        }
        for table in &doc.tables {
            self.comments_of_table(table);
        }
        for view in doc.views.iter().chain(&doc.materialized_views) {
            let name = self.name(&view.schema, &view.name);
            for column in &view.columns {
                let old = self.platform.relation(view.oid).and_then(|r| r.column_at(column.number));
                let old = old.and_then(|c| c.comment.clone());
                let what = format!("COLUMN {name}.{}", self.ident(&column.name));
                self.comment(&what, column.comment.as_deref(), old.as_deref());
            }
            self.comments_of_indexes(&view.indexes, &view.schema);
            self.comments_of_triggers(&view.triggers, &name);
        }
    }

    fn comments_of_table(&mut self, table: &Table) {
        let name = self.name(&table.schema, &table.name);
        let old = self.platform.relation(table.oid);
        for column in &table.columns {
            let old = old.and_then(|r| r.column_at(column.number)).and_then(|c| c.comment.as_deref());
            self.comment(&format!("COLUMN {name}.{}", self.ident(&column.name)), column.comment.as_deref(), old);
        }
        for constraint in &table.constraints {
            let ident = self.ident(&constraint.name);
            let old = old.and_then(|r| r.constraints.iter().find(|c| c.oid == constraint.oid));
            let old = old.and_then(|c| c.comment.as_deref());
            self.comment(&format!("CONSTRAINT {ident} ON {name}"), constraint.comment.as_deref(), old);
            let index = self.name(&table.schema, &constraint.name);
            self.comment(&format!("INDEX {index}"), constraint.index_comment.as_deref(), None);
        }
        self.comments_of_indexes(&table.indexes, &table.schema);
        for policy in &table.policies {
            let what = format!("POLICY {} ON {name}", self.ident(&policy.name));
            // A policy of the platform that changed was made anew.
            self.comment(&what, policy.comment.as_deref(), None);
        }
        self.comments_of_triggers(&table.triggers, &name);
    }

    fn comments_of_indexes(&mut self, indexes: &[Index], schema: &str) {
        for index in indexes {
            let old = self.platform.relation(index.oid).and_then(|r| r.comment.as_deref());
            self.comment(&format!("INDEX {}", self.name(schema, &index.name)), index.comment.as_deref(), old);
        }
    }

    fn comments_of_triggers(&mut self, triggers: &[Trigger], table: &str) {
        for trigger in triggers {
            let what = format!("TRIGGER {} ON {table}", self.ident(&trigger.name));
            self.comment(&what, trigger.comment.as_deref(), None);
        }
    }

    pub(super) fn comment(&mut self, what: &str, comment: Option<&str>, old: Option<&str>) {
        if comment != old {
            let text = comment.map_or_else(|| "NULL".to_owned(), quote_literal);
            self.statement(format!("COMMENT ON {what} IS {text}"));
        }
    }

    // ---- owners ----

    pub(super) fn owners(&mut self) {
        self.section("Owners");
        for target in self.targets() {
            let Some(owner) = record(self.catalog, target.object).and_then(|r| r.owner) else { continue };
            let old = record(self.platform, target.object).and_then(|r| r.owner);
            // A sequence follows its table.
            let follows = match target.object {
                Object::Relation(oid) => {
                    self.catalog.relation(oid).and_then(|r| r.as_sequence()).is_some_and(|s| s.owned_by.is_some())
                }
                _ => false,
            };
            if owner != old.unwrap_or(self.source.user) && !follows {
                let owner = self.role(owner);
                self.statement(format!("ALTER {} {} OWNER TO {owner}", target.word, target.name));
            }
        }
    }

    // ---- privileges ----

    pub(super) fn privileges(&mut self) {
        self.section("Privileges");
        for target in self.targets() {
            let Some(record_now) = record(self.catalog, target.object) else { continue };
            let (Some(owner), Some(kind)) = (record_now.owner, record_now.kind) else { continue };
            let version = self.catalog.version();
            let (mut from, old_owner) = match record(self.platform, target.object).filter(|_| target.platform) {
                Some(old) => (old.acl.cloned(), old.owner.unwrap_or(owner)),
                None => {
                    let user = self.source.user;
                    (self.platform.new_object_acl(kind, user, record_now.schema), user)
                }
            };
            let from = from.get_or_insert_with(|| Acl::default_for(kind, old_owner, version));
            from.change_owner(old_owner, owner);
            let to = record_now.acl.cloned().unwrap_or_else(|| Acl::default_for(kind, owner, version));
            let word = match target.word {
                "FOREIGN TABLE" | "VIEW" | "MATERIALIZED VIEW" => "TABLE",
                "AGGREGATE" => "FUNCTION",
                "SERVER" => "FOREIGN SERVER",
                word => word,
            };
            // Here an aggregate is a function like others.
            let name = target.name.strip_suffix("(*)").map(|name| format!("{name}()"));
            let on = format!("{word} {}", name.as_ref().unwrap_or(&target.name));
            for order in orders(from, &to, owner) {
                let privs = privileges(order.privs, kind.all(version));
                self.grant(&order, &privs, &on, owner);
            }
            self.column_privileges(target.object, &on, owner);
        }
    }

    fn column_privileges(&mut self, object: Object, on: &str, owner: Oid) {
        let Object::Relation(oid) = object else { return };
        let Some(relation) = self.catalog.relation(oid) else { return };
        let old = self.platform.relation(oid);
        for column in relation.live_columns() {
            let mut from = old.and_then(|r| r.column_at(column.number)).and_then(|c| c.acl.clone()).unwrap_or_default();
            if let Some(old) = old {
                from.change_owner(old.owner, owner);
            }
            let to = column.acl.clone().unwrap_or_default();
            let name = self.ident(&column.name);
            for order in orders(&from, &to, owner) {
                let privs: Vec<String> = order.privs.names().map(|p| format!("{p} ({name})")).collect();
                self.grant(&order, &privs.join(", "), on, owner);
            }
        }
    }

    pub(super) fn grant(&mut self, order: &Order, privs: &str, on: &str, owner: Oid) {
        let text = self.grant_text(order, privs, on);
        if order.grantor == owner {
            return self.statement(text);
        }
        // Only the grantor can do it in its own name.
        self.statement(format!("SET ROLE {}", self.role(order.grantor)));
        self.statement(text);
        self.statement("RESET ROLE");
    }

    pub(super) fn grant_text(&self, order: &Order, privs: &str, on: &str) -> String {
        let grantee = self.role(order.grantee);
        match (order.grant, order.option) {
            (true, false) => format!("GRANT {privs} ON {on} TO {grantee}"),
            (true, true) => format!("GRANT {privs} ON {on} TO {grantee} WITH GRANT OPTION"),
            (false, false) => format!("REVOKE {privs} ON {on} FROM {grantee}"),
            (false, true) => format!("REVOKE GRANT OPTION FOR {privs} ON {on} FROM {grantee}"),
        }
    }

    pub(super) fn default_privileges(&mut self) {
        self.section("Default privileges");
        let (catalog, platform) = (self.catalog, self.platform);
        let mut keys: Vec<DefaultAclKey> =
            catalog.default_acls().chain(platform.default_acls()).map(|(k, _)| k).collect();
        keys.sort_by_key(|key| (catalog.role_name(key.role), key.schema.map(|s| catalog.schema_name(s)), key.kind));
        keys.dedup();
        for key in keys {
            // What is gone with its role or schema needs no statement.
            let exists = catalog.role(key.role).is_some() && key.schema.is_none_or(|s| catalog.schema(s).is_some());
            let Some(objects) = default_acl_objects(key.kind).filter(|_| exists) else { continue };
            let standard = match key.schema {
                None => Acl::default_for(key.kind, key.role, catalog.version()),
                Some(_) => Acl::default(),
            };
            let from = platform.default_acl(key).unwrap_or(&standard);
            let to = catalog.default_acl(key).unwrap_or(&standard);
            let schema = key.schema.map(|s| format!(" IN SCHEMA {}", self.ident(catalog.schema_name(s))));
            let schema = schema.unwrap_or_default();
            for order in orders(from, to, key.role) {
                let privs = privileges(order.privs, key.kind.all(catalog.version()));
                let text = self.grant_text(&order, &privs, objects);
                self.statement(format!("ALTER DEFAULT PRIVILEGES FOR ROLE {}{schema} {text}", self.role(key.role)));
            }
        }
    }
}

/// The privileges in words.
pub(super) fn privileges(privs: Privs, all: Privs) -> String {
    if privs == all { "ALL".to_owned() } else { privs.names().collect::<Vec<_>>().join(", ") }
}

/// A catalog has the object.
pub(super) fn is_there(catalog: &Catalog, object: Object) -> bool {
    record(catalog, object).is_some()
}

/// What a catalog says of an object; nothing if it has none of that number.
fn record(catalog: &Catalog, object: Object) -> Option<Record<'_>> {
    let record = |owner, schema, kind, acl, comment| Some(Record { owner, schema, kind, acl, comment });
    match object {
        Object::Role(oid) => {
            let role = catalog.role(oid)?;
            record(None, None, None, None, role.comment.as_ref())
        }
        Object::Schema(oid) => {
            let s = catalog.schema(oid)?;
            record(Some(s.owner), None, Some(AclKind::Schema), s.acl.as_ref(), s.comment.as_ref())
        }
        Object::Extension(oid) => {
            let extension = catalog.extension(oid)?;
            record(None, None, None, None, extension.comment.as_ref())
        }
        Object::Publication(oid) => {
            let publication = catalog.publication(oid)?;
            record(Some(publication.owner), None, None, None, publication.comment.as_ref())
        }
        Object::Type(oid) => {
            let ty = catalog.type_(oid)?;
            let of_relation = match ty.kind {
                TypeKind::Composite(relation) => catalog.relation(relation).and_then(|r| r.comment.as_ref()),
                TypeKind::Base(_)
                | TypeKind::Array(_)
                | TypeKind::Enum(_)
                | TypeKind::Domain(_)
                | TypeKind::Range(_)
                | TypeKind::Multirange(_)
                | TypeKind::Shell => None,
            };
            let comment = ty.comment.as_ref().or(of_relation);
            record(Some(ty.owner), Some(ty.schema), Some(AclKind::Type), ty.acl.as_ref(), comment)
        }
        Object::Function(oid) => {
            let f = catalog.function(oid)?;
            record(Some(f.owner), Some(f.schema), Some(AclKind::Function), f.acl.as_ref(), f.comment.as_ref())
        }
        Object::Relation(oid) => {
            let r = catalog.relation(oid)?;
            let kind = match r.kind {
                RelationKind::Sequence(_) => Some(AclKind::Sequence),
                RelationKind::Table
                | RelationKind::PartitionedTable(_)
                | RelationKind::ForeignTable(_)
                | RelationKind::View(_)
                | RelationKind::MaterializedView(..) => Some(AclKind::Table),
                RelationKind::Index(_) | RelationKind::CompositeType => None,
            };
            record(Some(r.owner), Some(r.schema), kind, r.acl.as_ref(), r.comment.as_ref())
        }
        Object::ForeignDataWrapper(oid) => {
            let wrapper = catalog.foreign_data_wrapper(oid)?;
            let kind = Some(AclKind::ForeignDataWrapper);
            record(Some(wrapper.owner), None, kind, wrapper.acl.as_ref(), wrapper.comment.as_ref())
        }
        Object::ForeignServer(oid) => {
            let server = catalog.foreign_server(oid)?;
            let kind = Some(AclKind::ForeignServer);
            record(Some(server.owner), None, kind, server.acl.as_ref(), server.comment.as_ref())
        }
        Object::EventTrigger(oid) => {
            let trigger = catalog.event_trigger(oid)?;
            record(Some(trigger.owner), None, None, None, trigger.comment.as_ref())
        }
        Object::Language(oid) => {
            let language = catalog.language(oid)?;
            let kind = Some(AclKind::Language);
            record(Some(language.owner), None, kind, language.acl.as_ref(), language.comment.as_ref())
        }
        Object::Column(..)
        | Object::Default(..)
        | Object::Constraint(..)
        | Object::Trigger(..)
        | Object::Policy(..)
        | Object::Rule(..)
        | Object::DomainConstraint(..)
        | Object::PublicationRelation(..)
        | Object::DefaultAcl(_)
        | Object::Statistics(_) => None,
        Object::Operator(oid) => {
            let found = catalog.operator(oid)?;
            record(Some(found.owner), Some(found.schema), None, None, found.comment.as_ref())
        }
        Object::OpClass(oid) => {
            let found = catalog.opclass(oid)?;
            record(Some(found.owner), Some(found.schema), None, None, found.comment.as_ref())
        }
        Object::OpFamily(oid) => {
            let found = catalog.opfamily(oid)?;
            record(Some(found.owner), Some(found.schema), None, None, found.comment.as_ref())
        }
        Object::Collation(oid) => {
            let found = catalog.collation(oid)?;
            record(Some(found.owner), Some(found.schema), None, None, found.comment.as_ref())
        }
        Object::Conversion(oid) => {
            let found = catalog.conversion(oid)?;
            record(Some(found.owner), Some(found.schema), None, None, found.comment.as_ref())
        }
        Object::TsConfig(oid) => {
            let found = catalog.ts_config(oid)?;
            record(Some(found.owner), Some(found.schema), None, None, found.comment.as_ref())
        }
        Object::TsDict(oid) => {
            let found = catalog.ts_dict(oid)?;
            record(Some(found.owner), Some(found.schema), None, None, found.comment.as_ref())
        }
        Object::Cast(oid) => record(None, None, None, None, catalog.user_cast_by_oid(oid)?.comment.as_ref()),
        Object::Transform(oid) => {
            let transform = catalog.transform(oid)?;
            record(None, None, None, None, transform.comment.as_ref())
        }
        Object::LargeObject(oid) => {
            let object = catalog.large_object(oid)?;
            record(Some(object.owner), None, Some(AclKind::LargeObject), object.acl.as_ref(), object.comment.as_ref())
        }
        Object::Database(_) => {
            let database = catalog.database();
            let kind = Some(AclKind::Database);
            record(Some(database.owner), None, kind, database.acl.as_ref(), database.comment.as_ref())
        }
    }
}
