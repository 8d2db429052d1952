//! Rewrite rules (`rewriteDefine.c`).

mod rewrite;
mod select;

pub(super) use rewrite::{Product, takes_rows};

use std::sync::Arc;

use crate::catalog::tree;
use crate::catalog::{ChangeKind, DependencyKind, Object, Oid, Provenance, Relation, RelationKind, Rule, RuleBody};
use crate::replay::{About, Context, Exec, Replay, SqlError, Stop, lookup};
use crate::sql::ast::{CreateRule, FiringState, Name, RuleEvent, Touches};
use crate::sql::span::Loc;

impl Replay {
    /// `DefineQueryRewrite`
    pub(in crate::replay) fn create_rule(&mut self, stmt: &CreateRule, cx: &Context) -> Exec {
        let touches = || Touches::Relations(vec![stmt.relation.name.clone()]);
        let rel = self.relation(&stmt.relation)?;
        let analyzed = self.analyze_rule(stmt).map_err(|stop| match stop {
            Stop::Opaque(mut opaque) => {
                if matches!(opaque.touches, Touches::Nothing) {
                    opaque.touches = touches();
                }
                Stop::Opaque(opaque)
            }
            Stop::Error(error) => Stop::Error(error),
        })?;
        let Some(relation) = self.catalog.shared_relation(rel) else { return Ok(()) };
        self.can_have_rules(&relation, Loc::NONE)?;
        self.must_own_relation(rel)?;
        if stmt.event == RuleEvent::Select {
            return self.create_select_rule(stmt, &relation, &analyzed.actions, cx);
        }
        self.check_returning(stmt, &relation, &analyzed.actions)?;
        if stmt.name == "_RETURN" {
            let message = format!("non-view rule for \"{}\" must not be named \"_RETURN\"", relation.name);
            return Err(SqlError::new("42P17", message).into());
        }
        let old = relation.rule(&stmt.name);
        if let Some(old) = old.filter(|_| !stmt.or_replace) {
            return Err(super::rename::part_exists(&relation, "rule", "relation", &stmt.name, &old.provenance).into());
        }
        let mut rule = Rule {
            oid: Oid::INVALID,
            name: stmt.name.clone(),
            event: stmt.event,
            instead: stmt.instead,
            body: Arc::new(RuleBody { qual: analyzed.condition, actions: analyzed.actions }),
            enabled: FiringState::Enabled,
            comment: None,
            provenance: Provenance::new(cx.origin),
        };
        match old.cloned() {
            Some(old) => {
                rule.oid = old.oid;
                rule.enabled = old.enabled;
                rule.comment = old.comment;
                rule.provenance = old.provenance;
                rule.provenance.change(cx.origin, ChangeKind::Definition);
            }
            None => rule.oid = self.catalog.new_oid(),
        }
        let dependent = Object::Rule(rel, rule.oid);
        if let Some(relation) = self.catalog.relation_mut(rel) {
            match relation.rules.iter_mut().find(|r| r.oid == rule.oid) {
                Some(old) => *old = rule,
                None => relation.rules.push(rule),
            }
        }
        self.catalog.dependencies.remove_of_kind(dependent, DependencyKind::Normal);
        // Its own relation takes it along anyway.
        let needs: Vec<Object> =
            analyzed.depends_on.into_iter().filter(|&object| object != Object::Relation(rel)).collect();
        self.depend_on_all(dependent, &needs, None);
        Ok(())
    }

    /// Tables and views have rules (`RangeVarCallbackForRenameRule` says the same).
    fn can_have_rules(&self, relation: &Relation, loc: Loc) -> Exec {
        match &relation.kind {
            RelationKind::Table
            | RelationKind::PartitionedTable(_)
            | RelationKind::View(_)
            | RelationKind::MaterializedView(..) => return Ok(()),
            RelationKind::ForeignTable(_)
            | RelationKind::Sequence(_)
            | RelationKind::Index(_)
            | RelationKind::CompositeType => {}
        }
        let kinds = self.catalog.kinds_in_words(relation);
        let error = if self.catalog.version() < 15 {
            SqlError::new("42809", format!("\"{}\" is not a table or view", relation.name))
        } else {
            SqlError::new("42809", format!("relation \"{}\" cannot have rules", relation.name))
                .detail(format!("This operation is not supported for {kinds}."))
        };
        let (origin, text) = lookup::made_here(relation);
        Err(error.at(loc).related(origin, text).into())
    }

    /// What `DefineQueryRewrite` demands of RETURNING.
    fn check_returning(&self, stmt: &CreateRule, relation: &Relation, actions: &[tree::Query]) -> Exec {
        let refuse = |message: &str| Err(SqlError::new("0A000", message).into());
        let mut seen = false;
        for action in actions.iter().filter(|action| !action.returning.is_empty()) {
            if std::mem::replace(&mut seen, true) {
                return refuse("cannot have multiple RETURNING lists in a rule");
            }
            if stmt.qualification.is_some() {
                return refuse("RETURNING lists are not supported in conditional rules");
            }
            if !stmt.instead {
                return refuse("RETURNING lists are not supported in non-INSTEAD rules");
            }
            self.check_result_list(relation, &action.returning, false)?;
        }
        Ok(())
    }

