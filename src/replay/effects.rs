//! What a statement may change, judged by its syntax and the catalog as it is: for statements of which nobody knows
//! whether they run.

mod text;

use super::Replay;
use super::plpgsql::walk;
use crate::catalog::{Oid, Unknown};
use crate::sql::ast::*;
use crate::sql::plpgsql::{Body, OpenSource, Stmt, StmtKind};
use crate::sql::shape;
use crate::sql::span::Span;
use crate::sql::visit;

/// What a number of statements may change.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Effects {
    everything: bool,
    expressions: bool,
    servers: bool,
    large_objects: bool,
    relations: Vec<QualifiedName>,
    types: Vec<QualifiedName>,
    /// What may become of rows.
    rows: RowEffect,
}

/// What may become of the rows of tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RowEffect {
    /// They stay.
    #[default]
    None,
    /// Those that are there may change or go.
    Change,
    /// New ones may come.
    Bring,
}

impl Effects {
    pub const NONE: Effects = Effects {
        everything: false,
        expressions: false,
        servers: false,
        large_objects: false,
        rows: RowEffect::None,
        relations: Vec::new(),
        types: Vec::new(),
    };

    pub fn everything() -> Effects {
        Effects { everything: true, ..Effects::default() }
    }

    fn relation(name: &QualifiedName) -> Effects {
        Effects { relations: vec![name.clone()], ..Effects::default() }
    }

    fn relations<'a>(names: impl IntoIterator<Item = &'a QualifiedName>) -> Effects {
        Effects { relations: names.into_iter().cloned().collect(), ..Effects::default() }
    }

    fn expressions() -> Effects {
        Effects { expressions: true, ..Effects::default() }
    }

    fn servers() -> Effects {
        Effects { servers: true, ..Effects::default() }
    }

    fn large_objects() -> Effects {
        Effects { large_objects: true, ..Effects::default() }
    }

    fn ty(name: &QualifiedName) -> Effects {
        Effects { types: vec![name.clone()], ..Effects::default() }
    }

    /// Nothing of the catalog.
    pub fn is_none(&self) -> bool {
        let Effects { everything, expressions, servers, large_objects, relations, types, rows: _ } = self;
        !everything && !expressions && !servers && !large_objects && relations.is_empty() && types.is_empty()
    }

    /// What may become of rows.
    pub fn on_rows(&self) -> RowEffect {
        if self.everything { RowEffect::Bring } else { self.rows }
    }

    /// Foreign-data wrappers and servers are among them.
    pub fn touches_servers(&self) -> bool {
        self.servers
    }

    /// Why nothing certain is known of the relations among them.
    pub fn tainted_relations(&self, replay: &Replay) -> Vec<Unknown> {
        let path = replay.path();
        let of = |name: &QualifiedName| super::lookup::tainted_relation(&replay.catalog, &path, name).cloned();
        self.relations.iter().filter_map(of).collect()
    }

    fn and(mut self, other: Effects) -> Effects {
        self.everything |= other.everything;
        self.expressions |= other.expressions;
        self.servers |= other.servers;
        self.large_objects |= other.large_objects;
        self.rows = self.rows.max(other.rows);
        self.relations.extend(other.relations);
        self.types.extend(other.types);
        self
    }

    /// As an opaque statement names them; several where one kind does not cover them.
    pub fn touches(self) -> Vec<Touches> {
        // Any name at all is meant.
        let anywhere = |name: &QualifiedName| {
            let any_name = name.name.chars().all(shape::is_gap);
            name.schema.as_deref().map_or(any_name, shape::has_gap)
        };
        let of_any_type = self.types.iter().any(|name| shape::has_gap(&name.name) || anywhere(name));
        if self.everything || of_any_type || self.relations.iter().any(anywhere) {
            return vec![Touches::Everything];
        }
        let mut touches: Vec<Touches> = self.types.into_iter().map(Touches::Type).collect();
        if self.expressions {
            touches.push(Touches::Expressions);
        }
        if self.servers {
            touches.push(Touches::Servers);
        }
        if self.large_objects {
            touches.push(Touches::LargeObjects);
        }
        if !self.relations.is_empty() {
            touches.push(Touches::Relations(self.relations));
        }
        touches
    }
}

impl Effects {
    /// The same in one: everything, where no other covers them.
    pub fn touches_as_one(self) -> Touches {
        match self.touches().as_mut_slice() {
            [] => Touches::Nothing,
            [one] => std::mem::replace(one, Touches::Nothing),
            [_, _, ..] => Touches::Everything,
        }
    }
}

