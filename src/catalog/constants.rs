//! Constants in everything that is stored.

use std::sync::Arc;

use super::tree::{Const, Expr, Query, Stored, children_mut, query_children_mut};
use super::{
    Catalog, ConstraintKind, FunctionBody, IndexKeyKind, Object, Oid, PartitionBound, RangeDatum, Relation,
    RelationKind, RuleBody, SqlBodyTree, Type, TypeKind,
};

/// What is done to each constant.
type Change<'c> = &'c mut dyn FnMut(&mut Const);

impl Catalog {
    /// The types whose values hold values of a type: itself, arrays, domains and ranges over it, rows with a column of
    /// it, and so on.
    pub fn types_that_hold(&self, ty: Oid) -> Vec<Oid> {
        let mut found = vec![ty];
        let holds = |other: &Type, found: &[Oid]| match &other.kind {
            TypeKind::Array(of) | TypeKind::Multirange(of) => found.contains(of),
            TypeKind::Range(range) => found.contains(&range.subtype),
            TypeKind::Domain(domain) => found.contains(&domain.base.oid),
            TypeKind::Composite(rel) => {
                self.relation(*rel).is_some_and(|r| r.live_columns().any(|c| found.contains(&c.ty.oid)))
            }
            TypeKind::Base(_) | TypeKind::Enum(_) | TypeKind::Shell => false,
        };
        loop {
            let more = self.types().find(|other| !found.contains(&other.oid) && holds(other, &found));
            match more {
                Some(more) => found.push(more.oid),
                None => return found,
            }
        }
    }

    /// Changes the constants of these types, wherever one is stored.
    pub(crate) fn change_constants(&mut self, types: &[Oid], change: Change<'_>) {
        let needs = |object: &Object| matches!(object, Object::Type(ty) if types.contains(ty));
        let relations: Vec<Oid> = self.relations().filter(|r| mentions(r, &needs)).map(|r| r.oid).collect();
        for oid in relations {
            if let Some(relation) = self.relation_mut(oid) {
                in_relation(relation, change);
            }
        }
        let in_function = |f: &super::Function| {
            matches!(f.body, FunctionBody::Sql(_)) || f.params.iter().any(|p| p.default.is_some())
        };
        for oid in self.functions().filter(|f| in_function(f)).map(|f| f.oid).collect::<Vec<_>>() {
            let Some(function) = self.function_mut(oid) else { continue };
            function.params.iter_mut().filter_map(|p| p.default.as_mut()).for_each(|d| in_stored(d, change));
            if let FunctionBody::Sql(body) = &mut function.body {
                match Arc::make_mut(body) {
                    SqlBodyTree::Return(query) => in_query(query, change),
                    SqlBodyTree::Atomic(queries) => queries.iter_mut().for_each(|query| in_query(query, change)),
                }
            }
        }
        let domains = self.types().filter(|ty| matches!(ty.kind, TypeKind::Domain(_))).map(|ty| ty.oid);
        for oid in domains.collect::<Vec<_>>() {
            let Some(Type { kind: TypeKind::Domain(domain), .. }) = self.type_mut(oid) else { continue };
            domain.default.iter_mut().for_each(|default| in_stored(default, change));
            domain.checks.iter_mut().for_each(|check| in_stored(&mut check.expr, change));
        }
        for oid in self.all_statistics().map(|s| s.oid).collect::<Vec<_>>() {
            let exprs = self.statistics_mut(oid).into_iter().flat_map(|s| &mut s.exprs);
            exprs.for_each(|expr| in_stored(expr, change));
        }
        for oid in self.publications().map(|p| p.oid).collect::<Vec<_>>() {
            let members = self.publication_mut(oid).into_iter().flat_map(|p| &mut p.relations);
            members.filter_map(|m| m.filter.as_mut()).for_each(|filter| in_stored(filter, change));
        }
    }
}

