//! Arrays (`arrayfuncs.c: array_in`, `array_out`).

use super::{DatumEnv, input_inside, null_inside, opaque};
use crate::catalog::Oid;
use crate::replay::{Exec, SqlError, Stop};

/// Most dimensions.
const MAX_DIMENSIONS: usize = 6;

/// What is between two delimiters.
enum Item {
    Array(Vec<Item>),
    Null,
    Value(String),
}

struct Parser<'t> {
    /// The text as messages show it.
    shown: &'t str,
    rest: &'t str,
    delimiter: char,
    /// From 17 on values are read one by one as the text is. Before, the text was read once before that.
    modern: bool,
    values: &'t Values<'t>,
    /// The depth of the first value, and how many items arrays of each depth have.
    frozen: Option<usize>,
    lengths: [Option<usize>; MAX_DIMENSIONS],
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

fn malformed(text: &str, detail: &str) -> Stop {
    SqlError::new("22P02", format!("malformed array literal: \"{text}\"")).detail(detail).into()
}

impl Parser<'_> {
    fn bad(&self, detail: &str) -> Stop {
        malformed(self.shown, detail)
    }

    fn unexpected(&self, c: char) -> Stop {
        self.bad(&format!("Unexpected \"{c}\" character."))
    }

    fn end_of_input(&self) -> Stop {
        self.bad("Unexpected end of input.")
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches(is_space);
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

    /// What is in braces, the first of which is next.
    fn items(&mut self, depth: usize) -> Exec<Vec<Item>> {
        if depth >= MAX_DIMENSIONS {
            let message = if self.modern {
                format!("number of array dimensions exceeds the maximum allowed ({MAX_DIMENSIONS})")
            } else {
                let depth = depth + 1;
                format!("number of array dimensions ({depth}) exceeds the maximum allowed ({MAX_DIMENSIONS})")
            };
            return Err(SqlError::new("54000", message).into());
        }
        self.bump();
        self.space();
        let mut items = Vec::new();
        if self.peek() == Some('}') {
            if depth > 0 && !self.modern {
                return Err(self.unexpected('}'));
            }
            self.bump();
            self.close(depth, 0)?;
            return Ok(items);
        }
        loop {
            self.space();
            let item = match self.peek() {
                None => return Err(self.end_of_input()),
                Some('{') => match items.last() {
                    Some(Item::Null | Item::Value(_)) => return Err(self.unexpected('{')),
                    Some(Item::Array(_)) | None if self.modern && self.frozen == Some(depth) => {
                        return Err(self.not_rectangular());
                    }
                    Some(Item::Array(_)) | None => Item::Array(self.items(depth + 1)?),
                },
                Some('}') => return Err(self.unexpected('}')),
                Some(c) if c == self.delimiter => return Err(self.unexpected(c)),
                Some(_) => match items.last() {
                    Some(Item::Array(_)) if !self.modern => return Err(self.bad("Unexpected array element.")),
                    Some(Item::Array(_) | Item::Null | Item::Value(_)) | None => {
                        let item = self.element()?;
                        let item = if self.modern { self.values.read(item)? } else { item };
                        let after_array = matches!(items.last(), Some(Item::Array(_)));
                        if self.modern && (after_array || *self.frozen.get_or_insert(depth) != depth) {
                            return Err(self.not_rectangular());
                        }
                        item
                    }
                },
            };
            items.push(item);
            self.space();
            match self.bump() {
                None => return Err(self.end_of_input()),
                Some('}') => {
                    self.close(depth, items.len())?;
                    return Ok(items);
                }
                Some(c) if c == self.delimiter => {}
                Some('{') => return Err(self.unexpected('{')),
                Some(_) => return Err(self.bad("Unexpected array element.")),
            }
        }
    }

    fn not_rectangular(&self) -> Stop {
        self.bad("Multidimensional arrays must have sub-arrays with matching dimensions.")
    }

    /// The end of an array.
    fn close(&mut self, depth: usize, length: usize) -> Exec {
        let known = self.lengths.get_mut(depth).map_or(length, |known| *known.get_or_insert(length));
        if self.modern && known != length { Err(self.not_rectangular()) } else { Ok(()) }
    }

    fn element(&mut self) -> Exec<Item> {
        let mut value = String::new();
        if self.peek() == Some('"') {
            self.bump();
            loop {
                match self.bump() {
                    None => return Err(self.end_of_input()),
                    Some('"') => {
                        self.space();
                        return match self.peek() {
                            None => Err(self.end_of_input()),
                            Some(c) if !"{}".contains(c) && c != self.delimiter && self.modern => {
                                Err(self.bad("Incorrectly quoted array element."))
                            }
                            Some(_) => Ok(Item::Value(value)),
                        };
                    }
                    Some('\\') => value.push(self.bump().ok_or_else(|| self.end_of_input())?),
                    Some(c) => value.push(c),
                }
            }
        }
        // White space at the end counts only if it is escaped.
        let (mut kept, mut escaped) = (0, false);
        loop {
            match self.peek() {
                None => return Err(self.end_of_input()),
                Some('}') => break,
                Some(c) if c == self.delimiter => break,
                Some('{') => return Err(self.unexpected('{')),
                Some('"') => {
                    let detail =
                        if self.modern { "Incorrectly quoted array element." } else { "Unexpected array element." };
                    return Err(self.bad(detail));
                }
                Some('\\') => {
                    self.bump();
                    value.push(self.bump().ok_or_else(|| self.end_of_input())?);
                    (kept, escaped) = (value.len(), true);
                }
                Some(c) => {
                    self.bump();
                    value.push(c);
                    if !is_space(c) {
                        kept = value.len();
                    }
                }
            }
        }
        value.truncate(kept);
        Ok(if !escaped && value.eq_ignore_ascii_case("null") { Item::Null } else { Item::Value(value) })
    }

    /// The lengths of the dimensions; an error if they are not the same everywhere.
    fn dimensions(&self, items: &[Item]) -> Exec<Vec<usize>> {
        let mut dimensions = vec![items.len()];
        let mut inner: Option<Vec<usize>> = None;
        for item in items {
            let Item::Array(items) = item else { continue };
            let found = self.dimensions(items)?;
            match &inner {
                None => inner = Some(found),
                Some(first) if *first == found => {}
                Some(first) => {
                    if !self.modern && first.len() != found.len() {
                        return Err(opaque("an array that is not rectangular is read in odd ways before 17"));
                    }
                    return Err(self.not_rectangular());
                }
            }
        }
        dimensions.extend(inner.into_iter().flatten());
        Ok(dimensions)
    }
}

