//! Names to objects: through a list of schemas, as PostgreSQL's `namespace.c` does.

use std::collections::BTreeSet;

use imbl::OrdMap;

use super::{Catalog, Function, Oid, Relation, Type};
use crate::replay::About;
use crate::sql::ast::Name;

impl Catalog {
    /// The first relation of that name along `path`.
    pub fn find_relation(&self, path: &[Oid], name: &str) -> Option<&Relation> {
        path.iter().find_map(|&schema| self.relation_in(schema, name))
    }

    /// The first user-defined type of that name along `path`.
    pub fn find_type(&self, path: &[Oid], name: &str) -> Option<&Type> {
        path.iter().find_map(|&schema| self.type_in(schema, name))
    }

    /// The user-defined functions of that name along `path`, those of earlier schemas first.
    pub fn find_functions<'a>(&'a self, path: &'a [Oid], name: &'a str) -> impl Iterator<Item = &'a Function> + 'a {
        path.iter().flat_map(move |&schema| self.functions_in(schema, name))
    }
}

/// Which schemas and roles there are, and under which names: what a search_path depends on.
#[derive(Debug)]
pub(crate) struct Namespace {
    schemas: OrdMap<Name, Oid>,
    roles: OrdMap<Name, Oid>,
}

impl Namespace {
    /// Nothing about schemas and roles has changed since.
    pub(crate) fn is_of(&self, catalog: &Catalog) -> bool {
        self.schemas.ptr_eq(&catalog.schema_names) && self.roles.ptr_eq(&catalog.role_names)
    }
}

impl Catalog {
    pub(crate) fn namespace(&self) -> Namespace {
        Namespace { schemas: self.schema_names.clone(), roles: self.role_names.clone() }
    }
}

/// Names that one state of a database has and another has not: what a failed script would have made or dropped.
impl Catalog {
    pub(crate) fn names_that_differ(&self, other: &Catalog) -> Vec<About> {
        let mut names = BTreeSet::new();
        for (one, two) in [(self, other), (other, self)] {
            names.extend(
                one.schemas()
                    .filter(|s| two.schema_named(&s.name).is_none())
                    .map(|s| About::Schema(s.name.to_string())),
            );
            names.extend(
                one.roles().filter(|r| two.role_named(&r.name).is_none()).map(|r| About::Role(r.name.to_string())),
            );
            names.extend(
                one.extensions()
                    .filter(|e| two.extension_named(&e.name).is_none())
                    .map(|e| About::Extension(e.name.to_string())),
            );
            names.extend(
                one.publications()
                    .filter(|p| two.publication_named(&p.name).is_none())
                    .map(|p| About::Publication(p.name.to_string())),
            );
            names.extend(
                one.foreign_data_wrappers()
                    .filter(|w| two.foreign_data_wrapper_named(&w.name).is_none())
                    .map(|w| About::Unplaced(w.name.to_string())),
            );
            names.extend(
                one.foreign_servers()
                    .filter(|s| two.foreign_server_named(&s.name).is_none())
                    .map(|s| About::Unplaced(s.name.to_string())),
            );
            names.extend(
                one.event_triggers()
                    .filter(|t| two.event_trigger_named(&t.name).is_none())
                    .map(|t| About::Unplaced(t.name.to_string())),
            );
            names.extend(one.types().filter(|t| two.type_(t.oid).is_none()).map(|t| About::Type(t.name.to_string())));
            names.extend(
                one.functions().filter(|f| two.function(f.oid).is_none()).map(|f| About::Function(f.name.to_string())),
            );
            for relation in one.relations() {
                match two.relation(relation.oid).filter(|r| r.name == relation.name && r.schema == relation.schema) {
                    None => {
                        names.insert(About::Relation(relation.name.to_string()));
                    }
                    Some(same) if std::ptr::eq(same, relation) => {}
                    Some(same) => parts_that_differ(relation, same, &mut names),
                }
            }
        }
        names.into_iter().collect()
    }
}

fn parts_that_differ(one: &Relation, two: &Relation, names: &mut BTreeSet<About>) {
    let part = |name: &str| About::Part(one.name.to_string(), name.to_owned());
    for column in one.live_columns().filter(|c| two.column(&c.name).is_none()) {
        names.insert(About::Column(one.name.to_string(), column.name.to_string()));
    }
    names.extend(one.constraints.iter().filter(|c| two.constraint(&c.name).is_none()).map(|c| part(&c.name)));
    names.extend(one.triggers.iter().filter(|t| two.trigger(&t.name).is_none()).map(|t| part(&t.name)));
    names.extend(one.policies.iter().filter(|p| two.policy(&p.name).is_none()).map(|p| part(&p.name)));
}

/// The longest identifier, in bytes (`NAMEDATALEN - 1`).
pub const MAX_NAME: usize = 63;

/// Cuts a name at [`MAX_NAME`] bytes, not inside a character (`scansup.c: truncate_identifier`).
pub fn truncate_name(name: &str) -> &str {
    if name.len() <= MAX_NAME {
        return name;
    }
    let mut end = MAX_NAME;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

/// A parameter's name as PostgreSQL writes it, whatever case it was written in (`guc.c`).
pub fn parameter_name(name: &str) -> &str {
    match name {
        "datestyle" => "DateStyle",
        "intervalstyle" => "IntervalStyle",
        "timezone" => "TimeZone",
        _ => name,
    }
}

/// `name1_name2_label`, with the longer of the two names cut until it fits (`indexcmds.c: makeObjectName`).
pub fn make_object_name(name1: &str, name2: Option<&str>, label: Option<&str>) -> String {
    let overhead = name2.map_or(0, |_| 1) + label.map_or(0, |l| l.len() + 1);
    let available = MAX_NAME.saturating_sub(overhead);
    let mut len1 = name1.len();
    let mut len2 = name2.map_or(0, str::len);
    while len1 + len2 > available {
        if len1 > len2 {
            len1 -= 1;
        } else {
            len2 -= 1;
        }
    }
    let clip = |s: &str, mut len: usize| {
        while !s.is_char_boundary(len) {
            len -= 1;
        }
        s[..len].to_owned()
    };
    let mut out = clip(name1, len1);
    if let Some(name2) = name2 {
        out.push('_');
        out.push_str(&clip(name2, len2));
    }
    if let Some(label) = label {
        out.push('_');
        out.push_str(label);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_name_is_cut() {
        let long = "a".repeat(70);
        let made = make_object_name(&long, Some("id"), Some("fkey"));
        assert_eq!(made.len(), MAX_NAME);
        assert!(made.ends_with("_id_fkey"), "{made}");
        assert_eq!(make_object_name("t", Some("c"), Some("key")), "t_c_key");
        assert_eq!(make_object_name("t", None, Some("pkey")), "t_pkey");
    }

    #[test]
    fn cutting_respects_characters() {
        let name = format!("{}é", "a".repeat(62));
        assert_eq!(truncate_name(&name), "a".repeat(62));
    }
}
