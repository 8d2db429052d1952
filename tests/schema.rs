//! `pgproof schema`: the document and the script, against themselves and against a real server.

mod server;
mod support;

use std::collections::BTreeSet;

use pgproof::Project;
use pgproof::catalog::{BOOTSTRAP_ROLE, Layer, PUBLIC_SCHEMA};
use pgproof::cli::{self, Exit, Library, SchemaArgs, Stream, Terminal};
use pgproof::platform::Platform;
use pgproof::project::{Options, TransactionMode};
use pgproof::replay::{Replay, Script, Session};
use pgproof::report::schema::{Schema, ScriptParts, Source};
use pgproof::source::SourceMap;
use serde_json::Value;
use server::{Database, Server};
use support::{Folder, read};

fn project(folder: &Folder) -> Project {
    Project::open(&Options::new(folder.path())).unwrap_or_else(|error| panic!("{error}"))
}

fn schema(platform: &str, sql: &str) -> Schema {
    let folder = Folder::new(platform);
    folder.migration("001_all.sql", sql);
    project(&folder).schema(None, ScriptParts::ON_PLATFORM).unwrap_or_else(|error| panic!("{error}"))
}

/// What both documents say of the schema, without the lines that made it.
fn facts(schema: &Schema) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                for key in ["created", "altered", "at", "from"] {
                    map.remove(key);
                }
                map.values_mut().for_each(strip);
            }
            Value::Array(list) => list.iter_mut().for_each(strip),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut value = serde_json::json!({ "doc": schema.doc(), "flat": schema.flat() });
    strip(&mut value);
    value
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON")
}

/// The script makes a schema with the same facts, and the same script.
fn assert_round_trip(platform: &str, sql: &str) -> Schema {
    let first = schema(platform, sql);
    assert!(first.doc().problems.is_empty(), "{:#?}", first.doc().problems);
    let second = schema(platform, first.to_sql());
    let lines = |schema: &Schema| -> Vec<String> { pretty(&facts(schema)).lines().map(str::to_owned).collect() };
    let (one, two) = (lines(&first), lines(&second));
    let at = one.iter().zip(&two).position(|(a, b)| a != b);
    assert!(at.is_none() && one.len() == two.len(), "{}", {
        let at = at.unwrap_or(0);
        let around = |lines: &[String]| {
            lines.iter().skip(at.saturating_sub(15)).take(25).cloned().collect::<Vec<_>>().join("\n")
        };
        format!("{}\n--- again:\n{}", around(&one), around(&two))
    });
    assert_eq!(second.to_sql(), first.to_sql());
    first
}

#[test]
fn the_script_makes_the_same_schema_again() {
    assert_round_trip("plain", &read("tests/schema/rich.sql"));
    assert_round_trip("plain", &read("tests/schema/small.sql"));
    assert_round_trip("supabase", &read("tests/schema/supabase.sql"));
}

#[test]
fn what_waits_for_each_other_is_made() {
    for sql in [
        // A default, a check and a default of a domain that need functions that need what they belong to.
        "CREATE TABLE t (a integer);
         CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT 1';
         CREATE FUNCTION one() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT a FROM public.f(); END;
         ALTER TABLE t ALTER COLUMN a SET DEFAULT one();",
        // Two tables whose defaults need functions of each other's rows.
        "CREATE TABLE a (n integer); CREATE TABLE b (n integer);
         CREATE FUNCTION of_a(x a) RETURNS integer LANGUAGE sql AS 'SELECT 1';
         CREATE FUNCTION of_b(x b) RETURNS integer LANGUAGE sql AS 'SELECT 1';
         ALTER TABLE a ALTER COLUMN n SET DEFAULT of_b(NULL);
         ALTER TABLE b ALTER COLUMN n SET DEFAULT of_a(NULL);",
        // A view that reads a function that returns its rows.
        "CREATE VIEW v AS SELECT 1 AS n;
         CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'SELECT 1';
         CREATE VIEW w AS SELECT n FROM v;
         CREATE OR REPLACE VIEW v AS SELECT x.n FROM f() AS x(n);",
        // Names that sort against what they need.
        "CREATE VIEW z AS SELECT 1 AS n; CREATE VIEW y AS SELECT n FROM z; CREATE VIEW x AS SELECT n FROM y;
         CREATE DOMAIN b AS integer; CREATE DOMAIN a AS b; CREATE TYPE c AS (x a[], y b);",
        // Tables that reference each other.
        "CREATE TABLE a (id integer PRIMARY KEY); CREATE TABLE b (id integer PRIMARY KEY REFERENCES a);
         ALTER TABLE a ADD FOREIGN KEY (id) REFERENCES b DEFERRABLE;",
    ] {
        let schema = assert_round_trip("plain", sql);
        let mut database = Server::shared(Platform::Plain).database();
        assert_eq!(database.run(schema.to_sql()), Ok(()), "{}", schema.to_sql());
    }
}

