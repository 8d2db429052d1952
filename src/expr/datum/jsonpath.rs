//! `jsonpath` (`jsonpath_scan.l`, `jsonpath_gram.y`, `jsonpath.c`). What is not certainly valid is opaque.

use super::{DatumEnv, invalid, json, numeric, opaque};
use crate::replay::{Exec, SqlError, Stop};

/// A path that is nested deeper is not read.
const MAX_DEPTH: usize = 100;

/// A token.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    String(String),
    Variable(String),
    Integer(String),
    Decimal(String),
    /// An operator or a special character.
    Mark(&'static str),
}

/// A step of a path, or an operation.
#[derive(Clone, Debug)]
enum Node {
    Null,
    Bool(bool),
    String(String),
    Number(String),
    Variable(String),
    Root,
    Current,
    Last,
    Binary(&'static str, Path, Path),
    Sign(char, Path),
    Not(Path),
    IsUnknown(Path),
    Exists(Path),
    LikeRegex(Path, String, String),
    Key(String),
    AnyKey,
    AnyArray,
    Subscripts(Vec<(Path, Option<Path>)>),
    /// `**` and its levels, `last` being nothing.
    AnyLevel(Option<u32>, Option<u32>),
    Filter(Path),
    /// `.size()` and the like, perhaps with a template.
    Method(String, Option<String>),
}

/// An item and what is applied to it, one after the other.
type Path = Vec<Node>;

/// A path, and whether it is a predicate.
type Parsed = (Path, bool);

fn unsure() -> Stop {
    opaque("such a constant of type jsonpath is not read")
}

/// `jsonpath.c: jsonpath_in` and `jsonpath_out`
pub(super) fn jsonpath(env: &DatumEnv<'_>, text: &str) -> Exec<String> {
    let mut parser = Parser { env, tokens: scan(text)?, at: 0 };
    if parser.tokens.is_empty() {
        return Err(invalid("jsonpath", text));
    }
    let strict = parser.word("strict");
    if !strict {
        parser.word("lax");
    }
    let (path, _) = parser.any(0)?;
    if parser.peek().is_some() {
        return Err(unsure());
    }
    check(&path, 0, false)?;
    let mut out = String::from(if strict { "strict " } else { "" });
    print(&path, true, &mut out);
    Ok(out)
}

const MARKS: [&str; 30] = [
    "&&", "||", "**", "<=", "==", "<>", "!=", ">=", "<", ">", "!", "?", "%", "$", ".", "[", "]", "{", "}", "(", ")",
    "@", "#", ",", "*", ":", "-", "+", "/", "=",
];

/// A character of a word.
fn is_other(c: char) -> bool {
    !" \t\n\r\u{c}\\\"|&?%$.[]{}()!=<>@#,*:-+/".contains(c)
}

fn scan(text: &str) -> Exec<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
            rest = &rest[1..];
            continue;
        }
        if rest.starts_with("/*") {
            return Err(unsure());
        }
        let point = c == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit());
        if c.is_ascii_digit() || point {
            let (token, after) = number(rest)?;
            tokens.push(token);
            rest = after;
        } else if c == '"' {
            let (value, after) = string(&rest[1..])?;
            tokens.push(Token::String(value));
            rest = after;
        } else if let Some(name) = rest.strip_prefix("$\"") {
            let (value, after) = string(name)?;
            tokens.push(Token::Variable(value));
            rest = after;
        } else if c == '$' && rest[1..].starts_with(is_other) {
            let (name, after) = word(&rest[1..])?;
            tokens.push(Token::Variable(name));
            rest = after;
        } else if is_other(c) {
            let (name, after) = word(rest)?;
            tokens.push(Token::Word(name));
            rest = after;
        } else {
            let mark = MARKS.iter().find(|mark| rest.starts_with(**mark)).ok_or_else(unsure)?;
            tokens.push(Token::Mark(mark));
            rest = &rest[mark.len()..];
        }
    }
    Ok(tokens)
}

/// Letters and whatever else is not special. With an escape it is not read.
fn word(text: &str) -> Exec<(String, &str)> {
    let end = text.find(|c| !is_other(c)).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    if rest.starts_with('\\') { Err(unsure()) } else { Ok((word.to_owned(), rest)) }
}

