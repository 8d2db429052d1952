//! Parse analysis as the replay needs it: with the session's path and the variables of the code that is running.
//!
//! What is stored comes from here, and so do the errors of statements that are only looked at.

use std::cell::Cell;

use super::plpgsql::KnownNames;
use super::{Exec, Replay, SqlError, Stop};
use crate::catalog::tree::{self, Stored};
use crate::catalog::{
    AttrNumber, Function, Object, Oid, Relation, SqlBodyTree, StoredExpr, StoredQuery, TypeRef, type_oid as t,
};
use crate::expr::analyze::api::{self, IndexExpression};
use crate::expr::analyze::tupdesc::{OpenRelation, open_relation};
use crate::expr::analyze::{self, Analyzer, Environment, Variable, Variables};
use crate::expr::deparse::Deparser;
use crate::sql::ast::{
    CreateRule, CreateTrigger, Expr, FuncCall, Name, QualifiedName, Query, QueryBody, SqlBody, StatementKind,
    TriggerTiming,
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

/// For what is looked at but not kept, one moment is as good as another: `'today'` is a date.
fn at_some_time<'a>(env: &Environment<'a>) -> Environment<'a> {
    Environment { now: Some(0), ..*env }
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
        let date_order = self.session.date_order();
        let parameters = self.code.parameters.as_deref().map(|p| p.with_catalog(&self.catalog));
        let variables = variables.or(parameters.as_ref().map(|p| p as &dyn Variables));
        let times = Some(&self.code.times);
        analyse(&Environment {
            catalog: &self.catalog,
            path: &path,
            time_zone,
            date_order,
            now: None,
            times,
            variables,
        })
    }

    /// The same, where names may stand for variables of code. A type error that hangs on a variable whose type is not
    /// known is none.
    fn with_code<T>(&self, known: Option<&KnownNames>, analyse: impl FnOnce(&Environment<'_>) -> Exec<T>) -> Exec<T> {
        let Some(known) = known else { return self.with_environment(None, analyse) };
        let variables = CodeVariables { catalog: &self.catalog, known, untyped: Cell::new(false) };
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

    /// Analyses something in the context of a relation.
    fn in_relation<T>(
        &self,
        rel: Oid,
        analyse: impl FnOnce(Environment<'_>, &OpenRelation, &[AttrNumber]) -> Exec<T>,
    ) -> Exec<T> {
        let Some(relation) = open_relation(&self.catalog, rel) else {
            return Err(SqlError::new("XX000", "the relation of an expression is gone").into());
        };
        let columns = self.catalog.relation(rel).into_iter().flat_map(Relation::live_columns);
        let generated: Vec<AttrNumber> = columns.filter(|c| c.generated.is_some()).map(|c| c.number).collect();
        self.with_environment(None, |env| analyse(*env, &relation, &generated))
    }

    /// A column's DEFAULT; nothing for a plain NULL, which is none (`heap.c: AddRelationNewConstraints`).
    pub(in crate::replay) fn analyze_default(
        &self,
        rel: Oid,
        number: AttrNumber,
        expr: &Expr,
    ) -> Exec<Option<StoredExpr>> {
        let Some(column) = self.catalog.relation(rel).and_then(|r| r.column_at(number)) else { return Ok(None) };
        let stored = self.with_environment(None, |env| api::column_default(*env, &column.name, column.ty, expr))?;
        let null = matches!(&stored.tree, tree::Expr::Const(constant) if constant.value.is_none());
        Ok(Some(stored).filter(|_| !null))
    }

    /// A column's default as one of another type; nothing if it cannot be.
    pub(in crate::replay) fn recoerced_default(&self, default: &StoredExpr, ty: TypeRef) -> Exec<Option<StoredExpr>> {
        self.with_environment(None, |env| api::recoerced_default(*env, ty, &default.tree))
    }

    /// A generation expression.
    pub(in crate::replay) fn analyze_generated(
        &self,
        rel: Oid,
        number: AttrNumber,
        stored: bool,
        expr: &Expr,
    ) -> Exec<StoredExpr> {
        let column = self.catalog.relation(rel).and_then(|r| r.column_at(number));
        let (name, ty) = column.map_or((Name::new(), TypeRef::plain(t::UNKNOWN)), |c| (c.name.clone(), c.ty));
        self.in_relation(rel, |env, relation, generated| {
            let generated: Vec<AttrNumber> = generated.iter().copied().chain([number]).collect();
            api::generated(env, relation, &generated, &name, ty, !stored, expr)
        })
    }

    /// A CHECK of a table.
    pub(in crate::replay) fn analyze_check(&self, rel: Oid, expr: &Expr) -> Exec<StoredExpr> {
        self.in_relation(rel, |env, relation, _| api::check_constraint(env, relation, expr))
    }

    /// A CHECK of a domain.
    pub(in crate::replay) fn analyze_domain_check(&self, base: TypeRef, expr: &Expr) -> Exec<StoredExpr> {
        self.with_environment(None, |env| api::domain_check(*env, base, expr))
    }

    /// The DEFAULT of a domain.
    pub(in crate::replay) fn analyze_domain_default(
        &self,
        base: TypeRef,
        domain: &Name,
        expr: &Expr,
    ) -> Exec<StoredExpr> {
        self.with_environment(None, |env| api::domain_default(*env, domain, base, expr))
    }

    /// A key of an index.
    pub(in crate::replay) fn analyze_index_expression(&self, rel: Oid, expr: &Expr) -> Exec<IndexExpression> {
        self.in_relation(rel, |env, relation, _| api::index_expression(env, relation, expr))
    }

    /// WHERE of an index.
    pub(in crate::replay) fn analyze_index_predicate(&self, rel: Oid, expr: &Expr) -> Exec<StoredExpr> {
        self.in_relation(rel, |env, relation, _| api::index_predicate(env, relation, expr))
    }

    /// The predicate and the expressions among the keys of an index, before any of them is planned.
    pub(in crate::replay) fn transform_index_parts<'e>(
        &self,
        rel: Oid,
        filter: Option<&Expr>,
        exprs: impl Iterator<Item = &'e Expr>,
    ) -> Exec {
        self.in_relation(rel, |env, relation, _| api::transform_index(env, relation, filter, exprs))
    }

    /// An expression of a partition key.
    pub(in crate::replay) fn analyze_partition_key(
        &self,
        rel: Oid,
        number: usize,
        expr: &Expr,
    ) -> Exec<IndexExpression> {
        self.in_relation(rel, |env, relation, generated| api::partition_key(env, relation, generated, number, expr))
    }

    /// A value of a partition's bound, of the type of the key's column.
    pub(in crate::replay) fn analyze_partition_bound(
        &self,
        column: &str,
        ty: TypeRef,
        collation: Oid,
        expr: &Expr,
    ) -> Exec<tree::Const> {
        let stored = self.with_environment(None, |env| api::partition_bound(*env, column, ty, collation, expr))?;
        match &stored.tree {
            tree::Expr::Const(constant) => Ok((**constant).clone()),
            _ => Err(super::Opaque::new(
                "the value of a partition bound is not computed",
                crate::sql::ast::Touches::Everything,
            )
            .at(expr.loc)
            .into()),
        }
    }

    /// An expression of extended statistics.
    pub(in crate::replay) fn analyze_statistics_expression(&self, rel: Oid, expr: &Expr) -> Exec<StoredExpr> {
        self.in_relation(rel, |env, relation, _| api::statistics_expression(env, relation, expr))
    }

    /// USING and WITH CHECK of a policy.
    pub(in crate::replay) fn analyze_policy(&self, rel: Oid, expr: &Expr) -> Exec<StoredExpr> {
        self.in_relation(rel, |env, relation, _| api::policy(env, relation, expr))
    }

    /// WHEN of a trigger.
    pub(in crate::replay) fn analyze_trigger_when(
        &self,
        relation: &Relation,
        stmt: &CreateTrigger,
        expr: &Expr,
    ) -> Exec<StoredExpr> {
        let fires = api::Fires {
            row: stmt.row,
            before: stmt.timing == TriggerTiming::Before,
            insert: stmt.events.insert,
            delete: stmt.events.delete,
        };
        self.in_relation(relation.oid, |env, relation, generated| {
            api::trigger_when(env, relation, generated, fires, expr)
        })
    }

    /// A rule.
    pub(in crate::replay) fn analyze_rule(&self, rule: &CreateRule) -> Exec<analyze::AnalyzedRule> {
        self.with_environment(None, |env| analyze::analyze_rule(env, rule))
    }

    /// USING of ALTER COLUMN … TYPE, or the cast that is made without it.
    pub(in crate::replay) fn analyze_using(
        &self,
        rel: Oid,
        column: &Name,
        target: TypeRef,
        using: Option<&Expr>,
    ) -> Exec<StoredExpr> {
        self.in_relation(rel, |env, relation, _| api::alter_column_using(env, relation, column, target, using))
    }

    /// USING of ALTER COLUMN TYPE as it is read, before anything is known of the new type (`transformAlterTableStmt`).
    pub(in crate::replay) fn transform_using(&self, rel: Oid, using: &Expr) -> Exec {
        self.in_relation(rel, |env, relation, _| api::transform_using(env, relation, using))
    }

    /// The default of a parameter.
    pub(in crate::replay) fn analyze_parameter_default(&self, ty: TypeRef, expr: &Expr) -> Exec<StoredExpr> {
        self.with_environment(None, |env| api::function_default(*env, ty.oid, expr))
    }

    /// WHERE of a published table.
    pub(in crate::replay) fn analyze_publication_filter(&self, rel: Oid, expr: &Expr) -> Exec<StoredExpr> {
        self.in_relation(rel, |env, relation, _| api::publication_filter(env, relation, expr))
    }

    /// WHERE of COPY FROM.
    pub(in crate::replay) fn analyze_copy_condition(&self, rel: Oid, expr: &Expr) -> Exec<StoredExpr> {
        self.in_relation(rel, |env, relation, generated| api::copy_condition(env, relation, generated, expr))
    }

    /// The operator of an exclusion constraint over values of a type (`parse_oper.c: compatible_oper_opid`).
    pub(in crate::replay) fn analyze_operator(&self, name: &QualifiedName, ty: Oid) -> Exec<Oid> {
        self.with_environment(None, |env| {
            Analyzer::new(*env).compatible_oper(name, ty, ty, name.loc).map(|found| found.oid)
        })
    }

    /// The operator over values of two types (`parse_oper.c: oper`).
    pub(in crate::replay) fn analyze_operator_over(&self, name: &QualifiedName, left: Oid, right: Oid) -> Exec<Oid> {
        self.with_environment(None, |env| {
            Analyzer::new(*env).compatible_oper(name, left, right, name.loc).map(|found| found.oid)
        })
    }

    /// Its value is the same whenever it is asked for.
    pub(in crate::replay) fn is_immutable(&self, expr: &tree::Expr) -> bool {
        self.with_environment(None, |env| Ok(api::is_immutable(*env, expr))).unwrap_or(false)
    }

    /// The error of a constant that cannot be computed.
    pub(in crate::replay) fn refuse_folded(&self, expr: &tree::Expr) -> Exec {
        match self.with_environment(None, |env| api::folded(*env, expr)) {
            Err(Stop::Error(error)) => Err(Stop::Error(error)),
            Ok(()) | Err(Stop::Opaque(_)) => Ok(()),
        }
    }

    /// Values of these types can stand where those are wanted, without a cast (`can_coerce_type`).
    pub(in crate::replay) fn coercible(&self, inputs: &[Oid], targets: &[Oid]) -> bool {
        self.with_environment(None, |env| Ok(api::coercible(*env, inputs, targets))).unwrap_or(true)
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

    /// A query that is run and not kept.
    pub(in crate::replay) fn check_query(&self, query: &Query) -> Exec<tree::StoredQueryTree> {
        self.with_environment(None, |env| analyze::check_query(&at_some_time(env), query))
    }

    /// The error of a query that is run and not kept.
    pub(in crate::replay) fn parse_analysis(&self, query: &Query, variables: &KnownNames) -> Exec {
        self.with_code(Some(variables), |env| analyze::analyze_query(&at_some_time(env), query).map(drop))
    }

    /// What planning a query finds wrong with the functions in SQL that it calls.
    pub(in crate::replay) fn refuse_unfit_bodies(&self, query: &tree::Query) -> Exec {
        self.with_environment(None, |env| analyze::refuse_unfit_bodies(&at_some_time(env), query))
    }

    /// A statement that reads or writes rows; of others nothing is found out.
    pub(in crate::replay) fn analyze_statement(
        &self,
        statement: &StatementKind,
    ) -> Exec<Option<tree::StoredQueryTree>> {
        let variables = self.code.variables.clone();
        self.with_code(variables.as_deref(), |env| analyze::analyze_statement(&at_some_time(env), statement))
    }

    /// The statement of a PREPARE, whose parameters have types or get them (`parse_param.c: setup_parse_variable_parameters`).
    pub(in crate::replay) fn analyze_prepared(
        &self,
        statement: &StatementKind,
        parameters: &dyn Variables,
    ) -> Exec<Option<tree::StoredQueryTree>> {
        self.with_environment(Some(parameters), |env| analyze::analyze_statement(&at_some_time(env), statement))
    }

    /// A parameter of an EXECUTE.
    pub(in crate::replay) fn analyze_parameter(&self, number: usize, ty: Oid, expr: &Expr) -> Exec<StoredExpr> {
        self.with_environment(None, |env| api::execute_parameter(at_some_time(env), number, ty, expr))
    }

    /// The procedure of a CALL (`parse_func.c: ParseFuncOrColumn` with `proc_call`).
    pub(in crate::replay) fn analyze_call(&self, call: &FuncCall) -> Exec {
        let variables = self.code.variables.clone();
        self.with_code(variables.as_deref(), |env| analyze::analyze_call(&at_some_time(env), call).map(drop))
    }

    /// The statements of a function in SQL, whose last one gives its result (`functions.c: check_sql_fn_statements`).
    pub(in crate::replay) fn analyze_sql_statements(
        &self,
        function: &Function,
        statements: &[StatementKind],
    ) -> Exec<Vec<tree::Query>> {
        self.with_environment(None, |env| analyze::analyze_sql_function(&at_some_time(env), function, statements))
    }

    /// A body in SQL-standard syntax.
    /// What it needs comes with it.
    pub(in crate::replay) fn analyze_sql_body(
        &self,
        function: &Function,
        body: &SqlBody,
    ) -> Exec<(SqlBodyTree, Vec<Object>)> {
        let queries = self.with_environment(None, |env| analyze::analyze_sql_body(env, function, body))?;
        let mut needs = Vec::new();
        for query in &queries {
            needs.extend(analyze::query_dependencies(&self.catalog, query)?);
        }
        let tree = match (body, queries) {
            (SqlBody::Return(_), mut queries) if queries.len() == 1 => SqlBodyTree::Return(queries.remove(0)),
            (SqlBody::Return(_) | SqlBody::Atomic(_), queries) => SqlBodyTree::Atomic(queries),
        };
        Ok((tree, needs))
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
    catalog: &'a crate::catalog::Catalog,
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
        Variable { id: 0, ty, collation: self.catalog.type_collation(ty.oid), fields: Vec::new() }
    }
}

impl Variables for CodeVariables<'_> {
    fn parameter(&self, number: u32) -> Option<Variable> {
        Some(self.variable(self.known.type_of_parameter(number)?))
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
        self.stored_syntax_of(stored, None)
    }

    /// The same of an expression about the columns of a relation.
    pub(in crate::replay) fn stored_syntax_of(&self, stored: &StoredExpr, rel: Option<Oid>) -> Option<Expr> {
        let text = Deparser::new(&self.catalog, &[]).expr(&stored.tree, rel).ok()?;
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
