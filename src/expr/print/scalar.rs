//! Scalar expressions (`ruleutils.c: get_rule_expr`).

use super::desugar::{canonical_number, desugar};
use super::{INDENT_VAR, Writer};
use crate::catalog::{Binding, Object};
use crate::sql::ast::*;
use crate::sql::span::Loc;

impl Writer<'_> {
    pub(super) fn expr(&mut self, expr: &Expr) {
        if self.is_stored() {
            if self.texts_in_list(expr) {
                return;
            }
            if let Some(stored_as) = desugar(expr) {
                return self.expr(&stored_as);
            }
        }
        match &expr.kind {
            ExprKind::Column(parts) => self.column(parts, expr.loc),
            ExprKind::Star(qualifier) => {
                for part in qualifier {
                    self.ident(part);
                    self.push(".");
                }
                self.push("*");
            }
            ExprKind::Param(number) => self.push(&format!("${number}")),
            // A text that stands for a relation: of `regclass`, whether that is written or not.
            ExprKind::Literal(Literal::String(_)) if self.bound_relation(expr.loc).is_some() => {
                let relation = self.bound_relation(expr.loc).unwrap_or_default();
                self.literal_text(&relation);
                self.push("::regclass");
            }
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Cast { operand, ty } => self.cast(operand, ty),
            ExprKind::Op { op, left: None, right } => {
                self.push("(");
                self.operator(op);
                self.push(" ");
                self.expr(right);
                self.push(")");
            }
            ExprKind::Op { op, left: Some(left), right } => self.binary_op(op, left, right),
            ExprKind::OpArray { op, all, left, right } => {
                self.push("(");
                self.expr(left);
                self.push(" ");
                self.operator(op);
                self.push(if *all { " ALL (" } else { " ANY (" });
                // A bare sub-query in these parentheses would be taken for the set of values.
                let is_query = matches!(right.kind, ExprKind::SubLink { kind: SubLinkKind::Scalar, .. });
                self.parens_if(is_query, |w| w.expr(right));
                self.push("))");
            }
            ExprKind::Distinct { not, left, right } => {
                self.push("(");
                self.expr(left);
                self.push(if *not { " IS NOT DISTINCT FROM " } else { " IS DISTINCT FROM " });
                self.expr(right);
                self.push(")");
            }
            ExprKind::NullIf(left, right) => {
                self.push("NULLIF(");
                self.expr(left);
                self.push(", ");
                self.expr(right);
                self.push(")");
            }
            ExprKind::In { not, operand, list } => {
                self.push("(");
                self.expr(operand);
                self.push(if *not { " NOT IN (" } else { " IN (" });
                self.exprs(list);
                self.push("))");
            }
            ExprKind::Like { kind, not, operand, pattern } => self.like(*kind, *not, operand, pattern),
            ExprKind::Between { not, symmetric, operand, low, high } => {
                self.push("(");
                self.expr(operand);
                self.push(if *not { " NOT BETWEEN " } else { " BETWEEN " });
                if *symmetric {
                    self.push("SYMMETRIC ");
                }
                self.expr(low);
                self.push(" AND ");
                self.expr(high);
                self.push(")");
            }
            ExprKind::And(list) => self.junction(list, " AND "),
            ExprKind::Or(list) => self.junction(list, " OR "),
            ExprKind::Not(operand) => {
                self.push("(NOT ");
                self.expr(operand);
                self.push(")");
            }
            ExprKind::IsNull { not, operand } => {
                self.test(operand, if *not { "IS NOT NULL" } else { "IS NULL" });
            }
            ExprKind::BooleanTest { test, operand } => self.test(
                operand,
                match test {
                    BooleanTest::IsTrue => "IS TRUE",
                    BooleanTest::IsNotTrue => "IS NOT TRUE",
                    BooleanTest::IsFalse => "IS FALSE",
                    BooleanTest::IsNotFalse => "IS NOT FALSE",
                    BooleanTest::IsUnknown => "IS UNKNOWN",
                    BooleanTest::IsNotUnknown => "IS NOT UNKNOWN",
                },
            ),
            ExprKind::Func(call) => self.call(call),
            ExprKind::SqlValue { func, precision } => {
                self.push(sql_value_name(*func));
                if let Some(precision) = precision {
                    self.push(&format!("({precision})"));
                }
            }
            ExprKind::Case { operand, whens, otherwise } => self.case(operand.as_deref(), whens, otherwise.as_deref()),
            ExprKind::Coalesce(list) => self.listed("COALESCE(", list, ")"),
            ExprKind::Greatest(list) => self.listed("GREATEST(", list, ")"),
            ExprKind::Least(list) => self.listed("LEAST(", list, ")"),
            ExprKind::Grouping(list) => self.listed("GROUPING(", list, ")"),
            ExprKind::Array(list) => self.listed("ARRAY[", list, "]"),
            ExprKind::Row { explicit, fields } => {
                let row = if *explicit || self.is_stored() { "ROW(" } else { "(" };
                self.listed(row, fields, ")");
            }
            ExprKind::Indirection { operand, path } => self.indirection(operand, path),
            ExprKind::SubLink { kind, query } => self.sub_link(kind, query),
            ExprKind::Collate { operand, collation } => {
                self.push("(");
                self.expr(operand);
                self.push(" COLLATE ");
                self.qualified_name(collation);
                self.push(")");
            }
            ExprKind::Default => self.push("DEFAULT"),
            ExprKind::CurrentOf(cursor) => {
                self.push("CURRENT OF ");
                self.ident(cursor);
            }
            ExprKind::Xml(_)
            | ExprKind::Json(_)
            | ExprKind::MergeAction
            | ExprKind::MultiAssign { .. }
            | ExprKind::Unmodelled(_) => self.push(expr.kind.what()),
        }
    }

    pub(super) fn exprs(&mut self, list: &[Expr]) {
        self.list(list, |w, e| w.expr(e));
    }

    fn listed(&mut self, open: &str, list: &[Expr], close: &str) {
        self.push(open);
        self.exprs(list);
        self.push(close);
    }

    fn parens_if(&mut self, parens: bool, inner: impl FnOnce(&mut Self)) {
        if parens {
            self.push("(");
        }
        inner(self);
        if parens {
            self.push(")");
        }
    }

    fn test(&mut self, operand: &Expr, test: &str) {
        self.push("(");
        self.expr(operand);
        self.push(" ");
        self.push(test);
        self.push(")");
    }

    fn junction(&mut self, list: &[Expr], word: &str) {
        self.push("(");
        for (i, e) in list.iter().enumerate() {
            if i > 0 {
                self.push(word);
            }
            self.expr(e);
        }
        self.push(")");
    }

    /// A chain of operators leans to the left; it may be thousands long, so it is walked and not descended into.
    fn binary_op<'e>(&mut self, op: &'e QualifiedName, left: &'e Expr, right: &'e Expr) {
        let mut chain = vec![(op, right)];
        let mut first = left;
        while let ExprKind::Op { op, left: Some(left), right } = &first.kind
            && !(self.is_stored() && desugar(first).is_some())
        {
            chain.push((op, right));
            first = left;
        }
        for _ in &chain {
            self.push("(");
        }
        self.expr(first);
        for (op, right) in chain.into_iter().rev() {
            self.push(" ");
            self.operator(op);
            self.push(" ");
            self.expr(right);
            self.push(")");
        }
    }

    /// `+`, or `OPERATOR(schema.+)`.
    pub(super) fn operator(&mut self, op: &QualifiedName) {
        match &op.schema {
            Some(schema) if !(self.is_stored() && schema == "pg_catalog") => {
                self.push("OPERATOR(");
                self.ident(schema);
                self.push(".");
                self.push(&op.name);
                self.push(")");
            }
            _ => self.push(&op.name),
        }
    }

    /// `ruleutils.c: get_const_expr`. Without the type that the context gives it, text has no label.
    fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::Null => self.push("NULL"),
            Literal::Boolean(true) => self.push("true"),
            Literal::Boolean(false) => self.push("false"),
            // A negative number is quoted so that the sign cannot bind less than what follows.
            Literal::Integer(n) if *n < 0 && self.is_stored() => self.push(&format!("'{n}'::integer")),
            Literal::Integer(n) => self.push(&n.to_string()),
            Literal::Float(number) if !self.is_stored() => self.push(number),
            Literal::Float(written) => {
                let number = canonical_number(written).unwrap_or_else(|| written.clone());
                if !written.contains(['.', 'e', 'E']) && number.parse::<i64>().is_ok() {
                    self.push(&format!("'{number}'::bigint"));
                } else if number.contains('.') && !number.starts_with('-') {
                    self.push(&number);
                } else {
                    self.push(&format!("'{number}'::numeric"));
                }
            }
            Literal::String(text) => self.literal_text(text),
            Literal::BitString(bits) if self.is_stored() => {
                let digits: String = match bits.strip_prefix(['x', 'X']) {
                    Some(hex) => hex.chars().filter_map(|c| c.to_digit(16)).map(|d| format!("{d:04b}")).collect(),
                    None => bits.trim_start_matches(['b', 'B']).to_owned(),
                };
                self.push(&format!("'{digits}'::\"bit\""));
            }
            Literal::BitString(bits) => {
                let (base, digits) = bits.split_at(bits.len().min(1));
                self.push(&base.to_ascii_uppercase());
                self.literal_text(digits);
            }
        }
    }

    /// `ruleutils.c: get_coercion_expr`
    fn cast(&mut self, operand: &Expr, ty: &TypeName) {
        let bare = match &operand.kind {
            ExprKind::Literal(Literal::String(_) | Literal::Null) => true,
            // The length is applied to a constant that has the type already.
            ExprKind::Literal(Literal::Float(number)) if self.is_stored() => {
                ty.name.name == "numeric" && ty.array_dims == 0 && number.contains('.') && !number.starts_with('-')
            }
            ExprKind::Array(list) => list.is_empty(),
            _ => false,
        };
        if let (ExprKind::Literal(Literal::String(_)), Some(relation)) =
            (&operand.kind, self.bound_relation(operand.loc))
        {
            self.literal_text(&relation);
        } else {
            self.parens_if(!bare, |w| w.expr(operand));
        }
        self.push("::");
        self.type_name(ty);
    }

    /// The current name of the relation that the text of a `regclass` constant stands for.
    fn bound_relation(&self, loc: Loc) -> Option<String> {
        let stored = self.stored?;
        match self.binding(loc)? {
            Binding::Object(Object::Relation(oid)) => Some(stored.catalog.relation_name(oid, stored.path)),
            Binding::Column(..) | Binding::TriggerRow(..) | Binding::Object(_) | Binding::Builtin | Binding::Local => {
                None
            }
        }
    }

    fn like(&mut self, kind: LikeKind, not: bool, operand: &Expr, pattern: &Expr) {
        self.push("(");
        self.expr(operand);
        self.push(if not { " NOT" } else { "" });
        let escape_function = match kind {
            LikeKind::Like => {
                self.push(" LIKE ");
                "like_escape"
            }
            LikeKind::Ilike => {
                self.push(" ILIKE ");
                "like_escape"
            }
            LikeKind::SimilarTo => {
                self.push(" SIMILAR TO ");
                "similar_to_escape"
            }
        };
        match &pattern.kind {
            ExprKind::Func(call)
                if call.name.schema.as_deref() == Some("pg_catalog") && call.name.name == escape_function =>
            {
                self.expr_if_any(call.args.first().map(|a| &a.value));
                if let Some(escape) = call.args.get(1) {
                    self.push(" ESCAPE ");
                    self.expr(&escape.value);
                }
            }
            _ => self.expr(pattern),
        }
        self.push(")");
    }

    fn expr_if_any(&mut self, expr: Option<&Expr>) {
        if let Some(expr) = expr {
            self.expr(expr);
        }
    }

    fn case(&mut self, operand: Option<&Expr>, whens: &[(Expr, Expr)], otherwise: Option<&Expr>) {
        self.keyword("CASE", 0, INDENT_VAR, 0);
        if let Some(operand) = operand {
            self.push(" ");
            self.expr(operand);
        }
        let next = |w: &mut Self, word: &str, before| {
            if !w.indent {
                w.push(" ");
            }
            w.keyword(word, before, 0, 0);
        };
        for (when, then) in whens {
            next(self, "WHEN ", 0);
            self.expr(when);
            self.push(" THEN ");
            self.expr(then);
        }
        if let Some(otherwise) = otherwise {
            next(self, "ELSE ", 0);
            self.expr(otherwise);
        }
        next(self, "END", -INDENT_VAR);
    }

    /// The steps into a value. A name needs parentheses before a field, or it would be taken for a table.
    fn indirection(&mut self, operand: &Expr, path: &[Indirection]) {
        let is_column = matches!(operand.kind, ExprKind::Column(_));
        let bare = is_column && matches!(path.first(), Some(Indirection::Index(_) | Indirection::Slice(..)));
        self.parens_if(!bare, |w| w.expr(operand));
        for step in path {
            match step {
                Indirection::Field(name) => {
                    self.push(".");
                    self.ident(name);
                }
                Indirection::Star => self.push(".*"),
                Indirection::Index(index) => {
                    self.push("[");
                    self.expr(index);
                    self.push("]");
                }
                Indirection::Slice(lower, upper) => {
                    self.push("[");
                    self.expr_if_any(lower.as_deref());
                    self.push(":");
                    self.expr_if_any(upper.as_deref());
                    self.push("]");
                }
            }
        }
    }

    /// `ruleutils.c: get_sublink_expr`
    fn sub_link(&mut self, kind: &SubLinkKind, query: &Query) {
        let operand = |w: &mut Self, operand: &Expr| match &operand.kind {
            ExprKind::Row { fields, .. } if w.is_stored() => w.listed("(", fields, ")"),
            _ => w.expr(operand),
        };
        let mut parens = true;
        self.push(if matches!(kind, SubLinkKind::Array) { "ARRAY(" } else { "(" });
        match kind {
            SubLinkKind::Exists => self.push("EXISTS "),
            SubLinkKind::Any { operand: tested, op: None } => {
                operand(self, tested);
                self.push(" IN ");
            }
            SubLinkKind::Any { operand: tested, op: Some(op) } => {
                operand(self, tested);
                self.push(" ");
                self.operator(op);
                self.push(" ANY ");
            }
            SubLinkKind::All { operand: tested, op } => {
                operand(self, tested);
                self.push(" ");
                match op {
                    Some(op) => self.operator(op),
                    None => self.push("="),
                }
                self.push(" ALL ");
            }
            SubLinkKind::Scalar | SubLinkKind::Array => parens = false,
        }
        self.parens_if(parens, |w| w.query(query, None, false));
        self.push(")");
    }
}

/// A function without parentheses, as SQL writes it.
fn sql_value_name(func: SqlValueFunc) -> &'static str {
    match func {
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
    }
}
