//! Dates, times and intervals (`date.c`, `timestamp.c`, `datetime.c`), with DateStyle `ISO, MDY` and IntervalStyle
//! `postgres`.

mod decode;
mod field;
mod interval;
mod zone;

pub(super) use interval::interval;

use std::fmt::Write as _;

use super::{DatumEnv, opaque};
use crate::replay::{Exec, Opaque, SqlError, Stop};
use crate::sql::ast::Touches;
use decode::{DateTime, Kind};

/// Why a text is no date or time.
#[derive(Clone, Debug, PartialEq)]
enum Problem {
    /// `DTERR_BAD_FORMAT`
    BadFormat,
    /// `DTERR_FIELD_OVERFLOW`
    FieldOverflow,
    /// `DTERR_MD_FIELD_OVERFLOW`
    MonthDayOverflow,
    /// `DTERR_TZDISP_OVERFLOW`
    DisplacementOverflow,
    /// An error of its own, or something that is not known.
    Stop(Box<Stop>),
}

/// The result of decoding.
type Decoded<T = ()> = Result<T, Problem>;

const BAD_FORMAT: Problem = Problem::BadFormat;
const FIELD_OVERFLOW: Problem = Problem::FieldOverflow;

impl From<Stop> for Problem {
    fn from(stop: Stop) -> Problem {
        Problem::Stop(Box::new(stop))
    }
}

impl Problem {
    /// The error (`datetime.c: DateTimeParseError`).
    fn stop(self, env: &DatumEnv<'_>, text: &str, type_name: &str) -> Stop {
        match self {
            Problem::BadFormat => {
                SqlError::new("22007", format!("invalid input syntax for type {type_name}: \"{text}\"")).into()
            }
            Problem::FieldOverflow if type_name == "interval" => {
                SqlError::new("22015", format!("interval field value out of range: \"{text}\"")).into()
            }
            Problem::FieldOverflow => {
                SqlError::new("22008", format!("date/time field value out of range: \"{text}\"")).into()
            }
            Problem::MonthDayOverflow => {
                let setting = if env.catalog.version() < 18 { "datestyle" } else { "DateStyle" };
                SqlError::new("22008", format!("date/time field value out of range: \"{text}\""))
                    .hint(format!("Perhaps you need a different \"{setting}\" setting."))
                    .into()
            }
            Problem::DisplacementOverflow => {
                SqlError::new("22009", format!("time zone displacement out of range: \"{text}\"")).into()
            }
            Problem::Stop(stop) => *stop,
        }
    }
}

/// Broken-down time (`struct pg_tm`). Years before 1 AD are 0, -1 …
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tm {
    year: i32,
    mon: i32,
    mday: i32,
    hour: i32,
    min: i32,
    sec: i32,
    yday: i32,
}

const USECS_PER_SEC: i64 = 1_000_000;
const USECS_PER_MINUTE: i64 = 60 * USECS_PER_SEC;
const USECS_PER_HOUR: i64 = 60 * USECS_PER_MINUTE;
const USECS_PER_DAY: i64 = 24 * USECS_PER_HOUR;
const UNIX_EPOCH_JDATE: i64 = 2_440_588;
const POSTGRES_EPOCH_JDATE: i64 = 2_451_545;
const MIN_TIMESTAMP: i64 = -211_813_488_000_000_000;
const END_TIMESTAMP: i64 = 9_223_371_331_200_000_000;
/// The first day that is no `date` any more, as Julian day.
const DATE_END_JULIAN: i64 = 2_147_483_494;

/// The Julian day of a date (`datetime.c: date2j`).
fn date2j(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year + 4800, month + 1) } else { (year + 4799, month + 13) };
    let century = year / 100;
    year * 365 - 32_167 + year / 4 - century + century / 4 + 7834 * month / 256 + day
}

