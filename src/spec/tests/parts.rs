//! Indexes, constraints, row-level security, policies.

use super::*;
use crate::catalog::{ConstraintKind, Oid};
use crate::sql::ast::{ForeignKeyAction, PolicyCommand};

fn index(demand: &str) -> String {
    part("indexes", demand)
}

#[test]
fn an_index_by_what_it_covers() {
    let mut db = Db::usual();
    let wants = index("columns: [user_id, vin]");
    assert_eq!(
        violated(&db, &wants),
        ["index on public.vehicles (user_id, vin) does not exist", "help: CREATE INDEX ON vehicles (user_id, vin);"]
    );
    db.index("i1", "public.vehicles", &["vin", "user_id"], |_| ());
    assert_eq!(
        violated(&db, &wants)[..2],
        [
            "index on public.vehicles (user_id, vin) does not exist: index i1 has these keys in another order",
            "m.sql:3 has these keys in another order"
        ]
    );
    db.index("i2", "public.vehicles", &["user_id", "vin", "label"], |_| ());
    assert!(violated(&db, &wants)[0].ends_with("another order"));
    satisfied(&db, &index("{ columns: [user_id, vin], prefix: true }"));
    satisfied(&db, &index("{ columns: user_id, prefix: true }"));
    assert!(violated(&db, &index("{ columns: vin }"))[0].ends_with("index i1 has more keys"));
    db.index("i3", "public.vehicles", &["user_id", "vin"], |_| ());
    assert_eq!(
        satisfied(&db, &wants),
        ["index on public.vehicles (user_id, vin) exists as i3", "m.sql:5 index i3 made here"]
    );
    assert!(violated(&db, &index("{ columns: [user_id, vin], name: i9 }"))[0].ends_with("index i3 is not named i9"));
    satisfied(&db, &index("{ columns: [user_id, vin], name: i3 }"));
}

#[test]
fn an_index_that_does_not_serve() {
    let mut db = Db::usual();
    db.index("i1", "public.vehicles", &["vin"], |index| index.valid = false);
    assert_eq!(
        violated(&db, &index("columns: [vin]")),
        [
            "index on public.vehicles (vin) does not exist: index i1 is not valid",
            "m.sql:3 is not valid",
            "help: REINDEX INDEX i1;"
        ]
    );
    let mut db = Db::usual();
    db.index("i1", "public.vehicles", &["vin"], |index| index.method = "hash".into());
    assert!(violated(&db, &index("columns: [vin]"))[0].ends_with(": index i1 uses hash instead of btree"));
    satisfied(&db, &index("{ columns: [vin], method: hash }"));
    let mut db = Db::usual();
    let predicate = db.expr("public.vehicles", "label IS NOT NULL");
    db.index("i1", "public.vehicles", &["vin"], |index| index.predicate = Some(predicate));
    assert!(violated(&db, &index("columns: [vin]"))[0].ends_with(": index i1 is partial"));
    satisfied(&db, &index("{ columns: [vin], where: vehicles.label is  not null }"));
    assert!(violated(&db, &index("{ columns: [vin], where: label is null }"))[0].ends_with("has another predicate"));
    assert!(violated(&db, &index("{ columns: [vin], where: lable is null }"))[0].contains("\"lable\" does not exist"));
    assert!(violated(&db, &index("{ columns: [vin], unique: true }"))[0].ends_with("is not unique and is partial"));
}

#[test]
fn the_index_of_a_constraint_serves() {
    let mut db = Db::usual();
    db.key("vehicles_vin_key", "public.vehicles", &["vin"], false);
    satisfied(&db, &index("columns: [vin]"));
    satisfied(&db, &index("{ columns: [vin], unique: true }"));
    assert!(violated(&db, &index("{ columns: [vin], unique: false }"))[0].ends_with("vehicles_vin_key is unique"));
}

