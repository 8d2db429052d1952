//! Constants: what a real server's input and output functions make of a literal.
//!
//! `tests/datum/literals.txt` has them: a line `== type` with the type's name in `pg_type`, then one literal a line. `\n`,
//! `\t`, `\s` and `\e` stand for a line break, a tab, a space at an end of the line and nothing; `\\` for a backslash
//! before one of these letters. A literal after `?` need not be read, but if it is it has to agree.

mod server;

use std::sync::Arc;

use pgproof::catalog::{BOOTSTRAP_ROLE, Catalog, Layer, Oid, PG_CATALOG, PUBLIC_SCHEMA};
use pgproof::expr::datum::{self, DatumEnv};
use pgproof::platform::Platform;
use pgproof::project::TransactionMode;
use pgproof::replay::{Replay, Script, Session, Stop};
use pgproof::source::FileId;
use server::Server;

const LITERALS: &str = include_str!("datum/literals.txt");

/// What the literals need.
const SETUP: &str = "
    CREATE TYPE mood AS ENUM ('sad', 'ok', 'very happy', 'a,b');
    CREATE TABLE things (id integer, name text, price numeric(6, 2), code varchar(3), flags bit(3), at timestamptz(1));
    ALTER TABLE things DROP COLUMN code;
    CREATE TYPE pair AS (a integer, b text);
    CREATE TYPE sized AS (a varchar(3), b char(3), c numeric(4, 1), d bit(3), e bit varying(3), f interval(1), g time(2));
    CREATE TYPE spans AS (a interval year to month, b interval day to hour, c interval minute to second, d interval day);
    CREATE DOMAIN age AS integer;
    CREATE DOMAIN ages AS integer[];
    CREATE DOMAIN short AS varchar(2);
    CREATE SCHEMA other;
    CREATE TABLE other.\"Odd Name\" (a integer);
    CREATE FUNCTION other.twice(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 * 2';
    CREATE FUNCTION twice(integer, text) RETURNS integer LANGUAGE sql AS 'SELECT $1 * 2';
    CREATE FUNCTION twice(bigint) RETURNS integer LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION once(bigint) RETURNS integer LANGUAGE sql AS 'SELECT 1';
";

fn unescape(line: &str) -> String {
    line.replace("\\n", "\n").replace("\\t", "\t").replace("\\s", " ").replace("\\e", "").replace("\\\\", "\\")
}

/// The type of a name in `pg_type`, `[]` behind it for an array.
fn type_of(catalog: &Catalog, name: &str) -> Oid {
    if let Some(element) = name.strip_suffix("[]") {
        return catalog.array_of(type_of(catalog, element)).unwrap_or_else(|| panic!("no array of {element}"));
    }
    let user = catalog.type_in(PUBLIC_SCHEMA, name).map(|ty| ty.oid);
    let builtin = || catalog.builtins().type_by_name(name).map(|ty| ty.oid);
    user.or_else(builtin).unwrap_or_else(|| panic!("no type {name}"))
}

#[test]
fn literals_become_what_a_server_makes_of_them() {
    let server = Server::shared(Platform::Plain);
    let mut database = server.database();
    database.run(SETUP).expect("the setup");
    let mut replay = Replay::new(server.major_version());
    let script = Script {
        file: FileId(0),
        text: Arc::from(SETUP),
        layer: Layer::Migration(0),
        transaction: TransactionMode::Statement,
    };
    let outcome = replay.run(&script, Session::new(BOOTSTRAP_ROLE), &mut 0);
    assert!(outcome.error.is_none() && outcome.opaque.is_empty(), "{outcome:#?}");

    let path = [PG_CATALOG, PUBLIC_SCHEMA];
    let mut differences = Vec::new();
    let (mut name, mut zone, mut count) = ("", "UTC", 0);
    for line in LITERALS.lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(set) = line.strip_prefix("@zone ") {
            zone = set;
            continue;
        }
        if let Some(ty) = line.strip_prefix("== ") {
            name = ty;
            continue;
        }
        let (optional, line) = line.strip_prefix('?').map_or((false, line), |rest| (true, rest));
        let literal = unescape(line);
        count += 1;
        database.run(&format!("SET TimeZone = '{zone}'")).expect("a zone");
        let bare = name.trim_end_matches("[]");
        let quoted = format!("\"{bare}\"{}", &name[bare.len()..]);
        let query = format!("SELECT '{}'::{quoted}", literal.replace('\'', "''"));
        let there = match database.query(&query) {
            Ok(rows) => Ok(rows[0][0].clone().unwrap_or_default()),
            Err(refusal) => Err(format!("{} {}", refusal.sqlstate, refusal.message)),
        };
        let env = DatumEnv { time_zone: zone, output_zone: zone, ..DatumEnv::new(&replay.catalog, &path) };
        let here = match datum::input(&env, type_of(&replay.catalog, name), -1, &literal) {
            Ok(datum) => Ok(datum.text),
            Err(Stop::Error(error)) => Err(format!("{} {}", error.sqlstate, error.message)),
            Err(Stop::Opaque(_)) if optional => continue,
            Err(Stop::Opaque(opaque)) => Err(format!("not known: {}", opaque.reason)),
        };
        if here != there {
            differences.push(format!("{name} {literal:?}\n  server {there:?}\n  replay {here:?}"));
        }
    }
    assert!(differences.is_empty(), "{} of {count} differ\n{}", differences.len(), differences.join("\n"));
}