#[test]
fn what_is_in_no_schema_is_made_again() {
    let sql = "
        CREATE FOREIGN DATA WRAPPER \"W 1\" VALIDATOR postgresql_fdw_validator;
        CREATE FOREIGN DATA WRAPPER a OPTIONS (x 'it''s', \"Y\" 'z');
        CREATE SERVER s TYPE 't' VERSION '2' FOREIGN DATA WRAPPER \"W 1\" OPTIONS (host 'h');
        CREATE EXTENSION postgres_fdw;
        CREATE SERVER remote FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'h', port '5433');
        GRANT USAGE ON FOREIGN SERVER remote TO PUBLIC;
        GRANT USAGE ON FOREIGN DATA WRAPPER a TO PUBLIC;
        COMMENT ON SERVER remote IS 'far';
        COMMENT ON FOREIGN DATA WRAPPER a IS 'near';
        CREATE FOREIGN TABLE ft (a integer OPTIONS (column_name 'A') NOT NULL, b text)
            SERVER remote OPTIONS (schema_name 'x', table_name 'y');
        REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
        COMMENT ON LANGUAGE plpgsql IS 'ours';
        CREATE TRANSFORM FOR integer LANGUAGE sql
            (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));
        COMMENT ON TRANSFORM FOR integer LANGUAGE sql IS 'of numbers';
        CREATE FUNCTION f(a integer) RETURNS integer TRANSFORM FOR TYPE integer LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''%'', tg_tag; END';
        CREATE EVENT TRIGGER \"Watch\" ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE')
            EXECUTE FUNCTION watch();
        CREATE EVENT TRIGGER second ON sql_drop EXECUTE FUNCTION watch();
        ALTER EVENT TRIGGER second DISABLE;
        COMMENT ON EVENT TRIGGER second IS '100% off';
        DO $$ BEGIN
            EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), '100% ours');
            EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', current_database());
            EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 50', current_database());
        END $$;";
    let schema = assert_round_trip("plain", sql);
    let mut database = Server::shared(Platform::Plain).database();
    assert_eq!(database.run(schema.to_sql()), Ok(()), "{}", schema.to_sql());
    let found = database.query(
        "SELECT (SELECT string_agg(srvname || coalesce(srvoptions::text, ''), ' ' ORDER BY srvname) FROM pg_foreign_server),
                (SELECT ftoptions::text FROM pg_foreign_table), (SELECT lanacl::text LIKE '%=U/%,%' FROM pg_language WHERE lanname = 'plpgsql'),
                (SELECT string_agg(evtname || evtenabled::text, ' ' ORDER BY evtname) FROM pg_event_trigger),
                (SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()),
                (SELECT trftype::regtype::text FROM pg_transform)",
    );
    let found: Vec<String> = found.expect("rows").remove(0).into_iter().map(Option::unwrap_or_default).collect();
    let expected = [
        "remote{host=h,port=5433} s{host=h}",
        "{schema_name=x,table_name=y}",
        "f",
        "WatchO secondD",
        "100% ours",
        "integer",
    ];
    assert_eq!(found, expected);
}

#[test]
fn wrappers_of_extensions_that_are_not_known_are_marked() {
    let sql = "CREATE EXTENSION nobody_knows; CREATE FOREIGN DATA WRAPPER w HANDLER handle VALIDATOR validate;
               CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (a 'b'); CREATE FOREIGN TABLE t (a integer) SERVER s;";
    let schema = schema("plain", sql);
    let wrapper = &schema.doc().foreign_data_wrappers[0];
    assert_eq!(wrapper.common.history.unknown.as_deref(), Some("its handler or validator is not known"));
    assert_eq!(schema.doc().problems.len(), 1, "{:?}", schema.doc().problems);
    assert_eq!(schema.doc().tables[0].server.as_deref(), Some("s"));
}

#[test]
fn options_that_are_secrets_are_hidden() {
    let sql = "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w
               OPTIONS (host 'h', password 'hunter2', api_key 'hunter3', \"aws_secret\" 'hunter4');
               CREATE FOREIGN TABLE t (a integer OPTIONS (api_key 'hunter5')) SERVER s OPTIONS (password 'hunter6');";
    let schema = schema("plain", sql);
    let (yaml, json) = (schema.to_yaml().expect("YAML"), schema.to_json().expect("JSON"));
    for text in [yaml.as_str(), json.as_str(), schema.to_sql()] {
        assert!(!text.contains("hunter"), "{text}");
    }
    assert!(yaml.contains("***") && yaml.contains("host: h"), "{yaml}");
}

#[test]
fn a_renamed_sequence_is_renamed_in_defaults() {
    let sql = "CREATE SEQUENCE s; CREATE TABLE t (a integer DEFAULT nextval('s'), b text DEFAULT 's'::regclass);
               ALTER SEQUENCE s RENAME TO new_name;";
    let schema = assert_round_trip("plain", sql);
    let defaults: Vec<_> = schema.doc().tables[0].columns.iter().map(|c| c.default.as_deref()).collect();
    assert_eq!(defaults[0], Some("nextval('public.new_name'::regclass)"));
    assert_eq!(defaults[1], Some("'public.new_name'::regclass"));
}

#[test]
fn output_does_not_depend_on_chance() {
    let sql = read("tests/schema/rich.sql");
    let print =
        |schema: Schema| (schema.to_yaml().expect("YAML"), schema.to_json().expect("JSON"), schema.to_sql().to_owned());
    let first = print(schema("plain", &sql));
    assert_eq!(first, print(schema("plain", &sql)));
    // Objects are listed by name, whatever order made them.
    let forwards = schema("plain", "CREATE TABLE a (); CREATE TABLE b (); CREATE VIEW v AS SELECT 1 AS n;");
    let backwards = schema("plain", "CREATE VIEW v AS SELECT 1 AS n; CREATE TABLE b (); CREATE TABLE a ();");
    assert_eq!(facts(&forwards), facts(&backwards));
    assert_eq!(forwards.to_sql(), backwards.to_sql());
}

#[test]
fn snapshots() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        let small = schema("plain", &read("tests/schema/small.sql"));
        insta::assert_snapshot!("schema_small_yaml", small.to_yaml().expect("YAML"));
        insta::assert_snapshot!("schema_small_json", small.to_json().expect("JSON"));
        insta::assert_snapshot!("schema_small_sql", small.to_sql());
        let platform = schema("supabase", &read("tests/schema/supabase.sql"));
        insta::assert_snapshot!("schema_supabase_yaml", platform.to_yaml().expect("YAML"));
        insta::assert_snapshot!("schema_supabase_sql", platform.to_sql());
    });
}

