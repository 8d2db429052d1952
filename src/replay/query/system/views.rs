//! The views of `pg_catalog` over relations: `pg_tables`, `pg_views`, `pg_matviews`, `pg_indexes`, `pg_sequences`.

use super::super::{Value, View};
use super::SystemTable;
use super::relation::builtin_relations;
use super::scan::{self, Entry, Keys, Scan};
use crate::catalog::{Relation, RelationKind, TypeRef};

pub(super) fn scan(table: SystemTable, view: &View, keys: &Keys) -> Scan {
    let name_column = match table {
        SystemTable::PgTables => "tablename",
        SystemTable::PgViews => "viewname",
        SystemTable::PgMatviews => "matviewname",
        SystemTable::PgSequences => "sequencename",
        _ => "indexname",
    };
    let schema = scan::schema_key(view, keys.text("schemaname"));
    let name = keys.text(name_column);
    if let (SystemTable::PgIndexes, None, Some(table)) = (table, name, keys.text("tablename")) {
        return indexes_of(view, table, schema);
    }
    let (relations, more) = scan::relations(view, None, name, schema);
    let fits = |r: &Relation| match &r.kind {
        RelationKind::Table | RelationKind::PartitionedTable(_) => table == SystemTable::PgTables,
        RelationKind::View(_) => table == SystemTable::PgViews,
        RelationKind::MaterializedView(..) => table == SystemTable::PgMatviews,
        RelationKind::Sequence(_) => table == SystemTable::PgSequences,
        RelationKind::Index(_) => table == SystemTable::PgIndexes,
        RelationKind::ForeignTable(_) | RelationKind::CompositeType => false,
    };
    let wanted = relations.into_iter().filter(|&oid| view.catalog.relation(oid).is_some_and(fits));
    let mut entries: Vec<Entry> = wanted.map(Entry::Relation).collect();
    let relkind = match table {
        SystemTable::PgTables => 'r',
        SystemTable::PgViews => 'v',
        _ => return Scan { entries, more },
    };
    let builtin = builtin_relations(view, None, name, schema).filter(|r| r.relkind == relkind);
    entries.extend(builtin.map(Entry::BuiltinRelation));
    Scan { entries, more }
}

fn indexes_of(view: &View, table: &str, schema: Option<crate::catalog::Oid>) -> Scan {
    let (tables, more) = scan::relations(view, None, Some(table), schema);
    let indexes = tables.into_iter().filter_map(|oid| view.catalog.relation(oid)).flat_map(|t| t.indexes.clone());
    Scan { entries: indexes.map(Entry::Relation).collect(), more }
}

pub(super) fn value(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let catalog = &view.catalog;
    let relation = match entry {
        Entry::Relation(oid) => catalog.relation(*oid)?,
        Entry::BuiltinRelation(relation) => {
            return Some(match column {
                "schemaname" => Value::name(catalog.schema_name(relation.namespace)),
                "tablename" | "viewname" => Value::name(relation.name),
                "tableowner" | "viewowner" => Value::name(catalog.role_name(crate::catalog::BOOTSTRAP_ROLE)),
                "rowsecurity" | "hasrules" | "hastriggers" => Value::Bool(false),
                "tablespace" => Value::Null,
                _ => return None,
            });
        }
        _ => return None,
    };
    Some(match column {
        "schemaname" => Value::name(catalog.schema_name(relation.schema)),
        "tablename" => match relation.as_index() {
            Some(index) => Value::name(catalog.relation(index.table)?.name.clone()),
            None => Value::name(relation.name.clone()),
        },
        "viewname" | "matviewname" | "indexname" | "sequencename" => Value::name(relation.name.clone()),
        "tableowner" | "viewowner" | "matviewowner" | "sequenceowner" => Value::name(catalog.role_name(relation.owner)),
        "indexdef" => crate::replay::query::function::index_text(view, relation),
        "definition" => view.text(view.deparser().view(relation)),
        "tablespace" => Value::Null,
        "hasindexes" => Value::Bool(!relation.indexes.is_empty()),
        "hasrules" => Value::Bool(false),
        "hastriggers" => super::relation::class(view, entry, "relhastriggers")?,
        "rowsecurity" => Value::Bool(relation.row_security),
        "ispopulated" => super::relation::class(view, entry, "relispopulated")?,
        "data_type" => Value::Reg(crate::replay::value::RegType::Type, TypeRef::plain(relation.as_sequence()?.ty).oid),
        "start_value" => Value::bigint(relation.as_sequence()?.start),
        "min_value" => Value::bigint(relation.as_sequence()?.min),
        "max_value" => Value::bigint(relation.as_sequence()?.max),
        "increment_by" => Value::bigint(relation.as_sequence()?.increment),
        "cycle" => Value::Bool(relation.as_sequence()?.cycle),
        "cache_size" => Value::bigint(relation.as_sequence()?.cache),
        _ => return None,
    })
}
