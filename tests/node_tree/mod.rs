//! Node trees as a server stores them (`pg_node_tree`), read and converted to typed trees.

pub mod convert;
pub mod datum;
pub mod reader;
