//! Names of columns, and the errors for those that stand for nothing (`parse_relation.c: colNameToVar`, `errorMissingColumn`).

use super::Binder;
use crate::catalog::{Binding, Object, Oid, TypeRef};
use crate::expr::place::Place;
use crate::expr::scope::{ScopeColumn, ScopeItem};
use crate::replay::{About, Exec, KnownNames, SqlError, Stop, lookup};
use crate::sql::ast::*;
use crate::sql::plpgsql::VariableConflict;
use crate::sql::span::Loc;

impl Binder<'_> {
    /// `parse_expr.c: transformColumnRef`
    pub(super) fn column(&mut self, parts: &[Name], loc: Loc) -> Exec {
        if self.place == Some(Place::ColumnDefault) {
            return Err(SqlError::new("0A000", "cannot use column reference in DEFAULT expression").at(loc).into());
        }
        if self.place == Some(Place::PartitionBound) {
            let message = "cannot use column reference in partition bound expression";
            return Err(SqlError::new("42P10", message).at(loc).into());
        }
        let (binding, _) = self.find_column(parts, loc)?;
        self.bind(loc, binding);
        Ok(())
    }

    /// A column, or a variable of the code that is running (`pl_comp.c: plpgsql_post_column_ref`).
    pub(in crate::expr) fn find_column(&self, parts: &[Name], loc: Loc) -> Exec<(Binding, Option<TypeRef>)> {
        let variables = self.variables.as_deref().filter(|v| v.knows(parts));
        let ty = variables.and_then(|v| v.type_of(parts));
        let column = match variables.map(KnownNames::conflict) {
            Some(VariableConflict::UseVariable) => return Ok((Binding::Local, ty)),
            Some(VariableConflict::Error | VariableConflict::UseColumn) | None => self.find_own_column(parts, loc),
        };
        match (column, variables.map(KnownNames::conflict)) {
            (Ok(_), Some(VariableConflict::Error)) => {
                let message = format!("column reference \"{}\" is ambiguous", parts.join("."));
                let detail = "It could refer to either a PL/pgSQL variable or a table column.";
                Err(SqlError::new("42702", message).detail(detail).at(loc).into())
            }
            (Err(_), Some(_)) => Ok((Binding::Local, ty)),
            (column, _) => column,
        }
    }

    pub(super) fn find_own_column(&self, parts: &[Name], loc: Loc) -> Exec<(Binding, Option<TypeRef>)> {
        match parts {
            [column] => self.find_unqualified(column, loc),
            [table, column] => self.find_qualified(None, table, column, loc),
            [schema, table, column] | [_, schema, table, column] => {
                self.find_qualified(Some(schema), table, column, loc)
            }
            _ => {
                let message = format!("improper qualified name (too many dotted names): {}", parts.join("."));
                Err(SqlError::new("42601", message).at(loc).into())
            }
        }
    }

    pub(super) fn find_unqualified(&self, column: &Name, loc: Loc) -> Exec<(Binding, Option<TypeRef>)> {
        for scope in self.scopes.iter().rev() {
            let mut found: Option<&ScopeColumn> = None;
            for item in scope.items.iter().filter(|i| !i.qualified_only) {
                let Some(hit) = item.columns.iter().flatten().find(|c| c.name == *column && !c.merged) else {
                    continue;
                };
                if found.is_some() {
                    let message = format!("column reference \"{column}\" is ambiguous");
                    return Err(SqlError::new("42702", message).at(loc).into());
                }
                found = Some(hit);
            }
            if let Some(hit) = found {
                return Ok((hit.binding, hit.ty));
            }
            if scope.items.iter().any(|i| i.columns.is_none()) {
                return Ok((Binding::Local, None));
            }
        }
        // A relation's name alone is its whole row; system columns are there for tables.
        for item in self.scopes.iter().rev().flat_map(|s| &s.items) {
            if item.name.as_ref() == Some(column) {
                let row = item.relation.and_then(|r| self.catalog.relation(r)).and_then(|r| r.row_type);
                let binding = item.relation.map_or(Binding::Local, |r| Binding::Object(Object::Relation(r)));
                return Ok((binding, row.map(TypeRef::plain)));
            }
        }
        if is_system_column(column) && self.scopes.iter().any(|s| !s.items.is_empty()) {
            return Ok((Binding::Local, None));
        }
        let relation = self.scopes.iter().rev().flat_map(|s| &s.items).find_map(|i| i.name.as_deref()).unwrap_or("");
        let error = SqlError::new("42703", format!("column \"{column}\" does not exist")).at(loc);
        let mut error = error.about(About::Column(relation.to_owned(), column.to_string()));
        if let Some(hint) = self.closest_column(column) {
            error = error.hint(hint);
        }
        self.explain_missing_column(&mut error, column);
        self.refuse(error)
    }

    pub(super) fn find_qualified(
        &self,
        schema: Option<&Name>,
        table: &Name,
        column: &Name,
        loc: Loc,
    ) -> Exec<(Binding, Option<TypeRef>)> {
        let schema_oid = schema.map(|s| self.catalog.schema_named(s).map_or(Oid::INVALID, |s| s.oid));
        let item = self
            .scopes
            .iter()
            .rev()
            .flat_map(|s| &s.items)
            .find(|i| i.name.as_ref() == Some(table) && (schema_oid.is_none() || i.schema == schema_oid));
        let Some(item) = item else {
            // `column.field` of a composite column is not table.column; PostgreSQL demands parentheses for it.
            return Err(self.missing_entry(schema, table, loc));
        };
        if schema.is_none()
            && let Some(scope) = self.scopes.iter().find(|s| s.items.iter().any(|i| std::ptr::eq(i, item)))
            && scope.items.iter().filter(|i| i.name.as_ref() == Some(table)).count() > 1
        {
            let error = SqlError::new("42P09", format!("table reference \"{table}\" is ambiguous"));
            return Err(error.at(loc).into());
        }
        let Some(columns) = &item.columns else { return Ok((Binding::Local, None)) };
        match columns.iter().find(|c| c.name == *column) {
            Some(hit) => Ok((hit.binding, hit.ty)),
            None if is_system_column(column) => Ok((Binding::Local, None)),
            // `table.function` is a call with the row as its argument.
            None if self.catalog.find_functions(self.path, column).next().is_some() => Ok((Binding::Local, None)),
            None => {
                let error = SqlError::new("42703", format!("column {table}.{column} does not exist")).at(loc);
                let mut error = error.about(About::Column(table.to_string(), column.to_string()));
                if let Some(hint) = self.closest_column(column) {
                    error = error.hint(hint);
                }
                self.explain_missing_column(&mut error, column);
                self.refuse(error)
            }
        }
    }

    /// `parse_relation.c: errorMissingRTE`: a table of that name that is there under an alias, or out of reach.
    pub(super) fn missing_entry(&self, schema: Option<&Name>, table: &Name, loc: Loc) -> Stop {
        let hidden = self.hidden.iter().chain(self.scopes.iter().rev().flat_map(|s| &s.items));
        let same = |item: &&ScopeItem| {
            let relation = item.relation.and_then(|r| self.catalog.relation(r));
            let in_schema = schema.is_none_or(|s| relation.is_some_and(|r| self.catalog.schema_name(r.schema) == s));
            // An alias is compared without the schema (`searchRangeTableForRel`).
            item.name.as_ref() == Some(table) || relation.is_some_and(|r| r.name == *table) && in_schema
        };
        let word = match { hidden }.find(same) {
            Some(_) => "invalid reference to",
            None => "missing",
        };
        SqlError::new("42P01", format!("{word} FROM-clause entry for table \"{table}\"")).at(loc).into()
    }

    /// A missing column may be there after all if a relation of the scope is tainted.
    pub(super) fn refuse<T>(&self, error: SqlError) -> Exec<T> {
        for relation in self.scopes.iter().flat_map(|s| &s.items).filter_map(|i| i.relation) {
            let Some(relation) = self.catalog.relation(relation) else { continue };
            let since = Some(relation.provenance.created);
            if let Some(unknown) = self.catalog.taint.of_relation(relation.schema, &relation.name, since) {
                return Err(lookup::maybe(error, unknown));
            }
        }
        Err(error.into())
    }

    /// `parse_relation.c: errorMissingColumn`: close by Levenshtein distance.
    pub(super) fn closest_column(&self, column: &str) -> Option<String> {
        let limit = (column.len() / 2).clamp(1, 3);
        let mut best: Option<(usize, String)> = None;
        for item in self.scopes.last()?.items.iter() {
            let table = item.name.as_deref()?;
            for candidate in item.columns.iter().flatten() {
                let distance = strsim::levenshtein(column, &candidate.name);
                if distance <= limit && best.as_ref().is_none_or(|(d, _)| distance < *d) {
                    best = Some((distance, format!("{table}.{}", candidate.name)));
                }
            }
        }
        best.map(|(_, name)| format!("Perhaps you meant to reference the column \"{name}\"."))
    }

    pub(super) fn explain_missing_column(&self, error: &mut SqlError, column: &str) {
        for relation in self.scopes.iter().flat_map(|s| &s.items).filter_map(|i| i.relation) {
            lookup::explain_missing_column(self.catalog, relation, column, error);
        }
    }
}

/// The system columns of a table (`heap.c: SysAtt`).
pub(crate) fn is_system_column(name: &str) -> bool {
    matches!(name, "ctid" | "xmin" | "cmin" | "xmax" | "cmax" | "tableoid")
}
