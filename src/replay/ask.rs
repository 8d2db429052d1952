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
        match self.ask_for_certain(query)? {
            (answer, None) => Ok(answer),
            (_, Some(reason)) => Err(reason.into()),
        }
    }

    /// The rows of a query that are there for certain, and why there may be others.
    ///
    /// # Errors
    ///
    /// PostgreSQL's error, or why nothing is known of the answer.
    pub fn ask_for_certain(&mut self, query: &str) -> Exec<(Answer, Option<Opaque>)> {
        let query = self.grammar().parse_query_at(query, 0).map_err(|error| match error {
            ParseError::Syntax(error) => Stop::from(SqlError::new(error.sqlstate, error.message)),
            ParseError::Unparsed { reason, .. } => Opaque::new(reason, Touches::Nothing).into(),
        })?;
        let rows = self.query(&query, &NoVariables, &Context::computed(Origin::nowhere()))?;
        let unknown = |reason: super::value::Reason| Opaque {
            undecided: reason.data,
            ..Opaque::new(reason.text.to_string(), Touches::Nothing)
        };
        let mut more = rows.more.map(unknown);
        let path = self.path();
        let types = Types { catalog: &self.catalog, path: &path };
        let mut answer = Vec::with_capacity(rows.rows.len());
        for row in rows.rows {
            match row.iter().map(|value| types.output(value)).collect() {
                Ok(row) => answer.push(row),
                Err(reason) => more = Some(unknown(reason)),
            }
        }
        Ok((answer, more))
    }
}
