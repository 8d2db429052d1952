//! `information_schema`, as its `information_schema.sql` defines it: what the current user may see.

use super::super::{Value, View};
use super::SystemTable;
use super::policy;
use super::relation::{builtin_relations, relkind};
use super::scan::{self, Entry, Keys, Scan};
use crate::catalog::{
    Acl, AclKind, Column, ConstraintKind, Identity, Oid, Privs, Relation, RelationKind, TypeKind, numeric_typmod,
    type_oid as t,
};
use crate::sql::ast::{ForeignKeyAction, ForeignKeyMatch, Persistence};

use SystemTable as T;

pub(super) fn scan(table: SystemTable, view: &View, keys: &Keys) -> Scan {
    let (schema_column, name_column) = match table {
        T::Sequences => ("sequence_schema", "sequence_name"),
        T::Triggers => ("event_object_schema", "event_object_table"),
        T::ConstraintColumnUsage | T::ConstraintTableUsage | T::ReferentialConstraints | T::CheckConstraints => {
            ("constraint_schema", "")
        }
        _ => ("table_schema", "table_name"),
    };
    let schema = scan::schema_key(view, keys.text(schema_column));
    let name = keys.text(name_column);
    let (relations, more) = scan::relations(view, None, name, schema);
    let mut entries = Vec::new();
    for oid in relations {
        let Some(relation) = view.catalog.relation(oid) else { continue };
        if !view.sees(acl_kind(relation), relation.owner, relation.acl.as_ref()) && !sees_a_column(view, relation) {
            continue;
        }
        rows_of_relation(table, view, keys, relation, &mut entries);
    }
    for builtin in builtin_relations(view, None, name, schema) {
        match (table, builtin.relkind) {
            (T::Tables, 'r' | 'v') | (T::Views, 'v') => entries.push(Entry::BuiltinRelation(builtin)),
            (T::Columns, 'r' | 'v') => {
                entries.extend((0..builtin.columns.len()).map(|i| Entry::BuiltinColumn(builtin, i)));
            }
            _ => {}
        }
    }
    Scan { entries, more }
}

/// A privilege on a column alone shows it and its table.
fn sees_a_column(view: &View, relation: &Relation) -> bool {
    relation.live_columns().any(|c| c.acl.as_ref().is_some_and(|acl| view.has_any(acl)))
}

fn acl_kind(relation: &Relation) -> AclKind {
    if relation.as_sequence().is_some() { AclKind::Sequence } else { AclKind::Table }
}

fn rows_of_relation(table: SystemTable, view: &View, keys: &Keys, relation: &Relation, entries: &mut Vec<Entry>) {
    let oid = relation.oid;
    let kind = relkind(relation, view);
    let is_table = matches!(kind, 'r' | 'p');
    let shown = matches!(kind, 'r' | 'v' | 'f' | 'p');
    match table {
        T::Tables if shown => entries.push(Entry::Relation(oid)),
        T::Views if kind == 'v' => entries.push(Entry::Relation(oid)),
        T::Columns if shown => match keys.text("column_name") {
            Some(name) => entries.extend(relation.column(name).map(|c| Entry::Column(oid, c.number))),
            None => entries.extend(relation.live_columns().map(|c| Entry::Column(oid, c.number))),
        },
        T::Sequences => {
            let own = relation.as_sequence().filter(|s| !s.identity);
            entries.extend(own.map(|_| Entry::Relation(oid)));
        }
        T::Triggers => {
            for (index, trigger) in relation.triggers.iter().enumerate() {
                entries.extend(policy::trigger_events(oid, index, trigger));
            }
        }
        T::TablePrivileges if shown => table_privileges(view, relation, entries),
        T::ColumnPrivileges if shown => column_privileges(view, relation, entries),
        T::TableConstraints
        | T::KeyColumnUsage
        | T::ConstraintColumnUsage
        | T::ConstraintTableUsage
        | T::ReferentialConstraints
        | T::CheckConstraints
            if is_table =>
        {
            constraint_rows(table, view, keys, relation, entries);
        }
        _ => {}
    }
}

// ---- columns ----

fn yes_no(yes: bool) -> Value {
    Value::text(if yes { "YES" } else { "NO" })
}

