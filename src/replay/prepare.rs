//! PREPARE, EXECUTE, DEALLOCATE (`prepare.c`). What was prepared is analysed anew when it is executed, as PostgreSQL does
//! once something that it rests on has changed (`plancache.c: RevalidateCachedQuery`).

use std::cell::RefCell;
use std::sync::Arc;

use super::query::{NoVariables, Variables as Values};
use super::value::{Reason, Value};
use super::{Context, Exec, Opaque, Replay, SqlError, Stop, lookup};
use crate::catalog::tree::{Expr, ParamKind, Query};
use crate::catalog::{Catalog, Oid, TypeRef, type_oid as t};
use crate::expr::analyze::{Variable, Variables};
use crate::sql::ast::{self, Execute, IntoTable, Name, Prepare, StatementKind, Touches};
use crate::sql::plpgsql::VariableConflict;
use crate::sql::span::Loc;

/// A prepared statement.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// The statement.
    pub statement: StatementKind,
    /// The types of its parameters.
    types: Vec<Oid>,
    /// Name, type and collation of each column of its result.
    columns: Vec<(Name, TypeRef, Oid)>,
    /// Why it could not be analysed.
    unknown: Option<Opaque>,
}

/// The parameters of a statement that is executed.
#[derive(Debug)]
pub(super) struct Parameters {
    types: Vec<Oid>,
    values: Vec<Value>,
}

impl Parameters {
    /// As parse analysis asks for them.
    pub(super) fn with_catalog<'a>(&'a self, catalog: &'a Catalog) -> FixedParameters<'a> {
        FixedParameters { catalog, types: &self.types }
    }
}

impl Values for Parameters {
    fn variable(&self, _: &[Name]) -> Exec<Option<Value>> {
        Ok(None)
    }

    fn knows(&self, _: &[Name]) -> bool {
        false
    }

    fn param(&self, number: u32) -> Option<Value> {
        self.values.get(usize::try_from(number).ok()?.checked_sub(1)?).cloned()
    }

    fn conflict(&self) -> VariableConflict {
        VariableConflict::UseColumn
    }
}

/// Parameters with types (`parse_param.c: fixed_paramref_hook`).
pub(super) struct FixedParameters<'a> {
    catalog: &'a Catalog,
    types: &'a [Oid],
}

impl Variables for FixedParameters<'_> {
    fn parameter(&self, number: u32) -> Option<Variable> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.types.get(index).map(|&ty| parameter(self.catalog, number, ty))
    }

    fn name(&self, _: &[Name], _: Loc, _: bool) -> Exec<Option<Variable>> {
        Ok(None)
    }
}

/// Parameters that get types from where they stand (`parse_param.c: variable_paramref_hook`).
struct VariableParameters<'a> {
    catalog: &'a Catalog,
    /// [`Oid::INVALID`] for those that were not met, `unknown` for those without a type as yet.
    types: RefCell<Vec<Oid>>,
}

impl Variables for VariableParameters<'_> {
    fn parameter(&self, number: u32) -> Option<Variable> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        let mut types = self.types.borrow_mut();
        if types.len() <= index {
            types.resize(index + 1, Oid::INVALID);
        }
        let ty = types.get_mut(index)?;
        if *ty == Oid::INVALID {
            *ty = t::UNKNOWN;
        }
        Some(parameter(self.catalog, number, *ty))
    }

    fn name(&self, _: &[Name], _: Loc, _: bool) -> Exec<Option<Variable>> {
        Ok(None)
    }

    fn deduce(&self, number: u32, ty: Oid) -> Option<Result<(), Oid>> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        let mut types = self.types.borrow_mut();
        let known = types.get_mut(index)?;
        if *known == t::UNKNOWN {
            *known = ty;
        }
        Some(if *known == ty { Ok(()) } else { Err(*known) })
    }
}

