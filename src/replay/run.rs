//! Runs scripts: their statements in order, in transactions, with what becomes of each.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::unparsed;
use super::value::parse_bool;
use super::{About, Context, Opaque, Replay, Session, SqlError, Stop};
use crate::catalog::{Catalog, Layer, Origin, Unknown};
use crate::project::TransactionMode;
use crate::source::{FileId, Place};
use crate::sql::ast::{AlterTableAction, Name, QualifiedName, Statement, StatementKind, Touches, Transaction};
use crate::sql::span::{Loc, Span};
use crate::sql::{Each, Grammar, Segment, SyntaxError};

/// A script to run.
#[derive(Clone, Debug)]
pub struct Script {
    /// Its number among the sources.
    pub file: FileId,
    /// Its text.
    pub text: Arc<str>,
    /// What it is.
    pub layer: Layer,
    /// How its statements are divided into transactions.
    pub transaction: TransactionMode,
}

/// What became of a script.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// How many statements it has.
    pub statements: usize,
    /// The error that ended it: what it had not committed is rolled back.
    pub error: Option<Failure>,
    /// Syntax errors besides the one that ended it.
    pub syntax_errors: Vec<(Place, SyntaxError)>,
    /// Statements whose effect is not known.
    pub opaque: Vec<OpaqueStatement>,
    /// The names that the script would have made or dropped had it not failed.
    pub lost: Vec<About>,
}

/// An error and the statement that it ended.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The error.
    pub error: SqlError,
    /// The token that it points to, or the statement.
    pub place: Place,
    /// The statement.
    pub statement: Place,
}

/// A statement whose effect is not known.
#[derive(Clone, Debug)]
pub struct OpaqueStatement {
    /// Where.
    pub place: Place,
    /// Why.
    pub reason: String,
    /// It depends on data.
    pub undecided: bool,
    /// It may have changed something that requirements rest on.
    pub harmless: bool,
}

/// A state to go back to.
#[derive(Clone, Debug)]
pub(super) struct State {
    catalog: Catalog,
    session: Session,
}

/// The transaction that a script is in.
struct Block {
    /// The state at its begin, if it is kept.
    begin: Option<State>,
    /// BEGIN was written.
    explicit: bool,
    savepoints: Vec<(Name, State)>,
}

/// What ends a script before its end.
enum End {
    Failed(Box<Failure>),
    /// Something has to be taken back, to a state that was not kept.
    NoWayBack,
}

impl Replay {
    /// Runs a script in a session of its own, and says what became of it.
    pub fn run(&mut self, script: &Script, session: Session, sequence: &mut u32) -> Outcome {
        // With a way back there is always an outcome.
        self.run_script(script, session, sequence, true).unwrap_or_default()
    }

    /// The same without a way back, which makes the next changes cheaper: a catalog that is kept has to be copied where
    /// it changes. If the script fails, or takes anything back, there is no outcome, and what is left is of no use.
    pub fn run_forward(&mut self, script: &Script, session: Session, sequence: &mut u32) -> Option<Outcome> {
        self.run_script(script, session, sequence, false)
    }

    fn run_script(&mut self, script: &Script, session: Session, sequence: &mut u32, keep: bool) -> Option<Outcome> {
        self.session = session;
        let parsed = Parsed::new(self.grammar(), &script.text);
        let mut outcome = Outcome { statements: parsed.statements, ..Outcome::default() };
        let place = |span| Place { file: script.file, span };

        // A file sent as one string is parsed as a whole before anything runs.
        let mut errors = parsed.errors.iter();
        if script.transaction == TransactionMode::File
            && let Some(first) = errors.next()
        {
            outcome.error = Some(syntax_failure(first, script));
            outcome.syntax_errors = errors.map(|e| (place(e.at), e.clone())).collect();
            outcome.lost = self.lost(script, *sequence);
            return Some(outcome);
        }

        let before = keep.then(|| self.state());
        let mut run = Run { script, outcome: &mut outcome, sequence, block: None, statements: parsed.segments, keep };
        if script.transaction == TransactionMode::File {
            run.block = Some(Block { begin: before.clone(), explicit: false, savepoints: Vec::new() });
        }
        let mut end = None;
        // Each tree goes when it has run.
        parsed.each(self.grammar(), &script.text, &mut |segment| match self.run_segment(&mut run, &segment) {
            Ok(()) => ControlFlow::Continue(()),
            Err(early) => {
                end = Some(early);
                ControlFlow::Break(())
            }
        });
        match run.block.take() {
            Some(block) if end.is_some() || block.explicit => self.restore(block.begin?),
            Some(_) | None => self.commit(),
        }
        match end {
            None => {}
            Some(End::NoWayBack) => return None,
            Some(End::Failed(failure)) => {
                outcome.error = Some(*failure);
                let committed = self.state();
                outcome.lost = self.lost_between(&before?, &committed, script, *sequence);
            }
        }
        Some(outcome)
    }

