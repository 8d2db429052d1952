//! Row-level security.

use super::*;

impl Lowerer<'_> {
    pub(super) fn create_policy(&mut self, policy: pg::CreatePolicyStmt) -> StatementKind {
        let table = self.relation(policy.table);
        let command = match policy.cmd_name.as_str() {
            "all" => PolicyCommand::All,
            "select" => PolicyCommand::Select,
            "insert" => PolicyCommand::Insert,
            "update" => PolicyCommand::Update,
            "delete" => PolicyCommand::Delete,
            _ => return unmodelled("CREATE POLICY", Touches::Relations(vec![table.name])),
        };
        StatementKind::CreatePolicy(Box::new(CreatePolicy {
            name: policy.policy_name.into(),
            table,
            permissive: policy.permissive,
            command,
            roles: self.roles(policy.roles),
            using: self.expr_if_any(policy.qual),
            check: self.expr_if_any(policy.with_check),
        }))
    }

    pub(super) fn alter_policy(&mut self, policy: pg::AlterPolicyStmt) -> AlterPolicy {
        AlterPolicy {
            name: policy.policy_name.into(),
            table: self.relation(policy.table),
            roles: self.roles(policy.roles),
            using: self.expr_if_any(policy.qual),
            check: self.expr_if_any(policy.with_check),
        }
    }
}
