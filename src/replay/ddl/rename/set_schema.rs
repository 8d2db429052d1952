//! ALTER … SET SCHEMA (`tablecmds.c: AlterTableNamespace`, `typecmds.c: AlterTypeNamespace`, `alter.c:
//! AlterObjectNamespace_internal`).

use crate::catalog::{ChangeKind, DependencyKind, Ending, Object, Oid, Relation, RelationKind, Tombstone, TypeKind};
use crate::replay::{About, Context, Exec, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::{AlterObjectSchema, Name, ObjectKind, ObjectName, ObjectRef, Touches};
use crate::sql::span::Loc;

impl Replay {
    pub(in crate::replay) fn alter_object_schema(&mut self, stmt: &AlterObjectSchema, cx: &Context) -> Exec {
        let kinds = [
            ObjectKind::Table,
            ObjectKind::View,
            ObjectKind::MaterializedView,
            ObjectKind::Sequence,
            ObjectKind::ForeignTable,
            ObjectKind::Index,
        ];
        if let (true, ObjectName::Plain(name)) = (kinds.contains(&stmt.object.kind), &stmt.object.name) {
            let Some(oid) = self.relation_to_alter(name, stmt.missing_ok, cx)? else { return Ok(()) };
            self.check_relation_kind(oid, stmt.object.kind, name.loc)?;
            return self.set_relation_schema(oid, &stmt.new_schema, cx);
        }
        // A type that is no domain is refused later, with other words.
        let kind = if stmt.object.kind == ObjectKind::Domain { ObjectKind::Type } else { stmt.object.kind };
        let Some(object) = self.resolve_object(&ObjectRef { kind, ..stmt.object.clone() })? else {
            return Err(
                Opaque::new("SET SCHEMA of this kind of object is not executed yet", Touches::Expressions).into()
            );
        };
        let schema = lookup::schema(&self.catalog, &stmt.new_schema, Loc::NONE)?;
        self.refuse_pinned(object, "SET SCHEMA")?;
        match object {
            Object::Type(oid) => {
                self.must_own_commented(object, None)?;
                self.may_create_in(schema)?;
                self.check_renamable_type(oid, stmt.object.kind, stmt.object.loc)?;
                let Some(ty) = self.catalog.type_(oid) else { return Ok(()) };
                if ty.schema == schema {
                    return Ok(());
                }
                self.check_set_schema(ty.schema, schema)?;
                let own_relation = match ty.kind {
                    TypeKind::Composite(relation) => Some(relation),
                    _ => None,
                };
                self.move_type_to_schema(oid, schema, cx)?;
                if let Some(relation) = own_relation
                    && let Some(name) = self.catalog.relation(relation).map(|r| r.name.clone())
                {
                    self.catalog.move_relation(relation, schema, name);
                }
                Ok(())
            }
            Object::Function(oid) => self.set_function_schema(oid, schema, stmt.object.loc, cx),
            Object::Extension(oid) => self.set_extension_schema(oid, schema, cx),
            Object::Operator(_)
            | Object::OpClass(_)
            | Object::OpFamily(_)
            | Object::Collation(_)
            | Object::Conversion(_)
            | Object::TsConfig(_)
            | Object::TsDict(_)
            | Object::Statistics(_) => self.set_stored_schema(object, schema, cx),
            Object::Relation(_)
            | Object::Schema(_)
            | Object::Column(..)
            | Object::Default(..)
            | Object::Constraint(..)
            | Object::Trigger(..)
            | Object::Policy(..)
            | Object::Rule(..)
            | Object::DomainConstraint(..)
            | Object::Role(_)
            | Object::Publication(_)
            | Object::PublicationRelation(..)
            | Object::Cast(_)
            | Object::ForeignDataWrapper(_)
            | Object::ForeignServer(_)
            | Object::EventTrigger(_)
            | Object::Language(_)
            | Object::Transform(_)
            | Object::Database(_)
            | Object::LargeObject(_)
            | Object::DefaultAcl(_) => {
                Err(Opaque::new("SET SCHEMA of this kind of object is not executed", Touches::Everything).into())
            }
        }
    }

    /// `tablecmds.c: AlterTableNamespace`
    fn set_relation_schema(&mut self, oid: Oid, new_schema: &Name, cx: &Context) -> Exec {
        let Some(relation) = self.catalog.shared_relation(oid) else { return Ok(()) };
        if let RelationKind::Index(_) = relation.kind {
            let error = SqlError::new("42809", format!("cannot change schema of index \"{}\"", relation.name));
            return Err(error.hint("Change the schema of the table instead.").into());
        }
        if let Some((table, _)) = relation.as_sequence().and_then(|s| s.owned_by) {
            let table = self.catalog.relation(table).map_or("", |r| &r.name);
            let detail = format!("Sequence \"{}\" is linked to table \"{table}\".", relation.name);
            return Err(SqlError::new("0A000", "cannot move an owned sequence into another schema")
                .detail(detail)
                .into());
        }
        let schema = lookup::schema(&self.catalog, new_schema, Loc::NONE)?;
        self.may_create_in(schema)?;
        self.check_set_schema(relation.schema, schema)?;
        if relation.schema == schema {
            return Ok(());
        }
        self.move_relation_to_schema(&relation, schema, cx)?;
        if let Some(row_type) = relation.row_type {
            self.move_type_to_schema(row_type, schema, cx)?;
        }
        let owned = self.owned_sequences(oid);
        for part in relation.indexes.iter().copied().chain(owned) {
            if let Some(part) = self.catalog.shared_relation(part) {
                self.move_relation_to_schema(&part, schema, cx)?;
            }
        }
        Ok(())
    }

    /// `tablecmds.c: AlterRelationNamespaceInternal`; its constraints are in its own schema and move along.
    fn move_relation_to_schema(&mut self, relation: &Relation, schema: Oid, cx: &Context) -> Exec {
        let name = &relation.name;
        if let Some(existing) = self.catalog.relation_in(schema, name) {
            let message =
                format!("relation \"{name}\" already exists in schema \"{}\"", self.catalog.schema_name(schema));
            let (origin, text) = lookup::made_here(existing);
            let error = SqlError::new("42P07", message).related(origin, text);
            return Err(error.about(About::Relation(name.to_string())).into());
        }
        self.bury_relation(relation, schema, name, cx);
        self.catalog.taint.clear_relation(schema, name);
        self.catalog.move_relation(relation.oid, schema, name.clone());
        if let Some(moved) = self.catalog.relation_mut(relation.oid) {
            moved.provenance.change(cx.origin, ChangeKind::Name);
        }
        Ok(())
    }

    /// `namespace.c: CheckSetNamespace`
    fn check_set_schema(&self, old: Oid, new: Oid) -> Exec {
        if self.session.temp_schema.is_some_and(|temp| temp == old || temp == new) {
            return Err(SqlError::new("0A000", "cannot move objects into or out of temporary schemas").into());
        }
        Ok(())
    }

    /// `typecmds.c: AlterTypeNamespaceInternal`, with the array type.
    fn move_type_to_schema(&mut self, oid: Oid, schema: Oid, cx: &Context) -> Exec {
        let Some(ty) = self.catalog.type_(oid) else { return Ok(()) };
        if let Some(existing) = self.catalog.type_in(schema, &ty.name) {
            let message =
                format!("type \"{}\" already exists in schema \"{}\"", ty.name, self.catalog.schema_name(schema));
            let error = SqlError::new("42710", message);
            let error = error.related(existing.provenance.created, format!("type \"{}\" made here", ty.name));
            return Err(error.about(About::Type(ty.name.to_string())).into());
        }
        let name = ty.name.clone();
        let (old, new): (Name, Name) =
            (self.catalog.schema_name(ty.schema).into(), self.catalog.schema_name(schema).into());
        self.catalog.bury(Tombstone {
            object: Object::Type(oid),
            kind: "type",
            schema: Some(old),
            relation: None,
            name: name.clone(),
            created: ty.provenance.created,
            ended: cx.origin,
            how: Ending::Renamed { schema: Some(new), name: name.clone() },
        });
        self.move_type_with_array(oid, schema, name);
        if let Some(ty) = self.catalog.type_mut(oid) {
            ty.provenance.change(cx.origin, ChangeKind::Name);
        }
        Ok(())
    }

    fn set_function_schema(&mut self, oid: Oid, schema: Oid, loc: Loc, cx: &Context) -> Exec {
        let Some(function) = self.catalog.function(oid) else { return Ok(()) };
        let name = function.name.clone();
        // `alter.c: AlterObjectNamespace_internal`
        self.must_own_commented(Object::Function(oid), None)?;
        if function.schema == schema {
            return Ok(());
        }
        self.may_create_in(schema)?;
        self.check_set_schema(function.schema, schema)?;
        self.refuse_function_name(oid, schema, &name, loc)?;
        self.move_function(oid, schema, &name, cx);
        Ok(())
    }

    /// `extension.c: AlterExtensionNamespace`: the members of the extension's schema move.
    fn set_extension_schema(&mut self, oid: Oid, schema: Oid, cx: &Context) -> Exec {
        let Some(extension) = self.catalog.extension(oid) else { return Ok(()) };
        if extension.schema == schema {
            return Ok(());
        }
        let available = self.catalog.builtins().extension(&extension.name);
        if available.is_some_and(|e| !e.relocatable) {
            let message = format!("extension \"{}\" does not support SET SCHEMA", extension.name);
            return Err(SqlError::new("0A000", message).into());
        }
        if extension.unknown {
            let reason = format!("what extension \"{}\" contains is not known", extension.name);
            return Err(Opaque::new(reason, Touches::Expressions).into());
        }
        let members: Vec<Object> = self
            .catalog
            .dependencies
            .on(Object::Extension(oid))
            .filter(|d| d.kind == DependencyKind::Extension)
            .map(|d| d.dependent)
            .collect();
        for member in members {
            match member {
                Object::Function(function) => self.set_function_schema(function, schema, Loc::NONE, cx)?,
                Object::Type(ty) => self.move_type_to_schema(ty, schema, cx)?,
                Object::Relation(relation) => {
                    if let Some(relation) = self.catalog.shared_relation(relation) {
                        self.move_relation_to_schema(&relation, schema, cx)?;
                        if let Some(row_type) = relation.row_type {
                            self.move_type_to_schema(row_type, schema, cx)?;
                        }
                    }
                }
                Object::Schema(_)
                | Object::Column(..)
                | Object::Default(..)
                | Object::Constraint(..)
                | Object::Trigger(..)
                | Object::Policy(..)
                | Object::Rule(..)
                | Object::DomainConstraint(..)
                | Object::Role(_)
                | Object::Extension(_)
                | Object::Publication(_)
                | Object::PublicationRelation(..)
                | Object::DefaultAcl(_)
                | Object::Cast(_)
                | Object::ForeignDataWrapper(_)
                | Object::ForeignServer(_)
                | Object::EventTrigger(_)
                | Object::Language(_)
                | Object::Transform(_)
                | Object::Database(_)
                | Object::LargeObject(_) => {}
                Object::Operator(_)
                | Object::OpClass(_)
                | Object::OpFamily(_)
                | Object::Collation(_)
                | Object::Conversion(_)
                | Object::TsConfig(_)
                | Object::TsDict(_)
                | Object::Statistics(_) => self.set_stored_schema(member, schema, cx)?,
            }
        }
        if let Some(extension) = self.catalog.extension_mut(oid) {
            extension.schema = schema;
            extension.provenance.change(cx.origin, ChangeKind::Name);
        }
        Ok(())
    }
}
