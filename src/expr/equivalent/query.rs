//! The forms of queries.

use super::form::{Form, Former};
use crate::catalog::tree::*;

impl<'a> Former<'a> {
    /// A whole query: the names of its columns count.
    pub(super) fn query(&mut self, query: &'a Query) -> Form {
        let names: Vec<&str> = query.result_targets().map(|t| t.name.as_deref().unwrap_or_default()).collect();
        Form::new(ecow::eco_format!("columns {}", names.join(",")), vec![self.sub_query(query)])
    }

    /// A query in another.
    pub(super) fn sub_query(&mut self, query: &'a Query) -> Form {
        self.query_with(query, true)
    }

    /// A query of which only matters whether it has rows: what it selects does not, where that is only values.
    pub(super) fn existence(&mut self, query: &'a Query) -> Form {
        let values = query.targets.iter().all(|target| matches!(target.expr, Expr::Const(_) | Expr::Var(_)));
        let plain = query.distinct_clause.is_empty() && query.set_operations.is_none() && !query.has_aggs;
        self.query_with(query, !(values && plain && query.group_clause.is_empty()))
    }

    fn query_with(&mut self, query: &'a Query, targets_matter: bool) -> Form {
        self.queries.push(query);
        let mut args = Vec::new();
        for cte in &query.ctes {
            args.push(self.cte(cte));
        }
        if let Some(operations) = &query.set_operations {
            args.push(self.set_operation(operations, query));
        } else {
            let from = query.jointree.from.iter().map(|node| self.join_tree(node, query)).collect();
            args.push(Form::new("from", from));
            if targets_matter {
                args.push(self.targets("targets", &query.targets));
            }
        }
        if query.command != CommandType::Select {
            args.push(self.modification(query));
        }
        if let Some(quals) = &query.jointree.quals {
            args.push(Form::new("where", vec![self.expr(quals)]));
        }
        self.grouping(query, &mut args);
        if !query.distinct_clause.is_empty() {
            let distinct = self.sort_list(&query.distinct_clause, &query.targets, false);
            args.push(Form::new(ecow::eco_format!("distinct on {}", query.has_distinct_on), vec![distinct]));
        }
        if !query.sort_clause.is_empty() {
            args.push(self.sort_list(&query.sort_clause, &query.targets, true));
        }
        for (word, value) in [("limit", &query.limit_count), ("offset", &query.limit_offset)] {
            if let Some(value) = value {
                let head = ecow::eco_format!("{word} {}", query.limit_with_ties);
                args.push(Form::new(head, vec![self.expr(value)]));
            }
        }
        for mark in query.row_marks.iter().filter(|mark| !mark.pushed_down) {
            let place = self.place(query, mark.rti);
            args.push(Form::leaf(ecow::eco_format!("lock {place} {:?} {:?}", mark.strength, mark.wait)));
        }
        self.queries.pop();
        Form::new(ecow::eco_format!("{:?} {}", query.command, query.has_recursive), args)
    }

    /// What a data-modifying statement has besides.
    fn modification(&mut self, query: &'a Query) -> Form {
        let mut args = Vec::new();
        if let Some(rte) = query.rte(query.result_relation) {
            args.push(self.table(rte));
        }
        // INSERT … SELECT and VALUES are in the range table alone.
        if query.command == CommandType::Insert && query.jointree.from.is_empty() {
            let sources =
                query.rtable.iter().filter(|rte| matches!(rte.kind, RteKind::Subquery(_) | RteKind::Values { .. }));
            args.extend(sources.map(|rte| self.table(rte)).collect::<Vec<_>>());
        }
        args.extend(query.targets.iter().map(|t| Form::leaf(ecow::eco_format!("column {}", t.resno))));
        for action in &query.merge_actions {
            let head = ecow::eco_format!("{:?} {:?} {:?}", action.matched, action.command, action.overriding);
            let condition = self.optional(action.condition.as_ref());
            args.push(Form::new(head, vec![condition, self.targets("set", &action.targets)]));
        }
        args.push(self.optional(query.merge_join_condition.as_ref()));
        if let Some(conflict) = &query.on_conflict {
            let arbiter = conflict.arbiter.iter().map(|elem| {
                let head = ecow::eco_format!("arbiter {:?} {:?}", elem.collation, elem.opclass);
                Form::new(head, vec![self.expr(&elem.expr)])
            });
            let mut inner: Vec<Form> = arbiter.collect();
            inner.push(self.optional(conflict.arbiter_where.as_ref()));
            inner.push(self.targets("set", &conflict.set));
            inner.push(self.optional(conflict.filter.as_ref()));
            args.push(Form::new(ecow::eco_format!("conflict {} {:?}", conflict.update, conflict.constraint), inner));
        }
        args.push(self.targets("returning", &query.returning));
        Form::new(ecow::eco_format!("{:?} {:?}", query.overriding, query.utility), args)
    }

