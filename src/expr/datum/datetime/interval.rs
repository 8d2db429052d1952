//! Intervals (`datetime.c: DecodeInterval`, `DecodeISO8601Interval`, `EncodeInterval`).

use std::fmt::Write as _;

use super::decode::{self, clock, fraction, leading_int};
use super::field::{Field, FieldType, IntervalWord, Reserved, Unit, Word, fields, interval_word, special};
use super::{
    BAD_FORMAT, DatumEnv, Decoded, FIELD_OVERFLOW, USECS_PER_DAY, USECS_PER_HOUR, USECS_PER_MINUTE, USECS_PER_SEC,
    opaque, push_time, round_usecs,
};
use crate::replay::{Exec, SqlError};

/// The size of the server's buffer.
const BUFFER: usize = 256;

// The fields of a modifier (`timestamp.h: INTERVAL_MASK`).
const YEAR: i32 = 1 << 2;
const MONTH: i32 = 1 << 1;
const DAY: i32 = 1 << 3;
const HOUR: i32 = 1 << 10;
const MINUTE: i32 = 1 << 11;
const SECOND: i32 = 1 << 12;
const FULL_RANGE: i32 = 0x7fff;
const FULL_PRECISION: i32 = 0xffff;

/// An interval as it is read (`struct pg_itm_in`).
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    year: i32,
    mon: i32,
    mday: i32,
    usec: i64,
    /// It has a fraction of a unit of days or more, which 14 treats in its own way.
    fraction: bool,
}

/// What a text stands for.
enum Read {
    Delta(Parts),
    Late,
    Early,
}

/// An interval as it is kept.
struct Interval {
    month: i32,
    day: i32,
    time: i64,
}

/// `timestamp.c: interval_in` and `interval_out`
pub(in crate::expr::datum) fn interval(env: &DatumEnv<'_>, typmod: i32, text: &str) -> Exec<String> {
    let version = env.catalog.version();
    let range = if typmod >= 0 { typmod >> 16 & FULL_RANGE } else { FULL_RANGE };
    let mut read = fields(text, BUFFER).and_then(|fields| decode(&fields, range, version));
    if read == Err(BAD_FORMAT) {
        read = iso8601(text).map(Read::Delta);
    }
    let parts = match read.map_err(|problem| problem.stop(env, text, "interval"))? {
        Read::Delta(parts) => parts,
        Read::Late => return Ok("infinity".to_owned()),
        Read::Early => return Ok("-infinity".to_owned()),
    };
    if parts.fraction && version < 15 {
        return Err(opaque("fractions of an interval's units are not read as PostgreSQL 14 does"));
    }
    let months = i64::from(parts.year) * 12 + i64::from(parts.mon);
    let out_of_range = || SqlError::new("22008", "interval out of range");
    let month = i32::try_from(months).map_err(|_| out_of_range())?;
    let mut interval = Interval { month, day: parts.mday, time: parts.usec };
    let at_end = |m: i32, d: i32, t: i64| (interval.month, interval.day, interval.time) == (m, d, t);
    if version >= 17 && (at_end(i32::MAX, i32::MAX, i64::MAX) || at_end(i32::MIN, i32::MIN, i64::MIN)) {
        return Err(out_of_range().into());
    }
    interval.adjust(typmod, range)?;
    Ok(interval.print())
}

impl PartialEq for Read {
    fn eq(&self, other: &Read) -> bool {
        matches!((self, other), (Read::Late, Read::Late) | (Read::Early, Read::Early))
    }
}

impl Parts {
    fn add_usecs(&mut self, value: i64, fraction: f64, scale: i64) -> Decoded {
        let whole = value.checked_mul(scale).ok_or(FIELD_OVERFLOW)?;
        self.usec = self.usec.checked_add(whole).ok_or(FIELD_OVERFLOW)?;
        self.add_fraction_of(fraction, scale)
    }

    /// `datetime.c: AdjustFractMicroseconds`
    fn add_fraction_of(&mut self, fraction: f64, scale: i64) -> Decoded {
        let scaled = fraction * scale as f64;
        let mut usec = scaled as i64;
        let rest = scaled - usec as f64;
        if rest > 0.5 {
            usec += 1;
        } else if rest < -0.5 {
            usec -= 1;
        }
        self.usec = self.usec.checked_add(usec).ok_or(FIELD_OVERFLOW)?;
        Ok(())
    }

