//! Splits a file into statements, meta-commands of psql and data of COPY.
//!
//! The rules are psql's (`psqlscan.l`): a semicolon ends a statement unless it stands in parentheses or in the body of
//! a `BEGIN ATOMIC` function; a backslash outside of quotes starts a meta-command; the lines after `COPY … FROM stdin`
//! are data up to `\.`. Besides, Drizzle's `--> statement-breakpoint` comment ends a statement, since some of its
//! files have no semicolons.

use super::ast::Name;
use super::scan::{Scanner, Token, TokenKind};
use super::span::Span;

/// The comment that Drizzle puts between statements.
pub const BREAKPOINT: &str = "--> statement-breakpoint";

/// A piece of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Something that should be a statement.
    Statement(RawStatement),
    /// A meta-command.
    MetaCommand {
        /// From the backslash to the end of the line.
        span: Span,
        /// The name without the backslash.
        name: Name,
        /// The rest of the line, trimmed.
        args: String,
    },
}

/// The text of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawStatement {
    /// From the first to the last token, without the semicolon.
    pub span: Span,
    /// The offset just past the semicolon, or the end of `span` where there is none.
    pub end: u32,
    /// The text ended inside parentheses, a quote, a comment or a `BEGIN ATOMIC` body: what follows the place where
    /// something is missing has been swallowed.
    pub unterminated: bool,
    /// Nothing but white space, comments and semicolons lies between it and the statement before it, so both can be
    /// handed to the parser in one text.
    pub adjoins_previous: bool,
}

/// An iterator over the pieces of a text.
#[derive(Clone, Debug)]
pub struct Splitter<'a> {
    text: &'a str,
    scanner: Scanner<'a>,
    /// A COPY from the client has ended on this line: data starts on the next.
    copy_data_follows: bool,
    /// Nothing has come between the last statement and here that the parser cannot read.
    adjoins: bool,
}

impl<'a> Splitter<'a> {
    /// The pieces of the whole text, after a byte order mark.
    pub fn new(text: &'a str) -> Self {
        Self::starting_at(text, if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() as u32 } else { 0 })
    }

    /// The pieces from `offset` on.
    pub fn starting_at(text: &'a str, offset: u32) -> Self {
        Splitter { text, scanner: Scanner::starting_at(text, offset), copy_data_follows: false, adjoins: false }
    }

    /// Skips data lines if a COPY ended before `next` and a line ended since then.
    fn skip_copy_data(&mut self, from: u32, next: u32) -> bool {
        if !self.copy_data_follows {
            return false;
        }
        let Some(newline) = self.text[from as usize..next as usize].find('\n') else { return false };
        let mut line = from as usize + newline + 1;
        let end = loop {
            let rest = &self.text[line..];
            let length = rest.find('\n').map_or(rest.len(), |n| n + 1);
            line += length;
            if rest[..length].trim_end() == "\\." || length == 0 {
                break line;
            }
        };
        self.scanner.seek(end as u32);
        self.copy_data_follows = false;
        self.adjoins = false;
        true
    }

    /// The meta-command that starts at the backslash.
    fn meta_command(&mut self, backslash: Token) -> Piece {
        let start = backslash.span.start;
        let rest = &self.text[start as usize..];
        let line = rest[..rest.find('\n').unwrap_or(rest.len())].trim_end();
        let body = &line[1..];
        let name_length = match body.find(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            // `\!`, `\?`, `\.` have a name of one character.
            Some(0) => body.chars().next().map_or(0, char::len_utf8),
            Some(n) => n,
            None => body.len(),
        };
        let (name, args) = body.split_at(name_length);
        let end = start + line.len() as u32;
        self.scanner.seek(end);
        self.adjoins = false;
        if name == "copy" && reads_client(args) {
            self.copy_data_follows = true;
        }
        Piece::MetaCommand { span: Span::new(start, end), name: name.into(), args: args.trim().to_owned() }
    }

    /// The statement that starts with `first`.
    fn statement(&mut self, first: Token) -> RawStatement {
        let mut state = StatementState::default();
        let mut last = first;
        let mut token = first;
        let adjoins_previous = std::mem::replace(&mut self.adjoins, true);
        let end = loop {
            match token.kind {
                TokenKind::Semicolon if state.parens == 0 && state.begins == 0 => break token.span.end,
                TokenKind::LineComment if token.text(self.text).starts_with(BREAKPOINT) => {
                    // The parser would run the two statements together.
                    self.adjoins = false;
                    break last.span.end;
                }
                TokenKind::LineComment | TokenKind::BlockComment => {}
                TokenKind::Other if token.text(self.text) == "\\" && ends_statement(self.text, token) => {
                    self.scanner.seek(token.span.start);
                    break last.span.end;
                }
                TokenKind::Other if state.parens == 0 && is_separator(self.text, token) => {
                    self.scanner.seek(token.span.end + 1);
                    // The parser does not know it.
                    self.adjoins = false;
                    break last.span.end;
                }
                _ => {
                    state.take(self.text, token);
                    last = token;
                }
            }
            match self.scanner.next() {
                Some(next) => token = next,
                None => {
                    state.at_end = true;
                    break last.span.end;
                }
            }
        };
        self.copy_data_follows |= state.copy_from_client;
        RawStatement {
            span: Span::new(first.span.start, last.span.end),
            end,
            unterminated: state.at_end && (state.parens > 0 || state.begins > 0 || last.kind.is_unterminated()),
            adjoins_previous,
        }
    }
}

