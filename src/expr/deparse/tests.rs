//! What depends on the search path and on what else there is. (That the texts are PostgreSQL's is held against servers.)

use super::*;
use crate::expr::analyze::{Environment, analyze_query};
use crate::expr::fixture::migrated;
use crate::sql::parse_query;

const OBJECTS: &str = "
    CREATE SCHEMA z;
    CREATE FUNCTION z.lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1';
    CREATE FUNCTION z.g(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION public.g(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE TYPE z.mood AS ENUM ('sad');
    CREATE TABLE z.t (a int, b text, m z.mood, lower text);";

/// How a query prints along a path of schemas, after it was analysed along `z`.
fn printed(query: &str, path: &[&str], pretty: Pretty) -> String {
    let (catalog, _) = migrated(OBJECTS);
    let schema = |name: &&str| catalog.schema_named(name).expect("a schema").oid;
    let analysed_along = [PG_CATALOG, schema(&"z")];
    let env = Environment::new(&catalog, &analysed_along);
    let tree = analyze_query(&env, &parse_query(query).expect("a query")).expect("a tree");
    let path: Vec<Oid> = path.iter().map(schema).collect();
    let text = Deparser::new(&catalog, &path).pretty(pretty).query(&tree.tree).expect("a text");
    text.trim_start().to_owned()
}

#[test]
fn names_are_qualified_unless_they_are_found() {
    let query = "SELECT g(a) AS x, 'sad'::mood AS y FROM t";
    assert_eq!(printed(query, &[], Pretty::NONE), "SELECT z.g(a) AS x, 'sad'::z.mood AS y FROM z.t");
    assert_eq!(printed(query, &["z"], Pretty::NONE), "SELECT g(a) AS x, 'sad'::mood AS y FROM t");
    assert_eq!(printed(query, &["public", "z"], Pretty::NONE), "SELECT z.g(a) AS x, 'sad'::mood AS y FROM t");
}

#[test]
fn what_another_object_hides_is_qualified() {
    let query = "SELECT pg_catalog.lower(b) AS x, z.lower(b) AS y FROM t";
    assert_eq!(printed(query, &["z"], Pretty::NONE), "SELECT lower(b) AS x, z.lower(b) AS y FROM t");
    let hidden = "SELECT pg_catalog.lower(b) AS x, lower(b) AS y FROM t";
    assert_eq!(printed(query, &["z", "pg_catalog"], Pretty::NONE), hidden);
    let query = "WITH t AS (SELECT 1 AS a) SELECT t.a, u.b FROM t, z.t u";
    assert_eq!(printed(query, &["z"], Pretty::NONE), "WITH t AS (SELECT 1 AS a) SELECT t.a, u.b FROM t, z.t u");
}

#[test]
fn lines_are_broken_as_wide_as_asked() {
    let query = "SELECT a, b, a + 1 AS c FROM t WHERE a > 1 AND b = 'x'";
    assert_eq!(
        printed(query, &["z"], Pretty::PLAIN),
        "SELECT a,\n    b,\n    (a + 1) AS c\n   FROM t\n  WHERE ((a > 1) AND (b = 'x'::text))"
    );
    assert_eq!(
        printed(query, &["z"], Pretty::PRETTY),
        "SELECT a,\n    b,\n    a + 1 AS c\n   FROM t\n  WHERE a > 1 AND b = 'x'::text"
    );
}