    fn add_days(&mut self, value: i64, fraction: f64, scale: i32) -> Decoded {
        self.fraction |= fraction != 0.0;
        let days = i32::try_from(value).ok().and_then(|v| v.checked_mul(scale));
        self.mday = days.and_then(|d| self.mday.checked_add(d)).ok_or(FIELD_OVERFLOW)?;
        if scale == 1 {
            self.add_fraction_of(fraction, USECS_PER_DAY)
        } else {
            self.add_fraction_of_days(fraction, scale)
        }
    }

    /// `datetime.c: AdjustFractDays`
    fn add_fraction_of_days(&mut self, fraction: f64, scale: i32) -> Decoded {
        let scaled = fraction * f64::from(scale);
        let days = scaled as i32;
        self.mday = self.mday.checked_add(days).ok_or(FIELD_OVERFLOW)?;
        self.add_fraction_of(scaled - f64::from(days), USECS_PER_DAY)
    }

    fn add_months(&mut self, value: i64, fraction: f64) -> Decoded {
        self.fraction |= fraction != 0.0;
        let months = i32::try_from(value).ok();
        self.mon = months.and_then(|m| self.mon.checked_add(m)).ok_or(FIELD_OVERFLOW)?;
        self.add_fraction_of_days(fraction, 30)
    }

    fn add_years(&mut self, value: i64, fraction: f64, scale: i32) -> Decoded {
        self.fraction |= fraction != 0.0;
        let years = i32::try_from(value).ok().and_then(|v| v.checked_mul(scale));
        self.year = years.and_then(|y| self.year.checked_add(y)).ok_or(FIELD_OVERFLOW)?;
        let months = (fraction * f64::from(scale) * 12.0).round_ties_even() as i32;
        self.mon = self.mon.checked_add(months).ok_or(FIELD_OVERFLOW)?;
        Ok(())
    }

    fn set_clock(&mut self, text: &str, range: i32) -> Decoded {
        let time = clock(text, range == MINUTE | SECOND)?;
        let mut usec = i64::from(time.fsec);
        for (value, scale) in
            [(time.hour, USECS_PER_HOUR), (time.min.into(), USECS_PER_MINUTE), (time.sec.into(), USECS_PER_SEC)]
        {
            usec = value.checked_mul(scale).and_then(|v| usec.checked_add(v)).ok_or(FIELD_OVERFLOW)?;
        }
        self.usec = usec;
        Ok(())
    }

    fn negated(self) -> Decoded<Parts> {
        let int = |v: i32| v.checked_neg().ok_or(FIELD_OVERFLOW);
        Ok(Parts {
            year: int(self.year)?,
            mon: int(self.mon)?,
            mday: int(self.mday)?,
            usec: self.usec.checked_neg().ok_or(FIELD_OVERFLOW)?,
            ..self
        })
    }
}

/// The unit of the rightmost number, by the fields that a modifier allows.
fn rightmost_unit(range: i32) -> Unit {
    match range {
        YEAR => Unit::Year,
        r if r == MONTH || r == YEAR | MONTH => Unit::Month,
        DAY => Unit::Day,
        r if r == HOUR || r == DAY | HOUR => Unit::Hour,
        r if r == MINUTE || r == HOUR | MINUTE || r == DAY | HOUR | MINUTE => Unit::Minute,
        _ => Unit::Second,
    }
}

