//! What goes with an object (`dependency.c: findDependentObjects`).

use rustc_hash::FxHashMap;

use crate::catalog::{Dependency, DependencyKind, Object, Oid};
use crate::replay::Replay;

/// The objects to delete, found from the targets outward (`dependency.c: findDependentObjects`).
pub(super) struct Search {
    /// Dependents before what they need.
    pub order: Vec<Object>,
    pub found: FxHashMap<Object, Found>,
}

/// How an object was reached.
pub(super) struct Found {
    /// It goes silently: it is a target, a part of something, or needs something only in passing.
    pub silent: bool,
    /// What it needs.
    pub because: Option<Object>,
}

impl Search {
    pub fn visit(&mut self, replay: &Replay, object: Object, from: Option<Dependency>) {
        let silent = from.is_none_or(|e| e.kind != DependencyKind::Normal);
        if let Some(found) = self.found.get_mut(&object) {
            found.silent |= silent;
            return;
        }
        self.found.insert(object, Found { silent, because: from.map(|e| e.referenced) });
        let mut edges = replay.catalog.dependents(object);
        if let Object::Relation(rel) = object {
            edges.extend(column_dependents(replay, rel));
        }
        // Newer objects first, as PostgreSQL sorts them: the report, which runs backwards, then names older ones first.
        edges.sort_by_key(|e| newest_first(replay, e));
        for edge in edges {
            let mut dependent = edge.dependent;
            // A part of something else stands for the whole.
            while let Some((owner, DependencyKind::Internal)) = replay.catalog.owner_of(dependent) {
                let own_part = matches!(object, Object::Relation(rel) if owner.relation() == Some(rel));
                if owner == object || own_part || self.found.contains_key(&owner) {
                    break;
                }
                dependent = owner;
            }
            // The whole goes silently only if it is reached in another way, too (`DEPFLAG_REVERSE`).
            let whole = dependent != edge.dependent;
            let kind = if whole { DependencyKind::Normal } else { edge.kind };
            // A column that its table cannot do without stands for the table.
            let of_key = matches!(object, Object::Column(rel, _) if dependent == Object::Relation(rel));
            let referenced = from.filter(|_| of_key).map_or(edge.referenced, |from| from.referenced);
            self.visit(replay, dependent, Some(Dependency { kind, referenced, ..edge }));
        }
        self.order.push(object);
    }
}

/// What needs a column of the relation, from outside of it.
fn column_dependents(replay: &Replay, rel: Oid) -> Vec<Dependency> {
    let Some(relation) = replay.catalog.relation(rel) else { return Vec::new() };
    let of_column = |number| replay.catalog.dependencies.on(Object::Column(rel, number));
    let is_own = |object: Object| object.relation() == Some(rel) && !matches!(object, Object::Relation(_));
    relation.columns.iter().flat_map(|c| of_column(c.number)).filter(|e| !is_own(e.dependent)).collect()
}

/// Newer objects come first, but columns of one relation in their order (`dependency.c: object_address_comparator`).
fn newest_first(replay: &Replay, edge: &Dependency) -> (std::cmp::Reverse<u32>, i16) {
    let (oid, number) = age(edge.dependent);
    let of_type = matches!(edge.referenced, Object::Type(_) | Object::Collation(_));
    match edge.dependent {
        Object::Constraint(_, oid) | Object::Relation(oid) => (std::cmp::Reverse(replay.catalog.number_of(oid)), 0),
        // The type of a column is its own, not that of what it is computed from.
        Object::Column(..) if of_type => (std::cmp::Reverse(oid), number),
        // What a column is computed from has a number of its own, which follows the column's.
        Object::Default(rel, column) | Object::Column(rel, column) => {
            match replay.catalog.number_of_expression(rel, column) {
                Some(new) => (std::cmp::Reverse(new), 0),
                None => (std::cmp::Reverse(oid), -number),
            }
        }
        _ => (std::cmp::Reverse(oid), number),
    }
}

/// The number by which PostgreSQL sorts objects of a deletion.
pub(in crate::replay::ddl) fn age(object: Object) -> (u32, i16) {
    match object {
        Object::Column(rel, number) | Object::Default(rel, number) => (rel.0, number),
        Object::Constraint(_, oid)
        | Object::Trigger(_, oid)
        | Object::Policy(_, oid)
        | Object::Rule(_, oid)
        | Object::DomainConstraint(_, oid)
        | Object::PublicationRelation(oid, _)
        | Object::Schema(oid)
        | Object::Relation(oid)
        | Object::Type(oid)
        | Object::Function(oid)
        | Object::Role(oid)
        | Object::Extension(oid)
        | Object::Publication(oid)
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
        | Object::Database(oid)
        | Object::LargeObject(oid) => (oid.0, 0),
    }
}
