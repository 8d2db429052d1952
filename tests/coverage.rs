//! `docs/coverage.md` says of every kind of statement that the grammar has what the replay does with it, and it is true.

#[path = "differential/cases.rs"]
mod cases;
#[path = "coverage/mod.rs"]
mod coverage;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cases::{Unit, own_folder, replay_of, units};
use coverage::kinds::{self, Kind};
use coverage::{UNWRITTEN, examples, is_unwritten, page, states};
use pgproof::catalog::Layer;
use pgproof::project::TransactionMode;
use pgproof::replay::{Coverage, Outcome, Replay, Script, coverage as coverage_of};
use pgproof::source::FileId;
use pgproof::sql::{Segment, parse};

/// The parser redirects the standard error of the process while it parses: one test at a time asks it directly.
fn alone() -> MutexGuard<'static, ()> {
    static PARSER: Mutex<()> = Mutex::new(());
    PARSER.lock().unwrap_or_else(PoisonError::into_inner)
}

fn lines<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_page_is_what_the_command_writes() {
    let _alone = alone();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/coverage.md");
    let written = std::fs::read_to_string(path).expect("docs/coverage.md");
    assert!(written == page::page(), "docs/coverage.md is out of date: run `cargo xtask coverage`");
}

#[test]
fn every_kind_of_the_grammar_has_an_example() {
    let _alone = alone();
    let known: BTreeSet<Kind> = states(&examples()).into_keys().collect();
    let all: BTreeSet<Kind> = kinds::all().into_iter().collect();
    assert!(all.len() > 500, "{}", lines(&all));
    let missing: Vec<&Kind> = all.difference(&known).filter(|kind| !is_unwritten(kind)).collect();
    assert!(missing.is_empty(), "tests/coverage/examples.sql has no example of\n{}", lines(missing));
    let odd: Vec<&Kind> = known.difference(&all).collect();
    assert!(odd.is_empty(), "the grammar is not known to have\n{}", lines(odd));
    for (statement, parts) in UNWRITTEN {
        for part in *parts {
            let kind = Kind { statement: (*statement).to_owned(), part: Some((*part).to_owned()) };
            assert!(all.contains(&kind) && !known.contains(&kind), "{kind} is written, or is none");
        }
    }
}

/// Runs a script in the replay.
fn run(replay: &mut Replay, sequence: &mut u32, text: &str, transaction: TransactionMode) -> Outcome {
    *sequence += 1;
    let script = Script { file: FileId(0), text: Arc::from(text), layer: Layer::Migration(0), transaction };
    let session = replay.session.clone();
    replay.run(&script, session, sequence)
}

#[test]
fn every_example_ends_as_the_page_says() {
    let _alone = alone();
    let mut fixture = Replay::new(18);
    let mut sequence = 1_000_000;
    let made = run(&mut fixture, &mut sequence, include_str!("coverage/fixture.sql"), TransactionMode::None);
    assert!(made.error.is_none() && made.opaque.is_empty(), "{made:?}");
    let mut wrong = Vec::new();
    for example in examples() {
        let mut replay = fixture.clone();
        let text = format!("{}{}", example.before, example.sql);
        let outcome = run(&mut replay, &mut sequence, &text, TransactionMode::None);
        let found = match (&outcome.error, outcome.opaque.first()) {
            // What a kind of object cannot be asked is refused, and that is right. (Some belong to superusers only.)
            (Some(failure), _)
                if ["0A000", "25P01", "26000", "42501", "42809", "42P17", "55000"]
                    .contains(&failure.error.sqlstate.as_str())
                    || failure.error.message.starts_with("prepared transaction ") =>
            {
                if example.coverage != Coverage::Executed {
                    wrong.push(format!("{}: refused rather than {:?}", example.sql, example.coverage));
                }
                continue;
            }
            (Some(failure), _) => Err(failure.error.message.clone()),
            (None, opaque) => Ok(opaque),
        };
        match (found, example.coverage) {
            (Ok(None), Coverage::Executed | Coverage::NoEffect) | (Ok(Some(_)), Coverage::Opaque) => {}
            (found, coverage) => wrong.push(format!("{}: {found:?} rather than {coverage:?}", example.sql)),
        }
    }
    assert!(wrong.is_empty(), "{}", lines(wrong));
}

#[test]
fn what_is_executed_has_a_case_that_runs_on_a_server() {
    let _alone = alone();
    let mut named = BTreeSet::new();
    for case in cases::cases(&own_folder(), true) {
        for unit in units(&case.text) {
            unit.statements.iter().filter_map(|sql| kinds::of(sql)).for_each(|kinds| named.extend(kinds));
        }
    }
    let executed = states(&examples()).into_iter().filter(|(_, state)| state.is_executed()).map(|(kind, _)| kind);
    let missing: Vec<Kind> = executed.filter(|kind| !named.contains(kind)).collect();
    assert!(missing.is_empty(), "no case of tests/differential/ has\n{}", lines(missing));
}

/// What the statements of a unit end in, against what is said of them.
fn contradictions(unit: &Unit, replay: &mut Replay, sequence: &mut u32) -> Vec<String> {
    let text = unit.statements.concat();
    let outcome = run(replay, sequence, &text, unit.transaction);
    if unit.undecided || outcome.error.is_some() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for segment in parse(&text) {
        let Segment::Statement(statement) = segment else { continue };
        let range = statement.span.range();
        let mut opaque = outcome.opaque.iter().filter(|opaque| range.contains(&opaque.place.span.range().start));
        let sql = &text[range.clone()];
        match (opaque.next(), coverage_of(&statement.kind)) {
            (None, Coverage::Opaque) => found.push(format!("{sql}: is not reported")),
            (Some(opaque), Coverage::Executed | Coverage::NoEffect) if !opaque.undecided => {
                found.push(format!("{sql}: {}", opaque.reason));
            }
            (Some(_) | None, _) => {}
        }
    }
    found
}

#[test]
fn the_cases_end_as_the_page_says() {
    let _alone = alone();
    let mut wrong = Vec::new();
    for case in cases::cases(&own_folder(), true) {
        let mut replay = replay_of(case.platform(), 15);
        let mut sequence = 1_000_000;
        for unit in units(&case.text) {
            let found = contradictions(&unit, &mut replay, &mut sequence);
            wrong.extend(found.into_iter().map(|text| format!("{} — {}: {text}", case.file, case.name)));
        }
    }
    assert!(wrong.is_empty(), "{}", lines(wrong));
}
