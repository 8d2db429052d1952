CREATE RULE r1 AS ON INSERT TO s.u DO ALSO INSERT INTO s.x (id, name) VALUES (new.a, new.b);

CREATE RULE r2 AS ON UPDATE TO s.u WHERE new.a > old.a DO INSTEAD UPDATE s.x SET name = new.b, parent = old.a FROM s.w WHERE x.id = old.a AND w.a = x.id;

CREATE RULE r3 AS ON DELETE TO s.u DO INSTEAD NOTHING;

CREATE RULE r4 AS ON DELETE TO s.u WHERE old.a > 1 DO (DELETE FROM s.x USING s.w WHERE x.id = old.a AND w.a = 1; INSERT INTO s.x SELECT old.a, old.z, old.b;);

CREATE RULE r5 AS ON INSERT TO s.u WHERE new.z IS NULL DO INSERT INTO s.x SELECT new.a, new.z, t.b FROM s.t WHERE t.a = new.a;

CREATE RULE r7 AS ON INSERT TO s.t DO INSTEAD INSERT INTO s.t (a, b, h[1], k.x) VALUES (new.a, DEFAULT, 1, 2) ON CONFLICT DO NOTHING RETURNING a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r;

CREATE UNIQUE INDEX xi ON s.x (id);

CREATE UNIQUE INDEX xl ON s.x (lower(name) COLLATE "C" text_pattern_ops, (parent + 1)) WHERE id > 0;

CREATE INDEX i1 ON s.t (a, b DESC, c NULLS FIRST, d DESC NULLS LAST);

CREATE INDEX i2 ON s.t USING gin (i jsonb_path_ops, h) WITH (fastupdate = off);

CREATE INDEX i3 ON s.t ((a + 1), lower(b), coalesce(b, c), (b || 'x') COLLATE "C", (i ->> 'a')) INCLUDE (d, e) WHERE b IS NOT NULL AND (a = 1 OR e);

CREATE INDEX i4 ON s.t USING hash (b);

CREATE INDEX i5 ON s.t USING brin (a int4_minmax_multi_ops (values_per_range = 20), m);

CREATE UNIQUE INDEX i6 ON s.t (a) NULLS NOT DISTINCT;

CREATE INDEX i7 ON s.t (b varchar_pattern_ops, c, l, j, k) WITH (fillfactor = 50);

CREATE INDEX i8 ON s.col (a, a COLLATE "POSIX", b COLLATE "C", c);

CREATE INDEX i9 ON s.t USING spgist (b);

CREATE FUNCTION s.atomic(n int, x text, OUT o int) LANGUAGE sql BEGIN ATOMIC SELECT n + 1; SELECT t.a FROM s.t WHERE t.a = n AND t.b = x; END;

CREATE FUNCTION s.ret(n int, int) RETURNS int LANGUAGE sql IMMUTABLE STRICT RETURN n + $2;

CREATE FUNCTION s.ret2() RETURNS int LANGUAGE sql RETURN (SELECT max(a) FROM s.t);

CREATE PROCEDURE s.dml(n int, inout m text DEFAULT 'q') LANGUAGE sql BEGIN ATOMIC
 INSERT INTO s.x AS xx (id, name) VALUES (n, m), (2, 'z') ON CONFLICT (id) WHERE id > 0 DO UPDATE SET name = excluded.name || xx.name WHERE xx.id > 1 RETURNING id;
 INSERT INTO s.x (id, name) VALUES (1, m) ON CONFLICT (lower(name) COLLATE "C" text_pattern_ops, (parent + 1)) WHERE id > 0 DO NOTHING;
 INSERT INTO s.x SELECT a, z, b FROM s.u WHERE u.a = n RETURNING *;
 INSERT INTO s.x DEFAULT VALUES;
 UPDATE ONLY s.x SET name = m FROM s.u WHERE u.a = x.id RETURNING x.*, u.z AS q;
 UPDATE s.x y SET (id, name) = (SELECT 1, 'x'), parent = DEFAULT WHERE y.id = n;
 UPDATE s.w SET zz.p.x = 1, arr[1].y = 'x', (a, y) = (SELECT 1, 2);
 UPDATE s.t SET h[1] = n, h[2:3] = '{1,2}', k.y = m, i['a'] = '1', r = 5;
 DELETE FROM s.x USING s.u, s.w JOIN s.t USING (a) WHERE x.id = u.a;
 WITH ins AS (INSERT INTO s.x (id) VALUES (5) RETURNING id), d AS (DELETE FROM s.w RETURNING a) SELECT ins.id FROM ins, d;
 WITH c AS (SELECT 1 AS z) UPDATE s.x SET id = c.z FROM c;
 SELECT m;
END;

