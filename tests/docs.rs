//! The documentation says what is so: its examples run, and it names every key.

mod support;

use std::collections::BTreeSet;
use std::process::Command;

use pgproof::Project;
use pgproof::catalog::builtin::Builtins;
use pgproof::project::Options;
use pgproof::report::{Policy, Verdict};
use pgproof::source::SourceMap;
use support::{Folder, read};

/// The fenced blocks of a page: what stands after the fence, and the text.
fn blocks(page: &str) -> Vec<(String, String)> {
    let text = read(page);
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let inside: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((info.to_owned(), inside.join("\n") + "\n"));
        }
    }
    blocks
}

/// A folder with the files that a page shows; a block `sql migrations/1.sql` is one.
fn folder_of(page: &str) -> Folder {
    let folder = Folder::new("plain");
    for (info, text) in blocks(page) {
        if let Some((_, path)) = info.split_once(' ') {
            folder.write(path, text);
        }
    }
    folder
}

#[test]
fn the_example_of_the_json_page_is_what_is_printed() {
    let folder = folder_of("docs/json.md");
    let output = Command::new(env!("CARGO_BIN_EXE_pgproof"))
        .args(["check", "--format", "json"])
        .current_dir(folder.path())
        .output()
        .expect("the program runs");
    let shown: Vec<String> =
        blocks("docs/json.md").into_iter().filter(|(info, _)| info == "json").map(|(_, text)| text).collect();
    assert_eq!([String::from_utf8(output.stdout).expect("UTF-8")], shown.as_slice());
}