impl Iterator for Splitter<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            let from = self.scanner.offset();
            let token = self.scanner.next();
            let next = token.map_or(self.text.len() as u32, |token| token.span.start);
            if self.skip_copy_data(from, next) {
                continue;
            }
            let token = token?;
            match token.kind {
                TokenKind::Semicolon | TokenKind::LineComment | TokenKind::BlockComment => {}
                TokenKind::Other if is_separator(self.text, token) => self.adjoins = false,
                TokenKind::Other if token.text(self.text) == "\\" => return Some(self.meta_command(token)),
                _ => return Some(Piece::Statement(self.statement(token))),
            }
        }
    }
}

/// What must be known of a statement's tokens so far to see its end.
#[derive(Default)]
struct StatementState {
    parens: u32,
    begins: u32,
    words: u32,
    /// The start of the statement as far as it is `CREATE [OR REPLACE] FUNCTION|PROCEDURE`, a letter a word.
    head: [u8; 4],
    is_copy: bool,
    after_from: bool,
    after_begin: bool,
    copy_from_client: bool,
    at_end: bool,
}

impl StatementState {
    fn take(&mut self, text: &str, token: Token) {
        match token.kind {
            TokenKind::LeftParen => self.parens += 1,
            TokenKind::RightParen => self.parens = self.parens.saturating_sub(1),
            TokenKind::Word => self.word(token.text(text)),
            _ => {}
        }
        if token.kind != TokenKind::Word {
            self.after_from = false;
            self.after_begin = false;
        }
    }

    fn word(&mut self, word: &str) {
        let index = self.words as usize;
        self.words = self.words.saturating_add(1);
        if index == 0 && word.eq_ignore_ascii_case("copy") {
            self.is_copy = true;
        }
        if let Some(slot) = self.head.get_mut(index) {
            const HEAD: [&str; 5] = ["create", "or", "replace", "function", "procedure"];
            if let Some(known) = HEAD.iter().find(|known| word.eq_ignore_ascii_case(known)) {
                *slot = known.as_bytes()[0];
            }
        }
        if self.parens > 0 {
            return;
        }
        if self.is_copy {
            self.copy_from_client |= self.after_from && word.eq_ignore_ascii_case("stdin");
            self.after_from = word.eq_ignore_ascii_case("from");
        } else if matches!(&self.head, b"cf\0\0" | b"cp\0\0" | b"corf" | b"corp") {
            // psql counts every BEGIN here; ATOMIC makes sure that it is the start of a body.
            if self.begins > 0 {
                if word.eq_ignore_ascii_case("case") || word.eq_ignore_ascii_case("begin") {
                    self.begins += 1;
                } else if word.eq_ignore_ascii_case("end") {
                    self.begins -= 1;
                }
            } else if self.after_begin && word.eq_ignore_ascii_case("atomic") {
                self.begins = 1;
            }
            self.after_begin = word.eq_ignore_ascii_case("begin");
        }
    }
}

/// Whether the arguments of `\copy` say that data follows in the file.
fn reads_client(args: &str) -> bool {
    let mut after_from = false;
    Scanner::new(args).any(|token| {
        let found = after_from && token.is_word(args, "stdin");
        after_from = token.is_word(args, "from");
        found
    })
}

