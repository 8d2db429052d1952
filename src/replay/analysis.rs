//! Parse analysis as the replay needs it: with the session's path and the variables of the code that is running.
//!
//! What is stored comes from here, and so do the errors of statements that are only looked at.

use std::cell::Cell;

use super::plpgsql::KnownNames;
use super::{Exec, Replay, SqlError, Stop};
use crate::catalog::tree::{self, Stored};
use crate::catalog::{
    AttrNumber, Function, Oid, Relation, StoredExpr, StoredQuery, TypeRef, type_oid as t,
};
use crate::expr::analyze::{self, Environment, Variable, Variables};
use crate::expr::deparse::Deparser;
use crate::sql::ast::{
    CreateTrigger, Expr, FuncCall, Name, QualifiedName, Query, QueryBody, StatementKind,
};
use crate::sql::plpgsql::VariableConflict;
use crate::sql::span::Loc;
use crate::sql::{Segment, parse};

/// A query that was analysed, and its columns.
pub(in crate::replay) struct AnalyzedQuery {
    /// The query.
    pub query: StoredQuery,
    /// Its columns.
    pub columns: Vec<OutputColumn>,
}

/// A column of a query's result.
pub(in crate::replay) struct OutputColumn {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeRef,
    /// Its collation; none if its type has none, or if there are several.
    pub collation: Oid,
    /// Where it comes from in the text.
    pub loc: Loc,
}

impl AnalyzedQuery {
    /// With other names for its first columns (`view.c: DefineView`).
    pub fn renamed(self, names: &[Name]) -> AnalyzedQuery {
        if names.is_empty() {
            return self;
        }
        let mut tree = self.query.tree.clone();
        for (target, name) in tree.targets.iter_mut().filter(|target| !target.junk).zip(names) {
            target.name = Some(name.clone());
        }
        let query = Stored { tree, depends_on: self.query.depends_on.clone() };
        AnalyzedQuery { query: query.into(), columns: self.columns }
    }
}

