//! What the objects of the smaller kinds have in common: names to objects, RENAME, OWNER TO, SET SCHEMA, comments
//! (`alter.c`).

use crate::catalog::{Catalog, ChangeKind, Ending, Object, Oid, Provenance, Tombstone};
use crate::replay::lookup;
use crate::replay::{Context, Exec, Replay, SqlError};
use crate::sql::ast::{Name, ObjectKind, ObjectName, ObjectRef, QualifiedName};

/// What is asked of an object of one of these kinds.
pub(in crate::replay) struct StoredObject {
    /// The kind in words.
    pub kind: &'static str,
    pub schema: Oid,
    pub name: Name,
    pub owner: Oid,
    pub created: Provenance,
}

impl Catalog {
    /// An operator, operator class, collation … that a script made.
    pub(in crate::replay) fn stored_object(&self, object: Object) -> Option<StoredObject> {
        macro_rules! of {
            ($kind:literal, $found:expr) => {
                $found.map(|o| StoredObject {
                    kind: $kind,
                    schema: o.schema,
                    name: o.name.clone(),
                    owner: o.owner,
                    created: o.provenance.clone(),
                })
            };
        }
        match object {
            Object::Operator(oid) => of!("operator", self.operator(oid)),
            Object::OpClass(oid) => of!("operator class", self.opclass(oid)),
            Object::OpFamily(oid) => of!("operator family", self.opfamily(oid)),
            Object::Collation(oid) => of!("collation", self.collation(oid)),
            Object::Conversion(oid) => of!("conversion", self.conversion(oid)),
            Object::TsConfig(oid) => of!("text search configuration", self.ts_config(oid)),
            Object::TsDict(oid) => of!("text search dictionary", self.ts_dict(oid)),
            Object::Statistics(oid) => of!("statistics object", self.statistics(oid)),
            _ => None,
        }
    }

    /// Its owner and provenance, to change.
    fn stored_mut(&mut self, object: Object) -> Option<(&mut Oid, &mut Provenance)> {
        macro_rules! of {
            ($found:expr) => {
                $found.map(|o| (&mut o.owner, &mut o.provenance))
            };
        }
        match object {
            Object::Operator(oid) => of!(self.operator_mut(oid)),
            Object::OpClass(oid) => of!(self.opclass_mut(oid)),
            Object::OpFamily(oid) => of!(self.opfamily_mut(oid)),
            Object::Collation(oid) => of!(self.collation_mut(oid)),
            Object::Conversion(oid) => of!(self.conversion_mut(oid)),
            Object::TsConfig(oid) => of!(self.ts_config_mut(oid)),
            Object::TsDict(oid) => of!(self.ts_dict_mut(oid)),
            Object::Statistics(oid) => of!(self.statistics_mut(oid)),
            _ => None,
        }
    }

    /// Where its comment is kept.
    pub(in crate::replay) fn stored_comment(
        &mut self,
        object: Object,
    ) -> Option<(&mut Option<String>, &mut Provenance)> {
        macro_rules! of {
            ($found:expr) => {
                $found.map(|o| (&mut o.comment, &mut o.provenance))
            };
        }
        match object {
            Object::Operator(oid) => of!(self.operator_mut(oid)),
            Object::OpClass(oid) => of!(self.opclass_mut(oid)),
            Object::OpFamily(oid) => of!(self.opfamily_mut(oid)),
            Object::Collation(oid) => of!(self.collation_mut(oid)),
            Object::Conversion(oid) => of!(self.conversion_mut(oid)),
            Object::TsConfig(oid) => of!(self.ts_config_mut(oid)),
            Object::TsDict(oid) => of!(self.ts_dict_mut(oid)),
            Object::Statistics(oid) => of!(self.statistics_mut(oid)),
            Object::Cast(oid) => of!(self.cast_mut(oid)),
            _ => None,
        }
    }

