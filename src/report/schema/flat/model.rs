//! The shape of the JSON document; `docs/schema.md` describes it for users.
//!
//! A key that is left out has its default: false, nothing, an empty list. The lists of objects themselves are always
//! there. An entry's names are as they are stored, without quotes.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalog::Oid;
use crate::report::schema::model::{Dropped, Membership, Problem, UnknownThing};

/// The version of the JSON document.
pub const FLAT_VERSION: u32 = 2;

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct At {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
}

/// What every entry has.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Meta {
    /// The owner, if that is not the migrations' user and the kind has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The platform made it; it is listed because something changed it.
    #[serde(skip_serializing_if = "is_default")]
    pub platform: bool,
    /// The statement that made it. What the platform made has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<At>,
    /// The statements that changed it since.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub altered: Vec<At>,
    /// Why what is said of it may be wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
    /// Which object it is, so that it is found in another state of the catalog.
    #[serde(skip)]
    pub(super) id: Id,
}

/// An object's OID, the number of a part, and what is told of it.
pub(super) type Id = (Oid, i64, String);

/// What `pgproof schema --format json` prints.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatDoc {
    /// [`FLAT_VERSION`].
    pub version: u32,
    /// The major version of the server that was replayed.
    pub postgres: u32,
    /// The platform, unless it is PostgreSQL alone.
    pub platform: Option<String>,
    /// The role that the migrations run as.
    pub user: String,
    /// The last migration that ran.
    pub at: Option<String>,
    /// How many secrets are shown as `***`.
    pub hidden_secrets: u32,
    /// Statements that failed or were not executed.
    pub problems: Vec<Problem>,
    /// What is not known because of them.
    pub unknown: Vec<UnknownThing>,
    /// What the platform provides and something dropped.
    pub dropped: Vec<Dropped>,
    /// Settings of the database's sessions.
    pub settings: BTreeMap<String, String>,
    /// Schemas.
    pub schemas: Vec<FlatSchema>,
    /// Extensions.
    pub extensions: Vec<FlatExtension>,
    /// Foreign-data wrappers, but those of extensions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub foreign_data_wrappers: Vec<FlatForeignDataWrapper>,
    /// Foreign servers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<FlatServer>,
    /// Event triggers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub event_triggers: Vec<FlatEventTrigger>,
    /// Languages, but those of extensions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<FlatLanguage>,
    /// Transforms.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transforms: Vec<FlatTransform>,
    /// Large objects, but what is in them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub large_objects: Vec<FlatLargeObject>,
    /// Tables, also partitioned and foreign ones.
    pub tables: Vec<FlatTable>,
    /// Columns of tables, views and materialized views.
    pub columns: Vec<FlatColumn>,
    /// Constraints of tables and domains.
    pub constraints: Vec<FlatConstraint>,
    /// Indexes, those of constraints too.
    pub indexes: Vec<FlatIndex>,
    /// Views and materialized views.
    pub views: Vec<FlatView>,
    /// Sequences, those of identity columns too.
    pub sequences: Vec<FlatSequence>,
    /// Enums, domains, composite types, ranges.
    pub types: Vec<FlatType>,
    /// Functions, procedures, aggregates.
    pub functions: Vec<FlatFunction>,
    /// Triggers.
    pub triggers: Vec<FlatTrigger>,
    /// Policies.
    pub policies: Vec<FlatPolicy>,
    /// Rules, but those that make a view one.
    pub rules: Vec<FlatRule>,
    /// Extended statistics.
    pub statistics: Vec<FlatStatistics>,
    /// Publications.
    pub publications: Vec<FlatPublication>,
    /// Tables of publications.
    pub publication_tables: Vec<FlatPublicationTable>,
    /// Roles.
    pub roles: Vec<FlatRole>,
    /// Privileges that are not PostgreSQL's default, one entry a grantee.
    pub grants: Vec<FlatGrant>,
    /// Default privileges of new objects, one entry a grantee.
    pub default_privileges: Vec<FlatDefaultPrivilege>,
    /// Comments.
    pub comments: Vec<FlatComment>,
}

