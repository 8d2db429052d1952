//! Constants.

use super::form::Form;
use crate::catalog::tree::{Const, Expr, FuncExpr};
use crate::catalog::{Oid, type_oid as t};

/// `int2`, `int4`, `int8`
pub(super) fn is_integer(ty: Oid) -> bool {
    matches!(ty, t::INT2 | t::INT4 | t::INT8)
}

/// `text` and `varchar`, whose values are the same.
pub(super) fn is_text(ty: Oid) -> bool {
    matches!(ty, t::TEXT | t::VARCHAR | t::UNKNOWN)
}

pub(super) fn constant(constant: &Const) -> Form {
    let Some(value) = &constant.value else { return Form::leaf("null") };
    if let Some(object) = constant.object {
        return Form::leaf(ecow::eco_format!("object {object:?}"));
    }
    Form::leaf(match constant.ty.oid {
        t::BOOL => ecow::eco_format!("boolean {value}"),
        ty if is_integer(ty) => ecow::eco_format!("number {value}"),
        t::NUMERIC => ecow::eco_format!("number {}", without_zeros(value)),
        ty if is_text(ty) => ecow::eco_format!("string {value}"),
        ty => ecow::eco_format!("constant {ty:?} {value}"),
    })
}

/// A constant number that a cast to another type of number makes of a constant, where the value stays.
pub(super) fn cast_number(call: &FuncExpr) -> Option<Form> {
    let [Expr::Const(arg)] = call.args.as_slice() else { return None };
    let number = |ty: Oid| is_integer(ty) || ty == t::NUMERIC;
    let widens = is_integer(arg.ty.oid) && number(call.ty.oid) && call.ty.oid != t::INT2;
    // `int8` to `int4` may fail.
    let narrows = arg.ty.oid == t::INT8 && call.ty.oid == t::INT4;
    (widens && !narrows && arg.value.is_some()).then(|| constant(arg))
}

/// `1.50` is the number 1.5, as far as comparisons go.
fn without_zeros(number: &str) -> &str {
    match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.'),
        false => number,
    }
}
