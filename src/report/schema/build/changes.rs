//! Leaves out what the platform provides, but for what something else changed or dropped.

use rustc_hash::FxHashMap;

use super::Builder;
use crate::catalog::{Object, Oid};
use crate::report::schema::model::*;

/// Takes `provided`, which is the document about the platform alone, out of a document.
pub(super) fn leave_out(doc: &mut SchemaDoc, provided: SchemaDoc, builder: &Builder<'_>) {
    let mut changes = Changes { builder, dropped: Vec::new() };
    changes.objects(&mut doc.roles, provided.roles);
    changes.objects(&mut doc.schemas, provided.schemas);
    changes.objects(&mut doc.extensions, provided.extensions);
    changes.objects(&mut doc.foreign_data_wrappers, provided.foreign_data_wrappers);
    changes.objects(&mut doc.servers, provided.servers);
    changes.objects(&mut doc.languages, provided.languages);
    // It goes with its extension.
    let extensions: Vec<String> =
        changes.dropped.iter().filter(|d| d.kind == "extension").map(|d| d.name.clone()).collect();
    changes.dropped.retain(|d| d.kind != "language" || !extensions.contains(&d.name));
    changes.objects(&mut doc.transforms, provided.transforms);
    changes.objects(&mut doc.types, provided.types);
    changes.objects(&mut doc.sequences, provided.sequences);
    changes.objects(&mut doc.functions, provided.functions);
    changes.objects(&mut doc.tables, provided.tables);
    changes.views(&mut doc.views, provided.views, "view");
    changes.views(&mut doc.materialized_views, provided.materialized_views, "materialized view");
    changes.objects(&mut doc.large_objects, provided.large_objects);
    changes.objects(&mut doc.event_triggers, provided.event_triggers);
    changes.objects(&mut doc.publications, provided.publications);
    if doc.database == provided.database {
        doc.database = None;
    }
    doc.parameters.retain(|parameter| !provided.parameters.contains(parameter));

    for (name, value) in provided.settings {
        match doc.settings.get(&name) {
            Some(new) if *new == value => drop(doc.settings.remove(&name)),
            Some(_) => {}
            None => changes.dropped.push(Dropped { kind: "setting", name, on: None, at: None }),
        }
    }
    for old in provided.default_privileges {
        let same = |d: &DefaultPrivileges| d.role == old.role && d.schema == old.schema && d.objects == old.objects;
        match doc.default_privileges.iter().position(same) {
            Some(at) if doc.default_privileges[at] == old => drop(doc.default_privileges.remove(at)),
            Some(_) => {}
            None => changes.dropped.push(Dropped {
                kind: "default privileges",
                name: old.objects.to_owned(),
                on: Some(match &old.schema {
                    Some(schema) => format!("{} in schema {schema}", old.role),
                    None => old.role.clone(),
                }),
                at: None,
            }),
        }
    }
    doc.dropped = changes.dropped;
}

struct Changes<'a, 'b> {
    builder: &'a Builder<'b>,
    dropped: Vec<Dropped>,
}

/// Something that has an OID of its own and may have parts.
trait Listed: PartialEq {
    fn oid(&self) -> Oid;
    fn common(&mut self) -> &mut Common;
    /// Its kind and its name as SQL takes it.
    fn name(&self, builder: &Builder<'_>) -> (&'static str, String);
    fn object(&self) -> Object;
    /// Leaves parts out that are as they were.
    fn leave_parts_out(&mut self, _provided: &mut Self, _changes: &mut Changes<'_, '_>) {}
}

impl Changes<'_, '_> {
    fn objects<T: Listed>(&mut self, list: &mut Vec<T>, provided: Vec<T>) {
        let order: Vec<Oid> = provided.iter().map(Listed::oid).collect();
        let mut provided: FxHashMap<Oid, T> = provided.into_iter().map(|item| (item.oid(), item)).collect();
        list.retain_mut(|item| {
            let Some(mut old) = provided.remove(&item.oid()) else { return true };
            // That everything may have changed is told once.
            let unknown = item.common().history.unknown.take();
            if *item == old {
                return false;
            }
            item.common().history.unknown = unknown;
            item.leave_parts_out(&mut old, self);
            item.common().platform = true;
            true
        });
        for oid in order {
            if let Some(gone) = provided.remove(&oid) {
                let (kind, name) = gone.name(self.builder);
                self.drop(kind, name, None, gone.object());
            }
        }
    }

    fn views(&mut self, list: &mut Vec<View>, provided: Vec<View>, kind: &'static str) {
        let before = self.dropped.len();
        self.objects(list, provided);
        for dropped in self.dropped[before..].iter_mut().filter(|d| d.kind == "view") {
            dropped.kind = kind;
        }
    }

