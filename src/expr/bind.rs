//! Binds the names of expressions and queries to objects (`parse_expr.c`, `parse_relation.c`, `parse_clause.c`).
//!
//! It finds out what each name stands for, and raises PostgreSQL's errors for names that stand for nothing: 42703,
//! 42P01, 42702, 42883, 42704. It does not infer all types yet, so overloads are told apart by the number of their
//! arguments alone and type errors go unnoticed (README.md says so).

use std::sync::Arc;

use super::infer;
use super::place::Place;
use super::scope::{Scope, ScopeColumn, ScopeItem};
use super::star::StarExpander;
use crate::catalog::{
    Binding, Bound, Catalog, FunctionKind, Object, Oid, RelationKind, StoredExpr, StoredQuery, TypeKind, TypeRef,
    type_oid as t,
};
use crate::replay::{About, Exec, KnownNames, Opaque, SqlError, Stop, lookup};
use crate::sql::ast::*;
use crate::sql::plpgsql::VariableConflict;
use crate::sql::span::Loc;

/// Names of columns and their types, where they are known.
pub(crate) type ColumnList = Vec<(Name, Option<TypeRef>)>;

/// Binds one expression or query.
pub struct Binder<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) path: &'a [Oid],
    pub(super) scopes: Vec<Scope>,
    pub(super) ctes: Vec<(Name, Option<ColumnList>)>,
    pub(super) names: Vec<(Loc, Binding)>,
    pub(super) depends_on: Vec<Object>,
    variables: Option<Arc<KnownNames>>,
    /// The windows of the query that is being bound.
    windows: Vec<Name>,
    /// Tables that are there but cannot be referred to.
    hidden: Vec<ScopeItem>,
    /// Where the expression stands that is being bound; nothing where anything may.
    pub(super) place: Option<Place>,
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
            windows: Vec::new(),
            hidden: Vec::new(),
            place: None,
        }
    }

    /// The expression stands in this place.
    pub fn in_place(self, place: Place) -> Self {
        Binder { place: Some(place), ..self }
    }

    /// Names may stand for variables of the code that is running, too.
    pub(crate) fn with_variables(self, variables: Option<Arc<KnownNames>>) -> Self {
        Binder { variables, ..self }
    }

    /// Binds a scalar expression.
    pub fn expr(mut self, expr: &Expr) -> Exec<StoredExpr> {
        self.walk(expr)?;
        self.refuse_type(expr)?;
        self.refuse_mutable(expr)?;
        Ok(Arc::new(self.finish(expr.clone())))
    }

    /// Binds a query, with `*` expanded, so that columns added later do not show.
    pub fn query(mut self, query: &Query) -> Exec<BoundQuery> {
        let mut query = query.clone();
        StarExpander::default().query(&mut self, &mut query)?;
        // Stars that could not be expanded have been refused.
        let columns = self.walk_query(&query)?.unwrap_or_default();
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
                self.type_name(ty)?;
                match lookup::resolve_type(self.catalog, self.path, ty) {
                    Ok(ty) => self.literal(operand, ty.oid),
                    Err(_) => Ok(()),
                }
            }
            ExprKind::Op { left, right, .. } => {
                left.iter().try_for_each(|l| self.walk(l))?;
                self.walk(right)?;
                let Some(left) = left else { return Ok(()) };
                self.literal_beside(left, right)?;
                self.literal_beside(right, left)
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
                self.walk_all(list)?;
                list.iter().try_for_each(|item| self.literal_beside(item, operand))
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
                self.refuse_missing_field(operand, path, expr.loc)?;
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
                self.refuse_subquery(expr.loc)?;
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
        if self.place == Some(Place::ColumnDefault) {
            return Err(SqlError::new("0A000", "cannot use column reference in DEFAULT expression").at(loc).into());
        }
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
            _ => {
                let message = format!("improper qualified name (too many dotted names): {}", parts.join("."));
                Err(SqlError::new("42601", message).at(loc).into())
            }
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
    fn missing_entry(&self, schema: Option<&Name>, table: &Name, loc: Loc) -> Stop {
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
            // A bare `OVER w`, or a window that copies it (`parse_agg.c: transformWindowFuncCall`).
            if let Some(name) = over.name.iter().chain(&over.refname).find(|name| !self.windows.contains(name)) {
                return Err(SqlError::new("42704", format!("window \"{name}\" does not exist")).at(loc).into());
            }
            self.window(over)?;
        }
        let binding = self.find_function(call, false, loc)?;
        self.refuse_call(call, loc)?;
        self.bind(call.name.loc, binding);
        for (i, arg) in call.args.iter().enumerate().filter(|(_, arg)| is_literal(&arg.value)) {
            if let Some(ty) = infer::parameter_type(self, call, i) {
                self.literal(&arg.value, ty)?;
            }
        }
        Ok(())
    }

    /// The procedure of a CALL, with its arguments bound (`parse_func.c: ParseFuncOrColumn` with `proc_call`).
    pub fn procedure(mut self, call: &FuncCall) -> Exec {
        self.walk_all(call.args.iter().map(|a| &a.value))?;
        self.find_function(call, true, call.name.loc).map(drop)
    }

    fn find_function(&self, call: &FuncCall, procedure: bool, loc: Loc) -> Exec<Binding> {
        let signature = || {
            let types: Vec<String> = call
                .args
                .iter()
                .map(|a| {
                    let ty = match infer::expr_type(self, &a.value) {
                        Some(ty) => self.catalog.format_type(TypeRef::plain(ty.oid), self.path),
                        None => "unknown".to_owned(),
                    };
                    a.name.as_ref().map_or(ty.clone(), |name| format!("{name} => {ty}"))
                })
                .collect();
            types.join(", ")
        };
        let wrong = |what: &str, hint: &str| {
            let message = format!("{}({}) is {what}", lookup::display(&call.name), signature());
            Err(SqlError::new("42809", message).hint(hint).at(loc).into())
        };
        match lookup::find_call(self.catalog, self.path, call)? {
            Some(lookup::Callee::User(oid)) => {
                let is_procedure = self.catalog.function(oid).is_some_and(|f| f.kind == FunctionKind::Procedure);
                match (is_procedure, procedure) {
                    (true, false) => wrong("a procedure", "To call a procedure, use CALL."),
                    (false, true) => wrong("not a procedure", "To call a function, use SELECT."),
                    (true, true) | (false, false) => Ok(Binding::Object(Object::Function(oid))),
                }
            }
            Some(lookup::Callee::Builtin) if procedure => wrong("not a procedure", "To call a function, use SELECT."),
            Some(lookup::Callee::Builtin) => Ok(Binding::Builtin),
            None => Err(lookup::undefined_function(self.catalog, &call.name, &signature(), procedure, loc)),
        }
    }

    /// A literal becomes a value of its type when the statement is analysed: what it names has to be there
    /// (`parse_coerce.c: coerce_type`), and is needed by what is stored (`dependency.c: find_expr_references_walker`).
    fn literal(&mut self, expr: &Expr, ty: Oid) -> Exec {
        let ExprKind::Literal(Literal::String(text)) = &expr.kind else { return Ok(()) };
        if let Some(object) = lookup::literal_object(self.catalog, self.path, text, ty)? {
            self.bind(expr.loc, Binding::Object(object));
        }
        Ok(())
    }

    /// A literal beside a value of an enum is one of its labels.
    fn literal_beside(&mut self, literal: &Expr, other: &Expr) -> Exec {
        if !is_literal(literal) {
            return Ok(());
        }
        match infer::expr_type(self, other) {
            Some(ty) if matches!(self.catalog.type_(ty.oid).map(|t| &t.kind), Some(TypeKind::Enum(_))) => {
                self.literal(literal, ty.oid)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// `(row).field` (`parse_func.c: ParseFuncOrColumn`, `unknown_attribute`).
    fn refuse_missing_field(&mut self, operand: &Expr, path: &[Indirection], loc: Loc) -> Exec {
        let Some(Indirection::Field(field)) = path.first() else { return Ok(()) };
        let Some(relation) = infer::expr_type(self, operand).and_then(|ty| infer::row_relation(self.catalog, ty.oid))
        else {
            return Ok(());
        };
        let is_function = self.catalog.find_functions(self.path, field).next().is_some();
        if let Some(column) = relation.column(field) {
            let needed = Object::Column(relation.oid, column.number);
            self.depends_on.push(needed);
            return Ok(());
        }
        if is_function {
            return Ok(());
        }
        let message = match &operand.kind {
            ExprKind::Column(parts) => match parts.as_slice() {
                [table] if self.scopes.iter().flat_map(|s| &s.items).any(|i| i.name.as_ref() == Some(table)) => {
                    format!("column {table}.{field} does not exist")
                }
                _ => format!("column \"{field}\" not found in data type {}", relation.name),
            },
            _ => format!("column \"{field}\" not found in data type {}", relation.name),
        };
        Err(lookup::missing_column(self.catalog, relation, field, SqlError::new("42703", message).at(loc)))
    }

    fn window(&mut self, window: &WindowDef) -> Exec {
        self.walk_all(&window.partition_by)?;
        self.walk_all(window.order_by.iter().map(|s| &s.expr))?;
        window.start_offset.iter().chain(&window.end_offset).try_for_each(|e| self.walk(e))
    }

    // ---- queries ----

    /// Binds what stands in a clause of a query.
    fn walk_in(&mut self, place: Place, expr: &Expr) -> Exec {
        let outer = self.place.replace(place);
        let result = self.walk(expr).and_then(|()| self.refuse_type(expr));
        self.place = outer;
        result
    }

    /// How deep queries are nested here.
    pub(super) fn depth(&self) -> usize {
        self.scopes.len().saturating_sub(1)
    }

    /// Binds a query; its columns, if all of them are known.
    pub(super) fn walk_query(&mut self, query: &Query) -> Exec<Option<Vec<OutputColumn>>> {
        let mut columns = self.walk_branch(query)?;
        // Literals whose type nothing decides are text (`parse_target.c: resolveTargetListUnknowns`).
        for column in columns.iter_mut().flatten() {
            column.ty = column.ty.map(|ty| if ty.oid == t::UNKNOWN { TypeRef::plain(t::TEXT) } else { ty });
        }
        Ok(columns)
    }

    /// The type of a sub-query's only column.
    pub(super) fn only_column(&self, query: &Query) -> Option<TypeRef> {
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
    fn walk_branch(&mut self, query: &Query) -> Exec<Option<Vec<OutputColumn>>> {
        // What an expression may not hold, a sub-query in it may.
        let outer = self.place.take();
        let result = self.walk_query_body(query);
        self.place = outer;
        result
    }

    fn walk_query_body(&mut self, query: &Query) -> Exec<Option<Vec<OutputColumn>>> {
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
    fn values(&mut self, rows: &[Vec<Expr>]) -> Exec<Vec<OutputColumn>> {
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
    fn order_set_operation(&mut self, order_by: &[SortBy], columns: Option<&[OutputColumn]>) -> Exec {
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

    pub(super) fn with(&mut self, with: &With) -> Exec {
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
    pub(super) fn cte(&mut self, cte: &Cte, recursive: bool) -> Exec {
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
        let Some(columns) = columns else { return Ok(None) };
        let name = |i: usize, c: &OutputColumn| cte.columns.get(i).unwrap_or(&c.name).clone();
        Ok(Some(columns.iter().enumerate().map(|(i, c)| (name(i, c), c.ty)).collect()))
    }

    /// What a data-modifying statement in WITH returns.
    fn returning(
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
    fn targets(&mut self, targets: &[Target]) -> Exec<Option<Vec<OutputColumn>>> {
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
    fn depend_on_star(&mut self, qualifier: &[Name]) {
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

    fn select(&mut self, select: &Select, query: &Query) -> Exec<Option<Vec<OutputColumn>>> {
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
    fn refuse_locks(&self, locking: &[Locking]) -> Exec {
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
    fn refuse_twice(&self, from: &[TableRef]) -> Exec {
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

    fn group_by(&mut self, group: &GroupBy, columns: Option<&[OutputColumn]>) -> Exec {
        match group {
            GroupBy::Expr(expr) => match self.walk_in(Place::GroupBy, expr) {
                // An input column first, then an output column (`findTargetlistEntrySQL92`).
                Err(_) if columns.is_none_or(|c| is_output_name(expr, c)) => Ok(()),
                other => other,
            },
            GroupBy::Empty => Ok(()),
            GroupBy::Rollup(list) | GroupBy::Cube(list) | GroupBy::Sets(list) => {
                list.iter().try_for_each(|g| self.group_by(g, columns))
            }
        }
    }

    /// ORDER BY and DISTINCT ON: an output column first.
    fn sort_key(&mut self, expr: &Expr, columns: Option<&[OutputColumn]>) -> Exec {
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
    pub(super) fn star(&self, qualifier: &[Name], loc: Loc) -> Exec<Option<Vec<OutputColumn>>> {
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

    pub(super) fn table(&mut self, table: &TableRef) -> Exec {
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

fn is_literal(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(Literal::String(_)))
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

/// The system columns of a table (`heap.c: SysAtt`).
pub(crate) fn is_system_column(name: &str) -> bool {
    matches!(name, "ctid" | "xmin" | "cmin" | "xmax" | "cmax" | "tableoid")
}

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
