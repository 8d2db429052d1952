//! SQL text to syntax trees. Nothing here knows a catalog.

pub mod ast;
mod ffi;
mod lower;
mod parse;
pub mod plpgsql;
pub mod scan;
mod second_opinion;
pub(crate) mod shape;
pub mod span;
pub mod split;
mod stack;
mod version;
pub mod visit;

pub(crate) use parse::Each;
pub use parse::{Assignment, ParseError, parse, parse_expr, parse_query, parse_type_name};
pub use scan::token_span;
pub use stack::with_large_stack;
pub use version::Grammar;

use ast::{Name, Statement};
use span::Span;

/// A piece of a SQL file, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Segment {
    /// A statement that was understood as syntax.
    Statement(Statement),
    /// A statement that PostgreSQL's grammar refuses.
    SyntaxError(SyntaxError),
    /// A statement that may be valid but that our parser cannot carry: it is never called the user's error.
    Unparsed {
        /// The statement.
        span: Span,
        /// Why.
        reason: String,
    },
    /// A meta-command of psql (`\set`, `\i`, `\copy`).
    MetaCommand {
        /// The command's line.
        span: Span,
        /// Its name without the backslash.
        name: Name,
        /// The rest of the line.
        args: String,
    },
}

/// A statement that PostgreSQL's grammar or scanner refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// SQLSTATE, `42601` for nearly all.
    pub sqlstate: &'static str,
    /// PostgreSQL's primary message: `syntax error at or near "FORM"`.
    pub message: String,
    /// The token where it was noticed; an empty range at the end of the input.
    pub at: Span,
    /// The whole statement.
    pub statement: Span,
    /// A second opinion: what was expected, or whose dialect this is.
    pub help: Option<String>,
}
