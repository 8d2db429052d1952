//! Whether an expression needs parentheses (`isSimpleNode`), and whether it looks like a call (`looks_like_function`).

use super::context::Context;
use crate::catalog::Oid;
use crate::catalog::tree::{BoolOp, CoercionForm, Expr, OpExpr};

impl<'a> Context<'a> {
    /// An expression inside another, in parentheses if it needs them and they are not printed everywhere
    /// (`get_rule_expr_paren`).
    pub(super) fn rule_expr_paren(&mut self, node: &'a Expr, show_implicit: bool, parent: &'a Expr) {
        let parens = self.pretty.paren && !self.is_simple(node, parent);
        if parens {
            self.push("(");
        }
        self.rule_expr(node, show_implicit);
        if parens {
            self.push(")");
        }
    }

    /// It stands without parentheses inside `parent` (`isSimpleNode`).
    fn is_simple(&mut self, node: &Expr, parent: &Expr) -> bool {
        match node {
            Expr::Var(_)
            | Expr::Const(_)
            | Expr::Param(_)
            | Expr::CoerceToDomainValue(_)
            | Expr::SetToDefault(_)
            | Expr::CurrentOfExpr(_) => true,
            Expr::SubscriptingRef(_)
            | Expr::ArrayExpr(_)
            | Expr::RowExpr(_)
            | Expr::CoalesceExpr(_)
            | Expr::MinMaxExpr(_)
            | Expr::SqlValueFunction(_)
            | Expr::XmlExpr(_)
            | Expr::NullIfExpr(_)
            | Expr::Aggref(_)
            | Expr::GroupingFunc(_)
            | Expr::WindowFunc(_)
            | Expr::MergeSupportFunc(_)
            | Expr::FuncExpr(_)
            | Expr::JsonConstructorExpr(_)
            | Expr::JsonExpr(_)
            | Expr::CaseExpr(_) => true,
            Expr::FieldSelect(_) => !matches!(parent, Expr::FieldSelect(_)),
            Expr::FieldStore(_) => !matches!(parent, Expr::FieldStore(_)),
            Expr::CoerceToDomain(x) => self.is_simple(&x.arg, node),
            Expr::RelabelType(x) => self.is_simple(&x.arg, node),
            Expr::CoerceViaIO(x) => self.is_simple(&x.arg, node),
            Expr::ArrayCoerceExpr(x) => self.is_simple(&x.arg, node),
            Expr::ConvertRowtypeExpr(x) => self.is_simple(&x.arg, node),
            Expr::JsonValueExpr(x) => self.is_simple(&x.raw, node),
            Expr::OpExpr(x) => match parent {
                Expr::OpExpr(outer) => self.binds_tighter(node, x, outer),
                _ => is_enclosed(parent) || matches!(parent, Expr::BoolExpr(_)),
            },
            Expr::SubLink(_)
            | Expr::NullTest(_)
            | Expr::BooleanTest(_)
            | Expr::DistinctExpr(_)
            | Expr::JsonIsPredicate(_) => is_enclosed(parent) || matches!(parent, Expr::BoolExpr(_)),
            Expr::BoolExpr(x) => match parent {
                Expr::BoolExpr(outer) => match x.op {
                    BoolOp::Not | BoolOp::And => matches!(outer.op, BoolOp::And | BoolOp::Or),
                    BoolOp::Or => outer.op == BoolOp::Or,
                },
                Expr::JsonExpr(_) => true,
                _ => is_enclosed(parent),
            },
            Expr::NamedArgExpr(_)
            | Expr::ScalarArrayOpExpr(_)
            | Expr::CollateExpr(_)
            | Expr::CaseTestExpr(_)
            | Expr::RowCompareExpr(_) => false,
        }
    }

    /// `a * b` inside `+`, and `a + b` on the left of `+`.
    fn binds_tighter(&mut self, node: &Expr, inner: &OpExpr, outer: &OpExpr) -> bool {
        let low = |op: char| matches!(op, '+' | '-');
        let high = |op: char| matches!(op, '*' | '/' | '%');
        let Some(op) = self.simple_binary_operator(inner).filter(|&op| low(op) || high(op)) else { return false };
        let Some(parent) = self.simple_binary_operator(outer).filter(|&op| low(op) || high(op)) else { return false };
        if high(op) && low(parent) {
            return true;
        }
        if low(op) && high(parent) {
            return false;
        }
        outer.args.first().is_some_and(|first| std::ptr::eq(first, node))
    }

    /// The operator's name if it is binary and has one character (`get_simple_binary_op_name`).
    fn simple_binary_operator(&mut self, expr: &OpExpr) -> Option<char> {
        let [left, right] = expr.args.as_slice() else { return None };
        let (left, right) = (left.ty(self.catalog()).oid, right.ty(self.catalog()).oid);
        let name = self.generate_operator_name(expr.operator, left, right);
        let mut chars = name.chars();
        chars.next().filter(|_| chars.next().is_none())
    }

    /// The type of an expression.
    pub(super) fn type_of(&self, expr: &Expr) -> Oid {
        expr.ty(self.catalog()).oid
    }
}

