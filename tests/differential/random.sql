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
