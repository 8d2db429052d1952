//! Statements and control flow.

use std::sync::Arc;

use super::dynamic::Purpose;
use super::maybe::Escape;
use super::variables::{Scope, Variable, VariableType};
use super::{Exec, Flow, Frames, Interpreter, KnownNames, Rows, reason_of};
use crate::catalog::{TypeRef, type_oid as t};
use crate::replay::effects::Effects;
use crate::replay::query::Variables as _;
use crate::replay::value::{ArrayValue, Reason, Record, Value};
use crate::replay::{Opaque, SqlError, Stop};
use crate::sql::ast::{Expr, ExprKind, FuncCall, Name, QualifiedName, StatementKind};
use crate::sql::plpgsql::{Case, ForInteger, Fragment, Into, Loop, Stmt, StmtKind, Target};
use crate::sql::span::{Loc, Span};

impl Interpreter<'_> {
    pub(super) fn statements(&mut self, body: &[Stmt]) -> Exec<Flow> {
        for stmt in body {
            if !self.step(stmt.span) {
                return Ok(Flow::Halt);
            }
            match self.statement(stmt) {
                Ok(Flow::Next) => {}
                Ok(flow) => return Ok(flow),
                // What is not understood is noted, and it goes on.
                Err(Stop::Opaque(opaque)) => {
                    let reason = reason_of(&opaque);
                    for target in super::walk::targets(stmt) {
                        self.frames.forget(&target.names, &reason);
                    }
                    self.note(Opaque { loc: Loc::NONE, ..*opaque }, stmt.span);
                }
                Err(Stop::Error(error)) => match self.maybe.clone() {
                    // A statement is not planned before it is reached.
                    Some(reason) => self.fails_perhaps(&error, &reason, stmt),
                    None => return Err(self.located(Stop::Error(error), stmt.span, false)),
                },
            }
        }
        Ok(Flow::Next)
    }

    fn statement(&mut self, stmt: &Stmt) -> Exec<Flow> {
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::Block(block) => return self.block(block),
            StmtKind::Assign { target, value } => {
                let value = self.value(value)?;
                self.assign_perhaps(target, value, span)?;
            }
            StmtKind::If { branches, otherwise } => return self.if_(branches, otherwise),
            StmtKind::Case(case) => return self.case(case, span),
            StmtKind::Loop(body) => return self.loop_(body),
            StmtKind::While { condition, body } => return self.while_(condition, body),
            StmtKind::ForInteger(for_) => return self.for_integer(for_, span),
            StmtKind::ForQuery { targets, query, body } => {
                let rows = self.statement_rows(&query.sql, span)?;
                return self.for_rows(targets, &rows, body, span);
            }
            StmtKind::ForExecute { targets, text, using, body } => {
                let rows = self.execute_text(text, using, Purpose::Cursor, span)?;
                return self.for_rows(targets, &rows, body, span);
            }
            StmtKind::ForCursor { target, cursor, args, body } => {
                let rows = self.cursor_rows(cursor, args, span)?;
                let target = Target { names: vec![target.clone()], subscripts: Vec::new(), span };
                self.frames
                    .scopes
                    .push(Scope { variables: vec![record_variable(&target.names[0])], ..Scope::default() });
                let flow = self.for_rows(&[target], &rows, body, span);
                self.frames.scopes.pop();
                return flow;
            }
            StmtKind::ForEach { targets, slice, array, body } => {
                let rows = match self.value(array)? {
                    Value::Array(array) => {
                        let depth = usize::try_from(*slice).unwrap_or(usize::MAX);
                        self.check_foreach(targets, depth, &array, span)?;
                        let slices = array.slices(depth);
                        Rows { rows: slices.into_iter().map(|v| vec![v]).collect(), ..Rows::default() }
                    }
                    Value::Null => {
                        let error = SqlError::new("22004", "FOREACH expression must not be null");
                        return Err(self.located(error.into(), span, false));
                    }
                    Value::Unknowable(reason) => Rows { more: Some(reason), ..Rows::default() },
                    Value::Typed(..) | Value::Record(_) => {
                        let reason = Reason::not_evaluated("FOREACH over such a value is not followed");
                        Rows { more: Some(reason), ..Rows::default() }
                    }
                    value => {
                        let ty = value.type_oid().filter(|&ty| ty != t::UNKNOWN).unwrap_or(t::TEXT);
                        let name = self.replay.catalog.format_type_be(ty, &self.replay.path());
                        let message = format!("FOREACH expression must yield an array, not type {name}");
                        return Err(self.located(SqlError::new("42804", message).into(), span, false));
                    }
                };
                return self.for_rows(targets, &rows, body, span);
            }
            StmtKind::Exit { exit, label, when } => {
                let go = if *exit { Flow::Exit(label.clone()) } else { Flow::Continue(label.clone()) };
                let escape = if label.is_some() { Escape::Function } else { Escape::Loop };
                return match when.as_ref().map(|w| self.condition(w)).transpose()? {
                    Some(Ok(false)) => Ok(Flow::Next),
                    Some(Err(reason)) => {
                        self.maybe.get_or_insert(reason);
                        self.escapes(escape);
                        Ok(Flow::Next)
                    }
                    None | Some(Ok(true)) => Ok(self.leaves(go, escape)),
                };
            }
            StmtKind::Return(value) => {
                let value = value.as_ref().map_or(Ok(Value::Null), |v| self.value(v))?;
                return Ok(self.leaves(Flow::Return(value), Escape::Function));
            }
            StmtKind::ReturnNext(value) => self.return_next(value.as_ref())?,
            StmtKind::ReturnQuery(query) => {
                let rows = self.statement_rows(&query.sql, span)?;
                self.return_rows(rows);
            }
            StmtKind::ReturnQueryExecute { text, using } => {
                let rows = self.execute_text(text, using, Purpose::Cursor, span)?;
                self.return_rows(rows);
            }
            StmtKind::Raise(raise) => return self.raise(raise, span),
            StmtKind::Assert { condition, message } => return self.assert(condition, message.as_ref(), span),
            StmtKind::Sql { statement, into } => self.sql(&statement.sql, into.as_ref(), span)?,
            StmtKind::Perform(query) => {
                let rows = self.rows(&query.sql, span)?;
                self.set_found_by(&rows);
            }
            StmtKind::Execute { text, into, using } => {
                let purpose = if into.is_some() { Purpose::Into } else { Purpose::Run };
                let rows = self.execute_text(text, using, purpose, span)?;
                if let Some(into) = into {
                    self.assign_into_perhaps(into, &rows, span).map_err(|stop| match stop {
                        // There is no such advice for EXECUTE (`pl_exec.c: exec_stmt_dynexecute`).
                        Stop::Error(mut error) if error.sqlstate.as_str() == "P0003" => {
                            error.hint = None;
                            Stop::Error(error)
                        }
                        stop => stop,
                    })?;
                }
            }
            StmtKind::GetDiagnostics { stacked, items } => {
                for (target, item) in items {
                    let value = self.diagnostic(*stacked, item, span)?;
                    self.assign_perhaps(target, value, span)?;
                }
            }
            StmtKind::Open(open) => self.open(open, span)?,
            StmtKind::Fetch { cursor, next, into } => {
                let rows = self.fetch(cursor, *next, span)?;
                self.set_found_by(&rows);
                if let Some(into) = into {
                    self.assign_into_perhaps(into, &rows, span)?;
                }
            }
            StmtKind::Move { cursor, next } => {
                let rows = self.fetch(cursor, *next, span)?;
                self.set_found_by(&rows);
            }
            StmtKind::Close { cursor } => self.close(cursor, span)?,
            StmtKind::Commit => self.end_transaction(false, span)?,
            StmtKind::Rollback => self.end_transaction(true, span)?,
            StmtKind::Null => {}
        }
        Ok(Flow::Next)
    }

    /// `pl_exec.c: exec_stmt_foreach_a`
    fn check_foreach(&self, targets: &[Target], slice: usize, array: &ArrayValue, span: Span) -> Exec {
        let refuse = |state, message: String| Err(self.located(SqlError::new(state, message).into(), span, false));
        let depth = array.depth();
        if slice > depth && !array.items.is_empty() {
            let message = format!("slice dimension ({slice}) is out of the valid range 0..{depth}");
            return refuse("2202E", message);
        }
        let [target] = targets else { return Ok(()) };
        let variable = self.frames.slot(&target.names).filter(|(_, used)| *used == target.names.len());
        let Some(VariableType::Scalar(ty)) = variable.and_then(|(slot, _)| self.frames.get(slot)).map(|v| &v.ty) else {
            return Ok(());
        };
        match (slice > 0, self.replay.catalog.array_element(ty.oid).is_some()) {
            (true, false) => refuse("42804", "FOREACH ... SLICE loop variable must be of an array type".to_owned()),
            (false, true) => refuse("42804", "FOREACH loop variable must not be of an array type".to_owned()),
            (true, true) | (false, false) => Ok(()),
        }
    }

    /// COMMIT, ROLLBACK (`spi.c: _SPI_commit`, `_SPI_rollback`).
    fn end_transaction(&mut self, rollback: bool, span: Span) -> Exec {
        let code = &self.replay.code;
        if code.in_block || code.atomic {
            let error = SqlError::new("2D000", "invalid transaction termination");
            return Err(self.located(error.into(), span, false));
        }
        if self.guarded > 0 {
            let command = if rollback { "roll back" } else { "commit" };
            let error = SqlError::new("2D000", format!("cannot {command} while a subtransaction is active"));
            return Err(self.located(error.into(), span, false));
        }
        match self.maybe.clone() {
            None => self.replay.end_transaction_in_code(rollback),
            Some(reason) if rollback => self.note_effects(Effects::everything(), &reason, span),
            // What was done before stays done, whether it is committed here or at the end.
            Some(_) => {}
        }
        Ok(())
    }

    /// What leaves the construct for certain; perhaps it does not.
    fn leaves(&mut self, flow: Flow, escape: Escape) -> Flow {
        if self.maybe.is_some() {
            self.escapes(escape);
            return Flow::Next;
        }
        flow
    }

    pub(super) fn assign_perhaps(&mut self, target: &Target, value: Value, span: Span) -> Exec {
        match self.maybe.clone() {
            Some(reason) => {
                self.frames.forget(&target.names, &reason);
                Ok(())
            }
            None => self.assign(target, value, span),
        }
    }

    fn assign_into_perhaps(&mut self, into: &Into, rows: &Rows, span: Span) -> Exec {
        match self.maybe.clone() {
            Some(reason) => {
                into.targets.iter().for_each(|target| self.frames.forget(&target.names, &reason));
                Ok(())
            }
            None => self.assign_into(into, rows, span),
        }
    }

    // ---- SQL ----

    /// The rows that a statement gives: a query's, or those of RETURNING, which nobody knows.
    pub(super) fn statement_rows(&mut self, statement: &StatementKind, span: Span) -> Exec<Rows> {
        match statement {
            StatementKind::Select(query) => {
                if let Err(stop) = self.replay.modifying_ctes(query.with.as_ref()) {
                    match stop {
                        Stop::Opaque(opaque) => self.note(Opaque { loc: Loc::NONE, ..*opaque }, span),
                        stop => return Err(self.located(stop, span, false)),
                    }
                }
                let rows = self.rows(query, span)?;
                self.set_found_by(&rows);
                Ok(rows)
            }
            other => {
                self.sql(other, None, span)?;
                Ok(Rows { more: Some(Reason::data("the rows of a table are not known")), ..Rows::default() })
            }
        }
    }

    /// A statement of SQL in the body.
    fn sql(&mut self, statement: &StatementKind, into: Option<&Into>, span: Span) -> Exec {
        match statement {
            StatementKind::Select(query) if crate::replay::ddl::view::into_clause(query).is_none() => {
                let rows = self.statement_rows(statement, span)?;
                match into {
                    Some(into) => self.assign_into_perhaps(into, &rows, span),
                    None => {
                        let error = SqlError::new("42601", "query has no destination for result data")
                            .hint("If you want to discard the results of a SELECT, use PERFORM instead.");
                        Err(self.located(error.into(), span, false))
                    }
                }
            }
            StatementKind::Insert(_)
            | StatementKind::Update(_)
            | StatementKind::Delete(_)
            | StatementKind::Merge(_)
            | StatementKind::Truncate { .. }
            | StatementKind::Copy(_) => {
                if self.maybe.is_none() && self.replay.changes_no_rows(statement) {
                    self.run_statement(statement, span, false)?;
                    let rows = Rows::default();
                    self.set_found_by(&rows);
                    return into.map_or(Ok(()), |into| self.assign_into_perhaps(into, &rows, span));
                }
                let calls = self.replay.effects_of(statement);
                let knows_rows = self.replay.catalog.knows_rows();
                if self.maybe.is_none() && knows_rows {
                    let values = self.frames.clone();
                    if let Some(rows) = self.write_rows(statement, values, span, false)? {
                        self.set_found_by(&rows);
                        return into.map_or(Ok(()), |into| self.assign_into_perhaps(into, &rows, span));
                    }
                }
                let reason = Reason::data("what a statement does to rows is not known");
                if self.guarded > 0 {
                    self.unsure.get_or_insert_with(|| reason.clone());
                }
                self.set_found(Value::Unknowable(reason.clone()));
                self.row_count = Value::Unknowable(reason.clone());
                for target in into.iter().flat_map(|into| &into.targets) {
                    self.frames.forget(&target.names, &reason);
                }
                match self.maybe.clone() {
                    Some(reason) => {
                        self.replay.catalog.forget_rows();
                        self.note_effects(calls, &reason, span);
                    }
                    None => {
                        if !knows_rows {
                            self.run_statement(statement, span, false)?;
                        }
                        self.note_effects(calls, &Reason::data("the rows of a table are not known"), span);
                    }
                }
                Ok(())
            }
            StatementKind::Call(call) => match self.maybe {
                Some(_) => self.run_statement(statement, span, false),
                None => self.call(call, span),
            },
            other => self.run_statement(other, span, false),
        }
    }

    /// Runs a statement that writes rows, with the values of what it can refer to. What it returns, a row for each that it
    /// wrote; nothing if that is not known.
    pub(super) fn write_rows(
        &mut self,
        statement: &StatementKind,
        values: Frames,
        span: Span,
        computed: bool,
    ) -> Exec<Option<Rows>> {
        let outer = self.replay.code.values.replace(Arc::new(values));
        self.replay.code.affected = None;
        let result = self.run_statement(statement, span, computed);
        self.replay.code.values = outer;
        result?;
        Ok(self.replay.code.affected.take())
    }

    /// CALL: its output arguments are variables (`pl_exec.c: exec_stmt_call`).
    fn call(&mut self, call: &FuncCall, span: Span) -> Exec {
        let cx = self.cx_at(span);
        let known = self.frames.known_names();
        let outer = self.replay.code.variables.replace(known);
        let result = self.replay.run_call_with(call, &self.frames, &cx);
        self.replay.code.variables = outer;
        let value = match result {
            Ok(value) => value,
            Err(Stop::Opaque(opaque)) => {
                self.note(*opaque, span);
                Value::not_evaluated("what a procedure gives back is not known")
            }
            Err(stop) => return Err(self.located(stop, span, false)),
        };
        for (name, output) in self.replay.procedure_outputs(call) {
            let target = call.args.iter().enumerate().find(|(i, arg)| match &arg.name {
                Some(written) => Some(written) == name.as_ref(),
                None => *i == output.0,
            });
            let Some(ExprKind::Column(names)) = target.map(|(_, arg)| &arg.value.kind) else {
                let message = format!(
                    "procedure parameter \"{}\" is an output parameter but corresponding argument is not writable",
                    name.unwrap_or_default()
                );
                return Err(self.located(SqlError::new("42601", message).into(), span, false));
            };
            let given = match &value {
                Value::Record(record) => record.fields.get(output.1).map_or(Value::Null, |(_, v)| v.clone()),
                value => value.clone(),
            };
            let target = Target { names: names.clone(), subscripts: Vec::new(), span };
            self.assign(&target, given, span)?;
        }
        Ok(())
    }

    /// Runs a statement that is no query, or notes what it may change if nobody knows whether it is run.
    pub(super) fn run_statement(&mut self, statement: &StatementKind, span: Span, computed: bool) -> Exec {
        if let Some(reason) = self.maybe.clone() {
            let effects = self.replay.effects_of(statement);
            self.replay.note_rows(&effects);
            self.note_effects(effects, &reason, span);
            return Ok(());
        }
        if let StatementKind::Transaction(_) = statement {
            let error = SqlError::new("0A000", "EXECUTE of transaction commands is not implemented");
            return Err(self.located(error.into(), span, computed));
        }
        let mut cx = self.cx_at(span);
        let known;
        if computed {
            cx = crate::replay::Context::computed(cx.origin);
            let values = self.replay.code.values.as_ref().filter(|values| !values.params.is_empty());
            known = values.map(|values| KnownNames::of_values(&values.params));
        } else {
            known = Some(self.frames.known_names());
        }
        let outer = std::mem::replace(&mut self.replay.code.variables, known);
        let result = self.replay.execute_bounded(statement, &cx);
        self.replay.code.variables = outer;
        match result {
            Ok(()) => Ok(()),
            Err(Stop::Opaque(opaque)) => {
                self.note(Opaque { loc: if computed { Loc::NONE } else { opaque.loc }, ..*opaque }, span);
                Ok(())
            }
            Err(stop) => Err(self.located(stop, span, computed)),
        }
    }

    // ---- branches ----

    fn if_(&mut self, branches: &[(Fragment<crate::sql::ast::Query>, Vec<Stmt>)], otherwise: &[Stmt]) -> Exec<Flow> {
        for (i, (condition, body)) in branches.iter().enumerate() {
            match self.condition(condition)? {
                Ok(true) => return self.statements(body),
                Ok(false) => {}
                Err(reason) => {
                    // Any branch from here on may be the one.
                    for (_, body) in &branches[i..] {
                        self.perhaps(body, &reason)?;
                    }
                    self.perhaps(otherwise, &reason)?;
                    return Ok(Flow::Next);
                }
            }
        }
        self.statements(otherwise)
    }

    fn case(&mut self, case: &Case, span: Span) -> Exec<Flow> {
        let operand = case.operand.as_ref().map(|o| self.value(o)).transpose()?;
        for (i, (values, body)) in case.branches.iter().enumerate() {
            match self.case_matches(operand.as_ref(), values)? {
                Ok(true) => return self.statements(body),
                Ok(false) => {}
                Err(reason) => {
                    for (_, body) in &case.branches[i..] {
                        self.perhaps(body, &reason)?;
                    }
                    self.perhaps(case.otherwise.as_deref().unwrap_or_default(), &reason)?;
                    return Ok(Flow::Next);
                }
            }
        }
        match &case.otherwise {
            Some(body) => self.statements(body),
            None => {
                let error = SqlError::new("20000", "case not found").hint("CASE statement is missing ELSE part.");
                Err(self.located(error.into(), span, false))
            }
        }
    }

    fn case_matches(&mut self, operand: Option<&Value>, values: &[Fragment<Expr>]) -> Exec<Result<bool, Reason>> {
        let mut unknown = None;
        for value in values {
            let result = match operand {
                Some(operand) => {
                    // The operand stands behind the parameters.
                    self.frames.params.push(operand.clone());
                    let number = u32::try_from(self.frames.params.len()).unwrap_or(u32::MAX);
                    let param = Expr { kind: ExprKind::Param(number), loc: Loc::NONE };
                    let op = QualifiedName { schema: None, name: Name::from("="), loc: Loc::NONE };
                    let (left, right) = (Some(Box::new(param)), Box::new(value.sql.clone()));
                    let equal = Expr { kind: ExprKind::Op { op, left, right }, loc: Loc::NONE };
                    let result = self.expression(&equal, value.span);
                    self.frames.params.pop();
                    result?
                }
                None => self.expression(&value.sql, value.span)?,
            };
            match self.cast(&result, TypeRef::plain(t::BOOL), value.span)? {
                Value::Bool(true) => return Ok(Ok(true)),
                Value::Unknowable(reason) => unknown = Some(reason),
                _ => {}
            }
        }
        Ok(unknown.map_or(Ok(false), Err))
    }

    fn expression(&mut self, expr: &Expr, span: Span) -> Exec<Value> {
        let cx = self.cx.with_span(span);
        match self.replay.evaluate(expr, &self.frames, &cx) {
            Err(Stop::Opaque(opaque)) => Ok(Value::Unknowable(reason_of(&opaque))),
            Err(stop) => Err(self.located(stop, span, false)),
            Ok(value) => Ok(value),
        }
    }

    // ---- loops ----

    fn loop_(&mut self, body: &Loop) -> Exec<Flow> {
        let before = self.maybe.clone();
        let flow = loop {
            if !self.step(Span::default()) {
                return Ok(Flow::Halt);
            }
            if let Some(flow) = self.round(body)? {
                break flow;
            }
            if let Some(reason) = self.maybe.clone() {
                // It may have been left: another round changes nothing that is not unknown already.
                self.forget_assigned(&body.body, &reason);
                self.round(body)?;
                break Flow::Next;
            }
        };
        self.left(Escape::Loop, before);
        Ok(flow)
    }

    /// A round of a loop; something if the loop ends with it.
    fn round(&mut self, body: &Loop) -> Exec<Option<Flow>> {
        let own = |label: &Option<Name>| label.is_none() || *label == body.label;
        Ok(match self.statements(&body.body)? {
            Flow::Next => None,
            Flow::Continue(label) if own(&label) => None,
            Flow::Exit(label) if own(&label) => Some(Flow::Next),
            flow => Some(flow),
        })
    }

    fn while_(&mut self, condition: &Fragment<crate::sql::ast::Query>, body: &Loop) -> Exec<Flow> {
        let before = self.maybe.clone();
        let flow = loop {
            if !self.step(condition.span) {
                return Ok(Flow::Halt);
            }
            match self.condition(condition)? {
                Ok(false) => break Flow::Next,
                Ok(true) if self.maybe.is_none() => {
                    if let Some(flow) = self.round(body)? {
                        break flow;
                    }
                }
                Ok(true) => {
                    let reason = self.maybe.clone().unwrap_or_else(|| Reason::data("a loop is perhaps run"));
                    self.rounds_perhaps(body, &reason)?;
                    break Flow::Next;
                }
                Err(reason) => {
                    self.rounds_perhaps(body, &reason)?;
                    break Flow::Next;
                }
            }
        };
        self.left(Escape::Loop, before);
        Ok(flow)
    }

    /// Any number of rounds, of which nothing is known.
    fn rounds_perhaps(&mut self, body: &Loop, reason: &Reason) -> Exec {
        self.forget_assigned(&body.body, reason);
        self.perhaps(&body.body, reason)
    }

    fn for_integer(&mut self, for_: &ForInteger, span: Span) -> Exec<Flow> {
        let mut bounds = Vec::new();
        let mut unknown = None;
        for (bound, word) in
            [(Some(&for_.low), "lower bound"), (Some(&for_.high), "upper bound"), (for_.step.as_ref(), "BY value")]
        {
            let Some(bound) = bound else { continue };
            let value = self.value(bound)?;
            match self.cast(&value, TypeRef::plain(t::INT4), bound.span)? {
                Value::Unknowable(reason) => unknown = Some(reason),
                value => match value.as_int() {
                    Some(number) => bounds.push(number),
                    None => {
                        let error = SqlError::new("22004", format!("{word} of FOR loop cannot be null"));
                        return Err(self.located(error.into(), span, false));
                    }
                },
            }
        }
        let variable = |value| Variable::scalar(for_.variable.clone(), TypeRef::plain(t::INT4), value);
        let before = self.maybe.clone();
        if let Some(reason) = unknown {
            let scope = Scope {
                label: for_.body.label.clone(),
                variables: vec![variable(Value::Unknowable(reason.clone()))],
                ..Scope::default()
            };
            self.frames.scopes.push(scope);
            let result = self.rounds_perhaps(&for_.body, &reason);
            self.frames.scopes.pop();
            result?;
            self.left(Escape::Loop, before);
            return Ok(Flow::Next);
        }
        let (low, high, step) = match bounds.as_slice() {
            [low, high] => (*low, *high, 1),
            [low, high, step, ..] => (*low, *high, *step),
            _ => return Ok(Flow::Next),
        };
        if step <= 0 {
            let error = SqlError::new("22023", "BY value of FOR loop must be greater than zero");
            return Err(self.located(error.into(), span, false));
        }
        let mut found = false;
        let mut number = low;
        let mut flow = Flow::Next;
        while if for_.reverse { number >= high } else { number <= high } {
            if !self.step(span) {
                return Ok(Flow::Halt);
            }
            found = true;
            let value = i32::try_from(number).map_or_else(|_| Value::not_evaluated("integer out of range"), Value::int);
            let scope = Scope { label: for_.body.label.clone(), variables: vec![variable(value)], ..Scope::default() };
            self.frames.scopes.push(scope);
            let round = self.round(&for_.body);
            self.frames.scopes.pop();
            if let Some(ended) = round? {
                flow = ended;
                break;
            }
            number = if for_.reverse { number - step } else { number + step };
        }
        self.left(Escape::Loop, before);
        self.set_found(Value::Bool(found));
        Ok(flow)
    }

    /// A loop over rows: once for each that is there for certain, and perhaps for others.
    fn for_rows(&mut self, targets: &[Target], rows: &Rows, body: &Loop, span: Span) -> Exec<Flow> {
        let before = self.maybe.clone();
        let mut flow = Flow::Next;
        if rows.rows.is_empty() && rows.more.is_none() && before.is_none() && !rows.columns.is_empty() {
            // Without a row the variables are NULL (`pl_exec.c: exec_for_query`).
            self.assign_row(targets, rows, 0, span)?;
        }
        for row in 0..rows.rows.len() {
            if !self.step(span) {
                return Ok(Flow::Halt);
            }
            self.assign_row(targets, rows, row, span)?;
            if let Some(ended) = self.round(body)? {
                flow = ended;
                break;
            }
        }
        if let (Some(reason), Flow::Next) = (&rows.more, &flow) {
            for target in targets {
                self.frames.forget(&target.names, reason);
            }
            self.rounds_perhaps(body, reason)?;
        }
        self.left(Escape::Loop, before);
        if let Some(reason) = self.maybe.clone() {
            targets.iter().for_each(|target| self.frames.forget(&target.names, &reason));
        }
        let found = match &rows.more {
            Some(reason) if rows.rows.is_empty() => Value::Unknowable(reason.clone()),
            _ => Value::Bool(!rows.rows.is_empty()),
        };
        self.set_found(found);
        Ok(flow)
    }

    // ---- results ----

    fn return_next(&mut self, value: Option<&Fragment<crate::sql::ast::Query>>) -> Exec {
        let row = match value {
            Some(value) => match self.value(value)? {
                Value::Record(record) => Record::clone(&record).fields.into_iter().map(|(_, v)| v).collect(),
                value => vec![value],
            },
            // The OUT parameters.
            None => self.out_parameters(),
        };
        match &self.maybe {
            Some(reason) => self.results.more = Some(reason.clone()),
            None => self.results.rows.push(row),
        }
        Ok(())
    }

    fn out_parameters(&self) -> Vec<Value> {
        let names = &self.replay.code.out_parameters;
        names.iter().map(|&i| self.parameter(i)).collect()
    }

    fn return_rows(&mut self, rows: Rows) {
        match &self.maybe {
            Some(reason) => self.results.more = Some(reason.clone()),
            None => {
                self.set_found_by(&rows);
                self.results.rows.extend(rows.rows);
                if rows.more.is_some() {
                    self.results.more = rows.more;
                }
            }
        }
    }

    /// `GET DIAGNOSTICS`
    fn diagnostic(&mut self, stacked: bool, item: &Name, span: Span) -> Exec<Value> {
        if !stacked {
            return Ok(match item.as_str() {
                "row_count" => self.row_count.clone(),
                _ => Value::not_evaluated(format!("{item} is not evaluated")),
            });
        }
        // Inside of a handler that is perhaps run, the error's text is not known.
        if let Some(sqlerrm) = self.frames.variable(&["sqlerrm".into()])?
            && sqlerrm.unknowable().is_some()
        {
            return Ok(sqlerrm);
        }
        let Some(error) = self.handled.last() else {
            let error = SqlError::new("0Z002", "GET STACKED DIAGNOSTICS cannot be used outside an exception handler");
            return Err(self.located(error.into(), span, false));
        };
        Ok(match item.as_str() {
            "returned_sqlstate" => Value::text(error.sqlstate.as_str()),
            "message_text" => Value::text(error.message.as_str()),
            "pg_exception_detail" => Value::text(error.detail.as_deref().unwrap_or_default()),
            "pg_exception_hint" => Value::text(error.hint.as_deref().unwrap_or_default()),
            _ => Value::not_evaluated(format!("{item} is not evaluated")),
        })
    }
}

pub(super) fn record_variable(name: &Name) -> Variable {
    let (ty, value) = (VariableType::Record, Value::Null);
    Variable { name: name.clone(), ty, value, constant: false, not_null: false }
}
