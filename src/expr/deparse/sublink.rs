//! Sub-queries in expressions (`get_sublink_expr`).

use super::context::Context;
use crate::catalog::tree::{Expr, OpExpr, SubLink, SubLinkKind};

impl<'a> Context<'a> {
    pub(super) fn sub_link(&mut self, x: &'a SubLink) {
        self.push(if x.kind == SubLinkKind::Array { "ARRAY(" } else { "(" });
        let operator = x.test.as_ref().and_then(|test| self.sub_link_test(test));
        let operator = operator.unwrap_or_default();
        let parens = match x.kind {
            SubLinkKind::Exists => {
                self.push("EXISTS ");
                true
            }
            SubLinkKind::Any if operator == "=" => {
                self.push(" IN ");
                true
            }
            SubLinkKind::Any => {
                self.push(&format!(" {operator} ANY "));
                true
            }
            SubLinkKind::All => {
                self.push(&format!(" {operator} ALL "));
                true
            }
            SubLinkKind::RowCompare => {
                self.push(&format!(" {operator} "));
                true
            }
            SubLinkKind::Expr | SubLinkKind::MultiExpr | SubLinkKind::Array => false,
        };
        self.in_parens(parens, |c| c.query_def(&x.query, None, false, c.indent_level));
        self.push(")");
    }

    /// Prints the left side of the comparison and gives the operator's name, which is the first column's.
    fn sub_link_test(&mut self, test: &'a Expr) -> Option<String> {
        match test {
            Expr::OpExpr(op) => {
                self.rule_expr(op.args.first()?, true);
                self.test_operator(op)
            }
            Expr::BoolExpr(all) => {
                let ops = all.args.iter().filter_map(|arg| match arg {
                    Expr::OpExpr(op) => Some(op),
                    _ => None,
                });
                let ops: Vec<_> = ops.collect();
                self.push("(");
                self.exprs(ops.iter().filter_map(|op| op.args.first()), true);
                self.push(")");
                ops.first().and_then(|op| self.test_operator(op))
            }
            Expr::RowCompareExpr(x) => {
                self.push("(");
                self.exprs(&x.left, true);
                self.push(")");
                let (left, right) = (self.type_of(x.left.first()?), self.type_of(x.right.first()?));
                Some(self.generate_operator_name(*x.operators.first()?, left, right))
            }
            _ => {
                self.fail("the comparison of a sub-query is none");
                None
            }
        }
    }

    fn test_operator(&mut self, op: &OpExpr) -> Option<String> {
        let [left, right] = op.args.as_slice() else { return None };
        Some(self.generate_operator_name(op.operator, self.type_of(left), self.type_of(right)))
    }
}
