//! The members of an extension of which there is data: types, views and functions; [`super::operators`] has what
//! operators work with. They are made as its script would.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::catalog::builtin::{
    AvailableExtension, ExtensionMember, MemberType, SystemColumn, SystemFunction, SystemRelation, SystemType,
    TypeReference,
};
use crate::catalog::lsyscache::EXTENSION_DICTIONARIES;
use crate::catalog::{
    Aggregate, BaseType, Cast, Column, DependencyKind, Domain, FamilyOperator, ForeignDataWrapper, Function,
    FunctionBody, FunctionKind, Language, Object, Oid, Origin, PG_CATALOG, Param, Provenance, RangeType, Relation,
    RelationKind, StoredQuery, Subscript, TsDict, Type, TypeKind, TypeRef, Unknown, tree, type_oid as t,
};
use crate::replay::Replay;
use crate::replay::ddl::function::unknown_default;
use crate::sql::ast::Name;

impl Replay {
    /// Its text search dictionaries.
    pub(super) fn make_member_dictionaries(
        &mut self,
        available: &AvailableExtension,
        extension: Oid,
        schema: Oid,
        origin: Origin,
    ) {
        for made in EXTENSION_DICTIONARIES.iter().filter(|made| made.extension == available.name) {
            let oid = self.catalog.new_oid();
            self.catalog.insert_ts_dict(TsDict {
                oid,
                schema,
                name: made.name.into(),
                owner: self.session.current_user,
                template: oid,
                options: made.options.iter().map(|(name, value)| ((*name).into(), (*value).to_owned())).collect(),
                comment: None,
                provenance: Provenance::new(origin),
            });
            let (dependent, referenced) = (Object::TsDict(oid), Object::Extension(extension));
            self.catalog.dependencies.add(dependent, referenced, DependencyKind::Extension);
        }
    }

    /// What the extension's script makes: types and functions. Its relations are known by name only.
    pub(super) fn make_members(&mut self, available: &AvailableExtension, extension: Oid, schema: Oid, origin: Origin) {
        let members = available.members();
        let mut types: FxHashMap<&'static str, Oid> = FxHashMap::default();
        for member in &members {
            if let ExtensionMember::Type(ty) = member {
                let oid = self.catalog.new_oid();
                types.insert(ty.name, oid);
            }
        }
        let resolve = |catalog: &crate::catalog::Catalog, ty: MemberType| match ty {
            MemberType::None => Oid::INVALID,
            MemberType::Builtin(oid) => oid,
            MemberType::Extension { extension, name } if extension == available.name => {
                types.get(name).copied().unwrap_or(Oid::INVALID)
            }
            MemberType::Extension { extension, name } => catalog
                .extension_named(extension)
                .and_then(|e| catalog.type_in(e.schema, name))
                .map_or(Oid::INVALID, |t| t.oid),
        };
        for member in &members {
            match member {
                ExtensionMember::Type(ty) => {
                    let Some(&oid) = types.get(ty.name) else { continue };
                    let mut member = self.member_type(ty, oid, schema, origin, |t| resolve(&self.catalog, t));
                    if ty.typtype == 'm'
                        && let Some(range) = range_of(&members, ty.name).and_then(|range| types.get(range))
                    {
                        member.kind = TypeKind::Multirange(*range);
                    }
                    // Array types go with their elements.
                    let direct = !matches!(member.kind, TypeKind::Array(_) | TypeKind::Multirange(_));
                    self.catalog.insert_type(member);
                    if direct {
                        self.make_member(Object::Type(oid), extension);
                    }
                }
                // A composite type's relation belongs to the type.
                ExtensionMember::Relation(relation) if relation.relkind == 'c' => {
                    let oid = self.catalog.new_oid();
                    let member = self.member_relation(relation, oid, schema, origin, |t| resolve(&self.catalog, t));
                    let row_type = types.get(relation.name).copied();
                    let kind = RelationKind::CompositeType;
                    self.catalog.insert_relation(Relation { kind, row_type, ..member });
                    if let Some(ty) = row_type.and_then(|ty| self.catalog.type_mut(ty)) {
                        ty.kind = TypeKind::Composite(oid);
                    }
                }
                ExtensionMember::Relation(relation) if relation.relkind == 'v' => {
                    let oid = self.catalog.new_oid();
                    let member = self.member_relation(relation, oid, schema, origin, |t| resolve(&self.catalog, t));
                    self.catalog.insert_relation(member);
                    let name = Name::from(relation.name);
                    let kind = TypeKind::Composite(oid);
                    let row = self.make_row_type(schema, &name, kind, self.session.current_user, origin);
                    if let (Ok((row_type, _)), Some(relation)) = (row, self.catalog.relation_mut(oid)) {
                        relation.row_type = Some(row_type);
                    }
                    self.make_member(Object::Relation(oid), extension);
                }
                ExtensionMember::Relation(relation) => {
                    let reason = format!("relations of extension \"{}\" are not modelled", available.name);
                    let unknown = Unknown { origin, reason: reason.into() };
                    self.catalog.taint.mark_relation(schema, relation.name.into(), unknown);
                }
                ExtensionMember::Function(function) => {
                    let oid = self.catalog.new_oid();
                    let member = self.member_function(function, oid, schema, origin, |t| resolve(&self.catalog, t));
                    self.catalog.insert_function(member);
                    self.make_member(Object::Function(oid), extension);
                }
                ExtensionMember::Operator(operator) => {
                    let oid = self.catalog.new_oid();
                    let resolve = |t| resolve(&self.catalog, t);
                    let operator = self.member_operator(oid, operator, schema, origin, resolve);
                    if let Some(oid) = self.insert_member_operator(operator) {
                        self.make_member(Object::Operator(oid), extension);
                    }
                }
                ExtensionMember::Cast(cast) => {
                    let cast = self.member_cast(cast, schema, origin, |t| resolve(&self.catalog, t));
                    let oid = self.catalog.new_oid();
                    self.catalog.insert_cast(Cast { oid, ..cast });
                    self.make_member(Object::Cast(oid), extension);
                }
                ExtensionMember::Opfamily(family) => {
                    let oid = self.member_opfamily(family.access_method, family.name, schema, origin);
                    self.make_member(Object::OpFamily(oid), extension);
                }
                ExtensionMember::Opclass(class) => {
                    let (input, key) =
                        (resolve(&self.catalog, class.input_type), resolve(&self.catalog, class.key_type));
                    let oid = self.member_opclass(class, schema, origin, input, key, extension);
                    self.make_member(Object::OpClass(oid), extension);
                }
                ExtensionMember::FamilyOperator(member) => {
                    let ty = |t| resolve(&self.catalog, t);
                    let operands = (ty(member.operator_left), ty(member.operator_right));
                    let found = |s| self.catalog.operator_with_args(s, member.operator, operands.0, operands.1);
                    let operator = found(schema).or_else(|| found(PG_CATALOG)).map(|op| op.oid);
                    let family = self.catalog.opfamily_in(schema, member.access_method, member.family);
                    let (left, right) = (ty(member.left), ty(member.right));
                    if let (Some(operator), Some(family)) = (operator, family) {
                        self.catalog.insert_family_operator(FamilyOperator {
                            family,
                            left,
                            right,
                            strategy: member.strategy,
                            operator,
                            sort_family: member.sort_family,
                        });
                    }
                }
                ExtensionMember::Other { kind, identity } => {
                    self.make_other_member(kind, identity, extension, schema, origin);
                }
            }
        }
    }

