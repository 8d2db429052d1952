//! Queries (`get_query_def`, `get_select_query_def`).

use super::context::{Context, INDENT_STD, INDENT_VAR};
use super::namespace::Namespace;
use crate::catalog::tree::{CommandType, Expr, Query, RangeTblEntry, RteKind, SetOperation, TargetEntry, Utility};
use crate::sql::ast::{LockStrength, LockWait, Name, SetOp};

/// The entries that the rule of a view has before 16.
pub(super) const RULE_ENTRIES: &[&str] = &["old", "new"];

/// Where a query stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Anywhere.
    Plain,
    /// It is the query of a view.
    View,
    /// It is the `RETURN` of a function.
    Return,
}

impl<'a> Context<'a> {
    /// A query. `result_names` are the names that a view's columns have now; without `names_visible` nobody cares how its
    /// columns are called (`get_query_def`).
    pub(super) fn query_def(
        &mut self,
        query: &'a Query,
        result_names: Option<&'a [Name]>,
        names_visible: bool,
        indent_level: i32,
    ) {
        self.standing_query(query, result_names, names_visible, indent_level, Standing::Plain);
    }

    pub(super) fn standing_query(
        &mut self,
        query: &'a Query,
        result_names: Option<&'a [Name]>,
        names_visible: bool,
        indent_level: i32,
        standing: Standing,
    ) {
        // Before 16 the range table of a view's rule begins with OLD and NEW, which are in nobody's way but have names.
        let hidden = if standing == Standing::View && self.version() < 16 { RULE_ENTRIES } else { &[] };
        let namespace = Namespace::of_query(self.env, query, &self.namespaces, hidden);
        let select = query.command == CommandType::Select;
        let saved = (
            std::mem::replace(&mut self.result_names, result_names.filter(|_| select)),
            std::mem::take(&mut self.targets),
            std::mem::take(&mut self.windows),
            self.var_prefix,
            std::mem::replace(&mut self.indent_level, indent_level),
            std::mem::replace(&mut self.column_names_visible, names_visible),
            std::mem::take(&mut self.in_group_by),
            std::mem::take(&mut self.var_in_order_by),
        );
        self.var_prefix = !self.namespaces.is_empty() || query.rtable.len() + hidden.len() != 1;
        self.namespaces.push(namespace);
        match query.command {
            CommandType::Select => self.select_query(query, standing == Standing::Return),
            CommandType::Update => self.update_query(query),
            CommandType::Insert => self.insert_query(query),
            CommandType::Delete => self.delete_query(query),
            CommandType::Merge => self.merge_query(query),
            CommandType::Nothing => self.push("NOTHING"),
            CommandType::Utility => self.utility_query(query),
        }
        self.namespaces.pop();
        (
            self.result_names,
            self.targets,
            self.windows,
            self.var_prefix,
            self.indent_level,
            self.column_names_visible,
            self.in_group_by,
            self.var_in_order_by,
        ) = saved;
    }

    /// `get_select_query_def`
    fn select_query(&mut self, query: &'a Query, is_return: bool) {
        self.with_clause(query);
        self.targets = &query.targets;
        self.windows = &query.window_clause;
        // Above a set operation ORDER BY can only have columns of the result.
        let numbers = query.set_operations.is_some();
        match &query.set_operations {
            Some(operations) => self.set_operation(operations, query),
            None => self.basic_select(query, is_return),
        }
        if !query.sort_clause.is_empty() {
            self.clause(" ORDER BY ", 1);
            self.order_by(&query.sort_clause, &query.targets, numbers);
        }
        if let Some(offset) = &query.limit_offset {
            self.clause(" OFFSET ", 0);
            self.rule_expr(offset, false);
        }
        if let Some(count) = &query.limit_count {
            if query.limit_with_ties {
                // The grammar takes a `c_expr` here.
                self.clause(" FETCH FIRST ", 0);
                self.push("(");
                self.rule_expr(count, false);
                self.push(") ROWS WITH TIES");
            } else {
                self.clause(" LIMIT ", 0);
                match count {
                    Expr::Const(constant) if constant.value.is_none() => self.push("ALL"),
                    _ => self.rule_expr(count, false),
                }
            }
        }
        if query.has_for_update {
            self.row_marks(query);
        }
    }

