//! Operator classes and families, and the operators that a type is compared by (`pg_opclass`, `pg_opfamily`, `pg_amop`,
//! `typcache.c`).

use super::{Catalog, Oid};
use crate::catalog::builtin::BuiltinOpclass;
use crate::catalog::type_oid as t;
use crate::catalog::{BOOTSTRAP_ROLE, FamilyFunction, FamilyOperator, OpClass, OpFamily, PG_CATALOG};

/// Strategy numbers (`stratnum.h`).
pub mod strategy {
    /// btree's `<`
    pub const BT_LESS: i16 = 1;
    /// btree's `<=`
    pub const BT_LESS_EQUAL: i16 = 2;
    /// btree's `=`
    pub const BT_EQUAL: i16 = 3;
    /// btree's `>=`
    pub const BT_GREATER_EQUAL: i16 = 4;
    /// btree's `>`
    pub const BT_GREATER: i16 = 5;
    /// hash's `=`
    pub const HT_EQUAL: i16 = 1;
}

/// `array_eq`
const ARRAY_EQ: Oid = Oid(1070);
/// `array_lt`
const ARRAY_LT: Oid = Oid(1072);
/// `array_gt`
const ARRAY_GT: Oid = Oid(1073);
/// `record_eq`
const RECORD_EQ: Oid = Oid(2988);
/// `record_lt`
const RECORD_LT: Oid = Oid(2990);
/// `record_gt`
const RECORD_GT: Oid = Oid(2991);

/// A row of `pg_opclass`, whoever made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpClassInfo<'a> {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: &'a str,
    /// Its schema.
    pub schema: Oid,
    /// Its owner.
    pub owner: Oid,
    /// Its access method.
    pub access_method: &'a str,
    /// Its family.
    pub family: Oid,
    /// The type that it indexes.
    pub input_type: Oid,
    /// The type that is stored; none if it is the input type.
    pub key_type: Oid,
    /// It is the default for its type.
    pub is_default: bool,
}

/// A row of `pg_opfamily`, whoever made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpFamilyInfo<'a> {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: &'a str,
    /// Its schema.
    pub schema: Oid,
    /// Its owner.
    pub owner: Oid,
    /// Its access method.
    pub access_method: &'a str,
}

/// What a type is compared by (`typcache.h: TypeCacheEntry`); what it has not is [`Oid::INVALID`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeOperators {
    /// The family of its default btree operator class.
    pub btree_family: Oid,
    /// That class's type.
    pub btree_input: Oid,
    /// The family of its default hash operator class.
    pub hash_family: Oid,
    /// That class's type.
    pub hash_input: Oid,
    /// `=`
    pub eq: Oid,
    /// `<`
    pub lt: Oid,
    /// `>`
    pub gt: Oid,
    /// Its values can be hashed.
    pub hashable: bool,
}

