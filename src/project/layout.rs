//! How the layouts of known migration tools are told from plain folders.
//!
//! An ordinary name must raise no alarm: `003_rollback_tesla_user_approach.sql` and `20240101_drop_down_payment.sql` are
//! migrations like any other. So a file counts as one that runs backwards only by a suffix that is a convention
//! (`.down.sql`) or by its counterpart beside it (`1_x_up.sql` and `1_x_down.sql`).

use std::path::Path;

use rustc_hash::FxHashSet;

use crate::sql::span::Span;

/// A layout that is not supported.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// Whose it is.
    pub(super) tool: &'static str,
    /// The file or folder that shows it.
    pub(super) evidence: String,
}

impl Layout {
    fn new(tool: &'static str, evidence: impl Into<String>) -> Self {
        Layout { tool, evidence: evidence.into() }
    }
}

/// What a folder holds, by names.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Names of files.
    pub(super) files: Vec<String>,
    /// Folders with the names of the files in them.
    pub(super) folders: Vec<(String, Vec<String>)>,
}

/// The layout that a folder's structure shows.
pub(super) fn of_folder(folder: &Path, listing: &Listing) -> Option<Layout> {
    let has = |name: &str| listing.files.iter().any(|file| file == name);
    let inside = |name: &str| {
        let (folder, _) = listing.folders.iter().find(|(_, files)| files.iter().any(|file| file == name))?;
        Some(format!("{folder}/{name}"))
    };
    let journal = |(name, files): &(String, Vec<String>)| name == "meta" && files.iter().any(|f| f == "_journal.json");
    if listing.folders.iter().any(journal) {
        return Some(Layout::new("Drizzle", "meta/_journal.json"));
    }
    if has("sqitch.plan") {
        return Some(Layout::new("Sqitch", "sqitch.plan"));
    }
    if folder.ends_with("deploy") && folder.parent().is_some_and(|parent| parent.join("sqitch.plan").exists()) {
        return Some(Layout::new("Sqitch", "../sqitch.plan"));
    }
    if let Some(snapshot) = inside("snapshot.json").filter(|_| inside("migration.sql").is_some()) {
        return Some(Layout::new("Drizzle", snapshot));
    }
    if has("migration_lock.toml") {
        return Some(Layout::new("Prisma", "migration_lock.toml"));
    }
    if let Some(migration) = inside("migration.sql") {
        return Some(Layout::new("Prisma", migration));
    }
    if let Some(up) = inside("up.sql") {
        return Some(Layout::new("Diesel or Hasura", up));
    }
    if let Some((_, files)) = listing.folders.iter().find(|(name, _)| name == "sqls")
        && let Some(file) = files.iter().find(|file| file.ends_with("-up.sql"))
    {
        return Some(Layout::new("db-migrate", format!("sqls/{file}")));
    }
    let backwards = |name: &str| {
        ["down", "rollback", "rollbacks", "undo", "revert"].iter().any(|word| name.eq_ignore_ascii_case(word))
    };
    let is_backwards = |(name, files): &&(String, Vec<String>)| backwards(name) && files.iter().any(|f| is_sql(f));
    if let Some((name, _)) = listing.folders.iter().find(is_backwards) {
        return Some(Layout::new("a tool with down files", format!("{name}/")));
    }
    None
}

/// The layout that the names of SQL files show.
pub(super) fn of_names(files: &[String]) -> Option<Layout> {
    if let Some(file) = files.iter().find(|file| is_flyway(file)) {
        return Some(Layout::new("Flyway", file));
    }
    let stems: FxHashSet<String> = files.iter().filter_map(|file| stem(file)).collect();
    files.iter().find(|file| stem(file).is_some_and(|stem| runs_backwards(&stem, &stems))).map(|file| {
        let tool = if file.ends_with(".down.sql") { "golang-migrate or sqlx" } else { "a tool with down files" };
        Layout::new(tool, file)
    })
}

pub(super) fn is_sql(name: &str) -> bool {
    stem(name).is_some()
}

/// A name in lower case without `.sql`; nothing for other files.
fn stem(name: &str) -> Option<String> {
    let (stem, extension) = name.rsplit_once('.')?;
    extension.eq_ignore_ascii_case("sql").then(|| stem.to_lowercase())
}

