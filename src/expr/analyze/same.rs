//! Syntax trees that are the same but for their places (`equalfuncs.c` of raw trees).

use std::fmt::Debug;

use crate::sql::ast::{Expr, SortBy};

/// Lists of expressions.
pub(super) fn exprs(a: &[Expr], b: &[Expr]) -> bool {
    same(&a, &b)
}

/// ORDER BY.
pub(super) fn sorts(a: &[SortBy], b: &[SortBy]) -> bool {
    same(&a, &b)
}

/// Expressions that need not be there.
pub(super) fn options(a: Option<&Expr>, b: Option<&Expr>) -> bool {
    same(&a, &b)
}

fn same<T: Debug + PartialEq>(a: &T, b: &T) -> bool {
    a == b || without_places(&format!("{a:?}")) == without_places(&format!("{b:?}"))
}

/// The debug form without `@12` and `@?`, which are places unless they are in a string.
fn without_places(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' if quoted => {
                out.push(c);
                out.extend(chars.next());
                continue;
            }
            '@' if !quoted => {
                while chars.peek().is_some_and(|c| c.is_ascii_digit() || *c == '?') {
                    chars.next();
                }
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::without_places;

    #[test]
    fn places_do_not_count() {
        assert_eq!(without_places(r#"A(@12, "@1", @?)"#), without_places(r#"A(@3, "@1", @4)"#));
        assert_ne!(without_places(r#"A("@1")"#), without_places(r#"A("@2")"#));
        assert_eq!(without_places(r#"A("\"@1", @4)"#), r#"A("\"@1", @)"#);
    }
}
