//! A constraint exists.

use super::graves::Part;
use super::opinion::{Opinion, evidence, join_and};
use super::{Checker, Scope};
use crate::catalog::{AttrNumber, Constraint, ConstraintKind, ForeignKey, IndexKeyKind, Relation, StoredExpr};
use crate::spec::exprs;
use crate::spec::load::name_list;
use crate::spec::model::{ConstraintDemand, ConstraintDemandKind, ForeignKeyDemand, RelationName};
use crate::spec::names::quote;
use crate::sql::ast::{ForeignKeyAction, Name};

/// What a constraint must be, with its names resolved.
enum Wanted<'c, 'd> {
    /// A key on these columns in whatever order; only a primary one if so wanted.
    Key {
        columns: Vec<AttrNumber>,
        primary: bool,
    },
    ForeignKey {
        columns: Vec<AttrNumber>,
        table: &'c Relation,
        referenced: Vec<AttrNumber>,
        demand: &'d ForeignKeyDemand,
    },
    Check(StoredExpr),
}

impl<'c> Checker<'c> {
    pub(super) fn constraint(&self, table: &RelationName, demand: &ConstraintDemand, scope: &Scope) -> Opinion {
        let subject = subject(table, demand);
        let relation = match self.table(table) {
            Ok(relation) => relation,
            Err(missing) => return missing.opinion("missing-table", &subject),
        };
        let wanted = match self.wanted_constraint(relation, &demand.kind, scope, &subject) {
            Ok(wanted) => wanted,
            Err(opinion) => return *opinion,
        };
        let mut nearest: Option<(Vec<String>, &Constraint)> = None;
        for constraint in &relation.constraints {
            let Some(mut differences) = self.constraint_differences(&wanted, constraint) else { continue };
            if let Some(name) = &demand.name
                && constraint.name != *name
            {
                differences.push(format!("is not named {}", quote(name)));
            }
            if !constraint.enforced {
                differences.push("is NOT ENFORCED".to_owned());
            } else if !constraint.validated {
                differences.push("is NOT VALID: existing rows were not checked".to_owned());
            }
            if differences.is_empty() {
                let last = constraint.provenance.last();
                if let Some(unknown) = self.doubt(relation, last) {
                    return Opinion::unknown(&subject, unknown);
                }
                let name = quote(&constraint.name);
                let mut places = vec![evidence(constraint.provenance.created, format!("constraint {name} made here"))];
                if last != constraint.provenance.created {
                    places.push(evidence(last, format!("constraint {name} changed here")));
                }
                return Opinion::satisfied(format!("{subject} exists as {name}"), places);
            }
            if nearest.as_ref().is_none_or(|(fewest, _)| differences.len() < fewest.len()) {
                nearest = Some((differences, constraint));
            }
        }
        if let Some(unknown) = self.doubt(relation, relation.provenance.created) {
            return Opinion::unknown(&subject, unknown);
        }
        let mut opinion = Opinion::violated("missing-constraint", format!("{subject} does not exist"));
        let Some((differences, constraint)) = nearest else {
            let opinion = match self.bare_unique_index(relation, &wanted) {
                Some((index, made)) => {
                    opinion.message.push_str(&format!(": {index} is a unique index, not a constraint"));
                    opinion.evidence([made])
                }
                None => opinion.evidence(self.lost(relation, Part::Constraint, &words(demand))),
            };
            return opinion.help(format!("ALTER TABLE {} ADD {};", self.sql_name(table), self.definition(demand)));
        };
        let texts: Vec<&str> = differences.iter().map(String::as_str).collect();
        opinion.message.push_str(&format!(": constraint {} {}", quote(&constraint.name), join_and(&texts)));
        let opinion = opinion.evidence([evidence(constraint.provenance.last(), join_and(&texts))]);
        let name = self.catalog.quote_identifier(&constraint.name);
        let action = match (texts.as_slice(), &demand.name) {
            ([_], _) if !constraint.enforced && matches!(constraint.kind, ConstraintKind::ForeignKey(_)) => {
                format!("ALTER CONSTRAINT {name} ENFORCED")
            }
            ([_], _) if constraint.enforced && !constraint.validated => format!("VALIDATE CONSTRAINT {name}"),
            ([_], Some(wanted)) if constraint.name != *wanted => {
                format!("RENAME CONSTRAINT {name} TO {}", self.catalog.quote_identifier(wanted))
            }
            _ => format!("DROP CONSTRAINT {name}, ADD {}", self.definition(demand)),
        };
        opinion.help(format!("ALTER TABLE {} {action};", self.sql_name(table)))
    }

