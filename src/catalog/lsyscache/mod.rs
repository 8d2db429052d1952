//! Look-ups that treat PostgreSQL's own objects, those of scripts and those of extensions alike (`lsyscache.c`,
//! `syscache.c`, `typcache.c`): what parse analysis and printing ask.
//!
//! They take numbers and give small values that borrow from the catalog. [`Oid::INVALID`] stands for nothing, as in
//! PostgreSQL.

mod collation;
mod compare;
mod function;
mod opclass;
mod operator;
#[cfg(test)]
mod tests;
mod types;
mod visible;

pub use collation::{CollationInfo, EXTENSION_DICTIONARIES, ExtensionDictionary};
pub use compare::{CompareType, Translated};
pub use function::{ArgumentInfo, FunctionInfo};
pub use opclass::{OpClassInfo, OpFamilyInfo, TypeOperators, strategy};
pub use operator::{CastInfo, OperatorInfo};
pub use types::TypeInfo;

use super::{Catalog, Oid};