#[test]
fn what_the_platform_provides_is_left_out() {
    for platform in ["plain", "supabase"] {
        let mut facts = facts(&schema(platform, "SELECT 1;"));
        for doc in facts.as_object_mut().expect("an object").values_mut() {
            let rest = doc.as_object_mut().expect("an object");
            for key in ["version", "postgres", "platform", "user", "hidden_secrets"] {
                rest.remove(key);
            }
            rest.retain(|_, value| {
                !value.as_array().is_some_and(Vec::is_empty) && !value.as_object().is_some_and(|o| o.is_empty())
            });
            assert!(rest.is_empty(), "{platform}: {rest:#?}");
        }
    }
}

#[test]
fn what_the_platform_provides_and_is_dropped_is_told() {
    let schema = assert_round_trip("plain", "CREATE SCHEMA app; DROP SCHEMA public; DROP EXTENSION plpgsql;");
    let dropped: Vec<_> = schema.doc().dropped.iter().map(|d| (d.kind, d.name.as_str(), d.at.as_deref())).collect();
    let line = Some("migrations/001_all.sql:1");
    assert_eq!(dropped, [("schema", "public", line), ("extension", "plpgsql", line)]);
    let mut database = Server::shared(Platform::Plain).database();
    load(&mut database, schema.to_sql());
    assert_eq!(database.column("SELECT nspname FROM pg_namespace WHERE nspname IN ('public', 'app')"), ["app"]);
}

#[test]
fn the_baseline_is_told() {
    let folder = Folder::new("plain");
    folder.write("pgproof.yaml", "postgres: 15\nmigrations: migrations\nbaseline: [before.sql]\n");
    folder.write("before.sql", "CREATE TABLE old (id integer);\n");
    folder.migration("001.sql", "ALTER TABLE old ADD COLUMN note text;\n");
    let schema = project(&folder).schema(None, ScriptParts::ON_PLATFORM).unwrap_or_else(|error| panic!("{error}"));
    let table = &schema.doc().tables[0];
    assert_eq!((table.name.as_str(), table.common.platform), ("old", false));
    assert_eq!(table.common.history.created.as_deref(), Some("before.sql:1"));
    assert_eq!(table.columns[1].history.created.as_deref(), Some("migrations/001.sql:1"));
}

#[test]
fn what_is_not_known_is_marked() {
    let folder = Folder::new("plain");
    folder.migration("001.sql", "CREATE TABLE t (id integer);\nCREATE TABLE u (id integer);\n");
    let declared = "'<?xml version=\"1.0\"?><a/>'";
    let sql = format!(
        "\nALTER TABLE t ADD COLUMN b xml DEFAULT {declared};\nCREATE TABLE lost (a xml DEFAULT {declared});\n"
    );
    folder.migration("002.sql", &sql);
    folder.migration("003.sql", "CREATE EXTENSION no_such;\nSELECT nonsense(;\n");
    folder.migration("004.sql", "CREATE EXTENSION no_such;\n");
    let schema = project(&folder).schema(None, ScriptParts::ON_PLATFORM).unwrap_or_else(|error| panic!("{error}"));
    let doc = schema.doc();
    let problems: Vec<_> = doc.problems.iter().map(|p| (p.code.as_str(), p.at.as_deref().unwrap_or(""))).collect();
    assert_eq!(
        problems,
        [
            ("opaque-statement", "migrations/002.sql:2"),
            ("opaque-statement", "migrations/002.sql:3"),
            ("migration-failed", "migrations/003.sql:2"),
        ]
    );
    let unknown: Vec<_> = doc.unknown.iter().map(|u| u.what.as_str()).collect();
    assert_eq!(unknown, ["relation public.lost", "relation public.t"]);
    let marked = |name: &str| doc.tables.iter().find(|t| t.name == name).expect(name).common.history.unknown.is_some();
    assert!(marked("t") && !marked("u"));
    assert!(doc.extensions[0].common.history.unknown.is_some());
    for remark in ["-- NOT KNOWN: relation public.lost", "-- NOT CERTAIN: migrations/003.sql:2"] {
        assert!(schema.to_sql().contains(remark), "{}", schema.to_sql());
    }
}

#[test]
fn a_program_among_the_migrations_makes_everything_uncertain() {
    let sql = "CREATE TABLE t (id integer);\n\\i other.sql\nCREATE TABLE known (id integer);\n";
    let schema = schema("supabase", sql);
    let doc = schema.doc();
    assert_eq!(doc.unknown[0].what, "everything made before");
    let marked: Vec<_> = doc.tables.iter().map(|t| (t.name.as_str(), t.common.history.unknown.is_some())).collect();
    // Of the platform's objects this is said once.
    assert_eq!(marked, [("known", false), ("t", true)]);
    assert!(doc.roles.is_empty() && doc.schemas.is_empty());
}