/// Whether this is the backslash of `\;`, which separates statements that psql sends together.
fn is_separator(text: &str, token: Token) -> bool {
    text[token.span.start as usize..].starts_with("\\;")
}

/// Whether the meta-command at this backslash, in the middle of a statement, sends the statement: `\g` and its
/// variants do. Any other is left to the grammar, which refuses it.
fn ends_statement(text: &str, backslash: Token) -> bool {
    let rest = &text[backslash.span.end as usize..];
    let name = &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())];
    matches!(name, "g" | "gx" | "gexec" | "gset" | "gdesc" | "crosstabview" | "watch")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statements(text: &str) -> Vec<&str> {
        Splitter::new(text)
            .filter_map(|piece| match piece {
                Piece::Statement(raw) => Some(&text[raw.span.range()]),
                Piece::MetaCommand { .. } => None,
            })
            .collect()
    }

    fn meta_commands(text: &str) -> Vec<(String, String)> {
        Splitter::new(text)
            .filter_map(|piece| match piece {
                Piece::MetaCommand { name, args, .. } => Some((name.to_string(), args)),
                Piece::Statement(_) => None,
            })
            .collect()
    }

    #[test]
    fn semicolons_end_statements_outside_of_quotes_and_parentheses() {
        assert_eq!(
            statements("\u{feff}select ';'; -- a;\r\n create rule r as on insert to t do (a; b) /* ; */ ; ;; $x$;$x$"),
            ["select ';'", "create rule r as on insert to t do (a; b)", "$x$;$x$"]
        );
    }

    #[test]
    fn bodies_of_sql_standard_functions_are_not_split() {
        let function =
            "create or replace function f() returns int begin atomic select case when a then b end; select 1; end";
        assert_eq!(statements(&format!("{function}; select 2")), [function, "select 2"]);
        assert_eq!(statements("begin; select 1; end; select 2"), ["begin", "select 1", "end", "select 2"]);
        assert_eq!(
            statements("create function begin() returns int return 1; select 2"),
            ["create function begin() returns int return 1", "select 2"]
        );
    }

    #[test]
    fn data_of_copy_is_skipped() {
        let text = "copy t (a, b) from stdin with csv;\n1;2\n\\N 'x\n\\.\nselect 1;";
        assert_eq!(statements(text), ["copy t (a, b) from stdin with csv", "select 1"]);
        assert!(meta_commands(text).is_empty());
        assert_eq!(statements("copy t from stdin;\n\\.\nselect 1"), ["copy t from stdin", "select 1"]);
        assert_eq!(statements("copy t from stdin;\na;b"), ["copy t from stdin"]);
        assert_eq!(statements("copy t to stdout;\nselect 1"), ["copy t to stdout", "select 1"]);
        assert_eq!(statements("\\copy t from stdin csv\n1,2\n\\.\nselect 1"), ["select 1"]);
    }

    #[test]
    fn meta_commands_take_their_line() {
        let text = "\\set ON_ERROR_STOP on\r\nselect 1 \\gexec\n\\i other.sql ;\n\\echo 'it''s'\n\\! ls\nselect 2;";
        assert_eq!(
            meta_commands(text),
            [("set", "ON_ERROR_STOP on"), ("gexec", ""), ("i", "other.sql ;"), ("echo", "'it''s'"), ("!", "ls")]
                .map(|(name, args)| (name.to_owned(), args.to_owned()))
        );
        assert_eq!(statements(text), ["select 1", "select 2"]);
        assert_eq!(statements("begin\\; select '\\;' \\;\\; commit;"), ["begin", "select '\\;'", "commit"]);
    }

    #[test]
    fn breakpoints_end_statements_that_have_no_semicolon() {
        let text =
            "create table a (b int)\n--> statement-breakpoint\ncreate table c ();\n--> statement-breakpoint\nselect 1";
        assert_eq!(statements(text), ["create table a (b int)", "create table c ()", "select 1"]);
    }

    #[test]
    fn what_is_not_closed_is_marked() {
        let unterminated = |text| match Splitter::new(text).last() {
            Some(Piece::Statement(raw)) => raw.unterminated,
            _ => false,
        };
        assert!(unterminated("select (1; select 2;"));
        assert!(unterminated("select 'x; select 2;"));
        assert!(unterminated("create function f() begin atomic select 1;"));
        assert!(!unterminated("select 1"));
        assert!(!unterminated("select 'x'; "));
    }
}
