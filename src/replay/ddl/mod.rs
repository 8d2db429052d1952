//! Definitions of objects, one file a family.

#[cfg(test)]
mod tests;

mod comment;
mod constraint;
mod drop;
mod extension;
mod function;
mod index;
mod owner;
mod policy;
mod privileges;
mod publication;
mod rename;
mod role;
mod schema;
mod sequence;
mod table;
mod trigger;
mod types;
mod view;
