//! Open a project, replay it, check it.

mod advance;
mod failures;

use std::sync::Arc;
use std::time::SystemTime;

use rustc_hash::FxHashMap;

use crate::catalog::{Catalog, Layer, Oid};
use crate::project::{self, InputError, Inputs, Options, TransactionMode};
use crate::replay::{About, Outcome, Replay, Script, Session, lookup};
use crate::report::schema::{self, Schema, ScriptParts};
use crate::report::{
    Cause, CheckResult, Diagnostic, MigrationError, MigrationResult, MigrationStatus, OpaqueStatement,
    RequirementResult, Severity, Verdict,
};
use crate::source::{FileId, Place, SourceMap};
use crate::spec::{self, Date, Specs};
use crate::sql;
use crate::sql::span::Span;
use advance::Advance;
use failures::{Failures, Lost};

/// A project: its configuration, migrations and specs, read and in order.
#[derive(Clone, Debug)]
pub struct Project {
    inputs: Inputs,
    specs: Specs,
    platform: Option<FileId>,
}

/// A project whose migrations have run.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The catalog that they lead to.
    pub catalog: Catalog,
    /// What became of each.
    pub migrations: Vec<MigrationResult>,
    /// What there is to say about them.
    pub findings: Vec<Diagnostic>,
    /// The `search_path` of a session of the migrations.
    pub search_path: Vec<Oid>,
    /// What the platform provides: the catalog before baseline and migrations.
    pub platform: Catalog,
    /// The catalog after the baseline, before the migrations.
    pub baseline: Catalog,
    /// The role that the migrations run as.
    pub user: Oid,
    /// What failed migrations would have made or dropped.
    lost: FxHashMap<About, Lost>,
}

impl Project {
    /// Reads a project's configuration, migrations and specs.
    ///
    /// # Errors
    /// Everything that makes the inputs unusable.
    pub fn open(options: &Options) -> Result<Project, InputError> {
        let mut inputs = project::load(options)?;
        let specs = spec::load(&inputs.specs, &inputs.sources)
            .map_err(|diagnostics| InputError { diagnostics, sources: inputs.sources.clone() })?;
        let platform = inputs.config.platform;
        let script = platform.script().map(|script| inputs.sources.add(format!("<platform {platform}>"), script));
        Ok(Project { inputs, specs, platform: script })
    }

    /// The configuration, the migrations and their texts.
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// The texts that places point into.
    pub fn sources(&self) -> &SourceMap {
        &self.inputs.sources
    }

    /// Runs the migrations, and nothing after the one at `last` if one is given.
    ///
    /// # Errors
    /// If the configured user does not exist.
    pub fn replay(&self, last: Option<usize>) -> Result<Replayed, InputError> {
        sql::with_large_stack(|| self.replay_here(last))
    }

    fn replay_here(&self, last: Option<usize>) -> Result<Replayed, InputError> {
        let config = &self.inputs.config;
        let mut replay = Replay::new(config.postgres);
        let mut sequence = 0;
        let mut findings = self.inputs.warnings.clone();
        if let Some(file) = self.platform {
            let session = Session::new(crate::catalog::BOOTSTRAP_ROLE);
            let script = self.script(file, Layer::Platform, TransactionMode::None);
            let outcome = replay.run(&script, session, &mut sequence);
            self.report_preparation(&outcome, "platform", &mut findings);
        }
        let platform = replay.catalog.clone();
        for &file in &self.inputs.baseline {
            let script = self.script(file, Layer::Baseline, TransactionMode::None);
            let session = self.session(&replay)?;
            let outcome = replay.run(&script, session, &mut sequence);
            replay.end_session();
            self.report_preparation(&outcome, "baseline", &mut findings);
        }
        let baseline = replay.catalog.clone();
        let count = last.map_or(self.inputs.migrations.len(), |last| last + 1);
        let mut migrations = Vec::with_capacity(count);
        let mut failures = Failures::default();
        let mut advance = Advance::new(self, replay, sequence);
        for migration in self.inputs.migrations.iter().take(count) {
            migrations.push(match advance.next(migration)? {
                Some(outcome) => self.report(migration, outcome, advance.catalog(), &mut failures, &mut findings),
                None => self.not_sql(migration, &mut findings),
            });
        }
        let replay = advance.into_replay();
        let lost = failures.lost();
        findings.extend(failures.findings);
        findings.sort_by_key(|f| f.labels.first().map(|l| l.place));
        let session = self.session(&replay)?;
        let search_path = session.explicit_path(&replay.catalog);
        let user = session.session_user;
        Ok(Replayed { catalog: replay.catalog, migrations, findings, search_path, platform, baseline, user, lost })
    }

