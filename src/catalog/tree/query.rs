//! Queries (`parsenodes.h`).

use super::{At, Expr, TargetEntry};
use crate::catalog::{AttrNumber, Oid, TypeRef};
use crate::sql::ast::{Alias, JoinKind, LockStrength, LockWait, MergeMatch, Name, RuleEvent, SetOp};

/// A query or a data-modifying statement after parse analysis (`Query`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Query {
    /// What it does.
    pub command: CommandType,
    /// A utility statement of a rule: NOTIFY.
    pub utility: Option<Utility>,
    /// The number of the target table in the range table; 0 for SELECT.
    pub result_relation: u32,
    /// It has aggregates.
    pub has_aggs: bool,
    /// It has window functions.
    pub has_window_funcs: bool,
    /// Its select list has set-returning functions.
    pub has_target_srfs: bool,
    /// It has sub-queries in expressions.
    pub has_sub_links: bool,
    /// DISTINCT ON.
    pub has_distinct_on: bool,
    /// WITH RECURSIVE.
    pub has_recursive: bool,
    /// A WITH query modifies data.
    pub has_modifying_cte: bool,
    /// FOR UPDATE or FOR SHARE.
    pub has_for_update: bool,
    /// WITH queries.
    pub ctes: Vec<CommonTableExpr>,
    /// The range table; a [`super::Var`]'s number minus one is the index.
    pub rtable: Vec<RangeTblEntry>,
    /// FROM and WHERE.
    pub jointree: FromExpr,
    /// The actions of MERGE.
    pub merge_actions: Vec<MergeAction>,
    /// The join condition of MERGE, where it is kept apart (17).
    pub merge_join_condition: Option<Expr>,
    /// The select list, or the columns of INSERT and UPDATE.
    pub targets: Vec<TargetEntry>,
    /// OVERRIDING.
    pub overriding: Overriding,
    /// ON CONFLICT.
    pub on_conflict: Option<Box<OnConflictExpr>>,
    /// RETURNING.
    pub returning: Vec<TargetEntry>,
    /// The alias of OLD in RETURNING WITH (18).
    pub returning_old_alias: Option<Name>,
    /// The alias of NEW in RETURNING WITH (18).
    pub returning_new_alias: Option<Name>,
    /// GROUP BY.
    pub group_clause: Vec<SortGroupClause>,
    /// GROUP BY DISTINCT.
    pub group_distinct: bool,
    /// Grouping sets.
    pub grouping_sets: Vec<GroupingSet>,
    /// HAVING.
    pub having: Option<Expr>,
    /// Windows.
    pub window_clause: Vec<WindowClause>,
    /// DISTINCT.
    pub distinct_clause: Vec<SortGroupClause>,
    /// ORDER BY.
    pub sort_clause: Vec<SortGroupClause>,
    /// OFFSET.
    pub limit_offset: Option<Expr>,
    /// LIMIT, or FETCH FIRST.
    pub limit_count: Option<Expr>,
    /// WITH TIES.
    pub limit_with_ties: bool,
    /// FOR UPDATE and the like.
    pub row_marks: Vec<RowMarkClause>,
    /// The tree of set operations.
    pub set_operations: Option<Box<SetOperation>>,
    /// Primary keys that let columns stand ungrouped: the relation and the constraint (`constraintDeps`).
    pub constraint_deps: Vec<(Oid, Oid)>,
    /// Where it starts.
    pub at: At,
}

/// What a query does (`CmdType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommandType {
    /// SELECT
    Select,
    /// UPDATE
    Update,
    /// INSERT
    Insert,
    /// DELETE
    Delete,
    /// MERGE
    Merge,
    /// NOTIFY in a rule.
    Utility,
    /// DO NOTHING
    Nothing,
}

impl CommandType {
    /// The event of rules, if it changes rows in one way.
    pub fn event(self) -> Option<RuleEvent> {
        match self {
            CommandType::Insert => Some(RuleEvent::Insert),
            CommandType::Update => Some(RuleEvent::Update),
            CommandType::Delete => Some(RuleEvent::Delete),
            CommandType::Select | CommandType::Merge | CommandType::Utility | CommandType::Nothing => None,
        }
    }
}

/// The utility statements that a rule can hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Utility {
    /// NOTIFY channel, payload.
    Notify(Name, Option<String>),
}

/// OVERRIDING in INSERT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Overriding {
    /// Not written.
    #[default]
    NotSet,
    /// OVERRIDING USER VALUE
    User,
    /// OVERRIDING SYSTEM VALUE
    System,
}

