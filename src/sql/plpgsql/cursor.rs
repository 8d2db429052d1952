//! The parser's position, its errors, and how far a piece of embedded SQL reaches (`pl_gram.y: read_sql_construct`).

use super::check::Fragments;
use super::names::Names;
use super::{Block, Body, Environment, Returns, VariableConflict};
use crate::sql::ast::Name;
use crate::sql::scan::{ScanError, Scanner, Token, TokenKind};
use crate::sql::span::Span;
use crate::sql::{Grammar, ParseError, SyntaxError};

pub(super) type Parse<T> = Result<T, ParseError>;

/// A parser of one body.
pub(super) struct Parser<'a> {
    /// The body's text.
    pub text: &'a str,
    /// What is added to offsets in the text.
    pub base: u32,
    /// The grammar of the SQL in the body.
    pub grammar: Grammar,
    /// The variables that are known here.
    pub names: Names,
    /// What RETURN may say.
    pub returns: Option<Returns>,
    tokens: Vec<Token>,
    at: usize,
    /// How deep blocks and statements are nested.
    depth: u32,
    /// The SQL in the body is collected to be checked, rather than parsed.
    pub fragments: Option<Fragments>,
}

/// PostgreSQL's grammar has a stack of 10,000 states; nobody nests statements deeper than this.
const MAX_DEPTH: u32 = 200;

impl<'a> Parser<'a> {
    pub fn new(text: &'a str, base: u32, environment: &Environment) -> Self {
        let mut scanner = Scanner::new(text);
        let mut tokens = Vec::new();
        while let Some(token) = scanner.next_significant() {
            tokens.push(token);
        }
        Parser {
            text,
            base,
            grammar: environment.grammar,
            names: Names::new(environment),
            returns: environment.returns,
            tokens,
            at: 0,
            depth: 0,
            fragments: None,
        }
    }

    /// The whole body.
    pub fn body(&mut self) -> Parse<Body> {
        let conflict = self.options()?;
        if let Some(label) = self.label()? {
            let block = self.block(Some(label))?;
            return self.end_of_body(block, conflict);
        }
        let block = self.block(None)?;
        self.end_of_body(block, conflict)
    }

    fn end_of_body(&mut self, block: Block, conflict: VariableConflict) -> Parse<Body> {
        self.eat(TokenKind::Semicolon);
        match self.peek() {
            None => Ok(Body { block, conflict }),
            Some(_) => Err(self.unexpected()),
        }
    }

    /// `#option dump`, `#variable_conflict use_column`, `#print_strict_params on`.
    fn options(&mut self) -> Parse<VariableConflict> {
        let mut conflict = VariableConflict::default();
        while self.peek().is_some_and(|t| t.kind == TokenKind::Operator && t.text(self.text) == "#") {
            self.advance();
            if self.eat_word("option") {
                self.expect_word("dump")?;
            } else if self.eat_word("print_strict_params") {
                self.identifier()?;
            } else if self.eat_word("variable_conflict") {
                conflict = if self.eat_word("error") {
                    VariableConflict::Error
                } else if self.eat_word("use_variable") {
                    VariableConflict::UseVariable
                } else if self.eat_word("use_column") {
                    VariableConflict::UseColumn
                } else {
                    return Err(self.unexpected());
                };
            } else {
                return Err(self.unexpected());
            }
        }
        Ok(conflict)
    }

    // ---- tokens ----

    pub fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    pub fn peek_at(&self, ahead: usize) -> Option<Token> {
        self.tokens.get(self.at + ahead).copied()
    }

    pub fn peek_kind(&self) -> Option<TokenKind> {
        self.peek().map(|t| t.kind)
    }

    pub fn advance(&mut self) -> Option<Token> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    /// The number of the next token: a place to come back to.
    pub fn position(&self) -> usize {
        self.at
    }

    pub fn seek(&mut self, position: usize) {
        self.at = position;
    }

    pub fn is_word(&self, word: &str) -> bool {
        self.peek().is_some_and(|t| t.is_word(self.text, word))
    }

