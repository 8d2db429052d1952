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
    let mut replay = Replay::new(version);
    for (n, setup) in setup.split('\x1e').enumerate() {
        let file = sources.add(format!("m/{n}.sql"), setup.to_owned());
        let script = Script {
            file,
            text: Arc::from(setup),
            layer: crate::catalog::Layer::Migration(0),
            transaction: crate::project::TransactionMode::Statement,
        };
        let outcome = replay.run(&script, Session::new(BOOTSTRAP_ROLE), &mut 0);
        if let Some(e) = &outcome.error {
            println!("setup error: {:?} {:.100}", e.error.message, setup);
        }
        for o in &outcome.opaque {
            println!("setup opaque {:?} {:.200}", o.reason, setup);
        }
        for o in &outcome.syntax_errors {
            println!("setup syntax {o:?}");
        }
    }
    if let Ok(rules) = std::env::var("PGPROOF_RULES") {
        rules_test(&replay, &rules);
    }
    let data = std::fs::read_to_string(path).unwrap();
    let only = std::env::var("PGPROOF_Q").unwrap_or_default();
    let (mut good, mut bad, mut opaque) = (0, 0, 0);
    let mut kinds = std::collections::BTreeMap::<&str, usize>::new();
    let mut causes = std::collections::BTreeMap::<String, usize>::new();
    for rec in data.split('\x1e') {
        let f: Vec<&str> = rec.split('\x1f').collect();
        let sql = f[0];
        if !sql.contains(&only) {
            continue;
        }
        let path = replay.path();
        let env = Environment { catalog: &replay.catalog, path: &path, time_zone: "UTC", now: None, variables: None };
        let stmt = match crate::sql::parse(sql).into_iter().next() {
            Some(crate::sql::Segment::Statement(s)) => s.kind,
            Some(crate::sql::Segment::SyntaxError(e)) => {
                if f[1] == "err" && f[2] == e.sqlstate.to_string() {
                    good += 1;
                } else {
                    bad += 1;
                    println!("SYNTAX {sql}\n   {e:?} vs {:?}", &f[1..]);
                }
                continue;
            }
            other => {
                bad += 1;
                println!("NOT LOWERED {sql} {other:?}");
                continue;
            }
        };
        let stmt = match stmt {
            StatementKind::CreateTableAs(c) if c.query.is_some() => {
                StatementKind::Select(Box::new(c.query.clone().unwrap()))
            }
            s => s,
        };
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| super::analyze_statement(&env, &stmt)))
            .unwrap_or_else(|_| {
                println!("PANIC {sql}");
                Err(crate::replay::SqlError::new("XX000", "panic").into())
            });
        let ours = match &result {
            Ok(Some(q)) => {
                let cols: Vec<String> = if matches!(stmt, StatementKind::Select(_)) {
                    q.tree
                        .result_targets()
                        .map(|t| {
                            let ty = t.expr.ty(&replay.catalog);
                            let coll = t.expr.collation();
                            let coll = if coll == crate::catalog::Oid::INVALID {
                                "-".to_owned()
                            } else if coll == crate::catalog::DEFAULT_COLLATION {
                                "\"default\"".into()
                            } else {
                                replay.catalog.collation_info(coll).map_or("?".into(), |c| format!("\"{}\"", c.name))
                            };
                            format!(
                                "{}\x1c{}\x1c{}",
                                t.name.clone().unwrap_or_default(),
                                replay.catalog.format_type(ty, &path),
                                coll
                            )
                        })
                        .collect()
                } else {
                    vec![]
                };
                let mut cols = cols;
                if matches!(stmt, StatementKind::Select(_)) {
                    let names: Vec<crate::sql::ast::Name> =
                        q.tree.result_targets().map(|t| t.name.clone().unwrap_or_default()).collect();
                    cols.push(
                        match crate::expr::deparse::Deparser::new(&replay.catalog, &path).view_def(&q.tree, &names) {
                            Ok(t) => format!("#{t}"),
                            Err(e) => format!("#{e:?}"),
                        },
                    );
                }
                format!("ok\x1f{}", cols.join("\x1d"))
            }
            Ok(None) => "none".into(),
            Err(Stop::Error(e)) => format!(
                "err\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f",
                e.sqlstate,
                e.message,
                e.detail.clone().unwrap_or_default(),
                e.hint.clone().unwrap_or_default(),
                e.loc.offset().map_or(String::new(), |o| (sql[..o as usize].chars().count() + 1).to_string())
            ),
            Err(Stop::Opaque(o)) => {
                opaque += 1;
                *causes.entry(o.reason.clone()).or_default() += 1;
                println!("OPAQUE {sql}\n   {}", o.reason);
                continue;
            }
        };
        let theirs = f[1..].join("\x1f");
        // errors of CREATE VIEW itself
        let view_error = f[1] == "err" && matches!(f[2], "42701" | "42P16" | "42P22") && ours.starts_with("ok");
        if ours == theirs || view_error {
            good += 1;
        } else {
            bad += 1;
            let kind = match (ours.starts_with("ok"), theirs.starts_with("ok")) {
                (true, true) => {
                    let (a, b) = (ours.split('#').next(), theirs.split('#').next());
                    if a == b { "TEXT" } else { "COLS" }
                }
                (true, false) => "MISSED",
                (false, true) => "WRONG",
                (false, false) => {
                    let n = |s: &str| s.split('\x1f').take(3).collect::<Vec<_>>().join("|");
                    if n(&ours) == n(&theirs) { "DETAIL" } else { "MESSAGE" }
                }
            };
            *kinds.entry(kind).or_default() += 1;
            println!(
                "DIFF {kind} {sql}\n   ours   {}\n   theirs {}",
                ours.replace('\x1f', " | ").replace('\x1d', ", ").replace('\x1c', ":"),
                theirs.replace('\x1f', " | ").replace('\x1d', ", ").replace('\x1c', ":")
            );
        }
    }
    println!("good {good} bad {bad} opaque {opaque}");
    println!("{kinds:?}");
    for (k, v) in causes {
        println!("  {v} {k}");
    }
}

