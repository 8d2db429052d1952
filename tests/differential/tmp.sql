-- case: zz1
CREATE DATABASE pgproof_other;
ALTER DATABASE pgproof_other CONNECTION LIMIT -2;
DROP DATABASE pgproof_other;
-- case: zz2
CREATE SCHEMA "My Schema";
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE "My Schema"."CamelCase" (id int PRIMARY KEY);
CREATE TRIGGER items AFTER UPDATE ON "My Schema"."CamelCase" FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TRIGGER items ON "My Schema"."CamelCase" RENAME TO "ein_sehr_langer_name_mit_umlauten_äöüß_damit_er_gekürzt_wird";
ALTER TRIGGER "ein_sehr_langer_name_mit_umlauten_äöüß_damit_er_gekürzt_wi" ON "My Schema"."CamelCase" DEPENDS ON EXTENSION plpgsql;
-- case: zz members of a family that two classes want
CREATE OPERATOR FAMILY fam USING btree;
ALTER OPERATOR FAMILY fam USING btree ADD OPERATOR 1 < (integer, integer);
CREATE OPERATOR CLASS cls FOR TYPE integer USING btree FAMILY fam AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(integer, integer);
CREATE OPERATOR CLASS cls FOR TYPE integer USING btree FAMILY fam AS OPERATOR 2 <, FUNCTION 1 btint4cmp(integer, integer);
CREATE OPERATOR CLASS cls FOR TYPE integer USING btree FAMILY fam AS OPERATOR 3 =, FUNCTION 1 btint4cmp(integer, integer);
CREATE OPERATOR CLASS "Cls 2" FOR TYPE integer USING btree FAMILY fam AS OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer);
-- case: zz keys of system columns and of rows
CREATE TABLE t (a int, b int) PARTITION BY LIST (a);
CREATE UNIQUE INDEX i ON t ((ROW(b, 1)));
CREATE INDEX i ON t ((ROW(b, 1)));
CREATE TABLE u (a int, b int);
CREATE INDEX i ON u (a);
CREATE INDEX i ON u ((ROW(b, 1)));
CREATE INDEX IF NOT EXISTS i ON u ((ROW(b, 1)));
ALTER TABLE u ADD EXCLUDE (ctid WITH <>);
ALTER TABLE u ADD EXCLUDE (ctid WITH =);
ALTER TABLE u ADD EXCLUDE (tableoid WITH =);
ALTER TABLE u ADD EXCLUDE (xmin WITH =);
CREATE INDEX ON u (tableoid);
CREATE FUNCTION f() RETURNS event_trigger LANGUAGE sql ROWS 5 AS $$ SELECT NULL::event_trigger $$;
CREATE FUNCTION f(x int) RETURNS trigger LANGUAGE plpgsql ROWS 5 AS $$ BEGIN END $$;
CREATE TYPE "Pair" AS (a int, b int);
CREATE TABLE pairs OF "Pair";
ALTER TYPE "Pair" DROP ATTRIBUTE c;
ALTER TYPE "Pair" DROP ATTRIBUTE IF EXISTS c;
ALTER TYPE "Pair" DROP ATTRIBUTE IF EXISTS c CASCADE;
ALTER TYPE "Pair" DROP ATTRIBUTE b CASCADE;
-- case: zz3
CREATE TABLE t (a int);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TRIGGER tr ON t DEPENDS ON EXTENSION plpgsql;
-- case: zz4
CREATE TABLE "T" (a int);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER "Tr" AFTER UPDATE ON "T" FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TRIGGER "Tr" ON "T" DEPENDS ON EXTENSION plpgsql;
