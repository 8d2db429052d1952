//! Secrets in SQL and YAML that must not be shown.
//!
//! What counts as a secret is told by what stands before it: `PASSWORD '…'` of a role, `password '…'` among the options
//! of a user mapping, `password=…` in a connection string, `postgres://user:…@host`, `Bearer …`, and JSON web tokens by
//! their form. Hiding too much costs a glance at the file; hiding too little cannot be undone.

use std::borrow::Cow;
use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::source::{FileId, SourceMap};
use crate::sql::span::Span;

/// What is shown for a secret, whatever its length.
pub const MASK: &str = "***";

/// Names whose value is a secret, also as the end of a longer name (`db_password`, `stripeApiKey`).
const SECRET_NAMES: [&str; 9] =
    ["password", "passwd", "passphrase", "secret", "secret_key", "secretkey", "api_key", "apikey", "access_key"];
/// Names of connection strings, where the value need not be quoted.
const CONNECTION_NAMES: [&str; 4] = ["password", "passwd", "pwd", "sslpassword"];
/// How far the end of a literal that is never closed is looked for.
const LONGEST_OPEN: usize = 1_000;

/// The text with [`MASK`] for every secret.
pub fn redact(text: &str) -> Cow<'_, str> {
    let secrets = find_secrets(text);
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for secret in secrets {
        out.push_str(&text[from..secret.range().start]);
        out.push_str(MASK);
        from = secret.range().end;
    }
    out.push_str(&text[from..]);
    Cow::Owned(out)
}

/// The places of all secrets of a text, in order and apart from each other.
pub fn find_secrets(text: &str) -> Vec<Span> {
    let mut scanner = Scanner { bytes: text.as_bytes(), secrets: Vec::new() };
    scanner.run();
    scanner.secrets
}

/// The secrets of the texts of a run. Each text is searched once, when it is first asked for.
#[derive(Debug)]
pub struct Redactor<'s> {
    sources: &'s SourceMap,
    found: RefCell<FxHashMap<FileId, std::rc::Rc<[Span]>>>,
}

impl<'s> Redactor<'s> {
    /// For these texts.
    pub fn new(sources: &'s SourceMap) -> Self {
        Redactor { sources, found: RefCell::default() }
    }

    /// The secrets of one text.
    pub fn secrets(&self, file: FileId) -> std::rc::Rc<[Span]> {
        let search = || find_secrets(self.sources.file(file).text()).into();
        std::rc::Rc::clone(self.found.borrow_mut().entry(file).or_insert_with(search))
    }

    /// A part of a text with [`MASK`] for the secrets that it touches.
    pub fn part(&self, file: FileId, part: Span) -> String {
        let text = self.sources.file(file).text();
        let mut out = String::new();
        let mut from = part.start;
        for secret in self.secrets(file).iter().filter(|secret| secret.start < part.end && secret.end > part.start) {
            out.push_str(text.get(Span::new(from, secret.start.max(from)).range()).unwrap_or_default());
            out.push_str(MASK);
            from = secret.end.min(part.end);
        }
        out.push_str(text.get(Span::new(from, part.end).range()).unwrap_or_default());
        out
    }
}

struct Scanner<'t> {
    bytes: &'t [u8],
    secrets: Vec<Span>,
}

