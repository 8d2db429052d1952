//! SQL/JSON: constructors, predicates, query functions and JSON_TABLE.

use super::*;

/// An expression of SQL/JSON with syntax of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum JsonExpr {
    /// `JSON_OBJECT(k: v, …)`; without colons and clauses it is an ordinary call.
    Object(JsonObject),
    /// `JSON_ARRAY(a, b, …)`
    Array(JsonArray),
    /// `JSON_ARRAY(SELECT …)`
    ArrayQuery(JsonArrayQuery),
    /// `JSON_OBJECTAGG(k: v …)`
    ObjectAgg(JsonObjectAgg),
    /// `JSON_ARRAYAGG(v …)`
    ArrayAgg(JsonArrayAgg),
    /// `a IS JSON …`; `IS NOT JSON` is a NOT around it.
    Is(JsonIs),
    /// `JSON(…)` (17)
    Parse(JsonParse),
    /// `JSON_SCALAR(…)` (17)
    Scalar {
        /// The value.
        value: Expr,
        /// `RETURNING`, which the grammar has not but the node has.
        output: Option<JsonOutput>,
    },
    /// `JSON_SERIALIZE(…)` (17)
    Serialize {
        /// The value.
        value: JsonValue,
        /// `RETURNING`.
        output: Option<JsonOutput>,
    },
    /// `JSON_EXISTS`, `JSON_QUERY`, `JSON_VALUE` (17)
    Func(JsonFunc),
}

impl JsonExpr {
    /// The construct's name, as ruleutils.c and errors have it.
    pub fn what(&self) -> &'static str {
        match self {
            JsonExpr::Object(_) => "JSON_OBJECT",
            JsonExpr::Array(_) | JsonExpr::ArrayQuery(_) => "JSON_ARRAY",
            JsonExpr::ObjectAgg(_) => "JSON_OBJECTAGG",
            JsonExpr::ArrayAgg(_) => "JSON_ARRAYAGG",
            JsonExpr::Is(_) => "IS JSON",
            JsonExpr::Parse(_) => "JSON",
            JsonExpr::Scalar { .. } => "JSON_SCALAR",
            JsonExpr::Serialize { .. } => "JSON_SERIALIZE",
            JsonExpr::Func(func) => func.op.name(),
        }
    }
}

/// `FORMAT JSON [ENCODING …]` (`JsonFormat`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct JsonFormat {
    /// What is written.
    pub kind: JsonFormatKind,
    /// `ENCODING`.
    pub encoding: JsonEncoding,
    /// Where it stands.
    pub loc: Loc,
}

/// The formats of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum JsonFormatKind {
    /// Nothing is written.
    #[default]
    Default,
    /// `FORMAT JSON`
    Json,
    /// Never written: what the analyser makes of `RETURNING jsonb`.
    Jsonb,
}

/// The encodings of a value in `bytea`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum JsonEncoding {
    /// Nothing is written.
    #[default]
    Default,
    /// `UTF8`
    Utf8,
    /// `UTF16`
    Utf16,
    /// `UTF32`
    Utf32,
}

/// A value with its format (`JsonValueExpr`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonValue {
    /// The value.
    pub expr: Expr,
    /// `FORMAT JSON`.
    pub format: JsonFormat,
}

/// `RETURNING type [FORMAT JSON …]` (`JsonOutput`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonOutput {
    /// The type.
    pub ty: TypeName,
    /// Its format.
    pub format: JsonFormat,
}

/// `k: v`, `k VALUE v` (`JsonKeyValue`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonKeyValue {
    /// The key.
    pub key: Expr,
    /// The value.
    pub value: JsonValue,
}

/// `JSON_OBJECT(…)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonObject {
    /// The members.
    pub members: Vec<JsonKeyValue>,
    /// `ABSENT ON NULL`.
    pub absent_on_null: bool,
    /// `WITH UNIQUE KEYS`.
    pub unique: bool,
    /// `RETURNING`.
    pub output: Option<JsonOutput>,
}

