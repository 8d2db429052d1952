//! Errors for names of tables and columns that mean nothing, with hints (`parse_relation.c: errorMissingRTE`,
//! `errorMissingColumn`).

use super::{Analyzer, NsItem};
use crate::catalog::AttrNumber;
use crate::catalog::tree::{RangeTblEntry, RteKind};
use crate::replay::lookup::{explain_missing_column, maybe};
use crate::replay::{About, Exec, SqlError, Stop};
use crate::sql::ast::Name;
use crate::sql::span::Loc;

/// `MAX_FUZZY_DISTANCE`
const MAX_FUZZY_DISTANCE: usize = 3;

/// An entry of a range table: how many queries out, and its index there.
type Entry = (u32, usize);

/// The best matches so far (`FuzzyAttrMatchState`).
struct Fuzzy {
    distance: usize,
    first: Option<(Entry, usize)>,
    second: Option<(Entry, usize)>,
    /// Entries that have the very name.
    exact: Vec<Entry>,
}

impl Fuzzy {
    /// `updateFuzzyAttrMatchState`
    fn update(&mut self, penalty: usize, entry: Entry, actual: &str, wanted: &str, index: usize) {
        if penalty > self.distance || actual.is_empty() {
            return;
        }
        let mut distance = levenshtein(actual, wanted);
        if distance > wanted.len() / 2 {
            return;
        }
        distance += penalty;
        if distance < self.distance {
            self.distance = distance;
            self.first = Some((entry, index));
            self.second = None;
        } else if distance == self.distance {
            if self.second.is_some() {
                // Three of a kind are no help.
                self.first = None;
                self.second = None;
                self.distance = distance.saturating_sub(1);
            } else if self.first.is_some() {
                self.second = Some((entry, index));
            } else if self.distance <= MAX_FUZZY_DISTANCE {
                self.first = Some((entry, index));
            }
        }
    }
}