impl Catalog {
    /// The operator class of that number.
    pub fn opclass_info(&self, oid: Oid) -> Option<OpClassInfo<'_>> {
        match self.opclass(oid) {
            Some(user) => Some(user_opclass(user)),
            None => self.builtins().opclass_by_oid(oid).map(|class| self.builtin_opclass(class)),
        }
    }

    /// The operator class of an access method of that name in a schema (`CLAAMNAMENSP`).
    pub fn opclass_in(&self, schema: Oid, access_method: &str, name: &str) -> Option<OpClassInfo<'_>> {
        if schema == PG_CATALOG
            && let Some(found) = self.builtins().opclasses_named(name).find(|c| c.access_method == access_method)
        {
            return Some(self.builtin_opclass(found));
        }
        self.opclasses_of_name(schema, name).find(|c| c.access_method == access_method).map(user_opclass)
    }

    /// The operator classes of an access method.
    pub fn opclasses_of<'a>(&'a self, access_method: &'a str) -> impl Iterator<Item = OpClassInfo<'a>> + 'a {
        let builtins = self.builtins().opclasses(access_method).map(|class| self.builtin_opclass(class));
        builtins.chain(self.opclasses().filter(move |c| c.access_method == access_method).map(user_opclass))
    }

    /// The operator family of that number.
    pub fn opfamily_info(&self, oid: Oid) -> Option<OpFamilyInfo<'_>> {
        match self.opfamily(oid) {
            Some(user) => Some(user_opfamily(user)),
            None => self.builtins().opfamily_by_oid(oid).map(|family| OpFamilyInfo {
                oid: family.oid,
                name: family.name,
                schema: PG_CATALOG,
                owner: BOOTSTRAP_ROLE,
                access_method: family.access_method,
            }),
        }
    }

    /// The operator family of an access method of that name in a schema (`OPFAMILYAMNAMENSP`).
    pub fn opfamily_in(&self, schema: Oid, access_method: &str, name: &str) -> Option<Oid> {
        let builtin = (schema == PG_CATALOG).then(|| self.builtins().opfamily(access_method, name)).flatten();
        builtin
            .or_else(|| self.opfamilies_of_name(schema, name).find(|f| f.access_method == access_method).map(|f| f.oid))
    }

    fn builtin_opclass(&self, class: &'static BuiltinOpclass) -> OpClassInfo<'static> {
        OpClassInfo {
            oid: class.oid,
            name: class.name,
            schema: PG_CATALOG,
            owner: BOOTSTRAP_ROLE,
            access_method: class.access_method,
            family: self.builtins().opfamily(class.access_method, class.family).unwrap_or(Oid::INVALID),
            input_type: class.input_type,
            key_type: class.key_type,
            is_default: class.is_default,
        }
    }

    /// The operator class that an index of a type gets if none is named, or nothing
    /// (`indexcmds.c: GetDefaultOpClass`).
    pub fn default_opclass(&self, ty: Oid, access_method: &str) -> Oid {
        let ty = self.base_type(ty);
        let mine = || self.opclasses().filter(|class| class.is_default && class.access_method == access_method);
        // There is no second default for a type.
        let exact = self.builtins().default_opclass(ty, access_method).map(|class| class.oid);
        if let Some(oid) = exact.or_else(|| mine().find(|class| class.input_type == ty).map(|class| class.oid)) {
            return oid;
        }
        let (category, _) = self.type_category(ty);
        let (mut preferred, mut compatible) = ((0, Oid::INVALID), (0, Oid::INVALID));
        let mut consider = |oid: Oid, input: Oid| {
            if self.is_binary_coercible(ty, input) {
                let (input_category, is_preferred) = self.type_category(input);
                let best = if is_preferred && input_category == category { &mut preferred } else { &mut compatible };
                *best = (best.0 + 1, oid);
            }
        };
        for class in self.builtins().opclasses(access_method).filter(|class| class.is_default) {
            consider(class.oid, class.input_type);
        }
        mine().for_each(|class| consider(class.oid, class.input_type));
        match (preferred, compatible) {
            ((1, oid), _) | ((0, _), (1, oid)) => oid,
            _ => Oid::INVALID,
        }
    }

    /// The operator of a family that is searched by, or nothing (`get_opfamily_member`).
    pub fn opfamily_member(&self, family: Oid, left: Oid, right: Oid, strategy: i16) -> Oid {
        let user = self.family_operator(family, left, right, strategy);
        let found = user.or_else(|| self.builtins().family_operator(family, left, right, strategy));
        found.map_or(Oid::INVALID, |member| member.operator)
    }

    /// A support function of a family, or nothing (`get_opfamily_proc`).
    pub fn opfamily_function(&self, family: Oid, left: Oid, right: Oid, number: i16) -> Oid {
        let user = self.family_function(family, left, right, number);
        let found = user.or_else(|| self.builtins().family_function(family, left, right, number));
        found.map_or(Oid::INVALID, |member| member.function)
    }

    /// The support functions of a family.
    pub fn opfamily_functions(&self, family: Oid) -> impl Iterator<Item = FamilyFunction> + '_ {
        self.builtins().family_functions(family).chain(self.user_family_functions(family))
    }

    /// The operators of a family.
    pub fn opfamily_operators(&self, family: Oid) -> impl Iterator<Item = FamilyOperator> + '_ {
        self.builtins().family_operators(family).chain(self.user_family_operators(family))
    }

    /// The families that an operator is in, each with its place there (`AMOPOPID`), oldest first.
    pub fn families_of_operator(&self, operator: Oid) -> impl Iterator<Item = FamilyOperator> + '_ {
        self.builtins().families_of_operator(operator).chain(self.user_families_of_operator(operator))
    }

    /// The strategy of an operator in a family, or 0 (`get_op_opfamily_strategy`).
    pub fn operator_strategy(&self, operator: Oid, family: Oid) -> i16 {
        let found = self.families_of_operator(operator).find(|m| m.family == family && m.sort_family == Oid::INVALID);
        found.map_or(0, |member| member.strategy)
    }

    /// The access method of a family, or nothing.
    pub fn family_access_method(&self, family: Oid) -> &str {
        self.opfamily_info(family).map_or("", |family| family.access_method)
    }

    /// The btree family, its type and the strategy of an operator that is `<` or `>` of one
    /// (`get_ordering_op_properties`).
    pub fn ordering_operator_properties(&self, operator: Oid) -> Option<(Oid, Oid, i16)> {
        self.families_of_operator(operator)
            .find(|m| {
                matches!(m.strategy, strategy::BT_LESS | strategy::BT_GREATER)
                    && m.left == m.right
                    && self.family_access_method(m.family) == "btree"
            })
            .map(|m| (m.family, m.left, m.strategy))
    }

    /// The `=` that goes with an operator that is `<` or `>` of a btree family, and whether the operator is `>`
    /// (`get_equality_op_for_ordering_op`).
    pub fn equality_for_ordering(&self, operator: Oid) -> Option<(Oid, bool)> {
        let (family, input, strategy) = self.ordering_operator_properties(operator)?;
        let eq = self.opfamily_member(family, input, input, strategy::BT_EQUAL);
        (eq != Oid::INVALID).then_some((eq, strategy == strategy::BT_GREATER))
    }

    /// What a type is compared by (`typcache.c: lookup_type_cache`).
    pub fn type_operators(&self, ty: Oid) -> TypeOperators {
        self.type_operators_within(ty, 0)
    }

    /// The same; `depth` bounds types that contain themselves through arrays of rows.
    fn type_operators_within(&self, ty: Oid, depth: u32) -> TypeOperators {
        let class = |method| self.opclass_info(self.default_opclass(ty, method)).map(|c| (c.family, c.input_type));
        let (btree_family, btree_input) = class("btree").unwrap_or((Oid::INVALID, Oid::INVALID));
        let (hash_family, hash_input) = class("hash").unwrap_or((Oid::INVALID, Oid::INVALID));
        let btree = |strategy| match btree_family {
            Oid::INVALID => Oid::INVALID,
            family => self.opfamily_member(family, btree_input, btree_input, strategy),
        };
        let mut eq = btree(strategy::BT_EQUAL);
        if eq == Oid::INVALID && hash_family != Oid::INVALID {
            eq = self.opfamily_member(hash_family, hash_input, hash_input, strategy::HT_EQUAL);
        }
        let (mut lt, mut gt) = (btree(strategy::BT_LESS), btree(strategy::BT_GREATER));
        let mut hashable = hash_family != Oid::INVALID;
        // Arrays, rows and ranges can only be compared and hashed if what is in them can.
        let inner = |oid| self.type_operators_within(oid, depth + 1);
        if eq == ARRAY_EQ {
            let element = self.base_element_type(ty);
            if element == Oid::INVALID || depth > 32 {
                (eq, lt, gt, hashable) = (Oid::INVALID, Oid::INVALID, Oid::INVALID, false);
            } else {
                let of = inner(element);
                if of.eq == Oid::INVALID {
                    eq = Oid::INVALID;
                }
                if !self.has_comparison(&of) {
                    (lt, gt) = (without(lt, ARRAY_LT), without(gt, ARRAY_GT));
                }
                hashable &= of.hashable;
            }
        } else if eq == RECORD_EQ && ty != t::RECORD {
            for field in self.row_field_types(ty) {
                let of = if depth > 32 { NOTHING } else { inner(field) };
                if of.eq == Oid::INVALID {
                    eq = Oid::INVALID;
                }
                if !self.has_comparison(&of) {
                    (lt, gt) = (without(lt, RECORD_LT), without(gt, RECORD_GT));
                }
                hashable &= of.hashable;
            }
        } else if hashable {
            // `typcache.c: cache_range_element_properties`, `cache_multirange_element_properties`
            let base = self.base_type(ty);
            let subtype = match self.multirange_range(base) {
                Oid::INVALID => self.range_subtype(base),
                range => self.range_subtype(range),
            };
            if subtype != Oid::INVALID {
                hashable = inner(subtype).hashable;
            }
        }
        TypeOperators { btree_family, btree_input, hash_family, hash_input, eq, lt, gt, hashable }
    }

    /// It has a btree comparison function, which is what arrays and rows are ordered by.
    fn has_comparison(&self, of: &TypeOperators) -> bool {
        of.lt != Oid::INVALID
    }

    /// The types of the columns of a row type or of a domain over one.
    fn row_field_types(&self, ty: Oid) -> Vec<Oid> {
        let relation = self.type_or_domain_relation(ty);
        match self.relation(relation) {
            Some(relation) => relation.live_columns().map(|column| column.ty.oid).collect(),
            None => {
                let system = self.builtins().relation_by_oid(relation);
                system.into_iter().flat_map(|r| r.columns.iter()).map(|column| column.ty).collect()
            }
        }
    }
}

const NOTHING: TypeOperators = TypeOperators {
    btree_family: Oid::INVALID,
    btree_input: Oid::INVALID,
    hash_family: Oid::INVALID,
    hash_input: Oid::INVALID,
    eq: Oid::INVALID,
    lt: Oid::INVALID,
    gt: Oid::INVALID,
    hashable: false,
};

fn without(operator: Oid, generic: Oid) -> Oid {
    if operator == generic { Oid::INVALID } else { operator }
}

fn user_opclass(class: &OpClass) -> OpClassInfo<'_> {
    OpClassInfo {
        oid: class.oid,
        name: &class.name,
        schema: class.schema,
        owner: class.owner,
        access_method: &class.access_method,
        family: class.family,
        input_type: class.input_type,
        key_type: class.key_type,
        is_default: class.is_default,
    }
}

fn user_opfamily(family: &OpFamily) -> OpFamilyInfo<'_> {
    OpFamilyInfo {
        oid: family.oid,
        name: &family.name,
        schema: family.schema,
        owner: family.owner,
        access_method: &family.access_method,
    }
}