#[test]
fn an_index_on_an_expression() {
    let mut db = Db::usual();
    db.index("i1", "public.vehicles", &["lower(label)"], |_| ());
    satisfied(&db, &index("columns: [lower(label)]"));
    let lines = violated(&db, &index("columns: [upper(label)]"));
    assert_eq!(lines[1], "help: CREATE INDEX ON vehicles ((upper(label)));");
}

#[test]
fn a_dropped_index_is_named() {
    let mut db = Db::usual();
    db.index("idx_vehicles_vin", "public.vehicles", &["vin"], |_| ());
    db.index("idx_vehicles_label", "public.vehicles", &["label"], |_| ());
    db.drop_index("idx_vehicles_label");
    db.drop_index("idx_vehicles_vin");
    assert_eq!(
        violated(&db, &index("columns: [vin]"))[..2],
        ["index on public.vehicles (vin) does not exist", "m.sql:6 index idx_vehicles_vin dropped here"]
    );
    // Of those whose names tell nothing, each may be the one.
    assert_eq!(
        violated(&db, &index("columns: [user_id]"))[1..3],
        ["m.sql:6 index idx_vehicles_vin dropped here", "m.sql:5 index idx_vehicles_label dropped here"]
    );
    db.drop_column("public.vehicles", "vin");
    assert_eq!(
        violated(&db, &index("columns: [vin]"))[..2],
        [
            "index on public.vehicles (vin) does not exist: column vin of table public.vehicles was dropped",
            "m.sql:7 column vin dropped here"
        ]
    );
}

fn constraint(demand: &str) -> String {
    part("constraints", demand)
}

#[test]
fn keys() {
    let mut db = Db::usual();
    let primary = constraint("primary_key: [id]");
    assert_eq!(
        violated(&db, &primary),
        ["primary key of public.vehicles (id) does not exist", "help: ALTER TABLE vehicles ADD PRIMARY KEY (id);"]
    );
    db.key("vehicles_pkey", "public.vehicles", &["id"], true);
    assert_eq!(
        satisfied(&db, &primary),
        ["primary key of public.vehicles (id) exists as vehicles_pkey", "m.sql:4 constraint vehicles_pkey made here"]
    );
    assert!(violated(&db, &constraint("primary_key: [vin]"))[0].ends_with("vehicles_pkey has other columns"));
    satisfied(&db, &constraint("unique: [id]"));
    db.key("vehicles_vin_label_key", "public.vehicles", &["vin", "label"], false);
    satisfied(&db, &constraint("unique: [label, vin]"));
    assert_eq!(
        violated(&db, &constraint("{ unique: [label, vin], name: other }"))[2],
        "help: ALTER TABLE vehicles RENAME CONSTRAINT vehicles_vin_label_key TO other;"
    );
    assert_eq!(
        violated(&db, &constraint("primary_key: [vin, label]")),
        [
            "primary key of public.vehicles (vin, label) does not exist: constraint vehicles_pkey has other columns",
            "m.sql:4 has other columns",
            "help: ALTER TABLE vehicles DROP CONSTRAINT vehicles_pkey, ADD PRIMARY KEY (vin, label);"
        ]
    );
    // A unique index is no constraint.
    db.index("i", "public.vehicles", &["user_id"], |index| index.unique = true);
    assert_eq!(
        violated(&db, &constraint("unique: [user_id]"))[..2],
        [
            "unique constraint of public.vehicles (user_id) does not exist: i is a unique index, not a constraint",
            "m.sql:7 an index without a constraint"
        ]
    );
    db.drop_constraint("public.vehicles", "vehicles_pkey");
    assert_eq!(violated(&db, &primary)[1], "m.sql:8 constraint vehicles_pkey dropped here");
}

