//! Whether rows fit their table, where that is certain: NOT NULL, checks, unique indexes (`execMain.c: ExecConstraints`,
//! `execIndexing.c`).

use super::exact::{Values, value_of};
use crate::catalog::{AttrNumber, Column, ConstraintKind, Index, Object, Oid, Relation, Row, StoredExpr};
use crate::replay::query::{NoVariables, RowVariables};
use crate::replay::value::{Types, Value, compare};
use crate::replay::{Context, Exec, Replay, SqlError};
use crate::sql::ast::OnConflict;

/// Whether a row takes a place in a unique index that another one has.
pub(super) enum Conflict {
    No,
    Perhaps,
    Yes,
}

impl Replay {
    /// NOT NULL and checks (`execMain.c: ExecConstraints`). Only what is certain.
    pub(super) fn check_row(&mut self, target: &Relation, values: &Values, cx: &Context) -> Exec {
        let table = &target.name;
        for column in target.live_columns().filter(|c| c.not_null) {
            if matches!(value_of(values, column.number), Some(Value::Null)) {
                let message = format!(
                    "null value in column \"{}\" of relation \"{table}\" violates not-null constraint",
                    column.name
                );
                return Err(self.failing_row(SqlError::new("23502", message), target, values).into());
            }
        }
        let mut constraints: Vec<_> = target.constraints.iter().collect();
        constraints.sort_by(|a, b| a.name.cmp(&b.name));
        for constraint in &constraints {
            let ConstraintKind::Check { expr, .. } = &constraint.kind else { continue };
            if constraint.enforced && self.is_false_of(expr, target, values, cx) {
                let message =
                    format!("new row for relation \"{table}\" violates check constraint \"{}\"", constraint.name);
                return Err(self.failing_row(SqlError::new("23514", message), target, values).into());
            }
        }
        Ok(())
    }

    /// Whether a condition is false of a row for certain.
    pub(super) fn is_false_of(&mut self, expr: &StoredExpr, target: &Relation, values: &Values, cx: &Context) -> bool {
        if expr.depends_on.iter().any(|object| matches!(object, Object::Function(_))) {
            return false;
        }
        let Some(expr) = self.stored_syntax_of(expr, Some(target.oid)) else { return false };
        let variables =
            RowVariables { relation: target, alias: &target.name, values: values.clone(), outer: &NoVariables };
        matches!(self.evaluate(&expr, &variables, cx), Ok(Value::Bool(false)))
    }

    /// `execMain.c: ExecBuildSlotValueDescription`; without a value that is not known there is no such detail.
    fn failing_row(&self, error: SqlError, target: &Relation, values: &Values) -> SqlError {
        let path = self.path();
        let types = Types { catalog: &self.catalog, path: &path };
        let text = |column: &Column| {
            let text = types.output(value_of(values, column.number)?).ok()?.unwrap_or_else(|| "null".to_owned());
            // `maxfieldlen` is 64.
            (text.len() <= 64).then_some(text)
        };
        let texts: Option<Vec<String>> = target.live_columns().map(text).collect();
        match texts {
            Some(texts) => error.detail(format!("Failing row contains ({}).", texts.join(", "))),
            None => error,
        }
    }

