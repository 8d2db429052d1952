//! INSERT (`analyze.c: transformInsertStmt`).

use super::error::fail;
use super::expand::{make_target_entry, ns_item_vars};
use super::relation::make_var;
use super::vars::{find_var_of_level, is_unknown_constant};
use super::{Analyzer, ExprKind};
use crate::catalog::Oid;
use crate::catalog::tree::{self, ColumnType, CommandType, Expr, Query, RteKind, TargetEntry, Var};
use crate::catalog::type_oid as t;
use crate::replay::{Exec, SqlError};
use crate::sql::ast::{self, Alias, Insert, QueryBody, Target};
use crate::sql::span::Loc;

/// OVERRIDING of the syntax tree.
pub(super) fn overriding(written: ast::Overriding) -> tree::Overriding {
    match written {
        ast::Overriding::NotSet => tree::Overriding::NotSet,
        ast::Overriding::UserValue => tree::Overriding::User,
        ast::Overriding::SystemValue => tree::Overriding::System,
    }
}

/// The rows of plain VALUES; nothing for a query that is transformed as one.
fn plain_values(source: &ast::Query) -> Option<&[Vec<ast::Expr>]> {
    let QueryBody::Values(rows) = &source.body else { return None };
    let plain = source.order_by.is_empty()
        && source.offset.is_none()
        && source.limit.is_none()
        && source.locking.is_empty()
        && source.with.is_none();
    plain.then_some(rows)
}

