//! `pg_class`, `pg_namespace`, `pg_index`, `pg_sequence`.

use super::super::{Value, View};
use super::scan::{self, Entry, Keys, Scan};
use crate::catalog::{
    ConstraintKind, IndexKeyKind, Oid, Relation, RelationKind, builtin::BuiltinRelation, type_oid as t,
};
use crate::replay::ddl::toast::is_of_toast;
use crate::replay::value::IntType;
use crate::sql::ast::{Name, PartitionStrategy, Persistence, ReplicaIdentity};

pub(super) fn scan_class(view: &View, keys: &Keys) -> Scan {
    let (oid, name, schema) = (keys.oid("oid"), keys.text("relname"), keys.oid("relnamespace"));
    let (relations, more) = scan::relations(view, oid, name, schema);
    let mut entries: Vec<Entry> = relations.into_iter().map(Entry::Relation).collect();
    entries.extend(builtin_relations(view, oid, name, schema).map(Entry::BuiltinRelation));
    Scan { entries, more }
}

/// PostgreSQL's own relations with that number, that name, or in that schema.
pub(super) fn builtin_relations<'a>(
    view: &View,
    oid: Option<Oid>,
    name: Option<&'a str>,
    schema: Option<Oid>,
) -> Box<dyn Iterator<Item = &'static BuiltinRelation> + 'a> {
    let builtins = view.catalog.builtins();
    let schemas = [crate::catalog::PG_CATALOG, crate::catalog::INFORMATION_SCHEMA];
    let wanted = move |s: &Oid| schema.is_none_or(|schema| schema == *s);
    match (oid, name) {
        (Some(oid), _) if !oid.is_builtin() => Box::new(std::iter::empty()),
        (Some(oid), _) => Box::new(builtins.all_relations().filter(move |r| r.oid == oid)),
        (None, Some(name)) => {
            Box::new(schemas.into_iter().filter(wanted).filter_map(move |s| builtins.system_relation(s, name)))
        }
        (None, None) if !schemas.iter().any(wanted) => Box::new(std::iter::empty()),
        (None, None) => Box::new(builtins.all_relations().filter(move |r| wanted(&r.namespace))),
    }
}

/// `relkind`
pub(super) fn relkind(relation: &Relation, view: &View) -> char {
    match &relation.kind {
        RelationKind::Table => 'r',
        RelationKind::PartitionedTable(_) => 'p',
        RelationKind::ForeignTable(_) => 'f',
        RelationKind::View(_) => 'v',
        RelationKind::MaterializedView(..) => 'm',
        RelationKind::Sequence(_) => 'S',
        RelationKind::CompositeType => 'c',
        RelationKind::Index(index) => match view.catalog.relation(index.table).map(|t| &t.kind) {
            Some(RelationKind::PartitionedTable(_)) => 'I',
            _ => 'i',
        },
    }
}

pub(super) fn options(options: &[(Name, String)]) -> Value {
    if options.is_empty() {
        return Value::Null;
    }
    Value::array(t::TEXT, options.iter().map(|(name, value)| Value::text(format!("{name}={value}"))).collect())
}

pub(super) fn int2(value: usize) -> Value {
    Value::Int(i64::try_from(value).unwrap_or(i64::MAX), IntType::Int2)
}

