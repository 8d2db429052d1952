//! What the replay does with each kind of statement: the kinds are the grammar's ([`kinds`]), the state of a kind is what
//! the replay's own [`coverage`] says of statements of it, and [`page`] writes it down. `tests/coverage.rs` holds all
//! three together; `cargo xtask coverage` writes the page.
#![allow(dead_code, reason = "the test and the command use a part each")]

pub mod kinds;
pub mod objects;
pub mod page;

use std::collections::{BTreeMap, BTreeSet};

use kinds::Kind;
use pgproof::replay::{Coverage, coverage};
use pgproof::sql::{Segment, parse};

/// A statement that shows what becomes of kinds.
#[derive(Clone, Debug)]
pub struct Example {
    /// What runs before it.
    pub before: String,
    /// The statement.
    pub sql: String,
    /// Its kinds.
    pub kinds: BTreeSet<Kind>,
    /// What the replay does with it.
    pub coverage: Coverage,
}

impl Example {
    /// The example of the last statement of a line; nothing where the grammar refuses it.
    fn new(line: &str) -> Option<Example> {
        let (before, sql) = match line.rsplit_once("; ") {
            Some((before, sql)) => (format!("{before}; "), sql),
            None => (String::new(), line),
        };
        let kinds = kinds::of(sql)?;
        let mut segments = parse(sql).into_iter();
        let (Some(Segment::Statement(statement)), None) = (segments.next(), segments.next()) else {
            panic!("one statement is expected: {sql}");
        };
        Some(Example { before, sql: sql.to_owned(), kinds, coverage: coverage(&statement.kind) })
    }
}

/// Statements of all kinds.
pub fn examples() -> Vec<Example> {
    let lines = include_str!("examples.sql").lines().filter(|line| !line.starts_with("--"));
    let mut examples: Vec<Example> =
        lines.map(|line| Example::new(line).unwrap_or_else(|| panic!("the grammar refuses {line}"))).collect();
    for (kind, _) in objects::kinds() {
        for sql in objects::statements(kind) {
            let Some(example) = Example::new(&sql) else { continue };
            let known = |kind: &Kind| examples.iter().any(|e| e.kinds.contains(kind));
            let verb = objects::VERBS.iter().any(|(_, verb)| objects::statement(kind, *verb) == sql);
            if verb || !example.kinds.iter().all(known) {
                examples.push(example);
            }
        }
    }
    examples
}

/// What the replay does with a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// With all of its examples the same.
    All(Coverage),
    /// Some of its examples are executed; these are not.
    InPart(Vec<(String, Coverage)>),
}

impl State {
    /// Whether anything of the kind is executed.
    pub fn is_executed(&self) -> bool {
        match self {
            State::All(coverage) => *coverage == Coverage::Executed,
            State::InPart(_) => true,
        }
    }

    fn of(examples: &[&Example]) -> State {
        let first = examples.first().map_or(Coverage::Opaque, |example| example.coverage);
        if examples.iter().all(|example| example.coverage == first) {
            return State::All(first);
        }
        let others = examples.iter().filter(|example| example.coverage != Coverage::Executed);
        State::InPart(others.map(|example| (example.sql.clone(), example.coverage)).collect())
    }
}

/// All kinds of which there is a statement, with the examples of each.
pub fn by_kind(examples: &[Example]) -> BTreeMap<Kind, Vec<&Example>> {
    let mut all: BTreeMap<Kind, Vec<&Example>> = BTreeMap::new();
    for example in examples {
        for kind in &example.kinds {
            all.entry(kind.clone()).or_default().push(example);
        }
    }
    all
}

/// The state of each kind.
pub fn states(examples: &[Example]) -> BTreeMap<Kind, State> {
    by_kind(examples).into_iter().map(|(kind, examples)| (kind, State::of(&examples))).collect()
}

/// Values of the grammar's types that no text makes: PostgreSQL makes them itself later, or they belong to other
/// statements.
pub const UNWRITTEN: &[(&str, &[&str])] = &[
    (
        "AlterTableStmt",
        &[
            "AT_AddColumnToView",
            "AT_CookedColumnDefault",
            "AT_AddIndex",
            "AT_ReAddIndex",
            "AT_ReAddConstraint",
            "AT_ReAddDomainConstraint",
            "AT_AddIndexConstraint",
            "AT_ReAddComment",
            "AT_ReplaceRelOptions",
            "AT_ReAddStatistics",
            "CONSTR_NULL",
            "CONSTR_DEFAULT",
            "CONSTR_GENERATED",
            "CONSTR_ATTR_DEFERRABLE",
            "CONSTR_ATTR_NOT_DEFERRABLE",
            "CONSTR_ATTR_DEFERRED",
            "CONSTR_ATTR_IMMEDIATE",
            "CONSTR_ATTR_ENFORCED",
            "CONSTR_ATTR_NOT_ENFORCED",
        ],
    ),
    ("AlterPublicationStmt", &["PUBLICATIONOBJ_CONTINUATION"]),
    ("CreatePublicationStmt", &["PUBLICATIONOBJ_CONTINUATION"]),
    ("RuleStmt", &["CMD_UNKNOWN", "CMD_MERGE", "CMD_UTILITY", "CMD_NOTHING"]),
];

/// Whether a kind without an example is one that no text makes. Of kinds of object the grammar has been asked.
pub fn is_unwritten(kind: &Kind) -> bool {
    let Some(part) = &kind.part else { return false };
    let of_object = |field: &&kinds::Field| field.statement == kind.statement && field.is_object();
    UNWRITTEN.iter().any(|(statement, parts)| *statement == kind.statement && parts.contains(&part.as_str()))
        || kinds::FIELDS.iter().filter(of_object).any(|field| field.names().contains(part))
}
