//! `forbid`.

use super::Loader;
use super::common::{name_of, not_yet};
use crate::spec::model::{Demand, Forbidden, ForbiddenKind, Home};
use crate::spec::names::{self, Pattern};
use crate::yaml::{Error, Map, Value};

/// Kinds of the language that cannot be forbidden yet.
const NOT_YET: &[&str] =
    &["aggregate", "comment", "default_privilege", "enum", "foreign_table", "grant", "procedure", "row_level_security"];

impl Loader<'_> {
    pub(super) fn forbid(&mut self, entry: Value<'_>) {
        let errors = self.errors;
        let Some(mut map) = Map::new(entry.node(), "an entry of `forbid`", errors) else { return };
        let mut named: Vec<(ForbiddenKind, Value<'_>)> = Vec::new();
        for (key, kind) in ForbiddenKind::ALL {
            named.extend(map.optional(key).map(|value| (kind, value)));
        }
        let meta = self.meta(&mut map);
        let unsupported = not_yet(&mut map, entry.node(), NOT_YET, errors);
        map.finish();
        match named.as_slice() {
            [(kind, value)] => {
                let Some(found) = name_of(*value, |text| forbidden(*kind, text)) else { return };
                let id = format!("forbid {} {}", kind.words(), found.value);
                self.add(id, found.span, Demand::Forbidden(found.value), meta);
            }
            [] if !unsupported => {
                let keys: Vec<String> = ForbiddenKind::ALL.iter().map(|(key, _)| format!("`{key}`")).collect();
                let error = Error::new("an entry of `forbid` must say what is forbidden", entry.span());
                errors.push(error.help(format!("one of the keys {}", keys.join(", "))));
            }
            [] => {}
            [(first, _), rest @ ..] => {
                for (kind, value) in rest {
                    let message = format!(
                        "an entry of `forbid` names one object, and this one names a {} and a {}",
                        first.words(),
                        kind.words()
                    );
                    errors.push(Error::new(message, value.key_span()).help("write an entry for each"));
                }
            }
        }
    }
}

fn forbidden(kind: ForbiddenKind, text: &str) -> Result<Forbidden, String> {
    if kind == ForbiddenKind::Function && text.contains('(') {
        return Err("a function is forbidden by name: argument types are not supported yet".to_owned());
    }
    let mut parts = names::patterns(text)?;
    let Some(name) = parts.pop() else { return Err("the name is empty".to_owned()) };
    let mut next = || parts.pop();
    let (schema, relation): (Option<Pattern>, Option<Pattern>) = match kind.home() {
        Home::Database => (None, None),
        Home::Schema => (next(), None),
        Home::Relation => {
            let relation = next();
            (next(), relation)
        }
    };
    if parts.is_empty() {
        return Ok(Forbidden { kind, schema, relation, name });
    }
    let form = match kind.home() {
        Home::Database => "name",
        Home::Schema => "schema.name",
        Home::Relation => "schema.table.name",
    };
    Err(format!("`{text}` has too many parts: the address of a {} is at most `{form}`", kind.words()))
}
