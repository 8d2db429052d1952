//! Values: what expressions evaluate to.
//!
//! A value knows its type as far as operators need it. What nobody can know without the server's data (`now()`, a column
//! of a user's table) or what is not evaluated yet is a value too, [`Value::Unknowable`]: logic over it has three
//! outcomes plus this one, so that `false AND now() > x` is still false.

mod array;
mod cast;
mod decimal;
mod output;

pub use array::ArrayValue;
pub(super) use cast::parse_bool;
pub use cast::{CastKind, Types, qualified_name};
pub use decimal::Decimal;

use std::cmp::Ordering;
use std::sync::Arc;

use ecow::EcoString;

use crate::catalog::{Oid, type_oid as t};
use crate::sql::ast::Name;

/// A value.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// NULL of any type.
    Null,
    /// `boolean`
    Bool(bool),
    /// `smallint`, `integer`, `bigint`
    Int(i64, IntType),
    /// `numeric`
    Numeric(Decimal),
    /// `double precision`, `real`
    Float(f64),
    /// A literal whose type follows from where it stands (`unknown`).
    Literal(EcoString),
    /// `text`, `character varying`, `character`
    Text(EcoString),
    /// `name`
    Name(EcoString),
    /// `"char"`
    Char(char),
    /// `oid`
    Oid(Oid),
    /// `regclass` and its like
    Reg(RegType, Oid),
    /// An array.
    Array(Arc<ArrayValue>),
    /// A row.
    Record(Arc<Record>),
    /// A value of another type in its text form.
    Typed(Oid, EcoString),
    /// There is a value, or NULL, but it is not known.
    Unknowable(Reason),
}

/// The integer types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IntType {
    /// `smallint`
    Int2,
    /// `integer`
    Int4,
    /// `bigint`
    Int8,
}

/// The types that name objects of the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RegType {
    /// `regclass`
    Class,
    /// `regtype`
    Type,
    /// `regproc`
    Proc,
    /// `regprocedure`
    Procedure,
    /// `regnamespace`
    Namespace,
    /// `regrole`
    Role,
}

/// A row: its columns and their values.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Record {
    /// Names and values.
    pub fields: Vec<(Name, Value)>,
}

/// Why a value is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// In words.
    pub text: Arc<str>,
    /// It depends on data, the clock or chance; otherwise on something that is not evaluated yet.
    pub data: bool,
    /// It is not NULL, whatever it is. (What is computed from it may be.)
    pub present: bool,
    /// It is this SQL text, but for casts that PostgreSQL prints where types meet and we do not: good enough to be
    /// searched for a word, and to be pasted into a statement.
    pub printed: Option<EcoString>,
    /// The text that it is, with [`GAP`](crate::sql::shape::GAP) or [`DIGITS`](crate::sql::shape::DIGITS) for what is not known of it.
    pub shape: Option<EcoString>,
}

impl Reason {
    /// The reason for something that is computed from the value.
    #[must_use]
    pub fn of_result(&self) -> Reason {
        Reason { present: false, printed: None, shape: None, ..self.clone() }
    }

    /// It depends on data, the clock or chance.
    pub fn data(text: impl Into<Arc<str>>) -> Reason {
        Reason { text: text.into(), data: true, present: false, printed: None, shape: None }
    }

    /// It is not evaluated yet.
    pub fn not_evaluated(text: impl Into<Arc<str>>) -> Reason {
        Reason { text: text.into(), data: false, present: false, printed: None, shape: None }
    }
}

impl IntType {
    /// The type's number.
    pub fn oid(self) -> Oid {
        match self {
            IntType::Int2 => t::INT2,
            IntType::Int4 => t::INT4,
            IntType::Int8 => t::INT8,
        }
    }

    /// Whether a number is one of this type.
    pub fn holds(self, value: i64) -> bool {
        match self {
            IntType::Int2 => i16::try_from(value).is_ok(),
            IntType::Int4 => i32::try_from(value).is_ok(),
            IntType::Int8 => true,
        }
    }

    /// Its name in messages.
    pub fn name(self) -> &'static str {
        match self {
            IntType::Int2 => "smallint",
            IntType::Int4 => "integer",
            IntType::Int8 => "bigint",
        }
    }
}

impl RegType {
    /// All of them.
    pub const ALL: [RegType; 6] =
        [RegType::Class, RegType::Type, RegType::Proc, RegType::Procedure, RegType::Namespace, RegType::Role];

