//! Migrations that PostgreSQL would refuse: its SQLSTATE and message, at the line, with the line that made the clash.

mod support;

use pgproof::report::{MigrationStatus, Verdict};
use support::{Asked, Folder};

/// A plain project of these migrations.
fn folder(migrations: &[&str]) -> Folder {
    let folder = Folder::new("plain");
    for (i, sql) in migrations.iter().enumerate() {
        folder.migration(&format!("{:03}_m.sql", i + 1), sql);
    }
    folder
}

fn error(migrations: &[&str]) -> String {
    let errors = folder(migrations).check().errors();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    errors[0].clone()
}

#[test]
fn the_state_and_message_of_postgresql() {
    assert_eq!(
        error(&["CREATE TABLE t (a int);\nALTER TABLE t ADD COLUMN a int;"]),
        "001_m.sql:2: 42701 column \"a\" of relation \"t\" already exists"
    );
    assert_eq!(
        error(&["CREATE TABLE t (a int);", "\nCREATE TABLE t (b int);"]),
        "002_m.sql:2: 42P07 relation \"t\" already exists"
    );
    assert_eq!(
        error(&["ALTER TABLE missing ADD COLUMN a int;"]),
        "001_m.sql:1: 42P01 relation \"missing\" does not exist"
    );
    assert_eq!(
        error(&["CREATE TABLE t (a int);\nCREATE POLICY p ON t USING (true);\nCREATE POLICY p ON t USING (true);"]),
        "001_m.sql:3: 42710 policy \"p\" for table \"t\" already exists"
    );
    assert_eq!(
        error(&["CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (a int REFERENCES a);\nDROP TABLE a;"]),
        "001_m.sql:3: 2BP01 cannot drop table a because other objects depend on it"
    );
    assert_eq!(
        error(&["CREATE TABLE t (a int);\nCREATE TABEL u (a int);"]),
        "001_m.sql:2: 42601 syntax error at or near \"TABEL\""
    );
    assert_eq!(
        error(&["CREATE TABLE t (a int);\nCREATE INDEX ON t (b);"]),
        "001_m.sql:2: 42703 column \"b\" does not exist"
    );
    assert_eq!(error(&["CREATE TABLE t (a nonsense);"]), "001_m.sql:1: 42704 type \"nonsense\" does not exist");
}

#[test]
fn the_line_that_made_the_clash_is_named() {
    let result = folder(&["CREATE TABLE t (a int);", "CREATE TABLE t (b int);"]).check();
    let finding = result.findings.iter().find(|f| f.code == "migration-failed").expect("a finding");
    let places: Vec<String> = finding.labels.iter().map(|l| result.place(l.place)).collect();
    assert_eq!(places, ["002_m.sql:1", "001_m.sql:1"]);
}

#[test]
fn the_failed_file_is_rolled_back_and_the_others_are_judged() {
    let folder = folder(&[
        "CREATE TABLE a (id int);",
        "CREATE TABLE b (id int); CREATE TABLE a ();",
        "CREATE TABLE c (id int);",
    ]);
    folder.spec(
        "spec: s\ntables:\n  a: { columns: { id: int } }\n  c: { columns: { id: int } }\nforbid:\n  - table: b\n",
    );
    let result = folder.check();
    assert_eq!(result.statuses(), [MigrationStatus::Applied, MigrationStatus::Failed, MigrationStatus::Applied]);
    assert_eq!(result.verdicts(Verdict::Violated), Vec::<String>::new());
    assert!(!result.passed());
}

#[test]
fn errors_that_follow_from_a_failed_file_are_grouped_under_it() {
    let result = folder(&["CREATE TABLE a (id int); CREATE TABLE a ();", "ALTER TABLE a ADD COLUMN b int;"]).check();
    let failed: Vec<_> = result.findings.iter().filter(|f| f.code == "migration-failed").collect();
    assert_eq!(failed.len(), 1, "{failed:#?}");
    assert!(failed[0].labels.iter().any(|l| result.place(l.place).starts_with("002_m.sql")), "{failed:#?}");
    assert_eq!(result.errors().len(), 2);
}

#[test]
fn an_index_built_concurrently_needs_to_be_alone() {
    assert_eq!(
        error(&["CREATE TABLE t (a int);", "SELECT 1;\nCREATE INDEX CONCURRENTLY i ON t (a);"]),
        "002_m.sql:2: 25001 CREATE INDEX CONCURRENTLY cannot run inside a transaction block"
    );
    let alone = folder(&["CREATE TABLE t (a int);", "CREATE INDEX CONCURRENTLY i ON t (a);"]).check();
    assert!(alone.passed(), "{:#?}", alone.errors());
}
