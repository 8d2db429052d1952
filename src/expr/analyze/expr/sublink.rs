//! Sub-queries in expressions (`parse_expr.c: transformSubLink`).

use super::super::error::fail;
use super::super::{Analyzer, Exec};
use crate::catalog::tree::{At, Expr, Param, ParamKind, Query, SubLink, SubLinkKind};
use crate::catalog::{Oid, type_oid as t};
use crate::sql::ast::{self, QualifiedName};
use crate::sql::span::Loc;

impl Analyzer<'_> {
    /// A sub-query.
    pub(super) fn transform_sub_link(&mut self, kind: &ast::SubLinkKind, query: &ast::Query, loc: Loc) -> Exec<Expr> {
        let kind = match kind {
            ast::SubLinkKind::Exists => SubLinkKind::Exists,
            ast::SubLinkKind::Scalar => SubLinkKind::Expr,
            ast::SubLinkKind::Array => SubLinkKind::Array,
            ast::SubLinkKind::Any { operand, op } => {
                return self.transform_row_sub_link(SubLinkKind::Any, operand, op.as_ref(), query, loc);
            }
            ast::SubLinkKind::All { operand, op } => {
                return self.transform_row_sub_link(SubLinkKind::All, operand, op.as_ref(), query, loc);
            }
        };
        let query = self.sub_link_query(query, loc)?;
        if kind != SubLinkKind::Exists && query.result_targets().count() != 1 {
            return fail("42601", "subquery must return only one column", loc);
        }
        if kind == SubLinkKind::Array
            && let Some(target) = query.result_targets().next()
        {
            // `nodeFuncs.c: exprType`
            let ty = self.type_of(&target.expr);
            if ty != t::UNKNOWN && self.env.catalog.promoted_array_type(ty) == Oid::INVALID {
                let message = format!("could not find array type for data type {}", self.format_type(ty));
                return fail("42704", message, Loc::NONE);
            }
        }
        Ok(sub_link(kind, None, Vec::new(), query, loc))
    }

    /// The query of a sub-query, where one may stand.
    pub(super) fn sub_link_query(&mut self, query: &ast::Query, loc: Loc) -> Exec<Query> {
        if let Some(place) = self.expr_kind().refuses_subquery() {
            return fail("0A000", format!("cannot use subquery in {place}"), loc);
        }
        self.state().has_sub_links = true;
        self.parse_sub_analyze(query)
    }

    /// `a op ANY (…)`, `a op ALL (…)`, `(a, b) op (…)`
    pub(super) fn transform_row_sub_link(
        &mut self,
        kind: SubLinkKind,
        operand: &ast::Expr,
        op: Option<&QualifiedName>,
        query: &ast::Query,
        loc: Loc,
    ) -> Exec<Expr> {
        let query = self.sub_link_query(query, loc)?;
        let equals = QualifiedName { schema: None, name: "=".into(), loc };
        let left = match self.transform_expr_recurse(operand)? {
            Expr::RowExpr(row) => row.args,
            other => vec![other],
        };
        let catalog = self.env.catalog;
        let right: Vec<Expr> = query
            .result_targets()
            .map(|target| {
                Expr::Param(Box::new(Param {
                    kind: ParamKind::SubLink,
                    id: u32::from(target.resno.unsigned_abs()),
                    ty: target.expr.ty(catalog),
                    collation: target.expr.collation(),
                    at: At::NONE,
                }))
            })
            .collect();
        if left.len() < right.len() {
            return fail("42601", "subquery has too many columns", loc);
        }
        if left.len() > right.len() {
            return fail("42601", "subquery has too few columns", loc);
        }
        let test = self.make_row_comparison_op(op.unwrap_or(&equals), left, right, loc)?;
        let names = op.into_iter().flat_map(|op| op.schema.iter().chain([&op.name])).cloned().collect();
        Ok(sub_link(kind, Some(test), names, query, loc))
    }
}

fn sub_link(kind: SubLinkKind, test: Option<Expr>, operator_name: Vec<ast::Name>, query: Query, loc: Loc) -> Expr {
    Expr::SubLink(Box::new(SubLink { kind, id: 0, test, operator_name, query: Box::new(query), at: loc.into() }))
}
