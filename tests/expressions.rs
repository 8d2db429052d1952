//! What is made of expressions and queries, in all places where they are stored: the same as a real server makes, of
//! each version. The entries are in `tests/expressions/`; README.md there says how they are written.

mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use server::Server;
use server::pair::{Ended, Pair};

/// A statement and how it must end on a server.
#[derive(Clone, Debug)]
struct Entry {
    /// What it is listed as.
    name: String,
    /// The statement; `$name` stands in it for a name of its own.
    statement: String,
    /// The SQLSTATEs, as they stand after `--!`.
    expected: String,
}

/// Entries that share a database.
#[derive(Clone, Debug)]
struct Group {
    file: String,
    /// The case, unless the entries are independent.
    case: Option<String>,
    entries: Vec<Entry>,
}

// ---- the files ----

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expressions")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The lines of a text with those that continue them, without remarks.
fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        match lines.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => {
                last.push('\n');
                last.push_str(line);
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines.retain(|line| !line.starts_with("--") || line.starts_with("-- each: ") || line.starts_with("-- case: "));
    lines
}

fn groups_of(path: &Path) -> Vec<Group> {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut groups = vec![Group { file: file.clone(), case: None, entries: Vec::new() }];
    let mut frame = "$it".to_owned();
    for line in lines(&read(path)) {
        if let Some(text) = line.strip_prefix("-- each: ") {
            text.clone_into(&mut frame);
            continue;
        }
        if let Some(name) = line.strip_prefix("-- case: ") {
            groups.push(Group { file: file.clone(), case: Some(name.to_owned()), entries: Vec::new() });
            "$it".clone_into(&mut frame);
            continue;
        }
        let (text, expected) = line.split_once("--! ").unwrap_or((&line, ""));
        let statement = frame.replace("$it", text.trim_end());
        let entry = Entry {
            name: statement.split_whitespace().collect::<Vec<_>>().join(" "),
            statement,
            expected: expected.trim().to_owned(),
        };
        groups.last_mut().expect("there is one").entries.push(entry);
    }
    groups.retain(|group| !group.entries.is_empty());
    groups
}

fn groups() -> Vec<Group> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder()).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "sql") && !path.ends_with("setup.sql"));
    paths.sort();
    let wanted = std::env::var("PGPROOF_ONLY").unwrap_or_default();
    let mut groups: Vec<Group> = paths.iter().flat_map(|path| groups_of(path)).collect();
    for group in &mut groups {
        let whole = group.file.contains(&wanted) || group.case.as_ref().is_some_and(|case| case.contains(&wanted));
        if !whole {
            let case = group.case.is_some();
            group.entries.retain(|entry| !case && entry.name.contains(&wanted));
        }
    }
    groups.retain(|group| !group.entries.is_empty());
    groups
}

/// The SQLSTATE with which a server of that version must refuse it.
fn expected(annotation: &str, version: u32) -> Option<&str> {
    annotation.split(',').map(str::trim).find_map(|part| match part.split_once(' ') {
        None => Some(part).filter(|part| !part.is_empty()),
        Some((versions, state)) => {
            let number = |text: &str| text.parse::<u32>().unwrap_or_else(|_| panic!("{annotation}"));
            let applies = match versions.strip_prefix(">=") {
                Some(first) => version >= number(first),
                None => version < number(versions.trim_start_matches('<')),
            };
            applies.then_some(state.trim())
        }
    })
}

// ---- running ----

/// What came of the entries on one server.
#[derive(Debug, Default)]
struct Found {
    run: usize,
    /// What differs, by file and name.
    different: BTreeMap<(String, String), String>,
    /// Errors whose details differ.
    details: BTreeMap<(String, String), String>,
    /// How many have the same cause.
    causes: BTreeMap<String, usize>,
    /// Entries that do not end on the server as they say.
    unexpected: String,
}

impl Found {
    fn different(&mut self, key: &(String, String), cause: String, text: String) {
        *self.causes.entry(cause).or_default() += 1;
        let told = self.different.entry(key.clone()).or_default();
        told.push_str(&text);
        told.push('\n');
    }

    fn ended(&mut self, key: &(String, String), statement: &str, ended: &Ended) {
        if !ended.alike() {
            self.different(key, ended.cause(), format!("  {statement}\n{ended}"));
        } else if let Some(details) = ended.details() {
            let told = self.details.entry(key.clone()).or_default();
            let _ = writeln!(told, "  {statement}\n    {details}");
        }
    }
}

