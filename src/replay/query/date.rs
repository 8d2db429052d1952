//! Dates, timestamps and intervals (`date.c`, `timestamp.c`).
//!
//! A value is kept as the text that its type's output function gives. A `timestamp with time zone` here is one that was
//! made of a date: midnight in the session's zone, kept as local time. Which moment that is is not known, nor is how it is
//! printed, but days and months can be added to it, and its date taken.

use super::Value;
use crate::catalog::{Oid, type_oid as t};
use crate::replay::value::IntType;

const DAY: i64 = 86_400_000_000;

/// `months`, `days` and microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Interval {
    months: i64,
    days: i64,
    usecs: i64,
}

/// A day or a local time: microseconds since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    usecs: i64,
    ty: Oid,
}

/// The number of a day since 1970-01-01.
pub(super) fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day.
pub(super) fn civil(number: i64) -> (i64, i64, i64) {
    let number = number + 719_468;
    let era = number.div_euclid(146_097);
    let of_era = number.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

fn days_of_month(year: i64, month: i64) -> i64 {
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    day_number(next_year, next, 1) - day_number(year, month, 1)
}

fn clock(text: &str) -> Option<i64> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let mut parts = text.split(':');
    let hours: i64 = parts.next()?.parse().ok()?;
    let minutes: i64 = parts.next()?.parse().ok()?;
    let seconds = parts.next()?;
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let fraction: i64 = if fraction.is_empty() { 0 } else { format!("{fraction:0<6}").parse().ok()? };
    let usecs = ((hours * 60 + minutes) * 60 + seconds.parse::<i64>().ok()?) * 1_000_000 + fraction;
    Some(if negative { -usecs } else { usecs })
}

fn clock_text(usecs: i64) -> String {
    let (sign, usecs) = if usecs < 0 { ("-", -usecs) } else { ("", usecs) };
    let seconds = usecs / 1_000_000;
    let mut text = format!("{sign}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if usecs % 1_000_000 != 0 {
        text.push_str(format!(".{:06}", usecs % 1_000_000).trim_end_matches('0'));
    }
    text
}

impl Moment {
    /// The moment of a value, unless it is infinite or before the year 1.
    pub(super) fn of(value: &Value) -> Option<Moment> {
        let Value::Typed(ty @ (t::DATE | t::TIMESTAMP | t::TIMESTAMPTZ), text) = value else { return None };
        let (date, time) = text.split_once(' ').unwrap_or((text, "00:00:00"));
        let mut parts = date.split('-').map(|part| part.parse::<i64>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        Some(Moment { usecs: day_number(year, month, day) * DAY + clock(time)?, ty: *ty })
    }

    pub(super) fn at(ty: Oid, days: i64, usecs: i64) -> Moment {
        Moment { usecs: days * DAY + usecs, ty }
    }

    pub(super) fn value(self) -> Value {
        let days = self.usecs.div_euclid(DAY);
        let (year, month, day) = civil(days);
        if !(1..=9999).contains(&year) {
            return Value::not_evaluated("such a date is not evaluated");
        }
        let date = format!("{year:04}-{month:02}-{day:02}");
        Value::Typed(
            self.ty,
            match self.ty {
                t::DATE => date.into(),
                _ => format!("{date} {}", clock_text(self.usecs.rem_euclid(DAY))).into(),
            },
        )
    }

    /// As a value of another of these types.
    pub(super) fn cast(self, ty: Oid) -> Moment {
        let usecs = if ty == t::DATE { self.usecs.div_euclid(DAY) * DAY } else { self.usecs };
        Moment { usecs, ty }
    }

    pub(super) fn day(self) -> i64 {
        self.usecs.div_euclid(DAY)
    }

    pub(super) fn time(self) -> i64 {
        self.usecs.rem_euclid(DAY)
    }

    /// `timestamp.c: timestamp_pl_interval`
    pub(super) fn plus(self, interval: Interval) -> Option<Moment> {
        // An hour is not always an hour later on the clock.
        if self.ty == t::TIMESTAMPTZ && interval.usecs != 0 {
            return None;
        }
        let (mut year, month, day) = civil(self.day());
        let months = year * 12 + month - 1 + interval.months;
        year = months.div_euclid(12);
        let month = months.rem_euclid(12) + 1;
        let day = day.min(days_of_month(year, month));
        let days = day_number(year, month, day) + interval.days;
        let ty = if self.ty == t::DATE { t::TIMESTAMP } else { self.ty };
        Some(Moment { usecs: days * DAY + self.time() + interval.usecs, ty })
    }
}

impl Interval {
    pub(super) fn of(value: &Value) -> Option<Interval> {
        let Value::Typed(t::INTERVAL, text) = value else { return None };
        let mut interval = Interval::default();
        let mut words = text.split(' ').peekable();
        while let Some(word) = words.next() {
            if word.contains(':') {
                interval.usecs = clock(word.trim_start_matches('+'))?;
                continue;
            }
            let number: i64 = word.trim_start_matches('+').parse().ok()?;
            match words.next()?.trim_end_matches('s') {
                "year" => interval.months += number * 12,
                "mon" => interval.months += number,
                "day" => interval.days += number,
                _ => return None,
            }
        }
        Some(interval)
    }

