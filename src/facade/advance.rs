//! Runs migrations one after the other, without a way back as long as none fails.
//!
//! A catalog that is kept to go back to has to be copied where it changes. So it is kept every few migrations only: when
//! one fails, those since then run again, which they do as they did before, and the one that fails with a way back.

use super::Project;
use crate::catalog::{Catalog, Layer, Origin, Unknown};
use crate::project::{Data, InputError, Migration, MigrationKind};
use crate::replay::{Outcome, Replay, Script, Session};
use crate::source::Place;
use crate::sql::span::Span;

/// So many migrations run from one state that is kept to the next.
const SPACING: usize = 16;

/// Why nothing is known after a migration in another language.
pub(super) const NOT_SQL: &str = "the migration is not SQL";

/// The migrations on their way.
pub(super) struct Advance<'p> {
    project: &'p Project,
    now: Progress,
    kept: Progress,
}

/// How far they are.
#[derive(Clone)]
struct Progress {
    replay: Replay,
    /// The last statement's number.
    sequence: u32,
    /// How many migrations have run.
    migrations: usize,
}

impl<'p> Advance<'p> {
    pub fn new(project: &'p Project, replay: Replay, sequence: u32) -> Self {
        let now = Progress { replay, sequence, migrations: 0 };
        Advance { project, kept: now.clone(), now }
    }

    pub fn catalog(&self) -> &Catalog {
        &self.now.replay.catalog
    }

    pub fn into_replay(self) -> Replay {
        self.now.replay
    }

    /// Runs the next migration; there is no outcome if it is not SQL.
    ///
    /// # Errors
    /// If the configured user does not exist.
    pub fn next(&mut self, migration: &Migration) -> Result<Option<Outcome>, InputError> {
        if self.now.migrations - self.kept.migrations == SPACING {
            self.kept = self.now.clone();
        }
        if let MigrationKind::NotSql = migration.kind {
            self.now.mark_unknown(migration);
            return Ok(None);
        }
        if let Some(outcome) = self.now.run(self.project, migration, Replay::run_forward)? {
            return Ok(Some(outcome));
        }
        let target = self.now.migrations - 1;
        self.now = self.kept.clone();
        for earlier in &self.project.inputs.migrations[self.now.migrations..target] {
            match earlier.kind {
                MigrationKind::Sql => drop(self.now.run(self.project, earlier, Replay::run_forward)?),
                MigrationKind::NotSql => self.now.mark_unknown(earlier),
            }
        }
        let with_way_back =
            |replay: &mut Replay, script: &_, session, sequence: &mut _| Some(replay.run(script, session, sequence));
        let outcome = self.now.run(self.project, migration, with_way_back)?;
        self.kept = self.now.clone();
        Ok(outcome)
    }
}

impl Progress {
    /// The layer of the next migration's objects.
    fn layer(&self) -> Layer {
        Layer::Migration(u32::try_from(self.migrations).unwrap_or(u32::MAX))
    }

    /// Runs a migration in a session of its own.
    fn run<F>(&mut self, project: &Project, migration: &Migration, run: F) -> Result<Option<Outcome>, InputError>
    where
        F: FnOnce(&mut Replay, &Script, Session, &mut u32) -> Option<Outcome>,
    {
        let config = &project.inputs.config;
        if config.data == Data::Production {
            self.replay.catalog.forget_rows();
        }
        let script = project.script(migration.source, self.layer(), config.transaction);
        let session = project.session(&self.replay)?;
        let outcome = run(&mut self.replay, &script, session, &mut self.sequence);
        self.replay.end_session();
        self.migrations += 1;
        Ok(outcome)
    }

