//! What parse analysis makes of forms that are only another way to write something (`parse_expr.c`), as far as that
//! needs no types.

use crate::sql::ast::*;
use crate::sql::span::Loc;

/// The expression that PostgreSQL stores instead of this one, looking at its topmost node only; nothing if it stores
/// the node as it is.
pub(crate) fn desugar(expr: &Expr) -> Option<Expr> {
    let loc = expr.loc;
    match &expr.kind {
        ExprKind::In { not, operand, list } => Some(in_list(*not, operand, list, loc)),
        ExprKind::Between { not, symmetric, operand, low, high } => {
            Some(between(*not, *symmetric, operand, low, high, loc))
        }
        ExprKind::Like { kind, not, operand, pattern } => {
            let op = match (kind, not) {
                (LikeKind::Like, false) => "~~",
                (LikeKind::Like, true) => "!~~",
                (LikeKind::Ilike, false) => "~~*",
                (LikeKind::Ilike, true) => "!~~*",
                (LikeKind::SimilarTo, false) => "~",
                (LikeKind::SimilarTo, true) => "!~",
            };
            Some(binary(op, operand.as_ref().clone(), pattern.as_ref().clone(), loc))
        }
        ExprKind::Distinct { not, left, right } => distinct(*not, left, right, loc),
        ExprKind::Op { op, left: Some(left), right } => {
            let (ExprKind::Row { fields: left, .. }, ExprKind::Row { fields: right, .. }) = (&left.kind, &right.kind)
            else {
                return None;
            };
            row_comparison(op, left, right, loc)
        }
        ExprKind::Cast { operand, ty } => cast(operand, ty),
        ExprKind::Indirection { operand, path } => match &operand.kind {
            ExprKind::Indirection { operand: inner, path: first } => {
                let path = first.iter().chain(path).cloned().collect();
                Some(Expr { kind: ExprKind::Indirection { operand: inner.clone(), path }, loc })
            }
            _ => None,
        },
        ExprKind::SubLink { kind: SubLinkKind::Any { operand, op: Some(op) }, query } if op.name == "=" => {
            let kind = SubLinkKind::Any { operand: operand.clone(), op: None };
            Some(Expr { kind: ExprKind::SubLink { kind, query: query.clone() }, loc })
        }
        ExprKind::Column(_)
        | ExprKind::Star(_)
        | ExprKind::Param(_)
        | ExprKind::Literal(_)
        | ExprKind::Op { left: None, .. }
        | ExprKind::OpArray { .. }
        | ExprKind::NullIf(..)
        | ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Not(_)
        | ExprKind::IsNull { .. }
        | ExprKind::BooleanTest { .. }
        | ExprKind::Func(_)
        | ExprKind::SqlValue { .. }
        | ExprKind::Case { .. }
        | ExprKind::Coalesce(_)
        | ExprKind::Greatest(_)
        | ExprKind::Least(_)
        | ExprKind::Array(_)
        | ExprKind::Row { .. }
        | ExprKind::SubLink { .. }
        | ExprKind::Collate { .. }
        | ExprKind::Grouping(_)
        | ExprKind::Default
        | ExprKind::CurrentOf(_)
        | ExprKind::Xml(_)
        | ExprKind::Json(_)
        | ExprKind::MergeAction
        | ExprKind::MultiAssign { .. }
        | ExprKind::Unmodelled(_) => None,
    }
}

fn binary(op: &str, left: Expr, right: Expr, loc: Loc) -> Expr {
    let op = QualifiedName { schema: None, name: op.into(), loc };
    Expr { kind: ExprKind::Op { op, left: Some(Box::new(left)), right: Box::new(right) }, loc }
}

fn and(list: Vec<Expr>, loc: Loc) -> Expr {
    Expr { kind: ExprKind::And(list), loc }
}

fn or(list: Vec<Expr>, loc: Loc) -> Expr {
    Expr { kind: ExprKind::Or(list), loc }
}

/// `parse_expr.c: transformAExprIn`: items without columns become one array; the others are compared one by one.
fn in_list(not: bool, operand: &Expr, list: &[Expr], loc: Loc) -> Expr {
    let op = if not { "<>" } else { "=" };
    let is_row = |e: &Expr| matches!(e.kind, ExprKind::Row { .. });
    let (with_columns, constant): (Vec<&Expr>, Vec<&Expr>) = list.iter().partition(|e| has_column(e));
    let use_array = constant.len() > 1 && !is_row(operand) && !list.iter().any(is_row);
    let mut tests = Vec::new();
    let one_by_one = if use_array {
        let elements = constant.into_iter().cloned().collect();
        let right = Box::new(Expr { kind: ExprKind::Array(elements), loc: Loc::NONE });
        let op = QualifiedName { schema: None, name: op.into(), loc };
        let left = Box::new(operand.clone());
        tests.push(Expr { kind: ExprKind::OpArray { op, all: not, left, right }, loc });
        with_columns
    } else {
        list.iter().collect()
    };
    tests.extend(one_by_one.into_iter().map(|item| binary(op, operand.clone(), item.clone(), loc)));
    match tests.len() {
        1 => tests.remove(0),
        _ if not => and(tests, loc),
        _ => or(tests, loc),
    }
}

