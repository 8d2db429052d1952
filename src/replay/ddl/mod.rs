//! Definitions of objects, one file a family.

#[cfg(test)]
mod tests;

mod alter_table;
mod body;
mod comment;
mod constraint;
mod database;
mod define;
mod dml;
mod drop;
pub(in crate::replay) mod event_trigger;
pub(in crate::replay) mod extension;
mod folded;
mod foreign;
mod function;
mod index;
mod inherit;
mod language;
pub(super) mod large_object;
mod like;
mod options;
mod owned;
mod owner;
mod partition;
mod policy;
pub(in crate::replay) mod privileges;
mod publication;
mod rename;
mod role;
mod rule;
mod schema;
mod sequence;
mod set;
mod statistics;
mod storage;
mod table;
pub(in crate::replay) mod toast;
mod trigger;
mod typed;
mod types;
mod unplaced;
mod utility;
pub(in crate::replay) mod view;
mod virtual_generated;

pub(in crate::replay) use alter_table::NewTypes;
pub(in crate::replay) use dml::computes_for_rows;

/// The name of a table that is made although its name is taken, which is found out later.
pub(in crate::replay) fn unnamed(name: &str) -> crate::sql::ast::Name {
    format!("{name}\0").into()
}
