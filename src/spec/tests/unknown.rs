//! What is not known, and what is waived.

use super::*;
use crate::catalog::{ChangeKind, Layer};

const VIN: &str = "tables: { vehicles: { columns: { vin: varchar(20) } } }";
const ACCOUNTS: &str = "forbid: [{ table: tesla_accounts }]";

fn unknown(db: &Db, spec: &str) -> Vec<String> {
    let (verdict, lines) = verdict(db, spec);
    assert_eq!(verdict, Verdict::Unknown, "{lines:#?}");
    lines
}

#[test]
fn what_an_opaque_statement_may_have_changed() {
    let mut db = Db::usual();
    db.opaque(Some("public.vehicles"));
    assert_eq!(
        unknown(&db, VIN),
        [
            "nothing certain is known of column public.vehicles.vin: EXECUTE of a text that is not known",
            "m.sql:3 not executed"
        ]
    );
    for spec in [
        column("vin: text"),
        column("nothing: text"),
        part("indexes", "columns: [vin]"),
        part("constraints", "primary_key: [id]"),
        part("policies", "command: select"),
        "tables: { vehicles: { rls: { enabled: true } } }".to_owned(),
    ] {
        unknown(&db, &spec);
    }
    // Another table is not touched.
    satisfied(&db, "tables: { users: { columns: { id: uuid } } }");
    violated(&db, "tables: { users: { columns: { id: text } } }");
}

#[test]
fn what_was_decided_later_is_known_again() {
    let mut db = Db::usual();
    db.opaque(None);
    unknown(&db, VIN);
    db.add_column("public.vehicles", "serial text");
    satisfied(&db, &column("serial: text"));
    violated(&db, &column("serial: uuid"));
    // A later SET NOT NULL proves the column, and not its type.
    db.alter_column("public.vehicles", "vin", "ALTER … SET NOT NULL;", ChangeKind::NotNull, |c| c.not_null = true);
    satisfied(&db, &column("vin: { nullable: false }"));
    unknown(&db, &column("vin: { type: varchar(20), nullable: false }"));
    // What certainly is wrong outweighs what is not known.
    violated(&db, &column("vin: { type: varchar(20), nullable: true }"));
    db.drop_column("public.vehicles", "label");
    violated(&db, &column("label: text"));
    db.table("public.later", &["id uuid"]);
    violated(&db, "tables: { later: { columns: { no: uuid } } }");
    violated(&db, "tables: { later: { constraints: [{ primary_key: [id] }] } }");
}

#[test]
fn absence_is_not_known_either() {
    let mut db = Db::usual();
    db.opaque(None);
    unknown(&db, ACCOUNTS);
    unknown(&db, "forbid: [{ column: users.tesla_user_id }]");
    unknown(&db, "forbid: [{ schema: legacy }]");
    unknown(&db, "tables: { nothing: { rls: { enabled: true } } }");
    unknown(&db, "tables: { no.nothing: { rls: { enabled: true } } }");
    // What is there and was made since is there for certain.
    db.table("public.tesla_accounts", &["id uuid"]);
    violated(&db, ACCOUNTS);
    // What was there before may be gone.
    unknown(&db, "forbid: [{ table: vehicles }]");
}

#[test]
fn a_relation_that_may_have_been_made() {
    let mut db = Db::usual();
    db.opaque(Some("public.tesla_accounts"));
    unknown(&db, ACCOUNTS);
    unknown(&db, "forbid: [{ table: 'tesla_*' }]");
    unknown(&db, "forbid: [{ column: tesla_accounts.id }]");
    unknown(&db, "forbid: [{ index: idx_x }]");
    satisfied(&db, "forbid: [{ table: other }]");
    satisfied(&db, "forbid: [{ table: auth.tesla_accounts }]");
    satisfied(&db, "forbid: [{ column: users.tesla_user_id }]");
}

#[test]
fn what_a_platform_or_an_extension_has_is_no_doubt() {
    const INDEX: &str = "forbid: [{ index: idx_x }]";
    let mut db = Db::usual();
    db.layer = Layer::Platform;
    db.opaque(Some("public.vehicles"));
    satisfied(&db, INDEX);
    satisfied(&db, "forbid: [{ table: 'vehicle*_' }]");
    db.layer = Layer::Migration(0);
    // CREATE EXTENSION makes relations that are not modelled, in the statement that makes the extension.
    db.extension("pg_stat_statements", &["public.pg_stat_statements"]);
    satisfied(&db, INDEX);
    db.extension("pgcrypto", &["public.users"]);
    unknown(&db, INDEX);
}

#[test]
fn a_drop_settles_a_column() {
    let mut db = Db::usual();
    db.add_column("public.users", "tesla_user_id text");
    db.opaque(Some("public.users"));
    unknown(&db, "forbid: [{ column: users.tesla_user_id }]");
    db.drop_column("public.users", "tesla_user_id");
    satisfied(&db, "forbid: [{ column: users.tesla_user_id }]");
}

#[test]
fn types_that_may_have_been_made() {
    let mut db = Db::usual();
    db.opaque(None);
    db.add_column("public.vehicles", "mood text");
    unknown(&db, &column("mood: feeling"));
    satisfied(&db, &column("mood: { type: [feeling, text] }"));
}

fn waived(until: &str) -> String {
    format!("forbid:\n  - table: vehicles\n    waive: {{ reason: until the move, until: {until}, by: Ada }}\n")
}

#[test]
fn a_waiver_excuses_until_its_last_day() {
    let db = Db::usual();
    let (verdict, lines) = verdict(&db, &waived("2026-03-01"));
    assert_eq!(verdict, Verdict::Waived);
    assert_eq!(
        lines[0],
        "table public.vehicles exists, and table vehicles is forbidden; waived until 2026-03-01: until the move"
    );
    assert!(findings(&db, &waived("2026-03-01")).is_empty());
    violated(&db, &waived("2026-02-28"));
    assert_eq!(
        findings(&db, &waived("2026-02-28")),
        ["waiver-expired: the waiver of forbid table vehicles ended on 2026-02-28 | \
             s.yaml:3 waived by Ada: until the move"]
    );
    let (outcome, _) = check_spec(&db, &waived("2026-02-28"));
    assert_eq!(outcome.requirements[0].diagnostic.as_ref().unwrap().labels.len(), 3);
}

#[test]
fn a_waiver_that_nothing_needs() {
    let db = Db::new();
    assert!(findings(&db, &waived("2026-03-01"))[0].starts_with("waiver-unused"));
    let (outcome, _) = check_spec(&db, &waived("2026-01-01"));
    assert_eq!(outcome.findings[0].code, "waiver-expired");
    assert_eq!(outcome.findings[0].severity, crate::report::Severity::Warning);
}

#[test]
fn what_is_unknown_can_be_waived() {
    let mut db = Db::usual();
    db.opaque(None);
    assert_eq!(verdict(&db, &waived("2026-03-01")).0, Verdict::Waived);
}
