//! Whether rows of a view can be changed without rules and triggers (`rewriteHandler.c: view_query_is_auto_updatable`).

use crate::catalog::tree::{CommandType, Expr, JoinTree, Overriding, Query, RteKind, TargetEntry};
use crate::catalog::{AttrNumber, Catalog, Oid, Relation, RelationKind, Rule, Trigger};
use crate::replay::{Exec, SqlError};
use crate::sql::ast::{FiringState, RuleEvent, TriggerEvents, TriggerTiming};

/// WITH CHECK OPTION is for views that are automatically updatable (`view.c: DefineView`, `tablecmds.c:
/// ATExecSetRelOptions`).
pub(crate) fn check_updatable(catalog: &Catalog, query: &Query) -> Exec {
    match why_not(catalog, query, true) {
        None => Ok(()),
        Some(why) => {
            let message = "WITH CHECK OPTION is supported only on automatically updatable views";
            Err(SqlError::new("0A000", message).hint(why).into())
        }
    }
}

/// Why rows of a view cannot be changed, where columns of it are written or are not.
fn why_not(catalog: &Catalog, query: &Query, of_columns: bool) -> Option<&'static str> {
    let has = [
        (!query.distinct_clause.is_empty(), "Views containing DISTINCT are not automatically updatable."),
        (
            !query.group_clause.is_empty() || !query.grouping_sets.is_empty(),
            "Views containing GROUP BY are not automatically updatable.",
        ),
        (query.having.is_some(), "Views containing HAVING are not automatically updatable."),
        (
            query.set_operations.is_some(),
            "Views containing UNION, INTERSECT, or EXCEPT are not automatically updatable.",
        ),
        (!query.ctes.is_empty(), "Views containing WITH are not automatically updatable."),
        (
            query.limit_offset.is_some() || query.limit_count.is_some(),
            "Views containing LIMIT or OFFSET are not automatically updatable.",
        ),
        (query.has_aggs, "Views that return aggregate functions are not automatically updatable."),
        (query.has_window_funcs, "Views that return window functions are not automatically updatable."),
        (query.has_target_srfs, "Views that return set-returning functions are not automatically updatable."),
    ];
    if let Some((_, why)) = has.into_iter().find(|(has, _)| *has) {
        return Some(why);
    }
    let several = Some("Views that do not select from a single table or view are not automatically updatable.");
    let [JoinTree::Ref(number)] = query.jointree.from.as_slice() else { return several };
    let entry = query.rtable.get(*number as usize - 1);
    let Some(RteKind::Relation { relation, sample }) = entry.map(|entry| &entry.kind) else { return several };
    match catalog.relation(*relation).map(|relation| &relation.kind) {
        Some(
            RelationKind::Table
            | RelationKind::PartitionedTable(_)
            | RelationKind::ForeignTable(_)
            | RelationKind::View(_),
        )
        // PostgreSQL's own are tables and views.
        | None => {}
        Some(
            RelationKind::MaterializedView(..)
            | RelationKind::Sequence(_)
            | RelationKind::Index(_)
            | RelationKind::CompositeType,
        ) => return several,
    }
    if sample.is_some() {
        return Some("Views containing TABLESAMPLE are not automatically updatable.");
    }
    if !of_columns {
        return None;
    }
    let updatable = query.result_targets().any(|target| base_column(query, *number, target).is_ok());
    (!updatable).then_some("Views that have no updatable columns are not automatically updatable.")
}

/// The column of the view's only relation that a column of the view is, or why it cannot be written
/// (`view_col_is_auto_updatable`).
fn base_column(query: &Query, relation: u32, target: &TargetEntry) -> Result<AttrNumber, &'static str> {
    debug_assert!(query.rte(relation).is_some());
    match &target.expr {
        Expr::Var(var) if var.varno == relation && var.levels_up == 0 => match var.varattno {
            0 => Err("View columns that return whole-row references are not updatable."),
            ..0 => Err("View columns that refer to system columns are not updatable."),
            number => Ok(number),
        },
        _ => Err("View columns that are not columns of their base relation are not updatable."),
    }
}

/// The relation behind a view that can be written, and for each of the view's columns the one that it is there.
pub(crate) fn base_columns(query: &Query) -> Option<(Oid, Vec<Result<AttrNumber, &'static str>>)> {
    let [JoinTree::Ref(number)] = query.jointree.from.as_slice() else { return None };
    let RteKind::Relation { relation, .. } = query.rte(*number)?.kind else { return None };
    Some((relation, query.result_targets().map(|target| base_column(query, *number, target)).collect()))
}

