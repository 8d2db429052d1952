//! Objects that are in no schema and of which there are few: foreign-data wrappers, servers, event triggers, languages,
//! transforms.

use std::sync::Arc;

use imbl::OrdMap;

use super::{Acl, Catalog, LargeObject, Oid, Provenance};
use crate::sql::ast::{FiringState, Name};

/// A foreign-data wrapper (`pg_foreign_data_wrapper`).
#[derive(Clone, Debug)]
pub struct ForeignDataWrapper {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// Its owner.
    pub owner: Oid,
    /// `HANDLER`; [`Oid::INVALID`] if there is none.
    pub handler: Oid,
    /// `VALIDATOR`; [`Oid::INVALID`] if there is none.
    pub validator: Oid,
    /// It has a handler or a validator of an extension that has not been read.
    pub unknown_functions: bool,
    /// `OPTIONS`
    pub options: Vec<(Name, String)>,
    /// Its privileges, if they are not the default.
    pub acl: Option<Acl>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

/// A foreign server (`pg_foreign_server`).
#[derive(Clone, Debug)]
pub struct ForeignServer {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// Its owner.
    pub owner: Oid,
    /// Its foreign-data wrapper.
    pub wrapper: Oid,
    /// `TYPE`
    pub server_type: Option<String>,
    /// `VERSION`
    pub version: Option<String>,
    /// `OPTIONS`
    pub options: Vec<(Name, String)>,
    /// Its privileges, if they are not the default.
    pub acl: Option<Acl>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

/// An event trigger (`pg_event_trigger`).
#[derive(Clone, Debug)]
pub struct EventTrigger {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// Its owner.
    pub owner: Oid,
    /// `ddl_command_start`, `ddl_command_end`, `sql_drop`, `table_rewrite` or `login` (17).
    pub event: Name,
    /// The function.
    pub function: Oid,
    /// Whether and when it fires.
    pub enabled: FiringState,
    /// The command tags that `WHEN TAG IN` lists, in capitals; none for all.
    pub tags: Vec<String>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

/// A procedural language (`pg_language`).
#[derive(Clone, Debug)]
pub struct Language {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// Its owner.
    pub owner: Oid,
    /// `TRUSTED`
    pub trusted: bool,
    /// `HANDLER`, `INLINE` and `VALIDATOR`; [`Oid::INVALID`] where there is none, or where it is not known.
    pub functions: [Oid; 3],
    /// Its privileges, if they are not the default.
    pub acl: Option<Acl>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

impl Language {
    /// It is not one of those that come with the server itself (`lanispl`).
    pub fn is_procedural(&self) -> bool {
        !matches!(self.oid.0, 12..=14)
    }
}

/// The database itself (`pg_database`), whose name is not known.
#[derive(Clone, Debug)]
pub struct Database {
    /// Its OID.
    pub oid: Oid,
    /// Its owner.
    pub owner: Oid,
    /// `CONNECTION LIMIT`; -1 is none.
    pub connection_limit: i32,
    /// `IS_TEMPLATE`
    pub is_template: bool,
    /// Its privileges, if they are not the default.
    pub acl: Option<Acl>,
    /// Its comment.
    pub comment: Option<String>,
    /// What changed it.
    pub provenance: Provenance,
}

impl Default for Database {
    fn default() -> Database {
        Database {
            oid: Oid(5),
            owner: super::BOOTSTRAP_ROLE,
            connection_limit: -1,
            is_template: false,
            acl: None,
            comment: None,
            provenance: Provenance::new(super::Origin::nowhere()),
        }
    }
}

/// A transform of a type for a language (`pg_transform`).
#[derive(Clone, Debug)]
pub struct Transform {
    /// Its OID.
    pub oid: Oid,
    /// The type.
    pub ty: Oid,
    /// The language.
    pub language: Oid,
    /// `FROM SQL WITH FUNCTION`; [`Oid::INVALID`] if there is none.
    pub from_sql: Oid,
    /// `TO SQL WITH FUNCTION`; [`Oid::INVALID`] if there is none.
    pub to_sql: Oid,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Unplaced {
    wrappers: OrdMap<Oid, Arc<ForeignDataWrapper>>,
    servers: OrdMap<Oid, Arc<ForeignServer>>,
    event_triggers: OrdMap<Oid, Arc<EventTrigger>>,
    languages: OrdMap<Oid, Arc<Language>>,
    transforms: OrdMap<Oid, Arc<Transform>>,
    large_objects: OrdMap<Oid, Arc<LargeObject>>,
    database: Arc<Database>,
    /// Other databases: the owners of those that scripts made, nobody for those that they dropped.
    databases: OrdMap<Name, Option<Oid>>,
    parameters: OrdMap<Name, Acl>,
}

/// The methods of one kind of object.
macro_rules! kind {
    ($what:literal, $ty:ty, $field:ident, $get:ident, $all:ident, $get_mut:ident, $insert:ident, $remove:ident) => {
        #[doc = concat!("The ", $what, " of that number.")]
        pub fn $get(&self, oid: Oid) -> Option<&$ty> {
            self.unplaced.$field.get(&oid).map(Arc::as_ref)
        }

        #[doc = concat!("All of these by number: ", $what, ".")]
        pub fn $all(&self) -> impl Iterator<Item = &$ty> {
            self.unplaced.$field.values().map(Arc::as_ref)
        }

        pub(crate) fn $get_mut(&mut self, oid: Oid) -> Option<&mut $ty> {
            self.unplaced.$field.get_mut(&oid).map(Arc::make_mut)
        }

        pub(crate) fn $insert(&mut self, object: $ty) {
            self.unplaced.$field.insert(object.oid, Arc::new(object));
        }

        pub(crate) fn $remove(&mut self, oid: Oid) -> Option<Arc<$ty>> {
            self.unplaced.$field.remove(&oid)
        }
    };
}

impl Catalog {
    kind!(
        "foreign-data wrapper",
        ForeignDataWrapper,
        wrappers,
        foreign_data_wrapper,
        foreign_data_wrappers,
        foreign_data_wrapper_mut,
        insert_foreign_data_wrapper,
        remove_foreign_data_wrapper
    );
    kind!(
        "foreign server",
        ForeignServer,
        servers,
        foreign_server,
        foreign_servers,
        foreign_server_mut,
        insert_foreign_server,
        remove_foreign_server
    );
    kind!(
        "event trigger",
        EventTrigger,
        event_triggers,
        event_trigger,
        event_triggers,
        event_trigger_mut,
        insert_event_trigger,
        remove_event_trigger
    );
    kind!("language", Language, languages, language, languages, language_mut, insert_language, remove_language);
    kind!("transform", Transform, transforms, transform, transforms, transform_mut, insert_transform, remove_transform);
    kind!(
        "large object",
        LargeObject,
        large_objects,
        large_object,
        large_objects,
        large_object_mut,
        insert_large_object,
        remove_large_object
    );

