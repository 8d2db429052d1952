//! Functions and operators of queries in code: the values that a real server gives.

mod server;

use pgproof::platform::Platform;
use pgproof::replay::{Replay, Stop};
use server::Server;

const EXPRESSIONS: &[&str] = &[
    // Strings
    "lower('ABC') || upper('def') || initcap('hello wORLD x1y')",
    "length('äöü'), char_length('abc'), octet_length('äöü')",
    "replace('a-b-c', '-', '+'), replace('abc', '', 'x'), reverse('abc')",
    "substring('abcdef', 2, 3), substring('abcdef' FROM 2), substr('abcdef', -1, 4), substring('abcdef', 10)",
    "substring('foobar' FROM 'o(.)b'), substring('foobar' FROM 'o.b'), substring('foobar' FROM 'z')",
    "left('abcdef', 2), left('abcdef', -2), right('abcdef', 2), right('abcdef', -2), left('ab', 5)",
    "trim('  x '), ltrim('xxyx', 'x'), rtrim('yxx', 'x'), btrim('xyzx', 'xy'), trim(both 'a' from 'aba')",
    "lpad('7', 3, '0'), rpad('ab', 4), lpad('abcdef', 3), repeat('ab', 3), repeat('x', -1)",
    "split_part('a,b,c', ',', 2), split_part('a,b,c', ',', -1), split_part('a,b', ',', 5)",
    "position('b' in 'abc'), strpos('abc', 'z'), starts_with('abc', 'ab')",
    "regexp_replace('abcabc', 'b', 'X'), regexp_replace('abcabc', 'b', 'X', 'g'), regexp_replace('a1b2', '([a-z])', '<\\1>', 'g')",
    "concat('a', NULL, 1, true), concat_ws('-', 'a', NULL, 'b'), 'a' || 1, 1 || 'b'",
    "chr(65), ascii('A'), abs(-5), abs(-1.5)",
    "quote_ident('a'), quote_ident('A b'), quote_ident('select'), quote_literal('it''s'), quote_literal('a\\b'), quote_nullable(NULL)",
    "format('%s %I %L %%', 'a', 'B c', 'it''s'), format('%2$s-%1$s', 'x', 'y'), format('%s|%L', NULL, NULL), format('%5s|%-5s|', 'a', 'b')",
    "format('%s', ARRAY[1, 2]), format('%s', true), format('%I', 'user')",
    // Arrays
    "ARRAY[1, 2, 3], array_length(ARRAY[1, 2], 1), array_length(ARRAY[]::int[], 1), cardinality(ARRAY[1, 2])",
    "array_append(ARRAY[1], 2), array_prepend(0, ARRAY[1]), array_cat(ARRAY[1], ARRAY[2, 3]), ARRAY[1] || 2, ARRAY[1] || ARRAY[2]",
    "array_position(ARRAY['a', 'b'], 'b'), array_remove(ARRAY[1, 2, 1], 1), array_upper(ARRAY[5, 6], 1), array_lower(ARRAY[5], 1)",
    "array_to_string(ARRAY['a', NULL, 'b'], ','), array_to_string(ARRAY['a', NULL, 'b'], ',', '*'), string_to_array('a,b,c', ',')",
    "(ARRAY['x', 'y'])[2], (ARRAY['x', 'y'])[5], 2 = ANY (ARRAY[1, 2]), 3 <> ALL (ARRAY[1, 2]), 'a' = ANY ('{a,b}')",
    "ARRAY[1, 2] @> ARRAY[1], ARRAY[1] <@ ARRAY[1, 2], ARRAY[1, 2] && ARRAY[2, 3], ARRAY['a b', '', NULL]::text[]",
    // Logic
    "NULL AND false, NULL OR true, NOT NULL::bool, NULL IS NULL, 1 IS DISTINCT FROM NULL, NULL IS NOT DISTINCT FROM NULL",
    "1 IN (1, 2), 3 NOT IN (1, 2), NULL IN (1), 1 NOT IN (2, NULL), true IS NOT FALSE, NULL::bool IS UNKNOWN",
    "1 BETWEEN 0 AND 2, 5 NOT BETWEEN 0 AND 2, 2 BETWEEN SYMMETRIC 3 AND 1",
    "CASE WHEN 1 = 2 THEN 'a' WHEN true THEN 'b' ELSE 'c' END, CASE 3 WHEN 1, 2 THEN 'x' END IS NULL",
    "coalesce(NULL, 'a', 'b'), nullif(1, 1), nullif(1, 2), greatest(1, 3, 2), least(2, NULL, 1)",
    "'abc' LIKE 'a%', 'abc' LIKE '_b_', 'a%c' LIKE 'a\\%c', 'ABC' ILIKE 'abc', 'abc' NOT LIKE 'b%', 'abc' ~ '^a.c$', 'ABC' ~* 'b', 'abc' !~ 'z'",
    // Numbers
    "7 / 2, 7 % 3, -7 / 2, 2 * 3.5, 1 + 1.5, 10 - 3",
    "1::bigint, '42'::int + 1, 3.7::int, -3.5::int, 2.5::int, '1.50'::numeric(5, 1), 12345.678::numeric(7, 2)",
    "true::text, 't'::bool, 'off'::bool, 1::bool, 0::bool::text, 'yes'::boolean::int",
    "'abcdef'::varchar(3), 'ab'::char(2) || '|', 'x'::name, 5::text || '!'",
    // Names of objects
    "'pg_class'::regclass, 'pg_class'::regclass::oid, 1259::regclass, 'int4'::regtype, 'text[]'::regtype, 'public'::regnamespace",
    "to_regclass('pg_class'), to_regclass('nothing'), to_regtype('nothing'), to_regnamespace('public'), to_regproc('nothing')",
    "format_type(23, -1), format_type(1043, 24), format_type(1700, 655366), format_type(1009, NULL), format_type(0, NULL)",
    "current_schema, current_schemas(false), current_database() = current_catalog",
    "has_schema_privilege('public', 'USAGE'), has_table_privilege('pg_class', 'SELECT'), pg_table_is_visible('pg_class'::regclass)",
    "pg_get_userbyid(10) = 'postgres' OR true, current_setting('search_path'), current_setting('no.such', true) IS NULL OR true",
    // Sub-queries
    "(SELECT count(*) FROM generate_series(1, 5) n WHERE n > 2), EXISTS (SELECT FROM pg_class WHERE relname = 'pg_class')",
    "(SELECT string_agg(x, ',' ORDER BY x DESC) FROM unnest(ARRAY['a', 'c', 'b']) x), (SELECT sum(n) FROM generate_series(1, 4) n)",
    "(SELECT array_agg(n) FROM generate_series(3, 1, -1) n), ARRAY(SELECT n * 2 FROM generate_series(1, 3) n)",
    "(SELECT max(v) FROM (VALUES (1), (3), (2)) t (v)), (SELECT bool_and(v > 0) FROM (VALUES (1), (2)) t (v)), (SELECT min(x) FROM unnest(ARRAY['b', 'a']) x)",
    "(SELECT count(DISTINCT v) FROM (VALUES (1), (1), (2)) t (v)), (SELECT count(v) FROM (VALUES (1), (NULL)) t (v))",
    "(WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT string_agg(n::text, '') FROM r)",
    "(SELECT a || b FROM (VALUES ('x')) s (a) JOIN LATERAL (SELECT a || '!' AS b) l ON true)",
    "(SELECT string_agg(coalesce(b.n::text, '-'), '' ORDER BY a.n) FROM generate_series(1, 3) a (n) LEFT JOIN generate_series(2, 3) b (n) ON a.n = b.n)",
    "(SELECT string_agg(k || c::text, ',' ORDER BY k) FROM (SELECT k, count(*) AS c FROM (VALUES ('a'), ('b'), ('a')) t (k) GROUP BY k HAVING count(*) > 0) g)",
    "(SELECT n FROM generate_series(1, 5) n ORDER BY n DESC LIMIT 1 OFFSET 1), (SELECT count(*) FROM (SELECT 1 UNION SELECT 1 UNION ALL SELECT 2) u)",
    "(SELECT typname FROM pg_type WHERE oid = 23), (SELECT count(*) FROM pg_attribute WHERE attrelid = 'pg_class'::regclass AND attname = 'relname')",
    "(SELECT data_type FROM information_schema.columns WHERE table_name = 'pg_class' AND column_name = 'relname')",
    // Errors
    "1 / 0",
    "'x'::int",
    "'maybe'::bool",
    "'nothing'::regclass",
    "'nothing'::regtype",
    "300::smallint * 300::smallint",
    "format('%s')",
    "format('%x', 1)",
    "format('%I', NULL)",
    "split_part('a', ',', 0)",
    "substring('abc', 1, -1)",
    "no_such_function(1)",
    "no_such_column",
    "(SELECT 1 UNION SELECT 2)",
    "'a' LIKE 'a\\'",
    "'ab' LIKE 'a\\'",
    "generate_series(1, 2, 0)",
];

#[test]
fn expressions_have_the_values_of_a_server() {
    let server = Server::shared(Platform::Plain);
    let mut database = server.database();
    let mut replay = Replay::new(server.major_version());
    let mut differences = Vec::new();
    for expression in EXPRESSIONS {
        let query = format!("SELECT {expression}");
        let there = database.query(&query).map_err(|refusal| (refusal.sqlstate, refusal.message));
        let here = match replay.ask(&query) {
            Ok(rows) => Ok(rows),
            Err(Stop::Error(error)) => Err((error.sqlstate.to_string(), error.message)),
            Err(Stop::Opaque(opaque)) => Err(("not known".to_owned(), opaque.reason)),
        };
        if here != there {
            differences.push(format!("{expression}\n  server {there:?}\n  replay {here:?}"));
        }
    }
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}
