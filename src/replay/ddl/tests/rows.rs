//! Which tables are known to have no rows: a server is no help here, since what matters is what is *not* claimed.

use crate::catalog::{Catalog, Layer, PUBLIC_SCHEMA};
use crate::project::TransactionMode;
use crate::replay::{Replay, Script};
use crate::source::FileId;

/// The catalog after a script.
fn run(sql: &str, layer: Layer) -> Catalog {
    let mut replay = Replay::new(15);
    let script = Script { file: FileId(0), text: sql.into(), layer, transaction: TransactionMode::None };
    let session = replay.session.clone();
    let outcome = crate::sql::with_large_stack(|| replay.run(&script, session, &mut 0));
    assert!(outcome.error.is_none(), "{sql}: {:?}", outcome.error);
    replay.catalog
}

/// Whether the table is known to be empty.
fn is_empty(catalog: &Catalog, table: &str) -> bool {
    catalog.is_empty_table(catalog.relation_in(PUBLIC_SCHEMA, table).expect("it is made").oid, false)
}

/// Whether the table `t` is known to be empty after a script.
fn is_empty_after(sql: &str) -> bool {
    let script = format!(
        "CREATE TABLE t (id int, n int); CREATE TABLE o (id int PRIMARY KEY); COPY o FROM stdin;\n1\n\\.\n{sql}"
    );
    is_empty(&run(&script, Layer::Migration(0)), "t")
}

#[test]
fn what_leaves_a_table_without_rows() {
    for sql in [
        "",
        "INSERT INTO o VALUES (2)",
        "UPDATE t SET n = 1",
        "DELETE FROM t WHERE id IN (SELECT id FROM o)",
        "TRUNCATE t",
        "COPY o FROM stdin;\n3\n\\.\n",
        "CREATE TABLE e (id int); INSERT INTO t SELECT id, 1 FROM e",
        "CREATE TABLE e (id int); INSERT INTO t SELECT e.id, 1 FROM o JOIN e USING (id)",
        "CREATE TABLE e AS SELECT * FROM t; INSERT INTO t SELECT id, n FROM e ON CONFLICT DO NOTHING",
        "CREATE TABLE e AS SELECT 1 AS id, 2 AS n WITH NO DATA; INSERT INTO t TABLE e",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; SELECT f()",
        "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO o VALUES (5); END $$; SELECT f()",
        "DO $$ BEGIN IF EXISTS (SELECT FROM o) THEN RAISE EXCEPTION 'no'; END IF; END $$",
        "DO $$ BEGIN IF EXISTS (SELECT FROM t) THEN INSERT INTO t VALUES (1, 1); END IF; END $$",
        "DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM t LOOP EXECUTE r.id; END LOOP; END $$",
        "ALTER TABLE t ADD COLUMN c text DEFAULT 'x'; CREATE INDEX ON t (c)",
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.id := NEW.id + 1; RETURN NEW; END $$;
         CREATE TRIGGER tr BEFORE INSERT ON o FOR EACH ROW EXECUTE FUNCTION touch(); INSERT INTO o VALUES (2)",
        "CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES (1, 1); RETURN NULL; END $$;
         CREATE TRIGGER tr AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION log(); UPDATE t SET n = 1; UPDATE o SET id = 2",
        "BEGIN; INSERT INTO t VALUES (1, 1); ROLLBACK",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES (1, 1); RETURN 1; END $$;
         CREATE TABLE e (id int); ALTER TABLE e ADD COLUMN d int DEFAULT f(); ALTER TABLE t ADD CHECK (f() = 1)",
        "CREATE FUNCTION f(at timestamptz) RETURNS void LANGUAGE plpgsql AS $$ DECLARE n int; BEGIN n := (SELECT count(*) FROM t);
           IF n = 0 THEN RETURN; END IF; INSERT INTO t VALUES (1, 1); END $$; SELECT f(now())",
        "CREATE FUNCTION f(at timestamptz) RETURNS void LANGUAGE sql AS 'UPDATE o SET id = 2; DELETE FROM t'; SELECT f(now())",
        "DO $$ BEGIN INSERT INTO t VALUES (1, 1); RAISE EXCEPTION 'x'; EXCEPTION WHEN raise_exception THEN NULL; END $$",
    ] {
        assert!(is_empty_after(sql), "{sql}");
    }
}

