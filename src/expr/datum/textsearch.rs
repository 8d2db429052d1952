//! `tsvector` and `tsquery` (`tsvector.c`, `tsvector_parser.c`, `tsquery.c`).

use super::opaque;
use crate::replay::{Exec, SqlError, Stop};

/// Longest word, largest position, most positions of a word.
const MAX_WORD: usize = 2047;
const MAX_POSITION: u32 = (1 << 14) - 1;
const MAX_POSITIONS: usize = 256;
const MAX_STRING: usize = (1 << 20) - 1;

/// Reads words (`tsvector_parser.c`).
struct Words<'t> {
    whole: &'t str,
    rest: &'t str,
    is_query: bool,
}

/// A word with its positions: the number, and the weight from 0 (`D`) to 3 (`A`).
type Word = (String, Vec<(u32, u8)>);

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\u{b}' | '\u{c}' | '\r')
}

fn is_operator(c: char) -> bool {
    matches!(c, '!' | '&' | '|' | '(' | ')' | '<')
}

impl Words<'_> {
    fn syntax_error(&self) -> Stop {
        let what = if self.is_query { "tsquery" } else { "tsvector" };
        SqlError::new("42601", format!("syntax error in {what}: \"{}\"", self.whole)).into()
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next();
        self.rest = chars.as_str();
        c
    }

    fn escaped(&mut self) -> Exec<char> {
        self.bump()
            .ok_or_else(|| SqlError::new("42601", format!("there is no escaped character: \"{}\"", self.whole)).into())
    }

    /// The next word; nothing at the end (`gettoken_tsvector`).
    fn next(&mut self) -> Exec<Option<Word>> {
        self.rest = self.rest.trim_start_matches(is_space);
        let mut word = String::new();
        match self.peek() {
            None => return Ok(None),
            Some('\'') => {
                self.bump();
                loop {
                    match self.bump() {
                        None => return Err(self.syntax_error()),
                        Some('\'') if self.peek() == Some('\'') => {
                            self.bump();
                            word.push('\'');
                        }
                        Some('\'') => break,
                        Some('\\') => word.push(self.escaped()?),
                        Some(c) => word.push(c),
                    }
                }
                if word.is_empty() {
                    return Err(self.syntax_error());
                }
            }
            Some(c) if self.is_query && is_operator(c) => return Err(self.syntax_error()),
            Some(_) => {
                // The first character may be anything.
                match self.bump() {
                    Some('\\') => word.push(self.escaped()?),
                    Some(c) => word.push(c),
                    None => {}
                }
                while let Some(c) = self.peek() {
                    if is_space(c) || c == ':' || self.is_query && is_operator(c) {
                        break;
                    }
                    self.bump();
                    word.push(if c == '\\' { self.escaped()? } else { c });
                }
            }
        }
        if self.is_query || self.peek() != Some(':') {
            return Ok(Some((word, Vec::new())));
        }
        self.bump();
        let positions = self.positions()?;
        Ok(Some((word, positions)))
    }

    /// `1A,2`
    fn positions(&mut self) -> Exec<Vec<(u32, u8)>> {
        let mut positions = Vec::new();
        loop {
            let digits = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
            if digits == 0 {
                return Err(self.syntax_error());
            }
            let number: i64 = self.rest[..digits].parse().unwrap_or(i64::MAX);
            if i32::try_from(number).is_err() {
                return Err(opaque("a position in a tsvector that large is not read"));
            }
            self.rest = &self.rest[digits..];
            if number == 0 {
                let message = format!("wrong position info in tsvector: \"{}\"", self.whole);
                return Err(SqlError::new("42601", message).into());
            }
            let mut weight = 0;
            let ended = loop {
                match self.peek() {
                    Some(',') => {
                        self.bump();
                        break false;
                    }
                    Some(c @ ('a'..='d' | 'A'..='D' | '*')) => {
                        if weight != 0 {
                            return Err(self.syntax_error());
                        }
                        weight = match c.to_ascii_lowercase() {
                            'a' | '*' => 3,
                            'b' => 2,
                            'c' => 1,
                            _ => 0,
                        };
                        self.bump();
                    }
                    None => break true,
                    Some(c) if is_space(c) => break true,
                    Some(c) if c.is_ascii_digit() => {
                        self.bump();
                    }
                    Some(_) => return Err(self.syntax_error()),
                }
            };
            positions.push((u32::try_from(number).unwrap_or(0).min(MAX_POSITION), weight));
            if ended {
                return Ok(positions);
            }
        }
    }
}

/// Whether a character is white space depends on the operating system.
fn check_spaces(text: &str) -> Exec {
    if text.chars().any(|c| !c.is_ascii() && c.is_whitespace()) {
        return Err(opaque("white space outside of ASCII is not read in text search"));
    }
    Ok(())
}

