//! Runs PL/pgSQL (`pl_exec.c`).
//!
//! What depends on data nobody can know. Where a condition, a number of rows or a text is not known, the statements that
//! it decides about are visited without being run: what they may change is tainted, what they assign is forgotten,
//! and so it goes on to the end of the construct that they may have left (`maybe.rs`).

mod assign;
mod block;
mod conditions;
mod cursor;
mod dynamic;
mod maybe;
mod raise;
mod statement;
#[cfg(test)]
mod tests;
mod variables;
pub(super) mod walk;

pub(in crate::replay) use variables::Frames;
pub(crate) use variables::KnownNames;

use rustc_hash::FxHashMap;

use super::query::Rows;
use super::value::{Reason, Value};
use super::{Context, Exec, Opaque, Replay, SqlError, Stop};
use crate::catalog::{TypeRef, type_oid as t};
use crate::sql::ast::{Name, Query, Touches};
use crate::sql::plpgsql::{Body, Fragment};
use crate::sql::span::{Loc, Span};
use maybe::Escape;
use variables::{Scope, Variable};

/// A body while it is run.
pub(super) struct Interpreter<'r> {
    pub replay: &'r mut Replay,
    /// Spans of the body are places in its text, or it has none.
    cx: Context,
    frames: Frames,
    /// Why it is not known whether what comes next is run at all.
    maybe: Option<Reason>,
    /// What a statement may have left that was perhaps run.
    escaped: Option<Escape>,
    /// How many blocks with handlers are around.
    guarded: usize,
    /// Something was run in the innermost guarded block that may fail because of data.
    unsure: Option<Reason>,
    /// The errors whose handlers are running, the innermost last.
    handled: Vec<SqlError>,
    cursors: FxHashMap<Name, cursor::Cursor>,
    cursor_definitions: Vec<cursor::Definition>,
    /// The rows that RETURN NEXT and RETURN QUERY gave.
    pub results: Rows,
    /// ROW_COUNT of GET DIAGNOSTICS.
    row_count: Value,
}

/// How a statement ended.
#[derive(Clone, Debug, PartialEq)]
enum Flow {
    Next,
    Exit(Option<Name>),
    Continue(Option<Name>),
    Return(Value),
    /// It ran for too long.
    Halt,
}

/// What a body returned.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Returned {
    /// RETURN with a value; NULL without one.
    Value(Value),
    /// The end was reached without RETURN.
    Nothing,
    /// Nobody knows: it may have returned before.
    Unknown(Reason),
}

/// Statements that one migration statement may run.
const MAX_STEPS: usize = 200_000;

impl<'r> Interpreter<'r> {
    /// Parameters have the function's name as their label.
    pub fn new(
        replay: &'r mut Replay,
        cx: Context,
        label: Option<Name>,
        params: Vec<(Option<Name>, TypeRef, Value)>,
    ) -> Self {
        let values = params.iter().map(|(.., value)| value.clone()).collect();
        let variable = |(i, (name, ty, value)): (usize, (Option<Name>, TypeRef, Value))| {
            let name = name.unwrap_or_else(|| format!("${}", i + 1).into());
            let mut variable = Variable::scalar(name, ty, value);
            if ty.oid == t::RECORD {
                variable.ty = variables::VariableType::Record;
            }
            variable
        };
        let variables = params.into_iter().enumerate().map(variable).collect();
        let found = Variable::scalar("found", TypeRef::plain(t::BOOL), Value::Bool(false));
        let scopes =
            vec![Scope { label, variables, ..Scope::default() }, Scope { variables: vec![found], ..Scope::default() }];
        let frames = Frames { scopes, params: values, ..Frames::default() };
        Interpreter {
            replay,
            cx,
            frames,
            maybe: None,
            escaped: None,
            guarded: 0,
            unsure: None,
            handled: Vec::new(),
            cursors: FxHashMap::default(),
            cursor_definitions: Vec::new(),
            results: Rows::default(),
            row_count: Value::bigint(0),
        }
    }

    /// Resolves the types of a body's variables, without running it (`pl_comp.c: do_compile`).
    pub fn compile(
        replay: &'r mut Replay,
        body: &Body,
        label: Option<Name>,
        params: Vec<(Option<Name>, TypeRef)>,
    ) -> Exec {
        let params = params.into_iter().map(|(name, ty)| (name, ty, Value::Null)).collect();
        let cx = Context::computed(crate::catalog::Origin::nowhere());
        let mut interpreter = Interpreter::new(replay, cx, label, params);
        interpreter.compile_block(&body.block)
    }

    /// Runs a body.
    pub fn run(&mut self, body: &Body) -> Exec<Returned> {
        self.check_all_conditions(&body.block)?;
        self.frames.conflict = body.conflict;
        let known = self.replay.code.variables.replace(self.frames.known_names());
        self.replay.code.bodies += 1;
        let result = self.block(&body.block);
        self.replay.code.bodies -= 1;
        self.replay.code.variables = known;
        let flow = result?;
        Ok(match (flow, &self.escaped, &self.maybe) {
            (_, Some(Escape::Function), Some(reason)) => Returned::Unknown(reason.clone()),
            (Flow::Return(value), ..) => Returned::Value(value),
            (Flow::Halt, ..) => Returned::Unknown(Reason::not_evaluated("the code runs for too long")),
            (Flow::Next | Flow::Exit(_) | Flow::Continue(_), ..) => Returned::Nothing,
        })
    }

    /// The value of a variable of the outermost scope.
    pub fn parameter(&self, index: usize) -> Value {
        self.frames.scopes.first().and_then(|s| s.variables.get(index)).map_or(Value::Null, |v| v.value.clone())
    }

    // ---- places ----

    fn cx_at(&self, span: Span) -> Context {
        self.cx.with_span(span)
    }

