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
    let rows = client
        .query("SELECT p.oid, amname::text, opcname::text FROM pg_opclass p JOIN pg_am a ON a.oid = opcmethod", &[]);
    for row in rows.expect("operator classes") {
        let (oid, method, name): (u32, String, String) = (row.get(0), row.get(1), row.get(2));
        if let Some(found) = catalog.opclass_in(PG_CATALOG, &method, &name) {
            map.insert((3, oid), found.oid.0);
        }
    }
    map
}

fn compare(client: &mut Client, catalog: &Catalog, condition: &str) -> (usize, Vec<String>) {
    let version = catalog.version();
    client.batch_execute("SET search_path = pg_catalog").expect("a path");
    let map = numbers(client, catalog);
    let lookup = |kind: Kind, oid: u32| look_up(&map, kind, oid);
    let casts = std::cell::RefCell::new((session(version, "deparse"), std::collections::HashSet::new()));
    let object = |ty: u32, bytes: &[u8]| {
        let (client, known) = &mut *casts.borrow_mut();
        constant_text(client, known, ty, bytes)
    };
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
    let (mut again_same, mut again_failures) = (0, Vec::<String>::new());
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
        for i in 0..2 {
            match again(catalog, row.get(2 + i), &columns, i == 1) {
                Ok(text) if text == row.get::<_, String>(2 + i) => again_same += 1,
                Ok(text) => again_failures.push(difference(&format!("{name} ({i}) again"), row.get(2 + i), &text)),
                Err(reason) => again_failures.push(format!("{name} ({i}) again: {reason}")),
            }
        }
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
    eprintln!("  read again: {again_same} the same, {} different", again_failures.len());
    for failure in again_failures {
        eprintln!("  {failure}");
    }
    for reason in unread {
        eprintln!("  not read: {reason}");
    }
    (same, failures)
}

fn look_up(map: &HashMap<(u8, u32), u32>, kind: Kind, oid: u32) -> Option<u32> {
    let class = match kind {
        Kind::Relation => 0,
        Kind::Type => 1,
        Kind::Function => 2,
        Kind::Opclass => 3,
        Kind::Operator | Kind::Collation => return Some(oid),
    };
    map.get(&(class, oid)).copied()
}

/// A printed query, parsed, analysed and printed.
fn again(catalog: &Catalog, text: String, columns: &[Name], pretty: bool) -> Result<String, String> {
    let query = pgproof::sql::parse_query(text.trim_end_matches(';')).map_err(|e| format!("{e:?}"))?;
    let path = [PG_CATALOG];
    let env =
        pgproof::expr::analyze::Environment { catalog, path: &path, time_zone: "UTC", now: None, variables: None };
    let tree = pgproof::expr::analyze::analyze_query(&env, &query).map_err(|stop| format!("{stop:?}"))?;
    let deparser = Deparser::new(catalog, &[]).pretty(Pretty::flags(pretty));
    deparser.view_def(&tree.tree, columns).map_err(|stop| format!("{stop:?}"))
}

/// A session in a database of a server.
fn session(version: u32, database: &str) -> Client {
    let config = format!("host=/tmp/pgshared port=54{version} user=postgres dbname={database}");
    Client::connect(&config, NoTls).expect("a server")
}

