-- The positions in which expressions are stored, and what each of them refuses.
-- each: CREATE TABLE $name (a integer, b integer, c text, d date, j jsonb, e numeric(5,1), x text COLLATE "C", CHECK ($it))
a > 0
a > 0 AND b > 0 AND (c IS NULL OR d > '2020-01-01')
c IN ('x', 'y')
c = ANY (ARRAY['x', 'y'])
length(c) <= 5 AND c = lower(c)
(a, b) > (0, 0)
CASE WHEN a > 0 THEN b > 0 ELSE true END
j ? 'x' AND jsonb_typeof(j -> 'x') = 'array'
e BETWEEN 0 AND 1.5
c ~ '^[a-z]+$'
x < 'x'
x < c COLLATE "C"
a IS NOT NULL
true
NULL
now() > d
'yes'
a --! 42804
(SELECT true) --! 0A000
EXISTS (SELECT 1) --! 0A000
count(*) > 0 --! 42803
row_number() OVER () > 0 --! 42P20
generate_series(1, 2) > 0 --! 0A000
nosuch > 0 --! 42703
tableoid > 0
ctid IS NULL --! 42P10
over_(a) > 0
opt(a) = 'x'
opt(a, c => 3) = 'x'
num_nonnulls(a, b) = 1
-- each: CREATE TABLE $name (a integer, b integer, c text, d date, g timestamptz, x text COLLATE "C", v $it)
integer GENERATED ALWAYS AS (a + b) STORED
bigint GENERATED ALWAYS AS (a * 2) STORED
text GENERATED ALWAYS AS (a::text || c) STORED
text GENERATED ALWAYS AS (upper(c)) STORED
text COLLATE "C" GENERATED ALWAYS AS (c || 'x') STORED
text GENERATED ALWAYS AS (x || c) STORED
varchar(5) GENERATED ALWAYS AS (c) STORED
numeric(5,2) GENERATED ALWAYS AS (a / 3.0) STORED
integer GENERATED ALWAYS AS (CASE WHEN a > 1 THEN b ELSE 0 END) STORED
boolean GENERATED ALWAYS AS (a IS NOT NULL) STORED
tsvector GENERATED ALWAYS AS (to_tsvector('english', c)) STORED
tsvector GENERATED ALWAYS AS (to_tsvector(c)) STORED --! 42P17
date GENERATED ALWAYS AS (d + 1) STORED
timestamp GENERATED ALWAYS AS (g::timestamp) STORED --! 42P17
text GENERATED ALWAYS AS (now()::text) STORED --! 42P17
integer GENERATED ALWAYS AS (v + 1) STORED --! 42P17
integer GENERATED ALWAYS AS ((SELECT 1)) STORED --! 0A000
integer GENERATED ALWAYS AS (sum(a)) STORED --! 42803
integer GENERATED ALWAYS AS (generate_series(1, 2)) STORED --! 0A000
integer GENERATED ALWAYS AS (c) STORED --! 42804
text GENERATED ALWAYS AS (upper('x')) STORED --! 42P22
integer GENERATED ALWAYS AS (length(c)) STORED DEFAULT 5 --! 42601
integer GENERATED ALWAYS AS (a) VIRTUAL --! <18 42601
integer GENERATED ALWAYS AS (a * 2) --! <18 42601
integer GENERATED ALWAYS AS (tableoid) STORED
integer GENERATED ALWAYS AS (ctid) STORED --! 42P10
integer CHECK (v > a)
integer CHECK (v > 0) CHECK (v < 10)
-- each: CREATE INDEX $name ON t $it
(a)
(lower(c))
((a + b))
((a + 1), (c || d), b DESC)
(a) WHERE b > 0
(a) WHERE c IN ('x', 'y') AND NOT f
(upper(c) text_pattern_ops)
(c COLLATE "C" DESC NULLS LAST)
((c COLLATE "POSIX"))
((h ->> 'a'))
((h -> 'a'), (h ->> 'b') DESC)
USING gin (h jsonb_path_ops)
USING gin (to_tsvector('english', c))
USING gin (i, j)
USING gist (rg)
USING gist (pt)
USING hash (c)
USING brin (a, g)
USING brin (a int4_minmax_multi_ops)
((c || 'x') COLLATE "C")
(coalesce(c, d))
((CASE WHEN f THEN a ELSE b END))
((a IS NULL))
((ROW(a, b)))  --! 42P16
(date(ts))
(date(g)) --! 42P17
((g AT TIME ZONE 'UTC'))
((y + 1)) WHERE y > '2020-01-01'
(a) WHERE g > now() --! 42P17
(a) INCLUDE (b, c)
(a) INCLUDE ((b + 1)) --! 0A000
((a)) 
(c, lower(c), (lower(c)))
(((SELECT 1))) --! 0A000
(sum(a)) --! 42803
(a) WHERE sum(a) > 1 --! 42803
(a) WHERE (SELECT true) --! 0A000
(a) WHERE a --! 42804
(nosuch) --! 42703
((nosuch + 1)) --! 42703
(x) --! 42704
USING gin (a) --! 42704
(a nosuch_ops) --! 42704
(c int4_ops) --! 42804
(a COLLATE "C") --! 42804
USING nosuch (a) --! 42704
(generate_series(1, a)) --! 0A000
(take_pair(p))
(m)
((m::text)) --! 42P17
((m = 'sad'))
(((p).x))
((i[1]))
(n, em, tg)
((em || 'x'))
((t))
(over_(a)) WHERE over_(c) = 'x'
-- each: CREATE TRIGGER $name $it EXECUTE FUNCTION touch()
BEFORE UPDATE ON t FOR EACH ROW WHEN (old.a IS DISTINCT FROM new.a)
BEFORE UPDATE ON t FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.*)
BEFORE INSERT ON t FOR EACH ROW WHEN (new.a > 0 AND new.c = 'x')
AFTER DELETE ON t FOR EACH ROW WHEN (old.c LIKE 'x%')
AFTER UPDATE OF a, c ON t FOR EACH ROW WHEN (new.v IN ('x', 'y') OR pg_trigger_depth() = 0)
BEFORE UPDATE ON t WHEN (current_user = 'x')
BEFORE UPDATE ON t WHEN (old.a = 1) --! 42P17
BEFORE INSERT ON t FOR EACH ROW WHEN (old.a = 1) --! 42P17
BEFORE DELETE ON t FOR EACH ROW WHEN (new.a = 1) --! 42P17
BEFORE INSERT ON t FOR EACH ROW WHEN (a = 1) --! 42702
BEFORE INSERT ON t FOR EACH ROW WHEN (new.nosuch = 1) --! 42703
BEFORE INSERT ON t FOR EACH ROW WHEN (new.a) --! 42804
BEFORE INSERT ON t FOR EACH ROW WHEN ((SELECT true)) --! 0A000
BEFORE INSERT ON t FOR EACH ROW WHEN (count(*) > 1) --! 42803
BEFORE INSERT ON t FOR EACH ROW WHEN (new.ctid IS NULL) --! 0A000
AFTER INSERT ON t FOR EACH ROW WHEN (new.tableoid = 't'::regclass)
BEFORE UPDATE ON t FOR EACH ROW WHEN ((new.p).x > (old.p).x)
BEFORE UPDATE ON t FOR EACH ROW WHEN (new IS NOT NULL)
BEFORE UPDATE ON t FOR EACH ROW WHEN (NEW."Odd name" = OLD."select") --! 42883
-- each: CREATE DOMAIN $name AS $it
integer CHECK (VALUE > 0)
integer CHECK (VALUE > 0 AND VALUE < 10) DEFAULT 5
text CHECK (VALUE ~ '^a' OR VALUE = '')
varchar(5) CHECK (VALUE IN ('a', 'b'))
text COLLATE "C" CHECK (VALUE < 'x')
text[] DEFAULT '{}' CHECK (array_length(VALUE, 1) > 0)
pair CHECK ((VALUE).x > 0)
posint CHECK (VALUE < 100)
numeric(5,2) DEFAULT 1 NOT NULL
mood DEFAULT 'sad'
jsonb DEFAULT '{}'
date DEFAULT now()
text DEFAULT 5
integer DEFAULT '5'
integer DEFAULT 'x' --! 22P02
integer DEFAULT now() --! 42804
integer CHECK (VALUE) --! 42804
integer CHECK (value > 0)
integer CHECK ("value" > 0)
integer CHECK (nosuch > 0) --! 42703
integer CHECK ((SELECT true)) --! 0A000
integer CHECK (max(VALUE) > 0) --! 42803
integer CHECK (VALUE = 'x') --! 22P02
integer COLLATE "C" --! 42804
text CHECK (VALUE > 0) --! 42883
-- each: CREATE TABLE $name (a integer, b text, c date, g timestamptz, x xml, p pair) PARTITION BY $it
RANGE (a)
LIST (b)
HASH (a, b)
RANGE (lower(b))
RANGE ((a + 1), b COLLATE "C" DESC) --! 42601
RANGE ((a + 1), b COLLATE "C")
LIST ((a % 10))
RANGE (b text_pattern_ops, c)
RANGE (date_trunc('day', c::timestamp))
RANGE (date_trunc('day', g)) --! 42P17
LIST (a, b) --! 42P17
RANGE (nosuch) --! 42703
RANGE (x) --! 42704
RANGE ((1)) --! 42P17
RANGE (((SELECT 1))) --! 0A000
RANGE (sum(a)) --! 42803
RANGE (now()) --! 42P17
RANGE (((p).x))
HASH (a COLLATE "C") --! 42804
NOSUCH (a) --! 22023
-- each: CREATE STATISTICS $name $it FROM t
ON a, b
(ndistinct) ON a, b
(dependencies, mcv) ON a, c, b
ON (a + b)
ON (a + b), c
ON lower(c), (h ->> 'a'), a
(mcv) ON (a % 2), (b % 2)
ON a --! 42P17
ON a, a --! 42701
ON (a + b), (a + b) --! 42701
ON nosuch, a --! 42703
ON (a), b
ON (sum(a)), b --! 42803
ON ((SELECT 1)), b --! 0A000
(nosuch) ON a, b --! 42601
-- each: CREATE RULE $name AS ON $it
INSERT TO t DO NOTHING
INSERT TO t WHERE new.a > 0 DO INSTEAD NOTHING
UPDATE TO t WHERE old.a <> new.a DO ALSO INSERT INTO s VALUES (new.a, old.a, 'x')
DELETE TO t DO ALSO DELETE FROM s WHERE s.id = old.a
INSERT TO t DO ALSO (INSERT INTO s (id) VALUES (new.a); UPDATE s SET kind = new.c WHERE id = new.a)
UPDATE TO t DO ALSO UPDATE s SET t_a = new.a, kind = upper(new.c) FROM s2 WHERE s2.id = s.id AND s.id = old.a
INSERT TO t DO ALSO INSERT INTO s SELECT new.a, x.id, x.kind FROM s2 x WHERE x.id = new.b
INSERT TO t DO ALSO NOTIFY changed
INSERT TO t DO ALSO SELECT new.a, new.c
INSERT TO t DO ALSO INSERT INTO s (id, kind) VALUES (new.a, DEFAULT), (new.b, 'y') ON CONFLICT (id) DO UPDATE SET kind = excluded.kind WHERE s.kind IS NULL
INSERT TO t WHERE old.a > 0 DO NOTHING --! 42P01
DELETE TO t WHERE new.a > 0 DO NOTHING --! 42P01
INSERT TO t WHERE a > 0 DO NOTHING
INSERT TO t WHERE new.a DO NOTHING --! 42804
INSERT TO t WHERE sum(new.a) > 0 DO NOTHING --! 42803
INSERT TO t WHERE EXISTS (SELECT 1 FROM s WHERE id = new.a) DO NOTHING
INSERT TO t DO INSTEAD INSERT INTO s VALUES (new.nosuch) --! 42703
INSERT TO t DO INSTEAD INSERT INTO nosuch VALUES (1) --! 42P01
INSERT TO t DO INSTEAD SELECT 1 RETURNING 2 --! 42601
SELECT TO t DO INSTEAD SELECT * FROM t --! <18 42P17, >=18 42809
UPDATE TO s2 DO INSTEAD DELETE FROM t WHERE a = old.id RETURNING a, c, e::numeric(6,1)
UPDATE TO s2 DO INSTEAD DELETE FROM t WHERE a = old.id RETURNING a --! 42P17
-- each: CREATE FUNCTION $name(a integer, b text DEFAULT 'q') RETURNS integer LANGUAGE sql AS $$ $it $$
SELECT 1
SELECT a
SELECT $1 + length($2)
SELECT a + length(b)
SELECT id FROM s WHERE id = a
SELECT count(*)::int FROM s WHERE kind = b
SELECT 1.5
SELECT '5' --! 42P13
SELECT b --! 42P13
SELECT 1, 2 --! 42P13
SELECT nosuch --! 42703
SELECT id FROM nosuch --! 42P01
SELECT nosuch(a) --! 42883
SELECT a + b --! 42883
SELECT $3 --! 42P02
INSERT INTO s VALUES (a, a, b) --! 42P13
INSERT INTO s VALUES (a, a, b) RETURNING id
INSERT INTO s VALUES (b) RETURNING id --! 42804
UPDATE s SET kind = b WHERE id = a; SELECT a
WITH w AS (SELECT id FROM s) SELECT id FROM w
SELECT id FROM s UNION SELECT a
SELECT max(id) FROM s GROUP BY kind
SELECT id FROM s GROUP BY kind --! 42803
VALUES (1)
CREATE TABLE x (y int); SELECT 1
-- each: CREATE FUNCTION $name(a integer, b text DEFAULT 'q', OUT c integer) LANGUAGE sql BEGIN ATOMIC $it; END
SELECT 1
SELECT a
SELECT a + length(b)
SELECT $1 + 1
SELECT id FROM s WHERE id = a AND kind = b
SELECT max(id) FROM s WHERE s.kind = b
INSERT INTO s VALUES (a, a, b); SELECT a
INSERT INTO s (id, kind) VALUES (a, b), (2, DEFAULT) RETURNING id
UPDATE s SET kind = b, t_a = DEFAULT WHERE id = a RETURNING s.id
UPDATE s x SET (kind, t_a) = (b, a) FROM s2 WHERE s2.id = x.id RETURNING x.id
UPDATE s SET (kind, t_a) = (SELECT kind, id FROM s2 WHERE s2.id = s.id) RETURNING id
DELETE FROM s USING s2 y WHERE s.id = y.id AND y.kind = b RETURNING s.id
WITH w AS (INSERT INTO s VALUES (a) RETURNING id) SELECT id FROM w
SELECT id FROM s ORDER BY id LIMIT 1
SELECT id FROM s FOR UPDATE
SELECT b --! 42P13
SELECT nosuch --! 42703
CREATE TABLE x (y int) --! 0A000
INSERT INTO s VALUES (a) ON CONFLICT DO NOTHING; SELECT 1
INSERT INTO s VALUES (a) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind || b RETURNING id
MERGE INTO s USING s2 ON s.id = s2.id WHEN MATCHED AND s2.kind = b THEN UPDATE SET kind = s2.kind WHEN NOT MATCHED THEN INSERT (id) VALUES (s2.id); SELECT 1
MERGE INTO s USING s2 ON s.id = s2.id WHEN MATCHED THEN DELETE; SELECT a
-- each: CREATE FUNCTION $name(a integer, b text) RETURNS $it
integer LANGUAGE sql RETURN a + 1
text LANGUAGE sql IMMUTABLE RETURN upper(b) || a
boolean LANGUAGE sql RETURN EXISTS (SELECT 1 FROM s WHERE id = a)
integer LANGUAGE sql RETURN b --! 42P13
TABLE (x integer, y text) LANGUAGE sql BEGIN ATOMIC SELECT id, kind FROM s; SELECT a, b; END
SETOF s LANGUAGE sql BEGIN ATOMIC SELECT * FROM s; END
SETOF s LANGUAGE sql BEGIN ATOMIC SELECT id FROM s; END --! 42P13
pair LANGUAGE sql RETURN (a, b)
pair LANGUAGE sql BEGIN ATOMIC SELECT a, b; END
numeric(5,1) LANGUAGE sql RETURN a
-- each: CREATE PUBLICATION $name FOR TABLE $it
s WHERE (id > 0)
s WHERE (kind = 'x' AND id IN (1, 2))
s WHERE (lower(kind) = 'x')
s (id, kind) WHERE (t_a IS NULL)
base WHERE (label LIKE 'x%')
s WHERE (id) --! 42804
s WHERE (nosuch = 1) --! 42703
s WHERE (over_(id) = 1) --! 0A000
s WHERE (now() > '2020-01-01') --! 0A000
s WHERE ((SELECT true)) --! 0A000
s WHERE (count(*) > 1) --! 42803
s WHERE (random() < 0.5) --! 0A000
-- each: CREATE POLICY $name ON s $it
USING (id = 1)
FOR SELECT USING (kind = CURRENT_USER)
FOR INSERT WITH CHECK (id > 0)
FOR UPDATE USING (id = 1) WITH CHECK (kind <> 'x')
FOR ALL TO PUBLIC USING (app.uid() IS NOT NULL)
USING (EXISTS (SELECT 1 FROM app.users u WHERE u.id = app.uid() AND u.role = s.kind))
USING (id IN (SELECT s2.id FROM s2 WHERE s2.kind = s.kind))
USING (t_a = (SELECT max(x.id) FROM s x))
USING (current_setting('app.x', true) = kind)
USING ((SELECT app.uid()) = '00000000-0000-0000-0000-000000000000')
USING (kind IN (SELECT u.role FROM app.users u WHERE u.c = 'red'))
FOR INSERT USING (true) --! 42601
USING (count(*) > 0) --! 42803
USING (row_number() OVER () > 0) --! 42P20
USING (generate_series(1, 2) > 0) --! 0A000
USING (id) --! 42804
USING (nosuch) --! 42703
USING (new.id = 1) --! 42P01
