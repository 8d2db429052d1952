//! Operators.

use super::run::Run;
use super::{Value, date};
use crate::catalog::{Oid, TypeRef, type_oid as t};
use crate::replay::value::{ArrayValue, CastKind, Decimal, Incomparable, IntType, Reason, compare, compare_nulls_last};
use crate::replay::{Exec, SqlError, Stop};
use crate::sql::ast::LikeKind;
use crate::sql::span::Loc;

impl Run<'_> {
    /// `left op right`, or `op right`. All built-in operators that are evaluated are strict, but for `||` of arrays.
    pub(super) fn operator(&mut self, op: &str, left: Option<Value>, right: Value, loc: Loc) -> Exec<Value> {
        let Some(left) = left else { return self.prefix_operator(op, right, loc) };
        if let (Value::Array(_), _) | (_, Value::Array(_)) = (&left, &right)
            && op == "||"
        {
            return self.concat_arrays(left, right);
        }
        if left.is_null() || right.is_null() {
            return Ok(Value::Null);
        }
        if let Some(reason) = left.unknowable().or(right.unknowable()) {
            return match op {
                "||" => Ok(concat_printed(&left, &right).unwrap_or_else(|| concat_shapes(&left, &right, reason))),
                "~~" => self.like(LikeKind::Like, &left, &right, None),
                "~~*" => self.like(LikeKind::Ilike, &left, &right, None),
                "!~~" => Ok(super::eval::negate(self.like(LikeKind::Like, &left, &right, None)?)),
                "!~~*" => Ok(super::eval::negate(self.like(LikeKind::Ilike, &left, &right, None)?)),
                "~" | "~*" | "!~" | "!~*" => {
                    let matched = self.regex_match(&left, &right, op.ends_with('*'))?;
                    Ok(if op.starts_with('!') { super::eval::negate(matched) } else { matched })
                }
                _ => Ok(Value::Unknowable(reason.of_result())),
            };
        }
        let types = self.view.types();
        // A literal beside a document is a key or a path, unless both are documents.
        let document = |v: &Value| matches!(v, Value::Typed(t::JSON | t::JSONB, _));
        let takes_key = matches!(op, "->" | "->>" | "#>" | "#>>" | "?" | "?|" | "?&" | "-" | "#-" | "@?" | "@@");
        let keyed = (document(&left) || document(&right)) && takes_key;
        let (left, right) = if op == "||" || keyed {
            (left, right)
        } else {
            (types.coerce_literal(left.clone(), &right)?, types.coerce_literal(right, &left)?)
        };
        if let Some(value) = date::arithmetic(op, &left, &right) {
            return Ok(value);
        }
        match op {
            "=" | "<>" | "!=" | "<" | ">" | "<=" | ">=" => self.comparison(op, &left, &right, loc),
            "||" => self.concat(left, right),
            "+" | "-" | "*" | "/" | "%" => self.arithmetic(op, &left, &right, loc),
            "~~" => self.like(LikeKind::Like, &left, &right, None),
            "~~*" => self.like(LikeKind::Ilike, &left, &right, None),
            "!~~" => Ok(super::eval::negate(self.like(LikeKind::Like, &left, &right, None)?)),
            "!~~*" => Ok(super::eval::negate(self.like(LikeKind::Ilike, &left, &right, None)?)),
            "~" | "~*" | "!~" | "!~*" => {
                let matched = self.regex_match(&left, &right, op.ends_with('*'))?;
                Ok(if op.starts_with('!') { super::eval::negate(matched) } else { matched })
            }
            "@>" | "<@" | "&&" => Ok(arrays(op, &left, &right)),
            "^@" => match (left.as_str(), right.as_str()) {
                (Some(text), Some(prefix)) => Ok(Value::Bool(text.starts_with(prefix))),
                _ => Ok(Value::not_evaluated("operator ^@ of such values is not evaluated")),
            },
            "&" | "|" | "#" | "<<" | ">>" => Ok(bits(op, &left, &right)),
            _ => Ok(Value::not_evaluated(format!("operator {op} is not evaluated"))),
        }
    }

    fn prefix_operator(&mut self, op: &str, right: Value, loc: Loc) -> Exec<Value> {
        match (op, right) {
            (_, value @ (Value::Null | Value::Unknowable(_))) => Ok(value),
            ("+", value) => Ok(value),
            ("-", value @ (Value::Int(..) | Value::Numeric(_) | Value::Float(_))) => {
                self.arithmetic("-", &zero_like(&value), &value, loc)
            }
            ("~", Value::Int(n, ty)) => Ok(Value::Int(!n, ty)),
            _ => Ok(Value::not_evaluated(format!("operator {op} is not evaluated"))),
        }
    }

    fn undefined_operator(&self, op: &str, left: &Value, right: &Value, loc: Loc) -> Stop {
        let name = |v: &Value| v.type_oid().map_or_else(|| "record".to_owned(), |oid| self.type_name(oid));
        let message = format!("operator does not exist: {} {op} {}", name(left), name(right));
        let hint = "No operator matches the given name and argument types. You might need to add explicit type casts.";
        SqlError::new("42883", message).hint(hint).at(loc).into()
    }

    fn comparison(&mut self, op: &str, left: &Value, right: &Value, loc: Loc) -> Exec<Value> {
        let ordering = match date::compare(left, right).map_or_else(|| compare(left, right), Ok) {
            Ok(ordering) => ordering,
            Err(Incomparable::Unknown(reason)) => return Ok(Value::Unknowable(reason)),
            // Types of users may have operators of their own.
            Err(Incomparable::Types) if is_basic(left) && is_basic(right) => {
                return Err(self.undefined_operator(op, left, right, loc));
            }
            Err(Incomparable::Types) => return Ok(Value::not_evaluated("values of such types are not compared")),
        };
        if !matches!(op, "=" | "<>" | "!=") && ordering.is_ne() && depends_on_collation(left, right) {
            return Ok(Value::not_evaluated("the order of strings depends on the collation"));
        }
        Ok(Value::Bool(match op {
            "=" => ordering.is_eq(),
            "<" => ordering.is_lt(),
            ">" => ordering.is_gt(),
            "<=" => ordering.is_le(),
            ">=" => ordering.is_ge(),
            _ => ordering.is_ne(),
        }))
    }

    /// `||` of strings: `text || anything` and the like.
    fn concat(&mut self, left: Value, right: Value) -> Exec<Value> {
        let document = |v: &Value| matches!(v, Value::Typed(t::JSONB, _));
        let literal = |v: &Value| matches!(v, Value::Literal(_));
        if document(&left) && (document(&right) || literal(&right)) || literal(&left) && document(&right) {
            return Ok(Value::not_evaluated("operator || of documents is not evaluated"));
        }
        let is_string = |v: &Value| v.as_str().is_some() || matches!(v, Value::Char(_));
        if !is_string(&left) && !is_string(&right) {
            return Ok(Value::not_evaluated("operator || of such values is not evaluated"));
        }
        let types = self.view.types();
        let text = |v: &Value| types.cast(v, TypeRef::plain(t::TEXT), CastKind::Explicit);
        match (text(&left)?, text(&right)?) {
            (Value::Text(a), Value::Text(b)) => Ok(Value::text(format!("{a}{b}"))),
            (Value::Unknowable(reason), _) | (_, Value::Unknowable(reason)) => Ok(Value::Unknowable(reason)),
            _ => Ok(Value::Null),
        }
    }

    /// `array || array`, `array || element`, `element || array`
    fn concat_arrays(&mut self, left: Value, right: Value) -> Exec<Value> {
        if let Some(reason) = left.unknowable().or(right.unknowable()) {
            return Ok(Value::Unknowable(reason.clone()));
        }
        let types = self.view.types();
        match (left, right) {
            (Value::Array(a), Value::Null) => Ok(Value::Array(a)),
            (Value::Null, Value::Array(b)) => Ok(Value::Array(b)),
            (Value::Array(a), literal @ Value::Literal(_)) => {
                let literal = types.coerce_literal(literal, &Value::Array(a.clone()))?;
                self.concat_arrays(Value::Array(a), literal)
            }
            (literal @ Value::Literal(_), Value::Array(b)) => {
                let literal = types.coerce_literal(literal, &Value::Array(b.clone()))?;
                self.concat_arrays(literal, Value::Array(b))
            }
            (Value::Array(a), Value::Array(b)) => {
                let nested = |array: &ArrayValue| matches!(array.items.first(), Some(Value::Array(_)));
                match (nested(&a), nested(&b)) {
                    (true, false) if !b.items.is_empty() => Ok(appended(&a, Value::Array(b))),
                    (false, true) if !a.items.is_empty() => Ok(prepended(Value::Array(a), &b)),
                    _ => {
                        let element = if a.items.is_empty() { b.element } else { a.element };
                        Ok(Value::array(element, a.items.iter().chain(&b.items).cloned().collect()))
                    }
                }
            }
            (Value::Array(a), element) => Ok(appended(&a, element)),
            (element, Value::Array(b)) => Ok(prepended(element, &b)),
            _ => Ok(Value::Null),
        }
    }

    fn arithmetic(&mut self, op: &str, left: &Value, right: &Value, loc: Loc) -> Exec<Value> {
        let division_by_zero = || SqlError::new("22012", "division by zero");
        match (left, right) {
            (Value::Int(a, x), Value::Int(b, y)) => {
                let ty = (*x).max(*y);
                let result = match op {
                    "+" => a.checked_add(*b),
                    "-" => a.checked_sub(*b),
                    "*" => a.checked_mul(*b),
                    "/" | "%" if *b == 0 => return Err(division_by_zero().into()),
                    "/" => a.checked_div(*b),
                    _ => a.checked_rem(*b),
                };
                match result.filter(|&n| ty.holds(n)) {
                    Some(n) => Ok(Value::Int(n, ty)),
                    None => Err(SqlError::new("22003", format!("{} out of range", ty.name())).into()),
                }
            }
            (Value::Numeric(_) | Value::Int(..), Value::Numeric(_) | Value::Int(..)) => {
                let (Some(a), Some(b)) = (decimal(left), decimal(right)) else { return Ok(Value::Null) };
                let result = match op {
                    "+" => a.checked_add(b),
                    "-" => a.checked_sub(b),
                    "*" => a.checked_mul(b),
                    "/" | "%" if b.is_zero() => return Err(division_by_zero().into()),
                    _ => None,
                };
                Ok(result.map_or_else(
                    || Value::not_evaluated(format!("operator {op} of numeric is not evaluated for such values")),
                    Value::Numeric,
                ))
            }
            (Value::Float(_) | Value::Int(..), Value::Float(_) | Value::Int(..)) => {
                let number = |v: &Value| if let Value::Float(f) = v { *f } else { v.as_int().unwrap_or(0) as f64 };
                let (a, b) = (number(left), number(right));
                Ok(Value::Float(match op {
                    "+" => a + b,
                    "-" => a - b,
                    "*" => a * b,
                    "/" if b == 0.0 => return Err(division_by_zero().into()),
                    "/" => a / b,
                    _ => return Err(self.undefined_operator(op, left, right, loc)),
                }))
            }
            (left, right) if is_basic(left) && is_basic(right) && !matches!(left, Value::Literal(_)) => {
                Err(self.undefined_operator(op, left, right, loc))
            }
            _ => Ok(Value::not_evaluated(format!("operator {op} of such values is not evaluated"))),
        }
    }
}

