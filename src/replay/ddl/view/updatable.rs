//! Whether rows of a view can be changed without rules and triggers (`rewriteHandler.c: view_query_is_auto_updatable`).

use crate::catalog::tree::{Expr, JoinTree, Query, RteKind};
use crate::catalog::{Catalog, RelationKind};
use crate::replay::{Exec, SqlError};

/// WITH CHECK OPTION is for views that are automatically updatable (`view.c: DefineView`, `tablecmds.c:
/// ATExecSetRelOptions`).
pub(in crate::replay::ddl) fn check_updatable(catalog: &Catalog, query: &Query) -> Exec {
    match why_not(catalog, query) {
        None => Ok(()),
        Some(why) => {
            let message = "WITH CHECK OPTION is supported only on automatically updatable views";
            Err(SqlError::new("0A000", message).hint(why).into())
        }
    }
}

/// Why rows of a view cannot be changed.
pub(in crate::replay::ddl) fn why_not(catalog: &Catalog, query: &Query) -> Option<&'static str> {
    let has = [
        (!query.distinct_clause.is_empty(), "Views containing DISTINCT are not automatically updatable."),
        (
            !query.group_clause.is_empty() || !query.grouping_sets.is_empty(),
            "Views containing GROUP BY are not automatically updatable.",
        ),
        (query.having.is_some(), "Views containing HAVING are not automatically updatable."),
        (
            query.set_operations.is_some(),
            "Views containing UNION, INTERSECT, or EXCEPT are not automatically updatable.",
        ),
        (!query.ctes.is_empty(), "Views containing WITH are not automatically updatable."),
        (
            query.limit_offset.is_some() || query.limit_count.is_some(),
            "Views containing LIMIT or OFFSET are not automatically updatable.",
        ),
        (query.has_aggs, "Views that return aggregate functions are not automatically updatable."),
        (query.has_window_funcs, "Views that return window functions are not automatically updatable."),
        (query.has_target_srfs, "Views that return set-returning functions are not automatically updatable."),
    ];
    if let Some((_, why)) = has.into_iter().find(|(has, _)| *has) {
        return Some(why);
    }
    let several = Some("Views that do not select from a single table or view are not automatically updatable.");
    let [JoinTree::Ref(number)] = query.jointree.from.as_slice() else { return several };
    let entry = query.rtable.get(*number as usize - 1);
    let Some(RteKind::Relation { relation, sample }) = entry.map(|entry| &entry.kind) else { return several };
    match catalog.relation(*relation).map(|relation| &relation.kind) {
        Some(
            RelationKind::Table
            | RelationKind::PartitionedTable(_)
            | RelationKind::ForeignTable(_)
            | RelationKind::View(_),
        )
        // PostgreSQL's own are tables and views.
        | None => {}
        Some(
            RelationKind::MaterializedView(..)
            | RelationKind::Sequence(_)
            | RelationKind::Index(_)
            | RelationKind::CompositeType,
        ) => return several,
    }
    if sample.is_some() {
        return Some("Views containing TABLESAMPLE are not automatically updatable.");
    }
    // `view_col_is_auto_updatable`
    let is_column = |expr: &Expr| match expr {
        Expr::Var(var) => var.varno == *number && var.levels_up == 0 && var.varattno > 0,
        _ => false,
    };
    let updatable = query.targets.iter().any(|target| !target.junk && is_column(&target.expr));
    (!updatable).then_some("Views that have no updatable columns are not automatically updatable.")
}