/// Whether a constant of one of the types may be stored with the relation. A superset: columns of the types count.
fn mentions(relation: &Relation, needs: &dyn Fn(&Object) -> bool) -> bool {
    let of = |objects: &[Object]| objects.iter().any(needs);
    let column = |c: &super::Column| {
        needs(&Object::Type(c.ty.oid))
            || c.default.as_ref().is_some_and(|d| of(&d.depends_on))
            || c.generated.as_ref().is_some_and(|g| of(&g.expr.depends_on))
    };
    relation.bound.is_some()
        || !relation.rules.is_empty()
        || matches!(&relation.kind, RelationKind::View(query) | RelationKind::MaterializedView(query, _) if of(&query.depends_on))
        || matches!(&relation.kind, RelationKind::Index(_) | RelationKind::PartitionedTable(_))
        || relation.columns.iter().any(column)
        || relation
            .constraints
            .iter()
            .any(|c| matches!(&c.kind, ConstraintKind::Check { expr, .. } if of(&expr.depends_on)))
        || relation.policies.iter().any(|p| p.using.iter().chain(&p.check).any(|e| of(&e.depends_on)))
        || relation.triggers.iter().any(|t| t.when.as_ref().is_some_and(|e| of(&e.depends_on)))
}

fn in_relation(relation: &mut Relation, change: Change<'_>) {
    match &mut relation.kind {
        RelationKind::View(query) | RelationKind::MaterializedView(query, _) => in_query(&mut own(query).tree, change),
        RelationKind::Index(index) => {
            index.keys.iter_mut().for_each(|key| in_key(&mut key.what, change));
            index.predicate.iter_mut().for_each(|predicate| in_stored(predicate, change));
        }
        RelationKind::PartitionedTable(key) => {
            key.columns.iter_mut().for_each(|column| in_key(&mut column.what, change));
        }
        RelationKind::Table
        | RelationKind::ForeignTable(_)
        | RelationKind::Sequence(_)
        | RelationKind::CompositeType => {}
    }
    for column in &mut relation.columns {
        column.default.iter_mut().for_each(|default| in_stored(default, change));
        column.generated.iter_mut().for_each(|generated| in_stored(&mut generated.expr, change));
    }
    for constraint in &mut relation.constraints {
        if let ConstraintKind::Check { expr, .. } = &mut constraint.kind {
            in_stored(expr, change);
        }
    }
    for policy in &mut relation.policies {
        policy.using.iter_mut().chain(&mut policy.check).for_each(|expr| in_stored(expr, change));
    }
    relation.triggers.iter_mut().filter_map(|t| t.when.as_mut()).for_each(|when| in_stored(when, change));
    for rule in &mut relation.rules {
        let mut body = RuleBody { qual: rule.body.qual.clone(), actions: rule.body.actions.clone() };
        body.qual.iter_mut().for_each(|qual| in_expr(qual, change));
        body.actions.iter_mut().for_each(|action| in_query(action, change));
        rule.body = Arc::new(body);
    }
    match relation.bound.as_deref_mut() {
        Some(PartitionBound::List(values)) => values.iter_mut().for_each(change),
        Some(PartitionBound::Range { lower, upper }) => {
            for datum in lower.iter_mut().chain(upper) {
                match datum {
                    RangeDatum::Value(value) => change(value),
                    RangeDatum::MinValue | RangeDatum::MaxValue => {}
                }
            }
        }
        Some(PartitionBound::Default | PartitionBound::Hash { .. }) | None => {}
    }
}

/// The tree, no longer shared.
fn own<T: Clone>(stored: &mut Arc<Stored<T>>) -> &mut Stored<T> {
    Arc::make_mut(stored)
}

fn in_stored(stored: &mut Arc<Stored<Expr>>, change: Change<'_>) {
    in_expr(&mut own(stored).tree, change);
}

fn in_key(key: &mut IndexKeyKind, change: Change<'_>) {
    match key {
        IndexKeyKind::Expr(expr) => in_stored(expr, change),
        IndexKeyKind::Column(_) => {}
    }
}

fn in_expr(expr: &mut Expr, change: Change<'_>) {
    match expr {
        Expr::Const(constant) => change(constant),
        _ => {
            // Both closures change constants.
            let change = std::cell::RefCell::new(change);
            children_mut(expr, &mut |child| in_expr(child, *change.borrow_mut()), &mut |query| {
                in_query(query, *change.borrow_mut());
            });
        }
    }
}

fn in_query(query: &mut Query, change: Change<'_>) {
    let change = std::cell::RefCell::new(change);
    query_children_mut(query, &mut |child| in_expr(child, *change.borrow_mut()), &mut |query| {
        in_query(query, *change.borrow_mut());
    });
}
