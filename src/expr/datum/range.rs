//! Ranges and multiranges (`rangetypes.c`, `multirangetypes.c`).

use std::cmp::Ordering;

use super::datetime::{self, Moment};
use super::{DatumEnv, base_type, float, input_inside, is_space, numeric, opaque, skip_space};
use crate::catalog::{EnumLabel, Oid, TypeKind, type_oid as t};
use crate::replay::{Exec, SqlError, Stop};

/// A bound: its text, and whether it is in the range. None is infinite.
type Bound = Option<(String, bool)>;

/// A range that is not empty.
#[derive(Clone, Debug)]
struct Range {
    lower: Bound,
    upper: Bound,
}

fn malformed(text: &str, detail: &str) -> Stop {
    SqlError::new("22P02", format!("malformed range literal: \"{text}\"")).detail(detail).into()
}

/// `range_in` and `range_out`. `builtin`: it is one of PostgreSQL's own, some of which have canonical forms.
pub(super) fn range(env: &DatumEnv<'_>, subtype: Oid, builtin: bool, typmod: i32, text: &str) -> Exec<String> {
    Ok(read(env, subtype, builtin, typmod, text)?.map_or_else(|| "empty".to_owned(), |range| print(&range)))
}

fn starts_with_empty(text: &str) -> bool {
    text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("empty"))
}

/// The range that a text says; nothing if it is empty.
fn read(env: &DatumEnv<'_>, subtype: Oid, builtin: bool, typmod: i32, text: &str) -> Exec<Option<Range>> {
    let rest = skip_space(text);
    if starts_with_empty(rest) {
        if !skip_space(&rest[5..]).is_empty() {
            return Err(malformed(text, "Junk after \"empty\" key word."));
        }
        return Ok(None);
    }
    let lower_inclusive = rest.starts_with('[');
    let Some(rest) = rest.strip_prefix(['[', '(']) else {
        return Err(malformed(text, "Missing left parenthesis or bracket."));
    };
    let (lower, rest) = bound(rest, text)?;
    let Some(rest) = rest.strip_prefix(',') else {
        return Err(malformed(text, "Missing comma after lower bound."));
    };
    let (upper, rest) = bound(rest, text)?;
    let upper_inclusive = rest.starts_with(']');
    let Some(rest) = rest.strip_prefix([']', ')']) else { return Err(malformed(text, "Too many commas.")) };
    if !skip_space(rest).is_empty() {
        return Err(malformed(text, "Junk after right parenthesis or bracket."));
    }
    let value = |bound: Option<String>, inclusive: bool| -> Exec<Bound> {
        bound.map(|text| Ok((input_inside(env, subtype, typmod, &text)?, inclusive))).transpose()
    };
    let lower = value(lower, lower_inclusive)?;
    let upper = value(upper, upper_inclusive)?;
    make(env, subtype, builtin, Range { lower, upper })
}

/// The text of a bound, nothing if there is none, and what follows (`range_parse_bound`).
fn bound<'t>(text: &'t str, whole: &str) -> Exec<(Option<String>, &'t str)> {
    if text.starts_with([',', ')', ']']) {
        return Ok((None, text));
    }
    let mut value = String::new();
    let mut quoted = false;
    let mut chars = text.chars();
    let end_of_input = || malformed(whole, "Unexpected end of input.");
    loop {
        let rest = chars.as_str();
        if !quoted && rest.starts_with([',', ')', ']']) {
            return Ok((Some(value), rest));
        }
        match chars.next() {
            None => return Err(end_of_input()),
            Some('\\') => value.push(chars.next().ok_or_else(end_of_input)?),
            Some('"') if !quoted => quoted = true,
            Some('"') if chars.as_str().starts_with('"') => {
                chars.next();
                value.push('"');
            }
            Some('"') => quoted = false,
            Some(c) => value.push(c),
        }
    }
}

/// `make_range`: checked and in canonical form.
fn make(env: &DatumEnv<'_>, subtype: Oid, builtin: bool, range: Range) -> Exec<Option<Range>> {
    let Some(range) = serialize(env, subtype, range)? else { return Ok(None) };
    if !builtin {
        return if matches!(base_type(env, subtype), t::INT2 | t::INT4 | t::INT8 | t::DATE) && range.lower.is_some() {
            // A function of the user's may give it another form.
            Err(opaque("whether a range has a canonical form is not known"))
        } else {
            Ok(Some(range))
        };
    }
    let next = |value: &str| -> Exec<String> {
        match subtype {
            t::INT4 => {
                value.parse::<i32>().ok().and_then(|v| v.checked_add(1)).map(|v| v.to_string()).ok_or_else(|| {
                    if env.catalog.version() >= 15 {
                        SqlError::new("22003", "integer out of range").into()
                    } else {
                        opaque("a range at the end of its type is not computed")
                    }
                })
            }
            t::INT8 => {
                value.parse::<i64>().ok().and_then(|v| v.checked_add(1)).map(|v| v.to_string()).ok_or_else(|| {
                    if env.catalog.version() >= 15 {
                        SqlError::new("22003", "bigint out of range").into()
                    } else {
                        opaque("a range at the end of its type is not computed")
                    }
                })
            }
            _ => match datetime::read_date(env, value)? {
                Moment::At(day) => datetime::print_date(Moment::At(day + 1)),
                moment => datetime::print_date(moment),
            },
        }
    };
    if !matches!(subtype, t::INT4 | t::INT8 | t::DATE) {
        return Ok(Some(range));
    }
    let is_finite = |text: &str| !matches!(text, "infinity" | "-infinity");
    let lower = match range.lower {
        Some((text, false)) if is_finite(&text) => Some((next(&text)?, true)),
        other => other,
    };
    let upper = match range.upper {
        Some((text, true)) if is_finite(&text) => Some((next(&text)?, false)),
        other => other,
    };
    serialize(env, subtype, Range { lower, upper })
}