/// The type behind a domain.
fn base_type(view: &View, column: &Column) -> crate::catalog::TypeRef {
    match view.catalog.type_(column.ty.oid).map(|t| &t.kind) {
        Some(TypeKind::Domain(domain)) => domain.base,
        _ => column.ty,
    }
}

pub(super) fn column(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let catalog = &view.catalog;
    let (oid, number) = match entry {
        Entry::Column(oid, number) => (*oid, *number),
        Entry::BuiltinColumn(relation, index) => {
            let builtin = relation.columns.get(*index)?;
            return Some(match column {
                "table_catalog" => view.database(),
                "table_schema" => Value::name(catalog.schema_name(relation.namespace)),
                "table_name" => Value::name(relation.name),
                "column_name" => Value::name(builtin.name),
                "ordinal_position" => Value::int(i32::try_from(*index).ok()? + 1),
                "is_nullable" => yes_no(!builtin.not_null),
                "column_default" => Value::Null,
                "data_type" => view.information_type(crate::catalog::TypeRef::plain(builtin.ty)),
                "udt_name" => Value::name(catalog.type_name(builtin.ty)?.1),
                _ => return None,
            });
        }
        _ => return None,
    };
    let relation = catalog.relation(oid)?;
    let attribute = relation.column_at(number)?;
    let ty = base_type(view, attribute);
    let domain = catalog.type_(attribute.ty.oid).filter(|t| matches!(t.kind, TypeKind::Domain(_)));
    let cardinal = |n: i32| Value::int(n);
    Some(match column {
        "table_catalog" | "udt_catalog" => view.database(),
        "table_schema" => Value::name(catalog.schema_name(relation.schema)),
        "table_name" => Value::name(relation.name.clone()),
        "column_name" => Value::name(attribute.name.clone()),
        "ordinal_position" => cardinal(number.into()),
        "column_default" if attribute.generated.is_some() => Value::Null,
        "column_default" => view.default_text(oid, attribute),
        "is_nullable" => {
            let domain_not_null = domain.is_some_and(|t| matches!(&t.kind, TypeKind::Domain(d) if d.not_null));
            yes_no(!attribute.not_null && !domain_not_null)
        }
        "data_type" => view.information_type(ty),
        "udt_schema" => Value::name(catalog.schema_name(catalog.type_name(ty.oid)?.0)),
        "udt_name" => Value::name(catalog.type_name(ty.oid)?.1),
        "domain_catalog" => Value::or_null(domain, |_| view.database()),
        "domain_schema" => Value::or_null(domain, |t| Value::name(catalog.schema_name(t.schema))),
        "domain_name" => Value::or_null(domain, |t| Value::name(t.name.clone())),
        "character_maximum_length" => match (ty.oid, ty.typmod) {
            (t::VARCHAR | t::BPCHAR, n) if n >= 4 => cardinal(n - 4),
            (t::BIT | t::VARBIT, n) if n >= 0 => cardinal(n),
            _ => Value::Null,
        },
        "numeric_precision" => match ty.oid {
            t::INT2 => cardinal(16),
            t::INT4 => cardinal(32),
            t::INT8 => cardinal(64),
            t::FLOAT4 => cardinal(24),
            t::FLOAT8 => cardinal(53),
            t::NUMERIC if ty.typmod != -1 => cardinal(numeric_typmod(ty.typmod).0),
            _ => Value::Null,
        },
        "numeric_precision_radix" => match ty.oid {
            t::INT2 | t::INT4 | t::INT8 | t::FLOAT4 | t::FLOAT8 => cardinal(2),
            t::NUMERIC => cardinal(10),
            _ => Value::Null,
        },
        "numeric_scale" => match ty.oid {
            t::INT2 | t::INT4 | t::INT8 => cardinal(0),
            t::NUMERIC if ty.typmod != -1 => cardinal(numeric_typmod(ty.typmod).1),
            _ => Value::Null,
        },
        "datetime_precision" => match (ty.oid, ty.typmod) {
            (t::DATE, _) => cardinal(0),
            (t::TIME | t::TIMETZ | t::TIMESTAMP | t::TIMESTAMPTZ, n) => cardinal(if n < 0 { 6 } else { n }),
            (t::INTERVAL, -1) => cardinal(6),
            (t::INTERVAL, _) => return None,
            _ => Value::Null,
        },
        "is_identity" => yes_no(attribute.identity.is_some()),
        "identity_generation" => match attribute.identity {
            Some(Identity::Always) => Value::text("ALWAYS"),
            Some(Identity::ByDefault) => Value::text("BY DEFAULT"),
            None => Value::Null,
        },
        "is_generated" => Value::text(if attribute.generated.is_some() { "ALWAYS" } else { "NEVER" }),
        "generation_expression" if attribute.generated.is_none() => Value::Null,
        "is_updatable" => yes_no(relation.is_table()),
        _ => return None,
    })
}

