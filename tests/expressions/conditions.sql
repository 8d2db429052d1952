-- Conditions, many of them with the casts written that PostgreSQL adds.
-- each: CREATE POLICY $name ON t USING ($it)
true
f
a = b
t.a = public.t.b
a != b
a = 1
a = -1
a = - b
- a > 0
@ a > 0
r = 3000000000
k = 1.5
k = .5
k = 1e3
k = 5.
k = -1.5
a = '5'::int
a = 5::int
r = 5::bigint
k = '1.5'::numeric
k = 1.5::numeric(10,2)
k::numeric(5) > 1.0
c = 'x'::text
c = 'it''s \ x'::text
c = NULL::text
't'::boolean
a + b * 2 > 1
(a + b) * 2 > 1
a - b - 1 > 0
a % 2 = 0
a OPERATOR(pg_catalog.+) 1 > 0
NOT f
NOT (f AND a > 1)
a = 1 AND b = 2 AND f
a = 1 AND (b = 2 AND f)
(a = 1 OR b = 1) OR f
f OR a = 1 AND b = 2
a IS NULL
a IS NOT NULL OR f IS NOT TRUE
(a IS NULL) IS FALSE
f IS UNKNOWN
a IS DISTINCT FROM b
a IS NOT DISTINCT FROM b
a IS DISTINCT FROM NULL
NULL IS NOT DISTINCT FROM a
c IN ('x', 'it''s')
c NOT IN ('x', 'y')
m IN ('sad', 'happy')
v IN ('x', 'y')
v NOT IN ('x', 'y')
a IN (1, 2)
a IN (1)
a IN (1, b)
a IN (1, 2, b)
a NOT IN (1, 2)
a NOT IN (1)
a NOT IN (1, 2, b)
c IN ('x'::text, 'y'::text)
a = ANY (ARRAY[1, 2])
a = ANY (j)
a <> ALL ('{1,2}'::int[])
c = ANY (ARRAY['x', 'y']::text[])
i = ARRAY[]::text[]
ARRAY[[1, 2], [3, 4]] = j
a BETWEEN 1 AND 2
a NOT BETWEEN 1 AND b
a BETWEEN SYMMETRIC 1 AND 2
a NOT BETWEEN SYMMETRIC 1 AND 2
c LIKE 'x%'::text
c NOT LIKE d
c ILIKE d
c NOT ILIKE d
c SIMILAR TO d
c NOT SIMILAR TO d ESCAPE '#'::text
c LIKE d ESCAPE '#'::text
c ~* d
(a, b) = (1, 2)
(a, b) <> (b, a)
(a, b) < (1, 2)
ROW(a, b) IS NULL
ROW(a) = ROW(1)
CASE WHEN a > 1 THEN f ELSE true END
CASE a WHEN 1 THEN f WHEN 2 THEN NOT f ELSE false END
CASE WHEN f THEN CASE WHEN a > 1 THEN true ELSE false END ELSE f END
a = 1 AND CASE WHEN f THEN true ELSE false END
COALESCE(a, b, 0) > 0
NULLIF(a, 0) = 1
GREATEST(a, b) > LEAST(a, b)
abs(a) > 0
lower(c) = upper(d)
"left"(c, 1) = d
app.uid() = u
now() > g
g > CURRENT_TIMESTAMP
g > CURRENT_TIMESTAMP(3) OR LOCALTIMESTAMP > LOCALTIMESTAMP(0)
CURRENT_DATE > CURRENT_DATE
CURRENT_USER = SESSION_USER AND USER = CURRENT_ROLE AND CURRENT_CATALOG = CURRENT_SCHEMA
g > now() - '1 day'::interval
g > now() - interval '1 day'
g AT TIME ZONE 'utc'::text > LOCALTIMESTAMP
EXTRACT(year FROM g) = 1.5
date_part('year'::text, g) = date_part('month'::text, g)
SUBSTRING(c FROM 1 FOR 2) = d
SUBSTRING(c FROM 2) = d
substr(c, 1) = d
TRIM(c) = d
TRIM(LEADING 'x'::text FROM c) = d
TRIM(TRAILING FROM c) = d
btrim(c) = d
POSITION(c IN d) > 0
OVERLAY(c PLACING d FROM 1 FOR 2) = d
(g, g) OVERLAPS (g, g)
c IS NORMALIZED
c IS NFC NORMALIZED
NORMALIZE(c, NFKC) = d
h ->> 'a'::text = c
h -> 'a'::text ->> 'b'::text = c
h @> '{}'::jsonb
h ? 'a'::text
i[1] = c
i[1:2] = i[:2]
(string_to_array(c, ','::text))[1] = d
(p).x = 1
(p).y = c AND (t.p).x > 0
c COLLATE "C" < d
c::int = a
a::text = c
(a || c)::int > 0
a::smallint > 1::smallint
g::date = CURRENT_DATE
c::varchar(3) IS NULL
c::character(3) IS NULL
g::timestamp(3) with time zone IS NULL
'1 day'::interval day > '1 day'::interval(3)
c::json IS NOT NULL
CAST(a AS double precision) IS NULL AND a::real IS NULL
j::bigint[] IS NULL
m = 'sad'::mood
m::text = c
m IN ('sad'::mood, 'happy'::public.mood)
X'1f' = B'00011111'
"Odd name" = 1
num_nonnulls(a, b) = 1
format('%s'::text, VARIADIC i) = c
make_interval(days => a) > make_interval()
length(c) > 0 AND length(c) < 5
t IS NOT NULL
row_to_json(t) IS NOT NULL
EXISTS (SELECT 1 FROM s WHERE id = a)
EXISTS (SELECT 1 FROM s WHERE s.id = t.a AND s.t_a = 1)
EXISTS (SELECT 1 FROM s x WHERE x.id = a)
NOT EXISTS (SELECT FROM app.users WHERE users.id = app.uid() AND role = 'admin'::text)
EXISTS (SELECT 1 FROM t WHERE t.a = 1)
EXISTS (SELECT 1 FROM t x WHERE x.a = t.a)
a = (SELECT id FROM s LIMIT 1)
a = (SELECT id FROM s ORDER BY t_a DESC, id NULLS FIRST OFFSET 1 LIMIT 1)
u = (SELECT app.uid())
u = (SELECT app.uid() AS x)
a IN (SELECT id FROM s)
a = ANY (SELECT id FROM s)
a NOT IN (SELECT id FROM s WHERE kind = c)
a <> ALL (SELECT id FROM s WHERE id > 1 ORDER BY id)
a > ANY (SELECT id FROM s)
(a, b) IN (SELECT id, t_a FROM s)
a = ANY (ARRAY(SELECT id FROM s))
c = (SELECT CURRENT_USER::text)
EXISTS (SELECT 1 FROM s UNION SELECT 2)
EXISTS (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 ORDER BY 1)
EXISTS ((SELECT id FROM s ORDER BY id LIMIT 1) UNION ALL SELECT 2 ORDER BY id)
EXISTS (SELECT 1 UNION (SELECT 2 EXCEPT SELECT 3))
EXISTS (SELECT 1 FROM ((SELECT 1 UNION ALL SELECT 2) EXCEPT SELECT 3) x)
EXISTS (WITH w AS (SELECT id FROM s) SELECT 1 FROM w WHERE w.id = a)
EXISTS (WITH w(z) AS MATERIALIZED (SELECT id FROM s), v AS (SELECT z FROM w) SELECT z FROM v)
EXISTS (WITH RECURSIVE w(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM w WHERE n < 5) SELECT n FROM w)
EXISTS (SELECT id, count(*) FROM s GROUP BY id HAVING count(*) > min(t_a) ORDER BY count(*) DESC, 1)
EXISTS (SELECT lower(kind) AS l FROM s GROUP BY l ORDER BY l)
EXISTS (SELECT id + 1 FROM s GROUP BY id + 1)
EXISTS (SELECT id FROM s GROUP BY ROLLUP (id, kind), GROUPING SETS ((id), ()), CUBE (t_a))
EXISTS (SELECT DISTINCT id FROM s)
EXISTS (SELECT DISTINCT ON (id) id AS q, t_a FROM s ORDER BY id, t_a)
EXISTS (SELECT 1 FROM s FOR UPDATE OF s SKIP LOCKED)
EXISTS (SELECT 1 FROM unnest(i) u WHERE u = c)
EXISTS (SELECT 1 FROM unnest(ARRAY[1, 2]))
EXISTS (SELECT 1 FROM generate_series(1, 3) WITH ORDINALITY g(x, n) WHERE n = 1::bigint)
EXISTS (SELECT 1 FROM jsonb_array_elements(h) WHERE value = h)
EXISTS (SELECT 1 FROM jsonb_each_text(h) AS e WHERE e.key = c)
EXISTS (SELECT 1 FROM rows_of(1) x WHERE x.label = c)
EXISTS (SELECT 1 FROM json_to_record('{}'::json) AS x(a int, b text))
EXISTS (SELECT 1 FROM ROWS FROM (generate_series(1, 2), unnest(i)) WITH ORDINALITY)
EXISTS (SELECT 1 FROM s, unnest(ARRAY[s.id]) e)
EXISTS (SELECT 1 FROM (VALUES (1, 2), (3, 4)) v(x, y) WHERE x = a)
EXISTS (SELECT id FROM (SELECT id FROM s) q WHERE id = 1)
EXISTS (SELECT 1 FROM s CROSS JOIN LATERAL (SELECT s.id AS z) l WHERE z = 1)
EXISTS (SELECT x.id FROM s x JOIN s y ON x.id = y.t_a LEFT JOIN app.users z ON z.role = y.kind)
EXISTS (SELECT 1 FROM s x JOIN s y USING (id) WHERE x.kind = y.kind)
EXISTS (SELECT x.id FROM s x FULL JOIN s y ON (x.id = y.id) RIGHT JOIN s z ON true)
EXISTS (SELECT id FROM s, t t2 WHERE s.id = t2.a)
EXISTS (SELECT 1 FROM s WHERE EXISTS (SELECT 1 FROM s WHERE id = 1))
EXISTS (SELECT 1 FROM s TABLESAMPLE system (10))
EXISTS (SELECT 1 FROM ONLY s)
EXISTS (SELECT sum(id) OVER w FROM s WINDOW w AS (PARTITION BY kind ORDER BY id))
a = (SELECT row_number() OVER (PARTITION BY id ORDER BY t_a DESC)::int FROM s LIMIT 1)
EXISTS (SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM s)
EXISTS (SELECT sum(id) OVER (ORDER BY id RANGE UNBOUNDED PRECEDING) FROM s)
a = (SELECT max(id) FILTER (WHERE id > 0) FROM s)
EXISTS (SELECT string_agg(DISTINCT kind, ','::text ORDER BY kind, ','::text), array_agg(id ORDER BY t_a DESC) FROM s)
EXISTS (SELECT x FROM s x)
f AND (a = 1 OR EXISTS (SELECT 1 FROM s WHERE kind = c AND id IN (SELECT s.id FROM app.users)))
CASE WHEN EXISTS (SELECT 1 FROM s) THEN true ELSE f END
EXISTS (SELECT CASE WHEN f THEN 1 ELSE 2 END, id FROM s)
EXISTS (SELECT id, (SELECT 1 FROM t LIMIT 1) AS one, kind FROM s)
