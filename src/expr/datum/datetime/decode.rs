//! What the fields of a date or time mean (`datetime.c: DecodeDateTime`, `DecodeTimeOnly`).

use super::field::{Field, FieldType, Reserved, Unit, Word, special};
use super::zone::{self, Zone};
use super::{
    BAD_FORMAT, DateOrder, DatumEnv, Decoded, FIELD_OVERFLOW, Problem, Tm, USECS_PER_DAY, current, date2j, j2date,
    set_time,
};
use crate::replay::SqlError;

/// What a text stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A date, perhaps with a time.
    Date,
    Epoch,
    Late,
    Early,
}

/// A date and time.
#[derive(Clone, Debug)]
pub(super) struct DateTime {
    pub(super) kind: Kind,
    pub(super) tm: Tm,
    /// Microseconds of the second.
    pub(super) fsec: i32,
    /// The offset of the zone in seconds west, once it is resolved.
    pub(super) tz: i32,
    zone: GivenZone,
}

/// The zone as it was written.
#[derive(Clone, Debug)]
enum GivenZone {
    /// None: the session's.
    Session,
    /// The offset is there.
    Offset,
    Named(Zone),
    Abbreviation(String, &'static str),
}

impl DateTime {
    /// Computes the offset of the zone, which needs the date.
    pub(super) fn resolve_zone(&mut self, env: &DatumEnv<'_>) -> Decoded {
        self.tz = match &self.zone {
            GivenZone::Offset => return Ok(()),
            GivenZone::Session => -zone::session(env)?.offset(&self.tm)?,
            GivenZone::Named(zone) => -zone.offset(&self.tm)?,
            GivenZone::Abbreviation(word, name) => match zone::named(name)? {
                Some(zone) => -zone.abbreviation_offset(word, &self.tm)?,
                None => return Err(super::opaque(format!("time zone \"{name}\" is not known")).into()),
            },
        };
        Ok(())
    }
}

// Bits for what has been seen (`DTK_M`). Their numbers matter to nobody.
pub(super) const YEAR: u32 = 1 << 2;
pub(super) const MONTH: u32 = 1 << 1;
pub(super) const DAY: u32 = 1 << 3;
pub(super) const HOUR: u32 = 1 << 10;
pub(super) const MINUTE: u32 = 1 << 11;
pub(super) const SECOND: u32 = 1 << 12;
pub(super) const MILLISECOND: u32 = 1 << 13;
pub(super) const MICROSECOND: u32 = 1 << 14;
pub(super) const ALL_SECONDS: u32 = SECOND | MILLISECOND | MICROSECOND;
pub(super) const DATE: u32 = YEAR | MONTH | DAY;
pub(super) const TIME: u32 = HOUR | MINUTE | ALL_SECONDS;
const RESERVED: u32 = 1;
const ZONE: u32 = 1 << 5;
const DST_ZONE: u32 = 1 << 6;
const DYNAMIC_ZONE: u32 = 1 << 7;
const AM_PM: u32 = 1 << 9;
const DAY_OF_YEAR: u32 = 1 << 15;
const DAY_OF_WEEK: u32 = 1 << 16;
const AD_BC: u32 = 1 << 18;
const DST_MODIFIER: u32 = 1 << 28;

/// A number at the start of a text (`strtol`): nothing if it does not fit, and what follows it.
pub(super) fn leading_int(text: &str) -> (Option<i64>, &str) {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
    let (digits, rest) = unsigned.split_at(end);
    if digits.is_empty() {
        return (Some(0), text);
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    (format!("{sign}{digits}").parse().ok(), rest)
}

/// The same for a C `int`.
fn leading_i32(text: &str) -> Decoded<(i32, &str)> {
    let (value, rest) = leading_int(text);
    let value = value.and_then(|v| i32::try_from(v).ok()).ok_or(FIELD_OVERFLOW)?;
    Ok((value, rest))
}

/// C's `atoi`.
fn atoi(text: &str) -> i32 {
    leading_int(text).0.unwrap_or(i64::MAX) as i32
}

/// `.25` (`datetime.c: ParseFraction`).
pub(super) fn fraction(text: &str) -> Decoded<f64> {
    match text.strip_prefix('.') {
        Some("") => Ok(0.0),
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => text.parse().map_err(|_| BAD_FORMAT),
        _ => Err(BAD_FORMAT),
    }
}

fn fractional_second(text: &str) -> Decoded<i32> {
    Ok((fraction(text)? * 1_000_000.0).round_ties_even() as i32)
}

/// What is being decoded.
struct Decoder<'a> {
    env: &'a DatumEnv<'a>,
    /// Only a time of day is wanted.
    time_only: bool,
    tm: Tm,
    fsec: i32,
    tz: i32,
    seen: u32,
    /// The label before the next number.
    prefix: Option<Unit>,
    have_text_month: bool,
    is_julian: bool,
    is_2digits: bool,
    bc: bool,
    /// `am`, or `pm` if true.
    meridian: Option<bool>,
    zone: Option<GivenZone>,
    kind: Kind,
    /// The clock was looked at, but there is none.
    no_clock: bool,
}

/// A date with or without a time.
pub(super) fn date_time(env: &DatumEnv<'_>, fields: Vec<Field>) -> Decoded<DateTime> {
    let mut decoder = Decoder::new(env, false);
    decoder.all(fields)?;
    if decoder.kind == Kind::Date || !decoder.strict() {
        decoder.validate_date()?;
    }
    decoder.apply_meridian()?;
    let zone =
        if decoder.seen & ZONE != 0 { decoder.zone.take().unwrap_or(GivenZone::Offset) } else { GivenZone::Session };
    if decoder.kind == Kind::Date {
        if decoder.seen & DATE != DATE {
            return Err(BAD_FORMAT);
        }
        decoder.check_modifier(&zone)?;
    }
    if decoder.no_clock {
        return Err(super::no_clock().into());
    }
    let Decoder { kind, tm, fsec, tz, .. } = decoder;
    Ok(DateTime { kind, tm, fsec, tz, zone })
}

/// A time of day; its zone is resolved if it is wanted.
pub(super) fn time_only(env: &DatumEnv<'_>, fields: Vec<Field>, with_zone: bool) -> Decoded<DateTime> {
    let mut decoder = Decoder::new(env, true);
    decoder.all(fields)?;
    decoder.validate_date()?;
    decoder.apply_meridian()?;
    if super::decode::time_overflows(&decoder.tm, decoder.fsec) {
        return Err(FIELD_OVERFLOW);
    }
    if decoder.seen & TIME != TIME {
        return Err(BAD_FORMAT);
    }
    let zone =
        if decoder.seen & ZONE != 0 { decoder.zone.take().unwrap_or(GivenZone::Offset) } else { GivenZone::Session };
    decoder.check_modifier(&zone)?;
    let seen = decoder.seen & DATE;
    // What depends on the date has to come with one; the session's zone and abbreviations take today.
    let needs_date = match &zone {
        GivenZone::Named(zone) => zone.constant().is_none(),
        GivenZone::Offset => false,
        GivenZone::Session | GivenZone::Abbreviation(..) => seen != 0,
    };
    if needs_date && seen != DATE {
        return Err(BAD_FORMAT);
    }
    if decoder.no_clock {
        return Err(super::no_clock().into());
    }
    let Decoder { tm, fsec, tz, .. } = decoder;
    let mut value = DateTime { kind: Kind::Date, tm, fsec, tz, zone };
    if !with_zone {
        return Ok(value);
    }
    let constant = match &value.zone {
        GivenZone::Named(zone) => zone.constant(),
        GivenZone::Session if seen == 0 => zone::session(env)?.nowadays(),
        GivenZone::Abbreviation(_, name) if seen == 0 => zone::named(name)?.and_then(|zone| zone.nowadays()),
        GivenZone::Session | GivenZone::Abbreviation(..) | GivenZone::Offset => None,
    };
    match constant {
        Some(east) => value.tz = -east,
        None => {
            if seen == 0 && !matches!(value.zone, GivenZone::Offset) {
                let (today, ..) = current(env, env.now.ok_or_else(super::no_clock)?)?;
                value.tm = Tm { hour: tm.hour, min: tm.min, sec: tm.sec, ..today };
            }
            value.resolve_zone(env)?;
            value.tm = tm;
        }
    }
    Ok(value)
}

impl<'a> Decoder<'a> {
    fn new(env: &'a DatumEnv<'a>, time_only: bool) -> Decoder<'a> {
        Decoder {
            env,
            time_only,
            tm: Tm::default(),
            fsec: 0,
            tz: 0,
            seen: 0,
            prefix: None,
            have_text_month: false,
            is_julian: false,
            is_2digits: false,
            bc: false,
            meridian: None,
            zone: None,
            kind: Kind::Date,
            no_clock: false,
        }
    }

