//! Clauses of queries: WITH, GROUP BY, ORDER BY, WINDOW.

use super::constant::ShowType;
use super::context::{Context, INDENT_STD};
use crate::catalog::tree::{
    CommonTableExpr, CteCycle, CteSearch, Expr, GroupingSet, Query, SortGroupClause, TargetEntry, WindowClause,
};
use crate::catalog::type_oid as t;

/// `FRAMEOPTION_…` (`parsenodes.h`)
mod frame {
    pub const NONDEFAULT: i32 = 0x1;
    pub const RANGE: i32 = 0x2;
    pub const ROWS: i32 = 0x4;
    pub const GROUPS: i32 = 0x8;
    pub const BETWEEN: i32 = 0x10;
    pub const START_UNBOUNDED_PRECEDING: i32 = 0x20;
    pub const END_UNBOUNDED_FOLLOWING: i32 = 0x100;
    pub const START_CURRENT_ROW: i32 = 0x200;
    pub const END_CURRENT_ROW: i32 = 0x400;
    pub const START_OFFSET_PRECEDING: i32 = 0x800;
    pub const END_OFFSET_PRECEDING: i32 = 0x1000;
    pub const START_OFFSET_FOLLOWING: i32 = 0x2000;
    pub const END_OFFSET_FOLLOWING: i32 = 0x4000;
    pub const EXCLUDE_CURRENT_ROW: i32 = 0x8000;
    pub const EXCLUDE_GROUP: i32 = 0x10000;
    pub const EXCLUDE_TIES: i32 = 0x20000;
}

impl<'a> Context<'a> {
    /// `get_with_clause`
    pub(super) fn with_clause(&mut self, query: &'a Query) {
        if query.ctes.is_empty() {
            return;
        }
        self.begin_query();
        for (i, cte) in query.ctes.iter().enumerate() {
            self.push(match (i, query.has_recursive) {
                (0, true) => "WITH RECURSIVE ",
                (0, false) => "WITH ",
                _ => ", ",
            });
            self.cte(cte);
        }
        if self.pretty.indent {
            self.indent_level -= INDENT_STD;
            self.keyword("", 0, 0, 0);
        } else {
            self.push(" ");
        }
    }

    fn cte(&mut self, cte: &'a CommonTableExpr) {
        self.ident(&cte.name);
        if !cte.aliases.is_empty() {
            self.push("(");
            self.idents(&cte.aliases);
            self.push(")");
        }
        self.push(match cte.materialized {
            None => " AS (",
            Some(true) => " AS MATERIALIZED (",
            Some(false) => " AS NOT MATERIALIZED (",
        });
        let newline = |c: &mut Self| {
            if c.pretty.indent {
                c.keyword("", 0, 0, 0);
            }
        };
        newline(self);
        self.query_def(&cte.query, None, true, self.indent_level);
        newline(self);
        self.push(")");
        if let Some(search) = &cte.search {
            self.search(search);
        }
        if let Some(cycle) = &cte.cycle {
            self.cycle(cycle);
        }
    }

    fn search(&mut self, search: &CteSearch) {
        self.push(if search.breadth_first { " SEARCH BREADTH FIRST BY " } else { " SEARCH DEPTH FIRST BY " });
        self.idents(&search.columns);
        self.push(" SET ");
        self.ident(&search.sequence_column);
    }

    fn cycle(&mut self, cycle: &'a CteCycle) {
        self.push(" CYCLE ");
        self.idents(&cycle.columns);
        self.push(" SET ");
        self.ident(&cycle.mark_column);
        let is = |expr: &Expr, wanted: &str| match expr {
            Expr::Const(mark) => mark.ty.oid == t::BOOL && mark.value.as_deref() == Some(wanted),
            _ => false,
        };
        if !(is(&cycle.mark_value, "t") && is(&cycle.mark_default, "f")) {
            self.push(" TO ");
            self.rule_expr(&cycle.mark_value, false);
            self.push(" DEFAULT ");
            self.rule_expr(&cycle.mark_default, false);
        }
        self.push(" USING ");
        self.ident(&cycle.path_column);
    }

    pub(super) fn group_by(&mut self, query: &'a Query) {
        if query.group_clause.is_empty() && query.grouping_sets.is_empty() {
            return;
        }
        self.clause(" GROUP BY ", 1);
        if query.group_distinct {
            self.push("DISTINCT ");
        }
        let saved = std::mem::replace(&mut self.in_group_by, true);
        if query.grouping_sets.is_empty() {
            self.list(&query.group_clause, |c, item| {
                c.sort_group_clause(item.tle_sort_group_ref, &query.targets, false);
            });
        } else {
            self.list(&query.grouping_sets, |c, set| c.grouping_set(set, &query.targets, true));
        }
        self.in_group_by = saved;
    }

    /// `get_rule_groupingset`
    fn grouping_set(&mut self, set: &GroupingSet, targets: &'a [TargetEntry], omit_parens: bool) {
        let (word, content, omit_inside) = match set {
            GroupingSet::Empty => return self.push("()"),
            GroupingSet::Simple(refs) => {
                let parens = !omit_parens || refs.len() != 1;
                return self.in_parens(parens, |c| {
                    c.list(refs, |c, &reference| {
                        c.sort_group_clause(reference, targets, false);
                    });
                });
            }
            GroupingSet::Rollup(content) => ("ROLLUP(", content, true),
            GroupingSet::Cube(content) => ("CUBE(", content, true),
            GroupingSet::Sets(content) => ("GROUPING SETS (", content, false),
        };
        self.push(word);
        self.list(content, |c, inner| c.grouping_set(inner, targets, omit_inside));
        self.push(")");
    }

