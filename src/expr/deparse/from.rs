//! FROM (`get_from_clause`).

use super::columns::Columns;
use super::context::{Context, INDENT_JOIN, INDENT_STD, INDENT_VAR};
use super::names::relation_name;
use crate::catalog::tree::{Expr, JoinExpr, JoinTree, Query, RangeTblEntry, RangeTblFunction, RteKind, TableSample};
use crate::catalog::{Oid, type_oid as t};
use crate::sql::ast::JoinKind;

/// `unnest(anyarray)`
const UNNEST: Oid = Oid(2331);

impl<'a> Context<'a> {
    /// FROM, or USING of DELETE and MERGE.
    pub(super) fn print_from(&mut self, query: &'a Query, word: &str) {
        let mut first = true;
        for node in &query.jointree.from {
            // The target of a command and OLD and NEW were not written.
            if let JoinTree::Ref(number) = node
                && !query.rte(*number).is_some_and(|rte| rte.in_from)
            {
                continue;
            }
            if std::mem::take(&mut first) {
                self.clause(word, 2);
                self.print_from_item(node, query);
                continue;
            }
            self.push(", ");
            let (text, ()) = self.apart(|c| c.print_from_item(node, query));
            if self.pretty.indent && self.wrap_column >= 0 {
                if text.starts_with('\n') {
                    self.remove_spaces();
                } else if self.line_length() + text.len() > usize::try_from(self.wrap_column).unwrap_or(0) {
                    self.clause("", INDENT_VAR);
                }
            }
            self.push(&text);
        }
    }

    fn columns(&self, number: u32) -> Columns {
        let found = self.namespaces.last().and_then(|namespace| namespace.columns_of(number));
        found.cloned().unwrap_or_default()
    }

    /// `get_from_clause_item`
    fn print_from_item(&mut self, node: &'a JoinTree, query: &'a Query) {
        match node {
            JoinTree::Ref(number) => match query.rte(*number) {
                Some(rte) => self.print_from_entry(*number, rte),
                None => self.fail("FROM has a table that is not there"),
            },
            JoinTree::Join(join) => self.join(join, query),
        }
    }

    fn print_from_entry(&mut self, number: u32, rte: &'a RangeTblEntry) {
        let columns = self.columns(number);
        if rte.lateral {
            self.push("LATERAL ");
        }
        let mut definition: Option<&'a RangeTblFunction> = None;
        match &rte.kind {
            RteKind::Relation { relation, .. } => {
                let name = self.generate_relation_name(*relation, true);
                self.push(only(rte));
                self.push(&name);
            }
            RteKind::Subquery(query) => {
                self.push("(");
                self.query_def(query, None, true, self.indent_level);
                self.push(")");
            }
            RteKind::Function { functions, ordinality } => {
                definition = self.print_from_functions(functions, *ordinality);
                if *ordinality {
                    self.push(" WITH ORDINALITY");
                }
            }
            RteKind::TableFunc(table) => self.table_func(table, true),
            RteKind::Values { rows, .. } => {
                self.push("(");
                self.values(rows);
                self.push(")");
            }
            RteKind::Cte { name, .. } => self.ident(name),
            RteKind::NamedTuplestore { name, .. } => self.ident(name),
            RteKind::Join(_) | RteKind::Result => self.fail("FROM has an entry without a text"),
        }
        self.rte_alias(number, rte, false);
        match definition {
            Some(function) => self.column_definitions(function, Some(&columns)),
            None => self.column_aliases(&columns),
        }
        if let RteKind::Relation { sample: Some(sample), .. } = &rte.kind {
            self.table_sample(sample);
        }
    }

