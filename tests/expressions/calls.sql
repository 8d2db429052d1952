-- Calls: overloads, arguments by name, defaults, VARIADIC, polymorphic functions, functions of rows, ambiguity.
-- each: CREATE VIEW $name AS SELECT $it AS v FROM t
over_(1)
over_(a)
over_(s) --! 42725
over_(1.5)
over_('x')
over_(c)
over_(v)
over_(NULL)
over_(r)
over_(a, b)
over_(k, 2)
over_(a => 1)
over_(a => 1.5)
over_(a => 1.5, b => 2)
over_(b => 2, a => 1.5)
over_(1.5, b => 2)
over_(b => 2) --! 42883
over_(nosuch => 2) --! 42883
over_(a => 1, a => 2) --! 42601
over_(a => 1, 2) --! 42601
over_(f) --! 42883
over_() --! 42883
over_(n)
over_(em)
over_(u) --! 42883
app.over_(1)
app.over_(c) --! 42883
public.over_(a)
nosuch.over_(a) --! 3F000
app.nosuch(a) --! 42883
nosuch(a) --! 42883
nosuch('x', 1, NULL) --! 42883
opt(1)
opt(1, 'y')
opt(1, c => 5)
opt(c => 1, a => 2)
opt(a := 1, b := 'z')
opt() --! 42883
opt(1, 2, 3) --! 42883
vari(1)
vari(1, 2, a)
vari(VARIADIC j)
vari(VARIADIC ARRAY[1, 2])
vari(VARIADIC '{1,2}')
vari() --! 42883
vari('x') --! 22P02
vari(VARIADIC a) --! 42883
vari(a => 1) --! 42883
varany('x', 1, 2)
varany('x', 1, 2.5) --! 42883
varany('x', VARIADIC i)
varany('x', 'a', 'b') --! 42804
format('%s', a)
format('%s %s', a, VARIADIC i) --! 42883
format('%s', VARIADIC ARRAY['a', 'b'])
format('%s', VARIADIC a) --! 42804
concat(a, c, NULL, 1.5)
concat_ws(',', VARIADIC i)
num_nulls(a, b, c)
num_nonnulls(VARIADIC j)
poly(a, b)
poly(a, 1.5) --! 42883
poly(1, 'x') --! 22P02
poly(c, 'x')
poly(v, 'x')
poly('x', 'y') --! 42804
poly(NULL, a)
poly(i, '{}')
polyarr(a)
polyarr(v)
polyarr(m)
polyarr(j) --! 42704
polycomp(a, 1.5)
polycomp(a, r)
polycomp(a, 'x') --! 22P02
polycomp(c, 'x')
polycomp('x', 'y')
polycomp(a, c) --! 42883
take_pair(p)
take_pair(ROW(1, 'x'))
take_pair('(1,x)')
take_pair((1, 2)) --! 42846
take_pair(t) --! 42883
(p).take_pair
take_row(t)
take_row(t.*)
t.take_row
(t).take_row
take_row(p) --! 42883
a(t)
c(t)
nosuch(t) --! 42883
x(p)
int4(c)
int4(r)
text(a)
text(v)
varchar(c) --! 42601
"varchar"(c)
numeric(a, 5) --! 42601
"numeric"(a)
float8(a)
date(g)
timestamptz(y)
"char"(a)
bpchar(c)
name(c)
mood('sad')
mood(c)
pair('(1,x)') --! 42883
length(c)
length(w)
length(by)
length('x')
length(v)
length(a) --! 42883
length(q)
lower(c)
lower(rg)
lower(NULL)
upper('x')
abs(a)
abs(-5)
abs('5')
abs(c) --! 42883
round(k)
round(a)
round(db)
round(k, 2)
round(db, 2) --! 42883
trunc(a::numeric, 1)
mod(a, b)
mod(a, 2.5)
power(a, b)
power(2, 3)
power(k, 2)
sqrt(a)
random()
ceil(a)
log(a)
log(2, a)
sign(s)
gcd(a, r)
width_bucket(a, 1, 10, 5)
md5(c)
sha256(by)
encode(by, 'hex')
convert_to(c, 'UTF8')
left(c, 1)
"left"(c, 2)
right(c, 2)
lpad(c, 5)
repeat('x', 3)
replace(c, 'a', 'b')
split_part(c, ',', 1)
regexp_replace(c, 'a', 'b', 'g')
regexp_match(c, 'a')
translate(c, 'a', 'b')
coalesce(c, d)
greatest(a, 1)
quote_ident(c)
quote_literal(a)
quote_literal(c)
to_char(a, '999')
to_char(k, '9.9')
to_number(c, '9')
to_date(c, 'YYYY')
array_length(i, 1)
array_append(j, 1)
array_append(j, 'x') --! 22P02
array_append(i, 'x')
array_append(i, c)
array_cat(j, ARRAY[1])
array_append(j, 1.5)
array_position(i, 'x')
array_position(i, a) --! 42883
array_to_string(i, ',')
array_remove(j, NULL)
unnest(j)
unnest(i) || 'x'
generate_series(1, a)
generate_series(1, 10, 2.5)
generate_series(g, g, '1 day')
jsonb_array_elements(h)
jsonb_array_elements_text(h) || c
jsonb_each(h) --! 42P16
jsonb_each(h)::text
jsonb_set(h, '{a}', '1')
jsonb_set(h, '{a}', to_jsonb(a), true)
jsonb_path_query(h, '$.a')
jsonb_path_exists(h, '$.a ? (@ > 1)')
jsonb_typeof(h)
jsonb_typeof(js) --! 42883
json_typeof(js)
jsonb_populate_record(p, h)
jsonb_populate_record(NULL::pair, h)
(jsonb_populate_record(NULL::pair, h)).x
jsonb_to_record(h) --! 42P16
nextval('t')
currval(c)
pg_typeof(a)
pg_typeof('x')
pg_column_size(t)
has_table_privilege('t', 'select')
col_description('t'::regclass, 1)
to_tsvector(c)
to_tsvector('english', c)
to_tsvector('english', h)
to_tsquery('a')
setweight(q, 'A')
ts_rank(q, to_tsquery('x'))
int4range(a, b)
int4range(a, b, '[]')
numrange(1, 2.5)
tstzrange(now(), NULL)
isempty(rg)
upper(rg)
lower(mr)
range_merge(rg, rg)
multirange(rg)
host(ip)
masklen(ip)
point(1, 2)
box(pt, pt)
gen_random_uuid()
enum_first(m)
enum_range(NULL::mood)
enum_range('sad', m)
pg_get_expr(NULL, 0)
app.uid()
rows_of(1) --! 42P16
rows_of(1)::text
to_json(rows_of(1))
pairs()
(pairs()).x
(pairs()).y || 'z'
outs(1) --! 42P16
(outs(1)).b
rows_of(generate_series(1, 2)) --! 42P16
touch() --! 42P16
any_value(a) --! <16 42883
array_shuffle(j) --! <16 42883
random(1, 10) --! <17 42883
uuidv7() --! <18 42883
casefold(c) --! <18 42883
array_reverse(j) --! <18 42883
crc32(by) --! <18 42883
json_strip_nulls(js)
json_strip_nulls(js, true) --! <18 42883
DISTINCT a + 1
lower(DISTINCT c) --! 42809
lower(c ORDER BY c) --! 42809
lower(c) FILTER (WHERE f) --! 42809
lower(c) WITHIN GROUP (ORDER BY c) --! 42883
lower(c) OVER () --! 42809
lower(*) --! 42883
count(*)
count() --! 42809
count(DISTINCT *) --! 42601
sum(c) --! 42883
sum(sum(a)) --! 42803
sum(a, b) --! 42883
max(a) FILTER (WHERE a) --! 42804
string_agg(c) --! 42883
string_agg(c, ',')
string_agg(DISTINCT c, ',' ORDER BY d) --! 42P10
rank() --! 42809
rank() OVER ()
rank(1) WITHIN GROUP (ORDER BY a)
percentile_cont(0.5) WITHIN GROUP (ORDER BY db)
percentile_cont(0.5) --! 42883
mode() WITHIN GROUP (ORDER BY c)
lag(a) OVER w --! 42704
touch --! 42703
date 'today'
a.nosuch --! 42P01
