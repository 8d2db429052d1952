//! Runs plans.

use std::cmp::Ordering;
use std::rc::Rc;

use super::compare::{RowSet, same};
use super::plan::{BodyPlan, CteBodyPlan, DistinctPlan, Node, QueryPlan, SelectPlan, SortKey};
use super::system::{Entry, SystemTable};
use super::{Rows, Value, View};
use crate::catalog::Oid;
use crate::catalog::builtin::BuiltinRelation;
use crate::replay::value::{Reason, compare};
use crate::replay::{Context, Exec, Opaque, Replay, SqlError, Stop};
use crate::sql::ast::{Name, SetOp, Touches};

/// A query, or an expression, while it is run.
pub(super) struct Run<'r> {
    pub replay: &'r mut Replay,
    pub cx: &'r Context,
    pub view: Rc<View>,
    /// The rows of the items of FROM, for the queries around the place, the outermost first.
    pub levels: Vec<Level>,
    /// The results of common table expressions.
    pub ctes: Vec<Rc<Rows>>,
    /// How many rows have been looked at.
    steps: usize,
}

/// The current rows of a query's items, and its aggregates.
#[derive(Clone, Default)]
pub(super) struct Level {
    pub rows: Vec<Row>,
    pub aggregates: Vec<Value>,
}

/// The current row of an item.
#[derive(Clone, Default)]
pub(super) enum Row {
    /// None yet, or the NULLs of an outer join.
    #[default]
    Null,
    /// A row of a system table, whose columns are computed when they are needed.
    Entry { entry: Entry, table: SystemTable, definition: &'static BuiltinRelation },
    /// A row of a user's table: its columns, then the system columns.
    Stored { table: Oid, values: Rc<[Value]> },
    /// A row of a sub-query.
    Values(Rc<[Value]>),
}

/// More rows than these are not looked at.
const MAX_STEPS: usize = 2_000_000;

/// Rounds of a recursive query.
const MAX_ROUNDS: usize = 10_000;

impl<'r> Run<'r> {
    pub fn new(replay: &'r mut Replay, cx: &'r Context, view: View) -> Self {
        Run { replay, cx, view: Rc::new(view), levels: Vec::new(), ctes: Vec::new(), steps: 0 }
    }

    pub fn top_query(&mut self, plan: &QueryPlan) -> Exec<Rows> {
        self.query(plan)
    }

    /// An expression outside of a query.
    pub fn scalar(&mut self, node: &Node) -> Exec<Value> {
        self.levels.push(Level::default());
        let value = self.eval(node);
        self.levels.pop();
        value
    }

    pub fn step(&mut self) -> Exec {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Err(Opaque::new("a query looks at too many rows", Touches::Nothing).into());
        }
        Ok(())
    }

    /// Looks at the catalog as it is now.
    pub fn refresh(&mut self) {
        self.view = Rc::new(View::new(&self.replay.catalog, &self.replay.session));
    }

    // ---- queries ----

    pub fn query(&mut self, plan: &QueryPlan) -> Exec<Rows> {
        self.query_limited(plan, true)
    }

    /// Whether there are rows; LIMIT does not matter unless it is 0.
    pub fn exists(&mut self, plan: &QueryPlan) -> Exec<Value> {
        let ignore_limit = plan.offset.is_none()
            && matches!(&plan.limit, Some(Node::Const(limit)) if limit.as_int().is_some_and(|n| n > 0));
        let rows = self.query_limited(plan, !ignore_limit)?;
        Ok(match (rows.rows.is_empty(), rows.more) {
            (false, _) => Value::Bool(true),
            (true, None) => Value::Bool(false),
            (true, Some(reason)) => Value::Unknowable(reason),
        })
    }

