//! Roles and who is a member of what (`user.c`).

mod check;
mod member;

use check::check_options;
use member::Grants;

use crate::catalog::{BOOTSTRAP_ROLE, ChangeKind, Membership, Oid, Provenance, Role, RoleAttributes, Unknown};
use crate::replay::{About, Context, Exec, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::{
    AlterRole, AlterRoleSet, CreateRole, DefElem, DefValue, DropBehavior, GrantRole, Name, RoleSpec, SetValue,
    SetVariable, Touches,
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
        let groups = |option: &&DefElem| option.name == "addroleto";
        for group in stmt.options.iter().filter(groups).flat_map(role_names) {
            let group = lookup::role(&self.catalog, &group)?;
            self.may_grant_role(group, true)
                .or_else(|stop| if self.catalog.version() < 16 { Ok(()) } else { Err(stop) })?;
            self.add_members(group, &[oid], None, Grants::default(), cx)?;
        }
        // Since 16 who makes a role without being a superuser administers it.
        let user = self.session.current_user;
        if self.catalog.version() >= 16 && !self.is_superuser(user) {
            let own = Grants { admin: Some(true), inherit: Some(false), set: Some(false) };
            self.add_members_as(oid, &[user], BOOTSTRAP_ROLE, own, cx)?;
        }
        for (name, admin) in [("rolemembers", None), ("adminmembers", Some(true))] {
            let members = stmt.options.iter().filter(|option| option.name == name).flat_map(role_names);
            let members = members.map(|member| lookup::role(&self.catalog, &member)).collect::<Exec<Vec<Oid>>>()?;
            if !members.is_empty() {
                self.add_members(oid, &members, None, Grants { admin, ..Grants::default() }, cx)?;
            }
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
            let members = role_names(option).into_iter();
            let members = members.map(|member| lookup::role(&self.catalog, &member)).collect::<Exec<Vec<Oid>>>()?;
            if stmt.add {
                self.add_members(oid, &members, None, Grants::default(), cx)?;
            } else {
                self.remove_members(oid, &members, None, None, DropBehavior::Restrict, cx)?;
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
            match &stmt.grantor {
                Some(grantor) if stmt.grant && self.catalog.version() < 16 => self.may_grant_role_as(group, grantor)?,
                Some(_) | None => self.may_grant_role(group, stmt.grant)?,
            }
            let grantor = stmt.grantor.as_ref();
            if stmt.grant {
                self.add_members(group, &members, grantor, grants, cx)?;
            } else {
                let options = (!stmt.options.is_empty()).then_some(grants);
                self.remove_members(group, &members, grantor, options, stmt.behavior, cx)?;
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
        let admin = self.administers(user, group);
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
        // Memberships of the roles and in them go before it is asked what depends on others (16).
        let members: Vec<Oid> = self.catalog.roles().map(|r| r.oid).collect();
        for &member in &members {
            let gone = |m: &Membership| dropped.contains(&m.role) || dropped.contains(&member);
            if self.catalog.role(member).is_some_and(|record| record.member_of.iter().any(gone))
                && let Some(record) = self.catalog.role_mut(member)
            {
                record.member_of.retain(|m| !gone(m));
            }
        }
        for &oid in &dropped {
            if let Some(detail) = self.shared_dependencies_in_words(oid) {
                let name = self.catalog.role_name(oid);
                let message = format!("role \"{name}\" cannot be dropped because some objects depend on it");
                let error = SqlError::new("2BP01", message).detail(detail);
                return Err(error.about(About::Role(name.to_owned())).into());
            }
        }
        for oid in dropped {
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
