//! A text as the newer parser must see it in order to read it as an older one.

use std::borrow::Cow;

use super::words::{LONGEST, begins_query, is_in_from, is_suspect, keyword_since, stops_earlier};
use super::{Grammar, Refusal};
use crate::sql::ffi::{self, ParseFailure, ParseMode, RawStatements};
use crate::sql::scan::{ScanError, Scanner, Token, TokenKind};

/// A text that is read by the grammar of a version.
pub(in crate::sql) struct Adapted<'a> {
    /// The grammar.
    pub grammar: Grammar,
    /// The text that is parsed.
    pub text: Cow<'a, str>,
    /// The text as it is written.
    original: &'a str,
    /// The offsets in `text` of the bytes that were put in.
    inserted: Vec<u32>,
    /// Tokens that the version refuses, in their order: numbers, for the most part.
    refused: Vec<Refusal>,
    /// A word of newer syntax is there.
    suspect: bool,
}

impl<'a> Adapted<'a> {
    /// Adapts a text to the grammar of a version.
    pub fn new(text: &'a str, grammar: Grammar) -> Self {
        let plain = Adapted {
            grammar,
            text: Cow::Borrowed(text),
            original: text,
            inserted: Vec::new(),
            refused: Vec::new(),
            suspect: false,
        };
        if grammar == Grammar::NEWEST {
            return plain;
        }
        let mut adapting = Adapting {
            adapted: plain,
            edited: String::new(),
            copied: 0,
            previous: [None; 2],
            before_parentheses: None,
        };
        let mut scanner = Scanner::new(text);
        while let Some(token) = scanner.next_significant() {
            if let Some(resume) = adapting.token(token) {
                scanner.seek(resume);
            }
        }
        adapting.finish()
    }

    /// Parses the text.
    pub fn parse(&self, mode: ParseMode) -> Result<RawStatements, ParseFailure> {
        ffi::parse(&self.text, mode)
    }

    /// Whether nothing in the text can be refused but by the parser.
    pub fn is_plain(&self) -> bool {
        !self.suspect && self.refused.is_empty()
    }

    /// Where a byte of the parsed text stands in the written text.
    pub fn original(&self, offset: u32) -> u32 {
        offset - self.inserted.partition_point(|&at| at < offset) as u32
    }

    /// Where a byte of the written text stands in the parsed text; for the start of a word, that of the word with its
    /// quotes.
    pub fn edited(&self, offset: u32) -> u32 {
        // The n-th inserted byte stands behind `inserted[n] - n` bytes of the written text.
        let before = |n: usize| self.inserted[n] - (n as u32) < offset;
        let (mut low, mut high) = (0, self.inserted.len());
        while low < high {
            let middle = (low + high) / 2;
            if before(middle) { low = middle + 1 } else { high = middle }
        }
        offset + low as u32
    }

    /// The first token between two offsets of the parsed text that the version refuses by itself.
    pub fn refused_token(&self, from: u32, to: u32) -> Option<&Refusal> {
        self.refused.iter().find(|refusal| (from..to).contains(&refusal.at))
    }

    /// What the version says of an error that the parser has found at a character of the parsed text, counted from 1: the
    /// message and the offset in the written text; no offset for an error without a place.
    pub fn error(&self, message: String, cursor: usize) -> (String, Option<u32>) {
        let Some(index) = cursor.checked_sub(1) else { return (message, None) };
        let at = self.text.char_indices().nth(index).map_or(self.text.len(), |(offset, _)| offset) as u32;
        if let Some(token) = self.refused_token(0, at + 1) {
            return (token.message.clone(), Some(self.original(token.at)));
        }
        // ALTER TYPE … DROP VALUE came with the newer minor versions of 17, in order to be refused.
        if message == "dropping an enum value is not implemented" && self.grammar.is_before(17) {
            let value = Scanner::starting_at(&self.text, at).filter(|token| !token.kind.is_comment()).nth(1);
            if let Some(value) = value {
                return (near(value.text(&self.text)), Some(self.original(value.span.start)));
            }
        }
        if self.inserted.binary_search(&at).is_err() || !message.starts_with("syntax error") {
            return (message, Some(self.original(at)));
        }
        // A word that was put in quotes.
        let start = self.original(at);
        let mut before = None;
        for token in Scanner::new(self.original).filter(|token| !token.kind.is_comment()) {
            if token.span.start >= start {
                let word = token.text(self.original);
                return match before {
                    Some(old) if self.stops_earlier(old, word) => (near(old.text(self.original)), Some(old.span.start)),
                    _ => (near(word), Some(start)),
                };
            }
            before = Some(token);
        }
        (message, Some(start))
    }

    fn stops_earlier(&self, old: Token, new: &str) -> bool {
        old.kind == TokenKind::Word
            && stops_earlier(&old.text(self.original).to_ascii_lowercase(), &new.to_ascii_lowercase())
    }
}

/// PostgreSQL's message for a token that the grammar does not expect.
pub(super) fn near(token: &str) -> String {
    format!("syntax error at or near \"{token}\"")
}

struct Adapting<'a> {
    adapted: Adapted<'a>,
    /// The text up to `copied`, if something in it was changed.
    edited: String,
    /// How much of the written text is in `edited`.
    copied: u32,
    /// The last token and the one before it.
    previous: [Option<Token>; 2],
    /// The token before the opening parentheses that the last tokens are.
    before_parentheses: Option<Token>,
}