    fn negated(self) -> Interval {
        self.times(-1)
    }

    fn times(self, factor: i64) -> Interval {
        Interval { months: self.months * factor, days: self.days * factor, usecs: self.usecs * factor }
    }

    fn and(self, other: Interval) -> Interval {
        let (months, days) = (self.months + other.months, self.days + other.days);
        Interval { months, days, usecs: self.usecs + other.usecs }
    }

    /// It goes forward, back, or nowhere.
    pub(super) fn direction(self) -> std::cmp::Ordering {
        ((self.months * 30 + self.days) * DAY + self.usecs).cmp(&0)
    }

    /// `datetime.c: EncodeInterval`; of mixed signs it is not evaluated.
    fn value(self) -> Value {
        let parts = [self.months, self.days, self.usecs];
        if parts.iter().any(|&n| n < 0) && parts.iter().any(|&n| n > 0) {
            return Value::not_evaluated("an interval with both signs is not evaluated");
        }
        let mut words = Vec::new();
        let mut unit = |number: i64, name: &str| {
            if number != 0 {
                words.push(format!("{number} {name}{}", if number == 1 { "" } else { "s" }));
            }
        };
        unit(self.months / 12, "year");
        unit(self.months % 12, "mon");
        unit(self.days, "day");
        if self.usecs != 0 || words.is_empty() {
            words.push(clock_text(self.usecs));
        }
        Value::Typed(t::INTERVAL, words.join(" ").into())
    }
}

/// `+`, `-`, `*` of such values; nothing if they are others.
pub(super) fn arithmetic(op: &str, left: &Value, right: &Value) -> Option<Value> {
    let (from, to) = (Moment::of(left), Moment::of(right));
    Some(match (op, from, to) {
        ("+", Some(date), None) | ("-", Some(date), None) if date.ty == t::DATE && matches!(right, Value::Int(..)) => {
            let days = right.as_int()?;
            Moment::at(t::DATE, if op == "+" { date.day() + days } else { date.day() - days }, 0).value()
        }
        ("+", None, Some(date)) if date.ty == t::DATE && matches!(left, Value::Int(..)) => {
            Moment::at(t::DATE, date.day() + left.as_int()?, 0).value()
        }
        ("-", Some(from), Some(to)) if from.ty == t::DATE && to.ty == t::DATE => {
            Value::Int(from.day() - to.day(), IntType::Int4)
        }
        ("-", Some(from), Some(to)) if from.ty != t::TIMESTAMPTZ && to.ty != t::TIMESTAMPTZ => {
            let usecs = from.usecs - to.usecs;
            Interval { months: 0, days: usecs / DAY, usecs: usecs % DAY }.value()
        }
        ("+", Some(moment), None) => moment.plus(Interval::of(right)?)?.value(),
        ("-", Some(moment), None) => moment.plus(Interval::of(right)?.negated())?.value(),
        ("+", None, Some(moment)) => moment.plus(Interval::of(left)?)?.value(),
        ("+", None, None) => Interval::of(left)?.and(Interval::of(right)?).value(),
        ("-", None, None) => Interval::of(left)?.and(Interval::of(right)?.negated()).value(),
        ("*", None, None) => match (Interval::of(left), Interval::of(right)) {
            (Some(interval), None) if matches!(right, Value::Int(..)) => interval.times(right.as_int()?).value(),
            (None, Some(interval)) if matches!(left, Value::Int(..)) => interval.times(left.as_int()?).value(),
            _ => return None,
        },
        _ => return None,
    })
}

/// How two such values compare.
pub(super) fn compare(left: &Value, right: &Value) -> Option<std::cmp::Ordering> {
    match (Moment::of(left), Moment::of(right)) {
        (Some(a), Some(b)) => Some(a.usecs.cmp(&b.usecs)),
        _ => Some(Interval::of(left)?.and(Interval::of(right)?.negated()).direction()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(ty: Oid, text: &str) -> Moment {
        Moment::of(&Value::Typed(ty, text.into())).unwrap()
    }

    /// The outcomes are PostgreSQL 15's.
    #[test]
    fn sums() {
        let plus = |text: &str, interval: &str| {
            let value =
                arithmetic("+", &Value::Typed(t::DATE, text.into()), &Value::Typed(t::INTERVAL, interval.into()));
            match value {
                Some(Value::Typed(t::TIMESTAMP, text)) => text.to_string(),
                other => format!("{other:?}"),
            }
        };
        assert_eq!(plus("2024-01-31", "1 mon"), "2024-02-29 00:00:00");
        assert_eq!(plus("2023-12-31", "1 day 01:30:00"), "2024-01-01 01:30:00");
        assert_eq!(plus("2024-03-31", "-1 mons"), "2024-02-29 00:00:00");
        assert_eq!(plus("2024-02-29", "1 year"), "2025-02-28 00:00:00");
        assert_eq!(civil(moment(t::DATE, "1969-12-31").day()), (1969, 12, 31));
        assert_eq!(
            moment(t::TIMESTAMP, "2024-02-28 13:45:06.5").cast(t::DATE).value(),
            Value::Typed(t::DATE, "2024-02-28".into())
        );
    }
}