CREATE FUNCTION s.mrg(n int) RETURNS void LANGUAGE sql BEGIN ATOMIC
 MERGE INTO s.x AS t USING s.u AS src ON t.id = src.a WHEN MATCHED AND src.z > n THEN UPDATE SET name = src.b, parent = src.z WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND src.a > 0 THEN INSERT (id, name) VALUES (src.a, src.b) WHEN NOT MATCHED THEN INSERT DEFAULT VALUES;
 MERGE INTO s.x USING (SELECT a FROM s.u) q ON x.id = q.a WHEN NOT MATCHED THEN INSERT (id) OVERRIDING USER VALUE VALUES (q.a) WHEN MATCHED THEN DO NOTHING;
END;

CREATE FUNCTION s.mrg17(n int) RETURNS void LANGUAGE sql BEGIN ATOMIC
 MERGE INTO s.x AS t USING s.u AS src ON t.id = src.a WHEN NOT MATCHED BY SOURCE AND t.id > n THEN DELETE WHEN NOT MATCHED BY TARGET THEN INSERT (id) VALUES (src.a) WHEN MATCHED THEN UPDATE SET id = 1 RETURNING merge_action(), t.*;
END;

CREATE FUNCTION s.ret18(n int) RETURNS void LANGUAGE sql BEGIN ATOMIC
 UPDATE s.x SET id = n RETURNING old.id, new.id AS nid, x.id AS i2, old, new.*;
 UPDATE s.x SET id = n RETURNING WITH (OLD AS o, NEW AS n) o.id, n.id;
 DELETE FROM s.x AS old RETURNING WITH (OLD AS o) o.id, old.name;
 SELECT 1;
END;

CREATE FUNCTION s.attrs(a int DEFAULT -1, b text DEFAULT 'x', c numeric DEFAULT 1.5, d s.mood DEFAULT 'ok', e timestamptz DEFAULT now(), VARIADIC f bpchar[] DEFAULT '{}') RETURNS TABLE (x int, "Y y" bpchar) LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SECURITY DEFINER LEAKPROOF COST 12.5 ROWS 7 SET search_path = s, "Odd", pg_temp SET work_mem = '1MB' SET datestyle TO 'ISO, DMY' SET my.thing = 'x' AS $x$ BEGIN /* $function$ */ END $x$;

CREATE FUNCTION s.setof() RETURNS SETOF bpchar LANGUAGE sql AS 'SELECT ''x''::bpchar';

CREATE FUNCTION s.inout(INOUT a int, OUT b text, c text DEFAULT NULL) LANGUAGE sql AS 'SELECT 1, ''x''';

CREATE TRIGGER tr1 BEFORE INSERT OR UPDATE OF a, "select" ON s.u FOR EACH ROW WHEN (new.a > 0 AND (new.b IS NULL OR new.z = 1)) EXECUTE FUNCTION s.trg();

CREATE TRIGGER tr2 AFTER UPDATE OR DELETE OR TRUNCATE ON s.u FOR EACH STATEMENT EXECUTE FUNCTION s.trg();

CREATE TRIGGER tr3 AFTER UPDATE ON s.u FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.* AND CASE WHEN old.a = 1 THEN true ELSE new.z > 1 END) EXECUTE FUNCTION s.trg();

ALTER TABLE s.t ADD CONSTRAINT k1 CHECK (a > 0 AND b <> '' OR c IN ('x', 'y') AND d BETWEEN 1 AND 2);

ALTER TABLE s.t ADD CONSTRAINT k2 CHECK (t IS NOT NULL AND (k).x > 1);

ALTER TABLE s.t ADD CONSTRAINT k3 CHECK (CASE WHEN a = 1 THEN b = 'x' ELSE e END);

ALTER DOMAIN s.posint ADD CONSTRAINT k4 CHECK (VALUE < 100 AND VALUE <> ALL (ARRAY[5, 6]));

ALTER TABLE s.t ALTER a SET DEFAULT 1 + 2, ALTER b SET DEFAULT 'x'::text || 'y', ALTER f SET DEFAULT now() - '1 day'::interval, ALTER g SET DEFAULT CURRENT_DATE, ALTER h SET DEFAULT '{}', ALTER j SET DEFAULT 'ok', ALTER l SET DEFAULT 'abc', ALTER c SET DEFAULT 'abc', ALTER d SET DEFAULT 0, ALTER m SET DEFAULT 5, ALTER n SET DEFAULT -1, ALTER r SET DEFAULT 7;

CREATE RULE r8 AS ON INSERT TO s.x DO INSTEAD NOTIFY "Chan";

CREATE RULE r9 AS ON INSERT TO s.col DO (NOTIFY foo, 'b''ar'; INSERT INTO s.x SELECT 1;);

CREATE RULE r6 AS ON UPDATE TO s.w DO ALSO UPDATE s.w SET zz.p.x = new.a, arr[1].y = 'x', (a, y) = (SELECT 1, 2), (zz.n) = ROW(3) WHERE a = old.a;

