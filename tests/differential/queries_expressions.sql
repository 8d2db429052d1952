-- case: LIKE, ILIKE, SIMILAR TO and regular expressions
DO $$
BEGIN
    RAISE NOTICE '% % % %', 'abc' LIKE 'a%', 'abc' LIKE '_b_', 'a%c' LIKE 'a\%c', 'abc' NOT LIKE 'b%';
    RAISE NOTICE '% % %', 'ABC' ILIKE 'a%', 'a_c' LIKE 'a!_c' ESCAPE '!', NULL LIKE 'x';
    RAISE NOTICE '% % % %', 'abc' SIMILAR TO '(a|x)b%', 'abc' SIMILAR TO 'b', 'abc' NOT SIMILAR TO 'a_c', 'a1' SIMILAR TO '[a-z][0-9]';
    RAISE NOTICE '% % % %', 'abc' ~ '^a.c$', 'ABC' ~* 'b', 'abc' !~ 'z', 'abc' !~* 'B';
    RAISE NOTICE '% % %', 'a1b' ~ '\d', 'x y' ~ '\s', 'foo_bar' ~ '^\w+$';
    RAISE NOTICE '% % %', 'pg_class' LIKE 'pg\_%', 'tbl_2024_01' ~ '^tbl_\d{4}_\d{2}$', 'ab' ~ '^(?:a|b)+$';
    RAISE NOTICE '% %', 'abc' ~~ 'a%', 'abc' !~~* 'B%';
    RAISE NOTICE '%', 'a' LIKE ANY ('{b,a}');
END $$;
DO $$ BEGIN PERFORM 'a' ~ '('; END $$;
DO $$ BEGIN PERFORM 'a' LIKE 'a\'; END $$;
DO $$ BEGIN PERFORM 'a' LIKE 'a' ESCAPE 'xy'; END $$;
DO $$ BEGIN PERFORM 5 LIKE 'a'; END $$;
-- case: CASE, COALESCE, NULLIF, GREATEST and LEAST
DO $$
BEGIN
    RAISE NOTICE '% % %', CASE WHEN 1 > 2 THEN 'a' WHEN 2 > 1 THEN 'b' END, CASE 3 WHEN 1 THEN 'x' ELSE 'y' END, CASE WHEN false THEN 1 END;
    RAISE NOTICE '% % % %', coalesce(NULL, 'x'), coalesce(NULL::int, 5), nullif('a', 'a'), nullif(1, 2);
    RAISE NOTICE '% % %', greatest(1, 5, NULL, 3), least('b', 'a'), greatest(NULL::int, NULL);
    RAISE NOTICE '% %', CASE WHEN true THEN 1 ELSE 1 / 0 END, CASE NULL WHEN NULL THEN 'eq' ELSE 'ne' END;
    RAISE NOTICE '% % %', CASE WHEN true THEN 1 ELSE 2.5 END, coalesce(1, 2.5), pg_typeof(coalesce(1, 2.5));
END $$;
-- case: logic of three values
DO $$
BEGIN
    RAISE NOTICE '% % % %', NULL AND false, NULL OR true, NULL AND true, NOT NULL::boolean;
    RAISE NOTICE '% % % %', NULL = NULL, NULL IS NULL, 1 IS DISTINCT FROM NULL, NULL IS NOT DISTINCT FROM NULL;
    RAISE NOTICE '% % % %', (NULL::boolean) IS TRUE, (1 = 2) IS FALSE, (NULL::boolean) IS UNKNOWN, true IS NOT FALSE;
    RAISE NOTICE '% % %', 2 BETWEEN 1 AND 3, 2 NOT BETWEEN 3 AND 1, 2 BETWEEN SYMMETRIC 3 AND 1;
    RAISE NOTICE '% % %', ROW(NULL, NULL) IS NULL, ROW(1, NULL) IS NOT NULL, ROW(1, 2) IS NOT NULL;
    RAISE NOTICE '% %', 1 NOTNULL, NULL ISNULL;
END $$;
-- case: arithmetic
DO $$
BEGIN
    RAISE NOTICE '% % % % %', 7 / 2, -7 / 2, 7 % 3, -7 % 3, 2 ^ 10;
    RAISE NOTICE '% % % %', 7.0 / 2, 1.5 + 1, 2.50 * 2, 10 - 0.1;
    RAISE NOTICE '% % % %', round(2.5), round(2.567, 2), ceil(1.1), floor(-1.1);
    RAISE NOTICE '% % % %', abs(-5), mod(10, 3), power(2, 3), sqrt(16);
    RAISE NOTICE '% % % %', 1e3, 1 / 3.0, 100::numeric(5, 2), trunc(1.99);
    RAISE NOTICE '% % % %', 5 & 3, 5 | 3, 5 # 3, 1 << 4;
    RAISE NOTICE '% % %', sign(-3), div(7, 2), ceiling(2);
    RAISE NOTICE '% % %', 0.1::float8 + 0.2::float8, 1::float8 / 3, 1e20::float8;
    RAISE NOTICE '% % %', 2147483647::bigint + 1, '5'::int + 1, 3::smallint * 2;
    RAISE NOTICE '% %', pg_typeof(1 + 1::bigint), pg_typeof(1 / 2.0);
END $$;
DO $$ BEGIN PERFORM 2147483647 + 1; END $$;
DO $$ BEGIN PERFORM 1 / 0; END $$;
DO $$ BEGIN PERFORM 1.0 / 0; END $$;
DO $$ BEGIN PERFORM 1 % 0; END $$;
DO $$ BEGIN PERFORM 1 + true; END $$;
DO $$ BEGIN PERFORM 'a' + 1; END $$;
DO $$ BEGIN PERFORM 'a'::text + 1; END $$;
DO $$ BEGIN PERFORM -'x'::text; END $$;
-- case: casts between types
DO $$
BEGIN
    RAISE NOTICE '% % % %', '5'::int, 5::text || 'x', 'true'::boolean, 1::boolean;
    RAISE NOTICE '% % % %', 2.5::int, 3.5::int, -2.5::int, '12.5'::numeric::int;
    RAISE NOTICE '% % %', 'abcdef'::varchar(3), 'abc'::char(5) || '|', 'x'::name;
    RAISE NOTICE '% % %', '{a,b}'::text[], ARRAY[1, 2]::text[], '{1,2}'::int[] = ARRAY[1, 2];
    RAISE NOTICE '% %', CAST('7' AS bigint), int '9';
    RAISE NOTICE '% % %', true::int, 't'::boolean::text, 65::"char";
    RAISE NOTICE '% %', '(1,a)'::text, ROW(1, 'a')::text;
END $$;
DO $$ BEGIN PERFORM 'x'::int; END $$;
DO $$ BEGIN PERFORM ''::int; END $$;
DO $$ BEGIN PERFORM '99999999999'::int; END $$;
DO $$ BEGIN PERFORM 'yep'::boolean; END $$;
DO $$ BEGIN PERFORM '{a'::text[]; END $$;
DO $$ BEGIN PERFORM 'x'::uuid; END $$;
DO $$ BEGIN PERFORM 'x'::no_type; END $$;
DO $$ BEGIN PERFORM 40000::smallint; END $$;
DO $$ BEGIN PERFORM true::numeric; END $$;
DO $$ BEGIN PERFORM '1.2.3'::numeric; END $$;
