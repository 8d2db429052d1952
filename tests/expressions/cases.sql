-- Scripts of several statements: names that change after something was stored, what follows from them, and what needs
-- more than one statement. Each case runs in a database of its own.
-- case: columns, tables and schemas that get new names
CREATE VIEW v AS SELECT s.id, s.kind AS k, x.id AS other FROM s JOIN s x ON x.t_a = s.id WHERE s.kind IN ('a', 'b');
CREATE POLICY p1 ON t USING (a = 1 AND EXISTS (SELECT 1 FROM s WHERE s.id = t.a AND t_a = t.b));
CREATE POLICY p2 ON t USING (app.uid() = u AND a IN (SELECT id FROM s ORDER BY id));
CREATE INDEX i ON s ((t_a + id)) WHERE kind <> 'x';
ALTER TABLE s ADD CHECK (id > t_a OR kind IS NULL);
ALTER TABLE s RENAME kind TO "Sort";
ALTER TABLE s RENAME id TO key;
ALTER TABLE s RENAME TO things;
ALTER SCHEMA app RENAME TO "App";
ALTER TABLE t RENAME a TO "select"; --! 42701
ALTER TABLE t RENAME "select" TO from_;
ALTER TABLE t RENAME a TO "order";
ALTER TABLE t SET SCHEMA "App";
-- case: functions, operators and types that get new names
CREATE VIEW v AS SELECT over_(a) AS o, m = 'sad' AS sad, p, (p).x AS px, 5::posint AS five, app.uid() AS who FROM t;
CREATE TABLE d (a mood DEFAULT 'sad', b integer DEFAULT over_(1), c posint DEFAULT 3, e pair DEFAULT ROW(1, 'x'));
ALTER FUNCTION over_(integer) RENAME TO integer_over;
ALTER FUNCTION app.uid() RENAME TO "User";
ALTER FUNCTION app."User"() SET SCHEMA public;
ALTER TYPE mood RENAME TO feeling;
ALTER TYPE feeling RENAME VALUE 'sad' TO 'unhappy';
ALTER TYPE pair RENAME ATTRIBUTE x TO first;
ALTER DOMAIN posint RENAME TO positive;
ALTER TYPE feeling SET SCHEMA app;
-- case: a table takes the name of another
CREATE VIEW v AS SELECT id FROM s;
ALTER TABLE s RENAME TO old_s;
CREATE TABLE s (id text);
CREATE VIEW v2 AS SELECT id FROM s;
CREATE VIEW v3 AS SELECT v.id, v2.id AS id2 FROM v, v2;
-- case: a function with a better fit comes later
CREATE VIEW v AS SELECT over_(s) AS x FROM t; --! 42725
CREATE FUNCTION over_(smallint) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''s''::text';
CREATE VIEW v AS SELECT over_(s) AS x FROM t;
CREATE VIEW w AS SELECT over_(1::smallint) || 'x' AS y;
DROP FUNCTION over_(smallint); --! 2BP01
DROP FUNCTION over_(smallint) CASCADE;
-- case: views over views with stars
CREATE VIEW v1 AS SELECT * FROM s;
CREATE VIEW v2 AS SELECT *, id + 1 AS next FROM v1;
ALTER TABLE s ADD COLUMN extra text;
CREATE VIEW v3 AS SELECT v2.*, s.* FROM v2 JOIN s USING (id); --! 42701
CREATE VIEW v3 AS SELECT v2.*, s.extra FROM v2 JOIN s USING (id);
ALTER VIEW v1 RENAME COLUMN kind TO sort;
ALTER TABLE s RENAME kind TO k2;
ALTER TABLE s ALTER kind TYPE varchar(5); --! 42703
ALTER TABLE s ALTER k2 TYPE varchar(5); --! 0A000
-- case: a view is replaced
CREATE VIEW v AS SELECT id, kind FROM s;
CREATE OR REPLACE VIEW v AS SELECT id, kind, t_a FROM s;
CREATE OR REPLACE VIEW v AS SELECT id FROM s; --! 42P16
CREATE OR REPLACE VIEW v AS SELECT id, t_a AS kind, t_a FROM s; --! 42P16
CREATE OR REPLACE VIEW v AS SELECT id AS x, kind, t_a FROM s; --! 42P16
-- case: merged columns after renames
CREATE VIEW v1 AS SELECT * FROM s JOIN s2 USING (id, kind);
CREATE VIEW v2 AS SELECT id, s.kind FROM s FULL JOIN s2 USING (id);
CREATE VIEW v3 AS SELECT * FROM s NATURAL LEFT JOIN s2;
ALTER TABLE s2 RENAME id TO id2;
ALTER TABLE s RENAME kind TO extra;
ALTER TABLE s2 ADD COLUMN t_a integer;
ALTER TABLE s2 RENAME extra TO more;
-- case: join aliases after renames
CREATE VIEW v1 AS SELECT j.a, j.c FROM (s JOIN s2 ON s.id = s2.id) AS j (a, b, c, d, e, f);
CREATE VIEW v2 AS SELECT x.kk FROM s AS x (ii, tt, kk);
ALTER TABLE s RENAME kind TO b;
ALTER TABLE s ADD COLUMN z integer;
ALTER TABLE s RENAME id TO kk;
-- case: dropped columns under views
CREATE TABLE w (a integer, b text, c integer, d text);
ALTER TABLE w DROP COLUMN b;
CREATE VIEW v1 AS SELECT * FROM w;
CREATE VIEW v2 AS SELECT x.* FROM w AS x (p, q, r);
CREATE VIEW v3 AS SELECT w, w.* IS NULL AS n FROM w;
ALTER TABLE w DROP COLUMN c; --! 2BP01
ALTER TABLE w DROP COLUMN c CASCADE;
ALTER TABLE w ADD COLUMN e date;
CREATE VIEW v4 AS SELECT * FROM w;
-- case: common table expressions and sub-queries after renames
CREATE VIEW v AS WITH q AS (SELECT id, kind FROM s), r (a) AS (SELECT q.id FROM q) SELECT r.a, (SELECT kind FROM s2 WHERE s2.id = r.a LIMIT 1) FROM r;
ALTER TABLE s RENAME TO q;
ALTER TABLE q RENAME id TO a;
ALTER TABLE s2 RENAME TO r;
-- case: generated names of indexes on expressions
CREATE INDEX ON t (lower(c));
CREATE INDEX ON t ((a + b));
CREATE INDEX ON t ((a + 1), (c || d), (h ->> 'a'));
CREATE INDEX ON t (lower(c), upper(d), c);
CREATE INDEX ON t ((CASE WHEN f THEN 1 ELSE 2 END));
CREATE INDEX ON t ((coalesce(a, b)), (c::varchar(5)), ((p).x), (i[1]), (ARRAY[a]), (a IS NULL), (c COLLATE "C"));
CREATE INDEX ON t (date_trunc('day', ts));
CREATE INDEX ON t ((extract(year FROM y)));
CREATE UNIQUE INDEX ON t (c, lower(c)) WHERE a > 0;
-- case: generated names of checks
CREATE TABLE c1 (a integer CHECK (a > 0), b text CHECK (length(b) > 1) CHECK (b <> 'x'), CHECK (a > 1 AND length(b) < 5), CHECK (true));
ALTER TABLE c1 ADD CHECK (b IS NOT NULL), ADD CHECK (a < 10 OR b = 'q');
ALTER TABLE c1 RENAME TO c2;
ALTER TABLE c2 ADD CHECK (a = 7);
-- case: inheritance of checks and defaults
CREATE TABLE par (a integer DEFAULT 5 CHECK (a > 0), b text GENERATED ALWAYS AS (a::text || 'x') STORED);
CREATE TABLE chi (c integer) INHERITS (par);
CREATE TABLE lik (LIKE par INCLUDING ALL);
ALTER TABLE par ADD CONSTRAINT more CHECK (a < 100);
ALTER TABLE par RENAME a TO aa;
-- case: partitions
CREATE TABLE p (a integer, b text, c date) PARTITION BY RANGE (a, lower(b));
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1, 'a') TO (10, 'z');
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (11, MINVALUE) TO (MAXVALUE, MAXVALUE);
CREATE TABLE pd PARTITION OF p DEFAULT;
CREATE TABLE l (a text, b mood) PARTITION BY LIST (b);
CREATE TABLE l1 PARTITION OF l FOR VALUES IN ('sad', NULL);
CREATE TABLE l2 PARTITION OF l FOR VALUES IN ('angry'); --! 22P02
CREATE TABLE h (a integer) PARTITION BY HASH (a);
CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 1);
CREATE TABLE d (a date) PARTITION BY RANGE (a);
CREATE TABLE d1 PARTITION OF d FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
CREATE TABLE d2 PARTITION OF d FOR VALUES FROM ('2020-02-01'::date + 1) TO ('2020-03-01');
CREATE TABLE d3 PARTITION OF d FOR VALUES FROM ('2021-01-01') TO ('2020-03-01'); --! 42P17
CREATE TABLE n (a numeric(5,2)) PARTITION BY LIST (a);
CREATE TABLE n1 PARTITION OF n FOR VALUES IN (1, '2.5', 3.456);
CREATE TABLE n2 PARTITION OF n FOR VALUES IN (a); --! 0A000
CREATE INDEX ON p (lower(b));
ALTER TABLE p ADD CHECK (a > 0);
ALTER TABLE p RENAME b TO bb;
-- case: rules follow names
CREATE RULE r1 AS ON UPDATE TO s WHERE old.kind <> new.kind DO ALSO INSERT INTO s2 (id, kind) SELECT new.id, x.role FROM app.users x WHERE x.role = old.kind;
CREATE RULE r2 AS ON DELETE TO s DO INSTEAD (UPDATE s2 SET kind = 'gone' WHERE s2.id = old.id; DELETE FROM t WHERE t.a = old.id);
ALTER TABLE s RENAME kind TO sort;
ALTER TABLE s2 RENAME kind TO k2;
ALTER TABLE s2 RENAME TO s22;
ALTER TABLE app.users RENAME role TO "Role";
ALTER RULE r1 ON s RENAME TO r3;
-- case: rules on views
CREATE VIEW v AS SELECT id, kind FROM s;
CREATE RULE ins AS ON INSERT TO v DO INSTEAD INSERT INTO s (id, kind) VALUES (new.id, new.kind) RETURNING id, kind;
CREATE RULE upd AS ON UPDATE TO v DO INSTEAD UPDATE s SET kind = new.kind WHERE id = old.id;
CREATE RULE del AS ON DELETE TO v DO INSTEAD DELETE FROM s WHERE id = old.id RETURNING old.id, old.kind;
ALTER VIEW v RENAME COLUMN kind TO sort;
-- case: triggers follow names
CREATE TRIGGER g1 BEFORE UPDATE OF a, c ON t FOR EACH ROW WHEN (old.a IS DISTINCT FROM new.a AND new.m = 'sad') EXECUTE FUNCTION touch('x');
ALTER TABLE t RENAME a TO "A a";
ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';
ALTER FUNCTION touch() RENAME TO touched;
-- case: SQL bodies follow names
CREATE FUNCTION f1(a integer) RETURNS SETOF integer LANGUAGE sql BEGIN ATOMIC SELECT s.id FROM s WHERE s.t_a = a AND s.kind = f1.a::text; END;
CREATE FUNCTION f2(x text) RETURNS text LANGUAGE sql RETURN upper(x) || over_(x);
CREATE FUNCTION f3(a integer) RETURNS SETOF integer LANGUAGE sql AS 'SELECT s.id FROM s WHERE s.t_a = $1';
ALTER TABLE s RENAME t_a TO ta;
ALTER FUNCTION over_(text) RENAME TO ov;
DROP TABLE s; --! 2BP01
CREATE FUNCTION f4(a integer, OUT x integer, OUT y text) RETURNS SETOF record LANGUAGE sql BEGIN ATOMIC INSERT INTO s2 VALUES (a, 'k', 1.5); SELECT id, kind FROM s2; END;
CREATE PROCEDURE p1(a integer) LANGUAGE sql BEGIN ATOMIC INSERT INTO s VALUES (a); DELETE FROM s2 WHERE id = a; END;
CREATE PROCEDURE p2() LANGUAGE sql BEGIN ATOMIC END;
-- case: names in function bodies
CREATE FUNCTION f1(id integer) RETURNS SETOF integer LANGUAGE sql AS 'SELECT id FROM s';
CREATE FUNCTION f2(id integer) RETURNS SETOF integer LANGUAGE sql BEGIN ATOMIC SELECT id FROM s; END;
CREATE FUNCTION f3(id integer) RETURNS SETOF integer LANGUAGE sql BEGIN ATOMIC SELECT f3.id FROM s; END;
CREATE FUNCTION f4(p pair) RETURNS integer LANGUAGE sql RETURN p.x;
CREATE FUNCTION f5(p pair) RETURNS integer LANGUAGE sql RETURN (p).x + (f5.p).x;
CREATE FUNCTION f6(p pair) RETURNS integer LANGUAGE sql RETURN f6.p.x;
CREATE FUNCTION f7(p pair) RETURNS integer LANGUAGE sql RETURN p.nosuch; --! 42P01
CREATE FUNCTION f8(a integer, a text) RETURNS integer LANGUAGE sql AS 'SELECT 1'; --! 42P13
-- case: search_path decides
CREATE TABLE app.s (id text, only_here integer);
SET search_path = app, public;
CREATE VIEW v AS SELECT id, only_here FROM s;
CREATE VIEW w AS SELECT over_(1::bigint) AS a, over_(1) AS b, over_('x') AS c;
SET search_path = public;
CREATE VIEW x AS SELECT id, kind FROM s;
CREATE VIEW y AS SELECT only_here FROM s; --! 42703
CREATE TABLE pg_temp.s (id date);
CREATE VIEW z AS SELECT id FROM s;
-- case: system names are hidden by own ones
CREATE FUNCTION public.lower(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE VIEW v AS SELECT lower('X'::text) AS a, public.lower('X') AS b;
SET search_path = public, pg_catalog;
CREATE VIEW w AS SELECT lower('X'::text) AS a, pg_catalog.lower('X') AS b;
CREATE TABLE public.pg_class (x integer);
CREATE VIEW x AS SELECT x FROM pg_class;
-- case: own operators
CREATE FUNCTION addpair(pair, pair) RETURNS pair LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE OPERATOR + (LEFTARG = pair, RIGHTARG = pair, FUNCTION = addpair);
CREATE OPERATOR app.<<<< (LEFTARG = integer, RIGHTARG = text, FUNCTION = opt); --! 42883
CREATE FUNCTION it(integer, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR app.<<<< (LEFTARG = integer, RIGHTARG = text, FUNCTION = it);
CREATE VIEW v AS SELECT p + p AS pp, (p + p).x AS x, a OPERATOR(app.<<<<) c AS o FROM t;
CREATE VIEW w AS SELECT a <<<< c AS o FROM t; --! 42883
CREATE VIEW x AS SELECT p + ROW(1, 'x') AS pp FROM t;
-- case: own casts
CREATE FUNCTION pair_to_int(pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT ($1).x';
CREATE CAST (pair AS integer) WITH FUNCTION pair_to_int(pair) AS IMPLICIT;
CREATE CAST (mood AS integer) WITH INOUT AS ASSIGNMENT;
CREATE VIEW v AS SELECT p + 1 AS s, p::integer AS i, abs(p) AS a, m::integer AS m FROM t;
CREATE VIEW w AS SELECT m + 1 AS s FROM t; --! 42883
CREATE TABLE d (a integer DEFAULT ROW(1, 'x')::pair, b integer DEFAULT 'sad'::mood);
-- case: own aggregates
CREATE AGGREGATE total (integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
CREATE AGGREGATE app.glue (text ORDER BY text) (SFUNC = textcat, STYPE = text);
CREATE VIEW v AS SELECT kind, total(id) AS n, total(DISTINCT id) FILTER (WHERE id > 1) AS m FROM s GROUP BY kind;
CREATE VIEW w AS SELECT total(id) OVER (ORDER BY id) AS n FROM s;
CREATE VIEW x AS SELECT id, total(id) FROM s; --! 42803
ALTER AGGREGATE total(integer) RENAME TO "Total";
-- case: own range types
CREATE TYPE price_range AS RANGE (subtype = numeric);
CREATE TABLE r (a price_range DEFAULT '[1,2.5]', b price_range CHECK (b && price_range(0, 10)), c pricerange); --! 42704
CREATE TABLE r (a price_range DEFAULT '[1,2.5]', b price_range CHECK (b && price_range(0, 10)), EXCLUDE USING gist (a WITH &&));
CREATE VIEW v AS SELECT lower(a) AS l, a * b AS x, 5.0 <@ a AS y, price_multirange(a) AS m FROM r;
-- case: domains over domains
CREATE DOMAIN small AS posint CHECK (VALUE < 10);
CREATE DOMAIN smalls AS small[] DEFAULT '{1}';
CREATE TABLE d (a small DEFAULT 5, b smalls, c small[], CHECK (a > 1), CHECK (b[1] = 2), CHECK (3 = ANY (c)), CHECK (a = ANY (b)));
CREATE VIEW v AS SELECT a + 1 AS a1, a::integer AS a2, b[1] AS b1, c[1] AS c1, array_append(c, 5) AS c2, a::small AS a3 FROM d;
ALTER DOMAIN small ADD CONSTRAINT odd CHECK (VALUE % 2 = 1); --! 0A000
ALTER DOMAIN posint ADD CHECK (VALUE <> 7); --! 0A000
ALTER DOMAIN small SET DEFAULT 3;
-- case: enums that grow
CREATE VIEW v AS SELECT m, m IN ('sad', 'ok') AS low, m = 'happy' AS best FROM t;
ALTER TYPE mood ADD VALUE 'great';
CREATE TABLE d (a mood DEFAULT 'great' CHECK (a >= 'great'));
ALTER TYPE mood RENAME VALUE 'great' TO 'superb';
-- case: policies on tables and their own columns
CREATE POLICY p1 ON s USING (id = (SELECT max(id) FROM s2 WHERE s2.id = s.id));
CREATE POLICY p2 ON s USING (id IN (SELECT id FROM s2 WHERE kind = s.kind));
CREATE POLICY p3 ON s USING (EXISTS (SELECT 1 FROM s2 WHERE id = t_a));
CREATE POLICY p4 ON s USING (EXISTS (SELECT 1 FROM s s2 WHERE s2.id = s.t_a));
ALTER TABLE s2 ADD COLUMN t_a integer;
CREATE POLICY p5 ON s USING (EXISTS (SELECT 1 FROM s2 WHERE id = t_a));
ALTER POLICY p1 ON s USING (kind = 'x') WITH CHECK (id > 0);
ALTER TABLE s RENAME TO s3;
-- case: constraints that need types
CREATE TABLE k (a integer, b text, c int4range, d tsrange, EXCLUDE USING gist (c WITH &&, d WITH -|-) WHERE (a > 0 AND b IN ('x', 'y')));
ALTER TABLE k ADD CONSTRAINT u UNIQUE (a, b), ADD CONSTRAINT x EXCLUDE USING btree (lower(b) WITH =, (a + 1) WITH =);
CREATE TABLE fk (a integer, b text, c integer, FOREIGN KEY (a, b) REFERENCES k (a, b) MATCH FULL ON DELETE SET NULL);
CREATE TABLE fk2 (a text, FOREIGN KEY (a) REFERENCES s); --! 42804
CREATE TABLE fk3 (a bigint REFERENCES s, b numeric REFERENCES s); --! 42804
CREATE TABLE fk4 (a bigint REFERENCES s, b smallint REFERENCES s);
ALTER TABLE k RENAME b TO "B b";
-- case: defaults that call functions with sequences
CREATE TABLE q1 (id serial, big bigserial, n integer DEFAULT nextval('q1_id_seq'), c text DEFAULT 'x' || nextval('q1_id_seq')::text);
CREATE SEQUENCE sq AS smallint;
CREATE TABLE q2 (a smallint DEFAULT nextval('sq'), b integer DEFAULT currval('public.sq'::regclass), c text DEFAULT nextval('sq'));
ALTER SEQUENCE q1_id_seq RENAME TO "Counter";
ALTER TABLE q2 ALTER a SET DEFAULT nextval('nosuch'); --! 42P01
-- case: changes of types
CREATE TABLE ty (a integer DEFAULT 5 CHECK (a > 1), b varchar(5) DEFAULT 'x' CHECK (b IN ('x', 'y')), c text DEFAULT '7');
CREATE INDEX ON ty ((a + 1)) WHERE b = 'x';
ALTER TABLE ty ALTER a TYPE bigint;
ALTER TABLE ty ALTER b TYPE text;
ALTER TABLE ty ALTER c TYPE integer; --! 42804
ALTER TABLE ty ALTER c TYPE integer USING c::integer; --! 42804
ALTER TABLE ty ALTER c DROP DEFAULT, ALTER c TYPE integer USING c::integer;
ALTER TABLE ty ALTER a TYPE numeric(8,2);
ALTER TABLE ty ALTER a TYPE text; --! 42883
-- case: statistics and publications follow names
CREATE STATISTICS st (mcv) ON lower(c), (a + b), y FROM t;
CREATE PUBLICATION pub FOR TABLE s (id, kind) WHERE (id > 1 AND kind <> 'x');
ALTER TABLE t RENAME c TO cc;
ALTER TABLE s RENAME TO s3;
-- case: what a statement may not depend on
CREATE TEMP TABLE tmp (id integer);
CREATE VIEW v AS SELECT id FROM tmp;
CREATE MATERIALIZED VIEW mv AS SELECT id FROM tmp; --! 0A000
CREATE FUNCTION f() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT id FROM tmp; END;
-- case: backslashes in strings
SET standard_conforming_strings = off;
CREATE TABLE d4 (a text DEFAULT 'a\\b', b text DEFAULT E'a\\b');
SET standard_conforming_strings = on;
-- case: settings that change constants
SET TimeZone = 'Europe/Berlin';
CREATE TABLE d1 (a timestamptz DEFAULT '2020-06-01 12:00', b timestamptz DEFAULT '2020-01-01 12:00+00', c text DEFAULT '2020-06-01'::timestamptz::text);
SET TimeZone = 'UTC';
CREATE TABLE d2 (a timestamptz DEFAULT '2020-06-01 12:00', b interval DEFAULT 'P1DT2H', c date DEFAULT 'Jun 1 2020', e bytea DEFAULT '\xAB');
SET DateStyle = 'German, DMY';
CREATE TABLE d3 (a date DEFAULT '01.02.2020', b timestamp DEFAULT '01/02/2020 10:00');
RESET DateStyle;
SET quote_all_identifiers = on;
CREATE TABLE d5 (a text DEFAULT upper('x'));
