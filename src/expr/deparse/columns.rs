//! The names that are printed for columns (`deparse_columns`).
//!
//! Columns may have been added, dropped and renamed since a query was analysed. The text must still mean the same when it
//! is read again, so columns get aliases where their names have become ambiguous.

use super::Env;
use super::names::relation_columns;
use super::namespace::{Namespace, numbered};
use crate::catalog::tree::{JoinExpr, JoinTree, RangeTblEntry, RteKind};
use crate::catalog::{Catalog, Oid, type_oid as t};
use crate::sql::ast::Name;

/// The columns of an entry (`deparse_columns`).
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    /// The names by the number of the column, minus one; dropped columns have none.
    pub(super) names: Vec<Option<Name>>,
    /// The names that the entry has if the query is read again: without dropped columns, with new ones.
    pub(super) new_names: Vec<Name>,
    /// Which of these columns did not exist when the query was analysed.
    pub(super) is_new: Vec<bool>,
    /// The names are printed as aliases.
    pub(super) print_aliases: bool,
    /// The names of USING in the joins around.
    parent_using: Vec<Name>,
    /// Of a join: its left side's number.
    left: u32,
    /// Its right side's.
    right: u32,
    /// The columns of the left side that its columns are.
    left_columns: Vec<i16>,
    /// Those of the right side.
    right_columns: Vec<i16>,
    /// The names of its merged columns.
    pub(super) using_names: Vec<Name>,
}

impl Columns {
    /// `expand_colnames_array_to`
    fn expand_to(&mut self, count: usize) {
        if count > self.names.len() {
            self.names.resize(count, None);
        }
    }

    fn set_name(&mut self, number: i16, name: &Name) {
        if let Some(index) = usize::try_from(number).ok().and_then(|n| n.checked_sub(1)) {
            self.expand_to(index + 1);
            self.names[index] = Some(name.clone());
        }
    }

    fn name(&self, number: i16) -> Option<&Name> {
        self.names.get(usize::try_from(number).ok()?.checked_sub(1)?)?.as_ref()
    }

    /// `colname_is_unique`
    fn is_unique(&self, name: &str, using: &[Name]) -> bool {
        !self.names.iter().flatten().any(|n| n == name)
            && !self.new_names.iter().any(|n| n == name)
            && !using.iter().any(|n| n == name)
            && !self.parent_using.iter().any(|n| n == name)
    }

    /// `make_colname_unique`
    fn make_unique(&self, name: Name, using: &[Name]) -> Name {
        if self.is_unique(&name, using) {
            return name;
        }
        let mut number = 0;
        loop {
            number += 1;
            let modified = numbered(&name, number);
            if self.is_unique(&modified, using) {
                return modified;
            }
        }
    }
}

