//! Whether two bound expressions mean the same, by their shape.
//!
//! Names are compared by what they stand for, `a = b` with `b = a`, the terms of AND and OR as sets. What is not known to
//! be the same is different: `now()` is not `CURRENT_TIMESTAMP`.

use std::fmt::Debug;

use crate::catalog::{Binding, Bound};
use crate::sql::ast::{Expr, ExprKind, FuncCall, QualifiedName, TypeName};
use crate::sql::span::Loc;

/// Whether `a` and `b` mean the same.
pub(super) fn is_equivalent(a: &Bound<Expr>, b: &Bound<Expr>) -> bool {
    Pair { a, b }.exprs(&a.ast, &b.ast)
}

/// The two expressions that names are looked up in.
struct Pair<'e> {
    a: &'e Bound<Expr>,
    b: &'e Bound<Expr>,
}

impl Pair<'_> {
    fn exprs(&self, a: &Expr, b: &Expr) -> bool {
        match (&a.kind, &b.kind) {
            (ExprKind::Column(a_name), ExprKind::Column(b_name)) => {
                match (self.a.binding(a.loc), self.b.binding(b.loc)) {
                    (Some(Binding::Local) | None, _) | (_, Some(Binding::Local) | None) => a_name == b_name,
                    (Some(a), Some(b)) => a == b,
                }
            }
            (ExprKind::Literal(a), ExprKind::Literal(b)) => a == b,
            (ExprKind::And(a), ExprKind::And(b)) | (ExprKind::Or(a), ExprKind::Or(b)) => self.sets(a, b),
            (ExprKind::Not(a), ExprKind::Not(b)) => self.exprs(a, b),
            (ExprKind::IsNull { not: a_not, operand: a }, ExprKind::IsNull { not: b_not, operand: b }) => {
                a_not == b_not && self.exprs(a, b)
            }
            (ExprKind::Cast { operand: a, ty: a_type }, ExprKind::Cast { operand: b, ty: b_type }) => {
                self.types(a_type, b_type) && self.exprs(a, b)
            }
            (
                ExprKind::Op { op: a_op, left: Some(a_left), right: a_right },
                ExprKind::Op { op: b_op, left: Some(b_left), right: b_right },
            ) => {
                let straight = same_name(a_op, b_op) && self.exprs(a_left, b_left) && self.exprs(a_right, b_right);
                straight
                    || commutator(a_op).is_some_and(|name| is_builtin_operator(b_op) && b_op.name == name)
                        && self.exprs(a_left, b_right)
                        && self.exprs(a_right, b_left)
            }
            (ExprKind::Op { op: a_op, left: None, right: a }, ExprKind::Op { op: b_op, left: None, right: b }) => {
                same_name(a_op, b_op) && self.exprs(a, b)
            }
            (
                ExprKind::In { not: a_not, operand: a, list: a_list },
                ExprKind::In { not: b_not, operand: b, list: b_list },
            ) => a_not == b_not && self.exprs(a, b) && self.sets(a_list, b_list),
            (ExprKind::Coalesce(a), ExprKind::Coalesce(b)) | (ExprKind::Array(a), ExprKind::Array(b)) => {
                self.lists(a, b)
            }
            (ExprKind::Func(a), ExprKind::Func(b)) => self.calls(a, b),
            // Everything else is the same if it is written the same.
            _ => self.is_written_alike(&a.kind, &b.kind),
        }
    }

    fn lists(&self, a: &[Expr], b: &[Expr]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.exprs(a, b))
    }

    /// Each term of one is among those of the other.
    fn sets(&self, a: &[Expr], b: &[Expr]) -> bool {
        a.iter().all(|a| b.iter().any(|b| self.exprs(a, b))) && b.iter().all(|b| a.iter().any(|a| self.exprs(a, b)))
    }

    fn calls(&self, a: &FuncCall, b: &FuncCall) -> bool {
        let same_function = match (self.a.binding(a.name.loc), self.b.binding(b.name.loc)) {
            (Some(Binding::Object(a)), Some(Binding::Object(b))) => a == b,
            (Some(Binding::Builtin), Some(Binding::Builtin)) => a.name.name == b.name.name,
            _ => same_name(&a.name, &b.name),
        };
        let plain = |call: &FuncCall| {
            call.order_by.is_empty() && call.filter.is_none() && call.over.is_none() && !call.within_group
        };
        let same_args = a.args.len() == b.args.len()
            && a.args.iter().zip(&b.args).all(|(a, b)| a.name == b.name && self.exprs(&a.value, &b.value));
        let flags = |call: &FuncCall| (call.star, call.distinct, call.variadic);
        same_function
            && flags(a) == flags(b)
            && if plain(a) && plain(b) { same_args } else { self.is_written_alike(a, b) }
    }

    fn types(&self, a: &TypeName, b: &TypeName) -> bool {
        let same = match (self.a.binding(a.loc), self.b.binding(b.loc)) {
            (Some(Binding::Object(a)), Some(Binding::Object(b))) => a == b,
            (Some(Binding::Builtin), Some(Binding::Builtin)) => a.name.name == b.name.name,
            _ => same_name(&a.name, &b.name) && a.percent_type == b.percent_type,
        };
        same && a.array_dims == b.array_dims && a.setof == b.setof && self.lists(&a.typmods, &b.typmods)
    }

    /// The trees are equal but for places, and what stands at their places is the same.
    fn is_written_alike<T: Debug>(&self, a: &T, b: &T) -> bool {
        let (mut a_places, mut b_places) = (Vec::new(), Vec::new());
        without_places(&format!("{a:?}"), &mut a_places) == without_places(&format!("{b:?}"), &mut b_places)
            && a_places.len() == b_places.len()
            && a_places.iter().zip(&b_places).all(|(a, b)| self.a.binding(*a) == self.b.binding(*b))
    }
}

