-- case: rules of a table, replaced, renamed, disabled, commented on
CREATE TABLE t (a int, b text);
CREATE TABLE log (a int, b text, at timestamptz DEFAULT now());
CREATE RULE r1 AS ON INSERT TO t DO ALSO INSERT INTO log (a, b) VALUES (new.a, new.b);
CREATE RULE r2 AS ON DELETE TO t WHERE old.a > 10 DO INSTEAD NOTHING;
CREATE RULE r3 AS ON UPDATE TO t DO ALSO (DELETE FROM log WHERE log.a = old.a; NOTIFY changed);
CREATE OR REPLACE RULE r2 AS ON DELETE TO t WHERE old.a > 20 DO INSTEAD NOTHING;
ALTER RULE r1 ON t RENAME TO r0;
ALTER TABLE t DISABLE RULE r3;
COMMENT ON RULE r2 ON t IS 'kept';
ALTER TABLE log RENAME COLUMN b TO c;
-- case: rules of a view
CREATE TABLE t (a int PRIMARY KEY, b text);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE RULE ins AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (new.a, new.b) RETURNING a, b;
CREATE RULE upd AS ON UPDATE TO v DO INSTEAD UPDATE t SET b = new.b WHERE t.a = old.a;
CREATE RULE del AS ON DELETE TO v DO INSTEAD DELETE FROM t WHERE t.a = old.a;
-- case: a rule there is
CREATE TABLE t (a int);
CREATE RULE r AS ON INSERT TO t DO NOTHING;
CREATE RULE r AS ON INSERT TO t DO NOTHING;
-- case: a rule there is not
CREATE TABLE t (a int);
DROP RULE IF EXISTS r ON t;
DROP RULE r ON t;
-- case: a rule there is not to enable
CREATE TABLE t (a int);
ALTER TABLE t ENABLE RULE r;
-- case: a rule there is not to rename
CREATE TABLE t (a int);
ALTER RULE r ON t RENAME TO s;
-- case: a rule of a sequence
CREATE SEQUENCE s;
CREATE RULE r AS ON INSERT TO s DO NOTHING;
-- case: RETURNING in a rule that is not INSTEAD
CREATE TABLE t (a int);
CREATE TABLE u (a int);
CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO u VALUES (new.a) RETURNING a;
-- case: RETURNING of another type
CREATE TABLE t (a int);
CREATE TABLE u (a bigint);
CREATE RULE r AS ON INSERT TO t DO INSTEAD INSERT INTO u VALUES (new.a) RETURNING a;
-- case: RETURNING of more
CREATE TABLE t (a int);
CREATE RULE r AS ON INSERT TO t DO INSTEAD SELECT 1;
CREATE RULE q AS ON DELETE TO t DO INSTEAD DELETE FROM t RETURNING a, a;
-- case: a column that a rule needs
CREATE TABLE t (a int);
CREATE TABLE u (a int, b int);
CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO u (a) VALUES (new.a);
ALTER TABLE u DROP COLUMN a;
-- case: a table that a rule needs
CREATE TABLE t (a int);
CREATE TABLE u (a int);
CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO u (a) VALUES (new.a);
DROP TABLE u;
-- case: a rule goes with its table, and with what it needs
CREATE TABLE t (a int);
CREATE TABLE u (a int);
CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO u (a) VALUES (new.a);
DROP TABLE u CASCADE;
CREATE TABLE u (a int);
CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO u (a) VALUES (new.a);
DROP TABLE t;
DROP TABLE u;
-- case: a type that a rule needs
CREATE TABLE t (a int);
CREATE RULE r AS ON INSERT TO t WHERE new.a > 1 DO INSTEAD NOTHING;
ALTER TABLE t ALTER COLUMN a TYPE bigint;
-- case: rules that always fire, and on replicas
CREATE TABLE t (a int);
CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING;
ALTER TABLE t ENABLE ALWAYS RULE r;
ALTER TABLE t ENABLE ALWAYS RULE nothing;
ALTER TABLE t ENABLE REPLICA RULE r;
ALTER TABLE t ENABLE REPLICA RULE nothing;
ALTER TABLE nothing ENABLE REPLICA RULE r;
-- case: rules that notify, or do nothing
CREATE TABLE t (a int NOT NULL);
CREATE RULE n AS ON INSERT TO t DO ALSO NOTIFY changed;
CREATE RULE o AS ON DELETE TO t DO INSTEAD NOTHING;
INSERT INTO t VALUES (1);
INSERT INTO t VALUES (NULL);
INSERT INTO t SELECT a FROM t;
DELETE FROM t;
DELETE FROM t WHERE nowhere = 1;
