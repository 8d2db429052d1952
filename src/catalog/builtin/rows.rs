//! What is known of PostgreSQL's own objects and of those that extensions make.
//!
//! A built-in object refers to types by OID. An extension's types get their OIDs when somebody creates the extension, so
//! its members refer to them by name: the same structures with another `R`.

use std::fmt;

use super::MemberType;
use crate::catalog::{AggregateKind, FunctionKind, Oid};
use crate::sql::ast::{ParamMode, Volatility};

/// A reference to a type: an OID, or a name for what an extension makes.
pub trait TypeReference: Copy + PartialEq + fmt::Debug {
    /// No type, as PostgreSQL's `InvalidOid`.
    const NONE: Self;

    /// It refers to a type.
    fn is_some(self) -> bool {
        self != Self::NONE
    }
}

impl TypeReference for Oid {
    const NONE: Self = Oid::INVALID;
}

impl TypeReference for MemberType {
    const NONE: Self = MemberType::None;
}

/// A type of PostgreSQL's own.
pub type BuiltinType = SystemType<Oid>;
/// A function of PostgreSQL's own.
pub type BuiltinFunction = SystemFunction<Oid>;
/// An operator of PostgreSQL's own.
pub type BuiltinOperator = SystemOperator<Oid>;
/// A cast of PostgreSQL's own.
pub type BuiltinCast = SystemCast<Oid>;
/// An operator class of PostgreSQL's own.
pub type BuiltinOpclass = SystemOpclass<Oid>;
/// A relation of `pg_catalog` or `information_schema`.
pub type BuiltinRelation = SystemRelation<Oid>;

/// A row of `pg_type`.
#[derive(Clone, Debug, PartialEq)]
pub struct SystemType<R> {
    /// Its OID; none yet for an extension's.
    pub oid: Oid,
    /// `typname`: `int4`, `_text`.
    pub name: &'static str,
    /// Its schema.
    pub namespace: Oid,
    /// `typtype`: `b`ase, `c`omposite, `d`omain, `e`num, `m`ultirange, `p`seudo, `r`ange.
    pub typtype: char,
    /// `typcategory`.
    pub category: char,
    /// `typispreferred`: preferred in its category.
    pub preferred: bool,
    /// `typnotnull` of a domain.
    pub not_null: bool,
    /// `typbyval`.
    pub by_value: bool,
    /// `typalign`.
    pub align: char,
    /// `typstorage`.
    pub storage: char,
    /// `typlen`: bytes, -1 for varlena, -2 for a C string.
    pub len: i16,
    /// `typdelim`.
    pub delimiter: char,
    /// `typelem`; a type with one is not always an array ([`SystemType::is_array`]).
    pub element: R,
    /// `typarray`.
    pub array: R,
    /// `typbasetype` of a domain.
    pub base: R,
    /// `typtypmod` of a domain.
    pub base_typmod: i32,
    /// The collation of its values if it is collatable.
    pub collation: Option<&'static str>,
    /// Subtype and multirange of a range.
    pub range: Option<(R, R)>,
    /// The row type of a relation (`typrelid` is set).
    pub is_row_type: bool,
}

impl<R: TypeReference> SystemType<R> {
    /// A true array (`pg_type.h: IsTrueArrayType`, less the `int2vector` and `oidvector` that
    /// `format_type.c` leaves out too).
    pub fn is_array(&self) -> bool {
        self.category == 'A' && self.element.is_some() && self.storage != 'p'
    }
}

/// A row of `pg_proc`.
#[derive(Clone, Debug, PartialEq)]
pub struct SystemFunction<R> {
    /// Its OID; none yet for an extension's.
    pub oid: Oid,
    /// Its name.
    pub name: &'static str,
    /// Its schema.
    pub namespace: Oid,
    /// What it is.
    pub kind: FunctionKind,
    /// Its volatility.
    pub volatility: Volatility,
    /// `PARALLEL`: `u`, `r` or `s`.
    pub parallel: char,
    /// `STRICT`: null for a null argument.
    pub strict: bool,
    /// It returns a set.
    pub returns_set: bool,
    /// `SECURITY DEFINER`.
    pub security_definer: bool,
    /// `LEAKPROOF`.
    pub leakproof: bool,
    /// Its language.
    pub language: &'static str,
    /// What it returns.
    pub returns: R,
    /// How many of its last input arguments have defaults.
    pub defaults: usize,
    /// The element type of a VARIADIC argument (`provariadic`), `any` included.
    pub variadic: R,
    /// How an aggregate is called.
    pub aggregate_kind: AggregateKind,
    /// How many direct arguments an ordered-set or hypothetical-set aggregate has.
    pub direct_args: Option<usize>,
    /// Its arguments, OUT and TABLE ones included.
    pub args: Box<[Argument<R>]>,
    /// The defaults of the last input arguments as PostgreSQL prints them, separated by `, `.
    pub default_text: &'static str,
}

impl<R: Copy> SystemFunction<R> {
    /// The types of the arguments that a caller passes.
    pub fn input_types(&self) -> impl Iterator<Item = R> + '_ {
        self.args.iter().filter(|arg| arg.is_input()).map(|arg| arg.ty)
    }
}

/// An argument of a function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Argument<R> {
    /// Its name, where it has one.
    pub name: Option<&'static str>,
    /// Its mode.
    pub mode: ParamMode,
    /// Its type; for a VARIADIC one the array's.
    pub ty: R,
}

impl<R> Argument<R> {
    /// It is passed by the caller.
    pub fn is_input(&self) -> bool {
        match self.mode {
            ParamMode::In | ParamMode::InOut | ParamMode::Variadic => true,
            ParamMode::Out | ParamMode::Table => false,
        }
    }
}

