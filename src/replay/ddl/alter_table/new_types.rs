//! New types of columns: all that a statement gives come first, then what they leave to be made anew, then the same of
//! children (`tablecmds.c: ATRewriteCatalogs`, `ATPostAlterTypeCleanup`).

use super::rebuild::Rebuilt;
use crate::catalog::tree::Expr;
use crate::catalog::{AttrNumber, ChangeKind, DependencyKind, Object, Oid, TypeKind, TypeRef};
use crate::replay::{Context, Exec, Replay, SqlError};
use crate::sql::ast::Name;

/// What the statement that is being executed has given new types.
#[derive(Clone, Debug, Default)]
pub(in crate::replay) struct NewTypes {
    /// The columns, and what is to be made anew for them.
    retyped: Vec<(Oid, AttrNumber, Rebuilt)>,
    /// The columns of children that follow.
    followers: Vec<Follower>,
    /// The tables whose columns are altered, with their children: constraints over these are made anew.
    pub(super) altered: Vec<Oid>,
    /// The rows of the table and its children are written anew.
    pub(super) rewritten: bool,
}

#[derive(Clone, Debug)]
struct Follower {
    child: Oid,
    name: Name,
    ty: TypeRef,
    collation: Option<Oid>,
}

impl Replay {
    /// A column has a new type. What was to be made anew before is so still.
    pub(super) fn remember_new_type(&mut self, rel: Oid, number: AttrNumber, mut rebuilt: Rebuilt) {
        self.replace_source(rel, number, &mut rebuilt);
        let before = self.code.new_types.retyped.iter().filter(|(other, ..)| *other == rel);
        before.for_each(|(.., other)| rebuilt.forget_those_of(other));
        self.code.new_types.retyped.push((rel, number, rebuilt));
    }

    /// The column of these children gets the same type.
    pub(super) fn remember_followers(&mut self, children: &[Oid], name: &Name, ty: TypeRef, collation: Option<Oid>) {
        let follower = |&child: &Oid| Follower { child, name: name.clone(), ty, collation };
        self.code.new_types.followers.extend(children.iter().map(follower));
    }

    /// All new types of the statement are there.
    pub(super) fn finish_new_types(&mut self, cx: &Context) -> Exec {
        let NewTypes { retyped, followers, rewritten, altered } = std::mem::take(&mut self.code.new_types);
        self.code.new_types.altered = altered;
        retyped.iter().try_for_each(|(rel, _, rebuilt)| self.read_rebuilt(*rel, rebuilt))?;
        for follower in &followers {
            self.follow_type_change(follower, cx)?;
        }
        let of_children = std::mem::take(&mut self.code.new_types.retyped);
        of_children.iter().try_for_each(|(rel, _, rebuilt)| self.read_rebuilt(*rel, rebuilt))?;
        let mut done: Vec<(Oid, AttrNumber, Oid)> = Vec::new();
        for (rel, number, rebuilt) in retyped {
            done.push((rel, number, rebuilt.old));
            self.rebuild(rel, rebuilt)?;
            self.recount_parents(rel, number, cx)?;
        }
        for (child, number, rebuilt) in of_children {
            let (checks, indexes): (Vec<Oid>, Vec<Oid>) = (rebuilt.checks().collect(), rebuilt.indexes().collect());
            done.push((child, number, rebuilt.old));
            self.rebuild(child, rebuilt)?;
            self.recount_parents(child, number, cx)?;
            self.rename_cloned_indexes(child, &indexes);
            self.rename_inherited_not_null(child, number);
            checks.into_iter().try_for_each(|check| self.validated_as_inherited(child, check))?;
        }
        done.into_iter().try_for_each(|(rel, number, old)| {
            let old = if rewritten { None } else { Some(old) };
            self.recheck_foreign_keys(rel, number, old)
        })
    }

    /// What stands in the rows is another value (`tablecmds.c: ATColumnChangeRequiresRewrite`). What the planner would
    /// make of a cast to another length is not asked.
    pub(super) fn rewrites(&self, value: &Expr) -> bool {
        match value {
            Expr::Var(_) => false,
            Expr::RelabelType(relabel) => self.rewrites(&relabel.arg),
            Expr::CoerceToDomain(coerced) => self.is_constrained(coerced.ty.oid) || self.rewrites(&coerced.arg),
            _ => true,
        }
    }

