-- case: options and their values
CREATE TABLE t (a int, b text, c jsonb) WITH (fillfactor = 5);
CREATE TABLE t (a int, b text, c jsonb) WITH (toast.autovacuum_enabled = off, fillfactor = 70);
ALTER TABLE t SET (fillfactor = 101);
ALTER TABLE t SET (autovacuum_enabled = maybe);
ALTER TABLE t SET (nope.fillfactor = 10);
ALTER TABLE t SET (toast.autovacuum_enabled = on, parallel_workers = 2);
ALTER TABLE t ALTER a SET (n_distinct = -2);
ALTER TABLE t ALTER a SET (nope = 1);
ALTER TABLE t ALTER a SET (n_distinct = 5);
CREATE INDEX i ON t USING brin (a) WITH (fillfactor = 80);
CREATE INDEX i ON t USING gin (c) WITH (fastupdate = off);

-- case: how rows are stored
CREATE TABLE t (a int PRIMARY KEY, b text);
CREATE TABLE p (a int) PARTITION BY LIST (a);
CREATE INDEX h ON t USING hash (a);
CREATE INDEX e ON t ((a + 1), a) INCLUDE (b);
ALTER TABLE t SET ACCESS METHOD nope;
ALTER TABLE t SET ACCESS METHOD btree;
ALTER TABLE t SET TABLESPACE nope;
ALTER TABLE t SET TABLESPACE pg_default, SET TABLESPACE pg_default;
ALTER TABLE t CLUSTER ON h;
ALTER TABLE t CLUSTER ON nope;
ALTER TABLE t CLUSTER ON e;
ALTER TABLE p SET WITHOUT CLUSTER;
ALTER TABLE t ALTER a SET COMPRESSION pglz;
ALTER TABLE t ALTER a SET COMPRESSION default;
ALTER TABLE t ALTER b SET COMPRESSION nope;
ALTER TABLE t ALTER a SET STORAGE external;
ALTER TABLE t ALTER b SET STORAGE nope;
ALTER INDEX e ALTER COLUMN 1 SET STATISTICS 100;
ALTER INDEX e ALTER COLUMN 2 SET STATISTICS 100;
ALTER INDEX e ALTER COLUMN 3 SET STATISTICS 100;
ALTER INDEX e ALTER COLUMN 9 SET STATISTICS 100;
ALTER TABLE t SET UNLOGGED, SET LOGGED;
CREATE TABLE f (a int REFERENCES t);
ALTER TABLE t SET UNLOGGED;

-- case: what a table is refused for comes in the order of PostgreSQL
CREATE TABLE t (a int PRIMARY KEY, b json PRIMARY KEY, c bigint GENERATED ALWAYS AS (b -> 'a') STORED);
CREATE TABLE t (a int, b int[] DEFAULT ARRAY[]::text[], a text);
CREATE TABLE t (a trigger, b nosuchtype);
CREATE TABLE t (a date GENERATED ALWAYS AS (b * 2) STORED, b int, c boolean DEFAULT 1::bigint);
CREATE TABLE t (a int, UNIQUE (a, a), CHECK (nope > 0));
CREATE TABLE t (a int CHECK (a > 0) NOT VALID, UNIQUE (a) INCLUDE (a));

-- case: the sequence of an identity column follows the column's type
CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, b smallint GENERATED ALWAYS AS IDENTITY (MAXVALUE 100));
ALTER TABLE t ALTER id TYPE bigint, ALTER b TYPE int;
ALTER TABLE t ALTER id TYPE text;

-- case: children of a table under a new type
CREATE TABLE p (a int, b text, CHECK (coalesce(b, '') <> 'x')) PARTITION BY RANGE (a);
CREATE TABLE c PARTITION OF p FOR VALUES FROM (1) TO (2) PARTITION BY HASH (a);
CREATE INDEX ON c ((lower(b)));
ALTER TABLE p ALTER b TYPE char(3);

-- case: LIKE copies extended statistics
CREATE TABLE t (a int, b text, c jsonb) PARTITION BY LIST (a);
CREATE STATISTICS s (ndistinct) ON b, a FROM t;
CREATE TABLE u (LIKE t INCLUDING ALL);
CREATE TABLE v (LIKE t);

-- case: children of a published table
CREATE TABLE p (a int);
CREATE TABLE c () INHERITS (p);
CREATE PUBLICATION one FOR TABLE p;
CREATE PUBLICATION two FOR TABLE ONLY p;

-- case: foreign keys of types of one's own
CREATE TYPE e AS ENUM ('a');
CREATE TYPE f AS ENUM ('a');
CREATE TABLE t (a e PRIMARY KEY, b int UNIQUE DEFERRABLE);
CREATE TABLE u (a text REFERENCES t);
CREATE TABLE u (a f REFERENCES t);
CREATE TABLE u (a e REFERENCES t, g int GENERATED ALWAYS AS (1) STORED);
ALTER TABLE u ADD FOREIGN KEY (g) REFERENCES u (g) ON DELETE SET NULL;
CREATE TABLE w (a int PRIMARY KEY DEFERRABLE, b int REFERENCES w);

-- case: a view WITH CHECK OPTION can be written
CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT a FROM t UNION ALL SELECT a FROM t WITH CHECK OPTION;
CREATE VIEW v AS SELECT a, count(*) AS n FROM t GROUP BY a WITH LOCAL CHECK OPTION;
CREATE VIEW v AS SELECT a + 1 AS x FROM t WITH CHECK OPTION;
CREATE VIEW v AS SELECT DISTINCT a FROM t;
ALTER VIEW v SET (check_option = local);
CREATE VIEW w AS SELECT a, a + 1 AS x FROM t WITH CHECK OPTION;

-- case: a materialized view without rows is not read
CREATE TABLE t (a int);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t WITH NO DATA;
CREATE VIEW v AS SELECT a FROM m;
CREATE TABLE c AS SELECT a FROM v;
CREATE MATERIALIZED VIEW n AS SELECT a FROM m;
REFRESH MATERIALIZED VIEW m;
CREATE TABLE c AS SELECT a FROM v;

-- case: domains over domains
CREATE DOMAIN a AS integer DEFAULT 1;
CREATE DOMAIN b AS a;
CREATE DOMAIN c AS a DEFAULT NULL;
CREATE DOMAIN d AS regclass DEFAULT NULL;
CREATE TYPE e AS ENUM ('x');
ALTER DOMAIN e OWNER TO CURRENT_USER;
ALTER DOMAIN e RENAME CONSTRAINT n TO m;

-- case: generated names of indexes over a column twice
CREATE TABLE t (a int, b text);
CREATE INDEX ON t (a) INCLUDE (a, b);
ALTER TABLE t ADD UNIQUE (a, b) INCLUDE (a);
CREATE INDEX ON t ((ROW(a, 1)));
CREATE TABLE p (LIKE t) PARTITION BY LIST (a);
CREATE TABLE c PARTITION OF p FOR VALUES IN (1);
CREATE INDEX ON p (b) INCLUDE (b);

-- case: an alteration of a function that is no function
CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN END';
ALTER PROCEDURE p() STRICT;
ALTER ROUTINE p() PARALLEL SAFE;
CREATE FUNCTION f() RETURNS int LANGUAGE sql ROWS 5 AS 'SELECT 1';

-- case: the foreign key of a type that is only cast to the key's
CREATE TABLE t (a regclass UNIQUE, b oid UNIQUE);
CREATE TABLE u (a varchar REFERENCES t (a));
CREATE TABLE u (a text REFERENCES t (b));
CREATE TABLE u (a regclass REFERENCES t (b), b regproc REFERENCES t (a), c int REFERENCES t (b));

-- case: columns of indexes
CREATE TABLE t (a int, b text, "c d" int);
CREATE INDEX i ON t (a) INCLUDE (b);
ALTER TABLE i RENAME ctid TO x;
ALTER TABLE i RENAME a TO x;
ALTER TABLE t RENAME ctid TO x;
ALTER TABLE i ALTER b SET STATISTICS 10;
ALTER TABLE i ALTER a SET STATISTICS 10;
ALTER TABLE i ALTER nope SET STATISTICS 10;
CREATE STATISTICS s ON a, b FROM i;
CREATE STATISTICS s ON a, b FROM nope;
CREATE SEQUENCE q;
CREATE STATISTICS s ON last_value, is_called FROM q;
CREATE VIEW v AS SELECT a, b FROM t;
CREATE STATISTICS s ON a, (nope(b)) FROM v;
CREATE STATISTICS s ON a, b FROM v;

