//! The text of stored expressions and of definitions, held against a real server.

mod server;

use std::fmt::Write as _;
use std::sync::Arc;

use pgproof::catalog::{BOOTSTRAP_ROLE, Catalog, Layer, Relation};
use pgproof::expr::{
    Printer, print_constraint_def, print_function_def, print_index_def, print_trigger_def, print_view_def,
};
use pgproof::platform::Platform;
use pgproof::project::TransactionMode;
use pgproof::replay::{Replay, Script, Session};
use pgproof::source::SourceMap;
use server::{Database, Server};

/// A database of the server and a catalog after the same statements.
struct Both {
    database: Database<'static>,
    replay: Replay,
}

impl Both {
    fn after(sql: &str) -> Both {
        let server = Server::shared(Platform::Plain);
        let mut both = Both { database: server.database(), replay: Replay::new(server.major_version()) };
        both.run(sql).unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(both.database.run("SET search_path = ''"), Ok(()));
        both
    }

    /// Runs statements on both; what we refuse the server must refuse, and the reverse.
    fn run(&mut self, sql: &str) -> Result<(), String> {
        let on_server = self.database.run(sql);
        let mut sources = SourceMap::new();
        let file = sources.add("test.sql", sql);
        let transaction = TransactionMode::File;
        let script = Script { file, text: Arc::from(sql), layer: Layer::Migration(0), transaction };
        let outcome = self.replay.run(&script, Session::new(BOOTSTRAP_ROLE), &mut 0);
        let error = outcome.error.as_ref().map(|f| f.error.message.clone());
        let error = error.or_else(|| outcome.opaque.first().map(|o| o.reason.clone()));
        match (on_server, error) {
            (Ok(()), None) => Ok(()),
            (Ok(()), Some(error)) => Err(format!("ours alone: {error}")),
            (Err(refusal), error) => Err(format!("{refusal:?}, ours: {error:?}")),
        }
    }

    fn catalog(&self) -> &Catalog {
        &self.replay.catalog
    }

    fn relation(&self, name: &str) -> &Relation {
        self.catalog().relations().find(|r| r.name == name).unwrap_or_else(|| panic!("no relation {name}"))
    }

    /// Name and text of things on the server, by name.
    fn server_texts(&mut self, query: &str) -> Vec<(String, String)> {
        let rows = self.database.query(query).unwrap_or_else(|refusal| panic!("{query}: {refusal:?}"));
        rows.into_iter()
            .map(|row| {
                let mut row = row.into_iter().map(Option::unwrap_or_default);
                (row.next().unwrap_or_default(), row.next().unwrap_or_default())
            })
            .collect()
    }
}

fn assert_same(mut ours: Vec<(String, String)>, mut theirs: Vec<(String, String)>, written: impl Fn(&str) -> String) {
    ours.sort();
    theirs.sort();
    assert_eq!(ours.len(), theirs.len(), "{ours:#?}\n{theirs:#?}");
    let mut report = String::new();
    for (ours, theirs) in ours.iter().zip(&theirs).filter(|(a, b)| a != b) {
        let _ = writeln!(report, "{} {}\n  ours:   {}\n  theirs: {}", ours.0, written(&ours.0), ours.1, theirs.1);
    }
    assert!(report.is_empty(), "{report}");
}

const TABLES: &str = "
    CREATE SCHEMA auth;
    CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';
    CREATE FUNCTION rows_of(n integer) RETURNS TABLE (id integer, label text) LANGUAGE sql AS 'SELECT 1, ''x''::text';
    CREATE TYPE mood AS ENUM ('sad', 'happy');
    CREATE TYPE pair AS (x integer, y text);
    CREATE TABLE t (a integer, b integer, c text, d text, f boolean, g timestamptz, h jsonb, i text[], j integer[],
                    k numeric, m mood, p pair, r bigint, u uuid, \"Odd name\" integer,
                    v varchar(9));
    CREATE TABLE s (id integer, t_a integer, kind text);
    CREATE TABLE auth.users (id uuid, role text);";

