//! Errors of the scanner and the grammar.

use super::MAX_MESSAGE;
use crate::sql::SyntaxError;
use crate::sql::ffi;
use crate::sql::scan::Scanner;
use crate::sql::span::Span;
use crate::sql::version::{Adapted, Refusal};

/// The error in `text`, whose statement stands at `span` in it and which stands at `base` in the source. The place is
/// an offset in the text.
pub(super) fn syntax_error(text: &str, span: Span, base: u32, message: String, at: Option<u32>) -> SyntaxError {
    let at = match at {
        None => Span::point(span.start),
        Some(offset) if (offset as usize) < text.len() => error_token(text, offset),
        Some(_) => Span::point(span.end),
    };
    SyntaxError {
        sqlstate: sqlstate(&message),
        help: hint(&message).map(str::to_owned),
        message: shortened(message),
        at: at.shifted(base),
        statement: span.shifted(base),
    }
}

/// The error of an older version's grammar in `text`.
pub(super) fn refused(adapted: &Adapted<'_>, text: &str, span: Span, base: u32, refusal: &Refusal) -> SyntaxError {
    let at = adapted.original(refusal.at);
    let at = if (at as usize) < text.len() { error_token(text, at) } else { Span::point(span.end) };
    SyntaxError {
        sqlstate: refusal.sqlstate,
        message: shortened(refusal.message.clone()),
        at: at.shifted(base),
        statement: span.shifted(base),
        help: refusal.hint.map(str::to_owned).or_else(|| adapted.grammar.help(&text[span.range()])),
    }
}

/// The token at an error: of one that does not end, its first line; of one that is wrong in its middle, such as a string
/// with a bad escape, the character there.
fn error_token(text: &str, offset: u32) -> Span {
    let token = Scanner::new(text).find(|token| token.span.end > offset);
    match token {
        Some(token) if token.span.start == offset => {
            let written = token.text(text);
            let line = if token.kind.is_unterminated() { written.lines().next().unwrap_or(written) } else { written };
            Span::new(offset, offset + line.trim_end().len() as u32)
        }
        Some(token) if token.span.start < offset => {
            let length = text[offset as usize..].chars().next().map_or(0, char::len_utf8);
            Span::new(offset, offset + length as u32)
        }
        Some(_) | None => Span::point(offset),
    }
}

fn shortened(mut message: String) -> String {
    if message.len() > MAX_MESSAGE {
        let mut end = MAX_MESSAGE;
        while !message.is_char_boundary(end) {
            end -= 1;
        }
        message.truncate(end);
        message.push('…');
    }
    message
}

/// The hint of an error of the grammar (`gram.y`), which the library does not pass on either.
fn hint(message: &str) -> Option<&'static str> {
    if message.starts_with("unrecognized row security option") {
        Some("Only PERMISSIVE or RESTRICTIVE policies are supported currently.")
    } else {
        None
    }
}

/// SQLSTATE of an error, which the library does not pass on, from the messages in `scan.l`, `gram.y` and `parser.c`.
fn sqlstate(message: &str) -> &'static str {
    if message == ffi::INVALID_NUL || message.starts_with("invalid byte sequence for encoding") {
        "22021" // character_not_in_repertoire
    } else if message.starts_with("unsafe use of \\'") {
        "22P06" // nonstandard_use_of_escape_character
    } else if message.starts_with("invalid Unicode escape") && !message.contains("at or near") {
        "22025" // invalid_escape_sequence
    } else if message.starts_with("precision for type float must be")
        || message.starts_with("unrecognized partitioning")
        || message.starts_with("column number must be in range")
    {
        "22023" // invalid_parameter_value
    } else if message.starts_with("frame start") || message.starts_with("frame end cannot") {
        "42P20" // windowing_error
    } else if message.ends_with("for hash partition provided more than once") {
        "42710" // duplicate_object
    } else if message.ends_with("is reserved") && message.starts_with("role name")
        || message.ends_with("cannot be used as a role name here")
    {
        "42939" // reserved_name
    } else if message.contains("cannot be marked")
        || message == "CREATE SCHEMA IF NOT EXISTS cannot include schema elements"
        || message.starts_with("constraints cannot be altered to be")
        || message.contains("not yet implemented")
        || message.contains("not supported")
        || message.contains("only supported for")
        || message.contains("not implemented")
        || message == "aggregates cannot have output arguments"
    {
        "0A000" // feature_not_supported
    } else {
        "42601" // syntax_error
    }
}
