//! Functions in FROM (`parse_clause.c: transformRangeFunction`).

use super::error::fail;
use super::rte::FromFunction;
use super::vars::find_var_of_level;
use super::{Analyzer, ExprKind, NsItem};
use crate::catalog::tree::Expr;
use crate::replay::{Exec, SqlError};
use crate::sql::ast::{self, Alias, ColumnSpec, FuncCall, QualifiedName, TableFunction};
use crate::sql::span::Loc;

/// What is written around functions in FROM.
pub(super) struct RangeFunction<'q> {
    /// `LATERAL`
    pub lateral: bool,
    /// `WITH ORDINALITY`
    pub ordinality: bool,
    /// `ROWS FROM (…)`
    pub rows_from: bool,
    /// The column definition list after the alias.
    pub columns: &'q [ColumnSpec],
}

/// `unnest(a, b)` is several calls in FROM.
fn is_multi_unnest(function: &TableFunction) -> Option<&FuncCall> {
    let ast::ExprKind::Func(call) = &function.call.kind else { return None };
    let plain = call.name.schema.is_none()
        && call.name.name == "unnest"
        && call.args.len() > 1
        && call.order_by.is_empty()
        && call.filter.is_none()
        && call.over.is_none()
        && !call.star
        && !call.distinct
        && !call.variadic
        && function.columns.is_empty();
    plain.then_some(call)
}

impl Analyzer<'_> {
    /// Functions in FROM (`transformRangeFunction`).
    pub(super) fn transform_range_function<'q>(
        &mut self,
        functions: &'q [TableFunction],
        options: &RangeFunction<'q>,
        alias: Option<&Alias>,
    ) -> Exec<NsItem> {
        self.state().lateral_active = true;
        let mut items: Vec<FromFunction<'q>> = Vec::with_capacity(functions.len());
        let own = options.columns.first().map_or(Loc::NONE, |c| c.loc);
        for function in functions {
            if let Some(call) = is_multi_unnest(function) {
                for arg in &call.args {
                    let name = QualifiedName { schema: Some("pg_catalog".into()), ..call.name.clone() };
                    let single = FuncCall { name, args: vec![arg.clone()], ..call.clone() };
                    let single = ast::Expr { kind: ast::ExprKind::Func(Box::new(single)), loc: function.call.loc };
                    let expr = self.transform_table_function(&single)?;
                    items.push(FromFunction { expr, name: self.figure_colname(&single), columns: &[] });
                }
                continue;
            }
            let expr = self.transform_table_function(&function.call)?;
            let name = self.figure_colname(&function.call);
            if !function.columns.is_empty() && !options.columns.is_empty() {
                let message = "multiple column definition lists are not allowed for the same function";
                return fail("42601", message, own);
            }
            items.push(FromFunction { expr, name, columns: &function.columns });
        }
        self.state().lateral_active = false;
        for item in &mut items {
            self.assign_expr_collations(&mut item.expr)?;
        }
        if !options.columns.is_empty() {
            match items.as_mut_slice() {
                [item] => item.columns = options.columns,
                _ if options.rows_from => {
                    let message = "ROWS FROM() with multiple functions cannot have a column definition list";
                    let hint = "Put a separate column definition list for each function inside ROWS FROM().";
                    return Err(SqlError::new("42601", message).hint(hint).at(own).into());
                }
                _ => {
                    let message = "UNNEST() with multiple arguments cannot have a column definition list";
                    let hint = "Use separate UNNEST() calls inside ROWS FROM(), and attach a column definition list to each one.";
                    return Err(SqlError::new("42601", message).hint(hint).at(own).into());
                }
            }
            if options.ordinality {
                let message = "WITH ORDINALITY cannot be used with a column definition list";
                let hint = "Put the column definition list inside ROWS FROM().";
                return Err(SqlError::new("42601", message).hint(hint).at(own).into());
            }
        }
        let lateral = options.lateral || find_var_of_level(items.iter().map(|item| &item.expr), 0).is_some();
        self.add_range_table_entry_for_function(items, options.ordinality, alias.cloned(), lateral)
    }

    /// One call, which must not have a set-returning function in its arguments.
    fn transform_table_function(&mut self, call: &ast::Expr) -> Exec<Expr> {
        let before = self.last_srf();
        let expr = self.transform_expr(call, ExprKind::FromFunction)?;
        // One that is the call itself was met last.
        let itself =
            matches!(&expr, Expr::FuncExpr(x) if x.returns_set) || matches!(&expr, Expr::OpExpr(x) if x.returns_set);
        if let Some(last) = self.last_srf()
            && Some(last) != before
            && !itself
        {
            let message = "set-returning functions must appear at top level of FROM";
            return fail("0A000", message, last.loc);
        }
        Ok(expr)
    }
}
