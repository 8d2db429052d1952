-- case: an ordinary table
CREATE TABLE public.profiles (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    username text NOT NULL UNIQUE,
    full_name text,
    age int CHECK (age >= 0),
    role varchar(20) DEFAULT 'user' NOT NULL,
    balance numeric(10, 2) DEFAULT 0.00,
    tags text[] DEFAULT '{}',
    meta jsonb DEFAULT '{}'::jsonb NOT NULL,
    active boolean DEFAULT true,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT timezone('utc'::text, now()),
    CONSTRAINT role_known CHECK (role IN ('user', 'admin')),
    CHECK (char_length(username) >= 3),
    CHECK (balance >= 0 AND age < 200)
);
CREATE TABLE public.posts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    author_id uuid NOT NULL REFERENCES public.profiles (id) ON DELETE CASCADE,
    editor_id uuid REFERENCES public.profiles ON DELETE SET NULL ON UPDATE CASCADE,
    title text NOT NULL,
    slug text GENERATED ALWAYS AS (lower(title)) STORED,
    UNIQUE (author_id, title),
    EXCLUDE USING btree (slug WITH =)
);
-- case: a table twice
CREATE TABLE t (id int);
CREATE TABLE t (id int);
CREATE TABLE IF NOT EXISTS t (other text);
CREATE TABLE public.t (id int);
CREATE VIEW t AS SELECT 1 AS a;
CREATE INDEX t ON t (id);
CREATE SEQUENCE t;
CREATE SEQUENCE IF NOT EXISTS t;
CREATE TYPE t AS ENUM ('a');
CREATE TYPE t AS (a int);
CREATE DOMAIN t AS text;
CREATE TABLE IF NOT EXISTS nowhere.t (id int);
CREATE TABLE nowhere.t (id int);
-- case: columns that clash
CREATE TABLE a (id int, id text);
CREATE TABLE b (id int, "ID" text);
CREATE TABLE c (ctid int);
CREATE TABLE d (id int PRIMARY KEY, other int PRIMARY KEY);
CREATE TABLE e (id int NOT NULL NULL);
CREATE TABLE f (id int DEFAULT 1 DEFAULT 2);
CREATE TABLE g (id serial DEFAULT 1);
CREATE TABLE h (id int GENERATED ALWAYS AS IDENTITY DEFAULT 1);
CREATE TABLE i (id int GENERATED ALWAYS AS (1) STORED GENERATED ALWAYS AS (2) STORED);
CREATE TABLE j (id text GENERATED ALWAYS AS IDENTITY);
CREATE TABLE k (id int, PRIMARY KEY (nothing));
CREATE TABLE l (id int, UNIQUE (id, id));
CREATE TABLE m (id int REFERENCES nowhere);
CREATE TABLE n (id int, CONSTRAINT x CHECK (id > 0), CONSTRAINT x CHECK (id > 1));
CREATE TABLE o (id int CHECK (missing > 0));
CREATE TABLE p (id int DEFAULT missing);
CREATE TABLE q (id int DEFAULT nofunction());
CREATE TABLE r (id nosuchtype);
CREATE TABLE s (id nowhere.sometype);
CREATE TABLE t (id int GENERATED ALWAYS AS (other + 1) STORED);
CREATE TABLE u (id int CHECK ((SELECT true)));
CREATE TABLE v (id int DEFAULT (SELECT 1));
CREATE TABLE w ();
CREATE TABLE x (a int GENERATED ALWAYS AS (1) STORED, b int GENERATED ALWAYS AS (a) STORED);
-- case: names are folded and cut
CREATE TABLE MixedCase (ColOne int, "ColTwo" int);
CREATE TABLE "MixedCase" ("colone" int, colTWO int);
SELECT colone, "ColTwo" FROM mixedcase;
SELECT coltwo FROM mixedcase;
SELECT "ColOne" FROM "MixedCase";
CREATE TABLE a_name_that_is_much_longer_than_the_sixty_three_bytes_that_postgresql_keeps_of_it (id int PRIMARY KEY, a_name_that_is_much_longer_than_the_sixty_three_bytes_that_postgresql_keeps_of_it text UNIQUE CHECK (true));
CREATE TABLE a_name_that_is_much_longer_than_the_sixty_three_bytes_that_postgresql_keeps (id int);
ALTER TABLE a_name_that_is_much_longer_than_the_sixty_three_bytes_that_postgresql_keeps_of_it ADD CHECK (id > 0), ADD CHECK (id > 1);
CREATE TABLE "naïve table with spaces and a rather long name, quoted, ünïcödé" (id serial PRIMARY KEY);
CREATE TABLE "select" ("from" int, "a""b" text);
CREATE INDEX ON "select" ("from", "a""b");
CREATE TABLE U&"d\0061t\+000061" (id int);
ALTER TABLE data RENAME TO "Data";
-- case: generated names
CREATE TABLE t (a int UNIQUE, b int, c int, UNIQUE (a), UNIQUE (b, c), CHECK (a > 0), CHECK (a > 1), CHECK (a > b), CHECK (true));
CREATE TABLE u (a int REFERENCES t (a), b int, c int, FOREIGN KEY (b, c) REFERENCES t (b, c), FOREIGN KEY (a) REFERENCES t (a));
CREATE INDEX ON t (a);
CREATE INDEX ON t (a);
CREATE INDEX ON t (lower(b::text));
CREATE INDEX ON t ((a + b));
CREATE INDEX ON t ((a + b), c, (b * 2));
CREATE UNIQUE INDEX ON t (a, b);
CREATE UNIQUE INDEX ON t (a) WHERE b > 0;
ALTER TABLE t ADD PRIMARY KEY (a);
ALTER TABLE u ADD COLUMN d int CHECK (d > 0) UNIQUE;
CREATE TABLE t_a_key1 (id serial);
CREATE SEQUENCE s_id_seq;
CREATE TABLE s (id serial PRIMARY KEY);
-- case: temporary and unlogged tables
CREATE TEMP TABLE t (id int PRIMARY KEY);
CREATE TABLE t (id int, only_here int);
SELECT only_here FROM t;
SELECT only_here FROM public.t;
INSERT INTO t (only_here) VALUES (1);
CREATE UNLOGGED TABLE u (id serial);
ALTER TABLE u SET LOGGED;
ALTER TABLE public.t SET UNLOGGED;
CREATE TABLE pg_temp.v (id int);
SELECT * FROM pg_temp.v;
DROP TABLE t;
DROP TABLE t;
DROP TABLE t;
-- case: CREATE TABLE AS and SELECT INTO
CREATE TABLE t (id int PRIMARY KEY, name varchar(10) NOT NULL);
CREATE TABLE copy AS SELECT * FROM t;
CREATE TABLE copy AS SELECT * FROM t;
CREATE TABLE IF NOT EXISTS copy AS SELECT 1 AS other;
CREATE TABLE renamed (a, b) AS SELECT id, name FROM t WITH NO DATA;
CREATE TABLE toomany (a, b, c) AS SELECT id, name FROM t;
CREATE TABLE computed AS SELECT id + 1 AS next, name || 'x' AS text, count(*) OVER () AS n, now() AS at, NULL::uuid AS u FROM t;
SELECT id INTO into_table FROM t;
CREATE TABLE missing AS SELECT nothing FROM t;
CREATE TABLE twice AS SELECT id, id FROM t;
CREATE TABLE unnamed AS SELECT 1, 'a'::text, true, now();
-- case: storage options
CREATE TABLE t (id int) WITH (fillfactor = 70, autovacuum_enabled = false);
ALTER TABLE t SET (fillfactor = 80);
ALTER TABLE t RESET (autovacuum_enabled);
ALTER TABLE t SET (nonsense = 1);
CREATE TABLE u (id int) WITH (nonsense = 1);
CREATE INDEX i ON t (id) WITH (fillfactor = 50);
ALTER INDEX i SET (fillfactor = 60);
ALTER TABLE t CLUSTER ON i;
ALTER TABLE t SET WITHOUT CLUSTER;
ALTER TABLE t ALTER COLUMN id SET STATISTICS 100;
ALTER TABLE t ALTER COLUMN id SET (n_distinct = 5);
ALTER TABLE t ALTER COLUMN nothing SET STATISTICS 100;
ALTER TABLE t REPLICA IDENTITY FULL;
ALTER TABLE t REPLICA IDENTITY USING INDEX i;
ALTER TABLE t REPLICA IDENTITY USING INDEX nothing;
ALTER TABLE t CLUSTER ON nothing;
-- case: replica identity by an index
CREATE TABLE t (id int NOT NULL, other int);
CREATE UNIQUE INDEX good ON t (id);
CREATE UNIQUE INDEX nullable ON t (other);
CREATE UNIQUE INDEX partial ON t (id) WHERE id > 0;
ALTER TABLE t REPLICA IDENTITY USING INDEX nullable;
ALTER TABLE t REPLICA IDENTITY USING INDEX partial;
ALTER TABLE t REPLICA IDENTITY USING INDEX good;
ALTER TABLE t REPLICA IDENTITY NOTHING;
ALTER TABLE t REPLICA IDENTITY DEFAULT;
-- case: tables that are not there
ALTER TABLE nothing ADD COLUMN a int;
ALTER TABLE IF EXISTS nothing ADD COLUMN a int;
ALTER TABLE nowhere.nothing ADD COLUMN a int;
ALTER TABLE IF EXISTS nowhere.nothing ADD COLUMN a int;
DROP TABLE nothing;
DROP TABLE IF EXISTS nothing;
DROP TABLE nowhere.nothing;
DROP TABLE IF EXISTS nowhere.nothing, nothing CASCADE;
TRUNCATE nothing;
COMMENT ON TABLE nothing IS 'x';
CREATE INDEX ON nothing (a);
CREATE POLICY p ON nothing USING (true);
CREATE TRIGGER t BEFORE INSERT ON nothing FOR EACH ROW EXECUTE FUNCTION nofunction();
GRANT SELECT ON nothing TO PUBLIC;
ALTER TABLE nothing RENAME TO other;
ALTER TABLE IF EXISTS nothing RENAME COLUMN a TO b;
ALTER TABLE IF EXISTS nothing RENAME CONSTRAINT a TO b;
ALTER TABLE nothing ENABLE ROW LEVEL SECURITY;
ALTER TABLE nothing OWNER TO postgres;
ALTER TABLE nothing SET SCHEMA public;
-- case: relations of another kind
CREATE TABLE t (id int);
CREATE VIEW v AS SELECT id FROM t;
CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
CREATE SEQUENCE s;
CREATE INDEX i ON t (id);
CREATE TYPE c AS (a int);
DROP TABLE v;
DROP TABLE IF EXISTS v;
DROP TABLE m;
DROP TABLE s;
DROP TABLE i;
DROP TABLE c;
DROP VIEW t;
DROP VIEW m;
DROP MATERIALIZED VIEW v;
DROP INDEX t;
DROP INDEX v;
DROP SEQUENCE t;
DROP VIEW s;
DROP TYPE t;
DROP TYPE v;
ALTER TABLE v ADD COLUMN a int;
ALTER TABLE s ADD COLUMN a int;
ALTER TABLE i ADD COLUMN a int;
ALTER TABLE c ADD COLUMN a int;
ALTER TABLE m ADD COLUMN a int;
ALTER TABLE v ENABLE ROW LEVEL SECURITY;
ALTER TABLE v ADD CONSTRAINT x CHECK (id > 0);
ALTER TABLE v ALTER COLUMN id SET NOT NULL;
ALTER TABLE v DROP COLUMN id;
ALTER TABLE v ALTER COLUMN id TYPE bigint;
ALTER VIEW t RENAME TO u;
ALTER VIEW t ALTER COLUMN id SET DEFAULT 1;
ALTER VIEW v ALTER COLUMN id SET DEFAULT 1;
ALTER INDEX t RENAME TO u;
ALTER SEQUENCE t RESTART;
ALTER MATERIALIZED VIEW v RENAME TO u;
ALTER TABLE v SET (security_invoker = true);
ALTER VIEW v SET (security_invoker = on);
ALTER VIEW v SET (nonsense = on);
CREATE INDEX ON v (id);
CREATE INDEX ON m (id);
CREATE INDEX ON s (last_value);
CREATE INDEX ON i (id);
CREATE POLICY p ON v USING (true);
CREATE POLICY p ON m USING (true);
TRUNCATE v;
SELECT * FROM i;
SELECT * FROM c;
SELECT * FROM s;
INSERT INTO v VALUES (1);
INSERT INTO m VALUES (1);
INSERT INTO s VALUES (1);
INSERT INTO i VALUES (1);
REFRESH MATERIALIZED VIEW t;
REFRESH MATERIALIZED VIEW v;
REFRESH MATERIALIZED VIEW m;
CREATE TABLE x (id int REFERENCES v (id));
COMMENT ON TABLE v IS 'x';
COMMENT ON VIEW t IS 'x';
COMMENT ON INDEX t IS 'x';
COMMENT ON COLUMN i.id IS 'x';
GRANT SELECT ON i TO PUBLIC;
GRANT SELECT ON c TO PUBLIC;
GRANT USAGE ON t TO PUBLIC;
GRANT USAGE ON SEQUENCE t TO PUBLIC;
GRANT SELECT ON SEQUENCE s TO PUBLIC;
-- case: options, compression and oids
CREATE TABLE t (a int, b text) WITH (fillfactor = 70);
CREATE INDEX i ON t (a) WITH (fillfactor = 80);
CREATE VIEW v WITH (security_barrier) AS SELECT 1 AS a;
ALTER TABLE t RESET (fillfactor);
ALTER TABLE t RESET (fillfactor, autovacuum_enabled);
ALTER TABLE t RESET (fillfactor = 10);
ALTER INDEX i RESET (fillfactor);
ALTER TABLE t ALTER COLUMN a SET (n_distinct = 1);
ALTER TABLE t ALTER COLUMN a SET (nothing = 1);
ALTER TABLE t ALTER COLUMN a RESET (n_distinct);
ALTER TABLE t ALTER COLUMN a RESET (n_distinct = 1);
ALTER TABLE t ALTER COLUMN missing RESET (n_distinct);
ALTER VIEW v RESET (security_barrier);
ALTER TABLE t ALTER COLUMN b SET COMPRESSION pglz;
ALTER TABLE t ALTER COLUMN b SET COMPRESSION DEFAULT;
ALTER TABLE t ALTER COLUMN a SET COMPRESSION pglz;
ALTER TABLE t ALTER COLUMN b SET COMPRESSION nothing;
ALTER TABLE t ALTER COLUMN missing SET COMPRESSION pglz;
ALTER TABLE v ALTER COLUMN a SET COMPRESSION pglz;
CREATE TABLE u (a int COMPRESSION pglz);
CREATE TABLE u (a text COMPRESSION nothing);
ALTER TABLE t ALTER COLUMN a SET STORAGE EXTERNAL;
ALTER TABLE t ALTER COLUMN a SET STORAGE PLAIN;
ALTER TABLE t ALTER COLUMN b SET STORAGE nothing;
ALTER TABLE t SET WITHOUT OIDS;
ALTER TABLE v SET WITHOUT OIDS;
-- case: attributes of constraints
CREATE TABLE t (a int UNIQUE NOT DEFERRABLE, b int UNIQUE INITIALLY IMMEDIATE, c int UNIQUE NOT DEFERRABLE INITIALLY IMMEDIATE);
CREATE TABLE u (a int UNIQUE DEFERRABLE INITIALLY IMMEDIATE);
CREATE TABLE w (a int UNIQUE NOT DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE w (a int NOT DEFERRABLE);
CREATE TABLE w (a int INITIALLY IMMEDIATE);
CREATE TABLE w (a int UNIQUE NOT DEFERRABLE DEFERRABLE);
CREATE TABLE w (a int UNIQUE INITIALLY IMMEDIATE INITIALLY DEFERRED);
CREATE TABLE w (a int CHECK (a > 0) ENFORCED);
CREATE TABLE x (a int UNIQUE ENFORCED);
CREATE TABLE x (a int ENFORCED);
-- case: options of tables from queries
CREATE TABLE t WITH (fillfactor = 70) AS SELECT 1 AS a;
CREATE TABLE u WITH (nothing = 70) AS SELECT 1 AS a;
CREATE TABLE u ON COMMIT DROP AS SELECT 1 AS a;
CREATE MATERIALIZED VIEW m WITH (fillfactor = 70) AS SELECT 1 AS a;
CREATE TEMPORARY TABLE v ON COMMIT PRESERVE ROWS AS SELECT 1 AS a;
CREATE TEMPORARY TABLE w WITH (fillfactor = 70) AS SELECT 1 AS a;
BEGIN;
CREATE TEMPORARY TABLE x ON COMMIT DROP AS SELECT 1 AS a;
COMMIT;
SELECT a FROM v;
SELECT a FROM w;
SELECT a FROM x;
-- case: temporary tables that keep their rows
CREATE TEMPORARY TABLE t (a int) ON COMMIT PRESERVE ROWS;
CREATE TABLE u (a int) ON COMMIT PRESERVE ROWS;
CREATE TABLE u (a int) ON COMMIT DROP;
BEGIN;
CREATE TEMPORARY TABLE v (a int) ON COMMIT PRESERVE ROWS;
COMMIT;
DROP TABLE v;
DROP TABLE t;
