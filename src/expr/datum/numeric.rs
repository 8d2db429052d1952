//! `numeric` and `money` (`numeric.c`, `cash.c`).

use std::cmp::Ordering;

use super::{DatumEnv, invalid, opaque, padded, skip_space, trim_space};
use crate::catalog::numeric_typmod;
use crate::replay::{Exec, SqlError, Stop};

/// A number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Numeric {
    /// Its digits.
    Finite(Finite),
    /// `Infinity` or, if true, `-Infinity`.
    Infinity(bool),
    /// `NaN`
    NaN,
}

/// A finite number: digits in front of the point without leading zeros, and those behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finite {
    negative: bool,
    whole: String,
    fraction: String,
}

/// Most digits in front of the point (`NUMERIC_WEIGHT_MAX`) and behind it (`NUMERIC_DSCALE_MAX`).
const MAX_WHOLE: usize = 32_768 * 4;
const MAX_SCALE: i64 = 16_383;
/// Numbers that are longer in another base are not converted.
const MAX_NON_DECIMAL: usize = 2000;

fn overflow() -> Stop {
    SqlError::new("22003", "value overflows numeric format").into()
}

/// `numeric.c: numeric_in`
pub(super) fn read(env: &DatumEnv<'_>, typmod: i32, text: &str) -> Exec<Numeric> {
    let trimmed = skip_space(text);
    let starts = |word: &str| trimmed.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let specials = [
        ("NaN", Numeric::NaN),
        ("Infinity", Numeric::Infinity(false)),
        ("+Infinity", Numeric::Infinity(false)),
        ("-Infinity", Numeric::Infinity(true)),
        ("inf", Numeric::Infinity(false)),
        ("+inf", Numeric::Infinity(false)),
        ("-inf", Numeric::Infinity(true)),
    ];
    let (value, rest) = match specials.into_iter().find(|(word, _)| starts(word)) {
        Some((word, value)) => (Some(value), &trimmed[word.len()..]),
        None => {
            let (value, rest) = finite(env, trimmed, text)?;
            (value.map(Numeric::Finite), rest)
        }
    };
    if !trim_space(rest).is_empty() {
        return Err(invalid("numeric", text));
    }
    match value {
        Some(value) => apply_typmod(value, typmod),
        None if typmod >= 4 => Err(opaque("a number of that size is not rounded")),
        None => Err(overflow()),
    }
}

/// The number that a text starts with, nothing if it is too large, and what follows it (`numeric.c: set_var_from_str`).
fn finite<'t>(env: &DatumEnv<'_>, trimmed: &'t str, text: &str) -> Exec<(Option<Finite>, &'t str)> {
    let modern = env.catalog.version() >= 16;
    let bad = || invalid("numeric", text);
    let negative = trimmed.starts_with('-');
    let unsigned = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    if modern && let Some((radix, digits)) = non_decimal(unsigned) {
        return from_base(negative, radix, digits, text);
    }
    let mut digits = String::new();
    let mut whole_digits = None;
    let mut bytes = unsigned.bytes().enumerate().peekable();
    let mut end = unsigned.len();
    while let Some((i, byte)) = bytes.next() {
        match byte {
            b'0'..=b'9' => digits.push(char::from(byte)),
            b'.' if whole_digits.is_none() => {
                whole_digits = Some(digits.len());
                if modern && bytes.peek().is_some_and(|(_, b)| *b == b'_') {
                    return Err(bad());
                }
            }
            b'.' => return Err(bad()),
            b'_' if modern && !digits.is_empty() => {
                if !bytes.peek().is_some_and(|(_, b)| b.is_ascii_digit()) {
                    return Err(bad());
                }
            }
            _ => {
                end = i;
                break;
            }
        }
    }
    if digits.is_empty() {
        return Err(bad());
    }
    let mut rest = &unsigned[end..];
    let whole = whole_digits.unwrap_or(digits.len());
    let mut exponent = 0;
    if rest.starts_with(['e', 'E']) {
        (exponent, rest) = self::exponent(&rest[1..], modern).ok_or_else(bad)?;
        if exponent.abs() >= i64::from(i32::MAX / 2) {
            return Err(overflow());
        }
    }
    let scale = (digits.len() - whole) as i64 - exponent;
    let digits_in_front = whole as i64 + exponent;
    let significant = digits.trim_start_matches('0');
    // What is in front of the point once leading zeros are gone.
    let front = digits_in_front - (digits.len() - significant.len()) as i64;
    if scale > MAX_SCALE || !significant.is_empty() && front > MAX_WHOLE as i64 {
        return Ok((None, rest));
    }
    let scale = usize::try_from(scale).unwrap_or(0);
    if significant.is_empty() {
        let zero = Finite { negative: false, whole: String::new(), fraction: "0".repeat(scale) };
        return Ok((Some(zero), rest));
    }
    let (whole, fraction) = if front > 0 {
        let front = usize::try_from(front).unwrap_or(0);
        match significant.split_at_checked(front) {
            Some((whole, fraction)) => (whole.to_owned(), fraction.to_owned()),
            None => (padded(significant, front, '0'), String::new()),
        }
    } else {
        let zeros = usize::try_from(-front).unwrap_or(0).min(scale);
        (String::new(), format!("{}{significant}", "0".repeat(zeros)))
    };
    let fraction = padded(&fraction, scale, '0').chars().take(scale).collect();
    Ok((Some(Finite { negative, whole, fraction }), rest))
}

