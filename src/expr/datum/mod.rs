//! Constants: the input and output functions of PostgreSQL's types.
//!
//! Where parse analysis gives a literal a type, it runs the type's input function (`parse_coerce.c: coerce_type`), and
//! where `ruleutils.c` prints the constant, the output function. Here a constant is kept as what the output function
//! gives, with DateStyle `ISO, MDY`, IntervalStyle `postgres`, `bytea_output` `hex` and `extra_float_digits` 1. So
//! [`input`] goes all the way from a literal to that text, or to PostgreSQL's error.
//!
//! What is not done exactly as PostgreSQL does it is opaque, never guessed.

pub(crate) mod array;
mod datetime;
mod extension;
mod float;
mod geometry;
mod json;
mod jsonpath;
mod net;
mod number;
mod numeric;
pub(crate) mod range;
mod record;
mod reg;
mod string;
#[cfg(test)]
mod tests;
mod textsearch;
mod xml;

use crate::catalog::builtin::BuiltinType;
use crate::catalog::{Catalog, Object, Oid, Type, TypeKind, TypeRef, type_oid as t};
use crate::replay::{Exec, Opaque, SqlError, Stop, lookup};
use crate::sql::ast::Touches;
pub use datetime::{DateOrder, needs_clock};
use reg::Reg;

/// What input and output functions look at besides the text.
#[derive(Clone, Copy, Debug)]
pub struct DatumEnv<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// Where names are looked up.
    pub path: &'a [Oid],
    /// The session's `TimeZone`, in which a time without a zone is meant.
    pub time_zone: &'a str,
    /// The session's order of the fields of a date.
    pub date_order: DateOrder,
    /// The zone that times are printed in. A constant that is stored has its text in `UTC`.
    pub output_zone: &'a str,
    /// The start of the transaction in microseconds since 2000-01-01 00:00 UTC, where there is a clock. Without one,
    /// literals like `now` and `today` are opaque.
    pub now: Option<i64>,
}

impl<'a> DatumEnv<'a> {
    /// A session in `UTC` without a clock.
    pub fn new(catalog: &'a Catalog, path: &'a [Oid]) -> DatumEnv<'a> {
        DatumEnv { catalog, path, time_zone: "UTC", date_order: DateOrder::Mdy, output_zone: "UTC", now: None }
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
    match domain_base(env, ty) {
        Some(base) => {
            // `getBaseTypeAndTypmod` goes through domains over domains.
            let typmod = if base_type(env, ty) == t::INTERVAL { base.typmod } else { -1 };
            input(env, base.oid, typmod, text)
        }
        None => read(env, ty, typmod, text),
    }
}

/// The text of a constant now: names of objects as the path shows them.
pub fn output(env: &DatumEnv<'_>, ty: Oid, datum: &Datum) -> String {
    let reg = env.catalog.builtins().type_by_oid(ty).and_then(|ty| Reg::named(ty.name));
    match (reg, datum.object) {
        (Some(reg), Some(object)) => reg::print(env, reg, object),
        _ => datum.text.clone(),
    }
}

/// The base type of a domain.
fn domain_base(env: &DatumEnv<'_>, ty: Oid) -> Option<TypeRef> {
    if let Some(user) = env.catalog.type_(ty) {
        let TypeKind::Domain(domain) = &user.kind else { return None };
        return Some(domain.base);
    }
    let builtin = env.catalog.builtins().type_by_oid(ty).filter(|b| b.typtype == 'd')?;
    Some(TypeRef { oid: builtin.base, typmod: builtin.base_typmod })
}

/// The type under all domains.
fn base_type(env: &DatumEnv<'_>, ty: Oid) -> Oid {
    // Domains are not nested endlessly.
    (0..100).try_fold(ty, |ty, _| domain_base(env, ty).map(|base| base.oid).ok_or(ty)).unwrap_or_else(|ty| ty)
}

/// The text of a value inside an array, row or range. Unlike [`input`] this is what the input function of a domain does
/// (`domains.c: domain_in`).
fn input_inside(env: &DatumEnv<'_>, ty: Oid, typmod: i32, text: &str) -> Exec<String> {
    if let Some(base) = domain_base(env, ty) {
        if has_checks(env, ty) {
            return Err(opaque("the checks of a domain are not evaluated inside a constant"));
        }
        return input_inside(env, base.oid, base.typmod, text);
    }
    let datum = read(env, ty, typmod, text)?;
    let renamed = |object: Object| match object {
        Object::Relation(oid) | Object::Type(oid) | Object::Function(oid) | Object::Schema(oid) | Object::Role(oid) => {
            !oid.is_builtin()
        }
        _ => true,
    };
    if datum.object.is_some_and(renamed) {
        return Err(opaque("a constant with the names of objects inside is not followed when they are renamed"));
    }
    Ok(datum.text)
}

