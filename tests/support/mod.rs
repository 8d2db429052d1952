//! Projects in temporary folders, made from the VolTracker history or from nothing.
#![allow(dead_code, reason = "each test binary uses a part")]

use std::path::{Path, PathBuf};

use pgproof::Project;
use pgproof::project::Options;
use pgproof::report::{CheckResult, MigrationStatus, Policy, RequirementResult, Verdict};
use tempfile::TempDir;

/// A project in a temporary folder.
pub struct Folder {
    dir: TempDir,
}

/// A file of this repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a file of this repository.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(repository(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

impl Folder {
    /// An empty folder with a configuration of the given platform.
    pub fn new(platform: &str) -> Folder {
        let folder = Folder { dir: TempDir::new().expect("a temporary folder") };
        folder.write("pgproof.yaml", format!("postgres: 15\nplatform: {platform}\nmigrations: migrations\n"));
        std::fs::create_dir_all(folder.path().join("migrations")).expect("a folder");
        std::fs::create_dir_all(folder.path().join("spec")).expect("a folder");
        folder
    }

    /// The VolTracker history as it is in this repository, with its spec.
    pub fn voltracker() -> Folder {
        let folder = Folder::new("supabase");
        for name in ["001_baseline.sql", "003_rollback_tesla_user_approach.sql", "004_enhance_tesla_oauth_support.sql"]
        {
            folder.migration(name, read(&format!("migrations/{name}")));
        }
        folder.write("spec/t02_s02.yaml", read("spec/t02_s02.yaml"));
        folder
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) -> &Folder {
        std::fs::write(self.path().join(path), text).unwrap_or_else(|e| panic!("{path}: {e}"));
        self
    }

    pub fn migration(&self, name: &str, text: impl AsRef<[u8]>) -> &Folder {
        self.write(&format!("migrations/{name}"), text)
    }

    pub fn spec(&self, text: &str) -> &Folder {
        self.write("spec/spec.yaml", text)
    }

    /// Replaces text that stands exactly once in a file.
    pub fn edit(&self, path: &str, from: &str, to: &str) -> &Folder {
        let text = std::fs::read_to_string(self.path().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {path}");
        self.write(path, text.replace(from, to))
    }

    pub fn check(&self) -> CheckResult {
        let project = Project::open(&Options::new(self.path())).unwrap_or_else(|e| panic!("{e}"));
        project.check().unwrap_or_else(|e| panic!("{e}"))
    }

    /// The catalog in pgproof's own words after all migrations.
    pub fn replay(&self) -> pgproof::Replayed {
        let project = Project::open(&Options::new(self.path())).unwrap_or_else(|e| panic!("{e}"));
        project.replay(None).unwrap_or_else(|e| panic!("{e}"))
    }
}

/// What a test asks of a result.
pub trait Asked {
    fn passed(&self) -> bool;
    /// `path:line` of each evidence, after what is required.
    fn verdicts(&self, verdict: Verdict) -> Vec<String>;
    fn requirement(&self, part_of_id: &str) -> &RequirementResult;
    /// `file: SQLSTATE message` at its line for each failed migration.
    fn errors(&self) -> Vec<String>;
    fn statuses(&self) -> Vec<MigrationStatus>;
    /// The last part of the path and the line.
    fn place(&self, place: pgproof::source::Place) -> String;
}

impl Asked for CheckResult {
    fn passed(&self) -> bool {
        self.summary(Policy::default()).passed
    }

    fn verdicts(&self, verdict: Verdict) -> Vec<String> {
        let of = |r: &RequirementResult| {
            let places: Vec<String> = r.evidence.iter().map(|e| self.place(e.place)).collect();
            format!("{}: {}", r.id, places.join(", "))
        };
        self.requirements.iter().filter(|r| r.verdict == verdict).map(of).collect()
    }

    fn requirement(&self, part_of_id: &str) -> &RequirementResult {
        let mut found = self.requirements.iter().filter(|r| r.id.contains(part_of_id));
        let one = found.next().unwrap_or_else(|| {
            panic!("no requirement `{part_of_id}` in {:?}", self.requirements.iter().map(|r| &r.id).collect::<Vec<_>>())
        });
        assert!(found.next().is_none(), "several requirements `{part_of_id}`");
        one
    }

    fn errors(&self) -> Vec<String> {
        self.migrations
            .iter()
            .filter_map(|m| m.error.as_ref())
            .map(|e| format!("{}: {} {}", self.place(e.place), e.sqlstate, e.message))
            .collect()
    }

    fn statuses(&self) -> Vec<MigrationStatus> {
        self.migrations.iter().map(|m| m.status).collect()
    }

    fn place(&self, place: pgproof::source::Place) -> String {
        let (path, line) = self.sources.path_line(place);
        format!("{}:{line}", path.rsplit('/').next().unwrap_or(path))
    }
}