/// How many insertions, deletions and substitutions of characters make one text the other (`levenshtein.c`).
pub(super) fn levenshtein(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

impl Analyzer<'_> {
    fn entry(&self, (levels_up, index): Entry) -> Option<&RangeTblEntry> {
        self.level(levels_up)?.rtable.get(index)
    }

    fn entries(&self) -> impl Iterator<Item = (Entry, &RangeTblEntry)> {
        let levels = self.states.iter().rev().enumerate();
        levels.flat_map(|(levels_up, state)| {
            let levels_up = u32::try_from(levels_up).unwrap_or(u32::MAX);
            state.rtable.iter().enumerate().map(move |(index, rte)| ((levels_up, index), rte))
        })
    }

    /// The entry that somebody may have meant by a table's name (`searchRangeTableForRel`).
    fn search_range_table_for_rel(&self, schema: Option<&Name>, name: &Name) -> Option<(Entry, &RangeTblEntry)> {
        let cte = if schema.is_none() { self.scan_namespace_for_cte(name).map(|(_, levels)| levels) } else { None };
        let transition = cte.is_none() && schema.is_none() && self.transition_table(name).is_some();
        let relation = if cte.is_none() && !transition { self.any_relation(schema, name) } else { None };
        self.entries().find(|((level, _), rte)| match &rte.kind {
            RteKind::Relation { relation: oid, .. } if Some(*oid) == relation => true,
            RteKind::Cte { name: own, levels_up, .. } if cte == Some(levels_up + level) && own == name => true,
            RteKind::NamedTuplestore { name: own, .. } if transition && own == name => true,
            _ => rte.eref.name == *name,
        })
    }

    fn any_relation(&self, schema: Option<&Name>, name: &Name) -> Option<crate::catalog::Oid> {
        let name = crate::sql::ast::QualifiedName { schema: schema.cloned(), name: name.clone(), loc: Loc::NONE };
        self.open_table(&name, Loc::NONE).ok().map(|relation| relation.oid)
    }

    /// 42P01 for a table that is not in FROM.
    pub(super) fn error_missing_rte(&self, schema: Option<&Name>, name: &Name, loc: Loc) -> Stop {
        let found = self.search_range_table_for_rel(schema, name);
        let Some((entry, rte)) = found else {
            return SqlError::new("42P01", format!("missing FROM-clause entry for table \"{name}\"")).at(loc).into();
        };
        let error = SqlError::new("42P01", format!("invalid reference to FROM-clause entry for table \"{name}\""));
        let error = error.at(loc);
        let alias = &rte.eref.name;
        if rte.alias.is_some()
            && alias != name
            && let Ok(Some((item, levels_up))) = self.refname_namespace_item(None, alias, loc)
            && (levels_up, item.rtindex as usize) == (entry.0, entry.1 + 1)
        {
            return error.hint(format!("Perhaps you meant to reference the table alias \"{alias}\".")).into();
        }
        let there = format!(
            "There is an entry for table \"{alias}\", but it cannot be referenced from this part of the query."
        );
        if self.catalog().version() < 16 {
            return error.hint(there).into();
        }
        let error = error.detail(there);
        if self.visible_if_lateral(entry) {
            return error.hint("To reference that table, you must mark this subquery with LATERAL.").into();
        }
        error.into()
    }

    /// `searchRangeTableForCol`
    fn search_range_table_for_col(&self, alias: Option<&Name>, name: &Name, loc: Loc) -> Exec<Fuzzy> {
        let mut fuzzy = Fuzzy { distance: MAX_FUZZY_DISTANCE + 1, first: None, second: None, exact: Vec::new() };
        let before_16 = self.catalog().version() < 16;
        for (entry, rte) in self.entries() {
            // What a join has, its sides have too.
            if matches!(rte.kind, RteKind::Join(_)) {
                continue;
            }
            let penalty = alias.map_or(0, |alias| levenshtein(alias, &rte.eref.name).min(MAX_FUZZY_DISTANCE + 2));
            for (index, column) in rte.eref.columns.iter().enumerate() {
                fuzzy.update(penalty, entry, column, name, index);
            }
            let number = u32::try_from(entry.1 + 1).unwrap_or(u32::MAX);
            let found = self.scan_rte_for_column(rte.eref.columns.iter(), number, entry.0, name, loc)?;
            if found.is_some() && penalty == 0 {
                fuzzy.exact.push(entry);
                if before_16 {
                    break;
                }
            }
        }
        Ok(fuzzy)
    }

    /// 42703 for a column, with the relation's name where it was written.
    pub(super) fn error_missing_column(&self, relation: Option<&Name>, name: &Name, loc: Loc) -> Stop {
        let fuzzy = match self.search_range_table_for_col(relation, name, loc) {
            Ok(fuzzy) => fuzzy,
            Err(stop) => return stop,
        };
        let message = match relation {
            Some(relation) => format!("column {relation}.{name} does not exist"),
            None => format!("column \"{name}\" does not exist"),
        };
        let error = SqlError::new("42703", message).at(loc);
        self.explain_column(self.with_hint(error, &fuzzy, relation, name), relation, name)
    }

    fn with_hint(&self, error: SqlError, fuzzy: &Fuzzy, relation: Option<&Name>, name: &Name) -> SqlError {
        let column = |(entry, index): (Entry, usize)| {
            let rte = self.entry(entry)?;
            Some(format!("\"{}.{}\"", rte.eref.name, rte.eref.columns.get(index)?))
        };
        let table = |entry: Entry| self.entry(entry).map_or("", |rte| rte.eref.name.as_str());
        let rest = "but it cannot be referenced from this part of the query.";
        if self.catalog().version() < 16 {
            if let [entry] = fuzzy.exact[..] {
                return error.hint(format!("There is a column named \"{name}\" in table \"{}\", {rest}", table(entry)));
            }
        } else {
            match fuzzy.exact[..] {
                [] => {}
                [entry] => {
                    let error = error
                        .detail(format!("There is a column named \"{name}\" in table \"{}\", {rest}", table(entry)));
                    return if self.visible_if_lateral(entry) {
                        error.hint("To reference that column, you must mark this subquery with LATERAL.")
                    } else if relation.is_none() && self.visible_if_qualified(entry) {
                        error.hint("To reference that column, you must use a table-qualified name.")
                    } else {
                        error
                    };
                }
                _ => {
                    let error = error.detail(format!(
                        "There are columns named \"{name}\", but they are in tables that cannot be referenced from this part of the query."
                    ));
                    return if relation.is_none() { error.hint("Try using a table-qualified name.") } else { error };
                }
            }
        }
        let hint = match (fuzzy.first.and_then(column), fuzzy.second.and_then(column)) {
            (Some(first), None) => format!("Perhaps you meant to reference the column {first}."),
            (Some(first), Some(second)) => {
                format!("Perhaps you meant to reference the column {first} or the column {second}.")
            }
            (None, _) => return error,
        };
        error.hint(hint)
    }

    /// What became of the column, where one of the tables had it once; opaque if one of them may have it.
    fn explain_column(&self, error: SqlError, relation: Option<&Name>, name: &Name) -> Stop {
        let mut error = error;
        for (_, rte) in self.entries() {
            let RteKind::Relation { relation: oid, .. } = &rte.kind else { continue };
            let Some(table) = self.catalog().relation(*oid) else { continue };
            if relation.is_some_and(|wanted| *wanted != rte.eref.name) {
                continue;
            }
            let since = Some(table.provenance.created);
            if let Some(unknown) = self.catalog().taint.of_relation(table.schema, &table.name, since) {
                return maybe(error, unknown);
            }
            if error.about.is_none() {
                error.about = Some(About::Column(table.name.to_string(), name.to_string()));
                explain_missing_column(self.catalog(), *oid, name, &mut error);
            }
        }
        if error.about.is_none() {
            error.about = Some(About::Column(String::new(), name.to_string()));
        }
        error.into()
    }

    fn item_of(&self, entry: Entry) -> Option<&NsItem> {
        let number = u32::try_from(entry.1 + 1).ok()?;
        self.level(entry.0)?.namespace.iter().find(|item| item.rtindex == number)
    }

    /// The entry could be referred to if LATERAL were written (`rte_visible_if_lateral`, 16).
    fn visible_if_lateral(&self, entry: Entry) -> bool {
        // Only the innermost level can be without LATERAL.
        let Some(state) = self.level(entry.0) else { return false };
        !state.lateral_active && self.item_of(entry).is_some_and(|item| item.lateral_only && item.lateral_ok)
    }

    /// The entry's columns could be referred to by qualified names (`rte_visible_if_qualified`, 16).
    fn visible_if_qualified(&self, entry: Entry) -> bool {
        let Some(state) = self.level(entry.0) else { return false };
        self.item_of(entry)
            .is_some_and(|item| item.rel_visible && !item.cols_visible && (!item.lateral_only || state.lateral_active))
    }

    /// 42703 for a column of the target of INSERT or UPDATE.
    pub(super) fn missing_target_column(&self, name: &Name, loc: Loc) -> Stop {
        let target = self.states.last().and_then(|state| state.target_columns.clone());
        let Some(target) = target else { return super::relation::internal("target") };
        let message = format!("column \"{name}\" of relation \"{}\" does not exist", target.name);
        let error = SqlError::new("42703", message).at(loc);
        match self.catalog().relation(target.oid) {
            Some(relation) => crate::replay::lookup::missing_column(self.catalog(), relation, name, error),
            None => error.into(),
        }
    }
}

