//! What follows from one thing is shown with that thing: a table that is missing breaks the requirements on its columns,
//! a statement that was not executed leaves many unknown, a failed migration does not make what it would have made.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::result::{Cause, Entry, RequirementResult, Verdict};
use super::{Diagnostic, Severity};
use crate::source::Place;

/// Something to show, with the requirements that are not met because of it.
pub(super) struct Block<'e> {
    pub diagnostic: Cow<'e, Diagnostic>,
    /// Those that follow, in the order of the specs.
    pub follows: Vec<&'e Entry<'e>>,
}

/// The entries with those that follow from another one put under that one; the order is otherwise kept.
pub(super) fn blocks<'e>(entries: &'e [Entry<'e>]) -> Vec<Block<'e>> {
    let index = Index::new(entries);
    let mut followers: FxHashMap<usize, Vec<&'e Entry<'e>>> = FxHashMap::default();
    let mut roots = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        match index.root(at, entries) {
            root if root == at => roots.push(at),
            root => followers.entry(root).or_default().push(entry),
        }
    }
    let block = |at: usize| {
        let entry = &entries[at];
        let mut follows = followers.remove(&at).unwrap_or_default();
        // A statement that was not executed is told by what it leaves unknown.
        if follows.first().is_some_and(|first| is_unknown(first)) {
            follows.extend(entry.requirement.map(|_| entry));
            follows.sort_by_key(spec);
            return match follows.as_slice() {
                [only] => Block { diagnostic: Cow::Borrowed(&only.diagnostic), follows: Vec::new() },
                _ => Block { diagnostic: Cow::Owned(unknown(&follows)), follows },
            };
        }
        follows.sort_by_key(spec);
        Block { diagnostic: Cow::Borrowed(&entry.diagnostic), follows }
    };
    roots.into_iter().map(block).collect()
}

fn spec(entry: &&Entry<'_>) -> Option<Place> {
    entry.requirement.map(|requirement| requirement.spec)
}

fn is_unknown(entry: &Entry<'_>) -> bool {
    entry.requirement.is_some_and(|requirement| requirement.verdict == Verdict::Unknown)
}

/// What is said once of all requirements that a statement leaves unknown.
fn unknown(all: &[&Entry<'_>]) -> Diagnostic {
    let mut message = format!("{} requirements are unknown because this was not executed", all.len());
    let causes = all.iter().filter_map(|entry| entry.requirement?.cause.as_ref());
    for cause in causes {
        if let Cause::Opaque { reason, .. } = cause {
            message.push_str(&format!(": {reason}"));
            break;
        }
    }
    let severity = all.iter().map(|entry| entry.diagnostic.severity).max().unwrap_or(Severity::Error);
    let first = all.first().map(|entry| &entry.diagnostic);
    let mut diagnostic = Diagnostic::new(first.map_or("".into(), |first| first.code.clone()), severity, message);
    diagnostic.labels.extend(first.and_then(|first| first.labels.first().cloned()));
    diagnostic
}

/// The entries that others can follow from.
struct Index<'e> {
    /// By the id of the requirement.
    requirements: FxHashMap<&'e str, usize>,
    /// By the statement: the finding about it, or else the first requirement that it leaves unknown.
    statements: FxHashMap<Place, usize>,
}

impl<'e> Index<'e> {
    fn new(entries: &'e [Entry<'e>]) -> Self {
        let mut index = Index { requirements: FxHashMap::default(), statements: FxHashMap::default() };
        let mut not_executed = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            if let Some(requirement) = entry.requirement {
                index.requirements.insert(&requirement.id, at);
            } else if let Some(label) = entry.diagnostic.labels.first() {
                match &*entry.diagnostic.code {
                    "migration-failed" => drop(index.statements.entry(label.place).or_insert(at)),
                    "opaque-statement" | "undecided-statement" | "opaque-migration" => {
                        not_executed.push((label.place, at))
                    }
                    _ => {}
                }
            }
        }
        for (at, entry) in entries.iter().enumerate() {
            if let Some(Cause::Opaque { place, .. }) = entry.requirement.and_then(|r| r.cause.as_ref()) {
                // The finding may point to the part of the statement that was in the way.
                let within = |(part, _): &&(Place, usize)| {
                    part.file == place.file && place.span.start <= part.span.start && part.span.end <= place.span.end
                };
                let find = || not_executed.iter().find(within).map_or(at, |&(_, finding)| finding);
                index.statements.entry(*place).or_insert_with(find);
            }
        }
        index
    }

    /// The entry that this one follows from in the end: itself, if from none.
    fn root(&self, at: usize, entries: &[Entry<'_>]) -> usize {
        let mut root = at;
        // Causes form no circles; the bound is for results that are not a check's.
        for _ in 0..entries.len() {
            match entries[root].requirement.and_then(|requirement| self.cause(requirement)) {
                Some(next) if next != root => root = next,
                Some(_) | None => break,
            }
        }
        root
    }

    fn cause(&self, requirement: &RequirementResult) -> Option<usize> {
        match requirement.cause.as_ref()? {
            Cause::Requirement(id) => self.requirements.get(id.as_str()).copied(),
            Cause::Opaque { place, .. } | Cause::Failed(place) => self.statements.get(place).copied(),
        }
    }
}