/// Whether a column of this query level occurs (`contain_vars_of_level`). What is inside a sub-query counts as outer.
fn has_column(expr: &Expr) -> bool {
    any_column(expr, &mut |_, _| true)
}

/// Whether `test` holds for a column reference outside sub-queries.
pub(super) fn any_column(expr: &Expr, test: &mut dyn FnMut(&[Name], Loc) -> bool) -> bool {
    let mut any = |mut exprs: &mut dyn Iterator<Item = &Expr>| Iterator::any(&mut exprs, |e| any_column(e, &mut *test));
    match &expr.kind {
        ExprKind::Column(parts) | ExprKind::Star(parts) => test(parts, expr.loc),
        ExprKind::Cast { operand, .. }
        | ExprKind::Not(operand)
        | ExprKind::IsNull { operand, .. }
        | ExprKind::BooleanTest { operand, .. }
        | ExprKind::Collate { operand, .. } => any_column(operand, test),
        ExprKind::Op { left, right, .. } => any(&mut left.iter().chain([right]).map(Box::as_ref)),
        ExprKind::OpArray { left, right, .. }
        | ExprKind::Distinct { left, right, .. }
        | ExprKind::NullIf(left, right)
        | ExprKind::Like { operand: left, pattern: right, .. } => any(&mut [left, right].into_iter().map(Box::as_ref)),
        ExprKind::In { operand, list, .. } => any(&mut list.iter().chain([operand.as_ref()])),
        ExprKind::Between { operand, low, high, .. } => any(&mut [operand, low, high].into_iter().map(Box::as_ref)),
        ExprKind::And(list)
        | ExprKind::Or(list)
        | ExprKind::Coalesce(list)
        | ExprKind::Greatest(list)
        | ExprKind::Least(list)
        | ExprKind::Array(list)
        | ExprKind::Grouping(list)
        | ExprKind::Row { fields: list, .. } => any(&mut list.iter()),
        ExprKind::Func(call) => any(&mut call.args.iter().map(|arg| &arg.value)),
        ExprKind::Case { operand, whens, otherwise } => any(&mut operand
            .iter()
            .chain(otherwise)
            .map(Box::as_ref)
            .chain(whens.iter().flat_map(|(when, then)| [when, then]))),
        ExprKind::Indirection { operand, path } => {
            let steps = path.iter().flat_map(|step| match step {
                Indirection::Field(_) | Indirection::Star => [None, None],
                Indirection::Index(index) => [Some(index), None],
                Indirection::Slice(lower, upper) => [lower.as_deref(), upper.as_deref()],
            });
            any(&mut steps.flatten().chain([operand.as_ref()]))
        }
        ExprKind::SubLink { kind, .. } => match kind {
            SubLinkKind::Any { operand, .. } | SubLinkKind::All { operand, .. } => any_column(operand, test),
            SubLinkKind::Exists | SubLinkKind::Scalar | SubLinkKind::Array => false,
        },
        ExprKind::Param(_)
        | ExprKind::Literal(_)
        | ExprKind::SqlValue { .. }
        | ExprKind::Default
        | ExprKind::CurrentOf(_)
        | ExprKind::Xml(_)
        | ExprKind::Json(_)
        | ExprKind::MergeAction
        | ExprKind::MultiAssign { .. }
        | ExprKind::Unmodelled(_) => false,
    }
}

/// `parse_expr.c: transformAExprBetween`
fn between(not: bool, symmetric: bool, operand: &Expr, low: &Expr, high: &Expr, loc: Loc) -> Expr {
    let range = |low: &Expr, high: &Expr| {
        let test = |op: &str, bound: &Expr| binary(op, operand.clone(), bound.clone(), loc);
        if not {
            or(vec![test("<", low), test(">", high)], loc)
        } else {
            and(vec![test(">=", low), test("<=", high)], loc)
        }
    };
    match (symmetric, not) {
        (false, _) => range(low, high),
        (true, false) => or(vec![range(low, high), range(high, low)], loc),
        (true, true) => and(vec![range(low, high), range(high, low)], loc),
    }
}

/// `parse_expr.c: transformAExprDistinct`: a comparison with NULL is a null test; NOT is apart.
fn distinct(not: bool, left: &Expr, right: &Expr, loc: Loc) -> Option<Expr> {
    let is_null = |e: &Expr| matches!(e.kind, ExprKind::Literal(Literal::Null));
    let tested = match (is_null(left), is_null(right)) {
        (_, true) => Some(left),
        (true, false) => Some(right),
        (false, false) => None,
    };
    if let Some(tested) = tested {
        return Some(Expr { kind: ExprKind::IsNull { not: !not, operand: Box::new(tested.clone()) }, loc });
    }
    not.then(|| {
        let kind = ExprKind::Distinct { not: false, left: Box::new(left.clone()), right: Box::new(right.clone()) };
        Expr { kind: ExprKind::Not(Box::new(Expr { kind, loc })), loc }
    })
}

