-- case: a guard that holds and one that does not
CREATE TABLE t (a int);
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'b') THEN
        ALTER TABLE t ADD COLUMN b text;
    END IF;
    IF EXISTS (SELECT FROM pg_class WHERE relname = 'u') THEN
        ALTER TABLE t ADD COLUMN c text;
    ELSIF to_regclass('public.t') IS NOT NULL THEN
        ALTER TABLE t ADD COLUMN d text;
    ELSE
        ALTER TABLE t ADD COLUMN e text;
    END IF;
END $$;
-- case: types that may be there
DO $$ BEGIN
    CREATE TYPE mood AS ENUM ('sad', 'happy');
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;
DO $$ BEGIN
    CREATE TYPE mood AS ENUM ('other');
EXCEPTION WHEN duplicate_object THEN RAISE NOTICE 'there';
END $$;
DO $$ BEGIN
    CREATE TABLE gone (id int);
    CREATE TYPE mood AS ENUM ('other');
EXCEPTION WHEN others THEN
    CREATE TABLE handled (state text, message text);
END $$;
-- case: a loop over tables with format
CREATE SCHEMA app;
CREATE TABLE app."One two" (id int);
CREATE TABLE app.three (id int);
CREATE TABLE public.four (id int);
DO $$
DECLARE r record;
BEGIN
    FOR r IN SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'app' LOOP
        EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', r.schemaname, r.tablename);
        EXECUTE 'CREATE POLICY ' || quote_ident('p ' || r.tablename) || ' ON ' || quote_ident(r.schemaname) || '.'
            || quote_ident(r.tablename) || ' FOR SELECT USING (true)';
    END LOOP;
END $$;
-- case: drop every policy
CREATE TABLE a (id int);
CREATE TABLE b (id int);
CREATE POLICY one ON a USING (true);
CREATE POLICY two ON a FOR INSERT WITH CHECK (true);
CREATE POLICY one ON b USING (true);
DO $$
DECLARE p record;
BEGIN
    FOR p IN (SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public' AND tablename = 'a') LOOP
        EXECUTE 'DROP POLICY IF EXISTS "' || p.policyname || '" ON ' || p.tablename;
    END LOOP;
END $$;
-- case: a constraint by name
CREATE TABLE t (id int, CONSTRAINT positive CHECK (id > 0));
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'positive') THEN
        ALTER TABLE t ADD CONSTRAINT positive CHECK (id > 1);
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = 't_pkey' AND c.conrelid = 'public.t'::regclass) THEN
        ALTER TABLE t ADD PRIMARY KEY (id);
    END IF;
END $$;
-- case: a constraint whose name is not known
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE child (parent_id int REFERENCES parent);
DO $$
DECLARE name text;
BEGIN
    SELECT conname INTO name FROM pg_constraint WHERE conrelid = 'child'::regclass AND contype = 'f';
    IF name IS NOT NULL THEN
        EXECUTE format('ALTER TABLE child DROP CONSTRAINT %I', name);
    END IF;
END $$;
-- case: errors leave nothing behind
DO $$ BEGIN
    CREATE TABLE t (id int);
    RAISE EXCEPTION 'no % and no %', 1, 'two' USING ERRCODE = 'check_violation';
END $$;
DO $$ BEGIN RAISE division_by_zero; END $$;
DO $$ BEGIN RAISE EXCEPTION 'plain'; END $$;
DO $$ DECLARE n int; BEGIN n := 1 / 0; END $$;
DO $$ DECLARE n int; BEGIN n := 'x'; END $$;
DO $$ BEGIN PERFORM nothing(); END $$;
DO $$ BEGIN PERFORM 1 FROM nothing; END $$;
DO $$ BEGIN EXECUTE 'CREATE TABLE'; END $$;
DO $$ BEGIN EXECUTE NULL; END $$;
DO $$ BEGIN IF x THEN END IF; END $$;
DO $$ BEGIN ASSERT 1 = 2, 'one is not two'; END $$;
DO LANGUAGE sql $$ SELECT 1 $$;
-- case: handlers by class, code and name
DO $$
BEGIN
    BEGIN
        EXECUTE 'SELECT * FROM missing';
    EXCEPTION WHEN undefined_table THEN CREATE TABLE by_name ();
    END;
    BEGIN
        EXECUTE 'SELECT * FROM missing';
    EXCEPTION WHEN SQLSTATE '42P01' THEN CREATE TABLE by_code ();
    END;
    BEGIN
        EXECUTE 'SELECT * FROM missing';
    EXCEPTION WHEN syntax_error_or_access_rule_violation THEN CREATE TABLE by_class ();
    END;
    BEGIN
        BEGIN
            EXECUTE 'SELECT * FROM missing';
        EXCEPTION WHEN division_by_zero THEN CREATE TABLE never ();
        END;
    EXCEPTION WHEN others THEN
        IF SQLSTATE = '42P01' AND SQLERRM LIKE '%missing%' THEN CREATE TABLE outside (); END IF;
    END;
