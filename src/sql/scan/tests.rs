use pg_query::protobuf::Token as PgToken;
use proptest::prelude::*;

use super::*;

/// What the grammar would see of `text`: kind and place of every token, or nothing if PostgreSQL refuses the text.
fn postgres_tokens(text: &str) -> Option<Vec<(PgToken, Span)>> {
    let scanned = pg_query::scan(text).ok()?;
    Some(scanned.tokens.iter().map(|t| (t.token(), Span::new(t.start as u32, t.end as u32))).collect())
}

fn agrees(ours: Token, text: &str, theirs: PgToken) -> bool {
    match ours.kind {
        TokenKind::Word => theirs == PgToken::Ident || theirs as i32 > PgToken::CComment as i32,
        TokenKind::QuotedIdent => theirs == PgToken::Ident,
        TokenKind::UnicodeIdent => theirs == PgToken::Uident,
        TokenKind::String | TokenKind::EscapeString | TokenKind::DollarString => theirs == PgToken::Sconst,
        TokenKind::UnicodeString => theirs == PgToken::Usconst,
        TokenKind::BitString => theirs == PgToken::Bconst,
        TokenKind::HexString => theirs == PgToken::Xconst,
        TokenKind::Integer => matches!(theirs, PgToken::Iconst | PgToken::Fconst),
        TokenKind::Float => theirs == PgToken::Fconst,
        TokenKind::Param => theirs == PgToken::Param,
        TokenKind::DotDot => theirs == PgToken::DotDot,
        TokenKind::Typecast => theirs == PgToken::Typecast,
        TokenKind::ColonEquals => theirs == PgToken::ColonEquals,
        TokenKind::LineComment => theirs == PgToken::SqlComment,
        TokenKind::BlockComment => theirs == PgToken::CComment,
        TokenKind::Operator => match ours.text(text) {
            "=>" => theirs == PgToken::EqualsGreater,
            "<=" => theirs == PgToken::LessEquals,
            ">=" => theirs == PgToken::GreaterEquals,
            "<>" | "!=" => theirs == PgToken::NotEquals,
            one if one.len() == 1 => theirs == PgToken::Op || theirs as i32 == i32::from(one.as_bytes()[0]),
            _ => theirs == PgToken::Op,
        },
        TokenKind::Comma
        | TokenKind::Semicolon
        | TokenKind::LeftParen
        | TokenKind::RightParen
        | TokenKind::LeftBracket
        | TokenKind::RightBracket
        | TokenKind::Dot
        | TokenKind::Colon
        | TokenKind::Other => theirs as i32 == i32::from(ours.text(text).as_bytes()[0]),
        TokenKind::Error(_) => false,
    }
}

/// Holds our tokens against PostgreSQL's. A text that PostgreSQL refuses proves nothing.
fn compare(text: &str) -> Result<(), String> {
    let Some(theirs) = postgres_tokens(text) else { return Ok(()) };
    let ours: Vec<Token> = Scanner::new(text).collect();
    for (index, our) in ours.iter().enumerate() {
        match theirs.get(index) {
            Some((kind, span)) if *span == our.span && agrees(*our, text, *kind) => {}
            // A character beyond SQL has a number that the library's protobuf does not know.
            Some((PgToken::Nul, span)) if *span == our.span && our.kind == TokenKind::Other => {}
            other => return Err(format!("{text:?}: token {index} is {our:?}, PostgreSQL has {other:?}")),
        }
    }
    if ours.len() < theirs.len() {
        Err(format!("{text:?}: PostgreSQL has {:?}", &theirs[ours.len()..]))
    } else {
        Ok(())
    }
}

fn kinds(text: &str) -> Vec<TokenKind> {
    Scanner::new(text).map(|token| token.kind).collect()
}

