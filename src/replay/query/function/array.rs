//! Functions of arrays (`arrayfuncs.c`, `array_userfuncs.c`, `varlena.c`).

use super::{Scalar, such_arguments};
use crate::catalog::type_oid as t;
use crate::replay::Exec;
use crate::replay::query::Value;
use crate::replay::query::operator::{appended, prepended};
use crate::replay::query::run::Run;
use crate::replay::value::compare_nulls_last;

pub(super) const FUNCTIONS: &[(&str, Scalar)] = &[
    ("array_length", |_, args| dimension(args, "array_length", Some)),
    ("array_upper", |_, args| dimension(args, "array_upper", Some)),
    ("array_lower", |_, args| dimension(args, "array_lower", |_| Some(1))),
    ("array_ndims", |_, args| match args {
        [Value::Array(array)] if array.items.is_empty() => Ok(Value::Null),
        [array @ Value::Array(_)] => Ok(Value::int(depth(array))),
        _ => such_arguments("array_ndims"),
    }),
    ("cardinality", |_, args| match args {
        [Value::Array(array)] => Ok(count(array.elements().len())),
        _ => such_arguments("cardinality"),
    }),
    ("array_append", |_, args| match args {
        [Value::Array(array), element] => Ok(appended(array, element.clone())),
        [Value::Null, element] => Ok(super::super::eval::make_array(vec![element.clone()], None)),
        _ => such_arguments("array_append"),
    }),
    ("array_prepend", |_, args| match args {
        [element, Value::Array(array)] => Ok(prepended(element.clone(), array)),
        [element, Value::Null] => Ok(super::super::eval::make_array(vec![element.clone()], None)),
        _ => such_arguments("array_prepend"),
    }),
    ("array_cat", |_, args| match args {
        [Value::Array(a), Value::Array(b)] => {
            let element = if a.items.is_empty() { b.element } else { a.element };
            Ok(Value::array(element, a.items.iter().chain(&b.items).cloned().collect()))
        }
        [array @ Value::Array(_), Value::Null] | [Value::Null, array @ Value::Array(_)] => Ok(array.clone()),
        [Value::Null, Value::Null] => Ok(Value::Null),
        _ => such_arguments("array_cat"),
    }),
    ("array_position", |_, args| match args {
        [Value::Array(array), element] => {
            let mut found = Value::Null;
            for (i, item) in array.items.iter().enumerate() {
                match compare_nulls_last(item, element) {
                    Ok(ordering) if ordering.is_eq() => {
                        found = count(i + 1);
                        break;
                    }
                    Ok(_) => {}
                    Err(_) => return such_arguments("array_position"),
                }
            }
            Ok(found)
        }
        [Value::Null, _] => Ok(Value::Null),
        _ => such_arguments("array_position"),
    }),
    ("array_remove", |_, args| match args {
        [Value::Array(array), element] => {
            let mut items = Vec::new();
            for item in &array.items {
                match compare_nulls_last(item, element) {
                    Ok(ordering) if ordering.is_eq() => {}
                    Ok(_) => items.push(item.clone()),
                    Err(_) => return such_arguments("array_remove"),
                }
            }
            Ok(Value::array(array.element, items))
        }
        [Value::Null, _] => Ok(Value::Null),
        _ => such_arguments("array_remove"),
    }),
    ("array_replace", |_, args| match args {
        [Value::Array(array), from, to] => {
            let mut items = Vec::with_capacity(array.items.len());
            for item in &array.items {
                match compare_nulls_last(item, from) {
                    Ok(ordering) if ordering.is_eq() => items.push(to.clone()),
                    Ok(_) => items.push(item.clone()),
                    Err(_) => return such_arguments("array_replace"),
                }
            }
            Ok(Value::array(array.element, items))
        }
        _ => such_arguments("array_replace"),
    }),
    ("array_positions", |_, args| match args {
        [Value::Array(array), element] => {
            let mut found = Vec::new();
            for (i, item) in array.items.iter().enumerate() {
                match compare_nulls_last(item, element) {
                    Ok(ordering) if ordering.is_eq() => found.push(count(i + 1)),
                    Ok(_) => {}
                    Err(_) => return such_arguments("array_positions"),
                }
            }
            Ok(Value::array(t::INT4, found))
        }
        _ => such_arguments("array_positions"),
    }),
    ("array_to_string", array_to_string),
    ("string_to_array", string_to_array),
];

fn count(n: usize) -> Value {
    Value::int(i32::try_from(n).unwrap_or(i32::MAX))
}

fn depth(value: &Value) -> i32 {
    match value {
        Value::Array(array) => 1 + array.items.first().map_or(0, depth),
        _ => 0,
    }
}

/// The length of a dimension, counted from 1; NULL if the array does not have it.
fn dimension(args: &[Value], name: &str, of_length: fn(usize) -> Option<usize>) -> Exec<Value> {
    let [Value::Array(array), Value::Int(number, _)] = args else { return such_arguments(name) };
    let mut array = array;
    for _ in 1..*number {
        match array.items.first() {
            Some(Value::Array(inner)) => array = inner,
            _ => return Ok(Value::Null),
        }
    }
    if *number < 1 || array.items.is_empty() {
        return Ok(Value::Null);
    }
    Ok(Value::or_null(of_length(array.items.len()), count))
}

fn array_to_string(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let (array, separator, null) = match args {
        [Value::Array(array), separator] => (array, separator, None),
        [Value::Array(array), separator, null] => (array, separator, run.text(null)?),
        _ => return such_arguments("array_to_string"),
    };
    let Some(separator) = run.text(separator)? else { return Ok(Value::Null) };
    let mut parts = Vec::new();
    for element in array.elements() {
        match run.view.types().output(&element) {
            Ok(Some(text)) => parts.push(text),
            Ok(None) => parts.extend(null.clone()),
            Err(reason) => return Ok(Value::Unknowable(reason)),
        }
    }
    Ok(Value::text(parts.join(&separator)))
}

pub(super) fn split(run: &Run<'_>, args: &[Value]) -> Exec<Option<Vec<Value>>> {
    let (text, separator, null) = match args {
        [text, separator] => (text, separator, None),
        [text, separator, null] => (text, separator, run.text(null)?),
        _ => return Ok(None),
    };
    let Some(text) = run.text(text)? else { return Ok(None) };
    let parts: Vec<String> = match run.text(separator)? {
        _ if text.is_empty() => Vec::new(),
        // NULL separates the characters.
        None => text.chars().map(String::from).collect(),
        Some(separator) if separator.is_empty() => vec![text],
        Some(separator) => text.split(separator.as_str()).map(str::to_owned).collect(),
    };
    let value = |part: String| if null.as_deref() == Some(&part) { Value::Null } else { Value::text(part) };
    Ok(Some(parts.into_iter().map(value).collect()))
}

fn string_to_array(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    match args {
        [Value::Null, ..] => Ok(Value::Null),
        _ => match split(run, args)? {
            Some(items) => Ok(Value::array(t::TEXT, items)),
            None => such_arguments("string_to_array"),
        },
    }
}