/// `range_serialize`: bounds in order; nothing if nothing is between them.
fn serialize(env: &DatumEnv<'_>, subtype: Oid, range: Range) -> Exec<Option<Range>> {
    if let (Some((lower, lower_inclusive)), Some((upper, upper_inclusive))) = (&range.lower, &range.upper) {
        match compare(env, subtype, lower, upper)? {
            Ordering::Greater => {
                let message = "range lower bound must be less than or equal to range upper bound";
                return Err(SqlError::new("22000", message).into());
            }
            Ordering::Equal if !(*lower_inclusive && *upper_inclusive) => return Ok(None),
            Ordering::Equal | Ordering::Less => {}
        }
    }
    Ok(Some(range))
}

/// The labels of an enum.
fn labels<'a>(env: &DatumEnv<'a>, ty: Oid) -> Option<&'a [EnumLabel]> {
    match &env.catalog.type_(ty)?.kind {
        TypeKind::Enum(labels) => Some(labels),
        TypeKind::Base(_)
        | TypeKind::Array(_)
        | TypeKind::Composite(_)
        | TypeKind::Domain(_)
        | TypeKind::Range(_)
        | TypeKind::Multirange(_)
        | TypeKind::Shell => None,
    }
}

/// The text of a range, with its bounds changed; `text` is what the output function gave.
pub(crate) fn with_bounds(text: &str, change: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    if starts_with_empty(text) {
        return Some(text.to_owned());
    }
    let (lower, rest) = bound(text.get(1..)?, text).ok()?;
    let (upper, rest) = bound(rest.strip_prefix(',')?, text).ok()?;
    let changed = |bound: Option<String>, inclusive| Some((bound.map(|b| change(&b).unwrap_or(b))?, inclusive));
    let lower = changed(lower, text.starts_with('['));
    let upper = changed(upper, rest.starts_with(']'));
    Some(print(&Range { lower, upper }))
}

/// The order of two values.
fn compare(env: &DatumEnv<'_>, ty: Oid, a: &str, b: &str) -> Exec<Ordering> {
    if a == b {
        return Ok(Ordering::Equal);
    }
    let int = |text: &str| text.parse::<i128>().unwrap_or(0);
    Ok(match base_type(env, ty) {
        t::INT2 | t::INT4 | t::INT8 | t::OID => int(a).cmp(&int(b)),
        t::NUMERIC => numeric::read(env, -1, a)?.compare(&numeric::read(env, -1, b)?),
        t::FLOAT4 | t::FLOAT8 => {
            let (a, b) = (float::read_float8(a)?, float::read_float8(b)?);
            // NaN is greatest.
            a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
        }
        t::DATE => datetime::read_date(env, a)?.cmp(&datetime::read_date(env, b)?),
        t::TIME => datetime::read_time(env, -1, a)?.cmp(&datetime::read_time(env, -1, b)?),
        t::TIMESTAMP => datetime::read_timestamp(env, -1, a, false)?.cmp(&datetime::read_timestamp(env, -1, b, false)?),
        t::TIMESTAMPTZ => datetime::read_timestamp(env, -1, a, true)?.cmp(&datetime::read_timestamp(env, -1, b, true)?),
        t::UUID => a.cmp(b),
        base if labels(env, base).is_some() => {
            let place = |label: &str| labels(env, base).and_then(|labels| labels.iter().position(|l| l.label == label));
            place(a).cmp(&place(b))
        }
        _ => return Err(opaque("values of the type of a range's bounds are not compared")),
    })
}

fn print(range: &Range) -> String {
    let mut out = String::new();
    out.push(if matches!(range.lower, Some((_, true))) { '[' } else { '(' });
    push_bound(&range.lower, &mut out);
    out.push(',');
    push_bound(&range.upper, &mut out);
    out.push(if matches!(range.upper, Some((_, true))) { ']' } else { ')' });
    out
}