/// A bound: its number and what follows.
fn bound<'t>(text: &'t str, whole: &str, detail: &str, modern: bool) -> Exec<(i32, &'t str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '-' && c != '+').unwrap_or(text.len());
    if end == 0 {
        return Err(malformed(whole, detail));
    }
    match text[..end].parse::<i32>() {
        Ok(value) => Ok((value, &text[end..])),
        Err(_) if modern && text[..end].parse::<i128>().is_ok() => {
            Err(SqlError::new("22003", "array bound is out of integer range").into())
        }
        Err(_) => Err(opaque("such bounds of an array are not read")),
    }
}

/// The lower bound and the length of each dimension that is written in front, and what follows.
fn bounds(text: &str, modern: bool) -> Exec<(Vec<(i32, i64)>, &str)> {
    let mut rest = text.trim_start_matches(is_space);
    let mut found = Vec::new();
    while let Some(inside) = rest.strip_prefix('[') {
        if found.len() >= MAX_DIMENSIONS {
            return Err(opaque("that many dimensions of an array are not read"));
        }
        let introduce = "\"[\" must introduce explicitly-specified array dimensions.";
        let (mut lower, mut after) = (1, inside);
        let (mut upper, next) = bound(after, text, introduce, modern)?;
        after = next;
        if let Some(next) = after.strip_prefix(':') {
            lower = upper;
            (upper, after) = bound(next, text, "Missing array dimension value.", modern)?;
        }
        let Some(next) = after.strip_prefix(']') else {
            return Err(malformed(text, "Missing \"]\" after array dimensions."));
        };
        if upper < lower {
            return Err(SqlError::new("2202E", "upper bound cannot be less than lower bound").into());
        }
        if upper == i32::MAX {
            return Err(opaque("such bounds of an array are not read"));
        }
        found.push((lower, i64::from(upper) - i64::from(lower) + 1));
        rest = next.trim_start_matches(is_space);
    }
    Ok((found, rest))
}

