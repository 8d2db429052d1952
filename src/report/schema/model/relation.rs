//! Tables and views with their parts.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Common, History, Privilege, Sequence, is_default};
use crate::catalog::{AttrNumber, Oid};

/// A table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Table {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `UNLOGGED`.
    #[serde(skip_serializing_if = "is_default")]
    pub unlogged: bool,
    /// `PARTITION BY`: the strategy and the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_by: Option<String>,
    /// The bound of a partition, as ATTACH PARTITION takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_bound: Option<String>,
    /// The tables that it inherits from; of a partition, the partitioned table.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inherits: Vec<String>,
    /// The composite type of a typed table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_type: Option<String>,
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
    /// Its columns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
    /// Its constraints.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Constraint>,
    /// Its indexes, but those of constraints.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
    /// Its policies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<Policy>,
    /// Its triggers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub triggers: Vec<Trigger>,
    /// What every object has.
    #[serde(flatten)]
    pub common: Common,
    #[serde(skip)]
    pub(in crate::report::schema) oid: Oid,
}

/// A column of a table or view, an attribute of a composite type.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type; nothing if that is not known.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// Its collation, if it was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// `NOT NULL`.
    #[serde(skip_serializing_if = "is_default")]
    pub not_null: bool,
    /// Its default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// What it is generated from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generated: Option<Generated>,
    /// How it is an identity column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// `STORAGE`, where it was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<String>,
    /// `COMPRESSION`, where it was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compression: Option<String>,
    /// `STATISTICS`, where it was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statistics: Option<i32>,
    /// Options (`n_distinct` …).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// Its comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Privileges on it alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub privileges: Option<Vec<Privilege>>,
    /// What made and changed it.
    #[serde(flatten)]
    pub history: History,
    /// `OPTIONS` of a column of a foreign table.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub foreign_options: BTreeMap<String, String>,
    #[serde(skip)]
    pub(in crate::report::schema) number: AttrNumber,
}

/// A generation expression.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Generated {
    /// The expression.
    pub expression: String,
    /// `STORED` rather than `VIRTUAL`.
    pub stored: bool,
}

/// `GENERATED … AS IDENTITY`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Identity {
    /// `ALWAYS` or `BY DEFAULT`.
    pub generation: &'static str,
    /// Its sequence; nothing if that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<Sequence>,
}

/// A constraint of a table or a domain.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Constraint {
    /// Its name.
    pub name: String,
    /// `check`, `primary key`, `unique`, `exclude`, `foreign key` or `not null`.
    #[serde(rename = "type")]
    pub ty: &'static str,
    /// What ADD CONSTRAINT takes after the name (`pg_get_constraintdef`).
    pub definition: String,
    /// Storage parameters of its index.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub index_options: BTreeMap<String, String>,
    /// The comment of its index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index_comment: Option<String>,
    /// Its comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What made and changed it.
    #[serde(flatten)]
    pub history: History,
    #[serde(skip)]
    pub(in crate::report::schema) oid: Oid,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// The statement that makes it (`pg_get_indexdef`).
    pub definition: String,
    /// It is not used by queries.
    #[serde(skip_serializing_if = "is_default")]
    pub invalid: bool,
    /// Statistics targets of its columns that are expressions, by their numbers.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub statistics: BTreeMap<usize, i32>,
    /// Its comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What made and changed it.
    #[serde(flatten)]
    pub history: History,
    #[serde(skip)]
    pub(in crate::report::schema) oid: Oid,
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// `ALL`, `SELECT`, `INSERT`, `UPDATE` or `DELETE`.
    pub command: &'static str,
    /// It narrows what others permit.
    #[serde(skip_serializing_if = "is_default")]
    pub restrictive: bool,
    /// The roles that it is for.
    pub roles: Vec<String>,
    /// `USING`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    /// `WITH CHECK`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_check: Option<String>,
    /// Its comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What made and changed it.
    #[serde(flatten)]
    pub history: History,
    #[serde(skip)]
    pub(in crate::report::schema) oid: Oid,
}

/// A trigger.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// The statement that makes it (`pg_get_triggerdef`).
    pub definition: String,
    /// `DISABLE`, `ENABLE REPLICA` or `ENABLE ALWAYS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firing: Option<&'static str>,
    /// Its comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What made and changed it.
    #[serde(flatten)]
    pub history: History,
    #[serde(skip)]
    pub(in crate::report::schema) oid: Oid,
}

/// A view or materialized view.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct View {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its options, the CHECK OPTION among them; storage parameters of a materialized view.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// A materialized view without rows: it must be refreshed before it can be read.
    #[serde(skip_serializing_if = "is_default")]
    pub not_populated: bool,
    /// Its columns.
    pub columns: Vec<Column>,
    /// The query (`pg_get_viewdef`).
    pub definition: String,
    /// The indexes of a materialized view.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
    /// The triggers of a view.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub triggers: Vec<Trigger>,
    /// What every object has.
    #[serde(flatten)]
    pub common: Common,
    #[serde(skip)]
    pub(in crate::report::schema) oid: Oid,
}
