//! Which relations have triggers and rules to rename: that comes before who owns them.

use crate::catalog::{Oid, Relation, RelationKind};
use crate::replay::{Exec, Replay, SqlError, lookup};
use crate::sql::ast::ObjectKind;
use crate::sql::span::Loc;

impl Replay {
    /// `trigger.c: RangeVarCallbackForRenameTrigger`, `rewriteDefine.c: RangeVarCallbackForRenameRule`
    pub(super) fn check_has_part(&self, oid: Oid, kind: ObjectKind, loc: Loc) -> Exec {
        let Some(relation) = self.catalog.relation(oid) else { return Ok(()) };
        let (parts, before_15) = match kind {
            ObjectKind::Trigger if has_triggers(relation) => return Ok(()),
            ObjectKind::Trigger => ("triggers", "a table, view, or foreign table"),
            ObjectKind::Rule if has_rules(relation) => return Ok(()),
            ObjectKind::Rule => ("rules", "a table or view"),
            // Of these the owner comes first, or any relation has them.
            _ => return Ok(()),
        };
        let error = if self.catalog.version() < 15 {
            SqlError::new("42809", format!("\"{}\" is not {before_15}", relation.name))
        } else {
            let kinds = self.catalog.kinds_in_words(relation);
            SqlError::new("42809", format!("relation \"{}\" cannot have {parts}", relation.name))
                .detail(format!("This operation is not supported for {kinds}."))
        };
        let (origin, text) = lookup::made_here(relation);
        Err(error.at(loc).related(origin, text).into())
    }
}

fn has_triggers(relation: &Relation) -> bool {
    match relation.kind {
        RelationKind::Table
        | RelationKind::PartitionedTable(_)
        | RelationKind::ForeignTable(_)
        | RelationKind::View(_) => true,
        RelationKind::MaterializedView(..)
        | RelationKind::Sequence(_)
        | RelationKind::Index(_)
        | RelationKind::CompositeType => false,
    }
}

fn has_rules(relation: &Relation) -> bool {
    match relation.kind {
        RelationKind::Table | RelationKind::PartitionedTable(_) | RelationKind::View(_) => true,
        RelationKind::ForeignTable(_)
        | RelationKind::MaterializedView(..)
        | RelationKind::Sequence(_)
        | RelationKind::Index(_)
        | RelationKind::CompositeType => false,
    }
}
