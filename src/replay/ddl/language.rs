//! Procedural languages and transforms (`proclang.c`, `functioncmds.c: CreateTransform`).

use crate::catalog::{
    ChangeKind, DependencyKind, FunctionKind, Language, Object, Oid, Provenance, Transform, type_oid as t,
};
use crate::replay::{Context, Exec, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::{
    AlterObjectDepends, CreateLanguage, CreateTransform, FunctionRef, Name, ObjectKind, Touches, TypeName, Volatility,
};

impl Replay {
    /// `proclang.c: get_language_oid`
    pub(in crate::replay) fn find_language(&self, name: &str) -> Exec<Oid> {
        match self.catalog.language_named(name) {
            Some(language) => Ok(language.oid),
            None => {
                let is_language = |object| matches!(object, Object::Language(_));
                self.missing_unplaced("language", name, is_language, lookup::maybe_undefined(&self.catalog))
            }
        }
    }

    /// `proclang.c: CreateProceduralLanguage`
    pub(in crate::replay) fn create_language(&mut self, stmt: &CreateLanguage, cx: &Context) -> Exec {
        if !self.is_superuser(self.session.current_user) && self.catalog.taint.everything().is_none() {
            return Err(SqlError::new("42501", "must be superuser to create custom procedural language").into());
        }
        let handler = self.function_named(&stmt.handler, &[])?;
        if self.returned_by(handler) != t::LANGUAGE_HANDLER {
            let message = format!("function {} must return type language_handler", lookup::display(&stmt.handler));
            return Err(SqlError::new("42809", message).into());
        }
        let inline = stmt.inline.as_ref().map(|name| self.function_named(name, &[t::INTERNAL])).transpose()?;
        let validator = stmt.validator.as_ref().map(|name| self.function_named(name, &[t::OID])).transpose()?;
        let functions = [Some(handler), inline, validator].map(|function| function.unwrap_or(Oid::INVALID));
        let existing = self.catalog.language_named(&stmt.name).map(|l| (l.oid, l.provenance.clone()));
        let oid = match existing {
            Some((oid, _)) if stmt.or_replace => {
                if let Some(language) = self.catalog.language_mut(oid) {
                    (language.trusted, language.functions) = (stmt.trusted, functions);
                    language.provenance.change(cx.origin, ChangeKind::Definition);
                }
                self.catalog.dependencies.remove_of_kind(Object::Language(oid), DependencyKind::Normal);
                oid
            }
            existing => {
                self.refuse_unplaced_name("language", &stmt.name, existing.as_ref().map(|(_, provenance)| provenance))?;
                let oid = self.catalog.new_oid();
                self.catalog.insert_language(Language {
                    oid,
                    name: stmt.name.clone(),
                    owner: self.session.current_user,
                    trusted: stmt.trusted,
                    functions,
                    acl: None,
                    comment: None,
                    provenance: Provenance::new(cx.origin),
                });
                oid
            }
        };
        for function in functions.into_iter().filter(|&function| function != Oid::INVALID) {
            let (language, function) = (Object::Language(oid), Object::Function(function));
            self.catalog.dependencies.add(language, function, DependencyKind::Normal);
        }
        Ok(())
    }

    /// `functioncmds.c: CreateTransform`
    pub(in crate::replay) fn create_transform(&mut self, stmt: &CreateTransform, cx: &Context) -> Exec {
        let ty = lookup::resolve_type(&self.catalog, &self.path(), &stmt.ty)?.oid;
        let refused = self.catalog.type_info(ty).and_then(|info| match info.typtype {
            'p' => Some("a pseudo-type"),
            'd' => Some("a domain"),
            _ => None,
        });
        if let Some(what) = refused {
            let message = format!("data type {} is {what}", lookup::display(&stmt.ty.name));
            return Err(SqlError::new("42809", message).into());
        }
        let name = self.catalog.format_type_be(ty, &self.path());
        if !self.owns_type(ty) {
            return Err(SqlError::new("42501", format!("must be owner of type {name}")).into());
        }
        let language = self.find_language(&stmt.language)?;
        self.may_use_unplaced(Object::Language(language))?;
        let from_sql = self.transform_function(stmt.from_sql.as_ref(), "FROM SQL", t::INTERNAL, "internal")?;
        let to_sql = self.transform_function(stmt.to_sql.as_ref(), "TO SQL", ty, "the transform data type")?;
        let existing = self.catalog.transform_of(ty, language).map(|t| (t.oid, t.provenance.created));
        let oid = match existing {
            Some((_, made)) if !stmt.or_replace => {
                let message = format!("transform for type {name} language \"{}\" already exists", stmt.language);
                return Err(SqlError::new("42710", message).related(made, "made here").into());
            }
            Some((oid, _)) => {
                if let Some(transform) = self.catalog.transform_mut(oid) {
                    (transform.from_sql, transform.to_sql) = (from_sql, to_sql);
                    transform.provenance.change(cx.origin, ChangeKind::Definition);
                }
                self.catalog.dependencies.remove_of_kind(Object::Transform(oid), DependencyKind::Normal);
                oid
            }
            None => {
                let oid = self.catalog.new_oid();
                let provenance = Provenance::new(cx.origin);
                let transform = Transform { oid, ty, language, from_sql, to_sql, comment: None, provenance };
                self.catalog.insert_transform(transform);
                oid
            }
        };
        let functions = [from_sql, to_sql].into_iter().filter(|&f| f != Oid::INVALID).map(Object::Function);
        let needed = [Object::Language(language), Object::Type(ty)].into_iter().chain(functions);
        for needed in needed.collect::<Vec<_>>() {
            self.catalog.dependencies.add(Object::Transform(oid), needed, DependencyKind::Normal);
        }
        Ok(())
    }

    /// A function of a transform, with `check_transform_function`.
    fn transform_function(&self, function: Option<&FunctionRef>, of: &str, returns: Oid, words: &str) -> Exec<Oid> {
        let Some(function) = function else { return Ok(Oid::INVALID) };
        let refuse = |message: &str| Err(SqlError::new("42P17", message).into());
        let oid = self.find_function(function, ObjectKind::Function)?;
        if let Some(own) = self.catalog.function(oid) {
            self.must_own_function(own.owner, &function.name.name)?;
        }
        if self.returned_by(oid) != returns {
            return refuse(&format!("return data type of {of} function must be {words}"));
        }
        let Some(info) = self.catalog.function_info(oid) else { return Ok(oid) };
        if info.volatility() == Volatility::Volatile {
            return refuse("transform function must not be volatile");
        }
        if info.kind() != FunctionKind::Function {
            return refuse("transform function must be a normal function");
        }
        if info.returns_set() {
            return refuse("transform function must not return a set");
        }
        let inputs: Vec<Oid> = info.input_types().collect();
        match inputs.as_slice() {
            [t::INTERNAL] => Ok(oid),
            [_] => refuse("first argument of transform function must be type internal"),
            _ => refuse("transform function must take one argument"),
        }
    }

    /// `functioncmds.c: get_transform_oid`
    pub(in crate::replay) fn find_transform(&self, ty: &TypeName, language: &Name) -> Exec<Oid> {
        let oid = lookup::resolve_type(&self.catalog, &self.path(), ty)?.oid;
        let found = self.find_language(language)?;
        match self.catalog.transform_of(oid, found) {
            Some(transform) => Ok(transform.oid),
            None => {
                let name = self.catalog.format_type_be(oid, &self.path());
                let message = format!("transform for type {name} language \"{language}\" does not exist");
                self.missing_object(message, ty.loc)
            }
        }
    }

    /// `alter.c: ExecAlterObjectDependsStmt`
    pub(in crate::replay) fn alter_object_depends(&mut self, stmt: &AlterObjectDepends, _cx: &Context) -> Exec {
        let Some(object) = self.resolve_object(&stmt.object)? else {
            // One of PostgreSQL's own, which the superuser owns.
            self.find_extension(&stmt.extension)?;
            return Ok(());
        };
        self.must_own_to_depend(object)?;
        let extension = Object::Extension(self.find_extension(&stmt.extension)?);
        let dependencies = &mut self.catalog.dependencies;
        match stmt.remove {
            true => dependencies.remove(object, extension, DependencyKind::AutoExtension),
            false => dependencies.add(object, extension, DependencyKind::AutoExtension),
        }
        Ok(())
    }

    /// The functions of a language follow its name. What is written in PostgreSQL's own languages is known by theirs.
    pub(in crate::replay) fn rename_language(&mut self, language: Oid, old: &Name, new: &Name) -> Exec {
        if language.is_builtin() {
            let reason = "renaming a language of PostgreSQL's own is not executed";
            return Err(Opaque::new(reason, Touches::Everything).into());
        }
        let functions: Vec<Oid> = self.catalog.functions().filter(|f| f.language == *old).map(|f| f.oid).collect();
        for function in functions {
            if let Some(function) = self.catalog.function_mut(function) {
                function.language = new.clone();
            }
        }
        Ok(())
    }

    /// `aclchk.c: ExecGrant_Language_check`
    pub(in crate::replay) fn check_trusted(&self, language: Oid) -> Exec {
        let Some(language) = self.catalog.language(language).filter(|l| !l.trusted) else { return Ok(()) };
        let error = SqlError::new("42809", format!("language \"{}\" is not trusted", language.name));
        let detail = "GRANT and REVOKE are not allowed on untrusted languages, because only superusers can use \
                      untrusted languages.";
        Err(error.detail(detail).into())
    }
}
