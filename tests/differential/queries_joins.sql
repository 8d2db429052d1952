-- case: inner, left, right, full and cross joins
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT a.x, b.y FROM (VALUES (1, 'a'), (2, 'b'), (3, 'c')) a (x, l) JOIN (VALUES (2, 'q'), (3, 'r'), (4, 's')) b (x, y) ON a.x = b.x ORDER BY 1 LOOP RAISE NOTICE 'inner %', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT a.x, b.y FROM (VALUES (1), (2)) a (x) LEFT JOIN (VALUES (2, 'q')) b (x, y) ON a.x = b.x ORDER BY 1 LOOP RAISE NOTICE 'left %', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT a.x, b.x AS bx FROM (VALUES (1), (2)) a (x) RIGHT OUTER JOIN (VALUES (2), (3)) b (x) ON a.x = b.x ORDER BY 2 LOOP RAISE NOTICE 'right %', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT a.x, b.x AS bx FROM (VALUES (1), (2)) a (x) FULL JOIN (VALUES (2), (3)) b (x) ON a.x = b.x ORDER BY coalesce(a.x, b.x) LOOP RAISE NOTICE 'full %', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT a.x, b.y FROM (VALUES (1), (2)) a (x) CROSS JOIN (VALUES ('p'), ('q')) b (y) ORDER BY 1, 2 LOOP RAISE NOTICE 'cross %', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT a.x, b.y FROM (VALUES (1), (2)) a (x), (VALUES ('p')) b (y) WHERE a.x > 1 LOOP RAISE NOTICE 'comma %', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT * FROM (VALUES (1, 'a')) a (x, y) JOIN (VALUES (1, 'b')) b (x, z) USING (x) LOOP RAISE NOTICE 'using %', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT * FROM (VALUES (1, 'a'), (2, 'c')) a (x, y) NATURAL JOIN (VALUES (1, 'b')) b (x, z) LOOP RAISE NOTICE 'natural %', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT a.x, c.z FROM (VALUES (1), (2)) a (x) LEFT JOIN ((VALUES (1)) b (y) JOIN (VALUES (1, 'deep')) c (y2, z) ON b.y = c.y2) ON a.x = b.y ORDER BY 1 LOOP RAISE NOTICE 'nested %', r; END LOOP;
END $$;
-- case: joins over the catalog
CREATE SCHEMA "My App";
CREATE TABLE "My App"."Users" (id int PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE "My App".posts (id int PRIMARY KEY, author int REFERENCES "My App"."Users" ON DELETE CASCADE, title text);
CREATE INDEX ON "My App".posts (author);
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT n.nspname, c.relname, a.attname, t.typname, a.attnotnull FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        JOIN pg_type t ON t.oid = a.atttypid WHERE n.nspname = 'My App' AND c.relkind = 'r' ORDER BY c.relname, a.attnum LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT con.conname, con.conrelid::regclass AS tab, con.confrelid::regclass AS ref, con.confdeltype, att.attname FROM pg_constraint con
        JOIN pg_attribute att ON att.attrelid = con.conrelid AND att.attnum = ANY (con.conkey) WHERE con.contype = 'f' LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT tc.table_name, kcu.column_name, ccu.table_name AS foreign_table, ccu.column_name AS foreign_column, rc.delete_rule FROM information_schema.table_constraints AS tc
        JOIN information_schema.key_column_usage AS kcu ON tc.constraint_name = kcu.constraint_name AND tc.table_schema = kcu.table_schema
        JOIN information_schema.constraint_column_usage AS ccu ON ccu.constraint_name = tc.constraint_name AND ccu.table_schema = tc.table_schema
        JOIN information_schema.referential_constraints rc ON rc.constraint_name = tc.constraint_name
        WHERE tc.constraint_type = 'FOREIGN KEY' AND tc.table_schema = 'My App' LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT c.relname, i.relname AS idx, x.indisunique, x.indisprimary, x.indkey::text FROM pg_class c LEFT JOIN pg_index x ON x.indrelid = c.oid LEFT JOIN pg_class i ON i.oid = x.indexrelid
        WHERE c.relnamespace = '"My App"'::regnamespace AND c.relkind = 'r' ORDER BY 1, 2 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT c.relname, count(a.attname) AS n FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 1 AND NOT a.attisdropped WHERE c.relnamespace = '"My App"'::regnamespace AND c.relkind = 'r' GROUP BY c.relname ORDER BY n DESC, c.relname LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) WHERE i.indrelid = '"My App"."Users"'::regclass AND i.indisprimary LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
