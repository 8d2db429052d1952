//! Scalar expressions (`primnodes.h`).

use super::{At, Query, SortGroupClause};
pub use crate::catalog::AggregateKind;
use crate::catalog::{AttrNumber, Oid, TypeRef};
use crate::sql::ast::{BooleanTest as BooleanTestKind, Name, SqlValueFunc};

/// A typed expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expr {
    /// A column.
    Var(Box<Var>),
    /// A constant.
    Const(Box<Const>),
    /// A parameter: `$1` of a SQL function.
    Param(Box<Param>),
    /// An aggregate.
    Aggref(Box<Aggref>),
    /// `GROUPING(…)`
    GroupingFunc(Box<GroupingFunc>),
    /// A window function.
    WindowFunc(Box<WindowFunc>),
    /// `MERGE_ACTION()` (17).
    MergeSupportFunc(Box<MergeSupportFunc>),
    /// `a[1]`, `a[1:2]`, `j['k']`
    SubscriptingRef(Box<SubscriptingRef>),
    /// A function call, or a cast that is one.
    FuncExpr(Box<FuncExpr>),
    /// `name => value`
    NamedArgExpr(Box<NamedArgExpr>),
    /// An operator.
    OpExpr(Box<OpExpr>),
    /// `a IS DISTINCT FROM b`, by its `=` operator.
    DistinctExpr(Box<OpExpr>),
    /// `NULLIF(a, b)`, by its `=` operator; its type is that of the first argument.
    NullIfExpr(Box<OpExpr>),
    /// `a op ANY (array)`, `a op ALL (array)`, and `IN` lists that became one.
    ScalarArrayOpExpr(Box<ScalarArrayOpExpr>),
    /// AND, OR, NOT.
    BoolExpr(Box<BoolExpr>),
    /// A sub-query.
    SubLink(Box<SubLink>),
    /// A field of a composite value.
    FieldSelect(Box<FieldSelect>),
    /// A composite value with fields replaced (`UPDATE … SET a.b = …`).
    FieldStore(Box<FieldStore>),
    /// A cast between types of the same representation.
    RelabelType(Box<RelabelType>),
    /// A cast through text.
    CoerceViaIO(Box<CoerceViaIO>),
    /// A cast of an array element by element.
    ArrayCoerceExpr(Box<ArrayCoerceExpr>),
    /// A cast between row types.
    ConvertRowtypeExpr(Box<ConvertRowtypeExpr>),
    /// `a COLLATE c`
    CollateExpr(Box<CollateExpr>),
    /// CASE.
    CaseExpr(Box<CaseExpr>),
    /// The operand of a simple CASE inside its conditions, and an array's element inside its cast.
    CaseTestExpr(Box<CaseTestExpr>),
    /// `ARRAY[…]`
    ArrayExpr(Box<ArrayExpr>),
    /// `ROW(…)`
    RowExpr(Box<RowExpr>),
    /// A comparison of rows by `<`, `<=`, `>=`, `>`.
    RowCompareExpr(Box<RowCompareExpr>),
    /// COALESCE.
    CoalesceExpr(Box<CoalesceExpr>),
    /// GREATEST, LEAST.
    MinMaxExpr(Box<MinMaxExpr>),
    /// `CURRENT_DATE` and the like.
    SqlValueFunction(Box<SqlValueFunction>),
    /// XML constructors.
    XmlExpr(Box<XmlExpr>),
    /// A value with a JSON format: the argument of a JSON constructor or query function.
    JsonValueExpr(Box<JsonValueExpr>),
    /// JSON constructors.
    JsonConstructorExpr(Box<JsonConstructorExpr>),
    /// `IS JSON`
    JsonIsPredicate(Box<JsonIsPredicate>),
    /// `JSON_EXISTS`, `JSON_QUERY`, `JSON_VALUE`, and the work of `JSON_TABLE`.
    JsonExpr(Box<JsonExpr>),
    /// `IS [NOT] NULL`
    NullTest(Box<NullTest>),
    /// `IS [NOT] TRUE|FALSE|UNKNOWN`
    BooleanTest(Box<BooleanTest>),
    /// A cast to a domain: its constraints are checked when it runs.
    CoerceToDomain(Box<CoerceToDomain>),
    /// `VALUE` in a domain's CHECK.
    CoerceToDomainValue(Box<CoerceToDomainValue>),
    /// `DEFAULT` in VALUES or SET.
    SetToDefault(Box<SetToDefault>),
    /// `CURRENT OF cursor`
    CurrentOfExpr(Box<CurrentOfExpr>),
}