#[test]
fn handwritten_texts_agree_with_postgresql() {
    for text in [
        "select a.b, \"A\"\"b\".c from t where x <= 1.5e3 and y != 'it''s' -- end",
        "'a'\n'b' 'c'",
        "'a' -- comment\n  -- another\n 'b'",
        "'a' -- comment",
        "'a' /* no */\n'b'",
        "e'a\\'b' E'\\\\' b'01' X'1f' n'x' N'x' u&'\\0041' U&\"d\" u &'x'",
        "e'a'\n'\\''",
        "b'0'\n'1'",
        "b'0''1'",
        "$$a$$ $x$ $$ $y$ $x$ $1 $22 a$1 $_ü$x$_ü$",
        "$a$ $b$a$ $a$",
        "$a$x$junk$a$",
        "$ $a",
        "/* a /* nested */ b */ c /*/ */ /***/ d",
        "a--b\nc",
        "1 1. .5 1.5 1e5 1e+5 1.e-5 1..2 1_000 0x1F 0o17 0b11 0x_1f 100_000.000_1",
        "1.2.3",
        "+- -+ =- @- *-- x\n !=- <=> -> ->> #>> ?| ?& || |/ ||/ @> ~~* !~~ <- +@+ /* */ */-1",
        "=> := :: : .. . <= >= <> != < > = ^ % [ ] ; ,",
        "a/**/b +/* x */+ <-- y\n>",
        "tëst \u{a0} x\u{b}y",
        "select :name, :'name', :\"name\"",
        "\\ $ # {",
        "",
        " \n\t ",
        "1x",
        "$1x",
        "\"\"",
        "123456789012345678901234567890",
    ] {
        compare(text).unwrap();
    }
}

#[test]
fn what_postgresql_refuses_is_an_error_token() {
    let error = TokenKind::Error;
    assert_eq!(kinds("'a"), [error(ScanError::UnterminatedString)]);
    assert_eq!(kinds("e'a\\"), [error(ScanError::UnterminatedString)]);
    assert_eq!(kinds("x 'a'\n'b"), [TokenKind::Word, error(ScanError::UnterminatedString)]);
    assert_eq!(kinds("\"a"), [error(ScanError::UnterminatedIdent)]);
    assert_eq!(kinds("\"\""), [error(ScanError::EmptyIdent)]);
    assert_eq!(kinds("$x$ a $y$"), [error(ScanError::UnterminatedDollarString)]);
    assert_eq!(kinds("/* /* */"), [error(ScanError::UnterminatedComment)]);
    assert_eq!(kinds("1a 1e+ 0x 1_"), [error(ScanError::TrailingJunk); 4]);
}

#[test]
fn identifiers_are_folded_and_cut_like_postgresql_does() {
    let identifier = |text| Scanner::new(text).next().and_then(|token| token.identifier(text));
    assert_eq!(identifier("FoÖ").as_deref(), Some("foÖ"));
    assert_eq!(identifier("\"Fo\"\"o\"").as_deref(), Some("Fo\"o"));
    let long = "x".repeat(62) + "ü";
    assert_eq!(identifier(&long).as_deref(), Some(&long[..62]));
    assert_eq!(identifier("1"), None);
}

#[test]
fn the_span_of_a_token_is_found_from_its_start() {
    assert_eq!(token_span("select 'a''b' x", 7), Span::new(7, 13));
    assert_eq!(token_span("select", 6), Span::point(6));
    assert_eq!(token_span("a  b", 1), Span::point(1));
    assert_eq!(token_span("a", 99), Span::point(99));
}

/// Fragments that make a scanner stumble, in any order.
fn fragments() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(vec![
        "'", "''", "\"", "\"\"", "$", "$$", "$a$", "$1", "--", "/*", "*/", "\n", " ", "\r\n", "\\", "e'", "E'", "b'",
        "x'", "n'", "u&'", "U&\"", "u&", "a", "select", "ü", "1", "1.", ".5", "1e5", "0x1f", "1_0", "..", ".", "::",
        ":", ":=", ";", "(", ")", "[", "]", ",", "+", "-", "*", "/", "<", ">", "=", "!", "@", "~", "#", "?", "|", "&",
        "%", "^", "`", "{", "_",
    ]);
    prop::collection::vec(fragment, 0..14).prop_map(|fragments| fragments.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tokens_agree_with_postgresql(text in fragments()) {
        prop_assert_eq!(compare(&text), Ok(()));
    }

    #[test]
    fn tokens_cover_any_text_in_order(text in any::<String>()) {
        let mut end = 0;
        for token in Scanner::new(&text) {
            prop_assert!(token.span.start >= end && token.span.end > token.span.start);
            prop_assert!(text[end as usize..token.span.start as usize].bytes().all(|b| is(b, SPACE)));
            prop_assert!(text.is_char_boundary(token.span.end as usize));
            end = token.span.end;
        }
        prop_assert!(text[end as usize..].bytes().all(|b| is(b, SPACE)));
    }
}
