//! Inheritance: columns and checks that CREATE TABLE takes from parents (`tablecmds.c: MergeAttributes`).

mod alter;

pub(super) use alter::with_transition_table;

use crate::catalog::tree::map_stored;
use crate::catalog::{
    Column, ColumnMap, Constraint as Stored, ConstraintKind as StoredKind, DependencyKind, Generated, Object, Oid,
    Provenance, Relation, RelationKind, StoredExpr, TypeRef,
};
use crate::replay::{Context, Exec, Replay, SqlError, Stop, lookup};
use crate::sql::ast::*;
use crate::sql::span::Loc;

/// What CREATE TABLE takes from its parents.
#[derive(Default)]
pub(super) struct Inherited {
    /// Columns whose parents have different defaults, or generation expressions.
    conflicting: Vec<i16>,
}

impl Replay {
    /// The parents that CREATE TABLE names (`DefineRelation`).
    pub(super) fn parents_of(&self, stmt: &CreateTable) -> Exec<Vec<Oid>> {
        let mut parents: Vec<Oid> = Vec::new();
        for name in stmt.inherits.iter().chain(stmt.partition_of.iter().map(|p| &p.parent)) {
            let oid = self.table(name)?;
            if parents.contains(&oid) {
                let table = self.catalog.relation(oid).map_or("", |r| &r.name);
                let message = format!("relation \"{table}\" would be inherited from more than once");
                return Err(SqlError::new("42P07", message).into());
            }
            parents.push(oid);
        }
        Ok(parents)
    }

    /// The new table may inherit from that one.
    fn check_parent(&self, child: &Relation, parent: &Relation, partition: bool) -> Exec {
        let name = &parent.name;
        let refuse = |message: String| {
            let (origin, text) = lookup::made_here(parent);
            Err(SqlError::new("42809", message).related(origin, text).into())
        };
        if parent.is_partitioned() && !partition {
            return refuse(format!("cannot inherit from partitioned table \"{name}\""));
        }
        if parent.is_partition() && !partition {
            return refuse(format!("cannot inherit from partition \"{name}\""));
        }
        if !parent.is_table() {
            return refuse(format!("inherited relation \"{name}\" is not a table or foreign table"));
        }
        let (new, old) = (child.persistence == Persistence::Temporary, parent.persistence == Persistence::Temporary);
        match (new, old) {
            (true, false) if partition => {
                refuse(format!("cannot create a temporary relation as partition of permanent relation \"{name}\""))
            }
            (false, true) if partition => {
                refuse(format!("cannot create a permanent relation as partition of temporary relation \"{name}\""))
            }
            (false, true) => refuse(format!("cannot inherit from temporary relation \"{name}\"")),
            (true | false, true | false) => self.must_own_relation(parent.oid),
        }
    }

    /// Gives a new table the columns and checks of its parents.
    pub(super) fn inherit(&mut self, rel: Oid, parents: &[Oid], partition: bool, cx: &Context) -> Exec<Inherited> {
        let mut inherited = Inherited::default();
        for &oid in parents {
            let (Some(parent), Some(child)) = (self.catalog.shared_relation(oid), self.catalog.shared_relation(rel))
            else {
                continue;
            };
            self.check_parent(&child, &parent, partition)?;
            drop(child);
            for column in parent.live_columns() {
                let child = self.catalog.relation(rel);
                match child.and_then(|r| r.column(&column.name)).cloned() {
                    Some(existing) => self.merge_inherited(rel, &existing, column, cx)?,
                    None => self.push_inherited(rel, &parent, column, partition, cx),
                }
            }
            let Some(child) = self.catalog.shared_relation(rel) else { continue };
            let map = ColumnMap::by_name(&parent, &child);
            drop(child);
            self.inherit_defaults(rel, &parent, &map, &mut inherited)?;
            self.inherit_checks(rel, &parent, &map, cx)?;
        }
        Ok(inherited)
    }

    fn push_inherited(&mut self, rel: Oid, parent: &Relation, column: &Column, partition: bool, cx: &Context) {
        let Some(relation) = self.catalog.relation(rel) else { return };
        let number = i16::try_from(relation.columns.len() + 1).unwrap_or(i16::MAX);
        // Identity is inherited by partitions from 17 on.
        let identity = column.identity.filter(|_| partition && self.catalog.version() >= 17);
        let copy = Column {
            identity,
            collation: column.collation,
            // From 18 on it comes with the constraint.
            not_null: column.not_null && !self.records_not_null(),
            is_local: false,
            inherit_count: 1,
            storage: column.storage.clone(),
            compression: column.compression.clone(),
            ..Column::new(number, column.name.clone(), column.ty, Provenance::new(cx.origin))
        };
        let _ = parent;
        if let Some(relation) = self.catalog.relation_mut(rel) {
            relation.columns.push(copy);
        }
        let ty = Object::Type(column.ty.oid);
        self.catalog.dependencies.add(Object::Column(rel, number), ty, DependencyKind::Normal);
    }

