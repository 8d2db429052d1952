//! A server and a replay side by side: the same statements on both, and what each makes of them.

use std::ops::Range;
use std::sync::Arc;

use pgproof::catalog::{Catalog, Layer};
use pgproof::project::TransactionMode;
use pgproof::replay::{Replay, Script};
use pgproof::report::schema::{FlatDoc, Schema, ScriptParts, Source};
use pgproof::source::SourceMap;
use pgproof::sql::Segment;

use super::texts::{self, Difference};
use super::{Database, Refusal, Report, Server};

/// A database of the server, and a replay of the same version.
pub struct Pair<'s> {
    pub database: Database<'s>,
    pub replay: Replay,
    before: Catalog,
    sources: SourceMap,
    sequence: u32,
}

/// How a statement ended on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub theirs: Result<(), Report>,
    /// The same of the replay; nothing but a reason where it was not executed.
    pub ours: Result<Result<(), Report>, String>,
}

impl Ended {
    /// Both made the same of it: they did it, or refused it in the same words.
    pub fn alike(&self) -> bool {
        let refusal = |ended: &Result<(), Report>| ended.as_ref().map(|&()| ()).map_err(|r| r.refusal.clone());
        self.ours.as_ref().is_ok_and(|ours| refusal(ours) == refusal(&self.theirs))
    }

    /// In what else the two reports differ.
    pub fn details(&self) -> Option<String> {
        let (Err(theirs), Ok(Err(ours))) = (&self.theirs, &self.ours) else { return None };
        let mut different = Vec::new();
        if theirs.detail != ours.detail {
            different.push(format!("detail: server {:?}, replay {:?}", theirs.detail, ours.detail));
        }
        if theirs.hint != ours.hint {
            different.push(format!("hint: server {:?}, replay {:?}", theirs.hint, ours.hint));
        }
        if theirs.position != ours.position {
            different.push(format!("place: server {:?}, replay {:?}", theirs.position, ours.position));
        }
        (!different.is_empty()).then(|| different.join("; "))
    }

    /// The kind of difference, which many may share.
    pub fn cause(&self) -> String {
        let state = |ended: &Result<(), Report>| match ended {
            Ok(()) => "done".to_owned(),
            Err(report) => report.refusal.sqlstate.clone(),
        };
        match &self.ours {
            Err(reason) => format!("not executed: {}", shape(reason)),
            Ok(ours) if state(ours) == state(&self.theirs) => format!("another message of {}", state(ours)),
            Ok(ours) => {
                let why = ours.as_ref().err().map_or_else(String::new, |r| format!(" ({})", shape(&r.refusal.message)));
                format!("{} on the server, {} here{why}", state(&self.theirs), state(ours))
            }
        }
    }
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let told = |ended: &Result<(), Report>| match ended {
            Ok(()) => "done".to_owned(),
            Err(Report { refusal: Refusal { sqlstate, message }, .. }) => format!("{sqlstate} {message}"),
        };
        write!(f, "    server: {}\n    replay: ", told(&self.theirs))?;
        match &self.ours {
            Ok(ours) => write!(f, "{}", told(ours)),
            Err(reason) => write!(f, "not executed: {reason}"),
        }
    }
}

/// A message without what names objects in it, so that messages of one kind are the same.
pub fn shape(message: &str) -> String {
    let mut shape = String::new();
    for (i, part) in message.split('"').enumerate() {
        shape.push_str(if i % 2 == 0 { part } else { "…" });
    }
    match shape.char_indices().nth(90) {
        Some((end, _)) => format!("{} …", &shape[..end]),
        None => shape,
    }
}

