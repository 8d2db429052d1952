-- Privileges on rows are not checked (`execMain.c: ExecCheckPermissions`).
-- case: privileges of views that are written
CREATE ROLE writer;
CREATE ROLE owner_of_view;
CREATE TABLE t (id int, a text);
CREATE VIEW v AS SELECT id, a FROM t;
ALTER VIEW v OWNER TO owner_of_view;
GRANT SELECT, INSERT ON v TO writer;
SET ROLE writer;
INSERT INTO v VALUES (1, 'x');
RESET ROLE;
GRANT INSERT ON t TO owner_of_view;
SET ROLE writer;
INSERT INTO v VALUES (1, 'x');
UPDATE v SET a = 'x' WHERE false;
DELETE FROM v WHERE false;
INSERT INTO t VALUES (1, 'x');
RESET ROLE;
DROP VIEW v;
DROP ROLE writer;
DROP TABLE t;
DROP ROLE writer, owner_of_view;
