//! Everything stored in the database that PostgreSQL's own regression scripts leave behind, held against the replay.
//!
//! ```text
//! cargo xtask regression [--all] POSTGRESQL/src/test/regress
//! ```
//!
//! The scripts run in the order of `parallel_schedule` on a fresh server, as `pg_regress` would run them; its library of
//! functions in C is not there, so what needs it fails and what loads is taken. `pg_dump` then gives statements that
//! make the same objects again, with the expressions as PostgreSQL prints them. These run one by one on a new database of
//! each version and in the replay, and so do definitions of PostgreSQL's own views, under other names. At the end all
//! printed texts are compared: what the replay analysed and prints is what the server does, or it is counted with its
//! cause. `--all` prints every difference.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pgproof::platform::Platform;
use pgproof::sql::{Segment, parse};

use crate::server::pair::Pair;
use crate::server::{Database, NEWEST, Server, find_newest, find_programs, texts};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Views of PostgreSQL's own in the order in which they were made.
const SYSTEM_VIEWS: &str = "
    SELECT format('CREATE VIEW system_views.%I AS %s', n.nspname || '_' || c.relname, pg_get_viewdef(c.oid))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'v' AND n.nspname IN ('pg_catalog', 'information_schema') ORDER BY c.oid";

/// `regression [--all] FOLDER`
pub fn run(args: &[String]) -> Result<()> {
    let all = args.iter().any(|arg| arg == "--all");
    let folder = args.iter().find(|arg| !arg.starts_with("--")).ok_or("where are the regression scripts?")?;
    let folder = Path::new(folder).canonicalize()?;
    let programs = find_programs();
    let server = Server::start_with(Platform::Plain, &programs);
    let original = server.database();
    load(&programs, &original, &folder)?;
    let dump = dump(&programs, &original)?;
    let roles = "SELECT format('CREATE ROLE %I', rolname) FROM pg_roles WHERE rolname !~ '^(pg|postgres)' ORDER BY 1";
    let mut original = original;
    let roles = original.column(roles);
    drop(original);

    compare(&server, &roles, &dump, all)?;
    if server.major_version() != NEWEST {
        compare(&Server::start_with(Platform::Plain, &find_newest()), &roles, &dump, all)?;
    }
    Ok(())
}

// ---- the scripts ----