#[test]
fn foreign_keys() {
    let mut db = Db::usual();
    let wants = |rest: &str| constraint(&format!("foreign_key: {{ columns: [user_id], references: {rest} }}"));
    assert_eq!(
        violated(&db, &wants("users(id), on_delete: cascade"))[1],
        "help: ALTER TABLE vehicles ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;"
    );
    db.foreign_key("fk", "public.vehicles", "user_id", ("public.users", "id"), ForeignKeyAction::Cascade);
    for ok in [
        "users(id)",
        "'users( id )', on_delete: cascade",
        "public.users(id), on_delete: CASCADE, on_update: no action",
        "{ table: users, columns: [id] }, on_delete: cascade",
    ] {
        satisfied(&db, &wants(ok));
    }
    assert_eq!(
        violated(&db, &wants("users(id), on_delete: set null, on_update: restrict"))[0],
        "foreign key of public.vehicles (user_id) to public.users (id) does not exist: constraint fk is ON DELETE \
         CASCADE instead of SET NULL and is ON UPDATE NO ACTION instead of RESTRICT"
    );
    assert!(violated(&db, &wants("vehicles(id)"))[0].ends_with("constraint fk does not reference public.vehicles"));
    assert!(violated(&db, &wants("nobody(id)"))[0].ends_with("there is no table public.nobody"));
    // Without columns, the primary key is meant.
    assert!(violated(&db, &wants("users"))[0].ends_with("public.users has no primary key"));
    db.key("users_pkey", "public.users", &["id"], true);
    satisfied(&db, &wants("users"));
}

#[test]
fn constraints_that_were_not_validated_do_not_count() {
    let mut db = Db::usual();
    db.check("positive", "public.vehicles", "length(vin) > 0");
    let wants = constraint("check: 0 < length(vin)");
    satisfied(&db, &wants);
    assert!(violated(&db, &constraint("check: length(vin) > 1"))[0].ends_with("does not exist"));
    let oid = db.oid("public.vehicles");
    db.catalog.relation_mut(oid).unwrap().constraints[0].validated = false;
    assert_eq!(
        violated(&db, &wants)[1..],
        [
            "m.sql:3 is NOT VALID: existing rows were not checked",
            "help: ALTER TABLE vehicles VALIDATE CONSTRAINT positive;"
        ]
    );
    // Constraints of other kinds are in nobody's way.
    db.constraint(
        "excl",
        "public.vehicles",
        vec![1],
        ConstraintKind::Exclusion { index: Oid::INVALID, operators: vec![] },
    );
    violated(&db, &wants);
}

const ENABLED: &str = "tables: { vehicles: { rls: { enabled: true } } }";

#[test]
fn row_security() {
    let mut db = Db::usual();
    assert_eq!(
        violated(&db, ENABLED),
        [
            "row-level security of public.vehicles is not enabled",
            "help: ALTER TABLE vehicles ENABLE ROW LEVEL SECURITY;"
        ]
    );
    db.row_security(true);
    assert_eq!(
        satisfied(&db, ENABLED),
        ["row-level security of public.vehicles is enabled", "m.sql:3 is enabled here"]
    );
    let both = "tables: { vehicles: { rls: { enabled: true, forced: true } } }";
    assert_eq!(violated(&db, both)[0], "row-level security of public.vehicles is not forced on the owner");
    assert_eq!(
        violated(&db, "tables: { vehicles: { rls: { enabled: false } } }")[1..],
        ["m.sql:3 ENABLE ROW LEVEL SECURITY", "help: ALTER TABLE vehicles DISABLE ROW LEVEL SECURITY;"]
    );
    db.row_security(false);
    assert_eq!(violated(&db, ENABLED)[1], "m.sql:4 DISABLE ROW LEVEL SECURITY");
}

fn policy(demand: &str) -> String {
    part("policies", demand)
}

