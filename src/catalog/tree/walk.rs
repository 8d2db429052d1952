//! Walking over trees (`nodeFuncs.c`).

use super::{Expr, JoinTree, Query, RteKind};

/// Calls `f` with every expression directly under `expr`, and `q` with every query (`nodeFuncs.c: expression_tree_walker`).
pub fn children<'e>(expr: &'e Expr, f: &mut dyn FnMut(&'e Expr), q: &mut dyn FnMut(&'e Query)) {
    match expr {
        Expr::Var(_)
        | Expr::Const(_)
        | Expr::Param(_)
        | Expr::MergeSupportFunc(_)
        | Expr::CaseTestExpr(_)
        | Expr::SqlValueFunction(_)
        | Expr::CoerceToDomainValue(_)
        | Expr::SetToDefault(_)
        | Expr::CurrentOfExpr(_) => {}
        Expr::Aggref(x) => {
            x.direct_args.iter().for_each(&mut *f);
            x.args.iter().for_each(|t| f(&t.expr));
            x.filter.iter().for_each(f);
        }
        Expr::GroupingFunc(x) => x.args.iter().for_each(f),
        Expr::WindowFunc(x) => {
            x.args.iter().for_each(&mut *f);
            x.filter.iter().for_each(f);
        }
        Expr::SubscriptingRef(x) => {
            x.upper.iter().flatten().for_each(&mut *f);
            x.lower.iter().flatten().for_each(&mut *f);
            f(&x.operand);
            x.assign.iter().for_each(f);
        }
        Expr::FuncExpr(x) => x.args.iter().for_each(f),
        Expr::NamedArgExpr(x) => f(&x.arg),
        Expr::OpExpr(x) | Expr::DistinctExpr(x) | Expr::NullIfExpr(x) => x.args.iter().for_each(f),
        Expr::ScalarArrayOpExpr(x) => {
            f(&x.scalar);
            f(&x.array);
        }
        Expr::BoolExpr(x) => x.args.iter().for_each(f),
        Expr::SubLink(x) => {
            x.test.iter().for_each(f);
            q(&x.query);
        }
        Expr::FieldSelect(x) => f(&x.arg),
        Expr::FieldStore(x) => {
            f(&x.arg);
            x.values.iter().for_each(f);
        }
        Expr::RelabelType(x) => f(&x.arg),
        Expr::CoerceViaIO(x) => f(&x.arg),
        Expr::ArrayCoerceExpr(x) => {
            f(&x.arg);
            f(&x.element);
        }
        Expr::ConvertRowtypeExpr(x) => f(&x.arg),
        Expr::CollateExpr(x) => f(&x.arg),
        Expr::CaseExpr(x) => {
            x.arg.iter().for_each(&mut *f);
            for when in &x.whens {
                f(&when.condition);
                f(&when.result);
            }
            f(&x.default);
        }
        Expr::ArrayExpr(x) => x.elements.iter().for_each(f),
        Expr::RowExpr(x) => x.args.iter().for_each(f),
        Expr::RowCompareExpr(x) => {
            x.left.iter().for_each(&mut *f);
            x.right.iter().for_each(f);
        }
        Expr::CoalesceExpr(x) => x.args.iter().for_each(f),
        Expr::MinMaxExpr(x) => x.args.iter().for_each(f),
        Expr::XmlExpr(x) => {
            x.named_args.iter().for_each(&mut *f);
            x.args.iter().for_each(f);
        }
        Expr::JsonValueExpr(x) => {
            f(&x.raw);
            f(&x.formatted);
        }
        Expr::JsonConstructorExpr(x) => {
            x.args.iter().for_each(&mut *f);
            x.func.iter().for_each(&mut *f);
            x.coercion.iter().for_each(f);
        }
        Expr::JsonIsPredicate(x) => f(&x.arg),
        Expr::JsonExpr(x) => {
            f(&x.formatted);
            f(&x.path);
            x.passing_values.iter().for_each(&mut *f);
            x.on_empty.iter().filter_map(|b| b.expr.as_ref()).for_each(&mut *f);
            x.on_error.iter().filter_map(|b| b.expr.as_ref()).for_each(f);
        }
        Expr::NullTest(x) => f(&x.arg),
        Expr::BooleanTest(x) => f(&x.arg),
        Expr::CoerceToDomain(x) => f(&x.arg),
    }
}

