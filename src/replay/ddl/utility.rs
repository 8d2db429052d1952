//! What is done to tables as a whole and leaves their definitions as they are: LOCK, CLUSTER, REINDEX, VACUUM, ANALYZE,
//! REFRESH MATERIALIZED VIEW.

mod cluster;
mod lock;
mod refresh;
mod reindex;
mod vacuum;

use crate::catalog::{Oid, Relation, RelationKind};
use crate::replay::{Exec, Replay, SqlError, lookup};
use crate::sql::ast::RangeVar;
use crate::sql::span::Loc;

impl Replay {
    /// 25001 in a transaction block or a function (`xact.c: PreventInTransactionBlock`).
    pub(super) fn prevent_in_transaction_block(&self, command: &str) -> Exec {
        if self.code.bodies > 0 || self.code.depth > 0 {
            return Err(SqlError::new("25001", format!("{command} cannot be executed from a function")).into());
        }
        match self.code.in_block {
            true => Err(SqlError::new("25001", format!("{command} cannot run inside a transaction block")).into()),
            false => Ok(()),
        }
    }

    /// The relation that is named; nothing for one of PostgreSQL's own, whose indexes are not known by name.
    fn utility_target(&self, name: &RangeVar) -> Exec<Option<Oid>> {
        let found = lookup::relation_if_exists(&self.catalog, &self.path(), &name.name)?;
        let reserved = name.name.schema.as_deref().is_none_or(|s| matches!(s, "pg_catalog" | "pg_toast"));
        if found.is_none() && reserved && name.name.name.starts_with("pg_")
            || lookup::is_system_relation(&self.catalog, &self.path(), &name.name)
        {
            return Ok(None);
        }
        self.relation(name).map(Some)
    }

    /// A table or materialized view that the current user may keep in order (`tablecmds.c:
    /// RangeVarCallbackMaintainsTable`).
    fn maintained_table(&self, name: &RangeVar) -> Exec<Option<Oid>> {
        let Some(oid) = self.utility_target(name)? else { return Ok(None) };
        let Some(relation) = self.catalog.relation(oid) else { return Ok(None) };
        match relation.kind {
            RelationKind::Table | RelationKind::PartitionedTable(_) | RelationKind::MaterializedView(..) => {}
            RelationKind::ForeignTable(_)
            | RelationKind::View(_)
            | RelationKind::Sequence(_)
            | RelationKind::Index(_)
            | RelationKind::CompositeType => {
                return Err(wrong_kind(relation, "is not a table or materialized view", Loc::NONE).into());
            }
        }
        self.must_maintain(relation, relation)?;
        Ok(Some(oid))
    }
}

fn wrong_kind(relation: &Relation, what: &str, loc: Loc) -> SqlError {
    let (origin, text) = lookup::made_here(relation);
    SqlError::new("42809", format!("\"{}\" {what}", relation.name)).at(loc).related(origin, text)
}
