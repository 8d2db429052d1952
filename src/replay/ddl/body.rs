//! Bodies of functions in string literals are checked when the function is made (`pg_proc.c: fmgr_sql_validator`,
//! `pl_handler.c: plpgsql_validator`).

use crate::catalog::{Function, FunctionBody, Oid};
use crate::replay::code::body_error;
use crate::replay::plpgsql::Interpreter;
use crate::replay::{Context, Exec, Replay, SqlError, Stop};
use crate::sql::ast::Code;
use crate::sql::plpgsql;
use crate::sql::{Segment, SyntaxError};

impl Replay {
    /// Checks the body of a function that was just made. What cannot be judged passes.
    pub(super) fn check_body(&mut self, function: Oid, cx: &Context) -> Exec {
        let Some(function) = self.catalog.function(function).cloned() else { return Ok(()) };
        if function.config.is_empty() {
            return self.validate_body(&function, cx);
        }
        // Under the function's own settings (`pg_proc.c: ProcedureCreate`).
        let before = self.session.clone();
        for (name, value) in &function.config {
            self.session.set(name, Some(value.clone()), false);
        }
        let result = self.validate_body(&function, cx);
        self.session = before;
        result
    }

    fn validate_body(&mut self, function: &Function, cx: &Context) -> Exec {
        if self.session.setting("check_function_bodies").is_some_and(is_off) {
            return Ok(());
        }
        let FunctionBody::Source(code, _) = &function.body else { return Ok(()) };
        // Places in the body are places in the file if it stands there as it is.
        let verbatim = cx.is_in_file() && code.verbatim_at.offset().is_some();
        let result = match function.language.as_str() {
            "sql" => self.check_sql_body(function, code),
            "plpgsql" => self.check_plpgsql_body(function, code),
            _ => Ok(()),
        };
        match result {
            Err(Stop::Error(error)) if !verbatim => Err(SqlError { loc: Default::default(), ..*error }.into()),
            Err(Stop::Opaque(_)) => Ok(()),
            result => result,
        }
    }

    /// The statements are analysed one after another, before any of them runs.
    fn check_sql_body(&mut self, function: &Function, code: &Code) -> Exec {
        let mut statements = Vec::new();
        for segment in self.grammar().parse_statements_at(&code.text, code.verbatim_at.offset().unwrap_or(0)) {
            match segment {
                Segment::Statement(statement) => statements.push(statement.kind),
                Segment::SyntaxError(error) => return Err(syntax_error(error)),
                Segment::Unparsed { .. } | Segment::MetaCommand { .. } => return Ok(()),
            }
        }
        // With polymorphic arguments only the syntax is checked.
        if function.params.iter().any(|p| self.is_polymorphic(p.ty.oid)) {
            return Ok(());
        }
        self.analyze_sql_statements(function, &statements).map(drop)
    }

    /// PL/pgSQL is compiled: its syntax, and the types of its variables.
    fn check_plpgsql_body(&mut self, function: &Function, code: &Code) -> Exec {
        let verbatim = code.verbatim_at.offset().is_some();
        let environment = crate::replay::call::environment(function, self.grammar());
        let body =
            plpgsql::check(code, &environment, &mut self.checked).map_err(|error| body_error(error, verbatim))?;
        let params = function.params.iter().map(|p| (p.name.clone(), p.ty)).collect();
        Interpreter::compile(self, &body, Some(function.name.clone()), params)
    }

    fn is_polymorphic(&self, ty: Oid) -> bool {
        self.catalog
            .builtins()
            .type_by_oid(ty)
            .is_some_and(|ty| ty.typtype == 'p' && ty.name.starts_with("any") && ty.name != "any")
    }
}

fn syntax_error(error: SyntaxError) -> Stop {
    let sql = SqlError::new(error.sqlstate, error.message).at(crate::sql::span::Loc::at(error.at.start));
    match error.help {
        Some(help) => sql.hint(help).into(),
        None => sql.into(),
    }
}

/// A boolean parameter's text for false (`bool.c: parse_bool_with_len`).
fn is_off(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "off" | "false" | "no" | "0" | "f" | "n")
}
