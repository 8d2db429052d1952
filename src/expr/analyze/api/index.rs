//! Indexes (`parse_utilcmd.c: transformIndexStmt`, `indexcmds.c: ComputeIndexAttrs`).

use super::super::error::fail;
use super::super::tupdesc::OpenRelation;
use super::super::{Environment, ExprKind};
use super::InRelation;
use crate::catalog::tree::{Expr, StoredTree};
use crate::catalog::{AttrNumber, Oid};
use crate::replay::{Exec, Stop};
use crate::sql::ast;
use crate::sql::span::Loc;

/// A key of an index or of partitioning that was written as an expression.
#[derive(Clone, Debug)]
pub struct IndexExpression {
    /// The expression, without COLLATE around it.
    pub tree: StoredTree,
    /// It is just a column.
    pub column: Option<AttrNumber>,
    /// Its type.
    pub ty: Oid,
    /// The collation of COLLATE or of the expression.
    pub collation: Oid,
}

impl IndexExpression {
    /// Takes COLLATE from around an expression.
    pub(super) fn strip(tree: Expr, ty: Oid) -> (Expr, Option<AttrNumber>, Oid, Oid) {
        let collation = tree.collation();
        let mut tree = tree;
        while let Expr::CollateExpr(collate) = tree {
            tree = collate.arg;
        }
        let column = match &tree {
            Expr::Var(var) if var.varattno != 0 => Some(var.varattno),
            _ => None,
        };
        (tree, column, ty, collation)
    }
}

/// A key of an index that is an expression.
pub fn index_expression(env: Environment<'_>, relation: &OpenRelation, expr: &ast::Expr) -> Exec<IndexExpression> {
    let (context, tree) = transform_expression(env, relation, expr)?;
    let ty = context.analyzer.type_of(&tree);
    let (tree, column, ty, collation) = IndexExpression::strip(tree, ty);
    if column.is_none() {
        let message = "functions in index expression must be marked IMMUTABLE";
        context.analyzer.refuse_mutable_in_index(&tree, message)?;
    }
    Ok(IndexExpression { tree: context.finish(tree)?, column, ty, collation })
}

/// The predicate of an index (`indexcmds.c: CheckPredicate`).
pub fn index_predicate(env: Environment<'_>, relation: &OpenRelation, expr: &ast::Expr) -> Exec<StoredTree> {
    let (context, tree) = transform_predicate(env, relation, expr)?;
    let message = "functions in index predicate must be marked IMMUTABLE";
    context.analyzer.refuse_mutable_in_index(&tree, message)?;
    context.finish(tree)
}

/// What is wrong with the predicate and the expressions of an index before they are planned, which happens later, key by
/// key (`parse_utilcmd.c: transformIndexStmt`).
pub fn transform_index<'e>(
    env: Environment<'_>,
    relation: &OpenRelation,
    filter: Option<&ast::Expr>,
    mut exprs: impl Iterator<Item = &'e ast::Expr>,
) -> Exec {
    if let Some(filter) = filter {
        certain(transform_predicate(env, relation, filter))?;
    }
    exprs.try_for_each(|expr| certain(transform_expression(env, relation, expr)))
}

/// What is not known is asked again.
fn certain<T>(result: Exec<T>) -> Exec {
    match result {
        Err(Stop::Error(error)) => Err(Stop::Error(error)),
        Ok(_) | Err(Stop::Opaque(_)) => Ok(()),
    }
}

fn transform_expression<'a, 'r>(
    env: Environment<'a>,
    relation: &'r OpenRelation,
    expr: &ast::Expr,
) -> Exec<(InRelation<'a, 'r>, Expr)> {
    let mut context = InRelation::new(env, relation)?;
    let mut tree = context.analyzer.transform_expr(expr, ExprKind::IndexExpression)?;
    context.analyzer.assign_expr_collations(&mut tree)?;
    refuse_others(&mut context)?;
    Ok((context, tree))
}

fn transform_predicate<'a, 'r>(
    env: Environment<'a>,
    relation: &'r OpenRelation,
    expr: &ast::Expr,
) -> Exec<(InRelation<'a, 'r>, Expr)> {
    let mut context = InRelation::new(env, relation)?;
    let tree = context.analyzer.condition(expr, ExprKind::IndexPredicate, "WHERE")?;
    refuse_others(&mut context)?;
    Ok((context, tree))
}

/// Another relation is not referred to.
fn refuse_others(context: &mut InRelation<'_, '_>) -> Exec {
    if context.analyzer.state().rtable.len() == 1 {
        return Ok(());
    }
    fail("42P10", "index expressions and predicates can refer only to the table being indexed", Loc::NONE)
}
