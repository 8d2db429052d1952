//! What `*` and whole rows are made of (`parse_relation.c: expandRTE`, `expandNSItemVars`).

use super::relation::make_var;
use super::tupdesc::{Attribute, ResultClass, expr_result_type, open_relation};
use super::{Analyzer, NsItem};
use crate::catalog::tree::{CommonTableExpr, Expr, Query, RangeTblEntry, RteKind, TargetEntry, Var};
use crate::catalog::{AttrNumber, Catalog, Oid, TypeRef, type_oid as t};
use crate::replay::Exec;
use crate::sql::ast::Name;
use crate::sql::span::Loc;

/// The columns of an item as variables, with their names (`expandNSItemVars`).
pub(super) fn ns_item_vars(item: &NsItem, levels_up: u32, loc: Loc) -> Vec<(Var, Name)> {
    let columns = item.columns.iter().filter(|column| !column.dont_expand && !column.name.is_empty());
    columns
        .map(|column| {
            let mut var = make_var(column.varno, column.varattno, column.ty, column.collation, levels_up, loc);
            var.returning = item.returning;
            (var, column.name.clone())
        })
        .collect()
}

/// A target without a place in lists (`makefuncs.c: makeTargetEntry`).
pub(super) fn make_target_entry(expr: Expr, resno: AttrNumber, name: Option<Name>, junk: bool) -> TargetEntry {
    TargetEntry { expr, resno, name, ressortgroupref: 0, orig_table: Oid::INVALID, orig_column: 0, junk }
}

/// The names and types of the columns of an entry, without dropped ones (`expandRTE`).
pub(super) fn rte_attributes(catalog: &Catalog, rte: &RangeTblEntry) -> Vec<Attribute> {
    let names = &rte.eref.columns;
    let renamed = |attributes: Vec<Attribute>, offset: usize| -> Vec<Attribute> {
        let rename = |(index, a): (usize, Attribute)| {
            let name = names.get(offset + index).cloned().unwrap_or_else(|| a.name.clone());
            Attribute { name, ..a }
        };
        attributes.into_iter().enumerate().map(rename).filter(|a| !a.dropped).collect()
    };
    match &rte.kind {
        RteKind::Relation { relation, .. } | RteKind::NamedTuplestore { relation, .. } => {
            renamed(open_relation(catalog, *relation).map(|r| r.attributes).unwrap_or_default(), 0)
        }
        RteKind::Subquery(query) => {
            let attribute =
                |target: &TargetEntry| Attribute::new(Name::new(), target.expr.ty(catalog), target.expr.collation());
            renamed(query.result_targets().map(attribute).collect(), 0)
        }
        RteKind::Function { functions, ordinality } => {
            let mut all = Vec::new();
            for function in functions {
                if function.definition.is_empty() {
                    match expr_result_type(catalog, &function.expr) {
                        (ResultClass::Composite(attributes) | ResultClass::CompositeDomain(attributes), _) => {
                            all.extend(attributes);
                        }
                        (ResultClass::Scalar | ResultClass::Record | ResultClass::Other, oid) => {
                            let ty = TypeRef { oid, typmod: function.expr.ty(catalog).typmod };
                            all.push(Attribute::new(Name::new(), ty, function.expr.collation()));
                        }
                    }
                } else {
                    all.extend(function.definition.iter().map(|c| Attribute::new(c.name.clone(), c.ty, c.collation)));
                }
            }
            if *ordinality {
                all.push(Attribute::new(Name::new(), TypeRef::plain(t::INT8), Oid::INVALID));
            }
            renamed(all, 0)
        }
        RteKind::Join(join) => {
            let attribute = |expr: &Expr| Attribute::new(Name::new(), expr.ty(catalog), expr.collation());
            renamed(join.alias_vars.iter().map(attribute).collect(), 0)
        }
        RteKind::TableFunc(table) => {
            let attribute = |c: &crate::catalog::tree::TableFuncColumn| Attribute::new(Name::new(), c.ty, c.collation);
            renamed(table.columns.iter().map(attribute).collect(), 0)
        }
        RteKind::Values { columns, .. } | RteKind::Cte { columns, .. } => {
            let attribute = |c: &crate::catalog::tree::ColumnType| Attribute::new(Name::new(), c.ty, c.collation);
            renamed(columns.iter().map(attribute).collect(), 0)
        }
        RteKind::Result => Vec::new(),
    }
}

/// The element of a list with that number (`get_tle_by_resno`).
pub(super) fn target_by_resno(query: &Query, resno: AttrNumber) -> Option<&TargetEntry> {
    query.result_targets().find(|target| target.resno == resno)
}

