//! SQL/JSON (`parse_expr.c: transformJson…` of 16 and later).

mod func;
mod output;

pub(in super::super) use func::{JsonContext, JsonFuncSpec};

use super::super::coerce::{Coercion, make_const};
use super::super::error::{fail, unknown};
use super::super::{Analyzer, Exec, ExprKind};
use crate::catalog::tree::{
    Aggref, AggregateKind, CoercionForm, Expr, FuncExpr, JsonConstructorType, JsonEncoding, JsonFormat, JsonFormatType,
    JsonIsPredicate, JsonReturning, JsonValueExpr, JsonValueType, WindowFunc,
};
use crate::catalog::{Oid, PG_CATALOG, TypeRef, type_oid as t};
use crate::sql::ast::{self, JsonAgg, JsonEncoding as Encoding, JsonFormatKind, JsonItem, JsonValue};
use crate::sql::span::Loc;

/// A constructor's clauses.
#[derive(Clone, Copy)]
struct Constructor {
    kind: JsonConstructorType,
    unique: bool,
    absent_on_null: bool,
    loc: Loc,
}

pub(super) fn format(format: ast::JsonFormat) -> JsonFormat {
    JsonFormat {
        format: match format.kind {
            JsonFormatKind::Default => JsonFormatType::Default,
            JsonFormatKind::Json => JsonFormatType::Json,
            JsonFormatKind::Jsonb => JsonFormatType::Jsonb,
        },
        encoding: match format.encoding {
            Encoding::Default => JsonEncoding::Default,
            Encoding::Utf8 => JsonEncoding::Utf8,
            Encoding::Utf16 => JsonEncoding::Utf16,
            Encoding::Utf32 => JsonEncoding::Utf32,
        },
    }
}

