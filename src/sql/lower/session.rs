//! Parameters, transactions, EXPLAIN.

use super::expr::literal;
use super::*;

impl Lowerer<'_> {
    pub(super) fn set_variable(&mut self, set: pg::VariableSetStmt) -> SetVariable {
        let value = match set.kind() {
            pg::VariableSetKind::VarSetValue => {
                SetValue::Values(nodes(set.args).map(|arg| self.set_argument(arg)).to_vec())
            }
            pg::VariableSetKind::VarSetDefault | pg::VariableSetKind::VarReset | pg::VariableSetKind::VarResetAll => {
                SetValue::Default
            }
            pg::VariableSetKind::VarSetCurrent => SetValue::Current,
            pg::VariableSetKind::VarSetMulti => SetValue::TransactionModes,
            pg::VariableSetKind::Undefined => {
                self.unexpected();
                SetValue::Default
            }
        };
        SetVariable { name: string_if_any(set.name), local: set.is_local, value }
    }

    /// A value as text (`guc_funcs.c: flatten_set_variable_args`).
    fn set_argument(&mut self, node: NodeEnum) -> String {
        match node {
            NodeEnum::AConst(constant) => match literal(constant) {
                Literal::Null => String::new(),
                Literal::Boolean(boolean) => boolean.to_string(),
                Literal::Integer(integer) => integer.to_string(),
                Literal::Float(text) | Literal::String(text) | Literal::BitString(text) => text,
            },
            // TIME ZONE INTERVAL '…': PostgreSQL writes the interval out.
            NodeEnum::TypeCast(cast) => match boxed(cast.arg) {
                Some(arg) => format!("INTERVAL '{}'", self.set_argument(arg)),
                None => String::new(),
            },
            _ => {
                self.unexpected();
                String::new()
            }
        }
    }

    pub(super) fn transaction(&mut self, transaction: pg::TransactionStmt) -> StatementKind {
        use pg::TransactionStmtKind as Kind;
        let chain = transaction.chain;
        let kind = transaction.kind();
        let name = || Name::from(transaction.savepoint_name.as_str());
        StatementKind::Transaction(Box::new(match kind {
            Kind::TransStmtBegin | Kind::TransStmtStart => Transaction::Begin,
            Kind::TransStmtCommit => Transaction::Commit { chain },
            Kind::TransStmtRollback => Transaction::Rollback { chain },
            Kind::TransStmtSavepoint => Transaction::Savepoint(name()),
            Kind::TransStmtRelease => Transaction::Release(name()),
            Kind::TransStmtRollbackTo => Transaction::RollbackTo(name()),
            Kind::TransStmtPrepare => Transaction::Prepare,
            Kind::TransStmtCommitPrepared => Transaction::CommitPrepared,
            Kind::TransStmtRollbackPrepared => Transaction::RollbackPrepared,
            Kind::Undefined => {
                self.unexpected();
                Transaction::Begin
            }
        }))
    }

    pub(super) fn discard(&mut self, discard: pg::DiscardStmt) -> StatementKind {
        let (all, temp) = match discard.target() {
            pg::DiscardMode::DiscardAll => (true, true),
            pg::DiscardMode::DiscardTemp => (false, true),
            pg::DiscardMode::DiscardPlans | pg::DiscardMode::DiscardSequences => (false, false),
            pg::DiscardMode::Undefined => {
                self.unexpected();
                (false, false)
            }
        };
        StatementKind::Discard { all, temp }
    }

    pub(super) fn explain(&mut self, explain: pg::ExplainStmt) -> Explain {
        let mut analyze = false;
        for option in self.def_elems(explain.options) {
            if option.defname == "analyze" {
                analyze = self.option_bool(option);
            }
        }
        Explain { analyze, statement: self.statement(boxed(explain.query)) }
    }
}