/// Runs the scripts as `pg_regress` does.
fn load(programs: &Path, database: &Database<'_>, folder: &Path) -> Result<()> {
    let schedule = std::fs::read_to_string(folder.join("parallel_schedule"))?;
    let output = tempfile::tempdir()?;
    let psql = |arguments: &[&str]| {
        let mut command = client(programs, "psql", database);
        command.args(["--no-psqlrc", "--quiet"]).args(arguments).current_dir(folder.join("sql"));
        // `pg_regress.c: initialize_environment`
        command.env("PGTZ", "PST8PDT").env("PGDATESTYLE", "Postgres, MDY");
        command.env("PGOPTIONS", "-c intervalstyle=postgres_verbose");
        command.env("PG_ABS_SRCDIR", folder).env("PG_ABS_BUILDDIR", output.path());
        command.env("PG_LIBDIR", "$libdir").env("PG_DLSUFFIX", ".so");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    // `pg_regress.c: create_database`
    let settings: String = [
        "lc_messages TO 'C'",
        "lc_monetary TO 'C'",
        "lc_numeric TO 'C'",
        "lc_time TO 'C'",
        "bytea_output TO 'hex'",
        "timezone_abbreviations TO 'Default'",
    ]
    .map(|setting| format!("ALTER DATABASE {} SET {setting};", database.name()))
    .concat();
    psql(&["--command", &settings]).status()?;
    let tests = schedule.lines().filter_map(|line| line.strip_prefix("test:"));
    for test in tests.flat_map(str::split_whitespace) {
        let status = psql(&["--file", &format!("{test}.sql")]).status()?;
        if !status.success() {
            println!("{test}: {status}");
        }
    }
    Ok(())
}

/// A client program of the server's installation, or else of `PATH`, for a database.
fn client(programs: &Path, name: &str, database: &Database<'_>) -> Command {
    let own = programs.join(name);
    let program = if own.is_file() { own } else { PathBuf::from(name) };
    let mut command = Command::new(program);
    command.arg("--host").arg(database.server().directory()).args(["--username", "postgres"]);
    command.args(["--dbname", database.name()]);
    command
}

fn dump(programs: &Path, database: &Database<'_>) -> Result<String> {
    let mut command = client(programs, "pg_dump", database);
    command.args(["--schema-only", "--no-owner", "--no-privileges", "--no-comments"]);
    let output = command.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("pg_dump: {}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

// ---- the comparison ----

/// Runs the statements on a server and in the replay, and counts what is equal.
fn compare(server: &Server, roles: &[String], dump: &str, all: bool) -> Result<()> {
    let mut pair = Pair::new(server);
    for role in roles {
        // The server that ran the scripts has them.
        let _ = pair.database.run(role);
        let _ = pair.replayed(role);
    }
    let mut statements: Vec<String> = parse(dump).iter().filter_map(|segment| text_of(segment, dump)).collect();
    statements.push("CREATE SCHEMA system_views".to_owned());
    pair.database.run("SET search_path = ''").map_err(|refusal| refusal.message)?;
    statements.extend(pair.database.column(SYSTEM_VIEWS));
    pair.database.run("RESET search_path").map_err(|refusal| refusal.message)?;

    let mut causes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut alike = 0;
    for statement in &statements {
        let ended = pair.run(statement);
        if ended.alike() {
            alike += 1;
        } else {
            let first = statement.lines().find(|line| !line.starts_with("--")).unwrap_or_default();
            causes.entry(ended.cause()).or_default().push(format!("{first}\n{ended}"));
        }
    }
    println!("== PostgreSQL {}: {alike} of {} statements end alike", server.major_version(), statements.len());
    report(&mut causes, all);

    for pretty in [false, true] {
        let Some(document) = pair.document(pretty) else { continue };
        let theirs = texts::of_server(&mut pair.database, pretty);
        let ours = texts::of_document(&document);
        let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (key, text) in &theirs {
            let (total, equal) = kinds.entry(key.1).or_default();
            *total += 1;
            *equal += usize::from(ours.get(key) == Some(text));
        }
        let (total, equal) = kinds.values().fold((0, 0), |(t, e), (total, equal)| (t + total, e + equal));
        let how = if pretty { "pretty-printed " } else { "" };
        println!("-- {equal} of {total} {how}texts are equal ({:.2} %)", equal as f64 * 100.0 / total as f64);
        for (kind, (total, equal)) in kinds {
            println!("   {kind}: {equal} of {total}");
        }
        let mut causes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for difference in texts::differences(&theirs, &ours) {
            causes.entry(difference.cause()).or_default().push(difference.to_string());
        }
        report(&mut causes, all);
    }
    Ok(())
}

/// Prints causes, the most frequent first, with examples.
fn report(causes: &mut BTreeMap<String, Vec<String>>, all: bool) {
    let mut causes: Vec<_> = std::mem::take(causes).into_iter().collect();
    causes.sort_by_key(|(_, examples)| std::cmp::Reverse(examples.len()));
    for (cause, examples) in causes {
        println!("{:6} {cause}", examples.len());
        for example in examples.iter().take(if all { usize::MAX } else { 2 }) {
            println!("         {}", example.replace('\n', "\n         "));
        }
    }
}

/// The text of a statement of the dump.
fn text_of(segment: &Segment, dump: &str) -> Option<String> {
    let span = match segment {
        Segment::Statement(statement) => statement.span,
        Segment::SyntaxError(error) => error.statement,
        Segment::Unparsed { span, .. } => *span,
        // psql's `\restrict`.
        _ => return None,
    };
    Some(dump[span.range()].to_owned())
}
