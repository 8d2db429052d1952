//! PostgreSQL's catalog as a value.
//!
//! A [`Catalog`] is cheap to clone: its maps are persistent and each relation, with everything that belongs to it, is
//! one shared record that is copied when it changes (`benches/store.rs` has the measurement behind this). Built-in
//! objects are in a shared base layer, [`builtin`], and never inserted.
//!
//! Invariants: no I/O, no printing, no panic; only [`crate::replay`] (and later `live`) calls the methods that change it.

mod acl;
pub mod builtin;
mod collation;
mod constants;
mod constraint;
mod depend;
mod dependents;
mod describe;
mod directory;
mod expr;
mod extension;
mod format;
mod function;
mod inherit;
mod large_object;
pub mod lsyscache;
mod names;
mod object;
mod operator;
mod partition;
mod provenance;
mod relation;
mod rows;
mod statistics;
mod store;
mod stored;
mod taint;
pub mod tree;
mod types;
mod typmod;
mod unplaced;

pub use acl::{Acl, AclItem, AclKind, Privs};
pub use collation::{Collation, Conversion, TsConfig, TsDict};
pub use depend::{Dependencies, Dependency, DependencyKind};
pub use expr::{StoredExpr, StoredQuery};
pub use format::{make_numeric_typmod, numeric_typmod, quote_identifier, type_oid};
pub use function::*;
pub use inherit::{ColumnMap, Parent};
pub use large_object::LargeObject;
pub(crate) use names::Namespace;
pub use names::{MAX_NAME, make_object_name, parameter_name, truncate_name};
pub use object::{AttrNumber, Object, Oid};
pub use operator::{Cast, CastPath, FamilyFunction, FamilyOperator, OpClass, OpFamily, Operator};
pub use partition::{PartitionBound, PartitionKey, PartitionKeyColumn, RangeDatum};
pub use provenance::{Change, ChangeKind, Ending, Layer, Origin, Provenance, Tombstone};
pub use relation::*;
pub(crate) use rows::{Cell, MAX_ROWS, Row};
pub use statistics::Statistics;
pub use taint::{Taint, Unknown};
pub use types::{BaseType, Binding, Domain, DomainCheck, EnumLabel, RangeType, Subscript, Type, TypeKind, TypeRef};
pub(crate) use typmod::{InvalidTypmod, typmod_words};
pub use unplaced::{Database, EventTrigger, ForeignDataWrapper, ForeignServer, Language, Transform};

use std::sync::Arc;

use ecow::EcoVec;
use imbl::{OrdMap, Vector};

use crate::sql::ast::{Name, ReplicaIdentity};
use directory::Directory;

/// The schema `pg_catalog`.
pub const PG_CATALOG: Oid = Oid(11);
/// The schema `information_schema` (its number differs between versions; here it is that of 15).
pub const INFORMATION_SCHEMA: Oid = Oid(13373);
/// The schema `public`.
pub const PUBLIC_SCHEMA: Oid = Oid(2200);
/// The collation `default` (`DEFAULT_COLLATION_OID`).
pub const DEFAULT_COLLATION: Oid = Oid(100);
/// The collation `C` (`C_COLLATION_OID`).
pub const C_COLLATION: Oid = Oid(950);
/// The role that owns PostgreSQL's own objects (`BOOTSTRAP_SUPERUSERID`), here named `postgres`.
pub const BOOTSTRAP_ROLE: Oid = Oid(10);
/// The role `pg_database_owner`, which owns the schema `public` from 15 on.
pub const DATABASE_OWNER_ROLE: Oid = Oid(6171);

/// The extension `plpgsql` (its number differs between versions; here it is that of 15).
pub const PLPGSQL_EXTENSION: Oid = Oid(13559);

/// The language `plpgsql`.
pub const PLPGSQL_LANGUAGE: Oid = Oid(13563);