    /// The current date and time. Without a clock it is any, so that what is wrong with the text is found all the same.
    fn current(&mut self) -> Decoded<(Tm, i32, i32)> {
        let Some(now) = self.env.now else {
            self.no_clock = true;
            return Ok((Tm { year: 2000, mon: 1, mday: 1, ..Tm::default() }, 0, 0));
        };
        Ok(current(self.env, now)?)
    }

    /// `dst` goes with an offset only.
    fn check_modifier(&self, zone: &GivenZone) -> Decoded {
        match zone {
            GivenZone::Offset => Ok(()),
            _ if self.seen & DST_MODIFIER != 0 => Err(BAD_FORMAT),
            _ => Ok(()),
        }
    }

    fn all(&mut self, fields: Vec<Field>) -> Decoded {
        let types: Vec<FieldType> = fields.iter().map(|f| f.0).collect();
        for (i, (kind, text)) in fields.iter().enumerate() {
            let mask = match kind {
                FieldType::Date => self.date_field(text, i, &types)?,
                FieldType::Time => self.time_field(text)?,
                FieldType::Tz => {
                    self.tz = timezone(text)?;
                    self.zone = Some(GivenZone::Offset);
                    ZONE
                }
                FieldType::Number => self.number_field(text, i, &types)?,
                FieldType::String | FieldType::Special => match self.word(text, types.get(i + 1).copied())? {
                    Some(mask) => mask,
                    None => continue,
                },
            };
            if mask & self.seen != 0 {
                return Err(BAD_FORMAT);
            }
            self.seen |= mask;
        }
        if self.strict() && self.prefix.is_some() { Err(BAD_FORMAT) } else { Ok(()) }
    }