    fn wanted_constraint<'d>(
        &self,
        relation: &'c Relation,
        kind: &'d ConstraintDemandKind,
        scope: &Scope,
        subject: &str,
    ) -> Result<Wanted<'c, 'd>, Box<Opinion>> {
        let numbers = |relation: &'c Relation, names: &[Name]| -> Result<Vec<AttrNumber>, Box<Opinion>> {
            let number = |name: &Name| self.column_of(relation, name).map(|column| column.number);
            let numbers: Result<Vec<AttrNumber>, _> = names.iter().map(number).collect();
            numbers.map_err(|missing| Box::new(missing.opinion("missing-constraint", subject)))
        };
        match kind {
            ConstraintDemandKind::PrimaryKey(names) => {
                Ok(Wanted::Key { columns: numbers(relation, names)?, primary: true })
            }
            ConstraintDemandKind::Unique(names) => {
                Ok(Wanted::Key { columns: numbers(relation, names)?, primary: false })
            }
            ConstraintDemandKind::Check(expr) => {
                match exprs::bind(self.catalog, &scope.path, relation.oid, &expr.ast) {
                    Ok(bound) => Ok(Wanted::Check(bound)),
                    Err(problem) => Err(self.unusable(subject, "missing-constraint", &expr.text, &problem)),
                }
            }
            ConstraintDemandKind::ForeignKey(demand) => {
                let columns = numbers(relation, &demand.columns)?;
                let table = self
                    .table(&demand.table)
                    .map_err(|missing| Box::new(missing.opinion("missing-constraint", subject)))?;
                let referenced = match demand.referenced.is_empty() {
                    true => match table.primary_key() {
                        Some(key) => key.columns.clone(),
                        None => {
                            let why = format!("{subject} cannot exist: {} has no primary key", demand.table);
                            return Err(Box::new(match self.doubt(table, table.provenance.created) {
                                Some(unknown) => Opinion::unknown(subject, unknown),
                                None => Opinion::violated("missing-constraint", why)
                                    .evidence([evidence(table.provenance.created, "no primary key")]),
                            }));
                        }
                    },
                    false => numbers(table, &demand.referenced)?,
                };
                Ok(Wanted::ForeignKey { columns, table, referenced, demand })
            }
        }
    }

    /// What keeps a constraint from being the one that is wanted; nothing if it is another one altogether.
    fn constraint_differences(&self, wanted: &Wanted<'_, '_>, constraint: &Constraint) -> Option<Vec<String>> {
        match (&constraint.kind, wanted) {
            (ConstraintKind::Key { primary: has, .. }, Wanted::Key { columns, primary }) => {
                // A primary key is a unique constraint and more.
                if same_set(&constraint.columns, columns) {
                    let not_primary = *primary && !*has;
                    return Some(not_primary.then(|| "is not a primary key".to_owned()).into_iter().collect());
                }
                (*primary && *has).then(|| vec!["has other columns".to_owned()])
            }
            (ConstraintKind::ForeignKey(key), Wanted::ForeignKey { columns, table, referenced, demand }) => {
                same_set(&constraint.columns, columns)
                    .then(|| foreign_key_differences(constraint, key, columns, table, referenced, demand))
            }
            (ConstraintKind::Check { expr, .. }, Wanted::Check(wanted)) => {
                exprs::is_equivalent(self.catalog, wanted, expr).then(Vec::new)
            }
            (
                ConstraintKind::Key { .. }
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::Check { .. }
                | ConstraintKind::Exclusion { .. }
                | ConstraintKind::Trigger(_)
                | ConstraintKind::NotNull { .. },
                _,
            ) => None,
        }
    }

    /// A unique index that does what the wanted constraint would do.
    fn bare_unique_index(
        &self,
        relation: &Relation,
        wanted: &Wanted<'_, '_>,
    ) -> Option<(String, crate::report::Evidence)> {
        let Wanted::Key { columns, .. } = wanted else { return None };
        relation.indexes.iter().filter_map(|oid| self.catalog.relation(*oid)).find_map(|index| {
            let definition = index.as_index()?;
            let keys: Option<Vec<AttrNumber>> = definition
                .keys
                .iter()
                .map(|key| match &key.what {
                    IndexKeyKind::Column(number) => Some(*number),
                    IndexKeyKind::Expr(_) => None,
                })
                .collect();
            let does = definition.unique && definition.predicate.is_none() && same_set(&keys?, columns);
            let name = quote(&index.name).into_owned();
            does.then(|| (name, evidence(index.provenance.created, "an index without a constraint")))
        })
    }

    /// The constraint as SQL defines it.
    fn definition(&self, demand: &ConstraintDemand) -> String {
        let columns = |names: &[Name]| {
            names.iter().map(|name| self.catalog.quote_identifier(name)).collect::<Vec<_>>().join(", ")
        };
        let definition = match &demand.kind {
            ConstraintDemandKind::PrimaryKey(names) => format!("PRIMARY KEY ({})", columns(names)),
            ConstraintDemandKind::Unique(names) => format!("UNIQUE ({})", columns(names)),
            ConstraintDemandKind::Check(expr) => format!("CHECK ({})", expr.text),
            ConstraintDemandKind::ForeignKey(key) => {
                let mut sql =
                    format!("FOREIGN KEY ({}) REFERENCES {}", columns(&key.columns), self.sql_name(&key.table));
                if !key.referenced.is_empty() {
                    sql.push_str(&format!(" ({})", columns(&key.referenced)));
                }
                if let Some(action) = key.on_delete {
                    sql.push_str(&format!(" ON DELETE {}", action_words(action)));
                }
                if let Some(action) = key.on_update {
                    sql.push_str(&format!(" ON UPDATE {}", action_words(action)));
                }
                sql
            }
        };
        let name = match &demand.name {
            Some(name) => format!("CONSTRAINT {} ", self.catalog.quote_identifier(name)),
            None => String::new(),
        };
        format!("{name}{definition}")
    }
}

