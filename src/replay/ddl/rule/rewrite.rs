//! A statement on a relation with rules for it is rewritten (`rewriteHandler.c: RewriteQuery`).

use std::sync::Arc;

use super::super::dml::Form;
use crate::catalog::tree::{CommandType, Query};
use crate::catalog::{Oid, Relation, RelationKind, Rule};
use crate::expr::analyze::{check_assignments, updatable};
use crate::replay::{Exec, Opaque, Replay, SqlError};
use crate::sql::ast::{RangeVar, RuleEvent, Touches};

/// A statement that a rule makes, and the relation that it writes; none for a SELECT.
pub(in crate::replay::ddl) struct Product<'r> {
    pub query: &'r Query,
    pub target: Option<(Arc<Relation>, RuleEvent)>,
}

/// A statement on a relation, as it is rewritten.
struct Rewriting {
    /// What is being rewritten (`rewrite_events`).
    above: Vec<(Oid, RuleEvent)>,
    /// The actions in the order in which they run, by relation, rule and place.
    found: Vec<(Arc<Relation>, Oid, usize)>,
}

/// `DO NOTHING`; a condition does not matter to what there is then.
fn does_nothing(rule: &Rule) -> bool {
    rule.body.actions.iter().all(|query| query.command == CommandType::Nothing)
}

/// Nothing, or a notification, is what it does.
fn notifies(rule: &Rule) -> bool {
    rule.body.actions.iter().all(|query| matches!(query.command, CommandType::Nothing | CommandType::Utility))
}

/// The relation that a statement writes.
fn target_of(query: &Query) -> Option<Oid> {
    query.rte(query.result_relation)?.relation()
}

impl Replay {
    /// What the rewriter refuses of a statement on a relation with rules for it, and what the statements that the rules
    /// make are refused.
    pub(in crate::replay::ddl) fn refuse_rules(
        &self,
        target: &RangeVar,
        relation: &Arc<Relation>,
        events: [(RuleEvent, bool); 3],
        form: Form,
    ) -> Exec {
        let refuse = |message: &str| Err(SqlError::new("0A000", message).into());
        let fires = |rule: &&Rule| rule.fires() && events.iter().any(|&(event, does)| does && event == rule.event);
        let is_update = |rule: &Rule| rule.event == RuleEvent::Update;
        let inserts = |rule: &&Rule| fires(rule) && rule.event == RuleEvent::Insert;
        let mut rewriting = Rewriting { above: Vec::new(), found: Vec::new() };
        for (event, _) in events.into_iter().filter(|&(_, does)| does) {
            self.rewrite(relation, event, &mut rewriting)?;
        }
        if form.on_conflict
            && (relation.rules.iter().any(is_update) || !relation.rules.iter().filter(inserts).all(does_nothing))
        {
            return refuse("INSERT with ON CONFLICT clause cannot be used with table that has INSERT or UPDATE rules");
        }
        let followed = |rule: &Rule| {
            let simple = notifies(rule) && rule.body.qual.is_none() && !(form.in_with && rule.instead);
            let data = !form.in_with && rule.body.actions.iter().all(|a| a.returning.is_empty());
            does_nothing(rule) || simple || data
        };
        if let Some(rule) = relation.rules.iter().find(|rule| fires(rule) && !followed(rule)) {
            let touches = match relation.rules.iter().filter(fires).all(notifies) {
                true => Touches::Nothing,
                false => Touches::Everything,
            };
            return Err(not_followed(rule, relation, touches).at(target.name.loc).into());
        }
        if form.in_with {
            // A condition that is added to the statement leaves one statement.
            let whole = |rule: &Rule| fires(&rule) && rule.instead && rule.body.qual.is_none();
            let message = match relation.rules.iter().any(whole) {
                true => "DO INSTEAD NOTHING rules",
                false if relation.rules.iter().filter(fires).all(does_nothing) => return Ok(()),
                false => "DO ALSO rules",
            };
            return refuse(&format!("{message} are not supported for data-modifying statements in WITH"));
        }
        match relation.rules.iter().find(|rule| fires(rule) && rule.instead) {
            Some(rule) if form.returning => {
                let event = match rule.event {
                    RuleEvent::Select => "SELECT",
                    RuleEvent::Insert => "INSERT",
                    RuleEvent::Update => "UPDATE",
                    RuleEvent::Delete => "DELETE",
                };
                let message = format!("cannot perform {event} RETURNING on relation \"{}\"", relation.name);
                let hint = format!("You need an unconditional ON {event} DO INSTEAD rule with a RETURNING clause.");
                return Err(SqlError::new("0A000", message).hint(hint).into());
            }
            Some(_) | None => {}
        }
        for (made_by, rule, action) in &rewriting.found {
            let Some(rule) = made_by.rules.iter().find(|r| r.oid == *rule) else { continue };
            let Some(query) = rule.body.actions.get(*action) else { continue };
            let written = target_of(query).and_then(|oid| self.catalog.shared_relation(oid));
            if let Some(written) = &written
                && query.command == CommandType::Insert
                && lacks_values(query, written)
            {
                return Err(not_followed(rule, made_by, Touches::Everything).at(target.name.loc).into());
            }
            let written = written.and_then(|relation| Some((relation, query.command.event()?)));
            self.refuse_product(&Product { query, target: written })?;
        }
        Ok(())
    }