    /// 16 and later take fewer oddities.
    fn strict(&self) -> bool {
        self.env.catalog.version() >= 16
    }

    fn date_field(&mut self, text: &str, i: usize, types: &[FieldType]) -> Decoded<u32> {
        if self.time_only {
            // Under limited circumstances a date is accepted.
            let date = i == 0
                && types.len() >= 2
                && (types.last() == Some(&FieldType::Date) || types.get(1) == Some(&FieldType::Time));
            if date {
                return self.date(text);
            }
            if text.starts_with(|c: char| c.is_ascii_digit()) {
                return self.time_with_zone(text, self.seen | DATE);
            }
            return self.named_zone(text);
        }
        if self.prefix == Some(Unit::Julian) {
            let (value, rest) = leading_i32(text)?;
            if value < 0 {
                return Err(FIELD_OVERFLOW);
            }
            j2date(value.into(), &mut self.tm);
            self.is_julian = true;
            self.tz = timezone(rest)?;
            self.zone = Some(GivenZone::Offset);
            self.prefix = None;
            return Ok(DATE | TIME | ZONE);
        }
        if self.prefix.is_none() && self.seen & (MONTH | DAY) != MONTH | DAY {
            return self.date(text);
        }
        if text.starts_with(|c: char| c.is_ascii_digit()) || self.prefix.is_some() {
            if self.prefix.take().is_some_and(|p| p != Unit::Time) {
                return Err(BAD_FORMAT);
            }
            return self.time_with_zone(text, self.seen);
        }
        self.named_zone(text)
    }