// ---- tables, schemas, sequences ----

pub(super) fn table(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let catalog = &view.catalog;
    let (schema, name, kind) = match entry {
        Entry::Relation(oid) => {
            let relation = catalog.relation(*oid)?;
            let kind = match (&relation.kind, relation.persistence) {
                (RelationKind::View(_), _) => "VIEW",
                (RelationKind::ForeignTable(_), _) => "FOREIGN",
                (_, Persistence::Temporary) => "LOCAL TEMPORARY",
                _ => "BASE TABLE",
            };
            (relation.schema, relation.name.as_str(), kind)
        }
        Entry::BuiltinRelation(relation) => {
            (relation.namespace, relation.name, if relation.relkind == 'v' { "VIEW" } else { "BASE TABLE" })
        }
        _ => return None,
    };
    Some(match column {
        "table_catalog" => view.database(),
        "table_schema" => Value::name(catalog.schema_name(schema)),
        "table_name" => Value::name(name),
        "table_type" => Value::text(kind),
        "self_referencing_column_name" | "reference_generation" | "user_defined_type_name" => Value::Null,
        "is_typed" => yes_no(false),
        "is_insertable_into" if kind != "VIEW" => yes_no(true),
        _ => return None,
    })
}

pub(super) fn schema(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let Entry::Schema(oid) = entry else { return None };
    let schema = view.catalog.schema(*oid)?;
    Some(match column {
        "catalog_name" => view.database(),
        "schema_name" => Value::name(schema.name.clone()),
        "schema_owner" => Value::name(view.catalog.role_name(schema.owner)),
        _ => return None,
    })
}

pub(super) fn sequence(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let Entry::Relation(oid) = entry else { return None };
    let relation = view.catalog.relation(*oid)?;
    let sequence = relation.as_sequence()?;
    Some(match column {
        "sequence_catalog" => view.database(),
        "sequence_schema" => Value::name(view.catalog.schema_name(relation.schema)),
        "sequence_name" => Value::name(relation.name.clone()),
        "data_type" => view.information_type(crate::catalog::TypeRef::plain(sequence.ty)),
        "start_value" => Value::text(sequence.start.to_string()),
        "minimum_value" => Value::text(sequence.min.to_string()),
        "maximum_value" => Value::text(sequence.max.to_string()),
        "increment" => Value::text(sequence.increment.to_string()),
        "cycle_option" => yes_no(sequence.cycle),
        _ => return None,
    })
}

// ---- constraints ----

fn constraint_rows(table: SystemTable, view: &View, keys: &Keys, relation: &Relation, entries: &mut Vec<Entry>) {
    let oid = relation.oid;
    let name = keys.text("constraint_name");
    for (index, constraint) in relation.constraints.iter().enumerate() {
        if name.is_some_and(|name| constraint.name != name) {
            continue;
        }
        let (key, foreign, check) = match &constraint.kind {
            ConstraintKind::Key { .. } => (true, false, false),
            ConstraintKind::ForeignKey(_) => (false, true, false),
            ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. } => (false, false, true),
            ConstraintKind::Exclusion { .. } | ConstraintKind::Trigger(_) => continue,
        };
        let columns = match &constraint.kind {
            ConstraintKind::ForeignKey(key) => key.columns.len(),
            _ => constraint.columns.len(),
        };
        match table {
            T::TableConstraints => entries.push(Entry::Constraint(oid, index)),
            T::KeyColumnUsage if key || foreign => {
                entries.extend((0..constraint.columns.len()).map(|i| Entry::ConstraintColumn(oid, index, i)));
            }
            T::ConstraintColumnUsage => {
                entries.extend((0..columns).map(|i| Entry::ConstraintColumn(oid, index, i)));
            }
            T::ConstraintTableUsage if key || foreign => entries.push(Entry::Constraint(oid, index)),
            T::ReferentialConstraints if foreign => entries.push(Entry::Constraint(oid, index)),
            T::CheckConstraints if check => entries.push(Entry::Constraint(oid, index)),
            _ => {}
        }
    }
    // Before 18, NOT NULL is no constraint; these views show it as a CHECK with a name made of numbers.
    let shows_not_null = matches!(table, T::TableConstraints | T::CheckConstraints);
    if shows_not_null && view.catalog.version() < 18 {
        entries.extend(relation.live_columns().filter(|c| c.not_null).map(|c| Entry::Column(oid, c.number)));
    }
}

