//! LIKE and regular expressions.

use std::fmt::Write;

use regex::{Regex, RegexBuilder};

use super::Value;
use super::run::Run;
use crate::replay::{Exec, SqlError};
use crate::sql::ast::LikeKind;

impl Run<'_> {
    /// `operand LIKE pattern [ESCAPE escape]`
    pub(super) fn like(
        &mut self,
        kind: LikeKind,
        operand: &Value,
        pattern: &Value,
        escape: Option<&Value>,
    ) -> Exec<Value> {
        if let (Value::Unknowable(reason), Some(text), Some(words)) = (operand, printed(operand), pattern.as_str()) {
            let matched = self.like(kind, &Value::text(text), pattern, escape)?;
            return Ok(if is_certain(words, &matched) { matched } else { Value::Unknowable(reason.of_result()) });
        }
        let all = [Some(operand), Some(pattern), escape];
        if let Some(reason) = all.iter().flatten().find_map(|v| v.unknowable()) {
            return Ok(Value::Unknowable(reason.of_result()));
        }
        if all.iter().flatten().any(|v| v.is_null()) {
            return Ok(Value::Null);
        }
        let text = |v: &Value| match v {
            Value::Char(c) => Some(c.to_string()),
            v => v.as_str().map(str::to_owned),
        };
        let (Some(operand), Some(pattern)) = (text(operand), text(pattern)) else {
            return Ok(Value::not_evaluated("LIKE of such values is not evaluated"));
        };
        let escape = match escape.and_then(Value::as_str) {
            None => Some('\\'),
            Some("") => None,
            Some(escape) => {
                let mut chars = escape.chars();
                match (chars.next(), chars.next()) {
                    (Some(c), None) => Some(c),
                    _ => {
                        let hint = "Escape string must be empty or one character.";
                        return Err(SqlError::new("22025", "invalid escape string").hint(hint).into());
                    }
                }
            }
        };
        let matched = match kind {
            LikeKind::Like => like(&operand, &pattern, escape),
            LikeKind::Ilike => like(&operand.to_lowercase(), &pattern.to_lowercase(), escape),
            LikeKind::SimilarTo => return Ok(Value::not_evaluated("SIMILAR TO is not evaluated")),
        };
        match matched {
            Some(matched) => Ok(Value::Bool(matched)),
            None => Err(SqlError::new("22025", "LIKE pattern must not end with escape character").into()),
        }
    }

    /// `text ~ pattern`
    pub(super) fn regex_match(&mut self, text: &Value, pattern: &Value, ignore_case: bool) -> Exec<Value> {
        if let (Value::Unknowable(reason), Some(known), Some(words)) = (text, printed(text), pattern.as_str()) {
            let matched = self.regex_match(&Value::text(known), pattern, ignore_case)?;
            return Ok(if is_certain(words, &matched) { matched } else { Value::Unknowable(reason.of_result()) });
        }
        if let Some(reason) = text.unknowable().or(pattern.unknowable()) {
            return Ok(Value::Unknowable(reason.of_result()));
        }
        let (Some(text), Some(pattern)) = (text.as_str(), pattern.as_str()) else {
            return Ok(Value::not_evaluated("a regular expression on such values is not evaluated"));
        };
        Ok(match compile(pattern, if ignore_case { "i" } else { "" }) {
            Some(regex) => Value::Bool(regex.is_match(text)),
            None => Value::not_evaluated(format!("the regular expression '{pattern}' is not evaluated")),
        })
    }
}

/// The text of a value that is known but for its casts.
fn printed(value: &Value) -> Option<&str> {
    value.as_printed().filter(|(_, printed)| *printed).map(|(text, _)| text)
}

/// Casts that are missing in a text make no difference to whether the pattern matches: it looks for words without
/// anything between them, and, if it was not found, for none that casts are made of.
fn is_certain(pattern: &str, matched: &Value) -> bool {
    words::is_word_search(pattern) && (*matched == Value::Bool(true) || !words::may_be_in_cast(pattern))
}