    /// `typcache.c: DomainHasConstraints`
    fn is_constrained(&self, domain: Oid) -> bool {
        match self.catalog.type_(domain).map(|ty| &ty.kind) {
            Some(TypeKind::Domain(domain)) => {
                domain.not_null || !domain.checks.is_empty() || self.is_constrained(domain.base.oid)
            }
            Some(_) | None => false,
        }
    }

    /// The column of a child gets the new type of the parent's.
    fn follow_type_change(&mut self, follower: &Follower, cx: &Context) -> Exec {
        let &Follower { child, ref name, ty: new, collation } = follower;
        let Some(column) = self.catalog.relation(child).and_then(|r| r.column(name)).cloned() else { return Ok(()) };
        self.refuse_new_type(child, &column, new)?;
        self.follow_with_sequence(child, column.number, new)?;
        let rebuilt = self.to_rebuild(child, column.number, new)?;
        let own = Object::Column(child, column.number);
        self.catalog.dependencies.remove(own, Object::Type(column.ty.oid), DependencyKind::Normal);
        self.catalog.dependencies.add(own, Object::Type(new.oid), DependencyKind::Normal);
        self.change_column(child, column.number, ChangeKind::Type, cx, |c| {
            c.ty = new;
            c.collation = collation;
            true
        });
        self.remember_new_type(child, column.number, rebuilt);
        Ok(())
    }

    /// The indexes of a partition that belong to those of the partitioned table are cloned from them anew, with the names
    /// that clones get.
    fn rename_cloned_indexes(&mut self, table: Oid, rebuilt: &[Oid]) {
        let is_clone = |oid: &&Oid| self.catalog.relation(**oid).is_some_and(|index| !index.parents.is_empty());
        let clones: Vec<Oid> = rebuilt.iter().filter(is_clone).copied().collect();
        // All of the old ones are gone when the first is made.
        for (i, &clone) in clones.iter().enumerate() {
            self.name_clone(table, clone, &Name::from(format!("{i}\0")));
        }
        for clone in clones {
            if let Some(name) = self.name_of_cloned_index(table, clone) {
                self.name_clone(table, clone, &name);
            }
        }
    }

    /// NOT NULL is made anew, too, as the parent's where it is inherited alone.
    fn rename_inherited_not_null(&mut self, child: Oid, number: i16) {
        let Some(table) = self.catalog.shared_relation(child).filter(|_| self.records_not_null()) else { return };
        let (Some(column), Some(own)) = (table.column_at(number), table.not_null(number)) else { return };
        if own.is_local || own.inherit_count == 0 {
            return;
        }
        let mut parents = table.parents.iter().filter_map(|parent| self.catalog.relation(parent.relation));
        let name = parents.find_map(|parent| {
            let above = parent.column(&column.name)?;
            parent.not_null(above.number).map(|constraint| constraint.name.clone())
        });
        if let Some(name) = name.filter(|name| *name != own.name && table.constraint(name).is_none()) {
            self.catalog.rename_constraint(child, own.oid, name);
        }
    }

    fn name_clone(&mut self, table: Oid, clone: Oid, name: &Name) {
        let Some(index) = self.catalog.shared_relation(clone) else { return };
        self.catalog.move_relation(clone, index.schema, name.clone());
        if let Some(constraint) = index.as_index().and_then(|index| index.constraint) {
            self.catalog.rename_constraint(table, constraint, name.clone());
        }
    }

    /// A check that is inherited alone comes back with the parent's, as valid as that is (`ATPostAlterTypeCleanup`).
    fn validated_as_inherited(&mut self, child: Oid, check: Oid) -> Exec {
        let Some(table) = self.catalog.shared_relation(child) else { return Ok(()) };
        let Some(own) = table.constraints.iter().find(|c| c.oid == check && c.inherit_count > 0) else { return Ok(()) };
        let parents = table.parents.iter().filter_map(|parent| self.catalog.relation(parent.relation));
        let mut inherited = parents.filter_map(|parent| parent.constraint(&own.name));
        let Some(validated) = inherited.next().map(|c| c.validated) else { return Ok(()) };
        if own.is_local && own.validated && !validated {
            // Its own comes after the inherited one.
            let (name, table) = (&own.name, &table.name);
            let message = format!("constraint \"{name}\" conflicts with NOT VALID constraint on relation \"{table}\"");
            return Err(SqlError::new("42P17", message).into());
        }
        if !own.is_local {
            self.change_inheritance_of_constraint(child, check, |c| c.validated = validated);
        }
        Ok(())
    }
}
