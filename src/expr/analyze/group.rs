//! GROUP BY and grouping sets (`parse_clause.c: transformGroupClause`).

use super::error::fail;
use super::sort_group::raw_loc;
use super::{Analyzer, ExprKind};
use crate::catalog::Oid;
use crate::catalog::tree::{GroupingSet, SortGroupClause, TargetEntry};
use crate::replay::Exec;
use crate::sql::ast::{self, GroupBy};
use crate::sql::span::Loc;

/// An element of GROUP BY without superfluous parentheses.
#[derive(Clone, Debug)]
enum Flat<'q> {
    Expr(&'q ast::Expr),
    /// `(a, b)` inside of grouping sets.
    List(Vec<Flat<'q>>),
    Empty,
    Rollup(Vec<Flat<'q>>),
    Cube(Vec<Flat<'q>>, Loc),
    Sets(Vec<Flat<'q>>),
}

/// What `flatten_grouping_sets` makes of one element: nothing, one, or several.
fn flatten<'q>(element: &'q GroupBy, top: bool, has_sets: &mut bool) -> Vec<Flat<'q>> {
    match element {
        GroupBy::Expr(expr) => flatten_expr(expr, top),
        GroupBy::Empty(_) => {
            *has_sets = true;
            if top { Vec::new() } else { vec![Flat::Empty] }
        }
        GroupBy::Rollup(list, _) => {
            *has_sets = true;
            vec![Flat::Rollup(flatten_content(list))]
        }
        GroupBy::Cube(list, loc) => {
            *has_sets = true;
            vec![Flat::Cube(flatten_content(list), *loc)]
        }
        GroupBy::Sets(list, _) => {
            *has_sets = true;
            let content = flatten_content(list);
            // Nested GROUPING SETS are those of the outer ones.
            if top { vec![Flat::Sets(content)] } else { content }
        }
    }
}

/// The elements inside of ROLLUP and the like.
fn flatten_content(list: &[GroupBy]) -> Vec<Flat<'_>> {
    let mut result = Vec::with_capacity(list.len());
    for element in list {
        match element {
            GroupBy::Sets(..) => result.extend(flatten(element, false, &mut false)),
            GroupBy::Expr(expr) => result.push(content_expr(expr)),
            GroupBy::Empty(_) | GroupBy::Rollup(..) | GroupBy::Cube(..) => {
                result.extend(flatten(element, false, &mut false));
            }
        }
    }
    result
}

/// `(a, b)` without ROW is a list.
fn implicit_row(expr: &ast::Expr) -> Option<&[ast::Expr]> {
    match &expr.kind {
        ast::ExprKind::Row { explicit: false, fields } => Some(fields),
        _ => None,
    }
}

fn content_expr(expr: &ast::Expr) -> Flat<'_> {
    match implicit_row(expr) {
        Some(fields) => Flat::List(fields.iter().flat_map(|field| flatten_expr(field, false)).collect()),
        None => Flat::Expr(expr),
    }
}

fn flatten_expr(expr: &ast::Expr, _top: bool) -> Vec<Flat<'_>> {
    match implicit_row(expr) {
        Some(fields) => fields.iter().flat_map(|field| flatten_expr(field, false)).collect(),
        None => vec![Flat::Expr(expr)],
    }
}

/// Where elements of GROUP BY and PARTITION BY are transformed.
struct Grouping<'a> {
    /// The clauses so far.
    flat: Vec<SortGroupClause>,
    list: &'a mut Vec<TargetEntry>,
    sorts: &'a [SortGroupClause],
    kind: ExprKind,
    sql99: bool,
}

