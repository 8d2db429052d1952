//! Definitions of objects as text (`ruleutils.c`). How PostgreSQL prints expressions in them depends on types that are not
//! inferred yet: such a text is known but for its casts.

use super::lookup::oid;
use super::{Scalar, such_arguments};
use crate::catalog::{AggregateKind, ConstraintKind, FunctionKind, IndexKeyKind, Relation, TypeRef};
use crate::expr::{print_constraint_def, print_function_def, print_index_def, print_trigger_def, print_view_def};
use crate::replay::Exec;
use crate::replay::query::run::Run;
use crate::replay::query::{Value, View};
use crate::sql::ast::ParamMode;

pub(super) const FUNCTIONS: &[(&str, Scalar)] = &[
    ("pg_get_constraintdef", constraintdef),
    ("pg_get_expr", |_, args| Ok(args.first().cloned().unwrap_or(Value::Null))),
    ("pg_get_functiondef", functiondef),
    ("pg_get_indexdef", indexdef),
    ("pg_get_triggerdef", triggerdef),
    ("pg_get_viewdef", viewdef),
    ("pg_get_function_identity_arguments", identity_arguments),
    ("pg_get_function_result", function_result),
];

fn constraintdef(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let Some(oid) = oid(args.first()) else { return such_arguments("pg_get_constraintdef") };
    let catalog = &run.view.catalog;
    let found = catalog.relations().find_map(|r| Some((r, r.constraints.iter().find(|c| c.oid == oid)?)));
    let Some((relation, constraint)) = found else { return such_arguments("pg_get_constraintdef") };
    match constraint.kind {
        ConstraintKind::Key { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::NotNull { .. } => {
            Ok(Value::text(print_constraint_def(catalog, &run.view.path, relation, constraint)))
        }
        ConstraintKind::Check { .. } | ConstraintKind::Exclusion { .. } | ConstraintKind::Trigger(_) => {
            Ok(Value::printed(print_constraint_def(catalog, &run.view.path, relation, constraint)))
        }
    }
}

fn indexdef(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let ([_], Some(oid)) = (args, oid(args.first())) else { return such_arguments("pg_get_indexdef") };
    let catalog = &run.view.catalog;
    let found = catalog.relation(oid).and_then(|r| Some((r, r.as_index()?)));
    let Some((relation, _)) = found else { return Ok(Value::Null) };
    Ok(index_text(&run.view, relation))
}

/// The statement that makes an index.
pub(in crate::replay::query) fn index_text(view: &View, relation: &Relation) -> Value {
    let Some(index) = relation.as_index() else { return Value::Null };
    let plain = index.predicate.is_none() && index.keys.iter().all(|k| matches!(k.what, IndexKeyKind::Column(_)));
    let text = print_index_def(&view.catalog, &view.path, relation);
    Value::or_null(text, |text| if plain { Value::text(text) } else { Value::printed(text) })
}

fn functiondef(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let Some(oid) = oid(args.first()) else { return such_arguments("pg_get_functiondef") };
    match print_function_def(&run.view.catalog, &run.view.path, oid) {
        Some(text) => Ok(Value::printed(text)),
        None => such_arguments("pg_get_functiondef"),
    }
}

fn triggerdef(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let Some(oid) = oid(args.first()) else { return such_arguments("pg_get_triggerdef") };
    let catalog = &run.view.catalog;
    let found = catalog.relations().find_map(|r| Some((r, r.triggers.iter().find(|t| t.oid == oid)?)));
    match found {
        Some((relation, trigger)) => Ok(Value::printed(print_trigger_def(catalog, &run.view.path, relation, trigger))),
        None => such_arguments("pg_get_triggerdef"),
    }
}

fn viewdef(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let relation = oid(args.first()).and_then(|oid| run.view.catalog.relation(oid));
    match relation.and_then(|r| print_view_def(&run.view.catalog, &run.view.path, r)) {
        Some(text) => Ok(Value::printed(text)),
        None => such_arguments("pg_get_viewdef"),
    }
}

fn identity_arguments(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let Some(oid) = oid(args.first()) else { return such_arguments("pg_get_function_identity_arguments") };
    let catalog = &run.view.catalog;
    let Some(function) = catalog.function(oid) else { return such_arguments("pg_get_function_identity_arguments") };
    let mut parts = Vec::new();
    for param in function.params.iter().filter(|p| p.mode != ParamMode::Table) {
        let mode = match param.mode {
            // Modes of a procedure's parameters are all named (`ruleutils.c: print_function_arguments`).
            ParamMode::In if function.kind == FunctionKind::Procedure => "IN ",
            ParamMode::In | ParamMode::Table => "",
            ParamMode::Out => "OUT ",
            ParamMode::InOut => "INOUT ",
            ParamMode::Variadic => "VARIADIC ",
        };
        let name = param.name.as_ref().map(|n| format!("{} ", catalog.quote_identifier(n))).unwrap_or_default();
        parts.push(format!("{mode}{name}{}", catalog.format_type(TypeRef::plain(param.ty.oid), &run.view.path)));
    }
    let mut text = parts.join(", ");
    if let Some(aggregate) = function.aggregate.as_ref().filter(|a| a.kind != AggregateKind::Normal) {
        // A VARIADIC argument that is both direct and aggregated is written twice.
        let direct = aggregate.direct_args.min(parts.len());
        let last = parts.len().saturating_sub(1);
        let aggregated = if direct == parts.len() { &parts[last..] } else { &parts[direct..] };
        let space = if direct == 0 { "" } else { " " };
        text = format!("{}{space}ORDER BY {}", parts[..direct].join(", "), aggregated.join(", "));
    }
    Ok(Value::text(text))
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
