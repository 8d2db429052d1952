//! Expressions: names bound to objects, printed, compared.

mod bind;
mod infer;
mod scope;

pub use bind::{Binder, BoundQuery, OutputColumn};
pub use scope::{Scope, ScopeItem};