    /// A foreign-data wrapper or a language; other kinds are known by their names only.
    fn make_other_member(&mut self, kind: &str, identity: &str, extension: Oid, schema: Oid, origin: Origin) {
        let (owner, provenance) = (self.session.current_user, Provenance::new(origin));
        let function = |of: &str, args: &[Oid]| {
            let found = self.catalog.function_with_args(schema, &format!("{identity}_{of}"), args);
            found.map_or(Oid::INVALID, |f| f.oid())
        };
        match kind {
            "foreign-data wrapper" => {
                let (handler, validator) = (function("handler", &[]), function("validator", &[t::TEXT_ARRAY, t::OID]));
                let oid = self.catalog.new_oid();
                self.catalog.insert_foreign_data_wrapper(ForeignDataWrapper {
                    oid,
                    name: identity.into(),
                    owner,
                    handler,
                    validator,
                    unknown_functions: false,
                    options: Vec::new(),
                    acl: None,
                    comment: None,
                    provenance,
                });
                self.make_member(Object::ForeignDataWrapper(oid), extension);
            }
            "language" if self.catalog.language_named(identity).is_none() => {
                let oid = self.catalog.new_oid();
                self.catalog.insert_language(Language {
                    oid,
                    name: identity.into(),
                    owner,
                    trusted: self.catalog.builtins().language_is_trusted(identity).unwrap_or(!identity.ends_with('u')),
                    functions: [Oid::INVALID; 3],
                    acl: None,
                    comment: None,
                    provenance,
                });
                self.make_member(Object::Language(oid), extension);
            }
            _ => {}
        }
    }

    pub(super) fn make_member(&mut self, object: Object, extension: Oid) {
        self.catalog.dependencies.add(object, Object::Extension(extension), DependencyKind::Extension);
    }

    /// A view of an extension: its columns count, its query is nobody's business.
    fn member_relation(
        &self,
        relation: &SystemRelation<MemberType>,
        oid: Oid,
        schema: Oid,
        origin: Origin,
        resolve: impl Fn(MemberType) -> Oid,
    ) -> Relation {
        let column = |(column, number): (&SystemColumn<MemberType>, i16)| {
            let ty = TypeRef::plain(resolve(column.ty));
            Column::new(number, column.name.into(), ty, Provenance::new(origin))
        };
        let (name, owner) = (relation.name.into(), self.session.current_user);
        let kind = RelationKind::View(empty_query());
        Relation {
            columns: relation.columns.iter().zip(1..).map(column).collect(),
            ..Relation::new(oid, schema, name, owner, kind, Provenance::new(origin))
        }
    }

