//! The call of libpg_query, and the only `unsafe` of the crate.
//!
//! The `pg_query` crate links the library but passes only an error's message on; the library also tells where the error
//! is. So its function is declared here once more, after `pg_query.h`.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_char, c_int};
use std::sync::{Mutex, PoisonError};

use pg_query::protobuf::ParseResult;
use prost::Message;

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
pub fn parse(text: &str, mode: ParseMode) -> Result<ParseResult, ParseFailure> {
    let Ok(input) = CString::new(text) else {
        return Err(ParseFailure::Refused { message: INVALID_NUL.to_owned(), cursor: 0 });
    };
    let tree = {
        let _guard = STDERR.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: `input` is a C string that outlives the call; the library keeps nothing of it. The option is one of
        // the library's parse modes.
        let result = unsafe { pg_query_parse_protobuf_opts(input.as_ptr(), mode as c_int) };
        take(result)?
    };
    ParseResult::decode(tree.as_slice()).map_err(|e| ParseFailure::Limit(format!("its tree cannot be decoded: {e}")))
}

/// PostgreSQL's message for a NUL byte (`report_invalid_encoding`).
pub const INVALID_NUL: &str = "invalid byte sequence for encoding \"UTF8\": 0x00";

/// Copies the library's result and frees it.
fn take(result: PgQueryProtobufParseResult) -> Result<Vec<u8>, ParseFailure> {
    // SAFETY: the library leaves `error` either null or pointing to an error that it allocated.
    let outcome = match unsafe { result.error.as_ref() } {
        Some(error) => {
            // SAFETY: the message of an error is a C string.
            let message = unsafe { CStr::from_ptr(error.message) }.to_string_lossy().into_owned();
            if message.starts_with("Failed to open pipe") {
                // Of this error the library has set nothing but the message, so it must not be freed.
                return Err(ParseFailure::Limit(message));
            }
            Err(classify(message, usize::try_from(error.cursorpos).unwrap_or(0)))
        }
        None if result.parse_tree.data.is_null() => Ok(Vec::new()),
        // SAFETY: without an error, `parse_tree` is a buffer of that length.
        None => Ok(unsafe {
            std::slice::from_raw_parts(result.parse_tree.data.cast::<u8>(), result.parse_tree.len).to_vec()
        }),
    };
    // SAFETY: `result` is as the library returned it, nothing of it has been freed, and no reference to it is left.
    unsafe { pg_query_free_protobuf_parse_result(result) };
    outcome
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
