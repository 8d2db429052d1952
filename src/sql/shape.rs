//! Texts of SQL of which parts are not known: what they do is bounded by what is known.
//!
//! A part that is not known is a character that PostgreSQL's scanner takes for a letter, so that a statement with gaps in
//! its names and literals is parsed like any other.

use ecow::EcoString;

/// Some text that was quoted, as an identifier or a literal.
pub const GAP: char = '\u{E000}';
/// Digits and what separates them in dates.
pub const DIGITS: char = '\u{E001}';
/// Some text that was not quoted: it may be anything.
pub const LOOSE: char = '\u{E002}';

/// It stands for something that is not known.
pub fn is_gap(c: char) -> bool {
    matches!(c, GAP | DIGITS | LOOSE)
}

/// Parts of it are not known.
pub fn has_gap(text: &str) -> bool {
    text.contains(is_gap)
}

/// The text with gaps where something unknown stands in quotes; nothing if something stands outside of them. What stands
/// in quotes is taken to have none inside: `'%s'` is written for what has none.
pub fn closed(text: &str) -> Option<EcoString> {
    let quoted = |quote: char| (format!("{quote}{LOOSE}{quote}"), format!("{quote}{GAP}{quote}"));
    let (name, named) = quoted('"');
    let (literal, written) = quoted('\'');
    let closed = text.replace(&name, &named).replace(&literal, &written);
    (!closed.contains(LOOSE)).then(|| closed.into())
}

/// Whether a name may be one of that shape.
pub fn fits(shape: &str, name: &str) -> bool {
    let mut rest = shape.chars();
    match rest.next() {
        None => name.is_empty(),
        Some(gap @ (GAP | LOOSE | DIGITS)) => {
            let fills = |c: char| gap != DIGITS || c.is_ascii_digit() || matches!(c, '-' | '_' | ':' | ' ' | '.' | '/');
            let filled = name.char_indices().take_while(|(_, c)| fills(*c)).map(|(at, c)| at + c.len_utf8());
            std::iter::once(0).chain(filled).any(|end| fits(rest.as_str(), &name[end..]))
        }
        Some(c) => name.strip_prefix(c).is_some_and(|name| fits(rest.as_str(), name)),
    }
}

/// `to_char` with such a format gives digits and what separates them, whatever the time (`formatting.c`).
pub fn is_digits_of_time(format: &str) -> bool {
    const PATTERNS: [&str; 14] =
        ["YYYY", "IYYY", "HH24", "HH12", "DDD", "YY", "MM", "DD", "HH", "MI", "SS", "WW", "IW", "Q"];
    let format = format.to_ascii_uppercase();
    let mut rest = format.as_str();
    while let Some(first) = rest.chars().next() {
        match PATTERNS.iter().find_map(|pattern| rest.strip_prefix(pattern)) {
            Some(after) => rest = after,
            None if matches!(first, '-' | '_' | ':' | ' ' | '.' | '/') => rest = &rest[1..],
            None => return false,
        }
    }
    !format.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_in_quotes() {
        assert_eq!(closed("drop table \"\u{E002}\"").as_deref(), Some("drop table \"\u{E000}\""));
        assert_eq!(closed("drop table \u{E002}"), None);
        assert_eq!(closed("select '\u{E002}', \u{E001}").as_deref(), Some("select '\u{E000}', \u{E001}"));
    }

    #[test]
    fn names_fit_shapes() {
        assert!(fits("log_\u{E001}", "log_2024_01"));
        assert!(!fits("log_\u{E001}", "log_events"));
        assert!(fits("log_\u{E001}_x", "log_2024_x"));
        assert!(fits("\u{E000}_x", "Odd Name_x"));
        assert!(!fits("\u{E000}_x", "Odd Name"));
    }

    #[test]
    fn formats_of_digits() {
        assert!(is_digits_of_time("YYYYMMDD"));
        assert!(is_digits_of_time("yyyy_mm-dd HH24:MI"));
        assert!(!is_digits_of_time("YYYY Month"));
        assert!(!is_digits_of_time(""));
    }
}
