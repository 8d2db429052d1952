//! SQL/JSON (`get_json_constructor` and its neighbours).

use super::constant::ShowType;
use super::context::Context;
use super::func::JsonAggregate;
use crate::catalog::tree::{
    Expr, JsonBehavior, JsonBehaviorType, JsonConstructorExpr, JsonConstructorType, JsonEncoding, JsonExpr, JsonExprOp,
    JsonFormat, JsonFormatType, JsonIsPredicate, JsonReturning, JsonValueType, JsonWrapper,
};
use crate::catalog::{Oid, type_oid as t};

impl<'a> Context<'a> {
    /// `get_json_format`
    pub(super) fn json_format(&mut self, format: JsonFormat) {
        self.push(match format.format {
            JsonFormatType::Default => return,
            JsonFormatType::Json => " FORMAT JSON",
            JsonFormatType::Jsonb => " FORMAT JSONB",
        });
        self.push(match format.encoding {
            JsonEncoding::Default => "",
            JsonEncoding::Utf8 => " ENCODING UTF8",
            JsonEncoding::Utf16 => " ENCODING UTF16",
            JsonEncoding::Utf32 => " ENCODING UTF32",
        });
    }

    /// `get_json_returning`
    fn json_returning(&mut self, returning: &JsonReturning, json_by_default: bool) {
        if returning.ty.oid == Oid::INVALID {
            return;
        }
        let ty = self.format_type(returning.ty);
        self.push(&format!(" RETURNING {ty}"));
        let usual = if returning.ty.oid == t::JSONB { JsonFormatType::Jsonb } else { JsonFormatType::Json };
        if !json_by_default || returning.format.format != usual {
            self.json_format(returning.format);
        }
    }

    /// `get_json_constructor`
    pub(super) fn json_constructor(&mut self, x: &'a JsonConstructorExpr) {
        let name = match x.kind {
            JsonConstructorType::Object => "JSON_OBJECT",
            JsonConstructorType::Array => "JSON_ARRAY",
            JsonConstructorType::Parse => "JSON",
            JsonConstructorType::Scalar => "JSON_SCALAR",
            JsonConstructorType::Serialize => "JSON_SERIALIZE",
            JsonConstructorType::ObjectAgg => return self.json_aggregate(x, "JSON_OBJECTAGG", true),
            JsonConstructorType::ArrayAgg => return self.json_aggregate(x, "JSON_ARRAYAGG", false),
        };
        self.push(name);
        self.push("(");
        for (i, arg) in x.args.iter().enumerate() {
            if i > 0 {
                let pair = x.kind == JsonConstructorType::Object && i % 2 != 0;
                self.push(if pair { " : " } else { ", " });
            }
            self.rule_expr(arg, true);
        }
        self.json_constructor_options(x);
        self.push(")");
    }

    /// `get_json_agg_constructor`
    fn json_aggregate(&mut self, x: &'a JsonConstructorExpr, name: &str, object: bool) {
        let (options, ()) = self.apart(|c| c.json_constructor_options(x));
        let json = Some(JsonAggregate { name, options: &options, object });
        match &x.func {
            Some(Expr::Aggref(call)) => self.aggregate(call, json),
            Some(Expr::WindowFunc(call)) => self.window_function(call, json),
            Some(_) | None => self.fail("a JSON aggregate without an aggregate"),
        }
    }

    /// `get_json_constructor_options`
    fn json_constructor_options(&mut self, x: &JsonConstructorExpr) {
        let (nulls, returning) = match x.kind {
            JsonConstructorType::Object | JsonConstructorType::ObjectAgg => {
                (if x.absent_on_null { " ABSENT ON NULL" } else { "" }, true)
            }
            JsonConstructorType::Array | JsonConstructorType::ArrayAgg => {
                (if x.absent_on_null { "" } else { " NULL ON NULL" }, true)
            }
            JsonConstructorType::Serialize => ("", true),
            JsonConstructorType::Parse | JsonConstructorType::Scalar => ("", false),
        };
        self.push(nulls);
        if x.unique {
            self.push(" WITH UNIQUE KEYS");
        }
        if returning {
            self.json_returning(&x.returning, true);
        }
    }

