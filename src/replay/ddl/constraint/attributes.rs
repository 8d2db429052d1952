//! What is refused of constraints as they are written, before anything is looked up (`parse_utilcmd.c`).

use crate::replay::{Exec, SqlError};
use crate::sql::ast::{Constraint, ConstraintAttribute as Attribute, ConstraintKind, CreateTable, TableElement};

/// `transformConstraintAttrs`: DEFERRABLE and the like belong to the constraint before them.
pub(in crate::replay::ddl) fn check_attributes(constraints: &[Constraint]) -> Exec {
    let mut last: Option<&ConstraintKind> = None;
    let (mut deferrable, mut deferred, mut enforced): (Option<bool>, Option<bool>, bool) = (None, None, false);
    for constraint in constraints {
        let ConstraintKind::Attribute(attribute) = &constraint.kind else {
            last = Some(&constraint.kind);
            (deferrable, deferred, enforced) = (None, None, false);
            continue;
        };
        let refuse = |message: &str| Err(SqlError::new("42601", message).at(constraint.loc).into());
        if !last.is_some_and(|kind| takes(kind, *attribute)) {
            return refuse(&format!("misplaced {} clause", words(*attribute)));
        }
        match attribute {
            Attribute::Deferrable | Attribute::NotDeferrable => {
                if deferrable.is_some() {
                    return refuse("multiple DEFERRABLE/NOT DEFERRABLE clauses not allowed");
                }
                deferrable = Some(*attribute == Attribute::Deferrable);
            }
            Attribute::InitiallyDeferred | Attribute::InitiallyImmediate => {
                if deferred.is_some() {
                    return refuse("multiple INITIALLY IMMEDIATE/DEFERRED clauses not allowed");
                }
                deferred = Some(*attribute == Attribute::InitiallyDeferred);
            }
            Attribute::Enforced | Attribute::NotEnforced => {
                if enforced {
                    return refuse("multiple ENFORCED/NOT ENFORCED clauses not allowed");
                }
                enforced = true;
            }
        }
        if deferrable == Some(false) && deferred == Some(true) {
            return refuse("constraint declared INITIALLY DEFERRED must be DEFERRABLE");
        }
    }
    Ok(())
}

/// Whether a constraint can have the attribute.
fn takes(kind: &ConstraintKind, attribute: Attribute) -> bool {
    let of_enforcement = matches!(attribute, Attribute::Enforced | Attribute::NotEnforced);
    match kind {
        ConstraintKind::Key(_) | ConstraintKind::Exclusion(_) => !of_enforcement,
        ConstraintKind::Check { .. } => of_enforcement,
        ConstraintKind::ForeignKey(_) => true,
        ConstraintKind::Null
        | ConstraintKind::NotNull { .. }
        | ConstraintKind::Default(_)
        | ConstraintKind::Identity { .. }
        | ConstraintKind::Generated { .. }
        | ConstraintKind::Attribute(_) => false,
    }
}

fn words(attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::Deferrable => "DEFERRABLE",
        Attribute::NotDeferrable => "NOT DEFERRABLE",
        Attribute::InitiallyDeferred => "INITIALLY DEFERRED",
        Attribute::InitiallyImmediate => "INITIALLY IMMEDIATE",
        Attribute::Enforced => "ENFORCED",
        Attribute::NotEnforced => "NOT ENFORCED",
    }
}

/// The constraints of a new foreign table (`transformColumnDefinition`, `transformTableConstraint`).
pub(in crate::replay::ddl) fn check_new_foreign_table(stmt: &CreateTable) -> Exec {
    for element in &stmt.elements {
        match element {
            TableElement::Column(column) => column.constraints.iter().try_for_each(check_on_foreign_table)?,
            TableElement::Constraint(constraint) => check_on_foreign_table(constraint)?,
            TableElement::Like(_) => {}
        }
    }
    Ok(())
}

/// Nothing that needs an index can be on a foreign table, nor can foreign keys.
pub(in crate::replay::ddl) fn check_on_foreign_table(constraint: &Constraint) -> Exec {
    let what = match &constraint.kind {
        ConstraintKind::Key(key) if key.primary => "primary key",
        ConstraintKind::Key(_) => "unique",
        ConstraintKind::Exclusion(_) => "exclusion",
        ConstraintKind::ForeignKey(_) => "foreign key",
        ConstraintKind::Null
        | ConstraintKind::NotNull { .. }
        | ConstraintKind::Default(_)
        | ConstraintKind::Identity { .. }
        | ConstraintKind::Generated { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::Attribute(_) => return Ok(()),
    };
    let message = format!("{what} constraints are not supported on foreign tables");
    Err(SqlError::new("0A000", message).at(constraint.loc).into())
}
