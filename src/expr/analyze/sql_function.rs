//! Bodies of functions in SQL (`functions.c`, `pg_proc.c: fmgr_sql_validator`).

use super::coerce::{Coercion, is_polymorphic};
use super::error::{fail, unknown};
use super::expand::make_target_entry;
use super::relation::make_var;
use super::tupdesc::{Attribute, function_result_attributes, row_type_attributes};
use super::{Analyzer, Environment, Variable, Variables};
use crate::catalog::lsyscache::FunctionInfo;
use crate::catalog::tree::{CommandType, Expr, JoinTree, Query, RangeTblEntry, RteKind, TargetEntry};
use crate::catalog::{Function, FunctionKind, Oid, TypeRef, type_oid as t};
use crate::replay::{Exec, SqlError, Stop};
use crate::sql::ast::{self, Alias, Name, StatementKind};
use crate::sql::span::Loc;

/// The parameters of a function in SQL, by number and by name (`functions.c: SQLFunctionParseInfo`).
pub struct SqlFunctionVariables<'f> {
    /// The function's name, which can stand before a parameter's.
    pub function: &'f Name,
    /// Its input parameters, with the collations of their values.
    pub params: Vec<(Option<Name>, TypeRef, Oid)>,
}

impl<'f> SqlFunctionVariables<'f> {
    /// Those of a function.
    pub fn of(env: &Environment<'_>, function: &'f Function) -> SqlFunctionVariables<'f> {
        let params = function.params.iter().filter(|param| param.is_input()).map(|param| {
            let ty = TypeRef::plain(param.ty.oid);
            (param.name.clone(), ty, env.catalog.type_collation(ty.oid))
        });
        SqlFunctionVariables { function: &function.name, params: params.collect() }
    }

    fn variable(&self, index: usize, fields: &[Name]) -> Option<Variable> {
        let (_, ty, collation) = self.params.get(index)?;
        let id = u32::try_from(index + 1).ok()?;
        Some(Variable { id, ty: *ty, collation: *collation, fields: fields.to_vec() })
    }

    /// `sql_fn_resolve_param_name`
    fn named(&self, name: &Name, fields: &[Name]) -> Option<Variable> {
        let index = self.params.iter().position(|(own, ..)| own.as_ref() == Some(name))?;
        self.variable(index, fields)
    }
}

impl Variables for SqlFunctionVariables<'_> {
    fn parameter(&self, number: u32) -> Option<Variable> {
        self.variable((number as usize).checked_sub(1)?, &[])
    }

    /// `sql_fn_post_column_ref`
    fn name(&self, parts: &[Name], _: Loc, before: bool) -> Exec<Option<Variable>> {
        if before {
            return Ok(None);
        }
        Ok(match parts {
            [name] => self.named(name, &[]),
            [function, name] if function == self.function => {
                self.named(name, &[]).or_else(|| self.named(function, std::slice::from_ref(name)))
            }
            [name, field] => self.named(name, std::slice::from_ref(field)),
            [function, name, field] if function == self.function => self.named(name, std::slice::from_ref(field)),
            _ => None,
        })
    }
}

/// Analyses the statements of a function in SQL and checks that the last one gives what the function returns. Statements
/// that are no queries are left out of the result.
pub fn analyze_sql_function(
    env: &Environment<'_>,
    function: &Function,
    statements: &[StatementKind],
) -> Exec<Vec<Query>> {
    check_signature(env, function)?;
    // Types of polymorphic arguments are known when it is called.
    if function.params.iter().any(|param| param.is_input() && is_polymorphic(param.ty.oid)) {
        return Ok(Vec::new());
    }
    let variables = SqlFunctionVariables::of(env, function);
    let env = Environment { variables: Some(&variables), ..*env };
    let mut queries = Vec::with_capacity(statements.len());
    let mut last = None;
    let mut calls = Vec::new();
    for statement in statements {
        match super::statement::transform_statement(&env, statement)? {
            Some(query) => {
                last = Some(queries.len());
                queries.push(query);
            }
            None => {
                last = None;
                if let StatementKind::Call(call) = statement {
                    calls.push(call_has_outputs(&env, call)?);
                }
            }
        }
    }
    // `check_sql_fn_statements`
    if calls.contains(&true) {
        let message = "calling procedures with output arguments is not supported in SQL functions";
        return fail("0A000", message, Loc::NONE);
    }
    check_all_assignments(&env, &queries)?;
    check_return_value(&env, function, &mut queries, last)?;
    Ok(queries)
}

fn check_all_assignments(env: &Environment<'_>, queries: &[Query]) -> Exec {
    queries.iter().try_for_each(|query| super::rewrite::check_assignments(env.catalog, query))
}

