//! What depends on a role: DROP OWNED, REASSIGN OWNED, and what keeps a role from being dropped (`pg_shdepend.c`).

use super::drop::age;
use crate::catalog::{Acl, ChangeKind, DependencyKind, Membership, Object, Oid, RelationKind, TypeKind};
use crate::replay::{Context, Exec, Replay, SqlError};
use crate::sql::ast::{DropBehavior, Name, RoleSpec};

/// How many dependencies a detail names (`MAX_REPORTED_DEPS`).
const MAX_REPORTED: usize = 100;

/// A way in which something depends on a role (`SharedDependencyType`).
#[derive(Clone, Debug, PartialEq, Eq)]
enum SharedDependency {
    /// The role owns the object.
    Owner(Object),
    /// The role is in the object's access control list.
    Acl(Object),
    /// The role is in that of a configuration parameter, which has no number here.
    ParameterAcl(Name),
    /// The role owns another database, which has no number here.
    OtherDatabase(Name),
    /// The role is one that a policy is for: the relation and the policy.
    Policy(Oid, Oid),
    /// The role granted a membership (16): the member and the entry.
    Membership(Oid, Membership),
}

impl SharedDependency {
    /// What dependencies are sorted by (`shared_dependency_comparator`).
    fn key(&self) -> (u32, i16) {
        match self {
            SharedDependency::Owner(object) | SharedDependency::Acl(object) => age(*object),
            SharedDependency::ParameterAcl(_) | SharedDependency::OtherDatabase(_) => (u32::MAX, 0),
            SharedDependency::Policy(_, oid) => (oid.0, 0),
            SharedDependency::Membership(_, membership) => (membership.oid.0, 0),
        }
    }
}

impl Replay {
    /// `user.c: DropOwnedObjects`, `pg_shdepend.c: shdepDropOwned`
    pub(crate) fn drop_owned(&mut self, roles: &[RoleSpec], behavior: DropBehavior, cx: &Context) -> Exec {
        let roles = roles.iter().map(|role| self.real_role(role)).collect::<Exec<Vec<Oid>>>()?;
        for &role in &roles {
            if !self.has_rights_of(role) {
                return Err(self.without_rights("drop objects", role, "drop objects owned by it"));
            }
        }
        let mut targets: Vec<Object> = Vec::new();
        for role in roles {
            if role.is_builtin() {
                let message = format!(
                    "cannot drop objects owned by role {} because they are required by the database system",
                    self.catalog.role_name(role)
                );
                return Err(SqlError::new("2BP01", message).into());
            }
            for dependency in self.shared_dependencies(role) {
                match dependency {
                    // Databases are dropped by themselves alone.
                    SharedDependency::Owner(Object::Database(_)) | SharedDependency::OtherDatabase(_) => {}
                    SharedDependency::Owner(object) => targets.push(object),
                    SharedDependency::Acl(Object::Column(relation, _)) => {
                        self.remove_role_from_acl(Object::Relation(relation), role, cx)?;
                    }
                    SharedDependency::Acl(object) => self.remove_role_from_acl(object, role, cx)?,
                    SharedDependency::ParameterAcl(name) => self.remove_role_from_parameter(&name, role, cx)?,
                    // What the member has granted stays.
                    SharedDependency::Membership(member, gone) => {
                        if let Some(member) = self.catalog.role_mut(member) {
                            member.member_of.retain(|membership| membership.oid != gone.oid);
                            member.provenance.change(cx.origin, ChangeKind::Privileges);
                        }
                    }
                    SharedDependency::Policy(relation, policy) => {
                        if !self.remove_role_from_policy(relation, policy, role, cx) {
                            targets.push(Object::Policy(relation, policy));
                        }
                    }
                }
            }
        }
        // Newer ones first (`dependency.c: sort_object_addresses`).
        targets.sort_by_key(|&object| std::cmp::Reverse(age(object)));
        targets.dedup();
        self.delete_objects(&targets, behavior, cx)
    }

    /// `user.c: ReassignOwnedObjects`, `pg_shdepend.c: shdepReassignOwned`
    pub(crate) fn reassign_owned(&mut self, roles: &[RoleSpec], to: &RoleSpec, cx: &Context) -> Exec {
        let roles = roles.iter().map(|role| self.real_role(role)).collect::<Exec<Vec<Oid>>>()?;
        for &role in &roles {
            if !self.has_rights_of(role) {
                return Err(self.without_rights("reassign objects", role, "reassign objects owned by it"));
            }
        }
        let new = self.real_role(to)?;
        if !self.has_rights_of(new) {
            return Err(self.without_rights("reassign objects", new, "reassign objects to it"));
        }
        for role in roles {
            if role.is_builtin() {
                let message = format!(
                    "cannot reassign ownership of objects owned by role {} because they are required by the database system",
                    self.catalog.role_name(role)
                );
                return Err(SqlError::new("2BP01", message).into());
            }
            for dependency in self.shared_dependencies(role) {
                match dependency {
                    SharedDependency::Owner(object) => self.reassign(object, new, cx)?,
                    SharedDependency::OtherDatabase(name) => self.catalog.set_other_database(name, Some(new)),
                    SharedDependency::Acl(_)
                    | SharedDependency::ParameterAcl(_)
                    | SharedDependency::Policy(..)
                    | SharedDependency::Membership(..) => {}
                }
            }
        }
        Ok(())
    }

