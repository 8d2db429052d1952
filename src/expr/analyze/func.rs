//! Calls of functions (`parse_func.c`).

mod call;
mod candidates;
mod projection;
mod select;

pub(super) use call::Call;
pub(super) use candidates::Candidate;
pub use select::FuncDetail;

use super::*;
