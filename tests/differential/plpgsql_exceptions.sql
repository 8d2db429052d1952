-- case: handlers by name, class and code
DO $$
DECLARE q text;
BEGIN
    FOREACH q IN ARRAY ARRAY['SELECT 1 / 0', 'SELECT * FROM missing', 'CREATE TABLE pg_catalog.x (a int', 'SELECT ''a''::int', 'SELECT no()', 'DROP ROLE nobody_here', 'CREATE TABLE "T" (a int)'] LOOP
        BEGIN
            EXECUTE q;
            RAISE NOTICE 'fine: %', q;
        EXCEPTION
            WHEN division_by_zero THEN RAISE NOTICE 'division: % %', SQLSTATE, SQLERRM;
            WHEN undefined_table OR undefined_column THEN RAISE NOTICE 'undefined: % %', SQLSTATE, SQLERRM;
            WHEN SQLSTATE '42883' THEN RAISE NOTICE 'by code: %', SQLERRM;
            WHEN data_exception THEN RAISE NOTICE 'class 22: % %', SQLSTATE, SQLERRM;
            WHEN syntax_error THEN RAISE NOTICE 'syntax: %', SQLERRM;
            WHEN OTHERS THEN RAISE NOTICE 'others: % %', SQLSTATE, SQLERRM;
        END;
    END LOOP;
END $$;
-- case: duplicate objects of every kind
CREATE TYPE mood AS ENUM ('sad');
CREATE TABLE "T" (a int CONSTRAINT pos CHECK (a > 0));
CREATE POLICY p ON "T";
CREATE SCHEMA s;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER trg BEFORE INSERT ON "T" FOR EACH ROW EXECUTE FUNCTION f();
CREATE SEQUENCE seq;
CREATE INDEX idx ON "T" (a);
CREATE VIEW v AS SELECT 1 AS x;
CREATE DOMAIN dom AS int;
DO $$ BEGIN CREATE TYPE mood AS ENUM ('x'); EXCEPTION WHEN duplicate_object THEN RAISE NOTICE '% %', SQLSTATE, SQLERRM; END $$;
DO $$ BEGIN ALTER TABLE "T" ADD CONSTRAINT pos CHECK (a > 1); EXCEPTION WHEN duplicate_object THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN CREATE POLICY p ON "T"; EXCEPTION WHEN duplicate_object THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN CREATE SCHEMA s; EXCEPTION WHEN duplicate_schema THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN CREATE TABLE "T" (); EXCEPTION WHEN duplicate_table THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN CREATE VIEW v AS SELECT 2 AS x; EXCEPTION WHEN duplicate_table THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN CREATE SEQUENCE seq; EXCEPTION WHEN duplicate_table THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN CREATE INDEX idx ON "T" (a); EXCEPTION WHEN duplicate_table THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN ALTER TABLE "T" ADD COLUMN a int; EXCEPTION WHEN duplicate_column THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; EXCEPTION WHEN duplicate_function THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN CREATE TRIGGER trg BEFORE INSERT ON "T" FOR EACH ROW EXECUTE FUNCTION f(); EXCEPTION WHEN duplicate_object THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN CREATE DOMAIN dom AS text; EXCEPTION WHEN duplicate_object THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN ALTER TYPE mood ADD VALUE 'sad'; EXCEPTION WHEN duplicate_object THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN ALTER TYPE mood RENAME VALUE 'glad' TO 'x'; EXCEPTION WHEN invalid_parameter_value THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN CREATE EXTENSION plpgsql; EXCEPTION WHEN duplicate_object THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN ALTER TABLE "T" ADD PRIMARY KEY (a); ALTER TABLE "T" ADD PRIMARY KEY (a); EXCEPTION WHEN invalid_table_definition THEN RAISE NOTICE '%', SQLERRM; END $$;
-- case: undefined objects of every kind
CREATE TABLE t (a int);
DO $$ BEGIN ALTER TABLE t DROP COLUMN b; EXCEPTION WHEN undefined_column THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN ALTER TABLE t DROP CONSTRAINT c; EXCEPTION WHEN undefined_object THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN DROP POLICY p ON t; EXCEPTION WHEN undefined_object THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN DROP TRIGGER p ON t; EXCEPTION WHEN undefined_object THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN DROP TYPE "No Type"; EXCEPTION WHEN undefined_object THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN DROP FUNCTION no_function(int); EXCEPTION WHEN undefined_function THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN DROP SCHEMA no_schema; EXCEPTION WHEN invalid_schema_name THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN DROP INDEX no_index; EXCEPTION WHEN undefined_object THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN GRANT SELECT ON t TO "No Role"; EXCEPTION WHEN undefined_object THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN ALTER TABLE t RENAME COLUMN x TO y; EXCEPTION WHEN undefined_column THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN ALTER TABLE missing RENAME TO y; EXCEPTION WHEN undefined_table THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN ALTER PUBLICATION no_pub ADD TABLE t; EXCEPTION WHEN undefined_object THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN PERFORM 'No Type'::regtype; EXCEPTION WHEN undefined_object THEN RAISE NOTICE '%', SQLERRM; WHEN syntax_error THEN RAISE NOTICE 'syntax %', SQLERRM; END $$;
DO $$ BEGIN PERFORM 'no_table'::regclass; EXCEPTION WHEN undefined_table THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN PERFORM 'no_function()'::regprocedure; EXCEPTION WHEN undefined_function THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN PERFORM 'no_ns'::regnamespace; EXCEPTION WHEN invalid_schema_name THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN PERFORM 'no_role'::regrole; EXCEPTION WHEN undefined_object THEN RAISE NOTICE '%', SQLERRM; END $$;
-- case: changes of a block that failed are undone, variables keep their values
DO $$
DECLARE n int := 0;
BEGIN
    CREATE TABLE kept (a int);
    BEGIN
        n := 1;
        CREATE TABLE gone (a int);
        ALTER TABLE kept ADD COLUMN b int;
        SET LOCAL search_path = pg_catalog;
        RAISE EXCEPTION 'stop %', n USING ERRCODE = 'P0042';
    EXCEPTION WHEN SQLSTATE 'P0042' THEN
        RAISE NOTICE '% % %', n, SQLERRM, current_setting('search_path');
        n := n + 1;
        CREATE TABLE handled (a int);
    END;
    RAISE NOTICE '%', n;
    IF to_regclass('gone') IS NULL AND to_regclass('handled') IS NOT NULL THEN ALTER TABLE kept ADD COLUMN c int; END IF;
