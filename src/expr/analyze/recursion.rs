//! WITH RECURSIVE: which query refers to which, and whether a recursive one has the form that it must have
//! (`parse_cte.c: makeDependencyGraph`, `checkWellFormedRecursion`).

use super::error::fail;
use super::raw::{Raw, trailing};
use super::sort_group::raw_loc;
use crate::replay::Exec;
use crate::sql::ast::{
    Cte, CteBody, ExprKind, Join, JoinKind, Query, QueryBody, RangeVar, SetOp, SubLinkKind, TableRef,
};

/// The WITH queries in an order in which each comes after those that it refers to, and whether it refers to itself.
pub(super) fn dependency_order(ctes: &[Cte]) -> Exec<Vec<(&Cte, bool)>> {
    let mut items: Vec<Item<'_>> = Vec::with_capacity(ctes.len());
    for (index, cte) in ctes.iter().enumerate() {
        let mut graph = Graph { ctes, current: index, inner: Vec::new(), depends_on: Vec::new(), recursive: false };
        graph.walk(Raw::of_cte(cte));
        items.push(Item { id: index, cte, depends_on: graph.depends_on, recursive: graph.recursive });
    }
    // `TopologicalSort`
    for index in 0..items.len() {
        let Some(next) = (index..items.len()).find(|&j| items[j].depends_on.is_empty()) else {
            let message = "mutual recursion between WITH items is not implemented";
            return fail("0A000", message, items[index].cte.loc);
        };
        items.swap(index, next);
        let done = items[index].id;
        items[index + 1..].iter_mut().for_each(|item| item.depends_on.retain(|id| *id != done));
    }
    Ok(items.into_iter().map(|item| (item.cte, item.recursive)).collect())
}

struct Item<'a> {
    id: usize,
    cte: &'a Cte,
    depends_on: Vec<usize>,
    recursive: bool,
}

/// `makeDependencyGraphWalker`
struct Graph<'a> {
    ctes: &'a [Cte],
    current: usize,
    /// WITH queries of inner WITHs, which hide outer ones.
    inner: Vec<Vec<&'a Cte>>,
    depends_on: Vec<usize>,
    recursive: bool,
}

fn is_hidden(inner: &[Vec<&Cte>], relation: &RangeVar) -> bool {
    inner.iter().flatten().any(|cte| cte.name == relation.name.name)
}

impl<'a> Graph<'a> {
    fn walk(&mut self, node: Raw<'a>) {
        if let Raw::Relation(relation) = node {
            if relation.name.schema.is_some() || is_hidden(&self.inner, relation) {
                return;
            }
            match self.ctes.iter().position(|cte| cte.name == relation.name.name) {
                Some(index) if index == self.current => self.recursive = true,
                Some(index) if !self.depends_on.contains(&index) => self.depends_on.push(index),
                Some(_) | None => {}
            }
            return;
        }
        match node.with() {
            None => node.children().into_iter().for_each(|child| self.walk(child)),
            Some(with) => {
                // `WalkInnerWith`
                self.inner.push(if with.recursive { with.ctes.iter().collect() } else { Vec::new() });
                for cte in &with.ctes {
                    self.walk(Raw::of_cte(cte));
                    if !with.recursive
                        && let Some(inner) = self.inner.last_mut()
                    {
                        inner.push(cte);
                    }
                }
                node.children().into_iter().for_each(|child| self.walk(child));
                self.inner.pop();
            }
        }
    }
}

/// Where a recursive reference would stand (`RecursionContext`).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Ok,
    NonRecursiveTerm,
    SubLink,
    OuterJoin,
    Intersect,
    Except,
}

impl Context {
    fn words(self) -> &'static str {
        match self {
            Context::Ok => "",
            Context::NonRecursiveTerm => "its non-recursive term",
            Context::SubLink => "a subquery",
            Context::OuterJoin => "an outer join",
            Context::Intersect => "INTERSECT",
            Context::Except => "EXCEPT",
        }
    }
}

/// `checkWellFormedRecursion`
pub(super) fn check_well_formed_recursion(order: &[(&Cte, bool)]) -> Exec {
    for (cte, recursive) in order {
        if *recursive {
            check_recursive(cte)?;
        }
    }
    Ok(())
}

fn check_recursive(cte: &Cte) -> Exec {
    let name = &cte.name;
    let CteBody::Query(query) = &cte.body else {
        let message = format!("recursive query \"{name}\" must not contain data-modifying statements");
        return fail("42P19", message, cte.loc);
    };
    let QueryBody::SetOp { op: SetOp::Union, left, right, .. } = &query.body else {
        let message =
            format!("recursive query \"{name}\" does not have the form non-recursive-term UNION [ALL] recursive-term");
        return fail("42P19", message, cte.loc);
    };
    let check = |context: Context| Check { cte, context, inner: Vec::new(), count: 0 };
    // WITH of the UNION itself must not refer to it; PostgreSQL looks at it first since 15.13.
    for inner in query.with.iter().flat_map(|with| &with.ctes) {
        check(Context::SubLink).walk(Raw::of_cte(inner))?;
    }
    let unsupported = |what: &str, loc| fail("0A000", format!("{what} in a recursive query is not implemented"), loc);
    if let Some(sort) = query.order_by.first() {
        return unsupported("ORDER BY", raw_loc(&sort.expr));
    }
    if let Some(offset) = &query.offset {
        return unsupported("OFFSET", raw_loc(offset));
    }
    if let Some(limit) = &query.limit {
        return unsupported("LIMIT", raw_loc(limit));
    }
    if !query.locking.is_empty() {
        return unsupported("FOR UPDATE/SHARE", crate::sql::span::Loc::NONE);
    }
    check(Context::NonRecursiveTerm).walk(Raw::Query(left))?;
    let mut recursive = check(Context::Ok);
    recursive.walk(Raw::Query(right))?;
    if recursive.count != 1 {
        // PostgreSQL has an internal error for it, where the only reference is in a place that it does not look at.
        return Err(super::error::unknown("missing recursive reference"));
    }
    Ok(())
}