/// `datetime.c: DecodeInterval`: from right to left, so that units come before their numbers.
fn decode(fields: &[Field], range: i32, version: u32) -> Decoded<Read> {
    let strict = version >= 17;
    let mut parts = Parts::default();
    let mut seen = 0;
    let mut ago = false;
    let mut infinite = None;
    // A label waits for its number.
    let mut waiting = false;
    // Nothing: the modifier decides. An unknown unit is an error when its number comes.
    let mut unit: Option<Option<Unit>> = None;
    for (i, (kind, text)) in fields.iter().enumerate().rev() {
        let mask = match kind {
            FieldType::Time => {
                parts.set_clock(text, range)?;
                (unit, waiting) = (Some(Some(Unit::Day)), false);
                decode::TIME
            }
            FieldType::Tz if text.get(1..).is_some_and(|t| t.contains(':') && parts.set_clock(t, range).is_ok()) => {
                if text.starts_with('-') {
                    parts.usec = parts.usec.checked_neg().ok_or(FIELD_OVERFLOW)?;
                }
                (unit, waiting) = (Some(Some(Unit::Day)), false);
                decode::TIME
            }
            FieldType::Tz | FieldType::Date | FieldType::Number => {
                let mut this = *unit.get_or_insert_with(|| Some(rightmost_unit(range)));
                let mask = number(&mut parts, text, &mut this)?;
                (unit, waiting) = (Some(this), false);
                mask
            }
            FieldType::String | FieldType::Special => {
                if strict && waiting {
                    return Err(BAD_FORMAT);
                }
                match interval_word(text) {
                    Some(IntervalWord::Ignore) => {
                        unit = None;
                        continue;
                    }
                    Some(IntervalWord::Units(word)) => {
                        (unit, waiting) = (Some(Some(word)), true);
                        0
                    }
                    Some(IntervalWord::Ago) => {
                        if strict && i != fields.len() - 1 {
                            return Err(BAD_FORMAT);
                        }
                        (ago, unit) = (true, Some(None));
                        0
                    }
                    None => match special(text) {
                        Some(Word::Reserved(word @ (Reserved::Late | Reserved::Early)))
                            if strict && i == fields.len() - 1 =>
                        {
                            infinite = Some(word);
                            decode::DATE | decode::TIME
                        }
                        Some(Word::Units(word)) if strict => {
                            (unit, waiting) = (Some(Some(word)), true);
                            0
                        }
                        // Before 17 an infinite interval is not known, nor are the throw-away words of dates.
                        Some(Word::Ignore) if strict => {
                            unit = None;
                            continue;
                        }
                        _ => return Err(BAD_FORMAT),
                    },
                }
            }
        };
        if mask & seen != 0 {
            return Err(BAD_FORMAT);
        }
        seen |= mask;
    }
    if seen == 0 || strict && waiting {
        return Err(BAD_FORMAT);
    }
    match infinite {
        Some(Reserved::Early) => return Ok(Read::Early),
        Some(_) => return Ok(Read::Late),
        None => {}
    }
    Ok(Read::Delta(if ago { parts.negated()? } else { parts }))
}

const WEEK: u32 = 1 << 24;
const DECADE: u32 = 1 << 25;
const CENTURY: u32 = 1 << 26;
const MILLENNIUM: u32 = 1 << 27;

/// A number with its unit, which may become the unit of the number before it.
fn number(parts: &mut Parts, text: &str, unit: &mut Option<Unit>) -> Decoded<u32> {
    let (value, rest) = leading_int(text);
    let mut value = value.ok_or(FIELD_OVERFLOW)?;
    let mut part = 0.0;
    if let Some(months) = rest.strip_prefix('-') {
        // SQL's "years-months"
        let (months, rest) = leading_int(months);
        let months = months.filter(|m| (0..12).contains(m)).ok_or(FIELD_OVERFLOW)?;
        if !rest.is_empty() {
            return Err(BAD_FORMAT);
        }
        *unit = Some(Unit::Month);
        let months = if text.starts_with('-') { -months } else { months };
        value = value.checked_mul(12).and_then(|v| v.checked_add(months)).ok_or(FIELD_OVERFLOW)?;
    } else if rest.starts_with('.') {
        part = fraction(rest)?;
        if text.starts_with('-') {
            part = -part;
        }
    } else if !rest.is_empty() {
        return Err(BAD_FORMAT);
    }
    let Some(this) = *unit else { return Err(BAD_FORMAT) };
    Ok(match this {
        Unit::Microsecond => {
            parts.add_usecs(value, part, 1)?;
            decode::MICROSECOND
        }
        Unit::Millisecond => {
            parts.add_usecs(value, part, 1000)?;
            decode::MILLISECOND
        }
        Unit::Second => {
            parts.add_usecs(value, part, USECS_PER_SEC)?;
            if part == 0.0 { decode::SECOND } else { decode::ALL_SECONDS }
        }
        Unit::Minute => {
            parts.add_usecs(value, part, USECS_PER_MINUTE)?;
            decode::MINUTE
        }
        Unit::Hour => {
            parts.add_usecs(value, part, USECS_PER_HOUR)?;
            *unit = Some(Unit::Day);
            decode::HOUR
        }
        Unit::Day => {
            parts.add_days(value, part, 1)?;
            decode::DAY
        }
        Unit::Week => {
            parts.add_days(value, part, 7)?;
            WEEK
        }
        Unit::Month => {
            parts.add_months(value, part)?;
            decode::MONTH
        }
        Unit::Year => {
            parts.add_years(value, part, 1)?;
            decode::YEAR
        }
        Unit::Decade => {
            parts.add_years(value, part, 10)?;
            DECADE
        }
        Unit::Century => {
            parts.add_years(value, part, 100)?;
            CENTURY
        }
        Unit::Millennium => {
            parts.add_years(value, part, 1000)?;
            MILLENNIUM
        }
        Unit::Quarter | Unit::Julian | Unit::Time | Unit::Other => return Err(BAD_FORMAT),
    })
}

