//! What planning makes of a generation expression whose collations are not assigned yet.
//!
//! `heap.c: cookDefault` plans the expression to see whether it is immutable, and assigns its collations afterwards. So the
//! planner computes functions of constants (`clauses.c: evaluate_function`) that have no collation to work with.

use crate::catalog::tree::{self, Expr};
use crate::catalog::{Catalog, Oid, type_oid};
use crate::replay::{Exec, SqlError};
use crate::sql::ast::Volatility;

/// 42P22 for what is computed ahead and needs a collation.
pub(super) fn refuse_uncollated(catalog: &Catalog, expr: &Expr) -> Exec {
    let mut result = Ok(());
    let mut below = |child: &Expr| {
        if result.is_ok() {
            result = refuse_uncollated(catalog, child);
        }
    };
    tree::children(expr, &mut below, &mut |_| {});
    result?;
    let Some((function, args)) = called(expr) else { return Ok(()) };
    if !args.iter().all(|arg| is_constant(catalog, arg)) {
        return Ok(());
    }
    match needs_collation(catalog, function) {
        Some(what) => {
            let message = format!("could not determine which collation to use for {what}");
            let hint = "Use the COLLATE clause to set the collation explicitly.";
            Err(SqlError::new("42P22", message).hint(hint).into())
        }
        None => Ok(()),
    }
}

/// It is a constant when it is planned; NULL needs no computing.
fn is_constant(catalog: &Catalog, expr: &Expr) -> bool {
    match expr {
        Expr::Const(constant) => constant.value.is_some(),
        Expr::RelabelType(cast) => is_constant(catalog, &cast.arg),
        Expr::CollateExpr(collate) => is_constant(catalog, &collate.arg),
        expr => called(expr).is_some_and(|(function, args)| {
            is_immutable(catalog, function) && args.iter().all(|arg| is_constant(catalog, arg))
        }),
    }
}

/// The function that a call or operator is, and its arguments.
fn called(expr: &Expr) -> Option<(Oid, &[Expr])> {
    match expr {
        Expr::FuncExpr(call) => Some((call.function, &call.args)),
        Expr::OpExpr(call) => Some((call.function, &call.args)),
        _ => None,
    }
}

fn is_immutable(catalog: &Catalog, function: Oid) -> bool {
    match catalog.function(function) {
        // It may be inlined, or return NULL.
        Some(_) => false,
        None => catalog.builtins().function_by_oid(function).is_some_and(|f| f.volatility == Volatility::Immutable),
    }
}

/// What a function of PostgreSQL's own does that depends on a collation, in the words of its error.
fn needs_collation(catalog: &Catalog, function: Oid) -> Option<String> {
    let function = catalog.builtins().function_by_oid(function)?;
    let types: Vec<Oid> = function.input_types().collect();
    let of_text = types.iter().all(|ty| catalog.typtype(*ty) == 'b');
    let name = function.name;
    let what = match name {
        "upper" | "lower" | "initcap" if of_text => return Some(format!("{name}() function")),
        "text_lt" | "text_le" | "text_gt" | "text_ge" | "texteq" | "textne" | "text_larger" | "text_smaller"
        | "bpcharlt" | "bpcharle" | "bpchargt" | "bpcharge" | "bpchareq" | "bpcharne" | "bpchar_larger"
        | "bpchar_smaller" | "replace" | "strpos" | "split_part" | "starts_with" => "string comparison",
        "position" if types.first() == Some(&type_oid::TEXT) => "string comparison",
        "texticlike" | "texticnlike" | "bpchariclike" | "bpcharicnlike" => "ILIKE",
        "textlike" | "textnlike" | "like" | "notlike" if catalog.version() >= 18 => "LIKE",
        "textregexeq"
        | "textregexne"
        | "texticregexeq"
        | "texticregexne"
        | "bpcharregexeq"
        | "bpcharregexne"
        | "bpcharicregexeq"
        | "bpcharicregexne"
        | "regexp_replace"
        | "regexp_match"
        | "regexp_like"
        | "regexp_count"
        | "regexp_instr"
        | "regexp_substr"
        | "regexp_split_to_array" => "regular expression",
        "substring" if types.iter().all(|ty| *ty == type_oid::TEXT) => "regular expression",
        _ => return None,
    };
    Some(what.to_owned())
}
