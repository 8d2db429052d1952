-- case: the values that a parameter takes, which are not known
CREATE FUNCTION f() RETURNS int LANGUAGE sql SET work_mem = 'many' AS 'SELECT 1';
-- case: a value out of range
CREATE FUNCTION f() RETURNS int LANGUAGE sql SET work_mem = 1 AS 'SELECT 1';
-- case: a parameter that is true or false
CREATE FUNCTION f() RETURNS int LANGUAGE sql SET enable_seqscan TO perhaps AS 'SELECT 1';
-- case: a parameter that cannot be set
CREATE FUNCTION f() RETURNS int LANGUAGE sql SET server_version = 1 AS 'SELECT 1';
