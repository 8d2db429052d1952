//! `pg_proc`, `information_schema.routines`, `.parameters`, `.routine_privileges`.

use super::super::{Value, View};
use super::SystemTable;
use super::scan::{self, Entry, Keys, Scan};
use crate::catalog::{Acl, AclKind, Function, FunctionBody, FunctionKind, Oid, TypeRef, parameter_name, type_oid as t};
use crate::replay::value::IntType;
use crate::sql::ast::{ParamMode, Volatility};

pub(super) fn scan(view: &View, keys: &Keys) -> Scan {
    let builtins = view.catalog.builtins();
    let (oid, name, schema) = (keys.oid("oid"), keys.text("proname"), keys.oid("pronamespace"));
    if let Some(oid) = oid {
        let mut entries: Vec<Entry> = view.catalog.function(oid).map(|f| Entry::Function(f.oid)).into_iter().collect();
        entries.extend(builtins.function_by_oid(oid).map(Entry::BuiltinFunction));
        return Scan::certain(entries);
    }
    let mut scan = user_functions(view, name, schema);
    let wanted = |namespace: Oid| schema.is_none_or(|s| s == namespace);
    match name {
        Some(name) => {
            for namespace in [crate::catalog::PG_CATALOG, crate::catalog::INFORMATION_SCHEMA] {
                if wanted(namespace) {
                    scan.entries.extend(builtins.functions_in(namespace, name).map(Entry::BuiltinFunction));
                }
            }
        }
        None => {
            if schema.is_none_or(Oid::is_builtin) {
                let all = builtins.all_functions().filter(|f| wanted(f.namespace));
                scan.entries.extend(all.map(Entry::BuiltinFunction));
            }
        }
    }
    scan
}

fn user_functions(view: &View, name: Option<&str>, schema: Option<Oid>) -> Scan {
    let catalog = &view.catalog;
    let functions: Vec<&Function> = match (name, schema) {
        (Some(name), Some(schema)) => catalog.functions_in(schema, name).collect(),
        (Some(name), None) => catalog.schemas().flat_map(|s| catalog.functions_in(s.oid, name)).collect(),
        (None, Some(schema)) => catalog.functions_of_schema(schema).collect(),
        (None, None) => catalog.functions().collect(),
    };
    let unknown = catalog.taint.of_expressions();
    let certain = |f: &&Function| unknown.is_none_or(|u| f.provenance.created.sequence > u.origin.sequence);
    let all = functions.len();
    let entries: Vec<Entry> = functions.into_iter().filter(certain).map(|f| Entry::Function(f.oid)).collect();
    let found = name.is_some() && !entries.is_empty() && entries.len() == all;
    let more = if found { unknown.map(scan::because) } else { scan::unknown_expressions(view) };
    Scan { entries, more }
}

fn mode(mode: ParamMode) -> char {
    match mode {
        ParamMode::In => 'i',
        ParamMode::Out => 'o',
        ParamMode::InOut => 'b',
        ParamMode::Variadic => 'v',
        ParamMode::Table => 't',
    }
}

fn kind(kind: FunctionKind) -> char {
    match kind {
        FunctionKind::Function => 'f',
        FunctionKind::Procedure => 'p',
        FunctionKind::Aggregate => 'a',
        FunctionKind::Window => 'w',
    }
}

fn volatility(volatility: Volatility) -> char {
    match volatility {
        Volatility::Immutable => 'i',
        Volatility::Stable => 's',
        Volatility::Volatile => 'v',
    }
}

