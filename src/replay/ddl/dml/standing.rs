//! The rows that are there against what is demanded of them anew (`tablecmds.c: ATRewriteTables`, `nbtsort.c`). Only what
//! is certain is refused: that rows fit is taken for granted otherwise.

use super::exact::Values;
use super::fit::Conflict;
use crate::catalog::{Column, ConstraintKind, Oid, Row};
use crate::replay::{Context, Exec, Replay, SqlError};

impl Replay {
    /// What a statement demands of a table that has rows: its new unique indexes, columns without NULL, new checks
    /// and foreign keys.
    pub(in crate::replay::ddl) fn refuse_unfit_rows(&mut self, table: Oid, cx: &Context) -> Exec {
        let Some(rows) = self.catalog.known_rows(table).filter(|rows| !rows.is_empty()).cloned() else { return Ok(()) };
        let Some(relation) = self.catalog.shared_relation(table) else { return Ok(()) };
        let since = Some(relation.provenance.created);
        if self.catalog.taint.of_relation(relation.schema, &relation.name, since).is_some() {
            return Ok(());
        }
        let made_now = |origin: crate::catalog::Origin| origin.sequence == cx.origin.sequence;
        let values = rows.iter().map(|row| self.values_of(&relation, row)).collect::<Exec<Vec<Values>>>()?;
        for &oid in &relation.indexes {
            let Some(record) = self.catalog.relation(oid).filter(|r| made_now(r.provenance.created)) else { continue };
            let Some(index) = record.as_index().filter(|index| index.unique) else { continue };
            for (i, row) in values.iter().enumerate() {
                if let Conflict::Yes = self.conflict_in(&relation, index, oid, row, &rows[..i])? {
                    let error = SqlError::new("23505", format!("could not create unique index \"{}\"", record.name));
                    let key = self.index_key_description(&relation, index, row);
                    return Err(match key {
                        Some(key) => error.detail(format!("Key {key} is duplicated.")).into(),
                        None => error.into(),
                    });
                }
            }
        }
        let is_null = |column: &&Column| rows.iter().any(|row| !has_value(row, column));
        if let Some(column) = relation.live_columns().filter(|column| column.not_null).find(is_null) {
            let (column, table) = (&column.name, &relation.name);
            let message = format!("column \"{column}\" of relation \"{table}\" contains null values");
            return Err(SqlError::new("23502", message).into());
        }
        for constraint in &relation.constraints {
            let ConstraintKind::Check { expr, .. } = &constraint.kind else { continue };
            if !constraint.enforced || !constraint.validated || !made_now(constraint.provenance.created) {
                continue;
            }
            for row in &values {
                if self.is_false_of(expr, &relation, row, cx) {
                    let (name, table) = (&constraint.name, &relation.name);
                    let message =
                        format!("check constraint \"{name}\" of relation \"{table}\" is violated by some row");
                    return Err(SqlError::new("23514", message).into());
                }
            }
        }
        self.refuse_dangling(table, values.iter(), |constraint| {
            constraint.validated && made_now(constraint.provenance.created)
        })
    }
}

fn has_value(row: &Row, column: &Column) -> bool {
    row.iter().any(|(number, _)| *number == column.number)
}
