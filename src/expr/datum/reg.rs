//! Types whose values are objects of the catalog (`regproc.c`).

use super::number::oid as read_oid;
use super::{Datum, DatumEnv, opaque};
use crate::catalog::{Object, Oid, PG_CATALOG, TypeRef, truncate_name};
use crate::replay::{Exec, SqlError, Stop, lookup};
use crate::sql::ast::QualifiedName;
use crate::sql::{ParseError, parse_type_name};

/// The types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reg {
    Class,
    Type,
    Proc,
    Procedure,
    Oper,
    Operator,
    Config,
    Dictionary,
    Namespace,
    Role,
    Collation,
}

impl Reg {
    /// The type with a name in `pg_type`.
    pub(super) fn named(name: &str) -> Option<Reg> {
        Some(match name {
            "regclass" => Reg::Class,
            "regtype" => Reg::Type,
            "regproc" => Reg::Proc,
            "regprocedure" => Reg::Procedure,
            "regoper" => Reg::Oper,
            "regoperator" => Reg::Operator,
            "regconfig" => Reg::Config,
            "regdictionary" => Reg::Dictionary,
            "regnamespace" => Reg::Namespace,
            "regrole" => Reg::Role,
            "regcollation" => Reg::Collation,
            _ => return None,
        })
    }
}

/// White space to the scanner of SQL.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

/// The value that a text names.
pub(super) fn read(env: &DatumEnv<'_>, reg: Reg, text: &str) -> Exec<Datum> {
    let zero = match reg {
        Reg::Oper | Reg::Operator => "0",
        _ => "-",
    };
    if text == zero {
        return Ok(zero.to_owned().into());
    }
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return by_number(env, reg, text);
    }
    let found = match reg {
        Reg::Class => Object::Relation(relation(env, text)?),
        Reg::Type => Object::Type(type_named(env, text)?),
        Reg::Proc => Object::Function(function(env, text)?),
        Reg::Procedure => Object::Function(procedure(env, text)?),
        Reg::Namespace => {
            let names = names(text)?;
            let [name] = names.as_slice() else { return Err(invalid_name()) };
            Object::Schema(lookup::schema(env.catalog, name, Default::default())?)
        }
        Reg::Role => {
            let names = names(text)?;
            let [name] = names.as_slice() else { return Err(invalid_name()) };
            Object::Role(lookup::role(env.catalog, name)?)
        }
        Reg::Oper => return operator(env, text).map(Datum::from),
        Reg::Operator => return operator_with_types(env, text).map(Datum::from),
        Reg::Config | Reg::Dictionary | Reg::Collation => return plain(env, reg, text).map(Datum::from),
    };
    Ok(Datum { text: print(env, reg, found), object: Some(found) })
}

/// A number stands for itself, whether there is such an object or not.
fn by_number(env: &DatumEnv<'_>, reg: Reg, text: &str) -> Exec<Datum> {
    let text = read_oid(env, text, "oid")?;
    let oid = Oid(text.parse().unwrap_or(0));
    if oid == Oid::INVALID {
        let zero = if matches!(reg, Reg::Oper | Reg::Operator) { "0" } else { "-" };
        return Ok(zero.to_owned().into());
    }
    let catalog = env.catalog;
    let object = match reg {
        Reg::Class => {
            // Above these numbers `initdb` gives out its own.
            let pinned = || oid.0 < 12_000 && catalog.builtins().all_relations().any(|r| r.oid == oid);
            (catalog.relation(oid).is_some() || pinned()).then_some(Object::Relation(oid))
        }
        Reg::Type => catalog.type_name(oid).is_some().then_some(Object::Type(oid)),
        Reg::Proc | Reg::Procedure => {
            let known = catalog.function(oid).is_some() || catalog.builtins().function_by_oid(oid).is_some();
            known.then_some(Object::Function(oid))
        }
        Reg::Namespace => catalog.schema(oid).is_some().then_some(Object::Schema(oid)),
        Reg::Role => catalog.role(oid).is_some().then_some(Object::Role(oid)),
        Reg::Oper | Reg::Operator | Reg::Config | Reg::Dictionary | Reg::Collation => None,
    };
    match object {
        Some(object) => Ok(Datum { text: print(env, reg, object), object: Some(object) }),
        // The lowest numbers are given to databases alone (`pg_database.dat`).
        None if oid.is_builtin() && oid.0 > 2 => {
            Err(opaque("which object of PostgreSQL's own has that number is not known"))
        }
        None => Ok(text.into()),
    }
}

