//! Functions of strings (`varlena.c`, `oracle_compat.c`, `formatting.c`, `regexp.c`).

use super::{Scalar, such_arguments};
use crate::catalog::type_oid as t;
use crate::replay::query::Value;
use crate::replay::query::pattern;
use crate::replay::query::run::Run;
use crate::replay::value::{Decimal, IntType};
use crate::replay::{Exec, SqlError};

pub(super) const FUNCTIONS: &[(&str, Scalar)] = &[
    ("lower", |run, args| map(run, args, "lower", |s| ascii_only(s).then(|| s.to_ascii_lowercase()))),
    ("upper", |run, args| map(run, args, "upper", |s| ascii_only(s).then(|| s.to_ascii_uppercase()))),
    ("initcap", |run, args| map(run, args, "initcap", initcap)),
    ("reverse", |run, args| map(run, args, "reverse", |s| Some(s.chars().rev().collect()))),
    ("length", length),
    ("char_length", length),
    ("character_length", length),
    ("octet_length", |run, args| match args {
        [value] => Ok(Value::or_null(run.text(value)?, |s| count(s.len()))),
        _ => such_arguments("octet_length"),
    }),
    ("bit_length", |run, args| match args {
        [value] => Ok(Value::or_null(run.text(value)?, |s| count(s.len() * 8))),
        _ => such_arguments("bit_length"),
    }),
    ("to_hex", |_, args| match args {
        [Value::Int(n, IntType::Int8)] => Ok(Value::text(format!("{n:x}"))),
        [Value::Int(n, IntType::Int4)] => Ok(Value::text(format!("{:x}", *n as i32))),
        _ => such_arguments("to_hex"),
    }),
    ("translate", |run, args| match texts(run, args)?.as_deref() {
        Some([text, from, to]) => {
            let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
            let changed = |c: char| match from.iter().position(|f| *f == c) {
                Some(at) => to.get(at).copied(),
                None => Some(c),
            };
            Ok(Value::text(text.chars().filter_map(changed).collect::<String>()))
        }
        _ => such_arguments("translate"),
    }),
    ("regexp_split_to_array", |run, args| match split_by_pattern(run, args)? {
        Some(parts) => Ok(Value::array(t::TEXT, parts)),
        None => such_arguments("regexp_split_to_array"),
    }),
    ("regexp_match", |run, args| match texts(run, args)?.as_deref() {
        Some([text, pattern]) => match pattern::compile_for_matches(pattern, "") {
            Some(regex) => Ok(Value::or_null(regex.captures(text), |captures| groups(&captures))),
            None => such_arguments("regexp_match"),
        },
        _ => such_arguments("regexp_match"),
    }),
    ("replace", replace),
    ("substring", substring),
    ("substr", substring),
    ("left", |run, args| part(run, args, "left", true)),
    ("right", |run, args| part(run, args, "right", false)),
    ("btrim", |run, args| trim(run, args, "btrim", true, true)),
    ("ltrim", |run, args| trim(run, args, "ltrim", true, false)),
    ("rtrim", |run, args| trim(run, args, "rtrim", false, true)),
    ("lpad", |run, args| pad(run, args, "lpad")),
    ("rpad", |run, args| pad(run, args, "rpad")),
    ("repeat", repeat),
    ("split_part", split_part),
    ("position", |run, args| strpos(run, args, "position")),
    ("strpos", |run, args| strpos(run, args, "strpos")),
    ("starts_with", |run, args| match texts(run, args)?.as_deref() {
        Some([text, prefix]) => Ok(Value::Bool(text.starts_with(prefix.as_str()))),
        _ => such_arguments("starts_with"),
    }),
    ("regexp_replace", regexp_replace),
    ("chr", |_, args| match args {
        [value] => match value.as_int().and_then(|n| u32::try_from(n).ok()).and_then(char::from_u32) {
            Some('\0') => Err(SqlError::new("54000", "null character not permitted").into()),
            Some(c) => Ok(Value::text(c.to_string())),
            _ => such_arguments("chr"),
        },
        _ => such_arguments("chr"),
    }),
    ("ascii", |run, args| match texts(run, args)?.as_deref() {
        Some([text]) => Ok(Value::int(text.chars().next().map_or(0, |c| c as i32))),
        _ => such_arguments("ascii"),
    }),
    ("abs", |_, args| match args {
        [Value::Int(n, ty)] => {
            Ok(n.checked_abs().map_or_else(|| Value::not_evaluated("abs()"), |n| Value::Int(n, *ty)))
        }
        [Value::Numeric(n)] if *n < Decimal::from(0) => {
            Ok(Value::or_null(Decimal::from(0).checked_sub(*n), Value::Numeric))
        }
        [Value::Numeric(n)] => Ok(Value::Numeric(*n)),
        _ => such_arguments("abs"),
    }),
];