    pub fn is_word_at(&self, ahead: usize, word: &str) -> bool {
        self.peek_at(ahead).is_some_and(|t| t.is_word(self.text, word))
    }

    /// Whether the token at this position is a word.
    pub fn is_word_at_position(&self, position: usize, word: &str) -> bool {
        self.tokens.get(position).is_some_and(|t| t.is_word(self.text, word))
    }

    pub fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    pub fn expect_word(&mut self, word: &str) -> Parse<Token> {
        match self.peek() {
            Some(token) if token.is_word(self.text, word) => {
                self.at += 1;
                Ok(token)
            }
            _ => Err(self.unexpected()),
        }
    }

    pub fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.peek_kind() == Some(kind);
        self.at += usize::from(found);
        found
    }

    pub fn expect(&mut self, kind: TokenKind) -> Parse<Token> {
        match self.peek() {
            Some(token) if token.kind == kind => {
                self.at += 1;
                Ok(token)
            }
            _ => Err(self.unexpected()),
        }
    }

    pub fn eat_operator(&mut self, operator: &str) -> bool {
        let found = self.peek().is_some_and(|t| t.kind == TokenKind::Operator && t.text(self.text) == operator);
        self.at += usize::from(found);
        found
    }

    /// `:=` or `=`
    pub fn is_assign_operator(&self, ahead: usize) -> bool {
        self.peek_at(ahead).is_some_and(|t| {
            t.kind == TokenKind::ColonEquals || (t.kind == TokenKind::Operator && t.text(self.text) == "=")
        })
    }

    /// An identifier that is no reserved word.
    pub fn identifier(&mut self) -> Parse<Name> {
        match self.peek() {
            Some(token) => match token.identifier(self.text) {
                Some(name) if !(token.kind == TokenKind::Word && is_reserved(&name)) => {
                    self.at += 1;
                    Ok(name)
                }
                _ => Err(self.unexpected()),
            },
            None => Err(self.unexpected()),
        }
    }

    /// `a.b.c`
    pub fn dotted_name(&mut self) -> Parse<Vec<Name>> {
        let mut names = vec![self.identifier()?];
        while self.peek_kind() == Some(TokenKind::Dot) {
            self.advance();
            let Some(name) = self.peek().and_then(|t| t.identifier(self.text)) else { return Err(self.unexpected()) };
            self.advance();
            names.push(name);
        }
        Ok(names)
    }

    /// `<<label>>`
    pub fn label(&mut self) -> Parse<Option<Name>> {
        if !self.eat_operator("<<") {
            return Ok(None);
        }
        let label = self.identifier()?;
        if !self.eat_operator(">>") {
            return Err(self.unexpected());
        }
        Ok(Some(label))
    }

    // ---- places ----

    /// The place of a token in the file.
    pub fn span_of(&self, token: Token) -> Span {
        token.span.shifted(self.base)
    }

    /// From a token up to the last one that was read.
    pub fn span_from(&self, first: usize) -> Span {
        let start = self.tokens.get(first).map_or(self.text.len() as u32, |t| t.span.start);
        let end = self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |t| t.span.end);
        Span::new(start, end.max(start)).shifted(self.base)
    }

    /// The text of a place.
    pub fn text_of(&self, span: Span) -> &'a str {
        &self.text[(span.start - self.base) as usize..(span.end - self.base) as usize]
    }

    /// The place of the next token; empty at the end.
    fn here(&self) -> Span {
        let end = self.text.len() as u32;
        self.peek().map_or(Span::point(end), |t| t.span).shifted(self.base)
    }

    // ---- errors ----

    /// A syntax error at the next token.
    pub fn unexpected(&self) -> ParseError {
        self.unexpected_for("syntax error")
    }

    /// An error that names the next token (`pl_scanner.c: plpgsql_yyerror`), or says what is wrong with it.
    pub fn unexpected_for(&self, message: &str) -> ParseError {
        let message = match self.peek() {
            Some(token) => {
                let message = match token.kind {
                    TokenKind::Error(error) => match error {
                        ScanError::UnterminatedString => "unterminated quoted string",
                        ScanError::UnterminatedIdent => "unterminated quoted identifier",
                        ScanError::UnterminatedDollarString => "unterminated dollar-quoted string",
                        ScanError::UnterminatedComment => "unterminated /* comment",
                        ScanError::EmptyIdent => "zero-length delimited identifier",
                        ScanError::TrailingJunk => "trailing junk after numeric literal",
                    },
                    _ => message,
                };
                format!("{message} at or near \"{}\"", token.text(self.text))
            }
            None => format!("{message} at end of input"),
        };
        self.error_at(self.here(), message)
    }

    /// An error of that state at a place.
    pub fn error_of(&self, sqlstate: &'static str, at: Span, message: impl Into<String>) -> ParseError {
        match self.error_at(at, message) {
            ParseError::Syntax(error) => ParseError::Syntax(SyntaxError { sqlstate, ..error }),
            other => other,
        }
    }

    /// A 42601 at the next token.
    pub fn error(&self, message: impl Into<String>) -> ParseError {
        self.error_at(self.here(), message)
    }

    /// A 42601.
    pub fn error_at(&self, at: Span, message: impl Into<String>) -> ParseError {
        let statement = Span::new(0, self.text.len() as u32).shifted(self.base);
        ParseError::Syntax(SyntaxError { sqlstate: "42601", message: message.into(), at, statement, help: None })
    }

    /// Runs `parse` one level deeper.
    pub fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth == MAX_DEPTH {
            return Err(ParseError::Unparsed {
                span: self.here(),
                reason: "statements of PL/pgSQL are nested too deeply".to_owned(),
            });
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    // ---- embedded SQL ----

    /// Moves to the first token outside of parentheses that `ends` accepts, and gives the place of the text before it.
    /// `expected` is what PostgreSQL says is missing if there is none.
    pub fn sql_until(&mut self, expected: &str, ends: impl Fn(&Self) -> bool) -> Parse<Span> {
        let first = self.at;
        let mut parens = 0usize;
        loop {
            let Some(token) = self.peek() else {
                return Err(if parens > 0 { self.unexpected_for("mismatched parentheses") } else { self.unexpected() });
            };
            if parens == 0 && ends(self) {
                break;
            }
            match token.kind {
                TokenKind::LeftParen | TokenKind::LeftBracket => parens += 1,
                TokenKind::RightParen | TokenKind::RightBracket => match parens.checked_sub(1) {
                    Some(outer) => parens = outer,
                    None => return Err(self.unexpected_for("mismatched parentheses")),
                },
                TokenKind::Semicolon if parens > 0 => return Err(self.unexpected_for("mismatched parentheses")),
                TokenKind::Semicolon => {
                    return Err(self.error(format!("missing \"{expected}\" at end of SQL expression")));
                }
                TokenKind::Error(_) => return Err(self.unexpected()),
                _ => {}
            }
            self.at += 1;
        }
        if self.at == first {
            return Err(self.unexpected_for("missing expression"));
        }
        Ok(self.span_from(first))
    }

    /// The place of a statement up to the semicolon (`read_sql_stmt`).
    pub fn statement_to_end(&mut self) -> Parse<Span> {
        if self.is_semicolon() {
            return Err(self.unexpected_for("missing SQL statement"));
        }
        self.sql_until(";", Self::is_semicolon)
    }

    pub fn is_semicolon(&self) -> bool {
        self.peek_kind() == Some(TokenKind::Semicolon)
    }
}

/// The reserved words of PL/pgSQL (`pl_reserved_kwlist.h`), which name no variable unless quoted.
fn is_reserved(word: &str) -> bool {
    const RESERVED: [&str; 23] = [
        "all", "begin", "by", "case", "declare", "else", "end", "execute", "for", "foreach", "from", "if", "in",
        "into", "loop", "not", "null", "or", "strict", "then", "to", "using", "when",
    ];
    RESERVED.contains(&word) || word == "while"
}

/// The error with a hint.
pub fn helped(error: ParseError, help: &str) -> ParseError {
    match error {
        ParseError::Syntax(error) => ParseError::Syntax(SyntaxError { help: Some(help.to_owned()), ..error }),
        other => other,
    }
}
