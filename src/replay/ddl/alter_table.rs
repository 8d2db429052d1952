//! ALTER TABLE and its like (`tablecmds.c: ATController`).

mod checks;
mod column;
mod constraint;
mod expression;
mod new_types;
mod rebuild;
mod recount;
mod recurse;
mod storage;

pub(in crate::replay::ddl) use column::has_system_columns;
pub(in crate::replay) use new_types::NewTypes;

use self::column::NewType;
use self::constraint::ConstraintChange;
use super::constraint::{Adding, in_order};
use crate::catalog::{ChangeKind, Object, Oid, Relation, RelationKind};
use crate::replay::{About, Context, Exec, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::*;

/// `ATExecAlterColumnType`: a column has one new type in one statement.
fn refuse_second_type(before: Option<&Relation>, now: Option<&Relation>, name: &Name) -> Exec {
    let Some(column) = now.and_then(|relation| relation.column(name)) else { return Ok(()) };
    match before.and_then(|relation| relation.column_at(column.number)) {
        Some(old) if old.ty != column.ty => {
            Err(SqlError::new("0A000", format!("cannot alter type of column \"{name}\" twice")).into())
        }
        Some(_) | None => Ok(()),
    }
}

/// The constraint is an index.
fn is_index(constraint: &Constraint) -> bool {
    matches!(constraint.kind, ConstraintKind::Key(_) | ConstraintKind::Exclusion(_))
}

/// The constraint takes an index that is there (`AT_PASS_ADD_INDEXCONSTR`).
fn uses_index(constraint: &Constraint) -> bool {
    matches!(&constraint.kind, ConstraintKind::Key(key) if key.using_index.is_some())
}

impl Replay {
    pub(in crate::replay) fn alter_table(&mut self, stmt: &AlterTable, cx: &Context) -> Exec {
        let path = self.path();
        self.may_use_schema_of(&stmt.relation.name)?;
        let rel = match lookup::relation_if_exists(&self.catalog, &path, &stmt.relation.name)? {
            Some(rel) => rel,
            None if stmt.missing_ok => {
                let name = lookup::display(&stmt.relation.name);
                self.notice(format!("relation \"{name}\" does not exist, skipping"), cx);
                return Ok(());
            }
            None => {
                self.refuse_system_catalog(&stmt.relation.name)?;
                return Err(lookup::undefined_relation(&self.catalog, &path, &stmt.relation.name));
            }
        };
        self.must_own_relation(rel)?;
        self.check_kind(rel, stmt)?;
        self.check_actions(rel, stmt)?;
        if !stmt.commands.iter().any(|c| matches!(c.action, AlterTableAction::DetachPartitionFinalize(_))) {
            self.refuse_pending_detach(rel)?;
        }
        let recurse = !stmt.relation.only;
        let owner = self.catalog.relation(rel).map(|r| r.owner);
        // Sub-commands run in passes, whatever their order in the text.
        let mut commands: Vec<&AlterTableCommand> = stmt.commands.iter().collect();
        commands.sort_by_key(|c| pass(&c.action));
        // Of a statement that failed.
        let is_stored_anew = |command: &AlterTableCommand| {
            use AlterTableAction::{SetAccessMethod, SetLogged, SetUnlogged};
            matches!(command.action, SetLogged | SetUnlogged | SetAccessMethod(_))
        };
        self.code.new_types = NewTypes::default();
        self.code.new_types.rewritten = stmt.commands.iter().any(is_stored_anew);
        let mut not_nulls = self.new_not_nulls(rel, stmt)?;
        let mut constraints = Vec::new();
        // What the children of the table do, too, when the pass is over.
        let mut followed: Vec<&AlterTableCommand> = Vec::new();
        // Kept only where it is asked for: whoever holds a relation has it copied when it changes.
        let retypes = commands.iter().any(|c| matches!(c.action, AlterTableAction::AlterColumnType { .. }));
        let before = if retypes { self.catalog.shared_relation(rel) } else { None };
        let mut commands = commands.into_iter().peekable();
        while let Some(command) = commands.next_if(|c| pass(&c.action) < Pass::OtherConstraint) {
            if pass(&command.action) > Pass::AlterType {
                self.finish_new_types(cx)?;
            }
            if pass(&command.action) > Pass::ColumnAttributes {
                self.add_not_nulls(rel, &mut constraints, &mut not_nulls, recurse, cx)?;
            }
            self.finish_pass(rel, &mut followed, pass(&command.action), stmt, cx)?;
            match &command.action {
                AlterTableAction::AddColumn(column) => {
                    constraints.extend(in_order(self.add_column_everywhere(rel, column, command, recurse, cx)?));
                }
                AlterTableAction::AddConstraint(constraint)
                    if matches!(constraint.kind, ConstraintKind::NotNull { .. }) && self.records_not_null() => {}
                AlterTableAction::AddConstraint(constraint) => constraints.push((constraint.clone(), None)),
                AlterTableAction::AlterColumnType { column, .. } => {
                    refuse_second_type(before.as_deref(), self.catalog.relation(rel), column)?;
                    followed.extend(self.alter_with_children(rel, command, stmt, cx)?.then_some(command));
                }
                _ => followed.extend(self.alter_with_children(rel, command, stmt, cx)?.then_some(command)),
            }
        }
        self.finish_new_types(cx)?;
        self.finish_pass(rel, &mut followed, Pass::AddConstraint, stmt, cx)?;
        self.add_not_nulls(rel, &mut constraints, &mut not_nulls, recurse, cx)?;
        // Constraints that are there when this one was transformed (`ATParseTransformCmd`) come after what has been
        // in their pass from the start.
        let mut keys: Vec<_> = constraints.extract_if(.., |(c, _)| is_index(c)).collect();
        keys.sort_by_key(|(c, _)| !uses_index(c));
        let how = Adding::Alter { recurse };
        keys.iter().try_for_each(|(c, column)| self.add_constraint(rel, c, column.as_ref(), how, cx))?;
        while let Some(command) = commands.next_if(|c| pass(&c.action) < Pass::Misc) {
            followed.extend(self.alter_with_children(rel, command, stmt, cx)?.then_some(command));
        }
        constraints.iter().try_for_each(|(c, column)| self.add_constraint(rel, c, column.as_ref(), how, cx))?;
        self.finish_pass(rel, &mut followed, Pass::Misc, stmt, cx)?;
        for command in commands {
            followed.extend(self.alter_with_children(rel, command, stmt, cx)?.then_some(command));
        }
        self.alter_children(rel, &followed, stmt, cx)?;
        for command in &stmt.commands {
            if let AlterTableAction::AddColumn(column) = &command.action {
                self.foreign_column_options(rel, column, cx)?;
            }
        }
        self.refuse_unfit_rows(rel, cx)?;
        // The sequences of new columns are linked at last, when the table may have another owner (`process_owned_by`).
        let has_sequence = |command: &AlterTableCommand| {
            let AlterTableAction::AddColumn(column) = &command.action else { return false };
            column.constraints.iter().any(|c| matches!(c.kind, ConstraintKind::Identity { .. }))
                || self.type_of_column(column).is_ok_and(|(_, serial)| serial.is_some())
        };
        if self.catalog.relation(rel).map(|r| r.owner) != owner && stmt.commands.iter().any(has_sequence) {
            return Err(SqlError::new("55000", "sequence must have same owner as table it is linked to").into());
        }
        Ok(())
    }

    /// A pass goes over all tables before the next (`ATRewriteCatalogs`): children follow when the table is done with it.
    fn finish_pass(
        &mut self,
        rel: Oid,
        followed: &mut Vec<&AlterTableCommand>,
        next: Pass,
        stmt: &AlterTable,
        cx: &Context,
    ) -> Exec {
        if followed.first().is_none_or(|command| pass(&command.action) >= next) {
            return Ok(());
        }
        let commands = std::mem::take(followed);
        self.alter_children(rel, &commands, stmt, cx)
    }

    /// The not-null constraints that the statement adds, besides those of new columns, each with whether it reaches
    /// children.
    fn new_not_nulls(&self, rel: Oid, stmt: &AlterTable) -> Exec<Vec<(Constraint, Option<Name>, bool)>> {
        let mut found = Vec::new();
        for command in &stmt.commands {
            let AlterTableAction::AddConstraint(constraint) = &command.action else { continue };
            let recurse = !stmt.relation.only;
            if self.records_not_null() && matches!(constraint.kind, ConstraintKind::NotNull { .. }) {
                found.push((constraint.clone(), None, recurse));
            }
            let using = matches!(&constraint.kind, ConstraintKind::Key(key) if key.using_index.is_some());
            let of_key = self.not_nulls_of_new_key(rel, constraint, recurse)?;
            // Those of a key reach the children even with ONLY.
            found.extend(of_key.into_iter().map(|(c, column)| (c, column, recurse || !using)));
        }
        Ok(found)
    }

    /// Columns become NOT NULL before anything else is added: first new ones.
    fn add_not_nulls(
        &mut self,
        rel: Oid,
        constraints: &mut Vec<(Constraint, Option<Name>)>,
        more: &mut Vec<(Constraint, Option<Name>, bool)>,
        recurse: bool,
        cx: &Context,
    ) -> Exec {
        if !self.records_not_null() {
            return Ok(());
        }
        let is_not_null = |c: &mut (Constraint, Option<Name>)| matches!(c.0.kind, ConstraintKind::NotNull { .. });
        let of_columns: Vec<_> = constraints.extract_if(.., is_not_null).collect();
        for (constraint, column) in of_columns {
            self.add_not_null(rel, &constraint, column.as_ref(), Adding::Alter { recurse }, cx)?;
        }
        for (constraint, column, recurse) in more.drain(..) {
            self.add_not_null(rel, &constraint, column.as_ref(), Adding::Alter { recurse }, cx)?;
        }
        Ok(())
    }

    /// 42809 for a relation of another kind than was written.
    fn check_kind(&self, rel: Oid, stmt: &AlterTable) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let fits = match stmt.kind {
            // ALTER TABLE takes views, indexes and sequences too, for what they have in common with tables.
            ObjectKind::Table if matches!(relation.kind, RelationKind::CompositeType) => {
                let error = SqlError::new("42809", format!("\"{}\" is a composite type", relation.name));
                return Err(error.hint("Use ALTER TYPE instead.").at(stmt.relation.name.loc).into());
            }
            ObjectKind::Table => true,
            ObjectKind::View => matches!(relation.kind, RelationKind::View(_)),
            ObjectKind::MaterializedView => matches!(relation.kind, RelationKind::MaterializedView(..)),
            ObjectKind::Index => matches!(relation.kind, RelationKind::Index(_)),
            ObjectKind::Sequence => matches!(relation.kind, RelationKind::Sequence(_)),
            ObjectKind::ForeignTable => matches!(relation.kind, RelationKind::ForeignTable(_)),
            ObjectKind::Type => matches!(relation.kind, RelationKind::CompositeType),
            _ => true,
        };
        if fits {
            return Ok(());
        }
        let word = match stmt.kind {
            ObjectKind::View => "a view",
            ObjectKind::MaterializedView => "a materialized view",
            ObjectKind::Index => "an index",
            ObjectKind::Sequence => "a sequence",
            ObjectKind::ForeignTable => "a foreign table",
            ObjectKind::Type => "a composite type",
            _ => "a table, view, materialized view, index, or foreign table",
        };
        let (origin, text) = lookup::made_here(relation);
        let error = SqlError::new("42809", format!("\"{}\" is not {word}", relation.name));
        Err(error.at(stmt.relation.name.loc).related(origin, text).into())
    }

    fn alter_table_command(&mut self, rel: Oid, command: &AlterTableCommand, stmt: &AlterTable, cx: &Context) -> Exec {
        let unfinished = |what: &str| {
            let touches = Touches::Relations(vec![stmt.relation.name.clone()]);
            Err(Opaque::new(format!("{what} is not executed yet"), touches).into())
        };
        let recurse = !stmt.relation.only;
        match &command.action {
            AlterTableAction::AddColumn(_) | AlterTableAction::AddConstraint(_) => Ok(()),
            AlterTableAction::DropColumn(column) => self.drop_column_everywhere(rel, column, command, recurse, cx),
            AlterTableAction::ColumnDefault { column, default } => {
                self.column_default(rel, column, default.as_ref(), cx)
            }
            AlterTableAction::DropNotNull(column) => self.drop_not_null(rel, column, cx),
            AlterTableAction::SetNotNull(column) => {
                let number = self.column_number(rel, column)?;
                self.change_column(rel, number, ChangeKind::NotNull, cx, |c| {
                    let changed = !c.not_null;
                    c.not_null = true;
                    changed
                });
                Ok(())
            }
            AlterTableAction::SetExpression { column, expr } => self.set_expression(rel, column, expr, cx),
            AlterTableAction::DropExpression(column) => self.drop_expression(rel, column, command.missing_ok, cx),
            AlterTableAction::SetStatistics { column, value } => self.set_statistics(rel, column, *value, cx),
            AlterTableAction::SetColumnOptions { column, options, reset } => {
                self.set_column_options(rel, column, options, *reset, cx)
            }
            AlterTableAction::SetStorage { column, storage } => self.set_storage(rel, column, storage, cx),
            AlterTableAction::SetCompression { column, method } => self.set_compression(rel, column, method, cx),
            AlterTableAction::AddIdentity { column, always, options } => {
                self.check_identity_type(rel, column, options)?;
                let number = self.column_number(rel, column)?;
                let found = self.catalog.relation(rel).and_then(|r| r.column_at(number));
                let (not_null, taken) = found.map_or((true, false), |c| (c.not_null, c.identity.is_some()));
                let table = self.catalog.relation(rel).map_or("", |r| &r.name);
                if !not_null {
                    let message = format!(
                        "column \"{column}\" of relation \"{table}\" must be declared NOT NULL before identity can be added"
                    );
                    return Err(SqlError::new("55000", message).into());
                }
                if taken {
                    let message = format!("column \"{column}\" of relation \"{table}\" is already an identity column");
                    return Err(SqlError::new("55000", message).into());
                }
                if found.is_some_and(|c| c.default.is_some() || c.generated.is_some()) {
                    let message = format!("column \"{column}\" of relation \"{table}\" already has a default value");
                    return Err(SqlError::new("55000", message).into());
                }
                self.add_identity(rel, number, *always, options, cx)?;
                self.change_column(rel, number, ChangeKind::Default, cx, |_| true);
                Ok(())
            }
            AlterTableAction::SetIdentity { column, options } => self.set_identity(rel, column, options, cx),
            AlterTableAction::DropIdentity(column) => self.drop_identity(rel, column, command.missing_ok, cx),
            AlterTableAction::AlterColumnType { column, ty, collation, using, loc } => {
                let behavior = command.behavior;
                self.check_type_change(rel, column, using.is_some())?;
                self.check_new_type(rel, column, ty, collation.as_ref(), using.as_ref(), *loc)?;
                let children = self.children_of_type_change(rel, column, recurse, behavior)?;
                let written = NewType { ty, collation: collation.as_ref(), using: using.as_ref(), loc: *loc };
                self.alter_column_type(rel, column, &written, &children, cx)
            }
            AlterTableAction::AlterConstraint { name, deferrability, enforced, no_inherit } => {
                let change = ConstraintChange {
                    // Before 18 what is not written is changed, too.
                    deferrability: match self.catalog.version() >= 18 {
                        true => *deferrability,
                        false => Some(deferrability.unwrap_or_default()),
                    },
                    enforced: *enforced,
                    no_inherit: *no_inherit,
                };
                self.alter_constraint_everywhere(rel, name, change, recurse, cx)
            }
            AlterTableAction::ValidateConstraint(name) => self.validate_everywhere(rel, name, recurse, cx),
            AlterTableAction::DropConstraint(name) => {
                self.drop_constraint_everywhere(rel, name, command, recurse, false, cx)
            }
            AlterTableAction::ChangeOwner(role) => {
                let owner = self.new_owner(role)?;
                self.may_give_to(rel, owner)?;
                self.change_relation_owner(rel, owner, cx)
            }
            AlterTableAction::ClusterOn(name) => {
                let index = self.check_clusterable(rel, name)?;
                self.refuse_partitioned_cluster(rel)?;
                self.mark_clustered(rel, index);
                Ok(())
            }
            AlterTableAction::ReplicaIdentity(identity) => {
                if let (ReplicaIdentity::Index(name), Some(relation)) = (identity, self.catalog.relation(rel)) {
                    self.check_replica_identity(relation, name)?;
                }
                if let Some(relation) = self.catalog.relation_mut(rel) {
                    relation.replica_identity = identity.clone();
                }
                Ok(())
            }
            AlterTableAction::DropCluster => {
                self.refuse_partitioned_cluster(rel)?;
                self.mark_clustered(rel, None);
                Ok(())
            }
            // Where and how rows are stored is not a part of the schema that is compared.
            AlterTableAction::SetTablespace(_) | AlterTableAction::SetAccessMethod(_) => Ok(()),
            AlterTableAction::SetLogged => self.set_persistence(rel, Persistence::Permanent, cx),
            AlterTableAction::SetUnlogged => self.set_persistence(rel, Persistence::Unlogged, cx),
            AlterTableAction::SetOptions(list) | AlterTableAction::ResetOptions(list) => {
                let reset = matches!(command.action, AlterTableAction::ResetOptions(_));
                self.set_options(rel, list, reset, cx)
            }
            AlterTableAction::SetTriggers { which, state } => self.set_triggers(rel, which, *state, recurse, cx),
            AlterTableAction::EnableRowSecurity => {
                self.row_security(rel, "ENABLE ROW SECURITY", cx, |r| !std::mem::replace(&mut r.row_security, true))
            }
            AlterTableAction::DisableRowSecurity => {
                self.row_security(rel, "DISABLE ROW SECURITY", cx, |r| std::mem::replace(&mut r.row_security, false))
            }
            AlterTableAction::ForceRowSecurity => self.force_row_security(rel, "FORCE ROW SECURITY", true, cx),
            AlterTableAction::NoForceRowSecurity => self.force_row_security(rel, "NO FORCE ROW SECURITY", false, cx),
            AlterTableAction::SetRule { name, state } => self.set_rule(rel, name, *state, cx),
            AlterTableAction::AddInherit(parent) => self.add_inherit(rel, parent, cx),
            AlterTableAction::DropInherit(parent) => self.drop_inherit(rel, parent, cx),
            AlterTableAction::AddOf(ty) => self.add_of(rel, ty, cx),
            AlterTableAction::DropOf => self.drop_of(rel, cx),
            AlterTableAction::ForeignOptions(options) => self.alter_foreign_options(rel, options, cx),
            AlterTableAction::ForeignColumnOptions { column, options } => {
                self.alter_foreign_column(rel, column, options, cx)
            }
            AlterTableAction::AttachPartition { partition, bound } => {
                self.attach_partition(rel, partition, bound.as_ref(), cx)
            }
            AlterTableAction::DetachPartition { partition, concurrently } => {
                self.detach_partition(rel, partition, *concurrently, cx)
            }
            AlterTableAction::DetachPartitionFinalize(partition) => self.finalize_detach(rel, partition),
            AlterTableAction::Unmodelled(what) => unfinished(what),
        }
    }

    // ---- constraints ----

    fn change_constraint(
        &mut self,
        rel: Oid,
        name: &Name,
        cx: &Context,
        change: impl FnOnce(&mut crate::catalog::Constraint),
    ) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        if relation.constraint(name).is_none() {
            return Err(self.undefined_constraint(relation, name));
        }
        let found = self.catalog.relation_mut(rel).and_then(|r| r.constraints.iter_mut().find(|c| c.name == *name));
        if let Some(constraint) = found {
            change(constraint);
            constraint.provenance.change(cx.origin, ChangeKind::Definition);
        }
        Ok(())
    }

    fn undefined_constraint(&self, relation: &Relation, name: &str) -> crate::replay::Stop {
        let message = format!("constraint \"{name}\" of relation \"{}\" does not exist", relation.name);
        let error = SqlError::new("42704", message);
        let mut error = error.about(About::Part(relation.name.to_string(), name.to_owned()));
        lookup::explain(&self.catalog, &mut error, |t| {
            t.kind == "constraint" && t.name == name && t.relation.as_ref() == Some(&relation.name)
        });
        match self.catalog.taint.of_relation(relation.schema, &relation.name, Some(relation.provenance.created)) {
            Some(unknown) => lookup::maybe(error, unknown),
            None => error.into(),
        }
    }

    fn drop_constraint(&mut self, rel: Oid, name: &Name, command: &AlterTableCommand, cx: &Context) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let Some(constraint) = relation.constraint(name) else {
            if command.missing_ok {
                let table = &relation.name;
                let message = format!("constraint \"{name}\" of relation \"{table}\" does not exist, skipping");
                self.notice(message, cx);
                return Ok(());
            }
            return Err(self.undefined_constraint(relation, name));
        };
        let target = Object::Constraint(rel, constraint.oid);
        self.delete_objects(&[target], command.behavior, cx)
    }

    // ---- the table itself ----

    fn set_triggers(
        &mut self,
        rel: Oid,
        which: &TriggerSelection,
        state: FiringState,
        recurse: bool,
        cx: &Context,
    ) -> Exec {
        let Some(relation) = self.catalog.relation_mut(rel) else { return Ok(()) };
        let mut found = false;
        let mut changed = Vec::new();
        for trigger in &mut relation.triggers {
            let selected = match which {
                TriggerSelection::Name(name) => trigger.name == *name,
                TriggerSelection::All | TriggerSelection::User => true,
            };
            if selected {
                found = true;
                changed.push(trigger.oid);
                trigger.enabled = state;
                trigger.provenance.change(cx.origin, ChangeKind::Definition);
            }
        }
        match which {
            TriggerSelection::Name(name) if !found => {
                let message = format!("trigger \"{name}\" for table \"{}\" does not exist", relation.name);
                Err(SqlError::new("42704", message).into())
            }
            TriggerSelection::Name(_) | TriggerSelection::All | TriggerSelection::User => {
                if recurse {
                    changed.into_iter().for_each(|trigger| self.set_clones(rel, trigger, state, cx));
                }
                Ok(())
            }
        }
    }

    /// Switches row-level security; `change` tells if that made a difference.
    fn row_security(
        &mut self,
        rel: Oid,
        action: &str,
        cx: &Context,
        change: impl FnOnce(&mut Relation) -> bool,
    ) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        match relation.kind {
            RelationKind::Table | RelationKind::PartitionedTable(_) => {}
            RelationKind::ForeignTable(_)
            | RelationKind::View(_)
            | RelationKind::MaterializedView(..)
            | RelationKind::Sequence(_)
            | RelationKind::Index(_)
            | RelationKind::CompositeType => return Err(self.wrong_kind(relation, action)),
        }
        if let Some(relation) = self.catalog.relation_mut(rel)
            && change(relation)
        {
            relation.provenance.change(cx.origin, ChangeKind::RowSecurity);
        }
        Ok(())
    }

    fn force_row_security(&mut self, rel: Oid, action: &str, force: bool, cx: &Context) -> Exec {
        self.row_security(rel, action, cx, |_| false)?;
        if let Some(relation) = self.catalog.relation_mut(rel) {
            relation.force_row_security = force;
            relation.provenance.change(cx.origin, ChangeKind::ForceRowSecurity);
        }
        Ok(())
    }
}

