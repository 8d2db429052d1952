//! Who is a member of what, and who granted it (`user.c: AddRoleMems`, `DelRoleMems`). Up to 15 there is one membership of a
//! role in another; from 16 on each grantor has one, and what it depends on is the grantor's right to grant.

use crate::catalog::{BOOTSTRAP_ROLE, ChangeKind, DATABASE_OWNER_ROLE, Membership, Oid};
use crate::replay::{Context, Exec, Notice, Replay, SqlError};
use crate::sql::ast::{DropBehavior, RoleSpec};

/// What a GRANT of a role says about the membership; nothing is as it was, or the default.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Grants {
    pub admin: Option<bool>,
    pub inherit: Option<bool>,
    pub set: Option<bool>,
}

/// What a REVOKE does to a membership (`RevokeRoleGrantAction`).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Nothing,
    RemoveAdmin,
    RemoveInherit,
    RemoveSet,
    Delete,
}

/// A membership and its member.
#[derive(Clone, Copy)]
struct Member {
    member: Oid,
    membership: Membership,
}

impl Replay {
    /// Makes roles members.
    pub(super) fn add_members(
        &mut self,
        group: Oid,
        members: &[Oid],
        grantor: Option<&RoleSpec>,
        grants: Grants,
        cx: &Context,
    ) -> Exec {
        let written = grantor.map(|grantor| self.real_role(grantor)).transpose()?;
        if self.catalog.version() < 16 {
            let grantor = written.unwrap_or(self.session.current_user);
            return members.iter().try_for_each(|&member| self.add_only_member(group, member, grantor, grants, cx));
        }
        let grantor = self.grantor_of_role(group, written, true)?;
        self.add_members_as(group, members, grantor, grants, cx)
    }

    /// The same by a grantor that may.
    pub(super) fn add_members_as(
        &mut self,
        group: Oid,
        members: &[Oid],
        grantor: Oid,
        grants: Grants,
        cx: &Context,
    ) -> Exec {
        members.iter().try_for_each(|&member| self.refuse_loop(group, member))?;
        if grants.admin == Some(true) && grantor != BOOTSTRAP_ROLE {
            self.refuse_circular_admin(group, members, grantor)?;
        }
        members.iter().for_each(|&member| self.add_membership(group, member, grantor, grants, cx));
        Ok(())
    }

    /// Takes memberships away, or what `options` names of them.
    pub(super) fn remove_members(
        &mut self,
        group: Oid,
        members: &[Oid],
        grantor: Option<&RoleSpec>,
        options: Option<Grants>,
        behavior: DropBehavior,
        cx: &Context,
    ) -> Exec {
        let written = grantor.map(|grantor| self.real_role(grantor)).transpose()?;
        if self.catalog.version() < 16 {
            members.iter().for_each(|&member| self.remove_only_member(group, member, options, cx));
            return Ok(());
        }
        let grantor = self.grantor_of_role(group, written, false)?;
        let known = self.members_of(group);
        let mut actions = vec![Action::Nothing; known.len()];
        for &member in members {
            let of = |m: &Member| m.member == member && m.membership.grantor == grantor;
            let Some(index) = known.iter().position(of) else {
                let name = |role| self.catalog.role_name(role).to_owned();
                let message = format!(
                    "role \"{}\" has not been granted membership in role \"{}\" by role \"{}\"",
                    name(member),
                    name(group),
                    name(grantor)
                );
                self.notices.push(Notice { severity: "WARNING", message, origin: cx.origin, raised: None });
                continue;
            };
            match options {
                Some(Grants { inherit: Some(_), .. }) => actions[index] = Action::RemoveInherit,
                Some(Grants { set: Some(_), .. }) => actions[index] = Action::RemoveSet,
                Some(_) => plan_revoke(&known, &mut actions, index, true, behavior)?,
                None => plan_revoke(&known, &mut actions, index, false, behavior)?,
            }
        }
        for (known, action) in known.iter().zip(actions) {
            let Some(role) = self.catalog.role_mut(known.member) else { continue };
            let Some(at) = role.member_of.iter().position(|m| m.oid == known.membership.oid) else { continue };
            match action {
                Action::Nothing => continue,
                Action::RemoveAdmin => role.member_of[at].admin = false,
                Action::RemoveInherit => role.member_of[at].inherit = Some(false),
                Action::RemoveSet => role.member_of[at].set = false,
                Action::Delete => drop(role.member_of.remove(at)),
            }
            role.provenance.change(cx.origin, ChangeKind::Privileges);
        }
        Ok(())
    }

    /// The memberships that a role has granted (16): the member and the entry.
    pub(in crate::replay::ddl) fn granted_memberships(&self, grantor: Oid) -> Vec<(Oid, Membership)> {
        if self.catalog.version() < 16 {
            return Vec::new();
        }
        let of = |member: &crate::catalog::Role| {
            let own = member.member_of.iter().filter(|m| m.grantor == grantor).copied();
            own.map(|membership| (member.oid, membership)).collect::<Vec<_>>()
        };
        self.catalog.roles().flat_map(of).collect()
    }

