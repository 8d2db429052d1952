//! What stands outside of schemas: roles, extensions, publications.

use super::super::{Value, View};
use super::scan::{self, Entry, Keys, Scan};
use crate::catalog::{RelationKind, parameter_name, type_oid as t};

pub(super) fn scan(view: &View, keys: &Keys) -> Scan {
    let name = keys.text("rolname").or_else(|| keys.text("usename"));
    let entries: Vec<Entry> = match name {
        Some(name) => view.catalog.role_named(name).map(|r| Entry::Role(r.oid)).into_iter().collect(),
        None => view.catalog.roles().map(|r| Entry::Role(r.oid)).collect(),
    };
    finish(view, entries, name.is_some())
}

fn finish(view: &View, entries: Vec<Entry>, named: bool) -> Scan {
    let more = if named && !entries.is_empty() { None } else { scan::unknown_everything(view) };
    Scan { entries, more }
}

pub(super) fn role(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let Entry::Role(oid) = entry else { return None };
    let role = view.catalog.role(*oid)?;
    let attributes = role.attributes;
    Some(match column {
        "oid" | "usesysid" => Value::Oid(role.oid),
        "rolname" | "usename" => Value::name(role.name.clone()),
        "rolsuper" | "usesuper" => Value::Bool(attributes.superuser),
        "rolinherit" => Value::Bool(attributes.inherit),
        "rolcreaterole" => Value::Bool(attributes.create_role),
        "rolcreatedb" | "usecreatedb" => Value::Bool(attributes.create_db),
        "rolcanlogin" => Value::Bool(attributes.login),
        "rolreplication" | "userepl" => Value::Bool(attributes.replication),
        "rolbypassrls" | "usebypassrls" => Value::Bool(attributes.bypass_rls),
        "rolconfig" | "useconfig" if role.config.is_empty() => Value::Null,
        "rolconfig" | "useconfig" => {
            let config =
                role.config.iter().map(|(name, value)| Value::text(format!("{}={value}", parameter_name(name))));
            Value::array(t::TEXT, config.collect())
        }
        _ => return None,
    })
}

pub(super) fn scan_members(view: &View) -> Scan {
    let roles = view.catalog.roles();
    let entries = roles
        .flat_map(|r| r.member_of.iter().map(|m| Entry::Member { role: m.role, member: r.oid, grantor: m.grantor }));
    Scan { entries: entries.collect(), more: scan::unknown_everything(view) }
}

pub(super) fn member(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let Entry::Member { role, member, grantor } = entry else { return None };
    let record = view.catalog.role(*member)?;
    let membership = record.member_of.iter().find(|m| m.role == *role && m.grantor == *grantor)?;
    Some(match column {
        "roleid" => Value::Oid(*role),
        "member" => Value::Oid(*member),
        "admin_option" => Value::Bool(membership.admin),
        "grantor" => Value::Oid(*grantor),
        "oid" => Value::Oid(membership.oid),
        "inherit_option" => Value::Bool(membership.inherit.unwrap_or(record.attributes.inherit)),
        "set_option" => Value::Bool(membership.set),
        _ => return None,
    })
}

// ---- extensions ----

pub(super) fn scan_extensions(view: &View, keys: &Keys) -> Scan {
    let name = keys.text("extname");
    let extensions = view.catalog.extensions().filter(|e| name.is_none_or(|name| e.name == name));
    let mut entries: Vec<Entry> = extensions.map(|e| Entry::Extension(e.oid)).collect();
    // Every new database has it.
    if name.is_none_or(|name| name == "plpgsql") && view.catalog.extension_named("plpgsql").is_none() {
        entries.push(Entry::AvailableExtension("plpgsql"));
    }
    finish(view, entries, name.is_some())
}

