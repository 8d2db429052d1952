//! Policies of row-level security (`policy.c`).

use crate::catalog::{ChangeKind, DependencyKind, Layer, Object, Oid, Policy, Provenance, RelationKind, StoredExpr};
use crate::replay::{About, Context, Exec, Notice, Replay, SqlError, lookup};
use crate::sql::ast::{AlterPolicy, CreatePolicy, Expr, PolicyCommand, RangeVar, RoleSpec};

impl Replay {
    /// `policy.c: CreatePolicy`
    pub(crate) fn create_policy(&mut self, stmt: &CreatePolicy, cx: &Context) -> Exec {
        let (using, check) = (stmt.using.is_some(), stmt.check.is_some());
        if check && matches!(stmt.command, PolicyCommand::Select | PolicyCommand::Delete) {
            let message = "WITH CHECK cannot be applied to SELECT or DELETE";
            return Err(SqlError::new("42601", message).into());
        }
        if using && stmt.command == PolicyCommand::Insert {
            return Err(SqlError::new("42601", "only WITH CHECK expression allowed for INSERT").into());
        }
        let roles = self.policy_roles(&stmt.roles, cx)?;
        let table = self.table_of_policy(&stmt.table)?;
        let using = self.bind_policy(table, stmt.using.as_ref())?;
        let check = self.bind_policy(table, stmt.check.as_ref())?;
        let Some(relation) = self.catalog.relation(table) else { return Ok(()) };
        if let Some(taken) = relation.policy(&stmt.name) {
            let message = format!("policy \"{}\" for table \"{}\" already exists", stmt.name, relation.name);
            let error = SqlError::new("42710", message);
            let error = error.about(About::Part(relation.name.to_string(), stmt.name.to_string()));
            let related = format!("policy \"{}\" made here", stmt.name);
            return Err(error.related(taken.provenance.created, related).into());
        }
        let oid = self.catalog.new_oid();
        if let Some(relation) = self.catalog.relation_mut(table) {
            if relation.policies.is_empty() {
                // Not room for four, which the first element of a list gets.
                relation.policies.reserve_exact(1);
            }
            relation.policies.push(Policy {
                oid,
                name: stmt.name.clone(),
                permissive: stmt.permissive,
                command: stmt.command,
                roles,
                using,
                check,
                comment: None,
                provenance: Provenance::new(cx.origin),
            });
        }
        self.record_policy_dependencies(table, oid);
        Ok(())
    }

    /// `policy.c: AlterPolicy`
    pub(crate) fn alter_policy(&mut self, stmt: &AlterPolicy, cx: &Context) -> Exec {
        let roles = if stmt.roles.is_empty() { None } else { Some(self.policy_roles(&stmt.roles, cx)?) };
        let table = self.table_of_policy(&stmt.table)?;
        let using = self.bind_policy(table, stmt.using.as_ref())?;
        let check = self.bind_policy(table, stmt.check.as_ref())?;
        let Some(relation) = self.catalog.relation(table) else { return Ok(()) };
        let Some(policy) = relation.policy(&stmt.name) else {
            return Err(lookup_part(self, table, "policy", &stmt.name));
        };
        let (oid, command) = (policy.oid, policy.command);
        if check.is_some() && matches!(command, PolicyCommand::Select | PolicyCommand::Delete) {
            return Err(SqlError::new("42601", "only USING expression allowed for SELECT, DELETE").into());
        }
        if using.is_some() && command == PolicyCommand::Insert {
            return Err(SqlError::new("42601", "only WITH CHECK expression allowed for INSERT").into());
        }
        if let Some(relation) = self.catalog.relation_mut(table)
            && let Some(policy) = relation.policies.iter_mut().find(|p| p.oid == oid)
        {
            policy.using = using.or(policy.using.take());
            policy.check = check.or(policy.check.take());
            if let Some(roles) = roles {
                policy.roles = roles;
            }
            policy.provenance.change(cx.origin, ChangeKind::Definition);
        }
        self.record_policy_dependencies(table, oid);
        Ok(())
    }

