//! Statements whose effect on the rows of a table is known, row by row.
//!
//! What cannot be followed is `None`: then the rows are forgotten. A value that cannot be known does no harm, as long as
//! nothing depends on it: the row is there all the same.

use std::sync::Arc;

use super::fit::Conflict;
use super::rows::Event;
use crate::catalog::{AttrNumber, Cell, Column, MAX_ROWS, Object, Oid, Relation, RelationKind, Row};
use crate::replay::query::{NoVariables, RowVariables, Rows, Variables};
use crate::replay::value::{CastKind, Types, Value};
use crate::replay::{Context, Exec, Replay, Stop};
use crate::sql::ast::{
    Delete, Expr, ExprKind, FiringState, Insert, Overriding, Query, QueryBody, RangeVar, StatementKind, Target,
    TriggerTiming, Update,
};

/// The values of a row by the numbers of the columns.
pub(super) type Values = Vec<(AttrNumber, Value)>;

/// The value of a column.
pub(super) fn value_of(values: &Values, number: AttrNumber) -> Option<&Value> {
    values.iter().find(|(n, _)| *n == number).map(|(_, value)| value)
}

/// What a statement does.
pub(super) struct Change {
    table: Oid,
    /// The rows afterwards.
    rows: Vec<Row>,
    /// The rows that it wrote or removed.
    affected: Vec<Values>,
    /// The rows that are no more, or have other values now.
    replaced: Vec<Values>,
}

impl Replay {
    /// Executes a statement row by row, if that can be done; false if not.
    pub(super) fn change_rows(&mut self, statement: &StatementKind, cx: &Context) -> Exec<bool> {
        self.code.affected = None;
        let values = self.code.values.take();
        let variables: &dyn Variables = match &values {
            Some(values) => &**values,
            // Parameters of functions in SQL have values that are not at hand here.
            None if self.code.variables.is_some() || self.code.parameters.is_some() => return Ok(false),
            None => &NoVariables,
        };
        let change = match statement {
            StatementKind::Insert(stmt) => self.inserted(stmt, variables, cx),
            StatementKind::Update(stmt) => self.updated(stmt, variables, cx),
            StatementKind::Delete(stmt) => self.deleted(stmt, variables, cx),
            _ => return Ok(false),
        };
        let Some(change) = data_errors(change)?.flatten() else { return Ok(false) };
        let returning = match statement {
            StatementKind::Insert(stmt) => (&stmt.relation, &stmt.returning),
            StatementKind::Update(stmt) => (&stmt.relation, &stmt.returning),
            StatementKind::Delete(stmt) => (&stmt.relation, &stmt.returning),
            _ => return Ok(false),
        };
        let rows = self.returned(&change, returning.0, returning.1, variables, cx);
        self.code.affected = Some(rows);
        self.catalog.set_rows(change.table, change.rows);
        let deleted = matches!(statement, StatementKind::Delete(_));
        if !deleted {
            self.refuse_dangling(change.table, change.affected.iter(), |_| true)?;
        }
        if !change.replaced.is_empty() {
            self.refuse_referenced_rows(change.table, &change.replaced, deleted)?;
            for table in self.following_tables(change.table, deleted) {
                self.catalog.mark_changed(table);
            }
        }
        Ok(true)
    }

    /// The table, if all that the event does to its rows is what the statement says.
    fn exact_target(&self, relation: &RangeVar, event: Event) -> Option<Arc<Relation>> {
        let target = self.table_meant(relation)?;
        let fires = |t: &crate::catalog::Trigger| {
            t.row && t.timing == TriggerTiming::Before && t.enabled != FiringState::Disabled && event.fires(&t.events)
        };
        let since = Some(target.provenance.created);
        let exact = matches!(target.kind, RelationKind::Table)
            && target.rules.is_empty()
            && self.catalog.partition_parent(target.oid).is_none()
            && (event == Event::Insert || relation.only || target.children.is_empty())
            && !target.triggers.iter().any(fires)
            && !self.row_security_applies(&target)
            && self.catalog.taint.of_relation(target.schema, &target.name, since).is_none()
            && !self.runs_writing_code(&target, event);
        exact.then_some(target)
    }

