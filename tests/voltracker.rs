//! The real history: right as it is, wrong without its repair, and red after each edit that breaks it.

mod support;

use pgproof::Project;
use pgproof::project::Options;
use pgproof::report::{CheckResult, Verdict};
use support::{Asked, Folder, repository};

const BASELINE: &str = "migrations/001_baseline.sql";
const ENHANCE: &str = "migrations/004_enhance_tesla_oauth_support.sql";

fn check(config: &str) -> CheckResult {
    let options = Options { config: Some(repository(config)), ..Options::new(repository("")) };
    Project::open(&options).and_then(|p| p.check()).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn the_history_satisfies_every_requirement() {
    let result = check("pgproof.yaml");
    assert!(result.passed(), "{:#?}", result.findings);
    assert_eq!(result.verdicts(Verdict::Violated), Vec::<String>::new());
    assert_eq!(result.verdicts(Verdict::Unknown), Vec::<String>::new());
    let required = result.requirements.iter().filter(|r| !r.id.starts_with("forbid"));
    for requirement in required {
        assert!(!requirement.evidence.is_empty(), "{} has no evidence", requirement.id);
    }
    // The columns that 004 adds point into its DO block.
    let column = result.requirement("column public.vehicles.tesla_vehicle_id");
    assert_eq!(result.place(column.evidence[0].place), "004_enhance_tesla_oauth_support.sql:29");
}

#[test]
fn the_repair_in_commit_order_is_right() {
    let result = check("tests/history/repaired.yaml");
    assert!(result.passed(), "{:#?}\n{:#?}", result.findings, result.verdicts(Verdict::Violated));
    let removed: Vec<_> = result.findings.iter().filter(|f| f.code == "forbidden-object-removed").collect();
    for name in ["tesla_accounts", "tesla_user_id"] {
        let finding =
            removed.iter().find(|f| f.message.contains(name)).unwrap_or_else(|| panic!("{name}: {removed:#?}"));
        assert!(finding.labels.len() >= 2, "both lines are named: {finding:#?}");
    }
    assert!(result.findings.iter().any(|f| f.code == "duplicate-version"));
}

#[test]
fn the_same_files_sorted_end_wrong_at_the_wrong_004() {
    let result = check("tests/history/sorted.yaml");
    assert!(!result.passed());
    let requirement = result.requirement("forbid table tesla_accounts");
    assert_eq!(requirement.verdict, Verdict::Violated);
    assert!(result.place(requirement.evidence[0].place).starts_with("004_add_unique_constraint_tesla_accounts.sql:"));
}

/// Each edit breaks exactly these requirements, at this line.
#[test]
fn edits_turn_it_red_at_their_line() {
    let violated = |folder: &Folder, id: &str, evidence: &str| {
        let result = folder.check();
        assert!(!result.passed(), "{id}");
        let requirement =
            result.requirements.iter().find(|r| r.id.contains(id) && r.verdict == Verdict::Violated).unwrap_or_else(
                || panic!("{id} is not violated: {:#?} {:#?}", result.verdicts(Verdict::Violated), result.errors()),
            );
        let places: Vec<String> = requirement.evidence.iter().map(|e| result.place(e.place)).collect();
        if evidence.is_empty() {
            assert!(places.is_empty(), "{id}: {places:?}");
        } else {
            assert!(places.contains(&evidence.to_owned()), "{id}: {places:?} has no {evidence}");
        }
    };
    let append = |sql: &str, id: &str| {
        let folder = Folder::voltracker();
        folder.migration("005_edit.sql", sql);
        let line = sql.lines().position(|l| l.contains("-- here")).map_or(1, |l| l + 1);
        violated(&folder, id, &format!("005_edit.sql:{line}"));
    };

    append("ALTER TABLE vehicles DROP COLUMN last_sync_at;", "column public.vehicles.last_sync_at");
    append("DROP INDEX idx_vehicles_user_id_active;", "index public.vehicles(user_id, is_active)");
    append("DROP POLICY \"Users can view own vehicles\" ON vehicles;", "policy public.vehicles for select");
    append("ALTER TABLE vehicles DISABLE ROW LEVEL SECURITY;", "row level security public.vehicles");
    append(
        "DO $$\nDECLARE t record;\nBEGIN\n  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP\n    \
         EXECUTE format('ALTER TABLE public.%I DISABLE ROW LEVEL SECURITY', t.tablename); -- here\n  END LOOP;\nEND $$;",
        "row level security public.vehicles",
    );
    append("ALTER TABLE vehicles ALTER COLUMN tesla_vehicle_id TYPE text;", "column public.vehicles.tesla_vehicle_id");
    append("ALTER TABLE vehicles ALTER COLUMN tesla_tokens DROP NOT NULL;", "column public.vehicles.tesla_tokens");
    append("ALTER TABLE vehicles RENAME COLUMN tesla_id TO tesla_ident;", "column public.vehicles.tesla_id");
    append("ALTER TABLE vehicles RENAME TO cars;", "column public.vehicles.tesla_id");

    append("CREATE TABLE tesla_accounts (id int);", "forbid table tesla_accounts");
    append("DO $$ BEGIN\n  CREATE TABLE tesla_accounts (id int); -- here\nEND $$;", "forbid table tesla_accounts");
    append(
        "DO $$ BEGIN\n  EXECUTE format('CREATE TABLE %I (id int)', 'tesla_' || 'accounts'); -- here\nEND $$;",
        "forbid table tesla_accounts",
    );
    append("CREATE SCHEMA other;\nCREATE TABLE other.tesla_accounts (id int); -- here", "forbid table tesla_accounts");
    append("CREATE TABLE auth.tesla_accounts (id int);", "forbid table tesla_accounts");
    append("CREATE TABLE \"tesla_accounts\" (id int);", "forbid table tesla_accounts");
    append("CREATE TABLE \"Tesla_Accounts\" (id int);", "forbid table tesla_accounts");
    append("CREATE TABLE TESLA_ACCOUNTS (id int);", "forbid table tesla_accounts");
    append(
        "CREATE TABLE accounts (id int);\nALTER TABLE accounts RENAME TO tesla_accounts; -- here",
        "forbid table tesla_accounts",
    );
    append("CREATE VIEW tesla_accounts AS SELECT 1 AS one;", "forbid table tesla_accounts");
    append("ALTER TABLE users ADD COLUMN tesla_user_id text;", "forbid column users.tesla_user_id");

    // A guard whose condition is false: the column is never made.
    let folder = Folder::voltracker();
    folder.edit(ENHANCE, "column_name = 'last_sync_at'", "column_name = 'created_at'");
    violated(&folder, "column public.vehicles.last_sync_at", "");
    // The statement that enabled row-level security is gone.
    let folder = Folder::voltracker();
    folder.edit(BASELINE, "ALTER TABLE public.vehicles ENABLE ROW LEVEL SECURITY;\n", "");
    violated(&folder, "row level security public.vehicles", "");
}

#[test]
fn harmless_edits_stay_green() {
    let green = |sql: &str| {
        let folder = Folder::voltracker();
        folder.migration("005_edit.sql", sql);
        let result = folder.check();
        assert!(result.passed(), "{sql}\n{:#?}\n{:#?}", result.findings, result.verdicts(Verdict::Violated));
    };
    green(
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 'nothing') THEN CREATE TABLE tesla_accounts (); END IF; END $$;",
    );
    green("BEGIN; CREATE TABLE tesla_accounts (id int); ROLLBACK;");
    green("CREATE TABLE tesla_accounts (id int); DROP TABLE tesla_accounts;");
    green("SAVEPOINT s; CREATE TABLE tesla_accounts (id int); ROLLBACK TO s;");
    let folder = Folder::voltracker();
    folder.edit(ENHANCE, "tesla_vehicle_id BIGINT", "tesla_vehicle_id int8");
    assert!(folder.check().passed());
}