    /// The error at its place in the file, or at the statement's where it has none. Places in texts that were computed
    /// mean nothing outside of them.
    fn located(&self, stop: Stop, span: Span, computed: bool) -> Stop {
        let place = |loc: Loc| match (self.cx.is_in_file(), computed || loc == Loc::NONE) {
            (true, true) => Loc::at(span.start),
            (true, false) => loc,
            (false, _) => Loc::NONE,
        };
        match stop {
            Stop::Error(mut error) => {
                error.loc = place(error.loc);
                Stop::Error(error)
            }
            Stop::Opaque(mut opaque) => {
                opaque.loc = place(opaque.loc);
                Stop::Opaque(opaque)
            }
        }
    }

    /// Notes that a part of the body was not run, and what it may have changed.
    fn note(&mut self, opaque: Opaque, span: Span) {
        if self.guarded > 0 {
            self.unsure.get_or_insert_with(|| reason_of(&opaque));
        }
        let cx = self.cx_at(span);
        self.replay.note(opaque, &cx);
    }

    /// Notes that it is not known whether an error is raised: otherwise nothing is different.
    fn remark(&mut self, opaque: Opaque, span: Span) {
        let cx = self.cx_at(span);
        self.replay.remark(opaque, &cx);
    }

    /// One more statement; false if there were too many.
    fn step(&mut self, span: Span) -> bool {
        let steps = &mut self.replay.code.steps;
        *steps += 1;
        if *steps == MAX_STEPS {
            self.replay.code.halted = true;
            self.note(Opaque::new("the code runs for too long to be followed", Touches::Everything), span);
        }
        !self.replay.code.halted
    }

    // ---- expressions ----

    /// The rows of a query. What cannot be evaluated is not known.
    fn rows(&mut self, query: &Query, span: Span) -> Exec<Rows> {
        let cx = self.cx_at(span);
        let result = match &self.maybe {
            // Functions that may change something are called perhaps.
            Some(_) if !self.replay.effects_of_query(query).is_none() => {
                Err(Opaque::new("a function is perhaps called", Touches::Everything).into())
            }
            _ => self.replay.query(query, &self.frames, &cx),
        };
        match result {
            Ok(rows) => {
                if rows.more.is_some() && self.guarded > 0 {
                    self.unsure.clone_from(&rows.more);
                }
                Ok(rows)
            }
            Err(Stop::Opaque(opaque)) => {
                let reason = reason_of(&opaque);
                let effects = self.replay.effects_of_query(query);
                if !effects.is_none() {
                    for touches in effects.touches() {
                        let opaque = Opaque { touches, loc: Loc::NONE, ..(*opaque).clone() };
                        self.note(opaque, span);
                    }
                }
                Ok(Rows { more: Some(reason), ..Rows::default() })
            }
            Err(stop) => Err(self.located(stop, span, false)),
        }
    }

    /// The value of an expression (`exec_eval_expr`).
    fn value(&mut self, fragment: &Fragment<Query>) -> Exec<Value> {
        let mut rows = self.rows(&fragment.sql, fragment.span)?;
        if let Some(reason) = rows.more {
            return Ok(Value::Unknowable(reason));
        }
        match rows.rows.len() {
            0 => Ok(Value::Null),
            1 => Ok(rows.rows.swap_remove(0).into_iter().next().unwrap_or(Value::Null)),
            _ => {
                let error = SqlError::new("21000", "query returned more than one row");
                Err(self.located(error.into(), fragment.span, false))
            }
        }
    }

    /// A condition: a literal is read as a boolean, NULL is false.
    fn condition(&mut self, fragment: &Fragment<Query>) -> Exec<Result<bool, Reason>> {
        let value = self.value(fragment)?;
        match self.cast(&value, TypeRef::plain(t::BOOL), fragment.span)? {
            Value::Bool(b) => Ok(Ok(b)),
            Value::Unknowable(reason) => Ok(Err(reason)),
            _ => Ok(Ok(false)),
        }
    }

    /// The value as one of that type, as an assignment makes it.
    fn cast(&mut self, value: &Value, ty: TypeRef, span: Span) -> Exec<Value> {
        let path = self.replay.path();
        let types = super::value::Types { catalog: &self.replay.catalog, path: &path };
        match types.cast(value, ty, super::value::CastKind::Assignment) {
            Ok(value) => Ok(value),
            Err(Stop::Opaque(opaque)) => Ok(Value::Unknowable(reason_of(&opaque))),
            Err(stop) => Err(self.located(stop, span, false)),
        }
    }

    /// The text of a value; nothing for NULL.
    fn text(&self, value: &Value) -> Result<Option<String>, Reason> {
        let path = self.replay.path();
        super::value::Types { catalog: &self.replay.catalog, path: &path }.output(value)
    }

    fn set_found(&mut self, value: Value) {
        if let Some(found) = self.frames.scopes.get_mut(1).and_then(|s| s.variables.first_mut()) {
            found.value = value;
        }
    }

    /// FOUND and ROW_COUNT after rows.
    fn set_found_by(&mut self, rows: &Rows) {
        let count = i64::try_from(rows.rows.len()).unwrap_or(i64::MAX);
        match &rows.more {
            None => {
                self.set_found(Value::Bool(count > 0));
                self.row_count = Value::bigint(count);
            }
            Some(reason) => {
                let found = if count > 0 { Value::Bool(true) } else { Value::Unknowable(reason.clone()) };
                self.set_found(found);
                self.row_count = Value::Unknowable(reason.clone());
            }
        }
    }
}

fn reason_of(opaque: &Opaque) -> Reason {
    if opaque.undecided { Reason::data(opaque.reason.as_str()) } else { Reason::not_evaluated(opaque.reason.as_str()) }
}
