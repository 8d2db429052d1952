//! Events of `saphyr-parser` to a tree.

use std::collections::hash_map;

use ecow::EcoString;
use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::{Entry, Error, Located, Node, NodeKind, Scalar, Style};
use crate::sql::span::Span;

/// The largest text that is parsed, in bytes.
pub const MAX_BYTES: usize = 8 << 20;
/// The deepest nesting of lists and mappings.
pub const MAX_DEPTH: usize = 64;
/// How many nodes may come into being by anchors and aliases.
pub const MAX_EXPANSION: usize = 200_000;

/// Parses a text that holds one document; an empty text is [`NodeKind::Null`].
pub fn parse(text: &str) -> Result<Node, Error> {
    parse_part(text, Span::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX)))
}

/// Parses a part of a text, such as a fenced block of a Markdown file. All places are places in `text`.
///
/// A part that is not within the text, or does not begin and end at characters, is empty.
pub fn parse_part(text: &str, part: Span) -> Result<Node, Error> {
    let part_text = text.get(part.range()).unwrap_or("");
    if part_text.len() > MAX_BYTES {
        let message = format!("this YAML is larger than {} MiB", MAX_BYTES >> 20);
        return Err(Error::new(message, Span::point(part.start)));
    }
    // The scanner sees the end of the input in a NUL: what follows it would be lost without a word.
    if let Some(at) = part_text.bytes().position(|byte| byte == 0) {
        let at = part.start + at as u32;
        return Err(Error::new("YAML cannot hold a NUL byte", Span::new(at, at + 1)));
    }
    Builder::new(part_text, part.start).run()
}

/// Byte offsets of characters: the scanner counts characters.
struct Offsets<'t> {
    text: &'t str,
    base: u32,
    /// The byte offset of every [`STRIDE`]th character; empty for ASCII, where both counts are one.
    checkpoints: Vec<u32>,
}

const STRIDE: usize = 64;

impl<'t> Offsets<'t> {
    fn new(text: &'t str, base: u32) -> Self {
        let checkpoints = match text.is_ascii() {
            true => Vec::new(),
            false => text.char_indices().step_by(STRIDE).map(|(at, _)| at as u32).collect(),
        };
        Offsets { text, base, checkpoints }
    }

    /// The byte offset within the part.
    fn local(&self, chars: usize) -> usize {
        let Some(&from) = self.checkpoints.get(chars / STRIDE) else {
            return if self.checkpoints.is_empty() { chars.min(self.text.len()) } else { self.text.len() };
        };
        let rest = &self.text[from as usize..];
        rest.char_indices().nth(chars % STRIDE).map_or(self.text.len(), |(at, _)| from as usize + at)
    }

    fn span(&self, span: saphyr_parser::Span) -> Span {
        let start = self.local(span.start.index());
        let end = self.local(span.end.index()).max(start);
        Span::new(start as u32, end as u32).shifted(self.base)
    }
}

/// A list or mapping whose end has not come yet.
struct Open {
    collection: Collection,
    span: Span,
    anchor: usize,
}

enum Collection {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<Entry>, key: Option<Located<EcoString>>, seen: FxHashMap<EcoString, Span> },
}

