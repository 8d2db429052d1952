//! Aggregates, GROUPING and window functions: where they belong and where they may stand (`parse_agg.c`).

use super::error::fail;
use super::expand::make_target_entry;
use super::sort_group::sort_group_target;
use super::vars::{find_agg_of_level, find_var_of_level, find_window_func};
use super::{Analyzer, ExprKind};
use crate::catalog::Oid;
use crate::catalog::tree::{
    Aggref, AggregateKind, Expr, GroupingFunc, Query, RteKind, TargetEntry, WindowFunc, children, query_children,
};
use crate::replay::{Exec, SqlError, Stop};
use crate::sql::ast::{self, Name, SortBy, WindowDef};
use crate::sql::span::Loc;

/// The innermost levels that things in an aggregate's arguments are of (`check_agg_arguments_context`).
#[derive(Default)]
struct Levels {
    var: Option<u32>,
    agg: Option<u32>,
    cte: Option<(u32, Name)>,
}

fn lower(slot: &mut Option<u32>, level: u32) {
    *slot = Some(slot.map_or(level, |old| old.min(level)));
}

impl Levels {
    /// `check_agg_arguments_walker`
    fn visit(&mut self, expr: &Expr, down: u32) -> Exec {
        match expr {
            Expr::Var(var) => {
                if let Some(level) = var.levels_up.checked_sub(down) {
                    lower(&mut self.var, level);
                }
                return Ok(());
            }
            Expr::Aggref(agg) => {
                if let Some(level) = agg.levels_up.checked_sub(down) {
                    lower(&mut self.agg, level);
                }
            }
            Expr::GroupingFunc(grouping) => {
                if let Some(level) = grouping.levels_up.checked_sub(down) {
                    lower(&mut self.agg, level);
                }
            }
            _ => {}
        }
        if down == 0 {
            let set =
                matches!(expr, Expr::FuncExpr(x) if x.returns_set) || matches!(expr, Expr::OpExpr(x) if x.returns_set);
            if set {
                let message = "aggregate function calls cannot contain set-returning function calls";
                let hint = "You might be able to move the set-returning function into a LATERAL FROM item.";
                return Err(SqlError::new("0A000", message).hint(hint).at(expr.loc()).into());
            }
            if let Expr::WindowFunc(call) = expr {
                let message = "aggregate function calls cannot contain window function calls";
                return fail("42803", message, call.at.0);
            }
        }
        let mut exprs = Vec::new();
        let mut queries = Vec::new();
        children(expr, &mut |e| exprs.push(e), &mut |q| queries.push(q));
        self.visit_all(exprs, queries, down)
    }

    fn visit_all(&mut self, exprs: Vec<&Expr>, queries: Vec<&Query>, down: u32) -> Exec {
        for expr in exprs {
            self.visit(expr, down)?;
        }
        for query in queries {
            self.visit_query(query, down + 1)?;
        }
        Ok(())
    }

    fn visit_query(&mut self, query: &Query, down: u32) -> Exec {
        for rte in &query.rtable {
            if let RteKind::Cte { levels_up, .. } = &rte.kind
                && let Some(level) = levels_up.checked_sub(down)
                && self.cte.as_ref().is_none_or(|(old, _)| *old > level)
            {
                self.cte = Some((level, rte.eref.name.clone()));
            }
        }
        let mut exprs = Vec::new();
        let mut queries = Vec::new();
        query_children(query, &mut |e| exprs.push(e), &mut |q| queries.push(q));
        self.visit_all(exprs, queries, down)
    }

    fn check_cte(&self, level: u32, loc: Loc) -> Exec {
        match &self.cte {
            Some((cte, name)) if *cte < level => {
                let detail = format!("CTE \"{name}\" is below the aggregate's semantic level.");
                let error = SqlError::new("0A000", "outer-level aggregate cannot use a nested CTE");
                Err(error.detail(detail).at(loc).into())
            }
            _ => Ok(()),
        }
    }
}