END $$;
DO $$
BEGIN
    BEGIN
        CREATE TABLE undone ();
        RAISE EXCEPTION 'x';
    EXCEPTION WHEN others THEN RAISE;
    END;
EXCEPTION WHEN raise_exception THEN CREATE TABLE again ();
END $$;
-- case: control flow
DO $$
DECLARE
    i int := 0;
    names text[] := ARRAY['red', 'green', 'blue'];
    name text;
BEGIN
    WHILE i < 3 LOOP
        i := i + 1;
        CONTINUE WHEN i = 2;
        EXECUTE format('CREATE TABLE w%s ()', i);
    END LOOP;
    FOR n IN REVERSE 5..1 BY 2 LOOP
        EXECUTE 'CREATE TABLE f' || n || ' ()';
    END LOOP;
    FOREACH name IN ARRAY names LOOP
        EXIT WHEN name = 'blue';
        EXECUTE format('CREATE TABLE %I ()', name);
    END LOOP;
    <<outer>>
    LOOP
        LOOP
            EXIT outer;
        END LOOP;
        CREATE TABLE never ();
    END LOOP;
    CASE i WHEN 1, 2 THEN CREATE TABLE low (); WHEN 3 THEN CREATE TABLE three (); ELSE CREATE TABLE high (); END CASE;
    CASE WHEN i > 5 THEN CREATE TABLE more (); ELSE NULL; END CASE;
    RETURN;
    CREATE TABLE after_return ();
END $$;
-- case: functions that make tables
CREATE FUNCTION make(name text, columns int DEFAULT 1) RETURNS void LANGUAGE plpgsql AS $$
DECLARE i int;
BEGIN
    EXECUTE format('CREATE TABLE %I ()', name);
    FOR i IN 1..columns LOOP
        EXECUTE format('ALTER TABLE %I ADD COLUMN c%s int', name, i);
    END LOOP;
END $$;
SELECT make('first');
SELECT make('second', 3);
SELECT make(name => 'third', columns => 2);
DO $$ BEGIN PERFORM make('fourth'); END $$;
SELECT make('first');
CREATE PROCEDURE clear(pattern text) LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
    FOR r IN SELECT tablename FROM pg_tables WHERE tablename LIKE pattern AND schemaname = 'public' LOOP
        EXECUTE 'DROP TABLE ' || quote_ident(r.tablename);
    END LOOP;