/// What variables of the query under analysis, and of queries inside it, refer to: range tables, the innermost first.
#[derive(Clone)]
struct Scopes<'s> {
    /// Range tables of sub-queries that were gone into.
    inner: Vec<&'s [RangeTblEntry]>,
    /// WITH queries of them.
    ctes: Vec<&'s [CommonTableExpr]>,
    /// From this level of the analyser on outwards.
    outer: u32,
}

impl Analyzer<'_> {
    /// The columns of a whole row or of a column of type `record`, found by following it to where it is made
    /// (`parse_target.c: expandRecordVariable`).
    pub(super) fn expand_record_variable(&self, var: &Var) -> Exec<Vec<Attribute>> {
        let scopes = Scopes { inner: Vec::new(), ctes: Vec::new(), outer: 0 };
        self.expand_record(var, 0, &scopes)
    }

    fn scope_rte<'s>(&'s self, scopes: &Scopes<'s>, varno: u32, levels_up: u32) -> Option<&'s RangeTblEntry> {
        let index = (varno as usize).checked_sub(1)?;
        match scopes.inner.get(levels_up as usize) {
            Some(rtable) => rtable.get(index),
            None => {
                let outer = scopes.outer + levels_up - u32::try_from(scopes.inner.len()).ok()?;
                self.level(outer)?.rtable.get(index)
            }
        }
    }

    /// The scopes `levels_up` queries out.
    fn scopes_at<'s>(scopes: &Scopes<'s>, levels_up: u32) -> Scopes<'s> {
        let inside = scopes.inner.len();
        let skip = (levels_up as usize).min(inside);
        let beyond = levels_up - u32::try_from(skip).unwrap_or(0);
        Scopes {
            inner: scopes.inner[skip..].to_vec(),
            ctes: scopes.ctes[skip..].to_vec(),
            outer: scopes.outer + beyond,
        }
    }

    fn expand_record<'s>(&'s self, var: &Var, levels_up: u32, scopes: &Scopes<'s>) -> Exec<Vec<Attribute>> {
        let net = var.levels_up + levels_up;
        let whole = || Expr::Var(Box::new(var.clone()));
        let Some(rte) = self.scope_rte(scopes, var.varno, net) else {
            return self.get_expr_result_tupdesc(&whole());
        };
        if var.varattno == 0 {
            return Ok(rte_attributes(self.catalog(), rte));
        }
        let expr: &Expr = match &rte.kind {
            RteKind::Subquery(query) => {
                let Some(target) = target_by_resno(query, var.varattno) else {
                    return self.get_expr_result_tupdesc(&whole());
                };
                if let Expr::Var(inner) = &target.expr {
                    let mut scopes = Self::scopes_at(scopes, net);
                    scopes.inner.insert(0, &query.rtable);
                    scopes.ctes.insert(0, &query.ctes);
                    return self.expand_inner(inner, &scopes, &target.expr);
                }
                &target.expr
            }
            RteKind::Join(join) => {
                let index = super::missing::attr_index(var.varattno);
                let Some(expr) = index.and_then(|index| join.alias_vars.get(index)) else {
                    return self.get_expr_result_tupdesc(&whole());
                };
                if let Expr::Var(inner) = expr {
                    return self.expand_record(inner, net, scopes);
                }
                expr
            }
            RteKind::Cte { name, levels_up: cte_levels, self_reference: false, .. } => {
                let at = Self::scopes_at(scopes, net + cte_levels);
                let ctes: &[CommonTableExpr] = match at.ctes.first() {
                    Some(ctes) => ctes,
                    None => self.level(at.outer).map_or(&[], |state| &state.ctes),
                };
                let cte = ctes.iter().find(|cte| cte.name == *name);
                let Some((cte, target)) = cte.and_then(|cte| Some((cte, target_by_resno(&cte.query, var.varattno)?)))
                else {
                    return self.get_expr_result_tupdesc(&whole());
                };
                if let Expr::Var(inner) = &target.expr {
                    let mut scopes = at;
                    scopes.inner.insert(0, &cte.query.rtable);
                    scopes.ctes.insert(0, &cte.query.ctes);
                    return self.expand_inner(inner, &scopes, &target.expr);
                }
                &target.expr
            }
            RteKind::Relation { .. }
            | RteKind::Function { .. }
            | RteKind::TableFunc(_)
            | RteKind::Values { .. }
            | RteKind::Cte { .. }
            | RteKind::NamedTuplestore { .. }
            | RteKind::Result => return self.get_expr_result_tupdesc(&whole()),
        };
        self.get_expr_result_tupdesc(expr)
    }

    fn expand_inner<'s>(&'s self, var: &Var, scopes: &Scopes<'s>, expr: &Expr) -> Exec<Vec<Attribute>> {
        if var.ty.oid == t::RECORD { self.expand_record(var, 0, scopes) } else { self.get_expr_result_tupdesc(expr) }
    }
}
