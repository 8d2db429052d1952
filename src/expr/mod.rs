//! Expressions: names bound to objects, printed, compared.

pub mod print;

pub use print::{
    Printer, print_constraint_def, print_expr, print_function_def, print_index_def, print_query, print_trigger_def,
    print_type_name, print_view_def,
};
