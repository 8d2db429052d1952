//! Makes the flat document: relations with their parts, and what is left out of it.

use rustc_hash::FxHashMap;

use super::model::*;
use crate::catalog::{
    self, AclKind, Catalog, ConstraintKind, Layer, Object, Oid, Origin, Provenance, Relation, RelationKind, TypeRef,
    Unknown,
};
use crate::report::schema::Source;
use crate::report::schema::build::Builder;
use crate::report::schema::model::SchemaDoc;
use crate::report::schema::text::Texts;
use crate::sql::ast::{FiringState, Persistence, PolicyCommand};

/// The flat document; `doc` is the other one, from which comes what is said of the whole.
pub(in crate::report::schema) fn document(source: &Source<'_>, doc: &SchemaDoc, pretty: bool) -> FlatDoc {
    let mut flat = Flat::new(source.catalog, source, pretty).everything();
    flat.leave_out(Flat::new(source.platform, source, pretty).everything());
    flat.postgres = doc.postgres;
    flat.platform.clone_from(&doc.platform);
    flat.user.clone_from(&doc.user);
    flat.at.clone_from(&doc.at);
    flat.hidden_secrets = doc.hidden_secrets;
    flat.problems.clone_from(&doc.problems);
    flat.unknown.clone_from(&doc.unknown);
    flat.dropped.clone_from(&doc.dropped);
    flat.settings.clone_from(&doc.settings);
    flat
}

/// What the entries are made with.
pub(super) struct Flat<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) builder: Builder<'a>,
    pub(super) texts: Texts<'a>,
    pub(super) doc: FlatDoc,
}

impl<'a> Flat<'a> {
    fn new(catalog: &'a Catalog, source: &'a Source<'a>, pretty: bool) -> Self {
        let doc = FlatDoc {
            version: FLAT_VERSION,
            postgres: catalog.version(),
            platform: None,
            user: String::new(),
            at: None,
            hidden_secrets: 0,
            problems: vec![],
            unknown: vec![],
            dropped: vec![],
            settings: Default::default(),
            schemas: vec![],
            extensions: vec![],
            foreign_data_wrappers: vec![],
            servers: vec![],
            event_triggers: vec![],
            languages: vec![],
            transforms: vec![],
            large_objects: vec![],
            tables: vec![],
            columns: vec![],
            constraints: vec![],
            indexes: vec![],
            views: vec![],
            sequences: vec![],
            types: vec![],
            functions: vec![],
            triggers: vec![],
            policies: vec![],
            rules: vec![],
            statistics: vec![],
            publications: vec![],
            publication_tables: vec![],
            roles: vec![],
            grants: vec![],
            default_privileges: vec![],
            comments: vec![],
        };
        Flat { catalog, builder: Builder::new(catalog, source), texts: Texts::new(catalog, pretty), doc }
    }

    fn everything(mut self) -> FlatDoc {
        self.objects();
        let relations: Vec<&Relation> = self.catalog.relations().collect();
        for relation in relations {
            if relation.persistence != Persistence::Temporary && !self.builder.is_member(Object::Relation(relation.oid))
            {
                self.relation(relation);
            }
        }
        self.statistics();
        self.doc.sort();
        self.doc
    }

    fn statistics(&mut self) {
        for found in self.catalog.all_statistics() {
            let Some(table) = self.catalog.relation(found.table) else { continue };
            let meta = self.meta(found.oid, 0, &found.provenance, None);
            let schema = self.catalog.schema_name(found.schema).to_owned();
            let on =
                On { on: "statistics", schema: Some(schema.clone()), name: found.name.to_string(), ..On::default() };
            self.comment(on, found.comment.as_ref(), &meta);
            self.doc.statistics.push(FlatStatistics {
                schema,
                table: self.catalog.qualified(table.schema, &table.name, false),
                name: found.name.to_string(),
                def: self.text(&self.texts.statistics(found)),
                meta,
            });
        }
    }

    // ---- what all entries need ----

    fn at(&self, origin: Origin) -> Option<At> {
        let (path, line) = self.builder.source.sources.path_line(origin.place);
        (origin.layer != Layer::Platform).then(|| At { path: path.to_owned(), line })
    }