fn parameter(catalog: &Catalog, number: u32, ty: Oid) -> Variable {
    Variable { id: number, ty: TypeRef::plain(ty), collation: catalog.type_collation(ty), fields: Vec::new() }
}

impl Replay {
    /// `prepare.c: PrepareQuery`
    pub(super) fn prepare(&mut self, stmt: &Prepare) -> Exec {
        let path = self.path();
        let types = stmt.types.iter().map(|ty| Ok(lookup::resolve_type(&self.catalog, &path, ty)?.oid));
        let parameters =
            VariableParameters { catalog: &self.catalog, types: RefCell::new(types.collect::<Exec<_>>()?) };
        let analysed = self.analyze_prepared(&stmt.statement, &parameters);
        let types = parameters.types.into_inner();
        let (columns, unknown) = match analysed {
            Ok(query) => {
                if let Some(query) = &query {
                    check_resolution(&query.tree, &types)?;
                }
                (query.map(|query| self.result_columns(&query.tree)).unwrap_or_default(), None)
            }
            Err(Stop::Opaque(opaque)) => (Vec::new(), Some(*opaque)),
            Err(error) => return Err(error),
        };
        if unknown.is_none()
            && let Some(index) = types.iter().position(|&ty| matches!(ty, Oid::INVALID | t::UNKNOWN))
        {
            let message = format!("could not determine data type of parameter ${}", index + 1);
            return Err(SqlError::new("42P18", message).into());
        }
        if self.session.prepared.contains_key(&stmt.name) {
            let message = format!("prepared statement \"{}\" already exists", stmt.name);
            return Err(SqlError::new("42P05", message).into());
        }
        let prepared = Prepared { statement: stmt.statement.clone(), types, columns, unknown };
        self.session.prepared.insert(stmt.name.clone(), Arc::new(prepared));
        Ok(())
    }

    /// `prepare.c: DeallocateQuery`
    pub(super) fn deallocate(&mut self, name: Option<&Name>) -> Exec {
        match name {
            None => self.session.prepared.clear(),
            Some(name) => {
                self.fetch_prepared(name)?;
                self.session.prepared.remove(name);
            }
        }
        Ok(())
    }

    /// `prepare.c: ExecuteQuery`
    pub(super) fn execute_prepared(&mut self, stmt: &Execute, cx: &Context) -> Exec {
        let (prepared, parameters) = self.bind_parameters(stmt, cx)?;
        self.with_parameters(parameters, |replay| {
            replay.revalidate(&prepared)?;
            replay.execute_alone(&prepared.statement, cx)
        })
    }

    /// `CREATE TABLE … AS EXECUTE`
    pub(super) fn fill_from_prepared(&mut self, stmt: &Execute, into: &IntoTable, cx: &Context) -> Exec {
        let (prepared, parameters) = self.bind_parameters(stmt, cx)?;
        self.with_parameters(parameters, |replay| {
            replay.revalidate(&prepared)?;
            match &prepared.statement {
                StatementKind::Select(query) if super::ddl::view::into_clause(query).is_none() => {
                    replay.select_into(query, into, cx)
                }
                _ => Err(SqlError::new("42809", "prepared statement is not a SELECT").into()),
            }
        })
    }

    /// The statement and its parameters (`prepare.c: FetchPreparedStatement`, `EvaluateParams`).
    pub(super) fn bind_parameters(&mut self, stmt: &Execute, cx: &Context) -> Exec<(Arc<Prepared>, Parameters)> {
        let prepared = self.fetch_prepared(&stmt.name)?;
        if let Some(opaque) = &prepared.unknown {
            return Err(opaque.clone().into());
        }
        // A statement without parameters takes any, unseen.
        if prepared.types.is_empty() {
            return Ok((prepared, Parameters { types: Vec::new(), values: Vec::new() }));
        }
        if stmt.params.len() != prepared.types.len() {
            let message = format!("wrong number of parameters for prepared statement \"{}\"", stmt.name);
            let detail = format!("Expected {} parameters but got {}.", prepared.types.len(), stmt.params.len());
            return Err(SqlError::new("42601", message).detail(detail).into());
        }
        let mut values = Vec::with_capacity(stmt.params.len());
        for (i, (expr, &ty)) in stmt.params.iter().zip(&prepared.types).enumerate() {
            values.push(self.parameter_value(i + 1, ty, expr, cx)?);
        }
        let types = prepared.types.clone();
        Ok((prepared, Parameters { types, values }))
    }

