//! What a check of one kind thinks of one requirement.

use crate::catalog::{Layer, Origin, Unknown};
use crate::report::{Cause, Diagnostic, Evidence, Label, Severity, Verdict};
use crate::spec::model::{Demand, Requirement};

/// A verdict before waivers, with all that there is to say about it.
pub(super) struct Opinion {
    pub verdict: Verdict,
    /// The code of the diagnostic if it is bad.
    pub code: &'static str,
    /// One sentence without a full stop.
    pub message: String,
    /// The places that the verdict rests on.
    pub evidence: Vec<Evidence>,
    /// Places that explain more, such as where a similar name is made.
    pub remarks: Vec<Label>,
    pub help: Option<String>,
    /// What it follows from.
    pub cause: Option<Cause>,
}

impl Opinion {
    pub(super) fn satisfied(message: impl Into<String>, evidence: Vec<Evidence>) -> Opinion {
        Opinion {
            verdict: Verdict::Satisfied,
            code: "",
            message: message.into(),
            evidence,
            remarks: Vec::new(),
            help: None,
            cause: None,
        }
    }

    pub(super) fn violated(code: &'static str, message: impl Into<String>) -> Opinion {
        Opinion {
            verdict: Verdict::Violated,
            code,
            message: message.into(),
            evidence: Vec::new(),
            remarks: Vec::new(),
            help: None,
            cause: None,
        }
    }

    /// Nothing certain can be said of `subject`, because of a statement that was not executed.
    pub(super) fn unknown(subject: &str, unknown: &Unknown) -> Opinion {
        let mut opinion = Opinion::undecided(subject, &unknown.reason);
        let place = unknown.origin.place;
        opinion.evidence.push(Evidence { place, text: "not executed".to_owned() });
        opinion.cause = Some(Cause::Opaque { place, reason: unknown.reason.to_string() });
        opinion
    }

    /// Nothing certain can be said of `subject`, for a reason without a place.
    pub(super) fn undecided(subject: &str, reason: &str) -> Opinion {
        Opinion {
            verdict: Verdict::Unknown,
            code: "unknown-requirement",
            message: format!("nothing certain is known of {subject}: {reason}"),
            evidence: Vec::new(),
            remarks: Vec::new(),
            help: None,
            cause: None,
        }
    }

    pub(super) fn evidence(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Opinion {
        self.evidence.extend(evidence);
        self
    }

    pub(super) fn remarks(mut self, remarks: impl IntoIterator<Item = Label>) -> Opinion {
        self.remarks.extend(remarks);
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Opinion {
        self.help = Some(help.into());
        self
    }

    /// The report: at the line of the migrations that broke the requirement, or else at the spec's.
    pub(super) fn diagnostic(&self, requirement: &Requirement) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(self.code, requirement.severity, self.message.clone());
        for Evidence { place, text } in &self.evidence {
            diagnostic = diagnostic.label(*place, text.clone());
        }
        let mut asked = match &requirement.demand {
            Demand::Forbidden(_) => "forbidden here".to_owned(),
            Demand::Table(_)
            | Demand::Column(..)
            | Demand::Index(..)
            | Demand::Constraint(..)
            | Demand::RowSecurity(..)
            | Demand::Policy(..) => "required here".to_owned(),
        };
        if let Some(from) = &requirement.from {
            asked.push_str(&format!(" (from {from})"));
        }
        if let Some(because) = &requirement.because {
            asked.push_str(&format!(": {because}"));
        }
        diagnostic = diagnostic.label(requirement.place, asked);
        if let Some(waiver) = &requirement.waiver {
            diagnostic = diagnostic.label(waiver.place, format!("this waiver ended on {}", waiver.until));
        }
        diagnostic.labels.extend(self.remarks.iter().cloned());
        diagnostic.help.clone_from(&self.help);
        diagnostic
    }
}

/// A statement as evidence.
pub(super) fn evidence(origin: Origin, text: impl Into<String>) -> Evidence {
    Evidence { place: origin.place, text: with_layer(origin, text) }
}

/// A statement as a remark.
pub(super) fn remark(origin: Origin, text: impl Into<String>) -> Label {
    Label { place: origin.place, text: with_layer(origin, text) }
}

fn with_layer(origin: Origin, text: impl Into<String>) -> String {
    let text = text.into();
    match origin.layer {
        Layer::Platform => format!("{text} (platform)"),
        Layer::Baseline => format!("{text} (baseline)"),
        Layer::Migration(_) => text,
    }
}

/// The aspects of one thing, each judged for itself.
pub(super) struct Aspects<'c> {
    /// What is as it must be.
    pub met: Vec<Evidence>,
    /// What certainly is not.
    pub problems: Vec<Problem>,
    /// What is not known because of a statement that was not executed.
    pub doubts: Vec<&'c Unknown>,
    /// What is not known for another reason.
    pub undecided: Vec<String>,
}