    /// `hhmmss-zz`
    fn time_with_zone(&mut self, text: &str, seen: u32) -> Decoded<u32> {
        if self.seen & TIME == TIME {
            return Err(BAD_FORMAT);
        }
        let at = text.find('-').ok_or(BAD_FORMAT)?;
        let (time, zone) = text.split_at(at);
        self.tz = timezone(zone)?;
        self.zone = Some(GivenZone::Offset);
        Ok(self.concatenated(time, seen)? | ZONE)
    }

    fn named_zone(&mut self, text: &str) -> Decoded<u32> {
        match zone::named(text)? {
            Some(zone) => {
                self.zone = Some(GivenZone::Named(zone));
                Ok(ZONE)
            }
            None => {
                let error = SqlError::new("22023", format!("time zone \"{text}\" not recognized"));
                Err(Problem::Stop(Box::new(error.into())))
            }
        }
    }

    fn time_field(&mut self, text: &str) -> Decoded<u32> {
        if !self.time_only && self.prefix.take().is_some_and(|p| p != Unit::Time) {
            return Err(BAD_FORMAT);
        }
        if self.time_only && self.strict() && self.prefix.take().is_some_and(|p| p != Unit::Time) {
            return Err(BAD_FORMAT);
        }
        let time = clock(text, false)?;
        self.tm.hour = i32::try_from(time.hour).map_err(|_| FIELD_OVERFLOW)?;
        (self.tm.min, self.tm.sec, self.fsec) = (time.min, time.sec, time.fsec);
        if !self.time_only && time_overflows(&self.tm, self.fsec) {
            return Err(FIELD_OVERFLOW);
        }
        Ok(TIME)
    }

    fn number_field(&mut self, text: &str, i: usize, types: &[FieldType]) -> Decoded<u32> {
        if let Some(prefix) = self.prefix.take() {
            return self.labelled_number(text, prefix);
        }
        let point = text.find('.');
        if self.time_only {
            return match point {
                Some(_) if i == 0 && types.len() >= 2 && types.last() == Some(&FieldType::Date) => self.date(text),
                Some(at) if at > 2 => self.concatenated(text, self.seen | DATE),
                Some(_) => Err(BAD_FORMAT),
                None if text.len() > 4 => self.concatenated(text, self.seen | DATE),
                None => self.number(text, false, self.seen | DATE),
            };
        }
        match point {
            Some(_) if self.seen & DATE == 0 => self.date(text),
            Some(at) if at > 2 => self.concatenated(text, self.seen),
            _ if text.len() >= 6 && (self.seen & DATE == 0 || self.seen & TIME == 0) => {
                self.concatenated(text, self.seen)
            }
            _ => self.number(text, self.have_text_month, self.seen),
        }
    }

    /// A number after its label, as in `y2001m02d04` (until 15) or `J2451187`.
    fn labelled_number(&mut self, text: &str, prefix: Unit) -> Decoded<u32> {
        let (value, rest) = leading_i32(text)?;
        let decimal = rest.starts_with('.');
        if !decimal && !rest.is_empty() {
            return Err(BAD_FORMAT);
        }
        self.kind = Kind::Date;
        if self.strict() && !matches!(prefix, Unit::Julian | Unit::Time) {
            return Err(BAD_FORMAT);
        }
        if decimal && !matches!(prefix, Unit::Julian | Unit::Time | Unit::Second) {
            return Err(BAD_FORMAT);
        }
        Ok(match prefix {
            Unit::Year => {
                self.tm.year = value;
                YEAR
            }
            Unit::Month if self.seen & MONTH != 0 && self.seen & HOUR != 0 => {
                self.tm.min = value;
                MINUTE
            }
            Unit::Month => {
                self.tm.mon = value;
                MONTH
            }
            Unit::Day => {
                self.tm.mday = value;
                DAY
            }
            Unit::Hour => {
                self.tm.hour = value;
                HOUR
            }
            Unit::Minute => {
                self.tm.min = value;
                MINUTE
            }
            Unit::Second => {
                self.tm.sec = value;
                if decimal {
                    self.fsec = fractional_second(rest)?;
                    ALL_SECONDS
                } else {
                    SECOND
                }
            }
            Unit::Julian => {
                if value < 0 {
                    return Err(FIELD_OVERFLOW);
                }
                j2date(value.into(), &mut self.tm);
                self.is_julian = true;
                if decimal {
                    let time = fraction(rest)? * USECS_PER_DAY as f64;
                    self.fsec = set_time(&mut self.tm, time as i64);
                    DATE | TIME
                } else {
                    DATE
                }
            }
            Unit::Time => match self.concatenated(text, self.seen | DATE)? {
                TIME => TIME,
                _ => return Err(BAD_FORMAT),
            },
            Unit::Microsecond
            | Unit::Millisecond
            | Unit::Week
            | Unit::Quarter
            | Unit::Decade
            | Unit::Century
            | Unit::Millennium
            | Unit::Other => return Err(BAD_FORMAT),
        })
    }

