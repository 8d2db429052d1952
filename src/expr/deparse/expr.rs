//! Expressions (`get_rule_expr`).

use super::constant::ShowType;
use super::context::{Context, INDENT_VAR};
use super::names::relation_columns;
use super::simple::{looks_like_function, strip_implicit_coercions};
use crate::catalog::tree::{
    BoolExpr, BoolOp, BooleanTest, CaseExpr, CoercionForm, Expr, NullTest, OpExpr, RowCompareExpr, RowExpr,
    ScalarArrayOpExpr, SqlValueFunction, SubLinkKind, SubscriptingRef,
};
use crate::catalog::{Oid, TypeRef, type_oid as t};
use crate::sql::ast::{BooleanTest as BooleanTestKind, SqlValueFunc};

impl<'a> Context<'a> {
    /// An expression. `show_implicit` shows a cast at its top that was not written (`get_rule_expr`).
    pub(super) fn rule_expr(&mut self, node: &'a Expr, show_implicit: bool) {
        let hidden = |form: CoercionForm| form == CoercionForm::ImplicitCast && !show_implicit;
        match node {
            Expr::Var(x) => {
                self.variable(x, 0, false);
            }
            Expr::Const(x) => self.constant(x, ShowType::IfNeeded),
            Expr::Param(x) => self.parameter(x),
            Expr::Aggref(x) => self.aggregate(x, None),
            Expr::GroupingFunc(x) => {
                self.push("GROUPING(");
                self.exprs(&x.args, true);
                self.push(")");
            }
            Expr::WindowFunc(x) => self.window_function(x, None),
            Expr::MergeSupportFunc(_) => self.push("MERGE_ACTION()"),
            Expr::SubscriptingRef(x) => self.subscripting(node, x, show_implicit),
            Expr::FuncExpr(x) => self.function_call(node, x, show_implicit),
            Expr::NamedArgExpr(x) => {
                self.ident(&x.name);
                self.push(" => ");
                self.rule_expr(&x.arg, show_implicit);
            }
            Expr::OpExpr(x) => self.operation(node, x),
            Expr::DistinctExpr(x) => {
                if let [left, right] = x.args.as_slice() {
                    self.open();
                    self.rule_expr_paren(left, true, node);
                    self.push(" IS DISTINCT FROM ");
                    self.rule_expr_paren(right, true, node);
                    self.close();
                }
            }
            Expr::NullIfExpr(x) => {
                self.push("NULLIF(");
                self.exprs(&x.args, true);
                self.push(")");
            }
            Expr::ScalarArrayOpExpr(x) => self.array_operation(node, x),
            Expr::BoolExpr(x) => self.boolean(node, x),
            Expr::SubLink(x) => self.sub_link(x),
            Expr::FieldSelect(x) => {
                // A column in front of a field would be taken for a table.
                let parens = !matches!(x.arg, Expr::SubscriptingRef(_) | Expr::FieldSelect(_));
                self.in_parens(parens, |c| c.rule_expr(&x.arg, true));
                let field = self.field_name(&x.arg, x.field, 0);
                self.push(".");
                self.ident(&field);
            }
            Expr::FieldStore(x) => {
                // Only seen where `process_indirection` is not used: there is no syntax for it.
                let row = x.values.len() != 1;
                if row {
                    self.push("ROW(");
                }
                self.exprs(&x.values, show_implicit);
                if row {
                    self.push(")");
                }
            }
            Expr::RelabelType(x) if hidden(x.form) => self.rule_expr_paren(&x.arg, false, node),
            Expr::RelabelType(x) => self.coercion(&x.arg, x.ty, node),
            Expr::CoerceViaIO(x) if hidden(x.form) => self.rule_expr_paren(&x.arg, false, node),
            Expr::CoerceViaIO(x) => self.coercion(&x.arg, TypeRef::plain(x.ty), node),
            Expr::ArrayCoerceExpr(x) if hidden(x.form) => self.rule_expr_paren(&x.arg, false, node),
            Expr::ArrayCoerceExpr(x) => self.coercion(&x.arg, x.ty, node),
            Expr::ConvertRowtypeExpr(x) if hidden(x.form) => self.rule_expr_paren(&x.arg, false, node),
            Expr::ConvertRowtypeExpr(x) => self.coercion(&x.arg, TypeRef::plain(x.ty), node),
            Expr::CollateExpr(x) => {
                self.open();
                self.rule_expr_paren(&x.arg, show_implicit, node);
                self.collate(x.collation);
                self.close();
            }
            Expr::CaseExpr(x) => self.case(x),
            Expr::CaseTestExpr(_) => self.push("CASE_TEST_EXPR"),
            Expr::ArrayExpr(x) => {
                self.push("ARRAY[");
                self.exprs(&x.elements, true);
                self.push("]");
                if x.elements.is_empty() {
                    self.cast_suffix(TypeRef::plain(x.ty));
                }
            }
            Expr::RowExpr(x) => self.row(x),
            Expr::RowCompareExpr(x) => self.row_comparison(x),
            Expr::CoalesceExpr(x) => {
                self.push("COALESCE(");
                self.exprs(&x.args, true);
                self.push(")");
            }
            Expr::MinMaxExpr(x) => {
                self.push(if x.greatest { "GREATEST(" } else { "LEAST(" });
                self.exprs(&x.args, true);
                self.push(")");
            }
            Expr::SqlValueFunction(x) => self.sql_value_function(x),
            Expr::XmlExpr(x) => self.xml_expr(x),
            Expr::JsonValueExpr(x) => {
                self.rule_expr(&x.raw, false);
                self.json_format(x.format);
            }
            Expr::JsonConstructorExpr(x) => self.json_constructor(x),
            Expr::JsonIsPredicate(x) => self.json_is_predicate(node, x),
            Expr::JsonExpr(x) => self.json_expr(x, show_implicit),
            Expr::NullTest(x) => self.null_test(node, x),
            Expr::BooleanTest(x) => self.boolean_test(node, x),
            Expr::CoerceToDomain(x) if hidden(x.form) => self.rule_expr(&x.arg, false),
            Expr::CoerceToDomain(x) => self.coercion(&x.arg, x.ty, node),
            Expr::CoerceToDomainValue(_) => self.push("VALUE"),
            Expr::SetToDefault(_) => self.push("DEFAULT"),
            Expr::CurrentOfExpr(x) => {
                self.push("CURRENT OF ");
                match &x.cursor {
                    Some(cursor) => self.ident(cursor),
                    None => self.push(&format!("${}", x.param)),
                }
            }
        }
    }