    /// Whether a new row is one too many for a unique index, and if so, whether ON CONFLICT says to leave it out.
    pub(super) fn conflict_of(
        &self,
        target: &Relation,
        on_conflict: Option<&OnConflict>,
        values: &Values,
        rows: &[Row],
    ) -> Exec<Conflict> {
        let updates = on_conflict.is_some_and(|conflict| conflict.update.is_some());
        let (mut left_out, mut twice) = (false, None);
        for &oid in &target.indexes {
            let Some(relation) = self.catalog.relation(oid) else { continue };
            let Some(index) = relation.as_index().filter(|index| index.unique || self.is_exclusion(oid)) else {
                continue;
            };
            if self.is_deferrable(target, oid) {
                continue;
            }
            let conflict = self.conflict_in(target, index, oid, values, rows)?;
            if matches!(conflict, Conflict::No) {
                continue;
            }
            // Without ON CONFLICT, or where it means another index, data fit unless they do not for certain.
            match on_conflict.map_or(Some(false), |clause| self.is_arbiter(clause, target, oid, index)) {
                Some(true) if matches!(conflict, Conflict::Yes) && !updates => left_out = true,
                Some(true) | None => return Ok(Conflict::Perhaps),
                Some(false) if matches!(conflict, Conflict::Yes) => {
                    let message = format!("duplicate key value violates unique constraint \"{}\"", relation.name);
                    let error = SqlError::new("23505", message);
                    let key = self.index_key_description(target, index, values);
                    twice.get_or_insert(match key {
                        Some(key) => error.detail(format!("Key {key} already exists.")),
                        None => error,
                    });
                }
                Some(false) => {}
            }
        }
        // The arbiters are asked first.
        match twice {
            _ if left_out => Ok(Conflict::Yes),
            Some(error) => Err(error.into()),
            None => Ok(Conflict::No),
        }
    }

    /// Whether ON CONFLICT means an index; nothing if that is not known.
    fn is_arbiter(&self, conflict: &OnConflict, target: &Relation, oid: Oid, index: &Index) -> Option<bool> {
        if let Some(name) = &conflict.constraint {
            return Some(self.catalog.relation(oid).is_some_and(|relation| relation.name == *name));
        }
        if conflict.target.is_empty() {
            return Some(true);
        }
        let mut columns = Vec::new();
        for element in &conflict.target {
            let crate::sql::ast::IndexKey::Column(ident) = &element.key else { return None };
            columns.push(target.column(&ident.name)?.number);
        }
        let keys: Option<Vec<AttrNumber>> = index.keys.iter().map(|key| key.as_column()).collect();
        let Some(keys) = keys else { return Some(false) };
        let same = keys.iter().all(|k| columns.contains(k)) && columns.iter().all(|c| keys.contains(c));
        if same && index.predicate.is_some() { None } else { Some(same && index.unique) }
    }

    pub(super) fn conflict_in(
        &self,
        target: &Relation,
        index: &Index,
        oid: Oid,
        values: &Values,
        rows: &[Row],
    ) -> Exec<Conflict> {
        let keys: Option<Vec<AttrNumber>> = index.keys.iter().map(|key| key.as_column()).collect();
        if rows.is_empty() {
            return Ok(Conflict::No);
        }
        let Some(keys) = keys.filter(|_| index.predicate.is_none() && index.valid && !self.is_exclusion(oid)) else {
            return Ok(Conflict::Perhaps);
        };
        let path = self.path();
        let types = Types { catalog: &self.catalog, path: &path };
        let mut outcome = Conflict::No;
        for row in rows {
            let mut same = Some(true);
            // Most rows differ in the first column: the others are not read.
            for key in &keys {
                let (Some(own), Some(column)) = (value_of(values, *key), target.column_at(*key)) else {
                    same = None;
                    continue;
                };
                match are_same(own, &types.value_in(row, column)?, index.nulls_not_distinct) {
                    Some(true) => {}
                    Some(false) => {
                        same = Some(false);
                        break;
                    }
                    None => same = None,
                }
            }
            match same {
                Some(true) => return Ok(Conflict::Yes),
                Some(false) => {}
                None => outcome = Conflict::Perhaps,
            }
        }
        Ok(outcome)
    }
}

/// Whether two values of a key are the same; nothing if that is not known.
pub(super) fn are_same(a: &Value, b: &Value, nulls_are: bool) -> Option<bool> {
    match (a, b) {
        (Value::Null, Value::Null) => Some(nulls_are),
        (Value::Null, Value::Unknowable(_)) | (Value::Unknowable(_), Value::Null) if nulls_are => None,
        (Value::Null, _) | (_, Value::Null) => Some(false),
        (Value::Unknowable(_), _) | (_, Value::Unknowable(_)) => None,
        (a, b) => compare(a, b).ok().map(std::cmp::Ordering::is_eq),
    }
}
