//! What `pgproof schema --format sql` prints, loaded into a server, is dumped as the migrated database is.
//!
//! PostgreSQL's own dump is not a fixed point: names and parentheses that a later version of a definition would not get
//! are lost in a reload. So the migrated database is dumped, loaded and dumped again, and that is compared; or else the
//! first dump, of which a reload may lose more than the script does.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use pgproof::catalog::{BOOTSTRAP_ROLE, Catalog};
use pgproof::report::schema::{Schema, ScriptParts, Source};
use pgproof::source::SourceMap;

use crate::server::{Database, Server, find_programs};

/// A client program of the server's installation, or else of `PATH`, for a database.
fn client(name: &str, database: &Database<'_>) -> Command {
    let own = find_programs().join(name);
    let mut command = Command::new(if own.is_file() { own.as_path() } else { Path::new(name) });
    command.arg("--host").arg(database.server().directory()).args(["--username", "postgres"]);
    command.args(["--dbname", database.name()]);
    command
}

/// The statements of a dump, without what changes from one to the next.
fn dump(database: &Database<'_>) -> Result<String, String> {
    let output = client("pg_dump", database).arg("--schema-only").output().expect("pg_dump runs");
    if !output.status.success() {
        return Err(format!("pg_dump: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let is_said = |line: &&str| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict");
    Ok(text.lines().filter(is_said).flat_map(|line| [line, "\n"]).collect())
}

fn load(database: &Database<'_>, script: &str) -> Result<(), String> {
    use std::io::Write as _;
    let mut psql = client("psql", database);
    psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--output", "/dev/null"]);
    let mut child = psql.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("psql runs");
    // It may have gone at the first error.
    let _ = child.stdin.take().expect("a pipe").write_all(script.as_bytes());
    let output = child.wait_with_output().expect("psql ends");
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// The script of a replay's catalog.
fn script_of(catalog: &Catalog, before: &Catalog, case: &str) -> String {
    let mut sources = SourceMap::new();
    sources.add("case.sql", case);
    let source = Source {
        catalog,
        platform: before,
        platform_name: None,
        platform_script: None,
        parts: ScriptParts::ON_PLATFORM,
        user: BOOTSTRAP_ROLE,
        search_path: &[],
        sources: &sources,
        at: None,
        findings: &[],
    };
    pgproof::sql::with_large_stack(|| Schema::new(&source).to_sql().to_owned())
}

/// How the dump of the migrated database and that of the replay's script differ; the database goes.
pub fn differences(database: Database<'_>, catalog: &Catalog, before: &Catalog, case: &str) -> Option<String> {
    let server = database.server();
    let first = dump(&database);
    // A dump does not make the roles that it names.
    let theirs = first.clone().and_then(|text| reloaded(server, &text));
    drop(database);
    server.drop_new_roles();
    let script = script_of(catalog, before, case);
    let ours = reloaded(server, &script);
    server.drop_new_roles();
    // What PostgreSQL's own dump loses, or cannot be loaded with, the script may keep.
    if ours == theirs && ours.is_ok() || ours == first && ours.is_ok() {
        return None;
    }
    let mut text = String::new();
    match (&first, &theirs, &ours) {
        (Err(error), ..) => {
            let _ = writeln!(text, "  the migrated database cannot be dumped: {error}");
        }
        (Ok(_), _, Err(error)) => {
            let _ = writeln!(text, "  the script cannot be loaded: {error}\n{script}");
        }
        (Ok(first), Err(error), Ok(ours)) => {
            let _ = writeln!(text, "  the dump of the migrated database cannot be loaded: {error}");
            compare(&mut text, first, ours);
        }
        (Ok(first), Ok(theirs), Ok(ours)) => {
            compare(&mut text, theirs, ours);
            if first != theirs {
                text.push_str("  before it was loaded again:\n");
                compare(&mut text, first, ours);
            }
        }
    }
    Some(text)
}

/// The lines in which two dumps differ.
fn compare(text: &mut String, theirs: &str, ours: &str) {
    for change in similar::TextDiff::from_lines(theirs, ours).iter_all_changes() {
        let side = match change.tag() {
            similar::ChangeTag::Equal => continue,
            similar::ChangeTag::Delete => "server",
            similar::ChangeTag::Insert => "replay",
        };
        let _ = write!(text, "  {side}: {change}");
    }
}

/// A dump of what a script makes in a new database.
fn reloaded(server: &Server, script: &str) -> Result<String, String> {
    let database = server.database();
    load(&database, script)?;
    dump(&database)
}