END $$;
CALL clear('f%');
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS $$ SELECT n * 2 $$;
DO $$ BEGIN EXECUTE 'CREATE TABLE t' || twice(21) || ' ()'; END $$;
SELECT make('from_' || tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename = 'second';
-- case: functions that return
CREATE FUNCTION table_names(s text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT tablename::text FROM pg_tables WHERE schemaname = s ORDER BY 1;
    RETURN NEXT 'extra';
END $$;
CREATE FUNCTION both(a int, OUT b int, OUT c text) LANGUAGE plpgsql AS $$ BEGIN b := a + 1; c := 'n' || a; END $$;
CREATE FUNCTION no_return() RETURNS int LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE TABLE x ();
DO $$
DECLARE t text; r record; n int;
BEGIN
    FOR t IN SELECT * FROM table_names('public') LOOP
        EXECUTE format('CREATE TABLE %I ()', t || '_copy');
    END LOOP;
    SELECT * INTO r FROM both(4);
    EXECUTE format('CREATE TABLE %I ()', r.c || '_' || r.b);
    n := (both(1)).b;
    EXECUTE format('CREATE TABLE %I ()', 'n' || n);
END $$;
SELECT no_return();
-- case: variables
CREATE TABLE v (id int, label varchar(3));
DO $$
DECLARE
    a v.label%TYPE := 'abc';
    b CONSTANT int := 3;
    c v%ROWTYPE;
    d int NOT NULL := 1;
    e ALIAS FOR d;
BEGIN
    c.label := a;
    e := b + 1;
    EXECUTE format('CREATE TABLE %I ()', c.label || d);
    SELECT 7, 'xy' INTO c;
    EXECUTE format('CREATE TABLE %I ()', c.label || c.id);
END $$;
DO $$ DECLARE d int NOT NULL := 1; BEGIN d := NULL; END $$;
DO $$ DECLARE a v.label%TYPE; BEGIN a := 'abcd'; END $$;
DO $$ DECLARE r record; BEGIN IF r.x THEN NULL; END IF; END $$;
DO $$ DECLARE r nothing; BEGIN NULL; END $$;
-- case: found and diagnostics
DO $$
DECLARE n int; t text;
BEGIN
    PERFORM 1 FROM pg_class WHERE relname = 'pg_class';
    IF FOUND THEN CREATE TABLE found_it (); END IF;
    PERFORM 1 FROM pg_class WHERE relname = 'nothing';
    IF NOT FOUND THEN CREATE TABLE not_found (); END IF;
    SELECT relname INTO t FROM pg_class WHERE relname LIKE 'pg_cla%';
    GET DIAGNOSTICS n = ROW_COUNT;
    IF n = 1 THEN CREATE TABLE one_row (); END IF;
    BEGIN
        SELECT relname INTO STRICT t FROM pg_class WHERE relname = 'nothing';
    EXCEPTION WHEN no_data_found THEN
        GET STACKED DIAGNOSTICS t = MESSAGE_TEXT;
        EXECUTE format('CREATE TABLE %I ()', t);
    END;
END $$;
-- case: queries over the catalog
CREATE TABLE q (id serial PRIMARY KEY, name text UNIQUE, parent int REFERENCES q);
CREATE INDEX q_name_idx ON q (lower(name));
CREATE VIEW q_view AS SELECT id FROM q;
DO $$
DECLARE s text;
BEGIN
    SELECT string_agg(column_name, '_' ORDER BY ordinal_position) INTO s FROM information_schema.columns WHERE table_name = 'q';
    EXECUTE format('CREATE TABLE %I ()', s);
    SELECT count(*)::text INTO s FROM pg_indexes WHERE tablename = 'q';
    EXECUTE format('CREATE TABLE %I ()', 'indexes_' || s);
    SELECT string_agg(x, '') INTO s FROM (SELECT DISTINCT contype::text AS x FROM pg_constraint WHERE conrelid = 'q'::regclass ORDER BY 1) y;
    EXECUTE format('CREATE TABLE %I ()', 'c_' || s);
    SELECT kcu.column_name INTO s FROM information_schema.table_constraints tc
        JOIN information_schema.key_column_usage kcu USING (constraint_schema, constraint_name)
        WHERE tc.table_name = 'q' AND tc.constraint_type = 'PRIMARY KEY';
    EXECUTE format('CREATE TABLE %I ()', 'key_' || s);
    IF (SELECT relkind FROM pg_class WHERE oid = 'q_view'::regclass) = 'v' THEN CREATE TABLE is_view (); END IF;
    IF EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 'q'::regclass AND attname = 'name' AND NOT attisdropped AND attnotnull) THEN
        CREATE TABLE wrong ();
    END IF;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4) SELECT sum(i)::text INTO s FROM n;
    EXECUTE format('CREATE TABLE %I ()', 'sum_' || s);
    IF 'q' = ANY (ARRAY(SELECT tablename FROM pg_tables WHERE schemaname = current_schema())) THEN CREATE TABLE any_array (); END IF;
END $$;
-- case: what depends on data
CREATE TABLE rows (id int);
-- undecided
DO $$ BEGIN IF (SELECT count(*) FROM rows) > 0 THEN DROP TABLE IF EXISTS nothing; END IF; END $$;
DO $$ BEGIN
    INSERT INTO rows VALUES (1);
    UPDATE rows SET id = 2 WHERE id = 1;