/// `range_bound_escape`
fn push_bound(bound: &Bound, out: &mut String) {
    let Some((text, _)) = bound else { return };
    let special = |c: char| matches!(c, '"' | '\\' | '(' | ')' | '[' | ']' | ',') || c.is_ascii() && is_space(c as u8);
    if !text.is_empty() && !text.contains(special) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push(c);
        }
        out.push(c);
    }
    out.push('"');
}

/// `multirange_in` and `multirange_out`
pub(super) fn multirange(env: &DatumEnv<'_>, subtype: Oid, builtin: bool, typmod: i32, text: &str) -> Exec<String> {
    let bad = |detail: &str| SqlError::new("22P02", format!("malformed multirange literal: \"{text}\"")).detail(detail);
    let Some(mut rest) = skip_space(text).strip_prefix('{') else { return Err(bad("Missing left brace.").into()) };
    let end_of_input = || bad("Unexpected end of input.");
    let mut ranges = Vec::new();
    let mut seen = false;
    loop {
        rest = skip_space(rest);
        if rest.is_empty() {
            return Err(end_of_input().into());
        }
        if rest.starts_with(['[', '(']) {
            let end = end_of_range(rest).ok_or_else(end_of_input)?;
            ranges.extend(read(env, subtype, builtin, typmod, &rest[..end])?);
            rest = &rest[end..];
        } else if !seen && rest.starts_with('}') {
            rest = &rest[1..];
            break;
        } else if starts_with_empty(rest) {
            rest = &rest[5..];
        } else {
            return Err(bad("Expected range start.").into());
        }
        seen = true;
        rest = skip_space(rest);
        let mut chars = rest.chars();
        let next = chars.next();
        rest = chars.as_str();
        match next {
            None => return Err(end_of_input().into()),
            Some(',') => {}
            Some('}') => break,
            Some(_) => return Err(bad("Expected comma or end of multirange.").into()),
        }
    }
    if !skip_space(rest).is_empty() {
        return Err(bad("Junk after closing right brace.").into());
    }
    let merged = merge(env, subtype, ranges)?;
    Ok(format!("{{{}}}", merged.iter().map(print).collect::<Vec<_>>().join(",")))
}

/// Where a range ends that a text starts with.
fn end_of_range(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().peekable();
    let mut quoted = false;
    while let Some((i, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next()?;
            }
            '"' if quoted && chars.peek().is_some_and(|(_, c)| *c == '"') => {
                chars.next();
            }
            '"' => quoted = !quoted,
            ']' | ')' if !quoted => return Some(i + 1),
            _ => {}
        }
    }
    None
}

/// `multirange_canonicalize`: in order, those that overlap or touch made one.
fn merge(env: &DatumEnv<'_>, subtype: Oid, ranges: Vec<Range>) -> Exec<Vec<Range>> {
    let mut sorted: Vec<Range> = Vec::new();
    for range in ranges {
        let mut at = sorted.len();
        while at > 0 && compare_lower(env, subtype, &range.lower, &sorted[at - 1].lower)? == Ordering::Less {
            at -= 1;
        }
        sorted.insert(at, range);
    }
    let mut merged: Vec<Range> = Vec::new();
    for range in sorted {
        match merged.last_mut() {
            Some(last) if touches(env, subtype, &last.upper, &range.lower)? => {
                if compare_upper(env, subtype, &last.upper, &range.upper)? == Ordering::Less {
                    last.upper = range.upper;
                }
            }
            _ => merged.push(range),
        }
    }
    Ok(merged)
}

fn compare_lower(env: &DatumEnv<'_>, ty: Oid, a: &Bound, b: &Bound) -> Exec<Ordering> {
    match (a, b) {
        (None, None) => Ok(Ordering::Equal),
        (None, Some(_)) => Ok(Ordering::Less),
        (Some(_), None) => Ok(Ordering::Greater),
        (Some((a, a_in)), Some((b, b_in))) => Ok(compare(env, ty, a, b)?.then(b_in.cmp(a_in))),
    }
}

fn compare_upper(env: &DatumEnv<'_>, ty: Oid, a: &Bound, b: &Bound) -> Exec<Ordering> {
    match (a, b) {
        (None, None) => Ok(Ordering::Equal),
        (None, Some(_)) => Ok(Ordering::Greater),
        (Some(_), None) => Ok(Ordering::Less),
        (Some((a, a_in)), Some((b, b_in))) => Ok(compare(env, ty, a, b)?.then(a_in.cmp(b_in))),
    }
}

/// Nothing is between an upper bound and the lower bound of a range that starts later.
fn touches(env: &DatumEnv<'_>, ty: Oid, upper: &Bound, lower: &Bound) -> Exec<bool> {
    match (upper, lower) {
        (None, _) | (_, None) => Ok(true),
        (Some((upper, upper_in)), Some((lower, lower_in))) => Ok(match compare(env, ty, upper, lower)? {
            Ordering::Less => false,
            Ordering::Equal => *upper_in || *lower_in,
            Ordering::Greater => true,
        }),
    }
}
