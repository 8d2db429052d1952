//! Strings of characters, bytes and bits, and types with a fixed form of a few characters (`varchar.c`, `varlena.c`,
//! `varbit.c`, `uuid.c`, `pg_lsn.c`, `tid.c`, `xid8funcs.c`).

use super::number::strtoul;
use super::{DatumEnv, invalid, is_space, opaque, padded};
use crate::catalog::truncate_name;
use crate::replay::{Exec, SqlError};

/// `varchar.c: bpcharin`: padded with spaces.
pub(super) fn bpchar(typmod: i32, text: &str) -> Exec<String> {
    let Some(limit) = limit(typmod) else { return Ok(text.to_owned()) };
    Ok(padded(fit(text, limit, "character")?, limit, ' '))
}

/// `varchar.c: varcharin`
pub(super) fn varchar(typmod: i32, text: &str) -> Exec<String> {
    match limit(typmod) {
        Some(limit) => Ok(fit(text, limit, "character varying")?.to_owned()),
        None => Ok(text.to_owned()),
    }
}

/// Most characters of a string, if the modifier is one that `varchar.c: anychar_typmodin` makes.
fn limit(typmod: i32) -> Option<usize> {
    usize::try_from(typmod.checked_sub(4)?).ok().filter(|limit| (1..=10_485_760).contains(limit))
}

/// The text without spaces that are too much; an error if anything else is.
fn fit<'t>(text: &'t str, limit: usize, type_name: &str) -> Exec<&'t str> {
    let Some((end, _)) = text.char_indices().nth(limit) else { return Ok(text) };
    let (kept, rest) = text.split_at(end);
    if rest.bytes().any(|b| b != b' ') {
        return Err(SqlError::new("22001", format!("value too long for type {type_name}({limit})")).into());
    }
    Ok(kept)
}

/// `name.c: namein`
pub(super) fn name(text: &str) -> String {
    truncate_name(text).to_owned()
}

/// `char.c: charin` and `charout`: one byte.
pub(super) fn char(env: &DatumEnv<'_>, text: &str) -> Exec<String> {
    let modern = env.catalog.version() >= 15;
    let byte = match text.as_bytes() {
        [] => return Ok(String::new()),
        [b'\\', a @ b'0'..=b'7', b @ b'0'..=b'7', c @ b'0'..=b'7'] if modern => {
            ((a - b'0') << 6) | ((b - b'0') << 3) | (c - b'0')
        }
        [byte, ..] => *byte,
    };
    match byte {
        0 => Ok(String::new()),
        128.. if modern => Ok(format!("\\{:03o}", byte)),
        128.. => Err(opaque("a byte that is no character is not kept")),
        byte => Ok(char::from(byte).to_string()),
    }
}

/// `varlena.c: byteain` and `byteaout`
pub(super) fn bytea(text: &str) -> Exec<String> {
    let mut bytes = Vec::new();
    if let Some(hex) = text.strip_prefix("\\x") {
        // White space may stand between bytes only.
        let mut rest = hex.chars();
        let digit = |c: char| -> Exec<u32> {
            let invalid = || SqlError::new("22023", format!("invalid hexadecimal digit: \"{c}\""));
            c.to_digit(16).ok_or_else(|| invalid().into())
        };
        while let Some(c) = rest.next() {
            if matches!(c, ' ' | '\n' | '\t' | '\r') {
                continue;
            }
            let high = digit(c)?;
            let Some(c) = rest.next() else {
                return Err(SqlError::new("22023", "invalid hexadecimal data: odd number of digits").into());
            };
            bytes.push((high << 4 | digit(c)?) as u8);
        }
    } else {
        let mut rest = text.as_bytes();
        loop {
            rest = match rest {
                [] => break,
                [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', tail @ ..] => {
                    bytes.push(((a - b'0') << 6) | ((b - b'0') << 3) | (c - b'0'));
                    tail
                }
                [b'\\', b'\\', tail @ ..] => {
                    bytes.push(b'\\');
                    tail
                }
                [b'\\', ..] => return Err(SqlError::new("22P02", "invalid input syntax for type bytea").into()),
                [byte, tail @ ..] => {
                    bytes.push(*byte);
                    tail
                }
            };
        }
    }
    Ok(hex("\\x", &bytes))
}