/// A database.
#[derive(Clone, Debug)]
pub struct Catalog {
    version: u32,
    next_oid: u32,
    /// Numbers that sequences get first.
    reserved: Vec<Oid>,
    /// What constraints and indexes have for numbers in PostgreSQL that were made anew under the type of a column.
    made_anew: OrdMap<Oid, u32>,
    /// The numbers of expressions of columns that got others than those they were made with (`pg_attrdef`).
    new_expressions: OrdMap<(Oid, AttrNumber), u32>,
    /// Keys and foreign keys that partitions got from their tables: they are not `NO INHERIT` as others are, even when the
    /// partition is detached (`connoinherit`).
    inheritable: OrdMap<Oid, ()>,
    schemas: OrdMap<Oid, Arc<Schema>>,
    schema_names: OrdMap<Name, Oid>,
    relations: OrdMap<Oid, Arc<Relation>>,
    relation_names: Directory<Oid>,
    /// How many constraints of relations and domains have that name in a schema: generated names avoid all of them.
    constraint_names: Directory<u32>,
    types: OrdMap<Oid, Arc<Type>>,
    type_names: Directory<Oid>,
    functions: OrdMap<Oid, Arc<Function>>,
    /// The functions of each name, oldest first.
    function_names: Directory<EcoVec<Oid>>,
    roles: OrdMap<Oid, Arc<Role>>,
    role_names: OrdMap<Name, Oid>,
    extensions: OrdMap<Oid, Arc<Extension>>,
    publications: OrdMap<Oid, Arc<Publication>>,
    stored: stored::Stored,
    unplaced: unplaced::Unplaced,
    default_acls: OrdMap<DefaultAclKey, (Oid, Acl)>,
    database_config: Vector<(Name, String)>,
    /// The rows of tables, where they are known.
    rows: OrdMap<Oid, Arc<[rows::Row]>>,
    /// The dependency graph.
    pub dependencies: Dependencies,
    /// What is not known.
    pub taint: Taint,
    tombstones: Vector<Arc<Tombstone>>,
    /// What the transaction under way has made of enums.
    pub(crate) uncommitted_enums: UncommittedEnums,
}

/// Enums and labels that no other transaction sees yet (`pg_enum.c: uncommitted_enum_types`, `_values`).
#[derive(Clone, Debug, Default)]
pub(crate) struct UncommittedEnums {
    /// New types.
    pub types: Vec<Oid>,
    /// Labels added by ALTER TYPE, which must not be used before they are committed.
    pub labels: Vec<(Oid, Name)>,
}

/// Whose new objects of which kind in which schema get default privileges (`pg_default_acl`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DefaultAclKey {
    /// The role that makes the objects.
    pub role: Oid,
    /// The schema, or any.
    pub schema: Option<Oid>,
    /// The kind of object.
    pub kind: AclKind,
}

impl Catalog {
    /// A database as `initdb` and `CREATE DATABASE` leave it, for a server of this major version.
    pub fn new(version: u32) -> Catalog {
        let mut catalog = Catalog {
            version,
            next_oid: Oid::FIRST_NORMAL.0,
            reserved: Vec::new(),
            made_anew: OrdMap::new(),
            new_expressions: OrdMap::new(),
            inheritable: OrdMap::new(),
            schemas: OrdMap::new(),
            schema_names: OrdMap::new(),
            relations: OrdMap::new(),
            relation_names: Directory::new(),
            constraint_names: Directory::new(),
            types: OrdMap::new(),
            type_names: Directory::new(),
            functions: OrdMap::new(),
            function_names: Directory::new(),
            roles: OrdMap::new(),
            role_names: OrdMap::new(),
            extensions: OrdMap::new(),
            publications: OrdMap::new(),
            stored: stored::Stored::new(),
            unplaced: unplaced::Unplaced::default(),
            default_acls: OrdMap::new(),
            database_config: Vector::new(),
            rows: OrdMap::new(),
            dependencies: Dependencies::default(),
            taint: Taint::default(),
            tombstones: Vector::new(),
            uncommitted_enums: UncommittedEnums::default(),
        };
        catalog.bootstrap();
        catalog
    }

