//! Typed tables: CREATE TABLE … OF type, ALTER TABLE … OF and NOT OF (`parse_utilcmd.c: transformOfType`, `tablecmds.c:
//! ATExecAddOf, ATExecDropOf`).

use crate::catalog::{ChangeKind, Column, DependencyKind, Object, Oid, Provenance, Relation, RelationKind, TypeKind};
use crate::replay::{Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::*;

impl Replay {
    /// The composite type that OF names (`tablecmds.c: check_of_type`).
    pub(super) fn row_type_of(&self, name: &TypeName) -> Exec<Oid> {
        let ty = lookup::resolve_type(&self.catalog, &self.path(), name)?;
        let kind = self.catalog.type_(ty.oid).map(|ty| &ty.kind);
        let relation = match kind {
            Some(TypeKind::Composite(relation)) => self.catalog.relation(*relation),
            _ => None,
        };
        match relation.map(|r| &r.kind) {
            Some(RelationKind::CompositeType) => Ok(ty.oid),
            Some(
                RelationKind::Table
                | RelationKind::PartitionedTable(_)
                | RelationKind::ForeignTable(_)
                | RelationKind::View(_)
                | RelationKind::MaterializedView(..)
                | RelationKind::Sequence(_)
                | RelationKind::Index(_),
            ) => {
                let name = self.catalog.format_type_be(ty.oid, &self.path());
                let message = if self.catalog.version() >= 18 {
                    format!("type {name} is the row type of another table")
                } else {
                    format!("type {name} is not a composite type")
                };
                let error = SqlError::new("42809", message);
                Err(if self.catalog.version() >= 18 {
                    error.detail("A typed table must use a stand-alone composite type created with CREATE TYPE.")
                } else {
                    error
                }
                .into())
            }
            None => {
                let name = self.catalog.format_type_be(ty.oid, &self.path());
                Err(SqlError::new("42809", format!("type {name} is not a composite type")).into())
            }
        }
    }

    /// The relation of a composite type.
    fn relation_of_type(&self, ty: Oid) -> Option<&Relation> {
        match self.catalog.type_(ty).map(|ty| &ty.kind) {
            Some(TypeKind::Composite(relation)) => self.catalog.relation(*relation),
            _ => None,
        }
    }

    /// Gives a new table the columns of its type.
    pub(super) fn columns_of_type(&mut self, rel: Oid, ty: Oid, cx: &Context) -> Exec {
        let columns: Vec<Column> =
            self.relation_of_type(ty).map(|r| r.live_columns().cloned().collect()).unwrap_or_default();
        for (number, column) in (1..).zip(columns) {
            let of = Object::Type(column.ty.oid);
            let copy = Column {
                collation: column.collation,
                ..Column::new(number, column.name, column.ty, Provenance::new(cx.origin))
            };
            if let Some(relation) = self.catalog.relation_mut(rel) {
                relation.columns.push(copy);
            }
            self.catalog.dependencies.add(Object::Column(rel, number), of, DependencyKind::Normal);
        }
        self.set_of_type(rel, Some(ty));
        Ok(())
    }

    fn set_of_type(&mut self, rel: Oid, ty: Option<Oid>) {
        let Some(relation) = self.catalog.relation_mut(rel) else { return };
        let old = std::mem::replace(&mut relation.of_type, ty);
        let dependencies = &mut self.catalog.dependencies;
        if let Some(old) = old {
            dependencies.remove(Object::Relation(rel), Object::Type(old), DependencyKind::Normal);
        }
        if let Some(ty) = ty {
            dependencies.add(Object::Relation(rel), Object::Type(ty), DependencyKind::Normal);
        }
    }

    /// What a typed table or a partition says of a column that it has from its type or from the partitioned table.
    pub(super) fn define_options(
        &mut self,
        rel: Oid,
        number: i16,
        def: &ColumnDef,
        partition: bool,
        cx: &Context,
    ) -> Exec<Vec<(Constraint, Option<Name>)>> {
        let of = if partition { "partitions" } else { "typed tables" };
        for constraint in &def.constraints {
            let what = match &constraint.kind {
                ConstraintKind::Identity { .. } => "identity",
                // Partitions may, from 16 on.
                ConstraintKind::Generated { .. } if !partition || self.catalog.version() < 16 => "generated",
                ConstraintKind::Generated { .. }
                | ConstraintKind::Null
                | ConstraintKind::NotNull { .. }
                | ConstraintKind::Default(_)
                | ConstraintKind::Check { .. }
                | ConstraintKind::Key(_)
                | ConstraintKind::Exclusion(_)
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::Attribute(_) => continue,
            };
            return Err(SqlError::new("0A000", format!("{what} columns are not supported on {of}")).into());
        }
        if partition
            && self.catalog.version() >= 16
            && let Some(column) = self.catalog.relation(rel).and_then(|r| r.column_at(number)).cloned()
        {
            self.check_child_source(&column, def)?;
        }
        if let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number))
            && !partition
        {
            column.provenance = Provenance::new(cx.at(def.loc));
        }
        self.column_constraints(rel, number, def, None, cx)
    }

    /// `ATExecAddOf`
    pub(super) fn add_of(&mut self, rel: Oid, name: &TypeName, cx: &Context) -> Exec {
        let ty = self.row_type_of(name)?;
        let (Some(table), Some(wanted)) = (self.catalog.shared_relation(rel), self.relation_of_type(ty)) else {
            return Ok(());
        };
        if !table.parents.is_empty() {
            return Err(SqlError::new("42809", "typed tables cannot inherit").into());
        }
        let mismatch = |message: String| Err(SqlError::new("42804", message).into());
        let columns: Vec<&Column> = table.live_columns().collect();
        let mut own = columns.into_iter();
        for column in wanted.live_columns() {
            let Some(found) = own.next() else {
                return mismatch(format!("table is missing column \"{}\"", column.name));
            };
            if found.name != column.name {
                let (found, wanted) = (&found.name, &column.name);
                return mismatch(format!("table has column \"{found}\" where type requires \"{wanted}\""));
            }
            if found.ty != column.ty || self.catalog.column_collation(found) != self.catalog.column_collation(column) {
                let message = format!("table \"{}\" has different type for column \"{}\"", table.name, column.name);
                return mismatch(message);
            }
        }
        if let Some(extra) = own.next() {
            return mismatch(format!("table has extra column \"{}\"", extra.name));
        }
        drop(table);
        self.set_of_type(rel, Some(ty));
        self.definition_changed(rel, cx);
        Ok(())
    }

    /// `ATExecDropOf`
    pub(super) fn drop_of(&mut self, rel: Oid, cx: &Context) -> Exec {
        let Some(table) = self.catalog.relation(rel) else { return Ok(()) };
        if table.of_type.is_none() {
            return Err(SqlError::new("42809", format!("\"{}\" is not a typed table", table.name)).into());
        }
        self.set_of_type(rel, None);
        self.definition_changed(rel, cx);
        Ok(())
    }

    fn definition_changed(&mut self, rel: Oid, cx: &Context) {
        if let Some(relation) = self.catalog.relation_mut(rel) {
            relation.provenance.change(cx.origin, ChangeKind::Definition);
        }
    }

    /// The tables of a composite type that changes: with RESTRICT there are none (`find_typed_table_dependencies`).
    pub(super) fn typed_tables(&self, relation: Oid, behavior: DropBehavior) -> Exec<Vec<Oid>> {
        let Some(record) = self.catalog.relation(relation) else { return Ok(Vec::new()) };
        if !matches!(record.kind, RelationKind::CompositeType) {
            return Ok(Vec::new());
        }
        let is_type = |ty: &&crate::catalog::Type| matches!(ty.kind, TypeKind::Composite(of) if of == relation);
        let Some(ty) = self.catalog.types_in(record.schema).find(is_type) else { return Ok(Vec::new()) };
        let tables = self.catalog.dependencies.on(Object::Type(ty.oid)).filter_map(|edge| match edge.dependent {
            Object::Relation(table) => Some(table),
            _ => None,
        });
        let is_typed = |oid: &Oid| self.catalog.relation(*oid).is_some_and(|r| r.of_type == Some(ty.oid));
        let tables: Vec<Oid> = tables.filter(is_typed).collect();
        if behavior == DropBehavior::Restrict && !tables.is_empty() {
            let message = format!("cannot alter type \"{}\" because it is the type of a typed table", record.name);
            let hint = "Use ALTER ... CASCADE to alter the typed tables too.";
            return Err(SqlError::new("2BP01", message).hint(hint).into());
        }
        Ok(tables)
    }
}
