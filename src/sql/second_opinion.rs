//! What `sqlparser` makes of a statement that PostgreSQL's grammar refuses.
//!
//! It rejects much that PostgreSQL accepts, so it never judges; but it tells what it expected, and it knows the
//! dialects of other databases.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sqlparser::ast::Statement;
use sqlparser::dialect::{Dialect, MsSqlDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::{Parser, ParserError};

use super::scan::token_span;

/// The longest statement that is worth a second look, in bytes.
const MAX_STATEMENT: usize = 16 * 1024;

/// How deep the other parser may nest.
const MAX_RECURSION: usize = 40;

/// Words at which PostgreSQL's grammar stumbles and whose dialect they are.
const MARKERS: [(&str, &str); 4] =
    [("auto_increment", "MySQL"), ("engine", "MySQL"), ("unsigned", "MySQL"), ("autoincrement", "SQLite")];

/// Asks for opinions, but not forever: a file may be nothing but errors.
pub(super) struct SecondOpinion {
    left: u32,
}

impl Default for SecondOpinion {
    fn default() -> Self {
        SecondOpinion { left: 20 }
    }
}

impl SecondOpinion {
    /// What can be said on an error at the offset `at` of `statement`.
    pub(super) fn on(&mut self, statement: &str, at: u32) -> Option<String> {
        if self.left == 0 || statement.len() > MAX_STATEMENT {
            return None;
        }
        self.left -= 1;
        let postgresql = parse(&PostgreSqlDialect {}, statement)?;
        // Where it is as lax in its PostgreSQL dialect, only a word that other databases alone have there is evidence.
        let word = token_span(statement, at).range();
        let marker = MARKERS.iter().find(|(marker, _)| statement[word.clone()].eq_ignore_ascii_case(marker));
        let dialects: [(&dyn Dialect, &str); 3] =
            [(&MySqlDialect {}, "MySQL"), (&MsSqlDialect {}, "SQL Server"), (&SQLiteDialect {}, "SQLite")];
        for (dialect, name) in dialects {
            let is_candidate = match marker {
                Some((_, of)) => *of == name,
                None => postgresql.is_err(),
            };
            if is_candidate && matches!(parse(dialect, statement), Some(Ok(statements)) if statements.len() == 1) {
                return Some(format!("this statement is valid {name}, but not PostgreSQL"));
            }
        }
        let message = match postgresql {
            Err(ParserError::ParserError(message)) => message,
            Ok(_) | Err(ParserError::TokenizerError(_) | ParserError::RecursionLimitExceeded) => return None,
        };
        expectation(&message, statement, at)
    }
}

/// Parses in a dialect. Nothing if the parser itself breaks down, which is no error of the text.
fn parse(dialect: &dyn Dialect, statement: &str) -> Option<Result<Vec<Statement>, ParserError>> {
    catch_unwind(AssertUnwindSafe(|| {
        Parser::new(dialect).with_recursion_limit(MAX_RECURSION).try_with_sql(statement)?.parse_statements()
    }))
    .ok()
}

/// What the other parser expects too often, or of other databases.
const UNHELPFUL: [&str; 3] = ["end of statement", "an SQL statement", "TBLPROPERTIES"];

/// `expected X` of a message like `Expected: X, found: Y at Line: 1, Column: 2`, if it stumbled at the same place.
fn expectation(message: &str, statement: &str, at: u32) -> Option<String> {
    let rest = message.strip_prefix("Expected: ")?;
    let (expected, rest) = rest.rsplit_once(", found: ")?;
    let place = match rest.rsplit_once(" at Line: ") {
        Some((_, place)) => {
            let (line, column) = place.split_once(", Column: ")?;
            Some((line.trim().parse::<usize>().ok()?, column.trim().parse::<usize>().ok()?))
        }
        None => None,
    };
    if UNHELPFUL.iter().any(|unhelpful| expected.contains(unhelpful)) {
        return None;
    }
    let before = &statement[..at as usize];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let here = (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1);
    let at_end = statement[at as usize..].trim_matches([';', ' ', '\t', '\r', '\n']).is_empty();
    let same = match place {
        Some(place) => place == here,
        None => at_end,
    };
    same.then(|| format!("expected {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opinion(statement: &str, error: &str) -> Option<String> {
        let at = if error.is_empty() { statement.len() } else { statement.rfind(error).unwrap() };
        SecondOpinion::default().on(statement, at as u32)
    }

    #[test]
    fn other_dialects_are_recognised() {
        let says = |dialect: &str| Some(format!("this statement is valid {dialect}, but not PostgreSQL"));
        assert_eq!(opinion("create table `t` (a int)", "`t`"), says("MySQL"));
        assert_eq!(opinion("create table t (id int auto_increment primary key) engine=InnoDB", "auto_"), says("MySQL"));
        assert_eq!(opinion("create table t (id integer primary key autoincrement)", "autoincrement"), says("SQLite"));
        assert_eq!(opinion("select top 5 [a] from [dbo].[t]", "5"), says("SQL Server"));
    }

    #[test]
    fn what_was_expected_is_told_at_the_same_place_only() {
        assert_eq!(
            opinion("create table t (a int,)", ")").as_deref(),
            Some("expected column name or constraint definition")
        );
        assert_eq!(opinion("create table t (a int,)", "int"), None);
    }

    #[test]
    fn odd_input_is_no_matter() {
        assert_eq!(opinion("select 1", ""), None);
        assert_eq!(opinion(&"(".repeat(10_000), ""), None);
        assert_eq!(opinion(&"x ".repeat(100_000), ""), None);
        let mut opinions = SecondOpinion::default();
        assert_eq!((0..100).filter(|_| opinions.on("create table `t` (a int)", 13).is_some()).count(), 20);
    }
}
