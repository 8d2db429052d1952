//! JSON_EXISTS, JSON_QUERY, JSON_VALUE and the work of JSON_TABLE (`transformJsonFuncExpr`, 17).

use super::super::super::coerce::{Coercion, make_const};
use super::super::super::error::fail;
use super::super::super::func::expression_returns_set;
use super::super::super::vars::find_var_of_level;
use super::super::super::{Analyzer, Exec};
use super::format;
use crate::catalog::tree::{
    CoercionContext, CoercionForm, Expr, JsonBehavior, JsonBehaviorType, JsonEncoding, JsonExpr, JsonExprOp,
    JsonFormatType, JsonReturning, JsonWrapper,
};
use crate::catalog::{Oid, TypeRef, type_oid as t};
use crate::replay::SqlError;
use crate::sql::ast::{self, JsonBehaviorKind, JsonFormatKind, JsonQuotes, Name};
use crate::sql::span::Loc;

/// The value that is searched.
pub(in super::super::super) enum JsonContext<'j> {
    /// One that is written.
    Written(&'j ast::JsonValue),
    /// A row of JSON_TABLE.
    Row(Expr),
}

/// A query function (`JsonFuncExpr`).
pub(in super::super::super) struct JsonFuncSpec<'j> {
    /// Which.
    pub op: JsonExprOp,
    /// The column of JSON_TABLE that it makes.
    pub column: Option<&'j Name>,
    /// The value that is searched.
    pub context: JsonContext<'j>,
    /// The path.
    pub path: &'j ast::Expr,
    /// PASSING.
    pub passing: &'j [ast::JsonPassing],
    /// RETURNING.
    pub output: Option<&'j ast::JsonOutput>,
    /// ON EMPTY.
    pub on_empty: Option<&'j ast::JsonBehavior>,
    /// ON ERROR.
    pub on_error: Option<&'j ast::JsonBehavior>,
    /// WRAPPER.
    pub wrapper: ast::JsonWrapper,
    /// QUOTES.
    pub quotes: JsonQuotes,
    /// Where it stands.
    pub loc: Loc,
}

