-- case: functions of strings
DO $$
BEGIN
    RAISE NOTICE '% % % %', lower('AbC'), upper('abc'), initcap('hello wORLD-x'), reverse('abc');
    RAISE NOTICE '% % % %', length('abc'), char_length('äb'), octet_length('äb'), bit_length('a');
    RAISE NOTICE '% % % % %', left('abcdef', 2), right('abcdef', 2), left('abc', -1), right('abc', -1), left('a', 5);
    RAISE NOTICE '% % % %', substring('abcdef' FROM 2 FOR 3), substr('abcdef', 3), substring('foo123' FROM '\d+'), substring('a=b' from '(.)=');
    RAISE NOTICE '[%] [%] [%] [%]', trim('  x '), ltrim('xxa', 'x'), rtrim('a--', '-'), btrim('zaz', 'z');
    RAISE NOTICE '[%] [%] [%]', trim(both 'x' from 'xax'), trim(leading from '  a'), trim(trailing '.' from 'a..');
    RAISE NOTICE '% % % %', lpad('7', 3, '0'), rpad('ab', 4, '*'), lpad('abcdef', 3), repeat('ab', 3);
    RAISE NOTICE '% % % %', replace('a.b.c', '.', '_'), translate('abc', 'ab', 'xy'), translate('abc', 'ab', 'x'), overlay('abcdef' PLACING 'ZZ' FROM 2 FOR 3);
    RAISE NOTICE '% % % %', split_part('a,b,c', ',', 2), split_part('a,b,c', ',', -1), position('b' IN 'abc'), strpos('abc', 'z');
    RAISE NOTICE '% % %', regexp_replace('a1b2', '\d', '#'), regexp_replace('a1b2', '\d', '#', 'g'), regexp_replace('Foo Bar', '(\w+) (\w+)', '\2 \1');
    RAISE NOTICE '% % %', regexp_replace('ABC', 'b', 'x', 'i'), (regexp_match('foo=bar', '(\w+)=(\w+)'))[2], regexp_match('a', 'b') IS NULL;
    RAISE NOTICE '% %', regexp_split_to_array('a, b,c', ',\s*'), (SELECT array_agg(m[1]) FROM regexp_matches('a1b22', '\d+', 'g') m);
    RAISE NOTICE '% % % %', chr(65), ascii('a'), md5('abc'), starts_with('abc', 'ab');
    RAISE NOTICE '% % %', to_hex(255), encode('abc', 'hex'), encode('abc'::bytea, 'base64');
    RAISE NOTICE '% % %', concat('a', 1, NULL), 'a' || 'b' || 3, concat_ws('_', 'x', 'y');
    RAISE NOTICE '% % %', quote_ident('A b'), quote_literal('x''y'), quote_nullable(NULL);
    RAISE NOTICE '% % %', parse_ident('a."B c"'), to_char(1234.5, 'FM9999.00'), to_char(7, 'FM000');
    RAISE NOTICE '% %', string_to_array('a,,b', ','), array_to_string(ARRAY['a', NULL, 'b'], '-', '?');
    RAISE NOTICE '% %', format('%s', 'x'), strpos('high', 'ig');
END $$;
DO $$ BEGIN PERFORM split_part('a', ',', 0); END $$;
DO $$ BEGIN PERFORM substring('abc' FROM 1 FOR -1); END $$;
DO $$ BEGIN PERFORM lower(5); END $$;
DO $$ BEGIN PERFORM no_function('x'); END $$;
DO $$ BEGIN PERFORM upper('a', 'b'); END $$;
DO $$ BEGIN PERFORM chr(0); END $$;
DO $$ BEGIN PERFORM pg_catalog.no_function('x'); END $$;
DO $$ BEGIN PERFORM no_schema.no_function('x'); END $$;
-- case: functions of arrays
DO $$
DECLARE a int[] := ARRAY[3, 1, 2]; t text[] := '{}';
BEGIN
    RAISE NOTICE '% % % %', array_length(a, 1), cardinality(a), array_upper(a, 1), array_lower(a, 1);
    RAISE NOTICE '% % % %', array_append(a, 9), array_prepend(0, a), array_cat(a, ARRAY[7]), a || 4;
    RAISE NOTICE '% % % %', array_remove(a, 1), array_replace(a, 1, 5), array_position(a, 2), array_positions(ARRAY[1, 2, 1], 1);
    RAISE NOTICE '% % % %', a[1], a[1:2], a[2:], a[9] IS NULL;
    RAISE NOTICE '% % % %', a @> ARRAY[1], ARRAY[1] <@ a, a && ARRAY[9], 1 = ANY (a);
    RAISE NOTICE '% % %', array_to_string(a, ','), array_ndims(ARRAY[[1], [2]]), array_dims(ARRAY[[1, 2], [3, 4]]);
    RAISE NOTICE '% % %', array_length(t, 1), cardinality(t), t = '{}';
    RAISE NOTICE '% %', array_fill(0, ARRAY[3]), (SELECT array_agg(x ORDER BY x) FROM unnest(a) x);
    RAISE NOTICE '% %', a = ARRAY[3, 1, 2], a < ARRAY[3, 2];
    RAISE NOTICE '% %', trim_array(a, 1), ARRAY[]::int[];
    RAISE NOTICE '% %', ARRAY['a', 'b'] || '{c,d}', ARRAY['a'] || ARRAY['b'];
    RAISE NOTICE '%', (ARRAY[[1, 2], [3, 4]])[2][1];
