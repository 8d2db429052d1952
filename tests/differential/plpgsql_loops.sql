-- case: loops over integers
DO $$
DECLARE i int := 100; s text := '';
BEGIN
    FOR i IN 1..3 LOOP s := s || i; END LOOP;
    FOR i IN REVERSE 3..1 LOOP s := s || '-' || i; END LOOP;
    FOR i IN 1..10 BY 4 LOOP s := s || '+' || i; END LOOP;
    FOR i IN 3..1 LOOP s := s || 'never'; END LOOP;
    RAISE NOTICE '% % %', s, i, FOUND;
    FOR i IN (SELECT 2)..length('abcd') LOOP RAISE NOTICE '%', i; END LOOP;
    FOR i IN 1..2 LOOP i := i + 10; RAISE NOTICE '%', i; END LOOP;
    RAISE NOTICE '%', FOUND;
END $$;
DO $$ BEGIN FOR i IN NULL..3 LOOP NULL; END LOOP; END $$;
DO $$ BEGIN FOR i IN 1..NULL LOOP NULL; END LOOP; END $$;
DO $$ BEGIN FOR i IN 1..2 BY 0 LOOP NULL; END LOOP; END $$;
DO $$ BEGIN FOR i IN 1..2 BY NULL LOOP NULL; END LOOP; END $$;
DO $$ BEGIN FOR i IN 1..2 BY -1 LOOP NULL; END LOOP; END $$;
DO $$ BEGIN FOR i IN 'a'..'b' LOOP NULL; END LOOP; END $$;
-- case: LOOP, WHILE, EXIT and CONTINUE with labels
DO $$
DECLARE a int := 0; b int; s text := '';
BEGIN
    <<rows>>
    WHILE a < 4 LOOP
        a := a + 1;
        b := 0;
        <<columns>>
        LOOP
            b := b + 1;
            CONTINUE rows WHEN a = 2;
            CONTINUE columns WHEN b = 2;
            EXIT rows WHEN a = 4;
            EXIT WHEN b > 3;
            s := s || a || b || ' ';
        END LOOP columns;
    END LOOP rows;
    RAISE NOTICE '%', s;
    WHILE NULL LOOP RAISE NOTICE 'never'; END LOOP;
END $$;
-- case: loops over queries into every kind of variable
CREATE TABLE "Big One" (id int, "Full Name" text);
CREATE TABLE small (id int);
DO $$
DECLARE r record; a text; b text; n name; t pg_class%ROWTYPE; c int := 0;
BEGIN
    FOR r IN SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY relname LOOP
        RAISE NOTICE '% % %', r.relname, r.relkind, r;
    END LOOP;
    FOR a, b IN SELECT attname, atttypid::regtype FROM pg_attribute WHERE attrelid = '"Big One"'::regclass AND attnum > 0 ORDER BY attnum LOOP
        RAISE NOTICE '%: %', a, b;
    END LOOP;
    FOR n IN SELECT 'scalar' LOOP RAISE NOTICE '%', n; END LOOP;
    FOR t IN SELECT * FROM pg_class WHERE relname = 'small' LOOP RAISE NOTICE '% %', t.relname, t.relnatts; END LOOP;
    FOR r IN SELECT 1 WHERE false LOOP NULL; END LOOP;
    RAISE NOTICE '% %', FOUND, r;
    FOR r IN VALUES (1, 'a'), (2, 'b') LOOP c := c + r.column1; END LOOP;
    FOR r IN WITH w AS (SELECT 5 AS x) SELECT * FROM w LOOP c := c + r.x; END LOOP;
    FOR r IN (SELECT 1 AS y UNION ALL SELECT 2 ORDER BY 1 DESC) LOOP RAISE NOTICE '%', r.y; END LOOP;
    RAISE NOTICE '% %', c, FOUND;
END $$;
-- case: loops over EXECUTE
CREATE SCHEMA "My App";
CREATE TABLE "My App"."A a" (x int);
CREATE TABLE "My App".b (x int, y int);
DO $$
DECLARE r record; q text := 'SELECT tablename, $1 AS tag FROM pg_tables WHERE schemaname = $2 ORDER BY 1';
BEGIN
    FOR r IN EXECUTE q USING 'made', 'My App' LOOP
        EXECUTE format('COMMENT ON TABLE %I.%I IS %L', 'My App', r.tablename, r.tag || ' for ' || r.tablename);
        EXECUTE format('ALTER TABLE "My App".%I ADD COLUMN %I timestamptz DEFAULT now()', r.tablename, r.tag || ' at');
    END LOOP;
    FOR r IN EXECUTE 'SELECT 1 AS a WHERE 1 = $1' USING 2 LOOP RAISE NOTICE 'never'; END LOOP;
    RAISE NOTICE '%', FOUND;
