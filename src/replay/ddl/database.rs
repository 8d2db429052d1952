//! Databases and what belongs to the server (`dbcommands.c`, `guc.c: AlterSystemSetConfigFile`).
//!
//! What a script connects to is one database. Its name is taken to be `postgres` (as `current_database()` says); what other
//! databases the server has is not known, but for those that scripts make.

use crate::catalog::{ChangeKind, Object, Oid};
use crate::replay::{Context, Exec, Opaque, Replay, SqlError};
use crate::sql::ast::{
    DatabaseDef, DefElem, DefValue, Name, ObjectName, ObjectRef, QualifiedName, SetVariable, Touches,
};

/// The options of CREATE DATABASE (`dbcommands.c: createdb`), and the first version that has them.
const CREATE_OPTIONS: &[(&str, u32)] = &[
    ("tablespace", 0),
    ("owner", 0),
    ("template", 0),
    ("encoding", 0),
    ("locale", 0),
    ("lc_collate", 0),
    ("lc_ctype", 0),
    ("builtin_locale", 17),
    ("icu_locale", 15),
    ("icu_rules", 16),
    ("locale_provider", 15),
    ("is_template", 0),
    ("allow_connections", 0),
    ("connection_limit", 0),
    ("collation_version", 15),
    ("location", 0),
    ("oid", 15),
    ("strategy", 15),
];

const ALTER_OPTIONS: &[(&str, u32)] =
    &[("is_template", 0), ("allow_connections", 0), ("connection_limit", 0), ("tablespace", 0)];

impl Replay {
    /// The database of a COMMENT, GRANT and so on; nothing for another than the one that a script is run in.
    pub(super) fn resolve_database(&self, object: &ObjectRef) -> Exec<Option<Object>> {
        let ObjectName::Plain(name) = &object.name else { return Ok(None) };
        Ok(self.is_this_database(&name.name)?.then_some(Object::Database(self.catalog.database().oid)))
    }

    /// It is the database that the script is run in; not so of others that are known.
    fn is_this_database(&self, name: &str) -> Exec<bool> {
        match self.catalog.other_database(name) {
            Some(Some(_)) => return Ok(false),
            Some(None) => return Err(missing(name).into()),
            None if matches!(name, "template0" | "template1") => return Ok(false),
            None => {}
        }
        if name == crate::replay::query::DATABASE {
            return Ok(true);
        }
        let reason = format!("whether \"{name}\" is the database that the migrations run in is not known");
        Err(Opaque::undecided(reason, Touches::Nothing).into())
    }

    fn must_own_database(&self, name: &str) -> Exec {
        let owner = match self.is_this_database(name)? {
            true => self.catalog.database().owner,
            false => self.catalog.other_database(name).flatten().unwrap_or(Oid::INVALID),
        };
        if owner == Oid::INVALID || self.has_rights_of(owner) {
            return Ok(());
        }
        Err(SqlError::new("42501", format!("must be owner of database {name}")).into())
    }

    fn may_create_databases(&self) -> bool {
        let role = self.catalog.role(self.session.current_user);
        role.is_none_or(|r| r.attributes.create_db || r.attributes.superuser)
            || self.catalog.taint.everything().is_some()
    }

    /// `dbcommands.c: createdb`
    pub(in crate::replay) fn create_database(&mut self, stmt: &DatabaseDef) -> Exec {
        check_options(&stmt.options, CREATE_OPTIONS, self.catalog.version())?;
        let mut owned_by = self.session.current_user;
        if let Some(owner) = stmt.options.iter().find(|o| o.name == "owner").and_then(name_of) {
            let owner = crate::replay::lookup::role(&self.catalog, &owner)?;
            owned_by = owner;
            if !self.may_create_databases() {
                return Err(SqlError::new("42501", "permission denied to create database").into());
            }
            self.must_be_able_to_be(owner)?;
        }
        if !self.may_create_databases() {
            return Err(SqlError::new("42501", "permission denied to create database").into());
        }
        let known = matches!(stmt.name.as_str(), "template0" | "template1" | crate::replay::query::DATABASE);
        if known || self.catalog.other_database(&stmt.name).flatten().is_some() {
            let message = format!("database \"{}\" already exists", stmt.name);
            return Err(SqlError::new("42P04", message).into());
        }
        self.catalog.set_other_database(stmt.name.clone(), Some(owned_by));
        Ok(())
    }

