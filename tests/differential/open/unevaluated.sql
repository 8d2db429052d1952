-- case: names of objects by reg types: what is not evaluated
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
-- case: the session: what is not evaluated
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
-- case: privileges: what is not evaluated
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
DO $$ BEGIN
    RAISE NOTICE '% %', has_column_privilege('pgproof_case_b', '"My App".t', 'b', 'UPDATE'), has_column_privilege('pgproof_case_a', '"My App".t', 'b', 'UPDATE');
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', has_schema_privilege('pgproof_case_a', 'My App', 'USAGE WITH GRANT OPTION'), has_any_column_privilege('pgproof_case_b', '"My App".t', 'UPDATE');
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', pg_has_role('pgproof_case_b', 'pgproof_case_a', 'MEMBER'), pg_has_role('pgproof_case_a', 'pgproof_case_b', 'USAGE');
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', has_type_privilege('pgproof_case_a', 'int4', 'USAGE'), has_language_privilege('pgproof_case_a', 'plpgsql', 'USAGE');
END $$;
DO $$ BEGIN PERFORM has_table_privilege('pg_class', 'EXECUTE'); END $$;
-- case: definitions: what is not evaluated
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
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT indexrelid::regclass, pg_get_indexdef(indexrelid), pg_get_expr(indpred, indrelid) AS p FROM pg_index WHERE indrelid = '"T t"'::regclass ORDER BY 1::text LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    RAISE NOTICE '%', pg_get_viewdef('"V v"');
END $$;
DO $$ DECLARE r record; BEGIN
    RAISE NOTICE '% | % | %', pg_get_function_arguments('fn'::regproc), pg_get_function_identity_arguments('fn'::regproc), pg_get_function_result('fn'::regproc);
END $$;
DO $$ DECLARE r record; BEGIN
    RAISE NOTICE '%', (SELECT pg_get_ruledef(oid) FROM pg_rewrite WHERE rulename = 'r r');
END $$;
DO $$ DECLARE r record; BEGIN
    RAISE NOTICE '% % %', obj_description('"T t"'::regclass, 'pg_class'), obj_description('fn'::regproc, 'pg_proc'), obj_description('public'::regnamespace, 'pg_namespace');
END $$;
DO $$ DECLARE r record; BEGIN
    RAISE NOTICE '% %', pg_get_indexdef('"u i"'::regclass, 1, false), pg_get_indexdef('"u i"'::regclass, 2, true);