-- case: a default that cannot be a value of its column
CREATE TABLE t (a int);
ALTER TABLE t ADD b char(3) DEFAULT 'it''s';
ALTER TABLE t ADD b char(3) DEFAULT 'its';
ALTER TABLE t ALTER b SET DEFAULT 'it''s';
INSERT INTO t (a) SELECT a FROM t WHERE a > 1;
INSERT INTO t (a) SELECT a FROM t WHERE false;
INSERT INTO t (b) SELECT b FROM t;
ALTER TABLE t ADD c int DEFAULT 1 / 0;
ALTER TABLE t ADD c int DEFAULT 1;
ALTER TABLE t ALTER c SET DEFAULT 1 / 0;
ALTER TABLE t ALTER b DROP DEFAULT;
INSERT INTO t (a) SELECT a FROM t;
INSERT INTO t (a, c) SELECT a, a FROM t;
CREATE TABLE p (a int, b varchar(2) DEFAULT 'abc') PARTITION BY LIST (a);
ALTER TABLE p ADD c varchar(2) DEFAULT 'abc';

-- case: a key goes with a column that it includes
CREATE TYPE y AS (a int);
CREATE TABLE t (a int, b y, c int, d int, UNIQUE (a) INCLUDE (b), PRIMARY KEY (c) INCLUDE (d));
CREATE TABLE u (c int REFERENCES t);
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t DROP COLUMN d;
ALTER TABLE t DROP COLUMN d CASCADE;

-- case: functions of constants in keys of indexes
CREATE TABLE t (a int);
CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
CREATE FUNCTION two() RETURNS integer LANGUAGE sql AS 'SELECT 2';
ALTER FUNCTION twice(integer) STRICT;
ALTER FUNCTION twice(integer) VOLATILE;
CREATE INDEX ON t ((twice(0)));
CREATE INDEX ON t ((twice(a)));
CREATE INDEX ON t ((two()));
CREATE UNIQUE INDEX ON t ((1)) WHERE true;
CREATE INDEX ON t (a) WHERE true;
CREATE INDEX ON t (a) WHERE 1 = 1;
CREATE INDEX ON t (a) WHERE a > 0 AND true;
CREATE INDEX ON t (a) WHERE NULL;

-- case: the constraint of a partition's index that another index has taken
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE q PARTITION OF p (a UNIQUE) FOR VALUES IN (10) PARTITION BY RANGE (a);
CREATE UNIQUE INDEX i ON p (a);
ALTER TABLE q DROP CONSTRAINT q_a_key;
ALTER TABLE q DROP CONSTRAINT q_a_key CASCADE;
DROP INDEX q_a_key;
DROP INDEX i;

-- case: attributes of types that tables are of
CREATE TYPE y AS (a uuid, b int);
CREATE TYPE z AS (c y);
CREATE TABLE t OF y;
ALTER TYPE y ALTER ATTRIBUTE a TYPE json CASCADE;
ALTER TYPE y ALTER ATTRIBUTE b TYPE bigint CASCADE;
ALTER TYPE y ALTER ATTRIBUTE b TYPE bigint;
ALTER TYPE y ALTER ATTRIBUTE b TYPE y;
ALTER TYPE y ALTER ATTRIBUTE b TYPE z CASCADE;
ALTER TYPE y ADD ATTRIBUTE d z CASCADE;
ALTER TYPE y ADD ATTRIBUTE d z;
CREATE TABLE u (r z);
ALTER TYPE z ALTER ATTRIBUTE c TYPE z;
ALTER TYPE z ALTER ATTRIBUTE c TYPE text;

-- case: a domain that is NOT NULL already
CREATE DOMAIN "D d" AS text NOT NULL;
CREATE TABLE t (a "D d"[]);
ALTER DOMAIN "D d" SET NOT NULL;
ALTER DOMAIN "D d" DROP NOT NULL;
ALTER DOMAIN "D d" DROP NOT NULL;
ALTER DOMAIN "D d" SET NOT NULL;
ALTER DOMAIN "D d" ADD CONSTRAINT c CHECK (VALUE <> '');
ALTER DOMAIN "D d" ADD CONSTRAINT c CHECK (VALUE <> '') NOT VALID;
ALTER DOMAIN "D d" VALIDATE CONSTRAINT c;

-- case: which error of two of ALTER TABLE
CREATE TYPE y AS (a int);
CREATE TABLE t (a int, b text, p point, d int DEFAULT 1 NOT NULL, e int PRIMARY KEY);
CREATE TABLE k () INHERITS (t);
CREATE TABLE ty (a int);
CREATE TABLE part (a int, b timestamptz) PARTITION BY LIST (a);
CREATE INDEX ix ON part (a);
CREATE UNIQUE INDEX ux ON part (a);
ALTER TABLE t DROP COLUMN b, ADD EXCLUDE USING gist (b WITH &&);
ALTER TABLE t ADD EXCLUDE USING gist (nope WITH &&);
ALTER TABLE ty OF y, INHERIT ty;
ALTER TABLE ty ADD PRIMARY KEY (ctid);
ALTER TABLE ty ADD UNIQUE (ctid);
ALTER TABLE t ADD PRIMARY KEY (p);
ALTER TABLE t ADD PRIMARY KEY (nope);
ALTER TABLE t ADD PRIMARY KEY (d);
ALTER TABLE t ADD UNIQUE (p), ALTER d ADD GENERATED ALWAYS AS IDENTITY;
ALTER TABLE t ADD c varchar GENERATED ALWAYS AS IDENTITY;
ALTER TABLE t ADD c varchar GENERATED ALWAYS AS IDENTITY NULL;
ALTER TABLE part ADD c int UNIQUE, ALTER b SET DEFAULT 'x'::text;
ALTER TABLE part ADD UNIQUE USING INDEX ix;
ALTER TABLE part ADD UNIQUE USING INDEX ux;
ALTER TABLE part ADD UNIQUE USING INDEX nope;
ALTER TABLE part ADD PRIMARY KEY (a);
ALTER TABLE part ADD UNIQUE USING INDEX part_pkey;
CREATE POLICY pol ON t USING (e > 0);
ALTER TABLE t ALTER e TYPE point USING NULL;
COMMENT ON RULE nope ON t IS NULL;
CREATE VIEW v AS SELECT 1 AS x;
COMMENT ON RULE nope ON v IS NULL;
ALTER RULE nope ON v RENAME TO x;
DROP RULE nope ON v;

-- case: which error of two of CREATE
CREATE TABLE t (a int, b text, p point, ts timestamptz);
CREATE TABLE l (a int, b text);
CREATE FUNCTION vol(n int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN true; END';
CREATE VIEW v WITH (nope) AS SELECT a FROM t UNION ALL SELECT a FROM t WITH LOCAL CHECK OPTION;
CREATE VIEW nope.v WITH (nope) AS SELECT a FROM t;
CREATE VIEW v WITH (nope) AS SELECT a FROM t;
CREATE VIEW t WITH (nope) AS SELECT a FROM t;
CREATE OR REPLACE VIEW t WITH (nope) AS SELECT a FROM t;
CREATE TABLE c (b text, a int UNIQUE, LIKE l);
CREATE TABLE c (b text, a int, a int, LIKE l);
CREATE TYPE y AS (a int, b varchar(0), a text);
CREATE TYPE y AS (a int, b nosuchtype, a text);
CREATE TABLE c (a int, b varchar(0), a text);
CREATE TABLE x (id int, EXCLUDE USING gist (id WITH =) WHERE (vol(id)));
CREATE TABLE x (id int, EXCLUDE USING gist (id WITH =) WHERE (nope > 0));
CREATE UNIQUE INDEX ON t USING brin (a, (ts::text));
CREATE INDEX ON t USING hash (a, (ts::text));
CREATE INDEX ON t USING gin (p, (ts + interval '1 day'));
CREATE INDEX ON t USING gin ((ts::text), p);
CREATE INDEX ON t USING btree (p, nope);
CREATE INDEX ON t USING btree (p) WHERE vol(a);
CREATE INDEX ON t USING brin (a) INCLUDE (nope);
CREATE PUBLICATION pub FOR TABLE t;
CREATE UNLOGGED TABLE un (a int);
CREATE VIEW vv AS SELECT 1 AS x;
ALTER PUBLICATION pub ADD TABLE un;
ALTER PUBLICATION pub DROP TABLE un;
ALTER PUBLICATION pub DROP TABLE vv;
ALTER PUBLICATION pub SET TABLE vv;

-- case: children follow when a pass is over
CREATE TABLE t (a int NOT NULL, b int DEFAULT 1);
CREATE TABLE c () INHERITS (t);
ALTER TABLE t ALTER a DROP NOT NULL, DROP COLUMN a CASCADE;
ALTER TABLE t ALTER b DROP DEFAULT, DROP COLUMN b CASCADE;
ALTER TABLE t DROP COLUMN b, ALTER b DROP DEFAULT;
ALTER TABLE t ALTER a SET NOT NULL, ALTER b SET DEFAULT 2, ALTER b SET STATISTICS 10;

-- case: what is looked at before the kind of relation or type
CREATE TYPE e AS ENUM ('a');
CREATE TYPE y AS (a int);
CREATE DOMAIN d AS text;
CREATE TABLE t (a int, b int) PARTITION BY LIST (a);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE MATERIALIZED VIEW m AS SELECT a FROM t WITH NO DATA;
ALTER TYPE e SET (nope = 1);
ALTER TYPE e SET (storage = plain);
ALTER TYPE y SET (storage = plain);
ALTER TYPE d SET (storage = plain);
ALTER TYPE e SET (storage = extended);
ALTER TYPE d SET (analyze = nope);
ALTER TYPE e SET (send = NONE);
COPY t (a, a) TO '/dev/null';
COPY v (nope) FROM '/dev/null';
COPY v (a) FROM '/dev/null';
COPY v TO '/dev/null';
COPY m (a, a) FROM '/dev/null';
ALTER TEXT SEARCH CONFIGURATION nope.c ADD MAPPING FOR word WITH simple;
ALTER TEXT SEARCH DICTIONARY nope.c (accept);
COMMENT ON OPERATOR nope.=== (int, int) IS 'x';
DROP OPERATOR nope.=== (int, int);
ALTER OPERATOR nope.=== (int, int) OWNER TO CURRENT_USER;
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
ALTER OPERATOR === (int, int) SET (nope = 1);
ALTER OPERATOR === (int, int) SET (nope = NONE);
ALTER OPERATOR === (int, int) SET (hashes = 1);
CREATE TABLE c AS SELECT a, a FROM m;
CREATE TABLE c AS SELECT a, a FROM m WITH NO DATA;
CREATE TABLE d AS SELECT ROW(a, 1) AS x FROM t;
ALTER TABLE t ALTER nope TYPE int USING nope::text::int;
ALTER TABLE t ALTER nope TYPE int USING a::text::int;
ALTER TABLE t ALTER nope TYPE int;
CREATE TABLE o (a int UNIQUE);
ALTER TABLE o ADD PRIMARY KEY USING INDEX o;
ALTER TABLE o ADD PRIMARY KEY USING INDEX nope;
ALTER TABLE t ALTER ctid DROP EXPRESSION, INHERIT o;
ALTER TABLE t ALTER ctid DROP EXPRESSION;

-- case: constraint triggers and constraints of their names
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0));
CREATE CONSTRAINT TRIGGER c AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE TRIGGER c AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE CONSTRAINT TRIGGER d AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE t ADD CONSTRAINT d CHECK (a > 1);