    pub(super) fn in_parens(&mut self, parens: bool, f: impl FnOnce(&mut Self)) {
        if parens {
            self.push("(");
        }
        f(self);
        if parens {
            self.push(")");
        }
    }

    /// The same where a list of columns would be taken from `t.*` (`get_rule_expr_toplevel`).
    pub(super) fn top_level_expr(&mut self, node: &'a Expr, show_implicit: bool) {
        match node {
            Expr::Var(var) => {
                self.variable(var, 0, true);
            }
            _ => self.rule_expr(node, show_implicit),
        }
    }

    /// `get_rule_list_toplevel`
    pub(super) fn top_level_exprs(&mut self, exprs: impl IntoIterator<Item = &'a Expr>, show_implicit: bool) {
        self.list(exprs, |c, expr| c.top_level_expr(expr, show_implicit));
    }

    /// Something that the grammar takes for a call (`get_rule_expr_funccall`).
    pub(super) fn rule_expr_call(&mut self, node: &'a Expr, show_implicit: bool) {
        if looks_like_function(node) {
            self.rule_expr(node, show_implicit);
            return;
        }
        self.push("CAST(");
        self.rule_expr(node, false);
        let ty = self.format_type(node.ty(self.catalog()));
        self.push(&format!(" AS {ty})"));
    }

    fn subscripting(&mut self, node: &'a Expr, x: &'a SubscriptingRef, show_implicit: bool) {
        if let (Expr::CaseTestExpr(_), Some(assign)) = (&x.operand, &x.assign) {
            self.rule_expr(assign, show_implicit);
            return;
        }
        let parens = !matches!(x.operand, Expr::Var(_) | Expr::FieldSelect(_));
        self.in_parens(parens, |c| c.rule_expr(&x.operand, show_implicit));
        if x.assign.is_some() {
            let value = self.process_indirection(node);
            self.push(" := ");
            self.rule_expr(value, show_implicit);
        } else {
            self.subscripts(x);
        }
    }

