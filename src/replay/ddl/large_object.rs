//! Large objects (`pg_largeobject.c`, `inv_api.c`, `be-fsstubs.c`). They are named by number; one whose number the
//! server chooses cannot be named here, so that a call which makes one is not decided, and taints.

use super::owner::change_owner;
use crate::catalog::{AclKind, ChangeKind, LargeObject, Object, Oid, Privs, Provenance};
use crate::replay::value::parse_bool;
use crate::replay::{Context, Exec, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::{DropBehavior, ObjectName, ObjectRef, Touches};

/// PostgreSQL's functions that make or drop large objects.
pub(in crate::replay) const CHANGING: [&str; 5] = ["lo_creat", "lo_create", "lo_from_bytea", "lo_import", "lo_unlink"];

impl Replay {
    /// The large object that a statement names (`objectaddress.c: get_object_address`, `oid.c: oidparse`).
    pub(in crate::replay) fn resolve_large_object(&self, object: &ObjectRef) -> Exec<Option<Object>> {
        let text = match &object.name {
            ObjectName::Other(text) => text.clone(),
            ObjectName::Plain(name) => name.name.to_string(),
            ObjectName::OfRelation { .. }
            | ObjectName::OfDomain { .. }
            | ObjectName::Function(_)
            | ObjectName::Type(_)
            | ObjectName::Operator(_)
            | ObjectName::Cast { .. }
            | ObjectName::Transform { .. }
            | ObjectName::OfMethod { .. } => return Ok(None),
        };
        self.find_large_object(number_of(&text)?).map(|oid| Some(Object::LargeObject(oid)))
    }

    /// 42704 unless there is one of that number; opaque where a statement that was not executed may have decided it.
    pub(in crate::replay) fn find_large_object(&self, number: Oid) -> Exec<Oid> {
        let found = self.catalog.large_object(number);
        let made = found.map(|object| object.provenance.created.sequence);
        let unknown = self.catalog.taint.of_large_objects();
        if let Some(unknown) = unknown.filter(|unknown| made.is_none_or(|made| made <= unknown.origin.sequence)) {
            let reason = format!("it is not known whether there is a large object {}", number.0);
            return Err(Opaque::because_of(unknown, &reason, Touches::LargeObjects).into());
        }
        match found {
            Some(object) => Ok(object.oid),
            None => {
                let mut error = SqlError::new("42704", format!("large object {} does not exist", number.0));
                lookup::explain(&self.catalog, &mut error, |t| t.object == Object::LargeObject(number));
                Err(error.into())
            }
        }
    }

    /// 42501 unless the current user owns it.
    pub(in crate::replay) fn must_own_large_object(&self, number: Oid) -> Exec {
        match self.catalog.large_object(number) {
            Some(object) if !self.has_rights_of(object.owner) => {
                Err(SqlError::new("42501", format!("must be owner of large object {}", number.0)).into())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The same, where access is checked (`objectaddress.c: check_object_ownership`, `be-fsstubs.c: be_lo_unlink`).
    pub(in crate::replay) fn may_change_large_object(&self, number: Oid) -> Exec {
        if self.large_objects_are_free() { Ok(()) } else { self.must_own_large_object(number) }
    }

    /// Access to it is not checked (`lo_compat_privileges`).
    fn large_objects_are_free(&self) -> bool {
        self.session.setting("lo_compat_privileges").and_then(parse_bool) == Some(true)
    }

    /// 42501 unless the current user may read or write it (`inv_api.c: inv_open`).
    pub(in crate::replay) fn may_open_large_object(&self, number: Oid, wanted: Privs) -> Exec {
        let oid = self.find_large_object(number)?;
        let Some(object) = self.catalog.large_object(oid) else { return Ok(()) };
        let allowed = self.has_privileges(object.acl.as_ref(), AclKind::LargeObject, object.owner, wanted);
        if allowed || self.large_objects_are_free() {
            return Ok(());
        }
        Err(SqlError::new("42501", format!("permission denied for large object {}", number.0)).into())
    }

    /// `pg_largeobject.c: LargeObjectCreate`
    pub(in crate::replay) fn create_large_object(&mut self, number: Oid, cx: &Context) -> Exec {
        if number == Oid::INVALID {
            let reason = "the server chooses the number of the large object";
            return Err(Opaque::undecided(reason, Touches::LargeObjects).into());
        }
        if self.catalog.large_object(number).is_some() && self.find_large_object(number).is_ok() {
            let index = "pg_largeobject_metadata_oid_index";
            let error = SqlError::new("23505", format!("duplicate key value violates unique constraint \"{index}\""));
            return Err(error.detail(format!("Key (oid)=({}) already exists.", number.0)).into());
        }
        let owner = self.session.current_user;
        self.catalog.insert_large_object(LargeObject {
            oid: number,
            owner,
            acl: self.catalog.new_object_acl(AclKind::LargeObject, owner, None),
            comment: None,
            provenance: Provenance::new(cx.origin),
        });
        Ok(())
    }

    /// `be-fsstubs.c: be_lo_unlink`
    pub(in crate::replay) fn unlink_large_object(&mut self, number: Oid, cx: &Context) -> Exec {
        let oid = self.find_large_object(number)?;
        self.may_change_large_object(oid)?;
        self.delete_objects(&[Object::LargeObject(oid)], DropBehavior::Cascade, cx)
    }

    /// `alter.c: AlterObjectOwner_internal`
    pub(in crate::replay) fn set_large_object_owner(&mut self, oid: Oid, owner: Oid, cx: &Context) -> Exec {
        let Some(object) = self.catalog.large_object(oid).filter(|object| object.owner != owner) else { return Ok(()) };
        if !self.is_superuser(self.session.current_user) {
            self.must_own_large_object(object.oid)?;
            self.must_be_able_to_be(owner)?;
        }
        if let Some(object) = self.catalog.large_object_mut(oid) {
            change_owner(&mut object.owner, object.acl.as_mut(), owner);
            object.provenance.change(cx.origin, ChangeKind::Owner);
        }
        Ok(())
    }
}

/// The number that a statement has written: an integer is taken for an OID as it is, what is longer or has a point is
/// read as one is (`oid.c: oidparse`).
fn number_of(text: &str) -> Exec<Oid> {
    if text.contains(|c: char| !c.is_ascii_digit() && c != '-') {
        return Err(SqlError::new("22P02", format!("invalid input syntax for type oid: \"{text}\"")).into());
    }
    let number: Option<i64> = text.parse().ok();
    match number.filter(|n| (i64::from(i32::MIN)..=i64::from(u32::MAX)).contains(n)) {
        Some(number) => Ok(Oid(number as u32)),
        None => Err(SqlError::new("22003", format!("value \"{text}\" is out of range for type oid")).into()),
    }
}
