//! The scanner: text to tokens, by the rules of PostgreSQL's `scan.l`.
//!
//! libpg_query has a scanner too, but it stops at the first error, it cannot start in the middle of a text, and its
//! tokens come through protobuf. This one never fails: what PostgreSQL would refuse is a token of kind
//! [`TokenKind::Error`].

use super::ast::Name;
use super::span::Span;

/// A token and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of token. White space is no token; comments are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A word without quotes: an identifier or a keyword.
    Word,
    /// `"quoted"`
    QuotedIdent,
    /// `U&"quoted"`
    UnicodeIdent,
    /// `'text'`, with its continuations on later lines; also the text of `N'text'`, whose `N` is a [`TokenKind::Word`].
    String,
    /// `E'text'`
    EscapeString,
    /// `U&'text'`
    UnicodeString,
    /// `B'101'`
    BitString,
    /// `X'1F'`
    HexString,
    /// `$$text$$`, `$tag$text$tag$`
    DollarString,
    /// A whole number.
    Integer,
    /// A number with a fraction or an exponent.
    Float,
    /// `$1`
    Param,
    /// An operator of PostgreSQL's general form, including `+ - * / < > = % ^` and `<= >= <> != =>`.
    Operator,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// `(`
    LeftParen,
    /// `)`
    RightParen,
    /// `[`
    LeftBracket,
    /// `]`
    RightBracket,
    /// `.`
    Dot,
    /// `..`
    DotDot,
    /// `:`
    Colon,
    /// `::`
    Typecast,
    /// `:=`
    ColonEquals,
    /// `-- text`
    LineComment,
    /// `/* text */`
    BlockComment,
    /// A character that starts no token of SQL: a backslash, a `$`, a control character.
    Other,
    /// What PostgreSQL's scanner refuses.
    Error(ScanError),
}

/// What is wrong with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScanError {
    /// A quoted string that does not end.
    UnterminatedString,
    /// A quoted identifier that does not end.
    UnterminatedIdent,
    /// A dollar-quoted string that does not end.
    UnterminatedDollarString,
    /// A comment that does not end.
    UnterminatedComment,
    /// `""`
    EmptyIdent,
    /// A number with letters behind it, or with misplaced underscores.
    TrailingJunk,
}

impl TokenKind {
    /// Comments: what the grammar never sees.
    pub fn is_comment(self) -> bool {
        matches!(self, TokenKind::LineComment | TokenKind::BlockComment)
    }

    /// Literals of type text, including dollar quotes.
    pub fn is_string(self) -> bool {
        matches!(self, TokenKind::String | TokenKind::EscapeString | TokenKind::UnicodeString | TokenKind::DollarString)
    }

    /// The text ends inside this token.
    pub fn is_unterminated(self) -> bool {
        match self {
            TokenKind::Error(error) => match error {
                ScanError::UnterminatedString
                | ScanError::UnterminatedIdent
                | ScanError::UnterminatedDollarString
                | ScanError::UnterminatedComment => true,
                ScanError::EmptyIdent | ScanError::TrailingJunk => false,
            },
            _ => false,
        }
    }
}

impl Token {
    /// The token as it is written in `text`, the text that was scanned.
    pub fn text(self, text: &str) -> &str {
        &text[self.span.range()]
    }

    /// Whether it is this keyword or unquoted identifier, given in lower case.
    pub fn is_word(self, text: &str, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text(text).eq_ignore_ascii_case(word)
    }

    /// The identifier that a word or a quoted identifier stands for: folded, or with its quotes removed, and cut as
    /// PostgreSQL does. Nothing for other tokens and for `U&"…"`, whose escapes need the grammar's UESCAPE.
    pub fn identifier(self, text: &str) -> Option<Name> {
        let written = self.text(text);
        match self.kind {
            TokenKind::Word => Some(fold_identifier(written)),
            TokenKind::QuotedIdent => {
                let inner = &written[1..written.len() - 1];
                let name =
                    if inner.contains('"') { Name::from(inner.replace("\"\"", "\"")) } else { Name::from(inner) };
                Some(truncate_identifier(name))
            }
            _ => None,
        }
    }
}

/// The longest identifier in bytes (`NAMEDATALEN` - 1).
pub const MAX_IDENTIFIER: usize = 63;

/// Folds an unquoted identifier: only ASCII letters, as PostgreSQL does in a multi-byte encoding
/// (`scansup.c: downcase_identifier`), then cuts it.
pub fn fold_identifier(written: &str) -> Name {
    let folded = if written.bytes().any(|b| b.is_ascii_uppercase()) {
        written.to_ascii_lowercase().into()
    } else {
        written.into()
    };
    truncate_identifier(folded)
}

