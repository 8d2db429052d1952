-- Whole queries: FROM, joins, sub-queries, grouping, windows, set operations, WITH, locking. A line that begins with a
-- blank belongs to the entry before it.
-- each: CREATE VIEW $name AS $it
SELECT 1
SELECT
SELECT 1 AS one, 'x' AS x, NULL AS n, true, 1.5 --! 42701
SELECT 1 AS one, 'x' AS x, NULL AS n, true, 1.5 AS d
SELECT a, b AS bee, a + 1 AS sum, lower(c), c::varchar(5), (p).x, i[1], CASE WHEN f THEN 1 END FROM t
SELECT a, a FROM t --! 42701
SELECT a, b AS a FROM t --! 42701
SELECT a + 1, b + 1 FROM t --! 42701
SELECT lower(c), upper(d), coalesce(a, b), nullif(a, 0), ARRAY[a], ROW(a) IS NULL, EXISTS (SELECT 1), (SELECT b) FROM t
SELECT *, 1 AS one FROM s
SELECT s.* FROM s
SELECT public.s.* FROM public.s
SELECT x.*, x.id + 1 AS next FROM s AS x
SELECT x.* FROM s AS x (one, two)
SELECT s.* FROM s x --! 42P01
SELECT nosuch.* FROM s --! 42P01
SELECT * --! 42601
SELECT (p).* FROM t
SELECT (pairs()).*
SELECT ((p).x), t.p FROM t
SELECT id FROM s WHERE id = 1 AND kind LIKE 'a%' OR t_a IS NULL
SELECT id FROM s WHERE id --! 42804
SELECT id FROM s WHERE count(*) > 1 --! 42803
SELECT id FROM s WHERE row_number() OVER () = 1 --! 42P20
SELECT id FROM s WHERE generate_series(1, 2) = 1 --! 0A000
SELECT id AS x FROM s WHERE x = 1 --! 42703
SELECT id FROM nosuch --! 42P01
SELECT id FROM app.nosuch --! 42P01
SELECT id FROM nosuch.s --! 42P01
SELECT nosuch FROM s --! 42703
SELECT s.nosuch FROM s --! 42703
SELECT x.nosuch FROM s x --! 42703
SELECT s FROM s
SELECT s.s FROM s --! 42703
SELECT s.kind, app.users.role FROM s, app.users
SELECT id FROM s, s2 --! 42702
SELECT s.id FROM s, s --! 42712
SELECT s.id FROM s, app.users s --! 42712
SELECT x.id FROM s x, s2 x --! 42712
SELECT s.id, s2.extra FROM s, s2 WHERE s.id = s2.id
SELECT s.id, s2.id AS id2 FROM s CROSS JOIN s2
SELECT s.id FROM s JOIN s2 ON s.id = s2.id
SELECT s.id FROM s JOIN s2 ON s.id = s2.id AND s2.kind IN ('x', 'y') LEFT JOIN app.users u ON u.role = s.kind
SELECT s.id FROM s LEFT JOIN (s2 JOIN app.users u ON u.role = s2.kind) ON s.id = s2.id
SELECT s.id FROM (s LEFT JOIN s2 ON s.id = s2.id) RIGHT JOIN t ON t.a = s.id
SELECT s.id FROM s RIGHT JOIN s2 ON true FULL JOIN t ON t.a = s.id
SELECT s.id FROM s JOIN s2 ON id = 1 --! 42702
SELECT s.id FROM s JOIN s2 ON s.id --! 42804
SELECT s.id FROM s JOIN s2 ON t.a = 1 --! 42P01
SELECT s.id FROM s JOIN s2 ON s.id = u.id JOIN app.users u ON true --! 42P01
SELECT * FROM s JOIN s2 USING (id, kind)
SELECT id, kind, extra FROM s JOIN s2 USING (id, kind)
SELECT id, s.kind, s2.kind AS k2 FROM s JOIN s2 USING (id)
SELECT id FROM s LEFT JOIN s2 USING (id) WHERE id > 1 ORDER BY id
SELECT id FROM s RIGHT JOIN s2 USING (id)
SELECT id, s.id AS sid, s2.id AS s2id FROM s FULL JOIN s2 USING (id)
SELECT * FROM s FULL JOIN s2 USING (id) --! 42701
SELECT * FROM s FULL JOIN s2 USING (id, kind)
SELECT id, u.x FROM s JOIN s2 USING (id) AS u, LATERAL (SELECT u.id AS x) u2 --! 42703
SELECT u.id, kind FROM s JOIN s2 USING (id, kind) AS u
SELECT * FROM s NATURAL JOIN s2
SELECT * FROM s NATURAL LEFT JOIN app.users --! <18 42804, >=18 42883
SELECT * FROM s NATURAL LEFT JOIN base
SELECT * FROM s JOIN s2 USING (nosuch) --! 42703
SELECT * FROM s JOIN s2 USING (extra) --! 42703
SELECT * FROM s JOIN s2 USING (id, id) --! 42701
SELECT * FROM s JOIN base USING (id) JOIN s2 USING (kind) --! 42701
SELECT id FROM s JOIN s2 USING (id) JOIN base USING (id)
SELECT id FROM (s JOIN s2 USING (id)) AS j (id, b, c)
SELECT j.id, j.b FROM (s JOIN s2 USING (id)) AS j (id, b, c, d)
SELECT s.id FROM (s JOIN s2 USING (id)) AS j --! 42P01
SELECT j.* FROM (s CROSS JOIN s2) AS j (a, b, c, d, e, f)
SELECT j.* FROM (s CROSS JOIN s2) AS j (a, b, c, d, e, f, g) --! 42P10
SELECT x.r, t.a FROM t JOIN (SELECT r, e AS ee FROM t t2) x ON x.r = t.a
SELECT a FROM t JOIN (SELECT id AS a FROM s) x USING (a)
SELECT r FROM (SELECT a AS r FROM t) x FULL JOIN (SELECT r FROM t) y USING (r)
SELECT x FROM (SELECT v AS x FROM t) q FULL JOIN (SELECT c AS x FROM t) w USING (x)
SELECT x FROM (SELECT c AS x FROM t) q JOIN (SELECT a AS x FROM t) w USING (x) --! <18 42804, >=18 42883
SELECT id FROM (SELECT id FROM s) AS q
SELECT id FROM (SELECT id FROM s) --! <16 42601
SELECT q.id, k FROM (SELECT id, kind FROM s) AS q (id, k)
SELECT q.* FROM (SELECT id FROM s) AS q (a, b) --! 42P10
SELECT q.a FROM (SELECT s.id, t.a FROM s, t WHERE s.id = t.a) q
SELECT z FROM s CROSS JOIN LATERAL (SELECT s.id + 1 AS z) l
SELECT z FROM s, (SELECT s.id AS z) l --! 42P01
SELECT l.n FROM s LEFT JOIN LATERAL (SELECT count(*) AS n FROM s2 WHERE s2.id = s.id) l ON true
SELECT l.n FROM s RIGHT JOIN LATERAL (SELECT s.id AS n) l ON true --! 42P10
SELECT g FROM generate_series(1, 3) g
SELECT g.g, g AS h FROM generate_series(1, 3) g
SELECT n FROM generate_series(1, 3) AS g (n)
SELECT n, o FROM generate_series(1, 3) WITH ORDINALITY AS g (n, o)
SELECT generate_series FROM generate_series(1, 3)
SELECT ordinality FROM generate_series(1, 3) WITH ORDINALITY
SELECT e FROM t, unnest(i) e --! 42702
SELECT x1 FROM t, unnest(i) x1
SELECT x1, x2 FROM t, unnest(i, j) AS u1 (x1, x2)
SELECT e.* FROM t, LATERAL jsonb_each(h) e
SELECT key, value FROM t, jsonb_each_text(t.h)
SELECT x, y FROM pairs()
SELECT p2.x FROM pairs() AS p2
SELECT p2 FROM pairs() AS p2
SELECT id, label FROM rows_of(1)
SELECT r.id, l FROM rows_of(1) AS r (id, l)
SELECT b, c FROM outs(1)
SELECT b, c FROM t t2 JOIN outs(1) o ON o.b = t2.a --! 42702
SELECT a, b FROM json_to_record('{}') AS x (a int, b varchar(5))
SELECT * FROM json_to_recordset('[]') AS (a int, b text[])
SELECT * FROM json_to_record('{}') --! 42601
SELECT * FROM json_to_record('{}') AS x --! 42601
SELECT * FROM generate_series(1, 2) AS x (a int) --! 42601
SELECT * FROM pairs() AS x (a int, b text) --! 42601
SELECT * FROM ROWS FROM (generate_series(1, 2), unnest('{a}'::text[])) WITH ORDINALITY AS r (a, b, c)
SELECT * FROM ROWS FROM (json_to_record('{}') AS (a int, b text), generate_series(1, 3)) AS r
SELECT * FROM now()
SELECT * FROM CURRENT_DATE
SELECT * FROM upper('x') AS u
SELECT * FROM length('x') WITH ORDINALITY
SELECT * FROM nosuch(1) --! 42883
SELECT * FROM sum(1) --! 42803
SELECT * FROM json_each('{}'), s WHERE s.kind = key
SELECT * FROM xmltable('/r' PASSING ('<r/>'::xml) COLUMNS a int PATH 'a', b text DEFAULT 'x' NOT NULL, n FOR ORDINALITY)
SELECT xt.b FROM t, xmltable(XMLNAMESPACES('u' AS z), '/r' PASSING x COLUMNS b xml) xt
SELECT * FROM JSON_TABLE('[]'::jsonb, '$[*]' COLUMNS (id FOR ORDINALITY, a int PATH '$.a', b text FORMAT JSON PATH '$.b' WITH WRAPPER, NESTED PATH '$.c[*]' COLUMNS (d text))) jt --! <17 42601
SELECT * FROM (VALUES (1, 'x'), (2, NULL)) AS v (a, b)
SELECT * FROM (VALUES (1), (2.5)) v
SELECT * FROM (VALUES (1, 2), (3)) v --! 42601
SELECT * FROM (VALUES (1), ('x')) v --! 22P02
SELECT * FROM (VALUES (1), ('x'::text)) v --! 42804
SELECT * FROM (VALUES ('a'), ('b')) v (w) WHERE w = 'a'
SELECT column1 FROM (VALUES (now(), 1)) v
VALUES (1, 'x'), (2, 'y')
VALUES (1, 'x'), (2.5, NULL) ORDER BY 1 LIMIT 1
SELECT id FROM ONLY base
SELECT id, label, at FROM base b
SELECT * FROM derived
SELECT id FROM s TABLESAMPLE system (10)
SELECT id FROM s TABLESAMPLE bernoulli (10.5) REPEATABLE (42)
SELECT id FROM s TABLESAMPLE nosuch (10) --! 42704
SELECT id FROM s TABLESAMPLE system ('x') --! 22P02
SELECT id FROM s ORDER BY id
SELECT id, kind FROM s ORDER BY 2 DESC, id ASC NULLS FIRST
SELECT id AS x FROM s ORDER BY x
SELECT id AS kind FROM s ORDER BY kind
SELECT id AS kind FROM s ORDER BY s.kind, kind || 'x'
SELECT id FROM s ORDER BY 2 --! 42P10
SELECT id FROM s ORDER BY 'x' --! 42601
SELECT id FROM s ORDER BY NULL --! 42601
SELECT id FROM s ORDER BY NULL::int, 1 + 1
SELECT id FROM s ORDER BY id USING >
SELECT id FROM s ORDER BY kind USING ~<~
SELECT id FROM s ORDER BY id USING @> --! 42883
SELECT id FROM s ORDER BY kind COLLATE "C", lower(kind), id + 1
SELECT x FROM t ORDER BY x --! 42883
SELECT js FROM t ORDER BY js --! 42883
SELECT id FROM s LIMIT 5
SELECT id FROM s LIMIT 5 OFFSET 2
SELECT id FROM s OFFSET 1.5 ROWS FETCH FIRST 3 ROWS ONLY
SELECT id FROM s LIMIT ALL
SELECT id FROM s LIMIT NULL
SELECT id FROM s ORDER BY id FETCH FIRST 3 ROWS WITH TIES
SELECT id FROM s FETCH FIRST 3 ROWS WITH TIES --! 42601
SELECT id FROM s LIMIT (SELECT count(*) FROM s2)
SELECT id FROM s LIMIT id --! 42P10
SELECT id FROM s LIMIT 'x' --! 22P02
SELECT id FROM s LIMIT '5'
SELECT DISTINCT kind FROM s
SELECT DISTINCT kind, id FROM s ORDER BY id
SELECT DISTINCT kind FROM s ORDER BY id --! 42P10
SELECT DISTINCT ON (kind) kind, id FROM s ORDER BY kind, id DESC
SELECT DISTINCT ON (kind, lower(kind)) id FROM s ORDER BY lower(kind), kind, id
SELECT DISTINCT ON (kind) kind FROM s ORDER BY id --! 42P10
SELECT DISTINCT ON (1) id, kind FROM s
SELECT DISTINCT x FROM t --! 42883
SELECT count(*) FROM s
SELECT kind, count(*), max(id) AS m FROM s GROUP BY kind
SELECT kind AS k, count(*) FROM s GROUP BY k
SELECT kind, count(*) FROM s GROUP BY 1 HAVING count(*) > 1 AND max(id) > min(t_a) ORDER BY 2 DESC
SELECT id, count(*) FROM s --! 42803
SELECT id, kind FROM s GROUP BY kind --! 42803
SELECT id, kind FROM s GROUP BY id
SELECT id, count(s2.id) FROM s JOIN s2 USING (id) GROUP BY s.id
SELECT s.kind, count(s2.id) FROM s JOIN s2 ON s.id = s2.id GROUP BY s.id
SELECT s2.kind FROM s2 GROUP BY s2.id --! 42803
SELECT lower(kind) FROM s GROUP BY lower(kind)
SELECT kind || 'x' FROM s GROUP BY kind
SELECT id + 1 FROM s GROUP BY id + 1 ORDER BY id + 1
SELECT id FROM s GROUP BY count(*) --! 42803
SELECT count(*) FROM s GROUP BY 'x' --! 42601
SELECT count(*) FROM s GROUP BY 2 --! 42P10
SELECT kind FROM s HAVING true --! 42803
SELECT 1 FROM s HAVING count(*) > 0
SELECT kind FROM s GROUP BY kind HAVING id > 1 --! 42803
SELECT kind, id, sum(t_a) FROM s GROUP BY ROLLUP (kind, id)
SELECT kind, id, grouping(kind, id) FROM s GROUP BY CUBE (kind, id), ()
SELECT kind, id, count(*) FROM s GROUP BY GROUPING SETS ((kind), (id, kind), (), ROLLUP (t_a, (kind, id)))
SELECT kind FROM s GROUP BY DISTINCT ROLLUP (kind), ROLLUP (kind)
SELECT grouping(id) FROM s GROUP BY kind --! 42803
SELECT (SELECT max(s.id)) FROM s
SELECT (SELECT count(s.id) FROM s2) FROM s
SELECT (SELECT id FROM s2 WHERE s2.id = max(s.id) LIMIT 1) FROM s
SELECT count(*) FILTER (WHERE id > 1), sum(DISTINCT id), string_agg(kind, ',' ORDER BY id DESC, kind), array_agg(id ORDER BY t_a NULLS FIRST) FROM s
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extra), mode() WITHIN GROUP (ORDER BY kind DESC), rank(5) WITHIN GROUP (ORDER BY id) FROM s2
SELECT percentile_disc(ARRAY[0.25, 0.5]) WITHIN GROUP (ORDER BY id) FROM s
SELECT json_agg(s), jsonb_object_agg(id, kind), bool_and(id > 1), avg(id), stddev(t_a), corr(id, t_a) FROM s
SELECT JSON_OBJECTAGG(id: kind ABSENT ON NULL RETURNING jsonb), JSON_ARRAYAGG(kind ORDER BY id RETURNING text) FROM s --! <16 42601
SELECT max(kind), min(kind COLLATE "C"), sum(extra), count(DISTINCT (id, kind)) FROM s2
SELECT sum(kind) FROM s --! 42883
SELECT max(x) FROM t --! 42883
SELECT count(DISTINCT x) FROM t --! 42883
SELECT sum(max(id)) FROM s --! 42803
SELECT sum(id) FILTER (WHERE max(id) > 1) FROM s --! 42803
SELECT max(row_number() OVER ()) FROM s --! 42803
SELECT id, row_number() OVER (ORDER BY id), rank() OVER w, sum(id) OVER (w ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM s WINDOW w AS (PARTITION BY kind ORDER BY t_a DESC)
SELECT sum(id) OVER (PARTITION BY kind, t_a + 1 ORDER BY id RANGE BETWEEN 5 PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE GROUP) FROM s
SELECT avg(id) OVER (ORDER BY at RANGE BETWEEN '1 day' PRECEDING AND interval '2 days' FOLLOWING) FROM base
SELECT first_value(kind) OVER (ORDER BY id GROUPS 2 PRECEDING EXCLUDE CURRENT ROW), lag(kind, 1, 'none') OVER (ORDER BY id) FROM s
SELECT count(*) OVER (), max(sum(id)) OVER (PARTITION BY kind) FROM s GROUP BY kind
SELECT count(*) FILTER (WHERE id > 1) OVER (ORDER BY id) FROM s
SELECT ntile(4) OVER w, lead(id) OVER (w) FROM s WINDOW w AS (ORDER BY id), v AS (w)
SELECT ntile(4) OVER w, lead(id) OVER (w) FROM s WINDOW w AS (ORDER BY id)
SELECT sum(id) OVER w FROM s --! 42704
SELECT sum(id) OVER (w ORDER BY kind) FROM s WINDOW w AS (ORDER BY id) --! 42P20
SELECT sum(id) OVER (w PARTITION BY kind) FROM s WINDOW w AS (ORDER BY id) --! 42P20
SELECT sum(id) OVER w FROM s WINDOW w AS (), w AS () --! 42P20
SELECT sum(id) OVER (ROWS 'x' PRECEDING) FROM s --! 22P02
SELECT sum(id) OVER (ORDER BY kind RANGE 1 PRECEDING) FROM s --! 0A000
SELECT sum(id) OVER (ORDER BY id, kind RANGE 1 PRECEDING) FROM s --! 42P20
SELECT sum(id) OVER (ROWS id PRECEDING) FROM s --! 42P10
SELECT sum(row_number() OVER ()) OVER () FROM s --! 42P20
SELECT row_number() FROM s --! 42809
SELECT sum(DISTINCT id) OVER () FROM s --! 0A000
SELECT rank() OVER (ORDER BY id) FROM s ORDER BY rank() OVER (ORDER BY id)
SELECT generate_series(1, 3), unnest('{a,b}'::text[])
SELECT id, generate_series(1, id) AS g FROM s ORDER BY g
SELECT CASE WHEN id > 1 THEN generate_series(1, 2) END FROM s --! 0A000
SELECT id FROM s UNION SELECT id FROM s2
SELECT id FROM s UNION ALL SELECT a FROM t ORDER BY id LIMIT 3
SELECT id AS x, kind FROM s INTERSECT SELECT id, 'lit' FROM s2
SELECT id FROM s EXCEPT ALL SELECT id FROM s2
SELECT id FROM s UNION SELECT extra FROM s2
SELECT kind FROM s UNION ALL SELECT name FROM app.users
SELECT name FROM app.users UNION ALL SELECT v FROM t
SELECT v FROM t UNION ALL SELECT v FROM t
SELECT e FROM t UNION ALL SELECT extra FROM s2
SELECT 'a' UNION SELECT 'b'
SELECT NULL UNION SELECT 1
SELECT NULL UNION SELECT NULL UNION SELECT 1 --! 42804
SELECT 'x' AS x UNION SELECT 1 --! 22P02
SELECT kind FROM s UNION SELECT id FROM s --! 42804
SELECT id, kind FROM s UNION SELECT id FROM s --! 42601
SELECT id FROM s UNION SELECT id FROM s2 ORDER BY kind --! 42703
SELECT id FROM s UNION SELECT id FROM s2 ORDER BY id + 1 --! 0A000
SELECT id FROM s UNION SELECT id FROM s2 ORDER BY 1 DESC
SELECT x FROM t UNION SELECT x FROM t --! 42883
SELECT x FROM t UNION ALL SELECT x FROM t
(SELECT id FROM s ORDER BY id LIMIT 1) UNION ALL (SELECT id FROM s2 LIMIT 1) ORDER BY id
SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 EXCEPT SELECT 4
(SELECT 1 UNION SELECT 2) EXCEPT (SELECT 3 UNION ALL SELECT 4)
SELECT 1 AS a UNION ALL (SELECT 2 UNION ALL (SELECT 3 UNION SELECT 4.5))
SELECT cl FROM t UNION SELECT cp FROM t --! 42P21
SELECT cl FROM t UNION ALL SELECT cp FROM t --! 42P22
SELECT m FROM t UNION SELECT 'sad'
SELECT (1, 'x')::pair AS r UNION SELECT p FROM t
SELECT id FROM s WHERE id IN (SELECT id FROM s2 UNION SELECT a FROM t) AND kind IN (VALUES ('x'), ('y'))
WITH w AS (SELECT id, kind FROM s) SELECT id, w.kind FROM w
WITH w (a, b) AS (SELECT id, kind FROM s), v AS (SELECT a FROM w) SELECT w.b, v.a FROM w JOIN v USING (a)
WITH w AS MATERIALIZED (SELECT 1 AS x), v AS NOT MATERIALIZED (SELECT 2 AS y) SELECT x, y FROM w, v
WITH w AS (SELECT 1 AS x), w AS (SELECT 2) SELECT 1 --! 42712
WITH w (a, b, c) AS (SELECT id, kind FROM s) SELECT 1 --! 42P10
WITH v AS (SELECT * FROM w), w AS (SELECT 1) SELECT * FROM v --! 42P01
WITH s AS (SELECT 1 AS sole) SELECT sole FROM s
WITH s AS (SELECT id FROM s) SELECT id FROM s
WITH w AS (SELECT 1 AS x) SELECT id FROM s WHERE id = (SELECT x FROM w)
WITH w AS (SELECT 1 AS x) SELECT y FROM (WITH w AS (SELECT 2 AS y) SELECT y FROM w) q
WITH RECURSIVE w (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM w WHERE n < 5) SELECT n FROM w
WITH RECURSIVE w AS (SELECT id, t_a, 1 AS depth FROM s WHERE t_a IS NULL UNION SELECT c.id, c.t_a, w.depth + 1 FROM s c JOIN w ON c.t_a = w.id) SELECT * FROM w
WITH RECURSIVE w (n) AS (SELECT 1 UNION ALL SELECT n + 1.5 FROM w) SELECT n FROM w --! 42804
WITH RECURSIVE w (n) AS (SELECT 'x' UNION ALL SELECT n || 'y' FROM w) SELECT n FROM w
WITH RECURSIVE w (n) AS (SELECT v FROM t UNION ALL SELECT n || 'y' FROM w) SELECT n FROM w --! 42804
WITH RECURSIVE w (n) AS (SELECT n FROM w) SELECT n FROM w --! 42P19
WITH RECURSIVE w (n) AS (SELECT n FROM w UNION ALL SELECT 1) SELECT n FROM w --! 42P19
WITH RECURSIVE w (n) AS (SELECT 1 UNION ALL SELECT max(n) FROM w) SELECT n FROM w --! 42P19
WITH RECURSIVE w (n) AS (SELECT 1 UNION ALL SELECT s.id FROM s LEFT JOIN w ON true) SELECT n FROM w --! 42P19
WITH RECURSIVE w (n) AS (SELECT 1 UNION ALL SELECT id FROM s WHERE id IN (SELECT n FROM w)) SELECT n FROM w --! 42P19
WITH RECURSIVE w (n) AS (SELECT 1 INTERSECT SELECT n FROM w) SELECT n FROM w --! 42P19
WITH RECURSIVE w (n) AS (SELECT 1 UNION ALL SELECT n FROM w ORDER BY 1) SELECT n FROM w --! 0A000
WITH RECURSIVE w (n) AS (SELECT 1 UNION ALL SELECT a.n FROM w a, w b) SELECT n FROM w --! 42P19
WITH RECURSIVE v AS (SELECT * FROM w), w AS (SELECT * FROM v) SELECT * FROM w --! 0A000
WITH RECURSIVE w (id, up) AS (SELECT id, t_a FROM s UNION ALL SELECT s.id, s.t_a FROM s, w WHERE s.id = w.up) SEARCH DEPTH FIRST BY id SET ord SELECT id, up FROM w ORDER BY ord
WITH RECURSIVE w (id, up) AS (SELECT id, t_a FROM s UNION ALL SELECT s.id, s.t_a FROM s, w WHERE s.id = w.up) SEARCH BREADTH FIRST BY id, up SET ord SELECT * FROM w --! 42P16
WITH RECURSIVE w (id, up) AS (SELECT id, t_a FROM s UNION ALL SELECT s.id, s.t_a FROM s, w WHERE s.id = w.up) SEARCH BREADTH FIRST BY id, up SET ord SELECT id, ord IS NULL AS o FROM w ORDER BY ord
WITH RECURSIVE w (id, up) AS (SELECT id, t_a FROM s UNION ALL SELECT s.id, s.t_a FROM s, w WHERE s.id = w.up) CYCLE id SET is_cycle USING path SELECT id, up, is_cycle FROM w
WITH RECURSIVE w (id, up) AS (SELECT id, t_a FROM s UNION ALL SELECT s.id, s.t_a FROM s, w WHERE s.id = w.up) CYCLE id, up SET c TO 'y' DEFAULT 'n' USING path SELECT id, c, path::text AS p FROM w
WITH RECURSIVE w (id, up) AS (SELECT id, t_a FROM s UNION ALL SELECT s.id, s.t_a FROM s, w WHERE s.id = w.up) SEARCH DEPTH FIRST BY up SET o CYCLE id SET c USING path SELECT id, up FROM w WHERE NOT c ORDER BY o
WITH RECURSIVE w (id) AS (SELECT 1 UNION ALL SELECT 1 FROM w) CYCLE nosuch SET c USING path SELECT * FROM w --! 42601
WITH RECURSIVE w (id) AS (SELECT 1 UNION ALL SELECT 1 FROM w) SEARCH DEPTH FIRST BY nosuch SET o SELECT * FROM w --! 42601
WITH w AS (SELECT 1) SEARCH DEPTH FIRST BY x SET o SELECT * FROM w --! 42601
WITH w AS (INSERT INTO s VALUES (1) RETURNING id) SELECT id FROM w --! 0A000
SELECT id FROM s FOR UPDATE
SELECT s.id FROM s, s2 FOR NO KEY UPDATE OF s NOWAIT FOR SHARE OF s2 SKIP LOCKED
SELECT id FROM s FOR UPDATE OF nosuch --! 42P01
SELECT count(*) FROM s FOR UPDATE --! 0A000
SELECT DISTINCT id FROM s FOR UPDATE --! 0A000
SELECT id FROM s UNION SELECT 1 FOR UPDATE --! 0A000
SELECT 1 INTO x --! 0A000
TABLE s
TABLE s ORDER BY id
SELECT id FROM (s CROSS JOIN s2) --! 42702
SELECT x.id FROM s x WHERE EXISTS (SELECT 1 FROM s WHERE s.id = x.id AND x.kind = s.kind)
SELECT id FROM s WHERE EXISTS (SELECT 1 FROM s s2 WHERE s2.id = s.id AND EXISTS (SELECT 1 FROM s WHERE s.id = s2.t_a))
SELECT (SELECT s2.kind FROM s2 WHERE s2.id = s.id LIMIT 1) AS k, ARRAY(SELECT a FROM t WHERE t.a = s.id ORDER BY a) AS l FROM s
SELECT id AS "Id", kind AS "select", t_a AS "with space" FROM s
SELECT "Id" FROM (SELECT id AS "Id" FROM s) "Q q"
SELECT u.c, u.c = 'red', u.role FROM app.users u WHERE u.c IN ('red', 'green')
SELECT now() AS "now", CURRENT_DATE, CURRENT_USER, LOCALTIME
SELECT t.*, s.kind AS skind FROM t JOIN s ON s.id = t.a
SELECT w, w || 'x' AS w1, v, v::text AS v1, e, e * 2 AS e1, e::numeric(6,1) AS e2, bt, vb, z, ts FROM t
SELECT n, n + 1 AS n1, em, em || 'x' AS em1, tg, tg[1] AS tg1, pc FROM t
SELECT cl, cl || 'x' AS cl1, lower(cl) AS cl2, cl COLLATE "POSIX" AS cl3, c COLLATE "C" AS c4, ARRAY[cl] AS cl5 FROM t
SELECT CASE WHEN f THEN v ELSE v END AS v1, coalesce(v, v) AS v2, coalesce(e, 0) AS e1, nullif(e, 1) AS e2, greatest(e, e) AS e3 FROM t
SELECT e + e AS e1, - e AS e2, e::numeric AS e3, sum(e) OVER () AS e4, min(v) OVER () AS v1, max(w) OVER () AS w1 FROM t
SELECT pg_class.relname, c.relkind FROM pg_class JOIN pg_catalog.pg_class c USING (oid)
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'
SELECT x.y.z FROM x --! 42P01
SELECT a FROM t WHERE a = $1 --! 42P02
SELECT id FROM s WHERE (id, kind) = ANY (SELECT id, kind FROM s2)
SELECT id, (id = ANY (SELECT a FROM t)) IS NOT TRUE AS x FROM s
SELECT s.id, q.total FROM s, LATERAL (SELECT sum(extra) FROM s2 WHERE s2.id = s.id) AS q (total) WHERE q.total > 5
SELECT ROW(s.*)::s AS r, s.*::s AS r2 FROM s
SELECT (s).id, (s).kind FROM s
SELECT (s).nosuch FROM s --! 42703
SELECT count(s), count(s.*) AS n, max(s.id) FROM s
SELECT string_agg(kind::text, ', '::text) FILTER (WHERE kind <> '') AS kinds FROM s GROUP BY t_a HAVING string_agg(kind, ',') IS NOT NULL
-- each: CREATE VIEW $name (x, y) AS $it
SELECT id, kind FROM s
SELECT id, kind, t_a FROM s
SELECT id FROM s --! 42601
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) q
SELECT id, kind FROM s UNION SELECT id, kind FROM s2
WITH w AS (SELECT id, kind FROM s) SELECT * FROM w
-- each: CREATE VIEW $name WITH (security_barrier) AS $it WITH CHECK OPTION
SELECT id, kind FROM s WHERE kind = 'x'
SELECT count(*) FROM s --! 0A000
-- each: CREATE RECURSIVE VIEW $name (n) AS $it
VALUES (1) UNION ALL SELECT n + 1 FROM $name WHERE n < 100
-- each: CREATE MATERIALIZED VIEW $name AS $it
SELECT id, kind FROM s WHERE id > 1 ORDER BY id
SELECT g, g * 2 AS double FROM generate_series(1, 3) g
SELECT id, nosuch FROM s --! 42703
WITH w AS (SELECT 1 AS x) SELECT x FROM w
-- each: CREATE TABLE $name AS $it
SELECT 1 AS a, 'x' AS b, NULL AS c, 'y'::varchar(5) AS d, 1.5 AS e, now() AS f
SELECT * FROM s2 WHERE false
SELECT id, array_agg(kind) AS kinds, sum(extra) AS total, max(kind COLLATE "C") AS m FROM s2 GROUP BY id
SELECT w, v, e, z, bt, cl, n, em, tg, m, p, ROW(1) IS NULL AS q FROM t
SELECT ROW(1, 'x') AS r --! 42P16
