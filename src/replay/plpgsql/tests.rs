//! What cannot be compared with a server: what depends on data, what is blamed, and where it ends.

use std::sync::Arc;

use crate::catalog::{Catalog, Layer, PUBLIC_SCHEMA};
use crate::project::TransactionMode;
use crate::replay::{Outcome, Replay, Script};
use crate::source::FileId;

/// Runs a script in a new database.
fn run(sql: &str) -> (Replay, Outcome) {
    let mut replay = Replay::new(15);
    let script = Script {
        file: FileId(0),
        text: Arc::from(sql),
        layer: Layer::Migration(0),
        transaction: TransactionMode::File,
    };
    let session = replay.session.clone();
    let outcome = crate::sql::with_large_stack(|| replay.run(&script, session, &mut 0));
    assert!(outcome.error.is_none(), "{sql}: {:?}", outcome.error);
    (replay, outcome)
}

fn is_known(catalog: &Catalog, name: &str) -> bool {
    catalog.taint.of_relation(PUBLIC_SCHEMA, name, None).is_none()
}

fn exists(catalog: &Catalog, name: &str) -> bool {
    catalog.relation_in(PUBLIC_SCHEMA, name).is_some()
}

/// The lines of what was not executed.
fn lines(sql: &str, outcome: &Outcome) -> Vec<usize> {
    outcome.opaque.iter().map(|o| sql[..o.place.span.range().start].matches('\n').count() + 1).collect()
}

/// Nobody knows the rows of `rows`.
const TABLES: &str = "CREATE TABLE rows (id int); CREATE TABLE other (id int); INSERT INTO rows SELECT i FROM generate_series(1, 2000) i;\n";

#[test]
fn a_condition_on_data_leaves_open_what_its_branches_touch() {
    let sql = format!(
        "{TABLES}DO $$ BEGIN
  IF (SELECT count(*) FROM rows) > 0 THEN
    DROP TABLE rows;
  ELSE
    CREATE TABLE made (id int);
  END IF;
  CREATE TABLE certain (id int);
END $$;"
    );
    let (replay, outcome) = run(&sql);
    assert!(!is_known(&replay.catalog, "rows") && !is_known(&replay.catalog, "made"));
    assert!(is_known(&replay.catalog, "other") && is_known(&replay.catalog, "certain"));
    assert!(exists(&replay.catalog, "certain"));
    assert_eq!(lines(&sql, &outcome), [4, 6]);
    assert!(outcome.opaque.iter().all(|o| o.undecided && !o.harmless));
}

#[test]
fn a_condition_on_data_that_decides_about_rows_changes_nothing() {
    let sql = format!(
        "{TABLES}DO $$ DECLARE n int; BEGIN
  SELECT max(id) INTO n FROM rows;
  IF n IS NULL THEN INSERT INTO rows VALUES (1); n := 2; END IF;
  CREATE TABLE certain (id int);
END $$;"
    );
    let (replay, outcome) = run(&sql);
    assert!(outcome.opaque.is_empty(), "{:?}", outcome.opaque);
    assert!(replay.catalog.taint.is_empty() && exists(&replay.catalog, "certain"));
}

#[test]
fn what_comes_after_a_return_that_depends_on_data_is_open() {
    let sql = format!(
        "{TABLES}DO $$ BEGIN
  IF EXISTS (SELECT FROM rows) THEN RETURN; END IF;
  DROP TABLE other;
END $$;
CREATE TABLE next (id int);"
    );
    let (replay, _) = run(&sql);
    assert!(!is_known(&replay.catalog, "other") && exists(&replay.catalog, "other"));
    assert!(is_known(&replay.catalog, "next") && exists(&replay.catalog, "next"));
}