    fn query_limited(&mut self, plan: &QueryPlan, limited: bool) -> Exec<Rows> {
        for cte in &plan.ctes {
            let rows = match &cte.body {
                CteBodyPlan::Query(query) => self.query(query)?,
                CteBodyPlan::Recursive { start, step, all } => self.recursive(cte.slot, start, step, *all)?,
                CteBodyPlan::Unknown => Rows {
                    more: Some(Reason::data("what a statement returns that changes rows is not known")),
                    ..Rows::default()
                },
            };
            self.set_cte(cte.slot, rows);
        }
        let mut rows = match &plan.body {
            BodyPlan::Select(select) => self.select(select)?,
            BodyPlan::Values(values) => {
                self.levels.push(Level::default());
                let rows: Exec<Vec<Vec<Value>>> =
                    values.iter().map(|row| row.iter().map(|n| self.eval(n)).collect()).collect();
                self.levels.pop();
                Rows { rows: rows?, ..Rows::default() }
            }
            BodyPlan::SetOp { op, all, left, right } => {
                let (left, right) = (self.query(left)?, self.query(right)?);
                set_operation(*op, *all, left, right)?
            }
        };
        rows.columns = plan.columns.iter().map(|c| c.name.clone()).collect();
        sort(&mut rows.rows, &plan.order_by);
        if let BodyPlan::Select(select) = &plan.body
            && let DistinctPlan::On(keys) = &select.distinct
        {
            if rows.more.is_some() {
                // Which row of each group comes first is not known.
                rows.rows.clear();
            }
            rows.rows = RowSet::default().keep_first(rows.rows, keys)?;
        }
        if limited {
            rows = self.limit(plan, rows)?;
        }
        for row in &mut rows.rows {
            row.truncate(plan.columns.len());
        }
        Ok(rows)
    }

    fn set_cte(&mut self, slot: usize, rows: Rows) {
        if self.ctes.len() <= slot {
            self.ctes.resize_with(slot + 1, Rc::default);
        }
        self.ctes[slot] = Rc::new(rows);
    }

    /// `WITH RECURSIVE`: the step sees the rows of the round before (`nodeRecursiveunion.c`).
    fn recursive(&mut self, slot: usize, start: &QueryPlan, step: &QueryPlan, all: bool) -> Exec<Rows> {
        let mut result = self.query(start)?;
        let mut seen = RowSet::default();
        if !all {
            result.rows = seen.keep_new(result.rows)?;
        }
        let mut working = result.clone();
        for _ in 0..MAX_ROUNDS {
            if working.rows.is_empty() && working.more.is_none() {
                return Ok(result);
            }
            let unknown = working.more.clone();
            self.set_cte(slot, working);
            let mut round = self.query(step)?;
            if !all {
                round.rows = seen.keep_new(round.rows)?;
            }
            result.rows.extend(round.rows.iter().cloned());
            if let Some(reason) = round.more.take().or(unknown) {
                // What more there is cannot be followed.
                result.more = Some(reason);
            }
            working = Rows { more: None, ..round };
        }
        Err(Opaque::new("a recursive query does not end", Touches::Nothing).into())
    }

    fn limit(&mut self, plan: &QueryPlan, mut rows: Rows) -> Exec<Rows> {
        let offset = self.row_count(plan.offset.as_ref(), "OFFSET")?;
        let limit = self.row_count(plan.limit.as_ref(), "LIMIT")?;
        let (offset, limit) = match (offset, limit) {
            (Ok(offset), Ok(limit)) => (offset.unwrap_or(0), limit),
            (Err(reason), _) | (_, Err(reason)) => {
                return Ok(Rows { rows: Vec::new(), more: Some(reason), ..rows });
            }
        };
        if limit == Some(0) {
            return Ok(Rows { rows: Vec::new(), more: None, ..rows });
        }
        if rows.more.is_some() && (offset > 0 || limit.is_some()) {
            // Which rows come first is not known.
            rows.rows.clear();
            return Ok(rows);
        }
        rows.rows.drain(..offset.min(rows.rows.len()));
        let mut count = limit.unwrap_or(usize::MAX).min(rows.rows.len());
        if plan.ties && count > 0 {
            let last = rows.rows[count - 1].clone();
            let ties = |row: &Vec<Value>| compare_rows(row, &last, &plan.order_by).is_eq();
            count += rows.rows[count..].iter().take_while(|row| ties(row)).count();
        }
        rows.rows.truncate(count);
        Ok(rows)
    }