/// Calls `f` with every expression directly in a query, and `q` with every query in it: of WITH and FROM
/// (`nodeFuncs.c: query_tree_walker`).
pub fn query_children<'e>(query: &'e Query, f: &mut dyn FnMut(&'e Expr), q: &mut dyn FnMut(&'e Query)) {
    for cte in &query.ctes {
        q(&cte.query);
        if let Some(cycle) = &cte.cycle {
            f(&cycle.mark_value);
            f(&cycle.mark_default);
        }
    }
    for rte in &query.rtable {
        match &rte.kind {
            RteKind::Relation { sample, .. } => {
                if let Some(sample) = sample {
                    sample.args.iter().for_each(&mut *f);
                    sample.repeatable.iter().for_each(&mut *f);
                }
            }
            RteKind::Subquery(query) => q(query),
            RteKind::Join(join) => join.alias_vars.iter().for_each(&mut *f),
            RteKind::Function { functions, .. } => functions.iter().for_each(|x| f(&x.expr)),
            RteKind::TableFunc(table) => {
                table.namespace_uris.iter().for_each(&mut *f);
                f(&table.document);
                table.row.iter().for_each(&mut *f);
                for column in &table.columns {
                    column.path.iter().for_each(&mut *f);
                    column.value.iter().for_each(&mut *f);
                    column.default.iter().for_each(&mut *f);
                }
                table.passing.iter().for_each(|(_, x)| f(x));
            }
            RteKind::Values { rows, .. } => rows.iter().flatten().for_each(&mut *f),
            RteKind::Cte { .. } | RteKind::NamedTuplestore { .. } | RteKind::Result => {}
        }
    }
    query.jointree.from.iter().for_each(|node| join_children(node, f));
    query.jointree.quals.iter().for_each(&mut *f);
    for action in &query.merge_actions {
        action.condition.iter().for_each(&mut *f);
        action.targets.iter().for_each(|t| f(&t.expr));
    }
    query.merge_join_condition.iter().for_each(&mut *f);
    query.targets.iter().for_each(|t| f(&t.expr));
    if let Some(conflict) = &query.on_conflict {
        conflict.arbiter.iter().for_each(|x| f(&x.expr));
        conflict.arbiter_where.iter().for_each(&mut *f);
        conflict.set.iter().for_each(|t| f(&t.expr));
        conflict.filter.iter().for_each(&mut *f);
    }
    query.returning.iter().for_each(|t| f(&t.expr));
    query.having.iter().for_each(&mut *f);
    for window in &query.window_clause {
        window.start_offset.iter().for_each(&mut *f);
        window.end_offset.iter().for_each(&mut *f);
    }
    query.limit_offset.iter().for_each(&mut *f);
    query.limit_count.iter().for_each(f);
}

fn join_children<'e>(node: &'e JoinTree, f: &mut dyn FnMut(&'e Expr)) {
    match node {
        JoinTree::Ref(_) => {}
        JoinTree::Join(join) => {
            join_children(&join.left, f);
            join_children(&join.right, f);
            join.quals.iter().for_each(f);
        }
    }
}