END $$;
-- case: columns of information_schema: what is not evaluated
CREATE DOMAIN dom AS varchar(7);
CREATE TYPE mood AS ENUM ('a');
CREATE TABLE "T t" (id bigint GENERATED BY DEFAULT AS IDENTITY, a varchar(20) NOT NULL DEFAULT 'x', b numeric(6, 2), c timestamptz(3), d int[], e mood, f dom, g boolean DEFAULT true, h double precision, i uuid, j jsonb, k text GENERATED ALWAYS AS (a || '!') STORED);
CREATE VIEW v AS SELECT id, a FROM "T t";
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT table_schema, table_name, table_type, is_insertable_into FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 2 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT table_name, view_definition, check_option, is_updatable FROM information_schema.views WHERE table_schema = 'public' LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT domain_name, data_type, character_maximum_length FROM information_schema.domains WHERE domain_schema = 'public' LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
-- case: constraints, routines, triggers and privileges of information_schema: what is not evaluated
CREATE TABLE p (id int PRIMARY KEY, u text UNIQUE, CONSTRAINT "c k" CHECK (id > 0));
CREATE TABLE "C c" (pid int CONSTRAINT "f k" REFERENCES p ON UPDATE CASCADE ON DELETE SET NULL);
CREATE FUNCTION fn(a int, INOUT b text) LANGUAGE sql IMMUTABLE AS 'SELECT b';
CREATE PROCEDURE pr() LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN END';
CREATE FUNCTION tg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER trg BEFORE INSERT OR DELETE ON p FOR EACH ROW EXECUTE FUNCTION tg();
GRANT SELECT, UPDATE ON p TO PUBLIC;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT constraint_name, table_name, column_name, ordinal_position, position_in_unique_constraint FROM information_schema.key_column_usage WHERE table_schema = 'public' ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT parameter_name, parameter_mode, data_type, ordinal_position FROM information_schema.parameters WHERE specific_schema = 'public' AND specific_name LIKE 'fn%' ORDER BY 4 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT trigger_name, event_manipulation, event_object_table, action_timing, action_orientation, action_statement FROM information_schema.triggers ORDER BY 2 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
-- case: rows of pg_catalog for every kind of object: what is not evaluated
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
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT typname, typtype, typcategory, typnotnull, typdefault, typbasetype::regtype, typelem::regtype, typarray::regtype, typrelid::regclass FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd', 'c') AND typname IN ('E e', 'comp', 'dom') ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT sequencename, increment_by, max_value, last_value FROM pg_sequences ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT stxname, stxkeys FROM pg_statistic_ext LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT pubname, puballtables, pubinsert FROM pg_publication LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT proname, prokind, pronargs, proretset, provolatile, prosecdef, prolang > 0 AS l FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname = 'agg' LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT oprname, oprleft::regtype, oprright::regtype, oprcode FROM pg_operator WHERE oprname = '===' LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT collname, collprovider FROM pg_collation WHERE collname = 'coll' LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT castsource::regtype, casttarget::regtype, castmethod, castcontext FROM pg_cast WHERE casttarget = '"E e"'::regtype LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT extname, extnamespace::regnamespace, extrelocatable FROM pg_extension ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT amname FROM pg_am WHERE amname IN ('btree', 'heap') ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT attname, attnum, atttypmod, attndims, atthasdef, attidentity, attgenerated, attislocal, attinhcount FROM pg_attribute WHERE attrelid = '"Kid"'::regclass AND attnum > 0 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT deptype, refobjid::regclass FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = 't_id_seq'::regclass AND refclassid = 'pg_class'::regclass LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
-- case: LIKE, ILIKE, SIMILAR TO and regular expressions: what is not evaluated
DO $$ BEGIN
    RAISE NOTICE '% % % %', 'abc' SIMILAR TO '(a|x)b%', 'abc' SIMILAR TO 'b', 'abc' NOT SIMILAR TO 'a_c', 'a1' SIMILAR TO '[a-z][0-9]';
END $$;
DO $$ BEGIN PERFORM 'a' ~ '('; END $$;
-- case: CASE, COALESCE, NULLIF, GREATEST and LEAST: what is not evaluated
DO $$ BEGIN
    RAISE NOTICE '% % %', CASE WHEN true THEN 1 ELSE 2.5 END, coalesce(1, 2.5), pg_typeof(coalesce(1, 2.5));
END $$;
-- case: arithmetic: what is not evaluated
DO $$ BEGIN
    RAISE NOTICE '% % % % %', 7 / 2, -7 / 2, 7 % 3, -7 % 3, 2 ^ 10;
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % % %', 7.0 / 2, 1.5 + 1, 2.50 * 2, 10 - 0.1;
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % % %', round(2.5), round(2.567, 2), ceil(1.1), floor(-1.1);
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % % %', abs(-5), mod(10, 3), power(2, 3), sqrt(16);
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % % %', 1e3, 1 / 3.0, 100::numeric(5, 2), trunc(1.99);
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % % %', 5 & 3, 5 | 3, 5 # 3, 1 << 4;
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', sign(-3), div(7, 2), ceiling(2);
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', pg_typeof(1 + 1::bigint), pg_typeof(1 / 2.0);
END $$;
-- case: casts between types: what is not evaluated
DO $$ BEGIN
    RAISE NOTICE '% % %', 'abcdef'::varchar(3), 'abc'::char(5) || '|', 'x'::name;
