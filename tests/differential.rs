//! The replay held against a real server: the same statements on both, each with the same outcome and the same messages of
//! RAISE, and the same facts in the catalog at the end. Then every object is dropped on both, each alone: whether others depend on it, and what
//! goes with it, is the same.
//!
//! The cases are in `tests/differential/<topic>.sql`, each after a line `-- case: <name>`. Lines that say more:
//!
//! * `-- platform: supabase` at the beginning: the case runs on that platform, as its user;
//! * `-- undecided`: the replay is right not to decide the statement that follows;
//! * `-- detail differs: <why>`: the detail of the statement that follows is known to be another;
//! * `-- file`: what follows is a file that is sent as one string.
//!
//! Cases in `tests/differential/open/` are known to differ. Each of them must: one that agrees is to be moved.
//!
//! What stands between BEGIN and its end is run until something fails. `PGPROOF_CASES=<folder>` runs another folder's
//! files, each as one case; `PGPROOF_CASE=<text>` only the cases with that text in their file's name or
//! their own, or with one of several that `|` separates.

#[path = "differential/cases.rs"]
mod cases;
#[path = "differential/dumps.rs"]
mod dumps;
#[path = "differential/facts.rs"]
mod facts;
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use cases::{Case, Unit, cases, own_folder, replay_of, units};
use pgproof::catalog::Layer;
use pgproof::platform::Platform;
use pgproof::project::TransactionMode;
use pgproof::replay::{Notice, Replay, Script, Session};
use pgproof::source::FileId;
use postgres::error::DbError;
use server::{Database, Report, Server};

/// What an error says, in one line that is compared.
fn said(sqlstate: &str, message: &str, detail: Option<&str>, hint: Option<&str>) -> String {
    let mut said = format!("{sqlstate} {message}");
    let more =
        [("DETAIL", detail.filter(|d| can_be_known(sqlstate, d))), ("HINT", hint.filter(|h| !is_ours(message, h)))];
    more.iter().for_each(|(kind, text)| text.iter().for_each(|text| said.push_str(&format!(" {kind}: {text}"))));
    said
}

/// Details that a replay cannot know: the values of a row, and the keys of rows of catalogs, which have OIDs in them.
fn can_be_known(sqlstate: &str, detail: &str) -> bool {
    let row = sqlstate == "23502" && detail.starts_with("Failing row contains (");
    let key = sqlstate == "23505" && detail.starts_with("Key (") && detail.ends_with(") already exists.");
    !row && !key
}

/// Hints that the server does not give: what was expected at a syntax error, and which version has the syntax.
fn is_ours(message: &str, hint: &str) -> bool {
    message.starts_with("syntax error") || hint.starts_with("this is the syntax of PostgreSQL ")
}

/// A message of RAISE that a client gets. What the server says of its own accord (`… already exists, skipping`) has
/// another context.
fn raised_by_server(notice: &DbError) -> Option<String> {
    let context = notice.where_()?.lines().next()?;
    context.ends_with(" at RAISE").then(|| {
        let said = said(notice.code().code(), notice.message(), notice.detail(), notice.hint());
        format!("{}: {said}", notice.severity())
    })
}

/// The same in the replay. A client gets no DEBUG and no LOG.
fn raised_by_replay(notice: &Notice) -> Option<String> {
    let raised = notice.raised.as_ref().filter(|_| matches!(notice.severity, "INFO" | "NOTICE" | "WARNING"))?;
    let said = said(raised.sqlstate.as_str(), &notice.message, raised.detail.as_deref(), raised.hint.as_deref());
    Some(format!("{}: {said}", notice.severity))
}

/// Both sides.
struct Pair<'s> {
    database: Database<'s>,
    replay: Replay,
    sequence: u32,
    differences: String,
}

