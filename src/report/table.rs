//! The traceability table: requirement, where it is required, where it comes from, verdict, what the verdict rests on.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::clean;
use super::result::{CheckResult, RequirementResult};
use crate::source::{Place, SourceMap};

const HEADINGS: [&str; 5] = ["REQUIREMENT", "SPEC", "SOURCE", "VERDICT", "EVIDENCE"];
/// The column that is left out if no requirement says where it comes from.
const SOURCE: usize = 2;
/// Columns between columns.
const GAP: &str = "  ";
/// Requirements' names are cut at this width, so that the columns after them stay in sight.
const WIDEST_NAME: usize = 60;
/// The same for what is said where there is no evidence.
const WIDEST_MESSAGE: usize = 80;

/// The table, one line a requirement in the order of the specs.
pub fn requirements(result: &CheckResult) -> String {
    let mut rows = vec![HEADINGS.map(str::to_owned)];
    rows.extend(result.requirements.iter().map(|requirement| row(requirement, &result.sources)));
    let width_of = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
    let widths = [0, 1, 2, 3, 4].map(width_of);
    let has_source = result.requirements.iter().any(|requirement| requirement.from.is_some());
    let mut out = String::new();
    for row in &rows {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
            if column == SOURCE && !has_source {
                continue;
            }
            line.push_str(cell);
            line.push_str(&" ".repeat(width - cell.width()));
            line.push_str(GAP);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn row(requirement: &RequirementResult, sources: &SourceMap) -> [String; 5] {
    let evidence = match requirement.evidence.as_slice() {
        [] => cut(&clean(&requirement.message), WIDEST_MESSAGE),
        [only] => path_line(only.place, sources),
        [first, more @ ..] => format!("{} (+{})", path_line(first.place, sources), more.len()),
    };
    [
        cut(&clean(&requirement.id), WIDEST_NAME),
        path_line(requirement.spec, sources),
        cut(&clean(requirement.from.as_deref().unwrap_or_default()), WIDEST_NAME),
        requirement.verdict.word().to_owned(),
        evidence,
    ]
}

fn path_line(place: Place, sources: &SourceMap) -> String {
    let (path, line) = sources.path_line(place);
    format!("{}:{line}", clean(path))
}

/// The text in at most `width` columns.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let kept = text.chars().take_while(|c| {
        used += c.width().unwrap_or(0);
        used <= width
    });
    kept.chain(['…']).collect()
}
