//! Calls of functions, aggregates and window functions.

use super::context::Context;
use crate::catalog::tree::{Aggref, AggregateKind, CoercionForm, Expr, FuncExpr, WindowFunc};
use crate::catalog::{Oid, TypeRef, type_oid as t};
use crate::sql::ast::Name;

/// How the underlying call of a JSON aggregate is printed.
#[derive(Clone, Copy)]
pub(super) struct JsonAggregate<'s> {
    /// `JSON_ARRAYAGG`, `JSON_OBJECTAGG`
    pub(super) name: &'s str,
    /// What stands behind the arguments.
    pub(super) options: &'s str,
    /// Key and value are printed with a colon.
    pub(super) object: bool,
}

impl<'a> Context<'a> {
    /// A call, or a cast that is one (`get_func_expr`).
    pub(super) fn function_call(&mut self, node: &'a Expr, x: &'a FuncExpr, show_implicit: bool) {
        match x.form {
            CoercionForm::ImplicitCast | CoercionForm::ExplicitCast => {
                let Some(arg) = x.args.first() else {
                    self.fail("a cast of nothing");
                    return;
                };
                if x.form == CoercionForm::ImplicitCast && !show_implicit {
                    self.rule_expr_paren(arg, false, node);
                } else {
                    self.coercion(arg, TypeRef { oid: x.ty.oid, typmod: length_coercion(x) }, node);
                }
                return;
            }
            CoercionForm::SqlSyntax => {
                if self.sql_syntax(node, x) {
                    return;
                }
            }
            CoercionForm::ExplicitCall => {}
        }
        let (names, types) = self.arguments(&x.args);
        let name = self.generate_function_name(x.function, &names, &types, x.variadic);
        self.push(&name);
        self.push("(");
        let last = x.args.len().saturating_sub(1);
        self.list(x.args.iter().enumerate(), |c, (i, arg)| {
            if x.variadic && i == last {
                c.push("VARIADIC ");
            }
            c.rule_expr(arg, true);
        });
        self.push(")");
    }

    /// The names of named arguments, and the types of all.
    fn arguments(&self, args: &[Expr]) -> (Vec<Name>, Vec<Oid>) {
        let name = |arg: &Expr| match arg {
            Expr::NamedArgExpr(named) => Some(named.name.clone()),
            _ => None,
        };
        (args.iter().filter_map(name).collect(), args.iter().map(|arg| self.type_of(arg)).collect())
    }

    /// `get_agg_expr_helper`
    pub(super) fn aggregate(&mut self, x: &'a Aggref, json: Option<JsonAggregate<'_>>) {
        let name = match json {
            Some(json) => json.name.to_owned(),
            None => self.generate_function_name(x.function, &[], &x.arg_types, x.variadic),
        };
        self.push(&name);
        self.push(if x.distinct.is_empty() { "(" } else { "(DISTINCT " });
        match x.kind {
            AggregateKind::OrderedSet | AggregateKind::Hypothetical => {
                self.exprs(&x.direct_args, true);
                self.push(") WITHIN GROUP (ORDER BY ");
                self.order_by(&x.order, &x.args, false);
            }
            AggregateKind::Normal => {
                if x.star {
                    self.push("*");
                } else {
                    let args = x.args.iter().filter(|arg| !arg.junk);
                    for (i, arg) in args.enumerate() {
                        if i > 0 {
                            match json {
                                // What JSON_OBJECTAGG's options became are arguments too.
                                Some(json) if json.object && i > 1 => break,
                                Some(json) if json.object => self.push(" : "),
                                Some(_) | None => self.push(", "),
                            }
                        }
                        if x.variadic && json.is_none() && i + 1 == x.arg_types.len() {
                            self.push("VARIADIC ");
                        }
                        self.rule_expr(&arg.expr, true);
                    }
                }
                if !x.order.is_empty() {
                    self.push(" ORDER BY ");
                    self.order_by(&x.order, &x.args, false);
                }
            }
        }
        if let Some(json) = json {
            self.push(json.options);
        }
        self.filter(x.filter.as_ref());
        self.push(")");
    }

    fn filter(&mut self, filter: Option<&'a Expr>) {
        if let Some(filter) = filter {
            self.push(") FILTER (WHERE ");
            self.rule_expr(filter, false);
        }
    }

    /// `get_windowfunc_expr_helper`
    pub(super) fn window_function(&mut self, x: &'a WindowFunc, json: Option<JsonAggregate<'_>>) {
        let name = match json {
            Some(json) => json.name.to_owned(),
            None => {
                let (names, types) = self.arguments(&x.args);
                self.generate_function_name(x.function, &names, &types, false)
            }
        };
        self.push(&name);
        self.push("(");
        match (json, x.args.as_slice()) {
            _ if x.star => self.push("*"),
            (Some(JsonAggregate { object: true, .. }), [key, value, ..]) => {
                self.rule_expr(key, false);
                self.push(" : ");
                self.rule_expr(value, false);
            }
            (_, args) => self.exprs(args, true),
        }
        if let Some(json) = json {
            self.push(json.options);
        }
        self.filter(x.filter.as_ref());
        self.push(") OVER ");
        let Some(window) = self.windows.iter().find(|window| window.winref == x.winref) else {
            if self.windows.is_empty() {
                self.push("(?)");
            } else {
                self.fail("the window of a call is not there");
            }
            return;
        };
        match &window.name {
            Some(name) => self.ident(name),
            None => self.window_spec(window, self.targets),
        }
    }
}

/// The modifier that a call applies which coerces a length (`nodeFuncs.c: exprIsLengthCoercion`).
fn length_coercion(x: &FuncExpr) -> i32 {
    if !matches!(x.args.len(), 2 | 3) {
        return -1;
    }
    match x.args.get(1) {
        Some(Expr::Const(second)) if second.ty.oid == t::INT4 => {
            second.value.as_ref().and_then(|value| value.parse().ok()).unwrap_or(-1)
        }
        _ => -1,
    }
}
