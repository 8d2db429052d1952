//! What a user reads from `pgproof check`, on real command lines: the report, the table, JSON, exit statuses.

mod support;

use std::process::{Command, Output};

use serde_json::Value;
use support::{Folder, repository};

/// Runs the program in a folder. What it prints must not depend on the machine.
fn pgproof(folder: &std::path::Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pgproof")).args(args).current_dir(folder).output().expect("the program runs")
}

/// The exit status and the report.
fn check(folder: &Folder, args: &[&str]) -> (i32, String) {
    let args: Vec<&str> = ["check"].iter().chain(args).copied().collect();
    let output = pgproof(folder.path(), &args);
    let status = output.status.code().expect("an exit status");
    let stream = if status == 2 { output.stderr } else { output.stdout };
    (status, String::from_utf8(stream).expect("UTF-8"))
}

fn json(folder: &Folder, args: &[&str]) -> Value {
    let args: Vec<&str> = ["--format", "json"].iter().chain(args).copied().collect();
    serde_json::from_str(&check(folder, &args).1).expect("JSON")
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(repository("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// A plain project of these migrations and this spec; no spec if it is empty.
fn project(migrations: &[&str], spec: &str) -> Folder {
    let folder = Folder::new("plain");
    for (i, sql) in migrations.iter().enumerate() {
        folder.migration(&format!("{:03}_m.sql", i + 1), sql);
    }
    if !spec.is_empty() {
        folder.spec(spec);
    }
    folder
}

/// What is printed about a history of this repository.
fn read_history(config: &str, status: i32, args: &[&str]) -> String {
    let args: Vec<&str> = ["check", "--config", config].iter().chain(args).copied().collect();
    let output = pgproof(&repository(""), &args);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(output.status.code(), Some(status), "{text}");
    assert!(output.stderr.is_empty());
    text
}

/// The whole output on the history of the wrong commit, in all its forms.
#[test]
fn the_wrong_commit_as_it_is_read() {
    let run = |args: &[&str]| read_history("tests/history/wrong_commit.yaml", 1, args);
    let human = run(&[]);
    snapshot("check_wrong_commit", &human);
    let with_table = run(&["--table"]);
    let at = with_table.find("REQUIREMENT").expect("the table");
    assert!(human.starts_with(&with_table[..at]), "the table comes after the findings");
    snapshot("check_wrong_commit_table", &with_table[at..]);
    snapshot("check_wrong_commit_json", &run(&["--format", "json"]));
}

#[test]
fn the_other_histories_as_they_are_read() {
    snapshot("check_voltracker_table", &read_history("pgproof.yaml", 0, &["--table"]));
    snapshot("check_repaired", &read_history("tests/history/repaired.yaml", 0, &[]));
    snapshot("check_sorted", &read_history("tests/history/sorted.yaml", 1, &[]));
}

#[test]
fn a_requirement_is_as_bad_as_its_severity_says() {
    let spec =
        |severity: &str| format!("tables:\n  t: {{ columns: {{ b: {{ type: int, severity: {severity} }} }} }}\n");
    let status = |severity: &str, args: &[&str]| check(&project(&["CREATE TABLE t (a int);"], &spec(severity)), args).0;
    assert_eq!(status("error", &[]), 1);
    assert_eq!(status("warning", &[]), 0);
    assert_eq!(status("warning", &["--deny", "warnings"]), 1);
    assert_eq!(status("info", &["--deny", "warnings"]), 0);
    let report = json(&project(&["CREATE TABLE t (a int);"], &spec("warning")), &[]);
    assert_eq!(report["summary"]["requirements"]["violated"], 1);
    assert_eq!(report["summary"]["passed"], true);
    assert_eq!(report["findings"][0]["severity"], "warning");
    assert_eq!(report["findings"][0]["code"], "missing-column");
}

#[test]
fn unknown_counts_as_bad_unless_it_is_allowed() {
    let folder = project(&["CREATE TABLE t (a int);"], "tables:\n  t: { columns: { a: int } }\n");
    folder.migration("002_code.py", "print('anything')");
    let (status, text) = check(&folder, &[]);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("2 requirements are unknown because this was not executed: the migration is not SQL"));
    assert!(text.contains("2 requirements: 2 unknown\n"), "{text}");
    assert!(text.contains("--allow-unknown"), "{text}");
    let (status, text) = check(&folder, &["--allow-unknown"]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("2 requirements: 2 unknown (allowed)\n"), "{text}");
    let report = json(&folder, &["--allow-unknown"]);
    assert_eq!(report["requirements"][0]["verdict"], "unknown");
    assert_eq!(report["summary"]["requirements"]["unknown"], 2);
}

#[test]
fn two_files_of_one_version_are_a_warning() {
    let folder = project(&["CREATE TABLE t (a int);"], "tables:\n  t: {}\n");
    folder.migration("1_again.sql", "ALTER TABLE t ADD COLUMN b int;");
    let (status, text) = check(&folder, &[]);
    assert_eq!(status, 0);
    assert!(text.contains("warning[duplicate-version]"), "{text}");
    assert_eq!(check(&folder, &["--deny", "warnings"]).0, 1);
}

#[test]
fn what_cannot_be_used_ends_with_2() {
    let folder = project(&["CREATE TABLE t (a int);"], "tables:\n  t: {}\n");
    for args in [
        &["--config", "nope.yaml"][..],
        &["--since", "nope"],
        &["--format", "xml"],
        &["--deny", "everything"],
        &["nope.yaml"],
        &["--nope"],
    ] {
        assert_eq!(check(&folder, args).0, 2, "{args:?}");
    }
    assert_eq!(check(&folder, &["spec"]).0, 0);
}

#[test]
fn without_a_spec_there_is_a_remark() {
    let (status, text) = check(&project(&["CREATE TABLE t (a int);"], ""), &["--deny", "warnings"]);
    assert_eq!(status, 0);
    assert!(text.contains("info[no-specs]"), "{text}");
}

#[test]
fn json_has_the_documented_keys() {
    let folder = project(
        &[
            "CREATE TABLE t (a int);",
            "/* ü */ ALTER TABLE t ADD COLUMN a int;",
            "VACUUM; SECURITY LABEL ON TABLE t IS 'secret';",
        ],
        "tables:\n  t: { columns: { a: int, b: text } }\n",
    );
    folder.write("pgproof.yaml", "migrations: migrations\ntransaction: none\n");
    let report = json(&folder, &[]);
    let keys = |value: &Value| {
        let mut keys: Vec<String> = value.as_object().expect("an object").keys().cloned().collect();
        keys.sort();
        keys.join(" ")
    };
    assert_eq!(keys(&report), "findings migrations requirements summary version");
    assert_eq!(keys(&report["migrations"][0]), "error opaque path statements status version");
    assert_eq!(keys(&report["migrations"][1]["error"]), "column line message sqlstate");
    assert_eq!(keys(&report["requirements"][0]), "evidence id message spec verdict");
    assert_eq!(keys(&report["requirements"][0]["spec"]), "line path");
    assert_eq!(keys(&report["requirements"][0]["evidence"][0]), "line path");
    assert_eq!(
        keys(&report["findings"][0]),
        "code column end_column end_line fingerprint help line message path severity"
    );
    assert_eq!(report["version"], 1);
    assert_eq!(report["migrations"][0]["status"], "applied");
    assert_eq!(report["migrations"][1]["status"], "failed");
    assert_eq!(report["migrations"][2]["status"], "opaque");
    assert_eq!(keys(&report["migrations"][2]["opaque"][0]), "line reason");
    // `ü` is one character and two bytes.
    assert_eq!(report["migrations"][1]["error"]["column"], 34);
    assert_eq!(report["migrations"][1]["error"]["sqlstate"], "42701");
}

#[test]
fn fingerprints_stay_when_lines_move() {
    let fingerprints = |migrations: &[&str], spec: &str| {
        let report = json(&project(migrations, spec), &[]);
        let findings = report["findings"].as_array().expect("a list").clone();
        let of = findings.iter().map(|finding| finding["fingerprint"].as_str().expect("text").to_owned());
        let mut all: Vec<String> = of.collect();
        all.sort();
        all
    };
    let spec = "forbid:\n  - table: t\ntables:\n  u: { columns: { b: text } }\n";
    let before = fingerprints(&["CREATE TABLE t (a int);\nCREATE TABLE u ();", "CREATE TABLE t ();"], spec);
    assert_eq!(before.len(), 3);
    let moved = fingerprints(
        &["-- a remark\n\nCREATE TABLE t (a int);\n\nCREATE TABLE u ();", "\n  CREATE  TABLE t ();"],
        &format!("# a remark\n{spec}"),
    );
    assert_eq!(moved, before);
}

#[test]
fn what_follows_from_a_failed_file_is_listed_under_it() {
    let folder = project(
        &[
            "CREATE TABLE users (id int PRIMARY KEY);\nCREATE TABLE posts (id int, author int);",
            "CREATE TABLE orders (id int PRIMARY KEY, total moneyy);\nCREATE INDEX orders_total ON orders (total);",
            "ALTER TABLE orders ADD COLUMN note text;",
            "ALTER TABLE posts\n  ADD COLUMN body text,\n  ADD COLUMN author text;",
            "CREATE INDEX posts_body ON posts (body);",
            "CREATE TABLE tags (id int);",
        ],
        "forbid:\n  - table: users\ntables:\n  orders:\n    columns: { note: text }\n    rls: { enabled: true }\n  \
         posts: { columns: { body: text } }\n  tags: { columns: { id: int } }\n",
    );
    folder.migration("007_m.sql", "DROP TABLE users;\nDROP TABLE nothing;");
    let (status, text) = check(&folder, &[]);
    assert_eq!(status, 1);
    snapshot("check_failures", &text);
}

/// A repository with these migrations committed on `main`.
fn committed(migrations: &[&str], spec: &str) -> Folder {
    let folder = project(migrations, spec);
    git(&folder, &["init", "-q", "-b", "main"]);
    git(&folder, &["add", "-A"]);
    git(&folder, &["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "x"]);
    folder
}

fn git(folder: &Folder, args: &[&str]) {
    let output = Command::new("git").args(args).current_dir(folder.path()).output().expect("git runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn since_counts_only_what_changed() {
    let folder = committed(&["CREATE TABLE t (a int);", "CREATE TABLE t (b int);"], "tables:\n  t: {}\n");
    assert_eq!(check(&folder, &[]).0, 1);
    let (status, text) = check(&folder, &["--since", "main"]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("1 finding in migrations that did not change is left out (--since)"), "{text}");
    assert!(text.contains("1 failed"), "{text}");
    // What is new counts, and what it breaks in the spec too, wherever the requirement is older.
    folder.migration("003_m.sql", "CREATE TABLE t (c int);");
    assert_eq!(check(&folder, &["--since", "main"]).0, 1);
    folder.migration("003_m.sql", "CREATE TABLE u (c int);");
    assert_eq!(check(&folder, &["--since", "main"]).0, 0);
    folder.migration("003_m.sql", "DROP TABLE t;");
    let report = json(&folder, &["--since", "main"]);
    assert_eq!(report["summary"]["passed"], false);
    assert_eq!(report["findings"][0]["code"], "missing-table");
    assert_eq!(report["findings"][0]["path"], "migrations/003_m.sql");
    assert_eq!(report["summary"]["findings"]["out_of_scope"], 1);
}

#[test]
fn since_reports_a_new_file_that_fails_because_of_an_old_one() {
    let folder = committed(&["CREATE TABLE t (a nonsense);"], "");
    assert_eq!(check(&folder, &["--since", "main"]).0, 0);
    folder.migration("002_m.sql", "ALTER TABLE t ADD COLUMN b int;");
    let (status, text) = check(&folder, &["--since", "main"]);
    assert_eq!(status, 1);
    assert!(text.contains("so migrations/002_m.sql fails too"), "{text}");
}

#[test]
fn requirement_verdicts_count_whatever_changed() {
    let folder = committed(&["CREATE TABLE t (a int);"], "tables:\n  t: { columns: { b: text } }\n");
    assert_eq!(check(&folder, &["--since", "main"]).0, 1);
}
