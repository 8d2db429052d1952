//! CREATE RULE (`parse_utilcmd.c: transformRuleStmt`).

use super::depend::{expr_dependencies, query_dependencies};
use super::error::fail;
use super::tupdesc::OpenRelation;
use super::vars::{entry_used, entry_used_from_below, entry_used_in_query};
use super::{Analyzer, Environment, ExprKind};
use crate::catalog::Object;
use crate::catalog::tree::{CommandType, Expr, JoinTree, Query, RteKind, Utility};
use crate::replay::Exec;
use crate::sql::ast::{Alias, CreateRule, RuleEvent, StatementKind};
use crate::sql::span::Loc;

/// The numbers of OLD and NEW (`PRS2_OLD_VARNO`, `PRS2_NEW_VARNO`).
const OLD: u32 = 1;
const NEW: u32 = 2;

/// A rule that was analysed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnalyzedRule {
    /// WHERE.
    pub condition: Option<Expr>,
    /// What is done; a query that does nothing for NOTHING.
    pub actions: Vec<Query>,
    /// What both depend on, sorted.
    pub depends_on: Vec<Object>,
}

/// Analyses a rule.
pub fn analyze_rule(env: &Environment<'_>, rule: &CreateRule) -> Exec<AnalyzedRule> {
    let mut analyzer = Analyzer::new(*env);
    analyzer.state().resolve_unknowns = true;
    let relation = analyzer.parser_open_table(&rule.relation)?;
    if relation.relkind == 'm' {
        return fail("0A000", "rules on materialized views are not supported", Loc::NONE);
    }
    let [old, new] = analyzer.add_old_and_new(&relation)?;
    let visible = match rule.event {
        RuleEvent::Select | RuleEvent::Delete => vec![old],
        RuleEvent::Insert => vec![new],
        RuleEvent::Update => vec![old, new],
    };
    for item in &visible {
        analyzer.add_ns_item_to_query(item, false, true, true);
    }
    let mut condition = analyzer.transform_where_clause(rule.qualification.as_ref(), ExprKind::Where, "WHERE")?;
    if let Some(condition) = &mut condition {
        analyzer.assign_expr_collations(condition)?;
    }
    let mut actions = Vec::new();
    if rule.actions.is_empty() {
        let mut nothing = Query::new(CommandType::Nothing);
        nothing.rtable = std::mem::take(&mut analyzer.state().rtable);
        actions.push(nothing);
    }
    for action in &rule.actions {
        actions.push(transform_action(env, rule.event, &relation, action, condition.as_ref())?);
    }
    let mut depends_on = Vec::new();
    for action in &actions {
        depends_on.extend(query_dependencies(env.catalog, action)?);
    }
    if let Some(condition) = &condition {
        depends_on.extend(expr_dependencies(env.catalog, condition, relation.oid)?);
    }
    depends_on.sort_unstable();
    depends_on.dedup();
    Ok(AnalyzedRule { condition, actions, depends_on })
}

impl Analyzer<'_> {
    /// OLD and NEW are the first two entries of the range table.
    fn add_old_and_new(&mut self, relation: &OpenRelation) -> Exec<[super::NsItem; 2]> {
        let alias = |name: &str| Some(Alias { name: name.into(), columns: Vec::new() });
        Ok([
            self.add_range_table_entry_for_relation(relation, alias("old"), false, false)?,
            self.add_range_table_entry_for_relation(relation, alias("new"), false, false)?,
        ])
    }
}