#[test]
fn what_may_bring_rows_into_a_table() {
    let log = "CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES (1, 1); RETURN NULL; END $$;";
    let f =
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES (1, 1); RETURN 1; END $$;";
    let wrong: Vec<_> = [
        "INSERT INTO t VALUES (1, 1)",
        "INSERT INTO t SELECT 1, 1",
        "INSERT INTO t SELECT id, 1 FROM o",
        "CREATE TABLE e (id int); INSERT INTO t SELECT count(*), 1 FROM e",
        "CREATE TABLE e (id int); INSERT INTO t SELECT o.id, 1 FROM o LEFT JOIN e ON true",
        "INSERT INTO t DEFAULT VALUES",
        "COPY t FROM stdin;\n1\t2\n\\.\n",
        "\\copy t from 'file'\n",
        "MERGE INTO t USING o ON t.id = o.id WHEN NOT MATCHED THEN INSERT VALUES (1, 1)",
        "WITH w AS (INSERT INTO t VALUES (1, 1) RETURNING id) SELECT * FROM w",
        "WITH w AS (INSERT INTO t VALUES (1, 1) RETURNING id) DELETE FROM o USING w",
        "CREATE VIEW v AS SELECT * FROM t; INSERT INTO v VALUES (1, 1)",
        "CREATE RULE r AS ON INSERT TO o DO ALSO INSERT INTO t VALUES (1, 1); INSERT INTO o VALUES (2)",
        "CREATE TABLE kid () INHERITS (t); INSERT INTO kid VALUES (1, 1)",
        "PREPARE p AS INSERT INTO t VALUES (1, 1); EXECUTE p",
        "EXPLAIN ANALYZE INSERT INTO t VALUES (1, 1)",
        "COPY (INSERT INTO t VALUES (1, 1) RETURNING id) TO stdout",
        "DO $$ BEGIN INSERT INTO t VALUES (1, 1); END $$",
        "DO $$ BEGIN EXECUTE 'INSERT INTO t VALUES (1, 1)'; END $$",
        "DO $$ BEGIN IF EXISTS (SELECT FROM o) THEN INSERT INTO t VALUES (1, 1); END IF; END $$",
        "DO $$ BEGIN IF EXISTS (SELECT FROM o) THEN EXECUTE 'INSERT INTO t VALUES (1, 1)'; END IF; END $$",
        "DO $$ BEGIN IF EXISTS (SELECT FROM o) THEN RETURN; END IF; INSERT INTO t VALUES (1, 1); END $$",
        "DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM o LOOP EXECUTE format('INSERT INTO t VALUES (%s, 1)', r.id); END LOOP; END $$",
        "DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM o LOOP EXECUTE r.id; END LOOP; END $$",
        "DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM o LOOP EXECUTE format('INSERT INTO %I VALUES (1, 1)', r.id); END LOOP; END $$",
        "CREATE PROCEDURE p() LANGUAGE sql AS 'INSERT INTO t VALUES (1, 1)'; CALL p()",
        &format!("{f} SELECT f()"),
        &format!("{f} SELECT f() FROM o"),
        &format!("{f} SELECT CASE WHEN id = 1 THEN f() END FROM o"),
        &format!("{f} SELECT id = 2 OR f() = 1 FROM o"),
        &format!("{f} CREATE TABLE e AS SELECT f() FROM o"),
        &format!("{f} CREATE MATERIALIZED VIEW m AS SELECT f()"),
        &format!("{f} CREATE MATERIALIZED VIEW m AS SELECT f() WITH NO DATA; REFRESH MATERIALIZED VIEW m"),
        &format!("{f} CREATE VIEW v AS SELECT f(); SELECT * FROM v"),
        &format!("{f} COPY (SELECT f()) TO stdout"),
        &format!("{f} VALUES (f())"),
        &format!("{f} BEGIN; DECLARE c CURSOR FOR SELECT f(); FETCH c; COMMIT"),
        &format!("{f} DO $$ BEGIN PERFORM f(); END $$"),
        &format!("{f} DO $$ DECLARE n int := f(); BEGIN END $$"),
        &format!("{f} DO $$ BEGIN IF f() > 0 THEN NULL; END IF; END $$"),
        &format!("{f} ALTER TABLE o ADD COLUMN d int DEFAULT f()"),
        &format!("{f} ALTER TABLE o ADD CHECK (f() = 1)"),
        &format!("{f} ALTER TABLE o ALTER id TYPE bigint USING f()"),
        &format!("{f} ALTER TABLE o ADD COLUMN d int; ALTER TABLE o ALTER d SET DEFAULT f(); INSERT INTO o VALUES (2)"),
        &format!("{log} CREATE TRIGGER tr AFTER INSERT ON o FOR EACH ROW EXECUTE FUNCTION log(); INSERT INTO o VALUES (2)"),
        &format!("{log} CREATE TRIGGER tr AFTER INSERT ON o EXECUTE FUNCTION log(); COPY o FROM stdin;\n3\n\\.\n"),
        &format!("{log} CREATE TRIGGER tr AFTER UPDATE ON t EXECUTE FUNCTION log(); UPDATE t SET n = 1"),
        &format!("{log} CREATE TRIGGER tr AFTER TRUNCATE ON o EXECUTE FUNCTION log(); TRUNCATE o"),
        &format!(
            "{log} CREATE TABLE c (o int REFERENCES o ON DELETE CASCADE); INSERT INTO c VALUES (1);
             CREATE TRIGGER tr AFTER DELETE ON c FOR EACH ROW EXECUTE FUNCTION log(); DELETE FROM o"
        ),
        "CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM g(); RETURN NULL; END $$;
         CREATE TRIGGER tr AFTER INSERT ON o FOR EACH ROW EXECUTE FUNCTION log();
         CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'INSERT INTO t VALUES (1, 1) RETURNING 1'; INSERT INTO o VALUES (2)",
        "CREATE TABLE p (k int) PARTITION BY LIST (k); DROP TABLE t; CREATE TABLE t PARTITION OF p DEFAULT;
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); INSERT INTO p1 VALUES (1);
         CREATE FUNCTION f(at timestamptz) RETURNS void LANGUAGE sql AS 'UPDATE p SET k = 2'; SELECT f(now())",
        "CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES (1, 1); END $$;
         CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION on_ddl(); CREATE TABLE anew ()",
        "DO LANGUAGE plpython3u $$ pass $$",
    ]
    .into_iter()
    .filter(|sql| is_empty_after(sql))
    .map(str::to_owned)
    .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn partitions_get_the_rows_of_their_table() {
    let sql = "CREATE TABLE p (k int) PARTITION BY LIST (k); CREATE TABLE t PARTITION OF p FOR VALUES IN (1);
               CREATE TABLE other PARTITION OF p FOR VALUES IN (2);";
    let after = |script: &str| {
        let catalog = run(&format!("{sql} {script}"), Layer::Migration(0));
        ["p", "t", "other"].map(|table| is_empty(&catalog, table))
    };
    assert_eq!(after(""), [true, true, true]);
    assert_eq!(after("INSERT INTO p VALUES (1)"), [false, false, false]);
    assert_eq!(after("INSERT INTO t VALUES (1)"), [false, false, true]);
    assert_eq!(after("INSERT INTO t VALUES (1); UPDATE p SET k = 2"), [false, false, false]);
    assert_eq!(after("INSERT INTO t VALUES (1); ALTER TABLE p DETACH PARTITION t"), [true, false, true]);
}