/// What a statement does to a view, which ends in doing that to the relation behind it (`rewriteTargetView`).
pub(super) fn check_view(catalog: &Catalog, query: &Query, view: &Relation) -> Exec {
    match query.command {
        CommandType::Insert => {
            let conflict = query.on_conflict.iter().flat_map(|conflict| &conflict.set);
            let written = query.targets.iter().chain(conflict).cloned().collect();
            check(catalog, query, view, CommandType::Insert, written, query.overriding)
        }
        CommandType::Update => {
            check(catalog, query, view, CommandType::Update, query.targets.clone(), Overriding::NotSet)
        }
        CommandType::Delete => check(catalog, query, view, CommandType::Delete, Vec::new(), Overriding::NotSet),
        CommandType::Merge => check_merge(catalog, query, view),
        CommandType::Select | CommandType::Utility | CommandType::Nothing => Ok(()),
    }
}

fn check(
    catalog: &Catalog,
    query: &Query,
    view: &Relation,
    command: CommandType,
    mut written: Vec<TargetEntry>,
    overriding: Overriding,
) -> Exec {
    let mut relation = view;
    while let RelationKind::View(definition) = &relation.kind {
        let view = &definition.tree;
        let words = words(command);
        if relation.triggers.iter().any(|t| t.timing == TriggerTiming::InsteadOf && words.fires(&t.events)) {
            return Ok(());
        }
        let mut rules = relation.rules.iter().filter(|rule| {
            rule.instead
                && rule.event == words.event
                && matches!(rule.enabled, FiringState::Enabled | FiringState::Always)
        });
        if rules.clone().any(|rule| rule.body.qual.is_none()) {
            return Ok(());
        }
        let conditional =
            rules.next().map(|_| "Views with conditional DO INSTEAD rules are not automatically updatable.");
        let of_columns = command != CommandType::Delete;
        if let Some(why) = conditional.or_else(|| why_not(catalog, view, of_columns)) {
            let message = format!("cannot {} view \"{}\"", words.does, relation.name);
            return Err(SqlError::new("55000", message).detail(why).hint(words.hint()).into());
        }
        let Some((base, columns)) = base_columns(view) else { return Ok(()) };
        if command == CommandType::Insert {
            add_defaults(relation, &mut written);
        }
        refuse_columns(relation, &columns, &written, words.does)?;
        settle_defaults(catalog, &mut written, command);
        let Some(found) = catalog.relation(base) else { return Ok(()) };
        number_as_in(found, &columns, &mut written);
        relation = found;
        super::check_list(relation, query, &written, command, overriding)?;
    }
    Ok(())
}

/// MERGE into a view (17): all its actions are done to the relation behind it, or all by triggers.
fn check_merge(catalog: &Catalog, query: &Query, view: &Relation) -> Exec {
    let mut relation = view;
    let mut actions = query.merge_actions.clone();
    while let RelationKind::View(definition) = &relation.kind {
        let tree = &definition.tree;
        let replaced = |command: CommandType| {
            let fires = |t: &Trigger| t.timing == TriggerTiming::InsteadOf && words(command).fires(&t.events);
            relation.triggers.iter().any(fires)
        };
        let commands: Vec<CommandType> =
            actions.iter().map(|action| action.command).filter(|command| *command != CommandType::Nothing).collect();
        // `view_has_instead_trigger`
        let Some(&first) = commands.iter().find(|&&command| !replaced(command)) else { return Ok(()) };
        let of_columns = commands.iter().any(|command| *command != CommandType::Delete);
        if let Some(why) = why_not(catalog, tree, of_columns) {
            let words = words(first);
            let message = format!("cannot {} view \"{}\"", words.does, relation.name);
            let (doing, name) = (words.doing, words.name);
            let hint = format!("To enable {doing} the view using MERGE, provide an INSTEAD OF {name} trigger.");
            return Err(SqlError::new("55000", message).detail(why).hint(hint).into());
        }
        let Some((base, columns)) = base_columns(tree) else { return Ok(()) };
        for action in actions.iter_mut().filter(|action| action.command == CommandType::Insert) {
            add_defaults(relation, &mut action.targets);
        }
        let written: Vec<TargetEntry> = actions.iter().flat_map(|action| &action.targets).cloned().collect();
        refuse_columns(relation, &columns, &written, "merge into")?;
        if commands.iter().any(|&command| replaced(command)) {
            let message = format!("cannot merge into view \"{}\"", relation.name);
            let detail = "MERGE is not supported for views with INSTEAD OF triggers for some actions but not all.";
            let hint = "To enable merging into the view, either provide a full set of INSTEAD OF triggers or drop the \
                        existing INSTEAD OF triggers.";
            return Err(SqlError::new("0A000", message).detail(detail).hint(hint).into());
        }
        let Some(found) = catalog.relation(base) else { return Ok(()) };
        relation = found;
        for action in &mut actions {
            settle_defaults(catalog, &mut action.targets, action.command);
            number_as_in(found, &columns, &mut action.targets);
            super::check_list(relation, query, &action.targets, action.command, action.overriding)?;
        }
        refuse_rules(relation)?;
    }
    Ok(())
}

