//! What PostgreSQL stores, analysed: one function for each place, with the checks of that place.
//!
//! A relation's expressions refer to it as number 1 of their range table, those of a trigger's WHEN to OLD as 1 and NEW
//! as 2.

mod copy;
mod folding;
mod index;
mod partition;
mod publication;
mod trigger;
mod virtual_generated;

pub use copy::copy_condition;
pub use index::{IndexExpression, index_expression, index_predicate, transform_index};
pub use partition::{partition_bound, partition_key};
pub use publication::publication_filter;
pub use trigger::{Fires, trigger_when};

use std::sync::Arc;

use super::coerce::Coercion;
use super::depend::expr_dependencies_in;
use super::error::fail;
use super::tupdesc::OpenRelation;
use super::vars::find_var_of_level;
use super::{Analyzer, Environment, ExprKind};
use crate::catalog::tree::{CoerceToDomainValue, CoercionContext, CoercionForm, Expr, Stored, StoredTree};
use crate::catalog::{AttrNumber, Oid, TypeRef};
use crate::replay::{Exec, SqlError, Stop};
use crate::sql::ast::{self, Alias, Name};
use crate::sql::span::Loc;

/// An expression in a relation's context.
struct InRelation<'a, 'r> {
    analyzer: Analyzer<'a>,
    relation: &'r OpenRelation,
}

impl<'a, 'r> InRelation<'a, 'r> {
    fn new(env: Environment<'a>, relation: &'r OpenRelation) -> Exec<InRelation<'a, 'r>> {
        let mut analyzer = Analyzer::new(env);
        add_relation(&mut analyzer, relation, None, true)?;
        Ok(InRelation { analyzer, relation })
    }

    fn finish(self, tree: Expr) -> Exec<StoredTree> {
        self.analyzer.store(tree)
    }
}

/// Values of these types are coerced to those without being asked (`parse_coerce.c: can_coerce_type`).
pub fn coercible(env: Environment<'_>, inputs: &[Oid], targets: &[Oid]) -> bool {
    Analyzer::new(env).can_coerce_types(inputs, targets, CoercionContext::Implicit)
}

/// The same value whenever it is asked for (`contain_mutable_functions`).
pub fn is_immutable(env: Environment<'_>, expr: &Expr) -> bool {
    Analyzer::new(env).is_immutable(expr)
}

/// Computes a constant, where that is simple, and its errors.
pub fn folded(env: Environment<'_>, expr: &Expr) -> Exec {
    Analyzer::new(env).fold(expr.clone()).map(drop)
}

/// Makes a relation the next of the range table.
fn add_relation(
    analyzer: &mut Analyzer<'_>,
    relation: &OpenRelation,
    alias: Option<&str>,
    columns_visible: bool,
) -> Exec {
    let alias = alias.map(|name| Alias { name: name.into(), columns: Vec::new() });
    let item = analyzer.add_range_table_entry_for_relation(relation, alias, false, true)?;
    analyzer.add_ns_item_to_query(&item, true, true, columns_visible);
    Ok(())
}

impl Analyzer<'_> {
    /// A finished tree with what it depends on.
    fn store(mut self, tree: Expr) -> Exec<StoredTree> {
        let catalog = self.env.catalog;
        let depends_on = expr_dependencies_in(catalog, &tree, &self.state().rtable)?;
        Ok(Arc::new(Stored { tree, depends_on }))
    }

    /// A condition (`parse_clause.c: transformWhereClause`) with its collations.
    fn condition(&mut self, expr: &ast::Expr, kind: ExprKind, construct: &str) -> Exec<Expr> {
        let tree = self.transform_expr(expr, kind)?;
        let mut tree = self.coerce_to_boolean(tree, construct)?;
        self.assign_expr_collations(&mut tree)?;
        Ok(tree)
    }

    /// An expression that a column of a type is filled by (`heap.c: cookDefault`).
    fn cook_default(&mut self, tree: Expr, column: &str, ty: TypeRef) -> Exec<Expr> {
        let input = self.type_of(&tree);
        match self.coerce_to_target_type(tree, input, ty.oid, ty.typmod, Coercion::ASSIGNMENT)? {
            Some(mut tree) => {
                self.assign_expr_collations(&mut tree)?;
                Ok(tree)
            }
            None => {
                let (wanted, given) = (self.format_type(ty.oid), self.format_type(input));
                let message =
                    format!("column \"{column}\" is of type {wanted} but default expression is of type {given}");
                let error = SqlError::new("42804", message);
                Err(error.hint("You will need to rewrite or cast the expression.").into())
            }
        }
    }
}

