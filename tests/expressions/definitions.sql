-- Definitions of whole objects: constraints, indexes, triggers, functions, views, defaults.
-- case: renames show in policies
CREATE POLICY p1 ON t USING (a = 1 AND EXISTS (SELECT 1 FROM s WHERE s.id = t.a AND t_a = t.b));
CREATE POLICY p2 ON t USING (EXISTS (SELECT s.id, s.t_a + 1 FROM s x, s WHERE x.id = s.id AND m = 'sad'::mood));
CREATE POLICY p3 ON t USING (app.uid() = u AND a IN (SELECT id FROM s ORDER BY id));
CREATE POLICY p4 ON t USING (EXISTS (SELECT 1 FROM t WHERE t.a = 1));
ALTER TABLE t RENAME TO things;
ALTER TABLE things RENAME a TO "Number";
ALTER TABLE s RENAME TO t;
ALTER TABLE t RENAME id TO key;
ALTER TYPE mood RENAME TO feeling;
ALTER SCHEMA app RENAME TO login;
ALTER FUNCTION login.uid() RENAME TO user_id;
-- case: constraints
CREATE TABLE users (id integer PRIMARY KEY, email text, org integer, CONSTRAINT n0 UNIQUE (email, org) INCLUDE (id));
CREATE TABLE "Mixed" (id integer, a integer CHECK (a > 0), b integer REFERENCES users ON DELETE CASCADE,
    c integer, d integer, e text,
    CONSTRAINT n1 UNIQUE NULLS NOT DISTINCT (a), CONSTRAINT n2 UNIQUE (b) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT n3 CHECK (c > 0 AND d BETWEEN 1 AND 2) NO INHERIT,
    CONSTRAINT n4 FOREIGN KEY (e, c) REFERENCES users (email, org) MATCH FULL ON UPDATE SET NULL ON DELETE RESTRICT,
    CONSTRAINT n5 FOREIGN KEY (c) REFERENCES users ON DELETE SET DEFAULT DEFERRABLE,
    CONSTRAINT n6 FOREIGN KEY (e, c) REFERENCES users (email, org) ON DELETE SET NULL (e),
    CONSTRAINT n7 PRIMARY KEY (id, a),
    CONSTRAINT n8 EXCLUDE USING btree (lower(e) WITH =, c WITH =) WHERE (c > 0),
    CONSTRAINT n10 CHECK (a > 0 OR b IS NULL));
ALTER TABLE "Mixed" ADD CONSTRAINT n9 CHECK (d > 5) NOT VALID;
ALTER TABLE "Mixed" RENAME d TO "D";
-- case: indexes
CREATE TABLE app.t (a integer PRIMARY KEY, b text, c timestamptz, d boolean, e jsonb, "F" text);
CREATE INDEX i1 ON app.t (b);
CREATE UNIQUE INDEX i2 ON app.t (a DESC, lower(b)) INCLUDE (c) WHERE d IS NULL;
CREATE INDEX i3 ON app.t USING gin (e jsonb_path_ops);
CREATE INDEX i4 ON app.t (b DESC NULLS LAST, c NULLS FIRST, a ASC NULLS LAST) WHERE d;
CREATE INDEX i5 ON app.t (b text_pattern_ops, "F" COLLATE "C");
CREATE INDEX i6 ON app.t ((a + 1), (b || "F"), coalesce(b, "F")) WHERE a > 0 AND NOT d;
CREATE UNIQUE INDEX i7 ON app.t (b) NULLS NOT DISTINCT WITH (fillfactor = 70);
CREATE INDEX i8 ON app.t USING hash (b);
CREATE INDEX i9 ON app.t ((e ->> 'x'::text)) WHERE a IN (1, 2);
CREATE INDEX i10 ON app.t (a int4_ops) WHERE (CASE WHEN d THEN true ELSE false END);
ALTER TABLE app.t RENAME b TO bb;
ALTER TABLE app.t RENAME TO things;
-- case: triggers
CREATE TABLE tt (a integer, b text, c text);
CREATE TABLE other (a integer);
CREATE VIEW v AS SELECT a FROM tt;
CREATE TRIGGER t1 BEFORE UPDATE ON tt FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER t2 AFTER INSERT OR DELETE OR UPDATE OF a, b ON tt FOR EACH ROW
    WHEN (CASE WHEN pg_trigger_depth() = 0 THEN true ELSE false END) EXECUTE PROCEDURE touch('x', 'it''s');