    fn targets(&mut self, head: &'static str, targets: &'a [TargetEntry]) -> Form {
        let own = targets.iter().filter(|target| !target.junk).map(|target| &target.expr);
        Form::new(head, self.exprs(own))
    }

    fn grouping(&mut self, query: &'a Query, args: &mut Vec<Form>) {
        if !query.group_clause.is_empty() {
            args.push(Form::new("group by", vec![self.sort_list(&query.group_clause, &query.targets, false)]));
        }
        if !query.grouping_sets.is_empty() {
            let sets = query.grouping_sets.iter().map(|set| self.grouping_set(set, &query.targets)).collect();
            args.push(Form::new(ecow::eco_format!("grouping sets {}", query.group_distinct), sets));
        }
        if let Some(having) = &query.having {
            args.push(Form::new("having", vec![self.expr(having)]));
        }
    }

    fn grouping_set(&mut self, set: &'a GroupingSet, targets: &'a [TargetEntry]) -> Form {
        let (head, sets) = match set {
            GroupingSet::Empty => return Form::leaf("empty set"),
            GroupingSet::Simple(refs) => {
                let exprs: Vec<&'a Expr> = refs.iter().filter_map(|&reference| referred(targets, reference)).collect();
                return Form::new("set", self.exprs(exprs));
            }
            GroupingSet::Rollup(sets) => ("rollup", sets),
            GroupingSet::Cube(sets) => ("cube", sets),
            GroupingSet::Sets(sets) => ("sets", sets),
        };
        Form::new(head, sets.iter().map(|inner| self.grouping_set(inner, targets)).collect())
    }

    /// What is sorted or grouped by, with the operators if the order matters.
    pub(super) fn sort_list(&mut self, items: &'a [SortGroupClause], targets: &'a [TargetEntry], order: bool) -> Form {
        let mut args = Vec::new();
        for item in items {
            let value = self.optional(referred(targets, item.tle_sort_group_ref));
            args.push(match order {
                true => Form::new(ecow::eco_format!("by {:?} {}", item.sort, item.nulls_first), vec![value]),
                false => value,
            });
        }
        Form::new(if order { "order by" } else { "list" }, args)
    }

    pub(super) fn window(&mut self, window: &'a WindowClause, targets: &'a [TargetEntry]) -> Form {
        let partition = self.sort_list(&window.partition, targets, false);
        let order = self.sort_list(&window.order, targets, true);
        let (start, end) = (self.optional(window.start_offset.as_ref()), self.optional(window.end_offset.as_ref()));
        Form::new(ecow::eco_format!("over {}", window.frame_options), vec![partition, order, start, end])
    }

    fn cte(&mut self, cte: &'a CommonTableExpr) -> Form {
        let search = cte.search.as_ref().map(|s| (s.breadth_first, s.columns.join(","), s.sequence_column.clone()));
        let cycle = cte.cycle.as_ref().map(|c| (c.columns.join(","), c.mark_column.clone(), c.path_column.clone()));
        let head = ecow::eco_format!("with {} {:?} {search:?} {cycle:?}", cte.name, cte.materialized);
        let mut args = vec![self.sub_query(&cte.query)];
        if let Some(cycle) = &cte.cycle {
            args.push(self.expr(&cycle.mark_value));
            args.push(self.expr(&cycle.mark_default));
        }
        Form::new(head, args)
    }

    fn set_operation(&mut self, operation: &'a SetOperation, query: &'a Query) -> Form {
        match operation {
            SetOperation::Leaf(number) => match query.rte(*number) {
                Some(rte) => self.table(rte),
                None => Form::leaf("nothing"),
            },
            SetOperation::Node { op, all, left, right, .. } => {
                let sides = vec![self.set_operation(left, query), self.set_operation(right, query)];
                Form::new(ecow::eco_format!("{op:?} {all}"), sides)
            }
        }
    }

