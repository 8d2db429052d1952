//! Calls of functions (`parse_func.c`).

mod call;
mod candidates;
mod placement;
mod projection;
mod select;

pub(super) use call::{Call, MOVE_TO_LATERAL};
pub(super) use candidates::{Candidate, SchemaList, Wanted};
pub(super) use select::FuncDetail;

use crate::catalog::tree::Expr;

/// An expression has a call that returns a set in it, sub-queries left out (`clauses.c: expression_returns_set`).
pub(super) fn expression_returns_set(expr: &Expr) -> bool {
    let mut found = false;
    visit(expr, &mut |e| match e {
        Expr::FuncExpr(x) => {
            found |= x.returns_set;
            true
        }
        Expr::OpExpr(x) => {
            found |= x.returns_set;
            true
        }
        // Aggregates and sub-queries deliver one value whatever is in them.
        Expr::Aggref(_) | Expr::GroupingFunc(_) | Expr::WindowFunc(_) | Expr::SubLink(_) => false,
        _ => true,
    });
    found
}

/// Visits an expression and what is under it, but not queries.
pub(super) fn visit(expr: &Expr, f: &mut dyn FnMut(&Expr) -> bool) {
    if f(expr) {
        crate::catalog::tree::children(expr, &mut |e| visit(e, f), &mut |_| {});
    }
}
