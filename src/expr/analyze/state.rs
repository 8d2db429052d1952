//! What parse analysis knows at a point (`parse_node.h: ParseState`).

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use super::tupdesc::OpenRelation;
use crate::catalog::tree::{CommonTableExpr, Expr, JoinTree, RangeTblEntry, VarReturning, WindowClause};
use crate::catalog::{AttrNumber, Catalog, Oid, TypeRef};
use crate::expr::datum::DateOrder;
use crate::replay::Exec;
use crate::replay::lookup::find_schema;
use crate::sql::ast::{Cte, Name, WindowDef};
use crate::sql::span::Loc;

/// What every analysis needs from outside.
#[derive(Clone, Copy)]
pub struct Environment<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// Where names are looked up, `pg_catalog` and temporary objects in their places.
    pub path: &'a [Oid],
    /// The session's `TimeZone`.
    pub time_zone: &'a str,
    /// The session's order of the fields of a date.
    pub date_order: DateOrder,
    /// The start of the transaction in microseconds since 2000-01-01 00:00 UTC, where there is a clock.
    pub now: Option<i64>,
    /// Where it is noted that a constant stands for the time of the transaction, where there is no clock. Without a
    /// place for that such a constant is opaque.
    pub times: Option<&'a Cell<bool>>,
    /// Names that may stand for variables of the code around, and its parameters.
    pub variables: Option<&'a dyn Variables>,
}

impl<'a> Environment<'a> {
    /// A session in `UTC` without a clock and without code around.
    pub fn new(catalog: &'a Catalog, path: &'a [Oid]) -> Environment<'a> {
        let date_order = DateOrder::default();
        Environment { catalog, path, time_zone: "UTC", date_order, now: None, times: None, variables: None }
    }
}

/// Parameters and variables around an expression: arguments of a SQL function, variables of PL/pgSQL (the hooks
/// `p_pre_columnref_hook`, `p_post_columnref_hook`, `p_paramref_hook`).
pub trait Variables {
    /// `$n`.
    fn parameter(&self, number: u32) -> Option<Variable>;

    /// A name of one or more parts that no column has (`sql_fn_post_column_ref`), or, where `before` is true, before
    /// columns are looked at.
    fn name(&self, parts: &[Name], loc: Loc, before: bool) -> Exec<Option<Variable>>;

    /// A parameter without a type is wanted as one: it has that type from now on. The type that it got before is in the
    /// way; nothing where parameters have the types that they have (`p_coerce_param_hook`).
    fn deduce(&self, _number: u32, _ty: Oid) -> Option<Result<(), Oid>> {
        None
    }

    /// Columns that are found too make a name ambiguous, as in PL/pgSQL (42702).
    fn conflicts_with_columns(&self) -> bool {
        false
    }
}

/// A parameter or variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its number as a parameter.
    pub id: u32,
    /// Its type.
    pub ty: TypeRef,
    /// Its collation.
    pub collation: Oid,
    /// Fields of it that the name goes on with.
    pub fields: Vec<Name>,
}

/// Analyses one statement or expression.
pub struct Analyzer<'a> {
    /// What it needs from outside.
    pub(super) env: Environment<'a>,
    /// The queries that are being analysed, the outermost first; never empty.
    pub(super) states: Vec<ParseState>,
    /// The schema of temporary objects, where there is one: functions and operators are not looked for there.
    pub(super) temp_schema: Oid,
    /// The functions in SQL whose bodies stand in the place of calls just now (`eval_const_expressions_context`).
    pub(super) active_functions: RefCell<Vec<Oid>>,
}

/// A query that is being analysed (`ParseState`).
#[derive(Default)]
pub struct ParseState {
    /// The range table so far.
    pub rtable: Vec<RangeTblEntry>,
    /// The join tree so far: what FROM has.
    pub joinlist: Vec<JoinTree>,
    /// What names can refer to.
    pub namespace: Vec<NsItem>,
    /// Sub-queries see this level's items only if they are LATERAL.
    pub lateral_active: bool,
    /// WITH queries that can be referred to.
    pub ctes: Vec<CommonTableExpr>,
    /// Those of them whose definition is not analysed yet: references to them are recursive.
    pub pending_ctes: Vec<Name>,
    /// WITH queries that come later, for the error's hint.
    pub future_ctes: Vec<Cte>,
    /// The WITH query whose definition this is (`p_parent_cte`).
    pub parent_cte: Option<Name>,
    /// The target of INSERT, UPDATE, DELETE, MERGE: its index in the namespace's terms.
    pub target: Option<NsItem>,
    /// Its relation.
    pub target_relation: Oid,
    /// Its columns.
    pub target_columns: Option<Arc<OpenRelation>>,
    /// The entry of EXCLUDED in the range table; 0 if there is none.
    pub excluded: u32,
    /// Transition tables of a trigger, which plain names in FROM can mean (`QueryEnvironment`).
    pub transition_tables: Vec<(Name, Oid)>,
    /// SELECT … INTO is not an error: the statement that it makes is known.
    pub into_allowed: bool,
    /// It is an INSERT.
    pub is_insert: bool,
    /// Window definitions of OVER, collected.
    pub window_defs: Vec<WindowDef>,
    /// Windows made of them.
    pub window_clauses: Vec<WindowClause>,
    /// Where the expression stands that is being analysed.
    pub expr_kind: Option<ExprKind>,
    /// The number of the next target (`p_next_resno`).
    pub next_resno: AttrNumber,
    /// Sub-selects of multiple assignment.
    pub multiassign: Vec<Expr>,
    /// Unknown literals of the select list become text (`p_resolve_unknowns`).
    pub resolve_unknowns: bool,
    /// It has aggregates.
    pub has_aggs: bool,
    /// It has window functions.
    pub has_window_funcs: bool,
    /// It has set-returning functions in its select list.
    pub has_target_srfs: bool,
    /// It has sub-queries in expressions.
    pub has_sub_links: bool,
    /// A WITH query modifies data.
    pub has_modifying_cte: bool,
    /// The last set-returning function, to see whether one is nested in another (`p_last_srf`).
    pub last_srf: Option<Srf>,
    /// `VALUE` stands for this in a domain's CHECK.
    pub domain_value: Option<Expr>,
    /// What is done with the grammar's `DEFAULT`.
    pub allows_default: bool,
}