    fn parameter_value(&mut self, number: usize, ty: Oid, expr: &ast::Expr, cx: &Context) -> Exec<Value> {
        let unknown = || Value::Unknowable(Reason::not_evaluated("a parameter of EXECUTE is not evaluated"));
        let stored = match self.analyze_parameter(number, ty, expr) {
            Ok(stored) => stored,
            Err(Stop::Opaque(_)) => return Ok(unknown()),
            Err(error) => return Err(error),
        };
        let Some(syntax) = self.stored_syntax(&stored) else { return Ok(unknown()) };
        match self.evaluate(&syntax, &NoVariables, cx) {
            Ok(value) => Ok(value),
            Err(Stop::Opaque(opaque)) if opaque.touches == Touches::Nothing => Ok(unknown()),
            Err(stop) => Err(stop),
        }
    }

    fn fetch_prepared(&self, name: &Name) -> Exec<Arc<Prepared>> {
        match self.session.prepared.get(name) {
            Some(prepared) => Ok(Arc::clone(prepared)),
            None => Err(SqlError::new("26000", format!("prepared statement \"{name}\" does not exist")).into()),
        }
    }

    fn with_parameters(&mut self, parameters: Parameters, run: impl FnOnce(&mut Replay) -> Exec) -> Exec {
        let outer = self.code.parameters.replace(Arc::new(parameters));
        // Its names are not those of code around.
        let variables = self.code.variables.take();
        let result = run(self);
        self.code.parameters = outer;
        self.code.variables = variables;
        // Places are those of the statement that was prepared, which may stand elsewhere.
        result.map_err(|stop| match stop {
            Stop::Error(error) => SqlError { loc: Loc::NONE, ..*error }.into(),
            Stop::Opaque(opaque) => Opaque { loc: Loc::NONE, ..*opaque }.into(),
        })
    }

    /// What it gives must be what it gave (`plancache.c: RevalidateCachedQuery`).
    fn revalidate(&self, prepared: &Prepared) -> Exec {
        let Some(query) = self.analyze_statement(&prepared.statement)? else { return Ok(()) };
        match self.result_columns(&query.tree) == prepared.columns {
            true => Ok(()),
            false => Err(SqlError::new("0A000", "cached plan must not change result type").into()),
        }
    }

    fn result_columns(&self, query: &Query) -> Vec<(Name, TypeRef, Oid)> {
        let column = |target: &crate::catalog::tree::TargetEntry| {
            (target.name.clone().unwrap_or_default(), target.expr.ty(&self.catalog), target.expr.collation())
        };
        query.result_targets().map(column).collect()
    }
}

/// A parameter has one type wherever it stands (`parse_param.c: check_parameter_resolution_walker`).
fn check_resolution(query: &Query, types: &[Oid]) -> Exec {
    let mut wrong = None;
    query.walk(&mut |expr| {
        if let Expr::Param(param) = expr
            && param.kind == ParamKind::Extern
            && usize::try_from(param.id).ok().and_then(|id| types.get(id.checked_sub(1)?)) != Some(&param.ty.oid)
        {
            wrong.get_or_insert((param.id, expr.loc()));
        }
        true
    });
    match wrong {
        Some((id, loc)) => {
            let message = format!("could not determine data type of parameter ${id}");
            Err(SqlError::new("42P08", message).at(loc).into())
        }
        None => Ok(()),
    }
}