/// The text of a constant: objects by their numbers, other types through a cast from their bytes.
fn constant_text(
    client: &mut Client,
    known: &mut std::collections::HashSet<u32>,
    ty: u32,
    bytes: &[u8],
) -> Option<String> {
    let number = || Some(u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?));
    let row =
        client.query_one("SELECT typlen::int, typtype::text, format_type($1, -1) FROM pg_type WHERE oid = $1", &[&ty]);
    let row = row.ok()?;
    let (length, kind, name): (i32, String, String) = (row.get(0), row.get(1), row.get(2));
    client.batch_execute("SET search_path = pg_catalog").ok()?;
    if kind == "e" {
        return client
            .query_one("SELECT enumlabel::text FROM pg_enum WHERE oid = $1", &[&number()?])
            .ok()
            .map(|r| r.get(0));
    }
    if length == 4 && name.starts_with("reg") {
        return client.query_one(&format!("SELECT {}::{name}::text", number()?), &[]).ok().map(|r| r.get(0));
    }
    if ty == 1186 {
        let word = |at: usize| Some(i32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        let micros = i64::from_le_bytes(bytes.get(..8)?.try_into().ok()?);
        let sql = format!(
            "SELECT (make_interval(months => {}, days => {}) + {micros} * interval '1us')::text",
            word(12)?,
            word(8)?
        );
        return client.query_one(&sql, &[]).ok().map(|r| r.get(0));
    }
    if length != -1 {
        return None;
    }
    if known.insert(ty) {
        let _ = client.batch_execute(&format!("CREATE CAST (bytea AS {name}) WITHOUT FUNCTION"));
    }
    let hex: String = bytes.get(4..)?.iter().map(|b| format!("{b:02x}")).collect();
    client.query_one(&format!("SELECT ('\\x{hex}'::bytea::{name})::text"), &[]).ok().map(|r| r.get(0))
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
    for version in [15, 18] {
        let mut client = session(version, "postgres");
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
    for version in [15, 18] {
        let _ = session(version, "postgres").batch_execute("CREATE DATABASE deparse");
        let mut client = session(version, "deparse");
        client.batch_execute("DROP SCHEMA IF EXISTS s CASCADE").expect("a clean database");
        client.batch_execute(SETUP).expect("the tables");
        let catalog = replay(version, SETUP);
        for (i, view) in VIEWS.lines().enumerate() {
            let result = client.batch_execute(&format!("CREATE VIEW s.view{i:03} AS {view}")).or_else(|error| {
                // Columns whose names are not unique.
                let count = client.prepare(view).map(|statement| statement.columns().len());
                let names: Vec<_> = (0..count.map_err(|_| error)?).map(|i| format!("c{i}")).collect();
                client.batch_execute(&format!("CREATE VIEW s.view{i:03} ({}) AS {view}", names.join(", ")))
            });
            if let Err(error) = result {
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

const OBJECTS: &str = include_str!("deparse/objects.sql");

#[test]
fn made_objects() {
    let mut failures = Vec::new();
    for version in [15, 18] {
        let _ = session(version, "postgres").batch_execute("CREATE DATABASE deparse_objects");
        let mut client = session(version, "deparse_objects");
        client.batch_execute("DROP SCHEMA IF EXISTS s CASCADE").expect("a clean database");
        client.batch_execute(SETUP).expect("the tables");
        let catalog = replay(version, SETUP);
        for statement in OBJECTS.split("\n\n") {
            if let Err(error) = client.batch_execute(statement) {
                eprintln!(
                    "{version}: {statement}\n  {}",
                    error.as_db_error().map_or(String::new(), |e| e.message().to_owned())
                );
            }
        }
        failures.extend(objects::compare(&mut client, &catalog));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

mod objects {
    use pgproof::catalog::FunctionKind;
    use pgproof::catalog::tree::Expr;
    use pgproof::expr::deparse::*;
    use pgproof::sql::ast::{ParamMode, TriggerEvents, TriggerTiming, Volatility};

    use super::*;

    /// Compares rules, functions, indexes, checks, defaults and triggers of schema `s`.
    pub fn compare(client: &mut Client, catalog: &Catalog) -> Vec<String> {
        let version = catalog.version();
        client.batch_execute("SET search_path = pg_catalog").expect("a path");
        let map = numbers(client, catalog);
        let lookup = |kind: Kind, oid: u32| look_up(&map, kind, oid);
        let casts = std::cell::RefCell::new((session(version, "deparse_objects"), std::collections::HashSet::new()));
        let constant = |ty: u32, bytes: &[u8]| {
            let (client, known) = &mut *casts.borrow_mut();
            constant_text(client, known, ty, bytes)
        };
        let converter = || Converter::new(version, &lookup, &constant);
        let oid = |kind, oid: u32| Oid(lookup(kind, oid).unwrap_or(0));
        let deparser = Deparser::new(catalog, &[]);
        let mut failures = Vec::new();
        let mut same = 0;
        let mut check = |name: &str, expected: &str, text: pgproof::replay::Exec<String>| match text {
            Ok(text) if text == expected => same += 1,
            Ok(text) => failures.push(difference(name, expected, &text)),
            Err(stop) => failures.push(format!("{name}: {stop:?}")),
        };

        // Rules.
        let rows = client.query(
            "SELECT rulename::text, ev_class, ev_type::text, ev_qual::text, ev_action::text, is_instead, pg_get_ruledef(r.oid), pg_get_ruledef(r.oid, true)
             FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class JOIN pg_namespace n ON n.oid = relnamespace
             WHERE nspname = 's' AND rulename <> '_RETURN' ORDER BY 1", &[]).expect("rules");
        for row in rows {
            let name: String = row.get(0);
            let actions = converter().queries(&reader::read(row.get(4))).unwrap_or_else(|e| panic!("{name}: {e}"));
            let qual: Option<Expr> = match reader::read(row.get(3)) {
                reader::Value::Null => None,
                value => Some(converter().expr(&value).unwrap_or_else(|e| panic!("{name}: {e}"))),
            };
            let rule = RuleDef {
                name: &name,
                relation: oid(Kind::Relation, row.get(1)),
                event: match row.get::<_, String>(2).as_str() {
                    "2" => RuleEvent::Update,
                    "3" => RuleEvent::Insert,
                    _ => RuleEvent::Delete,
                },
                qual: qual.as_ref(),
                instead: row.get(5),
                actions: &actions,
            };
            check(&name, row.get(6), deparser.rule_def(&rule));
            check(&name, row.get(7), deparser.clone().pretty(Pretty::PRETTY).rule_def(&rule));
        }

        // Functions.
        let rows = client.query(
            "SELECT p.proname::text, p.prokind::text, COALESCE(p.proallargtypes::oid[], p.proargtypes::oid[]), p.proargmodes::text[], p.proargnames,
                    p.proargdefaults::text, p.pronargs::int, p.pronargdefaults::int, p.prorettype, p.proretset, l.lanname::text, p.provolatile::text,
                    p.proparallel::text, p.proisstrict, p.prosecdef, p.proleakproof, p.procost, p.prorows, p.proconfig, p.prosrc, p.prosqlbody::text,
                    pg_get_functiondef(p.oid), pg_get_function_arguments(p.oid), pg_get_function_identity_arguments(p.oid)
             FROM pg_proc p JOIN pg_language l ON l.oid = prolang JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 's' AND prokind <> 'a' ORDER BY p.oid", &[]).expect("functions");
        for row in rows {
            let name: String = row.get(0);
            let types: Vec<u32> = row.get(2);
            let modes: Option<Vec<String>> = row.get(3);
            let names: Option<Vec<String>> = row.get(4);
            let names: Vec<Option<Name>> =
                (0..types.len()).map(|i| names.as_ref().map(|n| Name::from(n[i].as_str()))).collect();
            let defaults: Vec<Expr> = match row.get::<_, Option<String>>(5).map(|t| reader::read(&t)) {
                Some(reader::Value::List(items)) => {
                    items.iter().map(|v| converter().expr(v).expect("a default")).collect()
                }
                _ => Vec::new(),
            };
            let mode = |i: usize| match modes.as_ref().map_or("i", |m| m[i].as_str()) {
                "o" => ParamMode::Out,
                "b" => ParamMode::InOut,
                "v" => ParamMode::Variadic,
                "t" => ParamMode::Table,
                _ => ParamMode::In,
            };
            let lacking = row.get::<_, i32>(6) - row.get::<_, i32>(7);
            let mut input = 0;
            let params = (0..types.len())
                .map(|i| {
                    let is_input = matches!(mode(i), ParamMode::In | ParamMode::InOut | ParamMode::Variadic);
                    let default = (is_input && input >= lacking).then(|| &defaults[(input - lacking) as usize]);
                    input += i32::from(is_input);
                    ParamDef { name: names[i].as_ref(), ty: oid(Kind::Type, types[i]), mode: mode(i), default }
                })
                .collect();
            let body_tree = row.get::<_, Option<String>>(20).map(|t| reader::read(&t));
            let queries = match &body_tree {
                Some(tree) => match converter().queries(tree) {
                    Ok(queries) => queries,
                    Err(reason) => {
                        eprintln!("{name}: {reason}");
                        continue;
                    }
                },
                None => Vec::new(),
            };
            let source: String = row.get(19);
            let config: Vec<(Name, String)> = row
                .get::<_, Option<Vec<String>>>(18)
                .unwrap_or_default()
                .iter()
                .filter_map(|item| item.split_once('='))
                .map(|(n, v)| (n.into(), v.to_owned()))
                .collect();
            let language: String = row.get(10);
            let function = FunctionDef {
                name: &name,
                schema: catalog.schema_named("s").expect("the schema").oid,
                kind: match row.get::<_, String>(1).as_str() {
                    "p" => FunctionKind::Procedure,
                    "w" => FunctionKind::Window,
                    _ => FunctionKind::Function,
                },
                params,
                direct_args: None,
                returns: oid(Kind::Type, row.get(8)),
                returns_set: row.get(9),
                transforms: &[],
                language: &language,
                volatility: match row.get::<_, String>(11).as_str() {
                    "i" => Volatility::Immutable,
                    "s" => Volatility::Stable,
                    _ => Volatility::Volatile,
                },
                parallel: row.get::<_, String>(12).chars().next().unwrap_or('u'),
                strict: row.get(13),
                security_definer: row.get(14),
                leakproof: row.get(15),
                cost: Some(row.get(16)),
                rows: Some(row.get(17)),
                support: Oid::INVALID,
                config: &config,
                body: match &body_tree {
                    None => BodyDef::Source { file: None, text: &source },
                    Some(reader::Value::List(_)) => BodyDef::Atomic(&queries),
                    Some(_) => BodyDef::Return(&queries[0]),
                },
            };
            check(&name, row.get(21), deparser.function_def(&function));
            check(&name, row.get(22), deparser.function_arguments(&function));
            check(&name, row.get(23), deparser.function_identity_arguments(&function));
        }

        // Checks and defaults.
        for sql in [
            "SELECT conname::text, conrelid, conbin::text, pg_get_expr(conbin, conrelid), pg_get_expr(conbin, conrelid, true) FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace WHERE nspname = 's' AND contype = 'c'",
            "SELECT attname::text, adrelid, adbin::text, pg_get_expr(adbin, adrelid), pg_get_expr(adbin, adrelid, true) FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum",
        ] {
            for row in client.query(sql, &[]).expect("expressions") {
                let name: String = row.get(0);
                let relation = Some(oid(Kind::Relation, row.get(1))).filter(|&oid| oid != Oid::INVALID);
                let Ok(expr) = converter().expr(&reader::read(row.get(2))).map_err(|e| eprintln!("{name}: {e}")) else {
                    continue;
                };
                check(&name, row.get(3), deparser.expr(&expr, relation));
                check(&name, row.get(4), deparser.clone().pretty(Pretty::PRETTY).expr(&expr, relation));
            }
        }

        // Triggers.
        let rows = client.query(
            "SELECT tgname::text, tgrelid, tgqual::text, tgtype::int, tgfoid, pg_get_triggerdef(t.oid), pg_get_triggerdef(t.oid, true), tgattr::int2[]
             FROM pg_trigger t WHERE NOT tgisinternal AND tgconstraint = 0", &[]).expect("triggers");
        for row in rows {
            let name: String = row.get(0);
            let when =
                row.get::<_, Option<String>>(2).map(|t| converter().expr(&reader::read(&t)).expect("a condition"));
            let bits: i32 = row.get(3);
            let columns: Vec<i16> = row.get(7);
            let trigger = TriggerDef {
                name: &name,
                relation: oid(Kind::Relation, row.get(1)),
                function: oid(Kind::Function, row.get(4)),
                args: &[],
                timing: if bits & 2 != 0 {
                    TriggerTiming::Before
                } else if bits & 64 != 0 {
                    TriggerTiming::InsteadOf
                } else {
                    TriggerTiming::After
                },
                row: bits & 1 != 0,
                events: TriggerEvents {
                    insert: bits & 4 != 0,
                    delete: bits & 8 != 0,
                    update: bits & 16 != 0,
                    truncate: bits & 32 != 0,
                },
                columns: &columns,
                when: when.as_ref(),
                constraint: false,
                constraint_from: None,
                deferrable: false,
                initially_deferred: false,
                old_table: None,
                new_table: None,
            };
            check(&name, row.get(5), deparser.trigger_def(&trigger));
            check(&name, row.get(6), deparser.clone().pretty(Pretty::PRETTY).trigger_def(&trigger));
        }

        // Indexes.
        let rows = client.query(
            "SELECT c.relname::text, indrelid, amname::text, indisunique, indnkeyatts::int, indkey::int2[], indcollation::oid[], indoption::int2[],
                    ARRAY(SELECT opcname::text FROM unnest(indclass) WITH ORDINALITY u (o, i) JOIN pg_opclass p ON p.oid = o ORDER BY i),
                    indexprs::text, indpred::text, pg_get_indexdef(c.oid), pg_get_indexdef(c.oid, 0, true), c.reloptions,
                    ARRAY(SELECT array_to_string(attoptions, ',') FROM pg_attribute WHERE attrelid = c.oid ORDER BY attnum),
                    COALESCE((to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false)
             FROM pg_index i JOIN pg_class c ON c.oid = indexrelid JOIN pg_am a ON a.oid = c.relam JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 's' ORDER BY 1", &[]).expect("indexes");
        for row in rows {
            let name: String = row.get(0);
            let table = oid(Kind::Relation, row.get(1));
            let method: String = row.get(2);
            let key_count = row.get::<_, i32>(4) as usize;
            let numbers: Vec<i16> = row.get(5);
            let collations: Vec<u32> = row.get(6);
            let options: Vec<i16> = row.get(7);
            let classes: Vec<String> = row.get(8);
            let exprs: Vec<Expr> = match row.get::<_, Option<String>>(9).map(|t| reader::read(&t)) {
                Some(reader::Value::List(items)) => items.iter().map(|v| converter().expr(v).expect("a key")).collect(),
                _ => Vec::new(),
            };
            let predicate =
                row.get::<_, Option<String>>(10).map(|t| converter().expr(&reader::read(&t)).expect("a predicate"));
            let pairs = |text: &str| -> Vec<(Name, String)> {
                text.split(',').filter_map(|item| item.split_once('=')).map(|(n, v)| (n.into(), v.to_owned())).collect()
            };
            let class_options: Vec<Option<String>> = row.get(14);
            let class_options: Vec<Vec<(Name, String)>> =
                class_options.iter().map(|o| o.as_deref().map(pairs).unwrap_or_default()).collect();
            let reloptions = row.get::<_, Option<Vec<String>>>(13).unwrap_or_default().join(",");
            let reloptions = pairs(&reloptions);
            let own_collations: HashMap<i16, u32> = client
                .query("SELECT attnum, attcollation FROM pg_attribute WHERE attrelid = $1", &[&row.get::<_, u32>(1)])
                .expect("columns")
                .iter()
                .map(|r| (r.get(0), r.get(1)))
                .collect();
            let mut next = exprs.iter();
            let keys = (0..key_count)
                .map(|i| IndexKeyDef {
                    what: match numbers[i] {
                        0 => IndexColumn::Expr(next.next().expect("an expression")),
                        number => IndexColumn::Column(number, Oid(own_collations[&number])),
                    },
                    collation: Oid(collations[i]),
                    opclass: catalog.opclass_in(PG_CATALOG, &method, &classes[i]).expect("a class").oid,
                    opclass_options: &class_options[i],
                    descending: options[i] & 1 != 0,
                    nulls_first: options[i] & 2 != 0,
                    operator: Oid::INVALID,
                })
                .collect();
            let index = IndexDef {
                name: &name,
                table,
                partitioned: false,
                method: &method,
                unique: row.get(3),
                keys,
                including: &numbers[key_count..],
                nulls_not_distinct: row.get(15),
                options: &reloptions,
                predicate: predicate.as_ref(),
            };
            check(&name, row.get(11), deparser.index_def(&index));
            check(&name, row.get(12), deparser.clone().pretty(Pretty::PRETTY).index_def(&index));
        }
        eprintln!("{version}: {same} the same, {} different", failures.len());
        failures
    }
}
