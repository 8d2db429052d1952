//! The names of the tables of a query while it is printed (`ruleutils.c: set_rtable_names`, `get_variable`).

use std::collections::HashSet;

use super::{Writer, desugar::any_column};
use crate::catalog::{AttrNumber, Binding, Object, Oid, Relation};
use crate::expr::infer::column_name;
use crate::sql::ast::*;
use crate::sql::span::Loc;

/// The tables of one query level.
#[derive(Default)]
pub(super) struct Scope {
    /// The tables, in the order of the FROM clause.
    pub(super) items: Vec<Item>,
    /// Columns are printed with their table's name.
    pub(super) prefix: bool,
}

/// A table, or something like one.
pub(super) struct Item {
    /// The name that the query refers to it by.
    written: Name,
    /// The name that it is printed under: unique among all that are in sight.
    pub(super) shown: Name,
    /// The relation, if it is one.
    relation: Option<Oid>,
    /// Names of its first columns, from its alias.
    aliases: Vec<Name>,
    /// The columns of something that is not a relation; nothing if they are not known.
    pub(super) columns: Option<Vec<Name>>,
}

/// A common table expression in sight.
pub(super) struct Cte {
    name: Name,
    columns: Option<Vec<Name>>,
}

impl Scope {
    /// The scope of an expression that belongs to a relation.
    pub(super) fn of_relation(relation: &Relation) -> Scope {
        let item = Item {
            written: relation.name.clone(),
            shown: relation.name.clone(),
            relation: Some(relation.oid),
            aliases: Vec::new(),
            columns: None,
        };
        Scope { items: vec![item], prefix: false }
    }
}