/// DEFAULT of a column or a domain (`heap.c: cookDefault`). For a domain the type is its base type and the name the
/// domain's.
pub fn column_default(env: Environment<'_>, column: &str, ty: TypeRef, expr: &ast::Expr) -> Exec<StoredTree> {
    let mut analyzer = Analyzer::new(env);
    let tree = analyzer.transform_expr(expr, ExprKind::ColumnDefault)?;
    let tree = analyzer.cook_default(tree, column, ty)?;
    analyzer.store(tree)
}

/// A default that becomes one of another type; nothing if it cannot (`tablecmds.c: ATExecAlterColumnType`).
pub fn recoerced_default(env: Environment<'_>, ty: TypeRef, default: &Expr) -> Exec<Option<StoredTree>> {
    let analyzer = Analyzer::new(env);
    let tree = strip_implicit_coercions(default.clone());
    let input = analyzer.type_of(&tree);
    let Some(mut tree) = analyzer.coerce_to_target_type(tree, input, ty.oid, ty.typmod, Coercion::ASSIGNMENT)? else {
        return Ok(None);
    };
    analyzer.assign_expr_collations(&mut tree)?;
    analyzer.store(tree).map(Some)
}

/// The expression below coercions that were not written (`parse_coerce.c: strip_implicit_coercions`).
fn strip_implicit_coercions(expr: Expr) -> Expr {
    let implicit = CoercionForm::ImplicitCast;
    match expr {
        Expr::FuncExpr(mut x) if x.form == implicit && !x.args.is_empty() => {
            strip_implicit_coercions(x.args.swap_remove(0))
        }
        Expr::RelabelType(x) if x.form == implicit => strip_implicit_coercions(x.arg),
        Expr::CoerceViaIO(x) if x.form == implicit => strip_implicit_coercions(x.arg),
        Expr::ArrayCoerceExpr(x) if x.form == implicit => strip_implicit_coercions(x.arg),
        Expr::ConvertRowtypeExpr(x) if x.form == implicit => strip_implicit_coercions(x.arg),
        Expr::CoerceToDomain(x) if x.form == implicit => strip_implicit_coercions(x.arg),
        other => other,
    }
}

/// DEFAULT of a domain (`typecmds.c: DefineDomain`).
pub fn domain_default(env: Environment<'_>, domain: &str, base: TypeRef, expr: &ast::Expr) -> Exec<StoredTree> {
    column_default(env, domain, base, expr)
}

/// `GENERATED ALWAYS AS (…)` (`heap.c: cookDefault`). `generated` are the relation's generated columns.
pub fn generated(
    env: Environment<'_>,
    relation: &OpenRelation,
    generated: &[AttrNumber],
    column: &str,
    ty: TypeRef,
    is_virtual: bool,
    expr: &ast::Expr,
) -> Exec<StoredTree> {
    let mut context = InRelation::new(env, relation)?;
    let tree = context.analyzer.transform_expr(expr, ExprKind::GeneratedColumn)?;
    check_nested_generated(relation, generated, &tree)?;
    folding::refuse_uncollated(context.analyzer.catalog(), &tree)?;
    context.analyzer.refuse_mutable(&tree, "generation expression is not immutable", Loc::NONE)?;
    if is_virtual {
        virtual_generated::check_security(&env, &tree)?;
    }
    let tree = context.analyzer.cook_default(tree, column, ty)?;
    context.finish(tree)
}