impl<'j> JsonFuncSpec<'j> {
    /// One that is written.
    pub(super) fn of(func: &'j ast::JsonFunc, loc: Loc) -> JsonFuncSpec<'j> {
        JsonFuncSpec {
            op: match func.op {
                ast::JsonFuncOp::Exists => JsonExprOp::Exists,
                ast::JsonFuncOp::Query => JsonExprOp::Query,
                ast::JsonFuncOp::Value => JsonExprOp::Value,
            },
            column: None,
            context: JsonContext::Written(&func.context),
            path: &func.path,
            passing: &func.passing,
            output: func.output.as_ref(),
            on_empty: func.on_empty.as_ref(),
            on_error: func.on_error.as_ref(),
            wrapper: func.wrapper,
            quotes: func.quotes,
            loc,
        }
    }
}

fn behaviour(kind: JsonBehaviorKind) -> JsonBehaviorType {
    match kind {
        JsonBehaviorKind::Null => JsonBehaviorType::Null,
        JsonBehaviorKind::Error => JsonBehaviorType::Error,
        JsonBehaviorKind::Empty => JsonBehaviorType::Empty,
        JsonBehaviorKind::True => JsonBehaviorType::True,
        JsonBehaviorKind::False => JsonBehaviorType::False,
        JsonBehaviorKind::Unknown => JsonBehaviorType::Unknown,
        JsonBehaviorKind::EmptyArray => JsonBehaviorType::EmptyArray,
        JsonBehaviorKind::EmptyObject => JsonBehaviorType::EmptyObject,
        JsonBehaviorKind::Default => JsonBehaviorType::Default,
    }
}

impl Analyzer<'_> {
    /// A query function.
    pub(in super::super::super) fn transform_json_func(&mut self, func: &JsonFuncSpec<'_>) -> Exec<Expr> {
        let (name, default) = match func.op {
            JsonExprOp::Exists => ("JSON_EXISTS", JsonFormatType::Default),
            JsonExprOp::Query => ("JSON_QUERY", JsonFormatType::Jsonb),
            JsonExprOp::Value => ("JSON_VALUE", JsonFormatType::Default),
            JsonExprOp::Table => ("JSON_TABLE", JsonFormatType::Jsonb),
        };
        check_clauses(func, name)?;
        let (formatted, written) = match &func.context {
            JsonContext::Written(value) => {
                (self.transform_json_value(value, name, default, t::JSONB, false)?, value.format)
            }
            JsonContext::Row(row) => {
                let written = ast::JsonFormat::default();
                (self.json_value_expr(row.clone(), written, name, default, t::JSONB, false)?, written)
            }
        };
        let path = self.transform_expr_recurse(func.path)?;
        let (path_type, path_loc) = (self.type_of(&path), path.loc());
        let how = Coercion { context: CoercionContext::Explicit, form: CoercionForm::ImplicitCast, loc: path_loc };
        let Some(path) = self.coerce_to_target_type(path, path_type, t::JSONPATH, -1, how)? else {
            let ty = self.format_type(path_type);
            let message = format!("JSON path expression must be of type jsonpath, not of type {ty}");
            return fail("42804", message, path_loc);
        };
        let mut passing_names = Vec::with_capacity(func.passing.len());
        let mut passing_values = Vec::with_capacity(func.passing.len());
        for passing in func.passing {
            let jsonb = JsonFormatType::Jsonb;
            passing_values.push(self.transform_json_value(&passing.value, name, jsonb, Oid::INVALID, true)?);
            passing_names.push(passing.name.clone());
        }
        let mut returning = self.json_output(func.output, false)?;
        let default_type = match func.op {
            JsonExprOp::Exists => t::BOOL,
            JsonExprOp::Query | JsonExprOp::Table => t::JSONB,
            JsonExprOp::Value => t::TEXT,
        };
        if returning.ty.oid == Oid::INVALID {
            returning.ty = TypeRef::plain(default_type);
        }
        let ty = returning.ty.oid;
        let mut result = JsonExpr {
            op: func.op,
            column_name: func.column.cloned(),
            formatted,
            format: format(written),
            path,
            returning,
            passing_names,
            passing_values,
            on_empty: None,
            on_error: None,
            use_io_coercion: false,
            use_json_coercion: false,
            wrapper: JsonWrapper::Unspecified,
            omit_quotes: false,
            collation: self.env.catalog.type_collation(ty),
            at: func.loc.into(),
        };
        let null = JsonBehaviorType::Null;
        match func.op {
            JsonExprOp::Exists => {
                result.use_json_coercion = ty != t::BOOL;
                result.on_error = Some(self.json_behavior(func.on_error, JsonBehaviorType::False, returning)?);
            }
            JsonExprOp::Query => {
                result.omit_quotes = func.quotes == JsonQuotes::Omit;
                result.wrapper = match func.wrapper {
                    ast::JsonWrapper::Unspecified => JsonWrapper::Unspecified,
                    ast::JsonWrapper::Without => JsonWrapper::None,
                    ast::JsonWrapper::Conditional => JsonWrapper::Conditional,
                    ast::JsonWrapper::Unconditional => JsonWrapper::Unconditional,
                };
                result.use_json_coercion = ty != t::JSONB || result.omit_quotes;
                result.on_empty = Some(self.json_behavior(func.on_empty, null, returning)?);
                result.on_error = Some(self.json_behavior(func.on_error, null, returning)?);
            }
            JsonExprOp::Value => {
                returning.format.format = JsonFormatType::Default;
                returning.format.encoding = JsonEncoding::Default;
                result.returning = returning;
                result.omit_quotes = true;
                if ty != t::TEXT {
                    if self.domain_has_constraints(ty) {
                        result.use_json_coercion = true;
                    } else {
                        result.use_io_coercion = true;
                    }
                }
                result.on_empty = Some(self.json_behavior(func.on_empty, null, returning)?);
                result.on_error = Some(self.json_behavior(func.on_error, null, returning)?);
            }
            JsonExprOp::Table => {
                let default = JsonBehaviorType::EmptyArray;
                result.on_error = Some(self.json_behavior(func.on_error, default, returning)?);
            }
        }
        Ok(Expr::JsonExpr(Box::new(result)))
    }

