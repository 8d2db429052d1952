-- case: a table of one row steers what is made
CREATE TABLE schema_version (version integer NOT NULL);
INSERT INTO schema_version VALUES (2);
DO $$
DECLARE v integer;
BEGIN
    SELECT version INTO v FROM schema_version;
    IF v < 3 THEN
        CREATE TABLE made_at_three (id integer);
        UPDATE schema_version SET version = 3;
    END IF;
    IF (SELECT version FROM schema_version) >= 4 THEN
        CREATE TABLE made_at_four (id integer);
    END IF;
END $$;
DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM schema_version WHERE version = 3) THEN
        ALTER TABLE made_at_three ADD COLUMN at_three boolean;
    END IF;
    DELETE FROM schema_version;
    IF NOT EXISTS (SELECT FROM schema_version) THEN
        COMMENT ON TABLE schema_version IS 'emptied';
    END IF;
END $$;

-- case: rows of several columns, with defaults and values of many types
CREATE SCHEMA "Odd One";
CREATE TABLE "Odd One"."Settings" (
    "Key" text PRIMARY KEY,
    value jsonb NOT NULL DEFAULT '{}',
    weight numeric(6, 2) DEFAULT 1.005,
    tags text[] DEFAULT '{a,b}',
    enabled boolean DEFAULT true,
    code varchar(5),
    at timestamptz DEFAULT now()
);
INSERT INTO "Odd One"."Settings" ("Key", enabled) VALUES ('theme', DEFAULT), ('beta', false);
INSERT INTO "Odd One"."Settings" VALUES ('third', '[1, 2]', 2, NULL, NULL, 'abc', '2020-01-01');
DO $$
DECLARE s record; n integer;
BEGIN
    FOR s IN SELECT "Key" AS k, weight, tags, enabled, code FROM "Odd One"."Settings" ORDER BY "Key" LOOP
        RAISE NOTICE '% % % % %', s.k, s.weight, s.tags, s.enabled, s.code;
        EXECUTE format('CREATE TABLE "Odd One".%I (id int)', 't_' || s.k || coalesce(s.code, ''));
    END LOOP;
    SELECT count(*) INTO n FROM "Odd One"."Settings" WHERE enabled;
    RAISE NOTICE '% enabled', n;
    SELECT count(*) INTO n FROM "Odd One"."Settings" WHERE at IS NOT NULL;
    RAISE NOTICE '% with a time', n;
END $$;

-- case: ON CONFLICT DO NOTHING leaves out what is there
CREATE TABLE flags (name text PRIMARY KEY, n integer UNIQUE);
INSERT INTO flags VALUES ('a', 1);
INSERT INTO flags VALUES ('a', 2) ON CONFLICT DO NOTHING;
INSERT INTO flags VALUES ('b', 1) ON CONFLICT (n) DO NOTHING;
INSERT INTO flags VALUES ('b', 2) ON CONFLICT (name) DO NOTHING;
INSERT INTO flags VALUES ('b', 3), ('c', 3), ('c', 4) ON CONFLICT DO NOTHING;
DO $$
DECLARE f record;
BEGIN
    FOR f IN SELECT * FROM flags LOOP
        EXECUTE format('CREATE TABLE %I ()', 'flag_' || f.name || f.n);
    END LOOP;
END $$;

-- case: a key that is there is refused
CREATE TABLE "Keys" (id integer PRIMARY KEY, "Name" text, CONSTRAINT "one name" UNIQUE (id, "Name"));
INSERT INTO "Keys" VALUES (1, 'x');
INSERT INTO "Keys" VALUES (1, 'y');
INSERT INTO "Keys" VALUES (2, 'x');
INSERT INTO "Keys" VALUES (3, 'x'), (3, 'z');
INSERT INTO "Keys" VALUES (1, 'x') ON CONFLICT (id) DO NOTHING;
INSERT INTO "Keys" VALUES (1, 'x') ON CONFLICT ON CONSTRAINT "one name" DO NOTHING;

-- case: checks and values that are missing refuse rows
CREATE TABLE checked (
    a integer CHECK (a > 0),
    b text NOT NULL DEFAULT 'x',
    CONSTRAINT "b is short" CHECK (length(b) < 4)
);
INSERT INTO checked VALUES (0, 'x');
INSERT INTO checked (a) VALUES (1);
INSERT INTO checked VALUES (2, 'xxxx');
INSERT INTO checked SELECT 3, NULL;
INSERT INTO checked VALUES (NULL, 'xx');
UPDATE checked SET a = -a WHERE a = 1;
UPDATE checked SET b = NULL;
UPDATE checked SET a = 7 WHERE a IS NULL;
DO $$
DECLARE c record;
BEGIN
    FOR c IN SELECT * FROM checked ORDER BY a LOOP
        EXECUTE format('CREATE TABLE %I ()', 'row_' || c.a || c.b);
    END LOOP;
