//! NOT NULL: from 18 on a constraint with a name, which is written where it is not the one that PostgreSQL gives.

use super::Script;
use crate::catalog::{self, Relation, make_object_name};
use crate::report::schema::model::*;

impl Script<'_> {
    /// The constraint that makes the column NOT NULL, with its table.
    fn not_null_record(&self, table: &Table, number: i16) -> Option<(&Relation, &catalog::Constraint)> {
        let relation = self.catalog.relation(table.oid)?;
        Some((relation, relation.not_null(number)?))
    }

    /// `CONSTRAINT name `, or nothing if the constraint gets its name anyway.
    fn name_of_not_null(&self, relation: &Relation, constraint: &catalog::Constraint, column: &str) -> String {
        let mut others = self.catalog.relations_in(relation.schema).filter(|r| r.oid != relation.oid);
        let generated = constraint.name == make_object_name(&relation.name, Some(column), Some("not_null"))
            && others.all(|other| other.constraint(&constraint.name).is_none());
        if generated { String::new() } else { format!("CONSTRAINT {} ", self.ident(&constraint.name)) }
    }

    /// ` NOT NULL` as the column's definition has it, or nothing.
    pub(super) fn not_null(&self, table: &Table, column: &Column) -> String {
        if !column.not_null {
            return String::new();
        }
        let Some((relation, constraint)) = self.not_null_record(table, column.number) else {
            return " NOT NULL".to_owned();
        };
        if !constraint.validated || self.leaves_to_parents(table, constraint) {
            return String::new();
        }
        let private = if constraint.is_private() { " NO INHERIT" } else { "" };
        format!(" {}NOT NULL{private}", self.name_of_not_null(relation, constraint, &column.name))
    }

    /// What a table with inherited columns has of its own: `CONSTRAINT name NOT NULL column` among its elements.
    pub(super) fn own_not_nulls(&self, table: &Table) -> Vec<String> {
        let inherited = table.columns.iter().filter(|column| self.is_inherited_column(table, column));
        let own = inherited.filter_map(|column| {
            let (relation, constraint) = self.not_null_record(table, column.number)?;
            let stands = constraint.validated && !self.leaves_to_parents(table, constraint);
            let private = if constraint.is_private() { " NO INHERIT" } else { "" };
            let name = self.name_of_not_null(relation, constraint, &column.name);
            stands.then(|| format!("{name}NOT NULL {}{private}", self.ident(&column.name)))
        });
        own.collect()
    }

    /// `CONSTRAINT name NOT NULL column` as ALTER TABLE adds it, where SET NOT NULL would give another name.
    pub(super) fn named_not_null(&self, table: &Table, column: &Column) -> Option<String> {
        let (relation, constraint) = self.not_null_record(table, column.number)?;
        let name = self.name_of_not_null(relation, constraint, &column.name);
        let private = if constraint.is_private() { " NO INHERIT" } else { "" };
        (!name.is_empty()).then(|| format!("{name}NOT NULL {}{private}", self.ident(&column.name)))
    }
}
