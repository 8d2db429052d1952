//! `real` and `double precision` (`float.c`).

use super::{DatumEnv, invalid, opaque, skip_space};
use crate::replay::{Exec, SqlError};

/// What `strtod` makes of the start of a text.
enum Scan<'t> {
    /// A number's decimal digits, or a word for what is not finite, and what follows.
    Decimal(&'t str, &'t str),
    /// A number in hexadecimal digits.
    Hex(f64, &'t str),
    /// One that is not read exactly.
    HexTooLong,
}

/// The number that a text starts with; nothing if it starts with none.
fn scan(text: &str) -> Option<Scan<'_>> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let signs = text.len() - unsigned.len();
    let starts = |word: &str| unsigned.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    for word in ["infinity", "inf", "nan"] {
        if starts(word) {
            let mut end = signs + word.len();
            if word == "nan"
                && let Some(rest) = text[end..].strip_prefix('(')
                && let Some(close) = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                && rest[close..].starts_with(')')
            {
                end += close + 2;
                return Some(Scan::Decimal("nan", &text[end..]));
            }
            return Some(Scan::Decimal(&text[..end], &text[end..]));
        }
    }
    if starts("0x") {
        return Some(scan_hex(text, signs + 2));
    }
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes.iter().skip(from).take_while(|b| b.is_ascii_digit()).count();
    let whole = digits(signs);
    let mut end = signs + whole;
    let mut fraction = 0;
    if bytes.get(end) == Some(&b'.') {
        fraction = digits(end + 1);
        if whole + fraction > 0 {
            end += 1 + fraction;
        }
    }
    if whole + fraction == 0 {
        return None;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    Some(Scan::Decimal(&text[..end], &text[end..]))
}

/// `0x1.8p3`. A `0x` without digits is the number 0 and an `x`.
fn scan_hex(text: &str, start: usize) -> Scan<'_> {
    let bytes = text.as_bytes();
    let (mut mantissa, mut exponent, mut digits, mut point) = (0u64, 0i32, 0usize, false);
    let mut i = start;
    while let Some(&byte) = bytes.get(i) {
        match char::from(byte).to_digit(16) {
            Some(digit) => {
                if mantissa >> 49 != 0 {
                    return Scan::HexTooLong;
                }
                mantissa = mantissa << 4 | u64::from(digit);
                digits += 1;
                if point {
                    exponent -= 4;
                }
            }
            None if byte == b'.' && !point => point = true,
            None => break,
        }
        i += 1;
    }
    if digits == 0 {
        return Scan::Decimal(&text[..start - 1], &text[start - 1..]);
    }
    if matches!(bytes.get(i), Some(b'p' | b'P')) {
        let sign = usize::from(matches!(bytes.get(i + 1), Some(b'+' | b'-')));
        let end = bytes.iter().skip(i + 1 + sign).take_while(|b| b.is_ascii_digit()).count() + i + 1 + sign;
        if end > i + 1 + sign {
            match text[i + 1..end].parse::<i32>() {
                Ok(power) if power.abs() < 900 => exponent += power,
                _ => return Scan::HexTooLong,
            }
            i = end;
        }
    }
    if !(-900..=900).contains(&exponent) {
        return Scan::HexTooLong;
    }
    let value = mantissa as f64 * 2f64.powi(exponent);
    Scan::Hex(if text.starts_with('-') { -value } else { value }, &text[i..])
}

/// A number is written with a digit that is not 0.
fn is_nonzero(number: &str) -> bool {
    let mantissa = number.split(['e', 'E']).next().unwrap_or_default();
    mantissa.bytes().any(|b| matches!(b, b'1'..=b'9'))
}

/// The number that a text starts with and what follows it; nothing if there is none or it is out of range.
pub(super) fn leading_float(text: &str) -> Option<(f64, &str)> {
    match scan(text)? {
        Scan::Decimal(number, rest) => {
            let value: f64 = number.parse().ok()?;
            let word = number.ends_with(|c: char| c.is_ascii_alphabetic());
            let out_of_range = !word && (value.is_infinite() || value == 0.0 && is_nonzero(number));
            (!out_of_range).then_some((value, rest))
        }
        Scan::Hex(value, rest) => Some((value, rest)),
        Scan::HexTooLong => None,
    }
}

/// A number somewhere in a text, as part of a value of `type_name` whose whole text is `whole`
/// (`float.c: float8in_internal`): the number and what follows it and white space.
pub(super) fn float8_in<'t>(text: &'t str, type_name: &str, whole: &str) -> Exec<(f64, &'t str)> {
    let text = skip_space(text);
    let (value, rest) = match scan(text) {
        None => return Err(invalid(type_name, whole)),
        Some(Scan::HexTooLong) => return Err(opaque("hexadecimal numbers of that size are not read")),
        Some(Scan::Hex(value, rest)) => (value, rest),
        Some(Scan::Decimal(number, rest)) => {
            let value: f64 = number.parse().unwrap_or(f64::NAN);
            let word = number.ends_with(|c: char| c.is_ascii_alphabetic());
            if !word && (value.is_infinite() || value == 0.0 && is_nonzero(number)) {
                let message = format!("\"{number}\" is out of range for type double precision");
                return Err(SqlError::new("22003", message).into());
            }
            (value, rest)
        }
    };
    Ok((value, skip_space(rest)))
}