    /// What every entry has; `part` and `what` tell it from other entries about the same object.
    pub(super) fn meta(&self, oid: Oid, part: i64, provenance: &Provenance, doubt: Option<&Unknown>) -> Meta {
        let from = self.at(provenance.created);
        let mut altered: Vec<At> = Vec::new();
        for change in &provenance.changed {
            let line = self.at(change.origin);
            // A statement may change several things.
            altered.extend(line.filter(|l| Some(l) != from.as_ref() && altered.last() != Some(l)));
        }
        let unknown = doubt.map(|unknown| self.text(&unknown.reason));
        Meta { owner: None, platform: false, from, altered, unknown, id: (oid, part, String::new()) }
    }

    pub(super) fn owned(&self, meta: Meta, owner: Oid) -> Meta {
        Meta { owner: self.builder.owner(owner), ..meta }
    }

    pub(super) fn text(&self, text: &str) -> String {
        self.builder.text(text)
    }

    pub(super) fn schema_name(&self, schema: Oid) -> String {
        self.catalog.schema_name(schema).to_owned()
    }

    pub(super) fn comment(&mut self, object: On, comment: Option<&String>, meta: &Meta) {
        if let Some(comment) = comment {
            let meta = Meta { owner: None, ..meta.clone() };
            self.doc.comments.push(FlatComment { object, comment: self.builder.text(comment), meta });
        }
    }

    pub(super) fn grants(&mut self, object: &On, acl: Option<&catalog::Acl>, kind: AclKind, owner: Oid, meta: &Meta) {
        for privilege in self.builder.privileges(acl, kind, owner).into_iter().flatten() {
            let mut meta = Meta { owner: None, altered: Vec::new(), ..meta.clone() };
            meta.id.2 = format!("{} {:?}", privilege.grantee, privilege.grantor);
            self.doc.grants.push(FlatGrant {
                object: object.clone(),
                grantee: privilege.grantee,
                privileges: privilege.privileges,
                grantable: privilege.grantable,
                grantor: privilege.grantor,
                meta,
            });
        }
    }

    // ---- relations ----

    fn relation(&mut self, relation: &Relation) {
        let meta = self.meta(relation.oid, 0, &relation.provenance, self.builder.doubt_of_relation(relation));
        let meta = self.owned(meta, relation.owner);
        let (word, kind) = match &relation.kind {
            RelationKind::Table | RelationKind::PartitionedTable(_) | RelationKind::ForeignTable(_) => {
                self.table(relation, meta.clone());
                ("table", AclKind::Table)
            }
            RelationKind::View(_) => {
                self.view(relation, "view", meta.clone());
                ("view", AclKind::Table)
            }
            RelationKind::MaterializedView(..) => {
                self.view(relation, "materialized view", meta.clone());
                ("materialized view", AclKind::Table)
            }
            RelationKind::Sequence(sequence) => {
                self.sequence(relation, sequence, meta.clone());
                ("sequence", AclKind::Sequence)
            }
            RelationKind::Index(index) => {
                self.index(relation, index, meta);
                return;
            }
            // A part of its type.
            RelationKind::CompositeType => return,
        };
        let schema = Some(self.schema_name(relation.schema));
        let object = On { on: word, schema, name: relation.name.to_string(), ..On::default() };
        self.grants(&object, relation.acl.as_ref(), kind, relation.owner, &meta);
        self.comment(object, relation.comment.as_ref(), &meta);
        if kind == AclKind::Table {
            self.parts(relation);
        }
    }

    fn table(&mut self, relation: &Relation, meta: Meta) {
        let (mut kind, mut partition_key, mut server) = ("table", None, None);
        let mut foreign_options = std::collections::BTreeMap::new();
        match &relation.kind {
            RelationKind::PartitionedTable(key) => {
                kind = "partitioned table";
                partition_key = Some(self.text(&self.texts.partition_key(relation, key)));
            }
            RelationKind::ForeignTable(foreign) => {
                (kind, server) = ("foreign table", self.builder.server_name(foreign.server));
                foreign_options = self.builder.foreign_options(&foreign.options);
            }
            RelationKind::Table
            | RelationKind::View(_)
            | RelationKind::MaterializedView(..)
            | RelationKind::Sequence(_)
            | RelationKind::Index(_)
            | RelationKind::CompositeType => {}
        }
        self.doc.tables.push(FlatTable {
            schema: self.schema_name(relation.schema),
            name: relation.name.to_string(),
            kind,
            unlogged: relation.persistence == Persistence::Unlogged,
            partition_key,
            partition_bound: self.builder.bound(relation),
            inherits: self.builder.parents(relation),
            server,
            foreign_options,
            options: self.builder.options(&relation.options),
            replica_identity: self.builder.replica_identity(&relation.replica_identity),
            row_security: relation.row_security,
            force_row_security: relation.force_row_security,
            meta,
        });
    }

