//! Definitions of objects as text (`ruleutils.c`), where no expression is in them: how PostgreSQL prints those depends on
//! types that are not inferred yet.

use super::lookup::oid;
use super::{Scalar, such_arguments};
use crate::catalog::{ConstraintKind, FunctionKind, IndexKeyKind, TypeRef};
use crate::expr::{print_constraint_def, print_index_def};
use crate::replay::Exec;
use crate::replay::query::Value;
use crate::replay::query::run::Run;
use crate::sql::ast::ParamMode;

pub(super) const FUNCTIONS: &[(&str, Scalar)] = &[
    ("pg_get_constraintdef", constraintdef),
    ("pg_get_indexdef", indexdef),
    ("pg_get_function_identity_arguments", identity_arguments),
    ("pg_get_function_result", function_result),
];

fn with_expression(name: &str) -> Exec<Value> {
    Ok(Value::not_evaluated(format!("the text of an expression is not known to {name}()")))
}

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
            with_expression("pg_get_constraintdef")
        }
    }
}

fn indexdef(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let ([_], Some(oid)) = (args, oid(args.first())) else { return such_arguments("pg_get_indexdef") };
    let catalog = &run.view.catalog;
    let found = catalog.relation(oid).and_then(|r| Some((r, r.as_index()?)));
    let Some((relation, index)) = found else { return Ok(Value::Null) };
    let plain = index.predicate.is_none() && index.keys.iter().all(|k| matches!(k.what, IndexKeyKind::Column(_)));
    if !plain {
        return with_expression("pg_get_indexdef");
    }
    Ok(Value::or_null(print_index_def(catalog, &run.view.path, relation), Value::text))
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
    Ok(Value::text(parts.join(", ")))
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
