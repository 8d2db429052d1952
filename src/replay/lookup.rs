//! Names to objects, with PostgreSQL's errors for names that stand for nothing (`namespace.c`, `parse_type.c`).
//!
//! Where an object is missing but a statement that was not executed may have made it, the error is not raised: the
//! statement becomes opaque ([`maybe`]).

use crate::catalog::builtin::BuiltinFunction;
use crate::catalog::{
    Catalog, Ending, Extension, FunctionKind, InvalidTypmod, Object, Oid, Origin, Relation, Tombstone, TypeKind,
    TypeRef, Unknown, make_numeric_typmod, type_oid as t, typmod_words,
};
use crate::replay::{About, Exec, Opaque, SqlError, Stop};
use crate::sql::ast::*;
use crate::sql::span::Loc;

/// What a name in a query stands for.
pub enum FoundRelation {
    /// A relation that the catalog holds.
    User(Oid),
    /// A relation of `pg_catalog` or `information_schema`.
    System {
        /// Its columns, if they are known.
        columns: Option<Vec<(Name, Option<TypeRef>)>>,
    },
}

/// What a call calls.
pub enum Callee {
    /// A function that the catalog holds.
    User(Oid),
    /// One of PostgreSQL's own.
    Builtin,
}

/// An error that PostgreSQL raises only if a statement that was not executed did not make what is missing.
pub fn maybe(error: SqlError, unknown: &Unknown) -> Stop {
    let reason = format!("it may fail with {} ({})", error.sqlstate, error.message);
    Opaque::because_of(unknown, &reason, Touches::Everything).at(error.loc).into()
}

/// The name as messages show it: `a` or `s.a`.
pub fn display(name: &QualifiedName) -> String {
    match &name.schema {
        Some(schema) => format!("{schema}.{}", name.name),
        None => name.name.to_string(),
    }
}

// ---- schemas ----

/// The schema of that name; `pg_temp` is that of the session's temporary objects.
pub fn find_schema<'a>(catalog: &'a Catalog, name: &str) -> Option<&'a crate::catalog::Schema> {
    catalog.schema_named(if name == "pg_temp" { super::TEMP_SCHEMA } else { name })
}

/// The schema of that name (`namespace.c: get_namespace_oid`).
pub fn schema(catalog: &Catalog, name: &str, loc: Loc) -> Exec<Oid> {
    if let Some(schema) = find_schema(catalog, name) {
        return Ok(schema.oid);
    }
    let error = SqlError::new("3F000", format!("schema \"{name}\" does not exist")).at(loc);
    let mut error = error.about(About::Schema(name.to_owned()));
    explain(catalog, &mut error, |t| matches!(t.object, Object::Schema(_)) && t.name == name);
    // An extension that is not known may have made it.
    let extension = || maybe_undefined(catalog).filter(|_| catalog.extensions().any(|e| e.unknown));
    match catalog.taint.everything().cloned().or_else(extension) {
        Some(unknown) => Err(maybe(error, &unknown)),
        None => Err(error.into()),
    }
}

// ---- relations ----

/// The relation of that name, of whatever kind (`namespace.c: RangeVarGetRelidExtended`).
pub fn relation(catalog: &Catalog, path: &[Oid], name: &QualifiedName) -> Exec<Oid> {
    match relation_if_exists(catalog, path, name)? {
        Some(oid) => Ok(oid),
        None => Err(undefined_relation(catalog, path, name)),
    }
}

/// The same, where IF EXISTS allows it to be missing. A missing schema counts as a missing relation.
pub fn relation_if_exists(catalog: &Catalog, path: &[Oid], name: &QualifiedName) -> Exec<Option<Oid>> {
    let found = match &name.schema {
        Some(schema) => find_schema(catalog, schema).and_then(|s| catalog.relation_in(s.oid, &name.name)),
        None => catalog.find_relation(path, &name.name),
    };
    if let Some(found) = found {
        return Ok(Some(found.oid));
    }
    match tainted_relation(catalog, path, name) {
        Some(unknown) => {
            let reason = format!("whether relation \"{}\" exists is not known", display(name));
            let touches = Touches::Relations(vec![name.clone()]);
            Err(Opaque::because_of(unknown, &reason, touches).at(name.loc).into())
        }
        None => Ok(None),
    }
}