/// The date of a Julian day (`datetime.c: j2date`).
fn j2date(julian: i64, tm: &mut Tm) {
    let mut julian = julian + 32_044;
    let quad = julian / 146_097;
    let extra = (julian - quad * 146_097) * 4 + 3;
    julian += 60 + quad * 3 + extra / 146_097;
    let quad = julian / 1461;
    julian -= quad * 1461;
    let y = julian * 4 / 1461;
    julian = if y != 0 { (julian + 305) % 365 } else { (julian + 306) % 366 } + 123;
    let year = y + quad * 4 - 4800;
    let quad = julian * 2141 / 65_536;
    tm.year = i32::try_from(year).unwrap_or(i32::MAX);
    tm.mday = (julian - 7834 * quad / 256) as i32;
    tm.mon = ((quad + 10) % 12 + 1) as i32;
}

/// `IS_VALID_JULIAN`
fn is_valid_julian(tm: &Tm) -> bool {
    (tm.year > -4713 || tm.year == -4713 && tm.mon >= 11) && (tm.year < 5_874_898 || tm.year == 5_874_898 && tm.mon < 6)
}

/// Days since 2000-01-01.
fn days(tm: &Tm) -> i64 {
    date2j(tm.year.into(), tm.mon.into(), tm.mday.into()) - POSTGRES_EPOCH_JDATE
}

/// Microseconds since midnight.
fn time_of_day(tm: &Tm, fsec: i32) -> i64 {
    (i64::from(tm.hour) * 3600 + i64::from(tm.min) * 60 + i64::from(tm.sec)) * USECS_PER_SEC + i64::from(fsec)
}

/// The time of day of a number of microseconds.
fn set_time(tm: &mut Tm, time: i64) -> i32 {
    tm.hour = (time / USECS_PER_HOUR) as i32;
    tm.min = (time / USECS_PER_MINUTE % 60) as i32;
    tm.sec = (time / USECS_PER_SEC % 60) as i32;
    (time % USECS_PER_SEC) as i32
}

/// The date and time of microseconds since 2000-01-01 00:00 (`timestamp.c: timestamp2tm` without a zone).
fn timestamp2tm(timestamp: i64) -> (Tm, i32) {
    let mut tm = Tm::default();
    j2date(timestamp.div_euclid(USECS_PER_DAY) + POSTGRES_EPOCH_JDATE, &mut tm);
    let fsec = set_time(&mut tm, timestamp.rem_euclid(USECS_PER_DAY));
    (tm, fsec)
}

/// Rounds to a number of digits after the point.
fn round_usecs(time: i64, precision: i32) -> i64 {
    let Ok(precision @ 0..=5) = u32::try_from(precision) else { return time };
    let scale = 10i64.pow(6 - precision);
    let rounded = |time: i64| time.saturating_add(scale / 2) / scale * scale;
    if time >= 0 { rounded(time) } else { -rounded(-time) }
}

/// A value that may be infinite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Moment {
    /// `-infinity`
    Early,
    /// Days, or microseconds, since 2000-01-01 (UTC).
    At(i64),
    /// `infinity`
    Late,
}

impl Moment {
    fn text(self, print: impl FnOnce(i64) -> Exec<String>) -> Exec<String> {
        match self {
            Moment::Early => Ok("-infinity".to_owned()),
            Moment::At(value) => print(value),
            Moment::Late => Ok("infinity".to_owned()),
        }
    }
}

/// The order of the fields of a date where it is not clear (`DateOrder`), a part of the setting `DateStyle`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateOrder {
    /// Year, month, day.
    Ymd,
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    #[default]
    Mdy,
}

impl DateOrder {
    /// The style and the order that a value of `DateStyle` sets, where it sets one (`variable.c: check_datestyle`).
    pub fn of_setting(value: &str) -> (Option<&'static str>, Option<DateOrder>) {
        let (mut style, mut order) = (None, None);
        for word in value.split(',').map(|word| word.trim().to_ascii_lowercase()) {
            match word.as_str() {
                "iso" => style = Some("ISO"),
                "sql" => style = Some("SQL"),
                "german" => {
                    style = Some("German");
                    order = order.or(Some(DateOrder::Dmy));
                }
                "ymd" => order = Some(DateOrder::Ymd),
                "mdy" | "us" => order = Some(DateOrder::Mdy),
                "dmy" => order = Some(DateOrder::Dmy),
                "default" => (style, order) = (Some("ISO"), Some(DateOrder::Mdy)),
                word if word.starts_with("postgres") => style = Some("Postgres"),
                word if word.starts_with("euro") => order = Some(DateOrder::Dmy),
                word if word.starts_with("noneuro") => order = Some(DateOrder::Mdy),
                _ => {}
            }
        }
        (style, order)
    }

