//! Rows, and what several columns are assigned from (`parse_expr.c: transformRowExpr`, `transformMultiAssignRef`).

use super::super::error::{fail, unknown};
use super::super::{Analyzer, Exec};
use crate::catalog::tree::{CoercionForm, Expr, Param, ParamKind, RowExpr, SubLink, SubLinkKind};
use crate::catalog::type_oid as t;
use crate::sql::ast;
use crate::sql::span::Loc;

/// The most columns of a row (`MaxTupleAttributeNumber`).
const MAX_FIELDS: usize = 1664;

impl Analyzer<'_> {
    /// `ROW(…)`
    pub(super) fn transform_row(
        &mut self,
        explicit: bool,
        fields: &[ast::Expr],
        allow_default: bool,
        loc: Loc,
    ) -> Exec<Expr> {
        let _ = explicit;
        let kind = self.expr_kind();
        let args = self.transform_expression_list(fields, kind, allow_default)?;
        if args.len() > MAX_FIELDS {
            return fail("54011", format!("ROW expressions can have at most {MAX_FIELDS} entries"), loc);
        }
        let names = (1..=args.len()).map(|number| format!("f{number}").into()).collect();
        // A row without ROW is kept as one with it.
        let form = CoercionForm::ImplicitCast;
        Ok(Expr::RowExpr(Box::new(RowExpr { args, ty: t::RECORD, form, names, at: loc.into() })))
    }

    /// A column of `SET (a, b) = source`.
    pub(super) fn transform_multi_assign(
        &mut self,
        source: Option<&ast::Expr>,
        column: u32,
        columns: u32,
    ) -> Exec<Expr> {
        const MISMATCH: &str = "number of columns does not match number of values";
        if let Some(source) = source {
            match &source.kind {
                ast::ExprKind::SubLink { kind: ast::SubLinkKind::Scalar, query } => {
                    let query = self.sub_link_query(query, source.loc)?;
                    if query.result_targets().count() != columns as usize {
                        return fail("42601", MISMATCH, source.loc);
                    }
                    let id = u32::try_from(self.state().multiassign.len() + 1).unwrap_or(u32::MAX);
                    let link = SubLink {
                        kind: SubLinkKind::MultiExpr,
                        id,
                        test: None,
                        operator_name: Vec::new(),
                        query: Box::new(query),
                        at: source.loc.into(),
                    };
                    self.state().multiassign.push(Expr::SubLink(Box::new(link)));
                }
                ast::ExprKind::Row { explicit, fields } => {
                    let row = self.transform_row(*explicit, fields, true, source.loc)?;
                    if matches!(&row, Expr::RowExpr(row) if row.args.len() != columns as usize) {
                        return fail("42601", MISMATCH, source.loc);
                    }
                    self.state().multiassign.push(row);
                }
                _ => {
                    let message = "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression";
                    return fail("0A000", message, source.loc);
                }
            }
        }
        let catalog = self.env.catalog;
        let index = (column as usize).saturating_sub(1);
        let (value, done) = match self.state().multiassign.last() {
            Some(Expr::SubLink(link)) => {
                let Some(target) = link.query.result_targets().nth(index) else {
                    return Err(unknown("a column of a sub-query is missing"));
                };
                let param = Param {
                    kind: ParamKind::MultiExpr,
                    id: link.id << 16 | column,
                    ty: target.expr.ty(catalog),
                    collation: target.expr.collation(),
                    at: target.expr.loc().into(),
                };
                (Expr::Param(Box::new(param)), false)
            }
            Some(Expr::RowExpr(row)) => match row.args.get(index) {
                Some(value) => (value.clone(), column == columns),
                None => return Err(unknown("a field of a row is missing")),
            },
            _ => return Err(unknown("unexpected expr type in multiassign list")),
        };
        if done {
            self.state().multiassign.pop();
        }
        Ok(value)
    }
}
