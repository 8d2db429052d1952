//! Names and patterns as a spec writes them.
//!
//! A name follows SQL's rules where it looks like SQL: `Vehicles` is folded to `vehicles`, `"Vehicles"` is not. A text
//! that SQL would not read as an identifier (`Users can view own vehicles`) stands for itself, so that names of policies
//! need no quotes inside quotes.

use std::borrow::Cow;

use crate::catalog::truncate_name;
use crate::sql::ast::Name;

/// A part of an address before its meaning is known.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part<'t> {
    text: Cow<'t, str>,
    quoted: bool,
}

impl Part<'_> {
    /// The name that the part stands for: folded and cut as PostgreSQL's scanner does.
    fn into_name(self) -> Name {
        let folded = match self.quoted || !is_plain_identifier(&self.text) {
            true => self.text.as_ref().into(),
            false => self.text.to_ascii_lowercase(),
        };
        Name::from(truncate_name(&folded))
    }
}

/// `a_1$`, in whatever case: what SQL reads as an identifier without quotes (`scan.l: identifier`).
pub(super) fn is_plain_identifier(text: &str) -> bool {
    let starts = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
    let mut chars = text.chars();
    chars.next().is_some_and(starts) && chars.all(|c| starts(c) || c.is_ascii_digit() || c == '$')
}

/// Splits at the dots that are not inside quotes.
fn parts(text: &str) -> Result<Vec<Part<'_>>, String> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    loop {
        let (part, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_part(quoted).ok_or_else(|| format!("`{text}` has a quote that is not closed"))?,
            None => {
                let end = rest.find('.').unwrap_or(rest.len());
                (Part { text: Cow::Borrowed(rest[..end].trim()), quoted: false }, &rest[end..])
            }
        };
        if part.text.is_empty() {
            return Err(format!("`{text}` has an empty part"));
        }
        if part.text.contains('\0') {
            return Err("a name cannot hold a NUL".to_owned());
        }
        if !part.quoted && part.text.contains('"') {
            return Err(format!(
                "`{text}` has a quote inside a name: quote the whole part, and double the quotes in it"
            ));
        }
        parts.push(part);
        rest = match after.trim_start() {
            "" => return Ok(parts),
            more => more.strip_prefix('.').ok_or_else(|| format!("`{text}` has something after a quoted name"))?,
        }
        .trim_start();
    }
}

/// The part up to the closing quote, and what follows.
fn quoted_part(text: &str) -> Option<(Part<'_>, &str)> {
    let mut from = 0;
    loop {
        let quote = from + text[from..].find('"')?;
        if text[quote + 1..].starts_with('"') {
            from = quote + 2;
            continue;
        }
        let name = &text[..quote];
        let text_of = if name.contains('"') { Cow::Owned(name.replace("\"\"", "\"")) } else { Cow::Borrowed(name) };
        return Some((Part { text: text_of, quoted: true }, &text[quote + 1..]));
    }
}

/// One name without a schema or table. What is no identifier stands for itself, dots included.
pub(super) fn name(text: &str) -> Result<Name, String> {
    let text = text.trim();
    if !text.starts_with('"') && !text.contains(['"', '\0']) && !text.is_empty() {
        return Ok(Part { text: Cow::Borrowed(text), quoted: false }.into_name());
    }
    let mut parts = parts(text)?;
    match parts.pop() {
        Some(part) if parts.is_empty() => Ok(part.into_name()),
        _ => Err(format!("`{text}` must be one name")),
    }
}

/// One identifier: as [`name`], but a dot is a mistake.
pub(super) fn identifier(text: &str) -> Result<Name, String> {
    let mut parts = parts(text)?;
    match parts.pop() {
        Some(part) if parts.is_empty() => Ok(part.into_name()),
        _ => Err(format!("`{text}` must be one name, without schema or table")),
    }
}

/// `name` or `schema.name`.
pub(super) fn qualified(text: &str) -> Result<(Option<Name>, Name), String> {
    let mut parts = parts(text)?.into_iter().map(Part::into_name);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(name), None, _) => Ok((None, name)),
        (Some(schema), Some(name), None) => Ok((Some(schema), name)),
        _ => Err(format!("`{text}` has too many parts: write `name` or `schema.name`")),
    }
}

/// An unquoted `*` or `?` is in the text.
pub(super) fn has_wildcard(text: &str) -> bool {
    parts(text).is_ok_and(|parts| parts.iter().any(|part| !part.quoted && part.text.contains(['*', '?'])))
}

/// Names, compared after case folding, because a forbidden name in other letters is forbidden too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Folded.
    text: Name,
    /// `*` and `?` are wildcards.
    glob: bool,
}

