//! Statements, by their first word.

use super::cursor::{Parse, Parser, helped};
use super::names::Labelled;
use super::{Case, Fragment, Returns, Stmt, StmtKind, Target};
use crate::sql::ast::{Name, Query};
use crate::sql::scan::TokenKind;
use crate::sql::span::Span;

impl Parser<'_> {
    /// Statements up to one of the words, which is not consumed.
    pub fn statements(&mut self, ends: &[&str]) -> Parse<Vec<Stmt>> {
        self.nested(|p| {
            let mut statements = Vec::new();
            while !ends.iter().any(|end| p.is_word(end)) {
                if p.peek().is_none() {
                    return Err(p.unexpected());
                }
                statements.push(p.statement()?);
            }
            Ok(statements)
        })
    }

    fn statement(&mut self) -> Parse<Stmt> {
        let start = self.position();
        let kind = self.statement_kind()?;
        let span = self.span_from(start);
        self.expect(TokenKind::Semicolon)?;
        Ok(Stmt { kind, span })
    }

    fn statement_kind(&mut self) -> Parse<StmtKind> {
        if let Some(label) = self.label()? {
            return self.labelled(Some(label));
        }
        let Some(token) = self.peek() else { return Err(self.unexpected()) };
        // A word that stands before an assignment operator is a variable, whatever else it means.
        if self.is_assignment() {
            return self.assignment();
        }
        let Some(word) = token.identifier(self.text).filter(|_| token.kind == TokenKind::Word) else {
            return self.sql_statement();
        };
        match word.as_str() {
            "declare" | "begin" | "loop" | "while" | "for" | "foreach" => self.labelled(None),
            "if" => self.if_statement(),
            "case" => self.case_statement(),
            "exit" | "continue" => self.exit(word == "exit"),
            "return" => self.return_statement(),
            "raise" => self.raise(),
            "assert" => self.assert(),
            "perform" => self.perform(),
            "execute" => self.execute(),
            "get" => self.get_diagnostics(),
            "open" => self.open(),
            "fetch" => self.fetch(),
            "move" => self.move_cursor(),
            "close" => {
                self.advance();
                Ok(StmtKind::Close { cursor: self.cursor_variable()? })
            }
            "commit" | "rollback" => self.transaction(word == "commit"),
            "null" => {
                self.advance();
                Ok(StmtKind::Null)
            }
            _ => self.sql_statement(),
        }
    }

    /// What can have a label.
    fn labelled(&mut self, label: Option<Name>) -> Parse<StmtKind> {
        if self.is_word("declare") || self.is_word("begin") {
            return Ok(StmtKind::Block(Box::new(self.nested(|p| p.block(label))?)));
        }
        self.loop_statement(label)
    }

    // ---- assignment ----

    /// `name[.name …] [\[…\]] := | =`
    fn is_assignment(&self) -> bool {
        let mut ahead = 0;
        let is_name = |p: &Self, ahead| {
            p.peek_at(ahead)
                .is_some_and(|t| matches!(t.kind, TokenKind::Word | TokenKind::QuotedIdent | TokenKind::Param))
        };
        if !is_name(self, 0) {
            return false;
        }
        ahead += 1;
        loop {
            match self.peek_at(ahead).map(|t| t.kind) {
                Some(TokenKind::Dot) if is_name(self, ahead + 1) => ahead += 2,
                Some(TokenKind::LeftBracket) => {
                    let mut brackets = 0usize;
                    loop {
                        match self.peek_at(ahead).map(|t| t.kind) {
                            Some(TokenKind::LeftBracket) => brackets += 1,
                            Some(TokenKind::RightBracket) => brackets -= 1,
                            None | Some(TokenKind::Semicolon) => return false,
                            Some(_) => {}
                        }
                        ahead += 1;
                        if brackets == 0 {
                            break;
                        }
                    }
                }
                _ => return self.is_assign_operator(ahead),
            }
        }
    }

    fn assignment(&mut self) -> Parse<StmtKind> {
        let target = self.target()?;
        if !self.is_assign_operator(0) {
            return Err(self.unexpected());
        }
        self.advance();
        let span = self.sql_until(";", Self::is_semicolon)?;
        let value = self.expression(span)?;
        Ok(StmtKind::Assign { target, value })
    }

    /// A variable, a field of one, or an element of one, to assign to.
    pub fn target(&mut self) -> Parse<Target> {
        let start = self.position();
        let names = match self.peek() {
            Some(token) if token.kind == TokenKind::Param => {
                self.advance();
                vec![Name::from(token.text(self.text))]
            }
            _ => self.dotted_name()?,
        };
        let name_span = self.span_from(start);
        if !self.names.knows(&names) {
            return Err(self.error_at(name_span, format!("\"{}\" is not a known variable", names.join("."))));
        }
        self.check_assignable(&names, name_span)?;
        let mut subscripts = Vec::new();
        while self.eat(TokenKind::LeftBracket) {
            let span = self.sql_until("]", |p| p.peek_kind() == Some(TokenKind::RightBracket))?;
            subscripts.push(self.expression(span)?);
            self.expect(TokenKind::RightBracket)?;
        }
        Ok(Target { names, subscripts, span: self.span_from(start) })
    }

    /// A constant is not assigned to (`pl_gram.y: check_assignable`).
    pub fn check_assignable(&self, names: &[Name], at: Span) -> Parse<()> {
        match self.names.variable(names) {
            Some((name, variable)) if variable.constant => {
                let name = variable.refname.as_ref().unwrap_or(name);
                Err(self.error_of("22005", at, format!("variable \"{name}\" is declared CONSTANT")))
            }
            Some(_) | None => Ok(()),
        }
    }

    // ---- conditions ----

    fn if_statement(&mut self) -> Parse<StmtKind> {
        self.expect_word("if")?;
        let mut branches = Vec::new();
        loop {
            let condition = self.expression_until_word("then", "THEN")?;
            self.expect_word("then")?;
            branches.push((condition, self.statements(&["elsif", "elseif", "else", "end"])?));
            if !(self.eat_word("elsif") || self.eat_word("elseif")) {
                break;
            }
        }
        let otherwise = if self.eat_word("else") { self.statements(&["end"])? } else { Vec::new() };
        self.expect_word("end")?;
        self.expect_word("if")?;
        Ok(StmtKind::If { branches, otherwise })
    }

    fn case_statement(&mut self) -> Parse<StmtKind> {
        self.expect_word("case")?;
        let operand = if self.is_word("when") { None } else { Some(self.expression_until_word("when", "WHEN")?) };
        let mut branches = Vec::new();
        while self.eat_word("when") {
            let mut values = Vec::new();
            loop {
                let is_list = operand.is_some();
                let span = self
                    .sql_until("THEN", |p| p.is_word("then") || (is_list && p.peek_kind() == Some(TokenKind::Comma)))?;
                values.push(self.scalar(span)?);
                if !self.eat(TokenKind::Comma) {
                    break;
                }
            }
            self.expect_word("then")?;
            branches.push((values, self.statements(&["when", "else", "end"])?));
        }
        if branches.is_empty() {
            return Err(self.unexpected());
        }
        let otherwise = if self.eat_word("else") { Some(self.statements(&["end"])?) } else { None };
        self.expect_word("end")?;
        self.expect_word("case")?;
        Ok(StmtKind::Case(Box::new(Case { operand, branches, otherwise })))
    }

    /// An expression up to a word, which is not consumed.
    pub fn expression_until_word(&mut self, word: &str, shown: &str) -> Parse<Fragment<Query>> {
        let span = self.sql_until(shown, |p| p.is_word(word))?;
        self.expression(span)
    }

    /// An expression up to the semicolon.
    pub fn expression_to_end(&mut self) -> Parse<Fragment<Query>> {
        let span = self.sql_until(";", Self::is_semicolon)?;
        self.expression(span)
    }

    // ---- the rest ----

    fn exit(&mut self, exit: bool) -> Parse<StmtKind> {
        let statement = self.next_span();
        self.advance();
        let at = self.next_span();
        let label = if self.is_semicolon() || self.is_word("when") { None } else { Some(self.identifier()?) };
        let when = if self.eat_word("when") { Some(self.expression_to_end()?) } else { None };
        match label.as_ref().map(|label| (label, self.names.labelled(label))) {
            Some((label, None)) => {
                let message =
                    format!("there is no label \"{label}\" attached to any block or loop enclosing this statement");
                return Err(self.error_at(at, message));
            }
            Some((label, Some(Labelled::Block))) if !exit => {
                return Err(self.error_at(at, format!("block label \"{label}\" cannot be used in CONTINUE")));
            }
            None if !self.names.in_loop() => {
                let message = match exit {
                    true => "EXIT cannot be used outside a loop, unless it has a label",
                    false => "CONTINUE cannot be used outside a loop",
                };
                return Err(self.error_at(statement, message));
            }
            Some((_, Some(_))) | None => {}
        }
        Ok(StmtKind::Exit { exit, label, when })
    }

    /// `make_return_stmt`, `make_return_next_stmt`, `make_return_query_stmt`
    fn return_statement(&mut self) -> Parse<StmtKind> {
        let statement = self.next_span();
        self.expect_word("return")?;
        let (next, query) = (self.eat_word("next"), self.eat_word("query"));
        let returns = self.returns;
        if (next || query) && returns.is_some_and(|returns| !returns.set) {
            let what = if next { "RETURN NEXT" } else { "RETURN QUERY" };
            return Err(self.error_of("42804", statement, format!("cannot use {what} in a non-SETOF function")));
        }
        if query {
            if self.eat_word("execute") {
                let (text, using) = self.dynamic()?;
                return Ok(StmtKind::ReturnQueryExecute { text, using });
            }
            let span = self.statement_to_end()?;
            return Ok(StmtKind::ReturnQuery(self.statement_in(self.text_of(span), span)?));
        }
        // What RETURN cannot say, where it can say nothing.
        let refused = returns.and_then(|returns| match returns {
            Returns { set: true, .. } if !next => Some(("42804", "function returning set")),
            Returns { void: true, procedure: true, .. } => Some(("42601", "a procedure")),
            Returns { void: true, .. } if !next => Some(("42804", "function returning void")),
            Returns { out: true, .. } => Some(("42804", "function with OUT parameters")),
            Returns { .. } => None,
        });
        let value = match (refused, self.is_semicolon()) {
            (Some((state, what)), false) => {
                let word = if next { "RETURN NEXT" } else { "RETURN" };
                let message = format!("{word} cannot have a parameter in {what}");
                let error = self.error_of(state, self.next_span(), message);
                let set = what == "function returning set";
                return Err(if set { helped(error, "Use RETURN NEXT or RETURN QUERY.") } else { error });
            }
            (_, true) if refused.is_some() || returns.is_none() => None,
            (_, _) => Some(self.expression_to_end()?),
        };
        Ok(if next { StmtKind::ReturnNext(value) } else { StmtKind::Return(value) })
    }

    fn assert(&mut self) -> Parse<StmtKind> {
        self.expect_word("assert")?;
        let span = self.sql_until(";", |p| p.is_semicolon() || p.peek_kind() == Some(TokenKind::Comma))?;
        let condition = self.expression(span)?;
        let message = if self.eat(TokenKind::Comma) { Some(self.expression_to_end()?) } else { None };
        Ok(StmtKind::Assert { condition, message })
    }

    fn perform(&mut self) -> Parse<StmtKind> {
        self.expect_word("perform")?;
        // It is a SELECT, which needs no columns.
        if self.is_semicolon() {
            let end = self.next_span().start;
            return Ok(StmtKind::Perform(self.expression(Span::point(end))?));
        }
        let span = self.sql_until(";", Self::is_semicolon)?;
        Ok(StmtKind::Perform(self.select_without_its_word(span)?))
    }

    fn transaction(&mut self, commit: bool) -> Parse<StmtKind> {
        self.advance();
        if self.eat_word("and") {
            self.eat_word("no");
            self.expect_word("chain")?;
        }
        Ok(if commit { StmtKind::Commit } else { StmtKind::Rollback })
    }
}