/// What searches in printed text look for.
pub(super) mod words {
    /// The words of a pattern have nothing between them that a cast could come between.
    pub fn is_word_search(pattern: &str) -> bool {
        let plain = |c: char| c.is_alphanumeric() || "_%.()\\|'\"-".contains(c);
        !pattern.is_empty()
            && pattern.chars().all(plain)
            && !pattern.replace("()", "").replace("\\(\\)", "").contains('(')
    }

    /// A word of the pattern may stand in `::character varying[]` and the like.
    pub fn may_be_in_cast(pattern: &str) -> bool {
        const CASTS: &str = "::text ::character varying ::bpchar ::\"char\" ::numeric ::integer ::bigint ::smallint \
            ::double precision ::real ::timestamp with time zone ::timestamp without time zone ::date ::time ::interval \
            ::boolean ::uuid ::jsonb ::json ::name ::regclass ::oid ::bytea ::inet ARRAY any [] ()";
        let words = pattern.split(['%', '|', '\\']).filter(|w| !w.is_empty());
        let casts = CASTS.to_lowercase();
        words.map(str::to_lowercase).any(|word| casts.contains(&word))
    }
}

/// Whether a text matches a pattern of LIKE; nothing if the pattern ends with its escape character (`like_match.c`).
fn like(text: &str, pattern: &str, escape: Option<char>) -> Option<bool> {
    let mut tokens = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            c if Some(c) == escape => chars.next().map_or(Token::Missing, Token::Char),
            '%' => Token::Any,
            '_' => Token::One,
            c => Token::Char(c),
        });
    }
    let text: Vec<char> = text.chars().collect();
    // The last `%` and how far the text was when it was met: where to go back to.
    let (mut i, mut j, mut back) = (0, 0, None);
    while i < text.len() {
        match tokens.get(j) {
            Some(Token::Any) => {
                j += 1;
                back = Some((i, j));
            }
            Some(Token::One) => (i, j) = (i + 1, j + 1),
            Some(Token::Char(c)) if *c == text[i] => (i, j) = (i + 1, j + 1),
            // The error is raised only if the match gets that far.
            Some(Token::Missing) => return None,
            _ => match back {
                Some((start, after)) => {
                    i = start + 1;
                    j = after;
                    back = Some((i, j));
                }
                None => return Some(false),
            },
        }
    }
    Some(tokens[j..].iter().all(|t| *t == Token::Any))
}

#[derive(PartialEq)]
enum Token {
    Any,
    One,
    Char(char),
    /// Nothing follows the escape character.
    Missing,
}

/// A regular expression of PostgreSQL, if it means the same in ours.
pub(super) fn compile(pattern: &str, flags: &str) -> Option<Regex> {
    if !flags.chars().all(|c| matches!(c, 'i' | 'g' | 'c' | 's')) {
        return None;
    }
    let (pattern, own_flags) = match pattern.strip_prefix("(?").and_then(|rest| rest.split_once(')')) {
        Some((flags, rest)) if flags.chars().all(|c| matches!(c, 'i' | 'c' | 's')) => (rest, flags),
        _ => (pattern, ""),
    };
    if pattern.starts_with("***") {
        return None;
    }
    RegexBuilder::new(&translate(pattern)?)
        .case_insensitive(flags.contains('i') || own_flags.contains('i'))
        .dot_matches_new_line(true)
        .size_limit(1 << 20)
        .build()
        .ok()
}

/// As [`compile`], where it also matters which of several possible matches is taken: PostgreSQL takes the longest,
/// this engine the first that its alternatives give.
pub(super) fn compile_for_matches(pattern: &str, flags: &str) -> Option<Regex> {
    let lazy = ["*?", "+?", "??", "}?"].iter().any(|q| pattern.contains(q));
    if lazy || !alternatives_differ(pattern) {
        return None;
    }
    compile(pattern, flags)
}