    /// A migration in another language may have done anything.
    fn mark_unknown(&mut self, migration: &Migration) {
        self.sequence += 1;
        let place = Place { file: migration.source, span: Span::point(0) };
        let origin = Origin { place, sequence: self.sequence, layer: self.layer() };
        let unknown = Unknown { origin, reason: NOT_SQL.into() };
        self.replay.catalog.taint.mark_everything(unknown);
        self.replay.catalog.forget_rows();
        self.migrations += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Options;

    /// 60 migrations: most make a table, some fail after that, some take things back themselves.
    fn project(transaction: &str) -> (tempfile::TempDir, Project) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let migrations = dir.path().join("migrations");
        std::fs::create_dir(&migrations).expect("a folder");
        for n in 0..60 {
            let table = format!("CREATE TABLE t{n} (id serial PRIMARY KEY, kind text DEFAULT 'x');");
            let text = match n {
                3 | 20 | 21 | 40 | 58 => format!("{table} SELECT 1; ALTER TABLE nowhere ADD COLUMN c text;"),
                7 => "BEGIN; DROP TABLE t0; ROLLBACK; ALTER TABLE t0 ADD COLUMN after_rollback text;".to_owned(),
                12 => format!("BEGIN; {table} SAVEPOINT s; DROP TABLE t1; ROLLBACK TO SAVEPOINT s; COMMIT;"),
                25 => "PREPARE p AS SELECT 1; DROP TABLE t5".to_owned(),
                30 => "DO $$ BEGIN DROP TABLE t6; ROLLBACK; DROP TABLE t8; COMMIT; END $$".to_owned(),
                31 => "BEGIN; DROP TABLE t9".to_owned(),
                45 => "SET app.x = 'y'; CREATE TEMP TABLE t10 (a integer); ALTER TABLE t10 ADD COLUMN b integer;"
                    .to_owned(),
                _ => table,
            };
            std::fs::write(migrations.join(format!("{n:02}_step.sql")), text).expect("a file");
        }
        let config = format!("transaction: {transaction}\n");
        std::fs::write(dir.path().join("pgproof.yaml"), config).expect("a file");
        let project = Project::open(&Options::new(dir.path())).unwrap_or_else(|e| panic!("{:?}", e.diagnostics));
        (dir, project)
    }

    #[test]
    fn what_runs_forward_ends_as_what_can_go_back() {
        for transaction in ["file", "statement", "none"] {
            let (_dir, project) = project(transaction);
            let migrations = &project.inputs.migrations;
            assert_eq!(migrations.len(), 60);
            crate::sql::with_large_stack(|| {
                let mut forward = Advance::new(&project, Replay::new(15), 0);
                let mut careful = Progress { replay: Replay::new(15), sequence: 0, migrations: 0 };
                let mut failed = Vec::new();
                for (n, migration) in migrations.iter().enumerate() {
                    let with_way_back = |r: &mut Replay, s: &Script, session, n: &mut u32| Some(r.run(s, session, n));
                    let expected = careful.run(&project, migration, with_way_back).ok().flatten().expect("SQL");
                    let outcome = forward.next(migration).ok().flatten().expect("SQL");
                    assert_eq!(format!("{outcome:?}"), format!("{expected:?}"), "{transaction}: {n}");
                    failed.extend(outcome.error.map(|_| n));
                }
                assert!([3, 20, 21, 40, 58].iter().all(|n| failed.contains(n)), "{transaction}: {failed:?}");
                let (now, expected) = (forward.into_replay(), careful.replay);
                assert_eq!(format!("{:?}", now.catalog), format!("{:?}", expected.catalog), "{transaction}");
                assert_eq!(format!("{:?}", now.notices), format!("{:?}", expected.notices), "{transaction}");
            });
        }
    }

    #[test]
    fn a_table_that_a_migration_finds_may_have_rows_in_production() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let migrations = dir.path().join("migrations");
        std::fs::create_dir(&migrations).expect("a folder");
        let guard = "DO $$ BEGIN IF EXISTS (SELECT FROM t) THEN RAISE EXCEPTION 'rows'; END IF; END $$;";
        let own = format!("CREATE TABLE t (id int); {guard}");
        std::fs::write(migrations.join("1_table.sql"), own).expect("a file");
        std::fs::write(migrations.join("2_guard.sql"), guard).expect("a file");
        let undecided = |data: Option<Data>| {
            let options = Options { data, ..Options::new(dir.path()) };
            let replayed = Project::open(&options).and_then(|project| project.replay(None)).expect("usable");
            replayed.migrations.iter().map(|m| m.opaque.len()).collect::<Vec<_>>()
        };
        assert_eq!(undecided(None), [0, 0]);
        assert_eq!(undecided(Some(Data::Production)), [0, 1]);
        std::fs::write(dir.path().join("pgproof.yaml"), "data: production\n").expect("a file");
        assert_eq!(undecided(None), [0, 1]);
        assert_eq!(undecided(Some(Data::Fresh)), [0, 0]);
    }
}
