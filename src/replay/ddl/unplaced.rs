//! What objects without a schema have in common: names to objects, RENAME, OWNER TO, comments, privileges (`alter.c`).

use super::owner::change_owner;
use crate::catalog::{Acl, Catalog, ChangeKind, Ending, Object, Oid, Provenance, Tombstone, Unknown};
use crate::replay::{About, Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::{Name, ObjectKind, ObjectName, ObjectRef};

/// What is asked of an object of one of these kinds.
pub(in crate::replay) struct UnplacedObject {
    /// The kind in words, as `aclchk.c: aclcheck_error` names it.
    pub kind: &'static str,
    pub name: Name,
    pub owner: Oid,
    pub provenance: Provenance,
}

/// The same, to change.
pub(in crate::replay) struct UnplacedMut<'c> {
    pub name: &'c mut Name,
    pub owner: &'c mut Oid,
    /// Nothing for a kind without privileges.
    pub acl: Option<&'c mut Option<Acl>>,
    pub comment: &'c mut Option<String>,
    pub provenance: &'c mut Provenance,
}

impl Catalog {
    /// A foreign-data wrapper, server, event trigger or language.
    pub(in crate::replay) fn unplaced(&self, object: Object) -> Option<UnplacedObject> {
        macro_rules! of {
            ($kind:literal, $found:expr) => {
                $found.map(|o| UnplacedObject {
                    kind: $kind,
                    name: o.name.clone(),
                    owner: o.owner,
                    provenance: o.provenance.clone(),
                })
            };
        }
        match object {
            Object::ForeignDataWrapper(oid) => of!("foreign-data wrapper", self.foreign_data_wrapper(oid)),
            Object::ForeignServer(oid) => of!("foreign server", self.foreign_server(oid)),
            Object::EventTrigger(oid) => of!("event trigger", self.event_trigger(oid)),
            Object::Language(oid) => of!("language", self.language(oid)),
            _ => None,
        }
    }

    /// The same, to change.
    pub(in crate::replay) fn unplaced_mut(&mut self, object: Object) -> Option<UnplacedMut<'_>> {
        macro_rules! of {
            ($found:expr, $acl:expr) => {
                $found.map(|o| UnplacedMut {
                    acl: $acl(&mut o.acl),
                    name: &mut o.name,
                    owner: &mut o.owner,
                    comment: &mut o.comment,
                    provenance: &mut o.provenance,
                })
            };
        }
        match object {
            Object::ForeignDataWrapper(oid) => of!(self.foreign_data_wrapper_mut(oid), Some),
            Object::ForeignServer(oid) => of!(self.foreign_server_mut(oid), Some),
            Object::Language(oid) => of!(self.language_mut(oid), Some),
            Object::EventTrigger(oid) => self.event_trigger_mut(oid).map(|o| UnplacedMut {
                acl: None,
                name: &mut o.name,
                owner: &mut o.owner,
                comment: &mut o.comment,
                provenance: &mut o.provenance,
            }),
            _ => None,
        }
    }
}

impl Replay {
    /// An object of these kinds by its name.
    pub(in crate::replay) fn resolve_unplaced(&self, object: &ObjectRef) -> Exec<Option<Object>> {
        if let ObjectName::Transform { ty, language } = &object.name {
            return self.find_transform(ty, language).map(|oid| Some(Object::Transform(oid)));
        }
        let ObjectName::Plain(name) = &object.name else { return Ok(None) };
        let found = match object.kind {
            ObjectKind::ForeignDataWrapper => Object::ForeignDataWrapper(self.find_wrapper(&name.name)?),
            ObjectKind::ForeignServer => Object::ForeignServer(self.find_server(&name.name)?),
            ObjectKind::EventTrigger => Object::EventTrigger(self.find_event_trigger(&name.name)?),
            ObjectKind::Language => Object::Language(self.find_language(&name.name)?),
            _ => return Ok(None),
        };
        Ok(Some(found))
    }

    /// 42704 for a name that stands for nothing; opaque where `unknown` may have made it.
    pub(in crate::replay) fn missing_unplaced<T>(
        &self,
        kind: &str,
        name: &str,
        of: fn(Object) -> bool,
        unknown: Option<Unknown>,
    ) -> Exec<T> {
        let error = SqlError::new("42704", format!("{kind} \"{name}\" does not exist"));
        let mut error = error.about(About::Unplaced(name.to_owned()));
        lookup::explain(&self.catalog, &mut error, |t| of(t.object) && t.name == name);
        match unknown.or_else(|| self.catalog.taint.everything().cloned()) {
            Some(unknown) => Err(lookup::maybe(error, &unknown)),
            None => Err(error.into()),
        }
    }

    /// 42710 for a name that an object of the kind has already (`alter.c: report_name_conflict`).
    pub(in crate::replay) fn refuse_unplaced_name(&self, kind: &str, name: &str, taken: Option<&Provenance>) -> Exec {
        let Some(taken) = taken else { return Ok(()) };
        let error = SqlError::new("42710", format!("{kind} \"{name}\" already exists"));
        let error = error.related(taken.created, format!("{kind} \"{name}\" made here"));
        Err(error.about(About::Unplaced(name.to_owned())).into())
    }