fn rules_test(replay: &Replay, file: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    let path = [crate::catalog::PG_CATALOG];
    let (mut good, mut bad) = (0, 0);
    for block in text.split("\n-- ").map(|b| b.trim_start_matches("-- ")) {
        let Some((_, sql)) = block.split_once('\n') else { continue };
        let sql = sql.trim_end();
        let env = Environment { catalog: &replay.catalog, path: &path, time_zone: "UTC", now: None, variables: None };
        let Some(crate::sql::Segment::Statement(s)) = crate::sql::parse(sql).into_iter().next() else {
            println!("RULE SYNTAX {sql}");
            continue;
        };
        let StatementKind::CreateRule(rule) = &s.kind else {
            println!("RULE NOT {sql} {:?}", s.kind);
            continue;
        };
        match analyze_rule(&env, rule) {
            Err(e) => {
                bad += 1;
                println!("RULE FAIL {sql}\n  {e:?}")
            }
            Ok(r) => {
                use crate::expr::deparse::{RuleDef, RuleEvent};
                let event = match rule.event {
                    crate::sql::ast::RuleEvent::Select => RuleEvent::Select(&[]),
                    crate::sql::ast::RuleEvent::Insert => RuleEvent::Insert,
                    crate::sql::ast::RuleEvent::Update => RuleEvent::Update,
                    crate::sql::ast::RuleEvent::Delete => RuleEvent::Delete,
                };
                let schema =
                    crate::replay::lookup::find_schema(&replay.catalog, rule.relation.name.schema.as_deref().unwrap())
                        .unwrap()
                        .oid;
                let rel = replay.catalog.relation_in(schema, &rule.relation.name.name).unwrap().oid;
                let def = RuleDef {
                    name: &rule.name,
                    relation: rel,
                    event,
                    qual: r.condition.as_ref(),
                    instead: rule.instead,
                    actions: if rule.actions.is_empty() { &r.actions } else { &r.actions },
                };
                match crate::expr::deparse::Deparser::new(&replay.catalog, &path).rule_def(&def) {
                    Ok(t) if t == sql => good += 1,
                    Ok(t) => {
                        bad += 1;
                        println!("RULE TEXT\n{sql}\n---\n{t}")
                    }
                    Err(e) => {
                        bad += 1;
                        println!("RULE DEPARSE {sql} {e:?}")
                    }
                }
            }
        }
    }
    println!("rules good {good} bad {bad}");
}
