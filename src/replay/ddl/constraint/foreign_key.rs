//! Foreign keys (`tablecmds.c: ATAddForeignKeyConstraint`).

use super::operators::Compared;
use super::{Adding, join_column_names};
use crate::catalog::{
    AttrNumber, ConstraintKind as StoredKind, DependencyKind, ForeignKey as StoredKey, IndexKey, Object, Oid, Relation,
    TypeKind,
};
use crate::expr::is_system_column;
use crate::replay::{Context, Exec, Replay, SqlError, Stop, lookup};
use crate::sql::ast::*;
use crate::sql::span::Loc;

impl Replay {
    pub(super) fn add_foreign_key(
        &mut self,
        rel: Oid,
        constraint: &Constraint,
        key: &ForeignKey,
        column: Option<&Name>,
        how: Adding,
        cx: &Context,
    ) -> Exec {
        let target = self.table(&key.references)?;
        let (Some(relation), Some(referenced)) = (self.catalog.relation(rel), self.catalog.relation(target)) else {
            return Ok(());
        };
        if relation.is_partitioned() {
            let of = format!(
                "foreign key on partitioned table \"{}\" referencing relation \"{}\"",
                relation.name, referenced.name
            );
            if how == (Adding::Alter { recurse: false }) {
                return Err(SqlError::new("42809", format!("cannot use ONLY for {of}")).into());
            }
            if constraint.not_valid && how != Adding::Create && self.catalog.version() < 18 {
                let detail = "This feature is not yet supported on partitioned tables.";
                return Err(SqlError::new("42809", format!("cannot add NOT VALID {of}")).detail(detail).into());
            }
        }
        if !referenced.is_table() || matches!(referenced.kind, crate::catalog::RelationKind::ForeignTable(_)) {
            let message = format!("referenced relation \"{}\" is not a table", referenced.name);
            return Err(SqlError::new("42809", message).into());
        }
        let (may, others) = match relation.persistence {
            Persistence::Permanent => (referenced.persistence == Persistence::Permanent, ["permanent", "permanent"]),
            Persistence::Unlogged => {
                (referenced.persistence != Persistence::Temporary, ["unlogged", "permanent or unlogged"])
            }
            Persistence::Temporary => (referenced.persistence == Persistence::Temporary, ["temporary", "temporary"]),
        };
        if !may {
            let message = format!("constraints on {} tables may reference only {} tables", others[0], others[1]);
            return Err(SqlError::new("42P16", message).into());
        }
        let names: Vec<Name> = match column {
            Some(column) if key.columns.is_empty() => vec![column.clone()],
            Some(_) | None => key.columns.clone(),
        };
        let columns = self.foreign_key_columns(relation, &names, constraint.loc)?;
        let refuse = |message: &str| Err(SqlError::new("42830", message).into());
        let period = key.with_period;
        let not_referencing = "foreign key uses PERIOD on the referenced table but not the referencing table";
        if key.referenced_with_period && !period {
            return refuse(not_referencing);
        }
        let on_delete_columns = self.foreign_key_columns(relation, &key.on_delete_columns, constraint.loc)?;
        // `validateFkOnDeleteSetColumns`
        let mut set = key.on_delete_columns.iter().zip(&on_delete_columns);
        if let Some((name, _)) = set.find(|(_, number)| !columns.contains(number)) {
            let message = format!("column \"{name}\" referenced in ON DELETE SET action must be part of foreign key");
            return Err(SqlError::new("42P10", message).into());
        }
        let (referenced_columns, index) = if key.referenced_columns.is_empty() {
            let Some(primary) = referenced.primary_key() else {
                let message = format!("there is no primary key for referenced table \"{}\"", referenced.name);
                return Err(SqlError::new("42704", message).into());
            };
            let StoredKind::Key { index, .. } = primary.kind else { return Ok(()) };
            if primary.deferrable {
                let table = &referenced.name;
                let message = format!("cannot use a deferrable primary key for referenced table \"{table}\"");
                return Err(SqlError::new("55000", message).into());
            }
            if !period && self.is_exclusion(index) {
                return refuse(not_referencing);
            }
            (primary.columns.clone(), index)
        } else {
            let columns = self.foreign_key_columns(referenced, &key.referenced_columns, constraint.loc)?;
            if period && !key.referenced_with_period {
                return refuse("foreign key uses PERIOD on the referencing table but not the referenced table");
            }
            if (1..columns.len()).any(|i| columns[..i].contains(&columns[i])) {
                let message = "foreign key referenced-columns list must not contain duplicates";
                return Err(SqlError::new("42830", message).into());
            }
            let deferrable = |index: &Oid| self.is_deferrable(referenced, *index);
            let found = self.unique_index_on(referenced, &columns, period, false);
            if found.is_none()
                && self.unique_index_on(referenced, &columns, period, true).as_ref().is_some_and(deferrable)
            {
                let table = &referenced.name;
                let message = format!("cannot use a deferrable unique constraint for referenced table \"{table}\"");
                return Err(SqlError::new("55000", message).into());
            }
            let Some(index) = found else {
                let message = format!(
                    "there is no unique constraint matching given keys for referenced table \"{}\"",
                    referenced.name
                );
                return Err(SqlError::new("42830", message).into());
            };
            (columns, index)
        };
        if !period && self.is_exclusion(index) {
            return refuse("foreign key must use PERIOD when referencing a primary key using WITHOUT OVERLAPS");
        }
        self.may_refer_to(referenced, &referenced_columns)?;
        refuse_generated(relation, &columns, key)?;
        let is_virtual = |number: &AttrNumber| {
            relation.column_at(*number).and_then(|c| c.generated.as_ref()).is_some_and(|g| !g.stored)
        };
        if columns.iter().any(is_virtual) {
            let message = "foreign key constraints on virtual generated columns are not supported";
            return Err(SqlError::new("0A000", message).into());
        }
        refuse_period_actions(key)?;
        if columns.len() != referenced_columns.len() {
            let message = "number of referencing and referenced columns for foreign key disagree";
            return Err(SqlError::new("42830", message).into());
        }
        let name = constraint.name.clone().unwrap_or_else(|| {
            let joined = join_column_names(names.iter().map(Name::as_str));
            self.choose_constraint_name(relation, Some(&joined), "fkey")
        });
        let operators = self.foreign_key_operators(&Compared {
            name: &name,
            referencing: (relation, &columns),
            referenced: (referenced, &referenced_columns),
            index,
            period,
        })?;
        // The key reaches the partition that it refers to, which is open already (`ATExecAddConstraint`).
        if target != rel
            && relation.is_partitioned()
            && relation.provenance.created.sequence != cx.origin.sequence
            && self.catalog.inheritors(rel).iter().any(|(oid, _)| *oid == target)
        {
            let table = &referenced.name;
            let message =
                format!("cannot ALTER TABLE \"{table}\" because it is being used by active queries in this session");
            return Err(SqlError::new("55006", message).into());
        }
        let kind = StoredKind::ForeignKey(Box::new(StoredKey {
            table: target,
            columns: referenced_columns.clone(),
            index,
            match_type: key.match_type,
            on_delete: key.on_delete,
            on_delete_columns,
            on_update: key.on_update,
            period,
            operators: operators.clone(),
        }));
        let oid = self.store_constraint(rel, constraint, name, kind, columns, cx);
        let this = Object::Constraint(rel, oid);
        for number in referenced_columns {
            self.catalog.dependencies.add(this, Object::Column(target, number), DependencyKind::Normal);
        }
        self.catalog.dependencies.add(this, Object::Relation(target), DependencyKind::Normal);
        self.catalog.dependencies.add(this, Object::Relation(index), DependencyKind::Normal);
        self.depend_on_operators(rel, oid, &operators);
        self.spread_foreign_key(rel, oid, cx)?;
        // A new column is NULL in all rows, unless it has a default (`transformAlterTableStmt`).
        let is_null =
            |name: &Name| self.catalog.relation(rel).and_then(|r| r.column(name)).is_some_and(|c| c.default.is_none());
        match how == Adding::Create || constraint.not_valid || column.is_some_and(is_null) {
            true => Ok(()),
            false => self.refuse_ambiguous_key(rel, oid),
        }
    }