    /// The actions that a statement on a relation runs, and of statements on views those of what is behind
    /// (`RewriteQuery`).
    fn rewrite(&self, relation: &Arc<Relation>, event: RuleEvent, rewriting: &mut Rewriting) -> Exec {
        let fired = || relation.rules.iter().filter(|rule| rule.event == event && rule.fires());
        let instead = fired().any(|rule| rule.instead && rule.body.qual.is_none());
        let behind = match &relation.kind {
            RelationKind::View(query) if !instead && !relation.has_instead_trigger(event) => {
                let base = updatable::base_columns(&query.tree).map(|(base, _)| base);
                base.and_then(|base| self.catalog.shared_relation(base))
            }
            RelationKind::View(_)
            | RelationKind::Table
            | RelationKind::PartitionedTable(_)
            | RelationKind::ForeignTable(_)
            | RelationKind::MaterializedView(..)
            | RelationKind::Sequence(_)
            | RelationKind::Index(_)
            | RelationKind::CompositeType => None,
        };
        let does_something = |rule: &Rule| !does_nothing(rule);
        if behind.is_none() && !fired().any(does_something) {
            return Ok(());
        }
        if rewriting.above.contains(&(relation.oid, event)) {
            let message = format!("infinite recursion detected in rules for relation \"{}\"", relation.name);
            return Err(SqlError::new("42P17", message).into());
        }
        rewriting.above.push((relation.oid, event));
        let before = rewriting.found.len();
        if let Some(base) = behind.as_ref().filter(|_| event == RuleEvent::Insert) {
            self.rewrite(base, event, rewriting)?;
        }
        let mut rules: Vec<&Rule> = fired().collect();
        rules.sort_by(|a, b| a.name.cmp(&b.name));
        for rule in rules {
            for (place, action) in rule.body.actions.iter().enumerate() {
                self.rewrite_action((relation, rule.oid, place), action, rewriting)?;
            }
        }
        if let Some(base) = behind.as_ref().filter(|_| event != RuleEvent::Insert) {
            self.rewrite(base, event, rewriting)?;
        }
        rewriting.above.pop();
        // Each of many rules may double what there is to do.
        if rewriting.found.len() > before + 1000 {
            return Err(Opaque::new("so many actions of rules are not followed", Touches::Everything).into());
        }
        Ok(())
    }

    fn rewrite_action(
        &self,
        (of, rule, place): (&Arc<Relation>, Oid, usize),
        action: &Query,
        rewriting: &mut Rewriting,
    ) -> Exec {
        let this = (Arc::clone(of), rule, place);
        let Some(event) = action.command.event() else {
            if action.command == CommandType::Select {
                rewriting.found.push(this);
            }
            return Ok(());
        };
        check_assignments(&self.catalog, action)?;
        let Some(target) = target_of(action).and_then(|oid| self.catalog.shared_relation(oid)) else { return Ok(()) };
        let replaced = |rule: &Rule| rule.event == event && rule.fires() && rule.instead && rule.body.qual.is_none();
        let replaced = target.rules.iter().any(replaced);
        // What is inserted comes before what rules make of it, all else after.
        if event == RuleEvent::Insert && !replaced {
            rewriting.found.push(this.clone());
        }
        self.rewrite(&target, event, rewriting)?;
        if event != RuleEvent::Insert && !replaced {
            rewriting.found.push(this);
        }
        Ok(())
    }
}

fn not_followed(rule: &Rule, relation: &Relation, touches: Touches) -> Opaque {
    let message = format!("what rule \"{}\" makes of a statement on \"{}\" is not followed", rule.name, relation.name);
    Opaque::new(message, touches)
}

/// A row that is inserted would lack a value that it has to have.
fn lacks_values(query: &Query, target: &Relation) -> bool {
    target.live_columns().any(|column| {
        column.not_null
            && column.default.is_none()
            && column.identity.is_none()
            && column.generated.is_none()
            && !query.targets.iter().any(|target| target.resno == column.number)
    })
}

/// What is inserted into the relation is inserted there, whatever its rules do besides.
pub(in crate::replay::ddl) fn takes_rows(relation: &Relation) -> bool {
    !relation.rules.iter().any(|rule| rule.event == RuleEvent::Insert && rule.fires() && rule.instead)
}
