-- case: functions of strings, 1
DO $$ BEGIN
    RAISE NOTICE '% % % %', lower('AbC'), upper('abc'), initcap('hello wORLD-x'), reverse('abc');
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % % %', length('abc'), char_length('äb'), octet_length('äb'), bit_length('a');
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % % % %', left('abcdef', 2), right('abcdef', 2), left('abc', -1), right('abc', -1), left('a', 5);
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % % %', substring('abcdef' FROM 2 FOR 3), substr('abcdef', 3), substring('foo123' FROM '\d+'), substring('a=b' from '(.)=');
END $$;
DO $$ BEGIN
    RAISE NOTICE '[%] [%] [%] [%]', trim('  x '), ltrim('xxa', 'x'), rtrim('a--', '-'), btrim('zaz', 'z');
END $$;
DO $$ BEGIN
    RAISE NOTICE '[%] [%] [%]', trim(both 'x' from 'xax'), trim(leading from '  a'), trim(trailing '.' from 'a..');
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % % %', lpad('7', 3, '0'), rpad('ab', 4, '*'), lpad('abcdef', 3), repeat('ab', 3);
END $$;
-- case: functions of strings, 2
DO $$ BEGIN
    RAISE NOTICE '% % % %', split_part('a,b,c', ',', 2), split_part('a,b,c', ',', -1), position('b' IN 'abc'), strpos('abc', 'z');
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', regexp_replace('a1b2', '\d', '#'), regexp_replace('a1b2', '\d', '#', 'g'), regexp_replace('Foo Bar', '(\w+) (\w+)', '\2 \1');
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', regexp_replace('ABC', 'b', 'x', 'i'), (regexp_match('foo=bar', '(\w+)=(\w+)'))[2], regexp_match('a', 'b') IS NULL;
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', concat('a', 1, NULL), 'a' || 'b' || 3, concat_ws('_', 'x', 'y');
END $$;
DO $$ BEGIN
    RAISE NOTICE '% % %', quote_ident('A b'), quote_literal('x''y'), quote_nullable(NULL);
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', string_to_array('a,,b', ','), array_to_string(ARRAY['a', NULL, 'b'], '-', '?');
END $$;
DO $$ BEGIN
    RAISE NOTICE '% %', format('%s', 'x'), strpos('high', 'ig');
END $$;
-- case: functions of strings, 3
DO $$ BEGIN PERFORM split_part('a', ',', 0); END $$;
DO $$ BEGIN PERFORM substring('abc' FROM 1 FOR -1); END $$;
DO $$ BEGIN PERFORM lower(5); END $$;
DO $$ BEGIN PERFORM no_function('x'); END $$;
DO $$ BEGIN PERFORM upper('a', 'b'); END $$;
DO $$ BEGIN PERFORM chr(0); END $$;
DO $$ BEGIN PERFORM pg_catalog.no_function('x'); END $$;
DO $$ BEGIN PERFORM no_schema.no_function('x'); END $$;
-- case: functions of arrays, 1
DO $$ DECLARE a int[] := ARRAY[3, 1, 2]; t text[] := '{}'; BEGIN
    RAISE NOTICE '% % % %', array_length(a, 1), cardinality(a), array_upper(a, 1), array_lower(a, 1);
END $$;
DO $$ DECLARE a int[] := ARRAY[3, 1, 2]; t text[] := '{}'; BEGIN
    RAISE NOTICE '% % % %', array_append(a, 9), array_prepend(0, a), array_cat(a, ARRAY[7]), a || 4;
END $$;
DO $$ DECLARE a int[] := ARRAY[3, 1, 2]; t text[] := '{}'; BEGIN
    RAISE NOTICE '% % % %', array_remove(a, 1), array_replace(a, 1, 5), array_position(a, 2), array_positions(ARRAY[1, 2, 1], 1);
END $$;
DO $$ DECLARE a int[] := ARRAY[3, 1, 2]; t text[] := '{}'; BEGIN
    RAISE NOTICE '% % % %', a[1], a[1:2], a[2:], a[9] IS NULL;
END $$;
DO $$ DECLARE a int[] := ARRAY[3, 1, 2]; t text[] := '{}'; BEGIN
    RAISE NOTICE '% % % %', a @> ARRAY[1], ARRAY[1] <@ a, a && ARRAY[9], 1 = ANY (a);
