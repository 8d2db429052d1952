//! Extensions (`extension.c`): those that are known ([`crate::catalog::builtin`]) with what they make; of others only that
//! they are there, and that what they contain is not known.

mod members;
mod operators;
mod script;

use crate::catalog::builtin::AvailableExtension;
use crate::catalog::{ChangeKind, DependencyKind, Extension, Object, Oid, Provenance, Schema};
use crate::replay::coverage::without_record;
use crate::replay::{About, Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::{AlterExtension, AlterExtensionAction, CreateExtension, Name, ObjectKind, ObjectRef};
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
            if available.of_distribution && !available.versions().any(|v| v == wanted) {
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
        let oid = self.insert_extension(name, schema, Some(version), available.comment, available.partial, cx);
        for required in available.requires() {
            if let Some(required) = self.catalog.extension_named(required).map(|e| e.oid) {
                let (dependent, referenced) = (Object::Extension(oid), Object::Extension(required));
                self.catalog.dependencies.add(dependent, referenced, DependencyKind::Normal);
            }
        }
        self.make_members(&available, oid, schema, cx.origin);
        self.make_member_dictionaries(&available, oid, schema, cx.origin);
        match available.script {
            Some(script) => self.run_extension_script(script, oid, schema, cx),
            None => Ok(()),
        }
    }

    /// An extension that is not known. Whether the server has it cannot be known; that a migration asks
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
        self.insert_extension(name, schema, version, None, true, cx);
        Ok(())
    }

    fn insert_extension(
        &mut self,
        name: &Name,
        schema: Oid,
        version: Option<Name>,
        comment: Option<&str>,
        unknown: bool,
        cx: &Context,
    ) -> Oid {
        let oid = self.catalog.new_oid();
        let provenance = Provenance::new(cx.origin);
        let (name, comment) = (name.clone(), comment.map(str::to_owned));
        let owner = self.session.current_user;
        self.catalog.insert_extension(Extension { oid, name, schema, owner, version, unknown, comment, provenance });
        oid
    }

    /// The schema of its objects: that of the control file, else that of SCHEMA, else the first of the path.
    fn extension_schema(&mut self, stmt: &CreateExtension, available: &AvailableExtension, cx: &Context) -> Exec<Oid> {
        let asked = stmt.schema.as_ref().filter(|_| available.of_distribution || available.schema.is_none());
        let asked = asked.map(|s| lookup::schema(&self.catalog, s, Loc::NONE)).transpose()?;
        let Some(fixed) = available.schema else {
            return match asked.or_else(|| self.session.explicit_path(&self.catalog).first().copied()) {
                Some(schema) => Ok(schema),
                None => Err(SqlError::new("3F000", "no schema has been selected to create in").into()),
            };
        };
        // With CASCADE the clause is for those extensions that can follow it. Of other projects' extensions older versions
        // may be free to be anywhere, and Supabase overrides the clause where it would fail.
        if let Some(asked) = stmt.schema.as_deref()
            && asked != fixed
            && available.of_distribution
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

    /// `extension.c: ExecAlterExtensionStmt`, `ExecAlterExtensionContentsStmt`
    pub(crate) fn alter_extension(&mut self, stmt: &AlterExtension, cx: &Context) -> Exec {
        let name = &stmt.name;
        if let AlterExtensionAction::Add(object) | AlterExtensionAction::Drop(object) = &stmt.action
            && !can_be_member(object.kind)
        {
            return Err(SqlError::new("42P17", "cannot add an object of this type to an extension").into());
        }
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
                if available.is_some_and(|a| a.of_distribution && !a.versions().any(|v| v == version)) {
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
            AlterExtensionAction::Add(object) => self.alter_members(oid, object, true)?,
            AlterExtensionAction::Drop(object) => self.alter_members(oid, object, false)?,
        }
        Ok(())
    }

    /// `extension.c: ExecAlterExtensionContentsStmt`
    fn alter_members(&mut self, extension: Oid, written: &ObjectRef, add: bool) -> Exec {
        let Some(object) = self.resolve_object(written)? else {
            return without_record(written.kind, "ALTER EXTENSION ADD or DROP of");
        };
        let belongs = self.catalog.dependencies.of(object).find(|d| d.kind == DependencyKind::Extension);
        let old = belongs.map(|d| d.referenced);
        let name = |object| match object {
            Object::Extension(oid) => self.catalog.extension(oid).map(|e| e.name.clone()).unwrap_or_default(),
            _ => Name::default(),
        };
        let own = Object::Extension(extension);
        if !add {
            if old != Some(own) {
                let what = self.catalog.describe(object, &self.path());
                let message = format!("{what} is not a member of extension \"{}\"", name(own));
                return Err(SqlError::new("55000", message).into());
            }
            self.catalog.dependencies.remove(object, own, DependencyKind::Extension);
            return Ok(());
        }
        if let Some(old) = old {
            let what = self.catalog.describe(object, &self.path());
            let message = format!("{what} is already a member of extension \"{}\"", name(old));
            return Err(SqlError::new("55000", message).into());
        }
        if let Object::Schema(schema) = object
            && self.catalog.extension(extension).is_some_and(|e| e.schema == schema)
        {
            let message = format!(
                "cannot add schema \"{}\" to extension \"{}\" because the schema contains the extension",
                self.catalog.schema_name(schema),
                name(own)
            );
            return Err(SqlError::new("55000", message).into());
        }
        self.make_member(object, extension);
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

/// The kinds of object that belong to no extension are refused first.
pub(in crate::replay) fn can_be_member(kind: ObjectKind) -> bool {
    use ObjectKind as K;
    match kind {
        K::Database
        | K::Extension
        | K::Index
        | K::Publication
        | K::Role
        | K::Statistics
        | K::Subscription
        | K::Tablespace => false,
        K::AccessMethod
        | K::Aggregate
        | K::Attribute
        | K::Cast
        | K::Collation
        | K::Column
        | K::Conversion
        | K::DefaultPrivileges
        | K::Domain
        | K::DomainConstraint
        | K::EventTrigger
        | K::ForeignDataWrapper
        | K::ForeignServer
        | K::ForeignTable
        | K::Function
        | K::Language
        | K::LargeObject
        | K::MaterializedView
        | K::OpClass
        | K::OpFamily
        | K::Operator
        | K::Parameter
        | K::Policy
        | K::Procedure
        | K::Routine
        | K::Rule
        | K::Schema
        | K::Sequence
        | K::Table
        | K::TableConstraint
        | K::Transform
        | K::Trigger
        | K::TsConfiguration
        | K::TsDictionary
        | K::TsParser
        | K::TsTemplate
        | K::Type
        | K::UserMapping
        | K::View => true,
    }
}
