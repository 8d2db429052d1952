//! SQL statements inside of PL/pgSQL, dynamic SQL, cursors, diagnostics.

use super::cursor::{Parse, Parser};
use super::names::VariableKind;
use super::{CursorArg, Fragment, Into, Open, OpenSource, StmtKind, Target};
use crate::sql::ast::{Name, Query};
use crate::sql::scan::TokenKind;
use crate::sql::span::Span;

impl Parser<'_> {
    /// A SQL statement, possibly with INTO (`pl_gram.y: make_execsql_stmt`).
    pub fn sql_statement(&mut self) -> Parse<StmtKind> {
        let start = self.position();
        let is_import = self.is_word("import");
        let mut into: Option<(Into, Span)> = None;
        let mut parens = 0usize;
        // CREATE FUNCTION … BEGIN ATOMIC … END has semicolons inside.
        let mut is_routine = false;
        let mut atomic = 0usize;
        let mut cases = 0usize;
        loop {
            let Some(token) = self.peek() else {
                return Err(self.unexpected_for("unexpected end of function definition"));
            };
            match token.kind {
                TokenKind::Semicolon if parens == 0 && atomic == 0 => break,
                TokenKind::LeftParen => parens += 1,
                TokenKind::RightParen => parens = parens.saturating_sub(1),
                TokenKind::Error(_) => return Err(self.unexpected()),
                TokenKind::Word => {
                    let is = |word| token.is_word(self.text, word);
                    if self.position() > start && self.position() <= start + 4 && (is("function") || is("procedure")) {
                        is_routine = true;
                    } else if is_routine && is("begin") {
                        atomic += 1;
                    } else if atomic > 0 && is("case") {
                        cases += 1;
                    } else if atomic > 0 && is("end") {
                        if cases > 0 { cases -= 1 } else { atomic -= 1 }
                    } else if is("into") && !is_import && atomic == 0 && !self.follows_insert_or_merge(start) {
                        if into.is_some() {
                            return Err(self.unexpected_for("INTO specified more than once"));
                        }
                        let into_start = self.position();
                        let targets = self.parse_into()?;
                        into = Some((targets, self.span_from(into_start)));
                        continue;
                    }
                }
                _ => {}
            }
            self.advance();
        }
        if self.position() == start {
            return Err(self.unexpected());
        }
        let span = self.span_from(start);
        let Some((into, clause)) = into else {
            let statement = self.statement_in(self.text_of(span), span)?;
            return Ok(StmtKind::Sql { statement, into: None });
        };
        // The clause is blanked out, so that what follows it keeps its place.
        let text = self.text_of(span);
        let (from, to) = ((clause.start - span.start) as usize, (clause.end - span.start) as usize);
        let text = format!("{}{}{}", &text[..from], " ".repeat(to - from), &text[to..]);
        let statement = self.statement_in(&text, span)?;
        Ok(StmtKind::Sql { statement, into: Some(into) })
    }

    fn follows_insert_or_merge(&self, start: usize) -> bool {
        let previous = self.position().saturating_sub(1).max(start);
        self.position() > start
            && (self.is_word_at_position(previous, "insert") || self.is_word_at_position(previous, "merge"))
    }

    /// `INTO [STRICT] target, …`
    fn parse_into(&mut self) -> Parse<Into> {
        self.expect_word("into")?;
        let strict = self.eat_word("strict");
        let mut targets = vec![self.target()?];
        let is_record = |p: &Self, target: &Target| {
            p.names
                .variable(&target.names)
                .is_some_and(|(name, v)| matches!(v.kind, VariableKind::Record) && target.names.last() == Some(name))
        };
        if self.peek_kind() == Some(TokenKind::Comma) && is_record(self, &targets[0]) {
            return Err(self.error("record variable cannot be part of multiple-item INTO list"));
        }
        while self.eat(TokenKind::Comma) {
            let target = self.target()?;
            if is_record(self, &target) {
                let message = format!("\"{}\" is not a scalar variable", target.names.join("."));
                return Err(self.error_at(target.span, message));
            }
            targets.push(target);
        }
        Ok(Into { strict, targets })
    }

    /// `EXECUTE text [INTO …] [USING …]`, in either order.
    pub fn execute(&mut self) -> Parse<StmtKind> {
        self.expect_word("execute")?;
        let text = self.dynamic_text()?;
        let mut into = None;
        let mut using = Vec::new();
        while !self.is_semicolon() {
            if self.is_word("into") {
                if into.is_some() {
                    return Err(self.unexpected());
                }
                into = Some(self.parse_into()?);
            } else if self.is_word("using") {
                if !using.is_empty() {
                    return Err(self.unexpected());
                }
                using = self.using()?;
            } else {
                return Err(self.unexpected());
            }
        }
        Ok(StmtKind::Execute { text, into, using })
    }

    /// `text [USING …]`
    pub fn dynamic(&mut self) -> Parse<(Fragment<Query>, Vec<Fragment<Query>>)> {
        let text = self.dynamic_text()?;
        let using = if self.is_word("using") { self.using()? } else { Vec::new() };
        Ok((text, using))
    }

    fn dynamic_text(&mut self) -> Parse<Fragment<Query>> {
        let span =
            self.sql_until(";", |p| p.is_semicolon() || p.is_word("into") || p.is_word("using") || p.is_word("loop"))?;
        self.expression(span)
    }

    fn using(&mut self) -> Parse<Vec<Fragment<Query>>> {
        self.expect_word("using")?;
        let mut values = Vec::new();
        loop {
            let span = self.sql_until(";", |p| {
                p.is_semicolon() || p.is_word("into") || p.is_word("loop") || p.peek_kind() == Some(TokenKind::Comma)
            })?;
            values.push(self.expression(span)?);
            if !self.eat(TokenKind::Comma) {
                return Ok(values);
            }
        }
    }

    // ---- cursors ----

    /// A cursor variable, which must be known.
    pub fn cursor_variable(&mut self) -> Parse<Name> {
        let start = self.position();
        let name = self.identifier()?;
        let at = self.span_from(start);
        let Some((_, variable)) = self.names.variable(std::slice::from_ref(&name)) else {
            return Err(self.error_at(at, format!("\"{name}\" is not a known variable")));
        };
        match variable.kind {
            VariableKind::Record => Err(self.error_of("42804", at, "cursor variable must be a simple variable")),
            VariableKind::Named => {
                Err(self.error_of("42804", at, format!("variable \"{name}\" must be of type cursor or refcursor")))
            }
            VariableKind::Unknown | VariableKind::RefCursor | VariableKind::Cursor(_) => Ok(name),
        }
    }

    /// The arguments of a cursor with these parameters (`read_cursor_args`).
    pub fn bound_cursor_args(&mut self, cursor: &Name, params: &[Name]) -> Parse<Vec<CursorArg>> {
        let parenthesis = self.peek_kind() == Some(TokenKind::LeftParen);
        match (params.is_empty(), parenthesis) {
            (true, true) => return Err(self.error(format!("cursor \"{cursor}\" has no arguments"))),
            (true, false) => return Ok(Vec::new()),
            (false, false) => return Err(self.error(format!("cursor \"{cursor}\" has arguments"))),
            (false, true) => {}
        }
        let args = self.cursor_args()?;
        let before = self.position().saturating_sub(1);
        let message = match args.len().cmp(&params.len()) {
            std::cmp::Ordering::Less => format!("not enough arguments for cursor \"{cursor}\""),
            std::cmp::Ordering::Greater => format!("too many arguments for cursor \"{cursor}\""),
            std::cmp::Ordering::Equal => return Ok(args),
        };
        Err(self.error_at(self.span_from(before), message))
    }

    /// `(value, name := value, …)`
    pub fn cursor_args(&mut self) -> Parse<Vec<CursorArg>> {
        self.expect(TokenKind::LeftParen)?;
        let mut args = Vec::new();
        loop {
            let named = self.peek_at(1).is_some_and(|t| {
                t.kind == TokenKind::ColonEquals || (t.kind == TokenKind::Operator && t.text(self.text) == "=>")
            });
            let name = if named { Some(self.identifier()?) } else { None };
            if named {
                self.advance();
            }
            let span =
                self.sql_until(")", |p| matches!(p.peek_kind(), Some(TokenKind::Comma | TokenKind::RightParen)))?;
            args.push(CursorArg { name, value: self.expression(span)? });
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.expect(TokenKind::RightParen)?;
        Ok(args)
    }

    pub fn open(&mut self) -> Parse<StmtKind> {
        self.expect_word("open")?;
        let cursor = self.cursor_variable()?;
        let kind = self.names.variable(std::slice::from_ref(&cursor)).map(|(_, v)| v.kind.clone());
        if let Some(VariableKind::Cursor(params)) = &kind {
            let args = self.bound_cursor_args(&cursor, params)?;
            if !self.is_semicolon() {
                return Err(self.unexpected());
            }
            return Ok(StmtKind::Open(Box::new(Open { cursor, source: OpenSource::Bound(args) })));
        }
        self.eat_word("no");
        self.eat_word("scroll");
        let source = if self.eat_word("for") {
            if self.eat_word("execute") {
                let (text, using) = self.dynamic()?;
                OpenSource::Execute { text, using }
            } else {
                let span = self.statement_to_end()?;
                OpenSource::Query(self.statement_in(self.text_of(span), span)?)
            }
        } else if matches!(kind, Some(VariableKind::RefCursor)) {
            return Err(self.unexpected_for("syntax error, expected \"FOR\""));
        } else if self.peek_kind() == Some(TokenKind::LeftParen) {
            OpenSource::Bound(self.cursor_args()?)
        } else {
            OpenSource::Bound(Vec::new())
        };
        Ok(StmtKind::Open(Box::new(Open { cursor, source })))
    }

    pub fn fetch(&mut self) -> Parse<StmtKind> {
        self.expect_word("fetch")?;
        let (cursor, next) = self.fetched_cursor()?;
        let into = if self.is_word("into") { Some(self.parse_into()?) } else { return Err(self.unexpected()) };
        Ok(StmtKind::Fetch { cursor, next, into })
    }

    pub fn move_cursor(&mut self) -> Parse<StmtKind> {
        self.expect_word("move")?;
        let (cursor, next) = self.fetched_cursor()?;
        Ok(StmtKind::Move { cursor, next })
    }

    /// `[direction] [FROM|IN] cursor`: the last word before INTO or the semicolon; and whether it is the next row.
    fn fetched_cursor(&mut self) -> Parse<(Name, bool)> {
        let mut next = true;
        while !self.is_semicolon() && self.peek().is_some() {
            let is_last = self.peek_at(1).is_none_or(|t| t.kind == TokenKind::Semicolon) || self.is_word_at(1, "into");
            if is_last {
                return Ok((self.cursor_variable()?, next));
            }
            next &= ["next", "forward", "from", "in"].into_iter().any(|word| self.is_word(word));
            self.advance();
        }
        Err(self.unexpected())
    }

    // ---- diagnostics ----

    pub fn get_diagnostics(&mut self) -> Parse<StmtKind> {
        let start = self.next_span();
        self.expect_word("get")?;
        let stacked = self.eat_word("stacked");
        if !stacked {
            self.eat_word("current");
        }
        self.expect_word("diagnostics")?;
        let mut items = Vec::new();
        loop {
            let target = self.target()?;
            if !self.is_assign_operator(0) {
                return Err(self.unexpected());
            }
            self.advance();
            let span = self.next_span();
            let item = self.identifier()?;
            self.check_diagnostics_item(&item, stacked, span, start)?;
            items.push((target, item));
            if !self.eat(TokenKind::Comma) {
                return Ok(StmtKind::GetDiagnostics { stacked, items });
            }
        }
    }

    fn check_diagnostics_item(&self, item: &str, stacked: bool, span: Span, statement: Span) -> Parse<()> {
        const CURRENT: [&str; 3] = ["row_count", "pg_routine_oid", "pg_context"];
        const STACKED: [&str; 10] = [
            "returned_sqlstate",
            "message_text",
            "pg_exception_detail",
            "pg_exception_hint",
            "pg_exception_context",
            "column_name",
            "constraint_name",
            "pg_datatype_name",
            "table_name",
            "schema_name",
        ];
        let is_current = CURRENT.contains(&item);
        if !is_current && !STACKED.contains(&item) {
            let message = format!("unrecognized GET DIAGNOSTICS item at or near \"{}\"", self.text_of(span));
            return Err(self.error_at(span, message));
        }
        if is_current == stacked && item != "pg_context" {
            let form = if stacked { "STACKED" } else { "CURRENT" };
            let shown = item.to_ascii_uppercase();
            let message = format!("diagnostics item {shown} is not allowed in GET {form} DIAGNOSTICS");
            return Err(self.error_at(statement, message));
        }
        Ok(())
    }
}
