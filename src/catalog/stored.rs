//! The objects in schemas that are few: operators, operator classes, collations and so on, and casts.

use std::sync::Arc;

use ecow::EcoVec;
use imbl::OrdMap;

use super::store::Store;
use super::{
    Cast, Catalog, Collation, Conversion, FamilyFunction, FamilyOperator, Function, Object, Oid, OpClass, OpFamily,
    Operator, Statistics, TsConfig, TsDict,
};
use crate::sql::ast::Name;

/// The place of a member in its family: the family, its types, its strategy or number.
type MemberKey = (Oid, Oid, Oid, i16);

/// All of them.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    operators: Store<Operator>,
    casts: OrdMap<(Oid, Oid), Arc<Cast>>,
    opclasses: Store<OpClass>,
    opfamilies: Store<OpFamily>,
    family_operators: OrdMap<MemberKey, FamilyOperator>,
    /// The families that an operator is in.
    families_of: OrdMap<Oid, EcoVec<MemberKey>>,
    family_functions: OrdMap<MemberKey, FamilyFunction>,
    collations: Store<Collation>,
    conversions: Store<Conversion>,
    ts_configs: Store<TsConfig>,
    ts_dicts: Store<TsDict>,
    statistics: Store<Statistics>,
}

impl Stored {
    pub(super) fn new() -> Self {
        Stored {
            operators: Store::new(),
            casts: OrdMap::new(),
            opclasses: Store::new(),
            opfamilies: Store::new(),
            family_operators: OrdMap::new(),
            families_of: OrdMap::new(),
            family_functions: OrdMap::new(),
            collations: Store::new(),
            conversions: Store::new(),
            ts_configs: Store::new(),
            ts_dicts: Store::new(),
            statistics: Store::new(),
        }
    }
}

/// The methods of one kind of object.
macro_rules! kind {
    (
        $what:literal, $ty:ty, $field:ident, $get:ident, $all:ident, $named:ident, $of_schema:ident, $get_mut:ident,
        $insert:ident, $move:ident, $remove:ident
    ) => {
        #[doc = concat!("The ", $what, " of that number that a script or an extension made.")]
        pub fn $get(&self, oid: Oid) -> Option<&$ty> {
            self.stored.$field.get(oid)
        }

        #[doc = concat!("All of these by number: ", $what, ".")]
        pub fn $all(&self) -> impl Iterator<Item = &$ty> {
            self.stored.$field.all()
        }

        #[doc = concat!("Those of a name in a schema, oldest first: ", $what, ".")]
        pub fn $named<'a>(&'a self, schema: Oid, name: &str) -> impl Iterator<Item = &'a $ty> + use<'a> {
            self.stored.$field.named(schema, name)
        }

        #[doc = concat!("Those of a schema, by name: ", $what, ".")]
        pub fn $of_schema(&self, schema: Oid) -> impl Iterator<Item = &$ty> {
            self.stored.$field.of_schema(schema)
        }

        pub(crate) fn $get_mut(&mut self, oid: Oid) -> Option<&mut $ty> {
            self.stored.$field.get_mut(oid)
        }

        pub(crate) fn $insert(&mut self, object: $ty) {
            self.stored.$field.insert(object);
        }

        pub(crate) fn $move(&mut self, oid: Oid, schema: Oid, name: Name) {
            self.stored.$field.move_to(oid, schema, name);
        }

        pub(crate) fn $remove(&mut self, oid: Oid) -> Option<Arc<$ty>> {
            self.stored.$field.remove(oid)
        }
    };
}

