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
    let table = "create table t (id int) partition by list (id); create table p partition of t for values in (1);";
    assert_eq!(touched(&format!("{table} alter table t detach partition p concurrently")), ["p"]);
}
