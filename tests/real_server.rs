//! What the other tests rest on, held against a real server: the harness itself, the platform's script, the VolTracker
//! history, and the data of PostgreSQL's own objects.

mod server;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pgproof::catalog::Oid;
use pgproof::catalog::builtin::{Builtins, ExtensionMember, KeywordCategory};
use pgproof::platform::Platform;
use server::{Database, Server};

fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn apply(database: &mut Database<'_>, files: &[&str]) {
    for path in files {
        assert_eq!(database.run(&file(path)), Ok(()), "{path}");
    }
}

const BASELINE: &str = "migrations/001_baseline.sql";
const WRONG_COMMIT: [&str; 2] = [
    "tests/history/0d521cc/003_add_tesla_user_id_to_users.sql",
    "tests/history/0d521cc/004_add_unique_constraint_tesla_accounts.sql",
];
const REPAIR: [&str; 2] =
    ["migrations/003_rollback_tesla_user_approach.sql", "migrations/004_enhance_tesla_oauth_support.sql"];

/// Tables, columns, indexes, constraints and policies of `public`, one a line.
fn schema(database: &mut Database<'_>) -> BTreeSet<String> {
    let lines = database.column(
        "SELECT concat_ws(' ', 'column', attrelid::regclass, attname, format_type(atttypid, atttypmod),
                          CASE WHEN attnotnull THEN 'not null' END, pg_get_expr(adbin, adrelid))
         FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
         LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
         WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
         UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
         UNION ALL SELECT concat_ws(' ', 'constraint', conname, pg_get_constraintdef(oid)) FROM pg_constraint
                   WHERE connamespace = 'public'::regnamespace
         UNION ALL SELECT concat_ws(' ', 'policy', tablename, policyname, cmd, qual, with_check) FROM pg_policies
                   WHERE schemaname = 'public'",
    );
    lines.into_iter().collect()
}