    fn inserted(&mut self, stmt: &Insert, variables: &dyn Variables, cx: &Context) -> Exec<Option<Change>> {
        let Some(target) = self.exact_target(&stmt.relation, Event::Insert) else { return Ok(None) };
        let Some(rows) = self.catalog.known_rows(target.oid) else { return Ok(None) };
        let mut rows = rows.to_vec();
        if stmt.with.is_some() || stmt.overriding != Overriding::NotSet {
            return Ok(None);
        }
        let number = |t: &Target| {
            let plain = t.name.as_ref().filter(|_| t.indirection.is_empty());
            plain.and_then(|name| target.column(name)).map(|c| c.number)
        };
        let columns: Option<Vec<AttrNumber>> = match stmt.columns.is_empty() {
            true => Some(target.live_columns().map(|c| c.number).collect()),
            false => stmt.columns.iter().map(number).collect(),
        };
        let (Some(columns), Some(sources)) = (columns, self.source_rows(stmt.source.as_ref(), variables, cx)?) else {
            return Ok(None);
        };
        let mut affected = Vec::new();
        for source in sources {
            let mut values = Values::new();
            for column in target.live_columns() {
                let at = columns.iter().position(|number| *number == column.number);
                let value = match at.and_then(|at| source.get(at)) {
                    Some(Some(value)) => self.assigned(value, column)?,
                    Some(None) | None => self.default_value(column, cx)?,
                };
                values.push((column.number, value));
            }
            self.check_row(&target, &values, cx)?;
            match self.conflict_of(&target, stmt.on_conflict.as_deref(), &values, &rows)? {
                Conflict::No => {}
                Conflict::Perhaps => return Ok(None),
                Conflict::Yes => continue,
            }
            rows.push(self.stored_row(&target, &values));
            affected.push(values);
        }
        Ok(Some(Change { table: target.oid, rows, affected, replaced: Vec::new() }))
    }

    /// The rows that an INSERT is given; a value that is missing is DEFAULT.
    fn source_rows(
        &mut self,
        source: Option<&Query>,
        variables: &dyn Variables,
        cx: &Context,
    ) -> Exec<Option<Vec<Vec<Option<Value>>>>> {
        let Some(query) = source else { return Ok(Some(vec![Vec::new()])) };
        if self.query_calls_user(query) {
            return Ok(None);
        }
        match &query.body {
            QueryBody::Values(rows) if query.with.is_none() && query.limit.is_none() && query.offset.is_none() => {
                if rows.len() > MAX_ROWS {
                    return Ok(None);
                }
                let mut values = Vec::with_capacity(rows.len());
                for row in rows {
                    let value = |expr: &Expr| match &expr.kind {
                        ExprKind::Default => Ok(None),
                        _ => self.evaluate(expr, variables, cx).map(Some),
                    };
                    values.push(row.iter().map(value).collect::<Exec<Vec<Option<Value>>>>()?);
                }
                Ok(Some(values))
            }
            QueryBody::Values(_) | QueryBody::Select(_) | QueryBody::SetOp { .. } => {
                let rows = self.query(query, variables, cx)?;
                let known = rows.more.is_none() && rows.rows.len() <= MAX_ROWS;
                Ok(known.then(|| rows.rows.into_iter().map(|row| row.into_iter().map(Some).collect()).collect()))
            }
        }
    }

    fn updated(&mut self, stmt: &Update, variables: &dyn Variables, cx: &Context) -> Exec<Option<Change>> {
        let Some(target) = self.exact_target(&stmt.relation, Event::Update) else { return Ok(None) };
        let plain =
            |t: &Target| t.indirection.is_empty() && t.name.as_ref().is_some_and(|n| target.column(n).is_some());
        if stmt.with.is_some() || !stmt.from.is_empty() || !stmt.set.iter().all(plain) {
            return Ok(None);
        }
        if { stmt.set.iter().filter_map(|t| t.value.as_ref()).chain(&stmt.filter) }.any(|e| self.calls_user(e)) {
            return Ok(None);
        }
        let Some(rows) = self.catalog.known_rows(target.oid).cloned() else { return Ok(None) };
        let (mut kept, mut changed, mut affected, mut replaced) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for row in rows.iter() {
            let old = self.values_of(&target, row)?;
            match self.holds(stmt.filter.as_ref(), &target, &stmt.relation, &old, variables, cx)? {
                None => return Ok(None),
                Some(false) => {
                    kept.push(row.clone());
                    continue;
                }
                Some(true) => {}
            }
            let mut new = old.clone();
            for t in &stmt.set {
                let (Some(column), Some(expr)) = (t.name.as_ref().and_then(|n| target.column(n)), &t.value) else {
                    return Ok(None);
                };
                let value = match &expr.kind {
                    ExprKind::Default => self.default_value(column, cx)?,
                    _ => {
                        let value = self.with_row(expr, &target, &stmt.relation, old.clone(), variables, cx)?;
                        self.assigned(&value, column)?
                    }
                };
                new.retain(|(number, _)| *number != column.number);
                new.push((column.number, value));
            }
            for column in target.live_columns().filter(|c| c.generated.is_some()) {
                new.retain(|(number, _)| *number != column.number);
                new.push((column.number, Value::unknown_data("generated columns are not computed")));
            }
            replaced.push(old);
            self.check_row(&target, &new, cx)?;
            changed.push(self.stored_row(&target, &new));
            affected.push(new);
        }
        // New versions of rows come behind the others.
        kept.extend(changed);
        Ok(Some(Change { table: target.oid, rows: kept, affected, replaced }))
    }

