//! Who may read and write rows (`execMain.c: ExecCheckPermissions`): of each relation that a statement names, and of those
//! behind its views, with the rights of whoever asks there.

use super::kind_of;
use crate::catalog::tree::{CommandType, Expr, Query, RteKind, children, query_children};
use crate::catalog::{Acl, AttrNumber, DependencyKind, Layer, Object, Oid, Privs, Relation, RelationKind, StoredQuery};
use crate::expr::analyze::updatable;
use crate::replay::value::parse_bool;
use crate::replay::{Exec, Replay, SqlError};
use crate::sql::ast::RuleEvent;

/// What is needed of an entry of a range table (`RTEPermissionInfo`).
#[derive(Clone)]
struct Needed {
    /// The relation; nothing for entries of other kinds.
    relation: Option<Oid>,
    /// Whose rights count; nothing is the current user (`checkAsUser`).
    user: Option<Oid>,
    /// SELECT, INSERT, UPDATE, DELETE on the whole of it, or on these columns.
    privs: Privs,
    selected: Vec<AttrNumber>,
    inserted: Vec<AttrNumber>,
    updated: Vec<AttrNumber>,
}

/// A query, and where what its entries need stands.
#[derive(Clone, Copy)]
struct Frame<'q> {
    query: &'q Query,
    base: usize,
}

/// What a query is looked at for.
#[derive(Clone, Copy)]
struct As {
    user: Option<Oid>,
    /// The view that it is of is locked, and so are its relations.
    locked: bool,
}

/// The view's relations are asked for with the rights of whoever asks for the view (15).
pub(in crate::replay) fn is_security_invoker(view: &Relation) -> bool {
    view.options.iter().any(|(name, value)| name == "security_invoker" && parse_bool(value) == Some(true))
}

impl Replay {
    /// 42501 unless rows may be read and written as a statement does.
    pub(in crate::replay) fn may_on_rows(&self, query: &Query) -> Exec {
        self.may_on_rows_as(query, None)
    }

    /// The same with the rights of a role: the owner of a materialized view.
    pub(in crate::replay) fn may_on_rows_as(&self, query: &Query, user: Option<Oid>) -> Exec {
        if self.catalog.taint.everything().is_some() {
            return Ok(());
        }
        let mut needed = Vec::new();
        self.needs_of_query(query, As { user, locked: false }, &[], &mut needed);
        needed.iter().try_for_each(|needed| self.check_needed(needed))
    }

    /// COPY of a table (`copy.c: DoCopy`); no columns are all of them.
    pub(in crate::replay) fn may_copy(&self, relation: &Relation, columns: &[AttrNumber], from: bool) -> Exec {
        let all: Vec<AttrNumber> =
            relation.live_columns().filter(|column| column.generated.is_none()).map(|column| column.number).collect();
        let columns = if columns.is_empty() { all } else { columns.to_vec() };
        let mut needed = Needed {
            relation: Some(relation.oid),
            user: None,
            privs: if from { Privs::INSERT } else { Privs::SELECT },
            selected: Vec::new(),
            inserted: Vec::new(),
            updated: Vec::new(),
        };
        *(if from { &mut needed.inserted } else { &mut needed.selected }) = columns;
        self.check_needed(&needed)
    }

    /// 42501 unless the current user may empty the table (`tablecmds.c: truncate_check_perms`).
    pub(in crate::replay) fn may_truncate(&self, relation: &Relation) -> Exec {
        if self.is_known_by_all(relation)
            || self.has_any_on_relation(self.session.current_user, relation, Privs::TRUNCATE)
        {
            return Ok(());
        }
        Err(denied(relation))
    }

    // ---- what is needed ----

