//! The call of libpg_query, and the only `unsafe` of the crate.
//!
//! The `pg_query` crate links the library but passes only an error's message on; the library also tells where the error
//! is. So its function is declared here once more, after `pg_query.h`.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_char, c_int};
use std::sync::{Mutex, PoisonError};

use pg_query::protobuf::RawStmt;
use prost::encoding::{DecodeContext, WireType, decode_key, skip_field};
use prost::{DecodeError, Message};

/// What the text is (`PgQueryParseMode`).
///
/// The library's mode for type names is left out: it takes the type for a statement when it serialises it, and so reads
/// memory of another type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum ParseMode {
    /// A script of statements.
    Script = 0,
    /// An expression of PL/pgSQL: what can follow SELECT.
    PlpgsqlExpr = 2,
    /// A PL/pgSQL assignment to a name of one part.
    PlpgsqlAssign1 = 3,
    /// A PL/pgSQL assignment to a name of two parts.
    PlpgsqlAssign2 = 4,
    /// A PL/pgSQL assignment to a name of three parts.
    PlpgsqlAssign3 = 5,
}

/// Why a text has no tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseFailure {
    /// PostgreSQL's scanner or grammar refuses it.
    Refused {
        /// The primary message.
        message: String,
        /// The place, counted in characters from 1; 0 if there is none.
        cursor: usize,
    },
    /// The text may be valid, but the library or its transport cannot carry it.
    Limit(String),
}

#[repr(C)]
struct PgQueryError {
    message: *mut c_char,
    funcname: *mut c_char,
    filename: *mut c_char,
    lineno: c_int,
    cursorpos: c_int,
    context: *mut c_char,
}

#[repr(C)]
struct PgQueryProtobuf {
    len: usize,
    data: *mut c_char,
}

#[repr(C)]
struct PgQueryProtobufParseResult {
    parse_tree: PgQueryProtobuf,
    stderr_buffer: *mut c_char,
    error: *mut PgQueryError,
}

unsafe extern "C" {
    fn pg_query_parse_protobuf_opts(input: *const c_char, parser_options: c_int) -> PgQueryProtobufParseResult;
    fn pg_query_free_protobuf_parse_result(result: PgQueryProtobufParseResult);
}

/// While it parses, libpg_query redirects the file descriptor of standard error, which belongs to the process; two
/// threads that do so at once leave it redirected for good.
static STDERR: Mutex<()> = Mutex::new(());

/// Parses `text`, which must not hold a NUL byte (a text with one is refused without a place).
///
/// Must run on a large stack: the decoder recurses as deep as the tree is, and so does dropping the tree.
pub fn parse(text: &str, mode: ParseMode) -> Result<RawStatements, ParseFailure> {
    let Ok(input) = CString::new(text) else {
        return Err(ParseFailure::Refused { message: INVALID_NUL.to_owned(), cursor: 0 });
    };
    let result = {
        let _guard = STDERR.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: `input` is a C string that outlives the call; the library keeps nothing of it. The option is one of
        // the library's parse modes.
        unsafe { pg_query_parse_protobuf_opts(input.as_ptr(), mode as c_int) }
    };
    take(result)
}

/// Whether PostgreSQL's grammar takes a script. It costs a small part of [`parse`]: no tree leaves the library.
pub fn is_valid(text: &str) -> bool {
    let _guard = STDERR.lock().unwrap_or_else(PoisonError::into_inner);
    pg_query::split_with_parser(text).is_ok()
}

/// The trees of a text's statements, decoded one by one: all at once they take some 50 times the space of the text.
pub struct RawStatements {
    result: PgQueryProtobufParseResult,
    /// How many bytes have been decoded.
    offset: usize,
}

impl RawStatements {
    /// The encoded statements that are left.
    fn rest(&self) -> &[u8] {
        let tree = &self.result.parse_tree;
        if tree.data.is_null() {
            return &[];
        }
        // SAFETY: a result without an error holds a buffer of that length, which lives as long as the result.
        let bytes = unsafe { std::slice::from_raw_parts(tree.data.cast::<u8>(), tree.len) };
        bytes.get(self.offset..).unwrap_or(&[])
    }
}

impl Iterator for RawStatements {
    type Item = Result<RawStmt, ParseFailure>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut rest = self.rest();
        let decoded = decode_statement(&mut rest);
        // Nothing can be read behind what cannot be decoded.
        let left = if decoded.is_ok() { rest.len() } else { 0 };
        self.offset = self.result.parse_tree.len - left;
        decoded.map_err(|e| ParseFailure::Limit(format!("its tree cannot be decoded: {e}"))).transpose()
    }
}

impl Drop for RawStatements {
    fn drop(&mut self) {
        let nothing = PgQueryProtobuf { len: 0, data: std::ptr::null_mut() };
        let empty = PgQueryProtobufParseResult {
            parse_tree: nothing,
            stderr_buffer: std::ptr::null_mut(),
            error: std::ptr::null_mut(),
        };
        let result = std::mem::replace(&mut self.result, empty);
        // SAFETY: `result` is as the library returned it, nothing of it has been freed, and no reference to it is left.
        unsafe { pg_query_free_protobuf_parse_result(result) };
    }
}

/// The next statement of an encoded `ParseResult`.
fn decode_statement(rest: &mut &[u8]) -> Result<Option<RawStmt>, DecodeError> {
    /// The number of `ParseResult`'s field `stmts`.
    const STATEMENTS: u32 = 2;
    while !rest.is_empty() {
        let (tag, wire_type) = decode_key(rest)?;
        if tag == STATEMENTS && wire_type == WireType::LengthDelimited {
            return RawStmt::decode_length_delimited(rest).map(Some);
        }
        skip_field(wire_type, tag, rest, DecodeContext::default())?;
    }
    Ok(None)
}

/// PostgreSQL's message for a NUL byte (`report_invalid_encoding`).
pub const INVALID_NUL: &str = "invalid byte sequence for encoding \"UTF8\": 0x00";

/// Tells a tree from an error.
fn take(result: PgQueryProtobufParseResult) -> Result<RawStatements, ParseFailure> {
    // SAFETY: the library leaves `error` either null or pointing to an error that it allocated.
    let failure = match unsafe { result.error.as_ref() } {
        None => None,
        Some(error) => {
            // SAFETY: the message of an error is a C string.
            let message = unsafe { CStr::from_ptr(error.message) }.to_string_lossy().into_owned();
            if message.starts_with("Failed to open pipe") {
                // Of this error the library has set nothing but the message, so it must not be freed.
                return Err(ParseFailure::Limit(message));
            }
            Some(classify(message, usize::try_from(error.cursorpos).unwrap_or(0)))
        }
    };
    // Frees the result when it goes.
    let statements = RawStatements { result, offset: 0 };
    match failure {
        Some(failure) => Err(failure),
        None => Ok(statements),
    }
}

/// Tells the limits of the library from the errors of the text.
fn classify(message: String, cursor: usize) -> ParseFailure {
    // `memory exhausted` is the grammar's own stack: PostgreSQL has the same limit, but larger here or there.
    const LIMITS: [&str; 6] = [
        "memory exhausted",
        "out of memory",
        "stack depth limit exceeded",
        "parse tree is nested too deeply",
        "invalid memory alloc request size",
        "string buffer exceeds maximum allowed length",
    ];
    if LIMITS.iter().any(|limit| message.starts_with(limit)) {
        ParseFailure::Limit(message)
    } else {
        ParseFailure::Refused { message, cursor }
    }
}
