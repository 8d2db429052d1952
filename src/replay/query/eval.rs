//! Evaluates expressions, with three-valued logic and values that are not known.

use super::plan::Node;
use super::run::{Row, Run};
use super::{Rows, Value};
use crate::catalog::builtin::SystemColumn;
use crate::catalog::{FunctionBody, Oid, TypeRef, type_oid as t};
use crate::replay::value::{CastKind, Incomparable, Record, compare};
use crate::replay::{Exec, SqlError};
use crate::sql::ast::{BooleanTest, Name};
use crate::sql::span::Loc;

impl Run<'_> {
    pub(super) fn eval(&mut self, node: &Node) -> Exec<Value> {
        let value = self.eval_node(node)?;
        Ok(match (node, value) {
            // What is computed from a value that is not NULL may be.
            (Node::Const(_) | Node::Column { .. } | Node::Row { .. } | Node::Scalar(_), value) => value,
            // These see to it themselves.
            (Node::Builtin { .. } | Node::Coalesce(_) | Node::Case { .. } | Node::Cast { .. }, value) => value,
            (Node::Op { op, .. }, value) if op == "||" => value,
            (_, Value::Unknowable(reason)) if reason.present => Value::Unknowable(reason.of_result()),
            (_, value) => value,
        })
    }

    fn eval_node(&mut self, node: &Node) -> Exec<Value> {
        match node {
            Node::Const(value) => Ok(value.clone()),
            Node::Column { depth, item, column } => Ok(self.column(*depth, *item, *column)),
            Node::Row { depth, item } => Ok(self.row(*depth, *item)),
            Node::Cast { operand, ty } => {
                let value = self.eval(operand)?;
                self.view.types().cast(&value, *ty, CastKind::Explicit)
            }
            Node::Op { op, left, right, loc } => {
                let left = left.as_ref().map(|n| self.eval(n)).transpose()?;
                let right = self.eval(right)?;
                self.operator(op, left, right, *loc)
            }
            Node::OpArray { op, all, left, right, loc } => {
                let left = self.eval(left)?;
                let right = self.eval(right)?;
                self.op_array(op, *all, left, right, *loc)
            }
            Node::Distinct { not, left, right } => {
                let (left, right) = (self.eval(left)?, self.eval(right)?);
                self.distinct(left, right, *not)
            }
            Node::NullIf(left, right) => {
                let (left, right) = (self.eval(left)?, self.eval(right)?);
                match self.operator("=", Some(left.clone()), right, Loc::NONE)? {
                    Value::Bool(true) => Ok(Value::Null),
                    Value::Unknowable(reason) => Ok(Value::Unknowable(reason)),
                    _ => Ok(left),
                }
            }
            Node::In { not, operand, list } => {
                let operand = self.eval(operand)?;
                let found = self.any(list.iter(), |run, n| {
                    let value = run.eval(n)?;
                    run.operator("=", Some(operand.clone()), value, Loc::NONE)
                })?;
                Ok(if *not { negate(found) } else { found })
            }
            Node::Like { kind, not, operand, pattern, escape } => {
                let (operand, pattern) = (self.eval(operand)?, self.eval(pattern)?);
                let escape = escape.as_ref().map(|n| self.eval(n)).transpose()?;
                let matched = self.like(*kind, &operand, &pattern, escape.as_ref())?;
                Ok(if *not { negate(matched) } else { matched })
            }
            Node::And(list) => self.and(list),
            Node::Or(list) => self.any(list.iter(), |run, n| run.boolean(n)),
            Node::Not(operand) => Ok(negate(self.boolean(operand)?)),
            Node::IsNull { not, operand } => Ok(match self.eval(operand)? {
                Value::Unknowable(reason) if reason.present => Value::Bool(*not),
                Value::Unknowable(reason) => Value::Unknowable(reason),
                Value::Record(record) => {
                    let test = |(_, v): &(Name, Value)| v.is_null() != *not;
                    Value::Bool(record.fields.iter().all(test))
                }
                value => Value::Bool(value.is_null() != *not),
            }),
            Node::BooleanTest { test, operand } => Ok(match self.boolean(operand)? {
                Value::Unknowable(reason) => Value::Unknowable(reason),
                value => Value::Bool(match test {
                    BooleanTest::IsTrue => value == Value::Bool(true),
                    BooleanTest::IsNotTrue => value != Value::Bool(true),
                    BooleanTest::IsFalse => value == Value::Bool(false),
                    BooleanTest::IsNotFalse => value != Value::Bool(false),
                    BooleanTest::IsUnknown => value.is_null(),
                    BooleanTest::IsNotUnknown => !value.is_null(),
                }),
            }),
            Node::Builtin { function, args, strict, loc } => self.builtin(*function, args, *strict, *loc),
            Node::User { candidates, args, loc } => self.user(candidates, args, *loc),
            Node::Case { operand, whens, otherwise } => self.case(operand.as_deref(), whens, otherwise.as_deref()),
            Node::Coalesce(list) => {
                for node in list {
                    match self.eval(node)? {
                        Value::Null => {}
                        value => return Ok(value),
                    }
                }
                Ok(Value::Null)
            }
            Node::Extreme { greatest, list } => self.extreme(*greatest, list),
            Node::Array(list) => self.array(list),
            Node::MakeRow(list) => {
                let fields = list
                    .iter()
                    .enumerate()
                    .map(|(i, n)| Ok((Name::from(format!("f{}", i + 1)), self.eval(n)?)))
                    .collect::<Exec<_>>()?;
                Ok(Value::Record(Record { fields }.into()))
            }
            Node::Field { operand, name } => {
                let value = self.eval(operand)?;
                field(&value, name)
            }
            Node::Index { operand, index } => {
                let (array, index) = (self.eval(operand)?, self.eval(index)?);
                Ok(self.index(&array, &index))
            }
            Node::Slice { operand, low, high } => {
                let array = self.eval(operand)?;
                let low = low.as_ref().map(|n| self.eval(n)).transpose()?;
                let high = high.as_ref().map(|n| self.eval(n)).transpose()?;
                Ok(slice(&array, low.as_ref(), high.as_ref()))
            }
            Node::Exists(query) => self.exists(query),
            Node::Any { all, operand, op, query, loc } => {
                let operand = self.eval(operand)?;
                let rows = self.query(query)?;
                self.any_row(&operand, op, *all, rows, *loc)
            }
            Node::Scalar(query) => scalar_of(self.query(query)?),
            Node::ArrayOf(query) => {
                let rows = self.query(query)?;
                if let Some(reason) = rows.more {
                    return Ok(Value::Unknowable(reason));
                }
                let element = query.columns.first().and_then(|c| c.ty);
                Ok(make_array(rows.rows.into_iter().filter_map(|r| r.into_iter().next()).collect(), element))
            }
            Node::Aggregate(number) => {
                let level = self.levels.last();
                let value = level.and_then(|l| l.aggregates.get(*number)).cloned();
                Ok(value.unwrap_or_else(|| Value::not_evaluated("an aggregate outside of its query")))
            }
        }
    }

    // ---- columns ----

    fn level_row(&self, depth: usize, item: usize) -> Option<&Row> {
        let level = self.levels.len().checked_sub(1 + depth)?;
        self.levels[level].rows.get(item)
    }

    fn column(&self, depth: usize, item: usize, column: usize) -> Value {
        match self.level_row(depth, item) {
            Some(Row::Entry { entry, table, definition }) => match definition.columns.get(column) {
                Some(column) => table.value(&self.view, entry, column.name),
                None => Value::unknown_data("system columns are not known"),
            },
            Some(Row::Values(values) | Row::Stored { values, .. }) => {
                values.get(column).cloned().unwrap_or(Value::Null)
            }
            Some(Row::Null) => Value::Null,
            None => Value::not_evaluated("a column of a row that is not there"),
        }
    }

    /// A whole row as a value.
    fn row(&self, depth: usize, item: usize) -> Value {
        match self.level_row(depth, item) {
            Some(Row::Null) => Value::Null,
            Some(Row::Entry { entry, table, definition }) => {
                let value = |c: &SystemColumn<Oid>| (Name::from(c.name), table.value(&self.view, entry, c.name));
                let fields = definition.columns.iter().map(value).collect();
                Value::Record(Record { fields }.into())
            }
            Some(Row::Stored { table, values }) => {
                let columns = self.view.catalog.relation(*table).into_iter().flat_map(|table| table.live_columns());
                let fields = columns.zip(values.iter()).map(|(c, value)| (c.name.clone(), value.clone())).collect();
                Value::Record(Record { fields }.into())
            }
            Some(Row::Values(values)) => {
                if let [value] = &**values {
                    return value.clone();
                }
                let fields =
                    values.iter().enumerate().map(|(i, v)| (Name::from(format!("f{}", i + 1)), v.clone())).collect();
                Value::Record(Record { fields }.into())
            }
            None => Value::not_evaluated("a row that is not there"),
        }
    }

    // ---- logic ----

    /// A condition; a literal is read as a boolean.
    pub(super) fn boolean(&mut self, node: &Node) -> Exec<Value> {
        match self.eval(node)? {
            value @ (Value::Bool(_) | Value::Null | Value::Unknowable(_)) => Ok(value),
            value @ Value::Literal(_) => self.view.types().cast(&value, TypeRef::plain(t::BOOL), CastKind::Explicit),
            value => {
                let name = value.type_oid().map_or_else(String::new, |oid| self.type_name(oid));
                let message = format!("argument of a condition must be type boolean, not type {name}");
                Err(SqlError::new("42804", message).into())
            }
        }
    }

    pub(super) fn type_name(&self, oid: Oid) -> String {
        self.view.catalog.format_type_be(oid, &self.view.path)
    }

    fn and(&mut self, list: &[Node]) -> Exec<Value> {
        let mut result = Value::Bool(true);
        for node in list {
            match self.boolean(node)? {
                Value::Bool(true) => {}
                Value::Bool(false) => return Ok(Value::Bool(false)),
                Value::Null if result == Value::Bool(true) => result = Value::Null,
                unknown @ Value::Unknowable(_) if result.unknowable().is_none() => result = unknown,
                _ => {}
            }
        }
        Ok(result)
    }

    /// OR over what `test` gives for each.
    pub(super) fn any<'n, T: 'n>(
        &mut self,
        list: impl Iterator<Item = &'n T>,
        mut test: impl FnMut(&mut Self, &'n T) -> Exec<Value>,
    ) -> Exec<Value> {
        let mut result = Value::Bool(false);
        for item in list {
            match test(self, item)? {
                Value::Bool(true) => return Ok(Value::Bool(true)),
                Value::Null if result == Value::Bool(false) => result = Value::Null,
                unknown @ Value::Unknowable(_) if result.unknowable().is_none() => result = unknown,
                _ => {}
            }
        }
        Ok(result)
    }

    /// `left op ANY (array)`, `left op ALL (array)`
    fn op_array(&mut self, op: &str, all: bool, left: Value, right: Value, loc: Loc) -> Exec<Value> {
        let array = match right {
            Value::Array(array) => array,
            Value::Null => return Ok(Value::Null),
            Value::Unknowable(reason) => return Ok(Value::Unknowable(reason)),
            literal @ Value::Literal(_) => {
                let element = match left.type_oid() {
                    Some(t::UNKNOWN) | None => t::TEXT,
                    Some(oid) => oid,
                };
                let array = self.view.catalog.array_of(element).unwrap_or(Oid(1009));
                match self.view.types().cast(&literal, TypeRef::plain(array), CastKind::Explicit)? {
                    Value::Array(array) => array,
                    other => return Ok(other),
                }
            }
            _ => return Err(SqlError::new("42809", "op ANY/ALL (array) requires array on right side").at(loc).into()),
        };
        let elements = array.elements();
        self.quantified(op, all, &left, elements.iter(), loc)
    }

    fn quantified<'v>(
        &mut self,
        op: &str,
        all: bool,
        left: &Value,
        list: impl Iterator<Item = &'v Value>,
        loc: Loc,
    ) -> Exec<Value> {
        let outcome = self.any(list, |run, item| {
            let value = run.operator(op, Some(left.clone()), item.clone(), loc)?;
            Ok(if all { negate(value) } else { value })
        })?;
        Ok(if all { negate(outcome) } else { outcome })
    }

    /// `operand op ANY (query)`
    fn any_row(&mut self, operand: &Value, op: &str, all: bool, rows: Rows, loc: Loc) -> Exec<Value> {
        let list: Vec<Value> = rows
            .rows
            .into_iter()
            .map(|mut row| match row.len() {
                1 => row.remove(0),
                _ => {
                    let fields = row.into_iter().map(|v| (Name::new(), v)).collect();
                    Value::Record(Record { fields }.into())
                }
            })
            .collect();
        let outcome = self.quantified(op, all, operand, list.iter(), loc)?;
        Ok(match (outcome, rows.more) {
            (Value::Bool(decided), _) if decided != all => Value::Bool(decided),
            (outcome, None) => outcome,
            (_, Some(reason)) => Value::Unknowable(reason),
        })
    }

    fn distinct(&mut self, left: Value, right: Value, not: bool) -> Exec<Value> {
        if let Some(reason) = left.unknowable().or(right.unknowable()) {
            return Ok(Value::Unknowable(reason.clone()));
        }
        let distinct = match (left.is_null(), right.is_null()) {
            (true, true) => Value::Bool(false),
            (true, false) | (false, true) => Value::Bool(true),
            (false, false) => negate(self.operator("=", Some(left), right, Loc::NONE)?),
        };
        Ok(if not { negate(distinct) } else { distinct })
    }

    fn case(&mut self, operand: Option<&Node>, whens: &[(Node, Node)], otherwise: Option<&Node>) -> Exec<Value> {
        let operand = operand.map(|n| self.eval(n)).transpose()?;
        for (when, then) in whens {
            let holds = match &operand {
                Some(operand) => {
                    let value = self.eval(when)?;
                    self.operator("=", Some(operand.clone()), value, Loc::NONE)?
                }
                None => self.boolean(when)?,
            };
            match holds {
                Value::Bool(true) => return self.eval(then),
                Value::Unknowable(reason) => return Ok(Value::Unknowable(reason)),
                _ => {}
            }
        }
        otherwise.map_or(Ok(Value::Null), |n| self.eval(n))
    }

    fn extreme(&mut self, greatest: bool, list: &[Node]) -> Exec<Value> {
        let mut best = Value::Null;
        for node in list {
            let value = self.eval(node)?;
            match (&best, &value) {
                (_, Value::Unknowable(_)) => return Ok(value),
                (_, Value::Null) => {}
                (Value::Null, _) => best = value,
                _ => match compare(&value, &best) {
                    Ok(ordering) if ordering.is_gt() == greatest && ordering.is_ne() => best = value,
                    Ok(_) => {}
                    Err(Incomparable::Unknown(reason)) => return Ok(Value::Unknowable(reason)),
                    Err(Incomparable::Types) => {
                        return Ok(Value::not_evaluated("values of such types are not compared"));
                    }
                },
            }
        }
        Ok(best)
    }

    // ---- arrays and rows ----

    fn array(&mut self, list: &[Node]) -> Exec<Value> {
        let values: Vec<Value> = list.iter().map(|n| self.eval(n)).collect::<Exec<_>>()?;
        if let Some(reason) = values.iter().find_map(Value::unknowable) {
            return Ok(Value::Unknowable(reason.clone()));
        }
        Ok(make_array(values, None))
    }

    fn index(&self, array: &Value, index: &Value) -> Value {
        match (array, index) {
            (Value::Unknowable(reason), _) | (_, Value::Unknowable(reason)) => Value::Unknowable(reason.clone()),
            (Value::Array(array), index) => match index.as_int() {
                Some(number) => array.get(number).cloned().unwrap_or(Value::Null),
                None if index.is_null() => Value::Null,
                None => Value::not_evaluated("such an index is not evaluated"),
            },
            (Value::Null, _) => Value::Null,
            _ => Value::not_evaluated("subscripts of such values are not evaluated"),
        }
    }

    // ---- functions of users ----

    fn user(&mut self, candidates: &[Oid], args: &[(Option<Name>, Node)], loc: Loc) -> Exec<Value> {
        let mut values = Vec::with_capacity(args.len());
        for (name, node) in args {
            values.push((name.clone(), self.eval(node)?));
        }
        let rows = self.call_user(candidates, values, loc)?;
        match rows.rows.into_iter().next() {
            _ if rows.more.is_some() => Ok(rows.more.map_or(Value::Null, Value::Unknowable)),
            Some(row) if row.len() == 1 => Ok(row.into_iter().next().unwrap_or(Value::Null)),
            Some(row) => {
                let fields = rows.columns.into_iter().zip(row).collect();
                Ok(Value::Record(Record { fields }.into()))
            }
            None => Ok(Value::Null),
        }
    }

    fn call_user(&mut self, candidates: &[Oid], args: Vec<(Option<Name>, Value)>, loc: Loc) -> Exec<Rows> {
        let function = self.choose(candidates, &args, loc)?;
        let result = self.replay.call_with_named_args(function, args, self.cx);
        // The function may have changed what later expressions look up.
        self.refresh();
        result
    }

    /// The function that the arguments fit best (`parse_func.c: func_select_candidate`, as far as equal types decide).
    fn choose(&self, candidates: &[Oid], args: &[(Option<Name>, Value)], loc: Loc) -> Exec<Oid> {
        let score = |oid: Oid| {
            let function = self.view.catalog.function(oid)?;
            let mut score = 0;
            for (param, (_, arg)) in function.params.iter().filter(|p| p.is_input()).zip(args) {
                match arg.type_oid() {
                    None | Some(t::UNKNOWN) => {}
                    Some(ty) if ty == param.ty.oid => score += 1,
                    Some(_) => score -= 1,
                }
            }
            Some((score, oid))
        };
        match candidates {
            [one] => Ok(*one),
            many => {
                let mut scored: Vec<(i32, Oid)> = many.iter().filter_map(|&oid| score(oid)).collect();
                scored.sort_unstable_by(|a, b| b.cmp(a));
                match scored.as_slice() {
                    [(_, one)] => Ok(*one),
                    [(first, one), (second, _), ..] if first > second => Ok(*one),
                    // Of functions in C nothing but the type of the result is known.
                    [(first, one), others @ ..]
                        if others
                            .iter()
                            .filter(|(score, _)| score == first)
                            .all(|&(_, other)| self.are_native(*one, other)) =>
                    {
                        Ok(*one)
                    }
                    _ => {
                        let reason = "which of several functions of one name is called is not evaluated";
                        let opaque = crate::replay::Opaque::new(reason, crate::sql::ast::Touches::Everything);
                        Err(opaque.at(loc).into())
                    }
                }
            }
        }
    }

    /// Both functions are in C and return the same type.
    fn are_native(&self, one: Oid, other: Oid) -> bool {
        let function = |oid| self.view.catalog.function(oid).filter(|f| matches!(f.body, FunctionBody::Native(_)));
        let returns = |oid| function(oid).map(|f| (f.returns, f.returns_set));
        returns(one).is_some_and(|result| returns(other) == Some(result))
    }

    /// The rows that a function in FROM gives.
    pub(super) fn function_rows(&mut self, call: &Node) -> Exec<Rows> {
        match call {
            Node::User { candidates, args, loc } => {
                let mut values = Vec::with_capacity(args.len());
                for (name, node) in args {
                    values.push((name.clone(), self.eval(node)?));
                }
                self.call_user(candidates, values, *loc)
            }
            Node::Cast { operand, ty } if self.is_set(operand) => {
                let mut rows = self.function_rows(operand)?;
                for value in rows.rows.iter_mut().flatten() {
                    *value = self.view.types().cast(value, *ty, CastKind::Explicit)?;
                }
                Ok(rows)
            }
            Node::Builtin { function, args, .. } if function.is_set() => {
                let values: Vec<Value> = args.iter().map(|n| self.eval(n)).collect::<Exec<_>>()?;
                if let Some(reason) = values.iter().find_map(Value::unknowable) {
                    return Ok(Rows { more: Some(reason.clone()), ..Rows::default() });
                }
                self.builtin_set(*function, values)
            }
            other => match self.eval(other)? {
                Value::Unknowable(reason) => Ok(Rows { more: Some(reason), ..Rows::default() }),
                Value::Record(record) => {
                    let (columns, row) = record.fields.iter().cloned().unzip();
                    Ok(Rows { columns, rows: vec![row], more: None })
                }
                value => Ok(Rows { rows: vec![vec![value]], ..Rows::default() }),
            },
        }
    }

    /// Whether an expression is a call of a function that returns a set.
    pub(super) fn is_set(&self, node: &Node) -> bool {
        match node {
            Node::Builtin { function, .. } => function.is_set(),
            Node::Cast { operand, .. } => self.is_set(operand),
            Node::User { candidates, .. } => {
                candidates.iter().any(|&f| self.view.catalog.function(f).is_some_and(|f| f.returns_set))
            }
            _ => false,
        }
    }
}