    /// `dbcommands.c: AlterDatabase`
    pub(in crate::replay) fn alter_database(&mut self, stmt: &DatabaseDef, cx: &Context) -> Exec {
        check_options(&stmt.options, ALTER_OPTIONS, self.catalog.version())?;
        let option = |name: &str| stmt.options.iter().find(|o| o.name == name);
        if option("tablespace").is_some() {
            let this = self.is_this_database(&stmt.name)?;
            self.must_own_database(&stmt.name)?;
            return match this {
                true => {
                    Err(SqlError::new("55006", "cannot change the tablespace of the currently open database").into())
                }
                false => Ok(()),
            };
        }
        let limit = match option("connection_limit").map(|o| &o.value) {
            Some(Some(DefValue::Integer(limit))) => Some(i32::try_from(*limit).unwrap_or(i32::MAX)),
            Some(_) => return Err(SqlError::new("42601", "connection_limit requires an integer value").into()),
            None => None,
        };
        if let Some(limit) = limit.filter(|limit| *limit < -1) {
            return Err(SqlError::new("22023", format!("invalid connection limit: {limit}")).into());
        }
        let this = self.is_this_database(&stmt.name)?;
        self.must_own_database(&stmt.name)?;
        if !this {
            return Ok(());
        }
        let truth = |name: &str| option(name).map(|o| super::role::truth(o.value.as_ref()));
        if truth("allow_connections") == Some(false) {
            return Err(SqlError::new("22023", "cannot disallow connections for current database").into());
        }
        let template = truth("is_template");
        let database = self.catalog.database_mut();
        database.connection_limit = limit.unwrap_or(database.connection_limit);
        database.is_template = template.unwrap_or(database.is_template);
        database.provenance.change(cx.origin, ChangeKind::Definition);
        Ok(())
    }

    /// `dbcommands.c: AlterDatabaseRefreshColl`
    pub(in crate::replay) fn refresh_database(&self, name: &Name) -> Exec {
        self.must_own_database(name)
    }

    /// `dbcommands.c: dropdb`
    pub(in crate::replay) fn drop_database(&mut self, name: &Name, missing_ok: bool, cx: &Context) -> Exec {
        let known = self.catalog.other_database(name);
        if known.flatten().is_some() {
            self.must_own_database(name)?;
            self.catalog.set_other_database(name.clone(), None);
            return Ok(());
        }
        if matches!(name.as_str(), "template0" | "template1") {
            return Err(SqlError::new("42809", "cannot drop a template database").into());
        }
        if name == crate::replay::query::DATABASE {
            self.must_own_database(name)?;
            return Err(SqlError::new("55006", "cannot drop the currently open database").into());
        }
        if missing_ok {
            self.notice(format!("database \"{name}\" does not exist, skipping"), cx);
            self.catalog.set_other_database(name.clone(), None);
            return Ok(());
        }
        if known.is_some() {
            return Err(missing(name).into());
        }
        let reason = format!("whether the server has a database \"{name}\" is not known");
        Err(Opaque::undecided(reason, Touches::Nothing).into())
    }

    /// `dbcommands.c: RenameDatabase`
    pub(super) fn rename_database(&mut self, object: &ObjectRef, _new: &Name) -> Exec {
        let ObjectName::Plain(name) = &object.name else { return Ok(()) };
        self.must_own_database(&name.name)?;
        if !self.may_create_databases() {
            return Err(SqlError::new("42501", "permission denied to rename database").into());
        }
        Err(SqlError::new("0A000", "current database cannot be renamed").into())
    }

