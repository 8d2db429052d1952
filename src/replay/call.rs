//! Calls of functions and procedures (`fmgr.c`, `functions.c`, `pl_handler.c`).

use super::code::body_error;
use super::plpgsql::{Interpreter, Returned};
use super::query::{NoVariables, Rows, Variables};
use super::value::{CastKind, Reason, Record, Types, Value};
use super::{Context, Exec, Opaque, Replay, SqlError, Stop};
use crate::catalog::{Function, FunctionBody, FunctionKind, Oid, TypeRef, type_oid as t};
use crate::sql::ast::{Code, Name, ParamMode, Query, StatementKind, Touches};
use crate::sql::plpgsql::{self, Environment, Returns, VariableConflict};
use crate::sql::{Grammar, Segment};

/// Functions that call each other deeper than this are not followed.
const MAX_DEPTH: usize = 40;

/// What a function's body can refer to.
pub(super) fn environment(function: &Function, grammar: Grammar) -> Environment {
    let returns = function.returns.map(|ty| ty.oid);
    Environment {
        name: Some(function.name.clone()),
        params: function.params.iter().map(|p| p.name.clone()).collect(),
        trigger: returns == Some(t::TRIGGER),
        event_trigger: returns == Some(t::EVENT_TRIGGER),
        returns: Some(Returns {
            set: function.returns_set,
            void: returns == Some(t::VOID) || returns.is_none(),
            out: function.params.iter().any(|p| matches!(p.mode, ParamMode::Out | ParamMode::InOut | ParamMode::Table)),
            procedure: function.kind == FunctionKind::Procedure,
        }),
        grammar,
    }
}

impl Replay {
    /// Calls a function with arguments by position and by name.
    pub(super) fn call_with_named_args(
        &mut self,
        function: Oid,
        args: Vec<(Option<Name>, Value)>,
        cx: &Context,
    ) -> Exec<Rows> {
        let Some(function) = self.catalog.function(function).cloned() else {
            return Err(Opaque::new("a function without a record is not called", Touches::Everything).into());
        };
        let values = self.arguments(&function, args, cx)?;
        let inputs = function.params.iter().zip(&values).filter(|(p, _)| p.is_input());
        if function.strict && inputs.clone().any(|(_, v)| v.is_null()) {
            let rows = if function.returns_set { Vec::new() } else { vec![vec![Value::Null]] };
            return Ok(Rows { rows, ..Rows::default() });
        }
        if self.code.depth >= MAX_DEPTH {
            self.code.halted = true;
            return Err(Opaque::new("functions call each other too deeply to be followed", Touches::Everything).into());
        }
        let session = self.enter(&function);
        self.code.depth += 1;
        let variables = self.code.variables.take();
        // `functioncmds.c: ExecuteCallStmt`
        let may_commit =
            function.kind == FunctionKind::Procedure && function.config.is_empty() && !function.security_definer;
        let atomic = self.code.atomic;
        self.code.atomic |= !may_commit;
        let result = self.run_function(&function, values, cx);
        self.code.atomic = atomic;
        self.code.variables = variables;
        self.code.depth -= 1;
        self.leave(&function, session);
        // Places in the body mean nothing to the caller.
        result.map_err(|stop| match stop {
            Stop::Error(error) => SqlError { loc: Default::default(), ..*error }.into(),
            Stop::Opaque(opaque) => Opaque { loc: Default::default(), ..*opaque }.into(),
        })
    }

    /// A value for each parameter, OUT ones included.
    fn arguments(&mut self, function: &Function, args: Vec<(Option<Name>, Value)>, cx: &Context) -> Exec<Vec<Value>> {
        let mut positional = args.iter().filter(|(name, _)| name.is_none()).map(|(_, value)| value.clone());
        let mut values = Vec::with_capacity(function.params.len());
        for param in &function.params {
            // CALL has a place for OUT parameters.
            if !param.is_input() {
                if function.kind == FunctionKind::Procedure && param.mode == ParamMode::Out {
                    positional.next();
                }
                values.push(Value::Null);
                continue;
            }
            let named = param.name.as_ref().and_then(|name| args.iter().find(|(n, _)| n.as_ref() == Some(name)));
            let value = if param.mode == ParamMode::Variadic {
                let rest: Vec<Value> = positional.by_ref().collect();
                match rest.as_slice() {
                    [array @ Value::Array(_)] => array.clone(),
                    _ => Value::array(self.catalog.array_element(param.ty.oid).unwrap_or(t::TEXT), rest),
                }
            } else if let Some((_, value)) = named {
                value.clone()
            } else if let Some(value) = positional.next() {
                value
            } else if let Some(default) = &param.default {
                let default = self.stored_syntax(default);
                match default {
                    Some(default) => self.evaluate(&default, &NoVariables, cx)?,
                    None => Value::not_evaluated("a default is not evaluated"),
                }
            } else {
                Value::Null
            };
            values.push(self.as_type(&value, param.ty)?);
        }
        Ok(values)
    }

