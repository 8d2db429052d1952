//! The history of the wrong commit, not repaired: each forbidden object is refused at the line that makes it.

mod support;

use pgproof::Project;
use pgproof::project::Options;
use pgproof::report::{CheckResult, Verdict};
use support::{Asked, read, repository};

fn check(config: &str) -> CheckResult {
    let options = Options { config: Some(repository(config)), ..Options::new(repository("")) };
    Project::open(&options).and_then(|p| p.check()).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn the_wrong_commit_alone_is_refused_at_its_lines() {
    let result = check("tests/history/wrong_commit.yaml");
    assert!(!result.passed());
    let line = |file: &str, part: &str| {
        let text = read(&format!("tests/history/0d521cc/{file}"));
        let line = text.lines().position(|l| l.to_lowercase().contains(part)).expect("the line") + 1;
        format!("{file}:{line}")
    };
    let evidence = |part: &str| {
        let requirement = result.requirement(part);
        assert_eq!(requirement.verdict, Verdict::Violated, "{part}");
        result.place(requirement.evidence[0].place)
    };
    let (users, accounts) = ("003_add_tesla_user_id_to_users.sql", "004_add_unique_constraint_tesla_accounts.sql");
    assert_eq!(evidence("forbid column users.tesla_user_id"), line(users, "add column"));
    assert_eq!(evidence("forbid index idx_users_tesla_user_id"), line(users, "create index"));
    assert_eq!(evidence("forbid table tesla_accounts"), line(accounts, "create table"));
    assert_eq!(evidence("forbid index idx_tesla_accounts_*"), line(accounts, "create index"));
    for column in ["tesla_vehicle_id", "last_sync_at"] {
        let requirement =
            result.requirements.iter().find(|r| r.id.ends_with(column)).unwrap_or_else(|| panic!("{column}"));
        assert_eq!(requirement.verdict, Verdict::Violated);
        assert!(requirement.evidence.is_empty(), "nothing made {column}");
        assert!(result.place(requirement.spec).starts_with("t02_s02.yaml:"));
    }
}