impl Analyzer<'_> {
    /// GROUP BY; the clauses and the grouping sets (`transformGroupClause`).
    pub(super) fn transform_group_clause(
        &mut self,
        group_by: &[GroupBy],
        list: &mut Vec<TargetEntry>,
        sorts: &[SortGroupClause],
    ) -> Exec<(Vec<SortGroupClause>, Vec<GroupingSet>)> {
        let mut has_sets = false;
        let mut flat: Vec<Flat<'_>> =
            group_by.iter().flat_map(|element| flatten(element, true, &mut has_sets)).collect();
        // `GROUP BY ()` has no expressions, but groups.
        if flat.is_empty() && has_sets {
            flat.push(Flat::Empty);
        }
        let mut grouping = Grouping { flat: Vec::new(), list, sorts, kind: ExprKind::GroupBy, sql99: false };
        let mut sets = Vec::new();
        let mut seen = Vec::new();
        for element in &flat {
            match element {
                Flat::Expr(expr) => {
                    if let Some(reference) = self.group_clause_expr(&mut grouping, &seen, expr, true)? {
                        seen.push(reference);
                        if has_sets {
                            sets.push(GroupingSet::Simple(vec![reference]));
                        }
                    }
                }
                Flat::Empty => sets.push(GroupingSet::Empty),
                Flat::Rollup(_) | Flat::Cube(..) | Flat::Sets(_) => {
                    sets.push(self.transform_grouping_set(&mut grouping, element)?);
                }
                Flat::List(_) => {}
            }
        }
        Ok((grouping.flat, sets))
    }

    /// PARTITION BY, which has no grouping sets.
    pub(super) fn transform_partition_clause(
        &mut self,
        exprs: &[ast::Expr],
        list: &mut Vec<TargetEntry>,
        sorts: &[SortGroupClause],
    ) -> Exec<Vec<SortGroupClause>> {
        let kind = ExprKind::WindowPartition;
        let mut grouping = Grouping { flat: Vec::new(), list, sorts, kind, sql99: true };
        let mut seen = Vec::new();
        for expr in exprs.iter().flat_map(|expr| flatten_expr(expr, true)) {
            if let Flat::Expr(expr) = expr
                && let Some(reference) = self.group_clause_expr(&mut grouping, &seen, expr, true)?
            {
                seen.push(reference);
            }
        }
        Ok(grouping.flat)
    }

    /// The number of an expression; nothing if it was seen (`transformGroupClauseExpr`).
    fn group_clause_expr(
        &mut self,
        grouping: &mut Grouping<'_>,
        seen: &[u32],
        expr: &ast::Expr,
        top: bool,
    ) -> Exec<Option<u32>> {
        let index = if grouping.sql99 {
            self.find_targetlist_entry_sql99(expr, grouping.list, grouping.kind)?
        } else {
            self.find_targetlist_entry_sql92(expr, grouping.list, grouping.kind)?
        };
        let reference = grouping.list[index].ressortgroupref;
        if reference > 0 {
            if seen.contains(&reference) {
                return Ok(None);
            }
            if self.target_is_in_sort_list(&grouping.list[index], Oid::INVALID, &grouping.flat) {
                return Ok(Some(reference));
            }
            // What is sorted by too is grouped in that order.
            if let Some(sort) = grouping.sorts.iter().find(|sort| sort.tle_sort_group_ref == reference) {
                let mut clause = sort.clone();
                if !top {
                    clause.nulls_first = false;
                }
                grouping.flat.push(clause);
                return Ok(Some(reference));
            }
        }
        self.add_target_to_group_list(index, &mut grouping.flat, grouping.list, raw_loc(expr))?;
        Ok(Some(grouping.list[index].ressortgroupref))
    }

    /// `transformGroupingSet`
    fn transform_grouping_set(&mut self, grouping: &mut Grouping<'_>, set: &Flat<'_>) -> Exec<GroupingSet> {
        let content = match set {
            Flat::Rollup(content) | Flat::Cube(content, _) | Flat::Sets(content) => content,
            Flat::Empty | Flat::Expr(_) | Flat::List(_) => return Ok(GroupingSet::Empty),
        };
        let mut result = Vec::with_capacity(content.len());
        for element in content {
            result.push(match element {
                Flat::List(list) => {
                    let mut references = Vec::new();
                    for element in list {
                        if let Flat::Expr(expr) = element
                            && let Some(reference) = self.group_clause_expr(grouping, &references, expr, false)?
                        {
                            references.push(reference);
                        }
                    }
                    GroupingSet::Simple(references)
                }
                Flat::Expr(expr) => {
                    let reference = self.group_clause_expr(grouping, &[], expr, false)?;
                    GroupingSet::Simple(reference.into_iter().collect())
                }
                Flat::Empty => GroupingSet::Empty,
                Flat::Rollup(_) | Flat::Cube(..) | Flat::Sets(_) => self.transform_grouping_set(grouping, element)?,
            });
        }
        match set {
            Flat::Cube(_, loc) if result.len() > 12 => fail("54011", "CUBE is limited to 12 elements", *loc),
            Flat::Cube(..) => Ok(GroupingSet::Cube(result)),
            Flat::Rollup(_) => Ok(GroupingSet::Rollup(result)),
            Flat::Sets(_) | Flat::Empty | Flat::Expr(_) | Flat::List(_) => Ok(GroupingSet::Sets(result)),
        }
    }
}