impl Namespace<'_> {
    /// Chooses the names of columns that USING merges, from the outermost join inwards (`set_using_names`).
    pub(super) fn set_using_names(&mut self, node: &JoinTree, parent_using: &[Name]) {
        let JoinTree::Join(join) = node else { return };
        let Some(rte) = self.rte(join.rtindex) else { return };
        let index = (join.rtindex - 1) as usize;
        self.identify_join_columns(join, rte);
        let (left, right) = (self.columns[index].left, self.columns[index].right);
        let (left_columns, right_columns) =
            (self.columns[index].left_columns.clone(), self.columns[index].right_columns.clone());
        let number_at = |columns: &[i16], i: usize| columns.get(i).copied().unwrap_or(0);

        // An unnamed join has the names of its sides: what was decided for it is handed down.
        if rte.alias.is_none() {
            for i in 0..self.columns[index].names.len() {
                if let Some(name) = self.columns[index].names[i].clone() {
                    self.preassign(left, number_at(&left_columns, i), &name);
                    self.preassign(right, number_at(&right_columns, i), &name);
                }
            }
        }
        let mut using = parent_using.to_vec();
        if !join.using.is_empty() {
            self.columns[index].expand_to(join.using.len());
            for (i, written) in join.using.iter().enumerate() {
                let name = match self.columns[index].names[i].clone() {
                    Some(name) => name,
                    None => {
                        let wanted = rte.alias.as_ref().and_then(|alias| alias.columns.get(i)).unwrap_or(written);
                        let name = self.columns[index].make_unique(wanted.clone(), &self.using_names);
                        if self.unique_using {
                            self.using_names.push(name.clone());
                        }
                        self.columns[index].names[i] = Some(name.clone());
                        name
                    }
                };
                self.columns[index].using_names.push(name.clone());
                using.push(name.clone());
                self.preassign(left, number_at(&left_columns, i), &name);
                self.preassign(right, number_at(&right_columns, i), &name);
            }
        }
        for side in [left, right] {
            if let Some(columns) = self.columns_mut(side) {
                columns.parent_using.clone_from(&using);
            }
        }
        self.set_using_names(&join.left, &using);
        self.set_using_names(&join.right, &using);
    }

    fn columns_mut(&mut self, number: u32) -> Option<&mut Columns> {
        self.columns.get_mut((number as usize).checked_sub(1)?)
    }

    fn preassign(&mut self, side: u32, number: i16, name: &Name) {
        if let Some(columns) = self.columns_mut(side)
            && number > 0
        {
            columns.set_name(number, name);
        }
    }

    /// Where the columns of a join come from (`identify_join_columns`).
    fn identify_join_columns(&mut self, join: &JoinExpr, rte: &RangeTblEntry) {
        let number = |side: &JoinTree| match side {
            JoinTree::Ref(number) => *number,
            JoinTree::Join(join) => join.rtindex,
        };
        let (left, right) = (number(&join.left), number(&join.right));
        let RteKind::Join(details) = &rte.kind else { return };
        if let Some(columns) = self.columns_mut(join.rtindex) {
            columns.left = left;
            columns.right = right;
            columns.left_columns.clone_from(&details.left_columns);
            columns.right_columns.clone_from(&details.right_columns);
        }
    }

    /// The names of the columns of anything but a join (`set_relation_column_names`).
    pub(super) fn set_relation_columns(&mut self, env: &Env<'_>, index: usize) {
        let rte = &self.rtable[index];
        let real = real_names(env.catalog, rte);
        let mut columns = std::mem::take(&mut self.columns[index]);
        columns.expand_to(real.len());
        let old_count = rte.eref.columns.len();
        let mut changed = false;
        for (i, real) in real.iter().enumerate() {
            let Some(real) = real else { continue };
            let name = match columns.names[i].clone() {
                Some(name) => name,
                None => {
                    let wanted = rte.alias.as_ref().and_then(|alias| alias.columns.get(i)).unwrap_or(real);
                    let name = columns.make_unique(wanted.clone(), &self.using_names);
                    columns.names[i] = Some(name.clone());
                    name
                }
            };
            changed |= name != *real;
            columns.new_names.push(name);
            columns.is_new.push(i >= old_count);
        }
        columns.print_aliases = match rte.kind {
            RteKind::Relation { .. } => changed,
            // A function's columns may be renamed under the query, so that all are always shown.
            RteKind::Function { .. } => true,
            RteKind::TableFunc(_) => false,
            RteKind::Subquery(_)
            | RteKind::Join(_)
            | RteKind::Values { .. }
            | RteKind::Cte { .. }
            | RteKind::NamedTuplestore { .. }
            | RteKind::Result => changed || rte.alias.as_ref().is_some_and(|alias| !alias.columns.is_empty()),
        };
        self.columns[index] = columns;
    }

    /// The names of the columns of a join, whose sides have theirs (`set_join_column_names`).
    pub(super) fn set_join_columns(&mut self, index: usize) {
        let rte = &self.rtable[index];
        let mut columns = std::mem::take(&mut self.columns[index]);
        let side = |number: u32| self.columns_of(number).cloned().unwrap_or_default();
        let (left, right) = (side(columns.left), side(columns.right));
        let old_count = rte.eref.columns.len();
        columns.expand_to(old_count);
        let number_at = |numbers: &[i16], i: usize| numbers.get(i).copied().unwrap_or(0);
        let named = rte.alias.is_some();
        let mut changed = false;

        for i in columns.using_names.len()..old_count {
            let (l, r) = (number_at(&columns.left_columns, i), number_at(&columns.right_columns, i));
            let real = match (l, r) {
                (1.., _) => left.name(l).cloned(),
                (_, 1..) => right.name(r).cloned(),
                // A system column: it has the name that it had.
                _ => rte.eref.columns.get(i).cloned(),
            };
            let Some(real) = real else {
                columns.names[i] = None;
                continue;
            };
            if !named {
                columns.names[i] = Some(real);
                continue;
            }
            let name = match columns.names[i].clone() {
                Some(name) => name,
                None => {
                    let wanted = rte.alias.as_ref().and_then(|alias| alias.columns.get(i)).unwrap_or(&real);
                    columns.make_unique(wanted.clone(), &self.using_names)
                }
            };
            changed |= name != real;
            columns.names[i] = Some(name);
        }

        // The merged columns come first, then what is left of both sides, new columns included.
        let (mut left_merged, mut right_merged) = (Vec::new(), Vec::new());
        let mut i = 0;
        let mut new_names = Vec::new();
        let mut is_new = Vec::new();
        while i < old_count && number_at(&columns.left_columns, i) != 0 && number_at(&columns.right_columns, i) != 0 {
            new_names.push(columns.names[i].clone().unwrap_or_default());
            is_new.push(false);
            left_merged.push(columns.left_columns[i]);
            right_merged.push(columns.right_columns[i]);
            i += 1;
        }
        for (child, merged) in [(&left, &left_merged), (&right, &right_merged)] {
            let mut ic = 0;
            for (child_name, &child_is_new) in child.new_names.iter().zip(&child.is_new) {
                if child_is_new {
                    let name = if named {
                        columns.new_names.clone_from(&new_names);
                        let name = columns.make_unique(child_name.clone(), &self.using_names);
                        changed |= name != *child_name;
                        name
                    } else {
                        child_name.clone()
                    };
                    new_names.push(name);
                } else {
                    while ic < child.names.len() && child.names[ic].is_none() {
                        ic += 1;
                    }
                    ic += 1;
                    if merged.iter().any(|&number| usize::try_from(number) == Ok(ic)) {
                        continue;
                    }
                    while i < columns.names.len() && columns.names[i].is_none() {
                        i += 1;
                    }
                    new_names.push(columns.names.get(i).cloned().flatten().unwrap_or_default());
                    i += 1;
                }
                is_new.push(child_is_new);
            }
        }
        columns.new_names = new_names;
        columns.is_new = is_new;
        columns.print_aliases = named && changed;
        self.columns[index] = columns;
    }
}

