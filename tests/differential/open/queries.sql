-- case: a parameter that is shown
SHOW nonsense;
-- case: a savepoint in a file that is sent as one message
-- file
CREATE TABLE one (id int);
SAVEPOINT s;
CREATE TABLE two (id int);
-- case: transaction control in code
DO $$ BEGIN CREATE TABLE x (id int); COMMIT; CREATE TABLE y (id int); ROLLBACK; END $$;
-- case: columns that a view does not have and are NOT NULL
CREATE TABLE v (a int, b int NOT NULL);
CREATE VIEW w AS SELECT a FROM v;
INSERT INTO w (a) VALUES (1);
