//! A query's range table with the names that are printed for its entries and their columns (`deparse_namespace`).

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::Env;
use super::columns::Columns;
use super::names::relation_name;
use crate::catalog::tree::{CommonTableExpr, JoinTree, Query, RangeTblEntry, RteKind};
use crate::catalog::{Catalog, MAX_NAME, Oid};
use crate::sql::ast::{Alias, Name};

/// The names for a range table (`deparse_namespace`).
pub(super) struct Namespace<'a> {
    pub(super) rtable: &'a [RangeTblEntry],
    /// The name of each entry; unnamed joins have none.
    pub(super) names: Vec<Option<Name>>,
    /// The columns of each entry.
    pub(super) columns: Vec<Columns>,
    pub(super) ctes: &'a [CommonTableExpr],
    /// Names that entries have which are not in the tree: OLD and NEW of a view's rule before 16.
    pub(super) hidden_names: &'static [&'static str],
    /// The alias of OLD in RETURNING.
    pub(super) old_alias: Option<Name>,
    /// The alias of NEW in RETURNING.
    pub(super) new_alias: Option<Name>,
    /// Merged columns get names that no other has, in the whole query.
    pub(super) unique_using: bool,
    /// These names.
    pub(super) using_names: Vec<Name>,
    /// The function whose body this is around.
    pub(super) function: Option<Signature<'a>>,
}

/// A function whose parameters have names.
#[derive(Clone, Copy)]
pub(super) struct Signature<'a> {
    pub(super) name: &'a str,
    pub(super) arg_names: &'a [Option<Name>],
}

/// An entry for a relation under its own name (`deparse_context_for`).
pub(super) fn relation_rte(catalog: &Catalog, relation: Oid) -> RangeTblEntry {
    let name = relation_name(catalog, relation).map_or("", |(_, name)| name);
    named_rte(relation, name)
}

/// An entry for a relation under a name.
pub(super) fn named_rte(relation: Oid, name: &str) -> RangeTblEntry {
    let alias = Alias { name: name.into(), columns: Vec::new() };
    RangeTblEntry {
        kind: RteKind::Relation { relation, sample: None },
        alias: Some(alias.clone()),
        eref: alias,
        lateral: false,
        in_from: true,
        inherit: false,
    }
}

impl<'a> Namespace<'a> {
    fn bare(rtable: &'a [RangeTblEntry]) -> Namespace<'a> {
        Namespace {
            rtable,
            names: Vec::new(),
            columns: rtable.iter().map(|_| Columns::default()).collect(),
            ctes: &[],
            hidden_names: &[],
            old_alias: None,
            new_alias: None,
            unique_using: false,
            using_names: Vec::new(),
            function: None,
        }
    }

    /// Relations only (`set_simple_column_names`).
    pub(super) fn simple(env: &Env<'_>, rtable: &'a [RangeTblEntry]) -> Rc<Namespace<'a>> {
        let mut namespace = Namespace::bare(rtable);
        namespace.set_names(env, &[]);
        for index in 0..rtable.len() {
            namespace.set_relation_columns(env, index);
        }
        Rc::new(namespace)
    }

    /// What is around the body of a function.
    pub(super) fn of_function(signature: Signature<'a>) -> Rc<Namespace<'a>> {
        Rc::new(Namespace { function: Some(signature), ..Namespace::bare(&[]) })
    }

    /// The names for a query (`set_deparse_for_query`).
    pub(super) fn of_query(
        env: &Env<'_>,
        query: &'a Query,
        parents: &[Rc<Namespace<'a>>],
        hidden_names: &'static [&'static str],
    ) -> Rc<Namespace<'a>> {
        let mut namespace = Namespace {
            ctes: &query.ctes,
            hidden_names,
            old_alias: query.returning_old_alias.clone().or_else(|| Some("old".into())),
            new_alias: query.returning_new_alias.clone().or_else(|| Some("new".into())),
            ..Namespace::bare(&query.rtable)
        };
        namespace.set_names(env, parents);
        namespace.unique_using = query.jointree.from.iter().any(|node| namespace.has_dangerous_join_using(node));
        for node in &query.jointree.from {
            namespace.set_using_names(node, &[]);
        }
        for index in 0..query.rtable.len() {
            match query.rtable[index].kind {
                RteKind::Join(_) => namespace.set_join_columns(index),
                RteKind::Relation { .. }
                | RteKind::Subquery(_)
                | RteKind::Function { .. }
                | RteKind::TableFunc(_)
                | RteKind::Values { .. }
                | RteKind::Cte { .. }
                | RteKind::NamedTuplestore { .. }
                | RteKind::Result => namespace.set_relation_columns(env, index),
            }
        }
        Rc::new(namespace)
    }

