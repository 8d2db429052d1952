//! Queries over the catalog from outside.

use super::query::NoVariables;
use super::value::Types;
use super::{Context, Exec, Opaque, Replay, SqlError, Stop};
use crate::catalog::Origin;
use crate::sql::ParseError;
use crate::sql::ast::Touches;

/// The rows of a query, each value as text or NULL.
pub type Answer = Vec<Vec<Option<String>>>;

impl Replay {
    /// Runs a query over `pg_catalog` and `information_schema`, and gives its rows as `psql` shows them.
    ///
    /// ```
    /// use pgproof::replay::Replay;
    ///
    /// let mut replay = Replay::new(15);
    /// let answer = replay.ask("SELECT nspname FROM pg_namespace WHERE nspname = 'public'");
    /// assert_eq!(answer, Ok(vec![vec![Some("public".to_owned())]]));
    /// ```
    ///
    /// # Errors
    ///
    /// PostgreSQL's error, or why the answer is not known: it may depend on data, or on something that is not evaluated.
    pub fn ask(&mut self, query: &str) -> Exec<Answer> {
        let query = self.grammar().parse_query_at(query, 0).map_err(|error| match error {
            ParseError::Syntax(error) => Stop::from(SqlError::new(error.sqlstate, error.message)),
            ParseError::Unparsed { reason, .. } => Opaque::new(reason, Touches::Nothing).into(),
        })?;
        let rows = self.query(&query, &NoVariables, &Context::computed(Origin::nowhere()))?;
        let unknown = |reason: super::value::Reason| {
            Stop::from(Opaque { undecided: reason.data, ..Opaque::new(reason.text.to_string(), Touches::Nothing) })
        };
        if let Some(reason) = rows.more {
            return Err(unknown(reason));
        }
        let path = self.path();
        let types = Types { catalog: &self.catalog, path: &path };
        let row = |row: Vec<_>| row.iter().map(|value| types.output(value).map_err(unknown)).collect();
        rows.rows.into_iter().map(row).collect()
    }
}
