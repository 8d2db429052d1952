-- case: EXECUTE INTO and USING
CREATE TABLE "Odd T" (id int);
DO $$
DECLARE n int; t text; r record; a text[];
BEGIN
    EXECUTE 'SELECT $1 + $2, $3' INTO n, t USING 1, 2, 'three';
    EXECUTE 'SELECT count(*) FROM pg_class WHERE relname = $1' INTO n USING 'Odd T';
    RAISE NOTICE '% %', n, t;
    EXECUTE 'SELECT relname AS a, relkind AS b FROM pg_class WHERE oid = $1::regclass' INTO r USING '"Odd T"';
    RAISE NOTICE '% %', r.a, r.b;
    EXECUTE format('SELECT array_agg(%I ORDER BY 1) FROM (VALUES (%L), (%L)) v (%1$I)', 'my col', 'z''z', 'a') INTO a;
    RAISE NOTICE '%', a;
    EXECUTE 'SELECT 1 WHERE false' INTO n;
    RAISE NOTICE '% %', n, FOUND;
    EXECUTE 'VALUES (4), (5)' INTO n; RAISE NOTICE '%', n;
    EXECUTE 'SELECT $1[2]' INTO t USING ARRAY['x', 'y']; RAISE NOTICE '%', t;
END $$;
DO $$ DECLARE n int; BEGIN EXECUTE 'SELECT 1 WHERE false' INTO STRICT n; END $$;
DO $$ DECLARE n int; BEGIN EXECUTE 'VALUES (1), (2)' INTO STRICT n; END $$;
DO $$ DECLARE n int; BEGIN EXECUTE 'SELECT $1'; END $$;
DO $$ DECLARE n int; BEGIN EXECUTE 'SELECT n'; END $$;
DO $$ DECLARE n int; BEGIN EXECUTE 'SELECT 1' INTO n USING 1 / 0; END $$;
DO $$ DECLARE n int; BEGIN EXECUTE 'CREATE TABLE into_nothing ()' INTO n; END $$;
DO $$ DECLARE n int; BEGIN EXECUTE 'SELECT ''x''' INTO n; END $$;
DO $$ BEGIN EXECUTE ''; END $$;
DO $$ BEGIN EXECUTE '   '; EXECUTE '-- nothing'; END $$;
DO $$ BEGIN EXECUTE 'SELECT 1 INTO x'; END $$;
DO $$ BEGIN EXECUTE 'BEGIN'; END $$;
DO $$ BEGIN EXECUTE 'COMMIT'; END $$;
DO $$ BEGIN EXECUTE 'SELEKT 1'; END $$;
DO $$ BEGIN EXECUTE 'CREATE TABLE "Odd T" ()'; END $$;
-- case: several statements in one EXECUTE
DO $$
BEGIN
    EXECUTE 'CREATE TABLE one (a int); CREATE TABLE two (b int); ALTER TABLE one ADD COLUMN "C c" text';
    EXECUTE concat('CREATE INDEX ', quote_ident('Idx One'), ' ON one (a);', E'\n', 'COMMENT ON TABLE one IS ', quote_literal('it''s'), ';');
END $$;
DO $$ BEGIN EXECUTE 'CREATE TABLE three (a int); CREATE TABLE one (b int)'; END $$;
-- case: format with every conversion
DO $$
BEGIN
    RAISE NOTICE '%', format('%s|%I|%L|%%', 'a b', 'a b', 'a''b');
    RAISE NOTICE '%', format('%2$s %1$s %s', 'one', 'two');
    RAISE NOTICE '%', format('[%10s] [%-10s] [%*s] [%-*s]', 'r', 'l', 6, 'w', 6, 'v');
    RAISE NOTICE '%', format('[%2$*1$s] [%-6I]', 5, 'x');
    RAISE NOTICE '%', format('%s %s %L', NULL, true, NULL);
    RAISE NOTICE '%', format('%I %I %I %I', 'plain', 'Upper', 'select', 'with"quote');
    RAISE NOTICE '%', format('%L %L', E'back\\slash', 5);
    RAISE NOTICE '%', format('%s %s', VARIADIC ARRAY['x', 'y']);
    RAISE NOTICE '%', format('%s', ARRAY['x', 'y']);
    RAISE NOTICE '%', format('none');
    RAISE NOTICE '%', format(NULL) IS NULL;
    RAISE NOTICE '%', format('%s %I', 'pg_class'::regclass, 'public'::regnamespace);
    RAISE NOTICE '%', format('%1$I.%2$I.%1$s', 'A', 'b');
