//! Catalogs for tests, made by running SQL.

use std::sync::Arc;

use crate::catalog::{BOOTSTRAP_ROLE, Catalog, Layer, Oid, PUBLIC_SCHEMA};
use crate::project::TransactionMode;
use crate::replay::{Replay, Script, Session};
use crate::source::SourceMap;

/// A database of version 15 after a script, all of whose statements succeed and are understood.
pub(crate) fn migrated(sql: &str) -> (Catalog, SourceMap) {
    let mut sources = SourceMap::new();
    let file = sources.add("migrations/001.sql", sql);
    let mut replay = Replay::new(15);
    let script =
        Script { file, text: Arc::from(sql), layer: Layer::Migration(0), transaction: TransactionMode::Statement };
    let outcome = replay.run(&script, Session::new(BOOTSTRAP_ROLE), &mut 0);
    assert!(outcome.error.is_none() && outcome.syntax_errors.is_empty(), "{outcome:#?}");
    assert!(outcome.opaque.is_empty(), "{:#?}", outcome.opaque);
    (replay.catalog, sources)
}

/// Where names are looked up in tests.
pub(crate) const PATH: [Oid; 2] = [crate::catalog::PG_CATALOG, PUBLIC_SCHEMA];
