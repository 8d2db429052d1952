//! `pg_foreign_data_wrapper`, `pg_foreign_server`, `pg_foreign_table`, `pg_event_trigger`, `pg_language`, `pg_transform`,
//! `pg_largeobject_metadata`.

use super::super::{Value, View};
use super::scan::{self, Entry, Scan};
use super::{SystemTable, relation};
use crate::catalog::{Object, Oid, RelationKind, type_oid as t};
use crate::replay::value::Reason;
use crate::sql::ast::{FiringState, Name};

pub(super) fn scan(table: SystemTable, view: &View) -> Scan {
    let catalog = &view.catalog;
    let objects: Vec<Object> = match table {
        SystemTable::PgForeignDataWrapper => {
            catalog.foreign_data_wrappers().map(|w| Object::ForeignDataWrapper(w.oid)).collect()
        }
        SystemTable::PgForeignServer => catalog.foreign_servers().map(|s| Object::ForeignServer(s.oid)).collect(),
        SystemTable::PgForeignTable => {
            let foreign = catalog.relations().filter(|r| matches!(r.kind, RelationKind::ForeignTable(_)));
            foreign.map(|r| Object::Relation(r.oid)).collect()
        }
        SystemTable::PgEventTrigger => catalog.event_triggers().map(|t| Object::EventTrigger(t.oid)).collect(),
        SystemTable::PgLargeobjectMetadata => catalog.large_objects().map(|o| Object::LargeObject(o.oid)).collect(),
        SystemTable::PgLanguage => catalog.languages().map(|l| Object::Language(l.oid)).collect(),
        _ => catalog.transforms().map(|t| Object::Transform(t.oid)).collect(),
    };
    let more = match table {
        SystemTable::PgForeignDataWrapper | SystemTable::PgForeignServer => {
            catalog.taint.of_servers().map(scan::because)
        }
        SystemTable::PgLargeobjectMetadata => catalog.taint.of_large_objects().map(scan::because),
        _ => scan::unknown_everything(view),
    };
    // What an extension that has not been read has made of these is not known.
    let unread = || match table {
        SystemTable::PgForeignDataWrapper | SystemTable::PgLanguage => scan::unknown_expressions(view),
        _ => None,
    };
    let entries = objects.into_iter().map(Entry::Unplaced).collect();
    Scan { entries, more: more.or_else(unread) }
}

pub(super) fn value(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let Entry::Unplaced(object) = entry else { return None };
    match *object {
        Object::ForeignDataWrapper(oid) => wrapper(view, oid, column),
        Object::ForeignServer(oid) => server(view, oid, column),
        Object::Relation(oid) => foreign_table(view, oid, column),
        Object::EventTrigger(oid) => event_trigger(view, oid, column),
        Object::Language(oid) => language(view, oid, column),
        Object::Transform(oid) => transform(view, oid, column),
        Object::LargeObject(oid) => large_object(view, oid, column),
        _ => None,
    }
}

/// `fdwoptions` and the like, as arrays of `name=value`. Passwords are not kept.
pub(super) fn options(options: &[(Name, String)]) -> Value {
    if options.iter().any(|(name, _)| name == "password") {
        return Value::Unknowable(Reason::not_evaluated("passwords are not kept"));
    }
    relation::options(options)
}

/// `pg_database`: the database itself.
pub(super) fn database(view: &View, column: &str) -> Option<Value> {
    let database = view.catalog.database();
    Some(match column {
        "datname" => view.database(),
        "datdba" => Value::Oid(database.owner),
        "datistemplate" => Value::Bool(database.is_template),
        "datallowconn" => Value::Bool(true),
        "datconnlimit" => Value::int(database.connection_limit),
        "datacl" => view.acl_value(database.acl.as_ref()),
        _ => return None,
    })
}