/// NULL as a value inside an array, row or range, where a domain may refuse it.
fn null_inside(env: &DatumEnv<'_>, ty: Oid) -> Exec {
    let Some(base) = domain_base(env, ty) else { return Ok(()) };
    if has_checks(env, ty) {
        return Err(opaque("the checks of a domain are not evaluated inside a constant"));
    }
    null_inside(env, base.oid)
}

fn has_checks(env: &DatumEnv<'_>, ty: Oid) -> bool {
    match env.catalog.type_(ty).map(|ty| &ty.kind) {
        Some(TypeKind::Domain(domain)) => !domain.checks.is_empty() || domain.not_null,
        // Those of `information_schema` have some.
        _ => true,
    }
}

/// The value of a type that is no domain.
fn read(env: &DatumEnv<'_>, ty: Oid, typmod: i32, text: &str) -> Exec<Datum> {
    if let Some(user) = env.catalog.type_(ty) {
        return read_user_type(env, user, typmod, text).map(Datum::from);
    }
    let Some(builtin) = env.catalog.builtins().type_by_oid(ty) else {
        return Err(opaque(format!("type {} is not known", ty.0)));
    };
    if let Some(reg) = Reg::named(builtin.name) {
        return reg::read(env, reg, text);
    }
    read_builtin(env, builtin, typmod, text).map(Datum::from)
}

/// Refused by the type's input function.
fn cannot_accept(name: &str) -> Stop {
    SqlError::new("0A000", format!("cannot accept a value of type {name}")).into()
}

/// A type of PostgreSQL's own.
fn read_builtin(env: &DatumEnv<'_>, ty: &BuiltinType, typmod: i32, text: &str) -> Exec<String> {
    if ty.is_array() {
        let delimiter = env.catalog.builtins().type_by_oid(ty.element).map_or(',', |element| element.delimiter);
        return array::array(env, ty.element, delimiter, typmod, text);
    }
    match ty.name {
        "bool" => number::boolean(text),
        "int2" => Ok(number::integer(env, text, 16, "smallint")?.to_string()),
        "int4" => Ok(number::integer(env, text, 32, "integer")?.to_string()),
        "int8" => Ok(number::integer(env, text, 64, "bigint")?.to_string()),
        "oid" => number::oid(env, text, "oid"),
        "xid" | "cid" => number::xid(env, text, ty.name),
        "xid8" => number::xid8(env, text),
        "int2vector" => number::vector(env, text, false),
        "oidvector" => number::vector(env, text, true),
        "float4" => Ok(float::print_float4(float::read_float4(env, text)?)),
        "float8" => Ok(float::print_float8(float::read_float8(text)?)),
        "numeric" => Ok(numeric::read(env, typmod, text)?.to_string()),
        "money" => numeric::money(text),
        "text" | "cstring" | "unknown" | "refcursor" => Ok(text.to_owned()),
        "varchar" => string::varchar(typmod, text),
        "bpchar" => string::bpchar(typmod, text),
        "name" => Ok(string::name(text)),
        "char" => string::char(env, text),
        "bytea" => string::bytea(text),
        "bit" => string::bits(typmod, text, false),
        "varbit" => string::bits(typmod, text, true),
        "uuid" => string::uuid(text),
        "pg_lsn" => string::pg_lsn(text),
        "tid" => string::tid(text),
        "pg_snapshot" | "txid_snapshot" => string::snapshot(text),
        "macaddr" => string::macaddr(text),
        "macaddr8" => string::macaddr8(text),
        "inet" => net::network(text, false),
        "cidr" => net::network(text, true),
        "date" => datetime::print_date(datetime::read_date(env, text)?),
        "time" => Ok(datetime::print_time(datetime::read_time(env, typmod, text)?)),
        "timetz" => datetime::timetz(env, typmod, text),
        "timestamp" => datetime::print_timestamp(env, datetime::read_timestamp(env, typmod, text, false)?, false),
        "timestamptz" => datetime::print_timestamp(env, datetime::read_timestamp(env, typmod, text, true)?, true),
        "interval" => datetime::interval(env, typmod, text),
        "json" => json::json(text),
        "jsonb" => json::jsonb(env, text),
        "xml" => xml::content(text),
        "jsonpath" => jsonpath::jsonpath(env, text),
        "point" => geometry::point(text),
        "lseg" => geometry::lseg(text),
        "path" => geometry::path(text),
        "box" => geometry::box_(text),
        "polygon" => geometry::polygon(text),
        "line" => geometry::line(text),
        "circle" => geometry::circle(text),
        "tsvector" => textsearch::tsvector(text),
        "tsquery" => textsearch::tsquery(text),
        "void" => Ok(String::new()),
        "record" => Err(SqlError::new("0A000", "input of anonymous composite types is not implemented").into()),
        "pg_node_tree"
        | "pg_ndistinct"
        | "pg_dependencies"
        | "pg_mcv_list"
        | "pg_brin_bloom_summary"
        | "pg_brin_minmax_multi_summary"
        | "pg_ddl_command"
        | "any"
        | "anyarray"
        | "anyelement"
        | "anynonarray"
        | "anyenum"
        | "anyrange"
        | "anymultirange"
        | "anycompatible"
        | "anycompatiblearray"
        | "anycompatiblenonarray"
        | "anycompatiblerange"
        | "anycompatiblemultirange"
        | "trigger"
        | "event_trigger"
        | "language_handler"
        | "internal"
        | "fdw_handler"
        | "index_am_handler"
        | "tsm_handler"
        | "table_am_handler" => Err(cannot_accept(ty.name)),
        name => match (ty.range, ty.typtype) {
            (Some((subtype, _)), 'r') => range::range(env, subtype, true, typmod, text),
            (_, 'm') => {
                let of = |range: &&BuiltinType| range.range.is_some_and(|(_, multirange)| multirange == ty.oid);
                match env.catalog.builtins().all_types().find(of).and_then(|range| range.range) {
                    Some((subtype, _)) => range::multirange(env, subtype, true, typmod, text),
                    None => Err(opaque(format!("constants of type {name} are not read"))),
                }
            }
            _ => Err(opaque(format!("constants of type {name} are not read"))),
        },
    }
}

