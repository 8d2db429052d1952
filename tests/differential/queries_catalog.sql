-- case: names of objects by reg types
CREATE SCHEMA "My App";
CREATE TABLE "My App"."T t" (id serial);
CREATE TABLE plain (id int);
CREATE TYPE "My App"."Kind" AS ENUM ('a');
CREATE FUNCTION "My App"."Do it"(a int, b text[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION simple() RETURNS int LANGUAGE sql AS 'SELECT 1';
DO $$
BEGIN
    RAISE NOTICE '% % %', '"My App"."T t"'::regclass, 'plain'::regclass, 'public.plain'::regclass;
    RAISE NOTICE '% % %', '"My App"."Kind"'::regtype, 'int'::regtype, 'varchar(5)'::regtype;
    RAISE NOTICE '% % %', 'timestamptz[]'::regtype, '"My App"."Kind"[]'::regtype, 'public.plain'::regtype;
    RAISE NOTICE '% %', '"My App"."Do it"(int, text[])'::regprocedure, 'simple()'::regprocedure;
    RAISE NOTICE '% %', 'simple'::regproc, '"My App"."Do it"'::regproc;
    RAISE NOTICE '% %', '"My App"'::regnamespace, 'public'::regnamespace;
    RAISE NOTICE '% % %', to_regclass('"My App"."T t"'), to_regclass('nope'), to_regclass('no.pe');
    RAISE NOTICE '% % %', to_regtype('"Kind"'), to_regtype('int4'), to_regprocedure('simple()');
    RAISE NOTICE '% % %', to_regproc('simple'), to_regnamespace('nope'), to_regrole('nope');
    RAISE NOTICE '% %', 'plain'::regclass::oid = (SELECT oid FROM pg_class WHERE relname = 'plain'), 'plain'::regclass::text || '!';
    RAISE NOTICE '% %', pg_typeof(1), pg_typeof('{}'::"My App"."Kind"[]);
    RAISE NOTICE '% % %', format_type('int4'::regtype, NULL), format_type(1043, 14), format_type(1700, 327686);
    PERFORM set_config('search_path', '"My App", public', false);
    RAISE NOTICE '% % %', '"T t"'::regclass, '"Kind"'::regtype, '"My App"."Do it"(int,text[])'::regprocedure;
END $$;
DO $$ BEGIN PERFORM 'a.b.c.d'::regclass; END $$;
DO $$ BEGIN PERFORM ''::regclass; END $$;
DO $$ BEGIN PERFORM 'no such'::regclass; END $$;
DO $$ BEGIN PERFORM '"No Such"'::regclass; END $$;
DO $$ BEGIN PERFORM 'no.such'::regtype; END $$;
DO $$ BEGIN PERFORM 'nothing'::regproc; END $$;
DO $$ BEGIN PERFORM 'lower'::regproc; END $$;
DO $$ BEGIN PERFORM 'lower'::regprocedure; END $$;
DO $$ BEGIN PERFORM 'lower(int)'::regprocedure; END $$;
-- case: the session
CREATE SCHEMA "My App";
DO $$
BEGIN
    RAISE NOTICE '% % %', current_user, session_user, current_role;
    RAISE NOTICE '% % %', current_schema, current_schema(), current_schemas(false);
    RAISE NOTICE '% %', current_schemas(true), current_setting('search_path');
    PERFORM set_config('search_path', '"My App",pg_catalog', true);
    RAISE NOTICE '% % %', current_schema, current_schemas(true), current_setting('search_path');
    PERFORM set_config('my.setting', 'value', true);
    RAISE NOTICE '% % %', current_setting('my.setting'), current_setting('my.other', true), current_setting('my.other', true) IS NULL;
    RAISE NOTICE '% %', current_setting('server_version_num')::int >= 140000, version() LIKE 'PostgreSQL %';
    SET LOCAL statement_timeout = '5s';
    RAISE NOTICE '%', current_setting('statement_timeout');
    RAISE NOTICE '% %', current_setting('is_superuser'), pg_backend_pid() IS NOT NULL;
    RAISE NOTICE '%', current_setting('server_version_num')::int / 10000 = split_part(current_setting('server_version'), '.', 1)::int;
END $$;
DO $$ BEGIN PERFORM current_setting('no.such'); END $$;
DO $$ BEGIN PERFORM current_setting('no_such'); END $$;
DO $$ BEGIN PERFORM set_config('no_such', 'x', false); END $$;
DO $$ BEGIN PERFORM set_config('search_path', 'nowhere', true); RAISE NOTICE '% %', current_schema IS NULL, current_schemas(false); END $$;
-- case: privileges
CREATE ROLE pgproof_case_a;
CREATE ROLE pgproof_case_b;
GRANT pgproof_case_a TO pgproof_case_b;
CREATE SCHEMA "My App";
CREATE TABLE "My App".t (a int, b int);
CREATE SEQUENCE "My App".s;
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
GRANT SELECT ON "My App".t TO pgproof_case_a;
GRANT UPDATE (b) ON "My App".t TO pgproof_case_b;
GRANT USAGE ON SCHEMA "My App" TO pgproof_case_a WITH GRANT OPTION;
GRANT USAGE ON SEQUENCE "My App".s TO pgproof_case_b;
REVOKE EXECUTE ON FUNCTION f(int) FROM PUBLIC;
DO $$
BEGIN
    RAISE NOTICE '% % %', has_table_privilege('pgproof_case_a', '"My App".t', 'SELECT'), has_table_privilege('pgproof_case_b', '"My App".t', 'SELECT'), has_table_privilege('pgproof_case_b', '"My App".t', 'INSERT');
    RAISE NOTICE '% %', has_table_privilege('pgproof_case_a', '"My App".t', 'INSERT, SELECT'), has_table_privilege('"My App".t', 'DELETE');
    RAISE NOTICE '% %', has_column_privilege('pgproof_case_b', '"My App".t', 'b', 'UPDATE'), has_column_privilege('pgproof_case_a', '"My App".t', 'b', 'UPDATE');
    RAISE NOTICE '% %', has_schema_privilege('pgproof_case_b', 'My App', 'USAGE'), has_schema_privilege('pgproof_case_b', 'My App', 'CREATE');
    RAISE NOTICE '% %', has_schema_privilege('pgproof_case_a', 'My App', 'USAGE WITH GRANT OPTION'), has_any_column_privilege('pgproof_case_b', '"My App".t', 'UPDATE');
    RAISE NOTICE '% %', has_sequence_privilege('pgproof_case_b', '"My App".s', 'USAGE'), has_sequence_privilege('pgproof_case_a', '"My App".s', 'USAGE');
    RAISE NOTICE '% %', has_function_privilege('pgproof_case_a', 'f(int)', 'EXECUTE'), has_function_privilege('f(int)', 'EXECUTE');
    RAISE NOTICE '% %', pg_has_role('pgproof_case_b', 'pgproof_case_a', 'MEMBER'), pg_has_role('pgproof_case_a', 'pgproof_case_b', 'USAGE');
    RAISE NOTICE '% %', has_type_privilege('pgproof_case_a', 'int4', 'USAGE'), has_language_privilege('pgproof_case_a', 'plpgsql', 'USAGE');
END $$;
DO $$ BEGIN PERFORM has_table_privilege('nobody_at_all', 'pg_class', 'SELECT'); END $$;
DO $$ BEGIN PERFORM has_table_privilege('nothing', 'SELECT'); END $$;
DO $$ BEGIN PERFORM has_table_privilege('pg_class', 'EXECUTE'); END $$;
DO $$ BEGIN PERFORM has_schema_privilege('nothing', 'USAGE'); END $$;
-- case: definitions
CREATE TABLE "T t" (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text DEFAULT 'x', b int CHECK (b > 0), c numeric(5, 2) GENERATED ALWAYS AS (b * 2) STORED);
CREATE UNIQUE INDEX "u i" ON "T t" (lower(a), b DESC) WHERE b > 5;
CREATE VIEW "V v" AS SELECT id, a FROM "T t" WHERE b > 1;
CREATE FUNCTION fn(a int, b text DEFAULT 'q') RETURNS TABLE (x int, y text) LANGUAGE sql STABLE AS $f$ SELECT a, b $f$;
CREATE FUNCTION tg() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN NEW; END $f$;
CREATE TRIGGER "t g" AFTER INSERT OR UPDATE OF a ON "T t" FOR EACH ROW WHEN (NEW.b > 1) EXECUTE FUNCTION tg();
CREATE RULE "r r" AS ON INSERT TO "V v" DO INSTEAD NOTHING;
COMMENT ON TABLE "T t" IS 'the table';
COMMENT ON COLUMN "T t".a IS 'the column';
COMMENT ON FUNCTION fn(int, text) IS 'the function';
COMMENT ON SCHEMA public IS 'the schema';
DO $$
DECLARE r record;
BEGIN
    FOR r IN SELECT conname, pg_get_constraintdef(oid), pg_get_constraintdef(oid, true) AS p FROM pg_constraint WHERE conrelid = '"T t"'::regclass AND contype <> 'n' ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT indexrelid::regclass, pg_get_indexdef(indexrelid), pg_get_expr(indpred, indrelid) AS p FROM pg_index WHERE indrelid = '"T t"'::regclass ORDER BY 1::text LOOP RAISE NOTICE '%', r; END LOOP;
    RAISE NOTICE '%', pg_get_viewdef('"V v"'::regclass);
    RAISE NOTICE '%', pg_get_viewdef('"V v"'::regclass, true);
    RAISE NOTICE '%', pg_get_viewdef('"V v"');
    RAISE NOTICE '%', pg_get_functiondef('fn'::regproc);
    RAISE NOTICE '% | % | %', pg_get_function_arguments('fn'::regproc), pg_get_function_identity_arguments('fn'::regproc), pg_get_function_result('fn'::regproc);
    RAISE NOTICE '%', (SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 't g');
    RAISE NOTICE '%', (SELECT pg_get_ruledef(oid) FROM pg_rewrite WHERE rulename = 'r r');
    FOR r IN SELECT attname, pg_get_expr(adbin, adrelid) AS d FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum WHERE adrelid = '"T t"'::regclass ORDER BY attnum LOOP RAISE NOTICE '%', r; END LOOP;
    RAISE NOTICE '% %', obj_description('"T t"'::regclass), col_description('"T t"'::regclass, 2);
    RAISE NOTICE '% % %', obj_description('"T t"'::regclass, 'pg_class'), obj_description('fn'::regproc, 'pg_proc'), obj_description('public'::regnamespace, 'pg_namespace');
    RAISE NOTICE '% %', pg_get_serial_sequence('"T t"', 'id'), pg_get_serial_sequence('"T t"', 'a');
    RAISE NOTICE '% %', pg_get_indexdef('"u i"'::regclass, 1, false), pg_get_indexdef('"u i"'::regclass, 2, true);
    RAISE NOTICE '%', (SELECT description FROM pg_description WHERE objoid = '"T t"'::regclass AND objsubid = 2);
    RAISE NOTICE '% %', pg_get_userbyid((SELECT relowner FROM pg_class WHERE relname = 'T t')), pg_table_is_visible('"T t"'::regclass);
END $$;
-- case: columns of information_schema
CREATE DOMAIN dom AS varchar(7);
CREATE TYPE mood AS ENUM ('a');
CREATE TABLE "T t" (id bigint GENERATED BY DEFAULT AS IDENTITY, a varchar(20) NOT NULL DEFAULT 'x', b numeric(6, 2), c timestamptz(3), d int[], e mood, f dom, g boolean DEFAULT true, h double precision, i uuid, j jsonb, k text GENERATED ALWAYS AS (a || '!') STORED);
CREATE VIEW v AS SELECT id, a FROM "T t";
DO $$
DECLARE r record;
BEGIN
    FOR r IN SELECT column_name, ordinal_position, column_default, is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale, datetime_precision, udt_schema, udt_name, domain_name, is_identity, identity_generation, is_generated, is_updatable
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'T t' ORDER BY ordinal_position LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT table_schema, table_name, table_type, is_insertable_into FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 2 LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT table_name, view_definition, check_option, is_updatable FROM information_schema.views WHERE table_schema = 'public' LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT schema_name, schema_owner FROM information_schema.schemata WHERE schema_name = 'public' LOOP RAISE NOTICE '%', r.schema_name; END LOOP;
    FOR r IN SELECT sequence_name, data_type, start_value, increment FROM information_schema.sequences WHERE sequence_schema = 'public' LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT domain_name, data_type, character_maximum_length FROM information_schema.domains WHERE domain_schema = 'public' LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
-- case: constraints, routines, triggers and privileges of information_schema
CREATE TABLE p (id int PRIMARY KEY, u text UNIQUE, CONSTRAINT "c k" CHECK (id > 0));
CREATE TABLE "C c" (pid int CONSTRAINT "f k" REFERENCES p ON UPDATE CASCADE ON DELETE SET NULL);
CREATE FUNCTION fn(a int, INOUT b text) LANGUAGE sql IMMUTABLE AS 'SELECT b';
CREATE PROCEDURE pr() LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN END';
CREATE FUNCTION tg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER trg BEFORE INSERT OR DELETE ON p FOR EACH ROW EXECUTE FUNCTION tg();
GRANT SELECT, UPDATE ON p TO PUBLIC;
DO $$
DECLARE r record;
BEGIN
    FOR r IN SELECT table_name, constraint_name, constraint_type, is_deferrable FROM information_schema.table_constraints WHERE table_schema = 'public' AND constraint_name !~ 'not_null' ORDER BY 1, 2 LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT constraint_name, unique_constraint_name, match_option, update_rule, delete_rule FROM information_schema.referential_constraints LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT constraint_name, table_name, column_name, ordinal_position, position_in_unique_constraint FROM information_schema.key_column_usage WHERE table_schema = 'public' ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT constraint_name, check_clause FROM information_schema.check_constraints WHERE constraint_schema = 'public' AND constraint_name !~ 'not_null' LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT routine_name, routine_type, data_type, security_type, external_language, is_deterministic FROM information_schema.routines WHERE routine_schema = 'public' ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT parameter_name, parameter_mode, data_type, ordinal_position FROM information_schema.parameters WHERE specific_schema = 'public' AND specific_name LIKE 'fn%' ORDER BY 4 LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT trigger_name, event_manipulation, event_object_table, action_timing, action_orientation, action_statement FROM information_schema.triggers ORDER BY 2 LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT grantee, privilege_type, is_grantable FROM information_schema.role_table_grants WHERE table_name = 'p' AND grantee = 'PUBLIC' ORDER BY 2 LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT grantee, privilege_type FROM information_schema.table_privileges WHERE table_name = 'p' AND grantee = 'PUBLIC' ORDER BY 2 LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT table_name, column_name FROM information_schema.constraint_column_usage WHERE constraint_name = 'f k' LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
-- case: rows of pg_catalog for every kind of object
CREATE EXTENSION IF NOT EXISTS pgcrypto;
CREATE TYPE "E e" AS ENUM ('x', 'y');
CREATE TYPE comp AS (a int, b text);
CREATE DOMAIN dom AS int NOT NULL DEFAULT 5 CHECK (VALUE > 1);
CREATE TABLE t (id serial PRIMARY KEY, e "E e") PARTITION BY RANGE (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (10);
CREATE TABLE "Kid" () INHERITS (t1);
CREATE TABLE base (a int);
CREATE TABLE "Kid" () INHERITS (base);
CREATE MATERIALIZED VIEW mv AS SELECT a FROM base;
CREATE SEQUENCE "S s" INCREMENT 5 MAXVALUE 100;
CREATE STATISTICS st ON id, e FROM t;
CREATE PUBLICATION pub FOR TABLE base;
CREATE AGGREGATE agg(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
CREATE COLLATION coll FROM "C";
CREATE CAST (text AS "E e") WITH INOUT;
DO $$
DECLARE r record;
BEGIN
    FOR r IN SELECT relname, relkind, relispartition, relhassubclass, relpersistence, relnatts, relhasindex, relreplident FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY relname LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT typname, typtype, typcategory, typnotnull, typdefault, typbasetype::regtype, typelem::regtype, typarray::regtype, typrelid::regclass FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd', 'c') AND typname IN ('E e', 'comp', 'dom') ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT enumlabel, enumsortorder FROM pg_enum WHERE enumtypid = '"E e"'::regtype ORDER BY enumsortorder LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT inhrelid::regclass, inhparent::regclass, inhseqno FROM pg_inherits ORDER BY 1::text LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT relname, pg_get_expr(relpartbound, oid), pg_get_partkeydef(oid) FROM pg_class WHERE relname IN ('t', 't1') ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT partrelid::regclass, partstrat, partnatts, partattrs FROM pg_partitioned_table LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT seqrelid::regclass, seqincrement, seqmax, seqcycle FROM pg_sequence ORDER BY 1::text LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT sequencename, increment_by, max_value, last_value FROM pg_sequences ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT matviewname, hasindexes, ispopulated, definition FROM pg_matviews LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT stxname, stxkeys FROM pg_statistic_ext LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT pubname, puballtables, pubinsert FROM pg_publication LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT pubname, schemaname, tablename FROM pg_publication_tables LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT proname, prokind, pronargs, proretset, provolatile, prosecdef, prolang > 0 AS l FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname = 'agg' LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT oprname, oprleft::regtype, oprright::regtype, oprcode FROM pg_operator WHERE oprname = '===' LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT collname, collprovider FROM pg_collation WHERE collname = 'coll' LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT castsource::regtype, casttarget::regtype, castmethod, castcontext FROM pg_cast WHERE casttarget = '"E e"'::regtype LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT extname, extnamespace::regnamespace, extrelocatable FROM pg_extension ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT lanname, lanpltrusted FROM pg_language WHERE lanname IN ('plpgsql', 'sql') ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT rolname, rolsuper, rolcanlogin, rolinherit FROM pg_roles WHERE rolname = 'postgres' LOOP RAISE NOTICE '%', r.rolname; END LOOP;
    FOR r IN SELECT datname = current_database() AS d FROM pg_database WHERE datname = current_database() LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT amname FROM pg_am WHERE amname IN ('btree', 'heap') ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT attname, attnum, atttypmod, attndims, atthasdef, attidentity, attgenerated, attislocal, attinhcount FROM pg_attribute WHERE attrelid = '"Kid"'::regclass AND attnum > 0 LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT deptype, refobjid::regclass FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = 't_id_seq'::regclass AND refclassid = 'pg_class'::regclass LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
