//! Typed trees print as the server that made them prints them: its node trees are read, and its own text is expected. Then
//! the text is parsed, analysed and printed once more.

mod node_tree;
mod server;

use std::sync::Arc;

use node_tree::objects::{self, Outcome};
use node_tree::{Source, reader, session};
use pgproof::catalog::{BOOTSTRAP_ROLE, Catalog, Layer, PG_CATALOG};
use pgproof::expr::analyze::{Environment, analyze_query};
use pgproof::expr::deparse::{Deparser, Pretty};
use pgproof::project::TransactionMode;
use pgproof::replay::{Replay, Script, Session};
use pgproof::source::SourceMap;
use pgproof::sql::ast::Name;
use pgproof::sql::parse_query;
use server::Server;

const SETUP: &str = include_str!("deparse/setup.sql");
/// A query a line.
const VIEWS: &str = include_str!("deparse/views.sql");
/// Statements with empty lines between them. What a version does not know, it has not.
const OBJECTS: &str = include_str!("deparse/objects.sql");

#[test]
fn system_views() {
    for server in Server::versions() {
        let catalog = Catalog::new(server.major_version());
        let database = server.database();
        let outcome = views(&mut Source::new(&database, &catalog), "nspname IN ('pg_catalog', 'information_schema')");
        assert!(outcome.failures.is_empty(), "{}", outcome.failures.join("\n"));
        assert!(outcome.same > 600, "{}", outcome.same);
    }
}

#[test]
fn made_views() {
    for server in Server::versions() {
        let database = server.database();
        let mut client = session(&database);
        client.batch_execute(SETUP).expect("the tables");
        for (i, view) in VIEWS.lines().enumerate() {
            if client.batch_execute(&format!("CREATE VIEW s.view{i:03} AS {view}")).is_err() {
                // Columns whose names are not unique, or a version that does not know the syntax.
                let Ok(statement) = client.prepare(view.trim_end_matches(';')) else { continue };
                let names: Vec<_> = (0..statement.columns().len()).map(|i| format!("c{i}")).collect();
                let create = format!("CREATE VIEW s.view{i:03} ({}) AS {view}", names.join(", "));
                client.batch_execute(&create).unwrap_or_else(|error| panic!("{view}: {error:?}"));
            }
        }
        let catalog = replayed(server.major_version());
        let outcome = views(&mut Source::new(&database, &catalog), "nspname = 's'");
        assert!(outcome.failures.is_empty(), "{}", outcome.failures.join("\n"));
        assert!(outcome.same > 500, "{}", outcome.same);
    }
}

#[test]
fn made_objects() {
    for server in Server::versions() {
        let database = server.database();
        let mut client = session(&database);
        client.batch_execute(SETUP).expect("the tables");
        for statement in OBJECTS.split("\n\n") {
            // What only a newer version knows is not there.
            let _ = client.batch_execute(statement);
        }
        let catalog = replayed(server.major_version());
        let mut source = Source::new(&database, &catalog);
        let mut outcome = Outcome::default();
        objects::rules(&mut source, &mut outcome);
        objects::functions(&mut source, &mut outcome);
        objects::expressions(&mut source, &mut outcome);
        objects::triggers(&mut source, &mut outcome);
        objects::indexes(&mut source, &mut outcome);
        assert!(outcome.failures.is_empty(), "{}", outcome.failures.join("\n"));
        assert!(outcome.same > 120, "{}", outcome.same);
    }
}

/// Holds views against their own definitions, plain, pretty and with long lines, and once more after another round.
fn views(source: &mut Source<'_>, condition: &str) -> Outcome {
    let sql = format!(
        "SELECT c.oid::regclass::text, r.ev_action::text, pg_get_viewdef(c.oid), pg_get_viewdef(c.oid, true),
                pg_get_viewdef(c.oid, 60), ARRAY(SELECT attname::text FROM pg_attribute
                                                 WHERE attrelid = c.oid AND attnum > 0 ORDER BY attnum)
         FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class JOIN pg_namespace n ON n.oid = relnamespace
         WHERE rulename = '_RETURN' AND ({condition}) ORDER BY 1"
    );
    let rows = source.client.query(&sql, &[]).expect("views");
    let plain = Deparser::new(source.catalog, &[]);
    let pretty = plain.clone().pretty(Pretty::PRETTY);
    let wide = pretty.clone().wrap_column(60);
    let mut outcome = Outcome::default();
    for row in rows {
        let name: String = row.get(0);
        let columns: Vec<Name> = row.get::<_, Vec<String>>(5).into_iter().map(Name::from).collect();
        let query = source.converter().view(&reader::read(row.get(1)));
        let query = query.unwrap_or_else(|reason| panic!("{name}: {reason}"));
        for (deparser, expected) in [(&plain, 2), (&pretty, 3), (&wide, 4)] {
            let expected: String = row.get(expected);
            outcome.check(&name, &expected, deparser.view_def(&query, &columns));
            // What the server itself prints differently the second time is the same from then on.
            let Some(once) = again(source.catalog, deparser, &expected, &columns) else { continue };
            if let Some(twice) = again(source.catalog, deparser, &once, &columns) {
                outcome.check(&name, &once, Ok(twice));
            }
        }
    }
    outcome
}

/// A printed query, parsed, analysed and printed; nothing where it has constants of types that are not read.
fn again(catalog: &Catalog, deparser: &Deparser<'_>, text: &str, columns: &[Name]) -> Option<String> {
    // `CYCLE … TO 'Y'::text` is printed but not parsed by PostgreSQL.
    let query = parse_query(text.trim_end_matches(';')).ok()?;
    let path = [PG_CATALOG];
    let env = Environment::new(catalog, &path);
    match analyze_query(&env, &query) {
        Ok(tree) => Some(deparser.view_def(&tree.tree, columns).unwrap_or_else(|stop| panic!("{text}: {stop:?}"))),
        Err(pgproof::replay::Stop::Opaque(_)) => None,
        Err(stop @ pgproof::replay::Stop::Error(_)) => panic!("{text}: {stop:?}"),
    }
}

/// A catalog with the tables.
fn replayed(version: u32) -> Catalog {
    let mut sources = SourceMap::new();
    let file = sources.add("setup.sql", SETUP);
    let mut replay = Replay::new(version);
    let text = Arc::from(SETUP);
    let script = Script { file, text, layer: Layer::Migration(0), transaction: TransactionMode::Statement };
    let outcome = replay.run(&script, Session::new(BOOTSTRAP_ROLE), &mut 0);
    assert!(outcome.error.is_none() && outcome.opaque.is_empty(), "{outcome:#?}");
    replay.catalog
}
