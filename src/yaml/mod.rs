//! YAML as a small tree of located nodes, for the configuration and for specs.
//!
//! ```
//! use pgproof::yaml::{self, Errors, Map};
//!
//! let node = yaml::parse("user: postgres\nversions: [003, 1.10]\n").unwrap();
//! let errors = Errors::default();
//! let mut map = Map::new(&node, "the configuration", &errors).unwrap();
//! let user = map.required("user").and_then(|value| value.str()).unwrap();
//! let versions = map.optional("versions").and_then(|value| value.string_or_list()).unwrap();
//! map.finish();
//! assert!(errors.is_empty());
//! assert_eq!(user.value, "postgres");
//! assert_eq!(versions[0].value, "003"); // a plain scalar stays the text that it is
//! ```
//!
//! Every node knows its byte range in the text. Nothing is guessed from the look of a scalar: `003`, `1.10` and `no` are
//! text until a decoder asks for something else. What makes YAML surprising is refused: a key twice, merge keys, tags,
//! several documents, aliases that multiply.

mod decode;
mod parse;

use ecow::EcoString;

use crate::report::Diagnostic;
use crate::report::Severity;
use crate::source::{FileId, Place};
use crate::sql::span::Span;

pub use decode::{Errors, Map, Value};
pub use parse::{MAX_BYTES, MAX_DEPTH, MAX_EXPANSION, parse, parse_part};

/// A node and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// The bytes from its first to its last character. An alias has the place of what it stands for.
    pub span: Span,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum NodeKind {
    /// Nothing, `~` or `null`.
    Null,
    /// A text.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values in the order of the text; no key comes twice.
    Mapping(Vec<Entry>),
}

impl NodeKind {
    /// What a message calls it.
    fn describe(&self) -> &'static str {
        match self {
            NodeKind::Null => "nothing",
            NodeKind::Scalar(_) => "text",
            NodeKind::Sequence(_) => "a list",
            NodeKind::Mapping(_) => "a mapping",
        }
    }
}

/// The text of a scalar after unquoting and folding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text.
    pub text: EcoString,
    /// How it is written.
    pub style: Style,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In single or double quotes, or plain with the tag `!!str`.
    Quoted,
    /// As a block after `|` or `>`.
    Block,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Located<EcoString>,
    /// The value.
    pub value: Node,
}

/// A value and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

impl<T> Located<T> {
    /// A value at a place.
    pub fn new(value: T, span: Span) -> Self {
        Located { value, span }
    }
}

/// Something that is wrong with a YAML text, at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// One sentence without a full stop.
    pub message: String,
    /// Where it is wrong.
    pub span: Span,
    /// A remark at that place; may be empty.
    pub label: String,
    /// A second place that explains the first.
    pub related: Option<(Span, String)>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Error {
    /// An error at a place.
    pub fn new(message: impl Into<String>, span: Span) -> Self {
        Error { message: message.into(), span, label: String::new(), related: None, help: None }
    }

    /// Sets the remark at the place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    /// Adds the second place.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related = Some((span, text.into()));
        self
    }

    /// Sets the help text.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The error as a diagnostic on the text that was parsed.
    pub fn into_diagnostic(self, code: &'static str, file: FileId) -> Diagnostic {
        let place = |span| Place { file, span };
        let mut diagnostic = Diagnostic::new(code, Severity::Error, self.message).label(place(self.span), self.label);
        if let Some((span, text)) = self.related {
            diagnostic = diagnostic.label(place(span), text);
        }
        diagnostic.help = self.help;
        diagnostic
    }
}