struct Builder<'t> {
    offsets: Offsets<'t>,
    open: Vec<Open>,
    root: Option<Node>,
    /// What aliases stand for, with the number of nodes.
    anchors: FxHashMap<usize, (Node, usize)>,
    expansion: usize,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, base: u32) -> Self {
        let offsets = Offsets::new(text, base);
        Builder { offsets, open: Vec::new(), root: None, anchors: FxHashMap::default(), expansion: 0 }
    }

    fn run(mut self) -> Result<Node, Error> {
        let mut parser = Parser::new_from_str(self.offsets.text);
        let mut documents = 0;
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(|error| {
                let at = self.offsets.local(error.marker().index());
                let width = self.offsets.text[at..].chars().next().filter(|&c| c != '\n').map_or(0, char::len_utf8);
                let span = Span::new(at as u32, (at + width) as u32).shifted(self.offsets.base);
                Error::new(format!("invalid YAML: {}", error.info()), span)
            })?;
            let span = self.offsets.span(span);
            match event {
                Event::Nothing | Event::StreamStart | Event::DocumentEnd => {}
                Event::StreamEnd => break,
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        return Err(Error::new("a second document in one file", span)
                            .help("write one file a document, or remove the `---`"));
                    }
                }
                Event::Alias(anchor) => {
                    let node = self.alias(anchor, span)?;
                    self.add(node, span)?;
                }
                Event::Scalar(text, style, anchor, tag) => {
                    let node = self.scalar(&text, style, span, tag.as_deref())?;
                    self.keep(anchor, &node, 1)?;
                    let at = node.span;
                    self.add(node, at)?;
                }
                Event::SequenceStart(anchor, tag) => {
                    self.start(Collection::Sequence(Vec::new()), span, anchor, tag.as_deref(), "seq")?;
                }
                Event::MappingStart(anchor, tag) => {
                    let mapping = Collection::Mapping { entries: Vec::new(), key: None, seen: FxHashMap::default() };
                    self.start(mapping, span, anchor, tag.as_deref(), "map")?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
            }
        }
        Ok(self.root.unwrap_or(Node { kind: NodeKind::Null, span: Span::point(self.offsets.base) }))
    }

    fn scalar(&self, text: &str, style: ScalarStyle, span: Span, tag: Option<&Tag>) -> Result<Node, Error> {
        let is_str = match tag {
            None => false,
            Some(tag) if is_core(tag, "str") || (tag.handle.is_empty() && tag.suffix == "!") => true,
            Some(tag) => return Err(refuse_tag(tag, span)),
        };
        let style = match style {
            ScalarStyle::Plain if is_str => Style::Quoted,
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        };
        if style == Style::Plain && matches!(text, "" | "~" | "null" | "Null" | "NULL") {
            // The place of an absent value is that of the next token.
            let span = if text.is_empty() { Span::point(span.start) } else { span };
            return Ok(Node { kind: NodeKind::Null, span });
        }
        let span = self.trimmed(span);
        Ok(Node { kind: NodeKind::Scalar(Scalar { text: text.into(), style }), span })
    }

    /// Without the line ends that a block scalar's range includes.
    fn trimmed(&self, span: Span) -> Span {
        let local = Span::new(span.start - self.offsets.base, span.end - self.offsets.base);
        let written = self.offsets.text[local.range()].trim_end();
        Span::new(span.start, span.start + written.len() as u32)
    }

    fn start(
        &mut self,
        collection: Collection,
        span: Span,
        anchor: usize,
        tag: Option<&Tag>,
        core: &str,
    ) -> Result<(), Error> {
        if let Some(tag) = tag
            && !is_core(tag, core)
        {
            return Err(refuse_tag(tag, span));
        }
        if let Some(Open { collection: Collection::Mapping { key: None, .. }, .. }) = self.open.last() {
            return Err(Error::new("a key must be text", span)
                .help("a value that begins with `{` or `[` is a mapping or a list: quote it if text is meant"));
        }
        if self.open.len() == MAX_DEPTH {
            return Err(Error::new(format!("nested more than {MAX_DEPTH} levels deep"), span));
        }
        self.open.push(Open { collection, span, anchor });
        Ok(())
    }

    fn end(&mut self, end: Span) -> Result<(), Error> {
        let Some(Open { collection, span, anchor }) = self.open.pop() else { return Ok(()) };
        // A block's end is noticed at the next token, lines later: it ends with its last child.
        let (kind, last) = match collection {
            Collection::Sequence(items) => {
                let last = items.last().map(|node| node.span);
                (NodeKind::Sequence(items), last)
            }
            Collection::Mapping { entries, .. } => {
                let last = entries.last().map(|entry| entry.key.span.to(entry.value.span));
                (NodeKind::Mapping(entries), last)
            }
        };
        let is_flow = !span.range().is_empty();
        let span = match last {
            // An alias has the place of its anchor, so the last child may end before this one starts.
            Some(last) if !is_flow => Span::new(span.start, last.end.max(span.start)),
            _ => span.to(end),
        };
        let node = Node { kind, span };
        if anchor != 0 {
            let size = size_of(&node);
            self.keep(anchor, &node, size)?;
        }
        self.add(node, span)
    }

    /// Puts a finished node where it belongs; `at` is where it was written.
    fn add(&mut self, node: Node, at: Span) -> Result<(), Error> {
        match self.open.last_mut().map(|open| &mut open.collection) {
            None => self.root = Some(node),
            Some(Collection::Sequence(items)) => items.push(node),
            Some(Collection::Mapping { entries, key, seen }) => match key.take() {
                Some(key) => entries.push(Entry { key, value: node }),
                None => *key = Some(new_key(node, at, seen)?),
            },
        }
        Ok(())
    }

    fn keep(&mut self, anchor: usize, node: &Node, size: usize) -> Result<(), Error> {
        if anchor != 0 {
            self.spend(size, node.span)?;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        Ok(())
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<Node, Error> {
        let Some(&(_, size)) = self.anchors.get(&anchor) else {
            return Err(Error::new("this alias stands for a value that contains it", span));
        };
        self.spend(size, span)?;
        let node = &self.anchors[&anchor].0;
        if self.open.len() + depth_of(node) > MAX_DEPTH {
            return Err(Error::new(format!("nested more than {MAX_DEPTH} levels deep"), span));
        }
        Ok(node.clone())
    }

    fn spend(&mut self, nodes: usize, span: Span) -> Result<(), Error> {
        self.expansion += nodes;
        match self.expansion > MAX_EXPANSION {
            true => Err(Error::new(format!("aliases expand to more than {MAX_EXPANSION} values"), span)),
            false => Ok(()),
        }
    }
}

fn new_key(node: Node, at: Span, seen: &mut FxHashMap<EcoString, Span>) -> Result<Located<EcoString>, Error> {
    let scalar = match node.kind {
        NodeKind::Scalar(scalar) => scalar,
        NodeKind::Null => return Err(Error::new("a key is missing", at).help("quote it if this text is meant")),
        NodeKind::Sequence(_) | NodeKind::Mapping(_) => return Err(Error::new("a key must be text", at)),
    };
    if scalar.text == "<<" && scalar.style == Style::Plain {
        return Err(Error::new("merge keys (`<<`) are not supported", at).help("write the keys out"));
    }
    match seen.entry(scalar.text.clone()) {
        hash_map::Entry::Occupied(first) => Err(Error::new(format!("the key `{}` is given twice", scalar.text), at)
            .label("given again here")
            .related(*first.get(), "first given here")),
        hash_map::Entry::Vacant(slot) => {
            slot.insert(at);
            Ok(Located::new(scalar.text, at))
        }
    }
}

/// Whether it is this tag of the core schema, written `!!str` or in full.
fn is_core(tag: &Tag, name: &str) -> bool {
    const CORE: &str = "tag:yaml.org,2002:";
    match tag.handle.as_str() {
        CORE => tag.suffix == name,
        "" => tag.suffix.strip_prefix(CORE) == Some(name),
        _ => false,
    }
}

fn refuse_tag(tag: &Tag, span: Span) -> Error {
    let name = match tag.is_yaml_core_schema() {
        true => format!("!!{}", tag.suffix),
        false => format!("{}{}", tag.handle, tag.suffix),
    };
    Error::new(format!("the tag `{name}` is not supported"), span)
}

/// The number of nodes, keys included. The depth is bounded by [`MAX_DEPTH`].
fn size_of(node: &Node) -> usize {
    match &node.kind {
        NodeKind::Null | NodeKind::Scalar(_) => 1,
        NodeKind::Sequence(items) => 1 + items.iter().map(size_of).sum::<usize>(),
        NodeKind::Mapping(entries) => 1 + entries.iter().map(|entry| 1 + size_of(&entry.value)).sum::<usize>(),
    }
}

fn depth_of(node: &Node) -> usize {
    match &node.kind {
        NodeKind::Null | NodeKind::Scalar(_) => 0,
        NodeKind::Sequence(items) => 1 + items.iter().map(depth_of).max().unwrap_or(0),
        NodeKind::Mapping(entries) => 1 + entries.iter().map(|entry| depth_of(&entry.value)).max().unwrap_or(0),
    }
}

#[cfg(test)]
mod tests;
