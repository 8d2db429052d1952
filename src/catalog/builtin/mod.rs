//! PostgreSQL's own objects: the base layer under every catalog, shared and immutable.
//!
//! The data files under `data/` are made from real servers by `cargo xtask builtins`. A line is an object, its first
//! column the major versions that have it. They are not parsed at start-up: a table indexes its lines by name at
//! first use (well under a millisecond) and decodes a line when somebody asks for that object.
//!
//! Objects that PostgreSQL pins have PostgreSQL's OIDs. What `initdb` numbers by itself (row types of catalogs,
//! `information_schema`) has other numbers on every machine; here it gets `12000` and the number of its line.
//!
//! ```
//! use pgproof::catalog::builtin::Builtins;
//!
//! let builtins = Builtins::for_version(15);
//! let text = builtins.type_by_name("text").unwrap();
//! assert!(builtins.functions_named("lower").any(|f| f.input_types().eq([text.oid])));
//! assert_eq!(builtins.condition("duplicate_object"), Some("42710"));
//! ```

mod decode;
mod extension;
mod family;
mod rows;
mod script;
mod table;
#[cfg(test)]
mod tests;

pub use extension::{AvailableExtension, ExtensionMember, MemberType};
pub use rows::*;

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use self::decode::TypeNames;
use self::extension::Extensions;
use self::family::FamilyOperators;
pub(super) use self::table::FIRST_UNPINNED;
use self::table::{ByOid, Table};
use super::{FamilyFunction, INFORMATION_SCHEMA, Oid, PG_CATALOG};

/// The oldest major version that there is data for.
pub const OLDEST_VERSION: u32 = 14;
/// The newest major version that there is data for.
pub const NEWEST_VERSION: u32 = 18;

const VERSIONS: usize = (NEWEST_VERSION - OLDEST_VERSION + 1) as usize;

/// The objects of one major version.
#[derive(Debug)]
pub struct Builtins {
    version: u32,
    types: OnceLock<Table<BuiltinType>>,
    type_oids: OnceLock<ByOid>,
    functions: OnceLock<Table<BuiltinFunction>>,
    function_oids: OnceLock<ByOid>,
    operators: OnceLock<Table<BuiltinOperator>>,
    operator_oids: OnceLock<ByOid>,
    casts: OnceLock<Table<BuiltinCast>>,
    /// The casts by source and target: overload resolution asks for a hundred of them at a time.
    cast_pairs: OnceLock<FxHashMap<(Oid, Oid), usize>>,
    opclasses: OnceLock<Table<BuiltinOpclass>>,
    opclass_oids: OnceLock<ByOid>,
    /// The default operator classes of each type, one for an access method.
    default_opclasses: OnceLock<FxHashMap<Oid, Vec<&'static BuiltinOpclass>>>,
    opfamilies: OnceLock<Table<SystemOpfamily>>,
    family_operators: OnceLock<FamilyOperators>,
    family_functions: OnceLock<Vec<FamilyFunction>>,
    relations: OnceLock<Table<BuiltinRelation>>,
    relation_oids: OnceLock<ByOid>,
    collations: OnceLock<Table<BuiltinCollation>>,
    conditions: OnceLock<Table<Condition>>,
    keywords: OnceLock<Table<KeywordCategory>>,
    names: OnceLock<Table<NamedObject>>,
    settings: OnceLock<Table<SettingLimits>>,
    extensions: OnceLock<Extensions>,
    other_extensions: OnceLock<Extensions>,
}