/// The name of an object as the output function gives it.
pub(super) fn print(env: &DatumEnv<'_>, reg: Reg, object: Object) -> String {
    let catalog = env.catalog;
    match object {
        Object::Relation(oid) if oid.is_builtin() => match catalog.builtins().all_relations().find(|r| r.oid == oid) {
            Some(relation) => {
                let named = |schema: Oid| {
                    catalog.relation_in(schema, relation.name).is_some()
                        || catalog.builtins().system_relation(schema, relation.name).is_some()
                };
                let visible = env.path.iter().find(|&&s| named(s)) == Some(&relation.namespace);
                catalog.qualified(relation.namespace, relation.name, visible)
            }
            None => oid.0.to_string(),
        },
        Object::Relation(oid) => catalog.relation_name(oid, env.path),
        Object::Type(oid) => catalog.format_type(TypeRef::plain(oid), env.path),
        Object::Schema(oid) => catalog.quote_identifier(catalog.schema_name(oid)).into_owned(),
        Object::Role(oid) => catalog.quote_identifier(catalog.role_name(oid)).into_owned(),
        Object::Function(oid) => {
            let Some((schema, name, arguments)) = signature(env, oid) else { return oid.0.to_string() };
            let candidates = candidates(env, env.path, &name);
            if reg == Reg::Procedure {
                let visible = candidates.iter().find(|c| c.1 == arguments).is_some_and(|c| c.0 == oid);
                let types: Vec<String> =
                    arguments.iter().map(|&ty| catalog.format_type(TypeRef::plain(ty), env.path)).collect();
                return format!("{}({})", catalog.qualified(schema, &name, visible), types.join(","));
            }
            let visible = matches!(candidates.as_slice(), [(only, _)] if *only == oid);
            catalog.qualified(schema, &name, visible)
        }
        other => catalog.describe(other, env.path),
    }
}

fn invalid_name() -> Stop {
    SqlError::new("42602", "invalid name syntax").into()
}

/// The parts of a qualified name (`regproc.c: stringToQualifiedNameList`).
fn names(text: &str) -> Exec<Vec<String>> {
    let mut names = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    if rest.is_empty() {
        return Err(invalid_name());
    }
    loop {
        let name = if let Some(quoted) = rest.strip_prefix('"') {
            let mut name = String::new();
            let mut chars = quoted.chars();
            loop {
                match chars.next() {
                    None => return Err(invalid_name()),
                    Some('"') if chars.as_str().starts_with('"') => {
                        chars.next();
                        name.push('"');
                    }
                    Some('"') => break,
                    Some(c) => name.push(c),
                }
            }
            rest = chars.as_str();
            name
        } else {
            let end = rest.find(|c: char| c == '.' || is_space(c)).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            if name.is_empty() {
                return Err(invalid_name());
            }
            rest = after;
            name.to_ascii_lowercase()
        };
        names.push(truncate_name(&name).to_owned());
        rest = rest.trim_start_matches(is_space);
        match rest.strip_prefix('.') {
            Some(after) => rest = after.trim_start_matches(is_space),
            None if rest.is_empty() => return Ok(names),
            None => return Err(invalid_name()),
        }
    }
}

/// A name with at most a schema.
fn qualified_name(text: &str) -> Exec<QualifiedName> {
    let mut parts = names(text)?.into_iter().rev();
    let name = parts.next().unwrap_or_default().into();
    let schema = parts.next().map(Into::into);
    if parts.next().is_some() {
        return Err(opaque("names with a database are not looked up"));
    }
    Ok(QualifiedName { schema, name, loc: Default::default() })
}

/// `namespace.c: RangeVarGetRelidExtended`
fn relation(env: &DatumEnv<'_>, text: &str) -> Exec<Oid> {
    let catalog = env.catalog;
    let name = qualified_name(text)?;
    let schemas: Vec<Oid> = match &name.schema {
        Some(schema) => lookup::find_schema(catalog, schema).map(|s| s.oid).into_iter().collect(),
        None => env.path.to_vec(),
    };
    for schema in schemas {
        if let Some(relation) = catalog.relation_in(schema, &name.name) {
            return Ok(relation.oid);
        }
        if let Some(unknown) = catalog.taint.of_relation(schema, &name.name, None) {
            let message = format!("relation \"{}\" does not exist", lookup::display(&name));
            return Err(lookup::maybe(SqlError::new("42P01", message), unknown));
        }
        if let Some(system) = catalog.builtins().system_relation(schema, &name.name) {
            return Ok(system.oid);
        }
    }
    if name.schema.as_deref().is_some_and(|s| s.starts_with("pg_toast")) {
        return Err(opaque("relations of that schema are not known"));
    }
    match lookup::undefined_relation(catalog, env.path, &name) {
        // From 16 on a missing schema is a missing relation.
        Stop::Error(error) if error.sqlstate.as_str() == "3F000" && catalog.version() >= 16 => {
            let message = format!("relation \"{}\" does not exist", lookup::display(&name));
            Err(SqlError::new("42P01", message).into())
        }
        stop => Err(stop),
    }
}

