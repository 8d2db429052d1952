//! Binds the names of expressions and queries to objects (`parse_expr.c`, `parse_relation.c`, `parse_clause.c`).
//!
//! It finds out what each name stands for, and raises PostgreSQL's errors for names that stand for nothing: 42703,
//! 42P01, 42702, 42883, 42704. It does not infer all types yet, so overloads are told apart by the number of their
//! arguments alone and type errors go unnoticed (README.md says so).

use std::sync::Arc;

use super::infer;
use super::regclass;
use super::scope::{Scope, ScopeColumn, ScopeItem};
use crate::catalog::{Binding, Bound, Catalog, Object, Oid, RelationKind, StoredExpr, StoredQuery, TypeRef};
use crate::replay::{About, Exec, KnownNames, Opaque, SqlError, lookup};
use crate::sql::ast::*;
use crate::sql::plpgsql::VariableConflict;
use crate::sql::span::Loc;

/// Names of columns and their types, where they are known.
pub(crate) type ColumnList = Vec<(Name, Option<TypeRef>)>;

/// Binds one expression or query.
pub struct Binder<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) path: &'a [Oid],
    scopes: Vec<Scope>,
    ctes: Vec<(Name, Option<ColumnList>)>,
    names: Vec<(Loc, Binding)>,
    depends_on: Vec<Object>,
    variables: Option<Arc<KnownNames>>,
}

/// A bound query and its columns.
pub struct BoundQuery {
    /// The query.
    pub query: StoredQuery,
    /// Its columns.
    pub columns: Vec<OutputColumn>,
}

/// A column of a query's result.
#[derive(Clone, Debug)]
pub struct OutputColumn {
    /// Its name.
    pub name: Name,
    /// Its type, if it could be inferred.
    pub ty: Option<TypeRef>,
    /// Where it comes from in the text.
    pub loc: Loc,
}

impl<'a> Binder<'a> {
    /// A binder that sees `scope`, and looks names up along `path` (with `pg_catalog` in its place).
    pub fn new(catalog: &'a Catalog, path: &'a [Oid], scope: Scope) -> Self {
        Binder {
            catalog,
            path,
            scopes: vec![scope],
            ctes: Vec::new(),
            names: Vec::new(),
            depends_on: Vec::new(),
            variables: None,
        }
    }

    /// Names may stand for variables of the code that is running, too.
    pub(crate) fn with_variables(self, variables: Option<Arc<KnownNames>>) -> Self {
        Binder { variables, ..self }
    }

    /// Binds a scalar expression.
    pub fn expr(mut self, expr: &Expr) -> Exec<StoredExpr> {
        self.walk(expr)?;
        Ok(Arc::new(self.finish(expr.clone())))
    }

    /// Binds a query, with `*` expanded, so that columns added later do not show.
    pub fn query(mut self, query: &Query) -> Exec<BoundQuery> {
        let mut query = query.clone();
        StarExpander::default().query(&mut self, &mut query)?;
        let columns = self.walk_query(&query)?;
        Ok(BoundQuery { query: Arc::new(self.finish(query)), columns })
    }

    fn finish<T>(mut self, ast: T) -> Bound<T> {
        self.names.sort_unstable();
        self.names.dedup_by_key(|(loc, _)| *loc);
        self.depends_on.sort_unstable();
        self.depends_on.dedup();
        Bound { ast, names: self.names, depends_on: self.depends_on }
    }

    fn bind(&mut self, loc: Loc, binding: Binding) {
        if loc != Loc::NONE {
            self.names.push((loc, binding));
        }
        match binding {
            Binding::Column(rel, number) => self.depends_on.push(Object::Column(rel, number)),
            Binding::TriggerRow(rel, number) => self.depends_on.push(Object::Column(rel, number)),
            Binding::Object(object) => self.depends_on.push(object),
            Binding::Builtin | Binding::Local => {}
        }
    }

    // ---- scalar expressions ----

