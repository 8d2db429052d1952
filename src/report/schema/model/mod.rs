//! The shape of the document. Names are PostgreSQL's; `docs/schema.md` describes it for users.
//!
//! A key that is left out has its default: false, nothing, an empty list. Lists are sorted by name, but columns,
//! attributes and labels, which have an order of their own.

mod relation;
mod unplaced;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalog::Oid;

pub use relation::*;
pub use unplaced::*;

/// The version of the format.
pub const VERSION: u32 = 1;

/// What `pgproof schema` prints.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SchemaDoc {
    /// [`VERSION`].
    pub version: u32,
    /// The major version of the server that was replayed.
    pub postgres: u32,
    /// The platform; what it provides is listed only as far as something else changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// The role that the migrations run as. It owns everything that names no owner.
    pub user: String,
    /// The last migration that ran.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// How many secrets (passwords, tokens) are shown as `***`.
    #[serde(skip_serializing_if = "is_default")]
    pub hidden_secrets: u32,
    /// Statements that failed or were not executed: why the document may differ from the truth.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// What is not known because of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<UnknownThing>,
    /// What the platform provides and something dropped.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
    /// Settings of the database's sessions.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, String>,
    /// The database itself, if something was said of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<DatabaseEntry>,
    /// Privileges on configuration parameters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// Roles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    /// Schemas.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub schemas: Vec<Namespace>,
    /// Extensions. What is in them is not listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<Extension>,
    /// Foreign-data wrappers, but those of extensions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub foreign_data_wrappers: Vec<ForeignDataWrapper>,
    /// Foreign servers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<Server>,
    /// Languages, but those of extensions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
    /// Transforms.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transforms: Vec<Transform>,
    /// Enums, domains, composite types.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<Type>,
    /// Sequences, but those of identity columns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sequences: Vec<Sequence>,
    /// Functions and procedures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub functions: Vec<Function>,
    /// Tables, also partitioned and foreign ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<Table>,
    /// Views.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<View>,
    /// Materialized views.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub materialized_views: Vec<View>,
    /// Large objects, but what is in them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub large_objects: Vec<LargeObject>,
    /// Event triggers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub event_triggers: Vec<EventTrigger>,
    /// Publications.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub publications: Vec<Publication>,
    /// Default privileges of new objects.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub default_privileges: Vec<DefaultPrivileges>,
}

/// A statement that failed or was not executed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// The stable name of the finding: `migration-failed`, `opaque-statement` …
    pub code: String,
    /// What happened.
    pub message: String,
    /// The statement, as `path:line`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// Something of which nothing certain can be said.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnknownThing {
    /// What it is.
    pub what: String,
    /// Why.
    pub reason: String,
    /// The statement that was not executed, as `path:line`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// Something that the platform provides and that is gone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dropped {
    /// Its kind in PostgreSQL's words.
    pub kind: &'static str,
    /// Its name as SQL takes it.
    pub name: String,
    /// The relation or publication that it was a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// The statement that dropped it, as `path:line`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// Which statements made and changed a thing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct History {
    /// The statement that made it, as `path:line`. What the platform made has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// The statements that changed it since.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub altered: Vec<String>,
    /// Why what is said of it may be wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
}

/// What every object has.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Common {
    /// Its owner, if that is not the migrations' user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Its comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Its privileges, if they are not PostgreSQL's default: all of them but the owner's, where the owner has all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub privileges: Option<Vec<Privilege>>,
    /// The platform made it. Of its parts (columns, constraints, policies …) only those are listed that are not as
    /// the platform made them.
    #[serde(skip_serializing_if = "is_default")]
    pub platform: bool,
    /// What made and changed it.
    #[serde(flatten)]
    pub history: History,
}

/// What one role may do.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Privilege {
    /// Who; `public` is everybody.
    pub grantee: String,
    /// What.
    pub privileges: Vec<&'static str>,
    /// What of that it may pass on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grantable: Vec<&'static str>,
    /// Who granted it, if that is not the owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grantor: Option<String>,
}

/// A role. Passwords are never kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Its attributes that differ from those of a plain `CREATE ROLE`: `LOGIN`, `NOINHERIT` …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<&'static str>,
    /// The roles that it is a member of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub member_of: Vec<Membership>,
    /// Settings of its sessions.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, String>,
    /// Comment and history; a role has neither owner nor privileges.
    #[serde(flatten)]
    pub common: Common,
    #[serde(skip)]
    pub(super) oid: Oid,
}

