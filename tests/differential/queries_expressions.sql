-- case: LIKE, ILIKE, SIMILAR TO and regular expressions, 1
DO $$ BEGIN
    RAISE NOTICE '% % % %', 'abc' LIKE 'a%', 'abc' LIKE '_b_', 'a%c' LIKE 'a\%c', 'abc' NOT LIKE 'b%';
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', 'ABC' ILIKE 'a%', 'a_c' LIKE 'a!_c' ESCAPE '!', NULL LIKE 'x';
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % % %', 'abc' ~ '^a.c$', 'ABC' ~* 'b', 'abc' !~ 'z', 'abc' !~* 'B';
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', 'a1b' ~ '\d', 'x y' ~ '\s', 'foo_bar' ~ '^\w+$';
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', 'pg_class' LIKE 'pg\_%', 'tbl_2024_01' ~ '^tbl_\d{4}_\d{2}$', 'ab' ~ '^(?:a|b)+$';
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', 'abc' ~~ 'a%', 'abc' !~~* 'B%';
END $$;
DO $$ BEGIN
    RAISE NOTICE '%', 'a' LIKE ANY ('{b,a}');
END $$;
-- case: LIKE, ILIKE, SIMILAR TO and regular expressions, 2
DO $$ BEGIN PERFORM 'a' LIKE 'a\'; END $$;
DO $$ BEGIN PERFORM 'a' LIKE 'a' ESCAPE 'xy'; END $$;
DO $$ BEGIN PERFORM 5 LIKE 'a'; END $$;
-- case: CASE, COALESCE, NULLIF, GREATEST and LEAST
DO $$ BEGIN
    RAISE NOTICE '% % %', CASE WHEN 1 > 2 THEN 'a' WHEN 2 > 1 THEN 'b' END, CASE 3 WHEN 1 THEN 'x' ELSE 'y' END, CASE WHEN false THEN 1 END;
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % % %', coalesce(NULL, 'x'), coalesce(NULL::int, 5), nullif('a', 'a'), nullif(1, 2);
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', greatest(1, 5, NULL, 3), least('b', 'a'), greatest(NULL::int, NULL);
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', CASE WHEN true THEN 1 ELSE 1 / 0 END, CASE NULL WHEN NULL THEN 'eq' ELSE 'ne' END;
END $$;
-- case: logic of three values
DO $$ BEGIN
    RAISE NOTICE '% % % %', NULL AND false, NULL OR true, NULL AND true, NOT NULL::boolean;
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % % %', NULL = NULL, NULL IS NULL, 1 IS DISTINCT FROM NULL, NULL IS NOT DISTINCT FROM NULL;
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % % %', (NULL::boolean) IS TRUE, (1 = 2) IS FALSE, (NULL::boolean) IS UNKNOWN, true IS NOT FALSE;
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', 2 BETWEEN 1 AND 3, 2 NOT BETWEEN 3 AND 1, 2 BETWEEN SYMMETRIC 3 AND 1;
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', ROW(NULL, NULL) IS NULL, ROW(1, NULL) IS NOT NULL, ROW(1, 2) IS NOT NULL;
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', 1 NOTNULL, NULL ISNULL;
END $$;
-- case: arithmetic, 1
DO $$ BEGIN
    RAISE NOTICE '% % %', 0.1::float8 + 0.2::float8, 1::float8 / 3, 1e20::float8;
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', 2147483647::bigint + 1, '5'::int + 1, 3::smallint * 2;
END $$;
DO $$ BEGIN PERFORM 2147483647 + 1; END $$;
DO $$ BEGIN PERFORM 1 / 0; END $$;
DO $$ BEGIN PERFORM 1.0 / 0; END $$;
DO $$ BEGIN PERFORM 1 % 0; END $$;
DO $$ BEGIN PERFORM 1 + true; END $$;
-- case: arithmetic, 2
DO $$ BEGIN PERFORM 'a' + 1; END $$;
DO $$ BEGIN PERFORM 'a'::text + 1; END $$;
DO $$ BEGIN PERFORM -'x'::text; END $$;
-- case: casts between types, 1
DO $$ BEGIN
    RAISE NOTICE '% % % %', '5'::int, 5::text || 'x', 'true'::boolean, 1::boolean;
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % % %', 2.5::int, 3.5::int, -2.5::int, '12.5'::numeric::int;
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', '{a,b}'::text[], ARRAY[1, 2]::text[], '{1,2}'::int[] = ARRAY[1, 2];
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', CAST('7' AS bigint), int '9';
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', true::int, 't'::boolean::text, 65::"char";
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', '(1,a)'::text, ROW(1, 'a')::text;
END $$;
DO $$ BEGIN PERFORM 'x'::int; END $$;
-- case: casts between types, 2
DO $$ BEGIN PERFORM ''::int; END $$;
DO $$ BEGIN PERFORM '99999999999'::int; END $$;
DO $$ BEGIN PERFORM 'yep'::boolean; END $$;
DO $$ BEGIN PERFORM '{a'::text[]; END $$;
DO $$ BEGIN PERFORM 'x'::uuid; END $$;
DO $$ BEGIN PERFORM 'x'::no_type; END $$;
DO $$ BEGIN PERFORM 40000::smallint; END $$;
DO $$ BEGIN PERFORM true::numeric; END $$;
DO $$ BEGIN PERFORM '1.2.3'::numeric; END $$;