impl Analyzer<'_> {
    /// INSERT (`transformInsertStmt`).
    pub(super) fn transform_insert(&mut self, statement: &Insert) -> Exec<Query> {
        let mut query = Query::new(CommandType::Insert);
        self.state().is_insert = true;
        self.transform_with(&mut query, statement.with.as_ref())?;
        query.overriding = overriding(statement.overriding);
        let values = statement.source.as_ref().map(plain_values);
        // In a rule OLD and NEW are the query's, if there is one.
        let mut outer = (Vec::new(), Vec::new());
        if matches!(values, Some(None)) {
            let state = self.state();
            outer = (std::mem::take(&mut state.rtable), std::mem::take(&mut state.namespace));
        }
        query.result_relation = self.set_target_table(&statement.relation, false, false)?;
        let columns = self.check_insert_targets(&statement.columns)?;
        let listed = !statement.columns.is_empty();
        let exprs = match (&statement.source, values) {
            (None, _) => Vec::new(),
            (Some(source), None | Some(None)) => self.insert_query(source, outer, &columns, listed)?,
            (Some(_), Some(Some([row]))) => {
                let row = self.transform_expression_list(row, ExprKind::ValuesSingle, true)?;
                self.transform_insert_row(row, listed, &columns, false)?
            }
            (Some(_), Some(Some(rows))) => self.insert_rows(rows, &columns, listed)?,
        };
        query.targets = insert_targets(exprs, &columns);
        if statement.on_conflict.is_some() || !statement.returning.is_empty() {
            self.state().namespace.clear();
            if let Some(target) = self.state().target.clone() {
                self.add_ns_item_to_query(&target, false, true, true);
            }
        }
        if let Some(conflict) = &statement.on_conflict {
            query.on_conflict = Some(Box::new(self.transform_on_conflict_clause(conflict)?));
        }
        self.transform_returning(&mut query, &statement.returning, &statement.returning_options, ExprKind::Returning)?;
        self.finish_query(&mut query, None);
        query.has_aggs = false;
        query.has_window_funcs = false;
        self.assign_query_collations(&mut query)?;
        Ok(query)
    }

    /// The rows of a query.
    fn insert_query(
        &mut self,
        source: &ast::Query,
        outer: (Vec<tree::RangeTblEntry>, Vec<super::NsItem>),
        columns: &[(Target, i16)],
        listed: bool,
    ) -> Exec<Vec<Expr>> {
        let query = self.nested(|analyzer| {
            let state = analyzer.state();
            (state.rtable, state.namespace) = outer;
            // Literals get the types of the columns.
            state.resolve_unknowns = false;
            analyzer.transform_query(source)
        })?;
        let catalog = self.catalog();
        let mut exprs = Vec::new();
        let mut vars: Vec<(usize, i16, crate::catalog::TypeRef, Oid, Loc)> = Vec::new();
        for target in query.targets.iter().filter(|target| !target.junk) {
            if is_unknown_constant(&target.expr, catalog) {
                exprs.push(target.expr.clone());
            } else {
                let ty = target.expr.ty(catalog);
                vars.push((exprs.len(), target.resno, ty, target.expr.collation(), target.expr.loc()));
                exprs.push(target.expr.clone());
            }
        }
        let alias = Alias { name: "*SELECT*".into(), columns: Vec::new() };
        let item = self.add_range_table_entry_for_subquery(query, Some(alias), false, false)?;
        self.add_ns_item_to_query(&item, true, false, false);
        for (index, resno, ty, collation, loc) in vars {
            exprs[index] = Expr::Var(Box::new(make_var(item.rtindex, resno, ty, collation, 0, loc)));
        }
        self.transform_insert_row(exprs, listed, columns, false)
    }

    /// Several rows of VALUES.
    fn insert_rows(&mut self, rows: &[Vec<ast::Expr>], columns: &[(Target, i16)], listed: bool) -> Exec<Vec<Expr>> {
        let mut lists = Vec::with_capacity(rows.len());
        let mut length = None;
        for row in rows {
            let list = self.transform_expression_list(row, ExprKind::Values, true)?;
            if length.is_some_and(|length| length != list.len()) {
                let loc = list.first().map_or(Loc::NONE, Expr::loc);
                return fail("42601", "VALUES lists must all be the same length", loc);
            }
            length = Some(list.len());
            let mut list = self.transform_insert_row(list, listed, columns, true)?;
            for expr in &mut list {
                self.assign_expr_collations(expr)?;
            }
            lists.push(list);
        }
        let first = lists.first().map(Vec::as_slice).unwrap_or_default();
        let types =
            first.iter().map(|expr| ColumnType { ty: expr.ty(self.catalog()), collation: Oid::INVALID }).collect();
        let lateral = self.state().rtable.len() != 1 && find_var_of_level(lists.iter().flatten(), 0).is_some();
        let item = self.add_range_table_entry_for_values(lists, types, lateral)?;
        self.add_ns_item_to_query(&item, true, false, false);
        let exprs = ns_item_vars(&item, 0, Loc::NONE).into_iter().map(|(var, _)| Expr::Var(Box::new(var)));
        self.transform_insert_row(exprs.collect(), listed, columns, false)
    }

    /// The values of a row as the columns take them (`transformInsertRow`).
    pub(super) fn transform_insert_row(
        &mut self,
        exprs: Vec<Expr>,
        listed: bool,
        columns: &[(Target, i16)],
        strip_indirection: bool,
    ) -> Exec<Vec<Expr>> {
        if let Some(extra) = exprs.get(columns.len()) {
            return fail("42601", "INSERT has more expressions than target columns", extra.loc());
        }
        if listed && exprs.len() < columns.len() {
            let error = SqlError::new("42601", "INSERT has more target columns than expressions")
                .at(columns[exprs.len()].0.loc);
            let row = matches!(exprs.as_slice(), [expr] if self.count_row_columns(expr) == Some(columns.len()));
            return Err(if row {
                error.hint(
                    "The insertion source is a row expression containing the same number of columns expected by the INSERT. Did you accidentally use extra parentheses?",
                )
            } else {
                error
            }
            .into());
        }
        let mut result = Vec::with_capacity(exprs.len());
        for (expr, (column, attnum)) in exprs.into_iter().zip(columns) {
            let name = column.name.clone().unwrap_or_default();
            let mut expr = self.transform_assigned_expr(
                expr,
                ExprKind::InsertTarget,
                &name,
                *attnum,
                &column.indirection,
                column.loc,
            )?;
            if strip_indirection {
                expr = strip(expr);
            }
            result.push(expr);
        }
        Ok(result)
    }

    /// How many columns a row expression has (`count_rowexpr_columns`).
    fn count_row_columns(&self, expr: &Expr) -> Option<usize> {
        match expr {
            Expr::RowExpr(row) => Some(row.args.len()),
            Expr::Var(var) if var.varattno > 0 && var.ty.oid == t::RECORD => self.count_subquery_row(var),
            _ => None,
        }
    }

    fn count_subquery_row(&self, var: &Var) -> Option<usize> {
        let RteKind::Subquery(query) = &self.rte_at(var.varno, var.levels_up)?.kind else { return None };
        match &super::expand::target_by_resno(query, var.varattno)?.expr {
            Expr::RowExpr(row) => Some(row.args.len()),
            _ => None,
        }
    }

    /// The actions of UPDATE (`transformUpdateTargetList`).
    pub(super) fn transform_update_target_list(&mut self, set: &[Target]) -> Exec<Vec<TargetEntry>> {
        let mut list = self.transform_target_list(set, ExprKind::UpdateSource)?;
        let relation = self.target_relation()?;
        // Junk comes after all columns.
        let first_free = i16::try_from(relation.attributes.len() + 1).unwrap_or(i16::MAX);
        let state = self.state();
        state.next_resno = state.next_resno.max(first_free);
        let mut targets = set.iter();
        for entry in &mut list {
            if entry.junk {
                entry.resno = self.take_resno();
                entry.name = None;
                continue;
            }
            let Some(target) = targets.next() else { return Err(super::relation::internal("SET")) };
            let name = target.name.clone().unwrap_or_default();
            let attnum = relation.attnum(&name).or_else(|| super::tupdesc::system_attribute(&name).map(|(n, _)| n));
            let Some(attnum) = attnum else { return Err(self.missing_set_column(&name, target.loc)) };
            self.update_target_list_entry(entry, &name, attnum, &target.indirection, target.loc)?;
        }
        Ok(list)
    }

    /// 42703 for a column of SET; from 17 on with a hint where the table's name was written before it.
    fn missing_set_column(&self, name: &ast::Name, loc: Loc) -> crate::replay::Stop {
        let stop = self.missing_target_column(name, loc);
        let target = self.states.last().and_then(|state| state.target.as_ref());
        let qualified = target.is_some_and(|target| target.name == *name);
        match stop {
            crate::replay::Stop::Error(error) if qualified && self.catalog().version() >= 16 => {
                error.hint("SET target columns cannot be qualified with the relation name.").into()
            }
            stop => stop,
        }
    }
}

