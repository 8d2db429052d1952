//! What the rewriter refuses before a statement runs (`rewriteHandler.c: rewriteTargetListIU`).

pub(crate) mod updatable;

use super::error::fail;
use crate::catalog::tree::{CommandType, Expr, Overriding, Query, RteKind, TargetEntry};
use crate::catalog::{Catalog, Column, Identity, Relation, RelationKind};
use crate::replay::{Exec, SqlError};
use crate::sql::span::Loc;

/// Refuses values for columns that take none, in a statement and in its WITH queries (`RewriteQuery`).
pub(crate) fn check_assignments(catalog: &Catalog, query: &Query) -> Exec {
    for cte in &query.ctes {
        check_assignments(catalog, &cte.query)?;
    }
    let Some(relation) = target(catalog, query) else { return Ok(()) };
    if matches!(relation.kind, RelationKind::View(_)) {
        return updatable::check_view(catalog, query, relation);
    }
    match query.command {
        CommandType::Insert => {
            check_list(relation, query, &query.targets, CommandType::Insert, query.overriding)?;
            if let Some(conflict) = &query.on_conflict {
                check_list(relation, query, &conflict.set, CommandType::Update, Overriding::NotSet)?;
            }
        }
        CommandType::Update => check_list(relation, query, &query.targets, CommandType::Update, Overriding::NotSet)?,
        CommandType::Merge => {
            for action in &query.merge_actions {
                check_list(relation, query, &action.targets, action.command, action.overriding)?;
            }
        }
        CommandType::Select | CommandType::Delete | CommandType::Utility | CommandType::Nothing => {}
    }
    Ok(())
}

/// The table or view that is changed.
fn target<'c>(catalog: &'c Catalog, query: &Query) -> Option<&'c Relation> {
    let relation = catalog.relation(query.rte(query.result_relation)?.relation()?)?;
    (relation.is_table() || matches!(relation.kind, RelationKind::View(_))).then_some(relation)
}

fn check_list(
    relation: &Relation,
    query: &Query,
    targets: &[TargetEntry],
    command: CommandType,
    overriding: Overriding,
) -> Exec {
    let targets = targets.iter().filter(|target| !target.junk);
    let mut seen: Vec<&TargetEntry> = Vec::new();
    for target in targets {
        if let Some(before) = seen.iter().find(|before| before.resno == target.resno)
            && !both_assign_parts(&before.expr, &target.expr)
        {
            let name = target.name.clone().unwrap_or_default();
            return fail("42601", format!("multiple assignments to same column \"{name}\""), Loc::NONE);
        }
        seen.push(target);
    }
    // PostgreSQL goes through the columns.
    seen.sort_by_key(|target| target.resno);
    for target in seen {
        let Some(column) = relation.column_at(target.resno) else { continue };
        if matches!(target.expr, Expr::SetToDefault(_)) {
            continue;
        }
        match command {
            CommandType::Insert => check_insert(column, query, target, overriding)?,
            CommandType::Update => check_update(column)?,
            CommandType::Select
            | CommandType::Delete
            | CommandType::Merge
            | CommandType::Utility
            | CommandType::Nothing => {}
        }
    }
    Ok(())
}

fn check_insert(column: &Column, query: &Query, target: &TargetEntry, overriding: Overriding) -> Exec {
    let name = &column.name;
    let refused = || SqlError::new("428C9", format!("cannot insert a non-DEFAULT value into column \"{name}\""));
    let always = column.identity == Some(Identity::Always) && overriding == Overriding::NotSet;
    if always && !is_default_only(query, target) {
        let detail = format!("Column \"{name}\" is an identity column defined as GENERATED ALWAYS.");
        return Err(refused().detail(detail).hint("Use OVERRIDING SYSTEM VALUE to override.").into());
    }
    // With OVERRIDING USER VALUE the values do not count.
    let ignored = column.identity.is_some() && overriding == Overriding::User;
    if column.generated.is_some() && !ignored && !is_default_only(query, target) {
        return Err(refused().detail(format!("Column \"{name}\" is a generated column.")).into());
    }
    Ok(())
}

fn check_update(column: &Column) -> Exec {
    let name = &column.name;
    let detail = if column.identity == Some(Identity::Always) {
        format!("Column \"{name}\" is an identity column defined as GENERATED ALWAYS.")
    } else if column.generated.is_some() {
        format!("Column \"{name}\" is a generated column.")
    } else {
        return Ok(());
    };
    Err(SqlError::new("428C9", format!("column \"{name}\" can only be updated to DEFAULT")).detail(detail).into())
}

/// All rows of VALUES have DEFAULT there (`findDefaultOnlyColumns`).
fn is_default_only(query: &Query, target: &TargetEntry) -> bool {
    let Expr::Var(var) = &target.expr else { return false };
    let Some(RteKind::Values { rows, .. }) = query.rte(var.varno).map(|rte| &rte.kind) else { return false };
    let index = super::missing::attr_index(var.varattno);
    let is_default =
        |row: &Vec<Expr>| index.and_then(|i| row.get(i)).is_some_and(|e| matches!(e, Expr::SetToDefault(_)));
    !rows.is_empty() && rows.iter().all(is_default)
}

/// Both set a part of the value, which goes together (`process_matched_tle`).
fn both_assign_parts(a: &Expr, b: &Expr) -> bool {
    fn is_part(expr: &Expr) -> bool {
        match expr {
            Expr::CoerceToDomain(domain) => is_part(&domain.arg),
            Expr::FieldStore(_) => true,
            Expr::SubscriptingRef(reference) => reference.assign.is_some(),
            _ => false,
        }
    }
    is_part(a) && is_part(b)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{analyzed, catalog, error};

    #[test]
    fn columns_that_take_no_values() {
        let replay = catalog(
            15,
            "create table t (a int generated always as identity, b int generated always as (1) stored, c int)",
        );
        assert_eq!(
            error(&replay, "insert into t (a) values (1)"),
            "428C9 cannot insert a non-DEFAULT value into column \"a\"\n\
             Column \"a\" is an identity column defined as GENERATED ALWAYS.\n\
             Use OVERRIDING SYSTEM VALUE to override."
        );
        assert_eq!(
            error(&replay, "update t set b = 1"),
            "428C9 column \"b\" can only be updated to DEFAULT\nColumn \"b\" is a generated column."
        );
        for text in [
            "insert into t (a) overriding system value values (1)",
            "insert into t (a, b, c) values (default, default, 1), (default, default, 2)",
            "update t set b = default",
        ] {
            assert!(analyzed(&replay, text).is_ok(), "{text}");
        }
        assert_eq!(error(&replay, "update t set c = 1, c = 2"), "42601 multiple assignments to same column \"c\"");
    }
}
