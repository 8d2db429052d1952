//! The renderings, as snapshots in `snapshots/`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::human::{self, Look};
use super::*;
use crate::source::{FileId, Place, SourceMap};
use crate::sql::span::Span;

const MIGRATION: &str = "-- accounts\nCREATE TABLE tesla_accounts (\n\tid uuid PRIMARY KEY,\n\tuser_id uuid\n);\n\n\
    CREATE INDEX idx ON tesla_accounts (user_id);\nALTER TABLE vehicles ADD COLUMN ключ text; -- 鍵 ü\r\n\
    CREATE ROLE app LOGIN PASSWORD 'hunter2';\n";
const SPEC: &str = "spec: T\nforbid:\n  - table: tesla_accounts\ntables:\n  vehicles:\n    columns:\n      last_sync_at: timestamptz\n";

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// The place of the first occurrence of a text.
fn place(sources: &SourceMap, file: FileId, text: &str) -> Place {
    let start = sources.file(file).text().find(text).unwrap();
    Place { file, span: Span::new(start as u32, (start + text.len()) as u32) }
}

fn sample() -> CheckResult {
    let mut sources = SourceMap::new();
    let first = sources.add("migrations/001_baseline.sql", "CREATE TABLE vehicles (id uuid);\n");
    let second = sources.add("migrations/002_accounts.sql", MIGRATION);
    let spec = sources.add("spec\\t02.yaml", SPEC);
    let at = |file, text: &str| place(&sources, file, text);
    let evidence = |file, text: &str, label: &str| Evidence { place: at(file, text), text: label.into() };
    let migration = |file, status, statements| MigrationResult {
        file,
        version: Some(format!("00{}", file.0 + 1)),
        status,
        statements,
        error: None,
        opaque: Vec::new(),
    };
    let requirement = |id: &str, verdict, message: &str, spec, evidence: Vec<Evidence>| {
        let code = match verdict {
            Verdict::Violated => "requirement-violated",
            Verdict::Unknown => "unknown-requirement",
            Verdict::Satisfied | Verdict::Waived => "",
        };
        let mut diagnostic = Diagnostic::new(code, Severity::Error, message);
        for Evidence { place, text } in &evidence {
            diagnostic = diagnostic.label(*place, text.clone());
        }
        let diagnostic = diagnostic.label(spec, "required here");
        RequirementResult {
            id: id.into(),
            verdict,
            message: message.into(),
            spec,
            evidence,
            severity: Severity::Error,
            because: None,
            from: None,
            diagnostic: (!code.is_empty()).then_some(diagnostic),
            cause: None,
        }
    };
    let mut failed = migration(second, MigrationStatus::Failed, 4);
    failed.error = Some(MigrationError {
        sqlstate: "42701".into(),
        message: "column \"ключ\" of relation \"vehicles\" already exists".into(),
        place: at(second, "ключ"),
    });
    failed.opaque.push(OpaqueStatement { place: at(second, "CREATE ROLE"), reason: "roles are not replayed".into() });
    let findings = vec![
        Diagnostic::new(
            "password-in-migration",
            Severity::Warning,
            "a role gets its password 'hunter2' from a migration",
        )
        .label(at(second, "CREATE ROLE app LOGIN PASSWORD 'hunter2'"), "the password 'hunter2' is in the repository")
        .label(at(second, "'hunter2'"), ""),
        Diagnostic::new("migration-failed", Severity::Error, "column \"ключ\" of relation \"vehicles\" already exists")
            .label(at(second, "ключ"), "42701")
            .label(at(first, "vehicles"), "the table is made here")
            .help("PostgreSQL rolls the whole file back: remove the column here or the first one"),
        Diagnostic::new("no-specs", Severity::Info, "nothing\nelse"),
    ];
    let requirements = vec![
        requirement(
            "tables.vehicles",
            Verdict::Satisfied,
            "table vehicles exists",
            at(spec, "vehicles"),
            vec![
                evidence(first, "CREATE TABLE vehicles", "created here"),
                evidence(second, "ALTER TABLE", "changed here"),
            ],
        ),
        RequirementResult {
            from: Some("docs/T02.md:37".into()),
            ..requirement(
                "forbid.table.tesla_accounts",
                Verdict::Violated,
                "table public.tesla_accounts exists, which is forbidden",
                at(spec, "table: tesla_accounts"),
                vec![evidence(second, "CREATE TABLE tesla_accounts (", "created here")],
            )
        },
        requirement(
            "tables.vehicles.columns.last_sync_at",
            Verdict::Violated,
            "column vehicles.last_sync_at was never created",
            at(spec, "last_sync_at: timestamptz"),
            Vec::new(),
        ),
        requirement("tables.ключ.鍵", Verdict::Waived, "waived until 2030", at(spec, "tables"), Vec::new()),
        requirement(
            &format!("tables.{}", "x".repeat(80)),
            Verdict::Unknown,
            "a statement of unknown effect may have changed it",
            at(spec, "columns"),
            vec![evidence(second, "CREATE ROLE", "opaque")],
        ),
    ];
    let migrations = vec![migration(first, MigrationStatus::Applied, 1), failed];
    CheckResult::new(migrations, requirements, findings, Arc::new(sources))
}