pub(super) fn scan_available_extensions(view: &View) -> Scan {
    let builtins = view.catalog.builtins();
    // Where supautils lists the extensions that its users may create, the server has them.
    let listed = view.session.setting("supautils.privileged_extensions").unwrap_or_default();
    let others = builtins.other_extension_names().filter(|&name| listed.split(',').any(|item| item.trim() == name));
    let entries = builtins.extension_names().chain(others).map(Entry::AvailableExtension).collect();
    let more = crate::replay::value::Reason::data("which extensions a server has is not known");
    Scan { entries, more: Some(more) }
}

pub(super) fn extension(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let oid = match entry {
        Entry::Extension(oid) => *oid,
        Entry::AvailableExtension(name) => {
            return Some(match column {
                "extname" | "name" => Value::name(*name),
                "extnamespace" => Value::Oid(crate::catalog::PG_CATALOG),
                "extversion" | "default_version" => {
                    Value::text(view.catalog.builtins().extension(name).map_or("1.0", |e| e.default_version))
                }
                "installed_version" => Value::or_null(view.catalog.extension_named(name)?.version.clone(), Value::Text),
                _ => return None,
            });
        }
        _ => return None,
    };
    let extension = view.catalog.extension(oid)?;
    Some(match column {
        "oid" => Value::Oid(extension.oid),
        "extname" => Value::name(extension.name.clone()),
        "extnamespace" => Value::Oid(extension.schema),
        "extversion" => Value::Text(extension.version.clone()?),
        _ => return None,
    })
}

// ---- publications ----

pub(super) fn scan_publications(view: &View) -> Scan {
    let entries = view.catalog.publications().map(|p| Entry::Publication(p.oid)).collect();
    finish(view, entries, false)
}

pub(super) fn publication(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let Entry::Publication(oid) = entry else { return None };
    let publication = view.catalog.publication(*oid)?;
    Some(match column {
        "oid" => Value::Oid(publication.oid),
        "pubname" => Value::name(publication.name.clone()),
        "pubowner" => Value::Oid(publication.owner),
        "puballtables" => Value::Bool(publication.all_tables),
        _ => return None,
    })
}

/// `pg_publication_tables` has the tables of FOR ALL TABLES and of schemas too; `pg_publication_rel` those that are named.
/// Where both differ, nothing is certain.
pub(super) fn scan_publication_relations(view: &View) -> Scan {
    let mut entries = Vec::new();
    let mut more = scan::unknown_everything(view);
    for publication in view.catalog.publications() {
        if publication.all_tables || !publication.schemas.is_empty() {
            let reason = "publications of all tables or of schemas are not projected";
            more = Some(crate::replay::value::Reason::not_evaluated(reason));
        }
        for member in &publication.relations {
            let kind = view.catalog.relation(member.relation).map(|r| &r.kind);
            if matches!(kind, Some(RelationKind::PartitionedTable(_))) {
                more = Some(crate::replay::value::Reason::not_evaluated("published partitions are not projected"));
            }
            entries.push(Entry::PublicationRelation(publication.oid, member.relation));
        }
    }
    Scan { entries, more }
}

pub(super) fn publication_relation(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let Entry::PublicationRelation(publication, relation) = entry else { return None };
    let publication = view.catalog.publication(*publication)?;
    let relation = view.catalog.relation(*relation)?;
    let member = publication.relations.iter().find(|m| m.relation == relation.oid)?;
    Some(match column {
        "pubname" => Value::name(publication.name.clone()),
        "prpubid" => Value::Oid(publication.oid),
        "prrelid" => Value::Oid(relation.oid),
        "schemaname" => Value::name(view.catalog.schema_name(relation.schema)),
        "tablename" => Value::name(relation.name.clone()),
        "attnames" => {
            let columns = relation.live_columns();
            let published = columns.filter(|c| member.columns.is_empty() || member.columns.contains(&c.number));
            Value::array(t::NAME, published.map(|c| Value::name(c.name.clone())).collect())
        }
        _ => return None,
    })
}
