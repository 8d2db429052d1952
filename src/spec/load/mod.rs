//! YAML to requirements, with all errors at their places.

mod common;
mod forbid;
mod merge;
mod parts;
mod table;

use crate::report::Diagnostic;
use crate::source::{FileId, Place, SourceMap};
use crate::sql::ast::Name;
use crate::sql::span::Span;
use crate::yaml::{self, Errors, Map, Node, NodeKind};

use super::model::{Demand, Requirement, Specs};
use super::names;
use common::{Meta, not_yet};

pub(super) use parts::{command_word, key_list, name_list};

/// The code of everything that is wrong with a spec.
pub const INVALID_SPEC: &str = "invalid-spec";

/// The schema of unqualified names unless a spec says otherwise.
const DEFAULT_SCHEMA: &str = "public";

/// Keys of the language that are refused by name until they are built.
const NOT_YET: &[&str] = &[
    "never",
    "only",
    "starts",
    "schemas",
    "extensions",
    "views",
    "materialized_views",
    "sequences",
    "types",
    "enums",
    "domains",
    "functions",
    "triggers",
    "grants",
    "default_privileges",
    "roles",
    "publications",
    "comments",
];

/// Loads specs and merges them.
///
/// # Errors
/// Everything that is wrong with any of them, each at its line: YAML that cannot be read, keys and values that the
/// language does not have, SQL that does not parse, requirements that contradict each other.
pub fn load(files: &[FileId], sources: &SourceMap) -> Result<Specs, Vec<Diagnostic>> {
    let mut requirements = Vec::new();
    let mut diagnostics = Vec::new();
    for &file in files {
        let (mut found, wrong) = load_file(file, sources.file(file).text());
        requirements.append(&mut found);
        diagnostics.extend(wrong);
    }
    let requirements = merge::merge(requirements, &mut diagnostics);
    if diagnostics.is_empty() { Ok(Specs { requirements }) } else { Err(diagnostics) }
}

fn load_file(file: FileId, text: &str) -> (Vec<Requirement>, Vec<Diagnostic>) {
    let node = match yaml::parse(text) {
        Ok(node) => node,
        Err(error) => return (Vec::new(), vec![error.into_diagnostic(INVALID_SPEC, file)]),
    };
    let errors = Errors::default();
    let mut loader = Loader { file, errors: &errors, default_schema: DEFAULT_SCHEMA.into(), requirements: Vec::new() };
    loader.spec(&node);
    let requirements = loader.requirements;
    (requirements, errors.into_sorted().into_iter().map(|e| e.into_diagnostic(INVALID_SPEC, file)).collect())
}

/// What is loaded of one file so far.
struct Loader<'e> {
    file: FileId,
    errors: &'e Errors,
    default_schema: Name,
    requirements: Vec<Requirement>,
}

impl<'e> Loader<'e> {
    fn spec(&mut self, node: &'e Node) {
        if matches!(node.kind, NodeKind::Null) {
            self.errors.push(demands_nothing(Span::point(0)));
            return;
        }
        let errors = self.errors;
        let Some(mut map) = Map::new(node, "a spec", errors) else { return };
        for key in ["spec", "source"] {
            if let Some(value) = map.optional(key) {
                value.name_str();
            }
        }
        if let Some(value) = map.optional("default_schema")
            && let Some(schema) = common::name_of(value, names::identifier)
        {
            self.default_schema = schema.value;
        }
        let forbid = map.optional("forbid");
        let tables = map.optional("tables");
        let unsupported = not_yet(&mut map, node, NOT_YET, errors);
        if forbid.is_none() && tables.is_none() && !unsupported {
            let at = match &node.kind {
                NodeKind::Mapping(entries) => entries.first().map(|entry| entry.key.span),
                NodeKind::Null | NodeKind::Scalar(_) | NodeKind::Sequence(_) => None,
            };
            errors.push(demands_nothing(at.unwrap_or(Span::point(0))));
        }
        map.finish();
        if let Some(entries) = forbid.and_then(yaml::Value::list) {
            for entry in entries {
                self.forbid(entry);
            }
        }
        if let Some(entries) = tables.and_then(yaml::Value::entries) {
            for (key, value) in entries {
                self.table(key, value);
            }
        }
    }

    fn add(&mut self, id: String, span: Span, demand: Demand, meta: Meta) {
        self.requirements.push(Requirement {
            id,
            place: self.place(span),
            demand,
            default_schema: self.default_schema.clone(),
            because: meta.because,
            from: meta.from,
            severity: meta.severity,
            waiver: meta.waiver,
        });
    }

    fn place(&self, span: Span) -> Place {
        Place { file: self.file, span }
    }
}

fn demands_nothing(at: Span) -> yaml::Error {
    yaml::Error::new("this spec demands nothing", at)
        .help("list what is required under `tables`, or `forbid` something")
}
