//! Checks a body without parsing the SQL in it: whether PostgreSQL would take it, and what it declares.
//!
//! A tree for each fragment of SQL costs more than all other work on an ordinary `CREATE FUNCTION`, and is needed only
//! when the function is called. PostgreSQL's grammar alone takes the fragments of a body in one go; where it refuses
//! them, the body is parsed in full, which finds the place.

use rustc_hash::{FxHashMap, FxHashSet};

use super::cursor::Parser;
use super::{Body, Environment};
use crate::sql::ast::{Code, Expr, ExprKind, Literal, Query, QueryBody, TypeName};
use crate::sql::span::Loc;
use crate::sql::{ParseError, with_large_stack};

/// Bodies and types that have been checked: projects repeat themselves.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    bodies: FxHashSet<Box<str>>,
    types: FxHashMap<Box<str>, TypeName>,
}

/// More than these are not remembered.
const MAX_REMEMBERED: usize = 5_000;

/// The SQL in a body, as a script for PostgreSQL's grammar.
#[derive(Default)]
pub(super) struct Fragments {
    script: String,
    pub types: FxHashMap<Box<str>, TypeName>,
}

impl Fragments {
    pub fn expression(&mut self, text: &str) {
        self.script.push_str("SELECT ");
        self.statement(text);
    }

    pub fn scalar(&mut self, text: &str) {
        self.script.push_str("SELECT (");
        self.script.push_str(text);
        self.script.push_str("\n);\n");
    }

    pub fn statement(&mut self, text: &str) {
        self.script.push_str(text);
        self.script.push_str("\n;\n");
    }
}

/// Checks a body as PostgreSQL does when a function is made. What is returned has the declarations; the SQL in it is not
/// that of the body.
///
/// # Errors
///
/// Those of [`super::parse`].
pub fn check(code: &Code, environment: &Environment, checked: &mut Checked) -> Result<Body, ParseError> {
    let base = code.verbatim_at.offset().unwrap_or(0);
    let mut parser = Parser::new(&code.text, base, environment);
    let types = std::mem::take(&mut checked.types);
    parser.fragments = Some(Fragments { script: String::new(), types });
    let body = parser.body();
    let fragments = parser.fragments.take().unwrap_or_default();
    checked.types = fragments.types;
    let script = fragments.script;
    let valid = |checked: &mut Checked| {
        if checked.bodies.contains(script.as_str()) {
            return true;
        }
        let valid = with_large_stack(|| environment.grammar.is_valid(&script));
        if valid && checked.bodies.len() < MAX_REMEMBERED {
            checked.bodies.insert(script.as_str().into());
        }
        valid
    };
    match body {
        Ok(body) if valid(checked) => Ok(body),
        Ok(_) | Err(_) => super::parse(code, environment),
    }
}

/// Stands for a query that was not parsed.
pub(super) fn no_query() -> Query {
    Query {
        with: None,
        body: QueryBody::Values(Vec::new()),
        order_by: Vec::new(),
        limit: None,
        with_ties: false,
        offset: None,
        locking: Vec::new(),
    }
}

/// Stands for an expression that was not parsed.
pub(super) fn no_expr() -> Expr {
    Expr { kind: ExprKind::Literal(Literal::Null), loc: Loc::NONE }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::plpgsql::parse;

    fn code(text: &str) -> Code {
        Code { text: text.to_owned(), verbatim_at: Loc::NONE }
    }

    #[test]
    fn checking_agrees_with_parsing() {
        let mut checked = Checked::default();
        for text in [
            "BEGIN NEW.at = now(); RETURN NEW; END",
            "DECLARE n int := 1; r record; BEGIN SELECT a INTO n FROM t WHERE b = ';'; FOR r IN SELECT 1 LOOP NULL; END LOOP; END",
            "BEGIN SELEC 1; END",
            "BEGIN PERFORM (1; END",
            "BEGIN IF a = THEN NULL; END IF; END",
            "DECLARE n int[ := 1; BEGIN NULL; END",
            "BEGIN x := 1; END",
            "BEGIN RETURN 1 -- comment\n; END",
            "BEGIN CASE n WHEN 1, 2 THEN NULL; END CASE; END",
            "BEGIN EXECUTE 'DROP TABLE ' || $1 USING 2; END",
        ] {
            for environment in [Environment::default(), Environment { trigger: true, ..Environment::default() }] {
                let parsed = parse(&code(text), &environment).map(|_| ());
                // The second time the answer is remembered.
                for _ in 0..2 {
                    assert_eq!(check(&code(text), &environment, &mut checked).map(|_| ()), parsed, "{text}");
                }
            }
        }
    }
}
