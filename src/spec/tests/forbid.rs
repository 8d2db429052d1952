//! What may not exist.

use super::*;
use crate::catalog::{DependencyKind, Layer, Object};
use crate::sql::ast::{Persistence, PolicyCommand};

fn forbid(entry: &str) -> String {
    format!("forbid:\n  - {entry}\n")
}

const ACCOUNTS: &str = "forbid:\n  - table: tesla_accounts\n";

#[test]
fn nothing_of_the_name() {
    let db = Db::usual();
    assert_eq!(satisfied(&db, ACCOUNTS), ["no table tesla_accounts exists"]);
    assert!(findings(&db, ACCOUNTS).is_empty());
}

#[test]
fn in_every_schema_and_in_any_letters() {
    for address in ["public.tesla_accounts", "other.tesla_accounts", "public.Tesla_Accounts", "auth.TESLA_ACCOUNTS"] {
        let mut db = Db::usual();
        db.table(address, &["id uuid"]);
        violated(&db, ACCOUNTS);
        violated(&db, &forbid("table: '*_accounts'"));
        violated(&db, &forbid("table: '\"tesla_accounts\"'"));
    }
    let mut db = Db::usual();
    db.table("other.Tesla_Accounts", &["id uuid"]);
    assert_eq!(
        violated(&db, ACCOUNTS),
        [
            "table other.\"Tesla_Accounts\" exists, and table tesla_accounts is forbidden",
            "m.sql:4 table other.\"Tesla_Accounts\" comes from here",
            "help: DROP TABLE other.\"Tesla_Accounts\";"
        ]
    );
    satisfied(&db, &forbid("table: public.tesla_accounts"));
    violated(&db, &forbid("table: oth*.tesla_accounts"));
    db.table("public.tesla_accounts", &["id uuid"]);
    assert_eq!(
        violated(&db, ACCOUNTS)[0],
        "table other.\"Tesla_Accounts\" and 1 more exist, and table tesla_accounts is forbidden"
    );
}

#[test]
fn a_view_stands_in_for_a_table() {
    let mut db = Db::usual();
    db.view("public.tesla_accounts", false);
    assert_eq!(
        violated(&db, ACCOUNTS)[0],
        "view public.tesla_accounts has the name of the forbidden table tesla_accounts"
    );
    violated(&db, &forbid("view: tesla_accounts"));
    satisfied(&db, &forbid("materialized_view: tesla_accounts"));
    let mut db = Db::usual();
    db.view("public.tesla_accounts", true);
    violated(&db, ACCOUNTS);
    violated(&db, &forbid("materialized_view: tesla_accounts"));
    // An index of the name is another matter.
    let mut db = Db::usual();
    db.index("tesla_accounts", "public.vehicles", &["vin"], |_| ());
    satisfied(&db, ACCOUNTS);
}

#[test]
fn a_renaming_makes_the_name() {
    let mut db = Db::usual();
    db.rename_table("public.vehicles", "tesla_accounts");
    assert_eq!(violated(&db, ACCOUNTS)[1], "m.sql:3 table public.tesla_accounts comes from here");
    violated(&db, &forbid("column: tesla_accounts.vin"));
    assert_eq!(
        violated(&db, &forbid("column: tesla_accounts.vin"))[1],
        "m.sql:3 column public.tesla_accounts.vin comes from here"
    );
}

#[test]
fn columns() {
    let mut db = Db::usual();
    db.table("auth.users", &["id uuid"]);
    db.add_column("auth.users", "tesla_user_id text");
    let address = forbid("column: users.tesla_user_id");
    assert_eq!(
        violated(&db, &address),
        [
            "column auth.users.tesla_user_id exists, and column users.tesla_user_id is forbidden",
            "m.sql:5 column auth.users.tesla_user_id comes from here",
            "help: ALTER TABLE auth.users DROP COLUMN tesla_user_id;"
        ]
    );
    violated(&db, &forbid("column: tesla_user_id"));
    violated(&db, &forbid("column: '*.TESLA_*'"));
    satisfied(&db, &forbid("column: public.users.tesla_user_id"));
    satisfied(&db, &forbid("column: vehicles.tesla_user_id"));
    db.drop_column("auth.users", "tesla_user_id");
    assert_eq!(
        satisfied(&db, &address),
        ["no column users.tesla_user_id exists: the last one was dropped", "m.sql:6 column tesla_user_id dropped here"]
    );
}

