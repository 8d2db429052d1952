//! Casts: from text by the types' input functions, and between types.

use ecow::EcoString;

use super::array::{TextItem, parse_array};
use super::{Decimal, IntType, RegType, Value};
use crate::catalog::{Catalog, Oid, TypeKind, TypeRef, numeric_typmod, truncate_name, type_oid as t};
use crate::expr::datum::{self, DatumEnv};
use crate::replay::{Exec, Opaque, SqlError, Stop, lookup, split_identifiers};
use crate::sql::ast::{ExprKind, QualifiedName, Touches};

/// What casts and text forms look names up in.
#[derive(Clone, Copy, Debug)]
pub struct Types<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// Where names are looked up.
    pub path: &'a [Oid],
}

/// In which way a value comes to another type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CastKind {
    /// A cast is written: a string that is too long is cut.
    Explicit,
    /// A variable or column is assigned: a string that is too long is an error.
    Assignment,
}

fn invalid_input(type_name: &str, text: &str) -> Stop {
    SqlError::new("22P02", format!("invalid input syntax for type {type_name}: \"{text}\"")).into()
}

fn out_of_range(text: &str, type_name: &str) -> Stop {
    SqlError::new("22003", format!("value \"{text}\" is out of range for type {type_name}")).into()
}

impl Types<'_> {
    /// The value as one of another type.
    pub fn cast(&self, value: &Value, ty: TypeRef, kind: CastKind) -> Exec<Value> {
        match value {
            Value::Null => return Ok(Value::Null),
            Value::Unknowable(reason) if matches!(ty.oid, t::TEXT | t::VARCHAR | t::RECORD | t::UNKNOWN) => {
                return Ok(Value::Unknowable(reason.clone()));
            }
            Value::Unknowable(reason) => {
                // No cast of PostgreSQL's own makes NULL of what is not.
                let present = reason.present && self.catalog.type_(ty.oid).is_none();
                return Ok(Value::Unknowable(super::Reason { present, ..reason.of_result() }));
            }
            _ => {}
        }
        if let Some(user) = self.catalog.type_(ty.oid) {
            return self.cast_to_user_type(value, user.oid, &user.kind, kind);
        }
        if let Some(element) = self.catalog.array_element(ty.oid) {
            return self.cast_to_array(value, TypeRef { oid: element, typmod: ty.typmod }, kind);
        }
        if let Some(reg) = RegType::ALL.into_iter().find(|r| r.oid() == ty.oid) {
            return self.cast_to_reg(value, reg);
        }
        match ty.oid {
            t::TEXT => self.cast_to_string(value, Value::Text),
            t::VARCHAR | t::BPCHAR => {
                let text = self.cast_to_string(value, Value::Text)?;
                fit(text, ty, kind)
            }
            t::NAME => self.cast_to_string(value, |s| Value::Name(truncate_name(&s).into())),
            t::CHAR => match value {
                Value::Char(_) => Ok(value.clone()),
                // `char.c: i4tochar`
                Value::Int(n, IntType::Int4) => match u8::try_from(*n) {
                    Ok(n) if n.is_ascii() => Ok(Value::Char(n.into())),
                    _ => Ok(self.not_cast(value, t::CHAR)),
                },
                other => self.cast_to_string(other, |s| Value::Char(s.chars().next().unwrap_or('\0'))),
            },
            t::BOOL => self.cast_to_bool(value),
            t::INT2 => self.cast_to_int(value, IntType::Int2),
            t::INT4 => self.cast_to_int(value, IntType::Int4),
            t::INT8 => self.cast_to_int(value, IntType::Int8),
            t::OID => self.cast_to_oid(value),
            t::NUMERIC => self.cast_to_numeric(value, ty.typmod),
            t::FLOAT4 | t::FLOAT8 => self.cast_to_float(value, ty.oid),
            t::UNKNOWN => self.cast_to_string(value, Value::Literal),
            // A row of no particular type, and pseudo-types: the value stays what it is.
            t::RECORD | t::ANYARRAY | t::VOID => Ok(value.clone()),
            t::UUID => self.cast_to_uuid(value),
            oid => match value {
                Value::Typed(from, _) if *from == oid => Ok(value.clone()),
                Value::Literal(text) | Value::Text(text) if is_read(oid, text) => {
                    let env = DatumEnv::new(self.catalog, self.path);
                    match datum::input(&env, oid, ty.typmod, text) {
                        Ok(datum) => Ok(Value::Typed(oid, datum.text.into())),
                        Err(stop @ Stop::Error(_)) => Err(stop),
                        Err(Stop::Opaque(_)) => Ok(self.not_cast(value, oid)),
                    }
                }
                _ => Ok(self.cast_moment(value, oid).unwrap_or_else(|| self.not_cast(value, oid))),
            },
        }
    }

    /// Dates and timestamps become each other.
    fn cast_moment(&self, value: &Value, ty: Oid) -> Option<Value> {
        let Value::Typed(t::DATE | t::TIMESTAMP | t::TIMESTAMPTZ, text) = value else { return None };
        let date = text.split(' ').next().filter(|date| date.len() == "2024-02-29".len())?;
        match ty {
            t::DATE => Some(Value::Typed(ty, date.into())),
            t::TIMESTAMP | t::TIMESTAMPTZ if text.len() == date.len() => {
                Some(Value::Typed(ty, format!("{date} 00:00:00").into()))
            }
            t::TIMESTAMP | t::TIMESTAMPTZ => Some(Value::Typed(ty, text.clone())),
            _ => None,
        }
    }

    fn not_cast(&self, _value: &Value, ty: Oid) -> Value {
        let name = self.catalog.format_type_be(ty, self.path);
        let reason = format!("a value of type {name} is not evaluated");
        // A row of NULLs is NULL, too.
        let is_row = self.catalog.type_(ty).is_some_and(|ty| matches!(ty.kind, TypeKind::Composite(_)));
        if is_row || ty == t::RECORD { Value::not_evaluated(reason) } else { Value::present(reason) }
    }

    fn cannot_cast(&self, value: &Value, ty: Oid) -> Stop {
        let name = |oid| self.catalog.format_type_be(oid, self.path);
        let from = value.type_oid().map_or_else(|| "record".to_owned(), name);
        SqlError::new("42846", format!("cannot cast type {from} to {}", name(ty))).into()
    }

    fn cast_to_string(&self, value: &Value, make: impl FnOnce(EcoString) -> Value) -> Exec<Value> {
        Ok(match self.cast_to_text(value) {
            Ok(Some(text)) => make(text.into()),
            Ok(None) => Value::Null,
            Err(reason) => Value::Unknowable(reason),
        })
    }

    /// `bool.c: parse_bool_with_len`
    fn cast_to_bool(&self, value: &Value) -> Exec<Value> {
        match value {
            Value::Bool(_) => Ok(value.clone()),
            Value::Int(n, IntType::Int4) => Ok(Value::Bool(*n != 0)),
            other => match other.as_str() {
                Some(text) => match parse_bool(text.trim()) {
                    Some(b) => Ok(Value::Bool(b)),
                    None => Err(invalid_input("boolean", text)),
                },
                None => Err(self.cannot_cast(value, t::BOOL)),
            },
        }
    }

    fn cast_to_int(&self, value: &Value, ty: IntType) -> Exec<Value> {
        let checked = |n: Option<i64>| match n.filter(|&n| ty.holds(n)) {
            Some(n) => Ok(Value::Int(n, ty)),
            None => Err(SqlError::new("22003", format!("{} out of range", ty.name())).into()),
        };
        match value {
            Value::Int(n, _) => checked(Some(*n)),
            Value::Oid(oid) | Value::Reg(_, oid) => checked(Some(oid.0.into())),
            Value::Numeric(n) => checked(n.to_integer()),
            Value::Float(f) => {
                let rounded = f.round_ties_even();
                checked((rounded.abs() < 9.2e18).then_some(rounded as i64))
            }
            Value::Bool(b) if ty == IntType::Int4 => checked(Some((*b).into())),
            Value::Char(c) if ty == IntType::Int4 => checked(Some(i64::from(u32::from(*c)))),
            other => match other.as_str() {
                Some(text) => match text.trim().parse::<i64>() {
                    Ok(n) if ty.holds(n) => Ok(Value::Int(n, ty)),
                    Ok(_) => Err(out_of_range(text, ty.name())),
                    Err(_) if is_digits(text.trim()) => Err(out_of_range(text, ty.name())),
                    Err(_) => Err(invalid_input(ty.name(), text)),
                },
                None => Err(self.cannot_cast(value, ty.oid())),
            },
        }
    }

    fn cast_to_oid(&self, value: &Value) -> Exec<Value> {
        match value {
            Value::Oid(_) => Ok(value.clone()),
            Value::Reg(_, oid) => Ok(Value::Oid(*oid)),
            Value::Int(n, _) => match u32::try_from(*n) {
                Ok(n) => Ok(Value::Oid(Oid(n))),
                Err(_) => Err(SqlError::new("22003", "OID out of range").into()),
            },
            other => match other.as_str() {
                Some(text) => match text.trim().parse() {
                    Ok(n) => Ok(Value::Oid(Oid(n))),
                    Err(_) => Err(invalid_input("oid", text)),
                },
                None => Err(self.cannot_cast(value, t::OID)),
            },
        }
    }

    fn cast_to_numeric(&self, value: &Value, typmod: i32) -> Exec<Value> {
        let number = match value {
            Value::Numeric(n) => Some(*n),
            Value::Int(n, _) => Some(Decimal::from(*n)),
            Value::Float(f) => Decimal::parse(&f.to_string()),
            other => match other.as_str() {
                Some(text) => match Decimal::parse(text) {
                    Some(n) => Some(n),
                    None if is_number(text.trim()) => None,
                    None => return Err(invalid_input("numeric", text)),
                },
                None => return Err(self.cannot_cast(value, t::NUMERIC)),
            },
        };
        let too_large = || Ok(Value::not_evaluated("numbers of more than 38 digits are not evaluated"));
        let Some(number) = number else { return too_large() };
        if typmod < 0 {
            return Ok(Value::Numeric(number));
        }
        let (precision, scale) = numeric_typmod(typmod);
        let Ok(unsigned) = u32::try_from(scale) else { return too_large() };
        match number.round(unsigned) {
            Some(rounded) if rounded.whole_digits() as i32 <= precision - scale => Ok(Value::Numeric(rounded)),
            Some(_) => {
                let limit = if precision == scale { "1".to_owned() } else { format!("10^{}", precision - scale) };
                let detail = format!(
                    "A field with precision {precision}, scale {scale} must round to an absolute value less than {limit}."
                );
                Err(SqlError::new("22003", "numeric field overflow").detail(detail).into())
            }
            None => too_large(),
        }
    }

    fn cast_to_float(&self, value: &Value, ty: Oid) -> Exec<Value> {
        if ty == t::FLOAT4 {
            return Ok(Value::not_evaluated("values of type real are not evaluated"));
        }
        match value {
            Value::Float(_) => Ok(value.clone()),
            Value::Int(n, _) => Ok(Value::Float(*n as f64)),
            Value::Numeric(n) => Ok(n.to_string().parse().map_or(Value::Null, Value::Float)),
            other => match other.as_str() {
                Some(text) => match text.trim().parse() {
                    Ok(f) => Ok(Value::Float(f)),
                    Err(_) => Err(invalid_input("double precision", text)),
                },
                None => Err(self.cannot_cast(value, ty)),
            },
        }
    }

    /// `uuid.c: string_to_uuid`: hexadecimal digits, possibly in braces, with hyphens after each group of four.
    fn cast_to_uuid(&self, value: &Value) -> Exec<Value> {
        let text = match value {
            Value::Typed(t::UUID, _) => return Ok(value.clone()),
            other => match other.as_str() {
                Some(text) => text,
                None => return Err(self.cannot_cast(value, t::UUID)),
            },
        };
        let bare = text.strip_prefix('{').map_or(Some(text), |t| t.strip_suffix('}'));
        let digits: Option<String> = bare.and_then(|bare| {
            let mut digits = String::new();
            let mut hyphen_allowed = false;
            for c in bare.chars() {
                match c {
                    '-' if hyphen_allowed => hyphen_allowed = false,
                    c if c.is_ascii_hexdigit() => {
                        digits.push(c.to_ascii_lowercase());
                        hyphen_allowed = digits.len().is_multiple_of(4) && digits.len() < 32;
                    }
                    _ => return None,
                }
            }
            (digits.len() == 32).then_some(digits)
        });
        match digits {
            Some(d) => {
                let uuid = format!("{}-{}-{}-{}-{}", &d[..8], &d[8..12], &d[12..16], &d[16..20], &d[20..]);
                Ok(Value::Typed(t::UUID, uuid.into()))
            }
            None => Err(invalid_input("uuid", text)),
        }
    }

    fn cast_to_array(&self, value: &Value, element: TypeRef, kind: CastKind) -> Exec<Value> {
        match value {
            Value::Array(array) => {
                let mut items = Vec::with_capacity(array.items.len());
                for item in &array.items {
                    items.push(match item {
                        Value::Array(_) => self.cast_to_array(item, element, kind)?,
                        item => self.cast(item, element, kind)?,
                    });
                }
                Ok(Value::array(element.oid, items))
            }
            other => match other.as_str() {
                Some(text) => match parse_array(text) {
                    Some(items) => self.array_from_text(items, element, kind),
                    None if text.trim_start().starts_with('[') => {
                        let array = self.catalog.array_of(element.oid).unwrap_or(t::ANYARRAY);
                        let env = crate::expr::datum::DatumEnv::new(self.catalog, self.path);
                        if let Err(stop @ Stop::Error(_)) = crate::expr::datum::input(&env, array, -1, text) {
                            return Err(stop);
                        }
                        Ok(Value::not_evaluated("arrays with bounds are not evaluated"))
                    }
                    None => {
                        let message = format!("malformed array literal: \"{text}\"");
                        Err(SqlError::new("22P02", message).into())
                    }
                },
                None => Err(self.cannot_cast(value, self.catalog.array_of(element.oid).unwrap_or(t::ANYARRAY))),
            },
        }
    }

    fn array_from_text(&self, items: Vec<TextItem>, element: TypeRef, kind: CastKind) -> Exec<Value> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            values.push(match item {
                TextItem::Null => Value::Null,
                TextItem::Value(text) => self.cast(&Value::Literal(text.into()), element, kind)?,
                TextItem::Array(inner) => self.array_from_text(inner, element, kind)?,
            });
        }
        Ok(Value::array(element.oid, values))
    }

    fn cast_to_user_type(&self, value: &Value, oid: Oid, ty: &TypeKind, kind: CastKind) -> Exec<Value> {
        match ty {
            TypeKind::Enum(labels) => match value {
                Value::Typed(from, _) if *from == oid => Ok(value.clone()),
                other => match other.as_str() {
                    Some(text) if labels.iter().any(|l| l.label == text) => Ok(Value::Typed(oid, text.into())),
                    Some(text) => {
                        let name = self.catalog.format_type_be(oid, self.path);
                        let message = format!("invalid input value for enum {name}: \"{text}\"");
                        let error = SqlError::new("22P02", message);
                        let (schema, name) = self.catalog.type_name(oid).unwrap_or((Oid::INVALID, ""));
                        match self.catalog.taint.of_type(schema, name) {
                            Some(unknown) => Err(lookup::maybe(error, unknown)),
                            None => Err(error.into()),
                        }
                    }
                    None => Err(self.cannot_cast(value, oid)),
                },
            },
            TypeKind::Domain(domain) => {
                let base = self.cast(value, domain.base, kind)?;
                if domain.checks.is_empty() {
                    return Ok(base);
                }
                Ok(Value::not_evaluated("the checks of a domain are not evaluated"))
            }
            TypeKind::Array(element) => self.cast_to_array(value, TypeRef::plain(*element), kind),
            TypeKind::Composite(_) => match value {
                Value::Record(_) => Ok(value.clone()),
                _ => Ok(self.not_cast(value, oid)),
            },
            TypeKind::Base(_) | TypeKind::Range(_) | TypeKind::Multirange(_) | TypeKind::Shell => match value {
                Value::Typed(from, _) if *from == oid => Ok(value.clone()),
                _ => Ok(self.not_cast(value, oid)),
            },
        }
    }

    // ---- names of objects ----

    fn cast_to_reg(&self, value: &Value, ty: RegType) -> Exec<Value> {
        match value {
            Value::Reg(_, oid) | Value::Oid(oid) => Ok(Value::Reg(ty, *oid)),
            Value::Int(n, _) => match u32::try_from(*n) {
                Ok(n) => Ok(Value::Reg(ty, Oid(n))),
                Err(_) => Err(SqlError::new("22003", "OID out of range").into()),
            },
            other => match other.as_str() {
                Some(text) => Ok(Value::Reg(ty, self.reg_input(ty, text)?)),
                None => Err(self.cannot_cast(value, ty.oid())),
            },
        }
    }

    /// The object that a text names (`regproc.c: regclassin` and its like).
    pub fn reg_input(&self, ty: RegType, text: &str) -> Exec<Oid> {
        if text == "-" {
            return Ok(Oid::INVALID);
        }
        if let Ok(number) = text.parse() {
            return Ok(Oid(number));
        }
        match ty {
            RegType::Class => {
                let name = qualified_name(text)?;
                if let Some(oid) = self.builtin_relation_named(&name) {
                    return Ok(oid);
                }
                lookup::relation(self.catalog, self.path, &name)
            }
            RegType::Type => self.type_input(text),
            RegType::Proc => {
                let name = qualified_name(text)?;
                let (user, builtin) = self.functions_named(&name)?;
                match (user.as_slice(), builtin.as_slice()) {
                    ([one], []) | ([], [one]) => Ok(*one),
                    ([], []) => {
                        let error = SqlError::new("42883", format!("function \"{text}\" does not exist"));
                        match lookup::maybe_undefined(self.catalog) {
                            Some(unknown) => Err(lookup::maybe(error, &unknown)),
                            None => Err(error.into()),
                        }
                    }
                    _ => Err(SqlError::new("42725", format!("more than one function named \"{text}\"")).into()),
                }
            }
            RegType::Procedure => self.procedure_input(text),
            RegType::Namespace => {
                let name = qualified_name(text)?;
                lookup::schema(self.catalog, &name.name, name.loc)
            }
            RegType::Role => {
                let name = qualified_name(text)?;
                lookup::role(self.catalog, &name.name)
            }
        }
    }

    fn builtin_relation_named(&self, name: &QualifiedName) -> Option<Oid> {
        let in_schema = |schema| self.catalog.builtins().system_relation(schema, &name.name).map(|r| r.oid);
        match &name.schema {
            Some(schema) => in_schema(self.catalog.schema_named(schema)?.oid),
            None => {
                for &schema in self.path {
                    if self.catalog.relation_in(schema, &name.name).is_some() {
                        return None;
                    }
                    if let Some(oid) = in_schema(schema) {
                        return Some(oid);
                    }
                }
                None
            }
        }
    }

    fn type_input(&self, text: &str) -> Exec<Oid> {
        match crate::sql::parse_expr(&format!("NULL::{text}")).map(|e| e.kind) {
            Ok(ExprKind::Cast { ty, .. }) => Ok(lookup::resolve_type(self.catalog, self.path, &ty)?.oid),
            Ok(_) | Err(_) => Err(SqlError::new("42601", format!("invalid type name \"{text}\"")).into()),
        }
    }

    /// The functions of that name along the path, or in the schema that is named: user-defined and built-in ones.
    fn functions_named(&self, name: &QualifiedName) -> Exec<(Vec<Oid>, Vec<Oid>)> {
        let schemas = match &name.schema {
            Some(schema) => vec![lookup::schema(self.catalog, schema, name.loc)?],
            None => self.path.to_vec(),
        };
        let user = schemas.iter().flat_map(|&s| self.catalog.functions_in(s, &name.name)).map(|f| f.oid).collect();
        let builtins = self.catalog.builtins();
        let builtin = schemas.iter().flat_map(|&s| builtins.functions_in(s, &name.name)).map(|f| f.oid).collect();
        Ok((user, builtin))
    }

    /// `name(type, type)`
    fn procedure_input(&self, text: &str) -> Exec<Oid> {
        let Some((name, args)) = text.split_once('(').and_then(|(n, a)| Some((n, a.trim_end().strip_suffix(')')?)))
        else {
            return Err(SqlError::new("22P02", "expected a left parenthesis").into());
        };
        let mut types = Vec::new();
        if !args.trim().is_empty() {
            for arg in split_args(args) {
                types.push(self.type_input(arg.trim())?);
            }
        }
        let (user, builtin) = self.functions_named(&qualified_name(name)?)?;
        let catalog = self.catalog;
        let of_user = user
            .into_iter()
            .find(|&oid| catalog.function(oid).is_some_and(|f| f.input_types().eq(types.iter().copied())));
        let found = of_user.or_else(|| {
            builtin.into_iter().find(|&oid| {
                catalog.builtins().function_by_oid(oid).is_some_and(|f| f.input_types().eq(types.iter().copied()))
            })
        });
        match found {
            Some(oid) => Ok(oid),
            None => {
                let error = SqlError::new("42883", format!("function \"{text}\" does not exist"));
                match lookup::maybe_undefined(catalog) {
                    Some(unknown) => Err(lookup::maybe(error, &unknown)),
                    None => Err(error.into()),
                }
            }
        }
    }

    /// The value as one whose type is known: a literal takes the type of what it stands beside.
    pub fn coerce_literal(&self, value: Value, beside: &Value) -> Exec<Value> {
        let Value::Literal(_) = value else { return Ok(value) };
        match beside {
            Value::Null
            | Value::Unknowable(_)
            | Value::Literal(_)
            | Value::Text(_)
            | Value::Name(_)
            | Value::Char(_)
            | Value::Record(_) => Ok(value),
            Value::Array(array) => self.cast_to_array(&value, TypeRef::plain(array.element), CastKind::Explicit),
            other => match other.type_oid() {
                Some(ty) => self.cast(&value, TypeRef::plain(ty), CastKind::Explicit),
                None => Ok(value),
            },
        }
    }
}

