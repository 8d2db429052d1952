-- case: a bound cursor with parameters
CREATE TABLE "A a" (x int, y int);
DO $$
DECLARE c CURSOR (t regclass, low int) FOR SELECT attname FROM pg_attribute WHERE attrelid = t AND attnum >= low ORDER BY attnum; n name;
BEGIN
    OPEN c('"A a"', 1);
    FETCH c INTO n; RAISE NOTICE '% %', n, FOUND;
    FETCH c INTO n; RAISE NOTICE '% %', n, FOUND;
    FETCH c INTO n; RAISE NOTICE '% %', n, FOUND;
    CLOSE c;
    OPEN c(low := 2, t := '"A a"');
    FETCH c INTO n; RAISE NOTICE '%', n;
    CLOSE c;
END $$;
-- case: a cursor in a loop
DO $$
DECLARE c CURSOR FOR SELECT g AS n, g * 2 AS d FROM generate_series(1, 3) g; total int := 0;
BEGIN
    FOR r IN c LOOP total := total + r.d; RAISE NOTICE '% %', r.n, r; END LOOP;
    RAISE NOTICE '%', total;
END $$;
-- case: refcursors for queries and for texts
DO $$
DECLARE c refcursor; d refcursor; a int; b text;
BEGIN
    OPEN c FOR SELECT 1, 'one' UNION ALL SELECT 2, 'two';
    FETCH c INTO a, b; RAISE NOTICE '% %', a, b;
    FETCH NEXT FROM c INTO a, b; RAISE NOTICE '% %', a, b;
    CLOSE c;
    OPEN d FOR EXECUTE 'SELECT $1 + g FROM generate_series(1, 2) g' USING 10;
    LOOP
        FETCH d INTO a;
        EXIT WHEN NOT FOUND;
        RAISE NOTICE '%', a;
    END LOOP;
    CLOSE d;
END $$;
-- case: MOVE
DO $$
DECLARE c CURSOR FOR SELECT generate_series(1, 5); n int;
BEGIN
    OPEN c;
    MOVE c; MOVE NEXT FROM c;
    FETCH c INTO n; RAISE NOTICE '%', n;
    CLOSE c;
END $$;
-- case: a cursor that is used wrongly
DO $$ DECLARE c CURSOR FOR SELECT * FROM nothing; BEGIN RAISE NOTICE 'before'; OPEN c; END $$;