CREATE TRIGGER "T 3" AFTER TRUNCATE ON tt EXECUTE FUNCTION touch();
CREATE TRIGGER t4 AFTER UPDATE ON tt REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT
    EXECUTE FUNCTION touch();
CREATE TRIGGER t5 BEFORE UPDATE ON tt FOR EACH ROW
    WHEN (old.b IS DISTINCT FROM new.b AND new.a > 0) EXECUTE FUNCTION touch();
CREATE TRIGGER t6 INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION touch();
CREATE CONSTRAINT TRIGGER t7 AFTER INSERT ON tt DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION touch();
CREATE CONSTRAINT TRIGGER t8 AFTER INSERT ON tt FROM other NOT DEFERRABLE FOR EACH ROW
    EXECUTE FUNCTION touch();
CREATE TRIGGER t9 BEFORE UPDATE ON tt FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
ALTER TABLE tt RENAME b TO "B";
ALTER FUNCTION touch() RENAME TO touched;
-- case: functions
CREATE TYPE app.mood AS ENUM ('sad');
CREATE TABLE app.t (a integer, b varchar(5));
CREATE FUNCTION f1() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION app.f2(a integer, b text DEFAULT 'x', c integer[] DEFAULT '{}', d app.mood DEFAULT 'sad',
    e timestamptz DEFAULT now(), f integer DEFAULT -1, g numeric(10,2) DEFAULT 0, h varchar(5) DEFAULT 'q',
    i text DEFAULT NULL) RETURNS SETOF app.t
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SECURITY DEFINER COST 5 ROWS 10
    SET search_path = app, "Odd", pg_temp SET work_mem TO '1MB' AS $$ SELECT * FROM app.t $$;
CREATE FUNCTION f3(OUT x integer, INOUT y text, VARIADIC z text[]) LANGUAGE plpgsql STABLE LEAKPROOF
    SET search_path = '' AS $body$ BEGIN NULL; /* $function$ */ END $body$;
CREATE FUNCTION f4(integer, "Odd" text) RETURNS TABLE (a integer, "B" varchar) LANGUAGE sql
    PARALLEL RESTRICTED COST 100 AS 'SELECT 1, ''x''::varchar';
CREATE PROCEDURE p1(a integer, INOUT b text DEFAULT 'x') LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION f5() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
-- case: views
CREATE VIEW v1 AS SELECT a, b AS bee, a + 1 AS sum, lower(c) FROM t WHERE f;
CREATE VIEW v2 AS SELECT * FROM s;
CREATE VIEW v3 (x, y) AS SELECT s.id, t.c FROM s JOIN t ON t.a = s.t_a LEFT JOIN app.users u ON u.id = t.u
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
ALTER TABLE s RENAME kind TO sort;
ALTER TABLE s RENAME TO things;
ALTER VIEW v1 RENAME COLUMN bee TO b;
-- case: defaults
CREATE TABLE tt (
    c1 text DEFAULT 'x', c2 varchar(10) DEFAULT 'x', c3 integer DEFAULT 0, c4 bigint DEFAULT 0,
    c5 boolean DEFAULT false, c6 boolean DEFAULT 'true', c7 numeric(10,2) DEFAULT 0, c8 numeric DEFAULT 1.50,
    c9 timestamptz DEFAULT now(), c10 uuid DEFAULT gen_random_uuid(), c11 jsonb DEFAULT '{}',
    c12 text[] DEFAULT '{}', c13 mood DEFAULT 'sad', c14 integer DEFAULT '7', c15 integer DEFAULT -1,
    c16 bigint DEFAULT -1, c17 date DEFAULT CURRENT_DATE, c18 char(3) DEFAULT 'abc',
    c20 serial, c21 text DEFAULT 'x'::text, c22 real DEFAULT 1,
    c23 timestamp DEFAULT CURRENT_TIMESTAMP, c24 bigserial, c25 bytea DEFAULT '\x00', c26 smallint DEFAULT 5,
    c27 interval DEFAULT '1 day', c28 text DEFAULT (1 + 2), c29 integer[] DEFAULT ARRAY[1, 2],
    c30 text[] DEFAULT ARRAY['a', 'b']::text[],
    c32 integer GENERATED ALWAYS AS (c3 * 2) STORED, c33 double precision DEFAULT '1.5',
    c34 numeric(5,2) DEFAULT '1.5', c35 mood DEFAULT 'sad'::mood);
ALTER SEQUENCE tt_c20_seq RENAME TO counters;
