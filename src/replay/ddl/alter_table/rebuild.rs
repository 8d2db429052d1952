//! What is made anew when the type of a column changes: the default, and from their printed text the checks and indexes
//! over it (`tablecmds.c: RememberAllDependentForRebuilding`, `ATPostAlterTypeCleanup`).

use std::sync::Arc;

use super::super::index::name_apart;
use crate::catalog::{
    AttrNumber, ConstraintKind, DependencyKind, IndexKey, IndexKeyKind, Object, Oid, PG_CATALOG, Relation, StoredExpr,
    TypeRef, tree,
};
use crate::expr::deparse::Deparser;
use crate::expr::figure_index_colname;
use crate::replay::{Exec, Opaque, Replay, SqlError, Stop};
use crate::sql::ast::{Expr, Name, QualifiedName, Touches};
use crate::sql::span::Loc;

/// What the old definitions say.
#[derive(Clone, Debug)]
pub(in crate::replay) struct Rebuilt {
    /// The type that the column had.
    pub(super) old: Oid,
    /// The default as one of the new type.
    default: Option<StoredExpr>,
    checks: Vec<(Oid, Expr)>,
    indexes: Vec<RebuiltIndex>,
    /// Extended statistics with their expressions.
    statistics: Vec<(Oid, Vec<Expr>)>,
}

impl Rebuilt {
    /// What is made anew anyway.
    pub(super) fn forget_those_of(&mut self, other: &Rebuilt) {
        self.checks.retain(|(check, _)| other.checks.iter().all(|(known, _)| known != check));
        self.indexes.retain(|index| other.indexes.iter().all(|known| known.oid != index.oid));
        self.statistics.retain(|(statistics, _)| other.statistics.iter().all(|(known, _)| known != statistics));
    }

    /// The indexes.
    pub(super) fn indexes(&self) -> impl Iterator<Item = Oid> {
        self.indexes.iter().map(|index| index.oid)
    }

    /// The checks.
    pub(super) fn checks(&self) -> impl Iterator<Item = Oid> {
        self.checks.iter().map(|(check, _)| *check)
    }
}

#[derive(Clone, Debug)]
struct RebuiltIndex {
    oid: Oid,
    keys: Vec<RebuiltKey>,
    predicate: Option<Expr>,
    /// The operators of an exclusion constraint, by name.
    operators: Vec<QualifiedName>,
}

#[derive(Clone, Debug)]
struct RebuiltKey {
    /// The expression; a column stays what it is.
    expr: Option<Expr>,
    /// The operator class was the default of the old type.
    default_opclass: bool,
    /// The collation was that of the column or expression.
    own_collation: bool,
}

impl Replay {
    /// Reads the definitions, while names and types are what they were.
    pub(super) fn to_rebuild(&self, rel: Oid, number: AttrNumber, new: TypeRef) -> Exec<Rebuilt> {
        let old = self.catalog.relation(rel).and_then(|r| r.column_at(number)).map_or(new.oid, |column| column.ty.oid);
        let (default, checks, indexes, statistics) = (None, Vec::new(), Vec::new(), Vec::new());
        let mut rebuilt = Rebuilt { old, default, checks, indexes, statistics };
        let Some(relation) = self.catalog.relation(rel) else { return Ok(rebuilt) };
        if let Some(column) = relation.column_at(number).filter(|column| column.ty != new) {
            rebuilt.default = self.check_new_default(column, new)?;
        }
        let uses = |expr: &StoredExpr| expr.tree.columns().iter().any(|&c| c == number || c == 0);
        for constraint in &relation.constraints {
            if let ConstraintKind::Check { expr, .. } = &constraint.kind
                && uses(expr)
            {
                rebuilt.checks.push((constraint.oid, self.written(rel, expr)?));
            }
        }
        for &oid in &relation.indexes {
            let Some(index) = self.catalog.relation(oid).and_then(Relation::as_index) else { continue };
            let touched = index.predicate.as_ref().is_some_and(&uses)
                || index.keys.iter().any(|key| match &key.what {
                    IndexKeyKind::Column(column) => *column == number,
                    IndexKeyKind::Expr(expr) => uses(expr),
                });
            if touched {
                let keys = index.keys.iter().map(|key| self.key_to_rebuild(relation, key, &index.method));
                rebuilt.indexes.push(RebuiltIndex {
                    oid,
                    keys: keys.collect::<Exec<_>>()?,
                    predicate: index.predicate.as_ref().map(|p| self.written(rel, p)).transpose()?,
                    operators: self.operators_of(relation, index.constraint),
                });
            }
        }
        let of_column = |s: &&crate::catalog::Statistics| s.columns.contains(&number) || s.exprs.iter().any(&uses);
        for found in self.catalog.all_statistics().filter(|s| s.table == rel).filter(of_column) {
            let exprs = found.exprs.iter().map(|expr| self.written(rel, expr)).collect::<Exec<_>>()?;
            rebuilt.statistics.push((found.oid, exprs));
        }
        Ok(rebuilt)
    }