    /// A word; nothing if it is to be ignored.
    fn word(&mut self, text: &str, next: Option<FieldType>) -> Decoded<Option<u32>> {
        let word = match zone::abbreviation(self.env, text)? {
            Some(word) => Some(word),
            None if text == "+infinity" && self.env.catalog.version() < 17 => None,
            None => special(text),
        };
        let Some(word) = word else {
            // It may be the name of a zone.
            return match zone::named(text)? {
                Some(zone) => {
                    self.zone = Some(GivenZone::Named(zone));
                    Ok(Some(ZONE))
                }
                None => Err(BAD_FORMAT),
            };
        };
        Ok(Some(match word {
            Word::Ignore => return Ok(None),
            Word::Reserved(word) => self.reserved(word)?,
            Word::Month(_) | Word::DayOfWeek if self.time_only => return Err(BAD_FORMAT),
            Word::Month(month) => {
                // A number that was taken for the month is the day.
                let day = self.seen & MONTH != 0
                    && !self.have_text_month
                    && self.seen & DAY == 0
                    && (1..=31).contains(&self.tm.mon);
                if day {
                    self.tm.mday = self.tm.mon;
                }
                self.have_text_month = true;
                self.tm.mon = month;
                if day { DAY } else { MONTH }
            }
            Word::DstModifier => {
                self.tz -= 3600;
                DST_MODIFIER | DST_ZONE
            }
            Word::DstZone(east) => {
                self.tz = -east;
                self.zone = Some(GivenZone::Offset);
                DST_ZONE | ZONE
            }
            Word::Zone(east) => {
                self.tz = -east;
                self.zone = Some(GivenZone::Offset);
                ZONE
            }
            Word::DynamicZone(zone) => {
                self.zone = Some(GivenZone::Abbreviation(text.to_owned(), zone));
                DYNAMIC_ZONE | ZONE
            }
            Word::AmPm(pm) => {
                self.meridian = Some(pm);
                AM_PM
            }
            Word::AdBc(bc) => {
                self.bc = bc;
                AD_BC
            }
            Word::DayOfWeek => DAY_OF_WEEK,
            Word::Units(unit) => {
                self.label(unit)?;
                0
            }
            Word::IsoTime => {
                if !self.time_only && self.seen & DATE != DATE {
                    return Err(BAD_FORMAT);
                }
                match next {
                    Some(FieldType::Number | FieldType::Time | FieldType::Date) => {}
                    // It is noticed later that no time follows.
                    _ if self.strict() => {}
                    Some(FieldType::String | FieldType::Tz | FieldType::Special) | None => return Err(BAD_FORMAT),
                }
                self.label(Unit::Time)?;
                0
            }
        }))
    }

    fn label(&mut self, unit: Unit) -> Decoded {
        if self.strict() && self.prefix.is_some() {
            return Err(BAD_FORMAT);
        }
        self.prefix = Some(unit);
        Ok(())
    }

