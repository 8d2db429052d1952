//! MERGE (`parse_merge.c`).

use super::error::fail;
use super::insert::{insert_targets, overriding};
use super::{Analyzer, ExprKind};
use crate::catalog::Rule;
use crate::catalog::tree::{CommandType, MergeAction, Overriding, Query};
use crate::replay::{Exec, SqlError};
use crate::sql::ast::{self, FiringState, Merge, MergeClause, MergeMatch};
use crate::sql::span::Loc;

/// What relations of a kind are called (`pg_class.c: errdetail_relkind_not_supported`).
fn kinds_in_words(relkind: char) -> &'static str {
    match relkind {
        'r' => "tables",
        'i' => "indexes",
        'S' => "sequences",
        'v' => "views",
        'm' => "materialized views",
        'c' => "composite types",
        'f' => "foreign tables",
        _ => "partitioned tables",
    }
}

impl Analyzer<'_> {
    /// MERGE (`transformMergeStmt`).
    pub(super) fn transform_merge(&mut self, statement: &Merge) -> Exec<Query> {
        let version = self.catalog().version();
        let mut query = Query::new(CommandType::Merge);
        if let Some(with) = &statement.with {
            if with.recursive {
                return fail("42601", "WITH RECURSIVE is not supported for MERGE statement", Loc::NONE);
            }
            self.transform_with(&mut query, Some(with))?;
        }
        check_reachable(&statement.clauses)?;
        query.result_relation = self.set_target_table(&statement.relation, !statement.relation.only, false)?;
        let target = self.target_relation()?;
        let supported = matches!(target.relkind, 'r' | 'p') || target.relkind == 'v' && version >= 17;
        // From 17 on the rewriter says it, of rules that fire (`rewriteHandler.c: matchLocks`).
        let counts =
            |rule: &Rule| version < 17 || !matches!(rule.enabled, FiringState::Disabled | FiringState::Replica);
        let has_rules = self.env.catalog.relation(target.oid).is_some_and(|r| r.rules.iter().any(counts));
        if supported && has_rules {
            let message = format!("cannot execute MERGE on relation \"{}\"", target.name);
            let detail = "MERGE is not supported for relations with rules.";
            return Err(SqlError::new("0A000", message).detail(detail).into());
        }
        if !supported {
            let message = format!("cannot execute MERGE on relation \"{}\"", target.name);
            let detail = format!("This operation is not supported for {}.", kinds_in_words(target.relkind));
            return Err(SqlError::new("0A000", message).detail(detail).into());
        }
        self.transform_from_clause(std::slice::from_ref(&statement.source))?;
        let source = u32::try_from(self.state().rtable.len()).unwrap_or(u32::MAX);
        let source_name = self.ns_item_by_position(source, 0)?.name;
        let Some(target_item) = self.state().target.clone() else { return Err(super::relation::internal("target")) };
        if target_item.name == source_name {
            let message = format!("name \"{source_name}\" specified more than once");
            let detail = "The name is used both as MERGE target table and data source.";
            return Err(SqlError::new("42712", message).detail(detail).into());
        }
        self.add_ns_item_to_query(&target_item, false, true, true);
        let on = match &statement.on {
            Some(on) => Some(self.transform_expr(on, ExprKind::JoinOn)?),
            None => None,
        };
        for clause in &statement.clauses {
            self.set_namespace_for_merge_when(clause.matched, query.result_relation, source);
            let action = self.transform_merge_action(clause)?;
            query.merge_actions.push(action);
        }
        if !statement.returning.is_empty() {
            // RETURNING sees both sides.
            self.set_visibility(query.result_relation, true);
            self.set_visibility(source, true);
            self.transform_returning(
                &mut query,
                &statement.returning,
                &statement.returning_options,
                ExprKind::MergeReturning,
            )?;
        }
        // From 17 on the condition is kept apart from FROM.
        if version >= 17 {
            query.merge_join_condition = on;
            self.finish_query(&mut query, None);
        } else {
            self.finish_query(&mut query, on);
        }
        query.has_aggs = false;
        query.has_window_funcs = false;
        query.has_target_srfs = false;
        self.assign_query_collations(&mut query)?;
        Ok(query)
    }

    /// A clause of WHEN.
    fn transform_merge_action(&mut self, clause: &MergeClause) -> Exec<MergeAction> {
        let condition = self.transform_where_clause(clause.condition.as_ref(), ExprKind::MergeWhen, "WHEN")?;
        let mut action = MergeAction {
            matched: clause.matched,
            command: CommandType::Nothing,
            overriding: Overriding::NotSet,
            condition,
            targets: Vec::new(),
        };
        match &clause.action {
            ast::MergeAction::Insert { columns, overriding: written, values } => {
                action.command = CommandType::Insert;
                self.state().is_insert = true;
                let listed = !columns.is_empty();
                let columns = self.check_insert_targets(columns)?;
                action.overriding = overriding(*written);
                if !values.is_empty() {
                    let exprs = self.transform_expression_list(values, ExprKind::ValuesSingle, true)?;
                    let exprs = self.transform_insert_row(exprs, listed, &columns, false)?;
                    action.targets = insert_targets(exprs, &columns);
                }
            }
            ast::MergeAction::Update(set) => {
                action.command = CommandType::Update;
                self.state().is_insert = false;
                action.targets = self.transform_update_target_list(set)?;
            }
            ast::MergeAction::Delete => action.command = CommandType::Delete,
            ast::MergeAction::Nothing => {}
        }
        Ok(action)
    }

    /// `setNamespaceForMergeWhen`
    fn set_namespace_for_merge_when(&mut self, matched: MergeMatch, target: u32, source: u32) {
        let (see_target, see_source) = match matched {
            MergeMatch::Matched => (true, true),
            MergeMatch::NotBySource => (true, false),
            MergeMatch::NotByTarget => (false, true),
        };
        self.set_visibility(target, see_target);
        self.set_visibility(source, see_source);
    }

    /// `setNamespaceVisibilityForRTE`
    fn set_visibility(&mut self, rtindex: u32, visible: bool) {
        if let Some(item) = self.state().namespace.iter_mut().find(|item| item.rtindex == rtindex) {
            item.rel_visible = visible;
            item.cols_visible = visible;
        }
    }
}

