//! EXECUTE: text that the body computes.

use std::sync::Arc;

use super::{Exec, Frames, Interpreter, KnownNames, Rows, reason_of};
use crate::replay::ddl::event_trigger::tag::fires_for;
use crate::replay::effects::Effects;
use crate::replay::query::Variables;
use crate::replay::value::{Reason, Value};
use crate::replay::{Context, Opaque, SqlError, Stop};
use crate::sql::Segment;
use crate::sql::ast::{Name, Query, StatementKind, Touches};
use crate::sql::plpgsql::{Fragment, VariableConflict};
use crate::sql::span::{Loc, Span};

/// What a text is executed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// For what it does.
    Run,
    /// For its first row.
    Into,
    /// For all of its rows.
    Cursor,
}

/// Nothing but the values of USING.
struct Using(Vec<Value>);

impl Variables for Using {
    fn variable(&self, _: &[Name]) -> Exec<Option<Value>> {
        Ok(None)
    }

    fn knows(&self, _: &[Name]) -> bool {
        false
    }

    fn param(&self, number: u32) -> Option<Value> {
        self.0.get(usize::try_from(number).ok()?.checked_sub(1)?).cloned()
    }

    fn conflict(&self) -> VariableConflict {
        VariableConflict::UseColumn
    }

    fn known_names(&self) -> Option<Arc<KnownNames>> {
        Some(KnownNames::of_values(&self.0))
    }
}

