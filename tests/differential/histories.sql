-- case: a first migration that can be repeated
CREATE TABLE IF NOT EXISTS public.users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text UNIQUE NOT NULL, created_at timestamptz DEFAULT now());
CREATE INDEX IF NOT EXISTS idx_users_email ON public.users (email);
ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS "Users see themselves" ON public.users;
CREATE POLICY "Users see themselves" ON public.users FOR SELECT USING (id::text = current_setting('app.user', true));
CREATE OR REPLACE FUNCTION public.set_updated_at() RETURNS trigger AS $$ BEGIN NEW.updated_at = now(); RETURN NEW; END; $$ LANGUAGE plpgsql;
DROP TRIGGER IF EXISTS users_updated ON public.users;
CREATE TRIGGER users_updated BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();
CREATE TABLE IF NOT EXISTS public.users (id uuid PRIMARY KEY, other text);
CREATE INDEX IF NOT EXISTS idx_users_email ON public.users (created_at);
DROP POLICY IF EXISTS "Users see themselves" ON public.users;
CREATE POLICY "Users see themselves" ON public.users FOR SELECT USING (true);
CREATE OR REPLACE FUNCTION public.set_updated_at() RETURNS trigger AS $$ BEGIN RETURN NEW; END; $$ LANGUAGE plpgsql;
CREATE TRIGGER users_updated BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();
-- case: an enum replaced by another
CREATE TYPE status AS ENUM ('todo', 'done');
CREATE TABLE tasks (id serial PRIMARY KEY, status status NOT NULL DEFAULT 'todo');
CREATE INDEX tasks_open ON tasks (id) WHERE status = 'todo';
BEGIN;
ALTER TYPE status RENAME TO status_old;
CREATE TYPE status AS ENUM ('todo', 'doing', 'done');
DROP INDEX tasks_open;
ALTER TABLE tasks ALTER COLUMN status DROP DEFAULT, ALTER COLUMN status TYPE status USING status::text::status, ALTER COLUMN status SET DEFAULT 'doing';
DROP TYPE status_old;
COMMIT;
CREATE INDEX tasks_open ON tasks (id) WHERE status <> 'done';
-- case: an enum replaced in the wrong order
CREATE TYPE status AS ENUM ('todo', 'done');
CREATE TABLE tasks (id serial PRIMARY KEY, status status DEFAULT 'todo');
BEGIN;
ALTER TYPE status RENAME TO status_old;
CREATE TYPE status AS ENUM ('todo', 'doing');
ALTER TABLE tasks ALTER COLUMN status TYPE status USING status::text::status;
COMMIT;
DROP TYPE status;
-- case: a table rebuilt
CREATE TABLE orders (id serial PRIMARY KEY, total int);
CREATE TABLE lines (order_id int REFERENCES orders ON DELETE CASCADE);
CREATE VIEW totals AS SELECT sum(total) AS sum FROM orders;
CREATE TABLE orders_new (id bigserial PRIMARY KEY, total numeric NOT NULL);
INSERT INTO orders_new SELECT id, total FROM orders;
DROP TABLE orders;
ALTER TABLE lines DROP CONSTRAINT lines_order_id_fkey;
DROP VIEW totals;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;
ALTER SEQUENCE orders_new_id_seq RENAME TO orders_id_seq;
ALTER INDEX orders_new_pkey RENAME TO orders_pkey;
ALTER TABLE lines ALTER COLUMN order_id TYPE bigint, ADD CONSTRAINT lines_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders;
-- case: members of organisations
CREATE TABLE organisations (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL);
CREATE TABLE members (organisation_id uuid REFERENCES organisations ON DELETE CASCADE, user_id uuid NOT NULL, role text NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'member')), PRIMARY KEY (organisation_id, user_id));
CREATE FUNCTION is_member(organisation uuid, person uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$ SELECT EXISTS (SELECT 1 FROM members WHERE organisation_id = organisation AND user_id = person) $$;
ALTER TABLE organisations ENABLE ROW LEVEL SECURITY;
ALTER TABLE members ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON organisations FOR SELECT USING (is_member(id, gen_random_uuid()));
CREATE POLICY manage ON members USING (EXISTS (SELECT 1 FROM members m WHERE m.organisation_id = members.organisation_id AND m.role = 'owner'));
DROP FUNCTION is_member(uuid, uuid);
DROP FUNCTION IF EXISTS is_member;
ALTER TABLE members RENAME COLUMN role TO kind;
ALTER TABLE members DROP COLUMN kind;
DROP TABLE organisations;
DROP TABLE organisations, members;
-- case: soft deletes
CREATE TABLE t (id serial PRIMARY KEY, slug text NOT NULL, deleted_at timestamptz);
CREATE UNIQUE INDEX t_slug_live ON t (slug) WHERE deleted_at IS NULL;
CREATE VIEW live AS SELECT * FROM t WHERE deleted_at IS NULL;
INSERT INTO t (slug) VALUES ('a') ON CONFLICT (slug) WHERE deleted_at IS NULL DO NOTHING;
INSERT INTO t (slug) VALUES ('a') ON CONFLICT (slug) DO NOTHING;
ALTER TABLE t DROP COLUMN deleted_at;
ALTER TABLE t ADD COLUMN extra text;
SELECT extra FROM live;
CREATE OR REPLACE VIEW live AS SELECT * FROM t WHERE deleted_at IS NULL;
SELECT extra FROM live;
-- case: full text search
CREATE TABLE docs (id serial PRIMARY KEY, title text, body text);
ALTER TABLE docs ADD COLUMN tsv tsvector GENERATED ALWAYS AS (setweight(to_tsvector('english', coalesce(title, '')), 'A') || setweight(to_tsvector('english', coalesce(body, '')), 'B')) STORED;
CREATE INDEX docs_tsv ON docs USING gin (tsv);
CREATE INDEX docs_title ON docs USING gin (to_tsvector('simple', title));
CREATE INDEX docs_wrong ON docs USING gin (to_tsvector(title));
CREATE FUNCTION search(q text) RETURNS SETOF docs LANGUAGE sql STABLE AS $$ SELECT * FROM docs WHERE tsv @@ plainto_tsquery('english', q) ORDER BY ts_rank(tsv, plainto_tsquery('english', q)) DESC $$;
ALTER TABLE docs DROP COLUMN body;
ALTER TABLE docs DROP COLUMN title CASCADE;
-- case: indexes on times
CREATE TABLE t (id int, at timestamptz, local timestamp, d date);
CREATE INDEX a ON t (date_trunc('day', at));
CREATE INDEX b ON t (date_trunc('day', local));
CREATE INDEX c ON t ((at::date));
CREATE INDEX d ON t ((local::date));
CREATE INDEX e ON t (date_trunc('day', at AT TIME ZONE 'UTC'));
CREATE INDEX f ON t (extract(year FROM at));
CREATE INDEX g ON t (to_char(local, 'YYYY'));
CREATE INDEX h ON t (id) WHERE at > now();
CREATE INDEX i ON t (id) WHERE at > '2024-01-01';
CREATE INDEX j ON t (id) WHERE d > current_date;
CREATE INDEX k ON t ((d::text));
CREATE INDEX l ON t ((id::text));
CREATE INDEX m ON t ((at + interval '1 day'));
CREATE INDEX n ON t ((local + interval '1 day'));
-- case: counters kept by triggers
CREATE TABLE posts (id serial PRIMARY KEY, comments int NOT NULL DEFAULT 0);
CREATE TABLE comments (id serial PRIMARY KEY, post_id int NOT NULL REFERENCES posts ON DELETE CASCADE);
CREATE FUNCTION count_comments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE posts SET comments = comments + 1 WHERE id = NEW.post_id;
    ELSIF TG_OP = 'DELETE' THEN
        UPDATE posts SET comments = comments - 1 WHERE id = OLD.post_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count AFTER INSERT OR DELETE ON comments FOR EACH ROW EXECUTE FUNCTION count_comments();
ALTER TABLE posts DROP COLUMN comments;
DROP TABLE posts;
DROP FUNCTION count_comments;
DROP TRIGGER count ON comments;
DROP FUNCTION count_comments;
-- case: a column moved to another table
CREATE TABLE a (id serial PRIMARY KEY, plan text NOT NULL DEFAULT 'free');
CREATE TABLE b (a_id int PRIMARY KEY REFERENCES a);
ALTER TABLE b ADD COLUMN plan text;
UPDATE b SET plan = a.plan FROM a WHERE a.id = b.a_id;
ALTER TABLE b ALTER COLUMN plan SET NOT NULL, ALTER COLUMN plan SET DEFAULT 'free', ADD CONSTRAINT plan_known CHECK (plan IN ('free', 'paid'));
ALTER TABLE a DROP COLUMN plan;
UPDATE a SET plan = 'x';
-- case: NOT NULL by way of a check
CREATE TABLE t (id int, a text);
ALTER TABLE t ADD CONSTRAINT a_there CHECK (a IS NOT NULL) NOT VALID;
ALTER TABLE t VALIDATE CONSTRAINT a_there;
ALTER TABLE t ALTER COLUMN a SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT a_there;
-- case: a primary key replaced
CREATE TABLE t (id int PRIMARY KEY, uid uuid DEFAULT gen_random_uuid() NOT NULL);
CREATE TABLE c (t_id int REFERENCES t (id));
CREATE UNIQUE INDEX CONCURRENTLY t_uid ON t (uid);
ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_uid;
ALTER TABLE c DROP CONSTRAINT c_t_id_fkey;
ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_uid;
ALTER TABLE c ADD FOREIGN KEY (t_id) REFERENCES t (id);
-- case: JSON in columns
CREATE TABLE t (id serial, data jsonb NOT NULL DEFAULT '{}'::jsonb CHECK (jsonb_typeof(data) = 'object'), tags text[] NOT NULL DEFAULT ARRAY[]::text[]);
CREATE INDEX ON t USING gin (data jsonb_path_ops);
CREATE INDEX ON t ((data ->> 'kind'));
CREATE INDEX ON t USING gin (tags);
CREATE INDEX ON t ((data -> 'n'));
CREATE UNIQUE INDEX ON t ((lower(data ->> 'email'))) WHERE data ? 'email';
ALTER TABLE t ADD COLUMN kind text GENERATED ALWAYS AS (data ->> 'kind') STORED;
ALTER TABLE t ADD COLUMN bad int DEFAULT 'abc';
ALTER TABLE t ADD COLUMN bad uuid DEFAULT 'abc';
ALTER TABLE t ADD COLUMN bad boolean DEFAULT 'maybe';
ALTER TABLE t ALTER COLUMN data SET DEFAULT 'not json';
-- case: views made again
CREATE TABLE t (id int, a text);
CREATE VIEW v AS SELECT id FROM t;
CREATE VIEW w AS SELECT id FROM v;
DROP VIEW IF EXISTS v;
DROP VIEW IF EXISTS v CASCADE;
CREATE VIEW v AS SELECT id, a FROM t;
GRANT SELECT ON v TO PUBLIC;
CREATE OR REPLACE VIEW v WITH (security_invoker = on) AS SELECT id, a, 1 AS one FROM t;
ALTER VIEW v SET (security_invoker = off);
ALTER VIEW v RESET (security_invoker);
SELECT * FROM w;
-- case: names that end at 63 bytes
CREATE TABLE a_table_with_a_rather_long_name (a_column_with_a_rather_long_name_too int UNIQUE REFERENCES a_table_with_a_rather_long_name (a_column_with_a_rather_long_name_too), another_column_with_a_long_name int CHECK (another_column_with_a_long_name > 0), UNIQUE (a_column_with_a_rather_long_name_too, another_column_with_a_long_name));
CREATE INDEX ON a_table_with_a_rather_long_name (a_column_with_a_rather_long_name_too, another_column_with_a_long_name);
ALTER TABLE a_table_with_a_rather_long_name DROP CONSTRAINT a_table_with_a_rather_long_name_another_column_with_a_long_name_check;
ALTER TABLE a_table_with_a_rather_long_name ADD COLUMN a_third_column_with_a_rather_long_name_of_its_own serial;
CREATE TABLE "ünïcödé_täblé_wïth_ä_löng_nämé_ünïcödé_täblé" ("cölümn_wïth_ünïcödé" int UNIQUE CHECK ("cölümn_wïth_ünïcödé" > 0));
-- case: two schemas with the same names
CREATE SCHEMA one;
CREATE SCHEMA two;
CREATE TABLE one.t (id int PRIMARY KEY, a int CHECK (a > 0));
CREATE TABLE two.t (id int PRIMARY KEY, one_id int REFERENCES one.t, a int CHECK (a > 0));
CREATE INDEX i ON one.t (a);
CREATE INDEX i ON two.t (a);
CREATE VIEW one.v AS SELECT t.id, o.id AS other FROM two.t JOIN one.t o ON o.id = t.one_id;
CREATE POLICY p ON one.t USING (EXISTS (SELECT FROM two.t WHERE t.one_id = one.t.id));
SELECT t.id FROM one.t, two.t;
SELECT one.t.id, two.t.id FROM one.t, two.t;
DROP TABLE one.t;
DROP SCHEMA two;
DROP SCHEMA two CASCADE;
DROP SCHEMA one;
DROP SCHEMA one CASCADE;
-- case: everything in one file
-- file
CREATE TYPE kind AS ENUM ('a', 'b');
CREATE TABLE t (id serial PRIMARY KEY, kind kind DEFAULT 'a');
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (kind = 'a');
COMMENT ON TABLE t IS 'made in one file';
-- case: a file that fails leaves nothing
-- file
CREATE TYPE kind AS ENUM ('a', 'b');
CREATE TABLE t (id serial PRIMARY KEY, kind kind DEFAULT 'a');
CREATE POLICY p ON t USING (kind = 'c');
-- case: domains in use
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE users (id int, email email NOT NULL);
CREATE FUNCTION domain_of(e email) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT split_part(e, '@', 2) $$;
CREATE INDEX ON users (domain_of(email));
CREATE VIEW v AS SELECT email::text AS plain, email FROM users;
ALTER TABLE users ALTER COLUMN email TYPE text;
DROP VIEW v;
ALTER TABLE users ALTER COLUMN email TYPE varchar(50);
DROP DOMAIN email;
-- case: notifications
CREATE TABLE t (id int, a text);
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('t', row_to_json(new)::text); RETURN new; END $$;
CREATE CONSTRAINT TRIGGER tell AFTER INSERT OR UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.a IS NOT NULL) EXECUTE FUNCTION tell();
ALTER TABLE t DROP CONSTRAINT tell;
DROP TRIGGER tell ON t;
-- case: a recursive tree
CREATE TABLE nodes (id serial PRIMARY KEY, parent_id int REFERENCES nodes ON DELETE CASCADE, name text, path text);
CREATE VIEW tree AS WITH RECURSIVE t AS (SELECT id, parent_id, name, 0 AS depth FROM nodes WHERE parent_id IS NULL UNION ALL SELECT n.id, n.parent_id, n.name, t.depth + 1 FROM nodes n JOIN t ON n.parent_id = t.id) SELECT * FROM t;
CREATE FUNCTION children(node int) RETURNS TABLE (id int, name text) LANGUAGE sql STABLE AS $$ SELECT n.id, n.name FROM nodes n WHERE n.parent_id = node $$;
CREATE VIEW first_children AS SELECT n.id, c.name FROM nodes n, children(n.id) c;
ALTER TABLE nodes DROP COLUMN name;
ALTER TABLE nodes RENAME COLUMN name TO title;
SELECT name FROM tree;
ALTER TABLE nodes ALTER COLUMN path TYPE varchar;
ALTER TABLE nodes ALTER COLUMN title TYPE varchar;
-- case: statistics and reports
CREATE TABLE sales (id serial, amount numeric(10, 2), at timestamptz DEFAULT now(), region text);
CREATE MATERIALIZED VIEW monthly AS SELECT date_trunc('month', at) AS month, region, sum(amount) AS total, count(*) AS n, avg(amount) AS mean, max(at) AS latest FROM sales GROUP BY 1, 2;
CREATE UNIQUE INDEX ON monthly (month, region);
CREATE VIEW ranked AS SELECT *, rank() OVER (PARTITION BY month ORDER BY total DESC) AS place FROM monthly;
CREATE VIEW shares AS SELECT region, total / nullif(sum(total) OVER (), 0) AS share, CASE WHEN total > 100 THEN 'big' ELSE 'small' END AS size FROM monthly;
ALTER TABLE sales ALTER COLUMN amount TYPE numeric(12, 2);
DROP TABLE sales;
DROP MATERIALIZED VIEW monthly;
DROP MATERIALIZED VIEW monthly CASCADE;
-- case: constraints that wait
CREATE TABLE a (id int PRIMARY KEY, b_id int);
CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a DEFERRABLE INITIALLY DEFERRED, UNIQUE (a_id) DEFERRABLE);
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b DEFERRABLE;
CREATE TABLE c (x int REFERENCES b (a_id));
INSERT INTO b (id) VALUES (1) ON CONFLICT (a_id) DO NOTHING;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE b ALTER CONSTRAINT b_a_id_fkey NOT DEFERRABLE;
-- case: a table in a publication
CREATE PUBLICATION live;
CREATE TABLE messages (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, body text);
ALTER PUBLICATION live ADD TABLE messages;
ALTER TABLE messages REPLICA IDENTITY FULL;
ALTER TABLE messages RENAME TO chat;
ALTER PUBLICATION live ADD TABLE chat;
ALTER PUBLICATION live DROP TABLE chat;
ALTER PUBLICATION live DROP TABLE chat;
ALTER PUBLICATION live ADD TABLE chat;
DROP TABLE chat;
DROP PUBLICATION live;
-- case: rights taken back
CREATE ROLE anon;
CREATE ROLE authenticated;
CREATE TABLE t (id int, secret text);
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
REVOKE ALL ON FUNCTION f() FROM PUBLIC, anon;
GRANT EXECUTE ON FUNCTION f() TO authenticated;
GRANT SELECT ON t TO anon, authenticated;
REVOKE SELECT ON t FROM anon;
GRANT SELECT (id) ON t TO anon;
REVOKE SELECT (id) ON t FROM anon;
REVOKE SELECT ON t FROM authenticated CASCADE;
CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';
DROP FUNCTION f();
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER TABLE t DROP COLUMN secret;
-- case: a column with everything on it
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int, c int NOT NULL DEFAULT 3 CHECK (c > 0) UNIQUE REFERENCES p (id));
COMMENT ON COLUMN t.c IS 'everything';
CREATE INDEX ON t (c, id);
CREATE STATISTICS s ON id, c FROM t;
ALTER TABLE t ALTER COLUMN c DROP DEFAULT, ALTER COLUMN c DROP NOT NULL, DROP CONSTRAINT t_c_check, DROP CONSTRAINT t_c_key, DROP CONSTRAINT t_c_fkey;
ALTER TABLE t ADD CONSTRAINT t_c_key UNIQUE (c), ADD CHECK (c > 1);
ALTER TABLE t DROP COLUMN c;
-- case: what needs what in queries
CREATE TABLE a (id int, x int, y int);
CREATE TABLE b (id int, z int);
CREATE VIEW by_using AS SELECT x FROM a JOIN b USING (id);
CREATE VIEW by_natural AS SELECT z FROM a NATURAL JOIN b;
CREATE VIEW by_on AS SELECT a.y FROM a LEFT JOIN b ON b.z = a.x;
CREATE VIEW by_star AS SELECT 1 AS one WHERE EXISTS (SELECT * FROM b);
CREATE VIEW by_order AS SELECT x FROM a ORDER BY y;
CREATE VIEW by_group AS SELECT count(*) AS n FROM a GROUP BY x HAVING max(y) > 1;
CREATE VIEW by_window AS SELECT rank() OVER (ORDER BY x) AS r FROM a;
CREATE VIEW by_row AS SELECT a AS whole FROM a;
CREATE VIEW by_field AS SELECT (a).x AS x FROM a;
CREATE VIEW by_cte AS WITH c AS (SELECT y FROM a) SELECT 1 AS one FROM c;
CREATE VIEW by_filter AS SELECT count(*) FILTER (WHERE y > 1) AS n FROM a;
