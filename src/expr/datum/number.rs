//! `boolean`, whole numbers, identifiers of transactions (`bool.c`, `int.c`, `numutils.c`, `oid.c`, `xid.c`).

use super::{DatumEnv, invalid, is_space, opaque, skip_space, trim_space};
use crate::replay::{Exec, SqlError, Stop};

/// `value "…" is out of range for type …`
pub(super) fn out_of_range(type_name: &str, text: &str) -> Stop {
    SqlError::new("22003", format!("value \"{text}\" is out of range for type {type_name}")).into()
}

/// `bool.c: boolin`
pub(super) fn boolean(text: &str) -> Exec<String> {
    let word = trim_space(text).to_ascii_lowercase();
    let starts = |whole: &str| !word.is_empty() && whole.starts_with(word.as_str());
    let value = if starts("true") || starts("yes") || word == "on" || word == "1" {
        "t"
    } else if starts("false") || starts("no") || word.len() > 1 && starts("off") || word == "0" {
        "f"
    } else {
        return Err(invalid("boolean", text));
    };
    Ok(value.to_owned())
}

/// A whole number (`numutils.c: pg_strtoint32_safe` and its like; `pg_strtoint32` until 15). `bits` is its width.
pub(super) fn integer(env: &DatumEnv<'_>, text: &str, bits: u32, type_name: &str) -> Exec<i64> {
    let trimmed = skip_space(text);
    let (negative, unsigned) = match trimmed.as_bytes().first() {
        Some(b'-') => (true, &trimmed[1..]),
        Some(b'+') => (false, &trimmed[1..]),
        _ => (false, trimmed),
    };
    let modern = env.catalog.version() >= 16;
    let (radix, digits) = match unsigned.get(..2) {
        Some("0x" | "0X") if modern => (16, &unsigned[2..]),
        Some("0o" | "0O") if modern => (8, &unsigned[2..]),
        Some("0b" | "0B") if modern => (2, &unsigned[2..]),
        _ => (10, unsigned),
    };
    // The largest magnitude: that of the least value.
    let limit = 1i128 << (bits - 1);
    let mut value = 0i128;
    let mut count = 0;
    let mut rest = digits.as_bytes();
    loop {
        match rest {
            [byte, tail @ ..] if char::from(*byte).is_digit(radix) => {
                // An overflow counts at once, whatever comes behind it.
                let before = if modern { value > limit / i128::from(radix) } else { false };
                value = value * i128::from(radix) + i128::from(char::from(*byte).to_digit(radix).unwrap_or(0));
                if before || !modern && value > limit {
                    return Err(out_of_range(type_name, text));
                }
                count += 1;
                rest = tail;
            }
            // A decimal number does not start with an underscore, one with a prefix may.
            [b'_', tail @ ..] if modern && (count > 0 || radix != 10) => {
                if !tail.first().is_some_and(|b| char::from(*b).is_digit(radix)) {
                    return Err(invalid(type_name, text));
                }
                rest = tail;
            }
            _ => break,
        }
    }
    if count == 0 || !rest.iter().all(|&b| is_space(b)) {
        return Err(invalid(type_name, text));
    }
    let value = if negative { -value } else { value };
    if value < -limit || value >= limit {
        return Err(out_of_range(type_name, text));
    }
    Ok(value as i64)
}

/// An unsigned number as C's `strtoull` reads it in the given base (0: by its prefix): its value, whether it is
/// negative, and what follows. Nothing if there are no digits; the value is nothing if it does not fit into 64 bits.
pub(super) fn strtoul(text: &str, base: u32) -> Option<(Option<u64>, bool, &str)> {
    let trimmed = skip_space(text);
    let unsigned = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    let hex = unsigned.get(..2).is_some_and(|p| p.eq_ignore_ascii_case("0x"))
        && unsigned.as_bytes().get(2).is_some_and(u8::is_ascii_hexdigit);
    let (radix, digits) = match base {
        0 | 16 if hex => (16, &unsigned[2..]),
        0 if unsigned.starts_with('0') => (8, unsigned),
        0 => (10, unsigned),
        radix => (radix, unsigned),
    };
    let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let (number, rest) = digits.split_at(end);
    if number.is_empty() {
        return None;
    }
    Some((u64::from_str_radix(number, radix).ok(), trimmed.starts_with('-'), rest))
}

