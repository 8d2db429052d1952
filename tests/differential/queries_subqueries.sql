-- case: scalar, EXISTS, IN, ANY and ALL, 1
CREATE TABLE "T" (id int, "B b" text);
DO $$ BEGIN
    RAISE NOTICE '% %', (SELECT relkind FROM pg_class WHERE relname = 'T'), (SELECT 1 WHERE false);
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', EXISTS (SELECT 1 FROM pg_class WHERE relname = 'T'), NOT EXISTS (SELECT FROM pg_class WHERE relname = 't');
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', 1 IN (1, 2), 3 NOT IN (1, 2), 3 IN (1, NULL);
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', 'B b' IN (SELECT attname FROM pg_attribute WHERE attrelid = '"T"'::regclass), 'x' NOT IN (SELECT attname FROM pg_attribute WHERE attrelid = '"T"'::regclass);
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', 2 = ANY (ARRAY[1, 2]), 2 <> ALL ('{1,2}'::int[]), 5 > ALL (ARRAY[1, 2]);
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', 2 = ANY (SELECT generate_series(1, 3)), 2 > ALL (SELECT 1 WHERE false), 2 = SOME (VALUES (2));
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', (1, 'a') IN ((1, 'a'), (2, 'b')), (1, 2) IN (SELECT x, x + 1 FROM generate_series(1, 3) x);
END $$;
-- case: scalar, EXISTS, IN, ANY and ALL, 2
CREATE TABLE "T" (id int, "B b" text);
DO $$ BEGIN
    RAISE NOTICE '%', ARRAY(SELECT attname FROM pg_attribute WHERE attrelid = '"T"'::regclass AND attnum > 0 ORDER BY attnum);
END $$;
DO $$ BEGIN
    RAISE NOTICE '%', (SELECT count(*) FROM (SELECT DISTINCT x / 2 FROM generate_series(1, 5) x) s);
END $$;
DO $$ BEGIN
    RAISE NOTICE '%', (SELECT max(n) FROM (SELECT count(*) AS n FROM pg_attribute WHERE attrelid = '"T"'::regclass AND attnum > 0) AS s (n));
END $$;
DO $$ BEGIN
    RAISE NOTICE '%', 'T' = ANY (SELECT tablename FROM pg_tables WHERE schemaname = ANY (current_schemas(false)));
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', 'abc' LIKE ANY (ARRAY['x%', 'a%']), 'abc' NOT LIKE ALL (ARRAY['x%', 'y%']);
END $$;
DO $$ BEGIN PERFORM (SELECT relname FROM pg_class); END $$;
DO $$ BEGIN PERFORM (SELECT 1, 2); END $$;
-- case: scalar, EXISTS, IN, ANY and ALL, 3
CREATE TABLE "T" (id int, "B b" text);
DO $$ BEGIN PERFORM 1 IN (SELECT 1, 2); END $$;
DO $$ BEGIN PERFORM 1 IN ('a'); END $$;
DO $$ BEGIN PERFORM 1 = ANY (5); END $$;
DO $$ BEGIN PERFORM 1 = ANY ('x'); END $$;
-- case: correlated sub-queries
CREATE TABLE one (a int PRIMARY KEY);
CREATE TABLE "Two 2" (a int, b int, c int);
CREATE VIEW v AS SELECT a FROM one;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT c.relname, (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0) AS n, EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary) AS pk FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p') LOOP RAISE NOTICE 'no key: %', r.relname; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT t.x, (SELECT string_agg(u.y::text, '' ORDER BY y) FROM generate_series(1, t.x) u (y)) FROM (VALUES (1), (3)) t (x) LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
-- case: common table expressions
DO $$ DECLARE r record; BEGIN
    FOR r IN WITH a AS (SELECT 1 AS x UNION SELECT 2), b (y) AS (SELECT x * 10 FROM a) SELECT a.x, b.y FROM a, b WHERE b.y = a.x * 10 ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN WITH RECURSIVE n (i, s) AS (VALUES (1, 'a') UNION ALL SELECT i + 1, s || 'b' FROM n WHERE i < 4) SELECT * FROM n LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN WITH RECURSIVE n AS (SELECT 1 AS i UNION SELECT (i * 2) % 7 FROM n) SELECT array_agg(i) FROM n LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN WITH m AS MATERIALIZED (SELECT 5 AS v) SELECT (SELECT v FROM m) + v AS w FROM m LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT * FROM (WITH q AS (SELECT 'in' AS z) SELECT z FROM q) s LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN WITH pg_class AS (SELECT 'mine' AS relname) SELECT relname FROM pg_class LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ BEGIN PERFORM 1 FROM (WITH a AS (SELECT 1), a AS (SELECT 2) SELECT 1) x; END $$;
