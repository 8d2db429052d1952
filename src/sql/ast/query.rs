//! Queries and data-modifying statements.

use super::{
    DefElem, Expr, Ident, Indirection, JsonTable, Name, OnCommit, QualifiedName, TypeName, WindowDef, XmlTable,
};
use crate::sql::span::Loc;

/// A query: SELECT, VALUES, set operations, with what may stand around them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Query {
    /// `WITH …`.
    pub with: Option<With>,
    /// What it selects.
    pub body: QueryBody,
    /// `ORDER BY`.
    pub order_by: Vec<SortBy>,
    /// `LIMIT`/`FETCH FIRST`; `LIMIT ALL` is a NULL literal.
    pub limit: Option<Expr>,
    /// `FETCH … WITH TIES`.
    pub with_ties: bool,
    /// `OFFSET`.
    pub offset: Option<Expr>,
    /// `FOR UPDATE` and the like.
    pub locking: Vec<Locking>,
}

/// The core of a query.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum QueryBody {
    /// `SELECT …`
    Select(Box<Select>),
    /// `VALUES (…), (…)`
    Values(Vec<Vec<Expr>>),
    /// `UNION`, `INTERSECT`, `EXCEPT`
    SetOp { op: SetOp, all: bool, left: Box<Query>, right: Box<Query> },
}

/// The set operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SetOp {
    /// `UNION`
    Union,
    /// `INTERSECT`
    Intersect,
    /// `EXCEPT`
    Except,
}

/// A plain SELECT.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Select {
    /// `DISTINCT`, `DISTINCT ON (…)`.
    pub distinct: Distinct,
    /// The select list.
    pub targets: Vec<Target>,
    /// `INTO table`.
    pub into: Option<Box<IntoTable>>,
    /// `FROM`.
    pub from: Vec<TableRef>,
    /// `WHERE`.
    pub filter: Option<Expr>,
    /// `GROUP BY`.
    pub group_by: Vec<GroupBy>,
    /// `GROUP BY DISTINCT`.
    pub group_distinct: bool,
    /// `HAVING`.
    pub having: Option<Expr>,
    /// `WINDOW`.
    pub windows: Vec<WindowDef>,
}

/// Duplicate removal of a SELECT.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Distinct {
    /// None.
    No,
    /// `DISTINCT`
    All,
    /// `DISTINCT ON (…)`
    On(Vec<Expr>),
}

/// `SELECT … INTO [TEMP|UNLOGGED] table`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IntoTable {
    /// The table.
    pub relation: RangeVar,
    /// Column names of a CREATE TABLE AS or a materialized view.
    pub columns: Vec<Name>,
    /// `USING method`.
    pub access_method: Option<Name>,
    /// `WITH (…)`.
    pub options: Vec<DefElem>,
    /// `ON COMMIT`, if it is written.
    pub on_commit: Option<OnCommit>,
    /// `TABLESPACE`.
    pub tablespace: Option<Name>,
    /// `WITH NO DATA`.
    pub no_data: bool,
}

/// An element of a select list, of RETURNING, or of `SET`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// `AS name`; in INSERT and UPDATE the column.
    pub name: Option<Name>,
    /// `.field` and `[1]` behind the column in INSERT and UPDATE.
    pub indirection: Vec<Indirection>,
    /// The value; absent in INSERT's column list.
    pub value: Option<Expr>,
    /// Where it stands.
    pub loc: Loc,
}

/// An element of GROUP BY.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GroupBy {
    /// An expression.
    Expr(Expr),
    /// `()`
    Empty(Loc),
    /// `ROLLUP (…)`
    Rollup(Vec<GroupBy>, Loc),
    /// `CUBE (…)`
    Cube(Vec<GroupBy>, Loc),
    /// `GROUPING SETS (…)`
    Sets(Vec<GroupBy>, Loc),
}

/// An element of ORDER BY.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SortBy {
    /// The sort key.
    pub expr: Expr,
    /// `ASC`, `DESC`, `USING op`.
    pub direction: SortDirection,
    /// `NULLS FIRST` / `NULLS LAST`.
    pub nulls_first: Option<bool>,
    /// Where the operator of `USING` stands; nothing without it.
    pub loc: Loc,
}