#[test]
fn secrets_are_hidden() {
    let sql = "CREATE ROLE r LOGIN PASSWORD 'hunter2';
               CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'host=h password=hunter2'::text $$;
               COMMENT ON FUNCTION f() IS 'postgres://bob:hunter2@db';";
    let schema = schema("plain", sql);
    assert_eq!(schema.doc().hidden_secrets, 2);
    for text in [schema.to_yaml().expect("YAML"), schema.to_json().expect("JSON"), schema.to_sql().to_owned()] {
        assert!(!text.contains("hunter2") && text.contains("***"), "{text}");
    }
    assert!(schema.to_sql().contains("-- 2 secrets are hidden"), "{}", schema.to_sql());
}

// ---- the command ----

/// Runs `pgproof schema` with these arguments on a folder.
fn run(folder: &Folder, args: &[&str]) -> (Exit, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut terminal = Terminal { out: Stream::new(&mut out), err: Stream::new(&mut err) };
    let directory = folder.path().to_owned();
    let schema = move |options: &Options, args: &SchemaArgs| {
        let options = Options { directory: directory.clone(), ..options.clone() };
        cli::print_schema(&options, args)
    };
    let args = ["pgproof", "schema"].iter().chain(args).map(std::ffi::OsString::from);
    let exit = cli::run(args, &Library { check: &cli::check_project, schema: &schema }, &mut terminal);
    drop(terminal);
    (exit, String::from_utf8(out).expect("UTF-8"), String::from_utf8(err).expect("UTF-8"))
}

#[test]
fn at_a_migration() {
    let folder = Folder::new("plain");
    folder.migration("001_first.sql", "CREATE TABLE first (id integer);");
    folder.migration("002_second.sql", "CREATE TABLE second (id integer);");
    folder.migration("010_third.sql", "DROP TABLE first;");
    let tables = |args: &[&str]| {
        let (exit, out, err) = run(&folder, &[args, &["--format", "json"]].concat());
        assert_eq!((exit, err.as_str()), (Exit::Passed, ""), "{args:?}");
        let doc: Value = serde_json::from_str(&out).expect("JSON");
        let names = doc["tables"].as_array().cloned().unwrap_or_default();
        let names: Vec<String> = names.iter().filter_map(|t| t["name"].as_str().map(str::to_owned)).collect();
        (doc["at"].as_str().unwrap_or_default().to_owned(), names.join(" "))
    };
    let expect = |at: &str, tables: &str| (format!("migrations/{at}"), tables.to_owned());
    assert_eq!(tables(&[]), expect("010_third.sql", "second"));
    assert_eq!(tables(&["--at", "1"]), expect("001_first.sql", "first"));
    assert_eq!(tables(&["--at", "002"]), expect("002_second.sql", "first second"));
    assert_eq!(tables(&["--at", "002_second.sql"]), expect("002_second.sql", "first second"));
    assert_eq!(tables(&["--at", "migrations/010_third.sql"]), expect("010_third.sql", "second"));

    let (exit, out, err) = run(&folder, &["--at", "002_secnd.sql"]);
    assert_eq!((exit, out.as_str()), (Exit::Unusable, ""));
    assert!(err.contains("no migration is `002_secnd.sql`"), "{err}");
    assert!(err.contains("did you mean `002_second.sql`?"), "{err}");
}

#[test]
fn formats() {
    let folder = Folder::new("plain");
    folder.migration("001.sql", "CREATE TABLE t (id integer);");
    let print = |format: &str| run(&folder, &["--format", format]).1;
    assert!(print("yaml").starts_with("version: 1\npostgres: 15\n"), "{}", print("yaml"));
    assert_eq!(run(&folder, &[]).1, print("yaml"));
    assert!(print("json").starts_with("{\n  \"version\": 2,\n"));
    assert!(print("sql").contains("CREATE TABLE public.t (\n    id integer\n);\n"), "{}", print("sql"));
    assert_eq!(run(&folder, &["--format", "xml"]).0, Exit::Unusable);
}

// ---- a real server ----

/// Everything that the catalogs of a server say of what a script made, one a line.
fn server_facts(database: &mut Database<'_>) -> BTreeSet<String> {
    assert_eq!(database.run("SET search_path = ''"), Ok(()));
    let mut facts = BTreeSet::new();
    for query in FACTS {
        let query = query.replace("$made", "NOT IN ('pg_catalog', 'information_schema', 'pg_toast')");
        facts.extend(database.column(&query));
    }
    facts
}