impl Query {
    /// A query that does nothing yet.
    pub fn new(command: CommandType) -> Query {
        Query {
            command,
            utility: None,
            result_relation: 0,
            has_aggs: false,
            has_window_funcs: false,
            has_target_srfs: false,
            has_sub_links: false,
            has_distinct_on: false,
            has_recursive: false,
            has_modifying_cte: false,
            has_for_update: false,
            ctes: Vec::new(),
            rtable: Vec::new(),
            jointree: FromExpr { from: Vec::new(), quals: None },
            merge_actions: Vec::new(),
            merge_join_condition: None,
            targets: Vec::new(),
            overriding: Overriding::NotSet,
            on_conflict: None,
            returning: Vec::new(),
            returning_old_alias: None,
            returning_new_alias: None,
            group_clause: Vec::new(),
            group_distinct: false,
            grouping_sets: Vec::new(),
            having: None,
            window_clause: Vec::new(),
            distinct_clause: Vec::new(),
            sort_clause: Vec::new(),
            limit_offset: None,
            limit_count: None,
            limit_with_ties: false,
            row_marks: Vec::new(),
            set_operations: None,
            constraint_deps: Vec::new(),
            at: At::NONE,
        }
    }

    /// The entry of that number, starting at 1.
    pub fn rte(&self, number: u32) -> Option<&RangeTblEntry> {
        self.rtable.get((number as usize).checked_sub(1)?)
    }

    /// The elements of the result: those of RETURNING where there is one, else of the select list, without junk.
    pub fn result_targets(&self) -> impl Iterator<Item = &TargetEntry> {
        let list = match self.command {
            CommandType::Select => &self.targets,
            CommandType::Update
            | CommandType::Insert
            | CommandType::Delete
            | CommandType::Merge
            | CommandType::Utility
            | CommandType::Nothing => &self.returning,
        };
        list.iter().filter(|t| !t.junk)
    }
}

/// An entry of a range table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RangeTblEntry {
    /// What it is.
    pub kind: RteKind,
    /// The alias as written.
    pub alias: Option<Alias>,
    /// The name by which it is referred to, and the names of its columns when the query was analysed (`eref`). A dropped
    /// column has an empty name.
    pub eref: Alias,
    /// LATERAL.
    pub lateral: bool,
    /// It comes from FROM rather than being the target, OLD or NEW (`inFromCl`).
    pub in_from: bool,
    /// Children of the table count (`inh`): no ONLY.
    pub inherit: bool,
}

impl RangeTblEntry {
    /// The relation, if it is one.
    pub fn relation(&self) -> Option<Oid> {
        match self.kind {
            RteKind::Relation { relation, .. } => Some(relation),
            RteKind::Subquery(_)
            | RteKind::Join(_)
            | RteKind::Function { .. }
            | RteKind::TableFunc(_)
            | RteKind::Values { .. }
            | RteKind::Cte { .. }
            | RteKind::NamedTuplestore { .. }
            | RteKind::Result => None,
        }
    }
}

/// The kinds of range table entry (`RTEKind`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RteKind {
    /// A relation, of the catalog or of PostgreSQL's own.
    Relation {
        /// The relation.
        relation: Oid,
        /// TABLESAMPLE.
        sample: Option<Box<TableSample>>,
    },
    /// A sub-query.
    Subquery(Box<Query>),
    /// A join.
    Join(Box<JoinRte>),
    /// Functions.
    Function {
        /// The functions: several in ROWS FROM.
        functions: Vec<RangeTblFunction>,
        /// WITH ORDINALITY.
        ordinality: bool,
    },
    /// XMLTABLE, JSON_TABLE.
    TableFunc(Box<TableFunc>),
    /// VALUES.
    Values {
        /// The rows.
        rows: Vec<Vec<Expr>>,
        /// The columns.
        columns: Vec<ColumnType>,
    },
    /// A WITH query.
    Cte {
        /// Its name.
        name: Name,
        /// How many queries out it is.
        levels_up: u32,
        /// It refers to itself inside its own definition.
        self_reference: bool,
        /// Its columns.
        columns: Vec<ColumnType>,
    },
    /// A transition table of a trigger.
    NamedTuplestore {
        /// Its name.
        name: Name,
        /// The table whose rows it has.
        relation: Oid,
        /// Its columns.
        columns: Vec<ColumnType>,
    },
    /// Nothing: FROM is empty.
    Result,
}

/// A column's type, modifier and collation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ColumnType {
    /// The type.
    pub ty: TypeRef,
    /// The collation.
    pub collation: Oid,
}

