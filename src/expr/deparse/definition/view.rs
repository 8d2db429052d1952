//! Views and rules (`make_viewdef`, `make_ruledef`).

use crate::catalog::Oid;
use crate::catalog::tree::{CommandType, Expr, Query, RteKind};
use crate::expr::deparse::Deparser;
use crate::expr::deparse::context::INDENT_STD;
use crate::expr::deparse::namespace::Namespace;
use crate::expr::deparse::query::Standing;
use crate::replay::Exec;
use crate::sql::ast::Name;

/// A rule.
#[derive(Clone, Copy, Debug)]
pub struct RuleDef<'a> {
    /// Its name.
    pub name: &'a str,
    /// The table or view.
    pub relation: Oid,
    /// The event.
    pub event: RuleEvent<'a>,
    /// WHERE, where OLD is table 1 and NEW table 2 of the actions.
    pub qual: Option<&'a Expr>,
    /// INSTEAD.
    pub instead: bool,
    /// The actions.
    pub actions: &'a [Query],
}

/// The event of a rule.
#[derive(Clone, Copy, Debug)]
pub enum RuleEvent<'a> {
    /// SELECT: the rule of a view, with the names of the view's columns.
    Select(&'a [Name]),
    /// UPDATE
    Update,
    /// INSERT
    Insert,
    /// DELETE
    Delete,
}

impl Deparser<'_> {
    /// The query of a view or materialized view whose columns have these names now, with a semicolon (`pg_get_viewdef`).
    /// Its range table has no entries for OLD and NEW, whatever the version.
    pub fn view_def(&self, query: &Query, columns: &[Name]) -> Exec<String> {
        let mut context = self.context();
        context.standing_query(query, Some(columns), true, 0, Standing::View);
        context.push(";");
        context.finish()
    }

    /// `pg_get_ruledef`
    pub fn rule_def(&self, rule: &RuleDef<'_>) -> Exec<String> {
        let mut context = self.context();
        // A rule's lines are not as long as a view's may be asked to be.
        context.wrap_column = 0;
        context.push("CREATE RULE ");
        context.ident(rule.name);
        context.push(if self.pretty.indent { " AS\n    ON " } else { " AS ON " });
        let (event, columns) = match rule.event {
            RuleEvent::Select(columns) => ("SELECT", Some(columns)),
            RuleEvent::Update => ("UPDATE", None),
            RuleEvent::Insert => ("INSERT", None),
            RuleEvent::Delete => ("DELETE", None),
        };
        let relation = if self.pretty.schema {
            context.generate_relation_name(rule.relation, false)
        } else {
            context.generate_qualified_relation_name(rule.relation)
        };
        context.push(&format!("{event} TO {relation}"));
        if let Some(qual) = rule.qual {
            context.push(if self.pretty.indent { "\n   WHERE " } else { " WHERE " });
            if let Some(query) = rule.actions.first().map(with_old_and_new) {
                let mut inner = self.context();
                inner.wrap_column = 0;
                inner.namespaces.push(Namespace::of_query(&self.env, query, &[], &[]));
                inner.var_prefix = query.rtable.len() != 1;
                inner.indent_level = INDENT_STD;
                inner.rule_expr(qual, false);
                context.push(&inner.finish()?);
            }
        }
        context.push(" DO ");
        if rule.instead {
            context.push("INSTEAD ");
        }
        let standing = if columns.is_some() { Standing::View } else { Standing::Plain };
        match rule.actions {
            [] => context.push("NOTHING;"),
            [action] => {
                context.standing_query(action, columns, true, 0, standing);
                context.push(";");
            }
            actions => {
                context.push("(");
                for action in actions {
                    context.standing_query(action, columns, true, 0, standing);
                    context.push(if self.pretty.any() { ";\n" } else { "; " });
                }
                context.push(");");
            }
        }
        context.finish()
    }
}

/// Where OLD and NEW are in an action: of INSERT … SELECT in the SELECT (`rewriteManip.c: getInsertSelectQuery`).
fn with_old_and_new(action: &Query) -> &Query {
    let has = |query: &Query| match query.rtable.as_slice() {
        [old, new, ..] => old.eref.name == "old" && new.eref.name == "new",
        _ => false,
    };
    if action.command != CommandType::Insert || has(action) {
        return action;
    }
    let select = action.rtable.iter().find_map(|rte| match &rte.kind {
        RteKind::Subquery(query) => Some(query.as_ref()),
        RteKind::Relation { .. }
        | RteKind::Join(_)
        | RteKind::Function { .. }
        | RteKind::TableFunc(_)
        | RteKind::Values { .. }
        | RteKind::Cte { .. }
        | RteKind::NamedTuplestore { .. }
        | RteKind::Result => None,
    });
    select.filter(|query| has(query)).unwrap_or(action)
}
