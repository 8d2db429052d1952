//! The forms of scalar expressions.

use super::form::{Form, Former};
use crate::catalog::{Binding, Object, Oid, type_oid};
use crate::expr::print::desugar::{canonical_number, desugar};
use crate::sql::ast::*;

impl Former<'_> {
    pub(super) fn expr(&mut self, expr: &Expr) -> Form {
        self.expr_as(expr, None)
    }

    /// The form of an expression where a type is wanted: a cast of a literal to it is left out.
    pub(super) fn expr_as(&mut self, expr: &Expr, wanted: Option<Oid>) -> Form {
        if let ExprKind::Cast { operand, ty } = &expr.kind {
            return self.cast(operand, ty, wanted);
        }
        if let Some(simpler) = desugar(expr) {
            return self.expr_as(&simpler, wanted);
        }
        match &expr.kind {
            ExprKind::Column(parts) => self.column(parts, expr.loc),
            ExprKind::Star(qualifier) => match self.find_table(None, qualifier.last()) {
                Some((level, at)) if !qualifier.is_empty() => Form::leaf(ecow::eco_format!("* {level}.{at}")),
                _ => Form::leaf(ecow::eco_format!("* {}", qualifier.join("."))),
            },
            ExprKind::Param(number) => Form::leaf(ecow::eco_format!("${number}")),
            ExprKind::Literal(literal) => literal_form(literal),
            ExprKind::Cast { operand, ty } => self.cast(operand, ty, wanted),
            ExprKind::Op { op, left: None, right } => {
                let right = self.expr(right);
                Form::new(ecow::eco_format!("prefix {}", Self::written_name(op)), vec![right])
            }
            ExprKind::Op { op, left: Some(left), right } => {
                let (left, right) = self.operands(left, right);
                comparison(&Self::written_name(op), left, right)
            }
            ExprKind::OpArray { op, all, left, right } => self.op_array(op, *all, left, right),
            ExprKind::Distinct { not, left, right } => {
                let (left, right) = self.operands(left, right);
                let form = Form::unordered("distinct", vec![left, right]);
                if *not { negated(form) } else { form }
            }
            ExprKind::NullIf(left, right) => {
                let (left, right) = self.operands(left, right);
                Form::new("nullif", vec![left, right])
            }
            // These are taken apart above.
            ExprKind::In { operand, list, .. } => {
                let mut args = vec![self.expr(operand)];
                args.extend(self.exprs(list));
                Form::new("in", args)
            }
            ExprKind::Like { operand, pattern, .. } => {
                let args = vec![self.expr(operand), self.expr(pattern)];
                Form::new("like", args)
            }
            ExprKind::Between { operand, low, high, .. } => {
                let args = vec![self.expr(operand), self.expr(low), self.expr(high)];
                Form::new("between", args)
            }
            ExprKind::And(list) => Form::junction("and", self.exprs(list)),
            ExprKind::Or(list) => Form::junction("or", self.exprs(list)),
            ExprKind::Not(operand) => negated(self.expr(operand)),
            ExprKind::IsNull { not, operand } => {
                let operand = self.expr(operand);
                Form::new(if *not { "is not null" } else { "is null" }, vec![operand])
            }
            ExprKind::BooleanTest { test, operand } => {
                let operand = self.expr(operand);
                Form::new(
                    match test {
                        BooleanTest::IsTrue => "is true",
                        BooleanTest::IsNotTrue => "is not true",
                        BooleanTest::IsFalse => "is false",
                        BooleanTest::IsNotFalse => "is not false",
                        BooleanTest::IsUnknown => "is null",
                        BooleanTest::IsNotUnknown => "is not null",
                    },
                    vec![operand],
                )
            }
            ExprKind::Func(call) => self.call(call),
            ExprKind::SqlValue { func, precision } => Form::leaf(ecow::eco_format!("{func:?} {precision:?}")),
            ExprKind::Case { operand, whens, otherwise } => {
                let mut args = vec![Form::optional(operand.as_ref().map(|e| self.expr(e)))];
                for (when, then) in whens {
                    args.push(self.expr(when));
                    args.push(self.expr(then));
                }
                // Without ELSE the result is NULL.
                args.push(match otherwise {
                    Some(otherwise) => self.expr(otherwise),
                    None => literal_form(&Literal::Null),
                });
                Form::new("case", args)
            }
            ExprKind::Coalesce(list) => Form::new("coalesce", self.exprs(list)),
            ExprKind::Greatest(list) => Form::unordered("greatest", self.exprs(list)),
            ExprKind::Least(list) => Form::unordered("least", self.exprs(list)),
            ExprKind::Array(list) => Form::new("array", self.exprs(list)),
            ExprKind::Grouping(list) => Form::new("grouping", self.exprs(list)),
            ExprKind::Row { fields, .. } => Form::new("row", self.exprs(fields)),
            ExprKind::Indirection { operand, path } => {
                let mut args = vec![self.expr(operand)];
                for step in path {
                    args.push(match step {
                        Indirection::Field(name) => Form::leaf(ecow::eco_format!(".{name}")),
                        Indirection::Star => Form::leaf(".*"),
                        Indirection::Index(index) => {
                            let index = self.expr(index);
                            Form::new("[]", vec![index])
                        }
                        Indirection::Slice(lower, upper) => {
                            let lower = Form::optional(lower.as_ref().map(|e| self.expr(e)));
                            let upper = Form::optional(upper.as_ref().map(|e| self.expr(e)));
                            Form::new("[:]", vec![lower, upper])
                        }
                    });
                }
                Form::new("indirection", args)
            }
            ExprKind::SubLink { kind, query } => self.sub_link(kind, query, wanted),
            ExprKind::Collate { operand, collation } => {
                let operand = self.expr(operand);
                Form::new(ecow::eco_format!("collate {}", Self::written_name(collation)), vec![operand])
            }
            ExprKind::Default => Form::leaf("default"),
            ExprKind::CurrentOf(cursor) => Form::leaf(ecow::eco_format!("current of {cursor}")),
            ExprKind::Xml(_)
            | ExprKind::Json(_)
            | ExprKind::MergeAction
            | ExprKind::MultiAssign { .. }
            | ExprKind::Unmodelled(_) => Form::leaf(ecow::eco_format!("unmodelled {}", expr.kind.what())),
        }
    }

    pub(super) fn exprs(&mut self, list: &[Expr]) -> Vec<Form> {
        list.iter().map(|e| self.expr(e)).collect()
    }

    /// Both sides of a comparison: each wants the type that the other has.
    fn operands(&mut self, left: &Expr, right: &Expr) -> (Form, Form) {
        let (left_type, right_type) = (self.column_type(left), self.column_type(right));
        let left = self.expr_as(left, right_type.map(|t| t.oid));
        let right = self.expr_as(right, left_type.map(|t| t.oid));
        (left, right)
    }

    fn cast(&mut self, operand: &Expr, ty: &TypeName, wanted: Option<Oid>) -> Form {
        let is_literal = matches!(operand.kind, ExprKind::Literal(_));
        let target = self.type_oid(ty);
        let plain = ty.typmods.is_empty();
        // An array's cast is its elements'.
        if let (ExprKind::Array(list), true) = (&operand.kind, ty.array_dims > 0)
            && !list.is_empty()
        {
            let element_type = TypeName { array_dims: 0, ..ty.clone() };
            let elements = list
                .iter()
                .map(|e| {
                    let ty = if matches!(e.kind, ExprKind::Array(_)) { ty } else { &element_type };
                    self.cast(e, ty, None)
                })
                .collect();
            return Form::new("array", elements);
        }
        let written =
            Expr { kind: ExprKind::Cast { operand: Box::new(operand.clone()), ty: ty.clone() }, loc: operand.loc };
        if let (ExprKind::Literal(Literal::String(text)), true, Some(type_oid::NUMERIC)) =
            (&operand.kind, plain, target)
            && canonical_number(text.trim()).is_some()
        {
            return Form::leaf(number_head(text.trim()));
        }
        if let Some(simpler) = desugar(&written) {
            return self.expr_as(&simpler, wanted);
        }
        if plain && is_literal && wanted.is_some() && target == wanted {
            return self.expr(operand);
        }
        let form = self.expr_as(operand, None);
        if self.is_text(ty) && (form.head.starts_with(STRING) || self.is_text_column(operand)) {
            return form;
        }
        let own_type = match &operand.kind {
            ExprKind::Column(_) => self.column_type(operand).is_some_and(|own| Some(own.oid) == target),
            _ => false,
        };
        if plain && own_type {
            return form;
        }
        let ty = self.type_form(ty);
        Form::new("cast", vec![form, ty])
    }

    fn is_text_column(&self, operand: &Expr) -> bool {
        let is_column = matches!(operand.kind, ExprKind::Column(_));
        is_column && self.column_type(operand).is_some_and(|own| matches!(own.oid, type_oid::TEXT | type_oid::VARCHAR))
    }

    /// A comparison with an array: with one that is written out, as many comparisons.
    fn op_array(&mut self, op: &QualifiedName, all: bool, left: &Expr, right: &Expr) -> Form {
        let wanted = self.column_type(left).map(|t| t.oid);
        let mut written_out = right;
        let mut element_type = None;
        while let ExprKind::Cast { operand, ty } = &written_out.kind
            && ty.array_dims > 0
            && ty.typmods.is_empty()
            && matches!(operand.kind, ExprKind::Array(_) | ExprKind::Cast { .. })
        {
            element_type = element_type.or(Some(TypeName { array_dims: 0, ..ty.clone() }));
            written_out = operand;
        }
        let op = Self::written_name(op);
        match &written_out.kind {
            ExprKind::Array(list) if !list.is_empty() && list.iter().all(|e| !is_array(e)) => {
                let tests = list
                    .iter()
                    .map(|element| {
                        let element = match &element_type {
                            Some(ty) => self.cast(element, ty, wanted),
                            None => self.expr_as(element, wanted),
                        };
                        let left = self.expr(left);
                        comparison(&op, left, element)
                    })
                    .collect();
                Form::junction(if all { "and" } else { "or" }, tests)
            }
            _ => {
                let args = vec![self.expr(left), self.expr(right)];
                Form::new(ecow::eco_format!("{op} {}", if all { "all" } else { "any" }), args)
            }
        }
    }

    fn call(&mut self, call: &FuncCall) -> Form {
        let function = match self.binding(call.name.loc) {
            Some(Binding::Object(Object::Function(oid))) => ecow::eco_format!("{oid:?}"),
            _ => Self::written_name(&call.name),
        };
        let mut args: Vec<Form> = call
            .args
            .iter()
            .map(|arg| {
                let value = self.expr(&arg.value);
                match &arg.name {
                    Some(name) => Form::new(ecow::eco_format!("{name} =>"), vec![value]),
                    None => value,
                }
            })
            .collect();
        for (present, flag) in [
            (call.star, "*"),
            (call.distinct, "distinct"),
            (call.variadic, "variadic"),
            (call.within_group, "within group"),
        ] {
            if present {
                args.push(Form::leaf(flag));
            }
        }
        if !call.order_by.is_empty() {
            let keys = self.sort_keys(&call.order_by);
            args.push(Form::new("order by", keys));
        }
        if let Some(filter) = &call.filter {
            let filter = self.expr(filter);
            args.push(Form::new("filter", vec![filter]));
        }
        if let Some(over) = &call.over {
            let window = self.window(over);
            args.push(Form::new("over", vec![window]));
        }
        Form::new(ecow::eco_format!("call {function}"), args)
    }

    fn sub_link(&mut self, kind: &SubLinkKind, query: &Query, wanted: Option<Oid>) -> Form {
        let (head, operand) = match kind {
            SubLinkKind::Exists => {
                let query = self.existence(query);
                return Form::new("exists", vec![query]);
            }
            SubLinkKind::Scalar => {
                if let Some(value) = single_value(query) {
                    return self.expr_as(value, wanted);
                }
                ("scalar".into(), None)
            }
            SubLinkKind::Array => ("array query".into(), None),
            SubLinkKind::Any { operand, op } => {
                let op = op.as_ref().map_or("=".into(), Self::written_name);
                (ecow::eco_format!("{op} any query"), Some(operand))
            }
            SubLinkKind::All { operand, op } => {
                let op = op.as_ref().map_or("=".into(), Self::written_name);
                (ecow::eco_format!("{op} all query"), Some(operand))
            }
        };
        let mut args: Vec<Form> = operand.map(|e| self.expr(e)).into_iter().collect();
        args.push(self.query(query));
        Form::new(head, args)
    }
}

