//! Who may change roles, and what their options may be (`user.c`).

use crate::catalog::{Layer, Oid, Role, TypeRef, type_oid};
use crate::expr::datum::{DatumEnv, input};
use crate::replay::{Exec, Replay, SqlError};
use crate::sql::ast::{DefElem, DefValue, RoleSpec};

/// The options that are set by a word, of which one is enough.
const ATTRIBUTES: [&str; 7] =
    ["superuser", "inherit", "createrole", "createdb", "canlogin", "isreplication", "bypassrls"];

fn denied(message: &str, detail: impl Into<String>) -> Exec {
    Err(SqlError::new("42501", message).detail(detail).into())
}

fn has(options: &[DefElem], name: &str) -> bool {
    options.iter().any(|option| option.name == name)
}

/// The option is there and is not NO….
fn set(options: &[DefElem], name: &str) -> bool {
    options.iter().any(|option| option.name == name && super::truth(option.value.as_ref()))
}

/// Options that are there twice, and what none may be.
pub(super) fn check_options(options: &[DefElem]) -> Exec {
    for (at, option) in options.iter().enumerate() {
        // SYSID only gives a notice.
        if option.name != "sysid" && has(&options[..at], &option.name) {
            return Err(SqlError::new("42601", "conflicting or redundant options").at(option.loc).into());
        }
    }
    for option in options.iter().filter(|option| option.name == "connectionlimit") {
        if let Some(DefValue::Integer(limit)) = option.value
            && limit < -1
        {
            return Err(SqlError::new("22023", format!("invalid connection limit: {limit}")).into());
        }
    }
    Ok(())
}

impl Replay {
    /// Nothing is known against the current user.
    fn may_everything(&self) -> bool {
        self.is_superuser(self.session.current_user) || self.catalog.taint.everything().is_some()
    }

    /// The user of a hosting platform, whom extensions allow more than PostgreSQL does.
    fn is_hosted(&self) -> bool {
        let user = self.catalog.role(self.session.current_user);
        user.is_some_and(|user| user.provenance.created.layer == Layer::Platform)
    }

    fn has_attribute(&self, of: impl Fn(&Role) -> bool) -> bool {
        self.may_everything() || self.catalog.role(self.session.current_user).is_some_and(of)
    }

    /// `user.c: have_createrole_privilege`
    fn may_create_roles(&self) -> bool {
        self.has_attribute(|role| role.attributes.create_role)
    }

    /// The current user may say who is a member (`acl.c: is_admin_of_role`).
    pub(super) fn administers(&self, user: Oid, group: Oid) -> bool {
        let admin = |role: &Role| {
            role.member_of.iter().any(|m| m.role == group && m.admin) && self.is_member_of(user, role.oid)
        };
        self.is_superuser(user) || self.catalog.taint.everything().is_some() || self.catalog.roles().any(admin)
    }

    /// `VALID UNTIL`
    pub(super) fn check_valid_until(&self, options: &[DefElem]) -> Exec {
        for option in options.iter().filter(|option| option.name == "validUntil") {
            if let Some(DefValue::String(text)) = &option.value {
                let path = self.path();
                input(
                    &DatumEnv::new(&self.catalog, &path),
                    type_oid::TIMESTAMPTZ,
                    TypeRef::plain(Oid::INVALID).typmod,
                    text,
                )
                .map(drop)?;
            }
        }
        Ok(())
    }

    /// `user.c: CreateRole`
    pub(super) fn may_create_role(&self, options: &[DefElem]) -> Exec {
        if self.may_everything() {
            return Ok(());
        }
        const MESSAGE: &str = "permission denied to create role";
        let hosted = self.is_hosted();
        if self.catalog.version() < 16 {
            let superuser =
                [("superuser", "superusers"), ("isreplication", "replication users"), ("bypassrls", "bypassrls users")];
            if let Some((_, what)) = superuser.iter().find(|(name, _)| set(options, name) && !hosted) {
                return Err(SqlError::new("42501", format!("must be superuser to create {what}")).into());
            }
            return if self.may_create_roles() { Ok(()) } else { Err(SqlError::new("42501", MESSAGE).into()) };
        }
        if !self.may_create_roles() {
            return denied(MESSAGE, "Only roles with the CREATEROLE attribute may create roles.");
        }
        let own = self.catalog.role(self.session.current_user).map(|role| role.attributes);
        let needed = [
            ("superuser", "SUPERUSER", false),
            ("createdb", "CREATEDB", own.is_some_and(|a| a.create_db)),
            ("isreplication", "REPLICATION", hosted || own.is_some_and(|a| a.replication)),
            ("bypassrls", "BYPASSRLS", hosted || own.is_some_and(|a| a.bypass_rls)),
        ];
        match needed.iter().find(|(name, _, has)| set(options, name) && !has) {
            Some((_, word, _)) => {
                let detail =
                    format!("Only roles with the {word} attribute may create roles with the {word} attribute.");
                denied(MESSAGE, detail)
            }
            None => Ok(()),
        }
    }