/// `array_in` and `array_out`
pub(super) fn array(env: &DatumEnv<'_>, element: Oid, delimiter: char, typmod: i32, text: &str) -> Exec<String> {
    let modern = env.catalog.version() >= 17;
    let (bounds, mut rest) = bounds(text, modern)?;
    if bounds.is_empty() {
        if !rest.starts_with('{') {
            return Err(malformed(text, "Array value must start with \"{\" or dimension information."));
        }
    } else {
        let Some(after) = rest.strip_prefix('=') else {
            return Err(malformed(text, "Missing \"=\" after array dimensions."));
        };
        rest = after.trim_start_matches(is_space);
        if !rest.starts_with('{') {
            return Err(malformed(text, "Array contents must start with \"{\"."));
        }
    }
    // Until 16 the messages show what follows the bounds.
    let values = Values { env, element, typmod };
    let mut parser = Parser {
        shown: if modern { text } else { rest },
        rest,
        delimiter,
        modern,
        values: &values,
        frozen: None,
        lengths: [None; MAX_DIMENSIONS],
    };
    let items = parser.items(0)?;
    parser.space();
    if parser.peek().is_some() {
        return Err(parser.bad("Junk after closing right brace."));
    }
    let dimensions = parser.dimensions(&items)?;
    let is_empty = dimensions.contains(&0);
    if !bounds.is_empty() {
        let given = bounds.iter().map(|(_, length)| *length);
        if is_empty || !given.eq(dimensions.iter().map(|d| *d as i64)) {
            return Err(malformed(text, "Specified array dimensions do not match array contents."));
        }
    }
    if is_empty {
        return Ok("{}".to_owned());
    }
    let mut out = String::new();
    if bounds.iter().any(|(lower, _)| *lower != 1) {
        for (lower, length) in &bounds {
            out.push_str(&format!("[{lower}:{}]", i64::from(*lower) + length - 1));
        }
        out.push('=');
    }
    print(items, delimiter, &|item| if modern { Ok(item) } else { values.read(item) }, &mut out)?;
    Ok(out)
}

/// The text of an array, with its values changed; `text` is what the output function gave.
pub(crate) fn with_values(text: &str, change: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let bounds_end = text.find('{')?;
    let (bounds, rest) = text.split_at(bounds_end);
    let mut out = bounds.to_owned();
    let mut chars = rest.chars().peekable();
    while let Some(c) = chars.next() {
        if matches!(c, '{' | '}' | ',') {
            out.push(c);
            continue;
        }
        let quoted = c == '"';
        let mut value = if quoted { String::new() } else { c.to_string() };
        if quoted {
            while let Some(c) = chars.next().filter(|&c| c != '"') {
                value.push(if c == '\\' { chars.next()? } else { c });
            }
        } else {
            while let Some(c) = chars.next_if(|c| !matches!(c, ',' | '}')) {
                value.push(c);
            }
        }
        match change(&value).filter(|_| quoted || value != "NULL") {
            Some(new) => push_element(&new, ',', &mut out),
            None if quoted => push_element(&value, ',', &mut out),
            None => out.push_str(&value),
        }
    }
    Some(out)
}

/// How values are read.
struct Values<'a> {
    env: &'a DatumEnv<'a>,
    element: Oid,
    typmod: i32,
}

impl Values<'_> {
    /// The item with its value as the output function shows it.
    fn read(&self, item: Item) -> Exec<Item> {
        Ok(match item {
            Item::Null => {
                null_inside(self.env, self.element)?;
                Item::Null
            }
            Item::Value(text) => Item::Value(input_inside(self.env, self.element, self.typmod, &text)?),
            Item::Array(_) => item,
        })
    }
}

fn print(items: Vec<Item>, delimiter: char, read: &dyn Fn(Item) -> Exec<Item>, out: &mut String) -> Exec {
    out.push('{');
    for (i, item) in items.into_iter().enumerate() {
        if i > 0 {
            out.push(delimiter);
        }
        match read(item)? {
            Item::Array(items) => print(items, delimiter, read, out)?,
            Item::Null => out.push_str("NULL"),
            Item::Value(text) => push_element(&text, delimiter, out),
        }
    }
    out.push('}');
    Ok(())
}

fn push_element(text: &str, delimiter: char, out: &mut String) {
    let special = |c: char| matches!(c, '"' | '\\' | '{' | '}') || c == delimiter || is_space(c);
    if !text.is_empty() && !text.eq_ignore_ascii_case("null") && !text.contains(special) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_change_and_the_rest_stays() {
        let change = |value: &str| (value == "a b" || value == "x").then(|| format!("{value}, new"));
        let changed = |text: &str| with_values(text, &change);
        assert_eq!(changed("{}").as_deref(), Some("{}"));
        assert_eq!(changed("{x,y,NULL,\"NULL\"}").as_deref(), Some("{\"x, new\",y,NULL,\"NULL\"}"));
        assert_eq!(
            changed("[0:1][2:2]={{\"a b\"},{\"q\\\"\\\\\"}}").as_deref(),
            Some("[0:1][2:2]={{\"a b, new\"},{\"q\\\"\\\\\"}}")
        );
        assert_eq!(changed("x"), None);
    }
}
