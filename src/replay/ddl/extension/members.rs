//! The members of an extension of which there is data: types, views and functions. They are made as its script would.

use rustc_hash::FxHashMap;

use crate::catalog::builtin::{
    AvailableExtension, ExtensionMember, MemberType, SystemColumn, SystemFunction, SystemRelation, SystemType,
};
use crate::catalog::{
    Bound, Column, DependencyKind, Domain, Function, FunctionBody, Object, Oid, Origin, Param, Provenance, Relation,
    RelationKind, StoredQuery, Type, TypeKind, TypeRef, Unknown,
};
use crate::replay::Replay;
use crate::replay::ddl::function::unknown_default;
use crate::sql::ast::{Name, Query, QueryBody};

impl Replay {
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
                    let member = self.member_type(ty, oid, schema, origin, |t| resolve(&self.catalog, t));
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
                // Operators, casts and operator classes are looked up in the extension's own data.
                ExtensionMember::Operator(_)
                | ExtensionMember::Cast(_)
                | ExtensionMember::Opclass(_)
                | ExtensionMember::Other { .. } => {}
            }
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
            'r' => TypeKind::Range(ty.range.map_or(Oid::INVALID, |(subtype, _)| resolve(subtype))),
            // A row type's relation and a multirange's range are not modelled.
            _ => TypeKind::Base,
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
            body: FunctionBody::Native,
            volatility: function.volatility,
            strict: function.strict,
            security_definer: function.security_definer,
            leakproof: function.leakproof,
            parallel: function.parallel,
            cost: None,
            rows: None,
            config: Vec::new(),
            acl: None,
            comment: None,
            provenance: Provenance::new(origin),
        }
    }
}

/// `VALUES ()`, which stands for a query that is not known.
fn empty_query() -> StoredQuery {
    let ast = Query {
        with: None,
        body: QueryBody::Values(Vec::new()),
        order_by: Vec::new(),
        limit: None,
        with_ties: false,
        offset: None,
        locking: Vec::new(),
    };
    Bound { ast, names: Vec::new(), depends_on: Vec::new() }.into()
}