#[test]
fn what_stands_in_a_baseline_may_have_rows() {
    assert!(!is_empty(&run("CREATE TABLE t (id int)", Layer::Baseline), "t"));
}

/// The rows of `t` after a script, if they are known: before it there is one, and those of `o` are not known.
fn rows_after(sql: &str) -> Option<Vec<String>> {
    let script = format!(
        "CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, n int REFERENCES o ON DELETE SET NULL);
         COPY o FROM stdin;\n1\n\\.\nINSERT INTO t VALUES (1, 1);\n{sql}"
    );
    let catalog = run(&script, Layer::Migration(0));
    let rows = catalog.known_rows(catalog.relation_in(PUBLIC_SCHEMA, "t").expect("it is made").oid)?;
    Some(rows.iter().map(|row| format!("{row:?}")).collect())
}

#[test]
fn what_may_change_rows_is_not_overlooked() {
    let before = rows_after("").expect("they are known");
    assert_eq!(before.len(), 1);
    let overlooked: Vec<_> = [
        "INSERT INTO t VALUES (2, 1)",
        "INSERT INTO t VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET n = 2",
        "UPDATE t SET n = 2",
        "UPDATE t SET n = o.id FROM o",
        "UPDATE t SET n = NULL WHERE n IN (SELECT id FROM o)",
        "WITH w AS (SELECT 2 AS n) UPDATE t SET n = w.n FROM w",
        "WITH w AS (UPDATE t SET n = 2 RETURNING n) SELECT * FROM w",
        "WITH w AS (DELETE FROM t RETURNING n) INSERT INTO o SELECT n FROM w",
        "DELETE FROM t",
        "DELETE FROM t USING o WHERE o.id = n",
        "DELETE FROM o",
        "UPDATE o SET id = id + 1",
        "TRUNCATE t",
        "TRUNCATE o CASCADE",
        "MERGE INTO t USING o ON true WHEN MATCHED THEN DELETE",
        "COPY t FROM stdin;\n2\t1\n\\.\n",
        "ALTER TABLE t ALTER n TYPE bigint USING n + 1",
        "ALTER TABLE t ADD c int DEFAULT 1",
        "ALTER TABLE t ADD c int GENERATED ALWAYS AS (n + 1) STORED",
        "ALTER TABLE t ADD c int GENERATED ALWAYS AS IDENTITY",
        "PREPARE p AS UPDATE t SET n = 2; EXECUTE p",
        "PREPARE p(int) AS UPDATE t SET n = $1; EXECUTE p(2)",
        "CREATE VIEW v AS SELECT * FROM t; UPDATE v SET n = 2",
        "CREATE VIEW v AS SELECT * FROM t; DELETE FROM v",
        "CREATE RULE r AS ON INSERT TO o DO ALSO UPDATE t SET n = 2; INSERT INTO o VALUES (2)",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'UPDATE t SET n = 2; SELECT 1'; SELECT f()",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'DELETE FROM t; SELECT 1'; SELECT f() FROM o",
        "CREATE FUNCTION f(k int) RETURNS int LANGUAGE sql AS 'UPDATE t SET n = k; SELECT 1'; SELECT f(2)",
        "CREATE FUNCTION f(k int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE t SET n = k; END $$; SELECT f(2)",
        "CREATE FUNCTION f(k int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t WHERE n = k; END $$; SELECT f(id) FROM o",
        "DO $$ BEGIN UPDATE t SET n = 2; END $$",
        "DO $$ BEGIN EXECUTE 'DELETE FROM t'; END $$",
        "DO $$ BEGIN IF EXISTS (SELECT FROM o) THEN UPDATE t SET n = 2; END IF; END $$",
        "DO $$ BEGIN IF EXISTS (SELECT FROM o) THEN DELETE FROM t; END IF; END $$",
        "DO $$ BEGIN IF EXISTS (SELECT FROM o) THEN TRUNCATE t; END IF; END $$",
        "DO $$ BEGIN IF EXISTS (SELECT FROM o) THEN EXECUTE 'UPDATE t SET n = 2'; END IF; END $$",
        "DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM o LOOP EXECUTE format('UPDATE t SET n = %s', r.id); END LOOP; END $$",
        "CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE t SET n = 2; RETURN NULL; END $$;
         CREATE TRIGGER tr AFTER INSERT ON o EXECUTE FUNCTION tr(); INSERT INTO o VALUES (2)",
        "CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.id = 7; RETURN NEW; END $$;
         CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tr(); INSERT INTO t VALUES (2, 1)",
        "EXPLAIN ANALYZE DELETE FROM t",
        "COPY (UPDATE t SET n = 2 RETURNING n) TO stdout",
        "CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE t SET n = 2; END $$;
         CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION on_ddl(); CREATE TABLE anew ()",
    ]
    .into_iter()
    .filter(|sql| rows_after(sql).as_ref() == Some(&before))
    .collect();
    assert!(overlooked.is_empty(), "{overlooked:#?}");
}

#[test]
fn what_leaves_rows_as_they_are() {
    let before = rows_after("");
    for sql in [
        "UPDATE t SET n = 2 WHERE id = 7",
        "DELETE FROM t WHERE id > 1",
        "INSERT INTO t VALUES (1, 2) ON CONFLICT DO NOTHING",
        "INSERT INTO t SELECT id, n FROM t WHERE n = 2",
        "INSERT INTO o VALUES (2)",
        "BEGIN; UPDATE t SET n = 2; ROLLBACK",
        "ALTER TABLE t RENAME n TO m; ALTER TABLE t ADD c text",
        "CREATE INDEX ON t (n); ALTER TABLE t ADD CHECK (n > 0); COMMENT ON TABLE t IS 'x'",
        "DO $$ BEGIN UPDATE t SET n = 2; RAISE EXCEPTION 'x'; EXCEPTION WHEN raise_exception THEN NULL; END $$",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT n FROM t'; SELECT f() FROM o",
        "DO $$ BEGIN IF EXISTS (SELECT FROM t WHERE n = 2) THEN DELETE FROM t; END IF; END $$",
    ] {
        assert_eq!(rows_after(sql), before, "{sql}");
    }
}