/// An action of a rule.
fn transform_action(
    env: &Environment<'_>,
    event: RuleEvent,
    relation: &OpenRelation,
    action: &StatementKind,
    condition: Option<&Expr>,
) -> Exec<Query> {
    let mut analyzer = Analyzer::new(*env);
    analyzer.state().resolve_unknowns = true;
    let [old, new] = analyzer.add_old_and_new(relation)?;
    // They are named, but their columns are not found without a name.
    analyzer.add_ns_item_to_query(&old, false, true, false);
    analyzer.add_ns_item_to_query(&new, false, true, false);
    let mut query = match analyzer.transform_statement(action)? {
        Some(query) => query,
        None => {
            let StatementKind::Notify { channel, payload } = action else {
                return Err(super::error::unknown("a utility statement in a rule"));
            };
            let mut query = Query::new(CommandType::Utility);
            query.utility = Some(Utility::Notify(channel.clone(), payload.clone()));
            if condition.is_some() {
                let message = "rules with WHERE conditions can only have SELECT, INSERT, UPDATE, or DELETE actions";
                return fail("42P17", message, Loc::NONE);
            }
            return Ok(query);
        }
    };
    let top_uses = |number: u32, query: &Query| query.ctes.iter().any(|cte| entry_used_from_below(&cte.query, number));
    let (top_old, top_new) = (top_uses(OLD, &query), top_uses(NEW, &query));
    let inner = insert_select_query(&mut query)?;
    if inner.set_operations.is_some() && condition.is_some() {
        return fail("0A000", "conditional UNION/INTERSECT/EXCEPT statements are not implemented", Loc::NONE);
    }
    let uses = |number: u32| {
        entry_used_in_query(inner, number) || condition.is_some_and(|condition| entry_used(condition, number))
    };
    let (has_old, has_new) = (uses(OLD), uses(NEW));
    let refused = match event {
        RuleEvent::Select if has_old => Some("ON SELECT rule cannot use OLD"),
        RuleEvent::Select if has_new => Some("ON SELECT rule cannot use NEW"),
        RuleEvent::Insert if has_old => Some("ON INSERT rule cannot use OLD"),
        RuleEvent::Delete if has_new => Some("ON DELETE rule cannot use NEW"),
        RuleEvent::Select | RuleEvent::Insert | RuleEvent::Delete | RuleEvent::Update => None,
    };
    if let Some(message) = refused {
        return fail("42P17", message, Loc::NONE);
    }
    if top_old || top_uses(OLD, inner) {
        return fail("0A000", "cannot refer to OLD within WITH query", Loc::NONE);
    }
    if top_new || top_uses(NEW, inner) {
        return fail("0A000", "cannot refer to NEW within WITH query", Loc::NONE);
    }
    // NEW of an UPDATE is another kind of reference to OLD.
    if has_old || has_new && event == RuleEvent::Update {
        if inner.set_operations.is_some() {
            return fail("0A000", "conditional UNION/INTERSECT/EXCEPT statements are not implemented", Loc::NONE);
        }
        inner.jointree.from.push(JoinTree::Ref(OLD));
    }
    Ok(query)
}

/// The query that has OLD and NEW in its range table (`rewriteManip.c: getInsertSelectQuery`).
fn insert_select_query(query: &mut Query) -> Exec<&mut Query> {
    let placeholders = |query: &Query| {
        let name = |index: usize| query.rtable.get(index).map(|rte| rte.eref.name.as_str());
        name(0) == Some("old") && name(1) == Some("new")
    };
    if query.command != CommandType::Insert || placeholders(query) {
        return Ok(query);
    }
    let select = match query.jointree.from.as_slice() {
        [JoinTree::Ref(number)] => query.rtable.get_mut(*number as usize - 1),
        _ => None,
    };
    match select.map(|rte| &mut rte.kind) {
        Some(RteKind::Subquery(select)) if placeholders(select) => Ok(select),
        _ => Err(super::relation::internal("rule placeholders")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::catalog;
    use super::{AnalyzedRule, Environment, analyze_rule};
    use crate::replay::{Exec, Replay, Stop};
    use crate::sql::ast::StatementKind;
    use crate::sql::{Segment, parse};

    fn rule(replay: &Replay, text: &str) -> Exec<AnalyzedRule> {
        let path = replay.path();
        let env = Environment::new(&replay.catalog, &path);
        match parse(text).into_iter().next() {
            Some(Segment::Statement(statement)) => match &statement.kind {
                StatementKind::CreateRule(rule) => analyze_rule(&env, rule),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn old_and_new() {
        let replay = catalog(15, "create table t (a int); create table log (a int)");
        let made = rule(&replay, "create rule r as on update to t do also insert into log values (new.a)");
        let made = made.unwrap_or_else(|stop| panic!("{stop:?}"));
        // OLD is joined because the rows that NEW stands for are those of OLD.
        assert_eq!(made.actions[0].jointree.from, [crate::catalog::tree::JoinTree::Ref(1)]);
        let refused = rule(&replay, "create rule r as on insert to t do also insert into log values (old.a)");
        let Err(Stop::Error(error)) = refused else { panic!("{refused:?}") };
        assert_eq!((error.sqlstate.as_str(), error.message.as_str()), ("42P17", "ON INSERT rule cannot use OLD"));
    }
}