/// `tsvector.c: tsvectorin` and `tsvectorout`
pub(super) fn tsvector(text: &str) -> Exec<String> {
    check_spaces(text)?;
    let mut words = Words { whole: text, rest: text, is_query: false };
    let mut found: Vec<Word> = Vec::new();
    let mut length = 0;
    while let Some(word) = words.next()? {
        if word.0.len() >= MAX_WORD {
            let message = format!("word is too long ({} bytes, max {} bytes)", word.0.len(), MAX_WORD - 1);
            return Err(SqlError::new("54000", message).into());
        }
        if length > MAX_STRING {
            let message = format!("string is too long for tsvector ({length} bytes, max {MAX_STRING} bytes)");
            return Err(SqlError::new("54000", message).into());
        }
        length += word.0.len();
        found.push(word);
    }
    if length > MAX_STRING / 4 {
        return Err(opaque("a tsvector of that size is not read"));
    }
    found.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    found.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1.append(&mut next.1);
        }
        same
    });
    let mut out = String::new();
    for (i, (word, positions)) in found.iter_mut().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        quote(word, &mut out);
        unique_positions(positions);
        for (i, (number, weight)) in positions.iter().enumerate() {
            out.push(if i == 0 { ':' } else { ',' });
            out.push_str(&number.to_string());
            out.push_str(["", "C", "B", "A"][usize::from(*weight)]);
        }
    }
    Ok(out)
}

/// `tsvector.c: uniquePos`: a position once, with its highest weight.
fn unique_positions(positions: &mut Vec<(u32, u8)>) {
    positions.sort_by_key(|p| p.0);
    positions.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 = kept.1.max(next.1);
        }
        same
    });
    positions.truncate(MAX_POSITIONS);
}

fn quote(word: &str, out: &mut String) {
    out.push('\'');
    for c in word.chars() {
        if matches!(c, '\'' | '\\') {
            out.push(c);
        }
        out.push(c);
    }
    out.push('\'');
}

/// A query.
enum Query {
    Word { word: String, weights: u8, prefix: bool },
    Not(Box<Query>),
    Binary(Operator, Box<Query>, Box<Query>),
}

/// Operators, the loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Or,
    And,
    Phrase(u16),
    Not,
}

impl Operator {
    fn priority(self) -> u8 {
        match self {
            Operator::Or => 1,
            Operator::And => 2,
            Operator::Phrase(_) => 3,
            Operator::Not => 4,
        }
    }
}

/// Nesting and operators that wait are limited, by the server (`STACKDEPTH`) and by us.
const MAX_OPERATORS: usize = 32;
const MAX_DEPTH: usize = 200;
const MAX_TERMS: usize = 500;

struct QueryParser<'t> {
    words: Words<'t>,
    /// Parentheses that are open.
    open: usize,
    /// An operand is to come, and none has come yet.
    first: bool,
    terms: usize,
}

enum Item {
    Operand(Query),
    Operator(Operator),
    Open,
    Close,
    End,
}

/// `tsquery.c: tsqueryin` and `tsqueryout`
pub(super) fn tsquery(text: &str) -> Exec<String> {
    check_spaces(text)?;
    let words = Words { whole: text, rest: text, is_query: true };
    let mut parser = QueryParser { words, open: 0, first: true, terms: 0 };
    let mut out = String::new();
    if let Some(query) = parser.query(0)? {
        print_query(&query, 0, false, &mut out);
    }
    Ok(out)
}

