//! Tables that cannot be read: materialized views without rows, which no statement reads (`execMain.c:
//! ExecOpenScanRelation`, 55000 when it starts, unless the planner has found that it need not look), and foreign tables
//! whose wrapper has no handler.

use crate::catalog::tree::{BoolOp, Expr, JoinTree, Query, RteKind, SubLinkKind};
use crate::catalog::{Oid, RelationKind};
use crate::replay::{Exec, Replay, SqlError};
use crate::sql::ast::JoinKind;

/// The planner may find out that there are no rows, and not look anywhere.
struct Unsure;

impl Replay {
    /// Refuses a statement that reads one for certain.
    pub(in crate::replay) fn refuse_unpopulated_reads(&self, query: &Query) -> Exec {
        let mut found = Vec::new();
        let targets = query.targets.iter().chain(&query.returning).map(|target| &target.expr);
        let of_targets = targets.filter_map(|expr| match expr {
            Expr::SubLink(link) => Some(&link.query),
            _ => None,
        });
        let mut read: Vec<&Query> = of_targets.map(|query| &**query).collect();
        read.push(query);
        for query in read {
            // What one of them does not read, another does.
            let mut of_query = Vec::new();
            if self.certain_reads(query, &mut of_query).is_ok() {
                found.append(&mut of_query);
            }
        }
        found.dedup();
        // Which of several is opened first is the planner's choice.
        let [one] = found.as_slice() else { return Ok(()) };
        let name = self.catalog.relation(*one).map_or("", |relation| &relation.name);
        let message = format!("materialized view \"{name}\" has not been populated");
        Err(SqlError::new("55000", message).hint("Use the REFRESH MATERIALIZED VIEW command.").into())
    }

    /// The planner asks the wrappers of all foreign tables that a query reads or writes, by name or through views
    /// (`plancat.c: get_relation_info`).
    pub(in crate::replay) fn refuse_unhandled_tables(&self, query: &Query) -> Exec {
        let mut numbers = vec![query.result_relation];
        let mut items: Vec<&JoinTree> = query.jointree.from.iter().collect();
        while let Some(item) = items.pop() {
            match item {
                JoinTree::Ref(number) => numbers.push(*number),
                JoinTree::Join(join) => items.extend([&join.left, &join.right]),
            }
        }
        for entry in numbers.into_iter().filter_map(|number| query.rte(number)) {
            match &entry.kind {
                RteKind::Relation { relation, .. } => match self.catalog.relation(*relation).map(|r| &r.kind) {
                    Some(RelationKind::View(inner)) => self.refuse_unhandled_tables(&inner.tree)?,
                    Some(_) | None => self.refuse_without_handler(*relation)?,
                },
                RteKind::Subquery(inner) => self.refuse_unhandled_tables(inner)?,
                RteKind::Join(_)
                | RteKind::Function { .. }
                | RteKind::TableFunc(_)
                | RteKind::Values { .. }
                | RteKind::Cte { .. }
                | RteKind::NamedTuplestore { .. }
                | RteKind::Result => {}
            }
        }
        Ok(())
    }

    fn certain_reads(&self, query: &Query, found: &mut Vec<Oid>) -> Result<(), Unsure> {
        self.reads_of_condition(query.jointree.quals.as_ref(), found)?;
        for item in &query.jointree.from {
            self.reads_of_item(query, item, found)?;
        }
        if query.set_operations.is_some() {
            for entry in &query.rtable {
                if let RteKind::Subquery(branch) = &entry.kind {
                    // A branch without rows is left out, and the others are not.
                    let before = found.len();
                    if self.certain_reads(branch, found).is_err() {
                        found.truncate(before);
                    }
                }
            }
        }
        Ok(())
    }