fn is_array(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Array(_))
}

/// The value of `(SELECT value)`.
fn single_value(query: &Query) -> Option<&Expr> {
    let Query {
        with: None,
        body: QueryBody::Select(select),
        order_by,
        limit: None,
        with_ties: false,
        offset: None,
        locking,
    } = query
    else {
        return None;
    };
    let Select {
        distinct: Distinct::No, targets, into: None, from, filter: None, group_by, having: None, windows, ..
    } = select.as_ref()
    else {
        return None;
    };
    let bare =
        order_by.is_empty() && locking.is_empty() && from.is_empty() && group_by.is_empty() && windows.is_empty();
    match targets.as_slice() {
        [Target { value: Some(value), .. }] if bare && !matches!(value.kind, ExprKind::Star(_)) => Some(value),
        _ => None,
    }
}

/// How the heads of text literals begin.
const STRING: &str = "string ";

fn literal_form(literal: &Literal) -> Form {
    Form::leaf(match literal {
        Literal::Null => "null".into(),
        Literal::Boolean(value) => ecow::eco_format!("{value}"),
        Literal::Integer(number) => ecow::eco_format!("number {number}"),
        Literal::Float(number) => number_head(number),
        Literal::String(text) => ecow::eco_format!("{STRING}{text}"),
        Literal::BitString(bits) => ecow::eco_format!("bits {bits}"),
    })
}

