//! Input that is broken, odd or huge: judged, opaque, or refused with a place. Never a panic.

mod support;

use std::process::{Command, Output};

use pgproof::report::MigrationStatus;
use support::{Asked, Folder};

fn pgproof(folder: &Folder, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pgproof"))
        .args(args)
        .current_dir(folder.path())
        .output()
        .expect("the program runs")
}

/// Exit status 2, and the complaint on standard error names all of these.
fn refused(folder: &Folder, words: &[&str]) {
    let output = pgproof(folder, &["check"]);
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{complaint}");
    for word in words {
        assert!(complaint.contains(word), "no `{word}` in {complaint}");
    }
}

#[test]
fn unusable_input_is_refused_with_a_place() {
    refused(&Folder::new("plain"), &["migrations"]);
    let folder = Folder::new("plain");
    folder.migration("001.sql", b"SELECT 1;\nSELECT '\xff';");
    refused(&folder, &["001.sql", "UTF-8"]);
    let folder = Folder::new("plain");
    folder.migration("001.sql", "SELECT 1;").spec("spec: [");
    refused(&folder, &["spec.yaml"]);
    let folder = Folder::new("plain");
    folder.migration("001.sql", "SELECT 1;").spec("spec: s\ntabels: {}\n");
    refused(&folder, &["spec.yaml", "tabels", "tables"]);
    let folder = Folder::new("plain");
    folder.migration("001.sql", "SELECT 1;").write("pgproof.yaml", "platfrom: plain\n");
    refused(&folder, &["pgproof.yaml", "platfrom", "platform"]);
}

#[test]
fn harmless_oddities_are_fine() {
    let folder = Folder::new("plain");
    folder
        .migration("001.sql", "\u{feff}CREATE TABLE t (a int);")
        .migration("002.sql", "ALTER TABLE t\r\n  ADD COLUMN b int;\r\n")
        .migration("003.sql", "")
        .migration("004.sql", "-- nothing but a remark\n");
    let result = folder.check();
    assert!(result.passed(), "{:#?}", result.findings);
}

/// The first and the last statement are judged whatever stands between them.
fn others_are_judged(between: &str) -> MigrationStatus {
    let folder = Folder::new("plain");
    folder.migration("001.sql", format!("CREATE TABLE first (a int);\n{between};\nCREATE TABLE last (a int);"));
    folder.write("pgproof.yaml", "postgres: 15\nmigrations: migrations\ntransaction: none\n");
    let result = folder.check();
    assert_eq!(result.migrations.len(), 1);
    result.migrations[0].status
}

#[test]
fn huge_and_deep_statements_do_not_hide_the_others() {
    let operands = vec!["'a'"; 5000].join(" || ");
    assert_eq!(others_are_judged(&format!("SELECT {operands}")), MigrationStatus::Opaque);
    let parentheses = format!("SELECT {}1{}", "(".repeat(20_000), ")".repeat(20_000));
    others_are_judged(&parentheses);
    let literal = "x".repeat(10 << 20);
    assert_eq!(others_are_judged(&format!("COMMENT ON TABLE first IS '{literal}'")), MigrationStatus::Applied);
}

#[test]
fn a_nul_byte_spoils_its_statement_only() {
    let folder = Folder::new("plain");
    folder
        .migration("001.sql", "CREATE TABLE a (id int);")
        .migration("002.sql", "SELECT 'a\0b';")
        .migration("003.sql", "CREATE TABLE c ();");
    let result = folder.check();
    assert_eq!(result.migrations[0].status, MigrationStatus::Applied);
    assert_ne!(result.migrations[1].status, MigrationStatus::Applied);
    assert_eq!(result.migrations[2].status, MigrationStatus::Applied);
    assert!(!result.passed());
}
