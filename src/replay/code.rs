//! Statements that run code: DO, CALL, SELECT.

use std::sync::Arc;

use super::plpgsql::{Interpreter, KnownNames};
use super::query::{NoVariables, Rows, Variables};
use super::value::Value;
use super::{Context, Exec, Opaque, Replay, SqlError, Stop};
use crate::source::Place;
use crate::sql::ast::{Do, Expr, ExprKind, FuncCall, Name, ParamMode, Query, StatementKind, Touches};
use crate::sql::plpgsql::{self, Body};
use crate::sql::{ParseError, visit};

/// The code that a statement runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Running {
    /// How many functions have called each other.
    pub(super) depth: usize,
    /// How many bodies in PL/pgSQL are running, the outermost of DO included.
    pub(super) bodies: usize,
    /// The statement of the script is in a transaction block.
    pub(super) in_block: bool,
    /// A function, or a procedure that may not, is among what called the code: it cannot end transactions.
    pub(super) atomic: bool,
    /// Where the transaction of the statement began: what is taken back if the statement fails.
    pub(super) begin: Option<super::run::State>,
    /// A constant that stands for the time of the transaction was analysed to be stored.
    pub(super) times: std::cell::Cell<bool>,
    /// How many statements of code were run.
    pub(super) steps: usize,
    /// It ran for too long, or too deep: nothing more of it is run.
    pub(super) halted: bool,
    /// The variables that SQL in the body can refer to.
    pub(super) variables: Option<Arc<KnownNames>>,
    /// Their values, for statements that write rows which are known.
    pub(super) values: Option<Arc<super::plpgsql::Frames>>,
    /// What the last statement that wrote rows returns, if it was executed row by row: a row for each that it wrote.
    pub(super) affected: Option<Rows>,
    /// The parameters of the prepared statement that is being executed.
    pub(super) parameters: Option<Arc<super::prepare::Parameters>>,
    /// Which parameters of the function are results.
    pub(super) out_parameters: Vec<usize>,
    /// The script of an extension is running, which may do what its creator may not (`extension.c:
    /// execute_extension_script`).
    pub(super) extension_script: bool,
    /// What the function of an event trigger can ask about, while one runs.
    pub(super) event: Option<super::ddl::event_trigger::fire::Event>,
    /// The functions of triggers that are being judged.
    pub(super) judged: Vec<crate::catalog::Oid>,
    /// What the statement has given new types.
    pub(super) new_types: super::ddl::NewTypes,
    /// Parts that were not executed.
    pub(super) noted: Vec<(Place, Opaque)>,
}

impl Replay {
    /// `functioncmds.c: ExecuteDoStmt`
    pub(crate) fn run_do(&mut self, stmt: &Do, cx: &Context) -> Exec {
        match stmt.language.as_deref() {
            None | Some("plpgsql") => {}
            Some("sql") => {
                return Err(SqlError::new("0A000", "language \"sql\" does not support inline code execution").into());
            }
            Some(language) => {
                let reason = format!("code in language {language} is not executed");
                return Err(Opaque::new(reason, Touches::Everything).into());
            }
        }
        let body = match plpgsql::parse(&stmt.body, &self.do_environment()) {
            Ok(body) => body,
            Err(error) => return Err(body_error(error, stmt.body.verbatim_at.offset().is_some())),
        };
        let in_file = cx.is_in_file() && stmt.body.verbatim_at.offset().is_some();
        let inner = if in_file { cx.clone() } else { Context::computed(cx.origin) };
        self.run_body(&body, inner)
    }

    fn run_body(&mut self, body: &Body, cx: Context) -> Exec {
        Interpreter::new(self, cx, None, Vec::new()).run(body).map(|_| ())
    }

    /// `functioncmds.c: ExecuteCallStmt`
    pub(crate) fn run_call(&mut self, call: &FuncCall, cx: &Context) -> Exec {
        self.run_call_with(call, &NoVariables, cx).map(drop)
    }

    /// The procedure's output arguments as a row.
    pub(super) fn run_call_with(&mut self, call: &FuncCall, variables: &dyn Variables, cx: &Context) -> Exec<Value> {
        self.analyze_call(call)?;
        let expr = Expr { kind: ExprKind::Func(Box::new(call.clone())), loc: call.name.loc };
        match self.evaluate(&expr, variables, cx) {
            Ok(value) => Ok(value),
            Err(Stop::Opaque(opaque)) => {
                let value = Value::not_evaluated(opaque.reason.as_str());
                self.opaque_call(*opaque, |run| run.effects_of(&StatementKind::Call(Box::new(call.clone()))))?;
                Ok(value)
            }
            Err(stop) => Err(stop),
        }
    }

