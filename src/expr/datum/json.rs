//! `json` and `jsonb` (`jsonapi.c`, `jsonb.c`).

use std::cmp::Ordering;

use super::{DatumEnv, numeric, opaque};
use crate::replay::{Exec, SqlError, Stop};

/// A document that is nested deeper is not read, so that the stack holds.
const MAX_DEPTH: usize = 400;

/// A value of `jsonb`.
#[derive(Clone, Debug, PartialEq)]
enum Json {
    Null,
    Bool(bool),
    Number(String),
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Kinds of token.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    ObjectStart,
    ObjectEnd,
    ArrayStart,
    ArrayEnd,
    Comma,
    Colon,
    String(String),
    Number,
    True,
    False,
    Null,
    End,
}

/// `json.c: json_in`: the text is checked and kept.
pub(super) fn json(text: &str) -> Exec<String> {
    let mut parser = Parser::new(text, None)?;
    parser.document()?;
    Ok(text.to_owned())
}

/// `jsonb.c: jsonb_in` and `jsonb_out`
pub(super) fn jsonb(env: &DatumEnv<'_>, text: &str) -> Exec<String> {
    let mut parser = Parser::new(text, Some(env))?;
    let value = parser.document()?;
    let mut out = String::with_capacity(text.len());
    print(&value, &mut out);
    Ok(out)
}

/// An error of the syntax.
fn invalid(detail: String) -> Stop {
    SqlError::new("22P02", "invalid input syntax for type json").detail(detail).into()
}

struct Parser<'t> {
    text: &'t str,
    /// Where the token starts and ends.
    start: usize,
    end: usize,
    token: Token,
    /// Escapes are resolved and numbers are read: for `jsonb`.
    env: Option<&'t DatumEnv<'t>>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, env: Option<&'t DatumEnv<'t>>) -> Exec<Parser<'t>> {
        let mut parser = Parser { text, start: 0, end: 0, token: Token::End, env };
        parser.advance()?;
        Ok(parser)
    }

    fn found(&self) -> &'t str {
        &self.text[self.start..self.end]
    }

    /// What was expected instead of the token (`jsonapi.c: report_parse_error`).
    fn expected(&self, what: &str) -> Stop {
        invalid(match self.token {
            Token::End => "The input string ended unexpectedly.".to_owned(),
            _ => format!("Expected {what}, but found \"{}\".", self.found()),
        })
    }

    fn invalid_token(&self) -> Stop {
        invalid(format!("Token \"{}\" is invalid.", self.found()))
    }

    /// `jsonapi.c: json_lex`
    fn advance(&mut self) -> Exec {
        let bytes = self.text.as_bytes();
        let spaces = bytes[self.end..].iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.start = self.end + spaces;
        self.end = self.start + 1;
        self.token = match bytes.get(self.start) {
            None => {
                self.end = self.start;
                Token::End
            }
            Some(b'{') => Token::ObjectStart,
            Some(b'}') => Token::ObjectEnd,
            Some(b'[') => Token::ArrayStart,
            Some(b']') => Token::ArrayEnd,
            Some(b',') => Token::Comma,
            Some(b':') => Token::Colon,
            Some(b'"') => return self.string(),
            Some(b'-' | b'0'..=b'9') => return self.number(),
            Some(_) => {
                let length = bytes[self.start..].iter().take_while(|&&b| is_alphanumeric(b)).count();
                if length == 0 {
                    return Err(self.invalid_token());
                }
                self.end = self.start + length;
                match self.found() {
                    "true" => Token::True,
                    "false" => Token::False,
                    "null" => Token::Null,
                    _ => return Err(self.invalid_token()),
                }
            }
        };
        Ok(())
    }

    /// `jsonapi.c: json_lex_number`
    fn number(&mut self) -> Exec {
        let bytes = self.text.as_bytes();
        let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
        let mut end = self.start + usize::from(bytes[self.start] == b'-');
        let whole = if bytes.get(end) == Some(&b'0') { 1 } else { digits(end) };
        let mut bad = whole == 0;
        end += whole;
        if bytes.get(end) == Some(&b'.') {
            let fraction = digits(end + 1);
            bad |= fraction == 0;
            end += 1 + fraction;
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            end += 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = digits(end);
            bad |= exponent == 0;
            end += exponent;
        }
        let junk = bytes[end..].iter().take_while(|&&b| is_alphanumeric(b)).count();
        self.end = end + junk;
        self.token = Token::Number;
        if bad || junk > 0 { Err(self.invalid_token()) } else { Ok(()) }
    }

    /// `jsonapi.c: json_lex_string`
    fn string(&mut self) -> Exec {
        let mut value = String::new();
        let mut high = None;
        let mut chars = self.text[self.start + 1..].char_indices();
        let base = self.start + 1;
        let resolve = self.env.is_some();
        let low_surrogate = || invalid("Unicode low surrogate must follow a high surrogate.".to_owned());
        loop {
            let Some((at, c)) = chars.next() else {
                self.end = self.text.len();
                return Err(self.invalid_token());
            };
            match c {
                '"' => {
                    if high.is_some() {
                        return Err(low_surrogate());
                    }
                    self.end = base + at + 1;
                    self.token = Token::String(value);
                    return Ok(());
                }
                c if c < ' ' => {
                    return Err(invalid(format!("Character with value 0x{:02x} must be escaped.", u32::from(c))));
                }
                '\\' => {
                    let Some((_, escaped)) = chars.next() else {
                        self.end = self.text.len();
                        return Err(self.invalid_token());
                    };
                    let plain = match escaped {
                        'u' => {
                            let code = self.hexadecimal(&mut chars)?;
                            if resolve {
                                surrogate(code, &mut high, &mut value)?;
                            }
                            continue;
                        }
                        '"' | '\\' | '/' => escaped,
                        'b' => '\u{8}',
                        'f' => '\u{c}',
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        other => {
                            if high.is_some() {
                                return Err(low_surrogate());
                            }
                            return Err(invalid(format!("Escape sequence \"\\{other}\" is invalid.")));
                        }
                    };
                    if high.is_some() {
                        return Err(low_surrogate());
                    }
                    value.push(plain);
                }
                c => {
                    if high.is_some() {
                        return Err(low_surrogate());
                    }
                    value.push(c);
                }
            }
        }
    }

    /// Four digits.
    fn hexadecimal(&mut self, chars: &mut std::str::CharIndices<'_>) -> Exec<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let Some((_, c)) = chars.next() else {
                self.end = self.text.len();
                return Err(self.invalid_token());
            };
            let Some(digit) = c.to_digit(16) else {
                return Err(invalid("\"\\u\" must be followed by four hexadecimal digits.".to_owned()));
            };
            code = code << 4 | digit;
        }
        Ok(code)
    }

    /// `jsonapi.c: pg_parse_json`
    fn document(&mut self) -> Exec<Json> {
        let value = self.value(0)?;
        match self.token {
            Token::End => Ok(value),
            _ => Err(self.expected("end of input")),
        }
    }

    fn value(&mut self, depth: usize) -> Exec<Json> {
        if depth > MAX_DEPTH {
            return Err(opaque("a JSON document nested that deeply is not read"));
        }
        let value = match &mut self.token {
            Token::ObjectStart => return self.object(depth),
            Token::ArrayStart => return self.array(depth),
            Token::String(value) => Json::String(std::mem::take(value)),
            Token::Number => {
                let number = self.found();
                self.advance()?;
                return Ok(Json::Number(match self.env {
                    Some(env) => numeric::read(env, -1, number)?.to_string(),
                    None => String::new(),
                }));
            }
            Token::True => Json::Bool(true),
            Token::False => Json::Bool(false),
            Token::Null => Json::Null,
            Token::ObjectEnd | Token::ArrayEnd | Token::Comma | Token::Colon | Token::End => {
                return Err(self.expected("JSON value"));
            }
        };
        self.advance()?;
        Ok(value)
    }

    fn object(&mut self, depth: usize) -> Exec<Json> {
        self.advance()?;
        let mut fields: Vec<(String, Json)> = Vec::new();
        if self.token != Token::ObjectEnd {
            if !matches!(self.token, Token::String(_)) {
                return Err(self.expected("string or \"}\""));
            }
            loop {
                let Token::String(key) = &mut self.token else { return Err(self.expected("string")) };
                let key = std::mem::take(key);
                self.advance()?;
                if self.token != Token::Colon {
                    return Err(self.expected("\":\""));
                }
                self.advance()?;
                fields.push((key, self.value(depth + 1)?));
                if self.token != Token::Comma {
                    break;
                }
                self.advance()?;
            }
        }
        if self.token != Token::ObjectEnd {
            return Err(self.expected("\",\" or \"}\""));
        }
        self.advance()?;
        Ok(Json::Object(fields))
    }

    fn array(&mut self, depth: usize) -> Exec<Json> {
        self.advance()?;
        let mut items = Vec::new();
        if self.token != Token::ArrayEnd {
            loop {
                items.push(self.value(depth + 1)?);
                if self.token != Token::Comma {
                    break;
                }
                self.advance()?;
            }
        }
        if self.token != Token::ArrayEnd {
            return Err(self.expected("\",\" or \"]\""));
        }
        self.advance()?;
        Ok(Json::Array(items))
    }
}