    /// The default, or what a generated column is computed from, as a value of the new type (`ATExecAlterColumnType`).
    pub(super) fn check_new_default(&self, column: &crate::catalog::Column, new: TypeRef) -> Exec<Option<StoredExpr>> {
        let (source, what) = match (&column.default, &column.generated) {
            (Some(default), _) => (default, "default"),
            (None, Some(generated)) => (&generated.expr, "generation expression"),
            (None, None) => return Ok(None),
        };
        let Some(mut coerced) = self.recoerced_default(source, new)? else {
            let ty = self.catalog.format_type_be(new.oid, &self.path());
            let message = format!("{what} for column \"{}\" cannot be cast automatically to type {ty}", column.name);
            return Err(SqlError::new("42804", message).into());
        };
        if column.generated.is_some() {
            // The columns that it is computed from.
            let stored = Arc::make_mut(&mut coerced);
            stored.depends_on.extend(source.depends_on.iter().copied());
            stored.depends_on.sort_unstable();
            stored.depends_on.dedup();
        }
        Ok(Some(coerced))
    }

    /// The operators of an exclusion constraint as its printed text has them: those of PostgreSQL without their schema.
    fn operators_of(&self, relation: &Relation, constraint: Option<Oid>) -> Vec<QualifiedName> {
        let found = relation.constraints.iter().find(|c| Some(c.oid) == constraint);
        let Some(ConstraintKind::Exclusion { operators, .. }) = found.map(|c| &c.kind) else { return Vec::new() };
        let named = |oid: &Oid| {
            let operator = self.catalog.operator_info(*oid)?;
            let own = operator.schema != PG_CATALOG;
            let schema = own.then(|| self.catalog.schema_name(operator.schema).into());
            Some(QualifiedName { schema, ..QualifiedName::bare(operator.name) })
        };
        operators.iter().filter_map(named).collect()
    }

    fn key_to_rebuild(&self, relation: &Relation, key: &IndexKey, method: &str) -> Exec<RebuiltKey> {
        let (expr, ty, collation) = match &key.what {
            IndexKeyKind::Column(number) => {
                let column = relation.column_at(*number);
                let ty = column.map_or(Oid::INVALID, |c| c.ty.oid);
                (None, ty, column.map_or(Oid::INVALID, |c| self.catalog.column_collation(c)))
            }
            IndexKeyKind::Expr(expr) => {
                let written = self.written(relation.oid, expr)?;
                (Some(written), expr.tree.ty(&self.catalog).oid, expr.tree.collation())
            }
        };
        Ok(RebuiltKey {
            expr,
            default_opclass: key.opclass == self.catalog.default_opclass(ty, method),
            own_collation: key.collation == collation,
        })
    }

    /// A stored expression as somebody would write it.
    pub(in crate::replay::ddl) fn written(&self, rel: Oid, expr: &StoredExpr) -> Exec<Expr> {
        let text = Deparser::new(&self.catalog, &*self.path()).expr(&expr.tree, Some(rel))?;
        crate::sql::parse_expr(&text).map_err(|_| {
            let reason = "what depends on the column's type could not be read again";
            Stop::from(Opaque::new(reason, Touches::Nothing))
        })
    }

    /// Indexes are analysed while the statements are parsed that make all anew, checks when these are executed.
    pub(super) fn read_rebuilt(&self, rel: Oid, rebuilt: &Rebuilt) -> Exec {
        rebuilt.indexes.iter().try_for_each(|index| {
            let exprs = index.keys.iter().filter_map(|key| key.expr.as_ref());
            without_place(self.transform_index_parts(rel, index.predicate.as_ref(), exprs))
        })
    }

    /// The default as one of the new type.
    pub(super) fn replace_source(&mut self, rel: Oid, number: AttrNumber, rebuilt: &mut Rebuilt) {
        let Some(default) = rebuilt.default.take() else { return };
        // It no longer needs the old type.
        let column = self.catalog.relation(rel).and_then(|r| r.column_at(number));
        let stored = column.and_then(|c| c.generated.as_ref()).map(|generated| generated.stored);
        self.forget_source(rel, number);
        self.store_source(rel, number, default, stored);
        self.catalog.number_new_expression(rel, number);
    }

