//! What a check found, as plain data: every format renders this.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{Diagnostic, Severity};
use crate::catalog::Catalog;
use crate::source::{FileId, Place, SourceMap};

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct CheckResult {
    /// The migrations in the order in which they ran.
    pub migrations: Vec<MigrationResult>,
    /// The requirements in the order of the specs.
    pub requirements: Vec<RequirementResult>,
    /// Everything else: failed statements, warnings, remarks. What there is to say of a requirement that is not met is
    /// in its [`RequirementResult::diagnostic`]; [`CheckResult::entries`] has both.
    pub findings: Vec<Diagnostic>,
    /// The texts that all places point into.
    pub sources: Arc<SourceMap>,
    /// What the migrations lead to.
    pub catalog: Option<Catalog>,
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
    /// How bad it is if it does not hold.
    pub severity: Severity,
    /// Why it is required, in the author's words.
    pub because: Option<String>,
    /// Where the text stands that it comes from, as the author wrote it.
    pub from: Option<String>,
    /// What to report if the verdict is violated or unknown.
    pub diagnostic: Option<Diagnostic>,
    /// What such a verdict follows from, where that is known.
    pub cause: Option<Cause>,
}

/// What a bad verdict follows from. The report for people says such things once, and lists what follows.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Cause {
    /// Something that is missing, such as the table of a column: the id of the requirement that it exists, whether a
    /// spec asks for it or not.
    Requirement(String),
    /// A statement that was not executed.
    Opaque {
        /// The statement.
        place: Place,
        /// Why.
        reason: String,
    },
    /// A statement that failed, and with it the migration that would have met the requirement.
    Failed(Place),
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

/// One thing that a report says: a finding, or that a requirement is not met.
#[derive(Clone, Debug)]
pub struct Entry<'r> {
    /// What is said, with the severity that it has under the policy.
    pub diagnostic: Cow<'r, Diagnostic>,
    /// The requirement that is not met.
    pub requirement: Option<&'r RequirementResult>,
}

/// What a check demands beyond the requirements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Warnings count as errors.
    pub deny_warnings: bool,
    /// Requirements of which it is not known whether they hold do not count.
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
    /// The entries of the report by severity, those about requirements among them.
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

/// Findings by severity, requirements that are not met among them.
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
        CheckResult { migrations, requirements, findings, sources, catalog: None, scope: None, out_of_scope: 0 }
    }

    /// Leaves out the findings that concern only migrations that are not among `files`, and forgives these their
    /// failures. A finding with places in several migrations counts if one of them does: a new migration that fails
    /// because of an old one is reported, and an old one that fails because of a new one too.
    ///
    /// Findings elsewhere, such as in a spec, and verdicts on requirements always count: what is required is the state
    /// at the end, which no single migration answers for.
    pub fn count_only(&mut self, files: impl IntoIterator<Item = FileId>) {
        let scope: FxHashSet<FileId> = files.into_iter().collect();
        let migrations: FxHashSet<FileId> = self.migrations.iter().map(|migration| migration.file).collect();
        let before = self.findings.len();
        self.findings.retain(|finding| match finding.labels.first() {
            Some(first) if migrations.contains(&first.place.file) => {
                finding.labels.iter().any(|label| scope.contains(&label.place.file))
            }
            Some(_) | None => true,
        });
        self.out_of_scope += before - self.findings.len();
        self.scope = Some(scope);
    }

    /// Everything that a report says, in the order of the texts; what has no place comes first.
    ///
    /// A requirement that is not met has the severity that its spec gives it. One that is unknown is a remark if the
    /// policy allows it.
    pub fn entries(&self, policy: Policy) -> Vec<Entry<'_>> {
        let findings =
            self.findings.iter().map(|finding| Entry { diagnostic: Cow::Borrowed(finding), requirement: None });
        let unmet = self.requirements.iter().filter_map(|requirement| {
            let mut diagnostic = Cow::Borrowed(requirement.diagnostic.as_ref()?);
            if requirement.verdict == Verdict::Unknown && policy.allow_unknown {
                diagnostic.to_mut().severity = Severity::Info;
            }
            Some(Entry { diagnostic, requirement: Some(requirement) })
        });
        let mut entries: Vec<Entry<'_>> = findings.chain(unmet).collect();
        let place = |entry: &Entry<'_>| entry.diagnostic.labels.first().map(|label| label.place);
        entries.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.diagnostic.code.cmp(&b.diagnostic.code)));
        entries
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
        for entry in self.entries(policy) {
            match entry.diagnostic.severity {
                Severity::Error => summary.findings.error += 1,
                Severity::Warning => summary.findings.warning += 1,
                Severity::Info => summary.findings.info += 1,
            }
        }
        // A requirement that is not met is among the errors, unless its spec says that it is less.
        summary.passed =
            !failed_in_scope && summary.findings.error == 0 && !(policy.deny_warnings && summary.findings.warning > 0);
        summary
    }
}