/// The number of a column as an index.
pub(super) fn attr_index(number: AttrNumber) -> Option<usize> {
    usize::try_from(number).ok()?.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{catalog, error};
    use super::levenshtein;

    #[test]
    fn distances() {
        assert_eq!(levenshtein("kitten", "sitting"), 3);
        assert_eq!(levenshtein("", "abc"), 3);
        assert_eq!(levenshtein("naïve", "naive"), 1);
    }

    #[test]
    fn a_column_that_is_meant() {
        let replay = catalog(15, "create table t (amount int, other int)");
        assert_eq!(
            error(&replay, "select amout from t"),
            "42703 column \"amout\" does not exist at 7\nPerhaps you meant to reference the column \"t.amount\"."
        );
        assert_eq!(error(&replay, "select xyz from t"), "42703 column \"xyz\" does not exist at 7");
    }

    #[test]
    fn a_table_that_cannot_be_seen() {
        const SETUP: &str = "create table t (a int); create table s (b int)";
        let query = "select * from t, (select * from s where s.b = t.a) x";
        assert_eq!(
            error(&catalog(15, SETUP), query),
            "42P01 invalid reference to FROM-clause entry for table \"t\" at 46\n\
             There is an entry for table \"t\", but it cannot be referenced from this part of the query."
        );
        assert_eq!(
            error(&catalog(16, SETUP), query),
            "42P01 invalid reference to FROM-clause entry for table \"t\" at 46\n\
             There is an entry for table \"t\", but it cannot be referenced from this part of the query.\n\
             To reference that table, you must mark this subquery with LATERAL."
        );
        let replay = catalog(15, SETUP);
        assert_eq!(
            error(&replay, "select t.a from t as x"),
            "42P01 invalid reference to FROM-clause entry for table \"t\" at 7\n\
             Perhaps you meant to reference the table alias \"x\"."
        );
        assert_eq!(error(&replay, "select y.a from t"), "42P01 missing FROM-clause entry for table \"y\" at 7");
    }
}
