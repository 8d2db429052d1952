//! FROM (`parse_clause.c: transformFromClause`).

use super::super::plan::{FromNode, Item, ItemColumn, Node, Source};
use super::super::system::SystemTable;
use super::{Analyzer, Scope};
use crate::catalog::{Oid, PG_CATALOG, TypeKind, TypeRef, type_oid as t};
use crate::replay::lookup::{self, FoundRelation};
use crate::replay::{Exec, SqlError};
use crate::sql::ast::*;
use crate::sql::span::Loc;

/// The columns that every table has besides its own.
const SYSTEM_COLUMNS: [(&str, Oid); 6] = [
    ("tableoid", t::OID),
    ("ctid", Oid(27)),
    ("xmin", Oid(28)),
    ("cmin", Oid(29)),
    ("xmax", Oid(28)),
    ("cmax", Oid(29)),
];

impl Analyzer<'_> {
    /// Adds the items to the innermost scope. Conditions of inner joins go to `conditions`.
    pub(super) fn from(&mut self, list: &[TableRef], conditions: &mut Vec<Node>) -> Exec<Vec<FromNode>> {
        let mut nodes = Vec::new();
        for table in list {
            self.table(table, &mut nodes, conditions)?;
        }
        Ok(nodes)
    }

    fn table(&mut self, table: &TableRef, nodes: &mut Vec<FromNode>, conditions: &mut Vec<Node>) -> Exec {
        let item = match table {
            TableRef::Relation { relation, .. } => self.relation(relation)?,
            TableRef::Subquery { lateral, query, alias } => {
                let plan = self.sub_query(query, *lateral)?;
                let columns =
                    plan.columns.iter().map(|c| ItemColumn { name: c.name.clone(), ty: c.ty, merged: false }).collect();
                let source = Source::Subquery(Box::new(plan));
                let alias_name = alias.as_ref().map_or_else(|| Name::from("unnamed_subquery"), |a| a.name.clone());
                let item = Item { alias: alias_name, schema: None, columns, source, lateral: *lateral };
                renamed(item, alias.as_ref())?
            }
            TableRef::Function { ordinality, functions, alias, columns, .. } => {
                self.function(functions, *ordinality, alias.as_ref(), columns)?
            }
            TableRef::Join(join) => return self.join(join, nodes, conditions),
            TableRef::XmlTable(_) | TableRef::JsonTable(_) | TableRef::Unmodelled { .. } => {
                return self.not_executed(format!("{} is not evaluated", table.what()));
            }
        };
        nodes.push(FromNode::Item(self.add(item)?));
        Ok(())
    }

    fn add(&mut self, item: Item) -> Exec<usize> {
        let Some(scope) = self.scopes.last_mut() else { return self.not_executed("a query without a scope") };
        let clash = |other: &Item| other.alias == item.alias && (item.schema.is_none() || other.schema == item.schema);
        if scope.items.iter().any(clash) {
            let message = format!("table name \"{}\" specified more than once", item.alias);
            return Err(SqlError::new("42712", message).into());
        }
        scope.items.push(item);
        Ok(scope.items.len() - 1)
    }

    /// A table, a view, or a common table expression.
    fn relation(&mut self, relation: &RangeVar) -> Exec<Item> {
        let name = &relation.name;
        let only = relation.only;
        let alias = relation.alias.as_ref();
        if name.schema.is_none()
            && let Some(cte) = self.ctes.iter().rev().find(|c| c.name == name.name)
        {
            let source = Source::Cte(cte.slot);
            let columns = cte.columns.clone();
            let item = Item { alias: name.name.clone(), schema: None, columns, source, lateral: false };
            return renamed(item, alias);
        }
        let (schema, columns, source) = match lookup::find_relation_in_query(self.catalog, self.path, name)? {
            FoundRelation::User(oid) => {
                let Some(relation) = self.catalog.relation(oid) else {
                    return self.not_executed("a relation without a record");
                };
                let own = relation.live_columns().map(|c| (c.name.clone(), Some(c.ty.oid)));
                let system = SYSTEM_COLUMNS.iter().map(|&(name, ty)| (Name::from(name), Some(ty)));
                let source = match self.catalog.is_empty_table(oid, only) {
                    true => Source::Empty,
                    false if self.catalog.is_known_table(oid, only) => Source::Table { table: oid, only },
                    false => {
                        let kind = relation.kind_name();
                        Source::Unknown(format!("the rows of {kind} \"{}\" are not known", relation.name))
                    }
                };
                (relation.schema, own.chain(system).collect::<Vec<_>>(), source)
            }
            FoundRelation::System { columns } => {
                let schema = match &name.schema {
                    Some(schema) => self.catalog.schema_named(schema).map_or(PG_CATALOG, |s| s.oid),
                    None => self.system_schema(&name.name),
                };
                let columns: Vec<_> =
                    columns.into_iter().flatten().map(|(name, ty)| (name, ty.map(|ty| ty.oid))).collect();
                let source = match self.catalog.builtins().system_relation(schema, &name.name) {
                    Some(definition) => match SystemTable::find(schema, &name.name) {
                        Some(table) => Source::System(table, definition),
                        None => Source::Unknown(format!("{} is not projected", name.name)),
                    },
                    None => return self.not_executed("a system relation without a definition"),
                };
                let system = SYSTEM_COLUMNS.iter().filter(|_| schema == PG_CATALOG);
                let system = system.map(|&(name, ty)| (Name::from(name), Some(ty)));
                (schema, columns.into_iter().chain(system).collect(), source)
            }
        };
        let columns = columns.into_iter().map(|(name, ty)| ItemColumn { name, ty, merged: false }).collect();
        let schema = Some(Name::from(self.catalog.schema_name(schema)));
        renamed(Item { alias: name.name.clone(), schema, columns, source, lateral: false }, alias)
    }

    /// The schema of the path in which a system relation is.
    fn system_schema(&self, name: &str) -> Oid {
        let builtins = self.catalog.builtins();
        self.path.iter().copied().find(|&s| builtins.system_relation(s, name).is_some()).unwrap_or(PG_CATALOG)
    }

    /// A sub-query in FROM, which sees the items before it only if it is LATERAL.
    fn sub_query(&mut self, query: &Query, lateral: bool) -> Exec<super::QueryPlan> {
        if lateral {
            return self.query(query);
        }
        let hidden = self.scopes.last_mut().map(|s| s.visible.replace(0..0));
        let plan = self.query(query);
        if let (Some(scope), Some(visible)) = (self.scopes.last_mut(), hidden) {
            scope.visible = visible;
        }
        plan
    }

    fn function(
        &mut self,
        functions: &[TableFunction],
        ordinality: bool,
        alias: Option<&Alias>,
        specs: &[ColumnSpec],
    ) -> Exec<Item> {
        let mut calls = Vec::new();
        let mut columns: Vec<(Name, Option<Oid>)> = Vec::new();
        let mut first = None;
        for TableFunction { call, columns: own_specs } in functions {
            let specs = if specs.is_empty() { own_specs } else { specs };
            for call in taken_apart(call) {
                let name = match &call.kind {
                    ExprKind::Func(call) => call.name.name.clone(),
                    _ => Name::from("function"),
                };
                let node = self.expr(&call)?;
                let own: Vec<(Name, Option<Oid>)> = match &call.kind {
                    _ if !specs.is_empty() => specs
                        .iter()
                        .map(|s| Ok((s.name.clone(), Some(lookup::resolve_type(self.catalog, self.path, &s.ty)?.oid))))
                        .collect::<Exec<_>>()?,
                    ExprKind::Func(func) => self.function_columns(func, &node, alias.filter(|_| functions.len() == 1)),
                    _ => vec![(alias.map_or(&name, |a| &a.name).clone(), None)],
                };
                calls.push((node, own.len()));
                columns.extend(own);
                first.get_or_insert(name);
            }
        }
        let name = first.unwrap_or_else(|| Name::from("function"));
        if ordinality {
            columns.push((Name::from("ordinality"), Some(t::INT8)));
        }
        let columns = columns.into_iter().map(|(name, ty)| ItemColumn { name, ty, merged: false }).collect();
        let source = Source::Function { calls, ordinality };
        renamed(Item { alias: name, schema: None, columns, source, lateral: true }, alias)
    }

    /// The columns that a function in FROM shows: its OUT parameters, those of its row type, or one of its own name.
    fn function_columns(&self, func: &FuncCall, node: &Node, alias: Option<&Alias>) -> Vec<(Name, Option<Oid>)> {
        let one = |ty| vec![(alias.map_or(&func.name.name, |a| &a.name).clone(), ty)];
        match node {
            Node::User { .. } => lookup::table_function_columns(self.catalog, self.path, func, alias).map_or_else(
                || one(None),
                |c| c.into_iter().map(|(n, ty)| (n, ty.map(|ty: TypeRef| ty.oid))).collect(),
            ),
            _ => {
                let count = func.args.len();
                let mut functions = self.catalog.builtins().functions_named(&func.name.name);
                let Some(function) = functions.find(|f| f.input_types().count() == count || f.variadic != Oid::INVALID)
                else {
                    return one(None);
                };
                let out: Vec<_> = function
                    .args
                    .iter()
                    .filter(|a| matches!(a.mode, ParamMode::Out | ParamMode::InOut | ParamMode::Table))
                    .map(|a| (Name::from(a.name.unwrap_or("")), Some(a.ty)))
                    .collect();
                if out.len() > 1 { out } else { one(None) }
            }
        }
    }

    fn join(&mut self, join: &Join, nodes: &mut Vec<FromNode>, conditions: &mut Vec<Node>) -> Exec {
        if join.alias.is_some() || join.using_alias.is_some() {
            return self.not_executed("a join with an alias is not evaluated");
        }
        let outer = join.kind != JoinKind::Inner;
        let first = self.scopes.last().map_or(0, |s| s.items.len());
        let (mut left, mut left_on) = (Vec::new(), Vec::new());
        self.table(&join.left, &mut left, &mut left_on)?;
        let middle = self.scopes.last().map_or(0, |s| s.items.len());
        let (mut right, mut right_on) = (Vec::new(), Vec::new());
        self.table(&join.right, &mut right, &mut right_on)?;
        let last = self.scopes.last().map_or(0, |s| s.items.len());
        let mut on = Vec::new();
        if join.natural || !join.using.is_empty() {
            if join.kind == JoinKind::Full {
                return self.not_executed("FULL JOIN with USING is not evaluated");
            }
            on = self.using(join, first..middle, middle..last)?;
        } else if let Some(condition) = &join.on {
            let before = self.scopes.last_mut().and_then(|s| s.visible.replace(first..last));
            let node = self.expr(condition);
            if let Some(scope) = self.scopes.last_mut() {
                scope.visible = before;
            }
            split_and(node?, &mut on);
        }
        if !outer {
            nodes.extend(left);
            nodes.extend(right);
            conditions.extend(left_on.into_iter().chain(right_on).chain(on));
            return Ok(());
        }
        let (left, right) = (Box::new(FromNode::All(left, left_on)), Box::new(FromNode::All(right, right_on)));
        nodes.push(FromNode::Join { kind: join.kind, left, right, on });
        Ok(())
    }

    /// `USING (columns)` and NATURAL: the columns of the right side (of a RIGHT JOIN: the left) are merged into the
    /// other side's.
    fn using(&mut self, join: &Join, left: std::ops::Range<usize>, right: std::ops::Range<usize>) -> Exec<Vec<Node>> {
        let Some(scope) = self.scopes.last_mut() else { return Ok(Vec::new()) };
        let position = |scope: &Scope, range: std::ops::Range<usize>, name: &Name| {
            range.into_iter().find_map(|item| {
                let column = scope.items[item].columns.iter().position(|c| c.name == *name && !c.merged)?;
                Some((item, column))
            })
        };
        let names: Vec<Name> = if join.natural {
            let all = left.clone().flat_map(|i| scope.items[i].columns.iter().map(|c| c.name.clone()));
            let common = |name: &Name| !is_system_column(name) && position(scope, right.clone(), name).is_some();
            all.filter(common).collect()
        } else {
            join.using.clone()
        };
        let mut on = Vec::new();
        for name in names {
            let missing = |side: &str| {
                let message = format!("column \"{name}\" specified in USING clause does not exist in {side} table");
                SqlError::new("42703", message)
            };
            let Some(l) = position(scope, left.clone(), &name) else { return Err(missing("left").into()) };
            let Some(r) = position(scope, right.clone(), &name) else { return Err(missing("right").into()) };
            let merged = if join.kind == JoinKind::Right { l } else { r };
            scope.items[merged.0].columns[merged.1].merged = true;
            let node = |(item, column)| Box::new(Node::Column { depth: 0, item, column });
            on.push(Node::Op { op: "=".into(), left: Some(node(l)), right: node(r), loc: Loc::NONE });
        }
        Ok(on)
    }

    /// The columns of a row type.
    pub(super) fn row_type_columns(&self, ty: Oid) -> Option<Vec<Name>> {
        match &self.catalog.type_(ty)?.kind {
            TypeKind::Composite(rel) => {
                Some(self.catalog.relation(*rel)?.live_columns().map(|c| c.name.clone()).collect())
            }
            _ => None,
        }
    }
}

