//! Statements that run code: DO, CALL, SELECT of functions.
//!
//! Code is not executed yet: such a statement is opaque, and everything it may have changed is unknown.

use super::{Context, Exec, Opaque, Replay};
use crate::catalog::{Object, Oid};
use crate::expr::{Binder, Scope};
use crate::sql::ast::{Do, FuncCall, Query, Touches};

impl Replay {
    pub(crate) fn run_do(&mut self, _stmt: &Do, _cx: &Context) -> Exec {
        Err(Opaque::new("DO blocks are not executed yet", Touches::Everything).into())
    }

    pub(crate) fn run_call(&mut self, _call: &FuncCall, _cx: &Context) -> Exec {
        Err(Opaque::new("CALL is not executed yet", Touches::Everything).into())
    }

    /// A query has no effect on the catalog unless it makes a table, modifies data in WITH, or calls a function.
    pub(crate) fn run_select(&mut self, query: &Query, cx: &Context) -> Exec {
        self.modifying_ctes(query.with.as_ref())?;
        if let Some(into) = super::ddl::view::into_clause(query) {
            return self.select_into(query, into, cx);
        }
        let path = self.path();
        let bound = Binder::new(&self.catalog, &path, Scope::default()).query(query)?;
        let calls_own = |object: &Object| match object {
            Object::Function(oid) => self.runs_code(*oid),
            _ => false,
        };
        if bound.query.depends_on.iter().any(calls_own) || sets_parameters(cx) {
            return Err(Opaque::new("functions are not executed yet", Touches::Everything).into());
        }
        Ok(())
    }

    /// The function may do more than compute: it is neither an extension's nor IMMUTABLE or STABLE.
    fn runs_code(&self, function: Oid) -> bool {
        use crate::sql::ast::Volatility;
        self.catalog.function(function).is_none_or(|f| f.volatility == Volatility::Volatile)
    }
}

/// The statement may change the session's parameters: `set_config` is somewhere in its text.
fn sets_parameters(cx: &Context) -> bool {
    let Some(text) = cx.text() else { return true };
    let statement = text.get(cx.origin.place.span.range()).unwrap_or_default();
    statement.to_ascii_lowercase().contains("set_config")
}
