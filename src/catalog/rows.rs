//! What is known of the rows of tables: of some, all their rows.
//!
//! A table that the migrations make has no rows. A statement that is executed exactly adds, changes and removes rows; whatever
//! else may write to a table has its rows forgotten. So a table whose rows are known has these and no others, whatever
//! is skipped or not understood.

use std::sync::Arc;

use ecow::EcoString;

use super::{AttrNumber, Catalog, Oid};

/// A row of a table: the values of its columns. A column that is missing has NULL.
pub(crate) type Row = Arc<[(AttrNumber, Cell)]>;

/// A value of a row; what is NULL for certain is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// The text that the output function of its type gives.
    Text(EcoString),
    /// Something that nobody can know, and why; `present` if it is at least not NULL.
    Unknown { reason: Arc<str>, present: bool },
}

/// A table with more rows is like one whose rows are not known: it is data, and steers nothing.
pub(crate) const MAX_ROWS: usize = 1000;

impl Catalog {
    /// The table was just made, or is emptied.
    pub(crate) fn mark_empty(&mut self, table: Oid) {
        self.set_rows(table, Vec::new());
    }

    /// These are the table's own rows.
    pub(crate) fn set_rows(&mut self, table: Oid, rows: Vec<Row>) {
        match rows.len() <= MAX_ROWS {
            true => self.rows.insert(table, rows.into()),
            false => self.rows.remove(&table),
        };
    }

    /// The table's own rows, without those of tables that inherit from it, in the order in which a scan finds them; nothing
    /// if they are not known.
    pub(crate) fn known_rows(&self, table: Oid) -> Option<&Arc<[Row]>> {
        self.rows.get(&table)
    }

    /// Rows may have come into the table, into its partitions, or into what inherits from it.
    pub(crate) fn mark_written(&mut self, table: Oid) {
        if self.knows_rows() {
            for (oid, _) in self.inheritors(table) {
                self.rows.remove(&oid);
            }
        }
    }

    /// Rows of the table, or of what inherits from it, may have changed or gone.
    pub(crate) fn mark_changed(&mut self, table: Oid) {
        if self.knows_rows() {
            for (oid, _) in self.inheritors(table) {
                if self.rows.get(&oid).is_some_and(|rows| !rows.is_empty()) {
                    self.rows.remove(&oid);
                }
            }
        }
    }

    /// Rows may have come into any table.
    pub(crate) fn forget_rows(&mut self) {
        if self.knows_rows() {
            self.rows = Default::default();
        }
    }

    /// Rows may have changed or gone, of any table.
    pub(crate) fn forget_changed_rows(&mut self) {
        if self.rows.values().any(|rows| !rows.is_empty()) {
            self.rows = self.rows.iter().filter(|(_, rows)| rows.is_empty()).map(|(k, v)| (*k, v.clone())).collect();
        }
    }

    /// The rows of some table are known.
    pub(crate) fn knows_rows(&self) -> bool {
        !self.rows.is_empty()
    }

    /// Neither the table nor, unless with ONLY, a table that inherits from it has rows.
    pub fn is_empty_table(&self, table: Oid, only: bool) -> bool {
        let is_empty = |oid: Oid| self.known_rows(oid).is_some_and(|rows| rows.is_empty());
        is_empty(table) && (only || self.inheritors(table).into_iter().all(|(oid, _)| is_empty(oid)))
    }

    /// The rows of the table and, unless with ONLY, of those that inherit from it are known.
    pub(crate) fn is_known_table(&self, table: Oid, only: bool) -> bool {
        self.rows.contains_key(&table)
            && (only || self.inheritors(table).into_iter().all(|(oid, _)| self.rows.contains_key(&oid)))
    }

    /// A column of a table has another value in every row.
    pub(crate) fn fill_column(&mut self, table: Oid, column: AttrNumber, cell: Option<&Cell>) {
        let Some(rows) = self.known_rows(table).filter(|rows| !rows.is_empty()) else { return };
        let filled = |row: &Row| -> Row {
            let others = row.iter().filter(|(number, _)| *number != column).cloned();
            others.chain(cell.map(|cell| (column, cell.clone()))).collect()
        };
        let rows = rows.iter().map(filled).collect();
        self.set_rows(table, rows);
    }
}
