//! Queries (`analyze.c: transformSelectStmt` and its kin, `parse_cte.c`).

use super::{Binder, ColumnList, OutputColumn};
use crate::catalog::{Binding, Object, TypeRef, type_oid as t};
use crate::expr::infer;
use crate::expr::place::Place;
use crate::expr::scope::{Scope, ScopeItem};
use crate::replay::{About, Exec, SqlError};
use crate::sql::ast::*;
use crate::sql::span::Loc;

impl Binder<'_> {
    /// Binds what stands in a clause of a query.
    pub(super) fn walk_in(&mut self, place: Place, expr: &Expr) -> Exec {
        let outer = self.place.replace(place);
        let result = self.walk(expr).and_then(|()| self.refuse_type(expr));
        self.place = outer;
        result
    }

    /// How deep queries are nested here.
    pub(in crate::expr) fn depth(&self) -> usize {
        self.scopes.len().saturating_sub(1)
    }

    /// Binds a query; its columns, if all of them are known.
    pub(in crate::expr) fn walk_query(&mut self, query: &Query) -> Exec<Option<Vec<OutputColumn>>> {
        let mut columns = self.walk_branch(query)?;
        // Literals whose type nothing decides are text (`parse_target.c: resolveTargetListUnknowns`).
        for column in columns.iter_mut().flatten() {
            column.ty = column.ty.map(|ty| if ty.oid == t::UNKNOWN { TypeRef::plain(t::TEXT) } else { ty });
        }
        Ok(columns)
    }

    /// The type of a sub-query's only column.
    pub(in crate::expr) fn only_column(&self, query: &Query) -> Option<TypeRef> {
        let mut inner = Binder {
            catalog: self.catalog,
            path: self.path,
            scopes: self.scopes.clone(),
            ctes: self.ctes.clone(),
            names: Vec::new(),
            depends_on: Vec::new(),
            variables: self.variables.clone(),
            windows: self.windows.clone(),
            hidden: Vec::new(),
            place: None,
        };
        match inner.walk_query(query).ok()??.as_slice() {
            [one] => one.ty,
            _ => None,
        }
    }

    /// Binds a query or a branch of UNION: literals may get their type from the other branch.
    pub(super) fn walk_branch(&mut self, query: &Query) -> Exec<Option<Vec<OutputColumn>>> {
        // What an expression may not hold, a sub-query in it may.
        let outer = self.place.take();
        let result = self.walk_query_body(query);
        self.place = outer;
        result
    }

    pub(super) fn walk_query_body(&mut self, query: &Query) -> Exec<Option<Vec<OutputColumn>>> {
        let ctes = self.ctes.len();
        if let Some(with) = &query.with {
            self.with(with)?;
        }
        let columns = match &query.body {
            QueryBody::Select(select) => self.select(select, query)?,
            QueryBody::Values(rows) => Some(self.values(rows)?),
            QueryBody::SetOp { op, left, right, .. } => {
                let left = self.walk_branch(left)?;
                let right = self.walk_branch(right)?;
                let columns = merge_branches(*op, left, right)?;
                self.order_set_operation(&query.order_by, columns.as_deref())?;
                columns
            }
        };
        self.scopes.push(Scope::default());
        query.limit.iter().chain(&query.offset).try_for_each(|e| self.walk(e))?;
        self.scopes.pop();
        self.ctes.truncate(ctes);
        Ok(columns)
    }

    /// `analyze.c: transformValuesClause`
    pub(super) fn values(&mut self, rows: &[Vec<Expr>]) -> Exec<Vec<OutputColumn>> {
        self.scopes.push(Scope::default());
        let mut columns: Vec<OutputColumn> = Vec::new();
        for row in rows {
            self.walk_all(row)?;
            let first = columns.is_empty();
            if !first && row.len() != columns.len() {
                let loc = row.first().map_or(Loc::NONE, |e| e.loc);
                return Err(SqlError::new("42601", "VALUES lists must all be the same length").at(loc).into());
            }
            for (i, value) in row.iter().enumerate() {
                let ty = infer::output_type(self, value);
                match columns.get_mut(i) {
                    Some(column) => column.ty = merge_types(column.ty, ty),
                    None => {
                        let name = ecow::eco_format!("column{}", i + 1);
                        columns.push(OutputColumn { name, ty, loc: value.loc });
                    }
                }
            }
        }
        self.scopes.pop();
        Ok(columns)
    }

    /// ORDER BY of a UNION sees nothing but the result's columns (`analyze.c: transformSetOperationStmt`).
    pub(super) fn order_set_operation(&mut self, order_by: &[SortBy], columns: Option<&[OutputColumn]>) -> Exec {
        let Some(columns) = columns else { return Ok(()) };
        for key in order_by.iter().filter(|key| !is_output_name(&key.expr, columns)) {
            if let ExprKind::Column(parts) = &key.expr.kind
                && let [name] = parts.as_slice()
            {
                let error = SqlError::new("42703", format!("column \"{name}\" does not exist")).at(key.expr.loc);
                return Err(error.about(About::Column(String::new(), name.to_string())).into());
            }
        }
        Ok(())
    }

    pub(in crate::expr) fn with(&mut self, with: &With) -> Exec {
        for (i, cte) in with.ctes.iter().enumerate() {
            if with.ctes[..i].iter().any(|other| other.name == cte.name) {
                let message = format!("WITH query name \"{}\" specified more than once", cte.name);
                return Err(SqlError::new("42712", message).into());
            }
            self.cte(cte, with.recursive)?;
        }
        Ok(())
    }

    /// One query of WITH, which those after it see.
    pub(in crate::expr) fn cte(&mut self, cte: &Cte, recursive: bool) -> Exec {
        if recursive {
            // While it is bound, the query sees itself: its columns are those of its first branch.
            let columns = self.recursive_columns(cte)?;
            self.ctes.push((cte.name.clone(), columns));
        }
        let columns = match &cte.body {
            CteBody::Query(query) => self.walk_query(query)?,
            // What MERGE returns is not inferred (17).
            CteBody::Merge(_) => None,
            CteBody::Insert(stmt) => self.returning(&stmt.relation, &[], &stmt.returning)?,
            CteBody::Update(stmt) => self.returning(&stmt.relation, &stmt.from, &stmt.returning)?,
            CteBody::Delete(stmt) => self.returning(&stmt.relation, &stmt.using, &stmt.returning)?,
        };
        if recursive {
            self.ctes.pop();
        }
        if let Some(columns) = &columns
            && columns.len() < cte.columns.len()
        {
            let (has, wanted) = (columns.len(), cte.columns.len());
            let name = &cte.name;
            let message = format!("WITH query \"{name}\" has {has} columns available but {wanted} columns specified");
            return Err(SqlError::new("42P10", message).into());
        }
        let columns = columns.filter(|_| !cte.search_or_cycle()).map(|columns| {
            let name = |i: usize, c: &OutputColumn| cte.columns.get(i).unwrap_or(&c.name).clone();
            columns.iter().enumerate().map(|(i, c)| (name(i, c), c.ty)).collect()
        });
        self.ctes.push((cte.name.clone(), columns));
        Ok(())
    }

    pub(super) fn recursive_columns(&mut self, cte: &Cte) -> Exec<Option<ColumnList>> {
        let CteBody::Query(query) = &cte.body else { return Ok(None) };
        let QueryBody::SetOp { left, .. } = &query.body else { return Ok(None) };
        let (names, depends_on) = (self.names.len(), self.depends_on.len());
        let columns = self.walk_query(left)?;
        self.names.truncate(names);
        self.depends_on.truncate(depends_on);
        let Some(columns) = columns else { return Ok(None) };
        let name = |i: usize, c: &OutputColumn| cte.columns.get(i).unwrap_or(&c.name).clone();
        Ok(Some(columns.iter().enumerate().map(|(i, c)| (name(i, c), c.ty)).collect()))
    }

    /// What a data-modifying statement in WITH returns.
    pub(super) fn returning(
        &mut self,
        relation: &RangeVar,
        from: &[TableRef],
        returning: &[Target],
    ) -> Exec<Option<Vec<OutputColumn>>> {
        let (names, depends_on) = (self.names.len(), self.depends_on.len());
        self.scopes.push(Scope::default());
        // The target is never a common table expression.
        let ctes = std::mem::take(&mut self.ctes);
        let target = self.table(&TableRef::Relation { relation: relation.clone(), sample: None });
        self.ctes = ctes;
        target?;
        from.iter().try_for_each(|table| self.table(table))?;
        let columns = self.targets(returning)?;
        self.scopes.pop();
        self.names.truncate(names);
        self.depends_on.truncate(depends_on);
        Ok(columns)
    }

    /// The columns of a select list, if all of them are known.
    pub(super) fn targets(&mut self, targets: &[Target]) -> Exec<Option<Vec<OutputColumn>>> {
        let (mut columns, mut known) = (Vec::new(), true);
        for target in targets {
            let Some(value) = &target.value else { continue };
            if let ExprKind::Star(qualifier) = &value.kind {
                match self.star(qualifier, value.loc)? {
                    Some(star) => {
                        columns.extend(star);
                        self.depend_on_star(qualifier);
                    }
                    None => known = false,
                }
                continue;
            }
            self.walk(value)?;
            if let ExprKind::Indirection { path, .. } = &value.kind
                && matches!(path.last(), Some(Indirection::Star))
            {
                known = false;
                continue;
            }
            columns.push(OutputColumn {
                name: target.name.clone().unwrap_or_else(|| infer::column_name(value)),
                ty: infer::output_type(self, value),
                loc: target.loc,
            });
        }
        Ok(known.then_some(columns))
    }

    /// A star stands for columns that are needed then.
    pub(super) fn depend_on_star(&mut self, qualifier: &[Name]) {
        let Some(scope) = self.scopes.last() else { return };
        let wanted = |item: &&ScopeItem| qualifier.last().is_none_or(|name| item.name.as_ref() == Some(name));
        let columns = scope.items.iter().filter(wanted).flat_map(|item| item.columns.iter().flatten());
        let needed = columns.filter_map(|column| match column.binding {
            Binding::Column(rel, number) => Some(Object::Column(rel, number)),
            Binding::TriggerRow(..) | Binding::Object(_) | Binding::Builtin | Binding::Local => None,
        });
        let needed: Vec<Object> = needed.collect();
        self.depends_on.extend(needed);
    }

    pub(super) fn select(&mut self, select: &Select, query: &Query) -> Exec<Option<Vec<OutputColumn>>> {
        self.scopes.push(Scope::default());
        for table in &select.from {
            self.table(table)?;
        }
        self.refuse_twice(&select.from)?;
        let own = select.windows.iter().filter_map(|w| w.name.clone()).collect();
        let outer = std::mem::replace(&mut self.windows, own);
        let columns = self.targets(&select.targets)?;
        select.filter.iter().try_for_each(|e| self.walk_in(Place::Where, e))?;
        select.group_by.iter().try_for_each(|g| self.group_by(g, columns.as_deref()))?;
        select.having.iter().try_for_each(|e| self.walk(e))?;
        select.windows.iter().try_for_each(|w| self.window(w))?;
        if let Distinct::On(keys) = &select.distinct {
            keys.iter().try_for_each(|e| self.sort_key(e, columns.as_deref()))?;
        }
        query.order_by.iter().try_for_each(|s| self.sort_key(&s.expr, columns.as_deref()))?;
        self.refuse_locks(&query.locking)?;
        self.windows = outer;
        self.scopes.pop();
        Ok(columns)
    }

    /// `analyze.c: transformLockingClause`
    pub(super) fn refuse_locks(&self, locking: &[Locking]) -> Exec {
        let Some(scope) = self.scopes.last() else { return Ok(()) };
        for lock in locking {
            let there = |name: &Name| scope.items.iter().any(|i| i.name.as_ref() == Some(name));
            if let Some(missing) = lock.of.iter().find(|of| !there(&of.name.name)) {
                let clause = match lock.strength {
                    LockStrength::KeyShare => "FOR KEY SHARE",
                    LockStrength::Share => "FOR SHARE",
                    LockStrength::NoKeyUpdate => "FOR NO KEY UPDATE",
                    LockStrength::Update => "FOR UPDATE",
                };
                let name = &missing.name.name;
                let message = format!("relation \"{name}\" in {clause} clause not found in FROM clause");
                return Err(SqlError::new("42P01", message).at(missing.name.loc).into());
            }
        }
        Ok(())
    }

    /// `parse_relation.c: checkNameSpaceConflicts`; tables of one name in different schemas are told apart.
    pub(super) fn refuse_twice(&self, from: &[TableRef]) -> Exec {
        let Some(scope) = self.scopes.last().filter(|_| from.len() > 1) else { return Ok(()) };
        for (i, item) in scope.items.iter().enumerate() {
            let Some(name) = &item.name else { continue };
            let same = |other: &&ScopeItem| {
                other.name.as_ref() == Some(name)
                    && (item.relation.is_none()
                        || other.relation.is_none()
                        || item.schema.is_none()
                        || other.schema.is_none()
                        || item.relation == other.relation)
            };
            if scope.items[..i].iter().any(|other| same(&other)) {
                let message = format!("table name \"{name}\" specified more than once");
                return Err(SqlError::new("42712", message).into());
            }
        }
        Ok(())
    }

    pub(super) fn group_by(&mut self, group: &GroupBy, columns: Option<&[OutputColumn]>) -> Exec {
        match group {
            GroupBy::Expr(expr) => match self.walk_in(Place::GroupBy, expr) {
                // An input column first, then an output column (`findTargetlistEntrySQL92`).
                Err(_) if columns.is_none_or(|c| is_output_name(expr, c)) => Ok(()),
                other => other,
            },
            GroupBy::Empty(_) => Ok(()),
            GroupBy::Rollup(list, _) | GroupBy::Cube(list, _) | GroupBy::Sets(list, _) => {
                list.iter().try_for_each(|g| self.group_by(g, columns))
            }
        }
    }

    /// ORDER BY and DISTINCT ON: an output column first.
    pub(super) fn sort_key(&mut self, expr: &Expr, columns: Option<&[OutputColumn]>) -> Exec {
        match columns {
            Some(columns) if is_output_name(expr, columns) => Ok(()),
            Some(_) => self.walk(expr),
            // It may name a column that a star stands for.
            None => match self.walk(expr) {
                Err(_) if matches!(expr.kind, ExprKind::Column(_)) => Ok(()),
                other => other,
            },
        }
    }

    /// The columns that a star stands for; nothing if a table's columns are not known.
    pub(in crate::expr) fn star(&self, qualifier: &[Name], loc: Loc) -> Exec<Option<Vec<OutputColumn>>> {
        let Some(scope) = self.scopes.last() else { return Ok(None) };
        if qualifier.is_empty() && scope.items.is_empty() {
            return Err(SqlError::new("42601", "SELECT * with no tables specified is not valid").at(loc).into());
        }
        let items: Vec<&ScopeItem> = match qualifier {
            [] => scope.items.iter().filter(|i| !i.qualified_only || i.columns.is_none()).collect(),
            [.., table] => {
                let item = self.scopes.iter().rev().flat_map(|s| &s.items).find(|i| i.name.as_ref() == Some(table));
                vec![item.ok_or_else(|| self.missing_entry(None, table, loc))?]
            }
        };
        let mut out = Vec::new();
        for item in items {
            let Some(columns) = &item.columns else { return Ok(None) };
            let visible = columns.iter().filter(|c| !c.merged || !qualifier.is_empty());
            out.extend(visible.map(|c| OutputColumn { name: c.name.clone(), ty: c.ty, loc }));
        }
        Ok(Some(out))
    }
}