/// A role's membership in another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Membership {
    /// The other role.
    pub role: String,
    /// `WITH ADMIN OPTION`.
    #[serde(skip_serializing_if = "is_default")]
    pub admin: bool,
    /// `WITH INHERIT` (16), where it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inherit: Option<bool>,
    /// `WITH SET FALSE` (16).
    #[serde(skip_serializing_if = "is_default")]
    pub no_set: bool,
}

/// A schema.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Namespace {
    /// Its name.
    pub name: String,
    /// What every object has.
    #[serde(flatten)]
    pub common: Common,
    #[serde(skip)]
    pub(super) oid: Oid,
}

/// An extension.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Extension {
    /// Its name.
    pub name: String,
    /// The schema of its objects.
    pub schema: String,
    /// Its version, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extversion: Option<String>,
    /// What every object has.
    #[serde(flatten)]
    pub common: Common,
    #[serde(skip)]
    pub(super) oid: Oid,
}

/// A type.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Type {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `enum`, `domain`, `composite`, `range`, `multirange`, `base` or `shell`.
    pub kind: &'static str,
    /// The labels of an enum, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// The attributes of a composite type, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Column>,
    /// The type under a domain, the subtype of a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The collation of a domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// A domain refuses null.
    #[serde(skip_serializing_if = "is_default")]
    pub not_null: bool,
    /// The default of a domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// The constraints of a domain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Constraint>,
    /// What every object has.
    #[serde(flatten)]
    pub common: Common,
    #[serde(skip)]
    pub(super) oid: Oid,
}

/// A sequence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sequence {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `smallint`, `integer` or `bigint`.
    #[serde(rename = "type")]
    pub ty: String,
    /// `START`, if it is not the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<i64>,
    /// `INCREMENT`, if it is not 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub increment: Option<i64>,
    /// `MINVALUE`, if it is not the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// `MAXVALUE`, if it is not the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// `CACHE`, if it is not 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<i64>,
    /// `CYCLE`.
    #[serde(skip_serializing_if = "is_default")]
    pub cycle: bool,
    /// `UNLOGGED`.
    #[serde(skip_serializing_if = "is_default")]
    pub unlogged: bool,
    /// The column that it belongs to, as SQL takes it. (That of an identity column belongs to it anyway.)
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owned_by: Option<String>,
    /// What every object has.
    #[serde(flatten)]
    pub common: Common,
    #[serde(skip)]
    pub(super) oid: Oid,
}

/// A function or procedure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Function {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The types of its input arguments: with schema and name its identity.
    pub arguments: Vec<String>,
    /// `function`, `procedure`, `aggregate` or `window`.
    pub kind: &'static str,
    /// What it returns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returns: Option<String>,
    /// Its language.
    pub language: String,
    /// It runs with its owner's rights.
    #[serde(skip_serializing_if = "is_default")]
    pub security_definer: bool,
    /// The statement that makes it (`pg_get_functiondef`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
    /// The extension that it is a member of: it is listed because something changed it since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension: Option<String>,
    /// What every object has.
    #[serde(flatten)]
    pub common: Common,
    #[serde(skip)]
    pub(super) oid: Oid,
}

/// A publication.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Publication {
    /// Its name.
    pub name: String,
    /// `FOR ALL TABLES`.
    #[serde(skip_serializing_if = "is_default")]
    pub all_tables: bool,
    /// Its schemas.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub schemas: Vec<String>,
    /// Its tables.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<PublicationTable>,
    /// `WITH (…)`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// What every object has.
    #[serde(flatten)]
    pub common: Common,
    #[serde(skip)]
    pub(super) oid: Oid,
}

/// A table in a publication.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PublicationTable {
    /// The table as SQL takes it.
    pub table: String,
    /// Its published columns; none listed means all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// `WHERE`.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// The statement that put it there, as `path:line`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    #[serde(skip)]
    pub(super) oid: Oid,
}

/// `ALTER DEFAULT PRIVILEGES`: what new objects of a role have.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DefaultPrivileges {
    /// The role that makes the objects.
    pub role: String,
    /// The schema in which it makes them, or any. What stands here for one schema comes on top of the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// `TABLES`, `SEQUENCES`, `FUNCTIONS`, `TYPES` or `SCHEMAS`.
    pub objects: &'static str,
    /// The privileges.
    pub privileges: Vec<Privilege>,
}

/// `skip_serializing_if` of what is left out.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
