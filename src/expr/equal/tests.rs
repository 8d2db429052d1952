//! What is the same, and what is not.

use proptest::prelude::*;

use super::*;
use crate::expr::fixture::{bound, bound_query, migrated};

const TABLES: &str = "
    CREATE SCHEMA auth;
    CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';
    CREATE TYPE mood AS ENUM ('sad', 'happy');
    CREATE TABLE t (a int, b int, c text, d varchar(10), e numeric(10,2), f boolean, g mood, u uuid, n bigint);
    CREATE TABLE members (team int, user_id uuid, role text);";

fn same(catalog: &Catalog, a: &str, b: &str) -> bool {
    let (a, b) = (bound(catalog, "t", a), bound(catalog, "t", b));
    assert_eq!(equivalent(&a, &b, catalog), equivalent(&b, &a, catalog));
    equivalent(&a, &b, catalog)
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
        ("c = 'x'", "c = 'x'::pg_catalog.text"),
        ("c IN ('x', 'y')", "(c = ANY (ARRAY['x'::text, 'y'::text]))"),
        ("d = 'x'", "((d)::text = 'x'::text)"),
        ("d IN ('x', 'y')", "((d)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))"),
        ("g = 'sad'", "(g = 'sad'::public.mood)"),
        ("g IN ('sad', 'happy')", "(g = ANY (ARRAY['happy'::mood, 'sad'::mood]))"),
        ("e > 0", "(e > (0)::numeric)"),
        ("n = 5", "(n = (5)::bigint)"),
        ("a = '5'::int", "a = 5"),
        ("c::text = 'x'", "c = 'x'"),
        ("a::int8 = 1", "a::bigint = 1"),
        ("a::pg_catalog.int8 = 1", "a::\"int8\" = 1"),
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
        ("(a, b) = (1, 2)", "a = 1 AND b = 2"),
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
fn renames_do_not_matter() {
    let (catalog, _) = migrated(&format!(
        "{TABLES} CREATE POLICY p ON t USING (EXISTS (SELECT 1 FROM members WHERE members.team = a AND role = 'x'));
         ALTER TABLE members RENAME TO team_members; ALTER TABLE team_members RENAME role TO kind;
         ALTER TABLE t RENAME a TO team_id;"
    ));
    let table = catalog.relation_in(crate::catalog::PUBLIC_SCHEMA, "t").unwrap();
    let policy = table.policies[0].using.as_ref().unwrap();
    let wanted = bound(&catalog, "t", "EXISTS (SELECT 1 FROM team_members m WHERE kind = 'x' AND m.team = team_id)");
    assert!(equivalent(policy, &wanted, &catalog));
}

#[test]
fn defaults_are_of_the_columns_type() {
    let (catalog, _) = migrated(TABLES);
    let table = catalog.relation_in(crate::catalog::PUBLIC_SCHEMA, "t").unwrap();
    let ty = |column: &str| table.column(column).unwrap().ty;
    let same = |a: &str, b: &str, column: &str| {
        equivalent_default(&bound(&catalog, "t", a), &bound(&catalog, "t", b), ty(column), &catalog)
    };
    assert!(same("'sad'", "'sad'::mood", "g"));
    assert!(same("'x'", "'x'::character varying", "d"));
    assert!(same("'00000000-0000-0000-0000-000000000000'", "'00000000-0000-0000-0000-000000000000'::uuid", "u"));
    assert!(!same("'sad'", "'happy'::mood", "g"));
    assert!(!same("0", "1", "a"));
}

#[test]
fn queries_are_compared_too() {
    let (catalog, _) = migrated(TABLES);
    let same = |a: &str, b: &str| equivalent_query(&bound_query(&catalog, a), &bound_query(&catalog, b), &catalog);
    assert!(same("SELECT a, b AS x FROM t WHERE a = 1", "SELECT q.a, q.b AS x FROM public.t q WHERE 1 = q.a"));
    assert!(same("SELECT a FROM t ORDER BY b", "SELECT a FROM t ORDER BY b ASC NULLS LAST"));
    assert!(same("SELECT * FROM t", "SELECT a, b, c, d, e, f, g, u, n FROM t"));
    assert!(!same("SELECT a, b AS x FROM t", "SELECT a, b AS y FROM t"));
    assert!(!same("SELECT a FROM t", "SELECT DISTINCT a FROM t"));
    assert!(!same("SELECT a FROM t UNION SELECT b FROM t", "SELECT a FROM t UNION ALL SELECT b FROM t"));
}

/// Conditions over `t`, each with another way to write it and one that differs in one place.
fn any_condition() -> impl Strategy<Value = (String, String, String)> {
    let value =
        prop::sample::select(vec![("a", "t.a", "b"), ("1", "1", "2"), ("b", "public.t.b", "a"), ("7", "7", "8")]);
    let op = prop::sample::select(vec![("=", "=", "<>"), ("<>", "!=", "="), ("<", ">", "<="), (">=", "<=", "<")]);
    let leaf = (value.clone(), op, value, any::<bool>()).prop_map(|(l, op, r, mutate_value)| {
        let written = format!("{} {} {}", l.0, op.0, r.0);
        let other = format!("{} {} {}", r.1, op.1, l.1);
        let mutated = if mutate_value && l.2 != r.0 {
            format!("{} {} {}", l.2, op.0, r.0)
        } else {
            format!("{} {} {}", l.0, op.2, r.0)
        };
        (written, other, mutated)
    });
    let list = prop::collection::btree_set(10..99i32, 2..5).prop_map(|set| {
        let list = |sep: &str, items: &[i32]| items.iter().map(i32::to_string).collect::<Vec<_>>().join(sep);
        let items: Vec<i32> = set.into_iter().collect();
        let backwards: Vec<i32> = items.iter().rev().copied().collect();
        let mut wrong = items.clone();
        wrong[0] += 100;
        (
            format!("a IN ({})", list(", ", &items)),
            format!("a = ANY (ARRAY[{}])", list(", ", &backwards)),
            format!("a IN ({})", list(", ", &wrong)),
        )
    });
    prop_oneof![leaf, list].prop_recursive(4, 32, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone(), any::<bool>()).prop_map(|(l, r, and)| {
                let word = if and { "AND" } else { "OR" };
                (
                    format!("({}) {word} ({})", l.0, r.0),
                    format!("({}) {word} ({})", r.1, l.1),
                    format!("({}) {word} ({})", l.2, r.0),
                )
            }),
            inner.clone().prop_map(|e| (format!("NOT ({})", e.0), format!("NOT ({})", e.1), format!("NOT ({})", e.2))),
            inner.clone().prop_map(|e| (
                format!("({}) IS TRUE", e.0),
                format!("({}) IS TRUE", e.1),
                format!("({}) IS TRUE", e.2)
            )),
            inner.prop_map(|e| {
                let exists = |c: &str, alias: &str| {
                    format!("EXISTS (SELECT 1 FROM members {alias} WHERE {alias}.team = 3 AND ({c}))")
                };
                (exists(&e.0, "m"), exists(&e.1, "x"), exists(&e.2, "m"))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn other_ways_to_write_it_are_equivalent_and_mutants_are_not((a, b, mutant) in any_condition()) {
        let (catalog, _) = migrated(TABLES);
        prop_assert!(same(&catalog, &a, &a));
        prop_assert!(same(&catalog, &a, &b), "{} and {}", a, b);
        prop_assert!(!same(&catalog, &a, &mutant), "{} and {}", a, mutant);
    }
}
