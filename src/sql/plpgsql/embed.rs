//! SQL inside of PL/pgSQL, handed to the SQL parser.

use super::Fragment;
use super::check;
use super::cursor::{Parse, Parser};
use crate::sql::ast::{Expr, ExprKind, Literal, Query, StatementKind, TypeName};
use crate::sql::scan::{Token, TokenKind};
use crate::sql::span::Span;
use crate::sql::{ParseError, Segment};

impl Parser<'_> {
    /// An expression, which is whatever can follow SELECT: `count(*) > 0 FROM t` is one.
    pub fn expression(&mut self, span: Span) -> Parse<Fragment<Query>> {
        let text = self.text_of(span);
        if let Some(fragments) = &mut self.fragments {
            fragments.expression(text);
            return Ok(Fragment { sql: check::no_query(), span });
        }
        let sql = self.grammar.parse_plpgsql_expr_at(self.text_of(span), span.start)?;
        Ok(Fragment { sql, span })
    }

    /// What follows SELECT, which may be more than an expression: `1 UNION SELECT 2`.
    pub fn select_without_its_word(&mut self, span: Span) -> Parse<Fragment<Query>> {
        const WORD: &str = "SELECT ";
        let refused = match self.expression(span) {
            Ok(fragment) => return Ok(fragment),
            Err(refused) => refused,
        };
        // PERFORM is as long.
        let text = format!("{WORD}{}", self.text_of(span));
        match self.grammar.parse_query_at(&text, span.start.saturating_sub(WORD.len() as u32)) {
            Ok(sql) => Ok(Fragment { sql, span }),
            Err(_) => Err(refused),
        }
    }

    /// A plain scalar expression.
    pub fn scalar(&mut self, span: Span) -> Parse<Fragment<Expr>> {
        let text = self.text_of(span);
        if let Some(fragments) = &mut self.fragments {
            fragments.scalar(text);
            return Ok(Fragment { sql: check::no_expr(), span });
        }
        let sql = self.grammar.parse_expr_at(self.text_of(span), span.start)?;
        Ok(Fragment { sql, span })
    }

    /// A statement.
    pub fn statement_in(&mut self, text: &str, span: Span) -> Parse<Fragment<StatementKind>> {
        if let Some(fragments) = &mut self.fragments {
            fragments.statement(text);
            return Ok(Fragment {
                sql: StatementKind::SetConstraints { constraints: Vec::new(), deferred: false },
                span,
            });
        }
        let mut segments = self.grammar.parse_statements_at(text, span.start).into_iter();
        match (segments.next(), segments.next()) {
            (Some(Segment::Statement(statement)), None) => Ok(Fragment { sql: statement.kind, span }),
            (Some(segment), None) => Err(self.refused(segment)),
            _ => Err(self.error_at(span, "missing expression")),
        }
    }

    /// A type name.
    pub fn type_name(&mut self, span: Span) -> Parse<TypeName> {
        let text = self.text_of(span);
        if let Some(known) = self.fragments.as_ref().and_then(|fragments| fragments.types.get(text)) {
            return Ok(known.clone());
        }
        let ty = self.parsed_type_name(span)?;
        if let Some(fragments) = &mut self.fragments {
            fragments.types.insert(text.into(), ty.clone());
        }
        Ok(ty)
    }

    fn parsed_type_name(&mut self, span: Span) -> Parse<TypeName> {
        // As a cast, whose text begins as far before the type: a type never stands at the start of a body.
        const PREFIX: &str = "NULL::";
        let text = format!("{PREFIX}{}", self.text_of(span));
        let start = span.start.saturating_sub(PREFIX.len() as u32);
        match self.grammar.parse_expr_at(&text, start)?.kind {
            ExprKind::Cast { ty, .. } => Ok(ty),
            _ => Err(self.error_at(span, format!("invalid type name \"{}\"", self.text_of(span)))),
        }
    }

    /// The value of a string literal.
    pub fn string_literal(&self, token: Token) -> Parse<String> {
        let written = token.text(self.text);
        let plain = written.strip_prefix('\'').and_then(|w| w.strip_suffix('\''));
        if let (TokenKind::String, Some(inner)) = (token.kind, plain)
            && !inner.contains('\'')
        {
            return Ok(inner.to_owned());
        }
        let span = self.span_of(token);
        match self.grammar.parse_expr_at(written, span.start)?.kind {
            ExprKind::Literal(Literal::String(value)) => Ok(value),
            _ => Err(self.error_at(span, format!("syntax error at or near \"{written}\""))),
        }
    }

    fn unmodelled(&self, span: Span) -> ParseError {
        ParseError::Unparsed { span, reason: "this fragment of SQL is not modelled".to_owned() }
    }

    /// What the SQL parser gave instead of a statement.
    fn refused(&self, segment: Segment) -> ParseError {
        match segment {
            Segment::SyntaxError(error) => ParseError::Syntax(error),
            Segment::Unparsed { span, reason } => ParseError::Unparsed { span, reason },
            Segment::MetaCommand { span, .. } => self.error_at(span, "syntax error at or near \"\\\""),
            Segment::Statement(statement) => self.unmodelled(statement.span),
        }
    }
}
