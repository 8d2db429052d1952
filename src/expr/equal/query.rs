//! The forms of queries.

use super::form::{Form, Former, Table};
use crate::catalog::{Binding, Object};
use crate::expr::infer::column_name;
use crate::sql::ast::*;

impl Former<'_> {
    pub(super) fn query(&mut self, query: &Query) -> Form {
        self.query_with(query, false)
    }

    /// A query of which only matters whether it has rows: what it selects does not, where that is only values.
    pub(super) fn existence(&mut self, query: &Query) -> Form {
        let values_only = match &query.body {
            QueryBody::Select(select) => {
                let is_value = |target: &Target| {
                    matches!(
                        target.value.as_ref().map(|v| &v.kind),
                        Some(ExprKind::Literal(_) | ExprKind::Column(_) | ExprKind::Star(_))
                    )
                };
                select.distinct == Distinct::No && select.into.is_none() && select.targets.iter().all(is_value)
            }
            QueryBody::Values(_) | QueryBody::SetOp { .. } => false,
        };
        self.query_with(query, values_only)
    }

    fn query_with(&mut self, query: &Query, values_do_not_matter: bool) -> Form {
        let mut args = Vec::new();
        if let Some(with) = &query.with {
            let ctes = with.ctes.iter().map(|cte| self.cte(cte)).collect();
            args.push(Form::new(if with.recursive { "with recursive" } else { "with" }, ctes));
        }
        match &query.body {
            QueryBody::Select(select) => {
                self.scopes.push(Vec::new());
                self.select(select, values_do_not_matter, &mut args);
                self.after_body(query, &mut args);
                self.scopes.pop();
            }
            QueryBody::Values(rows) => {
                let rows = rows.iter().map(|row| Form::new("row", self.exprs(row))).collect();
                args.push(Form::new("values", rows));
                self.after_body(query, &mut args);
            }
            QueryBody::SetOp { op, all, left, right } => {
                let sides = vec![self.query(left), self.query(right)];
                args.push(Form::new(ecow::eco_format!("{op:?} {all}"), sides));
                self.after_body(query, &mut args);
            }
        }
        Form::new("query", args)
    }

    fn after_body(&mut self, query: &Query, args: &mut Vec<Form>) {
        if !query.order_by.is_empty() {
            let keys = self.sort_keys(&query.order_by);
            args.push(Form::new("order by", keys));
        }
        for (word, value) in [("limit", &query.limit), ("offset", &query.offset)] {
            if let Some(value) = value {
                let value = self.expr(value);
                args.push(Form::new(ecow::eco_format!("{word} {}", query.with_ties), vec![value]));
            }
        }
        for lock in &query.locking {
            let of: Vec<&str> = lock.of.iter().map(|r| r.name.name.as_str()).collect();
            args.push(Form::leaf(ecow::eco_format!("{:?} {:?} {}", lock.strength, lock.wait, of.join(","))));
        }
    }

    fn cte(&mut self, cte: &Cte) -> Form {
        let body = match &cte.body {
            CteBody::Query(query) => self.query(query),
            // Data-modifying statements do not occur in what is stored and compared.
            other @ (CteBody::Insert(_) | CteBody::Update(_) | CteBody::Delete(_) | CteBody::Merge(_)) => {
                Form::leaf(ecow::eco_format!("{other:?}"))
            }
        };
        let columns = cte.columns.join(",");
        let head = ecow::eco_format!("{}({columns}) {:?} {}", cte.name, cte.materialized, cte.search_or_cycle());
        Form::new(head, vec![body])
    }

    fn select(&mut self, select: &Select, values_do_not_matter: bool, args: &mut Vec<Form>) {
        let from = select.from.iter().map(|table| self.table(table)).collect();
        args.push(Form::new("from", from));
        match &select.distinct {
            Distinct::No => {}
            Distinct::All => args.push(Form::leaf("distinct")),
            Distinct::On(keys) => {
                let keys = self.exprs(keys);
                args.push(Form::new("distinct on", keys));
            }
        }
        if !values_do_not_matter {
            let targets = select.targets.iter().map(|target| self.target(target)).collect();
            args.push(Form::new("select", targets));
        }
        if let Some(into) = &select.into {
            args.push(Form::leaf(ecow::eco_format!("into {}", into.relation.name.name)));
        }
        for (word, condition) in [("where", &select.filter), ("having", &select.having)] {
            if let Some(condition) = condition {
                let condition = self.expr(condition);
                args.push(Form::new(word, vec![condition]));
            }
        }
        if !select.group_by.is_empty() {
            let groups = select.group_by.iter().map(|group| self.group(group)).collect();
            args.push(Form::new(ecow::eco_format!("group by {}", select.group_distinct), groups));
        }
        for window in &select.windows {
            args.push(self.window(window));
        }
    }

    /// A value of a select list, with the name that others see it under.
    fn target(&mut self, target: &Target) -> Form {
        let value = Form::optional(target.value.as_ref().map(|value| self.expr(value)));
        let own_name = target.value.as_ref().map(column_name);
        let name = target.name.clone().or(own_name).unwrap_or_default();
        Form::new(ecow::eco_format!("as {name}"), vec![value])
    }

    fn group(&mut self, group: &GroupBy) -> Form {
        let list = |former: &mut Self, head: &'static str, groups: &[GroupBy]| {
            Form::new(head, groups.iter().map(|group| former.group(group)).collect())
        };
        match group {
            GroupBy::Expr(expr) => self.expr(expr),
            GroupBy::Empty(_) => Form::leaf("()"),
            GroupBy::Rollup(groups, _) => list(self, "rollup", groups),
            GroupBy::Cube(groups, _) => list(self, "cube", groups),
            GroupBy::Sets(groups, _) => list(self, "grouping sets", groups),
        }
    }

    pub(super) fn sort_keys(&mut self, keys: &[SortBy]) -> Vec<Form> {
        let key = |key: &SortBy| {
            let (direction, descending) = match &key.direction {
                SortDirection::Default | SortDirection::Asc => ("asc".into(), false),
                SortDirection::Desc => ("desc".into(), true),
                SortDirection::Using(op) => (Self::written_name(op), false),
            };
            let nulls_first = key.nulls_first.unwrap_or(descending);
            Form::new(ecow::eco_format!("{direction} {nulls_first}"), vec![self.expr(&key.expr)])
        };
        keys.iter().map(key).collect()
    }

    pub(super) fn window(&mut self, window: &WindowDef) -> Form {
        let partition = self.exprs(&window.partition_by);
        let order = self.sort_keys(&window.order_by);
        let start = Form::optional(window.start_offset.as_ref().map(|e| self.expr(e)));
        let end = Form::optional(window.end_offset.as_ref().map(|e| self.expr(e)));
        let head = ecow::eco_format!("window {:?} {:?} {}", window.name, window.refname, window.frame_options);
        Form::new(head, vec![Form::unordered("partition by", partition), Form::new("order by", order), start, end])
    }

    /// An element of FROM; it becomes visible to what follows.
    fn table(&mut self, table: &TableRef) -> Form {
        let (form, name, relation) = match table {
            TableRef::Relation { relation, sample } => {
                let (head, oid) = match self.binding(relation.name.loc) {
                    Some(Binding::Object(Object::Relation(oid))) => (ecow::eco_format!("{oid:?}"), Some(oid)),
                    _ => (Self::written_name(&relation.name), None),
                };
                let mut args = Vec::new();
                if relation.only {
                    args.push(Form::leaf("only"));
                }
                if let Some(sample) = sample {
                    let mut sampled = self.exprs(&sample.args);
                    sampled.push(Form::optional(sample.repeatable.as_ref().map(|e| self.expr(e))));
                    args.push(Form::new(Self::written_name(&sample.method), sampled));
                }
                let alias = relation.alias.as_ref();
                if oid.is_none() {
                    args.extend(alias.into_iter().flat_map(|a| &a.columns).map(|c| Form::leaf(c.clone())));
                }
                let name = alias.map_or(&relation.name.name, |a| &a.name).clone();
                (Form::new(ecow::eco_format!("relation {head}"), args), name, oid)
            }
            TableRef::Subquery { lateral, query, alias } => {
                let beside = if *lateral { None } else { self.scopes.last_mut().map(std::mem::take) };
                let query = self.query(query);
                if let (Some(beside), Some(scope)) = (beside, self.scopes.last_mut()) {
                    *scope = beside;
                }
                (Form::new(aliased("subquery", alias.as_ref()), vec![query]), alias_name(alias.as_ref()), None)
            }
            TableRef::Function { ordinality, rows_from, functions, alias, columns, .. } => {
                let mut args = Vec::new();
                for function in functions {
                    args.push(self.expr(&function.call));
                    args.extend(self.specs(&function.columns));
                }
                args.extend(self.specs(columns));
                let head = ecow::eco_format!("{} {ordinality} {rows_from}", aliased("function", alias.as_ref()));
                // Without an alias a function's name is its table's.
                let name = match (alias, functions.first()) {
                    (None, Some(function)) => column_name(&function.call),
                    (alias, _) => alias_name(alias.as_ref()),
                };
                (Form::new(head, args), name, None)
            }
            TableRef::Join(join) => {
                let left = self.table(&join.left);
                let right = self.table(&join.right);
                let on = Form::optional(join.on.as_ref().map(|on| self.expr(on)));
                let mut using = join.using.clone();
                using.sort_unstable();
                let head = ecow::eco_format!("{:?} join {} {}", join.kind, join.natural, using.join(","));
                let form = Form::new(head, vec![left, right, on]);
                match join.alias.as_ref().map(|a| &a.name).or(join.using_alias.as_ref()) {
                    Some(name) => (form, name.clone(), None),
                    None => return form,
                }
            }
            TableRef::XmlTable(_) | TableRef::JsonTable(_) | TableRef::Unmodelled { .. } => {
                let alias = table.alias();
                (Form::leaf(aliased(table.what(), alias)), alias_name(alias), None)
            }
        };
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(Table { name, relation });
        }
        form
    }

    fn specs(&mut self, columns: &[ColumnSpec]) -> Vec<Form> {
        columns.iter().map(|c| Form::new(c.name.clone(), vec![self.type_form(&c.ty)])).collect()
    }
}

fn alias_name(alias: Option<&Alias>) -> Name {
    alias.map(|a| a.name.clone()).unwrap_or_default()
}

/// What columns an alias names is a part of what a table is; its own name is not.
fn aliased(what: &str, alias: Option<&Alias>) -> ecow::EcoString {
    let columns = alias.map(|a| a.columns.join(",")).unwrap_or_default();
    ecow::eco_format!("{what}({columns})")
}
