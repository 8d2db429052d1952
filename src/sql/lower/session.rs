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
            Kind::TransStmtPrepare => Transaction::Prepare(transaction.gid),
            Kind::TransStmtCommitPrepared => Transaction::CommitPrepared(transaction.gid),
            Kind::TransStmtRollbackPrepared => Transaction::RollbackPrepared(transaction.gid),
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

/// What is done to tables as a whole.
impl Lowerer<'_> {
    pub(super) fn lock(&mut self, lock: pg::LockStmt) -> StatementKind {
        // `lockdefs.h`
        let mode = match lock.mode {
            1 => LockMode::AccessShare,
            2 => LockMode::RowShare,
            3 => LockMode::RowExclusive,
            _ => LockMode::Stronger,
        };
        StatementKind::Lock { relations: self.relations(lock.relations), mode }
    }

    pub(super) fn cluster(&mut self, cluster: pg::ClusterStmt) -> Cluster {
        Cluster {
            relation: cluster.relation.map(|relation| self.relation(Some(relation))),
            index: string_if_any(cluster.indexname).map(Name::from),
            options: self.options(cluster.params),
        }
    }

    pub(super) fn reindex(&mut self, reindex: pg::ReindexStmt) -> Reindex {
        use pg::ReindexObjectType as Kind;
        let kind = reindex.kind();
        let name = string_if_any(reindex.name).map(Name::from);
        let target = match kind {
            Kind::ReindexObjectIndex => ReindexTarget::Index(self.relation(reindex.relation)),
            Kind::ReindexObjectTable => ReindexTarget::Table(self.relation(reindex.relation)),
            Kind::ReindexObjectSchema => ReindexTarget::Schema(name.unwrap_or_default()),
            Kind::ReindexObjectSystem => ReindexTarget::System(name),
            Kind::ReindexObjectDatabase => ReindexTarget::Database(name),
            Kind::Undefined => {
                self.unexpected();
                ReindexTarget::Database(None)
            }
        };
        Reindex { target, options: self.options(reindex.params) }
    }

    pub(super) fn vacuum(&mut self, vacuum: pg::VacuumStmt) -> Vacuum {
        let mut relations = Vec::new();
        for node in nodes(vacuum.rels) {
            match node {
                NodeEnum::VacuumRelation(one) => {
                    let columns = self.strings(one.va_cols).into_iter().map(Name::from).to_vec();
                    relations.push((self.relation(one.relation), columns));
                }
                _ => self.unexpected(),
            }
        }
        Vacuum { vacuum: vacuum.is_vacuumcmd, relations, options: self.options(vacuum.options) }
    }
}