impl FromIterator<Effects> for Effects {
    fn from_iter<I: IntoIterator<Item = Effects>>(iter: I) -> Effects {
        iter.into_iter().fold(Effects::NONE, Effects::and)
    }
}

/// Functions that call each other deeper than this are not followed.
const MAX_DEPTH: usize = 8;

impl Replay {
    /// Whether a call of the function may change the catalog. Few of PostgreSQL's own do: `set_config`, and those that
    /// make and drop large objects, are known by their names.
    pub(super) fn may_change_catalog(&self, function: Oid) -> bool {
        !self.effects_of_function(function, 0).is_none()
    }

    /// What a call of the function may change.
    pub(super) fn effects_of_called(&self, function: Oid) -> Effects {
        self.effects_of_function(function, 0)
    }

    fn effects_of_function(&self, function: Oid, depth: usize) -> Effects {
        use crate::catalog::FunctionBody;
        if function.is_builtin() {
            return Effects::NONE;
        }
        let Some(function) = self.catalog.function(function) else { return Effects::everything() };
        if depth > MAX_DEPTH {
            return Effects::everything();
        }
        // PostgreSQL refuses commands that change something in a function that is not volatile.
        if function.volatility != Volatility::Volatile {
            return Effects::NONE;
        }
        match (&function.body, function.language.as_str()) {
            (FunctionBody::Source(code, _), "plpgsql") => {
                match crate::sql::plpgsql::parse(code, &super::call::environment(function, self.grammar())) {
                    Ok(body) => self.effects_of_body(&[as_statement(body)], depth + 1),
                    Err(_) => Effects::everything(),
                }
            }
            (FunctionBody::Source(code, _), "sql") => {
                let effect = |segment: crate::sql::Segment| match segment {
                    crate::sql::Segment::Statement(statement) => self.effects_of_at(&statement.kind, depth + 1),
                    _ => Effects::everything(),
                };
                self.grammar().parse(&code.text).into_iter().map(effect).collect()
            }
            (FunctionBody::Sql(_), _) => match self.sql_body_statements(function) {
                Some(statements) => statements.iter().map(|s| self.effects_of_at(s, depth + 1)).collect(),
                None => Effects::everything(),
            },
            // Of an extension that is known: none of theirs changes the catalog, but for those that run SQL elsewhere, which
            // may be here.
            (FunctionBody::Native(_), _) if function.name.starts_with("dblink") => Effects::everything(),
            (FunctionBody::Native(_), _) => Effects::NONE,
            (FunctionBody::Source(..), _) => Effects::everything(),
        }
    }

    /// What the functions may change that a data statement calls directly, or through what it reads and writes: views,
    /// defaults, checks, generated columns, expressions of indexes.
    pub(super) fn hidden_effects(&self, statement: &StatementKind) -> Effects {
        let direct = self.effects_of_calls(|f| visit::in_data_statement(statement, f), 0);
        direct.and(self.effects_of_relations(statement))
    }

    /// What the functions may change behind the relations that a data statement reads and writes.
    pub(super) fn effects_of_relations(&self, statement: &StatementKind) -> Effects {
        let path = self.path();
        let mut behind = Effects::NONE;
        visit::relations(statement, &mut |name| {
            let found = super::lookup::relation_if_exists(&self.catalog, &path, &name.name).ok().flatten();
            if let Some(oid) = found {
                behind = std::mem::take(&mut behind).and(self.effects_behind(oid, 0));
            }
        });
        behind
    }

    /// What the functions may change that a relation's own expressions call.
    pub(in crate::replay) fn effects_behind(&self, relation: Oid, depth: usize) -> Effects {
        use crate::catalog::Object;
        let Some(record) = self.catalog.relation(relation) else { return Effects::NONE };
        if depth > MAX_DEPTH {
            return Effects::everything();
        }
        let columns = record
            .live_columns()
            .flat_map(|c| [Object::Column(relation, c.number), Object::Default(relation, c.number)]);
        let constraints = record.constraints.iter().map(|c| Object::Constraint(relation, c.oid));
        let indexes = record.indexes.iter().map(|&index| Object::Relation(index));
        let own = [Object::Relation(relation)].into_iter().chain(columns).chain(constraints).chain(indexes);
        own.flat_map(|object| self.catalog.dependencies.of(object))
            .map(|edge| match edge.referenced {
                Object::Function(function) => self.effects_of_function(function, depth),
                // A view reads other relations; an index belongs to its table.
                Object::Relation(other) | Object::Column(other, _) if record.is_view() && other != relation => {
                    self.effects_behind(other, depth + 1)
                }
                _ => Effects::NONE,
            })
            .collect()
    }

