//! What the expression of a virtual generated column may use (18): it runs whenever rows are read, by whoever reads
//! them.

use crate::catalog::Oid;
use crate::catalog::tree::Expr;
use crate::expr::analyze::Environment;
use crate::replay::{Exec, SqlError};

/// `heap.c: check_virtual_generated_security`
pub(super) fn check_security(env: &Environment<'_>, tree: &Expr) -> Exec {
    let mut refused: Option<SqlError> = None;
    tree.walk(&mut |expr| {
        if refused.is_none() {
            let (what, whats) = match uses(env, expr) {
                Some(Used::Function) => ("function", "functions"),
                Some(Used::Type) => ("type", "types"),
                None => return true,
            };
            let detail =
                format!("Virtual generated columns that make use of user-defined {whats} are not yet supported.");
            let message = format!("generation expression uses user-defined {what}");
            refused = Some(SqlError::new("0A000", message).detail(detail).at(expr.loc()));
        }
        false
    });
    refused.map_or(Ok(()), |error| Err(error.into()))
}

enum Used {
    Function,
    Type,
}

/// What one node uses that is not PostgreSQL's own (`check_virtual_generated_security_walker`).
fn uses(env: &Environment<'_>, expr: &Expr) -> Option<Used> {
    let user = |oid: Oid| oid >= Oid::FIRST_NORMAL;
    let base = |ty: Oid| user(ty) && env.catalog.type_info(ty).is_some_and(|info| info.typtype == 'b');
    let function = match expr {
        Expr::Aggref(x) => user(x.function),
        Expr::WindowFunc(x) => user(x.function),
        Expr::FuncExpr(x) => user(x.function),
        Expr::OpExpr(x) | Expr::DistinctExpr(x) | Expr::NullIfExpr(x) => user(x.function),
        Expr::ScalarArrayOpExpr(x) => user(x.function),
        // The input function of the one type and the output function of the other.
        Expr::CoerceViaIO(x) => {
            let own = |ty: Oid| base(ty) && env.catalog.type_info(ty).is_some_and(|info| !info.is_true_array());
            own(x.ty) || own(x.arg.ty(env.catalog).oid)
        }
        Expr::RowCompareExpr(x) => {
            x.operators.iter().any(|&op| env.catalog.operator_info(op).is_some_and(|op| user(op.function)))
        }
        _ => false,
    };
    if function {
        return Some(Used::Function);
    }
    user(expr.ty(env.catalog).oid).then_some(Used::Type)
}
