//! What generated columns are computed from: SET EXPRESSION and DROP EXPRESSION (`tablecmds.c: ATExecSetExpression`,
//! `ATExecDropExpression`).

use crate::catalog::{ChangeKind, Oid};
use crate::replay::{Context, Exec, Replay, SqlError, Stop};
use crate::sql::ast::{Expr, Name};

impl Replay {
    /// `ATExecSetExpression` (17): what depends on the values of a stored column is made anew.
    pub(super) fn set_expression(&mut self, rel: Oid, name: &Name, expr: &Expr, cx: &Context) -> Exec {
        let number = self.column_number(rel, name)?;
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let Some(column) = relation.column_at(number) else { return Ok(()) };
        let Some(generated) = &column.generated else { return Err(self.not_generated(rel, name, "")) };
        let (ty, stored) = (column.ty, generated.stored);
        if !stored {
            // Nobody looks whether rows are against them.
            let refuse = |of: &str| {
                let message = format!(
                    "ALTER TABLE / SET EXPRESSION is not supported for virtual generated columns in tables {of}"
                );
                Err(SqlError::new("0A000", message).detail(self.is_virtual(rel, name)).into())
            };
            if relation.constraints.iter().any(crate::catalog::Constraint::is_check) {
                return refuse("with check constraints");
            }
            if self.catalog.publications().any(|p| p.relations.iter().any(|r| r.relation == rel)) {
                return refuse("that are part of a publication");
            }
        }
        let rebuilt = match stored {
            true => Some(self.to_rebuild(rel, number, ty)?),
            false => None,
        };
        self.forget_source(rel, number);
        let new = self.analyze_generated(rel, number, stored, expr)?;
        self.store_source(rel, number, new, Some(stored));
        self.catalog.number_new_expression(rel, number);
        self.change_column(rel, number, ChangeKind::Default, cx, |_| true);
        match rebuilt {
            Some(rebuilt) => {
                self.read_rebuilt(rel, &rebuilt)?;
                self.rebuild(rel, rebuilt)?;
                self.recheck_foreign_keys(rel, number, None)?;
                self.recount_parents(rel, number, cx)?;
                self.refuse_held_rows(rel)
            }
            None => Ok(()),
        }
    }

    pub(super) fn drop_expression(&mut self, rel: Oid, name: &Name, missing_ok: bool, cx: &Context) -> Exec {
        let number = self.column_number(rel, name)?;
        let generated = self.catalog.relation(rel).and_then(|r| r.column_at(number)?.generated.clone());
        match generated {
            // Its values would have to be computed and stored.
            Some(generated) if !generated.stored => {
                let message = "ALTER TABLE / DROP EXPRESSION is not supported for virtual generated columns";
                Err(SqlError::new("0A000", message).detail(self.is_virtual(rel, name)).into())
            }
            Some(_) => {
                self.forget_source(rel, number);
                self.change_column(rel, number, ChangeKind::Default, cx, |_| true);
                Ok(())
            }
            None if missing_ok => {
                let table = self.catalog.relation(rel).map_or("", |r| &r.name);
                let kind = self.stored();
                let message =
                    format!("column \"{name}\" of relation \"{table}\" is not a {kind}generated column, skipping");
                self.notice(message, cx);
                Ok(())
            }
            None => Err(self.not_generated(rel, name, self.stored())),
        }
    }

    /// Up to 17 there are no others.
    fn stored(&self) -> &'static str {
        if self.catalog.version() >= 18 { "" } else { "stored " }
    }

    fn not_generated(&self, rel: Oid, column: &str, kind: &str) -> Stop {
        let table = self.catalog.relation(rel).map_or("", |r| &r.name);
        let message = format!("column \"{column}\" of relation \"{table}\" is not a {kind}generated column");
        SqlError::new("55000", message).into()
    }

    fn is_virtual(&self, rel: Oid, column: &str) -> String {
        let table = self.catalog.relation(rel).map_or("", |r| &r.name);
        format!("Column \"{column}\" of relation \"{table}\" is a virtual generated column.")
    }
}