/// Why a relation that is not there may exist nevertheless.
pub fn tainted_relation<'a>(catalog: &'a Catalog, path: &[Oid], name: &QualifiedName) -> Option<&'a Unknown> {
    match &name.schema {
        Some(schema) => match find_schema(catalog, schema) {
            Some(schema) => catalog.taint.of_relation(schema.oid, &name.name, None),
            None => catalog.taint.everything(),
        },
        None => path.iter().find_map(|&s| catalog.taint.of_relation(s, &name.name, None)),
    }
}

/// 42P01, or 3F000 for its schema, with what became of it.
pub fn undefined_relation(catalog: &Catalog, path: &[Oid], name: &QualifiedName) -> Stop {
    if let Some(schema_name) = &name.schema
        && let Err(stop) = schema(catalog, schema_name, name.loc)
    {
        return stop;
    }
    let message = format!("relation \"{}\" does not exist", display(name));
    let mut error = SqlError::new("42P01", message).at(name.loc).about(About::Relation(name.name.to_string()));
    explain(catalog, &mut error, |t| {
        matches!(t.object, Object::Relation(_))
            && t.name == name.name
            && t.schema.as_deref().is_none_or(|s| match &name.schema {
                Some(schema) => *schema == *s,
                None => path.iter().any(|&p| catalog.schema_name(p) == s),
            })
    });
    error.into()
}

/// A relation in FROM (`parse_relation.c: parserOpenTable`), system relations included.
pub fn find_relation_in_query(catalog: &Catalog, path: &[Oid], name: &QualifiedName) -> Exec<FoundRelation> {
    let schemas: Vec<Oid> = match &name.schema {
        Some(schema) => find_schema(catalog, schema).map(|s| s.oid).into_iter().collect(),
        None => path.to_vec(),
    };
    for schema in schemas {
        if let Some(found) = catalog.relation_in(schema, &name.name) {
            if crate::expr::is_readable(&found.kind) {
                return Ok(FoundRelation::User(found.oid));
            }
            return Err(cannot_open(catalog, found, name.loc));
        }
        if let Some(system) = catalog.builtins().system_relation(schema, &name.name) {
            let columns = system.columns.iter().map(|c| (Name::from(c.name), Some(TypeRef::plain(c.ty)))).collect();
            return Ok(FoundRelation::System { columns: Some(columns) });
        }
    }
    if let Some(unknown) = tainted_relation(catalog, path, name) {
        let message = format!("relation \"{}\" does not exist", display(name));
        return Err(maybe(SqlError::new("42P01", message).at(name.loc), unknown));
    }
    match undefined_relation(catalog, path, name) {
        // In a query a missing schema is a missing relation.
        Stop::Error(error) if error.sqlstate.as_str() == "3F000" => {
            let message = format!("relation \"{}\" does not exist", display(name));
            let about = About::Relation(name.name.to_string());
            Err(SqlError::new("42P01", message).at(name.loc).about(about).into())
        }
        stop => Err(stop),
    }
}

/// The name is that of a relation of `pg_catalog` or `information_schema`.
pub fn is_system_relation(catalog: &Catalog, path: &[Oid], name: &QualifiedName) -> bool {
    matches!(find_relation_in_query(catalog, path, name), Ok(FoundRelation::System { .. }))
}

/// 42809 for an index or composite type where rows are wanted (`indexam.c: validate_relation_kind` and
/// `parse_relation.c: parserOpenTable` before 15).
pub fn cannot_open(catalog: &Catalog, relation: &Relation, loc: Loc) -> Stop {
    let message = if catalog.version() < 16 {
        let kind = if relation.as_index().is_some() { "an index" } else { "a composite type" };
        format!("\"{}\" is {kind}", relation.name)
    } else {
        format!("cannot open relation \"{}\"", relation.name)
    };
    let error = SqlError::new("42809", message).at(loc);
    if catalog.version() < 16 {
        return error.into();
    }
    let kinds = catalog.kinds_in_words(relation);
    error.detail(format!("This operation is not supported for {kinds}.")).into()
}

