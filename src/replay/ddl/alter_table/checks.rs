//! What ALTER TABLE refuses: actions on the wrong kind of relation, and changes that others stand in the way of.

use super::super::sequence::refuse_identity_type;
use super::column::not_a_table;
use crate::catalog::{IndexKeyKind, Object, Oid, Relation, RelationKind, TypeKind, TypeRef, type_oid as t};
use crate::replay::{Exec, Replay, SqlError, Stop, lookup};
use crate::sql::ast::{AlterTable, AlterTableAction as A, ColumnOrNumber, FiringState, Persistence, TriggerSelection};

/// The kinds of relation that an action is for (`tablecmds.c: ATPrepCmd`).
#[derive(Clone, Copy, Default)]
struct Kinds {
    table: bool,
    view: bool,
    materialized_view: bool,
    index: bool,
    sequence: bool,
    composite_type: bool,
    foreign_table: bool,
}

const TABLE: Kinds = Kinds {
    table: true,
    view: false,
    materialized_view: false,
    index: false,
    sequence: false,
    composite_type: false,
    foreign_table: false,
};
const FOREIGN: Kinds = Kinds { foreign_table: true, ..TABLE };
const ONLY_FOREIGN: Kinds = Kinds { table: false, ..FOREIGN };
const COMPOSITE: Kinds = Kinds { composite_type: true, ..FOREIGN };
const VIEW: Kinds = Kinds { view: true, ..FOREIGN };
const MATERIALIZED: Kinds = Kinds { materialized_view: true, ..TABLE };

impl Kinds {
    fn has(self, kind: &RelationKind) -> bool {
        match kind {
            RelationKind::Table | RelationKind::PartitionedTable(_) => self.table,
            RelationKind::ForeignTable(_) => self.foreign_table,
            RelationKind::View(_) => self.view,
            RelationKind::MaterializedView(..) => self.materialized_view,
            RelationKind::Sequence(_) => self.sequence,
            RelationKind::Index(_) => self.index,
            RelationKind::CompositeType => self.composite_type,
        }
    }
}