/// Letters, digits, and whatever is not ASCII.
fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Adds what `\u` stands for.
fn surrogate(code: u32, high: &mut Option<u32>, value: &mut String) -> Exec {
    let code = match (code, *high) {
        (0xd800..=0xdbff, Some(_)) => {
            return Err(invalid("Unicode high surrogate must not follow a high surrogate.".to_owned()));
        }
        (0xd800..=0xdbff, None) => {
            *high = Some(code);
            return Ok(());
        }
        (0xdc00..=0xdfff, Some(first)) => {
            *high = None;
            0x10000 + ((first & 0x3ff) << 10) + (code & 0x3ff)
        }
        (0xdc00..=0xdfff, None) | (_, Some(_)) => {
            return Err(invalid("Unicode low surrogate must follow a high surrogate.".to_owned()));
        }
        (code, None) => code,
    };
    if code == 0 {
        let error = SqlError::new("22P05", "unsupported Unicode escape sequence");
        return Err(error.detail("\\u0000 cannot be converted to text.").into());
    }
    value.extend(char::from_u32(code));
    Ok(())
}

/// Keys are ordered by length, then by bytes (`jsonb_util.c: lengthCompareJsonbString`).
fn compare_keys(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.as_bytes().cmp(b.as_bytes()))
}

fn print(value: &Json, out: &mut String) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Json::Number(number) => out.push_str(number),
        Json::String(text) => escape(text, out),
        Json::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                print(item, out);
            }
            out.push(']');
        }
        Json::Object(fields) => {
            // The last of several values of a key counts.
            let mut sorted: Vec<&(String, Json)> = fields.iter().rev().collect();
            sorted.sort_by(|a, b| compare_keys(&a.0, &b.0));
            sorted.dedup_by(|a, b| a.0 == b.0);
            out.push('{');
            for (i, (key, value)) in sorted.into_iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                escape(key, out);
                out.push_str(": ");
                print(value, out);
            }
            out.push('}');
        }
    }
}

/// A string with its quotes (`json.c: escape_json`).
pub(super) fn escape(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}
