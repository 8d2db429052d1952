//! What a check found, as plain data: every format renders this.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{Diagnostic, Severity};
use crate::source::{FileId, Place, SourceMap};

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct CheckResult {
    /// The migrations in the order in which they ran.
    pub migrations: Vec<MigrationResult>,
    /// The requirements in the order of the specs.
    pub requirements: Vec<RequirementResult>,
    /// Everything else: failed statements, warnings, remarks. Verdicts on requirements are not repeated here.
    pub findings: Vec<Diagnostic>,
    /// The texts that all places point into.
    pub sources: Arc<SourceMap>,
    /// The migrations whose findings count; all if nothing is said. See [`CheckResult::count_only`].
    pub(super) scope: Option<FxHashSet<FileId>>,
    /// How many findings were left out by the scope.
    pub(super) out_of_scope: usize,
}

/// One migration and what became of its statements.
#[derive(Clone, Debug, PartialEq)]
pub struct MigrationResult {
    /// Its text.
    pub file: FileId,
    /// Its version, as written.
    pub version: Option<String>,
    /// The worst that happened to a statement.
    pub status: MigrationStatus,
    /// How many statements it has.
    pub statements: usize,
    /// The error that ended it.
    pub error: Option<MigrationError>,
    /// The statements whose effect is not known.
    pub opaque: Vec<OpaqueStatement>,
}

/// The fate of a migration; later is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum MigrationStatus {
    /// All statements were executed.
    Applied,
    /// What a statement does depends on data that nobody can know.
    Undecided,
    /// What a statement does is not known.
    Opaque,
    /// A statement failed, and with it the migration.
    Failed,
}

/// The error that ended a migration.
#[derive(Clone, Debug, PartialEq)]
pub struct MigrationError {
    /// PostgreSQL's five characters.
    pub sqlstate: String,
    /// PostgreSQL's message.
    pub message: String,
    /// Where.
    pub place: Place,
}

/// A statement whose effect is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct OpaqueStatement {
    /// The statement.
    pub place: Place,
    /// Why.
    pub reason: String,
}

/// One requirement of a spec and its verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct RequirementResult {
    /// A stable name, derived from what is required.
    pub id: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The verdict in one sentence without a full stop.
    pub message: String,
    /// Where it is required.
    pub spec: Place,
    /// What the verdict rests on: the lines that satisfy it, or that broke it.
    pub evidence: Vec<Evidence>,
    /// What to do about it.
    pub help: Option<String>,
}

/// Whether a requirement holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Verdict {
    /// It holds.
    Satisfied,
    /// It does not hold.
    Violated,
    /// It does not hold, which the spec excuses for now.
    Waived,
    /// Whether it holds cannot be known.
    Unknown,
}

impl Verdict {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Satisfied => "satisfied",
            Verdict::Violated => "violated",
            Verdict::Waived => "waived",
            Verdict::Unknown => "unknown",
        }
    }
}

/// A place that a verdict rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Where.
    pub place: Place,
    /// What happened there; may be empty.
    pub text: String,
}

/// What a check demands beyond the requirements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Warnings count as errors.
    pub deny_warnings: bool,
    /// Unknown requirements do not count as violated.
    pub allow_unknown: bool,
}

/// The counts of a result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Whether the check is passed.
    pub passed: bool,
    /// Migrations by status.
    pub migrations: MigrationCounts,
    /// Requirements by verdict.
    pub requirements: RequirementCounts,
    /// Findings by severity.
    pub findings: FindingCounts,
}

/// Migrations by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct MigrationCounts {
    /// All of them.
    pub total: usize,
    /// [`MigrationStatus::Applied`].
    pub applied: usize,
    /// [`MigrationStatus::Undecided`].
    pub undecided: usize,
    /// [`MigrationStatus::Opaque`].
    pub opaque: usize,
    /// [`MigrationStatus::Failed`].
    pub failed: usize,
    /// The statements of all.
    pub statements: usize,
    /// The statements whose effect is not known.
    pub opaque_statements: usize,
}