/// The direction of a sort.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SortDirection {
    /// Not written.
    Default,
    /// `ASC`
    Asc,
    /// `DESC`
    Desc,
    /// `USING op`
    Using(QualifiedName),
}

/// `FOR UPDATE OF … NOWAIT`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Locking {
    /// `UPDATE`, `NO KEY UPDATE`, `SHARE`, `KEY SHARE`.
    pub strength: LockStrength,
    /// `OF …`.
    pub of: Vec<RangeVar>,
    /// `NOWAIT` or `SKIP LOCKED` as written.
    pub wait: LockWait,
}

/// Row lock strengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LockStrength {
    /// `FOR KEY SHARE`
    KeyShare,
    /// `FOR SHARE`
    Share,
    /// `FOR NO KEY UPDATE`
    NoKeyUpdate,
    /// `FOR UPDATE`
    Update,
}

/// What a row lock does when it must wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LockWait {
    /// Waits.
    Block,
    /// `SKIP LOCKED`
    Skip,
    /// `NOWAIT`
    Error,
}

/// `WITH [RECURSIVE] …`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct With {
    /// `RECURSIVE`.
    pub recursive: bool,
    /// The common table expressions.
    pub ctes: Vec<Cte>,
    /// Where it stands.
    pub loc: Loc,
}

/// A common table expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cte {
    /// Its name.
    pub name: Name,
    /// Its column names.
    pub columns: Vec<Name>,
    /// `[NOT] MATERIALIZED`.
    pub materialized: Option<bool>,
    /// What it is.
    pub body: CteBody,
    /// `SEARCH …`.
    pub search: Option<SearchClause>,
    /// `CYCLE …`.
    pub cycle: Option<Box<CycleClause>>,
    /// Where it stands.
    pub loc: Loc,
}

impl Cte {
    /// Whether there is a SEARCH or CYCLE clause, which add columns.
    pub fn search_or_cycle(&self) -> bool {
        self.search.is_some() || self.cycle.is_some()
    }
}

/// `SEARCH BREADTH|DEPTH FIRST BY columns SET column`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SearchClause {
    /// `BREADTH` rather than `DEPTH`.
    pub breadth_first: bool,
    /// The columns that are searched by.
    pub columns: Vec<Name>,
    /// The column with the order.
    pub sequence_column: Name,
    /// Where it stands.
    pub loc: Loc,
}

/// `CYCLE columns SET column [TO value DEFAULT value] USING column`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CycleClause {
    /// The columns that are watched.
    pub columns: Vec<Name>,
    /// The column that marks a cycle.
    pub mark_column: Name,
    /// The mark of a cycle: TRUE without a place if not written.
    pub mark_value: Expr,
    /// The mark of other rows: FALSE without a place if not written.
    pub mark_default: Expr,
    /// The column with the path.
    pub path_column: Name,
    /// Where it stands.
    pub loc: Loc,
}

/// The statement of a common table expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CteBody {
    /// A query.
    Query(Box<Query>),
    /// INSERT … RETURNING.
    Insert(Box<Insert>),
    /// UPDATE … RETURNING.
    Update(Box<Update>),
    /// DELETE … RETURNING.
    Delete(Box<Delete>),
    /// MERGE … RETURNING (17).
    Merge(Box<Merge>),
}

/// A name of a relation as written, with what may follow it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RangeVar {
    /// `catalog.` in front of the schema.
    pub catalog: Option<Name>,
    /// The relation.
    pub name: QualifiedName,
    /// `ONLY`.
    pub only: bool,
    /// `TEMP`, `UNLOGGED` where it is created.
    pub persistence: Persistence,
    /// `AS alias (columns)`.
    pub alias: Option<Alias>,
}

/// How long a relation lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Persistence {
    /// An ordinary relation.
    #[default]
    Permanent,
    /// `UNLOGGED`
    Unlogged,
    /// `TEMPORARY`
    Temporary,
}

/// `AS name (columns)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Alias {
    /// The alias.
    pub name: Name,
    /// New names of the columns.
    pub columns: Vec<Name>,
}

