//! `docs/coverage.md`.

use std::fmt::Write as _;

use super::kinds::{ANY_OBJECT, FIELDS, Kind};
use super::{Example, State, by_kind, examples, objects};
use pgproof::replay::Coverage;

const BEGINNING: &str = "\
# What is executed

This page is made by `cargo xtask coverage` from the grammar and from the code that executes; a test fails where it is not
what the command would write. It lists every statement of PostgreSQL 18's grammar and every part of one that says what it
does, under the names of its parse tree, each with an example and with what the replay does:

* **executed**: applied to the catalog, or refused with PostgreSQL's SQLSTATE and message. Queries and changes of rows are
  analysed, and what they call is run; rows are not kept. Each kind that is executed has a case in `tests/differential/`,
  which runs on a real server too.
* **no effect**: nothing that the catalog of the replay has is changed, and what the statement names is not looked up.
* **opaque**: reported as not executed; what it may have changed is unknown from then on.
* **in part**: the first example is executed, and those listed are not.

What is executed can still end opaque, or undecided, where what it rests on is not known.
";

/// The page.
pub fn page() -> String {
    let examples = examples();
    let mut page = BEGINNING.to_owned();
    counts(&mut page, &examples);
    statements(&mut page, &examples);
    any_object(&mut page, &examples);
    parts(&mut page, &examples);
    page
}

fn counts(page: &mut String, examples: &[Example]) {
    let states = super::states(examples);
    let count = |wanted: fn(&State) -> bool| states.values().filter(|state| wanted(state)).count();
    let _ = writeln!(
        page,
        "\n{} kinds: {} executed, {} in part, {} without effect, {} opaque.",
        states.len(),
        count(|state| *state == State::All(Coverage::Executed)),
        count(|state| matches!(state, State::InPart(_))),
        count(|state| *state == State::All(Coverage::NoEffect)),
        count(|state| *state == State::All(Coverage::Opaque)),
    );
}

/// A line for each statement.
fn statements(page: &mut String, examples: &[Example]) {
    page.push_str("\n## Statements\n\n| statement | for example | |\n|---|---|---|\n");
    let by_kind = by_kind(examples);
    for (kind, examples) in by_kind.iter().filter(|(kind, _)| kind.part.is_none()) {
        let state = match State::of(examples) {
            State::InPart(_) if FIELDS.iter().any(|field| field.statement == kind.statement) => {
                "in part, see below".to_owned()
            }
            state => words(&state),
        };
        row(page, &kind.statement, examples, &state);
    }
}

fn row(page: &mut String, name: &str, examples: &[&Example], state: &str) {
    let executed = examples.iter().find(|example| example.coverage == Coverage::Executed);
    if let Some(example) = executed.or(examples.first()) {
        let _ = writeln!(page, "| `{name}` | {} | {state} |", code(&example.sql));
    }
}

/// The kinds of object, and what is said of them.
fn any_object(page: &mut String, examples: &[Example]) {
    page.push_str(
        "\n## Kinds of object\n\n✓ is executed, ✗ is opaque; what is empty the grammar does not have.\n\n| |",
    );
    for (verb, _) in objects::VERBS {
        let _ = write!(page, " {verb} |");
    }
    let _ = writeln!(page, "\n|---|{}", ":-:|".repeat(objects::VERBS.len()));
    for (kind, words) in objects::kinds() {
        let cell = |sql: String| match examples.iter().find(|example| example.sql == sql).map(|e| e.coverage) {
            Some(Coverage::Executed) => "✓",
            Some(Coverage::NoEffect) => "no effect",
            Some(Coverage::Opaque) => "✗",
            None => "",
        };
        let cells: Vec<&str> = objects::VERBS.iter().map(|(_, verb)| cell(objects::statement(kind, *verb))).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            let _ = writeln!(page, "| {} | {} |", name_of(kind, words), cells.join(" | "));
        }
    }
}

fn name_of(kind: pg_query::protobuf::ObjectType, words: &str) -> String {
    match kind {
        pg_query::protobuf::ObjectType::ObjectDomconstraint => format!("{words} ON DOMAIN"),
        _ => words.to_owned(),
    }
}

/// A table for each field that says what a statement does, unless [`any_object`] has it.
fn parts(page: &mut String, examples: &[Example]) {
    let by_kind = by_kind(examples);
    for field in FIELDS.iter().filter(|field| field.about != ANY_OBJECT) {
        let about = if field.about.is_empty() { String::new() } else { format!(": {}", field.about) };
        let _ = writeln!(page, "\n## `{}`{about}\n\n| | for example | |\n|---|---|---|", field.statement);
        for name in field.names() {
            let kind = Kind { statement: field.statement.to_owned(), part: Some(name.clone()) };
            let Some(examples) = by_kind.get(&kind) else { continue };
            let state = match State::of(examples) {
                State::InPart(_) if is_of_any_object(field.statement) => "in part, see the kinds of object".to_owned(),
                state => words(&state),
            };
            row(page, &name, examples, &state);
        }
    }
}

fn is_of_any_object(statement: &str) -> bool {
    FIELDS.iter().any(|field| field.statement == statement && field.about == ANY_OBJECT)
}

fn words(state: &State) -> String {
    match state {
        State::All(coverage) => of_coverage(*coverage).to_owned(),
        State::InPart(others) => {
            let others: Vec<String> =
                others.iter().map(|(sql, coverage)| format!("{}: {}", of_coverage(*coverage), code(sql))).collect();
            format!("in part; {}", others.join(", "))
        }
    }
}

fn of_coverage(coverage: Coverage) -> &'static str {
    match coverage {
        Coverage::Executed => "executed",
        Coverage::NoEffect => "no effect",
        Coverage::Opaque => "opaque",
    }
}

/// In a cell of a table.
fn code(sql: &str) -> String {
    format!("`{}`", sql.replace('|', "\\|"))
}