pub(super) fn proc(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let function = match entry {
        Entry::Function(oid) => view.catalog.function(*oid)?,
        Entry::BuiltinFunction(f) => {
            return Some(match column {
                "oid" => Value::Oid(f.oid),
                "proname" => Value::name(f.name),
                "pronamespace" => Value::Oid(f.namespace),
                "proowner" => Value::Oid(crate::catalog::BOOTSTRAP_ROLE),
                "prokind" => Value::Char(kind(f.kind)),
                "prosecdef" => Value::Bool(f.security_definer),
                "proisstrict" => Value::Bool(f.strict),
                "proretset" => Value::Bool(f.returns_set),
                "provolatile" => Value::Char(volatility(f.volatility)),
                "pronargs" => int2(f.input_types().count()),
                "prorettype" => Value::Oid(f.returns),
                _ => return None,
            });
        }
        _ => return None,
    };
    Some(match column {
        "oid" => Value::Oid(function.oid),
        "proname" => Value::name(function.name.clone()),
        "pronamespace" => Value::Oid(function.schema),
        "proowner" => Value::Oid(function.owner),
        "prolang" => return None,
        "prokind" => Value::Char(kind(function.kind)),
        "prosecdef" => Value::Bool(function.security_definer),
        "proleakproof" => Value::Bool(function.leakproof),
        "proisstrict" => Value::Bool(function.strict),
        "proretset" => Value::Bool(function.returns_set),
        "provolatile" => Value::Char(volatility(function.volatility)),
        "proparallel" => Value::Char(function.parallel),
        "pronargs" => int2(function.input_types().count()),
        "pronargdefaults" => int2(function.params.iter().filter(|p| p.default.is_some()).count()),
        "prorettype" => Value::Oid(function.returns.map_or(t::VOID, |ty| ty.oid)),
        "proargtypes" => Value::vector(t::OID, function.input_types().map(Value::Oid).collect()),
        "proargmodes" if function.params.iter().all(|p| p.mode == ParamMode::In) => Value::Null,
        "proargmodes" => Value::array(t::CHAR, function.params.iter().map(|p| Value::Char(mode(p.mode))).collect()),
        "proargnames" if function.params.iter().all(|p| p.name.is_none()) => Value::Null,
        "proargnames" => {
            let name = |p: &crate::catalog::Param| Value::text(p.name.clone().unwrap_or_default());
            Value::array(t::TEXT, function.params.iter().map(name).collect())
        }
        "prosrc" => match &function.body {
            FunctionBody::Source(code, _) => Value::text(code.text.as_str()),
            FunctionBody::Sql(_) => Value::text(""),
            FunctionBody::Native(code) => Value::text(code.as_ref()?.symbol.as_str()),
        },
        "proconfig" if function.config.is_empty() => Value::Null,
        "proconfig" => {
            let config =
                function.config.iter().map(|(name, value)| Value::text(format!("{}={value}", parameter_name(name))));
            Value::array(t::TEXT, config.collect())
        }
        "proacl" => view.acl_value(function.acl.as_ref()),
        _ => return None,
    })
}

fn int2(value: usize) -> Value {
    Value::Int(i64::try_from(value).unwrap_or(i64::MAX), IntType::Int2)
}

// ---- information_schema ----

pub(super) fn scan_routines(view: &View, keys: &Keys, table: SystemTable) -> Scan {
    let schema_column = if table == SystemTable::Parameters { "specific_schema" } else { "routine_schema" };
    let schema = scan::schema_key(view, keys.text(schema_column));
    let builtin = schema.is_none_or(Oid::is_builtin);
    let name = keys.text("routine_name");
    let Scan { entries, mut more } = user_functions(view, name, schema);
    let functions = entries.iter().filter_map(|e| match e {
        Entry::Function(oid) => view.catalog.function(*oid),
        _ => None,
    });
    let functions = functions.filter(|f| view.sees(AclKind::Function, f.owner, f.acl.as_ref()));
    let mut entries: Vec<Entry> = match table {
        SystemTable::Parameters => {
            functions.flat_map(|f| (0..f.params.len()).map(|i| Entry::Parameter(f.oid, i))).collect()
        }
        SystemTable::RoutinePrivileges => functions
            .flat_map(|f| {
                let items = acl(view, f).0.len();
                (0..items).map(|item| Entry::RoutinePrivilege { function: f.oid, item })
            })
            .collect(),
        _ => functions.map(|f| Entry::Function(f.oid)).collect(),
    };
    if table == SystemTable::Routines && builtin {
        let builtins = view.catalog.builtins();
        let wanted = |namespace: Oid| schema.is_none_or(|s| s == namespace);
        match name {
            Some(name) => {
                for namespace in [crate::catalog::PG_CATALOG, crate::catalog::INFORMATION_SCHEMA] {
                    if wanted(namespace) {
                        entries.extend(builtins.functions_in(namespace, name).map(Entry::BuiltinFunction));
                    }
                }
            }
            None => {
                let all = builtins.all_functions().filter(|f| wanted(f.namespace));
                entries.extend(all.map(Entry::BuiltinFunction));
            }
        }
    } else if builtin && schema.is_some() {
        more = Some(crate::replay::value::Reason::not_evaluated("parameters of built-in functions are not projected"));
    }
    Scan { entries, more }
}

