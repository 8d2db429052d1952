//! The resulting schema: as a document in YAML, as flat lists in JSON, and as a script that makes it again.
//!
//! The document has what migrations and baseline made, and of what the platform provides only what they changed or
//! dropped: the catalog is compared with the one before the first of their statements. The script is made from the
//! same texts, so what the document does not say the script cannot make; tests replay it and compare the documents.

mod build;
pub mod flat;
mod model;
mod sql;
mod text;

use std::sync::Arc;

use crate::catalog::{Catalog, Oid};
use crate::report::Diagnostic;
use crate::source::SourceMap;

pub use flat::FlatDoc;
pub use model::*;

/// What the script makes of that which is there before the first migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScriptParts {
    /// What the platform provides.
    pub platform: bool,
    /// Roles, which belong to a server and not to a database.
    pub roles: bool,
    /// What the baseline made. Where this is left out, what the platform provides is there as well.
    pub baseline: bool,
}

impl ScriptParts {
    /// Everything but what the platform provides.
    pub const ON_PLATFORM: ScriptParts = ScriptParts { platform: false, roles: true, baseline: true };
}

impl Default for ScriptParts {
    /// All parts.
    fn default() -> ScriptParts {
        ScriptParts { platform: true, roles: true, baseline: true }
    }
}

/// What a schema is printed from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// The catalog before what is printed: that which the platform provides, with what the baseline made if that is
    /// left out.
    pub platform: &'a Catalog,
    /// The script that makes what the platform provides, unless it is PostgreSQL alone.
    pub platform_script: Option<&'a str>,
    /// What the script makes.
    pub parts: ScriptParts,
    /// The platform's name, unless it is PostgreSQL alone.
    pub platform_name: Option<&'a str>,
    /// The role that the migrations run as.
    pub user: Oid,
    /// The `search_path` of its sessions.
    pub search_path: &'a [Oid],
    /// The texts that made the catalog.
    pub sources: &'a SourceMap,
    /// The path of the last migration that ran.
    pub at: Option<&'a str>,
    /// What there is to say about the migrations.
    pub findings: &'a [Diagnostic],
}

/// A schema that can be printed.
#[derive(Clone, Debug)]
pub struct Schema {
    doc: SchemaDoc,
    flat: FlatDoc,
    sql: Arc<str>,
}

impl Schema {
    /// The schema in a catalog.
    pub fn new(source: &Source<'_>) -> Schema {
        let doc = build::document(source);
        let sql = sql::script(&doc, source).into();
        let flat = flat::document(source, &doc, false);
        Schema { doc, flat, sql }
    }

    /// The flat document with pretty-printed texts, if there are such; that of [`Schema::flat`] has PostgreSQL's plain
    /// ones.
    pub fn pretty(source: &Source<'_>) -> Option<FlatDoc> {
        Some(flat::document(source, &build::document(source), true))
    }

    /// The flat document, which is the one in JSON.
    pub fn flat(&self) -> &FlatDoc {
        &self.flat
    }

    /// The document.
    pub fn doc(&self) -> &SchemaDoc {
        &self.doc
    }

    /// The document as YAML.
    ///
    /// # Errors
    /// Those of the serializer; a document has nothing that it refuses.
    pub fn to_yaml(&self) -> Result<String, serde_yaml::Error> {
        serde_yaml::to_string(&self.doc)
    }

    /// The flat document as JSON.
    ///
    /// # Errors
    /// Those of the serializer; a document has nothing that it refuses.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(&self.flat)? + "\n")
    }

    /// A script that makes the schema in an empty database: with what the platform provides, with roles and with what the
    /// baseline made, as [`Source::parts`] says.
    pub fn to_sql(&self) -> &str {
        &self.sql
    }
}
