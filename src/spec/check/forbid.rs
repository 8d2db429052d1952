//! Nothing that matches a pattern may exist.

use super::Checker;
use super::graves::{end_of, ending};
use super::names::is_suspicious;
use super::opinion::{Opinion, evidence, finding, remark};
use crate::catalog::builtin::ExtensionMember;
use crate::catalog::{
    Catalog, ChangeKind, DependencyKind, Extension, Function, Layer, Object, Oid, Origin, Provenance, Relation,
    RelationKind, Tombstone, Type, TypeKind, Unknown,
};
use crate::report::{Evidence, Severity};
use crate::spec::model::{Forbidden, ForbiddenKind, Home, Requirement};
use crate::spec::names::quote;
use crate::sql::ast::{Name, Persistence};

/// An object with a forbidden name.
struct Match<'c> {
    /// In words: `table other.tesla_accounts`.
    what: String,
    /// The statement that gave it its name.
    origin: Origin,
    /// Why it may be gone.
    doubt: Option<&'c Unknown>,
    /// The statement that removes it.
    fix: String,
    /// It is of another kind than what is forbidden, and stands in for it.
    stands_in: bool,
}

impl<'c> Checker<'c> {
    pub(super) fn forbidden(&self, requirement: &Requirement, forbidden: &Forbidden) -> Opinion {
        let subject = format!("forbidden {} {forbidden}", forbidden.kind.words());
        let matches = self.matches(forbidden);
        self.warn_of_similar(requirement, forbidden);
        let (certain, doubtful): (Vec<_>, Vec<_>) = matches.into_iter().partition(|found| found.doubt.is_none());
        if let Some(first) = certain.first() {
            let kind = forbidden.kind.words();
            let message = match certain.as_slice() {
                [one] if one.stands_in => format!("{} has the name of the forbidden {kind} {forbidden}", one.what),
                [one] => format!("{} exists, and {kind} {forbidden} is forbidden", one.what),
                many => {
                    format!("{} and {} more exist, and {kind} {forbidden} is forbidden", first.what, many.len() - 1)
                }
            };
            let help: Vec<&str> = certain.iter().map(|found| found.fix.as_str()).collect();
            return Opinion::violated("forbidden-object", message)
                .evidence(certain.iter().map(|found| evidence(found.origin, format!("{} comes from here", found.what))))
                .help(help.join(" "));
        }
        if let Some(unknown) = doubtful.iter().find_map(|found| found.doubt).or_else(|| self.may_exist(forbidden)) {
            return Opinion::unknown(&subject, unknown);
        }
        let removed = self.removed(forbidden);
        self.remark_removed(requirement, &removed);
        let message = match removed.last() {
            Some(grave) => format!("no {} {forbidden} exists: the last one {}", forbidden.kind.words(), ending(grave)),
            None => format!("no {} {forbidden} exists", forbidden.kind.words()),
        };
        let ends: Vec<Evidence> = removed.iter().map(|grave| end_of(grave)).collect();
        Opinion::satisfied(message, super::opinion::distinct(ends))
    }

