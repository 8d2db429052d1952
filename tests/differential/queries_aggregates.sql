-- case: aggregates with FILTER, ORDER BY and DISTINCT
DO $$
DECLARE r record;
BEGIN
    SELECT count(*), count(x), count(DISTINCT x), sum(x), min(x), max(x), avg(x) AS a, bool_and(x > 0), bool_or(x > 2), every(x < 9) INTO r FROM (VALUES (1), (2), (2), (NULL)) v (x);
    RAISE NOTICE '%', r;
    SELECT string_agg(x, ','), string_agg(x, ',' ORDER BY x DESC), string_agg(DISTINCT x, '+'), array_agg(x ORDER BY x), array_agg(DISTINCT x), string_agg(x, '' ORDER BY length(x), x) INTO r FROM (VALUES ('b'), ('a'), ('b'), ('cc')) v (x);
    RAISE NOTICE '%', r;
    SELECT count(*) FILTER (WHERE x > 1), sum(x) FILTER (WHERE x < 0), array_agg(x) FILTER (WHERE x <> 2), string_agg(x::text, '-' ORDER BY x DESC) FILTER (WHERE x % 2 = 1) INTO r FROM generate_series(1, 5) x;
    RAISE NOTICE '%', r;
    SELECT count(*), sum(1), max('x'), array_agg(1), string_agg('a', 'b'), bool_or(true), count(*) + 5 INTO r FROM pg_class WHERE false;
    RAISE NOTICE '%', r;
    SELECT min(nspname), max(nspname) INTO r FROM pg_namespace WHERE nspname IN ('public', 'information_schema');
    RAISE NOTICE '%', r;
    SELECT array_agg(ARRAY[x, x + 1]), array_agg(NULL::int), sum(x::bigint), sum(x::numeric / 1), sum(x * 1.5) INTO r FROM generate_series(1, 2) x;
    RAISE NOTICE '%', r;
END $$;
-- case: GROUP BY and HAVING
DO $$
DECLARE r record;
BEGIN
    FOR r IN SELECT k, count(*) AS n, sum(v) FROM (VALUES ('a', 1), ('b', 2), ('a', 3), (NULL, 4), (NULL, 5)) t (k, v) GROUP BY k ORDER BY k LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT k, max(v) FROM (VALUES ('a', 1), ('b', 2), ('a', 3)) t (k, v) GROUP BY 1 HAVING count(*) > 1 LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT v % 2 AS odd, array_agg(v ORDER BY v) FROM generate_series(1, 5) v GROUP BY odd ORDER BY odd DESC LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT upper(k) || '!' AS u, min(v) FROM (VALUES ('a', 1), ('a', 3)) t (k, v) GROUP BY upper(k) LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT count(*) FROM pg_class WHERE false GROUP BY relname LOOP RAISE NOTICE 'never'; END LOOP;
    FOR r IN SELECT 1 FROM pg_class WHERE false HAVING count(*) = 0 LOOP RAISE NOTICE 'one %', r; END LOOP;
    FOR r IN SELECT c.relkind, count(*) FROM pg_class c WHERE c.relname IN ('pg_class', 'pg_tables', 'pg_type') GROUP BY c.relkind ORDER BY count(*) DESC LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT k FROM (VALUES ('a', 1), ('b', 5)) t (k, v) GROUP BY k ORDER BY sum(v) DESC LIMIT 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ BEGIN PERFORM relname, count(*) FROM pg_class; END $$;
DO $$ BEGIN PERFORM relname FROM pg_class GROUP BY relkind; END $$;
DO $$ BEGIN PERFORM count(count(*)) FROM pg_class; END $$;
DO $$ BEGIN PERFORM 1 FROM pg_class WHERE sum(relpages) > 1; END $$;
DO $$ BEGIN PERFORM 1 FROM pg_class GROUP BY count(*); END $$;
DO $$ BEGIN PERFORM 1 FROM pg_class GROUP BY 2; END $$;
-- case: statistics and JSON
DO $$
DECLARE r record;
BEGIN
    SELECT round(avg(x), 2), avg(x)::int, avg(x::float8) INTO r FROM generate_series(1, 4) x; RAISE NOTICE '%', r;
    SELECT jsonb_agg(x), json_agg(x), jsonb_object_agg(x, x * 2) INTO r FROM generate_series(1, 3) x; RAISE NOTICE '%', r;
    SELECT bit_or(x), bit_and(x) INTO r FROM generate_series(1, 3) x; RAISE NOTICE '%', r;