    /// Roles of PostgreSQL's own are not altered (`acl.c: check_rolespec_name`).
    pub(super) fn refuse_reserved(&self, role: &RoleSpec) -> Exec {
        if let RoleSpec::Name(name) = role
            && name.starts_with("pg_")
        {
            let error = SqlError::new("42939", format!("role name \"{name}\" is reserved"));
            return Err(error.detail("Cannot alter reserved roles.").into());
        }
        Ok(())
    }

    /// `user.c: AlterRole`
    pub(super) fn may_alter_role(&self, role: Oid, options: &[DefElem]) -> Exec {
        let Some(record) = self.catalog.role(role).filter(|_| !self.may_everything()) else { return Ok(()) };
        const MESSAGE: &str = "permission denied to alter role";
        let hosted = self.is_hosted();
        let password_only = options.iter().all(|option| option.name == "password") && has(options, "password");
        let own_password = password_only && role == self.session.current_user;
        if self.catalog.version() < 16 {
            let must = |what: &str| Err(SqlError::new("42501", format!("must be superuser to {what}")).into());
            let attributes = record.attributes;
            if attributes.superuser || has(options, "superuser") {
                return must("alter superuser roles or change superuser attribute");
            }
            if !hosted && (attributes.replication || has(options, "isreplication")) {
                return must("alter replication roles or change replication attribute");
            }
            if !hosted && has(options, "bypassrls") {
                return must("change bypassrls attribute");
            }
            return if self.may_create_roles() || own_password {
                Ok(())
            } else {
                Err(SqlError::new("42501", "permission denied").into())
            };
        }
        if record.attributes.superuser {
            let who = "Only roles with the SUPERUSER attribute may";
            return denied(MESSAGE, format!("{who} alter roles with the SUPERUSER attribute."));
        }
        let only = |word: &str| format!("Only roles with the {word} attribute may change the {word} attribute.");
        if has(options, "superuser") {
            return denied(MESSAGE, only("SUPERUSER"));
        }
        let admin = self.administers(self.session.current_user, role);
        let name = &record.name;
        if !self.may_create_roles() || !admin {
            let changes = |option: &DefElem| {
                ATTRIBUTES.contains(&option.name.as_str())
                    || matches!(option.name.as_str(), "connectionlimit" | "validUntil")
            };
            if options.iter().any(changes) {
                let who = format!("Only roles with the CREATEROLE attribute and the ADMIN option on role \"{name}\"");
                return denied(MESSAGE, format!("{who} may alter this role."));
            }
            if has(options, "password") && role != self.session.current_user {
                let detail = "To change another role's password, the current user must have the CREATEROLE attribute \
                              and the ADMIN option on the role.";
                return denied(MESSAGE, detail);
            }
        } else {
            let own = self.catalog.role(self.session.current_user).map(|role| role.attributes);
            let needed = [
                ("createdb", "CREATEDB", own.is_some_and(|a| a.create_db)),
                ("isreplication", "REPLICATION", hosted || own.is_some_and(|a| a.replication)),
                ("bypassrls", "BYPASSRLS", hosted || own.is_some_and(|a| a.bypass_rls)),
            ];
            if let Some((_, word, _)) = needed.iter().find(|(name, _, may)| has(options, name) && !may) {
                return denied(MESSAGE, only(word));
            }
        }
        if has(options, "rolemembers") && !admin {
            let detail = format!("Only roles with the ADMIN option on role \"{name}\" may add or drop members.");
            return denied(MESSAGE, detail);
        }
        Ok(())
    }