/// How a function call or cast was written, which is how it is printed (`CoercionForm`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CoercionForm {
    /// `f(x)`
    ExplicitCall,
    /// `x::t`
    ExplicitCast,
    /// Not written.
    ImplicitCast,
    /// With SQL syntax: `EXTRACT(… FROM …)`.
    SqlSyntax,
}

/// When a coercion may be applied (`CoercionContext`), in order of strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CoercionContext {
    /// In an expression, not written.
    Implicit,
    /// When a value is stored.
    Assignment,
    /// When PL/pgSQL assigns.
    Plpgsql,
    /// Written.
    Explicit,
}

/// The row that a column of `RETURNING` is of (18).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum VarReturning {
    /// As the command says.
    #[default]
    Default,
    /// `OLD`
    Old,
    /// `NEW`
    New,
}

/// A column of a range table entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Var {
    /// The entry, starting at 1, in the range table `levels_up` queries out.
    pub varno: u32,
    /// The column, starting at 1; 0 is the whole row, negative ones are system columns.
    pub varattno: AttrNumber,
    /// Its type.
    pub ty: TypeRef,
    /// Its collation.
    pub collation: Oid,
    /// How many queries out.
    pub levels_up: u32,
    /// Which row of `RETURNING`.
    pub returning: VarReturning,
    /// Where it stands.
    pub at: At,
}

/// A constant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Const {
    /// Its type; `unknown` for a literal that nothing has decided.
    pub ty: TypeRef,
    /// Its collation.
    pub collation: Oid,
    /// Its canonical text, as the type's output function gives it; nothing for NULL.
    pub value: Option<ecow::EcoString>,
    /// The object that a `regclass` and its like mean.
    pub object: Option<crate::catalog::Object>,
    /// Where it stands.
    pub at: At,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Param {
    /// Where its value comes from.
    pub kind: ParamKind,
    /// Its number; for [`ParamKind::MultiExpr`] the sub-link in the upper half and the column in the lower.
    pub id: u32,
    /// Its type.
    pub ty: TypeRef,
    /// Its collation.
    pub collation: Oid,
    /// Where it stands.
    pub at: At,
}

/// Where a parameter's value comes from (`ParamKind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParamKind {
    /// An argument of the function, or a variable of the code around.
    Extern,
    /// A column of the sub-query inside `ANY (…)`.
    SubLink,
    /// A column of the sub-query of `SET (a, b) = (…)`.
    MultiExpr,
}

/// An element of an argument, target or select list (`TargetEntry`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TargetEntry {
    /// The value.
    pub expr: Expr,
    /// Its number in the list, starting at 1; in INSERT and UPDATE the column's.
    pub resno: AttrNumber,
    /// Its name.
    pub name: Option<Name>,
    /// What ORDER BY and GROUP BY refer to it by; 0 for none.
    pub ressortgroupref: u32,
    /// The relation that it is a column of (`resorigtbl`); none if it is computed.
    pub orig_table: Oid,
    /// The column there.
    pub orig_column: AttrNumber,
    /// It is not a part of the result.
    pub junk: bool,
}

/// An aggregate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Aggref {
    /// The function.
    pub function: Oid,
    /// Its result.
    pub ty: TypeRef,
    /// The result's collation.
    pub collation: Oid,
    /// The collation that it works with.
    pub input_collation: Oid,
    /// The types of the arguments, direct and aggregated (`aggargtypes`).
    pub arg_types: Vec<Oid>,
    /// The direct arguments of an ordered-set aggregate.
    pub direct_args: Vec<Expr>,
    /// The aggregated arguments, and what is sorted by.
    pub args: Vec<TargetEntry>,
    /// ORDER BY.
    pub order: Vec<SortGroupClause>,
    /// DISTINCT.
    pub distinct: Vec<SortGroupClause>,
    /// FILTER.
    pub filter: Option<Expr>,
    /// `f(*)`
    pub star: bool,
    /// The last arguments were collected into an array (`aggvariadic`): they are printed with VARIADIC.
    pub variadic: bool,
    /// Normal, ordered-set or hypothetical-set.
    pub kind: AggregateKind,
    /// How many queries out it belongs.
    pub levels_up: u32,
    /// Where it stands.
    pub at: At,
}

