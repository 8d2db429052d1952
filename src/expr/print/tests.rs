//! Printed text: it parses back to the same tree, and stored trees print as PostgreSQL prints them.

use proptest::prelude::*;

use super::*;
use crate::catalog::Bound;
use crate::sql::{parse_expr, parse_query, parse_type_name};

/// A tree without its places.
fn shape(tree: &impl std::fmt::Debug) -> String {
    let text = format!("{tree:?}");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("loc: @") {
        out.push_str(&rest[..at + 5]);
        rest = rest[at + 6..].trim_start_matches(|c: char| c.is_ascii_digit() || c == '?');
    }
    out.push_str(rest);
    out
}

fn stored(text: &str) -> String {
    let expr = parse_expr(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    let catalog = Catalog::new(15);
    let bound = std::sync::Arc::new(Bound { ast: expr, names: Vec::new(), depends_on: Vec::new() });
    Printer::new(&catalog, &[]).stored(&bound)
}

fn assert_expr_round_trips(text: &str) {
    let first = parse_expr(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    let printed = print_expr(&first);
    let again = parse_expr(&printed).unwrap_or_else(|e| panic!("{text} printed as {printed}: {e:?}"));
    assert_eq!(shape(&first), shape(&again), "{text} printed as {printed}");
}

#[test]
fn expressions_parse_back_to_themselves() {
    for text in [
        "a",
        "t.a",
        "s.t.a",
        "\"Order\".\"select\"",
        "-1",
        "- a",
        "a - -1",
        "-1 ^ 2",
        "(-1)::text",
        "a + b * c - d",
        "(a + b) * c",
        "a OPERATOR(s.+) b",
        "@ a",
        "a = ANY (b)",
        "a = ANY (ARRAY[1, 2])",
        "a = ANY ((SELECT b)::int[])",
        "a <> ALL (SELECT 1)",
        "a = ANY (SELECT 1)",
        "a IN (SELECT 1)",
        "a NOT IN (SELECT 1)",
        "a IN (1, 2)",
        "a NOT IN (1, 2)",
        "a LIKE 'x'",
        "a NOT LIKE 'x' ESCAPE '!'",
        "a ILIKE b",
        "a SIMILAR TO 'x'",
        "a NOT SIMILAR TO 'x' ESCAPE '!'",
        "a BETWEEN 1 AND 2",
        "a NOT BETWEEN SYMMETRIC 1 AND 2",
        "a IS DISTINCT FROM b",
        "a IS NOT DISTINCT FROM NULL",
        "a AND (b OR c) AND NOT d",
        "a AND (b AND c)",
        "a IS NULL",
        "(a IS NOT NULL) IS TRUE",
        "a IS NOT UNKNOWN",
        "CASE WHEN a THEN 1 END",
        "CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' ELSE 'z' END",
        "COALESCE(a, b, 1)",
        "NULLIF(a, '')",
        "GREATEST(a, b) + LEAST(c, d)",
        "ARRAY[1, 2, 3]",
        "ARRAY[[1, 2], [3, 4]]",
        "ARRAY[]::int[]",
        "ARRAY(SELECT 1)",
        "ROW(1, 2)",
        "ROW()",
        "(1, 2)",
        "(1, 2) = (a, b)",
        "(a).b",
        "(a).b[1].c",
        "a[1]",
        "a[1:2]",
        "a[:][2:]",
        "(f(x)).*",
        "($1).a",
        "$2 + 1",
        "(t.a).b",
        "t.a[1].b",
        "a COLLATE \"C\" || 'x'",
        "f()",
        "f(*)",
        "count(DISTINCT a)",
        "s.f(a, VARIADIC b)",
        "f(x => 1, y => 2)",
        "array_agg(a ORDER BY b DESC NULLS LAST, c USING <)",
        "sum(a) FILTER (WHERE b > 0)",
        "percentile_cont(0.5) WITHIN GROUP (ORDER BY a)",
        "row_number() OVER ()",
        "sum(a) OVER w",
        "sum(a) OVER (w ORDER BY b)",
        "sum(a) OVER (PARTITION BY b ORDER BY c ROWS BETWEEN 1 PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE TIES)",
        "sum(a) OVER (ORDER BY c GROUPS CURRENT ROW EXCLUDE CURRENT ROW)",
        "sum(a) OVER (ORDER BY c RANGE BETWEEN UNBOUNDED PRECEDING AND 2 FOLLOWING EXCLUDE GROUP)",
        "EXTRACT(year FROM a)",
        "EXTRACT('my field' FROM a)",
        "a AT TIME ZONE 'utc'",
        "a AT LOCAL",
        "(a, b) OVERLAPS (c, d)",
        "SUBSTRING(a FROM 1 FOR 2)",
        "SUBSTRING(a SIMILAR 'x' ESCAPE '#')",
        "POSITION('x' IN a)",
        "OVERLAY(a PLACING b FROM 1 FOR 2)",
        "TRIM(a)",
        "TRIM(LEADING 'x' FROM a)",
        "TRIM(TRAILING FROM a)",
        "NORMALIZE(a, NFKC)",
        "a IS NORMALIZED",
        "a IS NFD NORMALIZED",
        "COLLATION FOR (a)",
        "CURRENT_DATE",
        "CURRENT_TIMESTAMP(3)",
        "LOCALTIME",
        "SESSION_USER",
        "\"left\"(a, 1)",
        "\"user\"",
        "'it''s \\ a'",
        "E'a\\nb'",
        "1.5",
        "1e10",
        "3000000000",
        "B'101'",
        "X'1F'",
        "NULL",
        "TRUE",
        "a::int",
        "a::numeric(10, 2)[]",
        "a::varchar(5)",
        "CAST(a AS timestamp(3) with time zone)",
        "interval '1' day",
        "a::interval(2)",
        "a::interval day to second(3)",
        "'x'::s.t",
        "a::\"char\"",
        "a::char",
        "a::bit",
        "a::bit varying(3)",
        "a::pg_catalog.text",
        "a::int4",
        "a::public.geometry(point, 4326)",
        "a::json",
        "a::time",
        "EXISTS (SELECT 1 FROM t WHERE t.a = b)",
        "(SELECT 1) + 1",
        "GROUPING(a, b)",
        "a ->> 'b' = 'c'",
        "a || 'x' || b || 'y'",
    ] {
        assert_expr_round_trips(text);
    }
}

#[test]
fn queries_parse_back_to_themselves() {
    for text in [
        "SELECT",
        "SELECT 1 AS a, b c, t.*",
        "SELECT DISTINCT a FROM t",
        "SELECT DISTINCT ON (a, b) c FROM t",
        "SELECT a INTO TEMP x FROM t",
        "SELECT * FROM a, b.c d, ONLY e AS f(g, h)",
        "SELECT * FROM a JOIN b ON a.x = b.x LEFT JOIN c USING (x, y) AS u",
        "SELECT * FROM a CROSS JOIN (b NATURAL FULL JOIN c) AS j(x)",
        "SELECT * FROM a RIGHT JOIN b ON true",
        "SELECT * FROM (SELECT 1) x, LATERAL (SELECT x.a) AS y(b)",
        "SELECT * FROM f(1) WITH ORDINALITY AS g(a, b), LATERAL h(2)",
        "SELECT * FROM ROWS FROM (f(1), g(2) AS (a int, b text)) AS x",
        "SELECT * FROM json_to_record('{}') AS x(a int, b text[])",
        "SELECT * FROM json_to_record('{}') AS (a int)",
        "SELECT * FROM t TABLESAMPLE system (10) REPEATABLE (1)",
        "SELECT a, count(*) FROM t WHERE b GROUP BY a HAVING count(*) > 1",
        "SELECT 1 FROM t GROUP BY DISTINCT ROLLUP (a, (b, c)), CUBE (d), GROUPING SETS ((a), (b, c), ())",
        "SELECT sum(a) OVER w FROM t WINDOW w AS (PARTITION BY b), v AS (w ORDER BY c)",
        "SELECT a FROM t ORDER BY a ASC, b DESC NULLS FIRST, c USING > LIMIT 1 OFFSET 2",
        "SELECT a FROM t LIMIT ALL",
        "SELECT a FROM t ORDER BY a FETCH FIRST 3 ROWS WITH TIES",
        "SELECT a FROM t ORDER BY 1 FETCH FIRST (1 + 1) ROWS WITH TIES",
        "SELECT a FROM t FOR UPDATE OF t SKIP LOCKED FOR SHARE NOWAIT",
        "VALUES (1, 2), (3, DEFAULT) ORDER BY 1 LIMIT 1",
        "TABLE t",
        "SELECT 1 UNION SELECT 2 UNION ALL SELECT 3",
        "SELECT 1 UNION (SELECT 2 EXCEPT SELECT 3) ORDER BY 1",
        "(SELECT 1 INTERSECT SELECT 2) UNION SELECT 3",
        "(SELECT 1 ORDER BY 1 LIMIT 1) UNION ALL (WITH x AS (SELECT 1) SELECT 2 FROM x)",
        "(SELECT 1 UNION SELECT 2 LIMIT 1) EXCEPT ALL SELECT 3",
        "WITH RECURSIVE a(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a), b AS NOT MATERIALIZED (SELECT 2) TABLE a",
        "WITH i AS (INSERT INTO t (a, b) VALUES (1, 2) RETURNING *) SELECT * FROM i",
        "WITH i AS (INSERT INTO t AS x DEFAULT VALUES ON CONFLICT DO NOTHING) SELECT 1",
        "WITH i AS (INSERT INTO t SELECT 1 ON CONFLICT (a, lower(b)) WHERE c DO UPDATE SET a = 1 WHERE t.b) SELECT 1",
        "WITH i AS (INSERT INTO t TABLE x ON CONFLICT ON CONSTRAINT c DO NOTHING RETURNING a AS b) SELECT 1",
        "WITH u AS (UPDATE ONLY t AS x SET a = 1, b = DEFAULT FROM y, z WHERE x.i = y.i RETURNING x.a) SELECT 1",
        "WITH d AS (DELETE FROM t x USING y JOIN z ON true WHERE CURRENT OF c RETURNING *) SELECT 1",
    ] {
        let first = parse_query(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        let printed = print_query(&first);
        let again = parse_query(&printed).unwrap_or_else(|e| panic!("{text} printed as {printed}: {e:?}"));
        assert_eq!(shape(&first), shape(&again), "{text} printed as {printed}");
        assert!(!printed.contains('\n'), "{printed}");
    }
}

#[test]
fn type_names_parse_back_to_themselves() {
    for (text, printed) in [
        ("int", "integer"),
        ("pg_catalog.int4", "integer"),
        ("int4", "int4"),
        ("float(3)", "real"),
        ("dec(5)", "numeric(5)"),
        ("national character varying(3)", "character varying(3)"),
        ("char", "character(1)"),
        ("\"char\"", "\"char\""),
        ("timestamp", "timestamp without time zone"),
        ("interval hour to minute", "interval hour to minute"),
        ("interval second(2)", "interval second(2)"),
        ("SETOF s.t[][]", "SETOF s.t[][]"),
        ("t.a%TYPE", "t.a%TYPE"),
        ("s.t.a%TYPE", "s.t.a%TYPE"),
    ] {
        let first = parse_type_name(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        assert_eq!(print_type_name(&first), printed);
        let again = parse_type_name(printed).unwrap_or_else(|e| panic!("{printed}: {e:?}"));
        assert_eq!(shape(&first), shape(&again), "{text}");
    }
}

/// A grammar of expressions. It gives only what the parser gives: no conjunction that begins with a conjunction, and no
/// sign before a number.
fn any_expr() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["a", "b.c", "\"Q r\"", "\"select\"", "x.y.z", "value"]);
    let constant = prop::sample::select(vec!["1", "-2", "3.5", "'s'", "'it''s'", "NULL", "TRUE", "B'1'", "9999999999"]);
    let leaf = prop_oneof![
        name.prop_map(str::to_owned),
        constant.prop_map(str::to_owned),
        Just("CURRENT_USER".to_owned()),
        Just("$1".to_owned())
    ];
    leaf.prop_recursive(5, 60, 3, |inner| {
        let op =
            prop::sample::select(vec!["+", "-", "*", "/", "%", "^", "=", "<>", "<", ">=", "||", "->>", "~*", "@>"]);
        let ty = prop::sample::select(vec!["int", "text[]", "s.t", "varchar(3)", "timestamptz", "interval year"]);
        let list = prop::collection::vec(inner.clone(), 1..4).prop_map(|l| l.join(", "));
        prop_oneof![
            (inner.clone(), op, inner.clone()).prop_map(|(l, op, r)| format!("({l}) {op} ({r})")),
            inner.clone().prop_map(|e| format!("NOT ({e})")),
            inner.clone().prop_map(|e| format!("@ ({e})")),
            (inner.clone(), inner.clone()).prop_map(|(l, r)| format!("({l}) AND ({r})")),
            (inner.clone(), inner.clone()).prop_map(|(l, r)| format!("({l}) OR ({r})")),
            (inner.clone(), any::<bool>()).prop_map(|(e, n)| format!("({e}) IS {}NULL", if n { "NOT " } else { "" })),
            inner.clone().prop_map(|e| format!("({e}) IS NOT TRUE")),
            (inner.clone(), ty).prop_map(|(e, ty)| format!("({e})::{ty}")),
            (inner.clone(), list.clone()).prop_map(|(e, l)| format!("({e}) NOT IN ({l})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("({a}) BETWEEN ({b}) AND ({c})")),
            (inner.clone(), inner.clone()).prop_map(|(l, r)| format!("({l}) LIKE ({r}) ESCAPE '!'")),
            (inner.clone(), inner.clone()).prop_map(|(l, r)| format!("({l}) IS NOT DISTINCT FROM ({r})")),
            (inner.clone(), inner.clone()).prop_map(|(l, r)| format!("({l}) = ANY ({r})")),
            (inner.clone(), inner.clone()).prop_map(|(c, r)| format!("CASE WHEN {c} THEN {r} END")),
            list.clone().prop_map(|l| format!("COALESCE({l})")),
            list.clone().prop_map(|l| format!("ROW({l})")),
            list.clone().prop_map(|l| format!("ARRAY[{l}]")),
            list.clone().prop_map(|l| format!("s.f({l})")),
            inner.clone().prop_map(|e| format!("(({e}).f)[1]")),
            inner.clone().prop_map(|e| format!("(({e}) COLLATE \"C\")")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) AT TIME ZONE ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(SELECT {a} AS x FROM t WHERE {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) IN (SELECT {b} UNION ALL SELECT 1)")),
            inner.prop_map(|e| format!("sum(a) FILTER (WHERE {e}) OVER (PARTITION BY b ORDER BY {e} DESC)")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn printed_expressions_parse_back(text in any_expr()) {
        // A sign before a constant in parentheses is folded, so the first reading may differ from its own text; the
        // tree is what counts.
        let first = parse_expr(&text).map_err(|e| TestCaseError::fail(format!("{text}: {e:?}")))?;
        let printed = print_expr(&first);
        let again = parse_expr(&printed).map_err(|e| TestCaseError::fail(format!("{printed}: {e:?}")))?;
        prop_assert_eq!(shape(&first), shape(&again), "{} printed as {}", text, printed);
    }

    #[test]
    fn stored_expressions_are_valid_and_settle(text in any_expr()) {
        let once = stored(&text);
        let again = stored(&once);
        prop_assert_eq!(stored(&again), again, "{} printed as {}", text, once);
    }
}
