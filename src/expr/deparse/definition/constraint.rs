//! Constraints (`pg_get_constraintdef_worker`).

use super::IndexDef;
use crate::catalog::tree::Expr;
use crate::catalog::{AttrNumber, Oid};
use crate::expr::deparse::names::column_name;
use crate::expr::deparse::{Deparser, opaque};
use crate::replay::Exec;
use crate::sql::ast::{ForeignKeyAction, ForeignKeyMatch};

/// A constraint.
#[derive(Clone, Debug)]
pub struct ConstraintDef<'a> {
    /// Its table; none if it is a domain's.
    pub relation: Option<Oid>,
    /// What it demands.
    pub kind: ConstraintDefKind<'a>,
    /// `DEFERRABLE`
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`
    pub initially_deferred: bool,
    /// It is enforced (18).
    pub enforced: bool,
    /// It was validated.
    pub validated: bool,
}

/// The kinds of constraint.
#[derive(Clone, Debug)]
pub enum ConstraintDefKind<'a> {
    /// `CHECK`
    Check {
        /// The condition.
        expr: &'a Expr,
        /// `NO INHERIT`
        no_inherit: bool,
    },
    /// `PRIMARY KEY` and `UNIQUE`
    Key {
        /// `PRIMARY KEY`
        primary: bool,
        /// `NULLS NOT DISTINCT`
        nulls_not_distinct: bool,
        /// Its columns.
        columns: &'a [AttrNumber],
        /// `WITHOUT OVERLAPS` of the last of them (18).
        without_overlaps: bool,
        /// `INCLUDE`
        including: &'a [AttrNumber],
    },
    /// `EXCLUDE`: the index, whose keys have operators.
    Exclusion(Box<IndexDef<'a>>),
    /// `FOREIGN KEY`
    ForeignKey {
        /// Its columns.
        columns: &'a [AttrNumber],
        /// The referenced table.
        table: Oid,
        /// The referenced columns.
        referenced: &'a [AttrNumber],
        /// `PERIOD` of the last of both (18).
        period: bool,
        /// `MATCH`
        match_type: ForeignKeyMatch,
        /// `ON UPDATE`
        on_update: ForeignKeyAction,
        /// `ON DELETE`
        on_delete: ForeignKeyAction,
        /// The columns of `ON DELETE SET NULL (…)`.
        on_delete_columns: &'a [AttrNumber],
    },
    /// A constraint trigger's entry.
    Trigger,
    /// A named `NOT NULL` (18).
    NotNull {
        /// The column; none of a domain.
        column: Option<AttrNumber>,
        /// `NO INHERIT`
        no_inherit: bool,
    },
}

impl Deparser<'_> {
    /// A constraint as ADD CONSTRAINT takes it, without its name (`pg_get_constraintdef`).
    pub fn constraint_def(&self, constraint: &ConstraintDef<'_>) -> Exec<String> {
        let relation = constraint.relation.unwrap_or(Oid::INVALID);
        let mut out = match &constraint.kind {
            ConstraintDefKind::Check { expr, no_inherit } => {
                let condition = self.expr(expr, constraint.relation)?;
                format!("CHECK ({condition}){}", if *no_inherit { " NO INHERIT" } else { "" })
            }
            ConstraintDefKind::Key { primary, nulls_not_distinct, columns, without_overlaps, including } => {
                let mut out = String::from(if *primary { "PRIMARY KEY " } else { "UNIQUE " });
                if *nulls_not_distinct && !primary {
                    out.push_str("NULLS NOT DISTINCT ");
                }
                let overlaps = if *without_overlaps { " WITHOUT OVERLAPS" } else { "" };
                out.push_str(&format!("({}{overlaps})", self.column_list(relation, columns, false)?));
                if !including.is_empty() {
                    out.push_str(&format!(" INCLUDE ({})", self.column_list(relation, including, false)?));
                }
                out
            }
            ConstraintDefKind::Exclusion(index) => self.exclusion(index)?,
            ConstraintDefKind::ForeignKey {
                columns,
                table,
                referenced,
                period,
                match_type,
                on_update,
                on_delete,
                on_delete_columns,
            } => {
                let mut out = format!(
                    "FOREIGN KEY ({}) REFERENCES {}({})",
                    self.column_list(relation, columns, *period)?,
                    self.relation_name(*table),
                    self.column_list(*table, referenced, *period)?
                );
                out.push_str(match match_type {
                    ForeignKeyMatch::Simple => "",
                    ForeignKeyMatch::Full => " MATCH FULL",
                    ForeignKeyMatch::Partial => " MATCH PARTIAL",
                });
                if let Some(action) = action(*on_update) {
                    out.push_str(&format!(" ON UPDATE {action}"));
                }
                if let Some(action) = action(*on_delete) {
                    out.push_str(&format!(" ON DELETE {action}"));
                }
                if !on_delete_columns.is_empty() {
                    out.push_str(&format!(" ({})", self.column_list(relation, on_delete_columns, false)?));
                }
                out
            }
            ConstraintDefKind::Trigger => String::from("TRIGGER"),
            ConstraintDefKind::NotNull { column, no_inherit } => {
                let mut out = String::from("NOT NULL");
                if let Some(column) = column {
                    out.push_str(&format!(" {}", self.column_list(relation, &[*column], false)?));
                }
                if *no_inherit {
                    out.push_str(" NO INHERIT");
                }
                out
            }
        };
        if constraint.deferrable {
            out.push_str(" DEFERRABLE");
        }
        if constraint.initially_deferred {
            out.push_str(" INITIALLY DEFERRED");
        }
        // What is not enforced is not valid either.
        if !constraint.enforced {
            out.push_str(" NOT ENFORCED");
        } else if !constraint.validated {
            out.push_str(" NOT VALID");
        }
        Ok(out)
    }

    /// Columns with commas between them; with `period` the last one is a period (`decompile_column_index_array`).
    pub(super) fn column_list(&self, relation: Oid, numbers: &[AttrNumber], period: bool) -> Exec<String> {
        let mut names = Vec::with_capacity(numbers.len());
        for (i, &number) in numbers.iter().enumerate() {
            let name = column_name(self.catalog(), relation, number);
            let name = name.ok_or_else(|| opaque(format!("column {number} of a relation is not there")))?;
            let period = if period && i + 1 == numbers.len() { "PERIOD " } else { "" };
            names.push(format!("{period}{}", self.ident(&name)));
        }
        Ok(names.join(", "))
    }
}

/// The action in words, unless it is the default.
fn action(action: ForeignKeyAction) -> Option<&'static str> {
    match action {
        ForeignKeyAction::NoAction => None,
        ForeignKeyAction::Restrict => Some("RESTRICT"),
        ForeignKeyAction::Cascade => Some("CASCADE"),
        ForeignKeyAction::SetNull => Some("SET NULL"),
        ForeignKeyAction::SetDefault => Some("SET DEFAULT"),
    }
}