END $$;
DO $$ DECLARE a int[] := ARRAY[3, 1, 2]; t text[] := '{}'; BEGIN
    RAISE NOTICE '% % %', array_length(t, 1), cardinality(t), t = '{}';
END $$;
DO $$ DECLARE a int[] := ARRAY[3, 1, 2]; t text[] := '{}'; BEGIN
    RAISE NOTICE '% %', a = ARRAY[3, 1, 2], a < ARRAY[3, 2];
END $$;
-- case: functions of arrays, 2
DO $$ DECLARE a int[] := ARRAY[3, 1, 2]; t text[] := '{}'; BEGIN
    RAISE NOTICE '% %', ARRAY['a', 'b'] || '{c,d}', ARRAY['a'] || ARRAY['b'];
END $$;
DO $$ DECLARE a int[] := ARRAY[3, 1, 2]; t text[] := '{}'; BEGIN
    RAISE NOTICE '%', (ARRAY[[1, 2], [3, 4]])[2][1];
END $$;
DO $$ BEGIN PERFORM ARRAY[1, 'x']; END $$;
DO $$ BEGIN PERFORM ARRAY[]; END $$;
DO $$ BEGIN PERFORM array_length(5, 1); END $$;
DO $$ BEGIN PERFORM (5)[1]; END $$;
-- case: functions of dates, 1
DO $$ DECLARE d date := '2024-02-28'; t timestamp := '2024-02-28 13:45:06'; i interval := '1 day 2 hours'; BEGIN
    RAISE NOTICE '% % % %', d + 1, d - 1, d - '2024-01-01'::date, d + interval '1 month';
END $$;
DO $$ DECLARE d date := '2024-02-28'; t timestamp := '2024-02-28 13:45:06'; i interval := '1 day 2 hours'; BEGIN
    RAISE NOTICE '% % %', t + i, t - interval '1 hour', t::date;
END $$;
DO $$ DECLARE d date := '2024-02-28'; t timestamp := '2024-02-28 13:45:06'; i interval := '1 day 2 hours'; BEGIN
    RAISE NOTICE '% % %', to_char(d, 'YYYY_MM'), to_char(t, 'YYYY-MM-DD HH24:MI:SS'), to_char(d, 'YYYYMMDD');
END $$;
DO $$ DECLARE d date := '2024-02-28'; t timestamp := '2024-02-28 13:45:06'; i interval := '1 day 2 hours'; BEGIN
    RAISE NOTICE '% % %', to_char(d, 'Mon DD'), to_char(t, 'FMMonth'), to_char(d, '"p"YYYY"w"IW');
END $$;
DO $$ DECLARE d date := '2024-02-28'; t timestamp := '2024-02-28 13:45:06'; i interval := '1 day 2 hours'; BEGIN
    RAISE NOTICE '% % %', date_trunc('month', t), date_trunc('month', d)::date, date_trunc('year', t);
END $$;
DO $$ DECLARE d date := '2024-02-28'; t timestamp := '2024-02-28 13:45:06'; i interval := '1 day 2 hours'; BEGIN
    RAISE NOTICE '% % %', extract(year FROM d), date_part('month', d), extract(day FROM t);
END $$;
DO $$ DECLARE d date := '2024-02-28'; t timestamp := '2024-02-28 13:45:06'; i interval := '1 day 2 hours'; BEGIN
    RAISE NOTICE '% % %', make_date(2024, 3, 1), d < '2024-03-01', d = date '2024-02-28';
END $$;
-- case: functions of dates, 2
DO $$ DECLARE d date := '2024-02-28'; t timestamp := '2024-02-28 13:45:06'; i interval := '1 day 2 hours'; BEGIN
    RAISE NOTICE '% %', (SELECT array_agg(x::date) FROM generate_series('2024-01-01'::date, '2024-03-01', '1 month') x), (date_trunc('month', d) + interval '1 month - 1 day')::date;
END $$;
DO $$ DECLARE d date := '2024-02-28'; t timestamp := '2024-02-28 13:45:06'; i interval := '1 day 2 hours'; BEGIN
    RAISE NOTICE '% %', i, interval '90 minutes';
END $$;
DO $$ BEGIN PERFORM 'x'::date; END $$;
DO $$ BEGIN PERFORM '2024-02-30'::date; END $$;
DO $$ BEGIN PERFORM make_date(2024, 13, 1); END $$;
-- case: functions of JSON
DO $$ BEGIN PERFORM '{a'::jsonb; END $$;