/// All arguments as texts; nothing if one of them is not.
fn texts(run: &Run<'_>, args: &[Value]) -> Exec<Option<Vec<String>>> {
    // Values of other types do not become strings by themselves.
    let string =
        |arg: &Value| matches!(arg, Value::Null | Value::Literal(_) | Value::Text(_) | Value::Name(_) | Value::Char(_));
    if !args.iter().all(string) {
        return Ok(None);
    }
    args.iter().map(|arg| run.text(arg)).collect()
}

fn count(n: usize) -> Value {
    Value::int(i32::try_from(n).unwrap_or(i32::MAX))
}

/// Letters outside ASCII change as the database's collation says, which is not known.
fn ascii_only(text: &str) -> bool {
    text.is_ascii()
}

fn map(run: &Run<'_>, args: &[Value], name: &str, f: impl FnOnce(&str) -> Option<String>) -> Exec<Value> {
    match texts(run, args)?.as_deref() {
        Some([text]) => match f(text) {
            Some(result) => Ok(Value::text(result)),
            None => Ok(Value::not_evaluated(format!("{name}() of letters outside ASCII is not evaluated"))),
        },
        _ => such_arguments(name),
    }
}

fn initcap(text: &str) -> Option<String> {
    let mut inside = false;
    ascii_only(text).then(|| {
        text.chars()
            .map(|c| {
                let c = if inside { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() };
                inside = c.is_ascii_alphanumeric();
                c
            })
            .collect()
    })
}

fn length(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    match args {
        [Value::Literal(_) | Value::Text(_) | Value::Name(_)] => match texts(run, args)?.as_deref() {
            Some([text]) => Ok(count(text.chars().count())),
            _ => such_arguments("length"),
        },
        _ => such_arguments("length"),
    }
}

fn replace(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    match texts(run, args)?.as_deref() {
        Some([text, from, _]) if from.is_empty() => Ok(Value::text(text.as_str())),
        Some([text, from, to]) => Ok(Value::text(text.replace(from.as_str(), to))),
        _ => such_arguments("replace"),
    }
}

/// What the groups in parentheses matched, or the whole if there are none.
pub(super) fn groups(captures: &regex::Captures<'_>) -> Value {
    let group = |m: Option<regex::Match<'_>>| Value::or_null(m, |m| Value::text(m.as_str()));
    let parts: Vec<Value> = match captures.len() {
        1 => vec![group(captures.get(0))],
        _ => captures.iter().skip(1).map(group).collect(),
    };
    Value::array(t::TEXT, parts)
}

/// The parts between matches of a pattern that matches no empty text.
pub(super) fn split_by_pattern(run: &Run<'_>, args: &[Value]) -> Exec<Option<Vec<Value>>> {
    let texts = texts(run, args)?;
    let Some([text, pattern]) = texts.as_deref() else { return Ok(None) };
    let Some(regex) = pattern::compile_for_matches(pattern, "").filter(|regex| !regex.is_match("")) else {
        return Ok(None);
    };
    Ok(Some(regex.split(text).map(Value::text).collect()))
}

/// `substring(text, start [, count])`; with a pattern it is `substring(text FROM pattern)`.
fn substring(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let Some((text, rest)) = args.split_first() else { return such_arguments("substring") };
    let Some(text) = run.text(text)? else { return such_arguments("substring") };
    let (start, end) = match rest {
        [Value::Int(start, _)] => (*start, i64::MAX),
        [Value::Int(_, _), Value::Int(count, _)] if *count < 0 => {
            return Err(SqlError::new("22011", "negative substring length not allowed").into());
        }
        [Value::Int(start, _), Value::Int(count, _)] => (*start, start.saturating_add(*count)),
        [Value::Literal(pattern) | Value::Text(pattern)] => {
            let Some(regex) = pattern::compile_for_matches(pattern, "") else { return such_arguments("substring") };
            let found = regex.captures(&text);
            // The first group in parentheses, if there is one, else the whole match.
            let found = found.and_then(|c| if c.len() > 1 { c.get(1) } else { c.get(0) });
            return Ok(Value::or_null(found, |m| Value::text(m.as_str())));
        }
        _ => return such_arguments("substring"),
    };
    let skip = usize::try_from(start.max(1) - 1).unwrap_or(usize::MAX);
    let take = usize::try_from(end.saturating_sub(start.max(1)).max(0)).unwrap_or(usize::MAX);
    Ok(Value::text(text.chars().skip(skip).take(take).collect::<String>()))
}

/// `left(text, n)`, `right(text, n)`: a negative n leaves out so many characters of the other side.
fn part(run: &Run<'_>, args: &[Value], name: &str, left: bool) -> Exec<Value> {
    let [text, n] = args else { return such_arguments(name) };
    let (Some(text), Some(n)) = (run.text(text)?, n.as_int()) else { return such_arguments(name) };
    let length = text.chars().count();
    let n = match usize::try_from(n.unsigned_abs()) {
        Ok(given) if n < 0 => length.saturating_sub(given),
        Ok(given) => given.min(length),
        Err(_) => length,
    };
    let chars = text.chars();
    let result: String = if left { chars.take(n).collect() } else { chars.skip(length - n).collect() };
    Ok(Value::text(result))
}

