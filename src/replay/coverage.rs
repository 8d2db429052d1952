//! What the replay does with each kind of statement: one arm a kind, no default arm, as in [`super::execute`].
//!
//! `docs/coverage.md` is made from this, and `tests/coverage.rs` holds it against what statements really end in. It knows
//! nothing but the statement: what is executed may still end opaque or undecided where what it rests on is not known.

use super::{Exec, Opaque};
use crate::sql::ast::*;

/// What the replay does with a kind of statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Coverage {
    /// It changes nothing that the catalog of the replay has; what it names is not looked up.
    NoEffect,
    /// It is executed: applied to the catalog, or refused with PostgreSQL's error.
    Executed,
    /// It is reported as not executed.
    Opaque,
}

/// What the replay does with a statement of this kind.
pub fn coverage(statement: &StatementKind) -> Coverage {
    use Coverage::{Executed, NoEffect, Opaque};
    use StatementKind as S;
    match statement {
        S::CreateSchema(stmt) => worst(stmt.elements.iter().map(coverage)),
        S::AlterExtension(stmt) => match &stmt.action {
            AlterExtensionAction::Update(_) => Executed,
            // Of the others every one is refused.
            AlterExtensionAction::Add(object) | AlterExtensionAction::Drop(object)
                if super::ddl::extension::can_be_member(object.kind) =>
            {
                if_recorded(object.kind)
            }
            AlterExtensionAction::Add(_) | AlterExtensionAction::Drop(_) => Executed,
        },
        S::CreateTable(stmt) => worst(stmt.elements.iter().map(of_table_element)),
        S::AlterTable(stmt) => worst(stmt.commands.iter().map(|command| of_action(&command.action))),
        S::Grant(stmt) => match &stmt.target {
            GrantTarget::Tables(_)
            | GrantTarget::Sequences(_)
            | GrantTarget::Functions { .. }
            | GrantTarget::Schemas(_)
            | GrantTarget::Types { .. }
            | GrantTarget::AllInSchema { .. } => Executed,
            GrantTarget::Other { kind, .. } => match super::ddl::privileges::other_acl_kind(*kind) {
                Some(_) => Executed,
                None => Opaque,
            },
        },
        S::AlterDefaultPrivileges(stmt) => match super::ddl::privileges::default_acl_kind(stmt.kind) {
            Some(_) => Executed,
            None => Opaque,
        },
        S::Comment(stmt) => if_recorded(stmt.object.kind),
        S::Rename(stmt) => match &stmt.target {
            RenameTarget::Relation { .. } | RenameTarget::Column { .. } | RenameTarget::OfRelation { .. } => Executed,
            RenameTarget::Object(object) => if_recorded(object.kind),
        },
        S::AlterObjectSchema(stmt) => if_recorded(stmt.object.kind),
        S::AlterOwner(stmt) => if_recorded(stmt.object.kind),
        S::Drop(stmt) => if_recorded(stmt.kind),
        S::Set(stmt) => match stmt.value {
            SetValue::Values(_) | SetValue::Default | SetValue::Current => Executed,
            SetValue::TransactionModes => NoEffect,
        },
        S::Transaction(control) => match &**control {
            Transaction::Begin
            | Transaction::Commit { .. }
            | Transaction::Rollback { .. }
            | Transaction::Savepoint(_)
            | Transaction::Release(_)
            | Transaction::RollbackTo(_)
            | Transaction::Prepare(_)
            | Transaction::CommitPrepared(_)
            | Transaction::RollbackPrepared(_) => Executed,
        },
        S::Explain(explain) => coverage(&explain.statement),
        S::CreateExtension(_)
        | S::CreateRole(_)
        | S::AlterRole(_)
        | S::AlterRoleSet(_)
        | S::CreateIndex(_)
        | S::CreateSequence(_)
        | S::AlterSequence(_)
        | S::CreateView(_)
        | S::CreateRule(_)
        | S::CreateTableAs(_)
        | S::RefreshMatView { .. }
        | S::CreateStatistics(_)
        | S::AlterStatistics(_)
        | S::CreateEnum { .. }
        | S::AlterEnum(_)
        | S::CreateDomain(_)
        | S::AlterDomain(_)
        | S::CreateCompositeType { .. }
        | S::CreateRangeType { .. }
        | S::Define(_)
        | S::AlterOptions(_)
        | S::CreateCast(_)
        | S::CreateConversion(_)
        | S::AlterOperator(_)
        | S::CreateOpClass(_)
        | S::CreateOpFamily(_)
        | S::AlterOpFamily(_)
        | S::AlterTsConfig(_)
        | S::CreateFunction(_)
        | S::AlterFunction(_)
        | S::Do(_)
        | S::Call(_)
        | S::CreateTrigger(_)
        | S::CreatePolicy(_)
        | S::AlterPolicy(_)
        | S::GrantRole(_)
        | S::CreatePublication(_)
        | S::AlterPublication(_)
        | S::CreateForeignDataWrapper(_)
        | S::AlterForeignDataWrapper(_)
        | S::CreateDatabase(_)
        | S::AlterDatabase(_)
        | S::RefreshDatabase(_)
        | S::DropDatabase { .. }
        | S::AlterSystem(_)
        | S::RefreshCollation(_)
        | S::CreateServer(_)
        | S::CreateEventTrigger(_)
        | S::AlterEventTrigger(_)
        | S::CreateLanguage(_)
        | S::CreateTransform(_)
        | S::AlterObjectDepends(_)
        | S::AlterServer(_)
        | S::DropRole { .. }
        | S::Discard { .. }
        | S::Select(_)
        | S::Insert(_)
        | S::Update(_)
        | S::Delete(_)
        | S::Merge(_)
        | S::Truncate { .. }
        | S::Copy(_) => Executed,
        S::SetConstraints { .. }
        | S::DeclareCursor(_)
        | S::Notify { .. }
        | S::Utility(
            Utility::Checkpoint
            | Utility::ClosePortal
            | Utility::Fetch
            | Utility::Listen
            | Utility::Load
            | Utility::Unlisten,
        ) => NoEffect,
        S::Show(_)
        | S::Prepare(_)
        | S::Execute(_)
        | S::Deallocate(_)
        | S::DropOwned { .. }
        | S::ReassignOwned { .. }
        | S::Lock { .. }
        | S::Cluster(_)
        | S::Reindex(_)
        | S::Vacuum(_) => Executed,
        S::Unmodelled(_) => Opaque,
    }
}

