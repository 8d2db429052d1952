//! The report for programs: one JSON object.
//!
//! Lines and columns start at 1; a column counts characters. Paths are those that the human report shows. Keys are never
//! left out: what is unknown is `null`. New keys may come within one `version`; none goes away or changes its meaning.

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::Severity;
use super::redact::{Redactor, redact};
use super::result::{CheckResult, Entry, MigrationStatus, Policy, Summary, Verdict};
use crate::source::{Place, SourceMap};
use crate::sql::span::Span;

/// The version of the format.
pub const VERSION: u32 = 1;

/// What `pgproof check --format json` prints.
#[derive(Debug, Serialize)]
pub struct CheckReport {
    /// [`VERSION`].
    pub version: u32,
    /// The migrations in the order in which they ran.
    pub migrations: Vec<MigrationReport>,
    /// The requirements in the order of the specs.
    pub requirements: Vec<RequirementReport>,
    /// Everything that was found, in the order of the files. Each requirement that is violated or unknown is here too:
    /// its message, and what the spec says of it under `because` and `from`.
    pub findings: Vec<FindingReport>,
    /// The counts.
    pub summary: Summary,
}

/// One migration.
#[derive(Debug, Serialize)]
pub struct MigrationReport {
    /// The file.
    pub path: String,
    /// The number that its name begins with, as written.
    pub version: Option<String>,
    /// The worst that happened to a statement.
    pub status: MigrationStatus,
    /// How many statements it has.
    pub statements: usize,
    /// The error that ended it.
    pub error: Option<ErrorReport>,
    /// The statements whose effect is not known.
    pub opaque: Vec<OpaqueReport>,
}

/// An error that ended a migration.
#[derive(Debug, Serialize)]
pub struct ErrorReport {
    /// PostgreSQL's five characters.
    pub sqlstate: String,
    /// PostgreSQL's message.
    pub message: String,
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// A statement whose effect is not known.
#[derive(Debug, Serialize)]
pub struct OpaqueReport {
    /// The line where it begins, or the part of it that is in the way.
    pub line: u32,
    /// Why.
    pub reason: String,
}

/// One requirement.
#[derive(Debug, Serialize)]
pub struct RequirementReport {
    /// A stable name.
    pub id: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The verdict in words.
    pub message: String,
    /// Where it is required.
    pub spec: PathLine,
    /// What the verdict rests on.
    pub evidence: Vec<PathLine>,
}

/// A line of a file.
#[derive(Debug, Serialize)]
pub struct PathLine {
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
}

/// One finding. The place is `null` if it belongs to no file.
#[derive(Debug, Serialize)]
pub struct FindingReport {
    /// A stable name of the kind.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// What was found.
    pub message: String,
    /// The file.
    pub path: Option<String>,
    /// The line of the first character.
    pub line: Option<u32>,
    /// The column of the first character.
    pub column: Option<u32>,
    /// The line of the end.
    pub end_line: Option<u32>,
    /// The column just past the last character.
    pub end_column: Option<u32>,
    /// What to do about it.
    pub help: Option<String>,
    /// A name for this finding that stays the same when lines move; see [`fingerprints`].
    pub fingerprint: String,
}

/// The report of a check.
pub fn check(result: &CheckResult, policy: Policy) -> CheckReport {
    let sources = &*result.sources;
    let entries = result.entries(policy);
    let fingerprints = fingerprints(&entries, sources);
    CheckReport {
        version: VERSION,
        migrations: result.migrations.iter().map(|migration| migration_report(migration, sources)).collect(),
        requirements: result.requirements.iter().map(|requirement| requirement_report(requirement, sources)).collect(),
        findings: entries
            .iter()
            .zip(fingerprints)
            .map(|(entry, fingerprint)| finding(entry, fingerprint, sources))
            .collect(),
        summary: result.summary(policy),
    }
}

/// The report as text, with a line end.
///
/// # Errors
/// None for reports that this module makes; the signature is `serde_json`'s.
pub fn to_string(report: &CheckReport) -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    Ok(text)
}

fn migration_report(migration: &super::result::MigrationResult, sources: &SourceMap) -> MigrationReport {
    let error = migration.error.as_ref().map(|error| {
        let at = sources.file(error.place.file).line_column(error.place.span.start);
        ErrorReport {
            sqlstate: error.sqlstate.clone(),
            message: redact(&error.message).into_owned(),
            line: at.line,
            column: at.column,
        }
    });
    let opaque = migration.opaque.iter().map(|opaque| OpaqueReport {
        line: sources.path_line(opaque.place).1,
        reason: redact(&opaque.reason).into_owned(),
    });
    MigrationReport {
        path: sources.file(migration.file).path().to_owned(),
        version: migration.version.clone(),
        status: migration.status,
        statements: migration.statements,
        error,
        opaque: opaque.collect(),
    }
}