impl Builtins {
    /// The objects of a major version. One outside [`OLDEST_VERSION`] to [`NEWEST_VERSION`] gets those of the nearest.
    pub fn for_version(version: u32) -> &'static Builtins {
        static ALL: [OnceLock<Builtins>; VERSIONS] = [const { OnceLock::new() }; VERSIONS];
        let version = version.clamp(OLDEST_VERSION, NEWEST_VERSION);
        ALL[(version - OLDEST_VERSION) as usize].get_or_init(|| Builtins {
            version,
            types: OnceLock::new(),
            type_oids: OnceLock::new(),
            functions: OnceLock::new(),
            function_oids: OnceLock::new(),
            operators: OnceLock::new(),
            operator_oids: OnceLock::new(),
            casts: OnceLock::new(),
            cast_pairs: OnceLock::new(),
            opclasses: OnceLock::new(),
            opclass_oids: OnceLock::new(),
            default_opclasses: OnceLock::new(),
            opfamilies: OnceLock::new(),
            family_operators: OnceLock::new(),
            family_functions: OnceLock::new(),
            relations: OnceLock::new(),
            relation_oids: OnceLock::new(),
            collations: OnceLock::new(),
            conditions: OnceLock::new(),
            keywords: OnceLock::new(),
            names: OnceLock::new(),
            settings: OnceLock::new(),
            extensions: OnceLock::new(),
            other_extensions: OnceLock::new(),
        })
    }

    /// The major version.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// A type of `pg_catalog` by its name in `pg_type`: `int4`, `_text`.
    pub fn type_by_name(&'static self, name: &str) -> Option<&'static BuiltinType> {
        self.type_in(PG_CATALOG, name)
    }

    /// A type of `pg_catalog` or `information_schema`.
    pub fn type_in(&'static self, namespace: Oid, name: &str) -> Option<&'static BuiltinType> {
        let index = self.type_index(namespace, name)?;
        self.types().get(index, self)
    }

    /// A type by its OID.
    pub fn type_by_oid(&'static self, oid: Oid) -> Option<&'static BuiltinType> {
        let oids = self.type_oids.get_or_init(|| self.types().by_oid());
        self.types().get(oids.get(oid)?, self)
    }

    /// All types, by name.
    pub fn all_types(&'static self) -> impl Iterator<Item = &'static BuiltinType> {
        self.types().all(self)
    }

    /// The functions of `pg_catalog` with a name.
    pub fn functions_named(&'static self, name: &str) -> impl Iterator<Item = &'static BuiltinFunction> + use<> {
        self.functions().named(name, self).filter(|f| f.namespace == PG_CATALOG)
    }

    /// The functions of `pg_catalog` or `information_schema` with a name.
    pub fn functions_in(
        &'static self,
        namespace: Oid,
        name: &str,
    ) -> impl Iterator<Item = &'static BuiltinFunction> + use<> {
        self.functions().named(name, self).filter(move |f| f.namespace == namespace)
    }

    /// A function by its OID.
    pub fn function_by_oid(&'static self, oid: Oid) -> Option<&'static BuiltinFunction> {
        let oids = self.function_oids.get_or_init(|| self.functions().by_oid());
        self.functions().get(oids.get(oid)?, self)
    }

    /// All functions, by name.
    pub fn all_functions(&'static self) -> impl Iterator<Item = &'static BuiltinFunction> {
        self.functions().all(self)
    }

    /// The operators with a name: `+`, `@>`.
    pub fn operators_named(&'static self, name: &str) -> impl Iterator<Item = &'static BuiltinOperator> + use<> {
        self.operators().named(name, self)
    }

    /// An operator by its OID.
    pub fn operator_by_oid(&'static self, oid: Oid) -> Option<&'static BuiltinOperator> {
        let oids = self.operator_oids.get_or_init(|| self.operators().by_oid());
        self.operators().get(oids.get(oid)?, self)
    }

    /// All operators, by name.
    pub fn all_operators(&'static self) -> impl Iterator<Item = &'static BuiltinOperator> {
        self.operators().all(self)
    }

    /// The cast from one type to another (`pg_cast`).
    pub fn cast(&'static self, source: Oid, target: Oid) -> Option<&'static BuiltinCast> {
        let pairs = self.cast_pairs.get_or_init(|| {
            let casts = self.casts();
            let cast = |index| casts.get(index, self).map(|cast| ((cast.source, cast.target), index));
            (0..casts.len()).filter_map(cast).collect()
        });
        self.casts().get(*pairs.get(&(source, target))?, self)
    }

    /// The casts from a type.
    pub fn casts_from(&'static self, source: Oid) -> impl Iterator<Item = &'static BuiltinCast> + use<> {
        // Casts are indexed by the name of their source.
        let name = self.type_by_oid(source).map_or("", |source| source.name);
        self.casts().named(name, self).filter(move |cast| cast.source == source)
    }

    /// All casts, by the name of their source.
    pub fn all_casts(&'static self) -> impl Iterator<Item = &'static BuiltinCast> {
        self.casts().all(self)
    }

    /// The operator classes with a name, of all access methods.
    pub fn opclasses_named(&'static self, name: &str) -> impl Iterator<Item = &'static BuiltinOpclass> + use<> {
        self.opclass_table().named(name, self)
    }

    /// An operator class by its OID.
    pub fn opclass_by_oid(&'static self, oid: Oid) -> Option<&'static BuiltinOpclass> {
        let oids = self.opclass_oids.get_or_init(|| self.opclass_table().by_oid());
        self.opclass_table().get(oids.get(oid)?, self)
    }

    /// The operator classes of an access method.
    pub fn opclasses(&'static self, access_method: &str) -> impl Iterator<Item = &'static BuiltinOpclass> {
        self.opclass_table().all(self).filter(move |opclass| opclass.access_method == access_method)
    }

    /// The default operator class of an access method for exactly this type, without looking through coercions as
    /// `indexcmds.c: GetDefaultOpClass` does.
    pub fn default_opclass(&'static self, ty: Oid, access_method: &str) -> Option<&'static BuiltinOpclass> {
        let defaults = self.default_opclasses.get_or_init(|| {
            let mut defaults: FxHashMap<Oid, Vec<&'static BuiltinOpclass>> = FxHashMap::default();
            for opclass in self.opclass_table().all(self).filter(|opclass| opclass.is_default) {
                defaults.entry(opclass.input_type).or_default().push(opclass);
            }
            defaults
        });
        defaults.get(&ty)?.iter().copied().find(|opclass| opclass.access_method == access_method)
    }

    /// A relation of `pg_catalog` or `information_schema`.
    pub fn system_relation(&'static self, namespace: Oid, name: &str) -> Option<&'static BuiltinRelation> {
        self.relations().named(name, self).find(|relation| relation.namespace == namespace)
    }

    /// The OID of a relation of `pg_catalog` or `information_schema`, without what else is known of it.
    pub fn relation_oid(&self, namespace: Oid, name: &str) -> Option<Oid> {
        let relations = self.relations();
        let index = relations.range(name).find(|&index| namespace_of(relations.field(index, 1)) == namespace)?;
        Some(relations.oid(index))
    }

    /// A relation of `pg_catalog` or `information_schema` by its OID.
    pub fn relation_by_oid(&'static self, oid: Oid) -> Option<&'static BuiltinRelation> {
        let oids = self.relation_oids.get_or_init(|| self.relations().by_oid());
        self.relations().get(oids.get(oid)?, self)
    }

    /// All relations of `pg_catalog` and `information_schema`, by name.
    pub fn all_relations(&'static self) -> impl Iterator<Item = &'static BuiltinRelation> {
        self.relations().all(self)
    }

    /// A collation. The operating system's (`en_US.utf8`) differ from machine to machine and are not among them.
    pub fn collation(&'static self, name: &str) -> Option<&'static BuiltinCollation> {
        self.collations().named(name, self).next()
    }

    /// A collation by its OID.
    pub fn collation_by_oid(&'static self, oid: Oid) -> Option<&'static BuiltinCollation> {
        self.collations().all(self).find(|collation| collation.oid == oid)
    }

    /// All collations, by name.
    pub fn all_collations(&'static self) -> impl Iterator<Item = &'static BuiltinCollation> {
        self.collations().all(self)
    }

    /// The SQLSTATE of a condition name that PL/pgSQL's `EXCEPTION WHEN` and `RAISE` know. A few names stand for several
    /// SQLSTATEs; this is the first of [`Self::conditions`].
    pub fn condition(&'static self, name: &str) -> Option<&'static str> {
        self.conditions(name).next()
    }

    /// The SQLSTATEs of a condition name. Those that end in `000` stand for their whole class.
    pub fn conditions(&'static self, name: &str) -> impl Iterator<Item = &'static str> + use<> {
        self.condition_table().named(name, self).map(|condition| condition.sqlstate)
    }

    /// The condition name of a SQLSTATE.
    pub fn condition_name(&'static self, sqlstate: &str) -> Option<&'static str> {
        self.condition_table()
            .all(self)
            .find(|condition| condition.sqlstate == sqlstate)
            .map(|condition| condition.name)
    }

    /// What kind of keyword a word in lower case is, if it is one.
    pub fn keyword(&'static self, word: &str) -> Option<KeywordCategory> {
        self.keywords().named(word, self).next().copied()
    }

    /// The predefined roles and their OIDs, `pg_database_owner` among them.
    pub fn roles(&'static self) -> impl Iterator<Item = (Oid, &'static str)> {
        self.named_objects("role").map(|role| (role.oid, role.name))
    }

    /// The predefined roles that a predefined role is a member of.
    pub fn role_memberships(&'static self, role: &str) -> impl Iterator<Item = &'static str> {
        self.named_objects("role").find(|r| r.name == role).into_iter().flat_map(|r| r.details.split_whitespace())
    }

    /// An access method's type, `i` for indexes and `t` for tables, if there is such a method.
    pub fn access_method(&'static self, name: &str) -> Option<char> {
        self.named_objects("access_method").find(|method| method.name == name)?.details.chars().next()
    }

    /// Whether there is a language of this name, and then whether everybody may use it (`TRUSTED`). `plpgsql` is among
    /// them: an extension that every new database has.
    pub fn language_is_trusted(&'static self, name: &str) -> Option<bool> {
        self.named_objects("language").find(|language| language.name == name).map(|language| language.details == "T")
    }

    /// A configuration parameter that `SET` knows, with its type (`bool`, `integer`, `real`, `string`, `enum`) and
    /// context (`user`, `superuser`, `sighup`, `postmaster`, …).
    pub fn parameter(&'static self, name: &str) -> Option<Parameter> {
        let object = self.named_objects("parameter").find(|object| object.name.eq_ignore_ascii_case(name))?;
        let (value_type, context) = object.details.split_once(' ')?;
        Some(Parameter { name: object.name, value_type, context })
    }

    /// What values a parameter takes, under its name as the documentation spells it; nothing where that is not known: of
    /// texts, and of those that depend on how the server was built.
    pub fn setting_limits(&'static self, name: &str) -> Option<&'static SettingLimits> {
        let table = self.settings.get_or_init(|| Table::new(include_str!("data/settings.tsv"), self.version));
        table.named(name, self).next()
    }

    /// There is a text search configuration of this name.
    pub fn has_text_search_configuration(&'static self, name: &str) -> bool {
        self.text_search_oid("ts_configuration", name).is_some()
    }

    /// The OID of a text search object: kind `ts_configuration`, `ts_dictionary`, `ts_parser` or `ts_template`.
    pub fn text_search_oid(&'static self, kind: &str, name: &str) -> Option<Oid> {
        self.named_objects(kind).find(|object| object.name == name).map(|object| object.oid)
    }

    /// The name of a text search object.
    pub fn text_search_name(&'static self, kind: &str, oid: Oid) -> Option<&'static str> {
        self.named_objects(kind).find(|object| object.oid == oid).map(|object| object.name)
    }

    /// What is known of a text search object beside its name: of a configuration the parser, and then the
    /// dictionaries of each of its token types (`word=english_stem`), of a dictionary its template.
    pub fn text_search_details(&'static self, kind: &str, oid: Oid) -> &'static str {
        self.named_objects(kind).find(|object| object.oid == oid).map_or("", |object| object.details)
    }

    /// There is a text search dictionary of this name.
    pub fn has_text_search_dictionary(&'static self, name: &str) -> bool {
        self.named_objects("ts_dictionary").any(|object| object.name == name)
    }

    /// An extension, of PostgreSQL's own distribution or of another project.
    pub fn extension(&'static self, name: &str) -> Option<AvailableExtension> {
        self.extensions()
            .find(name)
            .or_else(|| self.other_extensions().find(name))
            .or_else(|| extension::scripted(name, self))
    }

    /// The names of the extensions of PostgreSQL's own distribution.
    pub fn extension_names(&'static self) -> impl Iterator<Item = &'static str> {
        self.extensions().names()
    }

    /// The names of the extensions of other projects that are known.
    pub fn other_extension_names(&'static self) -> impl Iterator<Item = &'static str> {
        self.other_extensions().names().chain(script::names())
    }

    fn named_objects(&'static self, kind: &str) -> impl Iterator<Item = &'static NamedObject> + use<> {
        self.names.get_or_init(|| Table::new(include_str!("data/names.tsv"), self.version)).named(kind, self)
    }

    fn types(&self) -> &Table<BuiltinType> {
        self.types.get_or_init(|| Table::new(include_str!("data/types.tsv"), self.version))
    }

    fn functions(&self) -> &Table<BuiltinFunction> {
        self.functions.get_or_init(|| Table::new(include_str!("data/functions.tsv"), self.version))
    }

    fn operators(&self) -> &Table<BuiltinOperator> {
        self.operators.get_or_init(|| Table::new(include_str!("data/operators.tsv"), self.version))
    }

    fn casts(&self) -> &Table<BuiltinCast> {
        self.casts.get_or_init(|| Table::new(include_str!("data/casts.tsv"), self.version))
    }

    fn opclass_table(&self) -> &Table<BuiltinOpclass> {
        self.opclasses.get_or_init(|| Table::new(include_str!("data/opclasses.tsv"), self.version))
    }

    fn relations(&self) -> &Table<BuiltinRelation> {
        self.relations.get_or_init(|| Table::new(include_str!("data/relations.tsv"), self.version))
    }

    fn collations(&self) -> &Table<BuiltinCollation> {
        self.collations.get_or_init(|| Table::new(include_str!("data/collations.tsv"), self.version))
    }

    fn condition_table(&self) -> &Table<Condition> {
        self.conditions.get_or_init(|| Table::new(include_str!("data/conditions.tsv"), self.version))
    }

    fn keywords(&self) -> &Table<KeywordCategory> {
        self.keywords.get_or_init(|| Table::new(include_str!("data/keywords.tsv"), self.version))
    }

    fn extensions(&'static self) -> &'static Extensions {
        self.extensions.get_or_init(|| Extensions::of_distribution(include_str!("data/extensions.tsv"), self))
    }

    fn other_extensions(&'static self) -> &'static Extensions {
        self.other_extensions.get_or_init(|| Extensions::new(include_str!("data/other_extensions.tsv"), self))
    }

    fn type_index(&self, namespace: Oid, name: &str) -> Option<usize> {
        let types = self.types();
        types.range(name).find(|&index| namespace_of(types.field(index, 1)) == namespace)
    }
}

impl TypeNames<Oid> for &'static Builtins {
    /// The OID of a type as the data files write it: bare in `pg_catalog`, else after its schema.
    fn resolve(self, name: &'static str) -> Oid {
        let (namespace, name) = match name.strip_prefix("information_schema.") {
            Some(name) => (INFORMATION_SCHEMA, name),
            None => (PG_CATALOG, name),
        };
        self.type_index(namespace, name).map_or(Oid::INVALID, |index| self.types().oid(index))
    }
}

/// The schema that a data file names; nothing is `pg_catalog`.
fn namespace_of(field: &str) -> Oid {
    if field == "information_schema" { INFORMATION_SCHEMA } else { PG_CATALOG }
}
