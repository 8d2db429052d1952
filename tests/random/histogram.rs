//! What was run: kinds of statements and sub-commands, SQLSTATEs, and what else a run must have had.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pgproof::sql::ast::{RenameTarget, StatementKind};
use pgproof::sql::{Segment, parse};

/// How often something was run, and how often it was done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    pub run: usize,
    pub done: usize,
}

/// Each of [`KINDS`] is run at least so often.
pub const LEAST: usize = 50;
/// And done at least so often.
pub const LEAST_DONE: usize = 5;

/// What is executed and is not generated, with the reason.
pub const NOT_GENERATED: &[(&str, &str)] = &[
    ("AlterExtension", "facts leave out what extensions make: tests/extensions.rs and extensions.sql have them"),
    ("CreateExtension", "facts leave out what extensions make: tests/extensions.rs and extensions.sql have them"),
];

/// Those that are refused whatever they name: a partition is pending only if a session has died,
/// and 15 has no SET EXPRESSION.
pub const NEVER_DONE: &[&str] = &["AlterTable DetachPartitionFinalize", "AlterTable SetExpression"];

/// The kinds of statements and the sub-commands of ALTER that are generated: those of docs/coverage.md that are executed,
/// but for [`NOT_GENERATED`].
pub const KINDS: &[&str] = &[
    "AlterDatabase",
    "AlterDefaultPrivileges",
    "AlterDomain AddConstraint",
    "AlterDomain Default",
    "AlterDomain DropConstraint",
    "AlterDomain DropNotNull",
    "AlterDomain SetNotNull",
    "AlterDomain ValidateConstraint",
    "AlterEnum Add",
    "AlterEnum Rename",
    "AlterEventTrigger",
    "AlterForeignDataWrapper",
    "AlterFunction",
    "AlterObjectDepends",
    "AlterObjectSchema",
    "AlterOpFamily",
    "AlterOperator",
    "AlterOptions",
    "AlterOwner",
    "AlterPolicy",
    "AlterPublication",
    "AlterRole",
    "AlterRoleSet",
    "AlterSequence",
    "AlterServer",
    "AlterStatistics",
    "AlterSystem",
    "AlterTable AddColumn",
    "AlterTable AddConstraint",
    "AlterTable AddIdentity",
    "AlterTable AddInherit",
    "AlterTable AddOf",
    "AlterTable AlterColumnType",
    "AlterTable AlterConstraint",
    "AlterTable AttachPartition",
    "AlterTable ChangeOwner",
    "AlterTable ClusterOn",
    "AlterTable ColumnDefault",
    "AlterTable DetachPartition",
    "AlterTable DetachPartitionFinalize",
    "AlterTable DisableRowSecurity",
    "AlterTable DropCluster",
    "AlterTable DropColumn",
    "AlterTable DropConstraint",
    "AlterTable DropExpression",
    "AlterTable DropIdentity",
    "AlterTable DropInherit",
    "AlterTable DropNotNull",
    "AlterTable DropOf",
    "AlterTable EnableRowSecurity",
    "AlterTable ForceRowSecurity",
    "AlterTable ForeignColumnOptions",
    "AlterTable ForeignOptions",
    "AlterTable NoForceRowSecurity",
    "AlterTable ReplicaIdentity",
    "AlterTable ResetOptions",
    "AlterTable SetAccessMethod",
    "AlterTable SetColumnOptions",
    "AlterTable SetCompression",
    "AlterTable SetExpression",
    "AlterTable SetIdentity",
    "AlterTable SetLogged",
    "AlterTable SetNotNull",
    "AlterTable SetOptions",
    "AlterTable SetRule",
    "AlterTable SetStatistics",
    "AlterTable SetStorage",
    "AlterTable SetTablespace",
    "AlterTable SetTriggers",
    "AlterTable SetUnlogged",
    "AlterTable ValidateConstraint",
    "AlterTsConfig",
    "Call",
    "Cluster",
    "Comment",
    "Copy",
    "CreateCast",
    "CreateCompositeType",
    "CreateConversion",
    "CreateDatabase",
    "CreateDomain",
    "CreateEnum",
    "CreateEventTrigger",
    "CreateForeignDataWrapper",
    "CreateFunction",
    "CreateIndex",
    "CreateLanguage",
    "CreateOpClass",
    "CreateOpFamily",
    "CreatePolicy",
    "CreatePublication",
    "CreateRangeType",
    "CreateRole",
    "CreateRule",
    "CreateSchema",
    "CreateSequence",
    "CreateServer",
    "CreateStatistics",
    "CreateTable",
    "CreateTableAs",
    "CreateTransform",
    "CreateTrigger",
    "CreateView",
    "Deallocate",
    "Define",
    "Delete",
    "Discard",
    "Do",
    "Drop",
    "DropDatabase",
    "DropOwned",
    "DropRole",
    "Execute",
    "Explain",
    "Grant",
    "GrantRole",
    "Insert",
    "Lock",
    "Merge",
    "Prepare",
    "ReassignOwned",
    "RefreshCollation",
    "RefreshDatabase",
    "RefreshMatView",
    "Reindex",
    "Rename",
    "Select",
    "Set",
    "Show",
    "Transaction",
    "Truncate",
    "Update",
    "Vacuum",
];

