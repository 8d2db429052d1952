//! An index exists.

use super::graves::Part;
use super::opinion::{Opinion, evidence, join_and};
use super::{Checker, Scope};
use crate::catalog::{AttrNumber, Index, IndexKey, IndexKeyKind, Relation, StoredExpr};
use crate::spec::exprs;
use crate::spec::load::key_list;
use crate::spec::model::{IndexDemand, KeyDemand, RelationName};
use crate::spec::names::quote;
use crate::sql::ast::Name;

/// What is said of an index that a failed CREATE INDEX CONCURRENTLY left behind.
const INVALID: &str = "is not valid";

/// What an index must be, with its names resolved.
struct Wanted<'d> {
    name: Option<&'d Name>,
    keys: Vec<Key>,
    unique: Option<bool>,
    method: &'d str,
    predicate: Option<StoredExpr>,
    prefix: bool,
}

enum Key {
    Column(AttrNumber),
    Expr(StoredExpr),
}

impl<'c> Checker<'c> {
    /// A valid index on these keys in this order, btree and of the whole table unless the spec says otherwise. The
    /// index of a primary key or unique constraint serves like any other.
    pub(super) fn index(&self, table: &RelationName, demand: &IndexDemand, scope: &Scope) -> Opinion {
        let subject = subject(table, demand);
        let relation = match self.table(table) {
            Ok(relation) => relation,
            Err(missing) => return missing.opinion("missing-table", &subject),
        };
        let wanted = match self.wanted_index(relation, demand, scope, &subject) {
            Ok(wanted) => wanted,
            Err(opinion) => return *opinion,
        };
        let mut nearest: Option<(Vec<String>, &Relation)> = None;
        for (index, definition) in self.indexes_of(relation) {
            let Some(differences) = self.differences(&wanted, index, definition) else { continue };
            if differences.is_empty() {
                let last = index.provenance.last();
                if let Some(unknown) = self.doubt(relation, last).or_else(|| self.doubt(index, last)) {
                    return Opinion::unknown(&subject, unknown);
                }
                let name = quote(&index.name);
                let mut places = vec![evidence(index.provenance.created, format!("index {name} made here"))];
                if last != index.provenance.created {
                    places.push(evidence(last, format!("index {name} changed here")));
                }
                return Opinion::satisfied(format!("{subject} exists as {name}"), places);
            }
            if nearest.as_ref().is_none_or(|(fewest, _)| differences.len() < fewest.len()) {
                nearest = Some((differences, index));
            }
        }
        if let Some(unknown) = self.doubt(relation, relation.provenance.created) {
            return Opinion::unknown(&subject, unknown);
        }
        let opinion = Opinion::violated("missing-index", format!("{subject} does not exist"));
        let Some((differences, index)) = nearest else {
            return opinion
                .evidence(self.lost(relation, Part::Index, &words(demand)))
                .help(self.create_index(table, demand));
        };
        let texts: Vec<&str> = differences.iter().map(String::as_str).collect();
        let mut opinion = opinion.evidence([evidence(index.provenance.last(), join_and(&texts))]);
        opinion.message.push_str(&format!(": index {} {}", quote(&index.name), join_and(&texts)));
        let index_name = self.catalog.relation_name(index.oid, &[crate::catalog::PUBLIC_SCHEMA]);
        opinion.help(match (texts.as_slice(), &demand.name) {
            ([INVALID], _) => format!("REINDEX INDEX {index_name};"),
            ([_], Some(name)) if index.name != *name => {
                format!("ALTER INDEX {index_name} RENAME TO {};", self.catalog.quote_identifier(name))
            }
            _ => self.create_index(table, demand),
        })
    }

    fn indexes_of(&self, relation: &'c Relation) -> impl Iterator<Item = (&'c Relation, &'c Index)> {
        let indexes = relation.indexes.iter().filter_map(|oid| self.catalog.relation(*oid));
        indexes.filter_map(|index| Some((index, index.as_index()?)))
    }

