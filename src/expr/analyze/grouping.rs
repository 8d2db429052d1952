//! Columns that are not grouped (`parse_agg.c: parseCheckAggregates`).

use super::Analyzer;
use super::error::fail;
use super::sort_group::sort_group_target;
use super::tupdesc::{open_relation, system_attribute_name};
use super::vars::{find_agg_in_query, flatten_join_alias_vars};
use crate::catalog::tree::{
    Expr, GroupingSet, Query, RangeTblEntry, RteKind, Var, children, children_mut, query_children, query_children_mut,
};
use crate::catalog::{AttrNumber, Catalog, Oid};
use crate::replay::{Exec, SqlError};
use crate::sql::span::Loc;

/// More grouping sets are an error.
const MAX_GROUPING_SETS: usize = 4096;

/// A target that is grouped by: what it is and its number.
struct Grouped {
    expr: Expr,
    reference: u32,
}

/// What expressions are checked against (`check_ungrouped_columns_context`).
struct Check<'q> {
    catalog: &'q Catalog,
    query: &'q Query,
    grouped: &'q [Grouped],
    /// The columns that all grouping sets have.
    common: &'q [Var],
    /// Something that is no column is grouped by.
    non_var: bool,
    /// Relations whose primary keys are grouped by.
    dependent: Vec<u32>,
    /// Those keys.
    constraints: Vec<(Oid, Oid)>,
    in_direct_args: bool,
}

impl Analyzer<'_> {
    /// Columns outside of aggregates must be grouped (`parseCheckAggregates`).
    pub(super) fn parse_check_aggregates(&mut self, query: &mut Query) -> Exec {
        let catalog = self.catalog();
        let mut common_refs = Vec::new();
        if !query.grouping_sets.is_empty() {
            let Some(sets) = expand_grouping_sets(&query.grouping_sets, query.group_distinct) else {
                let message = format!("too many grouping sets present (maximum {MAX_GROUPING_SETS})");
                return fail("54001", message, Loc::NONE);
            };
            if let Some((first, rest)) = sets.split_first() {
                common_refs = first.clone();
                common_refs.retain(|reference| rest.iter().all(|set| set.contains(reference)));
            }
            // One grouping set is an ordinary GROUP BY.
            if sets.len() == 1 && !query.group_clause.is_empty() {
                query.grouping_sets.clear();
            }
        }
        let has_joins = query.rtable.iter().any(|rte| matches!(rte.kind, RteKind::Join(_)));
        let has_self_reference =
            query.rtable.iter().any(|rte| matches!(rte.kind, RteKind::Cte { self_reference: true, .. }));
        let mut grouped = Vec::new();
        for clause in &query.group_clause {
            if let Some(target) = sort_group_target(clause.tle_sort_group_ref, &query.targets) {
                let mut expr = target.expr.clone();
                if has_joins {
                    flatten_join_alias_vars(query, &mut expr);
                }
                grouped.push(Grouped { expr, reference: target.ressortgroupref });
            }
        }
        let mut non_var = false;
        let mut common = Vec::new();
        for item in &grouped {
            match &item.expr {
                Expr::Var(var) => {
                    if query.grouping_sets.is_empty() || common_refs.contains(&item.reference) {
                        common.push((**var).clone());
                    }
                }
                _ => non_var = true,
            }
        }
        // The arguments of GROUPING become references.
        let mut targets = std::mem::take(&mut query.targets);
        let mut having = query.having.take();
        let finalized = {
            let mut finalize = Finalize { query, grouped: &grouped, has_joins, non_var };
            let of_targets: Exec = targets.iter_mut().try_for_each(|target| finalize.visit(&mut target.expr, 0));
            of_targets.and_then(|()| having.iter_mut().try_for_each(|expr| finalize.visit(expr, 0)))
        };
        query.targets = targets;
        query.having = having;
        finalized?;

        let mut clauses: Vec<Expr> = query.targets.iter().map(|target| target.expr.clone()).collect();
        clauses.extend(query.having.clone());
        if has_joins {
            clauses.iter_mut().for_each(|clause| flatten_join_alias_vars(query, clause));
        }
        let mut check = Check {
            catalog,
            query,
            grouped: &grouped,
            common: &common,
            non_var,
            dependent: Vec::new(),
            constraints: Vec::new(),
            in_direct_args: false,
        };
        for clause in &clauses {
            check.visit(clause, 0)?;
        }
        let constraints = check.constraints;
        query.constraint_deps.extend(constraints);
        if query.has_aggs && has_self_reference {
            let message = "aggregate functions are not allowed in a recursive query's recursive term";
            return fail("42P19", message, find_agg_in_query(query).unwrap_or_default());
        }
        Ok(())
    }
}

