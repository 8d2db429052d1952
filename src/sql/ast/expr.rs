//! Scalar expressions.

use super::{JsonExpr, Name, QualifiedName, Query, SortBy, TypeName, XmlExpr};
use crate::sql::span::Loc;

/// An expression and where it starts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands (for an operator: the operator).
    pub loc: Loc,
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExprKind {
    /// `a`, `t.a`, `s.t.a`.
    Column(Vec<Name>),
    /// `*`, `t.*`: the qualifier, possibly empty.
    Star(Vec<Name>),
    /// `$1`.
    Param(u32),
    /// A literal.
    Literal(Literal),
    /// `a::int`, `CAST(a AS int)`, `int '1'`.
    Cast { operand: Box<Expr>, ty: TypeName },
    /// `a + b`, `- a`, `a OPERATOR(s.+) b`.
    Op { op: QualifiedName, left: Option<Box<Expr>>, right: Box<Expr> },
    /// `a = ANY (array)` / `a = ALL (array)`.
    OpArray { op: QualifiedName, all: bool, left: Box<Expr>, right: Box<Expr> },
    /// `a IS [NOT] DISTINCT FROM b`.
    Distinct { not: bool, left: Box<Expr>, right: Box<Expr> },
    /// `NULLIF(a, b)`.
    NullIf(Box<Expr>, Box<Expr>),
    /// `a [NOT] IN (b, c)`.
    In { not: bool, operand: Box<Expr>, list: Vec<Expr> },
    /// `a [NOT] LIKE|ILIKE|SIMILAR TO b [ESCAPE c]`; an ESCAPE is in `pattern` as PostgreSQL's call of `like_escape`
    /// or `similar_to_escape`.
    Like { kind: LikeKind, not: bool, operand: Box<Expr>, pattern: Box<Expr> },
    /// `a [NOT] BETWEEN [SYMMETRIC] b AND c`.
    Between { not: bool, symmetric: bool, operand: Box<Expr>, low: Box<Expr>, high: Box<Expr> },
    /// `a AND b AND c`.
    And(Vec<Expr>),
    /// `a OR b OR c`.
    Or(Vec<Expr>),
    /// `NOT a`.
    Not(Box<Expr>),
    /// `a IS [NOT] NULL`.
    IsNull { not: bool, operand: Box<Expr> },
    /// `a IS [NOT] TRUE|FALSE|UNKNOWN`.
    BooleanTest { test: BooleanTest, operand: Box<Expr> },
    /// A call of a function, aggregate or window function.
    Func(Box<FuncCall>),
    /// `CURRENT_DATE`, `CURRENT_USER`, `LOCALTIMESTAMP(3)` …
    SqlValue { func: SqlValueFunc, precision: Option<i32> },
    /// `CASE …`.
    Case { operand: Option<Box<Expr>>, whens: Vec<(Expr, Expr)>, otherwise: Option<Box<Expr>> },
    /// `COALESCE(…)`.
    Coalesce(Vec<Expr>),
    /// `GREATEST(…)`.
    Greatest(Vec<Expr>),
    /// `LEAST(…)`.
    Least(Vec<Expr>),
    /// `ARRAY[…]`.
    Array(Vec<Expr>),
    /// `ROW(…)` or `(a, b)`.
    Row { explicit: bool, fields: Vec<Expr> },
    /// `(a).b[1]`.
    Indirection { operand: Box<Expr>, path: Vec<Indirection> },
    /// A sub-query used as an expression.
    SubLink { kind: SubLinkKind, query: Box<Query> },
    /// `a COLLATE c`.
    Collate { operand: Box<Expr>, collation: QualifiedName },
    /// `GROUPING(a, b)`.
    Grouping(Vec<Expr>),
    /// `DEFAULT` in VALUES or SET.
    Default,
    /// `WHERE CURRENT OF cursor`.
    CurrentOf(Name),
    /// An XML construct.
    Xml(Box<XmlExpr>),
    /// A SQL/JSON construct.
    Json(Box<JsonExpr>),
    /// `MERGE_ACTION()` (17).
    MergeAction,
    /// A column of `SET (a, b, …) = source` (`MultiAssignRef`). A row of as many fields as there are columns, none of
    /// them `*`, is already taken apart, so the source is a sub-query or wrong.
    MultiAssign {
        /// The source; it stands with the first column alone.
        source: Option<Box<Expr>>,
        /// The column's number, from 1.
        column: u32,
        /// How many columns share the source.
        columns: u32,
    },
    /// Stands for an expression that could not be lowered. The whole statement is given up then, so this is seen
    /// nowhere outside the lowering.
    Unmodelled(&'static str),
}

impl ExprKind {
    /// The name of a construct that has one: for reasons why something is not executed.
    pub fn what(&self) -> &'static str {
        match self {
            ExprKind::Xml(xml) => xml.what(),
            ExprKind::Json(json) => json.what(),
            ExprKind::MergeAction => "MERGE_ACTION",
            ExprKind::MultiAssign { .. } => "an assignment to several columns",
            ExprKind::Unmodelled(what) => what,
            _ => "an expression",
        }
    }
}

