//! `pg_constraint`.

use super::super::{Value, View};
use super::scan::{self, Entry, Keys, Scan};
use crate::catalog::{Constraint, ConstraintKind, Oid, TypeKind, type_oid as t};
use crate::replay::value::IntType;
use crate::sql::ast::{ForeignKeyAction, ForeignKeyMatch};

pub(super) fn scan(view: &View, keys: &Keys) -> Scan {
    let catalog = &view.catalog;
    let (relations, more) = scan::relations(view, keys.oid("conrelid"), None, keys.oid("connamespace"));
    let name = keys.text("conname");
    let wanted = |constraint: &str| name.is_none_or(|name| name == constraint);
    let mut entries = Vec::new();
    for oid in relations {
        let Some(relation) = catalog.relation(oid) else { continue };
        let constraints = relation.constraints.iter().enumerate().filter(|(_, c)| wanted(&c.name));
        entries.extend(constraints.map(|(i, _)| Entry::Constraint(oid, i)));
    }
    if keys.oid("conrelid").is_none_or(|oid| oid == Oid::INVALID) {
        for ty in catalog.types() {
            if let TypeKind::Domain(domain) = &ty.kind {
                let checks = domain.checks.iter().enumerate().filter(|(_, c)| wanted(&c.name));
                entries.extend(checks.map(|(i, _)| Entry::DomainCheck(ty.oid, i)));
            }
        }
    }
    Scan { entries, more }
}

/// `contype`
pub(super) fn contype(constraint: &Constraint) -> char {
    match &constraint.kind {
        ConstraintKind::Check { .. } => 'c',
        ConstraintKind::Key { primary: true, .. } => 'p',
        ConstraintKind::Key { primary: false, .. } => 'u',
        ConstraintKind::Exclusion { .. } => 'x',
        ConstraintKind::ForeignKey(_) => 'f',
        ConstraintKind::Trigger(_) => 't',
        ConstraintKind::NotNull { .. } => 'n',
    }
}

fn numbers(columns: &[i16]) -> Value {
    if columns.is_empty() {
        return Value::Null;
    }
    Value::array(t::INT2, columns.iter().map(|&n| Value::Int(n.into(), IntType::Int2)).collect())
}

fn action(action: ForeignKeyAction) -> Value {
    Value::Char(match action {
        ForeignKeyAction::NoAction => 'a',
        ForeignKeyAction::Restrict => 'r',
        ForeignKeyAction::Cascade => 'c',
        ForeignKeyAction::SetNull => 'n',
        ForeignKeyAction::SetDefault => 'd',
    })
}

pub(super) fn constraint(view: &View, entry: &Entry, column: &str) -> Option<Value> {
    let (oid, index) = match entry {
        Entry::Constraint(oid, index) => (*oid, *index),
        Entry::DomainCheck(oid, index) => {
            let ty = view.catalog.type_(*oid)?;
            let TypeKind::Domain(domain) = &ty.kind else { return None };
            let check = domain.checks.get(*index)?;
            return Some(match column {
                "oid" => Value::Oid(check.oid),
                "conname" => Value::name(check.name.clone()),
                "connamespace" => Value::Oid(ty.schema),
                "contype" => Value::Char('c'),
                "conrelid" | "conindid" | "confrelid" | "conparentid" => Value::Oid(Oid::INVALID),
                "contypid" => Value::Oid(*oid),
                "convalidated" => Value::Bool(check.validated),
                "conenforced" => Value::Bool(true),
                "condeferrable" | "condeferred" => Value::Bool(false),
                "conkey" | "confkey" => Value::Null,
                "confdeltype" | "confupdtype" | "confmatchtype" => Value::Char(' '),
                _ => return None,
            });
        }
        _ => return None,
    };
    let relation = view.catalog.relation(oid)?;
    let constraint = relation.constraints.get(index)?;
    let foreign_key = match &constraint.kind {
        ConstraintKind::ForeignKey(key) => Some(key),
        _ => None,
    };
    let none = || Value::Char(' ');
    Some(match column {
        "oid" => Value::Oid(constraint.oid),
        "conname" => Value::name(constraint.name.clone()),
        "connamespace" => Value::Oid(relation.schema),
        "contype" => Value::Char(contype(constraint)),
        "condeferrable" => Value::Bool(constraint.deferrable),
        "condeferred" => Value::Bool(constraint.initially_deferred),
        "convalidated" => Value::Bool(constraint.validated),
        "conenforced" => Value::Bool(constraint.enforced),
        "conrelid" => Value::Oid(oid),
        "contypid" => Value::Oid(Oid::INVALID),
        "conparentid" => Value::Oid(constraint.parent.unwrap_or(Oid::INVALID)),
        "conindid" => Value::Oid(match &constraint.kind {
            ConstraintKind::Key { index, .. } | ConstraintKind::Exclusion { index, .. } => *index,
            ConstraintKind::ForeignKey(key) => key.index,
            ConstraintKind::Check { .. } | ConstraintKind::Trigger(_) | ConstraintKind::NotNull { .. } => Oid::INVALID,
        }),
        "confrelid" => Value::Oid(foreign_key.map_or(Oid::INVALID, |k| k.table)),
        "confupdtype" => foreign_key.map_or_else(none, |k| action(k.on_update)),
        "confdeltype" => foreign_key.map_or_else(none, |k| action(k.on_delete)),
        "confmatchtype" => foreign_key.map_or_else(none, |k| {
            Value::Char(match k.match_type {
                ForeignKeyMatch::Simple => 's',
                ForeignKeyMatch::Full => 'f',
                ForeignKeyMatch::Partial => 'p',
            })
        }),
        "conperiod" => Value::Bool(match &constraint.kind {
            ConstraintKind::Key { operators, .. } => !operators.is_empty(),
            ConstraintKind::ForeignKey(key) => key.period,
            ConstraintKind::Check { .. }
            | ConstraintKind::Exclusion { .. }
            | ConstraintKind::Trigger(_)
            | ConstraintKind::NotNull { .. } => false,
        }),
        "conislocal" => Value::Bool(constraint.is_local),
        "coninhcount" => super::attribute::inherit_count(view, constraint.inherit_count),
        // That of a key or foreign key tells how it came to be, which nobody keeps.
        "connoinherit" => Value::Bool(match &constraint.kind {
            ConstraintKind::Check { no_inherit, .. } | ConstraintKind::NotNull { no_inherit } => *no_inherit,
            ConstraintKind::Trigger(_) => true,
            ConstraintKind::Key { .. } | ConstraintKind::Exclusion { .. } | ConstraintKind::ForeignKey(_) => {
                return None;
            }
        }),
        "conkey" => numbers(&constraint.columns),
        "confkey" => foreign_key.map_or(Value::Null, |k| numbers(&k.columns)),
        _ => return None,
    })
}