    fn run_segment(&mut self, run: &mut Run<'_>, segment: &Segment) -> Result<(), End> {
        match segment {
            Segment::Statement(statement) => self.run_statement(run, statement),
            Segment::SyntaxError(error) => Err(End::Failed(Box::new(syntax_failure(error, run.script)))),
            Segment::Unparsed { span, reason } => {
                let touches = unparsed::touches(&run.script.text[span.range()]);
                let cx = run.context(*span);
                self.mark_opaque(run, &cx, Opaque::new(reason.clone(), touches));
                Ok(())
            }
            Segment::MetaCommand { span, name, .. } => {
                let cx = run.context(*span);
                if name == "copy" {
                    self.catalog.forget_rows();
                }
                if let Some(touches) = meta_command_touches(name) {
                    let reason = format!("psql's \\{name} is not executed");
                    self.mark_opaque(run, &cx, Opaque::new(reason, touches));
                }
                Ok(())
            }
        }
    }

    /// The grammar read the text with `standard_conforming_strings` on.
    fn reads_strings_otherwise(&self, text: &str) -> bool {
        let off = |value: &str| parse_bool(value) == Some(false);
        self.session.setting("standard_conforming_strings").is_some_and(off) && text.contains('\\')
    }

    fn run_statement(&mut self, run: &mut Run<'_>, statement: &Statement) -> Result<(), End> {
        let cx = run.context(statement.span);
        if let StatementKind::Transaction(control) = &statement.kind {
            return self.transaction(run, control, &cx);
        }
        let alone = run.block.is_none();
        let in_block = match &run.block {
            Some(block) => block.explicit || run.statements > 1,
            None => run.script.transaction == TransactionMode::Statement,
        };
        self.code.in_block = in_block;
        self.code.begin = match &run.block {
            Some(_) if in_block => None,
            Some(Block { begin: Some(begin), .. }) => Some(begin.clone()),
            // A block that is not the script's own has this statement alone.
            Some(_) | None => (run.keep || may_end_transactions(&statement.kind)).then(|| self.state()),
        };
        let result = match needs_no_transaction(&statement.kind).filter(|_| in_block) {
            Some(command) => {
                let message = format!("{command} cannot run inside a transaction block");
                Err(SqlError::new("25001", message).into())
            }
            None if self.reads_strings_otherwise(&run.script.text[statement.span.range()]) => {
                let reason = "a backslash is not read as it is with standard_conforming_strings off";
                self.bounded(Opaque::new(reason, Touches::Everything), &statement.kind, &cx)
            }
            None => self.execute_bounded(&statement.kind, &cx),
        };
        let code = std::mem::take(&mut self.code);
        // Code may have committed what it did before.
        let begin = match (&mut run.block, code.begin) {
            (Some(block), Some(begin)) => {
                block.begin = Some(begin);
                None
            }
            (_, begin) => begin,
        };
        for (place, opaque) in code.noted {
            run.note(place, &opaque);
        }
        match result {
            Ok(()) => {}
            Err(Stop::Opaque(opaque)) => self.mark_opaque(run, &cx, *opaque),
            Err(Stop::Error(_)) if !run.keep => return Err(End::NoWayBack),
            Err(Stop::Error(error)) => {
                if let Some(begin) = begin {
                    self.restore(begin);
                }
                return Err(End::Failed(Box::new(failure(*error, &cx))));
            }
        }
        if alone {
            self.commit();
        }
        Ok(())
    }