/// The names that the columns of an entry have now.
fn real_names(catalog: &Catalog, rte: &RangeTblEntry) -> Vec<Option<Name>> {
    let some = |name: &Name| (!name.is_empty()).then(|| name.clone());
    match &rte.kind {
        RteKind::Relation { relation, .. } => relation_columns(catalog, *relation),
        RteKind::Function { functions, ordinality } => {
            // `parse_relation.c: expandRTE`, dropped columns included.
            let mut names: Vec<Option<Name>> = Vec::new();
            for function in functions {
                let done = names.len();
                let eref = |i: usize| rte.eref.columns.get(done + i).and_then(some);
                if !function.definition.is_empty() {
                    names.extend(function.definition.iter().map(|column| Some(column.name.clone())));
                    continue;
                }
                let composite = composite_relation(catalog, function.expr.ty(catalog).oid);
                let dropped = composite.map(|relation| relation_columns(catalog, relation)).unwrap_or_default();
                names.extend((0..function.column_count).map(|i| match dropped.get(i) {
                    Some(None) => None,
                    Some(Some(_)) | None => eref(i),
                }));
            }
            if *ordinality {
                names.push(rte.eref.columns.last().and_then(some));
            }
            names
        }
        RteKind::Subquery(_)
        | RteKind::Join(_)
        | RteKind::TableFunc(_)
        | RteKind::Values { .. }
        | RteKind::Cte { .. }
        | RteKind::NamedTuplestore { .. }
        | RteKind::Result => rte.eref.columns.iter().map(some).collect(),
    }
}

/// The relation of a named row type, or of a domain over one.
pub(super) fn composite_relation(catalog: &Catalog, ty: Oid) -> Option<Oid> {
    if ty == t::RECORD {
        return None;
    }
    Some(catalog.type_or_domain_relation(ty)).filter(|&relation| relation != Oid::INVALID)
}