/// An aspect that is not as it must be.
pub(super) struct Problem {
    pub code: &'static str,
    /// Follows the subject: `allows NULL`.
    pub text: String,
    pub evidence: Vec<Evidence>,
    pub remarks: Vec<Label>,
    /// The statement that mends it.
    pub fix: Option<String>,
}

impl Problem {
    pub(super) fn new(code: &'static str, text: impl Into<String>) -> Problem {
        Problem { code, text: text.into(), evidence: Vec::new(), remarks: Vec::new(), fix: None }
    }

    pub(super) fn at(mut self, origin: Origin, text: impl Into<String>) -> Problem {
        self.evidence.push(evidence(origin, text));
        self
    }

    pub(super) fn fix(mut self, fix: impl Into<String>) -> Problem {
        self.fix = Some(fix.into());
        self
    }
}

impl<'c> Aspects<'c> {
    pub(super) fn new() -> Self {
        Aspects { met: Vec::new(), problems: Vec::new(), doubts: Vec::new(), undecided: Vec::new() }
    }

    /// An aspect is met, unless that is not known.
    pub(super) fn met(&mut self, doubt: Option<&'c Unknown>, origin: Origin, text: impl Into<String>) {
        match doubt {
            Some(unknown) => self.doubts.push(unknown),
            None => self.met.push(evidence(origin, text)),
        }
    }

    /// An aspect is not met, unless that is not known.
    pub(super) fn unmet(&mut self, doubt: Option<&'c Unknown>, problem: Problem) {
        match doubt {
            Some(unknown) => self.doubts.push(unknown),
            None => self.problems.push(problem),
        }
    }

    /// One opinion: a certain problem outweighs a doubt, and a doubt what is met.
    pub(super) fn into_opinion(self, subject: &str, satisfied: impl FnOnce() -> String) -> Opinion {
        if let Some(first) = self.problems.first() {
            let texts: Vec<&str> = self.problems.iter().map(|problem| problem.text.as_str()).collect();
            let mut opinion = Opinion::violated(first.code, format!("{subject} {}", join_and(&texts)));
            let fixes: Vec<&str> = self.problems.iter().filter_map(|problem| problem.fix.as_deref()).collect();
            if !fixes.is_empty() {
                opinion.help = Some(fixes.join(" "));
            }
            for problem in self.problems {
                opinion.evidence.extend(problem.evidence);
                opinion.remarks.extend(problem.remarks);
            }
            opinion.evidence = distinct(opinion.evidence);
            return opinion;
        }
        match (self.doubts.first(), self.undecided.first()) {
            (Some(unknown), _) => Opinion::unknown(subject, unknown),
            (None, Some(reason)) => Opinion::undecided(subject, reason),
            (None, None) => Opinion::satisfied(satisfied(), distinct(self.met)),
        }
    }
}

/// Each place once, with what is said of it first.
pub(super) fn distinct(evidence: Vec<Evidence>) -> Vec<Evidence> {
    let mut kept: Vec<Evidence> = Vec::with_capacity(evidence.len());
    for item in evidence {
        if !kept.iter().any(|other| other.place == item.place) {
            kept.push(item);
        }
    }
    kept
}

/// `a`, `a and b`, `a, b and c`
pub(super) fn join_and(items: &[&str]) -> String {
    match items {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// A finding that is not a verdict.
pub(super) fn finding(code: &'static str, severity: Severity, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(code, severity, message)
}
