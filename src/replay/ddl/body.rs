//! Bodies of functions in string literals are checked when the function is made (`pg_proc.c: fmgr_sql_validator`,
//! `pl_handler.c: plpgsql_validator`).

use std::sync::Arc;

use crate::catalog::{Function, FunctionBody, Oid, TypeKind, type_oid as t};
use crate::expr::{Binder, BoundQuery, Scope};
use crate::replay::code::body_error;
use crate::replay::plpgsql::Interpreter;
use crate::replay::{Context, Exec, KnownNames, Replay, SqlError, Stop};
use crate::sql::ast::{Code, StatementKind};
use crate::sql::plpgsql;
use crate::sql::{Segment, SyntaxError};

impl Replay {
    /// Checks the body of a function that was just made. What cannot be judged passes.
    pub(super) fn check_body(&mut self, function: Oid, cx: &Context) -> Exec {
        if self.session.setting("check_function_bodies").is_some_and(is_off) {
            return Ok(());
        }
        let Some(function) = self.catalog.function(function).cloned() else { return Ok(()) };
        let FunctionBody::Source(code, _) = &function.body else { return Ok(()) };
        // Places in the body are places in the file if it stands there as it is.
        let verbatim = cx.is_in_file() && code.verbatim_at.offset().is_some();
        let result = match function.language.as_str() {
            "sql" => self.check_sql_body(&function, code),
            "plpgsql" => self.check_plpgsql_body(&function, code),
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
        let params = function.params.iter().filter_map(|p| Some((p.name.clone()?, p.ty)));
        let known = KnownNames::columns_first(&function.name, params);
        let outer = self.code.variables.replace(Arc::clone(&known));
        let mut last = None;
        let mut result = Ok(());
        for statement in &statements {
            let checked = self.check_sql_statement(statement, &known);
            match checked {
                Ok(bound) => last = bound,
                Err(stop) => {
                    result = Err(stop);
                    break;
                }
            }
        }
        self.code.variables = outer;
        result?;
        self.check_sql_result(function, statements.last(), last.as_ref())
    }

    fn check_sql_statement(&mut self, statement: &StatementKind, known: &Arc<KnownNames>) -> Exec<Option<BoundQuery>> {
        match statement {
            StatementKind::Select(query) => {
                let path = self.path();
                let binder = Binder::new(&self.catalog, &path, Scope::default());
                binder.with_variables(Some(Arc::clone(known))).query(query).map(Some)
            }
            // They change rows only, and nothing is run: what is checked is their names.
            StatementKind::Insert(stmt) => self.insert(stmt).map(|()| None),
            StatementKind::Update(stmt) => self.update(stmt).map(|()| None),
            StatementKind::Delete(stmt) => self.delete(stmt).map(|()| None),
            StatementKind::Merge(stmt) => self.merge(stmt).map(|()| None),
            _ => Ok(None),
        }
    }

    /// The last statement must give what the function returns (`functions.c: check_sql_fn_retval`), as far as that can be
    /// told without types.
    fn check_sql_result(&self, function: &Function, last: Option<&StatementKind>, bound: Option<&BoundQuery>) -> Exec {
        let Some(returns) = function.returns.filter(|ty| ty.oid != t::VOID) else { return Ok(()) };
        let mismatch = |detail: &str| {
            let name = self.catalog.format_type(crate::catalog::TypeRef::plain(returns.oid), &self.path());
            let message = format!("return type mismatch in function declared to return {name}");
            Err(SqlError::new("42P13", message).detail(detail).into())
        };
        let returning = match last {
            Some(StatementKind::Select(_)) => true,
            Some(StatementKind::Insert(stmt)) => !stmt.returning.is_empty(),
            Some(StatementKind::Update(stmt)) => !stmt.returning.is_empty(),
            Some(StatementKind::Delete(stmt)) => !stmt.returning.is_empty(),
            Some(StatementKind::Merge(_)) => true,
            Some(_) | None => false,
        };
        if !returning {
            return mismatch("Function's final statement must be SELECT or INSERT/UPDATE/DELETE RETURNING.");
        }
        let row = returns.oid == t::RECORD
            || matches!(
                self.catalog.type_(returns.oid).map(|ty| &ty.kind),
                Some(TypeKind::Composite(_) | TypeKind::Domain(_))
            );
        match bound {
            Some(bound) if !row && bound.columns.len() != 1 => {
                mismatch("Final statement must return exactly one column.")
            }
            _ => Ok(()),
        }
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
        self.catalog.builtins().type_by_oid(ty).is_some_and(|ty| ty.typtype == 'p' && ty.name.starts_with("any"))
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
