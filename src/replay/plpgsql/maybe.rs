//! What is perhaps run.

use super::{Exec, Flow, Interpreter, walk};
use crate::replay::effects::Effects;
use crate::replay::value::Reason;
use crate::replay::{Opaque, SqlError, SqlState};
use crate::sql::ast::Touches;
use crate::sql::plpgsql::{Block, ConditionKind, Stmt};
use crate::sql::span::Span;

/// What a statement that is perhaps run may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// The innermost loop.
    Loop,
    /// The innermost block with handlers.
    Block,
    /// The function.
    Function,
}

impl Interpreter<'_> {
    /// Runs statements of which it is not known whether they are run.
    pub(super) fn perhaps(&mut self, body: &[Stmt], reason: &Reason) -> Exec {
        let before = self.maybe.clone();
        self.maybe.get_or_insert_with(|| reason.clone());
        self.statements(body)?;
        if self.escaped.is_none() {
            self.maybe = before;
        }
        Ok(())
    }

    /// Forgets what the statements assign.
    pub(super) fn forget_assigned(&mut self, body: &[Stmt], reason: &Reason) {
        let mut names = Vec::new();
        walk::statements(body, &mut |stmt| names.extend(walk::targets(stmt).into_iter().map(|t| t.names.clone())));
        for names in names {
            self.frames.forget(&names, reason);
        }
        self.set_found(crate::replay::value::Value::Unknowable(reason.clone()));
    }

    /// The construct is left that something may have escaped from: what comes after it is as certain as it was before.
    pub(super) fn left(&mut self, escape: Escape, before: Option<Reason>) {
        if self.escaped == Some(escape) {
            self.escaped = None;
            self.maybe = before;
        }
    }

    /// A statement that is perhaps run leaves something.
    pub(super) fn escapes(&mut self, escape: Escape) {
        self.escaped = match (self.escaped, escape) {
            (Some(Escape::Function), _) | (_, Escape::Function) => Some(Escape::Function),
            (Some(Escape::Block), _) | (_, Escape::Block) => Some(Escape::Block),
            _ => Some(Escape::Loop),
        };
    }

    /// Notes what may have been changed by something that was perhaps run.
    pub(super) fn note_effects(&mut self, effects: Effects, reason: &Reason, span: Span) {
        for touches in effects.touches() {
            let opaque = Opaque::new(format!("whether it is executed is not known: {}", reason.text), touches);
            self.note(Opaque { undecided: reason.data, ..opaque }, span);
        }
    }

    /// The handlers of a block in which something may have failed because of data: the body's changes are perhaps
    /// rolled back, the handlers' perhaps made.
    pub(super) fn handlers_perhaps(&mut self, block: &Block, effects: Effects, reason: &Reason) -> Exec {
        let builtins = self.replay.catalog.builtins();
        let catches_data = |handler: &&crate::sql::plpgsql::Handler| {
            handler.conditions.iter().any(|condition| match &condition.kind {
                ConditionKind::Others => true,
                ConditionKind::SqlState(code) => may_come_from_data(SqlState::new(code)),
                ConditionKind::Name(name) => super::conditions::sqlstates(builtins, name).any(may_come_from_data),
            })
        };
        let handlers: Vec<_> = block.handlers.iter().filter(catches_data).collect();
        let Some(first) = handlers.first() else { return Ok(()) };
        let span = block.body.first().map_or_else(Span::default, |s| s.span);
        let span = first.conditions.first().map_or(span, |c| c.span);
        if !effects.is_none() {
            for touches in effects.touches() {
                let opaque =
                    Opaque::new(format!("it may be rolled back, which depends on data: {}", reason.text), touches);
                self.note(Opaque { undecided: true, ..opaque }, span);
            }
        }
        for handler in handlers {
            self.forget_assigned(&handler.body, reason);
            self.handling(crate::replay::SqlError::new("P0000", ""), Some(reason), |run| {
                run.perhaps(&handler.body, reason)
            })?;
        }
        Ok(())
    }

    /// A statement that fails if it is reached, of which that is not known.
    pub(super) fn fails_perhaps(&mut self, error: &SqlError, reason: &Reason, stmt: &Stmt) {
        for target in walk::targets(stmt) {
            self.frames.forget(&target.names, reason);
        }
        if self.guarded > 0 {
            self.unsure.get_or_insert_with(|| reason.clone());
            self.escapes(Escape::Block);
        } else {
            let fails = format!("{} ({})", error.sqlstate, error.message);
            let text = format!("whether this is reached, where it fails with {fails}, is not known: {}", reason.text);
            self.remark(Opaque { undecided: reason.data, ..Opaque::new(text, Touches::Nothing) }, stmt.span);
        }
    }

    /// RAISE EXCEPTION, or ASSERT, of which it is not known whether it is reached.
    pub(super) fn raises_perhaps(&mut self, reason: &Reason, span: Span) -> Flow {
        if self.guarded > 0 {
            self.unsure.get_or_insert_with(|| reason.clone());
            self.escapes(Escape::Block);
        } else {
            let text = format!("whether an error is raised here is not known: {}", reason.text);
            let opaque = Opaque { undecided: reason.data, ..Opaque::new(text, Touches::Nothing) };
            self.remark(opaque, span);
        }
        Flow::Next
    }
}

/// Errors that statements raise because of the rows that they meet, rather than because of the catalog.
fn may_come_from_data(state: SqlState) -> bool {
    matches!(
        &state.as_str()[..2],
        "02" | "20" | "21" | "22" | "23" | "27" | "40" | "44" | "53" | "54" | "55" | "57" | "P0" | "XX"
    )
}