    /// Runs the migrations and checks what they lead to against the specs. Waivers are judged on today's date.
    ///
    /// # Errors
    /// Those of [`Project::replay`].
    pub fn check(&self) -> Result<CheckResult, InputError> {
        let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_secs());
        self.check_on(Date::from_unix_seconds(seconds))
    }

    /// The same, with waivers judged on a certain day.
    ///
    /// # Errors
    /// Those of [`Project::replay`].
    pub fn check_on(&self, today: Date) -> Result<CheckResult, InputError> {
        let replayed = self.replay(None)?;
        let context = spec::Context { today, search_path: &replayed.search_path };
        let mut outcome = sql::with_large_stack(|| spec::check(&self.specs, &replayed.catalog, &context));
        let mut findings = replayed.findings;
        findings.extend(outcome.findings);
        if self.inputs.specs.is_empty() {
            let message = "there is no spec: only the migrations themselves are checked";
            findings.push(
                Diagnostic::new("no-specs", Severity::Info, message)
                    .help("say what is required in `spec/*.yaml`, or name specs under `specs` in pgproof.yaml"),
            );
        }
        for (requirement, result) in self.specs.requirements.iter().zip(&mut outcome.requirements) {
            self.blame_failure(requirement, result, &replayed.lost);
        }
        let sources = Arc::new(self.inputs.sources.clone());
        let mut result = CheckResult::new(replayed.migrations, outcome.requirements, findings, sources);
        result.catalog = Some(replayed.catalog);
        Ok(result)
    }

    /// A requirement that a failed migration would have met is reported as what follows from the failure.
    fn blame_failure(
        &self,
        requirement: &spec::Requirement,
        result: &mut RequirementResult,
        lost: &FxHashMap<About, Lost>,
    ) {
        if result.verdict != Verdict::Violated {
            return;
        }
        let Some(lost) = requirement.demand.object().and_then(|about| lost.get(&about)) else { return };
        let path = self.sources().file(lost.file).path();
        let (done, is_forbidden) = match requirement.demand {
            spec::Demand::Forbidden(_) => ("removed", true),
            spec::Demand::Table(_)
            | spec::Demand::Column(..)
            | spec::Demand::Index(..)
            | spec::Demand::Constraint(..)
            | spec::Demand::RowSecurity(..)
            | spec::Demand::Policy(..) => ("made", false),
        };
        // With evidence, a line says what broke it: the failed migration has little to do with that.
        if !is_forbidden && !result.evidence.is_empty() {
            return;
        }
        if let Some(diagnostic) = &mut result.diagnostic {
            diagnostic.help = Some(format!("`{path}` would have {done} it, and fails"));
        }
        if !is_forbidden {
            result.cause = Some(Cause::Failed(lost.reported_at));
        }
    }

    /// Runs the migrations, and nothing after the one at `last` if one is given, and makes the schema that they lead to
    /// ready to print; `parts` says what its script makes.
    ///
    /// # Errors
    /// Those of [`Project::replay`].
    pub fn schema(&self, last: Option<usize>, parts: ScriptParts) -> Result<Schema, InputError> {
        let replayed = self.replay(last)?;
        let migrations = &self.inputs.migrations;
        let last = last.map_or(migrations.last(), |last| migrations.get(last));
        let platform = self.inputs.config.platform;
        let source = schema::Source {
            catalog: &replayed.catalog,
            platform: if parts.baseline { &replayed.platform } else { &replayed.baseline },
            // A baseline is made on the platform.
            parts: ScriptParts { platform: parts.platform && parts.baseline, ..parts },
            platform_script: platform.script(),
            platform_name: self.platform.map(|_| platform.name()),
            user: replayed.user,
            search_path: &replayed.search_path,
            sources: self.sources(),
            at: last.map(|migration| self.sources().file(migration.source).path()),
            findings: &replayed.findings,
        };
        Ok(sql::with_large_stack(|| Schema::new(&source)))
    }

    fn script(&self, file: FileId, layer: Layer, transaction: TransactionMode) -> Script {
        Script { file, text: self.inputs.sources.file(file).shared_text(), layer, transaction }
    }

    /// A new session of the configured user, with the settings that database and role give it.
    fn session(&self, replay: &Replay) -> Result<Session, InputError> {
        let config = &self.inputs.config;
        let name = config.user.as_ref().map_or(config.platform.default_user(), |user| user.value.as_str());
        let user = lookup::role(&replay.catalog, name).map_err(|_| {
            let message = format!("the user `{name}` does not exist on platform `{}`", config.platform);
            let mut diagnostic = Diagnostic::new("unknown-user", Severity::Error, message);
            if let (Some(file), Some(user)) = (config.file, &config.user) {
                diagnostic = diagnostic.label(Place { file, span: user.span }, "this role");
            }
            let help = "make the role in a `baseline` file, or name one that exists";
            InputError { diagnostics: vec![diagnostic.help(help)], sources: self.inputs.sources.clone() }
        })?;
        let mut session = Session::new(user);
        for (name, value) in replay.catalog.database_config() {
            session.set_default(name, value);
        }
        for (name, value) in replay.catalog.role(user).into_iter().flat_map(|r| &r.config) {
            session.set_default(name, value);
        }
        Ok(session)
    }

    // ---- what became of a script ----

    fn report(
        &self,
        migration: &project::Migration,
        outcome: Outcome,
        catalog: &Catalog,
        failures: &mut Failures,
        findings: &mut Vec<Diagnostic>,
    ) -> MigrationResult {
        let mut status = MigrationStatus::Applied;
        for opaque in &outcome.opaque {
            status = status.max(if opaque.undecided { MigrationStatus::Undecided } else { MigrationStatus::Opaque });
            let (code, severity) = match (opaque.undecided, opaque.harmless) {
                (true, false) => ("undecided-statement", Severity::Warning),
                (true, true) => ("undecided-statement", Severity::Info),
                (false, false) => ("opaque-statement", Severity::Warning),
                (false, true) => ("opaque-statement", Severity::Info),
            };
            let message = format!("this statement was not executed: {}", opaque.reason);
            let finding = Diagnostic::new(code, severity, message).label(opaque.place, "not executed");
            findings.push(if opaque.harmless {
                finding
            } else {
                finding.help("what it may have changed is unknown, and so is every requirement that rests on it")
            });
        }
        if let Some(failure) = &outcome.error {
            status = MigrationStatus::Failed;
            failures.add(migration.source, failure, &outcome.lost, catalog, self.sources());
        }
        for (place, error) in &outcome.syntax_errors {
            let path = self.sources().file(migration.source).path();
            let message = format!("{path} has another error, {}: {}", error.sqlstate, error.message);
            let mut finding = Diagnostic::new("syntax-error", Severity::Error, message).label(*place, "");
            finding.help.clone_from(&error.help);
            findings.push(finding);
        }
        MigrationResult {
            file: migration.source,
            version: migration.version.clone(),
            status,
            statements: outcome.statements,
            error: outcome.error.map(|failure| MigrationError {
                sqlstate: failure.error.sqlstate.to_string(),
                message: failure.error.message.clone(),
                place: failure.place,
            }),
            opaque: outcome.opaque.into_iter().map(|o| OpaqueStatement { place: o.place, reason: o.reason }).collect(),
        }
    }

    /// What became of a migration in another language, which may have done anything.
    fn not_sql(&self, migration: &project::Migration, findings: &mut Vec<Diagnostic>) -> MigrationResult {
        let place = Place { file: migration.source, span: Span::point(0) };
        let path = self.sources().file(migration.source).path();
        findings.push(
            Diagnostic::new("opaque-migration", Severity::Warning, format!("`{path}` is not SQL and was not executed"))
                .label(place, "")
                .help("what it may have changed is unknown: list a SQL file in its place under `migrations`"),
        );
        MigrationResult {
            file: migration.source,
            version: migration.version.clone(),
            status: MigrationStatus::Opaque,
            statements: 0,
            error: None,
            opaque: vec![OpaqueStatement { place, reason: advance::NOT_SQL.to_owned() }],
        }
    }

    /// What exists before the first migration is not judged, but a script that fails is worth a word.
    fn report_preparation(&self, outcome: &Outcome, what: &str, findings: &mut Vec<Diagnostic>) {
        if let Some(failure) = &outcome.error {
            let error = &failure.error;
            let message = format!("the {what} script failed with {}: {}", error.sqlstate, error.message);
            findings.push(
                Diagnostic::new("baseline-failed", Severity::Error, message)
                    .label(failure.place, "here")
                    .help("the migrations are judged on what the script had made until then"),
            );
        }
        for opaque in outcome.opaque.iter().filter(|o| !o.harmless) {
            let message = format!("a statement of the {what} script was not executed: {}", opaque.reason);
            findings.push(
                Diagnostic::new("opaque-statement", Severity::Warning, message).label(opaque.place, "not executed"),
            );
        }
    }
}
