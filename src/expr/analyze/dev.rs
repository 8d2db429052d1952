//! Development only.
use super::*;
use crate::catalog::BOOTSTRAP_ROLE;
use crate::replay::{Replay, Script, Session, Stop};
use crate::sql::ast::StatementKind;
use std::sync::Arc;

#[test]
fn compare() {
    let Ok(path) = std::env::var("PGPROOF_EXPECTED") else { return };
    let version: u32 = std::env::var("PGPROOF_V").unwrap_or("15".into()).parse().unwrap();
    let setup = std::env::var("PGPROOF_SETUP").unwrap_or("tests/expressions/setup.sql".into());
    let setup = std::fs::read_to_string(setup).unwrap();
    let mut sources = crate::source::SourceMap::new();
    let file = sources.add("m/1.sql", setup.clone());
    let mut replay = Replay::new(version);
    let script = Script { file, text: Arc::from(setup.as_str()), layer: crate::catalog::Layer::Migration(0), transaction: crate::project::TransactionMode::Statement };
    let outcome = replay.run(&script, Session::new(BOOTSTRAP_ROLE), &mut 0);
    if let Some(e) = &outcome.error { println!("setup error: {e:?}"); }
    for o in &outcome.opaque { println!("setup opaque {o:?}"); }
    let data = std::fs::read_to_string(path).unwrap();
    let only = std::env::var("PGPROOF_Q").unwrap_or_default();
    let (mut good, mut bad, mut opaque) = (0, 0, 0);
    let mut causes = std::collections::BTreeMap::<String, usize>::new();
    for rec in data.split('\x1e') {
        let f: Vec<&str> = rec.split('\x1f').collect();
        let sql = f[0];
        if !sql.contains(&only) { continue; }
        let path = replay.path();
        let env = Environment { catalog: &replay.catalog, path: &path, time_zone: "UTC", now: None, variables: None };
        let stmt = match crate::sql::parse(sql).into_iter().next() {
            Some(crate::sql::Segment::Statement(s)) => s.kind,
            Some(crate::sql::Segment::SyntaxError(e)) => {
                if f[1] == "err" && f[2] == e.sqlstate.to_string() { good += 1; } else { bad += 1; println!("SYNTAX {sql}\n   {e:?} vs {:?}", &f[1..]); }
                continue;
            }
            other => { bad += 1; println!("NOT LOWERED {sql} {other:?}"); continue; }
        };
        let stmt = match stmt { StatementKind::CreateTableAs(c) if c.query.is_some() => StatementKind::Select(Box::new(c.query.clone().unwrap())), s => s };
        let result = super::analyze_statement(&env, &stmt);
        let ours = match &result {
            Ok(Some(q)) => {
                let cols: Vec<String> = if matches!(stmt, StatementKind::Select(_)) { q.tree.result_targets().map(|t| {
                    let ty = t.expr.ty(&replay.catalog);
                    let coll = t.expr.collation();
                    let coll = if coll == crate::catalog::Oid::INVALID { "-".to_owned() } else if coll == crate::catalog::DEFAULT_COLLATION { "\"default\"".into() } else { replay.catalog.collation_info(coll).map_or("?".into(), |c| format!("\"{}\"", c.name)) };
                    format!("{}\x1c{}\x1c{}", t.name.clone().unwrap_or_default(), replay.catalog.format_type(ty, &path), coll)
                }).collect() } else { vec![] };
                format!("ok\x1f{}", cols.join("\x1d"))
            }
            Ok(None) => "none".into(),
            Err(Stop::Error(e)) => format!("err\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f", e.sqlstate, e.message, e.detail.clone().unwrap_or_default(), e.hint.clone().unwrap_or_default(), e.loc.offset().map_or(String::new(), |o| (sql[..o as usize].chars().count() + 1).to_string())),
            Err(Stop::Opaque(o)) => { opaque += 1; *causes.entry(o.reason.clone()).or_default() += 1; println!("OPAQUE {sql}\n   {}", o.reason); continue }
        };
        let theirs = f[1..].join("\x1f");
        // errors of CREATE VIEW itself
        let view_error = f[1] == "err" && matches!(f[2], "42701" | "42P16" | "42P22") && ours.starts_with("ok");
        if ours == theirs || view_error { good += 1; } else {
            bad += 1;
            println!("DIFF {sql}\n   ours   {}\n   theirs {}", ours.replace('\x1f', " | ").replace('\x1d', ", ").replace('\x1c', ":"), theirs.replace('\x1f', " | ").replace('\x1d', ", ").replace('\x1c', ":"));
        }
    }
    println!("good {good} bad {bad} opaque {opaque}");
    for (k, v) in causes { println!("  {v} {k}"); }
}
