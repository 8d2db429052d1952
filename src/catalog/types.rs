//! Types.

use std::sync::Arc;

use super::{Acl, AttrNumber, Object, Oid, Provenance, StoredExpr};
use crate::sql::ast::Name;

/// A use of a type: the type and its modifier, as in `pg_attribute.atttypid` and `atttypmod`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeRef {
    /// The type; arrays are types of their own.
    pub oid: Oid,
    /// The modifier as PostgreSQL encodes it, -1 for none.
    pub typmod: i32,
}

impl TypeRef {
    /// A type without a modifier.
    pub const fn plain(oid: Oid) -> Self {
        TypeRef { oid, typmod: -1 }
    }
}

/// A type that a script made. (Built-in types are in [`super::builtin`].)
#[derive(Clone, Debug)]
pub struct Type {
    /// Its OID.
    pub oid: Oid,
    /// Its schema.
    pub schema: Oid,
    /// Its name.
    pub name: Name,
    /// Its owner.
    pub owner: Oid,
    /// What it is.
    pub kind: TypeKind,
    /// The type of arrays of it.
    pub array: Option<Oid>,
    /// Privileges; nothing means the default ones.
    pub acl: Option<Acl>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

impl Type {
    /// The CHECK constraints of a domain; other types have none.
    pub fn checks(&self) -> &[DomainCheck] {
        if let TypeKind::Domain(domain) = &self.kind { &domain.checks } else { &[] }
    }
}

/// The kinds of type.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TypeKind {
    /// A base type.
    Base(Arc<BaseType>),
    /// The array type of an element type.
    Array(Oid),
    /// The row type of a relation, or a composite type (whose relation it is).
    Composite(Oid),
    /// An enum and its labels in their order.
    Enum(Vec<EnumLabel>),
    /// A domain.
    Domain(Domain),
    /// A range.
    Range(RangeType),
    /// A multirange and its range.
    Multirange(Oid),
    /// `CREATE TYPE name;`: announced only.
    Shell,
}

/// What a base type is made of (`pg_type`). Functions that it has not are [`Oid::INVALID`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseType {
    /// `CATEGORY`
    pub category: char,
    /// `PREFERRED`
    pub preferred: bool,
    /// `INTERNALLENGTH`: bytes, -1 for variable.
    pub len: i16,
    /// `PASSEDBYVALUE`
    pub by_value: bool,
    /// `ALIGNMENT`: `c`har, int`2` as `s`, `i`nt4, `d`ouble.
    pub align: char,
    /// `STORAGE`: `p`lain, `e`xternal, e`x`tended, `m`ain.
    pub storage: char,
    /// `DELIMITER`
    pub delimiter: char,
    /// `ELEMENT`
    pub element: Oid,
    /// `COLLATABLE`
    pub collatable: bool,
    /// How it is subscripted.
    pub subscript: Subscript,
    /// `INPUT`
    pub input: Oid,
    /// `OUTPUT`
    pub output: Oid,
    /// `RECEIVE`
    pub receive: Oid,
    /// `SEND`
    pub send: Oid,
    /// `TYPMOD_IN`
    pub typmod_in: Oid,
    /// `TYPMOD_OUT`
    pub typmod_out: Oid,
    /// `ANALYZE`
    pub analyze: Oid,
    /// `DEFAULT`
    pub default: Option<String>,
}

impl BaseType {
    /// What CREATE TYPE begins with.
    pub(crate) fn nothing() -> BaseType {
        BaseType {
            category: 'U',
            preferred: false,
            len: -1,
            by_value: false,
            align: 'i',
            storage: 'p',
            delimiter: ',',
            element: Oid::INVALID,
            collatable: false,
            subscript: Subscript::None,
            input: Oid::INVALID,
            output: Oid::INVALID,
            receive: Oid::INVALID,
            send: Oid::INVALID,
            typmod_in: Oid::INVALID,
            typmod_out: Oid::INVALID,
            analyze: Oid::INVALID,
            default: None,
        }
    }
}

/// How a type is subscripted (`typsubscript`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subscript {
    /// It is not.
    None,
    /// As an array (`array_subscript_handler`).
    Array,
    /// As an array of fixed length (`raw_array_subscript_handler`): `name`, `point`.
    RawArray,
    /// As `jsonb` (`jsonb_subscript_handler`).
    Jsonb,
    /// As `hstore` (`hstore_subscript_handler`).
    Hstore,
    /// By a function of which nothing is known.
    Other,
}

/// What a range is made of (`pg_range`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RangeType {
    /// What it ranges over.
    pub subtype: Oid,
    /// The type of many of it.
    pub multirange: Oid,
    /// The collation of the subtype; none if that is not collatable.
    pub collation: Oid,
    /// The operator class that orders the subtype.
    pub opclass: Oid,
    /// `CANONICAL`
    pub canonical: Oid,
    /// `SUBTYPE_DIFF`
    pub subtype_diff: Oid,
}

/// A label of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumLabel {
    /// The label.
    pub label: Name,
    /// What made it.
    pub provenance: Provenance,
}

/// What a domain adds to its base type.
#[derive(Clone, Debug)]
pub struct Domain {
    /// The base type.
    pub base: TypeRef,
    /// `NOT NULL`.
    pub not_null: bool,
    /// Its default.
    pub default: Option<StoredExpr>,
    /// `COLLATE`, where it differs from the base type's.
    pub collation: Option<Oid>,
    /// Its CHECK constraints.
    pub checks: Vec<DomainCheck>,
}

/// A CHECK constraint of a domain.
#[derive(Clone, Debug)]
pub struct DomainCheck {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// The condition, where `VALUE` is an unbound column.
    pub expr: StoredExpr,
    /// It was validated.
    pub validated: bool,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

/// What a name in a stored expression or query stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Binding {
    /// A column of a relation.
    Column(Oid, AttrNumber),
    /// A relation, a function, a type.
    Object(Object),
    /// A built-in function or type of this name in `pg_catalog`.
    Builtin,
    /// A column of something without an address: a sub-query, a common table expression, a function's result, an alias.
    Local,
    /// `OLD.column` and `NEW.column` of a trigger: the column.
    TriggerRow(Oid, AttrNumber),
}
