//! Privileges that a definition needs (`aclchk.c: object_aclcheck`). What is read and written:
//! `permission/rows.rs`.

use super::{Exec, Replay, SqlError};
use crate::catalog::{Acl, AclKind, AttrNumber, Function, FunctionKind, Layer, Object, Oid, Privs, Relation};
use crate::sql::ast::QualifiedName;

impl Replay {
    /// The current user has the privileges; true as well where that is not known.
    pub(crate) fn has_privileges(&self, acl: Option<&Acl>, kind: AclKind, owner: Oid, wanted: Privs) -> bool {
        if self.is_superuser(self.session.current_user) || self.catalog.taint.everything().is_some() {
            return true;
        }
        let standard;
        let acl = match acl {
            Some(acl) => acl,
            None => {
                standard = Acl::default_for(kind, owner, self.catalog.version());
                &standard
            }
        };
        acl.0.iter().any(|item| {
            item.privs.contains(wanted) && (item.grantee == Oid::INVALID || self.has_rights_of(item.grantee))
        })
    }

    /// 42501 unless the current user may call the function, by the name that it is given.
    pub(crate) fn may_execute(&self, function: Oid, name: &str) -> Exec {
        let Some(function) = self.catalog.function(function) else { return Ok(()) };
        if self.has_privileges(function.acl.as_ref(), AclKind::Function, function.owner, Privs::EXECUTE) {
            return Ok(());
        }
        let kind = match function.kind {
            FunctionKind::Procedure => "procedure",
            FunctionKind::Function | FunctionKind::Aggregate | FunctionKind::Window => "function",
        };
        Err(SqlError::new("42501", format!("permission denied for {kind} {name}")).into())
    }

    /// 42501 unless the current user owns the function, by the name that it is given.
    pub(crate) fn must_own_routine(&self, function: &Function, name: &str) -> Exec {
        if self.has_rights_of(function.owner) {
            return Ok(());
        }
        let kind = match function.kind {
            FunctionKind::Procedure => "procedure",
            FunctionKind::Aggregate => "aggregate",
            FunctionKind::Function | FunctionKind::Window => "function",
        };
        Err(SqlError::new("42501", format!("must be owner of {kind} {name}")).into())
    }

    /// 42501 unless the current user may use the type, or the one that an array is of (`aclcheck_error_type`).
    pub(crate) fn may_use_type(&self, ty: Oid) -> Exec {
        let ty = self.catalog.array_element(ty).unwrap_or(ty);
        let Some(record) = self.catalog.type_(ty) else { return Ok(()) };
        if self.has_privileges(record.acl.as_ref(), AclKind::Type, record.owner, Privs::USAGE) {
            return Ok(());
        }
        let name = self.catalog.format_type_be(ty, &self.path());
        Err(SqlError::new("42501", format!("permission denied for type {name}")).into())
    }

    /// 42501 unless the current user has the privilege on the relation (`pg_class_aclcheck`).
    pub(crate) fn may_on_relation(&self, relation: &Relation, wanted: Privs) -> Exec {
        if self.has_privileges(relation.acl.as_ref(), AclKind::Table, relation.owner, wanted) {
            return Ok(());
        }
        let kind = super::permission::kind_of(relation);
        Err(SqlError::new("42501", format!("permission denied for {kind} {}", relation.name)).into())
    }

    /// REFERENCES on the table or on each of the columns (`tablecmds.c: checkFkeyPermissions`).
    pub(crate) fn may_refer_to(&self, relation: &Relation, columns: &[AttrNumber]) -> Exec {
        let on_table = self.may_on_relation(relation, Privs::REFERENCES);
        let on_column = |number: &AttrNumber| {
            let acl = relation.column_at(*number).and_then(|c| c.acl.as_ref());
            acl.is_some_and(|acl| self.has_privileges(Some(acl), AclKind::Column, relation.owner, Privs::REFERENCES))
        };
        if on_table.is_ok() || columns.iter().all(on_column) { Ok(()) } else { on_table }
    }

    /// 42501 unless the current user owns what the object is a part of. Platforms let their users have policies on their
    /// own tables, and drop triggers of them (`supautils.policy_grants`, `supautils.drop_trigger_grants`).
    pub(crate) fn must_own_whole(&self, relation: Oid) -> Exec {
        match self.catalog.relation(relation) {
            Some(relation) if relation.provenance.created.layer == Layer::Platform => Ok(()),
            Some(relation) if !self.has_rights_of(relation.owner) => {
                Err(SqlError::new("42501", format!("must be owner of relation {}", relation.name)).into())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// 42501 unless the current user owns what is commented on (`objectaddress.c: check_object_ownership`).
    pub(crate) fn must_own_commented(&self, object: Object, written: Option<&QualifiedName>) -> Exec {
        match object {
            Object::Relation(oid) => self.must_own_relation(oid),
            Object::Column(oid, _)
            | Object::Default(oid, _)
            | Object::Constraint(oid, _)
            | Object::Trigger(oid, _)
            | Object::Policy(oid, _)
            | Object::Rule(oid, _) => self.must_own_whole(oid),
            Object::Function(oid) => match self.catalog.function(oid) {
                Some(function) => {
                    let name = written.map_or_else(|| function.name.to_string(), super::lookup::display);
                    self.must_own_routine(function, &name)
                }
                None => Ok(()),
            },
            Object::Type(oid) | Object::DomainConstraint(oid, _) if !self.owns_type(oid) => {
                let name = self.catalog.format_type_be(oid, &self.path());
                Err(SqlError::new("42501", format!("must be owner of type {name}")).into())
            }
            Object::Schema(oid) => match self.catalog.schema(oid) {
                Some(schema) if !self.has_rights_of(schema.owner) => {
                    Err(SqlError::new("42501", format!("must be owner of schema {}", schema.name)).into())
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
            | Object::Statistics(_) => self.must_own_stored_as(object, written),
            Object::ForeignDataWrapper(_)
            | Object::ForeignServer(_)
            | Object::EventTrigger(_)
            | Object::Language(_) => self.must_own_unplaced(object),
            Object::LargeObject(oid) => self.may_change_large_object(oid),
            Object::Publication(oid) => self.must_own_publication(oid),
            Object::Role(oid) => self.may_comment_on_role(oid),
            Object::Type(_)
            | Object::DomainConstraint(..)
            | Object::Extension(_)
            | Object::PublicationRelation(..)
            | Object::DefaultAcl(_)
            | Object::Database(_)
            | Object::Transform(_)
            | Object::Cast(_) => Ok(()),
        }
    }

    /// 42501 for a table of PostgreSQL's own, which is not altered (`allow_system_table_mods`).
    pub(crate) fn refuse_system_catalog(&self, name: &QualifiedName) -> Exec {
        use crate::catalog::{INFORMATION_SCHEMA, PG_CATALOG};
        let schemas = match &name.schema {
            Some(schema) => super::lookup::find_schema(&self.catalog, schema).map(|s| s.oid).into_iter().collect(),
            None => self.path(),
        };
        for &schema in schemas.iter() {
            if self.catalog.relation_in(schema, &name.name).is_some() {
                return Ok(());
            }
            if schema == PG_CATALOG || schema == INFORMATION_SCHEMA {
                let Some(found) = self.catalog.builtins().system_relation(schema, &name.name) else { continue };
                if found.relkind != 'r' {
                    return Ok(());
                }
                let message = format!("permission denied: \"{}\" is a system catalog", name.name);
                return Err(SqlError::new("42501", message).into());
            }
        }
        Ok(())
    }
}