    fn view(&mut self, relation: &Relation, kind: &'static str, meta: Meta) {
        self.doc.views.push(FlatView {
            schema: self.schema_name(relation.schema),
            name: relation.name.to_string(),
            kind,
            def: self.texts.view(relation).map(|def| self.text(&def)),
            options: self.builder.options(&relation.options),
            not_populated: matches!(relation.kind, RelationKind::MaterializedView(_, false)),
            meta,
        });
    }

    fn sequence(&mut self, relation: &Relation, sequence: &catalog::Sequence, meta: Meta) {
        let owned_by = sequence.owned_by.and_then(|(table, column)| {
            let table = self.catalog.relation(table)?;
            let column = self.catalog.quote_identifier(&table.column_at(column)?.name);
            Some(format!("{}.{column}", self.builder.name(table.schema, &table.name)))
        });
        self.doc.sequences.push(FlatSequence {
            schema: self.schema_name(relation.schema),
            name: relation.name.to_string(),
            ty: self.catalog.format_type(TypeRef::plain(sequence.ty), &[]),
            start: sequence.start,
            increment: sequence.increment,
            min: sequence.min,
            max: sequence.max,
            cache: sequence.cache,
            cycle: sequence.cycle,
            unlogged: relation.persistence == Persistence::Unlogged,
            owned_by,
            identity: sequence.identity,
            meta,
        });
    }

    fn index(&mut self, relation: &Relation, index: &catalog::Index, mut meta: Meta) {
        meta.owner = None;
        let table = self.catalog.relation(index.table);
        let Some(def) = self.texts.index(relation) else { return };
        let constraint = index.constraint.zip(table).and_then(|(oid, table)| {
            table.constraints.iter().find(|constraint| constraint.oid == oid).map(|c| c.name.to_string())
        });
        let schema = self.schema_name(relation.schema);
        let object = On { on: "index", schema: Some(schema.clone()), name: relation.name.to_string(), ..On::default() };
        self.comment(object, relation.comment.as_ref(), &meta);
        self.doc.indexes.push(FlatIndex {
            schema,
            table: table.map_or_else(String::new, |table| table.name.to_string()),
            name: relation.name.to_string(),
            def: self.text(&def),
            constraint,
            invalid: !index.valid,
            statistics: index.statistics().collect(),
            meta,
        });
    }

    // ---- parts of relations ----