    pub(super) fn walk(&mut self, expr: &Expr) -> Exec {
        match &expr.kind {
            ExprKind::Column(parts) => self.column(parts, expr.loc),
            ExprKind::Star(_) | ExprKind::Param(_) | ExprKind::Literal(_) | ExprKind::Default => Ok(()),
            ExprKind::CurrentOf(_) | ExprKind::SqlValue { .. } => Ok(()),
            ExprKind::Cast { operand, ty } => {
                self.walk(operand)?;
                self.bind_regclass(regclass::cast_to_regclass(operand, ty));
                self.type_name(ty)
            }
            ExprKind::Op { left, right, .. } => {
                left.iter().try_for_each(|l| self.walk(l))?;
                self.walk(right)
            }
            ExprKind::OpArray { left, right, .. }
            | ExprKind::Distinct { left, right, .. }
            | ExprKind::NullIf(left, right)
            | ExprKind::Like { operand: left, pattern: right, .. } => {
                self.walk(left)?;
                self.walk(right)
            }
            ExprKind::In { operand, list, .. } => {
                self.walk(operand)?;
                self.walk_all(list)
            }
            ExprKind::Between { operand, low, high, .. } => {
                self.walk(operand)?;
                self.walk(low)?;
                self.walk(high)
            }
            ExprKind::And(list)
            | ExprKind::Or(list)
            | ExprKind::Coalesce(list)
            | ExprKind::Greatest(list)
            | ExprKind::Least(list)
            | ExprKind::Array(list)
            | ExprKind::Grouping(list)
            | ExprKind::Row { fields: list, .. } => self.walk_all(list),
            ExprKind::Not(operand) | ExprKind::IsNull { operand, .. } | ExprKind::BooleanTest { operand, .. } => {
                self.walk(operand)
            }
            ExprKind::Func(call) => self.call(call, expr.loc),
            ExprKind::Case { operand, whens, otherwise } => {
                operand.iter().try_for_each(|o| self.walk(o))?;
                for (when, then) in whens {
                    self.walk(when)?;
                    self.walk(then)?;
                }
                otherwise.iter().try_for_each(|o| self.walk(o))
            }
            ExprKind::Indirection { operand, path } => {
                self.walk(operand)?;
                for step in path {
                    match step {
                        Indirection::Field(_) | Indirection::Star => {}
                        Indirection::Index(index) => self.walk(index)?,
                        Indirection::Slice(from, to) => from.iter().chain(to).try_for_each(|e| self.walk(e))?,
                    }
                }
                Ok(())
            }
            ExprKind::SubLink { kind, query } => {
                match kind {
                    SubLinkKind::Any { operand, .. } | SubLinkKind::All { operand, .. } => self.walk(operand)?,
                    SubLinkKind::Exists | SubLinkKind::Scalar | SubLinkKind::Array => {}
                }
                self.walk_query(query).map(drop)
            }
            ExprKind::Collate { operand, .. } => self.walk(operand),
            ExprKind::Unmodelled(what) => {
                Err(Opaque::new(format!("{what} is not executed yet"), Touches::Nothing).at(expr.loc).into())
            }
        }
    }