#[test]
fn policies() {
    let mut db = Db::usual();
    let select = policy("{ command: select, using: user_id = id }");
    assert_eq!(
        violated(&db, &select),
        [
            "policy on public.vehicles for select using (user_id = id) does not exist",
            "help: CREATE POLICY vehicles_select ON vehicles FOR SELECT USING (user_id = id);"
        ]
    );
    db.policy("Users can view", PolicyCommand::Select, "id = user_id", "", |_| ());
    assert_eq!(
        satisfied(&db, &select),
        [
            "policy on public.vehicles for select using (user_id = id) exists as \"Users can view\"",
            "m.sql:3 policy \"Users can view\" made here"
        ]
    );
    satisfied(&db, &policy("{ command: SELECT, name: Users can view }"));
    satisfied(&db, &policy("{ command: select }"));
    assert_eq!(
        violated(&db, &policy("{ command: select, using: vin = label }"))[..2],
        [
            "policy on public.vehicles for select using (vin = label) does not exist: policy \"Users can view\" has \
             another USING expression",
            "m.sql:3 has another USING expression"
        ]
    );
    assert_eq!(
        violated(&db, &policy("{ command: select, using: vin = label, name: mine }"))[2],
        "help: ALTER POLICY \"Users can view\" ON vehicles USING (vin = label); \
         ALTER POLICY \"Users can view\" ON vehicles RENAME TO mine;"
    );
    let restrictive = "{ command: select, permissive: false }";
    assert_eq!(
        violated(&db, &policy(restrictive))[2],
        "help: DROP POLICY \"Users can view\" ON vehicles; CREATE POLICY vehicles_select ON vehicles AS RESTRICTIVE \
         FOR SELECT;"
    );
    // A policy for another command is nothing like it.
    let lines = violated(&db, &policy("{ command: delete, using: user_id = id }"));
    assert!(lines[0].ends_with("does not exist") && lines[1].starts_with("help"), "{lines:?}");
    let lines = violated(&db, &policy("{ command: delete, name: Users can view }"));
    assert!(lines[0].ends_with("policy \"Users can view\" is for select instead of delete"), "{lines:?}");
    db.drop_policy("Users can view");
    assert_eq!(violated(&db, &select)[1], "m.sql:4 policy \"Users can view\" dropped here");
}

#[test]
fn a_policy_is_for_the_roles_that_are_named() {
    let mut db = Db::usual();
    let role = db.role("authenticated");
    db.policy("p", PolicyCommand::Select, "true", "", |policy| policy.roles = vec![role]);
    satisfied(&db, &policy("{ command: select, roles: [authenticated] }"));
    satisfied(&db, &policy("{ command: select }"));
    let lines = violated(&db, &policy("{ command: select, roles: public }"));
    assert!(lines[0].ends_with("policy p is for authenticated instead of public"), "{lines:?}");
    let lines = violated(&db, &policy("{ command: select, roles: [autenticated] }"));
    assert!(lines[0].ends_with("there is no role autenticated"), "{lines:?}");
    assert_eq!(lines[1], "help: did you mean authenticated?");
}

#[test]
fn a_restrictive_policy_gives_nothing() {
    let mut db = Db::usual();
    db.policy("p", PolicyCommand::Select, "true", "", |policy| policy.permissive = false);
    assert!(violated(&db, &policy("{ command: select, using: 'true' }"))[0].ends_with("policy p is restrictive"));
    satisfied(&db, &policy("{ command: select, permissive: false }"));
}

#[test]
fn using_holds_for_new_rows_where_there_is_no_check() {
    let mut db = Db::usual();
    db.policy("p", PolicyCommand::Update, "user_id = id", "", |_| ());
    satisfied(&db, &policy("{ command: update, using: user_id = id, check: user_id = id }"));
    db.policy("q", PolicyCommand::Insert, "", "user_id = id", |_| ());
    satisfied(&db, &policy("{ command: insert, check: id = user_id }"));
    let lines = violated(&db, &policy("{ command: insert, check: user_id = user_id }"));
    assert!(lines[0].ends_with("policy q has another WITH CHECK expression"), "{lines:?}");
}