/// A text is read as a value of that type: what it means depends on no setting, and not on the clock.
fn is_read(ty: Oid, text: &str) -> bool {
    let digits = |text: &str, n: usize| text.len() >= n && text.bytes().take(n).all(|b| b.is_ascii_digit());
    let iso = digits(text, 4) && text.as_bytes().get(4) == Some(&b'-') || text.len() == 8 && digits(text, 8);
    match ty {
        t::DATE | t::TIMESTAMP => iso,
        t::INTERVAL | t::JSON | t::JSONB => true,
        _ => false,
    }
}

/// Splits at commas outside of parentheses.
fn split_args(args: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0usize);
    for (i, c) in args.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&args[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&args[start..]);
    parts
}

/// `name` or `schema.name` as SQL text, quoted or not (`stringToQualifiedNameList`).
pub fn qualified_name(text: &str) -> Exec<QualifiedName> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    loop {
        let end = if rest.starts_with('"') { end_of_quoted(rest) } else { rest.find('.').unwrap_or(rest.len()) };
        let (part, after) = rest.split_at(end);
        match split_identifiers(part).pop() {
            Some(name) => parts.push(truncate_name(&name).to_owned()),
            None => return Err(SqlError::new("42602", "invalid name syntax").into()),
        }
        match after.trim_start().strip_prefix('.') {
            Some(next) => rest = next.trim_start(),
            None if after.trim().is_empty() => break,
            None => return Err(SqlError::new("42602", "invalid name syntax").into()),
        }
    }
    let mut parts = parts.into_iter().rev();
    let name = parts.next().unwrap_or_default().into();
    let schema = parts.next().map(Into::into);
    if parts.next().is_some() {
        let reason = "names with a database are not looked up".to_owned();
        return Err(Opaque::new(reason, Touches::Nothing).into());
    }
    Ok(QualifiedName { schema, name, loc: Default::default() })
}

