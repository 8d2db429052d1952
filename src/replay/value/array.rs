//! Arrays and their text form (`arrayfuncs.c: array_in`, `array_out`).

use std::cmp::Ordering;

use super::{Incomparable, Value, compare_nulls_last};
use crate::catalog::{Oid, builtin::Builtins};

/// An array. One of several dimensions has arrays as items.
#[derive(Clone, Debug, PartialEq)]
pub struct ArrayValue {
    /// The type of what is in it, however many dimensions it has.
    pub element: Oid,
    /// The items, the first of which has the number 1.
    pub items: Vec<Value>,
    /// It is an `int2vector` or `oidvector`: it has blanks between its items, and the first has the number 0.
    pub vector: bool,
}

impl ArrayValue {
    /// Its type, where the element is of a built-in type.
    pub fn type_oid(&self) -> Option<Oid> {
        // The numbers of array types are the same in all versions.
        let element = Builtins::for_version(15).type_by_oid(self.element)?;
        Some(element.array).filter(|&array| array != Oid::INVALID)
    }

    /// The item of that number, counted from 1.
    pub fn get(&self, number: i64) -> Option<&Value> {
        usize::try_from(if self.vector { number } else { number.checked_sub(1)? }).ok().and_then(|i| self.items.get(i))
    }

    /// The elements of all dimensions in their order.
    pub fn elements(&self) -> Vec<Value> {
        let mut elements = Vec::with_capacity(self.items.len());
        for item in &self.items {
            match item {
                Value::Array(inner) => elements.extend(inner.elements()),
                other => elements.push(other.clone()),
            }
        }
        elements
    }

    /// How many dimensions it has.
    pub fn depth(&self) -> usize {
        match self.items.first() {
            None => 0,
            Some(Value::Array(inner)) => 1 + inner.depth(),
            Some(_) => 1,
        }
    }

    /// The parts of so many dimensions, in their order: the elements if there are none.
    pub fn slices(&self, dimensions: usize) -> Vec<Value> {
        if self.depth() <= dimensions {
            return if self.items.is_empty() { Vec::new() } else { vec![Value::Array(self.clone().into())] };
        }
        let mut slices = Vec::new();
        for item in &self.items {
            match item {
                Value::Array(inner) => slices.extend(inner.slices(dimensions)),
                other => slices.push(other.clone()),
            }
        }
        slices
    }

    pub(super) fn compare(&self, other: &ArrayValue) -> Result<Ordering, Incomparable> {
        for (a, b) in self.items.iter().zip(&other.items) {
            let ordering = compare_nulls_last(a, b)?;
            if ordering != Ordering::Equal {
                return Ok(ordering);
            }
        }
        Ok(self.items.len().cmp(&other.items.len()))
    }
}

/// An item of an array's text form.
#[derive(Clone, Debug, PartialEq)]
pub enum TextItem {
    /// `NULL`
    Null,
    /// A value in its own text form.
    Value(String),
    /// An array inside.
    Array(Vec<TextItem>),
}

/// Splits `{a,"b c",NULL,{…}}` into its items; nothing if it is malformed or has bounds (`[0:1]={…}`).
pub fn parse_array(text: &str) -> Option<Vec<TextItem>> {
    let mut chars = text.trim().chars().peekable();
    let items = items(&mut chars, 0)?;
    chars.next().is_none().then_some(items)
}

/// The deepest array (`MAXDIM`).
const MAX_DIMENSIONS: usize = 6;

fn items(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, depth: usize) -> Option<Vec<TextItem>> {
    if chars.next() != Some('{') || depth == MAX_DIMENSIONS {
        return None;
    }
    let mut items = Vec::new();
    skip_space(chars);
    if chars.peek() == Some(&'}') {
        chars.next();
        return Some(items);
    }
    loop {
        skip_space(chars);
        items.push(match chars.peek()? {
            '{' => TextItem::Array(self::items(chars, depth + 1)?),
            '"' => TextItem::Value(quoted(chars)?),
            _ => unquoted(chars)?,
        });
        skip_space(chars);
        match chars.next()? {
            ',' => {}
            '}' => return Some(items),
            _ => return None,
        }
    }
}

fn skip_space(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    while chars.next_if(char::is_ascii_whitespace).is_some() {}
}

fn quoted(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    chars.next();
    let mut value = String::new();
    loop {
        match chars.next()? {
            '"' => return Some(value),
            '\\' => value.push(chars.next()?),
            c => value.push(c),
        }
    }
}

fn unquoted(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<TextItem> {
    let mut value = String::new();
    let mut escaped = false;
    while let Some(c) = chars.next_if(|c| !matches!(c, ',' | '}')) {
        match c {
            '{' | '"' => return None,
            '\\' => {
                value.push(chars.next()?);
                escaped = true;
            }
            c => value.push(c),
        }
    }
    let value = value.trim_end().to_owned();
    match value.is_empty() {
        true => None,
        false if !escaped && value.eq_ignore_ascii_case("null") => Some(TextItem::Null),
        false => Some(TextItem::Value(value)),
    }
}

/// An element as an array's text form shows it.
pub fn quote_element(text: &str) -> String {
    let needs_quotes = text.is_empty()
        || text.eq_ignore_ascii_case("null")
        || text.chars().any(|c| matches!(c, '"' | '\\' | '{' | '}' | ',') || c.is_ascii_whitespace() || c == '\x0b');
    if needs_quotes { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form() {
        let value = |s: &str| TextItem::Value(s.to_owned());
        assert_eq!(
            parse_array(" { a , \"b c\",NULL, \"null\" } "),
            Some(vec![value("a"), value("b c"), TextItem::Null, value("null")])
        );
        assert_eq!(parse_array("{}"), Some(vec![]));
        assert_eq!(parse_array("{{1},{2}}").map(|i| i.len()), Some(2));
        assert_eq!(parse_array("{a"), None);
        assert_eq!(parse_array("{a,}"), None);
        assert_eq!(parse_array("a"), None);
        assert_eq!(quote_element("a b"), "\"a b\"");
        assert_eq!(quote_element("a\"b"), "\"a\\\"b\"");
        assert_eq!(quote_element("é"), "é");
    }
}