fn trim(run: &Run<'_>, args: &[Value], name: &str, left: bool, right: bool) -> Exec<Value> {
    let (text, set) = match texts(run, args)?.as_deref() {
        Some([text]) => (text.clone(), " ".to_owned()),
        Some([text, set]) => (text.clone(), set.clone()),
        _ => return such_arguments(name),
    };
    let mut result = text.as_str();
    if left {
        result = result.trim_start_matches(|c| set.contains(c));
    }
    if right {
        result = result.trim_end_matches(|c| set.contains(c));
    }
    Ok(Value::text(result))
}

/// Longer texts than this are nobody's intention.
const MAX_LENGTH: usize = 1_000_000;

fn pad(run: &Run<'_>, args: &[Value], name: &str) -> Exec<Value> {
    let (text, length, fill) = match args {
        [text, length] => (text, length, " ".to_owned()),
        [text, length, fill] => (text, length, run.text(fill)?.unwrap_or_default()),
        _ => return such_arguments(name),
    };
    let (Some(text), Some(length)) = (run.text(text)?, length.as_int()) else { return such_arguments(name) };
    let length = usize::try_from(length.max(0)).unwrap_or(usize::MAX);
    if length > MAX_LENGTH {
        return such_arguments(name);
    }
    let missing = length.saturating_sub(text.chars().count());
    let padding: String = fill.chars().cycle().take(if fill.is_empty() { 0 } else { missing }).collect();
    let text: String = text.chars().take(length).collect();
    Ok(Value::text(if name == "lpad" { padding + &text } else { text + &padding }))
}

fn repeat(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let [text, n] = args else { return such_arguments("repeat") };
    let (Some(text), Some(n)) = (run.text(text)?, n.as_int()) else { return such_arguments("repeat") };
    let n = usize::try_from(n.max(0)).unwrap_or(usize::MAX);
    match text.len().checked_mul(n) {
        Some(length) if length <= MAX_LENGTH => Ok(Value::text(text.repeat(n))),
        _ => such_arguments("repeat"),
    }
}

fn split_part(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let [text, separator, n] = args else { return such_arguments("split_part") };
    let (Some(text), Some(separator), Some(n)) = (run.text(text)?, run.text(separator)?, n.as_int()) else {
        return such_arguments("split_part");
    };
    if n == 0 {
        return Err(SqlError::new("22023", "field position must not be zero").into());
    }
    let fields: Vec<&str> = if separator.is_empty() { vec![&text] } else { text.split(separator.as_str()).collect() };
    let at = usize::try_from(n.unsigned_abs()).ok();
    let found = match at {
        Some(at) if n > 0 => fields.get(at - 1),
        Some(at) => fields.len().checked_sub(at).and_then(|i| fields.get(i)),
        None => None,
    };
    Ok(Value::text(found.copied().unwrap_or_default()))
}

fn strpos(run: &Run<'_>, args: &[Value], name: &str) -> Exec<Value> {
    match texts(run, args)?.as_deref() {
        Some([text, part]) => Ok(count(text.find(part.as_str()).map_or(0, |at| text[..at].chars().count() + 1))),
        _ => such_arguments(name),
    }
}

/// `regexp_replace(text, pattern, replacement [, flags])`
fn regexp_replace(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let (text, pattern, replacement, flags) = match texts(run, args)?.as_deref() {
        Some([text, pattern, replacement]) => (text.clone(), pattern.clone(), replacement.clone(), String::new()),
        Some([text, pattern, replacement, flags]) if !flags.starts_with(|c: char| c.is_ascii_digit()) => {
            (text.clone(), pattern.clone(), replacement.clone(), flags.clone())
        }
        _ => return such_arguments("regexp_replace"),
    };
    let Some(regex) = pattern::compile_for_matches(&pattern, &flags.replace('g', "")) else {
        return such_arguments("regexp_replace");
    };
    let expand = |captures: &regex::Captures<'_>| {
        let mut out = String::new();
        let mut chars = replacement.chars();
        while let Some(c) = chars.next() {
            if c != '\\' {
                out.push(c);
                continue;
            }
            match chars.next() {
                Some('&') => out.push_str(&captures[0]),
                Some(d) if d.is_ascii_digit() => {
                    let group = d.to_digit(10).and_then(|d| captures.get(d as usize));
                    out.push_str(group.map_or("", |m| m.as_str()));
                }
                Some('\\') | None => out.push('\\'),
                Some(other) => {
                    out.push('\\');
                    out.push(other);
                }
            }
        }
        out
    };
    let result = regex.replacen(&text, usize::from(!flags.contains('g')), expand);
    Ok(Value::text(result.as_ref()))
}
