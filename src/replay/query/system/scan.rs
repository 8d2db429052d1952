//! Which objects a scan gives, and where statements that were not executed leave it open.

use std::sync::Arc;

use super::super::{Value, View};
use crate::catalog::builtin::{BuiltinFunction, BuiltinRelation, BuiltinType};
use crate::catalog::{AttrNumber, Object, Oid, Privs, Relation, Unknown};
use crate::replay::value::Reason;

/// A row of a system table: the object that it is about. Positions are those in the catalog's records.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::replay::query) enum Entry {
    Schema(Oid),
    Relation(Oid),
    /// A parent of a relation, by its position.
    Inherits(Oid, usize),
    BuiltinRelation(&'static BuiltinRelation),
    Column(Oid, AttrNumber),
    BuiltinColumn(&'static BuiltinRelation, usize),
    Constraint(Oid, usize),
    /// A column of a constraint: its position in the constraint, from 0.
    ConstraintColumn(Oid, usize, usize),
    DomainCheck(Oid, usize),
    Type(Oid),
    BuiltinType(&'static BuiltinType),
    EnumLabel(Oid, usize),
    Function(Oid),
    BuiltinFunction(&'static BuiltinFunction),
    /// A parameter of a function.
    Parameter(Oid, usize),
    /// A privilege on a function: grantor, grantee.
    RoutinePrivilege {
        function: Oid,
        item: usize,
    },
    /// A trigger and one of its events.
    Trigger(Oid, usize, &'static str),
    Policy(Oid, usize),
    Role(Oid),
    Member {
        role: Oid,
        member: Oid,
        grantor: Oid,
    },
    Extension(Oid),
    AvailableExtension(&'static str),
    Publication(Oid),
    PublicationRelation(Oid, Oid),
    Description(Object),
    /// A privilege on a relation, or on one of its columns.
    Privilege {
        relation: Oid,
        column: Option<AttrNumber>,
        grantor: Oid,
        grantee: Oid,
        privilege: Privs,
        grantable: bool,
    },
    Database,
    /// A foreign-data wrapper, server, foreign table, event trigger, language or transform.
    Unplaced(Object),
}

/// The outcome of a scan: rows that are there for certain, and why there may be others.
#[derive(Clone, Debug, Default)]
pub(in crate::replay::query) struct Scan {
    pub entries: Vec<Entry>,
    pub more: Option<Reason>,
}

impl Scan {
    pub fn certain(entries: Vec<Entry>) -> Scan {
        Scan { entries, more: None }
    }
}

/// Columns that a condition sets equal to a value.
#[derive(Clone, Debug, Default)]
pub(in crate::replay::query) struct Keys {
    pub pairs: Vec<(&'static str, Value)>,
}

impl Keys {
    /// The value of a key that is a string.
    pub fn text(&self, column: &str) -> Option<&str> {
        self.pairs.iter().filter(|(c, _)| *c == column).find_map(|(_, v)| v.as_str())
    }

    /// The value of a key that is the number of an object.
    pub fn oid(&self, column: &str) -> Option<Oid> {
        let numbers = self.pairs.iter().filter(|(c, _)| *c == column).filter_map(|(_, v)| v.as_int());
        numbers.filter_map(|n| u32::try_from(n).ok()).map(Oid).next()
    }
}

/// A table of which nothing is known.
pub(super) fn not_projected(reason: &str) -> Scan {
    Scan { entries: Vec::new(), more: Some(Reason::not_evaluated(reason)) }
}

/// Why something is not known: a statement that was not executed.
pub(super) fn because(unknown: &Unknown) -> Reason {
    Reason::not_evaluated(Arc::clone(&unknown.reason))
}

/// A schema by its name.
pub(super) fn schema_key(view: &View, name: Option<&str>) -> Option<Oid> {
    // A schema that does not exist has no objects: no number is that of its objects.
    name.map(|name| view.catalog.schema_named(name).map_or(Oid::INVALID, |s| s.oid))
}

/// The relations of users that have this number, this name, or are in this schema.
pub(super) fn relations(
    view: &View,
    oid: Option<Oid>,
    name: Option<&str>,
    schema: Option<Oid>,
) -> (Vec<Oid>, Option<Reason>) {
    let catalog = &view.catalog;
    let found: Vec<&Relation> = match (oid, name, schema) {
        (Some(oid), ..) => catalog.relation(oid).into_iter().collect(),
        (None, Some(name), Some(schema)) => catalog.relation_in(schema, name).into_iter().collect(),
        (None, Some(name), None) => catalog.schemas().filter_map(|s| catalog.relation_in(s.oid, name)).collect(),
        (None, None, Some(schema)) => catalog.relations_in(schema).collect(),
        (None, None, None) => catalog.relations().collect(),
    };
    if catalog.taint.is_empty() {
        return (found.into_iter().map(|r| r.oid).collect(), None);
    }
    let tainted = |r: &Relation| catalog.taint.of_relation(r.schema, &r.name, Some(r.provenance.created));
    let mut more = match (oid, name, schema) {
        // A number that is known belongs to a relation that was there.
        (Some(_), ..) => None,
        (None, Some(name), Some(schema)) => {
            let missing = found.is_empty().then(|| catalog.taint.of_relation(schema, name, None));
            missing.flatten().map(because)
        }
        (None, Some(name), None) => {
            let named = catalog.taint.relations_named(name).map(|(_, u)| u).next();
            named.or(catalog.taint.everything()).map(because)
        }
        (None, None, schema) => {
            let mut inside = catalog.taint.relations().filter(|(s, ..)| schema.is_none_or(|schema| *s == schema));
            inside.next().map(|(_, _, u)| u).or(catalog.taint.everything()).map(because)
        }
    };
    let mut certain = Vec::with_capacity(found.len());
    for relation in found {
        match tainted(relation) {
            None => certain.push(relation.oid),
            Some(unknown) => more = Some(because(unknown)),
        }
    }
    (certain, more)
}

/// What may exist besides the functions and types that are known.
pub(super) fn unknown_expressions(view: &View) -> Option<Reason> {
    crate::replay::lookup::maybe_undefined(&view.catalog).map(|u| because(&u))
}

/// What may exist besides the schemas, roles and the like that are known.
pub(super) fn unknown_everything(view: &View) -> Option<Reason> {
    view.catalog.taint.everything().map(because)
}

pub(super) fn schemas(view: &View, name: Option<&str>) -> Scan {
    let entries: Vec<Entry> = match name {
        Some(name) => view.catalog.schema_named(name).map(|s| Entry::Schema(s.oid)).into_iter().collect(),
        None => view.catalog.schemas().map(|s| Entry::Schema(s.oid)).collect(),
    };
    let more = if name.is_some() && !entries.is_empty() { None } else { unknown_everything(view) };
    Scan { entries, more }
}

/// `pg_description`: comments on relations and columns, by the relation's number; of others nothing is projected.
pub(super) fn descriptions(view: &View, keys: &Keys) -> Scan {
    let Some(oid) = keys.oid("objoid") else { return not_projected("pg_description is projected for one object only") };
    let Some(relation) = view.catalog.relation(oid) else {
        return not_projected("comments are projected for relations and columns only");
    };
    let mut entries = Vec::new();
    if relation.comment.is_some() {
        entries.push(Entry::Description(Object::Relation(oid)));
    }
    for column in relation.live_columns().filter(|c| c.comment.is_some()) {
        entries.push(Entry::Description(Object::Column(oid, column.number)));
    }
    Scan { entries, more: relations(view, Some(oid), None, None).1 }
}

pub(super) fn description(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let Entry::Description(object) = entry else { return None };
    let relation = view.catalog.relation(object.relation()?)?;
    let (number, comment) = match object {
        Object::Column(_, number) => (*number, relation.column_at(*number)?.comment.as_deref()?),
        _ => (0, relation.comment.as_deref()?),
    };
    Some(match column {
        "objoid" => Value::Oid(relation.oid),
        "classoid" => Value::Oid(Oid(1259)),
        "objsubid" => Value::int(number.into()),
        "description" => Value::text(comment),
        _ => return None,
    })
}