    fn move_stored(&mut self, object: Object, schema: Oid, name: Name) {
        match object {
            Object::Operator(oid) => self.move_operator(oid, schema, name),
            Object::OpClass(oid) => self.move_opclass(oid, schema, name),
            Object::OpFamily(oid) => self.move_opfamily(oid, schema, name),
            Object::Collation(oid) => self.move_collation(oid, schema, name),
            Object::Conversion(oid) => self.move_conversion(oid, schema, name),
            Object::TsConfig(oid) => self.move_ts_config(oid, schema, name),
            Object::TsDict(oid) => self.move_ts_dict(oid, schema, name),
            Object::Statistics(oid) => self.move_statistics(oid, schema, name),
            _ => {}
        }
    }

    /// The schema has another object of the kind with the name.
    fn stored_name_taken(&self, object: Object, schema: Oid, name: &str) -> bool {
        match object {
            Object::Operator(oid) => {
                self.operator(oid).is_some_and(|op| self.operator_with_args(schema, name, op.left, op.right).is_some())
            }
            Object::OpClass(oid) => {
                self.opclass(oid).is_some_and(|c| self.opclass_in(schema, &c.access_method, name).is_some())
            }
            Object::OpFamily(oid) => {
                self.opfamily(oid).is_some_and(|f| self.opfamily_in(schema, &f.access_method, name).is_some())
            }
            Object::Collation(_) => self.collation_in(schema, name).is_some(),
            Object::Conversion(_) => self.conversions_of_name(schema, name).next().is_some(),
            Object::TsConfig(_) => self.ts_config_in(schema, name).is_some(),
            Object::TsDict(_) => self.ts_dict_in(schema, name).is_some(),
            Object::Statistics(_) => self.statistics_of_name(schema, name).next().is_some(),
            _ => false,
        }
    }
}

impl Replay {
    /// An object of these kinds by its name; nothing for a name of another form.
    pub(in crate::replay) fn resolve_stored(&self, object: &ObjectRef) -> Exec<Option<Object>> {
        let found = match (&object.name, object.kind) {
            (ObjectName::Operator(operator), _) => Object::Operator(self.find_operator(operator)?),
            (ObjectName::Cast { source, target }, _) => Object::Cast(self.find_cast(source, target)?),
            (ObjectName::OfMethod { method, name }, kind) => self.find_of_method(kind, method, name)?,
            (ObjectName::Plain(name), ObjectKind::Collation) => Object::Collation(self.find_collation(name)?),
            (ObjectName::Plain(name), ObjectKind::Conversion) => Object::Conversion(self.find_conversion(name)?),
            (ObjectName::Plain(name), ObjectKind::TsConfiguration) => Object::TsConfig(self.find_ts_config(name)?),
            (ObjectName::Plain(name), ObjectKind::TsDictionary) => Object::TsDict(self.find_ts_dict(name)?),
            (ObjectName::Plain(name), ObjectKind::Statistics) => Object::Statistics(self.find_statistics(name)?),
            _ => return Ok(None),
        };
        Ok(Some(found))
    }

    /// 42501 unless the current user owns it.
    pub(in crate::replay) fn must_own_stored(&self, object: Object) -> Exec {
        self.must_own_stored_as(object, None)
    }

    /// The same, where the error names it as it is written (`objectaddress.c: check_object_ownership`).
    pub(in crate::replay) fn must_own_stored_as(&self, object: Object, written: Option<&QualifiedName>) -> Exec {
        let Some(found) = self.catalog.stored_object(object) else { return Ok(()) };
        if self.has_rights_of(found.owner) {
            return Ok(());
        }
        let name = written.map_or_else(|| found.name.to_string(), lookup::display);
        Err(SqlError::new("42501", format!("must be owner of {} {name}", found.kind)).into())
    }

    /// `alter.c: AlterObjectRename_internal`
    pub(in crate::replay) fn rename_stored(&mut self, object: Object, new: &Name, cx: &Context) -> Exec {
        let Some(found) = self.catalog.stored_object(object) else { return Ok(()) };
        self.must_own_stored(object)?;
        self.may_create_in(found.schema)?;
        self.refuse_stored_name(object, found.schema, new)?;
        self.place_stored(object, found.schema, new, cx);
        Ok(())
    }