    /// `dbcommands.c: AlterDatabaseOwner`
    pub(super) fn set_database_owner(&mut self, object: &ObjectRef, owner: Oid, cx: &Context) -> Exec {
        let ObjectName::Plain(name) = &object.name else { return Ok(()) };
        let other = self.catalog.other_database(&name.name).flatten();
        if other.unwrap_or(self.catalog.database().owner) == owner {
            return Ok(());
        }
        self.must_own_database(&name.name)?;
        self.must_be_able_to_be(owner)?;
        if !self.may_create_databases() {
            return Err(SqlError::new("42501", "permission denied to change owner of database").into());
        }
        if !self.is_this_database(&name.name)? {
            self.catalog.set_other_database(name.name.clone(), Some(owner));
            return Ok(());
        }
        let database = self.catalog.database_mut();
        super::owner::change_owner(&mut database.owner, database.acl.as_mut(), owner);
        database.provenance.change(cx.origin, ChangeKind::Owner);
        Ok(())
    }

    /// 42501 unless the current user owns the database that a COMMENT names.
    pub(super) fn must_own_to_comment(&self, object: &ObjectRef) -> Exec {
        match (&object.name, object.kind) {
            (ObjectName::Plain(name), crate::sql::ast::ObjectKind::Database) => self.must_own_database(&name.name),
            _ => Ok(()),
        }
    }

    /// `guc.c: AlterSystemSetConfigFile`: what the server reads when it is told to.
    pub(in crate::replay) fn alter_system(&self, stmt: &SetVariable) -> Exec {
        let superuser = self.is_superuser(self.session.current_user) || self.catalog.taint.everything().is_some();
        let Some(name) = stmt.name.as_deref() else {
            return match superuser {
                true => Ok(()),
                false => Err(SqlError::new("42501", "permission denied to perform ALTER SYSTEM RESET ALL").into()),
            };
        };
        let granted = self.catalog.parameter_acl(&name.to_lowercase()).into_iter().flat_map(|acl| &acl.0);
        let mut granted = granted.filter(|item| item.privs.contains(crate::catalog::Privs::ALTER_SYSTEM));
        if !superuser && !granted.any(|i| i.grantee == Oid::INVALID || self.has_rights_of(i.grantee)) {
            return Err(SqlError::new("42501", format!("permission denied to set parameter \"{name}\"")).into());
        }
        match self.catalog.builtins().parameter(name) {
            Some(parameter) if parameter.context == "internal" => {
                let message = format!("parameter \"{}\" cannot be changed", parameter.name);
                Err(SqlError::new("55P02", message).into())
            }
            Some(_) => Ok(()),
            // Of an extension that the server has loaded, perhaps; before 17 it must have been.
            None if name.contains('.') => Ok(()),
            None => Err(SqlError::new("42704", format!("unrecognized configuration parameter \"{name}\"")).into()),
        }
    }

    /// `collationcmds.c: AlterCollation`
    pub(in crate::replay) fn refresh_collation(&self, name: &QualifiedName) -> Exec {
        let oid = self.find_collation(name)?;
        if oid == crate::catalog::DEFAULT_COLLATION {
            return Err(match self.catalog.version() >= 16 {
                true => SqlError::new("XX000", "cannot refresh version of default collation")
                    .hint("Use ALTER DATABASE ... REFRESH COLLATION VERSION instead.")
                    .into(),
                false => SqlError::new("XX000", "unexpected null in pg_collation").into(),
            });
        }
        self.must_own_stored(Object::Collation(oid))
    }
}

fn name_of(option: &DefElem) -> Option<Name> {
    match &option.value {
        Some(DefValue::String(name)) => Some(name.as_str().into()),
        Some(DefValue::Names(names)) => names.last().cloned(),
        Some(DefValue::Type(ty)) => Some(ty.name.name.clone()),
        _ => None,
    }
}

fn check_options(options: &[DefElem], known: &[(&str, u32)], version: u32) -> Exec {
    for (at, option) in options.iter().enumerate() {
        if !known.iter().any(|(name, since)| option.name == *name && version >= *since) {
            let message = format!("option \"{}\" not recognized", option.name);
            return Err(SqlError::new("42601", message).at(option.loc).into());
        }
        if options[..at].iter().any(|earlier| earlier.name == option.name) {
            return Err(SqlError::new("42601", "conflicting or redundant options").at(option.loc).into());
        }
    }
    Ok(())
}

fn missing(name: &str) -> SqlError {
    SqlError::new("3D000", format!("database \"{name}\" does not exist"))
}
