//! Definitions of objects as text (`ruleutils.c`).

use super::lookup::oid;
use super::{Scalar, such_arguments};
use crate::catalog::{Oid, Relation};
use crate::expr::deparse::Pretty;
use crate::replay::Exec;
use crate::replay::query::run::Run;
use crate::replay::query::{Value, View};
use crate::sql::ast::ParamMode;

pub(super) const FUNCTIONS: &[(&str, Scalar)] = &[
    ("pg_get_constraintdef", constraintdef),
    ("pg_get_expr", get_expr),
    ("pg_get_functiondef", functiondef),
    ("pg_get_indexdef", indexdef),
    ("pg_get_partkeydef", partkeydef),
    ("pg_get_triggerdef", triggerdef),
    ("pg_get_viewdef", viewdef),
    ("pg_get_function_identity_arguments", identity_arguments),
    ("pg_get_function_result", function_result),
];

/// What is read from the catalog is printed already, as it is without `pretty`.
fn get_expr(_: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    match args {
        [_, _, pretty, ..] if *pretty != Value::Bool(false) => {
            Ok(Value::not_evaluated("the pretty text of an expression is not printed"))
        }
        [text, ..] => Ok(text.clone()),
        [] => Ok(Value::Null),
    }
}

/// The object and whether the text has to be pretty, where the arguments say so.
fn object(args: &[Value]) -> Option<(Oid, Pretty)> {
    let pretty = match args.get(1) {
        None => false,
        Some(Value::Bool(pretty)) => *pretty,
        Some(_) => return None,
    };
    Some((oid(args.first())?, Pretty::flags(pretty)))
}

fn constraintdef(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let Some((oid, pretty)) = object(args) else { return such_arguments("pg_get_constraintdef") };
    let view = &run.view;
    let found = view.catalog.relations().find_map(|r| Some((r, r.constraints.iter().find(|c| c.oid == oid)?)));
    match found {
        Some((relation, constraint)) => Ok(view.text(view.deparser().pretty(pretty).constraint(relation, constraint))),
        None => such_arguments("pg_get_constraintdef"),
    }
}

fn indexdef(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let ([_], Some(oid)) = (args, oid(args.first())) else { return such_arguments("pg_get_indexdef") };
    let found = run.view.catalog.relation(oid).filter(|r| r.as_index().is_some());
    Ok(Value::or_null(found, |relation| index_text(&run.view, relation)))
}

/// The statement that makes an index.
pub(in crate::replay::query) fn index_text(view: &View, relation: &Relation) -> Value {
    view.text(view.deparser().index(relation))
}

fn functiondef(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let found = oid(args.first()).and_then(|oid| run.view.catalog.function(oid));
    match found {
        Some(function) => Ok(run.view.text(run.view.deparser().function(function))),
        None => such_arguments("pg_get_functiondef"),
    }
}

fn partkeydef(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let view = &run.view;
    let table = oid(args.first()).and_then(|oid| view.catalog.relation(oid));
    let Some((table, key)) = table.and_then(|t| Some((t, t.partition_key()?))) else { return Ok(Value::Null) };
    Ok(view.text(view.deparser().partition_key_of(table, key)))
}

fn triggerdef(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let Some((oid, pretty)) = object(args) else { return such_arguments("pg_get_triggerdef") };
    let view = &run.view;
    let found = view.catalog.relations().find_map(|r| Some((r, r.triggers.iter().find(|t| t.oid == oid)?)));
    match found {
        Some((relation, trigger)) => Ok(view.text(view.deparser().pretty(pretty).trigger(relation, trigger))),
        None => such_arguments("pg_get_triggerdef"),
    }
}

fn viewdef(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let Some((oid, pretty)) = object(args) else { return such_arguments("pg_get_viewdef") };
    let found = run.view.catalog.relation(oid).filter(|r| r.is_view());
    match found {
        Some(relation) => Ok(run.view.text(run.view.deparser().pretty(pretty).view(relation))),
        None => such_arguments("pg_get_viewdef"),
    }
}

fn identity_arguments(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let found = oid(args.first()).and_then(|oid| run.view.catalog.function(oid));
    match found {
        Some(function) => Ok(run.view.text(run.view.deparser().function_identity_arguments_of(function))),
        None => such_arguments("pg_get_function_identity_arguments"),
    }
}

fn function_result(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let function = oid(args.first()).and_then(|oid| run.view.catalog.function(oid));
    match function {
        Some(function) if function.params.iter().all(|p| p.mode != ParamMode::Table) => match function.returns {
            Some(ty) => {
                let set = if function.returns_set { "SETOF " } else { "" };
                Ok(Value::text(format!("{set}{}", run.view.catalog.format_type(ty, &run.view.path))))
            }
            None => Ok(Value::Null),
        },
        _ => such_arguments("pg_get_function_result"),
    }
}
