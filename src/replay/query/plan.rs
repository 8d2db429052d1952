//! Analysed queries: names are resolved to items of FROM, to values of variables, to functions and types.

use super::function::BuiltinCall;
use super::system::SystemTable;
use crate::catalog::builtin::BuiltinRelation;
use crate::catalog::{Oid, TypeRef};
use crate::sql::ast::{BooleanTest, JoinKind, LikeKind, Name, SetOp};
use crate::sql::span::Loc;

/// A query.
#[derive(Clone, Debug)]
pub(super) struct QueryPlan {
    /// The common table expressions that it makes, before it is executed.
    pub ctes: Vec<CtePlan>,
    pub body: BodyPlan,
    /// Names of the result's columns.
    pub columns: Vec<OutputColumn>,
    pub order_by: Vec<SortKey>,
    /// `WITH TIES`
    pub ties: bool,
    pub limit: Option<Node>,
    pub offset: Option<Node>,
}

/// A column of a query's result.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OutputColumn {
    pub name: Name,
    /// Its type, where it follows.
    pub ty: Option<Oid>,
}

/// A common table expression.
#[derive(Clone, Debug)]
pub(super) struct CtePlan {
    /// Its place among the common table expressions that are visible at run time.
    pub slot: usize,
    pub body: CteBodyPlan,
}

#[derive(Clone, Debug)]
pub(super) enum CteBodyPlan {
    Query(QueryPlan),
    /// `start UNION [ALL] step`, where the step refers to itself.
    Recursive {
        start: QueryPlan,
        step: QueryPlan,
        all: bool,
    },
    /// A statement that changes rows: what it returns is not known.
    Unknown,
}

#[derive(Clone, Debug)]
pub(super) enum BodyPlan {
    Select(Box<SelectPlan>),
    Values(Vec<Vec<Node>>),
    SetOp { op: SetOp, all: bool, left: Box<QueryPlan>, right: Box<QueryPlan> },
}

/// A plain SELECT.
#[derive(Clone, Debug)]
pub(super) struct SelectPlan {
    pub items: Vec<Item>,
    pub from: Vec<FromNode>,
    /// The conditions of WHERE and of inner joins, taken apart at AND.
    pub conditions: Vec<Node>,
    /// The result's columns, and behind them what ORDER BY needs besides.
    pub targets: Vec<Node>,
    /// How many of the targets are columns of the result.
    pub visible: usize,
    pub distinct: DistinctPlan,
    /// GROUP BY, HAVING or an aggregate is there.
    pub grouped: bool,
    pub group_by: Vec<Node>,
    pub having: Option<Node>,
    pub aggregates: Vec<Aggregate>,
}

#[derive(Clone, Debug)]
pub(super) enum DistinctPlan {
    No,
    All,
    /// Those are columns of the result, or behind it.
    On(Vec<usize>),
}

/// A sort key: a column of the result (or behind it).
#[derive(Clone, Debug)]
pub(super) struct SortKey {
    pub column: usize,
    pub descending: bool,
    pub nulls_first: bool,
}

/// What a name in FROM stands for.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub alias: Name,
    /// Its schema, for references like `schema.table.column`.
    pub schema: Option<Name>,
    pub columns: Vec<ItemColumn>,
    pub source: Source,
    /// It refers to items before it, so it is evaluated for each of their rows.
    pub lateral: bool,
}

