//! Expressions: names bound to objects, printed, compared.

pub mod analyze;
mod bind;
pub mod datum;
pub mod deparse;
pub mod equal;
pub mod equivalent;
#[cfg(test)]
pub(crate) mod fixture;
mod infer;
mod place;
pub mod print;
mod scope;
mod star;
mod volatile;

pub use bind::{Binder, BoundQuery, OutputColumn};
pub(crate) use bind::{is_readable, is_system_column};
pub use equal::{equivalent, equivalent_default, equivalent_query};
pub(crate) use infer::{column_name as figure_column_name, figure_index_name};
pub use place::Place;
pub use print::{
    Printer, print_constraint_def, print_expr, print_function_def, print_index_def, print_query, print_trigger_def,
    print_type_name, print_view_def,
};
pub(crate) use print::{print_function_result, print_partition_key, quote_literal, setting_name, setting_value};
pub use scope::{Scope, ScopeItem};
