//! Entries of foreign data, event triggers, languages, transforms, and what is said of the database and of parameters.

use super::build::Flat;
use super::model::*;
use crate::catalog::{Acl, AclKind, BOOTSTRAP_ROLE, Oid, Provenance};

/// The kind of an object, its name, owner, comment and privileges.
type Named<'a> = (&'static str, &'a str, Oid, Option<&'a String>, Option<(Option<&'a Acl>, AclKind)>);

impl Flat<'_> {
    pub(super) fn unplaced(&mut self) {
        let catalog = self.catalog;
        for told in self.builder.foreign_data_wrappers() {
            let Some(wrapper) = catalog.foreign_data_wrapper(told.oid) else { continue };
            let acl = Some((wrapper.acl.as_ref(), AclKind::ForeignDataWrapper));
            let named = ("foreign data wrapper", wrapper.name.as_str(), wrapper.owner, wrapper.comment.as_ref(), acl);
            let mut meta = self.named(wrapper.oid, &wrapper.provenance, named);
            meta.unknown = meta.unknown.or(told.common.history.unknown);
            let (name, handler, validator, options) = (told.name, told.handler, told.validator, told.options);
            let entry = FlatForeignDataWrapper { name, handler, validator, options, meta };
            self.doc.foreign_data_wrappers.push(entry);
        }
        for told in self.builder.servers() {
            let Some(server) = catalog.foreign_server(told.oid) else { continue };
            let acl = Some((server.acl.as_ref(), AclKind::ForeignServer));
            let named = ("server", server.name.as_str(), server.owner, server.comment.as_ref(), acl);
            let mut meta = self.named(server.oid, &server.provenance, named);
            meta.unknown = meta.unknown.or(told.common.history.unknown);
            self.doc.servers.push(FlatServer {
                name: told.name,
                foreign_data_wrapper: told.foreign_data_wrapper,
                server_type: told.server_type,
                server_version: told.server_version,
                options: told.options,
                meta,
            });
        }
        for told in self.builder.event_triggers() {
            let Some(trigger) = catalog.event_trigger(told.oid) else { continue };
            let named = ("event trigger", trigger.name.as_str(), trigger.owner, trigger.comment.as_ref(), None);
            let meta = self.named(trigger.oid, &trigger.provenance, named);
            let (name, event, tags, function, firing) = (told.name, told.event, told.tags, told.function, told.firing);
            self.doc.event_triggers.push(FlatEventTrigger { name, event, tags, function, firing, meta });
        }
        for told in self.builder.languages() {
            let Some(language) = catalog.language(told.oid) else { continue };
            let acl = Some((language.acl.as_ref(), AclKind::Language));
            let named = ("language", language.name.as_str(), language.owner, language.comment.as_ref(), acl);
            let meta = self.named(language.oid, &language.provenance, named);
            let (name, trusted, handler) = (told.name, told.trusted, told.handler);
            self.doc.languages.push(FlatLanguage { name, trusted, handler, meta });
        }
        for told in self.builder.transforms() {
            let Some(transform) = catalog.transform(told.oid) else { continue };
            let doubt = self.builder.doubt(&transform.provenance);
            let meta = self.meta(transform.oid, 0, &transform.provenance, doubt);
            let name = format!("for {} language {}", told.ty, told.language);
            let object = On { on: "transform", name, ..On::default() };
            self.comment(object, transform.comment.as_ref(), &meta);
            let (ty, language, from_sql, to_sql) = (told.ty, told.language, told.from_sql, told.to_sql);
            self.doc.transforms.push(FlatTransform { ty, language, from_sql, to_sql, meta });
        }
        for object in catalog.large_objects() {
            let number = object.oid.0;
            let acl = Some((object.acl.as_ref(), AclKind::LargeObject));
            let name = number.to_string();
            let named = ("large object", name.as_str(), object.owner, object.comment.as_ref(), acl);
            let mut meta = self.named(object.oid, &object.provenance, named);
            let doubt = self.builder.doubt_of_large_object(&object.provenance);
            meta.unknown = meta.unknown.or_else(|| doubt.map(|unknown| unknown.reason.to_string()));
            self.doc.large_objects.push(FlatLargeObject { number, meta });
        }
        let database = catalog.database();
        if !database.provenance.changed.is_empty() {
            let acl = Some((database.acl.as_ref(), AclKind::Database));
            // Its name is not known.
            let named = ("database", "", database.owner, database.comment.as_ref(), acl);
            self.named(database.oid, &database.provenance, named);
        }
        for (name, acl) in catalog.parameter_acls() {
            let nobody = Provenance::new(crate::catalog::Origin::nowhere());
            let meta = self.meta(Oid::INVALID, 0, &nobody, None);
            let object = On { on: "parameter", name: name.to_string(), ..On::default() };
            self.grants(&object, Some(acl), AclKind::Parameter, BOOTSTRAP_ROLE, &meta);
        }
    }

    /// Lists the grants and the comment; what every entry has.
    fn named(&mut self, oid: Oid, provenance: &Provenance, named: Named<'_>) -> Meta {
        let (on, name, owner, comment, acl) = named;
        let meta = self.meta(oid, 0, provenance, self.builder.doubt(provenance));
        let object = On { on, name: name.to_owned(), ..On::default() };
        if let Some((acl, kind)) = acl {
            self.grants(&object, acl, kind, owner, &meta);
        }
        self.comment(object, comment, &meta);
        self.owned(meta, owner)
    }
}
