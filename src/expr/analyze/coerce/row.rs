//! Anonymous rows that become rows of a type.

use super::super::expand::ns_item_vars;
use super::super::tupdesc::row_type_attributes;
use super::super::{Analyzer, Exec};
use super::{Coercion, Oid, TypeRef};
use crate::catalog::tree::{CoercionForm, Expr, RowExpr};
use crate::catalog::type_oid as t;
use crate::replay::SqlError;
use crate::sql::span::Loc;

impl Analyzer<'_> {
    /// An anonymous row becomes one of a type, field by field (`parse_coerce.c: coerce_record_to_complex`).
    pub(super) fn coerce_record_to_complex(&self, node: Expr, target: Oid, how: Coercion) -> Exec<Expr> {
        let cannot = || {
            let (from, to) = (self.format_type(t::RECORD), self.format_type(target));
            SqlError::new("42846", format!("cannot cast type {from} to {to}"))
        };
        let node_loc = Self::coercion_loc(how.loc, &node);
        let args: Vec<Expr> = match node {
            Expr::RowExpr(row) => row.args,
            Expr::Var(var) if var.varattno == 0 => {
                let item = self.ns_item_by_position(var.varno, var.levels_up)?;
                let vars = ns_item_vars(&item, var.levels_up, var.at.0);
                vars.into_iter().map(|(var, _)| Expr::Var(Box::new(var))).collect()
            }
            _ => return Err(cannot().at(node_loc).into()),
        };
        let catalog = self.env.catalog;
        let base = catalog.base_type_and_typmod(target, -1);
        let Some(columns) = row_type_attributes(catalog, base.oid) else { return Err(cannot().at(node_loc).into()) };
        let mut args = args.into_iter();
        let mut fields = Vec::with_capacity(columns.len());
        let mut number = 0;
        for column in &columns {
            if column.dropped {
                fields.push(Expr::null(TypeRef::plain(t::INT4), Oid::INVALID));
                continue;
            }
            let Some(arg) = args.next() else {
                return Err(cannot().detail("Input has too few columns.").at(node_loc).into());
            };
            number += 1;
            let input = self.type_of(&arg);
            let loc = Self::coercion_loc(how.loc, &arg);
            let inner = Coercion { form: CoercionForm::ImplicitCast, loc: Loc::NONE, context: how.context };
            match self.coerce_to_target_type(arg, input, column.ty.oid, column.ty.typmod, inner)? {
                Some(field) => fields.push(field),
                None => {
                    let (from, to) = (self.format_type(input), self.format_type(column.ty.oid));
                    let detail = format!("Cannot cast type {from} to {to} in column {number}.");
                    return Err(cannot().detail(detail).at(loc).into());
                }
            }
        }
        if args.next().is_some() {
            return Err(cannot().detail("Input has too many columns.").at(node_loc).into());
        }
        let row = |form| {
            Expr::RowExpr(Box::new(RowExpr { args: fields, ty: base.oid, form, names: Vec::new(), at: how.loc.into() }))
        };
        if base.oid == target {
            return Ok(row(how.form));
        }
        let row = row(CoercionForm::ImplicitCast);
        self.coerce_to_domain(row, Some(base), target, how, false)
    }
}
