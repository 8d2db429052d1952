//! `tests/datum.rs` has the literals that are held against real servers. Here is what they do not reach.

use proptest::prelude::*;

use super::*;
use crate::expr::fixture::{PATH, migrated};

fn catalog(version: u32) -> Catalog {
    Catalog::new(version)
}

fn text(catalog: &Catalog, ty: &str, literal: &str) -> Result<String, String> {
    let env = DatumEnv::new(catalog, &PATH);
    let oid = catalog
        .find_type(&PATH, ty)
        .map(|ty| ty.oid)
        .or_else(|| catalog.builtins().type_by_name(ty).map(|ty| ty.oid))
        .unwrap_or_else(|| panic!("no type {ty}"));
    outcome(input(&env, oid, -1, literal))
}

fn outcome(result: Exec<Datum>) -> Result<String, String> {
    match result {
        Ok(datum) => Ok(datum.text),
        Err(Stop::Error(error)) => {
            let detail = error.detail.map(|d| format!(" / {d}")).unwrap_or_default();
            Err(format!("{} {}{detail}", error.sqlstate, error.message))
        }
        Err(Stop::Opaque(opaque)) => Err(format!("opaque: {}", opaque.reason)),
    }
}

#[test]
fn versions_differ() {
    let (old, new) = (catalog(15), catalog(16));
    assert_eq!(text(&old, "int4", "0x1F"), Err("22P02 invalid input syntax for type integer: \"0x1F\"".into()));
    assert_eq!(text(&new, "int4", "0x1F"), Ok("31".into()));
    assert_eq!(text(&new, "numeric", "1_000.5_0"), Ok("1000.50".into()));
    let infinite = "22007 invalid input syntax for type interval: \"infinity\"";
    assert_eq!(text(&new, "interval", "infinity"), Err(infinite.into()));
    assert_eq!(text(&catalog(17), "interval", "infinity"), Ok("infinity".into()));
    assert_eq!(text(&old, "date", "y2001m02d04"), Ok("2001-02-04".into()));
    assert!(text(&new, "date", "y2001m02d04").is_err());
    assert!(text(&catalog(14), "interval", "1.5 months").is_err_and(|e| e.starts_with("opaque")));
}

/// The details are PostgreSQL 15's.
#[test]
fn errors_have_details() {
    let catalog = catalog(15);
    let json = |literal| text(&catalog, "json", literal).unwrap_err();
    let state = "22P02 invalid input syntax for type json / ";
    assert_eq!(json("{\"a\" 1}"), format!("{state}Expected \":\", but found \"1\"."));
    assert_eq!(json("[1,"), format!("{state}The input string ended unexpectedly."));
    assert_eq!(json("{a}"), format!("{state}Token \"a\" is invalid."));
    assert_eq!(json("[1 2]"), format!("{state}Expected \",\" or \"]\", but found \"2\"."));
    assert_eq!(json("\"\\x\""), format!("{state}Escape sequence \"\\x\" is invalid."));
    assert_eq!(
        text(&catalog, "cidr", "10.0.0.1/8").unwrap_err(),
        "22P02 invalid cidr value: \"10.0.0.1/8\" / Value has bits set to right of mask."
    );
    assert_eq!(
        text(&catalog, "_int4", "1").unwrap_err(),
        "22P02 malformed array literal: \"1\" / Array value must start with \"{\" or dimension information."
    );
    assert_eq!(
        text(&catalog, "int4range", "[1").unwrap_err(),
        "22P02 malformed range literal: \"[1\" / Unexpected end of input."
    );
}

#[test]
fn the_clock_decides() {
    let catalog = catalog(15);
    let date = t::DATE;
    let without = DatumEnv::new(&catalog, &PATH);
    assert!(matches!(input(&without, date, -1, "today"), Err(Stop::Opaque(opaque)) if opaque.undecided));
    // What is wrong with the text is an error all the same.
    assert!(matches!(input(&without, date, -1, "today x"), Err(Stop::Error(_))));
    // 2024-02-29 23:30 UTC
    let env = DatumEnv {
        now: Some(762_564_600_000_000),
        time_zone: "Europe/Berlin",
        output_zone: "Europe/Berlin",
        ..without
    };
    let read = |ty, literal| outcome(input(&env, ty, -1, literal)).unwrap();
    assert_eq!(read(date, "today"), "2024-03-01");
    assert_eq!(read(date, "yesterday"), "2024-02-29");
    assert_eq!(read(t::TIMESTAMP, "now"), "2024-03-01 00:30:00");
    assert_eq!(read(t::TIMESTAMPTZ, "now"), "2024-03-01 00:30:00+01");
    assert_eq!(read(t::TIMESTAMPTZ, "tomorrow 10:00"), "2024-03-02 10:00:00+01");
    assert_eq!(read(t::TIMETZ, "10:00"), "10:00:00+01");
}

