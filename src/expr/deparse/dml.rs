//! INSERT, UPDATE, DELETE, MERGE.

use super::context::{Context, INDENT_STD};
use super::from::only;
use super::names::column_name;
use super::simple::strip_implicit_coercions;
use crate::catalog::Oid;
use crate::catalog::tree::{
    CoercionForm, CommandType, Expr, InferenceElem, MergeAction, OnConflictExpr, Overriding, ParamKind, Query,
    RangeTblEntry, RteKind, SubLink, SubLinkKind, TargetEntry,
};
use crate::sql::ast::MergeMatch;

impl<'a> Context<'a> {
    /// The target's entry and relation.
    fn target_relation(&mut self, query: &'a Query) -> Option<(&'a RangeTblEntry, Oid)> {
        let rte = query.rte(query.result_relation);
        match rte.map(|rte| (rte, &rte.kind)) {
            Some((rte, RteKind::Relation { relation, .. })) => Some((rte, *relation)),
            _ => {
                self.fail("a command without a target");
                None
            }
        }
    }

    /// The command's first words: the target and its alias.
    fn command(&mut self, query: &'a Query, word: &str, is_insert: bool) -> Option<Oid> {
        self.with_clause(query);
        let (rte, relation) = self.target_relation(query)?;
        self.begin_query();
        self.push(word);
        if !is_insert {
            self.push(only(rte));
        }
        let name = self.generate_relation_name(relation, false);
        self.push(&name);
        self.rte_alias(query.result_relation, rte, is_insert);
        Some(relation)
    }

    fn target_column(&mut self, relation: Oid, target: &TargetEntry) {
        match column_name(self.catalog(), relation, target.resno) {
            Some(name) => self.ident(&name),
            None => self.fail("a column of the target is not there"),
        }
    }