/// A join in the range table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JoinRte {
    /// Its kind.
    pub kind: JoinKind,
    /// How many columns USING merges; they come first.
    pub merged_columns: usize,
    /// What the columns are: variables of the two sides, COALESCEs for merged ones of FULL JOINs.
    pub alias_vars: Vec<Expr>,
    /// For each column the column of the left side that it is or that is merged into it; 0 if none.
    pub left_columns: Vec<AttrNumber>,
    /// The same of the right side.
    pub right_columns: Vec<AttrNumber>,
    /// `USING (…) AS alias`.
    pub using_alias: Option<Alias>,
}

/// A function in FROM.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RangeTblFunction {
    /// The call.
    pub expr: Expr,
    /// How many columns it contributes.
    pub column_count: usize,
    /// The columns of a column definition list, where there is one.
    pub definition: Vec<ColumnDefinition>,
}

/// A column of a column definition list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ColumnDefinition {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeRef,
    /// Its collation.
    pub collation: Oid,
}

/// XMLTABLE, JSON_TABLE.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableFunc {
    /// JSON_TABLE rather than XMLTABLE.
    pub json: bool,
    /// URIs of XMLNAMESPACES.
    pub namespace_uris: Vec<Expr>,
    /// Their names; nothing for DEFAULT.
    pub namespace_names: Vec<Option<Name>>,
    /// The document.
    pub document: Expr,
    /// The row expression.
    pub row: Option<Expr>,
    /// The columns.
    pub columns: Vec<TableFuncColumn>,
    /// FOR ORDINALITY: the index of the column.
    pub ordinality: Option<usize>,
    /// The plan of JSON_TABLE.
    pub plan: Option<Box<JsonTablePlan>>,
    /// PASSING of JSON_TABLE: values and names are in this JSON expression.
    pub passing: Vec<(Name, Expr)>,
    /// Where it stands.
    pub at: At,
}

/// A column of a table function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableFuncColumn {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeRef,
    /// Its collation.
    pub collation: Oid,
    /// Its path (XMLTABLE).
    pub path: Option<Expr>,
    /// Its value (JSON_TABLE).
    pub value: Option<Expr>,
    /// DEFAULT.
    pub default: Option<Expr>,
    /// NOT NULL.
    pub not_null: bool,
}

/// The nesting of JSON_TABLE's paths (`JsonTablePlan`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum JsonTablePlan {
    /// A path with its columns and what is nested in it.
    Path {
        /// The path's constant.
        path: Expr,
        /// Its name.
        name: Name,
        /// ERROR ON ERROR.
        error_on_error: bool,
        /// What is nested.
        child: Option<Box<JsonTablePlan>>,
        /// First and last column index of this path; nothing if it has none.
        columns: Option<(usize, usize)>,
    },
    /// Siblings.
    Join(Box<JsonTablePlan>, Box<JsonTablePlan>),
}

/// TABLESAMPLE.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableSample {
    /// The handler function.
    pub handler: Oid,
    /// Its arguments.
    pub args: Vec<Expr>,
    /// REPEATABLE.
    pub repeatable: Option<Expr>,
}

/// FROM and WHERE (`FromExpr`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FromExpr {
    /// The elements of FROM.
    pub from: Vec<JoinTree>,
    /// WHERE.
    pub quals: Option<Expr>,
}

/// A node of the join tree.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum JoinTree {
    /// An entry of the range table (`RangeTblRef`).
    Ref(u32),
    /// A join (`JoinExpr`).
    Join(Box<JoinExpr>),
}

/// A join in the join tree.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JoinExpr {
    /// Its kind.
    pub kind: JoinKind,
    /// NATURAL.
    pub natural: bool,
    /// The left side.
    pub left: JoinTree,
    /// The right side.
    pub right: JoinTree,
    /// USING, NATURAL's columns included.
    pub using: Vec<Name>,
    /// `USING (…) AS alias`.
    pub using_alias: Option<Alias>,
    /// ON, or what USING amounts to.
    pub quals: Option<Expr>,
    /// The alias.
    pub alias: Option<Alias>,
    /// Its entry in the range table.
    pub rtindex: u32,
}

/// An item of ORDER BY, GROUP BY, DISTINCT, PARTITION BY (`SortGroupClause`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SortGroupClause {
    /// The `ressortgroupref` of the target.
    pub tle_sort_group_ref: u32,
    /// The equality operator.
    pub equality: Oid,
    /// The ordering operator; none if only equality is wanted.
    pub sort: Oid,
    /// It is a descending order (`reverse_sort`, 18; before it is found from the operator).
    pub descending: bool,
    /// NULLS FIRST.
    pub nulls_first: bool,
    /// The equality can be hashed.
    pub hashable: bool,
}