/// `GROUPING(…)`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupingFunc {
    /// The expressions.
    pub args: Vec<Expr>,
    /// Their `ressortgroupref`s.
    pub refs: Vec<u32>,
    /// How many queries out it belongs.
    pub levels_up: u32,
    /// Where it stands.
    pub at: At,
}

/// A window function, or an aggregate with OVER.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WindowFunc {
    /// The function.
    pub function: Oid,
    /// Its result.
    pub ty: TypeRef,
    /// The result's collation.
    pub collation: Oid,
    /// The collation that it works with.
    pub input_collation: Oid,
    /// The arguments.
    pub args: Vec<Expr>,
    /// FILTER.
    pub filter: Option<Expr>,
    /// The window clause, by its `winref`.
    pub winref: u32,
    /// `f(*)`
    pub star: bool,
    /// It is an aggregate.
    pub aggregate: bool,
    /// Where it stands.
    pub at: At,
}

/// `MERGE_ACTION()`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MergeSupportFunc {
    /// Its result: text.
    pub ty: TypeRef,
    /// The collation.
    pub collation: Oid,
    /// Where it stands.
    pub at: At,
}

/// A subscript, fetched or, with `assign`, replaced.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SubscriptingRef {
    /// The type of the container.
    pub container: Oid,
    /// The type of its elements (`refelemtype`).
    pub element: Oid,
    /// The result.
    pub ty: TypeRef,
    /// The collation.
    pub collation: Oid,
    /// Upper bounds, or the subscripts; nothing for an omitted bound.
    pub upper: Vec<Option<Expr>>,
    /// Lower bounds of slices; empty if it is no slice.
    pub lower: Vec<Option<Expr>>,
    /// The container.
    pub operand: Expr,
    /// The new value, in an assignment.
    pub assign: Option<Expr>,
}

/// A function call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FuncExpr {
    /// The function.
    pub function: Oid,
    /// Its result; the modifier is that of a length coercion.
    pub ty: TypeRef,
    /// It returns a set.
    pub returns_set: bool,
    /// The last argument is an array for a VARIADIC parameter (`funcvariadic`).
    pub variadic: bool,
    /// How it was written.
    pub form: CoercionForm,
    /// The result's collation.
    pub collation: Oid,
    /// The collation that it works with.
    pub input_collation: Oid,
    /// The arguments.
    pub args: Vec<Expr>,
    /// Where it stands.
    pub at: At,
}

/// A named argument.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NamedArgExpr {
    /// The value.
    pub arg: Expr,
    /// The name.
    pub name: Name,
    /// The number of the argument, starting at 0.
    pub number: u32,
    /// Where it stands.
    pub at: At,
}

/// An operator with one or two arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OpExpr {
    /// The operator.
    pub operator: Oid,
    /// Its function.
    pub function: Oid,
    /// Its result.
    pub ty: TypeRef,
    /// It returns a set.
    pub returns_set: bool,
    /// The result's collation.
    pub collation: Oid,
    /// The collation that it works with.
    pub input_collation: Oid,
    /// One or two arguments.
    pub args: Vec<Expr>,
    /// Where it stands.
    pub at: At,
}

/// `scalar op ANY|ALL (array)`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ScalarArrayOpExpr {
    /// The operator.
    pub operator: Oid,
    /// Its function.
    pub function: Oid,
    /// ANY rather than ALL.
    pub use_or: bool,
    /// The collation that it works with.
    pub input_collation: Oid,
    /// The scalar.
    pub scalar: Expr,
    /// The array.
    pub array: Expr,
    /// Where it stands.
    pub at: At,
}

/// AND, OR, NOT.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BoolExpr {
    /// Which.
    pub op: BoolOp,
    /// The arguments; one for NOT.
    pub args: Vec<Expr>,
    /// Where it stands.
    pub at: At,
}

/// The kinds of [`BoolExpr`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BoolOp {
    /// AND
    And,
    /// OR
    Or,
    /// NOT
    Not,
}

/// A sub-query in an expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SubLink {
    /// How it is used.
    pub kind: SubLinkKind,
    /// The number of a [`SubLinkKind::MultiExpr`].
    pub id: u32,
    /// For ANY, ALL and row comparisons: the comparison, where [`ParamKind::SubLink`] parameters are the sub-query's columns.
    pub test: Option<Expr>,
    /// The operator as it was written; `IN` has none.
    pub operator_name: Vec<Name>,
    /// The query.
    pub query: Box<Query>,
    /// Where it stands.
    pub at: At,
}