    /// `pg_shdepend.c: shdepReassignOwned_Owner`
    fn reassign(&mut self, object: Object, owner: Oid, cx: &Context) -> Exec {
        match object {
            // Not what OWNER TO does: an owned sequence may come before its table (`recursing`).
            Object::Relation(oid) => self.set_relation_owner(oid, owner, cx),
            Object::Type(oid) => self.give_type(oid, owner, cx),
            Object::Schema(_) | Object::Function(_) | Object::Publication(_) => {
                self.set_plain_owner(object, owner, cx);
            }
            Object::Operator(_)
            | Object::OpClass(_)
            | Object::OpFamily(_)
            | Object::Collation(_)
            | Object::Conversion(_)
            | Object::TsConfig(_)
            | Object::TsDict(_)
            | Object::Statistics(_) => self.set_stored_owner(object, owner, cx)?,
            Object::ForeignDataWrapper(_)
            | Object::ForeignServer(_)
            | Object::EventTrigger(_)
            | Object::Language(_) => self.set_unplaced_owner(object, owner, cx)?,
            Object::Database(_) => {
                self.must_be_able_to_be(owner)?;
                let database = self.catalog.database_mut();
                super::owner::change_owner(&mut database.owner, database.acl.as_mut(), owner);
                database.provenance.change(cx.origin, ChangeKind::Owner);
            }
            Object::LargeObject(oid) => self.set_large_object_owner(oid, owner, cx)?,
            Object::Extension(oid) => {
                if let Some(extension) = self.catalog.extension_mut(oid) {
                    extension.owner = owner;
                    extension.provenance.change(cx.origin, ChangeKind::Owner);
                }
            }
            // Default privileges are for DROP OWNED; the others have no owner of their own.
            Object::DefaultAcl(_)
            | Object::Column(..)
            | Object::Default(..)
            | Object::Constraint(..)
            | Object::Trigger(..)
            | Object::Policy(..)
            | Object::Rule(..)
            | Object::DomainConstraint(..)
            | Object::Role(_)
            | Object::PublicationRelation(..)
            | Object::Cast(_)
            | Object::Transform(_) => {}
        }
        Ok(())
    }

    fn without_rights(&self, what: &str, role: Oid, may: &str) -> crate::replay::Stop {
        let error = SqlError::new("42501", format!("permission denied to {what}"));
        if self.catalog.version() < 16 {
            return error.into();
        }
        let name = self.catalog.role_name(role);
        error.detail(format!("Only roles with privileges of role \"{name}\" may {may}.")).into()
    }

    /// False if the policy is for no other role (`policy.c: RemoveRoleFromObjectPolicy`).
    fn remove_role_from_policy(&mut self, relation: Oid, policy: Oid, role: Oid, cx: &Context) -> bool {
        let record = self.catalog.relation_mut(relation);
        let Some(policy) = record.and_then(|r| r.policies.iter_mut().find(|p| p.oid == policy)) else { return true };
        if policy.roles.iter().all(|&r| r == role) {
            return false;
        }
        policy.roles.retain(|&r| r != role);
        policy.provenance.change(cx.origin, ChangeKind::Definition);
        true
    }