/// `parse_type.c: parseTypeString`
fn type_named(env: &DatumEnv<'_>, text: &str) -> Exec<Oid> {
    match parse_type_name(text) {
        Ok(name) => match lookup::resolve_type(env.catalog, env.path, &name)?.oid {
            Oid::INVALID => Err(opaque("a type is not known")),
            oid => Ok(oid),
        },
        Err(ParseError::Syntax(error)) if error.message.starts_with("syntax error at or near") => {
            Err(SqlError::new(error.sqlstate, error.message).into())
        }
        Err(ParseError::Syntax(_) | ParseError::Unparsed { .. }) => {
            Err(opaque(format!("the type's name \"{text}\" is not read")))
        }
    }
}

/// A function and the types of its arguments.
type Candidate = (Oid, Vec<Oid>);

/// The functions of a name in the schemas, each signature once (`namespace.c: FuncnameGetCandidates`).
fn candidates(env: &DatumEnv<'_>, schemas: &[Oid], name: &str) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for &schema in schemas {
        let user = env.catalog.functions_in(schema, name).map(|f| (f.oid, f.input_types().collect::<Vec<_>>()));
        let builtins = env.catalog.builtins();
        let builtin = builtins.functions_in(schema, name).map(|f| (f.oid, f.input_types().collect::<Vec<_>>()));
        for candidate in user.chain(builtin) {
            if found.iter().all(|other| other.1 != candidate.1) {
                found.push(candidate);
            }
        }
    }
    found
}

fn signature(env: &DatumEnv<'_>, oid: Oid) -> Option<(Oid, String, Vec<Oid>)> {
    if let Some(function) = env.catalog.function(oid) {
        return Some((function.schema, function.name.to_string(), function.input_types().collect()));
    }
    let function = env.catalog.builtins().function_by_oid(oid)?;
    Some((function.namespace, function.name.to_owned(), function.input_types().collect()))
}

/// The schemas in which a function of that name is looked for.
fn function_schemas(env: &DatumEnv<'_>, name: &QualifiedName) -> Exec<Vec<Oid>> {
    match &name.schema {
        None => Ok(lookup::function_path(env.catalog, env.path)),
        Some(schema) => match lookup::schema(env.catalog, schema, Default::default()) {
            Ok(schema) => Ok(vec![schema]),
            Err(Stop::Error(_)) if env.catalog.version() >= 16 => Ok(Vec::new()),
            Err(stop) => Err(stop),
        },
    }
}

/// An error, unless what is missing may have been made by something that is not known.
fn missing(env: &DatumEnv<'_>, error: SqlError) -> Stop {
    match lookup::maybe_undefined(env.catalog) {
        Some(unknown) => lookup::maybe(error, &unknown),
        None => error.into(),
    }
}

fn function(env: &DatumEnv<'_>, text: &str) -> Exec<Oid> {
    let name = qualified_name(text)?;
    let schemas = function_schemas(env, &name)?;
    match candidates(env, &schemas, &name.name).as_slice() {
        [] => Err(missing(env, SqlError::new("42883", format!("function \"{text}\" does not exist")))),
        [(oid, _)] => Ok(*oid),
        _ => Err(SqlError::new("42725", format!("more than one function named \"{text}\"")).into()),
    }
}

fn procedure(env: &DatumEnv<'_>, text: &str) -> Exec<Oid> {
    let (name, types) = name_and_types(env, text, false)?;
    let name = qualified_name(name)?;
    let schemas = function_schemas(env, &name)?;
    let found = candidates(env, &schemas, &name.name).into_iter().find(|c| c.1 == types);
    match found {
        Some((oid, _)) => Ok(oid),
        None => Err(missing(env, SqlError::new("42883", format!("function \"{text}\" does not exist")))),
    }
}

/// `name(type, …)` (`regproc.c: parseNameAndArgTypes`): the name's text and the types. `none` allows NONE.
fn name_and_types<'t>(env: &DatumEnv<'_>, text: &'t str, none: bool) -> Exec<(&'t str, Vec<Oid>)> {
    let bad = |message: &str| Err(SqlError::new("22P02", message).into());
    let mut quoted = false;
    let open = text.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == '(' && !quoted
    });
    let Some((open, _)) = open else { return bad("expected a left parenthesis") };
    let (name, rest) = (&text[..open], &text[open + 1..]);
    names(name)?;
    let Some(arguments) = rest.trim_end_matches(is_space).strip_suffix(')') else {
        return bad("expected a right parenthesis");
    };
    let mut types = Vec::new();
    let mut rest = arguments.trim_start_matches(is_space);
    let mut had_comma = false;
    while !rest.is_empty() || had_comma {
        if rest.is_empty() {
            return bad("expected a type name");
        }
        let (mut quoted, mut depth) = (false, 0);
        let end = rest.char_indices().find(|(_, c)| {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted && depth == 0 => return true,
                '(' | '[' if !quoted => depth += 1,
                ')' | ']' if !quoted => depth -= 1,
                _ => {}
            }
            false
        });
        if quoted || depth != 0 {
            return bad("improper type name");
        }
        let (word, after) = end.map_or((rest, ""), |(i, _)| (&rest[..i], &rest[i + 1..]));
        had_comma = end.is_some();
        let word = word.trim_end_matches(is_space);
        types.push(if none && word.eq_ignore_ascii_case("none") { Oid::INVALID } else { type_named(env, word)? });
        rest = after.trim_start_matches(is_space);
    }
    Ok((name, types))
}