EXCEPTION WHEN unique_violation THEN NULL;
END $$;
DO $$ DECLARE n int; BEGIN SELECT max(id) INTO n FROM rows; IF n > 100 THEN RAISE EXCEPTION 'too many'; END IF; END $$;
-- case: names that are both a variable and a column
CREATE TABLE t (id int, name text);
DO $$ DECLARE id int := 1; BEGIN UPDATE t SET name = 'x' WHERE id = id; END $$;
DO $$ DECLARE n text := 'x'; k int := 1; BEGIN UPDATE t SET name = n WHERE t.id = k; INSERT INTO t VALUES (k, n); END $$;
DO $$ DECLARE n text; BEGIN UPDATE t SET name = m; END $$;
DO $$
#variable_conflict use_column
DECLARE id int := 1; BEGIN UPDATE t SET name = 'x' WHERE id = 1; END $$;
DO $$ DECLARE name text := 'made'; BEGIN CREATE TABLE copy AS SELECT id, name AS n FROM t; END $$;
DO $$ DECLARE v text := 'made'; BEGIN CREATE TABLE copy AS SELECT id, v AS n FROM t; END $$;
-- case: settings
CREATE SCHEMA app;
SELECT set_config('search_path', 'app, public', false);
CREATE TABLE in_app ();
DO $$ BEGIN PERFORM set_config('search_path', 'public', false); CREATE TABLE in_public (); END $$;
CREATE TABLE in_public_too ();
CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql SET search_path = app AS $$ BEGIN CREATE TABLE by_f (); END $$;
SELECT app.f();
CREATE TABLE still_public ();
SELECT set_config('nothing', '1', false);
-- case: privileges taken back by a loop over their entries
CREATE ROLE pgproof_case_reader;
CREATE FUNCTION one() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE FUNCTION two(n int) RETURNS int LANGUAGE sql AS $$ SELECT n $$;
GRANT EXECUTE ON FUNCTION one() TO pgproof_case_reader;
DO $$
DECLARE f record; n int := 0;
BEGIN
    FOR f IN SELECT p.oid::regprocedure AS signature, a.privilege_type AS privilege, a.grantee
             FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
             WHERE p.pronamespace = 'public'::regnamespace AND a.grantee = 0
    LOOP
        EXECUTE format('REVOKE %s ON FUNCTION %s FROM PUBLIC', f.privilege, f.signature);
        n := n + 1;
    END LOOP;
    EXECUTE format('CREATE TABLE revoked_%s ()', n);
    IF NOT has_function_privilege('pgproof_case_reader', 'two(int)', 'EXECUTE') THEN CREATE TABLE gone (); END IF;
    IF has_function_privilege('pgproof_case_reader', 'one()', 'EXECUTE') THEN CREATE TABLE kept (); END IF;