    fn row_count(&mut self, node: Option<&Node>, word: &str) -> Exec<Result<Option<usize>, Reason>> {
        let Some(node) = node else { return Ok(Ok(None)) };
        match self.scalar(node)? {
            Value::Null => Ok(Ok(None)),
            Value::Unknowable(reason) => Ok(Err(reason)),
            value => match value.as_int().map(usize::try_from) {
                Some(Ok(count)) => Ok(Ok(Some(count))),
                Some(Err(_)) if word == "LIMIT" => Err(SqlError::new("2201W", "LIMIT must not be negative").into()),
                Some(Err(_)) => Err(SqlError::new("2201X", "OFFSET must not be negative").into()),
                None => Ok(Err(Reason::not_evaluated(format!("this {word} is not evaluated")))),
            },
        }
    }

    // ---- SELECT ----

    fn select(&mut self, plan: &SelectPlan) -> Exec<Rows> {
        self.levels.push(Level { rows: vec![Row::Null; plan.items.len()], aggregates: Vec::new() });
        let rows = self.select_on_level(plan);
        self.levels.pop();
        rows
    }

    fn select_on_level(&mut self, plan: &SelectPlan) -> Exec<Rows> {
        // The rows of FROM that fulfil WHERE.
        let mut from: Vec<Vec<Row>> = Vec::new();
        let mut more = None;
        self.rows_of_from(
            plan,
            &mut |run| {
                if let Some(level) = run.levels.last() {
                    from.push(level.rows.clone());
                }
                Ok(())
            },
            &mut more,
        )?;
        if let Some(reason) = &more {
            self.refuse_effects_on_unknown_rows(plan, reason)?;
        }
        let mut rows = if plan.grouped { self.grouped(plan, from, &mut more)? } else { self.projected(plan, from)? };
        if let DistinctPlan::All = plan.distinct {
            rows = RowSet::default().keep_new_by(rows, plan.visible)?;
        }
        Ok(Rows { columns: Vec::new(), rows, more })
    }

    fn projected(&mut self, plan: &SelectPlan, from: Vec<Vec<Row>>) -> Exec<Vec<Vec<Value>>> {
        let sets: Vec<usize> = (0..plan.targets.len()).filter(|&i| self.is_set(&plan.targets[i])).collect();
        let mut rows = Vec::with_capacity(from.len());
        for items in from {
            self.set_rows(items);
            if sets.is_empty() {
                rows.push(plan.targets.iter().map(|n| self.eval(n)).collect::<Exec<Vec<Value>>>()?);
            } else {
                self.projected_sets(plan, &sets, &mut rows)?;
            }
        }
        Ok(rows)
    }

    /// Functions in the select list that return sets: as many rows as the longest has (`nodeProjectSet.c`).
    fn projected_sets(&mut self, plan: &SelectPlan, sets: &[usize], rows: &mut Vec<Vec<Value>>) -> Exec {
        let mut columns: Vec<Rows> = Vec::new();
        for &set in sets {
            let result = self.function_rows(&plan.targets[set])?;
            if let Some(reason) = result.more {
                return Err(unknown_rows(&reason));
            }
            columns.push(result);
        }
        for i in 0..columns.iter().map(|c| c.rows.len()).max().unwrap_or(0) {
            let mut row = Vec::with_capacity(plan.targets.len());
            for (number, target) in plan.targets.iter().enumerate() {
                row.push(match sets.iter().position(|&s| s == number) {
                    Some(set) => columns[set].rows.get(i).and_then(|r| r.first()).cloned().unwrap_or(Value::Null),
                    None => self.eval(target)?,
                });
            }
            rows.push(row);
        }
        Ok(())
    }

    pub fn set_rows(&mut self, rows: Vec<Row>) {
        if let Some(level) = self.levels.last_mut() {
            level.rows = rows;
        }
    }

