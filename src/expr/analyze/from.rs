//! FROM (`parse_clause.c`).

use std::sync::Arc;

use super::error::{error, fail};
use super::relation::internal;
use super::vars::find_var_of_level;
use super::{Analyzer, ExprKind, NsItem};
use crate::catalog::tree::{Expr, JoinTree, Query, RteKind, TableSample};
use crate::catalog::{Oid, type_oid as t};
use crate::replay::lookup::display;
use crate::replay::{Exec, SqlError};
use crate::sql::ast::{self, Alias, RangeVar, TableRef};

/// An element of FROM, transformed.
pub(super) struct FromItem {
    /// Its node in the join tree.
    pub node: JoinTree,
    /// Itself.
    pub top: NsItem,
    /// What it lets names refer to.
    pub namespace: Vec<NsItem>,
}

/// `setNamespaceLateralState`
pub(super) fn set_lateral_state(namespace: &mut [NsItem], lateral_only: bool, lateral_ok: bool) {
    for item in namespace {
        item.lateral_only = lateral_only;
        item.lateral_ok = lateral_ok;
    }
}

impl Analyzer<'_> {
    /// FROM: the range table, the join tree and the namespace grow (`transformFromClause`).
    pub(super) fn transform_from_clause(&mut self, from: &[TableRef]) -> Exec {
        for element in from {
            let mut item = self.transform_from_clause_item(element)?;
            let namespace = self.state().namespace.clone();
            self.check_namespace_conflicts(&namespace, &item.namespace)?;
            // Elements to the right see it if they are LATERAL.
            set_lateral_state(&mut item.namespace, true, true);
            let state = self.state();
            state.joinlist.push(item.node);
            state.namespace.extend(item.namespace);
        }
        set_lateral_state(&mut self.state().namespace, false, true);
        Ok(())
    }

    /// Opens the target of a statement; its number in the range table (`setTargetTable`).
    pub(super) fn set_target_table(&mut self, relation: &RangeVar, inherit: bool, also_source: bool) -> Exec<u32> {
        if relation.name.schema.is_none() && self.transition_table(&relation.name.name).is_some() {
            let name = &relation.name.name;
            let message = format!("relation \"{name}\" cannot be the target of a modifying statement");
            return fail("0A000", message, crate::sql::span::Loc::NONE);
        }
        let open = self.parser_open_table(relation)?;
        let item = self.add_range_table_entry_for_relation(&open, relation.alias.clone(), inherit, false)?;
        let rtindex = item.rtindex;
        if also_source {
            self.add_ns_item_to_query(&item, true, true, true);
        }
        let state = self.state();
        state.target = Some(item);
        state.target_relation = open.oid;
        state.target_columns = Some(Arc::clone(&open));
        Ok(rtindex)
    }

    /// The target can be used by LATERAL items or not while FROM of UPDATE is transformed.
    pub(super) fn set_target_lateral(&mut self, lateral_only: bool, lateral_ok: bool) {
        let state = self.state();
        let Some(rtindex) = state.target.as_ref().map(|target| target.rtindex) else { return };
        for item in state.namespace.iter_mut().filter(|item| item.rtindex == rtindex) {
            item.lateral_only = lateral_only;
            item.lateral_ok = lateral_ok;
        }
    }

    /// An element of FROM (`transformFromClauseItem`).
    pub(super) fn transform_from_clause_item(&mut self, element: &TableRef) -> Exec<FromItem> {
        let top = match element {
            TableRef::Relation { relation, sample } => {
                let item = match self.special_relation(relation)? {
                    Some(item) => item,
                    None => self.add_range_table_entry(relation)?,
                };
                if let Some(sample) = sample {
                    self.transform_range_table_sample(&item, relation, sample)?;
                }
                item
            }
            TableRef::Subquery { lateral, query, alias } => {
                self.transform_range_subselect(*lateral, query, alias.as_ref())?
            }
            TableRef::Function { lateral, ordinality, rows_from, functions, alias, columns, .. } => {
                let options = super::function_rte::RangeFunction {
                    lateral: *lateral,
                    ordinality: *ordinality,
                    rows_from: *rows_from,
                    columns,
                };
                self.transform_range_function(functions, &options, alias.as_ref())?
            }
            TableRef::XmlTable(table) => self.transform_range_table_func(table)?,
            TableRef::JsonTable(table) => self.transform_json_table(table)?,
            TableRef::Join(join) => return self.transform_join(join),
            TableRef::Unmodelled { what, .. } => return Err(super::error::unknown(format!("{what} in FROM"))),
        };
        Ok(FromItem { node: JoinTree::Ref(top.rtindex), namespace: vec![top.clone()], top })
    }

    /// A WITH query or a transition table (`getNSItemForSpecialRelationTypes`).
    fn special_relation(&mut self, relation: &RangeVar) -> Exec<Option<NsItem>> {
        let name = &relation.name.name;
        if relation.name.schema.is_some() {
            return Ok(None);
        }
        if let Some(levels_up) = self.scan_namespace_for_cte(name).map(|(_, levels_up)| levels_up) {
            return self.add_range_table_entry_for_cte(levels_up, relation).map(Some);
        }
        match self.transition_table(name) {
            Some(table) => self.add_range_table_entry_for_enr(relation, table).map(Some),
            None => Ok(None),
        }
    }

    /// A sub-query in FROM (`transformRangeSubselect`).
    fn transform_range_subselect(&mut self, lateral: bool, query: &ast::Query, alias: Option<&Alias>) -> Exec<NsItem> {
        // Before 16 the grammar refuses one without an alias (`gram.y: table_ref`).
        if alias.is_none() && self.catalog().version() < 16 {
            let (what, form) = match &query.body {
                ast::QueryBody::Values(_) => ("VALUES", "VALUES"),
                ast::QueryBody::Select(_) | ast::QueryBody::SetOp { .. } => ("subquery", "SELECT"),
            };
            let error = SqlError::new("42601", format!("{what} in FROM must have an alias"));
            return Err(error.hint(format!("For example, FROM ({form} ...) [AS] foo.")).into());
        }
        let saved = self.state().expr_kind.replace(ExprKind::FromSubselect);
        self.state().lateral_active = lateral;
        let query = self.parse_sub_analyze(query)?;
        self.state().lateral_active = false;
        self.state().expr_kind = saved;
        let mut item = self.add_range_table_entry_for_subquery(query, alias.cloned(), lateral, true)?;
        // One without an alias can be referred to by its columns alone (16).
        item.rel_visible = alias.is_some();
        Ok(item)
    }

    /// TABLESAMPLE (`transformRangeTableSample`).
    fn transform_range_table_sample(&mut self, item: &NsItem, relation: &RangeVar, sample: &ast::TableSample) -> Exec {
        let oid = match self.rte_at(item.rtindex, 0).map(|rte| &rte.kind) {
            Some(RteKind::Relation { relation, .. }) => Some(*relation),
            _ => None,
        };
        let relkind = oid.and_then(|oid| self.relation_by_oid(oid)).map(|open| open.relkind);
        if !matches!(relkind, Some('r' | 'm' | 'p')) {
            let message = "TABLESAMPLE clause can only be applied to tables and materialized views";
            return fail("0A000", message, relation.name.loc);
        }
        let method = display(&sample.method);
        let handler = self.tablesample_handler(&sample.method);
        let Some(handler) = handler else {
            let message = format!("tablesample method {method} does not exist");
            return Err(match error("42704", message, sample.loc) {
                crate::replay::Stop::Error(error) => self.undefined(*error),
                stop => stop,
            });
        };
        let catalog = self.catalog();
        const TSM_HANDLER: Oid = Oid(3310);
        let info = catalog.function_info(handler);
        if info.is_some_and(|f| f.returns() != TSM_HANDLER) {
            return fail("42809", format!("function {method} must return type tsm_handler"), sample.loc);
        }
        // The methods of PostgreSQL itself and of its extensions tsm_system_rows and tsm_system_time.
        let (types, repeatable): (&[Oid], bool) = match info.map(|f| f.name()) {
            Some("bernoulli" | "system") => (&[t::FLOAT4], true),
            Some("system_rows") => (&[t::INT8], false),
            Some("system_time") => (&[t::FLOAT8], false),
            _ => return Err(super::error::unknown(format!("tablesample method {method}"))),
        };
        if sample.args.len() != types.len() {
            let (wanted, given) = (types.len(), sample.args.len());
            let s = if wanted == 1 { "" } else { "s" };
            let message = format!("tablesample method {method} requires {wanted} argument{s}, not {given}");
            return fail("2202H", message, sample.loc);
        }
        let mut args = Vec::new();
        for (arg, ty) in sample.args.iter().zip(types) {
            args.push(self.sample_argument(arg, *ty, "TABLESAMPLE")?);
        }
        let repeatable = match &sample.repeatable {
            None => None,
            Some(_) if !repeatable => {
                let message = format!("tablesample method {method} does not support REPEATABLE");
                return fail("0A000", message, sample.loc);
            }
            Some(seed) => Some(self.sample_argument(seed, t::FLOAT8, "REPEATABLE")?),
        };
        let clause = TableSample { handler, args, repeatable };
        let index = item.rtindex as usize - 1;
        if let Some(rte) = self.state().rtable.get_mut(index)
            && let RteKind::Relation { sample, .. } = &mut rte.kind
        {
            *sample = Some(Box::new(clause));
        }
        Ok(())
    }

    /// The function of one `internal` argument (`LookupFuncName`).
    fn tablesample_handler(&self, name: &ast::QualifiedName) -> Option<Oid> {
        let catalog = self.catalog();
        let schemas = match &name.schema {
            Some(schema) => vec![crate::replay::lookup::find_schema(catalog, schema)?.oid],
            None => crate::replay::lookup::function_path(catalog, self.env.path),
        };
        schemas
            .into_iter()
            .find_map(|schema| catalog.function_with_args(schema, &name.name, &[t::INTERNAL]))
            .map(|f| f.oid())
    }

    fn sample_argument(&mut self, arg: &ast::Expr, ty: Oid, construct: &str) -> Exec<Expr> {
        let arg = self.transform_expr(arg, ExprKind::FromFunction)?;
        let mut arg = self.coerce_to_specific_type(arg, ty, construct)?;
        self.assign_expr_collations(&mut arg)?;
        Ok(arg)
    }

    /// WHERE, HAVING, ON and the like (`transformWhereClause`).
    pub(super) fn transform_where_clause(
        &mut self,
        clause: Option<&ast::Expr>,
        kind: ExprKind,
        construct: &str,
    ) -> Exec<Option<Expr>> {
        let Some(clause) = clause else { return Ok(None) };
        let qual = self.transform_expr(clause, kind)?;
        self.coerce_to_boolean(qual, construct).map(Some)
    }

    /// LIMIT, OFFSET (`transformLimitClause`).
    pub(super) fn transform_limit_clause(
        &mut self,
        clause: Option<&ast::Expr>,
        kind: ExprKind,
        construct: &str,
        with_ties: bool,
    ) -> Exec<Option<Expr>> {
        let Some(clause) = clause else { return Ok(None) };
        let qual = self.transform_expr(clause, kind)?;
        let qual = self.coerce_to_specific_type(qual, t::INT8, construct)?;
        self.check_expr_is_var_free(&qual, construct)?;
        if kind == ExprKind::Limit && with_ties && matches!(clause.kind, ast::ExprKind::Literal(ast::Literal::Null)) {
            let message = "row count cannot be null in FETCH FIRST ... WITH TIES clause";
            return fail("2201W", message, crate::sql::span::Loc::NONE);
        }
        Ok(Some(qual))
    }

    /// `checkExprIsVarFree`
    pub(super) fn check_expr_is_var_free(&self, expr: &Expr, construct: &str) -> Exec {
        match find_var_of_level([expr], 0) {
            Some(loc) => fail("42P10", format!("argument of {construct} must not contain variables"), loc),
            None => Ok(()),
        }
    }

    /// Takes what was collected into the query (the end of `transformSelectStmt` and its neighbours).
    pub(super) fn finish_query(&mut self, query: &mut Query, quals: Option<Expr>) {
        let state = self.state();
        query.rtable = std::mem::take(&mut state.rtable);
        query.jointree.from = std::mem::take(&mut state.joinlist);
        query.jointree.quals = quals;
        query.ctes = std::mem::take(&mut state.ctes);
        query.has_sub_links = state.has_sub_links;
        query.has_window_funcs = state.has_window_funcs;
        query.has_target_srfs = state.has_target_srfs;
        query.has_aggs = state.has_aggs;
    }

    /// A query inside the one under analysis (`parse_sub_analyze`).
    pub(super) fn parse_sub_analyze(&mut self, query: &ast::Query) -> Exec<Query> {
        self.nested(|analyzer| analyzer.transform_query(query))
    }

    /// The columns of the target.
    pub(super) fn target_relation(&mut self) -> Exec<Arc<super::tupdesc::OpenRelation>> {
        self.state().target_columns.clone().ok_or_else(|| internal("target"))
    }
}
