//! Queries (`ruleutils.c: get_select_query_def` and what it calls).

use super::scope::Scope;
use super::{INDENT_STD, INDENT_VAR, Writer};
use crate::expr::infer::column_name;
use crate::sql::ast::*;

impl Writer<'_> {
    /// The query of a view, or another one that nothing is around.
    pub(super) fn top_query(&mut self, query: &Query, columns: Option<&[Name]>) {
        self.query_at(query, columns, true, true);
    }

    /// A query, whose columns have these names from outside, and `visible` ones: then even `?column?` is written.
    pub(super) fn query(&mut self, query: &Query, columns: Option<&[Name]>, visible: bool) {
        self.query_at(query, columns, visible, false);
    }

    fn query_at(&mut self, query: &Query, columns: Option<&[Name]>, visible: bool, top: bool) {
        let indent_level = self.indent_level;
        let ctes = self.push_ctes(query.with.as_ref());
        // The common table expressions see the names of the query's tables, which theirs must differ from.
        let mut scope = match &query.body {
            QueryBody::Select(select) => self.scope_of(&select.from, None),
            QueryBody::Values(_) | QueryBody::SetOp { .. } => Scope::default(),
        };
        // Up to 15 the range table of a view has two entries of its own, for OLD and NEW.
        scope.prefix = !top || self.builtins.version() < 16 || scope.items.len() != 1;
        self.scopes.push(scope);
        if let Some(with) = &query.with {
            self.with(with);
        }
        match &query.body {
            QueryBody::Select(select) => {
                self.select(select, columns, visible);
                self.sort(&query.order_by, Some(select), None);
            }
            QueryBody::Values(rows) => {
                self.begin_select();
                self.values(rows);
                self.sort(&query.order_by, None, None);
            }
            QueryBody::SetOp { op, all, left, right } => {
                self.set_op(*op, *all, left, right, columns, visible);
                self.sort(&query.order_by, None, first_select(left));
            }
        }
        self.limit(query);
        self.scopes.pop();
        self.locking(&query.locking);
        self.ctes.truncate(ctes);
        self.indent_level = indent_level;
    }

    fn begin_select(&mut self) {
        if self.indent {
            self.indent_level += INDENT_STD;
            self.push(" ");
        }
    }

    /// `ruleutils.c: get_with_clause`
    pub(super) fn with(&mut self, with: &With) {
        if self.indent {
            self.indent_level += INDENT_STD;
            self.push(" ");
        }
        self.push(if with.recursive { "WITH RECURSIVE " } else { "WITH " });
        self.list(&with.ctes, |w, cte| {
            w.ident(&cte.name);
            if !cte.columns.is_empty() {
                w.push("(");
                w.idents(&cte.columns);
                w.push(")");
            }
            w.push(match cte.materialized {
                Some(true) => " AS MATERIALIZED (",
                Some(false) => " AS NOT MATERIALIZED (",
                None => " AS (",
            });
            if w.indent {
                w.keyword("", 0, 0, 0);
            }
            match &cte.body {
                CteBody::Query(query) => w.query(query, None, true),
                CteBody::Insert(insert) => w.insert(insert),
                CteBody::Update(update) => w.update(update),
                CteBody::Delete(delete) => w.delete(delete),
                CteBody::Merge(merge) => w.merge(merge),
            }
            if w.indent {
                w.keyword("", 0, 0, 0);
            }
            w.push(")");
        });
        if self.indent {
            self.indent_level -= INDENT_STD;
            self.keyword("", 0, 0, 0);
        } else {
            self.push(" ");
        }
    }

    /// `ruleutils.c: get_basic_select_query`
    fn select(&mut self, select: &Select, columns: Option<&[Name]>, visible: bool) {
        self.begin_select();
        self.push("SELECT");
        match &select.distinct {
            Distinct::No => {}
            Distinct::All => self.push(" DISTINCT"),
            Distinct::On(keys) => {
                self.push(" DISTINCT ON (");
                self.list(keys, |w, key| w.sort_key(key, Some(select), None));
                self.push(")");
            }
        }
        self.targets(&select.targets, columns, visible);
        if let Some(into) = &select.into {
            self.push(" INTO ");
            self.push(match into.relation.persistence {
                Persistence::Permanent => "",
                Persistence::Unlogged => "UNLOGGED ",
                Persistence::Temporary => "TEMPORARY ",
            });
            self.relation_name(&into.relation);
        }
        self.from(&select.from, " FROM ");
        self.filter(select.filter.as_ref());
        if !select.group_by.is_empty() {
            self.keyword(" GROUP BY ", -INDENT_STD, INDENT_STD, 1);
            if select.group_distinct {
                self.push("DISTINCT ");
            }
            self.list(&select.group_by, |w, group| w.group_by(group, select, true));
        }
        if let Some(having) = &select.having {
            self.keyword(" HAVING ", -INDENT_STD, INDENT_STD, 0);
            self.expr(having);
        }
        if !select.windows.is_empty() {
            self.keyword(" WINDOW ", -INDENT_STD, INDENT_STD, 1);
            self.list(&select.windows, |w, window| {
                w.ident(window.name.as_deref().unwrap_or_default());
                w.push(" AS ");
                w.window_spec(window);
            });
        }
    }

    pub(super) fn filter(&mut self, filter: Option<&Expr>) {
        if let Some(filter) = filter {
            self.keyword(" WHERE ", -INDENT_STD, INDENT_STD, 1);
            self.expr(filter);
        }
    }

    /// `ruleutils.c: get_target_list`, where every element gets a line.
    pub(super) fn targets(&mut self, targets: &[Target], columns: Option<&[Name]>, visible: bool) {
        for (i, target) in targets.iter().enumerate() {
            self.push(if i == 0 { " " } else { ", " });
            let before = std::mem::take(&mut self.buf);
            self.target(target, columns.and_then(|c| c.get(i)), visible);
            let text = std::mem::replace(&mut self.buf, before);
            if self.indent {
                if text.starts_with('\n') {
                    let kept = self.buf.trim_end_matches(' ').len();
                    self.buf.truncate(kept);
                } else if i > 0 {
                    self.keyword("", -INDENT_STD, INDENT_STD, INDENT_VAR);
                }
            }
            self.buf.push_str(&text);
        }
    }

    fn target(&mut self, target: &Target, outer_name: Option<&Name>, visible: bool) {
        let Some(value) = &target.value else { return };
        self.expr(value);
        if matches!(value.kind, ExprKind::Star(_)) {
            return;
        }
        if !self.is_stored() {
            if let Some(name) = &target.name {
                self.push(" AS ");
                self.ident(name);
            }
            return;
        }
        let name = outer_name.or(target.name.as_ref()).cloned().unwrap_or_else(|| column_name(value));
        let shown = match &value.kind {
            ExprKind::Column(parts) => {
                let shown = self.shown_column(parts, value.loc);
                if shown.is_none()
                    && let Some(crate::catalog::Binding::Object(crate::catalog::Object::Relation(row))) =
                        self.binding(value.loc)
                    && let Some(stored) = self.stored
                {
                    // A whole row gets a label, so that it is not expanded.
                    let ty = stored.catalog.relation_name(row, stored.path);
                    self.push("::");
                    self.push(&ty);
                }
                shown
            }
            _ if visible => None,
            _ => Some("?column?".into()),
        };
        if shown.as_ref() != Some(&name) {
            self.push(" AS ");
            self.ident(&name);
        }
    }

    /// `ruleutils.c: get_values_def`
    pub(super) fn values(&mut self, rows: &[Vec<Expr>]) {
        self.push("VALUES ");
        self.list(rows, |w, row| {
            for (i, value) in row.iter().enumerate() {
                w.push(if i == 0 { "(" } else { "," });
                w.expr(value);
            }
            w.push(")");
        });
    }

    /// `ruleutils.c: get_setop_query`
    fn set_op(&mut self, op: SetOp, all: bool, left: &Query, right: &Query, columns: Option<&[Name]>, visible: bool) {
        let is_plain = |query: &Query| {
            query.with.is_none()
                && query.order_by.is_empty()
                && query.limit.is_none()
                && query.offset.is_none()
                && query.locking.is_empty()
        };
        let nested = |query: &Query| matches!(query.body, QueryBody::SetOp { .. }) && is_plain(query);
        let same = match &left.body {
            QueryBody::SetOp { op: inner, all: inner_all, .. } => *inner == op && *inner_all == all,
            QueryBody::Select(_) | QueryBody::Values(_) => false,
        };
        let leaf = |w: &mut Self, query: &Query, visible| {
            let parens = !is_plain(query);
            if parens {
                w.push("(");
            }
            w.query(query, columns, visible);
            if parens {
                w.push(")");
            }
        };
        let inner = |w: &mut Self, query: &Query, visible| match &query.body {
            QueryBody::SetOp { op, all, left, right } => w.set_op(*op, *all, left, right, columns, visible),
            QueryBody::Select(_) | QueryBody::Values(_) => {}
        };
        if nested(left) && !same {
            self.push("(");
            self.keyword("", INDENT_STD, 0, 0);
            inner(self, left, visible);
            self.keyword(") ", -INDENT_STD, 0, 0);
        } else {
            if nested(left) {
                inner(self, left, visible)
            } else {
                leaf(self, left, visible)
            }
            if self.indent {
                self.keyword("", 0, 0, 0);
            } else {
                self.push(" ");
            }
        }
        self.push(match op {
            SetOp::Union => "UNION ",
            SetOp::Intersect => "INTERSECT ",
            SetOp::Except => "EXCEPT ",
        });
        if all {
            self.push("ALL ");
        }
        let right_nested = nested(right);
        let sub_indent = if right_nested { INDENT_STD } else { 0 };
        if right_nested {
            self.push("(");
        }
        self.keyword("", sub_indent, 0, 0);
        if right_nested {
            inner(self, right, false)
        } else {
            leaf(self, right, false)
        }
        if self.indent {
            self.indent_level -= sub_indent;
        }
        if right_nested {
            self.keyword(")", 0, 0, 0);
        }
    }

    /// `simple`: parentheses around a single element may be left out.
    fn group_by(&mut self, group: &GroupBy, select: &Select, simple: bool) {
        match group {
            GroupBy::Expr(expr) if simple => self.sort_key(expr, Some(select), None),
            GroupBy::Expr(Expr { kind: ExprKind::Row { explicit: false, fields }, .. }) => {
                self.push("(");
                self.list(fields, |w, e| w.sort_key(e, Some(select), None));
                self.push(")");
            }
            GroupBy::Expr(expr) => {
                self.push("(");
                self.sort_key(expr, Some(select), None);
                self.push(")");
            }
            GroupBy::Empty(_) => self.push("()"),
            GroupBy::Rollup(list, _) => self.grouping("ROLLUP(", list, select, true),
            GroupBy::Cube(list, _) => self.grouping("CUBE(", list, select, true),
            GroupBy::Sets(list, _) => self.grouping("GROUPING SETS (", list, select, false),
        }
    }

    fn grouping(&mut self, open: &str, list: &[GroupBy], select: &Select, simple: bool) {
        self.push(open);
        self.list(list, |w, group| w.group_by(group, select, simple));
        self.push(")");
    }

    fn sort(&mut self, order_by: &[SortBy], select: Option<&Select>, set_op: Option<&Select>) {
        if !order_by.is_empty() {
            self.keyword(" ORDER BY ", -INDENT_STD, INDENT_STD, 1);
            self.list(order_by, |w, sort| w.sort_by(sort, select, set_op));
        }
    }

    /// A list of sort keys inside a call or a window.
    pub(super) fn sort_list(&mut self, order_by: &[SortBy], select: Option<&Select>) {
        self.list(order_by, |w, sort| w.sort_by(sort, select, None));
    }

    /// `ruleutils.c: get_rule_orderby`
    fn sort_by(&mut self, sort: &SortBy, select: Option<&Select>, set_op: Option<&Select>) {
        self.sort_key(&sort.expr, select, set_op);
        let mut nulls_first_by_default = false;
        match &sort.direction {
            SortDirection::Default => {}
            SortDirection::Asc if self.is_stored() => {}
            SortDirection::Asc => self.push(" ASC"),
            SortDirection::Desc => {
                nulls_first_by_default = true;
                self.push(" DESC");
            }
            SortDirection::Using(op) => {
                self.push(" USING ");
                self.operator(op);
            }
        }
        match sort.nulls_first {
            Some(first) if self.is_stored() && first == nulls_first_by_default => {}
            Some(true) => self.push(" NULLS FIRST"),
            Some(false) => self.push(" NULLS LAST"),
            None => {}
        }
    }

    /// A key of ORDER BY, GROUP BY or DISTINCT ON. PostgreSQL stores which expression of the select list a number or a
    /// name of a column means (`parse_clause.c: findTargetlistEntrySQL92`), and prints that expression; after a set
    /// operation, its number.
    fn sort_key(&mut self, key: &Expr, select: Option<&Select>, set_op: Option<&Select>) {
        if !self.is_stored() {
            return self.expr(key);
        }
        if let Some(first) = set_op {
            let number = match &key.kind {
                ExprKind::Column(parts) if parts.len() == 1 => {
                    first.targets.iter().position(|t| target_name(t).as_ref() == parts.first())
                }
                _ => None,
            };
            return match number {
                Some(at) => self.push(&(at + 1).to_string()),
                None => self.expr(key),
            };
        }
        let meant = select.and_then(|select| match &key.kind {
            ExprKind::Literal(Literal::Integer(n)) => {
                select.targets.get(usize::try_from(*n).ok()?.checked_sub(1)?)?.value.as_ref()
            }
            ExprKind::Column(parts) => match parts.as_slice() {
                // A column of a table was bound; what was not is a name of the select list.
                [name] if self.binding(key.loc).is_none() => {
                    select.targets.iter().find(|t| target_name(t).as_ref() == Some(name))?.value.as_ref()
                }
                _ => None,
            },
            _ => None,
        });
        let key = meant.unwrap_or(key);
        // What looks like a call gets parentheses, or it could be taken for something else.
        let parens = match &key.kind {
            ExprKind::Func(_) => true,
            // A constant is no call, unless its length is applied to it.
            ExprKind::Cast { operand, ty } => {
                let is_constant = matches!(operand.kind, ExprKind::Literal(Literal::String(_) | Literal::Null));
                super::desugar::desugar(key).is_none() && !(is_constant && ty.typmods.is_empty())
            }
            _ => false,
        };
        if parens {
            self.push("(");
        }
        self.expr(key);
        if parens {
            self.push(")");
        }
    }

    fn limit(&mut self, query: &Query) {
        if let Some(offset) = &query.offset {
            self.keyword(" OFFSET ", -INDENT_STD, INDENT_STD, 0);
            self.expr(offset);
        }
        let Some(limit) = &query.limit else { return };
        if query.with_ties {
            // FETCH FIRST takes a constant or something in parentheses.
            self.keyword(" FETCH FIRST ", -INDENT_STD, INDENT_STD, 0);
            let bare = matches!(limit.kind, ExprKind::Literal(Literal::Integer(_)));
            self.push(if bare { "" } else { "(" });
            self.expr(limit);
            self.push(if bare { " ROWS WITH TIES" } else { ") ROWS WITH TIES" });
            return;
        }
        self.keyword(" LIMIT ", -INDENT_STD, INDENT_STD, 0);
        match limit.kind {
            ExprKind::Literal(Literal::Null) => self.push("ALL"),
            _ => self.expr(limit),
        }
    }

    fn locking(&mut self, locking: &[Locking]) {
        for lock in locking {
            let strength = match lock.strength {
                LockStrength::KeyShare => " FOR KEY SHARE",
                LockStrength::Share => " FOR SHARE",
                LockStrength::NoKeyUpdate => " FOR NO KEY UPDATE",
                LockStrength::Update => " FOR UPDATE",
            };
            self.keyword(strength, -INDENT_STD, INDENT_STD, 0);
            if !lock.of.is_empty() {
                self.push(" OF ");
                self.list(&lock.of, |w, relation| w.ident(&relation.name.name));
            }
            self.push(match lock.wait {
                LockWait::Block => "",
                LockWait::Skip => " SKIP LOCKED",
                LockWait::Error => " NOWAIT",
            });
        }
    }

    /// `ruleutils.c: get_rule_windowspec`
    pub(super) fn window_spec(&mut self, window: &WindowDef) {
        self.push("(");
        let mut separator = "";
        if let Some(refname) = &window.refname {
            self.ident(refname);
            separator = " ";
        }
        if !window.partition_by.is_empty() {
            self.push(separator);
            self.push("PARTITION BY ");
            self.list(&window.partition_by, |w, e| w.sort_key(e, None, None));
            separator = " ";
        }
        if !window.order_by.is_empty() {
            self.push(separator);
            self.push("ORDER BY ");
            self.sort_list(&window.order_by, None);
            separator = " ";
        }
        if window.frame_options & frame::NONDEFAULT != 0 {
            self.push(separator);
            self.frame(window);
        }
        self.push(")");
    }

    fn frame(&mut self, window: &WindowDef) {
        let has = |bit: i32| window.frame_options & bit != 0;
        self.push(if has(frame::ROWS) {
            "ROWS "
        } else if has(frame::GROUPS) {
            "GROUPS "
        } else {
            "RANGE "
        });
        if has(frame::BETWEEN) {
            self.push("BETWEEN ");
        }
        if has(frame::START_UNBOUNDED_PRECEDING) {
            self.push("UNBOUNDED PRECEDING");
        } else if has(frame::START_CURRENT_ROW) {
            self.push("CURRENT ROW");
        } else if let Some(offset) = &window.start_offset {
            self.expr(offset);
            self.push(if has(frame::START_OFFSET_PRECEDING) { " PRECEDING" } else { " FOLLOWING" });
        }
        if has(frame::BETWEEN) {
            self.push(" AND ");
            if has(frame::END_UNBOUNDED_FOLLOWING) {
                self.push("UNBOUNDED FOLLOWING");
            } else if has(frame::END_CURRENT_ROW) {
                self.push("CURRENT ROW");
            } else if let Some(offset) = &window.end_offset {
                self.expr(offset);
                self.push(if has(frame::END_OFFSET_PRECEDING) { " PRECEDING" } else { " FOLLOWING" });
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

/// The first SELECT of a set operation: it names the columns.
fn first_select(query: &Query) -> Option<&Select> {
    match &query.body {
        QueryBody::Select(select) => Some(select),
        QueryBody::SetOp { left, .. } => first_select(left),
        QueryBody::Values(_) => None,
    }
}

fn target_name(target: &Target) -> Option<Name> {
    target.name.clone().or_else(|| target.value.as_ref().map(column_name))
}

/// `FRAMEOPTION_…` of `parsenodes.h`.
mod frame {
    pub const NONDEFAULT: i32 = 0x00001;
    pub const ROWS: i32 = 0x00004;
    pub const GROUPS: i32 = 0x00008;
    pub const BETWEEN: i32 = 0x00010;
    pub const START_UNBOUNDED_PRECEDING: i32 = 0x00020;
    pub const END_UNBOUNDED_FOLLOWING: i32 = 0x00100;
    pub const START_CURRENT_ROW: i32 = 0x00200;
    pub const END_CURRENT_ROW: i32 = 0x00400;
    pub const START_OFFSET_PRECEDING: i32 = 0x00800;
    pub const END_OFFSET_PRECEDING: i32 = 0x01000;
    pub const EXCLUDE_CURRENT_ROW: i32 = 0x08000;
    pub const EXCLUDE_GROUP: i32 = 0x10000;
    pub const EXCLUDE_TIES: i32 = 0x20000;
}
