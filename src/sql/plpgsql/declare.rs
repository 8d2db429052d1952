//! Blocks and their declarations.

use super::cursor::{Parse, Parser};
use super::names::{Variable, VariableKind};
use super::{Block, Condition, ConditionKind, DataType, Declaration, DeclarationKind, Handler};
use crate::sql::ast::{Name, QualifiedName};
use crate::sql::scan::TokenKind;
use crate::sql::span::{Loc, Span};

/// What a variable of that type is.
fn kind_of(ty: &DataType) -> VariableKind {
    match ty {
        DataType::Named(ty) => match ty.name.name.as_str() {
            "refcursor" => VariableKind::RefCursor,
            "record" if ty.array_dims == 0 => VariableKind::Record,
            _ => VariableKind::Named,
        },
        DataType::RowOf(_) => VariableKind::Record,
        DataType::Of { .. } => VariableKind::Unknown,
    }
}

impl Parser<'_> {
    /// `[DECLARE …] BEGIN … [EXCEPTION …] END [label]`, after its label.
    pub fn block(&mut self, label: Option<Name>) -> Parse<Block> {
        self.names.enter(label.clone());
        let mut declarations = Vec::new();
        while self.eat_word("declare") {
            // A DECLARE inside of the declarations is allowed and means nothing.
            while !self.is_word("begin") && !self.is_word("declare") {
                if self.peek().is_some_and(|t| t.kind == TokenKind::Operator && t.text(self.text) == "<<") {
                    return Err(self.error("block label must be placed before DECLARE, not after"));
                }
                declarations.push(self.declaration()?);
            }
        }
        self.expect_word("begin")?;
        let body = self.statements(&["end", "exception"])?;
        let handlers = if self.eat_word("exception") { self.handlers()? } else { Vec::new() };
        self.expect_word("end")?;
        self.end_label(label.as_ref())?;
        self.names.leave();
        Ok(Block { label, declarations, body, handlers })
    }

    /// The label after END, which must be the block's (`pl_gram.y: check_labels`).
    pub fn end_label(&mut self, label: Option<&Name>) -> Parse<()> {
        if self.peek().is_none() || self.is_semicolon() {
            return Ok(());
        }
        let start = self.position();
        let end = self.identifier()?;
        let message = match label {
            Some(label) if *label == end => return Ok(()),
            Some(label) => format!("end label \"{end}\" differs from block's label \"{label}\""),
            None => format!("end label \"{end}\" specified for unlabeled block"),
        };
        Err(self.error_at(self.span_from(start), message))
    }

    fn declaration(&mut self) -> Parse<Declaration> {
        let start = self.position();
        let name = self.new_name()?;
        let kind = if self.eat_word("alias") {
            self.expect_word("for")?;
            let target = self.alias_target()?;
            DeclarationKind::Alias(target)
        } else if self.is_cursor() {
            self.cursor_declaration()?
        } else {
            self.variable(&name)?
        };
        let span = self.span_from(start);
        self.expect(TokenKind::Semicolon)?;
        match &kind {
            DeclarationKind::Variable { constant, ty, .. } => {
                self.names.declare(&name, Variable { constant: *constant, ..Variable::of(kind_of(ty)) });
            }
            DeclarationKind::Alias(of) => self.names.alias(&name, of),
            DeclarationKind::Cursor { params, .. } => {
                let params = params.iter().map(|(name, _)| name.clone()).collect();
                self.names.declare(&name, Variable::of(VariableKind::Cursor(params)));
            }
        }
        Ok(Declaration { name, kind, span })
    }

    /// A name that the scope does not have yet (`pl_gram.y: decl_varname`).
    fn new_name(&mut self) -> Parse<Name> {
        let start = self.position();
        let name = self.identifier()?;
        if self.names.declared_here(&name) {
            self.seek(start);
            return Err(self.unexpected_for("duplicate declaration"));
        }
        Ok(name)
    }

    fn alias_target(&mut self) -> Parse<Vec<Name>> {
        let start = self.position();
        let target = match self.peek() {
            Some(token) if token.kind == TokenKind::Param => {
                self.advance();
                vec![Name::from(token.text(self.text))]
            }
            _ => self.dotted_name()?,
        };
        if self.names.knows(&target) {
            return Ok(target);
        }
        let message = format!("variable \"{}\" does not exist", target.join("."));
        Err(self.error_of("42704", self.span_from(start), message))
    }

    fn is_cursor(&self) -> bool {
        self.is_word("cursor") || (self.is_word("no") && self.is_word_at(1, "scroll")) || self.is_word("scroll")
    }

    /// `[NO] SCROLL CURSOR [(args)] FOR|IS query`
    fn cursor_declaration(&mut self) -> Parse<DeclarationKind> {
        self.eat_word("no");
        self.eat_word("scroll");
        self.expect_word("cursor")?;
        self.names.enter(None);
        let mut params = Vec::new();
        if self.eat(TokenKind::LeftParen) {
            loop {
                let name = self.new_name()?;
                let ty = self.data_type(|p| matches!(p.peek_kind(), Some(TokenKind::Comma | TokenKind::RightParen)))?;
                self.names.declare(&name, Variable::of(kind_of(&ty)));
                params.push((name, ty));
                if !self.eat(TokenKind::Comma) {
                    break;
                }
            }
            self.expect(TokenKind::RightParen)?;
        }
        if !self.eat_word("for") {
            self.expect_word("is")?;
        }
        let span = self.statement_to_end()?;
        let query = self.statement_in(self.text_of(span), span)?;
        self.names.leave();
        Ok(DeclarationKind::Cursor { params, query })
    }

    /// `[CONSTANT] type [COLLATE c] [NOT NULL] [{DEFAULT | := | =} value]`
    fn variable(&mut self, name: &Name) -> Parse<DeclarationKind> {
        let constant = self.eat_word("constant");
        let ty = self.data_type(|p| {
            p.is_semicolon()
                || p.is_assign_operator(0)
                || p.is_word("default")
                || p.is_word("not")
                || p.is_word("collate")
        })?;
        let collation = if self.eat_word("collate") {
            let loc = Loc::at(self.next_span().start);
            let mut parts = self.dotted_name()?.into_iter().rev();
            let name = parts.next().unwrap_or_default();
            Some(QualifiedName { schema: parts.next(), name, loc })
        } else {
            None
        };
        let not_null = self.eat_word("not");
        if not_null {
            self.expect_word("null")?;
        }
        let default = if self.is_semicolon() {
            None
        } else {
            if !self.eat_word("default") {
                if !self.is_assign_operator(0) {
                    return Err(self.unexpected());
                }
                self.advance();
            }
            let span = self.sql_until(";", Self::is_semicolon)?;
            Some(self.expression(span)?)
        };
        if not_null && default.is_none() {
            let message = format!("variable \"{name}\" must have a default value, since it's declared NOT NULL");
            return Err(self.error_of("22004", self.next_span(), message));
        }
        Ok(DeclarationKind::Variable { constant, ty, collation, not_null, default })
    }

    /// A type that reaches up to a token that `ends` accepts (`pl_gram.y: read_datatype`).
    fn data_type(&mut self, ends: impl Fn(&Self) -> bool) -> Parse<DataType> {
        if ends(self) {
            return Err(self.unexpected_for("missing data type declaration"));
        }
        if let Some(ty) = self.percent_type()? {
            return Ok(ty);
        }
        let start = self.position();
        let mut parens = 0usize;
        while let Some(token) = self.peek() {
            match token.kind {
                _ if parens == 0 && ends(self) => break,
                TokenKind::LeftParen | TokenKind::LeftBracket => parens += 1,
                TokenKind::RightParen | TokenKind::RightBracket if parens == 0 => {
                    return Err(self.unexpected_for("mismatched parentheses"));
                }
                TokenKind::RightParen | TokenKind::RightBracket => parens -= 1,
                TokenKind::Semicolon => {
                    let message =
                        if parens > 0 { "mismatched parentheses" } else { "incomplete data type declaration" };
                    return Err(self.unexpected_for(message));
                }
                _ => {}
            }
            self.advance();
        }
        if self.peek().is_none() {
            let message = if parens > 0 { "mismatched parentheses" } else { "incomplete data type declaration" };
            return Err(self.unexpected_for(message));
        }
        let span = self.span_from(start);
        Ok(DataType::Named(self.type_name(span)?))
    }

    /// `name%TYPE`, `name%ROWTYPE`.
    fn percent_type(&mut self) -> Parse<Option<DataType>> {
        let start = self.position();
        let Ok(names) = self.dotted_name() else {
            self.seek(start);
            return Ok(None);
        };
        let span = self.span_from(start);
        // `%` may be glued to nothing else: it is an operator of one character.
        if !self.eat_operator("%") {
            self.seek(start);
            return Ok(None);
        }
        if self.eat_word("type") {
            let mut array = false;
            while self.eat(TokenKind::LeftBracket) {
                self.eat(TokenKind::Integer);
                self.expect(TokenKind::RightBracket)?;
                array = true;
            }
            return Ok(Some(DataType::Of { names, array, span }));
        }
        self.expect_word("rowtype")?;
        let mut parts = names.into_iter().rev();
        let name = parts.next().unwrap_or_default();
        let name = QualifiedName { schema: parts.next(), name, loc: Loc::at(span.start) };
        Ok(Some(DataType::RowOf(name)))
    }

    /// `WHEN condition [OR condition …] THEN statements …`
    fn handlers(&mut self) -> Parse<Vec<Handler>> {
        // SQLSTATE and SQLERRM exist in handlers only.
        self.names.enter(None);
        self.names.declare(&"sqlstate".into(), Variable::default());
        self.names.declare(&"sqlerrm".into(), Variable::default());
        let mut handlers = Vec::new();
        while self.eat_word("when") {
            let mut conditions = vec![self.condition()?];
            while self.eat_word("or") {
                conditions.push(self.condition()?);
            }
            self.expect_word("then")?;
            let body = self.statements(&["when", "end"])?;
            handlers.push(Handler { conditions, body });
        }
        self.names.leave();
        if handlers.is_empty() {
            return Err(self.unexpected());
        }
        Ok(handlers)
    }

    /// A condition name, OTHERS, or `SQLSTATE 'xxxxx'`.
    pub fn condition(&mut self) -> Parse<Condition> {
        let start = self.position();
        let name = self.identifier()?;
        if name != "sqlstate" {
            let span = self.span_from(start);
            let kind = if name == "others" { ConditionKind::Others } else { ConditionKind::Name(name) };
            return Ok(Condition { kind, span });
        }
        let code = self.sql_state()?;
        Ok(Condition { kind: ConditionKind::SqlState(code), span: self.span_from(start) })
    }

    /// The literal after SQLSTATE.
    pub fn sql_state(&mut self) -> Parse<String> {
        let Some(token) = self.peek().filter(|t| t.kind.is_string()) else { return Err(self.unexpected()) };
        let code = self.string_literal(token)?;
        if code.len() != 5 || !code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
            return Err(self.unexpected_for("invalid SQLSTATE code"));
        }
        self.advance();
        Ok(code)
    }

    /// The place of the next token.
    pub fn next_span(&self) -> Span {
        self.peek().map_or_else(|| Span::point(self.base + self.text.len() as u32), |t| self.span_of(t))
    }
}
