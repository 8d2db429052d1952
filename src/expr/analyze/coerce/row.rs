//! Rows: what columns a row type has, and anonymous rows that become rows of a type.

use super::super::{Analyzer, Exec};
use super::{Coercion, Oid, TypeRef};
use crate::catalog::tree::{CoercionForm, Expr, RowExpr};
use crate::catalog::type_oid as t;
use crate::replay::SqlError;
use crate::sql::ast::Name;

/// A column of a row type (a row of a `TupleDesc`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowColumn {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeRef,
    /// Its collation.
    pub collation: Oid,
    /// It was dropped.
    pub dropped: bool,
}

impl Analyzer<'_> {
    /// The columns of a row type or a domain over one, dropped ones included (`typcache.c: lookup_rowtype_tupdesc`).
    pub(in super::super) fn row_type_columns(&self, ty: Oid) -> Option<Vec<RowColumn>> {
        let relation = self.env.catalog.type_or_domain_relation(ty);
        if relation == Oid::INVALID {
            return None;
        }
        Some(self.relation_columns(relation))
    }

    /// The columns of a relation, dropped ones included.
    pub(in super::super) fn relation_columns(&self, relation: Oid) -> Vec<RowColumn> {
        let catalog = self.env.catalog;
        if let Some(user) = catalog.relation(relation) {
            let column = |c: &crate::catalog::Column| RowColumn {
                name: c.name.clone(),
                ty: c.ty,
                collation: catalog.column_collation(c),
                dropped: c.dropped,
            };
            return user.columns.iter().map(column).collect();
        }
        let system = catalog.builtins().relation_by_oid(relation);
        let columns = system.into_iter().flat_map(|r| r.columns.iter());
        columns
            .map(|c| RowColumn {
                name: c.name.into(),
                ty: TypeRef::plain(c.ty),
                // Columns of system catalogs are in the collation C, others of system views in their type's.
                collation: catalog.system_column_collation(relation, c.ty),
                dropped: false,
            })
            .collect()
    }

    /// An anonymous row becomes one of a type, field by field (`parse_coerce.c: coerce_record_to_complex`).
    pub(super) fn coerce_record_to_complex(&self, node: Expr, target: Oid, how: Coercion) -> Exec<Expr> {
        let cannot = || {
            let (from, to) = (self.format_type(t::RECORD), self.format_type(target));
            SqlError::new("42846", format!("cannot cast type {from} to {to}"))
        };
        let node_loc = Self::coercion_loc(how.loc, &node);
        let args: Vec<Expr> = match node {
            Expr::RowExpr(row) => row.args,
            Expr::Var(var) if var.varattno == 0 => self.expand_whole_row(&var)?,
            _ => return Err(cannot().at(node_loc).into()),
        };
        let catalog = self.env.catalog;
        let base = catalog.base_type_and_typmod(target, -1);
        let Some(columns) = self.row_type_columns(base.oid) else { return Err(cannot().at(node_loc).into()) };
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
            let inner =
                Coercion { form: CoercionForm::ImplicitCast, loc: crate::sql::span::Loc::NONE, context: how.context };
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
