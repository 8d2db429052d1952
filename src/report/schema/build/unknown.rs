//! What is not known, and why.

use super::{Builder, place};
use crate::catalog::builtin::ExtensionMember;
use crate::catalog::{Layer, Oid, Provenance, Relation, Type, Unknown};
use crate::report::schema::model::{Problem, UnknownThing};
use crate::report::{Diagnostic, Severity};

/// The findings that say why the document may differ from the truth.
const CODES: [&str; 5] =
    ["migration-failed", "baseline-failed", "syntax-error", "opaque-statement", "undecided-statement"];

/// Statements that failed or were not executed.
pub(super) fn problems(builder: &Builder<'_>, findings: &[Diagnostic]) -> Vec<Problem> {
    let told = findings.iter().filter(|f| CODES.contains(&f.code.as_ref()) || f.severity == Severity::Error);
    told.map(|finding| Problem {
        code: finding.code.to_string(),
        message: builder.text(&finding.message),
        at: finding.labels.first().map(|label| place(builder.source.sources, label.place)),
    })
    .collect()
}

impl<'a> Builder<'a> {
    /// Why what the catalog has of a relation may be wrong.
    pub(in crate::report::schema) fn doubt_of_relation(&self, relation: &Relation) -> Option<&'a Unknown> {
        self.catalog.taint.of_relation(relation.schema, &relation.name, Some(relation.provenance.created))
    }

    /// The same for a type.
    pub(in crate::report::schema) fn doubt_of_type(&self, ty: &Type) -> Option<&'a Unknown> {
        let unknown = self.catalog.taint.of_type(ty.schema, &ty.name);
        unknown.filter(|unknown| ty.provenance.created.sequence <= unknown.origin.sequence)
    }

    /// The same for anything of which only is known that everything may have changed.
    pub(in crate::report::schema) fn doubt(&self, provenance: &Provenance) -> Option<&'a Unknown> {
        let unknown = self.catalog.taint.everything();
        unknown.filter(|unknown| provenance.created.sequence <= unknown.origin.sequence)
    }

    /// The same for a large object.
    pub(in crate::report::schema) fn doubt_of_large_object(&self, provenance: &Provenance) -> Option<&'a Unknown> {
        let unknown = self.catalog.taint.of_large_objects();
        unknown.filter(|unknown| provenance.created.sequence <= unknown.origin.sequence)
    }

    /// All that may be there, gone or different.
    pub(super) fn unknown_things(&self) -> Vec<UnknownThing> {
        let taint = &self.catalog.taint;
        let thing = |what: String, unknown: &Unknown| UnknownThing {
            what,
            reason: self.text(&unknown.reason),
            at: self.line(unknown.origin),
        };
        let mut things = Vec::new();
        things.extend(taint.everything().map(|u| thing("everything made before".to_owned(), u)));
        if let Some(unknown) = taint.of_expressions().filter(|u| taint.everything() != Some(u)) {
            things.push(thing("functions, operators and types".to_owned(), unknown));
        }
        if let Some(unknown) = taint.of_large_objects().filter(|u| taint.everything() != Some(u)) {
            things.push(thing("large objects".to_owned(), unknown));
        }
        let judged = |unknown: &Unknown| unknown.origin.layer != Layer::Platform;
        for (schema, name, unknown) in taint.relations() {
            if judged(unknown) && !self.is_of_known_extension(schema, name, unknown) {
                things.push(thing(format!("relation {}", self.name(schema, name)), unknown));
            }
        }
        for (schema, name, unknown) in taint.types() {
            if judged(unknown) {
                things.push(thing(format!("type {}", self.name(schema, name)), unknown));
            }
        }
        things
    }

    /// The relation comes with an extension, so that it is known to be there.
    fn is_of_known_extension(&self, schema: Oid, name: &str, unknown: &Unknown) -> bool {
        let made_here = self.catalog.extensions().filter(|e| e.provenance.created == unknown.origin);
        made_here.filter(|e| e.schema == schema).any(|extension| {
            let available = self.catalog.builtins().extension(&extension.name);
            let members = available.map(|a| a.members()).unwrap_or_default();
            members.iter().any(|member| match member {
                ExtensionMember::Relation(relation) => relation.name == name,
                ExtensionMember::Type(_)
                | ExtensionMember::Function(_)
                | ExtensionMember::Operator(_)
                | ExtensionMember::Cast(_)
                | ExtensionMember::Opfamily(_)
                | ExtensionMember::Opclass(_)
                | ExtensionMember::FamilyOperator(_)
                | ExtensionMember::Other { .. } => false,
            })
        })
    }
}
