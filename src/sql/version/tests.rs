//! What the grammars of all versions say, held against what servers of these versions said.

use super::Grammar;
use crate::sql::{Segment, SyntaxError};

/// The recorded answers: statement, and for each version that refuses it SQLSTATE, offset, message.
fn cases() -> Vec<(&'static str, Vec<(u32, String)>)> {
    let mut cases: Vec<(&str, Vec<(u32, String)>)> = Vec::new();
    for line in include_str!("../../../tests/grammar/cases.txt").lines() {
        match line.strip_prefix("    ") {
            None if line.is_empty() || line.starts_with('#') => {}
            None => cases.push((line, Vec::new())),
            Some(answer) => {
                let (versions, answer) = answer.split_once(' ').unwrap();
                let (first, last) = versions.split_once('-').unwrap_or((versions, versions));
                let versions = first.parse::<u32>().unwrap()..=last.parse().unwrap();
                let refused = &mut cases.last_mut().unwrap().1;
                refused.extend(versions.map(|version| (version, answer.to_owned())));
            }
        }
    }
    cases
}

fn answer(error: &SyntaxError) -> String {
    let place = if error.sqlstate == "0A000" && error.at.start == error.statement.start {
        "-".to_owned()
    } else {
        error.at.start.to_string()
    };
    format!("{} {place} {}", error.sqlstate, error.message)
}

#[test]
fn the_grammars_say_what_servers_say() {
    let mut wrong = String::new();
    for (sql, refused) in cases() {
        for version in 14..=18 {
            let expected = refused.iter().find(|(v, _)| *v == version).map_or("ok", |(_, answer)| answer);
            let said = match Grammar::of(version).parse(sql).as_slice() {
                [Segment::Statement(_)] => "ok".to_owned(),
                [Segment::SyntaxError(error)] => answer(error),
                other => format!("{other:?}"),
            };
            // The short way to the same answer, which does not lower what cannot be newer.
            if Grammar::of(version).is_valid(sql) != (said == "ok") {
                wrong.push_str(&format!("{sql}\n    {version}: {said}, and is_valid says the contrary\n"));
            }
            // A parameter with letters behind it is the one token that the parser takes and PostgreSQL refuses.
            if said != expected && !expected.contains("trailing junk after parameter") {
                wrong.push_str(&format!("{sql}\n    {version}: {said}\n    not {expected}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn words_that_are_no_keywords_yet_are_names_at_their_places() {
    let old = Grammar::of(15);
    let said = |sql: &str| format!("{:?}", old.parse(sql));
    let lowered = said("select 'ü', System_User, JSON_VALUE(path, 1), x::json as keys, f from t");
    for part in [
        r#"kind: Column(["system_user"]), loc: @13"#,
        r#"name: QualifiedName { schema: None, name: "json_value", loc: @26 }"#,
        r#"kind: Column(["path"]), loc: @37"#,
        r#"name: "json", loc: @50"#,
        r#"name: Some("keys")"#,
        r#"kind: Column(["f"]), loc: @64"#,
        "span: 0..72",
    ] {
        assert!(lowered.contains(part), "{part} is not in {lowered}");
    }
    let body = said("create function json(keys int) returns json language sql as 'x'");
    assert!(body.contains(r#"Code { text: "x", verbatim_at: @61 }"#), "{body}");
    assert!(body.contains(r#"name: Some("keys"), ty: "#), "{body}");
}

#[test]
fn the_version_that_has_the_syntax_is_told() {
    let help = |sql: &str| match Grammar::of(15).parse(sql).as_slice() {
        [Segment::SyntaxError(error)] => error.help.clone(),
        other => panic!("{sql} is parsed to {other:?}"),
    };
    let newer = |version| Some(format!("this is the syntax of PostgreSQL {version}, and the server's version is 15"));
    assert_eq!(help("select json_object('a': 1)"), newer(16));
    assert_eq!(help("select a at local"), newer(17));
    assert_eq!(help("select json_value(a, '$' returning int)"), newer(17));
    assert_eq!(help("create table t (a int, not null a)"), newer(18));
    assert_eq!(help("select 1_000"), newer(16));
    assert_eq!(help("select from (select 1)").as_deref(), Some("For example, FROM (SELECT ...) [AS] foo."));
}

#[test]
fn statements_around_a_refused_one_are_parsed() {
    let segments = Grammar::of(15).parse("select 1; select a at local; select json_object('a': 1); select 2");
    let kinds: Vec<bool> = segments.iter().map(|segment| matches!(segment, Segment::Statement(_))).collect();
    assert_eq!(kinds, [true, false, false, true]);
}

#[test]
fn code_in_functions_is_read_by_the_grammar_too() {
    use crate::sql::ast::{Code, StatementKind};
    use crate::sql::plpgsql;
    let parse = |version, text: &str| {
        let environment = plpgsql::Environment { grammar: Grammar::of(version), ..Default::default() };
        let code = Code { text: text.to_owned(), ..Default::default() };
        let checked = plpgsql::check(&code, &environment, &mut Default::default()).is_ok();
        assert_eq!(plpgsql::parse(&code, &environment).is_ok(), checked, "{text}");
        checked
    };
    let text = "declare x json; begin x := json_object('a': 1); perform a at local; end";
    assert!(parse(17, text));
    assert!(!parse(16, text));
    assert!(parse(15, "begin perform system_user, json_value(1) from json_table; end"));
    assert!(!parse(15, "begin perform 1 from (select 2); end"));
    assert!(parse(16, "begin perform 1 from (select 2); end"));
    match Grammar::of(15).parse("do 'begin perform 1 at local; end'").as_slice() {
        [Segment::Statement(statement)] => assert!(matches!(statement.kind, StatementKind::Do(_))),
        other => panic!("{other:?}"),
    }
}
