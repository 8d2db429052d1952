//! Analysis: names of columns, variables, functions and types are resolved before anything is evaluated, so that a
//! name that stands for nothing is an error whether or not a row gets that far (`parse_expr.c`, `parse_relation.c`).

mod call;
mod expr;
mod from;
mod select;

use super::plan::{Aggregate, Item, Node, QueryPlan};
use super::{Value, Variables};
use crate::catalog::{Catalog, Oid};
use crate::replay::{About, Exec, Opaque, SqlError};
use crate::sql::ast::{Expr, Name, Query, Touches};
use crate::sql::plpgsql::VariableConflict;
use crate::sql::span::Loc;

/// Analyses expressions and queries.
pub(super) struct Analyzer<'a> {
    pub catalog: &'a Catalog,
    pub path: &'a [Oid],
    pub variables: &'a dyn Variables,
    /// The queries around the place, the outermost first.
    scopes: Vec<Scope>,
    /// The common table expressions that are visible.
    ctes: Vec<VisibleCte>,
    /// How many common table expressions there are in all.
    slots: usize,
    depth: usize,
}

/// The items of FROM that names can mean.
#[derive(Default)]
struct Scope {
    items: Vec<Item>,
    /// Which of them are visible: in ON, those of the join.
    visible: Option<std::ops::Range<usize>>,
    /// The aggregates that were met; nothing where none may be.
    aggregates: Option<Vec<Aggregate>>,
}

struct VisibleCte {
    name: Name,
    slot: usize,
    columns: Vec<super::plan::ItemColumn>,
}

/// What an unqualified or qualified name was found to be.
struct FoundColumn {
    depth: usize,
    item: usize,
    column: usize,
}

/// Deeper expressions than this are not evaluated.
const MAX_DEPTH: usize = 500;

impl<'a> Analyzer<'a> {
    pub fn new(catalog: &'a Catalog, path: &'a [Oid], variables: &'a dyn Variables) -> Self {
        Analyzer { catalog, path, variables, scopes: Vec::new(), ctes: Vec::new(), slots: 0, depth: 0 }
    }

    /// An expression outside of a query.
    pub fn scalar(&mut self, expr: &Expr) -> Exec<Node> {
        self.scopes.push(Scope::default());
        let node = self.expr(expr);
        self.scopes.pop();
        node
    }

    /// A query.
    pub fn top_query(&mut self, query: &Query) -> Exec<QueryPlan> {
        self.query(query)
    }

    fn nested<T>(&mut self, analyse: impl FnOnce(&mut Self) -> Exec<T>) -> Exec<T> {
        if self.depth == MAX_DEPTH {
            return Err(Opaque::new("an expression is nested too deeply to be evaluated", Touches::Nothing).into());
        }
        self.depth += 1;
        let result = analyse(self);
        self.depth -= 1;
        result
    }

    // ---- names ----

    /// A reference to a column, to a variable, or to a whole row (`parse_expr.c: transformColumnRef` with the hooks of
    /// `pl_comp.c`).
    fn column_ref(&self, names: &[Name], loc: Loc) -> Exec<Node> {
        let conflict = self.variables.conflict();
        if conflict == VariableConflict::UseVariable
            && let Some(value) = self.variables.variable(names)?
        {
            return Ok(Node::Const(value));
        }
        let column = self.find_column(names, loc)?;
        if conflict == VariableConflict::Error && column.is_some() && self.variables.knows(names) {
            let message = format!("column reference \"{}\" is ambiguous", names.join("."));
            let error = SqlError::new("42702", message)
                .detail("It could refer to either a PL/pgSQL variable or a table column.")
                .at(loc);
            return Err(error.into());
        }
        if let Some(column) = column {
            return Ok(column);
        }
        if let Some(value) = self.variables.variable(names)? {
            return Ok(Node::Const(value));
        }
        Err(self.undefined_column(names, loc).into())
    }

    fn find_column(&self, names: &[Name], loc: Loc) -> Exec<Option<Node>> {
        match names {
            [column] => {
                for (depth, scope) in self.scopes.iter().rev().enumerate() {
                    if let Some(found) = scope.find_unqualified(depth, column, loc)? {
                        return Ok(Some(found.node()));
                    }
                }
                // A name of an item is its whole row.
                Ok(self.find_item(None, column).map(|(depth, item)| Node::Row { depth, item }))
            }
            [table, column] => self.find_qualified(None, table, column),
            [schema, table, column] => self.find_qualified(Some(schema), table, column),
            _ => Ok(None),
        }
    }

    fn find_qualified(&self, schema: Option<&Name>, table: &Name, column: &Name) -> Exec<Option<Node>> {
        let Some((depth, item)) = self.find_item(schema, table) else { return Ok(None) };
        let columns = &self.scopes[self.scopes.len() - 1 - depth].items[item].columns;
        Ok(columns.iter().position(|c| c.name == *column).map(|column| Node::Column { depth, item, column }))
    }

    /// The item of that name, and how many queries further out it is.
    fn find_item(&self, schema: Option<&Name>, table: &Name) -> Option<(usize, usize)> {
        self.scopes.iter().rev().enumerate().find_map(|(depth, scope)| {
            let item = scope.visible_items().find(|&i| {
                let item = &scope.items[i];
                item.alias == *table && (schema.is_none() || item.schema.as_ref() == schema)
            })?;
            Some((depth, item))
        })
    }

    /// 42703, or 42P01 where the name in front of the column means no item (`parse_relation.c: errorMissingColumn`).
    fn undefined_column(&self, names: &[Name], loc: Loc) -> SqlError {
        let shown = names.join(".");
        match names {
            [column] => {
                let about = About::Column(String::new(), column.to_string());
                SqlError::new("42703", format!("column \"{column}\" does not exist")).at(loc).about(about)
            }
            [.., table, column] if self.find_item(None, table).is_some() => {
                let about = About::Column(table.to_string(), column.to_string());
                SqlError::new("42703", format!("column {shown} does not exist")).at(loc).about(about)
            }
            [.., table, _] => {
                SqlError::new("42P01", format!("missing FROM-clause entry for table \"{table}\"")).at(loc)
            }
            [] => SqlError::new("42703", "column does not exist").at(loc),
        }
    }

    /// The type of an expression, where it follows.
    fn type_of(&self, node: &Node) -> Option<Oid> {
        match node {
            Node::Const(Value::Literal(_)) => None,
            Node::Const(value) => value.type_oid(),
            Node::Column { depth, item, column } => {
                let scope = self.scopes.len().checked_sub(1 + depth).and_then(|s| self.scopes.get(s))?;
                scope.items.get(*item)?.columns.get(*column)?.ty
            }
            Node::Cast { ty, .. } => Some(ty.oid),
            _ => None,
        }
    }
}

impl FoundColumn {
    fn node(self) -> Node {
        Node::Column { depth: self.depth, item: self.item, column: self.column }
    }
}

impl Scope {
    fn visible_items(&self) -> std::ops::Range<usize> {
        self.visible.clone().unwrap_or(0..self.items.len())
    }

    fn find_unqualified(&self, depth: usize, name: &Name, loc: Loc) -> Exec<Option<FoundColumn>> {
        let mut found = None;
        for item in self.visible_items() {
            for (column, c) in self.items[item].columns.iter().enumerate() {
                if c.name == *name && !c.merged {
                    if found.is_some() {
                        let message = format!("column reference \"{name}\" is ambiguous");
                        return Err(SqlError::new("42702", message).at(loc).into());
                    }
                    found = Some(FoundColumn { depth, item, column });
                }
            }
        }
        Ok(found)
    }
}
