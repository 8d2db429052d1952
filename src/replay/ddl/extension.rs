//! Extensions (`extension.c`): those of PostgreSQL's own distribution with their types and functions; of others only
//! that they are there, and that what they contain is not known.

use rustc_hash::FxHashMap;

use super::function::unknown_default;
use crate::catalog::builtin::{
    AvailableExtension, ExtensionMember, MemberType, SystemColumn, SystemFunction, SystemRelation, SystemType,
};
use crate::catalog::{
    Bound, ChangeKind, Column, DependencyKind, Domain, Extension, Function, FunctionBody, Object, Oid, Origin, Param,
    Provenance, Relation, RelationKind, Schema, StoredQuery, Type, TypeKind, TypeRef, Unknown,
};
use crate::replay::{About, Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::{
    AlterExtension, AlterExtensionAction, CreateExtension, Name, Persistence, Query, QueryBody, ReplicaIdentity,
};
use crate::sql::span::Loc;

impl Replay {
    /// `extension.c: CreateExtension`
    pub(crate) fn create_extension(&mut self, stmt: &CreateExtension, cx: &Context) -> Exec {
        let name = &stmt.name;
        if let Some(taken) = self.catalog.extension_named(name) {
            let message = format!("extension \"{name}\" already exists");
            if stmt.if_not_exists {
                self.notice(message + ", skipping", cx);
                return Ok(());
            }
            let error = SqlError::new("42710", message).about(About::Extension(name.to_string()));
            let related = format!("extension \"{name}\" made here");
            return Err(error.related(taken.provenance.created, related).into());
        }
        self.install_extension(stmt, name, cx, &mut Vec::new())
    }

    /// `extension.c: CreateExtensionInternal`; `parents` are the extensions that CASCADE is installing this one for.
    fn install_extension(
        &mut self,
        stmt: &CreateExtension,
        name: &Name,
        cx: &Context,
        parents: &mut Vec<Name>,
    ) -> Exec {
        let asked = parents.is_empty();
        let Some(available) = self.catalog.builtins().extension(name) else {
            return self.install_unknown_extension(stmt, name, cx);
        };
        let mut version: Name = available.default_version.into();
        if let Some(wanted) = stmt.version.as_ref().filter(|_| asked) {
            if !available.versions().any(|v| v == wanted) {
                let message =
                    format!("extension \"{name}\" has no installation script nor update path for version \"{wanted}\"");
                return Err(SqlError::new("22023", message).into());
            }
            version = wanted.as_str().into();
        }
        let schema = self.extension_schema(stmt, &available, cx)?;
        for required in available.requires() {
            let required = Name::from(required);
            if self.catalog.extension_named(&required).is_some() {
                continue;
            }
            if !stmt.cascade {
                let error = SqlError::new("42704", format!("required extension \"{required}\" is not installed"));
                let error = error.about(About::Extension(required.to_string()));
                let hint = "Use CREATE EXTENSION ... CASCADE to install required extensions too.";
                return Err(error.hint(hint).into());
            }
            if parents.contains(&required) {
                let message = format!("cyclic dependency detected between extensions \"{name}\" and \"{required}\"");
                return Err(SqlError::new("55000", message).into());
            }
            self.notice(format!("installing required extension \"{required}\""), cx);
            parents.push(name.clone());
            self.install_extension(stmt, &required, cx, parents)?;
            parents.pop();
        }
        let oid = self.insert_extension(name, schema, Some(version), false, cx);
        for required in available.requires() {
            if let Some(required) = self.catalog.extension_named(required).map(|e| e.oid) {
                let (dependent, referenced) = (Object::Extension(oid), Object::Extension(required));
                self.catalog.dependencies.add(dependent, referenced, DependencyKind::Normal);
            }
        }
        self.make_members(&available, oid, schema, cx.origin);
        Ok(())
    }

    /// An extension that did not come with PostgreSQL. Whether the server has it cannot be known; that a migration asks
    /// for it says that it does.
    fn install_unknown_extension(&mut self, stmt: &CreateExtension, name: &Name, cx: &Context) -> Exec {
        let schema = match &stmt.schema {
            Some(schema) => lookup::schema(&self.catalog, schema, Loc::NONE)?,
            None => match self.session.explicit_path(&self.catalog).first() {
                Some(&schema) => schema,
                // Its control file may name a schema, so an empty path is not an error for certain.
                None => crate::catalog::PUBLIC_SCHEMA,
            },
        };
        let version = stmt.version.as_deref().map(Name::from);
        self.insert_extension(name, schema, version, true, cx);
        Ok(())
    }

    fn insert_extension(
        &mut self,
        name: &Name,
        schema: Oid,
        version: Option<Name>,
        unknown: bool,
        cx: &Context,
    ) -> Oid {
        let oid = self.catalog.new_oid();
        let provenance = Provenance::new(cx.origin);
        let name = name.clone();
        self.catalog.insert_extension(Extension { oid, name, schema, version, unknown, comment: None, provenance });
        oid
    }

    /// The schema of its objects: that of the control file, else that of SCHEMA, else the first of the path.
    fn extension_schema(&mut self, stmt: &CreateExtension, available: &AvailableExtension, cx: &Context) -> Exec<Oid> {
        let asked = stmt.schema.as_ref().map(|s| lookup::schema(&self.catalog, s, Loc::NONE)).transpose()?;
        let Some(fixed) = available.schema else {
            return match asked.or_else(|| self.session.explicit_path(&self.catalog).first().copied()) {
                Some(schema) => Ok(schema),
                None => Err(SqlError::new("3F000", "no schema has been selected to create in").into()),
            };
        };
        // With CASCADE the clause is for those extensions that can follow it.
        if let Some(asked) = stmt.schema.as_deref()
            && asked != fixed
            && stmt.name == available.name
        {
            let message = format!("extension \"{}\" must be installed in schema \"{fixed}\"", available.name);
            return Err(SqlError::new("0A000", message).into());
        }
        if let Some(schema) = self.catalog.schema_named(fixed) {
            return Ok(schema.oid);
        }
        let oid = self.catalog.new_oid();
        self.catalog.insert_schema(Schema {
            oid,
            name: fixed.into(),
            owner: self.session.current_user,
            acl: None,
            comment: None,
            provenance: Provenance::new(cx.origin),
        });
        Ok(oid)
    }

    /// What the extension's script makes: types and functions. Its relations are known by name only.
    fn make_members(&mut self, available: &AvailableExtension, extension: Oid, schema: Oid, origin: Origin) {
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
                ExtensionMember::Relation(relation) if relation.relkind == 'v' => {
                    let oid = self.catalog.new_oid();
                    let member = self.member_view(relation, oid, schema, origin, |t| resolve(&self.catalog, t));
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

    fn make_member(&mut self, object: Object, extension: Oid) {
        self.catalog.dependencies.add(object, Object::Extension(extension), DependencyKind::Extension);
    }

    /// A view of an extension: its columns count, its query is nobody's business.
    fn member_view(
        &self,
        view: &SystemRelation<MemberType>,
        oid: Oid,
        schema: Oid,
        origin: Origin,
        resolve: impl Fn(MemberType) -> Oid,
    ) -> Relation {
        let column = |(column, number): (&SystemColumn<MemberType>, i16)| Column {
            number,
            name: column.name.into(),
            ty: TypeRef::plain(resolve(column.ty)),
            collation: None,
            not_null: false,
            default: None,
            generated: None,
            identity: None,
            dropped: false,
            storage: None,
            compression: None,
            statistics: None,
            options: Vec::new(),
            acl: None,
            comment: None,
            provenance: Provenance::new(origin),
        };
        Relation {
            oid,
            schema,
            name: view.name.into(),
            owner: self.session.current_user,
            kind: RelationKind::View(empty_query()),
            persistence: Persistence::Permanent,
            columns: view.columns.iter().zip(1..).map(column).collect(),
            constraints: Vec::new(),
            indexes: Vec::new(),
            triggers: Vec::new(),
            policies: Vec::new(),
            row_security: false,
            force_row_security: false,
            replica_identity: ReplicaIdentity::Nothing,
            options: Vec::new(),
            row_type: None,
            acl: None,
            comment: None,
            provenance: Provenance::new(origin),
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

    /// `extension.c: ExecAlterExtensionStmt`, `ExecAlterExtensionContentsStmt`
    pub(crate) fn alter_extension(&mut self, stmt: &AlterExtension, cx: &Context) -> Exec {
        let name = &stmt.name;
        let oid = self.find_extension(name)?;
        match &stmt.action {
            AlterExtensionAction::Update(version) => {
                let Some(extension) = self.catalog.extension(oid) else { return Ok(()) };
                let available = self.catalog.builtins().extension(name);
                let default = available.as_ref().map(|a| a.default_version);
                let Some(version) = version.as_deref().or(default) else { return Ok(()) };
                let installed = extension.version.clone();
                if installed.as_deref() == Some(version) {
                    self.notice(format!("version \"{version}\" of extension \"{name}\" is already installed"), cx);
                    return Ok(());
                }
                if available.is_some_and(|a| !a.versions().any(|v| v == version)) {
                    let installed = installed.unwrap_or_default();
                    let message = format!(
                        "extension \"{name}\" has no update path from version \"{installed}\" to version \"{version}\""
                    );
                    return Err(SqlError::new("22023", message).into());
                }
                let version = Name::from(version);
                if let Some(extension) = self.catalog.extension_mut(oid) {
                    extension.version = Some(version);
                    extension.provenance.change(cx.origin, ChangeKind::Definition);
                }
            }
            AlterExtensionAction::Add(object) => {
                if let Some(object) = self.resolve_object(object)? {
                    self.make_member(object, oid);
                }
            }
            AlterExtensionAction::Drop(object) => {
                if let Some(object) = self.resolve_object(object)? {
                    let referenced = Object::Extension(oid);
                    self.catalog.dependencies.remove(object, referenced, DependencyKind::Extension);
                }
            }
        }
        Ok(())
    }

    /// The extension of that name (`extension.c: get_extension_oid`).
    pub(crate) fn find_extension(&self, name: &str) -> Exec<Oid> {
        if let Some(extension) = self.catalog.extension_named(name) {
            return Ok(extension.oid);
        }
        let error = SqlError::new("42704", format!("extension \"{name}\" does not exist"));
        let mut error = error.about(About::Extension(name.to_owned()));
        let same = |t: &crate::catalog::Tombstone| matches!(t.object, Object::Extension(_)) && t.name == name;
        lookup::explain(&self.catalog, &mut error, same);
        match self.catalog.taint.everything() {
            Some(unknown) => Err(lookup::maybe(error, unknown)),
            None => Err(error.into()),
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
