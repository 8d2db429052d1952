//! Whole statements (`analyze.c: parse_analyze_fixedparams`, `transformStmt`).

use std::sync::Arc;

use super::depend::query_dependencies;
use super::expand::make_target_entry;
use super::func::Call;
use super::{Analyzer, Environment, ExprKind};
use crate::catalog::tree::{CommandType, Expr, Query, Stored, StoredQueryTree};
use crate::replay::Exec;
use crate::sql::ast::{self, FuncCall, StatementKind};

/// Analyses a query.
pub fn analyze_query(env: &Environment<'_>, query: &ast::Query) -> Exec<StoredQueryTree> {
    let mut analyzer = Analyzer::new(*env);
    let state = analyzer.state();
    state.resolve_unknowns = true;
    // What INTO makes is the caller's business.
    state.into_allowed = true;
    let tree = analyzer.transform_query(query)?;
    store(env, tree)
}

/// Analyses a statement that reads or writes rows; nothing for another.
pub fn analyze_statement(env: &Environment<'_>, statement: &StatementKind) -> Exec<Option<StoredQueryTree>> {
    match transform_statement(env, statement)? {
        Some(query) => store(env, query).map(Some),
        None => Ok(None),
    }
}

/// Analyses the call of a CALL (`transformCallStmt`).
pub fn analyze_call(env: &Environment<'_>, call: &FuncCall) -> Exec<Expr> {
    let mut analyzer = Analyzer::new(*env);
    let mut args = Vec::with_capacity(call.args.len());
    for arg in &call.args {
        args.push(analyzer.transform_call_argument(arg)?);
    }
    let last_srf = analyzer.last_srf();
    let loc = call.name.loc;
    let call = Call { name: &call.name, args, written: Some(call), procedure: true, last_srf, loc };
    analyzer.state().expr_kind = Some(ExprKind::CallArgument);
    let mut expr = analyzer.parse_func(call)?;
    analyzer.assign_expr_collations(&mut expr)?;
    Ok(expr)
}

/// A tree with what it depends on.
pub(super) fn store(env: &Environment<'_>, tree: Query) -> Exec<StoredQueryTree> {
    let depends_on = query_dependencies(env.catalog, &tree)?;
    Ok(Arc::new(Stored { tree, depends_on }))
}

/// A statement that reads or writes rows; nothing for another.
pub(super) fn transform_statement(env: &Environment<'_>, statement: &StatementKind) -> Exec<Option<Query>> {
    let mut analyzer = Analyzer::new(*env);
    analyzer.state().resolve_unknowns = true;
    analyzer.transform_statement(statement)
}

impl Analyzer<'_> {
    /// `transformStmt`
    pub(super) fn transform_statement(&mut self, statement: &StatementKind) -> Exec<Option<Query>> {
        let query = match statement {
            StatementKind::Select(query) => self.transform_query(query),
            StatementKind::Insert(insert) => self.transform_insert(insert),
            StatementKind::Update(update) => self.transform_update(update),
            StatementKind::Delete(delete) => self.transform_delete(delete),
            StatementKind::Merge(merge) => self.transform_merge(merge),
            _ => return Ok(None),
        };
        query.map(Some)
    }

    /// `RETURN value` (`transformReturnStmt`).
    pub(super) fn transform_return(&mut self, value: &ast::Expr) -> Exec<Query> {
        self.state().resolve_unknowns = true;
        let mut query = Query::new(CommandType::Select);
        let expr = self.transform_expr(value, ExprKind::SelectTarget)?;
        query.targets.push(make_target_entry(expr, 1, None, false));
        self.resolve_target_list_unknowns(&mut query.targets)?;
        self.finish_query(&mut query, None);
        self.assign_query_collations(&mut query)?;
        Ok(query)
    }

    fn transform_call_argument(&mut self, arg: &ast::FuncArg) -> Exec<Expr> {
        let value = self.transform_expr(&arg.value, ExprKind::CallArgument)?;
        match &arg.name {
            None => Ok(value),
            Some(name) => Ok(Expr::NamedArgExpr(Box::new(crate::catalog::tree::NamedArgExpr {
                arg: value,
                name: name.clone(),
                number: u32::MAX,
                at: arg.loc.into(),
            }))),
        }
    }
}

/// The tag of a statement that cannot be in a function's body in SQL-standard syntax.
pub(super) fn command_tag(statement: &StatementKind) -> &'static str {
    match statement {
        StatementKind::Call(_) => "CALL",
        StatementKind::CreateTable(_) => "CREATE TABLE",
        StatementKind::CreateView(_) => "CREATE VIEW",
        StatementKind::CreateTableAs(_) => "CREATE TABLE AS",
        _ => "???",
    }
}
