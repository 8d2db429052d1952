//! The objects that a tree depends on (`dependency.c: find_expr_references_walker`).

use super::tupdesc::expr_result_attributes;
use crate::catalog::tree::{
    ColumnType, CommandType, Expr, Query, RangeTblEntry, RteKind, SetOperation, SortGroupClause, SubLinkKind, Var,
    children, query_children,
};
use crate::catalog::{Catalog, DEFAULT_COLLATION, Object, Oid, type_oid as t};
use crate::replay::{Exec, SqlError};

/// What an expression depends on: sorted, without duplicates and without built-in objects. Its variables are columns of
/// `relation`.
pub fn expr_dependencies(catalog: &Catalog, expr: &Expr, relation: Oid) -> Exec<Vec<Object>> {
    let entry = RangeTblEntry {
        kind: RteKind::Relation { relation, sample: None },
        alias: None,
        eref: crate::sql::ast::Alias { name: "".into(), columns: Vec::new() },
        lateral: false,
        in_from: true,
        inherit: false,
    };
    // OLD and NEW are two entries.
    expr_dependencies_in(catalog, expr, &[entry.clone(), entry])
}

/// The same, where variables are columns of a range table.
pub(super) fn expr_dependencies_in(catalog: &Catalog, expr: &Expr, rtable: &[RangeTblEntry]) -> Exec<Vec<Object>> {
    let mut finder = Finder { catalog, found: Vec::new(), rtables: vec![rtable] };
    finder.expr(expr)?;
    Ok(finder.finish())
}

/// What a query depends on.
pub fn query_dependencies(catalog: &Catalog, query: &Query) -> Exec<Vec<Object>> {
    let mut finder = Finder { catalog, found: Vec::new(), rtables: Vec::new() };
    finder.query(query)?;
    Ok(finder.finish())
}

struct Finder<'q> {
    catalog: &'q Catalog,
    found: Vec<Object>,
    /// Range tables, the innermost last.
    rtables: Vec<&'q [RangeTblEntry]>,
}

impl<'q> Finder<'q> {
    fn finish(self) -> Vec<Object> {
        let mut found = self.found;
        found.sort_unstable();
        found.dedup();
        found
    }

    fn add(&mut self, oid: Oid, object: impl FnOnce(Oid) -> Object) {
        if !oid.is_builtin() {
            self.found.push(object(oid));
        }
    }

    fn ty(&mut self, oid: Oid) {
        self.add(oid, Object::Type);
    }

    fn collation(&mut self, oid: Oid) {
        if oid != DEFAULT_COLLATION {
            self.add(oid, Object::Collation);
        }
    }

    fn column(&mut self, relation: Oid, number: i16) {
        if number > 0 {
            self.add(relation, |relation| Object::Column(relation, number));
        } else {
            self.add(relation, Object::Relation);
        }
    }

    fn column_type(&mut self, column: &ColumnType) {
        self.ty(column.ty.oid);
        self.collation(column.collation);
    }

    fn var(&mut self, var: &Var) {
        // A whole row depends on the relation, which the range table has.
        if var.varattno == 0 {
            return;
        }
        let level = self.rtables.len().checked_sub(1 + var.levels_up as usize);
        let rtable = level.and_then(|level| self.rtables.get(level).copied());
        let index = (var.varno as usize).checked_sub(1);
        let Some(rte) = rtable.and_then(|rtable| rtable.get(index?)) else { return };
        match &rte.kind {
            RteKind::Relation { relation, .. } => self.column(*relation, var.varattno),
            RteKind::Function { functions, .. } => {
                let mut done = 0;
                for function in functions {
                    let number = usize::try_from(var.varattno).unwrap_or(0);
                    if number > done && number <= done + function.column_count {
                        let row_type = function.expr.ty(self.catalog).oid;
                        let relation = self.catalog.type_or_domain_relation(row_type);
                        let named = function.definition.is_empty()
                            && relation != Oid::INVALID
                            && expr_result_attributes(self.catalog, &function.expr).is_some();
                        if named {
                            self.column(relation, i16::try_from(number - done).unwrap_or(0));
                        }
                        return;
                    }
                    done += function.column_count;
                }
            }
            RteKind::Join(join) => {
                // A column of a join with an alias is one of its sides.
                let alias_var = super::missing::attr_index(var.varattno).and_then(|i| join.alias_vars.get(i));
                if let Some(Expr::Var(inner)) = alias_var {
                    let inner = Var { levels_up: var.levels_up, ..(**inner).clone() };
                    self.var(&inner);
                }
            }
            RteKind::Subquery(_)
            | RteKind::TableFunc(_)
            | RteKind::Values { .. }
            | RteKind::Cte { .. }
            | RteKind::NamedTuplestore { .. }
            | RteKind::Result => {}
        }
    }