    /// `alter.c: AlterObjectNamespace_internal`
    pub(in crate::replay) fn set_stored_schema(&mut self, object: Object, schema: Oid, cx: &Context) -> Exec {
        let Some(found) = self.catalog.stored_object(object) else { return Ok(()) };
        if found.schema == schema {
            return Ok(());
        }
        self.must_own_stored(object)?;
        self.may_create_in(schema)?;
        self.refuse_stored_name(object, schema, &found.name)?;
        self.place_stored(object, schema, &found.name, cx);
        Ok(())
    }

    /// `alter.c: report_namespace_conflict` and its neighbours.
    fn refuse_stored_name(&self, object: Object, schema: Oid, name: &Name) -> Exec {
        if !self.catalog.stored_name_taken(object, schema, name) {
            return Ok(());
        }
        let shown = self.catalog.schema_name(schema);
        let message = match object {
            Object::Operator(_) => {
                // Nobody looks but the index.
                let message = "duplicate key value violates unique constraint \"pg_operator_oprname_l_r_n_index\"";
                return Err(SqlError::new("23505", message).into());
            }
            Object::OpClass(oid) => {
                let method = self.catalog.opclass(oid).map_or("", |class| &class.access_method);
                format!("operator class \"{name}\" for access method \"{method}\" already exists in schema \"{shown}\"")
            }
            Object::OpFamily(oid) => {
                let method = self.catalog.opfamily(oid).map_or("", |family| &family.access_method);
                format!(
                    "operator family \"{name}\" for access method \"{method}\" already exists in schema \"{shown}\""
                )
            }
            Object::Collation(_)
                if self
                    .catalog
                    .collation_in(schema, name)
                    .and_then(|oid| self.catalog.collation(oid))
                    .is_some_and(|c| c.any_encoding) =>
            {
                format!("collation \"{name}\" already exists in schema \"{shown}\"")
            }
            Object::Collation(_) => {
                format!("collation \"{name}\" for encoding \"UTF8\" already exists in schema \"{shown}\"")
            }
            Object::Conversion(_) => format!("conversion \"{name}\" already exists in schema \"{shown}\""),
            Object::TsConfig(_) => {
                format!("text search configuration \"{name}\" already exists in schema \"{shown}\"")
            }
            Object::Statistics(_) => format!("statistics object \"{name}\" already exists in schema \"{shown}\""),
            _ => format!("text search dictionary \"{name}\" already exists in schema \"{shown}\""),
        };
        Err(SqlError::new("42710", message).into())
    }

    fn place_stored(&mut self, object: Object, schema: Oid, name: &Name, cx: &Context) {
        let Some(found) = self.catalog.stored_object(object) else { return };
        self.catalog.bury(Tombstone {
            object,
            kind: found.kind,
            schema: Some(self.catalog.schema_name(found.schema).into()),
            relation: None,
            name: found.name,
            created: found.created.created,
            ended: cx.origin,
            how: Ending::Renamed { schema: Some(self.catalog.schema_name(schema).into()), name: name.clone() },
        });
        self.catalog.move_stored(object, schema, name.clone());
        if let Some((_, provenance)) = self.catalog.stored_mut(object) {
            provenance.change(cx.origin, ChangeKind::Name);
        }
    }

    /// `alter.c: AlterObjectOwner_internal`
    pub(in crate::replay) fn set_stored_owner(&mut self, object: Object, owner: Oid, cx: &Context) -> Exec {
        self.must_own_stored(object)?;
        if let Some(found) = self.catalog.stored_object(object).filter(|found| found.owner != owner) {
            self.may_give_in(found.schema, owner)?;
        }
        if let Some((current, provenance)) = self.catalog.stored_mut(object)
            && *current != owner
        {
            *current = owner;
            provenance.change(cx.origin, ChangeKind::Owner);
        }
        Ok(())
    }
}