    fn reserved(&mut self, word: Reserved) -> Decoded<u32> {
        let zulu = |decoder: &mut Self| {
            (decoder.tm.hour, decoder.tm.min, decoder.tm.sec) = (0, 0, 0);
            decoder.tz = 0;
            decoder.zone = Some(GivenZone::Offset);
            TIME | ZONE
        };
        if self.time_only {
            return match word {
                Reserved::Now => {
                    let (now, fsec, _) = self.current()?;
                    (self.tm.hour, self.tm.min, self.tm.sec, self.fsec) = (now.hour, now.min, now.sec, fsec);
                    Ok(TIME)
                }
                Reserved::Zulu => Ok(zulu(self)),
                Reserved::Early
                | Reserved::Late
                | Reserved::Epoch
                | Reserved::Yesterday
                | Reserved::Today
                | Reserved::Tomorrow => Err(BAD_FORMAT),
            };
        }
        let day = |decoder: &mut Self, offset: i64| -> Decoded<u32> {
            let (today, ..) = decoder.current()?;
            let julian = date2j(today.year.into(), today.mon.into(), today.mday.into());
            j2date(julian + offset, &mut decoder.tm);
            decoder.kind = Kind::Date;
            Ok(DATE)
        };
        let whole = |decoder: &mut Self, kind: Kind| {
            decoder.kind = kind;
            if decoder.strict() { DATE | TIME | ZONE } else { RESERVED }
        };
        Ok(match word {
            Reserved::Now => {
                let (tm, fsec, tz) = self.current()?;
                (self.tm, self.fsec, self.tz) = (tm, fsec, tz);
                self.zone = Some(GivenZone::Offset);
                self.kind = Kind::Date;
                DATE | TIME | ZONE
            }
            Reserved::Yesterday => day(self, -1)?,
            Reserved::Today => day(self, 0)?,
            Reserved::Tomorrow => day(self, 1)?,
            Reserved::Zulu => {
                self.kind = Kind::Date;
                zulu(self)
            }
            Reserved::Epoch => whole(self, Kind::Epoch),
            Reserved::Late => whole(self, Kind::Late),
            Reserved::Early => whole(self, Kind::Early),
        })
    }

