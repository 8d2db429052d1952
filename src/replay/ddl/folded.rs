//! Defaults that PostgreSQL computes before there is a row to have them: the planner of INSERT, UPDATE and MERGE, and ADD
//! COLUMN for the rows that are there (`clauses.c: evaluate_expr`, `heap.c: StoreAttrDefault`).

use std::sync::Arc;

use crate::catalog::tree::{At, CoercionForm, CommandType, Const, Expr, Query, Stored, TargetEntry};
use crate::catalog::{AttrNumber, Object, Oid, RelationKind, StoredExpr};
use crate::replay::query::NoVariables;
use crate::replay::value::Types;
use crate::replay::{Context, Exec, Replay, SqlError, Stop};
use crate::sql::ast::{Insert, Name};

impl Replay {
    /// A value that cannot be computed (22012, 22001 …). Only where that is certain: what is not IMMUTABLE, or calls
    /// functions of scripts, is computed later.
    fn refuse_value(&mut self, value: &StoredExpr, cx: &Context) -> Exec {
        if matches!(value.tree, Expr::Const(_)) {
            return Ok(());
        }
        let calls = value.depends_on.iter().any(|object| matches!(object, Object::Function(_)));
        if calls || !self.is_immutable(&value.tree) {
            return Ok(());
        }
        self.refuse_folded(&value.tree)?;
        // An implicit cast is not printed, such as that to a length that the column got later.
        let (cast, value) = match &value.tree {
            Expr::FuncExpr(call) if call.form == CoercionForm::ImplicitCast => match call.args.first() {
                Some(inner) => (Some(call), Arc::new(Stored { tree: inner.clone(), depends_on: Vec::new() })),
                None => (None, value.clone()),
            },
            _ => (None, value.clone()),
        };
        let Some(expr) = self.stored_syntax(&value) else { return Ok(()) };
        match (self.evaluate(&expr, &NoVariables, cx), cast) {
            (Err(Stop::Error(error)), _) if error.sqlstate.as_str().starts_with("22") => {
                Err(SqlError { loc: Default::default(), ..*error }.into())
            }
            (Ok(found), Some(cast)) => {
                let path = self.path();
                let types = Types { catalog: &self.catalog, path: &path };
                let Ok(Some(text)) = types.output(&found) else { return Ok(()) };
                let ty = value.tree.ty(&self.catalog);
                let collation = value.tree.collation();
                let constant = Const { ty, collation, value: Some(text.into()), object: None, at: At::NONE };
                let mut cast = cast.clone();
                if let Some(first) = cast.args.first_mut() {
                    *first = Expr::Const(Box::new(constant));
                }
                self.refuse_folded(&Expr::FuncExpr(cast))
            }
            (Ok(_) | Err(_), _) => Ok(()),
        }
    }

    /// The default of a new column of a table with rows, or of its children.
    pub(super) fn refuse_new_default(&mut self, rel: Oid, column: &Name, cx: &Context) -> Exec {
        let is_table = |oid: Oid| self.catalog.relation(oid).is_some_and(|r| matches!(r.kind, RelationKind::Table));
        if !self.catalog.inheritors(rel).into_iter().any(|(oid, _)| is_table(oid)) {
            return Ok(());
        }
        let default = self.catalog.relation(rel).and_then(|r| r.column(column)?.default.clone());
        default.map_or(Ok(()), |default| self.refuse_value(&default, cx))
    }

    /// The defaults that UPDATE and MERGE write, whatever rows there are.
    pub(super) fn refuse_written_defaults(&mut self, query: &Query, rel: Oid, cx: &Context) -> Exec {
        let Some(target) = self.catalog.shared_relation(rel) else { return Ok(()) };
        let is_default = |entry: &&TargetEntry| matches!(entry.expr, Expr::SetToDefault(_));
        let mut written: Vec<AttrNumber> = Vec::new();
        let of_update = |targets: &[TargetEntry]| -> Vec<AttrNumber> {
            targets.iter().filter(is_default).map(|entry| entry.resno).collect()
        };
        match query.command {
            CommandType::Update => written.extend(of_update(&query.targets)),
            CommandType::Merge => {
                for action in &query.merge_actions {
                    match action.command {
                        CommandType::Insert => {
                            let given = |number: AttrNumber| {
                                action.targets.iter().any(|entry| entry.resno == number && !is_default(&entry))
                            };
                            written.extend(target.live_columns().map(|c| c.number).filter(|number| !given(*number)));
                        }
                        CommandType::Update => written.extend(of_update(&action.targets)),
                        CommandType::Select
                        | CommandType::Delete
                        | CommandType::Merge
                        | CommandType::Utility
                        | CommandType::Nothing => {}
                    }
                }
            }
            CommandType::Select
            | CommandType::Insert
            | CommandType::Delete
            | CommandType::Utility
            | CommandType::Nothing => {}
        }
        let defaults = written.into_iter().filter_map(|number| target.column_at(number)?.default.as_ref());
        { defaults }.try_for_each(|default| self.refuse_value(default, cx))
    }

    /// The defaults of columns that an INSERT does not name, with whatever rows.
    pub(super) fn refuse_defaults(&mut self, stmt: &Insert, rel: Oid, cx: &Context) -> Exec {
        let Some(target) = self.catalog.shared_relation(rel) else { return Ok(()) };
        if stmt.columns.is_empty() && stmt.source.is_some() {
            return Ok(());
        }
        let named = |name: &Name| stmt.columns.iter().any(|c| c.name.as_ref() == Some(name));
        let defaults = target.live_columns().filter(|c| !named(&c.name)).filter_map(|c| c.default.as_ref());
        { defaults }.try_for_each(|default| self.refuse_value(default, cx))
    }
}
