//! Row-level security is switched as described.

use super::Checker;
use super::opinion::{Aspects, Opinion, Problem, join_and};
use crate::catalog::ChangeKind;
use crate::spec::model::{RelationName, RowSecurityDemand};

impl Checker<'_> {
    pub(super) fn row_security(&self, table: &RelationName, demand: &RowSecurityDemand) -> Opinion {
        let subject = format!("row-level security of {table}");
        let relation = match self.table(table) {
            Ok(relation) => relation,
            Err(missing) => return missing.opinion("missing-table", &subject),
        };
        let enabled = demand.enabled.as_ref().map(|wanted| Switch {
            wanted: wanted.value,
            is: relation.row_security,
            change: ChangeKind::RowSecurity,
            words: ("is not enabled", "is enabled"),
            statements: ("ENABLE", "DISABLE"),
        });
        let forced = demand.forced.as_ref().map(|wanted| Switch {
            wanted: wanted.value,
            is: relation.force_row_security,
            change: ChangeKind::ForceRowSecurity,
            words: ("is not forced on the owner", "is forced on the owner"),
            statements: ("FORCE", "NO FORCE"),
        });
        let mut aspects = Aspects::new();
        let mut said = Vec::new();
        for switch in enabled.into_iter().chain(forced) {
            let provenance = &relation.provenance;
            let decided = provenance.last_of(switch.change);
            let doubt = self.doubt(relation, decided);
            let is = if switch.is { switch.words.1 } else { switch.words.0 };
            said.push(is);
            if switch.is == switch.wanted {
                aspects.met(doubt, decided, format!("{is} here"));
                continue;
            }
            let action = if switch.wanted { switch.statements.0 } else { switch.statements.1 };
            let mut problem = Problem::new("row-security-off", is)
                .fix(format!("ALTER TABLE {} {action} ROW LEVEL SECURITY;", self.sql_name(table)));
            if switch.is {
                problem.code = "row-security-on";
            }
            // A table that was never touched has no line that broke it.
            if provenance.changed.iter().any(|change| change.what == switch.change) {
                let done = if switch.is { switch.statements.0 } else { switch.statements.1 };
                problem = problem.at(decided, format!("{done} ROW LEVEL SECURITY"));
            } else {
                problem.remarks.push(super::opinion::remark(provenance.created, "the table"));
            }
            aspects.unmet(doubt, problem);
        }
        aspects.into_opinion(&subject, || format!("{subject} {}", join_and(&said)))
    }
}

/// One of the two switches.
struct Switch {
    wanted: bool,
    is: bool,
    change: ChangeKind,
    /// What is said of it when it is off, and when it is on.
    words: (&'static str, &'static str),
    /// What turns it on, and what turns it off.
    statements: (&'static str, &'static str),
}