impl Writer<'_> {
    /// The names under which the tables of a FROM clause are printed.
    pub(super) fn scope_of(&self, from: &[TableRef], into: Option<&RangeVar>) -> Scope {
        let mut scope = Scope { items: Vec::new(), prefix: true };
        if let Some(table) = into {
            self.add_relation(table, &mut scope);
        }
        for table in from {
            self.add_table(table, &mut scope);
        }
        self.make_unique(&mut scope);
        scope
    }

    fn add_relation(&self, relation: &RangeVar, scope: &mut Scope) {
        let (mut oid, mut name, mut columns) = (None, relation.name.name.clone(), None);
        match self.binding(relation.name.loc) {
            Some(Binding::Object(Object::Relation(found))) => {
                if let Some(current) = self.stored.and_then(|s| s.catalog.relation(found)) {
                    name = current.name.clone();
                    oid = Some(found);
                }
            }
            Some(Binding::Local) => {
                columns = self.ctes.iter().rev().find(|c| c.name == name).and_then(|c| c.columns.clone());
            }
            _ => {}
        }
        let alias = relation.alias.as_ref();
        let aliases = alias.map(|a| a.columns.clone()).unwrap_or_default();
        for (column, alias) in columns.iter_mut().flatten().zip(&aliases) {
            *column = alias.clone();
        }
        let written = alias.map_or_else(|| relation.name.name.clone(), |a| a.name.clone());
        let shown = alias.map_or(name, |a| a.name.clone());
        scope.items.push(Item { written, shown, relation: oid, aliases, columns });
    }

    fn add_table(&self, table: &TableRef, scope: &mut Scope) {
        let mut local = |name: Name, columns| {
            scope.items.push(Item { written: name.clone(), shown: name, relation: None, aliases: Vec::new(), columns });
        };
        match table {
            TableRef::Relation { relation, .. } => self.add_relation(relation, scope),
            TableRef::Subquery { query, alias, .. } => {
                let mut columns = self.output_columns(query);
                if let Some(alias) = alias {
                    for (column, name) in columns.iter_mut().flatten().zip(&alias.columns) {
                        *column = name.clone();
                    }
                }
                // Since 16 an alias may be missing.
                local(alias.as_ref().map_or_else(|| "unnamed_subquery".into(), |a| a.name.clone()), columns);
            }
            TableRef::Function { functions, alias, columns, ordinality, .. } => {
                let name = match (alias, functions.first().map(|f| &f.call.kind)) {
                    (Some(alias), _) => alias.name.clone(),
                    (None, Some(_)) => functions.first().map(|f| column_name(&f.call)).unwrap_or_default(),
                    (None, None) => Name::new(),
                };
                let columns = self.function_columns(functions, alias.as_ref(), columns, *ordinality);
                local(name, columns);
            }
            TableRef::Join(join) => {
                self.add_table(&join.left, scope);
                self.add_table(&join.right, scope);
                for alias in join.alias.iter().map(|a| &a.name).chain(&join.using_alias) {
                    let columns = None;
                    let (written, shown) = (alias.clone(), alias.clone());
                    scope.items.push(Item { written, shown, relation: None, aliases: Vec::new(), columns });
                }
            }
            TableRef::XmlTable(_) | TableRef::JsonTable(_) | TableRef::Unmodelled { .. } => {
                if let Some(alias) = table.alias() {
                    local(alias.name.clone(), Some(alias.columns.clone()).filter(|c| !c.is_empty()));
                }
            }
        }
    }

    /// Gives every table a name that no other in sight has: `t_1` for the second `t`.
    fn make_unique(&self, scope: &mut Scope) {
        if !self.is_stored() {
            return;
        }
        let outer = self.scopes.iter().flat_map(|s| &s.items).map(|i| i.shown.clone());
        let mut taken: HashSet<Name> = outer.collect();
        for item in &mut scope.items {
            let mut candidate = item.shown.clone();
            let mut counter = 0;
            while !taken.insert(candidate.clone()) {
                counter += 1;
                candidate = ecow::eco_format!("{}_{counter}", item.shown);
            }
            item.shown = candidate;
        }
    }

    /// A reference to a column.
    pub(super) fn column(&mut self, parts: &[Name], loc: Loc) {
        let Some(stored) = self.stored else { return self.dotted(parts) };
        let (column, qualifier) = match parts {
            [.., table, column] => (column, Some(table)),
            [column] => (column, None),
            [] => return,
        };
        match self.binding(loc) {
            Some(Binding::Column(relation, number)) => {
                let (table, name) = self.find_column(relation, number, qualifier);
                let name = name.or_else(|| {
                    let current = stored.catalog.relation(relation)?.column_at(number)?;
                    Some(current.name.clone())
                });
                let table = table.or_else(|| Some(stored.catalog.relation(relation)?.name.clone()));
                if self.scopes.last().is_some_and(|s| s.prefix)
                    && let Some(table) = table
                {
                    self.ident(&table);
                    self.push(".");
                }
                self.ident(name.as_ref().unwrap_or(column));
            }
            Some(Binding::TriggerRow(relation, number)) => {
                let current = stored.catalog.relation(relation).and_then(|r| r.column_at(number));
                let name = current.map_or(column, |c| &c.name).clone();
                if let Some(row) = qualifier {
                    self.ident(row);
                    self.push(".");
                }
                self.ident(&name);
            }
            // A table's name alone is its whole row.
            Some(Binding::Object(Object::Relation(relation))) if qualifier.is_none() => {
                let shown = self.find_item(Some(relation), Some(column)).map(|i| i.shown.clone());
                self.ident(shown.as_ref().unwrap_or(column));
                self.push(".*");
            }
            Some(Binding::Local | Binding::Builtin | Binding::Object(_)) | None => {
                if stored.in_domain && self.scopes.is_empty() && parts == ["value"] {
                    return self.push("VALUE");
                }
                let shown = match qualifier {
                    Some(table) => self.find_item(None, Some(table)).map(|i| i.shown.clone()),
                    None => self.find_local(column),
                };
                match (shown, qualifier) {
                    (Some(table), _) if qualifier.is_some() || self.scopes.last().is_some_and(|s| s.prefix) => {
                        self.ident(&table);
                        self.push(".");
                        self.ident(column);
                    }
                    _ => self.dotted(parts),
                }
            }
        }
    }

    pub(super) fn dotted(&mut self, parts: &[Name]) {
        for (i, part) in parts.iter().enumerate() {
            if i > 0 {
                self.push(".");
            }
            self.ident(part);
        }
    }

    /// The current name of a column as a query shows it that selects it.
    pub(super) fn shown_column(&self, parts: &[Name], loc: Loc) -> Option<Name> {
        match self.binding(loc) {
            Some(Binding::Column(relation, number)) => {
                let qualifier = parts.len().checked_sub(2).and_then(|i| parts.get(i));
                let (_, name) = self.find_column(relation, number, qualifier);
                name.or_else(|| Some(self.stored?.catalog.relation(relation)?.column_at(number)?.name.clone()))
            }
            Some(Binding::Object(Object::Relation(_))) => None,
            Some(Binding::TriggerRow(..) | Binding::Local | Binding::Builtin | Binding::Object(_)) | None => {
                parts.last().cloned()
            }
        }
    }

    /// The table that a reference to a relation's column means, and the column's alias if it has one.
    fn find_column(&self, relation: Oid, number: AttrNumber, qualifier: Option<&Name>) -> (Option<Name>, Option<Name>) {
        let Some(item) = self.find_item(Some(relation), qualifier) else { return (None, None) };
        let alias = self.stored.and_then(|s| s.catalog.relation(relation)).and_then(|r| {
            let at = r.live_columns().position(|c| c.number == number)?;
            item.aliases.get(at).cloned()
        });
        (Some(item.shown.clone()), alias)
    }

    fn find_item(&self, relation: Option<Oid>, qualifier: Option<&Name>) -> Option<&Item> {
        let inside_out = || self.scopes.iter().rev().flat_map(|s| &s.items);
        let mut outside_in = self.scopes.iter().flat_map(|s| &s.items);
        let fits = |i: &&Item| relation.is_none() || i.relation == relation;
        match qualifier {
            // The table of an expression may have had another name when the expression was written.
            Some(name) => inside_out()
                .filter(fits)
                .find(|i| i.written == *name)
                .or_else(|| relation.and_then(|_| outside_in.find(fits))),
            None => inside_out().find(fits),
        }
    }

    /// The table that has a column without an address: the innermost one that is known to have it, or the only one
    /// whose columns are not known.
    fn find_local(&self, column: &Name) -> Option<Name> {
        let inside_out = || self.scopes.iter().rev().flat_map(|s| &s.items);
        let has = |item: &&Item| match (item.relation, &item.columns) {
            (Some(relation), _) => {
                self.stored.and_then(|s| s.catalog.relation(relation)).is_some_and(|r| r.column(column).is_some())
            }
            (None, Some(columns)) => columns.contains(column),
            (None, None) => false,
        };
        let mut unknown = inside_out().filter(|i| i.relation.is_none() && i.columns.is_none());
        match (inside_out().find(has), unknown.next(), unknown.next()) {
            (Some(item), None, _) => Some(item.shown.clone()),
            (_, Some(item), None) => Some(item.shown.clone()),
            _ => None,
        }
    }

    /// The expression has a column of the innermost query's tables, those `before` a position: PostgreSQL then prints
    /// LATERAL (`parse_clause.c: transformRangeFunction`).
    pub(super) fn is_lateral(&self, exprs: &[TableFunction]) -> bool {
        let Some(scope) = self.scopes.last() else { return false };
        exprs.iter().any(|function| {
            any_column(&function.call, &mut |parts, loc| {
                let qualifier = parts.len().checked_sub(2).and_then(|i| parts.get(i));
                scope.items.iter().any(|item| match (self.binding(loc), qualifier) {
                    (Some(Binding::Column(relation, _)), None) => item.relation == Some(relation),
                    (_, Some(table)) => item.written == *table,
                    (_, None) => parts.last().is_some_and(|c| item.columns.as_ref().is_some_and(|i| i.contains(c))),
                })
            })
        })
    }

    /// Brings the common table expressions of a query into sight; returns how many there were before.
    pub(super) fn push_ctes(&mut self, with: Option<&With>) -> usize {
        let before = self.ctes.len();
        for cte in with.into_iter().flat_map(|w| &w.ctes) {
            let mut columns = match &cte.body {
                CteBody::Query(query) => self.output_columns(query),
                CteBody::Insert(insert) => target_names(&insert.returning),
                CteBody::Update(update) => target_names(&update.returning),
                CteBody::Delete(delete) => target_names(&delete.returning),
                CteBody::Merge(_) => None,
            };
            for (column, name) in columns.iter_mut().flatten().zip(&cte.columns) {
                *column = name.clone();
            }
            self.ctes.push(Cte { name: cte.name.clone(), columns: columns.filter(|_| !cte.search_or_cycle()) });
        }
        before
    }

    fn output_columns(&self, query: &Query) -> Option<Vec<Name>> {
        match &query.body {
            QueryBody::Select(select) => target_names(&select.targets),
            QueryBody::Values(rows) => {
                Some((1..=rows.first()?.len()).map(|i| ecow::eco_format!("column{i}")).collect())
            }
            QueryBody::SetOp { left, .. } => self.output_columns(left),
        }
    }
}

/// The names of the columns that a select list gives; nothing if it has a star.
fn target_names(targets: &[Target]) -> Option<Vec<Name>> {
    targets
        .iter()
        .map(|t| match (&t.name, &t.value) {
            (Some(name), _) => Some(name.clone()),
            (None, Some(Expr { kind: ExprKind::Star(_), .. })) => None,
            (None, Some(value)) => Some(column_name(value)),
            (None, None) => None,
        })
        .collect()
}