/// The procedure of a CALL has output arguments.
fn call_has_outputs(env: &Environment<'_>, call: &ast::FuncCall) -> Exec<bool> {
    let Expr::FuncExpr(call) = super::statement::analyze_call(env, call)? else { return Ok(false) };
    Ok(env.catalog.function_info(call.function).is_some_and(|info| info.args().any(|arg| arg.is_output())))
}

/// Analyses a body in SQL-standard syntax: the query of `RETURN`, or the statements of `BEGIN ATOMIC`
/// (`functioncmds.c: interpret_AS_clause`). They are not changed by the check of the result.
pub fn analyze_sql_body(env: &Environment<'_>, function: &Function, body: &ast::SqlBody) -> Exec<Vec<Query>> {
    if function.params.iter().any(|param| param.is_input() && is_polymorphic(param.ty.oid)) {
        let message = "SQL function with unquoted function body cannot have polymorphic arguments";
        return fail("42P13", message, Loc::NONE);
    }
    let variables = SqlFunctionVariables::of(env, function);
    let env = Environment { variables: Some(&variables), ..*env };
    let mut queries = Vec::new();
    match body {
        ast::SqlBody::Return(value) => queries.push(Analyzer::new(env).transform_return(value)?),
        ast::SqlBody::Atomic(statements) => {
            for statement in statements {
                match super::statement::transform_statement(&env, statement)? {
                    Some(query) => queries.push(query),
                    None => {
                        let Some(tag) = super::statement::command_tag(statement) else {
                            return Err(unknown("a utility statement in a function's body"));
                        };
                        let message = format!("{tag} is not yet supported in unquoted SQL function body");
                        return fail("0A000", message, Loc::NONE);
                    }
                }
            }
        }
    }
    check_signature(&env, function)?;
    check_all_assignments(&env, &queries)?;
    let mut checked = queries.clone();
    let last = checked.len().checked_sub(1);
    check_return_value(&env, function, &mut checked, last)?;
    Ok(queries)
}

/// Pseudo-types that a function in SQL cannot have (`fmgr_sql_validator`).
fn check_signature(env: &Environment<'_>, function: &Function) -> Exec {
    let shown = |ty: Oid| env.catalog.format_type_be(ty, env.path);
    let returns = function.returns.map_or(t::VOID, |ty| ty.oid);
    let pseudo = |ty: Oid| env.catalog.typtype(ty) == 'p' && !is_polymorphic(ty);
    if pseudo(returns) && returns != t::RECORD && returns != t::VOID {
        return fail("42P13", format!("SQL functions cannot return type {}", shown(returns)), Loc::NONE);
    }
    for param in function.params.iter().filter(|param| param.is_input()) {
        if pseudo(param.ty.oid) {
            let message = format!("SQL functions cannot have arguments of type {}", shown(param.ty.oid));
            return fail("42P13", message, Loc::NONE);
        }
    }
    Ok(())
}

