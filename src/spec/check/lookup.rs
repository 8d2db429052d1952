//! Tables and columns that requirements are about, or why they are not there.

use std::rc::Rc;

use super::Checker;
use super::graves::{Graves, Part, end_of, ending};
use super::names::{RelationNames, Required};
use super::opinion::{Opinion, distinct, evidence, remark};
use crate::catalog::{ChangeKind, Column, Ending, Origin, Relation, Tombstone, Unknown};
use crate::report::{Cause, Evidence, Label, closest, closest_name};
use crate::spec::model::RelationName;
use crate::spec::names::{fold, quote};
use crate::sql::ast::Persistence;

/// Something that a requirement needs and that is not there.
pub(super) struct Missing<'c> {
    /// A sentence about it: `table public.vehicles was dropped`.
    pub why: String,
    /// The end of that sentence, to follow the name: `was dropped`.
    pub itself: String,
    /// The line that took it away.
    pub evidence: Vec<Evidence>,
    /// What may have been meant.
    pub remarks: Vec<Label>,
    /// Why it may be there nevertheless.
    pub doubt: Option<&'c Unknown>,
    pub help: Option<String>,
    /// The id of the requirement that it exists.
    pub id: String,
}

impl Missing<'_> {
    /// The opinion on `subject`, which is missing because this is.
    pub(super) fn opinion(&self, code: &'static str, subject: &str) -> Opinion {
        let mut opinion = self.say(code, subject, format!("{subject} does not exist: {}", self.why));
        opinion.cause = opinion.cause.or_else(|| Some(Cause::Requirement(self.id.clone())));
        opinion
    }

    /// The opinion on this thing itself.
    pub(super) fn opinion_on_itself(&self, code: &'static str, subject: &str) -> Opinion {
        self.say(code, subject, format!("{subject} {}", self.itself))
    }

    fn say(&self, code: &'static str, subject: &str, message: String) -> Opinion {
        if let Some(unknown) = self.doubt {
            return Opinion::unknown(subject, unknown);
        }
        let mut opinion = Opinion::violated(code, message)
            .evidence(self.evidence.iter().cloned())
            .remarks(self.remarks.iter().cloned());
        opinion.help.clone_from(&self.help);
        opinion
    }
}