fn hex(start: &str, bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(start.to_owned(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// `varbit.c: bit_in`, `varbit_in`
pub(super) fn bits(typmod: i32, text: &str, varying: bool) -> Exec<String> {
    let (digits, is_hex) = match text.chars().next() {
        Some('b' | 'B') => (&text[1..], false),
        Some('x' | 'X') => (&text[1..], true),
        _ => (text, false),
    };
    let length = digits.len() * if is_hex { 4 } else { 1 };
    if typmod > 0 && !varying && usize::try_from(typmod) != Ok(length) {
        let message = format!("bit string length {length} does not match type bit({typmod})");
        return Err(SqlError::new("22026", message).into());
    }
    if typmod > 0 && varying && usize::try_from(typmod).is_ok_and(|limit| length > limit) {
        return Err(SqlError::new("22001", format!("bit string too long for type bit varying({typmod})")).into());
    }
    let mut out = String::with_capacity(length);
    for c in digits.chars() {
        match (is_hex, c, c.to_digit(16)) {
            (false, '0' | '1', _) => out.push(c),
            (false, ..) => {
                return Err(SqlError::new("22P02", format!("\"{c}\" is not a valid binary digit")).into());
            }
            (true, _, Some(digit)) => out.push_str(&format!("{digit:04b}")),
            (true, _, None) => {
                return Err(SqlError::new("22P02", format!("\"{c}\" is not a valid hexadecimal digit")).into());
            }
        }
    }
    Ok(out)
}

/// `uuid.c: string_to_uuid`
pub(super) fn uuid(text: &str) -> Exec<String> {
    let bad = || invalid("uuid", text);
    let (mut rest, braces) = match text.strip_prefix('{') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let mut digits = String::new();
    for i in 0..16 {
        let pair = rest.get(..2).filter(|p| p.bytes().all(|b| b.is_ascii_hexdigit())).ok_or_else(bad)?;
        digits.push_str(&pair.to_ascii_lowercase());
        rest = &rest[2..];
        if i % 2 == 1 && i < 15 {
            rest = rest.strip_prefix('-').unwrap_or(rest);
        }
    }
    if braces {
        rest = rest.strip_prefix('}').ok_or_else(bad)?;
    }
    if !rest.is_empty() {
        return Err(bad());
    }
    let d = digits;
    Ok(format!("{}-{}-{}-{}-{}", &d[..8], &d[8..12], &d[12..16], &d[16..20], &d[20..]))
}

/// `pg_lsn.c: pg_lsn_in`
pub(super) fn pg_lsn(text: &str) -> Exec<String> {
    let part = |part: &str| {
        let plain = (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_hexdigit());
        plain.then(|| u32::from_str_radix(part, 16).ok()).flatten()
    };
    match text.split_once('/').and_then(|(high, low)| Some((part(high)?, part(low)?))) {
        Some((high, low)) => Ok(format!("{high:X}/{low:X}")),
        None => Err(invalid("pg_lsn", text)),
    }
}

/// What C's `strtoul` makes of the start of a text: 0 if there is no number. Nothing if it is too large.
fn number(text: &str) -> Option<(u64, &str)> {
    match strtoul(text, 10) {
        None => Some((0, text)),
        Some((value, negative, rest)) => value.map(|v| (if negative { v.wrapping_neg() } else { v }, rest)),
    }
}

/// `tid.c: tidin`
pub(super) fn tid(text: &str) -> Exec<String> {
    let bad = || invalid("tid", text);
    let before_end = text.split(')').next().unwrap_or_default();
    let mut starts = Vec::new();
    for (i, c) in before_end.char_indices() {
        if starts.len() < 2 && (c == ',' || c == '(' && starts.is_empty()) {
            starts.push(i + 1);
        }
    }
    let [block, offset] = starts.as_slice() else { return Err(bad()) };
    let (block, rest) = number(&text[*block..]).ok_or_else(bad)?;
    let narrow = block as u32;
    let fits = u64::from(narrow) == block || i64::from(narrow as i32) as u64 == block;
    if !rest.starts_with(',') || !fits {
        return Err(bad());
    }
    let (offset, rest) = number(&text[*offset..]).ok_or_else(bad)?;
    if !rest.starts_with(')') || offset > u64::from(u16::MAX) {
        return Err(bad());
    }
    Ok(format!("({narrow},{offset})"))
}

/// `xid8funcs.c: parse_snapshot`
pub(super) fn snapshot(text: &str) -> Exec<String> {
    let bad = || invalid("pg_snapshot", text);
    let next = |text| match strtoul(text, 10) {
        None => (0, text),
        Some((value, negative, rest)) => {
            let value = value.unwrap_or(u64::MAX);
            (if negative { value.wrapping_neg() } else { value }, rest)
        }
    };
    let (xmin, rest) = next(text);
    let (xmax, rest) = next(rest.strip_prefix(':').ok_or_else(bad)?);
    let mut rest = rest.strip_prefix(':').ok_or_else(bad)?;
    if xmin == 0 || xmax == 0 || xmax < xmin {
        return Err(bad());
    }
    let mut last = 0;
    let mut running = Vec::new();
    while !rest.is_empty() {
        let (value, after) = next(rest);
        if value < xmin || value >= xmax || value < last {
            return Err(bad());
        }
        if value != last {
            running.push(value.to_string());
        }
        last = value;
        rest = match after.strip_prefix(',') {
            Some(after) => after,
            None if after.is_empty() => after,
            None => return Err(bad()),
        };
    }
    Ok(format!("{xmin}:{xmax}:{}", running.join(",")))
}

/// `mac.c: macaddr_in`
pub(super) fn macaddr(text: &str) -> Exec<String> {
    // What stands between the six numbers, and how many digits a number has at most.
    const FORMS: [([&str; 5], usize); 7] = [
        ([":", ":", ":", ":", ":"], usize::MAX),
        (["-", "-", "-", "-", "-"], usize::MAX),
        (["", "", ":", "", ""], 2),
        (["", "", "-", "", ""], 2),
        (["", ".", "", ".", ""], 2),
        (["", "-", "", "-", ""], 2),
        (["", "", "", "", ""], 2),
    ];
    let Some(octets) = FORMS.iter().find_map(|(between, width)| scan_octets(text, between, *width)) else {
        return Err(invalid("macaddr", text));
    };
    let octets: Result<Vec<u8>, _> = octets.into_iter().map(u8::try_from).collect();
    let Ok(octets) = octets else {
        let message = format!("invalid octet value in \"macaddr\" value: \"{text}\"");
        return Err(SqlError::new("22003", message).into());
    };
    Ok(with_colons(&octets))
}

fn with_colons(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(":")
}

/// Six numbers as C's `sscanf` with `%x` reads them.
fn scan_octets(text: &str, between: &[&str; 5], width: usize) -> Option<Vec<i32>> {
    let mut rest = text;
    let mut octets = Vec::new();
    for i in 0..6 {
        if i > 0 {
            rest = rest.strip_prefix(between[i - 1])?;
        }
        rest = rest.trim_start_matches(|c: char| c.is_ascii() && is_space(c as u8));
        let mut end = usize::from(rest.starts_with(['+', '-']));
        let prefix = rest[end..].get(..2).is_some_and(|p| p.eq_ignore_ascii_case("0x"));
        if prefix && width > end + 2 {
            end += 2;
        }
        let start = end;
        if prefix && width == start + 2 {
            // A prefix without digits is 0.
            octets.push(0);
            rest = &rest[start + 2..];
            continue;
        }
        end += rest[start..].bytes().take(width.saturating_sub(start)).take_while(u8::is_ascii_hexdigit).count();
        if end == start {
            return None;
        }
        let value = u64::from_str_radix(&rest[start..end], 16).unwrap_or(u64::MAX);
        let value = if rest.starts_with('-') { value.wrapping_neg() } else { value };
        octets.push(value as i32);
        rest = &rest[end..];
    }
    rest.bytes().all(is_space).then_some(octets)
}

/// `mac8.c: macaddr8_in`
pub(super) fn macaddr8(text: &str) -> Exec<String> {
    let bad = || invalid("macaddr8", text);
    let mut rest = super::skip_space(text).as_bytes();
    let mut octets = Vec::new();
    let mut spacer = None;
    while let [high, low, tail @ ..] = rest {
        let digit = |b: &u8| char::from(*b).to_digit(16).ok_or_else(bad);
        if octets.len() == 8 {
            return Err(bad());
        }
        octets.push((digit(high)? << 4 | digit(low)?) as u8);
        rest = tail;
        if let [mark @ (b':' | b'-' | b'.'), tail @ ..] = rest {
            if *spacer.get_or_insert(*mark) != *mark {
                return Err(bad());
            }
            rest = tail;
        }
        if matches!(octets.len(), 6 | 8) && rest.first().is_some_and(|&b| is_space(b)) {
            if !rest.iter().all(|&b| is_space(b)) {
                return Err(bad());
            }
            rest = &[];
        }
    }
    match octets.as_slice() {
        [a, b, c, d, e, f] => Ok(with_colons(&[*a, *b, *c, 0xff, 0xfe, *d, *e, *f])),
        all if all.len() == 8 => Ok(with_colons(all)),
        _ => Err(bad()),
    }
}
