use std::sync::Arc;

use clap::CommandFactory as _;

use super::*;
use crate::report::{MigrationResult, MigrationStatus, RequirementResult, Verdict};
use crate::source::{Place, SourceMap};
use crate::sql::span::Span;

/// A project with one requirement of that verdict.
fn result(verdict: Verdict, severity: Severity) -> CheckResult {
    let mut sources = SourceMap::new();
    let migration = sources.add("migrations/1.sql", "select 1;\n");
    let spec = sources.add("spec/a.yaml", "tables:\n  t: {}\n");
    let migration = MigrationResult {
        file: migration,
        version: Some("1".into()),
        status: MigrationStatus::Applied,
        statements: 1,
        error: None,
        opaque: Vec::new(),
    };
    let spec = Place { file: spec, span: Span::new(10, 11) };
    let message = "table t was never created";
    let report = matches!(verdict, Verdict::Violated | Verdict::Unknown);
    let requirement = RequirementResult {
        id: "tables.t".into(),
        verdict,
        message: message.into(),
        spec,
        evidence: Vec::new(),
        severity,
        because: None,
        from: None,
        diagnostic: report.then(|| Diagnostic::new("missing-table", severity, message).label(spec, "required here")),
        cause: None,
    };
    CheckResult::new(vec![migration], vec![requirement], Vec::new(), Arc::new(sources))
}

/// Runs the program on a project whose requirement has that verdict.
fn run_on(verdict: Verdict, args: &[&str]) -> (Exit, String, String) {
    run_with(verdict, Severity::Error, args)
}

fn run_with(verdict: Verdict, severity: Severity, args: &[&str]) -> (Exit, String, String) {
    let check = move |options: &Options, since: Option<&str>| {
        if let Some(config) = &options.config {
            return crate::project::load(&Options { config: Some(config.clone()), ..options.clone() })
                .map(|_| CheckResult::default());
        }
        let mut result = result(verdict, severity);
        if since.is_some() {
            result.count_only([]);
        }
        Ok(result)
    };
    let schema = |_: &Options, args: &SchemaArgs| {
        let without = if args.without.is_empty() { String::new() } else { format!(" without {:?}", args.without) };
        Ok(format!("{:?} {:?}{without}\n", args.at.as_deref(), args.format))
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut terminal = Terminal { out: Stream::new(&mut out), err: Stream::new(&mut err) };
    let args = ["pgproof"].iter().chain(args).map(OsString::from);
    let exit = run(args, &Library { check: &check, schema: &schema }, &mut terminal);
    drop(terminal);
    (exit, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

fn exit(verdict: Verdict, args: &[&str]) -> Exit {
    run_on(verdict, args).0
}

#[test]
fn exit_statuses() {
    assert_eq!(exit(Verdict::Satisfied, &["check"]), Exit::Passed);
    assert_eq!(exit(Verdict::Waived, &["check"]), Exit::Passed);
    assert_eq!(exit(Verdict::Violated, &["check"]), Exit::Failed);
    assert_eq!(exit(Verdict::Violated, &["check", "--since", "main"]), Exit::Failed);
    assert_eq!(exit(Verdict::Unknown, &["check"]), Exit::Failed);
    assert_eq!(exit(Verdict::Unknown, &["check", "--allow-unknown"]), Exit::Passed);
    assert_eq!(exit(Verdict::Unknown, &["check", "--format", "json"]), Exit::Failed);
    assert_eq!(exit(Verdict::Satisfied, &["check", "--format", "xml"]), Exit::Unusable);
    assert_eq!(exit(Verdict::Satisfied, &["check", "--deny", "warnings"]), Exit::Passed);
    assert_eq!(exit(Verdict::Satisfied, &[]), Exit::Unusable);
    assert_eq!(exit(Verdict::Satisfied, &["--help"]), Exit::Passed);
    assert_eq!(exit(Verdict::Satisfied, &["schema"]), Exit::Passed);
}

#[test]
fn a_requirement_is_as_bad_as_its_severity() {
    let exit = |verdict, severity, args: &[&str]| run_with(verdict, severity, args).0;
    let deny = ["check", "--deny", "warnings"];
    for verdict in [Verdict::Violated, Verdict::Unknown] {
        assert_eq!(exit(verdict, Severity::Warning, &["check"]), Exit::Passed);
        assert_eq!(exit(verdict, Severity::Warning, &deny), Exit::Failed);
        assert_eq!(exit(verdict, Severity::Info, &deny), Exit::Passed);
    }
    let (_, out, _) = run_with(Verdict::Violated, Severity::Warning, &deny);
    assert!(out.ends_with("warnings count as errors (--deny warnings)\ncheck failed\n"), "{out}");
    let allowed = ["check", "--allow-unknown", "--deny", "warnings"];
    assert_eq!(exit(Verdict::Unknown, Severity::Error, &allowed), Exit::Passed);
}

#[test]
fn the_report_goes_to_standard_output() {
    let (_, out, err) = run_on(Verdict::Violated, &["check"]);
    assert!(out.contains("table t was never created") && out.ends_with("check failed\n"), "{out}");
    assert_eq!(err, "");
    let (_, out, _) = run_on(Verdict::Unknown, &["check", "--allow-unknown"]);
    assert!(out.contains("1 unknown (allowed)"), "{out}");
    let (_, out, _) = run_on(Verdict::Satisfied, &["check", "--table"]);
    assert!(out.contains("tables.t     spec/a.yaml:2  satisfied"), "{out}");
    let (_, out, _) = run_on(Verdict::Satisfied, &["check", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["summary"]["passed"], true);
    let (_, out, _) = run_on(Verdict::Violated, &["check", "--color", "always"]);
    assert!(out.contains('\u{1b}'));
    let (_, out, _) = run_on(Verdict::Satisfied, &["schema", "--at", "003", "--format", "sql"]);
    assert_eq!(out, "Some(\"003\") Sql\n");
}

#[test]
fn errors_of_the_input_go_to_standard_error() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("pgproof.yaml");
    std::fs::write(&config, "migratons: x\n").unwrap();
    let (exit, out, err) = run_on(Verdict::Satisfied, &["check", "--config", config.to_str().unwrap()]);
    assert_eq!((exit, out.as_str()), (Exit::Unusable, ""));
    assert!(err.contains("pgproof.yaml:1:1") && err.contains("did you mean `migrations`?"), "{err}");
    let many: String = (0..80).map(|i| format!("key{i}: x\n")).collect();
    std::fs::write(&config, many).unwrap();
    let (_, _, err) = run_on(Verdict::Satisfied, &["check", "--config", config.to_str().unwrap()]);
    assert!(err.ends_with("and 30 more errors\n"), "{err}");
}

#[test]
fn help_is_for_reading() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        // Of a fixed width, whatever terminal the tests run in.
        let mut command = Cli::command().term_width(100);
        command.build();
        insta::assert_snapshot!("cli_help", command.render_long_help());
        for name in ["check", "schema"] {
            let command = command.find_subcommand_mut(name).unwrap();
            insta::assert_snapshot!(format!("cli_help_{name}"), command.render_long_help());
        }
    });
}