/// An element of FROM.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TableRef {
    /// A relation, with TABLESAMPLE (kept as method and arguments).
    Relation { relation: RangeVar, sample: Option<Box<TableSample>> },
    /// A sub-query.
    Subquery { lateral: bool, query: Box<Query>, alias: Option<Alias> },
    /// Functions: one, or several in `ROWS FROM`.
    Function {
        lateral: bool,
        ordinality: bool,
        rows_from: bool,
        functions: Vec<TableFunction>,
        alias: Option<Alias>,
        columns: Vec<ColumnSpec>,
        loc: Loc,
    },
    /// A join.
    Join(Box<Join>),
    /// `XMLTABLE`
    XmlTable(Box<XmlTable>),
    /// `JSON_TABLE`
    JsonTable(Box<JsonTable>),
    /// Stands for an element that could not be lowered. The whole statement is given up then, so this is seen nowhere
    /// outside the lowering.
    Unmodelled { what: &'static str, alias: Option<Alias> },
}

impl TableRef {
    /// Its alias.
    pub fn alias(&self) -> Option<&Alias> {
        match self {
            TableRef::Relation { relation, .. } => relation.alias.as_ref(),
            TableRef::Subquery { alias, .. }
            | TableRef::Function { alias, .. }
            | TableRef::Unmodelled { alias, .. } => alias.as_ref(),
            TableRef::Join(join) => join.alias.as_ref(),
            TableRef::XmlTable(table) => table.alias.as_ref(),
            TableRef::JsonTable(table) => table.alias.as_ref(),
        }
    }

    /// The name of a construct that has one: for reasons why something is not executed.
    pub fn what(&self) -> &'static str {
        match self {
            TableRef::XmlTable(_) => "XMLTABLE",
            TableRef::JsonTable(_) => "JSON_TABLE",
            TableRef::Unmodelled { what, .. } => what,
            TableRef::Relation { .. } => "a relation",
            TableRef::Subquery { .. } => "a sub-query",
            TableRef::Function { .. } => "a function",
            TableRef::Join(_) => "a join",
        }
    }
}

/// A function in FROM.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableFunction {
    /// The call, or another expression that the grammar takes for one (`CURRENT_DATE`).
    pub call: Expr,
    /// Its own column definitions inside `ROWS FROM`.
    pub columns: Vec<ColumnSpec>,
}

/// A column definition of a function that returns `record`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ColumnSpec {
    /// The column.
    pub name: Name,
    /// Its type.
    pub ty: TypeName,
    /// `COLLATE`.
    pub collation: Option<QualifiedName>,
    /// Where it stands.
    pub loc: Loc,
}

/// `TABLESAMPLE method (args) REPEATABLE (seed)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableSample {
    /// The method.
    pub method: QualifiedName,
    /// Its arguments.
    pub args: Vec<Expr>,
    /// The seed.
    pub repeatable: Option<Expr>,
    /// Where the method stands.
    pub loc: Loc,
}

/// A join.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Join {
    /// Its kind; a CROSS JOIN is an inner join without condition.
    pub kind: JoinKind,
    /// `NATURAL`.
    pub natural: bool,
    /// The left side.
    pub left: TableRef,
    /// The right side.
    pub right: TableRef,
    /// `USING (…)`.
    pub using: Vec<Name>,
    /// `USING (…) AS alias`.
    pub using_alias: Option<Name>,
    /// `ON …`.
    pub on: Option<Expr>,
    /// `(a JOIN b …) AS alias`.
    pub alias: Option<Alias>,
}

/// The kinds of join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JoinKind {
    /// `INNER`
    Inner,
    /// `LEFT`
    Left,
    /// `FULL`
    Full,
    /// `RIGHT`
    Right,
}

/// INSERT.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Insert {
    /// `WITH …`.
    pub with: Option<With>,
    /// The table.
    pub relation: RangeVar,
    /// The columns, if listed.
    pub columns: Vec<Target>,
    /// `OVERRIDING`.
    pub overriding: Overriding,
    /// The rows; none for DEFAULT VALUES.
    pub source: Option<Query>,
    /// `ON CONFLICT`.
    pub on_conflict: Option<Box<OnConflict>>,
    /// `RETURNING`.
    pub returning: Vec<Target>,
    /// `WITH (OLD AS …)` of RETURNING.
    pub returning_options: Vec<ReturningOption>,
}

/// `OVERRIDING … VALUE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Overriding {
    /// None is written.
    #[default]
    NotSet,
    /// `OVERRIDING USER VALUE`
    UserValue,
    /// `OVERRIDING SYSTEM VALUE`
    SystemValue,
}

