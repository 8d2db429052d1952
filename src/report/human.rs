//! The report for people.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan};

use super::excerpt::{CONTEXT, Excerpt};
use super::redact::Redactor;
use super::result::{CheckResult, Policy, RequirementResult, Summary, Verdict};
use super::{Diagnostic, Severity, clean};
use crate::source::SourceMap;

/// The width where nobody sees a terminal: in files, in CI, in snapshots.
pub const DEFAULT_WIDTH: usize = 110;
const NARROWEST: usize = 60;
const WIDEST: usize = 160;

/// How the report looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// With ANSI colours.
    pub color: bool,
    /// Columns.
    pub width: usize,
}

impl Default for Look {
    fn default() -> Self {
        Look { color: false, width: DEFAULT_WIDTH }
    }
}

/// Renders diagnostics with excerpts, in the given order.
pub fn diagnostics<'d>(
    diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
    sources: &SourceMap,
    look: Look,
) -> String {
    let width = look.width.clamp(NARROWEST, WIDEST);
    let theme = if look.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(width)
        .with_context_lines(CONTEXT as usize)
        .with_links(false)
        .with_cause_chain();
    let redactor = Redactor::new(sources);
    // Line numbers, frame and margin take some columns of an excerpt.
    const FRAME: usize = 12;
    let mut out = String::new();
    for diagnostic in diagnostics {
        let (excerpt, labels) = Excerpt::new(&diagnostic.labels, sources, &redactor, width - FRAME);
        let rendered = Rendered { diagnostic, message: clean(&diagnostic.message), excerpt, labels };
        let before = out.len();
        if handler.render_report(&mut out, &rendered).is_err() {
            // It fails only on excerpts that it cannot draw; the message must not be lost.
            out.truncate(before);
            plain(&mut out, diagnostic, sources);
        }
        out.push('\n');
    }
    trim_line_ends(&out)
}

/// A diagnostic without an excerpt.
fn plain(out: &mut String, diagnostic: &Diagnostic, sources: &SourceMap) {
    for label in diagnostic.labels.iter().take(1) {
        let (path, line) = sources.path_line(label.place);
        out.push_str(&format!("{}:{line}: ", clean(path)));
    }
    out.push_str(&clean(&diagnostic.message));
    out.push('\n');
}

/// The whole report of a check: what is wrong with excerpts, and the summary.
pub fn check(result: &CheckResult, policy: Policy, look: Look) -> String {
    findings(result, policy, look) + &summary(&result.summary(policy), policy)
}

/// The findings, and the requirements that are not met, with excerpts.
pub fn findings(result: &CheckResult, policy: Policy, look: Look) -> String {
    let unmet: Vec<Diagnostic> = result.requirements.iter().filter_map(|r| unmet(r, policy)).collect();
    diagnostics(result.sorted_findings().into_iter().chain(&unmet), &result.sources, look)
}

/// A requirement that is violated or unknown, as a diagnostic: at the line that broke it, or else where it is required.
pub fn unmet(requirement: &RequirementResult, policy: Policy) -> Option<Diagnostic> {
    let (code, severity) = match requirement.verdict {
        Verdict::Violated => ("requirement-violated", Severity::Error),
        Verdict::Unknown if policy.allow_unknown => ("requirement-unknown", Severity::Warning),
        Verdict::Unknown => ("requirement-unknown", Severity::Error),
        Verdict::Satisfied | Verdict::Waived => return None,
    };
    let mut diagnostic = Diagnostic::new(code, severity, requirement.message.clone());
    for evidence in &requirement.evidence {
        diagnostic = diagnostic.label(evidence.place, evidence.text.clone());
    }
    diagnostic = diagnostic.label(requirement.spec, "required here");
    diagnostic.help.clone_from(&requirement.help);
    Some(diagnostic)
}

/// The lines at the end of a report.
pub fn summary(summary: &Summary, policy: Policy) -> String {
    let migrations = &summary.migrations;
    let requirements = &summary.requirements;
    let findings = &summary.findings;
    let mut lines = vec![list(
        &count(migrations.total, "migration"),
        &[
            (migrations.applied, "applied".into()),
            (migrations.undecided, "undecided".into()),
            (migrations.opaque, "opaque".into()),
            (migrations.failed, "failed".into()),
        ],
    )];
    if migrations.opaque_statements > 0 {
        lines.push(format!(
            "{}: the effect of {} is not known",
            count(migrations.statements, "statement"),
            migrations.opaque_statements
        ));
    } else {
        lines.push(count(migrations.statements, "statement"));
    }
    let unknown = if policy.allow_unknown { "unknown (allowed)" } else { "unknown" };
    lines.push(list(
        &count(requirements.total, "requirement"),
        &[
            (requirements.satisfied, "satisfied".into()),
            (requirements.violated, "violated".into()),
            (requirements.waived, "waived".into()),
            (requirements.unknown, unknown.into()),
        ],
    ));
    let total = findings.error + findings.warning + findings.info;
    if total > 0 {
        lines.push(list(
            &count(total, "finding"),
            &[
                (findings.error, plural(findings.error, "error")),
                (findings.warning, plural(findings.warning, "warning")),
                (findings.info, "info".into()),
            ],
        ));
    }
    if findings.out_of_scope > 0 {
        lines
            .push(format!("{} in migrations that did not change not counted", count(findings.out_of_scope, "finding")));
    }
    lines.push(if summary.passed { "check passed".to_owned() } else { "check failed".to_owned() });
    lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {}", plural(number, noun))
}

fn plural(number: usize, noun: &str) -> String {
    if number == 1 { noun.to_owned() } else { format!("{noun}s") }
}

/// `3 migrations: 2 applied, 1 failed`
fn list(head: &str, parts: &[(usize, String)]) -> String {
    let parts: Vec<String> =
        parts.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")).collect();
    if parts.is_empty() { head.to_owned() } else { format!("{head}: {}", parts.join(", ")) }
}

/// miette leaves blanks at the ends of some lines.
fn trim_line_ends(text: &str) -> String {
    text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

/// A diagnostic as miette wants it.
struct Rendered<'d> {
    diagnostic: &'d Diagnostic,
    message: String,
    excerpt: Excerpt,
    labels: Vec<LabeledSpan>,
}

impl fmt::Debug for Rendered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.diagnostic, f)
    }
}

impl fmt::Display for Rendered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Rendered<'_> {}

impl miette::Diagnostic for Rendered<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let severity = match self.diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        Some(Box::new(format!("{severity}[{}]", self.diagnostic.code)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.diagnostic.help.as_ref()?;
        Some(Box::new(clean(help)))
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        if self.labels.is_empty() { None } else { Some(Box::new(self.labels.iter().cloned())) }
    }
}