    /// `role` can become `group` (`acl.c: member_can_set_role`), before 16 any member.
    pub(in crate::replay) fn can_set_role(&self, role: Oid, group: Oid) -> bool {
        if self.catalog.version() < 16 {
            return self.is_member_of(role, group);
        }
        let mut seen = vec![role];
        let mut next = 0;
        while let Some(&role) = seen.get(next) {
            next += 1;
            for membership in self.catalog.role(role).into_iter().flat_map(|r| &r.member_of) {
                if membership.set && !seen.contains(&membership.role) {
                    seen.push(membership.role);
                }
            }
        }
        seen.contains(&group)
    }

    /// Up to 15 it is the grantor who must have the right to grant, and none but a superuser says who it is (`AddRoleMems`).
    pub(super) fn may_grant_role_as(&self, group: Oid, grantor: &RoleSpec) -> Exec {
        let grantor = self.real_role(grantor)?;
        let user = self.session.current_user;
        if grantor == user || self.is_superuser(user) || self.catalog.taint.everything().is_some() {
            return self.may_grant_role(group, true);
        }
        let denied = |message: String| Err(SqlError::new("42501", message).into());
        if self.is_superuser(group) {
            return denied("must be superuser to alter superusers".to_owned());
        }
        let creates = self.catalog.role(user).is_some_and(|role| role.attributes.create_role);
        if !creates && !self.administers(grantor, group) {
            return denied(format!("must have admin option on role \"{}\"", self.catalog.role_name(group)));
        }
        denied("must be superuser to set grantor".to_owned())
    }

    /// `role "…" is a member of role "…"`
    fn refuse_loop(&self, group: Oid, member: Oid) -> Exec {
        let name = |role| self.catalog.role_name(role).to_owned();
        let state = if self.catalog.version() >= 16 { "0A000" } else { "XX000" };
        if group == DATABASE_OWNER_ROLE {
            let message = format!("role \"{}\" cannot have explicit members", name(group));
            return Err(SqlError::new(state, message).into());
        }
        if member == DATABASE_OWNER_ROLE {
            let message = format!("role \"{}\" cannot be a member of any role", name(member));
            return Err(SqlError::new(state, message).into());
        }
        if self.is_member_of(group, member) {
            let message = format!("role \"{}\" is a member of role \"{}\"", name(group), name(member));
            return Err(SqlError::new("0LP01", message).into());
        }
        Ok(())
    }

    // ---- up to 15 ----

    fn add_only_member(&mut self, group: Oid, member: Oid, grantor: Oid, grants: Grants, cx: &Context) -> Exec {
        self.refuse_loop(group, member)?;
        let name = |role| self.catalog.role_name(role).to_owned();
        let message = format!("role \"{}\" is already a member of role \"{}\"", name(member), name(group));
        let Some(role) = self.catalog.role_mut(member) else { return Ok(()) };
        match role.member_of.iter_mut().find(|m| m.role == group) {
            Some(membership) => {
                let before = *membership;
                membership.admin |= grants.admin.unwrap_or(false);
                if before == *membership {
                    self.notice(message, cx);
                    return Ok(());
                }
                membership.grantor = grantor;
            }
            None => role.member_of.push(Membership {
                oid: Oid::INVALID,
                role: group,
                grantor,
                admin: grants.admin.unwrap_or(false),
                inherit: None,
                set: true,
            }),
        }
        role.provenance.change(cx.origin, ChangeKind::Privileges);
        Ok(())
    }

    fn remove_only_member(&mut self, group: Oid, member: Oid, options: Option<Grants>, cx: &Context) {
        let (group_name, member_name) = (self.catalog.role_name(group), self.catalog.role_name(member));
        let message = format!("role \"{member_name}\" is not a member of role \"{group_name}\"");
        let Some(role) = self.catalog.role_mut(member) else { return };
        let Some(at) = role.member_of.iter().position(|m| m.role == group) else {
            self.notices.push(Notice { severity: "WARNING", message, origin: cx.origin, raised: None });
            return;
        };
        match options {
            Some(_) => role.member_of[at].admin = false,
            None => drop(role.member_of.remove(at)),
        }
        role.provenance.change(cx.origin, ChangeKind::Privileges);
    }

    // ---- from 16 on ----

    /// The memberships in a role, in the order in which they were granted.
    fn members_of(&self, group: Oid) -> Vec<Member> {
        let of = |member: &crate::catalog::Role| {
            let own = member.member_of.iter().filter(|m| m.role == group).copied();
            own.map(|membership| Member { member: member.oid, membership }).collect::<Vec<_>>()
        };
        let mut members: Vec<Member> = self.catalog.roles().flat_map(of).collect();
        members.sort_by_key(|member| member.membership.oid);
        members
    }

