//! ORDER BY, GROUP BY, DISTINCT (`parse_clause.c`).

use super::error::{at, fail};
use super::vars::{find_agg_of_level, find_window_func, strip_implicit_coercions};
use super::{Analyzer, ExprKind};
use crate::catalog::tree::{SortGroupClause, TargetEntry};
use crate::catalog::{Oid, type_oid as t};
use crate::replay::{Exec, SqlError};
use crate::sql::ast::{self, Literal, SortBy, SortDirection};
use crate::sql::span::Loc;

/// The number that a target is referred to by; a new one if it has none (`assignSortGroupRef`).
pub(super) fn assign_sort_group_ref(list: &mut [TargetEntry], index: usize) -> u32 {
    let own = list[index].ressortgroupref;
    if own != 0 {
        return own;
    }
    let next = list.iter().map(|target| target.ressortgroupref).max().unwrap_or(0) + 1;
    list[index].ressortgroupref = next;
    next
}

/// The target that a clause refers to (`tlist.c: get_sortgroupref_tle`).
pub(super) fn sort_group_target(reference: u32, list: &[TargetEntry]) -> Option<&TargetEntry> {
    list.iter().find(|target| target.ressortgroupref == reference)
}

impl Analyzer<'_> {
    /// The target that an element of ORDER BY or GROUP BY means: an output name, a number, or an expression
    /// (`findTargetlistEntrySQL92`). A new one is put at the end of the list.
    pub(super) fn find_targetlist_entry_sql92(
        &mut self,
        node: &ast::Expr,
        list: &mut Vec<TargetEntry>,
        kind: ExprKind,
    ) -> Exec<usize> {
        if let ast::ExprKind::Column(parts) = &node.kind
            && let [name] = parts.as_slice()
        {
            // In GROUP BY a column of FROM is meant before an output name.
            let is_column = kind == ExprKind::GroupBy && self.col_name_to_var(name, node.loc, true)?.is_some();
            if !is_column {
                let mut found: Option<usize> = None;
                for (index, target) in list.iter().enumerate() {
                    if target.junk || target.name.as_ref() != Some(name) {
                        continue;
                    }
                    match found {
                        None => found = Some(index),
                        Some(first) if list[first].expr == target.expr => {}
                        Some(_) => {
                            let message = format!("{} \"{name}\" is ambiguous", kind.name());
                            return fail("42702", message, node.loc);
                        }
                    }
                }
                if let Some(index) = found {
                    self.check_targetlist_entry_sql92(&list[index], kind)?;
                    return Ok(index);
                }
            }
        }
        if let ast::ExprKind::Literal(literal) = &node.kind {
            let Literal::Integer(position) = literal else {
                return fail("42601", format!("non-integer constant in {}", kind.name()), node.loc);
            };
            let mut visible = list.iter().enumerate().filter(|(_, target)| !target.junk);
            let wanted = usize::try_from(*position).ok().and_then(|n| n.checked_sub(1));
            if let Some((index, _)) = wanted.and_then(|n| visible.nth(n)) {
                self.check_targetlist_entry_sql92(&list[index], kind)?;
                return Ok(index);
            }
            let message = format!("{} position {position} is not in select list", kind.name());
            return fail("42P10", message, node.loc);
        }
        self.find_targetlist_entry_sql99(node, list, kind)
    }

    /// `checkTargetlistEntrySQL92`
    fn check_targetlist_entry_sql92(&mut self, target: &TargetEntry, kind: ExprKind) -> Exec {
        if kind != ExprKind::GroupBy {
            return Ok(());
        }
        if self.state().has_aggs
            && let Some(loc) = find_agg_of_level([&target.expr], 0)
        {
            return fail("42803", format!("aggregate functions are not allowed in {}", kind.name()), loc);
        }
        if self.state().has_window_funcs
            && let Some(loc) = find_window_func([&target.expr])
        {
            return fail("42P20", format!("window functions are not allowed in {}", kind.name()), loc);
        }
        Ok(())
    }

    /// The target that is this expression, or a new one (`findTargetlistEntrySQL99`).
    pub(super) fn find_targetlist_entry_sql99(
        &mut self,
        node: &ast::Expr,
        list: &mut Vec<TargetEntry>,
        kind: ExprKind,
    ) -> Exec<usize> {
        let expr = self.transform_expr(node, kind)?;
        if let Some(index) = list.iter().position(|target| *strip_implicit_coercions(&target.expr) == expr) {
            return Ok(index);
        }
        let target = self.transform_target_entry(node, Some(expr), kind, None, true)?;
        list.push(target);
        Ok(list.len() - 1)
    }

    /// ORDER BY (`transformSortClause`).
    pub(super) fn transform_sort_clause(
        &mut self,
        order: &[SortBy],
        list: &mut Vec<TargetEntry>,
        kind: ExprKind,
        sql99: bool,
    ) -> Exec<Vec<SortGroupClause>> {
        let mut result = Vec::with_capacity(order.len());
        for sort in order {
            let index = if sql99 {
                self.find_targetlist_entry_sql99(&sort.expr, list, kind)?
            } else {
                self.find_targetlist_entry_sql92(&sort.expr, list, kind)?
            };
            self.add_target_to_sort_list(index, &mut result, list, sort)?;
        }
        Ok(result)
    }

    /// Adds an element of ORDER BY unless it is there already (`addTargetToSortList`).
    pub(super) fn add_target_to_sort_list(
        &mut self,
        index: usize,
        sorts: &mut Vec<SortGroupClause>,
        list: &mut [TargetEntry],
        sort: &SortBy,
    ) -> Exec {
        let ty = self.unknown_to_text(&mut list[index])?;
        let loc = if sort.loc == Loc::NONE { raw_loc(&sort.expr) } else { sort.loc };
        let (sort_op, eq, hashable, descending) = match &sort.direction {
            SortDirection::Default | SortDirection::Asc => {
                let found = at(loc, self.get_sort_group_operators(ty, true, true, false))?;
                (found.lt, found.eq, found.hashable, false)
            }
            SortDirection::Desc => {
                let found = at(loc, self.get_sort_group_operators(ty, false, true, true))?;
                (found.gt, found.eq, found.hashable, true)
            }
            SortDirection::Using(name) => {
                let sort_op = at(loc, self.compatible_oper(name, ty, ty, Loc::NONE))?.oid;
                let Some((eq, reverse)) = self.catalog().equality_for_ordering(sort_op) else {
                    let message = format!("operator {} is not a valid ordering operator", name.name);
                    let hint = "Ordering operators must be \"<\" or \">\" members of btree operator families.";
                    return Err(SqlError::new("42809", message).hint(hint).at(loc).into());
                };
                (sort_op, eq, self.is_hashable(eq, ty), reverse)
            }
        };
        if self.target_is_in_sort_list(&list[index], sort_op, sorts) {
            return Ok(());
        }
        sorts.push(SortGroupClause {
            tle_sort_group_ref: assign_sort_group_ref(list, index),
            equality: eq,
            sort: sort_op,
            descending,
            nulls_first: sort.nulls_first.unwrap_or(descending),
            hashable,
        });
        Ok(())
    }

    /// Adds an element of GROUP BY unless it is there already (`addTargetToGroupList`).
    pub(super) fn add_target_to_group_list(
        &mut self,
        index: usize,
        groups: &mut Vec<SortGroupClause>,
        list: &mut [TargetEntry],
        loc: Loc,
    ) -> Exec {
        let ty = self.unknown_to_text(&mut list[index])?;
        if self.target_is_in_sort_list(&list[index], Oid::INVALID, groups) {
            return Ok(());
        }
        let found = at(loc, self.get_sort_group_operators(ty, false, true, false))?;
        groups.push(SortGroupClause {
            tle_sort_group_ref: assign_sort_group_ref(list, index),
            equality: found.eq,
            sort: found.lt,
            descending: false,
            nulls_first: false,
            hashable: found.hashable,
        });
        Ok(())
    }

    /// The target is sorted or grouped by already (`targetIsInSortList`).
    pub(super) fn target_is_in_sort_list(&self, target: &TargetEntry, sort: Oid, list: &[SortGroupClause]) -> bool {
        let reference = target.ressortgroupref;
        reference != 0
            && list.iter().any(|clause| {
                clause.tle_sort_group_ref == reference
                    && (sort == Oid::INVALID || sort == clause.sort || sort == self.catalog().commutator(clause.sort))
            })
    }

    /// DISTINCT (`transformDistinctClause`).
    pub(super) fn transform_distinct_clause(
        &mut self,
        list: &mut [TargetEntry],
        sorts: &[SortGroupClause],
        aggregate: bool,
    ) -> Exec<Vec<SortGroupClause>> {
        let mut result = Vec::new();
        for clause in sorts {
            if let Some(target) = sort_group_target(clause.tle_sort_group_ref, list)
                && target.junk
            {
                let message = if aggregate {
                    "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list"
                } else {
                    "for SELECT DISTINCT, ORDER BY expressions must appear in select list"
                };
                return fail("42P10", message, target.expr.loc());
            }
            result.push(clause.clone());
        }
        for index in 0..list.len() {
            if !list[index].junk {
                let loc = list[index].expr.loc();
                self.add_target_to_group_list(index, &mut result, list, loc)?;
            }
        }
        if result.is_empty() {
            let message = if aggregate {
                "an aggregate with DISTINCT must have at least one argument"
            } else {
                "SELECT DISTINCT must have at least one column"
            };
            return fail("42601", message, Loc::NONE);
        }
        Ok(result)
    }

    /// DISTINCT ON (`transformDistinctOnClause`).
    pub(super) fn transform_distinct_on_clause(
        &mut self,
        on: &[ast::Expr],
        list: &mut Vec<TargetEntry>,
        sorts: &[SortGroupClause],
    ) -> Exec<Vec<SortGroupClause>> {
        const MESSAGE: &str = "SELECT DISTINCT ON expressions must match initial ORDER BY expressions";
        let mut references = Vec::with_capacity(on.len());
        for expr in on {
            let index = self.find_targetlist_entry_sql92(expr, list, ExprKind::DistinctOn)?;
            references.push(assign_sort_group_ref(list, index));
        }
        let mut result: Vec<SortGroupClause> = Vec::new();
        let mut skipped = false;
        for clause in sorts {
            match references.iter().position(|&reference| reference == clause.tle_sort_group_ref) {
                None => skipped = true,
                Some(index) if skipped => return fail("42P10", MESSAGE, raw_loc(&on[index])),
                Some(_) => result.push(clause.clone()),
            }
        }
        for (expr, reference) in on.iter().zip(references) {
            let Some(index) = list.iter().position(|target| target.ressortgroupref == reference) else { continue };
            if self.target_is_in_sort_list(&list[index], Oid::INVALID, &result) {
                continue;
            }
            if skipped {
                return fail("42P10", MESSAGE, raw_loc(expr));
            }
            self.add_target_to_group_list(index, &mut result, list, raw_loc(expr))?;
        }
        Ok(result)
    }

    /// How a column of a set operation is compared (`analyze.c: makeSortGroupClauseForSetOp`).
    pub(super) fn make_sort_group_clause_for_set_op(&mut self, ty: Oid, require_hash: bool) -> Exec<SortGroupClause> {
        let found = self.get_sort_group_operators(ty, false, true, false)?;
        // Rows can be hashed, or it fails when it runs.
        let hashable = found.hashable || require_hash && matches!(ty, t::RECORD | t::RECORD_ARRAY);
        Ok(SortGroupClause {
            tle_sort_group_ref: 0,
            equality: found.eq,
            sort: found.lt,
            descending: false,
            nulls_first: false,
            hashable,
        })
    }

    /// The equality can be hashed (`lsyscache.c: op_hashjoinable`). That of arrays and rows depends on what is in them.
    fn is_hashable(&self, eq: Oid, ty: Oid) -> bool {
        const ARRAY_EQ_OP: Oid = Oid(1070);
        const RECORD_EQ_OP: Oid = Oid(2988);
        match eq {
            ARRAY_EQ_OP | RECORD_EQ_OP => self.catalog().type_operators(ty).hashable,
            eq => self.catalog().operator_info(eq).is_some_and(|op| op.can_hash),
        }
    }
}