const FACTS: [&str; 15] = [
    "SELECT concat_ws(' | ', 'column', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull,
                attidentity, attgenerated, attstattarget, attstorage, attcompression,
                -- Later minor versions keep a number of their own there.
                (SELECT array_agg(o) FROM unnest(attoptions) o WHERE o NOT LIKE 'pg_attver=%'), collname,
                pg_get_expr(adbin, adrelid), col_description(attrelid, attnum),
                (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(attacl) a),
                row_number() OVER (PARTITION BY attrelid ORDER BY attnum))
     FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
     LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum LEFT JOIN pg_collation l ON l.oid = attcollation
     WHERE nspname $made AND relkind IN ('r', 'p', 'v', 'm', 'c', 'f') AND attnum > 0 AND NOT attisdropped",
    "SELECT concat_ws(' | ', 'relation', c.oid::regclass, relkind, relpersistence, relrowsecurity, relforcerowsecurity,
                relreplident, relispopulated, relowner::regrole, obj_description(c.oid, 'pg_class'),
                (SELECT string_agg(o, ',' ORDER BY o) FROM unnest(reloptions) o),
                (SELECT string_agg(a::text, ',' ORDER BY a::text)
                 FROM unnest(coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\", relowner))) a),
                pg_get_partkeydef(c.oid))
     FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname $made",
    "SELECT concat_ws(' | ', 'constraint', conrelid::regclass, contypid::regtype, conname, pg_get_constraintdef(oid),
                convalidated, obj_description(oid, 'pg_constraint'))
     FROM pg_constraint WHERE connamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)",
    "SELECT concat_ws(' | ', 'index', pg_get_indexdef(indexrelid), indisvalid, indisprimary, indisreplident)
     FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname $made",
    "SELECT concat_ws(' | ', 'view', c.oid::regclass, pg_get_viewdef(c.oid))
     FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname $made AND relkind IN ('v', 'm')",
    "SELECT concat_ws(' | ', 'policy', polrelid::regclass, polname, polcmd, polpermissive, pg_get_expr(polqual, polrelid),
                pg_get_expr(polwithcheck, polrelid), obj_description(oid, 'pg_policy'),
                (SELECT string_agg(r::regrole::text, ',' ORDER BY r::regrole::text) FROM unnest(polroles) r))
     FROM pg_policy",
    "SELECT concat_ws(' | ', 'trigger', pg_get_triggerdef(oid), tgenabled, obj_description(oid, 'pg_trigger'))
     FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT concat_ws(' | ', 'function', p.oid::regprocedure, proowner::regrole, obj_description(p.oid, 'pg_proc'),
                CASE WHEN prokind <> 'a' THEN pg_get_functiondef(p.oid) END,
                (SELECT string_agg(a::text, ',' ORDER BY a::text)
                 FROM unnest(coalesce(proacl, acldefault('f', proowner))) a))
     FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname $made",
    "SELECT concat_ws(' | ', 'type', t.oid::regtype, typtype, format_type(typbasetype, typtypmod), typnotnull, typdefault,
                typowner::regrole, obj_description(t.oid, 'pg_type'),
                (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),
                (SELECT string_agg(a::text, ',' ORDER BY a::text)
                 FROM unnest(coalesce(typacl, acldefault('T', typowner))) a))
     FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace WHERE nspname $made",
    "SELECT concat_ws(' | ', 'sequence', seqrelid::regclass, seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin,
                seqcache, seqcycle, (SELECT concat_ws(' ', deptype, refobjid::regclass, refobjsubid > 0) FROM pg_depend
                                     WHERE objid = seqrelid AND deptype IN ('a', 'i') AND refobjsubid > 0))
     FROM pg_sequence",
    "SELECT concat_ws(' | ', 'schema', nspname, nspowner::regrole, obj_description(oid, 'pg_namespace'),
                (SELECT string_agg(a::text, ',' ORDER BY a::text)
                 FROM unnest(coalesce(nspacl, acldefault('n', nspowner))) a))
     FROM pg_namespace WHERE nspname NOT LIKE 'pg_toast%' AND nspname NOT LIKE 'pg_temp%'",
    "SELECT concat_ws(' | ', 'extension', extname, extnamespace::regnamespace, extversion, obj_description(oid, 'pg_extension'))
     FROM pg_extension",
    "SELECT concat_ws(' | ', 'role', r.rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin,
                rolreplication, rolbypassrls,
                (SELECT string_agg(c, ',' ORDER BY c) FROM unnest(rolconfig) c), shobj_description(r.oid, 'pg_authid'),
                (SELECT string_agg(concat_ws(' ', m.roleid::regrole, m.admin_option), ',' ORDER BY m.roleid::regrole::text)
                 FROM pg_auth_members m WHERE m.member = r.oid))
     FROM pg_roles r",
    "SELECT concat_ws(' | ', 'publication', pubname, pubowner::regrole, puballtables, pubinsert, pubupdate, pubdelete,
                pubtruncate, obj_description(p.oid, 'pg_publication'),
                (SELECT string_agg(concat_ws(' ', schemaname, tablename, attnames, rowfilter), ',' ORDER BY tablename)
                 FROM pg_publication_tables t WHERE t.pubname = p.pubname),
                (SELECT string_agg(pnnspid::regnamespace::text, ',') FROM pg_publication_namespace WHERE pnpubid = p.oid))
     FROM pg_publication p",
    "SELECT concat_ws(' | ', 'default privileges', defaclrole::regrole, defaclnamespace::regnamespace, defaclobjtype,
                (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(defaclacl) a))
     FROM pg_default_acl",
];

fn difference(expected: &BTreeSet<String>, actual: &BTreeSet<String>) -> String {
    let missing = expected.difference(actual).map(|line| format!("- {line}\n"));
    let extra = actual.difference(expected).map(|line| format!("+ {line}\n"));
    missing.chain(extra).collect()
}