    /// The entry of that number, starting at 1.
    pub(super) fn rte(&self, number: u32) -> Option<&'a RangeTblEntry> {
        self.rtable.get((number as usize).checked_sub(1)?)
    }

    /// The name of the entry of that number.
    pub(super) fn name(&self, number: u32) -> Option<&Name> {
        self.names.get((number as usize).checked_sub(1)?)?.as_ref()
    }

    /// The columns of the entry of that number.
    pub(super) fn columns_of(&self, number: u32) -> Option<&Columns> {
        self.columns.get((number as usize).checked_sub(1)?)
    }

    /// Names that no entry of this query or of those around shares (`set_rtable_names`).
    fn set_names(&mut self, env: &Env<'_>, parents: &[Rc<Namespace<'a>>]) {
        let mut taken: FxHashMap<Name, u32> = FxHashMap::default();
        for parent in parents {
            taken.extend(parent.hidden_names.iter().map(|&name| (Name::from(name), 0)));
            taken.extend(parent.names.iter().flatten().map(|name| (name.clone(), 0)));
        }
        taken.extend(self.hidden_names.iter().map(|&name| (Name::from(name), 0)));
        for rte in self.rtable {
            let wanted = match (&rte.alias, &rte.kind) {
                (Some(alias), _) => Some(alias.name.clone()),
                (None, RteKind::Relation { relation, .. }) => {
                    relation_name(env.catalog, *relation).map(|(_, name)| name.into())
                }
                (None, RteKind::Join(_)) => None,
                (
                    None,
                    RteKind::Subquery(_)
                    | RteKind::Function { .. }
                    | RteKind::TableFunc(_)
                    | RteKind::Values { .. }
                    | RteKind::Cte { .. }
                    | RteKind::NamedTuplestore { .. }
                    | RteKind::Result,
                ) => Some(rte.eref.name.clone()),
            };
            let name = wanted.map(|wanted| match taken.get(&wanted).copied() {
                None => {
                    taken.insert(wanted.clone(), 0);
                    wanted
                }
                Some(mut counter) => {
                    let modified = loop {
                        counter += 1;
                        let modified = numbered(&wanted, counter);
                        if !taken.contains_key(&modified) {
                            break modified;
                        }
                    };
                    taken.insert(wanted, counter);
                    taken.insert(modified.clone(), 0);
                    modified
                }
            });
            self.names.push(name);
        }
    }

    /// An unnamed join merges columns into something that is no column of either side
    /// (`has_dangerous_join_using`).
    fn has_dangerous_join_using(&self, node: &JoinTree) -> bool {
        match node {
            JoinTree::Ref(_) => false,
            JoinTree::Join(join) => {
                if join.alias.is_none()
                    && !join.using.is_empty()
                    && let Some(RteKind::Join(rte)) = self.rte(join.rtindex).map(|rte| &rte.kind)
                {
                    let merged = rte.alias_vars.iter().take(rte.merged_columns);
                    if merged.into_iter().any(|var| !matches!(var, crate::catalog::tree::Expr::Var(_))) {
                        return true;
                    }
                }
                self.has_dangerous_join_using(&join.left) || self.has_dangerous_join_using(&join.right)
            }
        }
    }
}

/// `name_1`, cut so that it is an identifier.
pub(super) fn numbered(name: &str, number: u32) -> Name {
    let suffix = format!("_{number}");
    let mut end = name.len().min(MAX_NAME - suffix.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    Name::from(format!("{}{suffix}", &name[..end]))
}
