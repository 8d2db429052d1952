-- case: aggregates with FILTER, ORDER BY and DISTINCT
DO $$ DECLARE r record; BEGIN
    SELECT string_agg(x, ',' ORDER BY x DESC), string_agg(DISTINCT x, '+'), array_agg(x ORDER BY x), array_agg(DISTINCT x), string_agg(x, '' ORDER BY length(x), x) INTO r FROM (VALUES ('b'), ('a'), ('b'), ('cc')) v (x);
    RAISE NOTICE '%', r;
END $$;
DO $$ DECLARE r record; BEGIN
    SELECT count(*) FILTER (WHERE x > 1), sum(x) FILTER (WHERE x < 0), array_agg(x) FILTER (WHERE x <> 2), string_agg(x::text, '-' ORDER BY x DESC) FILTER (WHERE x % 2 = 1) INTO r FROM generate_series(1, 5) x;
    RAISE NOTICE '%', r;
END $$;
DO $$ DECLARE r record; BEGIN
    SELECT count(*), sum(1), max('x'), array_agg(1), string_agg('a', 'b'), bool_or(true), count(*) + 5 INTO r FROM pg_class WHERE false;
    RAISE NOTICE '%', r;
END $$;
DO $$ DECLARE r record; BEGIN
    SELECT min(nspname), max(nspname) INTO r FROM pg_namespace WHERE nspname IN ('public', 'information_schema');
    RAISE NOTICE '%', r;
END $$;
-- case: GROUP BY and HAVING, 1
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT k, count(*) AS n, sum(v) FROM (VALUES ('a', 1), ('b', 2), ('a', 3), (NULL, 4), (NULL, 5)) t (k, v) GROUP BY k ORDER BY k LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT k, max(v) FROM (VALUES ('a', 1), ('b', 2), ('a', 3)) t (k, v) GROUP BY 1 HAVING count(*) > 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT v % 2 AS odd, array_agg(v ORDER BY v) FROM generate_series(1, 5) v GROUP BY odd ORDER BY odd DESC LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT upper(k) || '!' AS u, min(v) FROM (VALUES ('a', 1), ('a', 3)) t (k, v) GROUP BY upper(k) LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT count(*) FROM pg_class WHERE false GROUP BY relname LOOP RAISE NOTICE 'never'; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT 1 FROM pg_class WHERE false HAVING count(*) = 0 LOOP RAISE NOTICE 'one %', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT c.relkind, count(*) FROM pg_class c WHERE c.relname IN ('pg_class', 'pg_tables', 'pg_type') GROUP BY c.relkind ORDER BY count(*) DESC LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
-- case: GROUP BY and HAVING, 2
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT k FROM (VALUES ('a', 1), ('b', 5)) t (k, v) GROUP BY k ORDER BY sum(v) DESC LIMIT 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ BEGIN PERFORM relname, count(*) FROM pg_class; END $$;
DO $$ BEGIN PERFORM relname FROM pg_class GROUP BY relkind; END $$;
DO $$ BEGIN PERFORM count(count(*)) FROM pg_class; END $$;
DO $$ BEGIN PERFORM 1 FROM pg_class WHERE sum(relpages) > 1; END $$;
DO $$ BEGIN PERFORM 1 FROM pg_class GROUP BY count(*); END $$;
DO $$ BEGIN PERFORM 1 FROM pg_class GROUP BY 2; END $$;
-- case: DISTINCT, DISTINCT ON, LIMIT and OFFSET, 1
DO $$ DECLARE r record; a int[]; BEGIN
    a := ARRAY(SELECT x FROM (VALUES (1), (2), (2), (3)) v (x) ORDER BY x FETCH FIRST 2 ROWS WITH TIES); RAISE NOTICE '%', a;
END $$;
DO $$ DECLARE r record; a int[]; BEGIN
    a := ARRAY(SELECT x FROM (VALUES (1), (NULL), (2)) v (x) ORDER BY x NULLS FIRST); RAISE NOTICE '%', a;
END $$;
DO $$ DECLARE r record; a int[]; BEGIN
    a := ARRAY(SELECT x FROM (VALUES (1), (NULL), (2)) v (x) ORDER BY x DESC NULLS LAST); RAISE NOTICE '%', a;
END $$;
DO $$ DECLARE r record; a int[]; BEGIN
    a := ARRAY(SELECT x FROM generate_series(1, 4) x ORDER BY x % 2, x DESC); RAISE NOTICE '%', a;
END $$;
DO $$ DECLARE r record; a int[]; BEGIN
    a := ARRAY(SELECT x FROM generate_series(1, 3) x LIMIT NULL); RAISE NOTICE '%', a;
END $$;
DO $$ BEGIN PERFORM 1 LIMIT -1; END $$;
DO $$ BEGIN PERFORM 1 OFFSET -1; END $$;
DO $$ BEGIN PERFORM DISTINCT x FROM (VALUES (1, 2)) v (x, y) ORDER BY y; END $$;
DO $$ BEGIN PERFORM DISTINCT ON (x) x, y FROM (VALUES (1, 2)) v (x, y) ORDER BY y; END $$;
-- case: DISTINCT, DISTINCT ON, LIMIT and OFFSET, 2
DO $$ DECLARE r record; a int[]; BEGIN
    a := ARRAY(SELECT x FROM (VALUES (1), (2), (2), (3)) v (x) ORDER BY x FETCH FIRST 2 ROWS WITH TIES); RAISE NOTICE '%', a;
END $$;
DO $$ DECLARE r record; a int[]; BEGIN
    a := ARRAY(SELECT x FROM (VALUES (1), (NULL), (2)) v (x) ORDER BY x NULLS FIRST); RAISE NOTICE '%', a;
END $$;
DO $$ DECLARE r record; a int[]; BEGIN
    a := ARRAY(SELECT x FROM (VALUES (1), (NULL), (2)) v (x) ORDER BY x DESC NULLS LAST); RAISE NOTICE '%', a;
END $$;
DO $$ DECLARE r record; a int[]; BEGIN
    a := ARRAY(SELECT x FROM generate_series(1, 4) x ORDER BY x % 2, x DESC); RAISE NOTICE '%', a;
END $$;
DO $$ DECLARE r record; a int[]; BEGIN
    a := ARRAY(SELECT x FROM generate_series(1, 3) x LIMIT NULL); RAISE NOTICE '%', a;
END $$;
DO $$ BEGIN PERFORM 1 LIMIT -1; END $$;
DO $$ BEGIN PERFORM 1 OFFSET -1; END $$;
DO $$ BEGIN PERFORM DISTINCT x FROM (VALUES (1, 2)) v (x, y) ORDER BY y; END $$;
DO $$ BEGIN PERFORM DISTINCT ON (x) x, y FROM (VALUES (1, 2)) v (x, y) ORDER BY y; END $$;
