//! RAISE.

use super::cursor::{Parse, Parser};
use super::{Condition, ConditionKind, Raise, RaiseLevel, RaiseOption, RaiseWhat, StmtKind};
use crate::sql::scan::TokenKind;

impl Parser<'_> {
    pub fn raise(&mut self) -> Parse<StmtKind> {
        self.expect_word("raise")?;
        let levels = [
            ("exception", RaiseLevel::Exception),
            ("warning", RaiseLevel::Warning),
            ("notice", RaiseLevel::Notice),
            ("info", RaiseLevel::Info),
            ("log", RaiseLevel::Log),
            ("debug", RaiseLevel::Debug),
        ];
        let start = self.position();
        let written = levels.iter().find(|(word, _)| self.eat_word(word)).map(|&(_, level)| level);
        let level = written.unwrap_or(RaiseLevel::Exception);
        let what = match self.peek() {
            Some(_) if self.is_semicolon() && written.is_none() => RaiseWhat::Again,
            Some(token) if token.kind.is_string() => {
                let format = self.string_literal(token)?;
                self.advance();
                let mut args = Vec::new();
                while self.eat(TokenKind::Comma) {
                    let span = self.sql_until(";", |p| {
                        p.is_semicolon() || p.is_word("using") || p.peek_kind() == Some(TokenKind::Comma)
                    })?;
                    args.push(self.expression(span)?);
                }
                self.check_placeholders(&format, args.len(), start)?;
                RaiseWhat::Format { format, args }
            }
            Some(_) if self.is_word("using") => RaiseWhat::OptionsOnly,
            Some(_) => RaiseWhat::Condition(self.raised_condition()?),
            None => return Err(self.unexpected()),
        };
        let options = if self.eat_word("using") { self.raise_options()? } else { Vec::new() };
        Ok(StmtKind::Raise(Box::new(Raise { level, what, options })))
    }

    fn raised_condition(&mut self) -> Parse<Condition> {
        if !self.is_word("sqlstate") {
            let start = self.position();
            let name = self.identifier()?;
            return Ok(Condition { kind: ConditionKind::Name(name), span: self.span_from(start) });
        }
        self.condition()
    }

    /// As many `%` as arguments (`pl_gram.y: check_raise_parameters`).
    fn check_placeholders(&self, format: &str, args: usize, start: usize) -> Parse<()> {
        let expected = format.replace("%%", "").matches('%').count();
        let message = match expected {
            n if n < args => "too many parameters specified for RAISE",
            n if n > args => "too few parameters specified for RAISE",
            _ => return Ok(()),
        };
        Err(self.error_at(self.span_from(start), message))
    }

    fn raise_options(&mut self) -> Parse<Vec<(RaiseOption, super::Fragment<crate::sql::ast::Query>)>> {
        let known = [
            ("errcode", RaiseOption::ErrCode),
            ("message", RaiseOption::Message),
            ("detail", RaiseOption::Detail),
            ("hint", RaiseOption::Hint),
            ("column", RaiseOption::Column),
            ("constraint", RaiseOption::Constraint),
            ("datatype", RaiseOption::DataType),
            ("table", RaiseOption::Table),
            ("schema", RaiseOption::Schema),
        ];
        let mut options = Vec::new();
        loop {
            let Some(&(_, option)) = known.iter().find(|(word, _)| self.is_word(word)) else {
                return Err(self.unexpected_for("unrecognized RAISE statement option"));
            };
            self.advance();
            if !self.is_assign_operator(0) {
                return Err(self.unexpected_for("syntax error, expected \"=\""));
            }
            self.advance();
            let span = self.sql_until(";", |p| p.is_semicolon() || p.peek_kind() == Some(TokenKind::Comma))?;
            options.push((option, self.expression(span)?));
            if !self.eat(TokenKind::Comma) {
                return Ok(options);
            }
        }
    }
}