END $$;
-- case: RAISE in a handler, nested handlers
DO $$
BEGIN
    BEGIN
        BEGIN
            RAISE EXCEPTION 'inner' USING ERRCODE = '22012', DETAIL = 'd', HINT = 'h';
        EXCEPTION WHEN division_by_zero THEN
            RAISE NOTICE 'first %', SQLERRM;
            RAISE;
        END;
    EXCEPTION WHEN others THEN
        RAISE NOTICE 'second % %', SQLSTATE, SQLERRM;
        BEGIN
            RAISE EXCEPTION 'other';
        EXCEPTION WHEN raise_exception THEN RAISE NOTICE 'third %', SQLERRM;
        END;
        RAISE NOTICE 'still %', SQLERRM;
        RAISE EXCEPTION 'again: %', SQLERRM USING HINT = 'look';
    END;
END $$;
DO $$ BEGIN RAISE; END $$;
DO $$ BEGIN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN BEGIN RAISE 'x'; EXCEPTION WHEN others THEN NULL; END; RAISE NOTICE '%', SQLSTATE; END $$;
DO $$ BEGIN BEGIN RAISE 'x'; EXCEPTION WHEN no_data THEN NULL; END; END $$;
DO $$ BEGIN RAISE EXCEPTION 'a'; EXCEPTION WHEN others THEN RAISE EXCEPTION 'b'; WHEN raise_exception THEN RAISE NOTICE 'c'; END $$;
-- case: which class a condition belongs to
DO $$
DECLARE s text;
BEGIN
    FOREACH s IN ARRAY ARRAY['22000', '22012', '23505', '42P01', '42501', '0A000', 'P0001', 'P0002', '40001', '55000', '3F000', '2BP01', 'ZZZZZ'] LOOP
        BEGIN
            RAISE EXCEPTION USING ERRCODE = s;
        EXCEPTION
            WHEN plpgsql_error THEN RAISE NOTICE 'plpgsql % %', SQLSTATE, SQLERRM;
            WHEN integrity_constraint_violation THEN RAISE NOTICE 'integrity % %', SQLSTATE, SQLERRM;
            WHEN data_exception THEN RAISE NOTICE 'data % %', SQLSTATE, SQLERRM;
            WHEN insufficient_privilege THEN RAISE NOTICE 'privilege % %', SQLSTATE, SQLERRM;
            WHEN syntax_error_or_access_rule_violation THEN RAISE NOTICE 'syntax class % %', SQLSTATE, SQLERRM;
            WHEN feature_not_supported THEN RAISE NOTICE 'feature % %', SQLSTATE, SQLERRM;
            WHEN transaction_rollback OR object_not_in_prerequisite_state THEN RAISE NOTICE 'either % %', SQLSTATE, SQLERRM;
            WHEN dependent_objects_still_exist THEN RAISE NOTICE 'dependent % %', SQLSTATE, SQLERRM;
            WHEN others THEN RAISE NOTICE 'others % %', SQLSTATE, SQLERRM;
        END;
    END LOOP;
