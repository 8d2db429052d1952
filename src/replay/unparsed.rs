//! What a statement may change that our parser cannot carry (it is nested too deeply, or too large), judged by its tokens.

use super::value::qualified_name;
use crate::catalog::builtin::{Builtins, KeywordCategory, NEWEST_VERSION};
use crate::sql::ast::Touches;
use crate::sql::scan::{Scanner, Token, TokenKind};

/// What the statement may change.
pub(super) fn touches(text: &str) -> Touches {
    let mut scanner = Scanner::new(text);
    let tokens: Vec<Token> = std::iter::from_fn(|| scanner.next_significant()).collect();
    let lower: Vec<String> = tokens.iter().take(8).map(|t| t.text(text).to_ascii_lowercase()).collect();
    let first: Vec<&str> = lower.iter().map(String::as_str).collect();
    match first.as_slice() {
        ["insert" | "update" | "delete" | "copy" | "values", ..] => Touches::Nothing,
        ["select" | "with", ..] => {
            // A function may be called, a table may be made.
            let is_into = |t: &Token| t.is_word(text, "into");
            if tokens.iter().any(is_into) || calls(text, &tokens) { Touches::Everything } else { Touches::Nothing }
        }
        ["create", "function" | "procedure", ..] | ["create", "or", "replace", "function" | "procedure", ..] => {
            Touches::Expressions
        }
        ["create", "table", "if", "not", "exists", ..] => relation(text, &tokens[5..]),
        ["create", "table", ..] => relation(text, &tokens[2..]),
        ["create", "view" | "sequence", ..] => relation(text, &tokens[2..]),
        ["create", "or", "replace", "view", ..] => relation(text, &tokens[4..]),
        ["comment", ..] => Touches::Nothing,
        _ => Touches::Everything,
    }
}

/// A name in front of a parenthesis that can be a function's.
fn calls(text: &str, tokens: &[Token]) -> bool {
    let is_name = |token: &Token| match token.kind {
        TokenKind::Word => {
            let word = token.text(text).to_ascii_lowercase();
            let keyword = Builtins::for_version(NEWEST_VERSION).keyword(&word);
            matches!(keyword, None | Some(KeywordCategory::Unreserved))
        }
        kind => matches!(kind, TokenKind::QuotedIdent | TokenKind::UnicodeIdent),
    };
    tokens.windows(2).any(|pair| pair[1].kind == TokenKind::LeftParen && is_name(&pair[0]))
}

/// The relation whose name the tokens begin with.
fn relation(text: &str, tokens: &[Token]) -> Touches {
    let is_name = |t: &Token| matches!(t.kind, TokenKind::Word | TokenKind::QuotedIdent);
    let mut end = None;
    let mut tokens = tokens.iter();
    let Some(start) = tokens.as_slice().first().map(|t| t.span.start as usize) else { return Touches::Everything };
    while let Some(name) = tokens.next().filter(|t| is_name(t)) {
        end = Some(name.span.end as usize);
        if tokens.as_slice().first().is_none_or(|t| t.kind != TokenKind::Dot) {
            break;
        }
        tokens.next();
    }
    let name = end.and_then(|end| text.get(start..end)).and_then(|name| qualified_name(name).ok());
    name.map_or(Touches::Everything, |name| Touches::Relations(vec![name]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::ast::QualifiedName;

    #[test]
    fn what_tokens_tell() {
        for harmless in ["SELECT 'a' || 'b'", "INSERT INTO t VALUES (1)", "COMMENT ON TABLE t IS 'x'", "VALUES (1)"] {
            assert_eq!(touches(harmless), Touches::Nothing, "{harmless}");
        }
        for anything in ["SELECT f(1)", "SELECT 1 INTO t", "DROP TABLE t", "DO $$ $$", "CREATE TABLE"] {
            assert_eq!(touches(anything), Touches::Everything, "{anything}");
        }
        let of = |schema: Option<&str>, name: &str| {
            let name = QualifiedName { schema: schema.map(Into::into), name: name.into(), loc: Default::default() };
            Touches::Relations(vec![name])
        };
        assert_eq!(touches("create table if not exists s . \"T t\" (a int)"), of(Some("s"), "T t"));
        assert_eq!(touches("CREATE OR REPLACE VIEW V AS SELECT 1"), of(None, "v"));
    }
}
