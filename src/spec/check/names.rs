//! The names of a catalog's relations, to be searched by patterns and by similarity.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use crate::catalog::{Catalog, Oid, Relation};
use crate::report::closest;
use crate::spec::model::{Demand, Specs};
use crate::spec::names::{Pattern, fold};
use crate::sql::ast::Persistence;

/// The shortest name of which one letter off means something.
const SHORTEST_SIMILAR: usize = 6;

/// All relations by folded name. Those of a session alone are left out: they do not outlive it.
pub(super) struct RelationNames<'c> {
    sorted: Vec<(Cow<'c, str>, &'c Relation)>,
    /// Of each, which letters occur in it; apart, because searches for similar names look at nothing else of most.
    letters: Vec<u64>,
}

impl<'c> RelationNames<'c> {
    pub(super) fn new(catalog: &'c Catalog) -> Self {
        let lasting = catalog.relations().filter(|relation| relation.persistence != Persistence::Temporary);
        let mut sorted: Vec<_> = lasting.map(|relation| (fold(&relation.name), relation)).collect();
        // Stable: relations of one name stay in the order of their creation.
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        let letters = sorted.iter().map(|(folded, _)| letters(folded)).collect();
        RelationNames { sorted, letters }
    }

    /// The relations whose name matches.
    pub(super) fn matching<'s>(&'s self, pattern: &'s Pattern) -> impl Iterator<Item = &'c Relation> + 's {
        let prefix = pattern.prefix();
        let from = self.sorted.partition_point(|(folded, _)| **folded < *prefix);
        self.sorted[from..]
            .iter()
            .take_while(move |(folded, _)| folded.starts_with(prefix))
            .filter(move |(folded, _)| pattern.matches_folded(folded))
            .map(|(_, relation)| *relation)
    }

    /// The relations whose folded name is one letter off.
    pub(super) fn similar<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'c Relation> + 's {
        let most = if name.chars().count() >= SHORTEST_SIMILAR { 1 } else { 0 };
        let near = self.perhaps_near(letters(name), most);
        near.filter(move |(folded, _)| most > 0 && is_one_letter_off(folded, name)).map(|(_, relation)| *relation)
    }

    /// The table of a schema whose name is nearest.
    pub(super) fn closest_table(&self, schema: Oid, name: &str) -> Option<&'c Relation> {
        let folded = fold(name);
        let most = (folded.chars().count() / 3).max(1) as u32;
        let candidates: Vec<&'c Relation> = self
            .perhaps_near(letters(&folded), most)
            .map(|(_, relation)| *relation)
            .filter(|relation| relation.schema == schema && relation.is_table())
            .collect();
        let nearest = closest(name, candidates.iter().map(|relation| relation.name.as_str()))?;
        candidates.into_iter().find(|relation| relation.name == nearest)
    }

    /// All relations whose names can be `most` edits away, and some others.
    fn perhaps_near(&self, wanted: u64, most: u32) -> impl Iterator<Item = &(Cow<'c, str>, &'c Relation)> {
        let near = self.letters.iter().enumerate().filter(move |(_, has)| may_be_near(**has, wanted, most));
        near.map(|(at, _)| &self.sorted[at])
    }
}

/// Which letters and digits occur: one edit changes at most two of them, which spares most comparisons.
fn letters(folded: &str) -> u64 {
    folded.bytes().fold(0, |set, byte| {
        set | 1
            << match byte {
                b'a'..=b'z' => byte - b'a',
                b'0'..=b'9' => byte - b'0' + 26,
                b'_' => 36,
                other => 37 + other % 27,
            }
    })
}

fn may_be_near(a: u64, b: u64, most: u32) -> bool {
    // An edit of a character beyond ASCII may change several bytes: at most four go and four come.
    let bytes = if (a | b) >> 37 == 0 { 2 } else { 8 };
    (a ^ b).count_ones() <= bytes * most
}

/// One letter more, less or other, or two neighbours swapped.
pub(super) fn is_one_letter_off(a: &str, b: &str) -> bool {
    a != b && a.len().abs_diff(b.len()) <= 4 && strsim::osa_distance(a, b) == 1
}

/// Two names are similar enough to ask whether one was meant to be the other.
pub(super) fn is_suspicious(name: &str, forbidden: &str) -> bool {
    forbidden.chars().count() >= SHORTEST_SIMILAR && is_one_letter_off(&fold(name), forbidden)
}

/// The names that specs ask for: they are meant as they are, however similar to a forbidden one.
pub(super) struct Required {
    relations: FxHashSet<String>,
    columns: FxHashSet<(String, String)>,
}

impl Required {
    pub(super) fn new(specs: &Specs) -> Self {
        let mut required = Required { relations: FxHashSet::default(), columns: FxHashSet::default() };
        for requirement in &specs.requirements {
            match &requirement.demand {
                Demand::Table(table) => {
                    required.relations.insert(fold(&table.name).into_owned());
                }
                Demand::Index(_, index) => required.relations.extend(index.name.iter().map(|n| fold(n).into_owned())),
                Demand::Column(table, column) => {
                    required.columns.insert((fold(&table.name).into_owned(), fold(&column.name).into_owned()));
                }
                Demand::Forbidden(_) | Demand::Constraint(..) | Demand::RowSecurity(..) | Demand::Policy(..) => {}
            }
        }
        required
    }

    pub(super) fn relation(&self, name: &str) -> bool {
        self.relations.contains(fold(name).as_ref())
    }

    pub(super) fn column(&self, relation: &str, name: &str) -> bool {
        self.columns.contains(&(fold(relation).into_owned(), fold(name).into_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter() {
        assert!(is_suspicious("tesla_acounts", "tesla_accounts"));
        assert!(is_suspicious("Tesla_Accuonts", "tesla_accounts"));
        assert!(is_suspicious("tesla_accountsx", "tesla_accounts"));
        assert!(!is_suspicious("tesla_accounts", "tesla_accounts"));
        assert!(!is_suspicious("tesla_amounts", "tesla_accounts"));
        assert!(!is_suspicious("user", "users"));
    }

    #[test]
    fn the_filter_loses_nothing() {
        for (a, b) in [("abc", "abd"), ("abc", "ab"), ("abc", "abcd"), ("abc", "acb"), ("é", "e"), ("éa", "鍵a")] {
            assert!(may_be_near(letters(a), letters(b), 1), "{a} {b}");
        }
    }
}