    fn row_marks(&mut self, query: &'a Query) {
        for mark in query.row_marks.iter().filter(|mark| !mark.pushed_down) {
            self.clause(
                match mark.strength {
                    LockStrength::KeyShare => " FOR KEY SHARE",
                    LockStrength::Share => " FOR SHARE",
                    LockStrength::NoKeyUpdate => " FOR NO KEY UPDATE",
                    LockStrength::Update => " FOR UPDATE",
                },
                0,
            );
            self.push(" OF ");
            self.table_name(mark.rti);
            self.push(match mark.wait {
                LockWait::Block => "",
                LockWait::Error => " NOWAIT",
                LockWait::Skip => " SKIP LOCKED",
            });
        }
    }

    /// The name of an entry of this query (`get_rtable_name`).
    pub(super) fn table_name(&mut self, number: u32) {
        let name = self.namespaces.last().and_then(|namespace| namespace.name(number)).cloned();
        self.ident(name.as_deref().unwrap_or_default());
    }

    /// The VALUES that a query is nothing else than (`get_simple_values_rte`).
    fn simple_values(&self, query: &'a Query) -> Option<&'a RangeTblEntry> {
        let mut found: Option<&'a RangeTblEntry> = None;
        for rte in &query.rtable {
            match rte.kind {
                RteKind::Values { .. } if rte.in_from && found.is_none() => found = Some(rte),
                RteKind::Relation { .. } if !rte.in_from => {}
                _ => return None,
            }
        }
        let found = found?;
        if query.targets.len() != found.eref.columns.len() {
            return None;
        }
        let same = query.targets.iter().zip(&found.eref.columns).enumerate().all(|(i, (target, column))| {
            let name = self.result_names.and_then(|names| names.get(i)).or(target.name.as_ref());
            !target.junk && name == Some(column)
        });
        same.then_some(found)
    }

    /// `get_basic_select_query`
    fn basic_select(&mut self, query: &'a Query, is_return: bool) {
        self.begin_query();
        if let Some(RangeTblEntry { kind: RteKind::Values { rows, .. }, .. }) = self.simple_values(query) {
            self.values(rows);
            return;
        }
        self.push(if is_return { "RETURN" } else { "SELECT" });
        if query.has_distinct_on {
            self.push(" DISTINCT ON (");
            self.list(&query.distinct_clause, |c, item| {
                c.sort_group_clause(item.tle_sort_group_ref, &query.targets, false);
            });
            self.push(")");
        } else if !query.distinct_clause.is_empty() {
            self.push(" DISTINCT");
        }
        self.target_list(&query.targets);
        self.print_from(query, " FROM ");
        self.where_clause(query);
        self.group_by(query);
        if let Some(having) = &query.having {
            self.clause(" HAVING ", 0);
            self.rule_expr(having, false);
        }
        self.window_clause(query);
    }

    /// The first word of a query stands a level deeper, so that its clauses line up under it.
    pub(super) fn begin_query(&mut self) {
        if self.pretty.indent {
            self.indent_level += INDENT_STD;
            self.push(" ");
        }
    }

    pub(super) fn where_clause(&mut self, query: &'a Query) {
        if let Some(quals) = &query.jointree.quals {
            self.clause(" WHERE ", 1);
            self.rule_expr(quals, false);
        }
    }

    /// `get_values_def`
    pub(super) fn values(&mut self, rows: &'a [Vec<Expr>]) {
        self.push("VALUES ");
        self.list(rows, |c, row| {
            c.push("(");
            for (i, value) in row.iter().enumerate() {
                if i > 0 {
                    c.push(",");
                }
                c.top_level_expr(value, false);
            }
            c.push(")");
        });
    }

    /// The select list, or that of RETURNING (`get_target_list`).
    pub(super) fn target_list(&mut self, targets: &'a [TargetEntry]) {
        let mut last_was_multiline = false;
        for (i, target) in targets.iter().filter(|target| !target.junk).enumerate() {
            self.push(if i == 0 { " " } else { ", " });
            let (text, ()) = self.apart(|c| c.target(target, i));
            if self.pretty.indent && self.wrap_column >= 0 {
                let rest = match text.strip_prefix('\n') {
                    Some(rest) => {
                        self.remove_spaces();
                        rest
                    }
                    None => {
                        let too_long = self.line_length() + text.len() > usize::try_from(self.wrap_column).unwrap_or(0);
                        if i > 0 && (too_long || last_was_multiline) {
                            self.clause("", INDENT_VAR);
                        }
                        &text
                    }
                };
                last_was_multiline = rest.contains('\n');
            }
            self.push(&text);
        }
    }

    fn target(&mut self, target: &'a TargetEntry, index: usize) {
        let shown = match &target.expr {
            Expr::Var(var) => self.variable(var, 0, true),
            expr => {
                self.rule_expr(expr, true);
                // A name that would be made up is left out where it does not matter.
                (!self.column_names_visible).then(|| "?column?".into())
            }
        };
        let wanted = self.result_names.and_then(|names| names.get(index)).or(target.name.as_ref());
        if let Some(wanted) = wanted
            && shown.as_ref() != Some(wanted)
        {
            self.push(" AS ");
            self.ident(wanted);
        }
    }

    /// `get_setop_query`
    fn set_operation(&mut self, operation: &'a SetOperation, query: &'a Query) {
        match operation {
            SetOperation::Leaf(number) => {
                let rte = (*number as usize).checked_sub(1).and_then(|index| query.rtable.get(index));
                let Some(RangeTblEntry { kind: RteKind::Subquery(leaf), .. }) = rte else {
                    return self.fail("a part of a set operation that is no query");
                };
                let parens = !leaf.ctes.is_empty()
                    || !leaf.sort_clause.is_empty()
                    || !leaf.row_marks.is_empty()
                    || leaf.limit_offset.is_some()
                    || leaf.limit_count.is_some()
                    || leaf.set_operations.is_some();
                let (names, visible) = (self.result_names, self.column_names_visible);
                self.in_parens(parens, |c| c.query_def(leaf, names, visible, c.indent_level));
            }
            SetOperation::Node { op, all, left, right, .. } => {
                let other = |side: &SetOperation| match side {
                    SetOperation::Leaf(_) => false,
                    SetOperation::Node { op: inner, all: inner_all, .. } => (inner, inner_all) != (op, all),
                };
                let parens = other(left);
                let indent = if parens { INDENT_STD } else { 0 };
                if parens {
                    self.push("(");
                    self.keyword("", indent, 0, 0);
                }
                self.set_operation(left, query);
                if parens {
                    self.keyword(") ", -indent, 0, 0);
                } else if self.pretty.indent {
                    self.keyword("", -indent, 0, 0);
                } else {
                    self.push(" ");
                }
                self.push(match op {
                    SetOp::Union => "UNION ",
                    SetOp::Intersect => "INTERSECT ",
                    SetOp::Except => "EXCEPT ",
                });
                if *all {
                    self.push("ALL ");
                }
                let parens = matches!(right.as_ref(), SetOperation::Node { .. });
                let indent = if parens { INDENT_STD } else { 0 };
                if parens {
                    self.push("(");
                }
                self.keyword("", indent, 0, 0);
                let visible = std::mem::replace(&mut self.column_names_visible, false);
                self.set_operation(right, query);
                self.column_names_visible = visible;
                if self.pretty.indent {
                    self.indent_level -= indent;
                }
                if parens {
                    self.keyword(")", 0, 0, 0);
                }
            }
        }
    }

    /// `get_utility_query_def`
    fn utility_query(&mut self, query: &'a Query) {
        match &query.utility {
            Some(Utility::Notify(channel, payload)) => {
                self.keyword("", 0, INDENT_STD, 1);
                self.push("NOTIFY ");
                self.ident(channel);
                if let Some(payload) = payload {
                    self.push(", ");
                    self.literal(payload);
                }
            }
            None => self.fail("a utility statement in a rule"),
        }
    }
}
