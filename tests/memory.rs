//! What is gone takes little: names and places of what a script made and dropped, and no trees.
#![cfg(target_os = "linux")]

mod support;

use std::fs;

use pgproof::Project;
use pgproof::project::Options;
use pgproof::report::Policy;
use support::Folder;

/// The most memory that this process has used so far, in bytes.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("what Linux says of the process");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("the peak");
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).expect("a number") * 1024
}

/// Makes and drops a table with a key so often, in one script.
fn churn(times: usize) {
    let folder = Folder::new("plain");
    folder.migration("001_churn.sql", "CREATE TABLE t (id int PRIMARY KEY);\nDROP TABLE t;\n".repeat(times));
    let project = Project::open(&Options::new(folder.path())).expect("a project");
    let result = project.check().expect("a check");
    assert_eq!(result.migrations.len(), 1);
    assert!(result.summary(Policy::default()).passed, "{:?}", result.findings);
}

#[test]
fn what_is_gone_takes_less_than_a_kilobyte_a_statement() {
    churn(22_000);
    let before = peak();
    churn(44_000);
    let grown = peak() - before;
    println!("{} bytes a statement", grown / 44_000);
    assert!(grown < 44_000 * 1024, "{grown} bytes more for 44,000 statements more");
    assert!(grown > 0, "the second run is no larger than the first");
}
