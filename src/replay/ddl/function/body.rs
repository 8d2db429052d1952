//! Bodies in string literals, checked when the function is made (`pg_proc.c: fmgr_sql_validator`,
//! `pl_handler.c: plpgsql_validator`).
//!
//! What cannot be judged is taken to be right: PostgreSQL looks at it again when the function is called.

use crate::catalog::{Function, FunctionBody, TypeKind, TypeRef, type_oid as t};
use crate::replay::code::body_error;
use crate::replay::{Exec, KnownNames, Replay, SqlError, Stop, lookup};
use crate::sql::ast::{Code, ParamMode, QualifiedName, StatementKind, TypeName};
use crate::sql::plpgsql::{self, DataType, DeclarationKind, Stmt, StmtKind};
use crate::sql::span::Loc;
use crate::sql::{self, Segment};

impl Replay {
    /// Checks the body of a new function, unless `check_function_bodies` is off.
    pub(super) fn check_body(&mut self, function: &Function) -> Exec {
        let FunctionBody::Source(code, _) = &function.body else { return Ok(()) };
        if let Some("off" | "false" | "no" | "0") = self.session.setting("check_function_bodies") {
            return Ok(());
        }
        match function.language.as_str() {
            "sql" => self.check_sql_body(function, code),
            "plpgsql" => self.check_plpgsql_body(function, code),
            _ => Ok(()),
        }
    }

    // ---- SQL ----

    fn check_sql_body(&mut self, function: &Function, code: &Code) -> Exec {
        let base = code.verbatim_at.offset();
        let mut statements = Vec::new();
        for segment in sql::parse_statements_at(&code.text, base.unwrap_or(0)) {
            match segment {
                Segment::Statement(statement) => statements.push(statement.kind),
                Segment::SyntaxError(error) => {
                    let at = if base.is_some() { Loc::at(error.at.start) } else { Loc::NONE };
                    return Err(SqlError::new(error.sqlstate, error.message).at(at).into());
                }
                Segment::Unparsed { .. } | Segment::MetaCommand { .. } => return Ok(()),
            }
        }
        // Without types of its parameters a body is not analysed.
        if function.params.iter().any(|p| self.is_polymorphic(p.ty)) {
            return Ok(());
        }
        let names = function.params.iter().filter_map(|p| p.name.clone());
        let outer = self.code.variables.replace(KnownNames::columns_first(&function.name, names));
        let result = self.check_sql_statements(function, &statements);
        self.code.variables = outer;
        match result {
            Err(Stop::Opaque(_)) | Ok(()) => Ok(()),
            Err(Stop::Error(error)) if base.is_some() => Err(Stop::Error(error)),
            Err(Stop::Error(error)) => Err(error.at(Loc::NONE).into()),
        }
    }