    fn matches(&self, forbidden: &Forbidden) -> Vec<Match<'c>> {
        match forbidden.kind {
            ForbiddenKind::Table
            | ForbiddenKind::Index
            | ForbiddenKind::View
            | ForbiddenKind::MaterializedView
            | ForbiddenKind::Sequence => self.relation_matches(forbidden),
            ForbiddenKind::Column | ForbiddenKind::Trigger | ForbiddenKind::Policy | ForbiddenKind::Constraint => {
                self.part_matches(forbidden)
            }
            ForbiddenKind::Type | ForbiddenKind::Domain => self.type_matches(forbidden),
            ForbiddenKind::Function => self.function_matches(forbidden),
            ForbiddenKind::Schema | ForbiddenKind::Extension | ForbiddenKind::Role | ForbiddenKind::Publication => {
                self.database_matches(forbidden)
            }
        }
    }

    fn relation_matches(&self, forbidden: &Forbidden) -> Vec<Match<'c>> {
        let mut found = Vec::new();
        for relation in self.relation_names().matching(&forbidden.name) {
            let Some(stands_in) = counts_as(forbidden.kind, &relation.kind) else { continue };
            if self.schema_matches(forbidden, relation) && !self.is_exempt_relation(relation) {
                found.push(self.relation_match(relation, stands_in));
            }
        }
        found
    }

    fn relation_match(&self, relation: &'c Relation, stands_in: bool) -> Match<'c> {
        let is_partitioned = matches!(relation.kind, RelationKind::PartitionedTable(_));
        let kind = if is_partitioned { "partitioned table" } else { relation.kind_name() };
        let name = self.catalog.relation_name(relation.oid, &[]);
        let drop = match &relation.kind {
            RelationKind::Table | RelationKind::PartitionedTable(_) => "TABLE",
            RelationKind::ForeignTable(_) => "FOREIGN TABLE",
            RelationKind::View(_) => "VIEW",
            RelationKind::MaterializedView(..) => "MATERIALIZED VIEW",
            RelationKind::Sequence(_) => "SEQUENCE",
            RelationKind::Index(_) => "INDEX",
            RelationKind::CompositeType => "TYPE",
        };
        let mut fix = format!("DROP {drop} {name};");
        // The index of a constraint goes with the constraint only.
        if let Some((table, index)) = relation.as_index().and_then(|index| Some((index.table, index.constraint?)))
            && let Some(table) = self.catalog.relation(table)
            && let Some(constraint) = table.constraints.iter().find(|constraint| constraint.oid == index)
        {
            let constraint = self.catalog.quote_identifier(&constraint.name);
            fix = format!("ALTER TABLE {} DROP CONSTRAINT {constraint};", self.catalog.relation_name(table.oid, &[]));
        }
        let mut doubt = self.doubt(relation, relation.provenance.last());
        if let Some(index) = relation.as_index()
            && let Some(table) = self.catalog.relation(index.table)
        {
            doubt = doubt.or_else(|| self.doubt(table, relation.provenance.last()));
        }
        Match { what: format!("{kind} {name}"), origin: named_by(&relation.provenance), doubt, fix, stands_in }
    }

    /// Columns, triggers, policies and constraints.
    fn part_matches(&self, forbidden: &Forbidden) -> Vec<Match<'c>> {
        let mut found = Vec::new();
        let mut look_into = |relation: &'c Relation| {
            if relation.as_index().is_none() && self.schema_matches(forbidden, relation) {
                self.parts_of(forbidden, relation, &mut found);
            }
        };
        match &forbidden.relation {
            Some(pattern) => self.relation_names().matching(pattern).for_each(look_into),
            None => self
                .catalog
                .relations()
                .filter(|relation| relation.persistence != Persistence::Temporary)
                .for_each(&mut look_into),
        }
        found
    }

    fn parts_of(&self, forbidden: &Forbidden, relation: &'c Relation, found: &mut Vec<Match<'c>>) {
        let table = self.catalog.relation_name(relation.oid, &[]);
        let mut add = |name: &str, provenance: &Provenance, fix: &dyn Fn(&str) -> String| {
            if !forbidden.name.matches(name) || self.is_exempt_part(relation, provenance) {
                return;
            }
            let origin = named_by(provenance);
            // A forbidden column of a table that was renamed to the forbidden name came with the renaming.
            let renamed = named_by(&relation.provenance);
            let origin = if renamed.sequence > origin.sequence { renamed } else { origin };
            found.push(Match {
                what: format!("{} {table}.{}", forbidden.kind.words(), quote(name)),
                origin,
                doubt: self.doubt(relation, provenance.last()),
                fix: fix(&self.catalog.quote_identifier(name)),
                stands_in: false,
            });
        };
        match forbidden.kind {
            ForbiddenKind::Column => {
                for column in relation.live_columns() {
                    let fix = |name: &str| match relation.kind {
                        RelationKind::CompositeType => format!("ALTER TYPE {table} DROP ATTRIBUTE {name};"),
                        RelationKind::View(_) | RelationKind::MaterializedView(..) => {
                            format!("redefine {} {table} without {name}", relation.kind_name())
                        }
                        RelationKind::Table
                        | RelationKind::PartitionedTable(_)
                        | RelationKind::ForeignTable(_)
                        | RelationKind::Sequence(_)
                        | RelationKind::Index(_) => format!("ALTER TABLE {table} DROP COLUMN {name};"),
                    };
                    add(&column.name, &column.provenance, &fix);
                }
            }
            ForbiddenKind::Trigger => {
                let fix = |name: &str| format!("DROP TRIGGER {name} ON {table};");
                relation.triggers.iter().for_each(|trigger| add(&trigger.name, &trigger.provenance, &fix));
            }
            ForbiddenKind::Policy => {
                let fix = |name: &str| format!("DROP POLICY {name} ON {table};");
                relation.policies.iter().for_each(|policy| add(&policy.name, &policy.provenance, &fix));
            }
            ForbiddenKind::Constraint => {
                let fix = |name: &str| format!("ALTER TABLE {table} DROP CONSTRAINT {name};");
                relation.constraints.iter().for_each(|constraint| add(&constraint.name, &constraint.provenance, &fix));
            }
            ForbiddenKind::Table
            | ForbiddenKind::Index
            | ForbiddenKind::View
            | ForbiddenKind::MaterializedView
            | ForbiddenKind::Sequence
            | ForbiddenKind::Type
            | ForbiddenKind::Domain
            | ForbiddenKind::Function
            | ForbiddenKind::Schema
            | ForbiddenKind::Extension
            | ForbiddenKind::Role
            | ForbiddenKind::Publication => {}
        }
    }

    fn type_matches(&self, forbidden: &Forbidden) -> Vec<Match<'c>> {
        let counts = |ty: &&'c Type| match &ty.kind {
            TypeKind::Domain(_) => true,
            // Of a relation that is not a composite type, the type has no life of its own.
            TypeKind::Composite(relation) => {
                forbidden.kind == ForbiddenKind::Type
                    && self.catalog.relation(*relation).is_some_and(|r| matches!(r.kind, RelationKind::CompositeType))
            }
            TypeKind::Array(_) => false,
            TypeKind::Base(_) | TypeKind::Enum(_) | TypeKind::Range(_) | TypeKind::Multirange(_) | TypeKind::Shell => {
                forbidden.kind == ForbiddenKind::Type
            }
        };
        let matching = self.catalog.types().filter(counts).filter(|ty| forbidden.name.matches(&ty.name)).filter(|ty| {
            forbidden.schema.as_ref().is_none_or(|schema| schema.matches(self.catalog.schema_name(ty.schema)))
        });
        let not_exempt = matching.filter(|ty| !self.is_exempt(Object::Type(ty.oid), &ty.provenance));
        not_exempt
            .map(|ty| {
                let is_domain = matches!(ty.kind, TypeKind::Domain(_));
                let name = self.catalog.qualified(ty.schema, &ty.name, false);
                let kind = if is_domain { "domain" } else { "type" };
                let doubt = self.catalog.taint.of_type(ty.schema, &ty.name);
                Match {
                    what: format!("{kind} {name}"),
                    origin: named_by(&ty.provenance),
                    doubt: doubt.filter(|unknown| unknown.origin.sequence >= ty.provenance.last().sequence),
                    fix: format!("DROP {} {name};", kind.to_uppercase()),
                    stands_in: is_domain && forbidden.kind == ForbiddenKind::Type,
                }
            })
            .collect()
    }

    fn function_matches(&self, forbidden: &Forbidden) -> Vec<Match<'c>> {
        let matching = self.catalog.functions().filter(|function| forbidden.name.matches(&function.name));
        let in_schema = matching.filter(|function: &&Function| {
            forbidden.schema.as_ref().is_none_or(|schema| schema.matches(self.catalog.schema_name(function.schema)))
        });
        in_schema
            .filter(|function| !self.is_exempt(Object::Function(function.oid), &function.provenance))
            .map(|function| {
                let signature = self.catalog.function_signature(function.oid, &[]);
                let last = function.provenance.last();
                Match {
                    what: format!("function {signature}"),
                    origin: named_by(&function.provenance),
                    doubt: self
                        .catalog
                        .taint
                        .of_expressions()
                        .filter(|unknown| unknown.origin.sequence >= last.sequence),
                    fix: format!("DROP ROUTINE {signature};"),
                    stands_in: false,
                }
            })
            .collect()
    }

    /// Schemas, extensions, roles, publications.
    fn database_matches(&self, forbidden: &Forbidden) -> Vec<Match<'c>> {
        let catalog = self.catalog;
        let found: Vec<(Object, &str, &Provenance)> = match forbidden.kind {
            ForbiddenKind::Schema => {
                catalog.schemas().map(|s| (Object::Schema(s.oid), s.name.as_str(), &s.provenance)).collect()
            }
            ForbiddenKind::Extension => {
                catalog.extensions().map(|e| (Object::Extension(e.oid), e.name.as_str(), &e.provenance)).collect()
            }
            ForbiddenKind::Role => {
                catalog.roles().map(|r| (Object::Role(r.oid), r.name.as_str(), &r.provenance)).collect()
            }
            ForbiddenKind::Publication => {
                catalog.publications().map(|p| (Object::Publication(p.oid), p.name.as_str(), &p.provenance)).collect()
            }
            ForbiddenKind::Table
            | ForbiddenKind::Column
            | ForbiddenKind::Index
            | ForbiddenKind::View
            | ForbiddenKind::MaterializedView
            | ForbiddenKind::Sequence
            | ForbiddenKind::Type
            | ForbiddenKind::Domain
            | ForbiddenKind::Function
            | ForbiddenKind::Trigger
            | ForbiddenKind::Policy
            | ForbiddenKind::Constraint => Vec::new(),
        };
        let matching = found.into_iter().filter(|(_, name, _)| forbidden.name.matches(name));
        matching
            .filter(|(object, _, provenance)| !self.is_exempt(*object, provenance))
            .map(|(_, name, provenance)| {
                let kind = forbidden.kind.words();
                let last = provenance.last().sequence;
                Match {
                    what: format!("{kind} {}", quote(name)),
                    origin: named_by(provenance),
                    doubt: catalog.taint.everything().filter(|unknown| unknown.origin.sequence >= last),
                    fix: format!("DROP {} {};", kind.to_uppercase(), catalog.quote_identifier(name)),
                    stands_in: false,
                }
            })
            .collect()
    }

    fn schema_matches(&self, forbidden: &Forbidden, relation: &Relation) -> bool {
        forbidden.schema.as_ref().is_none_or(|schema| schema.matches(self.catalog.schema_name(relation.schema)))
    }

    /// The platform or an extension made it, and gave it its name.
    fn is_exempt(&self, object: Object, provenance: &Provenance) -> bool {
        named_by(provenance).layer == Layer::Platform || is_member(self.catalog, object)
    }

    /// An index belongs to whom its table belongs to.
    fn is_exempt_relation(&self, relation: &Relation) -> bool {
        let is_of_member = |index: &crate::catalog::Index| {
            self.catalog.relation(index.table).is_some_and(|table| self.is_exempt_part(table, &relation.provenance))
        };
        self.is_exempt(Object::Relation(relation.oid), &relation.provenance)
            || relation.as_index().is_some_and(is_of_member)
    }

    /// The platform made the part, or an extension made it with the relation. What a migration adds to a table of the
    /// platform is the migration's.
    fn is_exempt_part(&self, relation: &Relation, provenance: &Provenance) -> bool {
        let by_platform =
            named_by(provenance).layer == Layer::Platform && named_by(&relation.provenance).layer == Layer::Platform;
        let with_member = is_member(self.catalog, Object::Relation(relation.oid))
            && named_by(provenance).sequence == relation.provenance.created.sequence;
        by_platform || with_member
    }

    /// The relations of which nothing certain can be said, and that would not be exempt if they exist.
    fn tainted_relations(&self) -> impl Iterator<Item = (Oid, &'c Name, &'c Unknown)> {
        let is_exempt = |name: &Name, unknown: &Unknown| {
            unknown.origin.layer == Layer::Platform || self.is_relation_of_extension(name, unknown.origin)
        };
        self.catalog.taint.relations().filter(move |(_, name, unknown)| !is_exempt(name, unknown))
    }

    /// An extension that was made by this statement has a relation of that name.
    fn is_relation_of_extension(&self, name: &str, origin: Origin) -> bool {
        let made_here = |extension: &&Extension| extension.provenance.created.sequence == origin.sequence;
        self.catalog.extensions().filter(made_here).any(|extension| {
            let available = self.catalog.builtins().extension(&extension.name);
            let members = available.map(|available| available.members()).unwrap_or_default();
            members.iter().any(|member| matches!(member, ExtensionMember::Relation(relation) if relation.name == name))
        })
    }

    /// Why an object of a forbidden name may exist although the catalog has none.
    fn may_exist(&self, forbidden: &Forbidden) -> Option<&'c Unknown> {
        let catalog = self.catalog;
        let taint = &catalog.taint;
        if let Some(unknown) = taint.everything() {
            return Some(unknown);
        }
        let in_schema = |schema| forbidden.schema.as_ref().is_none_or(|s| s.matches(catalog.schema_name(schema)));
        match forbidden.kind {
            ForbiddenKind::Table | ForbiddenKind::View | ForbiddenKind::MaterializedView | ForbiddenKind::Sequence => {
                self.tainted_relations()
                    .find(|(schema, name, _)| forbidden.name.matches(name) && in_schema(*schema))
                    .map(|(.., unknown)| unknown)
            }
            // Whatever was done to a table, an index of any name may have come of it.
            ForbiddenKind::Index => {
                self.tainted_relations().find(|(schema, ..)| in_schema(*schema)).map(|(.., unknown)| unknown)
            }
            ForbiddenKind::Column | ForbiddenKind::Trigger | ForbiddenKind::Policy | ForbiddenKind::Constraint => self
                .tainted_relations()
                .filter(|(schema, name, _)| {
                    in_schema(*schema) && forbidden.relation.as_ref().is_none_or(|relation| relation.matches(name))
                })
                .find(|(schema, name, unknown)| {
                    // A drop that came later settles it.
                    let relation = catalog.relation_in(*schema, name);
                    let dropped = relation.and_then(|relation| self.last_drop(forbidden, relation));
                    dropped.is_none_or(|ended| ended.sequence <= unknown.origin.sequence)
                })
                .map(|(.., unknown)| unknown),
            // Types have no search by pattern: one that may have been made could have any name in question.
            ForbiddenKind::Type | ForbiddenKind::Domain | ForbiddenKind::Function => {
                taint.of_expressions().filter(|unknown| unknown.origin.layer != Layer::Platform)
            }
            ForbiddenKind::Schema | ForbiddenKind::Extension | ForbiddenKind::Role | ForbiddenKind::Publication => None,
        }
    }

    fn last_drop(&self, forbidden: &Forbidden, relation: &Relation) -> Option<Origin> {
        forbidden.name.literal()?;
        let of_relation = |grave: &&Tombstone| grave.object.relation() == Some(relation.oid);
        let graves = self.graves().matching(&forbidden.name);
        graves.filter(|grave| is_of_kind(forbidden.kind, grave)).filter(of_relation).map(|grave| grave.ended).last()
    }

    /// What had a forbidden name for a while.
    fn removed(&self, forbidden: &Forbidden) -> Vec<&'c Tombstone> {
        let mut removed: Vec<&'c Tombstone> = self
            .graves()
            .matching(&forbidden.name)
            .filter(|grave| is_of_kind(forbidden.kind, grave) && grave.created.layer != Layer::Platform)
            .filter(|grave| {
                let schema = grave.schema.as_deref().unwrap_or_default();
                let relation = grave.relation.as_deref().unwrap_or_default();
                forbidden.schema.as_ref().is_none_or(|pattern| pattern.matches(schema))
                    && forbidden.relation.as_ref().is_none_or(|pattern| pattern.matches(relation))
            })
            .collect();
        removed.sort_by_key(|grave| grave.ended.sequence);
        removed
    }

    /// A forbidden object that came and went is good in the end, and worth knowing.
    fn remark_removed(&self, requirement: &Requirement, removed: &[&'c Tombstone]) {
        for grave in removed {
            let schema = grave.schema.as_ref().map(|schema| format!("{}.", quote(schema)));
            let relation = grave.relation.as_ref().filter(|_| is_part(grave)).map(|name| format!("{}.", quote(name)));
            let what = format!(
                "{} {}{}{}",
                grave.kind,
                schema.unwrap_or_default(),
                relation.unwrap_or_default(),
                quote(&grave.name)
            );
            let message = format!("{what}, which is forbidden, was made, and later {}", ending(grave));
            let made = remark(grave.created, "made here");
            let diagnostic = finding("forbidden-object-removed", Severity::Info, message)
                .label(made.place, made.text)
                .label(grave.ended.place, end_of(grave).text)
                .label(requirement.place, "forbidden here");
            self.findings.borrow_mut().push(diagnostic);
        }
    }

    /// Names that are one letter off a forbidden one, unless a spec asks for them.
    fn warn_of_similar(&self, requirement: &Requirement, forbidden: &Forbidden) {
        let Some(name) = forbidden.name.literal() else { return };
        let mut similar: Vec<(String, Origin)> = Vec::new();
        match forbidden.kind {
            ForbiddenKind::Table
            | ForbiddenKind::Index
            | ForbiddenKind::View
            | ForbiddenKind::MaterializedView
            | ForbiddenKind::Sequence => {
                for relation in self.relation_names().similar(name) {
                    let counts = counts_as(forbidden.kind, &relation.kind).is_some()
                        && self.schema_matches(forbidden, relation)
                        && !self.required().relation(&relation.name)
                        && !self.is_exempt_relation(relation);
                    if counts {
                        let found = self.relation_match(relation, false);
                        similar.push((found.what, found.origin));
                    }
                }
            }
            ForbiddenKind::Column => {
                let Some(pattern) = &forbidden.relation else { return };
                for relation in self.relation_names().matching(pattern) {
                    for column in relation.live_columns() {
                        let counts = is_suspicious(&column.name, name)
                            && self.schema_matches(forbidden, relation)
                            && relation.as_index().is_none()
                            && !self.required().column(&relation.name, &column.name)
                            && !self.is_exempt_part(relation, &column.provenance);
                        if counts {
                            let table = self.catalog.relation_name(relation.oid, &[]);
                            let what = format!("column {table}.{}", quote(&column.name));
                            similar.push((what, named_by(&column.provenance)));
                        }
                    }
                }
            }
            // Of these, names of several words are common and look alike.
            ForbiddenKind::Type
            | ForbiddenKind::Domain
            | ForbiddenKind::Function
            | ForbiddenKind::Trigger
            | ForbiddenKind::Policy
            | ForbiddenKind::Constraint
            | ForbiddenKind::Schema
            | ForbiddenKind::Extension
            | ForbiddenKind::Role
            | ForbiddenKind::Publication => {}
        }
        for (what, origin) in similar {
            let message = format!("{what} is one letter off the forbidden {} {forbidden}", forbidden.kind.words());
            let made = remark(origin, "made here");
            let diagnostic = finding("similar-to-forbidden", Severity::Warning, message)
                .label(made.place, made.text)
                .label(requirement.place, "forbidden here")
                .help("if the name is meant as it is, list the object under `tables` of the spec");
            self.findings.borrow_mut().push(diagnostic);
        }
    }
}