#[test]
fn the_harness_tells_how_each_statement_ends() {
    let mut database = Server::shared(Platform::Plain).database();
    let outcomes = database.run_script([
        "CREATE TABLE t (id int PRIMARY KEY, note text)",
        "CREATE TABLE t (id int)",
        "SELEC 1",
        "INSERT INTO t VALUES (1, NULL)",
    ]);
    let failures: Vec<_> =
        outcomes.iter().map(|outcome| outcome.as_ref().err().map(|refusal| refusal.sqlstate.as_str())).collect();
    assert_eq!(failures, [None, Some("42P07"), Some("42601"), None]);
    assert_eq!(
        outcomes[1].as_ref().err().map(|refusal| refusal.message.as_str()),
        Some(r#"relation "t" already exists"#)
    );
    assert_eq!(database.query("SELECT id, note FROM t"), Ok(vec![vec![Some("1".into()), None]]));

    let mut other = Server::shared(Platform::Plain).database();
    assert_eq!(other.run("SELECT FROM t").map_err(|refusal| refusal.sqlstate), Err("42P01".into()));
}

#[test]
fn the_supabase_script_makes_what_migrations_name() {
    let mut database = Server::shared(Platform::Supabase).database();
    assert_eq!(database.column("SHOW search_path"), [r#""$user", public, extensions"#]);
    assert_eq!(database.column("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"), ["f"]);
    assert_eq!(
        database.run(r#"SET request.jwt.claims = '{"sub": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "role": "anon"}'"#),
        Ok(())
    );
    assert_eq!(
        database.column("SELECT concat_ws(' ', auth.uid(), auth.role(), auth.jwt() ->> 'role')"),
        ["7c9e6679-7425-40de-944b-e07fc1f90ae7 anon anon"]
    );
    assert_eq!(
        database.column("SELECT concat_ws(' ', storage.foldername('a/b/c.txt'), storage.filename('a/b/c.txt'), storage.extension('a/b/c.txt'))"),
        ["{a,b} c.txt txt"]
    );
    // What the owner of the project does every day, and what only the platform may do.
    let outcomes = database.run_script([
        "CREATE TABLE public.notes (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(), owner uuid REFERENCES auth.users (id))",
        "CREATE POLICY own ON storage.objects FOR SELECT USING (owner = auth.uid())",
        "ALTER PUBLICATION supabase_realtime ADD TABLE public.notes",
        "SET ROLE anon",
        "SELECT FROM public.notes",
        "RESET ROLE",
        "ALTER TABLE auth.users ADD COLUMN nickname text",
    ]);
    let failures: Vec<_> = outcomes.into_iter().map(|outcome| outcome.err().map(|refusal| refusal.sqlstate)).collect();
    assert_eq!(failures, [None, None, None, None, None, None, Some("42501".into())]);
}

#[test]
fn the_repaired_history_ends_like_the_one_that_never_went_wrong() {
    let server = Server::shared(Platform::Supabase);
    let mut straight = server.database();
    apply(&mut straight, &[BASELINE]);
    apply(&mut straight, &REPAIR);
    let mut repaired = server.database();
    apply(&mut repaired, &[BASELINE]);
    apply(&mut repaired, &WRONG_COMMIT);
    apply(&mut repaired, &REPAIR);

    let schema = [schema(&mut straight), schema(&mut repaired)];
    assert_eq!(schema[0], schema[1]);
    for line in [
        "column vehicles tesla_tokens jsonb not null",
        "column vehicles tesla_id text not null",
        "column vehicles tesla_vehicle_id bigint",
        "column vehicles last_sync_at timestamp with time zone",
        "index CREATE INDEX idx_vehicles_user_id_active ON public.vehicles USING btree (user_id, is_active)",
    ] {
        assert!(schema[0].contains(line), "{line} in {:#?}", schema[0]);
    }
    assert!(!schema[0].iter().any(|line| line.contains("tesla_user_id") || line.contains("tesla_accounts")));
    // Both ways may be gone twice.
    apply(&mut repaired, &REPAIR);
    assert_eq!(self::schema(&mut repaired), schema[0]);
}

#[test]
fn the_wrong_commit_stays_where_nothing_or_the_wrong_order_repairs_it() {
    let mut wrong = Server::shared(Platform::Supabase).database();
    apply(&mut wrong, &[BASELINE]);
    apply(&mut wrong, &WRONG_COMMIT);
    let made = |schema: &BTreeSet<String>, text: &str| schema.iter().any(|line| line.contains(text));
    let schema_of_wrong = schema(&mut wrong);
    for name in ["tesla_accounts", "users tesla_user_id", "idx_users_tesla_user_id", "idx_tesla_accounts_user_id"] {
        assert!(made(&schema_of_wrong, name), "{name}");
    }

    let mut sorted = Server::shared(Platform::Supabase).database();
    apply(&mut sorted, &[BASELINE, WRONG_COMMIT[0], REPAIR[0], WRONG_COMMIT[1], REPAIR[1]]);
    let schema_of_sorted = schema(&mut sorted);
    assert!(made(&schema_of_sorted, "tesla_accounts") && !made(&schema_of_sorted, "users tesla_user_id"));
}

#[test]
fn built_in_objects_are_those_of_the_server() {
    let server = Server::shared(Platform::Plain);
    let mut database = server.database();
    let builtins = Builtins::for_version(server.major_version());
    let pinned = |oid: Oid| oid.0 < 10_000;

    let types: BTreeSet<String> = builtins
        .all_types()
        .filter(|ty| pinned(ty.oid))
        .map(|ty| {
            let array = if pinned(ty.array) { ty.array.0 } else { 0 };
            let (oid, element) = (ty.oid.0, ty.element.0);
            format!("{oid} {} {} {} {element} {array} {}", ty.name, ty.typtype, ty.category, ty.len)
        })
        .collect();
    let expected = database.column(
        "SELECT concat_ws(' ', oid, typname, typtype, typcategory, typelem,
                          CASE WHEN typarray < 10000 THEN typarray ELSE 0 END, typlen)
         FROM pg_type WHERE oid < 10000",
    );
    assert_eq!(types, expected.into_iter().collect());

    let functions: BTreeSet<String> = builtins
        .all_functions()
        .filter(|function| pinned(function.oid))
        .map(|function| {
            let args: Vec<String> = function.input_types().map(|ty| ty.0.to_string()).collect();
            format!(
                "{} {}({}) {} {}",
                function.oid.0,
                function.name,
                args.join(" "),
                function.returns.0,
                function.defaults
            )
        })
        .collect();
    let expected = database.column(
        "SELECT oid || ' ' || proname || '(' || proargtypes::text || ') ' || prorettype || ' ' || pronargdefaults
         FROM pg_proc WHERE oid < 10000",
    );
    // Later minor versions may have functions more, for pg_upgrade's own use.
    let expected = expected.into_iter().filter(|f| functions.contains(f) || !f.contains(" binary_upgrade_"));
    assert_eq!(functions, expected.collect());

    for row in database.query("SELECT word, catcode FROM pg_get_keywords()").expect("the keywords") {
        let (word, category) = (row[0].as_deref().unwrap_or_default(), row[1].as_deref());
        let expected = match category {
            Some("C") => KeywordCategory::ColName,
            Some("T") => KeywordCategory::TypeFuncName,
            Some("R") => KeywordCategory::Reserved,
            _ => KeywordCategory::Unreserved,
        };
        assert_eq!(builtins.keyword(word), Some(expected), "{word}");
    }
    let columns = |database: &mut Database<'_>, schema: &str| {
        database.column(&format!(
            "SELECT concat_ws(' ', relname, attname) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
             WHERE relnamespace = '{schema}'::regnamespace AND relkind IN ('r', 'v') AND attnum > 0"
        ))
    };
    let mut expected: Vec<String> = columns(&mut database, "pg_catalog");
    expected.extend(columns(&mut database, "information_schema"));
    expected.sort();
    let mut actual: Vec<String> = builtins
        .all_relations()
        .flat_map(|relation| relation.columns.iter().map(move |column| format!("{} {}", relation.name, column.name)))
        .collect();
    actual.sort();
    assert_eq!(actual, expected);
}

#[test]
fn extensions_make_what_the_data_says() {
    let server = Server::shared(Platform::Plain);
    let builtins = Builtins::for_version(server.major_version());
    for name in ["citext", "hstore", "pgcrypto", "uuid-ossp", "pg_trgm", "btree_gist", "ltree"] {
        let mut database = server.database();
        assert_eq!(database.run(&format!("CREATE EXTENSION \"{name}\"")), Ok(()), "{name}");
        let expected = database.column(
            "SELECT count(*) FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
             AND classid = 'pg_proc'::regclass AND refobjid <> (SELECT oid FROM pg_extension WHERE extname = 'plpgsql')",
        );
        let extension = builtins.extension(name).expect("an extension of contrib");
        let functions =
            extension.members().into_iter().filter(|member| matches!(member, ExtensionMember::Function(_))).count();
        assert_eq!([functions.to_string()], expected[..], "{name}");
    }
}
