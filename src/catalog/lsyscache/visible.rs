//! Whether an object is what its bare name finds along a path (`namespace.c: TypeIsVisible` and its neighbours). The
//! path has `pg_catalog` in its place.

use super::{Catalog, Oid};
use crate::catalog::store::InSchema;

impl Catalog {
    /// `TypeIsVisible`
    pub fn type_is_visible(&self, oid: Oid, path: &[Oid]) -> bool {
        let Some(ty) = self.type_info(oid) else { return false };
        is_first(path, ty.schema, |schema| self.type_oid_in(schema, ty.name).is_some())
    }

    /// `RelationIsVisible`
    pub fn relation_is_visible(&self, oid: Oid, path: &[Oid]) -> bool {
        let (schema, name) = match self.relation(oid) {
            Some(user) => (user.schema, user.name.as_str()),
            None => match self.builtins().relation_by_oid(oid) {
                Some(system) => (system.namespace, system.name),
                None => return false,
            },
        };
        let has = |schema| {
            self.relation_in(schema, name).is_some()
                || super::types::has_builtins(schema) && self.builtins().relation_oid(schema, name).is_some()
        };
        is_first(path, schema, has)
    }

    /// `FunctionIsVisible`: no schema before its own has one of the same name and arguments.
    pub fn function_is_visible(&self, oid: Oid, path: &[Oid]) -> bool {
        let Some(function) = self.function_info(oid) else { return false };
        let same = |schema| {
            let mut others = self.functions_by_name(schema, function.name());
            others.any(|other| other.input_types().eq(function.input_types()))
        };
        is_first(path, function.schema(), same)
    }

    /// `OperatorIsVisible`
    pub fn operator_is_visible(&self, oid: Oid, path: &[Oid]) -> bool {
        let Some(op) = self.operator_info(oid) else { return false };
        let same = |schema| self.operator_with_args(schema, op.name, op.left, op.right).is_some();
        is_first(path, op.schema, same)
    }

    /// `OpclassIsVisible`
    pub fn opclass_is_visible(&self, oid: Oid, path: &[Oid]) -> bool {
        let Some(class) = self.opclass_info(oid) else { return false };
        is_first(path, class.schema, |schema| self.opclass_in(schema, class.access_method, class.name).is_some())
    }

    /// `OpfamilyIsVisible`
    pub fn opfamily_is_visible(&self, oid: Oid, path: &[Oid]) -> bool {
        let Some(family) = self.opfamily_info(oid) else { return false };
        is_first(path, family.schema, |schema| self.opfamily_in(schema, family.access_method, family.name).is_some())
    }

    /// `CollationIsVisible`
    pub fn collation_is_visible(&self, oid: Oid, path: &[Oid]) -> bool {
        let Some(collation) = self.collation_info(oid) else { return false };
        is_first(path, collation.schema, |schema| self.collation_in(schema, collation.name).is_some())
    }

    /// `ConversionIsVisible`
    pub fn conversion_is_visible(&self, oid: Oid, path: &[Oid]) -> bool {
        let Some(found) = self.conversion(oid) else { return false };
        is_first(path, found.schema(), |schema| self.conversions_of_name(schema, &found.name).next().is_some())
    }

    /// `TSConfigIsVisible`
    pub fn ts_config_is_visible(&self, oid: Oid, path: &[Oid]) -> bool {
        let Some((schema, name)) = self.ts_config_name(oid) else { return false };
        is_first(path, schema, |schema| self.ts_config_in(schema, name).is_some())
    }

    /// `TSDictionaryIsVisible`
    pub fn ts_dict_is_visible(&self, oid: Oid, path: &[Oid]) -> bool {
        let Some((schema, name)) = self.ts_dict_name(oid) else { return false };
        is_first(path, schema, |schema| self.ts_dict_in(schema, name).is_some())
    }
}

/// The first schema of the path that has the name is the object's.
fn is_first(path: &[Oid], own: Oid, has: impl Fn(Oid) -> bool) -> bool {
    for &schema in path {
        if schema == own {
            return true;
        }
        if has(schema) {
            return false;
        }
    }
    false
}
