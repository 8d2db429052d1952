//! A table exists.

use super::Checker;
use super::opinion::{Opinion, evidence};
use crate::catalog::{ChangeKind, Origin, Relation};
use crate::spec::model::RelationName;

impl Checker<'_> {
    pub(super) fn required_table(&self, name: &RelationName) -> Opinion {
        let subject = format!("table {name}");
        let relation = match self.table(name) {
            Ok(relation) => relation,
            Err(missing) => return missing.opinion_on_itself("missing-table", &subject),
        };
        if let Some(unknown) = self.doubt(relation, last_seen(relation)) {
            return Opinion::unknown(&subject, unknown);
        }
        let mut places = vec![evidence(relation.provenance.created, "table made here")];
        let named = relation.provenance.last_of(ChangeKind::Name);
        if named != relation.provenance.created {
            places.push(evidence(named, "named here"));
        }
        Opinion::satisfied(format!("{subject} exists"), places)
    }
}

/// The last statement that cannot have run without the table.
fn last_seen(relation: &Relation) -> Origin {
    let columns = relation.live_columns().map(|column| column.provenance.last());
    let constraints = relation.constraints.iter().map(|constraint| constraint.provenance.last());
    let triggers = relation.triggers.iter().map(|trigger| trigger.provenance.last());
    let policies = relation.policies.iter().map(|policy| policy.provenance.last());
    columns
        .chain(constraints)
        .chain(triggers)
        .chain(policies)
        .fold(relation.provenance.last(), |a, b| if b.sequence > a.sequence { b } else { a })
}
