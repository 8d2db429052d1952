//! The numbers that the names of migrations begin with.

use std::cmp::Ordering;
use std::path::Path;

/// The order of a plain folder: by leading number as a number, then by name; names without a number come last.
///
/// Paths are compared folder by folder in the same way.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let mut left = a.split('/');
    let mut right = b.split('/');
    loop {
        match (left.next(), right.next()) {
            (Some(a), Some(b)) => match compare_names(a, b) {
                Ordering::Equal => {}
                unequal => return unequal,
            },
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
        }
    }
}

fn compare_names(a: &str, b: &str) -> Ordering {
    match (leading_digits(a), leading_digits(b)) {
        ("", "") => a.cmp(b),
        ("", _) => Ordering::Greater,
        (_, "") => Ordering::Less,
        (x, y) => compare_digits(x, y).then_with(|| a.cmp(b)),
    }
}

/// Numbers of any length by value.
fn compare_digits(a: &str, b: &str) -> Ordering {
    let (a, b) = (without_zeros(a), without_zeros(b));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

fn without_zeros(digits: &str) -> &str {
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() { "0" } else { digits }
}

fn leading_digits(name: &str) -> &str {
    let end = name.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(name.len());
    &name[..end]
}

/// The version in a migration's path: the number that the file's name begins with, or its folder's where the file is
/// called the same in each (`20240101_init/migration.sql`).
pub(super) fn version_of(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let version = leading_version(name);
    if !version.is_empty() {
        return Some(version.to_owned());
    }
    if !matches!(name, "migration.sql" | "up.sql") {
        return None;
    }
    let folder = path.parent()?.file_name()?.to_str()?;
    let version = leading_version(folder);
    (!version.is_empty()).then(|| version.to_owned())
}

/// The digits that a name begins with, with the rest of a date (`2024-05-01`, `2014_10_12_100000`) or of a dotted
/// version (`1.10.2`): these would otherwise all be one version.
fn leading_version(name: &str) -> &str {
    let first = leading_digits(name);
    let dotted = parts(name, first.len(), '.');
    if dotted.end > first.len() {
        return &name[..dotted.end];
    }
    let is_year = first.len() == 4 && (first.starts_with("19") || first.starts_with("20"));
    if is_year && let Some(separator) = name[4..].chars().next().filter(|c| matches!(c, '-' | '_')) {
        let date = parts(name, 4, separator);
        if date.lengths.starts_with(&[2, 2]) {
            // Year, month, day and a time; a further number belongs to the description.
            let shown = if date.lengths.get(2).is_some_and(|&length| matches!(length, 4 | 6)) { 3 } else { 2 };
            return &name[..4 + date.lengths[..shown].iter().map(|length| length + 1).sum::<usize>()];
        }
    }
    first
}

struct Parts {
    lengths: Vec<usize>,
    end: usize,
}

/// The numbers that follow `from`, each after a separator and not running on into letters.
fn parts(name: &str, from: usize, separator: char) -> Parts {
    let mut parts = Parts { lengths: Vec::new(), end: from };
    while let Some(rest) = name[parts.end..].strip_prefix(separator) {
        let digits = leading_digits(rest);
        let runs_on = rest[digits.len()..].starts_with(|c: char| c.is_alphanumeric());
        if digits.is_empty() || runs_on {
            break;
        }
        parts.lengths.push(digits.len());
        parts.end += 1 + digits.len();
    }
    parts
}

/// What is equal for two spellings of one version: `003` and `3`, `2024-05-01` and `2024_05_01`.
pub(super) fn version_key(version: &str) -> Vec<&str> {
    version.split(['.', '-', '_']).map(without_zeros).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sort_as_numbers() {
        let huge = format!("{}9_x.sql", "1".repeat(60));
        let mut names = vec![
            "schema.sql",
            "10_b.sql",
            "9_z.sql",
            &huge,
            "009_a.sql",
            "20240101120000_x.sql",
            "A.sql",
            "1_x.sql",
            "0.sql",
        ];
        names.sort_by(|a, b| compare(a, b));
        assert_eq!(
            names,
            [
                "0.sql",
                "1_x.sql",
                "009_a.sql",
                "9_z.sql",
                "10_b.sql",
                "20240101120000_x.sql",
                &huge,
                "A.sql",
                "schema.sql"
            ]
        );
    }

    #[test]
    fn folders_sort_like_files() {
        assert_eq!(compare("2_b/migration.sql", "10_a/migration.sql"), Ordering::Less);
        assert_eq!(compare("2_b/a.sql", "2_b"), Ordering::Greater);
        assert_eq!(compare("x", "x"), Ordering::Equal);
    }

    #[test]
    fn versions() {
        let version = |path: &str| version_of(Path::new(path));
        assert_eq!(version("m/003_x.sql").as_deref(), Some("003"));
        assert_eq!(version("m/003.sql").as_deref(), Some("003"));
        assert_eq!(version("m/20240101120000_x.sql").as_deref(), Some("20240101120000"));
        assert_eq!(version("m/2024-05-01_x.sql").as_deref(), Some("2024-05-01"));
        assert_eq!(version("m/2014_10_12_100000_x.sql").as_deref(), Some("2014_10_12_100000"));
        assert_eq!(version("m/2024_05_01_12_monkeys.sql").as_deref(), Some("2024_05_01"));
        assert_eq!(version("m/2024_report.sql").as_deref(), Some("2024"));
        assert_eq!(version("m/1.10.2_x.sql").as_deref(), Some("1.10.2"));
        assert_eq!(version("m/003_2fa.sql").as_deref(), Some("003"));
        assert_eq!(version("m/003_2024_report.sql").as_deref(), Some("003"));
        assert_eq!(version("m/20240101_init/migration.sql").as_deref(), Some("20240101"));
        assert_eq!(version("001/schema.sql"), None);
        assert_eq!(version("schema.sql"), None);
        assert_eq!(version_key("003"), version_key("3"));
        assert_eq!(version_key("000"), version_key("0"));
        assert_ne!(version_key("1.10"), version_key("1.1"));
    }
}
