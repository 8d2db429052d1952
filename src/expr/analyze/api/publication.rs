//! WHERE of a publication's table (`publicationcmds.c: TransformPubWhereClauses`).

use super::super::tupdesc::OpenRelation;
use super::super::{Analyzer, Environment, ExprKind};
use super::InRelation;
use crate::catalog::tree::{Expr, StoredTree, children};
use crate::catalog::{Oid, TypeRef};
use crate::replay::{Exec, SqlError};
use crate::sql::ast::{self, Volatility};

/// The row filter.
pub fn publication_filter(env: Environment<'_>, relation: &OpenRelation, expr: &ast::Expr) -> Exec<StoredTree> {
    let mut context = InRelation::new(env, relation)?;
    let tree = context.analyzer.condition(expr, ExprKind::Where, "PUBLICATION WHERE")?;
    context.analyzer.check_simple(&tree)?;
    context.finish(tree)
}

const USER_OPERATOR: &str = "User-defined operators are not allowed.";

impl Analyzer<'_> {
    /// `publicationcmds.c: check_simple_rowfilter_expr_walker`
    fn check_simple(&self, expr: &Expr) -> Exec {
        let user = |oid: Oid| !oid.is_builtin();
        let problem = match expr {
            Expr::Var(var) if var.varattno < 0 => Some("System columns are not allowed."),
            Expr::OpExpr(x) | Expr::DistinctExpr(x) | Expr::NullIfExpr(x) if user(x.operator) => Some(USER_OPERATOR),
            Expr::ScalarArrayOpExpr(x) if user(x.operator) => Some(USER_OPERATOR),
            Expr::RowCompareExpr(x) if x.operators.iter().any(|&op| user(op)) => Some(USER_OPERATOR),
            Expr::Var(_)
            | Expr::OpExpr(_)
            | Expr::DistinctExpr(_)
            | Expr::NullIfExpr(_)
            | Expr::ScalarArrayOpExpr(_)
            | Expr::RowCompareExpr(_)
            | Expr::Const(_)
            | Expr::FuncExpr(_)
            | Expr::BoolExpr(_)
            | Expr::RelabelType(_)
            | Expr::CollateExpr(_)
            | Expr::CaseExpr(_)
            | Expr::CaseTestExpr(_)
            | Expr::ArrayExpr(_)
            | Expr::RowExpr(_)
            | Expr::CoalesceExpr(_)
            | Expr::MinMaxExpr(_)
            | Expr::XmlExpr(_)
            | Expr::NullTest(_)
            | Expr::BooleanTest(_) => self.uses_own_objects(expr),
            _ => Some(
                "Only columns, constants, built-in operators, built-in data types, built-in collations, and immutable \
                 built-in functions are allowed.",
            ),
        };
        if let Some(problem) = problem {
            let error = SqlError::new("0A000", "invalid publication WHERE expression");
            return Err(error.detail(problem).at(expr.loc()).into());
        }
        let mut result = Ok(());
        children(
            expr,
            &mut |child| {
                if result.is_ok() {
                    result = self.check_simple(child);
                }
            },
            &mut |_| {},
        );
        result
    }

    /// What is not PostgreSQL's own in a node.
    fn uses_own_objects(&self, expr: &Expr) -> Option<&'static str> {
        let TypeRef { oid, .. } = expr.ty(self.env.catalog);
        if !oid.is_builtin() {
            return Some("User-defined types are not allowed.");
        }
        let refused = |oid: Oid| {
            let function = self.env.catalog.function_info(oid);
            !oid.is_builtin() || function.is_some_and(|f| f.volatility() != Volatility::Immutable)
        };
        let (function, input_collation) = match expr {
            Expr::FuncExpr(x) => (Some(x.function), x.input_collation),
            Expr::OpExpr(x) | Expr::DistinctExpr(x) | Expr::NullIfExpr(x) => (Some(x.function), x.input_collation),
            Expr::ScalarArrayOpExpr(x) => (Some(x.function), x.input_collation),
            Expr::MinMaxExpr(x) => (None, x.input_collation),
            _ => (None, Oid::INVALID),
        };
        if function.is_some_and(refused) {
            return Some("User-defined or built-in mutable functions are not allowed.");
        }
        (!expr.collation().is_builtin() || !input_collation.is_builtin())
            .then_some("User-defined collations are not allowed.")
    }
}
