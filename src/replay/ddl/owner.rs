//! ALTER … OWNER TO (`tablecmds.c: ATExecChangeOwner`, `alter.c: AlterObjectOwner_internal`, `typecmds.c:
//! AlterTypeOwner`).

use crate::catalog::{Acl, ChangeKind, Object, Oid, RelationKind, TypeKind};
use crate::replay::coverage::without_record;
use crate::replay::{Context, Exec, Notice, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::{AlterOwner, ObjectKind, ObjectRef, RoleSpec, Touches};

impl Replay {
    /// OWNER TO of anything but a relation.
    pub(in crate::replay) fn alter_owner(&mut self, stmt: &AlterOwner, cx: &Context) -> Exec {
        let owner = self.new_owner(&stmt.new_owner)?;
        // A type that is no domain is refused later, with other words.
        let kind = if stmt.object.kind == ObjectKind::Domain { ObjectKind::Type } else { stmt.object.kind };
        let Some(object) = self.resolve_object(&ObjectRef { kind, ..stmt.object.clone() })? else {
            return match stmt.object.kind {
                ObjectKind::Database => self.set_database_owner(&stmt.object, owner, cx),
                kind => without_record(kind, "OWNER TO of"),
            };
        };
        match object {
            Object::Schema(oid) => {
                // `schemacmds.c: AlterSchemaOwner_internal`
                if self.catalog.schema(oid).is_some_and(|schema| schema.owner != owner) {
                    self.must_own_commented(object, None)?;
                    self.must_be_able_to_be(owner)?;
                }
                self.set_plain_owner(object, owner, cx);
                Ok(())
            }
            Object::Type(oid) => {
                self.check_renamable_type(oid, stmt.object.kind, stmt.object.loc)?;
                self.refuse_multirange_owner(oid)?;
                if let Some(ty) = self.catalog.type_(oid).filter(|ty| ty.owner != owner) {
                    let schema = ty.schema;
                    self.must_own_commented(object, None)?;
                    self.may_give_in(schema, owner)?;
                }
                self.give_type(oid, owner, cx);
                Ok(())
            }
            Object::Function(oid) => {
                if let Some(function) = self.catalog.function(oid).filter(|f| f.owner != owner) {
                    let schema = function.schema;
                    self.must_own_commented(object, None)?;
                    self.may_give_in(schema, owner)?;
                }
                self.set_plain_owner(object, owner, cx);
                Ok(())
            }
            Object::Publication(oid) => {
                self.must_own_publication(oid)?;
                self.set_plain_owner(object, owner, cx);
                Ok(())
            }
            Object::Relation(oid) => self.change_relation_owner(oid, owner, cx),
            Object::Operator(_)
            | Object::OpClass(_)
            | Object::OpFamily(_)
            | Object::Collation(_)
            | Object::Conversion(_)
            | Object::TsConfig(_)
            | Object::TsDict(_)
            | Object::Statistics(_) => self.set_stored_owner(object, owner, cx),
            Object::ForeignDataWrapper(_)
            | Object::ForeignServer(_)
            | Object::EventTrigger(_)
            | Object::Language(_) => self.set_unplaced_owner(object, owner, cx),
            Object::Database(_) => self.set_database_owner(&stmt.object, owner, cx),
            Object::LargeObject(oid) => self.set_large_object_owner(oid, owner, cx),
            Object::Column(..)
            | Object::Default(..)
            | Object::Constraint(..)
            | Object::Trigger(..)
            | Object::Policy(..)
            | Object::Rule(..)
            | Object::DomainConstraint(..)
            | Object::Role(_)
            | Object::Extension(_)
            | Object::PublicationRelation(..)
            | Object::Cast(_)
            | Object::Transform(_)
            | Object::DefaultAcl(_) => {
                Err(Opaque::new("OWNER TO of this kind of object is not executed", Touches::Nothing).into())
            }
        }
    }

    /// The new owner of a schema, function or publication.
    pub(super) fn set_plain_owner(&mut self, object: Object, owner: Oid, cx: &Context) {
        let found = match object {
            Object::Schema(oid) => {
                self.catalog.schema_mut(oid).map(|s| (&mut s.owner, s.acl.as_mut(), &mut s.provenance))
            }
            Object::Function(oid) => {
                self.catalog.function_mut(oid).map(|f| (&mut f.owner, f.acl.as_mut(), &mut f.provenance))
            }
            Object::Publication(oid) => {
                self.catalog.publication_mut(oid).map(|p| (&mut p.owner, None, &mut p.provenance))
            }
            _ => None,
        };
        if let Some((current, acl, provenance)) = found
            && *current != owner
        {
            change_owner(current, acl, owner);
            provenance.change(cx.origin, ChangeKind::Owner);
        }
    }

    /// `typecmds.c: AlterTypeOwner_oid`: a composite type's relation has the same owner.
    pub(super) fn give_type(&mut self, oid: Oid, owner: Oid, cx: &Context) {
        match self.catalog.type_(oid).map(|ty| &ty.kind) {
            Some(TypeKind::Composite(relation)) => {
                let relation = *relation;
                self.set_relation_owner(relation, owner, cx);
            }
            // A multirange is a part of its range since 17 (`typecmds.c: AlterTypeOwner_oid`).
            Some(TypeKind::Range(range)) if self.catalog.version() >= 17 => {
                let multirange = range.multirange;
                self.set_type_owner(oid, owner, cx);
                self.set_type_owner(multirange, owner, cx);
            }
            Some(
                TypeKind::Base(_)
                | TypeKind::Array(_)
                | TypeKind::Enum(_)
                | TypeKind::Domain(_)
                | TypeKind::Range(_)
                | TypeKind::Multirange(_)
                | TypeKind::Shell,
            )
            | None => self.set_type_owner(oid, owner, cx),
        }
    }

    /// `typecmds.c: AlterTypeOwner`, since 17.
    fn refuse_multirange_owner(&self, oid: Oid) -> Exec {
        match self.catalog.type_(oid).map(|ty| &ty.kind) {
            Some(&TypeKind::Multirange(range)) if self.catalog.version() >= 17 => {
                let path = self.path();
                let written = |oid| self.catalog.format_type_be(oid, &path);
                let message = format!("cannot alter multirange type {}", written(oid));
                let hint =
                    format!("You can alter type {}, which will alter the multirange type as well.", written(range));
                Err(SqlError::new("42809", message).hint(hint).into())
            }
            _ => Ok(()),
        }
    }

    /// The role that OWNER TO names; nothing belongs to PUBLIC (`acl.c: get_rolespec_oid`).
    pub(in crate::replay) fn new_owner(&self, spec: &RoleSpec) -> Exec<Oid> {
        match self.role(spec)? {
            Oid::INVALID => Err(SqlError::new("42704", "role \"public\" does not exist").into()),
            owner => Ok(owner),
        }
    }

    /// `tablecmds.c: ATExecChangeOwner`: indexes, owned sequences and the row type follow.
    pub(in crate::replay) fn change_relation_owner(&mut self, rel: Oid, owner: Oid, cx: &Context) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        match &relation.kind {
            RelationKind::Index(index)
                if self.catalog.relation(index.table).is_some_and(crate::catalog::Relation::is_partitioned) =>
            {
                let message = format!("cannot change owner of index \"{}\"", relation.name);
                let error = SqlError::new("42809", message);
                let hint = match self.catalog.version() {
                    ..18 => "Change the ownership of the index's table, instead.",
                    _ => "Change the ownership of the index's table instead.",
                };
                return Err(error.hint(hint).into());
            }
            RelationKind::Index(_) => {
                if relation.owner != owner {
                    let message = format!("cannot change owner of index \"{}\"", relation.name);
                    self.notices.push(Notice { severity: "WARNING", message, origin: cx.origin, raised: None });
                }
                return Ok(());
            }
            RelationKind::Sequence(sequence) => {
                if let Some((table, _)) = sequence.owned_by
                    && relation.owner != owner
                {
                    let table = self.catalog.relation(table).map_or("", |r| &r.name);
                    let message = format!("cannot change owner of sequence \"{}\"", relation.name);
                    let detail = format!("Sequence \"{}\" is linked to table \"{table}\".", relation.name);
                    let (origin, text) = lookup::made_here(relation);
                    return Err(SqlError::new("0A000", message).detail(detail).related(origin, text).into());
                }
            }
            RelationKind::CompositeType => {
                let error = SqlError::new("42809", format!("\"{}\" is a composite type", relation.name));
                return Err(error.hint("Use ALTER TYPE instead.").into());
            }
            RelationKind::Table
            | RelationKind::PartitionedTable(_)
            | RelationKind::ForeignTable(_)
            | RelationKind::View(_)
            | RelationKind::MaterializedView(..) => {}
        }
        self.set_relation_owner(rel, owner, cx);
        Ok(())
    }

    pub(super) fn set_relation_owner(&mut self, rel: Oid, owner: Oid, cx: &Context) {
        let owned = self.owned_sequences(rel);
        let Some(relation) = self.catalog.relation_mut(rel) else { return };
        let old = relation.owner;
        if old == owner {
            return;
        }
        change_owner(&mut relation.owner, relation.acl.as_mut(), owner);
        for acl in relation.columns.iter_mut().filter_map(|c| c.acl.as_mut()) {
            acl.change_owner(old, owner);
        }
        relation.provenance.change(cx.origin, ChangeKind::Owner);
        let (row_type, parts) = (relation.row_type, relation.indexes.clone());
        if let Some(row_type) = row_type {
            self.set_type_owner(row_type, owner, cx);
        }
        for part in parts.into_iter().chain(owned) {
            self.set_relation_owner(part, owner, cx);
        }
    }

    /// `typecmds.c: AlterTypeOwnerInternal`: the array type follows.
    fn set_type_owner(&mut self, oid: Oid, owner: Oid, cx: &Context) {
        let Some(ty) = self.catalog.type_mut(oid) else { return };
        if ty.owner == owner {
            return;
        }
        change_owner(&mut ty.owner, ty.acl.as_mut(), owner);
        ty.provenance.change(cx.origin, ChangeKind::Owner);
        if let Some(array) = ty.array {
            self.set_type_owner(array, owner, cx);
        }
    }
}

