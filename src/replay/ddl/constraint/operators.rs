//! By which operators a foreign key compares: those of the operator families of the referenced key
//! (`tablecmds.c: ATAddForeignKeyConstraint`).

use crate::catalog::lsyscache::{CompareType, Translated};
use crate::catalog::{
    AttrNumber, Column, ConstraintKind, DependencyKind, KeyOperators, Object, Oid, Relation, TypeRef,
};
use crate::replay::ddl::define::is_polymorphic;
use crate::replay::{Exec, Opaque, Replay, SqlError};
use crate::sql::ast::Touches;

/// A foreign key that looks for its operators.
pub(in crate::replay::ddl) struct Compared<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its table and columns.
    pub referencing: (&'a Relation, &'a [AttrNumber]),
    /// The referenced table and columns.
    pub referenced: (&'a Relation, &'a [AttrNumber]),
    /// The referenced key's index.
    pub index: Oid,
    /// The last of both is a period.
    pub period: bool,
}

impl Replay {
    /// Operators for every pair of columns; 42804 for a pair without, 42P21 if collations are in the way.
    pub(in crate::replay::ddl) fn foreign_key_operators(&self, key: &Compared<'_>) -> Exec<Vec<KeyOperators>> {
        let index = self.catalog.relation(key.index).and_then(Relation::as_index);
        let mut operators = Vec::with_capacity(key.referenced.1.len());
        for (i, (&number, &target)) in key.referencing.1.iter().zip(key.referenced.1).enumerate() {
            let (Some(column), Some(target)) =
                (key.referencing.0.column_at(number), key.referenced.0.column_at(target))
            else {
                continue;
            };
            let of_target = |k: &&crate::catalog::IndexKey| k.as_column() == Some(target.number);
            let opclass = index.and_then(|index| index.keys.iter().find(of_target)).map(|k| k.opclass);
            let overlaps = key.period && i + 1 == key.referenced.1.len();
            operators.push(self.pair_operators(key, column, target, opclass.unwrap_or(Oid::INVALID), overlaps)?);
            self.check_key_collations(key, column, target)?;
            if overlaps {
                self.check_period_operators(opclass.unwrap_or(Oid::INVALID))?;
            }
        }
        Ok(operators)
    }

    fn pair_operators(
        &self,
        key: &Compared<'_>,
        column: &Column,
        target: &Column,
        opclass: Oid,
        overlaps: bool,
    ) -> Exec<KeyOperators> {
        // Of an operator class that is not known, nothing is said.
        let Some(class) = self.catalog.opclass_info(opclass) else { return Ok(KeyOperators::default()) };
        let (compare, what) = match overlaps {
            true => (CompareType::Overlap, "an overlaps"),
            false => (CompareType::Equal, "an equality"),
        };
        let strategy = match self.catalog.translate_compare_type(compare, class.family) {
            Translated::Strategy(strategy) => strategy,
            Translated::None => {
                let message = format!("could not identify {what} operator for foreign key");
                let detail = self.untranslated(compare, class.family);
                return Err(SqlError::new("42704", message).detail(detail).into());
            }
            Translated::Unknown => {
                let reason = "by what an operator class compares is not known";
                return Err(Opaque::new(reason, Touches::Nothing).into());
            }
        };
        let member = |left: Oid, right: Oid| self.catalog.opfamily_member(class.family, left, right, strategy);
        let primary = member(class.input_type, class.input_type);
        let base = self.base_type(column.ty.oid);
        let (pk_fk, fk_fk) = (member(class.input_type, base), member(base, base));
        if pk_fk != Oid::INVALID && fk_fk != Oid::INVALID {
            return Ok(KeyOperators { pk_fk, pk_pk: primary, fk_fk });
        }
        // Both types may have to become the operator class's, which may be polymorphic.
        if self.coercible(&[target.ty.oid, column.ty.oid], &[class.input_type, class.input_type]) {
            return Ok(KeyOperators { pk_fk: primary, pk_pk: primary, fk_fk: primary });
        }
        let message = format!("foreign key constraint \"{}\" cannot be implemented", key.name);
        let path = self.path();
        let ty = |column: &Column| self.catalog.format_type(TypeRef::plain(column.ty.oid), &path);
        let (from, to) = (&column.name, &target.name);
        let columns = match self.catalog.version() >= 18 {
            true => format!("\"{from}\" of the referencing table and \"{to}\" of the referenced table"),
            false => format!("\"{from}\" and \"{to}\""),
        };
        let detail = format!("Key columns {columns} are of incompatible types: {} and {}.", ty(column), ty(target));
        let error = SqlError::new("42804", message).detail(detail);
        Err(error.related(target.provenance.last(), "the referenced column").into())
    }