/// The end of the identifier in double quotes that a text starts with.
fn end_of_quoted(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut i = 1;
    while i < bytes.len() {
        if bytes[i] == b'"' {
            if bytes.get(i + 1) != Some(&b'"') {
                return i + 1;
            }
            i += 1;
        }
        i += 1;
    }
    text.len()
}

/// `true`, `f`, `on`, `no`, `1` … in any case, cut anywhere where that is unambiguous (`bool.c: parse_bool_with_len`).
pub(in crate::replay) fn parse_bool(text: &str) -> Option<bool> {
    let text = text.to_ascii_lowercase();
    let is_prefix = |word: &str| !text.is_empty() && word.starts_with(&text);
    match text.as_str() {
        "1" | "on" => Some(true),
        "0" | "of" | "off" => Some(false),
        _ if is_prefix("true") || is_prefix("yes") => Some(true),
        _ if is_prefix("false") || is_prefix("no") => Some(false),
        _ => None,
    }
}

fn is_digits(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// A number that is well-formed but too long for [`Decimal`], or not finite.
fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok()
}

/// Cuts or refuses a string that is too long (`varchar.c: varchar`), pads one of type `character`.
fn fit(value: Value, ty: TypeRef, kind: CastKind) -> Exec<Value> {
    let (Value::Text(text), Ok(length)) = (&value, usize::try_from(ty.typmod - 4)) else { return Ok(value) };
    let count = text.chars().count();
    if count <= length {
        // The blanks of `character(n)` come and go with what is done with it.
        if ty.oid == t::BPCHAR && count < length {
            return Ok(Value::not_evaluated("strings that are filled up with blanks are not followed"));
        }
        return Ok(value);
    }
    let cut: String = text.chars().take(length).collect();
    if kind == CastKind::Assignment && text.chars().skip(length).any(|c| c != ' ') {
        let name = if ty.oid == t::BPCHAR { "character" } else { "character varying" };
        return Err(SqlError::new("22001", format!("value too long for type {name}({length})")).into());
    }
    Ok(Value::text(cut))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{PG_CATALOG, PUBLIC_SCHEMA};

    fn cast(text: &str, oid: Oid) -> Exec<Value> {
        let catalog = Catalog::new(15);
        let types = Types { catalog: &catalog, path: &[PG_CATALOG, PUBLIC_SCHEMA] };
        types.cast(&Value::Literal(text.into()), TypeRef::plain(oid), CastKind::Explicit)
    }

    fn error(text: &str, oid: Oid) -> (String, String) {
        match cast(text, oid) {
            Err(Stop::Error(error)) => (error.sqlstate.to_string(), error.message),
            other => panic!("{other:?}"),
        }
    }

    /// Values and errors are PostgreSQL 15's.
    #[test]
    fn input() {
        assert_eq!(cast(" 12 ", t::INT4), Ok(Value::int(12)));
        assert_eq!(cast("tr", t::BOOL), Ok(Value::Bool(true)));
        assert_eq!(cast("of", t::BOOL), Ok(Value::Bool(false)));
        assert_eq!(cast("pg_class", t::REGCLASS), Ok(Value::Reg(RegType::Class, Oid(1259))));
        assert_eq!(cast("pg_catalog.\"pg_class\"", t::REGCLASS), Ok(Value::Reg(RegType::Class, Oid(1259))));
        assert_eq!(cast("integer[]", Oid(2206)), Ok(Value::Reg(RegType::Type, Oid(1007))));
        assert_eq!(cast("lower(text)", Oid(2202)), Ok(Value::Reg(RegType::Procedure, Oid(870))));
        assert_eq!(cast("{1,NULL}", Oid(1007)), Ok(Value::array(t::INT4, vec![Value::int(1), Value::Null])));
        assert_eq!(
            cast("A0EEBC99-9C0B4EF8BB6D6BB9BD380A11", t::UUID),
            Ok(Value::Typed(t::UUID, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11".into()))
        );
    }

    #[test]
    fn errors() {
        let state = |text: &str, oid| error(text, oid);
        assert_eq!(state("x", t::INT4), ("22P02".into(), "invalid input syntax for type integer: \"x\"".into()));
        assert_eq!(
            state("3000000000", t::INT4),
            ("22003".into(), "value \"3000000000\" is out of range for type integer".into())
        );
        assert_eq!(state("o", t::BOOL), ("22P02".into(), "invalid input syntax for type boolean: \"o\"".into()));
        assert_eq!(state("nope", t::REGCLASS), ("42P01".into(), "relation \"nope\" does not exist".into()));
        assert_eq!(state("no.pe", t::REGCLASS).0, "3F000");
        assert_eq!(state("nope", Oid(2206)), ("42704".into(), "type \"nope\" does not exist".into()));
        assert_eq!(state("nope()", Oid(2202)), ("42883".into(), "function \"nope()\" does not exist".into()));
        assert_eq!(state("{a", Oid(1009)), ("22P02".into(), "malformed array literal: \"{a\"".into()));
    }

    #[test]
    fn lengths() {
        let catalog = Catalog::new(15);
        let types = Types { catalog: &catalog, path: &[PG_CATALOG] };
        let ty = TypeRef { oid: t::VARCHAR, typmod: 7 };
        let long = Value::text("abcd");
        assert_eq!(types.cast(&long, ty, CastKind::Explicit), Ok(Value::text("abc")));
        assert!(types.cast(&long, ty, CastKind::Assignment).is_err());
        assert_eq!(types.cast(&Value::text("abc  "), ty, CastKind::Assignment), Ok(Value::text("abc")));
    }
}
