//! Definitions of objects (`pg_get_…def`).
//!
//! Each function takes what it prints in a small structure, so that it does not matter how the catalog keeps it.

mod constraint;
mod function;
mod index;
mod partition;
mod statistics;
mod trigger;
mod view;

pub use constraint::{ConstraintDef, ConstraintDefKind};
pub use function::{BodyDef, FunctionDef, ParamDef};
pub(crate) use function::{setting_name, setting_value};
pub use index::{IndexColumn, IndexDef, IndexKeyDef};
pub use partition::{BoundDef, PartitionKeyColumn, PartitionKeyDef, RangeDatum};
pub use statistics::StatisticsDef;
pub use trigger::TriggerDef;
pub use view::{RuleDef, RuleEvent};