/// `heap.c: check_nested_generated`
fn check_nested_generated(relation: &OpenRelation, generated: &[AttrNumber], tree: &Expr) -> Exec {
    let mut error: Option<Stop> = None;
    tree.walk(&mut |expr| {
        if let Expr::Var(var) = expr
            && error.is_none()
        {
            let refuse = |message: String, detail: &str| {
                Some(SqlError::new("42P17", message).detail(detail).at(var.at.0).into())
            };
            if generated.contains(&var.varattno) {
                let name = relation.attribute(var.varattno).map(|a| a.name.clone()).unwrap_or_default();
                let message = format!("cannot use generated column \"{name}\" in column generation expression");
                error = refuse(message, "A generated column cannot reference another generated column.");
            } else if var.varattno == 0 {
                let message = "cannot use whole-row variable in column generation expression".to_owned();
                error = refuse(message, "This would cause the generated column to depend on its own value.");
            }
        }
        error.is_none()
    });
    error.map_or(Ok(()), Err)
}

/// CHECK of a table (`heap.c: cookConstraint`).
pub fn check_constraint(env: Environment<'_>, relation: &OpenRelation, expr: &ast::Expr) -> Exec<StoredTree> {
    let mut context = InRelation::new(env, relation)?;
    let tree = context.analyzer.condition(expr, ExprKind::CheckConstraint, "CHECK")?;
    if context.analyzer.state().rtable.len() != 1 {
        let message = format!("only table \"{}\" can be referenced in check constraint", context.relation.name);
        return fail("42P10", message, Loc::NONE);
    }
    context.finish(tree)
}

/// CHECK of a domain over a base type (`typecmds.c: domainAddConstraint`).
pub fn domain_check(env: Environment<'_>, base: TypeRef, expr: &ast::Expr) -> Exec<StoredTree> {
    let mut analyzer = Analyzer::new(env);
    let collation = env.catalog.type_collation(base.oid);
    let value = CoerceToDomainValue { ty: base, collation, at: Loc::NONE.into() };
    analyzer.state().domain_value = Some(Expr::CoerceToDomainValue(Box::new(value)));
    let tree = analyzer.condition(expr, ExprKind::DomainCheck, "CHECK")?;
    if !analyzer.state().rtable.is_empty() || find_var_of_level([&tree], 0).is_some() {
        return fail("42P10", "cannot use table references in domain check constraint", Loc::NONE);
    }
    analyzer.store(tree)
}

/// USING or WITH CHECK of a policy (`policy.c: CreatePolicy`).
pub fn policy(env: Environment<'_>, relation: &OpenRelation, expr: &ast::Expr) -> Exec<StoredTree> {
    let mut context = InRelation::new(env, relation)?;
    let tree = context.analyzer.condition(expr, ExprKind::Policy, "POLICY")?;
    context.finish(tree)
}

/// An expression of CREATE STATISTICS (`parse_utilcmd.c: transformStatsStmt`).
pub fn statistics_expression(env: Environment<'_>, relation: &OpenRelation, expr: &ast::Expr) -> Exec<StoredTree> {
    let mut context = InRelation::new(env, relation)?;
    let mut tree = context.analyzer.transform_expr(expr, ExprKind::StatsExpression)?;
    context.analyzer.assign_expr_collations(&mut tree)?;
    if context.analyzer.state().rtable.len() != 1 {
        return fail("42P10", "statistics expressions can refer only to the table being referenced", Loc::NONE);
    }
    context.finish(tree)
}

/// USING of ALTER COLUMN TYPE as it is read (`parse_utilcmd.c: transformAlterTableStmt`).
pub fn transform_using(env: Environment<'_>, relation: &OpenRelation, using: &ast::Expr) -> Exec {
    let mut context = InRelation::new(env, relation)?;
    context.analyzer.transform_expr(using, ExprKind::AlterColTransform).map(drop)
}