    /// `user.c: AlterRoleSet`
    pub(super) fn may_set_for_role(&self, role: Option<Oid>) -> Exec {
        if self.may_everything() {
            return Ok(());
        }
        let newer = self.catalog.version() >= 16;
        // Of all roles: there is one database here, whose owner may.
        let Some((oid, record)) = role.and_then(|oid| Some((oid, self.catalog.role(oid)?))) else { return Ok(()) };
        let message = if newer { "permission denied to alter role" } else { "permission denied" };
        if record.attributes.superuser {
            let who = "Only roles with the SUPERUSER attribute may";
            return match newer {
                true => denied(message, format!("{who} alter roles with the SUPERUSER attribute.")),
                false => Err(SqlError::new("42501", "must be superuser to alter superusers").into()),
            };
        }
        let may =
            self.may_create_roles() && (!newer || self.is_hosted() || self.administers(self.session.current_user, oid));
        if may || oid == self.session.current_user {
            return Ok(());
        }
        if !newer {
            return Err(SqlError::new("42501", message).into());
        }
        let who = format!("Only roles with the CREATEROLE attribute and the ADMIN option on role \"{}\"", record.name);
        denied(message, format!("{who} may alter this role."))
    }

    /// What DROP ROLE asks before it looks at a role (`user.c: DropRole`).
    pub(super) fn may_drop_roles(&self) -> Exec {
        if self.may_create_roles() {
            return Ok(());
        }
        let error = SqlError::new("42501", "permission denied to drop role");
        if self.catalog.version() < 16 {
            return Err(error.into());
        }
        let detail =
            "Only roles with the CREATEROLE attribute and the ADMIN option on the target roles may drop roles.";
        Err(error.detail(detail).into())
    }

    /// The same of one role.
    pub(super) fn may_drop_role(&self, role: Oid) -> Exec {
        let Some(record) = self.catalog.role(role).filter(|_| !self.may_everything()) else { return Ok(()) };
        const MESSAGE: &str = "permission denied to drop role";
        let newer = self.catalog.version() >= 16;
        if record.attributes.superuser {
            let who = "Only roles with the SUPERUSER attribute may";
            return match newer {
                true => denied(MESSAGE, format!("{who} drop roles with the SUPERUSER attribute.")),
                false => Err(SqlError::new("42501", "must be superuser to drop superusers").into()),
            };
        }
        if newer && !self.administers(self.session.current_user, role) {
            let who = "Only roles with the CREATEROLE attribute and the ADMIN option on role";
            return denied(MESSAGE, format!("{who} \"{}\" may drop this role.", record.name));
        }
        Ok(())
    }

    /// `user.c: RenameRole`, after names.
    pub(in crate::replay) fn may_rename_role(&self, role: Oid) -> Exec {
        let Some(record) = self.catalog.role(role).filter(|_| !self.may_everything()) else { return Ok(()) };
        const MESSAGE: &str = "permission denied to rename role";
        let newer = self.catalog.version() >= 16;
        if record.attributes.superuser {
            let who = "Only roles with the SUPERUSER attribute may";
            return match newer {
                true => denied(MESSAGE, format!("{who} rename roles with the SUPERUSER attribute.")),
                false => Err(SqlError::new("42501", "must be superuser to rename superusers").into()),
            };
        }
        if self.may_create_roles() && (!newer || self.administers(self.session.current_user, role)) {
            return Ok(());
        }
        if !newer {
            return Err(SqlError::new("42501", MESSAGE).into());
        }
        let who = "Only roles with the CREATEROLE attribute and the ADMIN option on role";
        denied(MESSAGE, format!("{who} \"{}\" may rename this role.", record.name))
    }

    /// A comment on a role (`objectaddress.c: check_object_ownership`).
    pub(in crate::replay) fn may_comment_on_role(&self, role: Oid) -> Exec {
        let Some(record) = self.catalog.role(role).filter(|_| !self.may_everything()) else { return Ok(()) };
        let newer = self.catalog.version() >= 16;
        if record.attributes.superuser {
            return match newer {
                true => denied("permission denied", "The current user must have the SUPERUSER attribute."),
                false => Err(SqlError::new("42501", "must be superuser").into()),
            };
        }
        if self.may_create_roles() && (!newer || self.administers(self.session.current_user, role)) {
            return Ok(());
        }
        if !newer {
            return Err(SqlError::new("42501", "must have CREATEROLE privilege").into());
        }
        let needs = "The current user must have the CREATEROLE attribute.";
        if !self.may_create_roles() {
            return denied("permission denied", needs);
        }
        denied("permission denied", format!("The current user must have the ADMIN option on role \"{}\".", record.name))
    }
}