fn acl(view: &View, function: &Function) -> Acl {
    function.acl.clone().unwrap_or_else(|| Acl::default_for(AclKind::Function, function.owner, view.catalog.version()))
}

pub(super) fn routine(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let catalog = &view.catalog;
    if let Entry::BuiltinFunction(f) = entry {
        return Some(match column {
            "specific_schema" | "routine_schema" => Value::name(catalog.schema_name(f.namespace)),
            "routine_name" => Value::name(f.name),
            "specific_name" => Value::name(format!("{}_{}", f.name, f.oid.0)),
            "specific_catalog" | "routine_catalog" => view.database(),
            "routine_type" => match f.kind {
                FunctionKind::Function => Value::text("FUNCTION"),
                FunctionKind::Procedure => Value::text("PROCEDURE"),
                FunctionKind::Aggregate | FunctionKind::Window => Value::Null,
            },
            _ => return None,
        });
    }
    let oid = match entry {
        Entry::Function(oid) | Entry::Parameter(oid, _) | Entry::RoutinePrivilege { function: oid, .. } => *oid,
        _ => return None,
    };
    let function = catalog.function(oid)?;
    if let Entry::Parameter(_, index) = entry {
        let param = function.params.get(*index)?;
        match column {
            "ordinal_position" => return Some(Value::int(i32::try_from(*index).ok()? + 1)),
            "parameter_name" => return Some(Value::or_null(param.name.clone(), Value::Name)),
            "parameter_mode" => {
                return Some(Value::text(match param.mode {
                    ParamMode::In | ParamMode::Variadic => "IN",
                    ParamMode::Out | ParamMode::Table => "OUT",
                    ParamMode::InOut => "INOUT",
                }));
            }
            "data_type" => return Some(view.information_type(param.ty)),
            _ => {}
        }
    }
    if let Entry::RoutinePrivilege { item, .. } = entry {
        let acl = acl(view, function);
        let item = acl.0.get(*item)?;
        match column {
            "grantor" => return Some(Value::name(catalog.role_name(item.grantor))),
            "grantee" if item.grantee == Oid::INVALID => return Some(Value::name("PUBLIC")),
            "grantee" => return Some(Value::name(catalog.role_name(item.grantee))),
            "privilege_type" => return Some(Value::text("EXECUTE")),
            _ => {}
        }
    }
    Some(match column {
        "specific_catalog" | "routine_catalog" => view.database(),
        "specific_schema" | "routine_schema" => Value::name(catalog.schema_name(function.schema)),
        "specific_name" => Value::name(format!("{}_{}", function.name, function.oid.0)),
        "routine_name" => Value::name(function.name.clone()),
        "routine_type" => match function.kind {
            FunctionKind::Function => Value::text("FUNCTION"),
            FunctionKind::Procedure => Value::text("PROCEDURE"),
            FunctionKind::Aggregate | FunctionKind::Window => Value::Null,
        },
        "data_type" => match function.returns {
            Some(ty) if function.kind == FunctionKind::Function => view.information_type(ty),
            _ => Value::Null,
        },
        "type_udt_name" => {
            let ty = function.returns.map_or(TypeRef::plain(t::VOID), |ty| ty);
            Value::name(catalog.type_name(ty.oid)?.1)
        }
        "external_language" => Value::text(function.language.to_uppercase()),
        "security_type" => Value::text(if function.security_definer { "DEFINER" } else { "INVOKER" }),
        "is_deterministic" => Value::text(if function.volatility == Volatility::Immutable { "YES" } else { "NO" }),
        "routine_definition" => match &function.body {
            FunctionBody::Source(code, _) => Value::text(code.text.as_str()),
            FunctionBody::Sql(_) | FunctionBody::Native(_) => return None,
        },
        _ => return None,
    })
}
