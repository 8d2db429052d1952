//! `pg_type`, `pg_enum`, `information_schema.domains`.

use super::super::{Value, View};
use super::scan::{self, Entry, Keys, Scan};
use crate::catalog::{Oid, Type, TypeKind};

pub(super) fn scan(view: &View, keys: &Keys) -> Scan {
    let catalog = &view.catalog;
    let builtins = catalog.builtins();
    let (oid, name, schema) = (keys.oid("oid"), keys.text("typname"), keys.oid("typnamespace"));
    let mut entries: Vec<Entry> = Vec::new();
    match (oid, name) {
        (Some(oid), _) => {
            entries.extend(catalog.type_(oid).map(|t| Entry::Type(t.oid)));
            entries.extend(builtins.type_by_oid(oid).map(Entry::BuiltinType));
            return Scan::certain(entries);
        }
        (None, Some(name)) => {
            let in_schema = |s: Oid| catalog.type_in(s, name).map(|t| Entry::Type(t.oid));
            match schema {
                Some(schema) => entries.extend(in_schema(schema)),
                None => entries.extend(catalog.schemas().filter_map(|s| in_schema(s.oid))),
            }
            let schemas = [crate::catalog::PG_CATALOG, crate::catalog::INFORMATION_SCHEMA];
            let wanted = schemas.into_iter().filter(|s| schema.is_none_or(|schema| schema == *s));
            entries.extend(wanted.filter_map(|s| builtins.type_in(s, name)).map(Entry::BuiltinType));
        }
        (None, None) => {
            match schema {
                Some(schema) => entries.extend(catalog.types_in(schema).map(|t| Entry::Type(t.oid))),
                None => entries.extend(catalog.types().map(|t| Entry::Type(t.oid))),
            }
            let wanted = builtins.all_types().filter(|t| schema.is_none_or(|schema| schema == t.namespace));
            entries.extend(wanted.map(Entry::BuiltinType));
        }
    }
    finish(view, entries, name.is_some())
}

/// Leaves out the types of which nothing certain is known.
fn finish(view: &View, entries: Vec<Entry>, named: bool) -> Scan {
    let catalog = &view.catalog;
    let mut more = None;
    let mut certain = Vec::with_capacity(entries.len());
    for entry in entries {
        let tainted = match entry {
            Entry::Type(oid) => catalog.type_(oid).and_then(|t| {
                let unknown = catalog.taint.of_type(t.schema, &t.name)?;
                (t.provenance.created.sequence <= unknown.origin.sequence).then_some(unknown)
            }),
            _ => None,
        };
        match tainted {
            Some(unknown) => more = Some(scan::because(unknown)),
            None => certain.push(entry),
        }
    }
    if more.is_none() && (!named || certain.is_empty()) {
        more = scan::unknown_expressions(view);
    }
    // A relation has a row type.
    if more.is_none() && !named {
        more = catalog.taint.relations().next().map(|(_, _, unknown)| scan::because(unknown));
    }
    Scan { entries: certain, more }
}

fn typtype(ty: &Type) -> char {
    match ty.kind {
        TypeKind::Base(_) | TypeKind::Array(_) => 'b',
        TypeKind::Composite(_) => 'c',
        TypeKind::Enum(_) => 'e',
        TypeKind::Domain(_) => 'd',
        TypeKind::Range(_) => 'r',
        TypeKind::Multirange(_) => 'm',
        TypeKind::Shell => 'p',
    }
}

