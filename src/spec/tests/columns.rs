//! Tables and columns.

use super::*;
use crate::catalog::ChangeKind;

#[test]
fn a_column_of_the_right_type() {
    let db = Db::usual();
    assert_eq!(
        satisfied(&db, &column("id: uuid")),
        ["column public.vehicles.id has the type uuid", "m.sql:2 column id made here"]
    );
    // PostgreSQL's other names for the same types.
    satisfied(&db, &column("vin: character varying(20)"));
    satisfied(&db, &column("label: { type: [varchar, TEXT] }"));
    satisfied(&db, &column("label: {}"));
}

#[test]
fn aliases_are_one_type_and_modifiers_count() {
    let mut db = Db::new();
    db.table("public.vehicles", &["a int8", "b timestamptz", "c numeric(10,2)", "d text[]", "e int"]);
    for ok in ["a: bigint", "b: timestamp with time zone", "c: decimal(10, 2)", "d: text[]", "e: int4"] {
        satisfied(&db, &column(ok));
    }
    for wrong in ["a: integer", "b: timestamp", "c: numeric", "d: text", "e: 'integer[]'"] {
        violated(&db, &column(wrong));
    }
}

#[test]
fn a_wrong_type_points_at_the_statement_that_set_it() {
    let mut db = Db::usual();
    let ty = db.resolve("integer");
    db.alter_column(
        "public.vehicles",
        "label",
        "ALTER TABLE vehicles ALTER label TYPE integer;",
        ChangeKind::Type,
        |c| {
            c.ty = ty;
        },
    );
    assert_eq!(
        violated(&db, &column("label: text")),
        [
            "column public.vehicles.label has the type integer instead of text",
            "m.sql:3 the type integer",
            "help: ALTER TABLE vehicles ALTER COLUMN label TYPE text;"
        ]
    );
    assert_eq!(
        satisfied(&db, &column("label: integer")),
        [
            "column public.vehicles.label has the type integer",
            "m.sql:2 column label made here",
            "m.sql:3 type integer set here"
        ]
    );
}

#[test]
fn types_that_do_not_exist() {
    let db = Db::usual();
    let lines = violated(&db, &column("label: bigintt"));
    assert_eq!(lines[1], "help: did you mean `bigint`?");
    assert!(lines[0].contains("type \"bigintt\" does not exist"), "{lines:?}");
    let found = findings(&db, &column("label: { type: [text, citext] }"));
    assert!(found.is_empty(), "{found:?}");
    let found = findings(&db, &column("label: { type: [uuid, citext] }"));
    assert!(found[0].starts_with("unknown-type: column public.vehicles.label names a type"), "{found:?}");
}

#[test]
fn nullability() {
    let mut db = Db::new();
    db.table("public.vehicles", &["a text NOT NULL", "b text"]);
    satisfied(&db, &column("a: { nullable: false }"));
    satisfied(&db, &column("b: { nullable: true }"));
    assert_eq!(violated(&db, &column("a: { nullable: true }"))[0], "column public.vehicles.a is NOT NULL");
    db.alter_column("public.vehicles", "a", "ALTER TABLE vehicles ALTER a DROP NOT NULL;", ChangeKind::NotNull, |c| {
        c.not_null = false;
    });
    assert_eq!(
        violated(&db, &column("a: { type: text, nullable: false }")),
        [
            "column public.vehicles.a allows NULL",
            "m.sql:2 allows NULL",
            "help: ALTER TABLE vehicles ALTER COLUMN a SET NOT NULL;"
        ]
    );
    assert_eq!(satisfied(&db, &column("a: { nullable: true }"))[2], "m.sql:2 made nullable here");
}