/// The debug form of a tree without the places in it, which go to a list. Texts of the tree are in quotes there.
fn without_places(debug: &str, places: &mut Vec<Loc>) -> String {
    let mut out = String::with_capacity(debug.len());
    let mut chars = debug.char_indices().peekable();
    let mut in_text = false;
    while let Some((at, c)) = chars.next() {
        out.push(c);
        match c {
            '"' => in_text = !in_text,
            '\\' if in_text => out.extend(chars.next().map(|(_, c)| c)),
            '@' if !in_text => {
                let digits = debug[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
                places.push(debug[at + 1..at + 1 + digits].parse().map_or(Loc::NONE, Loc::at));
                while chars.next_if(|(i, c)| *i <= at + digits || *c == '?').is_some() {}
            }
            _ => {}
        }
    }
    out
}

fn is_builtin_operator(op: &QualifiedName) -> bool {
    op.schema.as_deref().is_none_or(|schema| schema == "pg_catalog")
}

fn same_name(a: &QualifiedName, b: &QualifiedName) -> bool {
    let bare =
        |name: &QualifiedName| name.schema.as_deref().filter(|schema| *schema != "pg_catalog").map(str::to_owned);
    a.name == b.name && bare(a) == bare(b)
}

/// The operator that says the same with its operands swapped (`pg_operator.oprcom`), of those that have one for every
/// type.
fn commutator(op: &QualifiedName) -> Option<&'static str> {
    if !is_builtin_operator(op) {
        return None;
    }
    match op.name.as_str() {
        "=" => Some("="),
        "<>" => Some("<>"),
        "<" => Some(">"),
        ">" => Some("<"),
        "<=" => Some(">="),
        ">=" => Some("<="),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// Both texts as expressions whose names are not bound.
    fn same(a: &str, b: &str) -> bool {
        let unbound = |text| {
            let ast = crate::sql::parse_expr(text).unwrap();
            Arc::new(Bound { ast, names: Vec::new(), depends_on: Vec::new() })
        };
        is_equivalent(&unbound(a), &unbound(b))
    }

    #[test]
    fn shapes() {
        assert!(same("auth.uid() = user_id", "(user_id = auth.uid())"));
        assert!(same("a < b", "b>a"));
        assert!(same("a AND b AND c = 1", "c=1 and a and b"));
        assert!(same("x IN ('a', 'b')", "x in ('b','a')"));
        assert!(same("(a)::text || 'x'", "cast(a as text)||'x'"));
        assert!(same("EXISTS (SELECT 1 FROM t WHERE t.a = 1)", "exists(select 1 from t where t.a=1)"));
        assert!(same("CASE WHEN a THEN 1 END", "case when a then 1 end"));
        assert!(same("length('a\"@7')", "length( 'a\"@7' )"));
    }

    #[test]
    fn what_is_different() {
        assert!(!same("now()", "CURRENT_TIMESTAMP"));
        assert!(!same("a - b", "b - a"));
        assert!(!same("a AND b", "a OR b"));
        assert!(!same("'a'", "'A'"));
        assert!(!same("a.f(x)", "b.f(x)"));
        assert!(!same("EXISTS (SELECT 1 FROM t)", "EXISTS (SELECT 1 FROM u)"));
        assert!(!same("length('a\"@7')", "length('a\"@8')"));
        assert!(!same("f(DISTINCT a)", "f(a)"));
        assert!(!same("a AND b", "a"));
    }
}