END $$;
-- case: functions of strings: what is not evaluated
DO $$ BEGIN
    RAISE NOTICE '% % % %', replace('a.b.c', '.', '_'), translate('abc', 'ab', 'xy'), translate('abc', 'ab', 'x'), overlay('abcdef' PLACING 'ZZ' FROM 2 FOR 3);
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', regexp_split_to_array('a, b,c', ',\s*'), (SELECT array_agg(m[1]) FROM regexp_matches('a1b22', '\d+', 'g') m);
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % % %', chr(65), ascii('a'), md5('abc'), starts_with('abc', 'ab');
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', to_hex(255), encode('abc', 'hex'), encode('abc'::bytea, 'base64');
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', parse_ident('a."B c"'), to_char(1234.5, 'FM9999.00'), to_char(7, 'FM000');
END $$;
-- case: functions of arrays: what is not evaluated
DO $$ DECLARE a int[] := ARRAY[3, 1, 2]; t text[] := '{}'; BEGIN
    RAISE NOTICE '% % %', array_to_string(a, ','), array_ndims(ARRAY[[1], [2]]), array_dims(ARRAY[[1, 2], [3, 4]]);
END $$;
DO $$ DECLARE a int[] := ARRAY[3, 1, 2]; t text[] := '{}'; BEGIN
    RAISE NOTICE '% %', array_fill(0, ARRAY[3]), (SELECT array_agg(x ORDER BY x) FROM unnest(a) x);
END $$;
DO $$ DECLARE a int[] := ARRAY[3, 1, 2]; t text[] := '{}'; BEGIN
    RAISE NOTICE '% %', trim_array(a, 1), ARRAY[]::int[];
END $$;
-- case: functions of dates: what is not evaluated
DO $$ DECLARE d date := '2024-02-28'; t timestamp := '2024-02-28 13:45:06'; i interval := '1 day 2 hours'; BEGIN
    RAISE NOTICE '% %', to_date('20240301', 'YYYYMMDD'), to_timestamp(0) AT TIME ZONE 'UTC';
END $$;
-- case: functions of JSON: what is not evaluated
DO $$ DECLARE j jsonb := '{"a": 1, "b": {"c": [10, 20]}, "s": "text", "n": null}'; BEGIN
    RAISE NOTICE '% % % %', j -> 'a', j ->> 's', j -> 'b' -> 'c' -> 1, j #>> '{b,c,0}';
END $$;
DO $$ DECLARE j jsonb := '{"a": 1, "b": {"c": [10, 20]}, "s": "text", "n": null}'; BEGIN
    RAISE NOTICE '% % % %', j ? 'a', j ?| ARRAY['x', 's'], j ?& ARRAY['a', 'x'], j @> '{"a": 1}';
END $$;
DO $$ DECLARE j jsonb := '{"a": 1, "b": {"c": [10, 20]}, "s": "text", "n": null}'; BEGIN
    RAISE NOTICE '% % %', j ->> 'n' IS NULL, j -> 'zz' IS NULL, (j ->> 'a')::int + 1;
END $$;
DO $$ DECLARE j jsonb := '{"a": 1, "b": {"c": [10, 20]}, "s": "text", "n": null}'; BEGIN
    RAISE NOTICE '% %', j - 'b' - 's', j || '{"z": true}';
END $$;
DO $$ DECLARE j jsonb := '{"a": 1, "b": {"c": [10, 20]}, "s": "text", "n": null}'; BEGIN
    RAISE NOTICE '% %', jsonb_build_object('k', 1, 'l', 'm'), jsonb_build_array(1, 'x', NULL);