    /// `checkRuleResultList` of a RETURNING list or of the query of a rule ON SELECT.
    fn check_result_list(&self, relation: &Relation, list: &[tree::TargetEntry], select: bool) -> Exec {
        let refuse = |message: String| SqlError::new("42P17", message);
        let (whose, entries, entry) = match select {
            true => ("SELECT rule's target list", "SELECT rule's target entry", "SELECT target entry"),
            false => ("RETURNING list", "RETURNING list's entry", "RETURNING list entry"),
        };
        let path = self.path();
        let mut targets = list.iter().filter(|target| !target.junk);
        for (i, column) in relation.columns.iter().enumerate() {
            let Some(target) = targets.next() else {
                return Err(refuse(format!("{whose} has too few entries")).into());
            };
            if column.dropped {
                let message = match select {
                    true => "cannot convert relation containing dropped columns to view",
                    false => "cannot create a RETURNING list for a relation containing dropped columns",
                };
                return Err(SqlError::new("0A000", message).into());
            }
            let given = target.name.as_deref().unwrap_or_default();
            if select && given != column.name {
                let message = format!("{entries} {} has different column name from column \"{}\"", i + 1, column.name);
                return Err(refuse(message).detail(format!("{entry} is named \"{given}\".")).into());
            }
            let number = i + 1;
            let ty = target.expr.ty(&self.catalog);
            if ty.oid != column.ty.oid {
                let message = format!("{entries} {number} has different type from column \"{}\"", column.name);
                let detail = format!(
                    "{entry} has type {}, but column has type {}.",
                    self.catalog.format_type_be(ty.oid, &path),
                    self.catalog.format_type_be(column.ty.oid, &path)
                );
                return Err(refuse(message).detail(detail).into());
            }
            // A typmod is of no interest where the expression has none.
            if ty.typmod != column.ty.typmod && ty.typmod != -1 {
                let message = format!("{entries} {number} has different size from column \"{}\"", column.name);
                let detail = format!(
                    "{entry} has type {}, but column has type {}.",
                    self.catalog.format_type(ty, &path),
                    self.catalog.format_type(column.ty, &path)
                );
                return Err(refuse(message).detail(detail).into());
            }
        }
        if targets.next().is_some() {
            return Err(refuse(format!("{whose} has too many entries")).into());
        }
        Ok(())
    }

    /// `RenameRewriteRule`
    pub(super) fn rename_rule(&mut self, table: &Relation, name: &Name, new: &Name, cx: &Context) -> Exec {
        if name == "_RETURN" && table.is_view() {
            return Err(SqlError::new("42P17", "renaming an ON SELECT rule is not allowed").into());
        }
        let Some(rule) = table.rule(name) else { return Err(self.missing_rule(table, name)) };
        if let Some(existing) = table.rule(new) {
            return Err(super::rename::part_exists(table, "rule", "relation", new, &existing.provenance).into());
        }
        let (part, created) = (rule.oid, rule.provenance.created);
        self.bury_part(table, Object::Rule(table.oid, part), "rule", name, created, new, cx);
        let rules = self.catalog.relation_mut(table.oid).map(|r| &mut r.rules);
        if let Some(rule) = rules.and_then(|rules| rules.iter_mut().find(|r| r.oid == part)) {
            rule.name = new.clone();
            rule.provenance.change(cx.origin, ChangeKind::Name);
        }
        Ok(())
    }

    /// ENABLE and DISABLE RULE (`EnableDisableRule`).
    pub(super) fn set_rule(&mut self, rel: Oid, name: &Name, state: FiringState, cx: &Context) -> Exec {
        let Some(table) = self.catalog.shared_relation(rel) else { return Ok(()) };
        if table.rule(name).is_none() {
            return Err(self.missing_rule(&table, name));
        }
        let rules = self.catalog.relation_mut(rel).map(|r| &mut r.rules);
        if let Some(rule) = rules.and_then(|rules| rules.iter_mut().find(|r| r.name == *name))
            && rule.enabled != state
        {
            rule.enabled = state;
            rule.provenance.change(cx.origin, ChangeKind::Definition);
        }
        Ok(())
    }

    fn missing_rule(&self, table: &Relation, name: &Name) -> Stop {
        let message = format!("rule \"{name}\" for relation \"{}\" does not exist", table.name);
        let error = SqlError::new("42704", message);
        let mut error = error.about(About::Part(table.name.to_string(), name.to_string()));
        lookup::explain(&self.catalog, &mut error, |t| {
            t.kind == "rule" && t.object.relation() == Some(table.oid) && t.name == *name
        });
        match self.catalog.taint.of_relation(table.schema, &table.name, Some(table.provenance.created)) {
            Some(unknown) => lookup::maybe(error, unknown),
            None => error.into(),
        }
    }
}
