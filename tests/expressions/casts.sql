-- Casts: explicit, assignment and implicit ones, type modifiers, domains, arrays, enums, rows, input and output functions.
-- each: CREATE VIEW $name AS SELECT $it AS v FROM t
'5'::int
5::bigint
5::smallint
5::numeric
5::numeric(10,2)
5::numeric(5)
5::numeric(2,-3)
5::real
5.5::real
5::double precision
5::float(3)
5::float(30)
5::float(60) --! 22023
1.5::int
1.5::numeric(10,1)
1.5::numeric
'1.5'::numeric
'1.5'::numeric(10,1)
'-1.5'::numeric
-1.5::numeric
(-1.5)::numeric
- 5::int
(-5)::int
-5::smallint
'abc'::int --! 22P02
'99999999999'::int --! 22003
'70000'::smallint --! 22003
5::text
a::text
a::varchar
a::varchar(3)
a::char
a::char(3)
a::"char"
a::character varying(3)
c::int
c::varchar
c::varchar(5)
c::char(5)
c::bpchar
c::name
v::text
v::varchar
v::varchar(9)
v::varchar(3)
w::text
w::char(5)
w::char(8)
w::varchar
'x'::text
'x'::varchar
'x'::varchar(5)
'x'::char
'x'::char(3)
'x'::bpchar
'x'::"char"
'x'::name
'xyz'::varchar(2)
'x'::text::varchar(5)::text
c::text::text
CAST(a AS bigint)
CAST(c AS varchar(5))
int '5'
text 'x'
varchar(3) 'xyz'
numeric(5,2) '1.5'
date '2020-01-01'
interval '1 day'
interval '1' day
interval '1-2' year to month
interval '1.5' second(1)
interval(2) '1.23456 s'
int4 '5'
pg_catalog.int4 '5'
bool 'yes'
float8 '1e10'
float8 'NaN'
float8 '-Infinity'
'1e500'::float8 --! 22003
mood 'sad'
a::boolean
f::int
f::text
5::boolean
'on'::boolean
'maybe'::boolean --! 22P02
r::int
r::smallint
k::int
k::bigint
k::numeric(8,2)
e::numeric(8,2)
e::numeric(10,2)
e::numeric
db::numeric
db::real
fl::double precision
db::int
a::oid
r::oid
o::int
o::bigint
o::text
a::regclass
'pg_class'::regclass
'pg_class'::regclass::oid
'pg_class'::regclass::text
't'::regclass
'app.users'::regclass
'nosuch'::regclass --! 42P01
'int4'::regtype
'mood'::regtype
'app.uid()'::regprocedure
'over_(integer)'::regprocedure
'app.uid'::regproc
'over_'::regproc --! 42725
'public'::regnamespace
c::regclass
rc::text
rc::oid
y::timestamp
y::timestamptz
y::text
ts::date
ts::timestamptz
ts::time
ts::timestamp(3)
g::date
g::timestamp
g::timestamp(0)
g::timestamptz(3)
g::time
g::timetz
g::text
tm::interval
tm::timetz
z::time
z::interval(3)
z::interval day
z::interval day to second(2)
z::interval year to month
'1 day 2 hours'::interval hour
'1 year 2 mons 3 days 04:05:06.789'::interval
'P1Y2M3DT4H5M6S'::interval
'2020-01-01'::date
'Jan 5, 2020'::date
'2020-01-01 10:11:12.5'::timestamp
'2020-01-01 10:11:12.5'::timestamp(0)
'2020-01-01 10:11:12+02'::timestamptz
'10:11'::time
'10:11 PM'::time
'10:11:12.3456+02'::timetz
'infinity'::timestamp
'epoch'::timestamptz
'2020-13-01'::date --! 22008
'allballs'::time
y::time --! 42846
a::date --! 42846
a::uuid --! 42846
u::text
u::int --! 42846
'00000000-0000-0000-0000-00000000000A'::uuid
'zz'::uuid --! 22P02
'{"a":  1, "a": 2}'::jsonb
'{"a":  1, "a": 2}'::json
'[1, 2.50, "x\u0041", null, true]'::jsonb
'{bad'::jsonb --! 22P02
h::json
js::jsonb
h::text
h::int
h::boolean
c::jsonb
h::varchar(5)
a::json --! 42846
i::text
i::varchar[]
i::varchar(3)[]
i::int[]
j::bigint[]
j::text[]
j::numeric(5,1)[]
j::text
'{1,2}'::int[]
'{1, 2, NULL}'::int[]
'{{1,2},{3,4}}'::int[]
'{{1,2},{3}}'::int[] --! 22P02
'{a,"b c",NULL,"NULL"}'::text[]
'[0:1]={1,2}'::int[]
'{x}'::varchar(5)[]
ARRAY[1, 2]::bigint[]
ARRAY['1', '2']::int[]
ARRAY[a, b]::text[]
ARRAY[]::int[]
ARRAY[[1, 2], [3, 4]]::numeric[]
j::int --! 42846
a::int[] --! 42846
m::text
m::varchar
m::varchar(2)
c::mood
'sad'::mood
'bad'::mood --! 22P02
m::app.color --! 42846
ms::text[]
m::int --! 42846
'{sad,happy}'::mood[]
5::posint
a::posint
n::int
n::bigint
n::text
n::posint
'5'::posint
'-5'::posint
5::bigint::posint
'x'::email
c::email
em::text
em::varchar(5)
em::email
5::app.price
'5.555'::app.price
pc::numeric
pc::int
tg::text[]
'{a}'::tags
i::tags
(1, 'x')::pair
ROW(1, 'x')::pair
ROW(1.5, 2)::pair
ROW(1)::pair --! 42846
ROW(1, 2, 3)::pair --! 42846
'(1,x)'::pair
'(1,"a b")'::pair
'(x,y)'::pair --! 22P02
p::text
c::pair
((1, 'x')::pair, '{1}')::nested
ROW(p, j)::nested
(1, 'x')::record --! 42P16
t::text
s.*::text --! 42P01
a::nosuch --! 42704
a::app.nosuch --! 42704
a::nosuch.int4 --! 3F000
a::varchar(0) --! 22023
a::text(5) --! 42601
a::int(5) --! 42601
a::numeric(2000) --! 22023
a::timestamp(9) --! 42846
g::timestamp(9)
a::varchar(1, 2) --! 42601
a::setof int
'[1,5]'::int4range
'[1,5)'::numrange
'[5,1]'::int4range --! 22000
'{[1,3),[5,7)}'::int4multirange
rg::int4multirange
rg::text
'(1,2)'::point
pt::text
'10.0.0.1'::inet
'10.0.0.0/8'::cidr
'10.0.0.1/8'::cidr --! 22P02
ip::text
ip::cidr
'\xDEAD'::bytea
'abc\000'::bytea
c::bytea
by::text
a::bit(4)
a::bit
B'101'::bit(5)
B'101'::varbit
B'101'::bit(2)
B'101'::int
bt::int
bt::bit(8)
bt::varbit(2)
'101'::bit(3)
'$1,234.50'::money
a::money
mo::numeric
'<a/>'::xml
c::xml
x::text
XMLSERIALIZE(CONTENT x AS text)
'a & b'::tsquery
'a b'::tsvector
c::tsvector
NULL
NULL::int
NULL::mood
NULL::pair
'x'
5
5.0
true
9999999999
-9223372036854775808
'x' COLLATE "C"
c::varchar COLLATE "C"
(c COLLATE "C")::varchar(5)
a COLLATE "C" --! 42804
c COLLATE nosuch --! 42704
(NULL)::int
(a)::int::bigint::numeric(5,1)::text
a::int4
'5'::int + '6'
'5' + 6
'5.5' + 6 --! 22P02
'5' + 6.5
'5'::unknown
-- each: CREATE TABLE $name (v $it)
integer DEFAULT 1.5
integer DEFAULT '7'
integer DEFAULT 7::bigint
integer DEFAULT 'x' --! 22P02
integer DEFAULT 'x'::text --! 42804
integer DEFAULT true --! 42804
integer DEFAULT now() --! 42804
integer DEFAULT NULL
integer DEFAULT NULL::text --! 42804
smallint DEFAULT 5
smallint DEFAULT -5
bigint DEFAULT 5
numeric(5,2) DEFAULT 0
numeric(5,2) DEFAULT 1.555
numeric(5,2) DEFAULT '1.555'
numeric DEFAULT 0
real DEFAULT 1
double precision DEFAULT -1
double precision DEFAULT 1.5
text DEFAULT 5
text DEFAULT 'x'
text DEFAULT 'x'::varchar
text DEFAULT true
text DEFAULT CURRENT_DATE
text DEFAULT CURRENT_USER
name DEFAULT CURRENT_USER
varchar(3) DEFAULT 'abcdef'
varchar(3) DEFAULT 'x'
varchar(3) DEFAULT 5
varchar DEFAULT 'x'
varchar(8) DEFAULT 'x'::text
varchar(8) DEFAULT lower('X')
char(3) DEFAULT 'x'
char(3) DEFAULT 'abcdef'
char DEFAULT 'x'
"char" DEFAULT 'x'
boolean DEFAULT 'yes'
boolean DEFAULT 1 --! 42804
boolean DEFAULT NOT true --! 42601
date DEFAULT now()
date DEFAULT 'today'
date DEFAULT '2020-01-01'
date DEFAULT CURRENT_TIMESTAMP
timestamp DEFAULT now()
timestamp(0) DEFAULT now()
timestamptz(3) DEFAULT CURRENT_TIMESTAMP
timestamptz DEFAULT '2020-01-01'
timestamptz DEFAULT LOCALTIMESTAMP
time DEFAULT CURRENT_TIME
time DEFAULT LOCALTIME(2)
timetz DEFAULT CURRENT_TIME
interval DEFAULT '1 day'
interval day DEFAULT '1 day 5 hours'
interval(2) DEFAULT '1.2345 s'
interval DEFAULT 5 --! 42804
uuid DEFAULT gen_random_uuid()
uuid DEFAULT '00000000-0000-0000-0000-000000000000'
uuid DEFAULT 'x'::text --! 42804
jsonb DEFAULT '{}'
jsonb DEFAULT '{"b": 1, "a": [1, 2]}'
json DEFAULT '{ }'
jsonb DEFAULT '{' --! 22P02
jsonb DEFAULT jsonb_build_object('a', 1, 'b', ARRAY[1, 2])
jsonb DEFAULT '{}'::json
text[] DEFAULT '{}'
text[] DEFAULT ARRAY[]::text[]
text[] DEFAULT ARRAY['a', 'b']
text[] DEFAULT ARRAY[1, 2]
text[] DEFAULT array_append('{}', 'x')
varchar(5)[] DEFAULT ARRAY['a', 'b']
varchar(5)[] DEFAULT '{abcdefg}'
integer[] DEFAULT ARRAY['1', '2'] --! 42804
integer[] DEFAULT '{1,2}'
numeric(5,2)[] DEFAULT ARRAY[1, 2]
mood DEFAULT 'sad'
mood DEFAULT 'sad'::mood
mood DEFAULT 'sad'::text --! 42804
mood DEFAULT 'bad' --! 22P02
mood[] DEFAULT '{sad}'
mood[] DEFAULT ARRAY['sad', 'ok']::mood[]
app.color DEFAULT 'red'
posint DEFAULT 5
posint DEFAULT -5
posint DEFAULT '5'
posint DEFAULT 5::bigint
email DEFAULT 'x'
email DEFAULT upper('x')
tags DEFAULT '{}'
app.price DEFAULT 1
app.price
pair DEFAULT ROW(1, 'x')
pair DEFAULT '(1,x)'
pair DEFAULT (1, 'x')::pair
pair DEFAULT ROW(1, 2)
bytea DEFAULT '\x00'
bytea DEFAULT 'abc'
bytea DEFAULT decode('00', 'hex')
inet DEFAULT '127.0.0.1'
inet DEFAULT inet_client_addr()
cidr DEFAULT '10.0.0.0/8'
cidr DEFAULT '10.0.0.0/8'::inet
macaddr DEFAULT '08:00:2b:01:02:03'
money DEFAULT 5
bit(4) DEFAULT B'1010'
bit(4) DEFAULT '1010'
bit(4) DEFAULT 5 --! 42804
bit varying(5) DEFAULT B'1'
oid DEFAULT 5
regclass DEFAULT 't'
regclass DEFAULT 't'::regclass
xid DEFAULT '5'
point DEFAULT '(1,2)'
point DEFAULT point(1, 2)
box DEFAULT '(1,2),(3,4)'
int4range DEFAULT '[1,2]'
int4range DEFAULT int4range(1, 5)
daterange DEFAULT '[2020-01-01,2020-02-01]'
tstzrange DEFAULT tstzrange(now(), NULL)
tsvector DEFAULT 'b a'
tsvector DEFAULT to_tsvector('english', 'x')
xml DEFAULT '<a/>'
text COLLATE "C" DEFAULT 'x'
integer DEFAULT length('abc')
integer DEFAULT (SELECT 1) --! 0A000
integer DEFAULT max(1) --! 42803
integer DEFAULT row_number() OVER () --! 42P20
integer DEFAULT generate_series(1, 2) --! 0A000
integer DEFAULT v + 1 --! 0A000
integer DEFAULT nosuch --! 0A000
integer DEFAULT nosuch() --! 42883
integer DEFAULT $1 --! 42P02
integer DEFAULT CASE WHEN true THEN 1 ELSE 2.5 END
integer DEFAULT 1 + 2 * 3
integer DEFAULT (1 + 2) * 3
integer DEFAULT -(-5)
integer DEFAULT - -5
integer DEFAULT + 5
integer DEFAULT 0x1F --! <16 42601
integer DEFAULT 1_000 --! <16 42601
integer DEFAULT DEFAULT --! 42601