END $$;
DO $$ BEGIN PERFORM format('%s'); END $$;
DO $$ BEGIN PERFORM format('%I', NULL); END $$;
DO $$ BEGIN PERFORM format('%d', 1); END $$;
DO $$ BEGIN PERFORM format('%', 1); END $$;
DO $$ BEGIN PERFORM format('%0$s', 1); END $$;
DO $$ BEGIN PERFORM format('%3$s', 1); END $$;
DO $$ BEGIN PERFORM format('%1s'); END $$;
DO $$ BEGIN PERFORM format('%*s', 'x', 'y'); END $$;
-- case: quoting
DO $$
BEGIN
    RAISE NOTICE '% % % %', quote_ident('plain'), quote_ident('Mixed'), quote_ident('two words'), quote_ident('a"b');
    RAISE NOTICE '% % % %', quote_ident('user'), quote_ident('name'), quote_ident('1st'), quote_ident('');
    RAISE NOTICE '% % %', quote_literal('it''s'), quote_literal(42), quote_literal(E'a\\b');
    RAISE NOTICE '% % %', quote_nullable(NULL), quote_nullable('x'), quote_nullable(true);
    RAISE NOTICE '% %', quote_literal(NULL::text) IS NULL, quote_ident(NULL) IS NULL;
    RAISE NOTICE '% % %', concat('a', NULL, 1, true, ARRAY[1, 2]), concat_ws(', ', 'a', NULL, 'b', 3), concat_ws(NULL, 'a') IS NULL;
    RAISE NOTICE '% %', concat(VARIADIC ARRAY['p', 'q']), concat_ws('-', VARIADIC ARRAY['p', NULL, 'q']);
    RAISE NOTICE '% % %', 'a' || 1, 1 || 'b', 'x' || NULL IS NULL;
    RAISE NOTICE '% %', ARRAY[1, 2] || 3, 0 || ARRAY[1];
END $$;
-- case: guards over many relations
CREATE EXTENSION IF NOT EXISTS pgcrypto;
CREATE TYPE "Kind" AS ENUM ('a', 'b');
CREATE TABLE "Orders" (id int PRIMARY KEY, kind "Kind", note text UNIQUE, owner int CONSTRAINT "owner fk" REFERENCES "Orders", CONSTRAINT "id ok" CHECK (id > 0));
CREATE INDEX "note idx" ON "Orders" (lower(note));
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER "Touch it" BEFORE UPDATE ON "Orders" FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE "Orders" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "see own" ON "Orders" FOR SELECT USING (owner = 1);
CREATE PUBLICATION pub FOR TABLE "Orders";
CREATE VIEW "Open" AS SELECT id FROM "Orders";
DO $$
DECLARE found_ text[] := '{}';
BEGIN
    IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'Orders' AND column_name = 'note' AND is_nullable = 'YES' AND data_type = 'text') THEN found_ := found_ || 'columns'::text; END IF;
    IF EXISTS (SELECT FROM information_schema.tables WHERE table_name = 'Orders' AND table_type = 'BASE TABLE') THEN found_ := array_append(found_, 'tables'); END IF;
    IF EXISTS (SELECT FROM information_schema.table_constraints WHERE constraint_name = 'owner fk' AND constraint_type = 'FOREIGN KEY') THEN found_ := found_ || ARRAY['table_constraints']; END IF;
    IF EXISTS (SELECT FROM information_schema.constraint_column_usage WHERE table_name = 'Orders' AND column_name = 'id' AND constraint_name = 'id ok') THEN found_ := found_ || '{constraint_column_usage}'; END IF;
    IF EXISTS (SELECT FROM information_schema.routines WHERE routine_name = 'touch' AND routine_type = 'FUNCTION') THEN found_ := found_ || 'routines'::text; END IF;
    IF EXISTS (SELECT FROM information_schema.triggers WHERE trigger_name = 'Touch it' AND event_object_table = 'Orders' AND event_manipulation = 'UPDATE') THEN found_ := found_ || 'triggers'::text; END IF;
    IF EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = 'Orders' AND n.nspname = 'public' AND c.relkind = 'r' AND c.relrowsecurity) THEN found_ := found_ || 'class'::text; END IF;
    IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'public."Orders"'::regclass AND attname = 'kind' AND NOT attisdropped) THEN found_ := found_ || 'attribute'::text; END IF;
    IF EXISTS (SELECT FROM pg_type t JOIN pg_enum e ON t.oid = e.enumtypid WHERE t.typname = 'Kind' AND e.enumlabel = 'b') THEN found_ := found_ || 'enum'::text; END IF;
    IF NOT EXISTS (SELECT FROM pg_enum WHERE enumlabel = 'c' AND enumtypid = '"Kind"'::regtype) THEN ALTER TYPE "Kind" ADD VALUE 'c'; END IF;
    IF EXISTS (SELECT FROM pg_constraint WHERE conname = 'id ok' AND conrelid = '"Orders"'::regclass AND contype = 'c') THEN found_ := found_ || 'constraint'::text; END IF;
    IF EXISTS (SELECT FROM pg_indexes WHERE indexname = 'note idx' AND indexdef ILIKE '%lower(note)%') THEN found_ := found_ || 'indexes'::text; END IF;
    IF EXISTS (SELECT FROM pg_index WHERE indexrelid = '"note idx"'::regclass AND NOT indisunique) THEN found_ := found_ || 'index'::text; END IF;
    IF EXISTS (SELECT FROM pg_policies WHERE policyname = 'see own' AND cmd = 'SELECT' AND tablename = 'Orders') THEN found_ := found_ || 'policies'::text; END IF;
    IF EXISTS (SELECT FROM pg_tables WHERE tablename = 'Orders' AND hasindexes AND rowsecurity) THEN found_ := found_ || 'pg_tables'::text; END IF;
    IF EXISTS (SELECT FROM pg_views WHERE viewname = 'Open') THEN found_ := found_ || 'views'::text; END IF;
    IF EXISTS (SELECT FROM pg_proc WHERE proname = 'touch' AND pronargs = 0 AND prorettype = 'trigger'::regtype) THEN found_ := found_ || 'proc'::text; END IF;
    IF EXISTS (SELECT FROM pg_trigger WHERE tgname = 'Touch it' AND tgrelid = '"Orders"'::regclass AND NOT tgisinternal) THEN found_ := found_ || 'trigger'::text; END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = current_user) THEN found_ := found_ || 'roles'::text; END IF;
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pgcrypto') THEN found_ := found_ || 'extension'::text; END IF;
    IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'pub') THEN found_ := found_ || 'publication'::text; END IF;
    IF EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'pub' AND tablename = 'Orders') THEN found_ := found_ || 'publication_tables'::text; END IF;
    IF to_regclass('public."Orders"') IS NOT NULL AND to_regclass('public.orders') IS NULL THEN found_ := found_ || 'to_regclass'::text; END IF;
    IF to_regtype('"Kind"') IS NOT NULL AND to_regprocedure('touch()') IS NOT NULL AND to_regproc('no') IS NULL AND to_regnamespace('public') IS NOT NULL AND to_regrole('nobody') IS NULL THEN found_ := found_ || 'to_reg'::text; END IF;
    RAISE NOTICE '% %', cardinality(found_), array_to_string(found_, ' ');
