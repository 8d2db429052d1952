//! Errors of parse analysis.

use super::Analyzer;
use crate::catalog::Oid;
use crate::replay::lookup::{maybe, maybe_undefined};
use crate::replay::{Exec, Opaque, SqlError, Stop};
use crate::sql::ast::{QualifiedName, Touches};
use crate::sql::span::Loc;

/// An error at a place.
pub(super) fn error(code: &'static str, message: impl Into<String>, loc: Loc) -> Stop {
    SqlError::new(code, message).at(loc).into()
}

/// The same as a result.
pub(super) fn fail<T>(code: &'static str, message: impl Into<String>, loc: Loc) -> Exec<T> {
    Err(error(code, message, loc))
}

/// What PostgreSQL reports as an internal error, or what we do not know.
pub(super) fn unknown(reason: impl Into<String>) -> Stop {
    Opaque::new(reason, Touches::Nothing).into()
}

/// Gives an error without a place this one (`parse_node.c: setup_parser_errposition_callback`).
pub(super) fn at<T>(loc: Loc, result: Exec<T>) -> Exec<T> {
    result.map_err(|stop| match stop {
        Stop::Error(mut error) => {
            if error.loc == Loc::NONE {
                error.loc = loc;
            }
            Stop::Error(error)
        }
        Stop::Opaque(mut opaque) => {
            if opaque.loc == Loc::NONE {
                opaque.loc = loc;
            }
            Stop::Opaque(opaque)
        }
    })
}

impl Analyzer<'_> {
    /// An error about something that is not there: what was not executed may have made it.
    pub(super) fn undefined(&self, error: SqlError) -> Stop {
        match maybe_undefined(self.env.catalog) {
            Some(unknown) => maybe(error, &unknown),
            None => error.into(),
        }
    }

    /// A type without its modifier in messages (`format_type.c: format_type_be`).
    pub(super) fn format_type(&self, ty: Oid) -> String {
        if ty == Oid::INVALID {
            return "-".to_owned();
        }
        self.env.catalog.format_type_be(ty, self.env.path)
    }
}

/// A name as messages show it (`namespace.c: NameListToString`).
pub(super) fn display(name: &QualifiedName) -> String {
    match &name.schema {
        Some(schema) => format!("{schema}.{}", name.name),
        None => name.name.to_string(),
    }
}