    fn as_type(&self, value: &Value, ty: TypeRef) -> Exec<Value> {
        if self.catalog.builtins().type_by_oid(ty.oid).is_some_and(|ty| ty.typtype == 'p') {
            return Ok(value.clone());
        }
        let path = self.path();
        Types { catalog: &self.catalog, path: &path }.cast(value, TypeRef::plain(ty.oid), CastKind::Assignment)
    }

    /// SET clauses and SECURITY DEFINER hold while the function runs.
    fn enter(&mut self, function: &Function) -> super::Session {
        let before = self.session.clone();
        for (name, value) in &function.config {
            self.session.set(name, Some(value.clone()), false);
        }
        if function.security_definer {
            self.session.current_user = function.owner;
        }
        before
    }

    fn leave(&mut self, function: &Function, before: super::Session) {
        for (name, _) in &function.config {
            self.session.set(name, before.setting(name).map(str::to_owned), false);
        }
        if function.security_definer {
            self.session.current_user = before.current_user;
        }
    }

    /// Runs the function of an event trigger (`pl_exec.c: plpgsql_exec_event_trigger`).
    pub(super) fn run_event_trigger(&mut self, function: Oid, event: &str, tag: &str, cx: &Context) -> Exec {
        let Some(function) = self.catalog.function(function).cloned() else { return Ok(()) };
        if self.code.depth >= MAX_DEPTH {
            self.code.halted = true;
            let reason = "event triggers fire each other too deeply to be followed";
            return Err(Opaque::new(reason, Touches::Everything).into());
        }
        let code = match (&function.body, function.language.as_str()) {
            (FunctionBody::Source(code, _), "plpgsql") => code,
            _ if !self.may_change_catalog(function.oid) => {
                self.catalog.forget_rows();
                return Ok(());
            }
            (_, language) => {
                let reason = format!("{}() is in language {language}, which is not executed", function.name);
                return Err(Opaque::new(reason, Touches::Everything).into());
            }
        };
        let body = plpgsql::parse(code, &environment(&function, self.grammar())).map_err(|e| body_error(e, false))?;
        let session = self.enter(&function);
        self.code.depth += 1;
        let variables = self.code.variables.take();
        let text = |name: &str, value: &str| (Some(Name::from(name)), TypeRef::plain(t::TEXT), Value::text(value));
        let params = vec![text("tg_event", event), text("tg_tag", tag)];
        let inner = Context::computed(cx.origin);
        let atomic = std::mem::replace(&mut self.code.atomic, true);
        let result = Interpreter::new(self, inner, Some(function.name.clone()), params).run(&body);
        self.code.atomic = atomic;
        self.code.variables = variables;
        self.code.depth -= 1;
        self.leave(&function, session);
        match result {
            Ok(_) => Ok(()),
            Err(Stop::Error(error)) => Err(SqlError { loc: Default::default(), ..*error }.into()),
            Err(Stop::Opaque(opaque)) => Err(Opaque { loc: Default::default(), ..*opaque }.into()),
        }
    }

    fn run_function(&mut self, function: &Function, values: Vec<Value>, cx: &Context) -> Exec<Rows> {
        match (&function.body, function.language.as_str()) {
            (FunctionBody::Source(code, _), "plpgsql") => self.run_plpgsql(function, code, values, cx),
            (FunctionBody::Source(code, _), "sql") => {
                let mut statements = Vec::new();
                for segment in self.grammar().parse(&code.text) {
                    match segment {
                        Segment::Statement(statement) => statements.push(statement.kind),
                        Segment::SyntaxError(error) => return Err(SqlError::new(error.sqlstate, error.message).into()),
                        Segment::Unparsed { reason, .. } => {
                            return Err(Opaque::new(reason, Touches::Everything).into());
                        }
                        Segment::MetaCommand { .. } => {}
                    }
                }
                self.run_sql(function, &statements, values, cx)
            }
            (FunctionBody::Sql(_), _) => match self.sql_body_statements(function) {
                Some(statements) => self.run_sql(function, &statements, values, cx),
                None => {
                    let reason = format!("the body of {}() is not printed", function.name);
                    Err(Opaque::new(reason, Touches::Everything).into())
                }
            },
            (FunctionBody::Native(_), _) => Ok(self.unknown_result(function)),
            (FunctionBody::Source(_, _), language) => {
                if !self.may_change_catalog(function.oid) {
                    return Ok(self.unknown_result(function));
                }
                let reason = format!("{}() is in language {language}, which is not executed", function.name);
                Err(Opaque::new(reason, Touches::Everything).into())
            }
        }
    }