/// The level that an aggregate belongs to (`check_agg_arguments`).
fn check_agg_arguments(direct: &[Expr], args: &[&Expr], filter: Option<&Expr>, loc: Loc) -> Exec<u32> {
    const NESTED: &str = "aggregate function calls cannot be nested";
    let mut levels = Levels::default();
    for arg in args.iter().copied().chain(filter) {
        levels.visit(arg, 0)?;
    }
    let level = match (levels.var, levels.agg) {
        (None, None) => 0,
        (Some(var), None) => var,
        (None, Some(agg)) => agg,
        (Some(var), Some(agg)) => var.min(agg),
    };
    if levels.agg == Some(level) {
        let found = find_agg_of_level(args.iter().copied().chain(filter), level);
        return fail("42803", NESTED, found.unwrap_or_default());
    }
    levels.check_cte(level, loc)?;
    if !direct.is_empty() {
        let mut levels = Levels::default();
        for arg in direct {
            levels.visit(arg, 0)?;
        }
        if let Some(var) = levels.var.filter(|&var| var < level) {
            let message = "outer-level aggregate cannot contain a lower-level variable in its direct arguments";
            return fail("42803", message, find_var_of_level(direct, var).unwrap_or_default());
        }
        if let Some(agg) = levels.agg.filter(|&agg| agg <= level) {
            return fail("42803", NESTED, find_agg_of_level(direct, agg).unwrap_or_default());
        }
        levels.check_cte(level, loc)?;
    }
    Ok(level)
}