/// A row of `pg_operator`.
#[derive(Clone, Debug, PartialEq)]
pub struct SystemOperator<R> {
    /// Its OID; none yet for an extension's.
    pub oid: Oid,
    /// Its name.
    pub name: &'static str,
    /// `MERGES`.
    pub can_merge: bool,
    /// `HASHES`.
    pub can_hash: bool,
    /// The left operand; none for a prefix operator.
    pub left: R,
    /// The right operand.
    pub right: R,
    /// The result.
    pub result: R,
    /// The name of the function that does the work; its arguments are the operands.
    pub function: &'static str,
    /// The function if it is PostgreSQL's own.
    pub function_oid: Oid,
    /// The commutator, which takes the operands the other way round.
    pub commutator: Option<&'static str>,
    /// The negator, which takes the same operands.
    pub negator: Option<&'static str>,
}

/// A row of `pg_cast`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SystemCast<R> {
    /// From.
    pub source: R,
    /// To.
    pub target: R,
    /// When it applies.
    pub context: CastContext,
    /// How it works.
    pub method: CastMethod,
    /// The function if there is one and it is PostgreSQL's own.
    pub function_oid: Oid,
}

/// When a cast applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CastContext {
    /// Only as an explicit cast.
    Explicit,
    /// In assignments too.
    Assignment,
    /// Anywhere.
    Implicit,
}

/// How a cast works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CastMethod {
    /// By a function of this name.
    Function(&'static str),
    /// The types have the same representation: no work.
    Binary,
    /// Through text.
    InOut,
}

/// A row of `pg_opclass`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SystemOpclass<R> {
    /// Its OID; none yet for an extension's.
    pub oid: Oid,
    /// Its name.
    pub name: &'static str,
    /// Its access method.
    pub access_method: &'static str,
    /// It is the default for its type.
    pub is_default: bool,
    /// The type that it indexes.
    pub input_type: R,
    /// The type that is stored; none if it is the input type.
    pub key_type: R,
    /// Its operator family.
    pub family: &'static str,
}

/// A row of `pg_opfamily`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SystemOpfamily {
    /// Its OID; none yet for an extension's.
    pub oid: Oid,
    /// Its name.
    pub name: &'static str,
    /// Its access method.
    pub access_method: &'static str,
}

/// A row of `pg_amop` of an extension's family.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SystemFamilyOperator<R> {
    /// The name of the family.
    pub family: &'static str,
    /// Its access method.
    pub access_method: &'static str,
    /// The strategy number.
    pub strategy: i16,
    /// The left type in the family.
    pub left: R,
    /// The right type in the family.
    pub right: R,
    /// The operator's name.
    pub operator: &'static str,
    /// The operator's left operand.
    pub operator_left: R,
    /// The operator's right operand.
    pub operator_right: R,
    /// The family that sorts the results of an ordering operator.
    pub sort_family: Oid,
}

/// A row of `pg_class` with its columns.
#[derive(Clone, Debug, PartialEq)]
pub struct SystemRelation<R> {
    /// Its OID; none yet for an extension's.
    pub oid: Oid,
    /// Its name.
    pub name: &'static str,
    /// Its schema.
    pub namespace: Oid,
    /// `relkind`: `r` table, `v` view, `S` sequence, `c` composite type, `i` index.
    pub relkind: char,
    /// Its columns in their order, those of the system (`ctid` …) left out.
    pub columns: Box<[SystemColumn<R>]>,
}

/// A column of a [`SystemRelation`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SystemColumn<R> {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub ty: R,
    /// `NOT NULL`.
    pub not_null: bool,
}

/// A row of `pg_collation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltinCollation {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: &'static str,
    /// `collprovider`: `d`efault, C library, `i`cu, `b`uiltin.
    pub provider: char,
    /// Equal only if the bytes are.
    pub deterministic: bool,
}

/// A condition that PL/pgSQL knows by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    /// Its name.
    pub name: &'static str,
    /// Its SQLSTATE.
    pub sqlstate: &'static str,
}

/// The kinds of keyword (`kwlist.h`); all but the unreserved ones are quoted when printed as names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeywordCategory {
    /// `UNRESERVED_KEYWORD`
    Unreserved,
    /// `COL_NAME_KEYWORD`: may name a column, not a function or type.
    ColName,
    /// `TYPE_FUNC_NAME_KEYWORD`: may name a function or type, not a column.
    TypeFuncName,
    /// `RESERVED_KEYWORD`
    Reserved,
}

/// A configuration parameter (`pg_settings`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name as the documentation spells it.
    pub name: &'static str,
    /// `vartype`: `bool`, `integer`, `real`, `string`, `enum`.
    pub value_type: &'static str,
    /// `context`: who can set it, `user`, `superuser`, `sighup`, `postmaster`, …
    pub context: &'static str,
}

/// What values a configuration parameter takes (`pg_settings`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingLimits {
    /// `unit`, if there is one.
    pub unit: &'static str,
    /// `min_val`, of numbers.
    pub min: &'static str,
    /// `max_val`, of numbers.
    pub max: &'static str,
    /// `enumvals`, separated by commas.
    pub(super) enumvals: &'static str,
}

impl SettingLimits {
    /// The values of an enumeration, as messages list them.
    pub fn values(&self) -> impl Iterator<Item = &'static str> {
        self.enumvals.split(',').filter(|value| !value.is_empty())
    }
}

/// A line of `names.tsv`: things of which little more than the name is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NamedObject {
    pub name: &'static str,
    pub oid: Oid,
    pub details: &'static str,
}