pub(super) fn constraint(table: SystemTable, view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let catalog = &view.catalog;
    let (oid, index, position) = match entry {
        Entry::Constraint(oid, index) => (*oid, *index, None),
        Entry::ConstraintColumn(oid, index, position) => (*oid, *index, Some(*position)),
        Entry::Column(oid, number) => return not_null_constraint(view, catalog.relation(*oid)?, *number, column),
        _ => return None,
    };
    let relation = catalog.relation(oid)?;
    let constraint = relation.constraints.get(index)?;
    let foreign_key = match &constraint.kind {
        ConstraintKind::ForeignKey(key) => Some(key),
        _ => None,
    };
    // `constraint_column_usage` and `constraint_table_usage` tell what a foreign key refers to.
    let usage = matches!(table, T::ConstraintColumnUsage | T::ConstraintTableUsage);
    let (shown, columns) = match foreign_key {
        Some(key) if usage => (catalog.relation(key.table)?, &key.columns),
        _ => (relation, &constraint.columns),
    };
    Some(match column {
        "constraint_catalog" | "table_catalog" | "unique_constraint_catalog" => view.database(),
        "constraint_schema" => Value::name(catalog.schema_name(relation.schema)),
        "constraint_name" => Value::name(constraint.name.clone()),
        "table_schema" => Value::name(catalog.schema_name(shown.schema)),
        "table_name" => Value::name(shown.name.clone()),
        "column_name" => Value::name(shown.column_at(*columns.get(position?)?)?.name.clone()),
        "ordinal_position" => Value::int(i32::try_from(position?).ok()? + 1),
        "position_in_unique_constraint" if foreign_key.is_none() => Value::Null,
        "constraint_type" => Value::text(match &constraint.kind {
            ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. } => "CHECK",
            ConstraintKind::Key { primary: true, .. } => "PRIMARY KEY",
            ConstraintKind::Key { primary: false, .. } => "UNIQUE",
            ConstraintKind::ForeignKey(_) => "FOREIGN KEY",
            ConstraintKind::Exclusion { .. } | ConstraintKind::Trigger(_) => return None,
        }),
        "is_deferrable" => yes_no(constraint.deferrable),
        "initially_deferred" => yes_no(constraint.initially_deferred),
        "enforced" => yes_no(constraint.enforced),
        "check_clause" => match &constraint.kind {
            ConstraintKind::Check { expr, .. } => match view.expr_text(oid, Some(expr)) {
                // The definition, `CHECK (…)`, without the word.
                Value::Text(text) if view.catalog.version() < 18 => Value::text(format!("({text})")),
                other => other,
            },
            ConstraintKind::NotNull { .. } => {
                Value::text(format!("{} IS NOT NULL", relation.column_at(*constraint.columns.first()?)?.name))
            }
            _ => return None,
        },
        "unique_constraint_schema" => Value::name(catalog.schema_name(catalog.relation(foreign_key?.table)?.schema)),
        "unique_constraint_name" => {
            let owner = catalog.relation(foreign_key?.index)?.as_index()?.constraint;
            let table = catalog.relation(foreign_key?.table)?;
            let found = owner.and_then(|oid| table.constraints.iter().find(|c| c.oid == oid));
            Value::or_null(found, |c| Value::name(c.name.clone()))
        }
        "match_option" => Value::text(match foreign_key?.match_type {
            ForeignKeyMatch::Simple => "NONE",
            ForeignKeyMatch::Full => "FULL",
            ForeignKeyMatch::Partial => "PARTIAL",
        }),
        "update_rule" => rule(foreign_key?.on_update),
        "delete_rule" => rule(foreign_key?.on_delete),
        _ => return None,
    })
}