    fn expr(&mut self, expr: &'q Expr) -> Exec {
        match expr {
            Expr::Var(var) => {
                self.var(var);
                return Ok(());
            }
            Expr::Const(constant) => {
                self.ty(constant.ty.oid);
                self.collation(constant.collation);
                if constant.ty.oid == t::REGROLE && constant.value.is_some() {
                    let message = "constant of the type regrole cannot be used here";
                    return Err(SqlError::new("0A000", message).into());
                }
                if let Some(object) = constant.object
                    && is_recorded(object)
                {
                    self.found.push(object);
                }
                return Ok(());
            }
            Expr::Param(param) => {
                self.ty(param.ty.oid);
                self.collation(param.collation);
            }
            Expr::FuncExpr(x) => self.add(x.function, Object::Function),
            Expr::OpExpr(x) | Expr::DistinctExpr(x) | Expr::NullIfExpr(x) => self.add(x.operator, Object::Operator),
            Expr::ScalarArrayOpExpr(x) => self.add(x.operator, Object::Operator),
            Expr::Aggref(x) => {
                self.add(x.function, Object::Function);
                self.clauses(&x.order);
                self.clauses(&x.distinct);
            }
            Expr::WindowFunc(x) => self.add(x.function, Object::Function),
            Expr::SubscriptingRef(x) => {
                if x.ty.oid != x.container && x.ty.oid != x.element {
                    self.ty(x.ty.oid);
                }
            }
            Expr::FieldSelect(x) => {
                let ty = self.catalog.base_type(x.arg.ty(self.catalog).oid);
                let relation = self.catalog.type_relation(ty);
                if relation == Oid::INVALID {
                    self.ty(x.ty.oid);
                } else {
                    self.column(relation, x.field);
                }
                self.collation(x.collation);
            }
            Expr::FieldStore(x) => {
                let relation = self.catalog.type_relation(x.ty);
                if relation == Oid::INVALID {
                    self.ty(x.ty);
                } else {
                    x.fields.iter().for_each(|field| self.column(relation, *field));
                }
            }
            Expr::RelabelType(x) => {
                self.ty(x.ty.oid);
                self.collation(x.collation);
            }
            Expr::CoerceViaIO(x) => {
                self.ty(x.ty);
                self.collation(x.collation);
            }
            Expr::ArrayCoerceExpr(x) => {
                self.ty(x.ty.oid);
                self.collation(x.collation);
            }
            Expr::ConvertRowtypeExpr(x) => self.ty(x.ty),
            Expr::CollateExpr(x) => self.collation(x.collation),
            Expr::RowExpr(x) => self.ty(x.ty),
            Expr::RowCompareExpr(x) => {
                x.operators.iter().for_each(|oid| self.add(*oid, Object::Operator));
                x.families.iter().for_each(|oid| self.add(*oid, Object::OpFamily));
            }
            Expr::CoerceToDomain(x) => self.ty(x.ty.oid),
            Expr::JsonExpr(x) => self.ty(x.returning.ty.oid),
            Expr::JsonConstructorExpr(x) => self.ty(x.returning.ty.oid),
            Expr::SubLink(x) => match x.kind {
                SubLinkKind::Exists
                | SubLinkKind::All
                | SubLinkKind::Any
                | SubLinkKind::RowCompare
                | SubLinkKind::Expr
                | SubLinkKind::MultiExpr
                | SubLinkKind::Array => {}
            },
            Expr::GroupingFunc(_)
            | Expr::MergeSupportFunc(_)
            | Expr::NamedArgExpr(_)
            | Expr::BoolExpr(_)
            | Expr::CaseExpr(_)
            | Expr::CaseTestExpr(_)
            | Expr::ArrayExpr(_)
            | Expr::CoalesceExpr(_)
            | Expr::MinMaxExpr(_)
            | Expr::SqlValueFunction(_)
            | Expr::XmlExpr(_)
            | Expr::JsonValueExpr(_)
            | Expr::JsonIsPredicate(_)
            | Expr::NullTest(_)
            | Expr::BooleanTest(_)
            | Expr::CoerceToDomainValue(_)
            | Expr::SetToDefault(_)
            | Expr::CurrentOfExpr(_) => {}
        }
        let mut exprs = Vec::new();
        let mut queries = Vec::new();
        children(expr, &mut |e| exprs.push(e), &mut |q| queries.push(q));
        exprs.into_iter().try_for_each(|e| self.expr(e))?;
        queries.into_iter().try_for_each(|q| self.query(q))
    }

    fn clauses(&mut self, clauses: &[SortGroupClause]) {
        for clause in clauses {
            self.add(clause.equality, Object::Operator);
            self.add(clause.sort, Object::Operator);
        }
    }

