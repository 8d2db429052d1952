//! Partitioning (`parse_utilcmd.c: transformPartitionBoundValue`, `tablecmds.c: transformPartitionSpec`,
//! `ComputePartitionAttrs`).

use super::super::coerce::{Coercion, CoercionPath};
use super::super::error::{at, fail, unknown};
use super::super::tupdesc::OpenRelation;
use super::super::{Analyzer, Environment, ExprKind};
use super::{InRelation, IndexExpression};
use crate::catalog::tree::{CoercionContext, Const, Expr, StoredTree};
use crate::catalog::{AttrNumber, Oid, TypeRef, type_oid as t};
use crate::expr::datum;
use crate::replay::{Exec, SqlError, Stop};
use crate::sql::ast;
use crate::sql::span::Loc;

/// A partition key that is an expression. `generated` are the table's generated columns.
/// `number` is its place in the key.
pub fn partition_key(
    env: Environment<'_>,
    relation: &OpenRelation,
    generated: &[AttrNumber],
    number: usize,
    expr: &ast::Expr,
) -> Exec<IndexExpression> {
    let mut context = InRelation::new(env, relation)?;
    let mut tree = context.analyzer.transform_expr(expr, ExprKind::PartitionExpression)?;
    context.analyzer.assign_expr_collations(&mut tree)?;
    let ty = context.analyzer.type_of(&tree);
    if env.catalog.type_info(ty).is_some_and(|ty| ty.typtype == 'p') {
        let ty = context.analyzer.format_type(ty);
        return fail("42P16", format!("partition key column {number} has pseudo-type {ty}"), Loc::NONE);
    }
    let (tree, column, ty, collation) = IndexExpression::strip(tree, ty);
    let mut error: Option<Stop> = None;
    tree.walk(&mut |e| {
        let Expr::Var(var) = e else { return error.is_none() };
        let used = |number: &&AttrNumber| var.varattno == 0 || var.varattno == **number;
        if error.is_some() {
        } else if var.varattno < 0 {
            let message = "partition key expressions cannot contain system column references";
            error = Some(SqlError::new("42P17", message).into());
        } else if let Some(number) = generated.iter().find(used) {
            let name = relation.attribute(*number).map(|a| a.name.clone()).unwrap_or_default();
            let refuse = SqlError::new("42P17", "cannot use generated column in partition key").at(expr.loc);
            error = Some(refuse.detail(format!("Column \"{name}\" is a generated column.")).into());
        }
        error.is_none()
    });
    if let Some(error) = error {
        return Err(error);
    }
    if column.is_none() {
        let message = "functions in partition key expression must be marked IMMUTABLE";
        context.analyzer.refuse_mutable(&tree, message, Loc::NONE)?;
        if !has_var(&tree) || !context.analyzer.has_var_when_inlined(&tree) {
            return fail("42P17", "cannot use constant expression as partition key", Loc::NONE);
        }
    }
    Ok(IndexExpression { tree: context.finish(tree)?, column, ty, collation })
}

/// Without variables an immutable expression is folded to a constant.
fn has_var(tree: &Expr) -> bool {
    let mut found = false;
    tree.walk(&mut |e| {
        found |= matches!(e, Expr::Var(_));
        !found
    });
    found
}

/// A bound of a partition as a constant of the key's type.
pub fn partition_bound(
    env: Environment<'_>,
    column: &str,
    ty: TypeRef,
    collation: Oid,
    expr: &ast::Expr,
) -> Exec<StoredTree> {
    let mut analyzer = Analyzer::new(env);
    let value = analyzer.transform_expr(expr, ExprKind::PartitionBound)?;
    let input = analyzer.type_of(&value);
    let Some(value) = analyzer.coerce_to_target_type(value, input, ty.oid, ty.typmod, Coercion::ASSIGNMENT)? else {
        let name = analyzer.format_type(ty.oid);
        let message = format!("specified value cannot be cast to type {name} for column \"{column}\"");
        return fail("42804", message, expr.loc);
    };
    let folded = at(expr.loc, analyzer.fold(value))?;
    let bound = Const { ty: TypeRef { oid: ty.oid, typmod: ty.typmod }, collation, at: expr.loc.into(), ..folded };
    analyzer.store(Expr::Const(Box::new(bound)))
}

impl Analyzer<'_> {
    /// The constant that a coercion of a constant is, where that is simple (`clauses.c: evaluate_expr`).
    pub(super) fn fold(&self, value: Expr) -> Exec<Const> {
        match value {
            Expr::Const(value) => Ok(*value),
            Expr::RelabelType(x) => Ok(Const { ty: x.ty, ..self.fold(x.arg)? }),
            Expr::CollateExpr(x) => self.fold(x.arg),
            Expr::CoerceToDomain(x) => {
                let ty = x.ty;
                Ok(Const { ty, ..self.fold(x.arg)? })
            }
            Expr::FuncExpr(x) if self.is_cast(&x) => {
                let ty = x.ty;
                // What is cast in so many words is cut to its length.
                let cuts = matches!(ty.oid, t::VARCHAR | t::BPCHAR | t::BIT | t::VARBIT);
                let explicit = matches!(x.args.get(2), Some(Expr::Const(c)) if c.value.as_deref() == Some("t"));
                if cuts && explicit {
                    return Err(unknown("the value of a partition bound is not computed"));
                }
                let Some(arg) = x.args.into_iter().next() else { return Err(unknown("a cast without a value")) };
                let inner = self.fold(arg)?;
                let Some(text) = inner.value.clone() else { return Ok(Const { ty, ..inner }) };
                if !reads_text(inner.ty.oid, ty.oid) {
                    return Err(unknown("the value of a partition bound is not computed"));
                }
                let datum = datum::input(&self.datum_env(), ty.oid, ty.typmod, &text)?;
                Ok(Const { ty, value: Some(datum.text.into()), object: datum.object, ..inner })
            }
            // The text of one is read as the other, without a length, which the next cast gives.
            Expr::CoerceViaIO(x) => {
                let ty = TypeRef::plain(x.ty);
                let inner = self.fold(x.arg)?;
                let Some(text) = inner.value.clone() else { return Ok(Const { ty, ..inner }) };
                let datum = datum::input(&self.datum_env(), ty.oid, -1, &text)?;
                Ok(Const { ty, value: Some(datum.text.into()), object: datum.object, ..inner })
            }
            _ => Err(unknown("the value of a partition bound is not computed")),
        }
    }

    /// A call that is a cast of `pg_cast`.
    fn is_cast(&self, call: &crate::catalog::tree::FuncExpr) -> bool {
        let Some(arg) = call.args.first() else { return false };
        let (source, target) = (self.type_of(arg), call.ty.oid);
        let context = CoercionContext::Explicit;
        self.find_coercion_pathway(target, source, context) == CoercionPath::Func(call.function) || source == target
    }
}

/// The text of a value of one type is that of the same value in the other.
fn reads_text(source: Oid, target: Oid) -> bool {
    let number = |ty| matches!(ty, t::INT2 | t::INT4 | t::INT8);
    let string = |ty| matches!(ty, t::TEXT | t::VARCHAR | t::NAME);
    let own = |ty| matches!(ty, t::BPCHAR | t::BIT | t::VARBIT);
    number(source) && (number(target) || target == t::NUMERIC)
        || source == target && (string(source) || own(source) || source == t::NUMERIC)
        || string(source) && string(target)
        || source == t::DATE && target == t::TIMESTAMP
}