/// The uses of a sub-query (`SubLinkType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubLinkKind {
    /// EXISTS
    Exists,
    /// `op ALL`
    All,
    /// `op ANY`, `IN`
    Any,
    /// `(a, b) op (SELECT …)`
    RowCompare,
    /// A scalar.
    Expr,
    /// The source of `SET (a, b) = (…)`.
    MultiExpr,
    /// `ARRAY(…)`
    Array,
}

/// A field of a composite value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldSelect {
    /// The value.
    pub arg: Expr,
    /// The field.
    pub field: AttrNumber,
    /// Its type.
    pub ty: TypeRef,
    /// Its collation.
    pub collation: Oid,
}

/// A composite value with some fields replaced.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldStore {
    /// The value.
    pub arg: Expr,
    /// The new values.
    pub values: Vec<Expr>,
    /// Their fields.
    pub fields: Vec<AttrNumber>,
    /// The type.
    pub ty: Oid,
}

/// A cast that does nothing to the value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RelabelType {
    /// The value.
    pub arg: Expr,
    /// The new type.
    pub ty: TypeRef,
    /// Its collation.
    pub collation: Oid,
    /// How it was written.
    pub form: CoercionForm,
    /// Where it stands.
    pub at: At,
}

/// A cast through text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CoerceViaIO {
    /// The value.
    pub arg: Expr,
    /// The new type.
    pub ty: Oid,
    /// Its collation.
    pub collation: Oid,
    /// How it was written.
    pub form: CoercionForm,
    /// Where it stands.
    pub at: At,
}

/// A cast of an array.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ArrayCoerceExpr {
    /// The array.
    pub arg: Expr,
    /// The cast of an element, which is a [`CaseTestExpr`] in it.
    pub element: Expr,
    /// The new type.
    pub ty: TypeRef,
    /// Its collation.
    pub collation: Oid,
    /// How it was written.
    pub form: CoercionForm,
    /// Where it stands.
    pub at: At,
}

/// A cast of a row to a row type of its ancestors.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConvertRowtypeExpr {
    /// The row.
    pub arg: Expr,
    /// The new type.
    pub ty: Oid,
    /// How it was written.
    pub form: CoercionForm,
    /// Where it stands.
    pub at: At,
}

/// `a COLLATE c`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CollateExpr {
    /// The value.
    pub arg: Expr,
    /// The collation.
    pub collation: Oid,
    /// Where it stands.
    pub at: At,
}

/// CASE.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CaseExpr {
    /// Its result.
    pub ty: Oid,
    /// The result's collation.
    pub collation: Oid,
    /// The operand of a simple CASE.
    pub arg: Option<Expr>,
    /// The conditions; of a simple CASE `test = value`, where the test is a [`CaseTestExpr`].
    pub whens: Vec<CaseWhen>,
    /// ELSE; NULL if there is none.
    pub default: Expr,
    /// Where it stands.
    pub at: At,
}

/// `WHEN … THEN …`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CaseWhen {
    /// The condition.
    pub condition: Expr,
    /// The result.
    pub result: Expr,
    /// Where it stands.
    pub at: At,
}

/// A place for a value that is computed once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CaseTestExpr {
    /// Its type.
    pub ty: TypeRef,
    /// Its collation.
    pub collation: Oid,
}

/// `ARRAY[…]`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ArrayExpr {
    /// The type of the array.
    pub ty: Oid,
    /// Its collation.
    pub collation: Oid,
    /// The type of its elements.
    pub element: Oid,
    /// The elements.
    pub elements: Vec<Expr>,
    /// The elements are arrays themselves.
    pub multidims: bool,
    /// Where it stands.
    pub at: At,
}

/// `ROW(…)`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RowExpr {
    /// The fields.
    pub args: Vec<Expr>,
    /// `record` or a composite type.
    pub ty: Oid,
    /// How it was written: with ROW, or as a bare list, or the coercion to a type that is not shown.
    pub form: CoercionForm,
    /// The names of the fields, of an anonymous row.
    pub names: Vec<Name>,
    /// Where it stands.
    pub at: At,
}

/// `(a, b) < (c, d)`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RowCompareExpr {
    /// The comparison.
    pub op: RowCompareOp,
    /// The operators, one a column.
    pub operators: Vec<Oid>,
    /// Their operator families.
    pub families: Vec<Oid>,
    /// The collations that they work with.
    pub input_collations: Vec<Oid>,
    /// The left side.
    pub left: Vec<Expr>,
    /// The right side.
    pub right: Vec<Expr>,
}