/// A literal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Literal {
    /// `NULL`.
    Null,
    /// `TRUE` or `FALSE`.
    Boolean(bool),
    /// A number that fits 32 bits.
    Integer(i32),
    /// Any other number, as written.
    Float(String),
    /// `'text'`.
    String(String),
    /// `B'101'` (as `b101`) or `X'1F'` (as `x1F`).
    BitString(String),
}

/// The pattern matching operators with syntax of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LikeKind {
    /// `LIKE`, operator `~~`.
    Like,
    /// `ILIKE`, operator `~~*`.
    Ilike,
    /// `SIMILAR TO`, operator `~`.
    SimilarTo,
}

/// `IS TRUE` and its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BooleanTest {
    /// `IS TRUE`
    IsTrue,
    /// `IS NOT TRUE`
    IsNotTrue,
    /// `IS FALSE`
    IsFalse,
    /// `IS NOT FALSE`
    IsNotFalse,
    /// `IS UNKNOWN`
    IsUnknown,
    /// `IS NOT UNKNOWN`
    IsNotUnknown,
}

/// Functions without parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SqlValueFunc {
    /// `CURRENT_DATE`
    CurrentDate,
    /// `CURRENT_TIME`
    CurrentTime,
    /// `CURRENT_TIMESTAMP`
    CurrentTimestamp,
    /// `LOCALTIME`
    LocalTime,
    /// `LOCALTIMESTAMP`
    LocalTimestamp,
    /// `CURRENT_ROLE`
    CurrentRole,
    /// `CURRENT_USER`
    CurrentUser,
    /// `USER`
    User,
    /// `SESSION_USER`
    SessionUser,
    /// `CURRENT_CATALOG`
    CurrentCatalog,
    /// `CURRENT_SCHEMA`
    CurrentSchema,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FuncCall {
    /// The function.
    pub name: QualifiedName,
    /// Its arguments.
    pub args: Vec<FuncArg>,
    /// `f(*)`.
    pub star: bool,
    /// `f(DISTINCT …)`.
    pub distinct: bool,
    /// The last argument is `VARIADIC`.
    pub variadic: bool,
    /// `ORDER BY` inside the parentheses, or of `WITHIN GROUP`.
    pub order_by: Vec<SortBy>,
    /// `order_by` is a `WITHIN GROUP`.
    pub within_group: bool,
    /// `FILTER (WHERE …)`.
    pub filter: Option<Expr>,
    /// `OVER …`.
    pub over: Option<WindowDef>,
    /// Written with SQL syntax (`EXTRACT(… FROM …)`, `a AT TIME ZONE b`, `SUBSTRING(… FROM …)`).
    pub sql_syntax: bool,
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FuncArg {
    /// `name =>`.
    pub name: Option<Name>,
    /// The value.
    pub value: Expr,
    /// Where a named argument's name stands; nothing without a name.
    pub loc: Loc,
}

/// A window: `OVER w`, `OVER (…)`, or an element of WINDOW.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WindowDef {
    /// Its own name in a WINDOW clause, or the name after a bare `OVER`.
    pub name: Option<Name>,
    /// The window it copies.
    pub refname: Option<Name>,
    /// `PARTITION BY`.
    pub partition_by: Vec<Expr>,
    /// `ORDER BY`.
    pub order_by: Vec<SortBy>,
    /// The frame as PostgreSQL's `FRAMEOPTION_…` bits.
    pub frame_options: i32,
    /// `n PRECEDING` of the frame's start.
    pub start_offset: Option<Box<Expr>>,
    /// `n FOLLOWING` of the frame's end.
    pub end_offset: Option<Box<Expr>>,
    /// Where it stands.
    pub loc: Loc,
}

/// A step into a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Indirection {
    /// `.field`
    Field(Name),
    /// `.*`
    Star,
    /// `[i]`
    Index(Expr),
    /// `[l:u]`
    Slice(Option<Box<Expr>>, Option<Box<Expr>>),
}

/// How a sub-query is used.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SubLinkKind {
    /// `EXISTS (…)`
    Exists,
    /// `a op ANY (…)`; `a IN (…)` has no operator written.
    Any { operand: Box<Expr>, op: Option<QualifiedName> },
    /// `a op ALL (…)`
    All { operand: Box<Expr>, op: Option<QualifiedName> },
    /// A scalar or row sub-query.
    Scalar,
    /// `ARRAY(…)`
    Array,
}
