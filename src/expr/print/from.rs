//! The FROM clause (`ruleutils.c: get_from_clause`, `get_from_clause_item`).

use super::{INDENT_JOIN, INDENT_STD, INDENT_VAR, Writer};
use crate::catalog::{Binding, Object};
use crate::sql::ast::*;

impl Writer<'_> {
    pub(super) fn from(&mut self, from: &[TableRef], prefix: &str) {
        // The items of the scope are met in the order in which they were collected.
        let mut at = 0;
        for (i, table) in from.iter().enumerate() {
            if i == 0 {
                self.keyword(prefix, -INDENT_STD, INDENT_STD, 2);
                self.table(table, &mut at);
                continue;
            }
            self.push(", ");
            if self.indent {
                self.keyword("", -INDENT_STD, INDENT_STD, INDENT_VAR);
            }
            self.table(table, &mut at);
        }
    }

    /// The name that the next table of the scope is shown under.
    fn next_name(&self, at: &mut usize) -> Name {
        let item = self.scopes.last().and_then(|s| s.items.get(*at));
        *at += 1;
        item.map(|i| i.shown.clone()).unwrap_or_default()
    }

    fn table(&mut self, table: &TableRef, at: &mut usize) {
        match table {
            TableRef::Relation { relation, sample } => {
                let shown = self.next_name(at);
                if relation.only {
                    self.push("ONLY ");
                }
                self.relation_name(relation);
                self.relation_alias(relation, &shown);
                if let Some(sample) = sample {
                    self.push(" TABLESAMPLE ");
                    self.function_name(&sample.method);
                    self.push(" (");
                    self.exprs(&sample.args);
                    self.push(")");
                    if let Some(seed) = &sample.repeatable {
                        self.push(" REPEATABLE (");
                        self.expr(seed);
                        self.push(")");
                    }
                }
            }
            TableRef::Subquery { lateral, query, alias } => {
                let shown = self.next_name(at);
                self.push(if *lateral { "LATERAL (" } else { "(" });
                // Without LATERAL the tables beside the sub-query are out of sight.
                let beside = if *lateral { None } else { self.scopes.last_mut().map(std::mem::take) };
                self.query(query, None, true);
                if let (Some(beside), Some(scope)) = (beside, self.scopes.last_mut()) {
                    *scope = beside;
                }
                self.push(")");
                if let Some(alias) = alias {
                    self.alias(&shown, &alias.columns);
                }
            }
            TableRef::Function { lateral, ordinality, rows_from, functions, alias, columns, loc: _ } => {
                let known = self.scopes.last().and_then(|s| s.items.get(*at)).and_then(|i| i.columns.clone());
                let shown = self.next_name(at);
                if *lateral || (self.is_stored() && self.is_lateral(functions)) {
                    self.push("LATERAL ");
                }
                if *rows_from {
                    self.push("ROWS FROM(");
                }
                self.list(functions, |w, function| {
                    w.expr(&function.call);
                    if !function.columns.is_empty() {
                        w.push(" AS ");
                        w.column_specs(&function.columns);
                    }
                });
                if *rows_from {
                    self.push(")");
                }
                if *ordinality {
                    self.push(" WITH ORDINALITY");
                }
                if !columns.is_empty() {
                    self.push(if self.is_stored() || alias.is_some() { " " } else { " AS " });
                    if alias.is_some() || self.is_stored() {
                        self.ident(&shown);
                    }
                    self.column_specs(columns);
                } else if self.is_stored() {
                    // PostgreSQL always writes the names of a function's columns.
                    let written = alias.as_ref().map(|a| a.columns.clone()).unwrap_or_default();
                    self.alias(&shown, &known.unwrap_or(written));
                } else if let Some(alias) = alias {
                    self.alias(&alias.name, &alias.columns);
                }
            }
            TableRef::Join(join) => self.join(join, at),
            TableRef::XmlTable(_) | TableRef::JsonTable(_) | TableRef::Unmodelled { .. } => {
                self.push(table.what());
                if let Some(alias) = table.alias() {
                    let shown = self.next_name(at);
                    self.alias(&shown, &alias.columns);
                }
            }
        }
    }

    fn join(&mut self, join: &Join, at: &mut usize) {
        self.push("(");
        self.table(&join.left, at);
        let has_condition = join.on.is_some() || !join.using.is_empty() || join.natural;
        let mut words = String::from(" ");
        if join.natural {
            words.push_str("NATURAL ");
        }
        words.push_str(match join.kind {
            JoinKind::Inner if has_condition => "JOIN ",
            JoinKind::Inner => "CROSS JOIN ",
            JoinKind::Left => "LEFT JOIN ",
            JoinKind::Full => "FULL JOIN ",
            JoinKind::Right => "RIGHT JOIN ",
        });
        self.keyword(&words, -INDENT_STD, INDENT_STD, INDENT_JOIN);
        self.table(&join.right, at);
        if !join.using.is_empty() {
            self.push(" USING (");
            self.idents(&join.using);
            self.push(")");
            if let Some(alias) = &join.using_alias {
                self.push(" AS ");
                self.ident(alias);
            }
        } else if let Some(on) = &join.on {
            self.push(" ON (");
            self.expr(on);
            self.push(")");
        }
        self.push(")");
        if let Some(alias) = &join.alias {
            let shown = self.next_name(at);
            self.alias(&shown, &alias.columns);
        }
        if join.using_alias.is_some() {
            *at += 1;
        }
    }

    fn alias(&mut self, name: &str, columns: &[Name]) {
        self.push(" ");
        self.ident(name);
        if !columns.is_empty() {
            self.push("(");
            self.idents(columns);
            self.push(")");
        }
    }

    /// The alias of a relation, or the one that it needs because its name is taken.
    pub(super) fn relation_alias(&mut self, relation: &RangeVar, shown: &str) {
        match &relation.alias {
            Some(alias) => self.alias(shown, &alias.columns),
            None if self.is_stored() && self.current_name(relation).as_deref() != Some(shown) => self.alias(shown, &[]),
            None => {}
        }
    }

    fn current_name(&self, relation: &RangeVar) -> Option<Name> {
        match (self.stored, self.binding(relation.name.loc)) {
            (Some(stored), Some(Binding::Object(Object::Relation(oid)))) => {
                stored.catalog.relation(oid).map(|r| r.name.clone())
            }
            _ => Some(relation.name.name.clone()),
        }
    }

    /// The name of a relation, without its alias.
    pub(super) fn relation_name(&mut self, relation: &RangeVar) {
        if let (Some(stored), Some(Binding::Object(Object::Relation(oid)))) =
            (self.stored, self.binding(relation.name.loc))
        {
            let name = stored.catalog.relation_name(oid, stored.path);
            return self.push(&name);
        }
        if let (Some(catalog), false) = (&relation.catalog, self.is_stored()) {
            self.ident(catalog);
            self.push(".");
        }
        self.qualified_name(&relation.name);
    }

    fn column_specs(&mut self, columns: &[ColumnSpec]) {
        self.push("(");
        self.list(columns, |w, column| {
            w.ident(&column.name);
            w.push(" ");
            w.type_name(&column.ty);
        });
        self.push(")");
    }
}
