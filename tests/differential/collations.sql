-- case: generation expressions that are computed before their collations are known
CREATE TABLE a (c text GENERATED ALWAYS AS (upper('x')) STORED);
CREATE TABLE a (c text GENERATED ALWAYS AS (upper('x' COLLATE "C")) STORED);
CREATE TABLE a (c text GENERATED ALWAYS AS (lower(upper('x') || 'y')) STORED);
CREATE TABLE a (c text GENERATED ALWAYS AS (initcap('x'::varchar)) STORED);
CREATE TABLE a (c boolean GENERATED ALWAYS AS ('a'::text = 'b') STORED);
CREATE TABLE a (c boolean GENERATED ALWAYS AS ('a'::char(3) <> 'b') STORED);
CREATE TABLE a (c boolean GENERATED ALWAYS AS ('a' ~ 'b') STORED);
CREATE TABLE a (c boolean GENERATED ALWAYS AS ('a' ILIKE 'b') STORED);
CREATE TABLE a (c boolean GENERATED ALWAYS AS ('a' LIKE 'b') STORED);
CREATE TABLE b (c text GENERATED ALWAYS AS (replace('a', 'b', 'c')) STORED);
CREATE TABLE b (c text GENERATED ALWAYS AS (substring('abc' FROM 'b')) STORED);
CREATE TABLE b (c int GENERATED ALWAYS AS (position('a' IN 'b')) STORED);
CREATE TABLE b (c text GENERATED ALWAYS AS (split_part('a', 'b', 1)) STORED);
CREATE TABLE b (c text GENERATED ALWAYS AS (regexp_replace('a', 'b', 'c')) STORED);
CREATE TABLE "Fine" (a text, u text GENERATED ALWAYS AS (upper(a)) STORED, n text GENERATED ALWAYS AS (upper(NULL)) STORED,
    j text GENERATED ALWAYS AS ('a' || 'b') STORED, l int GENERATED ALWAYS AS (length('a')) STORED,
    r int GENERATED ALWAYS AS (upper(int4range(1, 2))) STORED, m text GENERATED ALWAYS AS (md5('a')) STORED);
ALTER TABLE "Fine" ADD COLUMN x text GENERATED ALWAYS AS (lower('X')) STORED;
CREATE TABLE d (c text DEFAULT upper('x'), CHECK (upper('x') = 'X'));
