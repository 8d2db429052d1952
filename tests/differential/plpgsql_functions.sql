-- case: parameters of every mode
CREATE FUNCTION "Both Ways"(IN a int, INOUT b text, OUT c int) LANGUAGE plpgsql AS $$ BEGIN c := a * 2; b := b || '!'; END $$;
CREATE FUNCTION plus(a int, b int DEFAULT 10, c int DEFAULT 100) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a + b + c; END $$;
DO $$ DECLARE r record; x text; y int; BEGIN
    SELECT * INTO r FROM "Both Ways"(4, 'hey'); RAISE NOTICE '% % %', r.b, r.c, r;
    SELECT b, c INTO x, y FROM "Both Ways"(b => 'z', a => 1); RAISE NOTICE '% %', x, y;
    r := "Both Ways"(5, 'q'); RAISE NOTICE '%', r;
    RAISE NOTICE '% % % %', plus(1), plus(1, 2), plus(1, c => 0), plus(c := 1, a := 2);
END $$;
SELECT plus();
SELECT plus('x');
SELECT plus(1, d => 2);
-- case: sets of rows
CREATE FUNCTION evens(n int) RETURNS SETOF int LANGUAGE plpgsql AS $$ BEGIN FOR i IN 1..n LOOP CONTINUE WHEN i % 2 = 1; RETURN NEXT i; END LOOP; RETURN; END $$;
CREATE FUNCTION pairs(s text) RETURNS TABLE (k text, "Size Of" int) LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT x, length(x) FROM unnest(string_to_array(s, ',')) x ORDER BY 1; k := 'last'; "Size Of" := 0; RETURN NEXT; END $$;
CREATE FUNCTION dynamic(q text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE q USING 'p'; IF NOT FOUND THEN RETURN NEXT 'none'; END IF; END $$;
DO $$ DECLARE r record; n int; BEGIN
    FOR n IN SELECT evens(5) LOOP RAISE NOTICE '%', n; END LOOP;
    FOR r IN SELECT * FROM pairs('bb,a') LOOP RAISE NOTICE '% %', r.k, r."Size Of"; END LOOP;
    RAISE NOTICE '%', (SELECT string_agg(e::text, '+') FROM evens(6) e);
    RAISE NOTICE '% %', (SELECT count(*) FROM evens(9)), ARRAY(SELECT dynamic('SELECT $1 || g FROM generate_series(1, 2) g'));
    RAISE NOTICE '%', ARRAY(SELECT d FROM dynamic('SELECT $1 WHERE false') d);
END $$;
SELECT evens(3) + 1;
-- case: recursion and functions that call each other
CREATE FUNCTION fact(n int) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN IF n <= 1 THEN RETURN 1; END IF; RETURN n * fact(n - 1); END $$;
CREATE FUNCTION is_even(n int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF n = 0 THEN RETURN true; END IF; RETURN is_odd(n - 1); END $$;
CREATE FUNCTION is_odd(n int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF n = 0 THEN RETURN false; END IF; RETURN is_even(n - 1); END $$;
CREATE FUNCTION fib(n int) RETURNS int LANGUAGE sql AS $$ SELECT CASE WHEN n < 2 THEN n ELSE fib(n - 1) + fib(n - 2) END $$;
DO $$ BEGIN RAISE NOTICE '% % % %', fact(10), is_even(10), is_odd(4), fib(8); END $$;
-- case: what a function may not return
CREATE FUNCTION none() RETURNS int LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE FUNCTION word() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 'x'; END $$;
CREATE FUNCTION long() RETURNS varchar(2) LANGUAGE plpgsql AS $$ BEGIN RETURN 'abc'; END $$;
CREATE FUNCTION nothing() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RETURN; END $$;
SELECT none();
SELECT word();
DO $$ BEGIN RAISE NOTICE '%', long(); END $$;
CREATE FUNCTION wrong() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN; END $$;
CREATE FUNCTION wrong() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
CREATE FUNCTION wrong() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN NEXT 1; END $$;
CREATE FUNCTION wrong(OUT a int) LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
-- case: STRICT, overloads and search paths
CREATE SCHEMA "My App";
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql STRICT AS 'SELECT n * 2';
CREATE FUNCTION twice(n text) RETURNS text LANGUAGE sql AS 'SELECT n || n';
CREATE FUNCTION "My App".twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 20';
CREATE FUNCTION "My App".here() RETURNS text LANGUAGE plpgsql SET search_path = "My App", public AS $$ BEGIN RETURN twice(1) || ' ' || current_schema; END $$;
DO $$ BEGIN RAISE NOTICE '% % %', twice(2), twice('ab'::text), "My App".twice(2); RAISE NOTICE '% %', "My App".here(), current_schema; END $$;
-- case: procedures
CREATE PROCEDURE make(name text, INOUT made int DEFAULT 0) LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('CREATE TABLE %I (id int)', name); made := made + 1; END $$;
CALL make('First One');
CALL make('two', 5);
DO $$ DECLARE n int := 7; BEGIN CALL make('three', n); RAISE NOTICE '%', n; CALL make(made => n, name => 'four'); RAISE NOTICE '%', n; END $$;
DO $$ BEGIN CALL make('five', 1); END $$;
SELECT make('no');
CALL missing();
CALL make('First One');
-- case: FOUND, ROW_COUNT and STRICT
CREATE TABLE t (a int);
DO $$ DECLARE n int; b boolean; x int; BEGIN
    SELECT 1 INTO x WHERE false; RAISE NOTICE '% %', FOUND, x;
    SELECT 1 INTO x; GET DIAGNOSTICS n = ROW_COUNT; RAISE NOTICE '% %', FOUND, n;
    PERFORM generate_series(1, 4); GET DIAGNOSTICS n := ROW_COUNT; RAISE NOTICE '% %', FOUND, n;
    PERFORM 1 WHERE false; GET CURRENT DIAGNOSTICS n = ROW_COUNT; RAISE NOTICE '% %', FOUND, n;
    EXECUTE 'SELECT generate_series(1, 3)'; GET DIAGNOSTICS n = ROW_COUNT; RAISE NOTICE '%', n;
    SELECT relname INTO STRICT b FROM pg_class WHERE false;
END $$;
DO $$ DECLARE n int; BEGIN SELECT g INTO STRICT n FROM generate_series(1, 2) g; END $$;
DO $$ DECLARE n int; BEGIN SELECT 1 INTO STRICT n WHERE false; EXCEPTION WHEN no_data_found THEN RAISE NOTICE '% %', SQLSTATE, SQLERRM; END $$;
DO $$ DECLARE n int; BEGIN SELECT g INTO STRICT n FROM generate_series(1, 2) g; EXCEPTION WHEN too_many_rows THEN RAISE NOTICE '% %', SQLSTATE, SQLERRM; END $$;
-- case: stacked diagnostics
DO $$ DECLARE s text; m text; d text; h text; BEGIN
    RAISE EXCEPTION 'm %', 1 USING ERRCODE = '22012', DETAIL = 'the detail', HINT = 'the hint';
EXCEPTION WHEN others THEN
    GET STACKED DIAGNOSTICS s = RETURNED_SQLSTATE, m = MESSAGE_TEXT, d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
    RAISE NOTICE '% | % | % | %', s, m, d, h;
END $$;
DO $$ DECLARE s text; d text; BEGIN DROP TABLE nothing; EXCEPTION WHEN others THEN GET STACKED DIAGNOSTICS s = MESSAGE_TEXT, d = PG_EXCEPTION_DETAIL; RAISE NOTICE '% [%]', s, d; END $$;
DO $$ DECLARE s text; BEGIN GET STACKED DIAGNOSTICS s = MESSAGE_TEXT; END $$;
-- case: records and rows of functions
CREATE TYPE point3 AS (x int, y int, "Z z" int);
CREATE FUNCTION at(n int) RETURNS point3 LANGUAGE plpgsql AS $$ DECLARE p point3; BEGIN p.x := n; p."Z z" := n * n; RETURN p; END $$;
CREATE FUNCTION row_of() RETURNS record LANGUAGE plpgsql AS $$ DECLARE r record; BEGIN SELECT 1, 'b' INTO r; RETURN r; END $$;
DO $$ DECLARE p point3; r record; BEGIN
    p := at(3); RAISE NOTICE '% % %', p, p.x, p."Z z";
    RAISE NOTICE '% %', (at(4)).x, (at(5))."Z z";
    SELECT * INTO r FROM at(6); RAISE NOTICE '%', r;
    SELECT a, b INTO r FROM row_of() AS f (a int, b text); RAISE NOTICE '% %', r.a, r.b;
    RAISE NOTICE '% %', p IS NULL, p IS NOT NULL;
END $$;
DO $$ DECLARE r record; BEGIN RAISE NOTICE '%', r.x; END $$;
DO $$ DECLARE r record; BEGIN SELECT 1 AS a INTO r; RAISE NOTICE '%', r.b; END $$;
DO $$ DECLARE r record; BEGIN r.a := 1; END $$;
DO $$ DECLARE p point3; BEGIN p.w := 1; END $$;
-- case: commits in procedures
CREATE PROCEDURE steps() LANGUAGE plpgsql AS $$ BEGIN FOR i IN 1..3 LOOP EXECUTE format('CREATE TABLE step_%s ()', i); IF i = 2 THEN ROLLBACK; ELSE COMMIT; END IF; END LOOP; END $$;
CALL steps();
BEGIN;
CALL steps();
COMMIT;
CREATE FUNCTION tries() RETURNS void LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;
SELECT tries();
DO $$ BEGIN BEGIN COMMIT; EXCEPTION WHEN others THEN RAISE NOTICE '%', SQLERRM; END; END $$;