/// `V1__x.sql`, `V1.2_3__x.sql`, `U1__x.sql`, `B1__x.sql`, `R__x.sql`
fn is_flyway(name: &str) -> bool {
    let Some((head, tail)) = name.split_once("__") else { return false };
    if tail.is_empty() || !is_sql(name) {
        return false;
    }
    if head == "R" {
        return true;
    }
    let Some(version) = head.strip_prefix(['V', 'U', 'B']) else { return false };
    version.split(['.', '_']).all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn runs_backwards(stem: &str, stems: &FxHashSet<String>) -> bool {
    for word in ["down", "rollback", "undo", "revert"] {
        let Some(head) = stem.strip_suffix(word) else { continue };
        let Some(name) = head.strip_suffix(['.', '_', '-']) else { continue };
        if head.ends_with('.') {
            return true;
        }
        let separator = &head[name.len()..];
        // The counterpart: `x_up` for `x_down`, `x` for `x_rollback`.
        if stems.contains(&format!("{name}{separator}up")) || (word != "down" && stems.contains(name)) {
            return true;
        }
    }
    false
}

/// A line by which a tool divides a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Marker {
    /// Whose it is.
    pub(super) tool: &'static str,
    /// The line.
    pub(super) span: Span,
}

/// How marker lines begin, in lower case and without the spaces after `--`.
const MARKERS: [(&str, &str); 9] = [
    ("--+goose ", "goose"),
    ("--+migrate ", "sql-migrate"),
    ("--+micrate ", "micrate"),
    ("--migrate:up", "dbmate"),
    ("--liquibase formatted sql", "Liquibase"),
    // Its other marker, without which the whole file is what goes up, may stand anywhere.
    ("--up migration ", "node-pg-migrate"),
    ("--rambler up", "rambler"),
    ("# --- !ups", "Play"),
    ("--- !ups", "Play"),
];

/// The first marker of a known tool. They stand before the first statement, so that only the remarks there are read.
pub(super) fn marker(text: &str) -> Option<Marker> {
    let mut offset = 0;
    let mut in_comment = false;
    for line in text.split_inclusive('\n') {
        let start = offset + (line.len() - line.trim_start().len());
        offset += line.len();
        let line = line.trim();
        if in_comment {
            in_comment = !line.contains("*/");
        } else if line.starts_with("--") || line.starts_with('#') {
            if let Some(tool) = tool_of_line(line).filter(|&tool| tool != "node-pg-migrate" || goes_down(text)) {
                return Some(Marker { tool, span: Span::new(start as u32, (start + line.len()) as u32) });
            }
        } else if line.starts_with("/*") {
            in_comment = !line.contains("*/");
        } else if !line.is_empty() {
            return None;
        }
    }
    None
}

/// The file has a part that undoes the rest, as node-pg-migrate marks it. Where that part is all remarks, the whole file is
/// what goes up.
fn goes_down(text: &str) -> bool {
    let is_marker = |line: &str| {
        let line = line.trim().to_lowercase();
        line.strip_prefix("--").is_some_and(|rest| rest.trim().starts_with("down migration"))
    };
    let mut lines = text.lines();
    lines.by_ref().any(is_marker) && lines.map(str::trim).any(|line| !line.is_empty() && !line.starts_with("--"))
}

fn tool_of_line(line: &str) -> Option<&'static str> {
    const LONGEST: usize = 64;
    let head: String = line.chars().take(LONGEST).collect::<String>().to_lowercase();
    let head = match head.strip_prefix("--") {
        Some(rest) => format!("--{}", rest.trim_start()),
        None => head,
    };
    // A trailing space in the table stands for the end of a word, here also for the end of the line.
    MARKERS.iter().find(|(prefix, _)| format!("{head} ").starts_with(prefix)).map(|&(_, tool)| tool)
}

/// The language of a migration that is not SQL.
pub(super) fn language_of(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "py" => "Python",
        "js" | "mjs" | "cjs" => "JavaScript",
        "ts" | "mts" | "cts" => "TypeScript",
        "go" => "Go",
        "php" => "PHP",
        "rb" => "Ruby",
        "rs" => "Rust",
        "ex" | "exs" => "Elixir",
        "java" => "Java",
        "kt" | "kts" => "Kotlin",
        "cs" => "C#",
        "sh" | "bash" => "shell",
        "pl" => "Perl",
        _ => return None,
    })
}

