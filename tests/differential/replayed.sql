-- case: parameters that nobody sets
DO $$ BEGIN IF current_setting('app.mode', true) IS NULL THEN CREATE TABLE "Not Set" (a int); END IF; END $$;
DO $$ DECLARE role text = coalesce(current_setting('app.owner', true), 'nobody'); BEGIN EXECUTE format('CREATE SCHEMA %I', role); END $$;
DO $$ BEGIN PERFORM current_setting('app.mode'); END $$;
SELECT current_setting('app.mode');
SHOW app.mode;
SHOW "Odd".x;
SELECT current_setting('no_dots');
-- case: parameters that were set once
BEGIN;
SET LOCAL app.mode = 'a';
DO $$ BEGIN EXECUTE format('CREATE TABLE %I (a int)', 'mode ' || current_setting('app.mode')); END $$;
COMMIT;
DO $$ BEGIN EXECUTE format('CREATE TABLE %I (a int)', 'mode ' || current_setting('app.mode')); END $$;
BEGIN;
SET app.other = 'a';
ROLLBACK;
DO $$ BEGIN IF current_setting('app.other', true) = '' THEN CREATE TABLE other (a int); END IF; END $$;
SHOW app.other;
RESET app.third;
DO $$ BEGIN EXECUTE format('CREATE TABLE %I (a int)', 'third' || current_setting('app.third')); END $$;
CREATE FUNCTION "F"() RETURNS text LANGUAGE sql SET app.fourth = 'x' AS 'SELECT 1::text';
DO $$ BEGIN EXECUTE format('CREATE TABLE %I (a int)', 'fourth' || current_setting('app.fourth')); END $$;
-- case: whether the session is a superuser's
DO $$ BEGIN IF current_setting('is_superuser') = 'on' THEN CREATE TABLE by_a_superuser (a int); END IF; END $$;
CREATE ROLE "no superuser";
GRANT CREATE ON SCHEMA public TO "no superuser";
SET ROLE "no superuser";
DO $$ BEGIN EXECUTE format('CREATE TABLE %I (a int)', 'superuser ' || current_setting('is_superuser')); END $$;
RESET ROLE;
DO $$ BEGIN EXECUTE format('CREATE TABLE %I (a int)', 'seed ' || current_setting('seed')); END $$;
-- case: an array that is none
DO $$ DECLARE list text[] = coalesce(current_setting('app.list', true), '[]::text[]')::text[]; BEGIN CREATE TABLE t (a int); END $$;
DO $$ DECLARE list text[]; BEGIN list := '[1:2]'; CREATE TABLE t (a int); END $$;
DO $$ DECLARE list int[] := '[2]={1}'; BEGIN CREATE TABLE t (a int); END $$;
-- case: transactions that code ends
CREATE TABLE t (a int);
DO $$ BEGIN CREATE TABLE kept (a int); COMMIT; CREATE TABLE lost (a int); PERFORM 1/0; END $$;
DO $$ BEGIN CREATE TABLE taken_back (a int); ROLLBACK; CREATE TABLE "After It" (a int); END $$;
CREATE PROCEDURE "Batches"() LANGUAGE plpgsql AS $$ BEGIN FOR i IN 1..3 LOOP EXECUTE format('CREATE TABLE batch_%s (a int)', i); COMMIT; END LOOP; CREATE TABLE kept (a int); END $$;
CALL "Batches"();
BEGIN;
CALL "Batches"();
ROLLBACK;
CREATE FUNCTION calls() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE in_function (a int); COMMIT; END $$;
SELECT calls();
DO $$ BEGIN CREATE TABLE in_block (a int); COMMIT; EXCEPTION WHEN others THEN CREATE TABLE caught (a int); END $$;
DO $$ BEGIN BEGIN CREATE TABLE in_block (a int); ROLLBACK; EXCEPTION WHEN division_by_zero THEN NULL; END; END $$;
CREATE PROCEDURE definer() LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN COMMIT; END $$;
CALL definer();
CREATE PROCEDURE setting() LANGUAGE plpgsql SET search_path = public AS $$ BEGIN COMMIT; END $$;
CALL setting();
DO $$ BEGIN CALL "Batches"(); END $$;
DO $$ BEGIN SET LOCAL search_path = pg_catalog; COMMIT; CREATE TABLE found (a int); END $$;
-- case: transactions that code ends in a file
-- file
CREATE TABLE t (a int);
CREATE PROCEDURE "Fill"() LANGUAGE plpgsql AS $$ BEGIN LOOP UPDATE t SET a = 1; COMMIT; EXIT WHEN NOT FOUND; END LOOP; END $$;
CALL "Fill"();
-- case: calls of functions that are not there
CREATE TABLE t (a text, b text);
CREATE FUNCTION "Of Nothing"(x text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN no_such_function(x); END $$;
ALTER TABLE t ADD COLUMN c text DEFAULT "Of Nothing"('a');
UPDATE t SET a = "Of Nothing"(b);
CREATE TABLE after_it (a int);
SELECT "Of Nothing"('a');
-- case: triggers with texts that change nothing
CREATE TABLE "Odd Table" (a int, b text);
CREATE TABLE log (a text);
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE v text; BEGIN EXECUTE format('SELECT ($1).%I::text', TG_ARGV[0]) INTO v USING NEW; EXECUTE format('INSERT INTO %I (a) VALUES (%L)', 'log', v); EXECUTE 'UPDATE log SET a = ' || quote_literal(v); RETURN NEW; END $$;
CREATE TRIGGER tells BEFORE INSERT OR UPDATE ON "Odd Table" FOR EACH ROW EXECUTE FUNCTION tell('b');
CREATE TRIGGER tells BEFORE INSERT OR UPDATE ON log FOR EACH ROW EXECUTE FUNCTION tell('a');
UPDATE "Odd Table" SET b = 'x';
INSERT INTO "Odd Table" SELECT 1, 'x' WHERE false;
CREATE TABLE certain (a int);
-- case: texts with gaps
CREATE TABLE t (a int, b text);
CREATE TABLE "Other" (a int);
ALTER TABLE t ADD COLUMN c int;
CREATE TABLE certain (a int);
DO $$ DECLARE r record; BEGIN FOR r IN SELECT b FROM t LOOP EXECUTE format('SELECT setval(%L, 1)', r.b); EXECUTE 'UPDATE t SET b = ' || quote_nullable(r.b); END LOOP; END $$;
CREATE TABLE IF NOT EXISTS "As Certain" (a int);
-- case: constants that are the time
CREATE SCHEMA s;
CREATE TABLE s."T" (a timestamp);
-- undecided
CREATE VIEW s.recent AS SELECT a FROM s."T" WHERE a > 'now'::timestamp - interval '1 day';
CREATE VIEW s.on_it AS SELECT a FROM s.recent;
DROP VIEW s.recent;
DROP VIEW s.on_it, s.recent;
CREATE VIEW s.recent AS SELECT a FROM s."T" WHERE a > now();
-- case: indexes that are switched off for a while
CREATE SCHEMA "Odd";
CREATE TABLE "Odd".t (a int PRIMARY KEY, b int UNIQUE);
CREATE TABLE other (a int PRIMARY KEY);
UPDATE pg_index SET indisready = false WHERE indrelid = (SELECT oid FROM pg_class WHERE relname = 't');
UPDATE pg_catalog.pg_index i SET indisvalid = false, indisready = false WHERE i.indexrelid = 'other_pkey'::regclass;
CREATE INDEX ON other (a);
UPDATE pg_index SET indisready = true WHERE indrelid = '"Odd".t'::regclass;
REINDEX INDEX other_pkey;
UPDATE pg_index SET indisvalid = false WHERE indrelid = '"Odd".t'::regclass AND NOT indisprimary;
CREATE ROLE "no superuser";
SET ROLE "no superuser";
UPDATE pg_index SET indisready = true WHERE indrelid = 'other'::regclass;
RESET ROLE;
REINDEX TABLE "Odd".t;
-- case: schemas for other roles
CREATE ROLE "Plain One";
CREATE ROLE another;
CREATE SCHEMA "There" AUTHORIZATION another;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO "Plain One"', current_database()); END $$;
SET ROLE "Plain One";
CREATE SCHEMA IF NOT EXISTS "There" AUTHORIZATION another;
CREATE SCHEMA pg_other AUTHORIZATION another;
CREATE SCHEMA "There" AUTHORIZATION "Plain One";
CREATE SCHEMA IF NOT EXISTS "There";
CREATE SCHEMA AUTHORIZATION another;
RESET ROLE;