/// Where an expression starts (`nodeFuncs.c: exprLocation` of a raw tree).
pub(super) fn raw_loc(expr: &ast::Expr) -> Loc {
    use ast::ExprKind as K;
    let first = |own: Loc, inner: Loc| match (own.offset(), inner.offset()) {
        (Some(_), Some(_)) => own.min(inner),
        (Some(_), None) => own,
        (None, _) => inner,
    };
    let leftmost = |list: &[ast::Expr]| list.first().map_or(expr.loc, |e| first(expr.loc, raw_loc(e)));
    match &expr.kind {
        K::Op { left, .. } => left.as_ref().map_or(expr.loc, |left| first(expr.loc, raw_loc(left))),
        K::OpArray { left, .. }
        | K::Distinct { left, .. }
        | K::NullIf(left, _)
        | K::In { operand: left, .. }
        | K::Like { operand: left, .. }
        | K::Between { operand: left, .. }
        | K::IsNull { operand: left, .. }
        | K::BooleanTest { operand: left, .. } => first(expr.loc, raw_loc(left)),
        K::Cast { operand, ty } => first(expr.loc, first(ty.loc, raw_loc(operand))),
        K::Indirection { operand, .. } | K::Collate { operand, .. } => raw_loc(operand),
        K::And(list) | K::Or(list) => leftmost(list),
        K::Func(call) => match call.args.first() {
            // `a AT TIME ZONE b`
            Some(arg) if call.sql_syntax => first(expr.loc, raw_loc(&arg.value)),
            _ => expr.loc,
        },
        K::SubLink { kind: ast::SubLinkKind::Any { operand, .. } | ast::SubLinkKind::All { operand, .. }, .. } => {
            first(expr.loc, raw_loc(operand))
        }
        _ => expr.loc,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{catalog, error, tree};

    #[test]
    fn names_and_numbers_of_the_select_list() {
        let replay = catalog(15, "create table t (a int, b int)");
        let query = tree(&replay, "select b as x, a from t order by x, 2 desc, a + b");
        let sorts: Vec<_> =
            query.tree.sort_clause.iter().map(|s| (s.tle_sort_group_ref, s.descending, s.nulls_first)).collect();
        assert_eq!(sorts, [(1, false, false), (2, true, true), (3, false, false)]);
        assert!(query.tree.targets[2].junk);
        assert_eq!(
            error(&replay, "select a from t order by 2"),
            "42P10 ORDER BY position 2 is not in select list at 25"
        );
        assert_eq!(
            error(&replay, "select a as x, b as x from t order by x"),
            "42702 ORDER BY \"x\" is ambiguous at 38"
        );
        assert_eq!(
            error(&replay, "select distinct a from t order by b"),
            "42P10 for SELECT DISTINCT, ORDER BY expressions must appear in select list at 34"
        );
    }
}