#[test]
fn defaults() {
    let mut db = Db::usual();
    let wants = |text: &str| column(&format!("label: {{ default: {text} }}"));
    satisfied(&db, &wants("null"));
    assert_eq!(
        violated(&db, &wants("\"'none'\"")),
        [
            "column public.vehicles.label has no default and must have the default 'none'",
            "m.sql:2 has no default",
            "help: ALTER TABLE vehicles ALTER COLUMN label SET DEFAULT 'none';"
        ]
    );
    db.set_default("public.vehicles", "label", "'none'");
    satisfied(&db, &wants("\"'none'\""));
    // A cast to the column's own type changes nothing.
    satisfied(&db, &wants("\"'none'::text\""));
    assert_eq!(violated(&db, &wants("\"'None'\""))[0], "column public.vehicles.label has another default than 'None'");
    assert_eq!(violated(&db, &wants("~"))[1], "m.sql:3 has a default");
    let lines = violated(&db, &wants("nowhere()"));
    assert!(lines[0].contains("cannot have the default nowhere(): function nowhere() does not exist"), "{lines:?}");
}

#[test]
fn unique_by_whatever_makes_it_so() {
    let wants = column("vin: { unique: true }");
    let mut db = Db::usual();
    assert_eq!(
        violated(&db, &wants),
        ["column public.vehicles.vin is not unique", "help: ALTER TABLE vehicles ADD UNIQUE (vin);"]
    );
    satisfied(&db, &column("vin: { unique: false }"));
    // None of these makes the column unique by itself.
    db.index("i1", "public.vehicles", &["vin"], |_| ());
    db.index("i2", "public.vehicles", &["lower(vin)"], |index| index.unique = true);
    violated(&db, &wants);
    db.index("i3", "public.vehicles", &["vin", "label"], |index| index.unique = true);
    assert_eq!(
        violated(&db, &wants)[0],
        "column public.vehicles.vin is not unique: unique index i3 has other columns too"
    );
    let mut partial = Db::usual();
    let predicate = partial.expr("public.vehicles", "label IS NULL");
    partial.index("i4", "public.vehicles", &["vin"], |index| {
        index.unique = true;
        index.predicate = Some(predicate);
    });
    assert_eq!(
        violated(&partial, &wants)[..2],
        ["column public.vehicles.vin is not unique: unique index i4 is partial", "m.sql:3 is partial"]
    );
    let mut invalid = Db::usual();
    invalid.index("i5", "public.vehicles", &["vin"], |index| (index.unique, index.valid) = (true, false));
    violated(&invalid, &wants);
    // Each of these does.
    db.index("i6", "public.vehicles", &["vin"], |index| index.unique = true);
    assert_eq!(satisfied(&db, &wants)[2], "m.sql:6 unique by i6 here");
    let mut keyed = Db::usual();
    keyed.key("vehicles_pkey", "public.vehicles", &["vin"], true);
    satisfied(&keyed, &wants);
    assert_eq!(violated(&keyed, &column("vin: { unique: false }"))[1], "m.sql:3 unique by vehicles_pkey here");
}

#[test]
fn several_problems_are_one_sentence() {
    let db = Db::usual();
    assert_eq!(
        violated(&db, &column("label: { type: jsonb, nullable: false, unique: true }"))[0],
        "column public.vehicles.label has the type text instead of jsonb, allows NULL and is not unique"
    );
}

#[test]
fn a_column_that_never_was_gets_the_closest_name() {
    let mut db = Db::usual();
    db.add_column("public.vehicles", "tesla_vehicleid bigint");
    let spec = column("tesla_vehicle_id: { type: bigint, nullable: false }");
    assert_eq!(
        violated(&db, &spec),
        [
            "column public.vehicles.tesla_vehicle_id does not exist, and the closest name is tesla_vehicleid",
            "help: ALTER TABLE vehicles ADD COLUMN tesla_vehicle_id bigint NOT NULL;"
        ]
    );
    let (outcome, sources) = check_spec(&db, &spec);
    let diagnostic = outcome.requirements[1].diagnostic.as_ref().unwrap();
    assert_eq!(diagnostic.code, "missing-column");
    let labels: Vec<String> = diagnostic.labels.iter().map(|label| at(&sources, label.place, &label.text)).collect();
    assert_eq!(labels, ["s.yaml:4 required here", "m.sql:3 the closest name"]);
}