    fn add_membership(&mut self, group: Oid, member: Oid, grantor: Oid, grants: Grants, cx: &Context) {
        let name = |role| self.catalog.role_name(role).to_owned();
        let message = format!(
            "role \"{}\" has already been granted membership in role \"{}\" by role \"{}\"",
            name(member),
            name(group),
            name(grantor)
        );
        let Some(record) = self.catalog.role(member) else { return };
        let inherits = record.attributes.inherit;
        let known = record.member_of.iter().position(|m| m.role == group && m.grantor == grantor);
        let oid = if known.is_none() { self.catalog.new_oid() } else { Oid::INVALID };
        let Some(role) = self.catalog.role_mut(member) else { return };
        match known {
            Some(at) => {
                let membership = &mut role.member_of[at];
                let before = *membership;
                membership.admin = grants.admin.unwrap_or(membership.admin);
                membership.inherit = grants.inherit.or(membership.inherit);
                membership.set = grants.set.unwrap_or(membership.set);
                if before == *membership {
                    self.notice(message, cx);
                    return;
                }
            }
            None => role.member_of.push(Membership {
                oid,
                role: group,
                grantor,
                admin: grants.admin.unwrap_or(false),
                inherit: Some(grants.inherit.unwrap_or(inherits)),
                set: grants.set.unwrap_or(true),
            }),
        }
        role.provenance.change(cx.origin, ChangeKind::Privileges);
    }

    /// Nobody gets the right to grant from whom they gave it to.
    fn refuse_circular_admin(&self, group: Oid, members: &[Oid], grantor: Oid) -> Exec {
        let refused = || Err(SqlError::new("0LP01", "ADMIN option cannot be granted back to your own grantor").into());
        let known = self.members_of(group);
        let mut actions = vec![Action::Nothing; known.len()];
        for &member in members {
            if member == BOOTSTRAP_ROLE {
                return refused();
            }
            for (index, known_member) in known.iter().enumerate() {
                if known_member.member == member {
                    plan_revoke(&known, &mut actions, index, false, DropBehavior::Cascade)?;
                }
            }
        }
        let remains = known
            .iter()
            .zip(&actions)
            .any(|(known, action)| *action == Action::Nothing && known.member == grantor && known.membership.admin);
        if remains { Ok(()) } else { refused() }
    }

    /// `user.c: check_role_grantor`
    fn grantor_of_role(&self, group: Oid, written: Option<Oid>, grant: bool) -> Exec<Oid> {
        let user = self.session.current_user;
        let Some(grantor) = written else {
            if self.is_superuser(user) || self.catalog.taint.everything().is_some() {
                return Ok(BOOTSTRAP_ROLE);
            }
            return match self.best_admin(user, group) {
                Some(grantor) => Ok(grantor),
                None => Err(SqlError::new("XX000", "no possible grantors").into()),
            };
        };
        let name = self.catalog.role_name(grantor);
        let doing = if grant { "grant privileges as" } else { "revoke privileges granted by" };
        let denied = |detail: String| {
            let message = format!("permission denied to {doing} role \"{name}\"");
            Err(SqlError::new("42501", message).detail(detail).into())
        };
        if !self.has_rights_of(grantor) {
            let may = if grant { "grant privileges as this role" } else { "revoke privileges granted by this role" };
            return denied(format!("Only roles with privileges of role \"{name}\" may {may}."));
        }
        if grant && grantor != BOOTSTRAP_ROLE && self.best_admin(grantor, group) != Some(grantor) {
            let group = self.catalog.role_name(group);
            return denied(format!("The grantor must have the ADMIN option on role \"{group}\"."));
        }
        Ok(grantor)
    }

    /// The role with the right to grant whose rights a member has by the fewest steps (`acl.c: select_best_admin`).
    fn best_admin(&self, member: Oid, group: Oid) -> Option<Oid> {
        if member == group {
            return None;
        }
        let mut seen = vec![member];
        let mut next = 0;
        while let Some(&role) = seen.get(next) {
            next += 1;
            let Some(record) = self.catalog.role(role) else { continue };
            if record.member_of.iter().any(|m| m.role == group && m.admin) {
                return Some(role);
            }
            for membership in &record.member_of {
                if membership.inherit.unwrap_or(record.attributes.inherit) && !seen.contains(&membership.role) {
                    seen.push(membership.role);
                }
            }
        }
        None
    }
}

/// `user.c: plan_recursive_revoke`
fn plan_revoke(
    known: &[Member],
    actions: &mut [Action],
    index: usize,
    admin_only: bool,
    behavior: DropBehavior,
) -> Exec {
    if actions[index] == Action::Delete || actions[index] == Action::RemoveAdmin && admin_only {
        return Ok(());
    }
    let Member { member, membership } = known[index];
    if !admin_only {
        actions[index] = Action::Delete;
    }
    if !membership.admin {
        return Ok(());
    }
    if admin_only {
        actions[index] = Action::RemoveAdmin;
    }
    let still = known
        .iter()
        .zip(actions.iter())
        .any(|(other, action)| other.member == member && other.membership.admin && *action == Action::Nothing);
    if still {
        return Ok(());
    }
    for other in 0..known.len() {
        if known[other].membership.grantor == member && actions[other] != Action::Delete {
            if behavior == DropBehavior::Restrict {
                let error = SqlError::new("2BP01", "dependent privileges exist");
                return Err(error.hint("Use CASCADE to revoke them too.").into());
            }
            plan_revoke(known, actions, other, false, behavior)?;
        }
    }
    Ok(())
}
