//! RAISE and ASSERT (`pl_exec.c: exec_stmt_raise`, `exec_stmt_assert`).

use super::conditions::sqlstates;
use super::{Exec, Flow, Interpreter};
use crate::replay::value::{Reason, Value};
use crate::replay::{Notice, SqlError, SqlState};
use crate::sql::ast::Query;
use crate::sql::plpgsql::{ConditionKind, Fragment, Raise, RaiseLevel, RaiseOption, RaiseWhat};
use crate::sql::span::Span;

impl Interpreter<'_> {
    pub(super) fn raise(&mut self, raise: &Raise, span: Span) -> Exec<Flow> {
        if raise.what == RaiseWhat::Again {
            return match (self.handled.last().cloned(), self.maybe.clone()) {
                (_, Some(reason)) => Ok(self.raises_perhaps(&reason, span)),
                (Some(error), None) => Err(error.into()),
                (None, None) => {
                    let error =
                        SqlError::new("0Z002", "RAISE without parameters cannot be used outside an exception handler");
                    Err(self.located(error.into(), span, false))
                }
            };
        }
        let builtins = self.replay.catalog.builtins();
        let mut error = SqlError::new("P0001", "");
        error.message = self.message(raise, span)?;
        if let RaiseWhat::Condition(condition) = &raise.what {
            error.sqlstate = match &condition.kind {
                ConditionKind::Name(name) => sqlstates(builtins, name).next().unwrap_or(error.sqlstate),
                ConditionKind::SqlState(code) => SqlState::new(code),
                ConditionKind::Others => error.sqlstate,
            };
        }
        for (option, value) in &raise.options {
            let value = self.value(value)?;
            let text = self.shown(&value);
            match option {
                RaiseOption::ErrCode => {
                    let named = sqlstates(builtins, &text).next();
                    error.sqlstate = named.unwrap_or_else(|| SqlState::new(&text));
                }
                RaiseOption::Message => error.message = text,
                RaiseOption::Detail => error.detail = Some(text),
                RaiseOption::Hint => error.hint = Some(text),
                RaiseOption::Column
                | RaiseOption::Constraint
                | RaiseOption::DataType
                | RaiseOption::Table
                | RaiseOption::Schema => {}
            }
        }
        if error.message.is_empty() {
            error.message = match &raise.what {
                RaiseWhat::Condition(condition) => match &condition.kind {
                    ConditionKind::Name(name) => name.to_string(),
                    ConditionKind::SqlState(code) => code.clone(),
                    ConditionKind::Others => String::new(),
                },
                _ => error.sqlstate.as_str().to_owned(),
            };
        }
        if raise.level == RaiseLevel::Exception {
            return match self.maybe.clone() {
                Some(reason) => Ok(self.raises_perhaps(&reason, span)),
                None => Err(self.located(error.into(), span, false)),
            };
        }
        let severity = match raise.level {
            RaiseLevel::Debug => "DEBUG",
            RaiseLevel::Log => "LOG",
            RaiseLevel::Info => "INFO",
            RaiseLevel::Notice => "NOTICE",
            RaiseLevel::Warning | RaiseLevel::Exception => "WARNING",
        };
        let origin = self.cx_at(span).origin;
        self.replay.notices.push(Notice { severity, message: error.message, origin });
        Ok(Flow::Next)
    }

    /// The format with its arguments in place of each `%`.
    fn message(&mut self, raise: &Raise, span: Span) -> Exec<String> {
        let RaiseWhat::Format { format, args } = &raise.what else { return Ok(String::new()) };
        let mut message = String::with_capacity(format.len());
        let mut args = args.iter();
        let mut chars = format.chars().peekable();
        let refuse = |run: &Self, text: &str| Err(run.located(SqlError::new("42601", text).into(), span, false));
        while let Some(c) = chars.next() {
            if c != '%' {
                message.push(c);
            } else if chars.next_if_eq(&'%').is_some() {
                message.push('%');
            } else {
                let Some(arg) = args.next() else { return refuse(self, "too few parameters specified for RAISE") };
                let value = self.value(arg)?;
                message.push_str(&self.shown(&value));
            }
        }
        if args.next().is_some() {
            return refuse(self, "too many parameters specified for RAISE");
        }
        Ok(message)
    }

    /// A value in a message.
    fn shown(&self, value: &Value) -> String {
        match self.text(value) {
            Ok(Some(text)) => text,
            Ok(None) => "<NULL>".to_owned(),
            Err(_) => "…".to_owned(),
        }
    }

    pub(super) fn assert(
        &mut self,
        condition: &Fragment<Query>,
        message: Option<&Fragment<Query>>,
        span: Span,
    ) -> Exec<Flow> {
        let held: Result<bool, Reason> = self.condition(condition)?;
        match (held, self.maybe.clone()) {
            (Ok(true), _) => Ok(Flow::Next),
            (Err(reason), _) | (Ok(false), Some(reason)) => Ok(self.raises_perhaps(&reason, span)),
            (Ok(false), None) => {
                let message = match message {
                    Some(message) => {
                        let value = self.value(message)?;
                        if value.is_null() { None } else { Some(self.shown(&value)) }
                    }
                    None => None,
                };
                let error = SqlError::new("P0004", message.unwrap_or_else(|| "assertion failed".to_owned()));
                Err(self.located(error.into(), span, false))
            }
        }
    }
}
