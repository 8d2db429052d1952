//! Operators, casts, operator classes and families that a script or an extension made.

use super::builtin::CastContext;
use super::store::in_schema;
use super::{Oid, Provenance};
use crate::sql::ast::Name;

/// An operator (`pg_operator`). One that another's COMMUTATOR or NEGATOR announced has no function yet.
#[derive(Clone, Debug)]
pub struct Operator {
    /// Its OID.
    pub oid: Oid,
    /// Its schema.
    pub schema: Oid,
    /// Its name.
    pub name: Name,
    /// Its owner.
    pub owner: Oid,
    /// The left operand; none for a prefix operator.
    pub left: Oid,
    /// The right operand.
    pub right: Oid,
    /// The result; none for a shell.
    pub result: Oid,
    /// The function that does the work; none for a shell.
    pub function: Oid,
    /// Its commutator, if it has one.
    pub commutator: Oid,
    /// Its negator, if it has one.
    pub negator: Oid,
    /// `RESTRICT`
    pub restrict: Oid,
    /// `JOIN`
    pub join: Oid,
    /// `MERGES`
    pub can_merge: bool,
    /// `HASHES`
    pub can_hash: bool,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

/// A cast (`pg_cast`).
#[derive(Clone, Debug)]
pub struct Cast {
    /// Its OID.
    pub oid: Oid,
    /// From.
    pub source: Oid,
    /// To.
    pub target: Oid,
    /// When it applies.
    pub context: CastContext,
    /// How it works.
    pub path: CastPath,
    /// Its comment.
    pub comment: Option<String>,
    /// What made it.
    pub provenance: Provenance,
}

/// How a cast works (`castmethod` and `castfunc`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CastPath {
    /// By a function.
    Function(Oid),
    /// The types have the same representation: no work.
    Binary,
    /// Through text.
    InOut,
}

/// An operator family (`pg_opfamily`). Its members are looked up by [`FamilyOperator`] and [`FamilyFunction`].
#[derive(Clone, Debug)]
pub struct OpFamily {
    /// Its OID.
    pub oid: Oid,
    /// Its schema.
    pub schema: Oid,
    /// Its name.
    pub name: Name,
    /// Its owner.
    pub owner: Oid,
    /// Its access method.
    pub access_method: Name,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

/// An operator class (`pg_opclass`).
#[derive(Clone, Debug)]
pub struct OpClass {
    /// Its OID.
    pub oid: Oid,
    /// Its schema.
    pub schema: Oid,
    /// Its name.
    pub name: Name,
    /// Its owner.
    pub owner: Oid,
    /// Its access method.
    pub access_method: Name,
    /// Its family.
    pub family: Oid,
    /// The type that it indexes.
    pub input_type: Oid,
    /// The type that is stored; none if it is the input type.
    pub key_type: Oid,
    /// It is the default for its type.
    pub is_default: bool,
    /// Those operators of the family that go with the class: their types and strategies.
    pub operators: Vec<(Oid, Oid, i16)>,
    /// Those support functions of the family that go with the class: their types and numbers.
    pub functions: Vec<(Oid, Oid, i16)>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

/// An operator of a family (`pg_amop`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FamilyOperator {
    /// The family.
    pub family: Oid,
    /// Its left input type in the family.
    pub left: Oid,
    /// Its right input type in the family.
    pub right: Oid,
    /// Its strategy number.
    pub strategy: i16,
    /// The operator.
    pub operator: Oid,
    /// The btree family that sorts its results, for an ordering operator; none for one that is searched by.
    pub sort_family: Oid,
}

/// A support function of a family (`pg_amproc`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FamilyFunction {
    /// The family.
    pub family: Oid,
    /// The left input type.
    pub left: Oid,
    /// The right input type.
    pub right: Oid,
    /// Its number.
    pub number: i16,
    /// The function.
    pub function: Oid,
}

in_schema!(Operator, OpFamily, OpClass);