/// Conditions whose text needs no types.
const CONDITIONS: &[&str] = &[
    "true",
    "f",
    "a = b",
    "t.a = public.t.b",
    "a != b",
    "a = 1",
    "a = -1",
    "a = - b",
    "- a > 0",
    "@ a > 0",
    "r = 3000000000",
    "k = 1.5",
    "k = .5",
    "k = 1e3",
    "k = 5.",
    "k = -1.5",
    "a = '5'::int",
    "a = 5::int",
    "r = 5::bigint",
    "k = '1.5'::numeric",
    "k = 1.5::numeric(10,2)",
    "k::numeric(5) > 1.0",
    "c = 'x'::text",
    "c = 'it''s \\ x'::text",
    "c = NULL::text",
    "'t'::boolean",
    "a + b * 2 > 1",
    "(a + b) * 2 > 1",
    "a - b - 1 > 0",
    "a % 2 = 0",
    "a OPERATOR(pg_catalog.+) 1 > 0",
    "NOT f",
    "NOT (f AND a > 1)",
    "a = 1 AND b = 2 AND f",
    "a = 1 AND (b = 2 AND f)",
    "(a = 1 OR b = 1) OR f",
    "f OR a = 1 AND b = 2",
    "a IS NULL",
    "a IS NOT NULL OR f IS NOT TRUE",
    "(a IS NULL) IS FALSE",
    "f IS UNKNOWN",
    "a IS DISTINCT FROM b",
    "a IS NOT DISTINCT FROM b",
    "a IS DISTINCT FROM NULL",
    "NULL IS NOT DISTINCT FROM a",
    "c IN ('x', 'it''s')",
    "c NOT IN ('x', 'y')",
    "m IN ('sad', 'happy')",
    "v IN ('x', 'y')",
    "v NOT IN ('x', 'y')",
    "a IN (1, 2)",
    "a IN (1)",
    "a IN (1, b)",
    "a IN (1, 2, b)",
    "a NOT IN (1, 2)",
    "a NOT IN (1)",
    "a NOT IN (1, 2, b)",
    "c IN ('x'::text, 'y'::text)",
    "a = ANY (ARRAY[1, 2])",
    "a = ANY (j)",
    "a <> ALL ('{1,2}'::int[])",
    "c = ANY (ARRAY['x', 'y']::text[])",
    "i = ARRAY[]::text[]",
    "ARRAY[[1, 2], [3, 4]] = j",
    "a BETWEEN 1 AND 2",
    "a NOT BETWEEN 1 AND b",
    "a BETWEEN SYMMETRIC 1 AND 2",
    "a NOT BETWEEN SYMMETRIC 1 AND 2",
    "c LIKE 'x%'::text",
    "c NOT LIKE d",
    "c ILIKE d",
    "c NOT ILIKE d",
    "c SIMILAR TO d",
    "c NOT SIMILAR TO d ESCAPE '#'::text",
    "c LIKE d ESCAPE '#'::text",
    "c ~* d",
    "(a, b) = (1, 2)",
    "(a, b) <> (b, a)",
    "(a, b) < (1, 2)",
    "ROW(a, b) IS NULL",
    "ROW(a) = ROW(1)",
    "CASE WHEN a > 1 THEN f ELSE true END",
    "CASE a WHEN 1 THEN f WHEN 2 THEN NOT f ELSE false END",
    "CASE WHEN f THEN CASE WHEN a > 1 THEN true ELSE false END ELSE f END",
    "a = 1 AND CASE WHEN f THEN true ELSE false END",
    "COALESCE(a, b, 0) > 0",
    "NULLIF(a, 0) = 1",
    "GREATEST(a, b) > LEAST(a, b)",
    "abs(a) > 0",
    "lower(c) = upper(d)",
    "\"left\"(c, 1) = d",
    "auth.uid() = u",
    "now() > g",
    "g > CURRENT_TIMESTAMP",
    "g > CURRENT_TIMESTAMP(3) OR LOCALTIMESTAMP > LOCALTIMESTAMP(0)",
    "CURRENT_DATE > CURRENT_DATE",
    "CURRENT_USER = SESSION_USER AND USER = CURRENT_ROLE AND CURRENT_CATALOG = CURRENT_SCHEMA",
    "g > now() - '1 day'::interval",
    "g > now() - interval '1 day'",
    "g AT TIME ZONE 'utc'::text > LOCALTIMESTAMP",
    "EXTRACT(year FROM g) = 1.5",
    "date_part('year'::text, g) = date_part('month'::text, g)",
    "SUBSTRING(c FROM 1 FOR 2) = d",
    "SUBSTRING(c FROM 2) = d",
    "substr(c, 1) = d",
    "TRIM(c) = d",
    "TRIM(LEADING 'x'::text FROM c) = d",
    "TRIM(TRAILING FROM c) = d",
    "btrim(c) = d",
    "POSITION(c IN d) > 0",
    "OVERLAY(c PLACING d FROM 1 FOR 2) = d",
    "(g, g) OVERLAPS (g, g)",
    "c IS NORMALIZED",
    "c IS NFC NORMALIZED",
    "NORMALIZE(c, NFKC) = d",
    "h ->> 'a'::text = c",
    "h -> 'a'::text ->> 'b'::text = c",
    "h @> '{}'::jsonb",
    "h ? 'a'::text",
    "i[1] = c",
    "i[1:2] = i[:2]",
    "(string_to_array(c, ','::text))[1] = d",
    "(p).x = 1",
    "(p).y = c AND (t.p).x > 0",
    "c COLLATE \"C\" < d",
    "c::int = a",
    "a::text = c",
    "(a || c)::int > 0",
    "a::smallint > 1::smallint",
    "g::date = CURRENT_DATE",
    "c::varchar(3) IS NULL",
    "c::character(3) IS NULL",
    "g::timestamp(3) with time zone IS NULL",
    "'1 day'::interval day > '1 day'::interval(3)",
    "c::json IS NOT NULL",
    "CAST(a AS double precision) IS NULL AND a::real IS NULL",
    "j::bigint[] IS NULL",
    "m = 'sad'::mood",
    "m::text = c",
    "m IN ('sad'::mood, 'happy'::public.mood)",
    "X'1f' = B'00011111'",
    "\"Odd name\" = 1",
    "num_nonnulls(a, b) = 1",
    "format('%s'::text, VARIADIC i) = c",
    "make_interval(days => a) > make_interval()",
    "length(c) > 0 AND length(c) < 5",
    "t IS NOT NULL",
    "row_to_json(t) IS NOT NULL",
    // Sub-queries.
    "EXISTS (SELECT 1 FROM s WHERE id = a)",
    "EXISTS (SELECT 1 FROM s WHERE s.id = t.a AND s.t_a = 1)",
    "EXISTS (SELECT 1 FROM s x WHERE x.id = a)",
    "NOT EXISTS (SELECT FROM auth.users WHERE users.id = auth.uid() AND role = 'admin'::text)",
    "EXISTS (SELECT 1 FROM t WHERE t.a = 1)",
    "EXISTS (SELECT 1 FROM t x WHERE x.a = t.a)",
    "a = (SELECT id FROM s LIMIT 1)",
    "a = (SELECT id FROM s ORDER BY t_a DESC, id NULLS FIRST OFFSET 1 LIMIT 1)",
    "u = (SELECT auth.uid())",
    "u = (SELECT auth.uid() AS x)",
    "a IN (SELECT id FROM s)",
    "a = ANY (SELECT id FROM s)",
    "a NOT IN (SELECT id FROM s WHERE kind = c)",
    "a <> ALL (SELECT id FROM s WHERE id > 1 ORDER BY id)",
    "a > ANY (SELECT id FROM s)",
    "(a, b) IN (SELECT id, t_a FROM s)",
    "a = ANY (ARRAY(SELECT id FROM s))",
    "c = (SELECT CURRENT_USER::text)",
    "EXISTS (SELECT 1 FROM s UNION SELECT 2)",
    "EXISTS (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 ORDER BY 1)",
    "EXISTS ((SELECT id FROM s ORDER BY id LIMIT 1) UNION ALL SELECT 2 ORDER BY id)",
    "EXISTS (SELECT 1 UNION (SELECT 2 EXCEPT SELECT 3))",
    "EXISTS (SELECT 1 FROM ((SELECT 1 UNION ALL SELECT 2) EXCEPT SELECT 3) x)",
    "EXISTS (WITH w AS (SELECT id FROM s) SELECT 1 FROM w WHERE w.id = a)",
    "EXISTS (WITH w(z) AS MATERIALIZED (SELECT id FROM s), v AS (SELECT z FROM w) SELECT z FROM v)",
    "EXISTS (WITH RECURSIVE w(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM w WHERE n < 5) SELECT n FROM w)",
    "EXISTS (SELECT id, count(*) FROM s GROUP BY id HAVING count(*) > min(t_a) ORDER BY count(*) DESC, 1)",
    "EXISTS (SELECT lower(kind) AS l FROM s GROUP BY l ORDER BY l)",
    "EXISTS (SELECT id + 1 FROM s GROUP BY id + 1)",
    "EXISTS (SELECT id FROM s GROUP BY ROLLUP (id, kind), GROUPING SETS ((id), ()), CUBE (t_a))",
    "EXISTS (SELECT DISTINCT id FROM s)",
    "EXISTS (SELECT DISTINCT ON (id) id AS q, t_a FROM s ORDER BY id, t_a)",
    "EXISTS (SELECT 1 FROM s FOR UPDATE OF s SKIP LOCKED)",
    "EXISTS (SELECT 1 FROM unnest(i) u WHERE u = c)",
    "EXISTS (SELECT 1 FROM unnest(ARRAY[1, 2]))",
    "EXISTS (SELECT 1 FROM generate_series(1, 3) WITH ORDINALITY g(x, n) WHERE n = 1::bigint)",
    "EXISTS (SELECT 1 FROM jsonb_array_elements(h) WHERE value = h)",
    "EXISTS (SELECT 1 FROM jsonb_each_text(h) AS e WHERE e.key = c)",
    "EXISTS (SELECT 1 FROM rows_of(1) x WHERE x.label = c)",
    "EXISTS (SELECT 1 FROM json_to_record('{}'::json) AS x(a int, b text))",
    "EXISTS (SELECT 1 FROM ROWS FROM (generate_series(1, 2), unnest(i)) WITH ORDINALITY)",
    "EXISTS (SELECT 1 FROM s, unnest(ARRAY[s.id]) e)",
    "EXISTS (SELECT 1 FROM (VALUES (1, 2), (3, 4)) v(x, y) WHERE x = a)",
    "EXISTS (SELECT id FROM (SELECT id FROM s) q WHERE id = 1)",
    "EXISTS (SELECT 1 FROM s CROSS JOIN LATERAL (SELECT s.id AS z) l WHERE z = 1)",
    "EXISTS (SELECT x.id FROM s x JOIN s y ON x.id = y.t_a LEFT JOIN auth.users z ON z.role = y.kind)",
    "EXISTS (SELECT 1 FROM s x JOIN s y USING (id) WHERE x.kind = y.kind)",
    "EXISTS (SELECT x.id FROM s x FULL JOIN s y ON (x.id = y.id) RIGHT JOIN s z ON true)",
    "EXISTS (SELECT id FROM s, t t2 WHERE s.id = t2.a)",
    "EXISTS (SELECT 1 FROM s WHERE EXISTS (SELECT 1 FROM s WHERE id = 1))",
    "EXISTS (SELECT 1 FROM s TABLESAMPLE system (10))",
    "EXISTS (SELECT 1 FROM ONLY s)",
    "EXISTS (SELECT sum(id) OVER w FROM s WINDOW w AS (PARTITION BY kind ORDER BY id))",
    "a = (SELECT row_number() OVER (PARTITION BY id ORDER BY t_a DESC)::int FROM s LIMIT 1)",
    "EXISTS (SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM s)",
    "EXISTS (SELECT sum(id) OVER (ORDER BY id RANGE UNBOUNDED PRECEDING) FROM s)",
    "a = (SELECT max(id) FILTER (WHERE id > 0) FROM s)",
    "EXISTS (SELECT string_agg(DISTINCT kind, ','::text ORDER BY kind, ','::text), array_agg(id ORDER BY t_a DESC) FROM s)",
    "EXISTS (SELECT x FROM s x)",
    "f AND (a = 1 OR EXISTS (SELECT 1 FROM s WHERE kind = c AND id IN (SELECT s.id FROM auth.users)))",
    "CASE WHEN EXISTS (SELECT 1 FROM s) THEN true ELSE f END",
    "EXISTS (SELECT CASE WHEN f THEN 1 ELSE 2 END, id FROM s)",
    "EXISTS (SELECT id, (SELECT 1 FROM t LIMIT 1) AS one, kind FROM s)",
];