impl Check<'_> {
    /// `check_ungrouped_columns_walker`
    fn visit(&mut self, expr: &Expr, level: u32) -> Exec {
        match expr {
            Expr::Const(_) | Expr::Param(_) => return Ok(()),
            Expr::Aggref(agg) if agg.levels_up == level => {
                self.in_direct_args = true;
                agg.direct_args.iter().try_for_each(|arg| self.visit(arg, level))?;
                self.in_direct_args = false;
                return Ok(());
            }
            Expr::Aggref(agg) if agg.levels_up > level => return Ok(()),
            Expr::GroupingFunc(grouping) if grouping.levels_up >= level => return Ok(()),
            _ => {}
        }
        if self.non_var && level == 0 && self.grouped.iter().any(|grouped| grouped.expr == *expr) {
            return Ok(());
        }
        if let Expr::Var(var) = expr {
            return self.visit_var(var, level);
        }
        let mut exprs = Vec::new();
        let mut queries = Vec::new();
        children(expr, &mut |e| exprs.push(e), &mut |q| queries.push(q));
        exprs.into_iter().try_for_each(|e| self.visit(e, level))?;
        queries.into_iter().try_for_each(|q| self.visit_query(q, level + 1))
    }

    fn visit_query(&mut self, query: &Query, level: u32) -> Exec {
        let mut exprs = Vec::new();
        let mut queries = Vec::new();
        query_children(query, &mut |e| exprs.push(e), &mut |q| queries.push(q));
        exprs.into_iter().try_for_each(|e| self.visit(e, level))?;
        queries.into_iter().try_for_each(|q| self.visit_query(q, level + 1))
    }

    fn visit_var(&mut self, var: &Var, level: u32) -> Exec {
        if var.levels_up != level {
            return Ok(());
        }
        let same = |grouped: &Grouped| {
            matches!(&grouped.expr, Expr::Var(g)
                if g.varno == var.varno && g.varattno == var.varattno && g.levels_up == 0)
        };
        if (!self.non_var || level != 0) && self.grouped.iter().any(same) {
            return Ok(());
        }
        if self.dependent.contains(&var.varno) {
            return Ok(());
        }
        let Some(rte) = self.query.rte(var.varno) else { return Ok(()) };
        if let RteKind::Relation { relation, .. } = &rte.kind
            && let Some(key) = self.functional_grouping(*relation, var.varno)
        {
            self.dependent.push(var.varno);
            self.constraints.push((*relation, key));
            return Ok(());
        }
        let name = attribute_name(self.catalog, rte, var.varattno);
        let table = &rte.eref.name;
        if level > 0 {
            let message = format!("subquery uses ungrouped column \"{table}.{name}\" from outer query");
            return fail("42803", message, var.at.0);
        }
        let message =
            format!("column \"{table}.{name}\" must appear in the GROUP BY clause or be used in an aggregate function");
        let error = SqlError::new("42803", message).at(var.at.0);
        Err(if self.in_direct_args {
            error.detail("Direct arguments of an ordered-set aggregate must use only grouped columns.")
        } else {
            error
        }
        .into())
    }

    /// The primary key whose columns are all grouped by (`pg_constraint.c: check_functional_grouping`).
    fn functional_grouping(&self, relation: Oid, varno: u32) -> Option<Oid> {
        let relation = self.catalog.relation(relation)?;
        let key = relation.primary_key()?;
        let is_grouped = |column: &AttrNumber| {
            self.common.iter().any(|var| var.varno == varno && var.levels_up == 0 && var.varattno == *column)
        };
        (!key.deferrable && key.columns.iter().all(is_grouped)).then_some(key.oid)
    }
}

