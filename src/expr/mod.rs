//! Expressions: names bound to objects, printed, compared.

mod bind;
mod infer;
mod scope;

pub use bind::{Binder, BoundQuery, OutputColumn};
pub(crate) use bind::is_readable;
pub(crate) use infer::figure_index_name;
pub use scope::{Scope, ScopeItem};