-- case: a type gets privileges with its definition
CREATE ROLE random_somebody;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO random_somebody;
CREATE TYPE s;
CREATE TYPE t;
CREATE FUNCTION t_in(cstring) RETURNS t LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION t_out(t) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE t (INPUT = t_in, OUTPUT = t_out, LIKE = integer);

-- case: what forbids a new type is found in the order of definitions
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED);
CREATE POLICY p ON t USING (a > 0);
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN (SELECT max(a) FROM t);
ALTER TABLE t ALTER a TYPE bigint;
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t ALTER a TYPE bigint;
ALTER POLICY p ON t USING (a > 1);
ALTER TABLE t ALTER a TYPE bigint;
CREATE OR REPLACE VIEW v AS SELECT a FROM t WHERE a > 2;
ALTER TABLE t ALTER a TYPE bigint;

-- case: exclusion constraints of a column with another type
CREATE TABLE t (a int, b text, EXCLUDE USING btree (a WITH =), EXCLUDE USING btree (b WITH =));
ALTER TABLE t ALTER a TYPE numeric;
ALTER TABLE t ALTER b TYPE varchar(20);
ALTER TABLE t ALTER b TYPE json USING NULL;

-- case: a materialized view that is emptied again
CREATE TABLE t (a int);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE MATERIALIZED VIEW n AS SELECT a FROM m WITH NO DATA;
REFRESH MATERIALIZED VIEW m WITH NO DATA;
CREATE TABLE c AS SELECT a FROM m;
REFRESH MATERIALIZED VIEW n;
REFRESH MATERIALIZED VIEW n WITH NO DATA;
REFRESH MATERIALIZED VIEW m;
CREATE TABLE c AS SELECT a FROM m;

-- case: who owns statistics that are made anew
CREATE ROLE random_owner;
CREATE TABLE t (a int, b int);
CREATE STATISTICS s ON a, b, (a + b) FROM t;
ALTER STATISTICS s OWNER TO random_owner;
ALTER TABLE t ALTER a TYPE bigint;

-- case: errors of operators, collations, roles, default privileges
CREATE SCHEMA s;
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
CREATE OPERATOR s.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
ALTER OPERATOR === (int, int) SET SCHEMA s;
CREATE COLLATION c FROM "C";
CREATE COLLATION c (LC_COLLATE = 'POSIX', LC_CTYPE = 'POSIX');
CREATE COLLATION d (LOCALE = 'C');
CREATE COLLATION d (LOCALE = 'C');
CREATE COLLATION d FROM "C";
CREATE COLLATION s.c FROM "POSIX";
CREATE COLLATION s.d (LOCALE = 'C');
ALTER COLLATION c SET SCHEMA s;
ALTER COLLATION d SET SCHEMA s;
ALTER DEFAULT PRIVILEGES FOR ROLE random_nobody GRANT ALL ON TABLES TO random_noone;
ALTER DEFAULT PRIVILEGES IN SCHEMA nope GRANT ALL ON TABLES TO random_noone;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON TABLES TO random_noone;
ALTER ROLE SESSION_USER RENAME TO random_other;
CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
ALTER TABLE t ALTER a DROP NOT NULL;
CREATE INDEX ON t USING nope (nope);
CREATE INDEX ON t USING nope (a) WHERE nope > 0;
CREATE TYPE r AS RANGE (SUBTYPE = int);
DROP CAST (r AS r_multirange);
CREATE OPERATOR CLASS k FOR TYPE int USING hash AS OPERATOR 1 =, FUNCTION 1 hashint4(int);
ALTER OPERATOR FAMILY k USING hash DROP OPERATOR 1 (int, int);
ALTER OPERATOR FAMILY k USING hash DROP FUNCTION 1 (int, int);
CREATE TABLE q (a unknown) INHERITS (t);
CREATE TABLE t (b unknown) INHERITS (t);

-- case: checks that are inherited and copied
CREATE TABLE t (a int, b int, CHECK (a > 0), CONSTRAINT c CHECK (b > 0) NO INHERIT);
CREATE TABLE u (x int, LIKE t INCLUDING ALL) INHERITS (t);
CREATE TABLE v (a int, CONSTRAINT t_a_check CHECK (a > 1));
CREATE TABLE w (LIKE v INCLUDING ALL) INHERITS (t);
CREATE TABLE w (LIKE v INCLUDING ALL, CONSTRAINT t_a_check CHECK (a > 1));

-- case: statistics of columns are made anew
CREATE TABLE t (a int, b int, c int);
CREATE STATISTICS s ON a, b FROM t;
ALTER STATISTICS s SET STATISTICS 10;
ALTER TABLE t ALTER c TYPE bigint;
ALTER TABLE t ALTER a TYPE bigint;

-- case: MERGE into tables with rules
CREATE TABLE t (a int, b int);
CREATE TABLE u (a int);
CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING;
MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE;
ALTER TABLE t DISABLE RULE r;
MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE;
DROP RULE r ON t;
MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE;
CREATE INDEX ON t USING hash (a ASC NULLS FIRST);
CREATE INDEX ON t USING hash (a ASC);
CREATE INDEX ON t USING hash (a NULLS FIRST);

-- case: what functions do not use is not there
CREATE TABLE t (a int);
CREATE FUNCTION one(numeric) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION own(n numeric) RETURNS numeric LANGUAGE sql AS 'SELECT n';
CREATE FUNCTION two(numeric) RETURNS int LANGUAGE sql STRICT AS 'SELECT 1';
CREATE FUNCTION three(numeric) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT 1';
CREATE INDEX ON t ((one(random()::numeric)));
CREATE INDEX ON t (a) WHERE one(random()::numeric) > 0;
CREATE INDEX ON t ((own(random()::numeric)));
CREATE INDEX ON t ((own(a::numeric)));
CREATE INDEX ON t ((two(random()::numeric)));
CREATE INDEX ON t ((two(a)));
CREATE INDEX ON t ((three(random()::numeric)));
CREATE INDEX ON t ((three(a)));

-- case: partitioned indexes, indexes twice over a column
CREATE ROLE random_taker;
CREATE TABLE t (a int NOT NULL, b int) PARTITION BY LIST (a);
CREATE TABLE c PARTITION OF t FOR VALUES IN (1);
CREATE INDEX i ON t (a);
ALTER TABLE i OWNER TO random_taker;
ALTER INDEX i OWNER TO CURRENT_USER;
ALTER TABLE c_a_idx OWNER TO CURRENT_USER;
DROP INDEX CONCURRENTLY i;
CREATE UNIQUE INDEX ON t (ctid);
CREATE INDEX ON t (ctid);
CREATE INDEX ON t (a) INCLUDE (ctid);
CREATE TABLE u (a int, b int);
CREATE UNIQUE INDEX twice ON u (a, a);
ALTER TABLE u ADD UNIQUE USING INDEX twice;
ALTER TABLE u ADD PRIMARY KEY USING INDEX twice;
ALTER TABLE u ADD EXCLUDE (ctid WITH =);
CREATE STATISTICS s ON a, (a + 1) FROM i;

