//! Assignments.

use super::variables::{Variable, VariableType, record_of};
use super::{Exec, Interpreter};
use crate::catalog::{TypeRef, type_oid as t};
use crate::replay::SqlError;
use crate::replay::query::Rows;
use crate::replay::value::{Record, Value};
use crate::sql::ast::Query;
use crate::sql::plpgsql::{Fragment, Into, Target};
use crate::sql::span::Span;

/// Longer arrays than this are not followed.
const MAX_ELEMENTS: usize = 100_000;

impl Interpreter<'_> {
    /// Assigns a value to a variable or a field of one.
    pub(super) fn assign(&mut self, target: &Target, value: Value, span: Span) -> Exec {
        let Some((slot, used)) = self.frames.slot(&target.names) else { return Ok(()) };
        let Some(variable) = self.frames.get(slot).cloned() else { return Ok(()) };
        let refuse =
            |run: &Self, state, message: String| Err(run.located(SqlError::new(state, message).into(), span, false));
        if variable.constant {
            return refuse(self, "22005", format!("variable \"{}\" is declared CONSTANT", variable.name));
        }
        let fields = &target.names[used..];
        let value = if !target.subscripts.is_empty() {
            match fields {
                [] => self.with_element(&variable, &target.subscripts, value, span)?,
                _ => Value::not_evaluated("assignments to elements of an array in a row are not followed"),
            }
        } else {
            match fields {
                [] => self.fit(&variable, value, span)?,
                [field] => self.with_field(&variable, field, value, span)?,
                _ => Value::not_evaluated("assignments to fields of fields are not followed"),
            }
        };
        if variable.not_null && value.is_null() {
            let message = format!("null value cannot be assigned to variable \"{}\" declared NOT NULL", variable.name);
            return refuse(self, "22004", message);
        }
        if let Some(variable) = self.frames.get_mut(slot) {
            variable.value = value;
        }
        Ok(())
    }

    /// The value as the variable's type takes it.
    pub(super) fn fit(&mut self, variable: &Variable, value: Value, span: Span) -> Exec<Value> {
        match &variable.ty {
            VariableType::Scalar(ty) => self.cast(&value, *ty, span),
            VariableType::Row(relation) => match &value {
                Value::Record(record) => {
                    let Some(relation) = self.replay.catalog.shared_relation(*relation) else { return Ok(value) };
                    let mut fields = Vec::new();
                    for (i, column) in relation.live_columns().enumerate() {
                        let given = record.fields.get(i).map_or(Value::Null, |(_, v)| v.clone());
                        fields.push((column.name.clone(), self.cast(&given, column.ty, span)?));
                    }
                    Ok(Value::Record(Record { fields }.into()))
                }
                Value::Null => Ok(self.initial(&variable.ty)),
                Value::Unknowable(_) => Ok(value),
                _ => Ok(Value::not_evaluated("such a value of a row is not followed")),
            },
            VariableType::Record | VariableType::Cursor(_) => Ok(value),
            VariableType::Unknown => Ok(match value {
                Value::Null | Value::Unknowable(_) => value,
                _ => Value::not_evaluated("the type of the variable is not known"),
            }),
        }
    }

    /// The array with another element (`arrayfuncs.c: array_set_element`).
    fn with_element(
        &mut self,
        variable: &Variable,
        subscripts: &[Fragment<Query>],
        value: Value,
        span: Span,
    ) -> Exec<Value> {
        let not_followed = Value::not_evaluated("such assignments to elements of an array are not followed");
        let element = match &variable.ty {
            VariableType::Scalar(ty) => self.replay.catalog.array_element(ty.oid).map(|oid| (oid, ty.typmod)),
            _ => None,
        };
        let ([subscript], Some((oid, typmod))) = (subscripts, element) else { return Ok(not_followed) };
        let index = self.value(subscript)?;
        let index = match self.cast(&index, TypeRef::plain(t::INT4), subscript.span)? {
            Value::Null => {
                let error = SqlError::new("22004", "array subscript in assignment must not be null");
                return Err(self.located(error.into(), span, false));
            }
            index => index.as_int(),
        };
        let mut items = match &variable.value {
            Value::Array(array) => array.items.clone(),
            Value::Null => Vec::new(),
            _ => return Ok(not_followed),
        };
        let nested = items.iter().any(|item| matches!(item, Value::Array(_)));
        let index = index.and_then(|n| usize::try_from(n).ok()).and_then(|n| n.checked_sub(1));
        // Elements before the first one, and gaps in an array that is empty, give it other bounds.
        let Some(index) = index.filter(|&n| !nested && n < MAX_ELEMENTS && (n == 0 || !items.is_empty())) else {
            return Ok(not_followed);
        };
        let value = self.cast(&value, TypeRef { oid, typmod }, span)?;
        if items.len() <= index {
            items.resize(index + 1, Value::Null);
        }
        items[index] = value;
        Ok(Value::array(oid, items))
    }

    fn with_field(&mut self, variable: &Variable, field: &str, value: Value, span: Span) -> Exec<Value> {
        let Value::Record(record) = &variable.value else {
            if variable.value.is_null() && variable.ty == VariableType::Record {
                let message = format!("record \"{}\" is not assigned yet", variable.name);
                let detail = "The tuple structure of a not-yet-assigned record is indeterminate.";
                return Err(self.located(SqlError::new("55000", message).detail(detail).into(), span, false));
            }
            return Ok(match &variable.value {
                Value::Unknowable(reason) => Value::Unknowable(reason.clone()),
                _ => Value::not_evaluated("a field of a record that has no value"),
            });
        };
        let ty: Option<TypeRef> = match &variable.ty {
            VariableType::Row(oid) => self.replay.catalog.relation(*oid).and_then(|r| r.column(field)).map(|c| c.ty),
            _ => None,
        };
        let value = match ty {
            Some(ty) => self.cast(&value, ty, span)?,
            None => value,
        };
        let mut record = Record::clone(record);
        match record.fields.iter_mut().find(|(name, _)| name == field) {
            Some((_, slot)) => *slot = value,
            None => {
                let message = format!("record \"{}\" has no field \"{field}\"", variable.name);
                return Err(self.located(SqlError::new("42703", message).into(), span, false));
            }
        }
        Ok(Value::Record(record.into()))
    }

    /// Assigns a row: to one record, or column by column (`pl_exec.c: exec_move_row`).
    pub(super) fn assign_row(&mut self, targets: &[Target], rows: &Rows, row: usize, span: Span) -> Exec {
        if let [target] = targets
            && self.is_record(target)
        {
            let mut value = record_of(rows, row);
            // A column that is a row is the row.
            if let Value::Record(record) = &value
                && let [(_, inner @ Value::Record(_))] = record.fields.as_slice()
            {
                value = inner.clone();
            }
            if rows.rows.get(row).is_none() && !rows.columns.is_empty() {
                let fields = rows.columns.iter().map(|name| (name.clone(), Value::Null)).collect();
                value = Value::Record(Record { fields }.into());
            }
            return self.assign(target, value, span);
        }
        for (i, target) in targets.iter().enumerate() {
            let value = rows.rows.get(row).and_then(|r| r.get(i)).cloned().unwrap_or(Value::Null);
            self.assign(target, value, span)?;
        }
        Ok(())
    }

    fn is_record(&self, target: &Target) -> bool {
        let found = self.frames.slot(&target.names).and_then(|(slot, used)| Some((self.frames.get(slot)?, used)));
        found.is_some_and(|(variable, used)| {
            used == target.names.len()
                && matches!(variable.ty, VariableType::Record | VariableType::Row(_) | VariableType::Unknown)
        })
    }

    /// `INTO [STRICT] targets`: the first row, or NULLs.
    pub(super) fn assign_into(&mut self, into: &Into, rows: &Rows, span: Span) -> Exec {
        if let Some(reason) = &rows.more {
            for target in &into.targets {
                self.frames.forget(&target.names, reason);
            }
            if into.strict && self.guarded > 0 {
                self.unsure = Some(reason.clone());
            }
            return Ok(());
        }
        if into.strict && rows.rows.len() != 1 {
            let error = match rows.rows.len() {
                0 => SqlError::new("P0002", "query returned no rows"),
                _ => SqlError::new("P0003", "query returned more than one row")
                    .hint("Make sure the query returns a single row, or use LIMIT 1."),
            };
            return Err(self.located(error.into(), span, false));
        }
        self.assign_row(&into.targets, rows, 0, span)
    }
}