    /// Functions in FROM. The one is returned whose column definition list stands behind the alias.
    fn print_from_functions(
        &mut self,
        functions: &'a [RangeTblFunction],
        ordinality: bool,
    ) -> Option<&'a RangeTblFunction> {
        if let [one] = functions
            && (one.definition.is_empty() || !ordinality)
        {
            self.rule_expr_call(&one.expr, true);
            return Some(one).filter(|one| !one.definition.is_empty());
        }
        // Several calls of `unnest` were one of several arguments.
        let unnest = |function: &'a RangeTblFunction| match &function.expr {
            Expr::FuncExpr(call) if call.function == UNNEST && function.definition.is_empty() => Some(&call.args),
            _ => None,
        };
        if let Some(args) = functions.iter().map(unnest).collect::<Option<Vec<_>>>() {
            self.push("UNNEST(");
            self.exprs(args.into_iter().flatten(), true);
            self.push(")");
            return None;
        }
        self.push("ROWS FROM(");
        self.list(functions, |c, function| {
            c.rule_expr_call(&function.expr, true);
            if !function.definition.is_empty() {
                c.push(" AS ");
                c.column_definitions(function, None);
            }
        });
        self.push(")");
        None
    }

    /// `get_from_clause_coldeflist`
    fn column_definitions(&mut self, function: &'a RangeTblFunction, columns: Option<&Columns>) {
        self.push("(");
        self.list(function.definition.iter().enumerate(), |c, (i, column)| {
            let name = columns.and_then(|columns| columns.names.get(i)).cloned().flatten();
            c.ident(name.as_ref().unwrap_or(&column.name));
            let ty = c.format_type(column.ty);
            c.push(&format!(" {ty}"));
            if column.collation != Oid::INVALID && column.collation != c.catalog().type_collation(column.ty.oid) {
                c.collate(column.collation);
            }
        });
        self.push(")");
    }

    /// `get_column_alias_list`
    fn column_aliases(&mut self, columns: &Columns) {
        if columns.print_aliases && !columns.new_names.is_empty() {
            self.push("(");
            self.idents(&columns.new_names);
            self.push(")");
        }
    }

    /// The alias, where the name alone would not do (`get_rte_alias`).
    pub(super) fn rte_alias(&mut self, number: u32, rte: &'a RangeTblEntry, with_as: bool) {
        let namespace = self.namespaces.last();
        let Some(name) = namespace.and_then(|namespace| namespace.name(number)).cloned() else { return };
        let print = rte.alias.is_some()
            || self.columns(number).print_aliases
            || match &rte.kind {
                RteKind::Relation { relation, .. } => {
                    relation_name(self.catalog(), *relation).is_none_or(|(_, real)| name != real)
                }
                RteKind::Function { .. } | RteKind::Subquery(_) | RteKind::Values { .. } => true,
                RteKind::Cte { name: real, .. } => name != *real,
                RteKind::Join(_) | RteKind::TableFunc(_) | RteKind::NamedTuplestore { .. } | RteKind::Result => false,
            };
        if print {
            self.push(if with_as { " AS " } else { " " });
            self.ident(&name);
        }
    }

    fn join(&mut self, join: &'a JoinExpr, query: &'a Query) {
        let outer = !self.pretty.paren || join.alias.is_some();
        let right = self.pretty.paren
            && match &join.right {
                JoinTree::Ref(_) => false,
                JoinTree::Join(right) => right.alias.is_none(),
            };
        self.in_parens(outer, |c| {
            c.print_from_item(&join.left, query);
            let word = match join.kind {
                JoinKind::Inner if join.quals.is_some() => " JOIN ",
                JoinKind::Inner => " CROSS JOIN ",
                JoinKind::Left => " LEFT JOIN ",
                JoinKind::Full => " FULL JOIN ",
                JoinKind::Right => " RIGHT JOIN ",
            };
            c.keyword(word, -INDENT_STD, INDENT_STD, INDENT_JOIN);
            c.in_parens(right, |c| c.print_from_item(&join.right, query));
            if !join.using.is_empty() {
                c.push(" USING (");
                let columns = c.columns(join.rtindex);
                c.idents(&columns.using_names);
                c.push(")");
                if let Some(alias) = &join.using_alias {
                    c.push(" AS ");
                    c.ident(&alias.name);
                }
            } else if let Some(quals) = &join.quals {
                c.push(" ON ");
                c.open();
                c.rule_expr(quals, false);
                c.close();
            } else if join.kind != JoinKind::Inner {
                // Only a NATURAL JOIN without common columns has no condition.
                c.push(" ON TRUE");
            }
        });
        if join.alias.is_some() {
            self.push(" ");
            self.table_name(join.rtindex);
            let columns = self.columns(join.rtindex);
            self.column_aliases(&columns);
        }
    }

    /// `get_tablesample_def`
    fn table_sample(&mut self, sample: &'a TableSample) {
        self.push(" TABLESAMPLE ");
        let name = self.generate_function_name(sample.handler, &[], &[t::INTERNAL], false);
        self.push(&name);
        self.push(" (");
        self.exprs(&sample.args, false);
        self.push(")");
        if let Some(seed) = &sample.repeatable {
            self.push(" REPEATABLE (");
            self.rule_expr(seed, false);
            self.push(")");
        }
    }
}

/// `ONLY` (`only_marker`).
pub(super) fn only(rte: &RangeTblEntry) -> &'static str {
    if rte.inherit { "" } else { "ONLY " }
}