/// A grouping set.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GroupingSet {
    /// `()`
    Empty,
    /// A list of expressions, by `ressortgroupref`.
    Simple(Vec<u32>),
    /// ROLLUP
    Rollup(Vec<GroupingSet>),
    /// CUBE
    Cube(Vec<GroupingSet>),
    /// GROUPING SETS
    Sets(Vec<GroupingSet>),
}

/// A window.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WindowClause {
    /// Its name in the WINDOW clause.
    pub name: Option<Name>,
    /// The window that it copies.
    pub refname: Option<Name>,
    /// PARTITION BY.
    pub partition: Vec<SortGroupClause>,
    /// ORDER BY.
    pub order: Vec<SortGroupClause>,
    /// PostgreSQL's `FRAMEOPTION_…` bits.
    pub frame_options: i32,
    /// The offset of the frame's start.
    pub start_offset: Option<Expr>,
    /// The offset of the frame's end.
    pub end_offset: Option<Expr>,
    /// What window functions refer to it by.
    pub winref: u32,
    /// Its ORDER BY is copied from another.
    pub copied_order: bool,
}

/// FOR UPDATE and the like (`RowMarkClause`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RowMarkClause {
    /// The entry of the range table.
    pub rti: u32,
    /// Its strength.
    pub strength: LockStrength,
    /// What it does when it must wait.
    pub wait: LockWait,
    /// It was pushed down from a clause above.
    pub pushed_down: bool,
}

/// A WITH query.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommonTableExpr {
    /// Its name.
    pub name: Name,
    /// The names of its columns as written.
    pub aliases: Vec<Name>,
    /// `[NOT] MATERIALIZED`.
    pub materialized: Option<bool>,
    /// The query.
    pub query: Query,
    /// SEARCH.
    pub search: Option<CteSearch>,
    /// CYCLE.
    pub cycle: Option<Box<CteCycle>>,
    /// It refers to itself.
    pub recursive: bool,
    /// How many references there are.
    pub refcount: u32,
    /// The names of its columns.
    pub column_names: Vec<Name>,
    /// Their types.
    pub columns: Vec<ColumnType>,
    /// Where it stands.
    pub at: At,
}

/// SEARCH.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CteSearch {
    /// The columns.
    pub columns: Vec<Name>,
    /// BREADTH FIRST rather than DEPTH FIRST.
    pub breadth_first: bool,
    /// SET.
    pub sequence_column: Name,
    /// Where it stands.
    pub at: At,
}

/// CYCLE.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CteCycle {
    /// The columns.
    pub columns: Vec<Name>,
    /// SET.
    pub mark_column: Name,
    /// TO.
    pub mark_value: Expr,
    /// DEFAULT.
    pub mark_default: Expr,
    /// USING.
    pub path_column: Name,
    /// The type of the mark.
    pub mark_type: TypeRef,
    /// Its collation.
    pub mark_collation: Oid,
    /// The `<>` operator of the mark.
    pub mark_neop: Oid,
    /// Where it stands.
    pub at: At,
}

/// A node of the tree of set operations.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SetOperation {
    /// A query: an entry of the range table.
    Leaf(u32),
    /// An operation.
    Node {
        /// Which.
        op: SetOp,
        /// ALL.
        all: bool,
        /// The left side.
        left: Box<SetOperation>,
        /// The right side.
        right: Box<SetOperation>,
        /// Its columns.
        columns: Vec<ColumnType>,
        /// How columns are compared; empty for UNION ALL.
        group_clauses: Vec<SortGroupClause>,
    },
}

/// ON CONFLICT.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OnConflictExpr {
    /// DO UPDATE rather than DO NOTHING.
    pub update: bool,
    /// What infers the index.
    pub arbiter: Vec<InferenceElem>,
    /// The predicate of a partial index.
    pub arbiter_where: Option<Expr>,
    /// ON CONSTRAINT: the relation's constraint.
    pub constraint: Oid,
    /// SET.
    pub set: Vec<TargetEntry>,
    /// WHERE.
    pub filter: Option<Expr>,
    /// The entry of EXCLUDED in the range table.
    pub excluded: u32,
}

/// An element that infers an index.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InferenceElem {
    /// The column or expression.
    pub expr: Expr,
    /// The collation, where it was written.
    pub collation: Oid,
    /// The operator class, where it was written.
    pub opclass: Oid,
}

/// A clause of MERGE.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MergeAction {
    /// Which rows.
    pub matched: MergeMatch,
    /// INSERT, UPDATE, DELETE or nothing.
    pub command: CommandType,
    /// OVERRIDING.
    pub overriding: Overriding,
    /// AND …
    pub condition: Option<Expr>,
    /// The columns.
    pub targets: Vec<TargetEntry>,
}
