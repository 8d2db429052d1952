//! Cursors. Their rows are computed when they are opened.

use super::dynamic::Purpose;
use super::variables::VariableType;
use super::{Exec, Interpreter, Rows};
use crate::catalog::{TypeRef, type_oid as t};
use crate::replay::SqlError;
use crate::replay::value::{Reason, Value};
use crate::sql::ast::{Name, StatementKind};
use crate::sql::plpgsql::{CursorArg, DataType, Fragment, Open, OpenSource};
use crate::sql::span::Span;

/// `name CURSOR (params) FOR query`
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub params: Vec<(Name, DataType)>,
    pub query: Fragment<StatementKind>,
}

/// A cursor that is open.
#[derive(Clone, Debug)]
pub(super) struct Cursor {
    rows: Rows,
    next: usize,
}

impl Interpreter<'_> {
    /// The rows of a declared cursor with these arguments.
    pub(super) fn cursor_rows(&mut self, cursor: &Name, args: &[CursorArg], span: Span) -> Exec<Rows> {
        let variable = self.frames.slot(std::slice::from_ref(cursor)).and_then(|(slot, _)| self.frames.get(slot));
        let definition = match variable.map(|v| &v.ty) {
            Some(VariableType::Cursor(number)) => self.cursor_definitions.get(*number).cloned(),
            _ => None,
        };
        let Some(definition) = definition else {
            let error = SqlError::new("42601", "cursor FOR loop must use a bound cursor variable");
            return Err(self.located(error.into(), span, false));
        };
        let mut scope = super::Scope::default();
        for (i, (name, ty)) in definition.params.iter().enumerate() {
            let arg = args.iter().find(|a| a.name.as_ref() == Some(name)).or(args.get(i));
            let value = arg.map_or(Ok(Value::Null), |arg| self.value(&arg.value))?;
            let ty = self.variable_type(ty).unwrap_or(VariableType::Unknown);
            let ty = if let VariableType::Scalar(ty) = ty { ty } else { TypeRef::plain(t::UNKNOWN) };
            let value = if ty.oid == t::UNKNOWN { value } else { self.cast(&value, ty, span)? };
            scope.variables.push(super::Variable::scalar(name.clone(), ty, value));
        }
        self.frames.scopes.push(scope);
        let rows = self.statement_rows(&definition.query.sql, definition.query.span);
        self.frames.scopes.pop();
        rows
    }

    pub(super) fn open(&mut self, open: &Open, span: Span) -> Exec {
        let rows = match &open.source {
            OpenSource::Bound(args) => self.cursor_rows(&open.cursor, args, span)?,
            OpenSource::Query(query) => self.statement_rows(&query.sql, query.span)?,
            OpenSource::Execute { text, using } => self.execute_text(text, using, Purpose::Cursor, span)?,
        };
        if self.cursors.contains_key(&open.cursor) && self.maybe.is_none() && self.declared_cursor(&open.cursor) {
            let error = SqlError::new("42P03", format!("cursor \"{}\" already in use", open.cursor));
            return Err(self.located(error.into(), span, false));
        }
        self.cursors.insert(open.cursor.clone(), Cursor { rows, next: 0 });
        Ok(())
    }

    /// A cursor that this body declares with its query: its portal has its name.
    fn declared_cursor(&self, cursor: &Name) -> bool {
        let variable = self.frames.slot(std::slice::from_ref(cursor)).and_then(|(slot, _)| self.frames.get(slot));
        // Since 16 it has a name of its own.
        self.replay.catalog.version() < 16 && matches!(variable.map(|v| &v.ty), Some(VariableType::Cursor(_)))
    }

    fn check_open(&self, cursor: &Name, span: Span) -> Exec {
        if self.maybe.is_none() && !self.cursors.contains_key(cursor) && self.declared_cursor(cursor) {
            let error = SqlError::new("34000", format!("cursor \"{cursor}\" does not exist"));
            return Err(self.located(error.into(), span, false));
        }
        Ok(())
    }

    /// The next row of a cursor. Where it is after another direction is not known.
    pub(super) fn fetch(&mut self, cursor: &Name, next: bool, span: Span) -> Exec<Rows> {
        let unknown = |text: &str| Rows { more: Some(Reason::not_evaluated(text)), ..Rows::default() };
        self.check_open(cursor, span)?;
        if !next {
            if let Some(cursor) = self.cursors.get_mut(cursor) {
                cursor.rows = unknown("the place of a cursor is not followed");
            }
            return Ok(unknown("this direction of a cursor is not followed"));
        }
        Ok(match self.cursors.get_mut(cursor) {
            Some(cursor) if cursor.next < cursor.rows.rows.len() => {
                cursor.next += 1;
                let row = cursor.rows.rows[cursor.next - 1].clone();
                Rows { columns: cursor.rows.columns.clone(), rows: vec![row], more: None }
            }
            Some(cursor) => {
                Rows { columns: cursor.rows.columns.clone(), rows: Vec::new(), more: cursor.rows.more.clone() }
            }
            None => unknown("the rows of this cursor are not known"),
        })
    }

    pub(super) fn close(&mut self, cursor: &Name, span: Span) -> Exec {
        self.check_open(cursor, span)?;
        self.cursors.remove(cursor);
        Ok(())
    }
}