/// The parent has parentheses or separators of its own around its arguments.
fn is_enclosed(parent: &Expr) -> bool {
    match parent {
        Expr::FuncExpr(call) => match call.form {
            CoercionForm::ExplicitCall => true,
            CoercionForm::ExplicitCast | CoercionForm::ImplicitCast | CoercionForm::SqlSyntax => false,
        },
        Expr::SubscriptingRef(_)
        | Expr::ArrayExpr(_)
        | Expr::RowExpr(_)
        | Expr::CoalesceExpr(_)
        | Expr::MinMaxExpr(_)
        | Expr::XmlExpr(_)
        | Expr::NullIfExpr(_)
        | Expr::Aggref(_)
        | Expr::GroupingFunc(_)
        | Expr::WindowFunc(_)
        | Expr::CaseExpr(_) => true,
        Expr::Var(_)
        | Expr::Const(_)
        | Expr::Param(_)
        | Expr::MergeSupportFunc(_)
        | Expr::NamedArgExpr(_)
        | Expr::OpExpr(_)
        | Expr::DistinctExpr(_)
        | Expr::ScalarArrayOpExpr(_)
        | Expr::BoolExpr(_)
        | Expr::SubLink(_)
        | Expr::FieldSelect(_)
        | Expr::FieldStore(_)
        | Expr::RelabelType(_)
        | Expr::CoerceViaIO(_)
        | Expr::ArrayCoerceExpr(_)
        | Expr::ConvertRowtypeExpr(_)
        | Expr::CollateExpr(_)
        | Expr::CaseTestExpr(_)
        | Expr::RowCompareExpr(_)
        | Expr::SqlValueFunction(_)
        | Expr::JsonValueExpr(_)
        | Expr::JsonConstructorExpr(_)
        | Expr::JsonIsPredicate(_)
        | Expr::JsonExpr(_)
        | Expr::NullTest(_)
        | Expr::BooleanTest(_)
        | Expr::CoerceToDomain(_)
        | Expr::CoerceToDomainValue(_)
        | Expr::SetToDefault(_)
        | Expr::CurrentOfExpr(_) => false,
    }
}

/// The grammar takes it where it wants a call (`looks_like_function`).
pub(super) fn looks_like_function(expr: &Expr) -> bool {
    match expr {
        Expr::FuncExpr(call) => matches!(call.form, CoercionForm::ExplicitCall | CoercionForm::SqlSyntax),
        Expr::NullIfExpr(_)
        | Expr::CoalesceExpr(_)
        | Expr::MinMaxExpr(_)
        | Expr::SqlValueFunction(_)
        | Expr::XmlExpr(_)
        | Expr::JsonExpr(_) => true,
        Expr::Var(_)
        | Expr::Const(_)
        | Expr::Param(_)
        | Expr::Aggref(_)
        | Expr::GroupingFunc(_)
        | Expr::WindowFunc(_)
        | Expr::MergeSupportFunc(_)
        | Expr::SubscriptingRef(_)
        | Expr::NamedArgExpr(_)
        | Expr::OpExpr(_)
        | Expr::DistinctExpr(_)
        | Expr::ScalarArrayOpExpr(_)
        | Expr::BoolExpr(_)
        | Expr::SubLink(_)
        | Expr::FieldSelect(_)
        | Expr::FieldStore(_)
        | Expr::RelabelType(_)
        | Expr::CoerceViaIO(_)
        | Expr::ArrayCoerceExpr(_)
        | Expr::ConvertRowtypeExpr(_)
        | Expr::CollateExpr(_)
        | Expr::CaseExpr(_)
        | Expr::CaseTestExpr(_)
        | Expr::ArrayExpr(_)
        | Expr::RowExpr(_)
        | Expr::RowCompareExpr(_)
        | Expr::JsonValueExpr(_)
        | Expr::JsonConstructorExpr(_)
        | Expr::JsonIsPredicate(_)
        | Expr::NullTest(_)
        | Expr::BooleanTest(_)
        | Expr::CoerceToDomain(_)
        | Expr::CoerceToDomainValue(_)
        | Expr::SetToDefault(_)
        | Expr::CurrentOfExpr(_) => false,
    }
}

/// Without casts that were not written (`nodeFuncs.c: strip_implicit_coercions`).
pub(super) fn strip_implicit_coercions(expr: &Expr) -> &Expr {
    let implicit = |form: CoercionForm| form == CoercionForm::ImplicitCast;
    match expr {
        Expr::FuncExpr(x) if implicit(x.form) => x.args.first().map_or(expr, strip_implicit_coercions),
        Expr::RelabelType(x) if implicit(x.form) => strip_implicit_coercions(&x.arg),
        Expr::CoerceViaIO(x) if implicit(x.form) => strip_implicit_coercions(&x.arg),
        Expr::ArrayCoerceExpr(x) if implicit(x.form) => strip_implicit_coercions(&x.arg),
        Expr::ConvertRowtypeExpr(x) if implicit(x.form) => strip_implicit_coercions(&x.arg),
        Expr::CoerceToDomain(x) if implicit(x.form) => strip_implicit_coercions(&x.arg),
        _ => expr,
    }
}