/// A field of a row.
fn field(value: &Value, name: &Name) -> Exec<Value> {
    match value {
        Value::Record(record) => match record.fields.iter().find(|(n, _)| n == name) {
            Some((_, value)) => Ok(value.clone()),
            None => {
                let message = format!("could not identify column \"{name}\" in record data type");
                Err(SqlError::new("42703", message).into())
            }
        },
        Value::Null => Ok(Value::Null),
        Value::Unknowable(reason) => Ok(Value::Unknowable(reason.clone())),
        _ => Ok(Value::not_evaluated("fields of such values are not evaluated")),
    }
}

fn slice(array: &Value, low: Option<&Value>, high: Option<&Value>) -> Value {
    let Value::Array(array) = array else {
        return match array {
            Value::Null => Value::Null,
            Value::Unknowable(reason) => Value::Unknowable(reason.clone()),
            _ => Value::not_evaluated("slices of such values are not evaluated"),
        };
    };
    let bound = |value: Option<&Value>, default: i64| match value {
        None => Some(default),
        Some(value) => value.as_int(),
    };
    let length = i64::try_from(array.items.len()).unwrap_or(i64::MAX);
    let (Some(low), Some(high)) = (bound(low, 1), bound(high, length)) else {
        return Value::not_evaluated("such slices are not evaluated");
    };
    let items = (low.max(1)..=high.min(length)).filter_map(|n| array.get(n)).cloned().collect();
    Value::array(array.element, items)
}