impl<'a> Adapting<'a> {
    /// Takes a token. Gives the offset to go on at, unless that is behind it.
    fn token(&mut self, token: Token) -> Option<u32> {
        let resume = match token.kind {
            TokenKind::Word => {
                self.word(token);
                None
            }
            TokenKind::Integer | TokenKind::Float | TokenKind::Param | TokenKind::Error(ScanError::TrailingJunk) => {
                self.number(token)
            }
            TokenKind::LeftParen => {
                // The columns of ON DELETE SET NULL.
                self.adapted.suspect |=
                    self.follows(2, "set") && (self.follows(1, "null") || self.follows(1, "default"));
                if !self.follows(1, "(") {
                    self.before_parentheses = self.previous[0];
                }
                None
            }
            _ => None,
        };
        self.previous = [Some(token), self.previous[0]];
        resume
    }

    /// Whether a token stands so many tokens before the current one.
    fn follows(&self, distance: usize, token: &str) -> bool {
        let text = self.adapted.original;
        self.previous[distance - 1].is_some_and(|previous| previous.text(text).eq_ignore_ascii_case(token))
    }

    /// Whether a sub-query that begins here may be in FROM, and so one without an alias.
    fn may_be_in_from(&self) -> bool {
        let text = self.adapted.original;
        self.follows(1, "(") && self.before_parentheses.is_some_and(|token| is_in_from(token.text(text)))
    }

    /// `GRANT ALTER` of `GRANT ALTER SYSTEM ON PARAMETER`, as far as `ALTER`.
    fn is_privilege_to_alter(&self) -> bool {
        self.follows(1, "alter") && [",", "grant", "revoke", "for"].iter().any(|word| self.follows(2, word))
    }

    /// Where `JSON` is the keyword of `IS [NOT] JSON` or `FORMAT JSON`.
    fn follows_is_or_format(&self) -> bool {
        self.follows(1, "is") || self.follows(1, "format") || (self.follows(1, "not") && self.follows(2, "is"))
    }

    fn word(&mut self, token: Token) {
        let text = self.adapted.original;
        let written = token.text(text);
        let mut folded = [0; LONGEST];
        let Some(folded) = folded.get_mut(..written.len()) else { return };
        folded.copy_from_slice(written.as_bytes());
        folded.make_ascii_lowercase();
        let Ok(word) = std::str::from_utf8(folded) else { return };
        let grammar = self.adapted.grammar;
        self.adapted.suspect |= is_suspect(word, |distance, token| self.follows(distance, token))
            || (grammar.is_before(16) && begins_query(word) && self.may_be_in_from());
        if word == "system" && grammar.is_before(15) && self.is_privilege_to_alter() {
            let at = self.edited_offset(token.span.start);
            self.adapted.refused.push(Refusal::with_message(at, at, near(written)));
        }
        let Some(since) = keyword_since(word) else { return };
        if !grammar.is_before(since) {
            // A keyword of 16 that can name functions and parameters there, but not in 17.
            let is_name = word == "json" && grammar.is_before(17) && !self.follows_is_or_format();
            if !is_name {
                return;
            }
        }
        // Behind a dot it is a plain name already, but for the quotes.
        self.copy_up_to(token.span.start);
        self.insert('"');
        self.edited.push_str(word);
        self.copied = token.span.end;
        self.insert('"');
    }

    fn number(&mut self, token: Token) -> Option<u32> {
        let text = self.adapted.original;
        let written = token.text(text);
        let grammar = self.adapted.grammar;
        if grammar.is_before(15) {
            // Letters behind a number start the next token.
            let length = number_of_14(written);
            if length < written.len() {
                let end = token.span.start + length as u32;
                self.copy_up_to(end);
                self.insert(' ');
                return Some(end);
            }
        } else if grammar.is_before(16) && is_newer_number(token, written) {
            let length = number_of_14(written);
            if length < written.len() {
                let at = self.edited_offset(token.span.start);
                // With the identifier behind it.
                let start = token.span.start as usize;
                let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | 0x80..);
                let junk = text.as_bytes()[start + length..].iter().take_while(|b| is_part(b)).count();
                let written = &text[start..start + length + junk];
                let message = format!("trailing junk after numeric literal at or near \"{written}\"");
                self.adapted.refused.push(Refusal::with_message(at, at, message));
            }
        }
        None
    }

    /// Where a byte of the written text that is not copied yet will stand in the edited text.
    fn edited_offset(&self, offset: u32) -> u32 {
        self.edited.len() as u32 + (offset - self.copied)
    }

    fn copy_up_to(&mut self, end: u32) {
        self.edited.push_str(&self.adapted.original[self.copied as usize..end as usize]);
        self.copied = end;
    }

    fn insert(&mut self, c: char) {
        self.adapted.inserted.push(self.edited.len() as u32);
        self.edited.push(c);
    }

    fn finish(mut self) -> Adapted<'a> {
        if !self.adapted.inserted.is_empty() {
            self.copy_up_to(self.adapted.original.len() as u32);
            self.adapted.text = Cow::Owned(self.edited);
        }
        self.adapted
    }
}

/// Whether the scanner of 16 sees another token than that of 15, which sees junk.
fn is_newer_number(token: Token, written: &str) -> bool {
    let has_radix =
        written.starts_with('0') && matches!(written.as_bytes().get(1), Some(b'x' | b'X' | b'o' | b'O' | b'b' | b'B'));
    has_radix || matches!(token.kind, TokenKind::Integer | TokenKind::Float)
}

/// How much of a token is a number or parameter to the scanner of 14, which knows digits, a dot and an exponent.
fn number_of_14(written: &str) -> usize {
    let bytes = written.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    if bytes.first() == Some(&b'$') {
        return 1 + digits(1);
    }
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1) != Some(&b'.') {
        end += 1;
        end += digits(end);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = bytes.get(end + 1 + sign..).map_or(0, |_| digits(end + 1 + sign));
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    end
}