/// Cuts an identifier to 63 bytes, never inside a character (`scansup.c: truncate_identifier`).
pub fn truncate_identifier(name: Name) -> Name {
    if name.len() <= MAX_IDENTIFIER {
        return name;
    }
    let mut end = MAX_IDENTIFIER;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    Name::from(&name[..end])
}

/// The place of the token that starts at `offset`, or an empty place where none does (at the end, in white space).
pub fn token_span(text: &str, offset: u32) -> Span {
    match Scanner::starting_at(text, offset).next() {
        Some(token) if token.span.start == offset => token.span,
        _ => Span::point(offset),
    }
}

const SPACE: u8 = 1;
const IDENT_START: u8 = 2;
const IDENT_CONT: u8 = 4;
const DIGIT: u8 = 8;
const OPERATOR: u8 = 16;
/// Continues the tag of a dollar quote: an identifier without `$`.
const TAG_CONT: u8 = 32;

/// The classes of a byte. Bytes beyond ASCII belong to identifiers, whatever the character.
const CLASS: [u8; 256] = {
    let mut class = [0u8; 256];
    let mut i = 0;
    while i < 256 {
        let b = i as u8;
        class[i] = match b {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C => SPACE,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80..=0xFF => IDENT_START | IDENT_CONT | TAG_CONT,
            b'0'..=b'9' => DIGIT | IDENT_CONT | TAG_CONT,
            b'$' => IDENT_CONT,
            b'~' | b'!' | b'@' | b'#' | b'^' | b'&' | b'|' | b'`' | b'?' | b'+' | b'-' | b'*' | b'/' | b'%' | b'<'
            | b'>' | b'=' => OPERATOR,
            _ => 0,
        };
        i += 1;
    }
    class
};

fn is(byte: u8, class: u8) -> bool {
    CLASS[byte as usize] & class != 0
}

/// An iterator over the tokens of a text.
#[derive(Clone, Debug)]
pub struct Scanner<'a> {
    bytes: &'a [u8],
    pos: usize,
}

impl<'a> Scanner<'a> {
    /// The tokens of the whole text.
    pub fn new(text: &'a str) -> Self {
        Scanner { bytes: text.as_bytes(), pos: 0 }
    }

    /// The tokens from `offset` on, which should be where a token starts.
    pub fn starting_at(text: &'a str, offset: u32) -> Self {
        Scanner { bytes: text.as_bytes(), pos: (offset as usize).min(text.len()) }
    }

    /// The offset of the next byte to look at.
    pub fn offset(&self) -> u32 {
        self.pos as u32
    }

    /// Goes on at `offset`.
    pub fn seek(&mut self, offset: u32) {
        self.pos = (offset as usize).min(self.bytes.len());
    }

    /// The next token that is no comment.
    pub fn next_significant(&mut self) -> Option<Token> {
        self.find(|token| !token.kind.is_comment())
    }

    fn peek(&self, ahead: usize) -> u8 {
        // A NUL byte stands for the end; where a real one stands it starts no longer token either.
        self.bytes.get(self.pos + ahead).copied().unwrap_or(0)
    }

    fn skip_class(&mut self, class: u8) {
        while self.bytes.get(self.pos).is_some_and(|&b| is(b, class)) {
            self.pos += 1;
        }
    }

    /// Skips to the end of the line.
    fn skip_line(&mut self) {
        while self.bytes.get(self.pos).is_some_and(|&b| b != b'\n' && b != b'\r') {
            self.pos += 1;
        }
    }

    fn token(&mut self) -> TokenKind {
        let first = self.bytes[self.pos];
        let class = CLASS[first as usize];
        if class & IDENT_START != 0 {
            return self.word_or_prefixed_string(first);
        }
        if class & DIGIT != 0 {
            return self.number();
        }
        match first {
            b'\'' => self.quoted(TokenKind::String),
            b'"' => self.quoted_ident(TokenKind::QuotedIdent),
            b'$' => self.dollar(),
            b'.' if self.peek(1).is_ascii_digit() => self.number(),
            b'.' if self.peek(1) == b'.' => self.take(2, TokenKind::DotDot),
            b'.' => self.take(1, TokenKind::Dot),
            b',' => self.take(1, TokenKind::Comma),
            b';' => self.take(1, TokenKind::Semicolon),
            b'(' => self.take(1, TokenKind::LeftParen),
            b')' => self.take(1, TokenKind::RightParen),
            b'[' => self.take(1, TokenKind::LeftBracket),
            b']' => self.take(1, TokenKind::RightBracket),
            b':' if self.peek(1) == b':' => self.take(2, TokenKind::Typecast),
            b':' if self.peek(1) == b'=' => self.take(2, TokenKind::ColonEquals),
            b':' => self.take(1, TokenKind::Colon),
            b'-' if self.peek(1) == b'-' => {
                self.skip_line();
                TokenKind::LineComment
            }
            b'/' if self.peek(1) == b'*' => self.block_comment(),
            _ if class & OPERATOR != 0 => self.operator(),
            _ => self.take(1, TokenKind::Other),
        }
    }