END $$;
REVOKE EXECUTE ON FUNCTION one() FROM pgproof_case_reader;
DROP ROLE pgproof_case_reader;
-- case: bodies are checked when a function is made
CREATE TABLE t (id int, name text);
CREATE FUNCTION f1() RETURNS int LANGUAGE sql AS $$ SELECT id FROM missing $$;
CREATE FUNCTION f2() RETURNS int LANGUAGE sql AS $$ SELECT nothing FROM t $$;
CREATE FUNCTION f3(n int) RETURNS int LANGUAGE sql AS $$ SELECT n + $1 + f3.n FROM t WHERE id = n $$;
CREATE FUNCTION f4() RETURNS int LANGUAGE sql AS $$ SELECT FROM WHERE $$;
CREATE FUNCTION f5() RETURNS void LANGUAGE sql AS $$ INSERT INTO t (nope) VALUES (1) $$;
CREATE FUNCTION f6() RETURNS int LANGUAGE sql AS $$ INSERT INTO t VALUES (1) $$;
CREATE FUNCTION f7() RETURNS int LANGUAGE sql AS $$ SELECT id, name FROM t $$;
CREATE FUNCTION f8() RETURNS SETOF t LANGUAGE sql AS $$ SELECT * FROM t $$;
CREATE FUNCTION f9() RETURNS TABLE (a int, b text) LANGUAGE sql AS $$ SELECT * FROM t $$;
CREATE FUNCTION f10(x anyelement) RETURNS anyelement LANGUAGE sql AS $$ SELECT x FROM missing $$;
CREATE FUNCTION f11() RETURNS int LANGUAGE sql AS $$ CREATE TABLE u (id int); SELECT id FROM u $$;
CREATE FUNCTION f12(n int) RETURNS int LANGUAGE sql AS $$ SELECT CASE WHEN n = 0 THEN 0 ELSE f12(n - 1) END $$;
CREATE FUNCTION p1() RETURNS void LANGUAGE plpgsql AS $$ DECLARE a nothing; BEGIN NULL; END $$;
CREATE FUNCTION p2() RETURNS void LANGUAGE plpgsql AS $$ DECLARE a missing.id%TYPE; BEGIN NULL; END $$;
CREATE FUNCTION p3() RETURNS void LANGUAGE plpgsql AS $$ DECLARE a missing%ROWTYPE; BEGIN NULL; END $$;
CREATE FUNCTION p4() RETURNS void LANGUAGE plpgsql AS $$ BEGIN x := 1; END $$;
CREATE FUNCTION p5() RETURNS void LANGUAGE plpgsql AS $$ BEGIN SELECT FROM missing; INSERT INTO missing VALUES (1); END $$;
CREATE FUNCTION p6() RETURNS void LANGUAGE plpgsql AS $$ BEGIN IF 1 THEN END $$;
CREATE FUNCTION p7() RETURNS void LANGUAGE plpgsql AS $$ BEGIN SELEC 1; END $$;
CREATE FUNCTION p8() RETURNS void LANGUAGE plpgsql AS $$ DECLARE r t; n t.name%TYPE; BEGIN BEGIN DECLARE m n%TYPE; BEGIN NULL; END; END; END $$;
CREATE FUNCTION p9() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.x := TG_OP; RETURN NEW; END $$;
SET check_function_bodies = off;
CREATE FUNCTION f13() RETURNS int LANGUAGE sql AS $$ SELECT id FROM missing $$;
CREATE FUNCTION p10() RETURNS void LANGUAGE plpgsql AS $$ DECLARE a nothing; BEGIN NULL; END $$;
RESET check_function_bodies;
-- case: keys that are written twice
CREATE TABLE a (id uuid UNIQUE NOT NULL PRIMARY KEY, x int UNIQUE, UNIQUE (x), CONSTRAINT named UNIQUE (x));
CREATE TABLE b (id int CONSTRAINT first UNIQUE PRIMARY KEY, y int, z int, UNIQUE (y, z), UNIQUE (z, y), UNIQUE (y, z) DEFERRABLE);
CREATE TABLE c (p int, q int, CHECK (q > 0 AND p > q), CHECK (p IN (1, 2)));
-- case: what an index may call
CREATE TABLE e (at timestamptz, name text);
CREATE INDEX ON e (at) WHERE at > now();
CREATE INDEX ON e (lower(name));
CREATE INDEX ON e ((random()));
CREATE INDEX ON e (name) WHERE name = current_user;
CREATE FUNCTION stable_one() RETURNS int LANGUAGE sql STABLE AS $$ SELECT 1 $$;
CREATE INDEX ON e ((stable_one()));
ALTER TABLE e ADD COLUMN g text GENERATED ALWAYS AS (upper(name)) STORED;
ALTER TABLE e ADD COLUMN h timestamptz GENERATED ALWAYS AS (now()) STORED;
-- case: a default of NULL
CREATE DOMAIN d AS text;
CREATE TABLE n (a text DEFAULT NULL, b varchar(3) DEFAULT NULL, c numeric(3, 2) DEFAULT NULL, e d DEFAULT NULL,
    f timestamptz(3) DEFAULT NULL, g interval(3) DEFAULT NULL, h varchar DEFAULT NULL, i text[] DEFAULT NULL, j bit(3) DEFAULT NULL);
ALTER TABLE n ALTER COLUMN b SET DEFAULT 'x';
ALTER TABLE n ALTER COLUMN b SET DEFAULT NULL;
ALTER TABLE n ADD COLUMN k char(2) DEFAULT NULL;
-- case: policies rebuilt from their own expressions
CREATE FUNCTION uid() RETURNS int LANGUAGE sql STABLE AS $$ SELECT 1 $$;
CREATE TABLE a (id int, owner_id int, state text);
CREATE TABLE b (id int, owner_id int);
CREATE POLICY own ON a USING (uid() = owner_id);
CREATE POLICY open ON a FOR SELECT USING (state = 'open');
CREATE POLICY own ON b FOR UPDATE USING (owner_id = uid()) WITH CHECK (owner_id = uid());
DO $$
DECLARE p record; n int := 0;
BEGIN
    FOR p IN SELECT * FROM pg_policies WHERE schemaname = 'public' AND (qual LIKE '%uid()%' OR with_check LIKE '%uid()%') LOOP
        EXECUTE format('DROP POLICY %I ON %I.%I', p.policyname, p.schemaname, p.tablename);
        EXECUTE format('CREATE POLICY %I ON %I.%I AS %s FOR %s TO %s USING (%s)%s', p.policyname || ' again', p.schemaname,
            p.tablename, p.permissive, p.cmd, array_to_string(p.roles, ', '), replace(p.qual, 'uid()', '(SELECT uid())'),
            CASE WHEN p.with_check IS NULL THEN '' ELSE ' WITH CHECK (' || p.with_check || ')' END);
        n := n + 1;
    END LOOP;
    EXECUTE format('CREATE TABLE n%s ()', n);