    /// `[1]`, `[1:2]` (`printSubscripts`)
    fn subscripts(&mut self, x: &'a SubscriptingRef) {
        for (i, upper) in x.upper.iter().enumerate() {
            self.push("[");
            if let Some(lower) = x.lower.get(i) {
                if let Some(lower) = lower {
                    self.rule_expr(lower, false);
                }
                self.push(":");
            }
            if let Some(upper) = upper {
                self.rule_expr(upper, false);
            }
            self.push("]");
        }
    }

    /// Prints what stands behind the column in `SET a.b[1] = …` and gives the value (`processIndirection`).
    pub(super) fn process_indirection(&mut self, node: &'a Expr) -> &'a Expr {
        let mut node = node;
        let mut domain = None;
        loop {
            match node {
                Expr::FieldStore(store) => {
                    let relation = self.catalog().type_or_domain_relation(store.ty);
                    let field = store.fields.first().copied().unwrap_or(0);
                    match super::names::column_name(self.catalog(), relation, field) {
                        Some(name) => {
                            self.push(".");
                            self.ident(&name);
                        }
                        None => self.fail("the name of a field is not known"),
                    }
                    match store.values.first() {
                        Some(value) => node = value,
                        None => break,
                    }
                }
                Expr::SubscriptingRef(x) => match &x.assign {
                    Some(assign) => {
                        self.subscripts(x);
                        node = assign;
                    }
                    None => break,
                },
                Expr::CoerceToDomain(x) if x.form == CoercionForm::ImplicitCast => {
                    domain = Some((node, &x.arg));
                    node = &x.arg;
                }
                _ => break,
            }
        }
        // A cast to a domain that nothing was stored into is kept: it is hidden later anyway.
        match domain {
            Some((outer, arg)) if std::ptr::eq(arg, node) => outer,
            _ => node,
        }
    }

    /// `get_oper_expr`
    fn operation(&mut self, node: &'a Expr, x: &'a OpExpr) {
        self.open();
        match x.args.as_slice() {
            [left, right] => {
                self.rule_expr_paren(left, true, node);
                let name = self.generate_operator_name(x.operator, self.type_of(left), self.type_of(right));
                self.push(&format!(" {name} "));
                self.rule_expr_paren(right, true, node);
            }
            [arg] => {
                let name = self.generate_operator_name(x.operator, Oid::INVALID, self.type_of(arg));
                self.push(&format!("{name} "));
                self.rule_expr_paren(arg, true, node);
            }
            _ => self.fail("an operator with other than one or two arguments"),
        }
        self.close();
    }

    fn array_operation(&mut self, node: &'a Expr, x: &'a ScalarArrayOpExpr) {
        self.open();
        self.rule_expr_paren(&x.scalar, true, node);
        let element = self.catalog().base_element_type(self.type_of(&x.array));
        let name = self.generate_operator_name(x.operator, self.type_of(&x.scalar), element);
        self.push(&format!(" {name} {} (", if x.use_or { "ANY" } else { "ALL" }));
        self.rule_expr_paren(&x.array, true, node);
        if let Expr::SubLink(link) = &x.array
            && link.kind == SubLinkKind::Expr
        {
            // Without the cast the query would be taken for one of `ANY (SELECT …)`.
            self.cast_suffix(x.array.ty(self.catalog()));
        }
        self.push(")");
        self.close();
    }

    fn boolean(&mut self, node: &'a Expr, x: &'a BoolExpr) {
        self.open();
        match x.op {
            BoolOp::Not => {
                self.push("NOT ");
                if let Some(arg) = x.args.first() {
                    self.rule_expr_paren(arg, false, node);
                }
            }
            BoolOp::And | BoolOp::Or => {
                let word = if x.op == BoolOp::And { " AND " } else { " OR " };
                for (i, arg) in x.args.iter().enumerate() {
                    if i > 0 {
                        self.push(word);
                    }
                    self.rule_expr_paren(arg, false, node);
                }
            }
        }
        self.close();
    }

    fn case(&mut self, x: &'a CaseExpr) {
        self.keyword("CASE", 0, INDENT_VAR, 0);
        if let Some(arg) = &x.arg {
            self.push(" ");
            self.rule_expr(arg, true);
        }
        for when in &x.whens {
            // Of `test = value` only the value was written.
            let condition = match &when.condition {
                Expr::OpExpr(op) if x.arg.is_some() => match op.args.as_slice() {
                    [test, value] if matches!(strip_implicit_coercions(test), Expr::CaseTestExpr(_)) => value,
                    _ => &when.condition,
                },
                _ => &when.condition,
            };
            self.space_unless_broken();
            self.keyword("WHEN ", 0, 0, 0);
            self.rule_expr(condition, false);
            self.push(" THEN ");
            self.rule_expr(&when.result, true);
        }
        self.space_unless_broken();
        self.keyword("ELSE ", 0, 0, 0);
        self.rule_expr(&x.default, true);
        self.space_unless_broken();
        self.keyword("END", -INDENT_VAR, 0, 0);
    }

    fn space_unless_broken(&mut self) {
        if !self.pretty.indent {
            self.push(" ");
        }
    }

    fn row(&mut self, x: &'a RowExpr) {
        // Of a named type dropped columns are left out, and added ones are null.
        let columns =
            (x.ty != t::RECORD).then(|| relation_columns(self.catalog(), self.catalog().type_or_domain_relation(x.ty)));
        self.push("ROW(");
        let mut first = true;
        let mut separate = |c: &mut Self| {
            if !std::mem::take(&mut first) {
                c.push(", ");
            }
        };
        for (i, arg) in x.args.iter().enumerate() {
            if columns.as_ref().is_none_or(|columns| !matches!(columns.get(i), Some(None))) {
                separate(self);
                self.top_level_expr(arg, true);
            }
        }
        for _ in columns.iter().flatten().skip(x.args.len()).flatten() {
            separate(self);
            self.push("NULL");
        }
        self.push(")");
        if x.form == CoercionForm::ExplicitCast {
            self.cast_suffix(TypeRef::plain(x.ty));
        }
    }

    fn row_comparison(&mut self, x: &'a RowCompareExpr) {
        let (Some(&operator), Some(left), Some(right)) = (x.operators.first(), x.left.first(), x.right.first()) else {
            self.fail("a comparison of rows without columns");
            return;
        };
        self.push("(ROW(");
        self.top_level_exprs(&x.left, true);
        // The first column's operator stands for all of them.
        let name = self.generate_operator_name(operator, self.type_of(left), self.type_of(right));
        self.push(&format!(") {name} ROW("));
        self.top_level_exprs(&x.right, true);
        self.push("))");
    }

    fn sql_value_function(&mut self, x: &SqlValueFunction) {
        self.push(match x.func {
            SqlValueFunc::CurrentDate => "CURRENT_DATE",
            SqlValueFunc::CurrentTime => "CURRENT_TIME",
            SqlValueFunc::CurrentTimestamp => "CURRENT_TIMESTAMP",
            SqlValueFunc::LocalTime => "LOCALTIME",
            SqlValueFunc::LocalTimestamp => "LOCALTIMESTAMP",
            SqlValueFunc::CurrentRole => "CURRENT_ROLE",
            SqlValueFunc::CurrentUser => "CURRENT_USER",
            SqlValueFunc::User => "USER",
            SqlValueFunc::SessionUser => "SESSION_USER",
            SqlValueFunc::CurrentCatalog => "CURRENT_CATALOG",
            SqlValueFunc::CurrentSchema => "CURRENT_SCHEMA",
        });
        if x.ty.typmod >= 0 {
            self.push(&format!("({})", x.ty.typmod));
        }
    }

    fn null_test(&mut self, node: &'a Expr, x: &'a NullTest) {
        self.open();
        self.rule_expr_paren(&x.arg, true, node);
        // Of a row that is tested as one value.
        let whole = !x.row && self.catalog().type_is_rowtype(self.type_of(&x.arg));
        self.push(match (x.not, whole) {
            (false, false) => " IS NULL",
            (true, false) => " IS NOT NULL",
            (false, true) => " IS NOT DISTINCT FROM NULL",
            (true, true) => " IS DISTINCT FROM NULL",
        });
        self.close();
    }

    fn boolean_test(&mut self, node: &'a Expr, x: &'a BooleanTest) {
        self.open();
        self.rule_expr_paren(&x.arg, false, node);
        self.push(match x.test {
            BooleanTestKind::IsTrue => " IS TRUE",
            BooleanTestKind::IsNotTrue => " IS NOT TRUE",
            BooleanTestKind::IsFalse => " IS FALSE",
            BooleanTestKind::IsNotFalse => " IS NOT FALSE",
            BooleanTestKind::IsUnknown => " IS UNKNOWN",
            BooleanTestKind::IsNotUnknown => " IS NOT UNKNOWN",
        });
        self.close();
    }
}