    fn parts(&mut self, relation: &Relation) {
        let schema = self.schema_name(relation.schema);
        let table = relation.name.to_string();
        let part = |on: &'static str, name: &str| On {
            on,
            schema: Some(schema.clone()),
            table: Some(table.clone()),
            name: name.to_owned(),
            ..On::default()
        };
        for column in relation.live_columns() {
            let mut meta = self.meta(relation.oid, i64::from(column.number), &column.provenance, None);
            let on = part("column", &column.name);
            self.grants(&on, column.acl.as_ref(), AclKind::Column, relation.owner, &meta);
            self.comment(on, column.comment.as_ref(), &meta);
            let ty = self.texts.type_name(column.ty);
            if ty.is_none() {
                meta.unknown = Some("its type could not be inferred".to_owned());
            }
            let default = column.default.as_ref().map(|d| self.texts.expr(relation.oid, d));
            let generated = column.generated.as_ref().map(|g| self.texts.expr(relation.oid, &g.expr));
            self.doc.columns.push(FlatColumn {
                schema: schema.clone(),
                table: table.clone(),
                name: column.name.to_string(),
                ty,
                collation: self.texts.collation(column),
                not_null: column.not_null,
                default: default.map(|text| self.text(&text)),
                generated: generated.map(|text| self.text(&text)),
                is_virtual: column.generated.as_ref().is_some_and(|g| !g.stored),
                identity: column.identity.map(|identity| match identity {
                    catalog::Identity::Always => "ALWAYS",
                    catalog::Identity::ByDefault => "BY DEFAULT",
                }),
                storage: column.storage.as_ref().map(|s| s.to_uppercase().into()),
                compression: column.compression.as_ref().map(ToString::to_string),
                statistics_target: column.statistics,
                options: self.builder.options(&column.options),
                meta,
            });
        }
        for constraint in &relation.constraints {
            let kind = match &constraint.kind {
                ConstraintKind::Check { .. } => "check",
                ConstraintKind::Key { primary: true, .. } => "primary key",
                ConstraintKind::Key { primary: false, .. } => "unique",
                ConstraintKind::Exclusion { .. } => "exclude",
                ConstraintKind::ForeignKey(_) => "foreign key",
                ConstraintKind::NotNull { .. } => "not null",
                // It is listed as a trigger.
                ConstraintKind::Trigger(_) => continue,
            };
            let meta = self.meta(constraint.oid, 0, &constraint.provenance, None);
            self.comment(part("constraint", &constraint.name), constraint.comment.as_ref(), &meta);
            self.doc.constraints.push(FlatConstraint {
                schema: schema.clone(),
                table: Some(table.clone()),
                domain: None,
                name: constraint.name.to_string(),
                kind,
                def: self.text(&self.texts.constraint(relation, constraint)),
                meta,
            });
        }
        for trigger in &relation.triggers {
            let meta = self.meta(trigger.oid, 0, &trigger.provenance, None);
            self.comment(part("trigger", &trigger.name), trigger.comment.as_ref(), &meta);
            self.doc.triggers.push(FlatTrigger {
                schema: schema.clone(),
                table: table.clone(),
                name: trigger.name.to_string(),
                def: self.text(&self.texts.trigger(relation, trigger)),
                firing: firing(trigger.enabled),
                meta,
            });
        }
        for rule in &relation.rules {
            let meta = self.meta(rule.oid, 0, &rule.provenance, None);
            self.comment(part("rule", &rule.name), rule.comment.as_ref(), &meta);
            self.doc.rules.push(FlatRule {
                schema: schema.clone(),
                table: table.clone(),
                name: rule.name.to_string(),
                def: self.text(&self.texts.rule(relation, rule)),
                firing: firing(rule.enabled),
                meta,
            });
        }
        for policy in &relation.policies {
            let meta = self.meta(policy.oid, 0, &policy.provenance, None);
            self.comment(part("policy", &policy.name), policy.comment.as_ref(), &meta);
            let expr = |expr: &Option<_>| expr.as_ref().map(|e| self.text(&self.texts.expr(relation.oid, e)));
            let (using, check) = (expr(&policy.using), expr(&policy.check));
            let mut roles: Vec<String> = policy.roles.iter().map(|&r| self.catalog.role_name(r).to_owned()).collect();
            if roles.is_empty() {
                roles.push("public".to_owned());
            }
            roles.sort();
            self.doc.policies.push(FlatPolicy {
                schema: schema.clone(),
                table: table.clone(),
                name: policy.name.to_string(),
                command: match policy.command {
                    PolicyCommand::All => "ALL",
                    PolicyCommand::Select => "SELECT",
                    PolicyCommand::Insert => "INSERT",
                    PolicyCommand::Update => "UPDATE",
                    PolicyCommand::Delete => "DELETE",
                },
                restrictive: !policy.permissive,
                roles,
                using,
                check,
                meta,
            });
        }
    }
}

/// When a trigger or rule fires, where that is not the default.
fn firing(state: FiringState) -> Option<&'static str> {
    match state {
        FiringState::Enabled => None,
        FiringState::Always => Some("ENABLE ALWAYS"),
        FiringState::Replica => Some("ENABLE REPLICA"),
        FiringState::Disabled => Some("DISABLE"),
    }
}

// ---- order, and what the platform provides ----

/// An entry of a list.
trait Entry: PartialEq {
    fn meta(&mut self) -> &mut Meta;
}

macro_rules! entries {
    ($($entry:ty),*) => {
        $(impl Entry for $entry {
            fn meta(&mut self) -> &mut Meta {
                &mut self.meta
            }
        })*
    };
}
entries!(
    FlatSchema,
    FlatExtension,
    FlatForeignDataWrapper,
    FlatServer,
    FlatEventTrigger,
    FlatLanguage,
    FlatTransform,
    FlatLargeObject,
    FlatTable,
    FlatColumn,
    FlatConstraint,
    FlatIndex,
    FlatView,
    FlatSequence,
    FlatType,
    FlatFunction,
    FlatTrigger,
    FlatPolicy,
    FlatRule,
    FlatStatistics,
    FlatPublication,
    FlatPublicationTable,
    FlatRole,
    FlatGrant,
    FlatComment
);

/// Leaves out the entries that were the same before.
fn leave_out<T: Entry>(list: &mut Vec<T>, provided: Vec<T>) {
    let key = |entry: &mut T| entry.meta().id.clone();
    let mut provided: FxHashMap<Id, T> = provided.into_iter().map(|mut entry| (key(&mut entry), entry)).collect();
    list.retain_mut(|entry| {
        let Some(mut old) = provided.remove(&key(entry)) else { return true };
        // That everything may have changed is told once.
        old.meta().unknown.clone_from(&entry.meta().unknown);
        let changed = *entry != old;
        entry.meta().platform = true;
        changed
    });
}