/// A schema.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatSchema {
    /// Its name.
    pub name: String,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// An extension. Its members are listed only where something changed them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatExtension {
    /// The schema of its objects.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its version, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extversion: Option<String>,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// A foreign-data wrapper.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatForeignDataWrapper {
    /// Its name.
    pub name: String,
    /// `HANDLER`, as SQL takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handler: Option<String>,
    /// `VALIDATOR`, as SQL takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validator: Option<String>,
    /// `OPTIONS`; what is named like a secret is shown as `***`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// A foreign server.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatServer {
    /// Its name.
    pub name: String,
    /// Its foreign-data wrapper, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreign_data_wrapper: Option<String>,
    /// `TYPE`
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub server_type: Option<String>,
    /// `VERSION`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_version: Option<String>,
    /// `OPTIONS`; what is named like a secret is shown as `***`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// An event trigger.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatEventTrigger {
    /// Its name.
    pub name: String,
    /// The event.
    pub event: String,
    /// `WHEN TAG IN`; none listed means all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The function, as SQL takes it.
    pub function: String,
    /// `DISABLE`, `ENABLE REPLICA` or `ENABLE ALWAYS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firing: Option<&'static str>,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// A language.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatLanguage {
    /// Its name.
    pub name: String,
    /// `TRUSTED`
    #[serde(skip_serializing_if = "is_default")]
    pub trusted: bool,
    /// `HANDLER`, as SQL takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handler: Option<String>,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// A transform.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatTransform {
    /// The type.
    #[serde(rename = "type")]
    pub ty: String,
    /// The language.
    pub language: String,
    /// `FROM SQL WITH FUNCTION`, as SQL takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_sql: Option<String>,
    /// `TO SQL WITH FUNCTION`, as SQL takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_sql: Option<String>,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// A large object. What is in it is not known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatLargeObject {
    /// Its number.
    pub number: u32,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatTable {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `table`, `partitioned table` or `foreign table`.
    pub kind: &'static str,
    /// `UNLOGGED`.
    #[serde(skip_serializing_if = "is_default")]
    pub unlogged: bool,
    /// The partition key (`pg_get_partkeydef`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_key: Option<String>,
    /// The bound of a partition (`pg_get_expr(relpartbound, oid)`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_bound: Option<String>,
    /// The tables that it inherits from, a partition its partitioned table, as SQL takes them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inherits: Vec<String>,
    /// The server of a foreign table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// `OPTIONS` of a foreign table; what is named like a secret is shown as `***`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub foreign_options: BTreeMap<String, String>,
    /// Storage parameters.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// `REPLICA IDENTITY`, if it is not the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replica_identity: Option<String>,
    /// Row-level security is enabled.
    #[serde(skip_serializing_if = "is_default")]
    pub row_security: bool,
    /// It binds the owner too.
    #[serde(skip_serializing_if = "is_default")]
    pub force_row_security: bool,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// A column of a table, view or materialized view.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatColumn {
    /// The schema of its relation.
    pub schema: String,
    /// Its relation.
    pub table: String,
    /// Its name.
    pub name: String,
    /// Its type (`format_type`); nothing if that is not known.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// Its collation, if it is not its type's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// `NOT NULL`.
    #[serde(skip_serializing_if = "is_default")]
    pub not_null: bool,
    /// Its default (`pg_get_expr`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// What it is generated from (`pg_get_expr`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generated: Option<String>,
    /// What is generated is not stored.
    #[serde(rename = "virtual", skip_serializing_if = "is_default")]
    pub is_virtual: bool,
    /// `ALWAYS` or `BY DEFAULT`, of an identity column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<&'static str>,
    /// `STORAGE`, where it was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<String>,
    /// `COMPRESSION`, where it was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compression: Option<String>,
    /// `STATISTICS`, where it was set.
    #[serde(rename = "statistics", skip_serializing_if = "Option::is_none")]
    pub statistics_target: Option<i32>,
    /// Options (`n_distinct` …).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// A constraint of a table or a domain.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatConstraint {
    /// The schema of its table or domain.
    pub schema: String,
    /// Its table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Its domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Its name.
    pub name: String,
    /// `check`, `primary key`, `unique`, `exclude`, `foreign key` or `not null`.
    pub kind: &'static str,
    /// `pg_get_constraintdef`
    pub def: String,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatIndex {
    /// Its schema, which is its table's.
    pub schema: String,
    /// Its table or materialized view.
    pub table: String,
    /// Its name.
    pub name: String,
    /// `pg_get_indexdef`
    pub def: String,
    /// The constraint that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constraint: Option<String>,
    /// It is not used by queries.
    #[serde(skip_serializing_if = "is_default")]
    pub invalid: bool,
    /// Statistics targets of its columns that are expressions, by their numbers.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub statistics: BTreeMap<usize, i32>,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// A view or materialized view.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatView {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `view` or `materialized view`.
    pub kind: &'static str,
    /// `pg_get_viewdef`
    pub def: Option<String>,
    /// Its options, the CHECK OPTION among them; storage parameters of a materialized view.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// A materialized view without rows.
    #[serde(skip_serializing_if = "is_default")]
    pub not_populated: bool,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// A sequence. Its parameters are all given, as `pg_sequence` has them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatSequence {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `smallint`, `integer` or `bigint`.
    #[serde(rename = "type")]
    pub ty: String,
    /// `START`
    pub start: i64,
    /// `INCREMENT`
    pub increment: i64,
    /// `MINVALUE`
    pub min: i64,
    /// `MAXVALUE`
    pub max: i64,
    /// `CACHE`
    pub cache: i64,
    /// `CYCLE`
    #[serde(skip_serializing_if = "is_default")]
    pub cycle: bool,
    /// `UNLOGGED`
    #[serde(skip_serializing_if = "is_default")]
    pub unlogged: bool,
    /// The column that it belongs to, as SQL takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owned_by: Option<String>,
    /// It is an identity column's.
    #[serde(skip_serializing_if = "is_default")]
    pub identity: bool,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// An attribute of a composite type.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatAttribute {
    /// Its name.
    pub name: String,
    /// Its type (`format_type`); nothing if that is not known.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// Its collation, if it is not its type's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
}

/// A type.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatType {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `enum`, `domain`, `composite`, `range`, `base` or `shell`.
    pub kind: &'static str,
    /// The labels of an enum, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// The attributes of a composite type, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<FlatAttribute>,
    /// The type under a domain, the subtype of a range (`format_type`).
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The collation of a domain, if it is not that of the type under it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// A domain refuses null.
    #[serde(skip_serializing_if = "is_default")]
    pub not_null: bool,
    /// The default of a domain (`pg_get_expr`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// A function, procedure or aggregate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatFunction {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The types of its input arguments: with schema and name its identity.
    pub arguments: Vec<String>,
    /// `function`, `procedure`, `aggregate` or `window`.
    pub kind: &'static str,
    /// `pg_get_function_result`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returns: Option<String>,
    /// Its language.
    pub language: String,
    /// It runs with its owner's rights.
    #[serde(skip_serializing_if = "is_default")]
    pub security_definer: bool,
    /// `pg_get_functiondef`; nothing for aggregates and functions in C.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub def: Option<String>,
    /// The extension that it is a member of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension: Option<String>,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// A trigger.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatTrigger {
    /// The schema of its relation.
    pub schema: String,
    /// Its relation.
    pub table: String,
    /// Its name.
    pub name: String,
    /// `pg_get_triggerdef`
    pub def: String,
    /// `DISABLE`, `ENABLE REPLICA` or `ENABLE ALWAYS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firing: Option<&'static str>,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatPolicy {
    /// The schema of its table.
    pub schema: String,
    /// Its table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// `ALL`, `SELECT`, `INSERT`, `UPDATE` or `DELETE`.
    pub command: &'static str,
    /// It narrows what others permit.
    #[serde(skip_serializing_if = "is_default")]
    pub restrictive: bool,
    /// The roles that it is for.
    pub roles: Vec<String>,
    /// `USING` (`pg_get_expr`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    /// `WITH CHECK` (`pg_get_expr`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatRule {
    /// The schema of its relation.
    pub schema: String,
    /// Its relation.
    pub table: String,
    /// Its name.
    pub name: String,
    /// `pg_get_ruledef`
    pub def: String,
    /// `DISABLE`, `ENABLE REPLICA` or `ENABLE ALWAYS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firing: Option<&'static str>,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// Extended statistics.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatStatistics {
    /// Its schema.
    pub schema: String,
    /// Its table, as SQL takes it.
    pub table: String,
    /// Its name.
    pub name: String,
    /// `pg_get_statisticsobjdef`
    pub def: String,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// A publication.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatPublication {
    /// Its name.
    pub name: String,
    /// `FOR ALL TABLES`.
    #[serde(skip_serializing_if = "is_default")]
    pub all_tables: bool,
    /// Its schemas.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub schemas: Vec<String>,
    /// `WITH (…)`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// A table in a publication.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatPublicationTable {
    /// The publication.
    pub publication: String,
    /// The schema of the table.
    pub schema: String,
    /// The table.
    pub table: String,
    /// Its published columns; none listed means all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// The row filter (`pg_get_expr`).
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// A role. Passwords are never kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatRole {
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
    /// What every entry has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// The object that a grant or a comment is on.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct On {
    /// Its kind in PostgreSQL's words: `table`, `column`, `function` …
    pub on: &'static str,
    /// Its schema, or that of the relation it is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The relation that it is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The domain that it is a constraint of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Its name.
    pub name: String,
    /// The types of a function's input arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<Vec<String>>,
}

/// What one role may do with an object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatGrant {
    /// The object.
    #[serde(flatten)]
    pub object: On,
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
    /// What every entry has; `from` is the object's.
    #[serde(flatten)]
    pub meta: Meta,
}

/// `ALTER DEFAULT PRIVILEGES`: what new objects of a role have.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatDefaultPrivilege {
    /// The role that makes the objects.
    pub role: String,
    /// The schema in which it makes them, or any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// `TABLES`, `SEQUENCES`, `FUNCTIONS`, `TYPES` or `SCHEMAS`.
    pub objects: &'static str,
    /// Who; `public` is everybody. Nobody where all that PostgreSQL gives by default was taken away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grantee: Option<String>,
    /// What.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub privileges: Vec<&'static str>,
    /// What of that it may pass on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grantable: Vec<&'static str>,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlatComment {
    /// The object.
    #[serde(flatten)]
    pub object: On,
    /// The text.
    pub comment: String,
    /// What every entry has; `from` is the object's.
    #[serde(flatten)]
    pub meta: Meta,
}

/// `skip_serializing_if` of what is left out.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
