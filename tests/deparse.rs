//! Typed trees print as the server that made them prints them: its node trees are read, and its own text is expected.

mod node_tree;

use std::collections::HashMap;

use node_tree::convert::{Converter, Kind};
use node_tree::reader;
use pgproof::catalog::{Catalog, INFORMATION_SCHEMA, Oid, PG_CATALOG};
use pgproof::expr::deparse::{Deparser, Pretty};
use pgproof::sql::ast::Name;
use postgres::{Client, NoTls};

/// Numbers that `initdb` gives, by the names of the objects.
fn numbers(client: &mut Client, catalog: &Catalog) -> HashMap<(u8, u32), u32> {
    let mut map = HashMap::new();
    let schema = |name: &str| match name {
        "pg_catalog" => Some(PG_CATALOG),
        "information_schema" => Some(INFORMATION_SCHEMA),
        _ => None,
    };
    let builtins = catalog.builtins();
    let rows = client
        .query("SELECT c.oid, n.nspname::text, c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace", &[])
        .expect("relations");
    for row in rows {
        let (oid, namespace, name): (u32, String, String) = (row.get(0), row.get(1), row.get(2));
        if let Some(found) = schema(&namespace).and_then(|schema| builtins.relation_oid(schema, &name)) {
            map.insert((0, oid), found.0);
        } else if let Some(found) = catalog.schema_named(&namespace).and_then(|s| catalog.relation_in(s.oid, &name)) {
            map.insert((0, oid), found.oid.0);
        }
    }
    let rows = client
        .query(
            "SELECT t.oid, n.nspname::text, t.typname::text FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace",
            &[],
        )
        .expect("types");
    for row in rows {
        let (oid, namespace, name): (u32, String, String) = (row.get(0), row.get(1), row.get(2));
        let schema = schema(&namespace).or_else(|| catalog.schema_named(&namespace).map(|s| s.oid));
        if let Some(found) = schema.and_then(|schema| catalog.type_oid_in(schema, &name)) {
            map.insert((1, oid), found.0);
        }
    }
    let rows = client
        .query(
            "SELECT p.oid, n.nspname::text, p.proname::text, p.pronargs::int FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace",
            &[],
        )
        .expect("functions");
    for row in rows {
        let (oid, namespace, name, count): (u32, String, String, i32) =
            (row.get(0), row.get(1), row.get(2), row.get(3));
        let schema = schema(&namespace).or_else(|| catalog.schema_named(&namespace).map(|s| s.oid));
        let Some(schema) = schema else { continue };
        if catalog.function_info(Oid(oid)).is_some_and(|f| f.name() == name) {
            map.insert((2, oid), oid);
        } else if let Some(found) = catalog.functions_by_name(schema, &name).find(|f| f.input_count() == count as usize)
        {
            map.insert((2, oid), found.oid().0);
        }
    }
    map
}

fn compare(client: &mut Client, catalog: &Catalog, condition: &str) -> (usize, Vec<String>) {
    let version = catalog.version();
    client.batch_execute("SET search_path = pg_catalog").expect("a path");
    let map = numbers(client, catalog);
    let lookup = |kind: Kind, oid: u32| {
        let class = match kind {
            Kind::Relation => 0,
            Kind::Type => 1,
            Kind::Function => 2,
            Kind::Operator | Kind::Collation | Kind::Opclass => return Some(oid),
        };
        map.get(&(class, oid)).copied()
    };
    let names: HashMap<u32, String> = client
        .query("SELECT oid, oid::regclass::text FROM pg_class", &[])
        .expect("names")
        .into_iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    let object = |ty: u32, oid: u32| if ty == 2205 { names.get(&oid).cloned() } else { None };
    let rows = client
        .query(
            &format!(
                "SELECT c.oid::regclass::text, r.ev_action::text, pg_get_viewdef(c.oid), pg_get_viewdef(c.oid, true),
                        pg_get_viewdef(c.oid, 60), (SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0)
                 FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class JOIN pg_namespace n ON n.oid = relnamespace
                 WHERE rulename = '_RETURN' AND ({condition}) ORDER BY 1"
            ),
            &[],
        )
        .expect("views");
    let mut failures = Vec::new();
    let (mut same, mut unread) = (0, Vec::new());
    let deparser = Deparser::new(catalog, &[]);
    for row in rows {
        let name: String = row.get(0);
        let tree: String = row.get(1);
        let columns: Vec<String> = row.get::<_, Option<Vec<String>>>(5).unwrap_or_default();
        let columns: Vec<Name> = columns.into_iter().map(Name::from).collect();
        let mut converter = Converter::new(version, &lookup, &object);
        let query = match converter.view(&reader::read(&tree)) {
            Ok(query) => query,
            Err(reason) => {
                unread.push(format!("{name}: {reason}"));
                continue;
            }
        };
        let texts = [
            deparser.view_def(&query, &columns),
            deparser.clone().pretty(Pretty::PRETTY).view_def(&query, &columns),
            deparser.clone().pretty(Pretty::PRETTY).wrap_column(60).view_def(&query, &columns),
        ];
        for (i, text) in texts.into_iter().enumerate() {
            let expected: String = row.get(2 + i);
            match text {
                Ok(text) if text == expected => same += 1,
                Ok(text) => failures.push(difference(&format!("{name} ({i})"), &expected, &text)),
                Err(stop) => failures.push(format!("{name} ({i}): {stop:?}")),
            }
        }
    }
    eprintln!("{version}: {same} the same, {} different, {} not read", failures.len(), unread.len());
    for reason in unread {
        eprintln!("  not read: {reason}");
    }
    (same, failures)
}