/// What became of a column that is missing.
pub fn explain_missing_column(catalog: &Catalog, relation: Oid, column: &str, error: &mut SqlError) {
    explain(catalog, error, |t| matches!(t.object, Object::Column(rel, _) if rel == relation) && t.name == column);
}

/// 42703 for a column of a known table.
pub fn undefined_column(catalog: &Catalog, relation: &Relation, column: &str, loc: Loc) -> Stop {
    let message = format!("column \"{column}\" of relation \"{}\" does not exist", relation.name);
    missing_column(catalog, relation, column, SqlError::new("42703", message).at(loc))
}

/// A 42703 with its explanation; opaque where the table may have been changed by what was not executed.
pub fn missing_column(catalog: &Catalog, relation: &Relation, column: &str, error: SqlError) -> Stop {
    let mut error = error.about(About::Column(relation.name.to_string(), column.to_owned()));
    explain_missing_column(catalog, relation.oid, column, &mut error);
    match catalog.taint.of_relation(relation.schema, &relation.name, Some(relation.provenance.created)) {
        Some(unknown) => maybe(error, unknown),
        None => error.into(),
    }
}

/// Adds the statement that ended what is missing: the last matching tombstone.
pub fn explain(catalog: &Catalog, error: &mut SqlError, matches: impl Fn(&Tombstone) -> bool) {
    if let Some(tombstone) = catalog.tombstones().rev().find(|t| matches(t)) {
        error.related.push((tombstone.ended, ending_in_words(tombstone)));
    }
}

/// `dropped here`, `renamed to "b" here` …
pub fn ending_in_words(tombstone: &Tombstone) -> String {
    match &tombstone.how {
        Ending::Dropped => "dropped here".to_owned(),
        Ending::DroppedWith { what } => format!("dropped here, together with {what}"),
        Ending::Renamed { name, schema } if *name == tombstone.name => {
            format!("moved to schema \"{}\" here", schema.as_deref().unwrap_or(""))
        }
        Ending::Renamed { name, .. } => format!("renamed to \"{name}\" here"),
    }
}

// ---- types ----

/// The type that a name stands for, with its modifier (`parse_type.c: typenameType`).
pub fn resolve_type(catalog: &Catalog, path: &[Oid], ty: &TypeName) -> Exec<TypeRef> {
    if let Some(column) = &ty.percent_type {
        let oid = relation(catalog, path, &ty.name)?;
        let Some(relation) = catalog.relation(oid) else { return Err(undefined_type(catalog, ty)) };
        return match relation.column(column) {
            Some(column) => Ok(column.ty),
            None => Err(undefined_column(catalog, relation, column, ty.loc)),
        };
    }
    let Some(base) = find_type(catalog, path, &ty.name) else { return Err(undefined_type(catalog, ty)) };
    if matches!(catalog.type_(base).map(|t| &t.kind), Some(TypeKind::Shell)) {
        let message = format!("type \"{}\" is only a shell", display(&ty.name));
        return Err(SqlError::new("42704", message).at(ty.loc).into());
    }
    let typmod = typmod(catalog, base, ty)?;
    if ty.array_dims == 0 {
        return Ok(TypeRef { oid: base, typmod });
    }
    match catalog.array_of(base) {
        Some(array) => Ok(TypeRef { oid: array, typmod }),
        None => {
            let name = catalog.format_type_be(base, path);
            Err(SqlError::new("42704", format!("could not find array type for data type {name}")).at(ty.loc).into())
        }
    }
}

/// The type of that name, built-in ones in their place of the path.
pub fn find_type(catalog: &Catalog, path: &[Oid], name: &QualifiedName) -> Option<Oid> {
    let in_schema = |schema: Oid| {
        let builtin = || catalog.builtins().type_in(schema, &name.name).map(|t| t.oid);
        catalog
            .type_in(schema, &name.name)
            .map(|t| t.oid)
            .or_else(|| if schema.is_builtin() { builtin() } else { None })
    };
    match &name.schema {
        Some(schema) => in_schema(find_schema(catalog, schema)?.oid),
        None => path.iter().find_map(|&s| in_schema(s)),
    }
}