#[test]
fn stored_expressions_print_as_the_server_prints_them() {
    let mut both = Both::after(TABLES);
    assert_eq!(both.database.run("SET search_path = public"), Ok(()));
    let mut refused = String::new();
    for (i, condition) in CONDITIONS.iter().enumerate() {
        if let Err(why) = both.run(&format!("CREATE POLICY p{i} ON t USING ({condition})")) {
            let _ = writeln!(refused, "{condition}: {why}");
            let _ = both.database.run(&format!("DROP POLICY p{i} ON t"));
        }
    }
    assert_eq!(both.database.run("SET search_path = ''"), Ok(()));
    let theirs = both.server_texts("SELECT polname, pg_get_expr(polqual, polrelid) FROM pg_catalog.pg_policy");
    let table = both.relation("t");
    let printer = Printer::new(both.catalog(), &[]).on(table.oid);
    let ours = table.policies.iter().filter_map(|p| Some((p.name.to_string(), printer.stored(p.using.as_ref()?))));
    assert_same(ours.collect(), theirs, |name| CONDITIONS[name[1..].parse::<usize>().unwrap_or(0)].to_owned());
    assert!(refused.is_empty(), "{refused}");
}

/// Names that changed since something was stored.
#[test]
fn renames_show_in_stored_expressions() {
    let mut both = Both::after(&format!(
        "{TABLES}
         CREATE POLICY p1 ON t USING (a = 1 AND EXISTS (SELECT 1 FROM s WHERE s.id = t.a AND t_a = t.b));
         CREATE POLICY p2 ON t USING (EXISTS (SELECT s.id, s.t_a + 1 FROM s x, s WHERE x.id = s.id AND m = 'sad'::mood));
         CREATE POLICY p3 ON t USING (auth.uid() = u AND a IN (SELECT id FROM s ORDER BY id));
         CREATE POLICY p4 ON t USING (EXISTS (SELECT 1 FROM t WHERE t.a = 1));
         ALTER TABLE t RENAME TO things; ALTER TABLE things RENAME a TO \"Number\"; ALTER TABLE s RENAME TO t;
         ALTER TABLE t RENAME id TO key; ALTER TYPE mood RENAME TO feeling; ALTER SCHEMA auth RENAME TO login;
         ALTER FUNCTION login.uid() RENAME TO user_id;"
    ));
    let theirs = both.server_texts("SELECT polname, pg_get_expr(polqual, polrelid) FROM pg_catalog.pg_policy");
    let table = both.relation("things");
    let printer = Printer::new(both.catalog(), &[]).on(table.oid);
    let ours = table.policies.iter().filter_map(|p| Some((p.name.to_string(), printer.stored(p.using.as_ref()?))));
    assert_same(ours.collect(), theirs, |_| String::new());
}