/// A number of ISO 8601 (`datetime.c: ParseISO8601Number`): its whole part, its fraction, and what follows.
fn iso_number(text: &str) -> Decoded<(i64, f64, &str)> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.') {
        return Err(BAD_FORMAT);
    }
    let (value, rest) = crate::expr::datum::float::leading_float(text).ok_or(BAD_FORMAT)?;
    if value.is_nan() || !(-1.0e15..=1.0e15).contains(&value) {
        return Err(FIELD_OVERFLOW);
    }
    let whole = value.trunc();
    Ok((whole as i64, value - whole, rest))
}

/// How many digits a number has in front of its point.
fn integer_width(text: &str) -> usize {
    let text = text.strip_prefix('-').unwrap_or(text);
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// `P1Y2M3DT4H5M6S`, `P0001-02-03T04:05:06`
fn iso8601(text: &str) -> Decoded<Parts> {
    let mut parts = Parts::default();
    let mut rest = text.strip_prefix('P').filter(|rest| !rest.is_empty()).ok_or(BAD_FORMAT)?;
    let (mut in_date, mut have_field) = (true, false);
    while !rest.is_empty() {
        if let Some(time) = rest.strip_prefix('T') {
            (in_date, have_field, rest) = (false, false, time);
            continue;
        }
        let start = rest;
        let (value, part, after) = iso_number(rest)?;
        let mut chars = after.chars();
        let unit = chars.next();
        rest = chars.as_str();
        match (in_date, unit) {
            (true, Some('Y')) => parts.add_years(value, part, 1)?,
            (true, Some('M')) => parts.add_months(value, part)?,
            (true, Some('W')) => parts.add_days(value, part, 7)?,
            (true, Some('D')) => parts.add_days(value, part, 1)?,
            (true, None | Some('T')) if integer_width(start) == 8 && !have_field => {
                parts.add_years(value / 10_000, 0.0, 1)?;
                parts.add_months(value / 100 % 100, 0.0)?;
                parts.add_days(value % 100, part, 1)?;
                in_date = false;
                continue;
            }
            (true, None | Some('T' | '-')) => {
                if have_field {
                    return Err(BAD_FORMAT);
                }
                parts.add_years(value, part, 1)?;
                if unit == Some('-') {
                    rest = iso_month_and_day(&mut parts, rest)?;
                }
                (in_date, have_field) = (false, false);
                continue;
            }
            (false, Some('H')) => parts.add_usecs(value, part, USECS_PER_HOUR)?,
            (false, Some('M')) => parts.add_usecs(value, part, USECS_PER_MINUTE)?,
            (false, Some('S')) => parts.add_usecs(value, part, USECS_PER_SEC)?,
            (false, None) if integer_width(start) == 6 && !have_field => {
                parts.add_usecs(value / 10_000, 0.0, USECS_PER_HOUR)?;
                parts.add_usecs(value / 100 % 100, 0.0, USECS_PER_MINUTE)?;
                parts.add_usecs(value % 100, 0.0, USECS_PER_SEC)?;
                parts.add_fraction_of(part, 1)?;
            }
            (false, None | Some(':')) => {
                if have_field {
                    return Err(BAD_FORMAT);
                }
                parts.add_usecs(value, part, USECS_PER_HOUR)?;
                if unit.is_some() {
                    return iso_minute_and_second(parts, rest);
                }
            }
            _ => return Err(BAD_FORMAT),
        }
        have_field = true;
    }
    Ok(parts)
}

/// What follows `year-`; what it leaves is the time, or nothing.
fn iso_month_and_day<'t>(parts: &mut Parts, text: &'t str) -> Decoded<&'t str> {
    let (value, part, rest) = iso_number(text)?;
    parts.add_months(value, part)?;
    if let Some(time) = rest.strip_prefix('T') {
        return Ok(time);
    }
    if rest.is_empty() {
        return Ok(rest);
    }
    let (value, part, rest) = iso_number(rest.strip_prefix('-').ok_or(BAD_FORMAT)?)?;
    parts.add_days(value, part, 1)?;
    if rest.is_empty() { Ok(rest) } else { rest.strip_prefix('T').ok_or(BAD_FORMAT) }
}

