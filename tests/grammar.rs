//! What is recorded of the grammars of all versions, held against a real server of one of them.

mod server;

use pgproof::platform::Platform;
use server::Server;

#[test]
fn the_server_says_what_is_recorded_of_its_version() {
    let server = Server::shared(Platform::Plain);
    let version = server.major_version();
    let mut database = server.database();
    let mut wrong = String::new();
    for (sql, answers) in cases() {
        let expected = answers.iter().find(|(versions, _)| versions.contains(&version)).map(|(_, answer)| answer);
        // The whole text is parsed before the first statement of it fails.
        let said = match database.run(&format!("select 1/0; {sql}")) {
            Err(refusal) if refusal.sqlstate == "22012" => None,
            Err(refusal) => Some(format!("{} {}", refusal.sqlstate, refusal.message)),
            Ok(()) => Some("nothing failed".to_owned()),
        };
        if said.as_ref() != expected {
            wrong.push_str(&format!("{sql}\n    {said:?}\n    not {expected:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

type Answers = Vec<(std::ops::RangeInclusive<u32>, String)>;

/// Statements, and which versions refuse them with which SQLSTATE and message.
fn cases() -> Vec<(&'static str, Answers)> {
    let mut cases: Vec<(&str, Answers)> = Vec::new();
    for line in include_str!("grammar/cases.txt").lines() {
        match line.strip_prefix("    ") {
            None if line.is_empty() || line.starts_with('#') => {}
            None => cases.push((line, Vec::new())),
            Some(answer) => {
                let mut parts = answer.splitn(4, ' ');
                let mut part = || parts.next().expect("versions, SQLSTATE, offset, message");
                let (versions, sqlstate, _, message) = (part(), part(), part(), part());
                let (first, last) = versions.split_once('-').unwrap_or((versions, versions));
                let number = |text: &str| text.parse::<u32>().expect("a version");
                let answer = (number(first)..=number(last), format!("{sqlstate} {message}"));
                cases.last_mut().expect("a statement above").1.push(answer);
            }
        }
    }
    cases
}
