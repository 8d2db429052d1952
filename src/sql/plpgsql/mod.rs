//! PL/pgSQL: text to a syntax tree.
//!
//! The rules are those of `pl_gram.y` and `pl_scanner.c`. As in PostgreSQL, everything is parsed at once, the embedded SQL
//! included, and an unknown variable on the left of an assignment is found here; types, conditions and what the
//! SQL means are checked by whoever executes the body.

mod ast;
mod check;
mod cursor;
mod declare;
mod embed;
mod loops;
mod names;
mod raise;
mod sql;
mod statements;
#[cfg(test)]
mod tests;

pub use ast::*;
pub use check::{Checked, check};

use super::ast::{Code, Name};
use super::{Grammar, ParseError};
use cursor::Parser;

/// What a body can refer to besides what it declares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Environment {
    /// The function's name, which is the label of its parameters.
    pub name: Option<Name>,
    /// Its parameters in their order, OUT and TABLE ones included.
    pub params: Vec<Option<Name>>,
    /// It is a trigger function: `NEW`, `OLD`, `TG_…` exist.
    pub trigger: bool,
    /// It is an event trigger function: `TG_EVENT` and `TG_TAG` exist.
    pub event_trigger: bool,
    /// What it returns; nothing if RETURN is not looked at.
    pub returns: Option<Returns>,
    /// The grammar of the SQL in it.
    pub grammar: Grammar,
}

/// What a function returns, as far as RETURN depends on it (`pl_comp.c: do_compile`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Returns {
    /// A set.
    pub set: bool,
    /// Nothing.
    pub void: bool,
    /// It has OUT parameters or those of RETURNS TABLE.
    pub out: bool,
    /// It is a procedure.
    pub procedure: bool,
}

/// Parses the body of a DO statement, a function or a procedure.
pub fn parse(code: &Code, environment: &Environment) -> Result<Body, ParseError> {
    let base = code.verbatim_at.offset().unwrap_or(0);
    Parser::new(&code.text, base, environment).body()
}