#[derive(Clone, Debug, Default)]
pub struct Histogram {
    pub kinds: BTreeMap<String, Count>,
    pub states: BTreeMap<String, usize>,
    pub statements: usize,
    pub failed: usize,
    /// Statements with a name in quotes, and with one of another schema than `public`.
    pub quoted: usize,
    pub other_schema: usize,
    /// Refused because something depends on a column or an object (2BP01, 0A000).
    pub dependents: usize,
}

/// The name under which a kind is counted: sub-commands of ALTER are kinds of their own, objects of DROP are not.
pub fn counted(kind: &str) -> &str {
    match kind.split_once(' ') {
        Some((statement, _)) if !matches!(statement, "AlterTable" | "AlterDomain" | "AlterEnum") => statement,
        _ => kind,
    }
}

impl Histogram {
    /// Counts by statement, and by sub-command where they are those of an ALTER.
    pub fn by_kind(&self) -> BTreeMap<&str, Count> {
        let mut sums: BTreeMap<&str, Count> = BTreeMap::new();
        for (kind, count) in &self.kinds {
            let sum = sums.entry(counted(kind)).or_default();
            sum.run += count.run;
            sum.done += count.done;
        }
        sums
    }

    /// Counts a statement that ended so on the server.
    pub fn add(&mut self, statement: &str, sqlstate: Option<&str>) {
        self.statements += 1;
        self.quoted += usize::from(statement.contains('"'));
        self.other_schema += usize::from(statement.contains("app.") || statement.contains("\"My Schema\"."));
        for kind in kinds(statement) {
            let count = self.kinds.entry(kind).or_default();
            count.run += 1;
            count.done += usize::from(sqlstate.is_none());
        }
        if let Some(state) = sqlstate {
            self.failed += 1;
            self.dependents += usize::from(matches!(state, "2BP01" | "0A000"));
            *self.states.entry(state.to_owned()).or_default() += 1;
        }
    }

    pub fn merge(&mut self, other: &Histogram) {
        for (kind, count) in &other.kinds {
            let sum = self.kinds.entry(kind.clone()).or_default();
            sum.run += count.run;
            sum.done += count.done;
        }
        for (state, count) in &other.states {
            *self.states.entry(state.clone()).or_default() += count;
        }
        self.statements += other.statements;
        self.failed += other.failed;
        self.quoted += other.quoted;
        self.other_schema += other.other_schema;
        self.dependents += other.dependents;
    }
}

impl std::fmt::Display for Histogram {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let share = 100 * self.failed / self.statements.max(1);
        writeln!(
            f,
            "{} statements, {} failed ({share} %), {} SQLSTATEs",
            self.statements,
            self.failed,
            self.states.len()
        )?;
        let (quoted, other) = (self.quoted, self.other_schema);
        writeln!(
            f,
            "{quoted} with quoted names, {other} in other schemas, {} refused for dependents",
            self.dependents
        )?;
        for (kind, count) in &self.kinds {
            writeln!(f, "{:6} {:6} {kind}", count.run, count.done)?;
        }
        let mut states = String::new();
        for (state, count) in &self.states {
            let _ = write!(states, " {state}:{count}");
        }
        writeln!(f, "SQLSTATEs:{states}")
    }
}

/// The name of the variant that a value is of, which its `Debug` begins with.
fn variant(value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:?}");
    text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
}

/// The kinds of the statements in a text: `CreateTable`, `AlterTable AddColumn`, `Drop Table`.
pub fn kinds(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for segment in parse(text) {
        let Segment::Statement(statement) = segment else {
            if matches!(segment, Segment::SyntaxError(_)) {
                found.push("syntax error".to_owned());
            }
            continue;
        };
        let kind = variant(&statement.kind);
        let more: Vec<String> = match &statement.kind {
            StatementKind::AlterTable(alter) => alter.commands.iter().map(|c| variant(&c.action)).collect(),
            StatementKind::AlterDomain(alter) => vec![variant(&alter.action)],
            StatementKind::AlterEnum(alter) => vec![variant(&alter.action)],
            StatementKind::Drop(drop) => vec![variant(&drop.kind)],
            StatementKind::Comment(comment) => vec![variant(&comment.object.kind)],
            StatementKind::AlterOwner(alter) => vec![variant(&alter.object.kind)],
            StatementKind::AlterObjectSchema(alter) => vec![variant(&alter.object.kind)],
            StatementKind::Rename(rename) => vec![match &rename.target {
                RenameTarget::Relation { kind, .. } | RenameTarget::OfRelation { kind, .. } => variant(kind),
                RenameTarget::Column { kind, .. } => format!("column of {}", variant(kind)),
                RenameTarget::Object(object) => variant(&object.kind),
            }],
            _ => Vec::new(),
        };
        if more.is_empty() {
            found.push(kind);
        } else {
            found.extend(more.into_iter().map(|more| format!("{kind} {more}")));
        }
    }
    found
}