/// The kinds of relation that an action is for, and its name in errors (`alter_table_type_to_string`); nothing for
/// actions that are for all, or check it themselves.
fn kinds_of(action: &A) -> Option<(Kinds, &'static str)> {
    Some(match action {
        A::AddColumn(_) => (COMPOSITE, "ADD COLUMN"),
        A::DropColumn(_) => (COMPOSITE, "DROP COLUMN"),
        A::ColumnDefault { default: Some(_), .. } => (VIEW, "ALTER COLUMN ... SET DEFAULT"),
        A::ColumnDefault { default: None, .. } => (VIEW, "ALTER COLUMN ... SET DEFAULT"),
        A::SetNotNull(_) => (FOREIGN, "ALTER COLUMN ... SET NOT NULL"),
        A::DropNotNull(_) => (FOREIGN, "ALTER COLUMN ... DROP NOT NULL"),
        A::SetExpression { .. } => (FOREIGN, "ALTER COLUMN ... SET EXPRESSION"),
        A::DropExpression(_) => (FOREIGN, "ALTER COLUMN ... DROP EXPRESSION"),
        A::SetStatistics { .. } => {
            (Kinds { index: true, materialized_view: true, ..FOREIGN }, "ALTER COLUMN ... SET STATISTICS")
        }
        A::SetColumnOptions { reset: false, .. } => {
            (Kinds { materialized_view: true, ..FOREIGN }, "ALTER COLUMN ... SET")
        }
        A::SetColumnOptions { reset: true, .. } => {
            (Kinds { materialized_view: true, ..FOREIGN }, "ALTER COLUMN ... RESET")
        }
        A::SetStorage { .. } => (Kinds { materialized_view: true, ..FOREIGN }, "ALTER COLUMN ... SET STORAGE"),
        A::SetCompression { .. } => (MATERIALIZED, "ALTER COLUMN ... SET COMPRESSION"),
        A::AddIdentity { .. } => (VIEW, "ALTER COLUMN ... ADD IDENTITY"),
        A::SetIdentity { .. } => (VIEW, "ALTER COLUMN ... SET"),
        A::DropIdentity(_) => (VIEW, "ALTER COLUMN ... DROP IDENTITY"),
        A::AlterColumnType { .. } => (COMPOSITE, "ALTER COLUMN ... SET DATA TYPE"),
        A::AddConstraint(_) => (FOREIGN, "ADD CONSTRAINT"),
        A::AlterConstraint { .. } => (TABLE, "ALTER CONSTRAINT"),
        A::ValidateConstraint(_) => (FOREIGN, "VALIDATE CONSTRAINT"),
        A::DropConstraint(_) => (FOREIGN, "DROP CONSTRAINT"),
        A::ClusterOn(_) => (MATERIALIZED, "CLUSTER ON"),
        A::DropCluster => (MATERIALIZED, "SET WITHOUT CLUSTER"),
        A::SetLogged => (Kinds { sequence: true, ..TABLE }, "SET LOGGED"),
        A::SetUnlogged => (Kinds { sequence: true, ..TABLE }, "SET UNLOGGED"),
        A::SetOptions(_) => (Kinds { view: true, index: true, ..MATERIALIZED }, "SET"),
        // The grammar has no empty list of options.
        A::ResetOptions(options) if options.is_empty() => (FOREIGN, "SET WITHOUT OIDS"),
        A::ResetOptions(_) => (Kinds { view: true, index: true, ..MATERIALIZED }, "RESET"),
        A::SetTriggers { which, state } => {
            let name = match (state, which) {
                (FiringState::Enabled, TriggerSelection::Name(_)) => "ENABLE TRIGGER",
                (FiringState::Enabled, TriggerSelection::All) => "ENABLE TRIGGER ALL",
                (FiringState::Enabled, TriggerSelection::User) => "ENABLE TRIGGER USER",
                (FiringState::Disabled, TriggerSelection::Name(_)) => "DISABLE TRIGGER",
                (FiringState::Disabled, TriggerSelection::All) => "DISABLE TRIGGER ALL",
                (FiringState::Disabled, TriggerSelection::User) => "DISABLE TRIGGER USER",
                (FiringState::Replica, _) => "ENABLE REPLICA TRIGGER",
                (FiringState::Always, _) => "ENABLE ALWAYS TRIGGER",
            };
            (FOREIGN, name)
        }
        A::SetRule { state, .. } => {
            let name = match state {
                FiringState::Enabled => "ENABLE RULE",
                FiringState::Disabled => "DISABLE RULE",
                FiringState::Replica => "ENABLE REPLICA RULE",
                FiringState::Always => "ENABLE ALWAYS RULE",
            };
            (TABLE, name)
        }
        A::ReplicaIdentity(_) => (MATERIALIZED, "REPLICA IDENTITY"),
        A::SetAccessMethod(_) => (MATERIALIZED, "SET ACCESS METHOD"),
        A::SetTablespace(_) => (Kinds { index: true, ..MATERIALIZED }, "SET TABLESPACE"),
        A::AddInherit(_) => (FOREIGN, "INHERIT"),
        A::DropInherit(_) => (FOREIGN, "NO INHERIT"),
        A::AddOf(_) => (TABLE, "OF"),
        A::DropOf => (TABLE, "NOT OF"),
        A::EnableRowSecurity => (TABLE, "ENABLE ROW SECURITY"),
        A::DisableRowSecurity => (TABLE, "DISABLE ROW SECURITY"),
        A::ForceRowSecurity => (TABLE, "FORCE ROW SECURITY"),
        A::NoForceRowSecurity => (TABLE, "NO FORCE ROW SECURITY"),
        A::ForeignOptions(_) => (ONLY_FOREIGN, "OPTIONS"),
        A::ForeignColumnOptions { .. } => (ONLY_FOREIGN, "ALTER COLUMN ... OPTIONS"),
        A::ChangeOwner(_)
        | A::AttachPartition { .. }
        | A::DetachPartition { .. }
        | A::DetachPartitionFinalize(_)
        | A::Unmodelled(_) => return None,
    })
}

