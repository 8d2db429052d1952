//! Node trees as a server stores them (`pg_node_tree`), read and converted to typed trees.

pub mod convert;
pub mod datum;
pub mod objects;
pub mod reader;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use pgproof::catalog::{Catalog, INFORMATION_SCHEMA, Oid, PG_CATALOG};
use postgres::{Client, Config, NoTls};

use crate::server::Database;
use convert::{Converter, Kind};

/// A session in a database, with what is needed to convert its trees.
pub struct Source<'a> {
    pub catalog: &'a Catalog,
    pub client: Client,
    /// The numbers that its objects have in the catalog.
    numbers: HashMap<(Kind, u32), u32>,
    /// Another session, and the types that can be cast to there.
    casts: RefCell<(Client, HashSet<u32>)>,
}

/// A session of `postgres` in a database.
pub fn session(database: &Database<'_>) -> Client {
    let directory = database.server().directory();
    Config::new().host_path(directory).user("postgres").dbname(database.name()).connect(NoTls).expect("a session")
}

impl<'a> Source<'a> {
    pub fn new(database: &Database<'_>, catalog: &'a Catalog) -> Source<'a> {
        let mut client = session(database);
        client.batch_execute("SET search_path = pg_catalog").expect("a path");
        let numbers = numbers(&mut client, catalog);
        Source { catalog, client, numbers, casts: RefCell::new((session(database), HashSet::new())) }
    }

    /// The number that an object of the server has in the catalog.
    pub fn number(&self, kind: Kind, oid: u32) -> Option<u32> {
        match kind {
            Kind::Operator | Kind::Collation => Some(oid),
            Kind::Relation | Kind::Type | Kind::Function | Kind::Opclass => self.numbers.get(&(kind, oid)).copied(),
        }
    }

    pub fn oid(&self, kind: Kind, oid: u32) -> Oid {
        Oid(self.number(kind, oid).unwrap_or(0))
    }

    /// Converts with this.
    pub fn converter(&self) -> Converter<'_> {
        Converter::new(self)
    }

    /// The text of a constant whose bytes are not understood here: objects by their numbers, other types through a cast
    /// from their bytes.
    pub fn constant_text(&self, ty: u32, bytes: &[u8]) -> Option<String> {
        let (client, known) = &mut *self.casts.borrow_mut();
        let word = |at: usize| Some(i32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        let type_of = "SELECT typlen::int, typtype::text, format_type(oid, -1) FROM pg_type WHERE oid = $1";
        client.batch_execute("SET search_path = pg_catalog").ok()?;
        let row = client.query_one(type_of, &[&ty]).ok()?;
        let (length, kind, name): (i32, String, String) = (row.get(0), row.get(1), row.get(2));
        let sql = match (kind.as_str(), length) {
            ("e", _) => format!("SELECT enumlabel::text FROM pg_enum WHERE oid = {}", word(0)? as u32),
            (_, 4) if name.starts_with("reg") => format!("SELECT {}::{name}::text", word(0)? as u32),
            (_, 16) if name == "interval" => {
                let micros = i64::from_le_bytes(bytes.get(..8)?.try_into().ok()?);
                let (days, months) = (word(8)?, word(12)?);
                format!("SELECT (make_interval(months => {months}, days => {days}) + {micros} * interval '1us')::text")
            }
            (_, -1) => {
                if known.insert(ty) {
                    // Fails where there is one.
                    let _ = client.batch_execute(&format!("CREATE CAST (bytea AS {name}) WITHOUT FUNCTION"));
                }
                let hex: String = bytes.get(4..)?.iter().map(|b| format!("{b:02x}")).collect();
                format!("SELECT ('\\x{hex}'::bytea::{name})::text")
            }
            _ => return None,
        };
        client.query_one(&sql, &[]).ok().map(|row| row.get(0))
    }
}

/// Finds an object by its number and two parts of its name, and how many arguments it has.
type Find<'f> = &'f dyn Fn(u32, &str, &str, i32) -> Option<(Kind, Oid)>;

/// Numbers that `initdb` gives and those of other objects, by the names.
fn numbers(client: &mut Client, catalog: &Catalog) -> HashMap<(Kind, u32), u32> {
    let schema = |name: &str| match name {
        "pg_catalog" => Some(PG_CATALOG),
        "information_schema" => Some(INFORMATION_SCHEMA),
        name => catalog.schema_named(name).map(|schema| schema.oid),
    };
    let builtins = catalog.builtins();
    let mut map = HashMap::new();
    let mut each = |sql: &str, find: Find<'_>| {
        for row in client.query(sql, &[]).expect("names") {
            let (oid, first, second): (u32, String, String) = (row.get(0), row.get(1), row.get(2));
            if let Some((kind, found)) = find(oid, &first, &second, row.get(3)) {
                map.insert((kind, oid), found.0);
            }
        }
    };
    each(
        "SELECT c.oid, nspname::text, relname::text, 0 FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace",
        &|_, namespace, name, _| {
            let schema = schema(namespace)?;
            let user = catalog.relation_in(schema, name).map(|relation| relation.oid);
            Some((Kind::Relation, builtins.relation_oid(schema, name).or(user)?))
        },
    );
    each(
        "SELECT t.oid, nspname::text, typname::text, 0 FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace",
        &|_, namespace, name, _| Some((Kind::Type, catalog.type_oid_in(schema(namespace)?, name)?)),
    );
    each(
        "SELECT p.oid, nspname::text, proname::text, pronargs::int FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace",
        &|oid, namespace, name, count| {
            let same = catalog.function_info(Oid(oid)).filter(|f| f.name() == name).map(|f| f.oid());
            let mut named = catalog.functions_by_name(schema(namespace)?, name);
            let found = same.or_else(|| named.find(|f| f.input_count() == count as usize).map(|f| f.oid()));
            Some((Kind::Function, found?))
        },
    );
    each(
        "SELECT p.oid, amname::text, opcname::text, 0 FROM pg_opclass p JOIN pg_am a ON a.oid = opcmethod",
        &|_, method, name, _| Some((Kind::Opclass, catalog.opclass_in(PG_CATALOG, method, name)?.oid)),
    );
    map
}

/// Where two texts differ first.
pub fn difference(name: &str, expected: &str, text: &str) -> String {
    let mut lines = expected.lines().zip(text.lines()).skip_while(|(a, b)| a == b);
    match lines.next() {
        Some((a, b)) => format!("{name}:\n  server: {a}\n  here:   {b}"),
        None => format!("{name}: one text is longer\n{expected}\n--\n{text}"),
    }
}