/// The exponent and what follows it; nothing if there is none.
fn exponent(text: &str, modern: bool) -> Option<(i64, &str)> {
    // Until 15 it is C's `strtol` that reads it.
    let text = if modern { text } else { skip_space(text) };
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut value = 0i64;
    let mut any = false;
    let mut end = unsigned.len();
    let mut bytes = unsigned.bytes().enumerate().peekable();
    while let Some((i, byte)) = bytes.next() {
        match byte {
            b'0'..=b'9' => {
                any = true;
                value = value.saturating_mul(10).saturating_add(i64::from(byte - b'0')).min(i64::from(i32::MAX));
            }
            b'_' if modern && any => {
                if !bytes.peek().is_some_and(|(_, b)| b.is_ascii_digit()) {
                    return None;
                }
            }
            _ => {
                end = i;
                break;
            }
        }
    }
    any.then_some((if text.starts_with('-') { -value } else { value }, &unsigned[end..]))
}

/// The base of a number with a prefix, and its digits.
fn non_decimal(text: &str) -> Option<(u32, &str)> {
    let radix = match text.get(..2)? {
        "0x" | "0X" => 16,
        "0o" | "0O" => 8,
        "0b" | "0B" => 2,
        _ => return None,
    };
    Some((radix, &text[2..]))
}

/// `numeric.c: set_var_from_non_decimal_integer_str`
fn from_base<'t>(negative: bool, radix: u32, digits: &'t str, text: &str) -> Exec<(Option<Finite>, &'t str)> {
    let mut decimal: Vec<u8> = Vec::new();
    let mut count = 0;
    let mut end = digits.len();
    let mut chars = digits.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let next_is_digit = chars.peek().is_some_and(|(_, c)| c.is_digit(radix));
        match c.to_digit(radix) {
            Some(digit) => {
                count += 1;
                if count > MAX_NON_DECIMAL {
                    return Err(opaque("numbers of that length are not converted"));
                }
                // The decimal digits, least first, times the base plus the digit.
                let mut carry = digit;
                for place in &mut decimal {
                    let value = u32::from(*place) * radix + carry;
                    *place = (value % 10) as u8;
                    carry = value / 10;
                }
                while carry > 0 {
                    decimal.push((carry % 10) as u8);
                    carry /= 10;
                }
            }
            None if c == '_' && next_is_digit => {}
            None if c == '_' => return Err(invalid("numeric", text)),
            None => {
                end = i;
                break;
            }
        }
    }
    if count == 0 {
        return Err(invalid("numeric", text));
    }
    let whole: String = decimal.iter().rev().map(|d| char::from(b'0' + d)).collect();
    let value = Finite { negative: negative && !whole.is_empty(), whole, fraction: String::new() };
    Ok((Some(value), &digits[end..]))
}

/// `numeric.c: apply_typmod`, `apply_typmod_special`
fn apply_typmod(value: Numeric, typmod: i32) -> Exec<Numeric> {
    if typmod < 4 {
        return Ok(value);
    }
    let (precision, scale) = numeric_typmod(typmod);
    let overflow = |detail: String| SqlError::new("22003", "numeric field overflow").detail(detail);
    let mut number = match value {
        Numeric::NaN => return Ok(value),
        Numeric::Infinity(_) => {
            let detail = format!("A field with precision {precision}, scale {scale} cannot hold an infinite value.");
            return Err(overflow(detail).into());
        }
        Numeric::Finite(number) => number,
    };
    number.round(scale);
    let limit = precision - scale;
    let fits = if limit >= 0 {
        number.whole.len() <= limit as usize
    } else {
        number.whole.is_empty() && number.fraction.bytes().take(limit.unsigned_abs() as usize).all(|b| b == b'0')
    };
    if !fits {
        let bound = if limit == 0 { "1".to_owned() } else { format!("10^{limit}") };
        let detail = format!(
            "A field with precision {precision}, scale {scale} must round to an absolute value less than {bound}."
        );
        return Err(overflow(detail).into());
    }
    Ok(Numeric::Finite(number))
}

