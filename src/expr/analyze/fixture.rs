//! Queries over small catalogs, for tests.

use super::{Environment, analyze_statement};
use crate::catalog::tree::StoredQueryTree;
use crate::catalog::{BOOTSTRAP_ROLE, Catalog, Layer};
use crate::project::TransactionMode;
use crate::replay::{Exec, Replay, Script, Session, Stop};
use crate::source::SourceMap;
use crate::sql::{Segment, parse};

/// A database of that version after a script.
pub(super) fn catalog(version: u32, setup: &str) -> Replay {
    let mut sources = SourceMap::new();
    let file = sources.add("migrations/001.sql", setup);
    let mut replay = Replay::new(version);
    let script =
        Script { file, text: setup.into(), layer: Layer::Migration(0), transaction: TransactionMode::Statement };
    let outcome = replay.run(&script, Session::new(BOOTSTRAP_ROLE), &mut 0);
    assert!(outcome.error.is_none() && outcome.syntax_errors.is_empty(), "{outcome:#?}");
    replay
}

/// A statement that reads or writes rows, analysed.
pub(super) fn analyzed(replay: &Replay, text: &str) -> Exec<StoredQueryTree> {
    let path = replay.path();
    let env = Environment::new(&replay.catalog, &path);
    let Some(Segment::Statement(statement)) = parse(text).into_iter().next() else { panic!("{text}") };
    let query = analyze_statement(&env, &statement.kind)?;
    Ok(query.unwrap_or_else(|| panic!("{text} is no query")))
}

/// The tree of a statement that is right.
pub(super) fn tree(replay: &Replay, text: &str) -> StoredQueryTree {
    analyzed(replay, text).unwrap_or_else(|stop| panic!("{text}: {stop:?}"))
}

/// Names and types of a query's columns: `a integer, b text`.
pub(super) fn columns(replay: &Replay, text: &str) -> String {
    let catalog: &Catalog = &replay.catalog;
    let query = tree(replay, text);
    let column = |target: &crate::catalog::tree::TargetEntry| {
        let ty = catalog.format_type(target.expr.ty(catalog), &replay.path());
        format!("{} {ty}", target.name.clone().unwrap_or_default())
    };
    query.tree.result_targets().map(column).collect::<Vec<_>>().join(", ")
}

/// SQLSTATE, message, detail, hint and place of the error, in lines.
pub(super) fn error(replay: &Replay, text: &str) -> String {
    match analyzed(replay, text) {
        Ok(query) => panic!("{text} is right: {query:?}"),
        Err(Stop::Opaque(opaque)) => panic!("{text} is opaque: {opaque:?}"),
        Err(Stop::Error(error)) => {
            let at = error.loc.offset().map_or(String::new(), |offset| format!(" at {offset}"));
            let lines = [error.detail.as_ref(), error.hint.as_ref()];
            let lines = lines.into_iter().flatten().map(|line| format!("\n{line}")).collect::<String>();
            format!("{} {}{at}{lines}", error.sqlstate, error.message)
        }
    }
}