#[derive(Clone, Debug)]
pub(super) struct ItemColumn {
    pub name: Name,
    pub ty: Option<Oid>,
    /// An unqualified name does not mean it: a join with USING merged it into another one.
    pub merged: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Source {
    /// A system catalog or view that is projected.
    System(SystemTable, &'static BuiltinRelation),
    /// Rows that nobody can know, and why.
    Unknown(String),
    /// A table without rows.
    Empty,
    /// A table whose rows are known.
    Table {
        table: Oid,
        only: bool,
    },
    Subquery(Box<QueryPlan>),
    Cte(usize),
    /// Functions side by side, each with the number of its columns.
    Function {
        calls: Vec<(Node, usize)>,
        ordinality: bool,
    },
}

/// The structure of FROM.
#[derive(Clone, Debug)]
pub(super) enum FromNode {
    Item(usize),
    /// An outer join; inner joins are taken apart.
    Join {
        kind: JoinKind,
        left: Box<FromNode>,
        right: Box<FromNode>,
        on: Vec<Node>,
    },
    /// Inner joins below an outer join.
    All(Vec<FromNode>, Vec<Node>),
}

/// An aggregate of a SELECT.
#[derive(Clone, Debug)]
pub(super) struct Aggregate {
    pub name: Name,
    pub args: Vec<Node>,
    pub star: bool,
    pub distinct: bool,
    pub order_by: Vec<(Node, bool, bool)>,
    pub filter: Option<Node>,
}

/// An expression.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Const(super::Value),
    /// A column of an item, `depth` queries further out.
    Column {
        depth: usize,
        item: usize,
        column: usize,
    },
    /// A whole row of an item.
    Row {
        depth: usize,
        item: usize,
    },
    Cast {
        operand: Box<Node>,
        ty: TypeRef,
    },
    Op {
        op: Name,
        left: Option<Box<Node>>,
        right: Box<Node>,
        loc: Loc,
    },
    OpArray {
        op: Name,
        all: bool,
        left: Box<Node>,
        right: Box<Node>,
        loc: Loc,
    },
    Distinct {
        not: bool,
        left: Box<Node>,
        right: Box<Node>,
    },
    NullIf(Box<Node>, Box<Node>),
    In {
        not: bool,
        operand: Box<Node>,
        list: Vec<Node>,
    },
    Like {
        kind: LikeKind,
        not: bool,
        operand: Box<Node>,
        pattern: Box<Node>,
        escape: Option<Box<Node>>,
    },
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    IsNull {
        not: bool,
        operand: Box<Node>,
    },
    BooleanTest {
        test: BooleanTest,
        operand: Box<Node>,
    },
    Builtin {
        function: BuiltinCall,
        args: Vec<Node>,
        strict: bool,
        loc: Loc,
    },
    /// One of several functions of the same name.
    User {
        candidates: Vec<Oid>,
        args: Vec<(Option<Name>, Node)>,
        loc: Loc,
    },
    Case {
        operand: Option<Box<Node>>,
        whens: Vec<(Node, Node)>,
        otherwise: Option<Box<Node>>,
    },
    Coalesce(Vec<Node>),
    /// `GREATEST` (true) or `LEAST`.
    Extreme {
        greatest: bool,
        list: Vec<Node>,
    },
    Array(Vec<Node>),
    MakeRow(Vec<Node>),
    Field {
        operand: Box<Node>,
        name: Name,
    },
    Index {
        operand: Box<Node>,
        index: Box<Node>,
    },
    Slice {
        operand: Box<Node>,
        low: Option<Box<Node>>,
        high: Option<Box<Node>>,
    },
    Exists(Box<QueryPlan>),
    Any {
        all: bool,
        operand: Box<Node>,
        op: Name,
        query: Box<QueryPlan>,
        loc: Loc,
    },
    Scalar(Box<QueryPlan>),
    ArrayOf(Box<QueryPlan>),
    /// An aggregate of this SELECT, by its number.
    Aggregate(usize),
}

impl Node {
    /// Calls `f` for each node inside, this one included; inside of sub-queries too, where it tells the depth.
    pub fn walk<'n>(&'n self, depth: usize, f: &mut impl FnMut(&'n Node, usize)) {
        f(self, depth);
        let mut each = |nodes: &mut dyn Iterator<Item = &'n Node>| {
            for node in nodes {
                node.walk(depth, f);
            }
        };
        match self {
            Node::Const(_) | Node::Column { .. } | Node::Row { .. } | Node::Aggregate(_) => {}
            Node::Cast { operand, .. }
            | Node::IsNull { operand, .. }
            | Node::BooleanTest { operand, .. }
            | Node::Field { operand, .. } => operand.walk(depth, f),
            Node::Not(operand) => operand.walk(depth, f),
            Node::Op { left, right, .. } => each(&mut left.as_deref().into_iter().chain([&**right])),
            Node::OpArray { left, right, .. } | Node::Distinct { left, right, .. } | Node::NullIf(left, right) => {
                each(&mut [&**left, &**right].into_iter());
            }
            Node::In { operand, list, .. } => each(&mut std::iter::once(&**operand).chain(list)),
            Node::Like { operand, pattern, escape, .. } => {
                each(&mut [&**operand, &**pattern].into_iter().chain(escape.as_deref()));
            }
            Node::And(list)
            | Node::Or(list)
            | Node::Coalesce(list)
            | Node::Extreme { list, .. }
            | Node::Array(list)
            | Node::MakeRow(list) => each(&mut list.iter()),
            Node::Builtin { args, .. } => each(&mut args.iter()),
            Node::User { args, .. } => each(&mut args.iter().map(|(_, n)| n)),
            Node::Case { operand, whens, otherwise } => each(
                &mut operand
                    .as_deref()
                    .into_iter()
                    .chain(whens.iter().flat_map(|(w, t)| [w, t]))
                    .chain(otherwise.as_deref()),
            ),
            Node::Index { operand, index } => each(&mut [&**operand, &**index].into_iter()),
            Node::Slice { operand, low, high } => {
                each(&mut std::iter::once(&**operand).chain(low.as_deref()).chain(high.as_deref()));
            }
            Node::Exists(query) | Node::Scalar(query) | Node::ArrayOf(query) => query.walk(depth + 1, f),
            Node::Any { operand, query, .. } => {
                operand.walk(depth, f);
                query.walk(depth + 1, f);
            }
        }
    }