#[test]
fn names_in_other_letters_need_quotes() {
    let mut db = Db::new();
    db.table("public.vehicles", &["userId uuid"]);
    assert_eq!(
        violated(&db, &column("userId: uuid"))[1],
        "help: in the spec, write the name in SQL's quotes: '\"userId\"'"
    );
    satisfied(&db, &column("'\"userId\"': uuid"));
}

#[test]
fn a_column_that_is_gone_points_at_the_end_of_it() {
    let mut db = Db::usual();
    db.drop_column("public.vehicles", "label");
    assert_eq!(
        violated(&db, &column("label: text"))[..2],
        ["column public.vehicles.label was dropped", "m.sql:3 column label dropped here"]
    );
    db.rename_column("public.vehicles", "vin", "serial");
    assert_eq!(
        violated(&db, &column("vin: varchar(20)"))[..2],
        ["column public.vehicles.vin was renamed to serial", "m.sql:4 column vin renamed to serial here"]
    );
    assert_eq!(satisfied(&db, &column("serial: varchar(20)"))[2], "m.sql:4 named here");
}

#[test]
fn a_table_that_is_missing_is_missing_for_all_its_requirements() {
    let mut db = Db::usual();
    db.rename_table("public.vehicles", "cars");
    assert_eq!(
        violated(&db, &column("vin: varchar(20)")),
        [
            "column public.vehicles.vin does not exist: table public.vehicles was renamed to cars",
            "m.sql:3 table vehicles renamed to cars here"
        ]
    );
    let (outcome, _) = check_spec(&db, "tables: { vehicles: {}, user: {}, app.users: {}, cars: {} }");
    let messages: Vec<&str> = outcome.requirements.iter().map(|judged| judged.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "table public.vehicles was renamed to cars",
            "table public.user does not exist, and the closest is public.users",
            "table app.users does not exist: there is no schema app",
            "table public.cars exists"
        ]
    );
    db.drop_table("public.cars");
    assert_eq!(violated(&db, "tables: { cars: { rls: { enabled: true } } }")[1], "m.sql:4 table cars dropped here");
}

#[test]
fn a_view_is_no_table() {
    let mut db = Db::new();
    db.view("public.vehicles", false);
    assert_eq!(
        violated(&db, &column("vin: text"))[..2],
        ["column public.vehicles.vin does not exist: public.vehicles is a view, not a table", "m.sql:1 a view"]
    );
}

#[test]
fn other_schemas() {
    let mut db = Db::usual();
    db.table("app.vehicles", &["id int4"]);
    let wants = |table: &str, ty: &str| format!("tables: {{ {table}: {{ columns: {{ id: {ty} }} }} }}");
    satisfied(&db, &wants("app.vehicles", "integer"));
    satisfied(&db, &format!("default_schema: app\n{}", wants("vehicles", "integer")));
    satisfied(&db, &wants("vehicles", "uuid"));
    satisfied(&db, &wants("APP.Vehicles", "integer"));
    assert_eq!(
        violated(&db, &wants("app.vehicles", "text"))[2],
        "help: ALTER TABLE app.vehicles ALTER COLUMN id TYPE text;"
    );
}

#[test]
fn the_layer_of_evidence_is_named() {
    let mut db = Db::new();
    db.layer = crate::catalog::Layer::Platform;
    db.table("public.vehicles", &["id uuid"]);
    db.layer = crate::catalog::Layer::Baseline;
    db.add_column("public.vehicles", "vin text");
    assert_eq!(satisfied(&db, &column("id: uuid"))[1], "m.sql:1 column id made here (platform)");
    assert_eq!(satisfied(&db, &column("vin: text"))[1], "m.sql:2 column vin made here (baseline)");
}