/// The statement that gave a thing its name.
fn named_by(provenance: &Provenance) -> Origin {
    provenance.last_of(ChangeKind::Name)
}

fn is_member(catalog: &Catalog, object: Object) -> bool {
    catalog.dependencies.of(object).any(|edge| edge.kind == DependencyKind::Extension)
}

/// Whether a relation is what is forbidden, and if so, whether it only stands in for it.
fn counts_as(forbidden: ForbiddenKind, kind: &RelationKind) -> Option<bool> {
    let is = match kind {
        RelationKind::Table | RelationKind::PartitionedTable(_) | RelationKind::ForeignTable(_) => ForbiddenKind::Table,
        RelationKind::View(_) => ForbiddenKind::View,
        RelationKind::MaterializedView(..) => ForbiddenKind::MaterializedView,
        RelationKind::Sequence(_) => ForbiddenKind::Sequence,
        RelationKind::Index(_) => ForbiddenKind::Index,
        RelationKind::CompositeType => return None,
    };
    if forbidden == is {
        return Some(false);
    }
    let stands_in = match forbidden {
        ForbiddenKind::Table => matches!(is, ForbiddenKind::View | ForbiddenKind::MaterializedView),
        ForbiddenKind::View => is == ForbiddenKind::MaterializedView,
        ForbiddenKind::Column
        | ForbiddenKind::Index
        | ForbiddenKind::MaterializedView
        | ForbiddenKind::Sequence
        | ForbiddenKind::Type
        | ForbiddenKind::Domain
        | ForbiddenKind::Function
        | ForbiddenKind::Trigger
        | ForbiddenKind::Policy
        | ForbiddenKind::Constraint
        | ForbiddenKind::Schema
        | ForbiddenKind::Extension
        | ForbiddenKind::Role
        | ForbiddenKind::Publication => false,
    };
    stands_in.then_some(true)
}

