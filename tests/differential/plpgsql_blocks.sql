-- case: labels, shadowed names and qualified references
DO $$
<<outer>>
DECLARE x int := 1; "Odd Name" text := 'odd';
BEGIN
    <<inner>>
    DECLARE x int := outer.x + 10;
    BEGIN
        RAISE NOTICE '% % %', x, outer.x, inner.x;
        outer.x := 5;
        RAISE NOTICE '% %', outer.x, "outer"."Odd Name";
        EXIT outer WHEN x > 10;
        RAISE NOTICE 'never';
    END;
    RAISE NOTICE 'never either';
END $$;
-- case: an EXIT of a block without a label
DO $$ BEGIN BEGIN EXIT; END; END $$;
DO $$ BEGIN <<b>> BEGIN EXIT b; RAISE NOTICE 'no'; END; RAISE NOTICE 'yes'; END $$;
DO $$ BEGIN CONTINUE; END $$;
DO $$ <<b>> BEGIN CONTINUE b; END $$;
DO $$ BEGIN LOOP EXIT nothing; END LOOP; END $$;
DO $$ <<a>> BEGIN <<b>> BEGIN EXIT a; END b; RAISE NOTICE 'no'; END a $$;
DO $$ <<a>> BEGIN NULL; END b $$;
DO $$ BEGIN LOOP EXIT; END LOOP c; END $$;
-- case: types of variables and constants
CREATE TABLE "Odd T" (id int, "Odd C" varchar(4), price numeric(6, 2), tags text[]);
DO $$
DECLARE
    a "Odd T"."Odd C"%TYPE := 'abcd';
    b "Odd T"%ROWTYPE;
    c a%TYPE := 'x';
    d CONSTANT numeric(4, 1) := 12.345;
    e "Odd T".tags%TYPE := ARRAY['p', 'q'];
    f ALIAS FOR d;
    g int DEFAULT 3;
    h int = 4;
    i text COLLATE "C" := 'col';
    j "Odd T";
BEGIN
    b."Odd C" := c || 'y';
    b.price := 1.005;
    j.id := '7';
    RAISE NOTICE '% % % % % % % % %', a, b, c, d, e, f, g + h, i, j.id;
    b := ROW(1, 'two', 3, NULL);
    RAISE NOTICE '% %', b, b.price;