/// `JSON_ARRAY(a, b, …)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonArray {
    /// The elements.
    pub elements: Vec<JsonValue>,
    /// `ABSENT ON NULL`, the default.
    pub absent_on_null: bool,
    /// `RETURNING`.
    pub output: Option<JsonOutput>,
}

/// `JSON_ARRAY(SELECT …)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonArrayQuery {
    /// The query.
    pub query: Box<Query>,
    /// `FORMAT JSON`.
    pub format: JsonFormat,
    /// `ABSENT ON NULL`: the grammar always sets it.
    pub absent_on_null: bool,
    /// `RETURNING`.
    pub output: Option<JsonOutput>,
}

/// What `JSON_OBJECTAGG` and `JSON_ARRAYAGG` share (`JsonAggConstructor`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonAgg {
    /// `RETURNING`.
    pub output: Option<JsonOutput>,
    /// `FILTER (WHERE …)`.
    pub filter: Option<Expr>,
    /// `ORDER BY`.
    pub order_by: Vec<SortBy>,
    /// `OVER …`.
    pub over: Option<WindowDef>,
}

/// `JSON_OBJECTAGG(…)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonObjectAgg {
    /// What all aggregates have.
    pub agg: JsonAgg,
    /// The member.
    pub member: JsonKeyValue,
    /// `ABSENT ON NULL`.
    pub absent_on_null: bool,
    /// `WITH UNIQUE KEYS`.
    pub unique: bool,
}

/// `JSON_ARRAYAGG(…)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonArrayAgg {
    /// What all aggregates have.
    pub agg: JsonAgg,
    /// The element.
    pub element: JsonValue,
    /// `ABSENT ON NULL`, the default.
    pub absent_on_null: bool,
}

/// `a IS JSON [VALUE|OBJECT|ARRAY|SCALAR] [WITH UNIQUE KEYS]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonIs {
    /// The value.
    pub operand: Expr,
    /// Its format; the grammar always gives the default.
    pub format: JsonFormat,
    /// Which kind of value.
    pub item: JsonItem,
    /// `WITH UNIQUE KEYS`.
    pub unique: bool,
}

/// The kinds of value of `IS JSON`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonItem {
    /// `VALUE`, or nothing
    Any,
    /// `OBJECT`
    Object,
    /// `ARRAY`
    Array,
    /// `SCALAR`
    Scalar,
}

/// `JSON(…)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonParse {
    /// The value.
    pub value: JsonValue,
    /// `WITH UNIQUE KEYS`.
    pub unique: bool,
    /// `RETURNING`, which the grammar has not but the node has.
    pub output: Option<JsonOutput>,
}

/// The query functions (`JsonExprOp`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonFuncOp {
    /// `JSON_EXISTS`
    Exists,
    /// `JSON_QUERY`
    Query,
    /// `JSON_VALUE`
    Value,
}

impl JsonFuncOp {
    /// The function's name.
    pub fn name(self) -> &'static str {
        match self {
            JsonFuncOp::Exists => "JSON_EXISTS",
            JsonFuncOp::Query => "JSON_QUERY",
            JsonFuncOp::Value => "JSON_VALUE",
        }
    }
}

/// `JSON_EXISTS(…)`, `JSON_QUERY(…)`, `JSON_VALUE(…)` (`JsonFuncExpr`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonFunc {
    /// Which of them.
    pub op: JsonFuncOp,
    /// The value that is searched.
    pub context: JsonValue,
    /// The path.
    pub path: Expr,
    /// `PASSING value AS name, …`.
    pub passing: Vec<JsonPassing>,
    /// `RETURNING`.
    pub output: Option<JsonOutput>,
    /// `… ON EMPTY`.
    pub on_empty: Option<JsonBehavior>,
    /// `… ON ERROR`.
    pub on_error: Option<JsonBehavior>,
    /// `WITH WRAPPER`.
    pub wrapper: JsonWrapper,
    /// `KEEP QUOTES`, `OMIT QUOTES`.
    pub quotes: JsonQuotes,
}

/// An element of PASSING (`JsonArgument`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonPassing {
    /// The value.
    pub value: JsonValue,
    /// The variable.
    pub name: Name,
}

