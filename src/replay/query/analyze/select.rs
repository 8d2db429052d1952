//! Queries (`analyze.c: transformSelectStmt`, `transformSetOperationStmt`, `parse_cte.c`).

use super::super::Value;
use super::super::plan::{
    BodyPlan, CteBodyPlan, CtePlan, DistinctPlan, ItemColumn, Node, OutputColumn, QueryPlan, SelectPlan, SortKey,
    Source,
};
use super::from::{is_system_column, split_and};
use super::{Analyzer, Scope, VisibleCte};
use crate::expr::figure_colname;
use crate::replay::{Exec, SqlError, lookup};
use crate::sql::ast::*;

impl Analyzer<'_> {
    /// A query, which sees the queries around it.
    pub(super) fn query(&mut self, query: &Query) -> Exec<QueryPlan> {
        self.nested(|a| {
            let visible = a.ctes.len();
            let plan = a.query_with_ctes(query);
            a.ctes.truncate(visible);
            plan
        })
    }

    fn query_with_ctes(&mut self, query: &Query) -> Exec<QueryPlan> {
        let ctes = match &query.with {
            Some(with) => self.with(with)?,
            None => Vec::new(),
        };
        let (body, columns, order_by) = match &query.body {
            QueryBody::Select(select) => {
                let (plan, columns, order_by) = self.select(select, &query.order_by)?;
                (BodyPlan::Select(Box::new(plan)), columns, order_by)
            }
            QueryBody::Values(rows) => {
                let (rows, columns) = self.values(rows)?;
                let order_by = self.sort_by_output(&query.order_by, &columns)?;
                (BodyPlan::Values(rows), columns, order_by)
            }
            QueryBody::SetOp { op, all, left, right } => {
                let (left, right) = (self.query(left)?, self.query(right)?);
                if left.columns.len() != right.columns.len() {
                    let word = match op {
                        SetOp::Union => "UNION",
                        SetOp::Intersect => "INTERSECT",
                        SetOp::Except => "EXCEPT",
                    };
                    let message = format!("each {word} query must have the same number of columns");
                    return Err(SqlError::new("42601", message).into());
                }
                let columns = left.columns.clone();
                let order_by = self.sort_by_output(&query.order_by, &columns)?;
                (BodyPlan::SetOp { op: *op, all: *all, left: left.into(), right: right.into() }, columns, order_by)
            }
        };
        let limit = self.limit(query.limit.as_ref())?;
        let offset = self.limit(query.offset.as_ref())?;
        Ok(QueryPlan { ctes, body, columns, order_by, ties: query.with_ties, limit, offset })
    }

    /// LIMIT and OFFSET see no item of their own query.
    fn limit(&mut self, limit: Option<&Expr>) -> Exec<Option<Node>> {
        limit.map(|e| self.scalar(e)).transpose()
    }

    // ---- WITH ----

    fn with(&mut self, with: &With) -> Exec<Vec<CtePlan>> {
        let mut plans = Vec::new();
        for cte in &with.ctes {
            let slot = self.slots;
            self.slots += 1;
            if cte.search_or_cycle() {
                return self.not_executed("SEARCH and CYCLE are not evaluated");
            }
            let (body, columns) = match &cte.body {
                CteBody::Query(query) => self.cte_query(cte, query, with.recursive, slot)?,
                CteBody::Insert(stmt) => {
                    (CteBodyPlan::Unknown, self.returned_columns(&stmt.relation, &stmt.returning)?)
                }
                CteBody::Update(stmt) => {
                    (CteBodyPlan::Unknown, self.returned_columns(&stmt.relation, &stmt.returning)?)
                }
                CteBody::Delete(stmt) => {
                    (CteBodyPlan::Unknown, self.returned_columns(&stmt.relation, &stmt.returning)?)
                }
                CteBody::Merge(_) => (CteBodyPlan::Unknown, Vec::new()),
            };
            self.ctes.push(VisibleCte { name: cte.name.clone(), slot, columns: named(columns, &cte.columns) });
            plans.push(CtePlan { slot, body });
        }
        Ok(plans)
    }

    fn cte_query(
        &mut self,
        cte: &Cte,
        query: &Query,
        recursive: bool,
        slot: usize,
    ) -> Exec<(CteBodyPlan, Vec<OutputColumn>)> {
        if let (true, QueryBody::SetOp { op: SetOp::Union, all, left, right }) = (recursive, &query.body)
            && mentions(right, &cte.name)
        {
            let start = self.query(left)?;
            let columns = start.columns.clone();
            self.ctes.push(VisibleCte { name: cte.name.clone(), slot, columns: named(columns.clone(), &cte.columns) });
            let step = self.query(right);
            self.ctes.pop();
            return Ok((CteBodyPlan::Recursive { start, step: step?, all: *all }, columns));
        }
        let plan = self.query(query)?;
        let columns = plan.columns.clone();
        Ok((CteBodyPlan::Query(plan), columns))
    }

    /// The columns of RETURNING.
    fn returned_columns(&self, relation: &RangeVar, returning: &[Target]) -> Exec<Vec<OutputColumn>> {
        let mut columns = Vec::new();
        for target in returning {
            match target.value.as_ref().map(|v| &v.kind) {
                Some(ExprKind::Star(_)) => {
                    let oid = lookup::relation(self.catalog, self.path, &relation.name)?;
                    let live = self.catalog.relation(oid).into_iter().flat_map(|r| r.live_columns());
                    columns.extend(live.map(|c| OutputColumn { name: c.name.clone(), ty: Some(c.ty.oid) }));
                }
                _ => {
                    let of_value =
                        || target.value.as_ref().map(|value| figure_colname(value, None)).unwrap_or_default();
                    columns.push(OutputColumn { name: target.name.clone().unwrap_or_else(of_value), ty: None });
                }
            }
        }
        Ok(columns)
    }

    // ---- VALUES ----

    fn values(&mut self, rows: &[Vec<Expr>]) -> Exec<(Vec<Vec<Node>>, Vec<OutputColumn>)> {
        let width = rows.first().map_or(0, Vec::len);
        if rows.iter().any(|r| r.len() != width) {
            return Err(SqlError::new("42601", "VALUES lists must all be the same length").into());
        }
        self.scopes.push(Scope::default());
        let nodes: Exec<Vec<Vec<Node>>> = rows.iter().map(|row| self.exprs(row)).collect();
        self.scopes.pop();
        let columns = (1..=width).map(|i| OutputColumn { name: format!("column{i}").into(), ty: None }).collect();
        Ok((nodes?, columns))
    }

    // ---- SELECT ----

    fn select(&mut self, select: &Select, sort: &[SortBy]) -> Exec<(SelectPlan, Vec<OutputColumn>, Vec<SortKey>)> {
        self.scopes.push(Scope::default());
        let result = self.select_in_scope(select, sort);
        self.scopes.pop();
        result
    }

    fn select_in_scope(
        &mut self,
        select: &Select,
        sort: &[SortBy],
    ) -> Exec<(SelectPlan, Vec<OutputColumn>, Vec<SortKey>)> {
        let mut conditions = Vec::new();
        let from = self.from(&select.from, &mut conditions)?;
        if let Some(filter) = &select.filter {
            split_and(self.expr(filter)?, &mut conditions);
        }
        // From here on there may be aggregates.
        if let Some(scope) = self.scopes.last_mut() {
            scope.aggregates = Some(Vec::new());
        }
        let (mut targets, columns) = self.targets(&select.targets)?;
        let visible = targets.len();
        let group_by = self.group_by(&select.group_by, &columns, &targets)?;
        let having = select.having.as_ref().map(|h| self.expr(h)).transpose()?;
        let mut order_by = Vec::new();
        for key in sort {
            let column = match self.output_column(&key.expr, &columns)? {
                Some(column) => column,
                None => {
                    targets.push(self.expr(&key.expr)?);
                    targets.len() - 1
                }
            };
            order_by.push(self.sort_key(key, column)?);
        }
        let distinct = match &select.distinct {
            Distinct::No => DistinctPlan::No,
            Distinct::All => DistinctPlan::All,
            Distinct::On(exprs) => {
                let mut keys = Vec::with_capacity(exprs.len());
                for expr in exprs {
                    keys.push(match self.output_column(expr, &columns)? {
                        Some(column) => column,
                        None => {
                            targets.push(self.expr(expr)?);
                            targets.len() - 1
                        }
                    });
                }
                DistinctPlan::On(keys)
            }
        };
        let scope = self.scopes.last_mut().map(std::mem::take).unwrap_or_default();
        let aggregates = scope.aggregates.unwrap_or_default();
        let grouped = !aggregates.is_empty() || !select.group_by.is_empty() || having.is_some();
        let items = scope.items;
        let plan =
            SelectPlan { items, from, conditions, targets, visible, distinct, grouped, group_by, having, aggregates };
        Ok((plan, columns, order_by))
    }

    fn targets(&mut self, targets: &[Target]) -> Exec<(Vec<Node>, Vec<OutputColumn>)> {
        let (mut nodes, mut columns) = (Vec::new(), Vec::new());
        for target in targets {
            let Some(value) = &target.value else { continue };
            match &value.kind {
                ExprKind::Star(qualifier) => self.star(qualifier, value, &mut nodes, &mut columns)?,
                ExprKind::Indirection { operand, path } if path.last() == Some(&Indirection::Star) => {
                    let operand = self.expr(operand)?;
                    let Some(fields) = self.type_of(&operand).and_then(|ty| self.row_type_columns(ty)) else {
                        return self.not_executed("the columns of a composite value are not known");
                    };
                    for name in fields {
                        nodes.push(Node::Field { operand: Box::new(operand.clone()), name: name.clone() });
                        columns.push(OutputColumn { name, ty: None });
                    }
                }
                _ => {
                    let node = self.expr(value)?;
                    let name = target.name.clone().unwrap_or_else(|| figure_colname(value, None));
                    columns.push(OutputColumn { name, ty: self.type_of(&node) });
                    nodes.push(node);
                }
            }
        }
        Ok((nodes, columns))
    }

    /// `*`, `item.*`, and `variable.*` for a row variable.
    fn star(&self, qualifier: &[Name], expr: &Expr, nodes: &mut Vec<Node>, columns: &mut Vec<OutputColumn>) -> Exec {
        let Some(scope) = self.scopes.last() else { return Ok(()) };
        let mut expand = |item: usize, merged: bool| {
            for (column, c) in scope.items[item].columns.iter().enumerate() {
                if (!merged && c.merged) || (is_table(&scope.items[item]) && is_system_column(&c.name)) {
                    continue;
                }
                nodes.push(Node::Column { depth: 0, item, column });
                columns.push(OutputColumn { name: c.name.clone(), ty: c.ty });
            }
        };
        let (schema, table) = match qualifier {
            [] if scope.items.is_empty() => {
                return Err(SqlError::new("42601", "SELECT * with no tables specified is not valid")
                    .at(expr.loc)
                    .into());
            }
            [] => {
                (0..scope.items.len()).for_each(|item| expand(item, false));
                return Ok(());
            }
            [table] => (None, table),
            [.., schema, table] => (Some(schema), table),
        };
        match self.find_item(schema, table) {
            Some((0, item)) => {
                expand(item, true);
                Ok(())
            }
            Some(_) => self.not_executed("a row of an outer query is not expanded"),
            None => match self.variables.variable(qualifier)? {
                Some(Value::Record(record)) => {
                    for (name, value) in &record.fields {
                        nodes.push(Node::Const(value.clone()));
                        columns.push(OutputColumn { name: name.clone(), ty: value.type_oid() });
                    }
                    Ok(())
                }
                Some(_) => self.not_executed("the columns of a composite value are not known"),
                None => {
                    let message = format!("missing FROM-clause entry for table \"{table}\"");
                    Err(SqlError::new("42P01", message).at(expr.loc).into())
                }
            },
        }
    }

    fn group_by(&mut self, list: &[GroupBy], columns: &[OutputColumn], targets: &[Node]) -> Exec<Vec<Node>> {
        list.iter()
            .map(|group| match group {
                GroupBy::Expr(expr) => {
                    // A column of FROM goes before one of the result (`findTargetlistEntrySQL92`).
                    if let ExprKind::Column(names) = &expr.kind
                        && self.find_column(names, expr.loc)?.is_some()
                    {
                        return self.expr(expr);
                    }
                    match self.output_column(expr, columns)? {
                        Some(column) => Ok(targets[column].clone()),
                        None => self.expr(expr),
                    }
                }
                GroupBy::Empty(_) | GroupBy::Rollup(_, _) | GroupBy::Cube(_, _) | GroupBy::Sets(_, _) => {
                    self.not_executed("grouping sets are not evaluated")
                }
            })
            .collect()
    }

    // ---- ORDER BY ----

    /// The result's column that a sort key names, or gives the number of.
    fn output_column(&self, expr: &Expr, columns: &[OutputColumn]) -> Exec<Option<usize>> {
        match &expr.kind {
            ExprKind::Column(names) => match names.as_slice() {
                [name] => Ok(columns.iter().position(|c| c.name == *name)),
                _ => Ok(None),
            },
            ExprKind::Literal(Literal::Integer(n)) => match usize::try_from(*n).ok().and_then(|n| n.checked_sub(1)) {
                Some(column) if column < columns.len() => Ok(Some(column)),
                _ => {
                    let message = format!("ORDER BY position {n} is not in select list");
                    Err(SqlError::new("42P10", message).at(expr.loc).into())
                }
            },
            _ => Ok(None),
        }
    }

    fn sort_by_output(&self, sort: &[SortBy], columns: &[OutputColumn]) -> Exec<Vec<SortKey>> {
        sort.iter()
            .map(|key| match self.output_column(&key.expr, columns)? {
                Some(column) => self.sort_key(key, column),
                None => self.not_executed("such an ORDER BY is not evaluated"),
            })
            .collect()
    }

    fn sort_key(&self, key: &SortBy, column: usize) -> Exec<SortKey> {
        let descending = match &key.direction {
            SortDirection::Default | SortDirection::Asc => false,
            SortDirection::Desc => true,
            SortDirection::Using(_) => return self.not_executed("ORDER BY USING is not evaluated"),
        };
        Ok(SortKey { column, descending, nulls_first: key.nulls_first.unwrap_or(descending) })
    }
}