fn number(text: &str) -> Exec<(Token, &str)> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes.iter().skip(from).take_while(|b| b.is_ascii_digit()).count();
    let mut end = digits(0);
    if end > 1 && text.starts_with('0') {
        return Err(unsure());
    }
    let mut whole = true;
    if bytes.get(end) == Some(&b'.') {
        whole = false;
        end += 1 + digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent == 0 {
            return Err(unsure());
        }
        whole = false;
        end += 1 + sign + exponent;
    }
    let (number, rest) = text.split_at(end);
    if rest.starts_with(|c| is_other(c) || c == '\\') {
        return Err(unsure());
    }
    Ok((if whole { Token::Integer(number.to_owned()) } else { Token::Decimal(number.to_owned()) }, rest))
}

/// What is between quotes, and what follows.
fn string(text: &str) -> Exec<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next().ok_or_else(unsure)? {
            '"' => return Ok((value, chars.as_str())),
            '\\' => value.push(match chars.next().ok_or_else(unsure)? {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'v' => '\u{b}',
                'u' => {
                    let rest = chars.as_str();
                    let digits = rest.get(..4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
                    let code = digits.and_then(|d| u32::from_str_radix(d, 16).ok()).filter(|&code| code != 0);
                    let c = code.and_then(char::from_u32).ok_or_else(unsure)?;
                    chars = rest[4..].chars();
                    c
                }
                'x' | '\n' => return Err(unsure()),
                other => other,
            }),
            c => value.push(c),
        }
    }
}

