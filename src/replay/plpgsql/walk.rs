//! Visits the statements of a body and the SQL in them, without running it.

use crate::sql::ast::{Expr, Query};
use crate::sql::plpgsql::{Block, DeclarationKind, Fragment, OpenSource, RaiseWhat, Stmt, StmtKind, Target};
use crate::sql::visit;

/// Calls `f` with each statement, those inside of others too.
pub(in crate::replay) fn statements<'a>(body: &'a [Stmt], f: &mut dyn FnMut(&'a Stmt)) {
    for stmt in body {
        f(stmt);
        parts(stmt).into_iter().for_each(|body| statements(body, f));
    }
}

/// The lists of statements that a statement is made of.
fn parts(stmt: &Stmt) -> Vec<&[Stmt]> {
    match &stmt.kind {
        StmtKind::Block(block) => {
            std::iter::once(block.body.as_slice()).chain(block.handlers.iter().map(|h| h.body.as_slice())).collect()
        }
        StmtKind::If { branches, otherwise } => {
            branches.iter().map(|(_, body)| body.as_slice()).chain([otherwise.as_slice()]).collect()
        }
        StmtKind::Case(case) => {
            let branches = case.branches.iter().map(|(_, body)| body.as_slice());
            branches.chain(case.otherwise.as_deref()).collect()
        }
        StmtKind::Loop(body)
        | StmtKind::While { body, .. }
        | StmtKind::ForQuery { body, .. }
        | StmtKind::ForExecute { body, .. }
        | StmtKind::ForCursor { body, .. }
        | StmtKind::ForEach { body, .. } => vec![&body.body],
        StmtKind::ForInteger(for_) => vec![&for_.body.body],
        StmtKind::Assign { .. }
        | StmtKind::Exit { .. }
        | StmtKind::Return(_)
        | StmtKind::ReturnNext(_)
        | StmtKind::ReturnQuery(_)
        | StmtKind::ReturnQueryExecute { .. }
        | StmtKind::Raise(_)
        | StmtKind::Assert { .. }
        | StmtKind::Sql { .. }
        | StmtKind::Perform(_)
        | StmtKind::Execute { .. }
        | StmtKind::GetDiagnostics { .. }
        | StmtKind::Open(_)
        | StmtKind::Fetch { .. }
        | StmtKind::Move { .. }
        | StmtKind::Close { .. }
        | StmtKind::Commit
        | StmtKind::Rollback
        | StmtKind::Null => Vec::new(),
    }
}

/// The blocks directly inside of statements, not those inside of these blocks.
pub(super) fn blocks<'a>(body: &'a [Stmt], found: &mut Vec<&'a Block>) {
    for stmt in body {
        match &stmt.kind {
            StmtKind::Block(block) => found.push(block),
            _ => parts(stmt).into_iter().for_each(|body| blocks(body, found)),
        }
    }
}

/// Calls `f` with the expressions that the statement itself evaluates, and all that is inside them.
pub(in crate::replay) fn expressions(stmt: &Stmt, f: &mut dyn FnMut(&Expr)) {
    let mut one = |fragment: &Fragment<Query>| visit::in_query(&fragment.sql, f);
    match &stmt.kind {
        StmtKind::Block(block) => {
            for declaration in &block.declarations {
                match &declaration.kind {
                    DeclarationKind::Variable { default, .. } => {
                        default.iter().for_each(|d| visit::in_query(&d.sql, f));
                    }
                    DeclarationKind::Cursor { query, .. } => visit::in_data_statement(&query.sql, f),
                    DeclarationKind::Alias(_) => {}
                }
            }
        }
        StmtKind::Assign { value, .. } => one(value),
        StmtKind::If { branches, .. } => branches.iter().for_each(|(condition, _)| one(condition)),
        StmtKind::Case(case) => {
            case.operand.iter().for_each(one);
            case.branches.iter().flat_map(|(values, _)| values).for_each(|value| visit::in_expr(&value.sql, f));
        }
        StmtKind::While { condition, .. } => one(condition),
        StmtKind::ForInteger(for_) => [&for_.low, &for_.high].into_iter().chain(&for_.step).for_each(one),
        StmtKind::ForQuery { query, .. } => visit::in_data_statement(&query.sql, f),
        StmtKind::ForExecute { text, using, .. } | StmtKind::ReturnQueryExecute { text, using } => {
            std::iter::once(text).chain(using).for_each(one);
        }
        StmtKind::ForCursor { args, .. } => args.iter().for_each(|a| one(&a.value)),
        StmtKind::ForEach { array, .. } => one(array),
        StmtKind::Exit { when, .. } => when.iter().for_each(one),
        StmtKind::Return(value) | StmtKind::ReturnNext(value) => value.iter().for_each(one),
        StmtKind::ReturnQuery(query) => visit::in_data_statement(&query.sql, f),
        StmtKind::Raise(raise) => {
            if let RaiseWhat::Format { args, .. } = &raise.what {
                args.iter().for_each(&mut one);
            }
            raise.options.iter().for_each(|(_, value)| one(value));
        }
        StmtKind::Assert { condition, message } => std::iter::once(condition).chain(message).for_each(one),
        StmtKind::Perform(query) => one(query),
        StmtKind::Execute { text, using, .. } => std::iter::once(text).chain(using).for_each(one),
        StmtKind::Open(open) => match &open.source {
            OpenSource::Bound(args) => args.iter().for_each(|a| one(&a.value)),
            OpenSource::Query(query) => visit::in_data_statement(&query.sql, f),
            OpenSource::Execute { text, using } => std::iter::once(text).chain(using).for_each(one),
        },
        StmtKind::Loop(_)
        | StmtKind::Sql { .. }
        | StmtKind::GetDiagnostics { .. }
        | StmtKind::Fetch { .. }
        | StmtKind::Move { .. }
        | StmtKind::Close { .. }
        | StmtKind::Commit
        | StmtKind::Rollback
        | StmtKind::Null => {}
    }
}

/// The variables that the statement itself assigns to.
pub(super) fn targets(stmt: &Stmt) -> Vec<&Target> {
    match &stmt.kind {
        StmtKind::Assign { target, .. } => vec![target],
        StmtKind::ForQuery { targets, .. }
        | StmtKind::ForExecute { targets, .. }
        | StmtKind::ForEach { targets, .. } => targets.iter().collect(),
        StmtKind::Sql { into, .. } | StmtKind::Execute { into, .. } | StmtKind::Fetch { into, .. } => {
            into.iter().flat_map(|into| &into.targets).collect()
        }
        StmtKind::GetDiagnostics { items, .. } => items.iter().map(|(target, _)| target).collect(),
        StmtKind::Block(_)
        | StmtKind::If { .. }
        | StmtKind::Case(_)
        | StmtKind::Loop(_)
        | StmtKind::While { .. }
        | StmtKind::ForInteger(_)
        | StmtKind::ForCursor { .. }
        | StmtKind::Exit { .. }
        | StmtKind::Return(_)
        | StmtKind::ReturnNext(_)
        | StmtKind::ReturnQuery(_)
        | StmtKind::ReturnQueryExecute { .. }
        | StmtKind::Raise(_)
        | StmtKind::Assert { .. }
        | StmtKind::Perform(_)
        | StmtKind::Open(_)
        | StmtKind::Move { .. }
        | StmtKind::Close { .. }
        | StmtKind::Commit
        | StmtKind::Rollback
        | StmtKind::Null => Vec::new(),
    }
}