/// `parse_expr.c: make_row_comparison_op`: equality is one comparison for each pair of fields.
fn row_comparison(op: &QualifiedName, left: &[Expr], right: &[Expr], loc: Loc) -> Option<Expr> {
    if left.len() != right.len() || left.is_empty() {
        return None;
    }
    let mut tests: Vec<Expr> = left
        .iter()
        .zip(right)
        .map(|(l, r)| {
            let kind = ExprKind::Op { op: op.clone(), left: Some(Box::new(l.clone())), right: Box::new(r.clone()) };
            Expr { kind, loc }
        })
        .collect();
    match op.name.as_str() {
        _ if tests.len() == 1 => Some(tests.remove(0)),
        "=" => Some(and(tests, loc)),
        "<>" => Some(or(tests, loc)),
        _ => None,
    }
}

/// Casts that leave nothing but a constant behind, and casts of an array that are done on its elements
/// (`parse_expr.c: transformArrayExpr`).
fn cast(operand: &Expr, ty: &TypeName) -> Option<Expr> {
    let literal = |literal| Some(Expr { kind: ExprKind::Literal(literal), loc: operand.loc });
    let plain = is_builtin_spelling(ty) && ty.array_dims == 0 && !ty.setof && ty.typmods.is_empty();
    let name = ty.name.name.as_str();
    match &operand.kind {
        ExprKind::Literal(Literal::Integer(_)) if plain && name == "int4" => Some(operand.clone()),
        ExprKind::Literal(Literal::Boolean(_)) if plain && name == "bool" => Some(operand.clone()),
        ExprKind::Literal(Literal::Float(number)) if plain && name == "numeric" && number.parse::<i64>().is_err() => {
            Some(operand.clone())
        }
        ExprKind::Literal(Literal::String(text)) if plain => match name {
            "int4" => literal(Literal::Integer(text.trim().parse().ok()?)),
            "numeric" if text.contains('.') => literal(Literal::Float(canonical_number(text.trim())?)),
            "bool" => match text.trim().to_ascii_lowercase().as_str() {
                "t" | "true" | "y" | "yes" | "on" | "1" => literal(Literal::Boolean(true)),
                "f" | "false" | "n" | "no" | "off" | "0" => literal(Literal::Boolean(false)),
                _ => None,
            },
            _ => None,
        },
        ExprKind::Array(elements) if ty.array_dims > 0 && !elements.is_empty() && elements.iter().all(is_constant) => {
            let element_type = TypeName { array_dims: 0, ..ty.clone() };
            let elements = elements
                .iter()
                .map(|e| {
                    let nested = matches!(e.kind, ExprKind::Array(_));
                    let ty = if nested { ty.clone() } else { element_type.clone() };
                    Expr { kind: ExprKind::Cast { operand: Box::new(e.clone()), ty }, loc: e.loc }
                })
                .collect();
            Some(Expr { kind: ExprKind::Array(elements), loc: operand.loc })
        }
        _ => None,
    }
}

fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(Literal::String(_) | Literal::Null) => true,
        ExprKind::Array(elements) => !elements.is_empty() && elements.iter().all(is_constant),
        _ => false,
    }
}

fn is_builtin_spelling(ty: &TypeName) -> bool {
    ty.percent_type.is_none() && ty.name.schema.as_deref().is_none_or(|schema| schema == "pg_catalog")
}

/// A number as `numeric_out` shows it: no exponent, a digit before the point. Nothing if it is no decimal number.
pub(in crate::expr) fn canonical_number(written: &str) -> Option<String> {
    let digits = written.replace('_', "");
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", digits.as_str()),
    };
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(rest) = digits.to_ascii_lowercase().strip_prefix(prefix) {
            return Some(format!("{sign}{}", u128::from_str_radix(rest, radix).ok()?));
        }
    }
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (&digits[..at], digits[at + 1..].parse::<i32>().ok().filter(|e| e.abs() < 1000)?),
        None => (digits, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) || mantissa.len() < 2 && mantissa == "." {
        return None;
    }
    let all = format!("{whole}{fraction}");
    let point = whole.len() as i32 + exponent;
    let (whole, fraction) = if point <= 0 {
        ("0".to_owned(), format!("{}{all}", "0".repeat(point.unsigned_abs() as usize)))
    } else if point as usize >= all.len() {
        (format!("{all}{}", "0".repeat(point as usize - all.len())), String::new())
    } else {
        (all[..point as usize].to_owned(), all[point as usize..].to_owned())
    };
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

#[cfg(test)]
mod tests {
    use super::canonical_number;

    #[test]
    fn numbers_lose_their_exponents() {
        for (written, shown) in [
            (".5", "0.5"),
            ("5.", "5"),
            ("1e3", "1000"),
            ("1.50", "1.50"),
            ("-1.5e-3", "-0.0015"),
            ("1_000_000_000_000", "1000000000000"),
            ("0xFFFFFFFFFF", "1099511627775"),
            ("007.5", "7.5"),
        ] {
            assert_eq!(canonical_number(written).as_deref(), Some(shown));
        }
        assert_eq!(canonical_number("NaN"), None);
    }
}