#[test]
fn constraints_print_as_the_server_prints_them() {
    let mut both = Both::after(
        "CREATE TABLE users (id integer PRIMARY KEY, email text, org integer, CONSTRAINT n0 UNIQUE (email, org) INCLUDE (id));
         CREATE TABLE \"Mixed\" (id integer, a integer CHECK (a > 0), b integer REFERENCES users ON DELETE CASCADE,
             c integer, d integer, e text,
             CONSTRAINT n1 UNIQUE NULLS NOT DISTINCT (a), CONSTRAINT n2 UNIQUE (b) DEFERRABLE INITIALLY DEFERRED,
             CONSTRAINT n3 CHECK (c > 0 AND d BETWEEN 1 AND 2) NO INHERIT,
             CONSTRAINT n4 FOREIGN KEY (e, c) REFERENCES users (email, org) MATCH FULL ON UPDATE SET NULL ON DELETE RESTRICT,
             CONSTRAINT n5 FOREIGN KEY (c) REFERENCES users ON DELETE SET DEFAULT DEFERRABLE,
             CONSTRAINT n6 FOREIGN KEY (e, c) REFERENCES users (email, org) ON DELETE SET NULL (e),
             CONSTRAINT n7 PRIMARY KEY (id, a),
             CONSTRAINT n8 EXCLUDE USING btree (lower(e) WITH =, c WITH =) WHERE (c > 0),
             CONSTRAINT n10 CHECK (a > 0 OR b IS NULL));
         ALTER TABLE \"Mixed\" ADD CONSTRAINT n9 CHECK (d > 5) NOT VALID;
         ALTER TABLE \"Mixed\" RENAME d TO \"D\";",
    );
    let theirs = both.server_texts(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_catalog.pg_constraint WHERE conrelid <> 0 AND connamespace = 2200",
    );
    let catalog = both.catalog();
    let ours = catalog.relations().flat_map(|r| {
        r.constraints.iter().map(move |c| (c.name.to_string(), print_constraint_def(catalog, &[], r, c)))
    });
    assert_same(ours.collect(), theirs, |_| String::new());
}