    fn deleted(&mut self, stmt: &Delete, variables: &dyn Variables, cx: &Context) -> Exec<Option<Change>> {
        let Some(target) = self.exact_target(&stmt.relation, Event::Delete) else { return Ok(None) };
        if stmt.with.is_some() || !stmt.using.is_empty() || stmt.filter.iter().any(|e| self.calls_user(e)) {
            return Ok(None);
        }
        let Some(rows) = self.catalog.known_rows(target.oid).cloned() else { return Ok(None) };
        let (mut kept, mut affected) = (Vec::new(), Vec::new());
        for row in rows.iter() {
            let values = self.values_of(&target, row)?;
            match self.holds(stmt.filter.as_ref(), &target, &stmt.relation, &values, variables, cx)? {
                None => return Ok(None),
                Some(true) => affected.push(values),
                Some(false) => kept.push(row.clone()),
            }
        }
        Ok(Some(Change { table: target.oid, rows: kept, replaced: affected.clone(), affected }))
    }

    // ---- expressions about a row ----

    fn with_row(
        &mut self,
        expr: &Expr,
        target: &Relation,
        relation: &RangeVar,
        values: Values,
        outer: &dyn Variables,
        cx: &Context,
    ) -> Exec<Value> {
        let alias = relation.alias.as_ref().map_or(&*target.name, |alias| &alias.name);
        self.evaluate(expr, &RowVariables { relation: target, alias, values, outer }, cx)
    }

    /// Whether a row fulfils the condition; nothing if that is not known.
    fn holds(
        &mut self,
        filter: Option<&Expr>,
        target: &Relation,
        relation: &RangeVar,
        values: &Values,
        outer: &dyn Variables,
        cx: &Context,
    ) -> Exec<Option<bool>> {
        let Some(filter) = filter else { return Ok(Some(true)) };
        Ok(match self.with_row(filter, target, relation, values.clone(), outer, cx)? {
            Value::Bool(holds) => Some(holds),
            Value::Null => Some(false),
            _ => None,
        })
    }

    /// What RETURNING gives.
    fn returned(
        &mut self,
        change: &Change,
        relation: &RangeVar,
        returning: &[Target],
        variables: &dyn Variables,
        cx: &Context,
    ) -> Rows {
        let unknown = |reason: &str| Value::unknown_data(reason);
        let Some(target) = self.catalog.shared_relation(change.table) else { return Rows::default() };
        let mut rows = Rows::default();
        for values in &change.affected {
            let mut columns = Vec::new();
            let mut row = Vec::new();
            for t in returning {
                let Some(expr) = &t.value else { continue };
                match &expr.kind {
                    ExprKind::Star(qualifier) if qualifier.is_empty() => {
                        for column in target.live_columns() {
                            columns.push(column.name.clone());
                            row.push(value_of(values, column.number).cloned().unwrap_or(Value::Null));
                        }
                    }
                    _ => {
                        columns
                            .push(t.name.clone().unwrap_or_else(|| crate::expr::analyze::figure_colname(expr, None)));
                        let calls = self.calls_user(expr);
                        let value = match calls {
                            true => Ok(unknown("RETURNING calls a function")),
                            false => self.with_row(expr, &target, relation, values.clone(), variables, cx),
                        };
                        row.push(value.unwrap_or_else(|_| unknown("this RETURNING is not evaluated")));
                    }
                }
            }
            rows.columns = columns;
            rows.rows.push(row);
        }
        rows
    }

    // ---- values ----