    /// The output parameters of the only procedure of that name: each with its place among the parameters and among the
    /// outputs.
    pub(super) fn procedure_outputs(&self, call: &FuncCall) -> Vec<(Option<Name>, (usize, usize))> {
        let path = self.path();
        let found = match &call.name.schema {
            Some(schema) => self.catalog.schema_named(schema).map(|s| s.oid).into_iter().collect(),
            None => path,
        };
        let mut named = self.catalog.find_functions(&found, &call.name.name);
        let (Some(function), None) = (named.next(), named.next()) else { return Vec::new() };
        let outputs =
            function.params.iter().enumerate().filter(|(_, p)| matches!(p.mode, ParamMode::Out | ParamMode::InOut));
        outputs.enumerate().map(|(output, (place, param))| (param.name.clone(), (place, output))).collect()
    }

    /// A query has no effect on the catalog unless it makes a table, modifies data in WITH, or calls a function.
    pub(crate) fn run_select(&mut self, query: &Query, cx: &Context) -> Exec {
        self.modifying_ctes(query.with.as_ref())?;
        if let Some(into) = super::ddl::view::into_clause(query) {
            return self.select_into(query, into, cx);
        }
        match self.check_query(query) {
            Ok(stored) => {
                self.refuse_unfit_bodies(&stored.tree)?;
                self.refuse_unhandled_tables(&stored.tree)?;
                self.may_on_rows(&stored.tree)?;
                self.refuse_unpopulated_reads(&stored.tree)?;
            }
            // It was not understood: what its functions do is not known either.
            Err(Stop::Opaque(opaque)) => {
                return match self.effects_of_query(query).is_none() {
                    true => Err(Stop::Opaque(opaque)),
                    false => self.opaque_call(*opaque, |run| run.effects_of_query(query)),
                };
            }
            Err(stop) => return Err(stop),
        }
        // Without calls nothing happens but what PostgreSQL finds out about the rows.
        let mut calls = false;
        visit::in_query(query, &mut |e| {
            calls |= matches!(e.kind, ExprKind::Func(_) | ExprKind::Cast { .. } | ExprKind::Op { .. })
        });
        if !calls {
            return self.refuse_effects_of_views(query);
        }
        let parameters = self.code.parameters.clone();
        let result = match parameters.as_deref() {
            Some(parameters) => self.query(query, parameters, cx),
            None => self.query(query, &NoVariables, cx),
        };
        match result {
            Ok(Rows { .. }) => self.refuse_effects_of_views(query),
            Err(Stop::Opaque(opaque)) => self.opaque_call(*opaque, |run| run.effects_of_query(query)),
            Err(stop) => Err(stop),
        }
    }

    /// The rows of views are not known, and so it is not known what their functions do.
    fn refuse_effects_of_views(&mut self, query: &Query) -> Exec {
        let effects = self.effects_of_relations(&StatementKind::Select(Box::new(query.clone())));
        self.note_rows(&effects);
        match effects.touches_as_one() {
            Touches::Nothing => Ok(()),
            touches => {
                let reason = "a function behind a view may change the catalog";
                let narrow = matches!(touches, Touches::LargeObjects);
                Err(Opaque::undecided(reason, if narrow { touches } else { Touches::Everything }).into())
            }
        }
    }

    /// A query that could not be evaluated has no effect, unless it calls functions that have.
    fn opaque_call(&mut self, opaque: Opaque, effects: impl FnOnce(&Replay) -> super::effects::Effects) -> Exec {
        let effects = effects(self);
        self.note_rows(&effects);
        match (effects.touches().as_slice(), &opaque.touches) {
            ([], Touches::Nothing) => Ok(()),
            ([], _) => Err(opaque.into()),
            ([one], Touches::Nothing) => Err(Opaque { touches: one.clone(), ..opaque }.into()),
            (_, _) => Err(Opaque { touches: Touches::Everything, ..opaque }.into()),
        }
    }
}

/// A body that PL/pgSQL refuses. Its places are places in the file if it stands there verbatim.
pub(super) fn body_error(error: ParseError, verbatim: bool) -> Stop {
    match error {
        ParseError::Syntax(error) => {
            let sql = SqlError::new(error.sqlstate, error.message);
            let sql = match error.help {
                Some(help) => sql.hint(help),
                None => sql,
            };
            let place = if verbatim { crate::sql::span::Loc::at(error.at.start) } else { Default::default() };
            sql.at(place).into()
        }
        ParseError::Unparsed { reason, .. } => Opaque::new(reason, Touches::Everything).into(),
    }
}