/// MERGE goes with no rules (`matchLocks`).
pub(in crate::expr::analyze) fn refuse_rules(relation: &Relation) -> Exec {
    let counts = |rule: &Rule| {
        rule.event != RuleEvent::Select && !matches!(rule.enabled, FiringState::Disabled | FiringState::Replica)
    };
    if relation.rules.iter().any(counts) {
        let message = format!("cannot execute MERGE on relation \"{}\"", relation.name);
        let detail = "MERGE is not supported for relations with rules.";
        return Err(SqlError::new("0A000", message).detail(detail).into());
    }
    Ok(())
}

/// Columns that are no columns of the relation behind the view are not written (`view_cols_are_auto_updatable`).
fn refuse_columns(
    view: &Relation,
    columns: &[Result<AttrNumber, &'static str>],
    written: &[TargetEntry],
    does: &str,
) -> Exec {
    for (i, (base, column)) in columns.iter().zip(&view.columns).enumerate() {
        let is_written = written.iter().any(|target| !target.junk && usize::try_from(target.resno) == Ok(i + 1));
        if let (Err(why), true) = (base, is_written) {
            let message = format!("cannot {does} column \"{}\" of view \"{}\"", column.name, view.name);
            return Err(SqlError::new("0A000", message).detail(*why).into());
        }
    }
    Ok(())
}

/// A DEFAULT is the view's: none is not written, or NULL (`rewriteTargetListIU`).
fn settle_defaults(catalog: &Catalog, written: &mut Vec<TargetEntry>, command: CommandType) {
    match command {
        CommandType::Insert => written.retain(|target| !matches!(target.expr, Expr::SetToDefault(_))),
        _ => {
            for target in written {
                if matches!(target.expr, Expr::SetToDefault(_)) {
                    target.expr = Expr::null(target.expr.ty(catalog), target.expr.collation());
                }
            }
        }
    }
}

/// What is written, by the numbers and names of the columns behind the view.
fn number_as_in(found: &Relation, columns: &[Result<AttrNumber, &'static str>], written: &mut [TargetEntry]) {
    for target in written.iter_mut().filter(|target| !target.junk) {
        let index = usize::try_from(target.resno).ok().and_then(|n| n.checked_sub(1));
        if let Some(Ok(number)) = index.and_then(|i| columns.get(i)) {
            target.resno = *number;
            target.name = found.column_at(*number).map(|c| c.name.clone());
        }
    }
}

/// A view's own defaults are written, too (`rewriteTargetListIU`).
fn add_defaults(view: &Relation, written: &mut Vec<TargetEntry>) {
    for column in view.live_columns() {
        let Some(default) = column.default.as_ref() else { continue };
        if !written.iter().any(|target| target.resno == column.number) {
            written.push(TargetEntry {
                expr: default.tree.clone(),
                resno: column.number,
                name: Some(column.name.clone()),
                ressortgroupref: 0,
                orig_table: Oid::INVALID,
                orig_column: 0,
                junk: false,
            });
        }
    }
}

/// How messages speak of a command.
struct Words {
    event: RuleEvent,
    does: &'static str,
    doing: &'static str,
    name: &'static str,
}

fn words(command: CommandType) -> Words {
    match command {
        CommandType::Insert => {
            Words { event: RuleEvent::Insert, does: "insert into", doing: "inserting into", name: "INSERT" }
        }
        CommandType::Delete => {
            Words { event: RuleEvent::Delete, does: "delete from", doing: "deleting from", name: "DELETE" }
        }
        CommandType::Update
        | CommandType::Merge
        | CommandType::Select
        | CommandType::Utility
        | CommandType::Nothing => Words { event: RuleEvent::Update, does: "update", doing: "updating", name: "UPDATE" },
    }
}

impl Words {
    fn fires(&self, events: &TriggerEvents) -> bool {
        match self.event {
            RuleEvent::Insert => events.insert,
            RuleEvent::Update => events.update,
            RuleEvent::Delete => events.delete,
            RuleEvent::Select => false,
        }
    }

    fn hint(&self) -> String {
        let (doing, name) = (self.doing, self.name);
        format!(
            "To enable {doing} the view, provide an INSTEAD OF {name} trigger or an unconditional ON {name} DO INSTEAD \
             rule."
        )
    }
}