/// `checkWellFormedRecursionWalker`
struct Check<'a> {
    cte: &'a Cte,
    context: Context,
    inner: Vec<Vec<&'a Cte>>,
    count: usize,
}

impl<'a> Check<'a> {
    fn walk_all(&mut self, nodes: impl IntoIterator<Item = Raw<'a>>) -> Exec {
        nodes.into_iter().try_for_each(|node| self.walk(node))
    }

    fn within(&mut self, context: Context, nodes: impl IntoIterator<Item = Raw<'a>>) -> Exec {
        let saved = std::mem::replace(&mut self.context, context);
        let result = self.walk_all(nodes);
        self.context = saved;
        result
    }

    fn walk(&mut self, node: Raw<'a>) -> Exec {
        match node {
            Raw::Relation(relation) => self.reference(relation),
            Raw::Query(query) => {
                let Some(with) = &query.with else { return self.select(query) };
                self.inner.push(if with.recursive { with.ctes.iter().collect() } else { Vec::new() });
                for cte in &with.ctes {
                    self.walk(Raw::of_cte(cte))?;
                    if !with.recursive
                        && let Some(inner) = self.inner.last_mut()
                    {
                        inner.push(cte);
                    }
                }
                self.select(query)?;
                self.inner.pop();
                Ok(())
            }
            Raw::Table(TableRef::Join(join)) => self.join(join),
            Raw::Expr(expr) => {
                let ExprKind::SubLink { kind, query } = &expr.kind else { return self.walk_all(node.children()) };
                self.within(Context::SubLink, [Raw::Query(query)])?;
                match kind {
                    SubLinkKind::Any { operand, .. } | SubLinkKind::All { operand, .. } => {
                        self.walk(Raw::Expr(operand))
                    }
                    SubLinkKind::Exists | SubLinkKind::Scalar | SubLinkKind::Array => Ok(()),
                }
            }
            Raw::Insert(_) | Raw::Update(_) | Raw::Delete(_) | Raw::Merge(_) | Raw::Table(_) => {
                self.walk_all(node.children())
            }
        }
    }

    fn reference(&mut self, relation: &RangeVar) -> Exec {
        let name = &self.cte.name;
        if relation.name.schema.is_some() || is_hidden(&self.inner, relation) || relation.name.name != *name {
            return Ok(());
        }
        if self.context != Context::Ok {
            let message =
                format!("recursive reference to query \"{name}\" must not appear within {}", self.context.words());
            return fail("42P19", message, relation.name.loc);
        }
        self.count += 1;
        if self.count > 1 {
            let message = format!("recursive reference to query \"{name}\" must not appear more than once");
            return fail("42P19", message, relation.name.loc);
        }
        Ok(())
    }

    fn join(&mut self, join: &'a Join) -> Exec {
        let outer = if self.context == Context::Ok { Context::OuterJoin } else { self.context };
        let (left, right) = match join.kind {
            JoinKind::Inner => (self.context, self.context),
            JoinKind::Left => (self.context, outer),
            JoinKind::Full => (outer, outer),
            JoinKind::Right => (outer, self.context),
        };
        self.within(left, [Raw::Table(&join.left)])?;
        self.within(right, [Raw::Table(&join.right)])?;
        self.walk_all(join.on.iter().map(Raw::Expr))
    }

    /// `checkWellFormedSelectStmt`
    fn select(&mut self, query: &'a Query) -> Exec {
        let (left, right, contexts) = match &query.body {
            QueryBody::SetOp { op: SetOp::Intersect, all, left, right } if self.context == Context::Ok => {
                let context = if *all { Context::Intersect } else { Context::Ok };
                (left, right, (context, context))
            }
            QueryBody::SetOp { op: SetOp::Except, all, left, right } if self.context == Context::Ok => {
                (left, right, (if *all { Context::Except } else { Context::Ok }, Context::Except))
            }
            QueryBody::SetOp { .. } | QueryBody::Select(_) | QueryBody::Values(_) => {
                return self.walk_all(Raw::Query(query).children());
            }
        };
        self.within(contexts.0, [Raw::Query(left)])?;
        self.within(contexts.1, [Raw::Query(right)])?;
        let mut rest = Vec::new();
        trailing(query, &mut rest);
        self.walk_all(rest)
    }
}
