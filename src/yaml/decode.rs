//! Nodes to values, with all errors and not only the first.

use std::borrow::Cow;
use std::cell::RefCell;

use ecow::EcoString;

use super::{Entry, Error, Located, Node, NodeKind, Style};
use crate::report::closest;
use crate::sql::span::Span;

/// Where decoders put what they find wrong.
#[derive(Debug, Default)]
pub struct Errors(RefCell<Vec<Error>>);

impl Errors {
    /// Adds an error.
    pub fn push(&self, error: Error) {
        self.0.borrow_mut().push(error);
    }

    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// All errors in the order of the text.
    pub fn into_sorted(self) -> Vec<Error> {
        let mut errors = self.0.into_inner();
        errors.sort_by_key(|error| error.span);
        errors
    }
}

/// A mapping whose keys are known beforehand. [`Map::finish`] reports the keys that nobody asked for.
#[derive(Debug)]
pub struct Map<'n> {
    what: Cow<'n, str>,
    span: Span,
    entries: &'n [Entry],
    known: Vec<&'static str>,
    errors: &'n Errors,
}

impl<'n> Map<'n> {
    /// The node as a mapping; `what` names it in messages with its article (`a table`).
    pub fn new(node: &'n Node, what: impl Into<Cow<'n, str>>, errors: &'n Errors) -> Option<Self> {
        let what = what.into();
        match &node.kind {
            NodeKind::Mapping(entries) => Some(Map { what, span: node.span, entries, known: Vec::new(), errors }),
            NodeKind::Null | NodeKind::Scalar(_) | NodeKind::Sequence(_) => {
                errors.push(Error::new(format!("{what} must be a mapping, not {}", node.kind.describe()), node.span));
                None
            }
        }
    }

    /// The place of the whole mapping.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The value of `key`, which need not be there.
    pub fn optional(&mut self, key: &'static str) -> Option<Value<'n>> {
        self.known.push(key);
        let entry = self.entries.iter().find(|entry| entry.key.value == key)?;
        Some(Value::new(&entry.value, key, entry.key.span, self.errors))
    }

    /// The value of `key`; its absence is an error.
    pub fn required(&mut self, key: &'static str) -> Option<Value<'n>> {
        let value = self.optional(key);
        if value.is_none() {
            let at = self.entries.first().map_or(self.span, |entry| entry.key.span);
            self.errors.push(Error::new(format!("{} needs the key `{key}`", self.what), at));
        }
        value
    }

    /// Reports the keys that were not asked for.
    pub fn finish(self) {
        for Entry { key, .. } in self.entries.iter().filter(|entry| !self.known.contains(&entry.key.value.as_str())) {
            let error = Error::new(format!("{} has no key `{}`", self.what, key.value), key.span).label("unknown key");
            let help = match closest(&key.value, self.known.iter().copied()) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("known keys are {}", list_words(self.known.iter().copied())),
            };
            self.errors.push(error.help(help));
        }
    }
}

/// A value with the name that messages use for it.
#[derive(Clone, Copy, Debug)]
pub struct Value<'n> {
    node: &'n Node,
    name: &'n str,
    key_span: Span,
    errors: &'n Errors,
}

impl<'n> Value<'n> {
    /// A value by hand; [`Map`] and [`Value::entries`] make them otherwise.
    pub fn new(node: &'n Node, name: &'n str, key_span: Span, errors: &'n Errors) -> Self {
        Value { node, name, key_span, errors }
    }

