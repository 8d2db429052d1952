//! Statements and what they do to the catalog, with the errors of a real server.

mod extensions;
mod large_objects;
mod objects;
mod opaque;
mod relations;
mod rows;