/// The name of a column of an entry (`parse_relation.c: get_rte_attribute_name`).
pub(super) fn attribute_name(catalog: &Catalog, rte: &RangeTblEntry, number: AttrNumber) -> String {
    if number == 0 {
        return "*".to_owned();
    }
    let index = super::missing::attr_index(number);
    let given = rte.alias.as_ref().and_then(|alias| alias.columns.get(index?));
    if let Some(name) = given {
        return name.to_string();
    }
    if let RteKind::Relation { relation, .. } = &rte.kind {
        if let Some(name) = system_attribute_name(number) {
            return name.to_owned();
        }
        let relation = open_relation(catalog, *relation);
        if let Some(attribute) = relation.as_ref().and_then(|relation| relation.attribute(number)) {
            return attribute.name.to_string();
        }
    }
    index.and_then(|index| rte.eref.columns.get(index)).map(ToString::to_string).unwrap_or_default()
}

/// GROUPING's arguments become references (`finalize_grouping_exprs`).
struct Finalize<'q> {
    query: &'q Query,
    grouped: &'q [Grouped],
    has_joins: bool,
    non_var: bool,
}

impl Finalize<'_> {
    fn visit(&mut self, expr: &mut Expr, level: u32) -> Exec {
        match expr {
            Expr::Const(_) | Expr::Param(_) => return Ok(()),
            Expr::Aggref(agg) if agg.levels_up == level => {
                return agg.direct_args.iter_mut().try_for_each(|arg| self.visit(arg, level));
            }
            Expr::Aggref(agg) if agg.levels_up > level => return Ok(()),
            Expr::GroupingFunc(grouping) => {
                if grouping.levels_up == level {
                    let refs = grouping.args.iter().map(|arg| self.reference(arg, level));
                    grouping.refs = refs.collect::<Exec<_>>()?;
                }
                if grouping.levels_up > level {
                    return Ok(());
                }
            }
            _ => {}
        }
        let this = std::cell::RefCell::new((self, Ok(())));
        children_mut(
            expr,
            &mut |e| {
                let (this, result) = &mut *this.borrow_mut();
                if result.is_ok() {
                    *result = this.visit(e, level);
                }
            },
            &mut |q| {
                let (this, result) = &mut *this.borrow_mut();
                if result.is_ok() {
                    *result = this.visit_query(q, level + 1);
                }
            },
        );
        this.into_inner().1
    }

    fn visit_query(&mut self, query: &mut Query, level: u32) -> Exec {
        let this = std::cell::RefCell::new((self, Ok(())));
        query_children_mut(
            query,
            &mut |e| {
                let (this, result) = &mut *this.borrow_mut();
                if result.is_ok() {
                    *result = this.visit(e, level);
                }
            },
            &mut |q| {
                let (this, result) = &mut *this.borrow_mut();
                if result.is_ok() {
                    *result = this.visit_query(q, level + 1);
                }
            },
        );
        this.into_inner().1
    }

    fn reference(&self, arg: &Expr, level: u32) -> Exec<u32> {
        let mut expr = arg.clone();
        if self.has_joins {
            flatten_join_alias_vars(self.query, &mut expr);
        }
        let found = match &expr {
            Expr::Var(var) => self.grouped.iter().find(|grouped| {
                matches!(&grouped.expr, Expr::Var(g)
                    if var.levels_up == level
                        && g.varno == var.varno
                        && g.varattno == var.varattno
                        && g.levels_up == 0)
            }),
            _ if self.non_var && level == 0 => self.grouped.iter().find(|grouped| grouped.expr == expr),
            _ => None,
        };
        match found {
            Some(grouped) => Ok(grouped.reference),
            None => {
                let message = "arguments to GROUPING must be grouping expressions of the associated query level";
                fail("42803", message, expr.loc())
            }
        }
    }
}

