//! The rows of FROM: nested loops, the item with the best keys first.

use std::rc::Rc;

use super::plan::{FromNode, Node, SelectPlan, Source};
use super::run::{Row, Run};
use super::system::{Keys, Scan};
use super::{Rows, Value};
use crate::catalog::{Oid, TypeRef, type_oid as t};
use crate::replay::Exec;
use crate::replay::value::{CastKind, Reason};
use crate::sql::ast::{JoinKind, Volatility};

type Emit<'e, 'r> = &'e mut dyn FnMut(&mut Run<'r>) -> Exec;

/// Whether a condition holds.
enum Verdict {
    Yes,
    No,
    Unknown(Reason),
}

impl<'r> Run<'r> {
    /// Calls `emit` with each row of FROM that fulfils the conditions on the level; `more` says why there may be
    /// others.
    pub(super) fn rows_of_from(&mut self, plan: &SelectPlan, emit: Emit<'_, 'r>, more: &mut Option<Reason>) -> Exec {
        let nodes: Vec<&FromNode> = plan.from.iter().collect();
        let conditions: Vec<&Node> = plan.conditions.iter().collect();
        self.inner(plan, nodes, conditions, &mut Vec::new(), emit, more)
    }

    /// An inner join of what is left, for the rows of `bound` items.
    fn inner(
        &mut self,
        plan: &SelectPlan,
        mut nodes: Vec<&FromNode>,
        conditions: Vec<&Node>,
        bound: &mut Vec<usize>,
        emit: Emit<'_, 'r>,
        more: &mut Option<Reason>,
    ) -> Exec {
        // What can be decided already is, so that a constant false ends the query before any row is looked at.
        let own = nodes.iter().flat_map(|n| n.items()).collect::<Vec<_>>();
        // Volatile functions are called row by row (`createplan.c: create_gating_plan` takes what is not).
        let for_each_row = |c: &Node| !own.is_empty() && c.called_functions().iter().any(|f| self.is_volatile(*f));
        let (ready, waiting): (Vec<&Node>, Vec<&Node>) =
            conditions.into_iter().partition(|c| c.items().iter().all(|i| !own.contains(i)) && !for_each_row(c));
        match self.all_hold(&ready)? {
            Verdict::Yes => {}
            Verdict::No => return Ok(()),
            Verdict::Unknown(reason) => {
                *more = Some(reason);
                return Ok(());
            }
        }
        if nodes.is_empty() {
            self.step()?;
            return emit(self);
        }
        let best = self.best(plan, &nodes, &waiting, bound);
        let node = nodes.remove(best);
        let count = bound.len();
        match node {
            FromNode::Item(item) => {
                let keys = self.keys(plan, *item, &waiting, bound)?;
                let rows = self.item_rows(plan, *item, &keys)?;
                if rows.1.is_some() {
                    // A row that is not known may fulfil the conditions, unless what they say of it is false already.
                    *more = rows.1;
                }
                bound.push(*item);
                for row in rows.0 {
                    self.set_row(*item, row);
                    self.inner(plan, nodes.clone(), waiting.clone(), bound, emit, more)?;
                }
                self.set_row(*item, Row::Null);
            }
            FromNode::Join { kind, left, right, on } => {
                bound.extend(node.items());
                let mut rows = Vec::new();
                self.outer(plan, *kind, left, right, on, &bound[..count], &mut rows, more)?;
                for items in rows {
                    self.set_some(&items);
                    self.inner(plan, nodes.clone(), waiting.clone(), bound, emit, more)?;
                }
                self.clear(&node.items());
            }
            FromNode::All(inner, on) => {
                let mut all: Vec<&FromNode> = inner.iter().collect();
                all.extend(nodes);
                let conditions = waiting.into_iter().chain(on).collect();
                self.inner(plan, all, conditions, bound, emit, more)?;
            }
        }
        bound.truncate(count);
        Ok(())
    }

    fn is_volatile(&self, function: Oid) -> bool {
        self.view.catalog.function(function).is_some_and(|f| f.volatility == Volatility::Volatile)
    }