impl Replay {
    /// 42809 for an action that is not for this kind of relation (`ATSimplePermissions`).
    pub(super) fn check_actions(&self, rel: Oid, stmt: &AlterTable) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let mut changed = false;
        let mut moved = false;
        for command in &stmt.commands {
            if matches!(command.action, A::SetTablespace(_)) && std::mem::replace(&mut moved, true) {
                self.check_storage_action(relation, &command.action)?;
                return Err(SqlError::new("42601", "cannot have multiple SET TABLESPACE subcommands").into());
            }
            if let Some(new) = match &command.action {
                A::SetLogged => Some(Persistence::Permanent),
                A::SetUnlogged => Some(Persistence::Unlogged),
                _ => None,
            } {
                if changed {
                    return Err(SqlError::new("0A000", "cannot change persistence setting twice").into());
                }
                changed = relation.persistence != new;
            }
            if let A::SetStatistics { column: ColumnOrNumber::Number(_), .. } = &command.action {
                continue;
            }
            // From 18 on partitioned tables are not taken, of which nothing is stored.
            let stored = match &command.action {
                A::SetLogged | A::SetUnlogged => self.catalog.version() < 18 || !relation.is_partitioned(),
                _ => true,
            };
            if let Some((kinds, name)) = kinds_of(&command.action)
                && !(stored && kinds.has(&relation.kind))
            {
                return Err(self.wrong_kind(relation, name));
            }
            self.check_storage_action(relation, &command.action)?;
            match &command.action {
                // The expression is read first of all (`transformAlterTableStmt`); whether it has the type comes later.
                A::AlterColumnType { column: name, ty, collation, using, loc } => {
                    if let Some(using) = using
                        && let Err(Stop::Error(error)) = self.transform_using(rel, using)
                    {
                        return Err(Stop::Error(error));
                    }
                    let new = lookup::resolve_type(&self.catalog, &self.path(), ty);
                    // Its sequence follows at once.
                    if relation.column(name).is_some_and(|column| column.identity.is_some()) {
                        refuse_identity_type(new.clone()?.oid)?;
                    }
                    self.check_type_change(rel, name, using.is_some())?;
                    self.check_new_type(rel, name, ty, collation.as_ref(), using.as_ref(), *loc)?;
                    let followers = self.children_of_type_change(rel, name, !stmt.relation.only, command.behavior)?;
                    let mut children = followers.iter().filter_map(|child| self.catalog.relation(*child));
                    if using.is_some()
                        && let Some(foreign) = children.find(|r| matches!(r.kind, RelationKind::ForeignTable(_)))
                    {
                        return Err(not_a_table(foreign));
                    }
                    let has_identity = |child: &Oid| {
                        let column = self.catalog.relation(*child).and_then(|r| r.column(name));
                        column.is_some_and(|column| column.identity.is_some())
                    };
                    if let Ok(new) = &new
                        && followers.iter().any(has_identity)
                    {
                        refuse_identity_type(new.oid)?;
                    }
                    if matches!(relation.kind, RelationKind::CompositeType) {
                        // The rows of its tables have to be cast (`ATTypedTableRecursion`).
                        for table in followers {
                            self.check_new_type(table, name, ty, None, None, *loc)?;
                        }
                    }
                }
                A::AddColumn(_) if relation.of_type.is_some() => {
                    return Err(SqlError::new("42809", "cannot add column to typed table").into());
                }
                A::DropColumn(_) if relation.of_type.is_some() => {
                    return Err(SqlError::new("42809", "cannot drop column from typed table").into());
                }
                A::DropExpression(column) => self.prepare_drop_expression(rel, column, !stmt.relation.only)?,
                A::AddInherit(_) => self.refuse_new_parent(relation)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// `ATExecReplicaIdentity`
    pub(super) fn check_replica_identity(&self, relation: &Relation, name: &str) -> Exec {
        let Some(index) = self.index_of(relation, name)?.as_index() else { return Ok(()) };
        let refuse = |state, message: String| Err(SqlError::new(state, message).into());
        if !index.unique {
            return refuse("42809", format!("cannot use non-unique index \"{name}\" as replica identity"));
        }
        let constraint = relation.constraints.iter().find(|c| Some(c.oid) == index.constraint);
        if constraint.is_some_and(|c| c.deferrable) {
            return refuse("0A000", format!("cannot use non-immediate index \"{name}\" as replica identity"));
        }
        if index.keys.iter().any(|key| matches!(key.what, IndexKeyKind::Expr(_))) {
            return refuse("0A000", format!("cannot use expression index \"{name}\" as replica identity"));
        }
        if index.predicate.is_some() {
            return refuse("0A000", format!("cannot use partial index \"{name}\" as replica identity"));
        }
        let columns = index.keys.iter().filter_map(|key| relation.column_at(key.as_column()?));
        match columns.into_iter().find(|column| !column.not_null) {
            Some(column) => refuse(
                "42809",
                format!(
                    "index \"{name}\" cannot be used as replica identity because column \"{}\" is nullable",
                    column.name
                ),
            ),
            None => Ok(()),
        }
    }

    /// A new type rewrites the rows: not where columns of other tables hold them (`find_composite_type_dependencies`).
    pub(super) fn refuse_row_type_in_use(&self, rel: Oid, old: TypeRef, new: TypeRef) -> Exec {
        let text = |oid: Oid| matches!(oid, t::TEXT | t::VARCHAR);
        let composite = self.catalog.relation(rel).is_some_and(|r| matches!(r.kind, RelationKind::CompositeType));
        // The rows of a table are only rewritten for another type, those that hold a composite type are always asked.
        if !composite && (old == new || text(old.oid) && new.oid == t::TEXT) {
            return Ok(());
        }
        self.refuse_held_rows(rel)
    }

    /// The rows of a table are written anew (`ATRewriteTables`).
    pub(super) fn refuse_held_rows(&self, rel: Oid) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let composite = matches!(relation.kind, RelationKind::CompositeType);
        let row_type = if composite {
            self.catalog.types_in(relation.schema).find(|ty| matches!(ty.kind, TypeKind::Composite(of) if of == rel))
        } else {
            relation.row_type.and_then(|ty| self.catalog.type_(ty))
        };
        let Some((table, column)) = row_type.and_then(|ty| self.column_that_holds(ty.oid)) else { return Ok(()) };
        let message = if composite {
            format!("cannot alter type \"{}\" because column \"{table}.{column}\" uses it", relation.name)
        } else {
            format!("cannot alter table \"{}\" because column \"{table}.{column}\" uses its row type", relation.name)
        };
        Err(SqlError::new("0A000", message).into())
    }

    /// The first column of a stored table with values of the type in it, arrays, domains and other rows seen through.
    pub(in crate::replay) fn column_that_holds(&self, ty: Oid) -> Option<(String, String)> {
        // Types come before relations in `pg_depend`'s order.
        let mut containers: Vec<Oid> = self.catalog.type_(ty).and_then(|ty| ty.array).into_iter().collect();
        let mut columns = Vec::new();
        for edge in self.catalog.dependencies.on(Object::Type(ty)) {
            match edge.dependent {
                Object::Type(other) if other != ty => containers.push(other),
                Object::Column(rel, number) => columns.push((rel, number)),
                _ => {}
            }
        }
        if let Some(found) = containers.into_iter().find_map(|ty| self.column_that_holds(ty)) {
            return Some(found);
        }
        columns.sort_unstable();
        columns.into_iter().find_map(|(rel, number)| {
            let relation = self.catalog.relation(rel)?;
            let column = relation.column_at(number)?;
            match relation.kind {
                RelationKind::Table | RelationKind::PartitionedTable(_) | RelationKind::MaterializedView(..) => {
                    Some((relation.name.to_string(), column.name.to_string()))
                }
                RelationKind::CompositeType => {
                    let of = |ty: &&crate::catalog::Type| matches!(ty.kind, TypeKind::Composite(of) if of == rel);
                    self.column_that_holds(self.catalog.types_in(relation.schema).find(of)?.oid)
                }
                RelationKind::ForeignTable(_)
                | RelationKind::View(_)
                | RelationKind::Sequence(_)
                | RelationKind::Index(_) => None,
            }
        })
    }

    /// 42809 for an action on a relation of a kind that does not have it.
    pub(in crate::replay::ddl) fn wrong_kind(&self, relation: &Relation, action: &str) -> crate::replay::Stop {
        let message = format!("ALTER action {action} cannot be performed on relation \"{}\"", relation.name);
        let detail = format!("This operation is not supported for {}.", self.catalog.kinds_in_words(relation));
        let (origin, text) = lookup::made_here(relation);
        SqlError::new("42809", message).detail(detail).related(origin, text).into()
    }
}