/// The columns of a UNION: names of the first branch, types that both agree on.
fn merge_branches(
    op: SetOp,
    left: Option<Vec<OutputColumn>>,
    right: Option<Vec<OutputColumn>>,
) -> Exec<Option<Vec<OutputColumn>>> {
    let (Some(mut left), Some(right)) = (left, right) else { return Ok(None) };
    if left.len() != right.len() {
        let op = match op {
            SetOp::Union => "UNION",
            SetOp::Intersect => "INTERSECT",
            SetOp::Except => "EXCEPT",
        };
        let message = format!("each {op} query must have the same number of columns");
        return Err(SqlError::new("42601", message).at(right.first().map_or(Loc::NONE, |c| c.loc)).into());
    }
    for (column, other) in left.iter_mut().zip(right) {
        column.ty = merge_types(column.ty, other.ty);
    }
    Ok(Some(left))
}

/// The type of two branches; the literal of the one takes the type of the other.
fn merge_types(left: Option<TypeRef>, right: Option<TypeRef>) -> Option<TypeRef> {
    let (left, right) = (left?, right?);
    match (left.oid, right.oid) {
        (t::UNKNOWN, _) => Some(right),
        (_, t::UNKNOWN) => Some(left),
        (a, b) if a != b => None,
        _ if left.typmod == right.typmod => Some(left),
        _ => Some(TypeRef::plain(left.oid)),
    }
}

fn is_output_name(expr: &Expr, columns: &[OutputColumn]) -> bool {
    match &expr.kind {
        ExprKind::Column(parts) => matches!(parts.as_slice(), [name] if columns.iter().any(|c| c.name == *name)),
        ExprKind::Literal(Literal::Integer(_)) => true,
        _ => false,
    }
}