END $$;
DO $$ BEGIN PERFORM ARRAY[1, 'x']; END $$;
DO $$ BEGIN PERFORM ARRAY[]; END $$;
DO $$ BEGIN PERFORM array_length(5, 1); END $$;
DO $$ BEGIN PERFORM (5)[1]; END $$;
-- case: functions of dates
DO $$
DECLARE d date := '2024-02-28'; t timestamp := '2024-02-28 13:45:06'; i interval := '1 day 2 hours';
BEGIN
    RAISE NOTICE '% % % %', d + 1, d - 1, d - '2024-01-01'::date, d + interval '1 month';
    RAISE NOTICE '% % %', t + i, t - interval '1 hour', t::date;
    RAISE NOTICE '% % %', to_char(d, 'YYYY_MM'), to_char(t, 'YYYY-MM-DD HH24:MI:SS'), to_char(d, 'YYYYMMDD');
    RAISE NOTICE '% % %', to_char(d, 'Mon DD'), to_char(t, 'FMMonth'), to_char(d, '"p"YYYY"w"IW');
    RAISE NOTICE '% % %', date_trunc('month', t), date_trunc('month', d)::date, date_trunc('year', t);
    RAISE NOTICE '% % %', extract(year FROM d), date_part('month', d), extract(day FROM t);
    RAISE NOTICE '% % %', make_date(2024, 3, 1), d < '2024-03-01', d = date '2024-02-28';
    RAISE NOTICE '% %', (SELECT array_agg(x::date) FROM generate_series('2024-01-01'::date, '2024-03-01', '1 month') x), (date_trunc('month', d) + interval '1 month - 1 day')::date;
    RAISE NOTICE '% %', i, interval '90 minutes';
    RAISE NOTICE '% %', to_date('20240301', 'YYYYMMDD'), to_timestamp(0) AT TIME ZONE 'UTC';
END $$;
DO $$ BEGIN PERFORM 'x'::date; END $$;
DO $$ BEGIN PERFORM '2024-02-30'::date; END $$;
DO $$ BEGIN PERFORM make_date(2024, 13, 1); END $$;
-- case: functions of JSON
DO $$
DECLARE j jsonb := '{"a": 1, "b": {"c": [10, 20]}, "s": "text", "n": null}';
BEGIN
    RAISE NOTICE '% % % %', j -> 'a', j ->> 's', j -> 'b' -> 'c' -> 1, j #>> '{b,c,0}';
    RAISE NOTICE '% % % %', j ? 'a', j ?| ARRAY['x', 's'], j ?& ARRAY['a', 'x'], j @> '{"a": 1}';
    RAISE NOTICE '% % %', j ->> 'n' IS NULL, j -> 'zz' IS NULL, (j ->> 'a')::int + 1;
    RAISE NOTICE '% %', j - 'b' - 's', j || '{"z": true}';
    RAISE NOTICE '% %', jsonb_build_object('k', 1, 'l', 'm'), jsonb_build_array(1, 'x', NULL);
    RAISE NOTICE '% % %', jsonb_typeof(j), jsonb_typeof(j -> 'a'), jsonb_array_length(j #> '{b,c}');
    RAISE NOTICE '% %', to_jsonb('x'::text), to_jsonb(ARRAY[1, 2]);
    RAISE NOTICE '%', (SELECT string_agg(key || '=' || value, ',' ORDER BY key) FROM jsonb_each_text('{"p": 1, "q": "r"}'));
    RAISE NOTICE '%', (SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(j) k);
    RAISE NOTICE '%', (SELECT array_agg(e::text) FROM jsonb_array_elements('[1, "a", {"b": 2}]') e);
    RAISE NOTICE '%', (SELECT array_agg(e) FROM jsonb_array_elements_text('["x", "y"]') e);
    RAISE NOTICE '% %', '{"a": 1}'::json ->> 'a', '[1,2]'::json -> 0;
    RAISE NOTICE '%', jsonb_set(j, '{b,c}', '[]');
    RAISE NOTICE '%', row_to_json(ROW(1, 'x'));
END $$;
DO $$ BEGIN PERFORM '{a'::jsonb; END $$;
DO $$ BEGIN PERFORM jsonb_array_length('{}'); END $$;