/// Whether what is gone was what is forbidden.
fn is_of_kind(forbidden: ForbiddenKind, grave: &Tombstone) -> bool {
    let is_view = matches!(grave.kind, "view" | "materialized view");
    match grave.object {
        Object::Relation(_) => {
            grave.kind == forbidden.words()
                || forbidden == ForbiddenKind::Table
                    && (is_view || matches!(grave.kind, "foreign table" | "partitioned table"))
                || forbidden == ForbiddenKind::View && is_view
        }
        Object::Column(..) => forbidden == ForbiddenKind::Column,
        Object::Constraint(..) => forbidden == ForbiddenKind::Constraint,
        Object::Trigger(..) => forbidden == ForbiddenKind::Trigger,
        Object::Policy(..) => forbidden == ForbiddenKind::Policy,
        Object::Type(_) => {
            forbidden == ForbiddenKind::Type || forbidden == ForbiddenKind::Domain && grave.kind == "domain"
        }
        Object::Function(_) => forbidden == ForbiddenKind::Function,
        Object::Schema(_) => forbidden == ForbiddenKind::Schema,
        Object::Role(_) => forbidden == ForbiddenKind::Role,
        Object::Extension(_) => forbidden == ForbiddenKind::Extension,
        Object::Publication(_) => forbidden == ForbiddenKind::Publication,
        Object::Default(..)
        | Object::Rule(..)
        | Object::DomainConstraint(..)
        | Object::PublicationRelation(..)
        | Object::DefaultAcl(_)
        | Object::Operator(_)
        | Object::Cast(_)
        | Object::OpClass(_)
        | Object::OpFamily(_)
        | Object::Collation(_)
        | Object::Conversion(_)
        | Object::TsConfig(_)
        | Object::TsDict(_)
        | Object::Statistics(_)
        | Object::ForeignDataWrapper(_)
        | Object::ForeignServer(_)
        | Object::EventTrigger(_)
        | Object::Language(_)
        | Object::Transform(_)
        | Object::Database(_)
        | Object::LargeObject(_) => false,
    }
}

/// The name of what is gone was unique in a relation only.
fn is_part(grave: &Tombstone) -> bool {
    let kinds = ForbiddenKind::ALL.into_iter().map(|(_, kind)| kind);
    kinds.filter(|kind| kind.home() == Home::Relation).any(|kind| is_of_kind(kind, grave))
}