    fn needs_of_query<'q>(&self, query: &'q Query, how: As, outer: &[Frame<'q>], needed: &mut Vec<Needed>) {
        let frame = Frame { query, base: needed.len() };
        for entry in &query.rtable {
            let mut privs = if entry.in_from { Privs::SELECT } else { Privs::NONE };
            if entry.in_from && how.locked {
                privs = privs.with(Privs::UPDATE);
            }
            let none = Vec::new;
            needed.push(Needed {
                relation: entry.relation(),
                user: how.user,
                privs,
                selected: none(),
                inserted: none(),
                updated: none(),
            });
        }
        for mark in &query.row_marks {
            if let Some(entry) = entry_of(frame, mark.rti, needed) {
                entry.privs = entry.privs.with(Privs::UPDATE);
            }
        }
        self.needs_of_target(frame, needed);
        let mut frames = outer.to_vec();
        frames.push(frame);
        // What a join calls its columns is read where it is used.
        let aliases: Vec<*const Expr> = query
            .rtable
            .iter()
            .filter_map(|entry| match &entry.kind {
                RteKind::Join(join) => Some(join.alias_vars.iter().map(std::ptr::from_ref)),
                _ => None,
            })
            .flatten()
            .collect();
        let (mut exprs, mut queries) = (Vec::new(), Vec::new());
        query_children(query, &mut |expr| exprs.push(expr), &mut |query| queries.push(query));
        exprs.retain(|expr| !aliases.contains(&std::ptr::from_ref(*expr)));
        exprs.into_iter().for_each(|expr| self.needs_of_expr(expr, how, &frames, needed));
        // A query of WITH that nobody refers to is not run.
        let unused = |inner: &Query| {
            let cte = query.ctes.iter().find(|cte| std::ptr::eq(&cte.query, inner));
            cte.is_some_and(|cte| inner.command == CommandType::Select && !refers_to(query, &cte.name))
        };
        queries.retain(|inner| !unused(inner));
        queries.into_iter().for_each(|inner| self.needs_of_query(inner, As { locked: false, ..how }, &frames, needed));
        self.needs_of_views(frame, how, needed);
    }

    /// What the statement does to the relation that it changes.
    fn needs_of_target(&self, frame: Frame<'_>, needed: &mut [Needed]) {
        let query = frame.query;
        let written = |targets: &[crate::catalog::tree::TargetEntry]| -> Vec<AttrNumber> {
            targets.iter().filter(|target| !target.junk).map(|target| target.resno).collect()
        };
        let (mut privs, mut inserted, mut updated) = (Privs::NONE, Vec::new(), Vec::new());
        let mut add = |command: CommandType, columns: Vec<AttrNumber>| match command {
            CommandType::Insert => {
                privs = privs.with(Privs::INSERT);
                inserted.extend(columns);
            }
            CommandType::Update => {
                privs = privs.with(Privs::UPDATE);
                updated.extend(columns);
            }
            CommandType::Delete => privs = privs.with(Privs::DELETE),
            CommandType::Select | CommandType::Merge | CommandType::Utility | CommandType::Nothing => {}
        };
        add(query.command, written(&query.targets));
        if let Some(conflict) = query.on_conflict.as_ref().filter(|conflict| conflict.update) {
            add(CommandType::Update, written(&conflict.set));
        }
        query.merge_actions.iter().for_each(|action| add(action.command, written(&action.targets)));
        let Some(entry) = entry_of(frame, query.result_relation, needed) else { return };
        entry.privs = privs;
        entry.inserted = inserted;
        entry.updated = updated;
        // The columns of ON CONSTRAINT are read (`parse_clause.c: transformOnConflictArbiter`).
        let constraint = query.on_conflict.as_ref().map(|conflict| conflict.constraint);
        if let Some(constraint) = constraint.filter(|&constraint| constraint != Oid::INVALID) {
            let relation = entry.relation.and_then(|relation| self.catalog.relation(relation));
            let found = relation.and_then(|r| r.constraints.iter().find(|c| c.oid == constraint));
            entry.privs = entry.privs.with(Privs::SELECT);
            entry.selected.extend(found.into_iter().flat_map(|constraint| &constraint.columns));
        }
    }

