-- case: event triggers
CREATE FUNCTION ef() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '% %', tg_event, tg_tag; END $$;
CREATE FUNCTION "other F"() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER e ON nosuch EXECUTE FUNCTION ef();
CREATE EVENT TRIGGER e ON ddl_command_end WHEN tag IN ('CREATE NOTHING') EXECUTE FUNCTION ef();
CREATE EVENT TRIGGER e ON ddl_command_end WHEN tag IN ('CREATE ROLE') EXECUTE FUNCTION ef();
CREATE EVENT TRIGGER e ON ddl_command_end WHEN tag IN ('SELECT') EXECUTE FUNCTION ef();
CREATE EVENT TRIGGER r ON ddl_command_end WHEN tag IN ('REINDEX') EXECUTE FUNCTION ef();
CREATE EVENT TRIGGER e9 ON ddl_command_end WHEN tag IN ('create table', 'DROP TABLE') EXECUTE FUNCTION ef();
CREATE EVENT TRIGGER e ON table_rewrite WHEN tag IN ('CREATE TABLE') EXECUTE FUNCTION ef();
CREATE EVENT TRIGGER w ON table_rewrite WHEN tag IN ('ALTER TABLE') EXECUTE FUNCTION "other F"();
CREATE EVENT TRIGGER e ON ddl_command_end WHEN tag IN ('CREATE TABLE') AND tag IN ('DROP TABLE') EXECUTE FUNCTION ef();
CREATE EVENT TRIGGER e ON ddl_command_end WHEN food IN ('CREATE TABLE') EXECUTE FUNCTION ef();
CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION nosuch();
CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION tf();
CREATE EVENT TRIGGER "E 2" ON ddl_command_end EXECUTE PROCEDURE public.ef();
CREATE EVENT TRIGGER "E 2" ON ddl_command_end EXECUTE FUNCTION nosuch();
CREATE EVENT TRIGGER l ON login WHEN tag IN ('x') EXECUTE FUNCTION ef();
ALTER EVENT TRIGGER nosuch DISABLE;
ALTER EVENT TRIGGER "E 2" ENABLE ALWAYS;
ALTER EVENT TRIGGER w ENABLE REPLICA;
ALTER EVENT TRIGGER "E 2" RENAME TO e9;
ALTER EVENT TRIGGER "E 2" RENAME TO e3;
ALTER EVENT TRIGGER nosuch RENAME TO e4;
CREATE ROLE alice;
CREATE ROLE boss SUPERUSER;
ALTER EVENT TRIGGER e3 OWNER TO alice;
ALTER EVENT TRIGGER e9 OWNER TO boss;
COMMENT ON EVENT TRIGGER e3 IS 'watches';
COMMENT ON EVENT TRIGGER nosuch IS 'watches';
DROP EVENT TRIGGER nosuch;
DROP EVENT TRIGGER IF EXISTS nosuch;
DROP FUNCTION ef();
SET ROLE alice;
CREATE EVENT TRIGGER z ON ddl_command_end EXECUTE FUNCTION ef();
CREATE EVENT TRIGGER z ON nosuch EXECUTE FUNCTION ef();
ALTER EVENT TRIGGER e3 DISABLE;
ALTER EVENT TRIGGER e3 RENAME TO zz;
COMMENT ON EVENT TRIGGER e3 IS 'x';
DROP EVENT TRIGGER e3;
RESET ROLE;
DROP ROLE boss;
DROP EVENT TRIGGER w;
CREATE EXTENSION pgcrypto;
COMMENT ON EXTENSION pgcrypto IS NULL;
ALTER EXTENSION pgcrypto ADD EVENT TRIGGER e3;
DROP EVENT TRIGGER e3;
ALTER EXTENSION pgcrypto DROP EVENT TRIGGER e3;
-- case: an event trigger refuses what it watches
CREATE TABLE t (a int);
CREATE TABLE u (a int);
CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'no % here', tg_tag USING ERRCODE = '0A000';
END $$;
CREATE EVENT TRIGGER no_drop ON ddl_command_start WHEN tag IN ('DROP TABLE', 'DROP SCHEMA') EXECUTE FUNCTION refuse();
DROP TABLE t;
DROP TABLE IF EXISTS nosuch;
DROP SCHEMA public;
ALTER TABLE t ADD COLUMN b int;
DO 'BEGIN DROP TABLE t; EXCEPTION WHEN feature_not_supported THEN CREATE TABLE refused (a int); END';
ALTER EVENT TRIGGER no_drop DISABLE;
DROP TABLE t;
ALTER EVENT TRIGGER no_drop ENABLE REPLICA;
DROP TABLE u;
ALTER EVENT TRIGGER no_drop ENABLE;
DROP TABLE refused;
SET session_replication_role = replica;
DROP TABLE refused;
RESET session_replication_role;
DROP EVENT TRIGGER no_drop;
CREATE EVENT TRIGGER no_loss ON sql_drop EXECUTE FUNCTION refuse();
CREATE TABLE v (a int, b int);
ALTER TABLE v DROP COLUMN b;
DROP TABLE v;
DROP TABLE IF EXISTS nosuch;
DROP EVENT TRIGGER no_loss;
-- case: an event trigger that does more with new tables
CREATE FUNCTION secure() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    made record;
BEGIN
    FOR made IN SELECT * FROM pg_event_trigger_ddl_commands()
                WHERE command_tag IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO') AND object_type = 'table'
    LOOP
        IF made.schema_name = 'public' THEN
            EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', made.object_identity);
        END IF;
    END LOOP;
