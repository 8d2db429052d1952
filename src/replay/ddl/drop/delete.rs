//! Deletes objects with everything that depends on them, or refuses to (`dependency.c`).

use rustc_hash::FxHashMap;

use super::search::Search;
use crate::catalog::{ChangeKind, DependencyKind, Ending, Object, Oid, Origin, Relation};
use crate::replay::{Context, Exec, Replay, SqlError};
use crate::sql::ast::{DropBehavior, Name};

impl Replay {
    /// Deletes objects and what depends on them (`dependency.c: performMultipleDeletions`).
    pub(in crate::replay) fn delete_objects(
        &mut self,
        targets: &[Object],
        behavior: DropBehavior,
        cx: &Context,
    ) -> Exec {
        if targets.is_empty() {
            return Ok(());
        }
        for &target in targets {
            self.refuse_part(target, targets)?;
        }
        let mut search = Search { order: Vec::new(), found: FxHashMap::default() };
        for &target in targets {
            search.visit(self, target, None);
        }
        if behavior == DropBehavior::Restrict {
            self.refuse_dependents(targets, &search)?;
        }
        let path = self.path();
        let what: Vec<String> = targets.iter().map(|&t| self.catalog.describe(t, &path)).collect();
        let what = Name::from(what.join(", "));
        for object in search.order {
            let how = match targets.contains(&object) {
                true => Ending::Dropped,
                false => Ending::DroppedWith { what: what.clone() },
            };
            self.remove(object, how, cx.origin);
        }
        Ok(())
    }

    /// A part of something else cannot be dropped alone (`findDependentObjects`, at depth 0).
    fn refuse_part(&self, target: Object, targets: &[Object]) -> Exec {
        if self.is_pinned(target) {
            let name = self.describe_pinned(target);
            let message = format!("cannot drop {name} because it is required by the database system");
            return Err(SqlError::new("2BP01", message).into());
        }
        // What was cloned from a partitioned table is dropped there (`DEPFLAG_IS_PART`).
        // The index of a key may be a part of another index, where the key is not.
        let index = match (target, self.catalog.partition_owner(target)) {
            (Object::Constraint(rel, oid), None) => self.index_of_constraint(rel, oid).map(Object::Relation),
            _ => None,
        };
        let target = index.filter(|&index| self.catalog.partition_owner(index).is_some()).unwrap_or(target);
        let partitioned = self.catalog.partition_owner(target).map(|owner| (owner, DependencyKind::Internal));
        let Some((owner, kind)) = partitioned.or_else(|| self.catalog.owner_of(target)) else { return Ok(()) };
        if targets.contains(&owner) || self.within(owner, targets) {
            return Ok(());
        }
        match kind {
            DependencyKind::Internal | DependencyKind::Extension => {}
            DependencyKind::Normal | DependencyKind::Auto | DependencyKind::AutoExtension => return Ok(()),
        }
        let path = self.path();
        let (target, owner) = (self.catalog.describe(target, &path), self.catalog.describe(owner, &path));
        let message = format!("cannot drop {target} because {owner} requires it");
        Err(SqlError::new("2BP01", message).hint(format!("You can drop {owner} instead.")).into())
    }

    fn index_of_constraint(&self, rel: Oid, constraint: Oid) -> Option<Oid> {
        let indexes = self.catalog.relation(rel).into_iter().flat_map(|r| r.indexes.iter().copied());
        let is_its = |oid: &Oid| {
            let index = self.catalog.relation(*oid).and_then(Relation::as_index);
            index.is_some_and(|index| index.constraint == Some(constraint))
        };
        { indexes }.find(is_its)
    }

    pub(in crate::replay::ddl) fn describe_pinned(&self, object: Object) -> String {
        let path = self.path();
        match object {
            Object::Function(oid) => match self.catalog.builtins().function_by_oid(oid) {
                Some(function) => {
                    let types = function.input_types().map(|ty| self.catalog.format_type_be(ty, &path));
                    format!("function {}({})", function.name, types.collect::<Vec<_>>().join(","))
                }
                None => self.catalog.describe(object, &path),
            },
            _ => self.catalog.describe(object, &path),
        }
    }

    /// `dependency.c: IsPinnedObject`: `public` may go.
    pub(in crate::replay::ddl) fn is_pinned(&self, object: Object) -> bool {
        match object {
            Object::Schema(oid) => oid.is_builtin() && oid != crate::catalog::PUBLIC_SCHEMA,
            Object::Relation(oid)
            | Object::Type(oid)
            | Object::Function(oid)
            | Object::Operator(oid)
            | Object::Cast(oid)
            | Object::OpClass(oid)
            | Object::OpFamily(oid)
            | Object::Collation(oid)
            | Object::TsConfig(oid)
            | Object::TsDict(oid)
            | Object::Statistics(oid) => oid.is_builtin(),
            Object::Language(oid) => self.catalog.language(oid).is_some_and(|l| !l.is_procedural()),
            _ => false,
        }
    }

    fn within(&self, object: Object, targets: &[Object]) -> bool {
        object.relation().is_some_and(|rel| targets.contains(&Object::Relation(rel)))
    }