/// The comparisons of rows (`RowCompareType`, the strategy numbers of btree).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowCompareOp {
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>=`
    Ge,
    /// `>`
    Gt,
}

/// COALESCE.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CoalesceExpr {
    /// Its result.
    pub ty: Oid,
    /// The result's collation.
    pub collation: Oid,
    /// The arguments.
    pub args: Vec<Expr>,
    /// Where it stands.
    pub at: At,
}

/// GREATEST, LEAST.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MinMaxExpr {
    /// Its result.
    pub ty: Oid,
    /// The result's collation.
    pub collation: Oid,
    /// The collation that it works with.
    pub input_collation: Oid,
    /// GREATEST rather than LEAST.
    pub greatest: bool,
    /// The arguments.
    pub args: Vec<Expr>,
    /// Where it stands.
    pub at: At,
}

/// `CURRENT_DATE` and the like.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SqlValueFunction {
    /// Which.
    pub func: SqlValueFunc,
    /// Its type; the modifier is the precision.
    pub ty: TypeRef,
    /// Its collation.
    pub collation: Oid,
    /// Where it stands.
    pub at: At,
}

/// An XML constructor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct XmlExpr {
    /// Which.
    pub op: XmlOp,
    /// The name of an element or processing instruction.
    pub name: Option<Name>,
    /// Named arguments: attributes, or the elements of XMLFOREST.
    pub named_args: Vec<Expr>,
    /// Their names.
    pub arg_names: Vec<Name>,
    /// Other arguments.
    pub args: Vec<Expr>,
    /// `DOCUMENT` rather than `CONTENT`.
    pub document: bool,
    /// `INDENT` of XMLSERIALIZE (16).
    pub indent: bool,
    /// The type of XMLSERIALIZE, else xml (boolean for IS DOCUMENT).
    pub ty: TypeRef,
    /// Where it stands.
    pub at: At,
}

/// The kinds of [`XmlExpr`] (`XmlExprOp`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum XmlOp {
    /// XMLCONCAT
    Concat,
    /// XMLELEMENT
    Element,
    /// XMLFOREST
    Forest,
    /// XMLPARSE
    Parse,
    /// XMLPI
    Pi,
    /// XMLROOT
    Root,
    /// XMLSERIALIZE
    Serialize,
    /// IS DOCUMENT
    IsDocument,
}

/// `FORMAT JSON [ENCODING …]`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct JsonFormat {
    /// The format.
    pub format: JsonFormatType,
    /// The encoding.
    pub encoding: JsonEncoding,
}

/// `JsonFormatType`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum JsonFormatType {
    /// Not said.
    #[default]
    Default,
    /// `FORMAT JSON`
    Json,
    /// As jsonb; set inside RETURNING.
    Jsonb,
}

/// `JsonEncoding`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum JsonEncoding {
    /// Not said.
    #[default]
    Default,
    /// UTF8
    Utf8,
    /// UTF16
    Utf16,
    /// UTF32
    Utf32,
}

/// `RETURNING type [FORMAT …]`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct JsonReturning {
    /// The format.
    pub format: JsonFormat,
    /// The type.
    pub ty: TypeRef,
}

/// A value with a format.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonValueExpr {
    /// The value as written.
    pub raw: Expr,
    /// The value as json or jsonb.
    pub formatted: Expr,
    /// The format.
    pub format: JsonFormat,
}

/// The kinds of JSON constructor (`JsonConstructorType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonConstructorType {
    /// JSON_OBJECT
    Object,
    /// JSON_ARRAY
    Array,
    /// JSON_OBJECTAGG
    ObjectAgg,
    /// JSON_ARRAYAGG
    ArrayAgg,
    /// JSON()
    Parse,
    /// JSON_SCALAR
    Scalar,
    /// JSON_SERIALIZE
    Serialize,
}

/// A JSON constructor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonConstructorExpr {
    /// Which.
    pub kind: JsonConstructorType,
    /// The arguments.
    pub args: Vec<Expr>,
    /// The underlying call, of an aggregate.
    pub func: Option<Expr>,
    /// The coercion to the type of RETURNING, of a [`CaseTestExpr`].
    pub coercion: Option<Expr>,
    /// RETURNING.
    pub returning: JsonReturning,
    /// ABSENT ON NULL.
    pub absent_on_null: bool,
    /// WITH UNIQUE KEYS.
    pub unique: bool,
    /// Where it stands.
    pub at: At,
}