/// Runs the statements of a text one by one, so that a refusal says which one it was.
fn load(database: &mut Database<'_>, sql: &str) {
    for segment in pgproof::sql::parse(sql) {
        let pgproof::sql::Segment::Statement(statement) = segment else { panic!("{segment:?}") };
        let text = &sql[statement.span.range()];
        assert_eq!(database.run(text), Ok(()), "{text}");
    }
}

#[test]
fn a_server_has_the_same_after_the_script() {
    let sql = read("tests/schema/rich.sql");
    // Roles belong to the whole server, so each way needs one of its own.
    let servers = [Server::start(Platform::Plain), Server::start(Platform::Plain)];
    let mut migrated = servers[0].database();
    load(&mut migrated, &sql);
    let schema = schema("plain", &sql);
    let mut loaded = servers[1].database();
    load(&mut loaded, schema.to_sql());
    let expected = server_facts(&mut migrated);
    let actual = server_facts(&mut loaded);
    assert!(expected.len() > 250, "{}", expected.len());
    let difference = difference(&expected, &actual);
    assert!(difference.is_empty(), "{difference}");
    let difference = self::difference(&own_facts(&mut migrated), &doc_facts(&schema));
    assert!(difference.is_empty(), "{difference}");
}

#[test]
fn a_platform_has_the_same_after_the_script() {
    let sql = read("tests/schema/supabase.sql");
    let server = Server::shared(Platform::Supabase);
    let mut migrated = server.database();
    load(&mut migrated, &sql);
    let mut loaded = server.database();
    load(&mut loaded, schema("supabase", &sql).to_sql());
    let difference = difference(&server_facts(&mut migrated), &server_facts(&mut loaded));
    assert!(difference.is_empty(), "{difference}");
}

/// Loads a script as `psql` does, which stops at an error.
fn load_with_psql(database: &Database<'_>, script: &str) {
    use std::io::Write as _;
    let own = server::find_programs().join("psql");
    let mut psql = std::process::Command::new(if own.is_file() { own } else { "psql".into() });
    psql.arg("--host").arg(database.server().directory()).args(["--username", "postgres", "--dbname", database.name()]);
    psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--output", "/dev/null"]);
    let pipe = std::process::Stdio::piped;
    let mut child = psql.stdin(pipe()).stderr(pipe()).spawn().expect("psql runs");
    // It may have gone at the first error.
    let _ = child.stdin.take().expect("a pipe").write_all(script.as_bytes());
    let output = child.wait_with_output().expect("psql ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Extensions that the server does not have are left to the stand-ins that its platform has as well.
fn loadable(script: &str) -> String {
    let sql = server::stand_in::with_stand_ins(script, &mut BTreeSet::new());
    assert!(script.contains("-- The server must have the extensions pg_graphql, pgjwt, supabase_vault\n"), "{script}");
    sql
}

#[test]
fn an_empty_server_has_the_platform_after_the_script() {
    let sql = read("tests/schema/supabase.sql");
    let mut migrated = Server::shared(Platform::Supabase).database();
    load(&mut migrated, &sql);
    let expected = server_facts(&mut migrated);
    let folder = Folder::new("supabase");
    folder.migration("001_all.sql", &sql);
    let whole = project(&folder).schema(None, ScriptParts::default()).expect("a schema");
    let empty = Server::start(Platform::Plain);
    let mut loaded = empty.database();
    load_with_psql(&loaded, &loadable(whole.to_sql()));
    let difference = difference(&expected, &server_facts(&mut loaded));
    assert!(difference.is_empty(), "{difference}");
    drop(loaded);

    // Another database of the same server has the roles already.
    let parts = ScriptParts { roles: false, ..ScriptParts::default() };
    let without_roles = project(&folder).schema(None, parts).expect("a schema");
    let mut second = empty.superuser_database();
    load(&mut second, &loadable(without_roles.to_sql()));
    let difference = self::difference(&expected, &server_facts(&mut second));
    assert!(difference.is_empty(), "{difference}");
}

#[test]
fn what_is_there_already_is_left_out_of_the_script() {
    let folder = Folder::new("plain");
    folder.write("pgproof.yaml", "postgres: 15\nmigrations: migrations\nbaseline: [before.sql]\n");
    let before = "CREATE ROLE \"Old role\"; CREATE SCHEMA old; CREATE TABLE old.t (a integer);
         ALTER TABLE old.t OWNER TO \"Old role\"; COMMENT ON ROLE \"Old role\" IS 'old';";
    folder.write("before.sql", before);
    let after = "CREATE ROLE newer; COMMENT ON ROLE newer IS 'newer'; GRANT \"Old role\" TO newer;
         ALTER TABLE old.t ADD COLUMN b text; CREATE TABLE t (a integer); GRANT SELECT ON t TO newer;
         DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET application_name = %L', current_database(), '10% off'); END $$;";
    folder.migration("001_all.sql", after);
    let script = |args: &[&str]| {
        let (exit, out, err) = run(&folder, &[&["--format", "sql"], args].concat());
        assert_eq!((exit, err.as_str()), (Exit::Passed, ""), "{args:?}");
        out
    };
    let [whole, roles, baseline, both] = [
        script(&[]),
        script(&["--without", "roles"]),
        script(&["--without", "baseline"]),
        script(&["--without", "baseline,roles"]),
    ];
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("schema_without", [&whole, &roles, &baseline, &both].map(String::as_str).join("-----\n"));
    });
    // Each is loaded where what it leaves out is there.
    let server = Server::start(Platform::Plain);
    let mut migrated = server.database();
    load(&mut migrated, before);
    load(&mut migrated, after);
    let expected = server_facts(&mut migrated);
    let same = |mut loaded: Database<'_>, script: &str| {
        load_with_psql(&loaded, script);
        let difference = difference(&expected, &server_facts(&mut loaded));
        assert!(difference.is_empty(), "{difference}\n{script}");
    };
    same(server.database(), &roles);
    let mut with_baseline = server.database();
    let second = before.split_once(';').expect("a statement").1;
    load(&mut with_baseline, second);
    same(with_baseline, &both);
    drop(migrated);
    server.drop_new_roles();
    same(server.database(), &whole);
    server.drop_new_roles();
    let mut with_baseline = server.database();
    load(&mut with_baseline, before);
    same(with_baseline, &baseline);

    let (exit, _, err) = run(&folder, &["--without", "roles"]);
    assert_eq!(exit, Exit::Unusable);
    assert!(err.contains("'--without <PART>' is for '--format sql'"), "{err}");
    assert_eq!(run(&folder, &["--format", "sql", "--without", "tables"]).0, Exit::Unusable);
}

