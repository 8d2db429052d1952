//! The forms of expressions.

use super::form::{Form, Former};
use super::literal::{cast_number, constant, is_text};
use crate::catalog::TypeRef;
use crate::catalog::tree::*;
use crate::sql::ast::BooleanTest as BooleanTestKind;

impl<'a> Former<'a> {
    pub(super) fn expr(&mut self, expr: &'a Expr) -> Form {
        match expr {
            Expr::Var(x) => self.column(x),
            Expr::Const(x) => constant(x),
            Expr::Param(x) => Form::leaf(ecow::eco_format!("{:?} parameter {}", x.kind, x.id)),
            Expr::Aggref(x) => self.aggregate(x),
            Expr::GroupingFunc(x) => Form::new("grouping", self.exprs(&x.args)),
            Expr::WindowFunc(x) => self.window_function(x),
            Expr::MergeSupportFunc(_) => Form::leaf("merge_action"),
            Expr::SubscriptingRef(x) => {
                let mut args = vec![self.expr(&x.operand)];
                let bounds = x.lower.iter().chain(&x.upper);
                args.extend(bounds.map(|bound| self.optional(bound.as_ref())).collect::<Vec<_>>());
                args.push(self.optional(x.assign.as_ref()));
                Form::new(ecow::eco_format!("subscript {}", x.lower.len()), args)
            }
            Expr::FuncExpr(x) => match cast_number(x) {
                Some(number) => number,
                None => {
                    let args = self.exprs(&x.args);
                    Form::new(ecow::eco_format!("call {:?} {}", x.function, x.variadic), args)
                }
            },
            Expr::NamedArgExpr(x) => Form::new(ecow::eco_format!("argument {}", x.number), vec![self.expr(&x.arg)]),
            Expr::OpExpr(x) => match x.args.as_slice() {
                [left, right] => {
                    let (left, right) = (self.expr(left), self.expr(right));
                    self.operation(x.operator, left, right)
                }
                args => Form::new(ecow::eco_format!("op {:?}", x.operator), self.exprs(args)),
            },
            Expr::DistinctExpr(x) => Form::unordered("is distinct from", self.exprs(&x.args)),
            Expr::NullIfExpr(x) => Form::new("nullif", self.exprs(&x.args)),
            Expr::ScalarArrayOpExpr(x) => self.array_operation(x),
            Expr::BoolExpr(x) => {
                let mut args = self.exprs(&x.args);
                match x.op {
                    BoolOp::And => Form::junction("and", args),
                    BoolOp::Or => Form::junction("or", args),
                    BoolOp::Not if args.len() == 1 => negated(args.remove(0)),
                    BoolOp::Not => Form::new("not", args),
                }
            }
            Expr::SubLink(x) => self.sub_link(x),
            Expr::FieldSelect(x) => Form::new(ecow::eco_format!("field {}", x.field), vec![self.expr(&x.arg)]),
            Expr::FieldStore(x) => {
                let mut args = vec![self.expr(&x.arg)];
                args.extend(self.exprs(&x.values));
                Form::new(ecow::eco_format!("store {:?}", x.fields), args)
            }
            Expr::RelabelType(x) => {
                let arg = self.expr(&x.arg);
                if self.is_same_value(&x.arg, x.ty) {
                    return arg;
                }
                Form::new(ecow::eco_format!("relabel {:?} {}", x.ty.oid, x.ty.typmod), vec![arg])
            }
            Expr::CoerceViaIO(x) => Form::new(ecow::eco_format!("io {:?}", x.ty), vec![self.expr(&x.arg)]),
            Expr::ArrayCoerceExpr(x) => {
                let arg = self.expr(&x.arg);
                match &x.element {
                    // Elements that are only relabelled.
                    Expr::RelabelType(element)
                        if matches!(element.arg, Expr::CaseTestExpr(_))
                            && self.is_same_value(&element.arg, element.ty) =>
                    {
                        arg
                    }
                    element => {
                        let element = self.expr(element);
                        Form::new(ecow::eco_format!("array cast {:?} {}", x.ty.oid, x.ty.typmod), vec![arg, element])
                    }
                }
            }
            Expr::ConvertRowtypeExpr(x) => Form::new(ecow::eco_format!("row cast {:?}", x.ty), vec![self.expr(&x.arg)]),
            Expr::CollateExpr(x) => Form::new(ecow::eco_format!("collate {:?}", x.collation), vec![self.expr(&x.arg)]),
            Expr::CaseExpr(x) => {
                let mut args = vec![self.optional(x.arg.as_ref())];
                for when in &x.whens {
                    args.push(self.expr(&when.condition));
                    args.push(self.expr(&when.result));
                }
                args.push(self.expr(&x.default));
                Form::new("case", args)
            }
            Expr::CaseTestExpr(_) => Form::leaf("case test"),
            Expr::ArrayExpr(x) => Form::new("array", self.exprs(&x.elements)),
            Expr::RowExpr(x) => Form::new(ecow::eco_format!("row {:?}", x.ty), self.exprs(&x.args)),
            Expr::RowCompareExpr(x) => self.row_comparison(x),
            Expr::CoalesceExpr(x) => Form::new("coalesce", self.exprs(&x.args)),
            Expr::MinMaxExpr(x) => Form::unordered(if x.greatest { "greatest" } else { "least" }, self.exprs(&x.args)),
            Expr::SqlValueFunction(x) => Form::leaf(ecow::eco_format!("{:?} {}", x.func, x.ty.typmod)),
            Expr::XmlExpr(x) => {
                let names = x.arg_names.join(",");
                let name = x.name.as_deref().unwrap_or_default();
                let head = ecow::eco_format!("xml {:?} {name} ({names}) {} {} {:?}", x.op, x.document, x.indent, x.ty);
                let args = self.exprs(x.named_args.iter().chain(&x.args));
                Form::new(head, args)
            }
            Expr::JsonValueExpr(x) => {
                let args = vec![self.expr(&x.raw), self.expr(&x.formatted)];
                Form::new(ecow::eco_format!("json value {:?}", x.format), args)
            }
            Expr::JsonConstructorExpr(x) => {
                let head = ecow::eco_format!("json {:?} {:?} {} {}", x.kind, x.returning, x.absent_on_null, x.unique);
                let mut args = self.exprs(&x.args);
                args.push(self.optional(x.func.as_ref()));
                Form::new(head, args)
            }
            Expr::JsonIsPredicate(x) => {
                let head = ecow::eco_format!("is json {:?} {:?} {}", x.item, x.format, x.unique_keys);
                Form::new(head, vec![self.expr(&x.arg)])
            }
            Expr::JsonExpr(x) => self.json(x),
            Expr::NullTest(x) => {
                let row = self.catalog.type_is_rowtype(x.arg.ty(self.catalog).oid);
                let head = match (x.not, row) {
                    (false, false) => "is null",
                    (true, false) => "is not null",
                    (false, true) if x.row => "row is null",
                    (true, true) if x.row => "row is not null",
                    (false, true) => "value is null",
                    (true, true) => "value is not null",
                };
                Form::new(head, vec![self.expr(&x.arg)])
            }
            Expr::BooleanTest(x) => {
                let head = match x.test {
                    BooleanTestKind::IsTrue => "is true",
                    BooleanTestKind::IsNotTrue => "is not true",
                    BooleanTestKind::IsFalse => "is false",
                    BooleanTestKind::IsNotFalse => "is not false",
                    BooleanTestKind::IsUnknown => "is null",
                    BooleanTestKind::IsNotUnknown => "is not null",
                };
                Form::new(head, vec![self.expr(&x.arg)])
            }
            Expr::CoerceToDomain(x) => Form::new(ecow::eco_format!("domain {:?}", x.ty.oid), vec![self.expr(&x.arg)]),
            Expr::CoerceToDomainValue(_) => Form::leaf("value"),
            Expr::SetToDefault(_) => Form::leaf("default"),
            Expr::CurrentOfExpr(x) => Form::leaf(ecow::eco_format!("current of {:?} {}", x.cursor, x.param)),
        }
    }

