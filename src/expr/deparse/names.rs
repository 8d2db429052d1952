//! Names of objects, qualified where they must be (`generate_relation_name` and its neighbours).

use super::context::Context;
use super::resolve::BareCall;
use crate::catalog::{AttrNumber, Catalog, FunctionKind, INFORMATION_SCHEMA, Oid, TypeRef, type_oid as t};
use crate::expr::analyze::tupdesc::SEQUENCE_ATTRIBUTES;
use crate::sql::ast::Name;

/// The name and schema of a relation.
pub(super) fn relation_name(catalog: &Catalog, oid: Oid) -> Option<(Oid, &str)> {
    match catalog.relation(oid) {
        Some(user) => Some((user.schema, &user.name)),
        None => catalog.builtins().relation_by_oid(oid).map(|system| (system.namespace, system.name)),
    }
}

/// The names of a relation's columns; nothing for dropped ones.
pub(super) fn relation_columns(catalog: &Catalog, oid: Oid) -> Vec<Option<Name>> {
    match catalog.relation(oid) {
        Some(user) if user.as_sequence().is_some() => {
            SEQUENCE_ATTRIBUTES.iter().map(|(name, _)| Some(Name::from(*name))).collect()
        }
        Some(user) => user.columns.iter().map(|c| (!c.dropped).then(|| c.name.clone())).collect(),
        None => {
            let system = catalog.builtins().relation_by_oid(oid);
            system.into_iter().flat_map(|r| r.columns.iter()).map(|c| Some(c.name.into())).collect()
        }
    }
}

/// The name of a column (`get_attname`), system columns included.
pub(super) fn column_name(catalog: &Catalog, relation: Oid, number: AttrNumber) -> Option<Name> {
    if number < 0 {
        return system_column(number).map(Name::from);
    }
    let index = usize::try_from(number).ok()?.checked_sub(1)?;
    match catalog.relation(relation) {
        Some(user) if user.as_sequence().is_some() => SEQUENCE_ATTRIBUTES.get(index).map(|(name, _)| (*name).into()),
        Some(user) => user.columns.get(index).filter(|c| !c.dropped).map(|c| c.name.clone()),
        None => catalog.builtins().relation_by_oid(relation)?.columns.get(index).map(|c| c.name.into()),
    }
}

/// `heap.c: SysAtt`
pub(crate) fn system_column(number: AttrNumber) -> Option<&'static str> {
    Some(match number {
        -1 => "ctid",
        -2 => "xmin",
        -3 => "cmin",
        -4 => "xmax",
        -5 => "cmax",
        -6 => "tableoid",
        _ => return None,
    })
}

impl<'a> Context<'a> {
    /// `quote_qualified_identifier`
    pub(super) fn qualified(&self, schema: Oid, name: &str, visible: bool) -> String {
        self.catalog().qualified(schema, name, visible)
    }

    /// A relation, qualified if it is not visible, or, if `ctes` is true, if a WITH query in sight has its name
    /// (`generate_relation_name`).
    pub(super) fn generate_relation_name(&self, oid: Oid, ctes: bool) -> String {
        let Some((schema, name)) = relation_name(self.catalog(), oid) else { return oid.0.to_string() };
        let hidden = ctes && self.namespaces.iter().flat_map(|n| n.ctes).any(|cte| cte.name == name);
        self.qualified(schema, name, !hidden && self.catalog().relation_is_visible(oid, &self.env.path))
    }

    /// The same with its schema always (`generate_qualified_relation_name`).
    pub(super) fn generate_qualified_relation_name(&self, oid: Oid) -> String {
        match relation_name(self.catalog(), oid) {
            Some((schema, name)) => self.qualified(schema, name, false),
            None => oid.0.to_string(),
        }
    }

