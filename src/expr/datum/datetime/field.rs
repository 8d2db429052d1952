//! The fields of a date, time or interval, and the words in them (`datetime.c: ParseDateTime`).

use super::{BAD_FORMAT, Decoded};

/// What a field looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldType {
    /// Digits and perhaps a point.
    Number,
    /// Letters.
    String,
    /// Digits and two delimiters, digits and text, or the name of a time zone.
    Date,
    /// Digits, colons and perhaps a point.
    Time,
    /// A sign and digits.
    Tz,
    /// A sign and letters.
    Special,
}

/// A field: its type and its text in lower case.
pub(super) type Field = (FieldType, String);

/// The most fields that there can be (`MAXDATEFIELDS`).
const MAX_FIELDS: usize = 25;

/// Collects the fields of a text within the server's buffer.
struct Reader<'a> {
    rest: &'a [u8],
    used: usize,
    size: usize,
    field: String,
}

impl Reader<'_> {
    fn peek(&self) -> u8 {
        self.rest.first().copied().unwrap_or(0)
    }

    /// Takes a character over into the field.
    fn append(&mut self) -> Decoded {
        if self.used + 1 >= self.size {
            return Err(BAD_FORMAT);
        }
        self.used += 1;
        self.field.push(char::from(self.peek().to_ascii_lowercase()));
        self.rest = self.rest.get(1..).unwrap_or_default();
        Ok(())
    }

    fn append_while(&mut self, accept: impl Fn(u8) -> bool) -> Decoded {
        while !self.rest.is_empty() && accept(self.peek()) {
            self.append()?;
        }
        Ok(())
    }

    /// The next field; nothing for a character that only separates.
    fn field(&mut self) -> Decoded<Option<FieldType>> {
        let digit = |b: u8| b.is_ascii_digit();
        let letter = |b: u8| b.is_ascii_alphabetic();
        match self.peek() {
            b'0'..=b'9' => {
                self.append_while(digit)?;
                match self.peek() {
                    b':' => {
                        self.append_while(|b| digit(b) || b == b':' || b == b'.')?;
                        Ok(Some(FieldType::Time))
                    }
                    delimiter @ (b'-' | b'/' | b'.') => {
                        self.append()?;
                        if !digit(self.peek()) {
                            self.append_while(|b| b.is_ascii_alphanumeric() || b == delimiter)?;
                            return Ok(Some(FieldType::Date));
                        }
                        self.append_while(digit)?;
                        if self.peek() == delimiter {
                            self.append_while(|b| digit(b) || b == delimiter)?;
                            return Ok(Some(FieldType::Date));
                        }
                        Ok(Some(if delimiter == b'.' { FieldType::Number } else { FieldType::Date }))
                    }
                    _ => Ok(Some(FieldType::Number)),
                }
            }
            b'.' => {
                self.append()?;
                self.append_while(digit)?;
                Ok(Some(FieldType::Number))
            }
            b'a'..=b'z' | b'A'..=b'Z' => {
                self.append_while(letter)?;
                let is_date = match self.peek() {
                    b'-' | b'/' | b'.' => true,
                    b'+' | b'0'..=b'9' => special(&self.field).is_none(),
                    _ => false,
                };
                if !is_date {
                    return Ok(Some(FieldType::String));
                }
                self.append_while(|b| b.is_ascii_alphanumeric() || b"+-/_.:".contains(&b))?;
                Ok(Some(FieldType::Date))
            }
            b'+' | b'-' => {
                self.append()?;
                while is_space(self.peek()) {
                    self.rest = self.rest.get(1..).unwrap_or_default();
                }
                if digit(self.peek()) {
                    self.append_while(|b| digit(b) || b":.-".contains(&b))?;
                    Ok(Some(FieldType::Tz))
                } else if letter(self.peek()) {
                    self.append_while(letter)?;
                    Ok(Some(FieldType::Special))
                } else {
                    Err(BAD_FORMAT)
                }
            }
            b if b.is_ascii_punctuation() => {
                self.rest = self.rest.get(1..).unwrap_or_default();
                Ok(None)
            }
            _ => Err(BAD_FORMAT),
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r')
}

/// Splits a text into fields. `size` is that of the server's buffer for this type.
pub(super) fn fields(text: &str, size: usize) -> Decoded<Vec<Field>> {
    let mut reader = Reader { rest: text.as_bytes(), used: 0, size, field: String::new() };
    let mut fields = Vec::new();
    while !reader.rest.is_empty() {
        if is_space(reader.peek()) {
            reader.rest = reader.rest.get(1..).unwrap_or_default();
            continue;
        }
        if fields.len() >= MAX_FIELDS {
            return Err(BAD_FORMAT);
        }
        if let Some(kind) = reader.field()? {
            fields.push((kind, std::mem::take(&mut reader.field)));
            reader.used += 1;
        }
    }
    Ok(fields)
}

/// Words that stand for a whole value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reserved {
    Early,
    Late,
    Epoch,
    Now,
    Yesterday,
    Today,
    Tomorrow,
    Zulu,
}