impl Analyzer<'_> {
    /// A construct of SQL/JSON.
    pub(super) fn transform_json(&mut self, json: &ast::JsonExpr, loc: Loc) -> Exec<Expr> {
        match json {
            ast::JsonExpr::Object(object) => {
                let mut args = Vec::with_capacity(object.members.len() * 2);
                for member in &object.members {
                    args.push(self.transform_expr_recurse(&member.key)?);
                    args.push(self.json_value(&member.value, "JSON_OBJECT()")?);
                }
                let returning = self.json_constructor_output(object.output.as_ref(), &args)?;
                let constructor = Constructor {
                    kind: JsonConstructorType::Object,
                    unique: object.unique,
                    absent_on_null: object.absent_on_null,
                    loc,
                };
                self.make_json_constructor(constructor, args, None, returning)
            }
            ast::JsonExpr::Array(array) => {
                let mut args = Vec::with_capacity(array.elements.len());
                for element in &array.elements {
                    args.push(self.json_value(element, "JSON_ARRAY()")?);
                }
                let returning = self.json_constructor_output(array.output.as_ref(), &args)?;
                let kind = JsonConstructorType::Array;
                let constructor = Constructor { kind, unique: false, absent_on_null: array.absent_on_null, loc };
                self.make_json_constructor(constructor, args, None, returning)
            }
            ast::JsonExpr::ArrayQuery(array) => self.json_array_query(array, loc),
            ast::JsonExpr::ObjectAgg(agg) => {
                let key = self.transform_expr_recurse(&agg.member.key)?;
                let value = self.json_value(&agg.member.value, "JSON_OBJECTAGG()")?;
                let args = vec![key, value];
                let returning = self.json_constructor_output(agg.agg.output.as_ref(), &args)?;
                let name = match (agg.unique, agg.absent_on_null) {
                    (false, false) => "object_agg",
                    (false, true) => "object_agg_strict",
                    (true, false) => "object_agg_unique",
                    (true, true) => "object_agg_unique_strict",
                };
                let constructor = Constructor {
                    kind: JsonConstructorType::ObjectAgg,
                    unique: agg.unique,
                    absent_on_null: agg.absent_on_null,
                    loc,
                };
                self.json_agg(constructor, &agg.agg, name, args, returning)
            }
            ast::JsonExpr::ArrayAgg(agg) => {
                let args = vec![self.json_value(&agg.element, "JSON_ARRAYAGG()")?];
                let returning = self.json_constructor_output(agg.agg.output.as_ref(), &args)?;
                let name = if agg.absent_on_null { "agg_strict" } else { "agg" };
                let kind = JsonConstructorType::ArrayAgg;
                let constructor = Constructor { kind, unique: false, absent_on_null: agg.absent_on_null, loc };
                self.json_agg(constructor, &agg.agg, name, args, returning)
            }
            ast::JsonExpr::Is(is) => {
                let (arg, ty) = self.json_parse_arg(&is.operand, is.format)?;
                if !matches!(ty, t::TEXT | t::JSON | t::JSONB) {
                    let ty = self.format_type(ty);
                    return fail("42804", format!("cannot use type {ty} in IS JSON predicate"), Loc::NONE);
                }
                let item = match is.item {
                    JsonItem::Any => JsonValueType::Any,
                    JsonItem::Object => JsonValueType::Object,
                    JsonItem::Array => JsonValueType::Array,
                    JsonItem::Scalar => JsonValueType::Scalar,
                };
                Ok(Expr::JsonIsPredicate(Box::new(JsonIsPredicate {
                    arg,
                    format: JsonFormat::default(),
                    item,
                    unique_keys: is.unique,
                    at: loc.into(),
                })))
            }
            ast::JsonExpr::Parse(parse) => {
                let returning = self.json_returning(parse.output.as_ref(), "JSON()")?;
                let arg = if parse.unique {
                    let (arg, ty) = self.json_parse_arg(&parse.value.expr, parse.value.format)?;
                    if ty != t::TEXT {
                        return fail("42804", "cannot use non-string types with WITH UNIQUE KEYS clause", loc);
                    }
                    arg
                } else {
                    let (kind, target) = (JsonFormatType::Json, returning.ty.oid);
                    self.transform_json_value(&parse.value, "JSON()", kind, target, false)?
                };
                let kind = JsonConstructorType::Parse;
                let constructor = Constructor { kind, unique: parse.unique, absent_on_null: false, loc };
                self.make_json_constructor(constructor, vec![arg], None, returning)
            }
            ast::JsonExpr::Scalar { value, output } => {
                let mut arg = self.transform_expr_recurse(value)?;
                let returning = self.json_returning(output.as_ref(), "JSON_SCALAR()")?;
                if self.type_of(&arg) == t::UNKNOWN {
                    arg = self.coerce_to_specific_type(arg, t::TEXT, "JSON_SCALAR")?;
                }
                let kind = JsonConstructorType::Scalar;
                let constructor = Constructor { kind, unique: false, absent_on_null: false, loc };
                self.make_json_constructor(constructor, vec![arg], None, returning)
            }
            ast::JsonExpr::Serialize { value, output } => {
                let kind = JsonFormatType::Json;
                let arg = self.transform_json_value(value, "JSON_SERIALIZE()", kind, Oid::INVALID, false)?;
                let returning = self.json_serialize_output(output.as_ref())?;
                let kind = JsonConstructorType::Serialize;
                let constructor = Constructor { kind, unique: false, absent_on_null: false, loc };
                self.make_json_constructor(constructor, vec![arg], None, returning)
            }
            ast::JsonExpr::Func(func) => self.transform_json_func(&JsonFuncSpec::of(func, loc)),
        }
    }

    /// A value of a constructor.
    fn json_value(&mut self, value: &JsonValue, construct: &str) -> Exec<Expr> {
        self.transform_json_value(value, construct, JsonFormatType::Default, Oid::INVALID, false)
    }

    /// A function of PostgreSQL's own by its name.
    fn json_function(&self, name: &str) -> Exec<Oid> {
        let mut found = self.env.catalog.functions_by_name(PG_CATALOG, name);
        found.next().map(|f| f.oid()).ok_or_else(|| unknown(format!("there is no function {name}")))
    }

    /// A call of a function of PostgreSQL's own.
    fn json_call(&self, name: &str, result: Oid, args: Vec<Expr>, loc: Loc) -> Exec<Expr> {
        Ok(Expr::FuncExpr(Box::new(FuncExpr {
            function: self.json_function(name)?,
            ty: TypeRef::plain(result),
            returns_set: false,
            variadic: false,
            form: CoercionForm::ExplicitCall,
            collation: Oid::INVALID,
            input_collation: Oid::INVALID,
            args,
            at: loc.into(),
        })))
    }

    /// JSON in `bytea` as text (`makeJsonByteaToTextConversion`).
    fn json_bytea_to_text(&self, arg: Expr, format: JsonFormat, loc: Loc) -> Exec<Expr> {
        let encoding = self.json_encoding(format);
        self.json_call("convert_from", t::TEXT, vec![arg, encoding], loc)
    }

    /// `getJsonEncodingConst`
    fn json_encoding(&self, format: JsonFormat) -> Expr {
        make_const(
            t::NAME,
            match format.encoding {
                JsonEncoding::Default | JsonEncoding::Utf8 => "UTF8",
                JsonEncoding::Utf16 => "UTF16",
                JsonEncoding::Utf32 => "UTF32",
            },
        )
    }

    /// A text that is parsed as JSON, and its type (`transformJsonParseArg`).
    fn json_parse_arg(&mut self, arg: &ast::Expr, written: ast::JsonFormat) -> Exec<(Expr, Oid)> {
        let raw = self.transform_expr_recurse(arg)?;
        let ty = self.type_of(&raw);
        if ty == t::BYTEA {
            let format = format(written);
            let formatted = self.json_bytea_to_text(raw.clone(), format, raw.loc())?;
            return Ok((Expr::JsonValueExpr(Box::new(JsonValueExpr { raw, formatted, format })), t::TEXT));
        }
        let mut result = (raw, ty);
        if ty == t::UNKNOWN || self.env.catalog.type_category(ty).0 == 'S' {
            let text = self.coerce_to_target_type(result.0, ty, t::TEXT, -1, Coercion::IMPLICIT)?;
            result = (text.ok_or_else(|| unknown("a string is not text"))?, t::TEXT);
        }
        if written.encoding != Encoding::Default {
            let message = "cannot use JSON FORMAT ENCODING clause for non-bytea input types";
            return fail("42804", message, written.loc);
        }
        Ok(result)
    }

    /// A value with its format (`transformJsonValueExpr`). With a target type it is cast to that, else made JSON where
    /// `default` or what is written says so. `passing` is for arguments of PASSING.
    pub(in super::super) fn transform_json_value(
        &mut self,
        value: &JsonValue,
        construct: &str,
        default: JsonFormatType,
        target: Oid,
        passing: bool,
    ) -> Exec<Expr> {
        let expr = self.transform_expr_recurse(&value.expr)?;
        self.json_value_expr(expr, value.format, construct, default, target, passing)
    }

    /// The same of a value that is analysed already.
    fn json_value_expr(
        &mut self,
        expr: Expr,
        written: ast::JsonFormat,
        construct: &str,
        default: JsonFormatType,
        target: Oid,
        passing: bool,
    ) -> Exec<Expr> {
        let mut expr = expr;
        if self.type_of(&expr) == t::UNKNOWN {
            expr = self.coerce_to_specific_type(expr, t::TEXT, construct)?;
        }
        let mut ty = self.type_of(&expr);
        let loc = expr.loc();
        let string = self.env.catalog.type_category(ty).0 == 'S';
        let is_json = matches!(ty, t::JSON | t::JSONB);
        let asked = format(written);
        let kind = if asked.format != JsonFormatType::Default {
            if asked.encoding != JsonEncoding::Default && ty != t::BYTEA {
                let message = "JSON ENCODING clause is only allowed for bytea input type";
                return fail("42804", message, written.loc);
            }
            if is_json { JsonFormatType::Default } else { asked.format }
        } else if passing {
            let direct = matches!(
                ty,
                t::BOOL
                    | t::NUMERIC
                    | t::INT2
                    | t::INT4
                    | t::INT8
                    | t::FLOAT4
                    | t::FLOAT8
                    | t::TEXT
                    | t::VARCHAR
                    | t::DATE
                    | t::TIME
                    | t::TIMETZ
                    | t::TIMESTAMP
                    | t::TIMESTAMPTZ
            );
            if direct || string {
                return Ok(expr);
            }
            default
        } else if is_json {
            JsonFormatType::Default
        } else {
            default
        };
        let cast_only = target != Oid::INVALID;
        if kind == JsonFormatType::Default && (!cast_only || ty == target) {
            return Ok(expr);
        }
        if !passing && !cast_only && ty != t::BYTEA && !string {
            let which = if asked.format == JsonFormatType::Default { "implicit" } else { "explicit" };
            let loc = if written.loc == Loc::NONE { loc } else { written.loc };
            return fail("42804", format!("cannot use non-string types with {which} FORMAT JSON clause"), loc);
        }
        let raw = expr.clone();
        if kind == JsonFormatType::Json && ty == t::BYTEA {
            expr = self.json_bytea_to_text(expr, asked, loc)?;
            ty = t::TEXT;
        }
        let target = match target {
            Oid::INVALID if kind == JsonFormatType::Jsonb => t::JSONB,
            Oid::INVALID => t::JSON,
            target => target,
        };
        let formatted = match self.coerce_to_target_type(expr.clone(), ty, target, -1, Coercion::cast(loc))? {
            Some(formatted) => formatted,
            None if cast_only => {
                let (from, to) = (self.format_type(ty), self.format_type(target));
                return fail("42846", format!("cannot cast type {from} to {to}"), loc);
            }
            None => {
                let name = if target == t::JSON { "to_json" } else { "to_jsonb" };
                self.json_call(name, target, vec![expr.clone()], loc)?
            }
        };
        if ty == target {
            return Ok(raw);
        }
        Ok(Expr::JsonValueExpr(Box::new(JsonValueExpr { raw, formatted, format: asked })))
    }

    /// `JSON_ARRAY(SELECT …)` (`transformJsonArrayQueryConstructor`): `(SELECT JSON_ARRAYAGG(q.a) FROM (query) q(a))`.
    fn json_array_query(&mut self, array: &ast::JsonArrayQuery, loc: Loc) -> Exec<Expr> {
        let query = self.parse_sub_analyze(&array.query)?;
        if query.result_targets().count() != 1 {
            return fail("42601", "subquery must return only one column", loc);
        }
        let column = ast::Expr { kind: ast::ExprKind::Column(vec!["q".into(), "a".into()]), loc };
        let agg = ast::JsonExpr::ArrayAgg(ast::JsonArrayAgg {
            agg: JsonAgg { output: array.output.clone(), filter: None, order_by: Vec::new(), over: None },
            element: JsonValue { expr: column, format: array.format },
            absent_on_null: array.absent_on_null,
        });
        let target = ast::Target {
            name: None,
            indirection: Vec::new(),
            value: Some(ast::Expr { kind: ast::ExprKind::Json(Box::new(agg)), loc }),
            loc,
        };
        let alias = ast::Alias { name: "q".into(), columns: vec!["a".into()] };
        let from = ast::TableRef::Subquery { lateral: false, query: array.query.clone(), alias: Some(alias) };
        let select = ast::Select {
            distinct: ast::Distinct::No,
            targets: vec![target],
            into: None,
            from: vec![from],
            filter: None,
            group_by: Vec::new(),
            group_distinct: false,
            having: None,
            windows: Vec::new(),
        };
        let query = ast::Query {
            with: None,
            body: ast::QueryBody::Select(Box::new(select)),
            order_by: Vec::new(),
            limit: None,
            with_ties: false,
            offset: None,
            locking: Vec::new(),
        };
        self.transform_sub_link(&ast::SubLinkKind::Scalar, &query, loc)
    }

    /// `transformJsonAggConstructor`
    fn json_agg(
        &mut self,
        constructor: Constructor,
        agg: &JsonAgg,
        name: &str,
        args: Vec<Expr>,
        returning: JsonReturning,
    ) -> Exec<Expr> {
        let (prefix, ty) =
            if returning.format.format == JsonFormatType::Jsonb { ("jsonb_", t::JSONB) } else { ("json_", t::JSON) };
        let function = self.json_function(&format!("{prefix}{name}"))?;
        let ty = TypeRef::plain(ty);
        let filter = match &agg.filter {
            None => None,
            Some(filter) => {
                let filter = self.transform_expr(filter, ExprKind::Filter)?;
                Some(self.coerce_to_boolean(filter, "FILTER")?)
            }
        };
        let loc = constructor.loc;
        let func = match &agg.over {
            Some(over) => {
                if !agg.order_by.is_empty() {
                    let message = "aggregate ORDER BY is not implemented for window functions";
                    return fail("0A000", message, loc);
                }
                let call = WindowFunc {
                    function,
                    ty,
                    collation: Oid::INVALID,
                    input_collation: Oid::INVALID,
                    args,
                    filter,
                    winref: 0,
                    star: false,
                    aggregate: true,
                    at: loc.into(),
                };
                Expr::WindowFunc(Box::new(self.transform_window_func_call(call, over)?))
            }
            None => {
                let aggref = Aggref {
                    function,
                    ty,
                    collation: Oid::INVALID,
                    input_collation: Oid::INVALID,
                    arg_types: Vec::new(),
                    direct_args: Vec::new(),
                    args: Vec::new(),
                    order: Vec::new(),
                    distinct: Vec::new(),
                    filter,
                    star: false,
                    variadic: false,
                    kind: AggregateKind::Normal,
                    levels_up: 0,
                    at: loc.into(),
                };
                Expr::Aggref(Box::new(self.transform_aggregate_call(aggref, args, &agg.order_by, false)?))
            }
        };
        self.make_json_constructor(constructor, Vec::new(), Some(func), returning)
    }
}
