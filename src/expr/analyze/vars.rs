//! What is in expressions: variables, aggregates and window functions of a query level (`var.c`, `rewriteManip.c`,
//! `nodeFuncs.c`).

use crate::catalog::Catalog;
use crate::catalog::tree::{
    CoercionForm, Expr, JoinTree, Query, RowExpr, RteKind, children, children_mut, query_children, query_children_mut,
};
use crate::catalog::type_oid as t;
use crate::sql::ast::Name;
use crate::sql::span::Loc;

/// What a visitor says of an expression.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Visit {
    /// Go on below it.
    Down,
    /// Leave out what is below it.
    Skip,
    /// It is found: stop.
    Stop,
}

/// Calls `f` with an expression and those below it, and how many queries down they are; true if `f` stopped
/// (`expression_tree_walker` with `sublevels_up`).
pub(super) fn walk(expr: &Expr, level: u32, f: &mut dyn FnMut(&Expr, u32) -> Visit) -> bool {
    match f(expr, level) {
        Visit::Stop => return true,
        Visit::Skip => return false,
        Visit::Down => {}
    }
    let mut exprs: Vec<&Expr> = Vec::new();
    let mut queries: Vec<&Query> = Vec::new();
    children(expr, &mut |e| exprs.push(e), &mut |q| queries.push(q));
    exprs.into_iter().any(|e| walk(e, level, f)) || queries.into_iter().any(|q| walk_query(q, level + 1, f))
}

/// The same for a query, which is at `level`.
pub(super) fn walk_query(query: &Query, level: u32, f: &mut dyn FnMut(&Expr, u32) -> Visit) -> bool {
    let mut exprs: Vec<&Expr> = Vec::new();
    let mut queries: Vec<&Query> = Vec::new();
    query_children(query, &mut |e| exprs.push(e), &mut |q| queries.push(q));
    exprs.into_iter().any(|e| walk(e, level, f)) || queries.into_iter().any(|q| walk_query(q, level + 1, f))
}

/// Calls `f` with an expression and those below it, to change them; `f` says whether to go on below.
pub(super) fn walk_mut(expr: &mut Expr, level: u32, f: &mut dyn FnMut(&mut Expr, u32) -> bool) {
    if !f(expr, level) {
        return;
    }
    let cell = std::cell::RefCell::new(f);
    children_mut(
        expr,
        &mut |e| {
            let mut f = cell.borrow_mut();
            walk_mut(e, level, &mut **f);
        },
        &mut |q| {
            let mut f = cell.borrow_mut();
            walk_query_mut(q, level + 1, &mut **f);
        },
    );
}

/// The same for a query.
pub(super) fn walk_query_mut(query: &mut Query, level: u32, f: &mut dyn FnMut(&mut Expr, u32) -> bool) {
    let cell = std::cell::RefCell::new(f);
    query_children_mut(
        query,
        &mut |e| {
            let mut f = cell.borrow_mut();
            walk_mut(e, level, &mut **f);
        },
        &mut |q| {
            let mut f = cell.borrow_mut();
            walk_query_mut(q, level + 1, &mut **f);
        },
    );
}

/// The place of the first variable of that level; nothing if there is none (`var.c: contain_vars_of_level`,
/// `locate_var_of_level`).
pub(super) fn find_var_of_level<'e>(exprs: impl IntoIterator<Item = &'e Expr>, wanted: u32) -> Option<Loc> {
    let mut found = None;
    for expr in exprs {
        walk(expr, 0, &mut |e, level| is_var_of_level(e, wanted + level, &mut found));
        if found.is_some() {
            break;
        }
    }
    found
}

/// The same in a query, seen from outside of it: level 1 is the level around it.
pub(super) fn find_var_of_level_in_query(query: &Query, wanted: u32) -> Option<Loc> {
    let mut found = None;
    walk_query(query, 0, &mut |e, level| is_var_of_level(e, wanted + level, &mut found));
    found
}

fn is_var_of_level(expr: &Expr, wanted: u32, found: &mut Option<Loc>) -> Visit {
    let loc = match expr {
        Expr::Var(var) if var.levels_up == wanted => var.at.0,
        Expr::CurrentOfExpr(_) if wanted == 0 => Loc::NONE,
        _ => return Visit::Down,
    };
    *found = Some(loc);
    Visit::Stop
}

/// The place of the first aggregate or GROUPING of that level (`rewriteManip.c: contain_aggs_of_level`,
/// `locate_agg_of_level`).
pub(super) fn find_agg_of_level<'e>(exprs: impl IntoIterator<Item = &'e Expr>, wanted: u32) -> Option<Loc> {
    let mut found = None;
    for expr in exprs {
        walk(expr, 0, &mut |e, level| is_agg_of_level(e, wanted + level, &mut found));
        if found.is_some() {
            break;
        }
    }
    found
}

/// The same in a query at level 0.
pub(super) fn find_agg_in_query(query: &Query) -> Option<Loc> {
    let mut found = None;
    walk_query(query, 0, &mut |e, level| is_agg_of_level(e, level, &mut found));
    found
}

fn is_agg_of_level(expr: &Expr, wanted: u32, found: &mut Option<Loc>) -> Visit {
    let (levels_up, at) = match expr {
        Expr::Aggref(agg) => (agg.levels_up, agg.at),
        Expr::GroupingFunc(grouping) => (grouping.levels_up, grouping.at),
        _ => return Visit::Down,
    };
    if levels_up != wanted {
        return Visit::Down;
    }
    *found = Some(at.0);
    Visit::Stop
}