    /// As the setting shows it.
    pub fn name(self) -> &'static str {
        match self {
            DateOrder::Ymd => "YMD",
            DateOrder::Dmy => "DMY",
            DateOrder::Mdy => "MDY",
        }
    }
}

const NO_CLOCK: &str = "the time of the transaction is not known";

/// What `now` and its like depend on.
fn no_clock() -> Stop {
    Opaque::undecided(NO_CLOCK, Touches::Nothing).into()
}

/// Nothing but the time of the transaction is missing.
pub fn needs_clock(stop: &Stop) -> bool {
    matches!(stop, Stop::Opaque(opaque) if opaque.reason == NO_CLOCK)
}

/// The current date and time in the session's zone, its fraction of a second and the zone's offset in seconds west.
fn current(env: &DatumEnv<'_>, now: i64) -> Exec<(Tm, i32, i32)> {
    let zone = zone::session(env)?;
    let east = zone.offset_at_utc(now)?;
    let (tm, fsec) = timestamp2tm(now + i64::from(east) * USECS_PER_SEC);
    Ok((tm, fsec, -east))
}

// ---- date ----

/// The size of the server's buffer for dates and times of day, and that for timestamps.
const DATE_BUFFER: usize = 129;
const TIMESTAMP_BUFFER: usize = 128 + 25;

/// `date.c: date_in`
pub(super) fn read_date(env: &DatumEnv<'_>, text: &str) -> Exec<Moment> {
    let decoded = field::fields(text, DATE_BUFFER).and_then(|fields| decode::date_time(env, fields));
    let value = decoded.map_err(|problem| problem.stop(env, text, "date"))?;
    match value.kind {
        Kind::Date => {}
        Kind::Epoch => return Ok(Moment::At(UNIX_EPOCH_JDATE - POSTGRES_EPOCH_JDATE)),
        Kind::Late => return Ok(Moment::Late),
        Kind::Early => return Ok(Moment::Early),
    }
    let out_of_range = || SqlError::new("22008", format!("date out of range: \"{text}\""));
    if !is_valid_julian(&value.tm) {
        return Err(out_of_range().into());
    }
    let date = days(&value.tm);
    if !(-POSTGRES_EPOCH_JDATE..DATE_END_JULIAN - POSTGRES_EPOCH_JDATE).contains(&date) {
        return Err(out_of_range().into());
    }
    Ok(Moment::At(date))
}

/// `date.c: date_out`
pub(super) fn print_date(date: Moment) -> Exec<String> {
    date.text(|days| {
        let mut tm = Tm::default();
        j2date(days + POSTGRES_EPOCH_JDATE, &mut tm);
        let mut out = String::new();
        push_date(&mut out, &tm);
        push_era(&mut out, &tm);
        Ok(out)
    })
}

/// The year without its sign.
fn push_date(out: &mut String, tm: &Tm) {
    let year = if tm.year > 0 { i64::from(tm.year) } else { 1 - i64::from(tm.year) };
    let _ = write!(out, "{year:04}-{:02}-{:02}", tm.mon, tm.mday);
}

fn push_era(out: &mut String, tm: &Tm) {
    if tm.year <= 0 {
        out.push_str(" BC");
    }
}

/// `datetime.c: AppendSeconds`, after hours and minutes.
fn push_time(out: &mut String, hour: i64, min: i32, sec: i32, fsec: i32) {
    let _ = write!(out, "{hour:02}:{min:02}:{sec:02}");
    if fsec != 0 {
        let digits = format!("{:06}", fsec.unsigned_abs());
        let _ = write!(out, ".{}", digits.trim_end_matches('0'));
    }
}

/// The offset of a zone in seconds west (`datetime.c: EncodeTimezone`).
fn push_zone(out: &mut String, west: i32) {
    let seconds = west.unsigned_abs();
    let (hour, min, sec) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    out.push(if west <= 0 { '+' } else { '-' });
    let _ = match (min, sec) {
        (0, 0) => write!(out, "{hour:02}"),
        (_, 0) => write!(out, "{hour:02}:{min:02}"),
        _ => write!(out, "{hour:02}:{min:02}:{sec:02}"),
    };
}

