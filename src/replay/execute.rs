//! Statements to the code that executes them: one arm a kind, no default arm, so that no kind can vanish.

use super::{Context, Exec, Opaque, Replay};
use crate::sql::ast::{StatementKind, Touches};

impl Replay {
    /// Executes one statement that is not transaction control. On an error the catalog may be half changed: the
    /// caller keeps a clone to go back to.
    pub(crate) fn execute(&mut self, statement: &StatementKind, cx: &Context) -> Exec {
        match statement {
            StatementKind::CreateSchema(stmt) => self.create_schema(stmt, cx),
            StatementKind::CreateExtension(stmt) => self.create_extension(stmt, cx),
            StatementKind::AlterExtension(stmt) => self.alter_extension(stmt, cx),
            StatementKind::CreateRole(stmt) => self.create_role(stmt, cx),
            StatementKind::AlterRole(stmt) => self.alter_role(stmt, cx),
            StatementKind::AlterRoleSet(stmt) => self.alter_role_set(stmt, cx),
            StatementKind::CreateTable(stmt) => self.create_table(stmt, cx),
            StatementKind::CreateTableAs(stmt) => self.create_table_as(stmt, cx),
            StatementKind::AlterTable(stmt) => self.alter_table(stmt, cx),
            StatementKind::CreateIndex(stmt) => self.create_index(stmt, cx),
            StatementKind::CreateSequence(stmt) => self.create_sequence(stmt, cx),
            StatementKind::AlterSequence(stmt) => self.alter_sequence(stmt, cx),
            StatementKind::CreateView(stmt) => self.create_view(stmt, cx),
            StatementKind::RefreshMatView(relation) => self.refresh_mat_view(relation, cx),
            StatementKind::CreateEnum { name, labels } => self.create_enum(name, labels, cx),
            StatementKind::AlterEnum(stmt) => self.alter_enum(stmt, cx),
            StatementKind::CreateDomain(stmt) => self.create_domain(stmt, cx),
            StatementKind::AlterDomain(stmt) => self.alter_domain(stmt, cx),
            StatementKind::CreateCompositeType { name, columns } => self.create_composite_type(name, columns, cx),
            StatementKind::CreateRangeType { name, .. } => {
                Err(Opaque::new("range types are not executed yet", Touches::Type(name.clone())).into())
            }
            StatementKind::CreateFunction(stmt) => self.create_function(stmt, cx),
            StatementKind::AlterFunction(stmt) => self.alter_function(stmt, cx),
            StatementKind::Do(stmt) => self.run_do(stmt, cx),
            StatementKind::Call(call) => self.run_call(call, cx),
            StatementKind::CreateTrigger(stmt) => self.create_trigger(stmt, cx),
            StatementKind::CreatePolicy(stmt) => self.create_policy(stmt, cx),
            StatementKind::AlterPolicy(stmt) => self.alter_policy(stmt, cx),
            StatementKind::Grant(stmt) => self.grant(stmt, cx),
            StatementKind::GrantRole(stmt) => self.grant_role(stmt, cx),
            StatementKind::AlterDefaultPrivileges(stmt) => self.alter_default_privileges(stmt, cx),
            StatementKind::CreatePublication(stmt) => self.create_publication(stmt, cx),
            StatementKind::AlterPublication(stmt) => self.alter_publication(stmt, cx),
            StatementKind::Comment(stmt) => self.comment(stmt, cx),
            StatementKind::Rename(stmt) => self.rename(stmt, cx),
            StatementKind::AlterObjectSchema(stmt) => self.alter_object_schema(stmt, cx),
            StatementKind::AlterOwner(stmt) => self.alter_owner(stmt, cx),
            StatementKind::AlterObjectDepends(_) => {
                Err(Opaque::new("DEPENDS ON EXTENSION is not executed yet", Touches::Nothing).into())
            }
            StatementKind::Drop(stmt) => self.drop(stmt, cx),
            StatementKind::DropRole { roles, missing_ok } => self.drop_role(roles, *missing_ok, cx),
            StatementKind::DropOwned { .. } | StatementKind::ReassignOwned { .. } => {
                Err(Opaque::new("DROP OWNED and REASSIGN OWNED are not executed yet", Touches::Everything).into())
            }
            StatementKind::Set(stmt) => self.set(stmt),
            // The caller knows the transaction; inside a function PostgreSQL refuses these.
            StatementKind::Transaction(_) => {
                Err(Opaque::new("transaction control is not executed here", Touches::Everything).into())
            }
            StatementKind::SetConstraints => Ok(()),
            StatementKind::Discard { all, temp } => self.discard(*all, *temp, cx),
            StatementKind::Select(query) => self.run_select(query, cx),
            StatementKind::Insert(stmt) => self.insert(stmt),
            StatementKind::Update(stmt) => self.update(stmt),
            StatementKind::Delete(stmt) => self.delete(stmt),
            StatementKind::Merge(stmt) => self.merge(stmt),
            StatementKind::Truncate { relations, behavior, .. } => self.truncate(relations, *behavior),
            StatementKind::Copy(stmt) => self.copy(stmt, cx),
            StatementKind::Explain(explain) => {
                if explain.analyze {
                    self.execute(&explain.statement, cx)
                } else {
                    // It is analysed, and not run.
                    self.check_names(&explain.statement)
                }
            }
            StatementKind::Utility(_) => Ok(()),
            StatementKind::Unmodelled(stmt) => {
                Err(Opaque::new(format!("{} is not executed yet", stmt.tag), stmt.touches.clone()).into())
            }
        }
    }
}
