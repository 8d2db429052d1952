//! CASE, COALESCE, GREATEST, LEAST (`parse_expr.c: transformCaseExpr` and its neighbours).

use super::super::func::MOVE_TO_LATERAL;
use super::super::{Analyzer, Exec, Srf};
use crate::catalog::tree::{CaseExpr, CaseTestExpr, CaseWhen, CoalesceExpr, Expr, MinMaxExpr};
use crate::catalog::{Oid, type_oid as t};
use crate::replay::SqlError;
use crate::sql::ast::{self, Literal, QualifiedName};
use crate::sql::span::Loc;

impl Analyzer<'_> {
    /// CASE.
    pub(super) fn transform_case(
        &mut self,
        operand: Option<&ast::Expr>,
        whens: &[(ast::Expr, ast::Expr)],
        otherwise: Option<&ast::Expr>,
        loc: Loc,
    ) -> Exec<Expr> {
        let last_srf = self.last_srf();
        let arg = match operand {
            None => None,
            Some(operand) => {
                let mut arg = self.transform_expr_recurse(operand)?;
                if self.type_of(&arg) == t::UNKNOWN {
                    arg = self.coerce_to_common_type(arg, t::TEXT, "CASE")?;
                }
                // The placeholder for the value has its collation, so that it is decided now.
                self.assign_expr_collations(&mut arg)?;
                Some(arg)
            }
        };
        let test = arg.as_ref().map(|arg| CaseTestExpr { ty: arg.ty(self.env.catalog), collation: arg.collation() });
        let mut list = Vec::with_capacity(whens.len());
        for (condition, result) in whens {
            let condition = match &test {
                None => self.transform_expr_recurse(condition)?,
                Some(test) => {
                    let last_srf = self.last_srf();
                    let value = self.transform_expr_recurse(condition)?;
                    let test = Expr::CaseTestExpr(Box::new(test.clone()));
                    let equals = QualifiedName { schema: None, name: "=".into(), loc };
                    self.make_op(&equals, Some(test), value, last_srf, loc)?
                }
            };
            let condition = self.coerce_to_boolean(condition, "CASE/WHEN")?;
            let result = self.transform_expr_recurse(result)?;
            list.push(CaseWhen { condition, result, at: loc.into() });
        }
        let default = match otherwise {
            Some(otherwise) => self.transform_expr_recurse(otherwise)?,
            None => self.make_const(&Literal::Null, Loc::NONE)?,
        };
        let results = std::iter::once(&default).chain(list.iter().map(|when| &when.result));
        let ty = self.select_common_type(results, Some("CASE"))?;
        let default = self.coerce_to_common_type(default, ty, "CASE/ELSE")?;
        let mut whens = Vec::with_capacity(list.len());
        for when in list {
            let result = self.coerce_to_common_type(when.result, ty, "CASE/WHEN")?;
            whens.push(CaseWhen { result, ..when });
        }
        self.refuse_srf_in("CASE", last_srf)?;
        Ok(Expr::CaseExpr(Box::new(CaseExpr { ty, collation: Oid::INVALID, arg, whens, default, at: loc.into() })))
    }

    /// Set-returning functions since `last_srf` are refused.
    fn refuse_srf_in(&self, construct: &str, last_srf: Option<Srf>) -> Exec {
        match self.last_srf() {
            Some(srf) if Some(srf) != last_srf => {
                let message = format!("set-returning functions are not allowed in {construct}");
                Err(SqlError::new("0A000", message).hint(MOVE_TO_LATERAL).at(srf.loc).into())
            }
            _ => Ok(()),
        }
    }

    /// COALESCE (`parse_expr.c: transformCoalesceExpr`).
    pub(super) fn transform_coalesce(&mut self, args: &[ast::Expr], loc: Loc) -> Exec<Expr> {
        let last_srf = self.last_srf();
        let (args, ty) = self.common_args(args, "COALESCE")?;
        self.refuse_srf_in("COALESCE", last_srf)?;
        Ok(Expr::CoalesceExpr(Box::new(CoalesceExpr { ty, collation: Oid::INVALID, args, at: loc.into() })))
    }

    /// GREATEST and LEAST (`parse_expr.c: transformMinMaxExpr`).
    pub(super) fn transform_min_max(&mut self, greatest: bool, args: &[ast::Expr], loc: Loc) -> Exec<Expr> {
        let (args, ty) = self.common_args(args, if greatest { "GREATEST" } else { "LEAST" })?;
        Ok(Expr::MinMaxExpr(Box::new(MinMaxExpr {
            ty,
            collation: Oid::INVALID,
            input_collation: Oid::INVALID,
            greatest,
            args,
            at: loc.into(),
        })))
    }

    fn common_args(&mut self, args: &[ast::Expr], construct: &str) -> Exec<(Vec<Expr>, Oid)> {
        let mut list = Vec::with_capacity(args.len());
        for arg in args {
            list.push(self.transform_expr_recurse(arg)?);
        }
        let ty = self.select_common_type(&list, Some(construct))?;
        let list = list.into_iter().map(|arg| self.coerce_to_common_type(arg, ty, construct)).collect::<Exec<_>>()?;
        Ok((list, ty))
    }
}
