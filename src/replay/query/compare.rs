//! Sets of rows, for DISTINCT, GROUP BY and set operations.

use super::Value;
use crate::replay::value::{Incomparable, compare_nulls_last};
use crate::replay::{Exec, Opaque};
use crate::sql::ast::Touches;

/// Rows that are not distinct from each other are one.
#[derive(Default)]
pub(super) struct RowSet {
    rows: Vec<Vec<Value>>,
}

/// Whether two rows are the same; NULLs are.
pub(super) fn same(a: &[Value], b: &[Value]) -> Exec<bool> {
    for (x, y) in a.iter().zip(b) {
        match compare_nulls_last(x, y) {
            Ok(std::cmp::Ordering::Equal) => {}
            Ok(_) => return Ok(false),
            Err(Incomparable::Types) => {
                return Err(Opaque::new("rows of such types are not compared", Touches::Nothing).into());
            }
            Err(Incomparable::Unknown(reason)) => return Err(super::run::unknown_rows(&reason)),
        }
    }
    Ok(true)
}

impl RowSet {
    pub fn contains(&self, row: &[Value]) -> Exec<bool> {
        for other in &self.rows {
            if same(other, row)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The rows that are new to the set.
    pub fn keep_new(&mut self, rows: Vec<Vec<Value>>) -> Exec<Vec<Vec<Value>>> {
        self.keep_new_by(rows, usize::MAX)
    }

    /// The first row of each group with the same values in these columns.
    pub fn keep_first(&mut self, rows: Vec<Vec<Value>>, columns: &[usize]) -> Exec<Vec<Vec<Value>>> {
        let mut first = Vec::new();
        for row in rows {
            let key: Vec<Value> = columns.iter().filter_map(|&column| row.get(column)).cloned().collect();
            if !self.contains(&key)? {
                self.rows.push(key);
                first.push(row);
            }
        }
        Ok(first)
    }

    /// The rows whose first columns are new to the set.
    pub fn keep_new_by(&mut self, rows: Vec<Vec<Value>>, columns: usize) -> Exec<Vec<Vec<Value>>> {
        let mut new = Vec::new();
        for row in rows {
            let key = &row[..columns.min(row.len())];
            if !self.contains(key)? {
                self.rows.push(key.to_vec());
                new.push(row);
            }
        }
        Ok(new)
    }
}
