//! How the execution of a statement can end without having been applied.

use std::sync::Arc;

use crate::catalog::{Origin, Unknown};
use crate::sql::ast::Touches;
use crate::sql::span::Loc;

/// The result of executing something.
pub type Exec<T = ()> = Result<T, Stop>;

/// Why execution stopped.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// PostgreSQL would raise this error.
    Error(Box<SqlError>),
    /// We cannot tell what PostgreSQL would do.
    Opaque(Box<Opaque>),
}

/// An error as PostgreSQL raises it.
#[derive(Clone, Debug, PartialEq)]
pub struct SqlError {
    /// The five characters of the SQLSTATE: `42P01`.
    pub sqlstate: SqlState,
    /// The primary message.
    pub message: String,
    /// The detail.
    pub detail: Option<String>,
    /// The hint.
    pub hint: Option<String>,
    /// The token it points to.
    pub loc: Loc,
    /// Statements that explain it: the one that made the object that is in the way, the one that dropped the object
    /// that is missing.
    pub related: Vec<(Origin, String)>,
    /// The name that was looked for in vain, or was in the way: what links an error to an earlier failed migration.
    pub about: Option<About>,
}

/// An SQLSTATE.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SqlState(pub [u8; 5]);

impl SqlState {
    /// The state of these five characters; anything else is `XX000`, internal error.
    pub const fn new(code: &str) -> SqlState {
        match code.as_bytes() {
            [a, b, c, d, e] => SqlState([*a, *b, *c, *d, *e]),
            _ => SqlState(*b"XX000"),
        }
    }

    /// Its five characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XX000")
    }
}

impl std::fmt::Debug for SqlState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Display for SqlState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The name that an error is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum About {
    /// A schema.
    Schema(String),
    /// A relation, by its last name.
    Relation(String),
    /// A column of a relation, by their last names; the relation is empty where it is not known.
    Column(String, String),
    /// A type.
    Type(String),
    /// A function.
    Function(String),
    /// A constraint, trigger or policy of a relation.
    Part(String, String),
    /// A role.
    Role(String),
    /// An extension.
    Extension(String),
    /// A publication.
    Publication(String),
    /// A foreign-data wrapper, server, event trigger or language.
    Unplaced(String),
}

/// Something that could not be executed.
#[derive(Clone, Debug, PartialEq)]
pub struct Opaque {
    /// Why, in words.
    pub reason: String,
    /// What it may have changed.
    pub touches: Touches,
    /// Where, if it is a part of a statement.
    pub loc: Loc,
    /// It depends on data that cannot be known, rather than on something that we do not execute.
    pub undecided: bool,
    /// The reason why an earlier statement was not executed, if that is why this one is not.
    pub cause: Option<Arc<str>>,
}

impl SqlError {
    /// An error without detail, hint and place.
    pub fn new(sqlstate: &'static str, message: impl Into<String>) -> SqlError {
        SqlError {
            sqlstate: SqlState::new(sqlstate),
            message: message.into(),
            detail: None,
            hint: None,
            loc: Loc::NONE,
            related: Vec::new(),
            about: None,
        }
    }

    /// Sets the detail.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Sets the hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Sets the place.
    #[must_use]
    pub fn at(mut self, loc: Loc) -> Self {
        self.loc = loc;
        self
    }

    /// Names a statement that explains the error.
    #[must_use]
    pub fn related(mut self, origin: Origin, text: impl Into<String>) -> Self {
        self.related.push((origin, text.into()));
        self
    }

    /// Sets the name that the error is about.
    #[must_use]
    pub fn about(mut self, about: About) -> Self {
        self.about = Some(about);
        self
    }
}

impl From<SqlError> for Stop {
    fn from(error: SqlError) -> Stop {
        Stop::Error(Box::new(error))
    }
}

impl From<Opaque> for Stop {
    fn from(opaque: Opaque) -> Stop {
        Stop::Opaque(Box::new(opaque))
    }
}

impl Opaque {
    /// Something that is not executed and may have changed `touches`.
    pub fn new(reason: impl Into<String>, touches: Touches) -> Opaque {
        Opaque { reason: reason.into(), touches, loc: Loc::NONE, undecided: false, cause: None }
    }

    /// Something that is not executed because `unknown` was not.
    pub fn because_of(unknown: &Unknown, reason: &str, touches: Touches) -> Opaque {
        let cause = Some(Arc::clone(&unknown.reason));
        Opaque { cause, ..Opaque::new(format!("{reason}: {}", unknown.reason), touches) }
    }

    /// Something whose result depends on data.
    pub fn undecided(reason: impl Into<String>, touches: Touches) -> Opaque {
        Opaque { undecided: true, ..Opaque::new(reason, touches) }
    }

    /// Sets the place.
    #[must_use]
    pub fn at(mut self, loc: Loc) -> Self {
        self.loc = loc;
        self
    }
}