impl Pair<'_> {
    /// Runs it on both sides, and says whether the server refuses it.
    fn run(&mut self, unit: &Unit) -> bool {
        let there = self.on_server(unit).map_err(|report| {
            // The name of the database is not known to a replay.
            let detail =
                report.detail.map(|detail| detail.replace(&format!("database {}", self.database.name()), "database"));
            said(&report.refusal.sqlstate, &report.refusal.message, detail.as_deref(), report.hint.as_deref())
        });
        let text = unit.statements.concat();
        let raised_there: Vec<String> = self.database.take_notices().iter().filter_map(raised_by_server).collect();
        self.replay.notices.clear();
        let (outcome, opaque) = self.replayed(&text, unit.transaction);
        let raised_here: Vec<String> = self.replay.notices.iter().filter_map(raised_by_replay).collect();
        if raised_here != raised_there && !unit.undecided {
            let _ = writeln!(
                self.differences,
                "  {}\n    server raises {raised_there:#?}\n    replay raises {raised_here:#?}",
                text.trim()
            );
        }
        let here = match (&outcome, opaque) {
            (_, Some(reason)) if !unit.undecided => Err(format!("opaque: {reason}")),
            (_, Some(_)) => return there.is_err(),
            (None, None) => Ok(()),
            (Some(error), None) => Err(error.clone()),
        };
        let compared = |error: &String| match error.split_once(" DETAIL: ").filter(|_| unit.detail_differs) {
            Some((primary, _)) => primary.to_owned(),
            None => error.clone(),
        };
        if here.as_ref().map_err(compared) != there.as_ref().map_err(compared) {
            let _ = writeln!(self.differences, "  {}\n    server {there:?}\n    replay {here:?}", text.trim());
        }
        there.is_err()
    }

    /// A file goes as one message; otherwise each statement for itself, until one fails.
    fn on_server(&mut self, unit: &Unit) -> Result<(), Report> {
        if unit.transaction == TransactionMode::File {
            let result = self.database.run_reported(&unit.statements.concat());
            // What an explicit BEGIN in it has left open.
            if result.is_err() {
                self.database.run("ROLLBACK").expect("a rollback");
            }
            return result;
        }
        for statement in &unit.statements {
            if let Err(refusal) = self.database.run_reported(statement) {
                if unit.statements.len() > 1 {
                    self.database.run("ROLLBACK").expect("a rollback");
                }
                return Err(refusal);
            }
        }
        Ok(())
    }

    /// Runs statements, and tells the error and what was not executed.
    fn replayed(&mut self, text: &str, transaction: TransactionMode) -> (Option<String>, Option<String>) {
        self.sequence += 1;
        let script = Script { file: FileId(0), text: Arc::from(text), layer: Layer::Migration(0), transaction };
        let session: Session = self.replay.session.clone();
        let outcome = self.replay.run(&script, session, &mut self.sequence);
        let error = outcome.error.map(|f| f.error);
        let error = error.map(|e| said(e.sqlstate.as_str(), &e.message, e.detail.as_deref(), e.hint.as_deref()));
        (error, outcome.opaque.into_iter().find(|o| !o.harmless).map(|o| o.reason))
    }

    fn alone(&mut self, statement: &str) -> bool {
        let statements = vec![statement.to_owned()];
        self.run(&Unit { statements, undecided: false, detail_differs: false, transaction: TransactionMode::None })
    }

    fn compare_facts(&mut self) {
        for fact in facts::all(self.replay.catalog.version()) {
            fact.compare(&mut self.database, &mut self.replay, &mut self.differences);
        }
    }

    /// Drops everything, each object alone: with RESTRICT, and with CASCADE where that is refused.
    fn compare_drops(&mut self) {
        for drop in self.database.column(facts::DROPS) {
            let before = self.replay.clone();
            self.database.run("BEGIN").expect("a transaction");
            let refused = self.alone(&drop);
            self.database.run("ROLLBACK").expect("a rollback");
            if refused {
                self.database.run("BEGIN").expect("a transaction");
                let cascade = format!("{drop} CASCADE");
                let mut found = String::new();
                if !self.alone(&cascade) {
                    for fact in facts::OBJECTS {
                        fact.compare(&mut self.database, &mut self.replay, &mut found);
                    }
                }
                if !found.is_empty() {
                    let _ = write!(self.differences, "  after {cascade}\n{found}");
                }
                self.database.run("ROLLBACK").expect("a rollback");
            }
            self.replay = before;
        }
    }
}

/// The facts in which a platform's database differs before a case has begun.
fn different_from_the_start(platform: Platform) -> &'static BTreeSet<String> {
    static SUPABASE: OnceLock<BTreeSet<String>> = OnceLock::new();
    SUPABASE.get_or_init(|| {
        let server = Server::shared(platform);
        let replay = replay_of(platform, server.major_version());
        let mut pair = Pair { database: server.database(), replay, sequence: 1_000_000, differences: String::new() };
        pair.compare_facts();
        pair.differences.lines().map(str::to_owned).collect()
    })
}

/// Runs a case on both sides; nothing if they agree.
fn differences(case: &Case, server: &Server) -> Option<String> {
    let platform = case.platform();
    let replay = replay_of(platform, server.major_version());
    let mut pair = Pair { database: server.database(), replay, sequence: 1_000_000, differences: String::new() };
    for unit in units(&case.text) {
        pair.run(&unit);
    }
    pair.alone("RESET SESSION AUTHORIZATION");
    pair.alone("RESET ROLE");
    pair.alone("RESET search_path");
    let own = pair.differences.len();
    pair.compare_facts();
    if platform != Platform::Plain {
        // Members and comments of its extensions are not in the replay: what is different from the start is not the case's.
        let known = different_from_the_start(platform);
        let facts = pair.differences.split_off(own);
        facts.lines().filter(|line| !known.contains(*line)).for_each(|line| {
            pair.differences.push_str(line);
            pair.differences.push('\n');
        });
    }
    if pair.differences.is_empty() && platform == Platform::Plain {
        pair.compare_drops();
    }
    let differences = std::mem::take(&mut pair.differences);
    drop(pair);
    server.drop_new_roles();
    (!differences.is_empty()).then(|| format!("{} — {}\n{differences}", case.file, case.name))
}