-- case: the storage of what is inherited twice
CREATE TABLE a (x text, y text);
CREATE TABLE b (x text, y text);
ALTER TABLE a ALTER x SET STORAGE external;
CREATE TABLE c () INHERITS (a, b);
CREATE TABLE c (x text) INHERITS (a);
CREATE TABLE d () INHERITS (b, b);
ALTER TABLE b ALTER x SET STORAGE extended;
CREATE TABLE d (x text) INHERITS (b);

-- case: routines by all of their arguments
CREATE FUNCTION f() RETURNS TABLE (x int, y text) LANGUAGE sql AS $$ SELECT 1, 'a'::text $$;
CREATE FUNCTION g(a int, OUT b text) LANGUAGE sql AS $$ SELECT 'a'::text $$;
CREATE FUNCTION h(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION f(int, text) STABLE;
ALTER ROUTINE f(int, text) RENAME TO ff;
DROP ROUTINE ff(int);
DROP ROUTINE ff(int, text);
DROP ROUTINE g(int, text);
DROP ROUTINE h(int, int);

-- case: types of PL/pgSQL and of generated columns
CREATE FUNCTION f(a unknown) RETURNS void LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION f(a cstring) RETURNS void LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION f(a record) RETURNS void LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION g(a anyelement) RETURNS anyelement LANGUAGE plpgsql AS 'BEGIN RETURN a; END';
CREATE FUNCTION h() RETURNS cstring LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TABLE t (a interval, b text GENERATED ALWAYS AS (a::text) STORED);
CREATE TABLE t (a time, b text GENERATED ALWAYS AS (a::text) STORED);
CREATE TYPE y AS (n numeric(8,2), v varchar);
CREATE TABLE u (r y);
ALTER TYPE y ALTER ATTRIBUTE n TYPE numeric;
ALTER TYPE y ALTER ATTRIBUTE n TYPE numeric(8,2);
ALTER TYPE y ALTER ATTRIBUTE v TYPE text;

-- case: sequences of identity columns that are copied
CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (START WITH 5), b smallint GENERATED ALWAYS AS IDENTITY (MAXVALUE 100 CYCLE));
CREATE TABLE u (LIKE t INCLUDING ALL);

-- case: roles that own what is seldom made
CREATE ROLE random_maker;
CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq);
CREATE COLLATION c (LOCALE = 'C');
CREATE OPERATOR FAMILY f USING btree;
CREATE TEXT SEARCH CONFIGURATION ts (COPY = simple);
ALTER OPERATOR === (text, text) OWNER TO random_maker;
DROP ROLE random_maker;
DROP OPERATOR === (text, text);
ALTER COLLATION c OWNER TO random_maker;
DROP ROLE random_maker;
DROP COLLATION c;
ALTER OPERATOR FAMILY f USING btree OWNER TO random_maker;
DROP ROLE random_maker;
DROP OPERATOR FAMILY f USING btree;
ALTER TEXT SEARCH CONFIGURATION ts OWNER TO random_maker;
DROP ROLE random_maker;
DROP TEXT SEARCH CONFIGURATION ts;
DROP ROLE random_maker;

-- case: rows of views that take none
CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT x.a FROM t x JOIN t y ON x.a = y.a;
CREATE VIEW w AS SELECT a, b FROM t;
INSERT INTO v (a) SELECT a FROM t;
UPDATE v SET a = 1;
DELETE FROM v;
INSERT INTO w (a) SELECT a FROM t;
DELETE FROM w;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER g INSTEAD OF DELETE ON v FOR EACH ROW EXECUTE FUNCTION f();
DELETE FROM v;
INSERT INTO v (a) SELECT a FROM t;

-- case: a foreign key to a partition of the table itself
CREATE TABLE t (a int UNIQUE) PARTITION BY LIST (a);
CREATE TABLE p PARTITION OF t FOR VALUES IN (1);
ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (a);
ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES t (a);

-- case: the type of a column that is generated no more
CREATE DOMAIN d AS text;
CREATE TABLE t (a int, b d GENERATED ALWAYS AS (a::text) STORED, c d COLLATE "C" GENERATED ALWAYS AS ((a::text)::d COLLATE "C") STORED);
ALTER TABLE t ALTER b DROP EXPRESSION;
ALTER TABLE t ALTER c DROP EXPRESSION;
DROP DOMAIN d;
DROP DOMAIN d CASCADE;

-- case: SET UNLOGGED of what is unlogged
CREATE UNLOGGED TABLE t (a int);
CREATE SEQUENCE s;
ALTER SEQUENCE s OWNED BY t.a;
ALTER TABLE t SET UNLOGGED;
ALTER TABLE t SET LOGGED;

-- case: privileges on sequences of another's table
CREATE ROLE random_lord;
CREATE ROLE random_vassal;
CREATE TABLE t (a int NOT NULL);
ALTER TABLE t OWNER TO random_lord;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO random_vassal;
ALTER DEFAULT PRIVILEGES FOR ROLE random_lord GRANT SELECT ON SEQUENCES TO random_vassal;
ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY;
ALTER TABLE t ADD b serial;
CREATE SEQUENCE s;

-- case: statistics of columns that are not ordered any more
CREATE TABLE t (a int, b int);
CREATE STATISTICS s ON a, b FROM t;
ALTER TABLE t ALTER a TYPE point USING NULL;
ALTER TABLE t ALTER a TYPE text;

-- case: what a default needs under another type
CREATE DOMAIN d AS numeric;
CREATE SEQUENCE q;
CREATE TABLE t (a d DEFAULT NULL, b d DEFAULT 1, c int DEFAULT nextval('q'));
ALTER TABLE t ALTER a TYPE varchar, ALTER b TYPE numeric, ALTER c TYPE bigint;
DROP DOMAIN d;
DROP SEQUENCE q;

-- case: SET UNLOGGED of a table whose rows others hold
CREATE TABLE t (a int);
CREATE TABLE u (r t);
ALTER TABLE t SET UNLOGGED;
ALTER TABLE t SET LOGGED;

-- case: an expression of an index that becomes a column with the column's new type
CREATE SCHEMA "Odd S";
CREATE TABLE "Odd S"."T t" ("a b" int, c int);
CREATE UNIQUE INDEX "I i" ON "Odd S"."T t" (("a b"::text), (c::text) text_pattern_ops) WHERE c::text = 'x';
ALTER TABLE "Odd S"."T t" ALTER "a b" TYPE text USING NULL;
ALTER TABLE "Odd S"."T t" ADD UNIQUE USING INDEX "I i";
ALTER TABLE "Odd S"."T t" RENAME c TO d;
ALTER TABLE "Odd S"."T t" ALTER d TYPE text;

-- case: a generated column has a default when it comes to be an identity
CREATE TABLE t (a int NOT NULL, b int GENERATED ALWAYS AS (a + 1) STORED NOT NULL, "C c" smallint GENERATED ALWAYS AS (1) STORED);
ALTER TABLE t ALTER b ADD GENERATED ALWAYS AS IDENTITY;
ALTER TABLE t ALTER "C c" ADD GENERATED BY DEFAULT AS IDENTITY;
ALTER TABLE t ADD d int GENERATED ALWAYS AS (a) STORED NOT NULL, ALTER d ADD GENERATED ALWAYS AS IDENTITY;

-- case: a strict function of NULL is NULL when it is planned, whatever it is declared as
CREATE SCHEMA "Odd S";
CREATE FUNCTION "Odd S".f(a jsonb, b numeric) RETURNS boolean LANGUAGE sql STRICT AS 'SELECT true';
CREATE FUNCTION "Odd S".g(a jsonb) RETURNS boolean LANGUAGE sql AS 'SELECT random() > 1';
CREATE FUNCTION "Odd S".h(a text) RETURNS text LANGUAGE plpgsql STRICT AS 'BEGIN RETURN a; END';
CREATE TABLE t (a text);
CREATE INDEX i ON t (("Odd S".f(NULL, 1)));
CREATE INDEX ON t (("Odd S".f('1', 1)));
CREATE INDEX ON t (("Odd S".g(NULL)));
CREATE INDEX ON t (a) WHERE "Odd S".h("Odd S".h(NULL)) IS NULL;
CREATE INDEX ON t (("Odd S".h('x' || NULL)), ("Odd S".h(NULL)::varchar));
CREATE INDEX ON t (("Odd S".h(a)));
ALTER TABLE t ADD b text GENERATED ALWAYS AS ("Odd S".h(NULL)) STORED;
CREATE TABLE p (a text) PARTITION BY HASH (a, ("Odd S".h(NULL)));

