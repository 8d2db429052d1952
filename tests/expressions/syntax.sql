-- Special forms: CASE, COALESCE, IN, ANY, rows, tests, patterns, arrays, fields, date and time, SQL/XML, SQL/JSON.
-- each: CREATE VIEW $name AS SELECT $it AS v FROM t
CASE WHEN f THEN 1 END
CASE WHEN f THEN 1 ELSE 2.5 END
CASE WHEN f THEN 'a' ELSE c END
CASE WHEN f THEN 'a' WHEN a > 1 THEN NULL ELSE 'b' END
CASE WHEN f THEN v ELSE w END
CASE WHEN f THEN v ELSE 'x' END
CASE WHEN f THEN a ELSE r END
CASE WHEN f THEN n ELSE a END
CASE WHEN f THEN y ELSE g END
CASE WHEN f THEN m ELSE 'sad' END
CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' ELSE 'z' END
CASE a + b WHEN 1.5 THEN f ELSE NOT f END
CASE c WHEN 'x' THEN 1 END
CASE m WHEN 'sad' THEN 1 ELSE 0 END
CASE 'x' WHEN 'x' THEN 1 ELSE 0 END
CASE a WHEN NULL THEN 1 ELSE 2 END
CASE a WHEN 'x' THEN 1 END --! 22P02
CASE WHEN a THEN 1 END --! 42804
CASE WHEN f THEN 1 ELSE c END --! 42804
CASE WHEN f THEN 1 ELSE 'x' END --! 22P02
CASE WHEN f THEN ARRAY[1] ELSE '{}' END
CASE WHEN f THEN (1, 'x') ELSE p END --! 42804
CASE WHEN f THEN (1, 'x')::pair ELSE p END
CASE WHEN f THEN CASE WHEN a > 1 THEN b ELSE a END ELSE 0 END + 1
CASE WHEN f THEN a END IS NULL
CASE WHEN a = 1 THEN generate_series(1, 2) ELSE 2 END --! 0A000
COALESCE(a, b, 0)
COALESCE(a, 1.5)
COALESCE(c, 'x')
COALESCE(v, 'x')
COALESCE(v, v)
COALESCE(w, v)
COALESCE(NULL, NULL)
COALESCE(NULL, a)
COALESCE(a, 'x') --! 22P02
COALESCE(a, c) --! 42804
COALESCE(g, now(), y)
COALESCE(i, '{}')
COALESCE(generate_series(1, 2), 1) --! 0A000
NULLIF(a, 0)
NULLIF(a, 1.5)
NULLIF(c, '')
NULLIF('', c)
NULLIF(v, 'x')
NULLIF(a, c) --! 42883
NULLIF(x, x) --! 42883
GREATEST(a, b, 1.5)
LEAST(c, 'x', v)
GREATEST(x, x)
GREATEST(y, g)
GREATEST(1)
a IN (1, 2)
a IN (1)
a IN (b)
a IN (1, b)
a IN (1, 2, b, NULL)
a IN (1, 2.5)
a NOT IN (1, 2)
a NOT IN (1, b)
c IN ('x', 'y')
v IN ('x', 'y')
v IN ('x')
v NOT IN ('x', c)
w IN ('x', 'y')
m IN ('sad', 'ok')
m NOT IN ('sad')
r IN (1, 2)
s IN (1, 2)
k IN (1, 2)
y IN ('2020-01-01', CURRENT_DATE)
(a, b) IN ((1, 2), (3, 4))
(a, c) NOT IN ((1, 'x'))
a IN ('x') --! 22P02
a IN (1, 'x') --! 22P02
a IN (c) --! 42883
a IN (1, c) --! 42883
h IN ('{}', '[]')
u IN ('00000000-0000-0000-0000-000000000000', app.uid())
p IN ((1, 'x'), '(2,y)') --! 0A000
n IN (1, 2)
'x' IN (c, d)
NULL IN (1, 2)
a IN (NULL, NULL)
a = ANY (ARRAY[1, 2])
a = ANY ('{1,2}')
a = ANY (j)
a <> ALL (j)
a > SOME (ARRAY[1.5, 2])
c = ANY (ARRAY['x', 'y'])
c = ANY ('{x,y}')
v = ANY (ARRAY['x', 'y'])
v = ANY (i)
c LIKE ANY (i)
c NOT ILIKE ALL (ARRAY['a%', 'b%'])
m = ANY ('{sad,ok}')
m = ANY (ms)
'sad' = ANY (ms)
1 = ANY (j)
a = ANY (c) --! 42809
a = ANY (i) --! 42883
a + ANY (j) --! 42809
a = ANY (tg) --! 42883
c = ANY (tg)
a = ANY (b) --! 42809
(a, b) = (1, 2)
(a, b) <> (b, a)
(a, b) < (1, 2)
(a, c) >= (r, 'x')
ROW(a, b) = ROW(r, s)
ROW(a) = ROW(1)
(a, b) = (1, 2, 3) --! 42601
ROW() = ROW() --! 0A000
(a, c) = (c, a) --! 42883
(p).x = 1
ROW(a, b) IS NULL
ROW(a, NULL) IS NOT NULL
p IS NOT NULL
t IS NULL
t.* IS NOT NULL
p = ROW(1, 'x')
ROW(1, 'x') = p
ROW(a, c) --! 42P16
to_jsonb(ROW(a, c, NULL))
(a, b)::text
ROW(t.*)::text
ROW(p.*) --! 42P01
ROW((p).*)::text
((p).*)
a IS DISTINCT FROM b
a IS NOT DISTINCT FROM 1
a IS DISTINCT FROM NULL
NULL IS DISTINCT FROM NULL
c IS DISTINCT FROM 'x'
v IS DISTINCT FROM 'x'
(a, b) IS DISTINCT FROM (1, 2)
x IS DISTINCT FROM x --! 42883
a IS DISTINCT FROM c --! 42883
a IS NULL
a + 1 IS NOT NULL
(a IS NULL) IS NOT NULL
f IS TRUE
f IS NOT FALSE
f IS UNKNOWN
a IS TRUE --! 42804
NULL IS TRUE
a BETWEEN 1 AND 2
a NOT BETWEEN b AND 2.5
a BETWEEN SYMMETRIC 2 AND 1
a NOT BETWEEN SYMMETRIC 2 AND b
c BETWEEN 'a' AND d
a BETWEEN 1 AND 2 AND f
y BETWEEN '2020-01-01' AND now()
a BETWEEN c AND 1 --! 42883
c LIKE 'x%'
c NOT LIKE d
c ILIKE 'x' || d
c LIKE 'x' ESCAPE '#'
c NOT ILIKE d ESCAPE ''
c LIKE 'x' AND d NOT LIKE 'y'
by LIKE '\x00'
by LIKE by ESCAPE '\x5c'
c SIMILAR TO 'x'
c NOT SIMILAR TO d ESCAPE '#'
a LIKE c --! 42883
i[1]
i[a]
i[1.5]
i['1']
i[1:2]
i[:2]
i[1:]
i[:]
i[1][2]
i[1:2][1]
i[c] --! 42804
(i || i)[1]
(ARRAY[1, 2])[1]
('{1,2}'::int[])[2]
(string_to_array(c, ','))[1]
tg[1]
tg[1:2]
a[1] --! 42804
h['a']
h['a']['b'][0]
h[a]
h[1:2] --! 42804
js['a'] --! 42804
pt[0]
nm[0]
(np).q[1]
(np).p.x
(np).p
(ps)[1].x
(p).nosuch --! 42703
(a).x --! 42809
(t).a
(t).p.x
t.p.x --! 42P01
(t.p).x
t.p
p
t
ARRAY[1, 2]
ARRAY[1, 2.5]
ARRAY['a', c]
ARRAY['a', v]
ARRAY[v, v]
ARRAY[v, w]
ARRAY['a', 'b']
ARRAY[1, NULL]
ARRAY[NULL]
ARRAY[] --! 42P18
ARRAY[[1, 2], [3, 4]]
ARRAY[ARRAY[1, 2], j]
ARRAY[j, j]
ARRAY[i, ARRAY['x']]
ARRAY[1, 'x'] --! 22P02
ARRAY[a, c] --! 42804
ARRAY[[1], ARRAY['x']] --! 42601
ARRAY[p, (1, 'x')] --! 42804
ARRAY[p, (1, 'x')::pair]
ARRAY[m, 'sad']
ARRAY[f, true, a = 1]
ARRAY[ARRAY[]::int[], '{1}']
ARRAY(SELECT id FROM s)
ARRAY(SELECT kind FROM s ORDER BY id)
ARRAY(SELECT j)
ARRAY(SELECT id, kind FROM s) --! 42601
EXISTS (SELECT 1 FROM s WHERE id = a)
NOT EXISTS (SELECT FROM s WHERE s.id = t.a)
a IN (SELECT id FROM s)
a NOT IN (SELECT t_a FROM s WHERE kind = c)
a = ANY (SELECT id FROM s)
a > ALL (SELECT extra FROM s2)
(a, c) IN (SELECT id, kind FROM s)
(a, b) < ANY (SELECT id, t_a FROM s)
(a, b) = (SELECT id, t_a FROM s LIMIT 1)
a = (SELECT max(id) FROM s)
(SELECT id FROM s LIMIT 1)
(SELECT id FROM s LIMIT 1) + 1
(SELECT 'x')
(SELECT NULL)
(SELECT p FROM s LIMIT 1)
(SELECT s FROM s LIMIT 1)
((SELECT p)).x
(SELECT id, kind FROM s) --! 42601
a IN (SELECT id, kind FROM s) --! 42601
a IN (SELECT kind FROM s) --! 42883
(a, b) IN (SELECT id FROM s) --! 42601
c COLLATE "C"
c COLLATE "C" < d
c < d COLLATE "POSIX"
cl < cp
cl || cp --! 42P22
(cl || cp) COLLATE "C"
(cl || cp) IS NULL
cl = cp
cl < 'x'
cl < c
lower(cl)
lower(c COLLATE "C" || d)
c COLLATE "C" < d COLLATE "POSIX" --! 42P21
em < c
c COLLATE pg_catalog."C"
c COLLATE app."C" --! 42704
(c || 'x') COLLATE "C"
i COLLATE "C"
CASE WHEN f THEN cl ELSE cp END < 'x'
max(c COLLATE "C")
CURRENT_DATE
CURRENT_TIME
CURRENT_TIME(2)
CURRENT_TIMESTAMP
CURRENT_TIMESTAMP(3)
CURRENT_TIMESTAMP(9)
LOCALTIME
LOCALTIME(0)
LOCALTIMESTAMP
LOCALTIMESTAMP(6)
CURRENT_USER
CURRENT_ROLE
SESSION_USER
USER
CURRENT_CATALOG
CURRENT_SCHEMA
SYSTEM_USER --! <16 42703
CURRENT_USER || 'x'
now()
'now'::timestamptz
EXTRACT(year FROM g)
EXTRACT(epoch FROM ts)
EXTRACT('hour' FROM tm)
EXTRACT(day FROM y)
EXTRACT(second FROM z)
EXTRACT(timezone FROM tz)
EXTRACT(century FROM '2020-01-01'::date)
EXTRACT(year FROM a) --! 42883
EXTRACT(year FROM c) --! 42883
EXTRACT(year FROM '2020-01-01') --! 42725
date_part('year', g)
POSITION('a' IN c)
POSITION(c IN d)
POSITION(by IN by)
POSITION(bt IN vb)
strpos(c, 'a')
SUBSTRING(c FROM 2)
SUBSTRING(c FROM 2 FOR 3)
SUBSTRING(c FOR 3)
SUBSTRING(c, 2, 3)
SUBSTRING(c FROM 'a.b')
SUBSTRING(c FROM 'a' FOR '#')
SUBSTRING(c SIMILAR 'a' ESCAPE '#')
SUBSTRING(by FROM 2)
SUBSTRING(bt FROM 2 FOR 1)
substr(c, 2)
OVERLAY(c PLACING 'x' FROM 2)
OVERLAY(c PLACING d FROM 2 FOR 3)
OVERLAY(by PLACING by FROM 1)
TRIM(c)
TRIM(BOTH FROM c)
TRIM(BOTH 'x' FROM c)
TRIM(LEADING 'x' FROM c)
TRIM(TRAILING FROM c)
TRIM(c, 'x')
TRIM(by FROM by)
btrim(c)
ltrim(c, 'x')
NORMALIZE(c)
NORMALIZE(c, NFKC)
c IS NORMALIZED
c IS NOT NFD NORMALIZED
COLLATION FOR (c)
COLLATION FOR (a)
g AT TIME ZONE 'UTC'
ts AT TIME ZONE 'Europe/Berlin'
tz AT TIME ZONE interval '1 hour'
g AT TIME ZONE c AT TIME ZONE 'UTC'
(g AT TIME ZONE 'UTC')::date
y AT TIME ZONE 'UTC'
g AT LOCAL --! <17 42601
ts AT LOCAL --! <17 42601
c AT TIME ZONE 'UTC' --! 42883
(g, g) OVERLAPS (g, z)
(y, y) OVERLAPS (ts, z)
(g, g) OVERLAPS (g) --! 42601
(a, b) OVERLAPS (a, b) --! 42883
interval '1 day' * 2
-z
z / 2
make_interval(days => 10)
make_interval(1, secs => 2.5)
age(g)
date_trunc('day', g)
date_trunc('day', ts) + interval '1 day'
to_char(g, 'YYYY')
to_timestamp(a)
XMLELEMENT(NAME foo)
XMLELEMENT(NAME "Foo", XMLATTRIBUTES(a AS "A", c), c, x, 'lit')
XMLELEMENT(NAME foo, XMLATTRIBUTES(a + 1)) --! 42601
XMLELEMENT(NAME foo, XMLATTRIBUTES(a, a)) --! 42601
XMLFOREST(a, c AS "See", b + 1 AS sum)
XMLFOREST(a + 1) --! 42601
XMLCONCAT(x, '<a/>', NULL)
XMLCONCAT(a) --! 42804
XMLPARSE(DOCUMENT c)
XMLPARSE(CONTENT '<a/>' PRESERVE WHITESPACE)
XMLPI(NAME php)
XMLPI(NAME php, 'echo')
XMLROOT(x, VERSION '1.0', STANDALONE YES)
XMLROOT(x, VERSION NO VALUE)
XMLSERIALIZE(DOCUMENT x AS varchar(10))
XMLSERIALIZE(CONTENT x AS text INDENT) --! <16 42601
XMLSERIALIZE(CONTENT x AS int) --! 42846
XMLEXISTS('//a' PASSING BY REF x)
xpath('/a', x)
x IS DOCUMENT
json_build_object('a', a, 'b', b)
jsonb_build_array(a, c, NULL, 1.5)
to_jsonb(t)
row_to_json(t.*)
jsonb_agg(h)
JSON_OBJECT('a': a) --! <16 42601
JSON_OBJECT('a' VALUE a, 'b' VALUE c NULL ON NULL) --! <16 42601
JSON_OBJECT('a' VALUE a ABSENT ON NULL WITH UNIQUE KEYS RETURNING jsonb) --! <16 42601
JSON_OBJECT(RETURNING text) --! <16 42601
JSON_OBJECT('a' VALUE h FORMAT JSON) --! <16 42601
JSON_OBJECT('{a,b}')
JSON_ARRAY(a, c, NULL) --! <18 42883
JSON_ARRAY(a, c NULL ON NULL RETURNING jsonb) --! <16 42601
JSON_ARRAY() --! <18 42883
JSON_ARRAY(SELECT id FROM s ORDER BY id) --! <16 42601
c IS JSON --! <16 42601
c IS NOT JSON OBJECT WITH UNIQUE KEYS --! <16 42601
h IS JSON ARRAY --! <16 42601
a IS JSON --! <16 42601, >=16 42804
JSON(c)
JSON(c WITH UNIQUE KEYS) --! <16 42601
JSON_SCALAR(a) --! <17 42883
JSON_SERIALIZE(h RETURNING varchar(5)) --! <17 42601
JSON_EXISTS(h, '$.a') --! <17 42883
JSON_EXISTS(h, '$.a' PASSING a AS x TRUE ON ERROR) --! <17 42601
JSON_VALUE(h, '$.a' RETURNING int DEFAULT 5 ON EMPTY ERROR ON ERROR) --! <17 42601
JSON_VALUE(h, '$.a') --! <17 42883
JSON_QUERY(h, '$.a' WITH WRAPPER) --! <17 42601
JSON_QUERY(h, '$.a' RETURNING text KEEP QUOTES EMPTY ARRAY ON EMPTY) --! <17 42601
JSON_QUERY(c, '$.a' RETURNING varchar(3) OMIT QUOTES NULL ON ERROR) --! <17 42601
JSON_VALUE(h, '$.a' RETURNING pair) --! <17 42601
JSON_VALUE(a, '$') --! <18 42883, >=18 42846
GROUPING(a) --! 42803
ctid
tableoid
tableoid::regclass
t.xmin
t.oid --! 42703
oid --! 42703
a.b.c.d --! 0A000
$1 --! 42P02
MERGE_ACTION() --! <17 42883, >=17 42601