/// What `coerce_type` passes, and what an array's or a row's element is passed.
#[test]
fn modifiers() {
    let (catalog, _) = migrated("CREATE DOMAIN span AS interval year to month; CREATE DOMAIN code AS varchar(2);");
    let env = DatumEnv::new(&catalog, &PATH);
    let oid = |name| catalog.find_type(&PATH, name).map(|ty| ty.oid).unwrap();
    assert_eq!(outcome(input(&env, oid("span"), -1, "14 months 3 days")), Ok("1 year 2 mons".into()));
    assert_eq!(outcome(input(&env, oid("code"), -1, "abc")), Ok("abc".into()));
    let array = catalog.array_of(oid("code")).unwrap();
    let too_long = "22001 value too long for type character varying(2)";
    assert_eq!(outcome(input(&env, array, -1, "{abc}")), Err(too_long.into()));
    let day_to_hour = (1 << 3 | 1 << 10) << 16 | 0xffff;
    assert_eq!(outcome(input(&env, t::INTERVAL, day_to_hour, "1 2:30")), Ok("1 day 02:00:00".into()));
    assert_eq!(outcome(input(&env, t::VARCHAR, 7, "abc ")), Ok("abc".into()));
}

#[test]
fn objects_are_followed() {
    let (mut catalog, _) = migrated("CREATE TABLE a (); CREATE SCHEMA s; CREATE TABLE s.b ();");
    let relation = catalog.relation_in(PATH[1], "a").unwrap().oid;
    let read = |catalog: &Catalog, literal| input(&DatumEnv::new(catalog, &PATH), t::REGCLASS, -1, literal);
    let datum = read(&catalog, "public.a").unwrap();
    assert_eq!(datum, Datum { text: "a".into(), object: Some(Object::Relation(relation)) });
    assert_eq!(read(&catalog, "s.b").unwrap().text, "s.b");
    catalog.move_relation(relation, PATH[1], "c d".into());
    assert_eq!(output(&DatumEnv::new(&catalog, &PATH), t::REGCLASS, &datum), "\"c d\"");
}

#[test]
fn domains_with_checks_are_not_read_inside() {
    let (catalog, _) = migrated("CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE DOMAIN plain AS int;");
    let of = |name: &str| catalog.array_of(catalog.find_type(&PATH, name).unwrap().oid).unwrap();
    let env = DatumEnv::new(&catalog, &PATH);
    assert_eq!(outcome(input(&env, of("plain"), -1, "{1,NULL}")), Ok("{1,NULL}".into()));
    assert!(matches!(input(&env, of("positive"), -1, "{1}"), Err(Stop::Opaque(_))));
    assert_eq!(text(&catalog, "positive", " 5"), Ok("5".into()));
}

#[test]
fn extensions() {
    let (catalog, _) = migrated("CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION ltree;");
    assert_eq!(text(&catalog, "citext", "A b"), Ok("A b".into()));
    assert_eq!(text(&catalog, "hstore", "bb=>1, a => NULL,c=>\"x y\""), {
        Ok("\"a\"=>NULL, \"c\"=>\"x y\", \"bb\"=>\"1\"".into())
    });
    assert_eq!(text(&catalog, "ltree", "a.b_1.C"), Ok("a.b_1.C".into()));
    assert!(text(&catalog, "ltree", "a..b").is_err_and(|e| e.starts_with("opaque")));
}

#[test]
fn deep_nesting_does_not_break_the_stack() {
    let catalog = catalog(15);
    for ty in ["json", "jsonb", "_int4", "tsquery", "point", "polygon"] {
        for open in ["[", "{", "(", "{\"a\":", "!", "(!("] {
            assert!(text(&catalog, ty, &open.repeat(20_000)).is_err());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the text is, every input function ends, and what it gives reads back as itself.
    #[test]
    fn any_text_is_read_or_refused(
        literal in prop_oneof![
            any::<String>(),
            "[-+0-9a-fA-FxXeE_., :/(){}\\[\\]\"\\\\']{0,24}",
            "[-+0-9:./ TZamp]{0,30}",
            "(now|[0-9]{1,8}|jan|mon|bc|pm|-|:|/|\\.| |[+]|day|ago|P|T|J|z){0,12}",
        ],
        typmod in prop_oneof![-2..20i32, (0..1000i32, 0..2048i32).prop_map(|(p, s)| p << 16 | s)],
        version in 14..=18u32,
    ) {
        let catalog = Catalog::new(version);
        let env = DatumEnv::new(&catalog, &PATH);
        for ty in catalog.builtins().all_types() {
            let Ok(datum) = input(&env, ty.oid, -1, &literal) else { continue };
            let again = input(&env, ty.oid, -1, &datum.text);
            // `name` and names of objects are cut or printed as the path has it; text forms of `json` may hold anything.
            prop_assert!(again.is_ok_and(|again| again == datum), "{} {literal:?} {datum:?}", ty.name);
            let _ = input(&env, ty.oid, typmod, &literal);
        }
    }
}