END $$;
CREATE SCHEMA other;
CREATE TABLE before (a int);
CREATE EVENT TRIGGER secure ON ddl_command_end WHEN tag IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO')
    EXECUTE FUNCTION secure();
CREATE TABLE t (a int PRIMARY KEY, b serial, c int UNIQUE, d bigint GENERATED ALWAYS AS IDENTITY);
CREATE TABLE "T 2" (a int REFERENCES t, b int REFERENCES t (c));
CREATE TABLE other.t (a int);
CREATE TABLE IF NOT EXISTS before (a int);
CREATE TABLE u AS SELECT 1 AS a;
SELECT 1 AS a INTO v;
CREATE TABLE parted (a int) PARTITION BY LIST (a);
CREATE TABLE part PARTITION OF parted FOR VALUES IN (1);
CREATE VIEW w AS SELECT 1 AS a;
DO 'BEGIN CREATE TABLE nested (a int); END';
DROP EVENT TRIGGER secure;
-- case: what event triggers are told
CREATE FUNCTION told() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    told text;
BEGIN
    SELECT string_agg(concat_ws(' ', command_tag, object_type, schema_name, object_identity, objsubid, in_extension), '; ')
    INTO told FROM pg_event_trigger_ddl_commands();
    EXECUTE format('COMMENT ON FUNCTION told() IS %L', told);
END $$;
CREATE SCHEMA "Other";
CREATE EVENT TRIGGER told ON ddl_command_end
    WHEN tag IN ('CREATE TABLE', 'ALTER TABLE', 'CREATE INDEX', 'CREATE VIEW', 'CREATE FUNCTION', 'CREATE SCHEMA', 'CREATE SEQUENCE', 'DROP TABLE')
    EXECUTE FUNCTION told();
CREATE TABLE t (a int PRIMARY KEY, b serial, c int UNIQUE);
-- case: what event triggers are told of other tables
CREATE FUNCTION told() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    told text;
BEGIN
    SELECT string_agg(concat_ws(' ', command_tag, object_type, schema_name, object_identity, objsubid, in_extension), '; ')
    INTO told FROM pg_event_trigger_ddl_commands();
    EXECUTE format('COMMENT ON FUNCTION told() IS %L', told);
END $$;
CREATE SCHEMA "Other";
CREATE TABLE t (a int PRIMARY KEY);
CREATE EVENT TRIGGER told ON ddl_command_end WHEN tag IN ('CREATE TABLE') EXECUTE FUNCTION told();
CREATE TABLE "Other"."T 1" (a int REFERENCES t, b int GENERATED ALWAYS AS IDENTITY, CHECK (a > 0));
-- case: what event triggers are told of functions
CREATE FUNCTION told() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    told text;
BEGIN
    SELECT string_agg(concat_ws(' ', command_tag, object_type, schema_name, object_identity, objsubid, in_extension), '; ')
    INTO told FROM pg_event_trigger_ddl_commands();
    EXECUTE format('COMMENT ON FUNCTION told() IS %L', told);