/// Calls `f` with every expression directly under `expr`, and `q` with every query (`nodeFuncs.c: expression_tree_walker`).
pub fn children_mut(expr: &mut Expr, f: &mut dyn FnMut(&mut Expr), q: &mut dyn FnMut(&mut Query)) {
    match expr {
        Expr::Var(_)
        | Expr::Const(_)
        | Expr::Param(_)
        | Expr::MergeSupportFunc(_)
        | Expr::CaseTestExpr(_)
        | Expr::SqlValueFunction(_)
        | Expr::CoerceToDomainValue(_)
        | Expr::SetToDefault(_)
        | Expr::CurrentOfExpr(_) => {}
        Expr::Aggref(x) => {
            x.direct_args.iter_mut().for_each(&mut *f);
            x.args.iter_mut().for_each(|t| f(&mut t.expr));
            x.filter.iter_mut().for_each(f);
        }
        Expr::GroupingFunc(x) => x.args.iter_mut().for_each(f),
        Expr::WindowFunc(x) => {
            x.args.iter_mut().for_each(&mut *f);
            x.filter.iter_mut().for_each(f);
        }
        Expr::SubscriptingRef(x) => {
            x.upper.iter_mut().flatten().for_each(&mut *f);
            x.lower.iter_mut().flatten().for_each(&mut *f);
            f(&mut x.operand);
            x.assign.iter_mut().for_each(f);
        }
        Expr::FuncExpr(x) => x.args.iter_mut().for_each(f),
        Expr::NamedArgExpr(x) => f(&mut x.arg),
        Expr::OpExpr(x) | Expr::DistinctExpr(x) | Expr::NullIfExpr(x) => x.args.iter_mut().for_each(f),
        Expr::ScalarArrayOpExpr(x) => {
            f(&mut x.scalar);
            f(&mut x.array);
        }
        Expr::BoolExpr(x) => x.args.iter_mut().for_each(f),
        Expr::SubLink(x) => {
            x.test.iter_mut().for_each(f);
            q(&mut x.query);
        }
        Expr::FieldSelect(x) => f(&mut x.arg),
        Expr::FieldStore(x) => {
            f(&mut x.arg);
            x.values.iter_mut().for_each(f);
        }
        Expr::RelabelType(x) => f(&mut x.arg),
        Expr::CoerceViaIO(x) => f(&mut x.arg),
        Expr::ArrayCoerceExpr(x) => {
            f(&mut x.arg);
            f(&mut x.element);
        }
        Expr::ConvertRowtypeExpr(x) => f(&mut x.arg),
        Expr::CollateExpr(x) => f(&mut x.arg),
        Expr::CaseExpr(x) => {
            x.arg.iter_mut().for_each(&mut *f);
            for when in &mut x.whens {
                f(&mut when.condition);
                f(&mut when.result);
            }
            f(&mut x.default);
        }
        Expr::ArrayExpr(x) => x.elements.iter_mut().for_each(f),
        Expr::RowExpr(x) => x.args.iter_mut().for_each(f),
        Expr::RowCompareExpr(x) => {
            x.left.iter_mut().for_each(&mut *f);
            x.right.iter_mut().for_each(f);
        }
        Expr::CoalesceExpr(x) => x.args.iter_mut().for_each(f),
        Expr::MinMaxExpr(x) => x.args.iter_mut().for_each(f),
        Expr::XmlExpr(x) => {
            x.named_args.iter_mut().for_each(&mut *f);
            x.args.iter_mut().for_each(f);
        }
        Expr::JsonValueExpr(x) => {
            f(&mut x.raw);
            f(&mut x.formatted);
        }
        Expr::JsonConstructorExpr(x) => {
            x.args.iter_mut().for_each(&mut *f);
            x.func.iter_mut().for_each(&mut *f);
            x.coercion.iter_mut().for_each(f);
        }
        Expr::JsonIsPredicate(x) => f(&mut x.arg),
        Expr::JsonExpr(x) => {
            f(&mut x.formatted);
            f(&mut x.path);
            x.passing_values.iter_mut().for_each(&mut *f);
            x.on_empty.iter_mut().filter_map(|b| b.expr.as_mut()).for_each(&mut *f);
            x.on_error.iter_mut().filter_map(|b| b.expr.as_mut()).for_each(f);
        }
        Expr::NullTest(x) => f(&mut x.arg),
        Expr::BooleanTest(x) => f(&mut x.arg),
        Expr::CoerceToDomain(x) => f(&mut x.arg),
    }
}

