//! The replay held against a real server: the same statements on both, each with the same outcome, and the same facts
//! in the catalog at the end.
//!
//! The cases are in `tests/differential/<topic>.sql`, each after a line `-- case: <name>`. A statement that the replay
//! is right not to decide stands after a line `-- undecided`. `PGPROOF_CASES=<folder>` runs another folder's files,
//! each as one case.

mod server;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pgproof::catalog::{Layer, Oid};
use pgproof::platform::Platform;
use pgproof::project::TransactionMode;
use pgproof::replay::{Replay, Script, Session};
use pgproof::source::FileId;
use pgproof::sql::{Segment, parse};
use server::{Database, Server};

/// What is compared at the end: queries that both sides answer.
const FACTS: [(&str, &str); 10] = [
    (
        "relation",
        "SELECT n.nspname, c.relname, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity,
                pg_get_userbyid(c.relowner), c.relreplident
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')",
    ),
    (
        "column",
        "SELECT n.nspname, c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef,
                a.attidentity, a.attgenerated, col_description(c.oid, a.attnum)
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
               AND a.attnum > 0 AND NOT a.attisdropped",
    ),
    (
        "constraint",
        "SELECT n.nspname, k.conname, k.contype, k.conrelid::regclass, k.condeferrable, k.condeferred, k.convalidated,
                k.conkey, k.confrelid::regclass, k.confkey, k.confdeltype, k.confupdtype
         FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND k.contype IN ('c', 'f', 'p', 'u', 'x')",
    ),
    (
        "index",
        "SELECT i.indexrelid::regclass, i.indrelid::regclass, i.indisunique, i.indisprimary, i.indnatts, i.indnkeyatts,
                i.indpred IS NULL, i.indexprs IS NULL
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')",
    ),
    (
        "policy",
        "SELECT schemaname, tablename, policyname, permissive, roles, cmd, qual IS NULL, with_check IS NULL FROM pg_policies",
    ),
    (
        "trigger",
        "SELECT tgname, tgrelid::regclass, tgfoid::regproc, tgtype, tgenabled, tgnargs FROM pg_trigger WHERE NOT tgisinternal",
    ),
    (
        "function",
        "SELECT n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), p.prokind, p.provolatile, p.prosecdef,
                p.proisstrict, p.proretset, p.prorettype::regtype
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')",
    ),
    (
        "type",
        "SELECT n.nspname, t.typname, t.typtype, t.typnotnull, t.typcategory
         FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')",
    ),
    (
        "label",
        "SELECT t.typname, e.enumlabel, (SELECT count(*) FROM pg_enum b WHERE b.enumtypid = e.enumtypid AND b.enumsortorder < e.enumsortorder)
         FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid",
    ),
    (
        "sequence",
        "SELECT seqrelid::regclass, seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle FROM pg_sequence",
    ),
];

/// One case: statements of a file.
struct Case {
    file: String,
    name: String,
    text: String,
}

fn cases_of(path: &Path, split: bool) -> Vec<Case> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !split {
        return vec![Case { name: file.clone(), file, text }];
    }
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("-- case: ") {
            Some(name) => cases.push(Case { file: file.clone(), name: name.to_owned(), text: String::new() }),
            None => {
                if let Some(case) = cases.last_mut() {
                    case.text.push_str(line);
                    case.text.push('\n');
                }
            }
        }
    }
    cases
}

fn cases() -> Vec<Case> {
    let (folder, split) = match std::env::var_os("PGPROOF_CASES") {
        Some(folder) => (PathBuf::from(folder), false),
        None => (Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential"), true),
    };
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "sql"));
    paths.sort();
    paths.iter().flat_map(|path| cases_of(path, split)).collect()
}

/// Both sides.
struct Pair<'s> {
    database: Database<'s>,
    replay: Replay,
    sequence: u32,
    differences: String,
}