    /// The rows of an outer join, as the rows of its items.
    #[expect(clippy::too_many_arguments, reason = "the parts of a join")]
    fn outer(
        &mut self,
        plan: &SelectPlan,
        kind: JoinKind,
        left: &FromNode,
        right: &FromNode,
        on: &[Node],
        bound: &[usize],
        rows: &mut Vec<Vec<(usize, Row)>>,
        more: &mut Option<Reason>,
    ) -> Exec {
        if kind == JoinKind::Full {
            self.outer(plan, JoinKind::Left, left, right, on, bound, rows, more)?;
            let mut others = Vec::new();
            self.outer(plan, JoinKind::Right, left, right, on, bound, &mut others, more)?;
            // The rows of the right side that go with none of the left.
            let items = left.items();
            let alone = |row: &Vec<(usize, Row)>| {
                row.iter().filter(|(item, _)| items.contains(item)).all(|(_, row)| matches!(row, Row::Null))
            };
            rows.extend(others.into_iter().filter(alone));
            return Ok(());
        }
        let (outer, inner) = if kind == JoinKind::Right { (right, left) } else { (left, right) };
        let (outer_items, inner_items) = (outer.items(), inner.items());
        let mut outer_rows = Vec::new();
        self.inner(
            plan,
            vec![outer],
            Vec::new(),
            &mut bound.to_vec(),
            &mut |run| {
                outer_rows.push(run.current(&outer_items));
                Ok(())
            },
            more,
        )?;
        for items in outer_rows {
            self.set_some(&items);
            let mut bound = bound.to_vec();
            bound.extend(&outer_items);
            let mut own_more = None;
            let before = rows.len();
            let mut found: Vec<Vec<(usize, Row)>> = Vec::new();
            self.inner(
                plan,
                vec![inner],
                on.iter().collect(),
                &mut bound,
                &mut |run| {
                    found.push(run.current(&inner_items));
                    Ok(())
                },
                &mut own_more,
            )?;
            for inner_row in found {
                rows.push(items.iter().cloned().chain(inner_row).collect());
            }
            match own_more {
                Some(reason) => *more = Some(reason),
                None if rows.len() == before => {
                    let nulls = inner_items.iter().map(|&i| (i, Row::Null));
                    rows.push(items.iter().cloned().chain(nulls).collect());
                }
                None => {}
            }
        }
        self.clear(&outer_items);
        Ok(())
    }

    // ---- rows of items ----

    fn set_row(&mut self, item: usize, row: Row) {
        if let Some(slot) = self.levels.last_mut().and_then(|l| l.rows.get_mut(item)) {
            *slot = row;
        }
    }

    fn set_some(&mut self, items: &[(usize, Row)]) {
        for (item, row) in items {
            self.set_row(*item, row.clone());
        }
    }

    fn clear(&mut self, items: &[usize]) {
        for &item in items {
            self.set_row(item, Row::Null);
        }
    }

    fn current(&self, items: &[usize]) -> Vec<(usize, Row)> {
        let rows = self.levels.last().map(|l| l.rows.as_slice()).unwrap_or_default();
        items.iter().map(|&i| (i, rows.get(i).cloned().unwrap_or_default())).collect()
    }

    // ---- the order ----

    /// The node to take next: the first with the cheapest look-up.
    fn best(&self, plan: &SelectPlan, nodes: &[&FromNode], conditions: &[&Node], bound: &[usize]) -> usize {
        let cost = |node: &FromNode| match node {
            FromNode::Item(item) => match &plan.items[*item].source {
                Source::System(table, definition) => {
                    let keys: Vec<usize> =
                        conditions.iter().flat_map(|c| keys_of(c, *item, bound)).map(|(column, _)| column).collect();
                    let is_key =
                        |name: &str| keys.iter().any(|&c| definition.columns.get(c).is_some_and(|d| d.name == name));
                    table.cost(is_key)
                }
                // What depends on items before it waits for them.
                Source::Function { calls, .. }
                    if calls.iter().flat_map(|(call, _)| call.items()).any(|i| !bound.contains(&i)) =>
                {
                    9
                }
                Source::Subquery(query) if plan.items[*item].lateral => {
                    let mut waits = false;
                    query.walk(1, &mut |node, at| match node {
                        Node::Column { depth, item, .. } | Node::Row { depth, item } if *depth == at => {
                            waits |= !bound.contains(item);
                        }
                        _ => {}
                    });
                    if waits { 9 } else { 1 }
                }
                Source::Function { .. } | Source::Subquery(_) | Source::Cte(_) => 1,
                Source::Empty => 0,
                Source::Table { .. } => 1,
                Source::Unknown(_) => 3,
            },
            FromNode::Join { .. } => 4,
            FromNode::All(..) => 0,
        };
        let costs = nodes.iter().enumerate().map(|(i, node)| (cost(node), i));
        costs.min().map_or(0, |(_, i)| i)
    }

    /// The columns of an item that conditions set equal to something that is known already.
    fn keys(&mut self, plan: &SelectPlan, item: usize, conditions: &[&Node], bound: &[usize]) -> Exec<Keys> {
        let Source::System(_, definition) = &plan.items[item].source else { return Ok(Keys::default()) };
        let mut keys = Keys::default();
        for condition in conditions {
            for (column, value) in keys_of(condition, item, bound) {
                let Some(column) = definition.columns.get(column) else { continue };
                if !value.called_functions().is_empty() {
                    continue;
                }
                match self.eval(value) {
                    Ok(Value::Null | Value::Unknowable(_)) => {}
                    Ok(value) => keys.pairs.push((column.name, value)),
                    // What does not depend on a row is computed before any row is looked at.
                    Err(stop) if value.items().is_empty() => return Err(stop),
                    Err(_) => {}
                }
            }
        }
        Ok(keys)
    }

