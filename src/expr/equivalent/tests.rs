//! What is the same, and what is not.

use super::*;
use crate::expr::analyze::{Environment, analyze_query, api, tupdesc};
use crate::expr::fixture::{PATH, migrated};
use crate::sql::{parse_expr, parse_query};

const TABLES: &str = "
    CREATE SCHEMA auth;
    CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';
    CREATE TYPE mood AS ENUM ('sad', 'happy');
    CREATE TABLE t (a int, b int, c text, d varchar(10), e numeric(10,2), f boolean, g mood, u uuid, n bigint);
    CREATE TABLE members (team int, user_id uuid, role text);";

fn environment(catalog: &Catalog) -> Environment<'_> {
    Environment::new(catalog, &PATH)
}

fn policy(catalog: &Catalog, text: &str) -> crate::catalog::tree::StoredTree {
    let table = catalog.relation_in(crate::catalog::PUBLIC_SCHEMA, "t").expect("the table");
    let relation = tupdesc::open_relation(catalog, table.oid).expect("the table");
    let expr = parse_expr(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    api::policy(environment(catalog), &relation, &expr).unwrap_or_else(|e| panic!("{text}: {e:?}"))
}

fn same(catalog: &Catalog, a: &str, b: &str) -> bool {
    let (a, b) = (policy(catalog, a), policy(catalog, b));
    assert_eq!(equivalent(&a.tree, &b.tree, catalog), equivalent(&b.tree, &a.tree, catalog));
    equivalent(&a.tree, &b.tree, catalog)
}

#[test]
fn what_means_the_same_is_equivalent() {
    let (catalog, _) = migrated(TABLES);
    for (a, b) in [
        ("a = b", "b = a"),
        ("t.a = 1", "public.t.a = 1"),
        ("a <> b", "b != a"),
        ("a < b", "b > a"),
        ("a <= b", "b >= a"),
        ("a IS DISTINCT FROM b", "b IS DISTINCT FROM a"),
        ("a IS NOT DISTINCT FROM b", "NOT (b IS DISTINCT FROM a)"),
        ("a = 1 AND b = 2 AND f", "(f AND 2 = b) AND a = 1"),
        ("a = 1 OR (b = 2 OR f)", "f OR b = 2 OR a = 1"),
        ("a IN (1, 2)", "a = ANY (ARRAY[2, 1])"),
        ("a IN (1, 2)", "a = 2 OR 1 = a"),
        ("a IN (1)", "a = 1"),
        ("a IN (1, 2, b)", "a = ANY (ARRAY[b, 1, 2])"),
        ("a NOT IN (1, 2)", "a <> ALL (ARRAY[1, 2])"),
        ("a NOT IN (1, 2)", "a <> 2 AND a <> 1"),
        ("a BETWEEN 1 AND 2", "a >= 1 AND a <= 2"),
        ("a NOT BETWEEN 1 AND 2", "a > 2 OR a < 1"),
        ("c LIKE 'x%'", "c ~~ 'x%'"),
        ("c NOT ILIKE 'x%'", "c !~~* 'x%'"),
        ("NOT NOT f", "f"),
        ("NOT (a IS NULL)", "a IS NOT NULL"),
        ("a IS DISTINCT FROM NULL", "a IS NOT NULL"),
        ("f IS UNKNOWN", "f IS NULL"),
        ("NOT (f IS TRUE)", "f IS NOT TRUE"),
        ("c = 'x'", "c = 'x'::text"),
        ("c = 'x'", "c = 'x'::character varying"),
        ("c IN ('x', 'y')", "(c = ANY (ARRAY['x'::text, 'y'::text]))"),
        ("d = 'x'", "((d)::text = 'x'::text)"),
        ("d IN ('x', 'y')", "((d)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))"),
        ("d IN ('x', 'y')", "(d)::text = ANY (ARRAY[('y'::character varying)::text, 'x'::text])"),
        ("g = 'sad'", "(g = 'sad'::public.mood)"),
        ("g IN ('sad', 'happy')", "(g = ANY (ARRAY['happy'::mood, 'sad'::mood]))"),
        ("e > 0", "(e > (0)::numeric)"),
        ("e > 0", "e > '0.00'"),
        ("n = 5", "(n = (5)::bigint)"),
        ("n > a", "a < n"),
        ("a = '5'::int", "a = 5"),
        ("c::text = 'x'", "c = 'x'"),
        ("a::int8 = 1", "a::bigint = 1"),
        ("u = auth.uid()", "auth.uid() = u"),
        ("u = (SELECT auth.uid())", "(u = ( SELECT auth.uid() AS uid))"),
        ("u = (SELECT auth.uid())", "auth.uid() = u"),
        ("lower(c) = 'x'", "pg_catalog.lower(c) = 'x'"),
        ("extract(year FROM now()) = 1", "EXTRACT(YEAR FROM now()) = 1"),
        ("(now() AT TIME ZONE 'utc') > now()", "timezone('utc', now()) > now()"),
        ("greatest(a, b) > 0", "0 < greatest(b, a)"),
        ("CASE WHEN f THEN 1 END = 1", "CASE WHEN f THEN 1 ELSE NULL END = 1"),
        ("a IN (SELECT team FROM members)", "a = ANY (SELECT members.team FROM public.members)"),
        ("EXISTS (SELECT 1 FROM members WHERE team = a)", "EXISTS (SELECT * FROM members m WHERE t.a = m.team)"),
        (
            "EXISTS (SELECT 1 FROM members m WHERE m.team = t.a AND m.user_id = auth.uid())",
            "EXISTS (SELECT 1 FROM members x WHERE auth.uid() = x.user_id AND x.team = a)",
        ),
        (
            "EXISTS (SELECT 1 FROM members m JOIN members o USING (team) WHERE m.team = a)",
            "EXISTS (SELECT 1 FROM (members m JOIN members o ON m.team = o.team) j (x) WHERE j.x = a)",
        ),
        ("(a, b) = (1, 2)", "a = 1 AND b = 2"),
        ("(a, b) < (1, 2)", "(1, 2) > (a, b)"),
        ("e = 1e3", "e = '1000'::numeric"),
    ] {
        assert!(same(&catalog, a, b), "{a} and {b}");
    }
}

#[test]
fn what_may_differ_is_not_equivalent() {
    let (catalog, _) = migrated(TABLES);
    for (a, b) in [
        ("a = b", "a <> b"),
        ("a < b", "b < a"),
        ("a < b", "a <= b"),
        ("a = 1", "b = 1"),
        ("a = 1", "a = 2"),
        ("c = 'x'", "c = 'X'"),
        ("c = '1'", "a = 1"),
        ("a = 1 AND b = 2", "a = 1 OR b = 2"),
        ("a = 1 AND b = 2", "a = 1"),
        ("a = 1 AND a = 1", "a = 1"),
        ("a IN (1, 2)", "a IN (1, 3)"),
        ("a IN (1, 2)", "a NOT IN (1, 2)"),
        ("a = ANY (ARRAY[1, 2])", "a = ALL (ARRAY[1, 2])"),
        ("NOT (a = b)", "a <> b"),
        ("f = true", "f"),
        ("f IS TRUE", "f"),
        ("f IS NOT TRUE", "f IS FALSE"),
        ("a + b = 1", "b + a = 1"),
        ("a - b = 1", "b - a = 1"),
        ("now() > now()", "CURRENT_TIMESTAMP > now()"),
        ("c::varchar(1) = 'x'", "c = 'x'"),
        ("c = 'x'::varchar(1)", "c = 'x'"),
        ("a::bigint = 1", "a = 1"),
        ("u = auth.uid()", "u IS NOT DISTINCT FROM auth.uid()"),
        ("coalesce(a, b) = 1", "coalesce(b, a) = 1"),
        ("NOT (ROW(a, b) IS NULL)", "ROW(a, b) IS NOT NULL"),
        ("EXISTS (SELECT 1 FROM members WHERE team = a)", "EXISTS (SELECT 1 FROM members WHERE team = b)"),
        ("EXISTS (SELECT 1 FROM members)", "EXISTS (SELECT count(*) FROM members)"),
        ("EXISTS (SELECT 1 FROM members)", "EXISTS (SELECT 1 FROM members LIMIT 0)"),
        ("EXISTS (SELECT 1 FROM members)", "NOT EXISTS (SELECT 1 FROM members)"),
        ("a IN (SELECT team FROM members)", "a IN (SELECT team FROM members WHERE role = 'x')"),
        (
            "EXISTS (SELECT 1 FROM members x, members y WHERE x.team = a AND y.role = 'o')",
            "EXISTS (SELECT 1 FROM members x, members y WHERE y.team = a AND y.role = 'o')",
        ),
        ("EXISTS (SELECT 1 FROM t x WHERE x.a = t.b)", "EXISTS (SELECT 1 FROM t x WHERE t.a = x.b)"),
        ("CASE WHEN f THEN 1 ELSE 2 END = 1", "CASE WHEN f THEN 2 ELSE 1 END = 1"),
        ("c COLLATE \"C\" < 'x'", "c < 'x'"),
        ("lower(c) = 'x'", "upper(c) = 'x'"),
    ] {
        assert!(!same(&catalog, a, b), "{a} and {b}");
    }
}

#[test]
fn queries_are_compared_too() {
    let (catalog, _) = migrated(TABLES);
    let query = |text: &str| {
        let query = parse_query(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        analyze_query(&environment(&catalog), &query).unwrap_or_else(|e| panic!("{text}: {e:?}"))
    };
    let same = |a: &str, b: &str| equivalent_query(&query(a).tree, &query(b).tree, &catalog);
    assert!(same("SELECT a, b AS x FROM t WHERE a = 1", "SELECT q.a, q.b AS x FROM public.t q WHERE 1 = q.a"));
    assert!(same("SELECT a FROM t ORDER BY b", "SELECT a FROM t ORDER BY b ASC NULLS LAST"));
    assert!(same("SELECT * FROM t", "SELECT a, b, c, d, e, f, g, u, n FROM t"));
    assert!(same("SELECT sum(a) OVER w FROM t WINDOW w AS (ORDER BY b)", "SELECT sum(a) OVER (ORDER BY b) FROM t"));
    assert!(same("SELECT x FROM (SELECT a FROM t) s (x)", "SELECT s.a AS x FROM (SELECT a FROM t) s"));
    assert!(!same("SELECT a, b AS x FROM t", "SELECT a, b AS y FROM t"));
    assert!(!same("SELECT a FROM t", "SELECT DISTINCT a FROM t"));
    assert!(!same("SELECT a FROM t UNION SELECT b FROM t", "SELECT a FROM t UNION ALL SELECT b FROM t"));
    assert!(!same("SELECT a FROM t ORDER BY b", "SELECT a FROM t ORDER BY b DESC"));
}

#[test]
fn drift_is_what_prints_differently() {
    let (catalog, _) = migrated(TABLES);
    let table = catalog.relation_in(crate::catalog::PUBLIC_SCHEMA, "t").map(|t| t.oid);
    let same = |a: &str, b: &str| {
        printed_equal(&policy(&catalog, a).tree, &policy(&catalog, b).tree, table, &catalog).expect("texts")
    };
    assert!(same("a IN (1, 2)", "t.a = ANY (ARRAY[1, 2])"));
    assert!(same("c = 'x'", "c = 'x'::text"));
    assert!(!same("a = b", "b = a"));
}
