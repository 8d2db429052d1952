//! The report for people.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan};
use unicode_width::UnicodeWidthStr as _;

use super::excerpt::{CONTEXT, Excerpt};
use super::group::{self, Block};
use super::redact::Redactor;
use super::result::{CheckResult, Entry, Policy, Summary, Verdict};
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
    let mut renderer = Renderer::new(sources, look);
    for diagnostic in diagnostics {
        renderer.diagnostic(diagnostic);
        renderer.out.push('\n');
    }
    renderer.finish()
}

struct Renderer<'s> {
    sources: &'s SourceMap,
    redactor: Redactor<'s>,
    handler: GraphicalReportHandler,
    width: usize,
    out: String,
}

impl<'s> Renderer<'s> {
    fn new(sources: &'s SourceMap, look: Look) -> Self {
        let width = look.width.clamp(NARROWEST, WIDEST);
        let theme = if look.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(width)
            .with_context_lines(CONTEXT as usize)
            .with_links(false)
            .with_cause_chain();
        Renderer { sources, redactor: Redactor::new(sources), handler, width, out: String::new() }
    }

    fn diagnostic(&mut self, diagnostic: &Diagnostic) {
        // Line numbers, frame and margin take some columns of an excerpt.
        const FRAME: usize = 12;
        let (excerpt, labels) = Excerpt::new(&diagnostic.labels, self.sources, &self.redactor, self.width - FRAME);
        let rendered = Rendered { diagnostic, message: clean(&diagnostic.message), excerpt, labels };
        let before = self.out.len();
        if self.handler.render_report(&mut self.out, &rendered).is_err() {
            // It fails only on excerpts that it cannot draw; the message must not be lost.
            self.out.truncate(before);
            plain(&mut self.out, diagnostic, self.sources);
        }
    }

    /// The requirements that are not met because of what was just rendered.
    fn follows(&mut self, block: &Block<'_>) {
        let lines: Vec<(String, String)> = block.follows.iter().filter_map(|entry| self.line(entry, block)).collect();
        let Some(widest) = lines.iter().map(|(place, _)| place.width()).max() else { return };
        let heading = if lines.len() == 1 { "therefore this is not met:" } else { "therefore these are not met:" };
        let is_known = |entry: &&Entry<'_>| entry.requirement.is_some_and(|r| r.verdict == Verdict::Violated);
        let heading = if block.follows.iter().any(is_known) { heading } else { "unknown:" };
        self.out.push_str(&format!("  {heading}\n"));
        for (place, what) in lines {
            let gap = " ".repeat(widest - place.width());
            self.out.push_str(&format!("    {place}{gap}  {what}\n"));
        }
    }

    /// Where a requirement stands, and what it is.
    fn line(&self, entry: &Entry<'_>, block: &Block<'_>) -> Option<(String, String)> {
        let requirement = entry.requirement?;
        let (path, line) = self.sources.path_line(requirement.spec);
        let mut what = clean(&requirement.id);
        if entry.diagnostic.severity != block.diagnostic.severity {
            what.push_str(&format!(" ({})", entry.diagnostic.severity.word()));
        }
        Some((format!("{}:{line}", clean(path)), what))
    }

    fn finish(self) -> String {
        trim_line_ends(&self.out)
    }
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

/// The findings, and the requirements that are not met, with excerpts. What follows from something else is listed with
/// that.
pub fn findings(result: &CheckResult, policy: Policy, look: Look) -> String {
    let entries = result.entries(policy);
    let mut renderer = Renderer::new(&result.sources, look);
    for block in group::blocks(&entries) {
        renderer.diagnostic(&block.diagnostic);
        renderer.follows(&block);
        renderer.out.push('\n');
    }
    renderer.finish()
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
    if migrations.failed > 0 {
        lines.push("a failed migration is rolled back; the others are judged without it".to_owned());
    }
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
    let said = [
        (findings.error, count(findings.error, "error")),
        (findings.warning, count(findings.warning, "warning")),
        (findings.info, format!("{} info", findings.info)),
    ];
    let said: Vec<String> = said.into_iter().filter(|(number, _)| *number > 0).map(|(_, text)| text).collect();
    if !said.is_empty() {
        lines.push(said.join(", "));
    }
    if findings.out_of_scope > 0 {
        let left_out = count(findings.out_of_scope, "finding");
        let is = if findings.out_of_scope == 1 { "is" } else { "are" };
        lines.push(format!("{left_out} in migrations that did not change {is} left out (--since)"));
    }
    if !summary.passed && findings.error == 0 && findings.warning > 0 && policy.deny_warnings {
        lines.push("warnings count as errors (--deny warnings)".to_owned());
    }
    if !summary.passed && requirements.unknown > 0 && !policy.allow_unknown {
        lines.push("what is unknown counts as violated; --allow-unknown lets it pass".to_owned());
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
        Some(Box::new(format!("{}[{}]", self.diagnostic.severity.word(), self.diagnostic.code)))
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