fn run(server: &Server, groups: &[Group]) -> Found {
    let mut found = Found::default();
    let version = server.major_version();
    let setup = lines(&read(&folder().join("setup.sql")));
    let mut pair = Pair::new(server);
    for statement in &setup {
        let ended = pair.run(statement);
        found.ended(&("setup.sql".to_owned(), statement.clone()), statement, &ended);
    }
    let from_the_start = pair.differences();
    for (_, difference) in &from_the_start {
        let key = ("setup.sql".to_owned(), difference.of.clone());
        found.different(&key, difference.cause(), format!("  {difference}"));
    }
    for group in groups {
        let mut pair = Pair::new(server);
        setup.iter().for_each(|statement| drop(pair.run(statement)));
        let key = |entry: &Entry| {
            let name = group.case.as_ref().map_or_else(|| entry.name.clone(), |case| format!("case: {case}"));
            (group.file.clone(), name)
        };
        for (number, entry) in group.entries.iter().enumerate() {
            let statement = entry.statement.replace("$name", &format!("e{number}"));
            let ended = pair.run(&statement);
            found.run += 1;
            let state = ended.theirs.as_ref().err().map(|report| report.refusal.sqlstate.as_str());
            if state != expected(&entry.expected, version) {
                let told = ended.theirs.as_ref().err().map(|report| &report.refusal);
                let _ = writeln!(found.unexpected, "{version} {} {}: {told:?}", group.file, entry.name);
            }
            found.ended(&key(entry), &statement, &ended);
        }
        for (pretty, difference) in pair.differences() {
            if from_the_start.contains(&(pretty, difference.clone())) {
                continue;
            }
            let entry = match group.case {
                Some(_) => group.entries.first(),
                None => number_in(&difference.of).and_then(|number| group.entries.get(number)),
            };
            let key = entry.map_or_else(|| ("setup.sql".to_owned(), difference.of.clone()), key);
            // That it was not made tells enough of an entry.
            if group.case.is_none() && found.different.contains_key(&key) && difference.ours.is_none() {
                continue;
            }
            let how = if pretty { "pretty " } else { "" };
            found.different(&key, format!("{how}{}", difference.cause()), format!("  {how}{difference}"));
        }
    }
    found
}

/// The number of the entry that made an object, from its name: `e12`, `e12_check`.
fn number_in(name: &str) -> Option<usize> {
    let words = name.split(|c: char| !c.is_alphanumeric());
    words.filter_map(|word| word.strip_prefix('e')).find_map(|digits| digits.parse().ok())
}

// ---- what is known to differ ----

/// What is listed, by file and name: the versions.
type Open = BTreeMap<(String, String), BTreeSet<u32>>;

fn open(file: &str) -> Open {
    let path = folder().join(file);
    if !path.exists() {
        return Open::new();
    }
    let listed = |line: &str| {
        let (versions, rest) = line.split_once(' ')?;
        let (file, name) = rest.split_once(' ')?;
        let versions = versions.split(',').map(|v| v.parse()).collect::<Result<_, _>>().ok()?;
        Some(((file.to_owned(), name.to_owned()), versions))
    };
    read(&path).lines().map(|line| listed(line).unwrap_or_else(|| panic!("{line}"))).collect()
}

fn write_open(file: &str, open: &Open) {
    let mut text = String::new();
    for ((file, name), versions) in open {
        let versions: Vec<String> = versions.iter().map(u32::to_string).collect();
        let _ = writeln!(text, "{} {file} {name}", versions.join(","));
    }
    std::fs::write(folder().join(file), text).expect("the list can be written");
}

/// What differs on a version: file and entry, and how.
type Differing = BTreeMap<(String, String), String>;

/// Holds what differs against a list, or writes the list anew.
fn judge(list: &str, found: &[(u32, Differing)], all: bool) -> Result<(), String> {
    let mut now = Open::new();
    for (version, different) in found {
        for key in different.keys() {
            now.entry(key.clone()).or_default().insert(*version);
        }
    }
    if std::env::var_os("PGPROOF_OPEN").is_some_and(|value| value == "write") {
        assert!(all, "a part of the entries makes no list");
        write_open(list, &now);
        return Ok(());
    }
    let known = open(list);
    let mut report = String::new();
    for (version, different) in found {
        let is_known = |key: &(String, String)| known.get(key).is_some_and(|versions| versions.contains(version));
        for ((file, name), text) in different.iter().filter(|(key, _)| !all || !is_known(key)) {
            let _ = writeln!(report, "{version} {file} {name}\n{text}");
        }
    }
    if all {
        for ((file, name), versions) in &known {
            for version in versions {
                let found = found.iter().find(|(v, _)| v == version);
                if found.is_some_and(|(_, different)| !different.contains_key(&(file.clone(), name.clone()))) {
                    let _ = writeln!(report, "{version} {file} {name}: agrees now; take it out of {list}");
                }
            }
        }
    }
    if report.is_empty() { Ok(()) } else { Err(report) }
}

#[test]
fn entries_end_as_on_a_server() {
    let groups = groups();
    let wanted = std::env::var("PGPROOF_VERSION").ok();
    let mut servers = Server::versions();
    servers.retain(|server| wanted.as_ref().is_none_or(|v| *v == server.major_version().to_string()));
    let found: Vec<(u32, Found)> = std::thread::scope(|scope| {
        let run = |server: &'static Server| {
            let groups = &groups;
            scope.spawn(move || pgproof::sql::with_large_stack(|| (server.major_version(), run(server, groups))))
        };
        let threads: Vec<_> = servers.into_iter().map(run).collect();
        threads.into_iter().map(|thread| thread.join().expect("the run ends")).collect()
    });
    for (version, found) in &found {
        println!("{version}: {} statements, {} entries differ", found.run, found.different.len());
        let mut causes: Vec<_> = found.causes.iter().collect();
        causes.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        causes.iter().for_each(|(cause, count)| println!("  {count:5} {cause}"));
    }
    let all = std::env::var_os("PGPROOF_ONLY").is_none();
    let unexpected: String = found.iter().map(|(_, found)| found.unexpected.as_str()).collect();
    let mut failures = Vec::new();
    if !unexpected.is_empty() {
        failures.push(format!("on the server these do not end as they say:\n{unexpected}"));
    }
    let part = |part: fn(&Found) -> &BTreeMap<(String, String), String>| -> Vec<_> {
        found.iter().map(|(version, found)| (*version, part(found).clone())).collect()
    };
    failures.extend(judge("open.txt", &part(|found| &found.different), all).err());
    failures.extend(judge("details.txt", &part(|found| &found.details), all).err());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