/// Requirements by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct RequirementCounts {
    /// All of them.
    pub total: usize,
    /// [`Verdict::Satisfied`].
    pub satisfied: usize,
    /// [`Verdict::Violated`].
    pub violated: usize,
    /// [`Verdict::Waived`].
    pub waived: usize,
    /// [`Verdict::Unknown`].
    pub unknown: usize,
}

/// Findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct FindingCounts {
    /// [`Severity::Error`].
    pub error: usize,
    /// [`Severity::Warning`].
    pub warning: usize,
    /// [`Severity::Info`].
    pub info: usize,
    /// Left out because their migration did not change.
    pub out_of_scope: usize,
}

impl CheckResult {
    /// A result of which everything counts.
    pub fn new(
        migrations: Vec<MigrationResult>,
        requirements: Vec<RequirementResult>,
        findings: Vec<Diagnostic>,
        sources: Arc<SourceMap>,
    ) -> Self {
        CheckResult { migrations, requirements, findings, sources, scope: None, out_of_scope: 0 }
    }

    /// Leaves out the findings in migrations that are not among `files`, and forgives these their failures.
    /// Findings elsewhere, such as in a spec, and verdicts on requirements always count.
    pub fn count_only(&mut self, files: impl IntoIterator<Item = FileId>) {
        let scope: FxHashSet<FileId> = files.into_iter().collect();
        let migrations: FxHashSet<FileId> = self.migrations.iter().map(|migration| migration.file).collect();
        let before = self.findings.len();
        self.findings.retain(|finding| match finding.labels.first() {
            Some(label) => scope.contains(&label.place.file) || !migrations.contains(&label.place.file),
            None => true,
        });
        self.out_of_scope += before - self.findings.len();
        self.scope = Some(scope);
    }

    /// The findings in the order of the texts; those without a place come first.
    pub fn sorted_findings(&self) -> Vec<&Diagnostic> {
        let mut findings: Vec<&Diagnostic> = self.findings.iter().collect();
        findings.sort_by_key(|finding| (finding.labels.first().map(|label| label.place), finding.code.clone()));
        findings
    }

    /// The counts, and whether the check is passed.
    pub fn summary(&self, policy: Policy) -> Summary {
        let mut summary = Summary::default();
        let mut failed_in_scope = false;
        for migration in &self.migrations {
            let counts = &mut summary.migrations;
            counts.total += 1;
            counts.statements += migration.statements;
            counts.opaque_statements += migration.opaque.len();
            match migration.status {
                MigrationStatus::Applied => counts.applied += 1,
                MigrationStatus::Undecided => counts.undecided += 1,
                MigrationStatus::Opaque => counts.opaque += 1,
                MigrationStatus::Failed => {
                    counts.failed += 1;
                    failed_in_scope |= self.scope.as_ref().is_none_or(|scope| scope.contains(&migration.file));
                }
            }
        }
        for requirement in &self.requirements {
            let counts = &mut summary.requirements;
            counts.total += 1;
            match requirement.verdict {
                Verdict::Satisfied => counts.satisfied += 1,
                Verdict::Violated => counts.violated += 1,
                Verdict::Waived => counts.waived += 1,
                Verdict::Unknown => counts.unknown += 1,
            }
        }
        summary.findings.out_of_scope = self.out_of_scope;
        for finding in &self.findings {
            match finding.severity {
                Severity::Error => summary.findings.error += 1,
                Severity::Warning => summary.findings.warning += 1,
                Severity::Info => summary.findings.info += 1,
            }
        }
        summary.passed = !failed_in_scope
            && summary.requirements.violated == 0
            && (policy.allow_unknown || summary.requirements.unknown == 0)
            && summary.findings.error == 0
            && !(policy.deny_warnings && summary.findings.warning > 0);
        summary
    }
}