    /// A column that an earlier parent has, too.
    fn merge_inherited(&mut self, rel: Oid, existing: &Column, column: &Column, cx: &Context) -> Exec {
        let name = &column.name;
        self.notice(format!("merging multiple inherited definitions of column \"{name}\""), cx);
        self.refuse_conflict(existing, column, "inherited column")?;
        if existing.generated.is_some() != column.generated.is_some() {
            let message = format!("inherited column \"{name}\" has a generation conflict");
            return Err(SqlError::new("42804", message).into());
        }
        let records = self.records_not_null();
        let merged = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(existing.number));
        if let Some(merged) = merged {
            merged.inherit_count += 1;
            merged.not_null |= column.not_null && !records;
            if merged.compression.is_none() {
                merged.compression.clone_from(&column.compression);
            }
        }
        Ok(())
    }

    /// 42804, 42P21 unless both have the same type, collation, storage and compression.
    fn refuse_conflict(&self, old: &Column, new: &Column, what: &str) -> Exec {
        let name = &new.name;
        let path = self.path();
        if old.ty != new.ty {
            let message = format!("{what} \"{name}\" has a type conflict");
            let detail = format!(
                "{} versus {}",
                self.catalog.format_type(old.ty, &path),
                self.catalog.format_type(new.ty, &path)
            );
            return Err(SqlError::new("42804", message).detail(detail).into());
        }
        let (a, b) = (self.catalog.column_collation(old), self.catalog.column_collation(new));
        if a != b {
            let text = |oid| self.catalog.collation_info(oid).map_or(String::new(), |c| c.name.to_owned());
            let (a, b) = (text(a), text(b));
            let message = format!("{what} \"{name}\" has a collation conflict");
            return Err(SqlError::new("42P21", message).detail(format!("\"{a}\" versus \"{b}\"")).into());
        }
        // What a column says nothing of it takes over; what is inherited has a storage of its own.
        let inherited = what.starts_with("inherited");
        let storage = |column: &Column| {
            let of_type = || match self.catalog.type_info(column.ty.oid).map(|info| info.storage) {
                Some('p') => Some("PLAIN".to_owned()),
                Some('e') => Some("EXTERNAL".to_owned()),
                Some('m') => Some("MAIN".to_owned()),
                Some('x') => Some("EXTENDED".to_owned()),
                Some(_) | None => None,
            };
            let own = column.storage.as_ref().map(|storage| storage.as_str().to_uppercase());
            own.or_else(|| of_type().filter(|_| inherited))
        };
        if let (Some(a), Some(b)) = (storage(old), storage(new))
            && a != b
        {
            let message = format!("{what} \"{name}\" has a storage parameter conflict");
            let detail = format!("{a} versus {b}");
            return Err(SqlError::new("42804", message).detail(detail).into());
        }
        if let (Some(a), Some(b)) = (&old.compression, &new.compression)
            && a != b
        {
            let message = format!("column \"{name}\" has a compression method conflict");
            return Err(SqlError::new("42804", message).detail(format!("{a} versus {b}")).into());
        }
        Ok(())
    }

    fn inherit_defaults(&mut self, rel: Oid, parent: &Relation, map: &ColumnMap, inherited: &mut Inherited) -> Exec {
        for column in parent.live_columns() {
            let Some(number) = map.get(column.number) else { continue };
            let (expr, stored) = match (&column.default, &column.generated) {
                (Some(default), _) => (default, None),
                (None, Some(generated)) => (&generated.expr, Some(generated.stored)),
                (None, None) => continue,
            };
            let Some(mapped) = map_stored(expr, parent.oid, rel, map) else {
                let detail = format!(
                    "Generation expression for column \"{}\" contains a whole-row reference to table \"{}\".",
                    column.name, parent.name
                );
                return Err(SqlError::new("0A000", "cannot convert whole-row table reference").detail(detail).into());
            };
            let Some(child) = self.catalog.relation(rel).and_then(|r| r.column_at(number)) else { continue };
            let before = child.default.as_ref().or(child.generated.as_ref().map(|g| &g.expr));
            match before {
                Some(before) if !self.same_expression(before, &mapped) => inherited.conflicting.push(number),
                Some(_) => {}
                None => self.store_source(rel, number, mapped, stored),
            }
        }
        Ok(())
    }

    /// Stores a default, or what the column is generated from.
    pub(super) fn store_source(&mut self, rel: Oid, number: i16, expr: StoredExpr, stored: Option<bool>) {
        let Some(stored) = stored else { return self.store_default(rel, number, expr) };
        let needs = expr.depends_on.clone();
        if let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number)) {
            column.generated = Some(Generated { expr, stored });
        }
        // Up to 14 dropping a column takes the columns generated from it silently along, then it needs CASCADE
        // (`pg_attrdef.c: StoreAttrDefault`).
        let own = (self.catalog.version() < 15).then_some(rel);
        self.depend_on_all(Object::Column(rel, number), &needs, own);
    }

    fn inherit_checks(&mut self, rel: Oid, parent: &Relation, map: &ColumnMap, cx: &Context) -> Exec {
        for check in &parent.constraints {
            let StoredKind::Check { expr, no_inherit: false } = &check.kind else { continue };
            let Some(mapped) = map_stored(expr, parent.oid, rel, map) else {
                return Err(whole_row_in_constraint(&check.name, &parent.name));
            };
            let existing = self.catalog.relation(rel).and_then(|r| r.constraint(&check.name));
            let same = existing.map(|c| match &c.kind {
                StoredKind::Check { expr, .. } => self.same_expression(expr, &mapped),
                StoredKind::Key { .. }
                | StoredKind::Exclusion { .. }
                | StoredKind::ForeignKey(_)
                | StoredKind::Trigger(_)
                | StoredKind::NotNull { .. } => false,
            });
            match same {
                Some(true) => {
                    let constraints = self.catalog.relation_mut(rel).map(|r| &mut r.constraints);
                    if let Some(c) = constraints.and_then(|c| c.iter_mut().find(|c| c.name == check.name)) {
                        c.inherit_count += 1;
                        // One parent that enforces it is enough (`MergeCheckConstraint`).
                        c.enforced |= check.enforced;
                        c.validated |= check.enforced;
                    }
                }
                Some(false) => {
                    let message = format!(
                        "check constraint name \"{}\" appears multiple times but with different expressions",
                        check.name
                    );
                    return Err(SqlError::new("42710", message).into());
                }
                None => {
                    let oid = self.catalog.new_oid();
                    let needs = mapped.depends_on.clone();
                    self.catalog.add_constraint(
                        rel,
                        Stored {
                            oid,
                            kind: StoredKind::Check { expr: mapped, no_inherit: false },
                            columns: map.all(&check.columns),
                            validated: check.enforced,
                            is_local: false,
                            inherit_count: 1,
                            parent: None,
                            comment: None,
                            provenance: Provenance::new(cx.origin),
                            ..check.clone()
                        },
                    );
                    self.depend_on_all(Object::Constraint(rel, oid), &needs, Some(rel));
                }
            }
        }
        Ok(())
    }

    /// A column of the new table that a parent has, too: the definition is merged into the inherited one. What remains is
    /// to apply its constraints.
    pub(super) fn merge_column(&mut self, rel: Oid, def: &ColumnDef, position: i16, ty: TypeRef, cx: &Context) -> Exec {
        let Some(existing) = self.catalog.relation(rel).and_then(|r| r.column(&def.name)).cloned() else {
            return Ok(());
        };
        let name = &def.name;
        if existing.is_local {
            let message = format!("column \"{name}\" specified more than once");
            return Err(SqlError::new("42701", message).into());
        }
        let message = if existing.number == position {
            format!("merging column \"{name}\" with inherited definition")
        } else {
            format!("moving and merging column \"{name}\" with inherited definition")
        };
        self.notice(message, cx);
        let collation = self.written_collation(def.collation.as_ref(), ty.oid, def.loc)?;
        let new = Column {
            collation: self.own_collation(collation, ty.oid),
            storage: def.storage.clone(),
            compression: def.compression.clone(),
            ..Column::new(existing.number, name.clone(), ty, Provenance::new(cx.at(def.loc)))
        };
        self.refuse_conflict(&existing, &new, "column")?;
        self.check_child_source(&existing, def)?;
        if let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(existing.number)) {
            column.is_local = true;
            column.provenance = new.provenance;
            if column.storage.is_none() {
                column.storage = new.storage;
            }
            if column.compression.is_none() {
                column.compression = new.compression;
            }
        }
        Ok(())
    }

    /// What a child says of a column's values fits what its parent says (`MergeAttributes`, from 16 on
    /// `MergeChildAttribute`).
    pub(super) fn check_child_source(&self, inherited: &Column, def: &ColumnDef) -> Exec {
        let has = |test: fn(&ConstraintKind) -> bool| def.constraints.iter().any(|c| test(&c.kind));
        let generated = has(|k| matches!(k, ConstraintKind::Generated { .. }));
        let default = has(|k| matches!(k, ConstraintKind::Default(_)));
        let identity = has(|k| matches!(k, ConstraintKind::Identity { .. }));
        let version = self.catalog.version();
        let name = &inherited.name;
        let refuse = |message: String, hint: Option<&str>| -> Exec {
            let error = SqlError::new("42611", message);
            Err(hint.map_or(error.clone(), |hint| error.hint(hint)).into())
        };
        match &inherited.generated {
            Some(_) if generated && version < 16 => refuse(
                format!("child column \"{name}\" specifies generation expression"),
                Some(
                    "Omit the generation expression in the definition of the child table column to inherit the generation expression from the parent table.",
                ),
            ),
            Some(_) if default => {
                refuse(format!("column \"{name}\" inherits from generated column but specifies default"), None)
            }
            Some(_) if identity => {
                refuse(format!("column \"{name}\" inherits from generated column but specifies identity"), None)
            }
            Some(parent) if generated => {
                let kind = |stored| if stored { "STORED" } else { "VIRTUAL" };
                let own = def.constraints.iter().find_map(|c| match c.kind {
                    ConstraintKind::Generated { stored, .. } => Some(stored),
                    _ => None,
                });
                match own {
                    Some(own) if own != parent.stored => {
                        let message = format!("column \"{name}\" inherits from generated column of different kind");
                        let detail =
                            format!("Parent column is {}, child column is {}.", kind(parent.stored), kind(own));
                        Err(SqlError::new("42611", message).detail(detail).into())
                    }
                    Some(_) | None => Ok(()),
                }
            }
            None if generated && version >= 16 => refuse(
                format!("child column \"{name}\" specifies generation expression"),
                Some("A child table column cannot be generated unless its parent column is."),
            ),
            Some(_) | None => Ok(()),
        }
    }

    /// Parents that disagree about a column's values, where the new table does not decide.
    pub(super) fn check_conflicting_defaults(&self, rel: Oid, inherited: &Inherited, own: &[Name]) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let conflicting = inherited.conflicting.iter().filter_map(|&n| relation.column_at(n));
        match { conflicting }.find(|c| !own.contains(&c.name)) {
            Some(column) if column.generated.is_some() => {
                let message = format!("column \"{}\" inherits conflicting generation expressions", column.name);
                let error = SqlError::new("42611", message);
                Err(if self.catalog.version() >= 16 {
                    error.hint("To resolve the conflict, specify a generation expression explicitly.")
                } else {
                    error
                }
                .into())
            }
            Some(column) => {
                let message = format!("column \"{}\" inherits conflicting default values", column.name);
                let hint = "To resolve the conflict, specify a default explicitly.";
                Err(SqlError::new("42611", message).hint(hint).into())
            }
            None => Ok(()),
        }
    }

    /// Both expressions over one relation's columns are the same.
    pub(super) fn same_expression(&self, a: &StoredExpr, b: &StoredExpr) -> bool {
        a.tree == b.tree
    }

    /// The table is one that others may inherit from, or whose partitions may be touched by the statement: not one whose
    /// detaching is unfinished (`tablecmds.c: ATPrepCmd`).
    pub(super) fn refuse_pending_detach(&self, rel: Oid) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        if !relation.parents.iter().any(|p| p.detach_pending) {
            return Ok(());
        }
        let message = format!("cannot alter partition \"{}\" with an incomplete detach", relation.name);
        let hint = "Use ALTER TABLE ... DETACH PARTITION ... FINALIZE to complete the pending detach operation.";
        Err(SqlError::new("55000", message).hint(hint).into())
    }
}

/// A relation that a table could inherit from.
pub(super) fn can_inherit(kind: &RelationKind) -> bool {
    match kind {
        RelationKind::Table | RelationKind::PartitionedTable(_) | RelationKind::ForeignTable(_) => true,
        RelationKind::View(_)
        | RelationKind::MaterializedView(..)
        | RelationKind::Sequence(_)
        | RelationKind::Index(_)
        | RelationKind::CompositeType => false,
    }
}

/// 0A000 for a check that looks at the whole row of another table.
pub(super) fn whole_row_in_constraint(name: &str, table: &str) -> Stop {
    let detail = format!("Constraint \"{name}\" contains a whole-row reference to table \"{table}\".");
    SqlError::new("0A000", "cannot convert whole-row table reference").detail(detail).at(Loc::NONE).into()
}
