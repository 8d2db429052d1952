//! Who may change what: ownership, and the right to make things in a schema (`aclchk.c: object_ownercheck`,
//! `object_aclcheck`).
//!
//! Only the checks whose outcome the catalog decides: nothing is refused once an opaque statement may have changed roles
//! or privileges. Policies and the dropping of triggers are left out, because platforms let their users do that on tables
//! of others (`supautils.policy_grants`, `supautils.drop_trigger_grants`).

pub(in crate::replay) mod rows;

use super::{Exec, Replay, SqlError};
use crate::catalog::{Acl, AclKind, BOOTSTRAP_ROLE, DATABASE_OWNER_ROLE, Object, Oid, Privs, Relation, RelationKind};
use crate::sql::ast::{Name, QualifiedName};

impl Replay {
    pub(crate) fn is_superuser(&self, role: Oid) -> bool {
        self.catalog.role(role).is_none_or(|role| role.attributes.superuser)
    }

    /// The current user has the rights of `role` (`acl.c: has_privs_of_role`): it is it, or inherits from it. True as well
    /// where that is not known.
    pub(super) fn has_rights_of(&self, role: Oid) -> bool {
        self.role_has_rights_of(self.session.current_user, role)
    }

    /// The same of any role.
    fn role_has_rights_of(&self, user: Oid, role: Oid) -> bool {
        if user == role || self.is_superuser(user) || self.catalog.taint.everything().is_some() {
            return true;
        }
        let mut seen = vec![user];
        let mut next = 0;
        while let Some(&member) = seen.get(next) {
            next += 1;
            // The owner of the database is a member of `pg_database_owner`.
            if member == self.catalog.database().owner && !seen.contains(&DATABASE_OWNER_ROLE) {
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

    /// Policies decide which rows the current user sees and writes (`rls.c: check_enable_rls`).
    pub(super) fn row_security_applies(&self, relation: &Relation) -> bool {
        let user = self.session.current_user;
        let bypasses = self.is_superuser(user) || self.catalog.role(user).is_some_and(|r| r.attributes.bypass_rls);
        relation.row_security && !bypasses && (relation.force_row_security || !self.has_rights_of(relation.owner))
    }

    /// 42501 unless the current user owns the relation.
    pub(crate) fn must_own_relation(&self, oid: Oid) -> Exec {
        match self.catalog.relation(oid) {
            Some(relation) if !self.has_rights_of(relation.owner) => Err(not_owner(kind_of(relation), &relation.name)),
            Some(_) | None => Ok(()),
        }
    }

    /// A role has one of these privileges on a relation (`aclchk.c: pg_class_aclmask` with `ACLMASK_ANY`).
    pub(super) fn has_any_on_relation(&self, user: Oid, relation: &Relation, wanted: Privs) -> bool {
        if self.is_superuser(user) || self.catalog.taint.everything().is_some() {
            return true;
        }
        let kind = match relation.kind {
            RelationKind::Sequence(_) => AclKind::Sequence,
            _ => AclKind::Table,
        };
        let standard;
        let acl = match &relation.acl {
            Some(acl) => acl,
            None => {
                standard = Acl::default_for(kind, relation.owner, self.catalog.version());
                &standard
            }
        };
        let mut items = acl.0.iter().filter(|item| !item.privs.and(wanted).is_empty());
        if items.any(|item| item.grantee == Oid::INVALID || self.role_has_rights_of(user, item.grantee)) {
            return true;
        }
        let writes = Privs::INSERT.with(Privs::UPDATE).with(Privs::DELETE);
        let predefined =
            [("pg_read_all_data", Privs::SELECT), ("pg_write_all_data", writes), ("pg_maintain", Privs::MAINTAIN)];
        predefined.iter().any(|(name, privs)| {
            let role = self.catalog.role_named(name).filter(|_| !privs.and(wanted).is_empty());
            role.is_some_and(|role| self.role_has_rights_of(user, role.oid))
        })
    }

    /// The current user may do what keeps a relation in order: its owner, from 17 on who has MAINTAIN.
    pub(super) fn may_maintain(&self, relation: &Relation) -> bool {
        match self.catalog.version() {
            17.. => self.has_any_on_relation(self.session.current_user, relation, Privs::MAINTAIN),
            _ => self.has_rights_of(relation.owner),
        }
    }

    /// 42501 unless it may (`tablecmds.c: RangeVarCallbackMaintainsTable`, before 17 `RangeVarCallbackOwnsTable`); the
    /// message names what was asked for, which may be an index of the relation.
    pub(super) fn must_maintain(&self, relation: &Relation, named: &Relation) -> Exec {
        if self.may_maintain(relation) {
            Ok(())
        } else if self.catalog.version() >= 17 {
            let message = format!("permission denied for {} {}", kind_of(named), named.name);
            Err(SqlError::new("42501", message).into())
        } else {
            Err(not_owner(kind_of(named), &named.name))
        }
    }

    /// 42501 unless the current user owns the schema.
    pub(super) fn must_own_schema(&self, oid: Oid) -> Exec {
        match self.catalog.schema(oid) {
            Some(schema) if !self.has_rights_of(schema.owner) => Err(not_owner("schema", &schema.name)),
            Some(_) | None => Ok(()),
        }
    }

    /// 42501 unless the current user owns what is dropped, or its schema.
    pub(crate) fn must_own_to_drop(&self, object: Object, written: Option<&QualifiedName>) -> Exec {
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
                    // The name as it was written.
                    let name =
                        written.map_or_else(|| function.name.clone(), |name| super::lookup::display(name).into());
                    Err(not_owner("function", &name))
                }
                Some(_) | None => Ok(()),
            },
            Object::Type(oid) => match self.catalog.type_(oid) {
                Some(ty) if !self.has_rights_of(ty.owner) && !owner_of_schema(ty.schema) => {
                    Err(not_owner("type", &self.catalog.format_type_be(oid, &self.path()).into()))
                }
                Some(_) | None => Ok(()),
            },
            Object::Trigger(relation, _) | Object::Policy(relation, _) | Object::Rule(relation, _) => {
                self.must_own_whole(relation)
            }
            Object::Column(..)
            | Object::Default(..)
            | Object::Constraint(..)
            | Object::DomainConstraint(..)
            | Object::Role(_)
            | Object::Extension(_)
            | Object::PublicationRelation(..)
            | Object::DefaultAcl(_) => Ok(()),
            Object::Publication(oid) => self.must_own_publication(oid),
            Object::ForeignDataWrapper(_)
            | Object::ForeignServer(_)
            | Object::EventTrigger(_)
            | Object::Language(_) => self.must_own_unplaced(object),
            Object::Database(_) => Ok(()),
            Object::LargeObject(oid) => self.may_change_large_object(oid),
            Object::Transform(oid) => match self.catalog.transform(oid) {
                Some(transform) if !self.owns_type(transform.ty) => {
                    let name = self.catalog.format_type_be(transform.ty, &self.path());
                    Err(not_owner("type", &name.into()))
                }
                Some(_) | None => Ok(()),
            },
            Object::Operator(_)
            | Object::OpClass(_)
            | Object::OpFamily(_)
            | Object::Collation(_)
            | Object::Conversion(_)
            | Object::TsConfig(_)
            | Object::TsDict(_)
            | Object::Statistics(_) => match self.catalog.stored_object(object) {
                Some(found) if owner_of_schema(found.schema) => Ok(()),
                Some(_) | None => self.must_own_stored_as(object, written),
            },
            Object::Cast(oid) => match self.catalog.user_cast_by_oid(oid) {
                Some(cast) if !self.owns_type(cast.source) && !self.owns_type(cast.target) => {
                    let name = |ty| self.catalog.format_type_be(ty, &self.path());
                    let message = format!("must be owner of type {} or type {}", name(cast.source), name(cast.target));
                    Err(SqlError::new("42501", message).into())
                }
                Some(_) | None => Ok(()),
            },
        }
    }

