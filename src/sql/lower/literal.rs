//! The places of string literals, which the tree does not have.

use super::*;
use crate::sql::scan::{Scanner, TokenKind};

impl Lowerer<'_> {
    /// The code in the `index`-th string literal from `location` on, whose value is `text`.
    pub(super) fn code(&self, location: i32, index: usize, text: String) -> Code {
        let verbatim_at = self.verbatim_place(location, index, &text).unwrap_or(Loc::NONE);
        Code { text, verbatim_at }
    }

    fn verbatim_place(&self, location: i32, index: usize, value: &str) -> Option<Loc> {
        let location = u32::try_from(location).ok()?;
        let literal = Scanner::starting_at(self.text, location).filter(|token| token.kind.is_string()).nth(index)?;
        let written = literal.text(self.text);
        let opening = match literal.kind {
            TokenKind::DollarString => written[1..].find('$')? + 2,
            _ => written.find('\'')? + 1,
        };
        // Between other quotes the text stands as it is only if nothing in it is doubled, escaped or continued.
        written[opening..].starts_with(value).then(|| self.place(literal.span.start + opening as u32))
    }
}