END $$;
DO $$ DECLARE j jsonb := '{"a": 1, "b": {"c": [10, 20]}, "s": "text", "n": null}'; BEGIN
    RAISE NOTICE '% % %', jsonb_typeof(j), jsonb_typeof(j -> 'a'), jsonb_array_length(j #> '{b,c}');
END $$;
DO $$ DECLARE j jsonb := '{"a": 1, "b": {"c": [10, 20]}, "s": "text", "n": null}'; BEGIN
    RAISE NOTICE '% %', to_jsonb('x'::text), to_jsonb(ARRAY[1, 2]);
END $$;
DO $$ DECLARE j jsonb := '{"a": 1, "b": {"c": [10, 20]}, "s": "text", "n": null}'; BEGIN
    RAISE NOTICE '%', (SELECT string_agg(key || '=' || value, ',' ORDER BY key) FROM jsonb_each_text('{"p": 1, "q": "r"}'));
END $$;
DO $$ DECLARE j jsonb := '{"a": 1, "b": {"c": [10, 20]}, "s": "text", "n": null}'; BEGIN
    RAISE NOTICE '%', (SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(j) k);
END $$;
DO $$ DECLARE j jsonb := '{"a": 1, "b": {"c": [10, 20]}, "s": "text", "n": null}'; BEGIN
    RAISE NOTICE '%', (SELECT array_agg(e::text) FROM jsonb_array_elements('[1, "a", {"b": 2}]') e);
END $$;
DO $$ DECLARE j jsonb := '{"a": 1, "b": {"c": [10, 20]}, "s": "text", "n": null}'; BEGIN
    RAISE NOTICE '%', (SELECT array_agg(e) FROM jsonb_array_elements_text('["x", "y"]') e);
END $$;
DO $$ DECLARE j jsonb := '{"a": 1, "b": {"c": [10, 20]}, "s": "text", "n": null}'; BEGIN
    RAISE NOTICE '% %', '{"a": 1}'::json ->> 'a', '[1,2]'::json -> 0;
END $$;
DO $$ DECLARE j jsonb := '{"a": 1, "b": {"c": [10, 20]}, "s": "text", "n": null}'; BEGIN
    RAISE NOTICE '%', jsonb_set(j, '{b,c}', '[]');
END $$;
DO $$ DECLARE j jsonb := '{"a": 1, "b": {"c": [10, 20]}, "s": "text", "n": null}'; BEGIN
    RAISE NOTICE '%', row_to_json(ROW(1, 'x'));
END $$;
DO $$ BEGIN PERFORM jsonb_array_length('{}'); END $$;
-- case: inner, left, right, full and cross joins: what is not evaluated
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT * FROM (VALUES (1, 'a')) a (x, y) FULL JOIN (VALUES (2, 'b')) b (x, z) USING (x) ORDER BY x LOOP RAISE NOTICE 'full using %', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT j.* FROM ((VALUES (1)) a (x) JOIN (VALUES (1)) b (y) ON x = y) AS j LOOP RAISE NOTICE 'alias %', r; END LOOP;
END $$;
-- case: scalar, EXISTS, IN, ANY and ALL: what is not evaluated
CREATE TABLE "T" (id int, "B b" text);
DO $$ BEGIN
    RAISE NOTICE '% %', ROW(1, 2) = (SELECT 1, 2), (1, 2) < (1, 3);
END $$;
-- case: VALUES, unnest, generate_series and ROWS FROM: what is not evaluated
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT * FROM generate_series(1.0, 2.0, 0.5) AS g (n) LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
-- case: other directions of FETCH
DO $$
DECLARE c SCROLL CURSOR FOR SELECT generate_series(1, 5); n int;
BEGIN
    OPEN c;
    FETCH LAST FROM c INTO n; RAISE NOTICE '%', n;
    FETCH PRIOR FROM c INTO n; RAISE NOTICE '%', n;
    FETCH ABSOLUTE 2 FROM c INTO n; RAISE NOTICE '%', n;
    FETCH RELATIVE 1 FROM c INTO n; RAISE NOTICE '%', n;
    FETCH FIRST FROM c INTO n; RAISE NOTICE '%', n;
    CLOSE c;
END $$;
-- case: RETURN QUERY with columns of other types
CREATE FUNCTION dynamic(q text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE q USING 'p'; IF NOT FOUND THEN RETURN NEXT 'none'; END IF; END $$;
SELECT dynamic('SELECT 1');
-- case: the value of a function that returns nothing
CREATE FUNCTION nothing() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RETURN; END $$;
DO $$ BEGIN RAISE NOTICE '[%]', nothing(); END $$;
-- case: which of two functions a NULL with a type calls
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql STRICT AS 'SELECT n * 2';
CREATE FUNCTION twice(n text) RETURNS text LANGUAGE sql AS 'SELECT n || n';
DO $$ BEGIN RAISE NOTICE '%', twice(NULL::int); END $$;