/// Roles belong to the server, and each case drops those it has made: one case at a time on the shared server.
fn alone() -> MutexGuard<'static, ()> {
    static CASE: Mutex<()> = Mutex::new(());
    CASE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn all_cases() -> Vec<Case> {
    let cases = match std::env::var_os("PGPROOF_CASES") {
        Some(folder) => cases(Path::new(&folder), false),
        None => cases(&own_folder(), true),
    };
    assert!(!cases.is_empty() || std::env::var_os("PGPROOF_CASE").is_some(), "there are no cases");
    cases
}

/// The cases that differ on a server; prints how many there are of each topic, which is what `make fidelity` shows.
fn compare_cases(cases: &[Case], server_of: impl Fn(Platform) -> &'static Server) {
    let mut topics: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut different: Vec<String> = Vec::new();
    for case in cases {
        let found = differences(case, server_of(case.platform()));
        let (count, agree) = topics.entry(case.file.trim_end_matches(".sql")).or_default();
        *count += 1;
        *agree += usize::from(found.is_none());
        different.extend(found);
    }
    println!("PostgreSQL {}, cases that agree:", server_of(Platform::Plain).major_version());
    for (topic, (count, agree)) in &topics {
        println!("  {topic:<16} {agree:>3} of {count:>3}");
    }
    println!("  {:<16} {:>3} of {:>3}", "all", cases.len() - different.len(), cases.len());
    assert!(different.is_empty(), "{} of {} cases differ\n{}", different.len(), cases.len(), different.join("\n"));
}

#[test]
fn the_replay_agrees_with_a_server() {
    let _alone = alone();
    compare_cases(&all_cases(), Server::shared);
}

/// The same on the newest version, but for the cases of platforms. Where the system's is the newest, that has been done.
#[test]
fn the_replay_agrees_with_the_newest_server() {
    let [_, newest] = Server::versions()[..] else { return };
    let mut cases = all_cases();
    cases.retain(|case| case.platform() == Platform::Plain);
    compare_cases(&cases, |_| newest);
}

/// What `pgproof schema --format sql` prints makes the same database, in PostgreSQL's own words; what it does not print yet
/// is listed in `tests/differential/dumps.txt`.
#[test]
fn dumps_are_the_same() {
    let server = &Server::start(Platform::Plain);
    // A case, and on the next line why.
    let known: BTreeSet<&str> =
        include_str!("differential/dumps.txt").lines().filter(|line| !line.starts_with(' ')).collect();
    let (mut different, mut agree): (Vec<String>, Vec<String>) = Default::default();
    let (mut compared, mut equal) = (0, 0);
    for case in all_cases().iter().filter(|case| case.platform() == Platform::Plain) {
        let replay = replay_of(Platform::Plain, server.major_version());
        let before = replay.catalog.clone();
        let mut pair = Pair { database: server.database(), replay, sequence: 1_000_000, differences: String::new() };
        for unit in units(&case.text) {
            pair.run(&unit);
        }
        pair.database.run("ROLLBACK").expect("what was left open ends");
        let Pair { database, replay, differences, .. } = pair;
        // The other tests say how they differ.
        if !differences.is_empty() {
            drop(database);
            server.drop_new_roles();
            continue;
        }
        compared += 1;
        let name = format!("{} — {}", case.file, case.name);
        match dumps::differences(database, &replay.catalog, &before, &case.text) {
            Some(found) if !known.contains(name.as_str()) => different.push(format!("{name}\n{found}")),
            // Somebody looks at some cases.
            Some(found) if std::env::var_os("PGPROOF_CASE").is_some() => println!("{name}\n{found}"),
            Some(_) => {}
            None => {
                equal += 1;
                agree.extend(known.contains(name.as_str()).then_some(name));
            }
        }
    }
    println!("{compared} dumps compared, {equal} equal");
    assert!(different.is_empty(), "{} of {compared} dumps differ\n{}", different.len(), different.join("\n"));
    assert!(agree.is_empty(), "these agree now: take them out of dumps.txt\n{}", agree.join("\n"));
}

#[test]
fn what_is_known_to_differ_still_does() {
    let _alone = alone();
    let open = cases(&own_folder().join("open"), true);
    let agree: Vec<String> = open
        .iter()
        .filter(|case| differences(case, Server::shared(case.platform())).is_none())
        .map(|c| c.name.clone())
        .collect();
    assert!(agree.is_empty(), "these agree now: move them to the other cases\n{}", agree.join("\n"));
}
