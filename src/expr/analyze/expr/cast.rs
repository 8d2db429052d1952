//! Casts and COLLATE (`parse_expr.c: transformTypeCast`, `transformCollateClause`).

use super::super::coerce::Coercion;
use super::super::error::fail;
use super::super::{Analyzer, Exec};
use super::array::Wanted;
use crate::catalog::tree::{CollateExpr, Expr};
use crate::catalog::{Oid, type_oid as t};
use crate::sql::ast::{self, QualifiedName, TypeName};
use crate::sql::span::Loc;

impl Analyzer<'_> {
    /// `a::t`
    pub(super) fn transform_type_cast(&mut self, operand: &ast::Expr, ty: &TypeName, loc: Loc) -> Exec<Expr> {
        let target = self.typename_type(ty)?;
        let expr = match &operand.kind {
            // An array knows what it is to become.
            ast::ExprKind::Array(elements) => {
                let base = self.env.catalog.base_type_and_typmod(target.oid, target.typmod);
                let element = self.env.catalog.element_type(base.oid);
                let wanted =
                    (element != Oid::INVALID).then_some(Wanted { array: base.oid, element, typmod: base.typmod });
                self.transform_array(elements, wanted, operand.loc)?
            }
            _ => self.transform_expr_recurse(operand)?,
        };
        let input = self.type_of(&expr);
        let loc = if loc == Loc::NONE { ty.loc } else { loc };
        let expr_loc = if loc == Loc::NONE { expr.loc() } else { loc };
        match self.coerce_to_target_type(expr, input, target.oid, target.typmod, Coercion::cast(loc))? {
            Some(expr) => Ok(expr),
            None => {
                let (from, to) = (self.format_type(input), self.format_type(target.oid));
                fail("42846", format!("cannot cast type {from} to {to}"), expr_loc)
            }
        }
    }

    /// `a COLLATE c`
    pub(super) fn transform_collate(&mut self, operand: &ast::Expr, collation: &QualifiedName, loc: Loc) -> Exec<Expr> {
        let arg = self.transform_expr_recurse(operand)?;
        let ty = self.type_of(&arg);
        if ty != t::UNKNOWN && self.env.catalog.type_collation(ty) == Oid::INVALID {
            let message = format!("collations are not supported by type {}", self.format_type(ty));
            return fail("42804", message, loc);
        }
        let collation = self.lookup_collation(collation, loc)?;
        Ok(Expr::CollateExpr(Box::new(CollateExpr { arg, collation, at: loc.into() })))
    }
}