END $$;
-- case: constraints found by a word in their definition
CREATE TABLE i (id int, status varchar(20) CHECK (status IN ('paid', 'void')), kind text CHECK (kind <> ''), total int CHECK (total > 0));
DO $$
DECLARE r record;
BEGIN
    FOR r IN SELECT conname FROM pg_constraint WHERE conrelid = 'i'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%status%' LOOP
        EXECUTE 'ALTER TABLE i DROP CONSTRAINT ' || quote_ident(r.conname);
    END LOOP;
    FOR r IN SELECT conname FROM pg_constraint WHERE conrelid = 'i'::regclass AND pg_get_constraintdef(oid) ~* 'KIND' LOOP
        EXECUTE format('ALTER TABLE i DROP CONSTRAINT %I', r.conname);
    END LOOP;
END $$;
ALTER TABLE i ADD CONSTRAINT i_status_check CHECK (status IN ('paid', 'void', 'open'));
-- case: a type changed where the table was made, inside code
DO $$ BEGIN
    CREATE TABLE t (a int, b int);
    ALTER TABLE t ALTER COLUMN a TYPE bigint;
    ALTER TABLE t ALTER COLUMN a TYPE numeric;
    ALTER TABLE t ALTER COLUMN b TYPE bigint, ALTER COLUMN b TYPE numeric;
END $$;
DO $$ BEGIN
    CREATE TABLE t (a int, b int);
    ALTER TABLE t ALTER COLUMN a TYPE bigint;
    ALTER TABLE t ALTER COLUMN a TYPE numeric;
END $$;
-- case: a function for the session alone
CREATE FUNCTION pg_temp.make(name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('CREATE TABLE public.%I ()', name); END $$;
SELECT pg_temp.make('made');
DO $$ BEGIN PERFORM pg_temp.make('again'); END $$;
SELECT make('not found');
DROP FUNCTION pg_temp.make(text);
-- case: settings that are roles
CREATE ROLE other;
SELECT set_config('role', 'other', false);
CREATE TABLE t (a int);
RESET ROLE;
SELECT set_config('role', 'nobody', false);
GRANT CREATE ON SCHEMA public TO other;
DO $$ BEGIN
    PERFORM set_config('role', 'other', true);
    EXECUTE format('CREATE TABLE %I ()', current_setting('role'));
END $$;
CREATE TABLE mine (a int);
DO $$ BEGIN EXECUTE format('CREATE TABLE %I ()', current_setting('session_authorization')); END $$;
-- case: the path of the session goes with a function
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1' SET search_path FROM CURRENT;
SET search_path = public;
CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1' SET search_path FROM CURRENT;
-- case: transaction control in code
DO $$ BEGIN CREATE TABLE x (id int); COMMIT; CREATE TABLE y (id int); ROLLBACK; END $$;
-- case: transaction control in code that is sent alone
-- file
DO $$ BEGIN CREATE TABLE x (id int); COMMIT; CREATE TABLE y (id int); ROLLBACK; CREATE TABLE "Z z" (id int); END $$;
-- case: a ROLLBACK in code that is sent alone
-- file
DO $$ BEGIN CREATE TABLE "Y y" (id int); ROLLBACK; CREATE TABLE z (id int); END $$;
-- case: transaction control in code that is sent alone and fails
-- file
DO $$ BEGIN CREATE TABLE x (id int); COMMIT; CREATE TABLE "Y y" (id int); RAISE EXCEPTION 'no'; END $$;
-- case: code that fails behind a COMMIT of its own
DO $$ BEGIN CREATE TABLE x (id int); COMMIT; CREATE TABLE "Y y" (id int); RAISE EXCEPTION 'no'; END $$;
CREATE TABLE x (id int);