impl Pair<'_> {
    fn run(&mut self, statement: &str, undecided: bool) {
        let there = self.database.run(statement);
        let (outcome, opaque) = self.replayed(statement);
        let here = match (&outcome, opaque) {
            (_, Some(reason)) if !undecided => Err(format!("opaque: {reason}")),
            (_, Some(_)) => return,
            (None, None) => Ok(()),
            (Some((state, message)), None) => Err(format!("{state} {message}")),
        };
        let there = there.map_err(|refusal| format!("{} {}", refusal.sqlstate, refusal.message));
        if here != there {
            let _ = writeln!(self.differences, "  {}\n    server {there:?}\n    replay {here:?}", statement.trim());
        }
    }

    /// Runs a statement, and tells its error and what was not executed.
    fn replayed(&mut self, statement: &str) -> (Option<(String, String)>, Option<String>) {
        self.sequence += 1;
        let script = Script {
            file: FileId(0),
            text: Arc::from(statement),
            layer: Layer::Migration(0),
            transaction: TransactionMode::None,
        };
        let session: Session = self.replay.session.clone();
        let outcome = self.replay.run(&script, session, &mut self.sequence);
        let error = outcome.error.map(|f| (f.error.sqlstate.to_string(), f.error.message));
        (error, outcome.opaque.into_iter().find(|o| !o.harmless).map(|o| o.reason))
    }

    fn compare_facts(&mut self) {
        for (kind, query) in FACTS {
            let sorted = |rows: Vec<Vec<Option<String>>>| {
                let line = |row: Vec<Option<String>>| {
                    let values: Vec<String> = row.into_iter().map(|v| v.unwrap_or_else(|| "∅".to_owned())).collect();
                    values.join(" | ")
                };
                let mut lines: Vec<String> = rows.into_iter().map(line).collect();
                lines.sort();
                lines
            };
            let there = sorted(self.database.query(query).unwrap_or_else(|e| panic!("{query}: {e:?}")));
            let here = match self.replay.ask(query) {
                Ok(rows) => sorted(rows),
                Err(stop) => {
                    let _ = writeln!(self.differences, "  {kind}: {stop:?}");
                    continue;
                }
            };
            for line in there.iter().filter(|l| !here.contains(l)) {
                let _ = writeln!(self.differences, "  {kind} only on the server: {line}");
            }
            for line in here.iter().filter(|l| !there.contains(l)) {
                let _ = writeln!(self.differences, "  {kind} only in the replay: {line}");
            }
        }
    }
}

/// Runs a case on both sides; nothing if they agree.
fn differences(server: &Server, case: &Case) -> Option<String> {
    let mut replay = Replay::new(server.major_version());
    // The session of the harness is that of `postgres`, a superuser.
    let mut sequence = 0;
    let script =
        Script { file: FileId(0), text: Arc::from(""), layer: Layer::Platform, transaction: TransactionMode::None };
    let session = replay.session.clone();
    replay.run(&script, session, &mut sequence);
    assert_eq!(replay.session.current_user, Oid(10));
    let mut pair = Pair { database: server.database(), replay, sequence, differences: String::new() };
    let mut undecided = false;
    let mut end = 0;
    for segment in parse(&case.text) {
        let span = match &segment {
            Segment::Statement(statement) => statement.span,
            Segment::SyntaxError(error) => error.statement,
            Segment::Unparsed { span, .. } | Segment::MetaCommand { span, .. } => *span,
            _ => continue,
        };
        let between = &case.text[end..span.range().start];
        undecided = between.contains("-- undecided") || (undecided && between.trim().is_empty());
        end = span.range().end;
        let undecided = between.contains("-- undecided");
        pair.run(&case.text[span.range()], undecided);
    }
    pair.compare_facts();
    (!pair.differences.is_empty()).then(|| format!("{} — {}\n{}", case.file, case.name, pair.differences))
}

#[test]
fn the_replay_agrees_with_a_server() {
    let server = Server::shared(Platform::Plain);
    let cases = cases();
    let different: Vec<String> = cases.iter().filter_map(|case| differences(server, case)).collect();
    assert!(!cases.is_empty(), "there are no cases");
    assert!(different.is_empty(), "{} of {} cases differ\n{}", different.len(), cases.len(), different.join("\n"));
}