impl FlatDoc {
    fn leave_out(&mut self, provided: FlatDoc) {
        leave_out(&mut self.schemas, provided.schemas);
        leave_out(&mut self.extensions, provided.extensions);
        leave_out(&mut self.foreign_data_wrappers, provided.foreign_data_wrappers);
        leave_out(&mut self.servers, provided.servers);
        leave_out(&mut self.event_triggers, provided.event_triggers);
        leave_out(&mut self.languages, provided.languages);
        leave_out(&mut self.transforms, provided.transforms);
        leave_out(&mut self.large_objects, provided.large_objects);
        leave_out(&mut self.tables, provided.tables);
        leave_out(&mut self.columns, provided.columns);
        leave_out(&mut self.constraints, provided.constraints);
        leave_out(&mut self.indexes, provided.indexes);
        leave_out(&mut self.views, provided.views);
        leave_out(&mut self.sequences, provided.sequences);
        leave_out(&mut self.types, provided.types);
        leave_out(&mut self.functions, provided.functions);
        leave_out(&mut self.triggers, provided.triggers);
        leave_out(&mut self.policies, provided.policies);
        leave_out(&mut self.rules, provided.rules);
        leave_out(&mut self.statistics, provided.statistics);
        leave_out(&mut self.publications, provided.publications);
        leave_out(&mut self.publication_tables, provided.publication_tables);
        leave_out(&mut self.roles, provided.roles);
        leave_out(&mut self.grants, provided.grants);
        leave_out(&mut self.comments, provided.comments);
        self.default_privileges.retain(|entry| !provided.default_privileges.contains(entry));
    }

    /// Everything by schema, table and name; columns stay in their order.
    fn sort(&mut self) {
        self.schemas.sort_by(|a, b| a.name.cmp(&b.name));
        self.extensions.sort_by(|a, b| a.name.cmp(&b.name));
        self.foreign_data_wrappers.sort_by(|a, b| a.name.cmp(&b.name));
        self.servers.sort_by(|a, b| a.name.cmp(&b.name));
        self.event_triggers.sort_by(|a, b| a.name.cmp(&b.name));
        self.languages.sort_by(|a, b| a.name.cmp(&b.name));
        self.transforms.sort_by(|a, b| (&a.ty, &a.language).cmp(&(&b.ty, &b.language)));
        self.tables.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
        self.columns.sort_by(|a, b| (&a.schema, &a.table, a.meta.id.1).cmp(&(&b.schema, &b.table, b.meta.id.1)));
        self.constraints
            .sort_by(|a, b| (&a.schema, &a.table, &a.domain, &a.name).cmp(&(&b.schema, &b.table, &b.domain, &b.name)));
        self.indexes.sort_by(|a, b| (&a.schema, &a.table, &a.name).cmp(&(&b.schema, &b.table, &b.name)));
        self.views.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
        self.sequences.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
        self.types.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
        self.functions.sort_by(|a, b| (&a.schema, &a.name, &a.arguments).cmp(&(&b.schema, &b.name, &b.arguments)));
        self.triggers.sort_by(|a, b| (&a.schema, &a.table, &a.name).cmp(&(&b.schema, &b.table, &b.name)));
        self.policies.sort_by(|a, b| (&a.schema, &a.table, &a.name).cmp(&(&b.schema, &b.table, &b.name)));
        self.rules.sort_by(|a, b| (&a.schema, &a.table, &a.name).cmp(&(&b.schema, &b.table, &b.name)));
        self.statistics.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
        self.publications.sort_by(|a, b| a.name.cmp(&b.name));
        self.publication_tables
            .sort_by(|a, b| (&a.publication, &a.schema, &a.table).cmp(&(&b.publication, &b.schema, &b.table)));
        self.roles.sort_by(|a, b| a.name.cmp(&b.name));
        self.grants.sort_by(|a, b| (&a.object, &a.grantee, &a.grantor).cmp(&(&b.object, &b.grantee, &b.grantor)));
        self.default_privileges.sort_by(|a, b| {
            (&a.role, &a.schema, a.objects, &a.grantee).cmp(&(&b.role, &b.schema, b.objects, &b.grantee))
        });
        self.comments.sort_by(|a, b| a.object.cmp(&b.object));
    }
}