    /// Functions of users that may change the catalog must not be called for rows that nobody knows.
    fn refuse_effects_on_unknown_rows(&self, plan: &SelectPlan, reason: &Reason) -> Exec {
        let lists = [plan.targets.as_slice(), &plan.conditions];
        let aggregates = plan.aggregates.iter().flat_map(|a| a.args.iter().chain(&a.filter));
        let nodes = || lists.into_iter().flatten().chain(&plan.having).chain(aggregates.clone());
        if nodes().any(Node::changes_large_objects) {
            let reason = format!("large objects are made or dropped for rows that are not known: {}", reason.text);
            return Err(Opaque::undecided(reason, Touches::LargeObjects).into());
        }
        let called = nodes().flat_map(Node::called_functions);
        for function in called {
            let touches = match self.replay.effects_of_called(function).touches_as_one() {
                Touches::Nothing => continue,
                touches @ Touches::LargeObjects => touches,
                _ => Touches::Everything,
            };
            let name = self.view.catalog.function(function).map_or("", |f| f.name.as_str());
            let reason = format!("{name}() is called for rows that are not known: {}", reason.text);
            return Err(Opaque::undecided(reason, touches).into());
        }
        Ok(())
    }
}

/// The statement cannot go on with rows that are not known.
pub(super) fn unknown_rows(reason: &Reason) -> Stop {
    Opaque { undecided: reason.data, ..Opaque::new(reason.text.to_string(), Touches::Nothing) }.into()
}

/// Sorts rows by their columns. Values whose order is not known stay as they are: which of two rows comes first rarely
/// matters to what is done with them.
fn sort(rows: &mut [Vec<Value>], keys: &[SortKey]) {
    rows.sort_by(|a, b| compare_rows(a, b, keys));
}

fn compare_rows(a: &[Value], b: &[Value], keys: &[SortKey]) -> Ordering {
    let orderings = keys.iter().map(|key| match (a.get(key.column), b.get(key.column)) {
        (Some(x), Some(y)) => sort_order(x, y, key.descending, key.nulls_first),
        _ => Ordering::Equal,
    });
    orderings.fold(Ordering::Equal, Ordering::then)
}

/// Which of two values comes first.
pub(super) fn sort_order(x: &Value, y: &Value, descending: bool, nulls_first: bool) -> Ordering {
    match (x.is_null(), y.is_null()) {
        (true, true) => Ordering::Equal,
        (true, false) if nulls_first => Ordering::Less,
        (true, false) => Ordering::Greater,
        (false, true) if nulls_first => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => {
            let ordering = compare(x, y).unwrap_or(Ordering::Equal);
            if descending { ordering.reverse() } else { ordering }
        }
    }
}

fn set_operation(op: SetOp, all: bool, left: Rows, right: Rows) -> Exec<Rows> {
    let more = match op {
        SetOp::Union | SetOp::Intersect => left.more.clone().or(right.more.clone()),
        SetOp::Except => left.more.clone(),
    };
    let columns: Vec<Name> = left.columns;
    let rows = match op {
        SetOp::Union if all => left.rows.into_iter().chain(right.rows).collect(),
        SetOp::Union => RowSet::default().keep_new(left.rows.into_iter().chain(right.rows).collect())?,
        SetOp::Intersect | SetOp::Except if all => {
            if let Some(reason) = more {
                return Ok(Rows { columns, rows: Vec::new(), more: Some(reason) });
            }
            let mut others = right.rows;
            let mut rows = Vec::new();
            for row in left.rows {
                let mut found = None;
                for (i, other) in others.iter().enumerate() {
                    if same(other, &row)? {
                        found = Some(i);
                        break;
                    }
                }
                // Each row of the right side goes with one of the left.
                if let Some(i) = found {
                    others.swap_remove(i);
                }
                if found.is_some() == (op == SetOp::Intersect) {
                    rows.push(row);
                }
            }
            rows
        }
        SetOp::Intersect | SetOp::Except => {
            let mut others = RowSet::default();
            others.keep_new(right.rows)?;
            let keep = op == SetOp::Intersect;
            let mut rows = Vec::new();
            for row in left.rows {
                if others.contains(&row)? == keep {
                    rows.push(row);
                }
            }
            match (op, right.more) {
                // Any of the rows may be among those that are not known.
                (SetOp::Except, Some(reason)) => return Ok(Rows { columns, rows: Vec::new(), more: Some(reason) }),
                _ => RowSet::default().keep_new(rows)?,
            }
        }
    };
    Ok(Rows { columns, rows, more })
}