fn of_table_element(element: &TableElement) -> Coverage {
    match element {
        TableElement::Column(column) => worst(column.constraints.iter().map(of_constraint)),
        TableElement::Constraint(constraint) => of_constraint(constraint),
        TableElement::Like(_) => Coverage::Executed,
    }
}

/// A constraint, where it is written.
fn of_constraint(constraint: &Constraint) -> Coverage {
    match &constraint.kind {
        ConstraintKind::Key(_)
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Attribute(_)
        | ConstraintKind::Null
        | ConstraintKind::NotNull { .. }
        | ConstraintKind::Default(_)
        | ConstraintKind::Identity { .. }
        | ConstraintKind::Generated { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion(_) => Coverage::Executed,
    }
}

/// A sub-command of ALTER TABLE.
fn of_action(action: &AlterTableAction) -> Coverage {
    use AlterTableAction as A;
    use Coverage::{Executed, NoEffect, Opaque};
    match action {
        A::AddColumn(column) => worst(column.constraints.iter().map(of_constraint)),
        A::AddConstraint(constraint) => of_constraint(constraint),
        A::SetStatistics { .. }
        | A::DropColumn(_)
        | A::ColumnDefault { .. }
        | A::DropNotNull(_)
        | A::SetNotNull(_)
        | A::SetExpression { .. }
        | A::DropExpression(_)
        | A::SetColumnOptions { .. }
        | A::SetStorage { .. }
        | A::SetCompression { .. }
        | A::AddIdentity { .. }
        | A::SetIdentity { .. }
        | A::DropIdentity(_)
        | A::AlterColumnType { .. }
        | A::AlterConstraint { .. }
        | A::ValidateConstraint(_)
        | A::DropConstraint(_)
        | A::ChangeOwner(_)
        | A::SetLogged
        | A::SetUnlogged
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
        | A::ClusterOn(_)
        | A::DropCluster => Executed,
        // Where and how rows are stored is no part of the catalog here.
        A::SetTablespace(_) | A::SetAccessMethod(_) => NoEffect,
        A::Unmodelled(_) => Opaque,
    }
}

/// Whether the catalog has objects of this kind: what is said of others is not executed.
pub(super) fn is_recorded(kind: ObjectKind) -> bool {
    use ObjectKind as K;
    match kind {
        K::Aggregate
        | K::Attribute
        | K::Cast
        | K::Collation
        | K::Column
        | K::Conversion
        | K::Database
        | K::Domain
        | K::DomainConstraint
        | K::EventTrigger
        | K::Extension
        | K::ForeignDataWrapper
        | K::ForeignServer
        | K::ForeignTable
        | K::Function
        | K::Index
        | K::Language
        | K::LargeObject
        | K::MaterializedView
        | K::OpClass
        | K::OpFamily
        | K::Operator
        | K::Policy
        | K::Procedure
        | K::Publication
        | K::Role
        | K::Routine
        | K::Rule
        | K::Schema
        | K::Sequence
        | K::Statistics
        | K::Table
        | K::TableConstraint
        | K::Transform
        | K::Trigger
        | K::TsConfiguration
        | K::TsDictionary
        | K::Type
        | K::View => true,
        K::AccessMethod
        | K::DefaultPrivileges
        | K::Parameter
        | K::Subscription
        | K::Tablespace
        | K::TsParser
        | K::TsTemplate
        | K::UserMapping => false,
    }
}

/// Ends a statement that names an object without a record: nothing is done for one of PostgreSQL's own, and a kind
/// that the catalog does not have is opaque.
pub(super) fn without_record(kind: ObjectKind, command: &str) -> Exec {
    match is_recorded(kind) {
        true => Ok(()),
        false => {
            let reason = format!("{command} this kind of object is not executed yet");
            Err(Opaque::new(reason, Touches::Nothing).into())
        }
    }
}

fn if_recorded(kind: ObjectKind) -> Coverage {
    if is_recorded(kind) { Coverage::Executed } else { Coverage::Opaque }
}

/// A statement is executed as far as its least executed part is.
fn worst(parts: impl Iterator<Item = Coverage>) -> Coverage {
    parts.max().unwrap_or(Coverage::Executed)
}
