//! GROUP BY and aggregates.

use super::Value;
use super::compare::same;
use super::eval::make_array;
use super::plan::{Aggregate, SelectPlan};
use super::run::{Row, Run, sort_order};
use crate::catalog::type_oid as t;
use crate::replay::Exec;
use crate::replay::value::{CastKind, Decimal, Incomparable, IntType, Reason, compare};

/// The rows of FROM that are one group.
struct Group {
    key: Vec<Value>,
    rows: Vec<Vec<Row>>,
}

impl Run<'_> {
    /// The groups' rows; `more` is why there may be rows of FROM that are not known.
    pub(super) fn grouped(
        &mut self,
        plan: &SelectPlan,
        from: Vec<Vec<Row>>,
        more: &mut Option<Reason>,
    ) -> Exec<Vec<Vec<Value>>> {
        let unknown = more.clone();
        let mut groups: Vec<Group> = Vec::new();
        for rows in from {
            self.set_rows(rows.clone());
            let key: Vec<Value> = plan.group_by.iter().map(|n| self.eval(n)).collect::<Exec<_>>()?;
            let mut found = None;
            for (i, group) in groups.iter().enumerate() {
                if same(&group.key, &key)? {
                    found = Some(i);
                    break;
                }
            }
            match found {
                Some(i) => groups[i].rows.push(rows),
                None => groups.push(Group { key, rows: vec![rows] }),
            }
        }
        if plan.group_by.is_empty() {
            // There is one group, even of no rows, whatever rows are not known.
            *more = None;
            if groups.is_empty() {
                groups.push(Group { key: Vec::new(), rows: Vec::new() });
            }
        }
        let mut result = Vec::new();
        for group in groups {
            if let Some(row) = self.group_row(plan, &group, unknown.as_ref(), more)? {
                result.push(row);
            }
        }
        Ok(result)
    }

    /// A group's row, if HAVING holds.
    fn group_row(
        &mut self,
        plan: &SelectPlan,
        group: &Group,
        unknown: Option<&Reason>,
        more: &mut Option<Reason>,
    ) -> Exec<Option<Vec<Value>>> {
        let mut aggregates = Vec::with_capacity(plan.aggregates.len());
        for aggregate in &plan.aggregates {
            aggregates.push(match unknown {
                Some(reason) => Value::Unknowable(reason.clone()),
                None => self.aggregate(aggregate, group)?,
            });
        }
        let rows = group.rows.first().cloned().unwrap_or_else(|| vec![Row::Null; plan.items.len()]);
        self.set_rows(rows);
        if let Some(level) = self.levels.last_mut() {
            level.aggregates = aggregates;
        }
        if let Some(having) = &plan.having {
            match self.boolean(having)? {
                Value::Bool(true) => {}
                Value::Unknowable(reason) => {
                    *more = Some(reason);
                    return Ok(None);
                }
                _ => return Ok(None),
            }
        }
        let row: Vec<Value> = plan.targets.iter().map(|n| self.eval(n)).collect::<Exec<_>>()?;
        Ok(Some(row))
    }

    fn aggregate(&mut self, aggregate: &Aggregate, group: &Group) -> Exec<Value> {
        let mut inputs: Vec<(Vec<Value>, Vec<Value>)> = Vec::new();
        for rows in &group.rows {
            self.set_rows(rows.clone());
            if let Some(filter) = &aggregate.filter {
                match self.boolean(filter)? {
                    Value::Bool(true) => {}
                    Value::Unknowable(reason) => return Ok(Value::Unknowable(reason)),
                    _ => continue,
                }
            }
            let args: Vec<Value> = aggregate.args.iter().map(|n| self.eval(n)).collect::<Exec<_>>()?;
            if let Some(reason) = args.iter().find_map(Value::unknowable) {
                // Only whether it is NULL matters to count(), but even that is not known.
                return Ok(Value::Unknowable(reason.clone()));
            }
            let keys: Vec<Value> = aggregate.order_by.iter().map(|(n, ..)| self.eval(n)).collect::<Exec<_>>()?;
            inputs.push((args, keys));
        }
        if aggregate.distinct {
            let mut distinct: Vec<(Vec<Value>, Vec<Value>)> = Vec::new();
            for input in inputs {
                let mut known = false;
                for other in &distinct {
                    known |= same(&other.0, &input.0)?;
                }
                if !known {
                    distinct.push(input);
                }
            }
            // DISTINCT sorts.
            distinct.sort_by(|a, b| match (a.0.first(), b.0.first()) {
                (Some(x), Some(y)) => sort_order(x, y, false, false),
                _ => std::cmp::Ordering::Equal,
            });
            inputs = distinct;
        }
        let sorted = |a: &[Value], b: &[Value]| {
            let keys = aggregate.order_by.iter().zip(a.iter().zip(b));
            keys.fold(std::cmp::Ordering::Equal, |o, ((_, descending, nulls_first), (x, y))| {
                o.then_with(|| sort_order(x, y, *descending, *nulls_first))
            })
        };
        inputs.sort_by(|a, b| sorted(&a.1, &b.1));
        let inputs: Vec<Vec<Value>> = inputs.into_iter().map(|(args, _)| args).collect();
        self.fold(aggregate, &inputs)
    }

    fn fold(&self, aggregate: &Aggregate, inputs: &[Vec<Value>]) -> Exec<Value> {
        let first = || inputs.iter().filter_map(|args| args.first());
        let known = || first().filter(|v| !v.is_null());
        let count = |n: usize| Value::bigint(i64::try_from(n).unwrap_or(i64::MAX));
        Ok(match aggregate.name.as_str() {
            "count" if aggregate.star => count(inputs.len()),
            "count" => count(known().count()),
            "bool_and" | "every" => bools(known(), |list| list.iter().all(|&b| b)),
            "bool_or" => bools(known(), |list| list.iter().any(|&b| b)),
            "min" => extreme(known(), false),
            "max" => extreme(known(), true),
            "sum" => sum(known()),
            "array_agg" if inputs.is_empty() => Value::Null,
            "array_agg" => make_array(first().cloned().collect(), None),
            "string_agg" => self.string_agg(inputs)?,
            name => Value::not_evaluated(format!("the aggregate {name}() is not evaluated")),
        })
    }

    fn string_agg(&self, inputs: &[Vec<Value>]) -> Exec<Value> {
        let types = self.view.types();
        let text = |v: &Value| types.cast(v, crate::catalog::TypeRef::plain(t::TEXT), CastKind::Explicit);
        let mut result: Option<String> = None;
        for args in inputs {
            let [value, delimiter] = args.as_slice() else {
                return Ok(Value::not_evaluated("string_agg() with such arguments is not evaluated"));
            };
            let (value, delimiter) = (text(value)?, text(delimiter)?);
            let Some(value) = value.as_str() else { continue };
            match &mut result {
                Some(result) => {
                    result.push_str(delimiter.as_str().unwrap_or(""));
                    result.push_str(value);
                }
                None => result = Some(value.to_owned()),
            }
        }
        Ok(Value::or_null(result, Value::text))
    }
}

