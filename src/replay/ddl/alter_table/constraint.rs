//! ALTER CONSTRAINT, VALIDATE CONSTRAINT and DROP CONSTRAINT (`tablecmds.c: ATExecAlterConstraint`,
//! `ATExecValidateConstraint`, `ATExecDropConstraint`).

use crate::catalog::{ChangeKind, ConstraintKind, Oid, Relation};
use crate::replay::ddl::constraint::not_null::Dropping;
use crate::replay::{Context, Exec, Opaque, Replay, SqlError};
use crate::sql::ast::{AlterTableCommand, Name, Touches};

/// What ALTER CONSTRAINT changes (`ATAlterConstraint`).
#[derive(Clone, Copy)]
pub(super) struct ConstraintChange {
    /// Deferrable and initially deferred.
    pub deferrability: Option<(bool, bool)>,
    /// `[NOT] ENFORCED`
    pub enforced: Option<bool>,
    /// `NO INHERIT` or `INHERIT`
    pub no_inherit: Option<bool>,
}

impl Replay {
    /// `ATExecDropConstraint`
    pub(super) fn drop_constraint_everywhere(
        &mut self,
        rel: Oid,
        name: &Name,
        command: &AlterTableCommand,
        recurse: bool,
        recursing: bool,
        cx: &Context,
    ) -> Exec {
        let Some(relation) = self.catalog.shared_relation(rel) else { return Ok(()) };
        let found = relation.constraint(name);
        if let Some(constraint) = found.filter(|c| c.inherit_count > 0 && !recursing) {
            let message = format!("cannot drop inherited constraint \"{name}\" of relation \"{}\"", relation.name);
            let text = format!("constraint \"{name}\" made here");
            return Err(SqlError::new("42P16", message).related(constraint.provenance.created, text).into());
        }
        if let Some(constraint) = found.filter(|c| matches!(c.kind, ConstraintKind::NotNull { .. })) {
            let how = Dropping { behavior: command.behavior, recurse, recursing: false };
            return self.drop_not_null_constraint(rel, constraint.oid, how, cx);
        }
        let (is_check, private) = match found.map(|c| &c.kind) {
            Some(ConstraintKind::Check { no_inherit, .. }) => (true, *no_inherit),
            Some(
                ConstraintKind::Key { .. }
                | ConstraintKind::Exclusion { .. }
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::Trigger(_)
                | ConstraintKind::NotNull { .. },
            )
            | None => (false, true),
        };
        let missing = found.is_none();
        let inheritable = found.is_some_and(|c| self.catalog.is_inheritable_key(c.oid)) && !relation.is_partitioned();
        self.drop_constraint(rel, name, command, cx)?;
        if inheritable {
            return self.drop_key_of_children(&relation, name);
        }
        if missing || !is_check || private {
            return Ok(());
        }
        if relation.is_partitioned() && !relation.children.is_empty() && !recurse && self.catalog.version() < 18 {
            let message = "cannot remove constraint from only the partitioned table when partitions exist";
            return Err(SqlError::new("42P16", message).hint("Do not specify the ONLY keyword.").into());
        }
        for &child in &relation.children {
            let Some(table) = self.catalog.relation(child) else { continue };
            let Some(own) = table.constraint(name) else {
                return Err(self.undefined_constraint(table, name));
            };
            let (oid, count, is_local) = (own.oid, own.inherit_count, own.is_local);
            if recurse && count == 1 && !is_local {
                self.drop_constraint_everywhere(child, name, command, true, true, cx)?;
            } else {
                // Since 18 it is the child's own when no parent has it (`dropconstraint_internal`).
                let first = self.catalog.version() < 18;
                self.change_inheritance_of_constraint(child, oid, |c| {
                    c.inherit_count -= 1;
                    c.is_local |= !recurse && (first || c.inherit_count == 0);
                });
            }
        }
        Ok(())
    }

    /// A key that a detached partition got from its table is looked for in the children that it has since
    /// (`ATExecDropConstraint`), which do not have it.
    fn drop_key_of_children(&self, relation: &Relation, name: &Name) -> Exec {
        for &child in &relation.children {
            let Some(table) = self.catalog.relation(child) else { continue };
            let Some(own) = table.constraint(name) else { return Err(self.undefined_constraint(table, name)) };
            if own.is_check() {
                let reason = format!("constraint \"{name}\" of a child is another than that of its parent");
                return Err(Opaque::new(reason, Touches::Nothing).into());
            }
            return Err(SqlError::new("XX000", "inherited constraint is not a CHECK constraint").into());
        }
        Ok(())
    }

    /// `ATExecValidateConstraint`
    pub(super) fn validate_everywhere(&mut self, rel: Oid, name: &Name, recurse: bool, cx: &Context) -> Exec {
        self.check_validatable(rel, name)?;
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let Some(found) = relation.constraint(name) else { return Err(self.undefined_constraint(relation, name)) };
        if !found.enforced {
            return Err(SqlError::new("55000", "cannot validate NOT ENFORCED constraint").into());
        }
        let (oid, validated) = (found.oid, found.validated);
        match found.kind {
            ConstraintKind::NotNull { .. } => return self.validate_not_null(rel, oid, recurse, cx),
            ConstraintKind::Check { no_inherit: false, .. } if !validated => {
                for (child, _) in self.catalog.inheritors(rel).into_iter().skip(1) {
                    if !recurse {
                        let message = "constraint must be validated on child tables too";
                        return Err(SqlError::new("42P16", message).into());
                    }
                    self.change_constraint(child, name, cx, |c| c.validated = true)?;
                }
            }
            // Those of partitions follow (`QueueFKConstraintValidation`).
            ConstraintKind::ForeignKey(_) if !validated => {
                self.refuse_ambiguous_key(rel, oid)?;
                for (table, part) in self.with_parts(rel, oid) {
                    self.change_inheritance_of_constraint(table, part, |c| c.validated = true);
                }
            }
            ConstraintKind::Check { .. }
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::Key { .. }
            | ConstraintKind::Exclusion { .. }
            | ConstraintKind::Trigger(_) => {}
        }
        self.change_constraint(rel, name, cx, |c| c.validated = true)
    }