// ---- time ----

/// `date.c: time_in`: microseconds since midnight.
pub(super) fn read_time(env: &DatumEnv<'_>, typmod: i32, text: &str) -> Exec<i64> {
    let type_name = "time";
    let value = field::fields(text, DATE_BUFFER)
        .and_then(|fields| decode::time_only(env, fields, false))
        .map_err(|problem| problem.stop(env, text, type_name))?;
    Ok(round_usecs(time_of_day(&value.tm, value.fsec), typmod))
}

/// `date.c: time_out`
pub(super) fn print_time(time: i64) -> String {
    let mut tm = Tm::default();
    let fsec = set_time(&mut tm, time);
    let mut out = String::new();
    push_time(&mut out, tm.hour.into(), tm.min, tm.sec, fsec);
    out
}

/// `date.c: timetz_in` and `timetz_out`
pub(super) fn timetz(env: &DatumEnv<'_>, typmod: i32, text: &str) -> Exec<String> {
    let value = field::fields(text, DATE_BUFFER)
        .and_then(|fields| decode::time_only(env, fields, true))
        .map_err(|problem| problem.stop(env, text, "time with time zone"))?;
    let mut out = print_time(round_usecs(time_of_day(&value.tm, value.fsec), typmod));
    push_zone(&mut out, value.tz);
    Ok(out)
}

// ---- timestamp ----

/// `timestamp.c: timestamp_in` and `timestamptz_in`: microseconds since 2000-01-01.
pub(super) fn read_timestamp(env: &DatumEnv<'_>, typmod: i32, text: &str, with_zone: bool) -> Exec<Moment> {
    let type_name = if with_zone { "timestamp with time zone" } else { "timestamp" };
    let mut value = field::fields(text, TIMESTAMP_BUFFER)
        .and_then(|fields| decode::date_time(env, fields))
        .map_err(|problem| problem.stop(env, text, type_name))?;
    match value.kind {
        Kind::Date => {}
        Kind::Epoch => return Ok(Moment::At((UNIX_EPOCH_JDATE - POSTGRES_EPOCH_JDATE) * USECS_PER_DAY)),
        Kind::Late => return Ok(Moment::Late),
        Kind::Early => return Ok(Moment::Early),
    }
    if with_zone {
        value.resolve_zone(env).map_err(|problem| problem.stop(env, text, type_name))?;
    }
    let Some(result) = tm2timestamp(&value, with_zone) else {
        return Err(SqlError::new("22008", format!("timestamp out of range: \"{text}\"")).into());
    };
    Ok(Moment::At(round_usecs(result, if typmod < 0 { 6 } else { typmod })))
}

/// `timestamp.c: tm2timestamp`
fn tm2timestamp(value: &DateTime, with_zone: bool) -> Option<i64> {
    if !is_valid_julian(&value.tm) {
        return None;
    }
    let timestamp = i128::from(days(&value.tm)) * i128::from(USECS_PER_DAY)
        + i128::from(time_of_day(&value.tm, value.fsec))
        + if with_zone { i128::from(value.tz) * i128::from(USECS_PER_SEC) } else { 0 };
    i64::try_from(timestamp).ok().filter(|t| (MIN_TIMESTAMP..END_TIMESTAMP).contains(t))
}

/// `timestamp.c: timestamp_out` and `timestamptz_out`
pub(super) fn print_timestamp(env: &DatumEnv<'_>, timestamp: Moment, with_zone: bool) -> Exec<String> {
    timestamp.text(|timestamp| {
        let east = if with_zone { zone::of(env.output_zone)?.offset_at_utc(timestamp)? } else { 0 };
        let (tm, fsec) = timestamp2tm(timestamp + i64::from(east) * USECS_PER_SEC);
        let mut out = String::new();
        push_date(&mut out, &tm);
        out.push(' ');
        push_time(&mut out, tm.hour.into(), tm.min, tm.sec, fsec);
        if with_zone {
            push_zone(&mut out, -east);
        }
        push_era(&mut out, &tm);
        Ok(out)
    })
}
