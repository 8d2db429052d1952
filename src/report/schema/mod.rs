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

/// What a schema is printed from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// The catalog before baseline and migrations: what the platform provides.
    pub platform: &'a Catalog,
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

    /// A script that makes the schema on a server that has the platform and nothing else.
    pub fn to_sql(&self) -> &str {
        &self.sql
    }
}
