//! Whole reports, in `snapshots/`.

use super::*;
use crate::report::human::{self, Look};
use crate::sql::ast::PolicyCommand;

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// The history of the wrong commit, and a few mistakes more.
fn wrong_history() -> Db {
    let mut db = Db::usual();
    db.add_column("public.users", "tesla_user_id text");
    db.index("idx_users_tesla_user_id", "public.users", &["tesla_user_id"], |_| ());
    db.table("public.tesla_accounts", &["id uuid", "user_id uuid"]);
    db.index("idx_tesla_accounts_user_id", "public.tesla_accounts", &["user_id"], |_| ());
    db.table("public.tesla_acounts_old", &["id uuid"]);
    db.drop_table("public.tesla_acounts_old");
    db.add_column("public.vehicles", "tesla_vehicleid integer");
    db.add_column("public.vehicles", "tesla_tokens json");
    db.row_security(true);
    db.policy("Users can view", PolicyCommand::Select, "true", "", |_| ());
    db.row_security(false);
    db.drop_column("public.vehicles", "vin");
    db
}

const SPEC: &str = "\
spec: T02
forbid:
  - { table: tesla_accounts, because: tokens live in vehicles.tesla_tokens }
  - { column: users.tesla_user_id }
  - { index: 'idx_tesla_accounts_*', severity: warning }
  - { table: tesla_acounts_old }
tables:
  vehicles:
    columns:
      tesla_vehicle_id: bigint
      tesla_tokens: { type: jsonb, nullable: false, because: a vehicle without tokens cannot be read }
      vin: varchar(20)
      user_id: uuid
    indexes:
      - columns: [user_id]
    rls:
      enabled: true
    policies:
      - { command: select, using: user_id = id }
";

#[test]
fn diagnostics_of_violations() {
    let (outcome, sources) = check_spec(&wrong_history(), SPEC);
    let diagnostics = outcome.requirements.iter().filter_map(|judged| judged.diagnostic.as_ref());
    let text = human::diagnostics(diagnostics.chain(&outcome.findings), &sources, Look::default());
    snapshot("spec_violations", &text);
}

#[test]
fn verdicts() {
    let (outcome, sources) = check_spec(&wrong_history(), SPEC);
    let mut text = String::new();
    for result in &outcome.requirements {
        text.push_str(&format!("{:9} {}\n          {}\n", result.verdict.word(), result.id, result.message));
        for evidence in &result.evidence {
            text.push_str(&format!("          {}\n", at(&sources, evidence.place, &evidence.text)));
        }
    }
    snapshot("spec_verdicts", &text);
}

#[test]
fn diagnostics_of_the_loader() {
    let spec = "spec: T02\ntabels: {}\nforbid:\n  - tabel: x\ntables:\n  vehicles:\n    columns:\n      vin: not a type\n    \
                rls: { isolate: user_id = auth.uid() }\n  '*': {}\nforbid: []\n";
    let mut sources = SourceMap::new();
    let broken = sources.add("broken.yaml", spec);
    let spec = &spec[..spec.len() - "forbid: []\n".len()];
    let wrong = sources.add("wrong.yaml", spec);
    let first = sources.add("a.yaml", "tables: { t: { columns: { a: text } } }\n");
    let second = sources.add("b.yaml", "forbid: [{ column: t.a }]\ntables: { t: { columns: { a: uuid } } }\n");
    let diagnostics = crate::spec::load(&[broken, wrong, first, second], &sources).unwrap_err();
    snapshot("spec_load_errors", &human::diagnostics(&diagnostics, &sources, Look::default()));
}
