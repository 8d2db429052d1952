//! VALUES (`analyze.c: transformValuesClause`).

use super::error::fail;
use super::expand::{make_target_entry, ns_item_vars};
use super::locking::strength_words;
use super::vars::find_var_of_level;
use super::{Analyzer, ExprKind};
use crate::catalog::TypeRef;
use crate::catalog::tree::{ColumnType, CommandType, Expr, Query};
use crate::replay::Exec;
use crate::sql::ast;
use crate::sql::span::Loc;

impl Analyzer<'_> {
    /// VALUES (`transformValuesClause`).
    pub(super) fn transform_values(&mut self, statement: &ast::Query, rows: &[Vec<ast::Expr>]) -> Exec<Query> {
        let mut query = Query::new(CommandType::Select);
        self.transform_with(&mut query, statement.with.as_ref())?;
        let mut columns: Vec<Vec<Expr>> = Vec::new();
        for (number, row) in rows.iter().enumerate() {
            let row = self.transform_expression_list(row, ExprKind::Values, false)?;
            if number == 0 {
                columns.resize_with(row.len(), Vec::new);
            } else if row.len() != columns.len() {
                let loc = row.first().map_or(Loc::NONE, Expr::loc);
                return fail("42601", "VALUES lists must all be the same length", loc);
            }
            for (column, value) in columns.iter_mut().zip(row) {
                column.push(value);
            }
        }
        let mut types = Vec::with_capacity(columns.len());
        for column in &mut columns {
            let ty = self.select_common_type(column.iter(), Some("VALUES"))?;
            let values = std::mem::take(column);
            for value in values {
                column.push(self.coerce_to_common_type(value, ty, "VALUES")?);
            }
            let typmod = self.select_common_typmod(column.iter(), ty);
            let collation = self.select_common_collation(column, true)?;
            types.push(ColumnType { ty: TypeRef { oid: ty, typmod }, collation });
        }
        let mut rows: Vec<Vec<Expr>> = vec![Vec::with_capacity(columns.len()); rows.len()];
        for column in columns {
            for (row, value) in rows.iter_mut().zip(column) {
                row.push(value);
            }
        }
        // In a rule VALUES can refer to OLD and NEW.
        let lateral = !self.state().rtable.is_empty() && find_var_of_level(rows.iter().flatten(), 0).is_some();
        let item = self.add_range_table_entry_for_values(rows, types, lateral)?;
        self.add_ns_item_to_query(&item, true, true, true);
        let mut targets = Vec::new();
        for (var, name) in ns_item_vars(&item, 0, Loc::NONE) {
            let resno = self.take_resno();
            targets.push(make_target_entry(Expr::Var(Box::new(var)), resno, Some(name), false));
        }
        query.sort_clause = self.transform_sort_clause(&statement.order_by, &mut targets, ExprKind::OrderBy, false)?;
        self.transform_limits(&mut query, statement)?;
        if let Some(locking) = statement.locking.first() {
            let words = strength_words(locking.strength);
            return fail("0A000", format!("{words} cannot be applied to VALUES"), Loc::NONE);
        }
        query.targets = targets;
        self.finish_query(&mut query, None);
        // Set only where the query is a SELECT.
        query.has_aggs = false;
        query.has_window_funcs = false;
        query.has_target_srfs = false;
        self.assign_query_collations(&mut query)?;
        Ok(query)
    }
}