    fn join_tree(&mut self, node: &'a JoinTree, query: &'a Query) -> Form {
        match node {
            JoinTree::Ref(number) => match query.rte(*number) {
                // A command's target is not in FROM, wherever its entry is.
                Some(rte) if rte.in_from => self.table(rte),
                Some(_) | None => Form::leaf("target"),
            },
            JoinTree::Join(join) => {
                let sides = [self.join_tree(&join.left, query), self.join_tree(&join.right, query)];
                let quals = self.optional(join.quals.as_ref());
                Form::new(ecow::eco_format!("{:?} join", join.kind), sides.into_iter().chain([quals]).collect())
            }
        }
    }

    fn table(&mut self, rte: &'a RangeTblEntry) -> Form {
        match &rte.kind {
            RteKind::Relation { relation, sample } => {
                let mut args = Vec::new();
                if let Some(sample) = sample {
                    let mut inner = self.exprs(&sample.args);
                    inner.push(self.optional(sample.repeatable.as_ref()));
                    args.push(Form::new(ecow::eco_format!("sample {:?}", sample.handler), inner));
                }
                Form::new(ecow::eco_format!("table {relation:?} {}", rte.inherit), args)
            }
            RteKind::Subquery(query) => {
                Form::new(ecow::eco_format!("sub-query {}", rte.lateral), vec![self.sub_query(query)])
            }
            RteKind::Join(_) => Form::leaf("join"),
            RteKind::Function { functions, ordinality } => {
                let mut args = Vec::new();
                for function in functions {
                    let definition: Vec<_> = function.definition.iter().map(|c| (&c.ty, c.collation)).collect();
                    let head = ecow::eco_format!("function {definition:?}");
                    args.push(Form::new(head, vec![self.expr(&function.expr)]));
                }
                Form::new(ecow::eco_format!("functions {ordinality}"), args)
            }
            RteKind::TableFunc(table) => self.table_func(table),
            RteKind::Values { rows, .. } => {
                let rows = rows.iter().map(|row| Form::new("row", self.exprs(row))).collect();
                Form::new("values", rows)
            }
            RteKind::Cte { name, levels_up, .. } => Form::leaf(ecow::eco_format!("with query {name} {levels_up}")),
            RteKind::NamedTuplestore { name, .. } => Form::leaf(ecow::eco_format!("rows {name}")),
            RteKind::Result => Form::leaf("nothing"),
        }
    }

    fn table_func(&mut self, table: &'a TableFunc) -> Form {
        let mut args = self.exprs(&table.namespace_uris);
        args.push(self.expr(&table.document));
        args.push(self.optional(table.row.as_ref()));
        for (i, column) in table.columns.iter().enumerate() {
            let ordinality = table.ordinality == Some(i);
            let head = ecow::eco_format!("column {} {:?} {} {ordinality}", column.name, column.ty, column.not_null);
            let parts = [&column.path, &column.value, &column.default];
            args.push(Form::new(head, parts.into_iter().map(|part| self.optional(part.as_ref())).collect()));
        }
        if let Some(plan) = &table.plan {
            args.push(self.json_plan(plan));
        }
        Form::new(ecow::eco_format!("table function {} {:?}", table.json, table.namespace_names), args)
    }

    fn json_plan(&mut self, plan: &'a JsonTablePlan) -> Form {
        match plan {
            JsonTablePlan::Path { path, error_on_error, child, columns, .. } => {
                let mut args = vec![self.expr(path)];
                args.extend(child.iter().map(|child| self.json_plan(child)).collect::<Vec<_>>());
                Form::new(ecow::eco_format!("path {error_on_error} {columns:?}"), args)
            }
            JsonTablePlan::Join(left, right) => Form::new("paths", vec![self.json_plan(left), self.json_plan(right)]),
        }
    }

    /// The place of an entry among those that are no joins.
    fn place(&self, query: &Query, number: u32) -> usize {
        let before = query.rtable.iter().take((number as usize).saturating_sub(1));
        before.filter(|rte| !matches!(rte.kind, RteKind::Join(_))).count()
    }
}

/// The expression of a target list that a sort clause refers to.
fn referred(targets: &[TargetEntry], reference: u32) -> Option<&Expr> {
    targets.iter().find(|target| target.ressortgroupref == reference).map(|target| &target.expr)
}