fn undefined_type(catalog: &Catalog, ty: &TypeName) -> Stop {
    if let Some(schema_name) = &ty.name.schema
        && let Err(stop) = schema(catalog, schema_name, ty.loc)
    {
        return stop;
    }
    // However many dimensions are written (`parse_type.c: appendTypeNameToBuffer`).
    let name = display(&ty.name) + if ty.array_dims > 0 { "[]" } else { "" };
    let error = SqlError::new("42704", format!("type \"{name}\" does not exist")).at(ty.loc);
    let mut error = error.about(About::Type(ty.name.name.to_string()));
    explain(catalog, &mut error, |t| matches!(t.object, Object::Type(_)) && t.name == ty.name.name);
    match maybe_undefined(catalog) {
        Some(unknown) => maybe(error, &unknown),
        None => error.into(),
    }
}

/// Why a type or function that is missing may exist: a statement that was not executed, or an extension that we do
/// not know.
pub fn maybe_undefined(catalog: &Catalog) -> Option<Unknown> {
    let unknown_extension = |e: &&Extension| e.unknown;
    catalog.taint.of_expressions().cloned().or_else(|| {
        let extension = catalog.extensions().find(unknown_extension)?;
        let reason = format!("what extension \"{}\" contains is not known", extension.name);
        Some(Unknown { origin: extension.provenance.created, reason: reason.into() })
    })
}

/// The modifier of a type name (`parse_type.c: typenameTypeMod` and the types' `typmodin` functions).
fn typmod(catalog: &Catalog, oid: Oid, ty: &TypeName) -> Exec<i32> {
    if ty.typmods.is_empty() {
        return Ok(-1);
    }
    if !oid.is_builtin() {
        return extension_typmod(catalog, oid, ty);
    }
    let mut numbers = Vec::new();
    for modifier in &ty.typmods {
        match integer(modifier) {
            Some(n) => numbers.push(n),
            None => {
                let reason = format!("the modifier of type {} is not a number", ty.name.name);
                return Err(Opaque::new(reason, Touches::Nothing).at(ty.loc).into());
            }
        }
    }
    let invalid = |message: String| Err(SqlError::new("22023", message).at(ty.loc).into());
    match (oid, numbers.as_slice()) {
        (t::VARCHAR | t::BPCHAR, [n]) => {
            let name = if oid == t::VARCHAR { "varchar" } else { "char" };
            match n {
                ..=0 => invalid(format!("length for type {name} must be at least 1")),
                10_485_761.. => invalid(format!("length for type {name} cannot exceed 10485760")),
                n => Ok(n + 4),
            }
        }
        (t::BIT | t::VARBIT, [n]) => {
            let name = if oid == t::BIT { "bit" } else { "varbit" };
            if *n < 1 { invalid(format!("length for type {name} must be at least 1")) } else { Ok(*n) }
        }
        (t::NUMERIC, [precision]) if (1..=1000).contains(precision) => Ok(make_numeric_typmod(*precision, 0)),
        (t::NUMERIC, [precision, scale])
            if (1..=1000).contains(precision)
                && (if catalog.version() >= 15 {
                    (-1000..=1000).contains(scale)
                } else {
                    (0..=*precision).contains(scale)
                }) =>
        {
            Ok(make_numeric_typmod(*precision, *scale))
        }
        (t::NUMERIC, [precision] | [precision, _]) if !(1..=1000).contains(precision) => {
            invalid(format!("NUMERIC precision {precision} must be between 1 and 1000"))
        }
        (t::NUMERIC, [_, scale]) if catalog.version() >= 15 => {
            invalid(format!("NUMERIC scale {scale} must be between -1000 and 1000"))
        }
        (t::NUMERIC, [precision, scale]) => {
            invalid(format!("NUMERIC scale {scale} must be between 0 and precision {precision}"))
        }
        (t::NUMERIC, [_, _, _, ..]) => invalid("invalid NUMERIC type modifier".into()),
        (t::TIME | t::TIMETZ | t::TIMESTAMP | t::TIMESTAMPTZ, [n]) if *n >= 0 => Ok((*n).min(6)),
        (t::INTERVAL, [fields]) => Ok((fields << 16) | 0xffff),
        (t::INTERVAL, [fields, precision]) => Ok((fields << 16) | (*precision).min(6)),
        _ => {
            let name = catalog.format_type_be(oid, &[]);
            Err(SqlError::new("42601", format!("type modifier is not allowed for type \"{name}\"")).at(ty.loc).into())
        }
    }
}

