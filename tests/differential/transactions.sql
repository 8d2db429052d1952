-- case: committed, rolled back
BEGIN;
CREATE TABLE kept (id int);
COMMIT;
BEGIN;
CREATE TABLE gone (id int);
DROP TABLE kept;
ROLLBACK;
START TRANSACTION ISOLATION LEVEL SERIALIZABLE;
CREATE TABLE also (id int);
END;
BEGIN;
CREATE TABLE fails (id int);
CREATE TABLE kept (id int);
CREATE TABLE never (id int);
COMMIT;
CREATE TABLE fails (id int);
ABORT;
COMMIT;
ROLLBACK;
BEGIN;
BEGIN;
CREATE TABLE twice (id int);
COMMIT;
BEGIN;
CREATE TABLE chained (id int);
COMMIT AND CHAIN;
CREATE TABLE unchained (id int);
ROLLBACK;
-- case: savepoints
SAVEPOINT outside;
ROLLBACK TO outside;
RELEASE outside;
BEGIN;
CREATE TABLE a (id int);
SAVEPOINT one;
CREATE TABLE b (id int);
SAVEPOINT two;
ALTER TABLE a ADD COLUMN x int;
ROLLBACK TO SAVEPOINT two;
ALTER TABLE a ADD COLUMN y int;
RELEASE SAVEPOINT two;
ROLLBACK TO one;
CREATE TABLE c (id int);
ROLLBACK TO one;
CREATE TABLE d (id int);
RELEASE one;
COMMIT;
BEGIN;
CREATE TABLE e (id int);
SAVEPOINT one;
SAVEPOINT one;
CREATE TABLE f (id int);
ROLLBACK TO one;
RELEASE one;
CREATE TABLE g (id int);
ROLLBACK TO one;
COMMIT;
BEGIN;
CREATE TABLE h (id int);
ROLLBACK TO SAVEPOINT nothing;
COMMIT;
BEGIN;
CREATE TABLE i (id int);
SAVEPOINT x;
RELEASE nothing;
COMMIT;
-- case: files with their own transactions
-- file
CREATE TABLE before_begin (id int);
BEGIN;
CREATE TABLE inside (id int);
COMMIT;
CREATE TABLE after_commit (id int);
CREATE TABLE inside (id int);
-- case: a file that rolls back
-- file
CREATE TABLE one (id int);
ROLLBACK;
CREATE TABLE two (id int);
-- case: a file that is not committed
-- file
BEGIN;
CREATE TABLE one (id int);
ALTER TABLE one ADD COLUMN id int;
COMMIT;
-- case: a file that fails at its end
-- file
CREATE TABLE one (id int);
CREATE TABLE two (id int);
INSERT INTO three VALUES (1);
-- case: a syntax error in a file
-- file
CREATE TABLE one (id int);
CREATE TABEL two (id int);
CREATE TABLE three (id int);
-- case: temporary tables and transactions
BEGIN;
CREATE TEMP TABLE t (id int) ON COMMIT DROP;
CREATE TABLE u AS SELECT * FROM t;
COMMIT;
SELECT * FROM t;
CREATE TEMP TABLE t (id int) ON COMMIT DELETE ROWS;
SELECT * FROM t;
DISCARD TEMP;
SELECT * FROM t;
CREATE TEMP TABLE v (id int);
DISCARD ALL;
SELECT * FROM v;
-- case: transactions of code
CREATE TABLE t (id int);
BEGIN;
DO $$ BEGIN CREATE TABLE u (id int); EXCEPTION WHEN others THEN NULL; END $$;
SAVEPOINT s;
DO $$ BEGIN CREATE TABLE u (id int); EXCEPTION WHEN duplicate_table THEN CREATE TABLE w (id int); END $$;
ROLLBACK TO s;
COMMIT;