    /// Transaction control (`xact.c`). What PostgreSQL only warns of is fine.
    fn transaction(&mut self, run: &mut Run<'_>, control: &Transaction, cx: &Context) -> Result<(), End> {
        let refuse = |error: SqlError| Err(End::Failed(Box::new(failure(error, cx))));
        let begin = |replay: &Replay, explicit: bool| {
            let begin = run.keep.then(|| replay.state());
            Some(Block { begin, explicit, savepoints: Vec::new() })
        };
        let one_string = run.script.transaction == TransactionMode::File;
        match control {
            Transaction::Begin => match &mut run.block {
                Some(block) => block.explicit = true,
                None => run.block = begin(self, true),
            },
            Transaction::Commit { chain } | Transaction::Rollback { chain } => {
                if let Some(block) = run.block.take()
                    && matches!(control, Transaction::Rollback { .. })
                {
                    self.restore(block.begin.ok_or(End::NoWayBack)?);
                }
                self.commit();
                if *chain || one_string {
                    run.block = begin(self, *chain);
                }
            }
            Transaction::Savepoint(name) => match &mut run.block {
                // A file may be sent as one message, where this fails (25P01), or wrapped in BEGIN, where it does not.
                Some(block) => {
                    block
                        .savepoints
                        .push((name.clone(), State { catalog: self.catalog.clone(), session: self.session.clone() }));
                }
                None => return refuse(SqlError::new("25P01", "SAVEPOINT can only be used in transaction blocks")),
            },
            Transaction::Release(name) | Transaction::RollbackTo(name) => {
                let Some(block) = &mut run.block else {
                    let command = if matches!(control, Transaction::Release(_)) {
                        "RELEASE SAVEPOINT"
                    } else {
                        "ROLLBACK TO SAVEPOINT"
                    };
                    return refuse(SqlError::new("25P01", format!("{command} can only be used in transaction blocks")));
                };
                let Some(at) = block.savepoints.iter().rposition(|(n, _)| n == name) else {
                    return refuse(SqlError::new("3B001", format!("savepoint \"{name}\" does not exist")));
                };
                match control {
                    Transaction::Release(_) => block.savepoints.truncate(at),
                    _ => {
                        block.savepoints.truncate(at + 1);
                        let state = block.savepoints[at].1.clone();
                        self.restore(state);
                    }
                }
            }
            Transaction::Prepare(identifier) => match run.block.take() {
                Some(block) if block.explicit => {
                    let at_begin = block.begin.as_ref().ok_or(End::NoWayBack)?;
                    let temporary = at_begin.session.temp_schema.is_none() && self.session.temp_schema.is_some();
                    run.block = Some(block);
                    return refuse(self.refuse_two_phase(identifier, temporary));
                }
                // It ends what there is of a transaction, with a warning.
                _ => {
                    self.commit();
                    if one_string {
                        run.block = begin(self, false);
                    }
                }
            },
            Transaction::CommitPrepared(identifier) | Transaction::RollbackPrepared(identifier) => {
                let command = match control {
                    Transaction::CommitPrepared(_) => "COMMIT PREPARED",
                    _ => "ROLLBACK PREPARED",
                };
                if run.block.as_ref().is_some_and(|block| block.explicit || run.statements > 1) {
                    let message = format!("{command} cannot run inside a transaction block");
                    return refuse(SqlError::new("25001", message));
                }
                let message = format!("prepared transaction with identifier \"{identifier}\" does not exist");
                return refuse(SqlError::new("42704", message));
            }
        }
        Ok(())
    }

