//! Objects that are in no schema: foreign data, event triggers, languages, large objects, the database itself.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::{Common, Privilege, is_default};
use crate::catalog::Oid;

/// A foreign-data wrapper.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ForeignDataWrapper {
    /// Its name.
    pub name: String,
    /// `HANDLER`, as SQL takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handler: Option<String>,
    /// `VALIDATOR`, as SQL takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validator: Option<String>,
    /// `OPTIONS`
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// What every object has.
    #[serde(flatten)]
    pub common: Common,
    #[serde(skip)]
    pub(in crate::report::schema) oid: Oid,
}

/// A foreign server.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Server {
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
    /// What every object has.
    #[serde(flatten)]
    pub common: Common,
    #[serde(skip)]
    pub(in crate::report::schema) oid: Oid,
}

/// An event trigger.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventTrigger {
    /// Its name.
    pub name: String,
    /// `ddl_command_start`, `ddl_command_end`, `sql_drop`, `table_rewrite` or `login`.
    pub event: String,
    /// `WHEN TAG IN`; none listed means all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The function, as SQL takes it.
    pub function: String,
    /// `DISABLE`, `ENABLE REPLICA` or `ENABLE ALWAYS`, if it is not as it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firing: Option<&'static str>,
    /// What every object has.
    #[serde(flatten)]
    pub common: Common,
    #[serde(skip)]
    pub(in crate::report::schema) oid: Oid,
}

/// A language.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Language {
    /// Its name.
    pub name: String,
    /// `TRUSTED`
    #[serde(skip_serializing_if = "is_default")]
    pub trusted: bool,
    /// `HANDLER`, as SQL takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handler: Option<String>,
    /// `INLINE`, as SQL takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inline: Option<String>,
    /// `VALIDATOR`, as SQL takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validator: Option<String>,
    /// What every object has.
    #[serde(flatten)]
    pub common: Common,
    #[serde(skip)]
    pub(in crate::report::schema) oid: Oid,
}

/// A transform.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Transform {
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
    /// What every object has.
    #[serde(flatten)]
    pub common: Common,
    #[serde(skip)]
    pub(in crate::report::schema) oid: Oid,
}

/// A large object. What is in it is not known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LargeObject {
    /// Its number.
    #[serde(serialize_with = "number")]
    pub number: Oid,
    /// What every object has.
    #[serde(flatten)]
    pub common: Common,
}

fn number<S: Serializer>(oid: &Oid, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u32(oid.0)
}

/// The database itself. Its name is not known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DatabaseEntry {
    /// `CONNECTION LIMIT`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection_limit: Option<i32>,
    /// `IS_TEMPLATE`
    #[serde(skip_serializing_if = "is_default")]
    pub is_template: bool,
    /// What every object has.
    #[serde(flatten)]
    pub common: Common,
}

/// Privileges on a configuration parameter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Who may set it.
    pub privileges: Vec<Privilege>,
}
