//! `pg_policy`, `pg_policies`, `pg_trigger`, `information_schema.triggers`.

use super::super::{Value, View};
use super::relation::int2;
use super::scan::{self, Entry, Keys, Scan};
use crate::catalog::{Oid, Policy, Trigger, type_oid as t};
use crate::replay::value::IntType;
use crate::sql::ast::{FiringState, PolicyCommand, TriggerTiming};

pub(super) fn scan(view: &View, keys: &Keys) -> Scan {
    let (relations, more) = scan::relations(view, keys.oid("polrelid"), None, None);
    of_relations(view, relations, more, keys.text("polname"))
}

pub(super) fn scan_policies(view: &View, keys: &Keys) -> Scan {
    let schema = scan::schema_key(view, keys.text("schemaname"));
    let (relations, more) = scan::relations(view, None, keys.text("tablename"), schema);
    of_relations(view, relations, more, keys.text("policyname"))
}

fn of_relations(
    view: &View,
    relations: Vec<Oid>,
    more: Option<crate::replay::value::Reason>,
    name: Option<&str>,
) -> Scan {
    let mut entries = Vec::new();
    for oid in relations {
        let Some(relation) = view.catalog.relation(oid) else { continue };
        let policies = relation.policies.iter().enumerate();
        let wanted = policies.filter(|(_, p)| name.is_none_or(|name| p.name == name));
        entries.extend(wanted.map(|(i, _)| Entry::Policy(oid, i)));
    }
    Scan { entries, more }
}

fn find<'v>(view: &'v View, entry: &Entry) -> Option<(Oid, &'v Policy)> {
    let Entry::Policy(oid, index) = entry else { return None };
    Some((*oid, view.catalog.relation(*oid)?.policies.get(*index)?))
}

pub(super) fn policy(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let (relation, policy) = find(view, entry)?;
    Some(match column {
        "oid" => Value::Oid(policy.oid),
        "polname" => Value::name(policy.name.clone()),
        "polrelid" => Value::Oid(relation),
        "polcmd" => Value::Char(match policy.command {
            PolicyCommand::All => '*',
            PolicyCommand::Select => 'r',
            PolicyCommand::Insert => 'a',
            PolicyCommand::Update => 'w',
            PolicyCommand::Delete => 'd',
        }),
        "polpermissive" => Value::Bool(policy.permissive),
        "polroles" => {
            let roles = if policy.roles.is_empty() { vec![Oid::INVALID] } else { policy.roles.clone() };
            Value::array(t::OID, roles.into_iter().map(Value::Oid).collect())
        }
        "polqual" => view.expr_text(relation, policy.using.as_ref()),
        "polwithcheck" => view.expr_text(relation, policy.check.as_ref()),
        _ => return None,
    })
}

pub(super) fn policies(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let (oid, policy) = find(view, entry)?;
    let relation = view.catalog.relation(oid)?;
    Some(match column {
        "schemaname" => Value::name(view.catalog.schema_name(relation.schema)),
        "tablename" => Value::name(relation.name.clone()),
        "policyname" => Value::name(policy.name.clone()),
        "permissive" => Value::text(if policy.permissive { "PERMISSIVE" } else { "RESTRICTIVE" }),
        "roles" if policy.roles.is_empty() => Value::array(t::NAME, vec![Value::name("public")]),
        "roles" => {
            let mut names: Vec<&str> = policy.roles.iter().map(|&r| view.catalog.role_name(r)).collect();
            names.sort_unstable();
            Value::array(t::NAME, names.into_iter().map(Value::name).collect())
        }
        "cmd" => Value::text(match policy.command {
            PolicyCommand::All => "ALL",
            PolicyCommand::Select => "SELECT",
            PolicyCommand::Insert => "INSERT",
            PolicyCommand::Update => "UPDATE",
            PolicyCommand::Delete => "DELETE",
        }),
        "qual" => view.expr_text(oid, policy.using.as_ref()),
        "with_check" => view.expr_text(oid, policy.check.as_ref()),
        _ => return None,
    })
}

// ---- triggers ----

