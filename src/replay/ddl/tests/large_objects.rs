//! What is not known of large objects: those whose number the server chooses, and those of rows that nobody knows.

use crate::replay::{Context, Replay, Stop};
use crate::sql::ast::Touches;
use crate::sql::{Segment, parse};

/// How each statement of a script ends; what is not executed taints.
fn ends(script: &str) -> (Vec<String>, Replay) {
    let mut replay = Replay::new(18);
    let mut ends = Vec::new();
    for (number, segment) in (1..).zip(parse(script)) {
        let Segment::Statement(statement) = segment else { panic!("not a statement: {segment:?}") };
        let cx = Context::computed(crate::catalog::Origin { sequence: number, ..crate::catalog::Origin::nowhere() });
        ends.push(match replay.execute_bounded(&statement.kind, &cx) {
            Ok(()) => "done".to_owned(),
            Err(Stop::Error(error)) => error.sqlstate.to_string(),
            Err(Stop::Opaque(opaque)) => {
                replay.taint(&opaque, &cx);
                let open = if opaque.undecided { "undecided" } else { "opaque" };
                match opaque.touches {
                    Touches::Nothing => open.to_owned(),
                    Touches::LargeObjects => format!("{open}, large objects"),
                    other => format!("{open}, {other:?}"),
                }
            }
        });
    }
    (ends, replay)
}

#[test]
fn the_server_chooses_a_number() {
    let (ends, replay) = ends(
        "select lo_create(10); select lo_create(0); comment on large object 10 is 'x'; comment on large object 20 is 'x';
         select lo_create(11); comment on large object 11 is 'x'; create table t (a int); comment on table t is 'x';",
    );
    let open = "undecided, large objects";
    assert_eq!(ends, ["done", open, "opaque, large objects", "opaque, large objects", "done", "done", "done", "done"]);
    assert!(replay.catalog.taint.everything().is_none());
}

#[test]
fn all_that_makes_one_is_noticed() {
    let open = "undecided, large objects";
    for statement in [
        "select lo_creat(-1)",
        "select lo_from_bytea(0, 'x')",
        "select lo_import('/etc/hosts')",
        "select lo_unlink(lo_creat(-1))",
        "select lo_unlink(a) from t",
        "select lo_create(a) from t",
        "insert into t values (lo_creat(-1))",
        "update t set a = lo_import('/etc/hosts')",
        "select count(lo_unlink(a)) from t",
    ] {
        let (ends, replay) = ends(&format!("create table t (a oid); {statement}"));
        assert_eq!(ends, ["done", open], "{statement}");
        assert!(replay.catalog.taint.everything().is_none(), "{statement}");
    }
    for statement in ["select lo_get(a) from t", "select lo_creat(null)", "explain select lo_unlink(1)"] {
        assert_eq!(ends(&format!("create table t (a oid); {statement}")).0, ["done", "done"], "{statement}");
    }
}

#[test]
fn a_role_may_own_what_is_not_known() {
    let (ends, _) = ends("create role r; select lo_create(0); create role s; drop role s; drop role r");
    assert_eq!(ends, ["done", "undecided, large objects", "done", "done", "opaque, Everything"]);
}