/// The last statement gives what the function returns (`functions.c: check_sql_fn_retval`).
fn check_return_value(env: &Environment<'_>, function: &Function, queries: &mut [Query], last: Option<usize>) -> Exec {
    let catalog = env.catalog;
    let returns = function.returns.map_or(t::VOID, |ty| ty.oid);
    if returns == t::VOID || is_polymorphic(returns) {
        return Ok(());
    }
    let shown = |ty: Oid| catalog.format_type_be(ty, env.path);
    let mismatch = |detail: String| -> Stop {
        let message = format!("return type mismatch in function declared to return {}", shown(returns));
        SqlError::new("42P13", message).detail(detail).into()
    };
    let commands = if catalog.version() >= 17 { "INSERT/UPDATE/DELETE/MERGE" } else { "INSERT/UPDATE/DELETE" };
    let no_result = || mismatch(format!("Function's final statement must be SELECT or {commands} RETURNING."));
    let Some(query) = last.and_then(|last| queries.get_mut(last)) else { return Err(no_result()) };
    let modifies = match query.command {
        CommandType::Select => false,
        CommandType::Insert | CommandType::Update | CommandType::Delete | CommandType::Merge => {
            if query.returning.is_empty() {
                return Err(no_result());
            }
            true
        }
        CommandType::Utility | CommandType::Nothing => return Err(no_result()),
    };
    let modifiable = modifies || query.set_operations.is_none();
    let mut result = Columns { analyzer: Analyzer::new(*env), modifiable, upper: Vec::new(), nontrivial: false };
    let list = if modifies { &mut query.returning } else { &mut query.targets };
    let count = list.iter().filter(|target| !target.junk).count();
    let class = catalog.typtype(returns);
    if matches!(class, 'b' | 'd' | 'e' | 'r' | 'm') {
        let [target] = visible(list)[..] else {
            return Err(mismatch("Final statement must return exactly one column.".to_owned()));
        };
        let target = &mut list[target];
        if !result.coerce(target, TypeRef::plain(returns))? {
            let actual = target.expr.ty(catalog).oid;
            return Err(mismatch(format!("Actual return type is {}.", shown(actual))));
        }
    } else if class == 'c' || returns == t::RECORD {
        let first = visible(list).first().copied();
        let whole = match first {
            Some(first) if count == 1 && function.kind != FunctionKind::Procedure => {
                result.coerce(&mut list[first], TypeRef::plain(returns))?
            }
            _ => false,
        };
        let attributes = function_result_attributes(catalog, FunctionInfo::User(function))
            .or_else(|| row_type_attributes(catalog, returns));
        if let (false, Some(attributes)) = (whole, attributes) {
            let attributes: Vec<Attribute> = attributes.into_iter().filter(|a| !a.dropped).collect();
            for (number, index) in visible(list).into_iter().enumerate() {
                let Some(attribute) = attributes.get(number) else {
                    return Err(mismatch("Final statement returns too many columns.".to_owned()));
                };
                let target = &mut list[index];
                if !result.coerce(target, attribute.ty)? {
                    let actual = target.expr.ty(catalog).oid;
                    return Err(mismatch(format!(
                        "Final statement returns {} instead of {} at column {}.",
                        shown(actual),
                        shown(attribute.ty.oid),
                        number + 1
                    )));
                }
            }
            if count < attributes.len() {
                return Err(mismatch("Final statement returns too few columns.".to_owned()));
            }
        }
    } else {
        let message = format!("return type {} is not supported for SQL functions", shown(returns));
        return fail("42P13", message, Loc::NONE);
    }
    if result.nontrivial {
        *query = project(std::mem::replace(query, Query::new(CommandType::Select)), result.upper);
    }
    Ok(())
}

/// The indexes of the targets that are no junk.
fn visible(list: &[TargetEntry]) -> Vec<usize> {
    list.iter().enumerate().filter(|(_, target)| !target.junk).map(|(index, _)| index).collect()
}

/// The columns of the result as they are converted.
struct Columns<'a> {
    analyzer: Analyzer<'a>,
    /// Columns can be converted where they are.
    modifiable: bool,
    upper: Vec<TargetEntry>,
    /// A query around it is needed.
    nontrivial: bool,
}

impl Columns<'_> {
    /// Converts a column to the type that is returned; false if that is not possible (`coerce_fn_result_column`).
    fn coerce(&mut self, target: &mut TargetEntry, ty: TypeRef) -> Exec<bool> {
        let analyzer = &mut self.analyzer;
        let catalog = analyzer.catalog();
        let from = target.expr.ty(catalog);
        let var = |expr: &Expr| {
            let var = make_var(1, target.resno, expr.ty(catalog), expr.collation(), 0, Loc::NONE);
            Expr::Var(Box::new(var))
        };
        let upper = if self.modifiable && target.ressortgroupref == 0 {
            let coerced = analyzer.coerce_to_target_type(
                target.expr.clone(),
                from.oid,
                ty.oid,
                ty.typmod,
                Coercion::ASSIGNMENT,
            )?;
            let Some(mut expr) = coerced else { return Ok(false) };
            analyzer.assign_expr_collations(&mut expr)?;
            let upper = var(&expr);
            target.expr = expr;
            upper
        } else {
            let var = var(&target.expr);
            let coerced =
                analyzer.coerce_to_target_type(var.clone(), from.oid, ty.oid, ty.typmod, Coercion::ASSIGNMENT)?;
            let Some(mut expr) = coerced else { return Ok(false) };
            analyzer.assign_expr_collations(&mut expr)?;
            self.nontrivial |= expr != var;
            expr
        };
        let number = i16::try_from(self.upper.len() + 1).unwrap_or(i16::MAX);
        self.upper.push(make_target_entry(upper, number, target.name.clone(), false));
        Ok(true)
    }
}

/// A query around another that converts its columns.
fn project(inner: Query, targets: Vec<TargetEntry>) -> Query {
    let columns = inner.result_targets().map(|target| target.name.clone().unwrap_or_default()).collect();
    let eref = Alias { name: "*SELECT*".into(), columns };
    let mut query = Query::new(CommandType::Select);
    query.rtable.push(RangeTblEntry {
        kind: RteKind::Subquery(Box::new(inner)),
        alias: Some(eref.clone()),
        eref,
        lateral: false,
        in_from: true,
        inherit: false,
    });
    query.jointree.from.push(JoinTree::Ref(1));
    query.targets = targets;
    query
}
