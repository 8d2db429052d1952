//! Entries of the range table (`parse_relation.c: addRangeTableEntry…`).

use std::sync::Arc;

use super::error::{error, fail};
use super::tupdesc::{Attribute, OpenRelation, ResultClass, expr_result_type, function_result_name};
use super::{Analyzer, NsColumn, NsItem};
use crate::catalog::tree::{
    ColumnDefinition, ColumnType, CommandType, Expr, JoinRte, JoinTree, Query, RangeTblEntry, RangeTblFunction,
    RteKind, TableFunc, VarReturning,
};
use crate::catalog::{Oid, TypeRef, type_oid as t};
use crate::replay::Exec;
use crate::sql::ast::{Alias, ColumnSpec, Name, RangeVar};
use crate::sql::span::Loc;

/// `MaxTupleAttributeNumber`
const MAX_TUPLE_ATTRIBUTES: usize = 1664;
/// `MaxHeapAttributeNumber`
const MAX_HEAP_ATTRIBUTES: usize = 1600;

/// A function of FROM, transformed.
pub(super) struct FromFunction<'q> {
    /// The call.
    pub expr: Expr,
    /// The name of its column if it has but one (`FigureColname`).
    pub name: Name,
    /// Its column definition list.
    pub columns: &'q [ColumnSpec],
}

/// The names of the columns, those of the alias first (`buildRelationAliases`). Dropped columns get empty names, in the
/// alias too.
fn build_relation_aliases(
    attributes: &[Attribute],
    alias: Option<&mut Alias>,
    refname: &Name,
    loc: Loc,
) -> Exec<Alias> {
    let given = alias.as_ref().map(|alias| alias.columns.clone()).unwrap_or_default();
    let count = given.len();
    let mut given = given.into_iter().peekable();
    let mut own = Vec::new();
    let mut columns = Vec::with_capacity(attributes.len());
    for attribute in attributes {
        let name = if attribute.dropped {
            if given.peek().is_some() {
                own.push(Name::new());
            }
            Name::new()
        } else if let Some(name) = given.next() {
            own.push(name.clone());
            name
        } else {
            attribute.name.clone()
        };
        columns.push(name);
    }
    if given.next().is_some() {
        let available = attributes.iter().filter(|a| !a.dropped).count();
        let message = format!("table \"{refname}\" has {available} columns available but {count} columns specified");
        return fail("42P10", message, loc);
    }
    if let Some(alias) = alias {
        alias.columns = own;
    }
    Ok(Alias { name: refname.clone(), columns })
}

/// The alias' names and then those of the columns that it has none for; or how many there are if it has too many.
fn extend_alias(alias: Option<&Alias>, refname: &str, columns: &[Name]) -> Result<Alias, (usize, usize)> {
    let mut eref = alias.cloned().unwrap_or_else(|| Alias { name: refname.into(), columns: Vec::new() });
    let given = eref.columns.len();
    if given > columns.len() {
        return Err((columns.len(), given));
    }
    eref.columns.extend(columns[given..].iter().cloned());
    Ok(eref)
}