    fn walk_all<'e>(&mut self, list: impl IntoIterator<Item = &'e Expr>) -> Exec {
        list.into_iter().try_for_each(|e| self.walk(e))
    }

    fn type_name(&mut self, ty: &TypeName) -> Exec {
        let resolved = lookup::resolve_type(self.catalog, self.path, ty)?;
        let mut oid = resolved.oid;
        if let Some(element) = self.catalog.array_element(oid) {
            oid = element;
        }
        let binding = if oid.is_builtin() { Binding::Builtin } else { Binding::Object(Object::Type(oid)) };
        self.bind(ty.loc, binding);
        Ok(())
    }

    /// `parse_expr.c: transformColumnRef`
    fn column(&mut self, parts: &[Name], loc: Loc) -> Exec {
        let (binding, _) = self.find_column(parts, loc)?;
        self.bind(loc, binding);
        Ok(())
    }

    /// A column, or a variable of the code that is running (`pl_comp.c: plpgsql_post_column_ref`).
    pub(super) fn find_column(&self, parts: &[Name], loc: Loc) -> Exec<(Binding, Option<TypeRef>)> {
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

    fn find_own_column(&self, parts: &[Name], loc: Loc) -> Exec<(Binding, Option<TypeRef>)> {
        match parts {
            [column] => self.find_unqualified(column, loc),
            [table, column] => self.find_qualified(None, table, column, loc),
            [schema, table, column] | [_, schema, table, column] => {
                self.find_qualified(Some(schema), table, column, loc)
            }
            _ => Err(SqlError::new("42601", "improper qualified name (too many dotted names)").at(loc).into()),
        }
    }

    fn find_unqualified(&self, column: &Name, loc: Loc) -> Exec<(Binding, Option<TypeRef>)> {
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

    fn find_qualified(
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
            let error = SqlError::new("42P01", format!("missing FROM-clause entry for table \"{table}\"")).at(loc);
            return Err(error.into());
        };
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

    /// A missing column may be there after all if a relation of the scope is tainted.
    fn refuse<T>(&self, error: SqlError) -> Exec<T> {
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
    fn closest_column(&self, column: &str) -> Option<String> {
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

    fn explain_missing_column(&self, error: &mut SqlError, column: &str) {
        for relation in self.scopes.iter().flat_map(|s| &s.items).filter_map(|i| i.relation) {
            lookup::explain_missing_column(self.catalog, relation, column, error);
        }
    }

    /// `parse_func.c: ParseFuncOrColumn`, by name and number of arguments.
    fn call(&mut self, call: &FuncCall, loc: Loc) -> Exec {
        self.walk_all(call.args.iter().map(|a| &a.value))?;
        self.walk_all(call.order_by.iter().map(|s| &s.expr))?;
        call.filter.iter().try_for_each(|f| self.walk(f))?;
        if let Some(over) = &call.over {
            self.window(over)?;
        }
        let binding = self.find_function(call, loc)?;
        if binding == Binding::Builtin {
            self.bind_regclass(regclass::argument_of_regclass(call));
        }
        self.bind(call.name.loc, binding);
        Ok(())
    }

    /// Binds a text to the relation that it names, if there is one.
    fn bind_regclass(&mut self, text: Option<(&Expr, &str)>) {
        if let Some((literal, text)) = text
            && let Some(relation) = regclass::relation_of_text(self.catalog, self.path, text)
        {
            self.bind(literal.loc, Binding::Object(Object::Relation(relation)));
        }
    }

    fn find_function(&self, call: &FuncCall, loc: Loc) -> Exec<Binding> {
        match lookup::find_call(self.catalog, self.path, call)? {
            Some(lookup::Callee::User(oid)) => Ok(Binding::Object(Object::Function(oid))),
            Some(lookup::Callee::Builtin) => Ok(Binding::Builtin),
            None => {
                let types: Vec<String> = call
                    .args
                    .iter()
                    .map(|a| match infer::expr_type(self, &a.value) {
                        Some(ty) => self.catalog.format_type(TypeRef::plain(ty.oid), self.path),
                        None => "unknown".to_owned(),
                    })
                    .collect();
                Err(lookup::undefined_function(self.catalog, &call.name, &types.join(", "), loc))
            }
        }
    }

    fn window(&mut self, window: &WindowDef) -> Exec {
        self.walk_all(&window.partition_by)?;
        self.walk_all(window.order_by.iter().map(|s| &s.expr))?;
        window.start_offset.iter().chain(&window.end_offset).try_for_each(|e| self.walk(e))
    }

    // ---- queries ----

    pub(super) fn walk_query(&mut self, query: &Query) -> Exec<Vec<OutputColumn>> {
        let ctes = self.ctes.len();
        if let Some(with) = &query.with {
            self.with(with)?;
        }
        let columns = match &query.body {
            QueryBody::Select(select) => self.select(select, &query.order_by)?,
            QueryBody::Values(rows) => {
                self.scopes.push(Scope::default());
                for row in rows {
                    self.walk_all(row)?;
                }
                let first = rows.first().map(Vec::as_slice).unwrap_or_default();
                let columns = first
                    .iter()
                    .enumerate()
                    .map(|(i, e)| OutputColumn {
                        name: ecow::eco_format!("column{}", i + 1),
                        ty: infer::expr_type(self, e),
                        loc: e.loc,
                    })
                    .collect();
                self.scopes.pop();
                columns
            }
            QueryBody::SetOp { left, right, .. } => {
                let mut columns = self.walk_query(left)?;
                let others = self.walk_query(right)?;
                if columns.len() != others.len() {
                    let message = "each UNION query must have the same number of columns";
                    return Err(SqlError::new("42601", message).at(others.first().map_or(Loc::NONE, |c| c.loc)).into());
                }
                for (column, other) in columns.iter_mut().zip(others) {
                    column.ty = column.ty.or(other.ty);
                }
                columns
            }
        };
        self.scopes.push(Scope::default());
        query.limit.iter().chain(&query.offset).try_for_each(|e| self.walk(e))?;
        self.scopes.pop();
        self.ctes.truncate(ctes);
        Ok(columns)
    }

    pub(super) fn with(&mut self, with: &With) -> Exec {
        with.ctes.iter().try_for_each(|cte| self.cte(cte, with.recursive))
    }

    fn cte(&mut self, cte: &Cte, recursive: bool) -> Exec {
        if recursive {
            // While it is bound, the query sees itself: its columns are those of its first branch.
            let columns = self.recursive_columns(cte)?;
            self.ctes.push((cte.name.clone(), columns));
        }
        let columns = match &cte.body {
            CteBody::Query(query) => Some(self.walk_query(query)?),
            // What a data-modifying statement returns is not inferred.
            CteBody::Insert(_) | CteBody::Update(_) | CteBody::Delete(_) | CteBody::Merge(_) => None,
        };
        if recursive {
            self.ctes.pop();
        }
        let columns = columns.filter(|_| !cte.search_or_cycle).map(|columns| {
            let name = |i: usize, c: &OutputColumn| cte.columns.get(i).unwrap_or(&c.name).clone();
            columns.iter().enumerate().map(|(i, c)| (name(i, c), c.ty)).collect()
        });
        self.ctes.push((cte.name.clone(), columns));
        Ok(())
    }

    fn recursive_columns(&mut self, cte: &Cte) -> Exec<Option<ColumnList>> {
        let CteBody::Query(query) = &cte.body else { return Ok(None) };
        let QueryBody::SetOp { left, .. } = &query.body else { return Ok(None) };
        let (names, depends_on) = (self.names.len(), self.depends_on.len());
        let columns = self.walk_query(left)?;
        self.names.truncate(names);
        self.depends_on.truncate(depends_on);
        let name = |i: usize, c: &OutputColumn| cte.columns.get(i).unwrap_or(&c.name).clone();
        Ok(Some(columns.iter().enumerate().map(|(i, c)| (name(i, c), c.ty)).collect()))
    }

    fn select(&mut self, select: &Select, order_by: &[SortBy]) -> Exec<Vec<OutputColumn>> {
        self.scopes.push(Scope::default());
        for table in &select.from {
            self.table(table)?;
        }
        let mut columns = Vec::new();
        for target in &select.targets {
            let Some(value) = &target.value else { continue };
            if let ExprKind::Star(qualifier) = &value.kind {
                columns.extend(self.star(qualifier, value.loc)?.unwrap_or_default());
                continue;
            }
            self.walk(value)?;
            columns.push(OutputColumn {
                name: target.name.clone().unwrap_or_else(|| infer::column_name(value)),
                ty: infer::expr_type(self, value),
                loc: target.loc,
            });
        }
        select.filter.iter().try_for_each(|e| self.walk(e))?;
        select.group_by.iter().try_for_each(|g| self.group_by(g, &columns))?;
        select.having.iter().try_for_each(|e| self.walk(e))?;
        select.windows.iter().try_for_each(|w| self.window(w))?;
        if let Distinct::On(keys) = &select.distinct {
            keys.iter().try_for_each(|e| self.sort_key(e, &columns))?;
        }
        order_by.iter().try_for_each(|s| self.sort_key(&s.expr, &columns))?;
        self.scopes.pop();
        Ok(columns)
    }

    fn group_by(&mut self, group: &GroupBy, columns: &[OutputColumn]) -> Exec {
        match group {
            GroupBy::Expr(expr) => match self.walk(expr) {
                // An input column first, then an output column (`findTargetlistEntrySQL92`).
                Err(_) if is_output_name(expr, columns) => Ok(()),
                other => other,
            },
            GroupBy::Empty => Ok(()),
            GroupBy::Rollup(list) | GroupBy::Cube(list) | GroupBy::Sets(list) => {
                list.iter().try_for_each(|g| self.group_by(g, columns))
            }
        }
    }

    /// ORDER BY and DISTINCT ON: an output column first.
    fn sort_key(&mut self, expr: &Expr, columns: &[OutputColumn]) -> Exec {
        if is_output_name(expr, columns) { Ok(()) } else { self.walk(expr) }
    }

    /// The columns that a star stands for; nothing if a table's columns are not known.
    fn star(&self, qualifier: &[Name], loc: Loc) -> Exec<Option<Vec<OutputColumn>>> {
        let Some(scope) = self.scopes.last() else { return Ok(None) };
        let items: Vec<&ScopeItem> = match qualifier {
            [] => scope.items.iter().filter(|i| !i.qualified_only || i.columns.is_none()).collect(),
            [.., table] => {
                let item = self.scopes.iter().rev().flat_map(|s| &s.items).find(|i| i.name.as_ref() == Some(table));
                let missing =
                    || SqlError::new("42P01", format!("missing FROM-clause entry for table \"{table}\"")).at(loc);
                vec![item.ok_or_else(missing)?]
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

    pub(super) fn table(&mut self, table: &TableRef) -> Exec {
        let item = match table {
            TableRef::Relation { relation, .. } => self.relation(relation)?,
            TableRef::Subquery { query, alias, lateral } => {
                let hidden = if *lateral { None } else { self.scopes.last_mut().map(std::mem::take) };
                let columns = self.walk_query(query);
                if let (Some(hidden), Some(scope)) = (hidden, self.scopes.last_mut()) {
                    *scope = hidden;
                }
                let columns = columns?.into_iter().map(|c| (c.name, c.ty)).collect();
                ScopeItem::local(None, Some(columns), alias.as_ref())
            }
            TableRef::Function { functions, alias, columns, ordinality, .. } => {
                for function in functions {
                    self.walk(&function.call)?;
                    function.columns.iter().try_for_each(|c| self.type_name(&c.ty))?;
                }
                columns.iter().try_for_each(|c| self.type_name(&c.ty))?;
                infer::function_item(self, functions, alias.as_ref(), columns, *ordinality)
            }
            TableRef::Join(join) => return self.join(join),
            TableRef::Unmodelled { what, .. } => {
                return Err(Opaque::new(format!("{what} is not executed yet"), Touches::Nothing).into());
            }
        };
        if let Some(scope) = self.scopes.last_mut() {
            scope.items.push(item);
        }
        Ok(())
    }

    fn relation(&mut self, relation: &RangeVar) -> Exec<ScopeItem> {
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

    fn join(&mut self, join: &Join) -> Exec {
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
        for name in &merged {
            for column in scope.items[middle..].iter_mut().flat_map(|i| i.columns.iter_mut().flatten()) {
                if column.name == *name {
                    column.merged = true;
                }
            }
        }
        if let Some(on) = &join.on {
            // The condition sees the two sides of the join only (and what is outside the query).
            let outside = scope.items.drain(..before).collect::<Vec<_>>();
            let result = self.walk(on);
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

fn visible_columns(items: &[ScopeItem]) -> Vec<Name> {
    items.iter().flat_map(|i| i.columns.iter().flatten()).filter(|c| !c.merged).map(|c| c.name.clone()).collect()
}

fn is_output_name(expr: &Expr, columns: &[OutputColumn]) -> bool {
    match &expr.kind {
        ExprKind::Column(parts) => matches!(parts.as_slice(), [name] if columns.iter().any(|c| c.name == *name)),
        ExprKind::Literal(Literal::Integer(_)) => true,
        _ => false,
    }
}

/// The system columns of a table (`heap.c: SysAtt`).
fn is_system_column(name: &str) -> bool {
    matches!(name, "ctid" | "xmin" | "cmin" | "xmax" | "cmax" | "tableoid")
}

/// Replaces `*` in select lists by the columns it stands for, as PostgreSQL does when a view is made. The new column
/// references get places beyond any text, so that each has a binding of its own.
#[derive(Default)]
struct StarExpander {
    made: u32,
}

impl StarExpander {
    fn query(&mut self, binder: &mut Binder<'_>, query: &mut Query) -> Exec {
        let ctes = binder.ctes.len();
        if let Some(with) = &mut query.with {
            let (names, depends_on) = (binder.names.len(), binder.depends_on.len());
            for cte in &mut with.ctes {
                if let CteBody::Query(query) = &mut cte.body
                    && !with.recursive
                {
                    self.query(binder, query)?;
                }
                // The next one sees it.
                binder.cte(cte, with.recursive)?;
            }
            binder.names.truncate(names);
            binder.depends_on.truncate(depends_on);
        }
        match &mut query.body {
            QueryBody::Select(select) => self.select(binder, select)?,
            QueryBody::Values(_) => {}
            QueryBody::SetOp { left, right, .. } => {
                self.query(binder, left)?;
                self.query(binder, right)?;
            }
        }
        binder.ctes.truncate(ctes);
        Ok(())
    }

    fn select(&mut self, binder: &mut Binder<'_>, select: &mut Select) -> Exec {
        let has_star = |t: &Target| matches!(t.value.as_ref().map(|v| &v.kind), Some(ExprKind::Star(_)));
        for table in &mut select.from {
            self.table(binder, table)?;
        }
        if !select.targets.iter().any(has_star) {
            return Ok(());
        }
        let (names, depends_on) = (binder.names.len(), binder.depends_on.len());
        binder.scopes.push(Scope::default());
        let result = select.from.iter().try_for_each(|t| binder.table(t)).and_then(|()| {
            let mut targets = Vec::new();
            for target in select.targets.drain(..) {
                let Some(Expr { kind: ExprKind::Star(qualifier), loc }) = &target.value else {
                    targets.push(target);
                    continue;
                };
                let items = binder.scopes.last().map(|s| s.items.clone()).unwrap_or_default();
                let wanted = |i: &&ScopeItem| qualifier.last().is_none_or(|q| i.name.as_ref() == Some(q));
                let all_known = items.iter().filter(wanted).all(|i| i.columns.is_some() && i.name.is_some());
                if !all_known || binder.star(qualifier, *loc)?.is_none() {
                    let reason = "a star over columns that are not known is not executed yet";
                    return Err(Opaque::new(reason, Touches::Nothing).at(*loc).into());
                }
                for item in items.iter().filter(wanted) {
                    for column in item.columns.iter().flatten().filter(|c| !c.merged || !qualifier.is_empty()) {
                        let loc = Loc::at(STAR_PLACES + self.made);
                        self.made += 1;
                        let parts = item.name.iter().cloned().chain([column.name.clone()]).collect();
                        targets.push(Target {
                            name: None,
                            has_indirection: false,
                            value: Some(Expr { kind: ExprKind::Column(parts), loc }),
                            loc,
                        });
                    }
                }
            }
            select.targets = targets;
            Ok(())
        });
        binder.scopes.pop();
        binder.names.truncate(names);
        binder.depends_on.truncate(depends_on);
        result
    }

    fn table(&mut self, binder: &mut Binder<'_>, table: &mut TableRef) -> Exec {
        match table {
            TableRef::Subquery { query, lateral: false, .. } => self.query(binder, query),
            TableRef::Join(join) => {
                self.table(binder, &mut join.left)?;
                self.table(binder, &mut join.right)
            }
            // A star inside a LATERAL sub-query stays as written: it needs the tables before it.
            TableRef::Subquery { lateral: true, .. }
            | TableRef::Relation { .. }
            | TableRef::Function { .. }
            | TableRef::Unmodelled { .. } => Ok(()),
        }
    }
}

/// Texts are below 2 GiB, so places from here on are free.
const STAR_PLACES: u32 = 1 << 31;

/// The kinds of relation that a query can read.
pub(crate) fn is_readable(kind: &RelationKind) -> bool {
    match kind {
        RelationKind::Table
        | RelationKind::PartitionedTable(_)
        | RelationKind::ForeignTable(_)
        | RelationKind::View(_)
        | RelationKind::MaterializedView(..)
        | RelationKind::Sequence(_) => true,
        RelationKind::Index(_) | RelationKind::CompositeType => false,
    }
}