fn foreign_key_differences(
    constraint: &Constraint,
    key: &ForeignKey,
    columns: &[AttrNumber],
    table: &Relation,
    referenced: &[AttrNumber],
    demand: &ForeignKeyDemand,
) -> Vec<String> {
    let mut differences = Vec::new();
    if key.table != table.oid {
        differences.push(format!("does not reference {}", demand.table));
    } else {
        let mut has: Vec<_> = constraint.columns.iter().zip(&key.columns).collect();
        let mut wanted: Vec<_> = columns.iter().zip(referenced).collect();
        has.sort_unstable();
        wanted.sort_unstable();
        if has != wanted {
            differences.push(format!("references other columns of {}", demand.table));
        }
    }
    let actions = [("DELETE", demand.on_delete, key.on_delete), ("UPDATE", demand.on_update, key.on_update)];
    for (event, wanted, has) in actions {
        if let Some(wanted) = wanted
            && wanted != has
        {
            differences.push(format!("is ON {event} {} instead of {}", action_words(has), action_words(wanted)));
        }
    }
    if !key.on_delete_columns.is_empty() && demand.on_delete == Some(key.on_delete) {
        let columns = key.on_delete_columns.len();
        if columns < constraint.columns.len() {
            differences.push(format!("is ON DELETE {} for some of its columns only", action_words(key.on_delete)));
        }
    }
    differences
}

fn same_set(a: &[AttrNumber], b: &[AttrNumber]) -> bool {
    a.len() == b.len() && a.iter().all(|number| b.contains(number))
}

fn action_words(action: ForeignKeyAction) -> &'static str {
    match action {
        ForeignKeyAction::NoAction => "NO ACTION",
        ForeignKeyAction::Restrict => "RESTRICT",
        ForeignKeyAction::Cascade => "CASCADE",
        ForeignKeyAction::SetNull => "SET NULL",
        ForeignKeyAction::SetDefault => "SET DEFAULT",
    }
}

/// The names that a dropped constraint of the kind probably had in its own: PostgreSQL makes `t_a_b_key`, `t_pkey`.
fn words(demand: &ConstraintDemand) -> Vec<&str> {
    if let Some(name) = &demand.name {
        return vec![name];
    }
    match &demand.kind {
        ConstraintDemandKind::PrimaryKey(_) => vec!["pkey"],
        ConstraintDemandKind::Unique(columns) => columns.iter().map(Name::as_str).collect(),
        ConstraintDemandKind::ForeignKey(key) => key.columns.iter().map(Name::as_str).collect(),
        ConstraintDemandKind::Check(_) => vec!["check"],
    }
}

fn subject(table: &RelationName, demand: &ConstraintDemand) -> String {
    let name = demand.name.as_ref().map(|name| format!("{} ", quote(name))).unwrap_or_default();
    match &demand.kind {
        ConstraintDemandKind::PrimaryKey(columns) => format!("primary key {name}of {table} ({})", name_list(columns)),
        ConstraintDemandKind::Unique(columns) => format!("unique constraint {name}of {table} ({})", name_list(columns)),
        ConstraintDemandKind::Check(expr) => format!("check constraint {name}of {table} ({})", expr.text),
        ConstraintDemandKind::ForeignKey(key) => {
            let mut subject = format!("foreign key {name}of {table} ({}) to {}", name_list(&key.columns), key.table);
            if !key.referenced.is_empty() {
                subject.push_str(&format!(" ({})", name_list(&key.referenced)));
            }
            subject
        }
    }
}