impl<'s> Pair<'s> {
    pub fn new(server: &'s Server) -> Pair<'s> {
        let replay = Replay::new(server.major_version());
        let before = replay.catalog.clone();
        Pair { database: server.database(), replay, before, sources: SourceMap::new(), sequence: 0 }
    }

    /// Runs a statement, or several one after the other, on both sides. The server is the judge: what it refuses, and what
    /// was not executed here, is undone here.
    pub fn run(&mut self, statement: &str) -> Ended {
        let before = self.replay.clone();
        let ours = self.replayed(statement);
        let theirs = sent_one_by_one(statement).iter().try_for_each(|sent| self.database.run_reported(sent));
        if theirs.is_err() || ours != Ok(Ok(())) {
            self.replay = before;
        }
        Ended { theirs, ours }
    }

    /// Runs a statement in the replay alone.
    pub fn replayed(&mut self, statement: &str) -> Result<Result<(), Report>, String> {
        let text: Arc<str> = Arc::from(statement);
        let file = self.sources.add("statement.sql", text.clone());
        let script = Script { file, text, layer: Layer::Migration(0), transaction: TransactionMode::None };
        let session = self.replay.session.clone();
        let outcome = self.replay.run(&script, session, &mut self.sequence);
        if let Some(failure) = outcome.error {
            let error = failure.error;
            let refusal = Refusal { sqlstate: error.sqlstate.to_string(), message: error.message };
            // PostgreSQL counts characters from 1.
            let position = error.loc.offset().and_then(|offset| {
                let before = statement.get(..usize::try_from(offset).ok()?)?;
                u32::try_from(before.chars().count() + 1).ok()
            });
            return Ok(Err(Report { refusal, detail: error.detail, hint: error.hint, position }));
        }
        match outcome.opaque.into_iter().find(|opaque| !opaque.harmless) {
            Some(opaque) => Err(opaque.reason),
            None => Ok(Ok(())),
        }
    }

    /// What `pgproof schema --format json` would print; pretty-printed, if there is such a thing.
    pub fn document(&self, pretty: bool) -> Option<FlatDoc> {
        let source = Source {
            catalog: &self.replay.catalog,
            platform: &self.before,
            platform_name: None,
            platform_script: None,
            parts: ScriptParts::ON_PLATFORM,
            user: pgproof::catalog::BOOTSTRAP_ROLE,
            search_path: &[],
            sources: &self.sources,
            at: None,
            findings: &[],
        };
        pgproof::sql::with_large_stack(|| {
            if pretty { Schema::pretty(&source) } else { Some(Schema::new(&source).flat().clone()) }
        })
    }

    /// How the printed texts differ: the plain ones, and the pretty ones where the plain ones agree.
    pub fn differences(&mut self) -> Vec<(bool, Difference)> {
        let mut found: Vec<(bool, Difference)> = Vec::new();
        for pretty in [false, true] {
            let Some(document) = self.document(pretty) else { continue };
            let theirs = texts::of_server(&mut self.database, pretty);
            let new = texts::differences(&theirs, &texts::of_document(&document));
            let known = |new: &Difference| found.iter().any(|(_, old)| old.of == new.of && old.which == new.which);
            let new: Vec<Difference> = new.into_iter().filter(|new| !known(new)).collect();
            found.extend(new.into_iter().map(|difference| (pretty, difference)));
        }
        found
    }
}

/// The statements of a text, each as far from its beginning as it was in the text. Those that are sent together are
/// parsed before the first of them runs, so a syntax error in the last one comes first.
fn sent_one_by_one(text: &str) -> Vec<String> {
    let segments = pgproof::sql::parse(text);
    let spans: Vec<_> = segments
        .iter()
        .filter_map(|segment| match segment {
            Segment::Statement(statement) => Some(statement.span.range()),
            Segment::SyntaxError(error) => Some(error.statement.range()),
            Segment::Unparsed { span, .. } | Segment::MetaCommand { span, .. } => Some(span.range()),
            _ => None,
        })
        .collect();
    match spans.as_slice() {
        [] | [_] => vec![text.to_owned()],
        spans => {
            let padded = |span: &Range<usize>| {
                format!("{}{}", " ".repeat(text[..span.start].chars().count()), &text[span.clone()])
            };
            spans.iter().map(padded).collect()
        }
    }
}
