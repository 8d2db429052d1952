//! Rows that no table takes, whatever it holds (`execMain.c: ExecConstraints`).

use crate::catalog::{Column, Relation, RelationKind, TypeKind};
use crate::replay::{Exec, Replay, SqlError};
use crate::sql::ast::{Expr, ExprKind, FiringState, Insert, Literal, Overriding, Query, QueryBody, TriggerTiming};

impl Replay {
    /// A NOT NULL column that an INSERT gives no value, or NULL (23502). Only where that is certain: triggers may give one,
    /// and rows that are selected are not known.
    pub(super) fn refuse_missing_values(&self, stmt: &Insert, target: &Relation) -> Exec {
        let triggers = target.triggers.iter().any(|t| {
            t.row && t.timing == TriggerTiming::Before && t.events.insert && t.enabled != FiringState::Disabled
        });
        if !matches!(target.kind, RelationKind::Table) || triggers || stmt.overriding != Overriding::NotSet {
            return Ok(());
        }
        let no_row = [Vec::new()];
        let rows: &[Vec<Expr>] = match &stmt.source {
            None => &no_row,
            Some(Query { body: QueryBody::Values(rows), limit: None, offset: None, .. }) => rows,
            Some(_) => return Ok(()),
        };
        for row in rows {
            for column in target.live_columns().filter(|c| c.not_null) {
                let at = if stmt.columns.is_empty() {
                    target.live_columns().position(|c| c.number == column.number)
                } else {
                    stmt.columns.iter().position(|c| c.name.as_ref() == Some(&column.name))
                };
                let missing = match at.and_then(|at| row.get(at)).map(|value| &value.kind) {
                    None | Some(ExprKind::Default) => !self.has_default(column),
                    Some(ExprKind::Literal(Literal::Null)) => column.identity.is_none(),
                    Some(_) => false,
                };
                if missing {
                    let (column, table) = (&column.name, &target.name);
                    let message = format!(
                        "null value in column \"{column}\" of relation \"{table}\" violates not-null constraint"
                    );
                    return Err(SqlError::new("23502", message).into());
                }
            }
        }
        Ok(())
    }

    /// Something gives the column a value that none is written for.
    fn has_default(&self, column: &Column) -> bool {
        let of_domain = || match self.catalog.type_(column.ty.oid).map(|ty| &ty.kind) {
            // Its NOT NULL and its checks are refused in other words.
            Some(TypeKind::Domain(_)) => true,
            Some(_) => false,
            None => self.catalog.builtins().type_by_oid(column.ty.oid).is_none_or(|ty| ty.typtype == 'd'),
        };
        column.default.is_some() || column.generated.is_some() || column.identity.is_some() || of_domain()
    }
}
