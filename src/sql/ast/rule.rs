//! Rules, extended statistics, event triggers.

use super::*;

/// `CREATE RULE`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateRule {
    /// Its name.
    pub name: Name,
    /// The relation.
    pub relation: RangeVar,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// `ON`.
    pub event: RuleEvent,
    /// `DO INSTEAD` rather than `DO ALSO`.
    pub instead: bool,
    /// `WHERE`.
    pub qualification: Option<Expr>,
    /// What is done: queries, data-modifying statements, NOTIFY; none for `NOTHING`.
    pub actions: Vec<StatementKind>,
}

/// The event of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleEvent {
    /// `SELECT`
    Select,
    /// `INSERT`
    Insert,
    /// `UPDATE`
    Update,
    /// `DELETE`
    Delete,
}

/// `CREATE STATISTICS`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateStatistics {
    /// The name; it may be left out from 16 on.
    pub name: Option<QualifiedName>,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `(ndistinct, dependencies, mcv)`; empty for all.
    pub kinds: Vec<Name>,
    /// `ON`: columns and expressions.
    pub elements: Vec<StatisticsElem>,
    /// `FROM`: anything that the grammar takes, of which only one relation is allowed.
    pub from: Vec<TableRef>,
}

/// An element of CREATE STATISTICS.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StatisticsElem {
    /// A column.
    Column(Name),
    /// An expression.
    Expr(Expr),
}

/// `ALTER STATISTICS … SET STATISTICS`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterStatistics {
    /// The name.
    pub name: QualifiedName,
    /// `IF EXISTS`.
    pub missing_ok: bool,
    /// The target; nothing for `DEFAULT` (17).
    pub target: Option<i32>,
}

/// `CREATE EVENT TRIGGER`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateEventTrigger {
    /// Its name.
    pub name: Name,
    /// `ON`, in lower case as the grammar gives it.
    pub event: Name,
    /// `WHEN variable IN (values) AND …`.
    pub when: Vec<EventTriggerFilter>,
    /// The function.
    pub function: QualifiedName,
}

/// `variable IN ('value', …)` of an event trigger.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EventTriggerFilter {
    /// The variable.
    pub variable: Name,
    /// The values.
    pub values: Vec<String>,
    /// Where it stands.
    pub loc: Loc,
}

/// `ALTER EVENT TRIGGER … ENABLE|DISABLE`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterEventTrigger {
    /// Its name.
    pub name: Name,
    /// When it fires.
    pub state: FiringState,
}
