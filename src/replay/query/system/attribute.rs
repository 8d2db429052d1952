//! `pg_attribute`, `pg_attrdef`.

use super::super::{Value, View};
use super::relation::{builtin_relations, options};
use super::scan::{self, Entry, Keys, Scan};
use crate::catalog::{Column, Identity, Oid, RelationKind};
use crate::replay::value::IntType;

pub(super) fn scan(view: &View, keys: &Keys) -> Scan {
    let relation = keys.oid("attrelid");
    let (relations, more) = scan::relations(view, relation, None, None);
    let mut entries = Vec::new();
    for oid in relations {
        let Some(relation) = view.catalog.relation(oid) else { continue };
        match keys.text("attname") {
            Some(name) => entries.extend(relation.column(name).map(|c| Entry::Column(oid, c.number))),
            None => entries.extend(relation.columns.iter().map(|c| Entry::Column(oid, c.number))),
        }
    }
    for builtin in builtin_relations(view, relation, None, None) {
        entries.extend((0..builtin.columns.len()).map(|i| Entry::BuiltinColumn(builtin, i)));
    }
    // Columns of PostgreSQL's own indexes and TOAST tables are not among them.
    Scan { entries, more }
}

pub(super) fn scan_defaults(view: &View, keys: &Keys) -> Scan {
    let (relations, more) = scan::relations(view, keys.oid("adrelid"), None, None);
    let mut entries = Vec::new();
    for oid in relations {
        let columns = view.catalog.relation(oid).into_iter().flat_map(|r| r.live_columns());
        let with_default = columns.filter(|c| c.default.is_some() || c.generated.is_some());
        entries.extend(with_default.map(|c| Entry::Column(oid, c.number)));
    }
    Scan { entries, more }
}

pub(super) fn attribute(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let (relation, attribute) = match entry {
        Entry::Column(oid, number) => (*oid, view.catalog.relation(*oid)?.column_at(*number)?),
        Entry::BuiltinColumn(relation, index) => {
            let builtin = relation.columns.get(*index)?;
            return Some(match column {
                "attrelid" => Value::Oid(relation.oid),
                "attname" => Value::name(builtin.name),
                "atttypid" => Value::Oid(builtin.ty),
                "attnum" => int2(i64::try_from(*index).ok()? + 1),
                "attnotnull" => Value::Bool(builtin.not_null),
                "attisdropped" | "atthasdef" => Value::Bool(false),
                "atttypmod" => Value::int(-1),
                _ => return None,
            });
        }
        _ => return None,
    };
    Some(match column {
        "attrelid" => Value::Oid(relation),
        "attname" => Value::name(attribute_name(attribute)),
        "atttypid" => Value::Oid(if attribute.dropped { Oid::INVALID } else { attribute.ty.oid }),
        "atttypmod" => Value::int(attribute.ty.typmod),
        "attnum" => int2(attribute.number.into()),
        "attnotnull" => Value::Bool(attribute.not_null),
        "atthasdef" => Value::Bool(attribute.default.is_some() || attribute.generated.is_some()),
        "attisdropped" => Value::Bool(attribute.dropped),
        "attislocal" => Value::Bool(attribute.is_local),
        "attinhcount" => inherit_count(view, attribute.inherit_count),
        "attidentity" => Value::Char(match attribute.identity {
            Some(Identity::Always) => 'a',
            Some(Identity::ByDefault) => 'd',
            None => '\0',
        }),
        "attgenerated" => Value::Char(match &attribute.generated {
            Some(generated) if generated.stored => 's',
            Some(_) => 'v',
            None => '\0',
        }),
        "attoptions" => options(&attribute.options),
        "attfdwoptions" => match &view.catalog.relation(relation)?.kind {
            RelationKind::ForeignTable(foreign) => super::unplaced::options(foreign.column_options(attribute.number)),
            _ => Value::Null,
        },
        "attacl" => view.acl_value(attribute.acl.as_ref()),
        _ => return None,
    })
}

/// A dropped column's name tells its number (`heap.c: RemoveAttributeById`).
fn attribute_name(column: &Column) -> String {
    if column.dropped { format!("........pg.dropped.{}........", column.number) } else { column.name.to_string() }
}

/// `attinhcount`, `coninhcount`: `int4` up to 15 (17 for constraints).
pub(super) fn inherit_count(_view: &View, count: i16) -> Value {
    Value::int(count.into())
}

fn int2(value: i64) -> Value {
    Value::Int(value, IntType::Int2)
}

pub(super) fn default(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let Entry::Column(oid, number) = entry else { return None };
    let attribute = view.catalog.relation(*oid)?.column_at(*number)?;
    Some(match column {
        "adrelid" => Value::Oid(*oid),
        "adnum" => int2((*number).into()),
        "adbin" => view.default_text(*oid, attribute),
        _ => return None,
    })
}