/// What happens on empty or on error (`JsonBehavior`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonBehavior {
    /// What.
    pub kind: JsonBehaviorKind,
    /// The value of `DEFAULT`.
    pub default: Option<Expr>,
    /// Where it stands.
    pub loc: Loc,
}

/// The kinds of behaviour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonBehaviorKind {
    /// `NULL`
    Null,
    /// `ERROR`
    Error,
    /// Never written: `EMPTY` of JSON_TABLE is an empty array.
    Empty,
    /// `TRUE`
    True,
    /// `FALSE`
    False,
    /// `UNKNOWN`
    Unknown,
    /// `EMPTY ARRAY`, `EMPTY`
    EmptyArray,
    /// `EMPTY OBJECT`
    EmptyObject,
    /// `DEFAULT expr`
    Default,
}

/// `WITH WRAPPER` (`JsonWrapper`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonWrapper {
    /// Nothing is written.
    Unspecified,
    /// `WITHOUT WRAPPER`
    Without,
    /// `WITH CONDITIONAL WRAPPER`
    Conditional,
    /// `WITH [UNCONDITIONAL] WRAPPER`
    Unconditional,
}

/// `KEEP QUOTES` (`JsonQuotes`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonQuotes {
    /// Nothing is written.
    Unspecified,
    /// `KEEP QUOTES`
    Keep,
    /// `OMIT QUOTES`
    Omit,
}

/// A path of JSON_TABLE and its name (`JsonTablePathSpec`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonPathSpec {
    /// The path: a string literal.
    pub path: Expr,
    /// `AS name`.
    pub name: Option<Ident>,
    /// Where it stands.
    pub loc: Loc,
}

/// `JSON_TABLE(…)` in FROM (17).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonTable {
    /// `LATERAL`.
    pub lateral: bool,
    /// The value that is searched.
    pub context: JsonValue,
    /// The path of the rows.
    pub path: JsonPathSpec,
    /// `PASSING value AS name, …`.
    pub passing: Vec<JsonPassing>,
    /// `COLUMNS (…)`.
    pub columns: Vec<JsonTableColumn>,
    /// `… ON ERROR`.
    pub on_error: Option<JsonBehavior>,
    /// `AS alias (columns)`.
    pub alias: Option<Alias>,
    /// Where it stands.
    pub loc: Loc,
}

/// An element of COLUMNS of JSON_TABLE.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonTableColumn {
    /// What it is.
    pub kind: JsonTableColumnKind,
    /// Where it stands.
    pub loc: Loc,
}

/// The kinds of column of JSON_TABLE.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum JsonTableColumnKind {
    /// `name FOR ORDINALITY`
    ForOrdinality(Name),
    /// `name type [FORMAT JSON] [PATH …] …`
    Regular {
        /// Its name.
        name: Name,
        /// Its type.
        ty: TypeName,
        /// `FORMAT JSON` is written, with its encoding (`JTC_FORMATTED`).
        format: Option<JsonFormat>,
        /// `PATH`.
        path: Option<JsonPathSpec>,
        /// `WITH WRAPPER`.
        wrapper: JsonWrapper,
        /// `KEEP QUOTES`, `OMIT QUOTES`.
        quotes: JsonQuotes,
        /// `… ON EMPTY`.
        on_empty: Option<JsonBehavior>,
        /// `… ON ERROR`.
        on_error: Option<JsonBehavior>,
    },
    /// `name type EXISTS [PATH …] …`
    Exists {
        /// Its name.
        name: Name,
        /// Its type.
        ty: TypeName,
        /// `PATH`.
        path: Option<JsonPathSpec>,
        /// `… ON EMPTY`.
        on_empty: Option<JsonBehavior>,
        /// `… ON ERROR`.
        on_error: Option<JsonBehavior>,
    },
    /// `NESTED [PATH] path COLUMNS (…)`
    Nested {
        /// The path.
        path: JsonPathSpec,
        /// Its columns.
        columns: Vec<JsonTableColumn>,
    },
}