impl Analyzer<'_> {
    /// Puts an entry into the range table; its number.
    pub(super) fn push_rte(&mut self, rte: RangeTblEntry) -> u32 {
        let rtable = &mut self.state().rtable;
        rtable.push(rte);
        u32::try_from(rtable.len()).unwrap_or(u32::MAX)
    }

    /// An item for an entry of the range table with these columns (`buildNSItemFromTupleDesc`,
    /// `buildNSItemFromLists`).
    fn build_ns_item(&mut self, rte: RangeTblEntry, attributes: impl Iterator<Item = Option<ColumnType>>) -> NsItem {
        let name = rte.eref.name.clone();
        let names = rte.eref.columns.clone();
        let rtindex = self.push_rte(rte);
        let columns: Vec<NsColumn> = names
            .into_iter()
            .zip(attributes)
            .enumerate()
            .map(|(index, (name, column))| match column {
                Some(column) => NsColumn {
                    name,
                    varno: rtindex,
                    varattno: i16::try_from(index + 1).unwrap_or(i16::MAX),
                    ty: column.ty,
                    collation: column.collation,
                    dont_expand: false,
                },
                None => NsColumn {
                    name: Name::new(),
                    varno: 0,
                    varattno: 0,
                    ty: TypeRef::plain(Oid::INVALID),
                    collation: Oid::INVALID,
                    dont_expand: false,
                },
            })
            .collect();
        ns_item(name, rtindex, columns.into())
    }

    fn build_ns_item_from_attributes(&mut self, rte: RangeTblEntry, attributes: &[Attribute]) -> NsItem {
        let columns = attributes
            .iter()
            .map(|a| (!a.dropped).then_some(ColumnType { ty: a.ty, collation: a.collation }))
            .collect::<Vec<_>>();
        self.build_ns_item(rte, columns.into_iter())
    }

    /// A relation of FROM (`addRangeTableEntry`).
    pub(super) fn add_range_table_entry(&mut self, relation: &RangeVar) -> Exec<NsItem> {
        let open = self.parser_open_table(relation)?;
        self.add_range_table_entry_for_relation(&open, relation.alias.clone(), !relation.only, true)
    }

    /// A relation (`addRangeTableEntryForRelation`).
    pub(super) fn add_range_table_entry_for_relation(
        &mut self,
        relation: &OpenRelation,
        alias: Option<Alias>,
        inherit: bool,
        in_from: bool,
    ) -> Exec<NsItem> {
        let mut alias = alias;
        let refname = alias.as_ref().map_or(&relation.name, |alias| &alias.name).clone();
        let eref = build_relation_aliases(&relation.attributes, alias.as_mut(), &refname, Loc::NONE)?;
        let kind = RteKind::Relation { relation: relation.oid, sample: None };
        let rte = RangeTblEntry { kind, alias, eref, lateral: false, in_from, inherit };
        Ok(self.build_ns_item_from_attributes(rte, &relation.attributes))
    }

    /// A transition table (`addRangeTableEntryForENR`).
    pub(super) fn add_range_table_entry_for_enr(&mut self, relation: &RangeVar, table: Oid) -> Exec<NsItem> {
        let name = relation.name.name.clone();
        let Some(open) = self.relation_by_oid(table) else { return Err(super::relation::internal("trigger's table")) };
        let mut alias = relation.alias.clone();
        let refname = alias.as_ref().map_or(&name, |alias| &alias.name).clone();
        let eref = build_relation_aliases(&open.attributes, alias.as_mut(), &refname, Loc::NONE)?;
        let columns = open.attributes.iter().map(|a| ColumnType { ty: a.ty, collation: a.collation }).collect();
        let kind = RteKind::NamedTuplestore { name, relation: table, columns };
        // PostgreSQL leaves the alias out.
        let rte = RangeTblEntry { kind, alias: None, eref, lateral: false, in_from: true, inherit: false };
        Ok(self.build_ns_item_from_attributes(rte, &open.attributes))
    }

    /// A sub-query (`addRangeTableEntryForSubquery`).
    pub(super) fn add_range_table_entry_for_subquery(
        &mut self,
        query: Query,
        alias: Option<Alias>,
        lateral: bool,
        in_from: bool,
    ) -> Exec<NsItem> {
        let mut columns = Vec::new();
        let mut own = Vec::new();
        for target in query.result_targets() {
            own.push(target.name.clone().unwrap_or_default());
            columns.push(ColumnType { ty: target.expr.ty(self.catalog()), collation: target.expr.collation() });
        }
        let eref = match extend_alias(alias.as_ref(), "unnamed_subquery", &own) {
            Ok(eref) => eref,
            Err((available, given)) => {
                let name = alias.as_ref().map_or("unnamed_subquery", |alias| alias.name.as_str());
                let message =
                    format!("table \"{name}\" has {available} columns available but {given} columns specified");
                return fail("42P10", message, Loc::NONE);
            }
        };
        let kind = RteKind::Subquery(Box::new(query));
        let rte = RangeTblEntry { kind, alias, eref, lateral, in_from, inherit: false };
        Ok(self.build_ns_item(rte, columns.into_iter().map(Some)))
    }

    /// Functions (`addRangeTableEntryForFunction`).
    pub(super) fn add_range_table_entry_for_function(
        &mut self,
        functions: Vec<FromFunction<'_>>,
        ordinality: bool,
        alias: Option<Alias>,
        lateral: bool,
    ) -> Exec<NsItem> {
        let count = functions.len();
        let mut alias = alias;
        let refname = match (&alias, functions.first()) {
            (Some(alias), _) => alias.name.clone(),
            (None, Some(first)) => first.name.clone(),
            (None, None) => Name::new(),
        };
        let mut entries = Vec::with_capacity(count);
        let mut attributes = Vec::new();
        let first_loc = functions.first().map_or(Loc::NONE, |f| f.expr.loc());
        for function in functions {
            let (columns, definition) = self.function_columns(&function, alias.as_ref(), count)?;
            entries.push(RangeTblFunction { expr: function.expr, column_count: columns.len(), definition });
            attributes.extend(columns);
        }
        if count > 1 || ordinality {
            if ordinality {
                attributes.push(Attribute::new("ordinality".into(), TypeRef::plain(t::INT8), Oid::INVALID));
            }
            if attributes.len() > MAX_TUPLE_ATTRIBUTES {
                let message = format!("functions in FROM can return at most {MAX_TUPLE_ATTRIBUTES} columns");
                return fail("54011", message, first_loc);
            }
        }
        let eref = build_relation_aliases(&attributes, alias.as_mut(), &refname, Loc::NONE)?;
        let kind = RteKind::Function { functions: entries, ordinality };
        let rte = RangeTblEntry { kind, alias, eref, lateral, in_from: true, inherit: false };
        Ok(self.build_ns_item_from_attributes(rte, &attributes))
    }

    /// The columns that a function contributes, and those of its definition list where it counts.
    fn function_columns(
        &mut self,
        function: &FromFunction<'_>,
        alias: Option<&Alias>,
        count: usize,
    ) -> Exec<(Vec<Attribute>, Vec<ColumnDefinition>)> {
        let (class, ty) = expr_result_type(self.catalog(), &function.expr);
        if let Some(first) = function.columns.first() {
            let message = match &class {
                ResultClass::Record => None,
                ResultClass::Composite(_) | ResultClass::CompositeDomain(_) => {
                    Some(if function.expr.ty(self.catalog()).oid == t::RECORD {
                        "a column definition list is redundant for a function with OUT parameters"
                    } else {
                        "a column definition list is redundant for a function returning a named composite type"
                    })
                }
                ResultClass::Scalar | ResultClass::Other => {
                    Some("a column definition list is only allowed for functions returning \"record\"")
                }
            };
            if let Some(message) = message {
                return fail("42601", message, first.loc);
            }
        } else if class == ResultClass::Record {
            let message = "a column definition list is required for functions returning \"record\"";
            return fail("42601", message, function.expr.loc());
        }
        match class {
            ResultClass::Composite(attributes) | ResultClass::CompositeDomain(attributes) => {
                Ok((attributes, Vec::new()))
            }
            ResultClass::Scalar => {
                let name = self.choose_scalar_function_alias(function, alias, count);
                let ty = TypeRef { oid: ty, typmod: function.expr.ty(self.catalog()).typmod };
                Ok((vec![Attribute::new(name, ty, function.expr.collation())], Vec::new()))
            }
            ResultClass::Record => self.definition_columns(function.columns),
            ResultClass::Other => {
                let message = format!(
                    "function \"{}\" in FROM has unsupported return type {}",
                    function.name,
                    self.format_type(ty)
                );
                fail("42804", message, function.expr.loc())
            }
        }
    }

    /// `chooseScalarFunctionAlias`
    fn choose_scalar_function_alias(&self, function: &FromFunction<'_>, alias: Option<&Alias>, count: usize) -> Name {
        if let Expr::FuncExpr(call) = &function.expr
            && let Some(name) = function_result_name(self.catalog(), call.function)
        {
            return name;
        }
        match alias {
            Some(alias) if count == 1 => alias.name.clone(),
            _ => function.name.clone(),
        }
    }

    fn definition_columns(&mut self, columns: &[ColumnSpec]) -> Exec<(Vec<Attribute>, Vec<ColumnDefinition>)> {
        let first = columns.first().map_or(Loc::NONE, |c| c.loc);
        if columns.len() > MAX_HEAP_ATTRIBUTES {
            let message = format!("column definition lists can have at most {MAX_HEAP_ATTRIBUTES} entries");
            return fail("54011", message, first);
        }
        let mut attributes: Vec<Attribute> = Vec::new();
        let mut definition = Vec::new();
        for column in columns {
            let name = column.name.clone();
            if column.ty.setof {
                let message = format!("column \"{name}\" cannot be declared SETOF");
                return fail("42P16", message, column.loc);
            }
            let ty = self.typename_type(&column.ty)?;
            let collation = self.column_spec_collation(column, ty.oid)?;
            definition.push(ColumnDefinition { name: name.clone(), ty, collation });
            attributes.push(Attribute::new(name, ty, collation));
        }
        // `heap.c: CheckAttributeNamesTypes`
        for (index, attribute) in attributes.iter().enumerate() {
            if attributes[..index].iter().any(|a| a.name == attribute.name) {
                let message = format!("column name \"{}\" specified more than once", attribute.name);
                return fail("42701", message, Loc::NONE);
            }
        }
        for attribute in &attributes {
            self.check_column_type(attribute)?;
        }
        Ok((attributes, definition))
    }

    /// A pseudo-type cannot be a column's, `record` excepted (`heap.c: CheckAttributeType`).
    fn check_column_type(&self, attribute: &Attribute) -> Exec {
        let ty = attribute.ty.oid;
        if self.catalog().typtype(ty) == 'p' && ty != t::RECORD && ty != t::RECORD_ARRAY {
            let message = format!("column \"{}\" has pseudo-type {}", attribute.name, self.format_type(ty));
            return fail("42P16", message, Loc::NONE);
        }
        Ok(())
    }

    /// The collation of a column definition (`parse_type.c: GetColumnDefCollation`).
    fn column_spec_collation(&mut self, column: &ColumnSpec, ty: Oid) -> Exec<Oid> {
        let own = self.catalog().type_collation(ty);
        let Some(written) = &column.collation else { return Ok(own) };
        let collation = self.lookup_collation(written, column.loc)?;
        if own == Oid::INVALID {
            let message = format!("collations are not supported by type {}", self.format_type(ty));
            return Err(error("42804", message, column.loc));
        }
        Ok(collation)
    }

    /// XMLTABLE, JSON_TABLE (`addRangeTableEntryForTableFunc`).
    pub(super) fn add_range_table_entry_for_table_func(
        &mut self,
        table: TableFunc,
        alias: Option<Alias>,
        lateral: bool,
    ) -> Exec<NsItem> {
        if table.columns.len() > MAX_TUPLE_ATTRIBUTES {
            let message = format!("functions in FROM can return at most {MAX_TUPLE_ATTRIBUTES} columns");
            return fail("54011", message, table.at.0);
        }
        let refname = if table.json { "json_table" } else { "xmltable" };
        let own: Vec<Name> = table.columns.iter().map(|c| c.name.clone()).collect();
        let eref = match extend_alias(alias.as_ref(), refname, &own) {
            Ok(eref) => eref,
            Err((available, given)) => {
                let name = if table.json { "JSON_TABLE" } else { "XMLTABLE" };
                let message =
                    format!("{name} function has {available} columns available but {given} columns specified");
                return fail("42P10", message, Loc::NONE);
            }
        };
        let columns: Vec<ColumnType> =
            table.columns.iter().map(|c| ColumnType { ty: c.ty, collation: c.collation }).collect();
        let kind = RteKind::TableFunc(Box::new(table));
        let rte = RangeTblEntry { kind, alias, eref, lateral, in_from: true, inherit: false };
        Ok(self.build_ns_item(rte, columns.into_iter().map(Some)))
    }

    /// VALUES (`addRangeTableEntryForValues`).
    pub(super) fn add_range_table_entry_for_values(
        &mut self,
        rows: Vec<Vec<Expr>>,
        columns: Vec<ColumnType>,
        lateral: bool,
    ) -> Exec<NsItem> {
        let count = rows.first().map_or(0, Vec::len);
        let names = (1..=count).map(|n| Name::from(format!("column{n}"))).collect();
        let eref = Alias { name: "*VALUES*".into(), columns: names };
        let kind = RteKind::Values { rows, columns: columns.clone() };
        let rte = RangeTblEntry { kind, alias: None, eref, lateral, in_from: true, inherit: false };
        Ok(self.build_ns_item(rte, columns.into_iter().map(Some)))
    }

    /// A join; the numbers of its columns are filled in by the caller (`addRangeTableEntryForJoin`).
    pub(super) fn add_range_table_entry_for_join(
        &mut self,
        names: &[Name],
        join: JoinRte,
        alias: Option<Alias>,
        in_from: bool,
    ) -> Exec<(u32, Alias)> {
        if join.alias_vars.len() > usize::from(i16::MAX.unsigned_abs()) {
            return fail("54000", format!("joins can have at most {} columns", i16::MAX), Loc::NONE);
        }
        let eref = match extend_alias(alias.as_ref(), "unnamed_join", names) {
            Ok(eref) => eref,
            Err((available, given)) => {
                let name = alias.as_ref().map_or("unnamed_join", |alias| alias.name.as_str());
                let message = format!(
                    "join expression \"{name}\" has {available} columns available but {given} columns specified"
                );
                return fail("42P10", message, Loc::NONE);
            }
        };
        let kind = RteKind::Join(Box::new(join));
        let rte = RangeTblEntry { kind, alias, eref: eref.clone(), lateral: false, in_from, inherit: false };
        Ok((self.push_rte(rte), eref))
    }

    /// A WITH query (`addRangeTableEntryForCTE`).
    pub(super) fn add_range_table_entry_for_cte(&mut self, levels_up: u32, relation: &RangeVar) -> Exec<NsItem> {
        let name = relation.name.name.clone();
        let Some(state) = self.level_mut(levels_up) else { return Err(super::relation::internal("WITH query")) };
        let self_reference = state.pending_ctes.contains(&name);
        let Some(cte) = state.ctes.iter_mut().find(|cte| cte.name == name) else {
            return Err(super::relation::internal("WITH query"));
        };
        if !self_reference {
            cte.refcount += 1;
            if cte.query.command != CommandType::Select && cte.query.returning.is_empty() {
                let message = format!("WITH query \"{name}\" does not have a RETURNING clause");
                return fail("0A000", message, relation.name.loc);
            }
        }
        let mut own = cte.column_names.clone();
        let mut columns = cte.columns.clone();
        let alias = relation.alias.clone();
        let visible = own.len();
        if let Some(search) = &cte.search {
            own.push(search.sequence_column.clone());
            let ty = if search.breadth_first { t::RECORD } else { t::RECORD_ARRAY };
            columns.push(ColumnType { ty: TypeRef::plain(ty), collation: Oid::INVALID });
        }
        if let Some(cycle) = &cte.cycle {
            own.push(cycle.mark_column.clone());
            columns.push(ColumnType { ty: cycle.mark_type, collation: cycle.mark_collation });
            own.push(cycle.path_column.clone());
            columns.push(ColumnType { ty: TypeRef::plain(t::RECORD_ARRAY), collation: Oid::INVALID });
        }
        let mut eref = match extend_alias(alias.as_ref(), &name, &own[..visible]) {
            Ok(eref) => eref,
            Err((available, given)) => {
                let name = alias.as_ref().map_or(name.as_str(), |alias| alias.name.as_str());
                let message =
                    format!("table \"{name}\" has {available} columns available but {given} columns specified");
                return fail("42P10", message, Loc::NONE);
            }
        };
        eref.columns.extend(own[visible..].iter().cloned());
        let kind = RteKind::Cte { name, levels_up, self_reference, columns: columns.clone() };
        let rte = RangeTblEntry { kind, alias, eref, lateral: false, in_from: true, inherit: false };
        let mut item = self.build_ns_item(rte, columns.into_iter().map(Some));
        // The columns of SEARCH and CYCLE are no part of `*` inside the WITH query itself.
        if levels_up > 0 && visible < item.columns.len() {
            let mut columns = item.columns.to_vec();
            columns[visible..].iter_mut().for_each(|column| column.dont_expand = true);
            item.columns = columns.into();
        }
        Ok(item)
    }

    /// Makes an item something that names and `*` can refer to (`addNSItemToQuery`).
    pub(super) fn add_ns_item_to_query(&mut self, item: &NsItem, to_join_list: bool, rel: bool, cols: bool) {
        let state = self.state();
        if to_join_list {
            state.joinlist.push(JoinTree::Ref(item.rtindex));
        }
        if rel || cols {
            state.namespace.push(NsItem {
                rel_visible: rel,
                cols_visible: cols,
                lateral_only: false,
                lateral_ok: true,
                ..item.clone()
            });
        }
    }
}

/// An item that can be used in full.
pub(super) fn ns_item(name: Name, rtindex: u32, columns: Arc<[NsColumn]>) -> NsItem {
    NsItem {
        name,
        rtindex,
        columns,
        rel_visible: true,
        cols_visible: true,
        lateral_only: false,
        lateral_ok: true,
        returning: VarReturning::Default,
    }
}
