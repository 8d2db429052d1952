//! Expands `*` (`parse_target.c: ExpandColumnRefStar`).

use super::bind::Binder;
use super::scope::{Scope, ScopeItem};
use crate::replay::{Exec, Opaque};
use crate::sql::ast::*;
use crate::sql::span::Loc;

/// Replaces `*` in select lists by the columns it stands for, as PostgreSQL does when a view is made. The new column
/// references get places beyond any text, so that each has a binding of its own.
#[derive(Default)]
pub(super) struct StarExpander {
    made: u32,
}

impl StarExpander {
    pub fn query(&mut self, binder: &mut Binder<'_>, query: &mut Query) -> Exec {
        let ctes = binder.ctes.len();
        if let Some(with) = &mut query.with {
            let (names, depends_on) = (binder.names.len(), binder.depends_on.len());
            for cte in &mut with.ctes {
                if let CteBody::Query(query) = &mut cte.body
                    && !with.recursive
                {
                    self.query(binder, query)?;
                }
                binder.cte(cte, with.recursive)?;
            }
            binder.names.truncate(names);
            binder.depends_on.truncate(depends_on);
        }
        match &mut query.body {
            QueryBody::Select(select) => self.select(binder, select)?,
            QueryBody::Values(_) => {}
            QueryBody::SetOp { left, right, .. } => {
                self.query(binder, left)?;
                self.query(binder, right)?;
            }
        }
        binder.ctes.truncate(ctes);
        Ok(())
    }

    fn select(&mut self, binder: &mut Binder<'_>, select: &mut Select) -> Exec {
        let has_star = |t: &Target| matches!(t.value.as_ref().map(|v| &v.kind), Some(ExprKind::Star(_)));
        for table in &mut select.from {
            self.table(binder, table)?;
        }
        if !select.targets.iter().any(has_star) {
            return Ok(());
        }
        let (names, depends_on) = (binder.names.len(), binder.depends_on.len());
        binder.scopes.push(Scope::default());
        let result = select.from.iter().try_for_each(|t| binder.table(t)).and_then(|()| {
            let mut targets = Vec::new();
            for target in select.targets.drain(..) {
                let Some(Expr { kind: ExprKind::Star(qualifier), loc }) = &target.value else {
                    targets.push(target);
                    continue;
                };
                let items = binder.scopes.last().map(|s| s.items.clone()).unwrap_or_default();
                let wanted = |i: &&ScopeItem| qualifier.last().is_none_or(|q| i.name.as_ref() == Some(q));
                let all_known = items.iter().filter(wanted).all(|i| i.columns.is_some() && i.name.is_some());
                if !all_known || binder.star(qualifier, *loc)?.is_none() {
                    let reason = "a star over columns that are not known is not executed yet";
                    return Err(Opaque::new(reason, Touches::Nothing).at(*loc).into());
                }
                for item in items.iter().filter(wanted) {
                    for column in item.columns.iter().flatten().filter(|c| !c.merged || !qualifier.is_empty()) {
                        let loc = Loc::at(STAR_PLACES + self.made);
                        self.made += 1;
                        let parts = item.name.iter().cloned().chain([column.name.clone()]).collect();
                        targets.push(Target {
                            name: None,
                            indirection: Vec::new(),
                            value: Some(Expr { kind: ExprKind::Column(parts), loc }),
                            loc,
                        });
                    }
                }
            }
            select.targets = targets;
            Ok(())
        });
        binder.scopes.pop();
        binder.names.truncate(names);
        binder.depends_on.truncate(depends_on);
        result
    }

    fn table(&mut self, binder: &mut Binder<'_>, table: &mut TableRef) -> Exec {
        match table {
            TableRef::Subquery { query, lateral: false, .. } => self.query(binder, query),
            TableRef::Join(join) => {
                self.table(binder, &mut join.left)?;
                self.table(binder, &mut join.right)
            }
            // A star inside a LATERAL sub-query stays as written: it needs the tables before it.
            TableRef::Subquery { lateral: true, .. }
            | TableRef::Relation { .. }
            | TableRef::Function { .. }
            | TableRef::XmlTable(_)
            | TableRef::JsonTable(_)
            | TableRef::Unmodelled { .. } => Ok(()),
        }
    }
}

/// Texts are below 2 GiB, so places from here on are free.
const STAR_PLACES: u32 = 1 << 31;