    /// Leaves equal parts out and tells of those that are gone.
    fn parts<T: PartialEq, K: PartialEq>(
        &mut self,
        list: &mut Vec<T>,
        provided: &[T],
        key: impl Fn(&T) -> K,
        name: impl Fn(&T) -> (&'static str, String, Object),
        on: &str,
    ) {
        let has = |list: &[T], key_of: K| list.iter().any(|item| key(item) == key_of);
        for gone in provided.iter().filter(|old| !has(list, key(old))) {
            let (kind, name, object) = name(gone);
            self.drop(kind, name, Some(on.to_owned()), object);
        }
        list.retain(|item| !provided.contains(item));
    }

    fn drop(&mut self, kind: &'static str, name: String, on: Option<String>, object: Object) {
        let grave = self.builder.catalog.tombstones().rev().find(|t| t.object == object);
        let at = grave.and_then(|t| self.builder.line(t.ended));
        self.dropped.push(Dropped { kind, name, on, at });
    }
}

impl Builder<'_> {
    fn quoted(&self, name: &str) -> String {
        self.catalog.quote_identifier(name).into_owned()
    }

    fn quoted_in(&self, schema: &str, name: &str) -> String {
        format!("{}.{}", self.quoted(schema), self.quoted(name))
    }
}

impl Listed for Role {
    fn oid(&self) -> Oid {
        self.oid
    }
    fn common(&mut self) -> &mut Common {
        &mut self.common
    }
    fn name(&self, builder: &Builder<'_>) -> (&'static str, String) {
        ("role", builder.quoted(&self.name))
    }
    fn object(&self) -> Object {
        Object::Role(self.oid)
    }
}

impl Listed for Namespace {
    fn oid(&self) -> Oid {
        self.oid
    }
    fn common(&mut self) -> &mut Common {
        &mut self.common
    }
    fn name(&self, builder: &Builder<'_>) -> (&'static str, String) {
        ("schema", builder.quoted(&self.name))
    }
    fn object(&self) -> Object {
        Object::Schema(self.oid)
    }
}

impl Listed for Extension {
    fn oid(&self) -> Oid {
        self.oid
    }
    fn common(&mut self) -> &mut Common {
        &mut self.common
    }
    fn name(&self, builder: &Builder<'_>) -> (&'static str, String) {
        ("extension", builder.quoted(&self.name))
    }
    fn object(&self) -> Object {
        Object::Extension(self.oid)
    }
}

impl Listed for Type {
    fn oid(&self) -> Oid {
        self.oid
    }
    fn common(&mut self) -> &mut Common {
        &mut self.common
    }
    fn name(&self, builder: &Builder<'_>) -> (&'static str, String) {
        let kind = if self.kind == "domain" { "domain" } else { "type" };
        (kind, builder.quoted_in(&self.schema, &self.name))
    }
    fn object(&self) -> Object {
        Object::Type(self.oid)
    }
}

impl Listed for Sequence {
    fn oid(&self) -> Oid {
        self.oid
    }
    fn common(&mut self) -> &mut Common {
        &mut self.common
    }
    fn name(&self, builder: &Builder<'_>) -> (&'static str, String) {
        ("sequence", builder.quoted_in(&self.schema, &self.name))
    }
    fn object(&self) -> Object {
        Object::Relation(self.oid)
    }
}

impl Listed for Function {
    fn oid(&self) -> Oid {
        self.oid
    }
    fn common(&mut self) -> &mut Common {
        &mut self.common
    }
    fn name(&self, builder: &Builder<'_>) -> (&'static str, String) {
        let kind = match self.kind {
            "procedure" => "procedure",
            "aggregate" => "aggregate",
            _ => "function",
        };
        (kind, format!("{}({})", builder.quoted_in(&self.schema, &self.name), self.arguments.join(", ")))
    }
    fn object(&self) -> Object {
        Object::Function(self.oid)
    }
}

impl Listed for Table {
    fn oid(&self) -> Oid {
        self.oid
    }
    fn common(&mut self) -> &mut Common {
        &mut self.common
    }
    fn name(&self, builder: &Builder<'_>) -> (&'static str, String) {
        let kind = if self.server.is_some() { "foreign table" } else { "table" };
        (kind, builder.quoted_in(&self.schema, &self.name))
    }
    fn object(&self) -> Object {
        Object::Relation(self.oid)
    }
    fn leave_parts_out(&mut self, old: &mut Self, changes: &mut Changes<'_, '_>) {
        let (oid, builder) = (self.oid, changes.builder);
        let on = builder.quoted_in(&self.schema, &self.name);
        let index_schema = self.schema.clone();
        changes.parts(
            &mut self.columns,
            &old.columns,
            |c| c.number,
            |c| ("column", builder.quoted(&c.name), Object::Column(oid, c.number)),
            &on,
        );
        changes.parts(
            &mut self.constraints,
            &old.constraints,
            |c| c.oid,
            |c| ("constraint", builder.quoted(&c.name), Object::Constraint(oid, c.oid)),
            &on,
        );
        changes.parts(
            &mut self.indexes,
            &old.indexes,
            |i| i.oid,
            |i| ("index", builder.quoted_in(&index_schema, &i.name), Object::Relation(i.oid)),
            &on,
        );
        changes.parts(
            &mut self.policies,
            &old.policies,
            |p| p.oid,
            |p| ("policy", builder.quoted(&p.name), Object::Policy(oid, p.oid)),
            &on,
        );
        changes.parts(
            &mut self.triggers,
            &old.triggers,
            |t| t.oid,
            |t| ("trigger", builder.quoted(&t.name), Object::Trigger(oid, t.oid)),
            &on,
        );
    }
}

