//! What trees depend on (`dependency.c: find_expr_references_walker`).

use super::{
    CommonTableExpr, Expr, Query, RangeTblEntry, RangeTblFunction, RteKind, SetOperation, SortGroupClause, TargetEntry,
    children, query_children,
};
use crate::catalog::{AttrNumber, Catalog, DEFAULT_COLLATION, Object, Oid};

/// The objects that an expression depends on, sorted, without duplicates and built-in ones
/// (`dependency.c: recordDependencyOnExpr`). Variables are those of `rtable`.
pub fn expr_depends_on(catalog: &Catalog, expr: &Expr, rtable: &[RangeTblEntry]) -> Vec<Object> {
    let mut finder = Finder { catalog, found: Vec::new(), rtables: vec![rtable] };
    finder.expr(expr);
    finder.finish()
}

/// The same of a query.
pub fn query_depends_on(catalog: &Catalog, query: &Query) -> Vec<Object> {
    let mut finder = Finder { catalog, found: Vec::new(), rtables: Vec::new() };
    finder.query(query);
    finder.finish()
}

struct Finder<'t> {
    catalog: &'t Catalog,
    found: Vec<Object>,
    /// The range tables, the outermost first.
    rtables: Vec<&'t [RangeTblEntry]>,
}

impl<'t> Finder<'t> {
    fn finish(mut self) -> Vec<Object> {
        self.found.sort_unstable();
        self.found.dedup();
        self.found
    }

    fn add(&mut self, oid: Oid, object: Object) {
        if !oid.is_builtin() {
            self.found.push(object);
        }
    }

    fn function(&mut self, oid: Oid) {
        self.add(oid, Object::Function(oid));
    }

    fn operator(&mut self, oid: Oid) {
        self.add(oid, Object::Operator(oid));
    }

    /// An array stands and falls with its element.
    fn ty(&mut self, oid: Oid) {
        if oid.is_builtin() {
            return;
        }
        let oid = self.catalog.array_element(oid).unwrap_or(oid);
        self.add(oid, Object::Type(oid));
    }

    fn collation(&mut self, oid: Oid) {
        if oid != DEFAULT_COLLATION {
            self.add(oid, Object::Collation(oid));
        }
    }

    /// A column; one of the system stands for the whole relation.
    fn column(&mut self, relation: Oid, number: AttrNumber) {
        if number > 0 {
            self.add(relation, Object::Column(relation, number));
        } else {
            self.add(relation, Object::Relation(relation));
        }
    }

    fn sort(&mut self, clauses: &[SortGroupClause]) {
        for clause in clauses {
            self.operator(clause.equality);
            self.operator(clause.sort);
        }
    }