    /// The columns of INSERT with what stands behind them; their values are returned.
    fn insert_columns(&mut self, relation: Oid, targets: &'a [TargetEntry]) -> Vec<&'a Expr> {
        let mut values = Vec::new();
        self.list(targets.iter().filter(|target| !target.junk), |c, target| {
            c.target_column(relation, target);
            values.push(c.process_indirection(&target.expr));
        });
        values
    }

    /// `get_insert_query_def`
    pub(super) fn insert_query(&mut self, query: &'a Query) {
        let Some(relation) = self.command(query, "INSERT INTO ", true) else { return };
        self.push(" ");
        let mut values = Vec::new();
        if !query.targets.is_empty() {
            self.push("(");
            values = self.insert_columns(relation, &query.targets);
            self.push(") ");
        }
        self.push(match query.overriding {
            Overriding::NotSet => "",
            Overriding::System => "OVERRIDING SYSTEM VALUE ",
            Overriding::User => "OVERRIDING USER VALUE ",
        });
        let source = query.rtable.iter().find_map(|rte| match &rte.kind {
            RteKind::Subquery(_) | RteKind::Values { .. } => Some(&rte.kind),
            RteKind::Relation { .. }
            | RteKind::Join(_)
            | RteKind::Function { .. }
            | RteKind::TableFunc(_)
            | RteKind::Cte { .. }
            | RteKind::NamedTuplestore { .. }
            | RteKind::Result => None,
        });
        match source {
            Some(RteKind::Subquery(select)) => self.query_def(select, None, false, self.indent_level),
            Some(RteKind::Values { rows, .. }) => self.values(rows),
            _ if !values.is_empty() => {
                self.clause("VALUES (", 2);
                self.top_level_exprs(values, false);
                self.push(")");
            }
            _ => self.push("DEFAULT VALUES"),
        }
        if let Some(conflict) = &query.on_conflict {
            self.on_conflict(query, conflict, relation);
        }
        self.returning(query);
    }

    fn on_conflict(&mut self, query: &'a Query, conflict: &'a OnConflictExpr, relation: Oid) {
        self.push(" ON CONFLICT");
        if !conflict.arbiter.is_empty() {
            self.push("(");
            self.list(&conflict.arbiter, |c, elem| c.inference_elem(elem));
            self.push(")");
            if let Some(filter) = &conflict.arbiter_where {
                // It can only be about the target.
                let saved = std::mem::replace(&mut self.var_prefix, false);
                self.clause(" WHERE ", 1);
                self.rule_expr(filter, false);
                self.var_prefix = saved;
            }
        } else if conflict.constraint != Oid::INVALID {
            let found = self.catalog().relation(relation);
            let found = found.and_then(|r| r.constraints.iter().find(|c| c.oid == conflict.constraint));
            match found {
                Some(constraint) => {
                    self.push(" ON CONSTRAINT ");
                    self.ident(&constraint.name);
                }
                None => self.fail("the constraint of ON CONFLICT is not there"),
            }
        }
        if !conflict.update {
            return self.push(" DO NOTHING");
        }
        self.push(" DO UPDATE SET ");
        self.assignments(query, &conflict.set, relation);
        if let Some(filter) = &conflict.filter {
            self.clause(" WHERE ", 1);
            self.rule_expr(filter, false);
        }
    }

    fn inference_elem(&mut self, elem: &'a InferenceElem) {
        let saved = std::mem::replace(&mut self.var_prefix, false);
        let parens = match &elem.expr {
            Expr::Var(_) => false,
            Expr::FuncExpr(call) => call.form != CoercionForm::ExplicitCall,
            _ => true,
        };
        self.in_parens(parens, |c| c.rule_expr(&elem.expr, false));
        self.var_prefix = saved;
        if elem.collation != Oid::INVALID {
            self.collate(elem.collation);
        }
        if elem.opclass != Oid::INVALID {
            let input = self.catalog().opclass_info(elem.opclass).map_or(Oid::INVALID, |class| class.input_type);
            self.opclass_name(elem.opclass, input);
        }
    }

    /// `get_update_query_def`
    pub(super) fn update_query(&mut self, query: &'a Query) {
        let Some(relation) = self.command(query, "UPDATE ", false) else { return };
        self.push(" SET ");
        self.assignments(query, &query.targets, relation);
        self.print_from(query, " FROM ");
        self.where_clause(query);
        self.returning(query);
    }

    /// `get_delete_query_def`
    pub(super) fn delete_query(&mut self, query: &'a Query) {
        if self.command(query, "DELETE FROM ", false).is_none() {
            return;
        }
        self.print_from(query, " USING ");
        self.where_clause(query);
        self.returning(query);
    }

    /// SET: `a = 1`, `(a, b) = (SELECT …)` (`get_update_query_targetlist_def`).
    fn assignments(&mut self, query: &'a Query, targets: &'a [TargetEntry], relation: Oid) {
        // The sub-queries of multiple assignments are junk at the end, in the order of their columns.
        let multi = |target: &'a TargetEntry| match &target.expr {
            Expr::SubLink(link) if target.junk && link.kind == SubLinkKind::MultiExpr => Some((&target.expr, link)),
            _ => None,
        };
        let mut sources = targets.iter().filter(|_| query.has_sub_links).filter_map(multi);
        let mut current: Option<(&'a Expr, usize)> = None;
        let mut next = sources.next();
        for (i, target) in targets.iter().filter(|target| !target.junk).enumerate() {
            if i > 0 {
                self.push(", ");
            }
            if current.is_none()
                && let Some((source, link)) = next
                && is_multi_expr(&target.expr)
            {
                current = Some((source, column_count(link)));
                next = sources.next();
                self.push("(");
            }
            self.target_column(relation, target);
            let mut value = self.process_indirection(&target.expr);
            if let Some((source, remaining)) = current {
                if remaining > 1 {
                    current = Some((source, remaining - 1));
                    continue;
                }
                self.push(")");
                value = source;
                current = None;
            }
            self.push(" = ");
            self.rule_expr(value, false);
        }
    }

    /// `get_merge_query_def`
    pub(super) fn merge_query(&mut self, query: &'a Query) {
        let Some(relation) = self.command(query, "MERGE INTO ", false) else { return };
        self.print_from(query, " USING ");
        self.clause(" ON ", 2);
        if let Some(condition) = query.merge_join_condition.as_ref().or(query.jointree.quals.as_ref()) {
            self.rule_expr(condition, false);
        }
        // The standard has no BY SOURCE: with one all are told apart.
        let by_source = query.merge_actions.iter().any(|action| action.matched == MergeMatch::NotBySource);
        for action in &query.merge_actions {
            self.clause(" WHEN ", 2);
            self.push(match action.matched {
                MergeMatch::Matched => "MATCHED",
                MergeMatch::NotBySource => "NOT MATCHED BY SOURCE",
                MergeMatch::NotByTarget if by_source => "NOT MATCHED BY TARGET",
                MergeMatch::NotByTarget => "NOT MATCHED",
            });
            if let Some(condition) = &action.condition {
                self.clause(" AND ", 3);
                self.rule_expr(condition, false);
            }
            self.clause(" THEN ", 3);
            self.merge_action(query, action, relation);
        }
        self.returning(query);
    }

    fn merge_action(&mut self, query: &'a Query, action: &'a MergeAction, relation: Oid) {
        match action.command {
            CommandType::Insert => {
                self.push("INSERT");
                let mut values = Vec::new();
                if !action.targets.is_empty() {
                    self.push(" (");
                    values = self.insert_columns(relation, &action.targets);
                    self.push(")");
                }
                self.push(match action.overriding {
                    Overriding::NotSet => "",
                    Overriding::System => " OVERRIDING SYSTEM VALUE",
                    Overriding::User => " OVERRIDING USER VALUE",
                });
                if values.is_empty() {
                    self.push(" DEFAULT VALUES");
                } else {
                    self.clause(" VALUES (", 4);
                    self.top_level_exprs(values, false);
                    self.push(")");
                }
            }
            CommandType::Update => {
                self.push("UPDATE SET ");
                self.assignments(query, &action.targets, relation);
            }
            CommandType::Delete => self.push("DELETE"),
            CommandType::Nothing => self.push("DO NOTHING"),
            CommandType::Select | CommandType::Merge | CommandType::Utility => {
                self.fail("an action of MERGE that is none");
            }
        }
    }

    /// `get_returning_clause`
    fn returning(&mut self, query: &'a Query) {
        if query.returning.is_empty() {
            return;
        }
        self.keyword(" RETURNING", -INDENT_STD, INDENT_STD, 1);
        let old = query.returning_old_alias.as_ref().filter(|alias| *alias != "old");
        let new = query.returning_new_alias.as_ref().filter(|alias| *alias != "new");
        if old.is_some() || new.is_some() {
            self.push(" WITH (");
            let aliases = [("OLD", old), ("NEW", new)];
            self.list(aliases.iter().filter_map(|(word, alias)| Some((*word, (*alias)?))), |c, (word, alias)| {
                c.push(word);
                c.push(" AS ");
                c.ident(alias);
            });
            self.push(")");
        }
        self.target_list(&query.returning);
    }
}

/// The value is a column of a multiple assignment's sub-query.
fn is_multi_expr(expr: &Expr) -> bool {
    let mut expr = expr;
    loop {
        expr = match expr {
            Expr::FieldStore(store) => match store.values.first() {
                Some(value) => value,
                None => return false,
            },
            Expr::SubscriptingRef(x) => match &x.assign {
                Some(assign) => assign,
                None => break,
            },
            Expr::CoerceToDomain(x) if x.form == CoercionForm::ImplicitCast => &x.arg,
            _ => break,
        };
    }
    matches!(strip_implicit_coercions(expr), Expr::Param(param) if param.kind == ParamKind::MultiExpr)
}

fn column_count(link: &SubLink) -> usize {
    link.query.targets.iter().filter(|target| !target.junk).count()
}