struct Parser<'a> {
    env: &'a DatumEnv<'a>,
    tokens: Vec<Token>,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Exec<Token> {
        let token = self.peek().cloned().ok_or_else(unsure)?;
        self.at += 1;
        Ok(token)
    }

    fn mark(&mut self, mark: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Mark(m)) if *m == mark);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, mark: &str) -> Exec {
        if self.mark(mark) { Ok(()) } else { Err(unsure()) }
    }

    /// A keyword, in whatever case.
    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(w)) if w.eq_ignore_ascii_case(word));
        self.at += usize::from(found);
        found
    }

    /// An expression or a predicate.
    fn any(&mut self, depth: usize) -> Exec<Parsed> {
        if depth > MAX_DEPTH {
            return Err(unsure());
        }
        let mut left = self.and(depth)?;
        while self.mark("||") {
            let right = self.and(depth)?;
            left = (vec![Node::Binary("||", predicate(left)?, predicate(right)?)], true);
        }
        Ok(left)
    }

    fn and(&mut self, depth: usize) -> Exec<Parsed> {
        let mut left = self.comparison(depth)?;
        while self.mark("&&") {
            let right = self.comparison(depth)?;
            left = (vec![Node::Binary("&&", predicate(left)?, predicate(right)?)], true);
        }
        Ok(left)
    }

    fn comparison(&mut self, depth: usize) -> Exec<Parsed> {
        if self.mark("!") {
            let inner = if self.word("exists") { self.exists(depth)? } else { self.parenthesis(depth)? };
            return Ok((vec![Node::Not(predicate(inner)?)], true));
        }
        if matches!(self.tokens.get(self.at + 1), Some(Token::Mark("("))) && self.word("exists") {
            return self.exists(depth);
        }
        let left = self.sum(depth)?;
        if left.1 {
            return Ok(left);
        }
        if self.word("starts") {
            if !self.word("with") {
                return Err(unsure());
            }
            let right = match self.next()? {
                Token::String(value) => Node::String(value),
                Token::Variable(name) => Node::Variable(name),
                _ => return Err(unsure()),
            };
            return Ok((vec![Node::Binary("starts with", left.0, vec![right])], true));
        }
        if self.word("like_regex") {
            return self.like_regex(left.0);
        }
        for (mark, name) in
            [("==", "=="), ("!=", "!="), ("<>", "!="), ("<=", "<="), (">=", ">="), ("<", "<"), (">", ">")]
        {
            if self.mark(mark) {
                let right = expression(self.sum(depth)?)?;
                return Ok((vec![Node::Binary(name, left.0, right)], true));
            }
        }
        Ok(left)
    }

    fn exists(&mut self, depth: usize) -> Exec<Parsed> {
        self.expect("(")?;
        let inner = expression(self.sum(depth + 1)?)?;
        self.expect(")")?;
        Ok((vec![Node::Exists(inner)], true))
    }

    fn parenthesis(&mut self, depth: usize) -> Exec<Parsed> {
        self.expect("(")?;
        let inner = self.any(depth + 1)?;
        self.expect(")")?;
        Ok(inner)
    }

    /// `makeItemLikeRegex`
    fn like_regex(&mut self, left: Path) -> Exec<Parsed> {
        let Token::String(pattern) = self.next()? else { return Err(unsure()) };
        let mut given = String::new();
        if self.word("flag") {
            let Token::String(flags) = self.next()? else { return Err(unsure()) };
            given = flags;
        }
        if let Some(unknown) = given.chars().find(|c| !"ismxq".contains(*c)) {
            let detail = format!("Unrecognized flag character \"{unknown}\" in LIKE_REGEX predicate.");
            return Err(SqlError::new("42601", "invalid input syntax for type jsonpath").detail(detail).into());
        }
        let literal = given.contains('q');
        if given.contains('x') || !literal && !is_plain_regex(&pattern) || literal && given.contains(['s', 'm']) {
            return Err(unsure());
        }
        let flags = "ismxq".chars().filter(|flag| given.contains(*flag)).collect();
        Ok((vec![Node::LikeRegex(left, pattern, flags)], true))
    }

    fn sum(&mut self, depth: usize) -> Exec<Parsed> {
        self.operations(depth, &["+", "-"], Self::product)
    }

    fn product(&mut self, depth: usize) -> Exec<Parsed> {
        self.operations(depth, &["*", "/", "%"], Self::unary)
    }

    fn operations(
        &mut self,
        depth: usize,
        marks: &[&'static str],
        operand: fn(&mut Self, usize) -> Exec<Parsed>,
    ) -> Exec<Parsed> {
        let mut left = operand(self, depth)?;
        while let Some(mark) = marks.iter().find(|mark| self.mark(mark)) {
            let right = expression(operand(self, depth)?)?;
            left = (vec![Node::Binary(mark, expression(left)?, right)], false);
        }
        Ok(left)
    }

    /// `makeItemUnary`: the sign of a number is part of it.
    fn unary(&mut self, depth: usize) -> Exec<Parsed> {
        if depth > MAX_DEPTH {
            return Err(unsure());
        }
        for (mark, sign) in [("+", '+'), ("-", '-')] {
            if self.mark(mark) {
                let inner = expression(self.unary(depth + 1)?)?;
                return Ok((
                    match inner.as_slice() {
                        [Node::Number(number)] => vec![Node::Number(signed(sign, number))],
                        _ => vec![Node::Sign(sign, inner)],
                    },
                    false,
                ));
            }
        }
        self.accessors(depth)
    }

    fn accessors(&mut self, depth: usize) -> Exec<Parsed> {
        let (mut path, mut is_predicate) = if matches!(self.peek(), Some(Token::Mark("("))) {
            let (inner, is_predicate) = self.parenthesis(depth)?;
            if is_predicate && self.word("is") {
                if !self.word("unknown") {
                    return Err(unsure());
                }
                return Ok((vec![Node::IsUnknown(inner)], true));
            }
            (inner, is_predicate)
        } else {
            (vec![self.primary()?], false)
        };
        while let Some(node) = self.accessor(depth)? {
            path.push(node);
            is_predicate = false;
        }
        Ok((path, is_predicate))
    }

    fn primary(&mut self) -> Exec<Node> {
        Ok(match self.next()? {
            Token::String(value) => Node::String(value),
            Token::Variable(name) => Node::Variable(name),
            Token::Integer(number) | Token::Decimal(number) => {
                Node::Number(numeric::read(self.env, -1, &number)?.to_string())
            }
            Token::Mark("$") => Node::Root,
            Token::Mark("@") => Node::Current,
            Token::Word(word) => match word.as_str() {
                "null" => Node::Null,
                "true" => Node::Bool(true),
                "false" => Node::Bool(false),
                other if other.eq_ignore_ascii_case("last") => Node::Last,
                _ => return Err(unsure()),
            },
            Token::Mark(_) => return Err(unsure()),
        })
    }

    fn accessor(&mut self, depth: usize) -> Exec<Option<Node>> {
        if self.mark("?") {
            return Ok(Some(Node::Filter(predicate(self.parenthesis(depth)?)?)));
        }
        if self.mark("[") {
            return self.subscripts(depth).map(Some);
        }
        if !self.mark(".") {
            return Ok(None);
        }
        if self.mark("*") {
            return Ok(Some(Node::AnyKey));
        }
        if self.mark("**") {
            return self.levels().map(Some);
        }
        match self.next()? {
            Token::String(key) => Ok(Some(Node::Key(key))),
            Token::Word(word) => {
                if !self.mark("(") {
                    return Ok(Some(Node::Key(word)));
                }
                self.method(word.to_ascii_lowercase()).map(Some)
            }
            _ => Err(unsure()),
        }
    }

    fn method(&mut self, name: String) -> Exec<Node> {
        let simple = ["abs", "size", "type", "floor", "double", "ceiling", "keyvalue"];
        let since_17 = ["bigint", "boolean", "date", "integer", "number", "string"];
        let known = simple.contains(&name.as_str())
            || since_17.contains(&name.as_str()) && self.env.catalog.version() >= 17
            || name == "datetime";
        if !known {
            return Err(unsure());
        }
        let mut template = None;
        if name == "datetime"
            && let Some(Token::String(text)) = self.peek().cloned()
        {
            self.at += 1;
            template = Some(text);
        }
        self.expect(")")?;
        Ok(Node::Method(name, template))
    }

    fn subscripts(&mut self, depth: usize) -> Exec<Node> {
        if self.mark("*") {
            self.expect("]")?;
            return Ok(Node::AnyArray);
        }
        let mut subscripts = Vec::new();
        loop {
            let from = expression(self.sum(depth + 1)?)?;
            let to = if self.word("to") { Some(expression(self.sum(depth + 1)?)?) } else { None };
            subscripts.push((from, to));
            if !self.mark(",") {
                break;
            }
        }
        self.expect("]")?;
        Ok(Node::Subscripts(subscripts))
    }

    fn levels(&mut self) -> Exec<Node> {
        if !self.mark("{") {
            return Ok(Node::AnyLevel(Some(0), None));
        }
        let from = self.level()?;
        let to = if self.word("to") { self.level()? } else { from };
        self.expect("}")?;
        Ok(Node::AnyLevel(from, to))
    }

    fn level(&mut self) -> Exec<Option<u32>> {
        if self.word("last") {
            return Ok(None);
        }
        match self.next()? {
            Token::Integer(level) => {
                level.parse::<i32>().ok().and_then(|l| l.try_into().ok()).map(Some).ok_or_else(unsure)
            }
            _ => Err(unsure()),
        }
    }
}

