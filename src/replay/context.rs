//! The statement that is being executed: where it stands, so that what it makes can remember it.

use std::sync::Arc;

use crate::catalog::Origin;
use crate::source::Place;
use crate::sql::span::{Loc, Span};

/// A statement under execution.
#[derive(Clone, Debug)]
pub struct Context {
    /// The statement.
    pub origin: Origin,
    /// The text that the statement's places point into; nothing for dynamic SQL, whose places all become `origin`.
    text: Option<Arc<str>>,
}

impl Context {
    /// A statement whose places are offsets in the text of its file.
    pub fn in_file(origin: Origin, text: Arc<str>) -> Context {
        Context { origin, text: Some(text) }
    }

    /// A statement whose text was computed: EXECUTE, or a body that is not verbatim in the file. All it does is
    /// attributed to `origin`.
    pub fn computed(origin: Origin) -> Context {
        Context { origin, text: None }
    }

    /// The same text, another statement in it.
    #[must_use]
    pub fn with_span(&self, span: Span) -> Context {
        match self.text {
            Some(_) => Context { origin: self.origin.at(span), text: self.text.clone() },
            None => self.clone(),
        }
    }

    /// Places in statements that run under this context are offsets in the file.
    pub fn is_in_file(&self) -> bool {
        self.text.is_some()
    }

    /// The text that places point into.
    pub fn text(&self) -> Option<&Arc<str>> {
        self.text.as_ref()
    }

    /// The token at `loc`, or the whole statement.
    pub fn at(&self, loc: Loc) -> Origin {
        match (&self.text, loc.offset()) {
            (Some(text), Some(offset)) if (offset as usize) < text.len() => {
                self.origin.at(crate::sql::token_span(text, offset))
            }
            _ => self.origin,
        }
    }

    /// The place of the token at `loc`, or of the whole statement.
    pub fn place(&self, loc: Loc) -> Place {
        self.at(loc).place
    }
}