END $$;
DO $$ DECLARE c CONSTANT int := 1; BEGIN c := 2; END $$;
DO $$ DECLARE c CONSTANT int; BEGIN RAISE NOTICE '%', c; END $$;
DO $$ DECLARE c int NOT NULL; BEGIN NULL; END $$;
DO $$ DECLARE c int NOT NULL := NULL; BEGIN NULL; END $$;
DO $$ DECLARE c int := 'abc'; BEGIN NULL; END $$;
DO $$ DECLARE c varchar(2) := 'abc'; BEGIN NULL; END $$;
DO $$ DECLARE a "Odd T".nothing%TYPE; BEGIN NULL; END $$;
DO $$ DECLARE a nothing%ROWTYPE; BEGIN NULL; END $$;
DO $$ DECLARE a int; a text; BEGIN NULL; END $$;
-- case: declarations see those before them
CREATE FUNCTION "add One"(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n + 1';
DO $$
DECLARE a int := 1; b int := a + 1; c text := format('%s-%s', a, b); d int[] := ARRAY[a, b]; e int := "add One"(b);
BEGIN
    RAISE NOTICE '% % % %', b, c, d, e;
    DECLARE b int := b * 100; BEGIN RAISE NOTICE '%', b; END;
END $$;
DO $$ DECLARE a int := b; b int := 1; BEGIN NULL; END $$;
-- case: assignments of every form
CREATE TYPE pair AS (a int, b text);
CREATE TYPE "Nested" AS (p pair, n int);
DO $$
DECLARE n int; t text; p pair; q "Nested"; l int[] := '{1,2,3}'; m text[]; r record;
BEGIN
    n = 5; n := n + (SELECT count(*) FROM (VALUES (1), (2)) v);
    t := n;
    p.a := 1; p.b := 'x';
    p := (p.a + 1, p.b || 'y');
    l[2] := 20; l[5] := 50;
    m[1] := 'first';
    r := p;
    RAISE NOTICE '% % % % % %', n, t, p, l, m, r;
    SELECT 3, 'z' INTO p;
    SELECT 3 AS one, 'z' AS two INTO r;
    RAISE NOTICE '% % % %', p.a, p.b, r.one, r.two;
    q.n := 9;
    RAISE NOTICE '% %', q.n, q;
END $$;
-- case: an assignment takes one row of one column
DO $$ DECLARE n int; BEGIN n := (SELECT 1 WHERE false); RAISE NOTICE '%', n; END $$;
DO $$ DECLARE n int; BEGIN n := generate_series(1, 2); END $$;
DO $$ DECLARE n int; BEGIN n := (VALUES (1), (2)); END $$;
DO $$ DECLARE n int; BEGIN n := (SELECT 1, 2); END $$;
DO $$ DECLARE n int; BEGIN n := 1 FROM pg_class WHERE false; RAISE NOTICE '%', n; END $$;
DO $$ DECLARE n smallint; BEGIN n := 40000; END $$;
DO $$ DECLARE b boolean; BEGIN b := 'maybe'; END $$;
DO $$ DECLARE n int; BEGIN n := 2.5; RAISE NOTICE '%', n; n := '12 '; RAISE NOTICE '%', n; END $$;
DO $$ DECLARE b boolean; BEGIN b := 'on'; RAISE NOTICE '%', b; b := 'f'; RAISE NOTICE '%', b; END $$;
-- case: IF, ELSIF, ELSEIF and conditions that are NULL
DO $$
DECLARE n int; b boolean;
BEGIN
    IF b THEN RAISE NOTICE 'b'; ELSIF NOT b THEN RAISE NOTICE 'not b'; ELSEIF b IS NULL THEN RAISE NOTICE 'null'; END IF;
    IF n > 1 OR true THEN RAISE NOTICE 'or'; END IF;
    IF n > 1 AND false THEN RAISE NOTICE 'and'; ELSE RAISE NOTICE 'else'; END IF;
    IF 't' THEN RAISE NOTICE 'text'; END IF;
    IF 1 THEN RAISE NOTICE 'one'; END IF;
    IF (SELECT true WHERE false) THEN RAISE NOTICE 'no row'; END IF;
    IF EXISTS (SELECT) THEN RAISE NOTICE 'exists'; END IF;
END $$;
DO $$ BEGIN IF 'maybe' THEN NULL; END IF; END $$;
DO $$ BEGIN IF 'x'::text = 1 THEN NULL; END IF; END $$;
-- case: both forms of CASE
DO $$
DECLARE n int := 3; t text := 'b';
BEGIN
    CASE n WHEN 1, 2 THEN RAISE NOTICE 'low'; WHEN 3, 4 THEN RAISE NOTICE 'middle'; ELSE RAISE NOTICE 'high'; END CASE;
    CASE t || 'c' WHEN 'bc' THEN RAISE NOTICE 'bc'; END CASE;
    CASE WHEN n > 5 THEN RAISE NOTICE 'more'; WHEN n > 2 THEN RAISE NOTICE 'some'; WHEN true THEN RAISE NOTICE 'late'; END CASE;
    CASE WHEN false THEN NULL; ELSE END CASE;
    BEGIN
        CASE n WHEN 7 THEN NULL; END CASE;
    EXCEPTION WHEN case_not_found THEN RAISE NOTICE '% %', SQLSTATE, SQLERRM;
    END;
    CASE NULL::int WHEN NULL THEN RAISE NOTICE 'null'; ELSE RAISE NOTICE 'not equal'; END CASE;
END $$;
DO $$ BEGIN CASE WHEN NULL THEN NULL; END CASE; END $$;
DO $$ BEGIN CASE 5 WHEN 1 THEN NULL; END CASE; END $$;
-- case: RETURN and NULL
DO $$ BEGIN RAISE NOTICE 'before'; RETURN; RAISE NOTICE 'after'; END $$;
DO $$ BEGIN RETURN 1; END $$;
DO $$ BEGIN NULL; BEGIN RETURN; END; RAISE NOTICE 'after'; END $$;
DO $$ BEGIN FOR i IN 1..3 LOOP IF i = 2 THEN RETURN; END IF; RAISE NOTICE '%', i; END LOOP; END $$;
-- case: ASSERT
DO $$ BEGIN ASSERT true; ASSERT 1 = 1, 'fine'; ASSERT (SELECT count(*) FROM pg_namespace WHERE nspname = 'public') = 1; END $$;
DO $$ BEGIN ASSERT false; END $$;
DO $$ BEGIN ASSERT NULL; END $$;
DO $$ BEGIN ASSERT 1 > 2, 'no: ' || 12; END $$;
DO $$ BEGIN ASSERT 1 > 2, NULL; END $$;
DO $$ BEGIN BEGIN ASSERT false; EXCEPTION WHEN others THEN RAISE NOTICE 'no'; END; END $$;
DO $$ BEGIN BEGIN ASSERT false, 'm'; EXCEPTION WHEN assert_failure THEN RAISE NOTICE '% %', SQLSTATE, SQLERRM; END; END $$;
DO $$ BEGIN SET LOCAL plpgsql.check_asserts = off; ASSERT false; RAISE NOTICE 'on'; END $$;
-- case: dollar quotes in dollar quotes
DO $outer$
BEGIN
    EXECUTE $sql$
        CREATE FUNCTION "In Quotes"(n int) RETURNS text LANGUAGE plpgsql AS $body$
        BEGIN
            EXECUTE format($f$CREATE TABLE %I (id int DEFAULT %L)$f$, 'Made ' || n, n);
            RETURN $t$done$t$ || n;
        END $body$
    $sql$;
    EXECUTE $q$ DO $inner$ BEGIN RAISE NOTICE 'inside %', $x$it's$x$; END $inner$ $q$;
    RAISE NOTICE '%', "In Quotes"(3);
END
$outer$;
SELECT "In Quotes"(4);
-- case: comments, line ends and strings of every form
DO $$
/* a block /* nested */ comment */
DECLARE
    a text := E'tab\tq\'u'; -- a line comment; with a semicolon
    b text := U&'d\0061t';
    c text := 'it''s' ' not'
        ' one';
BEGIN
    RAISE NOTICE '% | % | %', a, b, c; /* ; */
    -- RAISE NOTICE 'no';
    RAISE NOTICE 'a%%b % c', 1;
END;
$$;
DO LANGUAGE plpgsql 'BEGIN RAISE NOTICE ''quoted %'', 1; END';
DO E'BEGIN RAISE NOTICE \'escaped\'; END' LANGUAGE plpgsql;
-- case: variables against columns
CREATE TABLE t (id int, name text);
DO $$ DECLARE relname text := 'pg_class'; n int; BEGIN SELECT count(*) INTO n FROM pg_class WHERE relname = relname; END $$;
DO $$
#variable_conflict use_variable
DECLARE relname text := 'pg_class'; n int;
BEGIN SELECT count(*) INTO n FROM pg_class c WHERE c.relname = relname; RAISE NOTICE '%', n; END $$;
DO $$
#variable_conflict use_column
DECLARE nspname text := 'public'; n int;
BEGIN SELECT count(*) INTO n FROM pg_namespace WHERE nspname = nspname AND nspname = 'public'; RAISE NOTICE '%', n; END $$;
DO $$ <<me>> DECLARE relname text := 'pg_class'; n int; BEGIN SELECT count(*) INTO n FROM pg_class c WHERE c.relname = me.relname; RAISE NOTICE '%', n; END $$;
-- case: code that is not well-formed
DO $$ BEGIN RAISE NOTICE 'a' END $$;
DO $$ BEGIN IF true THEN NULL; END $$;
DO $$ BEGIN x := 1; END $$;
DO $$ DECLARE BEGIN NULL; $$;
DO $$ BEGIN RAISE NOTICE '% %', 1; END $$;
DO $$ BEGIN RAISE NOTICE 'x', 1; END $$;
DO $$ BEGIN SELECT 1; END $$;
DO $$ BEGIN PERFORM; END $$;
DO $$ BEGIN FOR r IN SELECT 1 LOOP NULL; END LOOP; END $$;
DO $$ BEGIN GET DIAGNOSTICS n = ROW_COUNT; END $$;
DO $$ DECLARE n int; BEGIN SELECT 1 INTO n, m; END $$;
DO $$ BEGIN EXCEPTION WHEN nothing_like_this THEN NULL; END $$;
DO $$ BEGIN RAISE unknown_condition_name; END $$;