    /// A server has `max_prepared_transactions` at 0 unless it is told otherwise (`xact.c: PrepareTransaction`,
    /// `twophase.c: MarkAsPreparing`).
    fn refuse_two_phase(&self, identifier: &str, temporary: bool) -> SqlError {
        // With its terminator (`GIDSIZE`).
        const LONGEST: usize = 200;
        if temporary {
            let message = "cannot PREPARE a transaction that has operated on temporary objects";
            return SqlError::new("0A000", message);
        }
        if identifier.len() >= LONGEST {
            return SqlError::new("22023", format!("transaction identifier \"{identifier}\" is too long"));
        }
        let hint = match self.catalog.version() {
            17.. => "Set \"max_prepared_transactions\" to a nonzero value.",
            _ => "Set max_prepared_transactions to a nonzero value.",
        };
        SqlError::new("55000", "prepared transactions are disabled").hint(hint)
    }

    pub(super) fn state(&self) -> State {
        State { catalog: self.catalog.clone(), session: self.session.clone() }
    }

    pub(super) fn restore(&mut self, state: State) {
        self.catalog = state.catalog;
        let prepared = std::mem::take(&mut self.session.prepared);
        let before = std::mem::replace(&mut self.session, state.session);
        self.session.keep_placeholders(&before);
        // What was prepared is not taken back with a transaction.
        self.session.prepared = prepared;
    }

    /// COMMIT or ROLLBACK in code (`spi.c: _SPI_commit`, `_SPI_rollback`): what follows is another transaction.
    pub(super) fn end_transaction_in_code(&mut self, rollback: bool) {
        if rollback && let Some(begin) = self.code.begin.take() {
            self.restore(begin);
        }
        self.commit();
        self.code.begin = Some(self.state());
    }

    /// The end of a transaction: SET LOCAL ends, tables that are made for it go.
    fn commit(&mut self) {
        self.session.end_transaction();
        self.catalog.uncommitted_enums = Default::default();
        for table in std::mem::take(&mut self.session.drop_at_commit) {
            let cx = Context::computed(Origin::nowhere());
            let target = [crate::catalog::Object::Relation(table)];
            // Nothing but temporary objects can depend on it, and they go with it.
            let _ = self.delete_objects(&target, crate::sql::ast::DropBehavior::Cascade, &cx);
        }
    }

    /// The end of the session: what is temporary goes, and what needs it (`namespace.c: RemoveTempRelationsCallback`).
    pub fn end_session(&mut self) {
        let Some(schema) = self.session.temp_schema.take() else { return };
        self.catalog.taint.clear_schema(schema);
        let objects: Vec<_> =
            self.catalog.dependents(crate::catalog::Object::Schema(schema)).into_iter().map(|d| d.dependent).collect();
        let cx = Context::computed(Origin::nowhere());
        // With CASCADE nothing is in the way.
        let _ = self.delete_objects(&objects, crate::sql::ast::DropBehavior::Cascade, &cx);
    }

    /// Notes that a statement was not executed, and what is unknown from now on.
    fn mark_opaque(&mut self, run: &mut Run<'_>, cx: &Context, opaque: Opaque) {
        run.note(cx.place(opaque.loc), &opaque);
        self.taint(&opaque, cx);
    }

    /// Notes that a part of the code that is running was not executed.
    pub(super) fn note(&mut self, opaque: Opaque, cx: &Context) {
        self.taint(&opaque, cx);
        self.remark(opaque, cx);
    }

    /// Notes something of the code that is running that changes nothing.
    pub(super) fn remark(&mut self, opaque: Opaque, cx: &Context) {
        self.code.noted.push((cx.place(opaque.loc), opaque));
    }

    /// Marks what a statement that was not executed may have changed.
    pub(crate) fn taint(&mut self, opaque: &Opaque, cx: &Context) {
        self.catalog.forget_rows();
        let reason = opaque.cause.clone().unwrap_or_else(|| opaque.reason.as_str().into());
        let unknown = Unknown { origin: cx.origin, reason };
        match &opaque.touches {
            Touches::Everything => self.catalog.taint.mark_everything(unknown),
            Touches::Nothing => {}
            Touches::Expressions => self.catalog.taint.mark_expressions(unknown),
            Touches::Servers => self.catalog.taint.mark_servers(unknown),
            Touches::LargeObjects => self.catalog.taint.mark_large_objects(unknown),
            Touches::Relations(names) => {
                for name in names {
                    if name.schema.as_deref() == Some("pg_temp") {
                        self.temp_schema();
                    }
                    for schema in self.schemas_meant(name) {
                        self.catalog.taint.mark_relation(schema, name.name.clone(), unknown.clone());
                    }
                }
            }
            Touches::Type(name) => {
                for schema in self.schemas_meant(name) {
                    self.catalog.taint.mark_type(schema, name.name.clone(), unknown.clone());
                }
                self.catalog.taint.mark_expressions(unknown);
            }
        }
    }