const PROVIDED: &str = "
    CREATE TYPE size AS ENUM ('s', 'm');
    CREATE SEQUENCE numbers;
    CREATE TABLE base (id integer PRIMARY KEY, a varchar(5) DEFAULT 'x', b text NOT NULL, gone text, kept text);
    CREATE TABLE other (id integer PRIMARY KEY, note text);
    CREATE TABLE untouched (id integer);
    CREATE INDEX base_a ON base (a);
    CREATE INDEX base_b ON base (b);
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
    CREATE TRIGGER t1 BEFORE INSERT ON base FOR EACH ROW EXECUTE FUNCTION touch();
    CREATE TRIGGER t2 BEFORE INSERT ON base FOR EACH ROW EXECUTE FUNCTION touch();
    ALTER TABLE base ENABLE ROW LEVEL SECURITY, ADD CONSTRAINT c1 CHECK (id > 0), ADD CONSTRAINT c2 CHECK (id < 9);
    CREATE POLICY p1 ON base USING (true);
    CREATE POLICY p2 ON base USING (true);
    CREATE VIEW seen AS SELECT id FROM base;
    CREATE PUBLICATION pub FOR TABLE base, other;
    GRANT SELECT ON base TO PUBLIC;
    GRANT UPDATE (a) ON base TO PUBLIC;
    COMMENT ON TABLE base IS 'old';
    ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;";

const CHANGES: &str = "
    ALTER TYPE size ADD VALUE 'xs' BEFORE 's';
    ALTER TYPE size ADD VALUE 'l';
    ALTER SEQUENCE numbers INCREMENT BY 2;
    ALTER TABLE base ALTER COLUMN a TYPE varchar(9), ALTER COLUMN a DROP DEFAULT, ALTER COLUMN b DROP NOT NULL,
        ALTER COLUMN kept SET NOT NULL, ALTER COLUMN kept SET DEFAULT 'y', DROP COLUMN gone, ADD COLUMN size size DEFAULT 'l';
    ALTER TABLE base RENAME COLUMN b TO c;
    DROP INDEX base_a;
    CREATE INDEX base_size ON base (size);
    CREATE OR REPLACE FUNCTION one() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 2';
    DROP TRIGGER t1 ON base;
    ALTER TABLE base DISABLE TRIGGER t2;
    ALTER TABLE base DISABLE ROW LEVEL SECURITY, DROP CONSTRAINT c1;
    ALTER TABLE base RENAME CONSTRAINT c2 TO c3;
    ALTER TABLE base ADD CONSTRAINT other_one FOREIGN KEY (id) REFERENCES other, SET (fillfactor = 50);
    DROP POLICY p1 ON base;
    ALTER POLICY p2 ON base USING (id > 1);
    CREATE POLICY p3 ON base FOR DELETE USING (false);
    CREATE OR REPLACE VIEW seen AS SELECT id, kept FROM base;
    ALTER PUBLICATION pub DROP TABLE other;
    ALTER PUBLICATION pub SET (publish = 'insert');
    REVOKE SELECT ON base FROM PUBLIC;
    REVOKE UPDATE (a) ON base FROM PUBLIC;
    COMMENT ON TABLE base IS NULL;
    COMMENT ON COLUMN base.kept IS 'kept';
    ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM PUBLIC;
    ALTER TABLE other RENAME TO renamed;
    DROP FUNCTION touch() CASCADE;";

#[test]
fn changes_of_what_a_platform_made_are_made_again() {
    let mut sources = SourceMap::new();
    let mut replay = Replay::new(15);
    let mut sequence = 0;
    let mut run = |replay: &mut Replay, text: &str, layer| {
        let file = sources.add("script.sql", text);
        let script = Script { file, text: text.into(), layer, transaction: TransactionMode::Statement };
        let outcome = replay.run(&script, Session::new(BOOTSTRAP_ROLE), &mut sequence);
        assert!(outcome.error.is_none() && outcome.opaque.is_empty(), "{outcome:?}");
    };
    run(&mut replay, PROVIDED, Layer::Platform);
    let platform = replay.catalog.clone();
    run(&mut replay, CHANGES, Layer::Migration(0));
    let search_path = [PUBLIC_SCHEMA];
    let source = Source {
        catalog: &replay.catalog,
        platform: &platform,
        platform_name: Some("test"),
        platform_script: None,
        parts: ScriptParts::ON_PLATFORM,
        user: BOOTSTRAP_ROLE,
        search_path: &search_path,
        sources: &sources,
        at: None,
        findings: &[],
    };
    let schema = Schema::new(&source);
    let names: Vec<_> = schema.doc().tables.iter().map(|t| (t.name.as_str(), t.common.platform)).collect();
    assert_eq!(names, [("base", true), ("renamed", true)]);
    let server = Server::shared(Platform::Plain);
    let mut migrated = server.database();
    load(&mut migrated, PROVIDED);
    load(&mut migrated, CHANGES);
    let mut loaded = server.database();
    load(&mut loaded, PROVIDED);
    load(&mut loaded, schema.to_sql());
    let difference = difference(&server_facts(&mut migrated), &server_facts(&mut loaded));
    assert!(difference.is_empty(), "{difference}\n{}", schema.to_sql());
}

