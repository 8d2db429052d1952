//! Specs against catalogs that are built by hand, one statement a line.

mod build;
mod columns;
mod forbid;
mod load;
mod parts;
mod scale;
mod snapshots;
mod unknown;

use super::*;
use crate::catalog::{Catalog, PUBLIC_SCHEMA};
use crate::report::{Diagnostic, RequirementResult, Verdict};
use crate::source::{FileId, Place, SourceMap};
use build::Db;

/// The day on which all tests run.
fn today() -> Date {
    Date::new(2026, 3, 1).unwrap()
}

/// Checks a spec of one file.
fn check_spec(db: &Db, spec: &str) -> (Outcome, SourceMap) {
    let (specs, sources) = load_spec(db, spec).unwrap_or_else(|wrong| panic!("{wrong:#?}"));
    (check_on(&specs, &db.catalog), sources)
}

fn check_on(specs: &Specs, catalog: &Catalog) -> Outcome {
    check(specs, catalog, &Context { today: today(), search_path: &[PUBLIC_SCHEMA] })
}

fn load_spec(db: &Db, spec: &str) -> Result<(Specs, SourceMap), Vec<Diagnostic>> {
    let mut sources = SourceMap::new();
    assert_eq!(sources.add("m.sql", db.text()), FileId(0));
    let file = sources.add("s.yaml", spec);
    Ok((crate::spec::load(&[file], &sources)?, sources))
}

/// `m.sql:3 column a made here`
fn at(sources: &SourceMap, place: Place, text: &str) -> String {
    let (path, line) = sources.path_line(place);
    format!("{path}:{line} {text}")
}

/// What became of the only requirement beside the tables themselves, as lines of text.
fn verdict(db: &Db, spec: &str) -> (Verdict, Vec<String>) {
    let (outcome, sources) = check_spec(db, spec);
    let judged: Vec<&RequirementResult> =
        outcome.requirements.iter().filter(|judged| !judged.id.starts_with("table ")).collect();
    let [judged] = judged.as_slice() else { panic!("{} requirements", judged.len()) };
    let mut lines = vec![judged.message.clone()];
    lines.extend(judged.evidence.iter().map(|evidence| at(&sources, evidence.place, &evidence.text)));
    lines.extend(
        judged.diagnostic.iter().filter_map(|diagnostic| diagnostic.help.as_ref()).map(|help| format!("help: {help}")),
    );
    (judged.verdict, lines)
}

/// The same, satisfied for certain.
fn satisfied(db: &Db, spec: &str) -> Vec<String> {
    let (verdict, lines) = verdict(db, spec);
    assert_eq!(verdict, Verdict::Satisfied, "{lines:#?}");
    lines
}

/// The same, violated for certain.
fn violated(db: &Db, spec: &str) -> Vec<String> {
    let (verdict, lines) = verdict(db, spec);
    assert_eq!(verdict, Verdict::Violated, "{lines:#?}");
    lines
}

/// The findings as `code: message`, each with its places.
fn findings(db: &Db, spec: &str) -> Vec<String> {
    let (outcome, sources) = check_spec(db, spec);
    let show = |diagnostic: &Diagnostic| {
        let places = diagnostic.labels.iter().map(|label| at(&sources, label.place, &label.text));
        let places: Vec<String> = places.collect();
        format!("{}: {} | {}", diagnostic.code, diagnostic.message, places.join(" | "))
    };
    outcome.findings.iter().map(show).collect()
}

/// A column of the table `vehicles` and what it must be.
fn column(demand: &str) -> String {
    format!("tables:\n  vehicles:\n    columns:\n      {demand}\n")
}

/// A list item under a key of the table `vehicles`.
fn part(key: &str, item: &str) -> String {
    format!("tables:\n  vehicles:\n    {key}:\n      - {item}\n")
}