    /// What keeps a role from being dropped, in words (`pg_shdepend.c: checkSharedDependencies`).
    pub(super) fn shared_dependencies_in_words(&self, role: Oid) -> Option<String> {
        let path = self.path();
        let dependencies = self.shared_dependencies(role);
        let mut lines: Vec<String> = Vec::new();
        for dependency in dependencies.iter().take(MAX_REPORTED) {
            lines.push(match dependency {
                SharedDependency::Owner(object) => format!("owner of {}", self.catalog.describe(*object, &path)),
                SharedDependency::Acl(object) => format!("privileges for {}", self.catalog.describe(*object, &path)),
                SharedDependency::ParameterAcl(name) => format!("privileges for parameter {name}"),
                SharedDependency::OtherDatabase(name) => format!("owner of database {name}"),
                SharedDependency::Membership(member, membership) => {
                    let (member, group) = (self.catalog.role_name(*member), self.catalog.role_name(membership.role));
                    format!("privileges for membership of role {member} in role {group}")
                }
                SharedDependency::Policy(relation, policy) => {
                    format!("target of {}", self.catalog.describe(Object::Policy(*relation, *policy), &path))
                }
            });
        }
        match dependencies.len().saturating_sub(MAX_REPORTED) {
            0 => {}
            1 => lines.push("and 1 other object (see server log for list)".to_owned()),
            more => lines.push(format!("and {more} other objects (see server log for list)")),
        }
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// What depends on a role, by number (`pg_shdepend`).
    fn shared_dependencies(&self, role: Oid) -> Vec<SharedDependency> {
        let catalog = &self.catalog;
        let listed = |acl: &Acl| acl.0.iter().any(|i| i.grantee == role || i.grantor == role);
        let mut found = Vec::new();
        // An owner is not recorded once more for its privileges (`updateAclDependencies`).
        let mut add = |object: Object, owner: Option<Oid>, acl: Option<&Acl>| {
            if owner == Some(role) {
                found.push(SharedDependency::Owner(object));
            } else if acl.is_some_and(listed) {
                found.push(SharedDependency::Acl(object));
            }
        };
        for schema in catalog.schemas() {
            add(Object::Schema(schema.oid), Some(schema.owner), schema.acl.as_ref());
        }
        for relation in catalog.relations() {
            match relation.kind {
                // Indexes and the relations of composite types depend on what they are a part of.
                RelationKind::Index(_) | RelationKind::CompositeType => continue,
                RelationKind::Table
                | RelationKind::PartitionedTable(_)
                | RelationKind::ForeignTable(_)
                | RelationKind::View(_)
                | RelationKind::MaterializedView(..)
                | RelationKind::Sequence(_) => {}
            }
            add(Object::Relation(relation.oid), Some(relation.owner), relation.acl.as_ref());
            for column in relation.live_columns() {
                // The owner of the table is no owner of its columns, and is not listed for them.
                if relation.owner != role {
                    add(Object::Column(relation.oid, column.number), None, column.acl.as_ref());
                }
            }
        }
        for ty in catalog.types() {
            let object = Object::Type(ty.oid);
            let apart = catalog.version() < 17 && matches!(ty.kind, TypeKind::Multirange(_));
            if apart || !matches!(catalog.owner_of(object), Some((_, DependencyKind::Internal))) {
                add(object, Some(ty.owner), ty.acl.as_ref());
            }
        }
        for function in catalog.functions() {
            add(Object::Function(function.oid), Some(function.owner), function.acl.as_ref());
        }
        for (key, acl) in catalog.default_acls() {
            if let Some(oid) = catalog.default_acl_oid(key) {
                add(Object::DefaultAcl(oid), Some(key.role), Some(acl));
            }
        }
        let database = catalog.database();
        add(Object::Database(database.oid), Some(database.owner), database.acl.as_ref());
        for wrapper in catalog.foreign_data_wrappers() {
            add(Object::ForeignDataWrapper(wrapper.oid), Some(wrapper.owner), wrapper.acl.as_ref());
        }
        for server in catalog.foreign_servers() {
            add(Object::ForeignServer(server.oid), Some(server.owner), server.acl.as_ref());
        }
        for language in catalog.languages() {
            add(Object::Language(language.oid), Some(language.owner), language.acl.as_ref());
        }
        for object in catalog.large_objects() {
            add(Object::LargeObject(object.oid), Some(object.owner), object.acl.as_ref());
        }
        let mut own = |object: Object, owner: Oid| add(object, Some(owner), None);
        catalog.publications().for_each(|p| own(Object::Publication(p.oid), p.owner));
        catalog.event_triggers().for_each(|t| own(Object::EventTrigger(t.oid), t.owner));
        catalog.extensions().for_each(|e| own(Object::Extension(e.oid), e.owner));
        catalog.operators().for_each(|o| own(Object::Operator(o.oid), o.owner));
        catalog.opclasses().for_each(|c| own(Object::OpClass(c.oid), c.owner));
        catalog.opfamilies().for_each(|f| own(Object::OpFamily(f.oid), f.owner));
        catalog.collations().for_each(|c| own(Object::Collation(c.oid), c.owner));
        catalog.conversions().for_each(|c| own(Object::Conversion(c.oid), c.owner));
        catalog.ts_configs().for_each(|c| own(Object::TsConfig(c.oid), c.owner));
        catalog.ts_dicts().for_each(|d| own(Object::TsDict(d.oid), d.owner));
        catalog.all_statistics().for_each(|s| own(Object::Statistics(s.oid), s.owner));
        for relation in catalog.relations() {
            for policy in relation.policies.iter().filter(|p| p.roles.contains(&role)) {
                found.push(SharedDependency::Policy(relation.oid, policy.oid));
            }
        }
        for (name, acl) in catalog.parameter_acls() {
            if listed(acl) {
                found.push(SharedDependency::ParameterAcl(name.clone()));
            }
        }
        let granted = self.granted_memberships(role).into_iter();
        found.extend(granted.map(|(member, membership)| SharedDependency::Membership(member, membership)));
        for (name, _) in catalog.other_databases().filter(|(_, owner)| *owner == role) {
            found.push(SharedDependency::OtherDatabase(name.clone()));
        }
        found.sort_by_key(SharedDependency::key);
        found
    }
}