-- case: the copy of an index lacks a predicate that is always true
CREATE SCHEMA "Odd S";
CREATE FUNCTION "Odd S".twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
CREATE FUNCTION pl(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN n; END';
CREATE FUNCTION yes(a int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE "Odd S"."T t" (a int, b text);
CREATE INDEX i1 ON "Odd S"."T t" (a) WHERE "Odd S".twice(3) IS NOT NULL;
CREATE INDEX i2 ON "Odd S"."T t" (a) WHERE pl(3) = 3 OR a > 1;
CREATE INDEX i3 ON "Odd S"."T t" (a) WHERE 1 = 1 AND a > 2;
CREATE INDEX i4 ON "Odd S"."T t" (a) WHERE coalesce(a, 1) IS NOT NULL;
CREATE INDEX i5 ON "Odd S"."T t" (a) WHERE a IS NOT NULL OR a IS NULL;
CREATE INDEX i6 ON "Odd S"."T t" (a) WHERE "Odd S".twice(NULL) IS NULL;
CREATE INDEX i7 ON "Odd S"."T t" (a) WHERE 1 = 2;
CREATE INDEX i8 ON "Odd S"."T t" (a) WHERE true AND true;
CREATE INDEX i9 ON "Odd S"."T t" (a) WHERE NOT false;
CREATE INDEX i10 ON "Odd S"."T t" (a) WHERE CASE WHEN true THEN true ELSE a > 1 END;
CREATE INDEX i11 ON "Odd S"."T t" (a) WHERE yes(a);
CREATE INDEX i12 ON "Odd S"."T t" (a) WHERE (a > 1) IS NOT NULL OR pl(a) = 1;
CREATE INDEX i13 ON "Odd S"."T t" (a) WHERE coalesce(1, a) = 1;
CREATE INDEX i14 ON "Odd S"."T t" (a) WHERE a = ANY (ARRAY[1]) OR 2 = ANY (ARRAY[1, 2]);
ALTER TABLE "Odd S"."T t" ADD EXCLUDE USING btree (a WITH =) WHERE (1 = 1);
REINDEX INDEX CONCURRENTLY "Odd S".i1;
REINDEX (CONCURRENTLY) TABLE "Odd S"."T t";
DROP FUNCTION pl(int);
DROP FUNCTION "Odd S".twice(int);

-- case: the copies of indexes of partitions, and of a schema
CREATE SCHEMA "Odd S";
CREATE TABLE "Odd S".p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE "Odd S"."P 1" PARTITION OF "Odd S".p FOR VALUES IN (1);
CREATE INDEX "I i" ON "Odd S".p (b) WHERE 1 = 1 OR b > 1;
REINDEX INDEX "Odd S"."I i";
REINDEX INDEX CONCURRENTLY "Odd S"."I i";
CREATE INDEX j ON "Odd S".p (b) WHERE 2 = 2;
REINDEX TABLE CONCURRENTLY "Odd S".p;
CREATE MATERIALIZED VIEW "Odd S".mv AS SELECT 1 AS a;
CREATE INDEX k ON "Odd S".mv (a) WHERE 3 = 3;
REINDEX SCHEMA CONCURRENTLY "Odd S";

-- case: an attribute's type goes on to the children of typed tables
CREATE SCHEMA "Odd S";
CREATE TYPE "Odd S"."C c" AS (data regclass, "T t" time);
CREATE TABLE "Odd S".it OF "Odd S"."C c";
CREATE TABLE "Child c" (flag timestamptz) INHERITS ("Odd S".it);
CREATE TABLE grandchild () INHERITS ("Child c");
CREATE TABLE other (data regclass);
ALTER TYPE "Odd S"."C c" ALTER ATTRIBUTE data TYPE int CASCADE;
CREATE TABLE both_of () INHERITS ("Odd S".it, "Child c");
ALTER TYPE "Odd S"."C c" ALTER ATTRIBUTE data TYPE bigint CASCADE;
ALTER TYPE "Odd S"."C c" ADD ATTRIBUTE more int CASCADE;
ALTER TYPE "Odd S"."C c" DROP ATTRIBUTE "T t" CASCADE;
CREATE TABLE elsewhere (data bigint);
CREATE TABLE mixed () INHERITS (elsewhere, "Odd S".it);
ALTER TYPE "Odd S"."C c" ALTER ATTRIBUTE data TYPE text CASCADE;

-- case: a table's own foreign key compares with the new type
CREATE TABLE "T t" (id int PRIMARY KEY, "up" int REFERENCES "T t", b int);
ALTER TABLE "T t" ALTER id TYPE bigint;
ALTER TABLE "T t" ALTER "up" TYPE bigint;
ALTER TABLE "T t" ALTER id TYPE text;

-- case: the sequence of a new column stays when the table is no longer logged
CREATE SCHEMA "Odd S";
CREATE TABLE "Odd S"."T t" (id serial);
ALTER TABLE "Odd S"."T t" ADD flag serial, SET UNLOGGED;
ALTER TABLE "Odd S"."T t" ADD more int GENERATED ALWAYS AS IDENTITY, SET LOGGED;

-- case: an index that identifies rows has another name
CREATE SCHEMA "Odd S";
CREATE TABLE "Odd S".t (id int PRIMARY KEY, b int NOT NULL);
CREATE UNIQUE INDEX "I i" ON "Odd S".t (b);
CREATE PUBLICATION p FOR TABLE "Odd S".t;
ALTER TABLE "Odd S".t REPLICA IDENTITY USING INDEX t_pkey;
ALTER TABLE "Odd S".t RENAME CONSTRAINT t_pkey TO "P p";
DELETE FROM "Odd S".t WHERE id > 1;
ALTER TABLE "Odd S".t ALTER id DROP NOT NULL;
ALTER TABLE "Odd S".t REPLICA IDENTITY USING INDEX "I i";
ALTER INDEX "Odd S"."I i" RENAME TO j;
UPDATE "Odd S".t SET id = 1 WHERE b = 2;
ALTER TABLE "Odd S".t ALTER b DROP NOT NULL;
ALTER TABLE "Odd S".t SET SCHEMA public;
DELETE FROM t WHERE id > 1;

-- case: privileges that default to none are none that are recorded
CREATE ROLE random_grantee;
CREATE SCHEMA "Odd S";
ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM postgres;
CREATE TABLE "Odd S"."T t" (a int);
GRANT REFERENCES ON "Odd S"."T t" TO random_grantee;
CREATE VIEW v AS SELECT 1 AS a;
REVOKE SELECT ON v FROM postgres;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM postgres;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM public;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
GRANT EXECUTE ON FUNCTION f() TO random_grantee;
ALTER DEFAULT PRIVILEGES IN SCHEMA "Odd S" GRANT SELECT ON TABLES TO random_grantee;
CREATE TABLE "Odd S".u (a int);

-- case: a check that is inherited comes back as valid as the parent's
CREATE SCHEMA "Odd S";
CREATE TABLE "Odd S".p ("A a" time, b int);
ALTER TABLE "Odd S".p ADD CONSTRAINT "C c" CHECK ("A a" IS NOT NULL) NOT VALID;
CREATE TABLE "Child c" () INHERITS ("Odd S".p);
CREATE TABLE own (CONSTRAINT "C c" CHECK ("A a" IS NOT NULL)) INHERITS ("Odd S".p);
ALTER TABLE "Odd S".p ALTER "A a" TYPE varchar(20) USING NULL;

-- case: defaults of statements that the planner computes
CREATE SCHEMA "Odd S";
CREATE TABLE "Odd S"."T t" (a int, u uuid, b bit(4));
ALTER TABLE "Odd S"."T t" ALTER u SET DEFAULT '00000000-0000-0000-0000-000000000001';
ALTER TABLE "Odd S"."T t" ALTER u TYPE varchar(20) USING NULL;
ALTER TABLE "Odd S"."T t" ALTER b SET DEFAULT 'x';
INSERT INTO "Odd S"."T t" (a, b) SELECT 1, NULL WHERE false;
UPDATE "Odd S"."T t" SET u = DEFAULT;
UPDATE "Odd S"."T t" SET a = DEFAULT;
UPDATE "Odd S"."T t" SET b = DEFAULT WHERE a = 1;
MERGE INTO "Odd S"."T t" t USING (SELECT 1 AS one) s ON a = one WHEN NOT MATCHED AND false THEN INSERT (u) VALUES ('x');
MERGE INTO "Odd S"."T t" t USING (SELECT 1 AS one) s ON a = one WHEN MATCHED THEN UPDATE SET u = DEFAULT;
MERGE INTO "Odd S"."T t" t USING (SELECT 1 AS one) s ON a = one WHEN MATCHED THEN UPDATE SET a = DEFAULT;

-- case: a function in SQL whose body does not fit any more
CREATE SCHEMA "Odd S";
CREATE TABLE "Odd S"."T t" (a int, b text);
CREATE TABLE u (a int, b text);
CREATE FUNCTION f(numeric) RETURNS "Odd S"."T t" LANGUAGE sql AS 'SELECT NULL::"Odd S"."T t"';
CREATE FUNCTION "Odd S".g(a int) RETURNS int LANGUAGE sql STRICT AS 'SELECT length(b) + a FROM u LIMIT 1';
CREATE FUNCTION h(a int) RETURNS int LANGUAGE sql AS 'SELECT "Odd S".g(a) + 1';
CREATE FUNCTION definer(a int) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT length(b) + a FROM u';
CREATE FUNCTION rows(a int) RETURNS SETOF int LANGUAGE sql AS 'SELECT length(b) + a FROM u';
ALTER TABLE u RENAME b TO "B b";
SELECT count(*) FROM u WHERE "Odd S".g(a) > 1;
SELECT count(*) FROM u WHERE "Odd S".g(NULL) > 1;
SELECT count(*) FROM u WHERE h(a) > 1;
SELECT count(*) FROM u WHERE definer(a) > 1;
SELECT rows(a) FROM u;
EXPLAIN SELECT h(1) FROM u;
DELETE FROM u WHERE h(a) = 1;
INSERT INTO u (a) SELECT h(a) FROM u;
UPDATE u SET a = h(a) WHERE false;
ALTER SCHEMA "Odd S" RENAME TO "Other S";
SELECT count(*) FROM u WHERE f(a) IS NOT NULL;
SELECT count(*) FROM u WHERE h(a) > 1;

-- case: indexes that a new type makes anew come last, and those of partitions get new names
CREATE SCHEMA "Odd S";
CREATE TABLE "Odd S".p (a int NOT NULL, "B b" real, c text NOT NULL) PARTITION BY RANGE (c);
CREATE UNIQUE INDEX i ON "Odd S".p (c, a) WHERE "B b" > 1;
CREATE INDEX "I i" ON "Odd S".p (c);
CREATE INDEX j ON "Odd S".p ("B b");
ALTER TABLE "Odd S".p ADD UNIQUE (c, a), ADD CONSTRAINT "U u" UNIQUE (c, "B b");
CREATE TABLE "Part 1" PARTITION OF "Odd S".p FOR VALUES FROM (MINVALUE) TO ('k');
CREATE TABLE "Odd S".own (a int NOT NULL, "B b" real, c text NOT NULL, UNIQUE (c, "B b"), UNIQUE ("B b"));
ALTER TABLE "Odd S".p ATTACH PARTITION "Odd S".own DEFAULT;
ALTER TABLE "Odd S".p RENAME "B b" TO d;
ALTER TABLE "Odd S".p ALTER d TYPE numeric(8,2);
CREATE TABLE copy (LIKE "Odd S".p INCLUDING ALL);
ALTER TABLE "Odd S".p RENAME a TO e;
ALTER TABLE "Odd S".p ALTER e TYPE bigint;
CREATE TABLE "Part 2" PARTITION OF "Odd S".p FOR VALUES FROM ('k') TO ('z');

-- case: foreign tables whose wrapper has no handler are not planned
CREATE SCHEMA "Odd S";
CREATE FOREIGN DATA WRAPPER random_w;
CREATE SERVER "Server s" FOREIGN DATA WRAPPER random_w;
CREATE FOREIGN TABLE "Odd S"."F f" (a int) SERVER "Server s";
CREATE VIEW v AS SELECT * FROM "Odd S"."F f";
CREATE TABLE t (a int);
SELECT count(*) FROM "Odd S"."F f" WHERE false;
SELECT * FROM t JOIN (SELECT a FROM v) s USING (a);
INSERT INTO "Odd S"."F f" VALUES (1);
INSERT INTO t SELECT a FROM "Odd S"."F f";
DELETE FROM ONLY "Odd S"."F f";
UPDATE t SET a = f.a FROM "Odd S"."F f" f;
EXPLAIN SELECT * FROM v;

-- case: LIKE of a table with a check that is not inherited, for a partitioned one
CREATE SCHEMA "Odd S";
CREATE TABLE "Odd S"."T t" (x int, CONSTRAINT "C c" CHECK (x > 1) NO INHERIT);
CREATE TABLE p (LIKE "Odd S"."T t" INCLUDING CONSTRAINTS) PARTITION BY LIST (x);
CREATE TABLE p (LIKE "Odd S"."T t" INCLUDING ALL, CONSTRAINT "C c" CHECK (x > 2)) PARTITION BY LIST (x);
CREATE TABLE p (LIKE "Odd S"."T t") PARTITION BY LIST (x);
CREATE TABLE q (LIKE "Odd S"."T t" INCLUDING ALL);

-- case: TRUNCATE of a foreign table whose wrapper has no handler
CREATE FOREIGN DATA WRAPPER "Odd W";
CREATE SERVER s FOREIGN DATA WRAPPER "Odd W";
CREATE FOREIGN TABLE f (a int) SERVER s;
CREATE TABLE "Parent" (a int);
CREATE FOREIGN TABLE c () INHERITS ("Parent") SERVER s;
CREATE TABLE p (a int) PARTITION BY LIST (a);
CREATE FOREIGN TABLE part PARTITION OF p FOR VALUES IN (1) SERVER s;
TRUNCATE f;
TRUNCATE "Parent";
TRUNCATE ONLY "Parent";
TRUNCATE p;
TRUNCATE ONLY p;
TRUNCATE f, nope;
CREATE ROLE truncater;
SET ROLE truncater;
TRUNCATE f;
TRUNCATE ONLY p;
RESET ROLE;
DROP ROLE truncater;

-- case: what has no triggers or rules, before who owns it
CREATE TABLE t (a int PRIMARY KEY);
CREATE TRIGGER tg AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE SEQUENCE s;
CREATE TYPE "Ct" AS (a int);
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;
CREATE VIEW v AS SELECT a FROM t;
CREATE ROLE renamer;
SET ROLE renamer;
ALTER TRIGGER tg ON t_pkey RENAME TO x;
ALTER TRIGGER tg ON s RENAME TO x;
ALTER TRIGGER tg ON "Ct" RENAME TO x;
ALTER TRIGGER tg ON m RENAME TO x;
ALTER TRIGGER tg ON t RENAME TO x;
ALTER TRIGGER tg ON v RENAME TO x;
ALTER RULE r ON t_pkey RENAME TO x;
ALTER RULE "_RETURN" ON m RENAME TO x;
ALTER RULE r ON t RENAME TO x;
RESET ROLE;
ALTER TRIGGER tg ON t_pkey RENAME TO x;
ALTER TRIGGER nope ON m RENAME TO x;
ALTER RULE "_RETURN" ON m RENAME TO x;
DROP ROLE renamer;

-- case: a constraint's new name that the domain has, in a schema that is not in the path
CREATE SCHEMA "My S";
CREATE DOMAIN "My S"."Odd D" AS int CONSTRAINT a CHECK (VALUE > 0) CONSTRAINT b CHECK (VALUE < 9);
ALTER DOMAIN "My S"."Odd D" RENAME CONSTRAINT a TO b;
SET search_path = "My S";
ALTER DOMAIN "Odd D" RENAME CONSTRAINT a TO b;

-- case: a partitioned table that had a partition
CREATE TABLE p (a int, "B b" text) PARTITION BY LIST (a);
ANALYZE p (a, a);
CREATE TABLE c PARTITION OF p FOR VALUES IN (1);
ALTER TABLE p DETACH PARTITION c;
SELECT 1 / relhassubclass::int FROM pg_class WHERE relname = 'p';
ANALYZE p ("B b", "B b");
ANALYZE p ("B b");
ANALYZE p ("B b", "B b");

-- case: a foreign table that is there, with a key
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE TABLE "There" (a int);
CREATE FOREIGN TABLE IF NOT EXISTS "There" (a int PRIMARY KEY) SERVER s;
CREATE FOREIGN TABLE "There" (a int PRIMARY KEY) SERVER s;
CREATE FOREIGN TABLE IF NOT EXISTS other (a int UNIQUE) SERVER s;

-- case: another type for a column whose foreign key compares values of polymorphic types
CREATE TYPE "Mood" AS ENUM ('a');
CREATE TABLE p (a int[] PRIMARY KEY, b text);
CREATE TABLE f (a int[] REFERENCES p, b varchar(3));
ALTER TABLE f ALTER a TYPE int[];
ALTER TABLE f ALTER a TYPE int[] USING a;
ALTER TABLE p ALTER a TYPE int[];
ALTER TABLE f ALTER a TYPE int[], ALTER b TYPE int USING 1;
ALTER TABLE f ALTER a TYPE int[] USING a || 1;
ALTER TABLE f ALTER b TYPE text;
CREATE TABLE pr (a int4range PRIMARY KEY);
CREATE TABLE fr (a int4range REFERENCES pr, b int);
ALTER TABLE fr ALTER a TYPE int4range;
ALTER TABLE fr ALTER a TYPE int4range, SET UNLOGGED;
CREATE TABLE pe (a "Mood" PRIMARY KEY, b int UNIQUE);
CREATE TABLE fe (a "Mood" REFERENCES pe, b int REFERENCES pe (b));
ALTER TABLE fe ALTER b TYPE bigint;
ALTER TABLE fe ALTER a TYPE text;

-- case: ONLY the parent loses a check that another parent has, too
CREATE TABLE "T 1" (id int, flag int NOT NULL CONSTRAINT k CHECK (flag > 0));
CREATE TABLE t2 () INHERITS ("T 1");
CREATE TABLE t3 () INHERITS ("T 1", t2);
COMMENT ON CONSTRAINT k ON t3 IS 'a comment';
ALTER TABLE ONLY "T 1" DROP CONSTRAINT k;
ALTER TABLE t2 DROP CONSTRAINT k;
ALTER TABLE t3 DROP CONSTRAINT k;

-- case: a child's expression that its parent does not have
CREATE TABLE p (a int, b int GENERATED ALWAYS AS (a) STORED CONSTRAINT nn NOT NULL, CONSTRAINT ck CHECK (b > 0), CONSTRAINT "both" CHECK (b < 9));
CREATE TABLE c (CONSTRAINT "both" CHECK (b < 9), CONSTRAINT own CHECK (b <> 5)) INHERITS (p);
CREATE TABLE d () INHERITS (c);
CREATE TABLE e () INHERITS (p);
ALTER TABLE e ALTER b SET EXPRESSION AS (a * 2);
CREATE TABLE g () INHERITS (e);
ALTER TABLE c ALTER b SET EXPRESSION AS (a * 2);
CREATE TABLE l (a int, b int GENERATED ALWAYS AS (a) STORED CONSTRAINT nn NOT NULL, CONSTRAINT ck CHECK (b > 0)) PARTITION BY LIST (a);
CREATE TABLE l1 PARTITION OF l FOR VALUES IN (1);
ALTER TABLE l ALTER b SET EXPRESSION AS (a * 2);
ALTER TABLE e NO INHERIT p;
ALTER TABLE l1 ALTER b SET EXPRESSION AS (a * 3);
ALTER TABLE l DETACH PARTITION l1;
CREATE TABLE copy (LIKE e INCLUDING ALL);
DROP TABLE p, l CASCADE;

-- case: a default that got too long with the column's type
CREATE TABLE "T" (a text DEFAULT 'too' || ' long', b int, c text DEFAULT 'ok');
ALTER TABLE "T" ALTER a TYPE varchar(3), ALTER c TYPE char(3);
UPDATE "T" SET a = DEFAULT;
UPDATE "T" SET c = DEFAULT;
MERGE INTO "T" USING (SELECT 1 AS x) s ON "T".b = s.x WHEN MATCHED THEN UPDATE SET a = DEFAULT;
MERGE INTO "T" USING (SELECT 1 AS x) s ON "T".b = s.x WHEN MATCHED THEN UPDATE SET c = DEFAULT;
INSERT INTO "T" (b) SELECT 1 WHERE false;

-- case: a foreign key over a type that casts implicitly to another
CREATE SCHEMA "My S";
CREATE TYPE "My S"."Mood" AS ENUM ('a');
CREATE FUNCTION f("My S"."Mood") RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'int4pl';
CREATE CAST ("My S"."Mood" AS int) WITH FUNCTION f("My S"."Mood") AS IMPLICIT;
CREATE TABLE t (a "My S"."Mood" PRIMARY KEY);
CREATE TABLE u (a "My S"."Mood" REFERENCES t);
CREATE TABLE v (a "My S"."Mood");
ALTER TABLE v ADD FOREIGN KEY (a) REFERENCES t;
ALTER TABLE v ADD FOREIGN KEY (a) REFERENCES t NOT VALID;
ALTER TABLE v VALIDATE CONSTRAINT v_a_fkey;
ALTER TABLE v ADD b "My S"."Mood" REFERENCES t;
ALTER TABLE v ADD c "My S"."Mood" DEFAULT 'a' REFERENCES t;
CREATE TABLE p (a "My S"."Mood") PARTITION BY LIST (a);
ALTER TABLE p ADD FOREIGN KEY (a) REFERENCES t;
ALTER TABLE p DROP CONSTRAINT p_a_fkey;
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
ALTER TABLE p ADD FOREIGN KEY (a) REFERENCES t;
DROP CAST ("My S"."Mood" AS int);

-- case: keys to partitions come in the order of their bounds
CREATE TABLE "L" (a bigint UNIQUE) PARTITION BY LIST (a);
CREATE TABLE l17 PARTITION OF "L" FOR VALUES IN (17, 30);
CREATE TABLE ld PARTITION OF "L" DEFAULT;
CREATE TABLE ln PARTITION OF "L" FOR VALUES IN (NULL);
CREATE TABLE l9 PARTITION OF "L" FOR VALUES IN (20, 9);
CREATE TABLE x (a bigint);
ALTER TABLE x ADD FOREIGN KEY (a) REFERENCES "L" (a);
CREATE TABLE r (a date UNIQUE) PARTITION BY RANGE (a);
CREATE TABLE r2 PARTITION OF r FOR VALUES FROM ('2024-01-01') TO (MAXVALUE);
CREATE TABLE r1 PARTITION OF r FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
CREATE TABLE y (a date);
ALTER TABLE y ADD FOREIGN KEY (a) REFERENCES r (a);
CREATE TABLE h (a int UNIQUE) PARTITION BY HASH (a);
CREATE TABLE h3 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 3);
CREATE TABLE h2 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE z (a int);
ALTER TABLE z ADD FOREIGN KEY (a) REFERENCES h (a);

-- case: a partition key that is constant when functions stand as their bodies
CREATE FUNCTION "None"(n int) RETURNS int LANGUAGE sql STABLE AS 'SELECT NULL::int';
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
CREATE TABLE p (a int) PARTITION BY LIST (("None"(a)));
CREATE TABLE q (a int) PARTITION BY LIST ((twice(a)));
CREATE TABLE s (a int) PARTITION BY LIST ((twice("None"(a))));

-- case: the sequence of an identity column is made before partitions are asked
CREATE TABLE "P" (a text NOT NULL, b int NOT NULL) PARTITION BY LIST (b);
CREATE TABLE c PARTITION OF "P" FOR VALUES IN (1);
ALTER TABLE c ALTER a ADD GENERATED ALWAYS AS IDENTITY;
ALTER TABLE c ALTER b ADD GENERATED ALWAYS AS IDENTITY (INCREMENT 0);
ALTER TABLE c ALTER b ADD GENERATED ALWAYS AS IDENTITY;
ALTER TABLE ONLY "P" ALTER a ADD GENERATED BY DEFAULT AS IDENTITY;
ALTER TABLE ONLY "P" ALTER b ADD GENERATED BY DEFAULT AS IDENTITY (INCREMENT 0);

-- case: a collation for a type that has none
CREATE TYPE "Mood" AS ENUM ('a');
CREATE TABLE t (a "Mood", b "Mood");
CREATE INDEX ON t (a COLLATE "C");

-- case: a not-null constraint that only a parent had that has lost the column
CREATE TABLE "P" (a int NOT NULL, b int, CHECK (b > 0));
CREATE TABLE c () INHERITS ("P");
ALTER TABLE ONLY "P" DROP a;
ALTER TABLE c ALTER a TYPE numeric(8,2);
DROP TABLE "P", c;
CREATE TABLE q (a int, b int, CONSTRAINT ck CHECK (a > 0));
CREATE TABLE d () INHERITS (q);
CREATE TABLE e () INHERITS (q, d);
ALTER TABLE q ALTER a TYPE bigint;

-- case: sequences of a new table that get one name
CREATE TABLE y (id int GENERATED ALWAYS AS IDENTITY);
CREATE TABLE n (id serial, LIKE y INCLUDING IDENTITY);
CREATE TABLE "N" (id serial, id serial);
CREATE TABLE n (id serial, id int GENERATED ALWAYS AS IDENTITY);
CREATE TABLE n (id serial, LIKE y INCLUDING IDENTITY, zz nope);
CREATE TABLE n (LIKE y INCLUDING IDENTITY, LIKE y);
CREATE TABLE n (LIKE y INCLUDING IDENTITY, b serial);

-- case: a column whose type has the name of the new table
CREATE SCHEMA app;
CREATE TYPE mood AS ENUM ('a');
SET search_path = app, public;
CREATE TABLE mood (a mood, b mood[], c serial);
CREATE TABLE nope (a nope);
CREATE TABLE nope (a nope[]);
CREATE TABLE public.y (a y);
CREATE TABLE app.mood2 (a app.mood2);
CREATE TABLE z (a mood);

-- case: which of two faults comes first
CREATE TABLE t (a int, CONSTRAINT "K" CHECK (a > 0));
CREATE FUNCTION audit() RETURNS SETOF int LANGUAGE sql AS 'SELECT 1';
ALTER TABLE t ADD CONSTRAINT "K" CHECK (audit() IS NOT NULL);
ALTER TABLE t ADD CONSTRAINT "K" CHECK (nope > 0);
ALTER TABLE t ADD CONSTRAINT "K" CHECK (a > 1);
CREATE VIEW x AS SELECT 1 AS a;
GRANT USAGE ON DOMAIN x TO nope;
GRANT USAGE ON DOMAIN _int4 TO nope;
GRANT USAGE ON TYPE _int4 TO nope;
CREATE MATERIALIZED VIEW m AS SELECT 1 AS q WITH NO DATA;
CREATE MATERIALIZED VIEW n AS SELECT q, q FROM m;
CREATE TABLE n AS SELECT q, q FROM m;
CREATE MATERIALIZED VIEW n AS SELECT q AS a FROM m;

-- case: an index with a collation, and a column that gets a type without any
CREATE SCHEMA "My S";
CREATE DOMAIN "My S"."Odd" AS numeric;
CREATE TABLE "T" (a varchar(20), b text);
CREATE INDEX ON "T" (a COLLATE "C");
CREATE INDEX ON "T" ((b || 'x') COLLATE "C");
ALTER TABLE "T" ALTER a TYPE "My S"."Odd" USING a::"My S"."Odd";
ALTER TABLE "T" ALTER a TYPE text;
ALTER TABLE "T" ALTER b TYPE varchar;

-- case: a key that is made anew in a detached partition
CREATE TABLE p (a text, CONSTRAINT audit UNIQUE (a)) PARTITION BY LIST (a);
CREATE TABLE "größe" PARTITION OF p FOR VALUES IN ('v7');
ALTER TABLE p DETACH PARTITION "größe";
CREATE TABLE t1 () INHERITS ("größe");
ALTER TABLE "größe" ALTER a TYPE name;
ALTER TABLE "größe" DROP CONSTRAINT "größe_a_key" RESTRICT;

-- case: the schema of a multirange type goes
CREATE SCHEMA s;
CREATE SCHEMA "My S";
SET search_path = "My S", public;
CREATE TYPE s."Odd R" AS RANGE (SUBTYPE = int, MULTIRANGE_TYPE_NAME = many);
SET search_path = public;
DROP SCHEMA "My S";

-- case: an expression of statistics that is a column when this has its type
CREATE TABLE "T" (id int, b text, c boolean);
CREATE STATISTICS s (dependencies, mcv) ON b, c, (id::text) FROM "T";
CREATE STATISTICS e ON (id::text), (b || 'x') FROM "T";
ALTER TABLE "T" ALTER id TYPE text;

-- case: the identity of a column that is not there
CREATE TABLE "P" (a int NOT NULL) PARTITION BY LIST (a);
CREATE TABLE c PARTITION OF "P" FOR VALUES IN (1);
ALTER TABLE ONLY "P" ALTER nope ADD GENERATED ALWAYS AS IDENTITY;
ALTER TABLE c ALTER nope ADD GENERATED ALWAYS AS IDENTITY;
ALTER TABLE c ALTER ctid ADD GENERATED ALWAYS AS IDENTITY;

-- case: an index over a function in SQL whose body needs the search path
CREATE SCHEMA "App S";
CREATE TYPE "App S"."Mood" AS ENUM ('a');
CREATE DOMAIN app_d AS integer;
CREATE TABLE "T" (a integer, b text);
SET search_path = "App S", public;
CREATE FUNCTION f() RETURNS "Mood" LANGUAGE sql IMMUTABLE AS $$ SELECT NULL::"Mood" $$;
CREATE FUNCTION g(x integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT x::app_d + 1 $$;
CREATE FUNCTION h(x integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT g(x) $$;
CREATE INDEX "by g" ON "T" ((g(a)));
CREATE INDEX "by h" ON "T" (b, (h(a)));
CREATE INDEX "where f" ON "T" (a) WHERE f() IS NULL;
CREATE INDEX "first fault" ON "T" ((g(a)), nope);
CREATE INDEX ON "T" ((g(a))) WHERE nope;
ALTER TABLE "T" ADD EXCLUDE USING btree ((g(a)) WITH =);
CREATE TABLE "P" (a integer) PARTITION BY LIST ((g(a)));
CREATE TABLE "G" (a integer, b integer GENERATED ALWAYS AS (g(a)) STORED);
DROP TABLE "T", "P", "G";

-- case: a body that fits no more where an expression is planned
CREATE DOMAIN app_d AS integer;
CREATE TABLE "T" (a integer, b text);
CREATE FUNCTION g(x integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT x::app_d + 1 $$;
CREATE FUNCTION r(x integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 1 $$;
CREATE OR REPLACE FUNCTION r(x integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT public.r(x + 1) $$;
DROP DOMAIN app_d;
CREATE INDEX ON "T" ((g(a)));
CREATE INDEX ON "T" (a) WHERE g(a) > 1;
CREATE TABLE "P" (a integer) PARTITION BY LIST ((g(a)));
CREATE TABLE "G" (a integer, b integer GENERATED ALWAYS AS (g(a)) STORED);
CREATE INDEX "by itself" ON "T" ((r(a)));

-- case: a partition key that NULL makes a constant
CREATE FUNCTION "No One"(x integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT NULL::integer $$;
CREATE TABLE p1 (a integer) PARTITION BY RANGE ((a + "No One"(a)));
CREATE TABLE p2 (a integer) PARTITION BY RANGE ((coalesce(a, "No One"(a))));
CREATE TABLE p3 (a integer) PARTITION BY RANGE ((abs(a * "No One"(1))));

-- case: rows are looked at for a foreign key whose operator is ambiguous
CREATE SCHEMA "My S";
CREATE TYPE "My S"."Mood" AS ENUM ('a');
CREATE FUNCTION f("My S"."Mood") RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'int4pl';
CREATE CAST ("My S"."Mood" AS int) WITH FUNCTION f("My S"."Mood") AS IMPLICIT;
CREATE TABLE t (a "My S"."Mood" PRIMARY KEY);
CREATE TABLE p (a "My S"."Mood") PARTITION BY LIST (a);
ALTER TABLE p ADD FOREIGN KEY (a) REFERENCES t;
CREATE TABLE "P1" (a "My S"."Mood");
ALTER TABLE p ATTACH PARTITION "P1" FOR VALUES IN ('a');
CREATE TABLE "P2" (a "My S"."Mood") PARTITION BY LIST (a);
ALTER TABLE p ATTACH PARTITION "P2" FOR VALUES IN ('a');
ALTER TABLE p DETACH PARTITION "P2";
CREATE TABLE "P3" PARTITION OF "P2" FOR VALUES IN ('a');
ALTER TABLE p ATTACH PARTITION "P2" FOR VALUES IN ('a');
CREATE TABLE u (a "My S"."Mood" REFERENCES t);
ALTER TABLE p ATTACH PARTITION u DEFAULT;
CREATE TABLE w (a "My S"."Mood");
ALTER TABLE w ADD FOREIGN KEY (a) REFERENCES t NOT VALID;
ALTER TABLE p DETACH PARTITION u;
ALTER TABLE p ATTACH PARTITION w DEFAULT;
CREATE TYPE "My S"."Other" AS ENUM ('a');
CREATE TABLE x (a "My S"."Other" PRIMARY KEY);
CREATE TABLE y (a "My S"."Other" REFERENCES x);
ALTER TABLE y ALTER a TYPE "My S"."Mood" USING NULL;
DROP CAST ("My S"."Mood" AS int);

-- case: the partition of a hash that is named is the one whose remainder comes first
CREATE TABLE h (a int) PARTITION BY HASH (a);
CREATE TABLE "h8_6" PARTITION OF h FOR VALUES WITH (MODULUS 8, REMAINDER 6);
CREATE TABLE "h16_2" PARTITION OF h FOR VALUES WITH (MODULUS 16, REMAINDER 2);
CREATE TABLE "h4_1" PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 1);
CREATE TABLE "Odd" PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE "Odd" PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE "Odd" PARTITION OF h FOR VALUES WITH (MODULUS 16, REMAINDER 14);

-- case: a foreign key of an ambiguous operator is looked at anew
CREATE TYPE "Mood" AS ENUM ('a');
CREATE FUNCTION f("Mood") RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'int4pl';
CREATE CAST ("Mood" AS int) WITH FUNCTION f("Mood") AS IMPLICIT;
CREATE TABLE t (a "Mood" PRIMARY KEY);
CREATE TABLE u (a "Mood" REFERENCES t);
ALTER TABLE t ALTER a TYPE "Mood" USING 'a'::"Mood";
ALTER TABLE u ALTER a TYPE "Mood" USING 'a'::"Mood";
ALTER TABLE u DROP CONSTRAINT u_a_fkey;
ALTER TABLE t ALTER a TYPE "Mood" USING 'a'::"Mood";
ALTER TABLE u ADD FOREIGN KEY (a) REFERENCES t NOT VALID;
ALTER TABLE t ALTER a TYPE "Mood" USING 'a'::"Mood";
CREATE TABLE s (a "Mood" PRIMARY KEY, b "Mood" REFERENCES s);
ALTER TABLE s ALTER a TYPE "Mood" USING 'a'::"Mood";
DROP CAST ("Mood" AS int);
