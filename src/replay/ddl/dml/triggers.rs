//! Triggers that change more than data.

use crate::catalog::{FunctionBody, Oid, Relation, type_oid};
use crate::replay::{Exec, Opaque, Replay};
use crate::sql::ast::{FiringState, Touches, TriggerEvents};

impl Replay {
    /// A trigger that such an event fires may change the catalog: then what it did is not known.
    pub(super) fn refuse_catalog_triggers(&self, table: &Relation, fires: impl Fn(&TriggerEvents) -> bool) -> Exec {
        match self.catalog_trigger(table, fires) {
            Some(trigger) => {
                let reason = format!("trigger \"{trigger}\" of table \"{}\" may change the catalog", table.name);
                Err(Opaque::new(reason, Touches::Everything).into())
            }
            None => Ok(()),
        }
    }

    /// There is a table with a trigger that may change the catalog when its rows change.
    pub(in crate::replay) fn has_catalog_trigger(&self) -> bool {
        self.catalog.relations().any(|table| {
            !table.triggers.is_empty()
                && self
                    .catalog_trigger(table, |events| events.insert || events.update || events.delete || events.truncate)
                    .is_some()
        })
    }

    /// Whether the function of a trigger may change the catalog. One that fires itself does nothing more by that.
    fn trigger_may_change_catalog(&self, function: Oid) -> bool {
        if self.code.judged.contains(&function) {
            return false;
        }
        let mut copy = self.clone();
        copy.code.judged.push(function);
        copy.may_change_catalog(function)
    }

    /// There is a function for triggers that may change the catalog.
    pub(in crate::replay) fn has_function_of_catalog_trigger(&self) -> bool {
        self.catalog.functions().any(|function| {
            function.returns.is_some_and(|ty| ty.oid == type_oid::TRIGGER)
                && self.trigger_may_change_catalog(function.oid)
        })
    }

    /// The word is the name of a function that may change the catalog.
    fn is_called_catalog_function(&self, word: &str) -> bool {
        let name = word.to_ascii_lowercase();
        let schemas = self.catalog.schemas().map(|s| s.oid);
        let mut named = schemas.flat_map(|schema| self.catalog.functions_in(schema, &name));
        named.any(|f| self.may_change_catalog(f.oid))
    }

    /// A trigger whose function holds a word that begins a definition, dynamic SQL, or a function that has one.
    fn catalog_trigger<'a>(&self, table: &'a Relation, fires: impl Fn(&TriggerEvents) -> bool) -> Option<&'a str> {
        let active = table.triggers.iter().filter(|t| match t.enabled {
            FiringState::Enabled | FiringState::Always => fires(&t.events),
            FiringState::Replica | FiringState::Disabled => false,
        });
        // The words come first: to parse the body for each INSERT would be slow.
        let suspicious = |f: &crate::catalog::Function| match &f.body {
            FunctionBody::Source(code, _) => {
                let begins = |word: &str, list: &[&str]| list.iter().any(|w| w.eq_ignore_ascii_case(word));
                let defines = ["execute", "create", "alter", "drop", "grant", "revoke"];
                let calls = |word: &str| self.is_called_catalog_function(word);
                words(&code.text).any(|word| begins(word, &defines) || calls(word))
            }
            FunctionBody::Sql(_) | FunctionBody::Native(_) => false,
        };
        let mut active = active;
        active
            .find(|t| {
                let function = self.catalog.function(t.function);
                function
                    .is_some_and(|f| f.language == "plpgsql" && suspicious(f) && self.trigger_may_change_catalog(f.oid))
            })
            .map(|t| t.name.as_str())
    }
}

/// The words of SQL text outside of literals, quoted identifiers and comments.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let first = rest.chars().next()?;
            let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
            if first.is_alphabetic() || first == '_' {
                let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                rest = after;
                return Some(word);
            }
            rest = skip(rest, first);
        }
    })
}

/// What follows a literal, a comment, a number or a single character.
fn skip(text: &str, first: char) -> &str {
    let after = |pattern: &str, from: usize| match text[from..].find(pattern) {
        Some(at) => &text[from + at + pattern.len()..],
        None => "",
    };
    match first {
        '\'' => after("'", 1),
        '"' => after("\"", 1),
        '-' if text.starts_with("--") => after("\n", 2),
        '/' if text.starts_with("/*") => after("*/", 2),
        '$' => {
            let tag_end = text[1..].find(|c: char| !(c.is_alphanumeric() || c == '_')).map(|i| i + 1);
            match tag_end.filter(|&end| text[end..].starts_with('$')) {
                Some(end) => after(&text[..=end], end + 1),
                None => &text[1..],
            }
        }
        '0'..='9' => text.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'),
        c => &text[c.len_utf8()..],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_outside_of_literals_and_comments() {
        let text =
            "BEGIN -- drop\n x := 'create '' alter'; /* grant */ y := $q$ revoke $q$ || \"drop\"; Execute z$1; END";
        let found: Vec<&str> = words(text).collect();
        assert_eq!(found, ["BEGIN", "x", "y", "Execute", "z$1", "END"]);
    }

    #[test]
    fn open_literals_end_with_the_text() {
        for text in ["a 'drop", "a /* drop", "a -- drop", "a $$ drop", "a $", "a \"drop"] {
            assert_eq!(words(text).collect::<Vec<_>>(), ["a"]);
        }
    }
}