fn bools<'v>(values: impl Iterator<Item = &'v Value>, fold: impl FnOnce(&[bool]) -> bool) -> Value {
    let list: Vec<bool> = values.filter_map(|v| if let Value::Bool(b) = v { Some(*b) } else { None }).collect();
    if list.is_empty() { Value::Null } else { Value::Bool(fold(&list)) }
}

fn extreme<'v>(values: impl Iterator<Item = &'v Value>, greatest: bool) -> Value {
    let mut best: Option<&Value> = None;
    for value in values {
        match best.map(|best| compare(value, best)) {
            None => best = Some(value),
            Some(Ok(ordering)) if ordering.is_ne() && ordering.is_gt() == greatest => best = Some(value),
            Some(Ok(_)) => {}
            Some(Err(Incomparable::Unknown(reason))) => return Value::Unknowable(reason),
            Some(Err(Incomparable::Types)) => return Value::not_evaluated("values of such types are not compared"),
        }
    }
    match best {
        Some(Value::Literal(text)) => Value::Text(text.clone()),
        Some(value) => value.clone(),
        None => Value::Null,
    }
}

fn sum<'v>(values: impl Iterator<Item = &'v Value>) -> Value {
    let mut total: Option<(Decimal, bool)> = None;
    for value in values {
        let (number, wide) = match value {
            Value::Int(n, ty) => (Decimal::from(*n), *ty == IntType::Int8),
            Value::Numeric(n) => (*n, true),
            _ => return Value::not_evaluated("sum() of such values is not evaluated"),
        };
        let (sum, was_wide) = total.unwrap_or((Decimal::from(0), false));
        match sum.checked_add(number) {
            Some(sum) => total = Some((sum, wide || was_wide)),
            None => return Value::not_evaluated("numbers of more than 38 digits are not evaluated"),
        }
    }
    match total {
        None => Value::Null,
        Some((sum, true)) => Value::Numeric(sum),
        // The sum of integers is a bigint.
        Some((sum, false)) => Value::or_null(sum.to_integer(), Value::bigint),
    }
}