/// The modifier of a type that is not PostgreSQL's own.
fn extension_typmod(catalog: &Catalog, oid: Oid, ty: &TypeName) -> Exec<i32> {
    let refuse = |sqlstate: &'static str, message: String| Err(SqlError::new(sqlstate, message).at(ty.loc).into());
    let Some(rule) = catalog.typmod_rule(oid) else {
        let message = format!("type modifier is not allowed for type \"{}\"", display(&ty.name));
        return refuse("42601", message);
    };
    let Some(words) = typmod_words(&ty.typmods) else {
        return refuse("42601", "type modifiers must be simple constants or identifiers".into());
    };
    match rule.read(&words, &ty.name.name) {
        Ok(typmod) => Ok(typmod),
        Err(InvalidTypmod::Value(message)) => refuse("22023", message),
        Err(InvalidTypmod::Number(message)) => refuse("22P02", message),
    }
}

fn integer(expr: &Expr) -> Option<i32> {
    match &expr.kind {
        ExprKind::Literal(Literal::Integer(n)) => Some(*n),
        ExprKind::Op { op, left: None, right } if op.name == "-" => integer(right)?.checked_neg(),
        _ => None,
    }
}

/// The object that a literal of a type like `regclass` stands for. An error if the type's input function refuses the
/// text, as far as it is known.
pub fn literal_object(catalog: &Catalog, path: &[Oid], text: &str, ty: Oid) -> Exec<Option<Object>> {
    use super::value::{CastKind, RegType, Types, Value};
    let types = Types { catalog, path };
    let value = types.cast(&Value::Literal(text.into()), TypeRef::plain(ty), CastKind::Explicit)?;
    if catalog.uncommitted_enums.labels.iter().any(|(of, label)| *of == ty && label == text) {
        let name = catalog.format_type_be(ty, path);
        let error = SqlError::new("55P04", format!("unsafe use of new value \"{text}\" of enum type {name}"));
        return Err(error.hint("New enum values must be committed before they can be used.").into());
    }
    let Value::Reg(kind, oid) = value else { return Ok(None) };
    Ok(match kind {
        RegType::Class => Some(Object::Relation(oid)),
        RegType::Type => Some(Object::Type(oid)),
        RegType::Proc | RegType::Procedure => Some(Object::Function(oid)),
        RegType::Namespace => Some(Object::Schema(oid)),
        RegType::Role => None,
    })
}

// ---- functions ----

/// The function of a call, by name and number of arguments; nothing if there is none. What may be there although it is
/// not found makes the statement opaque.
pub fn find_call(catalog: &Catalog, path: &[Oid], call: &FuncCall) -> Exec<Option<Callee>> {
    let count = call.args.len();
    let schemas: Vec<Oid> = match &call.name.schema {
        Some(name) => vec![schema(catalog, name, call.name.loc)?],
        None => function_path(catalog, path),
    };
    for &schema in &schemas {
        for function in catalog.functions_in(schema, &call.name.name) {
            // CALL passes something for OUT parameters too (since 14).
            let procedure = function.kind == FunctionKind::Procedure;
            let inputs = function.params.iter().filter(|p| procedure || p.is_input());
            let total = inputs.clone().count();
            let defaults = inputs.clone().filter(|p| p.default.is_some()).count();
            let variadic = inputs.clone().any(|p| p.mode == ParamMode::Variadic);
            let native_aggregate = function.kind == FunctionKind::Aggregate;
            // What is passed by name has to have that name.
            let unknown =
                |arg: &FuncArg| arg.name.as_ref().is_some_and(|n| inputs.clone().all(|p| p.name.as_ref() != Some(n)));
            if call.args.iter().any(unknown) {
                continue;
            }
            if call.star && native_aggregate || accepts(count, total, defaults, variadic && !call.variadic) {
                return Ok(Some(Callee::User(function.oid)));
            }
        }
        let fits = |f: &BuiltinFunction| {
            let total = f.input_types().count();
            let aggregate = f.kind == FunctionKind::Aggregate;
            (call.star || call.within_group) && aggregate
                || accepts(count, total, f.defaults, f.variadic != Oid::INVALID && !call.variadic)
        };
        if schema.is_builtin() && catalog.builtins().functions_in(schema, &call.name.name).any(fits) {
            return Ok(Some(Callee::Builtin));
        }
    }
    // `typename(x)` is a cast written as a call (`parse_func.c: FuncNameAsType`).
    if count == 1 && find_type(catalog, path, &call.name).is_some() {
        return Ok(Some(Callee::Builtin));
    }
    Ok(None)
}

