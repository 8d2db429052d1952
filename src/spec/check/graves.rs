//! What is gone: tombstones, found by name.

use std::borrow::Cow;

use crate::catalog::{Catalog, Ending, Object, Relation, Tombstone};
use crate::report::Evidence;
use crate::spec::names::{Pattern, fold, quote};

use super::opinion::evidence;

/// All tombstones by folded name, of one name the oldest first.
pub(super) struct Graves<'c> {
    sorted: Vec<(Cow<'c, str>, &'c Tombstone)>,
}

impl<'c> Graves<'c> {
    pub(super) fn new(catalog: &'c Catalog) -> Self {
        let mut sorted: Vec<_> = catalog.tombstones().map(|grave| (fold(&grave.name), grave)).collect();
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        Graves { sorted }
    }

    /// Those whose name matches.
    pub(super) fn matching<'s>(&'s self, pattern: &'s Pattern) -> impl Iterator<Item = &'c Tombstone> + 's {
        let prefix = pattern.prefix();
        let from = self.sorted.partition_point(|(folded, _)| **folded < *prefix);
        self.sorted[from..]
            .iter()
            .take_while(move |(folded, _)| folded.starts_with(prefix))
            .filter(move |(folded, _)| pattern.matches_folded(folded))
            .map(|(_, grave)| *grave)
    }

    /// Those of exactly that name.
    fn named<'s>(&'s self, name: &'s str) -> impl DoubleEndedIterator<Item = &'c Tombstone> + 's {
        let folded = fold(name);
        let from = self.sorted.partition_point(|(other, _)| **other < *folded);
        let to = from + self.sorted[from..].partition_point(|(other, _)| **other == *folded);
        self.sorted[from..to].iter().map(|(_, grave)| *grave).filter(move |grave| grave.name == name)
    }

    /// The last table of that name in a schema.
    pub(super) fn table(&self, schema: &str, name: &str) -> Option<&'c Tombstone> {
        self.named(name).rfind(|grave| {
            matches!(grave.object, Object::Relation(_))
                && matches!(grave.kind, "table" | "foreign table" | "partitioned table")
                && grave.schema.as_deref() == Some(schema)
        })
    }

    /// The last schema of that name.
    pub(super) fn schema(&self, name: &str) -> Option<&'c Tombstone> {
        self.named(name).rfind(|grave| matches!(grave.object, Object::Schema(_)))
    }

    /// The last column of that name in a relation.
    pub(super) fn column(&self, relation: &Relation, name: &str) -> Option<&'c Tombstone> {
        self.named(name).rfind(|grave| matches!(grave.object, Object::Column(rel, _) if rel == relation.oid))
    }

    /// Everything of some kind that a relation has lost, the latest first. An index belongs to its table by name.
    pub(super) fn parts<'s>(
        &'s self,
        catalog: &'c Catalog,
        relation: &'s Relation,
        part: Part,
    ) -> impl Iterator<Item = &'c Tombstone> + 's {
        let schema = catalog.schema_name(relation.schema);
        catalog.tombstones().rev().filter(move |grave| match part {
            Part::Constraint => matches!(grave.object, Object::Constraint(rel, _) if rel == relation.oid),
            Part::Policy => matches!(grave.object, Object::Policy(rel, _) if rel == relation.oid),
            Part::Index => {
                grave.kind == "index"
                    && grave.relation.as_ref() == Some(&relation.name)
                    && grave.schema.as_deref() == Some(schema)
            }
        })
    }
}

/// The parts of a table whose loss can break a requirement.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Index,
    Constraint,
    Policy,
}

/// What became of it, after its name: `was dropped`.
pub(super) fn ending(grave: &Tombstone) -> String {
    format!("was {}", participle(grave))
}

/// The line that ended it.
pub(super) fn end_of(grave: &Tombstone) -> Evidence {
    evidence(grave.ended, format!("{} {} {} here", grave.kind, quote(&grave.name), participle(grave)))
}

fn participle(grave: &Tombstone) -> String {
    match &grave.how {
        Ending::Dropped => "dropped".to_owned(),
        Ending::DroppedWith { what } => format!("dropped with {what}"),
        Ending::Renamed { schema: Some(schema), name } if *name == grave.name => {
            format!("moved to schema {}", quote(schema))
        }
        Ending::Renamed { name, .. } => format!("renamed to {}", quote(name)),
    }
}