/// A scalar sub-query's value.
fn scalar_of(rows: Rows) -> Exec<Value> {
    if rows.rows.len() > 1 {
        let message = "more than one row returned by a subquery used as an expression";
        return Err(SqlError::new("21000", message).into());
    }
    if let Some(reason) = rows.more {
        return Ok(Value::Unknowable(reason));
    }
    Ok(rows.rows.into_iter().next().and_then(|r| r.into_iter().next()).unwrap_or(Value::Null))
}

/// An array of values of one type.
pub(super) fn make_array(values: Vec<Value>, element: Option<Oid>) -> Value {
    let of_value = |value: &Value| match value {
        Value::Literal(_) => Some(t::TEXT),
        Value::Array(inner) => Some(inner.element),
        value => value.type_oid(),
    };
    // Literals take the type of what is among them.
    let typed = values.iter().filter(|v| !matches!(v, Value::Literal(_))).find_map(of_value);
    let element = typed.or(element).or_else(|| values.iter().find_map(of_value)).unwrap_or(t::TEXT);
    let items = values
        .into_iter()
        .map(|v| match v {
            Value::Literal(text) if element == t::NAME => Value::Name(text),
            Value::Literal(text) => Value::Text(text),
            v => v,
        })
        .collect();
    Value::array(element, items)
}

/// NOT.
pub(super) fn negate(value: Value) -> Value {
    match value {
        Value::Bool(b) => Value::Bool(!b),
        other => other,
    }
}
