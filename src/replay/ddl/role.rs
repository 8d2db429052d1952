//! Roles and who is a member of what (`user.c`).

mod check;

use check::check_options;

use crate::catalog::{ChangeKind, Membership, Oid, Provenance, Role, RoleAttributes, Unknown};
use crate::replay::{About, Context, Exec, Notice, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::{
    AlterRole, AlterRoleSet, CreateRole, DefElem, DefValue, GrantRole, Name, RoleSpec, SetValue, SetVariable, Touches,
};

impl Replay {
    pub(crate) fn create_role(&mut self, stmt: &CreateRole, cx: &Context) -> Exec {
        let name = &stmt.name;
        check_options(&stmt.options)?;
        self.may_create_role(&stmt.options)?;
        if name.starts_with("pg_") {
            let error = SqlError::new("42939", format!("role name \"{name}\" is reserved"));
            return Err(error.detail("Role names starting with \"pg_\" are reserved.").into());
        }
        if let Some(taken) = self.catalog.role_named(name) {
            let error = SqlError::new("42710", format!("role \"{name}\" already exists"));
            let error = error.about(About::Role(name.to_string()));
            return Err(error.related(taken.provenance.created, format!("role \"{name}\" made here")).into());
        }
        self.check_valid_until(&stmt.options)?;
        let mut attributes = RoleAttributes {
            superuser: false,
            inherit: true,
            create_role: false,
            create_db: false,
            login: stmt.user,
            replication: false,
            bypass_rls: false,
        };
        set_attributes(&mut attributes, &stmt.options);
        let oid = self.catalog.new_oid();
        self.catalog.insert_role(Role {
            oid,
            name: name.clone(),
            attributes,
            member_of: Vec::new(),
            config: Vec::new(),
            comment: None,
            provenance: Provenance::new(cx.origin),
        });
        for option in &stmt.options {
            match option.name.as_str() {
                "addroleto" => {
                    for group in role_names(option) {
                        let group = lookup::role(&self.catalog, &group)?;
                        self.add_member(group, oid, Grants::default(), cx)?;
                    }
                }
                "rolemembers" | "adminmembers" => {
                    let admin = option.name == "adminmembers";
                    for member in role_names(option) {
                        let member = lookup::role(&self.catalog, &member)?;
                        self.add_member(oid, member, Grants { admin: Some(admin), ..Grants::default() }, cx)?;
                    }
                }
                _ => {}
            }
        }
        // Since 16 who makes a role without being a superuser administers it.
        let user = self.session.current_user;
        if self.catalog.version() >= 16
            && !self.is_superuser(user)
            && let Some(maker) = self.catalog.role_mut(user)
        {
            maker.member_of.push(Membership { role: oid, admin: true, inherit: Some(false), set: false });
        }
        Ok(())
    }

    pub(crate) fn alter_role(&mut self, stmt: &AlterRole, cx: &Context) -> Exec {
        self.refuse_reserved(&stmt.role)?;
        check_options(&stmt.options)?;
        let oid = self.real_role(&stmt.role)?;
        self.may_alter_role(oid, &stmt.options)?;
        self.check_valid_until(&stmt.options)?;
        for option in stmt.options.iter().filter(|o| o.name == "rolemembers") {
            for member in role_names(option) {
                let member = lookup::role(&self.catalog, &member)?;
                if stmt.add {
                    self.add_member(oid, member, Grants::default(), cx)?;
                } else {
                    self.remove_member(oid, member, None, cx);
                }
            }
        }
        if let Some(role) = self.catalog.role_mut(oid) {
            set_attributes(&mut role.attributes, &stmt.options);
            role.provenance.change(cx.origin, ChangeKind::Definition);
        }
        Ok(())
    }

    /// `ALTER ROLE … SET`, `ALTER DATABASE … SET`. There is one database here, so a setting of a role in a database is
    /// a setting of the role, and one of all roles is the database's.
    pub(crate) fn alter_role_set(&mut self, stmt: &AlterRoleSet, cx: &Context) -> Exec {
        stmt.role.iter().try_for_each(|role| self.refuse_reserved(role))?;
        let role = stmt.role.as_ref().map(|r| self.real_role(r)).transpose()?;
        self.may_set_for_role(role)?;
        let mut config: Vec<(Name, String)> = match role.and_then(|r| self.catalog.role(r)) {
            Some(role) => role.config.clone(),
            None => self.catalog.database_config().map(|(n, v)| (n.clone(), v.to_owned())).collect(),
        };
        let before = config.clone();
        self.apply_setting(&mut config, &stmt.set)?;
        match role {
            Some(role) => {
                if let Some(role) = self.catalog.role_mut(role) {
                    role.config = config;
                    role.provenance.change(cx.origin, ChangeKind::Definition);
                }
            }
            None => {
                for (name, _) in before {
                    self.catalog.set_database_config(&name, None);
                }
                for (name, value) in config {
                    self.catalog.set_database_config(&name, Some(value));
                }
            }
        }
        Ok(())
    }

    pub(crate) fn grant_role(&mut self, stmt: &GrantRole, cx: &Context) -> Exec {
        let option = |name: &str| stmt.options.iter().find(|o| o.name == name).map(|o| truth(o.value.as_ref()));
        let unknown = |o: &&DefElem| !matches!(o.name.as_str(), "admin" | "inherit" | "set");
        if let Some(wrong) = stmt.options.iter().find(unknown) {
            let message = format!("unrecognized role option \"{}\"", wrong.name);
            return Err(SqlError::new("42601", message).at(wrong.loc).into());
        }
        let grants = Grants { admin: option("admin"), inherit: option("inherit"), set: option("set") };
        if let Some(grantor) = &stmt.grantor {
            self.real_role(grantor)?;
        }
        let members = stmt.members.iter().map(|m| self.real_role(m)).collect::<Exec<Vec<Oid>>>()?;
        for group in &stmt.roles {
            let group = lookup::role(&self.catalog, group)?;
            self.may_grant_role(group, stmt.grant)?;
            for &member in &members {
                if stmt.grant {
                    self.add_member(group, member, grants, cx)?;
                } else {
                    self.remove_member(group, member, (!stmt.options.is_empty()).then_some(grants), cx);
                }
            }
        }
        Ok(())
    }

    /// `user.c: check_role_membership_authorization`, before 16 a part of `AddRoleMems`.
    fn may_grant_role(&self, group: Oid, grant: bool) -> Exec {
        let user = self.session.current_user;
        if self.is_superuser(user) || self.catalog.taint.everything().is_some() {
            return Ok(());
        }
        let record = self.catalog.role(user);
        let admin = self.administers(group);
        let name = self.catalog.role_name(group);
        if self.catalog.version() < 16 {
            if self.is_superuser(group) {
                return Err(SqlError::new("42501", "must be superuser to alter superusers").into());
            }
            if admin || record.is_some_and(|r| r.attributes.create_role) {
                return Ok(());
            }
            return Err(SqlError::new("42501", format!("must have admin option on role \"{name}\"")).into());
        }
        let verb = if grant { "grant" } else { "revoke" };
        let error = SqlError::new("42501", format!("permission denied to {verb} role \"{name}\""));
        if self.is_superuser(group) {
            let who = "Only roles with the SUPERUSER attribute may";
            return Err(error.detail(format!("{who} {verb} roles with the SUPERUSER attribute.")).into());
        }
        if admin {
            return Ok(());
        }
        Err(error.detail(format!("Only roles with the ADMIN option on role \"{name}\" may {verb} this role.")).into())
    }

    pub(crate) fn drop_role(&mut self, roles: &[RoleSpec], missing_ok: bool, cx: &Context) -> Exec {
        self.may_drop_roles()?;
        let mut dropped = Vec::new();
        for spec in roles {
            let RoleSpec::Name(name) = spec else {
                return Err(SqlError::new("22023", "cannot use special role specifier in DROP ROLE").into());
            };
            if missing_ok && self.catalog.role_named(name).is_none() && self.catalog.taint.everything().is_none() {
                self.notice(format!("role \"{name}\" does not exist, skipping"), cx);
                continue;
            }
            let oid = lookup::role(&self.catalog, name)?;
            if oid == self.session.current_user {
                return Err(SqlError::new("55006", "current user cannot be dropped").into());
            }
            if oid == self.session.session_user {
                return Err(SqlError::new("55006", "session user cannot be dropped").into());
            }
            self.may_drop_role(oid)?;
            if oid.is_builtin() {
                let message = format!("cannot drop role {name} because it is required by the database system");
                return Err(SqlError::new("2BP01", message).into());
            }
            dropped.push(oid);
        }
        // A role that has come since owns none of those that are not known.
        let unknown = self.catalog.taint.of_large_objects().filter(|_| self.catalog.taint.everything().is_none());
        let before = |unknown: &Unknown, oid| {
            let made = self.catalog.role(oid).map(|role| role.provenance.created.sequence);
            made.is_some_and(|made| made <= unknown.origin.sequence)
        };
        if let Some(unknown) = unknown
            && let Some(&oid) = dropped.iter().find(|&&oid| before(unknown, oid))
        {
            let reason = format!("role {} may own large objects", self.catalog.role_name(oid));
            return Err(Opaque::because_of(unknown, &reason, Touches::Everything).into());
        }
        for &oid in &dropped {
            if let Some(detail) = self.shared_dependencies_in_words(oid) {
                let name = self.catalog.role_name(oid);
                let message = format!("role \"{name}\" cannot be dropped because some objects depend on it");
                let error = SqlError::new("2BP01", message).detail(detail);
                return Err(error.about(About::Role(name.to_owned())).into());
            }
        }
        let members: Vec<Oid> = self.catalog.roles().map(|r| r.oid).collect();
        for oid in dropped {
            for &member in &members {
                if self.catalog.role(member).is_some_and(|m| m.member_of.iter().any(|g| g.role == oid))
                    && let Some(member) = self.catalog.role_mut(member)
                {
                    member.member_of.retain(|g| g.role != oid);
                }
            }
            self.catalog.remove_role(oid);
        }
        Ok(())
    }

    /// A role that exists: not PUBLIC.
    pub(super) fn real_role(&self, spec: &RoleSpec) -> Exec<Oid> {
        match spec {
            RoleSpec::Public => Err(SqlError::new("42704", "role \"public\" does not exist").into()),
            RoleSpec::Name(_) | RoleSpec::CurrentUser | RoleSpec::SessionUser => self.role(spec),
        }
    }

    /// `role` is `group`, or a member of it, directly or not (`acl.c: is_member_of_role_nosuper`).
    pub(crate) fn is_member_of(&self, role: Oid, group: Oid) -> bool {
        let mut seen = vec![role];
        let mut next = 0;
        while let Some(&role) = seen.get(next) {
            if role == group {
                return true;
            }
            for membership in self.catalog.role(role).into_iter().flat_map(|r| &r.member_of) {
                if !seen.contains(&membership.role) {
                    seen.push(membership.role);
                }
            }
            next += 1;
        }
        false
    }

    /// `user.c: AddRoleMems`
    fn add_member(&mut self, group: Oid, member: Oid, grants: Grants, cx: &Context) -> Exec {
        let (group_name, member_name) = (self.catalog.role_name(group), self.catalog.role_name(member));
        if self.is_member_of(group, member) {
            let message = format!("role \"{group_name}\" is a member of role \"{member_name}\"");
            return Err(SqlError::new("0LP01", message).into());
        }
        let message = format!("role \"{member_name}\" is already a member of role \"{group_name}\"");
        let Some(role) = self.catalog.role_mut(member) else { return Ok(()) };
        match role.member_of.iter_mut().find(|m| m.role == group) {
            Some(membership) => {
                let before = *membership;
                membership.admin |= grants.admin.unwrap_or(false);
                membership.inherit = grants.inherit.or(membership.inherit);
                membership.set = grants.set.unwrap_or(membership.set);
                if before == *membership {
                    self.notice(message, cx);
                    return Ok(());
                }
            }
            None => role.member_of.push(Membership {
                role: group,
                admin: grants.admin.unwrap_or(false),
                inherit: grants.inherit,
                set: grants.set.unwrap_or(true),
            }),
        }
        role.provenance.change(cx.origin, ChangeKind::Privileges);
        Ok(())
    }

    /// `user.c: DelRoleMems`; with `options` only these are taken away.
    fn remove_member(&mut self, group: Oid, member: Oid, options: Option<Grants>, cx: &Context) {
        let (group_name, member_name) = (self.catalog.role_name(group), self.catalog.role_name(member));
        let message = format!("role \"{member_name}\" is not a member of role \"{group_name}\"");
        let Some(role) = self.catalog.role_mut(member) else { return };
        let Some(at) = role.member_of.iter().position(|m| m.role == group) else {
            self.notices.push(Notice { severity: "WARNING", message, origin: cx.origin });
            return;
        };
        match options {
            Some(options) => {
                let membership = &mut role.member_of[at];
                membership.admin &= options.admin.is_none();
                membership.set &= options.set.is_none();
                membership.inherit = if options.inherit.is_some() { Some(false) } else { membership.inherit };
            }
            None => {
                role.member_of.remove(at);
            }
        }
        role.provenance.change(cx.origin, ChangeKind::Privileges);
    }

    /// `SET` and `RESET` in a list of settings that a role, database or function keeps (`guc.c: GUCArrayAdd`).
    pub(crate) fn apply_setting(&mut self, config: &mut Vec<(Name, String)>, set: &SetVariable) -> Exec {
        let Some(name) = set.name.as_deref() else {
            config.clear();
            return Ok(());
        };
        let name = name.to_ascii_lowercase();
        if let ("role" | "session_authorization", SetValue::Values(values)) = (name.as_str(), &set.value)
            && let [role] = values.as_slice()
            && self.catalog.role_named(role).is_none()
            && !(name == "role" && role == "none")
        {
            return Err(SqlError::new("22023", format!("role \"{role}\" does not exist")).into());
        }
        // `guc.c: validate_option_array_item`
        if !matches!(name.as_str(), "role" | "session_authorization") {
            self.check_parameter(&name)?;
            if let SetValue::Values(values) = &set.value {
                self.check_setting(&name, values)?;
            }
        }
        let value = match &set.value {
            SetValue::Values(values) => Some(self.flatten_setting(&name, values)),
            SetValue::Current => match self.session.setting(&name) {
                Some(value) => Some(value.to_owned()),
                None if name == "search_path" => Some("\"$user\", public".to_owned()),
                None => {
                    let reason = format!("the server's setting of {name} is not known");
                    return Err(Opaque::new(reason, Touches::Everything).into());
                }
            },
            SetValue::Default | SetValue::TransactionModes => None,
        };
        match (config.iter_mut().find(|(n, _)| *n == name), value) {
            (Some(entry), Some(value)) => entry.1 = value,
            (None, Some(value)) => config.push((name.into(), value)),
            (_, None) => config.retain(|(n, _)| *n != name),
        }
        Ok(())
    }

    /// The values as one text; lists of names are quoted (`guc.c: flatten_set_variable_args`).
    pub(crate) fn flatten_setting(&self, name: &str, values: &[String]) -> String {
        let list_of_names = matches!(
            name,
            "search_path"
                | "temp_tablespaces"
                | "local_preload_libraries"
                | "session_preload_libraries"
                | "shared_preload_libraries"
                | "unix_socket_directories"
        );
        let quoted: Vec<_> = values
            .iter()
            .map(|v| if list_of_names { self.catalog.quote_identifier(v).into_owned() } else { v.clone() })
            .collect();
        quoted.join(", ")
    }
}

/// What a GRANT of a role says about the membership; nothing is as it was, or the default.
#[derive(Clone, Copy, Debug, Default)]
struct Grants {
    admin: Option<bool>,
    inherit: Option<bool>,
    set: Option<bool>,
}

fn set_attributes(attributes: &mut RoleAttributes, options: &[DefElem]) {
    for option in options {
        let value = truth(option.value.as_ref());
        match option.name.as_str() {
            "superuser" => attributes.superuser = value,
            "inherit" => attributes.inherit = value,
            "createrole" => attributes.create_role = value,
            "createdb" => attributes.create_db = value,
            "canlogin" => attributes.login = value,
            "isreplication" => attributes.replication = value,
            "bypassrls" => attributes.bypass_rls = value,
            // Passwords, connection limits and expiry dates are not modelled; members are the callers' matter.
            _ => {}
        }
    }
}

/// The value of an option that is on or off (`define.c: defGetBoolean`).
pub(super) fn truth(value: Option<&DefValue>) -> bool {
    match value {
        None | Some(DefValue::Boolean(true)) => true,
        Some(DefValue::Integer(n)) => *n != 0,
        Some(DefValue::String(s)) => matches!(s.to_ascii_lowercase().as_str(), "true" | "on" | "option"),
        Some(DefValue::Names(names)) => names.iter().any(|n| n == "true" || n == "on"),
        Some(
            DefValue::Boolean(false)
            | DefValue::Float(_)
            | DefValue::Type(_)
            | DefValue::List(_)
            | DefValue::Star
            | DefValue::Expr(_),
        ) => false,
    }
}

/// The roles that an option lists.
fn role_names(option: &DefElem) -> Vec<Name> {
    match &option.value {
        Some(DefValue::Names(names)) => names.clone(),
        Some(DefValue::String(name)) => vec![name.as_str().into()],
        Some(DefValue::List(list)) => list
            .iter()
            .filter_map(|v| match v {
                DefValue::String(name) => Some(name.as_str().into()),
                DefValue::Names(names) => names.last().cloned(),
                DefValue::Type(ty) => Some(ty.name.name.clone()),
                DefValue::Integer(_)
                | DefValue::Float(_)
                | DefValue::Boolean(_)
                | DefValue::List(_)
                | DefValue::Star
                | DefValue::Expr(_) => None,
            })
            .collect(),
        Some(
            DefValue::Integer(_)
            | DefValue::Float(_)
            | DefValue::Boolean(_)
            | DefValue::Type(_)
            | DefValue::Star
            | DefValue::Expr(_),
        )
        | None => Vec::new(),
    }
}