fn predicate((path, is_predicate): Parsed) -> Exec<Path> {
    if is_predicate { Ok(path) } else { Err(unsure()) }
}

fn expression((path, is_predicate): Parsed) -> Exec<Path> {
    if is_predicate { Err(unsure()) } else { Ok(path) }
}

fn signed(sign: char, number: &str) -> String {
    match (sign, number.strip_prefix('-')) {
        ('+', _) => number.to_owned(),
        (_, Some(positive)) => positive.to_owned(),
        _ if number.bytes().all(|b| matches!(b, b'0' | b'.')) => number.to_owned(),
        _ => format!("-{number}"),
    }
}

/// A regular expression of ordinary characters, points, anchors, simple sets, groups and quantifiers: valid everywhere.
fn is_plain_regex(pattern: &str) -> bool {
    let quantifiers =
        ["**", "*+", "++", "+*", "?*", "?+", "(*", "(+", "(?", "|*", "|+", "|?", "^*", "^+", "^?", "$*", "$+", "$?"];
    let odd = pattern.contains(|c: char| matches!(c, '\\' | '{' | '}' | '&' | '~') || c.is_ascii_control())
        || pattern.starts_with(['*', '+', '?'])
        || pattern.contains("[[")
        || pattern.contains("[]")
        || pattern.contains("[^]")
        || pattern.contains("--")
        || quantifiers.iter().any(|q| pattern.contains(q));
    !odd && regex::Regex::new(pattern).is_ok()
}

/// Where `@` and `last` may not stand (`jsonpath.c: flattenJsonPathParseItem`).
fn check(path: &Path, filters: usize, in_subscript: bool) -> Exec {
    let inner = |path: &Path| check(path, filters, in_subscript);
    for node in path {
        match node {
            Node::Current if filters == 0 => {
                return Err(SqlError::new("42601", "@ is not allowed in root expressions").into());
            }
            Node::Last if !in_subscript => {
                return Err(SqlError::new("42601", "LAST is allowed only in array subscripts").into());
            }
            Node::Binary(_, left, right) => {
                inner(left)?;
                inner(right)?;
            }
            Node::Sign(_, arg)
            | Node::Not(arg)
            | Node::IsUnknown(arg)
            | Node::Exists(arg)
            | Node::LikeRegex(arg, ..) => {
                inner(arg)?;
            }
            Node::Filter(arg) => check(arg, filters + 1, in_subscript)?,
            Node::Subscripts(subscripts) => {
                for (from, to) in subscripts {
                    check(from, filters, true)?;
                    if let Some(to) = to {
                        check(to, filters, true)?;
                    }
                }
            }
            Node::Null
            | Node::Bool(_)
            | Node::String(_)
            | Node::Number(_)
            | Node::Variable(_)
            | Node::Root
            | Node::Current
            | Node::Last
            | Node::Key(_)
            | Node::AnyKey
            | Node::AnyArray
            | Node::AnyLevel(..)
            | Node::Method(..) => {}
        }
    }
    Ok(())
}