END $$;
-- case: DISTINCT, DISTINCT ON, LIMIT and OFFSET
DO $$
DECLARE r record; a int[];
BEGIN
    FOR r IN SELECT DISTINCT x FROM (VALUES (2), (1), (2), (NULL), (NULL)) v (x) ORDER BY x LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT DISTINCT ON (k) k, v FROM (VALUES ('a', 1), ('a', 5), ('b', 2), ('b', 0)) t (k, v) ORDER BY k, v DESC LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT DISTINCT ON (v % 2) v FROM generate_series(1, 6) v ORDER BY v % 2, v DESC LOOP RAISE NOTICE '%', r; END LOOP;
    a := ARRAY(SELECT x FROM generate_series(1, 9) x ORDER BY x DESC LIMIT 3 OFFSET 1); RAISE NOTICE '%', a;
    a := ARRAY(SELECT x FROM generate_series(1, 9) x ORDER BY x LIMIT ALL OFFSET 7); RAISE NOTICE '%', a;
    a := ARRAY(SELECT x FROM generate_series(1, 9) x ORDER BY x FETCH FIRST 2 ROWS ONLY); RAISE NOTICE '%', a;
    a := ARRAY(SELECT x FROM generate_series(1, 9) x ORDER BY x OFFSET 2 ROWS FETCH NEXT ROW ONLY); RAISE NOTICE '%', a;
    a := ARRAY(SELECT x FROM (VALUES (1), (2), (2), (3)) v (x) ORDER BY x FETCH FIRST 2 ROWS WITH TIES); RAISE NOTICE '%', a;
    a := ARRAY(SELECT x FROM (VALUES (1), (NULL), (2)) v (x) ORDER BY x NULLS FIRST); RAISE NOTICE '%', a;
    a := ARRAY(SELECT x FROM (VALUES (1), (NULL), (2)) v (x) ORDER BY x DESC NULLS LAST); RAISE NOTICE '%', a;
    a := ARRAY(SELECT x FROM generate_series(1, 4) x ORDER BY x % 2, x DESC); RAISE NOTICE '%', a;
    a := ARRAY(SELECT x FROM generate_series(1, 3) x ORDER BY x USING >); RAISE NOTICE '%', a;
    a := ARRAY(SELECT x FROM generate_series(1, 3) x LIMIT NULL); RAISE NOTICE '%', a;
END $$;
DO $$ BEGIN PERFORM 1 LIMIT -1; END $$;
DO $$ BEGIN PERFORM 1 OFFSET -1; END $$;
DO $$ BEGIN PERFORM DISTINCT x FROM (VALUES (1, 2)) v (x, y) ORDER BY y; END $$;
DO $$ BEGIN PERFORM DISTINCT ON (x) x, y FROM (VALUES (1, 2)) v (x, y) ORDER BY y; END $$;
-- case: window functions
DO $$
DECLARE r record;
BEGIN
    FOR r IN SELECT k, v, row_number() OVER (PARTITION BY k ORDER BY v DESC) AS n, count(*) OVER (PARTITION BY k) AS c, sum(v) OVER (ORDER BY v) AS running FROM (VALUES ('a', 1), ('a', 2), ('b', 3)) t (k, v) ORDER BY v LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT v, rank() OVER w, dense_rank() OVER w, lag(v) OVER w, lead(v, 1, 0) OVER w, first_value(v) OVER w FROM (VALUES (1), (2), (2), (3)) t (v) WINDOW w AS (ORDER BY v) LOOP RAISE NOTICE '%', r; END LOOP;
    FOR r IN SELECT conname, n FROM (SELECT x AS conname, row_number() OVER (ORDER BY x) AS n FROM unnest(ARRAY['b', 'a']) x) s WHERE n = 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