    fn take(&mut self, len: usize, kind: TokenKind) -> TokenKind {
        self.pos += len;
        kind
    }

    fn word_or_prefixed_string(&mut self, first: u8) -> TokenKind {
        match (first, self.peek(1)) {
            (b'e' | b'E', b'\'') => return self.prefixed(1, TokenKind::EscapeString),
            (b'b' | b'B', b'\'') => return self.prefixed(1, TokenKind::BitString),
            (b'x' | b'X', b'\'') => return self.prefixed(1, TokenKind::HexString),
            (b'u' | b'U', b'&') => match self.peek(2) {
                b'\'' => return self.prefixed(2, TokenKind::UnicodeString),
                b'"' => {
                    self.pos += 2;
                    return self.quoted_ident(TokenKind::UnicodeIdent);
                }
                _ => {}
            },
            _ => {}
        }
        self.skip_class(IDENT_CONT);
        TokenKind::Word
    }

    fn prefixed(&mut self, prefix: usize, kind: TokenKind) -> TokenKind {
        self.pos += prefix;
        self.quoted(kind)
    }

    /// A string in single quotes, with its continuations. A doubled quote needs no rule of its own: for the extent of
    /// the token, it is one string that ends and another that starts.
    fn quoted(&mut self, kind: TokenKind) -> TokenKind {
        loop {
            self.pos += 1;
            loop {
                match self.bytes.get(self.pos) {
                    None => return TokenKind::Error(ScanError::UnterminatedString),
                    Some(b'\'') => break,
                    Some(b'\\') if kind == TokenKind::EscapeString => self.pos += 2,
                    Some(_) => self.pos += 1,
                }
                if self.pos > self.bytes.len() {
                    self.pos = self.bytes.len();
                }
            }
            self.pos += 1;
            if self.peek(0) == b'\'' && !matches!(kind, TokenKind::BitString | TokenKind::HexString) {
                continue;
            }
            match self.continuation() {
                Some(quote) => self.pos = quote,
                None => return kind,
            }
        }
    }

    /// The offset of a quote that continues the string which ended here: there must be a line break between the two,
    /// and nothing but white space and `--` comments (`quotecontinue` of `scan.l`).
    fn continuation(&self) -> Option<usize> {
        let mut ahead = Scanner { bytes: self.bytes, pos: self.pos };
        let mut newline = false;
        loop {
            match ahead.peek(0) {
                b'\n' | b'\r' => {
                    newline = true;
                    ahead.pos += 1;
                }
                b if is(b, SPACE) => ahead.pos += 1,
                b'-' if ahead.peek(1) == b'-' => {
                    ahead.skip_line();
                    ahead.bytes.get(ahead.pos)?;
                }
                b'\'' if newline => return Some(ahead.pos),
                _ => return None,
            }
        }
    }

    fn quoted_ident(&mut self, kind: TokenKind) -> TokenKind {
        let start = self.pos + 1;
        loop {
            self.pos += 1;
            match self.bytes.get(self.pos) {
                None => return TokenKind::Error(ScanError::UnterminatedIdent),
                Some(b'"') if self.peek(1) == b'"' => self.pos += 1,
                Some(b'"') => break,
                Some(_) => {}
            }
        }
        self.pos += 1;
        if self.pos == start + 1 { TokenKind::Error(ScanError::EmptyIdent) } else { kind }
    }