    /// 42501 unless the current user owns the object, or the table that it is a part of.
    pub(crate) fn must_own_to_depend(&self, object: Object) -> Exec {
        match object {
            Object::Relation(oid) => self.must_own_relation(oid),
            Object::Trigger(oid, _) => match self.catalog.relation(oid) {
                Some(relation) if !self.has_rights_of(relation.owner) => Err(not_owner("relation", &relation.name)),
                Some(_) | None => Ok(()),
            },
            Object::Function(oid) => match self.catalog.function(oid) {
                Some(function) => self.must_own_function(function.owner, &function.name),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// The current user owns the type (`pg_type_ownercheck`).
    pub(crate) fn owns_type(&self, oid: Oid) -> bool {
        let owner = self.catalog.type_info(oid).map_or(BOOTSTRAP_ROLE, |ty| ty.owner);
        self.has_rights_of(owner)
    }

    /// 42501 unless the current user owns the function (`pg_proc.c: ProcedureCreate`).
    pub(crate) fn must_own_function(&self, owner: Oid, name: &Name) -> Exec {
        if self.has_rights_of(owner) { Ok(()) } else { Err(not_owner("function", name)) }
    }

    /// The new owner of a relation may make one in its schema, and the old one is a member of it
    /// (`tablecmds.c: ATExecChangeOwner`).
    pub(crate) fn may_give_to(&self, relation: Oid, owner: Oid) -> Exec {
        let Some(relation) = self.catalog.relation(relation).filter(|r| r.owner != owner) else { return Ok(()) };
        self.may_give_in(relation.schema, owner)
    }

    /// The same for a thing in a schema that the current user owns (`alter.c: AlterObjectOwner_internal`).
    pub(crate) fn may_give_in(&self, schema: Oid, owner: Oid) -> Exec {
        let user = self.session.current_user;
        if self.is_superuser(user) || self.catalog.taint.everything().is_some() {
            return Ok(());
        }
        self.must_be_able_to_be(owner)?;
        let mut as_owner = self.clone();
        as_owner.session.current_user = owner;
        as_owner.may_create_in(schema)
    }

    /// 42501 unless the current user is a member of the role (`acl.c: check_can_set_role`).
    pub(crate) fn must_be_able_to_be(&self, role: Oid) -> Exec {
        let user = self.session.current_user;
        if self.is_superuser(user) || self.catalog.taint.everything().is_some() || self.can_set_role(user, role) {
            return Ok(());
        }
        let name = self.catalog.role_name(role);
        let message = if self.catalog.version() >= 16 {
            format!("must be able to SET ROLE \"{name}\"")
        } else {
            format!("must be member of role \"{name}\"")
        };
        Err(SqlError::new("42501", message).into())
    }

    /// 42501 unless the current user may look names up in the schema (`namespace.c: LookupExplicitNamespace`).
    pub(crate) fn may_use_schema_of(&self, name: &QualifiedName) -> Exec {
        let Some(schema) = name.schema.as_deref().and_then(|s| super::lookup::find_schema(&self.catalog, s)) else {
            return Ok(());
        };
        if schema.oid.is_builtin() && schema.oid != crate::catalog::PUBLIC_SCHEMA {
            return Ok(());
        }
        self.may_use_schema(schema.oid)
    }

    /// 42501 unless the current user may look names up in it.
    pub(crate) fn may_use_schema(&self, schema: Oid) -> Exec {
        self.has_on_schema(schema, Privs::USAGE)
    }

    /// 42501 unless the current user may make things in the schema.
    pub(crate) fn may_create_in(&self, schema: Oid) -> Exec {
        self.has_on_schema(schema, Privs::CREATE)
    }

    fn has_on_schema(&self, schema: Oid, wanted: Privs) -> Exec {
        let Some(record) = self.catalog.schema(schema) else { return Ok(()) };
        let granted = record.acl.iter().flat_map(|acl| &acl.0).any(|item| {
            item.privs.contains(wanted) && (item.grantee == Oid::INVALID || self.has_rights_of(item.grantee))
        });
        // Without an access control list the owner has everything.
        let owned = record.acl.is_none() && self.has_rights_of(record.owner);
        if granted || owned || self.is_superuser(self.session.current_user) || self.catalog.taint.everything().is_some()
        {
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
pub(super) fn kind_of(relation: &Relation) -> &'static str {
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