#[test]
fn the_example_of_the_readme_is_what_is_printed() {
    let folder = folder_of("README.md");
    let output = Command::new(env!("CARGO_BIN_EXE_pgproof"))
        .arg("check")
        .current_dir(folder.path())
        .output()
        .expect("the program runs");
    let shown: Vec<String> =
        blocks("README.md").into_iter().filter(|(info, _)| info == "text").map(|(_, text)| text).collect();
    assert_eq!([String::from_utf8(output.stdout).expect("UTF-8")], shown.as_slice());
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn the_example_of_the_spec_page_is_satisfied() {
    let result = folder_of("docs/spec.md").check();
    let summary = result.summary(Policy { deny_warnings: true, allow_unknown: false });
    assert!(summary.passed, "{:#?}", result.entries(Policy::default()));
    let waived: Vec<&str> =
        result.requirements.iter().filter(|r| r.verdict == Verdict::Waived).map(|r| r.id.as_str()).collect();
    assert_eq!(waived, ["column public.cars.colour"]);
    assert_eq!(summary.requirements.total, 17);
}

#[test]
fn the_example_of_the_configuration_page_is_read() {
    let folder = Folder::new("plain");
    for path in ["db/migrations", "db/later", "contracts"] {
        std::fs::create_dir_all(folder.path().join(path)).expect("a folder");
    }
    folder
        .write("db/legacy.sql", "CREATE TABLE legacy (id int);")
        .write("db/first.sql", "CREATE TABLE first (id int);");
    folder.write("db/migrations/10_b.sql", "CREATE TABLE b (id int);");
    folder.write("db/migrations/9_a.sql", "CREATE TABLE a (id int);");
    folder.write("db/later/11_c.sql", "CREATE TABLE c (id int);");
    folder.write("contracts/c.yaml", "tables:\n  legacy: {}\n  c: {}\n");
    let (_, config) =
        blocks("docs/configuration.md").into_iter().find(|(info, _)| info == "yaml pgproof.yaml").expect("the example");
    folder.write("pgproof.yaml", config);
    let project = Project::open(&Options::new(folder.path())).unwrap_or_else(|e| panic!("{e}"));
    let result = project.check().unwrap_or_else(|e| panic!("{e}"));
    let paths: Vec<&str> = result.migrations.iter().map(|m| result.sources.file(m.file).path()).collect();
    assert_eq!(paths, ["db/first.sql", "db/migrations/9_a.sql", "db/migrations/10_b.sql", "db/later/11_c.sql"]);
    assert!(result.summary(Policy::default()).passed, "{:#?}", result.entries(Policy::default()));
    let default = format!("| {} |", pgproof::project::DEFAULT_POSTGRES);
    assert!(read("docs/configuration.md").contains(&default), "the default version");
}

/// The keys that are suggested where a key is unknown.
fn known_keys(help: &str) -> Vec<String> {
    help.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_key_is_documented() {
    let page = read("docs/spec.md");
    let specs = [
        "qqqqqqqqqq: 1\ntables: {t: {}}\n",
        "forbid: [{ table: t, qqqqqqqqqq: 1 }]\n",
        "tables: { t: { qqqqqqqqqq: 1 } }\n",
        "tables: { t: { columns: { a: { qqqqqqqqqq: 1 } } } }\n",
        "tables: { t: { indexes: [{ columns: [a], qqqqqqqqqq: 1 }] } }\n",
        "tables: { t: { constraints: [{ unique: [a], qqqqqqqqqq: 1 }] } }\n",
        "tables: { t: { constraints: [{ foreign_key: { columns: [a], references: u, qqqqqqqqqq: 1 } }] } }\n",
        "tables: { t: { constraints: [{ foreign_key: { columns: [a], references: { table: u, qqqqqqqqqq: 1 } } }] } }\n",
        "tables: { t: { rls: { enabled: true, qqqqqqqqqq: 1 } } }\n",
        "tables: { t: { policies: [{ command: all, qqqqqqqqqq: 1 }] } }\n",
        "tables: { t: { waive: { reason: r, until: 2030-01-01, qqqqqqqqqq: 1 } } }\n",
    ];
    for spec in specs {
        let mut sources = SourceMap::new();
        let file = sources.add("s.yaml", spec);
        let wrong = pgproof::spec::load(&[file], &sources).expect_err("an unknown key");
        let keys = known_keys(wrong[0].help.as_deref().unwrap_or_default());
        assert!(keys.len() >= 2, "{spec}: {:?}", wrong[0]);
        for key in keys {
            assert!(page.contains(&format!("`{key}`")), "docs/spec.md does not explain `{key}` of {spec}");
        }
    }
    let folder = Folder::new("plain");
    folder.write("pgproof.yaml", "qqqqqqqqqq: 1\n");
    let wrong = Project::open(&Options::new(folder.path())).expect_err("an unknown key");
    let keys = known_keys(wrong.diagnostics[0].help.as_deref().unwrap_or_default());
    assert_eq!(keys.len(), 8, "{:?}", wrong.diagnostics);
    for key in keys {
        assert!(read("docs/configuration.md").contains(&format!("| `{key}` |")), "`{key}`");
    }
}

/// Every key of the JSON of a rich schema, wherever it stands.
#[test]
fn every_key_of_the_schema_is_documented() {
    fn keys(value: &serde_json::Value, found: &mut BTreeSet<String>) {
        match value {
            serde_json::Value::Object(map) => {
                // Their keys are names of settings.
                for (key, value) in map.iter().filter(|(key, _)| *key != "options" && *key != "settings") {
                    found.insert(key.clone());
                    keys(value, found);
                }
            }
            serde_json::Value::Array(list) => list.iter().for_each(|value| keys(value, found)),
            _ => {}
        }
    }
    let page = read("docs/schema.md");
    for (platform, file) in [("plain", "rich"), ("supabase", "supabase")] {
        let folder = Folder::new(platform);
        folder.migration("001.sql", read(&format!("tests/schema/{file}.sql")));
        let project = Project::open(&Options::new(folder.path())).unwrap_or_else(|e| panic!("{e}"));
        let schema =
            project.schema(None, pgproof::report::schema::ScriptParts::default()).unwrap_or_else(|e| panic!("{e}"));
        let mut found = BTreeSet::new();
        keys(&serde_json::from_str(&schema.to_json().expect("JSON")).expect("what we printed"), &mut found);
        assert!(found.len() > 50, "{found:?}");
        for key in found {
            let named = [format!("`{key}`"), format!("`{key}[]`")].iter().any(|name| page.contains(name));
            assert!(named, "docs/schema.md does not explain `{key}`");
        }
    }
}

#[test]
fn every_code_of_the_snapshots_is_documented() {
    let page = read("docs/json.md");
    for snapshot in ["check_wrong_commit", "check_failures", "spec_violations"] {
        let text = read(&format!("snapshots/{snapshot}.snap"));
        for line in text.lines() {
            let code =
                ["error[", "warning[", "info["].iter().find_map(|start| line.strip_prefix(start)?.strip_suffix(']'));
            if let Some(code) = code {
                assert!(page.contains(&format!("`{code}`")), "docs/json.md does not explain `{code}`");
            }
        }
    }
}

#[test]
fn every_known_extension_is_listed_with_its_version() {
    let builtins = Builtins::for_version(15);
    let page = read("docs/extensions.md");
    let mut listed: Vec<(&str, &str)> = page
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split(" | ");
            Some((cells.next()?.strip_suffix('`')?, cells.next()?))
        })
        .collect();
    let mut known: Vec<(&str, &str)> = builtins
        .other_extension_names()
        .filter_map(|name| Some((name, builtins.extension(name)?.default_version)))
        .collect();
    listed.sort_unstable();
    known.sort_unstable();
    assert_eq!(listed, known);
}