/// Where a function's plain name is looked up: not among temporary objects (`namespace.c: FuncnameGetCandidates`).
pub fn function_path(catalog: &Catalog, path: &[Oid]) -> Vec<Oid> {
    match find_schema(catalog, "pg_temp") {
        Some(temporary) => path.iter().copied().filter(|&schema| schema != temporary.oid).collect(),
        None => path.to_vec(),
    }
}

/// `count` arguments can be passed to a function of `total` parameters.
fn accepts(count: usize, total: usize, defaults: usize, variadic: bool) -> bool {
    let least = total - defaults.min(total);
    if variadic {
        count + 1 >= least.max(1) && (count >= total || count >= least)
    } else {
        (least..=total).contains(&count)
    }
}

/// 42883.
pub fn undefined_function(catalog: &Catalog, name: &QualifiedName, args: &str, procedure: bool, loc: Loc) -> Stop {
    let kind = if procedure { "procedure" } else { "function" };
    let error = SqlError::new("42883", format!("{kind} {}({args}) does not exist", display(name)))
        .hint("No function matches the given name and argument types. You might need to add explicit type casts.")
        .at(loc);
    let mut error = error.about(About::Function(name.name.to_string()));
    explain(catalog, &mut error, |t| matches!(t.object, Object::Function(_)) && t.name == name.name);
    match maybe_undefined(catalog) {
        Some(unknown) => maybe(error, &unknown),
        None => error.into(),
    }
}

/// The result type of a call if all functions that it may mean agree.
pub fn result_type(catalog: &Catalog, path: &[Oid], call: &FuncCall) -> Option<Oid> {
    let polymorphic = |oid: Oid| {
        catalog.builtins().type_by_oid(oid).is_some_and(|ty| ty.typtype == 'p' && oid != t::VOID && oid != t::TRIGGER)
    };
    let one = |mut types: Vec<Oid>| {
        types.sort_unstable();
        types.dedup();
        match types.as_slice() {
            [ty] if !polymorphic(*ty) => Some(*ty),
            _ => None,
        }
    };
    let count = call.args.len();
    let user: Vec<Oid> = match &call.name.schema {
        Some(schema) => find_schema(catalog, schema).map(|s| s.oid).into_iter().collect(),
        None => path.to_vec(),
    };
    let of_user: Vec<Oid> = user
        .iter()
        .flat_map(|&s| catalog.functions_in(s, &call.name.name))
        .filter(|f| !f.returns_set || f.returns.is_some_and(|r| r.oid != t::RECORD))
        .filter_map(|f| f.returns.map(|r| r.oid))
        .collect();
    if !of_user.is_empty() {
        return one(of_user);
    }
    let builtin = catalog.builtins().functions_named(&call.name.name);
    let same_count: Vec<Oid> = builtin
        .filter(|f| call.star || accepts(count, f.input_types().count(), f.defaults, f.variadic != Oid::INVALID))
        .map(|f| f.returns)
        .collect();
    one(same_count)
}

