//! ALTER TABLE and its like.

use super::*;

impl Lowerer<'_> {
    pub(super) fn alter_table(&mut self, alter: pg::AlterTableStmt) -> AlterTable {
        let kind = self.object_kind(alter.objtype());
        let mut relation = self.relation(alter.relation);
        if kind == ObjectKind::Type {
            // `makeRangeVarFromAnyName` leaves the flag unset.
            relation.only = false;
        }
        AlterTable {
            relation,
            kind,
            missing_ok: alter.missing_ok,
            commands: nodes(alter.cmds).filter_map(|node| self.alter_table_command(node)).to_vec(),
        }
    }

    fn alter_table_command(&mut self, node: NodeEnum) -> Option<AlterTableCommand> {
        let NodeEnum::AlterTableCmd(command) = node else {
            self.unexpected();
            return None;
        };
        let behavior = drop_behavior(command.behavior());
        let missing_ok = command.missing_ok;
        Some(AlterTableCommand { action: self.alter_table_action(*command), behavior, missing_ok })
    }

    fn alter_table_action(&mut self, command: pg::AlterTableCmd) -> AlterTableAction {
        use AlterTableAction as Action;
        use pg::AlterTableType as At;
        let subtype = command.subtype();
        let number = command.num;
        let new_owner = command.newowner;
        let name: Name = command.name.into();
        let def = boxed(command.def);
        let trigger = |which, state| Action::SetTriggers { which, state };
        match subtype {
            At::AtAddColumn => match def {
                Some(NodeEnum::ColumnDef(column)) => Action::AddColumn(self.column_def(*column)),
                _ => self.unexpected_action("ADD COLUMN"),
            },
            At::AtDropColumn => Action::DropColumn(name),
            At::AtColumnDefault => {
                Action::ColumnDefault { column: name, default: def.map(|expr| self.expr(Some(expr))) }
            }
            At::AtDropNotNull => Action::DropNotNull(name),
            At::AtSetNotNull => Action::SetNotNull(name),
            At::AtSetExpression => Action::SetExpression { column: name, expr: self.expr(def) },
            At::AtDropExpression => Action::DropExpression(name),
            At::AtSetStatistics => Action::SetStatistics {
                column: if name.is_empty() { ColumnOrNumber::Number(number) } else { ColumnOrNumber::Name(name) },
                value: match def {
                    Some(NodeEnum::Integer(integer)) => Some(integer.ival),
                    Some(_) => {
                        self.unexpected();
                        None
                    }
                    None => None,
                },
            },
            At::AtSetOptions | At::AtResetOptions => Action::SetColumnOptions {
                column: name,
                options: self.options_node(def),
                reset: subtype == At::AtResetOptions,
            },
            At::AtSetStorage => Action::SetStorage { column: name, storage: self.string(def).into() },
            At::AtSetCompression => Action::SetCompression { column: name, method: self.string(def).into() },
            At::AtAddIdentity => match def {
                Some(NodeEnum::Constraint(identity)) => Action::AddIdentity {
                    column: name,
                    always: identity.generated_when == "a",
                    options: self.options(identity.options),
                },
                _ => self.unexpected_action("ADD GENERATED AS IDENTITY"),
            },
            At::AtSetIdentity => Action::SetIdentity { column: name, options: self.options_node(def) },
            At::AtDropIdentity => Action::DropIdentity(name),
            At::AtAlterColumnType => match def {
                Some(NodeEnum::ColumnDef(column)) => Action::AlterColumnType {
                    column: name,
                    loc: self.loc(column.location),
                    ty: self.required_type(column.type_name),
                    collation: column.coll_clause.map(|clause| self.collation(*clause)),
                    using: self.expr_if_any(column.raw_default),
                },
                _ => self.unexpected_action("ALTER COLUMN TYPE"),
            },
            At::AtAddConstraint => match def {
                Some(NodeEnum::Constraint(constraint)) => match self.constraint(*constraint) {
                    Some(constraint) => Action::AddConstraint(constraint),
                    None => Action::Unmodelled("ADD CONSTRAINT"),
                },
                _ => self.unexpected_action("ADD CONSTRAINT"),
            },
            At::AtAlterConstraint => match def {
                Some(NodeEnum::AtalterConstraint(alter)) => Action::AlterConstraint {
                    name: alter.conname.into(),
                    deferrability: alter.alter_deferrability.then_some((alter.deferrable, alter.initdeferred)),
                    enforced: alter.alter_enforceability.then_some(alter.is_enforced),
                    no_inherit: alter.alter_inheritability.then_some(alter.noinherit),
                },
                _ => self.unexpected_action("ALTER CONSTRAINT"),
            },
            At::AtValidateConstraint => Action::ValidateConstraint(name),
            At::AtDropConstraint => Action::DropConstraint(name),
            At::AtChangeOwner => Action::ChangeOwner(self.required_role(new_owner)),
            At::AtClusterOn => Action::ClusterOn(name),
            At::AtDropCluster => Action::DropCluster,
            At::AtSetLogged => Action::SetLogged,
            At::AtSetUnLogged => Action::SetUnlogged,
            // SET WITHOUT OIDS is accepted and does nothing, as does a RESET of nothing.
            At::AtDropOids => Action::ResetOptions(Vec::new()),
            At::AtSetAccessMethod => Action::SetAccessMethod(if name.is_empty() { None } else { Some(name) }),
            At::AtSetTableSpace => Action::SetTablespace(name),
            At::AtSetRelOptions => Action::SetOptions(self.options_node(def)),
            At::AtResetRelOptions => Action::ResetOptions(self.options_node(def)),
            At::AtEnableTrig => trigger(TriggerSelection::Name(name), FiringState::Enabled),
            At::AtEnableAlwaysTrig => trigger(TriggerSelection::Name(name), FiringState::Always),
            At::AtEnableReplicaTrig => trigger(TriggerSelection::Name(name), FiringState::Replica),
            At::AtDisableTrig => trigger(TriggerSelection::Name(name), FiringState::Disabled),
            At::AtEnableTrigAll => trigger(TriggerSelection::All, FiringState::Enabled),
            At::AtDisableTrigAll => trigger(TriggerSelection::All, FiringState::Disabled),
            At::AtEnableTrigUser => trigger(TriggerSelection::User, FiringState::Enabled),
            At::AtDisableTrigUser => trigger(TriggerSelection::User, FiringState::Disabled),
            At::AtEnableRule => Action::SetRule { name, state: FiringState::Enabled },
            At::AtEnableAlwaysRule => Action::SetRule { name, state: FiringState::Always },
            At::AtEnableReplicaRule => Action::SetRule { name, state: FiringState::Replica },
            At::AtDisableRule => Action::SetRule { name, state: FiringState::Disabled },
            At::AtAddInherit => Action::AddInherit(self.relation_node(def)),
            At::AtDropInherit => Action::DropInherit(self.relation_node(def)),
            At::AtAddOf => Action::AddOf(self.type_node(def)),
            At::AtDropOf => Action::DropOf,
            At::AtReplicaIdentity => match def {
                Some(NodeEnum::ReplicaIdentityStmt(identity)) => {
                    Action::ReplicaIdentity(match identity.identity_type.as_str() {
                        "f" => ReplicaIdentity::Full,
                        "n" => ReplicaIdentity::Nothing,
                        "i" => ReplicaIdentity::Index(identity.name.into()),
                        _ => ReplicaIdentity::Default,
                    })
                }
                _ => self.unexpected_action("REPLICA IDENTITY"),
            },
            At::AtEnableRowSecurity => Action::EnableRowSecurity,
            At::AtDisableRowSecurity => Action::DisableRowSecurity,
            At::AtForceRowSecurity => Action::ForceRowSecurity,
            At::AtNoForceRowSecurity => Action::NoForceRowSecurity,
            At::AtGenericOptions => Action::ForeignOptions(self.options_node(def)),
            At::AtAlterColumnGenericOptions => {
                Action::ForeignColumnOptions { column: name, options: self.options_node(def) }
            }
            At::AtAttachPartition => match def {
                Some(NodeEnum::PartitionCmd(command)) => Action::AttachPartition {
                    partition: self.relation(command.name),
                    bound: command.bound.map(|bound| self.partition_bound(bound)),
                },
                _ => self.unexpected_action("ATTACH PARTITION"),
            },
            At::AtDetachPartition => match def {
                Some(NodeEnum::PartitionCmd(command)) => {
                    Action::DetachPartition { partition: self.relation(command.name), concurrently: command.concurrent }
                }
                _ => self.unexpected_action("DETACH PARTITION"),
            },
            At::AtDetachPartitionFinalize => match def {
                Some(NodeEnum::PartitionCmd(command)) => Action::DetachPartitionFinalize(self.relation(command.name)),
                _ => self.unexpected_action("DETACH PARTITION FINALIZE"),
            },
            // These are made inside of PostgreSQL and are never written.
            At::AtAddColumnToView
            | At::AtCookedColumnDefault
            | At::AtAddIndex
            | At::AtReAddIndex
            | At::AtReAddConstraint
            | At::AtReAddDomainConstraint
            | At::AtAddIndexConstraint
            | At::AtReAddComment
            | At::AtReplaceRelOptions
            | At::AtReAddStatistics
            | At::Undefined => self.unexpected_action("unknown"),
        }
    }

    fn unexpected_action(&mut self, what: &'static str) -> AlterTableAction {
        self.unexpected();
        AlterTableAction::Unmodelled(what)
    }

    /// The options of a List node.
    fn options_node(&mut self, node: Option<NodeEnum>) -> Vec<DefElem> {
        let list = self.list(node);
        self.options(list)
    }
}
