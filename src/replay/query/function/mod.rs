//! Functions of PostgreSQL's own.

mod array;
mod date;
mod definition;
mod format;
mod large_object;
mod lookup;
mod privilege;
mod session;
mod set;
mod string;

pub(in crate::replay::query) use definition::index_text;

use ecow::EcoString;

use super::plan::Node;
use super::run::Run;
use super::{Rows, Value};
use crate::catalog::{TypeRef, type_oid as t};
use crate::replay::Exec;
use crate::replay::value::{CastKind, Reason};
use crate::sql::shape;
use crate::sql::span::Loc;

/// A function that is evaluated.
#[derive(Clone, Copy, Debug)]
pub(super) struct BuiltinCall {
    name: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    /// It gives one value. It is not called with values that are not known.
    Scalar(Scalar),
    /// The same, but it decides itself about values that are not known.
    Raw(Scalar),
    /// It gives a set of rows.
    Set(fn(&mut Run<'_>, &[Value]) -> Exec<Rows>),
    /// Its value is not evaluated, but its arguments are: they may call functions that do something.
    Unevaluated { void: bool, data: bool },
}

type Scalar = fn(&mut Run<'_>, &[Value]) -> Exec<Value>;

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Kind::Scalar(_) | Kind::Raw(_) => "scalar",
            Kind::Set(_) => "set",
            Kind::Unevaluated { .. } => "not evaluated",
        })
    }
}

impl BuiltinCall {
    /// The function of that name in `pg_catalog`, if it is evaluated.
    pub fn find(name: &str) -> Option<BuiltinCall> {
        let found = [array::FUNCTIONS, date::FUNCTIONS, definition::FUNCTIONS, format::FUNCTIONS, lookup::FUNCTIONS]
            .into_iter()
            .chain([privilege::FUNCTIONS, session::FUNCTIONS, string::FUNCTIONS])
            .flatten();
        let scalar =
            found.filter(|(n, _)| *n == name).map(|&(name, f)| BuiltinCall { name, kind: Kind::Scalar(f) }).next();
        scalar
            .or_else(|| {
                let mut raw =
                    session::RAW.iter().chain(large_object::RAW).chain([&("to_char", date::to_char as Scalar)]);
                raw.find(|(n, _)| *n == name).map(|&(name, f)| BuiltinCall { name, kind: Kind::Raw(f) })
            })
            .or_else(|| {
                set::FUNCTIONS
                    .iter()
                    .find(|(n, _)| *n == name)
                    .map(|&(name, f)| BuiltinCall { name, kind: Kind::Set(f) })
            })
    }

    /// A function that is evaluated for certain; if it is not after all, its value is not known.
    pub fn known(name: &'static str) -> BuiltinCall {
        let unknown: Scalar = |_, _| Ok(Value::not_evaluated("a function is not evaluated"));
        Self::find(name).unwrap_or(BuiltinCall { name, kind: Kind::Scalar(unknown) })
    }

    /// A function whose value is not evaluated: nothing if it is void, else not known, because of data or of us.
    pub fn unevaluated(name: &'static str, void: bool, data: bool) -> BuiltinCall {
        BuiltinCall { name, kind: Kind::Unevaluated { void, data } }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// It returns a set.
    pub fn is_set(self) -> bool {
        matches!(self.kind, Kind::Set(_))
    }
}

impl BuiltinCall {
    fn unevaluated_value(self) -> Value {
        let name = self.name;
        match self.kind {
            Kind::Unevaluated { void: true, .. } => Value::Null,
            Kind::Unevaluated { data: true, .. } => {
                let present = matches!(
                    name,
                    "now"
                        | "transaction_timestamp"
                        | "statement_timestamp"
                        | "clock_timestamp"
                        | "random"
                        | "gen_random_uuid"
                );
                let reason = Reason::data(format!("{name}() gives another value each time"));
                Value::Unknowable(Reason { present, ..reason })
            }
            _ => Value::not_evaluated(format!("function {name}() is not evaluated")),
        }
    }
}

impl Run<'_> {
    pub(super) fn builtin(&mut self, function: BuiltinCall, args: &[Node], strict: bool, loc: Loc) -> Exec<Value> {
        let values: Vec<Value> = args.iter().map(|n| self.eval(n)).collect::<Exec<_>>()?;
        let result = match function.kind {
            Kind::Raw(f) => f(self, &values),
            Kind::Unevaluated { .. } => Ok(function.unevaluated_value()),
            Kind::Scalar(_) | Kind::Set(_) if strict && values.iter().any(Value::is_null) => Ok(Value::Null),
            Kind::Scalar(f) => match values.iter().find_map(Value::unknowable_inside) {
                Some(reason) => match on_printed(function.name, &values) {
                    Some(texts) => f(self, &texts).map(|value| match value {
                        Value::Text(text) => Value::printed(text),
                        _ => Value::Unknowable(reason.of_result()),
                    }),
                    None if let Some(shape) = recased(function.name, &values) => {
                        Ok(Value::Unknowable(Reason { shape: Some(shape), ..reason.of_result() }))
                    }
                    None => match with_gaps(function.name, &values) {
                        Some(texts) => f(self, &texts).map(|value| shaped(&value, reason)),
                        None => Ok(Value::Unknowable(reason.of_result())),
                    },
                },
                None => f(self, &values),
            },
            Kind::Set(_) => Ok(Value::not_evaluated(format!("{}() in such a place is not evaluated", function.name))),
        };
        result.map_err(|stop| match stop {
            crate::replay::Stop::Error(error) if error.loc == Loc::NONE => error.at(loc).into(),
            stop => stop,
        })
    }