/// The sets that one grouping set stands for (`expand_groupingset_node`).
fn expand_one(set: &GroupingSet) -> Vec<Vec<u32>> {
    let simple = |sets: &[GroupingSet]| -> Vec<Vec<u32>> {
        sets.iter()
            .map(|set| match set {
                GroupingSet::Simple(refs) => refs.clone(),
                GroupingSet::Empty | GroupingSet::Rollup(_) | GroupingSet::Cube(_) | GroupingSet::Sets(_) => Vec::new(),
            })
            .collect()
    };
    match set {
        GroupingSet::Empty => vec![Vec::new()],
        GroupingSet::Simple(refs) => vec![refs.clone()],
        GroupingSet::Rollup(sets) => {
            let parts = simple(sets);
            (0..=parts.len()).rev().map(|count| parts[..count].concat()).collect()
        }
        GroupingSet::Cube(sets) => {
            let parts = simple(sets);
            let member = |mask: usize| {
                let chosen = parts.iter().enumerate().filter(|(bit, _)| mask & (1 << bit) != 0);
                chosen.flat_map(|(_, part)| part.iter().copied()).collect()
            };
            (0..1_usize << parts.len().min(20)).map(member).collect()
        }
        GroupingSet::Sets(sets) => sets.iter().flat_map(expand_one).collect(),
    }
}

/// All combinations of grouping sets, small ones first; nothing if there are too many (`expand_grouping_sets`).
fn expand_grouping_sets(sets: &[GroupingSet], distinct: bool) -> Option<Vec<Vec<u32>>> {
    let mut expanded = Vec::with_capacity(sets.len());
    let mut count: usize = 1;
    for set in sets {
        let current = expand_one(set);
        count = count.saturating_mul(current.len());
        if count > MAX_GROUPING_SETS {
            return None;
        }
        expanded.push(current);
    }
    let union = |a: &[u32], b: &[u32]| {
        let mut result = Vec::with_capacity(a.len() + b.len());
        for reference in a.iter().chain(b) {
            if !result.contains(reference) {
                result.push(*reference);
            }
        }
        result
    };
    let mut result: Vec<Vec<u32>> = vec![Vec::new()];
    for sets in expanded {
        result = result.iter().flat_map(|a| sets.iter().map(|b| union(a, b)).collect::<Vec<_>>()).collect();
    }
    if distinct && result.len() >= 2 {
        result.iter_mut().for_each(|set| set.sort_unstable());
        result.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        result.dedup();
    } else {
        result.sort_by_key(Vec::len);
    }
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{catalog, error, tree};
    use super::{GroupingSet, expand_grouping_sets};

    const SETUP: &str = "create table t (id int primary key, a int, b int)";

    #[test]
    fn ungrouped_columns() {
        let replay = catalog(15, SETUP);
        assert_eq!(
            error(&replay, "select b from t group by a"),
            "42803 column \"t.b\" must appear in the GROUP BY clause or be used in an aggregate function at 7"
        );
        assert_eq!(
            error(&replay, "select (select b) from t group by a"),
            "42803 subquery uses ungrouped column \"t.b\" from outer query at 15"
        );
        assert_eq!(
            error(&replay, "select grouping(b) from t group by a"),
            "42803 arguments to GROUPING must be grouping expressions of the associated query level at 16"
        );
    }

    #[test]
    fn a_grouped_primary_key_is_depended_on() {
        let replay = catalog(15, SETUP);
        let query = tree(&replay, "select a, count(*) from t group by id");
        assert_eq!(query.tree.constraint_deps.len(), 1);
        assert!(query.depends_on.iter().any(|object| matches!(object, crate::catalog::Object::Constraint(..))));
    }

    #[test]
    fn sets_are_multiplied() {
        let rollup = GroupingSet::Rollup(vec![GroupingSet::Simple(vec![1]), GroupingSet::Simple(vec![2])]);
        let sets = expand_grouping_sets(&[rollup.clone(), GroupingSet::Simple(vec![3])], false);
        assert_eq!(sets, Some(vec![vec![3], vec![1, 3], vec![1, 2, 3]]));
        let sets = expand_grouping_sets(&[rollup.clone(), rollup], true);
        assert_eq!(sets, Some(vec![vec![], vec![1], vec![1, 2]]));
    }
}
