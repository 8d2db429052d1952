//! Calls for which SQL has a syntax of its own (`get_func_sql_syntax`).

use super::context::Context;
use crate::catalog::builtin::BuiltinFunction;
use crate::catalog::lsyscache::FunctionInfo;
use crate::catalog::tree::{Expr, FuncExpr};
use crate::catalog::{PG_CATALOG, type_oid as t};

impl<'a> Context<'a> {
    /// Prints the call in SQL's syntax; false if it has none.
    pub(super) fn sql_syntax(&mut self, node: &'a Expr, x: &'a FuncExpr) -> bool {
        let function = match self.catalog().function_info(x.function) {
            Some(FunctionInfo::Builtin(builtin)) if builtin.namespace == PG_CATALOG => builtin,
            Some(FunctionInfo::Builtin(_) | FunctionInfo::User(_)) | None => return false,
        };
        match (function.name, x.args.as_slice()) {
            ("timezone", [zone, time]) => {
                self.push("(");
                self.rule_expr_paren(time, false, node);
                self.push(" AT TIME ZONE ");
                self.rule_expr_paren(zone, false, node);
                self.push(")");
            }
            ("timezone", [time]) => {
                self.push("(");
                self.rule_expr_paren(time, false, node);
                self.push(" AT LOCAL)");
            }
            ("overlaps", [a, b, c, d]) => {
                self.around("((", a, ", ");
                self.around("", b, ") OVERLAPS (");
                self.around("", c, ", ");
                self.around("", d, "))");
            }
            ("extract", [field, source]) => {
                self.push("EXTRACT(");
                self.raw_text(field);
                self.around(" FROM ", source, ")");
            }
            ("is_normalized", [text, form @ ..]) => {
                self.push("(");
                self.rule_expr_paren(text, false, node);
                self.push(" IS");
                if let [form] = form {
                    self.push(" ");
                    self.raw_text(form);
                }
                self.push(" NORMALIZED)");
            }
            ("pg_collation_for", [value]) => self.around("COLLATION FOR (", value, ")"),
            ("normalize", [text, form @ ..]) => {
                self.around("NORMALIZE(", text, "");
                if let [form] = form {
                    self.push(", ");
                    self.raw_text(form);
                }
                self.push(")");
            }
            ("overlay", [text, new, from, count @ ..]) => {
                self.around("OVERLAY(", text, " PLACING ");
                self.around("", new, " FROM ");
                self.around("", from, "");
                if let [count] = count {
                    self.around(" FOR ", count, "");
                }
                self.push(")");
            }
            ("position", [text, part]) => {
                // The arguments are `b_expr` in the grammar.
                self.around("POSITION((", part, ") IN (");
                self.around("", text, "))");
            }
            ("substring", [text, from, count @ ..]) if is_by_position(function) => {
                self.around("SUBSTRING(", text, " FROM ");
                self.around("", from, "");
                if let [count] = count {
                    self.around(" FOR ", count, "");
                }
                self.push(")");
            }
            ("substring", [text, pattern, escape]) => {
                self.around("SUBSTRING(", text, " SIMILAR ");
                self.around("", pattern, " ESCAPE ");
                self.around("", escape, ")");
            }
            ("btrim", [text, set @ ..]) => self.trim("BOTH", text, set),
            ("ltrim", [text, set @ ..]) => self.trim("LEADING", text, set),
            ("rtrim", [text, set @ ..]) => self.trim("TRAILING", text, set),
            ("system_user", []) => self.push("SYSTEM_USER"),
            ("xmlexists", [path, document]) => {
                self.around("XMLEXISTS((", path, ") PASSING (");
                self.around("", document, "))");
            }
            _ => return false,
        }
        true
    }

    fn around(&mut self, before: &str, expr: &'a Expr, after: &str) {
        self.push(before);
        self.rule_expr(expr, false);
        self.push(after);
    }

    fn trim(&mut self, side: &str, text: &'a Expr, set: &'a [Expr]) {
        self.push("TRIM(");
        self.push(side);
        if let [set] = set {
            self.around(" ", set, "");
        }
        self.around(" FROM ", text, ")");
    }

    /// A word that the grammar made a constant of.
    fn raw_text(&mut self, expr: &Expr) {
        match expr {
            Expr::Const(constant) => self.push(constant.value.as_deref().unwrap_or_default()),
            _ => self.fail("a word that is no constant"),
        }
    }
}

/// `SUBSTRING(… FROM 1)`, rather than by a pattern.
fn is_by_position(function: &BuiltinFunction) -> bool {
    function.input_types().nth(1) == Some(t::INT4)
}
