//! Objects by name, and what they are called (`regproc.c`, `format_type.c`, `namespace.c`).

use super::{Scalar, such_arguments};
use crate::catalog::{Oid, RelationKind, TypeRef};
use crate::replay::query::Value;
use crate::replay::query::run::Run;
use crate::replay::value::{RegType, qualified_name};
use crate::replay::{Exec, SqlError, Stop, lookup};

pub(super) const FUNCTIONS: &[(&str, Scalar)] = &[
    ("to_regclass", |run, args| to_reg(run, args, RegType::Class)),
    ("to_regtype", |run, args| to_reg(run, args, RegType::Type)),
    ("to_regproc", |run, args| to_reg(run, args, RegType::Proc)),
    ("to_regprocedure", |run, args| to_reg(run, args, RegType::Procedure)),
    ("to_regnamespace", |run, args| to_reg(run, args, RegType::Namespace)),
    ("to_regrole", |run, args| to_reg(run, args, RegType::Role)),
    ("format_type", format_type),
    ("pg_get_userbyid", |run, args| match oid(args.first()) {
        Some(oid) => match run.view.catalog.role(oid) {
            Some(role) => Ok(Value::name(role.name.clone())),
            None => Ok(Value::name(format!("unknown (OID={})", oid.0))),
        },
        None => such_arguments("pg_get_userbyid"),
    }),
    ("pg_table_is_visible", |run, args| match oid(args.first()) {
        Some(oid) => match run.view.catalog.relation(oid) {
            Some(relation) => {
                let found = run.view.catalog.find_relation(&run.view.path, &relation.name);
                Ok(Value::Bool(found.is_some_and(|r| r.oid == oid)))
            }
            None if run.view.types().builtin_relation(oid).is_some() => Ok(Value::Bool(true)),
            None => Ok(Value::Null),
        },
        None => such_arguments("pg_table_is_visible"),
    }),
    ("obj_description", obj_description),
    ("col_description", col_description),
    ("pg_get_serial_sequence", serial_sequence),
];

/// The number of an object; a literal is one if it is a number.
pub(super) fn oid(value: Option<&Value>) -> Option<Oid> {
    let value = value?;
    let number = match value {
        Value::Literal(text) => text.parse().ok(),
        other => other.as_int(),
    };
    number.and_then(|n| u32::try_from(n).ok()).map(Oid)
}

/// `to_regclass(text)` and its like: NULL for a name that stands for nothing (`regproc.c: to_regclass`).
fn to_reg(run: &mut Run<'_>, args: &[Value], ty: RegType) -> Exec<Value> {
    let [name] = args else { return such_arguments("to_reg…") };
    let Some(name) = run.text(name)? else { return Ok(Value::Null) };
    match run.view.types().reg_input(ty, &name) {
        Ok(oid) => Ok(Value::Reg(ty, oid)),
        Err(Stop::Error(error)) => match error.sqlstate.as_str() {
            "42P01" | "42704" | "42883" | "3F000" | "42725" => Ok(Value::Null),
            _ => Err(Stop::Error(error)),
        },
        // Whether it is there is not known.
        Err(Stop::Opaque(opaque)) => Ok(Value::not_evaluated(opaque.reason)),
    }
}

fn format_type(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let (ty, typmod) = match args {
        [Value::Null, _] => return Ok(Value::Null),
        [ty, Value::Null] => (oid(Some(ty)), Some(-1)),
        [ty, typmod] => (oid(Some(ty)), typmod.as_int().and_then(|n| i32::try_from(n).ok())),
        _ => return such_arguments("format_type"),
    };
    let (Some(oid), Some(typmod)) = (ty, typmod) else { return such_arguments("format_type") };
    let catalog = &run.view.catalog;
    if oid == Oid::INVALID {
        return Ok(Value::text("-"));
    }
    if catalog.type_name(oid).is_none() {
        return Ok(Value::text("???"));
    }
    Ok(Value::text(catalog.format_type(TypeRef { oid, typmod }, &run.view.path)))
}

/// Comments of relations; those of other objects are not looked up.
fn obj_description(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let relation = oid(args.first()).and_then(|oid| run.view.catalog.relation(oid));
    let of_relations = match args {
        [_] => true,
        [_, catalog] => run.text(catalog)?.as_deref() == Some("pg_class"),
        _ => false,
    };
    match relation {
        Some(relation) if of_relations => Ok(Value::or_null(relation.comment.as_deref(), Value::text)),
        _ => such_arguments("obj_description"),
    }
}

fn col_description(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let relation = oid(args.first()).and_then(|oid| run.view.catalog.relation(oid));
    let number = args.get(1).and_then(Value::as_int).and_then(|n| i16::try_from(n).ok());
    match (relation, number) {
        (Some(relation), Some(number)) => {
            let column = relation.column_at(number);
            Ok(Value::or_null(column.and_then(|c| c.comment.as_deref()), Value::text))
        }
        _ => such_arguments("col_description"),
    }
}

/// `pg_get_serial_sequence(table, column)`: the sequence that a column owns.
fn serial_sequence(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let [table, column] = args else { return such_arguments("pg_get_serial_sequence") };
    let (Some(table), Some(column)) = (run.text(table)?, run.text(column)?) else { return Ok(Value::Null) };
    let catalog = &run.view.catalog;
    let oid = lookup::relation(catalog, &run.view.path, &qualified_name(&table)?)?;
    let Some(relation) = catalog.relation(oid) else { return such_arguments("pg_get_serial_sequence") };
    let Some(column) = relation.column(&column) else {
        let message = format!("column \"{column}\" of relation \"{}\" does not exist", relation.name);
        return Err(SqlError::new("42703", message).into());
    };
    let owned = catalog.relations().find(|r| match &r.kind {
        RelationKind::Sequence(sequence) => sequence.owned_by == Some((oid, column.number)),
        _ => false,
    });
    Ok(Value::or_null(owned, |sequence| Value::text(catalog.qualified(sequence.schema, &sequence.name, false))))
}