/// `IS JSON`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonIsPredicate {
    /// The value.
    pub arg: Expr,
    /// Its format.
    pub format: JsonFormat,
    /// What of.
    pub item: JsonValueType,
    /// WITH UNIQUE KEYS.
    pub unique_keys: bool,
    /// Where it stands.
    pub at: At,
}

/// `JsonValueType`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonValueType {
    /// Anything.
    Any,
    /// OBJECT
    Object,
    /// ARRAY
    Array,
    /// SCALAR
    Scalar,
}

/// The kinds of [`JsonExpr`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonExprOp {
    /// JSON_EXISTS
    Exists,
    /// JSON_QUERY
    Query,
    /// JSON_VALUE
    Value,
    /// JSON_TABLE
    Table,
}

/// A JSON query function (17).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonExpr {
    /// Which.
    pub op: JsonExprOp,
    /// The name of a column of JSON_TABLE.
    pub column_name: Option<Name>,
    /// The document, as jsonb.
    pub formatted: Expr,
    /// Its format.
    pub format: JsonFormat,
    /// The path.
    pub path: Expr,
    /// RETURNING.
    pub returning: JsonReturning,
    /// The names of PASSING.
    pub passing_names: Vec<Name>,
    /// The values of PASSING.
    pub passing_values: Vec<Expr>,
    /// ON EMPTY.
    pub on_empty: Option<JsonBehavior>,
    /// ON ERROR.
    pub on_error: Option<JsonBehavior>,
    /// The result is coerced through text.
    pub use_io_coercion: bool,
    /// The result is coerced by `json_populate_type`.
    pub use_json_coercion: bool,
    /// WRAPPER.
    pub wrapper: JsonWrapper,
    /// OMIT QUOTES.
    pub omit_quotes: bool,
    /// The result's collation.
    pub collation: Oid,
    /// Where it stands.
    pub at: At,
}

/// `JsonWrapper`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum JsonWrapper {
    /// Not said.
    #[default]
    Unspecified,
    /// WITHOUT
    None,
    /// WITH CONDITIONAL
    Conditional,
    /// WITH UNCONDITIONAL
    Unconditional,
}

/// What ON EMPTY and ON ERROR do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonBehavior {
    /// What.
    pub kind: JsonBehaviorType,
    /// Its value, as the result's type.
    pub expr: Option<Expr>,
    /// It has to be coerced when it runs.
    pub coerce: bool,
    /// Where it stands.
    pub at: At,
}

/// `JsonBehaviorType`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonBehaviorType {
    /// NULL
    Null,
    /// ERROR
    Error,
    /// EMPTY
    Empty,
    /// TRUE
    True,
    /// FALSE
    False,
    /// UNKNOWN
    Unknown,
    /// EMPTY ARRAY
    EmptyArray,
    /// EMPTY OBJECT
    EmptyObject,
    /// DEFAULT expression
    Default,
}

/// `IS [NOT] NULL`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NullTest {
    /// The value.
    pub arg: Expr,
    /// IS NOT NULL.
    pub not: bool,
    /// The value is a row, tested field by field.
    pub row: bool,
    /// Where it stands.
    pub at: At,
}

/// `IS [NOT] TRUE|FALSE|UNKNOWN`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BooleanTest {
    /// The value.
    pub arg: Expr,
    /// The test.
    pub test: BooleanTestKind,
    /// Where it stands.
    pub at: At,
}

/// A cast to a domain.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CoerceToDomain {
    /// The value, of the base type.
    pub arg: Expr,
    /// The domain.
    pub ty: TypeRef,
    /// Its collation.
    pub collation: Oid,
    /// How it was written.
    pub form: CoercionForm,
    /// Where it stands.
    pub at: At,
}

/// `VALUE`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CoerceToDomainValue {
    /// Its type: the base type.
    pub ty: TypeRef,
    /// Its collation.
    pub collation: Oid,
    /// Where it stands.
    pub at: At,
}

/// `DEFAULT`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SetToDefault {
    /// The column's type.
    pub ty: TypeRef,
    /// Its collation.
    pub collation: Oid,
    /// Where it stands.
    pub at: At,
}

/// `CURRENT OF cursor`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CurrentOfExpr {
    /// The target table.
    pub varno: u32,
    /// The cursor; nothing if it is a parameter.
    pub cursor: Option<Name>,
    /// The parameter.
    pub param: u32,
}
