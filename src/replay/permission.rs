//! Who may change what: ownership, and the right to make things in a schema (`aclchk.c: object_ownercheck`,
//! `object_aclcheck`).
//!
//! Only the checks whose outcome the catalog decides: nothing is refused once an opaque statement may have changed roles
//! or privileges. Policies and the dropping of triggers are left out, because platforms let their users do that on tables
//! of others (`supautils.policy_grants`, `supautils.drop_trigger_grants`). Rows are nobody's business here.

use super::{Exec, Replay, SqlError};
use crate::catalog::{BOOTSTRAP_ROLE, DATABASE_OWNER_ROLE, Object, Oid, Privs, Relation, RelationKind, TypeRef};
use crate::sql::ast::Name;

impl Replay {
    pub(crate) fn is_superuser(&self, role: Oid) -> bool {
        self.catalog.role(role).is_none_or(|role| role.attributes.superuser)
    }

    /// The current user has the rights of `role` (`acl.c: has_privs_of_role`): it is it, or inherits from it. True as well
    /// where that is not known.
    fn has_rights_of(&self, role: Oid) -> bool {
        let user = self.session.current_user;
        if user == role || self.is_superuser(user) || self.catalog.taint.everything().is_some() {
            return true;
        }
        let mut seen = vec![user];
        let mut next = 0;
        while let Some(&member) = seen.get(next) {
            next += 1;
            // The owner of the database is a member of `pg_database_owner`.
            if member == BOOTSTRAP_ROLE && !seen.contains(&DATABASE_OWNER_ROLE) {
                seen.push(DATABASE_OWNER_ROLE);
            }
            let Some(record) = self.catalog.role(member) else { continue };
            for membership in &record.member_of {
                let inherits = membership.inherit.unwrap_or(record.attributes.inherit);
                if inherits && !seen.contains(&membership.role) {
                    seen.push(membership.role);
                }
            }
        }
        seen.contains(&role)
    }

    /// 42501 unless the current user owns the relation.
    pub(crate) fn must_own_relation(&self, oid: Oid) -> Exec {
        match self.catalog.relation(oid) {
            Some(relation) if !self.has_rights_of(relation.owner) => Err(not_owner(kind_of(relation), &relation.name)),
            Some(_) | None => Ok(()),
        }
    }

    /// 42501 unless the current user owns what is dropped, or its schema.
    pub(crate) fn must_own_to_drop(&self, object: Object) -> Exec {
        let owner_of_schema = |schema| self.catalog.schema(schema).is_none_or(|s| self.has_rights_of(s.owner));
        match object {
            Object::Relation(oid) => match self.catalog.relation(oid) {
                Some(relation) if owner_of_schema(relation.schema) => Ok(()),
                Some(_) | None => self.must_own_relation(oid),
            },
            Object::Schema(oid) => match self.catalog.schema(oid) {
                Some(schema) if !self.has_rights_of(schema.owner) => Err(not_owner("schema", &schema.name)),
                Some(_) | None => Ok(()),
            },
            Object::Function(oid) => match self.catalog.function(oid) {
                Some(function) if !self.has_rights_of(function.owner) && !owner_of_schema(function.schema) => {
                    Err(not_owner("function", &function.name))
                }
                Some(_) | None => Ok(()),
            },
            Object::Type(oid) => match self.catalog.type_(oid) {
                Some(ty) if !self.has_rights_of(ty.owner) && !owner_of_schema(ty.schema) => {
                    Err(not_owner("type", &self.catalog.format_type(TypeRef::plain(oid), &self.path()).into()))
                }
                Some(_) | None => Ok(()),
            },
            Object::Column(..)
            | Object::Default(..)
            | Object::Constraint(..)
            | Object::Trigger(..)
            | Object::Policy(..)
            | Object::DomainConstraint(..)
            | Object::Role(_)
            | Object::Extension(_)
            | Object::Publication(_)
            | Object::PublicationRelation(..)
            | Object::DefaultAcl(_) => Ok(()),
        }
    }

    /// 42501 unless the current user owns the function (`pg_proc.c: ProcedureCreate`).
    pub(crate) fn must_own_function(&self, owner: Oid, name: &Name) -> Exec {
        if self.has_rights_of(owner) { Ok(()) } else { Err(not_owner("function", name)) }
    }

    /// 42501 unless the current user may make things in the schema.
    pub(crate) fn may_create_in(&self, schema: Oid) -> Exec {
        let Some(record) = self.catalog.schema(schema) else { return Ok(()) };
        let granted = record.acl.iter().flat_map(|acl| &acl.0).any(|item| {
            item.privs.contains(Privs::CREATE) && (item.grantee == Oid::INVALID || self.has_rights_of(item.grantee))
        });
        // Without an access control list the owner has everything.
        let owned = record.acl.is_none() && self.has_rights_of(record.owner);
        if granted || owned || self.is_superuser(self.session.current_user) || self.catalog.taint.everything().is_some() {
            return Ok(());
        }
        Err(SqlError::new("42501", format!("permission denied for schema {}", record.name)).into())
    }
}

/// `aclcheck_error` with `ACLCHECK_NOT_OWNER`
fn not_owner(kind: &str, name: &Name) -> super::Stop {
    SqlError::new("42501", format!("must be owner of {kind} {name}")).into()
}

/// `objectaddress.c: get_relkind_objtype`
fn kind_of(relation: &Relation) -> &'static str {
    match relation.kind {
        RelationKind::Table | RelationKind::PartitionedTable(_) => "table",
        RelationKind::ForeignTable(_) => "foreign table",
        RelationKind::View(_) => "view",
        RelationKind::MaterializedView(..) => "materialized view",
        RelationKind::Sequence(_) => "sequence",
        RelationKind::Index(_) => "index",
        RelationKind::CompositeType => "type",
    }
}