/// What can be said of a schema without texts in which only a server knows all types.
fn own_facts(database: &mut Database<'_>) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    for query in [
        "SELECT concat_ws(' ', 'column', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull,
                    attidentity, attgenerated)
         FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
         WHERE nspname IN ('app', 'Odd schema') AND relkind IN ('r', 'p', 'v', 'm') AND attnum > 0 AND NOT attisdropped",
        "SELECT concat_ws(' ', 'key', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint c
         WHERE contype IN ('p', 'u', 'f') AND connamespace = 'app'::regnamespace AND NOT EXISTS
            (SELECT FROM pg_constraint a WHERE a.oid = c.conparentid AND a.conrelid = c.conrelid)",
        "SELECT concat_ws(' ', 'index', indrelid::regclass, pg_get_indexdef(indexrelid))
         FROM pg_index JOIN pg_class c ON c.oid = indexrelid
         WHERE relnamespace = 'app'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
        "SELECT concat_ws(' ', 'function', p.oid::regprocedure, pg_get_function_result(p.oid)) FROM pg_proc p
         WHERE pronamespace = 'app'::regnamespace
         AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')",
        "SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT concat_ws(' ', 'policy', polrelid::regclass, polname, polpermissive,
                    (SELECT string_agg(coalesce(rolname, 'public'), ' ' ORDER BY rolname)
                     FROM unnest(polroles) r LEFT JOIN pg_roles ON pg_roles.oid = r)) FROM pg_policy",
        "SELECT concat_ws(' ', 'table', c.oid::regclass, relrowsecurity, relforcerowsecurity, relowner::regrole)
         FROM pg_class c WHERE relnamespace IN ('app'::regnamespace, '\"Odd schema\"'::regnamespace)
         AND relkind IN ('r', 'p')",
    ] {
        facts.extend(database.column(query));
    }
    facts
}

/// The same, as the document says it.
fn doc_facts(schema: &Schema) -> BTreeSet<String> {
    let quote = |name: &str| {
        let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit());
        if plain && name != "both" { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
    };
    let letter = |value: bool| if value { "t" } else { "f" };
    let join = |parts: &[&str]| parts.join(" ");
    let doc = schema.doc();
    let mut facts = BTreeSet::new();
    let views = doc.views.iter().chain(&doc.materialized_views).map(|v| (&v.schema, &v.name, &v.columns));
    for (schema, name, columns) in doc.tables.iter().map(|t| (&t.schema, &t.name, &t.columns)).chain(views) {
        for column in columns {
            let identity = match column.identity.as_ref().map(|i| i.generation) {
                Some("ALWAYS") => "a",
                Some(_) => "d",
                None => "",
            };
            let generated = if column.generated.is_some() { "s" } else { "" };
            let relation = format!("{}.{}", quote(schema), quote(name));
            let ty = column.ty.as_deref().unwrap_or("?");
            facts.insert(join(&["column", &relation, &column.name, ty, letter(column.not_null), identity, generated]));
        }
    }
    for table in &doc.tables {
        let name = format!("{}.{}", quote(&table.schema), quote(&table.name));
        let owner = table.common.owner.as_deref().unwrap_or(&doc.user);
        facts.insert(join(&["table", &name, letter(table.row_security), letter(table.force_row_security), owner]));
        for key in table.constraints.iter().filter(|c| !matches!(c.ty, "check" | "exclude")) {
            facts.insert(join(&["key", &name, &key.name, &key.definition]));
        }
        for policy in &table.policies {
            let permissive = letter(!policy.restrictive);
            facts.insert(join(&["policy", &name, &policy.name, permissive, &policy.roles.join(" ")]));
        }
        facts.extend(table.triggers.iter().map(|t| join(&["trigger", &t.definition])));
        facts.extend(table.indexes.iter().map(|i| join(&["index", &name, &i.definition])));
    }
    for view in doc.views.iter().chain(&doc.materialized_views) {
        let name = format!("{}.{}", quote(&view.schema), quote(&view.name));
        facts.extend(view.triggers.iter().map(|t| join(&["trigger", &t.definition])));
        facts.extend(view.indexes.iter().map(|i| join(&["index", &name, &i.definition])));
    }
    for function in &doc.functions {
        let name = format!("{}.{}({})", quote(&function.schema), quote(&function.name), function.arguments.join(","));
        let result = function.returns.as_deref().map(|r| format!(" {r}")).unwrap_or_default();
        facts.insert(format!("function {name}{result}"));
    }
    facts
}