    /// 42501 unless the current user owns it; other kinds are not asked about.
    pub(in crate::replay) fn must_own_unplaced(&self, object: Object) -> Exec {
        match self.catalog.unplaced(object) {
            Some(found) if !self.has_rights_of(found.owner) => {
                Err(SqlError::new("42501", format!("must be owner of {} {}", found.kind, found.name)).into())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// `alter.c: AlterObjectRename_internal`
    pub(in crate::replay) fn rename_unplaced(&mut self, object: Object, new: &Name, cx: &Context) -> Exec {
        let Some(found) = self.catalog.unplaced(object) else { return Ok(()) };
        self.must_own_unplaced(object)?;
        let catalog = &self.catalog;
        let (kind, taken) = match object {
            Object::ForeignDataWrapper(_) => {
                (found.kind, catalog.foreign_data_wrapper_named(new).map(|w| &w.provenance))
            }
            Object::ForeignServer(_) => ("server", catalog.foreign_server_named(new).map(|s| &s.provenance)),
            Object::EventTrigger(_) => (found.kind, catalog.event_trigger_named(new).map(|t| &t.provenance)),
            _ => (found.kind, catalog.language_named(new).map(|l| &l.provenance)),
        };
        self.refuse_unplaced_name(kind, new, taken)?;
        if let Object::Language(language) = object {
            self.rename_language(language, &found.name, new)?;
        }
        self.catalog.bury(Tombstone {
            object,
            kind: found.kind,
            schema: None,
            relation: None,
            name: found.name,
            created: found.provenance.created,
            ended: cx.origin,
            how: Ending::Renamed { schema: None, name: new.clone() },
        });
        if let Some(renamed) = self.catalog.unplaced_mut(object) {
            *renamed.name = new.clone();
            renamed.provenance.change(cx.origin, ChangeKind::Name);
        }
        Ok(())
    }

    /// `foreigncmds.c: AlterForeignDataWrapperOwner_internal`, `AlterForeignServerOwner_internal`, `event_trigger.c:
    /// AlterEventTriggerOwner_internal`, `alter.c: AlterObjectOwner_internal` of languages.
    pub(in crate::replay) fn set_unplaced_owner(&mut self, object: Object, owner: Oid, cx: &Context) -> Exec {
        let Some(found) = self.catalog.unplaced(object) else { return Ok(()) };
        let superuser = self.is_superuser(self.session.current_user);
        match object {
            Object::ForeignDataWrapper(_) => {
                let message = format!("permission denied to change owner of foreign-data wrapper \"{}\"", found.name);
                let error = SqlError::new("42501", message);
                if !superuser {
                    let hint = "Must be superuser to change owner of a foreign-data wrapper.";
                    return Err(error.hint(hint).into());
                }
                if !self.is_superuser(owner) {
                    let hint = "The owner of a foreign-data wrapper must be a superuser.";
                    return Err(error.hint(hint).into());
                }
            }
            Object::EventTrigger(_) => {
                if found.owner == owner {
                    return Ok(());
                }
                self.must_own_unplaced(object)?;
                if !self.is_superuser(owner) {
                    let message = format!("permission denied to change owner of event trigger \"{}\"", found.name);
                    let error = SqlError::new("42501", message);
                    return Err(error.hint("The owner of an event trigger must be a superuser.").into());
                }
            }
            Object::ForeignServer(server) if found.owner != owner && !superuser => {
                self.must_own_unplaced(object)?;
                self.must_be_able_to_be(owner)?;
                let wrapper = self.catalog.foreign_server(server).map_or(Oid::INVALID, |s| s.wrapper);
                let mut as_owner = self.clone();
                as_owner.session.current_user = owner;
                as_owner.may_use_unplaced(Object::ForeignDataWrapper(wrapper))?;
            }
            _ if found.owner != owner && !superuser => {
                self.must_own_unplaced(object)?;
                self.must_be_able_to_be(owner)?;
            }
            _ => {}
        }
        if let Some(changed) = self.catalog.unplaced_mut(object)
            && *changed.owner != owner
        {
            change_owner(changed.owner, changed.acl.and_then(Option::as_mut), owner);
            changed.provenance.change(cx.origin, ChangeKind::Owner);
        }
        Ok(())
    }

    /// 42501 unless the current user has USAGE (`aclchk.c: object_aclcheck`).
    pub(in crate::replay) fn may_use_unplaced(&self, object: Object) -> Exec {
        let Some(found) = self.catalog.unplaced(object) else { return Ok(()) };
        let acl = match object {
            Object::ForeignDataWrapper(oid) => self.catalog.foreign_data_wrapper(oid).and_then(|w| w.acl.as_ref()),
            Object::ForeignServer(oid) => self.catalog.foreign_server(oid).and_then(|s| s.acl.as_ref()),
            Object::Language(oid) => match self.catalog.language(oid) {
                // Everybody may use a language that is trusted.
                Some(language) if language.trusted && language.acl.is_none() => return Ok(()),
                language => language.and_then(|l| l.acl.as_ref()),
            },
            _ => return Ok(()),
        };
        let granted = acl.into_iter().flat_map(|acl| &acl.0).any(|item| {
            item.privs.contains(crate::catalog::Privs::USAGE)
                && (item.grantee == Oid::INVALID || self.has_rights_of(item.grantee))
        });
        let owned = acl.is_none() && self.has_rights_of(found.owner);
        let anyhow = self.is_superuser(self.session.current_user) || self.catalog.taint.everything().is_some();
        if granted || owned || anyhow {
            return Ok(());
        }
        Err(SqlError::new("42501", format!("permission denied for {} {}", found.kind, found.name)).into())
    }
}