fn rule(action: ForeignKeyAction) -> Value {
    Value::text(match action {
        ForeignKeyAction::NoAction => "NO ACTION",
        ForeignKeyAction::Restrict => "RESTRICT",
        ForeignKeyAction::Cascade => "CASCADE",
        ForeignKeyAction::SetNull => "SET NULL",
        ForeignKeyAction::SetDefault => "SET DEFAULT",
    })
}

fn not_null_constraint(view: &View, relation: &Relation, number: i16, column: &str) -> Option<Value> {
    Some(match column {
        "constraint_catalog" | "table_catalog" => view.database(),
        "constraint_schema" | "table_schema" => Value::name(view.catalog.schema_name(relation.schema)),
        "constraint_name" => Value::name(format!("{}_{}_{number}_not_null", relation.schema.0, relation.oid.0)),
        "table_name" => Value::name(relation.name.clone()),
        "constraint_type" => Value::text("CHECK"),
        "is_deferrable" | "initially_deferred" => yes_no(false),
        "enforced" => yes_no(true),
        "check_clause" => Value::text(format!("{} IS NOT NULL", relation.column_at(number)?.name)),
        _ => return None,
    })
}

// ---- privileges ----

/// The privileges that these views show.
const SHOWN: [Privs; 7] =
    [Privs::INSERT, Privs::SELECT, Privs::UPDATE, Privs::DELETE, Privs::TRUNCATE, Privs::REFERENCES, Privs::TRIGGER];

fn acl(view: &View, relation: &Relation) -> Acl {
    let standard = || Acl::default_for(AclKind::Table, relation.owner, view.catalog.version());
    relation.acl.clone().unwrap_or_else(standard)
}

fn table_privileges(view: &View, relation: &Relation, entries: &mut Vec<Entry>) {
    for item in acl(view, relation).0 {
        for privilege in SHOWN.into_iter().filter(|&p| item.privs.contains(p)) {
            entries.push(Entry::Privilege {
                relation: relation.oid,
                column: None,
                grantor: item.grantor,
                grantee: item.grantee,
                privilege,
                grantable: item.grantee == relation.owner || item.grant_options.contains(privilege),
            });
        }
    }
}

fn column_privileges(view: &View, relation: &Relation, entries: &mut Vec<Entry>) {
    let on_columns = [Privs::INSERT, Privs::SELECT, Privs::UPDATE, Privs::REFERENCES];
    let of_table = acl(view, relation);
    for column in relation.live_columns() {
        for item in of_table.0.iter().chain(column.acl.iter().flat_map(|a| &a.0)) {
            for privilege in on_columns.into_iter().filter(|&p| item.privs.contains(p)) {
                let entry = Entry::Privilege {
                    relation: relation.oid,
                    column: Some(column.number),
                    grantor: item.grantor,
                    grantee: item.grantee,
                    privilege,
                    grantable: item.grantee == relation.owner || item.grant_options.contains(privilege),
                };
                if !entries.contains(&entry) {
                    entries.push(entry);
                }
            }
        }
    }
}

pub(super) fn privilege(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let Entry::Privilege { relation, column: number, grantor, grantee, privilege, grantable } = entry else {
        return None;
    };
    let catalog = &view.catalog;
    let relation = catalog.relation(*relation)?;
    Some(match column {
        "grantor" => Value::name(catalog.role_name(*grantor)),
        "grantee" if *grantee == Oid::INVALID => Value::name("PUBLIC"),
        "grantee" => Value::name(catalog.role_name(*grantee)),
        "table_catalog" => view.database(),
        "table_schema" => Value::name(catalog.schema_name(relation.schema)),
        "table_name" => Value::name(relation.name.clone()),
        "column_name" => Value::name(relation.column_at((*number)?)?.name.clone()),
        "privilege_type" => Value::text(privilege.names().next()?),
        "is_grantable" => yes_no(*grantable),
        "with_hierarchy" => yes_no(*privilege == Privs::SELECT),
        _ => return None,
    })
}