pub(super) fn class(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let relation = match entry {
        Entry::Relation(oid) => view.catalog.relation(*oid)?,
        Entry::BuiltinRelation(relation) => return builtin_class(relation, column),
        _ => return None,
    };
    Some(match column {
        "oid" => Value::Oid(relation.oid),
        "relname" => Value::name(relation.name.clone()),
        "relnamespace" => Value::Oid(relation.schema),
        "reltype" => Value::Oid(relation.row_type.unwrap_or(Oid::INVALID)),
        "relowner" => Value::Oid(relation.owner),
        "relkind" => Value::Char(relkind(relation, view)),
        "relpersistence" => Value::Char(match relation.persistence {
            Persistence::Permanent => 'p',
            Persistence::Unlogged => 'u',
            Persistence::Temporary => 't',
        }),
        "relnatts" => int2(match &relation.kind {
            RelationKind::Index(index) => index.keys.len(),
            // `last_value`, `log_cnt` and `is_called`.
            RelationKind::Sequence(_) => 3,
            _ => relation.columns.len(),
        }),
        "relchecks" => {
            int2(relation.constraints.iter().filter(|c| matches!(c.kind, ConstraintKind::Check { .. })).count())
        }
        "relhasindex" => Value::Bool(!relation.indexes.is_empty()),
        "relhastriggers" => Value::Bool(
            !relation.triggers.is_empty()
                || relation.constraints.iter().any(|c| matches!(c.kind, ConstraintKind::ForeignKey(_))),
        ),
        "relhasrules" => {
            Value::Bool(matches!(relation.kind, RelationKind::View(_) | RelationKind::MaterializedView(..)))
        }
        "relrowsecurity" => Value::Bool(relation.row_security),
        "relforcerowsecurity" => Value::Bool(relation.force_row_security),
        "relispopulated" => Value::Bool(match relation.kind {
            RelationKind::MaterializedView(_, populated) => populated,
            _ => true,
        }),
        "relreplident" => Value::Char(match relation.replica_identity {
            _ if matches!(relation.kind, RelationKind::ForeignTable(_)) => 'n',
            _ if !relation.is_table() && !matches!(relation.kind, RelationKind::MaterializedView(..)) => 'n',
            ReplicaIdentity::Default => 'd',
            ReplicaIdentity::Full => 'f',
            ReplicaIdentity::Nothing => 'n',
            ReplicaIdentity::Index(_) => 'i',
        }),
        "relispartition" => Value::Bool(relation.is_partition()),
        "relhassubclass" => Value::Bool(relation.has_subclass),
        "reloftype" => Value::Oid(relation.of_type.unwrap_or(Oid::INVALID)),
        "relpartbound" => match bound_text(view, relation) {
            Some(text) => Value::text(text),
            None => Value::Null,
        },
        "relisshared" => Value::Bool(false),
        "reloptions" => {
            let own: Vec<_> = relation.options.iter().filter(|(name, _)| !is_of_toast(name)).cloned().collect();
            options(&own)
        }
        "relacl" => view.acl_value(relation.acl.as_ref()),
        "relpages" | "reltuples" | "relallvisible" | "relfilenode" | "relfrozenxid" => {
            Value::unknown_data(format!("{column} depends on the stored rows"))
        }
        _ => return None,
    })
}

/// The bound of a partition in words: what `pg_get_expr` gives for `relpartbound`.
fn bound_text(view: &View, relation: &Relation) -> Option<String> {
    let bound = relation.bound.as_deref()?;
    view.deparser().partition_bound_of(bound).ok()
}

fn builtin_class(relation: &BuiltinRelation, column: &str) -> Option<Value> {
    Some(match column {
        "oid" => Value::Oid(relation.oid),
        "relname" => Value::name(relation.name),
        "relnamespace" => Value::Oid(relation.namespace),
        "relowner" => Value::Oid(crate::catalog::BOOTSTRAP_ROLE),
        "relkind" => Value::Char(relation.relkind),
        "relpersistence" => Value::Char('p'),
        "relnatts" => int2(relation.columns.len()),
        "reloftype" => Value::Oid(Oid::INVALID),
        "relpartbound" => Value::Null,
        "relrowsecurity" | "relforcerowsecurity" | "relispartition" | "relhassubclass" => Value::Bool(false),
        "relispopulated" => Value::Bool(true),
        _ => return None,
    })
}

pub(super) fn namespace(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let Entry::Schema(oid) = entry else { return None };
    let schema = view.catalog.schema(*oid)?;
    Some(match column {
        "oid" => Value::Oid(schema.oid),
        "nspname" => Value::name(schema.name.clone()),
        "nspowner" => Value::Oid(schema.owner),
        "nspacl" => view.acl_value(schema.acl.as_ref()),
        _ => return None,
    })
}

// ---- pg_index ----

pub(super) fn scan_index(view: &View, keys: &Keys) -> Scan {
    let catalog = &view.catalog;
    let (indexes, more) = match (keys.oid("indexrelid"), keys.oid("indrelid")) {
        (Some(oid), _) => scan::relations(view, Some(oid), None, None),
        (None, Some(table)) => {
            let (_, more) = scan::relations(view, Some(table), None, None);
            (catalog.relation(table).map(|t| t.indexes.clone()).unwrap_or_default(), more)
        }
        (None, None) => scan::relations(view, None, None, None),
    };
    let is_index = |oid: &Oid| catalog.relation(*oid).is_some_and(|r| r.as_index().is_some());
    Scan { entries: indexes.into_iter().filter(is_index).map(Entry::Relation).collect(), more }
}

pub(super) fn index(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let Entry::Relation(oid) = entry else { return None };
    let index = view.catalog.relation(*oid)?.as_index()?;
    let numbers = || {
        let keys = index.keys.iter().map(|k| match &k.what {
            IndexKeyKind::Column(number) => *number,
            IndexKeyKind::Expr(_) => 0,
        });
        keys.chain(index.including.iter().copied())
    };
    Some(match column {
        "indexrelid" => Value::Oid(*oid),
        "indrelid" => Value::Oid(index.table),
        "indnatts" => int2(index.keys.len() + index.including.len()),
        "indnkeyatts" => int2(index.keys.len()),
        "indisunique" => Value::Bool(index.unique),
        "indisprimary" => Value::Bool(index.primary),
        "indisvalid" => Value::Bool(index.valid),
        "indisclustered" => Value::Bool(index.clustered),
        "indisready" => Value::Bool(index.ready),
        "indislive" => Value::Bool(true),
        "indimmediate" => {
            let table = view.catalog.relation(index.table)?;
            Value::Bool(!table.constraints.iter().any(|c| Some(c.oid) == index.constraint && c.deferrable))
        }
        "indisexclusion" => Value::Bool(view.catalog.is_exclusion_index(*oid)),
        "indnullsnotdistinct" => Value::Bool(index.nulls_not_distinct),
        "indkey" => Value::vector(t::INT2, numbers().map(|n| Value::Int(n.into(), IntType::Int2)).collect()),
        "indpred" if index.predicate.is_none() => Value::Null,
        "indexprs" if numbers().all(|n| n != 0) => Value::Null,
        "indpred" | "indexprs" => Value::present("trees of expressions are not projected"),
        _ => return None,
    })
}