    fn member_type(
        &self,
        ty: &SystemType<MemberType>,
        oid: Oid,
        schema: Oid,
        origin: Origin,
        resolve: impl Fn(MemberType) -> Oid,
    ) -> Type {
        let kind = match ty.typtype {
            _ if ty.is_array() => TypeKind::Array(resolve(ty.element)),
            'd' => TypeKind::Domain(Domain {
                base: TypeRef { oid: resolve(ty.base), typmod: ty.base_typmod },
                not_null: ty.not_null,
                default: None,
                collation: None,
                checks: Vec::new(),
            }),
            'r' => {
                let (subtype, multirange) = ty.range.unwrap_or((MemberType::None, MemberType::None));
                TypeKind::Range(RangeType {
                    subtype: resolve(subtype),
                    multirange: resolve(multirange),
                    collation: Oid::INVALID,
                    opclass: Oid::INVALID,
                    canonical: Oid::INVALID,
                    subtype_diff: Oid::INVALID,
                })
            }
            // A row type gets its relation, and a multirange its range, when that is made.
            _ => TypeKind::Base(Arc::new(BaseType {
                category: ty.category,
                preferred: ty.preferred,
                len: ty.len,
                by_value: ty.by_value,
                align: ty.align,
                storage: ty.storage,
                delimiter: ty.delimiter,
                element: resolve(ty.element),
                collatable: ty.collation.is_some(),
                subscript: match ty.name {
                    "hstore" => Subscript::Hstore,
                    _ if ty.element.is_some() => Subscript::RawArray,
                    _ => Subscript::None,
                },
                input: Oid::INVALID,
                output: Oid::INVALID,
                receive: Oid::INVALID,
                send: Oid::INVALID,
                typmod_in: Oid::INVALID,
                typmod_out: Oid::INVALID,
                analyze: Oid::INVALID,
                default: None,
            })),
        };
        Type {
            oid,
            schema,
            name: ty.name.into(),
            owner: self.session.current_user,
            kind,
            array: Some(resolve(ty.array)).filter(|&a| a != Oid::INVALID),
            acl: None,
            comment: None,
            provenance: Provenance::new(origin),
        }
    }

    fn member_function(
        &self,
        function: &SystemFunction<MemberType>,
        oid: Oid,
        schema: Oid,
        origin: Origin,
        resolve: impl Fn(MemberType) -> Oid,
    ) -> Function {
        let first_default = function.input_types().count().saturating_sub(function.defaults);
        let mut inputs = 0;
        let mut params = Vec::with_capacity(function.args.len());
        for arg in &function.args {
            let has_default = arg.is_input() && inputs >= first_default;
            inputs += usize::from(arg.is_input());
            params.push(Param {
                name: arg.name.map(Name::from),
                ty: TypeRef::plain(resolve(arg.ty)),
                mode: arg.mode,
                default: has_default.then(unknown_default),
            });
        }
        Function {
            oid,
            schema,
            name: function.name.into(),
            owner: self.session.current_user,
            kind: function.kind,
            params,
            returns: Some(resolve(function.returns)).filter(|&r| r != Oid::INVALID).map(TypeRef::plain),
            returns_set: function.returns_set,
            language: function.language.into(),
            body: FunctionBody::Native(None),
            volatility: function.volatility,
            strict: function.strict,
            security_definer: function.security_definer,
            leakproof: function.leakproof,
            parallel: function.parallel,
            cost: None,
            rows: None,
            config: Vec::new(),
            transforms: Vec::new(),
            aggregate: (function.kind == FunctionKind::Aggregate)
                .then(|| Box::new(Aggregate::called(function.aggregate_kind, function.direct_args.unwrap_or(0)))),
            acl: None,
            comment: None,
            provenance: Provenance::new(origin),
        }
    }
}

/// The range whose multirange has that name.
fn range_of(members: &[ExtensionMember], multirange: &str) -> Option<&'static str> {
    members.iter().find_map(|member| match member {
        ExtensionMember::Type(ty) => match ty.range {
            Some((_, MemberType::Extension { name, .. })) if name == multirange => Some(ty.name),
            _ => None,
        },
        ExtensionMember::Relation(_)
        | ExtensionMember::Function(_)
        | ExtensionMember::Operator(_)
        | ExtensionMember::Cast(_)
        | ExtensionMember::Opfamily(_)
        | ExtensionMember::Opclass(_)
        | ExtensionMember::FamilyOperator(_)
        | ExtensionMember::Other { .. } => None,
    })
}

/// `VALUES ()`, which stands for a query that is not known.
fn empty_query() -> StoredQuery {
    let tree = tree::Query::new(tree::CommandType::Select);
    Arc::new(tree::Stored { tree, depends_on: Vec::new() })
}
