//! SELECT (`analyze.c: transformSelectStmt`).

use super::error::fail;
use super::{Analyzer, ExprKind};
use crate::catalog::tree::{CommandType, Query};
use crate::replay::Exec;
use crate::sql::ast::{self, Distinct, IntoTable, QueryBody, Select, With};

impl Analyzer<'_> {
    /// A query of whatever form (`transformStmt` of a `SelectStmt`).
    pub(super) fn transform_query(&mut self, query: &ast::Query) -> Exec<Query> {
        match &query.body {
            QueryBody::Select(select) => self.transform_select(query, select),
            QueryBody::Values(rows) => self.transform_values(query, rows),
            QueryBody::SetOp { .. } => self.transform_set_operation(query),
        }
    }

    /// WITH of a statement, and what it says about the query.
    pub(super) fn transform_with(&mut self, query: &mut Query, with: Option<&With>) -> Exec {
        let Some(with) = with else { return Ok(()) };
        query.has_recursive = with.recursive;
        self.transform_with_clause(with)?;
        query.has_modifying_cte = self.state().has_modifying_cte;
        Ok(())
    }

    /// SELECT (`transformSelectStmt`).
    fn transform_select(&mut self, statement: &ast::Query, select: &Select) -> Exec<Query> {
        let mut query = Query::new(CommandType::Select);
        self.transform_with(&mut query, statement.with.as_ref())?;
        if let Some(into) = &select.into
            && !self.state().into_allowed
        {
            return into_not_allowed(into);
        }
        self.state().window_defs = select.windows.clone();
        self.transform_from_clause(&select.from)?;
        let mut targets = self.transform_target_list(&select.targets, ExprKind::SelectTarget)?;
        self.mark_target_list_origins(&mut targets);
        let quals = self.transform_where_clause(select.filter.as_ref(), ExprKind::Where, "WHERE")?;
        query.having = self.transform_where_clause(select.having.as_ref(), ExprKind::Having, "HAVING")?;
        query.sort_clause = self.transform_sort_clause(&statement.order_by, &mut targets, ExprKind::OrderBy, false)?;
        (query.group_clause, query.grouping_sets) =
            self.transform_group_clause(&select.group_by, &mut targets, &query.sort_clause)?;
        query.group_distinct = select.group_distinct;
        match &select.distinct {
            Distinct::No => {}
            Distinct::All => {
                query.distinct_clause = self.transform_distinct_clause(&mut targets, &query.sort_clause, false)?;
            }
            Distinct::On(on) => {
                query.distinct_clause = self.transform_distinct_on_clause(on, &mut targets, &query.sort_clause)?;
                query.has_distinct_on = true;
            }
        }
        self.transform_limits(&mut query, statement)?;
        query.window_clause = self.transform_window_definitions(&mut targets)?;
        if self.state().resolve_unknowns {
            self.resolve_target_list_unknowns(&mut targets)?;
        }
        query.targets = targets;
        self.finish_query(&mut query, quals);
        for locking in &statement.locking {
            self.transform_locking_clause(&mut query, locking)?;
        }
        self.assign_query_collations(&mut query)?;
        if query.has_aggs || !query.group_clause.is_empty() || !query.grouping_sets.is_empty() || query.having.is_some()
        {
            self.parse_check_aggregates(&mut query)?;
        }
        Ok(query)
    }

    /// OFFSET and LIMIT.
    pub(super) fn transform_limits(&mut self, query: &mut Query, statement: &ast::Query) -> Exec {
        let with_ties = statement.with_ties;
        query.limit_offset =
            self.transform_limit_clause(statement.offset.as_ref(), ExprKind::Offset, "OFFSET", with_ties)?;
        query.limit_count =
            self.transform_limit_clause(statement.limit.as_ref(), ExprKind::Limit, "LIMIT", with_ties)?;
        query.limit_with_ties = with_ties;
        Ok(())
    }
}

/// INTO where there cannot be any.
pub(super) fn into_not_allowed<T>(into: &IntoTable) -> Exec<T> {
    fail("42601", "SELECT ... INTO is not allowed here", into.relation.name.loc)
}

/// INTO of the first SELECT of a query.
pub(super) fn leftmost_into(query: &ast::Query) -> Option<&IntoTable> {
    match &query.body {
        QueryBody::Select(select) => select.into.as_deref(),
        QueryBody::Values(_) => None,
        QueryBody::SetOp { left, .. } => leftmost_into(left),
    }
}
