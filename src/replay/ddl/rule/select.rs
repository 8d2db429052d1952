//! Rules ON SELECT, which make a relation a view (`rewriteDefine.c: DefineQueryRewrite`).

use crate::catalog::tree::{CommandType, Query as Tree};
use crate::catalog::{ChangeKind, ConstraintKind, DependencyKind, Object, Oid, Relation, RelationKind};
use crate::replay::{Context, Exec, Opaque, Replay, SqlError};
use crate::sql::ast::{CreateRule, ReplicaIdentity, StatementKind, Touches};

impl Replay {
    /// The rule becomes what the view reads. That the table is empty is taken for granted.
    pub(super) fn create_select_rule(
        &mut self,
        stmt: &CreateRule,
        relation: &Relation,
        actions: &[Tree],
        cx: &Context,
    ) -> Exec {
        let is_view = matches!(relation.kind, RelationKind::View(_));
        if !is_view && self.catalog.version() >= 16 {
            let kinds = self.catalog.kinds_in_words(relation);
            let message = format!("relation \"{}\" cannot have ON SELECT rules", relation.name);
            let detail = format!("This operation is not supported for {kinds}.");
            return Err(SqlError::new("42809", message).detail(detail).into());
        }
        let refuse = |message: &str| Err(SqlError::new("0A000", message).into());
        let [action] = actions else { return refuse("multiple actions for rules on SELECT are not implemented") };
        if !stmt.instead || action.command != CommandType::Select {
            return refuse("rules on SELECT must have action INSTEAD SELECT");
        }
        if action.has_modifying_cte {
            return refuse("rules on SELECT must not contain data-modifying statements in WITH");
        }
        if stmt.qualification.is_some() {
            return refuse("event qualifications are not implemented for rules on SELECT");
        }
        self.check_result_list(relation, &action.targets, true)?;
        if is_view && !stmt.or_replace {
            return Err(SqlError::new("55000", format!("\"{}\" is already a view", relation.name)).into());
        }
        // The name of older versions is good, too.
        if stmt.name != "_RETURN" && stmt.name.strip_prefix("_RET") != Some(relation.name.as_str()) {
            let message = format!("view rule for \"{}\" must be named \"_RETURN\"", relation.name);
            return Err(SqlError::new("42P17", message).into());
        }
        if !is_view {
            self.check_convertible(relation)?;
        }
        let [StatementKind::Select(query)] = stmt.actions.as_slice() else {
            let touches = Touches::Relations(vec![stmt.relation.name.clone()]);
            return Err(Opaque::new("the action of a rule ON SELECT is no query", touches).into());
        };
        // OLD and NEW are not in the range table of what a view reads.
        let query = self.analyze_query(query, None)?.query;
        let rel = relation.oid;
        self.catalog.dependencies.remove_of_kind(Object::Relation(rel), DependencyKind::Normal);
        self.depend_on_query(rel, &query);
        if let Some(view) = self.catalog.relation_mut(rel) {
            view.kind = RelationKind::View(query);
            view.replica_identity = ReplicaIdentity::Nothing;
            view.provenance.change(cx.origin, ChangeKind::Definition);
        }
        Ok(())
    }

    /// What a table must not have that becomes a view.
    fn check_convertible(&self, table: &Relation) -> Exec {
        let name = &table.name;
        let wrong =
            |what: &str| Err(SqlError::new("42809", format!("cannot convert {what} \"{name}\" to a view")).into());
        if table.is_partitioned() {
            return wrong("partitioned table");
        }
        if table.is_partition() {
            return wrong("partition");
        }
        let refuse = |why: &str| {
            SqlError::new("55000", format!("could not convert table \"{name}\" to a view because it has {why}"))
        };
        if !table.triggers.is_empty() || self.has_foreign_key_triggers(table) {
            let hint = "In particular, the table cannot be involved in any foreign key relationships.";
            return Err(refuse("triggers").hint(hint).into());
        }
        let reasons = [
            (!table.indexes.is_empty(), "indexes"),
            (!table.children.is_empty(), "child tables"),
            (!table.parents.is_empty(), "parent tables"),
            (table.row_security, "row security enabled"),
            (!table.policies.is_empty(), "row security policies"),
        ];
        match reasons.into_iter().find(|(has, _)| *has) {
            Some((_, why)) => Err(refuse(why).into()),
            None => Ok(()),
        }
    }

    /// Foreign keys of the table and to it are enforced by triggers.
    fn has_foreign_key_triggers(&self, table: &Relation) -> bool {
        let is_foreign_key = |kind: &ConstraintKind| match kind {
            ConstraintKind::ForeignKey(_) => true,
            ConstraintKind::Key { .. }
            | ConstraintKind::Exclusion { .. }
            | ConstraintKind::Check { .. }
            | ConstraintKind::NotNull { .. }
            | ConstraintKind::Trigger(_) => false,
        };
        let refers = |rel: Oid, constraint: Oid| {
            let found = self.catalog.relation(rel).and_then(|r| r.constraints.iter().find(|c| c.oid == constraint));
            found.is_some_and(|c| matches!(&c.kind, ConstraintKind::ForeignKey(key) if key.table == table.oid))
        };
        let mut referring = self.catalog.dependencies.on(Object::Relation(table.oid));
        table.constraints.iter().any(|c| is_foreign_key(&c.kind))
            || referring.any(|edge| matches!(edge.dependent, Object::Constraint(rel, oid) if refers(rel, oid)))
    }
}
