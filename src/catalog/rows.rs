//! What is known of the rows of tables: of some, that there are none.
//!
//! A table that the migrations make has no rows until something may have written some. Nothing is added to this
//! knowledge but by making a table, so whatever is done to rows twice, or perhaps, does no harm.

use super::{Catalog, Oid};

impl Catalog {
    /// The table was just made.
    pub(crate) fn mark_empty(&mut self, table: Oid) {
        self.empty_tables.insert(table);
    }

    /// Rows may have come into the table, into its partitions, or into what inherits from it.
    pub(crate) fn mark_written(&mut self, table: Oid) {
        if self.empty_tables.is_empty() {
            return;
        }
        for (oid, _) in self.inheritors(table) {
            self.empty_tables.remove(&oid);
        }
    }

    /// Rows may have come into any table.
    pub(crate) fn forget_empty_tables(&mut self) {
        if !self.empty_tables.is_empty() {
            self.empty_tables = Default::default();
        }
    }

    /// Some table is known to have no rows.
    pub(crate) fn has_empty_tables(&self) -> bool {
        !self.empty_tables.is_empty()
    }

    /// Neither the table nor, unless with ONLY, a table that inherits from it has rows.
    pub fn is_empty_table(&self, table: Oid, only: bool) -> bool {
        if only {
            return self.empty_tables.contains(&table);
        }
        self.empty_tables.contains(&table)
            && self.inheritors(table).into_iter().all(|(oid, _)| self.empty_tables.contains(&oid))
    }
}
