//! Reads `pg_node_tree` (`read.c`).

/// A value in a node tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    /// A number, a word, an escaped text.
    Token(String),
    /// A string node: `"text"`.
    Text(String),
    /// A datum: its bytes.
    Datum(Vec<u8>),
    /// A list of nodes or of numbers (with `i`, `o`, `b` in front).
    List(Vec<Value>),
    Node(Node),
}

/// A node: its tag and its fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub tag: String,
    pub fields: Vec<(String, Value)>,
}

static NULL: Value = Value::Null;

impl Node {
    /// A field, null if the version has none of that name.
    pub fn get(&self, name: &str) -> &Value {
        self.fields.iter().find(|(n, _)| n == name).map_or(&NULL, |(_, value)| value)
    }

    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(n, _)| n == name)
    }

    pub fn int(&self, name: &str) -> i64 {
        match self.get(name) {
            Value::Token(text) => text.parse().unwrap_or_else(|_| panic!("{}.{name} is {text}", self.tag)),
            Value::Null => 0,
            other => panic!("{}.{name} is {other:?}", self.tag),
        }
    }

    pub fn flag(&self, name: &str) -> bool {
        matches!(self.get(name), Value::Token(text) if text == "true")
    }

    pub fn text(&self, name: &str) -> Option<String> {
        match self.get(name) {
            Value::Token(text) | Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    pub fn list(&self, name: &str) -> &[Value] {
        match self.get(name) {
            Value::List(items) => items,
            Value::Null => &[],
            other => panic!("{}.{name} is {other:?}", self.tag),
        }
    }

    pub fn node(&self, name: &str) -> Option<&Node> {
        match self.get(name) {
            Value::Node(node) => Some(node),
            _ => None,
        }
    }

    /// Numbers of an integer, OID or bitmap list.
    pub fn ints(&self, name: &str) -> Vec<i64> {
        let number = |value: &Value| match value {
            Value::Token(text) => text.parse().ok(),
            _ => None,
        };
        self.list(name).iter().filter_map(number).collect()
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

/// Reads a value.
pub fn read(text: &str) -> Value {
    let mut reader = Reader { text: text.as_bytes(), at: 0 };
    reader.value()
}

impl Reader<'_> {
    fn skip_space(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn peek(&mut self) -> u8 {
        self.skip_space();
        self.text.get(self.at).copied().unwrap_or(0)
    }

    /// A token; backslashes are taken away.
    fn token(&mut self) -> String {
        self.skip_space();
        let mut out = Vec::new();
        while let Some(&c) = self.text.get(self.at) {
            match c {
                b'\\' => {
                    self.at += 1;
                    out.extend(self.text.get(self.at));
                }
                b'(' | b')' | b'{' | b'}' => break,
                c if c.is_ascii_whitespace() => break,
                c => out.push(c),
            }
            self.at += 1;
        }
        String::from_utf8_lossy(&out).into_owned()
    }

    fn value(&mut self) -> Value {
        match self.peek() {
            b'{' => {
                self.at += 1;
                let tag = self.token();
                let mut fields = Vec::new();
                while self.peek() != b'}' {
                    let name = self.token();
                    let name = name.strip_prefix(':').unwrap_or_else(|| panic!("{tag}: {name}")).to_owned();
                    let mut value = if matches!(self.peek(), b':' | b'}') { Value::Null } else { self.value() };
                    // A datum has its length before its bytes.
                    if self.peek() == b'[' {
                        self.at += 1;
                        let mut bytes = Vec::new();
                        while self.peek() != b']' {
                            bytes.push(self.token().parse::<i16>().expect("a byte") as u8);
                        }
                        self.at += 1;
                        value = Value::Datum(bytes);
                    }
                    fields.push((name, value));
                }
                self.at += 1;
                Value::Node(Node { tag, fields })
            }
            b'(' => {
                self.at += 1;
                let mut items = Vec::new();
                while self.peek() != b')' {
                    items.push(self.value());
                }
                self.at += 1;
                Value::List(items)
            }
            b'"' => {
                let raw = self.quoted();
                Value::Text(raw)
            }
            b'<' if self.text[self.at..].starts_with(b"<>") => {
                self.at += 2;
                Value::Null
            }
            _ => Value::Token(self.token()),
        }
    }

    fn quoted(&mut self) -> String {
        // The whole token is escaped, quotes included.
        let token = self.token();
        token[1..token.len() - 1].to_owned()
    }
}