    /// `dependency.c: reportDependentObjects`
    fn refuse_dependents(&self, targets: &[Object], search: &Search) -> Exec {
        let path = self.path();
        let mut details = Vec::new();
        let mut origins = Vec::new();
        // A column goes with its table (`DEPFLAG_SUBOBJECT`).
        let of_whole = |object: &Object| matches!(object, Object::Column(rel, _) if search.found.contains_key(&Object::Relation(*rel)));
        for &object in search.order.iter().rev().filter(|object| !of_whole(object)) {
            let Some(found) = search.found.get(&object) else { continue };
            let Some(on) = found.because.filter(|_| !found.silent) else { continue };
            let dependent = self.catalog.describe(object, &path);
            details.push(format!("{dependent} depends on {}", self.catalog.describe(on, &path)));
            if let Some(origin) = self.made_by(object) {
                origins.push((origin, format!("{dependent} made here")));
            }
        }
        let Some(&first) = targets.first().filter(|_| !details.is_empty()) else { return Ok(()) };
        let message = match targets {
            [_] => format!("cannot drop {} because other objects depend on it", self.catalog.describe(first, &path)),
            _ => "cannot drop desired object(s) because other objects depend on them".to_owned(),
        };
        let mut error = SqlError::new("2BP01", message)
            .detail(details.join("\n"))
            .hint("Use DROP ... CASCADE to drop the dependent objects too.");
        error.related = origins;
        Err(error.into())
    }

    /// When an object got the definition that it has: the number of the statement.
    pub(in crate::replay::ddl) fn defined_at(&self, object: Object) -> Option<u32> {
        let last = |provenance: &crate::catalog::Provenance| provenance.last_of(ChangeKind::Definition).sequence;
        let relation = |rel| self.catalog.relation(rel);
        match object {
            Object::Relation(oid) => relation(oid).map(|r| last(&r.provenance)),
            Object::Trigger(rel, oid) => {
                relation(rel)?.triggers.iter().find(|t| t.oid == oid).map(|t| last(&t.provenance))
            }
            Object::Policy(rel, oid) => {
                relation(rel)?.policies.iter().find(|p| p.oid == oid).map(|p| last(&p.provenance))
            }
            Object::Rule(rel, oid) => relation(rel)?.rules.iter().find(|r| r.oid == oid).map(|r| last(&r.provenance)),
            Object::Function(oid) => self.catalog.function(oid).map(|f| last(&f.provenance)),
            object => self.made_by(object).map(|origin| origin.sequence),
        }
    }

    /// The statement that made an object.
    pub(in crate::replay) fn made_by(&self, object: Object) -> Option<Origin> {
        let relation = |rel| self.catalog.relation(rel);
        match object {
            Object::Schema(oid) => self.catalog.schema(oid).map(|s| s.provenance.created),
            Object::Relation(oid) => relation(oid).map(|r| r.provenance.created),
            Object::Column(rel, number) => relation(rel)?.column_at(number).map(|c| c.provenance.created),
            Object::Default(rel, number) => {
                relation(rel)?.column_at(number).map(|c| c.provenance.last_of(ChangeKind::Default))
            }
            Object::Constraint(rel, oid) => {
                relation(rel)?.constraints.iter().find(|c| c.oid == oid).map(|c| c.provenance.created)
            }
            Object::Trigger(rel, oid) => {
                relation(rel)?.triggers.iter().find(|t| t.oid == oid).map(|t| t.provenance.created)
            }
            Object::Policy(rel, oid) => {
                relation(rel)?.policies.iter().find(|p| p.oid == oid).map(|p| p.provenance.created)
            }
            Object::Rule(rel, oid) => relation(rel)?.rules.iter().find(|r| r.oid == oid).map(|r| r.provenance.created),
            Object::Type(oid) | Object::DomainConstraint(oid, _) => {
                self.catalog.type_(oid).map(|t| t.provenance.created)
            }
            Object::Function(oid) => self.catalog.function(oid).map(|f| f.provenance.created),
            Object::Role(oid) => self.catalog.role(oid).map(|r| r.provenance.created),
            Object::Extension(oid) => self.catalog.extension(oid).map(|e| e.provenance.created),
            Object::Publication(oid) | Object::PublicationRelation(oid, _) => {
                self.catalog.publication(oid).map(|p| p.provenance.created)
            }
            Object::DefaultAcl(_) => None,
            Object::Operator(oid) => self.catalog.operator(oid).map(|o| o.provenance.created),
            Object::Cast(oid) => self.catalog.user_cast_by_oid(oid).map(|c| c.provenance.created),
            Object::OpClass(oid) => self.catalog.opclass(oid).map(|o| o.provenance.created),
            Object::OpFamily(oid) => self.catalog.opfamily(oid).map(|o| o.provenance.created),
            Object::Collation(oid) => self.catalog.collation(oid).map(|c| c.provenance.created),
            Object::Conversion(oid) => self.catalog.conversion(oid).map(|c| c.provenance.created),
            Object::TsConfig(oid) => self.catalog.ts_config(oid).map(|c| c.provenance.created),
            Object::TsDict(oid) => self.catalog.ts_dict(oid).map(|d| d.provenance.created),
            Object::Statistics(oid) => self.catalog.statistics(oid).map(|s| s.provenance.created),
            Object::ForeignDataWrapper(_)
            | Object::ForeignServer(_)
            | Object::EventTrigger(_)
            | Object::Language(_) => self.catalog.unplaced(object).map(|o| o.provenance.created),
            Object::Transform(oid) => self.catalog.transform(oid).map(|t| t.provenance.created),
            Object::LargeObject(oid) => self.catalog.large_object(oid).map(|o| o.provenance.created),
            Object::Database(_) => None,
        }
    }
}
