//! What analysing an expression costs beyond parsing it: defaults, checks and policies of a table of twelve columns.

use std::sync::Arc;

use divan::{Bencher, black_box};
use pgproof::catalog::{BOOTSTRAP_ROLE, Catalog, Layer, Oid, PG_CATALOG, PUBLIC_SCHEMA, TypeRef, type_oid};
use pgproof::expr::analyze::tupdesc::open_relation;
use pgproof::expr::analyze::{Environment, api};
use pgproof::project::TransactionMode;
use pgproof::replay::{Replay, Script, Session};
use pgproof::source::FileId;
use pgproof::sql::parse_expr;

const TABLE: &str = "
    CREATE SCHEMA auth;
    CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT NULL::uuid $$;
    CREATE TABLE trips (
        id uuid PRIMARY KEY, user_id uuid NOT NULL, vehicle_id uuid, start_time timestamptz, end_time timestamptz,
        distance numeric(8, 2), duration integer, classification text, purpose text, notes jsonb,
        created_at timestamptz, updated_at timestamptz
    );";

const PATH: [Oid; 2] = [PG_CATALOG, PUBLIC_SCHEMA];

fn main() {
    divan::main();
}

fn catalog() -> Catalog {
    let mut replay = Replay::new(15);
    let transaction = TransactionMode::Statement;
    let script = Script { file: FileId(0), text: Arc::from(TABLE), layer: Layer::Migration(0), transaction };
    let outcome = replay.run(&script, Session::new(BOOTSTRAP_ROLE), &mut 0);
    assert!(outcome.error.is_none(), "{outcome:#?}");
    replay.catalog
}

fn environment(catalog: &Catalog) -> Environment<'_> {
    Environment::new(catalog, &PATH)
}

#[divan::bench(args = ["0", "'unclassified'", "now()", "gen_random_uuid()", "'{}'::jsonb", "CURRENT_TIMESTAMP"])]
fn default(bencher: Bencher<'_, '_>, text: &str) {
    let catalog = catalog();
    let expr = parse_expr(text).expect("an expression");
    let ty = match text {
        "0" => type_oid::INT4,
        "'unclassified'" => type_oid::TEXT,
        "gen_random_uuid()" => type_oid::UUID,
        "'{}'::jsonb" => type_oid::JSONB,
        _ => type_oid::TIMESTAMPTZ,
    };
    bencher.bench_local(|| {
        api::column_default(environment(&catalog), "c", TypeRef::plain(ty), black_box(&expr)).expect("a default")
    });
}

#[divan::bench(args = ["distance >= 0", "classification IN ('business', 'personal', 'unclassified')", "end_time > start_time"])]
fn check(bencher: Bencher<'_, '_>, text: &str) {
    let catalog = catalog();
    let expr = parse_expr(text).expect("an expression");
    let oid = catalog.relation_in(PUBLIC_SCHEMA, "trips").expect("the table").oid;
    bencher.bench_local(|| {
        let relation = open_relation(&catalog, oid).expect("the table");
        api::check_constraint(environment(&catalog), &relation, black_box(&expr)).expect("a check")
    });
}

#[divan::bench(args = ["user_id = auth.uid()", "true", "classification = 'business' AND user_id = auth.uid()"])]
fn policy(bencher: Bencher<'_, '_>, text: &str) {
    let catalog = catalog();
    let expr = parse_expr(text).expect("an expression");
    let oid = catalog.relation_in(PUBLIC_SCHEMA, "trips").expect("the table").oid;
    bencher.bench_local(|| {
        let relation = open_relation(&catalog, oid).expect("the table");
        api::policy(environment(&catalog), &relation, black_box(&expr)).expect("a policy")
    });
}