fn named(columns: Vec<OutputColumn>, names: &[Name]) -> Vec<ItemColumn> {
    let renamed = |(i, c): (usize, OutputColumn)| ItemColumn {
        name: names.get(i).cloned().unwrap_or(c.name),
        ty: c.ty,
        merged: false,
    };
    columns.into_iter().enumerate().map(renamed).collect()
}

/// A table, whose system columns `*` leaves out.
fn is_table(item: &super::Item) -> bool {
    matches!(item.source, Source::Unknown(_) | Source::Empty | Source::Table { .. } | Source::System(..))
}

/// Whether a query refers to a relation of that name in FROM, as the step of a recursive query does.
fn mentions(query: &Query, name: &Name) -> bool {
    fn in_table(table: &TableRef, name: &Name) -> bool {
        match table {
            TableRef::Relation { relation, .. } => relation.name.schema.is_none() && relation.name.name == *name,
            TableRef::Subquery { query, .. } => mentions(query, name),
            TableRef::Join(join) => in_table(&join.left, name) || in_table(&join.right, name),
            TableRef::Function { .. }
            | TableRef::XmlTable(_)
            | TableRef::JsonTable(_)
            | TableRef::Unmodelled { .. } => false,
        }
    }
    match &query.body {
        QueryBody::Select(select) => select.from.iter().any(|t| in_table(t, name)),
        QueryBody::SetOp { left, right, .. } => mentions(left, name) || mentions(right, name),
        QueryBody::Values(_) => false,
    }
}
