//! Makes the document from a catalog.

mod changes;
mod object;
mod privileges;
mod relation;
mod unknown;
mod unplaced;

use std::cell::Cell;
use std::collections::BTreeMap;

use super::Source;
use super::model::*;
use super::text::Texts;
use crate::catalog::{
    Catalog, DependencyKind, Layer, Object, Oid, Origin, Provenance, RelationKind, Unknown, parameter_name,
};
use crate::report::redact::{MASK, redact};
use crate::source::{Place, SourceMap};
use crate::sql::ast::{Name, Persistence};

pub(super) use privileges::{Order, default_acl_objects, orders};

/// The document about what a catalog has beyond what the platform provides.
pub(super) fn document(source: &Source<'_>) -> SchemaDoc {
    let provided = Builder::new(source.platform, source).everything();
    let builder = Builder::new(source.catalog, source);
    let mut doc = builder.everything();
    changes::leave_out(&mut doc, provided, &builder);
    doc.problems = unknown::problems(&builder, source.findings);
    doc.unknown = builder.unknown_things();
    doc.hidden_secrets = builder.hidden.get();
    doc
}

/// What the parts of the document are made with.
pub(super) struct Builder<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) source: &'a Source<'a>,
    /// How many secrets were replaced.
    hidden: Cell<u32>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(catalog: &'a Catalog, source: &'a Source<'a>) -> Self {
        Builder { catalog, source, hidden: Cell::new(0) }
    }

    /// The document about all of the catalog.
    fn everything(&self) -> SchemaDoc {
        let (mut tables, mut views, mut materialized_views, mut sequences) = (vec![], vec![], vec![], vec![]);
        let listed = |r: &&crate::catalog::Relation| {
            r.persistence != Persistence::Temporary && !self.is_member(Object::Relation(r.oid))
        };
        for relation in self.catalog.relations().filter(listed) {
            match &relation.kind {
                RelationKind::Table | RelationKind::PartitionedTable(_) | RelationKind::ForeignTable(_) => {
                    tables.push(self.table(relation));
                }
                RelationKind::View(_) => views.push(self.view(relation)),
                RelationKind::MaterializedView(..) => materialized_views.push(self.view(relation)),
                RelationKind::Sequence(sequence) if !sequence.identity => {
                    sequences.push(self.sequence(relation, sequence));
                }
                // Parts of a column, of a table, of a type.
                RelationKind::Sequence(_) | RelationKind::Index(_) | RelationKind::CompositeType => {}
            }
        }
        let by_name = |a: (&String, &String), b: (&String, &String)| a.cmp(&b);
        tables.sort_by(|a, b| by_name((&a.schema, &a.name), (&b.schema, &b.name)));
        views.sort_by(|a, b| by_name((&a.schema, &a.name), (&b.schema, &b.name)));
        materialized_views.sort_by(|a, b| by_name((&a.schema, &a.name), (&b.schema, &b.name)));
        sequences.sort_by(|a, b| by_name((&a.schema, &a.name), (&b.schema, &b.name)));
        let settings = self.catalog.database_config().map(|(name, value)| (name.to_string(), self.text(value)));
        SchemaDoc {
            version: VERSION,
            postgres: self.catalog.version(),
            platform: self.source.platform_name.map(str::to_owned),
            user: self.catalog.role_name(self.source.user).to_owned(),
            at: self.source.at.map(str::to_owned),
            hidden_secrets: 0,
            problems: Vec::new(),
            unknown: Vec::new(),
            dropped: Vec::new(),
            settings: settings.collect(),
            database: self.database(),
            parameters: self.parameters(),
            roles: self.roles(),
            schemas: self.schemas(),
            extensions: self.extensions(),
            foreign_data_wrappers: self.foreign_data_wrappers(),
            servers: self.servers(),
            languages: self.languages(),
            transforms: self.transforms(),
            types: self.types(),
            sequences,
            functions: self.functions(),
            tables,
            views,
            materialized_views,
            large_objects: self.large_objects(),
            event_triggers: self.event_triggers(),
            publications: self.publications(),
            default_privileges: self.default_privileges(),
        }
    }

    // ---- what all parts need ----

    /// Prints with every name qualified that is not in `pg_catalog`.
    fn texts(&self) -> Texts<'a> {
        Texts::new(self.catalog, false)
    }

    /// A text that may hold secrets.
    pub(super) fn text(&self, text: &str) -> String {
        let shown = redact(text);
        if let std::borrow::Cow::Owned(shown) = &shown {
            let count = |text: &str| text.matches(MASK).count();
            let new = count(shown).saturating_sub(count(text)).max(1);
            self.hidden.set(self.hidden.get() + u32::try_from(new).unwrap_or(u32::MAX));
        }
        shown.into_owned()
    }

    fn comment(&self, comment: Option<&String>) -> Option<String> {
        comment.map(|comment| self.text(comment))
    }

    pub(super) fn options(&self, options: &[(Name, String)]) -> BTreeMap<String, String> {
        options.iter().map(|(name, value)| (parameter_name(name).to_owned(), self.text(value))).collect()
    }

    /// Options of foreign data, of which those that are named like secrets are hidden whatever they say.
    pub(super) fn foreign_options(&self, options: &[(Name, String)]) -> BTreeMap<String, String> {
        let shown = |(name, value): &(Name, String)| {
            let as_written = format!("{name} {}", crate::expr::deparse::quote_literal(value));
            let hidden = redact(&as_written).len() != as_written.len() || redact(&as_written) != as_written;
            let secret = hidden && redact(value) == *value;
            let value = if secret {
                self.hidden.set(self.hidden.get() + 1);
                MASK.to_owned()
            } else {
                self.text(value)
            };
            (name.to_string(), value)
        };
        options.iter().map(shown).collect()
    }

    pub(super) fn server_name(&self, server: Oid) -> Option<String> {
        self.catalog.foreign_server(server).map(|s| s.name.to_string())
    }

    /// The name of an object, as SQL takes it.
    pub(super) fn name(&self, schema: Oid, name: &str) -> String {
        self.catalog.qualified(schema, name, false)
    }

    fn schema_name(&self, schema: Oid) -> String {
        self.catalog.schema_name(schema).to_owned()
    }

    /// The object is a member of an extension, which makes it.
    pub(super) fn is_member(&self, object: Object) -> bool {
        self.extension_of(object).is_some()
    }

    pub(super) fn extension_of(&self, object: Object) -> Option<Oid> {
        self.catalog.dependencies.of(object).find_map(|edge| match (edge.kind, edge.referenced) {
            (DependencyKind::Extension, Object::Extension(oid)) => Some(oid),
            _ => None,
        })
    }

    pub(super) fn owner(&self, owner: Oid) -> Option<String> {
        (owner != self.source.user).then(|| self.catalog.role_name(owner).to_owned())
    }

    /// `path:line` of a statement that is not the platform's.
    fn line(&self, origin: Origin) -> Option<String> {
        if origin.layer == Layer::Platform { None } else { Some(place(self.source.sources, origin.place)) }
    }

    fn history(&self, provenance: &Provenance, unknown: Option<&Unknown>) -> History {
        let created = self.line(provenance.created);
        let mut altered: Vec<String> = Vec::new();
        for change in &provenance.changed {
            let line = self.line(change.origin);
            // A statement may change several things.
            if let Some(line) = line.filter(|line| Some(line) != created.as_ref() && altered.last() != Some(line)) {
                altered.push(line);
            }
        }
        History { created, altered, unknown: unknown.map(|u| self.text(&u.reason)) }
    }
}

/// A place as `path:line`.
fn place(sources: &SourceMap, place: Place) -> String {
    let (path, line) = sources.path_line(place);
    format!("{path}:{line}")
}
