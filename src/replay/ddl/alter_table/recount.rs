//! Constraints that another type or expression of a column makes anew, those of the table's own with what its children get
//! from them: one that only a parent has that does not take part is lost (`tablecmds.c: ATPostAlterTypeCleanup`).

use crate::catalog::{AttrNumber, ConstraintKind, Ending, Object, Oid};
use crate::replay::{Context, Exec, Replay};
use crate::sql::ast::Name;

impl Replay {
    /// How many of the tables that are altered have a constraint over the column to be inherited.
    pub(super) fn recount_parents(&mut self, rel: Oid, number: AttrNumber, cx: &Context) -> Exec {
        let Some(table) = self.catalog.shared_relation(rel) else { return Ok(()) };
        // The children of what is altered are, too.
        if !self.code.new_types.altered.contains(&rel) {
            let all = self.catalog.inheritors(rel).into_iter().map(|(oid, _)| oid);
            self.code.new_types.altered.extend(all);
        }
        let parents: Vec<_> = table
            .parents
            .iter()
            .filter(|parent| self.code.new_types.altered.contains(&parent.relation))
            .filter_map(|parent| self.catalog.shared_relation(parent.relation))
            .collect();
        let recorded = self.records_not_null();
        let is_about = |c: &crate::catalog::Constraint| match &c.kind {
            ConstraintKind::Check { expr, .. } => expr.tree.columns().iter().any(|&c| c == number || c == 0),
            ConstraintKind::NotNull { .. } => recorded && c.columns.contains(&number),
            ConstraintKind::Key { .. }
            | ConstraintKind::Exclusion { .. }
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::Trigger(_) => false,
        };
        let column = table.column_at(number).map_or("", |column| &column.name);
        for own in table.constraints.iter().filter(|c| c.inherit_count > 0 && is_about(c)) {
            let has = |parent: &&std::sync::Arc<crate::catalog::Relation>| match own.kind {
                ConstraintKind::NotNull { .. } => {
                    let theirs = parent.column(column).and_then(|column| parent.not_null(column.number));
                    theirs.is_some_and(|constraint| !constraint.is_private())
                }
                _ => parent.constraint(&own.name).is_some_and(|c| c.is_check() && !c.is_private()),
            };
            let count = i16::try_from(parents.iter().filter(has).count()).unwrap_or(i16::MAX);
            if count == 0 && !own.is_local {
                let what = Name::from(format!("the old expression of column \"{column}\""));
                self.remove(Object::Constraint(rel, own.oid), Ending::DroppedWith { what }, cx.origin);
            } else {
                self.change_inheritance_of_constraint(rel, own.oid, |c| c.inherit_count = count);
            }
        }
        Ok(())
    }
}