/// What is said of an aggregate or window function in the wrong place: words of their own, or `not allowed in WHERE`.
enum Refusal {
    Words(&'static str),
    Kind,
}

/// Why an aggregate cannot stand there (`check_agglevels_and_constraints`).
fn aggregate_refusal(kind: ExprKind) -> Option<Refusal> {
    use ExprKind as K;
    Some(Refusal::Words(match kind {
        K::Other | K::Having | K::WindowPartition | K::WindowOrder | K::SelectTarget | K::OrderBy | K::DistinctOn => {
            return None;
        }
        K::Where
        | K::Filter
        | K::InsertTarget
        | K::UpdateSource
        | K::UpdateTarget
        | K::GroupBy
        | K::Limit
        | K::Offset
        | K::Returning
        | K::MergeReturning
        | K::Values
        | K::ValuesSingle
        | K::CycleMark => return Some(Refusal::Kind),
        K::JoinOn | K::JoinUsing => "JOIN conditions",
        K::FromSubselect => "FROM clause of their own query level",
        K::FromFunction => "functions in FROM",
        K::Policy => "policy expressions",
        K::WindowFrameRange => "window RANGE",
        K::WindowFrameRows => "window ROWS",
        K::WindowFrameGroups => "window GROUPS",
        K::MergeWhen => "MERGE WHEN conditions",
        K::CheckConstraint | K::DomainCheck => "check constraints",
        K::ColumnDefault | K::FunctionDefault => "DEFAULT expressions",
        K::IndexExpression => "index expressions",
        K::IndexPredicate => "index predicates",
        K::StatsExpression => "statistics expressions",
        K::AlterColTransform => "transform expressions",
        K::ExecuteParameter => "EXECUTE parameters",
        K::TriggerWhen => "trigger WHEN conditions",
        K::PartitionBound => "partition bound",
        K::PartitionExpression => "partition key expressions",
        K::GeneratedColumn => "column generation expressions",
        K::CallArgument => "CALL arguments",
        K::CopyWhere => "COPY FROM WHERE conditions",
    }))
}

/// Why a window function cannot stand there (`transformWindowFuncCall`).
fn window_refusal(kind: ExprKind) -> Option<Refusal> {
    use ExprKind as K;
    Some(Refusal::Words(match kind {
        K::Other | K::SelectTarget | K::OrderBy | K::DistinctOn => return None,
        K::FromSubselect
        | K::Where
        | K::Having
        | K::Filter
        | K::InsertTarget
        | K::UpdateSource
        | K::UpdateTarget
        | K::GroupBy
        | K::Limit
        | K::Offset
        | K::Returning
        | K::MergeReturning
        | K::Values
        | K::ValuesSingle
        | K::CycleMark => return Some(Refusal::Kind),
        K::JoinOn | K::JoinUsing => "JOIN conditions",
        K::FromFunction => "functions in FROM",
        K::Policy => "policy expressions",
        K::WindowPartition | K::WindowOrder | K::WindowFrameRange | K::WindowFrameRows | K::WindowFrameGroups => {
            "window definitions"
        }
        K::MergeWhen => "MERGE WHEN conditions",
        K::CheckConstraint | K::DomainCheck => "check constraints",
        K::ColumnDefault | K::FunctionDefault => "DEFAULT expressions",
        K::IndexExpression => "index expressions",
        K::StatsExpression => "statistics expressions",
        K::IndexPredicate => "index predicates",
        K::AlterColTransform => "transform expressions",
        K::ExecuteParameter => "EXECUTE parameters",
        K::TriggerWhen => "trigger WHEN conditions",
        K::PartitionBound => "partition bound",
        K::PartitionExpression => "partition key expressions",
        K::CallArgument => "CALL arguments",
        K::CopyWhere => "COPY FROM WHERE conditions",
        K::GeneratedColumn => "column generation expressions",
    }))
}

impl Analyzer<'_> {
    /// Fills in an aggregate's arguments and what it sorts by, and finds the query that it belongs to
    /// (`transformAggregateCall`).
    pub(super) fn transform_aggregate_call(
        &mut self,
        agg: Aggref,
        args: Vec<Expr>,
        order: &[SortBy],
        distinct: bool,
    ) -> Exec<Aggref> {
        let mut agg = agg;
        let mut list: Vec<TargetEntry> = Vec::with_capacity(args.len());
        let number = |index: usize| i16::try_from(index + 1).unwrap_or(i16::MAX);
        if agg.kind == AggregateKind::Normal {
            for (index, arg) in args.into_iter().enumerate() {
                list.push(make_target_entry(arg, number(index), None, false));
            }
            let next = number(list.len());
            let saved = std::mem::replace(&mut self.state().next_resno, next);
            agg.order = self.transform_sort_clause(order, &mut list, ExprKind::OrderBy, true)?;
            if distinct {
                agg.distinct = self.transform_distinct_clause(&mut list, &agg.order, true)?;
                for clause in agg.distinct.iter().filter(|clause| clause.sort == Oid::INVALID) {
                    let Some(target) = sort_group_target(clause.tle_sort_group_ref, &list) else { continue };
                    let ty = target.expr.ty(self.catalog()).oid;
                    let message = format!("could not identify an ordering operator for type {}", self.format_type(ty));
                    let detail = "Aggregates with DISTINCT must be able to sort their inputs.";
                    return Err(SqlError::new("42883", message).detail(detail).at(target.expr.loc()).into());
                }
            }
            self.state().next_resno = saved;
        } else {
            let direct = args.len().saturating_sub(order.len());
            let mut args = args;
            let aggregated = args.split_off(direct);
            agg.direct_args = args;
            for (index, (arg, sort)) in aggregated.into_iter().zip(order).enumerate() {
                list.push(make_target_entry(arg, number(index), None, false));
                self.add_target_to_sort_list(index, &mut agg.order, &mut list, sort)?;
            }
        }
        agg.args = list;
        let aggregated = agg.args.iter().filter(|target| !target.junk).map(|target| &target.expr);
        agg.arg_types = agg.direct_args.iter().chain(aggregated).map(|arg| arg.ty(self.catalog()).oid).collect();
        let all: Vec<&Expr> = agg.args.iter().map(|target| &target.expr).collect();
        let level = check_agg_arguments(&agg.direct_args, &all, agg.filter.as_ref(), agg.at.0)?;
        agg.levels_up = level;
        self.check_agg_constraints(level, "aggregate functions", agg.at.0)?;
        Ok(agg)
    }

    /// `GROUPING(…)` (`transformGroupingFunc`).
    pub(super) fn transform_grouping_func(&mut self, args: &[ast::Expr], loc: Loc) -> Exec<Expr> {
        if args.len() > 31 {
            return fail("54023", "GROUPING must have fewer than 32 arguments", loc);
        }
        let kind = self.state().expr_kind.unwrap_or(ExprKind::Other);
        let args = args.iter().map(|arg| self.transform_expr(arg, kind)).collect::<Exec<Vec<_>>>()?;
        let level = check_agg_arguments(&[], &args.iter().collect::<Vec<_>>(), None, loc)?;
        self.check_agg_constraints(level, "grouping operations", loc)?;
        Ok(Expr::GroupingFunc(Box::new(GroupingFunc { args, refs: Vec::new(), levels_up: level, at: loc.into() })))
    }