impl<'c> Checker<'c> {
    pub(super) fn relation_names(&self) -> &RelationNames<'c> {
        self.relation_names.get_or_init(|| RelationNames::new(self.catalog))
    }

    pub(super) fn graves(&self) -> &Graves<'c> {
        self.graves.get_or_init(|| Graves::new(self.catalog))
    }

    pub(super) fn required(&self) -> &Required {
        self.required.get_or_init(|| Required::new(self.specs))
    }

    /// The table of that name.
    pub(super) fn table(&self, name: &RelationName) -> Result<&'c Relation, Rc<Missing<'c>>> {
        let schema = self.catalog.schema_named(&name.schema);
        let relation = schema.and_then(|schema| self.catalog.relation_in(schema.oid, &name.name));
        if let Some(relation) = relation
            && relation.is_table()
            && relation.persistence != Persistence::Temporary
        {
            return Ok(relation);
        }
        if let Some(known) = self.missing.borrow().get(name) {
            return Err(Rc::clone(known));
        }
        let missing = Rc::new(match relation {
            Some(relation) => self.not_a_table(name, relation),
            None => self.missing_table(name),
        });
        self.missing.borrow_mut().insert(name.clone(), Rc::clone(&missing));
        Err(missing)
    }

    fn not_a_table(&self, name: &RelationName, relation: &'c Relation) -> Missing<'c> {
        let made = relation.provenance.created;
        let kind = match relation.persistence {
            Persistence::Temporary => "temporary table",
            Persistence::Permanent | Persistence::Unlogged => relation.kind_name(),
        };
        Missing {
            why: format!("{name} is a {kind}, not a table"),
            itself: format!("is a {kind}, not a table"),
            evidence: vec![evidence(made, format!("a {kind}"))],
            remarks: Vec::new(),
            doubt: self.doubt(relation, made),
            help: None,
            id: format!("table {name}"),
        }
    }

    fn missing_table(&self, name: &RelationName) -> Missing<'c> {
        let everything = self.catalog.taint.everything();
        let mut missing = Missing {
            why: String::new(),
            itself: String::new(),
            evidence: Vec::new(),
            remarks: Vec::new(),
            doubt: everything,
            help: None,
            id: format!("table {name}"),
        };
        let Some(schema) = self.catalog.schema_named(&name.schema) else {
            let shown = quote(&name.schema);
            missing.why = match self.graves().schema(&name.schema) {
                Some(grave) => {
                    missing.evidence.push(end_of(grave));
                    format!("schema {shown} {}", ending(grave))
                }
                None => format!("there is no schema {shown}"),
            };
            let schemas = self.catalog.schemas().map(|schema| schema.name.as_str());
            missing.itself = format!("does not exist: {}", missing.why);
            missing.help = closest(&name.schema, schemas).map(|near| format!("the closest schema is {}", quote(near)));
            return missing;
        };
        let grave = self.graves().table(&name.schema, &name.name);
        missing.doubt = self.catalog.taint.of_relation(schema.oid, &name.name, grave.map(|grave| grave.ended));
        if let Some(grave) = grave {
            missing.evidence.push(end_of(grave));
            missing.itself = ending(grave);
            missing.why = format!("table {name} {}", missing.itself);
            return missing;
        }
        missing.itself = "does not exist".to_owned();
        missing.why = format!("there is no table {name}");
        let pattern = fold(&name.name);
        let elsewhere = self.relation_names().closest_table(schema.oid, &name.name).or_else(|| {
            let same_name = |relation: &&Relation| relation.is_table() && *fold(&relation.name) == *pattern;
            self.catalog.schemas().filter_map(|s| self.catalog.relation_in(s.oid, &name.name)).find(same_name)
        });
        if let Some(near) = elsewhere {
            let shown = self.name_of(near);
            missing.why.push_str(&format!(", and the closest is {shown}"));
            missing.itself.push_str(&format!(", and the closest is {shown}"));
            missing.remarks.push(remark(near.provenance.created, "the closest name"));
        }
        missing
    }

    fn name_of(&self, relation: &Relation) -> RelationName {
        RelationName { schema: self.catalog.schema_name(relation.schema).into(), name: relation.name.clone() }
    }

    /// The column of that name.
    pub(super) fn column_of(&self, relation: &'c Relation, name: &str) -> Result<&'c Column, Box<Missing<'c>>> {
        relation.column(name).ok_or_else(|| Box::new(self.missing_column(relation, name)))
    }

    fn missing_column(&self, relation: &'c Relation, name: &str) -> Missing<'c> {
        let grave = self.graves().column(relation, name);
        let since = grave.map_or(relation.provenance.created, |grave| grave.ended);
        let table = self.catalog.relation_name(relation.oid, &[]);
        let shown = quote(name);
        let mut missing = Missing {
            why: format!("table {table} has no column {shown}"),
            itself: "does not exist".to_owned(),
            evidence: Vec::new(),
            remarks: Vec::new(),
            doubt: self.doubt(relation, since),
            help: None,
            id: format!("column {name}.{shown}", name = self.name_of(relation)),
        };
        if let Some(grave) = grave {
            missing.itself = ending(grave);
            missing.why = format!("column {shown} of table {table} {}", missing.itself);
            missing.evidence.push(end_of(grave));
            return missing;
        }
        let columns: Vec<&str> = relation.live_columns().map(|column| column.name.as_str()).collect();
        if let Some(near) = closest_name(name, columns.iter().copied()).and_then(|near| relation.column(near)) {
            let closest = format!(", and the closest name is {}", quote(&near.name));
            missing.why.push_str(&closest);
            missing.itself.push_str(&closest);
            missing.remarks.push(remark(near.provenance.last_of(ChangeKind::Name), "the closest name"));
            if fold(&near.name) == fold(name) {
                missing.help = Some(format!("in the spec, write the name in SQL's quotes: '{}'", quote(&near.name)));
            }
        }
        missing
    }

    /// Why a statement that is later than `since` may have changed something about the relation.
    pub(super) fn doubt(&self, relation: &Relation, since: Origin) -> Option<&'c Unknown> {
        self.catalog.taint.of_relation(relation.schema, &relation.name, Some(since))
    }
}

/// Parts of tables that are gone. A tombstone does not keep what an index or policy was, so names must tell.
impl<'c> Checker<'c> {
    /// The lines that dropped indexes, constraints or policies of a table: those whose names speak of `words`, or else
    /// all of them.
    pub(super) fn lost(&self, relation: &'c Relation, part: Part, words: &[&str]) -> Vec<Evidence> {
        let gone = |grave: &&'c Tombstone| match &grave.how {
            Ending::Dropped | Ending::DroppedWith { .. } => true,
            Ending::Renamed { .. } => false,
        };
        let all: Vec<&Tombstone> = self.graves().parts(self.catalog, relation, part).filter(gone).collect();
        let speaking: Vec<&Tombstone> = all.iter().copied().filter(|grave| speaks_of(grave, words)).collect();
        distinct(if speaking.is_empty() { all } else { speaking }.into_iter().map(end_of).collect())
    }

    /// The lines that dropped constraints and indexes whose names speak of a column.
    pub(super) fn lost_key(&self, relation: &'c Relation, column: &str) -> Vec<Evidence> {
        let parts = [Part::Constraint, Part::Index].into_iter();
        let graves = parts.flat_map(|part| self.graves().parts(self.catalog, relation, part));
        distinct(graves.filter(|grave| speaks_of(grave, &[column])).map(end_of).collect())
    }
}

fn speaks_of(grave: &Tombstone, words: &[&str]) -> bool {
    let name = fold(&grave.name);
    words.iter().all(|word| name.contains(fold(word).as_ref()))
}
