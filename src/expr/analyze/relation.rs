//! Names of tables and columns: where they are looked up (`parse_relation.c`).

use std::sync::Arc;

use super::tupdesc::{OpenRelation, TABLE_OID, open_relation, open_system_relation, system_attribute};
use super::{Analyzer, ExprKind, NsItem, ParseState};
use crate::catalog::tree::{At, CommonTableExpr, Expr, RangeTblEntry, RteKind, Var, VarReturning};
use crate::catalog::{AttrNumber, Oid, TypeRef, type_oid as t};
use crate::replay::lookup::{cannot_open, display, find_schema, maybe, tainted_relation, undefined_relation};
use crate::replay::{About, Exec, Opaque, SqlError, Stop};
use crate::sql::ast::{Name, QualifiedName, RangeVar, Touches};
use crate::sql::span::Loc;

/// A variable without more ado (`makefuncs.c: makeVar`).
pub(super) fn make_var(
    varno: u32,
    varattno: AttrNumber,
    ty: TypeRef,
    collation: Oid,
    levels_up: u32,
    at: impl Into<At>,
) -> Var {
    Var { varno, varattno, ty, collation, levels_up, returning: VarReturning::Default, at: at.into() }
}

impl Analyzer<'_> {
    /// The query `levels_up` out, to change.
    pub(super) fn level_mut(&mut self, levels_up: u32) -> Option<&mut ParseState> {
        let index = self.states.len().checked_sub(1 + levels_up as usize)?;
        self.states.get_mut(index)
    }

    /// The entry of the range table `levels_up` queries out (`GetRTEByRangeTablePosn`).
    pub(super) fn rte_at(&self, varno: u32, levels_up: u32) -> Option<&RangeTblEntry> {
        self.level(levels_up)?.rtable.get((varno as usize).checked_sub(1)?)
    }

    /// How many queries there are, from the innermost outwards.
    fn levels(&self) -> u32 {
        u32::try_from(self.states.len()).unwrap_or(u32::MAX)
    }

    /// The table that a name means, and how many queries out it is (`refnameNamespaceItem`).
    pub(super) fn refname_namespace_item(
        &self,
        schema: Option<&Name>,
        name: &Name,
        loc: Loc,
    ) -> Exec<Option<(NsItem, u32)>> {
        let relation = match schema {
            None => None,
            Some(schema) => match self.relation_in_schema(schema, name) {
                Some(oid) => Some(oid),
                None => return Ok(None),
            },
        };
        for levels_up in 0..self.levels() {
            let Some(state) = self.level(levels_up) else { break };
            if let Some(item) = self.scan_namespace(state, name, relation, loc)? {
                return Ok(Some((item.clone(), levels_up)));
            }
        }
        Ok(None)
    }

    /// The relation of that schema.
    fn relation_in_schema(&self, schema: &Name, name: &Name) -> Option<Oid> {
        let schema = find_schema(self.catalog(), schema)?.oid;
        let system = || self.catalog().builtins().relation_oid(schema, name);
        self.catalog().relation_in(schema, name).map(|r| r.oid).or_else(system)
    }

    /// `scanNameSpaceForRefname`, `scanNameSpaceForRelid`
    fn scan_namespace<'s>(
        &self,
        state: &'s ParseState,
        name: &Name,
        relation: Option<Oid>,
        loc: Loc,
    ) -> Exec<Option<&'s NsItem>> {
        let mut result: Option<&NsItem> = None;
        for item in &state.namespace {
            if !item.rel_visible || item.lateral_only && !state.lateral_active {
                continue;
            }
            let found = match relation {
                None => item.name == *name,
                Some(oid) => state.rtable.get(item.rtindex as usize - 1).is_some_and(|rte| {
                    rte.alias.is_none() && matches!(&rte.kind, RteKind::Relation { relation, .. } if *relation == oid)
                }),
            };
            if found {
                if result.is_some() {
                    let message = match relation {
                        None => format!("table reference \"{name}\" is ambiguous"),
                        Some(oid) => format!("table reference {} is ambiguous", oid.0),
                    };
                    return Err(SqlError::new("42P09", message).at(loc).into());
                }
                check_lateral_ref_ok(state, item, loc)?;
                result = Some(item);
            }
        }
        Ok(result)
    }

    /// The WITH query of that name, and how many queries out it is (`scanNameSpaceForCTE`).
    pub(super) fn scan_namespace_for_cte(&self, name: &Name) -> Option<(&CommonTableExpr, u32)> {
        (0..self.levels()).find_map(|levels_up| {
            let cte = self.level(levels_up)?.ctes.iter().find(|cte| cte.name == *name)?;
            Some((cte, levels_up))
        })
    }

    /// A WITH query of that name comes later (`isFutureCTE`).
    fn is_future_cte(&self, name: &Name) -> bool {
        self.states.iter().any(|state| state.future_ctes.iter().any(|cte| cte.name == *name))
    }

    /// The transition table of that name (`scanNameSpaceForENR`).
    pub(super) fn transition_table(&self, name: &Name) -> Option<Oid> {
        let tables = self.states.iter().flat_map(|state| &state.transition_tables);
        tables.into_iter().find(|(table, _)| table == name).map(|(_, relation)| *relation)
    }

    /// Two elements of FROM must not have the same name, except relations of different schemas without aliases
    /// (`checkNameSpaceConflicts`).
    pub(super) fn check_namespace_conflicts(&mut self, one: &[NsItem], two: &[NsItem]) -> Exec<()> {
        let rtable = &self.state().rtable;
        let plain = |item: &NsItem| {
            let rte = rtable.get(item.rtindex as usize - 1)?;
            match &rte.kind {
                RteKind::Relation { relation, .. } if rte.alias.is_none() => Some(*relation),
                _ => None,
            }
        };
        for first in one.iter().filter(|item| item.rel_visible) {
            for second in two.iter().filter(|item| item.rel_visible && item.name == first.name) {
                if let (Some(a), Some(b)) = (plain(first), plain(second))
                    && a != b
                {
                    continue;
                }
                let message = format!("table name \"{}\" specified more than once", first.name);
                return Err(SqlError::new("42712", message).into());
            }
        }
        Ok(())
    }

    /// The item of the namespace for an entry of the range table (`GetNSItemByRangeTablePosn`).
    pub(super) fn ns_item_by_position(&self, varno: u32, levels_up: u32) -> Exec<NsItem> {
        let item = self.level(levels_up).and_then(|s| s.namespace.iter().find(|item| item.rtindex == varno));
        item.cloned().ok_or_else(|| internal("nsitem not found"))
    }

    /// The column of that name of a table (`scanNSItemForColumn`).
    pub(super) fn scan_ns_item_for_column(
        &self,
        item: &NsItem,
        levels_up: u32,
        name: &Name,
        loc: Loc,
    ) -> Exec<Option<Expr>> {
        let names = item.columns.iter().map(|column| &column.name);
        let Some(attnum) = self.scan_rte_for_column(names, item.rtindex, levels_up, name, loc)? else {
            return Ok(None);
        };
        if attnum < 0 && attnum != TABLE_OID {
            let message = match self.states.last().and_then(|state| state.expr_kind) {
                Some(ExprKind::CheckConstraint) => {
                    Some(format!("system column \"{name}\" reference in check constraint is invalid"))
                }
                Some(ExprKind::GeneratedColumn) => {
                    Some(format!("cannot use system column \"{name}\" in column generation expression"))
                }
                Some(ExprKind::MergeWhen) => {
                    Some(format!("cannot use system column \"{name}\" in MERGE WHEN condition"))
                }
                _ => None,
            };
            if let Some(message) = message {
                return Err(SqlError::new("42P10", message).at(loc).into());
            }
        }
        let mut var = if attnum > 0 {
            let index = usize::try_from(attnum - 1).unwrap_or(usize::MAX);
            let Some(column) = item.columns.get(index) else { return Ok(None) };
            make_var(column.varno, column.varattno, column.ty, column.collation, levels_up, loc)
        } else {
            let Some((_, ty)) = system_attribute(name) else { return Ok(None) };
            make_var(item.rtindex, attnum, TypeRef::plain(ty), Oid::INVALID, levels_up, loc)
        };
        var.returning = item.returning;
        Ok(Some(Expr::Var(Box::new(var))))
    }

    /// The number of the column of that name among names, or of the system's (`scanRTEForColumn`).
    pub(super) fn scan_rte_for_column<'n>(
        &self,
        names: impl Iterator<Item = &'n Name>,
        rtindex: u32,
        levels_up: u32,
        name: &Name,
        loc: Loc,
    ) -> Exec<Option<AttrNumber>> {
        let mut result = None;
        for (index, column) in names.enumerate() {
            if column == name && !column.is_empty() {
                if result.is_some() {
                    return Err(ambiguous_column(name, loc));
                }
                result = AttrNumber::try_from(index + 1).ok();
            }
        }
        if result.is_some() {
            return Ok(result);
        }
        let Some((attnum, _)) = system_attribute(name) else { return Ok(None) };
        let Some(state) = self.level(levels_up) else { return Ok(None) };
        if state.excluded == rtindex && rtindex != 0 {
            return Ok(None);
        }
        let Some(rte) = self.rte_at(rtindex, levels_up) else { return Ok(None) };
        let RteKind::Relation { relation, .. } = &rte.kind else { return Ok(None) };
        let has = open_relation(self.catalog(), *relation).is_some_and(|r| r.has_system_columns());
        Ok(has.then_some(attnum))
    }

    /// The column that an unqualified name means (`colNameToVar`).
    pub(super) fn col_name_to_var(&self, name: &Name, loc: Loc, local_only: bool) -> Exec<Option<Expr>> {
        for levels_up in 0..self.levels() {
            let Some(state) = self.level(levels_up) else { break };
            let mut result = None;
            for item in &state.namespace {
                if !item.cols_visible || item.lateral_only && !state.lateral_active {
                    continue;
                }
                if let Some(found) = self.scan_ns_item_for_column(item, levels_up, name, loc)? {
                    if result.is_some() {
                        return Err(ambiguous_column(name, loc));
                    }
                    check_lateral_ref_ok(state, item, loc)?;
                    result = Some(found);
                }
            }
            if result.is_some() || local_only {
                return Ok(result);
            }
        }
        Ok(None)
    }

    /// A whole row of a table as an expression (`parse_expr.c: transformWholeRowRef`, `makefuncs.c: makeWholeRowVar`).
    pub(super) fn transform_whole_row_ref(&mut self, item: &NsItem, levels_up: u32, loc: Loc) -> Exec<Expr> {
        let Some(rte) = self.rte_at(item.rtindex, levels_up) else { return Err(internal("range table entry")) };
        // The name of a JOIN USING is a row of its columns alone.
        let using = rte.eref.name != item.name || rte.eref.columns.len() != item.columns.len();
        if using && matches!(rte.kind, RteKind::Join(_)) {
            let mut args = Vec::new();
            let mut names = Vec::new();
            for (var, name) in super::expand::ns_item_vars(item, levels_up, loc) {
                args.push(Expr::Var(Box::new(var)));
                names.push(name);
            }
            let form = crate::catalog::tree::CoercionForm::ImplicitCast;
            let row = crate::catalog::tree::RowExpr { args, ty: t::RECORD, form, names, at: loc.into() };
            return Ok(Expr::RowExpr(Box::new(row)));
        }
        let ty = match &rte.kind {
            RteKind::Relation { relation, .. } => {
                match open_relation(self.catalog(), *relation).map(|r| (r.row_type, r.name)) {
                    Some((Oid::INVALID, name)) => {
                        let message = format!("relation \"{name}\" does not have a composite type");
                        return Err(SqlError::new("42809", message).into());
                    }
                    Some((ty, _)) => (ty, Oid::INVALID, 0),
                    None => return Err(internal("relation")),
                }
            }
            RteKind::Function { functions, ordinality } => match functions.as_slice() {
                // A composite result is the row itself, and a scalar one is taken as it is.
                [function] if !ordinality => {
                    let ty = function.expr.ty(self.catalog()).oid;
                    if self.catalog().type_is_rowtype(ty) {
                        (ty, Oid::INVALID, 0)
                    } else {
                        (ty, function.expr.collation(), 1)
                    }
                }
                _ => (t::RECORD, Oid::INVALID, 0),
            },
            RteKind::Subquery(_)
            | RteKind::Join(_)
            | RteKind::TableFunc(_)
            | RteKind::Values { .. }
            | RteKind::Cte { .. }
            | RteKind::NamedTuplestore { .. }
            | RteKind::Result => (t::RECORD, Oid::INVALID, 0),
        };
        let (ty, collation, attno) = ty;
        let mut var = make_var(item.rtindex, attno, TypeRef::plain(ty), collation, levels_up, loc);
        var.returning = item.returning;
        Ok(Expr::Var(Box::new(var)))
    }

    /// Opens a relation that a query names (`parserOpenTable`).
    pub(super) fn parser_open_table(&self, relation: &RangeVar) -> Exec<Arc<OpenRelation>> {
        let name = &relation.name;
        if relation.catalog.is_some() {
            // Whether it is this database is not known.
            let reason = format!("\"{}\" is qualified by a database", name.name);
            return Err(Opaque::new(reason, Touches::Nothing).at(name.loc).into());
        }
        self.open_table(name, name.loc)
    }

    /// The same by a name alone.
    pub(super) fn open_table(&self, name: &QualifiedName, loc: Loc) -> Exec<Arc<OpenRelation>> {
        let catalog = self.catalog();
        let schemas: Vec<Oid> = match &name.schema {
            Some(schema) => find_schema(catalog, schema).map(|s| s.oid).into_iter().collect(),
            None => self.env.path.to_vec(),
        };
        for schema in schemas {
            if let Some(found) = catalog.relation_in(schema, &name.name) {
                if !crate::expr::is_readable(&found.kind) {
                    return Err(cannot_open(catalog, found, loc));
                }
                return open_relation(catalog, found.oid).map(Arc::new).ok_or_else(|| internal("relation"));
            }
            if let Some(system) = catalog.builtins().system_relation(schema, &name.name) {
                return Ok(Arc::new(open_system_relation(catalog, system)));
            }
        }
        let message = format!("relation \"{}\" does not exist", display(name));
        let mut error = SqlError::new("42P01", message).at(loc).about(About::Relation(name.name.to_string()));
        if let Some(unknown) = tainted_relation(catalog, self.env.path, name) {
            return Err(maybe(error, unknown));
        }
        if name.schema.is_none() && self.is_future_cte(&name.name) {
            error.detail = Some(format!(
                "There is a WITH item named \"{}\", but it cannot be referenced from this part of the query.",
                name.name
            ));
            error.hint =
                Some("Use WITH RECURSIVE, or re-order the WITH items to remove forward references.".to_owned());
            return Err(error.into());
        }
        match undefined_relation(catalog, self.env.path, name) {
            // In a query a missing schema is a missing relation.
            Stop::Error(found) if found.sqlstate.as_str() == "3F000" => Err(error.into()),
            stop => Err(stop),
        }
    }
}

/// `check_lateral_ref_ok`
pub(super) fn check_lateral_ref_ok(state: &ParseState, item: &NsItem, loc: Loc) -> Exec<()> {
    if !item.lateral_only || item.lateral_ok {
        return Ok(());
    }
    let name = &item.name;
    let message = format!("invalid reference to FROM-clause entry for table \"{name}\"");
    let error = SqlError::new("42P10", message).at(loc);
    let is_target = state.target.as_ref().is_some_and(|target| target.rtindex == item.rtindex);
    Err(if is_target {
        error.hint(format!(
            "There is an entry for table \"{name}\", but it cannot be referenced from this part of the query."
        ))
    } else {
        error.detail("The combining JOIN type must be INNER or LEFT for a LATERAL reference.")
    }
    .into())
}

fn ambiguous_column(name: &Name, loc: Loc) -> Stop {
    SqlError::new("42702", format!("column reference \"{name}\" is ambiguous")).at(loc).into()
}

/// Something that does not happen.
pub(super) fn internal(what: &str) -> Stop {
    Opaque::new(format!("parse analysis does not find what it made itself: {what}"), Touches::Nothing).into()
}