END $$;
-- case: RAISE with conditions and options
DO $$ BEGIN RAISE EXCEPTION 'plain'; END $$;
DO $$ BEGIN RAISE 'short'; END $$;
DO $$ BEGIN RAISE unique_violation; END $$;
DO $$ BEGIN RAISE SQLSTATE '22012'; END $$;
DO $$ BEGIN RAISE unique_violation USING MESSAGE = 'dup ' || 1, DETAIL = 'why', HINT = 'do'; END $$;
DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = 'only options', ERRCODE = 'undefined_table'; END $$;
DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'undefined_table'; END $$;
DO $$ BEGIN RAISE EXCEPTION USING HINT = 'nothing else'; END $$;
DO $$ BEGIN RAISE EXCEPTION '% of %', 1, NULL USING ERRCODE = '23514', TABLE = 't', COLUMN = 'c', CONSTRAINT = 'k', SCHEMA = 's', DATATYPE = 'd'; END $$;
DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'no_such_condition'; END $$;
DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = NULL; END $$;
DO $$ BEGIN RAISE EXCEPTION 'x' USING MESSAGE = 'twice'; END $$;
DO $$ BEGIN RAISE EXCEPTION 'x' USING HINT = 'one', HINT = 'two'; END $$;
DO $$ BEGIN RAISE unique_violation USING ERRCODE = '22012'; END $$;
DO $$ BEGIN RAISE EXCEPTION ''; END $$;
DO $$ BEGIN RAISE WARNING 'careful %', 'now' USING ERRCODE = '01007', HINT = 'h'; RAISE INFO 'i'; RAISE NOTICE 'n' USING DETAIL = 'd'; RAISE DEBUG 'no'; RAISE LOG 'no'; RAISE NOTICE unique_violation; RAISE WARNING USING MESSAGE = 'w'; END $$;
-- case: values in messages
CREATE TYPE pair AS (a int, b text);
DO $$
DECLARE r record; p pair := (1, 'x y'); b boolean := true; n numeric := 1.50; a text[] := '{a,"b c",NULL}'; u uuid := 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'; c "char" := 'r'; o oid := 42;
    rc regclass := 'pg_class'; rt regtype := 'int4'; d date := '2024-02-29'; j jsonb := '{"b": 1, "a": [1, 2]}'; f float8 := 0.1; bi bigint := 9000000000;
BEGIN
    SELECT 1 AS x, NULL AS y, 'q"r' AS z INTO r;
    RAISE NOTICE '% % % % % %', r, p, b, n, a, NULL;
    RAISE NOTICE '% % % % % %', u, c, o, rc, rt, bi;
    RAISE NOTICE '% % %', d, j, f;
    RAISE NOTICE '%', r.y; RAISE NOTICE '%%%', 5; RAISE NOTICE '%', '%'; RAISE NOTICE '%', ARRAY[[1,2],[3,4]];
    RAISE NOTICE '%', true::text; RAISE NOTICE '%', (SELECT count(*) FROM pg_namespace WHERE nspname = 'public');
END $$;
