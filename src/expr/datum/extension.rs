//! Types of extensions, as far as their text forms are simple.

use super::{DatumEnv, float, is_space, opaque};
use crate::catalog::{DependencyKind, Object, Oid};
use crate::replay::{Exec, SqlError};

/// The name of the extension that a type belongs to.
fn extension_of<'a>(env: &DatumEnv<'a>, ty: Oid) -> Option<&'a str> {
    match env.catalog.owner_of(Object::Type(ty))? {
        (Object::Extension(extension), DependencyKind::Extension) => Some(&env.catalog.extension(extension)?.name),
        _ => None,
    }
}

/// A value of a base type that is not PostgreSQL's own.
pub(super) fn read(env: &DatumEnv<'_>, ty: Oid, name: &str, typmod: i32, text: &str) -> Exec<String> {
    match (extension_of(env, ty), name) {
        (Some("citext"), "citext") => Ok(text.to_owned()),
        (Some("hstore"), "hstore") => hstore(text),
        (Some("vector"), "vector") => vector(env, typmod, text),
        (Some("ltree"), "ltree") if is_plain_path(text) => Ok(text.to_owned()),
        _ => Err(opaque(format!("constants of type {name} are not read"))),
    }
}

/// Labels of letters, digits and underscores between points: what every version of `ltree` takes.
fn is_plain_path(text: &str) -> bool {
    let label = |l: &str| (1..=255).contains(&l.len()) && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    text.is_empty() || text.split('.').all(label)
}

/// `[1,2,3]` (pgvector's `vector_in`), where it is certain.
fn vector(env: &DatumEnv<'_>, typmod: i32, text: &str) -> Exec<String> {
    let unsure = || opaque("such a constant of type vector is not read");
    let trimmed = text.trim_matches(|c: char| c.is_ascii() && is_space(c as u8));
    let inside = trimmed.strip_prefix('[').and_then(|t| t.strip_suffix(']')).ok_or_else(unsure)?;
    let numbers: Vec<&str> = inside.split(',').collect();
    let mut out = Vec::new();
    for number in &numbers {
        let value = float::read_float4(env, number).map_err(|_| unsure())?;
        if !value.is_finite() {
            return Err(unsure());
        }
        out.push(float::print_float4(value));
    }
    if typmod != -1 && usize::try_from(typmod) != Ok(out.len()) {
        let message = format!("expected {typmod} dimensions, not {}", out.len());
        return Err(SqlError::new("22000", message).into());
    }
    Ok(format!("[{}]", out.join(",")))
}

/// `hstore_io.c: hstore_in` and `hstore_out`, where the text is well formed.
fn hstore(text: &str) -> Exec<String> {
    let unsure = || opaque("such a constant of type hstore is not read");
    let mut pairs: Vec<(String, Option<String>)> = Vec::new();
    let mut rest = skip(text);
    while !rest.is_empty() {
        let (key, _, after) = word(rest).ok_or_else(unsure)?;
        let after = skip(after).strip_prefix("=>").ok_or_else(unsure)?;
        let (value, quoted, after) = word(skip(after)).ok_or_else(unsure)?;
        let value = if !quoted && value.eq_ignore_ascii_case("null") { None } else { Some(value) };
        if key.len() > 65_535 {
            return Err(unsure());
        }
        // The first value of a key counts.
        if pairs.iter().all(|(other, _)| *other != key) {
            pairs.push((key, value));
        } else {
            return Err(opaque("which value of a key an hstore keeps is not known"));
        }
        rest = match skip(after) {
            "" => "",
            more => skip(more.strip_prefix(',').ok_or_else(unsure)?),
        };
    }
    pairs.sort_by(|a, b| a.0.len().cmp(&b.0.len()).then_with(|| a.0.as_bytes().cmp(b.0.as_bytes())));
    let quote = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let print = |(key, value): &(String, Option<String>)| {
        format!("{}=>{}", quote(key), value.as_deref().map_or_else(|| "NULL".to_owned(), quote))
    };
    Ok(pairs.iter().map(print).collect::<Vec<_>>().join(", "))
}

fn skip(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_ascii() && is_space(c as u8))
}

/// A key or value, whether it is quoted, and what follows it.
fn word(text: &str) -> Option<(String, bool, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !"_-.".contains(c)).unwrap_or(text.len());
        return (end > 0).then(|| (text[..end].to_owned(), false, &text[end..]));
    };
    let mut value = String::new();
    let mut chars = quoted.chars();
    loop {
        match chars.next()? {
            '"' => return Some((value, true, chars.as_str())),
            '\\' => value.push(chars.next()?),
            c => value.push(c),
        }
    }
}