END $$;
CREATE TYPE mood AS ENUM ('a');
CREATE EVENT TRIGGER told ON ddl_command_end WHEN tag IN ('CREATE FUNCTION') EXECUTE FUNCTION told();
CREATE FUNCTION "F"(int, mood, text[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
-- case: what event triggers are told of changes
CREATE FUNCTION told() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    told text;
BEGIN
    SELECT string_agg(concat_ws(' ', command_tag, object_type, schema_name, object_identity, objsubid, in_extension), '; ')
    INTO told FROM pg_event_trigger_ddl_commands();
    EXECUTE format('COMMENT ON FUNCTION told() IS %L', told);
END $$;
CREATE TABLE "T" (a int);
CREATE EVENT TRIGGER told ON ddl_command_end WHEN tag IN ('ALTER TABLE') EXECUTE FUNCTION told();
ALTER TABLE "T" ADD COLUMN b int DEFAULT 1, ADD PRIMARY KEY (a);
-- case: outside of an event trigger
CREATE FUNCTION secure() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
SELECT * FROM pg_event_trigger_ddl_commands();
SELECT * FROM pg_event_trigger_dropped_objects();
SELECT secure();
-- case: event triggers and statements that they are not for
CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '%', tg_tag; END $$;
CREATE TABLE t (a int);
CREATE EVENT TRIGGER all_of_them ON ddl_command_start EXECUTE FUNCTION refuse();
CREATE ROLE alice;
ALTER ROLE alice LOGIN;
GRANT alice TO CURRENT_USER;
COMMENT ON ROLE alice IS 'x';
COMMENT ON TABLE t IS 'x';
COMMENT ON EVENT TRIGGER all_of_them IS 'x';
GRANT SELECT ON t TO alice;
REVOKE SELECT ON t FROM alice;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO alice;
CREATE SCHEMA s CREATE TABLE x (a int);
ALTER TABLE t RENAME TO u;
ALTER TABLE t RENAME COLUMN a TO b;
ALTER INDEX nosuch RENAME TO b;
ALTER TABLE t OWNER TO alice;
ALTER FUNCTION refuse() OWNER TO alice;
ALTER TABLE t SET SCHEMA pg_temp;
CREATE TYPE e AS ENUM ();
CREATE DOMAIN d AS int;
CREATE POLICY p ON t;
CREATE SEQUENCE s;
CREATE VIEW v AS SELECT 1;
CREATE MATERIALIZED VIEW v AS SELECT 1;
CREATE TABLE v AS SELECT 1 AS a;
SELECT 1 AS a INTO v;
CREATE EXTENSION pgcrypto;
CREATE PUBLICATION p;
CREATE STATISTICS st ON a, b FROM t;
CREATE AGGREGATE total (int) (sfunc = int4pl, stype = int);
CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq);
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE PROCEDURE pr() LANGUAGE sql AS '';
CREATE COLLATION c (locale = 'C');
DROP FUNCTION refuse();
DROP AGGREGATE IF EXISTS nosuch(int);
TRUNCATE t;
INSERT INTO t VALUES (1);
SELECT 1;
ANALYZE t;
DROP ROLE alice;
ALTER EVENT TRIGGER all_of_them DISABLE;
DROP TABLE t;
-- case: what depends on an extension that is always there
CREATE TABLE "T" (a int);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER "Tr" AFTER UPDATE ON "T" FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TRIGGER "Tr" ON "T" RENAME TO "Another name";
ALTER TRIGGER "Another name" ON "T" DEPENDS ON EXTENSION plpgsql;
ALTER FUNCTION touch() DEPENDS ON EXTENSION plpgsql;
ALTER FUNCTION touch() NO DEPENDS ON EXTENSION plpgsql;
ALTER FUNCTION touch() DEPENDS ON EXTENSION nowhere;
-- case: an index that is made anew depends on no extension
CREATE TABLE "T 3" (id int PRIMARY KEY, "Name" text UNIQUE);
ALTER INDEX "T 3_pkey" DEPENDS ON EXTENSION plpgsql;
ALTER INDEX "T 3_Name_key" DEPENDS ON EXTENSION plpgsql;
ALTER TABLE "T 3" ALTER id TYPE bigint;
