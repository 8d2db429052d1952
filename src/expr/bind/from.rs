//! FROM (`parse_clause.c: transformFromClause`).

use super::Binder;
use crate::catalog::{Binding, Object};
use crate::expr::infer;
use crate::expr::place::Place;
use crate::expr::scope::{ScopeColumn, ScopeItem};
use crate::replay::{About, Exec, Opaque, SqlError, lookup};
use crate::sql::ast::*;

impl Binder<'_> {
    pub(in crate::expr) fn table(&mut self, table: &TableRef) -> Exec {
        let item = match table {
            TableRef::Relation { relation, .. } => self.relation(relation)?,
            TableRef::Subquery { query, alias, lateral } => {
                let hidden = if *lateral { None } else { self.scopes.last_mut().map(std::mem::take) };
                let before = self.hidden.len();
                self.hidden.extend(hidden.iter().flat_map(|scope| scope.items.clone()));
                let columns = self.walk_query(query);
                self.hidden.truncate(before);
                if let (Some(hidden), Some(scope)) = (hidden, self.scopes.last_mut()) {
                    *scope = hidden;
                }
                let columns = columns?.map(|columns| columns.into_iter().map(|c| (c.name, c.ty)).collect());
                ScopeItem::local(None, columns, alias.as_ref())
            }
            TableRef::Function { functions, alias, columns, ordinality, .. } => {
                let functions = &infer::several_unnests(functions);
                for function in functions {
                    self.walk(&function.call)?;
                    function.columns.iter().try_for_each(|c| self.type_name(&c.ty))?;
                }
                columns.iter().try_for_each(|c| self.type_name(&c.ty))?;
                infer::function_item(self, functions, alias.as_ref(), columns, *ordinality)
            }
            TableRef::Join(join) => return self.join(join),
            TableRef::XmlTable(_) | TableRef::JsonTable(_) | TableRef::Unmodelled { .. } => {
                let what = table.what();
                return Err(Opaque::new(format!("{what} is not executed yet"), Touches::Nothing).into());
            }
        };
        if let Some(scope) = self.scopes.last_mut() {
            scope.items.push(item);
        }
        Ok(())
    }

    pub(super) fn relation(&mut self, relation: &RangeVar) -> Exec<ScopeItem> {
        if relation.name.schema.is_none()
            && let Some((name, columns)) = self.ctes.iter().rev().find(|(n, _)| *n == relation.name.name)
        {
            let name = name.clone();
            self.names.push((relation.name.loc, Binding::Local));
            return Ok(ScopeItem::local(Some(name), columns.clone(), relation.alias.as_ref()));
        }
        match lookup::find_relation_in_query(self.catalog, self.path, &relation.name)? {
            lookup::FoundRelation::User(oid) => {
                self.bind(relation.name.loc, Binding::Object(Object::Relation(oid)));
                let found = self.catalog.relation(oid);
                Ok(found.map_or_else(
                    || ScopeItem::local(Some(relation.name.name.clone()), None, relation.alias.as_ref()),
                    |r| ScopeItem::relation(r, relation.alias.as_ref()),
                ))
            }
            lookup::FoundRelation::System { columns } => {
                self.bind(relation.name.loc, Binding::Builtin);
                Ok(ScopeItem::local(Some(relation.name.name.clone()), columns, relation.alias.as_ref()))
            }
        }
    }

    pub(super) fn join(&mut self, join: &Join) -> Exec {
        let before = self.scopes.last().map_or(0, |s| s.items.len());
        self.table(&join.left)?;
        let middle = self.scopes.last().map_or(0, |s| s.items.len());
        self.table(&join.right)?;
        let Some(scope) = self.scopes.last_mut() else { return Ok(()) };
        let merged: Vec<Name> = if join.natural {
            let left: Vec<Name> = visible_columns(&scope.items[before..middle]);
            visible_columns(&scope.items[middle..]).into_iter().filter(|n| left.contains(n)).collect()
        } else {
            join.using.clone()
        };
        if !join.natural {
            refuse_missing_merged(&scope.items[before..middle], &merged, "left")?;
            refuse_missing_merged(&scope.items[middle..], &merged, "right")?;
        }
        for name in &merged {
            for column in scope.items[middle..].iter_mut().flat_map(|i| i.columns.iter_mut().flatten()) {
                if column.name == *name {
                    column.merged = true;
                }
            }
            // The join compares the columns of both sides.
            for column in scope.items[before..].iter().flat_map(|i| i.columns.iter().flatten()) {
                if let Binding::Column(rel, number) = column.binding
                    && column.name == *name
                {
                    self.depends_on.push(Object::Column(rel, number));
                }
            }
        }
        if let Some(on) = &join.on {
            // The condition sees the two sides of the join only (and what is outside the query).
            let outside = scope.items.drain(..before).collect::<Vec<_>>();
            let result = self.walk_in(Place::JoinCondition, on);
            if let Some(scope) = self.scopes.last_mut() {
                scope.items.splice(0..0, outside);
            }
            result?;
        }
        if let (Some(alias), Some(scope)) = (&join.alias, self.scopes.last_mut()) {
            let inner: Vec<ScopeItem> = scope.items.drain(before..).collect();
            let known = inner.iter().all(|i| i.columns.is_some());
            let columns = inner.into_iter().flat_map(|i| i.columns.into_iter().flatten()).filter(|c| !c.merged);
            let columns: Vec<ScopeColumn> = columns
                .enumerate()
                .map(|(i, c)| ScopeColumn { name: alias.columns.get(i).cloned().unwrap_or(c.name.clone()), ..c })
                .collect();
            scope.items.push(ScopeItem {
                name: Some(alias.name.clone()),
                schema: None,
                relation: None,
                columns: known.then_some(columns),
                qualified_only: false,
            });
        }
        Ok(())
    }
}

/// `parse_clause.c: transformFromClauseItem`
fn refuse_missing_merged(side: &[ScopeItem], merged: &[Name], word: &str) -> Exec {
    if side.iter().any(|item| item.columns.is_none()) {
        return Ok(());
    }
    let there = |name: &&Name| side.iter().any(|item| item.column(name).is_some());
    match merged.iter().find(|name| !there(name)) {
        Some(name) => {
            let message = format!("column \"{name}\" specified in USING clause does not exist in {word} table");
            Err(SqlError::new("42703", message).about(About::Column(String::new(), name.to_string())).into())
        }
        None => Ok(()),
    }
}

fn visible_columns(items: &[ScopeItem]) -> Vec<Name> {
    items.iter().flat_map(|i| i.columns.iter().flatten()).filter(|c| !c.merged).map(|c| c.name.clone()).collect()
}