    /// The rest of `check_agglevels_and_constraints`.
    fn check_agg_constraints(&mut self, level: u32, what: &str, loc: Loc) -> Exec {
        let Some(state) = self.level_mut(level) else { return Err(super::relation::internal("query of an aggregate")) };
        state.has_aggs = true;
        let kind = state.expr_kind.unwrap_or(ExprKind::Other);
        match aggregate_refusal(kind) {
            None => Ok(()),
            Some(Refusal::Words(words)) => fail("42803", format!("{what} are not allowed in {words}"), loc),
            Some(Refusal::Kind) => fail("42803", format!("{what} are not allowed in {}", kind.name()), loc),
        }
    }

    /// Finds a window function's window (`transformWindowFuncCall`).
    pub(super) fn transform_window_func_call(&mut self, call: WindowFunc, window: &WindowDef) -> Exec<WindowFunc> {
        let mut call = call;
        if self.state().has_window_funcs
            && let Some(loc) = find_window_func(&call.args)
        {
            return fail("42P20", "window function calls cannot be nested", loc);
        }
        let kind = self.state().expr_kind.unwrap_or(ExprKind::Other);
        let refused = |words: &str| -> Stop {
            let message = format!("window functions are not allowed in {words}");
            SqlError::new("42P20", message).at(call.at.0).into()
        };
        match window_refusal(kind) {
            None => {}
            Some(Refusal::Words(words)) => return Err(refused(words)),
            Some(Refusal::Kind) => return Err(refused(kind.name())),
        }
        let state = self.state();
        let number = |index: usize| u32::try_from(index + 1).unwrap_or(u32::MAX);
        match &window.name {
            Some(name) => match state.window_defs.iter().position(|def| def.name.as_ref() == Some(name)) {
                Some(index) => call.winref = number(index),
                None => return fail("42704", format!("window \"{name}\" does not exist"), window.loc),
            },
            None => {
                // Windows that are alike are one.
                let same = |def: &WindowDef| {
                    def.refname == window.refname
                        && def.frame_options == window.frame_options
                        && super::same::exprs(&def.partition_by, &window.partition_by)
                        && super::same::sorts(&def.order_by, &window.order_by)
                        && super::same::options(def.start_offset.as_deref(), window.start_offset.as_deref())
                        && super::same::options(def.end_offset.as_deref(), window.end_offset.as_deref())
                };
                match state.window_defs.iter().position(same) {
                    Some(index) => call.winref = number(index),
                    None => {
                        state.window_defs.push(window.clone());
                        call.winref = number(state.window_defs.len() - 1);
                    }
                }
            }
        }
        self.state().has_window_funcs = true;
        Ok(call)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{catalog, error, tree};
    use crate::catalog::tree::Expr;

    #[test]
    fn an_aggregate_belongs_to_the_query_of_its_columns() {
        let replay = catalog(15, "create table t (a int)");
        let query = tree(&replay, "select (select max(t.a)) from t");
        assert!(query.tree.has_aggs);
        let mut levels = Vec::new();
        query.tree.walk(&mut |expr| {
            if let Expr::Aggref(agg) = expr {
                levels.push(agg.levels_up);
            }
            true
        });
        assert_eq!(levels, [1]);
    }

    #[test]
    fn where_they_cannot_stand() {
        let replay = catalog(15, "create table t (a int)");
        assert_eq!(
            error(&replay, "select 1 from t where max(a) > 1"),
            "42803 aggregate functions are not allowed in WHERE at 22"
        );
        assert_eq!(
            error(&replay, "select max(max(a)) from t"),
            "42803 aggregate function calls cannot be nested at 11"
        );
        assert_eq!(
            error(&replay, "select 1 from t where row_number() over () = 1"),
            "42P20 window functions are not allowed in WHERE at 22"
        );
        assert_eq!(error(&replay, "select max(a) over w from t"), "42704 window \"w\" does not exist at 19");
    }
}
