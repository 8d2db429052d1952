//! UNION, INTERSECT, EXCEPT (`analyze.c: transformSetOperationStmt`).

use super::error::{at, fail};
use super::expand::make_target_entry;
use super::locking::strength_words;
use super::relation::{internal, make_var};
use super::rte::ns_item;
use super::select::{into_not_allowed, leftmost_into};
use super::vars::{find_var_of_level_in_query, is_unknown_constant};
use super::{Analyzer, ExprKind, NsColumn};
use crate::catalog::tree::{
    ColumnType, CommandType, Expr, JoinRte, Query, RteKind, SetOperation, SetToDefault, TargetEntry,
};
use crate::catalog::{TypeRef, type_oid as t};
use crate::replay::{Exec, SqlError};
use crate::sql::ast::{self, Alias, JoinKind, Name, QueryBody, SetOp};
use crate::sql::span::Loc;

/// A column of a side: what it is, and where it is in a leaf's select list.
struct Column {
    expr: Expr,
    leaf: Option<(u32, usize)>,
}

/// A column of the first query: its number, its name and its place.
type FirstColumn = (i16, Name, Loc);

impl Analyzer<'_> {
    /// The whole of a set operation (`transformSetOperationStmt`).
    pub(super) fn transform_set_operation(&mut self, statement: &ast::Query) -> Exec<Query> {
        let mut query = Query::new(CommandType::Select);
        let into_allowed = self.state().into_allowed;
        if let Some(into) = leftmost_into(statement)
            && !into_allowed
        {
            return into_not_allowed(into);
        }
        if let Some(locking) = statement.locking.first() {
            let words = strength_words(locking.strength);
            return fail("0A000", format!("{words} is not allowed with UNION/INTERSECT/EXCEPT"), Loc::NONE);
        }
        self.transform_with(&mut query, statement.with.as_ref())?;
        let (operation, _) = self.transform_set_operation_tree(statement, true, into_allowed)?;
        let SetOperation::Node { columns, .. } = &operation else { return Err(internal("set operation")) };
        let columns = columns.clone();
        // Names are those of the first query.
        let (leftmost, names) = self.leftmost_names(&operation)?;
        let mut targets: Vec<TargetEntry> = Vec::with_capacity(columns.len());
        let mut ns = Vec::with_capacity(columns.len());
        for (column, (resno, name, loc)) in columns.iter().zip(names) {
            let var = make_var(leftmost, resno, column.ty, column.collation, 0, loc);
            let number = self.take_resno();
            targets.push(make_target_entry(Expr::Var(Box::new(var)), number, Some(name.clone()), false));
            ns.push(NsColumn {
                name,
                varno: leftmost,
                varattno: resno,
                ty: column.ty,
                collation: column.collation,
                dont_expand: false,
            });
        }
        query.set_operations = Some(Box::new(operation));
        query.sort_clause = self.sort_set_operation(statement, &mut targets, ns)?;
        self.transform_limits(&mut query, statement)?;
        query.targets = targets;
        self.finish_query(&mut query, None);
        self.assign_query_collations(&mut query)?;
        if query.has_aggs {
            self.parse_check_aggregates(&mut query)?;
        }
        Ok(query)
    }

    /// ORDER BY, which sees output columns alone.
    fn sort_set_operation(
        &mut self,
        statement: &ast::Query,
        targets: &mut Vec<TargetEntry>,
        ns: Vec<NsColumn>,
    ) -> Exec<Vec<crate::catalog::tree::SortGroupClause>> {
        let entries = self.state().rtable.len();
        let names: Vec<Name> = ns.iter().map(|column| column.name.clone()).collect();
        let join = JoinRte {
            kind: JoinKind::Inner,
            merged_columns: 0,
            alias_vars: targets.iter().map(|target| target.expr.clone()).collect(),
            left_columns: Vec::new(),
            right_columns: Vec::new(),
            using_alias: None,
        };
        let (rtindex, eref) = self.add_range_table_entry_for_join(&names, join, None, false)?;
        let item = ns_item(eref.name, rtindex, ns.into());
        let saved = std::mem::take(&mut self.state().namespace);
        self.add_ns_item_to_query(&item, false, false, true);
        let count = targets.len();
        let sorts = self.transform_sort_clause(&statement.order_by, targets, ExprKind::OrderBy, false)?;
        let state = self.state();
        state.namespace = saved;
        state.rtable.truncate(entries);
        if let Some(extra) = targets.get(count) {
            let detail = "Only result column names can be used, not expressions or functions.";
            let hint = "Add the expression/function to every SELECT, or move the UNION into a FROM clause.";
            let error = SqlError::new("0A000", "invalid UNION/INTERSECT/EXCEPT ORDER BY clause");
            return Err(error.detail(detail).hint(hint).at(extra.expr.loc()).into());
        }
        Ok(sorts)
    }

    /// The first query's number in the range table, and its columns: number, name and place.
    fn leftmost_names(&mut self, operation: &SetOperation) -> Exec<(u32, Vec<FirstColumn>)> {
        let mut node = operation;
        let leaf = loop {
            match node {
                SetOperation::Leaf(rtindex) => break *rtindex,
                SetOperation::Node { left, .. } => node = left,
            }
        };
        let Some(RteKind::Subquery(query)) = self.rte_at(leaf, 0).map(|rte| &rte.kind) else {
            return Err(internal("first query of a set operation"));
        };
        let names = query
            .result_targets()
            .map(|target| (target.resno, target.name.clone().unwrap_or_default(), target.expr.loc()))
            .collect();
        Ok((leaf, names))
    }

    /// A node of the tree (`transformSetOperationTree`).
    fn transform_set_operation_tree(
        &mut self,
        statement: &ast::Query,
        top: bool,
        into_allowed: bool,
    ) -> Exec<(SetOperation, Vec<Column>)> {
        // Only the first SELECT can have INTO.
        if let QueryBody::Select(select) = &statement.body
            && let Some(into) = &select.into
            && !into_allowed
        {
            let message = "INTO is only allowed on first SELECT of UNION/INTERSECT/EXCEPT";
            return fail("42601", message, into.relation.name.loc);
        }
        if let Some(locking) = statement.locking.first() {
            let words = strength_words(locking.strength);
            return fail("0A000", format!("{words} is not allowed with UNION/INTERSECT/EXCEPT"), Loc::NONE);
        }
        let own_clauses = !statement.order_by.is_empty()
            || statement.limit.is_some()
            || statement.offset.is_some()
            || statement.with.is_some();
        match &statement.body {
            QueryBody::SetOp { op, all, left, right } if top || !own_clauses => {
                self.transform_set_operation_node((*op, *all), left, right, top, into_allowed)
            }
            QueryBody::SetOp { .. } | QueryBody::Select(_) | QueryBody::Values(_) => {
                self.transform_set_operation_leaf(statement, into_allowed)
            }
        }
    }

    fn transform_set_operation_leaf(
        &mut self,
        statement: &ast::Query,
        into_allowed: bool,
    ) -> Exec<(SetOperation, Vec<Column>)> {
        let query = self.nested(|analyzer| {
            analyzer.state().resolve_unknowns = false;
            analyzer.state().into_allowed = into_allowed;
            analyzer.transform_query(statement)
        })?;
        // In a rule it could refer to OLD and NEW.
        if !self.state().namespace.is_empty()
            && let Some(loc) = find_var_of_level_in_query(&query, 1)
        {
            let message = "UNION/INTERSECT/EXCEPT member statement cannot refer to other relations of same query level";
            return fail("42P10", message, loc);
        }
        let targets = query.targets.iter().enumerate().filter(|(_, target)| !target.junk);
        let columns: Vec<(usize, Expr)> = targets.map(|(index, target)| (index, target.expr.clone())).collect();
        let name = format!("*SELECT* {}", self.state().rtable.len() + 1);
        let alias = Alias { name: name.into(), columns: Vec::new() };
        let item = self.add_range_table_entry_for_subquery(query, Some(alias), false, false)?;
        let rtindex = item.rtindex;
        let columns = columns.into_iter().map(|(index, expr)| Column { expr, leaf: Some((rtindex, index)) }).collect();
        Ok((SetOperation::Leaf(rtindex), columns))
    }

    fn transform_set_operation_node(
        &mut self,
        (op, all): (SetOp, bool),
        left: &ast::Query,
        right: &ast::Query,
        top: bool,
        into_allowed: bool,
    ) -> Exec<(SetOperation, Vec<Column>)> {
        let context = match op {
            SetOp::Union => "UNION",
            SetOp::Intersect => "INTERSECT",
            SetOp::Except => "EXCEPT",
        };
        let recursive = self.is_recursive_definition();
        let (left, left_columns) = self.transform_set_operation_tree(left, false, into_allowed)?;
        // The recursive term refers to the columns of the first.
        if top && recursive {
            let (_, names) = self.leftmost_names(&left)?;
            let list: Vec<TargetEntry> = left_columns
                .iter()
                .zip(names)
                .map(|(column, (resno, name, _))| make_target_entry(column.expr.clone(), resno, Some(name), false))
                .collect();
            self.set_recursive_columns(&list)?;
        }
        let (right, right_columns) = self.transform_set_operation_tree(right, false, false)?;
        if left_columns.len() != right_columns.len() {
            let loc = right_columns.first().map_or(Loc::NONE, |column| column.expr.loc());
            return fail("42601", format!("each {context} query must have the same number of columns"), loc);
        }
        let mut columns = Vec::with_capacity(left_columns.len());
        let mut group_clauses = Vec::new();
        let mut result = Vec::with_capacity(left_columns.len());
        for (left, right) in left_columns.into_iter().zip(right_columns) {
            let (column, loc) = self.set_operation_column(left, right, context, op == SetOp::Union && all)?;
            if op != SetOp::Union || !all {
                group_clauses.push(at(loc, self.make_sort_group_clause_for_set_op(column.ty.oid, recursive))?);
            }
            let expr = SetToDefault { ty: column.ty, collation: column.collation, at: loc.into() };
            result.push(Column { expr: Expr::SetToDefault(Box::new(expr)), leaf: None });
            columns.push(column);
        }
        let (left, right) = (Box::new(left), Box::new(right));
        Ok((SetOperation::Node { op, all, left, right, columns, group_clauses }, result))
    }

    /// The common column of two sides, and the place of the one that decided its type. Literals in leaves get that type.
    fn set_operation_column(
        &mut self,
        left: Column,
        right: Column,
        context: &str,
        none_ok: bool,
    ) -> Exec<(ColumnType, Loc)> {
        let leaves = [left.leaf, right.leaf];
        let both = [left.expr, right.expr];
        let (ty, best) = self.select_common_type_and_expr(&both, Some(context))?;
        let loc = both[best].loc();
        let mut changed = [false, false];
        let mut coerced = Vec::with_capacity(2);
        for (index, expr) in both.into_iter().enumerate() {
            if expr.ty(self.catalog()).oid != t::UNKNOWN {
                coerced.push(self.coerce_to_common_type(expr, ty, context)?);
            } else if is_unknown_constant(&expr, self.catalog()) {
                changed[index] = true;
                coerced.push(self.coerce_to_common_type(expr, ty, context)?);
            } else {
                coerced.push(expr);
            }
        }
        let typmod = self.select_common_typmod(coerced.iter(), ty);
        let collation = self.select_common_collation(&mut coerced, none_ok)?;
        for ((expr, leaf), changed) in coerced.into_iter().zip(leaves).zip(changed) {
            if changed
                && let Some((rtindex, index)) = leaf
                && let Some(rte) = self.state().rtable.get_mut(rtindex as usize - 1)
                && let RteKind::Subquery(query) = &mut rte.kind
                && let Some(target) = query.targets.get_mut(index)
            {
                target.expr = expr;
            }
        }
        Ok((ColumnType { ty: TypeRef { oid: ty, typmod }, collation }, loc))
    }

    /// This is the definition of a WITH query that refers to itself.
    fn is_recursive_definition(&mut self) -> bool {
        let Some(name) = self.state().parent_cte.clone() else { return false };
        self.level(1).is_some_and(|parent| parent.ctes.iter().any(|cte| cte.name == name && cte.recursive))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{catalog, columns, error};

    #[test]
    fn literals_get_the_common_type() {
        let replay = catalog(15, "");
        assert_eq!(columns(&replay, "select '1' as a union all select 2"), "a integer");
        assert_eq!(columns(&replay, "select null as a union select null"), "a text");
        assert_eq!(
            columns(&replay, "select 'x'::varchar(3) as a except select 'y'::varchar(4)"),
            "a character varying"
        );
    }

    #[test]
    fn sides_that_do_not_fit() {
        let replay = catalog(15, "");
        assert_eq!(
            error(&replay, "select 1 union select 1, 2"),
            "42601 each UNION query must have the same number of columns at 22"
        );
        assert_eq!(
            error(&replay, "select 1 intersect select true"),
            "42804 INTERSECT types integer and boolean cannot be matched at 26"
        );
        assert_eq!(
            error(&replay, "select 1 as a union select 2 order by a + 1"),
            "0A000 invalid UNION/INTERSECT/EXCEPT ORDER BY clause at 38\n\
             Only result column names can be used, not expressions or functions.\n\
             Add the expression/function to every SELECT, or move the UNION into a FROM clause."
        );
    }
}