/// USING of ALTER COLUMN TYPE, or the cast that is made without it (`tablecmds.c: ATPrepAlterColumnType`).
pub fn alter_column_using(
    env: Environment<'_>,
    relation: &OpenRelation,
    column: &Name,
    target: TypeRef,
    using: Option<&ast::Expr>,
) -> Exec<StoredTree> {
    let mut context = InRelation::new(env, relation)?;
    let analyzer = &mut context.analyzer;
    let tree = match using {
        Some(using) => {
            let mut tree = analyzer.transform_expr(using, ExprKind::AlterColTransform)?;
            analyzer.assign_expr_collations(&mut tree)?;
            tree
        }
        None => match analyzer.col_name_to_var(column, Loc::NONE, true)? {
            Some(var) => var,
            None => return Err(analyzer.error_missing_column(None, column, Loc::NONE)),
        },
    };
    let input = analyzer.type_of(&tree);
    let Some(mut tree) =
        analyzer.coerce_to_target_type(tree, input, target.oid, target.typmod, Coercion::ASSIGNMENT)?
    else {
        let ty = analyzer.format_type(target.oid);
        if using.is_some() {
            let message =
                format!("result of USING clause for column \"{column}\" cannot be cast automatically to type {ty}");
            return Err(SqlError::new("42804", message).hint("You might need to add an explicit cast.").into());
        }
        let message = format!("column \"{column}\" cannot be cast automatically to type {ty}");
        let ty = env.catalog.format_type(target, env.path);
        let name = env.catalog.quote_identifier(column);
        let hint = format!("You might need to specify \"USING {name}::{ty}\".");
        return Err(SqlError::new("42804", message).hint(hint).into());
    };
    analyzer.assign_expr_collations(&mut tree)?;
    context.finish(tree)
}

/// DEFAULT of a function's parameter (`functioncmds.c: interpret_function_parameter_list`).
pub fn function_default(env: Environment<'_>, ty: Oid, expr: &ast::Expr) -> Exec<StoredTree> {
    let mut analyzer = Analyzer::new(env);
    let tree = analyzer.transform_expr(expr, ExprKind::FunctionDefault)?;
    let mut tree = analyzer.coerce_to_specific_type(tree, ty, "DEFAULT")?;
    analyzer.assign_expr_collations(&mut tree)?;
    if !analyzer.state().rtable.is_empty() || find_var_of_level([&tree], 0).is_some() {
        return fail("42P10", "cannot use table references in parameter default value", Loc::NONE);
    }
    analyzer.store(tree)
}

/// An expression over the columns of a relation, for nothing in particular.
pub fn relation_expression(env: Environment<'_>, relation: &OpenRelation, expr: &ast::Expr) -> Exec<StoredTree> {
    let mut context = InRelation::new(env, relation)?;
    let mut tree = context.analyzer.transform_expr(expr, ExprKind::Other)?;
    context.analyzer.assign_expr_collations(&mut tree)?;
    context.finish(tree)
}

/// An expression in code: nothing but the variables of the environment can be referred to.
pub fn expression(env: Environment<'_>, expr: &ast::Expr) -> Exec<StoredTree> {
    let mut analyzer = Analyzer::new(env);
    let mut tree = analyzer.transform_expr(expr, ExprKind::SelectTarget)?;
    analyzer.assign_expr_collations(&mut tree)?;
    analyzer.store(tree)
}

/// An argument of EXECUTE, converted to the parameter's type (`prepare.c: EvaluateParams`).
pub fn execute_parameter(env: Environment<'_>, number: usize, ty: Oid, expr: &ast::Expr) -> Exec<StoredTree> {
    let mut analyzer = Analyzer::new(env);
    let tree = analyzer.transform_expr(expr, ExprKind::ExecuteParameter)?;
    let input = analyzer.type_of(&tree);
    let loc = tree.loc();
    let Some(mut tree) = analyzer.coerce_to_target_type(tree, input, ty, -1, Coercion::ASSIGNMENT)? else {
        let (given, wanted) = (analyzer.format_type(input), analyzer.format_type(ty));
        let message = format!("parameter ${number} of type {given} cannot be coerced to the expected type {wanted}");
        let error = SqlError::new("42804", message).at(loc);
        return Err(error.hint("You will need to rewrite or cast the expression.").into());
    };
    analyzer.assign_expr_collations(&mut tree)?;
    analyzer.store(tree)
}
