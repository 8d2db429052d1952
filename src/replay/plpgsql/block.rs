//! Blocks: declarations, and handlers of errors.

use super::conditions::{catches, sqlstates};
use super::cursor::Definition;
use super::maybe::Escape;
use super::variables::{Scope, Variable, VariableType};
use super::{Exec, Flow, Interpreter};
use crate::catalog::{Oid, TypeKind, TypeRef, type_oid as t};
use crate::replay::value::{Reason, Record, Value};
use crate::replay::{Replay, SqlError, SqlState, Stop, lookup};
use crate::sql::ast::{Name, QualifiedName};
use crate::sql::plpgsql::{
    Block, Condition, ConditionKind, DataType, Declaration, DeclarationKind, RaiseWhat, StmtKind,
};
use crate::sql::span::Loc;

impl Interpreter<'_> {
    pub(super) fn block(&mut self, block: &Block) -> Exec<Flow> {
        let depth = self.frames.scopes.len();
        self.frames.scopes.push(Scope { label: block.label.clone(), ..Scope::default() });
        let flow = self.declared_block(block);
        self.frames.scopes.truncate(depth);
        // EXIT with the block's label goes on behind it.
        Ok(match flow? {
            Flow::Exit(Some(label)) if block.label.as_ref() == Some(&label) => Flow::Next,
            flow => flow,
        })
    }

    fn declared_block(&mut self, block: &Block) -> Exec<Flow> {
        for declaration in &block.declarations {
            self.declare(declaration)?;
        }
        if block.handlers.is_empty() { self.statements(&block.body) } else { self.guarded_block(block) }
    }

    /// A block with handlers is a sub-transaction (`pl_exec.c: exec_stmt_block`).
    fn guarded_block(&mut self, block: &Block) -> Exec<Flow> {
        let begin = self.replay.state();
        let at_begin = begin.clone();
        let noted = self.replay.code.noted.len();
        let before = self.maybe.clone();
        let unsure = self.unsure.take();
        self.guarded += 1;
        let result = self.statements(&block.body);
        self.guarded -= 1;
        let failed = std::mem::replace(&mut self.unsure, unsure);
        match result {
            Ok(flow) => {
                self.left(Escape::Block, before);
                if let Some(reason) = failed {
                    let mut before = Replay::new(self.replay.catalog.version());
                    before.restore(at_begin);
                    let effects = before.effects_of_statements(&block.body);
                    self.handlers_perhaps(block, effects, &reason)?;
                    if self.guarded > 0 {
                        self.unsure.get_or_insert(reason);
                    }
                }
                Ok(flow)
            }
            Err(Stop::Error(error)) => {
                let handles = |c: &Condition| self.handles(c, error.sqlstate);
                let Some(handler) = block.handlers.iter().find(|h| h.conditions.iter().any(handles)) else {
                    return Err(Stop::Error(error));
                };
                self.replay.restore(begin);
                self.replay.code.noted.truncate(noted);
                self.left(Escape::Block, before);
                self.handling(*error, None, |run| run.statements(&handler.body))
            }
            Err(stop @ Stop::Opaque(_)) => Err(stop),
        }
    }

    fn handles(&self, condition: &Condition, error: SqlState) -> bool {
        let builtins = self.replay.catalog.builtins();
        match &condition.kind {
            // OTHERS does not catch a cancelled query and a failed assertion.
            ConditionKind::Others => !matches!(error.as_str(), "57014" | "P0004"),
            ConditionKind::SqlState(code) => catches(SqlState::new(code), error),
            ConditionKind::Name(name) => sqlstates(builtins, name).any(|wanted| catches(wanted, error)),
        }
    }

    /// Runs a handler, in which SQLSTATE and SQLERRM are variables.
    pub(super) fn handling<T>(
        &mut self,
        error: SqlError,
        unknown: Option<&Reason>,
        run: impl FnOnce(&mut Self) -> Exec<T>,
    ) -> Exec<T> {
        let text = |text: &str| match unknown {
            Some(reason) => Value::Unknowable(reason.clone()),
            None => Value::text(text),
        };
        let variables = vec![
            Variable::scalar("sqlstate", TypeRef::plain(t::TEXT), text(error.sqlstate.as_str())),
            Variable::scalar("sqlerrm", TypeRef::plain(t::TEXT), text(&error.message)),
        ];
        self.frames.scopes.push(Scope { variables, ..Scope::default() });
        self.handled.push(error);
        let result = run(self);
        self.handled.pop();
        self.frames.scopes.pop();
        result
    }

    /// The types of a block's variables and of those of the blocks inside.
    pub(super) fn compile_block(&mut self, block: &Block) -> Exec {
        let depth = self.frames.scopes.len();
        self.frames.scopes.push(Scope { label: block.label.clone(), ..Scope::default() });
        let result = self.compile_parts(block);
        self.frames.scopes.truncate(depth);
        result
    }

    fn compile_parts(&mut self, block: &Block) -> Exec {
        for declaration in &block.declarations {
            if let DeclarationKind::Variable { ty, collation, .. } = &declaration.kind {
                let ty = match self.variable_type(ty) {
                    Ok(ty) => ty,
                    Err(Stop::Opaque(_)) => VariableType::Unknown,
                    Err(Stop::Error(error)) => return Err(Stop::Error(error)),
                };
                self.check_variable(&declaration.name, &ty, collation.as_ref())?;
                let (name, value) = (declaration.name.clone(), Value::Null);
                let variable = Variable { name, ty, value, constant: false, not_null: false };
                if let Some(scope) = self.frames.scopes.last_mut() {
                    scope.variables.push(variable);
                }
            }
        }
        self.check_conditions(block)?;
        let handlers = block.handlers.iter().map(|handler| handler.body.as_slice());
        for body in std::iter::once(block.body.as_slice()).chain(handlers) {
            let mut inner = Vec::new();
            super::walk::blocks(body, &mut inner);
            inner.into_iter().try_for_each(|block| self.compile_block(block))?;
        }
        Ok(())
    }

    /// `pl_comp.c: plpgsql_build_variable`, and the collation of a declaration (`pl_gram.y: decl_statement`).
    fn check_variable(&self, name: &Name, ty: &VariableType, collation: Option<&QualifiedName>) -> Exec {
        let found = match collation {
            Some(written) => Some((written, self.replay.find_collation(written)?)),
            None => None,
        };
        let VariableType::Scalar(ty) = ty else { return Ok(()) };
        let catalog = &self.replay.catalog;
        let name_of_type = || catalog.format_type_be(ty.oid, &self.replay.path());
        if let Some((written, _)) = found
            && catalog.type_collation(ty.oid) == Oid::INVALID
        {
            let message = format!("collations are not supported by type {}", name_of_type());
            return Err(SqlError::new("42804", message).at(written.loc).into());
        }
        if self.replay.is_pseudo_type(ty.oid) {
            let message = format!("variable \"{name}\" has pseudo-type {}", name_of_type());
            return Err(SqlError::new("0A000", message).into());
        }
        Ok(())
    }

    /// Conditions of a block and of those inside of it.
    pub(super) fn check_all_conditions(&self, block: &Block) -> Exec {
        self.check_conditions(block)?;
        let handlers = block.handlers.iter().map(|handler| handler.body.as_slice());
        for body in std::iter::once(block.body.as_slice()).chain(handlers) {
            let mut inner = Vec::new();
            super::walk::blocks(body, &mut inner);
            inner.into_iter().try_for_each(|block| self.check_all_conditions(block))?;
        }
        Ok(())
    }

    /// Conditions are known when a body is compiled (`pl_comp.c: plpgsql_parse_err_condition`).
    fn check_conditions(&self, block: &Block) -> Exec {
        let builtins = self.replay.catalog.builtins();
        let check = |condition: &Condition| match &condition.kind {
            ConditionKind::Name(name) if super::conditions::sqlstates(builtins, name).next().is_none() => {
                let message = format!("unrecognized exception condition \"{name}\"");
                Err(SqlError::new("42704", message).at(Loc::at(condition.span.start)).into())
            }
            ConditionKind::Name(_) | ConditionKind::Others | ConditionKind::SqlState(_) => Ok(()),
        };
        let mut result: Exec = Ok(());
        super::walk::statements(&block.body, &mut |stmt| {
            if let StmtKind::Raise(raise) = &stmt.kind
                && let RaiseWhat::Condition(condition) = &raise.what
                && result.is_ok()
            {
                result = check(condition);
            }
        });
        result?;
        block.handlers.iter().flat_map(|handler| &handler.conditions).try_for_each(check)
    }

    // ---- declarations ----

    fn declare(&mut self, declaration: &Declaration) -> Exec {
        let name = declaration.name.clone();
        let variable = match &declaration.kind {
            DeclarationKind::Variable { constant, ty, not_null, default, .. } => {
                let ty = match self.variable_type(ty) {
                    Ok(ty) => ty,
                    Err(Stop::Opaque(_)) => VariableType::Unknown,
                    Err(stop) => return Err(self.located(stop, declaration.span, false)),
                };
                let mut variable = Variable {
                    name,
                    ty: ty.clone(),
                    value: self.initial(&ty),
                    constant: *constant,
                    not_null: *not_null,
                };
                if let Some(default) = default {
                    let value = self.value(default)?;
                    variable.value = self.fit(&variable, value, default.span)?;
                }
                if *not_null && variable.value.is_null() {
                    let message =
                        format!("null value cannot be assigned to variable \"{}\" declared NOT NULL", variable.name);
                    return Err(self.located(SqlError::new("22004", message).into(), declaration.span, false));
                }
                variable
            }
            DeclarationKind::Alias(names) => {
                let target = self.frames.slot(names).map(|(slot, _)| slot);
                if let (Some(slot), Some(scope)) = (target, self.frames.scopes.last_mut()) {
                    scope.aliases.push((name, slot));
                }
                return Ok(());
            }
            DeclarationKind::Cursor { params, query } => {
                self.cursor_definitions.push(Definition { params: params.clone(), query: query.clone() });
                let ty = VariableType::Cursor(self.cursor_definitions.len() - 1);
                Variable { value: Value::text(name.clone()), name, ty, constant: false, not_null: false }
            }
        };
        if let Some(scope) = self.frames.scopes.last_mut() {
            scope.variables.push(variable);
        }
        Ok(())
    }

    /// NULL; of a row each column is.
    pub(super) fn initial(&self, ty: &VariableType) -> Value {
        match ty {
            VariableType::Row(relation) => match self.replay.catalog.relation(*relation) {
                Some(relation) => {
                    let fields = relation.live_columns().map(|c| (c.name.clone(), Value::Null)).collect();
                    Value::Record(Record { fields }.into())
                }
                None => Value::Null,
            },
            VariableType::Scalar(_) | VariableType::Record | VariableType::Cursor(_) | VariableType::Unknown => {
                Value::Null
            }
        }
    }

    pub(super) fn variable_type(&self, ty: &DataType) -> Exec<VariableType> {
        let (catalog, path) = (&self.replay.catalog, self.replay.path());
        match ty {
            DataType::Named(ty) => {
                let ty = lookup::resolve_type(catalog, &path, ty)?;
                if ty.oid == t::RECORD {
                    return Ok(VariableType::Record);
                }
                Ok(match catalog.type_(ty.oid).map(|t| &t.kind) {
                    Some(TypeKind::Composite(relation)) => VariableType::Row(*relation),
                    _ => VariableType::Scalar(ty),
                })
            }
            DataType::RowOf(name) => Ok(match lookup::find_relation_in_query(catalog, &path, name)? {
                lookup::FoundRelation::User(relation) => VariableType::Row(relation),
                lookup::FoundRelation::System { columns: Some(_) } => VariableType::Record,
                lookup::FoundRelation::System { columns: None } => VariableType::Unknown,
            }),
            DataType::Of { names, array, span } => self.type_of_names(names, *array, Loc::at(span.start)),
        }
    }

    fn is_column(&self, names: &[Name]) -> bool {
        let (name, column) = match names {
            [.., schema, relation, column] => (QualifiedName::in_schema(schema, relation.clone()), column),
            [relation, column] => (QualifiedName::bare(relation.clone()), column),
            [] | [_] => return false,
        };
        let (catalog, path) = (&self.replay.catalog, self.replay.path());
        match lookup::find_relation_in_query(catalog, &path, &name) {
            Ok(lookup::FoundRelation::User(oid)) => catalog.relation(oid).is_some_and(|r| r.column(column).is_some()),
            Ok(lookup::FoundRelation::System { columns: Some(columns) }) => columns.iter().any(|(n, _)| n == column),
            Ok(lookup::FoundRelation::System { columns: None }) => true,
            Err(_) => false,
        }
    }

    /// `variable%TYPE`, `relation.column%TYPE`
    fn type_of_names(&self, names: &[Name], array: bool, loc: Loc) -> Exec<VariableType> {
        let (catalog, path) = (&self.replay.catalog, self.replay.path());
        if let Some((slot, used)) = self.frames.slot(names)
            && used == names.len()
            && let Some(variable) = self.frames.get(slot)
        {
            return Ok(array_of(catalog, variable.ty.clone(), array));
        }
        // Up to 16 what `%TYPE` does not find is a syntax error (`pl_comp.c: plpgsql_parse_cwordtype`).
        if catalog.version() < 17 && !self.is_column(names) && catalog.taint.is_empty() {
            return Err(SqlError::new("42601", "syntax error at or near \"%\"").at(loc).into());
        }
        let (name, column) = match names {
            [relation, column] => (QualifiedName { schema: None, name: relation.clone(), loc }, column),
            [.., schema, relation, column] => {
                (QualifiedName { schema: Some(schema.clone()), name: relation.clone(), loc }, column)
            }
            _ => {
                let shown = names.join(".");
                return Err(SqlError::new("42704", format!("variable \"{shown}\" does not exist")).at(loc).into());
            }
        };
        let oid = match lookup::find_relation_in_query(catalog, &path, &name)? {
            lookup::FoundRelation::User(oid) => oid,
            lookup::FoundRelation::System { columns } => {
                let Some(columns) = columns else { return Ok(VariableType::Unknown) };
                return match columns.into_iter().find(|(n, _)| n == column) {
                    Some((_, Some(ty))) => Ok(array_of(catalog, VariableType::Scalar(ty), array)),
                    Some((_, None)) => Ok(VariableType::Unknown),
                    None => {
                        let message = format!("column \"{column}\" of relation \"{}\" does not exist", name.name);
                        Err(SqlError::new("42703", message).at(loc).into())
                    }
                };
            }
        };
        let Some(relation) = catalog.relation(oid) else { return Ok(VariableType::Unknown) };
        match relation.column(column) {
            Some(column) => Ok(array_of(catalog, VariableType::Scalar(column.ty), array)),
            None => Err(lookup::undefined_column(catalog, relation, column, loc)),
        }
    }
}

fn array_of(catalog: &crate::catalog::Catalog, ty: VariableType, array: bool) -> VariableType {
    match ty {
        VariableType::Scalar(ty) if array => match catalog.array_of(ty.oid) {
            Some(oid) => VariableType::Scalar(TypeRef { oid, typmod: ty.typmod }),
            None => VariableType::Unknown,
        },
        ty => ty,
    }
}
