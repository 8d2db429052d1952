//! FOR UPDATE and the like (`analyze.c: transformLockingClause`).

use super::Analyzer;
use super::error::fail;
use crate::catalog::tree::{Query, RowMarkClause, RteKind};
use crate::replay::Exec;
use crate::sql::ast::{LockStrength, LockWait, Locking};
use crate::sql::span::Loc;

/// The clause in SQL's words (`LCS_asString`).
pub(super) fn strength_words(strength: LockStrength) -> &'static str {
    match strength {
        LockStrength::KeyShare => "FOR KEY SHARE",
        LockStrength::Share => "FOR SHARE",
        LockStrength::NoKeyUpdate => "FOR NO KEY UPDATE",
        LockStrength::Update => "FOR UPDATE",
    }
}

/// The order of strengths.
fn rank(strength: LockStrength) -> u8 {
    match strength {
        LockStrength::KeyShare => 1,
        LockStrength::Share => 2,
        LockStrength::NoKeyUpdate => 3,
        LockStrength::Update => 4,
    }
}

/// The order of what is done about waiting.
fn wait_rank(wait: LockWait) -> u8 {
    match wait {
        LockWait::Block => 0,
        LockWait::Skip => 1,
        LockWait::Error => 2,
    }
}

/// Rows of such a query cannot be locked (`CheckSelectLocking`).
pub(super) fn check_select_locking(query: &Query, strength: LockStrength) -> Exec {
    let what = if query.set_operations.is_some() {
        "UNION/INTERSECT/EXCEPT"
    } else if !query.distinct_clause.is_empty() {
        "DISTINCT clause"
    } else if !query.group_clause.is_empty() || !query.grouping_sets.is_empty() {
        "GROUP BY clause"
    } else if query.having.is_some() {
        "HAVING clause"
    } else if query.has_aggs {
        "aggregate functions"
    } else if query.has_window_funcs {
        "window functions"
    } else if query.has_target_srfs {
        "set-returning functions in the target list"
    } else {
        return Ok(());
    };
    fail("0A000", format!("{} is not allowed with {what}", strength_words(strength)), Loc::NONE)
}

/// `applyLockingClause`
fn apply(query: &mut Query, rti: u32, locking: &Locking, pushed_down: bool) {
    if !pushed_down {
        query.has_for_update = true;
    }
    if let Some(mark) = query.row_marks.iter_mut().find(|mark| mark.rti == rti) {
        if rank(locking.strength) > rank(mark.strength) {
            mark.strength = locking.strength;
        }
        if wait_rank(locking.wait) > wait_rank(mark.wait) {
            mark.wait = locking.wait;
        }
        mark.pushed_down &= pushed_down;
        return;
    }
    query.row_marks.push(RowMarkClause { rti, strength: locking.strength, wait: locking.wait, pushed_down });
}

/// Locks an entry, and what is in it if it is a sub-query; false if it cannot be locked.
fn lock_entry(query: &mut Query, index: usize, locking: &Locking, pushed_down: bool) -> Exec<bool> {
    let rti = u32::try_from(index + 1).unwrap_or(u32::MAX);
    match &query.rtable[index].kind {
        RteKind::Relation { .. } => apply(query, rti, locking, pushed_down),
        RteKind::Subquery(_) => {
            apply(query, rti, locking, pushed_down);
            let all = Locking { of: Vec::new(), ..locking.clone() };
            if let RteKind::Subquery(inner) = &mut query.rtable[index].kind {
                lock(inner, &all, true)?;
            }
        }
        RteKind::Join(_)
        | RteKind::Function { .. }
        | RteKind::TableFunc(_)
        | RteKind::Values { .. }
        | RteKind::Cte { .. }
        | RteKind::NamedTuplestore { .. }
        | RteKind::Result => return Ok(false),
    }
    Ok(true)
}

fn lock(query: &mut Query, locking: &Locking, pushed_down: bool) -> Exec {
    let words = strength_words(locking.strength);
    check_select_locking(query, locking.strength)?;
    if locking.of.is_empty() {
        for index in 0..query.rtable.len() {
            if query.rtable[index].in_from {
                lock_entry(query, index, locking, pushed_down)?;
            }
        }
        return Ok(());
    }
    for relation in &locking.of {
        let (name, loc) = (&relation.name.name, relation.name.loc);
        if relation.name.schema.is_some() || relation.catalog.is_some() {
            return fail("42601", format!("{words} must specify unqualified relation names"), loc);
        }
        let found = query.rtable.iter().position(|rte| {
            rte.in_from
                && match &rte.kind {
                    // A join without an alias has no name.
                    RteKind::Join(join) if rte.alias.is_none() => {
                        join.using_alias.as_ref().is_some_and(|alias| alias.name == *name)
                    }
                    RteKind::Join(_)
                    | RteKind::Relation { .. }
                    | RteKind::Subquery(_)
                    | RteKind::Function { .. }
                    | RteKind::TableFunc(_)
                    | RteKind::Values { .. }
                    | RteKind::Cte { .. }
                    | RteKind::NamedTuplestore { .. }
                    | RteKind::Result => rte.eref.name == *name,
                }
        });
        let Some(index) = found else {
            let message = format!("relation \"{name}\" in {words} clause not found in FROM clause");
            return fail("42P01", message, loc);
        };
        if lock_entry(query, index, locking, pushed_down)? {
            continue;
        }
        let what = match &query.rtable[index].kind {
            RteKind::Relation { .. } | RteKind::Subquery(_) | RteKind::Result => "this",
            RteKind::Join(_) => "a join",
            RteKind::Function { .. } => "a function",
            RteKind::TableFunc(_) => "a table function",
            RteKind::Values { .. } => "VALUES",
            RteKind::Cte { .. } => "a WITH query",
            RteKind::NamedTuplestore { .. } => "a named tuplestore",
        };
        return fail("0A000", format!("{words} cannot be applied to {what}"), loc);
    }
    Ok(())
}

impl Analyzer<'_> {
    /// FOR UPDATE (`transformLockingClause`).
    pub(super) fn transform_locking_clause(&mut self, query: &mut Query, locking: &Locking) -> Exec {
        lock(query, locking, false)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{catalog, error, tree};

    #[test]
    fn sub_queries_are_locked_too() {
        let replay = catalog(15, "create table t (a int)");
        let query = tree(&replay, "select * from (select * from t) s for update");
        assert!(query.tree.has_for_update);
        assert_eq!(query.tree.row_marks.len(), 1);
        assert_eq!(
            error(&replay, "select distinct a from t for update"),
            "0A000 FOR UPDATE is not allowed with DISTINCT clause"
        );
        assert_eq!(
            error(&replay, "select a from t for share of s"),
            "42P01 relation \"s\" in FOR SHARE clause not found in FROM clause at 29"
        );
    }
}
