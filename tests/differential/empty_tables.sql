-- Code over tables that the script made and nothing has written to.

-- case: conditions on tables without rows
CREATE SCHEMA app;
CREATE TABLE app."Odd Name" (id int, name text);
CREATE TABLE other (id int REFERENCES app.missing);
CREATE TABLE other (id int);
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM app."Odd Name" WHERE id = 1) THEN CREATE TABLE none_there (id int); END IF;
  IF (SELECT count(*) FROM app."Odd Name") > 0 THEN DROP TABLE other; END IF;
  IF (SELECT max(id) FROM app."Odd Name") IS NULL THEN ALTER TABLE other ADD COLUMN "no max" text; END IF;
  IF EXISTS (SELECT FROM app."Odd Name" o JOIN pg_class c ON c.relname = o.name) THEN RAISE EXCEPTION 'rows'; END IF;
END $$;
DO $$ DECLARE n int; r record; BEGIN
  SELECT id INTO n FROM app."Odd Name";
  IF NOT FOUND THEN CREATE TABLE not_found (id int); END IF;
  IF n IS NULL THEN CREATE TABLE is_null (id int); END IF;
  SELECT id INTO STRICT n FROM app."Odd Name";
END $$;
DO $$ DECLARE r record; n int := 0; BEGIN
  FOR r IN SELECT id, name FROM app."Odd Name" ORDER BY id LOOP
    EXECUTE format('CREATE TABLE t_%s (id int)', r.name);
    n := n + 1;
  END LOOP;
  IF NOT FOUND THEN EXECUTE format('CREATE TABLE "Loops %s" (id int)', n); END IF;
END $$;
DO $$ BEGIN
  IF (SELECT count(*) FROM app."Odd Name") = 0 THEN RAISE EXCEPTION 'there is nothing in %', 'app."Odd Name"'; END IF;
END $$;

-- case: statements that change no rows
CREATE TABLE "T t" (id int PRIMARY KEY, n int);
CREATE TABLE copy AS SELECT * FROM "T t" WHERE n > 1;
CREATE TABLE later (id int);
DO $$ DECLARE n int; BEGIN
  UPDATE "T t" SET n = 1 WHERE id = 3;
  IF FOUND THEN DROP TABLE later; ELSE CREATE TABLE "not updated" (id int); END IF;
  DELETE FROM "T t" USING copy WHERE copy.id = "T t".id RETURNING "T t".n INTO n;
  GET DIAGNOSTICS n = ROW_COUNT;
  EXECUTE format('CREATE TABLE deleted_%s (id int)', n);
  UPDATE copy SET n = 1 RETURNING n INTO STRICT n;
END $$;
INSERT INTO "T t" SELECT * FROM copy;
TRUNCATE "T t";
DO $$ BEGIN IF NOT EXISTS (SELECT FROM "T t") THEN CREATE TABLE "still none" (id int); END IF; END $$;
INSERT INTO copy SELECT id, n FROM "T t" ON CONFLICT DO NOTHING;
DO $$ BEGIN IF NOT EXISTS (SELECT FROM copy) THEN CREATE TABLE "none either" (id int); END IF; END $$;

-- case: tables without rows, and partitions and children
CREATE TABLE p (k int, "V v" text) PARTITION BY LIST (k);
CREATE TABLE "P 1" PARTITION OF p FOR VALUES IN (1);
CREATE TABLE base (a int);
CREATE TABLE kid (b int) INHERITS (base);
INSERT INTO kid VALUES (1, 2);
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM p) AND NOT EXISTS (SELECT FROM "P 1") THEN CREATE TABLE no_partitions (id int); END IF;
  IF NOT EXISTS (SELECT FROM ONLY base) THEN CREATE TABLE "only base" (id int); END IF;
END $$;
ALTER TABLE p DETACH PARTITION "P 1";
DO $$ BEGIN IF NOT EXISTS (SELECT FROM p) THEN CREATE TABLE "empty again" (id int); END IF; END $$;

-- case: what is taken back leaves a table without rows
CREATE TABLE t (id int);
BEGIN;
INSERT INTO t VALUES (1);
ROLLBACK;
DO $$ BEGIN IF NOT EXISTS (SELECT FROM t) THEN CREATE TABLE rolled_back (id int); END IF; END $$;
DO $$ BEGIN
  BEGIN
    INSERT INTO t VALUES (1);
    RAISE EXCEPTION 'no' USING ERRCODE = 'UR001';
  EXCEPTION WHEN SQLSTATE 'UR001' THEN
    NULL;
  END;
  IF NOT EXISTS (SELECT FROM t) THEN CREATE TABLE "after handler" (id int); END IF;
END $$;

-- case: functions over tables without rows
CREATE SCHEMA "S s";
CREATE TABLE "S s".events (id int, kind text);
CREATE FUNCTION "S s".kinds() RETURNS SETOF text LANGUAGE sql AS 'SELECT DISTINCT kind FROM "S s".events';
CREATE FUNCTION "S s".make_tables() RETURNS int LANGUAGE plpgsql AS $$
DECLARE k text; n int := 0;
BEGIN
  FOR k IN SELECT "S s".kinds() LOOP EXECUTE format('CREATE TABLE %I ()', k); n := n + 1; END LOOP;
  DELETE FROM "S s".events;
  EXECUTE format('CREATE TABLE "S s"."made %s" ()', n);
  RETURN n;
END $$;
SELECT "S s".make_tables();
DO $$ BEGIN IF NOT EXISTS (SELECT FROM "S s".kinds()) THEN CREATE TABLE "S s"."no kinds" (); END IF; END $$;
DO $$ BEGIN PERFORM 1 FROM "S s".events; IF NOT FOUND THEN CREATE TABLE "S s".performed (); END IF; END $$;