/// A type that a script or an extension made.
fn read_user_type(env: &DatumEnv<'_>, ty: &Type, typmod: i32, text: &str) -> Exec<String> {
    match &ty.kind {
        TypeKind::Base(_) => extension::read(env, ty.oid, &ty.name, typmod, text),
        TypeKind::Array(element) => array::array(env, *element, ',', typmod, text),
        TypeKind::Composite(relation) => record::record(env, *relation, text),
        TypeKind::Enum(labels) => {
            let known = labels.iter().any(|label| label.label == text);
            read_enum(env, ty, text, known)
        }
        TypeKind::Range(range) => range::range(env, range.subtype, false, typmod, text),
        TypeKind::Multirange(range) => match env.catalog.type_(*range).map(|range| &range.kind) {
            Some(TypeKind::Range(range)) => range::multirange(env, range.subtype, false, typmod, text),
            _ => Err(opaque(format!("constants of type {} are not read", ty.name))),
        },
        TypeKind::Domain(domain) => input_inside(env, domain.base.oid, domain.base.typmod, text),
        TypeKind::Shell => {
            let error = SqlError::new("0A000", "cannot accept a value of a shell type");
            Err(error.into())
        }
    }
}

/// `enum.c: enum_in`
fn read_enum(env: &DatumEnv<'_>, ty: &Type, text: &str, known: bool) -> Exec<String> {
    let name = || env.catalog.format_type(TypeRef::plain(ty.oid), env.path);
    if env.catalog.uncommitted_enums.labels.iter().any(|(of, label)| *of == ty.oid && label == text) {
        let error = SqlError::new("55P04", format!("unsafe use of new value \"{text}\" of enum type {}", name()));
        return Err(error.hint("New enum values must be committed before they can be used.").into());
    }
    if known {
        return Ok(text.to_owned());
    }
    let error = SqlError::new("22P02", format!("invalid input value for enum {}: \"{text}\"", name()));
    match env.catalog.taint.of_type(ty.schema, &ty.name) {
        Some(unknown) => Err(lookup::maybe(error, unknown)),
        None => Err(error.into()),
    }
}

/// Something that is not done.
fn opaque(reason: impl Into<String>) -> Stop {
    Opaque::new(reason, Touches::Nothing).into()
}

/// 22P02, as most input functions raise it.
fn invalid(type_name: &str, text: &str) -> Stop {
    SqlError::new("22P02", format!("invalid input syntax for type {type_name}: \"{text}\"")).into()
}

/// C's `isspace`.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r')
}

fn is_space_char(c: char) -> bool {
    c.is_ascii() && is_space(c as u8)
}

/// The text without white space in front.
fn skip_space(text: &str) -> &str {
    text.trim_start_matches(is_space_char)
}

/// The text without white space around it.
fn trim_space(text: &str) -> &str {
    text.trim_matches(is_space_char)
}

/// The text, filled up to a number of characters. (A format's width is limited.)
fn padded(text: &str, width: usize, fill: char) -> String {
    let missing = width.saturating_sub(text.chars().count());
    text.chars().chain(std::iter::repeat_n(fill, missing)).collect()
}