#[test]
fn what_the_platform_or_an_extension_made_is_exempt() {
    let mut db = Db::new();
    db.layer = Layer::Platform;
    db.table("auth.users", &["tesla_user_id uuid"]);
    db.layer = Layer::Migration(0);
    satisfied(&db, &forbid("table: users"));
    satisfied(&db, &forbid("column: users.tesla_user_id"));
    // What a migration adds to it is not, nor is a name that a migration gives it.
    db.add_column("auth.users", "vin text");
    violated(&db, &forbid("column: users.vin"));
    db.index("idx_vin", "auth.users", &["vin"], |_| ());
    violated(&db, &forbid("index: idx_*"));
    db.rename_table("auth.users", "people");
    violated(&db, &forbid("table: people"));

    let mut db = Db::new();
    let extension = db.extension("geo", &[]);
    let table = db.table("public.spatial_ref_sys", &["srid int4"]);
    db.catalog.dependencies.add(Object::Relation(table), Object::Extension(extension), DependencyKind::Extension);
    satisfied(&db, &forbid("table: spatial_ref_sys"));
    satisfied(&db, &forbid("column: spatial_ref_sys.srid"));
    assert_eq!(violated(&db, &forbid("extension: geo"))[2], "help: DROP EXTENSION geo;");
}

#[test]
fn the_baseline_is_not_exempt() {
    let mut db = Db::new();
    db.layer = Layer::Baseline;
    db.table("public.tesla_accounts", &["id uuid"]);
    assert_eq!(violated(&db, ACCOUNTS)[1], "m.sql:1 table public.tesla_accounts comes from here (baseline)");
}

#[test]
fn temporary_tables_do_not_count() {
    let mut db = Db::new();
    let oid = db.table("public.tesla_accounts", &["id uuid"]);
    db.catalog.relation_mut(oid).unwrap().persistence = Persistence::Temporary;
    satisfied(&db, ACCOUNTS);
    satisfied(&db, &forbid("column: tesla_accounts.id"));
}

#[test]
fn parts_of_tables_and_what_is_beside_them() {
    let mut db = Db::usual();
    db.key("vehicles_vin_key", "public.vehicles", &["vin"], false);
    db.policy("Everybody", PolicyCommand::All, "true", "", |_| ());
    db.role("intern");
    db.schema("legacy");
    assert_eq!(
        violated(&db, &forbid("constraint: vehicles.vehicles_vin_key"))[2],
        "help: ALTER TABLE public.vehicles DROP CONSTRAINT vehicles_vin_key;"
    );
    assert_eq!(
        violated(&db, &forbid("index: vehicles_vin_key"))[2],
        "help: ALTER TABLE public.vehicles DROP CONSTRAINT vehicles_vin_key;"
    );
    assert_eq!(
        violated(&db, &forbid("policy: vehicles.everybody"))[2],
        "help: DROP POLICY \"Everybody\" ON public.vehicles;"
    );
    violated(&db, &forbid("policy: Everybody"));
    violated(&db, &forbid("role: intern"));
    violated(&db, &forbid("schema: legacy"));
    satisfied(&db, &forbid("role: postgres"));
    for nothing in ["trigger: vehicles.t", "sequence: s", "type: mood", "domain: d", "function: f", "publication: p"] {
        satisfied(&db, &forbid(nothing));
    }
}

#[test]
fn one_letter_off_is_a_warning() {
    let mut db = Db::usual();
    db.table("public.tesla_acounts", &["id uuid"]);
    assert_eq!(
        findings(&db, ACCOUNTS),
        ["similar-to-forbidden: table public.tesla_acounts is one letter off the forbidden table tesla_accounts | \
             m.sql:3 made here | s.yaml:2 forbidden here"]
    );
    satisfied(&db, ACCOUNTS);
    // It is meant where a spec asks for it, and short names are alike by chance.
    assert!(findings(&db, &format!("{ACCOUNTS}tables: {{ tesla_acounts: {{}} }}")).is_empty());
    assert!(findings(&db, &forbid("table: user")).is_empty());
    db.add_column("public.users", "tesla_usr_id text");
    assert!(findings(&db, &forbid("column: users.tesla_user_id"))[0].starts_with("similar-to-forbidden: column"));
    assert!(findings(&db, &forbid("column: vehicles.tesla_user_id")).is_empty());
}

#[test]
fn what_came_and_went_is_worth_knowing() {
    let mut db = Db::usual();
    db.table("public.tesla_accounts", &["id uuid"]);
    db.drop_table("public.tesla_accounts");
    assert_eq!(
        satisfied(&db, ACCOUNTS),
        ["no table tesla_accounts exists: the last one was dropped", "m.sql:4 table tesla_accounts dropped here"]
    );
    assert_eq!(
        findings(&db, ACCOUNTS),
        [
            "forbidden-object-removed: table public.tesla_accounts, which is forbidden, was made, and later was dropped | \
             m.sql:3 made here | m.sql:4 table tesla_accounts dropped here | s.yaml:2 forbidden here"
        ]
    );
    db.table("public.tesla_accounts", &["id uuid"]);
    violated(&db, ACCOUNTS);
    assert!(findings(&db, ACCOUNTS).is_empty());
    db.rename_table("public.tesla_accounts", "accounts");
    let found = findings(&db, ACCOUNTS);
    assert_eq!(found.len(), 2);
    assert!(found[1].contains("was made, and later was renamed to accounts"), "{found:?}");
    // Its name was forbidden, not the table.
    violated(&db, &forbid("table: accounts"));
}