impl Pattern {
    fn new(part: Part<'_>) -> Pattern {
        let glob = !part.quoted && part.text.contains(['*', '?']);
        let text = if glob { part.text.as_ref() } else { truncate_name(&part.text) };
        Pattern { text: Name::from(fold(text).as_ref()), glob }
    }

    /// The one name that matches, folded; nothing if there are wildcards.
    pub fn literal(&self) -> Option<&str> {
        (!self.glob).then_some(self.text.as_str())
    }

    /// What every matching name begins with, folded.
    pub fn prefix(&self) -> &str {
        match self.glob {
            true => &self.text[..self.text.find(['*', '?']).unwrap_or(self.text.len())],
            false => &self.text,
        }
    }

    /// The folded name matches.
    pub fn matches_folded(&self, name: &str) -> bool {
        if self.glob { glob_matches(self.text.as_bytes(), name.as_bytes()) } else { self.text == name }
    }

    /// The name matches, in whatever case.
    pub fn matches(&self, name: &str) -> bool {
        self.matches_folded(&fold(name))
    }

    /// As it is written, with quotes where they are needed.
    pub fn display(&self) -> Cow<'_, str> {
        if self.glob { Cow::Borrowed(&self.text) } else { quote(&self.text) }
    }
}

/// The patterns of an address, of which the last is the name and those before it are what it is in.
pub(super) fn patterns(text: &str) -> Result<Vec<Pattern>, String> {
    Ok(parts(text)?.into_iter().map(Pattern::new).collect())
}

/// A name without its case.
pub(super) fn fold(name: &str) -> Cow<'_, str> {
    match name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        true => Cow::Borrowed(name),
        false => Cow::Owned(name.to_lowercase()),
    }
}

/// A name as a reader of SQL expects it: quoted unless it is an ordinary lower-case identifier.
pub(super) fn quote(name: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    match name.bytes().all(plain) && is_plain_identifier(name) {
        true => Cow::Borrowed(name),
        false => Cow::Owned(format!("\"{}\"", name.replace('"', "\"\""))),
    }
}

/// `*` stands for any characters, `?` for one. Linear but for a backtrack to the last `*`.
fn glob_matches(pattern: &[u8], name: &[u8]) -> bool {
    let is_continuation = |at: usize| name.get(at).is_some_and(|byte| byte & 0xC0 == 0x80);
    let (mut p, mut n) = (0, 0);
    let mut last_star = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                last_star = Some((p, n));
                p += 1;
            }
            Some(b'?') => {
                p += 1;
                n += 1;
                while is_continuation(n) {
                    n += 1;
                }
            }
            Some(byte) if *byte == name[n] => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((star, from)) = last_star else { return false };
                last_star = Some((star, from + 1));
                p = star + 1;
                n = from + 1;
            }
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_as_in_sql() {
        assert_eq!(identifier("Vehicles").unwrap(), "vehicles");
        assert_eq!(identifier("\"Vehicles\"").unwrap(), "Vehicles");
        assert_eq!(identifier("\"a\"\"b.c\"").unwrap(), "a\"b.c");
        assert_eq!(identifier("ÄRGER").unwrap(), "ÄRGER".to_ascii_lowercase());
        assert_eq!(name("Users can view v1.0").unwrap(), "Users can view v1.0");
        assert_eq!(name("Owner_Read").unwrap(), "owner_read");
        assert_eq!(qualified(" public . Users ").unwrap(), (Some("public".into()), "users".into()));
        assert_eq!(identifier(&"a".repeat(70)).unwrap().len(), 63);
    }

    #[test]
    fn malformed_names() {
        for text in ["", ".", "a.", ".a", "\"a", "a\"b", "\"a\"b", "\"\"", "\"a\".", "\"\"\""] {
            assert!(parts(text).is_err(), "{text}");
        }
        assert!(identifier("a.b").is_err());
        assert!(qualified("a.b.c").is_err());
        assert!(name("\"a\".\"b\"").is_err());
    }

    #[test]
    fn globs() {
        let matches = |pattern: &str, name: &str| patterns(pattern).unwrap()[0].matches(name);
        assert!(matches("idx_tesla_*", "IDX_Tesla_accounts"));
        assert!(matches("*_id", "a_id"));
        assert!(matches("*", "x"));
        assert!(matches("a*b*c", "a_b_b_c"));
        assert!(!matches("a*b*c", "a_c_b"));
        assert!(matches("?x", "éx"));
        assert!(!matches("?x", "x"));
        assert!(!matches("\"a*\"", "ab"));
        assert!(matches("\"a*\"", "A*"));
        assert!(!matches("idx", "idx_"));
    }

    #[test]
    fn quoting() {
        assert_eq!(quote("a_1"), "a_1");
        assert_eq!(quote("A"), "\"A\"");
        assert_eq!(quote("1a"), "\"1a\"");
        assert_eq!(quote("a b\""), "\"a b\"\"\"");
    }
}