fn difference(name: &str, expected: &str, text: &str) -> String {
    let mut lines = expected.lines().zip(text.lines()).skip_while(|(a, b)| a == b);
    match lines.next() {
        Some((a, b)) => format!("{name}:\n  server: {a}\n  here:   {b}"),
        None => format!("{name}: one text is longer\n{expected}\n--\n{text}"),
    }
}

#[test]
fn system_views() {
    let mut failures = Vec::new();
    for (version, port) in [(15, 5415), (18, 5418)] {
        let mut client =
            Client::connect(&format!("host=/tmp/pgshared port={port} user=postgres dbname=postgres"), NoTls)
                .expect("a server");
        let catalog = Catalog::new(version);
        let (_, mut found) = compare(&mut client, &catalog, "nspname IN ('pg_catalog', 'information_schema')");
        failures.append(&mut found);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

const SETUP: &str = include_str!("deparse/setup.sql");
const VIEWS: &str = include_str!("deparse/views.sql");

#[test]
fn made_views() {
    let mut failures = Vec::new();
    for (version, port) in [(15, 5415), (18, 5418)] {
        let config = format!("host=/tmp/pgshared port={port} user=postgres dbname=postgres");
        let mut client = Client::connect(&config, NoTls).expect("a server");
        let _ = client.batch_execute("CREATE DATABASE deparse");
        let config = format!("host=/tmp/pgshared port={port} user=postgres dbname=deparse");
        let mut client = Client::connect(&config, NoTls).expect("a server");
        client.batch_execute("DROP SCHEMA IF EXISTS s CASCADE").expect("a clean database");
        client.batch_execute(SETUP).expect("the tables");
        let catalog = replay(version, SETUP);
        for (i, view) in VIEWS.lines().enumerate() {
            if let Err(error) = client.batch_execute(&format!("CREATE VIEW s.view{i:03} AS {view}")) {
                eprintln!(
                    "{version}: {view}\n  {}",
                    error.as_db_error().map_or(String::new(), |e| e.message().to_owned())
                );
            }
        }
        let (_, mut found) = compare(&mut client, &catalog, "nspname = 's'");
        failures.append(&mut found);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn replay(version: u32, sql: &str) -> Catalog {
    let mut sources = pgproof::source::SourceMap::new();
    let file = sources.add("setup.sql", sql);
    let mut replay = pgproof::replay::Replay::new(version);
    let script = pgproof::replay::Script {
        file,
        text: std::sync::Arc::from(sql),
        layer: pgproof::catalog::Layer::Migration(0),
        transaction: pgproof::project::TransactionMode::Statement,
    };
    let session = pgproof::replay::Session::new(pgproof::catalog::BOOTSTRAP_ROLE);
    let outcome = replay.run(&script, session, &mut 0);
    assert!(outcome.error.is_none() && outcome.opaque.is_empty(), "{outcome:#?}");
    replay.catalog
}