/// `jsonpath.c: operationPriority`
fn priority(path: &Path) -> u8 {
    match path.first() {
        Some(Node::Binary(name, ..)) => operation_priority(name),
        Some(Node::Sign(..)) => 5,
        _ => 6,
    }
}

fn operation_priority(name: &str) -> u8 {
    match name {
        "||" => 0,
        "&&" => 1,
        "+" | "-" => 3,
        "*" | "/" | "%" => 4,
        _ => 2,
    }
}

/// `jsonpath.c: printJsonPathItem`
fn print(path: &Path, brackets: bool, out: &mut String) {
    for (i, node) in path.iter().enumerate() {
        // What is applied to something else always has its brackets.
        print_node(node, i > 0, brackets || i > 0, path.len() > i + 1, out);
    }
}

fn print_node(node: &Node, in_key: bool, brackets: bool, has_next: bool, out: &mut String) {
    let open = |out: &mut String| {
        if brackets {
            out.push('(');
        }
    };
    let close = |out: &mut String| {
        if brackets {
            out.push(')');
        }
    };
    let point = |out: &mut String| {
        if in_key {
            out.push('.');
        }
    };
    match node {
        Node::Null => out.push_str("null"),
        Node::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Node::String(value) => json::escape(value, out),
        Node::Number(number) if has_next => out.push_str(&format!("({number})")),
        Node::Number(number) => out.push_str(number),
        Node::Variable(name) => {
            out.push('$');
            json::escape(name, out);
        }
        Node::Root => out.push('$'),
        Node::Current => out.push('@'),
        Node::Last => out.push_str("last"),
        Node::Binary(name, left, right) => {
            let own = operation_priority(name);
            open(out);
            print(left, priority(left) <= own, out);
            out.push_str(&format!(" {name} "));
            print(right, priority(right) <= own, out);
            close(out);
        }
        Node::Sign(sign, arg) => {
            open(out);
            out.push(*sign);
            print(arg, priority(arg) <= 5, out);
            close(out);
        }
        Node::Not(arg) => {
            out.push_str("!(");
            print(arg, false, out);
            out.push(')');
        }
        Node::IsUnknown(arg) => {
            out.push('(');
            print(arg, false, out);
            out.push_str(") is unknown");
        }
        Node::Exists(arg) => {
            out.push_str("exists (");
            print(arg, false, out);
            out.push(')');
        }
        Node::LikeRegex(arg, pattern, flags) => {
            open(out);
            // Its own priority is the highest, so that its operand always has brackets.
            print(arg, priority(arg) <= 6, out);
            out.push_str(" like_regex ");
            json::escape(pattern, out);
            if !flags.is_empty() {
                out.push_str(&format!(" flag \"{flags}\""));
            }
            close(out);
        }
        Node::Key(key) => {
            point(out);
            json::escape(key, out);
        }
        Node::AnyKey => {
            point(out);
            out.push('*');
        }
        Node::AnyArray => out.push_str("[*]"),
        Node::Subscripts(subscripts) => {
            out.push('[');
            for (i, (from, to)) in subscripts.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                print(from, false, out);
                if let Some(to) = to {
                    out.push_str(" to ");
                    print(to, false, out);
                }
            }
            out.push(']');
        }
        Node::AnyLevel(first, last) => {
            point(out);
            let level = |level: &Option<u32>| level.map_or_else(|| "last".to_owned(), |level| level.to_string());
            out.push_str(&match (first, last) {
                (Some(0), None) => "**".to_owned(),
                (first, last) if first == last => format!("**{{{}}}", level(first)),
                (first, last) => format!("**{{{} to {}}}", level(first), level(last)),
            });
        }
        Node::Filter(arg) => {
            out.push_str("?(");
            print(arg, false, out);
            out.push(')');
        }
        Node::Method(name, template) => {
            out.push_str(&format!(".{name}("));
            if let Some(template) = template {
                json::escape(template, out);
            }
            out.push(')');
        }
    }
}