    /// The items of the innermost query that it needs.
    pub fn items(&self) -> Vec<usize> {
        let mut items = Vec::new();
        self.walk(0, &mut |node, at| match node {
            Node::Column { depth, item, .. } | Node::Row { depth, item } if *depth == at => items.push(*item),
            _ => {}
        });
        items.sort_unstable();
        items.dedup();
        items
    }

    /// It calls one of PostgreSQL's functions that make or drop large objects.
    pub fn changes_large_objects(&self) -> bool {
        let mut found = false;
        self.walk(0, &mut |node, _| {
            found |= matches!(node, Node::Builtin { function, .. } if crate::replay::ddl::large_object::CHANGING.contains(&function.name()));
        });
        found
    }

    /// The functions of users that it calls.
    pub fn called_functions(&self) -> Vec<Oid> {
        let mut functions = Vec::new();
        self.walk(0, &mut |node, _| functions.extend(node.user_candidates()));
        functions
    }

    /// If it is a call of a function of users': those that may be the one.
    pub fn user_candidates(&self) -> &[Oid] {
        match self {
            Node::User { candidates, .. } => candidates,
            _ => &[],
        }
    }
}

impl QueryPlan {
    /// `SELECT function(…)` with arguments that call nothing of users'.
    pub fn is_one_call(&self) -> bool {
        let BodyPlan::Select(select) = &self.body else { return false };
        self.ctes.is_empty()
            && self.limit.is_none()
            && self.offset.is_none()
            && select.items.is_empty()
            && select.conditions.is_empty()
            && !select.grouped
            && matches!(
                select.targets.as_slice(),
                [Node::User { args, .. }] if args.iter().all(|(_, arg)| arg.called_functions().is_empty())
            )
    }

    /// There are rules for it which making the plan does not look after: about columns that are not grouped, sort keys that
    /// are not selected, types that have to be the same.
    pub fn needs_parse_analysis(&self) -> bool {
        let mut needed = self.has_such_rules();
        self.walk(0, &mut |node, _| {
            needed |= match node {
                Node::Exists(query) | Node::Scalar(query) | Node::ArrayOf(query) | Node::Any { query, .. } => {
                    query.has_such_rules()
                }
                // Its elements have one type.
                Node::Array(list) => {
                    let literal = |node: &Node| matches!(node, Node::Const(super::Value::Literal(_)));
                    list.is_empty() || list.iter().any(literal) && !list.iter().all(literal)
                }
                _ => false,
            }
        });
        needed
    }