/// An element of `RETURNING WITH (OLD AS o, NEW AS n)` (18).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReturningOption {
    /// `NEW` rather than `OLD`.
    pub new: bool,
    /// The name for it.
    pub name: Name,
    /// Where it stands.
    pub loc: Loc,
}

/// `ON CONFLICT …`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OnConflict {
    /// The inference columns or expressions.
    pub target: Vec<IndexElem>,
    /// The predicate of the inference.
    pub target_where: Option<Expr>,
    /// `ON CONSTRAINT name`.
    pub constraint: Option<Name>,
    /// Where the inference or `ON CONSTRAINT` stands; nothing if there is neither.
    pub target_loc: Loc,
    /// `DO UPDATE SET …`; nothing for `DO NOTHING`.
    pub update: Option<(Vec<Target>, Option<Expr>)>,
    /// Where it stands.
    pub loc: Loc,
}

/// A column or expression of an index.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IndexElem {
    /// What is indexed.
    pub key: IndexKey,
    /// `COLLATE`.
    pub collation: Option<QualifiedName>,
    /// The operator class.
    pub opclass: Option<QualifiedName>,
    /// Options of the operator class are given.
    pub opclass_options: Vec<(Name, String)>,
    /// `ASC` (false) or `DESC` (true).
    pub descending: Option<bool>,
    /// `NULLS FIRST` / `NULLS LAST`.
    pub nulls_first: Option<bool>,
    /// Where an element of a partition key stands; PostgreSQL keeps no place for those of indexes.
    pub loc: Loc,
}

/// What an index element indexes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum IndexKey {
    /// A column.
    Column(Ident),
    /// An expression.
    Expr(Expr),
}

/// UPDATE.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Update {
    /// `WITH …`.
    pub with: Option<With>,
    /// The table.
    pub relation: RangeVar,
    /// `SET …`.
    pub set: Vec<Target>,
    /// `FROM …`.
    pub from: Vec<TableRef>,
    /// `WHERE …`.
    pub filter: Option<Expr>,
    /// `RETURNING …`.
    pub returning: Vec<Target>,
    /// `WITH (OLD AS …)` of RETURNING.
    pub returning_options: Vec<ReturningOption>,
}

/// DELETE.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Delete {
    /// `WITH …`.
    pub with: Option<With>,
    /// The table.
    pub relation: RangeVar,
    /// `USING …`.
    pub using: Vec<TableRef>,
    /// `WHERE …`.
    pub filter: Option<Expr>,
    /// `RETURNING …`.
    pub returning: Vec<Target>,
    /// `WITH (OLD AS …)` of RETURNING.
    pub returning_options: Vec<ReturningOption>,
}

/// MERGE.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Merge {
    /// `WITH …`.
    pub with: Option<With>,
    /// The table.
    pub relation: RangeVar,
    /// `USING …`.
    pub source: TableRef,
    /// `ON …`.
    pub on: Option<Expr>,
    /// `WHEN …`.
    pub clauses: Vec<MergeClause>,
    /// `RETURNING …` (17).
    pub returning: Vec<Target>,
    /// `WITH (OLD AS …)` of RETURNING.
    pub returning_options: Vec<ReturningOption>,
}

/// `WHEN [NOT] MATCHED [AND …] THEN …`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MergeClause {
    /// Which rows.
    pub matched: MergeMatch,
    /// `AND …`.
    pub condition: Option<Expr>,
    /// What becomes of them.
    pub action: MergeAction,
}

/// The rows that a clause of MERGE is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MergeMatch {
    /// `MATCHED`: rows of both sides.
    Matched,
    /// `NOT MATCHED [BY TARGET]`: rows of the source alone.
    NotByTarget,
    /// `NOT MATCHED BY SOURCE` (17): rows of the target alone.
    NotBySource,
}

/// What a clause of MERGE does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MergeAction {
    /// `INSERT (columns) [OVERRIDING …] VALUES (…)`; without values `DEFAULT VALUES`.
    Insert { columns: Vec<Target>, overriding: Overriding, values: Vec<Expr> },
    /// `UPDATE SET …`
    Update(Vec<Target>),
    /// `DELETE`
    Delete,
    /// `DO NOTHING`
    Nothing,
}