    /// The major version of the server that is replayed: 15.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// PostgreSQL's own objects.
    pub fn builtins(&self) -> &'static builtin::Builtins {
        builtin::Builtins::for_version(self.version)
    }

    /// What `initdb` makes that a script may alter or drop.
    fn bootstrap(&mut self) {
        let provenance = Provenance::new(Origin::nowhere());
        let everything = RoleAttributes {
            superuser: true,
            inherit: true,
            create_role: true,
            create_db: true,
            login: true,
            replication: true,
            bypass_rls: true,
        };
        let nothing = RoleAttributes {
            superuser: false,
            inherit: true,
            create_role: false,
            create_db: false,
            login: false,
            replication: false,
            bypass_rls: false,
        };
        let predefined = self.builtins().roles().map(|(oid, name)| (oid, Name::from(name), nothing));
        let roles: Vec<_> =
            std::iter::once((BOOTSTRAP_ROLE, Name::from("postgres"), everything)).chain(predefined).collect();
        for (oid, name, attributes) in roles {
            self.insert_role(Role {
                oid,
                name,
                attributes,
                member_of: Vec::new(),
                config: Vec::new(),
                comment: None,
                provenance: provenance.clone(),
            });
        }
        let usage_for_public = |owner: Oid, public: Privs| {
            let mut acl = Acl::default_for(AclKind::Schema, owner, self.version);
            acl.grant(Oid::INVALID, owner, public, false);
            Some(acl)
        };
        let public_owner = if self.version >= 15 { DATABASE_OWNER_ROLE } else { BOOTSTRAP_ROLE };
        let public_privs = if self.version >= 15 { Privs::USAGE } else { Privs::USAGE.with(Privs::CREATE) };
        let schemas = [
            (
                PG_CATALOG,
                "pg_catalog",
                BOOTSTRAP_ROLE,
                usage_for_public(BOOTSTRAP_ROLE, Privs::USAGE),
                "system catalog schema",
            ),
            (
                INFORMATION_SCHEMA,
                "information_schema",
                BOOTSTRAP_ROLE,
                usage_for_public(BOOTSTRAP_ROLE, Privs::USAGE),
                "",
            ),
            (
                PUBLIC_SCHEMA,
                "public",
                public_owner,
                usage_for_public(public_owner, public_privs),
                "standard public schema",
            ),
        ];
        for (oid, name, owner, acl, comment) in schemas {
            let comment = (!comment.is_empty()).then(|| comment.to_owned());
            self.insert_schema(Schema { oid, name: name.into(), owner, acl, comment, provenance: provenance.clone() });
        }
        self.bootstrap_languages();
        // `initdb` runs CREATE EXTENSION plpgsql.
        self.insert_extension(Extension {
            oid: PLPGSQL_EXTENSION,
            name: "plpgsql".into(),
            schema: PG_CATALOG,
            owner: BOOTSTRAP_ROLE,
            version: Some("1.0".into()),
            unknown: false,
            comment: Some("PL/pgSQL procedural language".to_owned()),
            provenance,
        });
    }

    fn bootstrap_languages(&mut self) {
        // The number of `plpgsql` differs between versions; here it is that of 15.
        let languages = [
            (12, "internal", false, "built-in functions"),
            (13, "c", false, "dynamically-loaded C functions"),
            (14, "sql", true, "SQL-language functions"),
            (PLPGSQL_LANGUAGE.0, "plpgsql", true, "PL/pgSQL procedural language"),
        ];
        for (oid, name, trusted, comment) in languages {
            self.insert_language(Language {
                oid: Oid(oid),
                name: name.into(),
                owner: BOOTSTRAP_ROLE,
                trusted,
                functions: [Oid::INVALID; 3],
                acl: None,
                comment: Some(comment.to_owned()),
                provenance: Provenance::new(Origin::nowhere()),
            });
        }
    }

    /// A number for a new object.
    pub(crate) fn new_oid(&mut self) -> Oid {
        let oid = Oid(self.next_oid);
        self.next_oid += 1;
        oid
    }

    /// A key or foreign key is made as a part of that of a partitioned table.
    pub(crate) fn make_inheritable(&mut self, constraint: Oid) {
        self.inheritable.insert(constraint, ());
    }

    /// It is made anew as one of the table's own.
    pub(crate) fn make_private(&mut self, constraint: Oid) {
        self.inheritable.remove(&constraint);
    }

    /// It is a key or foreign key that is not `NO INHERIT`.
    pub(crate) fn is_inheritable_key(&self, constraint: Oid) -> bool {
        self.inheritable.contains_key(&constraint)
    }

    /// A constraint or an index is made anew (`tablecmds.c: ATPostAlterTypeCleanup`): here it keeps its number, but it is
    /// newer now than others.
    pub(crate) fn make_anew(&mut self, oid: Oid) {
        let number = self.new_oid().0;
        self.made_anew.insert(oid, number);
        // Its table lists it last.
        let table = self.relation(oid).and_then(|r| r.as_index()).map(|index| index.table);
        if let Some(table) = table.and_then(|table| self.relation_mut(table)) {
            table.indexes.retain(|&index| index != oid);
            table.indexes.push(oid);
        }
    }

    /// The number that orders a constraint or an index among others.
    pub(crate) fn number_of(&self, oid: Oid) -> u32 {
        self.made_anew.get(&oid).copied().unwrap_or(oid.0)
    }

    /// A generated column gets another expression, which is an object of its own (`heap.c: StoreAttrDefault`).
    pub(crate) fn number_new_expression(&mut self, rel: Oid, column: AttrNumber) {
        let number = self.new_oid().0;
        self.new_expressions.insert((rel, column), number);
    }

    /// The number that orders the expression of a column among others; it follows the table's, unless the column got
    /// another one.
    pub(crate) fn number_of_expression(&self, rel: Oid, column: AttrNumber) -> Option<u32> {
        self.new_expressions.get(&(rel, column)).copied()
    }

    /// Numbers for the sequences of a table that is about to be made: they are older than the table
    /// (`parse_utilcmd.c: generateSerialExtraStmts`).
    pub(crate) fn reserve_for_sequences(&mut self, count: usize) {
        self.reserved = (0..count).map(|_| self.new_oid()).collect();
    }

    /// The number of a sequence.
    pub(crate) fn new_sequence_oid(&mut self) -> Oid {
        if self.reserved.is_empty() { self.new_oid() } else { self.reserved.remove(0) }
    }

    // ---- schemas ----

    /// The schema of that number.
    pub fn schema(&self, oid: Oid) -> Option<&Schema> {
        self.schemas.get(&oid).map(Arc::as_ref)
    }

    /// The schema of that name.
    pub fn schema_named(&self, name: &str) -> Option<&Schema> {
        self.schema(*self.schema_names.get(name)?)
    }

    /// The name of a schema; empty if there is none of that number.
    pub fn schema_name(&self, oid: Oid) -> &str {
        self.schema(oid).map_or("", |s| &s.name)
    }

    /// All schemas, by number.
    pub fn schemas(&self) -> impl Iterator<Item = &Schema> {
        self.schemas.values().map(Arc::as_ref)
    }

    pub(crate) fn insert_schema(&mut self, schema: Schema) {
        self.schema_names.insert(schema.name.clone(), schema.oid);
        self.schemas.insert(schema.oid, Arc::new(schema));
    }

    pub(crate) fn schema_mut(&mut self, oid: Oid) -> Option<&mut Schema> {
        self.schemas.get_mut(&oid).map(Arc::make_mut)
    }

    pub(crate) fn rename_schema(&mut self, oid: Oid, name: Name) {
        if let Some(schema) = self.schemas.get_mut(&oid).map(Arc::make_mut) {
            self.schema_names.remove(&schema.name);
            self.schema_names.insert(name.clone(), oid);
            schema.name = name;
        }
    }

    pub(crate) fn remove_schema(&mut self, oid: Oid) -> Option<Arc<Schema>> {
        let schema = self.schemas.remove(&oid)?;
        self.schema_names.remove(&schema.name);
        Some(schema)
    }

    // ---- relations ----

    /// The relation of that number.
    pub fn relation(&self, oid: Oid) -> Option<&Relation> {
        self.relations.get(&oid).map(Arc::as_ref)
    }

    /// The relation of that number, shared.
    pub fn shared_relation(&self, oid: Oid) -> Option<Arc<Relation>> {
        self.relations.get(&oid).cloned()
    }

    /// The relation of that name in a schema.
    pub fn relation_in(&self, schema: Oid, name: &str) -> Option<&Relation> {
        self.relation(*self.relation_names.get(schema, name)?)
    }

    /// All relations, by number: in order of creation.
    pub fn relations(&self) -> impl Iterator<Item = &Relation> {
        self.relations.values().map(Arc::as_ref)
    }

    /// The relations of a schema, by name.
    pub fn relations_in(&self, schema: Oid) -> impl Iterator<Item = &Relation> {
        self.relation_names.of_schema(schema).filter_map(|&oid| self.relation(oid))
    }

    pub(crate) fn insert_relation(&mut self, relation: Relation) {
        self.relation_names.insert(relation.schema, relation.name.clone(), relation.oid);
        for constraint in &relation.constraints {
            self.count_constraint_name(relation.schema, &constraint.name);
        }
        self.relations.insert(relation.oid, Arc::new(relation));
    }

    /// The relation to change. Its name, schema and constraints are changed by the methods for that only.
    pub(crate) fn relation_mut(&mut self, oid: Oid) -> Option<&mut Relation> {
        self.relations.get_mut(&oid).map(Arc::make_mut)
    }

    pub(crate) fn move_relation(&mut self, oid: Oid, schema: Oid, name: Name) {
        let Some(relation) = self.relations.get_mut(&oid).map(Arc::make_mut) else { return };
        self.relation_names.remove(relation.schema, &relation.name);
        self.relation_names.insert(schema, name.clone(), oid);
        let old = std::mem::replace(&mut relation.schema, schema);
        let old_name = std::mem::replace(&mut relation.name, name.clone());
        let table = relation.as_index().map(|index| index.table);
        if let Some(table) = table
            .and_then(|table| self.relations.get_mut(&table))
            .filter(|table| matches!(&table.replica_identity, ReplicaIdentity::Index(index) if *index == old_name))
        {
            Arc::make_mut(table).replica_identity = ReplicaIdentity::Index(name);
        }
        let Some(relation) = self.relations.get(&oid) else { return };
        if old != schema {
            let names: Vec<Name> = relation.constraints.iter().map(|c| c.name.clone()).collect();
            self.move_constraint_names(old, schema, &names);
        }
    }

    pub(crate) fn remove_relation(&mut self, oid: Oid) -> Option<Arc<Relation>> {
        let relation = self.relations.remove(&oid)?;
        self.rows.remove(&oid);
        self.relation_names.remove(relation.schema, &relation.name);
        for parent in &relation.parents {
            if let Some(parent) = self.relation_mut(parent.relation) {
                parent.children.retain(|&c| c != oid);
            }
        }
        for &child in &relation.children {
            if let Some(child) = self.relation_mut(child) {
                child.parents.retain(|p| p.relation != oid);
            }
        }
        for constraint in &relation.constraints {
            self.forget_constraint_name(relation.schema, &constraint.name);
        }
        Some(relation)
    }

    // ---- types ----

    /// The user-defined type of that number.
    pub fn type_(&self, oid: Oid) -> Option<&Type> {
        if oid.is_builtin() {
            return None;
        }
        self.types.get(&oid).map(Arc::as_ref)
    }

    /// The user-defined type of that name in a schema.
    pub fn type_in(&self, schema: Oid, name: &str) -> Option<&Type> {
        self.type_(*self.type_names.get(schema, name)?)
    }

    /// All user-defined types, by number.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        self.types.values().map(Arc::as_ref)
    }

    /// The user-defined types of a schema, by name.
    pub fn types_in(&self, schema: Oid) -> impl Iterator<Item = &Type> {
        self.type_names.of_schema(schema).filter_map(|&oid| self.type_(oid))
    }

    pub(crate) fn insert_type(&mut self, ty: Type) {
        self.type_names.insert(ty.schema, ty.name.clone(), ty.oid);
        for check in ty.checks() {
            self.count_constraint_name(ty.schema, &check.name);
        }
        self.types.insert(ty.oid, Arc::new(ty));
    }

    pub(crate) fn type_mut(&mut self, oid: Oid) -> Option<&mut Type> {
        self.types.get_mut(&oid).map(Arc::make_mut)
    }

    pub(crate) fn move_type(&mut self, oid: Oid, schema: Oid, name: Name) {
        if let Some(ty) = self.types.get_mut(&oid).map(Arc::make_mut) {
            self.type_names.remove(ty.schema, &ty.name);
            self.type_names.insert(schema, name.clone(), oid);
            let old = std::mem::replace(&mut ty.schema, schema);
            ty.name = name;
            if old != schema {
                let names: Vec<Name> = ty.checks().iter().map(|c| c.name.clone()).collect();
                self.move_constraint_names(old, schema, &names);
            }
        }
    }

    pub(crate) fn remove_type(&mut self, oid: Oid) -> Option<Arc<Type>> {
        let ty = self.types.remove(&oid)?;
        self.type_names.remove(ty.schema, &ty.name);
        for check in ty.checks() {
            self.forget_constraint_name(ty.schema, &check.name);
        }
        Some(ty)
    }

    // ---- functions ----

    /// The user-defined function of that number.
    pub fn function(&self, oid: Oid) -> Option<&Function> {
        self.functions.get(&oid).map(Arc::as_ref)
    }

    /// The user-defined functions of that name in a schema, oldest first.
    pub fn functions_in<'a>(&'a self, schema: Oid, name: &str) -> impl Iterator<Item = &'a Function> + 'a {
        self.function_names.get(schema, name).into_iter().flatten().filter_map(|&oid| self.function(oid))
    }

    /// All user-defined functions, by number.
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        self.functions.values().map(Arc::as_ref)
    }

    /// The user-defined functions of a schema, by name.
    pub fn functions_of_schema(&self, schema: Oid) -> impl Iterator<Item = &Function> {
        self.function_names.of_schema(schema).flatten().filter_map(|&oid| self.function(oid))
    }

    pub(crate) fn insert_function(&mut self, function: Function) {
        self.enter_function(function.schema, &function.name, function.oid);
        self.functions.insert(function.oid, Arc::new(function));
    }

    pub(crate) fn function_mut(&mut self, oid: Oid) -> Option<&mut Function> {
        self.functions.get_mut(&oid).map(Arc::make_mut)
    }

    pub(crate) fn move_function(&mut self, oid: Oid, schema: Oid, name: Name) {
        let Some(function) = self.functions.get_mut(&oid).map(Arc::make_mut) else { return };
        let old_schema = std::mem::replace(&mut function.schema, schema);
        let old_name = std::mem::replace(&mut function.name, name.clone());
        self.strike_function(old_schema, &old_name, oid);
        self.enter_function(schema, &name, oid);
    }

    pub(crate) fn remove_function(&mut self, oid: Oid) -> Option<Arc<Function>> {
        let function = self.functions.remove(&oid)?;
        self.strike_function(function.schema, &function.name, oid);
        Some(function)
    }

    fn enter_function(&mut self, schema: Oid, name: &Name, oid: Oid) {
        match self.function_names.get_mut(schema, name) {
            Some(functions) => {
                if let Err(at) = functions.binary_search(&oid) {
                    functions.insert(at, oid);
                }
            }
            None => self.function_names.insert(schema, name.clone(), EcoVec::from([oid])),
        }
    }

    fn strike_function(&mut self, schema: Oid, name: &Name, oid: Oid) {
        if let Some(functions) = self.function_names.get_mut(schema, name) {
            functions.retain(|&mut f| f != oid);
            if functions.is_empty() {
                self.function_names.remove(schema, name);
            }
        }
    }

    // ---- roles ----

    /// The role of that number.
    pub fn role(&self, oid: Oid) -> Option<&Role> {
        self.roles.get(&oid).map(Arc::as_ref)
    }

    /// The role of that name.
    pub fn role_named(&self, name: &str) -> Option<&Role> {
        self.role(*self.role_names.get(name)?)
    }

    /// The name of a role; `public` for [`Oid::INVALID`].
    pub fn role_name(&self, oid: Oid) -> &str {
        if oid == Oid::INVALID { "public" } else { self.role(oid).map_or("", |r| &r.name) }
    }

    /// All roles, by number.
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        self.roles.values().map(Arc::as_ref)
    }

    pub(crate) fn insert_role(&mut self, role: Role) {
        self.role_names.insert(role.name.clone(), role.oid);
        self.roles.insert(role.oid, Arc::new(role));
    }

    pub(crate) fn role_mut(&mut self, oid: Oid) -> Option<&mut Role> {
        self.roles.get_mut(&oid).map(Arc::make_mut)
    }

    pub(crate) fn rename_role(&mut self, oid: Oid, name: Name) {
        if let Some(role) = self.roles.get_mut(&oid).map(Arc::make_mut) {
            self.role_names.remove(&role.name);
            self.role_names.insert(name.clone(), oid);
            role.name = name;
        }
    }

    pub(crate) fn remove_role(&mut self, oid: Oid) -> Option<Arc<Role>> {
        let role = self.roles.remove(&oid)?;
        self.role_names.remove(&role.name);
        Some(role)
    }

    // ---- extensions and publications: few, found by looking through them ----

    /// The extension of that number.
    pub fn extension(&self, oid: Oid) -> Option<&Extension> {
        self.extensions.get(&oid).map(Arc::as_ref)
    }

    /// The extension of that name.
    pub fn extension_named(&self, name: &str) -> Option<&Extension> {
        self.extensions().find(|e| e.name == name)
    }

    /// All extensions, by number.
    pub fn extensions(&self) -> impl Iterator<Item = &Extension> {
        self.extensions.values().map(Arc::as_ref)
    }

    pub(crate) fn insert_extension(&mut self, extension: Extension) {
        self.extensions.insert(extension.oid, Arc::new(extension));
    }

    pub(crate) fn extension_mut(&mut self, oid: Oid) -> Option<&mut Extension> {
        self.extensions.get_mut(&oid).map(Arc::make_mut)
    }

    pub(crate) fn remove_extension(&mut self, oid: Oid) -> Option<Arc<Extension>> {
        self.extensions.remove(&oid)
    }

    /// The publication of that number.
    pub fn publication(&self, oid: Oid) -> Option<&Publication> {
        self.publications.get(&oid).map(Arc::as_ref)
    }

    /// The publication of that name.
    pub fn publication_named(&self, name: &str) -> Option<&Publication> {
        self.publications().find(|p| p.name == name)
    }

    /// All publications, by number.
    pub fn publications(&self) -> impl Iterator<Item = &Publication> {
        self.publications.values().map(Arc::as_ref)
    }

    pub(crate) fn insert_publication(&mut self, publication: Publication) {
        self.publications.insert(publication.oid, Arc::new(publication));
    }

    pub(crate) fn publication_mut(&mut self, oid: Oid) -> Option<&mut Publication> {
        self.publications.get_mut(&oid).map(Arc::make_mut)
    }

    pub(crate) fn remove_publication(&mut self, oid: Oid) -> Option<Arc<Publication>> {
        self.publications.remove(&oid)
    }

    // ---- the rest ----

    /// All default privileges.
    pub fn default_acls(&self) -> impl Iterator<Item = (DefaultAclKey, &Acl)> {
        self.default_acls.iter().map(|(k, (_, a))| (*k, a))
    }

    /// The default privileges under that key.
    pub fn default_acl(&self, key: DefaultAclKey) -> Option<&Acl> {
        self.default_acls.get(&key).map(|(_, acl)| acl)
    }

    /// The number of the entry under that key.
    pub(crate) fn default_acl_oid(&self, key: DefaultAclKey) -> Option<Oid> {
        self.default_acls.get(&key).map(|&(oid, _)| oid)
    }

    /// The key of the entry of that number.
    pub(crate) fn default_acl_key(&self, oid: Oid) -> Option<DefaultAclKey> {
        self.default_acls.iter().find(|(_, (found, _))| *found == oid).map(|(key, _)| *key)
    }

    pub(crate) fn set_default_acl(&mut self, key: DefaultAclKey, acl: Option<Acl>) {
        match acl {
            Some(acl) => {
                let oid = self.default_acl_oid(key).unwrap_or_else(|| self.new_oid());
                self.default_acls.insert(key, (oid, acl));
            }
            None => {
                self.default_acls.remove(&key);
            }
        }
    }

    /// Settings of the database's sessions (`ALTER DATABASE … SET`): name and value.
    pub fn database_config(&self) -> impl Iterator<Item = (&Name, &str)> {
        self.database_config.iter().map(|(n, v)| (n, v.as_str()))
    }

    pub(crate) fn set_database_config(&mut self, name: &Name, value: Option<String>) {
        self.database_config.retain(|(n, _)| n != name);
        if let Some(value) = value {
            self.database_config.push_back((name.clone(), value));
        }
    }

    /// What is left of objects and names that are gone, oldest first.
    pub fn tombstones(&self) -> impl DoubleEndedIterator<Item = &Tombstone> {
        self.tombstones.iter().map(Arc::as_ref)
    }

    pub(crate) fn bury(&mut self, tombstone: Tombstone) {
        self.tombstones.push_back(Arc::new(tombstone));
    }
}