impl Replay {
    /// Analyses something with the session's path.
    fn with_environment<T>(
        &self,
        variables: Option<&dyn Variables>,
        analyse: impl FnOnce(&Environment<'_>) -> Exec<T>,
    ) -> Exec<T> {
        let path = self.path();
        let time_zone = self.session.setting("timezone").unwrap_or("UTC");
        analyse(&Environment { catalog: &self.catalog, path: &path, time_zone, now: None, variables })
    }

    /// The same, where names may stand for variables of code. A type error that hangs on a variable whose type is not
    /// known is none.
    fn with_code<T>(&self, known: Option<&KnownNames>, analyse: impl FnOnce(&Environment<'_>) -> Exec<T>) -> Exec<T> {
        let Some(known) = known else { return self.with_environment(None, analyse) };
        let variables = CodeVariables { known, untyped: Cell::new(false) };
        match self.with_environment(Some(&variables), analyse) {
            Err(Stop::Error(error)) if variables.untyped.get() && hangs_on_types(&error) => {
                Err(super::Opaque::undecided(
                    format!("it depends on the type of a variable ({} {})", error.sqlstate, error.message),
                    crate::sql::ast::Touches::Nothing,
                )
                .at(error.loc)
                .into())
            }
            result => result,
        }
    }

    // ---- what is stored ----

    /// A column's DEFAULT; nothing for a plain NULL, which is none (`heap.c: AddRelationNewConstraints`).
    pub(in crate::replay) fn analyze_default(
        &self,
        rel: Oid,
        number: AttrNumber,
        expr: &Expr,
    ) -> Exec<Option<StoredExpr>> {
        let Some(column) = self.catalog.relation(rel).and_then(|r| r.column_at(number)) else { return Ok(None) };
        let stored =
            self.with_environment(None, |env| analyze::column_default(env, rel, column.ty, &column.name, expr))?;
        let null = matches!(&stored.tree, tree::Expr::Const(constant) if constant.value.is_none());
        Ok(Some(stored).filter(|_| !null))
    }

    /// A generation expression.
    pub(in crate::replay) fn analyze_generated(&self, rel: Oid, number: AttrNumber, expr: &Expr) -> Exec<StoredExpr> {
        self.with_environment(None, |env| analyze::generated(env, rel, number, expr))
    }

    /// A CHECK of a table.
    pub(in crate::replay) fn analyze_check(&self, rel: Oid, expr: &Expr) -> Exec<StoredExpr> {
        self.with_environment(None, |env| analyze::check_constraint(env, rel, expr))
    }

    /// A CHECK of a domain.
    pub(in crate::replay) fn analyze_domain_check(&self, domain: Oid, expr: &Expr) -> Exec<StoredExpr> {
        self.with_environment(None, |env| analyze::domain_check(env, domain, expr))
    }

    /// The DEFAULT of a domain.
    pub(in crate::replay) fn analyze_domain_default(
        &self,
        base: TypeRef,
        domain: &Name,
        expr: &Expr,
    ) -> Exec<StoredExpr> {
        self.with_environment(None, |env| analyze::domain_default(env, base, domain, expr))
    }

    /// A key of an index.
    pub(in crate::replay) fn analyze_index_expression(&self, rel: Oid, expr: &Expr) -> Exec<StoredExpr> {
        self.with_environment(None, |env| analyze::index_expression(env, rel, expr))
    }

    /// WHERE of an index.
    pub(in crate::replay) fn analyze_index_predicate(&self, rel: Oid, expr: &Expr) -> Exec<StoredExpr> {
        self.with_environment(None, |env| analyze::index_predicate(env, rel, expr))
    }

    /// USING and WITH CHECK of a policy.
    pub(in crate::replay) fn analyze_policy(&self, rel: Oid, expr: &Expr) -> Exec<StoredExpr> {
        self.with_environment(None, |env| analyze::policy(env, rel, expr))
    }

    /// WHEN of a trigger.
    pub(in crate::replay) fn analyze_trigger_when(
        &self,
        relation: &Relation,
        stmt: &CreateTrigger,
        expr: &Expr,
    ) -> Exec<StoredExpr> {
        self.with_environment(None, |env| analyze::trigger_when(env, relation.oid, stmt, expr))
    }

    /// USING of ALTER COLUMN … TYPE.
    pub(in crate::replay) fn analyze_using(&self, rel: Oid, expr: &Expr) -> Exec<StoredExpr> {
        self.with_environment(None, |env| analyze::alter_column_using(env, rel, expr))
    }

    /// The default of a parameter.
    pub(in crate::replay) fn analyze_parameter_default(&self, ty: TypeRef, expr: &Expr) -> Exec<StoredExpr> {
        self.with_environment(None, |env| analyze::function_default(env, ty, expr))
    }

    /// WHERE of a published table.
    pub(in crate::replay) fn analyze_publication_filter(&self, rel: Oid, expr: &Expr) -> Exec<StoredExpr> {
        self.with_environment(None, |env| analyze::publication_filter(env, rel, expr))
    }

    /// A value of another type as a column's default: `nextval` of a serial one.
    pub(in crate::replay) fn as_column_type(
        &self,
        rel: Oid,
        number: AttrNumber,
        value: StoredExpr,
    ) -> Exec<StoredExpr> {
        let Some(column) = self.catalog.relation(rel).and_then(|r| r.column_at(number)) else { return Ok(value) };
        self.with_environment(None, |env| analyze::assigned(env, column.ty, &column.name, value))
    }

    /// The collation of a column or attribute, where it differs from its type's (`parse_type.c: GetColumnDefCollation`).
    pub(in crate::replay) fn column_collation(
        &self,
        written: Option<&QualifiedName>,
        ty: TypeRef,
    ) -> Exec<Option<Oid>> {
        let Some(written) = written else { return Ok(None) };
        let path = self.path();
        let collation = super::lookup::collation(&self.catalog, &path, written)?;
        let of_type = self.catalog.type_collation(ty.oid);
        if of_type == Oid::INVALID {
            let name = self.catalog.format_type(TypeRef::plain(ty.oid), &path);
            let message = format!("collations are not supported by type {name}");
            return Err(SqlError::new("42804", message).at(written.loc).into());
        }
        Ok(Some(collation).filter(|&c| c != of_type))
    }

    // ---- queries and statements ----

    /// A query, in code or not.
    pub(in crate::replay) fn analyze_query(
        &self,
        query: &Query,
        variables: Option<&KnownNames>,
    ) -> Exec<AnalyzedQuery> {
        let query = self.with_code(variables, |env| analyze::analyze_query(env, query))?;
        let column = |target: &tree::TargetEntry| OutputColumn {
            name: target.name.clone().unwrap_or_default(),
            ty: target.expr.ty(&self.catalog),
            collation: target.expr.collation(),
            loc: target.expr.loc(),
        };
        let columns = query.tree.result_targets().map(column).collect();
        Ok(AnalyzedQuery { query, columns })
    }

    /// A statement that reads or writes rows; of others nothing is found out.
    pub(in crate::replay) fn analyze_statement(&self, statement: &StatementKind) -> Exec {
        let variables = self.code.variables.clone();
        self.with_code(variables.as_deref(), |env| analyze::analyze_statement(env, statement).map(drop))
    }

    /// The procedure of a CALL (`parse_func.c: ParseFuncOrColumn` with `proc_call`).
    pub(in crate::replay) fn analyze_call(&self, call: &FuncCall) -> Exec {
        let variables = self.code.variables.clone();
        self.with_code(variables.as_deref(), |env| analyze::analyze_call(env, call).map(drop))
    }

    /// The statements of a function in SQL, whose last one gives its result (`functions.c: check_sql_fn_statements`).
    pub(in crate::replay) fn analyze_sql_statements(
        &self,
        function: &Function,
        statements: &[StatementKind],
    ) -> Exec<Vec<tree::Query>> {
        self.with_environment(None, |env| analyze::analyze_sql_function(env, function, statements))
    }
}

/// The SQLSTATEs of errors that the type of a variable decides: no such function or operator, several of them, types that
/// do not fit, values that are none of a type.
fn hangs_on_types(error: &SqlError) -> bool {
    matches!(
        error.sqlstate.as_str(),
        "42883" | "42725" | "42804" | "42846" | "42P18" | "42P22" | "42P21" | "42809" | "22P02" | "22007" | "42703"
    )
}

/// The variables of code as parse analysis sees them.
struct CodeVariables<'a> {
    known: &'a KnownNames,
    /// One was met whose type is not known.
    untyped: Cell<bool>,
}

impl CodeVariables<'_> {
    fn variable(&self, ty: Option<TypeRef>) -> Variable {
        if ty.is_none() {
            self.untyped.set(true);
        }
        let ty = ty.unwrap_or(TypeRef::plain(t::UNKNOWN));
        Variable { id: 0, ty, collation: Oid::INVALID, fields: Vec::new() }
    }
}