impl Interpreter<'_> {
    /// Runs a text; the rows are those of its last query.
    pub(super) fn execute_text(
        &mut self,
        text: &Fragment<Query>,
        using: &[Fragment<Query>],
        purpose: Purpose,
        span: Span,
    ) -> Exec<Rows> {
        let value = self.value(text)?;
        let using = Using(using.iter().map(|u| self.value(u)).collect::<Exec<_>>()?);
        let unknown = |reason: Reason| Rows { more: Some(reason), ..Rows::default() };
        let text = match self.text(&value) {
            Ok(Some(text)) => text,
            Ok(None) => {
                let error = SqlError::new("22004", "query string argument of EXECUTE is null");
                return Err(self.located(error.into(), span, false));
            }
            // What is not known are casts in expressions that were pasted in: they mean the same.
            Err(Reason { printed: Some(text), .. }) => text.to_string(),
            Err(reason) => {
                let what = format!("the text that is executed is not known: {}", reason.text);
                let effects = match &reason.shape {
                    Some(shape) => self.replay.effects_of_text(shape, 0),
                    None => Effects::everything(),
                };
                self.row_count = Value::Unknowable(reason.clone());
                if self.guarded > 0 {
                    self.unsure.get_or_insert_with(|| reason.clone());
                }
                self.replay.note_rows(&effects);
                for touches in effects.touches() {
                    self.note(Opaque { undecided: reason.data, ..Opaque::new(what.clone(), touches) }, span);
                }
                return Ok(unknown(reason));
            }
        };
        let mut result = Rows::default();
        for segment in self.replay.grammar().parse(&text) {
            match segment {
                Segment::Statement(statement) => {
                    if self.maybe.is_none() {
                        self.refuse_without_rows(&statement.kind, purpose, span)?;
                    }
                    result = self.execute_parsed(&statement.kind, &using, span)?;
                }
                Segment::SyntaxError(error) => {
                    let message = SqlError::new(error.sqlstate, error.message);
                    return match self.maybe.clone() {
                        Some(reason) => {
                            self.raises_perhaps(&reason, span);
                            Ok(unknown(reason))
                        }
                        None => Err(self.located(message.into(), span, true)),
                    };
                }
                Segment::Unparsed { reason, .. } => self.note(Opaque::new(reason, Touches::Everything), span),
                Segment::MetaCommand { .. } => {
                    let error = SqlError::new("42601", "syntax error at or near \"\\\"");
                    return Err(self.located(error.into(), span, true));
                }
            }
        }
        Ok(result)
    }

    /// A command that gives no rows can neither be a cursor's (`spi.c: SPI_cursor_open_internal`) nor give INTO a value
    /// (`pl_exec.c: exec_stmt_dynexecute`).
    fn refuse_without_rows(&self, statement: &StatementKind, purpose: Purpose, span: Span) -> Exec {
        let tag = match statement {
            StatementKind::Insert(stmt) if stmt.returning.is_empty() => Some("INSERT".to_owned()),
            StatementKind::Update(stmt) if stmt.returning.is_empty() => Some("UPDATE".to_owned()),
            StatementKind::Delete(stmt) if stmt.returning.is_empty() => Some("DELETE".to_owned()),
            other => fires_for(other, self.replay.catalog.version()),
        };
        let error = match (purpose, tag) {
            (Purpose::Cursor, Some(tag)) => SqlError::new("42P11", format!("cannot open {tag} query as cursor")),
            (Purpose::Into, Some(_)) => SqlError::new("42601", "INTO used with a command that cannot return data"),
            (Purpose::Run, _) | (_, None) => return Ok(()),
        };
        Err(self.located(error.into(), span, true))
    }

    fn execute_parsed(&mut self, statement: &StatementKind, using: &Using, span: Span) -> Exec<Rows> {
        let StatementKind::Select(query) = statement else {
            let effects = match statement {
                StatementKind::Insert(_)
                | StatementKind::Update(_)
                | StatementKind::Delete(_)
                | StatementKind::Merge(_) => {
                    let effects = self.replay.effects_of(statement);
                    if self.maybe.is_none() {
                        let values = Frames { params: using.0.clone(), ..Frames::default() };
                        if let Some(rows) = self.write_rows(statement, values, span, true)? {
                            self.row_count = Value::bigint(i64::try_from(rows.rows.len()).unwrap_or(i64::MAX));
                            return Ok(rows);
                        }
                    }
                    if self.guarded > 0 {
                        self.unsure.get_or_insert_with(|| Reason::data("what a statement does to rows is not known"));
                    }
                    self.row_count = Value::unknown_data("the rows of a table are not known");
                    if self.maybe.is_some() {
                        self.run_statement(statement, span, true)?;
                    }
                    effects
                }
                _ => {
                    self.row_count = Value::bigint(0);
                    self.run_statement(statement, span, true)?;
                    crate::replay::effects::Effects::NONE
                }
            };
            self.note_effects(effects, &Reason::data("the rows of a table are not known"), span);
            let reason = Reason::data("the rows of a table are not known");
            return Ok(Rows { more: Some(reason), ..Rows::default() });
        };
        if let Some(into) = crate::replay::ddl::view::into_clause(query) {
            let _ = into;
            let error = SqlError::new("0A000", "EXECUTE of SELECT ... INTO is not implemented")
                .hint("You might want to use EXECUTE ... INTO or EXECUTE CREATE TABLE ... AS instead.");
            return Err(self.located(error.into(), span, true));
        }
        let effects = self.replay.effects_of_query(query);
        self.replay.note_rows(&effects);
        if let (Some(reason), false) = (self.maybe.clone(), effects.is_none()) {
            self.note_effects(effects, &reason, span);
            return Ok(Rows { more: Some(reason), ..Rows::default() });
        }
        let cx = Context::computed(self.cx_at(span).origin);
        match self.replay.query(query, using, &cx) {
            Ok(rows) => {
                self.row_count = match &rows.more {
                    None => Value::bigint(i64::try_from(rows.rows.len()).unwrap_or(i64::MAX)),
                    Some(reason) => Value::Unknowable(reason.clone()),
                };
                Ok(rows)
            }
            Err(Stop::Opaque(opaque)) => {
                let reason = reason_of(&opaque);
                for touches in effects.touches() {
                    self.note(Opaque { touches, loc: Loc::NONE, ..(*opaque).clone() }, span);
                }
                Ok(Rows { more: Some(reason), ..Rows::default() })
            }
            Err(stop) => Err(self.located(stop, span, true)),
        }
    }
}
