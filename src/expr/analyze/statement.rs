//! Whole statements (`analyze.c: parse_analyze_fixedparams`, `transformStmt`).

use std::sync::Arc;

use super::depend::query_dependencies;
use super::error::fail;
use super::expand::make_target_entry;
use super::func::Call;
use super::locking::strength_words;
use super::rewrite::check_assignments;
use super::{Analyzer, Environment, ExprKind};
use crate::catalog::tree::{CommandType, Expr, Query, Stored, StoredQueryTree};
use crate::replay::{Exec, SqlError};
use crate::sql::ast::{self, FuncCall, StatementKind};
use crate::sql::span::Loc;

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

/// Analyses a query that is run, with what the rewriter refuses of it.
pub fn check_query(env: &Environment<'_>, query: &ast::Query) -> Exec<StoredQueryTree> {
    let stored = analyze_query(env, query)?;
    check_assignments(env.catalog, &stored.tree)?;
    Ok(stored)
}

/// Analyses a statement that reads or writes rows, and what the rewriter refuses of it; nothing for another.
pub fn analyze_statement(env: &Environment<'_>, statement: &StatementKind) -> Exec<Option<StoredQueryTree>> {
    match transform_statement(env, statement)? {
        Some(query) => {
            check_assignments(env.catalog, &query)?;
            store(env, query).map(Some)
        }
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
            other => {
                self.transform_utility(other)?;
                return Ok(None);
            }
        };
        query.map(Some)
    }

    /// Utility statements with a query in them, which is analysed before they run (`transformDeclareCursorStmt`,
    /// `transformExplainStmt`, `transformCreateTableAsStmt`).
    fn transform_utility(&mut self, statement: &StatementKind) -> Exec {
        match statement {
            StatementKind::DeclareCursor(declare) => {
                let Some(query) = self.transform_statement(&declare.query)? else { return Ok(()) };
                check_cursor(declare.options, &query)
            }
            StatementKind::Explain(explain) => {
                self.state().into_allowed = true;
                self.transform_statement(&explain.statement).map(drop)
            }
            StatementKind::CreateTableAs(create) => {
                let Some(query) = &create.query else { return Ok(()) };
                self.state().into_allowed = true;
                self.transform_query(query).map(drop)
            }
            _ => Ok(()),
        }
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

/// What a cursor's options do not go with (`transformDeclareCursorStmt`).
fn check_cursor(options: i32, query: &Query) -> Exec {
    const SCROLL: i32 = 0x0002;
    const INSENSITIVE: i32 = 0x0008;
    const HOLD: i32 = 0x0020;
    if query.has_modifying_cte {
        let message = "DECLARE CURSOR must not contain data-modifying statements in WITH";
        return fail("0A000", message, Loc::NONE);
    }
    let Some(mark) = query.row_marks.first() else { return Ok(()) };
    let words = strength_words(mark.strength);
    let (state, message, detail) = if options & HOLD != 0 {
        ("0A000", format!("DECLARE CURSOR WITH HOLD ... {words} is not supported"), "Holdable")
    } else if options & SCROLL != 0 {
        ("0A000", format!("DECLARE SCROLL CURSOR ... {words} is not supported"), "Scrollable")
    } else if options & INSENSITIVE != 0 {
        ("42P11", format!("DECLARE INSENSITIVE CURSOR ... {words} is not valid"), "Insensitive")
    } else {
        return Ok(());
    };
    Err(SqlError::new(state, message).detail(format!("{detail} cursors must be READ ONLY.")).into())
}

/// The tag of a statement that cannot be in a function's body in SQL-standard syntax, where it is known
/// (`utility.c: CreateCommandTag`).
pub(super) fn command_tag(statement: &StatementKind) -> Option<&str> {
    match statement {
        StatementKind::Call(_) => Some("CALL"),
        StatementKind::CreateTable(_) => Some("CREATE TABLE"),
        StatementKind::CreateView(_) => Some("CREATE VIEW"),
        StatementKind::CreateTableAs(create) => {
            Some(if create.materialized_view { "CREATE MATERIALIZED VIEW" } else { "CREATE TABLE AS" })
        }
        StatementKind::DeclareCursor(_) => Some("DECLARE CURSOR"),
        StatementKind::Explain(_) => Some("EXPLAIN"),
        StatementKind::Notify { .. } => Some("NOTIFY"),
        _ => None,
    }
}
