//! Executes statements: the only writer of a catalog.

mod context;
mod error;
mod session;

pub use context::Context;
pub use error::{About, Exec, Opaque, SqlError, SqlState, Stop};
pub use session::{Session, split_identifiers};

use crate::catalog::Catalog;
use crate::sql::ast::StatementKind;

/// A database and a session on it.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The database.
    pub catalog: Catalog,
    /// The session.
    pub session: Session,
    /// What the statements said on the way (`NOTICE: relation "t" already exists, skipping`).
    pub notices: Vec<Notice>,
}

/// A message that is not an error.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// `NOTICE`, `WARNING`, `INFO` …
    pub severity: &'static str,
    /// The message.
    pub message: String,
    /// The statement that said it.
    pub origin: crate::catalog::Origin,
}

impl Replay {
    /// Executes one statement that is not transaction control. On an error the catalog may be half changed: the
    /// caller keeps a clone to go back to.
    pub(crate) fn execute(&mut self, statement: &StatementKind, cx: &Context) -> Exec {
        let _ = (statement, cx);
        Ok(())
    }
}
