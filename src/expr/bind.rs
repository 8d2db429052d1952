//! Binds the names of expressions and queries to objects (`parse_expr.c`, `parse_relation.c`, `parse_clause.c`).
//!
//! It finds out what each name stands for, and raises PostgreSQL's errors for names that stand for nothing: 42703,
//! 42P01, 42702, 42883, 42704. It does not infer all types yet, so overloads are told apart by the number of their
//! arguments alone and type errors go unnoticed (README.md says so).

mod column;
mod from;
mod query;

pub(crate) use column::is_system_column;

use std::sync::Arc;

use super::infer;
use super::place::Place;
use super::scope::{Scope, ScopeItem};
use super::star::StarExpander;
use crate::catalog::{
    Binding, Bound, Catalog, FunctionKind, Object, Oid, RelationKind, StoredExpr, StoredQuery, TypeKind, TypeRef,
};
use crate::replay::{Exec, KnownNames, Opaque, SqlError, lookup};
use crate::sql::ast::*;
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
            ExprKind::Xml(_)
            | ExprKind::Json(_)
            | ExprKind::MergeAction
            | ExprKind::MultiAssign { .. }
            | ExprKind::Unmodelled(_) => {
                let what = expr.kind.what();
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
}

fn is_literal(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(Literal::String(_)))
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
