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
fn inheritance_partitions_and_copies() {
    let table = "create table t (id int) partition by list (id); create table p (id int); create schema s; create table s.u (id int);";
    for (statement, relations) in [
        ("create table c () inherits (p)", vec!["c"]),
        ("create table s.c () inherits (p)", vec!["s.c"]),
        ("create table c partition of t for values in (1)", vec!["c"]),
        ("create table c (like p including all)", vec!["c"]),
        ("alter table t attach partition p for values in (1)", vec!["t", "p"]),
        ("alter table t detach partition p", vec!["t", "p"]),
        ("alter table s.u inherit p", vec!["s.u"]),
        ("alter table s.u no inherit p", vec!["s.u"]),
    ] {
        assert_eq!(touched(&format!("{table} {statement}")), relations, "{statement}");
    }
}
