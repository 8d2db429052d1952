//! Functions in SQL whose bodies the planner reads, to put them in the place of calls (`clauses.c: inline_function`).

use super::mutable::{can_be_inlined, parsed_body};
use super::{Analyzer, Environment, analyze_sql_function};
use crate::catalog::lsyscache::FunctionInfo;
use crate::catalog::tree::{CommandType, Expr, Query, RteKind};
use crate::catalog::{Function, FunctionBody, Oid};
use crate::replay::{Exec, SqlError, Stop};
use crate::sql::span::Loc;

/// The error of a body that does not fit what there is now, or the names that are visible now.
pub fn refuse_unfit_bodies(env: &Environment<'_>, query: &Query) -> Exec {
    let mut result = Ok(());
    query.walk(&mut |expr| {
        let below = refuse(env, expr, &mut Vec::new());
        let go_on = !matches!(below, Ok(false));
        if let Err(stop) = below {
            result = Err(stop);
        }
        go_on && result.is_ok()
    });
    result
}

/// The same of an expression that is planned to see whether it is immutable.
pub(super) fn refuse_unfit(env: &Environment<'_>, expr: &Expr) -> Exec {
    let mut result = Ok(());
    expr.walk(&mut |expr| match refuse(env, expr, &mut Vec::new()) {
        Ok(below) => below && result.is_ok(),
        Err(stop) => {
            result = Err(stop);
            false
        }
    });
    result
}

/// False where what is below is not looked at.
fn refuse(env: &Environment<'_>, expr: &Expr, above: &mut Vec<Oid>) -> Exec<bool> {
    if Analyzer::new(*env).is_constant_null(expr) {
        return Ok(false);
    }
    let Expr::FuncExpr(call) = expr else { return Ok(true) };
    let Some(FunctionInfo::User(function)) = env.catalog.function_info(call.function) else { return Ok(true) };
    if !above.contains(&function.oid) {
        above.push(function.oid);
        let body = refuse_body(env, function, above);
        above.pop();
        body?;
    }
    Ok(true)
}

fn refuse_body(env: &Environment<'_>, function: &Function, above: &mut Vec<Oid>) -> Exec {
    let FunctionBody::Source(code, _) = &function.body else { return Ok(()) };
    let polymorphic = |ty: Oid| env.catalog.typtype(ty) == 'p';
    if !can_be_inlined(function) || function.input_types().any(polymorphic) {
        return Ok(());
    }
    let Some(statements) = parsed_body(&code.text).filter(|statements| statements.len() == 1) else { return Ok(()) };
    let queries = match analyze_sql_function(env, function, &statements) {
        Ok(queries) => queries,
        Err(Stop::Error(error)) => return Err(SqlError { loc: Loc::NONE, ..*error }.into()),
        Err(Stop::Opaque(_)) => return Ok(()),
    };
    // What is put in the place of the call is simplified, too.
    let [query] = queries.as_slice() else { return Ok(()) };
    let simple = query.command == CommandType::Select
        && query.rtable.iter().all(|rte| matches!(rte.kind, RteKind::Result))
        && !query.has_sub_links;
    if !simple {
        return Ok(());
    }
    let mut result = Ok(());
    query.walk(&mut |expr| match refuse(env, expr, above) {
        Ok(below) => below && result.is_ok(),
        Err(stop) => {
            result = Err(stop);
            false
        }
    });
    result
}