END $$;

-- case: values that do not fit their columns
CREATE TABLE fits (a smallint, b varchar(3), c numeric(3, 1), d date);
INSERT INTO fits VALUES (40000, 'x', 1, NULL);
INSERT INTO fits VALUES (1, 'xxxx', 1, NULL);
INSERT INTO fits VALUES (1, 'xxx   ', 99.94, NULL);
INSERT INTO fits VALUES (1, 'x', 99.95, NULL);
DO $$
BEGIN
    IF (SELECT count(*) FROM fits) = 1 AND (SELECT b FROM fits) = 'xxx' THEN
        CREATE TABLE one_fits ();
    END IF;
END $$;

-- case: columns that come later
CREATE TABLE growing (id integer);
INSERT INTO growing VALUES (1);
ALTER TABLE growing ADD COLUMN must text NOT NULL;
ALTER TABLE growing ADD COLUMN may text;
ALTER TABLE growing ADD COLUMN has text NOT NULL DEFAULT 'something';
ALTER TABLE growing ALTER COLUMN may SET NOT NULL;
ALTER TABLE growing RENAME COLUMN id TO "Id";
ALTER TABLE growing RENAME TO "Grown";
UPDATE "Grown" SET may = 'now' WHERE "Id" = 1;
ALTER TABLE "Grown" ALTER COLUMN may SET NOT NULL;
ALTER TABLE "Grown" ADD PRIMARY KEY (may);
DO $$
DECLARE g record;
BEGIN
    SELECT * INTO STRICT g FROM "Grown";
    EXECUTE format('CREATE TABLE %I ()', g."Id" || g.may || g.has);
END $$;

-- case: rows that code writes
CREATE TABLE logged (step integer, what text);
DO $$
DECLARE
    i integer;
    n bigint;
    taken integer;
BEGIN
    FOR i IN 1..3 LOOP
        INSERT INTO logged VALUES (i, 'step ' || i) RETURNING step INTO taken;
        EXECUTE 'INSERT INTO logged VALUES ($1, $2)' USING i * 10, 'by text';
        RAISE NOTICE 'took %', taken;
    END LOOP;
    GET DIAGNOSTICS n = ROW_COUNT;
    RAISE NOTICE '% at last', n;
    UPDATE logged SET what = upper(what) WHERE step > 2;
    GET DIAGNOSTICS n = ROW_COUNT;
    RAISE NOTICE '% updated', n;
    DELETE FROM logged WHERE step = 99;
    IF NOT FOUND THEN
        CREATE TABLE nothing_was_deleted ();
    END IF;
    IF EXISTS (SELECT FROM logged WHERE what = 'STEP 3') THEN
        CREATE TABLE third_step ();
    END IF;
END $$;

-- case: what comes back when a transaction does not
CREATE TABLE undone (id integer);
BEGIN;
INSERT INTO undone VALUES (1);
SAVEPOINT s;
INSERT INTO undone VALUES (2);
ROLLBACK TO s;
DO $$ BEGIN IF (SELECT count(*) FROM undone) = 1 THEN CREATE TABLE one_in_between (); END IF; END $$;
ROLLBACK;
DO $$
BEGIN
    BEGIN
        INSERT INTO undone VALUES (3);
        RAISE EXCEPTION 'no';
    EXCEPTION WHEN raise_exception THEN
        RAISE NOTICE 'undone';
    END;
    IF NOT EXISTS (SELECT FROM undone) THEN
        CREATE TABLE none_afterwards ();
    END IF;
END $$;

-- case: rows of parents and children, and what TRUNCATE leaves
CREATE TABLE parent (a integer);
CREATE TABLE child (b integer) INHERITS (parent);
INSERT INTO parent VALUES (1);
INSERT INTO child VALUES (2, 3);
DO $$
BEGIN
    IF (SELECT sum(a) FROM parent) = 3 AND (SELECT sum(a) FROM ONLY parent) = 1 THEN
        CREATE TABLE three_and_one ();
    END IF;
    TRUNCATE parent;
    IF NOT EXISTS (SELECT FROM child) THEN
        CREATE TABLE all_gone ();
    END IF;