    /// `tablecmds.c: transformColumnNameList`
    pub(super) fn foreign_key_columns(&self, relation: &Relation, names: &[Name], loc: Loc) -> Exec<Vec<AttrNumber>> {
        let missing = |name: &Name| -> Stop {
            if is_system_column(name) {
                return SqlError::new("0A000", "system columns cannot be used in foreign keys").at(loc).into();
            }
            let message = format!("column \"{name}\" referenced in foreign key constraint does not exist");
            lookup::missing_column(&self.catalog, relation, name, SqlError::new("42703", message).at(loc))
        };
        names.iter().map(|n| relation.column(n).map(|c| c.number).ok_or_else(|| missing(n))).collect()
    }

    /// The unique index over exactly these columns, in whatever order; for a period one that keeps ranges apart, with
    /// the period as its last key (`transformFkeyCheckAttrs`).
    fn unique_index_on(
        &self,
        relation: &Relation,
        columns: &[AttrNumber],
        period: bool,
        deferrable: bool,
    ) -> Option<Oid> {
        relation.indexes.iter().copied().find(|&oid| {
            let Some(index) = self.catalog.relation(oid).and_then(|r| r.as_index()) else { return false };
            let keys: Option<Vec<AttrNumber>> = index.keys.iter().map(IndexKey::as_column).collect();
            let Some(keys) = keys else { return false };
            let same = keys.len() == columns.len()
                && columns.iter().all(|c| keys.contains(c))
                && keys.iter().all(|k| columns.contains(k));
            let fits = deferrable || !self.is_deferrable(relation, oid);
            let kind = match period {
                true => self.is_exclusion(oid) && keys.last() == columns.last(),
                false => index.unique,
            };
            kind && index.valid && index.predicate.is_none() && same && fits
        })
    }

