//! What ALTER TABLE does with the children of a table: those that inherit from it, its partitions, the tables of a
//! composite type (`tablecmds.c: ATPrepCmd, ATSimpleRecursion, ATTypedTableRecursion`).

use super::super::sequence::refuse_identity_type;
use crate::catalog::tree::map_stored;
use crate::catalog::{ChangeKind, Column, ColumnMap, DependencyKind, Generated, Object, Oid, Provenance};
use crate::expr::is_system_column;
use crate::replay::{Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::{
    AlterTable, AlterTableAction, AlterTableCommand, ColumnDef, Constraint, ConstraintKind as Written, DropBehavior,
    Name,
};
use crate::sql::span::Loc;

impl Replay {
    /// Executes a sub-command on the table; true if its children are to follow ([`Replay::alter_children`]).
    pub(super) fn alter_with_children(
        &mut self,
        rel: Oid,
        command: &AlterTableCommand,
        stmt: &AlterTable,
        cx: &Context,
    ) -> Exec<bool> {
        use AlterTableAction as A;
        let recurse = !stmt.relation.only;
        match &command.action {
            A::ColumnDefault { .. } | A::SetStorage { .. } | A::SetExpression { .. } => {}
            A::SetStatistics { .. } => {}
            A::DropNotNull(column) if self.records_not_null() => {
                return self.drop_not_null_everywhere(rel, column, recurse, cx).map(|()| false);
            }
            A::SetNotNull(column) if self.records_not_null() => {
                return self.set_not_null_everywhere(rel, column, recurse, None, cx).map(|()| false);
            }
            A::DropNotNull(_) => self.prepare_drop_not_null(rel, recurse)?,
            A::SetNotNull(column) => self.prepare_set_not_null(rel, column, recurse)?,
            A::DropExpression(_) => {}
            A::AddIdentity { .. } | A::SetIdentity { .. } | A::DropIdentity(_) => {
                return self.alter_identity(rel, command, stmt, recurse, cx).map(|()| false);
            }
            A::AlterColumnType { .. }
            | A::AddColumn(_)
            | A::DropColumn(_)
            | A::SetColumnOptions { .. }
            | A::SetCompression { .. }
            | A::AddConstraint(_)
            | A::AlterConstraint { .. }
            | A::ValidateConstraint(_)
            | A::DropConstraint(_)
            | A::ChangeOwner(_)
            | A::ClusterOn(_)
            | A::DropCluster
            | A::SetLogged
            | A::SetUnlogged
            | A::SetAccessMethod(_)
            | A::SetTablespace(_)
            | A::SetOptions(_)
            | A::ResetOptions(_)
            | A::SetTriggers { .. }
            | A::SetRule { .. }
            | A::AddInherit(_)
            | A::DropInherit(_)
            | A::AddOf(_)
            | A::DropOf
            | A::ReplicaIdentity(_)
            | A::EnableRowSecurity
            | A::DisableRowSecurity
            | A::ForceRowSecurity
            | A::NoForceRowSecurity
            | A::ForeignOptions(_)
            | A::ForeignColumnOptions { .. }
            | A::AttachPartition { .. }
            | A::DetachPartition { .. }
            | A::DetachPartitionFinalize(_)
            | A::Unmodelled(_) => return self.alter_table_command(rel, command, stmt, cx).map(|()| false),
        }
        self.alter_table_command(rel, command, stmt, cx)?;
        Ok(recurse)
    }

    /// Executes sub-commands on the children of the table, one child after the other.
    pub(super) fn alter_children(
        &mut self,
        rel: Oid,
        commands: &[&AlterTableCommand],
        stmt: &AlterTable,
        cx: &Context,
    ) -> Exec {
        if commands.is_empty() {
            return Ok(());
        }
        for (child, _) in self.catalog.inheritors(rel).into_iter().skip(1) {
            for command in commands {
                self.alter_table_command(child, command, stmt, cx)?;
            }
        }
        Ok(())
    }

    // ---- NOT NULL, generation expressions, identity ----

    /// `ATPrepDropNotNull`
    fn prepare_drop_not_null(&self, rel: Oid, recurse: bool) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        if relation.is_partitioned() && !relation.children.is_empty() && !recurse {
            let message = "cannot remove constraint from only the partitioned table when partitions exist";
            return Err(SqlError::new("42P16", message).hint("Do not specify the ONLY keyword.").into());
        }
        Ok(())
    }

    /// ONLY a partitioned table cannot be NOT NULL if its partitions are not (`ATPrepSetNotNull, ATExecCheckNotNull`).
    pub(in crate::replay::ddl) fn prepare_set_not_null(&self, rel: Oid, column: &Name, recurse: bool) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        if recurse || !relation.is_partitioned() || relation.column(column).is_some_and(|c| c.not_null) {
            return Ok(());
        }
        for (child, _) in self.catalog.inheritors(rel).into_iter().skip(1) {
            let Some(table) = self.catalog.relation(child) else { continue };
            if table.column(column).is_some_and(|c| !c.not_null) {
                let detail = format!("Column \"{column}\" of relation \"{}\" is not already NOT NULL.", table.name);
                let error = SqlError::new("42P16", "constraint must be added to child tables too").detail(detail);
                return Err(error.hint("Do not specify the ONLY keyword.").into());
            }
        }
        Ok(())
    }

    /// `ATPrepDropExpression`, which runs for each child as if with ONLY.
    pub(super) fn prepare_drop_expression(&self, rel: Oid, column: &Name, recurse: bool) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let has_children = |oid: Oid| self.catalog.relation(oid).is_some_and(|r| !r.children.is_empty());
        let deeper = recurse && self.catalog.inheritors(rel).iter().skip(1).any(|(oid, _)| has_children(*oid));
        if !recurse && !relation.children.is_empty() || deeper {
            let message = "ALTER TABLE / DROP EXPRESSION must be applied to child tables too";
            return Err(SqlError::new("0A000", message).into());
        }
        if is_system_column(column) && relation.column(column).is_none() {
            return Ok(());
        }
        let number = self.column_number(rel, column)?;
        if relation.column_at(number).is_some_and(|c| c.inherit_count > 0) {
            let message = "cannot drop generation expression from inherited column";
            return Err(SqlError::new("42P16", message).into());
        }
        Ok(())
    }

    /// ADD, SET and DROP IDENTITY: partitions follow from 17 on.
    fn alter_identity(
        &mut self,
        rel: Oid,
        command: &AlterTableCommand,
        stmt: &AlterTable,
        recurse: bool,
        cx: &Context,
    ) -> Exec {
        use AlterTableAction as A;
        let Some(relation) = self.catalog.shared_relation(rel) else { return Ok(()) };
        if self.catalog.version() < 17 {
            return self.alter_table_command(rel, command, stmt, cx);
        }
        let (column, of_partition, of_only) = match &command.action {
            A::AddIdentity { column, .. } => (
                column,
                "cannot add identity to a column of a partition",
                "cannot add identity to a column of only the partitioned table",
            ),
            A::SetIdentity { column, .. } => (
                column,
                "cannot change identity column of a partition",
                "cannot change identity column of only the partitioned table",
            ),
            A::DropIdentity(column) => (
                column,
                "cannot drop identity from a column of a partition",
                "cannot drop identity from a column of only the partitioned table",
            ),
            _ => return Ok(()),
        };
        // The sequence is made first (`parse_utilcmd.c: generateSerialExtraStmts`).
        if let A::AddIdentity { column, options, .. } = &command.action {
            if !crate::expr::is_system_column(column) {
                self.column_number(rel, column)?;
            }
            self.check_identity_type(rel, column, options)?;
        }
        if relation.is_partition() {
            return Err(SqlError::new("42P16", of_partition).into());
        }
        if relation.is_partitioned() && !recurse {
            return Err(SqlError::new("42P16", of_only).hint("Do not specify the ONLY keyword.").into());
        }
        self.alter_table_command(rel, command, stmt, cx)?;
        if !relation.is_partitioned() {
            return Ok(());
        }
        let identity = self.catalog.relation(rel).and_then(|r| r.column(column)).and_then(|c| c.identity);
        for (child, _) in self.catalog.inheritors(rel).into_iter().skip(1) {
            if let Some(own) = self.catalog.relation_mut(child).and_then(|r| r.column_mut(column)) {
                own.identity = identity;
                own.provenance.change(cx.origin, ChangeKind::Default);
            }
        }
        Ok(())
    }

    // ---- ADD COLUMN ----

    /// `ATPrepAddColumn`, `ATExecAddColumn`; what remains are the column's constraints.
    pub(super) fn add_column_everywhere(
        &mut self,
        rel: Oid,
        def: &ColumnDef,
        command: &AlterTableCommand,
        recurse: bool,
        cx: &Context,
    ) -> Exec<Vec<(Constraint, Option<Name>)>> {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(Vec::new()) };
        if relation.of_type.is_some() {
            return Err(SqlError::new("42809", "cannot add column to typed table").into());
        }
        if relation.is_partition() {
            return Err(SqlError::new("42809", "cannot add column to a partition").into());
        }
        let typed = self.typed_tables(rel, command.behavior)?;
        let children = relation.children.clone();
        let is_new = relation.column(&def.name).is_none();
        let partitioned = relation.is_partitioned();
        let identity = def.constraints.iter().any(|c| matches!(c.kind, Written::Identity { .. }));
        if is_new && identity {
            // The column is transformed, and its sequence made, before children are looked at.
            if def.constraints.iter().any(|c| matches!(c.kind, Written::Null)) {
                return Err(Self::conflicting_null(&relation.name, &def.name));
            }
            let (ty, _) = self.written_type(def)?;
            self.written_collation(def.collation.as_ref(), ty.oid, def.loc)?;
            refuse_identity_type(ty.oid)?;
        }
        if is_new && identity && recurse && !children.is_empty() && !(partitioned && self.catalog.version() >= 17) {
            let message = "cannot recursively add identity column to table that has child tables";
            return Err(SqlError::new("42P16", message).into());
        }
        let constraints = self.add_column(rel, def, command.missing_ok, cx)?;
        let number = self.catalog.relation(rel).and_then(|r| r.column(&def.name)).map_or(0, |c| c.number);
        if is_new {
            self.catalog.number_new_expression(rel, number);
        }
        if !is_new {
            return Ok(constraints);
        }
        self.refuse_new_default(rel, &def.name, cx)?;
        children.iter().for_each(|&child| self.catalog.mark_changed(child));
        self.fill_new_column(rel, number, cx)?;
        if !recurse && !children.is_empty() {
            return Err(SqlError::new("42P16", "column must be added to child tables too").into());
        }
        for child in children {
            self.add_inherited_column(child, rel, number, cx)?;
        }
        for table in typed {
            self.add_column_of_type(table, rel, number, cx)?;
        }
        Ok(constraints)
    }

    /// The child of a table that got a column gets it, too.
    fn add_inherited_column(&mut self, rel: Oid, parent: Oid, number: i16, cx: &Context) -> Exec {
        let (Some(table), Some(above)) = (self.catalog.shared_relation(rel), self.catalog.shared_relation(parent))
        else {
            return Ok(());
        };
        let Some(column) = above.column_at(number) else { return Ok(()) };
        let name = &column.name;
        if let Some(own) = table.column(name) {
            if own.ty != column.ty {
                let message = format!("child table \"{}\" has different type for column \"{name}\"", table.name);
                return Err(SqlError::new("42804", message).into());
            }
            let (theirs, ours) = (self.catalog.column_collation(column), self.catalog.column_collation(own));
            if theirs != ours {
                let message = format!("child table \"{}\" has different collation for column \"{name}\"", table.name);
                let text = |oid| self.catalog.collation_info(oid).map_or(String::new(), |c| c.name.to_owned());
                let detail = format!("\"{}\" versus \"{}\"", text(theirs), text(ours));
                return Err(SqlError::new("42P21", message).detail(detail).into());
            }
            self.notice(format!("merging definition of column \"{name}\" for child \"{}\"", table.name), cx);
            let own = own.number;
            drop(table);
            self.change_column(rel, own, ChangeKind::Definition, cx, |c| {
                c.inherit_count += 1;
                true
            });
            return Ok(());
        }
        let own = i16::try_from(table.columns.len() + 1).unwrap_or(i16::MAX);
        if own > 1600 {
            return Err(SqlError::new("54011", "tables can have at most 1600 columns").into());
        }
        drop(table);
        let mut copy = Column { is_local: false, inherit_count: 1, ..copy_of(column, own, cx) };
        // From 18 on it comes with the constraint.
        copy.not_null &= !self.records_not_null();
        self.push_copied(rel, copy);
        self.copy_source(rel, parent, number, own);
        self.refuse_new_values(rel, own)?;
        drop(above);
        let children = self.catalog.relation(rel).map(|r| r.children.clone()).unwrap_or_default();
        children.into_iter().try_for_each(|child| self.add_inherited_column(child, rel, own, cx))
    }

    fn add_column_of_type(&mut self, rel: Oid, of: Oid, number: i16, cx: &Context) -> Exec {
        let (Some(table), Some(above)) = (self.catalog.shared_relation(rel), self.catalog.shared_relation(of)) else {
            return Ok(());
        };
        let Some(column) = above.column_at(number) else { return Ok(()) };
        if table.column(&column.name).is_some() {
            let message = format!("column \"{}\" of relation \"{}\" already exists", column.name, table.name);
            return Err(SqlError::new("42701", message).into());
        }
        let own = i16::try_from(table.columns.len() + 1).unwrap_or(i16::MAX);
        drop(table);
        self.push_copied(rel, copy_of(column, own, cx));
        let children = self.catalog.relation(rel).map(|r| r.children.clone()).unwrap_or_default();
        children.into_iter().try_for_each(|child| self.add_inherited_column(child, rel, own, cx))
    }

    fn push_copied(&mut self, rel: Oid, column: Column) {
        let (number, ty) = (column.number, column.ty.oid);
        if let Some(relation) = self.catalog.relation_mut(rel) {
            relation.columns.push(column);
        }
        self.catalog.dependencies.add(Object::Column(rel, number), Object::Type(ty), DependencyKind::Normal);
    }

    /// The default, or generation expression, of a parent's new column for that of the child.
    fn copy_source(&mut self, rel: Oid, parent: Oid, number: i16, own: i16) {
        let (Some(table), Some(above)) = (self.catalog.relation(rel), self.catalog.relation(parent)) else { return };
        let Some(column) = above.column_at(number) else { return };
        let map = ColumnMap::by_name(above, table);
        if let Some(default) = &column.default {
            if let Some(mapped) = map_stored(default, parent, rel, &map) {
                self.store_default(rel, own, mapped);
                self.catalog.number_new_expression(rel, own);
            }
        } else if let Some(Generated { expr, stored }) = &column.generated
            && let Some(mapped) = map_stored(expr, parent, rel, &map)
        {
            let stored = Some(*stored);
            self.store_source(rel, own, mapped, stored);
            self.catalog.number_new_expression(rel, own);
        }
    }

    // ---- DROP COLUMN ----

    /// `ATPrepDropColumn`, `ATExecDropColumn`
    pub(super) fn drop_column_everywhere(
        &mut self,
        rel: Oid,
        name: &Name,
        command: &AlterTableCommand,
        recurse: bool,
        cx: &Context,
    ) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        if relation.of_type.is_some() {
            return Err(SqlError::new("42809", "cannot drop column from typed table").into());
        }
        let typed = self.typed_tables(rel, command.behavior)?;
        if relation.column(name).is_none() {
            if is_system_column(name) && super::has_system_columns(relation) {
                return Err(SqlError::new("0A000", format!("cannot drop system column \"{name}\"")).into());
            }
            if command.missing_ok {
                let message = format!("column \"{name}\" of relation \"{}\" does not exist, skipping", relation.name);
                self.notice(message, cx);
                return Ok(());
            }
            return Err(lookup::undefined_column(&self.catalog, relation, name, Loc::NONE));
        }
        if relation.column(name).is_some_and(|c| c.inherit_count > 0) {
            return Err(SqlError::new("42P16", format!("cannot drop inherited column \"{name}\"")).into());
        }
        for table in typed {
            let mut targets = Vec::new();
            self.collect_dropped(table, name, true, cx, &mut targets)?;
            self.delete_objects(&targets, command.behavior, cx)?;
        }
        let mut targets = Vec::new();
        self.collect_dropped(rel, name, recurse, cx, &mut targets)?;
        self.delete_objects(&targets, command.behavior, cx)
    }

    /// The column and those that are inherited from it alone; others are inherited from one parent less.
    fn collect_dropped(
        &mut self,
        rel: Oid,
        name: &Name,
        recurse: bool,
        cx: &Context,
        targets: &mut Vec<Object>,
    ) -> Exec {
        let Some(relation) = self.catalog.shared_relation(rel) else { return Ok(()) };
        let Some(column) = relation.column(name) else {
            return Err(lookup::undefined_column(&self.catalog, &relation, name, Loc::NONE));
        };
        if relation.partition_key().is_some_and(|key| key.mentions(column.number)) {
            let message = format!(
                "cannot drop column \"{name}\" because it is part of the partition key of relation \"{}\"",
                relation.name
            );
            return Err(SqlError::new("42P16", message).into());
        }
        if relation.is_partitioned() && !recurse && !relation.children.is_empty() {
            let message = "cannot drop column from only the partitioned table when partitions exist";
            return Err(SqlError::new("42P16", message).hint("Do not specify the ONLY keyword.").into());
        }
        for &child in &relation.children {
            let own = self.catalog.relation(child).and_then(|r| r.column(name));
            let Some((number, count, is_local)) = own.map(|c| (c.number, c.inherit_count, c.is_local)) else {
                continue;
            };
            if recurse && count == 1 && !is_local {
                self.collect_dropped(child, name, true, cx, targets)?;
            } else {
                self.change_column(child, number, ChangeKind::Definition, cx, |c| {
                    c.inherit_count -= 1;
                    c.is_local |= !recurse;
                    true
                });
            }
        }
        targets.push(Object::Column(rel, column.number));
        Ok(())
    }

    // ---- types ----

    /// What `ATPrepAlterColumnType` refuses of the column itself, before the new type is looked at.
    pub(super) fn check_type_change(&self, rel: Oid, name: &Name, using: bool) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let missing = relation.column(name).is_none() && !is_system_column(name);
        if relation.of_type.is_some() && !missing {
            return Err(SqlError::new("42809", "cannot alter column type of typed table").into());
        }
        let number = self.column_number(rel, name)?;
        let Some(column) = relation.column_at(number) else { return Ok(()) };
        if column.generated.is_some() && using {
            let message = "cannot specify USING when altering type of generated column";
            let detail = format!("Column \"{name}\" is a generated column.");
            return Err(SqlError::new("42611", message).detail(detail).into());
        }
        if column.inherit_count > 0 {
            return Err(SqlError::new("42P16", format!("cannot alter inherited column \"{name}\"")).into());
        }
        self.refuse_partition_key(relation, name)
    }

    fn refuse_partition_key(&self, table: &crate::catalog::Relation, name: &Name) -> Exec {
        let number = table.column(name).map_or(0, |c| c.number);
        if table.partition_key().is_some_and(|key| key.mentions(number)) {
            let message = format!(
                "cannot alter column \"{name}\" because it is part of the partition key of relation \"{}\"",
                table.name
            );
            return Err(SqlError::new("42P16", message).into());
        }
        Ok(())
    }

    /// `ATPrepAlterColumnType`: whether the type may be changed, and the children whose columns follow.
    pub(super) fn children_of_type_change(
        &self,
        rel: Oid,
        name: &Name,
        recurse: bool,
        behavior: DropBehavior,
    ) -> Exec<Vec<Oid>> {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(Vec::new()) };
        let mut changed = Vec::new();
        for table in self.typed_tables(rel, behavior)? {
            changed.push(table);
            // `ATTypedTableRecursion` takes their children along.
            self.children_with_column(table, name, &mut changed)?;
        }
        let inheritors = self.catalog.inheritors(rel);
        for &(table, _) in &inheritors {
            let Some(table) = self.catalog.relation(table) else { continue };
            self.refuse_partition_key(table, name)?;
            if !recurse {
                break;
            }
        }
        if !recurse {
            if !relation.children.is_empty() {
                let message = format!("type of inherited column \"{name}\" must be changed in child tables too");
                return Err(SqlError::new("42P16", message).into());
            }
            return Ok(changed);
        }
        self.children_with_column(rel, name, &mut changed)?;
        Ok(changed)
    }

    /// All that inherit the column from that table alone.
    fn children_with_column(&self, rel: Oid, name: &Name, found: &mut Vec<Oid>) -> Exec {
        for (child, parents) in self.catalog.inheritors(rel).into_iter().skip(1) {
            let Some(table) = self.catalog.relation(child) else { continue };
            if table.column(name).is_some_and(|c| c.inherit_count > parents) {
                let message = format!("cannot alter inherited column \"{name}\" of relation \"{}\"", table.name);
                return Err(SqlError::new("42P16", message).into());
            }
            found.push(child);
        }
        Ok(())
    }
}

/// A column like that of a parent or type, without its default.
fn copy_of(column: &Column, number: i16, cx: &Context) -> Column {
    Column {
        collation: column.collation,
        not_null: column.not_null,
        identity: column.identity,
        storage: column.storage.clone(),
        compression: column.compression.clone(),
        ..Column::new(number, column.name.clone(), column.ty, Provenance::new(cx.origin))
    }
}