impl Finite {
    /// Rounds half away from zero to a number of digits behind the point; a negative number rounds in front of it.
    fn round(&mut self, scale: i32) {
        let keep = self.whole.len() as i64 + i64::from(scale);
        let mut digits: Vec<u8> = self.whole.bytes().chain(self.fraction.bytes()).collect();
        let whole = self.whole.len();
        let places = usize::try_from(scale).unwrap_or(0);
        let Ok(keep) = usize::try_from(keep) else {
            *self = Finite { negative: false, whole: String::new(), fraction: String::new() };
            return;
        };
        let up = digits.get(keep).is_some_and(|d| *d >= b'5');
        let mut carry = up;
        if keep < digits.len() {
            digits[keep..].fill(b'0');
            for digit in digits[..keep].iter_mut().rev() {
                if !carry {
                    break;
                }
                if *digit == b'9' {
                    *digit = b'0';
                } else {
                    *digit += 1;
                    carry = false;
                }
            }
        } else {
            carry = false;
        }
        let mut text: String = digits.iter().map(|d| char::from(*d)).collect();
        let mut whole = whole;
        if carry {
            // The carry goes in front of what was kept, which may be behind the last kept place.
            text.insert(0, '1');
            whole += 1;
        }
        let (front, back) = text.split_at(whole);
        let front = front.trim_start_matches('0').to_owned();
        let back = padded(back, places, '0').chars().take(places).collect::<String>();
        let zero = front.is_empty() && back.bytes().all(|b| b == b'0');
        *self = Finite { negative: self.negative && !zero, whole: front, fraction: back };
    }

    /// It is zero.
    fn is_zero(&self) -> bool {
        self.whole.is_empty() && self.fraction.bytes().all(|b| b == b'0')
    }
}

impl std::fmt::Display for Numeric {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Numeric::NaN => f.write_str("NaN"),
            Numeric::Infinity(false) => f.write_str("Infinity"),
            Numeric::Infinity(true) => f.write_str("-Infinity"),
            Numeric::Finite(n) => {
                let sign = if n.negative { "-" } else { "" };
                let whole = if n.whole.is_empty() { "0" } else { &n.whole };
                if n.fraction.is_empty() {
                    write!(f, "{sign}{whole}")
                } else {
                    write!(f, "{sign}{whole}.{}", n.fraction)
                }
            }
        }
    }
}

impl PartialOrd for Numeric {
    fn partial_cmp(&self, other: &Numeric) -> Option<Ordering> {
        Some(self.compare(other))
    }
}

impl Numeric {
    /// The order of B-trees: NaN is greatest.
    pub(super) fn compare(&self, other: &Numeric) -> Ordering {
        let rank = |n: &Numeric| match n {
            Numeric::Infinity(true) => 0,
            Numeric::Finite(n) if n.is_zero() => 2,
            Numeric::Finite(n) => {
                if n.negative {
                    1
                } else {
                    3
                }
            }
            Numeric::Infinity(false) => 4,
            Numeric::NaN => 5,
        };
        match (self, other) {
            (Numeric::Finite(a), Numeric::Finite(b)) if rank(self) == rank(other) => {
                let width = a.fraction.len().max(b.fraction.len());
                let key = |n: &Finite| (n.whole.len(), n.whole.clone(), padded(&n.fraction, width, '0'));
                let order = key(a).cmp(&key(b));
                if a.negative && rank(self) == 1 { order.reverse() } else { order }
            }
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

/// `cash.c: cash_in` and `cash_out` with `lc_monetary` C or that of the United States.
pub(super) fn money(text: &str) -> Exec<String> {
    let out_of_range =
        || -> Stop { SqlError::new("22003", format!("value \"{text}\" is out of range for type money")).into() };
    let mut rest = skip_space(text);
    rest = rest.strip_prefix('$').unwrap_or(rest);
    rest = skip_space(rest);
    let mut negative = false;
    if let Some(after) = rest.strip_prefix(['-', '(']) {
        negative = true;
        rest = after;
    } else if let Some(after) = rest.strip_prefix('+') {
        rest = after;
    }
    rest = skip_space(rest);
    rest = rest.strip_prefix('$').unwrap_or(rest);
    rest = skip_space(rest);
    let mut cents = 0i64;
    let mut decimals = None;
    while let Some(c) = rest.chars().next() {
        match (c, decimals) {
            ('0'..='9', None | Some(0 | 1)) => {
                let digit = i64::from(c.to_digit(10).unwrap_or(0));
                cents = cents.checked_mul(10).and_then(|v| v.checked_sub(digit)).ok_or_else(out_of_range)?;
                decimals = decimals.map(|d| d + 1);
            }
            ('.', None) => decimals = Some(0),
            (',', _) => {}
            _ => break,
        }
        rest = &rest[1..];
    }
    if rest.starts_with(|c: char| ('5'..='9').contains(&c)) {
        cents = cents.checked_sub(1).ok_or_else(out_of_range)?;
    }
    for _ in decimals.unwrap_or(0)..2 {
        cents = cents.checked_mul(10).ok_or_else(out_of_range)?;
    }
    rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    while let Some(c) = rest.chars().next() {
        match c {
            ')' | '+' | '$' => {}
            '-' => negative = true,
            c if c.is_ascii() && super::is_space(c as u8) => {}
            _ => return Err(invalid("money", text)),
        }
        rest = &rest[1..];
    }
    if !negative {
        cents = cents.checked_neg().ok_or_else(out_of_range)?;
    }
    let digits = (cents.unsigned_abs() / 100).to_string();
    let mut dollars = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            dollars.push(',');
        }
        dollars.push(digit);
    }
    let sign = if cents < 0 { "-" } else { "" };
    Ok(format!("{sign}${dollars}.{:02}", cents.unsigned_abs() % 100))
}
