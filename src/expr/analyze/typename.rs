//! Names of types (`parse_type.c`).

use super::error::at;
use super::{Analyzer, Exec};
use crate::catalog::TypeRef;
use crate::replay::lookup;
use crate::sql::ast::TypeName;

impl Analyzer<'_> {
    /// The type and modifier that a name stands for (`parse_type.c: typenameTypeIdAndMod`).
    pub(super) fn typename_type(&self, name: &TypeName) -> Exec<TypeRef> {
        at(name.loc, lookup::resolve_type(self.env.catalog, self.env.path, name))
    }
}