    /// The table of a policy (`RangeVarCallbackForPolicy`).
    fn table_of_policy(&self, table: &RangeVar) -> Exec<Oid> {
        self.refuse_system_catalog(&table.name)?;
        let oid = self.relation(table)?;
        if let Some(relation) = self.catalog.relation(oid)
            && relation.provenance.created.layer != Layer::Platform
        {
            self.must_own_relation(oid)?;
        }
        match self.catalog.relation(oid).map(|r| (&r.kind, &r.name)) {
            Some((RelationKind::Table | RelationKind::PartitionedTable(_), _)) | None => Ok(oid),
            Some((
                RelationKind::ForeignTable(_)
                | RelationKind::View(_)
                | RelationKind::MaterializedView(..)
                | RelationKind::Sequence(_)
                | RelationKind::Index(_)
                | RelationKind::CompositeType,
                name,
            )) => Err(SqlError::new("42809", format!("\"{name}\" is not a table")).at(table.name.loc).into()),
        }
    }

    /// Sorted; empty is PUBLIC (`policy_role_list_to_array`).
    fn policy_roles(&mut self, roles: &[RoleSpec], cx: &Context) -> Exec<Vec<Oid>> {
        if roles.contains(&RoleSpec::Public) {
            if roles.len() > 1 {
                let message = "ignoring specified roles other than PUBLIC".to_owned();
                self.notices.push(Notice { severity: "WARNING", message, origin: cx.origin, raised: None });
            }
            return Ok(Vec::new());
        }
        let mut oids = roles.iter().map(|r| self.role(r)).collect::<Exec<Vec<Oid>>>()?;
        oids.sort_unstable();
        oids.dedup();
        Ok(oids)
    }

    fn bind_policy(&self, table: Oid, expr: Option<&Expr>) -> Exec<Option<StoredExpr>> {
        expr.map(|expr| self.analyze_policy(table, expr)).transpose()
    }

    /// Columns of the table itself need CASCADE to be dropped too, as in PostgreSQL.
    fn record_policy_dependencies(&mut self, table: Oid, oid: Oid) {
        let policy = self.catalog.relation(table).and_then(|r| r.policies.iter().find(|p| p.oid == oid));
        let expressions = policy.into_iter().flat_map(|p| p.using.iter().chain(&p.check));
        let needs: Vec<Object> = expressions.flat_map(|e| e.depends_on.iter().copied()).collect();
        let dependent = Object::Policy(table, oid);
        self.catalog.dependencies.remove_of_kind(dependent, DependencyKind::Normal);
        for object in needs.into_iter().filter(|&o| o != Object::Relation(table)) {
            self.catalog.dependencies.add(dependent, object, DependencyKind::Normal);
        }
    }
}

/// 42704 for a policy, trigger or constraint that a table does not have, with what became of it.
pub(super) fn lookup_part(replay: &Replay, table: Oid, kind: &'static str, name: &str) -> crate::replay::Stop {
    let Some(relation) = replay.catalog.relation(table) else {
        return SqlError::new("42704", format!("{kind} \"{name}\" does not exist")).into();
    };
    let of = if kind == "rule" { "relation" } else { "table" };
    let message = format!("{kind} \"{name}\" for {of} \"{}\" does not exist", relation.name);
    let error = SqlError::new("42704", message);
    let mut error = error.about(About::Part(relation.name.to_string(), name.to_owned()));
    lookup::explain(&replay.catalog, &mut error, |t| {
        t.name == name && t.kind == kind && t.object.relation() == Some(table)
    });
    let since = Some(relation.provenance.created);
    match replay.catalog.taint.of_relation(relation.schema, &relation.name, since) {
        Some(unknown) => lookup::maybe(error, unknown),
        None => error.into(),
    }
}
