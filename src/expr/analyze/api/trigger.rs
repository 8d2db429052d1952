//! WHEN of a trigger (`trigger.c: CreateTriggerFiringOn`).

use super::super::tupdesc::OpenRelation;
use super::super::{Analyzer, Environment, ExprKind};
use super::add_relation;
use crate::catalog::AttrNumber;
use crate::catalog::tree::{Expr, StoredTree, Var};
use crate::replay::{Exec, SqlError, Stop};
use crate::sql::ast;

/// When a trigger fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fires {
    /// `FOR EACH ROW`
    pub row: bool,
    /// `BEFORE`
    pub before: bool,
    /// On INSERT, among others.
    pub insert: bool,
    /// On DELETE, among others.
    pub delete: bool,
}

/// The condition. `generated` are the table's generated columns.
pub fn trigger_when(
    env: Environment<'_>,
    relation: &OpenRelation,
    generated: &[AttrNumber],
    fires: Fires,
    expr: &ast::Expr,
) -> Exec<StoredTree> {
    let mut analyzer = Analyzer::new(env);
    add_relation(&mut analyzer, relation, Some("old"), true)?;
    add_relation(&mut analyzer, relation, Some("new"), true)?;
    let tree = analyzer.condition(expr, ExprKind::TriggerWhen, "WHEN")?;
    let mut error = None;
    tree.walk(&mut |e| {
        if let Expr::Var(var) = e
            && error.is_none()
        {
            error = refuse(relation, generated, fires, var);
        }
        error.is_none()
    });
    match error {
        Some(error) => Err(error),
        None => analyzer.store(tree),
    }
}

fn refuse(relation: &OpenRelation, generated: &[AttrNumber], fires: Fires, var: &Var) -> Option<Stop> {
    let error = |code, message: &str| SqlError::new(code, message).at(var.at.0);
    if !fires.row {
        let message = "statement trigger's WHEN condition cannot reference column values";
        return Some(error("42P17", message).into());
    }
    if var.varno == 1 {
        let message = "INSERT trigger's WHEN condition cannot reference OLD values";
        return fires.insert.then(|| error("42P17", message).into());
    }
    if fires.delete {
        return Some(error("42P17", "DELETE trigger's WHEN condition cannot reference NEW values").into());
    }
    if !fires.before {
        return None;
    }
    if var.varattno < 0 {
        let message = "BEFORE trigger's WHEN condition cannot reference NEW system columns";
        return Some(error("0A000", message).into());
    }
    let message = "BEFORE trigger's WHEN condition cannot reference NEW generated columns";
    if var.varattno == 0 && !generated.is_empty() {
        let detail = "A whole-row reference is used and the table contains generated columns.";
        return Some(error("42P17", message).detail(detail).into());
    }
    if generated.contains(&var.varattno) {
        let name = relation.attribute(var.varattno).map(|a| a.name.clone()).unwrap_or_default();
        return Some(error("42P17", message).detail(format!("Column \"{name}\" is a generated column.")).into());
    }
    None
}