/// A set-returning function that was met: PostgreSQL compares pointers to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Srf {
    /// Its number in the query.
    pub number: u32,
    /// Where it stands (`exprLocation`).
    pub loc: Loc,
}

/// Something that names can refer to (`ParseNamespaceItem`).
#[derive(Clone, Debug)]
pub struct NsItem {
    /// The name of the table; a join without alias is an `unnamed_join` that is not `rel_visible`.
    pub name: Name,
    /// Its number in the range table.
    pub rtindex: u32,
    /// Its columns; a dropped one has an empty name.
    pub columns: Arc<[NsColumn]>,
    /// The name can be used.
    pub rel_visible: bool,
    /// Unqualified names of columns can be used.
    pub cols_visible: bool,
    /// It can be used by LATERAL items only.
    pub lateral_only: bool,
    /// If it is `lateral_only`: the use is allowed.
    pub lateral_ok: bool,
    /// OLD or NEW of RETURNING.
    pub returning: VarReturning,
}

/// A column of an [`NsItem`] (`ParseNamespaceColumn`): what the `Var` for it looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NsColumn {
    /// Its name.
    pub name: Name,
    /// The number of the range table entry that the variable refers to; 0 if the column is dropped.
    pub varno: u32,
    /// The column there.
    pub varattno: AttrNumber,
    /// Its type.
    pub ty: TypeRef,
    /// Its collation.
    pub collation: Oid,
    /// A column of a join that USING merged away: it is not part of `*`.
    pub dont_expand: bool,
}

/// Where an expression stands (`ParseExprKind`): it decides what is allowed in it, and the words of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it: they are PostgreSQL's")]
pub enum ExprKind {
    Other,
    JoinOn,
    JoinUsing,
    FromSubselect,
    FromFunction,
    Where,
    Policy,
    Having,
    Filter,
    WindowPartition,
    WindowOrder,
    WindowFrameRange,
    WindowFrameRows,
    WindowFrameGroups,
    SelectTarget,
    InsertTarget,
    UpdateSource,
    UpdateTarget,
    MergeWhen,
    GroupBy,
    OrderBy,
    DistinctOn,
    Limit,
    Offset,
    Returning,
    MergeReturning,
    Values,
    ValuesSingle,
    CheckConstraint,
    DomainCheck,
    ColumnDefault,
    FunctionDefault,
    IndexExpression,
    IndexPredicate,
    StatsExpression,
    AlterColTransform,
    ExecuteParameter,
    TriggerWhen,
    PartitionBound,
    PartitionExpression,
    CallArgument,
    CopyWhere,
    GeneratedColumn,
    CycleMark,
}

impl<'a> Analyzer<'a> {
    /// An analyzer with one level and nothing in it.
    pub fn new(env: Environment<'a>) -> Analyzer<'a> {
        let temp_schema = find_schema(env.catalog, "pg_temp").map_or(Oid::INVALID, |schema| schema.oid);
        let states = vec![ParseState { next_resno: 1, ..ParseState::default() }];
        Analyzer { env, states, temp_schema, active_functions: RefCell::default() }
    }

    /// The innermost query.
    pub(super) fn state(&mut self) -> &mut ParseState {
        let last = self.states.len() - 1;
        &mut self.states[last]
    }

    /// The query `levels_up` out, if there are so many.
    pub(super) fn level(&self, levels_up: u32) -> Option<&ParseState> {
        self.states.len().checked_sub(1 + levels_up as usize).map(|index| &self.states[index])
    }

    /// Runs `f` with a query of its own inside (`parse_node.c: make_parsestate`, `free_parsestate`).
    pub(super) fn nested<T>(&mut self, f: impl FnOnce(&mut Self) -> Exec<T>) -> Exec<T> {
        let resolve_unknowns = true;
        self.states.push(ParseState { next_resno: 1, resolve_unknowns, ..ParseState::default() });
        let result = f(self);
        self.states.pop();
        result
    }

    /// Notes that a set-returning function stands at `loc`.
    pub(super) fn set_last_srf(&mut self, loc: Loc) {
        let number = self.state().last_srf.map_or(0, |srf| srf.number) + 1;
        self.state().last_srf = Some(Srf { number, loc });
    }

    /// The last set-returning function of the innermost query.
    pub(super) fn last_srf(&self) -> Option<Srf> {
        self.states.last().and_then(|state| state.last_srf)
    }

    /// Where the expression stands that is being analysed.
    pub(super) fn expr_kind(&self) -> ExprKind {
        self.states.last().and_then(|state| state.expr_kind).unwrap_or(ExprKind::Other)
    }

    /// The catalog.
    pub(super) fn catalog(&self) -> &'a Catalog {
        self.env.catalog
    }
}
