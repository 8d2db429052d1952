//! Foreign data, event triggers, languages, transforms, the database itself.

use super::Builder;
use crate::catalog::{self, Acl, AclKind, BOOTSTRAP_ROLE, Object, Oid, Provenance};
use crate::report::schema::model::*;
use crate::sql::ast::FiringState;

impl Builder<'_> {
    fn common_of(
        &self,
        owner: Oid,
        comment: Option<&String>,
        acl: Option<(Option<&Acl>, AclKind)>,
        provenance: &Provenance,
    ) -> Common {
        Common {
            owner: self.owner(owner),
            comment: self.comment(comment),
            privileges: acl.and_then(|(acl, kind)| self.privileges(acl, kind, owner)),
            platform: false,
            history: self.history(provenance, self.doubt(provenance)),
        }
    }

    /// The name of a function without its arguments, as SQL takes it.
    fn function_name(&self, oid: Oid) -> Option<String> {
        let info = self.catalog.function_info(oid)?;
        Some(self.name(info.schema(), info.name()))
    }

    /// The same with the types of its arguments.
    fn function_and_types(&self, oid: Oid) -> Option<String> {
        let info = self.catalog.function_info(oid)?;
        let types: Vec<String> = info.input_types().map(|ty| self.texts().argument(ty)).collect();
        Some(format!("{}({})", self.name(info.schema(), info.name()), types.join(", ")))
    }

    pub(in crate::report::schema) fn foreign_data_wrappers(&self) -> Vec<ForeignDataWrapper> {
        let own = self.catalog.foreign_data_wrappers().filter(|w| !self.is_member(Object::ForeignDataWrapper(w.oid)));
        let mut wrappers: Vec<ForeignDataWrapper> = own
            .map(|wrapper| {
                let acl = Some((wrapper.acl.as_ref(), AclKind::ForeignDataWrapper));
                let mut common = self.common_of(wrapper.owner, wrapper.comment.as_ref(), acl, &wrapper.provenance);
                if wrapper.unknown_functions {
                    common.history.unknown.get_or_insert_with(|| "its handler or validator is not known".to_owned());
                }
                ForeignDataWrapper {
                    name: wrapper.name.to_string(),
                    handler: self.function_name(wrapper.handler),
                    validator: self.function_name(wrapper.validator),
                    options: self.foreign_options(&wrapper.options),
                    common,
                    oid: wrapper.oid,
                }
            })
            .collect();
        wrappers.sort_by(|a, b| a.name.cmp(&b.name));
        wrappers
    }

    pub(in crate::report::schema) fn servers(&self) -> Vec<Server> {
        let own = self.catalog.foreign_servers().filter(|s| !self.is_member(Object::ForeignServer(s.oid)));
        let mut servers: Vec<Server> = own
            .map(|server| {
                let wrapper = self.catalog.foreign_data_wrapper(server.wrapper);
                let mut common = self.common_of(
                    server.owner,
                    server.comment.as_ref(),
                    Some((server.acl.as_ref(), AclKind::ForeignServer)),
                    &server.provenance,
                );
                if wrapper.is_none() {
                    common.history.unknown.get_or_insert_with(|| "its foreign-data wrapper is not known".to_owned());
                }
                Server {
                    name: server.name.to_string(),
                    foreign_data_wrapper: wrapper.map(|w| w.name.to_string()),
                    server_type: server.server_type.clone(),
                    server_version: server.version.clone(),
                    options: self.foreign_options(&server.options),
                    common,
                    oid: server.oid,
                }
            })
            .collect();
        servers.sort_by(|a, b| a.name.cmp(&b.name));
        servers
    }

    pub(in crate::report::schema) fn event_triggers(&self) -> Vec<EventTrigger> {
        let own = self.catalog.event_triggers().filter(|t| !self.is_member(Object::EventTrigger(t.oid)));
        let mut triggers: Vec<EventTrigger> = own
            .map(|trigger| EventTrigger {
                name: trigger.name.to_string(),
                event: trigger.event.to_string(),
                tags: trigger.tags.clone(),
                function: self.function_name(trigger.function).unwrap_or_default(),
                firing: match trigger.enabled {
                    FiringState::Enabled => None,
                    FiringState::Always => Some("ENABLE ALWAYS"),
                    FiringState::Replica => Some("ENABLE REPLICA"),
                    FiringState::Disabled => Some("DISABLE"),
                },
                common: self.common_of(trigger.owner, trigger.comment.as_ref(), None, &trigger.provenance),
                oid: trigger.oid,
            })
            .collect();
        triggers.sort_by(|a, b| a.name.cmp(&b.name));
        triggers
    }

    pub(in crate::report::schema) fn languages(&self) -> Vec<Language> {
        let own = self.catalog.languages().filter(|l| !self.is_member(Object::Language(l.oid)));
        let mut languages: Vec<Language> = own
            .map(|language| {
                let [handler, inline, validator] = language.functions.map(|function| self.function_name(function));
                Language {
                    name: language.name.to_string(),
                    trusted: language.trusted,
                    handler,
                    inline,
                    validator,
                    common: self.common_of(
                        language.owner,
                        language.comment.as_ref(),
                        Some((language.acl.as_ref(), AclKind::Language)),
                        &language.provenance,
                    ),
                    oid: language.oid,
                }
            })
            .collect();
        languages.sort_by(|a, b| a.name.cmp(&b.name));
        languages
    }

    pub(in crate::report::schema) fn transforms(&self) -> Vec<Transform> {
        let own = self.catalog.transforms().filter(|t| !self.is_member(Object::Transform(t.oid)));
        let mut transforms: Vec<Transform> = own
            .map(|transform| Transform {
                ty: self.texts().argument(transform.ty),
                language: self.catalog.language(transform.language).map_or_else(String::new, |l| l.name.to_string()),
                from_sql: self.function_and_types(transform.from_sql),
                to_sql: self.function_and_types(transform.to_sql),
                common: Common {
                    comment: self.comment(transform.comment.as_ref()),
                    history: self.history(&transform.provenance, self.doubt(&transform.provenance)),
                    ..Common::default()
                },
                oid: transform.oid,
            })
            .collect();
        transforms.sort_by(|a, b| (&a.ty, &a.language).cmp(&(&b.ty, &b.language)));
        transforms
    }

    pub(in crate::report::schema) fn large_objects(&self) -> Vec<LargeObject> {
        let objects = self.catalog.large_objects().map(|object| {
            let doubt = self.doubt_of_large_object(&object.provenance);
            let acl = Some((object.acl.as_ref(), AclKind::LargeObject));
            let common = self.common_of(object.owner, object.comment.as_ref(), acl, &object.provenance);
            LargeObject {
                number: object.oid,
                common: Common { history: self.history(&object.provenance, doubt), ..common },
            }
        });
        objects.collect()
    }

    /// The database, if anything about it is not as `CREATE DATABASE` leaves it.
    pub(super) fn database(&self) -> Option<DatabaseEntry> {
        let database: &catalog::Database = self.catalog.database();
        if database.provenance.changed.is_empty() {
            return None;
        }
        let acl = Some((database.acl.as_ref(), AclKind::Database));
        Some(DatabaseEntry {
            connection_limit: Some(database.connection_limit).filter(|&limit| limit != -1),
            is_template: database.is_template,
            common: self.common_of(database.owner, database.comment.as_ref(), acl, &database.provenance),
        })
    }

    /// Privileges on parameters, but the superuser's own.
    pub(super) fn parameters(&self) -> Vec<Parameter> {
        let acls = self.catalog.parameter_acls();
        acls.filter_map(|(name, acl)| {
            let privileges = self.privileges(Some(acl), AclKind::Parameter, BOOTSTRAP_ROLE)?;
            Some(Parameter { name: name.to_string(), privileges })
        })
        .collect()
    }
}