pub(super) fn change_owner(current: &mut Oid, acl: Option<&mut Acl>, new: Oid) {
    let old = std::mem::replace(current, new);
    if let Some(acl) = acl {
        acl.change_owner(old, new);
    }
}

impl Acl {
    /// Puts the new owner in the old one's place. What the new owner had already is merged into that (`acl.c:
    /// aclnewowner`).
    pub(crate) fn change_owner(&mut self, old: Oid, new: Oid) {
        let mut merged = Acl(Vec::with_capacity(self.0.len()));
        let replaced = |oid| if oid == old { new } else { oid };
        for mut item in std::mem::take(&mut self.0) {
            item.grantee = replaced(item.grantee);
            item.grantor = replaced(item.grantor);
            match merged.0.iter_mut().find(|i| i.grantee == item.grantee && i.grantor == item.grantor) {
                Some(same) => {
                    same.privs = same.privs.with(item.privs);
                    same.grant_options = same.grant_options.with(item.grant_options);
                }
                None => merged.0.push(item),
            }
        }
        *self = merged;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{AclItem, Privs};

    #[test]
    fn privileges_follow_the_owner() {
        let (old, new) = (Oid(1), Oid(2));
        let item = |grantee, grantor, privs| AclItem { grantee, grantor, privs, grant_options: Privs::NONE };
        let mut acl = Acl(vec![
            item(old, old, Privs::INSERT.with(Privs::SELECT)),
            AclItem { grant_options: Privs::SELECT, ..item(new, old, Privs::SELECT) },
            item(Oid(3), new, Privs::SELECT),
        ]);
        acl.change_owner(old, new);
        let own = AclItem { grant_options: Privs::SELECT, ..item(new, new, Privs::INSERT.with(Privs::SELECT)) };
        assert_eq!(acl.0, [own, item(Oid(3), new, Privs::SELECT)]);
    }
}
