-- case: collations of expressions are not derived
CREATE TABLE t (c text GENERATED ALWAYS AS (upper('x')) STORED);
-- case: an option of a function twice
CREATE FUNCTION f() RETURNS int IMMUTABLE VOLATILE LANGUAGE sql AS 'SELECT 1';
-- case: RETURN of a value in a function that returns nothing
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
-- case: the words for a variable declared twice
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ DECLARE a int; a text; BEGIN RETURN 1; END $$;
-- case: an extension that the server does not have
CREATE EXTENSION nosuchextension;
-- case: what a role owns is not given away
CREATE ROLE alice;
CREATE ROLE bob;
CREATE TABLE t (id int);
ALTER TABLE t OWNER TO alice;
REASSIGN OWNED BY alice TO bob;
-- case: what a role owns is not dropped
CREATE ROLE alice;
CREATE TABLE t (id int);
ALTER TABLE t OWNER TO alice;
DROP OWNED BY alice;