fn wrapper(view: &View, oid: Oid, column: &str) -> Option<Value> {
    let wrapper = view.catalog.foreign_data_wrapper(oid)?;
    Some(match column {
        "oid" => Value::Oid(oid),
        "fdwname" => Value::name(wrapper.name.clone()),
        "fdwowner" => Value::Oid(wrapper.owner),
        "fdwhandler" => Value::Oid(wrapper.handler),
        "fdwvalidator" => Value::Oid(wrapper.validator),
        "fdwacl" => view.acl_value(wrapper.acl.as_ref()),
        "fdwoptions" => options(&wrapper.options),
        _ => return None,
    })
}

fn server(view: &View, oid: Oid, column: &str) -> Option<Value> {
    let server = view.catalog.foreign_server(oid)?;
    Some(match column {
        "oid" => Value::Oid(oid),
        "srvname" => Value::name(server.name.clone()),
        "srvowner" => Value::Oid(server.owner),
        "srvfdw" if server.wrapper == Oid::INVALID => return None,
        "srvfdw" => Value::Oid(server.wrapper),
        "srvtype" => Value::or_null(server.server_type.as_deref(), Value::text),
        "srvversion" => Value::or_null(server.version.as_deref(), Value::text),
        "srvacl" => view.acl_value(server.acl.as_ref()),
        "srvoptions" => options(&server.options),
        _ => return None,
    })
}

fn foreign_table(view: &View, oid: Oid, column: &str) -> Option<Value> {
    let RelationKind::ForeignTable(foreign) = &view.catalog.relation(oid)?.kind else { return None };
    Some(match column {
        "ftrelid" => Value::Oid(oid),
        "ftserver" => Value::Oid(foreign.server),
        "ftoptions" => options(&foreign.options),
        _ => return None,
    })
}

fn event_trigger(view: &View, oid: Oid, column: &str) -> Option<Value> {
    let trigger = view.catalog.event_trigger(oid)?;
    Some(match column {
        "oid" => Value::Oid(oid),
        "evtname" => Value::name(trigger.name.clone()),
        "evtevent" => Value::name(trigger.event.clone()),
        "evtowner" => Value::Oid(trigger.owner),
        "evtfoid" => Value::Oid(trigger.function),
        "evtenabled" => Value::Char(match trigger.enabled {
            FiringState::Enabled => 'O',
            FiringState::Always => 'A',
            FiringState::Replica => 'R',
            FiringState::Disabled => 'D',
        }),
        "evttags" if trigger.tags.is_empty() => Value::Null,
        "evttags" => Value::array(t::TEXT, trigger.tags.iter().map(|tag| Value::text(tag.as_str())).collect()),
        _ => return None,
    })
}

fn language(view: &View, oid: Oid, column: &str) -> Option<Value> {
    let language = view.catalog.language(oid)?;
    Some(match column {
        "oid" => Value::Oid(oid),
        "lanname" => Value::name(language.name.clone()),
        "lanowner" => Value::Oid(language.owner),
        "lanispl" => Value::Bool(language.is_procedural()),
        "lanpltrusted" => Value::Bool(language.trusted),
        "lanacl" => view.acl_value(language.acl.as_ref()),
        _ => return None,
    })
}

fn transform(view: &View, oid: Oid, column: &str) -> Option<Value> {
    let transform = view.catalog.transform(oid)?;
    Some(match column {
        "oid" => Value::Oid(oid),
        "trftype" => Value::Oid(transform.ty),
        "trflang" => Value::Oid(transform.language),
        "trffromsql" => Value::Oid(transform.from_sql),
        "trftosql" => Value::Oid(transform.to_sql),
        _ => return None,
    })
}

fn large_object(view: &View, oid: Oid, column: &str) -> Option<Value> {
    let object = view.catalog.large_object(oid)?;
    Some(match column {
        "oid" => Value::Oid(oid),
        "lomowner" => Value::Oid(object.owner),
        "lomacl" => view.acl_value(object.acl.as_ref()),
        _ => return None,
    })
}