    /// Makes all else anew.
    pub(super) fn rebuild(&mut self, rel: Oid, rebuilt: Rebuilt) -> Exec {
        for index in rebuilt.indexes {
            // It is another index: of what was said of the old one, comments are kept (`RebuildConstraintComment`).
            self.catalog.dependencies.remove_of_kind(Object::Relation(index.oid), DependencyKind::AutoExtension);
            self.catalog.make_anew(index.oid);
            let key = self.catalog.relation(index.oid).filter(|index| index.parents.is_empty());
            if let Some(constraint) = key.and_then(|index| index.as_index()?.constraint) {
                self.catalog.make_private(constraint);
            }
            self.rebuild_index(rel, index)?;
        }
        let owner = self.session.current_user;
        for (oid, exprs) in rebuilt.statistics {
            let of = self.catalog.all_statistics().find(|s| s.oid == oid).map(|s| s.columns.clone());
            if let Some(table) = self.catalog.shared_relation(rel) {
                of.into_iter().flatten().try_for_each(|column| self.refuse_unordered(&table, column))?;
            }
            let new = exprs.iter().map(|expr| without_place(self.analyze_statistics_expression(rel, expr)));
            let new = new.collect::<Exec<Vec<_>>>()?;
            if let Some(statistics) = self.catalog.statistics_mut(oid) {
                // The cast that an expression was may be none any more: then it is a column (`CreateStatistics`).
                let (columns, exprs): (Vec<_>, Vec<_>) =
                    new.into_iter().partition(|expr| matches!(expr.tree, tree::Expr::Var(_)));
                statistics.exprs = exprs;
                statistics.columns.extend(columns.iter().flat_map(|column| column.tree.columns()));
                statistics.columns.sort_unstable();
                // It is made anew, by who alters the table, without what was set for it.
                statistics.target = None;
                statistics.owner = owner;
            }
        }
        for (oid, check) in rebuilt.checks {
            let new = without_place(self.analyze_check(rel, &check))?;
            self.catalog.make_anew(oid);
            // It may be cast now to the type that the column had.
            self.depend_on_all(Object::Constraint(rel, oid), &new.depends_on, Some(rel));
            let constraints = self.catalog.relation_mut(rel).into_iter().flat_map(|r| &mut r.constraints);
            for constraint in constraints.filter(|c| c.oid == oid) {
                if let ConstraintKind::Check { expr, .. } = &mut constraint.kind {
                    *expr = new.clone();
                }
            }
        }
        Ok(())
    }

