//! Places of expressions, in words (`parse_expr.c: ParseExprKindName`).

use super::super::ExprKind;

impl ExprKind {
    /// The place as errors name it.
    pub fn name(self) -> &'static str {
        match self {
            ExprKind::Other => "extension expression",
            ExprKind::JoinOn => "JOIN/ON",
            ExprKind::JoinUsing => "JOIN/USING",
            ExprKind::FromSubselect => "sub-SELECT in FROM",
            ExprKind::FromFunction => "function in FROM",
            ExprKind::Where | ExprKind::CopyWhere => "WHERE",
            ExprKind::Policy => "POLICY",
            ExprKind::Having => "HAVING",
            ExprKind::Filter => "FILTER",
            ExprKind::WindowPartition => "window PARTITION BY",
            ExprKind::WindowOrder => "window ORDER BY",
            ExprKind::WindowFrameRange => "window RANGE",
            ExprKind::WindowFrameRows => "window ROWS",
            ExprKind::WindowFrameGroups => "window GROUPS",
            ExprKind::SelectTarget => "SELECT",
            ExprKind::InsertTarget => "INSERT",
            ExprKind::UpdateSource | ExprKind::UpdateTarget => "UPDATE",
            ExprKind::MergeWhen => "MERGE WHEN",
            ExprKind::GroupBy => "GROUP BY",
            ExprKind::OrderBy => "ORDER BY",
            ExprKind::DistinctOn => "DISTINCT ON",
            ExprKind::Limit => "LIMIT",
            ExprKind::Offset => "OFFSET",
            ExprKind::Returning | ExprKind::MergeReturning => "RETURNING",
            ExprKind::Values | ExprKind::ValuesSingle => "VALUES",
            ExprKind::CheckConstraint | ExprKind::DomainCheck => "CHECK",
            ExprKind::ColumnDefault | ExprKind::FunctionDefault => "DEFAULT",
            ExprKind::IndexExpression => "index expression",
            ExprKind::IndexPredicate => "index predicate",
            ExprKind::StatsExpression => "statistics expression",
            ExprKind::AlterColTransform => "USING",
            ExprKind::ExecuteParameter => "EXECUTE",
            ExprKind::TriggerWhen => "WHEN",
            ExprKind::PartitionBound => "partition bound",
            ExprKind::PartitionExpression => "PARTITION BY",
            ExprKind::CallArgument => "CALL",
            ExprKind::GeneratedColumn => "GENERATED AS",
            ExprKind::CycleMark => "CYCLE",
        }
    }

    /// What a sub-query may not stand in, in words; nothing where it may (`parse_expr.c: transformSubLink`).
    pub(super) fn refuses_subquery(self) -> Option<&'static str> {
        match self {
            ExprKind::Other
            | ExprKind::JoinOn
            | ExprKind::JoinUsing
            | ExprKind::FromSubselect
            | ExprKind::FromFunction
            | ExprKind::Where
            | ExprKind::Policy
            | ExprKind::Having
            | ExprKind::Filter
            | ExprKind::WindowPartition
            | ExprKind::WindowOrder
            | ExprKind::WindowFrameRange
            | ExprKind::WindowFrameRows
            | ExprKind::WindowFrameGroups
            | ExprKind::SelectTarget
            | ExprKind::InsertTarget
            | ExprKind::UpdateSource
            | ExprKind::UpdateTarget
            | ExprKind::MergeWhen
            | ExprKind::GroupBy
            | ExprKind::OrderBy
            | ExprKind::DistinctOn
            | ExprKind::Limit
            | ExprKind::Offset
            | ExprKind::Returning
            | ExprKind::MergeReturning
            | ExprKind::Values
            | ExprKind::ValuesSingle
            | ExprKind::CycleMark => None,
            ExprKind::CheckConstraint | ExprKind::DomainCheck => Some("check constraint"),
            ExprKind::ColumnDefault | ExprKind::FunctionDefault => Some("DEFAULT expression"),
            ExprKind::IndexExpression => Some("index expression"),
            ExprKind::IndexPredicate => Some("index predicate"),
            ExprKind::StatsExpression => Some("statistics expression"),
            ExprKind::AlterColTransform => Some("transform expression"),
            ExprKind::ExecuteParameter => Some("EXECUTE parameter"),
            ExprKind::TriggerWhen => Some("trigger WHEN condition"),
            ExprKind::PartitionBound => Some("partition bound"),
            ExprKind::PartitionExpression => Some("partition key expression"),
            ExprKind::CallArgument => Some("CALL argument"),
            ExprKind::CopyWhere => Some("COPY FROM WHERE condition"),
            ExprKind::GeneratedColumn => Some("column generation expression"),
        }
    }
}