    /// A value as the column takes it (`parse_target.c: transformAssignedExpr`).
    fn assigned(&self, value: &Value, column: &Column) -> Exec<Value> {
        if column.generated.is_some() {
            return Ok(Value::unknown_data("generated columns are not computed"));
        }
        let path = self.path();
        let types = Types { catalog: &self.catalog, path: &path };
        match types.cast(value, column.ty, CastKind::Assignment) {
            Err(Stop::Opaque(_)) => Ok(Value::unknown_data("a value of this type is not evaluated")),
            result => result,
        }
    }

    /// The value that a column gets if none is written.
    fn default_value(&mut self, column: &Column, cx: &Context) -> Exec<Value> {
        let unknown = |reason: &str| match Value::unknown_data(reason) {
            Value::Unknowable(reason) => Value::Unknowable(crate::replay::value::Reason { present: true, ..reason }),
            value => value,
        };
        if column.identity.is_some() {
            return Ok(unknown("the next number of a sequence is not known"));
        }
        if column.generated.is_some() {
            return Ok(Value::unknown_data("generated columns are not computed"));
        }
        let Some(default) = &column.default else {
            // A domain may have one.
            let is_domain = self.catalog.type_(column.ty.oid).is_some();
            return Ok(if is_domain {
                Value::unknown_data("the default of a type is not evaluated")
            } else {
                Value::Null
            });
        };
        if default.depends_on.iter().any(|object| matches!(object, Object::Function(_))) {
            return Ok(Value::unknown_data("a default calls a function"));
        }
        let Some(expr) = self.stored_syntax(default) else {
            return Ok(Value::unknown_data("a default is not evaluated"));
        };
        let value = match self.evaluate(&expr, &NoVariables, cx) {
            Ok(value) => value,
            Err(Stop::Error(error)) if error.sqlstate.as_str().starts_with("22") => return Err(Stop::Error(error)),
            Err(_) => return Ok(Value::unknown_data("a default is not evaluated")),
        };
        self.assigned(&value, column)
    }

    pub(super) fn values_of(&self, target: &Relation, row: &Row) -> Exec<Values> {
        let path = self.path();
        let types = Types { catalog: &self.catalog, path: &path };
        target.live_columns().map(|column| Ok((column.number, types.value_in(row, column)?))).collect()
    }

    fn stored_row(&self, target: &Relation, values: &Values) -> Row {
        let path = self.path();
        let types = Types { catalog: &self.catalog, path: &path };
        let ty = |number: AttrNumber| target.column_at(number).map(|column| column.ty);
        let cell = |(number, value): &(AttrNumber, Value)| Some((*number, types.cell(value, ty(*number)?)?));
        values.iter().filter_map(cell).collect()
    }

    /// What the rows of a table have in a column is no longer known.
    pub(in crate::replay::ddl) fn forget_column(&mut self, table: Oid, number: AttrNumber) {
        let cell = Cell::Unknown { reason: "a column was computed anew".into(), present: false };
        self.catalog.fill_column(table, number, Some(&cell));
    }

    /// The default of a column that was added, in the rows that are there (`tablecmds.c: ATExecAddColumn`). 23502 if
    /// it must have a value and has none (`ATRewriteTable`).
    pub(in crate::replay::ddl) fn fill_new_column(&mut self, table: Oid, number: AttrNumber, cx: &Context) -> Exec {
        if self.catalog.known_rows(table).is_none_or(|rows| rows.is_empty()) {
            return Ok(());
        }
        let Some(relation) = self.catalog.shared_relation(table) else { return Ok(()) };
        let Some(column) = relation.column_at(number) else { return Ok(()) };
        let unknown = || Value::unknown_data("a default is not evaluated");
        // What is computed for each row anew is not the same in all.
        let value = match column.default.as_ref().is_some_and(|default| !self.is_immutable(&default.tree)) {
            true => unknown(),
            false => self.default_value(column, cx).unwrap_or_else(|_| unknown()),
        };
        let path = self.path();
        let cell = Types { catalog: &self.catalog, path: &path }.cell(&value, column.ty);
        self.catalog.fill_column(table, number, cell.as_ref());
        Ok(())
    }
}

/// Errors that data make are PostgreSQL's; what else goes wrong here was refused before, or is not understood.
fn data_errors<T>(result: Exec<T>) -> Exec<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Stop::Error(error)) if matches!(&error.sqlstate.as_str()[..2], "22" | "23") => Err(Stop::Error(error)),
        Err(_) => Ok(None),
    }
}
