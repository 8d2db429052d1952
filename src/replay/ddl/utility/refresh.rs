//! REFRESH MATERIALIZED VIEW (`matview.c`).

use crate::catalog::{IndexKeyKind, Relation, RelationKind};
use crate::replay::{About, Exec, Replay, SqlError, lookup};
use crate::sql::ast::RangeVar;

impl Replay {
    /// `matview.c: ExecRefreshMatView`
    pub(in crate::replay) fn refresh_mat_view(&mut self, name: &RangeVar, concurrently: bool, no_data: bool) -> Exec {
        let Some(oid) = self.maintained_table(name)? else {
            let message = format!("\"{}\" is not a materialized view", name.name.name);
            return Err(SqlError::new("0A000", message).into());
        };
        let Some(found) = self.catalog.shared_relation(oid) else { return Ok(()) };
        let RelationKind::MaterializedView(query, populated) = &found.kind else {
            let (origin, text) = lookup::made_here(&found);
            let error = SqlError::new("0A000", format!("\"{}\" is not a materialized view", found.name));
            return Err(error.related(origin, text).about(About::Relation(found.name.to_string())).into());
        };
        if concurrently && !populated {
            let message = "CONCURRENTLY cannot be used when the materialized view is not populated";
            return Err(SqlError::new("0A000", message).into());
        }
        if concurrently && no_data {
            let message = "CONCURRENTLY and WITH NO DATA options cannot be used together";
            return Err(SqlError::new("42601", message).into());
        }
        if concurrently && !found.indexes.iter().any(|&index| self.catalog.relation(index).is_some_and(is_key)) {
            let schema = self.catalog.schema_name(found.schema);
            let name =
                format!("{}.{}", self.catalog.quote_identifier(schema), self.catalog.quote_identifier(&found.name));
            let error = SqlError::new("55000", format!("cannot refresh materialized view \"{name}\" concurrently"));
            let hint = "Create a unique index with no WHERE clause on one or more columns of the materialized view.";
            return Err(error.hint(hint).into());
        }
        if !no_data {
            self.may_on_rows_as(&query.tree, Some(found.owner))?;
            self.refuse_unpopulated(query)?;
        }
        if let Some(RelationKind::MaterializedView(_, populated)) = self.catalog.relation_mut(oid).map(|r| &mut r.kind)
        {
            *populated = !no_data;
        }
        Ok(())
    }
}

/// `matview.c: is_usable_unique_index`
fn is_key(index: &Relation) -> bool {
    index.as_index().is_some_and(|index| {
        let columns = index.keys.iter().all(|key| matches!(key.what, IndexKeyKind::Column(number) if number > 0));
        index.unique && index.valid && index.predicate.is_none() && columns && index.method == "btree"
    })
}