-- case: errors of FROM, 1
DO $$ BEGIN PERFORM 1 FROM a, a; END $$;
DO $$ BEGIN PERFORM 1 FROM pg_class, pg_class; END $$;
DO $$ BEGIN PERFORM x FROM (VALUES (1)) v (y); END $$;
DO $$ BEGIN PERFORM v.x FROM (VALUES (1)) v (y); END $$;
DO $$ BEGIN PERFORM w.y FROM (VALUES (1)) v (y); END $$;
DO $$ BEGIN PERFORM oid FROM pg_class, pg_namespace; END $$;
DO $$ BEGIN PERFORM 1 FROM pg_class c JOIN pg_namespace n USING (nothing); END $$;
-- case: errors of FROM, 2
DO $$ BEGIN PERFORM 1 FROM pg_class c JOIN pg_namespace n ON c.relnamespace; END $$;
DO $$ BEGIN PERFORM 1 FROM (VALUES (1)) v (a, b); END $$;
DO $$ BEGIN PERFORM pg_class.relname FROM pg_class c; END $$;
DO $$ BEGIN PERFORM 1 FROM nothing.at_all; END $$;
DO $$ BEGIN PERFORM 1 FROM pg_class c WHERE c.no_column = 1; END $$;
DO $$ BEGIN PERFORM 1 FROM information_schema.tables WHERE tablename = 'x'; END $$;
DO $$ BEGIN PERFORM b.x FROM (VALUES (1)) a (x), (SELECT a.x) b; END $$;
DO $$ BEGIN PERFORM 1 FROM pg_class WHERE relname = 5; END $$;
DO $$ BEGIN PERFORM 1 FROM pg_class WHERE count(*) > 1; END $$;
-- case: lateral sub-queries and functions
CREATE TABLE "T t" (a int, b text, c int[]);
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT v.x, l.y FROM (VALUES (1), (2)) v (x) CROSS JOIN LATERAL (SELECT v.x * 10 AS y) l ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT v.x, g FROM (VALUES (1), (3)) v (x), generate_series(1, v.x) g ORDER BY 1, 2 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT c.relname, l.attname FROM pg_class c LEFT JOIN LATERAL (SELECT attname FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 ORDER BY attnum DESC LIMIT 1) l ON true WHERE c.relname = 'T t' LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT con, u.elem, u.ord FROM (VALUES ('k', ARRAY['p', 'q'])) v (con, cols) CROSS JOIN unnest(v.cols) WITH ORDINALITY AS u (elem, ord) LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT v.x, l.* FROM (VALUES (1), (2)) v (x) LEFT JOIN LATERAL (SELECT 'two' AS w WHERE v.x = 2) l ON true ORDER BY 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
-- case: a column of rows in the right order
CREATE TABLE multi (a int, b int, c int, CONSTRAINT "m k" PRIMARY KEY (c, a), UNIQUE (b));
CREATE TABLE refs (x int, y int, FOREIGN KEY (x, y) REFERENCES multi (c, a));
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT conname, (SELECT string_agg(quote_ident(attname), ', ' ORDER BY u.ord) FROM unnest(conkey) WITH ORDINALITY u (num, ord) JOIN pg_attribute ON attrelid = conrelid AND attnum = u.num) AS cols,
        pg_get_constraintdef(oid) AS def FROM pg_constraint WHERE conrelid IN ('multi'::regclass, 'refs'::regclass) AND contype IN ('p', 'u', 'f') ORDER BY conname LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT conname, array_agg(attname ORDER BY attname) AS names FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey) WHERE conrelid = 'multi'::regclass AND contype IN ('p', 'u') GROUP BY conname HAVING count(*) > 1 LOOP RAISE NOTICE '%', r; END LOOP;
END $$;