fn is_partitioned(view: &View, table: Oid) -> bool {
    view.catalog.relation(table).is_some_and(Relation::is_partitioned)
}

// ---- pg_inherits, pg_partitioned_table ----

pub(super) fn scan_inherits(view: &View, keys: &Keys) -> Scan {
    let catalog = &view.catalog;
    let (relations, more) = match (keys.oid("inhrelid"), keys.oid("inhparent")) {
        (Some(oid), _) => scan::relations(view, Some(oid), None, None),
        (None, Some(parent)) => {
            let (_, more) = scan::relations(view, Some(parent), None, None);
            (catalog.relation(parent).map(|r| r.children.clone()).unwrap_or_default(), more)
        }
        (None, None) => scan::relations(view, None, None, None),
    };
    let parents = |oid: Oid| catalog.relation(oid).map_or(0, |r| r.parents.len());
    let entries = relations.into_iter().flat_map(|oid| (0..parents(oid)).map(move |i| Entry::Inherits(oid, i)));
    Scan { entries: entries.collect(), more }
}

pub(super) fn inherits(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let Entry::Inherits(oid, index) = entry else { return None };
    let parent = view.catalog.relation(*oid)?.parents.get(*index)?;
    Some(match column {
        "inhrelid" => Value::Oid(*oid),
        "inhparent" => Value::Oid(parent.relation),
        "inhseqno" => Value::int(parent.seqno),
        "inhdetachpending" => Value::Bool(parent.detach_pending),
        _ => return None,
    })
}

pub(super) fn scan_partitioned(view: &View, keys: &Keys) -> Scan {
    let (relations, more) = scan::relations(view, keys.oid("partrelid"), None, None);
    let entries = relations.into_iter().filter(|&oid| is_partitioned(view, oid)).map(Entry::Relation);
    Scan { entries: entries.collect(), more }
}

pub(super) fn partitioned(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let Entry::Relation(oid) = entry else { return None };
    let key = view.catalog.relation(*oid)?.partition_key()?;
    let numbers = || {
        key.columns.iter().map(|c| match &c.what {
            IndexKeyKind::Column(number) => *number,
            IndexKeyKind::Expr(_) => 0,
        })
    };
    Some(match column {
        "partrelid" => Value::Oid(*oid),
        "partstrat" => Value::Char(match key.strategy {
            PartitionStrategy::Hash => 'h',
            PartitionStrategy::List => 'l',
            PartitionStrategy::Range => 'r',
        }),
        "partnatts" => int2(key.columns.len()),
        "partdefid" => Value::Oid(view.catalog.default_partition(*oid).unwrap_or(Oid::INVALID)),
        "partattrs" => Value::vector(t::INT2, numbers().map(|n| Value::Int(n.into(), IntType::Int2)).collect()),
        "partexprs" if numbers().all(|n| n != 0) => Value::Null,
        "partexprs" => Value::present("trees of expressions are not projected"),
        _ => return None,
    })
}

// ---- pg_sequence ----

pub(super) fn scan_sequence(view: &View, keys: &Keys) -> Scan {
    let (relations, more) = scan::relations(view, keys.oid("seqrelid"), None, None);
    let is_sequence = |oid: &Oid| view.catalog.relation(*oid).is_some_and(|r| r.as_sequence().is_some());
    Scan { entries: relations.into_iter().filter(is_sequence).map(Entry::Relation).collect(), more }
}

pub(super) fn sequence(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let Entry::Relation(oid) = entry else { return None };
    let sequence = view.catalog.relation(*oid)?.as_sequence()?;
    Some(match column {
        "seqrelid" => Value::Oid(*oid),
        "seqtypid" => Value::Oid(sequence.ty),
        "seqstart" => Value::bigint(sequence.start),
        "seqincrement" => Value::bigint(sequence.increment),
        "seqmin" => Value::bigint(sequence.min),
        "seqmax" => Value::bigint(sequence.max),
        "seqcache" => Value::bigint(sequence.cache),
        "seqcycle" => Value::Bool(sequence.cycle),
        _ => return None,
    })
}