/// `unnest(a, b)` is `ROWS FROM (unnest(a), unnest(b))` (`parse_clause.c: transformRangeFunction`).
fn taken_apart(call: &Expr) -> Vec<Expr> {
    if let ExprKind::Func(func) = &call.kind
        && func.name.name == "unnest"
        && func.name.schema.as_deref().is_none_or(|schema| schema == "pg_catalog")
        && func.args.len() > 1
    {
        let one = |arg: &FuncArg| {
            let func = FuncCall { args: vec![arg.clone()], ..FuncCall::clone(func) };
            Expr { kind: ExprKind::Func(Box::new(func)), loc: call.loc }
        };
        return func.args.iter().map(one).collect();
    }
    vec![call.clone()]
}

/// A column that every table has.
pub(super) fn is_system_column(name: &str) -> bool {
    SYSTEM_COLUMNS.iter().any(|(column, _)| *column == name)
}

/// The item under its alias.
fn renamed(mut item: Item, alias: Option<&Alias>) -> Exec<Item> {
    let Some(alias) = alias else { return Ok(item) };
    let available = item.columns.len();
    if alias.columns.len() > available {
        let message = format!(
            "table \"{}\" has {available} columns available but {} columns specified",
            alias.name,
            alias.columns.len()
        );
        return Err(SqlError::new("42P10", message).into());
    }
    for (column, name) in item.columns.iter_mut().zip(&alias.columns) {
        column.name = name.clone();
    }
    item.alias = alias.name.clone();
    item.schema = None;
    Ok(item)
}

/// Takes a condition apart at AND.
pub(super) fn split_and(node: Node, conditions: &mut Vec<Node>) {
    match node {
        Node::And(list) => list.into_iter().for_each(|n| split_and(n, conditions)),
        node => conditions.push(node),
    }
}