    /// What the statements of a body may change.
    pub(super) fn effects_of_statements(&self, body: &[Stmt]) -> Effects {
        self.effects_of_body(body, 0)
    }

    fn effects_of_body(&self, body: &[Stmt], depth: usize) -> Effects {
        let mut effects = Effects::NONE;
        walk::statements(body, &mut |stmt| {
            let of = match &stmt.kind {
                StmtKind::Sql { statement, .. } => self.effects_of_at(&statement.sql, depth),
                StmtKind::Execute { text, .. }
                | StmtKind::ForExecute { text, .. }
                | StmtKind::ReturnQueryExecute { text, .. } => self.effects_of_dynamic(&text.sql, depth),
                StmtKind::Rollback => Effects::everything(),
                StmtKind::Open(open) => match &open.source {
                    OpenSource::Execute { text, .. } => self.effects_of_dynamic(&text.sql, depth),
                    _ => Effects::NONE,
                },
                _ => Effects::NONE,
            };
            let calls = self.effects_of_calls(|f| walk::expressions(stmt, f), depth);
            effects = std::mem::take(&mut effects).and(of).and(calls);
        });
        effects
    }

    /// What the functions may change that are called somewhere.
    fn effects_of_calls(&self, exprs: impl FnOnce(&mut dyn FnMut(&Expr)), depth: usize) -> Effects {
        let mut effects = Effects::NONE;
        let path = self.path();
        exprs(&mut |expr| {
            let call = match &expr.kind {
                ExprKind::Func(call) => call,
                _ => return,
            };
            let of = match super::lookup::find_call(&self.catalog, &path, call) {
                Ok(Some(super::lookup::Callee::User(oid))) => self.effects_of_function(oid, depth),
                Ok(Some(super::lookup::Callee::Builtin)) if sets_what_matters(call) => Effects::everything(),
                Ok(Some(super::lookup::Callee::Builtin)) if changes_large_objects(&call.name.name) => {
                    Effects::large_objects()
                }
                Ok(Some(super::lookup::Callee::Builtin)) => Effects::NONE,
                Ok(None) | Err(_) => self.effects_of_missing(&call.name.name, depth),
            };
            effects = std::mem::take(&mut effects).and(of);
        });
        effects
    }

    /// What a call may change that finds no function. It fails, unless a function is there that is not known, or the code
    /// that calls has another search path: then functions of that name are meant, wherever they are.
    fn effects_of_missing(&self, name: &str, depth: usize) -> Effects {
        if self.catalog.taint.of_expressions().is_some() || shape::has_gap(name) {
            return Effects::everything();
        }
        let named = self.catalog.schemas().flat_map(|schema| self.catalog.functions_in(schema.oid, name));
        named.map(|function| self.effects_of_function(function.oid, depth + 1)).collect()
    }

    /// What is not followed may write rows, of whatever table.
    pub(super) fn note_rows(&mut self, effects: &Effects) {
        match effects.on_rows() {
            RowEffect::None => {}
            RowEffect::Change => self.catalog.forget_changed_rows(),
            RowEffect::Bring => self.catalog.forget_rows(),
        }
    }

    /// Whether code may write rows that runs without being called: of a trigger, whatever table has it. What it calls
    /// may be replaced later on, so it must not call anything of users'.
    pub(super) fn trigger_may_write(&self, function: &crate::catalog::Function) -> bool {
        use crate::catalog::FunctionBody;
        let FunctionBody::Source(code, _) = &function.body else {
            return matches!(function.body, FunctionBody::Sql(_));
        };
        if function.language != "plpgsql" {
            return true;
        }
        if let Some(&writes) = self.writers.borrow().get(code.text.as_str()) {
            return writes;
        }
        let writes = self.body_may_write(function, code);
        self.writers.borrow_mut().insert(code.text.as_str().into(), writes);
        writes
    }

