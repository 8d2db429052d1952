//! Judges requirements on a catalog.

mod column;
mod constraint;
mod forbid;
mod graves;
mod index;
mod lookup;
mod names;
mod opinion;
mod policy;
mod row_security;
mod table;

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::date::Date;
use super::model::{Demand, RelationName, Requirement, Specs, Waiver};
use crate::catalog::{Catalog, Oid, PG_CATALOG};
use crate::report::{Diagnostic, RequirementResult, Severity, Verdict};
use graves::Graves;
use lookup::Missing;
use names::{RelationNames, Required};
use opinion::Opinion;

/// What a check depends on beside specs and catalog.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The day on which waivers are judged.
    pub today: Date,
    /// Where unqualified names in types and expressions are looked up after a spec's default schema: the
    /// `search_path` of the migrations' session.
    pub search_path: &'a [Oid],
}

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The requirements in the order of the specs.
    pub requirements: Vec<RequirementResult>,
    /// What is worth saying beside the verdicts: forbidden objects that came and went, names that are nearly
    /// forbidden, waivers that are over.
    pub findings: Vec<Diagnostic>,
}

/// Judges every requirement.
pub fn check(specs: &Specs, catalog: &Catalog, context: &Context<'_>) -> Outcome {
    let checker = Checker {
        catalog,
        context,
        specs,
        relation_names: OnceCell::new(),
        graves: OnceCell::new(),
        required: OnceCell::new(),
        missing: RefCell::default(),
        findings: RefCell::default(),
    };
    let requirements = specs.requirements.iter().map(|requirement| checker.judge(requirement)).collect();
    Outcome { requirements, findings: checker.findings.into_inner() }
}

/// A check that is running. What several requirements need is made when the first one asks.
struct Checker<'c> {
    catalog: &'c Catalog,
    context: &'c Context<'c>,
    specs: &'c Specs,
    relation_names: OnceCell<RelationNames<'c>>,
    graves: OnceCell<Graves<'c>>,
    required: OnceCell<Required>,
    missing: RefCell<FxHashMap<RelationName, Rc<Missing<'c>>>>,
    findings: RefCell<Vec<Diagnostic>>,
}

impl<'c> Checker<'c> {
    fn judge(&self, requirement: &Requirement) -> RequirementResult {
        let scope = Scope { path: self.path(&requirement.default_schema) };
        let opinion = match &requirement.demand {
            Demand::Forbidden(forbidden) => self.forbidden(requirement, forbidden),
            Demand::Table(table) => self.required_table(table),
            Demand::Column(table, column) => self.column(requirement, table, column, &scope),
            Demand::Index(table, index) => self.index(table, index, &scope),
            Demand::Constraint(table, constraint) => self.constraint(table, constraint, &scope),
            Demand::RowSecurity(table, demand) => self.row_security(table, demand),
            Demand::Policy(table, policy) => self.policy(table, policy, &scope),
        };
        self.conclude(requirement, opinion)
    }

    /// Where the names of a requirement are looked up: PostgreSQL's own first, then the spec's default schema.
    fn path(&self, default_schema: &str) -> Vec<Oid> {
        let default = self.catalog.schema_named(default_schema).map(|schema| schema.oid);
        let mut path = vec![PG_CATALOG];
        for schema in default.into_iter().chain(self.context.search_path.iter().copied()) {
            if !path.contains(&schema) {
                path.push(schema);
            }
        }
        path
    }

    /// Applies the waiver and makes the report.
    fn conclude(&self, requirement: &Requirement, mut opinion: Opinion) -> RequirementResult {
        let holds = match opinion.verdict {
            Verdict::Satisfied | Verdict::Waived => true,
            Verdict::Violated | Verdict::Unknown => false,
        };
        if let Some(waiver) = &requirement.waiver {
            let expired = waiver.until < self.context.today;
            if !holds && !expired {
                opinion.message.push_str(&format!("; waived until {}: {}", waiver.until, waiver.reason));
                opinion.verdict = Verdict::Waived;
            } else {
                self.findings.borrow_mut().extend(waiver_finding(requirement, waiver, holds, expired));
            }
        }
        let diagnostic = match opinion.verdict {
            Verdict::Satisfied | Verdict::Waived => None,
            Verdict::Violated | Verdict::Unknown => Some(opinion.diagnostic(requirement)),
        };
        let holds = diagnostic.is_none();
        RequirementResult {
            id: requirement.id.clone(),
            verdict: opinion.verdict,
            message: opinion.message,
            spec: requirement.place,
            evidence: opinion.evidence,
            severity: requirement.severity,
            because: requirement.because.as_ref().map(ToString::to_string),
            from: requirement.from.as_ref().map(ToString::to_string),
            diagnostic,
            cause: opinion.cause.filter(|_| !holds),
        }
    }

    /// PostgreSQL's name for a table in the statements that we suggest: `public` is in every search_path.
    fn sql_name(&self, table: &RelationName) -> String {
        let name = self.catalog.quote_identifier(&table.name);
        match table.schema == "public" {
            true => name.into_owned(),
            false => format!("{}.{name}", self.catalog.quote_identifier(&table.schema)),
        }
    }
}

/// Where the names in a requirement are looked up.
struct Scope {
    path: Vec<Oid>,
}

/// An expired waiver is an error in the spec; one that nothing needs is worth a remark.
fn waiver_finding(requirement: &Requirement, waiver: &Waiver, holds: bool, expired: bool) -> Option<Diagnostic> {
    let id = &requirement.id;
    let by = waiver.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
    let diagnostic = match (holds, expired) {
        (false, true) => {
            let message = format!("the waiver of {id} ended on {}", waiver.until);
            let help = "meet the requirement, or decide on a new day";
            Diagnostic::new("waiver-expired", Severity::Error, message).help(help)
        }
        (true, true) => {
            let message = format!("the waiver of {id} ended on {}, and the requirement is met", waiver.until);
            Diagnostic::new("waiver-expired", Severity::Warning, message).help("remove the waiver")
        }
        (true, false) => {
            let message = format!("the waiver of {id} is not needed: the requirement is met");
            Diagnostic::new("waiver-unused", Severity::Info, message).help("remove the waiver")
        }
        (false, false) => return None,
    };
    Some(diagnostic.label(waiver.place, format!("waived{by}: {}", waiver.reason)))
}
