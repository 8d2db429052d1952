//! RAISE and ASSERT (`pl_exec.c: exec_stmt_raise`, `exec_stmt_assert`).

use super::conditions::sqlstates;
use super::{Exec, Flow, Interpreter};
use crate::replay::value::{Reason, Value, parse_bool};
use crate::replay::{Notice, Raised, SqlError, SqlState, Stop};
use crate::sql::ast::Query;
use crate::sql::plpgsql::{ConditionKind, Fragment, Raise, RaiseLevel, RaiseOption, RaiseWhat};
use crate::sql::span::Span;

/// What RAISE says, as far as it is said.
#[derive(Default)]
struct Said {
    sqlstate: Option<SqlState>,
    /// The name of the condition, which is the message if there is no other.
    condition: Option<String>,
    message: Option<String>,
    detail: Option<String>,
    hint: Option<String>,
}

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
        let said = match (self.said(raise, span), self.maybe.clone()) {
            (Err(Stop::Error(_)), Some(reason)) => return Ok(self.raises_perhaps(&reason, span)),
            (said, _) => said?,
        };
        let default = match raise.level {
            RaiseLevel::Exception => "P0001",
            RaiseLevel::Warning => "01000",
            RaiseLevel::Debug | RaiseLevel::Log | RaiseLevel::Info | RaiseLevel::Notice => "00000",
        };
        let sqlstate = said.sqlstate.unwrap_or_else(|| SqlState::new(default));
        let message = said.message.or(said.condition).unwrap_or_else(|| sqlstate.as_str().to_owned());
        let mut error = SqlError::new("P0001", message);
        (error.sqlstate, error.detail, error.hint) = (sqlstate, said.detail, said.hint);
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
        let raised = Some(Raised { sqlstate: error.sqlstate, detail: error.detail, hint: error.hint });
        self.replay.notices.push(Notice { severity, message: error.message, origin, raised });
        Ok(Flow::Next)
    }

    /// What RAISE says: its format and its options, each at most once.
    fn said(&mut self, raise: &Raise, span: Span) -> Exec<Said> {
        let builtins = self.replay.catalog.builtins();
        let mut said = Said::default();
        match &raise.what {
            RaiseWhat::Format { .. } => said.message = Some(self.message(raise, span)?),
            RaiseWhat::Condition(condition) => {
                let (state, name) = match &condition.kind {
                    ConditionKind::Name(name) => (sqlstates(builtins, name).next(), name.to_string()),
                    ConditionKind::SqlState(code) => (Some(SqlState::new(code)), code.clone()),
                    ConditionKind::Others => (None, String::new()),
                };
                (said.sqlstate, said.condition) = (state, Some(name));
            }
            RaiseWhat::OptionsOnly | RaiseWhat::Again => {}
        }
        let mut others: Vec<RaiseOption> = Vec::new();
        for (option, value) in &raise.options {
            let value = self.value(value)?;
            if value.is_null() {
                let error = SqlError::new("22004", "RAISE statement option cannot be null");
                return Err(self.located(error.into(), span, false));
            }
            let text = self.shown(&value);
            let (again, name) = match option {
                RaiseOption::ErrCode => {
                    let given = said.sqlstate.is_some();
                    said.sqlstate = Some(self.recognized(&text, span)?);
                    said.condition = Some(text);
                    (given, "ERRCODE")
                }
                RaiseOption::Message => (said.message.replace(text).is_some(), "MESSAGE"),
                RaiseOption::Detail => (said.detail.replace(text).is_some(), "DETAIL"),
                RaiseOption::Hint => (said.hint.replace(text).is_some(), "HINT"),
                RaiseOption::Column => (others.contains(option), "COLUMN"),
                RaiseOption::Constraint => (others.contains(option), "CONSTRAINT"),
                RaiseOption::DataType => (others.contains(option), "DATATYPE"),
                RaiseOption::Table => (others.contains(option), "TABLE"),
                RaiseOption::Schema => (others.contains(option), "SCHEMA"),
            };
            others.push(*option);
            if again {
                let error = SqlError::new("42601", format!("RAISE option already specified: {name}"));
                return Err(self.located(error.into(), span, false));
            }
        }
        Ok(said)
    }

    /// A code of five characters, or a condition's name (`pl_comp.c: plpgsql_recognize_err_condition`).
    fn recognized(&self, text: &str, span: Span) -> Exec<SqlState> {
        if text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
            return Ok(SqlState::new(text));
        }
        sqlstates(self.replay.catalog.builtins(), text).next().ok_or_else(|| {
            let error = SqlError::new("42704", format!("unrecognized exception condition \"{text}\""));
            self.located(error.into(), span, false)
        })
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
        if self.replay.session.setting("plpgsql.check_asserts").and_then(parse_bool) == Some(false) {
            return Ok(Flow::Next);
        }
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