    fn rte(&self, varno: u32, levels_up: u32) -> Option<&'t RangeTblEntry> {
        let index = self.rtables.len().checked_sub(1 + levels_up as usize)?;
        self.rtables[index].get((varno as usize).checked_sub(1)?)
    }

    fn expr(&mut self, expr: &'t Expr) {
        match expr {
            Expr::Var(var) => {
                // A whole row has no column of its own; the relation itself is in the range table.
                if var.varattno == 0 {
                    return;
                }
                match self.rte(var.varno, var.levels_up).map(|rte| &rte.kind) {
                    Some(RteKind::Relation { relation, .. }) => self.column(*relation, var.varattno),
                    Some(RteKind::Function { functions, .. }) => self.function_column(functions, var.varattno),
                    _ => {}
                }
                return;
            }
            Expr::Const(x) => {
                self.ty(x.ty.oid);
                self.collation(x.collation);
                self.found.extend(x.object);
                return;
            }
            Expr::Param(x) => {
                self.ty(x.ty.oid);
                self.collation(x.collation);
            }
            Expr::FuncExpr(x) => self.function(x.function),
            Expr::OpExpr(x) | Expr::DistinctExpr(x) | Expr::NullIfExpr(x) => self.operator(x.operator),
            Expr::ScalarArrayOpExpr(x) => self.operator(x.operator),
            Expr::Aggref(x) => {
                self.function(x.function);
                self.sort(&x.order);
                self.sort(&x.distinct);
            }
            Expr::WindowFunc(x) => self.function(x.function),
            Expr::SubscriptingRef(x) => {
                if x.ty.oid != x.container && x.ty.oid != x.element {
                    self.ty(x.ty.oid);
                }
            }
            Expr::FieldSelect(x) => {
                let base = self.catalog.base_type(x.arg.ty(self.catalog).oid);
                match self.catalog.type_relation(base) {
                    Oid::INVALID => self.ty(x.ty.oid),
                    relation => self.column(relation, x.field),
                }
                self.collation(x.collation);
            }
            Expr::FieldStore(x) => match self.catalog.type_relation(x.ty) {
                Oid::INVALID => self.ty(x.ty),
                relation => x.fields.iter().for_each(|&field| self.column(relation, field)),
            },
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
                x.operators.iter().for_each(|&op| self.operator(op));
                x.families.iter().for_each(|&family| self.add(family, Object::OpFamily(family)));
            }
            Expr::CoerceToDomain(x) => self.ty(x.ty.oid),
            Expr::SubLink(x) => {
                x.test.iter().for_each(|test| self.expr(test));
                self.query(&x.query);
                return;
            }
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
            | Expr::JsonConstructorExpr(_)
            | Expr::JsonIsPredicate(_)
            | Expr::JsonExpr(_)
            | Expr::NullTest(_)
            | Expr::BooleanTest(_)
            | Expr::CoerceToDomainValue(_)
            | Expr::SetToDefault(_)
            | Expr::CurrentOfExpr(_) => {}
        }
        children(expr, &mut |child| self.expr(child), &mut |_| {});
    }

    /// A column of a function that returns rows of a named type (`process_function_rte_ref`).
    fn function_column(&mut self, functions: &'t [RangeTblFunction], number: AttrNumber) {
        let Ok(mut number) = usize::try_from(number) else { return };
        for function in functions {
            if number <= function.column_count {
                if function.definition.is_empty() {
                    let base = self.catalog.base_type(function.expr.ty(self.catalog).oid);
                    let relation = self.catalog.type_relation(base);
                    if relation != Oid::INVALID
                        && let Ok(number) = AttrNumber::try_from(number)
                    {
                        self.column(relation, number);
                    }
                }
                return;
            }
            number -= function.column_count;
        }
    }

    fn query(&mut self, query: &'t Query) {
        self.rtables.push(&query.rtable);
        for rte in &query.rtable {
            self.entry(&rte.kind);
        }
        let changes = matches!(query.command, super::CommandType::Insert | super::CommandType::Update);
        if changes
            && let Some(RteKind::Relation { relation, .. }) = query.rte(query.result_relation).map(|rte| &rte.kind)
        {
            let targets = query.targets.iter().filter(|target: &&TargetEntry| !target.junk);
            targets.for_each(|target| self.column(*relation, target.resno));
        }
        if let Some(conflict) = &query.on_conflict
            && conflict.constraint != Oid::INVALID
            && let Some(RteKind::Relation { relation, .. }) = query.rte(query.result_relation).map(|rte| &rte.kind)
        {
            self.add(conflict.constraint, Object::Constraint(*relation, conflict.constraint));
        }
        self.sort(&query.group_clause);
        self.sort(&query.distinct_clause);
        self.sort(&query.sort_clause);
        for window in &query.window_clause {
            self.sort(&window.partition);
            self.sort(&window.order);
        }
        if let Some(operations) = &query.set_operations {
            self.set_operation(operations);
        }
        query.ctes.iter().for_each(|cte| self.cte(cte));
        // What joins' columns are is looked at above; the rest of the range table is walked over.
        let mut exprs: Vec<&'t Expr> = Vec::new();
        let mut queries: Vec<&'t Query> = Vec::new();
        query_children(query, &mut |e| exprs.push(e), &mut |q| queries.push(q));
        let joined: Vec<*const Expr> = query
            .rtable
            .iter()
            .filter_map(|rte| if let RteKind::Join(join) = &rte.kind { Some(join) } else { None })
            .flat_map(|join| join.alias_vars.iter().map(std::ptr::from_ref))
            .collect();
        exprs.retain(|&e| joined.is_empty() || !joined.contains(&std::ptr::from_ref(e)));
        exprs.into_iter().for_each(|e| self.expr(e));
        queries.into_iter().for_each(|q| self.query(q));
        self.rtables.pop();
    }

    fn entry(&mut self, kind: &'t RteKind) {
        match kind {
            RteKind::Relation { relation, sample } => {
                self.add(*relation, Object::Relation(*relation));
                if let Some(sample) = sample {
                    self.function(sample.handler);
                }
            }
            RteKind::Join(join) => {
                let merged = join.alias_vars.iter().take(join.merged_columns);
                merged.filter(|expr| !matches!(expr, Expr::Var(_))).for_each(|expr| self.expr(expr));
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
    }

    fn cte(&mut self, cte: &'t CommonTableExpr) {
        if let Some(cycle) = &cte.cycle {
            self.ty(cycle.mark_type.oid);
            self.collation(cycle.mark_collation);
            self.operator(cycle.mark_neop);
        }
    }

    fn set_operation(&mut self, operation: &'t SetOperation) {
        match operation {
            SetOperation::Leaf(_) => {}
            SetOperation::Node { left, right, group_clauses, .. } => {
                self.sort(group_clauses);
                self.set_operation(left);
                self.set_operation(right);
            }
        }
    }
}