    fn check_sql_statements(&self, function: &Function, statements: &[StatementKind]) -> Exec {
        for statement in statements {
            match self.check_names(statement) {
                // The next statement may be wrong nevertheless.
                Ok(_) | Err(Stop::Opaque(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let Some(returns) = function.returns.filter(|ty| ty.oid != t::VOID) else { return Ok(()) };
        let mismatch = |detail: &str| -> Exec {
            let name = self.catalog.format_type(returns, &self.path());
            let message = format!("return type mismatch in function declared to return {name}");
            Err(SqlError::new("42P13", message).detail(detail).into())
        };
        let columns = match statements.last() {
            Some(StatementKind::Select(query)) => self.bind(query)?.columns,
            Some(StatementKind::Insert(stmt)) if !stmt.returning.is_empty() => return Ok(()),
            Some(StatementKind::Update(stmt)) if !stmt.returning.is_empty() => return Ok(()),
            Some(StatementKind::Delete(stmt)) if !stmt.returning.is_empty() => return Ok(()),
            Some(StatementKind::Merge(_)) => return Ok(()),
            Some(_) | None => {
                return mismatch("Function's final statement must be SELECT or INSERT/UPDATE/DELETE RETURNING.");
            }
        };
        let Some(wanted) = self.result_columns(function, returns) else { return Ok(()) };
        // One value may be the whole row.
        if wanted.len() > 1 && columns.len() == 1 && columns[0].ty.is_none_or(|ty| self.is_row(ty)) {
            return Ok(());
        }
        if wanted.len() == 1 && columns.len() != 1 {
            return mismatch("Final statement must return exactly one column.");
        }
        match columns.len().cmp(&wanted.len()) {
            std::cmp::Ordering::Less => return mismatch("Final statement returns too few columns."),
            std::cmp::Ordering::Greater => return mismatch("Final statement returns too many columns."),
            std::cmp::Ordering::Equal => {}
        }
        for (column, wanted) in columns.iter().zip(wanted) {
            if let Some(ty) = column.ty
                && !self.is_row(ty)
                && !self.casts_on_assignment(ty, wanted)
            {
                let path = self.path();
                let (is, should) = (self.catalog.format_type(ty, &path), self.catalog.format_type(wanted, &path));
                return mismatch(&format!("Actual return type is {is} instead of {should}."));
            }
        }
        Ok(())
    }

    /// The columns that a function returns: one of a scalar; nothing if they are not known.
    fn result_columns(&self, function: &Function, returns: TypeRef) -> Option<Vec<TypeRef>> {
        let out =
            function.params.iter().filter(|p| matches!(p.mode, ParamMode::Out | ParamMode::InOut | ParamMode::Table));
        let out: Vec<TypeRef> = out.map(|p| p.ty).collect();
        if !out.is_empty() {
            return Some(out);
        }
        if let Some(TypeKind::Composite(rel)) = self.catalog.type_(returns.oid).map(|ty| &ty.kind) {
            return Some(self.catalog.relation(*rel)?.live_columns().map(|c| c.ty).collect());
        }
        if self.is_polymorphic(returns) || self.is_row(returns) {
            return None;
        }
        Some(vec![returns])
    }

    fn is_row(&self, ty: TypeRef) -> bool {
        ty.oid == t::RECORD || matches!(self.catalog.type_(ty.oid).map(|ty| &ty.kind), Some(TypeKind::Composite(_)))
    }

    fn is_polymorphic(&self, ty: TypeRef) -> bool {
        self.catalog.builtins().type_by_oid(ty.oid).is_some_and(|ty| ty.typtype == 'p')
    }

    // ---- PL/pgSQL ----

    /// The body is compiled: it is parsed, and the types of its variables are looked up (`pl_gram.y`, `pl_comp.c`).
    fn check_plpgsql_body(&self, function: &Function, code: &Code) -> Exec {
        let body = match plpgsql::parse(code, &crate::replay::call::environment(function)) {
            Ok(body) => body,
            Err(error) => {
                return match body_error(error, code.verbatim_at.offset().is_some()) {
                    Stop::Opaque(_) => Ok(()),
                    stop => Err(stop),
                };
            }
        };
        let mut result = self.check_declarations(&body.block.declarations);
        crate::replay::plpgsql::walk::statements(&body.block.body, &mut |stmt| {
            if result.is_ok()
                && let Stmt { kind: StmtKind::Block(block), .. } = stmt
            {
                result = self.check_declarations(&block.declarations);
            }
        });
        match result {
            Err(Stop::Opaque(_)) => Ok(()),
            // PostgreSQL gives no place in the statement for these.
            Err(Stop::Error(error)) => Err(error.at(Loc::NONE).into()),
            Ok(()) => Ok(()),
        }
    }

    fn check_declarations(&self, declarations: &[plpgsql::Declaration]) -> Exec {
        let check = |ty: &DataType| match ty {
            DataType::Named(ty) => self.check_variable_type(ty),
            DataType::RowOf(name) => self.check_row_type(name),
            // Whether the names are those of a variable is known when it runs.
            DataType::Of { .. } => Ok(()),
        };
        for declaration in declarations {
            match &declaration.kind {
                DeclarationKind::Variable { ty, .. } => check(ty)?,
                DeclarationKind::Cursor { params, .. } => params.iter().try_for_each(|(_, ty)| check(ty))?,
                DeclarationKind::Alias(_) => {}
            }
        }
        Ok(())
    }

    fn check_variable_type(&self, ty: &TypeName) -> Exec {
        // A row type is meant by its table's name as well.
        lookup::resolve_type(&self.catalog, &self.path(), ty).map(drop)
    }

    fn check_row_type(&self, name: &QualifiedName) -> Exec {
        match lookup::find_relation_in_query(&self.catalog, &self.path(), name) {
            Ok(_) => Ok(()),
            Err(stop) => Err(stop),
        }
    }
}