    fn unknown_result(&self, function: &Function) -> Rows {
        if function.returns.is_some_and(|ty| ty.oid == t::VOID) {
            return Rows { rows: vec![vec![Value::Null]], ..Rows::default() };
        }
        let reason = Reason::not_evaluated(format!("what {}() returns is not evaluated", function.name));
        Rows { more: Some(reason), ..Rows::default() }
    }

    // ---- PL/pgSQL ----

    fn run_plpgsql(&mut self, function: &Function, code: &Code, values: Vec<Value>, cx: &Context) -> Exec<Rows> {
        if function.returns.is_some_and(|ty| ty.oid == t::TRIGGER || ty.oid == t::EVENT_TRIGGER) {
            return Err(SqlError::new("0A000", "trigger functions can only be called as triggers").into());
        }
        let body = plpgsql::parse(code, &environment(function, self.grammar())).map_err(|e| body_error(e, false))?;
        let params = function.params.iter().zip(values).map(|(p, v)| (p.name.clone(), p.ty, v)).collect();
        let results: Vec<usize> = (0..function.params.len()).filter(|&i| is_result(function.params[i].mode)).collect();
        let outer = std::mem::replace(&mut self.code.out_parameters, results.clone());
        // What the body does is attributed to the statement that calls it.
        let inner = Context::computed(cx.origin);
        let mut interpreter = Interpreter::new(self, inner, Some(function.name.clone()), params);
        let returned = interpreter.run(&body);
        let rows = std::mem::take(&mut interpreter.results);
        let out: Vec<Value> = results.iter().map(|&i| interpreter.parameter(i)).collect();
        self.code.out_parameters = outer;
        let columns = result_names(function);
        match returned? {
            Returned::Unknown(reason) => Ok(Rows { columns, rows: rows.rows, more: Some(reason) }),
            _ if function.returns_set => Ok(Rows { columns, ..rows }),
            _ if !results.is_empty() => Ok(Rows { columns, rows: vec![out], more: None }),
            Returned::Value(value) => self.one(function, value),
            Returned::Nothing => {
                let void = function.returns.is_none_or(|ty| ty.oid == t::VOID);
                if void {
                    return Ok(Rows { rows: vec![vec![Value::Null]], ..Rows::default() });
                }
                Err(SqlError::new("2F005", "control reached end of function without RETURN").into())
            }
        }
    }

    /// The row of a function that returns one value.
    fn one(&self, function: &Function, value: Value) -> Exec<Rows> {
        let value = match function.returns {
            Some(ty) => self.as_type(&value, ty)?,
            None => value,
        };
        Ok(match value {
            Value::Unknowable(reason) => Rows { more: Some(reason), ..Rows::default() },
            value => Rows { columns: vec![function.name.clone()], rows: vec![vec![value]], more: None },
        })
    }

    // ---- SQL ----

    /// A function's statements; its result is that of the last.
    fn run_sql(
        &mut self,
        function: &Function,
        statements: &[StatementKind],
        values: Vec<Value>,
        cx: &Context,
    ) -> Exec<Rows> {
        let arguments = Arguments { function, values };
        let inner = Context::computed(cx.origin);
        let mut last = Rows { rows: vec![vec![Value::Null]], ..Rows::default() };
        for statement in statements {
            last = match statement {
                StatementKind::Select(query) if super::ddl::view::into_clause(query).is_none() => {
                    self.sql_query(query, &arguments, &inner)?
                }
                other => {
                    // Arguments in statements that change rows are not bound: their names are not errors.
                    self.code.variables = Some(arguments.known_names());
                    let result = self.execute_bounded(other, &inner);
                    self.code.variables = None;
                    match result {
                        Ok(()) => {}
                        Err(Stop::Opaque(opaque)) => {
                            self.note(Opaque { loc: Default::default(), ..*opaque }, &inner);
                        }
                        Err(stop) => return Err(stop),
                    }
                    let reason = Reason::data("the rows of a table are not known");
                    Rows { more: Some(reason), ..Rows::default() }
                }
            };
        }
        if function.returns.is_none_or(|ty| ty.oid == t::VOID) {
            return Ok(Rows { rows: vec![vec![Value::Null]], ..Rows::default() });
        }
        let names = result_names(function);
        if names.len() == last.columns.len() {
            last.columns = names;
        }
        if !function.returns_set && last.more.is_none() {
            last.rows.truncate(1);
            if last.rows.is_empty() {
                last.rows.push(vec![Value::Null]);
            }
        }
        Ok(last)
    }

