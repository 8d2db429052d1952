//! Operators, comparisons of rows, IN, BETWEEN (`parse_expr.c: transformAExprOp` and its neighbours).

use super::super::error::{error, fail};
use super::super::func::expression_returns_set;
use super::super::vars::find_var_of_level;
use super::super::{Analyzer, Exec};
use super::bool_expr;
use crate::catalog::lsyscache::strategy;
use crate::catalog::tree::{
    ArrayExpr, BoolOp, Expr, NullTest, OpExpr, RowCompareExpr, RowCompareOp, RowExpr, SubLinkKind,
};
use crate::catalog::{Oid, type_oid as t};
use crate::replay::SqlError;
use crate::sql::ast::{self, LikeKind, Literal, QualifiedName};
use crate::sql::span::Loc;

/// A strategy that btree has not: `<>` (`ROWCOMPARE_NE`).
const NOT_EQUAL: i16 = 6;

fn is_null(expr: &ast::Expr) -> bool {
    matches!(expr.kind, ast::ExprKind::Literal(Literal::Null))
}

fn is_row(expr: &ast::Expr) -> bool {
    matches!(expr.kind, ast::ExprKind::Row { .. })
}

fn bare(name: &'static str, loc: Loc) -> QualifiedName {
    QualifiedName { schema: None, name: name.into(), loc }
}