    fn body_may_write(&self, function: &crate::catalog::Function, code: &Code) -> bool {
        let Ok(body) = crate::sql::plpgsql::parse(code, &super::call::environment(function, self.grammar())) else {
            return true;
        };
        let mut writes = false;
        walk::statements(&[as_statement(body)], &mut |stmt| {
            writes |= match &stmt.kind {
                StmtKind::Sql { statement, .. } => !self.only_reads(&statement.sql),
                StmtKind::Execute { .. } | StmtKind::ForExecute { .. } | StmtKind::ReturnQueryExecute { .. } => true,
                StmtKind::Open(open) => matches!(open.source, OpenSource::Execute { .. }),
                _ => false,
            };
            walk::expressions(stmt, &mut |expr| writes |= self.calls_user(expr));
        });
        writes
    }

    /// A query that calls nothing of users'.
    fn only_reads(&self, statement: &StatementKind) -> bool {
        let StatementKind::Select(query) = statement else { return false };
        super::ddl::view::into_clause(query).is_none()
            && !super::ddl::view::modifies_data(query)
            && !self.query_calls_user(query)
    }

    /// Whether a query calls a function that is not PostgreSQL's own.
    pub(super) fn query_calls_user(&self, query: &Query) -> bool {
        let mut calls = false;
        visit::in_query(query, &mut |expr| calls |= self.calls_user(expr));
        calls
    }

