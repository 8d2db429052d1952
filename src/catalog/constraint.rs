//! Constraints, whose names a schema's relations and domains share.

use std::sync::Arc;

use super::{Catalog, ChangeKind, Constraint, ConstraintKind, DomainCheck, Oid, Origin, Relation, TypeKind};
use crate::sql::ast::Name;

impl Catalog {
    /// A constraint of that name exists in the schema, on whatever relation or domain (`pg_constraint.c:
    /// ConstraintNameExists`).
    pub fn constraint_name_taken(&self, schema: Oid, name: &str) -> bool {
        self.constraint_names.get(schema, name).is_some()
    }

    /// The index keeps rows apart by operators, as those of exclusion constraints do (`indisexclusion`).
    pub(crate) fn is_exclusion_index(&self, index: Oid) -> bool {
        let Some(index) = self.relation(index).and_then(Relation::as_index) else { return false };
        let constraints = self.relation(index.table).map_or(&[][..], |table| &table.constraints);
        constraints.iter().find(|c| Some(c.oid) == index.constraint).is_some_and(|c| match &c.kind {
            ConstraintKind::Key { operators, .. } => !operators.is_empty(),
            ConstraintKind::Exclusion { .. } => true,
            ConstraintKind::Check { .. }
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::Trigger(_)
            | ConstraintKind::NotNull { .. } => false,
        })
    }

    pub(crate) fn add_constraint(&mut self, relation: Oid, constraint: Constraint) {
        let Some(relation) = self.relations.get_mut(&relation).map(Arc::make_mut) else { return };
        let (schema, name) = (relation.schema, constraint.name.clone());
        relation.constraints.push(constraint);
        self.count_constraint_name(schema, &name);
    }

    pub(crate) fn remove_constraint(&mut self, relation: Oid, constraint: Oid) -> Option<Constraint> {
        let relation = self.relations.get_mut(&relation).map(Arc::make_mut)?;
        let at = relation.constraints.iter().position(|c| c.oid == constraint)?;
        let removed = relation.constraints.remove(at);
        let schema = relation.schema;
        self.forget_constraint_name(schema, &removed.name);
        Some(removed)
    }

    pub(crate) fn rename_constraint(&mut self, relation: Oid, constraint: Oid, name: Name) {
        let Some(relation) = self.relations.get_mut(&relation).map(Arc::make_mut) else { return };
        let schema = relation.schema;
        let Some(found) = relation.constraints.iter_mut().find(|c| c.oid == constraint) else { return };
        let old = std::mem::replace(&mut found.name, name.clone());
        self.forget_constraint_name(schema, &old);
        self.count_constraint_name(schema, &name);
    }

    pub(crate) fn add_domain_check(&mut self, domain: Oid, check: DomainCheck) {
        let Some(ty) = self.types.get_mut(&domain).map(Arc::make_mut) else { return };
        let (schema, name) = (ty.schema, check.name.clone());
        let TypeKind::Domain(domain) = &mut ty.kind else { return };
        domain.checks.push(check);
        self.count_constraint_name(schema, &name);
    }

    pub(crate) fn remove_domain_check(&mut self, domain: Oid, check: Oid) -> Option<DomainCheck> {
        let ty = self.types.get_mut(&domain).map(Arc::make_mut)?;
        let schema = ty.schema;
        let TypeKind::Domain(domain) = &mut ty.kind else { return None };
        let at = domain.checks.iter().position(|c| c.oid == check)?;
        let removed = domain.checks.remove(at);
        self.forget_constraint_name(schema, &removed.name);
        Some(removed)
    }

    pub(crate) fn rename_domain_check(&mut self, domain: Oid, check: Oid, name: Name, origin: Origin) {
        let Some(ty) = self.types.get_mut(&domain).map(Arc::make_mut) else { return };
        let schema = ty.schema;
        let TypeKind::Domain(domain) = &mut ty.kind else { return };
        let Some(found) = domain.checks.iter_mut().find(|c| c.oid == check) else { return };
        found.provenance.change(origin, ChangeKind::Name);
        let old = std::mem::replace(&mut found.name, name.clone());
        self.forget_constraint_name(schema, &old);
        self.count_constraint_name(schema, &name);
    }

    pub(super) fn move_constraint_names(&mut self, from: Oid, to: Oid, names: &[Name]) {
        for name in names {
            self.forget_constraint_name(from, name);
            self.count_constraint_name(to, name);
        }
    }

    pub(super) fn count_constraint_name(&mut self, schema: Oid, name: &Name) {
        match self.constraint_names.get_mut(schema, name) {
            Some(count) => *count += 1,
            None => self.constraint_names.insert(schema, name.clone(), 1),
        }
    }

    pub(super) fn forget_constraint_name(&mut self, schema: Oid, name: &Name) {
        match self.constraint_names.get_mut(schema, name) {
            Some(count) if *count > 1 => *count -= 1,
            _ => self.constraint_names.remove(schema, name),
        }
    }
}