/// The tools whose migrations are written in that language.
pub(super) fn tools_of_language(language: &str) -> &'static str {
    match language {
        "Python" => "Alembic, Django",
        "JavaScript" | "TypeScript" => "Knex, Sequelize, TypeORM",
        "Ruby" => "Rails",
        "PHP" => "Laravel, Doctrine",
        "Elixir" => "Ecto",
        _ => "programs",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(files: &[&str]) -> Option<(&'static str, String)> {
        let files: Vec<String> = files.iter().map(|&file| file.to_owned()).collect();
        of_names(&files).map(|layout| (layout.tool, layout.evidence))
    }

    fn folder(files: &[&str], folders: &[(&str, &[&str])]) -> Option<(&'static str, String)> {
        let own = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let listing = Listing {
            files: own(files),
            folders: folders.iter().map(|&(name, files)| (name.to_owned(), own(files))).collect(),
        };
        of_folder(Path::new("migrations"), &listing).map(|layout| (layout.tool, layout.evidence))
    }

    #[test]
    fn ordinary_names_are_plain() {
        let files = [
            "003_rollback_tesla_user_approach.sql",
            "20240101_drop_down_payment.sql",
            "005_fix_rollback.sql",
            "006_scale_down.sql",
            "007_undo.sql",
            "008_markdown.sql",
            "009_countdown.sql",
            "010_sign_up.sql",
            "011_up.sql",
            "V8_engine.sql",
            "R2D2__x.sql",
            "view__x.sql",
            "1_x.up.sql",
            "0001_V1__x.sql",
        ];
        assert_eq!(names(&files), None);
        assert_eq!(folder(&files, &[("archive", &["1.sql"]), ("down", &["README.md"]), ("meta", &["x.json"])]), None);
    }

    #[test]
    fn tools_by_names() {
        for file in ["V1__init.sql", "V17.1__x.sql", "V2_1__x.sql", "R__views.sql", "U3__x.sql", "B1__base.sql"] {
            assert_eq!(names(&["0_a.sql", file]), Some(("Flyway", file.to_owned())));
        }
        assert_eq!(names(&["1_a.up.sql", "1_a.down.sql"]), Some(("golang-migrate or sqlx", "1_a.down.sql".to_owned())));
        let down = |file: &str| Some(("a tool with down files", file.to_owned()));
        assert_eq!(names(&["1_a_up.sql", "1_a_down.sql"]), down("1_a_down.sql"));
        assert_eq!(names(&["1-a-up.sql", "1-a-DOWN.SQL"]), down("1-a-DOWN.SQL"));
        assert_eq!(names(&["1_a.sql", "1_a_rollback.sql"]), down("1_a_rollback.sql"));
        assert_eq!(names(&["1_a.rollback.sql"]), down("1_a.rollback.sql"));
    }

    #[test]
    fn tools_by_structure() {
        assert_eq!(folder(&["0_a.sql"], &[("meta", &["_journal.json"])]).unwrap().0, "Drizzle");
        assert_eq!(folder(&["sqitch.plan"], &[]).unwrap().0, "Sqitch");
        assert_eq!(folder(&["migration_lock.toml"], &[]).unwrap().0, "Prisma");
        assert_eq!(
            folder(&[], &[("20240101_init", &["migration.sql"])]),
            Some(("Prisma", "20240101_init/migration.sql".to_owned()))
        );
        assert_eq!(folder(&[], &[("2024_init", &["migration.sql", "snapshot.json"])]).unwrap().0, "Drizzle");
        assert_eq!(folder(&[], &[("2024_init", &["up.sql", "down.sql"])]).unwrap().0, "Diesel or Hasura");
        assert_eq!(folder(&["1.sql"], &[("rollback", &["1.sql"])]).unwrap().1, "rollback/");
        assert_eq!(folder(&["1-a.js"], &[("sqls", &["1-a-up.sql"])]).unwrap().0, "db-migrate");
    }

    #[test]
    fn markers() {
        let tool = |text: &str| marker(text).map(|marker| (marker.tool, &text[marker.span.range()] == text.trim()));
        assert_eq!(tool("-- +goose Up\n"), Some(("goose", true)));
        assert_eq!(tool("  --+goose StatementBegin\r\n"), Some(("goose", true)));
        assert_eq!(tool("-- +migrate Up"), Some(("sql-migrate", true)));
        assert_eq!(tool("-- migrate:up transaction:false"), Some(("dbmate", true)));
        assert_eq!(tool("--liquibase formatted sql"), Some(("Liquibase", true)));
        assert_eq!(tool("-- Liquibase Formatted SQL"), Some(("Liquibase", true)));
        assert_eq!(tool("-- Up Migration"), None);
        assert_eq!(tool("-- Up Migration\nselect 1;\n-- Down Migration\nselect 2;").unwrap().0, "node-pg-migrate");
        assert_eq!(tool("-- Up Migration\nselect 1;\n-- Down Migration\n-- select 2;\n"), None);
        assert_eq!(tool("# --- !Ups"), Some(("Play", true)));
        assert_eq!(tool("-- licence\n\n/* a\n b */\n-- +goose Up\nselect 1;").unwrap().0, "goose");
        assert_eq!(tool("-- Up migrations are fun, and +goose too\n-- migrate: up the hill\n"), None);
        assert_eq!(tool("/* \n-- +goose Up\n*/ select 1;"), None);
        assert_eq!(tool("select 1;\n-- +goose Up\n"), None);
        assert_eq!(tool(""), None);
        assert_eq!(tool("-- ü\n--> statement-breakpoint\n"), None);
    }
}
