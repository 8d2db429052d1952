//! Where set-returning functions may stand (`parse_func.c: check_srf_call_placement`).

use super::super::error::fail;
use super::super::{Analyzer, Exec, ExprKind, Srf};
use crate::sql::span::Loc;

impl Analyzer<'_> {
    /// Refuses a set-returning function in the expression under way. `last_srf` is the last one before its arguments.
    pub(in super::super) fn check_srf_call_placement(&mut self, last_srf: Option<Srf>, loc: Loc) -> Exec {
        let refuse =
            |message: &str| fail("0A000", format!("set-returning functions are not allowed in {message}"), loc);
        let kind = self.expr_kind();
        match kind {
            ExprKind::Other => Ok(()),
            ExprKind::JoinOn | ExprKind::JoinUsing => refuse("JOIN conditions"),
            ExprKind::FromFunction => match self.last_srf() {
                Some(srf) if self.last_srf() != last_srf => {
                    fail("0A000", "set-returning functions must appear at top level of FROM", srf.loc)
                }
                _ => Ok(()),
            },
            ExprKind::Policy => refuse("policy expressions"),
            ExprKind::WindowFrameRange | ExprKind::WindowFrameRows | ExprKind::WindowFrameGroups => {
                refuse("window definitions")
            }
            ExprKind::WindowPartition
            | ExprKind::WindowOrder
            | ExprKind::SelectTarget
            | ExprKind::InsertTarget
            | ExprKind::GroupBy
            | ExprKind::OrderBy
            | ExprKind::DistinctOn
            | ExprKind::ValuesSingle => {
                self.state().has_target_srfs = true;
                Ok(())
            }
            ExprKind::MergeWhen => refuse("MERGE WHEN conditions"),
            ExprKind::CheckConstraint | ExprKind::DomainCheck => refuse("check constraints"),
            ExprKind::ColumnDefault | ExprKind::FunctionDefault => refuse("DEFAULT expressions"),
            ExprKind::IndexExpression => refuse("index expressions"),
            ExprKind::IndexPredicate => refuse("index predicates"),
            ExprKind::StatsExpression => refuse("statistics expressions"),
            ExprKind::AlterColTransform => refuse("transform expressions"),
            ExprKind::ExecuteParameter => refuse("EXECUTE parameters"),
            ExprKind::TriggerWhen => refuse("trigger WHEN conditions"),
            ExprKind::PartitionBound => refuse("partition bound"),
            ExprKind::PartitionExpression => refuse("partition key expressions"),
            ExprKind::CallArgument => refuse("CALL arguments"),
            ExprKind::CopyWhere => refuse("COPY FROM WHERE conditions"),
            ExprKind::GeneratedColumn => refuse("column generation expressions"),
            ExprKind::FromSubselect
            | ExprKind::Where
            | ExprKind::Having
            | ExprKind::Filter
            | ExprKind::UpdateSource
            | ExprKind::UpdateTarget
            | ExprKind::Limit
            | ExprKind::Offset
            | ExprKind::Returning
            | ExprKind::MergeReturning
            | ExprKind::Values
            | ExprKind::CycleMark => refuse(kind.name()),
        }
    }
}