/// The text of both, where one is known but for its casts.
fn concat_printed(left: &Value, right: &Value) -> Option<Value> {
    let (left, right) = (left.as_printed()?.0, right.as_printed()?.0);
    Some(Value::printed(format!("{left}{right}")))
}

/// Two texts with gaps in them.
fn concat_shapes(left: &Value, right: &Value, reason: &Reason) -> Value {
    let both = left.as_shape().zip(right.as_shape());
    let shape = both.map(|(left, right)| format!("{left}{right}").into());
    Value::Unknowable(Reason { shape, ..reason.of_result() })
}

/// Values of types whose operators are all known.
fn is_basic(value: &Value) -> bool {
    match value {
        Value::Bool(_) | Value::Int(..) | Value::Numeric(_) | Value::Literal(_) | Value::Text(_) | Value::Name(_) => {
            true
        }
        Value::Array(array) => array.element.is_builtin(),
        Value::Null
        | Value::Float(_)
        | Value::Char(_)
        | Value::Oid(_)
        | Value::Reg(..)
        | Value::Record(_)
        | Value::Typed(..)
        | Value::Unknowable(_) => false,
    }
}

/// Strings but for names, which compare byte by byte, are ordered as the database's collation says. It leaves the order
/// of words of small letters and digits as it is.
fn depends_on_collation(left: &Value, right: &Value) -> bool {
    let plain = |s: &str| s.bytes().all(|b| b.is_ascii_lowercase()) || s.bytes().all(|b| b.is_ascii_digit());
    match (left, right) {
        (Value::Name(_), Value::Name(_) | Value::Literal(_)) | (Value::Literal(_), Value::Name(_)) => false,
        _ => match (left.as_str(), right.as_str()) {
            (Some(a), Some(b)) => !(plain(a) && plain(b)),
            _ => false,
        },
    }
}

