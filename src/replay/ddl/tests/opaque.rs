//! What is not executed yet says so, and names the relations that it may have changed.

use crate::replay::{Context, Replay, Stop};
use crate::sql::ast::Touches;
use crate::sql::{Segment, parse};

/// The relations that the last statement may have changed; what went before is executed.
fn touched(sql: &str) -> Vec<String> {
    let mut replay = Replay::new(15);
    let cx = Context::computed(crate::catalog::Origin::nowhere());
    let mut last = Ok(());
    for segment in parse(sql) {
        let Segment::Statement(statement) = segment else { panic!("not a statement: {segment:?}") };
        assert_eq!(last, Ok(()));
        last = replay.execute(&statement.kind, &cx);
    }
    match last {
        Err(Stop::Opaque(opaque)) => match opaque.touches {
            Touches::Relations(names) => names.iter().map(crate::replay::lookup::display).collect(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_check_made_of_a_bound() {
    let table = "create table t (id int) partition by list (id); \
                 create table p partition of t (check (id > 0)) for values in (1);";
    assert_eq!(touched(&format!("{table} alter table t detach partition p concurrently")), ["p"]);
}

#[test]
fn a_check_made_of_a_function_that_is_inlined() {
    let table = "create table t (b int) partition by range (date_part('year', '2020-01-01'::date + b)); \
                 create table p partition of t for values from (1) to (2);";
    assert_eq!(touched(&format!("{table} alter table t detach partition p concurrently")), ["p"]);
}

/// A constant that is not read.
const DECLARED: &str = "<?xml version=\"1.0\"?><a/>";

/// What a single statement may have changed whose expression is not followed.
fn bounded(sql: &str) -> Touches {
    let mut replay = Replay::new(15);
    let cx = Context::computed(crate::catalog::Origin::nowhere());
    let Some(Segment::Statement(statement)) = parse(sql).into_iter().next() else { panic!("{sql}") };
    match replay.execute_bounded(&statement.kind, &cx) {
        Err(Stop::Opaque(opaque)) => opaque.touches,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_has_an_expression_that_is_not_followed_is_not_known() {
    let relation = |touches| match touches {
        Touches::Relations(names) => names.iter().map(crate::replay::lookup::display).collect::<Vec<_>>().join(", "),
        other => panic!("{other:?}"),
    };
    assert_eq!(relation(bounded(&format!("create table t (a int, x xml default '{DECLARED}')"))), "t");
    assert_eq!(relation(bounded(&format!("create table t (x xml check (xml '{DECLARED}' is not null))"))), "t");
    assert_eq!(relation(bounded(&format!("create view v as select xml '{DECLARED}'"))), "v");
    assert!(matches!(bounded(&format!("create domain d as xml default '{DECLARED}'")), Touches::Type(_)));
}

#[test]
fn a_drop_of_what_is_perhaps_there_does_not_fail() {
    let mut replay = Replay::new(15);
    let mut ends = Vec::new();
    let sql = format!("create view v as select xml '{DECLARED}'; drop view v; drop view w; create view v as select 1");
    for (number, segment) in (1..).zip(parse(&sql)) {
        let origin = crate::catalog::Origin { sequence: number, ..crate::catalog::Origin::nowhere() };
        let cx = Context::computed(origin);
        let Segment::Statement(statement) = segment else { panic!("not a statement: {segment:?}") };
        let result = replay.execute_bounded(&statement.kind, &cx);
        if let Err(Stop::Opaque(opaque)) = &result {
            replay.taint(opaque, &cx);
        }
        ends.push(match result {
            Ok(()) => "done",
            Err(Stop::Opaque(_)) => "open",
            Err(Stop::Error(_)) => "failed",
        });
    }
    // The name is free after the statement, if that did not fail.
    assert_eq!(ends, ["open", "open", "failed", "done"]);
}

#[test]
fn a_table_whose_name_is_perhaps_taken_is_not_made() {
    let mut replay = crate::replay::Replay::new(15);
    let script = crate::replay::Script {
        file: crate::source::FileId(0),
        text: "CREATE TABLE o (id int); INSERT INTO o SELECT i FROM generate_series(1, 2000) i;
               DO $$ BEGIN IF EXISTS (SELECT FROM o) THEN CREATE TABLE t (a int); END IF; END $$;
               CREATE TABLE t (id serial PRIMARY KEY, b text);"
            .into(),
        layer: crate::catalog::Layer::Migration(0),
        transaction: crate::project::TransactionMode::File,
    };
    let session = replay.session.clone();
    crate::sql::with_large_stack(|| replay.run(&script, session, &mut 0));
    let names: Vec<_> = replay.catalog.relations().map(|r| r.name.to_string()).collect();
    assert_eq!(names, ["o"]);
}