impl Catalog {
    kind!(
        "operator",
        Operator,
        operators,
        operator,
        operators,
        operators_of_name,
        operators_of_schema,
        operator_mut,
        insert_operator,
        move_operator,
        remove_operator_record
    );
    kind!(
        "operator class",
        OpClass,
        opclasses,
        opclass,
        opclasses,
        opclasses_of_name,
        opclasses_of_schema,
        opclass_mut,
        insert_opclass,
        move_opclass,
        remove_opclass_record
    );
    kind!(
        "operator family",
        OpFamily,
        opfamilies,
        opfamily,
        opfamilies,
        opfamilies_of_name,
        opfamilies_of_schema,
        opfamily_mut,
        insert_opfamily,
        move_opfamily,
        remove_opfamily_record
    );
    kind!(
        "collation",
        Collation,
        collations,
        collation,
        collations,
        collations_of_name,
        collations_of_schema,
        collation_mut,
        insert_collation,
        move_collation,
        remove_collation
    );
    kind!(
        "conversion",
        Conversion,
        conversions,
        conversion,
        conversions,
        conversions_of_name,
        conversions_of_schema,
        conversion_mut,
        insert_conversion,
        move_conversion,
        remove_conversion
    );
    kind!(
        "text search configuration",
        TsConfig,
        ts_configs,
        ts_config,
        ts_configs,
        ts_configs_of_name,
        ts_configs_of_schema,
        ts_config_mut,
        insert_ts_config,
        move_ts_config,
        remove_ts_config
    );
    kind!(
        "text search dictionary",
        TsDict,
        ts_dicts,
        ts_dict,
        ts_dicts,
        ts_dicts_of_name,
        ts_dicts_of_schema,
        ts_dict_mut,
        insert_ts_dict,
        move_ts_dict,
        remove_ts_dict
    );
    kind!(
        "statistics object",
        Statistics,
        statistics,
        statistics,
        all_statistics,
        statistics_of_name,
        statistics_of_schema,
        statistics_mut,
        insert_statistics,
        move_statistics,
        remove_statistics
    );

