//! The cases of the differential test, and the units that their statements are run in.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pgproof::catalog::{BOOTSTRAP_ROLE, Layer};
use pgproof::platform::Platform;
use pgproof::project::TransactionMode;
use pgproof::replay::{Replay, Script, Session};
use pgproof::source::FileId;
use pgproof::sql::ast::{StatementKind, Transaction};
use pgproof::sql::{Segment, parse};

/// One case: statements of a file.
pub struct Case {
    /// The name of the file.
    pub file: String,
    /// Its own name.
    pub name: String,
    /// The statements.
    pub text: String,
}

impl Case {
    /// The platform that it runs on.
    pub fn platform(&self) -> Platform {
        if self.text.contains("-- platform: supabase") { Platform::Supabase } else { Platform::Plain }
    }
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

/// The folder of the cases.
pub fn own_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential")
}

/// The cases of a folder that `PGPROOF_CASE` asks for; of files that are not split each is one.
pub fn cases(folder: &Path, split: bool) -> Vec<Case> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "sql"));
    paths.sort();
    let wanted = std::env::var("PGPROOF_CASE").unwrap_or_default();
    let is_wanted = |case: &Case| wanted.split('|').any(|text| case.name.contains(text) || case.file.contains(text));
    paths.iter().flat_map(|path| cases_of(path, split)).filter(is_wanted).collect()
}

/// What is run at once on both sides, and what it is in the replay.
pub struct Unit {
    /// The statements.
    pub statements: Vec<String>,
    /// The replay does not decide one of them.
    pub undecided: bool,
    /// The detail of an error is not compared.
    pub detail_differs: bool,
    /// How they are divided into transactions.
    pub transaction: TransactionMode,
}

/// The statements of a case, those of a transaction together.
pub fn units(text: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let (mut end, mut open) = (0, false);
    let mut transaction = TransactionMode::None;
    for segment in parse(text) {
        let (span, control) = match &segment {
            Segment::Statement(statement) => match &statement.kind {
                StatementKind::Transaction(control) => (statement.span, Some(&**control)),
                _ => (statement.span, None),
            },
            Segment::SyntaxError(error) => (error.statement, None),
            Segment::Unparsed { span, .. } | Segment::MetaCommand { span, .. } => (*span, None),
            _ => continue,
        };
        let between = &text[end..span.range().start];
        end = span.range().end;
        if between.contains("-- file") {
            (open, transaction) = (true, TransactionMode::File);
            units.push(Unit { statements: Vec::new(), undecided: false, detail_differs: false, transaction });
        }
        let statement = format!("{};\n", &text[span.range()]);
        let undecided = between.contains("-- undecided");
        let detail_differs = between.contains("-- detail differs");
        match units.last_mut().filter(|_| open) {
            Some(unit) => {
                unit.statements.push(statement);
                unit.undecided |= undecided;
                unit.detail_differs |= detail_differs;
            }
            None => units.push(Unit { statements: vec![statement], undecided, detail_differs, transaction }),
        }
        if transaction == TransactionMode::File {
            continue;
        }
        match control {
            Some(Transaction::Begin) => open = true,
            Some(Transaction::Commit { chain: false } | Transaction::Rollback { chain: false }) => open = false,
            Some(_) | None => {}
        }
    }
    units
}

/// A database in the replay as the platform's script leaves it, and a session of its user.
pub fn replay_of(platform: Platform, version: u32) -> Replay {
    let mut replay = Replay::new(version);
    let Some(text) = platform.script() else { return replay };
    let layer = Layer::Platform;
    let script = Script { file: FileId(0), text: Arc::from(text), layer, transaction: TransactionMode::None };
    let outcome = replay.run(&script, Session::new(BOOTSTRAP_ROLE), &mut 0);
    assert!(outcome.error.is_none(), "{:?}", outcome.error);
    let user = replay.catalog.role_named(platform.default_user()).expect("the platform's user").oid;
    let mut session = Session::new(user);
    for (name, value) in replay.catalog.database_config() {
        session.set_default(name, value);
    }
    for (name, value) in replay.catalog.role(user).into_iter().flat_map(|role| &role.config) {
        session.set_default(name, value);
    }
    replay.session = session;
    replay
}