fn number_head(written: &str) -> ecow::EcoString {
    let number = canonical_number(written);
    ecow::eco_format!("number {}", number.as_deref().unwrap_or(written))
}

/// A binary operator; comparisons read the same from both sides.
fn comparison(op: &str, left: Form, right: Form) -> Form {
    match op {
        "=" | "<>" => Form::unordered(ecow::eco_format!("op {op}"), vec![left, right]),
        ">" => Form::new("op <", vec![right, left]),
        ">=" => Form::new("op <=", vec![right, left]),
        _ => Form::new(ecow::eco_format!("op {op}"), vec![left, right]),
    }
}

/// NOT, which takes another NOT and the tests that have an opposite back.
fn negated(mut form: Form) -> Form {
    let opposite = match form.head.as_str() {
        "not" if form.args.len() == 1 => return form.args.remove(0),
        "is null" if !form.args.iter().any(is_row) => "is not null",
        "is not null" if !form.args.iter().any(is_row) => "is null",
        "is true" => "is not true",
        "is not true" => "is true",
        "is false" => "is not false",
        "is not false" => "is false",
        _ => return Form::new("not", vec![form]),
    };
    form.head = opposite.into();
    form
}

/// A row with some fields null is neither null nor not null.
fn is_row(form: &Form) -> bool {
    form.head == "row" || form.head.starts_with("row ")
}
