//! The JSON document: flat lists, one for each kind of object, whose entries carry PostgreSQL's own texts.
//!
//! It is what programs read and what tests hold against a server, so an entry never leaves a text out that a server
//! would have: indexes of constraints and sequences of identity columns are there too.

mod build;
mod model;
mod objects;
mod unplaced;

pub use model::*;

pub(super) use build::document;