fn zero_like(value: &Value) -> Value {
    match value {
        Value::Int(_, ty) => Value::Int(0, *ty),
        Value::Float(_) => Value::Float(0.0),
        _ => Value::Numeric(Decimal::from(0)),
    }
}

fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Numeric(n) => Some(*n),
        other => other.as_int().map(Decimal::from),
    }
}

pub(super) fn appended(array: &ArrayValue, element: Value) -> Value {
    let element_type = element_type(array, &element);
    Value::array(element_type, array.items.iter().cloned().chain([element]).collect())
}

pub(super) fn prepended(element: Value, array: &ArrayValue) -> Value {
    let element_type = element_type(array, &element);
    Value::array(element_type, std::iter::once(element).chain(array.items.iter().cloned()).collect())
}

/// An empty array of literals takes the type of what is added.
fn element_type(array: &ArrayValue, element: &Value) -> Oid {
    match element.type_oid() {
        Some(ty) if array.items.is_empty() && array.element == t::TEXT && ty != t::UNKNOWN => ty,
        _ => array.element,
    }
}

fn arrays(op: &str, left: &Value, right: &Value) -> Value {
    let (Value::Array(left), Value::Array(right)) = (left, right) else {
        return Value::not_evaluated(format!("operator {op} of such values is not evaluated"));
    };
    let (a, b) = (left.elements(), right.elements());
    // NULL elements never match.
    let has = |list: &[Value], value: &Value| {
        !value.is_null() && list.iter().any(|v| matches!(compare_nulls_last(v, value), Ok(o) if o.is_eq()))
    };
    Value::Bool(match op {
        "@>" => b.iter().all(|v| has(&a, v)),
        "<@" => a.iter().all(|v| has(&b, v)),
        _ => a.iter().any(|v| has(&b, v)),
    })
}

fn bits(op: &str, left: &Value, right: &Value) -> Value {
    let (Value::Int(a, x), Value::Int(b, y)) = (left, right) else {
        return Value::not_evaluated(format!("operator {op} of such values is not evaluated"));
    };
    let ty: IntType = (*x).max(*y);
    match op {
        "&" => Value::Int(a & b, ty),
        "|" => Value::Int(a | b, ty),
        "#" => Value::Int(a ^ b, ty),
        _ => Value::not_evaluated(format!("operator {op} is not evaluated")),
    }
}