END $$;

-- case: triggers give rows other values
CREATE TABLE stamped (id integer, by_trigger text);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.by_trigger = 'yes'; RETURN NEW; END $$;
CREATE TABLE plain (id integer);
INSERT INTO plain VALUES (1);
CREATE TRIGGER stamp BEFORE INSERT ON stamped FOR EACH ROW EXECUTE FUNCTION stamp();
INSERT INTO stamped VALUES (1, 'no');
DO $$ BEGIN IF EXISTS (SELECT FROM plain) THEN CREATE TABLE plain_is_known (); END IF; END $$;

-- case: what references a row goes with it
CREATE TABLE owner (id integer PRIMARY KEY);
CREATE TABLE pet (id integer, owner integer REFERENCES owner ON DELETE CASCADE);
INSERT INTO owner VALUES (1), (2);
INSERT INTO pet VALUES (1, 1);
DELETE FROM owner WHERE id = 1;
DO $$ BEGIN IF (SELECT count(*) FROM owner) = 1 THEN CREATE TABLE one_owner (); END IF; END $$;

-- case: keys that reference rows
CREATE TABLE "Owner" (id integer PRIMARY KEY, "Name" text UNIQUE);
CREATE TABLE pet (
    id integer PRIMARY KEY,
    owner bigint REFERENCES "Owner",
    "of" text CONSTRAINT "pet of name" REFERENCES "Owner" ("Name"),
    parent integer REFERENCES pet
);
INSERT INTO "Owner" VALUES (1, 'Ann'), (2, 'Bob');
INSERT INTO pet VALUES (1, 1, 'Bob', 1);
INSERT INTO pet VALUES (2, 3, 'Bob', 1);
INSERT INTO pet VALUES (2, 2, 'Cid', 1);
INSERT INTO pet VALUES (2, 2, NULL, 3);
INSERT INTO pet VALUES (2, 2, NULL, 3), (3, NULL, NULL, 2);
UPDATE pet SET owner = 9 WHERE id = 2;
DELETE FROM "Owner" WHERE id = 1;
UPDATE "Owner" SET "Name" = 'Zoe' WHERE id = 2;
UPDATE "Owner" SET "Name" = 'Zoe' WHERE id = 1;
DELETE FROM pet WHERE id = 2;
DELETE FROM pet WHERE id = 3;
DO $$ BEGIN IF (SELECT count(*) FROM "Owner" WHERE "Name" = 'Zoe') = 1 THEN CREATE TABLE renamed (); END IF; END $$;

-- case: deferred keys are looked at later
CREATE TABLE late_owner (id integer PRIMARY KEY);
CREATE TABLE late (owner integer REFERENCES late_owner DEFERRABLE INITIALLY DEFERRED);
BEGIN;
INSERT INTO late VALUES (1);
INSERT INTO late_owner VALUES (1);
COMMIT;

-- case: rows against what is demanded of them anew
CREATE TABLE rows (a integer, b text, c integer);
CREATE TABLE "Other" (id integer PRIMARY KEY);
INSERT INTO "Other" VALUES (1);
INSERT INTO rows VALUES (1, 'x', 1), (1, NULL, 2);
CREATE UNIQUE INDEX one_a ON rows (a);
ALTER TABLE rows ADD CONSTRAINT "a once" UNIQUE (a);
ALTER TABLE rows ADD PRIMARY KEY (b);
ALTER TABLE rows ALTER b SET NOT NULL;
ALTER TABLE rows ADD CONSTRAINT "small c" CHECK (c < 2);
ALTER TABLE rows ADD CONSTRAINT "small c" CHECK (c < 2) NOT VALID;
ALTER TABLE rows ADD CONSTRAINT to_other FOREIGN KEY (c) REFERENCES "Other";
ALTER TABLE rows ADD CONSTRAINT to_other FOREIGN KEY (c) REFERENCES "Other" NOT VALID;
ALTER TABLE rows ADD CONSTRAINT a_to_other FOREIGN KEY (a) REFERENCES "Other";
CREATE UNIQUE INDEX a_and_b ON rows (a, b);
CREATE UNIQUE INDEX "one c" ON rows (c);
DELETE FROM rows WHERE c = 2;
ALTER TABLE rows ALTER b SET NOT NULL, ADD UNIQUE (a);
ALTER TABLE rows VALIDATE CONSTRAINT "small c";