    /// The schemas where a name may be meant: its own, or that of the relation it finds and the one for new objects.
    fn schemas_meant(&self, name: &QualifiedName) -> Vec<crate::catalog::Oid> {
        match &name.schema {
            Some(schema) => super::lookup::find_schema(&self.catalog, schema).map(|s| s.oid).into_iter().collect(),
            None => {
                let path = self.path();
                let found = self.catalog.find_relation(&path, &name.name).map(|r| r.schema);
                let new = self.session.explicit_path(&self.catalog).first().copied();
                let anywhere = if crate::sql::shape::has_gap(&name.name) { &*path } else { &[] };
                let mut schemas: Vec<_> = found.into_iter().chain(new).chain(anywhere.iter().copied()).collect();
                schemas.sort_unstable();
                schemas.dedup();
                schemas
            }
        }
    }

    // ---- what a failed script would have done ----

    /// The names that the statements of a script which never ran would have made or dropped.
    fn lost(&self, script: &Script, sequence: u32) -> Vec<About> {
        let state = self.state();
        self.lost_between(&state, &state, script, sequence)
    }

    /// The difference between what the script would have left behind and what is there, each of its statements run
    /// from `before` on where it can be.
    fn lost_between(&self, before: &State, real: &State, script: &Script, sequence: u32) -> Vec<About> {
        let mut shadow = Replay::new(before.catalog.version());
        shadow.restore(before.clone());
        let mut sequence = sequence;
        let mut outcome = Outcome::default();
        let mut run =
            Run { script, outcome: &mut outcome, sequence: &mut sequence, block: None, statements: 0, keep: true };
        self.grammar().parse_each(&script.text, &mut |segment| {
            if let Segment::Statement(statement) = segment
                && !matches!(statement.kind, StatementKind::Transaction(_))
            {
                let cx = run.context(statement.span);
                let state = shadow.state();
                if shadow.execute(&statement.kind, &cx).is_err() {
                    shadow.restore(state);
                }
            }
            ControlFlow::Continue(())
        });
        shadow.catalog.names_that_differ(&real.catalog)
    }
}

/// Scripts up to this size, in bytes, are parsed once. The trees of larger ones take more than the catalog that they make:
/// they are parsed once for their errors, and once more while they run.
const HELD: usize = 1 << 20;

/// A script that has been parsed.
struct Parsed {
    /// How many statements it has, and how many segments in all.
    statements: usize,
    segments: usize,
    errors: Vec<SyntaxError>,
    held: Option<Vec<Segment>>,
}

impl Parsed {
    fn new(grammar: Grammar, text: &str) -> Parsed {
        let mut parsed = Parsed { statements: 0, segments: 0, errors: Vec::new(), held: None };
        if text.len() <= HELD {
            let segments = grammar.parse(text);
            segments.iter().for_each(|segment| parsed.count(segment));
            parsed.held = Some(segments);
        } else {
            grammar.parse_each(text, &mut |segment| {
                parsed.count(&segment);
                ControlFlow::Continue(())
            });
        }
        parsed
    }

    fn count(&mut self, segment: &Segment) {
        self.segments += 1;
        self.statements += usize::from(!matches!(segment, Segment::MetaCommand { .. }));
        if let Segment::SyntaxError(error) = segment {
            self.errors.push(error.clone());
        }
    }

    fn each(self, grammar: Grammar, text: &str, each: &mut Each<'_>) {
        match self.held {
            // It does not matter here whether the last one was reached.
            Some(segments) => drop(segments.into_iter().try_for_each(each)),
            None => grammar.parse_each(text, each),
        }
    }
}