    /// A cast that changes neither the value nor what is done with it.
    fn is_same_value(&self, arg: &Expr, ty: TypeRef) -> bool {
        let source = arg.ty(self.catalog).oid;
        let text = is_text(source) && is_text(ty.oid) && ty.typmod == -1;
        text || (source != ty.oid && self.catalog.base_type(source) == ty.oid)
    }

    /// `IN` and its like are the comparisons with the elements, where these are known.
    fn array_operation(&mut self, x: &'a ScalarArrayOpExpr) -> Form {
        let scalar = self.expr(&x.scalar);
        let array = self.expr(&x.array);
        if array.head == "array" && !array.args.is_empty() {
            let elements = array.args.into_iter();
            let tests = elements.map(|element| self.operation(x.operator, scalar.clone(), element)).collect();
            return Form::junction(if x.use_or { "or" } else { "and" }, tests);
        }
        let head = ecow::eco_format!("{} {}", self.operator_head(x.operator), if x.use_or { "any" } else { "all" });
        Form::new(head, vec![scalar, array])
    }

    fn row_comparison(&mut self, x: &'a RowCompareExpr) -> Form {
        let (left, right) = (self.exprs(&x.left), self.exprs(&x.right));
        let (op, left, right) = match x.op {
            RowCompareOp::Lt => ("<", left, right),
            RowCompareOp::Le => ("<=", left, right),
            RowCompareOp::Gt => ("<", right, left),
            RowCompareOp::Ge => ("<=", right, left),
        };
        Form::new(ecow::eco_format!("rows {op}"), vec![Form::new("", left), Form::new("", right)])
    }

