CREATE SCHEMA app;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE app.color AS ENUM ('red', 'green');
CREATE TYPE pair AS (x integer, y text);
CREATE TYPE nested AS (p pair, q integer[]);
CREATE DOMAIN posint AS integer CHECK (VALUE > 0);
CREATE DOMAIN email AS varchar(40) COLLATE "C";
CREATE DOMAIN tags AS text[];
CREATE DOMAIN app.price AS numeric(8,2) DEFAULT 0 NOT NULL;
CREATE TABLE t (
    a integer, b integer, c text, d text, e numeric(10,2), f boolean, g timestamptz, h jsonb, i text[], j integer[],
    k numeric, m mood, p pair, r bigint, s smallint, u uuid, v varchar(9), w char(5), x xml, y date, z interval,
    ts timestamp, tm time, tz timetz, fl real, db double precision, by bytea, o oid, bt bit(4), vb bit varying(8),
    ip inet, n posint, em email, js json, np nested, rg int4range, pt point, nm name, rc regclass, q tsvector, tg tags,
    mr int4multirange, cl text COLLATE "C", cp text COLLATE "POSIX", ms mood[], ps pair[], mo money, pc app.price,
    "Odd name" integer, "select" text);
CREATE TABLE s (id integer PRIMARY KEY, t_a integer, kind text);
CREATE TABLE s2 (id integer, kind text, extra numeric(6,1));
CREATE TABLE app.users (id uuid PRIMARY KEY, role text, name varchar(20), c app.color);
CREATE TABLE base (id integer PRIMARY KEY, label varchar(12), at timestamptz DEFAULT now());
CREATE TABLE derived (more text[]) INHERITS (base);
CREATE FUNCTION app.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE FUNCTION rows_of(n integer) RETURNS TABLE (id integer, label text) LANGUAGE sql AS 'SELECT 1, ''x''::text';
CREATE FUNCTION pairs() RETURNS SETOF pair LANGUAGE sql AS 'SELECT 1, ''x''::text';
CREATE FUNCTION outs(IN a integer, OUT b integer, OUT c text) LANGUAGE sql AS 'SELECT 1, ''x''::text';
CREATE FUNCTION over_(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION over_(a text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''1''::text';
CREATE FUNCTION over_(a numeric, b integer DEFAULT 1) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT 1.0';
CREATE FUNCTION app.over_(a bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 1::bigint';
CREATE FUNCTION opt(a integer, b text DEFAULT 'x', c integer DEFAULT 1 + 1) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''x''::text';
CREATE FUNCTION vari(VARIADIC a integer[]) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION varany(fmt text, VARIADIC a anyarray) RETURNS anyelement LANGUAGE sql IMMUTABLE AS 'SELECT $2[1]';
CREATE FUNCTION poly(anyelement, anyelement) RETURNS anyelement LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION polyarr(anyelement) RETURNS anyarray LANGUAGE sql IMMUTABLE AS 'SELECT ARRAY[$1]';
CREATE FUNCTION polycomp(anycompatible, anycompatible) RETURNS anycompatible LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION take_pair(pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT ($1).x';
CREATE FUNCTION take_row(t) RETURNS integer LANGUAGE sql STABLE AS 'SELECT ($1).a';
CREATE FUNCTION of_mood(mood) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
