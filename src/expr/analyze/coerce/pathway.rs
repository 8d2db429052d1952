//! Which coercions there are.

use super::super::Analyzer;
use super::generic::is_polymorphic;
use crate::catalog::builtin::CastContext;
use crate::catalog::tree::CoercionContext;
use crate::catalog::{CastPath, Oid, type_oid as t};

/// How one type becomes another (`CoercionPathType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoercionPath {
    /// Not at all.
    None,
    /// By a function.
    Func(Oid),
    /// Without work.
    Relabel,
    /// Element by element.
    ArrayCoerce,
    /// Through text.
    ViaIO,
}

impl Analyzer<'_> {
    /// A value of one type can become one of another (`parse_coerce.c: can_coerce_type` for one type).
    pub(in super::super) fn can_coerce_type(&self, input: Oid, target: Oid, context: CoercionContext) -> bool {
        if is_polymorphic(target) && input != target {
            return self.check_generic_type_consistency(&[input], &[target]);
        }
        self.can_coerce_one(input, target, context)
    }

    /// Arguments of these types can be passed where those are declared (`parse_coerce.c: can_coerce_type`).
    pub(in super::super) fn can_coerce_types(&self, inputs: &[Oid], targets: &[Oid], context: CoercionContext) -> bool {
        let mut generic = false;
        for (&input, &target) in inputs.iter().zip(targets) {
            if input == target {
                continue;
            }
            if is_polymorphic(target) {
                generic = true;
            } else if !self.can_coerce_one(input, target, context) {
                return false;
            }
        }
        let targets = &targets[..inputs.len().min(targets.len())];
        !generic || self.check_generic_type_consistency(inputs, targets)
    }

    fn can_coerce_one(&self, input: Oid, target: Oid, context: CoercionContext) -> bool {
        input == target
            || target == t::ANY
            || input == t::UNKNOWN
            || self.find_coercion_pathway(target, input, context) != CoercionPath::None
            || input == t::RECORD && self.is_complex(target)
            || target == t::RECORD && self.is_complex(input)
            || target == t::RECORD_ARRAY && self.is_complex_array(input)
            || self.inherits_or_typed(input, target)
    }

    /// How a value gets from one type to another (`parse_coerce.c: find_coercion_pathway`).
    pub(in super::super) fn find_coercion_pathway(
        &self,
        target: Oid,
        source: Oid,
        context: CoercionContext,
    ) -> CoercionPath {
        let catalog = self.env.catalog;
        let (source, target) = (catalog.base_type(source), catalog.base_type(target));
        if source == target {
            return CoercionPath::Relabel;
        }
        let mut result = CoercionPath::None;
        if let Some(cast) = catalog.cast(source, target) {
            let cast_context = match cast.context {
                CastContext::Implicit => CoercionContext::Implicit,
                CastContext::Assignment => CoercionContext::Assignment,
                CastContext::Explicit => CoercionContext::Explicit,
            };
            if context >= cast_context {
                result = match cast.path {
                    CastPath::Function(function) => CoercionPath::Func(function),
                    CastPath::Binary => CoercionPath::Relabel,
                    CastPath::InOut => CoercionPath::ViaIO,
                };
            }
        } else {
            if target != t::OIDVECTOR && target != t::INT2VECTOR {
                let element = catalog.element_type(target);
                if element != Oid::INVALID {
                    let source_element = catalog.element_type(source);
                    if source_element != Oid::INVALID
                        && self.find_coercion_pathway(element, source_element, context) != CoercionPath::None
                    {
                        result = CoercionPath::ArrayCoerce;
                    }
                }
            }
            if result == CoercionPath::None
                && (context >= CoercionContext::Assignment && catalog.type_category(target).0 == 'S'
                    || context >= CoercionContext::Explicit && catalog.type_category(source).0 == 'S')
            {
                result = CoercionPath::ViaIO;
            }
        }
        if result == CoercionPath::None && context == CoercionContext::Plpgsql {
            result = CoercionPath::ViaIO;
        }
        result
    }

    /// How a modifier is applied to a value of a type (`parse_coerce.c: find_typmod_coercion_function`).
    pub(super) fn find_typmod_coercion_function(&self, ty: Oid) -> CoercionPath {
        let catalog = self.env.catalog;
        let element = catalog.element_type(ty);
        let (ty, array) = if element == Oid::INVALID { (ty, false) } else { (element, true) };
        match catalog.cast(ty, ty).map(|cast| cast.path) {
            Some(CastPath::Function(_)) if array => CoercionPath::ArrayCoerce,
            Some(CastPath::Function(function)) => CoercionPath::Func(function),
            Some(CastPath::Binary | CastPath::InOut) | None => CoercionPath::None,
        }
    }

    /// A row type of something, or a domain over one (`ISCOMPLEX`).
    pub(in super::super) fn is_complex(&self, ty: Oid) -> bool {
        self.env.catalog.type_or_domain_relation(ty) != Oid::INVALID
    }

    /// `parse_coerce.c: is_complex_array`
    pub(super) fn is_complex_array(&self, ty: Oid) -> bool {
        let element = self.env.catalog.element_type(ty);
        element != Oid::INVALID && self.is_complex(element)
    }

    /// A table's row is a row of its ancestors and of its `OF` type (`pg_inherits.c: typeInheritsFrom`,
    /// `parse_coerce.c: typeIsOfTypedTable`).
    pub(super) fn inherits_or_typed(&self, input: Oid, target: Oid) -> bool {
        if input.is_builtin() || target.is_builtin() {
            return false;
        }
        let catalog = self.env.catalog;
        let (own, wanted) = (catalog.type_or_domain_relation(input), catalog.type_relation(target));
        let Some(relation) = catalog.relation(own) else { return false };
        if relation.of_type == Some(target) {
            return true;
        }
        let mut ancestors: Vec<Oid> = relation.parents.iter().map(|parent| parent.relation).collect();
        while let Some(ancestor) = ancestors.pop() {
            if ancestor == wanted && wanted != Oid::INVALID {
                return true;
            }
            ancestors.extend(catalog.relation(ancestor).into_iter().flat_map(|r| &r.parents).map(|p| p.relation));
        }
        false
    }
}