    fn has_such_rules(&self) -> bool {
        if !self.ctes.is_empty() {
            return true;
        }
        match &self.body {
            BodyPlan::SetOp { .. } => true,
            BodyPlan::Values(_) => false,
            BodyPlan::Select(select) => {
                let column = |node: &Node| {
                    let mut found = false;
                    node.walk(0, &mut |node, depth| {
                        found |=
                            matches!(node, Node::Column { depth: d, .. } | Node::Row { depth: d, .. } if *d == depth);
                    });
                    found
                };
                let sorted = !matches!(select.distinct, DistinctPlan::No) && !self.order_by.is_empty();
                let ungrouped = select.grouped && select.targets.iter().chain(&select.having).any(column);
                let inside = |item: &Item| match &item.source {
                    Source::Subquery(query) => query.has_such_rules(),
                    Source::System(..)
                    | Source::Unknown(_)
                    | Source::Empty
                    | Source::Table { .. }
                    | Source::Cte(_)
                    | Source::Function { .. } => false,
                };
                sorted || ungrouped || !select.group_by.is_empty() || select.items.iter().any(inside)
            }
        }
    }

    /// [`Node::walk`] for all expressions, which are at that depth.
    pub fn walk<'n>(&'n self, depth: usize, f: &mut impl FnMut(&'n Node, usize)) {
        for cte in &self.ctes {
            match &cte.body {
                CteBodyPlan::Query(query) => query.walk(depth, f),
                CteBodyPlan::Recursive { start, step, .. } => {
                    start.walk(depth, f);
                    step.walk(depth, f);
                }
                CteBodyPlan::Unknown => {}
            }
        }
        match &self.body {
            BodyPlan::Select(select) => select.walk(depth, f),
            BodyPlan::Values(rows) => rows.iter().flatten().for_each(|n| n.walk(depth, f)),
            BodyPlan::SetOp { left, right, .. } => {
                left.walk(depth, f);
                right.walk(depth, f);
            }
        }
        self.limit.iter().chain(&self.offset).for_each(|n| n.walk(depth, f));
    }
}

impl SelectPlan {
    fn walk<'n>(&'n self, depth: usize, f: &mut impl FnMut(&'n Node, usize)) {
        for item in &self.items {
            match &item.source {
                Source::Subquery(query) => query.walk(depth + 1, f),
                Source::Function { calls, .. } => calls.iter().for_each(|(call, _)| call.walk(depth, f)),
                Source::System(..) | Source::Unknown(_) | Source::Empty | Source::Table { .. } | Source::Cte(_) => {}
            }
        }
        for node in &self.from {
            node.walk(depth, f);
        }
        let lists = [self.conditions.as_slice(), &self.targets, &self.group_by];
        lists.into_iter().flatten().chain(&self.having).for_each(|n| n.walk(depth, f));
        for aggregate in &self.aggregates {
            let sorted = aggregate.order_by.iter().map(|(n, ..)| n);
            aggregate.args.iter().chain(&aggregate.filter).chain(sorted).for_each(|n| n.walk(depth, f));
        }
    }
}

impl FromNode {
    fn walk<'n>(&'n self, depth: usize, f: &mut impl FnMut(&'n Node, usize)) {
        match self {
            FromNode::Item(_) => {}
            FromNode::Join { left, right, on, .. } => {
                left.walk(depth, f);
                right.walk(depth, f);
                on.iter().for_each(|n| n.walk(depth, f));
            }
            FromNode::All(nodes, on) => {
                nodes.iter().for_each(|n| n.walk(depth, f));
                on.iter().for_each(|n| n.walk(depth, f));
            }
        }
    }

    /// The items in it.
    pub fn items(&self) -> Vec<usize> {
        match self {
            FromNode::Item(item) => vec![*item],
            FromNode::Join { left, right, .. } => left.items().into_iter().chain(right.items()).collect(),
            FromNode::All(nodes, _) => nodes.iter().flat_map(FromNode::items).collect(),
        }
    }
}
