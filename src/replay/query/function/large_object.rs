//! Large objects (`be-fsstubs.c`).

use super::{Scalar, such_arguments};
use crate::catalog::{Oid, Privs, TypeRef, type_oid as t};
use crate::replay::query::Value;
use crate::replay::query::run::Run;
use crate::replay::value::{CastKind, IntType};
use crate::replay::{Exec, Opaque, SqlError};
use crate::sql::ast::Touches;

/// They decide themselves about values that are not known.
pub(super) const RAW: &[(&str, Scalar)] = &[
    ("lo_creat", |_, args| match args {
        // Its argument has no meaning any more.
        [Value::Null] => Ok(Value::Null),
        _ => {
            let reason = "the server chooses the number of the large object";
            Err(Opaque::undecided(reason, Touches::LargeObjects).into())
        }
    }),
    ("lo_create", |run, args| create(run, args)),
    ("lo_from_bytea", |run, args| create(run, args)),
    ("lo_import", |_, args| match args.iter().any(Value::is_null) {
        true => Ok(Value::Null),
        false => {
            let reason = "lo_import() reads a file of the server";
            Err(Opaque::undecided(reason, Touches::LargeObjects).into())
        }
    }),
    ("lo_unlink", |run, args| {
        let Some(number) = number(run, args, Touches::LargeObjects)? else { return Ok(Value::Null) };
        run.replay.unlink_large_object(number, run.cx)?;
        run.refresh();
        Ok(Value::int(1))
    }),
    ("lo_get", |run, args| {
        let Some(number) = number(run, args, Touches::Nothing)? else { return Ok(Value::Null) };
        run.replay.may_open_large_object(number, Privs::SELECT)?;
        Ok(Value::unknown_data("what is in a large object is not known"))
    }),
    ("lo_put", |run, args| {
        let Some(number) = number(run, args, Touches::Nothing)? else { return Ok(Value::Null) };
        run.replay.may_open_large_object(number, Privs::UPDATE)?;
        Ok(Value::Null)
    }),
    ("lo_open", |run, args| {
        let Some(number) = number(run, args, Touches::Nothing)? else { return Ok(Value::Null) };
        open(run, number, &args[1])?;
        Ok(Value::unknown_data("the number of a large object's descriptor is not known"))
    }),
];

/// `lo_create(oid)`, `lo_from_bytea(oid, bytea)`
fn create(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let Some(number) = number(run, args, Touches::LargeObjects)? else { return Ok(Value::Null) };
    run.replay.create_large_object(number, run.cx)?;
    run.refresh();
    Ok(Value::Oid(number))
}

/// The first argument, unless one of them is null: the functions are strict. What they do to one whose number is not
/// known is not decided.
fn number(run: &Run<'_>, args: &[Value], touches: Touches) -> Exec<Option<Oid>> {
    if args.iter().any(Value::is_null) {
        return Ok(None);
    }
    let Some(number) = args.first() else { return such_arguments("lo_create").map(|_| None) };
    let number = match number {
        Value::Literal(_) | Value::Text(_) => {
            match run.view.types().cast(number, TypeRef::plain(t::INT8), CastKind::Explicit)? {
                // `oidin` takes a negative number for the one with the same bits.
                Value::Int(number @ -0x8000_0000..=-1, _) => Value::Int(i64::from(number as u32), IntType::Int8),
                Value::Int(number, _) if u32::try_from(number).is_err() => {
                    let message = format!("value \"{number}\" is out of range for type oid");
                    return Err(SqlError::new("22003", message).into());
                }
                number => number,
            }
        }
        // An integer is taken for the number with the same bits.
        Value::Int(number, IntType::Int2 | IntType::Int4) => Value::Oid(Oid(*number as u32)),
        number => number.clone(),
    };
    match run.view.types().cast(&number, TypeRef::plain(t::OID), CastKind::Assignment)? {
        Value::Oid(number) => Ok(Some(number)),
        Value::Unknowable(reason) => {
            let opaque = Opaque::new(format!("the number of a large object is not known: {}", reason.text), touches);
            Err(Opaque { undecided: reason.data, ..opaque }.into())
        }
        _ => Ok(None),
    }
}

/// `inv_api.c: inv_open`
fn open(run: &mut Run<'_>, number: Oid, mode: &Value) -> Exec {
    const INV_WRITE: i64 = 0x20000;
    const INV_READ: i64 = 0x40000;
    let Some(mode) = mode.as_int() else { return Ok(()) };
    if mode & (INV_READ | INV_WRITE) == 0 {
        return Err(SqlError::new("22023", format!("invalid flags for opening a large object: {mode}")).into());
    }
    run.replay.may_open_large_object(number, Privs::NONE)?;
    // Who writes reads as well.
    run.replay.may_open_large_object(number, Privs::SELECT)?;
    match mode & INV_WRITE {
        0 => Ok(()),
        _ => run.replay.may_open_large_object(number, Privs::UPDATE),
    }
}