    pub(super) fn calls_user(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Func(call) => {
                let path = self.path();
                !matches!(
                    super::lookup::find_call(&self.catalog, &path, call),
                    Ok(Some(super::lookup::Callee::Builtin))
                )
            }
            _ => false,
        }
    }

    /// What an expression may change through the functions that it calls.
    pub(in crate::replay) fn effects_of_expr(&self, expr: &Expr) -> Effects {
        self.effects_of_calls(|f| visit::in_expr(expr, f), 0)
    }

    /// What a query may change through the functions that it calls.
    pub(super) fn effects_of_query(&self, query: &Query) -> Effects {
        self.effects_of_calls(|f| visit::in_query(query, f), 0)
    }

    /// What the statement may change.
    pub(super) fn effects_of(&self, statement: &StatementKind) -> Effects {
        self.effects_of_at(statement, 0)
    }

    fn effects_of_at(&self, statement: &StatementKind, depth: usize) -> Effects {
        use StatementKind as S;
        let cascade = |behavior: DropBehavior| behavior == DropBehavior::Cascade;
        match statement {
            S::CreateTable(stmt) => Effects::relation(&created(&stmt.relation)),
            S::CreateTableAs(stmt) => {
                let calls = |query| self.effects_of_calls(|f| visit::in_query(query, f), depth);
                let filled = stmt.query.iter().filter(|_| !stmt.into.no_data).map(calls);
                let executed = stmt.execute.iter().filter_map(|execute| self.session.prepared.get(&execute.name));
                let executed = executed.map(|prepared| self.effects_of_at(&prepared.statement, depth));
                filled.chain(executed).chain([Effects::relation(&created(&stmt.into.relation))]).collect()
            }
            S::CreateView(stmt) => Effects::relation(&stmt.relation.name),
            S::CreateSequence(stmt) => Effects::relation(&stmt.relation.name),
            S::AlterSequence(stmt) => Effects::relation(&stmt.relation.name),
            S::AlterTable(stmt) => {
                let wide = stmt
                    .commands
                    .iter()
                    .any(|c| cascade(c.behavior) || matches!(c.action, AlterTableAction::Unmodelled(_)));
                if wide { Effects::everything() } else { Effects::relation(&stmt.relation.name) }
            }
            S::CreateIndex(stmt) => {
                let table = &stmt.table.name;
                let index = stmt.name.iter().map(|name| QualifiedName {
                    schema: table.schema.clone(),
                    name: name.clone(),
                    loc: table.loc,
                });
                Effects { relations: index.chain([table.clone()]).collect(), ..Effects::default() }
            }
            S::CreateTrigger(stmt) => Effects::relation(&stmt.table.name),
            S::CreatePolicy(stmt) => Effects::relation(&stmt.table.name),
            S::AlterPolicy(stmt) => Effects::relation(&stmt.table.name),
            S::RefreshMatView { .. } | S::Lock { .. } | S::Reindex(_) | S::Vacuum(_) => Effects::NONE,
            S::Cluster(stmt) => Effects::relations(stmt.relation.iter().map(|r| &r.name)),
            S::CreateEnum { name, .. } | S::CreateCompositeType { name, .. } | S::CreateRangeType { name, .. } => {
                Effects::ty(name)
            }
            S::AlterEnum(stmt) => Effects::ty(&stmt.name),
            S::CreateDomain(stmt) => Effects::ty(&stmt.name),
            S::AlterDomain(stmt) => Effects::ty(&stmt.name),
            S::CreateFunction(_) | S::AlterFunction(_) => Effects::expressions(),
            S::Define(stmt) if stmt.kind == ObjectKind::Type => Effects::ty(&stmt.name),
            S::AlterOptions(stmt) if stmt.kind == ObjectKind::Type => Effects::ty(&stmt.name),
            S::Define(_)
            | S::AlterOptions(_)
            | S::CreateCast(_)
            | S::CreateConversion(_)
            | S::AlterOperator(_)
            | S::CreateOpClass(_)
            | S::CreateOpFamily(_)
            | S::AlterOpFamily(_)
            | S::AlterTsConfig(_) => Effects::expressions(),
            // Nothing that another statement of a script rests on.
            S::CreateDatabase(_)
            | S::AlterDatabase(_)
            | S::RefreshDatabase(_)
            | S::DropDatabase { .. }
            | S::AlterSystem(_)
            | S::RefreshCollation(_) => Effects::NONE,
            S::CreateForeignDataWrapper(_) | S::AlterForeignDataWrapper(_) | S::CreateServer(_) | S::AlterServer(_) => {
                Effects::servers()
            }
            S::Comment(stmt) => of_object(&stmt.object, Effects::NONE),
            S::Rename(stmt) => match &stmt.target {
                RenameTarget::Relation { relation, .. } => {
                    let new = QualifiedName { name: stmt.new_name.clone(), ..relation.name.clone() };
                    Effects::relations([&relation.name, &new])
                }
                RenameTarget::Column { relation, .. } | RenameTarget::OfRelation { relation, .. } => {
                    Effects::relation(&relation.name)
                }
                RenameTarget::Object(object) if object.kind == ObjectKind::Database => Effects::NONE,
                RenameTarget::Object(_) => Effects::everything(),
            },
            S::Drop(stmt) if cascade(stmt.behavior) => Effects::everything(),
            S::Drop(stmt) => stmt.objects.iter().map(|o| self.of_dropped(o)).collect(),
            S::Grant(stmt) => match &stmt.target {
                GrantTarget::Tables(list) | GrantTarget::Sequences(list) => {
                    Effects::relations(list.iter().map(|r| &r.name))
                }
                GrantTarget::Functions { .. } => Effects::expressions(),
                GrantTarget::Types { names, .. } => names.iter().map(Effects::ty).collect(),
                GrantTarget::Schemas(_) | GrantTarget::AllInSchema { .. } => Effects::everything(),
                GrantTarget::Other { kind: ObjectKind::LargeObject, .. } => Effects::large_objects(),
                GrantTarget::Other { .. } => Effects::NONE,
            },
            S::AlterOwner(stmt) => of_object(&stmt.object, Effects::everything()),
            S::CreateExtension(stmt) if stmt.if_not_exists && self.catalog.extension_named(&stmt.name).is_some() => {
                Effects::NONE
            }
            S::CreateSchema(stmt)
                if stmt.if_not_exists
                    && stmt.name.as_ref().is_some_and(|name| self.catalog.schema_named(name).is_some()) =>
            {
                Effects::NONE
            }
            // New schemas, roles and the like change what names mean.
            S::CreateSchema(_)
            | S::CreateExtension(_)
            | S::AlterExtension(_)
            | S::CreateRole(_)
            | S::AlterRole(_)
            | S::AlterRoleSet(_)
            | S::GrantRole(_)
            | S::AlterDefaultPrivileges(_)
            | S::CreatePublication(_)
            | S::AlterPublication(_)
            | S::AlterObjectSchema(_)
            | S::DropRole { .. }
            | S::DropOwned { .. }
            | S::ReassignOwned { .. }
            | S::Transaction(_)
            | S::Discard { .. } => Effects::everything(),
            S::AlterObjectDepends(_)
            | S::SetConstraints { .. }
            | S::Prepare(_)
            | S::Deallocate(_)
            | S::Show(_)
            | S::Notify { .. }
            | S::Utility(_) => Effects::NONE,
            // What it calls is called when rows are fetched.
            S::DeclareCursor(_) => Effects { rows: RowEffect::Bring, ..Effects::NONE },
            S::Execute(stmt) => match self.session.prepared.get(&stmt.name) {
                _ if shape::has_gap(&stmt.name) => Effects::everything(),
                Some(prepared) => self.effects_of_at(&prepared.statement, depth),
                None => Effects::NONE,
            },
            S::CreateRule(stmt) => Effects::relation(&stmt.relation.name),
            S::CreateStatistics(stmt) => {
                let tables = stmt.from.iter().filter_map(|from| match from {
                    TableRef::Relation { relation, .. } => Some(&relation.name),
                    _ => None,
                });
                Effects::relations(stmt.name.iter().chain(tables))
            }
            S::AlterStatistics(stmt) => Effects::relation(&stmt.name),
            // A language is no name that an expression uses, but its functions are.
            S::CreateLanguage(_) | S::CreateTransform(_) => Effects::expressions(),
            // Its function may run with every later statement.
            S::CreateEventTrigger(_) | S::AlterEventTrigger(_) => Effects::everything(),
            S::Do(stmt) => match crate::sql::plpgsql::parse(&stmt.body, &self.do_environment()) {
                Ok(body) if stmt.language.as_deref().is_none_or(|l| l == "plpgsql") => {
                    self.effects_of_body(&[as_statement(body)], depth + 1)
                }
                Ok(_) | Err(_) => Effects::everything(),
            },
            S::Call(call) => {
                let call = Expr { kind: ExprKind::Func(call.clone()), loc: Default::default() };
                self.effects_of_calls(|f| visit::in_expr(&call, f), depth)
            }
            S::Set(stmt) => match stmt.name.as_deref().map(str::to_ascii_lowercase).as_deref() {
                Some("search_path" | "role" | "session_authorization" | "check_function_bodies") | None => {
                    Effects::everything()
                }
                Some(name) if shape::has_gap(name) => Effects::everything(),
                Some(_) => Effects::NONE,
            },
            S::Select(query) => match super::ddl::view::into_clause(query) {
                Some(into) => self
                    .effects_of_calls(|f| visit::in_query(query, f), depth)
                    .and(Effects::relation(&into.relation.name)),
                None => {
                    let mut effects = self.effects_of_calls(|f| visit::in_query(query, f), depth);
                    if super::ddl::view::modifies_data(query) {
                        effects.rows = RowEffect::Bring;
                    }
                    effects
                }
            },
            S::Insert(_) | S::Update(_) | S::Delete(_) | S::Merge(_) | S::Truncate { .. } | S::Copy(_) => {
                let mut effects = self.effects_of_calls(|f| visit::in_data_statement(statement, f), depth);
                // The catalog's own tables, and triggers that change the catalog.
                effects.everything |= self.writes_catalog(statement);
                effects.rows = effects.rows.max(self.effect_on_rows(statement));
                effects
            }
            S::Explain(explain) => {
                if explain.analyze {
                    self.effects_of_at(&explain.statement, depth)
                } else {
                    Effects::NONE
                }
            }
            S::Unmodelled(stmt) => match &stmt.touches {
                Touches::Everything => Effects::everything(),
                Touches::Nothing => Effects::NONE,
                Touches::Expressions => Effects::expressions(),
                Touches::Servers => Effects::servers(),
                Touches::LargeObjects => Effects::large_objects(),
                Touches::Relations(names) => Effects::relations(names),
                Touches::Type(name) => Effects::ty(name),
            },
        }
    }

    /// A statement that changes rows changes the catalog too.
    fn writes_catalog(&self, statement: &StatementKind) -> bool {
        let mut copy = self.clone();
        let cx = super::Context::computed(crate::catalog::Origin::nowhere());
        let stopped = copy.execute(statement, &cx);
        let writes = matches!(stopped, Err(super::Stop::Opaque(opaque)) if opaque.touches != Touches::Nothing);
        writes && (!self.writes_only_doubtful(statement) || self.has_function_of_catalog_trigger())
    }

    /// All that it is about are relations that were perhaps made: what they may do are triggers.
    fn writes_only_doubtful(&self, statement: &StatementKind) -> bool {
        if self.catalog.taint.of_expressions().is_some() {
            return false;
        }
        let (mut any, mut all) = (false, true);
        let path = self.path();
        visit::relations(statement, &mut |name| {
            let doubtful = super::lookup::tainted_relation(&self.catalog, &path, &name.name).is_some();
            let known = super::lookup::relation_if_exists(&self.catalog, &path, &name.name).ok().flatten();
            any |= doubtful;
            all &=
                doubtful || known.is_some_and(|oid| self.catalog.relation(oid).is_some_and(|r| r.triggers.is_empty()));
        });
        any && all
    }

    fn of_dropped(&self, object: &ObjectRef) -> Effects {
        if let ObjectName::Plain(name) | ObjectName::OfRelation { relation: name, .. } = &object.name
            && is_relation(object.kind)
            && !shape::has_gap(&name.name)
        {
            if let Ok(None) = super::lookup::relation_if_exists(&self.catalog, &self.path(), name) {
                return Effects::NONE;
            }
            // A temporary table that was perhaps made comes before others of its name.
            let temporary = QualifiedName { schema: Some("pg_temp".into()), ..name.clone() };
            if name.schema.is_none()
                && super::lookup::tainted_relation(&self.catalog, &self.path(), &temporary).is_some()
                && self.catalog.find_relation(&self.path(), &name.name).is_none()
            {
                return Effects::relation(&temporary);
            }
        }
        match (&object.kind, &object.name) {
            (ObjectKind::Index, ObjectName::Plain(name)) => {
                let table = super::lookup::relation(&self.catalog, &self.path(), name)
                    .ok()
                    .and_then(|oid| self.catalog.relation(oid)?.as_index())
                    .and_then(|index| self.catalog.relation(index.table));
                let table = table.map(|table| QualifiedName {
                    schema: Some(self.catalog.schema_name(table.schema).into()),
                    name: table.name.clone(),
                    loc: name.loc,
                });
                Effects { relations: table.into_iter().chain([name.clone()]).collect(), ..Effects::default() }
            }
            _ => of_object(object, Effects::everything()),
        }
    }
}