    /// A function, qualified if its bare name with these arguments finds another or none, and whether VARIADIC is
    /// printed (`generate_function_name`).
    pub(super) fn generate_function_name(
        &mut self,
        oid: Oid,
        arg_names: &[Name],
        arg_types: &[Oid],
        variadic: bool,
    ) -> String {
        let Some(function) = self.catalog().function_info(oid) else {
            self.fail(format!("function {} is not there", oid.0));
            return String::new();
        };
        let name = function.name();
        // In GROUP BY they would be taken for the grouping constructs.
        let force = self.in_group_by && matches!(name, "cube" | "rollup");
        let found = match function.kind() {
            _ if force => None,
            // `func_get_detail` finds procedures too, but no call of one is left bare.
            FunctionKind::Procedure => None,
            FunctionKind::Function | FunctionKind::Aggregate | FunctionKind::Window => {
                let call = BareCall { name, arg_names, arg_types, expand_variadic: !variadic, wanted: oid };
                self.env.resolve.function(self.catalog(), &self.env.path, call)
            }
        };
        self.qualified(function.schema(), name, found == Some(oid))
    }

    /// An operator, as `OPERATOR(schema.+)` if its bare name with these operands finds another or none
    /// (`generate_operator_name`).
    pub(super) fn generate_operator_name(&mut self, oid: Oid, left: Oid, right: Oid) -> String {
        let Some(operator) = self.catalog().operator_info(oid) else {
            self.fail(format!("operator {} is not there", oid.0));
            return String::new();
        };
        let left = if operator.left == Oid::INVALID { Oid::INVALID } else { left };
        let path = &self.env.path;
        if self.env.resolve.operator(self.catalog(), path, operator.name, (left, right), oid) == Some(oid) {
            return operator.name.to_owned();
        }
        let schema = self.catalog().quote_identifier(self.catalog().schema_name(operator.schema));
        format!("OPERATOR({schema}.{})", operator.name)
    }

    /// A collation (`generate_collation_name`).
    pub(super) fn generate_collation_name(&self, oid: Oid) -> String {
        match self.catalog().collation_info(oid) {
            Some(found) => {
                let visible = self.catalog().collation_is_visible(oid, &self.env.path);
                self.qualified(found.schema, found.name, visible)
            }
            None => oid.0.to_string(),
        }
    }

    /// An operator class after a space, unless it is the default for the type (`get_opclass_name`).
    pub(super) fn opclass_name(&mut self, opclass: Oid, actual: Oid) {
        let Some(class) = self.catalog().opclass_info(opclass) else {
            self.fail(format!("operator class {} is not there", opclass.0));
            return;
        };
        if actual != Oid::INVALID && self.catalog().default_opclass(actual, class.access_method) == opclass {
            return;
        }
        let visible = self.catalog().opclass_is_visible(opclass, &self.env.path);
        let name = self.qualified(class.schema, class.name, visible);
        self.push(" ");
        self.push(&name);
    }

    /// A type with its modifier (`format_type_with_typemod`).
    pub(super) fn format_type(&self, ty: TypeRef) -> String {
        if let Some(info) = self.catalog().type_info(ty.oid)
            && info.schema == INFORMATION_SCHEMA
            && ty.oid.is_builtin()
        {
            return self.qualified(info.schema, info.name, self.catalog().type_is_visible(ty.oid, &self.env.path));
        }
        self.catalog().format_type(ty, &self.env.path)
    }

    /// `::type`
    pub(super) fn cast_suffix(&mut self, ty: TypeRef) {
        let name = self.format_type(ty);
        self.push("::");
        self.push(&name);
    }

    /// A type that has no modifier anywhere, as parameters have it (`format_type_be`).
    pub(super) fn format_type_be(&self, oid: Oid) -> String {
        let bare = |oid| match oid {
            t::BPCHAR => Some("character"),
            t::BIT => Some("bit"),
            _ => None,
        };
        if let Some(name) = bare(oid) {
            return name.to_owned();
        }
        if let Some(element) = self.catalog().array_element(oid)
            && let Some(name) = bare(element)
        {
            return format!("{name}[]");
        }
        self.format_type(TypeRef::plain(oid))
    }
}

/// The type of a column (`get_atttype`).
pub(super) fn column_type(catalog: &Catalog, relation: Oid, number: AttrNumber) -> Oid {
    let index = usize::try_from(number).ok().and_then(|n| n.checked_sub(1));
    let Some(index) = index else { return Oid::INVALID };
    match catalog.relation(relation) {
        Some(user) => user.columns.get(index).map_or(Oid::INVALID, |c| c.ty.oid),
        None => {
            let system = catalog.builtins().relation_by_oid(relation);
            system.and_then(|r| r.columns.get(index)).map_or(Oid::INVALID, |c| c.ty)
        }
    }
}