/// The place of the first window function, sub-queries left out (`rewriteManip.c: contain_windowfuncs`,
/// `locate_windowfunc`).
pub(super) fn find_window_func<'e>(exprs: impl IntoIterator<Item = &'e Expr>) -> Option<Loc> {
    let mut found = None;
    for expr in exprs {
        walk(expr, 0, &mut |e, level| match e {
            _ if level > 0 => Visit::Skip,
            Expr::WindowFunc(call) => {
                found = Some(call.at.0);
                Visit::Stop
            }
            _ => Visit::Down,
        });
        if found.is_some() {
            break;
        }
    }
    found
}

/// An entry of the range table is used in a query at level 0 (`rewriteManip.c: rangeTableEntry_used`).
pub(super) fn entry_used_in_query(query: &Query, rtindex: u32) -> bool {
    entry_used_in_query_at(query, rtindex, 0)
}

fn entry_used_in_query_at(query: &Query, rtindex: u32, level: u32) -> bool {
    let in_jointree = level == 0 && query.jointree.from.iter().any(|node| entry_in_jointree(node, rtindex));
    in_jointree || walk_query(query, level, &mut |e, level| is_entry(e, rtindex, level))
}

fn entry_in_jointree(node: &JoinTree, rtindex: u32) -> bool {
    match node {
        JoinTree::Ref(number) => *number == rtindex,
        JoinTree::Join(join) => {
            join.rtindex == rtindex || entry_in_jointree(&join.left, rtindex) || entry_in_jointree(&join.right, rtindex)
        }
    }
}

/// The same of a query one level down, as those of WITH are.
pub(super) fn entry_used_from_below(query: &Query, rtindex: u32) -> bool {
    entry_used_in_query_at(query, rtindex, 1)
}

/// An entry of the range table is used in an expression at level 0.
pub(super) fn entry_used(expr: &Expr, rtindex: u32) -> bool {
    walk(expr, 0, &mut |e, level| is_entry(e, rtindex, level))
}

fn is_entry(expr: &Expr, rtindex: u32, level: u32) -> Visit {
    match expr {
        Expr::Var(var) if var.varno == rtindex && var.levels_up == level => Visit::Stop,
        _ => Visit::Down,
    }
}

/// Makes what refers to levels from `least` outwards refer to levels `delta` further out
/// (`rewriteManip.c: IncrementVarSublevelsUp`).
pub(super) fn increment_levels(expr: &mut Expr, delta: u32, least: u32) {
    walk_mut(expr, 0, &mut |e, level| {
        let levels_up = match e {
            Expr::Var(var) => &mut var.levels_up,
            Expr::Aggref(agg) => &mut agg.levels_up,
            Expr::GroupingFunc(grouping) => &mut grouping.levels_up,
            _ => return true,
        };
        if *levels_up >= least + level {
            *levels_up += delta;
        }
        true
    });
}

/// Replaces variables of joins by what they are (`var.c: flatten_join_alias_vars`).
pub(super) fn flatten_join_alias_vars(query: &Query, expr: &mut Expr) {
    walk_mut(expr, 0, &mut |e, level| {
        let Expr::Var(var) = &*e else { return true };
        if var.levels_up != level {
            return false;
        }
        let Some(rte) = query.rte(var.varno) else { return false };
        let RteKind::Join(join) = &rte.kind else { return false };
        let mut new = if var.varattno == 0 {
            // A whole row is a row of what the columns are.
            let args: Vec<Expr> = join.alias_vars.clone();
            let names: Vec<Name> = rte.eref.columns.clone();
            Expr::RowExpr(Box::new(RowExpr {
                args,
                ty: var.ty.oid,
                form: CoercionForm::ImplicitCast,
                names,
                at: var.at,
            }))
        } else {
            let index = usize::try_from(var.varattno).ok().and_then(|n| n.checked_sub(1));
            let Some(alias_var) = index.and_then(|index| join.alias_vars.get(index)) else { return false };
            let mut new = alias_var.clone();
            if let Expr::Var(inner) = &mut new {
                inner.at = var.at;
            }
            new
        };
        flatten_join_alias_vars(query, &mut new);
        if level > 0 {
            increment_levels(&mut new, level, 0);
        }
        *e = new;
        false
    });
}

/// An expression without the coercions around it that nobody wrote (`nodeFuncs.c: strip_implicit_coercions`).
pub(super) fn strip_implicit_coercions(expr: &Expr) -> &Expr {
    let implicit = CoercionForm::ImplicitCast;
    match expr {
        Expr::FuncExpr(x) if x.form == implicit => x.args.first().map_or(expr, strip_implicit_coercions),
        Expr::RelabelType(x) if x.form == implicit => strip_implicit_coercions(&x.arg),
        Expr::CoerceViaIO(x) if x.form == implicit => strip_implicit_coercions(&x.arg),
        Expr::ArrayCoerceExpr(x) if x.form == implicit => strip_implicit_coercions(&x.arg),
        Expr::ConvertRowtypeExpr(x) if x.form == implicit => strip_implicit_coercions(&x.arg),
        Expr::CoerceToDomain(x) if x.form == implicit => strip_implicit_coercions(&x.arg),
        _ => expr,
    }
}

/// A literal that nothing has decided the type of, or a parameter like it.
pub(super) fn is_unknown_constant(expr: &Expr, catalog: &Catalog) -> bool {
    matches!(expr, Expr::Const(_) | Expr::Param(_)) && expr.ty(catalog).oid == t::UNKNOWN
}