    /// The type's number.
    pub fn oid(self) -> Oid {
        match self {
            RegType::Class => t::REGCLASS,
            RegType::Type => Oid(2206),
            RegType::Proc => t::REGPROC,
            RegType::Procedure => Oid(2202),
            RegType::Namespace => Oid(4089),
            RegType::Role => Oid(4096),
        }
    }
}

impl Value {
    /// An `integer`.
    pub fn int(value: i32) -> Value {
        Value::Int(value.into(), IntType::Int4)
    }

    /// A `bigint`.
    pub fn bigint(value: i64) -> Value {
        Value::Int(value, IntType::Int8)
    }

    /// A `text`.
    pub fn text(value: impl Into<EcoString>) -> Value {
        Value::Text(value.into())
    }

    /// A `name`.
    pub fn name(value: impl Into<EcoString>) -> Value {
        Value::Name(value.into())
    }

    /// Something that depends on data, the clock or chance.
    pub fn unknown_data(text: impl Into<Arc<str>>) -> Value {
        Value::Unknowable(Reason::data(text))
    }

    /// Something that is not evaluated yet.
    pub fn not_evaluated(text: impl Into<Arc<str>>) -> Value {
        Value::Unknowable(Reason::not_evaluated(text))
    }

    /// An array of one dimension.
    pub fn array(element: Oid, items: Vec<Value>) -> Value {
        Value::Array(Arc::new(ArrayValue { element, items, vector: false }))
    }

    /// An `int2vector` or `oidvector`.
    pub fn vector(element: Oid, items: Vec<Value>) -> Value {
        Value::Array(Arc::new(ArrayValue { element, items, vector: true }))
    }

    /// A value that is not NULL, but not evaluated yet.
    pub fn present(text: impl Into<Arc<str>>) -> Value {
        Value::Unknowable(Reason { present: true, ..Reason::not_evaluated(text) })
    }

    /// The text of an expression, or of something that has expressions in it.
    pub fn printed(text: impl Into<EcoString>) -> Value {
        let reason = Reason::not_evaluated("how PostgreSQL prints an expression is known but for its casts");
        Value::Unknowable(Reason { present: true, printed: Some(text.into()), ..reason })
    }

    /// The value or NULL.
    pub fn or_null<T>(value: Option<T>, make: impl FnOnce(T) -> Value) -> Value {
        value.map_or(Value::Null, make)
    }

    /// It is NULL for certain.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Why it is not known.
    pub fn unknowable(&self) -> Option<&Reason> {
        match self {
            Value::Unknowable(reason) => Some(reason),
            _ => None,
        }
    }

    /// Why it, or a field of it, is not known.
    pub fn unknowable_inside(&self) -> Option<&Reason> {
        match self {
            Value::Unknowable(reason) => Some(reason),
            Value::Record(record) => record.fields.iter().find_map(|(_, v)| v.unknowable_inside()),
            Value::Array(array) => array.items.iter().find_map(Value::unknowable_inside),
            _ => None,
        }
    }

    /// The characters of a string of whatever type.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Literal(s) | Value::Text(s) | Value::Name(s) => Some(s),
            _ => None,
        }
    }

    /// A string, or a text that is known but for its casts; and whether it is the latter.
    pub fn as_printed(&self) -> Option<(&str, bool)> {
        match self {
            Value::Unknowable(reason) => reason.printed.as_deref().map(|text| (text, true)),
            other => other.as_str().map(|text| (text, false)),
        }
    }

    /// A string, or the shape of one.
    pub fn as_shape(&self) -> Option<&str> {
        match self {
            Value::Unknowable(reason) => reason.shape.as_deref(),
            other => other.as_str(),
        }
    }

    /// A whole number of whatever type.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(n, _) => Some(*n),
            Value::Oid(oid) | Value::Reg(_, oid) => Some(oid.0.into()),
            _ => None,
        }
    }

    /// Its type; nothing for NULL, rows and what is not known.
    pub fn type_oid(&self) -> Option<Oid> {
        match self {
            Value::Null | Value::Unknowable(_) => None,
            Value::Bool(_) => Some(t::BOOL),
            Value::Int(_, ty) => Some(ty.oid()),
            Value::Numeric(_) => Some(t::NUMERIC),
            Value::Float(_) => Some(t::FLOAT8),
            Value::Literal(_) => Some(t::UNKNOWN),
            Value::Text(_) => Some(t::TEXT),
            Value::Name(_) => Some(t::NAME),
            Value::Char(_) => Some(t::CHAR),
            Value::Oid(_) => Some(t::OID),
            Value::Reg(ty, _) => Some(ty.oid()),
            Value::Array(array) => array.type_oid(),
            Value::Record(_) => Some(t::RECORD),
            Value::Typed(ty, _) => Some(*ty),
        }
    }
}

