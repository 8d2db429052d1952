-- case: names of objects by reg types
CREATE SCHEMA "My App";
CREATE TABLE "My App"."T t" (id serial);
CREATE TABLE plain (id int);
CREATE TYPE "My App"."Kind" AS ENUM ('a');
CREATE FUNCTION "My App"."Do it"(a int, b text[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION simple() RETURNS int LANGUAGE sql AS 'SELECT 1';
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
DO $$ BEGIN
    RAISE NOTICE '% % %', has_table_privilege('pgproof_case_a', '"My App".t', 'SELECT'), has_table_privilege('pgproof_case_b', '"My App".t', 'SELECT'), has_table_privilege('pgproof_case_b', '"My App".t', 'INSERT');
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', has_table_privilege('pgproof_case_a', '"My App".t', 'INSERT, SELECT'), has_table_privilege('"My App".t', 'DELETE');
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', has_schema_privilege('pgproof_case_b', 'My App', 'USAGE'), has_schema_privilege('pgproof_case_b', 'My App', 'CREATE');
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', has_sequence_privilege('pgproof_case_b', '"My App".s', 'USAGE'), has_sequence_privilege('pgproof_case_a', '"My App".s', 'USAGE');
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', has_function_privilege('pgproof_case_a', 'f(int)', 'EXECUTE'), has_function_privilege('f(int)', 'EXECUTE');
END $$;
DO $$ BEGIN PERFORM has_table_privilege('nobody_at_all', 'pg_class', 'SELECT'); END $$;
DO $$ BEGIN PERFORM has_table_privilege('nothing', 'SELECT'); END $$;
DO $$ BEGIN PERFORM has_schema_privilege('nothing', 'USAGE'); END $$;
-- case: definitions, 1
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
    FOR r IN SELECT conname, pg_get_constraintdef(oid), pg_get_constraintdef(oid, true) AS p FROM pg_constraint WHERE conrelid = '"T t"'::regclass AND contype <> 'n' ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    RAISE NOTICE '%', pg_get_viewdef('"V v"'::regclass);
END $$;
DO $$ DECLARE r record; BEGIN
    RAISE NOTICE '%', pg_get_viewdef('"V v"'::regclass, true);
END $$;
DO $$ DECLARE r record; BEGIN
    RAISE NOTICE '%', pg_get_functiondef('fn'::regproc);
END $$;
DO $$ DECLARE r record; BEGIN
    RAISE NOTICE '%', (SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 't g');
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT attname, pg_get_expr(adbin, adrelid) AS d FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum WHERE adrelid = '"T t"'::regclass ORDER BY attnum LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    RAISE NOTICE '% %', obj_description('"T t"'::regclass), col_description('"T t"'::regclass, 2);
END $$;
-- case: definitions, 2
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
    RAISE NOTICE '% %', pg_get_serial_sequence('"T t"', 'id'), pg_get_serial_sequence('"T t"', 'a');
END $$;
DO $$ DECLARE r record; BEGIN
    RAISE NOTICE '%', (SELECT description FROM pg_description WHERE objoid = '"T t"'::regclass AND objsubid = 2);
END $$;
DO $$ DECLARE r record; BEGIN
    RAISE NOTICE '% %', pg_get_userbyid((SELECT relowner FROM pg_class WHERE relname = 'T t')), pg_table_is_visible('"T t"'::regclass);
END $$;
-- case: columns of information_schema
CREATE DOMAIN dom AS varchar(7);
CREATE TYPE mood AS ENUM ('a');
CREATE TABLE "T t" (id bigint GENERATED BY DEFAULT AS IDENTITY, a varchar(20) NOT NULL DEFAULT 'x', b numeric(6, 2), c timestamptz(3), d int[], e mood, f dom, g boolean DEFAULT true, h double precision, i uuid, j jsonb, k text GENERATED ALWAYS AS (a || '!') STORED);
CREATE VIEW v AS SELECT id, a FROM "T t";
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT column_name, ordinal_position, column_default, is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale, datetime_precision, udt_schema, udt_name, domain_name, is_identity, identity_generation, is_generated, is_updatable
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'T t' ORDER BY ordinal_position LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT schema_name, schema_owner FROM information_schema.schemata WHERE schema_name = 'public' LOOP RAISE NOTICE '%', r.schema_name; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT sequence_name, data_type, start_value, increment FROM information_schema.sequences WHERE sequence_schema = 'public' LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
-- case: constraints, routines, triggers and privileges of information_schema
CREATE TABLE p (id int PRIMARY KEY, u text UNIQUE, CONSTRAINT "c k" CHECK (id > 0));
CREATE TABLE "C c" (pid int CONSTRAINT "f k" REFERENCES p ON UPDATE CASCADE ON DELETE SET NULL);
CREATE FUNCTION fn(a int, INOUT b text) LANGUAGE sql IMMUTABLE AS 'SELECT b';
CREATE PROCEDURE pr() LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN END';
CREATE FUNCTION tg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER trg BEFORE INSERT OR DELETE ON p FOR EACH ROW EXECUTE FUNCTION tg();
GRANT SELECT, UPDATE ON p TO PUBLIC;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT table_name, constraint_name, constraint_type, is_deferrable FROM information_schema.table_constraints WHERE table_schema = 'public' AND constraint_name !~ 'not_null' ORDER BY 1, 2 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT constraint_name, unique_constraint_name, match_option, update_rule, delete_rule FROM information_schema.referential_constraints LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT constraint_name, check_clause FROM information_schema.check_constraints WHERE constraint_schema = 'public' AND constraint_name !~ 'not_null' LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT routine_name, routine_type, data_type, security_type, external_language, is_deterministic FROM information_schema.routines WHERE routine_schema = 'public' ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT grantee, privilege_type, is_grantable FROM information_schema.role_table_grants WHERE table_name = 'p' AND grantee = 'PUBLIC' ORDER BY 2 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT grantee, privilege_type FROM information_schema.table_privileges WHERE table_name = 'p' AND grantee = 'PUBLIC' ORDER BY 2 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT table_name, column_name FROM information_schema.constraint_column_usage WHERE constraint_name = 'f k' LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
-- case: rows of pg_catalog for every kind of object, 1
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
    FOR r IN SELECT relname, relkind, relispartition, relhassubclass, relpersistence, relnatts, relhasindex, relreplident FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY relname LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT enumlabel, enumsortorder FROM pg_enum WHERE enumtypid = '"E e"'::regtype ORDER BY enumsortorder LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT inhrelid::regclass, inhparent::regclass, inhseqno FROM pg_inherits ORDER BY 1::text LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT relname, pg_get_expr(relpartbound, oid), pg_get_partkeydef(oid) FROM pg_class WHERE relname IN ('t', 't1') ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT partrelid::regclass, partstrat, partnatts, partattrs FROM pg_partitioned_table LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT seqrelid::regclass, seqincrement, seqmax, seqcycle FROM pg_sequence ORDER BY 1::text LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT matviewname, hasindexes, ispopulated, definition FROM pg_matviews LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
-- case: rows of pg_catalog for every kind of object, 2
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
    FOR r IN SELECT pubname, schemaname, tablename FROM pg_publication_tables LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT lanname, lanpltrusted FROM pg_language WHERE lanname IN ('plpgsql', 'sql') ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT rolname, rolsuper, rolcanlogin, rolinherit FROM pg_roles WHERE rolname = 'postgres' LOOP RAISE NOTICE '%', r.rolname; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT datname = current_database() AS d FROM pg_database WHERE datname = current_database() LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
