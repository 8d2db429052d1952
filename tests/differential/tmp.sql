-- case: zz generated columns under new types
CREATE TABLE t (c char(3), a bigint GENERATED ALWAYS AS ((c || 'x')::text::bigint) STORED, "B b" int GENERATED ALWAYS AS (length(c)) STORED, d bigint DEFAULT 1);
ALTER TABLE t ALTER a TYPE smallint;
ALTER TABLE t ALTER "B b" TYPE boolean;
ALTER TABLE t ALTER "B b" TYPE text;
ALTER TABLE t ALTER "B b" TYPE varchar(3);
ALTER TABLE t ALTER d TYPE smallint;
ALTER TABLE t ALTER d TYPE smallint;
ALTER TABLE t ALTER c TYPE text;
CREATE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1';
ALTER TABLE t ADD g int GENERATED ALWAYS AS (f(d)) STORED;
ALTER TABLE t ALTER g TYPE bigint;
DROP FUNCTION f(int);
ALTER TABLE t DROP COLUMN c;
ALTER TABLE t DROP COLUMN c CASCADE;
DROP FUNCTION f(int) CASCADE;
-- case: zz exclusion constraints that are written twice
CREATE TABLE t (a int, "B" text, EXCLUDE (a WITH =), EXCLUDE (a WITH =), EXCLUDE (a WITH =, "B" WITH =), CONSTRAINT named EXCLUDE USING btree ("B" WITH =), EXCLUDE ("B" WITH =));
CREATE TABLE u (a int, EXCLUDE (a WITH =), EXCLUDE (a WITH =) DEFERRABLE, EXCLUDE USING hash (a WITH =));
CREATE TABLE w (a int UNIQUE, EXCLUDE (a WITH =), UNIQUE (a));
-- case: zz a serial column and another owner
CREATE ROLE "Dave D";
CREATE TABLE t (a int);
ALTER TABLE t OWNER TO "Dave D", ADD qty bigserial CHECK (qty = qty);
ALTER TABLE t OWNER TO postgres, ADD qty bigserial;
ALTER TABLE t OWNER TO "Dave D", ADD x int GENERATED ALWAYS AS IDENTITY;
ALTER TABLE t OWNER TO "Dave D", ADD y int;
CREATE TYPE users AS RANGE (SUBTYPE = point, COLLATION = "C");
CREATE TYPE users AS RANGE (SUBTYPE = int, COLLATION = "C");
