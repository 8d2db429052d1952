//! Constants: the input and output functions of PostgreSQL's types.
//!
//! Where parse analysis gives a literal a type, it runs the type's input function (`parse_coerce.c: coerce_type`), and
//! where `ruleutils.c` prints the constant, the output function. Here a constant is kept as what the output function
//! gives, with DateStyle `ISO, MDY`, IntervalStyle `postgres`, `bytea_output` `hex` and `extra_float_digits` 1. So
//! [`input`] goes all the way from a literal to that text, or to PostgreSQL's error.
//!
//! What is not done exactly as PostgreSQL does it is opaque, never guessed.

use crate::catalog::{Catalog, Object, Oid};
use crate::replay::{Exec, Opaque, SqlError, Stop};
use crate::sql::ast::Touches;

/// What input and output functions look at besides the text.
#[derive(Clone, Copy, Debug)]
pub struct DatumEnv<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// Where names are looked up.
    pub path: &'a [Oid],
    /// The session's `TimeZone`.
    pub time_zone: &'a str,
    /// The start of the transaction in microseconds since 2000-01-01 00:00 UTC, where there is a clock. Without one,
    /// literals like `now` and `today` are opaque.
    pub now: Option<i64>,
}

impl<'a> DatumEnv<'a> {
    /// A session in `UTC` without a clock.
    pub fn new(catalog: &'a Catalog, path: &'a [Oid]) -> DatumEnv<'a> {
        DatumEnv { catalog, path, time_zone: "UTC", now: None }
    }
}

/// A constant that is not NULL.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Datum {
    /// What the type's output function gives.
    pub text: String,
    /// The object that a constant of `regclass` or its like refers to (`dependency.c: find_expr_references_walker`).
    /// Its name may change, so that [`output`] looks it up.
    pub object: Option<Object>,
}

impl From<String> for Datum {
    fn from(text: String) -> Datum {
        Datum { text, object: None }
    }
}

/// The value that a literal stands for in a type: what the type's input function makes of it, as the type's output
/// function shows it.
///
/// `typmod` is what the input function is passed; `coerce_type` passes -1 for all types but `interval`. Of a domain it
/// is the base type's value: the domain's checks are not run, and its modifier matters for `interval` only, as in
/// `coerce_type`.
pub fn input(env: &DatumEnv<'_>, ty: Oid, typmod: i32, text: &str) -> Exec<Datum> {
    let _ = (env, typmod, text);
    Err(opaque(format!("constants of type {} are not read", ty.0)))
}

/// The text of a constant now: names of objects as the path shows them.
pub fn output(env: &DatumEnv<'_>, ty: Oid, datum: &Datum) -> String {
    let _ = (env, ty);
    datum.text.clone()
}

/// Something that is not done.
fn opaque(reason: impl Into<String>) -> Stop {
    Opaque::new(reason, Touches::Nothing).into()
}

/// 22P02, as most input functions raise it.
fn invalid(type_name: &str, text: &str) -> Stop {
    SqlError::new("22P02", format!("invalid input syntax for type {type_name}: \"{text}\"")).into()
}
