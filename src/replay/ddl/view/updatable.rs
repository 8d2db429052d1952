//! Views that can be written to as if they were their table (`rewriteHandler.c: view_query_is_auto_updatable`).

use crate::catalog::tree::{Expr, JoinTree, Query, RteKind};
use crate::catalog::{Catalog, RelationKind};
use crate::replay::{Exec, SqlError};
use crate::sql::ast::Name;

/// WITH CHECK OPTION needs a view that is automatically updatable.
pub(in crate::replay::ddl) fn check_option_allowed(
    catalog: &Catalog,
    query: &Query,
    options: &[(Name, String)],
) -> Exec {
    if !options.iter().any(|(name, _)| name == "check_option") {
        return Ok(());
    }
    match not_updatable(catalog, query) {
        None => Ok(()),
        Some(reason) => {
            let message = "WITH CHECK OPTION is supported only on automatically updatable views";
            Err(SqlError::new("0A000", message).hint(reason).into())
        }
    }
}

/// Why no column of the view can be written to.
fn not_updatable(catalog: &Catalog, query: &Query) -> Option<&'static str> {
    let plain = [
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
    if let Some((_, reason)) = plain.iter().find(|(found, _)| *found) {
        return Some(reason);
    }
    let not_single = "Views that do not select from a single table or view are not automatically updatable.";
    let &[JoinTree::Ref(base)] = query.jointree.from.as_slice() else { return Some(not_single) };
    let entry = (base as usize).checked_sub(1).and_then(|index| query.rtable.get(index));
    let Some(RteKind::Relation { relation, sample }) = entry.map(|entry| &entry.kind) else { return Some(not_single) };
    match catalog.relation(*relation).map(|r| &r.kind) {
        Some(
            RelationKind::Table
            | RelationKind::PartitionedTable(_)
            | RelationKind::ForeignTable(_)
            | RelationKind::View(_),
        )
        // One of PostgreSQL's own.
        | None => {}
        Some(
            RelationKind::MaterializedView(..)
            | RelationKind::Sequence(_)
            | RelationKind::Index(_)
            | RelationKind::CompositeType,
        ) => return Some(not_single),
    }
    if sample.is_some() {
        return Some("Views containing TABLESAMPLE are not automatically updatable.");
    }
    let writable = query.targets.iter().any(|target| match &target.expr {
        Expr::Var(var) => !target.junk && var.varno == base && var.levels_up == 0 && var.varattno > 0,
        _ => false,
    });
    (!writable).then_some("Views that have no updatable columns are not automatically updatable.")
}