    /// The node.
    pub fn node(self) -> &'n Node {
        self.node
    }

    /// The key.
    pub fn name(self) -> &'n str {
        self.name
    }

    /// The place of the key; of the item itself for an item of a list.
    pub fn key_span(self) -> Span {
        self.key_span
    }

    /// The place of the value; of the key where the value is absent.
    pub fn span(self) -> Span {
        match self.node.span.range().is_empty() {
            true => self.key_span,
            false => self.node.span,
        }
    }

    /// Whether nothing, `~` or `null` is written.
    pub fn is_null(self) -> bool {
        matches!(self.node.kind, NodeKind::Null)
    }

    /// Reports the value as wrong: `message` is said of it.
    pub fn error(self, message: impl Into<String>) {
        self.errors.push(Error::new(message, self.span()));
    }

    /// The same with a hint.
    pub fn error_with_help(self, message: impl Into<String>, help: impl Into<String>) {
        self.errors.push(Error::new(message, self.span()).help(help));
    }

    /// A text. Whatever plain scalar is written is text: `003`, `no`, `1.10`.
    pub fn str(self) -> Option<Located<EcoString>> {
        match &self.node.kind {
            NodeKind::Scalar(scalar) => Some(Located::new(scalar.text.clone(), self.node.span)),
            NodeKind::Null | NodeKind::Sequence(_) | NodeKind::Mapping(_) => self.expected("text"),
        }
    }

    /// A text that is not empty and not only spaces.
    pub fn name_str(self) -> Option<Located<EcoString>> {
        let text = self.str()?;
        if text.value.trim().is_empty() {
            self.error(format!("`{}` is empty", self.name));
            return None;
        }
        Some(text)
    }

    /// `true` or `false`.
    pub fn bool(self) -> Option<Located<bool>> {
        let NodeKind::Scalar(scalar) = &self.node.kind else { return self.expected("true or false") };
        let value = match (scalar.text.as_str(), scalar.style) {
            ("true", Style::Plain) => true,
            ("false", Style::Plain) => false,
            (text, _) => {
                let help = match text.to_ascii_lowercase().as_str() {
                    "yes" | "on" | "y" | "true" | "1" => "write `true`, without quotes",
                    "no" | "off" | "n" | "false" | "0" => "write `false`, without quotes",
                    _ => "write `true` or `false`",
                };
                self.error_with_help(format!("`{}` must be true or false, not `{text}`", self.name), help);
                return None;
            }
        };
        Some(Located::new(value, self.node.span))
    }

    /// A whole number that is not negative.
    pub fn integer(self) -> Option<Located<u64>> {
        let NodeKind::Scalar(scalar) = &self.node.kind else { return self.expected("a whole number") };
        match scalar.text.parse() {
            Ok(number) if scalar.text.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(Located::new(number, self.node.span))
            }
            _ => {
                self.error(format!("`{}` must be a whole number, not `{}`", self.name, scalar.text));
                None
            }
        }
    }

    /// One of some words.
    pub fn one_of<T: Copy>(self, words: &[(&'static str, T)]) -> Option<Located<T>> {
        let text = self.str()?;
        if let Some(&(_, value)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(Located::new(value, text.span));
        }
        let known = || words.iter().map(|(word, _)| *word);
        let message = format!("`{}` must be {}, not `{}`", self.name, list_alternatives(known()), text.value);
        let mut error = Error::new(message, self.span());
        error.help = closest(&text.value, known()).map(|word| format!("did you mean `{word}`?"));
        self.errors.push(error);
        None
    }

    /// A text, or a list of texts.
    pub fn string_or_list(self) -> Option<Vec<Located<EcoString>>> {
        match &self.node.kind {
            NodeKind::Scalar(_) => self.str().map(|text| vec![text]),
            NodeKind::Sequence(_) => {
                let items = self.list()?;
                let texts: Vec<_> = items.iter().filter_map(|item| item.str()).collect();
                (texts.len() == items.len()).then_some(texts)
            }
            NodeKind::Null | NodeKind::Mapping(_) => self.expected("text or a list of texts"),
        }
    }

    /// The items of a list; each has the list's name.
    pub fn list(self) -> Option<Vec<Value<'n>>> {
        match &self.node.kind {
            NodeKind::Sequence(items) => {
                Some(items.iter().map(|item| Value::new(item, self.name, item.span, self.errors)).collect())
            }
            NodeKind::Null | NodeKind::Scalar(_) | NodeKind::Mapping(_) => self.expected("a list"),
        }
    }

    /// A mapping with known keys.
    pub fn map(self, what: impl Into<Cow<'n, str>>) -> Option<Map<'n>> {
        match self.node.kind {
            NodeKind::Null => self.expected("a mapping"),
            NodeKind::Scalar(_) | NodeKind::Sequence(_) | NodeKind::Mapping(_) => {
                Map::new(self.node, what, self.errors)
            }
        }
    }

    /// The entries of a mapping whose keys are names that the author chooses.
    pub fn entries(self) -> Option<Vec<(&'n Located<EcoString>, Value<'n>)>> {
        match &self.node.kind {
            NodeKind::Mapping(entries) => Some(
                entries
                    .iter()
                    .map(|Entry { key, value }| (key, Value::new(value, &key.value, key.span, self.errors)))
                    .collect(),
            ),
            NodeKind::Null | NodeKind::Scalar(_) | NodeKind::Sequence(_) => self.expected("a mapping"),
        }
    }

    fn expected<T>(self, expected: &str) -> Option<T> {
        let (message, help) = match &self.node.kind {
            NodeKind::Null if self.node.span.range().is_empty() => (
                format!("`{}` has no value: {expected} must follow", self.name),
                Some("remove the key if nothing is meant"),
            ),
            NodeKind::Null => {
                (format!("`{}` must be {expected}, not null", self.name), Some("quote it if this text is meant"))
            }
            kind => (format!("`{}` must be {expected}, not {}", self.name, kind.describe()), None),
        };
        let mut error = Error::new(message, self.span());
        error.help = help.map(str::to_owned);
        self.errors.push(error);
        None
    }
}

/// `a`, `b` and `c`
fn list_words<'a>(words: impl Iterator<Item = &'a str>) -> String {
    join(words, " and ")
}

