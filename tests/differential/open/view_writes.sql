-- Whether a view can be written is not looked at when rows of it are changed (`rewriteHandler.c: rewriteTargetView`), nor
-- are privileges on rows checked (`execMain.c: ExecCheckPermissions`).
-- case: columns of views that cannot be written
CREATE TABLE t (id int PRIMARY KEY, a text, b int DEFAULT 1);
CREATE VIEW v AS SELECT id, upper(a) AS up, a AS a1, a AS a2, b + 1 AS next, ctid AS place FROM t;
INSERT INTO v (id, up) VALUES (1, 'x');
INSERT INTO v (id, a1) VALUES (1, 'x');
INSERT INTO v (id, a1, a2) VALUES (2, 'x', 'y');
INSERT INTO v VALUES (3);
INSERT INTO v VALUES (4, 'x');
UPDATE v SET up = 'x';
UPDATE v SET next = 2, id = 3 WHERE false;
UPDATE v SET a1 = 'x', a2 = 'y' WHERE false;
UPDATE v SET place = NULL WHERE false;
UPDATE v SET id = 1 WHERE up = 'x' AND next > 5 AND false;
DELETE FROM v WHERE up = 'x';
INSERT INTO v (id, next) VALUES (5, DEFAULT);
INSERT INTO v (missing) VALUES (1);
INSERT INTO v (id) VALUES (6) RETURNING up, next, missing;
-- case: views of views that are written
CREATE TABLE t (id int, a text, b int);
CREATE VIEW v1 AS SELECT id, a, b FROM t WHERE b > 0;
CREATE VIEW v2 AS SELECT id AS key, a FROM v1;
CREATE VIEW v3 AS SELECT key, a || '!' AS a FROM v2 WITH CHECK OPTION;
CREATE VIEW v4 AS SELECT max(key) AS key FROM v2;
CREATE VIEW v5 AS SELECT key FROM v4;
INSERT INTO v2 (key, a) VALUES (1, 'x');
UPDATE v2 SET a = 'y' WHERE key = 1;
INSERT INTO v3 (key) VALUES (1);
UPDATE v3 SET a = 'z';
DELETE FROM v3 WHERE a = 'z';
DELETE FROM v4;
DELETE FROM v5;
UPDATE v5 SET key = 1;
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t RENAME COLUMN id TO "Id";
UPDATE v2 SET key = 2 WHERE false;
-- case: views with triggers and rules are written
CREATE TABLE t (id int, a text);
CREATE VIEW v AS SELECT count(*) AS n FROM t;
CREATE VIEW w AS SELECT DISTINCT id, a FROM t;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
DELETE FROM v;
CREATE TRIGGER del INSTEAD OF DELETE ON v FOR EACH ROW EXECUTE FUNCTION f();
DELETE FROM v WHERE false;
UPDATE v SET n = 1;
CREATE RULE ins AS ON INSERT TO w DO INSTEAD INSERT INTO t VALUES (new.id, new.a);
UPDATE w SET a = 'y';
CREATE RULE upd AS ON UPDATE TO w WHERE old.id > 1 DO INSTEAD NOTHING;
UPDATE w SET a = 'y';
CREATE RULE del AS ON DELETE TO w DO INSTEAD NOTHING;
DELETE FROM w;
DROP TRIGGER del ON v;
DELETE FROM v;
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
-- case: COPY of a query, which is not analysed
CREATE TABLE t (id int);
COPY (SELECT * FROM nothing) TO STDOUT;
COPY (DELETE FROM t) TO STDOUT;
COPY (SELECT 1 INTO x) TO STDOUT;
-- case: a query over a materialized view that was never filled
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a WITH NO DATA;
SELECT a FROM m;