    /// An expression of the select list where it is sorted or grouped by; `numbers` prints its number
    /// (`get_rule_sortgroupclause`).
    pub(super) fn sort_group_clause(
        &mut self,
        reference: u32,
        targets: &'a [TargetEntry],
        numbers: bool,
    ) -> Option<&'a Expr> {
        let Some(target) = targets.iter().find(|target| target.ressortgroupref == reference) else {
            self.fail("what is sorted by is not selected");
            return None;
        };
        let expr = &target.expr;
        match expr {
            _ if numbers => self.push(&target.resno.to_string()),
            // A bare number would be a column's.
            Expr::Const(constant) => self.constant(constant, ShowType::Always),
            Expr::Var(var) => {
                // From 16 on a column that an output column hides is qualified; before, a view's columns all are.
                let since_16 = self.version() >= 16;
                let saved = std::mem::replace(&mut self.var_in_order_by, since_16);
                self.variable(var, 0, false);
                self.var_in_order_by = saved;
            }
            _ => {
                // What looks like a call could be taken for `cube()` or `rollup()`.
                let parens = self.pretty.paren
                    || matches!(
                        expr,
                        Expr::FuncExpr(_) | Expr::Aggref(_) | Expr::WindowFunc(_) | Expr::JsonConstructorExpr(_)
                    );
                self.in_parens(parens, |c| c.rule_expr(expr, true));
            }
        }
        Some(expr)
    }

    /// `get_rule_orderby`
    pub(super) fn order_by(&mut self, items: &'a [SortGroupClause], targets: &'a [TargetEntry], numbers: bool) {
        self.list(items, |c, item| {
            let Some(expr) = c.sort_group_clause(item.tle_sort_group_ref, targets, numbers) else { return };
            let ty = c.type_of(expr);
            let operators = c.catalog().type_operators(ty);
            if item.sort == operators.lt {
                if item.nulls_first {
                    c.push(" NULLS FIRST");
                }
            } else if item.sort == operators.gt {
                c.push(if item.nulls_first { " DESC" } else { " DESC NULLS LAST" });
            } else {
                let name = c.generate_operator_name(item.sort, ty, ty);
                let nulls = if item.nulls_first { "FIRST" } else { "LAST" };
                c.push(&format!(" USING {name} NULLS {nulls}"));
            }
        });
    }

    /// `get_rule_windowclause`
    pub(super) fn window_clause(&mut self, query: &'a Query) {
        let mut first = true;
        for window in &query.window_clause {
            let Some(name) = &window.name else { continue };
            if std::mem::take(&mut first) {
                self.clause(" WINDOW ", 1);
            } else {
                self.push(", ");
            }
            self.ident(name);
            self.push(" AS ");
            self.window_spec(window, &query.targets);
        }
    }

    /// `get_rule_windowspec`
    pub(super) fn window_spec(&mut self, window: &'a WindowClause, targets: &'a [TargetEntry]) {
        self.push("(");
        let mut space = false;
        let mut separate = |c: &mut Self| {
            if std::mem::replace(&mut space, true) {
                c.push(" ");
            }
        };
        if let Some(name) = &window.refname {
            separate(self);
            self.ident(name);
        }
        // What is copied from another window is not printed.
        if !window.partition.is_empty() && window.refname.is_none() {
            separate(self);
            self.push("PARTITION BY ");
            self.list(&window.partition, |c, item| {
                c.sort_group_clause(item.tle_sort_group_ref, targets, false);
            });
        }
        if !window.order.is_empty() && !window.copied_order {
            separate(self);
            self.push("ORDER BY ");
            self.order_by(&window.order, targets, false);
        }
        if window.frame_options & frame::NONDEFAULT != 0 {
            separate(self);
            self.frame(window);
        }
        self.push(")");
    }

    fn frame(&mut self, window: &'a WindowClause) {
        let has = |bit: i32| window.frame_options & bit != 0;
        self.push(if has(frame::RANGE) {
            "RANGE "
        } else if has(frame::ROWS) {
            "ROWS "
        } else if has(frame::GROUPS) {
            "GROUPS "
        } else {
            ""
        });
        if has(frame::BETWEEN) {
            self.push("BETWEEN ");
        }
        if has(frame::START_UNBOUNDED_PRECEDING) {
            self.push("UNBOUNDED PRECEDING");
        } else if has(frame::START_CURRENT_ROW) {
            self.push("CURRENT ROW");
        } else if let Some(offset) = &window.start_offset {
            self.rule_expr(offset, false);
            self.push(direction(has(frame::START_OFFSET_PRECEDING), has(frame::START_OFFSET_FOLLOWING)));
        }
        if has(frame::BETWEEN) {
            self.push(" AND ");
            if has(frame::END_UNBOUNDED_FOLLOWING) {
                self.push("UNBOUNDED FOLLOWING");
            } else if has(frame::END_CURRENT_ROW) {
                self.push("CURRENT ROW");
            } else if let Some(offset) = &window.end_offset {
                self.rule_expr(offset, false);
                self.push(direction(has(frame::END_OFFSET_PRECEDING), has(frame::END_OFFSET_FOLLOWING)));
            }
        }
        if has(frame::EXCLUDE_CURRENT_ROW) {
            self.push(" EXCLUDE CURRENT ROW");
        } else if has(frame::EXCLUDE_GROUP) {
            self.push(" EXCLUDE GROUP");
        } else if has(frame::EXCLUDE_TIES) {
            self.push(" EXCLUDE TIES");
        }
    }
}

fn direction(preceding: bool, following: bool) -> &'static str {
    match (preceding, following) {
        (true, _) => " PRECEDING",
        (false, true) => " FOLLOWING",
        (false, false) => "",
    }
}
