//! The grammars of older versions.
//!
//! The parser is that of PostgreSQL 18; a project may be for a server from 14 on. The newer grammar takes nearly all that
//! an older one takes, and more. What makes the difference is undone in two steps:
//!
//! * *Before parsing* ([`adapt`]): a word that is no keyword yet in the older version is put in quotes, which makes it the
//!   plain identifier that it is there ([`words`]). So `system_user` can name a column of a table on 15, `json_value(a)`
//!   is a call of a function on 16, and new syntax that has such a word in it (`JSON_OBJECT('a': 1)`, `NOT ENFORCED`,
//!   MERGE on 14) fails where the older grammar fails. Numbers are split or refused as the older scanner does.
//! * *While lowering* (`sql/lower/newer.rs`): new syntax that has only old words in it (`UNIQUE NULLS NOT DISTINCT`,
//!   `RETURNING WITH (…)`) is refused at the token where the older grammar stops ([`refusal`]).
//!
//! The differences are those of `gram.y`, `scan.l` and `kwlist.h` between the releases, tried on servers of all five. What
//! is not here: words that a newer grammar has dropped (`RECHECK` of operator classes, up to 17), and the constraints
//! that ALTER DOMAIN takes up to 16 in order to refuse them.

mod adapt;
mod refusal;
#[cfg(test)]
mod tests;
mod words;

pub(super) use adapt::Adapted;
pub(super) use refusal::{Refusal, Tokens};

/// The grammar of a major version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Grammar(u8);

impl Grammar {
    /// The newest grammar, which is the parser's.
    pub const NEWEST: Grammar = Grammar(18);

    /// The grammar of a major version; the nearest one of a version that is not known.
    pub fn of(version: u32) -> Grammar {
        Grammar(u8::try_from(version.clamp(14, 18)).unwrap_or(18))
    }

    /// Whether what came with a major version is not there yet.
    pub(super) fn is_before(self, version: u8) -> bool {
        self.0 < version
    }

    /// Where a text that this grammar refuses would be valid, as a sentence.
    pub(super) fn help(self, text: &str) -> Option<String> {
        let newer = (self.0 + 1..=Grammar::NEWEST.0).find(|&version| Grammar(version).is_valid(text))?;
        Some(format!("this is the syntax of PostgreSQL {newer}, and the server's version is {}", self.0))
    }
}

impl Default for Grammar {
    fn default() -> Self {
        Grammar::NEWEST
    }
}