#[test]
fn human_report() {
    snapshot("report_human", &human::check(&sample(), Policy::default(), Look::default()));
}

#[test]
fn human_report_narrow_and_coloured() {
    let look = Look { color: true, width: 60 };
    let text = human::check(&sample(), Policy { allow_unknown: true, deny_warnings: true }, look);
    snapshot("report_human_coloured", &text.replace('\u{1b}', "␛"));
}

#[test]
fn traceability_table() {
    snapshot("report_table", &table::requirements(&sample()));
}

#[test]
fn json_report() {
    snapshot("report_json", &json::to_string(&json::check(&sample(), Policy::default())).unwrap());
}

#[test]
fn nothing_shows_secrets_or_control_characters() {
    let mut result = sample();
    result.findings[2].message = "\u{1b}[31mred\u{202e} postgres://u:hunter2@h".into();
    let report = human::check(&result, Policy::default(), Look::default());
    let text =
        report + &table::requirements(&result) + &json::to_string(&json::check(&result, Policy::default())).unwrap();
    assert!(!text.contains("hunter2"), "{text}");
    assert!(text.contains("PASSWORD '***'"));
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn what_passes() {
    let passed = |result: &CheckResult, deny_warnings, allow_unknown| {
        result.summary(Policy { deny_warnings, allow_unknown }).passed
    };
    let mut result = sample();
    assert!(!passed(&result, false, true));
    result.requirements.retain(|requirement| requirement.verdict != Verdict::Violated);
    result.findings.retain(|finding| finding.severity != Severity::Error);
    assert!(!passed(&result, false, true), "a failed migration fails the check");
    result.migrations.pop();
    assert!(passed(&result, false, true));
    assert!(!passed(&result, false, false), "unknown is not good");
    assert!(!passed(&result, true, true), "the warning is denied");
    result.requirements.retain(|requirement| requirement.verdict != Verdict::Unknown);
    assert!(passed(&result, false, false));
    result.findings.retain(|finding| finding.severity != Severity::Warning);
    assert!(passed(&result, true, false));
}

#[test]
fn only_findings_in_scope_count() {
    let scoped = |files: &[FileId]| {
        let mut result = sample();
        result.requirements.clear();
        result.count_only(files.iter().copied());
        let codes: Vec<String> = result.findings.iter().map(|finding| finding.code.to_string()).collect();
        (codes, result.summary(Policy::default()))
    };
    let (codes, summary) = scoped(&[]);
    assert_eq!(codes, ["no-specs"], "a finding without a place stays");
    assert!(summary.passed);
    assert_eq!(summary.findings.out_of_scope, 2);
    let lines = human::summary(&summary, Policy::default());
    assert!(lines.contains("2 findings in migrations that did not change are left out (--since)"), "{lines}");
    // The first migration is a part of the second one's failure.
    let (codes, summary) = scoped(&[FileId(0)]);
    assert_eq!(codes, ["migration-failed", "no-specs"]);
    assert!(!summary.passed);
    let (codes, summary) = scoped(&[FileId(1)]);
    assert_eq!((codes.len(), summary.passed), (3, false));
}

#[test]
fn what_follows_is_listed_with_its_cause() {
    let mut result = sample();
    let statement = result.findings[0].labels[0].place;
    let failed = result.findings[1].labels[0].place;
    result.findings[0] = Diagnostic::new("opaque-statement", Severity::Warning, "not executed: no reason")
        .label(result.findings[0].labels[1].place, "this part");
    let unmet = result.requirements[4].clone();
    let opaque = Cause::Opaque { place: statement, reason: "roles are not replayed".into() };
    let with =
        |id: &str, verdict, cause| RequirementResult { id: id.into(), verdict, cause: Some(cause), ..unmet.clone() };
    result.requirements.truncate(3);
    result.requirements[2].cause = Some(Cause::Failed(failed));
    let column = result.requirements[2].id.clone();
    result.requirements.extend([
        with("a", Verdict::Unknown, opaque.clone()),
        with("b", Verdict::Unknown, opaque),
        with("index on last_sync_at", Verdict::Violated, Cause::Requirement(column)),
        with("on its own", Verdict::Violated, Cause::Requirement("table nobody_asks_for".into())),
    ]);
    let text = human::check(&result, Policy::default(), Look::default());
    snapshot("report_grouped", &text);
    // Programs get each for itself.
    assert_eq!(json::check(&result, Policy::default()).findings.len(), 9);
}

#[test]
fn fingerprints_of_requirements_follow_their_ids() {
    let fingerprints = |result: &CheckResult| {
        let findings = json::check(result, Policy::default()).findings;
        let of = findings.into_iter().filter(|finding| finding.code == "requirement-violated");
        of.map(|finding| finding.fingerprint).collect::<Vec<_>>()
    };
    let before = fingerprints(&sample());
    let mut moved = sample();
    for requirement in &mut moved.requirements {
        if let Some(diagnostic) = &mut requirement.diagnostic {
            diagnostic.labels.rotate_left(1);
            diagnostic.message.push_str(" still");
        }
    }
    assert_eq!((before.len(), &fingerprints(&moved)), (2, &before));
    assert_ne!(before[0], before[1]);
}

#[test]
fn fingerprints_follow_the_text() {
    let fingerprint = |text: &str, flagged: &[&str]| {
        let mut sources = SourceMap::new();
        let file = sources.add("a.sql", text);
        let mut from = 0;
        let findings: Vec<Diagnostic> = flagged
            .iter()
            .map(|flagged| {
                let start = from + text[from..].find(flagged).unwrap();
                from = start + 1;
                let span = Span::new(start as u32, (start + flagged.len()) as u32);
                Diagnostic::new("c", Severity::Error, "m").label(Place { file, span }, "x")
            })
            .collect();
        let result = CheckResult::new(Vec::new(), Vec::new(), findings, Arc::new(sources));
        json::fingerprints(&result.entries(Policy::default()), &result.sources)
    };
    let base = fingerprint("drop table a;\n", &["table"]);
    assert_eq!(base[0].len(), 16);
    assert_eq!(fingerprint("-- new\r\n\n  drop \t table a;\r\n", &["table"]), base);
    assert_ne!(fingerprint("drop table b;\n", &["table"]), base);
    let two = fingerprint("drop table a;\ndrop table a;\n", &["table", "table"]);
    assert_eq!(two[0], base[0]);
    assert_ne!(two[0], two[1]);
}

#[test]
fn long_lines_are_cut_and_stay_fast() {
    let mut text = "insert into t values ('ü');".repeat(300_000);
    let at = text.len() as u32;
    text.push_str("DROP TABLE x; ");
    text.push_str(&"select 1; ".repeat(300_000));
    assert!(text.len() > 10_000_000);
    let mut sources = SourceMap::new();
    let file = sources.add("long.sql", text);
    let label = |from, to| Label { place: Place { file, span: Span::new(from, to) }, text: "here".into() };
    let mut diagnostic = Diagnostic::new("drop", Severity::Error, "dropped");
    diagnostic.labels = vec![label(at, at + 12), label(3, 9), label(at + 900_000, at + 900_009), label(0, 9_000_000)];
    let start = Instant::now();
    let shown = human::diagnostics(std::iter::repeat_n(&diagnostic, 50), &sources, Look::default());
    let per_diagnostic = start.elapsed() / 50;
    let most = Duration::from_millis(if cfg!(debug_assertions) { 400 } else { 40 });
    assert!(per_diagnostic < most, "{per_diagnostic:?}");
    let one = human::diagnostics([&diagnostic], &sources, Look::default());
    assert!(shown.starts_with(&one));
    assert!(one.lines().all(|line| line.chars().count() <= human::DEFAULT_WIDTH + 2), "{one}");
    diagnostic.labels.truncate(1);
    snapshot("report_long_line", &human::diagnostics([&diagnostic], &sources, Look::default()));
}

#[test]
fn places_at_the_edges() {
    let mut sources = SourceMap::new();
    let empty = sources.add("empty.sql", "");
    let ended = sources.add("ended.sql", "select 1\n");
    let long = sources.add("many.sql", "DO $$\n".to_owned() + &"  x;\n".repeat(40) + "$$;\n");
    let at = |file, from, to| Place { file, span: Span::new(from, to) };
    let diagnostics = [
        Diagnostic::new("empty", Severity::Warning, "the file is empty").label(at(empty, 0, 0), "nothing here"),
        Diagnostic::new("end", Severity::Error, "syntax error at end of input").label(at(ended, 9, 9), "here"),
        Diagnostic::new("end", Severity::Error, "syntax error at end of input").label(at(ended, 8, 9), ""),
        Diagnostic::new("many", Severity::Info, "a statement of many lines")
            .label(at(long, 0, 209), "the whole block")
            .label(at(long, 100, 103), "a line in it"),
        Diagnostic::new("lines", Severity::Info, "three lines").label(at(long, 0, 15), "these"),
        Diagnostic::new("label", Severity::Info, "a long label")
            .label(at(long, 8, 9), "forbidden here: ".to_owned() + &"many words ".repeat(20))
            .label(at(ended, 0, 6), "short"),
    ];
    snapshot("report_edges", &human::diagnostics(&diagnostics, &sources, Look::default()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_label_can_be_drawn(
        text in "(a|ü|鍵|\t|\r\n|\n|\u{1b}|PASSWORD 'x'|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx){0,30}",
        ends in prop::collection::vec((0usize..600, 0usize..600), 1..5),
    ) {
        let mut sources = SourceMap::new();
        let files = [sources.add("a.sql", text.as_str()), sources.add("b.sql", text.as_str())];
        let mut diagnostic = Diagnostic::new("c", Severity::Error, "m");
        for (i, &(a, b)) in ends.iter().enumerate() {
            let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap() as u32;
            let (a, b) = (boundary(a.min(b)), boundary(a.max(b)));
            diagnostic = diagnostic.label(Place { file: files[i % 2], span: Span::new(a, b) }, "l");
        }
        let out = human::diagnostics([&diagnostic], &sources, Look { color: false, width: 60 });
        prop_assert!(out.contains("a.sql:"), "{out}");
        prop_assert!(!out.contains("Failed to read"), "{out}");
    }
}