impl Scanner<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(&byte) = self.bytes.get(at) {
            at = match byte {
                byte if is_word(byte) => self.word(at),
                b':' if self.bytes[at..].starts_with(b"://") => self.url(at + 3),
                _ => at + 1,
            };
        }
    }

    fn hide(&mut self, start: usize, end: usize) {
        if start < end {
            self.secrets.push(Span::new(start as u32, end as u32));
        }
    }

    /// A word and the value after it, if that is a secret. Returns where to go on.
    fn word(&mut self, start: usize) -> usize {
        let end = self.skip(start, is_word);
        let word = &self.bytes[start..end];
        if word.starts_with(b"eyJ") {
            let token_end = self.skip(start, |byte| is_word(byte) || matches!(byte, b'.' | b'-'));
            let token = &self.bytes[start..token_end];
            if token.len() >= 30 && token.contains(&b'.') {
                self.hide(start, token_end);
                return token_end;
            }
        }
        if word.eq_ignore_ascii_case(b"bearer") {
            let from = self.skip(end, |byte| byte == b' ');
            let is_token = |byte: u8| is_word(byte) || matches!(byte, b'.' | b'-' | b'~' | b'+' | b'/' | b'=');
            let to = self.skip(from, is_token);
            // Prose has words after it, tokens have digits.
            if to - from >= 16 && self.bytes[from..to].iter().any(u8::is_ascii_digit) {
                self.hide(from, to);
                return to;
            }
        }
        let ends_with = |name: &str| {
            word.len() >= name.len() && word[word.len() - name.len()..].eq_ignore_ascii_case(name.as_bytes())
        };
        if CONNECTION_NAMES.iter().any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
            && let Some(after) = self.connection_value(end)
        {
            return after;
        }
        if SECRET_NAMES.iter().any(|name| ends_with(name)) {
            return self.quoted_value(end).unwrap_or(end);
        }
        end
    }

    /// `password=value` without quotes, or with the doubled quotes of a literal.
    fn connection_value(&mut self, at: usize) -> Option<usize> {
        let from = at + 1;
        if self.bytes.get(at) != Some(&b'=') {
            return None;
        }
        if self.bytes[from..].starts_with(b"''") {
            let to = self.skip(from + 2, |byte| byte != b'\'');
            self.hide(from + 2, to);
            return Some(to);
        }
        let to = self.skip(from, |byte| {
            !byte.is_ascii_whitespace() && !matches!(byte, b'\'' | b'"' | b';' | b'&' | b')' | b',' | b'$' | b'>')
        });
        if to == from {
            return None;
        }
        self.hide(from, to);
        Some(to)
    }

    /// A quoted value after a name: at once, or after `=`, `:=`, `=>`, `:`.
    fn quoted_value(&mut self, after_name: usize) -> Option<usize> {
        let mut at = after_name;
        if matches!(self.bytes.get(at), Some(b'"' | b'\'')) && !self.begins_value(after_name) {
            at += 1;
        }
        at = self.skip(at, |byte| byte.is_ascii_whitespace());
        let operator_end = self.skip(at, |byte| matches!(byte, b'=' | b':' | b'>'));
        let has_operator = operator_end > at;
        at = self.skip(operator_end, |byte| byte.is_ascii_whitespace());
        let rest = &self.bytes[at..];
        match rest {
            [b'\'', ..] => self.literal(at + 1, b'\'', false),
            [b'"', ..] if has_operator => self.literal(at + 1, b'"', true),
            [b'e' | b'E', b'\'', ..] => self.literal(at + 2, b'\'', true),
            [b'n' | b'N', b'\'', ..] => self.literal(at + 2, b'\'', false),
            [b'u' | b'U', b'&', b'\'', ..] => self.literal(at + 3, b'\'', false),
            [b'$', ..] => self.dollar_quoted(at),
            _ => None,
        }
    }

    /// Whether the quote right after a name begins a value (`PASSWORD'x'`) and does not end a quoted name.
    fn begins_value(&self, at: usize) -> bool {
        let closes = self.skip(at + 1, |byte| byte.is_ascii_whitespace());
        self.bytes[at] == b'\'' && self.bytes.get(closes).is_some_and(|&byte| is_word(byte)) && closes == at + 1
    }

    fn literal(&mut self, start: usize, quote: u8, has_escapes: bool) -> Option<usize> {
        let mut at = start;
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'\\' if has_escapes => at += 2,
                byte if byte == quote && self.bytes.get(at + 1) == Some(&quote) => at += 2,
                byte if byte == quote => {
                    self.hide(start, at);
                    return Some(at + 1);
                }
                _ => at += 1,
            }
        }
        // Never closed: hide the beginning.
        let to = self.boundary(start + LONGEST_OPEN);
        self.hide(start, to);
        Some(to)
    }

    fn dollar_quoted(&mut self, at: usize) -> Option<usize> {
        let tag_end = self.skip(at + 1, is_word);
        if self.bytes.get(tag_end) != Some(&b'$') {
            return None;
        }
        let tag = &self.bytes[at..=tag_end];
        let start = tag_end + 1;
        let length = self.bytes[start..].windows(tag.len()).position(|window| window == tag)?;
        self.hide(start, start + length);
        Some(start + length + tag.len())
    }

    /// The password in `//user:password@host`.
    fn url(&mut self, start: usize) -> usize {
        let end = self.skip(start, |byte| {
            !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'\'' | b'"' | b'?' | b'#' | b'<' | b'>' | b'`')
        });
        let authority = &self.bytes[start..end];
        let Some(at_sign) = authority.iter().rposition(|&byte| byte == b'@') else { return start };
        let Some(colon) = authority[..at_sign].iter().position(|&byte| byte == b':') else { return start };
        self.hide(start + colon + 1, start + at_sign);
        start + at_sign
    }

    fn skip(&self, from: usize, is_part: impl Fn(u8) -> bool) -> usize {
        let from = from.min(self.bytes.len());
        self.bytes[from..].iter().position(|&byte| !is_part(byte)).map_or(self.bytes.len(), |length| from + length)
    }

    /// The first byte of a character at or after `at`.
    fn boundary(&self, at: usize) -> usize {
        self.skip(at, |byte| byte & 0xC0 == 0x80)
    }
}