DO $$ DECLARE n int; BEGIN WITH a AS (SELECT 1 AS x) SELECT y INTO n FROM a; END $$;
DO $$ DECLARE n int; BEGIN WITH RECURSIVE a AS (SELECT 1 AS x UNION ALL SELECT 'x' FROM a) SELECT x INTO n FROM a; END $$;
-- case: a recursive walk over dependencies of tables
CREATE TABLE root (id int PRIMARY KEY);
CREATE TABLE "Mid" (id int PRIMARY KEY, r int REFERENCES root);
CREATE TABLE leaf (id int, m int REFERENCES "Mid");
DO $$
DECLARE r record;
BEGIN
    FOR r IN WITH RECURSIVE tree (oid, depth, path) AS (
            SELECT 'root'::regclass::oid, 0, 'root'::text
            UNION ALL SELECT k.conrelid, t.depth + 1, t.path || '/' || k.conrelid::regclass::text FROM tree t JOIN pg_constraint k ON k.confrelid = t.oid AND k.contype = 'f')
        SELECT depth, oid::regclass AS name, path FROM tree ORDER BY depth DESC LOOP
        RAISE NOTICE '%', r;
        EXECUTE format('ALTER TABLE %s ADD COLUMN %I int', r.name, 'depth ' || r.depth);
    END LOOP;
END $$;
-- case: UNION, INTERSECT and EXCEPT, 1
DO $$ DECLARE a text[]; BEGIN
    a := ARRAY(SELECT 1 UNION SELECT 2 UNION ALL SELECT 2 ORDER BY 1); RAISE NOTICE '%', a;
END $$;
DO $$ DECLARE a text[]; BEGIN
    a := ARRAY(SELECT x FROM generate_series(1, 4) x INTERSECT SELECT y FROM generate_series(3, 6) y ORDER BY 1); RAISE NOTICE '%', a;
END $$;
DO $$ DECLARE a text[]; BEGIN
    a := ARRAY(SELECT x FROM generate_series(1, 4) x EXCEPT SELECT 2 ORDER BY 1 DESC); RAISE NOTICE '%', a;
END $$;
DO $$ DECLARE a text[]; BEGIN
    a := ARRAY((SELECT 1 UNION SELECT 2) EXCEPT SELECT 1); RAISE NOTICE '%', a;
END $$;
DO $$ DECLARE a text[]; BEGIN
    a := ARRAY(SELECT x FROM (VALUES (1), (1), (2)) v (x) EXCEPT ALL SELECT 1 ORDER BY 1); RAISE NOTICE '%', a;
END $$;
DO $$ DECLARE a text[]; BEGIN
    a := ARRAY(SELECT x FROM (VALUES (1), (1), (2)) v (x) INTERSECT ALL VALUES (1), (1), (1)); RAISE NOTICE '%', a;
END $$;
DO $$ DECLARE a text[]; BEGIN
    a := ARRAY(VALUES ('b'), ('a') UNION SELECT 'b' ORDER BY 1); RAISE NOTICE '%', a;
END $$;
-- case: UNION, INTERSECT and EXCEPT, 2
DO $$ DECLARE a text[]; BEGIN
    a := ARRAY((SELECT 5 ORDER BY 1 LIMIT 1) UNION ALL (SELECT 6 LIMIT 1)); RAISE NOTICE '%', a;
END $$;
DO $$ DECLARE a text[]; BEGIN
    a := ARRAY(SELECT NULL UNION SELECT 'x' ORDER BY 1 NULLS FIRST); RAISE NOTICE '%', a;
END $$;
DO $$ DECLARE a text[]; BEGIN
    a := ARRAY(SELECT unnest(ARRAY['id', 'a', 'zz']) EXCEPT SELECT attname FROM pg_attribute WHERE attname = 'a' ORDER BY 1); RAISE NOTICE '%', a;
END $$;
DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 UNION SELECT 'x' LOOP NULL; END LOOP; END $$;
DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 UNION SELECT true LOOP NULL; END LOOP; END $$;
DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 AS x UNION SELECT 2 ORDER BY y LOOP NULL; END LOOP; END $$;
-- case: VALUES, unnest, generate_series and ROWS FROM, 1
DO $$ DECLARE r record; BEGIN
    FOR r IN VALUES (1, 'a', NULL), (2, 'b', 3.5) LOOP RAISE NOTICE '% %', r.column2, r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT * FROM unnest(ARRAY['x', 'y'], ARRAY[1, 2, 3]) AS u (a, b) LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT * FROM unnest(ARRAY[10, 20]) WITH ORDINALITY LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT unnest(ARRAY[1, 2]) AS a, unnest(ARRAY['p', 'q']) AS b LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT * FROM generate_series(10, 1, -4) AS g (n) LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT i, (ARRAY['a', 'b', 'c'])[i] AS v FROM generate_subscripts(ARRAY['a', 'b', 'c'], 1) i LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT * FROM ROWS FROM (generate_series(1, 2), unnest(ARRAY['z'])) AS t (n, s) LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
-- case: VALUES, unnest, generate_series and ROWS FROM, 2
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT string_to_table('a,b', ',') AS s LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT regexp_split_to_table('a1b22c', '\d+') AS s LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT x FROM unnest('{{1,2},{3,4}}'::int[]) x LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT count(*) FROM generate_series(1, 0) LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ BEGIN PERFORM generate_series(1, 2, 0); END $$;
DO $$ BEGIN PERFORM 1 FROM unnest(5); END $$;
DO $$ DECLARE r record; BEGIN FOR r IN VALUES (1), (1, 2) LOOP NULL; END LOOP; END $$;

-- case: PERFORM of a UNION whose sides have different numbers of columns
DO $$ BEGIN PERFORM 1 UNION SELECT 1, 2; END $$;
