//! The dependency graph (`pg_depend`).
//!
//! An edge says that one object cannot be without another. What a relation *contains* (columns, constraints, triggers,
//! policies) needs no edge: [`super::Catalog::dependents`] adds it from the records themselves.

use imbl::OrdSet;

use super::{AttrNumber, Object, Oid};

/// How strong a dependency is (`DependencyType` of `dependency.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DependencyKind {
    /// Dropping the referenced object needs CASCADE.
    Normal,
    /// The dependent object goes silently with the referenced one.
    Auto,
    /// The dependent object is a part of the referenced one's implementation: dropping it means dropping that.
    Internal,
    /// The dependent object is a member of an extension.
    Extension,
    /// The dependent object goes silently with the extension, of which it is no member (`DEPENDS ON EXTENSION`).
    AutoExtension,
}

/// An edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Dependency {
    /// What is needed.
    pub referenced: Object,
    /// What needs it.
    pub dependent: Object,
    /// How strongly.
    pub kind: DependencyKind,
}

/// All recorded edges, both ways round.
#[derive(Clone, Debug, Default)]
pub struct Dependencies {
    by_referenced: OrdSet<(Object, Object, DependencyKind)>,
    by_dependent: OrdSet<(Object, Object, DependencyKind)>,
}

impl Dependencies {
    /// Records that `dependent` needs `referenced`. Built-in objects are pinned: nothing is recorded for them.
    pub(crate) fn add(&mut self, dependent: Object, referenced: Object, kind: DependencyKind) {
        if is_pinned(referenced) || dependent == referenced {
            return;
        }
        self.by_referenced.insert((referenced, dependent, kind));
        self.by_dependent.insert((dependent, referenced, kind));
    }

    /// Forgets one edge.
    pub(crate) fn remove(&mut self, dependent: Object, referenced: Object, kind: DependencyKind) {
        self.by_referenced.remove(&(referenced, dependent, kind));
        self.by_dependent.remove(&(dependent, referenced, kind));
    }

    /// Forgets what `dependent` needs.
    pub(crate) fn remove_of(&mut self, dependent: Object) {
        let edges: Vec<_> = self.of(dependent).collect();
        for edge in edges {
            self.remove(edge.dependent, edge.referenced, edge.kind);
        }
    }

    /// Forgets what `dependent` needs in this way.
    pub(crate) fn remove_of_kind(&mut self, dependent: Object, kind: DependencyKind) {
        let edges: Vec<_> = self.of(dependent).filter(|e| e.kind == kind).collect();
        for edge in edges {
            self.remove(edge.dependent, edge.referenced, edge.kind);
        }
    }

    /// What `dependent` needs.
    pub fn of(&self, dependent: Object) -> impl Iterator<Item = Dependency> + '_ {
        self.by_dependent
            .range((dependent, FIRST, DependencyKind::Normal)..)
            .take_while(move |(d, ..)| *d == dependent)
            .map(|&(dependent, referenced, kind)| Dependency { referenced, dependent, kind })
    }

    /// What needs a column of `relation`.
    pub fn on_columns(&self, relation: Oid) -> impl Iterator<Item = Dependency> + '_ {
        self.by_referenced
            .range((Object::Column(relation, AttrNumber::MIN), FIRST, DependencyKind::Normal)..)
            .take_while(move |(r, ..)| matches!(r, Object::Column(of, _) if *of == relation))
            .map(|&(referenced, dependent, kind)| Dependency { referenced, dependent, kind })
    }

    /// What needs `referenced`.
    pub fn on(&self, referenced: Object) -> impl Iterator<Item = Dependency> + '_ {
        self.by_referenced
            .range((referenced, FIRST, DependencyKind::Normal)..)
            .take_while(move |(r, ..)| *r == referenced)
            .map(|&(referenced, dependent, kind)| Dependency { referenced, dependent, kind })
    }
}

/// The least address, where ranges begin.
const FIRST: Object = Object::Schema(Oid(0));

/// PostgreSQL's own objects are pinned (`dependency.c: isObjectPinned`); the schema `public` is not.
fn is_pinned(object: Object) -> bool {
    match object {
        Object::Schema(oid) => oid.is_builtin() && oid != super::PUBLIC_SCHEMA,
        // `plpgsql` may be dropped.
        Object::Extension(_) => false,
        Object::Relation(oid)
        | Object::Column(oid, _)
        | Object::Default(oid, _)
        | Object::Constraint(oid, _)
        | Object::Trigger(oid, _)
        | Object::Policy(oid, _)
        | Object::Rule(oid, _)
        | Object::Type(oid)
        | Object::DomainConstraint(oid, _)
        | Object::Function(oid)
        | Object::Role(oid)
        | Object::Publication(oid)
        | Object::PublicationRelation(oid, _)
        | Object::DefaultAcl(oid)
        | Object::Operator(oid)
        | Object::Cast(oid)
        | Object::OpClass(oid)
        | Object::OpFamily(oid)
        | Object::Collation(oid)
        | Object::Conversion(oid)
        | Object::TsConfig(oid)
        | Object::TsDict(oid)
        | Object::Statistics(oid)
        | Object::ForeignDataWrapper(oid)
        | Object::ForeignServer(oid)
        | Object::EventTrigger(oid)
        | Object::Language(oid)
        | Object::Transform(oid)
        | Object::Database(oid) => oid.is_builtin(),
        // It may have any number (`dependency.c: IsPinnedObject`).
        Object::LargeObject(_) => false,
    }
}
