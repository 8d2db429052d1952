//! Functions that give sets of rows.

use crate::catalog::{TypeRef, type_oid as t};
use crate::replay::ddl::event_trigger::fire;
use crate::replay::query::date::{self, Interval, Moment};
use crate::replay::query::run::Run;
use crate::replay::query::{Rows, Value};
use crate::replay::value::{CastKind, IntType, Reason};
use crate::replay::{Exec, SqlError};

type Set = fn(&mut Run<'_>, &[Value]) -> Exec<Rows>;

pub(super) const FUNCTIONS: &[(&str, Set)] = &[
    ("aclexplode", super::privilege::aclexplode),
    ("pg_event_trigger_ddl_commands", |run, _| {
        let name = "pg_event_trigger_ddl_commands";
        match &run.replay.code.event {
            Some(event) => Ok(event.commands.clone().unwrap_or_else(|| fire::unknown_rows(name))),
            None => outside_event_trigger(name),
        }
    }),
    ("pg_event_trigger_dropped_objects", |run, _| {
        let name = "pg_event_trigger_dropped_objects";
        match &run.replay.code.event {
            Some(event) if event.dropped => Ok(fire::unknown_rows(name)),
            Some(_) | None => outside_event_trigger(name),
        }
    }),
    ("generate_series", generate_series),
    ("unnest", |_, args| match args {
        [Value::Array(array)] => Ok(column(array.elements())),
        [Value::Null] => Ok(Rows::default()),
        _ => Ok(unknown("unnest")),
    }),
    ("generate_subscripts", |_, args| match args {
        [Value::Array(array), Value::Int(1, _)] => {
            let length = i32::try_from(array.items.len()).unwrap_or(i32::MAX);
            Ok(column((1..=length).map(Value::int).collect()))
        }
        [Value::Null, _] => Ok(Rows::default()),
        _ => Ok(unknown("generate_subscripts")),
    }),
    ("regexp_split_to_table", |run, args| match args {
        [Value::Null, ..] | [_, Value::Null] => Ok(Rows::default()),
        _ => Ok(super::string::split_by_pattern(run, args)?.map_or_else(|| unknown("regexp_split_to_table"), column)),
    }),
    ("string_to_table", |run, args| match args {
        [Value::Null, ..] => Ok(Rows::default()),
        _ => Ok(super::array::split(run, args)?.map_or_else(|| unknown("string_to_table"), column)),
    }),
];

/// `ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED`
fn outside_event_trigger(name: &str) -> Exec<Rows> {
    let of = if name.ends_with("dropped_objects") { "a sql_drop event trigger" } else { "an event trigger" };
    Err(SqlError::new("39P03", format!("{name}() can only be called in {of} function")).into())
}

fn column(values: Vec<Value>) -> Rows {
    Rows { rows: values.into_iter().map(|v| vec![v]).collect(), ..Rows::default() }
}

fn unknown(name: &str) -> Rows {
    let reason = format!("{name}() with such arguments is not evaluated");
    Rows { more: Some(Reason::not_evaluated(reason)), ..Rows::default() }
}

/// A series of timestamps. Dates are midnights in the session's zone (`timestamp.c: generate_series_timestamptz`).
fn series_of_moments(run: &Run<'_>, args: &[Value]) -> Exec<Option<Rows>> {
    let [first, last, step] = args else { return Ok(None) };
    let Some(ty) = [first, last].into_iter().find(|v| Moment::of(v).is_some()).and_then(Value::type_oid) else {
        return Ok(None);
    };
    // Literals take the types of what the function wants.
    let typed = |value: &Value, ty| match value {
        Value::Literal(_) => run.view.types().cast(value, TypeRef::plain(ty), CastKind::Explicit),
        value => Ok(value.clone()),
    };
    let (first, last, step) = (&typed(first, ty)?, &typed(last, ty)?, &typed(step, t::INTERVAL)?);
    let (Some(first_moment), Some(last_moment), Some(step)) = (Moment::of(first), Moment::of(last), Interval::of(step))
    else {
        return Ok(None);
    };
    let plain = |value: &Value| matches!(value, Value::Typed(t::TIMESTAMP, _));
    let ty = if plain(first) && plain(last) { t::TIMESTAMP } else { t::TIMESTAMPTZ };
    let direction = step.direction();
    if direction.is_eq() {
        return Err(SqlError::new("22023", "step size cannot equal zero").into());
    }
    let last = last_moment.cast(ty).value();
    let mut values = Vec::new();
    let mut next = Some(first_moment.cast(ty));
    while let Some(moment) = next {
        let value = moment.value();
        match date::compare(&value, &last) {
            Some(ordering) if ordering == direction => return Ok(Some(column(values))),
            Some(_) if values.len() < 10_000 => {}
            _ => return Ok(None),
        }
        values.push(value);
        next = moment.plus(step);
    }
    Ok(None)
}

/// Longer series than this are not followed.
const MAX_ROWS: i64 = 100_000;

fn generate_series(run: &mut Run<'_>, args: &[Value]) -> Exec<Rows> {
    if args.iter().any(Value::is_null) {
        return Ok(Rows::default());
    }
    if let Some(rows) = series_of_moments(run, args)? {
        return Ok(rows);
    }
    let (first, last, step, ty): (i64, i64, i64, IntType) = match args {
        [Value::Int(first, a), Value::Int(last, b)] => (*first, *last, 1, (*a).max(*b)),
        [Value::Int(first, a), Value::Int(last, b), Value::Int(step, c)] => (*first, *last, *step, *a.max(b).max(c)),
        _ => return Ok(unknown("generate_series")),
    };
    if step == 0 {
        return Err(SqlError::new("22023", "step size cannot equal zero").into());
    }
    let count = (last.saturating_sub(first)) / step;
    if count > MAX_ROWS {
        return Ok(unknown("generate_series"));
    }
    let within = |n: &i64| if step > 0 { *n <= last } else { *n >= last };
    let series = std::iter::successors(Some(first), |n| n.checked_add(step)).take_while(within);
    Ok(column(series.map(|n| Value::Int(n, ty)).collect()))
}
