//! Values as text: what the types' output functions give.

use super::array::quote_element;
use super::{RegType, Types, Value};
use crate::catalog::builtin::BuiltinRelation;
use crate::catalog::{Oid, PG_CATALOG, type_oid as t};

impl Types<'_> {
    /// The text that a type's output function gives: for `format('%s')`, RAISE, `concat()`. Nothing for NULL.
    pub fn output(&self, value: &Value) -> Result<Option<String>, super::Reason> {
        Ok(Some(match value {
            Value::Null => return Ok(None),
            Value::Unknowable(reason) => return Err(reason.clone()),
            Value::Bool(b) => if *b { "t" } else { "f" }.to_owned(),
            Value::Int(n, _) => n.to_string(),
            Value::Numeric(n) => n.to_string(),
            Value::Float(f) => float(*f),
            Value::Char(c) => {
                if *c == '\0' {
                    String::new()
                } else {
                    c.to_string()
                }
            }
            Value::Oid(oid) => oid.0.to_string(),
            Value::Reg(ty, oid) => self.reg_name(*ty, *oid),
            Value::Typed(t::TIMESTAMPTZ, _) => {
                return Err(super::Reason::not_evaluated("a time is printed in the session's time zone"));
            }
            Value::Literal(s) | Value::Text(s) | Value::Name(s) | Value::Typed(_, s) => s.to_string(),
            Value::Array(array) if array.vector => {
                let items: Result<Vec<_>, _> = array.items.iter().map(|item| self.output(item)).collect();
                items?.into_iter().flatten().collect::<Vec<_>>().join(" ")
            }
            Value::Array(array) => {
                let mut out = String::from("{");
                for (i, item) in array.items.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    match (item, self.output(item)?) {
                        (_, None) => out.push_str("NULL"),
                        (Value::Array(_), Some(text)) => out.push_str(&text),
                        (_, Some(text)) => out.push_str(&quote_element(&text)),
                    }
                }
                out.push('}');
                out
            }
            Value::Record(record) => {
                let mut out = String::from("(");
                for (i, (_, field)) in record.fields.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    if let Some(text) = self.output(field)? {
                        out.push_str(&quote_field(&text));
                    }
                }
                out.push(')');
                out
            }
        }))
    }

    /// The text that a cast to text gives: as the output function, but for booleans.
    pub fn cast_to_text(&self, value: &Value) -> Result<Option<String>, super::Reason> {
        match value {
            Value::Bool(b) => Ok(Some(b.to_string())),
            other => self.output(other),
        }
    }

    /// The name behind a number (`regproc.c: regclassout` and its like). A number without an object prints as it is.
    fn reg_name(&self, ty: RegType, oid: Oid) -> String {
        if oid == Oid::INVALID {
            return "-".to_owned();
        }
        let catalog = self.catalog;
        let number = || oid.0.to_string();
        match ty {
            RegType::Class => match self.builtin_relation(oid) {
                Some(relation) => {
                    let visible = self.path.contains(&relation.namespace);
                    catalog.qualified(relation.namespace, relation.name, visible)
                }
                None => catalog.relation_name(oid, self.path),
            },
            RegType::Type => match catalog.type_name(oid) {
                Some(_) => catalog.format_type_be(oid, self.path),
                None => number(),
            },
            RegType::Proc => match catalog.function(oid) {
                Some(function) => {
                    let builtin = catalog.builtins().functions_named(&function.name).next().is_some();
                    let mut candidates = catalog.find_functions(self.path, &function.name);
                    let unique = candidates.next().is_some_and(|f| f.oid == oid) && candidates.next().is_none();
                    catalog.qualified(function.schema, &function.name, unique && !builtin)
                }
                None => match catalog.builtins().function_by_oid(oid) {
                    Some(function) => {
                        let unique = catalog.builtins().functions_named(function.name).nth(1).is_none();
                        catalog.qualified(function.namespace, function.name, unique)
                    }
                    None => number(),
                },
            },
            RegType::Procedure => match catalog.builtins().function_by_oid(oid) {
                Some(function) => {
                    let args: Vec<String> =
                        function.input_types().map(|ty| catalog.format_type_be(ty, self.path)).collect();
                    let visible = function.namespace == PG_CATALOG;
                    format!("{}({})", catalog.qualified(function.namespace, function.name, visible), args.join(","))
                }
                None => catalog.function_signature(oid, self.path),
            },
            RegType::Namespace => match catalog.schema(oid) {
                Some(schema) => catalog.quote_identifier(&schema.name).into_owned(),
                None => number(),
            },
            RegType::Role => match catalog.role(oid) {
                Some(role) => catalog.quote_identifier(&role.name).into_owned(),
                None => number(),
            },
        }
    }

    /// The relation of PostgreSQL's own with this number.
    pub fn builtin_relation(&self, oid: Oid) -> Option<&'static BuiltinRelation> {
        if !oid.is_builtin() {
            return None;
        }
        self.catalog.builtins().all_relations().find(|r| r.oid == oid)
    }
}

/// A field of a row's text form (`rowtypes.c: record_out`).
fn quote_field(text: &str) -> String {
    let special = |c: char| matches!(c, '"' | '\\' | '(' | ')' | ',') || c.is_ascii_whitespace();
    if text.is_empty() || text.chars().any(special) {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// The shortest text that reads back as the same number, in PostgreSQL's form (`float.c: float8out`).
fn float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-4..1e15).contains(&magnitude) {
        let text = format!("{value:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, digits) = match exponent.strip_prefix('-') {
            Some(digits) => ('-', digits),
            None => ('+', exponent),
        };
        return format!("{mantissa}e{sign}{digits:0>2}");
    }
    format!("{value}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, PUBLIC_SCHEMA};

    /// The texts are PostgreSQL 15's.
    #[test]
    fn text_forms() {
        let catalog = Catalog::new(15);
        let types = Types { catalog: &catalog, path: &[PG_CATALOG, PUBLIC_SCHEMA] };
        let text = |value: Value| types.output(&value).unwrap().unwrap();
        assert_eq!(text(Value::Bool(true)), "t");
        assert_eq!(types.cast_to_text(&Value::Bool(true)), Ok(Some("true".to_owned())));
        assert_eq!(text(Value::Reg(RegType::Class, Oid(1259))), "pg_class");
        assert_eq!(text(Value::Reg(RegType::Type, Oid(1009))), "text[]");
        assert_eq!(text(Value::Reg(RegType::Namespace, PUBLIC_SCHEMA)), "public");
        assert_eq!(text(Value::Reg(RegType::Class, Oid(0))), "-");
        assert_eq!(text(Value::Reg(RegType::Class, Oid(99999))), "99999");
        assert_eq!(text(Value::Float(1e20)), "1e+20");
        assert_eq!(text(Value::Float(0.1)), "0.1");
        assert_eq!(
            text(Value::array(Oid(25), vec![Value::text("a b"), Value::Null, Value::text("")])),
            "{\"a b\",NULL,\"\"}"
        );
        let record = super::super::Record { fields: vec![("a".into(), Value::text("x,y")), ("b".into(), Value::Null)] };
        assert_eq!(text(Value::Record(record.into())), "(\"x,y\",)");
    }
}