/// Why two values cannot be compared.
#[derive(Clone, Debug, PartialEq)]
pub enum Incomparable {
    /// There is no operator for their types.
    Types,
    /// The outcome is not known.
    Unknown(Reason),
}

/// How two values that are not NULL compare. A literal without a type takes the other value's type before this is
/// called.
pub fn compare(a: &Value, b: &Value) -> Result<Ordering, Incomparable> {
    use Value::*;
    let unknown = |text: &str| Err(Incomparable::Unknown(Reason::not_evaluated(text)));
    match (a, b) {
        (Unknowable(reason), _) | (_, Unknowable(reason)) => Err(Incomparable::Unknown(reason.clone())),
        (Bool(a), Bool(b)) => Ok(a.cmp(b)),
        (Char(a), Char(b)) => Ok(a.cmp(b)),
        (Char(a), Literal(b) | Text(b)) => Ok(a.to_string().as_str().trim_end_matches('\0').cmp(b.as_str())),
        (Literal(a) | Text(a), Char(b)) => Ok(a.as_str().cmp(b.to_string().trim_end_matches('\0'))),
        (Name(a), Name(b)) | (Name(a), Literal(b)) | (Literal(a), Name(b)) => Ok(a.cmp(b)),
        (Literal(a) | Text(a) | Name(a), Literal(b) | Text(b) | Name(b)) => Ok(a.cmp(b)),
        (Float(a), Float(b)) => Ok(a.total_cmp(b)),
        (Float(a), Int(b, _)) => Ok(a.total_cmp(&(*b as f64))),
        (Int(a, _), Float(b)) => Ok((*a as f64).total_cmp(b)),
        (Float(_), Numeric(_)) | (Numeric(_), Float(_)) => unknown("numeric with double precision is not compared"),
        (Numeric(a), Numeric(b)) => Ok(a.cmp(b)),
        (Numeric(a), Int(b, _)) => Ok(a.cmp(&Decimal::from(*b))),
        (Int(a, _), Numeric(b)) => Ok(Decimal::from(*a).cmp(b)),
        (Int(..) | Oid(_) | Reg(..), Int(..) | Oid(_) | Reg(..)) => Ok(a.as_int().cmp(&b.as_int())),
        (Array(a), Array(b)) => a.compare(b),
        (Record(a), Record(b)) => compare_rows(a.fields.iter().map(|f| &f.1), b.fields.iter().map(|f| &f.1)),
        (Typed(t::DATE, a), Typed(t::DATE, b)) if is_common_date(a) && is_common_date(b) => Ok(a.cmp(b)),
        (Typed(t::TIMESTAMPTZ, _), _) | (_, Typed(t::TIMESTAMPTZ, _)) => unknown("which moment it is is not known"),
        (Typed(x, a), Typed(y, b)) if x == y && a == b => Ok(Ordering::Equal),
        (Typed(x, _), Typed(y, _)) if x == y => unknown("values of this type are not compared"),
        _ => Err(Incomparable::Types),
    }
}

/// Such dates compare as their texts do.
fn is_common_date(text: &str) -> bool {
    text.len() == "2024-02-29".len() && text.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

/// Compares rows column by column; NULLs count as greatest (`rowtypes.c: record_cmp`).
fn compare_rows<'a>(
    a: impl Iterator<Item = &'a Value>,
    b: impl Iterator<Item = &'a Value>,
) -> Result<Ordering, Incomparable> {
    for (a, b) in a.zip(b) {
        let ordering = compare_nulls_last(a, b)?;
        if ordering != Ordering::Equal {
            return Ok(ordering);
        }
    }
    Ok(Ordering::Equal)
}

/// Compares for sorting, grouping and DISTINCT: NULL equals NULL and is greatest.
pub fn compare_nulls_last(a: &Value, b: &Value) -> Result<Ordering, Incomparable> {
    match (a.is_null(), b.is_null()) {
        (true, true) => Ok(Ordering::Equal),
        (true, false) if b.unknowable().is_none() => Ok(Ordering::Greater),
        (false, true) if a.unknowable().is_none() => Ok(Ordering::Less),
        _ => compare(a, b),
    }
}
