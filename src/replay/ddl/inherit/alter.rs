//! ALTER TABLE … INHERIT and NO INHERIT, and what ATTACH and DETACH PARTITION share with them (`tablecmds.c:
//! CreateInheritance, RemoveInheritance`).

use super::can_inherit;
use crate::catalog::tree::map_stored;
use crate::catalog::{ColumnMap, Constraint, ConstraintKind, Oid, Relation};
use crate::replay::{Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::RangeVar;

impl Replay {
    /// `ATPrepAddInherit`: children that have what they have from elsewhere.
    pub(in crate::replay::ddl) fn refuse_new_parent(&self, child: &Relation) -> Exec {
        let refuse = |message: &str| Err(SqlError::new("42809", message).into());
        if child.of_type.is_some() {
            return refuse("cannot change inheritance of typed table");
        }
        if child.is_partition() {
            return refuse("cannot change inheritance of a partition");
        }
        if child.is_partitioned() {
            return refuse("cannot change inheritance of partitioned table");
        }
        Ok(())
    }

    /// `ATExecAddInherit`
    pub(in crate::replay::ddl) fn add_inherit(&mut self, rel: Oid, parent: &RangeVar, cx: &Context) -> Exec {
        let Some(child) = self.catalog.shared_relation(rel) else { return Ok(()) };
        let refuse = |message: &str| Err(SqlError::new("42809", message).into());
        let oid = self.table(parent)?;
        let Some(record) = self.catalog.shared_relation(oid) else { return Ok(()) };
        self.must_own_relation(oid)?;
        if !can_inherit(&record.kind) {
            return Err(self.wrong_kind(&record, "INHERIT"));
        }
        let temporary = |r: &Relation| r.persistence == crate::sql::ast::Persistence::Temporary;
        if temporary(&record) && !temporary(&child) {
            let message = format!("cannot inherit from temporary relation \"{}\"", record.name);
            return Err(SqlError::new("42809", message).into());
        }
        if record.is_partitioned() {
            let message = format!("cannot inherit from partitioned table \"{}\"", parent.name.name);
            return Err(SqlError::new("42809", message).into());
        }
        if record.is_partition() {
            return refuse("cannot inherit from a partition");
        }
        self.refuse_circle(&record, &child)?;
        if let Some(trigger) = with_transition_table(&child) {
            let message =
                format!("trigger \"{trigger}\" prevents table \"{}\" from becoming an inheritance child", child.name);
            let detail = "ROW triggers with transition tables are not supported in inheritance hierarchies.";
            return Err(SqlError::new("0A000", message).detail(detail).into());
        }
        drop((child, record));
        self.create_inheritance(rel, oid, cx)
    }

    /// 42P07 if `child` is `parent`, or above it.
    pub(in crate::replay::ddl) fn refuse_circle(&self, parent: &Relation, child: &Relation) -> Exec {
        if self.catalog.inheritors(child.oid).iter().all(|(oid, _)| *oid != parent.oid) {
            return Ok(());
        }
        let detail = format!("\"{}\" is already a child of \"{}\".", parent.name, child.name);
        Err(SqlError::new("42P07", "circular inheritance not allowed").detail(detail).into())
    }

    /// `CreateInheritance`
    pub(in crate::replay::ddl) fn create_inheritance(&mut self, rel: Oid, parent: Oid, cx: &Context) -> Exec {
        let (Some(child), Some(record)) = (self.catalog.shared_relation(rel), self.catalog.shared_relation(parent))
        else {
            return Ok(());
        };
        if child.parents.iter().any(|p| p.relation == parent) {
            let message = format!("relation \"{}\" would be inherited from more than once", record.name);
            return Err(SqlError::new("42P07", message).into());
        }
        let columns = self.merge_attributes_into(&child, &record)?;
        let checks = self.merge_constraints_into(&child, &record)?;
        drop(child);
        let partition = record.is_partitioned();
        self.catalog.add_parent(rel, parent);
        let Some(child) = self.catalog.relation_mut(rel) else { return Ok(()) };
        for number in columns {
            if let Some(column) = child.column_at_mut(number) {
                column.inherit_count += 1;
                column.is_local &= !partition;
            }
        }
        for constraint in &mut child.constraints {
            if checks.contains(&constraint.oid) {
                constraint.inherit_count += 1;
                constraint.is_local &= !partition;
            }
        }
        child.provenance.change(cx.origin, crate::catalog::ChangeKind::Definition);
        Ok(())
    }

    /// The columns of the child that the parent has (`MergeAttributesIntoExisting`).
    fn merge_attributes_into(&self, child: &Relation, parent: &Relation) -> Exec<Vec<i16>> {
        let mismatch = |message: String| SqlError::new("42804", message);
        let version = self.catalog.version();
        let mut merged = Vec::new();
        for column in parent.live_columns() {
            let name = &column.name;
            let Some(own) = child.column(name) else {
                let error = mismatch(format!("child table is missing column \"{name}\""));
                return Err(lookup::missing_column(&self.catalog, child, name, error));
            };
            if own.ty != column.ty {
                let message = format!("child table \"{}\" has different type for column \"{name}\"", child.name);
                return Err(mismatch(message).into());
            }
            if self.catalog.column_collation(own) != self.catalog.column_collation(column) {
                let message = format!("child table \"{}\" has different collation for column \"{name}\"", child.name);
                return Err(SqlError::new("42P21", message).into());
            }
            let private = parent.not_null(column.number).is_some_and(Constraint::is_private);
            if column.not_null && !own.not_null && !private {
                let message = if version >= 18 {
                    format!("column \"{name}\" in child table \"{}\" must be marked NOT NULL", child.name)
                } else {
                    format!("column \"{name}\" in child table must be marked NOT NULL")
                };
                return Err(mismatch(message).into());
            }
            match (&column.generated, &own.generated) {
                (Some(_), None) => {
                    let message = format!("column \"{name}\" in child table must be a generated column");
                    return Err(mismatch(message).into());
                }
                (None, Some(_)) if version >= 16 => {
                    let message = format!("column \"{name}\" in child table must not be a generated column");
                    return Err(mismatch(message).into());
                }
                (Some(theirs), Some(ours)) if version < 16 => {
                    let map = ColumnMap::by_name(parent, child);
                    let mapped = map_stored(&theirs.expr, parent.oid, child.oid, &map);
                    if !mapped.is_some_and(|theirs| self.same_expression(&theirs, &ours.expr)) {
                        let message =
                            format!("column \"{name}\" in child table has a conflicting generation expression");
                        return Err(mismatch(message).into());
                    }
                }
                (Some(theirs), Some(ours)) if theirs.stored != ours.stored => {
                    let kind = |stored| if stored { "STORED" } else { "VIRTUAL" };
                    let message = format!("column \"{name}\" inherits from generated column of different kind");
                    let detail =
                        format!("Parent column is {}, child column is {}.", kind(theirs.stored), kind(ours.stored));
                    return Err(SqlError::new("42611", message).detail(detail).into());
                }
                (Some(_) | None, Some(_) | None) => {}
            }
            merged.push(own.number);
        }
        Ok(merged)
    }

    /// The checks of the child that the parent has (`MergeConstraintsIntoExisting`).
    fn merge_constraints_into(&self, child: &Relation, parent: &Relation) -> Exec<Vec<Oid>> {
        let map = ColumnMap::by_name(parent, child);
        let mut merged = Vec::new();
        // The catalog is read by name.
        let mut checks: Vec<_> = parent.constraints.iter().collect();
        checks.sort_by(|a, b| a.name.cmp(&b.name));
        for check in checks {
            if let ConstraintKind::NotNull { no_inherit: false } = &check.kind {
                merged.extend(self.merge_not_null_into(child, parent, check)?);
                continue;
            }
            let ConstraintKind::Check { expr, no_inherit: false } = &check.kind else { continue };
            let name = &check.name;
            let own = child.constraints.iter().find(|c| c.name == *name);
            let Some((own, own_expr, no_inherit)) = own.and_then(|c| match &c.kind {
                ConstraintKind::Check { expr, no_inherit } => Some((c, expr, *no_inherit)),
                ConstraintKind::Key { .. }
                | ConstraintKind::Exclusion { .. }
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::Trigger(_)
                | ConstraintKind::NotNull { .. } => None,
            }) else {
                let message = format!("child table is missing constraint \"{name}\"");
                return Err(SqlError::new("42804", message).into());
            };
            let mapped = map_stored(expr, parent.oid, child.oid, &map);
            let same = mapped.is_some_and(|theirs| self.same_expression(&theirs, own_expr));
            if !same || own.deferrable != check.deferrable || own.initially_deferred != check.initially_deferred {
                let message =
                    format!("child table \"{}\" has different definition for check constraint \"{name}\"", child.name);
                return Err(SqlError::new("42804", message).into());
            }
            let what = if no_inherit {
                "non-inherited"
            } else if check.validated && own.enforced && !own.validated {
                "NOT VALID"
            } else if check.enforced && !own.enforced {
                "NOT ENFORCED"
            } else {
                merged.push(own.oid);
                continue;
            };
            let message =
                format!("constraint \"{name}\" conflicts with {what} constraint on child table \"{}\"", child.name);
            return Err(SqlError::new("42P17", message).into());
        }
        Ok(merged)
    }

    /// The child's not-null constraint on the column that the parent's is on.
    fn merge_not_null_into(&self, child: &Relation, parent: &Relation, theirs: &Constraint) -> Exec<Option<Oid>> {
        let Some(column) = theirs.columns.first().and_then(|&n| parent.column_at(n)) else { return Ok(None) };
        let Some(own) = child.column(&column.name).and_then(|c| child.not_null(c.number)) else {
            let message =
                format!("column \"{}\" in child table \"{}\" must be marked NOT NULL", column.name, child.name);
            return Err(SqlError::new("42804", message).into());
        };
        let what = if own.is_private() {
            "non-inherited"
        } else if theirs.validated && !own.validated {
            "NOT VALID"
        } else {
            return Ok(Some(own.oid));
        };
        let (name, table) = (&own.name, &child.name);
        let message = format!("constraint \"{name}\" conflicts with {what} constraint on child table \"{table}\"");
        Err(SqlError::new("42P17", message).into())
    }

    /// `ATExecDropInherit`
    pub(in crate::replay::ddl) fn drop_inherit(&mut self, rel: Oid, parent: &RangeVar, cx: &Context) -> Exec {
        if self.catalog.relation(rel).is_some_and(Relation::is_partition) {
            return Err(SqlError::new("42809", "cannot change inheritance of a partition").into());
        }
        let oid = self.table(parent)?;
        self.remove_inheritance(rel, oid, cx)
    }

    /// What a child does not have of its parent's constraints, as SET EXPRESSION may leave it (`RemoveInheritance`).
    fn refuse_lost_constraints(&self, child: &Relation, parent: &Relation) -> Exec {
        let mut unmatched = 0;
        let version = self.catalog.version();
        let is_asked = |c: &&Constraint| match c.kind {
            ConstraintKind::Check { .. } => true,
            ConstraintKind::NotNull { .. } => version >= 18,
            ConstraintKind::Key { .. }
            | ConstraintKind::Exclusion { .. }
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::Trigger(_) => false,
        };
        for theirs in parent.constraints.iter().filter(is_asked).filter(|c| !c.is_private()) {
            let own = match theirs.columns.first().and_then(|&number| parent.column_at(number)) {
                Some(column) if matches!(theirs.kind, ConstraintKind::NotNull { .. }) => {
                    child.column(&column.name).and_then(|column| child.not_null(column.number))
                }
                Some(_) | None => child.constraint(&theirs.name).filter(|c| c.is_check()),
            };
            match own {
                Some(own) if own.inherit_count <= 0 => {
                    let (table, name) = (child.oid.0, &own.name);
                    let message = format!("relation {table} has non-inherited constraint \"{name}\"");
                    return Err(SqlError::new("XX000", message).into());
                }
                Some(_) => {}
                None => unmatched += 1,
            }
        }
        if unmatched > 0 && version >= 18 {
            let (child, parent) = (&child.name, &parent.name);
            let message = format!(
                "{unmatched} unmatched constraints while removing inheritance from \"{child}\" to \"{parent}\""
            );
            return Err(SqlError::new("XX000", message).into());
        }
        Ok(())
    }

    /// `RemoveInheritance`
    pub(in crate::replay::ddl) fn remove_inheritance(&mut self, rel: Oid, parent: Oid, cx: &Context) -> Exec {
        let (Some(child), Some(record)) = (self.catalog.shared_relation(rel), self.catalog.shared_relation(parent))
        else {
            return Ok(());
        };
        if !self.catalog.remove_parent(rel, parent) {
            let message = if record.is_partitioned() {
                format!("relation \"{}\" is not a partition of relation \"{}\"", child.name, record.name)
            } else {
                format!("relation \"{}\" is not a parent of relation \"{}\"", record.name, child.name)
            };
            return Err(SqlError::new("42P01", message).into());
        }
        self.refuse_lost_constraints(&child, &record)?;
        drop(child);
        let is_check =
            |name: &str| record.constraint(name).is_some_and(|c| matches!(c.kind, ConstraintKind::Check { .. }));
        // The columns that the parent's not-null constraints are on.
        let is_not_null = |name: &str| {
            let theirs = record.column(name).and_then(|column| record.not_null(column.number));
            theirs.is_some_and(|constraint| !constraint.is_private())
        };
        let Some(child) = self.catalog.relation_mut(rel) else { return Ok(()) };
        let columns: Vec<i16> = child.live_columns().filter(|c| is_not_null(&c.name)).map(|c| c.number).collect();
        for column in child.columns.iter_mut().filter(|c| !c.dropped && c.inherit_count > 0) {
            if record.column(&column.name).is_some() {
                column.inherit_count -= 1;
                column.is_local |= column.inherit_count == 0;
            }
        }
        for constraint in &mut child.constraints {
            let inherited = match constraint.kind {
                ConstraintKind::Check { .. } => is_check(&constraint.name),
                ConstraintKind::NotNull { .. } => constraint.columns.iter().any(|n| columns.contains(n)),
                ConstraintKind::Key { .. }
                | ConstraintKind::Exclusion { .. }
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::Trigger(_) => false,
            };
            if inherited && constraint.inherit_count > 0 {
                constraint.inherit_count -= 1;
                constraint.is_local |= constraint.inherit_count == 0;
            }
        }
        child.provenance.change(cx.origin, crate::catalog::ChangeKind::Definition);
        Ok(())
    }
}

/// A trigger for each row that sees transition tables (`trigger.c: FindTriggerIncompatibleWithInheritance`).
pub(in crate::replay::ddl) fn with_transition_table(table: &Relation) -> Option<&str> {
    let found = table.triggers.iter().find(|t| t.row && (t.old_table.is_some() || t.new_table.is_some()));
    found.map(|t| t.name.as_str())
}