/// The passes of ALTER TABLE (`AlterTablePass`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pass {
    Drop,
    AlterType,
    AddColumn,
    SetExpression,
    ColumnAttributes,
    AddConstraint,
    OtherConstraint,
    Misc,
}

fn pass(action: &AlterTableAction) -> Pass {
    match action {
        AlterTableAction::DropColumn(_)
        | AlterTableAction::DropConstraint(_)
        | AlterTableAction::DropNotNull(_)
        | AlterTableAction::DropExpression(_)
        | AlterTableAction::DropIdentity(_)
        | AlterTableAction::ColumnDefault { default: None, .. } => Pass::Drop,
        AlterTableAction::AlterColumnType { .. } => Pass::AlterType,
        AlterTableAction::AddColumn(_) => Pass::AddColumn,
        AlterTableAction::SetExpression { .. } => Pass::SetExpression,
        AlterTableAction::SetNotNull(_) => Pass::ColumnAttributes,
        AlterTableAction::AddConstraint(_) => Pass::AddConstraint,
        AlterTableAction::ColumnDefault { default: Some(_), .. } | AlterTableAction::AddIdentity { .. } => {
            Pass::OtherConstraint
        }
        AlterTableAction::SetIdentity { .. }
        | AlterTableAction::SetStatistics { .. }
        | AlterTableAction::SetColumnOptions { .. }
        | AlterTableAction::SetStorage { .. }
        | AlterTableAction::SetCompression { .. }
        | AlterTableAction::AlterConstraint { .. }
        | AlterTableAction::ValidateConstraint(_)
        | AlterTableAction::ChangeOwner(_)
        | AlterTableAction::ClusterOn(_)
        | AlterTableAction::DropCluster
        | AlterTableAction::SetLogged
        | AlterTableAction::SetUnlogged
        | AlterTableAction::SetAccessMethod(_)
        | AlterTableAction::SetTablespace(_)
        | AlterTableAction::SetOptions(_)
        | AlterTableAction::ResetOptions(_)
        | AlterTableAction::SetTriggers { .. }
        | AlterTableAction::SetRule { .. }
        | AlterTableAction::AddInherit(_)
        | AlterTableAction::DropInherit(_)
        | AlterTableAction::AddOf(_)
        | AlterTableAction::DropOf
        | AlterTableAction::ReplicaIdentity(_)
        | AlterTableAction::EnableRowSecurity
        | AlterTableAction::DisableRowSecurity
        | AlterTableAction::ForceRowSecurity
        | AlterTableAction::NoForceRowSecurity
        | AlterTableAction::ForeignOptions(_)
        | AlterTableAction::ForeignColumnOptions { .. }
        | AlterTableAction::AttachPartition { .. }
        | AlterTableAction::DetachPartition { .. }
        | AlterTableAction::DetachPartitionFinalize(_)
        | AlterTableAction::Unmodelled(_) => Pass::Misc,
    }
}
