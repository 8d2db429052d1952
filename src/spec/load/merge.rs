//! Several specs, or several places of one, to one list without contradictions.

use rustc_hash::FxHashMap;

use super::INVALID_SPEC;
use crate::report::{Diagnostic, Severity};
use crate::source::Place;
use crate::spec::exprs::may_be_one_type;
use crate::spec::model::*;
use crate::spec::names::fold;

/// Unites requirements on the same thing and reports those that exclude each other.
pub(super) fn merge(requirements: Vec<Requirement>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Requirement> {
    let mut merged: Vec<Requirement> = Vec::with_capacity(requirements.len());
    let mut by_id: FxHashMap<String, usize> = FxHashMap::default();
    for requirement in requirements {
        match by_id.get(&requirement.id) {
            Some(&at) => {
                let first = &mut merged[at];
                if let Err(conflict) = unite(first, requirement) {
                    diagnostics.push(conflict.into_diagnostic(&first.id));
                }
            }
            None => {
                by_id.insert(requirement.id.clone(), merged.len());
                merged.push(requirement);
            }
        }
    }
    forbidden_and_required(&merged, diagnostics);
    merged
}

/// Two places that cannot both be right.
struct Conflict {
    what: &'static str,
    first: Place,
    second: Place,
}

impl Conflict {
    fn into_diagnostic(self, id: &str) -> Diagnostic {
        Diagnostic::new(
            INVALID_SPEC,
            Severity::Error,
            format!("two requirements on {id} contradict each other in {}", self.what),
        )
        .label(self.second, "this")
        .label(self.first, "contradicts this")
        .help("one of the two must go")
    }
}

/// Adds what `second` says of the same thing to `first`.
fn unite(first: &mut Requirement, second: Requirement) -> Result<(), Conflict> {
    let conflict = |what| Err(Conflict { what, first: first.place, second: second.place });
    if first.severity != second.severity {
        return conflict("`severity`");
    }
    if let (Some(a), Some(b)) = (&first.waiver, &second.waiver)
        && (&a.reason, a.until, &a.by) != (&b.reason, b.until, &b.by)
    {
        return Err(Conflict { what: "`waive`", first: a.place, second: b.place });
    }
    // Expressions in two specs of different default schemas may mean different things.
    if first.default_schema != second.default_schema && mentions_sql(&first.demand) {
        return conflict("the default schema of their specs");
    }
    let places = |what, (first, second): (Place, Place)| Conflict { what, first, second };
    match (&mut first.demand, second.demand) {
        (Demand::Column(_, a), Demand::Column(_, b)) => {
            unite_types(&mut a.types, b.types).map_err(|at| places("`type`", at))?;
            unite_value(&mut a.nullable, b.nullable).map_err(|at| places("`nullable`", at))?;
            unite_value(&mut a.default, b.default).map_err(|at| places("`default`", at))?;
            unite_value(&mut a.unique, b.unique).map_err(|at| places("`unique`", at))?;
        }
        (Demand::RowSecurity(_, a), Demand::RowSecurity(_, b)) => {
            unite_value(&mut a.enabled, b.enabled).map_err(|at| places("`enabled`", at))?;
            unite_value(&mut a.forced, b.forced).map_err(|at| places("`forced`", at))?;
        }
        (a, b) if *a == b => {}
        _ => return Err(Conflict { what: "what they ask for", first: first.place, second: second.place }),
    }
    first.because = first.because.take().or(second.because);
    first.from = first.from.take().or(second.from);
    first.waiver = first.waiver.take().or(second.waiver);
    Ok(())
}

fn mentions_sql(demand: &Demand) -> bool {
    match demand {
        Demand::Forbidden(_) | Demand::Table(_) | Demand::RowSecurity(..) => false,
        Demand::Column(..) | Demand::Index(..) | Demand::Constraint(..) | Demand::Policy(..) => true,
    }
}

fn unite_value<T: PartialEq>(first: &mut Option<Placed<T>>, second: Option<Placed<T>>) -> Result<(), (Place, Place)> {
    match (first.as_ref(), second) {
        (Some(a), Some(b)) if a.value != b.value => Err((a.place, b.place)),
        (None, Some(b)) => {
            *first = Some(b);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Of two lists of types that will do, those remain that are in both.
fn unite_types(first: &mut Vec<TypeText>, second: Vec<TypeText>) -> Result<(), (Place, Place)> {
    let (Some(a), Some(b)) = (first.first(), second.first()) else {
        first.extend(second);
        return Ok(());
    };
    let places = (a.place, b.place);
    first.retain(|a| second.iter().any(|b| may_be_one_type(&a.ast, &b.ast)));
    if first.is_empty() { Err(places) } else { Ok(()) }
}

/// What one line forbids, no other may require.
fn forbidden_and_required(requirements: &[Requirement], diagnostics: &mut Vec<Diagnostic>) {
    let forbidden: Vec<(&Requirement, &Forbidden)> = requirements
        .iter()
        .filter_map(|requirement| match &requirement.demand {
            Demand::Forbidden(forbidden) => Some((requirement, forbidden)),
            Demand::Table(_)
            | Demand::Column(..)
            | Demand::Index(..)
            | Demand::Constraint(..)
            | Demand::RowSecurity(..)
            | Demand::Policy(..) => None,
        })
        .collect();
    if forbidden.is_empty() {
        return;
    }
    for required in requirements {
        let Some(address) = Address::of(&required.demand) else { continue };
        for (forbids, pattern) in &forbidden {
            if address.is_matched_by(pattern) {
                let message = format!("{} is required and forbidden", required.id);
                diagnostics.push(
                    Diagnostic::new(INVALID_SPEC, Severity::Error, message)
                        .label(required.place, "required here")
                        .label(forbids.place, "forbidden here")
                        .help("one of the two must go"),
                );
            }
        }
    }
}

/// A required object, by its folded names.
struct Address {
    kind: ForbiddenKind,
    schema: String,
    relation: Option<String>,
    name: String,
}

impl Address {
    fn of(demand: &Demand) -> Option<Address> {
        let part = |kind, table: &RelationName, name: &str| Address {
            kind,
            schema: fold(&table.schema).into_owned(),
            relation: Some(fold(&table.name).into_owned()),
            name: fold(name).into_owned(),
        };
        match demand {
            Demand::Table(table) => Some(Address {
                kind: ForbiddenKind::Table,
                schema: fold(&table.schema).into_owned(),
                relation: None,
                name: fold(&table.name).into_owned(),
            }),
            Demand::Column(table, column) => Some(part(ForbiddenKind::Column, table, &column.name)),
            Demand::Index(table, index) => {
                Some(Address { relation: None, ..part(ForbiddenKind::Index, table, index.name.as_ref()?) })
            }
            Demand::Constraint(table, constraint) => {
                Some(part(ForbiddenKind::Constraint, table, constraint.name.as_ref()?))
            }
            Demand::Policy(table, policy) => Some(part(ForbiddenKind::Policy, table, policy.name.as_ref()?)),
            // These demand nothing that has a name of its own.
            Demand::Forbidden(_) | Demand::RowSecurity(..) => None,
        }
    }

    fn is_matched_by(&self, pattern: &Forbidden) -> bool {
        if pattern.kind == ForbiddenKind::Schema {
            return self.kind == ForbiddenKind::Table && pattern.name.matches_folded(&self.schema);
        }
        pattern.kind == self.kind
            && pattern.name.matches_folded(&self.name)
            && pattern.schema.as_ref().is_none_or(|schema| schema.matches_folded(&self.schema))
            && match (&pattern.relation, &self.relation) {
                (Some(pattern), Some(relation)) => pattern.matches_folded(relation),
                (Some(_), None) => false,
                (None, _) => true,
            }
    }
}
