//! WHERE of COPY FROM (`copy.c: DoCopy`).

use super::super::tupdesc::OpenRelation;
use super::super::{Environment, ExprKind};
use super::InRelation;
use crate::catalog::AttrNumber;
use crate::catalog::tree::StoredTree;
use crate::replay::{Exec, SqlError};
use crate::sql::ast;

/// The condition; `generated` columns have no values yet when it is looked at.
pub fn copy_condition(
    env: Environment<'_>,
    relation: &OpenRelation,
    generated: &[AttrNumber],
    expr: &ast::Expr,
) -> Exec<StoredTree> {
    let mut context = InRelation::new(env, relation)?;
    let tree = context.analyzer.condition(expr, ExprKind::CopyWhere, "WHERE")?;
    let used = tree.columns();
    let refused = generated.iter().find(|number| used.contains(number) || used.contains(&0));
    if let Some(&number) = refused {
        let name = relation.attribute(number).map(|a| a.name.clone()).unwrap_or_default();
        let message = "generated columns are not supported in COPY FROM WHERE conditions";
        let detail = format!("Column \"{name}\" is a generated column.");
        return Err(SqlError::new("42P10", message).detail(detail).into());
    }
    context.finish(tree)
}
