//! Range types with all that belongs to one (`typecmds.c: DefineRange`).

use super::{bad_object, conflicting, option_name, option_type, taken};
use crate::catalog::builtin::CastContext;
use crate::catalog::{
    AclKind, CastPath, DependencyKind, Function, FunctionBody, FunctionKind, Object, Oid, Origin, Param, Provenance,
    RangeType, Type, TypeKind, TypeRef, truncate_name, type_oid as t,
};
use crate::replay::{About, Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::{DefElem, Name, ParamMode, QualifiedName, Volatility};
use crate::sql::span::Loc;

impl Replay {
    pub(crate) fn create_range_type(&mut self, name: &QualifiedName, options: &[DefElem], cx: &Context) -> Exec {
        let schema = self.creation_schema(name)?;
        let shell = self.shell_or_free(schema, &name.name)?;
        let (mut subtype, mut opclass, mut collation) = (None, None, None);
        let (mut canonical, mut diff, mut multirange) = (None, None, None);
        for option in options {
            let again = match option.name.as_str() {
                "subtype" => {
                    let again = subtype.is_some();
                    subtype = Some(self.type_written(&option_type(option)?)?);
                    again
                }
                "subtype_opclass" => opclass.replace(option_name(option)?).is_some(),
                "collation" => collation.replace(option_name(option)?).is_some(),
                "canonical" => canonical.replace(option_name(option)?).is_some(),
                "subtype_diff" => diff.replace(option_name(option)?).is_some(),
                "multirange_type_name" => {
                    let name = option_name(option)?;
                    let schema = self.creation_schema(&name)?;
                    multirange.replace((schema, name.name)).is_some()
                }
                other => {
                    let message = format!("type attribute \"{other}\" not recognized");
                    return Err(SqlError::new("42601", message).into());
                }
            };
            if again {
                return Err(conflicting(option).into());
            }
        }
        let Some(subtype) = subtype else {
            return Err(SqlError::new("42601", "type attribute \"subtype\" is required").into());
        };
        if self.catalog.typtype(subtype) == 'p' {
            let message = format!("range subtype cannot be {}", self.type_words(subtype));
            return Err(SqlError::new("42804", message).into());
        }
        let opclass = self.range_opclass(subtype, opclass.as_ref())?;
        let range = RangeType {
            subtype,
            multirange: Oid::INVALID,
            collation: self.range_collation_of(subtype, collation.as_ref())?,
            opclass,
            canonical: self.range_canonical(shell, canonical.as_ref())?,
            subtype_diff: self.range_subtype_diff(subtype, diff.as_ref())?,
        };
        self.make_range(schema, &name.name, shell, range, multirange, cx.at(name.loc), cx)
    }

    /// The shell of that name, which the definition completes; an array type in the way gets another name.
    pub(super) fn shell_or_free(&mut self, schema: Oid, name: &Name) -> Exec<Option<Oid>> {
        let found = self.catalog.type_in(schema, name);
        if let Some(shell) = found.filter(|ty| matches!(ty.kind, TypeKind::Shell)) {
            return Ok(Some(shell.oid));
        }
        self.free_name(schema, name)?;
        Ok(None)
    }

    /// No type has the name, of PostgreSQL's own either.
    fn free_name(&mut self, schema: Oid, name: &Name) -> Exec {
        self.free_type_name(schema, name)?;
        match self.catalog.type_oid_in(schema, name) {
            Some(_) => Err(taken(format!("type \"{name}\" already exists"), None).into()),
            None => Ok(()),
        }
    }

    fn range_collation_of(&self, subtype: Oid, name: Option<&QualifiedName>) -> Exec<Oid> {
        let own = self.catalog.type_collation(subtype);
        match name {
            Some(_) if own == Oid::INVALID => {
                let message = "range collation specified but subtype does not support collation";
                Err(SqlError::new("42809", message).into())
            }
            Some(name) => self.find_collation(name),
            None => Ok(own),
        }
    }

    /// `typecmds.c: findRangeSubOpclass`
    fn range_opclass(&self, subtype: Oid, name: Option<&QualifiedName>) -> Exec<Oid> {
        if let Some(name) = name {
            let class = self.find_opclass("btree", name)?;
            let input = self.catalog.opclass_info(class).map_or(Oid::INVALID, |class| class.input_type);
            if !self.catalog.is_binary_coercible(subtype, input) {
                let subtype = self.type_words(subtype);
                let message =
                    format!("operator class \"{}\" does not accept data type {subtype}", lookup::display(name));
                return Err(SqlError::new("42804", message).into());
            }
            return Ok(class);
        }
        match self.catalog.default_opclass(subtype, "btree") {
            Oid::INVALID => {
                let subtype = self.type_words(subtype);
                let message = format!("data type {subtype} has no default operator class for access method \"btree\"");
                let hint = "You must specify an operator class for the range type or define a default operator class \
                            for the subtype.";
                let error = SqlError::new("42704", message).hint(hint);
                match lookup::maybe_undefined(&self.catalog) {
                    Some(unknown) => Err(lookup::maybe(error, &unknown)),
                    None => Err(error.into()),
                }
            }
            class => Ok(class),
        }
    }

    /// `typecmds.c: findRangeCanonicalFunction`
    fn range_canonical(&self, shell: Option<Oid>, name: Option<&QualifiedName>) -> Exec<Oid> {
        let Some(name) = name else { return Ok(Oid::INVALID) };
        let Some(range) = shell else {
            let error = bad_object("cannot specify a canonical function without a pre-created shell type");
            let hint = "Create the type as a shell type, then create its canonicalization function, then do a full \
                        CREATE TYPE.";
            return Err(error.hint(hint).into());
        };
        let function = self.function_named(name, &[range])?;
        let signature = self.signature(name, &[range]);
        if self.returned_by(function) != range {
            return Err(bad_object(format!("range canonical function {signature} must return range type")).into());
        }
        self.must_be_immutable(function, || format!("range canonical function {signature} must be immutable"))?;
        Ok(function)
    }

    /// `typecmds.c: findRangeSubtypeDiffFunction`
    fn range_subtype_diff(&self, subtype: Oid, name: Option<&QualifiedName>) -> Exec<Oid> {
        let Some(name) = name else { return Ok(Oid::INVALID) };
        let function = self.function_named(name, &[subtype, subtype])?;
        let signature = self.signature(name, &[subtype, subtype]);
        if self.returned_by(function) != t::FLOAT8 {
            let message = format!("range subtype diff function {signature} must return type double precision");
            return Err(bad_object(message).into());
        }
        self.must_be_immutable(function, || format!("range subtype diff function {signature} must be immutable"))?;
        Ok(function)
    }

    fn must_be_immutable(&self, function: Oid, message: impl Fn() -> String) -> Exec {
        match self.catalog.function_info(function).map(|f| f.volatility()) {
            Some(Volatility::Immutable) | None => Ok(()),
            Some(Volatility::Stable | Volatility::Volatile) => Err(bad_object(message()).into()),
        }
    }

    /// The range, its multirange, their arrays, constructors and cast.
    #[allow(clippy::too_many_arguments)]
    fn make_range(
        &mut self,
        schema: Oid,
        name: &Name,
        shell: Option<Oid>,
        range: RangeType,
        multirange: Option<(Oid, Name)>,
        origin: Origin,
        cx: &Context,
    ) -> Exec {
        // The range itself gets its number last (`typecmds.c: DefineRange`).
        let (array, multirange_oid, multirange_array) =
            (self.catalog.new_oid(), self.catalog.new_oid(), self.catalog.new_oid());
        let oid = shell.unwrap_or_else(|| self.catalog.new_oid());
        let range = RangeType { multirange: multirange_oid, ..range };
        self.insert_new_type(oid, schema, name.clone(), TypeKind::Range(range), Some(array), origin);
        let (multirange_schema, multirange_name) = match multirange {
            Some((schema, name)) => {
                self.free_name(schema, &name)?;
                (schema, name)
            }
            None => (schema, self.multirange_type_name(schema, name)?),
        };
        let kind = TypeKind::Multirange(oid);
        let made = multirange_name.clone();
        self.insert_new_type(multirange_oid, multirange_schema, made, kind, Some(multirange_array), origin);
        let array_name = self.array_type_name(schema, name);
        self.insert_new_type(array, schema, array_name, TypeKind::Array(oid), None, origin);
        // The name is looked for in the schema of the range, as PostgreSQL does.
        let array_name = self.array_type_name(schema, &multirange_name);
        let kind = TypeKind::Array(multirange_oid);
        self.insert_new_type(multirange_array, multirange_schema, array_name, kind, None, origin);
        let me = Object::Type(oid);
        let mut needs = vec![Object::Type(range.subtype), Object::OpClass(range.opclass)];
        needs.extend((range.collation != Oid::INVALID).then_some(Object::Collation(range.collation)));
        needs.extend([Object::Function(range.canonical), Object::Function(range.subtype_diff)]);
        self.catalog.dependencies.remove_of_kind(me, DependencyKind::Normal);
        self.depend_on_valid(me, &needs);
        for args in [vec![range.subtype; 2], vec![range.subtype, range.subtype, t::TEXT]] {
            self.make_constructor(schema, name, oid, &args, false, false, origin)?;
        }
        self.make_constructor(schema, &multirange_name, multirange_oid, &[], false, true, origin)?;
        let from_range =
            self.make_constructor(schema, &multirange_name, multirange_oid, &[oid], false, true, origin)?;
        self.make_constructor(schema, &multirange_name, multirange_oid, &[array], true, true, origin)?;
        let path = CastPath::Function(from_range);
        self.insert_cast(oid, multirange_oid, CastContext::Explicit, path, DependencyKind::Internal, cx)?;
        Ok(())
    }

    /// Enters a type under a number that was given out before, in place of its shell if there is one.
    pub(super) fn insert_new_type(
        &mut self,
        oid: Oid,
        schema: Oid,
        name: Name,
        kind: TypeKind,
        array: Option<Oid>,
        origin: Origin,
    ) {
        let shell = self.catalog.remove_type(oid);
        let (owner, provenance) = match &shell {
            Some(shell) => (shell.owner, shell.provenance.clone()),
            None => (self.session.current_user, Provenance::new(origin)),
        };
        let acl = match kind {
            TypeKind::Array(_) => None,
            // A part of its range since 17 (`pg_type.c: TypeCreate`).
            TypeKind::Multirange(_) if self.catalog.version() >= 17 => None,
            _ => self.new_object_acl(AclKind::Type, owner, Some(schema)),
        };
        self.catalog.insert_type(Type { oid, schema, name, owner, kind, array, acl, comment: None, provenance });
    }

    /// `pg_type.c: makeMultirangeTypeName`
    fn multirange_type_name(&self, schema: Oid, range: &str) -> Exec<Name> {
        const SUFFIX: &str = "_multirange";
        let name = match range.find("range") {
            Some(at) => format!("{}multi{}", &range[..at], &range[at..]),
            None => {
                let mut cut = range.len().min(crate::catalog::MAX_NAME + 1 - 12);
                while !range.is_char_boundary(cut) {
                    cut -= 1;
                }
                format!("{}{SUFFIX}", &range[..cut])
            }
        };
        let name = truncate_name(&name);
        let Some(existing) = self.catalog.type_in(schema, name) else { return Ok(name.into()) };
        let error = taken(format!("type \"{name}\" already exists"), Some(About::Type(name.to_owned())))
            .detail(format!("Failed while creating a multirange type for type \"{range}\"."))
            .hint("You can manually specify a multirange type name using the \"multirange_type_name\" attribute.");
        Err(error.related(existing.provenance.created, format!("type \"{name}\" made here")).into())
    }

    /// `typecmds.c: makeRangeConstructors`, `makeMultirangeConstructors`: a part of the type.
    #[allow(clippy::too_many_arguments)]
    fn make_constructor(
        &mut self,
        schema: Oid,
        name: &Name,
        returns: Oid,
        args: &[Oid],
        variadic: bool,
        strict: bool,
        origin: Origin,
    ) -> Exec<Oid> {
        if self.catalog.function_with_args(schema, name, args).is_some() {
            let message = format!("function \"{name}\" already exists with same argument types");
            return Err(SqlError::new("42723", message).at(Loc::NONE).into());
        }
        let mode = if variadic { ParamMode::Variadic } else { ParamMode::In };
        let param = |&ty: &Oid| Param { name: None, ty: TypeRef::plain(ty), mode, default: None };
        let oid = self.catalog.new_oid();
        let owner = crate::catalog::BOOTSTRAP_ROLE;
        self.catalog.insert_function(Function {
            oid,
            schema,
            name: name.clone(),
            owner,
            kind: FunctionKind::Function,
            params: args.iter().map(param).collect(),
            returns: Some(TypeRef::plain(returns)),
            returns_set: false,
            language: "internal".into(),
            body: FunctionBody::Native(None),
            volatility: Volatility::Immutable,
            strict,
            security_definer: false,
            leakproof: false,
            parallel: 's',
            cost: None,
            rows: None,
            config: Vec::new(),
            transforms: Vec::new(),
            aggregate: None,
            acl: self.new_object_acl(AclKind::Function, owner, Some(schema)),
            comment: None,
            provenance: Provenance::new(origin),
        });
        let needs: Vec<Object> = args.iter().map(|&ty| Object::Type(ty)).collect();
        self.depend_on_valid(Object::Function(oid), &needs);
        self.catalog.dependencies.add(Object::Function(oid), Object::Type(returns), DependencyKind::Internal);
        Ok(oid)
    }
}