impl Analyzer<'_> {
    /// `a op b` (`parse_expr.c: transformAExprOp`).
    pub(super) fn transform_op(
        &mut self,
        op: &QualifiedName,
        left: Option<&ast::Expr>,
        right: &ast::Expr,
        loc: Loc,
    ) -> Exec<Expr> {
        if let Some(left) = left
            && is_row(left)
        {
            if let ast::ExprKind::SubLink { kind: ast::SubLinkKind::Scalar, query } = &right.kind {
                return self.transform_row_sub_link(SubLinkKind::RowCompare, left, Some(op), query, loc);
            }
            if is_row(right) {
                let left = self.row_fields(left)?;
                let right = self.row_fields(right)?;
                return self.make_row_comparison_op(op, left, right, loc);
            }
        }
        let last_srf = self.last_srf();
        let left = left.map(|left| self.transform_expr_recurse(left)).transpose()?;
        let right = self.transform_expr_recurse(right)?;
        self.make_op(op, left, right, last_srf, loc)
    }

    fn row_fields(&mut self, row: &ast::Expr) -> Exec<Vec<Expr>> {
        Ok(match self.transform_expr_recurse(row)? {
            Expr::RowExpr(row) => row.args,
            other => vec![other],
        })
    }

    /// LIKE and its like.
    pub(super) fn transform_like(
        &mut self,
        kind: LikeKind,
        not: bool,
        operand: &ast::Expr,
        pattern: &ast::Expr,
        loc: Loc,
    ) -> Exec<Expr> {
        let name = match (kind, not) {
            (LikeKind::Like, false) => "~~",
            (LikeKind::Like, true) => "!~~",
            (LikeKind::Ilike, false) => "~~*",
            (LikeKind::Ilike, true) => "!~~*",
            (LikeKind::SimilarTo, false) => "~",
            (LikeKind::SimilarTo, true) => "!~",
        };
        self.transform_op(&bare(name, loc), Some(operand), pattern, loc)
    }

    /// `a IS [NOT] DISTINCT FROM b` (`parse_expr.c: transformAExprDistinct`).
    pub(super) fn transform_distinct(
        &mut self,
        not: bool,
        left: &ast::Expr,
        right: &ast::Expr,
        loc: Loc,
    ) -> Exec<Expr> {
        let other = if is_null(right) {
            Some(left)
        } else if is_null(left) {
            Some(right)
        } else {
            None
        };
        if let Some(other) = other {
            let arg = self.transform_expr_recurse(other)?;
            return Ok(Expr::NullTest(Box::new(NullTest { arg, not: !not, row: false, at: loc.into() })));
        }
        let left = self.transform_expr_recurse(left)?;
        let right = self.transform_expr_recurse(right)?;
        let equals = bare("=", loc);
        let result = match (left, right) {
            (Expr::RowExpr(left), Expr::RowExpr(right)) => self.make_row_distinct_op(&equals, *left, *right, loc)?,
            (left, right) => self.make_distinct_op(&equals, left, right, loc)?,
        };
        Ok(if not { bool_expr(BoolOp::Not, vec![result], loc) } else { result })
    }

    /// `parse_expr.c: make_row_distinct_op`
    fn make_row_distinct_op(&mut self, op: &QualifiedName, left: RowExpr, right: RowExpr, loc: Loc) -> Exec<Expr> {
        if left.args.len() != right.args.len() {
            return fail("42601", "unequal number of entries in row expressions", loc);
        }
        let mut result = None;
        for (left, right) in left.args.into_iter().zip(right.args) {
            let distinct = self.make_distinct_op(op, left, right, loc)?;
            result = Some(match result {
                None => distinct,
                Some(before) => bool_expr(BoolOp::Or, vec![before, distinct], loc),
            });
        }
        Ok(result.unwrap_or_else(|| super::super::coerce::make_const(t::BOOL, "f")))
    }

    /// `parse_expr.c: make_distinct_op`
    pub(in super::super) fn make_distinct_op(
        &mut self,
        op: &QualifiedName,
        left: Expr,
        right: Expr,
        loc: Loc,
    ) -> Exec<Expr> {
        let last_srf = self.last_srf();
        let result = self.make_op_expr(op, Some(left), right, last_srf, loc)?;
        if result.ty.oid != t::BOOL {
            return fail("42804", "IS DISTINCT FROM requires = operator to yield boolean", loc);
        }
        if result.returns_set {
            return fail("42804", "IS DISTINCT FROM must not return a set", loc);
        }
        Ok(Expr::DistinctExpr(Box::new(result)))
    }

    /// `NULLIF(a, b)` (`parse_expr.c: transformAExprNullIf`).
    pub(super) fn transform_null_if(&mut self, left: &ast::Expr, right: &ast::Expr, loc: Loc) -> Exec<Expr> {
        let left = self.transform_expr_recurse(left)?;
        let right = self.transform_expr_recurse(right)?;
        let last_srf = self.last_srf();
        let mut result = self.make_op_expr(&bare("=", loc), Some(left), right, last_srf, loc)?;
        if result.ty.oid != t::BOOL {
            return fail("42804", "NULLIF requires = operator to yield boolean", loc);
        }
        if result.returns_set {
            return fail("42804", "NULLIF must not return a set", loc);
        }
        if let Some(first) = result.args.first() {
            result.ty.oid = self.type_of(first);
        }
        Ok(Expr::NullIfExpr(Box::new(result)))
    }

    /// `a [NOT] IN (b, c)` (`parse_expr.c: transformAExprIn`).
    pub(super) fn transform_in(&mut self, not: bool, operand: &ast::Expr, list: &[ast::Expr], loc: Loc) -> Exec<Expr> {
        let op = bare(if not { "<>" } else { "=" }, loc);
        let left = self.transform_expr_recurse(operand)?;
        let mut rights = Vec::with_capacity(list.len());
        for expr in list {
            rights.push(self.transform_expr_recurse(expr)?);
        }
        let is_var = |expr: &Expr| find_var_of_level([expr], 0).is_some();
        let constant: Vec<bool> = rights.iter().map(|expr| !is_var(expr)).collect();
        let mut result: Option<Expr> = None;
        if constant.iter().filter(|&&c| c).count() > 1 {
            // The elements that are no variables may become an array.
            let elements = || rights.iter().zip(&constant).filter(|&(_, &c)| c).map(|(e, _)| e);
            let all = || std::iter::once(&left).chain(elements());
            let mut scalar = self.select_common_type(all(), None)?;
            if scalar != Oid::INVALID && !self.verify_common_type(scalar, all()) {
                scalar = Oid::INVALID;
            }
            let array = match scalar {
                Oid::INVALID | t::RECORD => Oid::INVALID,
                scalar => self.env.catalog.array_type(scalar),
            };
            if array != Oid::INVALID {
                let mut elements = Vec::with_capacity(rights.len());
                let mut others = Vec::new();
                for (expr, constant) in rights.into_iter().zip(constant) {
                    if constant {
                        elements.push(self.coerce_to_common_type(expr, scalar, "IN")?);
                    } else {
                        others.push(expr);
                    }
                }
                rights = others;
                let array = Expr::ArrayExpr(Box::new(ArrayExpr {
                    ty: array,
                    collation: Oid::INVALID,
                    element: scalar,
                    elements,
                    multidims: false,
                    at: Loc::NONE.into(),
                }));
                let scalar = if rights.is_empty() {
                    return self.make_scalar_array_op(&op, !not, left, array, loc);
                } else {
                    left.clone()
                };
                result = Some(self.make_scalar_array_op(&op, !not, scalar, array, loc)?);
            }
        }
        for right in rights {
            let comparison = match (&left, right) {
                (Expr::RowExpr(left), Expr::RowExpr(right)) => {
                    self.make_row_comparison_op(&op, left.args.clone(), right.args, loc)?
                }
                (left, right) => {
                    let last_srf = self.last_srf();
                    self.make_op(&op, Some(left.clone()), right, last_srf, loc)?
                }
            };
            let comparison = self.coerce_to_boolean(comparison, "IN")?;
            result = Some(match result {
                None => comparison,
                Some(before) => bool_expr(if not { BoolOp::And } else { BoolOp::Or }, vec![before, comparison], loc),
            });
        }
        result.ok_or_else(|| error("42601", "syntax error at or near \")\"", loc))
    }

    /// `a [NOT] BETWEEN [SYMMETRIC] b AND c` (`parse_expr.c: transformAExprBetween`). The operand is analysed for each
    /// comparison.
    pub(super) fn transform_between(
        &mut self,
        not: bool,
        symmetric: bool,
        operand: &ast::Expr,
        bounds: [&ast::Expr; 2],
        loc: Loc,
    ) -> Exec<Expr> {
        let [low, high] = bounds;
        let (inner, outer) = if not { (BoolOp::Or, BoolOp::And) } else { (BoolOp::And, BoolOp::Or) };
        let first = self.between_pair(not, inner, operand, [low, high], loc)?;
        if !symmetric {
            return Ok(first);
        }
        let second = self.between_pair(not, inner, operand, [high, low], loc)?;
        Ok(bool_expr(outer, vec![first, second], loc))
    }

    fn between_pair(
        &mut self,
        not: bool,
        op: BoolOp,
        operand: &ast::Expr,
        bounds: [&ast::Expr; 2],
        loc: Loc,
    ) -> Exec<Expr> {
        let names = if not { ["<", ">"] } else { [">=", "<="] };
        let construct = if op == BoolOp::And { "AND" } else { "OR" };
        let mut args = Vec::with_capacity(2);
        for (name, bound) in names.into_iter().zip(bounds) {
            let arg = self.transform_op(&bare(name, loc), Some(operand), bound, loc)?;
            args.push(self.coerce_to_boolean(arg, construct)?);
        }
        Ok(bool_expr(op, args, loc))
    }

    /// `(a, b) op (c, d)` (`parse_expr.c: make_row_comparison_op`).
    pub(super) fn make_row_comparison_op(
        &mut self,
        op: &QualifiedName,
        left: Vec<Expr>,
        right: Vec<Expr>,
        loc: Loc,
    ) -> Exec<Expr> {
        if left.len() != right.len() {
            return fail("42601", "unequal number of entries in row expressions", loc);
        }
        if left.is_empty() {
            return fail("0A000", "cannot compare rows of zero length", loc);
        }
        let mut comparisons: Vec<OpExpr> = Vec::with_capacity(left.len());
        for (left, right) in left.into_iter().zip(right) {
            let last_srf = self.last_srf();
            let comparison = self.make_op_expr(op, Some(left), right, last_srf, loc)?;
            if comparison.ty.oid != t::BOOL {
                let ty = self.format_type(comparison.ty.oid);
                let message = format!("row comparison operator must yield type boolean, not type {ty}");
                return fail("42804", message, loc);
            }
            if comparison.returns_set || comparison.args.iter().any(expression_returns_set) {
                return fail("42804", "row comparison operator must not return a set", loc);
            }
            comparisons.push(comparison);
        }
        if comparisons.len() == 1
            && let Some(only) = comparisons.pop()
        {
            return Ok(Expr::OpExpr(Box::new(only)));
        }
        // What all operators mean in btree families.
        let meanings: Vec<Vec<(Oid, i16)>> =
            comparisons.iter().map(|c| self.op_btree_interpretation(c.operator)).collect();
        let has = |of: &[(Oid, i16)], strategy: i16| of.iter().any(|&(_, s)| s == strategy);
        let refuse = || {
            let name = &op.name;
            SqlError::new("0A000", format!("could not determine interpretation of row comparison operator {name}"))
                .at(loc)
        };
        let Some(meaning) = (1..=NOT_EQUAL).find(|&s| meanings.iter().all(|m| has(m, s))) else {
            let hint = "Row comparison operators must be associated with btree operator families.";
            return Err(refuse().hint(hint).into());
        };
        let compare = match meaning {
            strategy::BT_LESS => RowCompareOp::Lt,
            strategy::BT_LESS_EQUAL => RowCompareOp::Le,
            strategy::BT_GREATER_EQUAL => RowCompareOp::Ge,
            strategy::BT_GREATER => RowCompareOp::Gt,
            equality => {
                let args = comparisons.into_iter().map(|c| Expr::OpExpr(Box::new(c))).collect();
                let op = if equality == NOT_EQUAL { BoolOp::Or } else { BoolOp::And };
                return Ok(bool_expr(op, args, loc));
            }
        };
        let mut families = Vec::with_capacity(comparisons.len());
        for of in &meanings {
            match of.iter().find(|&&(_, s)| s == meaning) {
                Some(&(family, _)) => families.push(family),
                None => return Err(refuse().detail("There are multiple equally-plausible candidates.").into()),
            }
        }
        let mut row = RowCompareExpr {
            op: compare,
            operators: Vec::new(),
            families,
            input_collations: Vec::new(),
            left: Vec::new(),
            right: Vec::new(),
        };
        for comparison in comparisons {
            row.operators.push(comparison.operator);
            let mut args = comparison.args.into_iter();
            row.left.extend(args.next());
            row.right.extend(args.next());
        }
        Ok(Expr::RowCompareExpr(Box::new(row)))
    }

    /// What an operator means in btree families: `<>` where its negator is `=` (`lsyscache.c:
    /// get_op_btree_interpretation`).
    fn op_btree_interpretation(&self, operator: Oid) -> Vec<(Oid, i16)> {
        let catalog = self.env.catalog;
        let in_btree = |oid: Oid| -> Vec<(Oid, i16)> {
            catalog
                .families_of_operator(oid)
                .filter(|m| m.sort_family == Oid::INVALID && catalog.family_access_method(m.family) == "btree")
                .map(|m| (m.family, m.strategy))
                .collect()
        };
        let found = in_btree(operator);
        if !found.is_empty() {
            return found;
        }
        match catalog.negator(operator) {
            Oid::INVALID => Vec::new(),
            negator => in_btree(negator)
                .into_iter()
                .filter(|&(_, s)| s == strategy::BT_EQUAL)
                .map(|(family, _)| (family, NOT_EQUAL))
                .collect(),
        }
    }
}
