//! UPDATE, DELETE and RETURNING (`analyze.c`).

use super::error::fail;
use super::{Analyzer, ExprKind, NsItem};
use crate::catalog::tree::{CommandType, Query, VarReturning};
use crate::replay::Exec;
use crate::sql::ast::{Delete, Name, ReturningOption, Target, Update};
use crate::sql::span::Loc;

impl Analyzer<'_> {
    /// DELETE (`transformDeleteStmt`).
    pub(super) fn transform_delete(&mut self, statement: &Delete) -> Exec<Query> {
        let mut query = Query::new(CommandType::Delete);
        self.transform_with(&mut query, statement.with.as_ref())?;
        query.result_relation = self.set_target_table(&statement.relation, !statement.relation.only, true)?;
        // USING does not see the target.
        self.set_target_lateral(true, false);
        self.transform_from_clause(&statement.using)?;
        self.set_target_lateral(false, true);
        let quals = self.transform_where_clause(statement.filter.as_ref(), ExprKind::Where, "WHERE")?;
        self.transform_returning(&mut query, &statement.returning, &statement.returning_options, ExprKind::Returning)?;
        self.finish_query(&mut query, quals);
        self.assign_query_collations(&mut query)?;
        if query.has_aggs {
            self.parse_check_aggregates(&mut query)?;
        }
        Ok(query)
    }

    /// UPDATE (`transformUpdateStmt`).
    pub(super) fn transform_update(&mut self, statement: &Update) -> Exec<Query> {
        let mut query = Query::new(CommandType::Update);
        self.state().is_insert = false;
        self.transform_with(&mut query, statement.with.as_ref())?;
        query.result_relation = self.set_target_table(&statement.relation, !statement.relation.only, true)?;
        // FROM does not see the target.
        self.set_target_lateral(true, false);
        self.transform_from_clause(&statement.from)?;
        self.set_target_lateral(false, true);
        let quals = self.transform_where_clause(statement.filter.as_ref(), ExprKind::Where, "WHERE")?;
        self.transform_returning(&mut query, &statement.returning, &statement.returning_options, ExprKind::Returning)?;
        query.targets = self.transform_update_target_list(&statement.set)?;
        self.finish_query(&mut query, quals);
        query.has_aggs = false;
        query.has_window_funcs = false;
        self.assign_query_collations(&mut query)?;
        Ok(query)
    }

    /// RETURNING (`transformReturningList`, from 18 on `transformReturningClause`).
    pub(super) fn transform_returning(
        &mut self,
        query: &mut Query,
        returning: &[Target],
        options: &[ReturningOption],
        kind: ExprKind,
    ) -> Exec {
        let Some(first) = returning.first() else { return Ok(()) };
        let items = self.state().namespace.len();
        if self.catalog().version() >= 18 {
            self.returning_names(query, options)?;
        }
        let saved = std::mem::replace(&mut self.state().next_resno, 1);
        let mut list = self.transform_target_list(returning, kind)?;
        if list.is_empty() {
            let loc = first.value.as_ref().map_or(Loc::NONE, super::sort_group::raw_loc);
            return fail("42601", "RETURNING must have at least one column", loc);
        }
        self.mark_target_list_origins(&mut list);
        if self.state().resolve_unknowns {
            self.resolve_target_list_unknowns(&mut list)?;
        }
        query.returning = list;
        let state = self.state();
        state.namespace.truncate(items);
        state.next_resno = saved;
        Ok(())
    }

    /// OLD and NEW, or the names that WITH gives them.
    fn returning_names(&mut self, query: &mut Query, options: &[ReturningOption]) -> Exec {
        for option in options {
            let (slot, word, which) = if option.new {
                (&mut query.returning_new_alias, "NEW", VarReturning::New)
            } else {
                (&mut query.returning_old_alias, "OLD", VarReturning::Old)
            };
            if slot.is_some() {
                return fail("42601", format!("{word} cannot be specified multiple times"), option.loc);
            }
            *slot = Some(option.name.clone());
            if self.is_table_name(&option.name)? {
                let message = format!("table name \"{}\" specified more than once", option.name);
                return fail("42712", message, option.loc);
            }
            self.add_returning_item(option.name.clone(), which);
        }
        if query.returning_old_alias.is_none() && !self.is_table_name(&"old".into())? {
            query.returning_old_alias = Some("old".into());
            self.add_returning_item("old".into(), VarReturning::Old);
        }
        if query.returning_new_alias.is_none() && !self.is_table_name(&"new".into())? {
            query.returning_new_alias = Some("new".into());
            self.add_returning_item("new".into(), VarReturning::New);
        }
        Ok(())
    }

    /// A table of this query has that name.
    fn is_table_name(&mut self, name: &Name) -> Exec<bool> {
        Ok(matches!(self.refname_namespace_item(None, name, Loc::NONE)?, Some((_, 0))))
    }

    /// `addNSItemForReturning`
    fn add_returning_item(&mut self, name: Name, returning: VarReturning) {
        let Some(target) = self.state().target.clone() else { return };
        let item = NsItem { name, returning, ..target };
        self.add_ns_item_to_query(&item, false, true, false);
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{catalog, columns, error, tree};

    const SETUP: &str = "create table t (a int, b text); create table s (a int, c int)";

    #[test]
    fn a_sub_query_for_several_columns_comes_last() {
        let replay = catalog(15, SETUP);
        let query = tree(&replay, "update t set (a, b) = (select 1, 'x')");
        let targets: Vec<_> = query.tree.targets.iter().map(|t| (t.resno, t.junk)).collect();
        assert_eq!(targets, [(1, false), (2, false), (3, true)]);
    }

    #[test]
    fn from_does_not_see_the_target() {
        let replay = catalog(15, SETUP);
        assert_eq!(
            error(&replay, "update t set a = 1 from lateral (select t.a) s"),
            "42P10 invalid reference to FROM-clause entry for table \"t\" at 40\n\
             There is an entry for table \"t\", but it cannot be referenced from this part of the query."
        );
    }

    #[test]
    fn old_and_new_in_returning() {
        let text = "update t set a = 1 returning old.a, new.a as n";
        assert_eq!(columns(&catalog(18, SETUP), text), "a integer, n integer");
        assert_eq!(error(&catalog(17, SETUP), text), "42P01 missing FROM-clause entry for table \"old\" at 29");
    }
}