    pub(super) fn json_is_predicate(&mut self, node: &'a Expr, x: &'a JsonIsPredicate) {
        self.open();
        self.rule_expr_paren(&x.arg, true, node);
        self.push(match x.item {
            JsonValueType::Any => " IS JSON",
            JsonValueType::Object => " IS JSON OBJECT",
            JsonValueType::Array => " IS JSON ARRAY",
            JsonValueType::Scalar => " IS JSON SCALAR",
        });
        if x.unique_keys {
            self.push(" WITH UNIQUE KEYS");
        }
        self.close();
    }

    /// A query function (`get_rule_expr` of `T_JsonExpr`).
    pub(super) fn json_expr(&mut self, x: &'a JsonExpr, show_implicit: bool) {
        self.push(match x.op {
            JsonExprOp::Exists => "JSON_EXISTS(",
            JsonExprOp::Query => "JSON_QUERY(",
            JsonExprOp::Value => "JSON_VALUE(",
            JsonExprOp::Table => return self.fail("JSON_TABLE outside FROM"),
        });
        self.rule_expr(&x.formatted, show_implicit);
        self.push(", ");
        self.json_path(&x.path, show_implicit);
        if !x.passing_values.is_empty() {
            self.push(" PASSING ");
            self.list(x.passing_values.iter().zip(&x.passing_names), |c, (value, name)| {
                c.rule_expr(value, show_implicit);
                c.push(" AS ");
                c.ident(name);
            });
        }
        if x.op != JsonExprOp::Exists || x.returning.ty.oid != t::BOOL {
            self.json_returning(&x.returning, x.op == JsonExprOp::Query);
        }
        let usual = if x.op == JsonExprOp::Exists { JsonBehaviorType::False } else { JsonBehaviorType::Null };
        self.json_expr_options(x, usual);
        self.push(")");
    }

    /// `get_json_path_spec`
    pub(super) fn json_path(&mut self, path: &'a Expr, show_implicit: bool) {
        match path {
            Expr::Const(constant) => self.constant(constant, ShowType::Never),
            _ => self.rule_expr(path, show_implicit),
        }
    }

    /// `get_json_expr_options`
    pub(super) fn json_expr_options(&mut self, x: &'a JsonExpr, usual: JsonBehaviorType) {
        if x.op == JsonExprOp::Query {
            self.push(match x.wrapper {
                JsonWrapper::Unspecified | JsonWrapper::None => " WITHOUT WRAPPER",
                JsonWrapper::Conditional => " WITH CONDITIONAL WRAPPER",
                JsonWrapper::Unconditional => " WITH UNCONDITIONAL WRAPPER",
            });
            self.push(if x.omit_quotes { " OMIT QUOTES" } else { " KEEP QUOTES" });
        }
        for (behavior, on) in [(&x.on_empty, "EMPTY"), (&x.on_error, "ERROR")] {
            if let Some(behavior) = behavior
                && behavior.kind != usual
            {
                self.json_behavior(behavior, on);
            }
        }
    }

    /// `get_json_behavior`
    pub(super) fn json_behavior(&mut self, behavior: &'a JsonBehavior, on: &str) {
        self.push(match behavior.kind {
            JsonBehaviorType::Null => " NULL",
            JsonBehaviorType::Error => " ERROR",
            JsonBehaviorType::Empty => " EMPTY",
            JsonBehaviorType::True => " TRUE",
            JsonBehaviorType::False => " FALSE",
            JsonBehaviorType::Unknown => " UNKNOWN",
            JsonBehaviorType::EmptyArray => " EMPTY ARRAY",
            JsonBehaviorType::EmptyObject => " EMPTY OBJECT",
            JsonBehaviorType::Default => " DEFAULT ",
        });
        if behavior.kind == JsonBehaviorType::Default
            && let Some(value) = &behavior.expr
        {
            self.rule_expr(value, false);
        }
        self.push(&format!(" ON {on}"));
    }
}