    fn wanted_index<'d>(
        &self,
        relation: &'c Relation,
        demand: &'d IndexDemand,
        scope: &Scope,
        subject: &str,
    ) -> Result<Wanted<'d>, Box<Opinion>> {
        let bind = |expr: &crate::spec::model::ExprText| {
            exprs::bind(self.catalog, &scope.path, relation.oid, &expr.ast)
                .map_err(|problem| self.unusable(subject, "missing-index", &expr.text, &problem))
        };
        let mut keys = Vec::with_capacity(demand.keys.len());
        for key in &demand.keys {
            keys.push(match key {
                KeyDemand::Column(name) => match self.column_of(relation, name) {
                    Ok(column) => Key::Column(column.number),
                    Err(missing) => return Err(Box::new(missing.opinion("missing-index", subject))),
                },
                KeyDemand::Expr(expr) => Key::Expr(bind(expr)?),
            });
        }
        let predicate = demand.predicate.as_ref().map(bind).transpose()?;
        Ok(Wanted {
            name: demand.name.as_ref(),
            keys,
            unique: demand.unique,
            method: &demand.method,
            predicate,
            prefix: demand.prefix,
        })
    }

    /// An expression in the spec that means nothing on the table as it is.
    pub(super) fn unusable(
        &self,
        subject: &str,
        code: &'static str,
        written: &str,
        problem: &exprs::SqlProblem,
    ) -> Box<Opinion> {
        if problem.undecided {
            return Box::new(Opinion::undecided(subject, &problem.message));
        }
        let message = format!("{subject} cannot exist: `{written}` means nothing here: {}", problem.message);
        let mut opinion = Opinion::violated(code, message);
        opinion.help.clone_from(&problem.help);
        Box::new(opinion)
    }

    /// What keeps an index from being the one that is wanted; nothing if it is about other keys altogether.
    fn differences(&self, wanted: &Wanted<'_>, index: &Relation, definition: &Index) -> Option<Vec<String>> {
        let mut differences = Vec::new();
        let same = |key: &IndexKey, wanted: &Key| match (&key.what, wanted) {
            (IndexKeyKind::Column(has), Key::Column(wanted)) => has == wanted,
            (IndexKeyKind::Expr(has), Key::Expr(wanted)) => exprs::is_equivalent(self.catalog, wanted, has),
            (IndexKeyKind::Column(_), Key::Expr(_)) | (IndexKeyKind::Expr(_), Key::Column(_)) => false,
        };
        let is_named = wanted.name.is_some_and(|name| *name == index.name);
        let begins = definition.keys.len() >= wanted.keys.len()
            && definition.keys.iter().zip(&wanted.keys).all(|(key, wanted)| same(key, wanted));
        if !begins {
            let all = wanted.keys.iter().all(|wanted| definition.keys.iter().any(|key| same(key, wanted)));
            match (all, is_named) {
                (true, _) if definition.keys.len() == wanted.keys.len() => {
                    differences.push("has these keys in another order".to_owned());
                }
                (true, _) => differences.push("has other keys before these".to_owned()),
                (false, true) => differences.push("has other keys".to_owned()),
                (false, false) => return None,
            }
        } else if definition.keys.len() > wanted.keys.len() && !wanted.prefix {
            differences.push("has more keys".to_owned());
        }
        if let Some(name) = wanted.name
            && !is_named
        {
            differences.push(format!("is not named {}", quote(name)));
        }
        if definition.method != wanted.method {
            differences.push(format!("uses {} instead of {}", definition.method, wanted.method));
        }
        match wanted.unique {
            Some(true) if !definition.unique => differences.push("is not unique".to_owned()),
            Some(false) if definition.unique => differences.push("is unique".to_owned()),
            Some(_) | None => {}
        }
        match (&definition.predicate, &wanted.predicate) {
            (None, None) => {}
            (Some(_), None) => differences.push("is partial".to_owned()),
            (None, Some(_)) => differences.push("is not partial".to_owned()),
            (Some(has), Some(wanted)) => {
                if !exprs::is_equivalent(self.catalog, wanted, has) {
                    differences.push("has another predicate".to_owned());
                }
            }
        }
        if !definition.valid {
            differences.push(INVALID.to_owned());
        }
        Some(differences)
    }

    fn create_index(&self, table: &RelationName, demand: &IndexDemand) -> String {
        let keys: Vec<String> = demand
            .keys
            .iter()
            .map(|key| match key {
                KeyDemand::Column(name) => self.catalog.quote_identifier(name).into_owned(),
                KeyDemand::Expr(expr) => format!("({})", expr.text),
            })
            .collect();
        let unique = if demand.unique == Some(true) { "UNIQUE " } else { "" };
        let name = match &demand.name {
            Some(name) => format!("{} ", self.catalog.quote_identifier(name)),
            None => String::new(),
        };
        let method = match demand.method.as_str() {
            "btree" => String::new(),
            method => format!("USING {} ", self.catalog.quote_identifier(method)),
        };
        let predicate = demand.predicate.as_ref().map(|p| format!(" WHERE {}", p.text)).unwrap_or_default();
        format!("CREATE {unique}INDEX {name}ON {} {method}({}){predicate};", self.sql_name(table), keys.join(", "))
    }
}

/// The names that a dropped index of the kind probably had in its own.
fn words(demand: &IndexDemand) -> Vec<&str> {
    if let Some(name) = &demand.name {
        return vec![name];
    }
    let columns = demand.keys.iter().filter_map(|key| match key {
        KeyDemand::Column(name) => Some(name.as_str()),
        KeyDemand::Expr(_) => None,
    });
    columns.collect()
}

fn subject(table: &RelationName, demand: &IndexDemand) -> String {
    let mut subject = String::new();
    if demand.unique == Some(true) {
        subject.push_str("unique ");
    }
    subject.push_str("index ");
    if let Some(name) = &demand.name {
        subject.push_str(&format!("{} ", quote(name)));
    }
    subject.push_str(&format!("on {table} ({}", key_list(&demand.keys)));
    subject.push_str(if demand.prefix { ", …)" } else { ")" });
    if demand.method != "btree" {
        subject.push_str(&format!(" using {}", quote(&demand.method)));
    }
    if let Some(predicate) = &demand.predicate {
        subject.push_str(&format!(" where {}", predicate.text));
    }
    subject
}