/// `a`, `b` or `c`
fn list_alternatives<'a>(words: impl Iterator<Item = &'a str>) -> String {
    join(words, " or ")
}

fn join<'a>(words: impl Iterator<Item = &'a str>, last: &str) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{}{last}{end}", rest.join(", ")),
        _ => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse;

    /// Decodes `text` and returns the messages with what their places show.
    fn errors(text: &str, decode: impl Fn(&mut Map<'_>)) -> Vec<String> {
        let node = parse(text).unwrap();
        let errors = Errors::default();
        if let Some(mut map) = Map::new(&node, "a table", &errors) {
            decode(&mut map);
            map.finish();
        }
        let show = |error: Error| {
            let help = error.help.map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{} @ {}{help}", error.message, &text[error.span.range()])
        };
        errors.into_sorted().into_iter().map(show).collect()
    }

    #[test]
    fn all_errors_are_reported() {
        let found = errors("nam: x\nnullable: no\nsize: -1\nkind: vew\nother: 1\n", |map| {
            assert!(map.required("name").is_none());
            assert!(map.optional("nullable").unwrap().bool().is_none());
            assert!(map.optional("size").unwrap().integer().is_none());
            assert!(map.optional("kind").unwrap().one_of(&[("table", 1), ("view", 2)]).is_none());
        });
        assert_eq!(
            found,
            [
                "a table needs the key `name` @ nam",
                "a table has no key `nam` @ nam (did you mean `name`?)",
                "`nullable` must be true or false, not `no` @ no (write `false`, without quotes)",
                "`size` must be a whole number, not `-1` @ -1",
                "`kind` must be `table` or `view`, not `vew` @ vew (did you mean `view`?)",
                "a table has no key `other` @ other (known keys are `name`, `nullable`, `size` and `kind`)",
            ]
        );
    }

    #[test]
    fn absent_values_are_not_guessed() {
        let found = errors("a:\nb: ~\nc: [x, ]\nd: [x, ~]\n", |map| {
            assert!(map.optional("a").unwrap().str().is_none());
            assert!(map.optional("b").unwrap().list().is_none());
            assert_eq!(map.optional("c").unwrap().string_or_list().unwrap().len(), 1);
            assert!(map.optional("d").unwrap().string_or_list().is_none());
        });
        assert_eq!(
            found,
            [
                "`a` has no value: text must follow @ a (remove the key if nothing is meant)",
                "`b` must be a list, not null @ ~ (quote it if this text is meant)",
                "`d` must be text, not null @ ~ (quote it if this text is meant)",
            ]
        );
    }

    #[test]
    fn wrong_shapes() {
        assert_eq!(errors("- a\n", |_| ()), ["a table must be a mapping, not a list @ - a"]);
        let found = errors("a: [1]\nb: {c: 1}\nd: x\ne: 'true'\nf: ' '\n", |map| {
            assert!(map.optional("a").unwrap().str().is_none());
            assert!(map.optional("b").unwrap().string_or_list().is_none());
            assert!(map.optional("d").unwrap().map("a column").is_none());
            assert!(map.optional("e").unwrap().bool().is_none());
            assert!(map.optional("f").unwrap().name_str().is_none());
        });
        assert_eq!(
            found,
            [
                "`a` must be text, not a list @ [1]",
                "`b` must be text or a list of texts, not a mapping @ {c: 1}",
                "a column must be a mapping, not text @ x",
                "`e` must be true or false, not `true` @ 'true' (write `true`, without quotes)",
                "`f` is empty @ ' '",
            ]
        );
    }

    #[test]
    fn values() {
        let found = errors("a: no\nb: true\nc: {x: 1, y: 2}\nd: x\ne: 007\n", |map| {
            assert_eq!(map.optional("a").unwrap().str().unwrap().value, "no");
            assert!(map.optional("b").unwrap().bool().unwrap().value);
            let entries = map.optional("c").unwrap().entries().unwrap();
            let pairs: Vec<_> = entries.iter().map(|(key, value)| (key.value.as_str(), value.name())).collect();
            assert_eq!(pairs, [("x", "x"), ("y", "y")]);
            assert_eq!(map.optional("d").unwrap().string_or_list().unwrap()[0].value, "x");
            assert_eq!(map.optional("e").unwrap().integer().unwrap().value, 7);
        });
        assert!(found.is_empty(), "{found:?}");
    }
}