    /// A parameter, a dollar-quoted string, or a lonely `$`.
    fn dollar(&mut self) -> TokenKind {
        let start = self.pos;
        self.pos += 1;
        if self.peek(0).is_ascii_digit() {
            // PostgreSQL refuses letters behind a parameter; libpg_query has that rule taken out.
            self.skip_class(DIGIT);
            return TokenKind::Param;
        }
        self.skip_class(TAG_CONT);
        if self.peek(0) != b'$' {
            self.pos = start + 1;
            return TokenKind::Other;
        }
        self.pos += 1;
        let tag = &self.bytes[start..self.pos];
        loop {
            match self.bytes[self.pos..].iter().position(|&b| b == b'$') {
                None => {
                    self.pos = self.bytes.len();
                    return TokenKind::Error(ScanError::UnterminatedDollarString);
                }
                Some(skipped) => self.pos += skipped,
            }
            if self.bytes[self.pos..].starts_with(tag) {
                self.pos += tag.len();
                return TokenKind::DollarString;
            }
            self.pos += 1;
        }
    }

    fn block_comment(&mut self) -> TokenKind {
        let mut depth = 0usize;
        while self.pos < self.bytes.len() {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.pos += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.pos += 2;
                    if depth == 0 {
                        return TokenKind::BlockComment;
                    }
                }
                _ => self.pos += 1,
            }
        }
        TokenKind::Error(ScanError::UnterminatedComment)
    }

    /// `scan.l`'s rule for operators: the longest run of operator characters that does not run into a comment; `+` and
    /// `-` end an operator of several characters only if it has a character that no standard operator has.
    fn operator(&mut self) -> TokenKind {
        let start = self.pos;
        self.skip_class(OPERATOR);
        let run = &self.bytes[start..self.pos];
        let mut len = run.windows(2).position(|w| w == b"/*" || w == b"--").unwrap_or(run.len());
        let special = |b: &u8| matches!(b, b'~' | b'!' | b'@' | b'#' | b'^' | b'&' | b'|' | b'`' | b'?' | b'%');
        if !run[..len].iter().any(special) {
            while len > 1 && matches!(run[len - 1], b'+' | b'-') {
                len -= 1;
            }
        }
        self.pos = start + len;
        TokenKind::Operator
    }

    fn number(&mut self) -> TokenKind {
        let radix: Option<fn(&u8) -> bool> = match (self.peek(0), self.peek(1) | 0x20) {
            (b'0', b'x') => Some(u8::is_ascii_hexdigit),
            (b'0', b'o') => Some(|b| matches!(b, b'0'..=b'7')),
            (b'0', b'b') => Some(|b| matches!(b, b'0' | b'1')),
            _ => None,
        };
        let mut kind = TokenKind::Integer;
        if let Some(is_digit) = radix {
            self.pos += 2;
            let start = self.pos;
            self.digits(is_digit, true);
            if self.pos == start {
                return self.junk();
            }
        } else {
            self.digits(u8::is_ascii_digit, false);
            // `1..2` is a range of PL/pgSQL: the number ends before both dots.
            if self.peek(0) == b'.' && self.peek(1) != b'.' {
                kind = TokenKind::Float;
                self.pos += 1;
                self.digits(u8::is_ascii_digit, false);
            }
            if matches!(self.peek(0), b'e' | b'E') {
                let sign = usize::from(matches!(self.peek(1), b'+' | b'-'));
                if self.peek(1 + sign).is_ascii_digit() {
                    kind = TokenKind::Float;
                    self.pos += 1 + sign;
                    self.digits(u8::is_ascii_digit, false);
                } else if sign == 1 {
                    self.pos += 2;
                    return TokenKind::Error(ScanError::TrailingJunk);
                }
            }
        }
        if is(self.peek(0), IDENT_START) { self.junk() } else { kind }
    }

    /// Digits with single underscores between them, or also before them after the prefix of a radix.
    fn digits(&mut self, is_digit: impl Fn(&u8) -> bool, leading_underscore: bool) {
        let mut after_digit = leading_underscore;
        while let Some(b) = self.bytes.get(self.pos) {
            if is_digit(b) {
                after_digit = true;
                self.pos += 1;
            } else if *b == b'_' && after_digit && self.bytes.get(self.pos + 1).is_some_and(&is_digit) {
                self.pos += 2;
            } else {
                break;
            }
        }
    }

    fn junk(&mut self) -> TokenKind {
        self.skip_class(IDENT_CONT);
        TokenKind::Error(ScanError::TrailingJunk)
    }
}

impl Iterator for Scanner<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.skip_class(SPACE);
        if self.pos >= self.bytes.len() {
            return None;
        }
        let start = self.pos as u32;
        let kind = self.token();
        Some(Token { kind, span: Span::new(start, self.pos as u32) })
    }
}

#[cfg(test)]
mod tests;