/// Each alternative begins with a letter or digit of its own, so that at most one of them can match.
fn alternatives_differ(pattern: &str) -> bool {
    if !pattern.contains('|') {
        return true;
    }
    let mut firsts: Vec<char> = Vec::new();
    for part in pattern.split(['|', '(']) {
        let Some(first) = part.chars().next() else { continue };
        if pattern.contains(&format!("|{part}")) || pattern.contains(&format!("{part}|")) {
            if !first.is_ascii_alphanumeric() || firsts.contains(&first) {
                return false;
            }
            firsts.push(first);
        }
    }
    true
}

/// Rewrites escapes; nothing where the syntax differs in a way that is not rewritten.
fn translate(pattern: &str) -> Option<String> {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars().peekable();
    let mut in_brackets = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next()? {
                'y' => out.push_str(r"\b"),
                'Y' => out.push_str(r"\B"),
                'm' => out.push_str(r"\b{start}"),
                'M' => out.push_str(r"\b{end}"),
                'A' => out.push_str(r"\A"),
                'Z' => out.push_str(r"\z"),
                c @ ('d' | 'w' | 's' | 'D' | 'W' | 'S' | 'n' | 't' | 'r') => {
                    out.push('\\');
                    out.push(c);
                }
                c if c.is_ascii_alphanumeric() => return None,
                c => {
                    let _ = write!(out, "{}", regex::escape(&c.to_string()));
                }
            },
            '[' if in_brackets => match chars.peek() {
                // A class such as [:alpha:].
                Some(':') => {
                    out.push('[');
                    while let Some(c) = chars.next() {
                        out.push(c);
                        if c == ':' && chars.peek() == Some(&']') {
                            out.extend(chars.next());
                            break;
                        }
                    }
                }
                Some('.' | '=') => return None,
                _ => out.push_str(r"\["),
            },
            '[' => {
                in_brackets = true;
                out.push('[');
                if chars.peek() == Some(&'^') {
                    out.extend(chars.next());
                }
                if chars.peek() == Some(&']') {
                    chars.next();
                    out.push_str(r"\]");
                }
            }
            ']' => {
                in_brackets = false;
                out.push(']');
            }
            // Within brackets these are operators of ours only.
            '&' | '~' if in_brackets => {
                out.push('\\');
                out.push(c);
            }
            '(' if !in_brackets && chars.peek() == Some(&'?') => {
                out.push('(');
                out.extend(chars.next());
                // `(?:` means the same; look-around does not exist here.
                if chars.peek() != Some(&':') {
                    return None;
                }
            }
            c => out.push(c),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The outcomes are PostgreSQL 15's.
    #[test]
    fn like_patterns() {
        let default = Some('\\');
        assert_eq!(like("abc", "a%", default), Some(true));
        assert_eq!(like("abc", "_b_", default), Some(true));
        assert_eq!(like("abc", "%b", default), Some(false));
        assert_eq!(like("a%c", r"a\%c", default), Some(true));
        assert_eq!(like("abc", r"a\%c", default), Some(false));
        assert_eq!(like("", "%%", default), Some(true));
        assert_eq!(like("aab", "%ab", default), Some(true));
        assert_eq!(like("a_c", "a!_c", Some('!')), Some(true));
        assert_eq!(like("abc", r"abc\", default), Some(false));
        assert_eq!(like("abcd", r"abc\", default), None);
        assert_eq!(like(r"a\", r"a\", None), Some(true));
    }

    #[test]
    fn regular_expressions() {
        let matches = |pattern: &str, text: &str| compile(pattern, "").map(|r| r.is_match(text));
        assert_eq!(matches("^a[[:digit:]]+$", "a12"), Some(true));
        assert_eq!(matches(r"\ma", "b a"), Some(true));
        assert_eq!(matches("[]a]", "]"), Some(true));
        assert_eq!(matches("[^[a]", "["), Some(false));
        assert_eq!(matches("a.b", "a\nb"), Some(true));
        assert_eq!(matches("(?i)A", "a"), Some(true));
        assert_eq!(matches(r"(a)\1", "aa"), None);
        assert_eq!(matches("a(?=b)", "ab"), None);
        assert!(compile_for_matches("a|ab", "").is_none());
        assert!(compile_for_matches("^(x|y)_", "").is_some());
        assert!(compile_for_matches("a+?", "").is_none());
    }
}
