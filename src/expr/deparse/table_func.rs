//! XMLTABLE and JSON_TABLE (`get_tablefunc`).

use super::constant::ShowType;
use super::context::{Context, INDENT_VAR};
use crate::catalog::tree::{
    Expr, JsonBehaviorType, JsonExprOp, JsonFormatType, JsonTablePlan, TableFunc, TableFuncColumn,
};

impl<'a> Context<'a> {
    pub(super) fn table_func(&mut self, x: &'a TableFunc, show_implicit: bool) {
        if x.json { self.json_table(x, show_implicit) } else { self.xml_table(x, show_implicit) }
    }

    /// `get_xmltable`
    fn xml_table(&mut self, x: &'a TableFunc, show_implicit: bool) {
        self.push("XMLTABLE(");
        if !x.namespace_uris.is_empty() {
            self.push("XMLNAMESPACES (");
            self.list(x.namespace_uris.iter().zip(&x.namespace_names), |c, (uri, name)| match name {
                Some(name) => {
                    c.rule_expr(uri, show_implicit);
                    c.push(" AS ");
                    c.ident(name);
                }
                None => {
                    c.push("DEFAULT ");
                    c.rule_expr(uri, show_implicit);
                }
            });
            self.push("), ");
        }
        self.push("(");
        if let Some(row) = &x.row {
            self.rule_expr(row, show_implicit);
        }
        self.push(") PASSING (");
        self.rule_expr(&x.document, show_implicit);
        self.push(")");
        if !x.columns.is_empty() {
            self.push(" COLUMNS ");
            self.list(x.columns.iter().enumerate(), |c, (i, column)| {
                let ordinality = x.ordinality == Some(i);
                c.table_func_column(column, ordinality);
                if ordinality {
                    return;
                }
                for (word, expr) in [(" DEFAULT (", &column.default), (" PATH (", &column.path)] {
                    if let Some(expr) = expr {
                        c.push(word);
                        c.rule_expr(expr, show_implicit);
                        c.push(")");
                    }
                }
                if column.not_null {
                    c.push(" NOT NULL");
                }
            });
        }
        self.push(")");
    }

    fn table_func_column(&mut self, column: &TableFuncColumn, ordinality: bool) {
        self.ident(&column.name);
        self.push(" ");
        let ty = if ordinality { "FOR ORDINALITY".to_owned() } else { self.format_type(column.ty) };
        self.push(&ty);
    }

    /// `get_json_table`
    fn json_table(&mut self, x: &'a TableFunc, show_implicit: bool) {
        let (Expr::JsonExpr(document), Some(JsonTablePlan::Path { path, name, .. })) = (&x.document, x.plan.as_deref())
        else {
            return self.fail("JSON_TABLE without a document or path");
        };
        self.push("JSON_TABLE(");
        self.indent_by(INDENT_VAR);
        self.keyword("", 0, 0, 0);
        self.rule_expr(&document.formatted, show_implicit);
        self.push(", ");
        self.json_table_path(path);
        self.push(" AS ");
        self.ident(name);
        if !document.passing_values.is_empty() {
            self.push(" ");
            self.keyword("PASSING ", 0, 0, 0);
            self.indent_by(INDENT_VAR);
            self.list(document.passing_values.iter().zip(&document.passing_names), |c, (value, name)| {
                c.keyword("", 0, 0, 0);
                c.rule_expr(value, false);
                c.push(" AS ");
                c.ident(name);
            });
            self.indent_by(-INDENT_VAR);
        }
        if let Some(plan) = x.plan.as_deref() {
            self.json_table_columns(x, plan, show_implicit);
        }
        if let Some(on_error) = &document.on_error
            && on_error.kind != JsonBehaviorType::EmptyArray
        {
            self.json_behavior(on_error, "ERROR");
        }
        self.indent_by(-INDENT_VAR);
        self.keyword(")", 0, 0, 0);
    }

    fn indent_by(&mut self, amount: i32) {
        if self.pretty.indent {
            self.indent_level += amount;
        }
    }

    fn json_table_path(&mut self, path: &'a Expr) {
        match path {
            Expr::Const(constant) => self.constant(constant, ShowType::Never),
            _ => self.fail("a path of JSON_TABLE that is no constant"),
        }
    }

    /// `get_json_table_columns`
    fn json_table_columns(&mut self, x: &'a TableFunc, plan: &'a JsonTablePlan, show_implicit: bool) {
        let JsonTablePlan::Path { child, columns, .. } = plan else {
            return self.fail("columns of two paths of JSON_TABLE");
        };
        self.push(" ");
        self.keyword("COLUMNS (", 0, 0, 0);
        self.indent_by(INDENT_VAR);
        if let Some((first, last)) = *columns {
            let own = x.columns.iter().enumerate().skip(first).take((last + 1).saturating_sub(first));
            self.list(own, |c, (_, column)| c.json_table_column(column, show_implicit));
        }
        if let Some(child) = child {
            self.json_table_nested_columns(x, child, show_implicit, columns.is_some());
        }
        self.indent_by(-INDENT_VAR);
        self.keyword(")", 0, 0, 0);
    }

    fn json_table_column(&mut self, column: &'a TableFuncColumn, show_implicit: bool) {
        let value = match &column.value {
            Some(Expr::JsonExpr(value)) => Some(value),
            Some(_) | None => None,
        };
        self.keyword("", 0, 0, 0);
        self.table_func_column(column, value.is_none());
        let Some(value) = value else { return };
        let usual = match value.op {
            JsonExprOp::Exists => {
                self.push(" EXISTS");
                JsonBehaviorType::False
            }
            JsonExprOp::Query | JsonExprOp::Value | JsonExprOp::Table => {
                let (category, _) = self.catalog().type_category(column.ty.oid);
                if value.op == JsonExprOp::Query && category == 'S' {
                    let jsonb = value.format.format == JsonFormatType::Jsonb;
                    self.push(if jsonb { " FORMAT JSONB" } else { " FORMAT JSON" });
                }
                JsonBehaviorType::Null
            }
        };
        self.push(" PATH ");
        self.json_path(&value.path, show_implicit);
        self.json_expr_options(value, usual);
    }

    /// `get_json_table_nested_columns`
    fn json_table_nested_columns(
        &mut self,
        x: &'a TableFunc,
        plan: &'a JsonTablePlan,
        show_implicit: bool,
        comma: bool,
    ) {
        match plan {
            JsonTablePlan::Path { path, name, .. } => {
                if comma {
                    self.push(",");
                }
                self.push(" ");
                self.keyword("NESTED PATH ", 0, 0, 0);
                self.json_table_path(path);
                self.push(" AS ");
                self.ident(name);
                self.json_table_columns(x, plan, show_implicit);
            }
            JsonTablePlan::Join(left, right) => {
                self.json_table_nested_columns(x, left, show_implicit, comma);
                self.json_table_nested_columns(x, right, show_implicit, true);
            }
        }
    }
}
