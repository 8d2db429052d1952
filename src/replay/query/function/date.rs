//! Functions of dates (`date.c`, `timestamp.c`, `formatting.c`).

use super::{Scalar, such_arguments};
use crate::catalog::type_oid as t;
use crate::replay::query::Value;
use crate::replay::query::date::{Moment, civil, day_number};
use crate::replay::query::run::Run;
use crate::replay::value::Decimal;
use crate::replay::{Exec, SqlError};
use crate::sql::shape;

pub(super) const FUNCTIONS: &[(&str, Scalar)] = &[
    ("make_date", make_date),
    ("date_trunc", date_trunc),
    ("extract", |run, args| {
        Ok(part(run, args, "extract")?.map_or_else(not_evaluated, |n| Value::Numeric(Decimal::from(n))))
    }),
    ("date_part", |run, args| Ok(part(run, args, "date_part")?.map_or_else(not_evaluated, |n| Value::Float(n as f64)))),
];

fn not_evaluated() -> Value {
    Value::not_evaluated("such a part of a date is not evaluated")
}

fn make_date(_: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let [Value::Int(year, _), Value::Int(month, _), Value::Int(day, _)] = args else {
        return such_arguments("make_date");
    };
    let number = day_number(*year, *month, *day);
    if *year == 0 || !(1..=12).contains(month) || *day < 1 || civil(number) != (*year, *month, *day) {
        let message = format!("date field value out of range: {year}-{month:02}-{day:02}");
        return Err(SqlError::new("22008", message).into());
    }
    Ok(Moment::at(t::DATE, number, 0).value())
}

/// Of a date it is midnight in the session's zone.
fn date_trunc(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let [unit, value] = args else { return such_arguments("date_trunc") };
    let (Some(unit), Some(moment)) = (run.text(unit)?, Moment::of(value)) else { return such_arguments("date_trunc") };
    let ty = if matches!(value, Value::Typed(t::TIMESTAMP, _)) { t::TIMESTAMP } else { t::TIMESTAMPTZ };
    let (year, month, _) = civil(moment.day());
    let (days, usecs) = match unit.to_ascii_lowercase().as_str() {
        "year" => (day_number(year, 1, 1), 0),
        "quarter" => (day_number(year, (month - 1) / 3 * 3 + 1, 1), 0),
        "month" => (day_number(year, month, 1), 0),
        "week" => (moment.day() - (moment.day() + 3).rem_euclid(7), 0),
        "day" => (moment.day(), 0),
        "hour" if ty == t::TIMESTAMP => (moment.day(), moment.time() / 3_600_000_000 * 3_600_000_000),
        "minute" if ty == t::TIMESTAMP => (moment.day(), moment.time() / 60_000_000 * 60_000_000),
        "second" if ty == t::TIMESTAMP => (moment.day(), moment.time() / 1_000_000 * 1_000_000),
        _ => return such_arguments("date_trunc"),
    };
    Ok(Moment::at(ty, days, usecs).value())
}

/// A part that is a whole number.
fn part(run: &mut Run<'_>, args: &[Value], _: &str) -> Exec<Option<i64>> {
    let [unit, value] = args else { return Ok(None) };
    let (Some(unit), Some(moment)) = (run.text(unit)?, Moment::of(value)) else { return Ok(None) };
    let (year, month, day) = civil(moment.day());
    Ok(Some(match unit.to_ascii_lowercase().as_str() {
        "year" => year,
        "month" => month,
        "day" => day,
        "quarter" => (month - 1) / 3 + 1,
        "doy" => moment.day() - day_number(year, 1, 1) + 1,
        "dow" => (moment.day() + 4).rem_euclid(7),
        "isodow" => (moment.day() + 3).rem_euclid(7) + 1,
        "week" => iso_week(moment.day()).1,
        "isoyear" => iso_week(moment.day()).0,
        "hour" if matches!(value, Value::Typed(t::TIMESTAMP, _)) => moment.time() / 3_600_000_000,
        "minute" if matches!(value, Value::Typed(t::TIMESTAMP, _)) => moment.time() / 60_000_000 % 60,
        _ => return Ok(None),
    }))
}