#[test]
fn indexes_print_as_the_server_prints_them() {
    let mut both = Both::after(
        "CREATE SCHEMA app;
         CREATE TABLE app.t (a integer PRIMARY KEY, b text, c timestamptz, d boolean, e jsonb, \"F\" text);
         CREATE INDEX i1 ON app.t (b);
         CREATE UNIQUE INDEX i2 ON app.t (a DESC, lower(b)) INCLUDE (c) WHERE d IS NULL;
         CREATE INDEX i3 ON app.t USING gin (e jsonb_path_ops);
         CREATE INDEX i4 ON app.t (b DESC NULLS LAST, c NULLS FIRST, a ASC NULLS LAST) WHERE d;
         CREATE INDEX i5 ON app.t (b text_pattern_ops, \"F\" COLLATE \"C\");
         CREATE INDEX i6 ON app.t ((a + 1), (b || \"F\"), coalesce(b, \"F\")) WHERE a > 0 AND NOT d;
         CREATE UNIQUE INDEX i7 ON app.t (b) NULLS NOT DISTINCT WITH (fillfactor = 70);
         CREATE INDEX i8 ON app.t USING hash (b);
         CREATE INDEX i9 ON app.t ((e ->> 'x'::text)) WHERE a IN (1, 2);
         CREATE INDEX i10 ON app.t (a int4_ops) WHERE (CASE WHEN d THEN true ELSE false END);
         ALTER TABLE app.t RENAME b TO bb; ALTER TABLE app.t RENAME TO things;",
    );
    let theirs = both.server_texts(
        "SELECT relname, pg_get_indexdef(oid) FROM pg_catalog.pg_class WHERE relkind = 'i' AND relnamespace = 'app'::regnamespace",
    );
    let catalog = both.catalog();
    let ours =
        catalog.relations().filter_map(|r| Some((r.name.to_string(), print_index_def(catalog, &[], r)?))).collect();
    assert_same(ours, theirs, |_| String::new());
}

#[test]
fn triggers_print_as_the_server_prints_them() {
    let mut both = Both::after(
        "CREATE TABLE t (a integer, b text, c text);
         CREATE TABLE other (a integer);
         CREATE VIEW v AS SELECT a FROM t;
         CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
         CREATE TRIGGER t1 BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
         CREATE TRIGGER t2 AFTER INSERT OR DELETE OR UPDATE OF a, b ON t FOR EACH ROW
             WHEN (CASE WHEN pg_trigger_depth() = 0 THEN true ELSE false END) EXECUTE PROCEDURE touch('x', 'it''s');
         CREATE TRIGGER \"T 3\" AFTER TRUNCATE ON t EXECUTE FUNCTION touch();
         CREATE TRIGGER t4 AFTER UPDATE ON t REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT
             EXECUTE FUNCTION touch();
         CREATE TRIGGER t5 BEFORE UPDATE ON t FOR EACH ROW
             WHEN (old.b IS DISTINCT FROM new.b AND new.a > 0) EXECUTE FUNCTION touch();
         CREATE TRIGGER t6 INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION touch();
         CREATE CONSTRAINT TRIGGER t7 AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
             EXECUTE FUNCTION touch();
         CREATE CONSTRAINT TRIGGER t8 AFTER INSERT ON t FROM other NOT DEFERRABLE FOR EACH ROW
             EXECUTE FUNCTION touch();
         CREATE TRIGGER t9 BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
         ALTER TABLE t RENAME b TO \"B\"; ALTER FUNCTION touch() RENAME TO touched;",
    );
    let theirs =
        both.server_texts("SELECT tgname, pg_get_triggerdef(oid) FROM pg_catalog.pg_trigger WHERE NOT tgisinternal");
    let catalog = both.catalog();
    let ours = catalog
        .relations()
        .flat_map(|r| r.triggers.iter().map(move |t| (t.name.to_string(), print_trigger_def(catalog, &[], r, t))));
    assert_same(ours.collect(), theirs, |_| String::new());
}

#[test]
fn functions_print_as_the_server_prints_them() {
    let mut both = Both::after(
        "CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('sad'); CREATE TABLE app.t (a integer, b varchar(5));
         CREATE FUNCTION f1() RETURNS integer LANGUAGE sql AS 'SELECT 1';
         CREATE FUNCTION app.f2(a integer, b text DEFAULT 'x', c integer[] DEFAULT '{}', d app.mood DEFAULT 'sad',
             e timestamptz DEFAULT now(), f integer DEFAULT -1, g numeric(10,2) DEFAULT 0, h varchar(5) DEFAULT 'q',
             i text DEFAULT NULL) RETURNS SETOF app.t
             LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SECURITY DEFINER COST 5 ROWS 10
             SET search_path = app, \"Odd\", pg_temp SET work_mem TO '1MB' AS $$ SELECT * FROM app.t $$;
         CREATE FUNCTION f3(OUT x integer, INOUT y text, VARIADIC z text[]) LANGUAGE plpgsql STABLE LEAKPROOF
             SET search_path = '' AS $body$ BEGIN NULL; /* $function$ */ END $body$;
         CREATE FUNCTION f4(integer, \"Odd\" text) RETURNS TABLE (a integer, \"B\" varchar) LANGUAGE sql
             PARALLEL RESTRICTED COST 100 AS 'SELECT 1, ''x''::varchar';
         CREATE PROCEDURE p1(a integer, INOUT b text DEFAULT 'x') LANGUAGE plpgsql AS 'BEGIN END';
         CREATE FUNCTION f5() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';",
    );
    let theirs = both.server_texts(
        "SELECT proname, pg_get_functiondef(oid) FROM pg_catalog.pg_proc
         WHERE pronamespace IN (2200, 'app'::regnamespace)",
    );
    let catalog = both.catalog();
    let ours = catalog
        .functions()
        .filter_map(|f| Some((f.name.to_string(), print_function_def(catalog, &[], f.oid)?)))
        .collect();
    assert_same(ours, theirs, |_| String::new());
}

#[test]
fn views_print_as_the_server_prints_them() {
    let mut both = Both::after(&format!(
        "{TABLES}
         CREATE VIEW v1 AS SELECT a, b AS bee, a + 1 AS sum, lower(c) FROM t WHERE f;
         CREATE VIEW v2 AS SELECT * FROM s;
         CREATE VIEW v3 (x, y) AS SELECT s.id, t.c FROM s JOIN t ON t.a = s.t_a LEFT JOIN auth.users u ON u.id = t.u
             ORDER BY s.id DESC LIMIT 10;
         CREATE VIEW v4 AS SELECT kind, count(*) AS n, max(id) FROM s GROUP BY kind HAVING count(*) > min(id) ORDER BY 2;
         CREATE VIEW v5 AS SELECT id FROM s UNION ALL SELECT a FROM t ORDER BY id;
         CREATE VIEW v6 AS WITH w AS (SELECT id, kind FROM s), z AS (SELECT w.id, w.kind FROM w) SELECT z.id, kind FROM z;
         CREATE VIEW v7 AS SELECT x.id, y.*, CASE WHEN x.id > 1 THEN 'a'::text ELSE 'b'::text END AS word
             FROM s x CROSS JOIN LATERAL (SELECT kind AS k, t_a FROM s WHERE s.id = x.id) y;
         CREATE VIEW v8 AS SELECT 1 AS one, 'x'::text AS x, true, NULL::integer AS n;
         CREATE VIEW v9 AS SELECT DISTINCT ON (kind) kind, id, row_number() OVER (PARTITION BY kind ORDER BY id) FROM s
             ORDER BY kind, id;
         CREATE MATERIALIZED VIEW v10 AS SELECT id, g FROM s, generate_series(1, 3) g WHERE id IN (1, 2);
         CREATE VIEW v11 AS SELECT (SELECT max(id) FROM s) AS m, ARRAY(SELECT a FROM t) AS l, EXISTS (SELECT 1 FROM s);
         ALTER TABLE s RENAME kind TO sort; ALTER TABLE s RENAME TO things; ALTER VIEW v1 RENAME COLUMN bee TO b;"
    ));
    let theirs = both.server_texts(
        "SELECT relname, pg_get_viewdef(oid) FROM pg_catalog.pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 2200",
    );
    let catalog = both.catalog();
    let ours =
        catalog.relations().filter_map(|r| Some((r.name.to_string(), print_view_def(catalog, &[], r)?))).collect();
    assert_same(ours, theirs, |_| String::new());
}

#[test]
fn defaults_print_as_the_server_prints_them() {
    let mut both = Both::after(
        "CREATE TYPE mood AS ENUM ('sad');
         CREATE TABLE t (
             c1 text DEFAULT 'x', c2 varchar(10) DEFAULT 'x', c3 integer DEFAULT 0, c4 bigint DEFAULT 0,
             c5 boolean DEFAULT false, c6 boolean DEFAULT 'true', c7 numeric(10,2) DEFAULT 0, c8 numeric DEFAULT 1.50,
             c9 timestamptz DEFAULT now(), c10 uuid DEFAULT gen_random_uuid(), c11 jsonb DEFAULT '{}',
             c12 text[] DEFAULT '{}', c13 mood DEFAULT 'sad', c14 integer DEFAULT '7', c15 integer DEFAULT -1,
             c16 bigint DEFAULT -1, c17 date DEFAULT CURRENT_DATE, c18 char(3) DEFAULT 'abc',
             c20 serial, c21 text DEFAULT 'x'::text, c22 real DEFAULT 1,
             c23 timestamp DEFAULT CURRENT_TIMESTAMP, c24 bigserial, c25 bytea DEFAULT '\\x00', c26 smallint DEFAULT 5,
             c27 interval DEFAULT '1 day', c28 text DEFAULT (1 + 2), c29 integer[] DEFAULT ARRAY[1, 2],
             c30 text[] DEFAULT ARRAY['a', 'b']::text[],
             c32 integer GENERATED ALWAYS AS (c3 * 2) STORED, c33 double precision DEFAULT '1.5',
             c34 numeric(5,2) DEFAULT '1.5', c35 mood DEFAULT 'sad'::mood);
         ALTER SEQUENCE t_c20_seq RENAME TO counters;",
    );
    let theirs = both.server_texts(
        "SELECT attname, pg_get_expr(adbin, adrelid) FROM pg_catalog.pg_attrdef
         JOIN pg_catalog.pg_attribute ON attrelid = adrelid AND attnum = adnum",
    );
    let table = both.relation("t");
    let printer = Printer::new(both.catalog(), &[]).on(table.oid);
    let ours = table.live_columns().filter_map(|c| {
        let generated = c.generated.as_ref().map(|g| &g.expr);
        Some((c.name.to_string(), printer.stored_default(c.default.as_ref().or(generated)?, c.ty)))
    });
    assert_same(ours.collect(), theirs, |_| String::new());
}