END $$;
-- case: functions made in one statement and called in later ones
CREATE FUNCTION add_audit("table" regclass, VARIADIC extra text[] DEFAULT '{}') RETURNS int LANGUAGE plpgsql AS $$
DECLARE c text; n int := 0;
BEGIN
    FOREACH c IN ARRAY ARRAY['created_at', 'updated_at'] || extra LOOP
        IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = "table" AND attname = c AND NOT attisdropped) THEN
            EXECUTE format('ALTER TABLE %s ADD COLUMN %I timestamptz NOT NULL DEFAULT now()', "table", c);
            n := n + 1;
        END IF;
    END LOOP;
    RAISE NOTICE '% columns for %', n, "table";
    RETURN n;
END $$;
CREATE SCHEMA "My App";
CREATE TABLE "My App"."A a" (id int, created_at text);
CREATE TABLE b (id int);
SELECT add_audit('"My App"."A a"');
SELECT add_audit('b', 'Deleted At', 'x');
DO $$ BEGIN PERFORM add_audit(c.oid) FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace; END $$;
SELECT add_audit('missing');
SELECT add_audit(tablename::regclass) FROM pg_tables WHERE schemaname = 'public';
-- case: policies rebuilt from pg_policies
CREATE FUNCTION uid() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT NULL::uuid $$;
CREATE TABLE "Posts" (id int, author uuid, state varchar(10), tags text[]);
ALTER TABLE "Posts" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "read mine" ON "Posts" FOR SELECT TO PUBLIC USING (author = uid() AND state IN ('a', 'b'));
CREATE POLICY "write mine" ON "Posts" AS RESTRICTIVE FOR ALL USING (uid() = author OR 'x' = ANY (tags)) WITH CHECK (state <> 'locked');
CREATE POLICY add ON "Posts" FOR INSERT WITH CHECK (author = uid());
DO $$
DECLARE p record; s text;
BEGIN
    FOR p IN SELECT * FROM pg_policies WHERE schemaname = 'public' ORDER BY policyname LOOP
        s := format('CREATE POLICY %I ON %I.%I AS %s FOR %s TO %s', p.policyname || ' v2', p.schemaname, p.tablename, p.permissive, p.cmd, array_to_string(p.roles, ', '));
        IF p.qual IS NOT NULL THEN s := s || ' USING (' || replace(p.qual, 'uid()', '(SELECT uid())') || ')'; END IF;
        IF p.with_check IS NOT NULL THEN s := s || ' WITH CHECK (' || regexp_replace(p.with_check, 'uid\(\)', '(SELECT uid())', 'g') || ')'; END IF;
        EXECUTE format('DROP POLICY IF EXISTS %I ON %I.%I', p.policyname, p.schemaname, p.tablename);
        EXECUTE s;
        RAISE NOTICE '%', s;
    END LOOP;
END $$;