/// Units of dates and intervals, and what else labels a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
    Millennium,
    Julian,
    /// `t` before a time.
    Time,
    /// Units that only `extract` takes.
    Other,
}

/// What a word in a date or time means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Reserved(Reserved),
    Month(i32),
    /// A time zone's abbreviation: seconds east of Greenwich.
    Zone(i32),
    /// The same for daylight-saving time.
    DstZone(i32),
    /// An abbreviation whose meaning has changed in time, and the zone that knows.
    DynamicZone(&'static str),
    Ignore,
    /// `am` or, if true, `pm`.
    AmPm(bool),
    /// `ad` or, if true, `bc`.
    AdBc(bool),
    DayOfWeek,
    Units(Unit),
    IsoTime,
    /// `dst` as a word of its own.
    DstModifier,
}

/// The length that words are compared by (`TOKMAXLEN`).
const TOKEN: usize = 10;

/// The start of a word that tables of words are searched for.
pub(super) fn token(word: &str) -> &str {
    word.get(..TOKEN).unwrap_or(word)
}

/// What a word means in a date or time (`datetime.c: datetktbl`). Words that are signed start with the sign.
pub(super) fn special(word: &str) -> Option<Word> {
    use Word::*;
    Some(match token(word) {
        "-infinity" => Reserved(self::Reserved::Early),
        // The sign is known since 17.
        "infinity" | "+infinity" => Reserved(self::Reserved::Late),
        "epoch" => Reserved(self::Reserved::Epoch),
        "now" => Reserved(self::Reserved::Now),
        "yesterday" => Reserved(self::Reserved::Yesterday),
        "today" => Reserved(self::Reserved::Today),
        "tomorrow" => Reserved(self::Reserved::Tomorrow),
        "allballs" => Reserved(self::Reserved::Zulu),
        "jan" | "january" => Month(1),
        "feb" | "february" => Month(2),
        "mar" | "march" => Month(3),
        "apr" | "april" => Month(4),
        "may" => Month(5),
        "jun" | "june" => Month(6),
        "jul" | "july" => Month(7),
        "aug" | "august" => Month(8),
        "sep" | "sept" | "september" => Month(9),
        "oct" | "october" => Month(10),
        "nov" | "november" => Month(11),
        "dec" | "december" => Month(12),
        "sun" | "sunday" | "mon" | "monday" | "tue" | "tues" | "tuesday" | "wed" | "wednesday" | "weds" | "thu"
        | "thur" | "thurs" | "thursday" | "fri" | "friday" | "sat" | "saturday" => DayOfWeek,
        "at" | "on" => Ignore,
        "am" => AmPm(false),
        "pm" => AmPm(true),
        "ad" => AdBc(false),
        "bc" => AdBc(true),
        "dst" => DstModifier,
        "t" => IsoTime,
        "y" => Units(Unit::Year),
        "m" => Units(Unit::Month),
        "d" => Units(Unit::Day),
        "h" => Units(Unit::Hour),
        "mm" => Units(Unit::Minute),
        "s" => Units(Unit::Second),
        "j" | "jd" | "julian" => Units(Unit::Julian),
        "dow" | "doy" | "isodow" | "isoyear" => Units(Unit::Other),
        _ => return None,
    })
}

/// What a word means in an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IntervalWord {
    Ignore,
    Ago,
    Units(Unit),
}

/// What a word means in an interval (`datetime.c: deltatktbl`).
pub(super) fn interval_word(word: &str) -> Option<IntervalWord> {
    let unit = match token(word) {
        "@" => return Some(IntervalWord::Ignore),
        "ago" => return Some(IntervalWord::Ago),
        "us" | "usec" | "usecs" | "useconds" | "microsecon" => Unit::Microsecond,
        "ms" | "msec" | "msecs" | "mseconds" | "millisecon" => Unit::Millisecond,
        "s" | "sec" | "secs" | "second" | "seconds" => Unit::Second,
        "m" | "min" | "mins" | "minute" | "minutes" => Unit::Minute,
        "h" | "hr" | "hrs" | "hour" | "hours" => Unit::Hour,
        "d" | "day" | "days" => Unit::Day,
        "w" | "week" | "weeks" => Unit::Week,
        "mon" | "mons" | "month" | "months" => Unit::Month,
        "qtr" | "quarter" => Unit::Quarter,
        "y" | "yr" | "yrs" | "year" | "years" => Unit::Year,
        "dec" | "decs" | "decade" | "decades" => Unit::Decade,
        "c" | "cent" | "century" | "centuries" => Unit::Century,
        "mil" | "mils" | "millennium" | "millennia" => Unit::Millennium,
        "timezone" | "timezone_h" | "timezone_m" => Unit::Other,
        _ => return None,
    };
    Some(IntervalWord::Units(unit))
}