    pub(super) fn builtin_set(&mut self, function: BuiltinCall, values: Vec<Value>) -> Exec<Rows> {
        match function.kind {
            Kind::Set(f) => f(self, &values),
            Kind::Scalar(f) | Kind::Raw(f) => Ok(Rows { rows: vec![vec![f(self, &values)?]], ..Rows::default() }),
            Kind::Unevaluated { .. } => Ok(Rows { rows: vec![vec![function.unevaluated_value()]], ..Rows::default() }),
        }
    }

    /// A value as text, as the cast does.
    fn text(&self, value: &Value) -> Exec<Option<String>> {
        Ok(match self.view.types().cast(value, TypeRef::plain(t::TEXT), CastKind::Explicit)? {
            Value::Text(text) => Some(text.to_string()),
            _ => None,
        })
    }
}

/// The arguments as texts, if all that is not known of them are casts, and the function pastes texts together or replaces
/// words in them.
fn on_printed(function: &str, values: &[Value]) -> Option<Vec<Value>> {
    let replaces = matches!(function, "replace" | "regexp_replace");
    let pastes = matches!(
        function,
        "format"
            | "concat"
            | "concat_ws"
            | "quote_literal"
            | "quote_nullable"
            | "btrim"
            | "ltrim"
            | "rtrim"
            | "pg_get_expr"
    );
    if !replaces && !pastes {
        return None;
    }
    if replaces && !values.get(1)?.as_str().is_some_and(super::pattern::words::is_word_search) {
        return None;
    }
    let text = |value: &Value| match value.as_printed() {
        Some((text, true)) => Some(Value::text(text)),
        _ => value.unknowable_inside().is_none().then(|| value.clone()),
    };
    values.iter().map(text).collect()
}

/// The text that is known in part in small or capital letters.
fn recased(function: &str, values: &[Value]) -> Option<EcoString> {
    let [Value::Unknowable(Reason { shape: Some(text), .. })] = values else { return None };
    // Other letters change as the database's collation says.
    if !text.chars().all(|c| c.is_ascii() || shape::is_gap(c)) {
        return None;
    }
    match function {
        "lower" => Some(text.to_ascii_lowercase()),
        "upper" => Some(text.to_ascii_uppercase()),
        _ => None,
    }
}

/// The arguments with gaps for what is not known of them, if the function makes a text of SQL.
fn with_gaps(function: &str, values: &[Value]) -> Option<Vec<Value>> {
    if !matches!(function, "format" | "concat" | "quote_ident" | "quote_literal" | "quote_nullable") {
        return None;
    }
    let text = |value: &Value| match value {
        Value::Unknowable(reason) => {
            let loose = EcoString::from(shape::LOOSE);
            Some(Value::text(reason.shape.clone().unwrap_or(loose)))
        }
        value => value.unknowable_inside().is_none().then(|| value.clone()),
    };
    values.iter().map(text).collect()
}

/// What was made of texts with gaps.
fn shaped(value: &Value, reason: &Reason) -> Value {
    let shape = value.as_str().and_then(shape::closed);
    Value::Unknowable(Reason { shape, ..reason.of_result() })
}

/// The value of a call with arguments that are not evaluated.
fn such_arguments(name: &str) -> Exec<Value> {
    Ok(Value::not_evaluated(format!("{name}() with such arguments is not evaluated")))
}