    /// From 18 on nondeterministic collations must be the same: there has to be one notion of what is equal.
    fn check_key_collations(&self, key: &Compared<'_>, column: &Column, target: &Column) -> Exec {
        let (own, theirs) = (self.catalog.column_collation(column), self.catalog.column_collation(target));
        let info = |oid| self.catalog.collation_info(oid);
        let (Some(a), Some(b)) = (info(own), info(theirs)) else { return Ok(()) };
        if self.catalog.version() < 18 || own == theirs || a.deterministic && b.deterministic {
            return Ok(());
        }
        let message = format!("foreign key constraint \"{}\" cannot be implemented", key.name);
        let detail = format!(
            "Key columns \"{}\" of the referencing table and \"{}\" of the referenced table have incompatible \
             collations: \"{}\" and \"{}\".  If either collation is nondeterministic, then both collations have to be \
             the same.",
            column.name, target.name, a.name, b.name
        );
        Err(SqlError::new("42P21", message).detail(detail).into())
    }

    /// The constraint needs its operators (`pg_constraint.c: CreateConstraintEntry`).
    pub(in crate::replay::ddl) fn depend_on_operators(
        &mut self,
        rel: Oid,
        constraint: Oid,
        operators: &[KeyOperators],
    ) {
        for operator in operators.iter().flat_map(|o| [o.pk_fk, o.pk_pk, o.fk_fk]).filter(|&o| o != Oid::INVALID) {
            let edge = (Object::Constraint(rel, constraint), Object::Operator(operator));
            self.catalog.dependencies.add(edge.0, edge.1, DependencyKind::Normal);
        }
    }

    /// Foreign keys of a column whose type has changed, and those that refer to it, look for their operators anew
    /// (`ATPostAlterTypeCleanup`). Where the rows stay as they are, `old` is the type that the column had.
    pub(in crate::replay::ddl) fn recheck_foreign_keys(
        &mut self,
        rel: Oid,
        number: AttrNumber,
        old: Option<Oid>,
    ) -> Exec {
        let Some(relation) = self.catalog.shared_relation(rel) else { return Ok(()) };
        let own = relation.constraints.iter().filter(|c| c.columns.contains(&number)).map(|c| (rel, c.oid));
        let mut found: Vec<(Oid, Oid)> = own.collect();
        for edge in self.catalog.dependencies.on(Object::Column(rel, number)) {
            // Of the table itself it may be the column that is referred to.
            if let Object::Constraint(from, oid) = edge.dependent
                && !found.contains(&(from, oid))
            {
                found.push((from, oid));
            }
        }
        drop(relation);
        let mut looked_at = Vec::new();
        for (table, oid) in found {
            let Some(referencing) = self.catalog.shared_relation(table) else { continue };
            let Some(constraint) = referencing.constraints.iter().find(|c| c.oid == oid) else { continue };
            let ConstraintKind::ForeignKey(key) = &constraint.kind else { continue };
            let Some(referenced) = self.catalog.shared_relation(key.table) else { continue };
            let operators = self.foreign_key_operators(&Compared {
                name: &constraint.name,
                referencing: (&referencing, &constraint.columns),
                referenced: (&referenced, &key.columns),
                index: key.index,
                period: key.period,
            })?;
            if let Some(old) = old {
                let of_column = |n: &AttrNumber| match (table, *n) == (rel, number) {
                    true => old,
                    false => referencing.column_at(*n).map_or(Oid::INVALID, |column| column.ty.oid),
                };
                let types: Vec<Oid> = constraint.columns.iter().map(of_column).collect();
                self.refuse_polymorphic_casts(&types, &key.operators, &operators)?;
            }
            let own = constraint.parent.is_none();
            // What is known of rows as they are stays (`ATAddForeignKeyConstraint`: `old_check_ok`).
            if own && constraint.validated && (old.is_none() || key.operators != operators) {
                looked_at.push((table, oid));
            }
            let old = key.operators.clone();
            drop(referencing);
            self.catalog.make_anew(oid);
            if own {
                self.catalog.make_private(oid);
            }
            if old == operators {
                continue;
            }
            for operator in old.iter().flat_map(|o| [o.pk_fk, o.pk_pk, o.fk_fk]) {
                let edge = (Object::Constraint(table, oid), Object::Operator(operator));
                self.catalog.dependencies.remove(edge.0, edge.1, DependencyKind::Normal);
            }
            self.depend_on_operators(table, oid, &operators);
            self.change_inheritance_of_constraint(table, oid, |c| {
                if let ConstraintKind::ForeignKey(key) = &mut c.kind {
                    key.operators = operators;
                }
            });
        }
        looked_at.into_iter().try_for_each(|(table, oid)| self.refuse_ambiguous_key(table, oid))
    }

    /// Whether a foreign key has to be validated again depends on the casts to its operators' right sides, and there are
    /// none to polymorphic types (`tablecmds.c: findFkeyCast`).
    fn refuse_polymorphic_casts(&self, types: &[Oid], old: &[KeyOperators], new: &[KeyOperators]) -> Exec {
        for (&ty, (old, new)) in types.iter().zip(old.iter().zip(new)) {
            if old.pk_fk != new.pk_fk {
                return Ok(());
            }
            let Some(right) = self.catalog.operator_info(new.pk_fk).map(|operator| operator.right) else { continue };
            if right != ty && is_polymorphic(right) {
                return Err(SqlError::new("XX000", format!("could not find cast from {} to {}", ty.0, right.0)).into());
            }
        }
        Ok(())
    }
}