/// Nothing comes after a clause without a condition.
fn check_reachable(clauses: &[MergeClause]) -> Exec {
    for (index, clause) in clauses.iter().enumerate() {
        let unconditional = |before: &MergeClause| before.matched == clause.matched && before.condition.is_none();
        if clauses[..index].iter().any(unconditional) {
            let message = "unreachable WHEN clause specified after unconditional WHEN clause";
            return fail("42601", message, Loc::NONE);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{catalog, error, tree};

    const SETUP: &str = "create table t (a int, b text); create view v as select 1 as a";

    #[test]
    fn the_condition_is_kept_apart_from_17_on() {
        let text = "merge into t using (select 1 as x) s on t.a = s.x when matched then delete";
        let before = tree(&catalog(15, SETUP), text);
        assert!(before.tree.jointree.quals.is_some() && before.tree.merge_join_condition.is_none());
        let since = tree(&catalog(17, SETUP), text);
        assert!(since.tree.jointree.quals.is_none() && since.tree.merge_join_condition.is_some());
    }

    #[test]
    fn what_clauses_see() {
        let replay = catalog(15, SETUP);
        assert_eq!(
            error(
                &replay,
                "merge into t using (select 1 as x) s on t.a = s.x when not matched then insert values (t.a, 'x')"
            ),
            "42P01 invalid reference to FROM-clause entry for table \"t\" at 87\n\
             There is an entry for table \"t\", but it cannot be referenced from this part of the query."
        );
        assert_eq!(
            error(&replay, "merge into v using t on true when matched then do nothing"),
            "0A000 cannot execute MERGE on relation \"v\"\nThis operation is not supported for views."
        );
    }
}