#[test]
fn what_comes_after_a_loop_that_was_perhaps_left_is_certain() {
    let sql = format!(
        "{TABLES}DO $$ BEGIN
  FOR i IN 1..3 LOOP
    EXIT WHEN EXISTS (SELECT FROM rows);
    EXECUTE format('CREATE TABLE t%s ()', i);
  END LOOP;
  CREATE TABLE certain (id int);
END $$;"
    );
    let (replay, _) = run(&sql);
    assert!(["t1", "t2", "t3"].iter().all(|t| !is_known(&replay.catalog, t)));
    assert!(is_known(&replay.catalog, "certain") && exists(&replay.catalog, "certain"));
}

#[test]
fn text_made_of_rows_may_do_anything() {
    let sql = format!(
        "{TABLES}DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT id FROM rows LOOP
    EXECUTE 'DROP TABLE t' || r.id;
  END LOOP;
END $$;"
    );
    let (replay, outcome) = run(&sql);
    assert!(replay.catalog.taint.everything().is_some());
    assert_eq!(lines(&sql, &outcome), [4]);
}

#[test]
fn an_assertion_about_rows_is_undecided_and_harmless() {
    let sql = format!(
        "{TABLES}DO $$ BEGIN
  IF EXISTS (SELECT FROM rows WHERE id IS NULL) THEN
    RAISE EXCEPTION 'no';
  END IF;
END $$;
CREATE TABLE next (id int);"
    );
    let (replay, outcome) = run(&sql);
    assert!(replay.catalog.taint.is_empty() && exists(&replay.catalog, "next"));
    assert!(matches!(outcome.opaque.as_slice(), [one] if one.undecided && one.harmless));
    assert_eq!(lines(&sql, &outcome), [4]);
}

#[test]
fn a_handler_of_errors_in_data_is_perhaps_run() {
    let sql = format!(
        "{TABLES}DO $$ BEGIN
  CREATE TABLE before (id int);
  INSERT INTO rows VALUES (1);
EXCEPTION WHEN unique_violation THEN
  CREATE TABLE after (id int);
END $$;"
    );
    let (replay, _) = run(&sql);
    assert!(!is_known(&replay.catalog, "before") && !is_known(&replay.catalog, "after"));
    // No row raises an error like that.
    let (replay, outcome) = run(&sql.replace("unique_violation", "undefined_table"));
    assert!(outcome.opaque.is_empty() && exists(&replay.catalog, "before"));
}

#[test]
fn a_function_that_changes_the_catalog_for_each_row_is_undecided() {
    let sql = format!(
        "{TABLES}CREATE FUNCTION f(n int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE TABLE t' || n || ' ()'; END $$;
SELECT f(id) FROM rows;"
    );
    let (replay, outcome) = run(&sql);
    assert!(replay.catalog.taint.everything().is_some() && outcome.opaque.len() == 1);
    let (replay, _) = run(&sql.replace("FROM rows;", "FROM (VALUES (1), (2)) v (id);"));
    assert!(exists(&replay.catalog, "t1") && exists(&replay.catalog, "t2") && replay.catalog.taint.is_empty());
}

#[test]
fn loops_and_calls_end() {
    let (replay, outcome) = run("DO $$ BEGIN LOOP NULL; END LOOP; END $$;");
    assert!(replay.catalog.taint.everything().is_some() && outcome.opaque.len() == 1);
    let sql = "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM f(); CREATE TABLE t (); END $$; SELECT f();";
    let (replay, outcome) = run(sql);
    assert!(replay.catalog.taint.everything().is_some() && !outcome.opaque.is_empty());
}

#[test]
fn what_is_made_remembers_the_line_inside_of_the_code() {
    let sql = "DO $$
BEGIN
  CREATE TABLE a (id int);
  EXECUTE 'CREATE TABLE '
       || 'b (id int)';
END $$;
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  CREATE TABLE c ();
END $$;
SELECT f();";
    let (replay, _) = run(sql);
    let line = |name: &str| {
        let relation = replay.catalog.relation_in(PUBLIC_SCHEMA, name).unwrap_or_else(|| panic!("{name}"));
        sql[..relation.provenance.created.place.span.range().start].matches('\n').count() + 1
    };
    // A function's work is its caller's.
    assert_eq!([line("a"), line("b"), line("c")], [3, 4, 10]);
}