/// A call of `set_config`, unless it sets a parameter that no statement's meaning depends on.
fn sets_what_matters(call: &FuncCall) -> bool {
    if call.name.name != "set_config" {
        return false;
    }
    match call.args.first().map(|arg| &arg.value.kind) {
        Some(ExprKind::Literal(Literal::String(name))) => {
            shape::has_gap(name) || super::session::matters(&name.to_ascii_lowercase())
        }
        _ => true,
    }
}

/// One of PostgreSQL's own functions that make or drop large objects.
pub(super) fn changes_large_objects(function: &str) -> bool {
    super::ddl::large_object::CHANGING.contains(&function)
}

/// The name of a new relation: a temporary one has a schema of its own.
fn created(relation: &RangeVar) -> QualifiedName {
    match relation.persistence {
        Persistence::Temporary => QualifiedName { schema: Some("pg_temp".into()), ..relation.name.clone() },
        Persistence::Permanent | Persistence::Unlogged => relation.name.clone(),
    }
}

fn as_statement(body: Body) -> Stmt {
    Stmt { kind: StmtKind::Block(Box::new(body.block)), span: Span::default() }
}

/// What is changed when an object is; `other` for kinds that have no bound.
fn of_object(object: &ObjectRef, other: Effects) -> Effects {
    match (&object.kind, &object.name) {
        (kind, ObjectName::Plain(name)) if is_relation(*kind) => Effects::relation(name),
        (_, ObjectName::OfRelation { relation, .. }) => Effects::relation(relation),
        (
            _,
            ObjectName::Function(_)
            | ObjectName::Operator(_)
            | ObjectName::Cast { .. }
            | ObjectName::Transform { .. }
            | ObjectName::OfMethod { .. },
        ) => Effects::expressions(),
        (_, ObjectName::Type(ty)) => Effects::ty(&ty.name),
        (ObjectKind::ForeignDataWrapper | ObjectKind::ForeignServer, _) => Effects::servers(),
        (ObjectKind::LargeObject, _) => Effects::large_objects(),
        (ObjectKind::Database, _) => Effects::NONE,
        (_, ObjectName::Plain(_) | ObjectName::OfDomain { .. } | ObjectName::Other(_)) => other,
    }
}

/// The object is a relation, or a part of one.
pub(super) fn is_relation(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Table
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Sequence
            | ObjectKind::ForeignTable
            | ObjectKind::Index
            | ObjectKind::Policy
            | ObjectKind::Trigger
            | ObjectKind::Rule
            | ObjectKind::Column
            | ObjectKind::TableConstraint
    )
}
