//! What an older grammar refuses of a statement that the newer one takes.

use super::adapt::near;
use crate::sql::scan::{Scanner, Token, TokenKind};

/// An error of an older grammar. Offsets are those of the parsed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sql) struct Refusal {
    /// The token that is read last when the error is noticed: of several errors the one with the first is reported.
    pub noticed: u32,
    /// Where the error is.
    pub at: u32,
    /// SQLSTATE.
    pub sqlstate: &'static str,
    /// The message.
    pub message: String,
    /// The hint.
    pub hint: Option<&'static str>,
}

impl Refusal {
    /// A syntax error with a message of its own.
    pub fn with_message(noticed: u32, at: u32, message: impl Into<String>) -> Self {
        Refusal { noticed, at, sqlstate: "42601", message: message.into(), hint: None }
    }
}

/// The tokens of a statement, without comments, up to its semicolon.
pub(in crate::sql) struct Tokens<'a> {
    text: &'a str,
    list: Vec<Token>,
}

impl<'a> Tokens<'a> {
    /// The tokens of the statement in `text` that `start` is in or before.
    pub fn of(text: &'a str, start: u32) -> Self {
        let mut list = Vec::new();
        for token in Scanner::starting_at(text, start).filter(|token| !token.kind.is_comment()) {
            if token.kind == TokenKind::Semicolon {
                if list.is_empty() {
                    continue;
                }
                break;
            }
            list.push(token);
        }
        Tokens { text, list }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The number of the first token at or behind an offset.
    pub fn index(&self, offset: u32) -> usize {
        self.list.partition_point(|token| token.span.start < offset)
    }

    /// Whether a token is this unquoted word, given in lower case.
    pub fn is(&self, index: usize, word: &str) -> bool {
        self.list.get(index).is_some_and(|token| token.is_word(self.text, word))
    }

    /// What kind of token it is.
    pub fn kind(&self, index: usize) -> Option<TokenKind> {
        self.list.get(index).map(|token| token.kind)
    }

    /// Whether a token is this operator.
    pub fn is_operator(&self, index: usize, operator: &str) -> bool {
        self.list.get(index).is_some_and(|t| t.kind == TokenKind::Operator && t.text(self.text) == operator)
    }

    /// Whether these words follow each other from a token on.
    pub fn are(&self, index: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(i, word)| self.is(index + i, word))
    }

    /// The first token from `from` on where these words follow each other, outside of parentheses that open there.
    pub fn find(&self, from: usize, words: &[&str]) -> Option<usize> {
        let mut index = from;
        while index < self.list.len() {
            if self.kind(index) == Some(TokenKind::LeftParen) {
                index = self.matching(index)? + 1;
                continue;
            }
            if self.are(index, words) {
                return Some(index);
            }
            index += 1;
        }
        None
    }

    /// The last token before `before` that is this word.
    pub fn find_back(&self, before: usize, word: &str) -> Option<usize> {
        (0..before.min(self.list.len())).rev().find(|&index| self.is(index, word))
    }

    /// The parenthesis that closes the one at `index`.
    pub fn matching(&self, index: usize) -> Option<usize> {
        let mut depth = 0u32;
        for (i, token) in self.list.iter().enumerate().skip(index) {
            match token.kind {
                TokenKind::LeftParen => depth += 1,
                TokenKind::RightParen => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(i);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// Where a token starts; behind the last, where the statement's semicolon or the end of the text is.
    pub fn offset(&self, index: usize) -> u32 {
        match self.list.get(index) {
            Some(token) => token.span.start,
            None => match self.behind() {
                Some(token) => token.span.start,
                None => self.text.len() as u32,
            },
        }
    }

    /// The token behind the statement.
    fn behind(&self) -> Option<Token> {
        let end = self.list.last().map_or(0, |token| token.span.end);
        Scanner::starting_at(self.text, end).find(|token| !token.kind.is_comment())
    }

    /// A syntax error at a token, or behind the last.
    pub fn refusal(&self, index: usize) -> Refusal {
        let at = self.offset(index);
        let token = self.list.get(index).copied().or_else(|| self.behind());
        let message = match token {
            Some(token) => near(token.text(self.text)),
            None => "syntax error at end of input".to_owned(),
        };
        Refusal::with_message(at, at, message)
    }
}