/// A script on its way.
struct Run<'a> {
    script: &'a Script,
    outcome: &'a mut Outcome,
    sequence: &'a mut u32,
    block: Option<Block>,
    statements: usize,
    /// The states are kept that a failure or ROLLBACK goes back to.
    keep: bool,
}

impl Run<'_> {
    /// A statement, or a part of one, was not executed. A loop says so once.
    fn note(&mut self, place: Place, opaque: &Opaque) {
        let harmless = matches!(opaque.touches, Touches::Nothing | Touches::Servers | Touches::LargeObjects);
        let known = self.outcome.opaque.iter_mut().rev().find(|o| o.place == place && o.reason == opaque.reason);
        match known {
            Some(known) => known.harmless &= harmless,
            None => self.outcome.opaque.push(OpaqueStatement {
                place,
                reason: opaque.reason.clone(),
                undecided: opaque.undecided,
                harmless,
            }),
        }
    }

    /// The context of the next statement.
    fn context(&mut self, span: Span) -> Context {
        *self.sequence += 1;
        let place = Place { file: self.script.file, span };
        let origin = Origin { place, sequence: *self.sequence, layer: self.script.layer };
        Context::in_file(origin, Arc::clone(&self.script.text))
    }
}

fn failure(error: SqlError, cx: &Context) -> Failure {
    let statement = cx.origin.place;
    let place = if error.loc == Loc::NONE { statement } else { cx.place(error.loc) };
    Failure { error, place, statement }
}

fn syntax_failure(error: &SyntaxError, script: &Script) -> Failure {
    let place = |span| Place { file: script.file, span };
    let mut sql = SqlError::new(error.sqlstate, error.message.clone());
    sql.hint.clone_from(&error.help);
    let at = if error.at.start == error.at.end { error.statement } else { error.at };
    Failure { error: sql, place: place(at), statement: place(error.statement) }
}

/// The commands that refuse to run in a transaction block (`xact.c: PreventInTransactionBlock`).
pub(super) fn needs_no_transaction(statement: &StatementKind) -> Option<&'static str> {
    match statement {
        StatementKind::CreateIndex(stmt) if stmt.concurrently => Some("CREATE INDEX CONCURRENTLY"),
        StatementKind::Drop(stmt) if stmt.concurrently => Some("DROP INDEX CONCURRENTLY"),
        StatementKind::AlterTable(stmt) => stmt.commands.iter().find_map(|c| match &c.action {
            AlterTableAction::DetachPartition { concurrently: true, .. } => Some("ALTER TABLE ... DETACH CONCURRENTLY"),
            _ => None,
        }),
        StatementKind::CreateDatabase(_) => Some("CREATE DATABASE"),
        StatementKind::DropDatabase { .. } => Some("DROP DATABASE"),
        StatementKind::AlterSystem(_) => Some("ALTER SYSTEM"),
        StatementKind::AlterDatabase(stmt) if stmt.options.iter().any(|o| o.name == "tablespace") => {
            Some("ALTER DATABASE SET TABLESPACE")
        }
        StatementKind::Unmodelled(stmt) => match stmt.tag {
            "CREATE TABLESPACE" | "DROP TABLESPACE" => Some(stmt.tag),
            _ => None,
        },
        _ => None,
    }
}

/// The statements whose code may contain COMMIT and ROLLBACK.
fn may_end_transactions(statement: &StatementKind) -> bool {
    matches!(statement, StatementKind::Do(_) | StatementKind::Call(_))
}

/// What a meta-command of psql may change; nothing if it cannot matter.
fn meta_command_touches(name: &str) -> Option<Touches> {
    match name {
        // Other scripts, results that become statements, conditions, other databases.
        "i" | "ir" | "include" | "include_relative" | "gexec" | "if" | "elif" | "else" | "endif" | "c" | "connect"
        | "!" => Some(Touches::Everything),
        "copy" | "echo" | "set" | "unset" | "timing" | "pset" | "restrict" | "unrestrict" | "encoding" | "q"
        | "qecho" | "warn" | "." | "x" | "t" | "a" => None,
        _ => Some(Touches::Nothing),
    }
}