pub(super) fn scan_triggers(view: &View, keys: &Keys) -> Scan {
    let (relations, more) = scan::relations(view, keys.oid("tgrelid"), None, None);
    let name = keys.text("tgname");
    let mut entries = Vec::new();
    for oid in relations {
        let Some(relation) = view.catalog.relation(oid) else { continue };
        let triggers = relation.triggers.iter().enumerate();
        let wanted = triggers.filter(|(_, t)| name.is_none_or(|name| t.name == name));
        entries.extend(wanted.map(|(i, _)| Entry::Trigger(oid, i, "")));
    }
    // The internal triggers of foreign keys are not projected; whoever looks for them asks for `tgisinternal`.
    Scan { entries, more }
}

fn find_trigger<'v>(view: &'v View, entry: &Entry) -> Option<(Oid, &'v Trigger, &'static str)> {
    let Entry::Trigger(oid, index, event) = entry else { return None };
    Some((*oid, view.catalog.relation(*oid)?.triggers.get(*index)?, event))
}

pub(super) fn trigger(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let (relation, trigger, _) = find_trigger(view, entry)?;
    Some(match column {
        "oid" => Value::Oid(trigger.oid),
        "tgrelid" => Value::Oid(relation),
        "tgparentid" => Value::Oid(trigger.parent.unwrap_or(Oid::INVALID)),
        "tgname" => Value::name(trigger.name.clone()),
        "tgfoid" => Value::Oid(trigger.function),
        "tgtype" => Value::Int(tgtype(trigger), IntType::Int2),
        "tgenabled" => Value::Char(match trigger.enabled {
            FiringState::Enabled => 'O',
            FiringState::Always => 'A',
            FiringState::Replica => 'R',
            FiringState::Disabled => 'D',
        }),
        // Before 15 a clone in a partition was internal.
        "tgisinternal" => Value::Bool(trigger.parent.is_some() && view.catalog.version() < 15),
        "tgconstraint" => Value::Oid(trigger.constraint.unwrap_or(Oid::INVALID)),
        "tgdeferrable" => Value::Bool(trigger.deferrable),
        "tginitdeferred" => Value::Bool(trigger.initially_deferred),
        "tgnargs" => int2(trigger.args.len()),
        "tgqual" if trigger.when.is_none() => Value::Null,
        _ => return None,
    })
}

/// The bits of `tgtype` (`pg_trigger.h`).
fn tgtype(trigger: &Trigger) -> i64 {
    let mut bits = i64::from(trigger.row);
    bits |= match trigger.timing {
        TriggerTiming::Before => 1 << 1,
        TriggerTiming::After => 0,
        TriggerTiming::InsteadOf => 1 << 6,
    };
    let events = trigger.events;
    for (set, bit) in [(events.insert, 2), (events.delete, 3), (events.update, 4), (events.truncate, 5)] {
        bits |= i64::from(set) << bit;
    }
    bits
}

/// A row for each event but TRUNCATE.
pub(super) fn trigger_events(relation: Oid, index: usize, trigger: &Trigger) -> impl Iterator<Item = Entry> + use<> {
    let events = trigger.events;
    [(events.insert, "INSERT"), (events.delete, "DELETE"), (events.update, "UPDATE")]
        .into_iter()
        .filter(|(set, _)| *set)
        .map(move |(_, event)| Entry::Trigger(relation, index, event))
}

pub(super) fn information_trigger(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let (oid, trigger, event) = find_trigger(view, entry)?;
    let relation = view.catalog.relation(oid)?;
    Some(match column {
        "trigger_catalog" | "event_object_catalog" => view.database(),
        "trigger_schema" | "event_object_schema" => Value::name(view.catalog.schema_name(relation.schema)),
        "trigger_name" => Value::name(trigger.name.clone()),
        "event_manipulation" => Value::text(event),
        "event_object_table" => Value::name(relation.name.clone()),
        "action_orientation" => Value::text(if trigger.row { "ROW" } else { "STATEMENT" }),
        "action_timing" => Value::text(match trigger.timing {
            TriggerTiming::Before => "BEFORE",
            TriggerTiming::After => "AFTER",
            TriggerTiming::InsteadOf => "INSTEAD OF",
        }),
        _ => return None,
    })
}
