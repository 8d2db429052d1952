//! SQL/JSON constructs.

use super::expr::not_an_expr;
use super::*;

impl Lowerer<'_> {
    /// An expression of SQL/JSON, or nothing if the node is none.
    pub(super) fn json_expr(&mut self, node: NodeEnum) -> Option<Expr> {
        let (json, location) = match node {
            NodeEnum::JsonObjectConstructor(object) => {
                let members = nodes(object.exprs).map(|node| match node {
                    NodeEnum::JsonKeyValue(pair) => self.json_key_value(Some(pair)),
                    _ => self.json_key_value(None),
                });
                let json = JsonExpr::Object(JsonObject {
                    members: members.to_vec(),
                    absent_on_null: object.absent_on_null,
                    unique: object.unique,
                    output: self.json_output(object.output),
                });
                (json, object.location)
            }
            NodeEnum::JsonArrayConstructor(array) => {
                let elements = nodes(array.exprs).map(|node| match node {
                    NodeEnum::JsonValueExpr(value) => self.json_value(Some(value)),
                    _ => self.json_value(None),
                });
                let json = JsonExpr::Array(JsonArray {
                    elements: elements.to_vec(),
                    absent_on_null: array.absent_on_null,
                    output: self.json_output(array.output),
                });
                (json, array.location)
            }
            NodeEnum::JsonArrayQueryConstructor(array) => {
                let json = JsonExpr::ArrayQuery(JsonArrayQuery {
                    query: Box::new(self.query_node(boxed(array.query))),
                    format: self.json_format(array.format),
                    absent_on_null: array.absent_on_null,
                    output: self.json_output(array.output),
                });
                (json, array.location)
            }
            NodeEnum::JsonObjectAgg(agg) => {
                let (shared, location) = self.json_agg(agg.constructor.map(|agg| *agg));
                let json = JsonExpr::ObjectAgg(JsonObjectAgg {
                    agg: shared,
                    member: self.json_key_value(agg.arg),
                    absent_on_null: agg.absent_on_null,
                    unique: agg.unique,
                });
                (json, location)
            }
            NodeEnum::JsonArrayAgg(agg) => {
                let (shared, location) = self.json_agg(agg.constructor.map(|agg| *agg));
                let json = JsonExpr::ArrayAgg(JsonArrayAgg {
                    agg: shared,
                    element: self.json_value(agg.arg),
                    absent_on_null: agg.absent_on_null,
                });
                (json, location)
            }
            NodeEnum::JsonIsPredicate(is) => {
                let item = match is.item_type() {
                    pg::JsonValueType::JsTypeAny | pg::JsonValueType::Undefined => JsonItem::Any,
                    pg::JsonValueType::JsTypeObject => JsonItem::Object,
                    pg::JsonValueType::JsTypeArray => JsonItem::Array,
                    pg::JsonValueType::JsTypeScalar => JsonItem::Scalar,
                };
                let json = JsonExpr::Is(JsonIs {
                    operand: self.expr(boxed(is.expr)),
                    format: self.json_format(is.format),
                    item,
                    unique: is.unique_keys,
                });
                (json, is.location)
            }
            NodeEnum::JsonParseExpr(parse) => {
                let json = JsonExpr::Parse(JsonParse {
                    value: self.json_value(parse.expr),
                    unique: parse.unique_keys,
                    output: self.json_output(parse.output),
                });
                (json, parse.location)
            }
            NodeEnum::JsonScalarExpr(scalar) => {
                let value = self.expr(boxed(scalar.expr));
                (JsonExpr::Scalar { value, output: self.json_output(scalar.output) }, scalar.location)
            }
            NodeEnum::JsonSerializeExpr(serialize) => {
                let value = self.json_value(serialize.expr);
                (JsonExpr::Serialize { value, output: self.json_output(serialize.output) }, serialize.location)
            }
            NodeEnum::JsonFuncExpr(func) => {
                let location = func.location;
                (JsonExpr::Func(self.json_func(*func)), location)
            }
            _ => return None,
        };
        Some(Expr { kind: ExprKind::Json(Box::new(json)), loc: self.loc(location) })
    }

    fn json_func(&mut self, func: pg::JsonFuncExpr) -> JsonFunc {
        let op = match func.op() {
            pg::JsonExprOp::JsonExistsOp => JsonFuncOp::Exists,
            pg::JsonExprOp::JsonQueryOp => JsonFuncOp::Query,
            pg::JsonExprOp::JsonValueOp => JsonFuncOp::Value,
            // JSON_TABLE's own is made by the analyser.
            pg::JsonExprOp::JsonTableOp | pg::JsonExprOp::Undefined => {
                self.unexpected();
                JsonFuncOp::Query
            }
        };
        let (wrapper, quotes) = (json_wrapper(func.wrapper()), json_quotes(func.quotes()));
        JsonFunc {
            op,
            context: self.json_value(func.context_item),
            path: self.expr(boxed(func.pathspec)),
            passing: self.json_passing(func.passing),
            output: self.json_output(func.output),
            on_empty: self.json_behavior(func.on_empty),
            on_error: self.json_behavior(func.on_error),
            wrapper,
            quotes,
        }
    }

    /// What the aggregates share, and the place, which stands there.
    fn json_agg(&mut self, agg: Option<pg::JsonAggConstructor>) -> (JsonAgg, i32) {
        let agg = agg.unwrap_or_else(|| {
            self.unexpected();
            pg::JsonAggConstructor { location: -1, ..Default::default() }
        });
        let shared = JsonAgg {
            output: self.json_output(agg.output),
            filter: self.expr_if_any(agg.agg_filter),
            order_by: self.sort_by_list(agg.agg_order),
            over: agg.over.map(|window| self.window_def(*window)),
        };
        (shared, agg.location)
    }

    fn json_value(&mut self, value: Option<Box<pg::JsonValueExpr>>) -> JsonValue {
        match value {
            Some(value) => JsonValue { expr: self.expr(boxed(value.raw_expr)), format: self.json_format(value.format) },
            None => {
                self.unexpected();
                JsonValue { expr: not_an_expr("missing", Loc::NONE), format: JsonFormat::default() }
            }
        }
    }

    fn json_key_value(&mut self, pair: Option<Box<pg::JsonKeyValue>>) -> JsonKeyValue {
        let pair = pair.map(|pair| *pair).unwrap_or_default();
        JsonKeyValue { key: self.expr(boxed(pair.key)), value: self.json_value(pair.value) }
    }

    fn json_format(&mut self, format: Option<pg::JsonFormat>) -> JsonFormat {
        let Some(format) = format else { return JsonFormat::default() };
        let kind = match format.format_type() {
            pg::JsonFormatType::JsFormatDefault | pg::JsonFormatType::Undefined => JsonFormatKind::Default,
            pg::JsonFormatType::JsFormatJson => JsonFormatKind::Json,
            pg::JsonFormatType::JsFormatJsonb => JsonFormatKind::Jsonb,
        };
        let encoding = match format.encoding() {
            pg::JsonEncoding::JsEncDefault | pg::JsonEncoding::Undefined => JsonEncoding::Default,
            pg::JsonEncoding::JsEncUtf8 => JsonEncoding::Utf8,
            pg::JsonEncoding::JsEncUtf16 => JsonEncoding::Utf16,
            pg::JsonEncoding::JsEncUtf32 => JsonEncoding::Utf32,
        };
        JsonFormat { kind, encoding, loc: self.loc(format.location) }
    }

    fn json_output(&mut self, output: Option<pg::JsonOutput>) -> Option<JsonOutput> {
        let output = output?;
        let format = output.returning.and_then(|returning| returning.format);
        Some(JsonOutput { ty: self.required_type(output.type_name), format: self.json_format(format) })
    }

    fn json_passing(&mut self, list: Vec<Node>) -> Vec<JsonPassing> {
        nodes(list)
            .filter_map(|node| match node {
                NodeEnum::JsonArgument(arg) => {
                    Some(JsonPassing { value: self.json_value(arg.val), name: arg.name.into() })
                }
                _ => {
                    self.unexpected();
                    None
                }
            })
            .to_vec()
    }

    fn json_behavior(&mut self, behavior: Option<Box<pg::JsonBehavior>>) -> Option<JsonBehavior> {
        let behavior = behavior?;
        let kind = match behavior.btype() {
            pg::JsonBehaviorType::JsonBehaviorNull => JsonBehaviorKind::Null,
            pg::JsonBehaviorType::JsonBehaviorError => JsonBehaviorKind::Error,
            pg::JsonBehaviorType::JsonBehaviorEmpty => JsonBehaviorKind::Empty,
            pg::JsonBehaviorType::JsonBehaviorTrue => JsonBehaviorKind::True,
            pg::JsonBehaviorType::JsonBehaviorFalse => JsonBehaviorKind::False,
            pg::JsonBehaviorType::JsonBehaviorUnknown => JsonBehaviorKind::Unknown,
            pg::JsonBehaviorType::JsonBehaviorEmptyArray => JsonBehaviorKind::EmptyArray,
            pg::JsonBehaviorType::JsonBehaviorEmptyObject => JsonBehaviorKind::EmptyObject,
            pg::JsonBehaviorType::JsonBehaviorDefault => JsonBehaviorKind::Default,
            pg::JsonBehaviorType::Undefined => {
                self.unexpected();
                return None;
            }
        };
        let loc = self.loc(behavior.location);
        Some(JsonBehavior { kind, default: self.expr_if_any(behavior.expr), loc })
    }

    /// `JSON_TABLE(…)` in FROM.
    pub(super) fn json_table(&mut self, table: pg::JsonTable) -> JsonTable {
        JsonTable {
            lateral: table.lateral,
            context: self.json_value(table.context_item),
            path: self.json_path_spec(table.pathspec),
            passing: self.json_passing(table.passing),
            columns: self.json_table_columns(table.columns),
            on_error: self.json_behavior(table.on_error),
            alias: self.alias(table.alias),
            loc: self.loc(table.location),
        }
    }

    fn json_table_columns(&mut self, list: Vec<Node>) -> Vec<JsonTableColumn> {
        nodes(list)
            .filter_map(|node| match node {
                NodeEnum::JsonTableColumn(column) => self.nested(|l| l.json_table_column(*column)).flatten(),
                _ => {
                    self.unexpected();
                    None
                }
            })
            .to_vec()
    }

    fn json_table_column(&mut self, column: pg::JsonTableColumn) -> Option<JsonTableColumn> {
        let loc = self.loc(column.location);
        let coltype = column.coltype();
        let kind = match coltype {
            pg::JsonTableColumnType::JtcForOrdinality => JsonTableColumnKind::ForOrdinality(column.name.into()),
            pg::JsonTableColumnType::JtcRegular | pg::JsonTableColumnType::JtcFormatted => {
                let (wrapper, quotes) = (json_wrapper(column.wrapper()), json_quotes(column.quotes()));
                let formatted = coltype == pg::JsonTableColumnType::JtcFormatted;
                JsonTableColumnKind::Regular {
                    name: column.name.into(),
                    ty: self.required_type(column.type_name),
                    format: formatted.then(|| self.json_format(column.format)),
                    path: column.pathspec.map(|path| self.json_path_spec(Some(path))),
                    wrapper,
                    quotes,
                    on_empty: self.json_behavior(column.on_empty),
                    on_error: self.json_behavior(column.on_error),
                }
            }
            pg::JsonTableColumnType::JtcExists => JsonTableColumnKind::Exists {
                name: column.name.into(),
                ty: self.required_type(column.type_name),
                path: column.pathspec.map(|path| self.json_path_spec(Some(path))),
                on_empty: self.json_behavior(column.on_empty),
                on_error: self.json_behavior(column.on_error),
            },
            pg::JsonTableColumnType::JtcNested => JsonTableColumnKind::Nested {
                path: self.json_path_spec(column.pathspec),
                columns: self.json_table_columns(column.columns),
            },
            pg::JsonTableColumnType::Undefined => {
                self.unexpected();
                return None;
            }
        };
        Some(JsonTableColumn { kind, loc })
    }

    fn json_path_spec(&mut self, path: Option<Box<pg::JsonTablePathSpec>>) -> JsonPathSpec {
        let path = path.map(|path| *path).unwrap_or_default();
        let name = name_if_any(path.name).map(|name| Ident { name, loc: self.loc(path.name_location) });
        JsonPathSpec { path: self.expr(boxed(path.string)), name, loc: self.loc(path.location) }
    }
}

fn json_wrapper(wrapper: pg::JsonWrapper) -> JsonWrapper {
    match wrapper {
        pg::JsonWrapper::JswUnspec | pg::JsonWrapper::Undefined => JsonWrapper::Unspecified,
        pg::JsonWrapper::JswNone => JsonWrapper::Without,
        pg::JsonWrapper::JswConditional => JsonWrapper::Conditional,
        pg::JsonWrapper::JswUnconditional => JsonWrapper::Unconditional,
    }
}

fn json_quotes(quotes: pg::JsonQuotes) -> JsonQuotes {
    match quotes {
        pg::JsonQuotes::JsQuotesUnspec | pg::JsonQuotes::Undefined => JsonQuotes::Unspecified,
        pg::JsonQuotes::JsQuotesKeep => JsonQuotes::Keep,
        pg::JsonQuotes::JsQuotesOmit => JsonQuotes::Omit,
    }
}