    fn reads_of_item(&self, query: &Query, item: &JoinTree, found: &mut Vec<Oid>) -> Result<(), Unsure> {
        let join = match item {
            JoinTree::Ref(number) => return self.reads_of_entry(query, *number, found),
            JoinTree::Join(join) => join,
        };
        match join.kind {
            JoinKind::Inner => {
                self.reads_of_condition(join.quals.as_ref(), found)?;
                self.reads_of_item(query, &join.left, found)?;
                self.reads_of_item(query, &join.right, found)
            }
            // The other side may be left out.
            JoinKind::Left => self.reads_of_item(query, &join.left, found),
            JoinKind::Right => self.reads_of_item(query, &join.right, found),
            JoinKind::Full => Err(Unsure),
        }
    }

    fn reads_of_entry(&self, query: &Query, number: u32, found: &mut Vec<Oid>) -> Result<(), Unsure> {
        let entry = usize::try_from(number).ok().and_then(|number| query.rtable.get(number.checked_sub(1)?));
        match entry.map(|entry| &entry.kind) {
            Some(RteKind::Relation { relation, .. }) => match self.catalog.relation(*relation).map(|r| &r.kind) {
                Some(RelationKind::MaterializedView(_, false)) => {
                    found.push(*relation);
                    Ok(())
                }
                Some(RelationKind::View(inner)) => self.certain_reads(&inner.tree, found),
                // Its partitions may all be left out.
                Some(RelationKind::PartitionedTable(_)) => Err(Unsure),
                Some(
                    RelationKind::MaterializedView(_, true)
                    | RelationKind::Table
                    | RelationKind::ForeignTable(_)
                    | RelationKind::Sequence(_)
                    | RelationKind::Index(_)
                    | RelationKind::CompositeType,
                )
                | None => Ok(()),
            },
            Some(RteKind::Subquery(inner)) => self.certain_reads(inner, found),
            Some(RteKind::Cte { name, levels_up: 0, self_reference: false, .. }) => {
                match query.ctes.iter().find(|cte| cte.name == *name) {
                    Some(cte) if !cte.recursive => self.certain_reads(&cte.query, found),
                    Some(_) | None => Err(Unsure),
                }
            }
            Some(RteKind::Function { .. } | RteKind::Values { .. } | RteKind::Result) => Ok(()),
            Some(RteKind::Cte { .. } | RteKind::Join(_) | RteKind::TableFunc(_) | RteKind::NamedTuplestore { .. })
            | None => Err(Unsure),
        }
    }

    /// A condition that may hold for rows: not one that constants decide. What `IN` and `EXISTS` in it read is joined.
    fn reads_of_condition(&self, condition: Option<&Expr>, found: &mut Vec<Oid>) -> Result<(), Unsure> {
        let Some(condition) = condition else { return Ok(()) };
        let mut arms = vec![condition];
        let mut constants = 0;
        while let Some(arm) = arms.pop() {
            match arm {
                Expr::BoolExpr(expr) if expr.op == BoolOp::And => arms.extend(&expr.args),
                Expr::Const(constant) if constant.value.as_deref() == Some("t") => {}
                Expr::SubLink(link) if matches!(link.kind, SubLinkKind::Exists | SubLinkKind::Any) => {
                    self.certain_reads(&link.query, found)?;
                }
                arm if self.depends_on_rows(arm) => arm.walk(&mut |expr| {
                    constants += usize::from(matches!(expr, Expr::Const(_)));
                    true
                }),
                _ => return Err(Unsure),
            }
        }
        // Later planners see that two constants contradict each other.
        if constants > 1 && self.catalog.version() >= 16 { Err(Unsure) } else { Ok(()) }
    }

    /// No constant decides it.
    fn depends_on_rows(&self, condition: &Expr) -> bool {
        if let Expr::BoolExpr(expr) = condition {
            return expr.args.iter().all(|arg| self.depends_on_rows(arg));
        }
        let (mut variable, mut decided) = (false, false);
        condition.walk(&mut |expr| {
            match expr {
                Expr::Var(_) => variable = true,
                Expr::Const(constant) => decided |= constant.value.is_none(),
                Expr::BoolExpr(_) | Expr::SubLink(_) => decided = true,
                // From 17 on a column that is NOT NULL decides it.
                Expr::NullTest(test) => decided |= !test.not && self.catalog.version() >= 17,
                _ => {}
            }
            true
        });
        variable && !decided
    }
}
