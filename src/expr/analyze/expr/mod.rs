//! Expressions (`parse_expr.c`).

mod array;
mod case;
mod cast;
mod column;
mod indirection;
pub(super) mod json;
mod kind;
mod operator;
mod row;
mod sublink;
mod value;
mod xml;

use super::error::{fail, unknown};
use super::func::Call;
use super::{Analyzer, Exec, ExprKind};
use crate::catalog::tree::{BoolExpr, BoolOp, BooleanTest, Expr, MergeSupportFunc, NamedArgExpr, NullTest};
use crate::catalog::{Oid, TypeRef, type_oid as t};
use crate::sql::ast::{self, ExprKind as Kind};
use crate::sql::span::Loc;

impl Analyzer<'_> {
    /// Analyses an expression that stands where `kind` says (`parse_expr.c: transformExpr`).
    pub(super) fn transform_expr(&mut self, expr: &ast::Expr, kind: ExprKind) -> Exec<Expr> {
        let saved = self.state().expr_kind.replace(kind);
        let result = self.transform_expr_recurse(expr);
        self.state().expr_kind = saved;
        result
    }

    /// Analyses a part of the expression under way (`parse_expr.c: transformExprRecurse`).
    pub(super) fn transform_expr_recurse(&mut self, expr: &ast::Expr) -> Exec<Expr> {
        let loc = expr.loc;
        match &expr.kind {
            Kind::Column(names) => self.transform_column_ref(names, false, loc),
            Kind::Star(names) => self.transform_column_ref(names, true, loc),
            Kind::Param(number) => self.transform_param_ref(*number, loc),
            Kind::Literal(literal) => self.make_const(literal, loc),
            Kind::Cast { operand, ty } => self.transform_type_cast(operand, ty, loc),
            Kind::Op { op, left, right } => self.transform_op(op, left.as_deref(), right, loc),
            Kind::OpArray { op, all, left, right } => {
                let left = self.transform_expr_recurse(left)?;
                let right = self.transform_expr_recurse(right)?;
                self.make_scalar_array_op(op, !all, left, right, loc)
            }
            Kind::Distinct { not, left, right } => self.transform_distinct(*not, left, right, loc),
            Kind::NullIf(left, right) => self.transform_null_if(left, right, loc),
            Kind::In { not, operand, list } => self.transform_in(*not, operand, list, loc),
            Kind::Like { kind, not, operand, pattern } => self.transform_like(*kind, *not, operand, pattern, loc),
            Kind::Between { not, symmetric, operand, low, high } => {
                self.transform_between(*not, *symmetric, operand, [low, high], loc)
            }
            Kind::And(args) => self.transform_bool(BoolOp::And, args, loc),
            Kind::Or(args) => self.transform_bool(BoolOp::Or, args, loc),
            Kind::Not(arg) => self.transform_bool(BoolOp::Not, std::slice::from_ref(arg), loc),
            Kind::IsNull { not, operand } => {
                // The value can be of any type.
                let arg = self.transform_expr_recurse(operand)?;
                let row = self.env.catalog.type_is_rowtype(self.type_of(&arg));
                Ok(Expr::NullTest(Box::new(NullTest { arg, not: *not, row, at: loc.into() })))
            }
            Kind::BooleanTest { test, operand } => {
                let construct = match test {
                    ast::BooleanTest::IsTrue => "IS TRUE",
                    ast::BooleanTest::IsNotTrue => "IS NOT TRUE",
                    ast::BooleanTest::IsFalse => "IS FALSE",
                    ast::BooleanTest::IsNotFalse => "IS NOT FALSE",
                    ast::BooleanTest::IsUnknown => "IS UNKNOWN",
                    ast::BooleanTest::IsNotUnknown => "IS NOT UNKNOWN",
                };
                let arg = self.transform_expr_recurse(operand)?;
                let arg = self.coerce_to_boolean(arg, construct)?;
                Ok(Expr::BooleanTest(Box::new(BooleanTest { arg, test: *test, at: loc.into() })))
            }
            Kind::Func(call) => self.transform_func_call(call, loc),
            Kind::SqlValue { func, precision } => self.transform_sql_value(*func, *precision, loc),
            Kind::Case { operand, whens, otherwise } => {
                self.transform_case(operand.as_deref(), whens, otherwise.as_deref(), loc)
            }
            Kind::Coalesce(args) => self.transform_coalesce(args, loc),
            Kind::Greatest(args) => self.transform_min_max(true, args, loc),
            Kind::Least(args) => self.transform_min_max(false, args, loc),
            Kind::Array(elements) => self.transform_array(elements, None, loc),
            Kind::Row { explicit, fields } => self.transform_row(*explicit, fields, false, loc),
            Kind::Indirection { operand, path } => self.transform_indirection(operand, path),
            Kind::SubLink { kind, query } => self.transform_sub_link(kind, query, loc),
            Kind::Collate { operand, collation } => self.transform_collate(operand, collation, loc),
            Kind::Grouping(args) => self.transform_grouping_func(args, loc),
            Kind::Default => fail("42601", "DEFAULT is not allowed in this context", loc),
            Kind::CurrentOf(cursor) => self.transform_current_of(cursor),
            Kind::Xml(xml) => self.transform_xml(xml, loc),
            Kind::Json(json) => self.transform_json(json, loc),
            Kind::MergeAction => self.transform_merge_support_func(loc),
            Kind::MultiAssign { source, column, columns } => {
                self.transform_multi_assign(source.as_deref(), *column, *columns)
            }
            Kind::Unmodelled(what) => Err(unknown(*what)),
        }
    }

    /// AND, OR, NOT (`parse_expr.c: transformBoolExpr`).
    fn transform_bool(&mut self, op: BoolOp, args: &[impl std::borrow::Borrow<ast::Expr>], loc: Loc) -> Exec<Expr> {
        let construct = match op {
            BoolOp::And => "AND",
            BoolOp::Or => "OR",
            BoolOp::Not => "NOT",
        };
        let mut list = Vec::with_capacity(args.len());
        for arg in args {
            let arg = self.transform_expr_recurse(arg.borrow())?;
            list.push(self.coerce_to_boolean(arg, construct)?);
        }
        Ok(bool_expr(op, list, loc))
    }

    /// A call (`parse_expr.c: transformFuncCall`).
    pub(super) fn transform_func_call(&mut self, call: &ast::FuncCall, loc: Loc) -> Exec<Expr> {
        let last_srf = self.last_srf();
        let mut args = Vec::with_capacity(call.args.len());
        for arg in &call.args {
            let value = self.transform_expr_recurse(&arg.value)?;
            args.push(match &arg.name {
                None => value,
                Some(name) => Expr::NamedArgExpr(Box::new(NamedArgExpr {
                    arg: value,
                    name: name.clone(),
                    number: 0,
                    at: arg.loc.into(),
                })),
            });
        }
        // What a WITHIN GROUP sorts by are arguments too.
        if call.within_group {
            for sort in &call.order_by {
                args.push(self.transform_expr(&sort.expr, ExprKind::OrderBy)?);
            }
        }
        self.parse_func(Call { name: &call.name, args, written: Some(call), procedure: false, last_srf, loc })
    }

    /// `MERGE_ACTION()` (`parse_expr.c: transformMergeSupportFunc`).
    fn transform_merge_support_func(&mut self, loc: Loc) -> Exec<Expr> {
        // A sub-query of the RETURNING list may have it too.
        if !self.states.iter().rev().any(|state| state.expr_kind == Some(ExprKind::MergeReturning)) {
            let message = "MERGE_ACTION() can only be used in the RETURNING list of a MERGE command";
            return fail("42601", message, loc);
        }
        let ty = TypeRef::plain(t::TEXT);
        Ok(Expr::MergeSupportFunc(Box::new(MergeSupportFunc { ty, collation: Oid::INVALID, at: loc.into() })))
    }
}

/// `makefuncs.c: makeBoolExpr`
pub(super) fn bool_expr(op: BoolOp, args: Vec<Expr>, loc: Loc) -> Expr {
    Expr::BoolExpr(Box::new(BoolExpr { op, args, at: loc.into() }))
}