    /// `typcache.c: DomainHasConstraints`
    fn domain_has_constraints(&self, ty: Oid) -> bool {
        let catalog = self.env.catalog;
        let mut ty = ty;
        while let Some(info) = catalog.type_info(ty).filter(|info| info.typtype == 'd') {
            if info.not_null || catalog.type_(ty).is_some_and(|ty| !ty.checks().is_empty()) {
                return true;
            }
            // The domains of information_schema that are checked.
            if ty.is_builtin() && matches!(info.name, "cardinal_number" | "yes_or_no") {
                return true;
            }
            ty = info.base;
        }
        false
    }

    /// What happens on empty or on error (`transformJsonBehavior`).
    fn json_behavior(
        &mut self,
        written: Option<&ast::JsonBehavior>,
        default: JsonBehaviorType,
        returning: JsonReturning,
    ) -> Exec<JsonBehavior> {
        let kind = written.map_or(default, |b| behaviour(b.kind));
        let loc = written.map_or(Loc::NONE, |b| b.loc);
        let target = returning.ty;
        let mut expr = match written.and_then(|b| b.default.as_ref()) {
            Some(value) if kind == JsonBehaviorType::Default => {
                let expr = self.transform_expr_recurse(value)?;
                let refuse = |message: &str| fail("42804", message, expr.loc());
                if !is_valid_default(&expr) {
                    return refuse(
                        "can only specify a constant, non-aggregate function, or operator expression for DEFAULT",
                    );
                }
                if find_var_of_level([&expr], 0).is_some() {
                    return refuse("DEFAULT expression must not contain column references");
                }
                if expression_returns_set(&expr) {
                    return refuse("DEFAULT expression must not return a set");
                }
                Some(expr)
            }
            _ => behaviour_constant(kind, loc),
        };
        let mut coerce = false;
        if let Some(value) = expr.take() {
            let ty = self.type_of(&value);
            let is_null = matches!(&value, Expr::Const(c) if c.value.is_none());
            expr = Some(if ty == target.oid {
                value
            } else if is_null || ty == t::JSONB || ty == t::BOOL && self.env.catalog.base_type(target.oid) != t::INT4 {
                // It is converted when it runs, from jsonb.
                coerce = true;
                if ty == t::BOOL {
                    make_const(t::JSONB, if kind == JsonBehaviorType::True { "true" } else { "false" })
                } else {
                    value
                }
            } else {
                let category = self.env.catalog.type_category(target.oid).0;
                let context =
                    if matches!(category, 'S' | 'V') { CoercionContext::Assignment } else { CoercionContext::Explicit };
                let value_loc = value.loc();
                let how = Coercion { context, form: CoercionForm::ExplicitCast, loc };
                match self.coerce_to_target_type(value, ty, target.oid, target.typmod, how)? {
                    Some(value) => value,
                    None => {
                        let (from, to) = (self.format_type(ty), self.format_type(target.oid));
                        let message = format!("cannot cast behavior expression of type {from} to {to}");
                        let mut error = SqlError::new("42846", message).at(value_loc);
                        if kind == JsonBehaviorType::Default {
                            error =
                                error.hint(format!("You will need to explicitly cast the expression to type {to}."));
                        }
                        return Err(error.into());
                    }
                }
            });
        }
        Ok(JsonBehavior { kind, expr, coerce, at: loc.into() })
    }
}

