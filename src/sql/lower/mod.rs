//! The parser's protobuf tree to the syntax tree of [`crate::sql::ast`].
//!
//! This is the only place that sees libpg_query's types. A clause that the syntax tree has no room for is never dropped:
//! the statement becomes [`StatementKind::Unmodelled`] instead.

mod alter_table;
mod define;
mod expr;
mod function;
mod index;
mod insert;
mod json;
mod literal;
mod names;
mod newer;
mod object;
mod options;
mod policy;
mod privileges;
mod publication;
mod query;
mod role;
mod rule;
mod session;
mod statement;
mod table;
mod types;
mod xml;

use pg_query::NodeEnum;
use pg_query::protobuf::{self as pg, Node};

use super::ast::*;
use super::span::Loc;
use super::version::{Adapted, Refusal};

/// How deep expressions and queries may nest, one in the other. What walks the tree later recurses, so this bounds the
/// stack that it needs.
pub(super) const MAX_DEPTH: u32 = 1000;

/// Why a statement has no syntax tree, though the parser takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NotLowered {
    /// It nests deeper than [`MAX_DEPTH`].
    TooDeep,
    /// The grammar of the version refuses it.
    Refused(Refusal),
}

/// Lowers the trees of one text.
pub(super) struct Lowerer<'a> {
    /// The text that was parsed.
    text: &'a str,
    /// How the text differs from what is written, and whose grammar it is read by.
    adapted: &'a Adapted<'a>,
    /// Where the current statement starts in the text, or before.
    statement_start: u32,
    /// What the grammar of the version refuses.
    refusal: Option<Refusal>,
    /// Where it starts in the source.
    base: u32,
    /// Whether a node can stand at the very start of the text. In a script it cannot, since every statement starts with
    /// a keyword or a parenthesis; there 0 is a location that PostgreSQL has not set.
    starts_with_node: bool,
    /// How many expressions and queries surround the current one.
    depth: u32,
    too_deep: bool,
    given_up: Option<Unmodelled>,
}

impl<'a> Lowerer<'a> {
    /// For a script that starts at `base` in the source.
    pub(super) fn script(adapted: &'a Adapted<'a>, base: u32) -> Self {
        Lowerer {
            text: &adapted.text,
            adapted,
            statement_start: 0,
            refusal: None,
            base,
            starts_with_node: false,
            depth: 0,
            too_deep: false,
            given_up: None,
        }
    }

    /// For an expression, a type name or an assignment that starts at `base` in the source.
    pub(super) fn fragment(adapted: &'a Adapted<'a>, base: u32) -> Self {
        Lowerer { starts_with_node: true, ..Lowerer::script(adapted, base) }
    }

    /// Moves all places: offset 0 of the text is `base` in the source, modulo 2³², so that the text may also start
    /// before the source.
    pub(super) fn set_base(&mut self, base: u32) {
        self.base = base;
    }

    /// Lowers a whole statement, which takes up the text from `from` to `to`.
    pub(super) fn lower_statement(
        &mut self,
        node: Option<Box<Node>>,
        from: u32,
        to: u32,
    ) -> Result<StatementKind, NotLowered> {
        self.statement_start = from;
        let kind = self.statement(boxed(node));
        match self.finish(from, to)? {
            Some(unmodelled) => Ok(StatementKind::Unmodelled(Box::new(unmodelled))),
            None => Ok(kind),
        }
    }

    /// Ends a statement or fragment, which takes up the text from `from` to `to`: whether it was lowered whole.
    pub(super) fn finish(&mut self, from: u32, to: u32) -> Result<Option<Unmodelled>, NotLowered> {
        self.depth = 0;
        let given_up = self.given_up.take();
        let token = self.adapted.refused_token(from, to).cloned();
        let refusal = self.refusal.take().into_iter().chain(token).min_by_key(|refusal| refusal.noticed);
        if std::mem::take(&mut self.too_deep) {
            return Err(NotLowered::TooDeep);
        }
        match refusal {
            Some(refusal) => Err(NotLowered::Refused(refusal)),
            None => Ok(given_up),
        }
    }

    /// Notes that the syntax tree cannot say all that the statement says.
    fn give_up(&mut self, tag: &'static str, touches: Touches) {
        self.given_up.get_or_insert(Unmodelled { tag, touches });
    }

    /// Notes a shape of the tree that PostgreSQL's grammar is not known to make.
    fn unexpected(&mut self) {
        self.give_up("unknown", Touches::Everything);
    }

    /// Runs `f` one level deeper, or nothing at all if that is too deep.
    fn nested<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            self.too_deep = true;
            return None;
        }
        self.depth += 1;
        let value = f(self);
        self.depth -= 1;
        Some(value)
    }

    /// The place of a byte of the text.
    fn place(&self, offset: u32) -> Loc {
        Loc::at(self.base.wrapping_add(self.adapted.original(offset)))
    }

    fn loc(&self, location: i32) -> Loc {
        match u32::try_from(location) {
            Ok(0) if !self.starts_with_node => Loc::NONE,
            Ok(offset) => self.place(offset),
            Err(_) => Loc::NONE,
        }
    }
}

/// The node in a box that may be missing or empty.
fn boxed(node: Option<Box<Node>>) -> Option<NodeEnum> {
    node.and_then(|node| node.node)
}

/// The nodes of a list, without NULL elements.
fn nodes(list: Vec<Node>) -> impl Iterator<Item = NodeEnum> {
    list.into_iter().filter_map(|node| node.node)
}

/// A name, where PostgreSQL has NULL for none.
fn name_if_any(name: String) -> Option<Name> {
    if name.is_empty() { None } else { Some(name.into()) }
}

fn string_if_any(string: String) -> Option<String> {
    if string.is_empty() { None } else { Some(string) }
}

fn drop_behavior(behavior: pg::DropBehavior) -> DropBehavior {
    match behavior {
        pg::DropBehavior::DropCascade => DropBehavior::Cascade,
        pg::DropBehavior::DropRestrict | pg::DropBehavior::Undefined => DropBehavior::Restrict,
    }
}

/// A statement that is known by its tag alone.
fn unmodelled(tag: &'static str, touches: Touches) -> StatementKind {
    StatementKind::Unmodelled(Box::new(Unmodelled { tag, touches }))
}

/// Collects into a list without spare room.
///
/// `collect` would reuse the list of nodes, which are some ten times as large as what they are lowered to, or start
/// with room for four elements where most lists have one.
trait ToVec: Iterator + Sized {
    fn to_vec(self) -> Vec<Self::Item> {
        let (least, most) = self.size_hint();
        let mut list = Vec::with_capacity(most.unwrap_or(least));
        list.extend(self);
        list
    }
}

impl<I: Iterator> ToVec for I {}

#[cfg(test)]
mod tests;