#[test]
fn messages_are_kept() {
    let (replay, _) = run("DO $$ BEGIN RAISE NOTICE 'made % of % (100%%)', 1, NULL; RAISE WARNING 'w'; END $$;");
    let said: Vec<(&str, &str)> = replay.notices.iter().map(|n| (n.severity, n.message.as_str())).collect();
    assert_eq!(said, [("NOTICE", "made 1 of <NULL> (100%)"), ("WARNING", "w")]);
}

#[test]
fn what_fails_where_it_is_perhaps_not_reached_is_undecided() {
    for body in [
        "IF EXISTS (SELECT FROM rows) THEN PERFORM nothing FROM rows; END IF;",
        "IF EXISTS (SELECT FROM rows) THEN RETURN; END IF; PERFORM 1 FROM nothing;",
        "FOR r IN SELECT id FROM rows LOOP PERFORM 1 FROM nothing; END LOOP;",
    ] {
        let sql = format!("{TABLES}DO $$ DECLARE r record; BEGIN {body} END $$;\nCREATE TABLE next (id int);");
        let (replay, outcome) = run(&sql);
        assert!(outcome.error.is_none(), "{body}");
        assert!(replay.catalog.taint.is_empty() && exists(&replay.catalog, "next"));
        assert!(matches!(outcome.opaque.as_slice(), [one] if one.undecided && one.harmless), "{:?}", outcome.opaque);
    }
}

#[test]
fn a_text_with_gaps_touches_what_may_be_meant() {
    let sql = format!(
        "{TABLES}DO $$ DECLARE r record; name text; BEGIN \
           name := lower(format('%s_%s', 'Log', to_char(now(), 'YYYY_MM'))); \
           EXECUTE format('CREATE TABLE %s (a int)', name); \
           FOR r IN SELECT id FROM rows LOOP \
             EXECUTE format('ALTER TABLE other ADD COLUMN %I int', r.id); \
             EXECUTE 'SELECT setval(' || quote_literal(r.id) || ', 1)'; \
           END LOOP; END $$;"
    );
    let (replay, outcome) = run(&sql);
    let catalog = &replay.catalog;
    assert!(catalog.taint.everything().is_none());
    assert!(!is_known(catalog, "log_2024_01") && !is_known(catalog, "other"));
    assert!(is_known(catalog, "log_events") && is_known(catalog, "rows"));
    assert!(outcome.opaque.iter().all(|o| o.undecided), "{:?}", outcome.opaque);
}

#[test]
fn a_text_that_may_be_anything_touches_everything() {
    for text in ["format('%s', r.id)", "'DROP TABLE ' || quote_ident(r.id::text)", "format('SELECT %I()', r.id)"] {
        let sql = format!(
            "{TABLES}DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM rows LOOP EXECUTE {text}; END LOOP; END $$;"
        );
        assert!(run(&sql).0.catalog.taint.everything().is_some(), "{text}");
    }
}

#[test]
fn what_is_perhaps_temporary_ends_with_the_session() {
    let sql = format!(
        "{TABLES}DO $$ BEGIN IF EXISTS (SELECT FROM rows) THEN \
           CREATE TEMP TABLE kept (a int); INSERT INTO kept SELECT 1; DROP TABLE kept; END IF; END $$;"
    );
    let (mut replay, _) = run(&sql);
    assert!(is_known(&replay.catalog, "kept"));
    assert!(replay.catalog.taint.relations().next().is_some());
    replay.end_session();
    assert!(replay.catalog.taint.is_empty());
}

#[test]
fn a_constant_that_is_the_time_is_told() {
    let sql = format!("{TABLES}CREATE VIEW v AS SELECT timestamp 'now' AS at;\nSELECT timestamp 'now';");
    let (replay, outcome) = run(&sql);
    assert!(exists(&replay.catalog, "v") && replay.catalog.taint.is_empty());
    assert_eq!(lines(&sql, &outcome), [2]);
}