impl Listed for View {
    fn oid(&self) -> Oid {
        self.oid
    }
    fn common(&mut self) -> &mut Common {
        &mut self.common
    }
    fn name(&self, builder: &Builder<'_>) -> (&'static str, String) {
        ("view", builder.quoted_in(&self.schema, &self.name))
    }
    fn object(&self) -> Object {
        Object::Relation(self.oid)
    }
    /// A view's columns go with its query, so they are all listed.
    fn leave_parts_out(&mut self, old: &mut Self, changes: &mut Changes<'_, '_>) {
        let (oid, builder) = (self.oid, changes.builder);
        let on = builder.quoted_in(&self.schema, &self.name);
        let index_schema = self.schema.clone();
        changes.parts(
            &mut self.indexes,
            &old.indexes,
            |i| i.oid,
            |i| ("index", builder.quoted_in(&index_schema, &i.name), Object::Relation(i.oid)),
            &on,
        );
        changes.parts(
            &mut self.triggers,
            &old.triggers,
            |t| t.oid,
            |t| ("trigger", builder.quoted(&t.name), Object::Trigger(oid, t.oid)),
            &on,
        );
    }
}

impl Listed for Publication {
    fn oid(&self) -> Oid {
        self.oid
    }
    fn common(&mut self) -> &mut Common {
        &mut self.common
    }
    fn name(&self, builder: &Builder<'_>) -> (&'static str, String) {
        ("publication", builder.quoted(&self.name))
    }
    fn object(&self) -> Object {
        Object::Publication(self.oid)
    }
    fn leave_parts_out(&mut self, old: &mut Self, changes: &mut Changes<'_, '_>) {
        let (oid, builder) = (self.oid, changes.builder);
        let on = builder.quoted(&self.name);
        changes.parts(
            &mut self.tables,
            &old.tables,
            |t| t.oid,
            |t| ("publication table", t.table.clone(), Object::PublicationRelation(oid, t.oid)),
            &on,
        );
    }
}

impl Listed for ForeignDataWrapper {
    fn oid(&self) -> Oid {
        self.oid
    }
    fn common(&mut self) -> &mut Common {
        &mut self.common
    }
    fn name(&self, builder: &Builder<'_>) -> (&'static str, String) {
        ("foreign data wrapper", builder.quoted(&self.name))
    }
    fn object(&self) -> Object {
        Object::ForeignDataWrapper(self.oid)
    }
}

impl Listed for Server {
    fn oid(&self) -> Oid {
        self.oid
    }
    fn common(&mut self) -> &mut Common {
        &mut self.common
    }
    fn name(&self, builder: &Builder<'_>) -> (&'static str, String) {
        ("server", builder.quoted(&self.name))
    }
    fn object(&self) -> Object {
        Object::ForeignServer(self.oid)
    }
}

impl Listed for Language {
    fn oid(&self) -> Oid {
        self.oid
    }
    fn common(&mut self) -> &mut Common {
        &mut self.common
    }
    fn name(&self, builder: &Builder<'_>) -> (&'static str, String) {
        ("language", builder.quoted(&self.name))
    }
    fn object(&self) -> Object {
        Object::Language(self.oid)
    }
}

impl Listed for EventTrigger {
    fn oid(&self) -> Oid {
        self.oid
    }
    fn common(&mut self) -> &mut Common {
        &mut self.common
    }
    fn name(&self, builder: &Builder<'_>) -> (&'static str, String) {
        ("event trigger", builder.quoted(&self.name))
    }
    fn object(&self) -> Object {
        Object::EventTrigger(self.oid)
    }
}

impl Listed for Transform {
    fn oid(&self) -> Oid {
        self.oid
    }
    fn common(&mut self) -> &mut Common {
        &mut self.common
    }
    fn name(&self, builder: &Builder<'_>) -> (&'static str, String) {
        ("transform", format!("FOR {} LANGUAGE {}", self.ty, builder.quoted(&self.language)))
    }
    fn object(&self) -> Object {
        Object::Transform(self.oid)
    }
}

impl Listed for LargeObject {
    fn oid(&self) -> Oid {
        self.number
    }
    fn common(&mut self) -> &mut Common {
        &mut self.common
    }
    fn name(&self, _builder: &Builder<'_>) -> (&'static str, String) {
        ("large object", self.number.0.to_string())
    }
    fn object(&self) -> Object {
        Object::LargeObject(self.number)
    }
}
