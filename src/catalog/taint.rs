//! What is not known, because a statement was not executed.

use std::sync::Arc;

use imbl::OrdMap;

use super::{Oid, Origin};
use crate::sql::ast::Name;
use crate::sql::shape;

/// A statement that was not executed, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The statement.
    pub origin: Origin,
    /// The reason in words.
    pub reason: Arc<str>,
}

/// Everything that statements which were not executed may have changed.
///
/// Each entry knows its statement, so that what later statements made or decided is known again.
#[derive(Clone, Debug, Default)]
pub struct Taint {
    everything: Option<Unknown>,
    expressions: Option<Unknown>,
    servers: Option<Unknown>,
    large_objects: Option<Unknown>,
    relations: OrdMap<(Oid, Name), Unknown>,
    /// Relations of whose names parts are not known.
    shapes: OrdMap<(Oid, Name), Unknown>,
    types: OrdMap<(Oid, Name), Unknown>,
}

impl Taint {
    /// Nothing is unknown.
    pub fn is_empty(&self) -> bool {
        self.everything.is_none()
            && self.expressions.is_none()
            && self.servers.is_none()
            && self.large_objects.is_none()
            && self.relations.is_empty()
            && self.shapes.is_empty()
            && self.types.is_empty()
    }

    /// Any object may have been made, changed or dropped.
    pub(crate) fn mark_everything(&mut self, unknown: Unknown) {
        self.everything = Some(unknown);
    }

    /// Functions, operators and types that expressions may use may have been made.
    pub(crate) fn mark_expressions(&mut self, unknown: Unknown) {
        self.expressions = Some(unknown);
    }

    /// Foreign-data wrappers and servers may have been made, changed or dropped.
    pub(crate) fn mark_servers(&mut self, unknown: Unknown) {
        self.servers = Some(unknown);
    }

    /// Large objects may have been made, changed or dropped.
    pub(crate) fn mark_large_objects(&mut self, unknown: Unknown) {
        self.large_objects = Some(unknown);
    }

    /// This relation may have been made, changed or dropped.
    pub(crate) fn mark_relation(&mut self, schema: Oid, name: Name, unknown: Unknown) {
        match shape::has_gap(&name) {
            true => self.shapes.insert((schema, name), unknown),
            false => self.relations.insert((schema, name), unknown),
        };
    }

    /// This type may have been made, changed or dropped.
    pub(crate) fn mark_type(&mut self, schema: Oid, name: Name, unknown: Unknown) {
        self.types.insert((schema, name), unknown);
    }

    /// A statement decided the fate of this relation: it was made, or dropped, for certain.
    pub(crate) fn clear_relation(&mut self, schema: Oid, name: &Name) {
        if !self.relations.is_empty() {
            self.relations.remove(&(schema, name.clone()));
        }
    }

    /// Whatever was in this schema is gone.
    pub(crate) fn clear_schema(&mut self, schema: Oid) {
        for known in [&mut self.relations, &mut self.shapes, &mut self.types] {
            *known = std::mem::take(known).into_iter().filter(|((s, _), _)| *s != schema).collect();
        }
    }

    /// What may have changed anything at all.
    pub fn everything(&self) -> Option<&Unknown> {
        self.everything.as_ref()
    }

    /// Why a function, an operator or a type that we do not find may exist nevertheless.
    pub fn of_expressions(&self) -> Option<&Unknown> {
        self.expressions.as_ref().or(self.everything.as_ref())
    }

    /// Why a foreign-data wrapper or server that we do not find may exist nevertheless.
    pub fn of_servers(&self) -> Option<&Unknown> {
        self.servers.as_ref().or(self.everything.as_ref())
    }

    /// Why a large object that we do not find may exist nevertheless, and one that we find may be gone.
    pub fn of_large_objects(&self) -> Option<&Unknown> {
        self.large_objects.iter().chain(&self.everything).max_by_key(|unknown| unknown.origin.sequence)
    }

    /// Why nothing certain can be said about this relation, if its state was last decided by `since` (nothing: never).
    pub fn of_relation(&self, schema: Oid, name: &str, since: Option<Origin>) -> Option<&Unknown> {
        // Nothing is unknown in most databases, and this is asked often.
        let own = if self.relations.is_empty() { None } else { self.relations.get(&(schema, Name::from(name))) };
        let shapes = self.shapes.iter().filter(|((s, shape), _)| *s == schema && shape::fits(shape, name));
        let shapes = shapes.map(|(_, unknown)| unknown);
        own.into_iter()
            .chain(shapes)
            .chain(&self.everything)
            .find(|u| since.is_none_or(|s| s.sequence <= u.origin.sequence))
    }

    /// Why nothing certain can be said about this type.
    pub fn of_type(&self, schema: Oid, name: &str) -> Option<&Unknown> {
        let own = if self.types.is_empty() { None } else { self.types.get(&(schema, Name::from(name))) };
        own.or(self.everything.as_ref())
    }

    /// The relations of this name, in whatever schema, of which nothing certain can be said.
    pub fn relations_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (Oid, &'a Unknown)> + 'a {
        let own = self.relations.iter().filter(move |((_, n), _)| n == name);
        let shapes = self.shapes.iter().filter(move |((_, shape), _)| shape::fits(shape, name));
        own.chain(shapes).map(|((schema, _), u)| (*schema, u))
    }

    /// All relations of which nothing certain can be said.
    pub fn relations(&self) -> impl Iterator<Item = (Oid, &Name, &Unknown)> {
        self.relations.iter().chain(&self.shapes).map(|((schema, name), u)| (*schema, name, u))
    }

    /// All types of which nothing certain can be said.
    pub fn types(&self) -> impl Iterator<Item = (Oid, &Name, &Unknown)> {
        self.types.iter().map(|((schema, name), u)| (*schema, name, u))
    }
}