fn iso_minute_and_second(mut parts: Parts, text: &str) -> Decoded<Parts> {
    let (value, part, rest) = iso_number(text)?;
    parts.add_usecs(value, part, USECS_PER_MINUTE)?;
    if rest.is_empty() {
        return Ok(parts);
    }
    let (value, part, rest) = iso_number(rest.strip_prefix(':').ok_or(BAD_FORMAT)?)?;
    parts.add_usecs(value, part, USECS_PER_SEC)?;
    if rest.is_empty() { Ok(parts) } else { Err(BAD_FORMAT) }
}

impl Interval {
    /// `timestamp.c: AdjustIntervalForTypmod`
    fn adjust(&mut self, typmod: i32, range: i32) -> Exec {
        if typmod < 0 {
            return Ok(());
        }
        match range {
            YEAR => {
                self.month = self.month / 12 * 12;
                (self.day, self.time) = (0, 0);
            }
            r if r == MONTH || r == YEAR | MONTH => (self.day, self.time) = (0, 0),
            DAY => self.time = 0,
            r if r == HOUR || r == DAY | HOUR => self.time = self.time / USECS_PER_HOUR * USECS_PER_HOUR,
            r if r == MINUTE || r == DAY | HOUR | MINUTE || r == HOUR | MINUTE => {
                self.time = self.time / USECS_PER_MINUTE * USECS_PER_MINUTE;
            }
            _ => {}
        }
        let precision = typmod & FULL_PRECISION;
        if precision == FULL_PRECISION {
            return Ok(());
        }
        if precision > 6 {
            let message = format!("interval({precision}) precision must be between 0 and 6");
            return Err(SqlError::new("22023", message).into());
        }
        let (low, high) = (i64::MIN + 500_000, i64::MAX - 500_000);
        if !(low..=high).contains(&self.time) {
            return Err(opaque("an interval that large is not rounded"));
        }
        self.time = round_usecs(self.time, precision);
        Ok(())
    }

    /// `datetime.c: EncodeInterval`
    fn print(&self) -> String {
        let mut out = String::new();
        // A field after a negative one has its sign.
        let mut after_negative = false;
        let fields = [(self.month / 12, "year"), (self.month % 12, "mon"), (self.day, "day")];
        for (value, unit) in fields.into_iter().filter(|(value, _)| *value != 0) {
            let space = if out.is_empty() { "" } else { " " };
            let sign = if after_negative && value > 0 { "+" } else { "" };
            let plural = if value == 1 { "" } else { "s" };
            let _ = write!(out, "{space}{sign}{value} {unit}{plural}");
            after_negative = value < 0;
        }
        if out.is_empty() || self.time != 0 {
            if !out.is_empty() {
                out.push(' ');
            }
            if self.time < 0 {
                out.push('-');
            } else if after_negative {
                out.push('+');
            }
            let time = self.time.unsigned_abs();
            let part = |unit: i64, limit: u64| (time / unit.unsigned_abs() % limit) as i32;
            let hours = (time / USECS_PER_HOUR.unsigned_abs()) as i64;
            push_time(&mut out, hours, part(USECS_PER_MINUTE, 60), part(USECS_PER_SEC, 60), part(1, 1_000_000));
        }
        out
    }
}