/// An unsigned number of 32 bits and what follows it (`oid.c: oidin_subr`, `numutils.c: uint32in_subr`). Like C, it takes
/// negative numbers down to -2147483648. `alone`: nothing but white space may follow.
fn unsigned32<'t>(env: &DatumEnv<'_>, text: &'t str, alone: bool, type_name: &str) -> Exec<(u32, &'t str)> {
    let base = if env.catalog.version() >= 16 { 0 } else { 10 };
    let Some((value, negative, rest)) = strtoul(text, base) else { return Err(invalid(type_name, text)) };
    let Some(value) = value else { return Err(out_of_range(type_name, text)) };
    if alone && !trim_space(rest).is_empty() {
        return Err(invalid(type_name, text));
    }
    let value = if negative { value.wrapping_neg() } else { value };
    let narrow = value as u32;
    if u64::from(narrow) != value && i64::from(narrow as i32) as u64 != value {
        return Err(out_of_range(type_name, text));
    }
    Ok((narrow, rest))
}

/// `oidin`, and `xidin`, `cidin` from 16 on.
pub(super) fn oid(env: &DatumEnv<'_>, text: &str, type_name: &str) -> Exec<String> {
    Ok(unsigned32(env, text, true, type_name)?.0.to_string())
}

/// `xid.c: xidin`, `cidin`: until 15 whatever number `strtoul` finds.
pub(super) fn xid(env: &DatumEnv<'_>, text: &str, type_name: &str) -> Exec<String> {
    if env.catalog.version() >= 16 {
        return oid(env, text, type_name);
    }
    match strtoul(text, 0) {
        None => Ok("0".to_owned()),
        Some((Some(value), negative, _)) => {
            Ok((if negative { value.wrapping_neg() } else { value } as u32).to_string())
        }
        Some((None, ..)) => Ok(u32::MAX.to_string()),
    }
}

/// `xid.c: xid8in`
pub(super) fn xid8(env: &DatumEnv<'_>, text: &str) -> Exec<String> {
    let (value, negative, rest) = match strtoul(text, 0) {
        Some(found) => found,
        None if env.catalog.version() >= 16 => return Err(invalid("xid8", text)),
        None => return Ok("0".to_owned()),
    };
    let Some(value) = value else {
        return if env.catalog.version() >= 16 { Err(out_of_range("xid8", text)) } else { Ok(u64::MAX.to_string()) };
    };
    if env.catalog.version() >= 16 && !trim_space(rest).is_empty() {
        return Err(invalid("xid8", text));
    }
    Ok(if negative { value.wrapping_neg() } else { value }.to_string())
}

/// `int.c: int2vectorin`, `oid.c: oidvectorin`: numbers between spaces.
pub(super) fn vector(env: &DatumEnv<'_>, text: &str, of_oids: bool) -> Exec<String> {
    let mut numbers = Vec::new();
    let mut rest = skip_space(text);
    while !rest.is_empty() {
        let number = if of_oids {
            let (value, after) = unsigned32(env, rest, false, "oid")?;
            rest = after;
            value.to_string()
        } else {
            let (value, negative, after) = strtoul(rest, 10).ok_or_else(|| invalid("smallint", rest))?;
            let value = value.and_then(|v| i64::try_from(v).ok()).map(|v| if negative { -v } else { v });
            let Some(value) = value.and_then(|v| i16::try_from(v).ok()) else {
                return Err(out_of_range("smallint", rest));
            };
            if !after.is_empty() && !after.starts_with(' ') {
                return Err(invalid("smallint", rest));
            }
            rest = after;
            value.to_string()
        };
        numbers.push(number);
        rest = skip_space(rest);
        if numbers.len() > 100 {
            return Err(opaque("vectors of that length are not read"));
        }
    }
    Ok(numbers.join(" "))
}
