//! Constants and functions without parentheses (`parse_node.c: make_const`, `parse_expr.c: transformSQLValueFunction`).

use super::super::error::{at, fail};
use super::super::{Analyzer, Exec};
use crate::catalog::tree::{Const, Expr, SqlValueFunction};
use crate::catalog::{Oid, TypeRef, type_oid as t};
use crate::expr::datum;
use crate::sql::ast::{Literal, SqlValueFunc};
use crate::sql::span::Loc;

/// The most digits of a second (`MAX_TIMESTAMP_PRECISION`).
const MAX_PRECISION: i32 = 6;

impl Analyzer<'_> {
    /// A literal.
    pub(in super::super) fn make_const(&self, literal: &Literal, loc: Loc) -> Exec<Expr> {
        let (ty, value) = match literal {
            Literal::Null => (t::UNKNOWN, None),
            Literal::Boolean(value) => (t::BOOL, Some(if *value { "t" } else { "f" }.into())),
            Literal::Integer(number) => (t::INT4, Some(decimal(i64::from(*number)))),
            Literal::Float(text) => match whole_number(text) {
                Some(number) if i32::try_from(number).is_ok() => (t::INT4, Some(decimal(number))),
                Some(number) => (t::INT8, Some(decimal(number))),
                None => {
                    let datum = at(loc, datum::input(&self.datum_env(), t::NUMERIC, -1, text))?;
                    (t::NUMERIC, Some(datum.text.into()))
                }
            },
            Literal::String(text) => (t::UNKNOWN, Some(text.as_str().into())),
            Literal::BitString(text) => {
                let datum = at(loc, datum::input(&self.datum_env(), t::BIT, -1, text))?;
                (t::BIT, Some(datum.text.into()))
            }
        };
        let ty = TypeRef::plain(ty);
        Ok(Expr::Const(Box::new(Const { ty, collation: Oid::INVALID, value, object: None, at: loc.into() })))
    }

    /// `CURRENT_DATE` and its like.
    pub(super) fn transform_sql_value(&mut self, func: SqlValueFunc, precision: Option<i32>, loc: Loc) -> Exec<Expr> {
        let (ty, name) = match func {
            SqlValueFunc::CurrentDate => (t::DATE, ""),
            SqlValueFunc::CurrentTime => (t::TIMETZ, "TIME"),
            SqlValueFunc::CurrentTimestamp => (t::TIMESTAMPTZ, "TIMESTAMP"),
            SqlValueFunc::LocalTime => (t::TIME, "TIME"),
            SqlValueFunc::LocalTimestamp => (t::TIMESTAMP, "TIMESTAMP"),
            SqlValueFunc::CurrentRole
            | SqlValueFunc::CurrentUser
            | SqlValueFunc::User
            | SqlValueFunc::SessionUser
            | SqlValueFunc::CurrentCatalog
            | SqlValueFunc::CurrentSchema => (t::NAME, ""),
        };
        // `date.c: anytime_typmod_check`, `timestamp.c: anytimestamp_typmod_check`
        let typmod = match precision {
            None => -1,
            Some(negative @ ..=-1) => {
                let zone = if matches!(ty, t::TIMETZ | t::TIMESTAMPTZ) { " WITH TIME ZONE" } else { "" };
                return fail("22023", format!("{name}({negative}){zone} precision must not be negative"), Loc::NONE);
            }
            Some(precision) => precision.min(MAX_PRECISION),
        };
        Ok(Expr::SqlValueFunction(Box::new(SqlValueFunction {
            func,
            ty: TypeRef { oid: ty, typmod },
            collation: Oid::INVALID,
            at: loc.into(),
        })))
    }
}

fn decimal(number: i64) -> ecow::EcoString {
    ecow::eco_format!("{number}")
}

/// The number that fits 64 bits; digits may be grouped and have another base (16).
fn whole_number(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let plain: String = text.chars().filter(|&c| c != '_').collect();
    let lower = plain.to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = lower.strip_prefix(prefix) {
            return i64::from_str_radix(digits, radix).ok();
        }
    }
    lower.parse().ok()
}
