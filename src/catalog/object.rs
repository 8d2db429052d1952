//! Addresses of objects: what dependencies, comments, privileges and verdicts point to.

use std::fmt;

/// The number of an object, as in PostgreSQL: below 16384 PostgreSQL's own, above it the order of creation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Oid(pub u32);

impl Oid {
    /// No object (`InvalidOid`).
    pub const INVALID: Oid = Oid(0);
    /// The first number that is not PostgreSQL's own (`FirstNormalObjectId`).
    pub const FIRST_NORMAL: Oid = Oid(16384);

    /// The object came with PostgreSQL: it is never dropped and nothing records a dependency on it.
    pub fn is_builtin(self) -> bool {
        self < Self::FIRST_NORMAL
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// The number of a column in its relation, starting at 1 (`attnum`). Dropped columns keep theirs.
pub type AttrNumber = i16;

/// The address of an object (`ObjectAddress`). Objects that belong to a relation carry its OID, so that an address can
/// be followed without an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Object {
    /// A schema.
    Schema(Oid),
    /// Anything in `pg_class`: table, view, index, sequence, composite type.
    Relation(Oid),
    /// A column of a relation.
    Column(Oid, AttrNumber),
    /// The default or generation expression of a column (`pg_attrdef`).
    Default(Oid, AttrNumber),
    /// A constraint of a relation: the relation and the constraint.
    Constraint(Oid, Oid),
    /// A trigger: the relation and the trigger.
    Trigger(Oid, Oid),
    /// A policy: the relation and the policy.
    Policy(Oid, Oid),
    /// A rewrite rule: the relation and the rule.
    Rule(Oid, Oid),
    /// A type or domain.
    Type(Oid),
    /// A constraint of a domain: the domain and the constraint.
    DomainConstraint(Oid, Oid),
    /// A function, procedure or aggregate.
    Function(Oid),
    /// A role.
    Role(Oid),
    /// An extension.
    Extension(Oid),
    /// A publication.
    Publication(Oid),
    /// A table in a publication (`pg_publication_rel`): the publication and the relation.
    PublicationRelation(Oid, Oid),
    /// Default privileges (`pg_default_acl`), by the OID of their entry.
    DefaultAcl(Oid),
    /// An operator.
    Operator(Oid),
    /// A cast.
    Cast(Oid),
    /// An operator class.
    OpClass(Oid),
    /// An operator family.
    OpFamily(Oid),
    /// A collation.
    Collation(Oid),
    /// A conversion between encodings.
    Conversion(Oid),
    /// A text search configuration.
    TsConfig(Oid),
    /// A text search dictionary.
    TsDict(Oid),
    /// Extended statistics.
    Statistics(Oid),
    /// A foreign-data wrapper.
    ForeignDataWrapper(Oid),
    /// A foreign server.
    ForeignServer(Oid),
    /// An event trigger.
    EventTrigger(Oid),
    /// A procedural language.
    Language(Oid),
    /// A transform.
    Transform(Oid),
    /// The database.
    Database(Oid),
    /// A large object, by its number.
    LargeObject(Oid),
}

impl Object {
    /// The relation that the object is, or is a part of.
    pub fn relation(self) -> Option<Oid> {
        match self {
            Object::Relation(rel)
            | Object::Column(rel, _)
            | Object::Default(rel, _)
            | Object::Constraint(rel, _)
            | Object::Trigger(rel, _)
            | Object::Policy(rel, _)
            | Object::Rule(rel, _) => Some(rel),
            Object::PublicationRelation(_, rel) => Some(rel),
            Object::Schema(_)
            | Object::Type(_)
            | Object::DomainConstraint(..)
            | Object::Function(_)
            | Object::Role(_)
            | Object::Extension(_)
            | Object::Publication(_)
            | Object::DefaultAcl(_)
            | Object::Operator(_)
            | Object::Cast(_)
            | Object::OpClass(_)
            | Object::OpFamily(_)
            | Object::Collation(_)
            | Object::Conversion(_)
            | Object::TsConfig(_)
            | Object::TsDict(_)
            | Object::Statistics(_)
            | Object::ForeignDataWrapper(_)
            | Object::ForeignServer(_)
            | Object::EventTrigger(_)
            | Object::Language(_)
            | Object::Transform(_)
            | Object::Database(_)
            | Object::LargeObject(_) => None,
        }
    }
}