    fn sql_query(&mut self, query: &Query, arguments: &Arguments<'_>, cx: &Context) -> Exec<Rows> {
        self.modifying_ctes(query.with.as_ref())?;
        match self.query(query, arguments, cx) {
            Ok(rows) => Ok(rows),
            Err(Stop::Opaque(opaque)) => {
                for touches in self.effects_of_query(query).touches() {
                    self.note(Opaque { touches, loc: Default::default(), ..(*opaque).clone() }, cx);
                }
                let reason = Reason { data: opaque.undecided, ..Reason::not_evaluated(opaque.reason.as_str()) };
                Ok(Rows { more: Some(reason), ..Rows::default() })
            }
            Err(stop) => Err(stop),
        }
    }
}

fn is_result(mode: ParamMode) -> bool {
    match mode {
        ParamMode::Out | ParamMode::InOut | ParamMode::Table => true,
        ParamMode::In | ParamMode::Variadic => false,
    }
}

/// The names of the columns that a function with OUT parameters, or that RETURNS TABLE, gives.
fn result_names(function: &Function) -> Vec<Name> {
    let results = function.params.iter().filter(|p| is_result(p.mode));
    let names: Vec<Name> = results.map(|p| p.name.clone().unwrap_or_default()).collect();
    if names.is_empty() { vec![function.name.clone()] } else { names }
}

/// The arguments of a function in SQL: `$1`, `name`, `function.name`; a column of that name goes first
/// (`functions.c: sql_fn_post_column_ref`).
struct Arguments<'a> {
    function: &'a Function,
    values: Vec<Value>,
}

impl Arguments<'_> {
    fn position(&self, names: &[Name]) -> Option<(usize, usize)> {
        let named = |name: &Name| self.function.params.iter().position(|p| p.name.as_ref() == Some(name));
        match names {
            [function, name, ..] if *function == self.function.name && named(name).is_some() => {
                named(name).map(|i| (i, 2))
            }
            [name, ..] => named(name).map(|i| (i, 1)),
            [] => None,
        }
    }

    fn known_names(&self) -> std::sync::Arc<super::plpgsql::KnownNames> {
        let names = self.function.params.iter().filter_map(|p| Some((p.name.clone()?, p.ty)));
        super::plpgsql::KnownNames::columns_first(&self.function.name, names)
    }
}

impl Variables for Arguments<'_> {
    fn variable(&self, names: &[Name]) -> Exec<Option<Value>> {
        let Some((position, used)) = self.position(names) else { return Ok(None) };
        let mut value = self.values.get(position).cloned().unwrap_or(Value::Null);
        for field in &names[used..] {
            value = match &value {
                Value::Record(record) => match field_of(record, field) {
                    Some(value) => value,
                    None => return Ok(None),
                },
                Value::Unknowable(_) => value,
                _ => return Ok(None),
            };
        }
        Ok(Some(value))
    }

    fn knows(&self, names: &[Name]) -> bool {
        self.position(names).is_some()
    }

    fn param(&self, number: u32) -> Option<Value> {
        let mut inputs = self.function.params.iter().zip(&self.values).filter(|(p, _)| p.is_input());
        inputs.nth(usize::try_from(number).ok()?.checked_sub(1)?).map(|(_, v)| v.clone())
    }

    fn conflict(&self) -> VariableConflict {
        VariableConflict::UseColumn
    }

    fn known_names(&self) -> Option<std::sync::Arc<super::plpgsql::KnownNames>> {
        Some(Arguments::known_names(self))
    }
}

fn field_of(record: &Record, field: &Name) -> Option<Value> {
    record.fields.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone())
}