pub(super) fn ty(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let ty = match entry {
        Entry::Type(oid) => view.catalog.type_(*oid)?,
        Entry::BuiltinType(ty) => {
            return Some(match column {
                "oid" => Value::Oid(ty.oid),
                "typname" => Value::name(ty.name),
                "typnamespace" => Value::Oid(ty.namespace),
                "typowner" => Value::Oid(crate::catalog::BOOTSTRAP_ROLE),
                "typtype" => Value::Char(ty.typtype),
                "typcategory" => Value::Char(ty.category),
                "typelem" => Value::Oid(ty.element),
                "typarray" => Value::Oid(ty.array),
                "typbasetype" => Value::Oid(ty.base),
                "typnotnull" => Value::Bool(ty.not_null),
                "typisdefined" => Value::Bool(true),
                "typrelid" if !ty.is_row_type => Value::Oid(Oid::INVALID),
                _ => return None,
            });
        }
        _ => return None,
    };
    Some(match column {
        "oid" => Value::Oid(ty.oid),
        "typname" => Value::name(ty.name.clone()),
        "typnamespace" => Value::Oid(ty.schema),
        "typowner" => Value::Oid(ty.owner),
        "typtype" => Value::Char(typtype(ty)),
        "typcategory" => Value::Char(category(view, ty.oid)?),
        "typarray" => Value::Oid(ty.array.unwrap_or(Oid::INVALID)),
        "typelem" => Value::Oid(match &ty.kind {
            TypeKind::Array(element) => *element,
            _ => Oid::INVALID,
        }),
        "typrelid" => Value::Oid(match &ty.kind {
            TypeKind::Composite(relation) => *relation,
            _ => Oid::INVALID,
        }),
        "typbasetype" => Value::Oid(match &ty.kind {
            TypeKind::Domain(domain) => domain.base.oid,
            _ => Oid::INVALID,
        }),
        "typtypmod" => Value::int(match &ty.kind {
            TypeKind::Domain(domain) => domain.base.typmod,
            _ => -1,
        }),
        "typnotnull" => Value::Bool(matches!(&ty.kind, TypeKind::Domain(domain) if domain.not_null)),
        "typisdefined" => Value::Bool(!matches!(ty.kind, TypeKind::Shell)),
        "typacl" if ty.acl.is_none() => Value::Null,
        _ => return None,
    })
}

// ---- pg_enum ----

pub(super) fn scan_enum(view: &View, keys: &Keys) -> Scan {
    let catalog = &view.catalog;
    let types: Vec<Entry> = match keys.oid("enumtypid") {
        Some(oid) => catalog.type_(oid).map(|t| Entry::Type(t.oid)).into_iter().collect(),
        None => catalog.types().filter(|t| matches!(t.kind, TypeKind::Enum(_))).map(|t| Entry::Type(t.oid)).collect(),
    };
    let scan = finish(view, types, keys.oid("enumtypid").is_some());
    let mut entries = Vec::new();
    for entry in scan.entries {
        if let Entry::Type(oid) = entry
            && let Some(TypeKind::Enum(labels)) = catalog.type_(oid).map(|t| &t.kind)
        {
            entries.extend((0..labels.len()).map(|i| Entry::EnumLabel(oid, i)));
        }
    }
    Scan { entries, more: scan.more }
}

pub(super) fn enum_label(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let Entry::EnumLabel(oid, index) = entry else { return None };
    let TypeKind::Enum(labels) = &view.catalog.type_(*oid)?.kind else { return None };
    Some(match column {
        "enumtypid" => Value::Oid(*oid),
        "enumlabel" => Value::name(labels.get(*index)?.label.clone()),
        // The numbers are others where labels were put between others; their order is this one.
        "enumsortorder" => Value::Float((*index + 1) as f64),
        _ => return None,
    })
}

// ---- domains ----

pub(super) fn scan_domains(view: &View, keys: &Keys) -> Scan {
    let schema = scan::schema_key(view, keys.text("domain_schema"));
    let name = keys.text("domain_name");
    let types = view.catalog.types().filter(|t| {
        matches!(t.kind, TypeKind::Domain(_))
            && schema.is_none_or(|s| t.schema == s)
            && name.is_none_or(|name| t.name == name)
    });
    let entries = types.map(|t| Entry::Type(t.oid)).collect();
    finish(view, entries, name.is_some())
}

pub(super) fn domain(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let Entry::Type(oid) = entry else { return None };
    let ty = view.catalog.type_(*oid)?;
    let TypeKind::Domain(domain) = &ty.kind else { return None };
    Some(match column {
        "domain_catalog" => view.database(),
        "domain_schema" => Value::name(view.catalog.schema_name(ty.schema)),
        "domain_name" => Value::name(ty.name.clone()),
        "data_type" => Value::text(view.catalog.format_type_be(domain.base.oid, &view.path)),
        _ => return None,
    })
}

/// `typcategory`; a domain has that of its base type.
fn category(view: &View, oid: Oid) -> Option<char> {
    let Some(ty) = view.catalog.type_(oid) else {
        return view.catalog.builtins().type_by_oid(oid).map(|ty| ty.category);
    };
    match &ty.kind {
        TypeKind::Array(_) => Some('A'),
        TypeKind::Composite(_) => Some('C'),
        TypeKind::Enum(_) => Some('E'),
        TypeKind::Range(_) | TypeKind::Multirange(_) => Some('R'),
        TypeKind::Domain(domain) => category(view, domain.base.oid),
        TypeKind::Shell => Some('P'),
        TypeKind::Base(base) => Some(base.category),
    }
}
