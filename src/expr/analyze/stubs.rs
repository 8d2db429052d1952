//! What the other half of parse analysis has.

use super::error::unknown;
use super::{Analyzer, Exec, ExprKind};
use crate::catalog::tree::{Aggref, Expr, Query, WindowFunc};
use crate::sql::ast::{self, SortBy, WindowDef};
use crate::sql::span::Loc;

impl Analyzer<'_> {
    pub(super) fn transform_aggregate_call(
        &mut self,
        _agg: Aggref,
        _args: Vec<Expr>,
        _order: &[SortBy],
        _distinct: bool,
    ) -> Exec<Aggref> {
        Err(unknown("aggregates"))
    }

    pub(super) fn transform_window_func_call(&mut self, _call: WindowFunc, _over: &WindowDef) -> Exec<WindowFunc> {
        Err(unknown("window functions"))
    }

    pub(super) fn transform_grouping_func(&mut self, _args: &[ast::Expr], _loc: Loc) -> Exec<Expr> {
        Err(unknown("GROUPING"))
    }

    pub(super) fn parse_sub_analyze(&mut self, _query: &ast::Query) -> Exec<Query> {
        Err(unknown("sub-queries"))
    }

    pub(super) fn transform_expression_list(
        &mut self,
        list: &[ast::Expr],
        kind: ExprKind,
        _allow_default: bool,
    ) -> Exec<Vec<Expr>> {
        list.iter().map(|e| self.transform_expr(e, kind)).collect()
    }
}