/// Calls `f` with every expression directly in a query, and `q` with every query in it: of WITH and FROM
/// (`nodeFuncs.c: query_tree_walker`).
pub fn query_children_mut(query: &mut Query, f: &mut dyn FnMut(&mut Expr), q: &mut dyn FnMut(&mut Query)) {
    for cte in &mut query.ctes {
        q(&mut cte.query);
        if let Some(cycle) = &mut cte.cycle {
            f(&mut cycle.mark_value);
            f(&mut cycle.mark_default);
        }
    }
    for rte in &mut query.rtable {
        match &mut rte.kind {
            RteKind::Relation { sample, .. } => {
                if let Some(sample) = sample {
                    sample.args.iter_mut().for_each(&mut *f);
                    sample.repeatable.iter_mut().for_each(&mut *f);
                }
            }
            RteKind::Subquery(query) => q(query),
            RteKind::Join(join) => join.alias_vars.iter_mut().for_each(&mut *f),
            RteKind::Function { functions, .. } => functions.iter_mut().for_each(|x| f(&mut x.expr)),
            RteKind::TableFunc(table) => {
                table.namespace_uris.iter_mut().for_each(&mut *f);
                f(&mut table.document);
                table.row.iter_mut().for_each(&mut *f);
                for column in &mut table.columns {
                    column.path.iter_mut().for_each(&mut *f);
                    column.value.iter_mut().for_each(&mut *f);
                    column.default.iter_mut().for_each(&mut *f);
                }
                table.passing.iter_mut().for_each(|(_, x)| f(x));
            }
            RteKind::Values { rows, .. } => rows.iter_mut().flatten().for_each(&mut *f),
            RteKind::Cte { .. } | RteKind::NamedTuplestore { .. } | RteKind::Result => {}
        }
    }
    query.jointree.from.iter_mut().for_each(|node| join_children_mut(node, f));
    query.jointree.quals.iter_mut().for_each(&mut *f);
    for action in &mut query.merge_actions {
        action.condition.iter_mut().for_each(&mut *f);
        action.targets.iter_mut().for_each(|t| f(&mut t.expr));
    }
    query.merge_join_condition.iter_mut().for_each(&mut *f);
    query.targets.iter_mut().for_each(|t| f(&mut t.expr));
    if let Some(conflict) = &mut query.on_conflict {
        conflict.arbiter.iter_mut().for_each(|x| f(&mut x.expr));
        conflict.arbiter_where.iter_mut().for_each(&mut *f);
        conflict.set.iter_mut().for_each(|t| f(&mut t.expr));
        conflict.filter.iter_mut().for_each(&mut *f);
    }
    query.returning.iter_mut().for_each(|t| f(&mut t.expr));
    query.having.iter_mut().for_each(&mut *f);
    for window in &mut query.window_clause {
        window.start_offset.iter_mut().for_each(&mut *f);
        window.end_offset.iter_mut().for_each(&mut *f);
    }
    query.limit_offset.iter_mut().for_each(&mut *f);
    query.limit_count.iter_mut().for_each(f);
}

fn join_children_mut(node: &mut JoinTree, f: &mut dyn FnMut(&mut Expr)) {
    match node {
        JoinTree::Ref(_) => {}
        JoinTree::Join(join) => {
            join_children_mut(&mut join.left, f);
            join_children_mut(&mut join.right, f);
            join.quals.iter_mut().for_each(f);
        }
    }
}

impl Expr {
    /// Calls `f` with this expression and every one under it, sub-queries included. `f` says whether to go on below.
    pub fn walk(&self, f: &mut dyn FnMut(&Expr) -> bool) {
        if !f(self) {
            return;
        }
        let mut exprs: Vec<&Expr> = Vec::new();
        let mut queries: Vec<&Query> = Vec::new();
        children(self, &mut |e| exprs.push(e), &mut |q| queries.push(q));
        exprs.into_iter().for_each(|e| e.walk(f));
        queries.into_iter().for_each(|q| q.walk(f));
    }
}

impl Query {
    /// Calls `f` with every expression in the query and in the queries in it. `f` says whether to go on below.
    pub fn walk(&self, f: &mut dyn FnMut(&Expr) -> bool) {
        let mut exprs: Vec<&Expr> = Vec::new();
        let mut queries: Vec<&Query> = Vec::new();
        query_children(self, &mut |e| exprs.push(e), &mut |q| queries.push(q));
        exprs.into_iter().for_each(|e| e.walk(f));
        queries.into_iter().for_each(|q| q.walk(f));
    }
}
