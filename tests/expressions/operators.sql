-- Operators of all families over columns, constants and each other: what they resolve to, and where parentheses stand.
-- each: CREATE POLICY $name ON t USING ($it)
a = b
a != b
a <> 1
a < r
s < a
s + a > r
a = 1.5
a = '5'
r = 3000000000
r = 99999999999999999999
k = 1e3
k = .5
k = 5.
db = 1.5
db > a
fl < db
fl + 1 > 0
e * 2 >= k
a = -1
a = - b
- a > 0
a = - 5
-5 < a
k > -1.5
@ a > 0
@ -5 > a
+ a > 0
|/ db > 1
||/ db > 1
~ a = 1
(a & 3) | 4 # 1 > 0
a << 2 > b >> 1
a ^ 2 > 5
2 ^ a ^ b > 1
a % 2 = 0
a + b * 2 - 1 > 0
(a + b) * 2 > 1
a - (b - 1) > 0
a - b - 1 > 0
a / b / 2 > 0
a / (b / 2) > 0
- a * b < 0
- (a * b) < 0
a OPERATOR(pg_catalog.+) 1 > 0
a OPERATOR(+) b * 2 > 0
c = 'x'
c = 'it''s \ x'
c = E'tab\there'
c = U&'d\0061t'
c < d AND c >= 'a'
c || d = 'x'
c || a = 'x'
a || c = 'x'
c || 'lit' || d = 'x'
'a' || 'b' = c
c || NULL = d
v = 'x'
v || 'x' = c
v = c
w = 'x'
w = c
w = v
w || v = 'x'
nm = 'x'
nm = c
v LIKE 'x%'
w LIKE 'x%'
nm LIKE 'x'
c ~ '^a' AND c !~* d
c ~~ 'x'
c !~~* 'x'
c ^@ 'x'
f = true
f <> (a = b)
f AND NOT f OR a = 1
NOT (f OR a = 1)
NOT f AND NOT NOT f
f AND (a = 1 OR b = 2) AND c IS NULL
f OR (a = 1 AND b = 2) OR c IS NULL
(f OR a = 1) OR b = 2
f AND (a = 1 AND (b = 2 AND true))
(a = b) = f
(a = b) IS TRUE
a = b IS NOT UNKNOWN
(a < b) < f
g = now()
g > '2020-01-01'
g > '2020-01-01 10:00+02'
g > '2020-02-30' --! 22008
g > 'rubbish' --! 22007
g < '2020-01-01'::date
g < ts
ts < y
y = '2020-01-01'
y + 1 = y
y + interval '1 day' > ts
y - y > 3
y - 1 < y
g - g > '1 day'
g - '1 day' < now() --! 22007
g - '1 day'::interval < now()
g + z < now()
'1 day' + g < now()
ts - ts > z
tm + z > tm
z * 2 > '3 hours'
2 * z > z / 3.5
- z < z
y + tm = ts
tz < tm
h = '{}'
h -> 'a' = '1'
h ->> 'a' = c
h -> 0 IS NULL
h -> 'a' -> 'b' ->> 'c' = 'x'
h #> '{a,b}' IS NULL
h #>> '{a,b}' = c
h @> '{"a": 1}'
h <@ h
h ? 'a'
h ?| ARRAY['a', 'b']
h ?& i
h || '{"a": 2}' = h
h - 'a' = h
h - 1 = h
h - i = h
h #- '{a}' = h
h @? '$.a'
h @@ '$.a > 1'
h ->> a = 'x'
js -> 'a' IS NULL
js ->> 0 = 'x'
js = js --! 42883
i = '{a,b}'
i @> ARRAY['x']
i @> '{x}'
i && ARRAY[c, d]
i || 'x' = i --! 22P02
i || c = i
c || i = i
i || i = i
j || 1 = j
1 || j = j
j = ARRAY[1, 2]
j @> ARRAY[1, 2.5] --! 42883
ms @> ARRAY['sad'::mood]
ms && '{sad}'
tg = '{a}'
tg || 'x'::text = i
m = 'sad'
m < 'happy'
m = 'angry' --! 22P02
m = 'sad'::mood
'sad' = m
m = m
m = app.color 'red' --! 42883
p = ROW(1, 'x')
p = (1, 'x')
p = '(1,x)' --! 0A000
p IS NULL
p < p
u = '00000000-0000-0000-0000-000000000000'
u = app.uid()
u = c --! 42883
ip << '10.0.0.0/8'
ip <<= '10.0.0.0/8'
ip = '10.0.0.1/24'
ip + 1 > ip
ip && ip
bt & bt = B'1010'
bt = '1010'
vb || B'1' = vb
~ bt << 1 = bt
bt = X'a'
by = '\xdead'
by || by = 'abc'
o = 1
o = 4294967295
o < a
rc = 'pg_class' --! 22P02
rc = 'pg_class'::regclass
rg @> 5
rg && '[1,5)'
rg -|- rg
rg * rg = rg
rg << int4range(1, 2)
mr @> 5
mr @> rg
rg <@ mr
pt <-> pt < 5
pt = pt --! 42883
pt ~= pt
pt <@ '((0,0),(1,1))'::box
pt <@ '((0,0),(1,1))' --! 42725
q @@ 'a & b'
q @@ to_tsquery('english', 'a & b')
q @@ 'x'::text::tsquery
c @@ 'x'
mo > '5.00'
mo * 2 > mo
mo / mo > 1.5
n = 5
n > 0
n + 1 > n
n = 5::smallint
em = 'a'
em LIKE '%@%'
em || 'x' = c
pc > 5
pc * 2 = 10
"Odd name" = 1
"select" = 'from'
t."Odd name" > public.t.a
t.a = t.b AND public.t.c = t.d
x IS DOCUMENT
x IS NOT DOCUMENT
x = x --! 42883
a = true --! 42883
a = c --! 42883
a + c > 0 --! 42883
f > 1 --! 42883
- c = 'x' --! 42883
a || b = 'x' --! 42883
a LIKE 'x' --! 42883
c + 1 > 0 --! 42883
c -> 'a' = d --! 42883
'a' + 'b' > 0 --! 42725
NOT a --! 42804
a AND f --! 42804
f OR c --! 42804
a ==== b --! 42883
a OPERATOR(app.+) b > 1 --! 42883
a OPERATOR(nosuch.+) b > 1 --! 3F000
nosuch = 1 --! 42703
t.nosuch = 1 --! 42703
nosuch.a = 1 --! 42P01
app.users.id = 1 --! 42P01
other.public.t.a = 1 --! 0A000
a --! 42804
c --! 42804
'x' --! 22P02
'true'
NULL
NULL::boolean
1 = 1
true