    /// `datetime.c: DecodeDate`
    fn date(&mut self, text: &str) -> Decoded<u32> {
        let mut parts: Vec<&str> = Vec::new();
        let mut rest = text;
        while !rest.is_empty() && parts.len() < 25 {
            rest = rest.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
            if rest.is_empty() {
                return Err(BAD_FORMAT);
            }
            let digits = rest.starts_with(|c: char| c.is_ascii_digit());
            let end = rest
                .find(|c: char| if digits { !c.is_ascii_digit() } else { !c.is_ascii_alphabetic() })
                .unwrap_or(rest.len());
            parts.push(&rest[..end]);
            // One character after the part goes, whatever it is.
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        let mut mask = 0;
        let mut seen = self.seen;
        let mut text_month = false;
        for part in parts.iter().filter(|p| p.starts_with(|c: char| c.is_ascii_alphabetic())) {
            match special(part) {
                Some(Word::Ignore) => continue,
                Some(Word::Month(month)) => {
                    self.tm.mon = month;
                    text_month = true;
                }
                _ => return Err(BAD_FORMAT),
            }
            if seen & MONTH != 0 {
                return Err(BAD_FORMAT);
            }
            seen |= MONTH;
            mask |= MONTH;
        }
        for part in parts {
            if part.starts_with(|c: char| c.is_ascii_alphabetic()) {
                // Throw-away words are read as numbers next, and are none.
                if special(part) == Some(Word::Ignore) {
                    return Err(BAD_FORMAT);
                }
                continue;
            }
            let found = self.number(part, text_month, seen)?;
            if seen & found != 0 {
                return Err(BAD_FORMAT);
            }
            seen |= found;
            mask |= found;
        }
        if seen & !(DAY_OF_YEAR | ZONE) == DATE { Ok(mask) } else { Err(BAD_FORMAT) }
    }

    /// `datetime.c: DecodeNumber`
    fn number(&mut self, text: &str, text_month: bool, seen: u32) -> Decoded<u32> {
        let (value, rest) = leading_i32(text)?;
        if rest.len() == text.len() {
            return Err(BAD_FORMAT);
        }
        if rest.starts_with('.') {
            if text.len() - rest.len() > 2 {
                return self.concatenated(text, seen | DATE);
            }
            self.fsec = fractional_second(rest)?;
        } else if !rest.is_empty() {
            return Err(BAD_FORMAT);
        }
        let len = text.len();
        if len == 3 && seen & DATE == YEAR && (1..=366).contains(&value) {
            self.tm.yday = value;
            return Ok(DAY_OF_YEAR | MONTH | DAY);
        }
        let order = self.env.date_order;
        let is_year = len >= 3 || order == DateOrder::Ymd;
        let mask = match seen & DATE {
            0 if is_year => YEAR,
            0 if order == DateOrder::Dmy => DAY,
            0 => MONTH,
            YEAR => MONTH,
            MONTH if text_month && is_year => YEAR,
            MONTH => DAY,
            m if m == YEAR | MONTH => {
                if text_month && len >= 3 && self.is_2digits {
                    // What was taken for the year is the day.
                    self.tm.mday = self.tm.year;
                    self.tm.year = value;
                    self.is_2digits = false;
                    return Ok(DAY);
                }
                DAY
            }
            DAY => MONTH,
            m if m == MONTH | DAY => YEAR,
            DATE => return self.concatenated(text, seen),
            _ => return Err(BAD_FORMAT),
        };
        match mask {
            YEAR => {
                self.tm.year = value;
                self.is_2digits = len <= 2;
            }
            MONTH => self.tm.mon = value,
            _ => self.tm.mday = value,
        }
        Ok(mask)
    }

    /// `datetime.c: DecodeNumberField`: `yyyymmdd`, `hhmmss`, `hhmm`.
    fn concatenated(&mut self, text: &str, seen: u32) -> Decoded<u32> {
        let mut digits = text;
        if let Some(at) = text.find('.') {
            let (before, after) = text.split_at(at);
            // Junk behind the digits is not looked at.
            let end = after[1..].find(|c: char| !c.is_ascii_digit()).map_or(after.len(), |i| i + 1);
            self.fsec = match &after[..end] {
                "." => 0,
                number => fractional_second(number)?,
            };
            digits = before;
        } else if seen & DATE != DATE && text.len() >= 6 {
            let (rest, day) = split_end(digits, 2)?;
            let (year, month) = split_end(rest, 2)?;
            self.tm.mday = atoi(day);
            self.tm.mon = atoi(month);
            self.tm.year = atoi(year);
            if year.len() == 2 {
                self.is_2digits = true;
            }
            return Ok(DATE);
        }
        if seen & TIME != TIME && matches!(digits.len(), 4 | 6) {
            let (rest, second) = if digits.len() == 6 { split_end(digits, 2)? } else { (digits, "0") };
            let (hour, minute) = split_end(rest, 2)?;
            (self.tm.hour, self.tm.min, self.tm.sec) = (atoi(hour), atoi(minute), atoi(second));
            return Ok(TIME);
        }
        Err(BAD_FORMAT)
    }

    /// `datetime.c: ValidateDate`
    fn validate_date(&mut self) -> Decoded {
        let tm = &mut self.tm;
        if self.seen & YEAR != 0 && !self.is_julian {
            if self.bc {
                if tm.year <= 0 {
                    return Err(FIELD_OVERFLOW);
                }
                tm.year = 1 - tm.year;
            } else if self.is_2digits {
                match tm.year {
                    ..0 => return Err(FIELD_OVERFLOW),
                    0..70 => tm.year += 2000,
                    70..100 => tm.year += 1900,
                    _ => {}
                }
            } else if tm.year <= 0 {
                return Err(FIELD_OVERFLOW);
            }
        }
        if self.seen & DAY_OF_YEAR != 0 {
            if tm.year > 5_900_000 {
                return Err(super::opaque("a day of a year that far away is not computed").into());
            }
            let julian = date2j(tm.year.into(), 1, 1) + i64::from(tm.yday) - 1;
            j2date(julian, tm);
        }
        if self.seen & MONTH != 0 && !(1..=12).contains(&tm.mon) || self.seen & DAY != 0 && !(1..=31).contains(&tm.mday)
        {
            return Err(Problem::MonthDayOverflow);
        }
        if self.seen & DATE == DATE && tm.mday > days_in_month(tm.year, tm.mon) {
            return Err(FIELD_OVERFLOW);
        }
        Ok(())
    }

    fn apply_meridian(&mut self) -> Decoded {
        let Some(pm) = self.meridian else { return Ok(()) };
        if self.tm.hour > 12 {
            return Err(FIELD_OVERFLOW);
        }
        match (pm, self.tm.hour) {
            (false, 12) => self.tm.hour = 0,
            (true, hour) if hour != 12 => self.tm.hour += 12,
            _ => {}
        }
        Ok(())
    }
}

fn split_end(text: &str, count: usize) -> Decoded<(&str, &str)> {
    let at = text.len().checked_sub(count).ok_or(BAD_FORMAT)?;
    text.split_at_checked(at).ok_or(BAD_FORMAT)
}

fn days_in_month(year: i32, month: i32) -> i32 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `date.c: time_overflows`
pub(super) fn time_overflows(tm: &Tm, fsec: i32) -> bool {
    !(0..=24).contains(&tm.hour)
        || !(0..60).contains(&tm.min)
        || !(0..=60).contains(&tm.sec)
        || !(0..=1_000_000).contains(&fsec)
        || super::time_of_day(tm, fsec) > USECS_PER_DAY
}

/// Hours, minutes and seconds.
pub(super) struct Clock {
    pub(super) hour: i64,
    pub(super) min: i32,
    pub(super) sec: i32,
    pub(super) fsec: i32,
}

/// `hh:mm:ss.f` (`datetime.c: DecodeTimeCommon`). Two fields are minutes and seconds where the interval's fields say so.
pub(super) fn clock(text: &str, minute_to_second: bool) -> Decoded<Clock> {
    let (hour, rest) = leading_int(text);
    let hour = hour.ok_or(FIELD_OVERFLOW)?;
    let (min, rest) = leading_i32(rest.strip_prefix(':').ok_or(BAD_FORMAT)?)?;
    let mut clock = Clock { hour, min, sec: 0, fsec: 0 };
    let shift = |clock: &mut Clock| -> Decoded {
        clock.sec = clock.min;
        clock.min = i32::try_from(clock.hour).map_err(|_| FIELD_OVERFLOW)?;
        clock.hour = 0;
        Ok(())
    };
    if rest.is_empty() {
        if minute_to_second {
            shift(&mut clock)?;
        }
    } else if rest.starts_with('.') {
        clock.fsec = fractional_second(rest)?;
        shift(&mut clock)?;
    } else {
        let (sec, rest) = leading_i32(rest.strip_prefix(':').ok_or(BAD_FORMAT)?)?;
        clock.sec = sec;
        if rest.starts_with('.') {
            clock.fsec = fractional_second(rest)?;
        } else if !rest.is_empty() {
            return Err(BAD_FORMAT);
        }
    }
    let valid = clock.hour >= 0
        && (0..60).contains(&clock.min)
        && (0..=60).contains(&clock.sec)
        && (0..=1_000_000).contains(&clock.fsec);
    if valid { Ok(clock) } else { Err(FIELD_OVERFLOW) }
}

/// The offset of a zone in seconds west (`datetime.c: DecodeTimezone`).
fn timezone(text: &str) -> Decoded<i32> {
    let overflow = Problem::DisplacementOverflow;
    let unsigned = text.strip_prefix(['+', '-']).ok_or(BAD_FORMAT)?;
    let int = |text| leading_i32(text).map_err(|_| Problem::DisplacementOverflow);
    let (mut hour, mut rest) = int(unsigned)?;
    let (mut min, mut sec) = (0, 0);
    if let Some(minutes) = rest.strip_prefix(':') {
        (min, rest) = int(minutes)?;
        if let Some(seconds) = rest.strip_prefix(':') {
            (sec, rest) = int(seconds)?;
        }
    } else if rest.is_empty() && text.len() > 3 {
        (hour, min) = (hour / 100, hour % 100);
    }
    if !(0..=15).contains(&hour) || !(0..60).contains(&min) || !(0..60).contains(&sec) {
        return Err(overflow);
    }
    if !rest.is_empty() {
        return Err(BAD_FORMAT);
    }
    let seconds = (hour * 60 + min) * 60 + sec;
    Ok(if text.starts_with('-') { seconds } else { -seconds })
}
