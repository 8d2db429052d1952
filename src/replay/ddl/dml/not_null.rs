//! Rows that no table takes, whatever it holds (`execMain.c: ExecConstraints`).

use std::sync::Arc;

use super::super::rule::takes_rows;
use crate::catalog::{AttrNumber, Column, Relation, RelationKind, TypeKind};
use crate::expr::analyze::updatable;
use crate::replay::{Exec, Replay, SqlError};
use crate::sql::ast::{
    Expr, ExprKind, FiringState, Insert, Literal, Name, Overriding, Query, QueryBody, TriggerTiming,
};

impl Replay {
    /// A NOT NULL column that an INSERT gives no value, or NULL (23502). Only where that is certain: triggers may give one,
    /// and rows that are selected are not known.
    pub(super) fn refuse_missing_values(&self, stmt: &Insert, target: &Relation) -> Exec {
        let Some((written, target)) = self.written_columns(stmt, target) else { return Ok(()) };
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
                let at = written.iter().position(|&number| number == column.number);
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

    /// The columns that the statement writes, in its order, where it ends: behind views. Nothing if that is not known.
    fn written_columns(&self, stmt: &Insert, target: &Relation) -> Option<(Vec<AttrNumber>, Arc<Relation>)> {
        let mut relation = self.catalog.shared_relation(target.oid)?;
        let number = |name: &Name| relation.column(name).map(|c| c.number);
        let mut written: Vec<AttrNumber> = match stmt.columns.is_empty() {
            true => relation.live_columns().map(|c| c.number).collect(),
            false => stmt.columns.iter().map(|c| c.name.as_ref().and_then(number)).collect::<Option<_>>()?,
        };
        while let RelationKind::View(query) = &relation.kind {
            let instead = relation.triggers.iter().any(|t| t.timing == TriggerTiming::InsteadOf);
            // A view's own defaults are values that nobody wrote.
            if instead || !takes_rows(&relation) || relation.live_columns().any(|c| c.default.is_some()) {
                return None;
            }
            let (base, columns) = updatable::base_columns(&query.tree)?;
            let behind = |number: AttrNumber| match columns.get(usize::try_from(number).ok()?.checked_sub(1)?) {
                Some(Ok(number)) => Some(*number),
                // It is not written after all, or that was an error.
                Some(Err(_)) => Some(0),
                None => None,
            };
            written = written.into_iter().map(behind).collect::<Option<_>>()?;
            relation = self.catalog.shared_relation(base)?;
        }
        takes_rows(&relation).then_some((written, relation))
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