/// The year and the week of ISO 8601.
fn iso_week(day: i64) -> (i64, i64) {
    let thursday = day - (day + 3).rem_euclid(7) + 3;
    let (year, ..) = civil(thursday);
    (year, (thursday - day_number(year, 1, 1)) / 7 + 1)
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// `to_char(time, format)`: of a time that is not known it is known which characters it gives.
pub(super) fn to_char(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    match args {
        [Value::Null, _] | [_, Value::Null] => Ok(Value::Null),
        [Value::Unknowable(reason), format] if format.as_str().is_some_and(shape::is_digits_of_time) => {
            let shape = Some(shape::DIGITS.into());
            Ok(Value::Unknowable(crate::replay::value::Reason { shape, ..reason.of_result() }))
        }
        [Value::Unknowable(reason), _] | [_, Value::Unknowable(reason)] => Ok(Value::Unknowable(reason.of_result())),
        [value, format] => match (Moment::of(value), run.text(format)?) {
            (Some(moment), Some(format)) => Ok(printed(moment, &format)
                .map_or_else(|| Value::not_evaluated("such a format of to_char() is not evaluated"), Value::text)),
            _ => such_arguments("to_char"),
        },
        _ => such_arguments("to_char"),
    }
}

/// The patterns that are printed, longer ones before those that they begin with.
const PATTERNS: [&str; 29] = [
    "YYYY", "IYYY", "YY", "MM", "MI", "DDD", "DD", "HH24", "HH12", "HH", "SS", "MS", "US", "MONTH", "Month", "month",
    "MON", "Mon", "mon", "DAY", "Day", "day", "DY", "Dy", "dy", "IW", "ID", "Q", "D",
];

/// The text of a moment; nothing if the format has patterns that are not printed.
fn printed(moment: Moment, format: &str) -> Option<String> {
    let (year, month, day) = civil(moment.day());
    let weekday = usize::try_from((moment.day() + 4).rem_euclid(7)).ok()?;
    let seconds = moment.time() / 1_000_000;
    let (month_name, day_name) = (MONTHS[usize::try_from(month - 1).ok()?], DAYS[weekday]);
    let mut out = String::new();
    let mut rest = format;
    let mut fill = true;
    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("FM") {
            (fill, rest) = (false, after);
            continue;
        }
        if let Some(quoted) = rest.strip_prefix('"') {
            let (text, after) = quoted.split_once('"')?;
            if text.contains('\\') {
                return None;
            }
            out.push_str(text);
            rest = after;
            continue;
        }
        let Some(pattern) = PATTERNS.iter().find(|pattern| rest.starts_with(**pattern)) else {
            if first.is_alphabetic() || first == '\\' {
                return None;
            }
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        rest = &rest[pattern.len()..];
        // Suffixes such as TH.
        if rest.starts_with("TH") || rest.starts_with("th") || rest.starts_with("SP") {
            return None;
        }
        let digits = |number: i64, width: usize| {
            if fill { format!("{number:0width$}") } else { number.to_string() }
        };
        let name = |name: &str| if fill { format!("{name:<9}") } else { name.to_owned() };
        out.push_str(&match *pattern {
            "YYYY" => digits(year, 4),
            "IYYY" => digits(iso_week(moment.day()).0, 4),
            "YY" => digits(year % 100, 2),
            "MM" => digits(month, 2),
            "MI" => digits(seconds / 60 % 60, 2),
            "DDD" => digits(moment.day() - day_number(year, 1, 1) + 1, 3),
            "DD" => digits(day, 2),
            "HH24" => digits(seconds / 3600, 2),
            "HH12" | "HH" => digits((seconds / 3600 + 11) % 12 + 1, 2),
            "SS" => digits(seconds % 60, 2),
            "MS" => format!("{:03}", moment.time() % 1_000_000 / 1000),
            "US" => format!("{:06}", moment.time() % 1_000_000),
            "MONTH" => name(&month_name.to_uppercase()),
            "Month" => name(month_name),
            "month" => name(&month_name.to_lowercase()),
            "MON" => month_name[..3].to_uppercase(),
            "Mon" => month_name[..3].to_owned(),
            "mon" => month_name[..3].to_lowercase(),
            "DAY" => name(&day_name.to_uppercase()),
            "Day" => name(day_name),
            "day" => name(&day_name.to_lowercase()),
            "DY" => day_name[..3].to_uppercase(),
            "Dy" => day_name[..3].to_owned(),
            "dy" => day_name[..3].to_lowercase(),
            "IW" => digits(iso_week(moment.day()).1, 2),
            "ID" => ((moment.day() + 3).rem_euclid(7) + 1).to_string(),
            "Q" => ((month - 1) / 3 + 1).to_string(),
            "D" => (weekday + 1).to_string(),
            _ => return None,
        });
        // It goes for one pattern.
        fill = true;
    }
    Some(out)
}
