//! Which statement made, changed or removed a thing.

use super::Object;
use crate::source::{FileId, Place};
use crate::sql::ast::Name;
use crate::sql::span::Span;

/// A statement, or the part of one that names the thing it made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// Where it stands.
    pub place: Place,
    /// The how-manieth statement of the whole replay it was: orders origins in time.
    pub sequence: u32,
    /// What kind of script it stands in.
    pub layer: Layer,
}

impl Origin {
    /// The same statement, pointing at a part of it.
    pub fn at(self, span: Span) -> Origin {
        Origin { place: Place { file: self.place.file, span }, ..self }
    }

    /// An origin for tests and for things that nothing made.
    pub const fn nowhere() -> Origin {
        Origin { place: Place { file: FileId(0), span: Span::new(0, 0) }, sequence: 0, layer: Layer::Platform }
    }
}

/// The scripts that a catalog is made from, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// What the platform provides.
    Platform,
    /// What exists before the first migration: replayed, not judged.
    Baseline,
    /// A migration, by its position.
    Migration(u32),
}

/// The life of a thing so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// What made it.
    pub created: Origin,
    /// What changed it since, oldest first.
    pub changed: Vec<Change>,
}

impl Provenance {
    /// A thing that `origin` just made.
    pub fn new(origin: Origin) -> Self {
        Provenance { created: origin, changed: Vec::new() }
    }

    /// Records a change.
    pub fn change(&mut self, origin: Origin, what: ChangeKind) {
        self.changed.push(Change { origin, what });
    }

    /// The last statement that made or changed the thing.
    pub fn last(&self) -> Origin {
        self.changed.last().map_or(self.created, |c| c.origin)
    }

    /// The last statement that changed this aspect, or made the thing.
    pub fn last_of(&self, what: ChangeKind) -> Origin {
        self.changed.iter().rev().find(|c| c.what == what).map_or(self.created, |c| c.origin)
    }
}

/// A change of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The statement.
    pub origin: Origin,
    /// What it changed.
    pub what: ChangeKind,
}

/// The aspects that can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChangeKind {
    /// Its name or schema.
    Name,
    /// A column's type or collation.
    Type,
    /// A column's nullability.
    NotNull,
    /// A column's default, identity or generation expression.
    Default,
    /// A table's row-level security switch.
    RowSecurity,
    /// A table's FORCE switch.
    ForceRowSecurity,
    /// Definition: a policy's expressions, a function's or view's body, a constraint's attributes, options.
    Definition,
    /// Owner.
    Owner,
    /// Privileges.
    Privileges,
    /// Comment.
    Comment,
}

/// What is left of an object, or of a name, that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// The object.
    pub object: Object,
    /// Its kind in words: `table`, `column`, `index`, `policy`.
    pub kind: &'static str,
    /// Its schema, where it has one (of its relation for a part of a relation).
    pub schema: Option<Name>,
    /// Its relation's name, for a part of a relation and for an index.
    pub relation: Option<Name>,
    /// Its name.
    pub name: Name,
    /// The statement that made it.
    pub created: Origin,
    /// The statement that ended it.
    pub ended: Origin,
    /// How it ended.
    pub how: Ending,
}

/// How a name came to an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The object was dropped by name.
    Dropped,
    /// The object was dropped because something else was.
    DroppedWith {
        /// A description of what it went with. Long ones are shared.
        what: Name,
    },
    /// The object lives on under another name.
    Renamed {
        /// Its schema, where it has one.
        schema: Option<Name>,
        /// Its name.
        name: Name,
    },
}