    /// The database itself.
    pub fn database(&self) -> &Database {
        &self.unplaced.database
    }

    pub(crate) fn database_mut(&mut self) -> &mut Database {
        Arc::make_mut(&mut self.unplaced.database)
    }

    /// The owner of another database that a script made; nobody if a script dropped it. Of others nothing is known.
    pub fn other_database(&self, name: &str) -> Option<Option<Oid>> {
        self.unplaced.databases.get(name).copied()
    }

    /// The databases that scripts made, and their owners.
    pub fn other_databases(&self) -> impl Iterator<Item = (&Name, Oid)> {
        self.unplaced.databases.iter().filter_map(|(name, owner)| Some((name, (*owner)?)))
    }

    pub(crate) fn set_other_database(&mut self, name: Name, owner: Option<Oid>) {
        self.unplaced.databases.insert(name, owner);
    }

    /// Privileges on a configuration parameter, if they are not the default (`pg_parameter_acl`).
    pub fn parameter_acl(&self, name: &str) -> Option<&Acl> {
        self.unplaced.parameters.get(name)
    }

    /// All privileges on parameters.
    pub fn parameter_acls(&self) -> impl Iterator<Item = (&Name, &Acl)> {
        self.unplaced.parameters.iter()
    }

    pub(crate) fn set_parameter_acl(&mut self, name: &Name, acl: Option<Acl>) {
        match acl {
            Some(acl) => self.unplaced.parameters.insert(name.clone(), acl),
            None => self.unplaced.parameters.remove(name),
        };
    }

    /// The foreign-data wrapper of that name.
    pub fn foreign_data_wrapper_named(&self, name: &str) -> Option<&ForeignDataWrapper> {
        self.foreign_data_wrappers().find(|w| w.name == name)
    }

    /// The foreign server of that name.
    pub fn foreign_server_named(&self, name: &str) -> Option<&ForeignServer> {
        self.foreign_servers().find(|s| s.name == name)
    }

    /// The event trigger of that name.
    pub fn event_trigger_named(&self, name: &str) -> Option<&EventTrigger> {
        self.event_triggers().find(|t| t.name == name)
    }

    /// The language of that name.
    pub fn language_named(&self, name: &str) -> Option<&Language> {
        self.languages().find(|l| l.name == name)
    }

    /// The transform of a type for a language.
    pub fn transform_of(&self, ty: Oid, language: Oid) -> Option<&Transform> {
        self.transforms().find(|t| t.ty == ty && t.language == language)
    }
}