    /// Validating is for the kinds that may be NOT VALID.
    fn check_validatable(&self, rel: Oid, name: &str) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let Some(constraint) = relation.constraint(name) else { return Ok(()) };
        match constraint.kind {
            ConstraintKind::ForeignKey(_) | ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. } => Ok(()),
            ConstraintKind::Key { .. } | ConstraintKind::Exclusion { .. } | ConstraintKind::Trigger(_)
                if self.catalog.version() >= 18 =>
            {
                let message = format!("cannot validate constraint \"{name}\" of relation \"{}\"", relation.name);
                let detail = "This operation is not supported for this type of constraint.";
                Err(SqlError::new("42809", message).detail(detail).into())
            }
            ConstraintKind::Key { .. } | ConstraintKind::Exclusion { .. } | ConstraintKind::Trigger(_) => {
                let table = &relation.name;
                let message =
                    format!("constraint \"{name}\" of relation \"{table}\" is not a foreign key or check constraint");
                let error = SqlError::new("42809", message);
                Err(error.related(constraint.provenance.created, format!("constraint \"{name}\" made here")).into())
            }
        }
    }

    /// `ATExecAlterConstraint`: the constraints that are parts of it follow.
    pub(super) fn alter_constraint_everywhere(
        &mut self,
        rel: Oid,
        name: &Name,
        change: ConstraintChange,
        recurse: bool,
        cx: &Context,
    ) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let table = &relation.name;
        if relation.is_partitioned() && !recurse && self.catalog.version() >= 18 {
            let error = SqlError::new("42P16", "constraint must be altered in child tables too");
            return Err(error.hint("Do not specify the ONLY keyword.").into());
        }
        let Some(found) = relation.constraint(name) else { return Err(self.undefined_constraint(relation, name)) };
        let oid = found.oid;
        if !matches!(found.kind, ConstraintKind::ForeignKey(_)) {
            let message = if change.deferrability.is_some() {
                format!("constraint \"{name}\" of relation \"{table}\" is not a foreign key constraint")
            } else if change.enforced.is_some() {
                format!("cannot alter enforceability of constraint \"{name}\" of relation \"{table}\"")
            } else {
                return match change.no_inherit {
                    Some(no_inherit) => self.alter_inheritability(rel, oid, no_inherit, cx),
                    None => Ok(()),
                };
            };
            let error = SqlError::new("42809", message);
            let made = format!("constraint \"{name}\" made here");
            return Err(error.related(found.provenance.created, made).into());
        }
        if let Some(no_inherit) = change.no_inherit {
            return self.alter_inheritability(rel, oid, no_inherit, cx);
        }
        if let Some(above) = found.parent {
            let message = format!("cannot alter constraint \"{name}\" on relation \"{table}\"");
            let parent = self.catalog.partition_ancestors(rel).into_iter().chain([rel]).find_map(|oid| {
                let table = self.catalog.relation(oid)?;
                Some((table.constraints.iter().find(|c| c.oid == above)?.name.clone(), table.name.clone()))
            });
            let (parent, table) = parent.unwrap_or_default();
            let detail =
                format!("Constraint \"{name}\" is derived from constraint \"{parent}\" of relation \"{table}\".");
            // Before 18 PostgreSQL gives it no state of its own.
            let (state, hint) = match self.catalog.version() >= 18 {
                true => ("55000", "You may alter the constraint it derives from instead."),
                false => ("XX000", "You may alter the constraint it derives from, instead."),
            };
            return Err(SqlError::new(state, message).detail(detail).hint(hint).into());
        }
        for (table, oid) in self.with_parts(rel, oid) {
            self.change_inheritance_of_constraint(table, oid, |c| {
                if let Some((deferrable, deferred)) = change.deferrability {
                    c.deferrable = deferrable || deferred;
                    c.initially_deferred = deferred;
                }
                // One that is enforced again is validated, too (`AlterConstrUpdateConstraintEntry`).
                if let Some(enforced) = change.enforced.filter(|&enforced| enforced != c.enforced) {
                    (c.enforced, c.validated) = (enforced, enforced);
                }
                c.provenance.change(cx.origin, ChangeKind::Definition);
            });
        }
        Ok(())
    }

    /// A constraint and all that are parts of it, with their tables.
    fn with_parts(&self, rel: Oid, constraint: Oid) -> Vec<(Oid, Oid)> {
        let mut all = vec![(rel, constraint)];
        let mut next = 0;
        while let Some(&(table, oid)) = all.get(next) {
            next += 1;
            all.extend(self.catalog.constraint_children(table, oid).into_iter().map(|(t, c)| (t, c.oid)));
        }
        all
    }
}