// ---- operators ----

/// Operators that somebody else made are not known here.
fn only_builtin_operators(env: &DatumEnv<'_>) -> Exec {
    if env.catalog.extensions().any(|e| e.oid != crate::catalog::PLPGSQL_EXTENSION) {
        return Err(opaque("whether an extension has such an operator is not known"));
    }
    match lookup::maybe_undefined(env.catalog) {
        Some(unknown) => Err(lookup::maybe(SqlError::new("42883", "operator does not exist"), &unknown)),
        None => Ok(()),
    }
}

/// The name of an operator of `pg_catalog`; the rest of the text is its schema.
fn operator_name(text: &str) -> Exec<Option<String>> {
    let mut names = names(text)?;
    let name = names.pop().unwrap_or_default();
    Ok(match names.as_slice() {
        [] => Some(name),
        [schema] if schema == "pg_catalog" => Some(name),
        _ => return Err(opaque("operators of other schemas are not looked up")),
    })
}

fn operator(env: &DatumEnv<'_>, text: &str) -> Exec<String> {
    let name = operator_name(text)?.unwrap_or_default();
    only_builtin_operators(env)?;
    let mut found = env.catalog.builtins().operators_named(&name);
    match (found.next(), found.next()) {
        (None, _) => Err(SqlError::new("42883", format!("operator does not exist: {text}")).into()),
        (Some(_), None) => Ok(name),
        (Some(_), Some(_)) => Err(SqlError::new("42725", format!("more than one operator named {text}")).into()),
    }
}

fn operator_with_types(env: &DatumEnv<'_>, text: &str) -> Exec<String> {
    let (name, types) = name_and_types(env, text, true)?;
    let (left, right) = match types.as_slice() {
        [left, right] => (*left, *right),
        [_] => {
            let hint = "Use NONE to denote the missing argument of a unary operator.";
            return Err(SqlError::new("42P02", "missing argument").hint(hint).into());
        }
        _ => {
            let hint = "Provide two argument types for operator.";
            return Err(SqlError::new("54023", "too many arguments").hint(hint).into());
        }
    };
    let name = operator_name(name)?.unwrap_or_default();
    only_builtin_operators(env)?;
    if !env.catalog.builtins().operators_named(&name).any(|o| o.left == left && o.right == right) {
        return Err(SqlError::new("42883", format!("operator does not exist: {text}")).into());
    }
    let print = |ty: Oid| match ty {
        Oid::INVALID => "NONE".to_owned(),
        ty => env.catalog.format_type(TypeRef::plain(ty), env.path),
    };
    Ok(format!("{name}({},{})", print(left), print(right)))
}

// ---- objects that have no address here ----

/// Text search configurations, dictionaries and collations: those of PostgreSQL's own.
fn plain(env: &DatumEnv<'_>, reg: Reg, text: &str) -> Exec<String> {
    let mut parts = names(text)?;
    let shown = parts.join(".");
    let name = parts.pop().unwrap_or_default();
    let builtins = env.catalog.builtins();
    let in_catalog = match parts.as_slice() {
        [] => env.path.contains(&PG_CATALOG),
        [schema] => schema == "pg_catalog",
        _ => return Err(opaque("names with a database are not looked up")),
    };
    let (known, what) = match reg {
        Reg::Config => (builtins.has_text_search_configuration(&name), "text search configuration"),
        Reg::Dictionary => (builtins.has_text_search_dictionary(&name), "text search dictionary"),
        _ => (builtins.collation(&name).is_some(), "collation"),
    };
    if known && in_catalog {
        return Ok(env.catalog.quote_identifier(&name).into_owned());
    }
    if reg == Reg::Collation {
        return Err(opaque(format!("whether there is a collation \"{shown}\" is not known")));
    }
    if let [schema] = parts.as_slice()
        && env.catalog.version() < 16
    {
        lookup::schema(env.catalog, schema, Default::default())?;
    }
    Err(missing(env, SqlError::new("42704", format!("{what} \"{shown}\" does not exist"))))
}