/// The targets of INSERT.
pub(super) fn insert_targets(exprs: Vec<Expr>, columns: &[(Target, i16)]) -> Vec<TargetEntry> {
    let pairs = exprs.into_iter().zip(columns);
    pairs.map(|(expr, (column, attnum))| make_target_entry(expr, *attnum, column.name.clone(), false)).collect()
}

/// The value that is stored in the innermost field or element.
fn strip(expr: Expr) -> Expr {
    let mut expr = expr;
    loop {
        let mut inner = &mut expr;
        while let Expr::CoerceToDomain(domain) = inner {
            inner = &mut domain.arg;
        }
        let next = match inner {
            Expr::FieldStore(store) => store.values.pop(),
            Expr::SubscriptingRef(reference) => reference.assign.take(),
            _ => None,
        };
        match next {
            Some(next) => expr = next,
            None => return expr,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{catalog, error, tree};
    use crate::catalog::tree::Expr;

    const SETUP: &str = "create table t (a int, b text)";

    #[test]
    fn values_are_converted_to_the_columns() {
        let replay = catalog(15, SETUP);
        let query = tree(&replay, "insert into t (b, a) values (1, '2')");
        let targets: Vec<_> = query.tree.targets.iter().map(|t| (t.resno, t.name.as_deref())).collect();
        assert_eq!(targets, [(2, Some("b")), (1, Some("a"))]);
        assert!(matches!(&query.tree.targets[1].expr, Expr::Const(c) if c.value.as_deref() == Some("2")));
    }

    #[test]
    fn rows_that_do_not_fit() {
        let replay = catalog(15, SETUP);
        assert_eq!(
            error(&replay, "insert into t values (1, 2, 3)"),
            "42601 INSERT has more expressions than target columns at 28"
        );
        assert_eq!(
            error(&replay, "insert into t (a, b) values ((1, 2))"),
            "42601 INSERT has more target columns than expressions at 18\n\
             The insertion source is a row expression containing the same number of columns expected by the INSERT. \
             Did you accidentally use extra parentheses?"
        );
        assert_eq!(
            error(&replay, "insert into t (a) values (true)"),
            "42804 column \"a\" is of type integer but expression is of type boolean at 26\n\
             You will need to rewrite or cast the expression."
        );
        assert_eq!(
            error(&replay, "insert into t (c) values (1)"),
            "42703 column \"c\" of relation \"t\" does not exist at 15"
        );
        assert_eq!(
            error(&replay, "insert into t (a, a) values (1, 2)"),
            "42701 column \"a\" specified more than once at 18"
        );
    }
}