    fn json(&mut self, x: &'a JsonExpr) -> Form {
        let behavior = |behavior: &Option<JsonBehavior>| behavior.as_ref().map(|b| b.kind);
        let names = x.passing_names.join(",");
        let head = ecow::eco_format!(
            "json {:?} {:?} ({names}) {:?} {} {:?} {:?}",
            x.op,
            x.returning,
            x.wrapper,
            x.omit_quotes,
            behavior(&x.on_empty),
            behavior(&x.on_error)
        );
        let mut args = vec![self.expr(&x.formatted), self.expr(&x.path)];
        args.extend(self.exprs(&x.passing_values));
        for behavior in [&x.on_empty, &x.on_error] {
            args.push(self.optional(behavior.as_ref().and_then(|b| b.expr.as_ref())));
        }
        Form::new(head, args)
    }

    fn aggregate(&mut self, x: &'a Aggref) -> Form {
        let head = ecow::eco_format!("aggregate {:?} {} {}", x.function, x.star, x.variadic);
        let own: Vec<&'a Expr> = x.args.iter().filter(|arg| !arg.junk).map(|arg| &arg.expr).collect();
        let direct = self.exprs(&x.direct_args);
        let args = self.exprs(own);
        let distinct = self.sort_list(&x.distinct, &x.args, false);
        let order = self.sort_list(&x.order, &x.args, true);
        let filter = self.optional(x.filter.as_ref());
        Form::new(head, vec![Form::new("direct", direct), Form::new("args", args), distinct, order, filter])
    }

    fn window_function(&mut self, x: &'a WindowFunc) -> Form {
        let args = self.exprs(&x.args);
        let filter = self.optional(x.filter.as_ref());
        let query = self.queries.last().copied();
        let window = query.and_then(|query| Some((query, query.window_clause.iter().find(|w| w.winref == x.winref)?)));
        let over = match window {
            Some((query, window)) => self.window(window, &query.targets),
            None => Form::leaf("window"),
        };
        Form::new(ecow::eco_format!("window {:?} {}", x.function, x.star), vec![Form::new("args", args), filter, over])
    }

    fn sub_link(&mut self, x: &'a SubLink) -> Form {
        if x.kind == SubLinkKind::Expr
            && let Some(value) = single_value(&x.query)
        {
            self.queries.push(&x.query);
            let form = self.expr(value);
            self.queries.pop();
            return form;
        }
        let query = match x.kind {
            SubLinkKind::Exists => self.existence(&x.query),
            SubLinkKind::All
            | SubLinkKind::Any
            | SubLinkKind::RowCompare
            | SubLinkKind::Expr
            | SubLinkKind::MultiExpr
            | SubLinkKind::Array => self.sub_query(&x.query),
        };
        let test = self.optional(x.test.as_ref());
        Form::new(ecow::eco_format!("sub-query {:?}", x.kind), vec![test, query])
    }
}

/// The value of `(SELECT value)`.
fn single_value(query: &Query) -> Option<&Expr> {
    let bare = query.command == CommandType::Select
        && query.ctes.is_empty()
        && query.jointree.from.is_empty()
        && query.jointree.quals.is_none()
        && !query.has_aggs
        && !query.has_target_srfs
        && query.group_clause.is_empty()
        && query.grouping_sets.is_empty()
        && query.having.is_none()
        && query.window_clause.is_empty()
        && query.distinct_clause.is_empty()
        && query.sort_clause.is_empty()
        && query.limit_count.is_none()
        && query.limit_offset.is_none()
        && query.row_marks.is_empty()
        && query.set_operations.is_none();
    match query.targets.as_slice() {
        [target] if bare => Some(&target.expr),
        _ => None,
    }
}

/// NOT, which takes another NOT and the tests that have an opposite back.
fn negated(mut form: Form) -> Form {
    let opposite = match form.head.as_str() {
        "not" if form.args.len() == 1 => return form.args.remove(0),
        // A row with some fields null is neither null nor not null.
        "is null" => "is not null",
        "is not null" => "is null",
        "value is null" => "value is not null",
        "value is not null" => "value is null",
        "is true" => "is not true",
        "is not true" => "is true",
        "is false" => "is not false",
        "is not false" => "is false",
        _ => return Form::new("not", vec![form]),
    };
    form.head = opposite.into();
    form
}