    fn needs_of_expr<'q>(&self, expr: &'q Expr, how: As, frames: &[Frame<'q>], needed: &mut Vec<Needed>) {
        if let Expr::Var(var) = expr {
            let Some(depth) = frames.len().checked_sub(1 + var.levels_up as usize) else { return };
            let frame = frames[depth];
            match frame.query.rte(var.varno).map(|entry| &entry.kind) {
                Some(RteKind::Relation { .. }) => {
                    if let Some(entry) = entry_of(frame, var.varno, needed) {
                        entry.privs = entry.privs.with(Privs::SELECT);
                        entry.selected.push(var.varattno);
                    }
                }
                Some(RteKind::Join(join)) => {
                    let index = usize::try_from(var.varattno).ok().and_then(|number| number.checked_sub(1));
                    let used = match index {
                        Some(index) => join.alias_vars.get(index..=index).unwrap_or_default(),
                        None => &join.alias_vars,
                    };
                    used.iter().for_each(|expr| self.needs_of_expr(expr, how, &frames[..=depth], needed));
                }
                _ => {}
            }
            return;
        }
        let (mut exprs, mut queries) = (Vec::new(), Vec::new());
        children(expr, &mut |expr| exprs.push(expr), &mut |query| queries.push(query));
        exprs.into_iter().for_each(|expr| self.needs_of_expr(expr, how, frames, needed));
        let how = As { locked: false, ..how };
        queries.into_iter().for_each(|query| self.needs_of_query(query, how, frames, needed));
    }

    /// Behind views that are read, and behind the one that is written.
    fn needs_of_views(&self, frame: Frame<'_>, how: As, needed: &mut Vec<Needed>) {
        for (index, entry) in frame.query.rtable.iter().enumerate() {
            let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let RteKind::Relation { relation, .. } = entry.kind else { continue };
            let Some(found) = self.catalog.relation(relation) else { continue };
            if number == frame.query.result_relation {
                let events = events_of(frame.query);
                self.needs_behind_target(found, frame.base + index, &events, needed);
                continue;
            }
            let RelationKind::View(query) = &found.kind else { continue };
            if !entry.in_from {
                continue;
            }
            let locked = how.locked || frame.query.row_marks.iter().any(|mark| mark.rti == number);
            self.needs_of_view(found, query, locked, needed);
        }
    }

    fn needs_of_view(&self, view: &Relation, query: &StoredQuery, locked: bool, needed: &mut Vec<Needed>) {
        // Views that read themselves are refused elsewhere.
        if needed.len() < 1000 {
            let user = (!is_security_invoker(view)).then_some(view.owner);
            self.needs_of_query(&query.tree, As { user, locked }, &[], needed);
        }
    }

    /// `rewriteHandler.c: rewriteTargetView`. What rules make of a statement is not followed.
    fn needs_behind_target(&self, target: &Relation, at: usize, events: &[RuleEvent], needed: &mut Vec<Needed>) {
        if target.rules.iter().any(|rule| events.contains(&rule.event) && rule.fires()) {
            needed[at].relation = None;
            return;
        }
        let RelationKind::View(query) = &target.kind else { return };
        if events.iter().all(|&event| target.has_instead_trigger(event)) {
            // Rows that are changed or dropped are read first.
            if events.iter().any(|event| *event != RuleEvent::Insert) {
                self.needs_of_view(target, query, false, needed);
            }
            return;
        }
        let Some((_, columns)) = updatable::base_columns(&query.tree) else { return };
        let Some(base) = query.tree.jointree.from.first().and_then(|item| match item {
            crate::catalog::tree::JoinTree::Ref(number) => usize::try_from(*number).ok()?.checked_sub(1),
            crate::catalog::tree::JoinTree::Join(_) => None,
        }) else {
            return;
        };
        let start = needed.len();
        self.needs_of_view(target, query, false, needed);
        let mapped = |numbers: &[AttrNumber]| -> Vec<AttrNumber> {
            let of = |number: &AttrNumber| columns.get(usize::try_from(*number).ok()?.checked_sub(1)?)?.ok();
            numbers.iter().filter_map(of).collect()
        };
        let outer = needed[at].clone();
        let Some(entry) = needed.get_mut(start + base) else { return };
        // What the view reads is asked for if the statement reads the view.
        entry.privs = outer.privs;
        entry.inserted = mapped(&outer.inserted);
        entry.updated = mapped(&outer.updated);
        let Some(found) = entry.relation.and_then(|relation| self.catalog.relation(relation)) else { return };
        if matches!(found.kind, RelationKind::View(_)) {
            // It is written, and not read as a view is.
            needed.truncate(start + query.tree.rtable.len());
            self.needs_behind_target(found, start + base, events, needed);
        }
    }

