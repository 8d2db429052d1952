//! Queries and expressions over the catalog.
//!
//! A query is analysed ([`analyze`]) into a plan whose names are resolved, then run. `pg_catalog` and
//! `information_schema` are projections of the catalog ([`system`]); the rows of users' tables are not known. A result is a set
//! of rows that are there for certain, and possibly a reason why there may be more.

mod aggregate;
mod analyze;
mod compare;
mod date;
mod eval;
mod function;
mod join;
mod operator;
mod pattern;
mod plan;
mod run;
mod system;
mod table;
mod view;

pub(super) use table::RowVariables;
pub(super) use view::{DATABASE, View};

use std::sync::Arc;

use super::value::{Reason, Value};
use super::{Context, Exec, KnownNames, Opaque, Replay, Stop};
use crate::sql::ast::{Expr, Name, Query, Touches};
use crate::sql::plpgsql::VariableConflict;
use analyze::Analyzer;
use run::Run;

/// The variables that expressions can refer to besides columns.
pub(super) trait Variables {
    /// The value of `variable`, `record.field`, `label.variable` …, if there is such a variable.
    fn variable(&self, names: &[Name]) -> Exec<Option<Value>>;

    /// Whether there is such a variable, whatever its value.
    fn knows(&self, names: &[Name]) -> bool;

    /// The value of `$1`.
    fn param(&self, number: u32) -> Option<Value>;

    /// What a name means that a variable and a column have.
    fn conflict(&self) -> VariableConflict;

    /// Their names and types for parse analysis, where it can be told what it finds wrong with them.
    fn known_names(&self) -> Option<Arc<KnownNames>> {
        None
    }
}

/// No variables.
pub(super) struct NoVariables;

impl Variables for NoVariables {
    fn variable(&self, _: &[Name]) -> Exec<Option<Value>> {
        Ok(None)
    }

    fn knows(&self, _: &[Name]) -> bool {
        false
    }

    fn param(&self, _: u32) -> Option<Value> {
        None
    }

    fn conflict(&self) -> VariableConflict {
        VariableConflict::UseColumn
    }

    fn known_names(&self) -> Option<Arc<KnownNames>> {
        Some(KnownNames::of_values(&[]))
    }
}

/// The result of a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rows {
    /// The names of its columns.
    pub columns: Vec<Name>,
    /// The rows that are there for certain, in their order.
    pub rows: Vec<Vec<Value>>,
    /// Why there may be other rows.
    pub more: Option<Reason>,
}

impl Rows {
    /// Something in it is not evaluated.
    fn has_unevaluated(&self) -> bool {
        let unevaluated = |reason: &Reason| !reason.data;
        let values = || self.rows.iter().flatten().filter_map(Value::unknowable_inside);
        self.more.as_ref().is_some_and(unevaluated) || values().any(unevaluated)
    }
}

impl Replay {
    /// Runs a query.
    pub(super) fn query(&mut self, query: &Query, variables: &dyn Variables, cx: &Context) -> Exec<Rows> {
        let view = View::new(&self.catalog, &self.session);
        let plan = match Analyzer::new(&view.catalog, &view.path, variables).top_query(query) {
            Ok(plan) => plan,
            // What a variable lacks is not seen by parse analysis.
            Err(Stop::Error(error)) if error.message.starts_with("record \"") => return Err(Stop::Error(error)),
            Err(stop) => {
                let stop = self.not_analysed(stop, |run| run.query_calls_user(query));
                return Err(self.checked(stop, query, variables));
            }
        };
        if plan.needs_parse_analysis()
            && let Some(refusal) = self.refusal(query, variables)
        {
            return Err(refusal);
        }
        // A function that is called just once, for certain, says itself what it does.
        let one_call = plan.is_one_call();
        let mut called = Vec::new();
        if !one_call {
            plan.walk(0, &mut |node, _| called.extend(node.user_candidates()));
            self.may_write_rows(&called);
        }
        let result = Run::new(self, cx, view).top_query(&plan);
        let doubtful = match &result {
            Ok(rows) => rows.has_unevaluated(),
            Err(_) => true,
        };
        // Nothing has been changed that the analysis would look at.
        if doubtful && !one_call && called.is_empty() {
            return self.refusal(query, variables).map_or(result, Err);
        }
        result
    }

    /// The reason why there is no plan, in the words of parse analysis; an error that it does not find is none.
    fn checked(&self, stop: Stop, query: &Query, variables: &dyn Variables) -> Stop {
        let Some(known) = variables.known_names() else { return stop };
        match (self.parse_analysis(query, &known), stop) {
            (Err(Stop::Error(error)), _) => Stop::Error(error),
            (Ok(()), Stop::Error(error)) if error.sqlstate.as_str().starts_with("42") => {
                let reason = format!("a query is not understood: {}", error.message);
                Opaque::new(reason, Touches::Nothing).at(error.loc).into()
            }
            (Ok(()) | Err(Stop::Opaque(_)), stop) => stop,
        }
    }

    /// The error that PostgreSQL's parse analysis raises. The plan of a query is made without the types of all that is in
    /// it, and so not every query is refused that has to be.
    fn refusal(&self, query: &Query, variables: &dyn Variables) -> Option<Stop> {
        let known = variables.known_names()?;
        self.parse_analysis(query, &known).err().filter(|stop| matches!(stop, Stop::Error(_)))
    }

    /// Evaluates an expression.
    pub(super) fn evaluate(&mut self, expr: &Expr, variables: &dyn Variables, cx: &Context) -> Exec<Value> {
        let view = View::new(&self.catalog, &self.session);
        let node = match Analyzer::new(&view.catalog, &view.path, variables).scalar(expr) {
            Ok(node) => node,
            Err(stop) => return Err(self.not_analysed(stop, |_| true)),
        };
        self.may_write_rows(&node.called_functions());
        Run::new(self, cx, view).scalar(&node)
    }

    /// Functions are called: of some it may depend on what is not known whether they are.
    fn may_write_rows(&mut self, called: &[crate::catalog::Oid]) {
        if self.catalog.knows_rows() {
            let effects = called.iter().map(|&f| self.effects_of_called(f)).collect();
            self.note_rows(&effects);
        }
    }

    /// What was not understood is not evaluated, and what it calls is not called.
    fn not_analysed(&mut self, stop: Stop, calls: impl FnOnce(&Replay) -> bool) -> Stop {
        if matches!(stop, Stop::Opaque(_)) && self.catalog.knows_rows() && calls(self) {
            self.catalog.forget_rows();
        }
        stop
    }
}