impl QueryParser<'_> {
    /// `tsquery.c: makepol`: up to the end or the closing parenthesis.
    fn query(&mut self, depth: usize) -> Exec<Option<Query>> {
        if depth > MAX_DEPTH {
            return Err(opaque("a tsquery nested that deeply is not read"));
        }
        let mut operands: Vec<Query> = Vec::new();
        let mut waiting: Vec<Operator> = Vec::new();
        let mut operand_wanted = true;
        loop {
            self.terms += 1;
            if waiting.len() > MAX_OPERATORS || self.terms > MAX_TERMS {
                return Err(opaque("a tsquery of that size is not read"));
            }
            let item = if operand_wanted { self.operand()? } else { self.operator()? };
            match item {
                Item::Operand(query) => {
                    operands.push(query);
                    operand_wanted = false;
                }
                Item::Open => {
                    if let Some(query) = self.query(depth + 1)? {
                        operands.push(query);
                    }
                    operand_wanted = false;
                }
                Item::Operator(operator) => {
                    reduce(&mut operands, &mut waiting, operator);
                    waiting.push(operator);
                    operand_wanted = true;
                }
                Item::Close | Item::End => {
                    reduce(&mut operands, &mut waiting, Operator::Or);
                    return Ok(operands.pop());
                }
            }
        }
    }

    fn operand(&mut self) -> Exec<Item> {
        self.words.rest = self.words.rest.trim_start_matches(is_space);
        match self.words.peek() {
            Some('!') => {
                self.words.bump();
                self.first = false;
                Ok(Item::Operator(Operator::Not))
            }
            Some('(') => {
                self.words.bump();
                self.first = false;
                self.open += 1;
                Ok(Item::Open)
            }
            Some(':') => Err(self.words.syntax_error()),
            None if self.first => Ok(Item::End),
            _ => match self.words.next()? {
                Some((word, _)) => {
                    if word.len() >= MAX_WORD {
                        let message = format!("word is too long in tsquery: \"{}\"", self.words.whole);
                        return Err(SqlError::new("54000", message).into());
                    }
                    self.first = false;
                    let (weights, prefix) = self.modifiers();
                    Ok(Item::Operand(Query::Word { word, weights, prefix }))
                }
                None => {
                    let message = format!("no operand in tsquery: \"{}\"", self.words.whole);
                    Err(SqlError::new("42601", message).into())
                }
            },
        }
    }

    /// `:*AB` (`get_modifiers`)
    fn modifiers(&mut self) -> (u8, bool) {
        let (mut weights, mut prefix) = (0, false);
        if self.words.peek() != Some(':') {
            return (weights, prefix);
        }
        self.words.bump();
        while let Some(c) = self.words.peek() {
            match c.to_ascii_lowercase() {
                'a' => weights |= 8,
                'b' => weights |= 4,
                'c' => weights |= 2,
                'd' => weights |= 1,
                '*' => prefix = true,
                _ => break,
            }
            self.words.bump();
        }
        (weights, prefix)
    }

    fn operator(&mut self) -> Exec<Item> {
        self.words.rest = self.words.rest.trim_start_matches(is_space);
        let operator = match self.words.peek() {
            None if self.open > 0 => return Err(self.words.syntax_error()),
            None => return Ok(Item::End),
            Some(')') => {
                self.words.bump();
                self.open = self.open.checked_sub(1).ok_or_else(|| self.words.syntax_error())?;
                return Ok(Item::Close);
            }
            Some('&') => Operator::And,
            Some('|') => Operator::Or,
            Some(_) => return Ok(Item::Operator(Operator::Phrase(self.phrase()?))),
        };
        self.words.bump();
        Ok(Item::Operator(operator))
    }

    /// `<->`, `<2>` (`parse_phrase_operator`)
    fn phrase(&mut self) -> Exec<u16> {
        let Some(rest) = self.words.rest.strip_prefix('<') else { return Err(self.words.syntax_error()) };
        let (distance, rest) = match rest.strip_prefix('-') {
            Some(rest) => (1, rest),
            None => {
                let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                if end == 0 {
                    return Err(self.words.syntax_error());
                }
                let Some(distance) = rest[..end].parse::<u16>().ok().filter(|&d| u32::from(d) <= MAX_POSITION + 1)
                else {
                    let message =
                        "distance in phrase operator must be an integer value between zero and 16384 inclusive";
                    return Err(SqlError::new("22023", message).into());
                };
                (distance, &rest[end..])
            }
        };
        // An operator at the very end of the text is none.
        match rest.strip_prefix('>') {
            Some(rest) if !rest.is_empty() => {
                self.words.rest = rest;
                Ok(distance)
            }
            _ => Err(self.words.syntax_error()),
        }
    }
}

/// Applies the operators that bind at least as tightly as the next one (`tsquery.c: cleanOpStack`).
fn reduce(operands: &mut Vec<Query>, waiting: &mut Vec<Operator>, next: Operator) {
    while let Some(&top) = waiting.last() {
        let stop = match next {
            Operator::Not => next.priority() >= top.priority(),
            _ => next.priority() > top.priority(),
        };
        if stop {
            break;
        }
        waiting.pop();
        let Some(right) = operands.pop() else { break };
        let query = match top {
            Operator::Not => Query::Not(Box::new(right)),
            Operator::Or | Operator::And | Operator::Phrase(_) => match operands.pop() {
                Some(left) => Query::Binary(top, Box::new(left), Box::new(right)),
                None => right,
            },
        };
        operands.push(query);
    }
}

/// `tsquery.c: infix`
fn print_query(query: &Query, parent: u8, right_of_phrase: bool, out: &mut String) {
    match query {
        Query::Word { word, weights, prefix } => {
            quote(word, out);
            if *weights != 0 || *prefix {
                out.push(':');
                if *prefix {
                    out.push('*');
                }
                for (bit, letter) in [(8, 'A'), (4, 'B'), (2, 'C'), (1, 'D')] {
                    if weights & bit != 0 {
                        out.push(letter);
                    }
                }
            }
        }
        Query::Not(inner) => {
            let priority = Operator::Not.priority();
            out.push('!');
            print_query(inner, priority, false, out);
        }
        Query::Binary(operator, left, right) => {
            let priority = operator.priority();
            let is_phrase = matches!(operator, Operator::Phrase(_));
            let parentheses = priority < parent || is_phrase && right_of_phrase;
            if parentheses {
                out.push_str("( ");
            }
            print_query(left, priority, false, out);
            match operator {
                Operator::Or => out.push_str(" | "),
                Operator::And | Operator::Not => out.push_str(" & "),
                Operator::Phrase(1) => out.push_str(" <-> "),
                Operator::Phrase(distance) => out.push_str(&format!(" <{distance}> ")),
            }
            print_query(right, priority, is_phrase, out);
            if parentheses {
                out.push_str(" )");
            }
        }
    }
}