    // ---- whether it is there ----

    /// `execMain.c: ExecCheckOneRelPerms`
    fn check_needed(&self, needed: &Needed) -> Exec {
        let Some(relation) = needed.relation.and_then(|relation| self.catalog.relation(relation)) else {
            return Ok(());
        };
        let user = needed.user.unwrap_or(self.session.current_user);
        if self.is_known_by_all(relation) || self.is_superuser(user) {
            return Ok(());
        }
        let lacks = |privs: Privs| needed.privs.contains(privs) && !self.has_any_on_relation(user, relation, privs);
        if lacks(Privs::DELETE) {
            return Err(denied(relation));
        }
        let by_columns =
            [(Privs::SELECT, &needed.selected), (Privs::INSERT, &needed.inserted), (Privs::UPDATE, &needed.updated)];
        for (privs, columns) in by_columns {
            if lacks(privs) && !self.privileges_on_columns(user, relation, columns, privs) {
                return Err(denied(relation));
            }
        }
        Ok(())
    }

    /// Platforms and extensions grant more than is known of them, and what a statement that was not executed granted is not
    /// known.
    fn is_known_by_all(&self, relation: &Relation) -> bool {
        let of_extension = self.catalog.dependencies.of(Object::Relation(relation.oid));
        relation.provenance.created.layer == Layer::Platform
            || { of_extension }.any(|edge| edge.kind == DependencyKind::Extension)
            || self.catalog.taint.everything().is_some()
            || (self.catalog.taint)
                .of_relation(relation.schema, &relation.name, Some(relation.provenance.created))
                .is_some()
    }

    /// `aclchk.c: pg_attribute_aclcheck`, of some column if none is named.
    fn privileges_on_columns(&self, user: Oid, relation: &Relation, columns: &[AttrNumber], wanted: Privs) -> bool {
        let granted = |acl: &Acl| {
            acl.0.iter().any(|item| {
                item.privs.contains(wanted)
                    && (item.grantee == Oid::INVALID || self.role_has_rights_of(user, item.grantee))
            })
        };
        let all = || relation.live_columns().map(|column| column.acl.as_ref().is_some_and(granted));
        if columns.is_empty() {
            return all().any(|has| has);
        }
        columns.iter().all(|&number| match number {
            0 => all().all(|has| has),
            number => relation.column_at(number).is_some_and(|column| column.acl.as_ref().is_some_and(granted)),
        })
    }
}

fn entry_of<'n>(frame: Frame<'_>, number: u32, needed: &'n mut [Needed]) -> Option<&'n mut Needed> {
    let index = usize::try_from(number).ok()?.checked_sub(1)?;
    if index < frame.query.rtable.len() { needed.get_mut(frame.base + index) } else { None }
}

/// What a statement does to its target.
fn events_of(query: &Query) -> Vec<RuleEvent> {
    let actions = query.merge_actions.iter().map(|action| action.command);
    std::iter::once(query.command).chain(actions).filter_map(CommandType::event).collect()
}

/// Somewhere in the query stands the name of one of WITH.
fn refers_to(query: &Query, name: &str) -> bool {
    let mut found =
        query.rtable.iter().any(|entry| matches!(&entry.kind, RteKind::Cte { name: own, .. } if own == name));
    let (mut exprs, mut queries) = (Vec::new(), Vec::new());
    query_children(query, &mut |expr| exprs.push(expr), &mut |query| queries.push(query));
    while let Some(expr) = exprs.pop() {
        children(expr, &mut |expr| exprs.push(expr), &mut |query| queries.push(query));
    }
    for inner in queries {
        found = found || refers_to(inner, name);
    }
    found
}

/// `aclchk.c: aclcheck_error`
fn denied(relation: &Relation) -> crate::replay::Stop {
    SqlError::new("42501", format!("permission denied for {} {}", kind_of(relation), relation.name)).into()
}