/// `float.c: float8in`
pub(super) fn read_float8(text: &str) -> Exec<f64> {
    let (value, rest) = float8_in(text, "double precision", text)?;
    if rest.is_empty() { Ok(value) } else { Err(invalid("double precision", text)) }
}

/// `float.c: float4in`
pub(super) fn read_float4(env: &DatumEnv<'_>, text: &str) -> Exec<f32> {
    let trimmed = skip_space(text);
    let out_of_range = |number: &str| {
        // Until 15 the message shows the whole text.
        let number = if env.catalog.version() >= 16 { number } else { text };
        Err(SqlError::new("22003", format!("\"{number}\" is out of range for type real")).into())
    };
    let (value, rest) = match scan(trimmed) {
        None => return Err(invalid("real", text)),
        Some(Scan::HexTooLong) => return Err(opaque("hexadecimal numbers of that size are not read")),
        Some(Scan::Hex(wide, rest)) => {
            let value = wide as f32;
            if value.is_infinite() || value == 0.0 && wide != 0.0 {
                return out_of_range(&trimmed[..trimmed.len() - rest.len()]);
            }
            (value, rest)
        }
        Some(Scan::Decimal(number, rest)) => {
            let value: f32 = number.parse().unwrap_or(f32::NAN);
            let word = number.ends_with(|c: char| c.is_ascii_alphabetic());
            if !word && (value.is_infinite() || value == 0.0 && is_nonzero(number)) {
                return out_of_range(number);
            }
            (value, rest)
        }
    };
    if skip_space(rest).is_empty() { Ok(value) } else { Err(invalid("real", text)) }
}

/// `float.c: float8out`
pub(super) fn print_float8(value: f64) -> String {
    let reads_back = |text: &str| text.parse::<f64>() == Ok(value);
    print(value.is_nan(), value.is_infinite(), value.is_sign_negative(), 15, || {
        shortest(
            format!("{:e}", value.abs()),
            |digits| format!("{:.*e}", digits, value.abs()),
            |t| reads_back(&if value.is_sign_negative() { format!("-{t}") } else { t.to_owned() }),
        )
    })
}

/// `float.c: float4out`
pub(super) fn print_float4(value: f32) -> String {
    print(value.is_nan(), value.is_infinite(), value.is_sign_negative(), 6, || {
        shortest(
            format!("{:e}", value.abs()),
            |digits| format!("{:.*e}", digits, value.abs()),
            |t| t.parse::<f32>() == Ok(value.abs()),
        )
    })
}

/// The fewest digits that read back as the number and are nearer to it than to its neighbours. One that is just as near
/// to a neighbour does not do (`d2s.c` without `STRICTLY_SHORTEST`).
fn shortest(text: String, with_digits: impl Fn(usize) -> String, reads_back: impl Fn(&str) -> bool) -> String {
    let inside = |text: &str| {
        let Some((mantissa, exponent)) = text.split_once('e') else { return true };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let zeros = "0".repeat(60);
        let above = format!("{whole}.{fraction}{zeros}1e{exponent}");
        let number: u128 = format!("{whole}{fraction}").parse().unwrap_or(0);
        let nines = "9".repeat(60);
        let Some(less) = number.checked_sub(1) else { return true };
        let exponent = exponent.parse::<i32>().unwrap_or(0) - fraction.len() as i32;
        let below = format!("{less}.{nines}e{exponent}");
        reads_back(&above) && reads_back(&below)
    };
    let digits = text.split('e').next().map_or(0, |m| m.len().saturating_sub(2));
    if inside(&text) {
        // Of two that are just as near, the even one.
        return Some(with_digits(digits)).filter(|even| reads_back(even)).unwrap_or(text);
    }
    (digits + 1..17).map(with_digits).find(|t| reads_back(t) && inside(t)).unwrap_or(text)
}

/// A number in its shortest form: with an exponent below -4 and from `limit` on.
fn print(nan: bool, infinite: bool, negative: bool, limit: i32, digits: impl FnOnce() -> String) -> String {
    if nan {
        return "NaN".to_owned();
    }
    let sign = if negative { "-" } else { "" };
    if infinite {
        return format!("{sign}Infinity");
    }
    let text = digits();
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..limit).contains(&exponent) {
        let mark = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{mantissa}e{mark}{:02}", exponent.unsigned_abs());
    }
    let digits = mantissa.replace('.', "");
    if exponent < 0 {
        let zeros = "0".repeat((-exponent - 1) as usize);
        return format!("{sign}0.{zeros}{digits}");
    }
    let whole = exponent as usize + 1;
    if digits.len() <= whole {
        return format!("{sign}{digits:0<whole$}");
    }
    let (before, after) = digits.split_at(whole);
    format!("{sign}{before}.{after}")
}