    fn all_hold(&mut self, conditions: &[&Node]) -> Exec<Verdict> {
        let mut unknown = None;
        for condition in conditions {
            match self.eval(condition)? {
                Value::Bool(true) => {}
                Value::Unknowable(reason) => unknown = Some(reason),
                Value::Bool(false) | Value::Null => return Ok(Verdict::No),
                other => match self.view.types().cast(&other, TypeRef::plain(t::BOOL), CastKind::Explicit)? {
                    Value::Bool(true) => {}
                    _ => return Ok(Verdict::No),
                },
            }
        }
        Ok(unknown.map_or(Verdict::Yes, Verdict::Unknown))
    }

    /// The rows of an item.
    fn item_rows(&mut self, plan: &SelectPlan, item: usize, keys: &Keys) -> Exec<(Vec<Row>, Option<Reason>)> {
        let of_rows = |rows: &Rows| {
            let list = rows.rows.iter().map(|r| Row::Values(Rc::from(r.as_slice()))).collect();
            (list, rows.more.clone())
        };
        match &plan.items[item].source {
            Source::System(table, definition) => {
                let Scan { entries, more } = table.scan(&self.view, keys);
                let row = |entry| Row::Entry { entry, table: *table, definition };
                Ok((entries.into_iter().map(row).collect(), more))
            }
            Source::Empty => Ok((Vec::new(), None)),
            Source::Table { table, only } => self.table_rows(*table, *only),
            Source::Unknown(reason) => Ok((Vec::new(), Some(Reason::data(reason.as_str())))),
            Source::Subquery(query) => Ok(of_rows(&self.query(query)?)),
            Source::Cte(slot) => Ok(self.ctes.get(*slot).map(|rows| of_rows(rows)).unwrap_or_default()),
            Source::Function { calls, ordinality } => {
                let mut rows = match calls.as_slice() {
                    [(call, _)] => self.function_rows(call)?,
                    calls => self.functions_side_by_side(calls)?,
                };
                // A value of a row type is a row here.
                let width: usize = calls.iter().map(|(_, columns)| columns).sum();
                for row in rows.rows.iter_mut().filter(|_| width > 1) {
                    if let [Value::Record(record)] = row.as_slice() {
                        *row = record.fields.iter().map(|(_, value)| value.clone()).collect();
                    }
                }
                if *ordinality {
                    for (i, row) in rows.rows.iter_mut().enumerate() {
                        row.push(Value::bigint(i64::try_from(i).unwrap_or(i64::MAX).saturating_add(1)));
                    }
                }
                Ok(of_rows(&rows))
            }
        }
    }
}

impl Run<'_> {
    /// ROWS FROM: as many rows as the longest has (`nodeFunctionscan.c: FunctionNext`).
    fn functions_side_by_side(&mut self, calls: &[(Node, usize)]) -> Exec<Rows> {
        let mut result = Rows::default();
        let mut width = 0;
        for (call, columns) in calls {
            let rows = self.function_rows(call)?;
            if rows.more.is_some() {
                return Ok(Rows { more: rows.more, ..Rows::default() });
            }
            let count = result.rows.len().max(rows.rows.len());
            result.rows.resize_with(count, || vec![Value::Null; width]);
            let mut given = rows.rows.into_iter();
            for row in &mut result.rows {
                width = row.len();
                row.extend(given.next().into_iter().flatten());
                row.resize(width + columns, Value::Null);
            }
            width += columns;
        }
        Ok(result)
    }
}

/// The columns of an item that a condition sets equal to something without that item and others that are not bound.
fn keys_of<'n>(condition: &'n Node, item: usize, bound: &[usize]) -> Vec<(usize, &'n Node)> {
    let Node::Op { op, left: Some(left), right, .. } = condition else { return Vec::new() };
    if op != "=" {
        return Vec::new();
    }
    let own = |node: &Node| match column_behind_cast(node) {
        Node::Column { depth: 0, item: i, column } if *i == item => Some(*column),
        _ => None,
    };
    let free = |node: &Node| node.items().iter().all(|i| bound.contains(i));
    let mut keys = Vec::new();
    if let Some(column) = own(left)
        && free(right)
    {
        keys.push((column, &**right));
    }
    if let Some(column) = own(right)
        && free(left)
    {
        keys.push((column, &**left));
    }
    keys
}

/// A column, also where it is cast to text: `table_name::text = 'x'` is as good a key.
fn column_behind_cast(node: &Node) -> &Node {
    match node {
        Node::Cast { operand, ty } if matches!(ty.oid, t::TEXT | t::NAME) => match &**operand {
            column @ Node::Column { .. } => column,
            _ => node,
        },
        node => node,
    }
}