/// Letters of other scripts count as letters, so that all places are at characters.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn secrets_are_hidden() {
        let cases = [
            ("CREATE ROLE a LOGIN PASSWORD 'hunter2';", "CREATE ROLE a LOGIN PASSWORD '***';"),
            (
                "alter user a encrypted password\n  'it''s' valid until 'x'",
                "alter user a encrypted password\n  '***' valid until 'x'",
            ),
            ("ALTER ROLE a PASSWORD'x1'", "ALTER ROLE a PASSWORD'***'"),
            (r"PASSWORD E'a\'b' x", "PASSWORD E'***' x"),
            ("PASSWORD $$a'b$$, PASSWORD $q$ü$q$", "PASSWORD $$***$$, PASSWORD $q$***$q$"),
            (
                "OPTIONS (user 'bob', password 'pw', \"password\" 'pw2')",
                "OPTIONS (user 'bob', password '***', \"password\" '***')",
            ),
            ("CONNECTION 'host=h user=u password=pw dbname=d'", "CONNECTION 'host=h user=u password=*** dbname=d'"),
            ("'host=h password=''my pw'' dbname=d'", "'host=h password=''***'' dbname=d'"),
            ("'postgres://bob:p@ss:w@db.example.org:5432/x?a=b'", "'postgres://bob:***@db.example.org:5432/x?a=b'"),
            ("'postgresql://h/d?user=u&password=pw&x=y'", "'postgresql://h/d?user=u&password=***&x=y'"),
            (r#"'{"password": "pw", "apiKey":"k\"1"}'"#, r#"'{"password": "***", "apiKey":"***"}'"#),
            (
                "set db_password = 'x', stripe_secret := 'y', f(api_key => 'z')",
                "set db_password = '***', stripe_secret := '***', f(api_key => '***')",
            ),
            ("'Bearer abcdef0123456789XYZ'", "'Bearer ***'"),
            ("'eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.abc-_9'", "'***'"),
            ("password 'ü", "password '***"),
        ];
        for (text, redacted) in cases {
            assert_eq!(redact(text), redacted);
        }
    }

    #[test]
    fn ordinary_text_stays() {
        let cases = [
            "CREATE TABLE users (password text NOT NULL, secret text, email text DEFAULT 'x')",
            "COMMENT ON COLUMN u.password IS 'the hash'",
            "CHECK (kind IN ('password', 'oauth'))",
            "WHERE column_name = 'password' AND x = 'y'",
            "ALTER ROLE a PASSWORD NULL",
            "see https://example.org/a:b@c and postgres://bob@host/x",
            "a bearer of news, eyJ",
            "SET password = crypt(x, gen_salt('bf'))",
            "password=$1",
        ];
        for text in cases {
            assert_eq!(redact(text), text);
        }
    }

    #[test]
    fn parts_hide_what_they_cut() {
        let mut sources = SourceMap::new();
        let file = sources.add("a.sql", "-- x\nPASSWORD 'a long secret' y");
        let redactor = Redactor::new(&sources);
        assert_eq!(redactor.part(file, Span::new(5, 20)), "PASSWORD '***");
        assert_eq!(redactor.part(file, Span::new(20, 31)), "***' y");
        assert_eq!(redactor.part(file, Span::new(0, 4)), "-- x");
    }

    proptest! {
        #[test]
        fn places_are_ordered_and_at_characters(
            text in "(password|PWD|secret|bearer |eyJ|[ ='\":$\\\\@/eEü€a1\n]|''|://|\\$\\$){0,40}"
        ) {
            let mut from = 0;
            for secret in find_secrets(&text) {
                prop_assert!(secret.start >= from && secret.start < secret.end);
                prop_assert!(text.get(secret.range()).is_some(), "{secret:?}");
                from = secret.end;
            }
        }
    }
}