impl Variables for CodeVariables<'_> {
    fn parameter(&self, _: u32) -> Option<Variable> {
        Some(self.variable(None))
    }

    fn name(&self, parts: &[Name], _: Loc, before: bool) -> Exec<Option<Variable>> {
        let first = self.known.conflict() == VariableConflict::UseVariable;
        if before != first || !self.known.knows(parts) {
            return Ok(None);
        }
        Ok(Some(self.variable(self.known.type_of(parts))))
    }

    fn conflicts_with_columns(&self) -> bool {
        self.known.conflict() == VariableConflict::Error
    }
}

// ---- what is stored, as syntax ----

impl Replay {
    /// The statements of a function with a body in SQL-standard syntax; nothing if they cannot be printed. What is stored
    /// is run from its printed text, where objects have the names that they have now.
    pub(in crate::replay) fn sql_body_statements(&self, function: &Function) -> Option<Vec<StatementKind>> {
        let deparser = Deparser::new(&self.catalog, &[]);
        let text = deparser.sql_body(&crate::expr::deparse::function_record(function)).ok()?;
        let statements = match text.strip_prefix("BEGIN ATOMIC\n") {
            Some(statements) => statements.strip_suffix("END")?.to_owned(),
            None => format!("SELECT {}", text.strip_prefix("RETURN ")?),
        };
        parse(&statements).into_iter().map(statement).collect()
    }

    /// A stored expression that names no columns.
    pub(in crate::replay) fn stored_syntax(&self, stored: &StoredExpr) -> Option<Expr> {
        let text = Deparser::new(&self.catalog, &[]).expr(&stored.tree, None).ok()?;
        let text = format!("SELECT {text}");
        let StatementKind::Select(query) = parse(&text).into_iter().next().and_then(statement)? else { return None };
        match query.body {
            QueryBody::Select(select) => select.targets.into_iter().next()?.value,
            QueryBody::Values(_) | QueryBody::SetOp { .. } => None,
        }
    }
}

/// The statement, if it is one.
fn statement(segment: Segment) -> Option<StatementKind> {
    match segment {
        Segment::Statement(statement) => Some(statement.kind),
        Segment::SyntaxError(_) | Segment::Unparsed { .. } | Segment::MetaCommand { .. } => None,
    }
}