/// The columns of a function in FROM, if they follow: those of RETURNS TABLE or OUT parameters, of a table's row type,
/// or the one of a scalar.
pub fn table_function_columns(
    catalog: &Catalog,
    path: &[Oid],
    call: &FuncCall,
    alias: Option<&Alias>,
) -> Option<Vec<(Name, Option<TypeRef>)>> {
    let function = match find_call(catalog, path, call) {
        Ok(Some(Callee::User(oid))) => catalog.function(oid)?,
        Ok(Some(Callee::Builtin)) => return builtin_function_columns(catalog, path, call, alias),
        Ok(None) | Err(_) => return None,
    };
    let out: Vec<_> = function
        .params
        .iter()
        .filter(|p| matches!(p.mode, ParamMode::Out | ParamMode::InOut | ParamMode::Table))
        .map(|p| (p.name.clone().unwrap_or_default(), Some(p.ty)))
        .collect();
    if !out.is_empty() {
        return Some(out);
    }
    let returns = function.returns?;
    if let Some(TypeKind::Composite(rel)) = catalog.type_(returns.oid).map(|t| &t.kind) {
        let relation = catalog.relation(*rel)?;
        return Some(relation.live_columns().map(|c| (c.name.clone(), Some(c.ty))).collect());
    }
    let scalar = catalog.builtins().type_by_oid(returns.oid).is_some_and(|ty| ty.typtype != 'p' && ty.typtype != 'c');
    scalar.then(|| vec![(alias.map_or(&function.name, |a| &a.name).clone(), Some(returns))])
}

/// The same of one of PostgreSQL's own. Types that depend on the arguments are left open.
fn builtin_function_columns(
    catalog: &Catalog,
    path: &[Oid],
    call: &FuncCall,
    alias: Option<&Alias>,
) -> Option<Vec<(Name, Option<TypeRef>)>> {
    let builtins = catalog.builtins();
    let open = |oid: Oid| builtins.type_by_oid(oid).is_none_or(|ty| ty.typtype == 'p');
    let mut shapes = builtins.functions_named(&call.name.name).filter_map(|function| {
        let variadic = function.variadic != Oid::INVALID && !call.variadic;
        if !accepts(call.args.len(), function.input_types().count(), function.defaults, variadic) {
            return None;
        }
        let out =
            function.args.iter().filter(|a| matches!(a.mode, ParamMode::Out | ParamMode::InOut | ParamMode::Table));
        let out: Vec<_> =
            out.map(|a| (Name::from(a.name.unwrap_or("")), (!open(a.ty)).then(|| TypeRef::plain(a.ty)))).collect();
        Some((out, function.returns))
    });
    let (out, returns) = shapes.next()?;
    let (mut same, mut same_type) = (true, true);
    for (other, other_returns) in shapes {
        same &= other.iter().map(|(name, _)| name).eq(out.iter().map(|(name, _)| name));
        same_type &= other == out && other_returns == returns;
    }
    if !same {
        return None;
    }
    if !out.is_empty() {
        return Some(if same_type { out } else { out.into_iter().map(|(name, _)| (name, None)).collect() });
    }
    let composite = returns == t::RECORD || builtins.type_by_oid(returns).is_some_and(|ty| ty.typtype == 'c');
    if composite {
        return None;
    }
    let ty = result_type(catalog, path, call).map(TypeRef::plain);
    Some(vec![(alias.map_or(&call.name.name, |a| &a.name).clone(), ty)])
}

// ---- roles ----

/// The role of that name (`acl.c: get_role_oid`).
pub fn role(catalog: &Catalog, name: &str) -> Exec<Oid> {
    match catalog.role_named(name) {
        Some(role) => Ok(role.oid),
        None => {
            let error = SqlError::new("42704", format!("role \"{name}\" does not exist"));
            let error = error.about(About::Role(name.to_owned()));
            match catalog.taint.everything() {
                Some(unknown) => Err(maybe(error, unknown)),
                None => Err(error.into()),
            }
        }
    }
}

/// An origin for messages: the relation's making.
pub fn made_here(relation: &Relation) -> (Origin, String) {
    (relation.provenance.created, format!("{} \"{}\" made here", relation.kind_name(), relation.name))
}