    /// The user-defined functions of that name in a schema, oldest first.
    pub fn functions_of_name<'a>(&'a self, schema: Oid, name: &str) -> impl Iterator<Item = &'a Function> + use<'a> {
        self.function_names.get(schema, name).into_iter().flatten().filter_map(|&oid| self.function(oid))
    }

    /// The operators, operator classes, collations … of a schema.
    pub(super) fn stored_in(&self, schema: Oid) -> impl Iterator<Item = Object> + '_ {
        let operators = self.operators_of_schema(schema).map(|o| Object::Operator(o.oid));
        let classes = self.opclasses_of_schema(schema).map(|o| Object::OpClass(o.oid));
        let families = self.opfamilies_of_schema(schema).map(|o| Object::OpFamily(o.oid));
        let collations = self.collations_of_schema(schema).map(|o| Object::Collation(o.oid));
        let conversions = self.conversions_of_schema(schema).map(|o| Object::Conversion(o.oid));
        let configs = self.ts_configs_of_schema(schema).map(|o| Object::TsConfig(o.oid));
        let dicts = self.ts_dicts_of_schema(schema).map(|o| Object::TsDict(o.oid));
        let statistics = self.statistics_of_schema(schema).map(|o| Object::Statistics(o.oid));
        let searched = configs.chain(dicts).chain(statistics);
        operators.chain(classes).chain(families).chain(collations).chain(conversions).chain(searched)
    }

    // ---- casts ----

    /// The cast from a type to another that a script or an extension made.
    pub fn user_cast(&self, source: Oid, target: Oid) -> Option<&Cast> {
        self.stored.casts.get(&(source, target)).map(Arc::as_ref)
    }

    /// The cast of that number.
    pub fn user_cast_by_oid(&self, oid: Oid) -> Option<&Cast> {
        self.user_casts().find(|cast| cast.oid == oid)
    }

    /// All casts that scripts and extensions made.
    pub fn user_casts(&self) -> impl Iterator<Item = &Cast> {
        self.stored.casts.values().map(Arc::as_ref)
    }

    /// Those from a type.
    pub fn user_casts_from(&self, source: Oid) -> impl Iterator<Item = &Cast> {
        self.stored.casts.range((source, Oid::INVALID)..=(source, Oid(u32::MAX))).map(|(_, cast)| cast.as_ref())
    }

    pub(crate) fn insert_cast(&mut self, cast: Cast) {
        self.stored.casts.insert((cast.source, cast.target), Arc::new(cast));
    }

    pub(crate) fn cast_mut(&mut self, oid: Oid) -> Option<&mut Cast> {
        let cast = self.user_cast_by_oid(oid)?;
        let key = (cast.source, cast.target);
        self.stored.casts.get_mut(&key).map(Arc::make_mut)
    }

    pub(crate) fn remove_cast(&mut self, oid: Oid) -> Option<Arc<Cast>> {
        let cast = self.user_cast_by_oid(oid)?;
        let key = (cast.source, cast.target);
        self.stored.casts.remove(&key)
    }

    // ---- members of operator families ----

    /// An operator that a script or an extension put into a family.
    pub fn family_operator(&self, family: Oid, left: Oid, right: Oid, strategy: i16) -> Option<FamilyOperator> {
        self.stored.family_operators.get(&(family, left, right, strategy)).copied()
    }

    /// The operators that scripts and extensions put into a family.
    pub fn user_family_operators(&self, family: Oid) -> impl Iterator<Item = FamilyOperator> + '_ {
        self.stored.family_operators.range(of_family(family)).map(|(_, member)| *member)
    }

    /// The families that scripts and extensions put an operator into.
    pub fn user_families_of_operator(&self, operator: Oid) -> impl Iterator<Item = FamilyOperator> + '_ {
        let keys = self.stored.families_of.get(&operator).into_iter().flatten();
        keys.filter_map(|key| self.stored.family_operators.get(key).copied())
    }

    pub(crate) fn insert_family_operator(&mut self, member: FamilyOperator) {
        let key = (member.family, member.left, member.right, member.strategy);
        self.stored.family_operators.insert(key, member);
        match self.stored.families_of.get_mut(&member.operator) {
            Some(keys) => keys.push(key),
            None => {
                self.stored.families_of.insert(member.operator, EcoVec::from([key]));
            }
        }
    }

    pub(crate) fn remove_family_operator(&mut self, family: Oid, left: Oid, right: Oid, strategy: i16) {
        let key = (family, left, right, strategy);
        if let Some(member) = self.stored.family_operators.remove(&key)
            && let Some(keys) = self.stored.families_of.get_mut(&member.operator)
        {
            keys.retain(|&mut other| other != key);
        }
    }

    /// A support function that a script or an extension put into a family.
    pub fn family_function(&self, family: Oid, left: Oid, right: Oid, number: i16) -> Option<FamilyFunction> {
        self.stored.family_functions.get(&(family, left, right, number)).copied()
    }

    /// The support functions that scripts and extensions put into a family.
    pub fn user_family_functions(&self, family: Oid) -> impl Iterator<Item = FamilyFunction> + '_ {
        self.stored.family_functions.range(of_family(family)).map(|(_, member)| *member)
    }

    pub(crate) fn insert_family_function(&mut self, member: FamilyFunction) {
        let key = (member.family, member.left, member.right, member.number);
        self.stored.family_functions.insert(key, member);
    }

    pub(crate) fn remove_family_function(&mut self, family: Oid, left: Oid, right: Oid, number: i16) {
        self.stored.family_functions.remove(&(family, left, right, number));
    }

    /// Removes an operator, from its families too.
    pub(crate) fn remove_operator(&mut self, oid: Oid) -> Option<Arc<Operator>> {
        let members: Vec<FamilyOperator> = self.user_families_of_operator(oid).collect();
        for member in members {
            self.remove_family_operator(member.family, member.left, member.right, member.strategy);
        }
        self.remove_operator_record(oid)
    }

    /// Removes an operator class with the members of its family that go with it.
    pub(crate) fn remove_opclass(&mut self, oid: Oid) -> Option<Arc<OpClass>> {
        let class = self.remove_opclass_record(oid)?;
        for &(left, right, strategy) in &class.operators {
            self.remove_family_operator(class.family, left, right, strategy);
        }
        for &(left, right, number) in &class.functions {
            self.remove_family_function(class.family, left, right, number);
        }
        Some(class)
    }

    /// Removes a function from the families that it supports.
    pub(crate) fn remove_function_from_families(&mut self, function: Oid) {
        let keys: Vec<MemberKey> =
            self.stored.family_functions.iter().filter(|(_, m)| m.function == function).map(|(k, _)| *k).collect();
        for key in keys {
            self.stored.family_functions.remove(&key);
        }
    }

    pub(crate) fn remove_opfamily(&mut self, oid: Oid) -> Option<Arc<OpFamily>> {
        let operators: Vec<FamilyOperator> = self.user_family_operators(oid).collect();
        for member in operators {
            self.remove_family_operator(oid, member.left, member.right, member.strategy);
        }
        let functions: Vec<FamilyFunction> = self.user_family_functions(oid).collect();
        for member in functions {
            self.remove_family_function(oid, member.left, member.right, member.number);
        }
        self.remove_opfamily_record(oid)
    }
}

fn of_family(family: Oid) -> std::ops::RangeInclusive<MemberKey> {
    let last = Oid(u32::MAX);
    (family, Oid::INVALID, Oid::INVALID, i16::MIN)..=(family, last, last, i16::MAX)
}