fn requirement_report(requirement: &super::result::RequirementResult, sources: &SourceMap) -> RequirementReport {
    RequirementReport {
        id: requirement.id.clone(),
        verdict: requirement.verdict,
        message: redact(&requirement.message).into_owned(),
        spec: path_line(requirement.spec, sources),
        evidence: requirement.evidence.iter().map(|evidence| path_line(evidence.place, sources)).collect(),
    }
}

fn path_line(place: Place, sources: &SourceMap) -> PathLine {
    let (path, line) = sources.path_line(place);
    PathLine { path: path.to_owned(), line }
}

fn finding(entry: &Entry<'_>, fingerprint: String, sources: &SourceMap) -> FindingReport {
    let diagnostic = &*entry.diagnostic;
    let mut message = diagnostic.message.clone();
    if let Some(requirement) = entry.requirement {
        let reasons = [("why", &requirement.because), ("source", &requirement.from)];
        for (word, text) in reasons {
            message.extend(text.iter().map(|text| format!("; {word}: {text}")));
        }
    }
    let place = diagnostic.labels.first().map(|label| label.place);
    let start = place.map(|place| sources.file(place.file).line_column(place.span.start));
    let end = place.map(|place| sources.file(place.file).line_column(place.span.end));
    FindingReport {
        code: diagnostic.code.to_string(),
        severity: diagnostic.severity,
        message: redact(&message).into_owned(),
        path: place.map(|place| sources.file(place.file).path().to_owned()),
        line: start.map(|at| at.line),
        column: start.map(|at| at.column),
        end_line: end.map(|at| at.line),
        end_column: end.map(|at| at.column),
        help: diagnostic.help.as_deref().map(|help| redact(help).into_owned()),
        fingerprint,
    }
}

/// A fingerprint for each of the entries, in their order: 16 hexadecimal digits.
///
/// It is the 64-bit FNV-1a hash (offset basis `cbf29ce484222325`, prime `100000001b3`) of the UTF-8 bytes of some texts
/// with a zero byte after each. For a requirement that is not met these are the code and the requirement's id. For
/// anything else they are code, path, flagged text, message and occurrence. The flagged text is the line where the
/// finding begins, secrets hidden and every run of white space one space; of a long line the 256 bytes before and the
/// 1,024 after the beginning. The occurrence is the number, in decimal, of earlier findings of which all else is equal.
/// So a fingerprint does not change when lines are added above or when the indentation changes.
pub fn fingerprints(entries: &[Entry<'_>], sources: &SourceMap) -> Vec<String> {
    let redactor = Redactor::new(sources);
    let mut seen: FxHashMap<u64, u32> = FxHashMap::default();
    let hash_of = |parts: &[&str]| parts.iter().fold(FNV_BASIS, |hash, part| fnv(hash, part));
    let one = |entry: &Entry<'_>| {
        let finding = &entry.diagnostic;
        let hash = match entry.requirement {
            Some(requirement) => hash_of(&[&finding.code, &requirement.id]),
            None => {
                let place = finding.labels.first().map(|label| label.place);
                let path = place.map_or("", |place| sources.file(place.file).path());
                let text = place.map(|place| flagged_text(place, sources, &redactor)).unwrap_or_default();
                let base = hash_of(&[&finding.code, path, &text, &redact(&finding.message)]);
                let occurrence = seen.entry(base).or_insert(0);
                *occurrence += 1;
                fnv(base, &(*occurrence - 1).to_string())
            }
        };
        format!("{hash:016x}")
    };
    entries.iter().map(one).collect()
}

fn flagged_text(place: Place, sources: &SourceMap, redactor: &Redactor<'_>) -> String {
    const BEFORE: u32 = 256;
    const AFTER: u32 = 1_024;
    let file = sources.file(place.file);
    let text = file.text();
    let start = place.span.start.min(text.len() as u32);
    let line = file.line_span(file.line(start));
    let mut from = line.start.max(start.saturating_sub(BEFORE));
    let mut to = line.end.min(start.saturating_add(AFTER)).max(from);
    while !text.is_char_boundary(from as usize) {
        from -= 1;
    }
    while !text.is_char_boundary(to as usize) {
        to += 1;
    }
    let shown = redactor.part(place.file, Span::new(from, to));
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

const FNV_BASIS: u64 = 0xcbf2_9ce4_8422_2325;

fn fnv(hash: u64, part: &str) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    part.bytes().chain([0]).fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_fnv_1a() {
        // The published value for "foobar", without the zero byte that ends a part.
        let hash =
            b"foobar".iter().fold(FNV_BASIS, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
        assert_eq!(hash, 0x8594_4171_f739_67e8);
        assert_eq!(fnv(FNV_BASIS, "foobar"), hash.wrapping_mul(0x100_0000_01b3));
    }
}
