//! `f(row)` for `row.f` (`parse_func.c: ParseComplexProjection`).

use super::super::tupdesc::expr_result_attributes;
use super::super::{Analyzer, Exec};
use crate::catalog::tree::{Expr, FieldSelect};
use crate::catalog::{AttrNumber, type_oid as t};
use crate::sql::ast::Name;
use crate::sql::span::Loc;

/// A column taken out of a row, or the row again.
pub(super) enum Projection {
    /// The column.
    Column(Expr),
    /// There is no such column.
    None(Expr),
}

impl Analyzer<'_> {
    /// The column of that name of a row.
    pub(super) fn parse_complex_projection(&mut self, name: &Name, row: Expr, loc: Loc) -> Exec<Projection> {
        let attributes = match &row {
            Expr::Var(var) if var.varattno == 0 => {
                let item = self.ns_item_by_position(var.varno, var.levels_up)?;
                let found = self.scan_ns_item_for_column(&item, var.levels_up, name, loc)?;
                return Ok(found.map_or_else(|| Projection::None(row), Projection::Column));
            }
            Expr::Var(var) if var.ty.oid == t::RECORD => self.expand_record_variable(var)?,
            other => match expr_result_attributes(self.env.catalog, other) {
                Some(attributes) => attributes,
                None => return Ok(Projection::None(row)),
            },
        };
        let Some(index) = attributes.iter().position(|a| !a.dropped && a.name == *name) else {
            return Ok(Projection::None(row));
        };
        let attribute = &attributes[index];
        Ok(Projection::Column(Expr::FieldSelect(Box::new(FieldSelect {
            arg: row,
            field: AttrNumber::try_from(index + 1).unwrap_or(AttrNumber::MAX),
            ty: attribute.ty,
            collation: attribute.collation,
        }))))
    }
}