    fn rebuild_index(&mut self, rel: Oid, rebuilt: RebuiltIndex) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let Some(index) = self.catalog.relation(rebuilt.oid).and_then(Relation::as_index) else { return Ok(()) };
        let (mut keys, mut operators) = (index.keys.clone(), Vec::new());
        // It is a new index (`ATPostAlterTypeCleanup`).
        keys.iter_mut().for_each(|key| key.statistics = None);
        for (key, old) in keys.iter_mut().zip(&rebuilt.keys) {
            let (ty, collation) = match (&key.what, &old.expr) {
                (IndexKeyKind::Column(number), _) => {
                    let column = relation.column_at(*number);
                    let ty = column.map_or(Oid::INVALID, |c| c.ty.oid);
                    (ty, column.map_or(Oid::INVALID, |c| self.catalog.column_collation(c)))
                }
                (IndexKeyKind::Expr(_), Some(written)) => {
                    let new = without_place(self.analyze_index_expression(rel, written))?;
                    // The cast that the expression was may be none any more.
                    key.what = match new.column {
                        Some(number) => IndexKeyKind::Column(number),
                        None => IndexKeyKind::Expr(new.tree),
                    };
                    (new.ty, new.collation)
                }
                (IndexKeyKind::Expr(expr), None) => (expr.tree.ty(&self.catalog).oid, expr.tree.collation()),
            };
            if old.default_opclass {
                key.opclass = self.index_opclass(None, ty, &index.method)?;
            } else if let Some(class) = self.catalog.opclass_info(key.opclass)
                && !self.catalog.is_binary_coercible(ty, class.input_type)
            {
                let ty = self.catalog.format_type_be(ty, &self.path());
                let message = format!("operator class \"{}\" does not accept data type {ty}", class.name);
                return Err(SqlError::new("42804", message).into());
            }
            if let Some(name) = rebuilt.operators.get(operators.len()) {
                operators.push(self.exclusion_operator(name, ty, key.opclass)?);
            }
            if old.own_collation {
                key.collation = collation;
            } else if self.catalog.type_collation(ty) == Oid::INVALID {
                // The collation is written in the old definition.
                return Err(self.no_collations_of(ty));
            }
        }
        let constraint = relation.constraints.iter().find(|c| index.constraint.is_some_and(|own| own == c.oid));
        if let Some(ConstraintKind::Key { operators: own, .. }) = constraint.map(|c| &c.kind)
            && !own.is_empty()
        {
            if let Some(column) = keys.last().and_then(|key| relation.column_at(key.as_column()?)) {
                self.check_period_type(&column.name, column.ty.oid, Loc::NONE)?;
            }
            operators = self.overlaps_operators(&keys)?;
        }
        let predicate = match &rebuilt.predicate {
            Some(written) => Some(without_place(self.analyze_index_predicate(rel, written))?),
            None => None,
        };
        let exprs = keys.iter().filter_map(|key| match &key.what {
            IndexKeyKind::Expr(expr) => Some(expr),
            IndexKeyKind::Column(_) => None,
        });
        let needs: Vec<Object> = exprs.chain(&predicate).flat_map(|expr| expr.depends_on.iter().copied()).collect();
        let this = Object::Relation(rebuilt.oid);
        let names = self.names_of_rebuilt(rel, &keys, &rebuilt, &index.including);
        let classes: Vec<Oid> = index.keys.iter().map(|key| key.opclass).collect();
        for class in classes {
            self.catalog.dependencies.remove(this, Object::OpClass(class), DependencyKind::Normal);
        }
        let new = keys.iter().map(|key| Object::OpClass(key.opclass));
        let needs: Vec<Object> = needs.into_iter().chain(new).collect();
        self.depend_on_all(this, &needs, Some(rel));
        if let Some(index) = self.catalog.relation_mut(rebuilt.oid).and_then(Relation::as_index_mut) {
            index.keys = keys;
            index.predicate = predicate;
            index.column_names = names;
        }
        for constraint in self.catalog.relation_mut(rel).into_iter().flat_map(|r| &mut r.constraints) {
            match &mut constraint.kind {
                ConstraintKind::Exclusion { index, operators: own }
                | ConstraintKind::Key { index, operators: own, .. }
                    if *index == rebuilt.oid =>
                {
                    own.clone_from(&operators);
                }
                ConstraintKind::Exclusion { .. }
                | ConstraintKind::Key { .. }
                | ConstraintKind::Check { .. }
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::Trigger(_)
                | ConstraintKind::NotNull { .. } => {}
            }
        }
        Ok(())
    }
}

impl Replay {
    /// A new index gets new names for its columns (`indexcmds.c: ChooseIndexColumnNames`).
    fn names_of_rebuilt(
        &self,
        rel: Oid,
        keys: &[IndexKey],
        rebuilt: &RebuiltIndex,
        included: &[AttrNumber],
    ) -> Vec<Name> {
        let relation = self.catalog.relation(rel);
        let of_column = |number: AttrNumber| {
            let column = relation.and_then(|r| r.column_at(number));
            column.map_or_else(Name::new, |column| column.name.clone())
        };
        let of_key = |(key, old): (&IndexKey, &RebuiltKey)| match (&key.what, &old.expr) {
            (_, Some(expr)) => figure_index_colname(expr).unwrap_or_else(|| "expr".into()),
            (IndexKeyKind::Column(number), None) => of_column(*number),
            (IndexKeyKind::Expr(_), None) => "expr".into(),
        };
        let names = keys.iter().zip(&rebuilt.keys).map(of_key).chain(included.iter().map(|n| of_column(*n)));
        let mut apart: Vec<String> = Vec::new();
        for name in names {
            let name = name_apart(&name, &apart);
            apart.push(name);
        }
        apart.iter().map(|name| name.as_str().into()).collect()
    }
}

/// Places in a printed text mean nothing in the file.
fn without_place<T>(result: Exec<T>) -> Exec<T> {
    result.map_err(|stop| match stop {
        Stop::Error(error) => SqlError { loc: Default::default(), ..*error }.into(),
        Stop::Opaque(opaque) => Opaque { loc: Default::default(), ..*opaque }.into(),
    })
}