END $$;
DO $$ DECLARE r record; BEGIN FOR r IN EXECUTE NULL LOOP NULL; END LOOP; END $$;
DO $$ DECLARE r record; BEGIN FOR r IN EXECUTE 'CREATE TABLE no ()' LOOP NULL; END LOOP; END $$;
DO $$ DECLARE r record; BEGIN FOR r IN EXECUTE 'SELECT * FROM nothing' LOOP NULL; END LOOP; END $$;
-- case: FOREACH over elements and slices
DO $$
DECLARE x int; t text; s int[]; m int[][] := ARRAY[[1, 2], [3, 4], [5, 6]];
BEGIN
    FOREACH x IN ARRAY m LOOP RAISE NOTICE 'x %', x; END LOOP;
    FOREACH s SLICE 1 IN ARRAY m LOOP RAISE NOTICE 's % %', s, s[2]; END LOOP;
    FOREACH s SLICE 2 IN ARRAY m LOOP RAISE NOTICE 'all %', s; END LOOP;
    FOREACH t IN ARRAY '{red,"light green"}'::text[] LOOP RAISE NOTICE '%', t; END LOOP;
    RAISE NOTICE '%', FOUND;
    FOREACH t IN ARRAY '{}'::text[] LOOP RAISE NOTICE 'never'; END LOOP;
    RAISE NOTICE '%', FOUND;
    FOREACH t IN ARRAY string_to_array('a,b', ',') || 'c'::text LOOP EXIT WHEN t = 'c'; RAISE NOTICE '%', t; END LOOP;
END $$;
DO $$ DECLARE x int; BEGIN FOREACH x IN ARRAY NULL::int[] LOOP NULL; END LOOP; END $$;
DO $$ DECLARE x int; BEGIN FOREACH x IN ARRAY 5 LOOP NULL; END LOOP; END $$;
DO $$ DECLARE x int; BEGIN FOREACH x SLICE 1 IN ARRAY '{1}'::int[] LOOP NULL; END LOOP; END $$;
DO $$ DECLARE x int[]; BEGIN FOREACH x SLICE 3 IN ARRAY '{1}'::int[] LOOP NULL; END LOOP; END $$;
DO $$ DECLARE x int[]; BEGIN FOREACH x IN ARRAY '{1}'::int[] LOOP NULL; END LOOP; END $$;
DO $$ DECLARE a text; b text; BEGIN FOREACH a IN ARRAY ARRAY['x'] LOOP b := a; END LOOP; RAISE NOTICE '% %', a, b; END $$;
-- case: what a loop does to its own catalog
CREATE TABLE t1 (a int);
CREATE TABLE t2 (a int);
DO $$
DECLARE r record; n int := 0;
BEGIN
    FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename ~ '^t[0-9]$' ORDER BY tablename LOOP
        EXECUTE format('CREATE TABLE %I (LIKE %I)', r.tablename || '0', r.tablename);
        EXECUTE 'DROP TABLE ' || r.tablename;
        n := n + 1;
    END LOOP;
    RAISE NOTICE '% %', n, (SELECT string_agg(tablename, ',' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public');
END $$;
-- case: partitions named by number and by month
CREATE TABLE measures (at date NOT NULL, v int) PARTITION BY RANGE (at);
DO $$
DECLARE first date := '2024-01-01'; next date;
BEGIN
    FOR i IN 0..3 LOOP
        next := first + interval '1 month';
        EXECUTE format('CREATE TABLE %I PARTITION OF measures FOR VALUES FROM (%L) TO (%L)', 'measures_' || to_char(first, 'YYYY_MM'), first, next);
        RAISE NOTICE '% %', first, next;
        first := next;
    END LOOP;
END $$;
CREATE TABLE hashed (id int) PARTITION BY HASH (id);
DO $$ BEGIN
    FOR i IN 0..3 LOOP
        EXECUTE format('CREATE TABLE hashed_p%s PARTITION OF hashed FOR VALUES WITH (MODULUS %s, REMAINDER %s)', lpad(i::text, 2, '0'), 4, i);
    END LOOP;
END $$;
-- case: partitions named by day
CREATE TABLE logs (at timestamptz NOT NULL) PARTITION BY RANGE (at);
DO $$
DECLARE d date;
BEGIN
    FOR d IN SELECT generate_series('2024-02-28'::date, '2024-03-01'::date, '1 day')::date LOOP
        EXECUTE 'CREATE TABLE logs_' || to_char(d, 'YYYYMMDD') || ' PARTITION OF logs FOR VALUES FROM (' || quote_literal(d) || ') TO (' || quote_literal(d + 1) || ')';
    END LOOP;
END $$;
DO $$ DECLARE y int; BEGIN
    FOR y IN 2020..2021 LOOP
        EXECUTE format('CREATE TABLE IF NOT EXISTS logs_y%s PARTITION OF logs FOR VALUES FROM (%L) TO (%L)', y, make_date(y, 1, 1), make_date(y + 1, 1, 1));
    END LOOP;
END $$;