    fn query(&mut self, query: &'q Query) -> Exec {
        self.rtables.push(&query.rtable);
        for rte in &query.rtable {
            self.entry(rte)?;
        }
        if matches!(query.command, CommandType::Insert | CommandType::Update)
            && let Some(rte) = query.rte(query.result_relation)
            && let RteKind::Relation { relation, .. } = &rte.kind
        {
            query.targets.iter().filter(|target| !target.junk).for_each(|target| self.column(*relation, target.resno));
        }
        for (relation, constraint) in &query.constraint_deps {
            self.add(*constraint, |constraint| Object::Constraint(*relation, constraint));
        }
        if let Some(conflict) = &query.on_conflict
            && conflict.constraint != Oid::INVALID
            && let Some(rte) = query.rte(query.result_relation)
            && let RteKind::Relation { relation, .. } = &rte.kind
        {
            self.found.push(Object::Constraint(*relation, conflict.constraint));
        }
        for list in [&query.group_clause, &query.distinct_clause, &query.sort_clause] {
            self.clauses(list);
        }
        for window in &query.window_clause {
            self.clauses(&window.partition);
            self.clauses(&window.order);
        }
        if let Some(operation) = &query.set_operations {
            self.set_operation(operation);
        }
        for cycle in query.ctes.iter().filter_map(|cte| cte.cycle.as_ref()) {
            self.ty(cycle.mark_type.oid);
            self.collation(cycle.mark_collation);
            self.add(cycle.mark_neop, Object::Operator);
        }
        let mut exprs = Vec::new();
        let mut queries = Vec::new();
        // What joins call their columns is said elsewhere.
        let joins: Vec<*const Expr> = query.rtable.iter().flat_map(join_vars).map(std::ptr::from_ref).collect();
        query_children(
            query,
            &mut |e| {
                if !joins.contains(&std::ptr::from_ref(e)) {
                    exprs.push(e);
                }
            },
            &mut |q| queries.push(q),
        );
        exprs.into_iter().try_for_each(|e| self.expr(e))?;
        queries.into_iter().try_for_each(|q| self.query(q))?;
        self.rtables.pop();
        Ok(())
    }

    fn entry(&mut self, rte: &'q RangeTblEntry) -> Exec {
        match &rte.kind {
            RteKind::Relation { relation, sample } => {
                self.add(*relation, Object::Relation);
                if let Some(sample) = sample {
                    self.add(sample.handler, Object::Function);
                }
            }
            RteKind::Join(join) => {
                for merged in join.alias_vars.iter().take(join.merged_columns) {
                    if !matches!(merged, Expr::Var(_)) {
                        self.expr(merged)?;
                    }
                }
            }
            RteKind::Function { functions, .. } => {
                for column in functions.iter().flat_map(|function| &function.definition) {
                    self.ty(column.ty.oid);
                    self.collation(column.collation);
                }
            }
            RteKind::TableFunc(table) => {
                for column in &table.columns {
                    self.ty(column.ty.oid);
                    self.collation(column.collation);
                }
            }
            RteKind::Subquery(_)
            | RteKind::Values { .. }
            | RteKind::Cte { .. }
            | RteKind::NamedTuplestore { .. }
            | RteKind::Result => {}
        }
        Ok(())
    }

    fn set_operation(&mut self, operation: &SetOperation) {
        match operation {
            SetOperation::Leaf(_) => {}
            SetOperation::Node { left, right, columns, group_clauses, .. } => {
                self.clauses(group_clauses);
                columns.iter().for_each(|column| self.column_type(column));
                self.set_operation(left);
                self.set_operation(right);
            }
        }
    }
}

fn join_vars(rte: &RangeTblEntry) -> &[Expr] {
    match &rte.kind {
        RteKind::Join(join) => &join.alias_vars,
        RteKind::Relation { .. }
        | RteKind::Subquery(_)
        | RteKind::Function { .. }
        | RteKind::TableFunc(_)
        | RteKind::Values { .. }
        | RteKind::Cte { .. }
        | RteKind::NamedTuplestore { .. }
        | RteKind::Result => &[],
    }
}

/// Objects of scripts and extensions, not PostgreSQL's own.
fn is_recorded(object: Object) -> bool {
    match object {
        Object::Schema(oid)
        | Object::Relation(oid)
        | Object::Column(oid, _)
        | Object::Default(oid, _)
        | Object::Type(oid)
        | Object::Function(oid)
        | Object::Operator(oid)
        | Object::Collation(oid)
        | Object::TsConfig(oid)
        | Object::TsDict(oid)
        | Object::Statistics(oid) => !oid.is_builtin(),
        _ => false,
    }
}