/// The value of a behaviour that has no DEFAULT (`GetJsonBehaviorConst`).
fn behaviour_constant(kind: JsonBehaviorType, loc: Loc) -> Option<Expr> {
    let mut constant = match kind {
        JsonBehaviorType::Error => return None,
        JsonBehaviorType::EmptyArray => make_const(t::JSONB, "[]"),
        JsonBehaviorType::EmptyObject => make_const(t::JSONB, "{}"),
        JsonBehaviorType::True => make_const(t::BOOL, "t"),
        JsonBehaviorType::False => make_const(t::BOOL, "f"),
        JsonBehaviorType::Null | JsonBehaviorType::Unknown | JsonBehaviorType::Empty | JsonBehaviorType::Default => {
            Expr::null(TypeRef::plain(t::INT4), Oid::INVALID)
        }
    };
    if let Expr::Const(constant) = &mut constant {
        constant.at = loc.into();
    }
    Some(constant)
}

/// `ValidJsonBehaviorDefaultExpr`
fn is_valid_default(expr: &Expr) -> bool {
    match expr {
        Expr::Const(_) | Expr::FuncExpr(_) | Expr::OpExpr(_) => true,
        Expr::RelabelType(x) => is_valid_default(&x.arg),
        Expr::CoerceViaIO(x) => is_valid_default(&x.arg),
        Expr::ArrayCoerceExpr(x) => is_valid_default(&x.arg),
        Expr::ConvertRowtypeExpr(x) => is_valid_default(&x.arg),
        Expr::CollateExpr(x) => is_valid_default(&x.arg),
        Expr::CoerceToDomain(x) => is_valid_default(&x.arg),
        _ => false,
    }
}

/// Clauses that a function cannot have.
fn check_clauses(func: &JsonFuncSpec<'_>, name: &str) -> Exec {
    if let Some(output) = func.output
        && func.op != JsonExprOp::Query
        && (output.format.kind != JsonFormatKind::Default || output.format.encoding != ast::JsonEncoding::Default)
    {
        let message = format!("cannot specify FORMAT JSON in RETURNING clause of {name}()");
        return fail("42601", message, output.format.loc);
    }
    if func.op == JsonExprOp::Query
        && func.quotes == JsonQuotes::Omit
        && matches!(func.wrapper, ast::JsonWrapper::Conditional | ast::JsonWrapper::Unconditional)
    {
        let message = "SQL/JSON QUOTES behavior must not be specified when WITH WRAPPER is used";
        return fail("42601", message, func.loc);
    }
    use JsonBehaviorKind as B;
    let (allowed, words, columns): (&[B], &str, &str) = match func.op {
        JsonExprOp::Query => (
            &[B::Error, B::Null, B::Empty, B::EmptyArray, B::EmptyObject, B::Default],
            "ERROR, NULL, EMPTY ARRAY, EMPTY OBJECT, or DEFAULT expression",
            "formatted columns",
        ),
        JsonExprOp::Exists => {
            (&[B::Error, B::True, B::False, B::Unknown], "ERROR, TRUE, FALSE, or UNKNOWN", "EXISTS columns")
        }
        JsonExprOp::Value => (&[B::Error, B::Null, B::Default], "ERROR, NULL, or DEFAULT expression", "scalar columns"),
        JsonExprOp::Table => return Ok(()),
    };
    let on_empty = if func.op == JsonExprOp::Exists { None } else { func.on_empty };
    for (clause, written) in [("ON EMPTY", on_empty), ("ON ERROR", func.on_error)] {
        let Some(written) = written else { continue };
        if allowed.contains(&written.kind) {
            continue;
        }
        let (of, place) = match func.column {
            None => (String::new(), format!("{name}()")),
            Some(column) => (format!(" for column \"{column}\""), columns.to_owned()),
        };
        let error = SqlError::new("42601", format!("invalid {clause} behavior{of}")).at(written.loc);
        // 17 says "is allowed in" for all functions.
        return Err(error.detail(format!("Only {words} is allowed in {clause} for {place}.")).into());
    }
    Ok(())
}