    /// The index keeps rows apart by operators (`indisexclusion`).
    pub(in crate::replay::ddl) fn is_exclusion(&self, index: Oid) -> bool {
        self.catalog.is_exclusion_index(index)
    }

    /// The index is that of a deferrable constraint.
    pub(in crate::replay::ddl) fn is_deferrable(&self, relation: &Relation, index: Oid) -> bool {
        let constraint = self.catalog.relation(index).and_then(|r| r.as_index()?.constraint);
        relation.constraints.iter().any(|c| Some(c.oid) == constraint && c.deferrable)
    }

    /// The type below all domains.
    pub(in crate::replay) fn base_type(&self, oid: Oid) -> Oid {
        let mut oid = oid;
        while let Some(TypeKind::Domain(domain)) = self.catalog.type_(oid).map(|ty| &ty.kind) {
            oid = domain.base.oid;
        }
        oid
    }
}

/// Nothing but NO ACTION is done for periods yet.
fn refuse_period_actions(key: &ForeignKey) -> Exec {
    if !key.with_period {
        return Ok(());
    }
    for (action, when) in [(key.on_update, "ON UPDATE"), (key.on_delete, "ON DELETE")] {
        match action {
            ForeignKeyAction::NoAction => {}
            ForeignKeyAction::Restrict
            | ForeignKeyAction::Cascade
            | ForeignKeyAction::SetNull
            | ForeignKeyAction::SetDefault => {
                let message = format!("unsupported {when} action for foreign key constraint using PERIOD");
                return Err(SqlError::new("0A000", message).into());
            }
        }
    }
    Ok(())
}

/// What a row that is referred to does when it goes cannot be to write a column that is computed.
fn refuse_generated(relation: &Relation, columns: &[AttrNumber], key: &ForeignKey) -> Exec {
    let generated = |number: &AttrNumber| relation.column_at(*number).is_some_and(|c| c.generated.is_some());
    if !columns.iter().any(generated) {
        return Ok(());
    }
    let refuse = |when: &str| {
        let message = format!("invalid {when} action for foreign key constraint containing generated column");
        Err(SqlError::new("42601", message).into())
    };
    match (key.on_update, key.on_delete) {
        (ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault | ForeignKeyAction::Cascade, _) => {
            refuse("ON UPDATE")
        }
        (_, ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault) => refuse("ON DELETE"),
        (_, ForeignKeyAction::NoAction | ForeignKeyAction::Restrict | ForeignKeyAction::Cascade) => Ok(()),
    }
}
