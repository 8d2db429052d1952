//! CLUSTER (`cluster.c`).

use crate::catalog::{Oid, Relation, RelationKind};
use crate::replay::ddl::define::option_boolean;
use crate::replay::{Exec, Replay, SqlError};
use crate::sql::ast::Cluster;

impl Replay {
    /// `cluster.c: cluster`. The index is remembered.
    pub(in crate::replay) fn cluster(&mut self, stmt: &Cluster) -> Exec {
        for option in &stmt.options {
            if option.name != "verbose" {
                let message = format!("unrecognized CLUSTER option \"{}\"", option.name);
                return Err(SqlError::new("42601", message).at(option.loc).into());
            }
            option_boolean(option)?;
        }
        let Some(name) = &stmt.relation else { return self.prevent_in_transaction_block("CLUSTER") };
        // The indexes of PostgreSQL's own tables are not in the catalog.
        let Some(rel) = self.maintained_table(name)? else { return Ok(()) };
        let Some(relation) = self.catalog.shared_relation(rel) else { return Ok(()) };
        let index = match &stmt.index {
            Some(index) => {
                self.check_index_name(&relation, index)?;
                if relation.is_partitioned() {
                    self.prevent_in_transaction_block("CLUSTER")?;
                }
                self.check_clusterable(rel, index)?
            }
            None => match relation.indexes.iter().copied().find(|&oid| self.is_clustered(oid)) {
                Some(index) => Some(index),
                None => {
                    let message = format!("there is no previously clustered index for table \"{}\"", relation.name);
                    return Err(SqlError::new("42704", message).into());
                }
            },
        };
        let Some(index) = index else { return Ok(()) };
        if !relation.is_partitioned() {
            self.mark_filled(&relation, index);
            return Ok(());
        }
        // The partitions are marked, the partitioned table is not (`get_tables_to_cluster_partitioned`).
        for (child, _) in self.catalog.inheritors(index).into_iter().skip(1) {
            let table = self.catalog.relation(child).and_then(Relation::as_index).map(|i| i.table);
            let Some(table) = table.and_then(|table| self.catalog.shared_relation(table)) else { continue };
            if !table.is_partitioned() && self.may_maintain(&table) {
                self.mark_filled(&table, child);
            }
        }
        Ok(())
    }

    /// A materialized view that was never filled is left alone (`cluster.c: cluster_rel`).
    fn mark_filled(&mut self, relation: &Relation, index: Oid) {
        if !matches!(relation.kind, RelationKind::MaterializedView(_, false)) {
            self.mark_clustered(relation.oid, Some(index));
        }
    }

    fn check_index_name(&self, relation: &Relation, name: &str) -> Exec {
        match self.catalog.relation_in(relation.schema, name) {
            Some(_) => Ok(()),
            None => {
                let message = format!("index \"{name}\" for table \"{}\" does not exist", relation.name);
                Err(SqlError::new("42704", message).into())
            }
        }
    }

    fn is_clustered(&self, index: Oid) -> bool {
        self.catalog.relation(index).and_then(Relation::as_index).is_some_and(|index| index.clustered)
    }
}
