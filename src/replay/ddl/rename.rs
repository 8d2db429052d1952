//! ALTER … RENAME (`tablecmds.c: RenameRelation, renameatt, RenameConstraint`, `typecmds.c: RenameType`, `alter.c`).
//!
//! Everything refers to objects by number, so that a new name shows wherever the object is used.

mod part;
mod set_schema;

use crate::catalog::{
    ChangeKind, ConstraintKind, Ending, Object, Oid, Origin, Provenance, Relation, RelationKind, Tombstone, TypeKind,
};
use crate::expr::is_system_column;
use crate::replay::{About, Context, Exec, Opaque, Replay, SqlError, Stop, lookup};
use crate::sql::ast::{
    DropBehavior, Name, ObjectKind, ObjectRef, QualifiedName, RangeVar, Rename, RenameTarget, Touches,
};
use crate::sql::span::Loc;

/// How a rename goes on to what inherits.
#[derive(Clone, Copy)]
struct Renaming {
    /// ONLY was not written.
    recurse: bool,
    /// The parents from which the renamed part is known to be inherited.
    parents: i16,
    /// It came here from a parent, or from a type.
    recursing: bool,
}

impl Replay {
    pub(in crate::replay) fn rename(&mut self, stmt: &Rename, cx: &Context) -> Exec {
        let new = &stmt.new_name;
        match &stmt.target {
            RenameTarget::Relation { kind, relation } => {
                let Some(oid) = self.relation_to_alter(&relation.name, stmt.missing_ok, cx)? else { return Ok(()) };
                if let Some(schema) = self.catalog.relation(oid).map(|r| r.schema) {
                    self.may_create_in(schema)?;
                }
                self.check_relation_kind(oid, *kind, relation.name.loc)?;
                self.rename_relation(oid, new, relation.name.loc, cx)
            }
            RenameTarget::Column { relation, column, .. } => {
                let Some(oid) = self.relation_to_alter(&relation.name, stmt.missing_ok, cx)? else { return Ok(()) };
                let how = Renaming { recurse: !relation.only, parents: 0, recursing: false };
                self.rename_column_everywhere(oid, column, new, how, stmt.behavior, relation.name.loc, cx)
            }
            RenameTarget::OfRelation { kind, relation, name } => self.rename_part(*kind, relation, name, stmt, cx),
            RenameTarget::Object(object) => self.rename_object(object, new, cx),
        }
    }

    /// What everything finds by name is not moved: PostgreSQL lets a superuser do that.
    fn refuse_pinned(&self, object: Object, command: &str) -> Exec {
        match self.is_pinned(object) {
            true => {
                let reason = format!("{command} of an object of PostgreSQL's own is not executed");
                Err(Opaque::new(reason, Touches::Everything).into())
            }
            false => Ok(()),
        }
    }

    // ---- which relation ----

    /// The relation, or nothing if IF EXISTS allows it to be missing.
    fn relation_to_alter(&mut self, name: &QualifiedName, missing_ok: bool, cx: &Context) -> Exec<Option<Oid>> {
        let found = self.relation_if_exists(name, missing_ok, cx)?;
        found.map_or(Ok(()), |oid| self.must_own_relation(oid))?;
        Ok(found)
    }

    fn relation_if_exists(&mut self, name: &QualifiedName, missing_ok: bool, cx: &Context) -> Exec<Option<Oid>> {
        self.may_use_schema_of(name)?;
        let path = self.path();
        match lookup::relation_if_exists(&self.catalog, &path, name)? {
            None if missing_ok => {
                self.notice(format!("relation \"{}\" does not exist, skipping", name.name), cx);
                Ok(None)
            }
            None => Err(lookup::undefined_relation(&self.catalog, &path, name)),
            Some(found) => Ok(Some(found)),
        }
    }

    /// The kind that was written must be the relation's; TABLE and INDEX stand for others as well
    /// (`tablecmds.c: RangeVarCallbackForAlterRelation`).
    fn check_relation_kind(&self, oid: Oid, kind: ObjectKind, loc: Loc) -> Exec {
        let Some(relation) = self.catalog.relation(oid) else { return Ok(()) };
        let is = [
            (ObjectKind::View, "a view", matches!(relation.kind, RelationKind::View(_))),
            (
                ObjectKind::MaterializedView,
                "a materialized view",
                matches!(relation.kind, RelationKind::MaterializedView(..)),
            ),
            (ObjectKind::Sequence, "a sequence", matches!(relation.kind, RelationKind::Sequence(_))),
            (ObjectKind::ForeignTable, "a foreign table", matches!(relation.kind, RelationKind::ForeignTable(_))),
        ];
        if let Some((_, what, _)) = is.iter().find(|(k, _, is)| *k == kind && !is) {
            let error = SqlError::new("42809", format!("\"{}\" is not {what}", relation.name)).at(loc);
            let (origin, text) = lookup::made_here(relation);
            return Err(error.related(origin, text).into());
        }
        self.refuse_composite_type(oid, loc)
    }

    fn refuse_composite_type(&self, oid: Oid, loc: Loc) -> Exec {
        let Some(relation) = self.catalog.relation(oid) else { return Ok(()) };
        if !matches!(relation.kind, RelationKind::CompositeType) {
            return Ok(());
        }
        let error = SqlError::new("42809", format!("\"{}\" is a composite type", relation.name)).at(loc);
        Err(error.hint("Use ALTER TYPE instead.").into())
    }

    // ---- relations ----

    /// `tablecmds.c: RenameRelationInternal`: the row type and an index's constraint follow.
    pub(in crate::replay) fn rename_relation(&mut self, oid: Oid, new: &Name, loc: Loc, cx: &Context) -> Exec {
        let Some(relation) = self.catalog.shared_relation(oid) else { return Ok(()) };
        self.skip_existing_relation(relation.schema, new, false, loc, cx)?;
        if let Some(row_type) = relation.row_type {
            self.free_type_name(relation.schema, new)?;
            self.move_type_with_array(row_type, relation.schema, new.clone());
        }
        self.bury_relation(&relation, relation.schema, new, cx);
        self.catalog.taint.clear_relation(relation.schema, new);
        self.catalog.move_relation(oid, relation.schema, new.clone());
        if let Some(renamed) = self.catalog.relation_mut(oid) {
            renamed.provenance.change(cx.origin, ChangeKind::Name);
        }
        if let Some(index) = relation.as_index()
            && let Some(constraint) = index.constraint
        {
            self.set_constraint_name(index.table, constraint, new, cx)?;
        }
        Ok(())
    }

    fn bury_relation(&mut self, relation: &Relation, schema: Oid, name: &Name, cx: &Context) {
        let table = relation.as_index().and_then(|i| self.catalog.relation(i.table)).map(|t| t.name.clone());
        self.catalog.bury(Tombstone {
            object: Object::Relation(relation.oid),
            kind: relation.kind_name(),
            schema: Some(self.catalog.schema_name(relation.schema).into()),
            relation: table,
            name: relation.name.clone(),
            created: relation.provenance.created,
            ended: cx.origin,
            how: Ending::Renamed { schema: Some(self.catalog.schema_name(schema).into()), name: name.clone() },
        });
    }

    /// The sequences that belong to a table's columns.
    pub(in crate::replay) fn owned_sequences(&self, table: Oid) -> Vec<Oid> {
        let owned = |oid: &Oid| {
            let sequence = self.catalog.relation(*oid).and_then(Relation::as_sequence);
            sequence.and_then(|s| s.owned_by).is_some_and(|(t, _)| t == table)
        };
        let mut sequences: Vec<Oid> =
            self.catalog.dependencies.on_columns(table).filter_map(|d| d.dependent.relation()).filter(owned).collect();
        sequences.sort_unstable();
        sequences.dedup();
        sequences
    }

    // ---- columns ----

    /// A column of a table, of what inherits it, and of the tables of a composite type (`tablecmds.c:
    /// renameatt_internal`).
    #[expect(clippy::too_many_arguments, reason = "what is renamed, and where")]
    fn rename_column_everywhere(
        &mut self,
        oid: Oid,
        old: &Name,
        new: &Name,
        how: Renaming,
        behavior: DropBehavior,
        loc: Loc,
        cx: &Context,
    ) -> Exec {
        let Some(relation) = self.catalog.shared_relation(oid) else { return Ok(()) };
        if relation.of_type.is_some() && !how.recursing {
            return Err(SqlError::new("42809", "cannot rename column of typed table").into());
        }
        if how.recurse {
            for (child, parents) in self.catalog.inheritors(oid).into_iter().skip(1) {
                let how = Renaming { recurse: false, parents, recursing: true };
                self.rename_column_everywhere(child, old, new, how, behavior, loc, cx)?;
            }
        } else if how.parents == 0 && !relation.children.is_empty() && !matches!(relation.kind, RelationKind::Index(_))
        {
            let message = format!("inherited column \"{old}\" must be renamed in child tables too");
            return Err(SqlError::new("42P16", message).into());
        }
        for table in self.typed_tables(oid, behavior)? {
            let how = Renaming { recurse: true, parents: 0, recursing: true };
            self.rename_column_everywhere(table, old, new, how, behavior, loc, cx)?;
        }
        if relation.column(old).is_some_and(|c| c.inherit_count > how.parents) {
            let message = format!("cannot rename inherited column \"{old}\"");
            return Err(SqlError::new("42P16", message).into());
        }
        drop(relation);
        self.rename_column(oid, old, new, loc, cx)
    }

    /// The columns of an index have names of their own, which only clones of it in partitions take over.
    fn rename_index_column(
        &mut self,
        relation: &Relation,
        index: &crate::catalog::Index,
        old: &Name,
        new: &Name,
        loc: Loc,
    ) -> Exec {
        let Some(position) = index.column_names.iter().position(|name| name == old) else {
            return Err(SqlError::new("42703", format!("column \"{old}\" does not exist")).at(loc).into());
        };
        if index.column_names.contains(new) {
            let message = format!("column \"{new}\" of relation \"{}\" already exists", relation.name);
            return Err(SqlError::new("42701", message).into());
        }
        if let Some(index) = self.catalog.relation_mut(relation.oid).and_then(Relation::as_index_mut) {
            index.column_names[position] = new.clone();
        }
        Ok(())
    }

    fn rename_column(&mut self, oid: Oid, old: &Name, new: &Name, loc: Loc, cx: &Context) -> Exec {
        let Some(relation) = self.catalog.shared_relation(oid) else { return Ok(()) };
        match &relation.kind {
            RelationKind::Table
            | RelationKind::PartitionedTable(_)
            | RelationKind::ForeignTable(_)
            | RelationKind::View(_)
            | RelationKind::MaterializedView(..)
            | RelationKind::CompositeType => {}
            RelationKind::Index(index) => return self.rename_index_column(&relation, index, old, new, loc),
            RelationKind::Sequence(_) => {
                let message = format!("cannot rename columns of relation \"{}\"", relation.name);
                let detail = format!("This operation is not supported for {}.", self.catalog.kinds_in_words(&relation));
                return Err(SqlError::new("42809", message).detail(detail).at(loc).into());
            }
        }
        let Some(column) = relation.column(old) else {
            if is_system_column(old) && super::alter_table::has_system_columns(&relation) {
                return Err(SqlError::new("0A000", format!("cannot rename system column \"{old}\"")).into());
            }
            let error = SqlError::new("42703", format!("column \"{old}\" does not exist")).at(loc);
            return Err(lookup::missing_column(&self.catalog, &relation, old, error));
        };
        if is_system_column(new) {
            let message = format!("column name \"{new}\" conflicts with a system column name");
            return Err(SqlError::new("42701", message).into());
        }
        if let Some(existing) = relation.column(new) {
            let message = format!("column \"{new}\" of relation \"{}\" already exists", relation.name);
            let error = SqlError::new("42701", message);
            let error = error.related(existing.provenance.created, format!("column \"{new}\" made here"));
            return Err(error.about(About::Column(relation.name.to_string(), new.to_string())).into());
        }
        let (object, created) = (Object::Column(oid, column.number), column.provenance.created);
        self.bury_part(&relation, object, "column", old, created, new, cx);
        // A record that is shared is copied when it changes.
        drop(relation);
        if let Some(column) = self.catalog.relation_mut(oid).and_then(|r| r.column_mut(old)) {
            column.name = new.clone();
            column.provenance.change(cx.origin, ChangeKind::Name);
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of a tombstone")]
    pub(super) fn bury_part(
        &mut self,
        relation: &Relation,
        object: Object,
        kind: &'static str,
        old: &Name,
        created: Origin,
        new: &Name,
        cx: &Context,
    ) {
        let schema: Name = self.catalog.schema_name(relation.schema).into();
        self.catalog.bury(Tombstone {
            object,
            kind,
            schema: Some(schema.clone()),
            relation: Some(relation.name.clone()),
            name: old.clone(),
            created,
            ended: cx.origin,
            how: Ending::Renamed { schema: Some(schema), name: new.clone() },
        });
    }

    // ---- constraints, triggers, policies ----

    fn rename_part(&mut self, kind: ObjectKind, relation: &RangeVar, name: &Name, stmt: &Rename, cx: &Context) -> Exec {
        // A policy's table must exist even with IF EXISTS (`policy.c: rename_policy`).
        let missing_ok = stmt.missing_ok && kind != ObjectKind::Policy;
        let Some(oid) = self.relation_if_exists(&relation.name, missing_ok, cx)? else { return Ok(()) };
        self.check_has_part(oid, kind, relation.name.loc)?;
        self.must_own_relation(oid)?;
        let Some(table) = self.catalog.shared_relation(oid) else { return Ok(()) };
        let new = &stmt.new_name;
        // `RangeVarCallbackForPolicy`
        if kind == ObjectKind::Policy && !matches!(table.kind, RelationKind::Table | RelationKind::PartitionedTable(_))
        {
            let message = format!("\"{}\" is not a table", table.name);
            return Err(SqlError::new("42809", message).at(relation.name.loc).into());
        }
        if kind == ObjectKind::TableConstraint {
            // `renameatt_check` is asked whether a constraint may be renamed.
            if table.of_type.is_some() {
                return Err(SqlError::new("42809", "cannot rename column of typed table").into());
            }
            drop(table);
            let how = Renaming { recurse: !relation.only, parents: 0, recursing: false };
            self.rename_constraint(oid, name, new, how, cx)
        } else if kind == ObjectKind::Trigger {
            self.rename_trigger(&table, name, new, cx)
        } else if kind == ObjectKind::Policy {
            self.rename_policy(&table, name, new, cx)
        } else {
            self.rename_rule(&table, name, new, cx)
        }
    }

    /// Renaming a key's constraint is renaming its index (`tablecmds.c: rename_constraint_internal`).
    fn rename_constraint(&mut self, rel: Oid, name: &Name, new: &Name, how: Renaming, cx: &Context) -> Exec {
        let Some(table) = self.catalog.shared_relation(rel) else { return Ok(()) };
        let Some(constraint) = table.constraint(name) else {
            return Err(self.missing_part(&table, "constraint", name));
        };
        let inheritable = matches!(
            constraint.kind,
            ConstraintKind::Check { no_inherit: false, .. } | ConstraintKind::NotNull { no_inherit: false }
        );
        if inheritable {
            if how.recurse {
                for (child, parents) in self.catalog.inheritors(rel).into_iter().skip(1) {
                    let how = Renaming { recurse: false, parents, recursing: true };
                    self.rename_constraint(child, name, new, how, cx)?;
                }
            } else if how.parents == 0 && !table.children.is_empty() {
                let message = format!("inherited constraint \"{name}\" must be renamed in child tables too");
                return Err(SqlError::new("42P16", message).into());
            }
            if constraint.inherit_count > how.parents {
                let message = format!("cannot rename inherited constraint \"{name}\"");
                return Err(SqlError::new("42P16", message).into());
            }
        }
        match constraint.kind {
            ConstraintKind::Key { index, .. } | ConstraintKind::Exclusion { index, .. } => {
                self.rename_relation(index, new, Loc::NONE, cx)
            }
            ConstraintKind::Check { .. }
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::Trigger(_)
            | ConstraintKind::NotNull { .. } => self.set_constraint_name(rel, constraint.oid, new, cx),
        }
    }

    /// `trigger.c: renametrig`
    fn rename_trigger(&mut self, table: &Relation, name: &Name, new: &Name, cx: &Context) -> Exec {
        let Some(trigger) = table.trigger(name) else { return Err(self.missing_part(table, "trigger", name)) };
        // Since 15 a trigger may get the name that it has (`trigger.c: renametrig_internal`).
        if name == new && self.catalog.version() >= 15 && trigger.parent.is_none() {
            return Ok(());
        }
        if let Some(existing) = table.trigger(new) {
            return Err(part_exists(table, "trigger", "relation", new, &existing.provenance).into());
        }
        // Since 15 the clones in partitions follow, and cannot be renamed alone.
        let cloned = self.catalog.version() >= 15;
        if cloned && trigger.parent.is_some() {
            let message = format!("cannot rename trigger \"{name}\" on table \"{}\"", table.name);
            let parent = self.catalog.partition_parent(table.oid).and_then(|p| self.catalog.relation(p));
            let parent = parent.map_or("", |p| &p.name);
            let hint = format!("Rename the trigger on the partitioned table \"{parent}\" instead.");
            // First PostgreSQL gave it no state of its own.
            let state = if self.catalog.version() >= 18 { "0A000" } else { "XX000" };
            return Err(SqlError::new(state, message).hint(hint).into());
        }
        let (part, created) = (trigger.oid, trigger.provenance.created);
        if cloned {
            self.rename_clones(table.oid, part, new, cx)?;
        }
        self.bury_part(table, Object::Trigger(table.oid, part), "trigger", name, created, new, cx);
        let triggers = self.catalog.relation_mut(table.oid).map(|r| &mut r.triggers);
        if let Some(trigger) = triggers.and_then(|t| t.iter_mut().find(|t| t.oid == part)) {
            trigger.name = new.clone();
            trigger.provenance.change(cx.origin, ChangeKind::Name);
        }
        Ok(())
    }

    /// `policy.c: rename_policy`
    fn rename_policy(&mut self, table: &Relation, name: &Name, new: &Name, cx: &Context) -> Exec {
        if let Some(existing) = table.policy(new) {
            return Err(part_exists(table, "policy", "table", new, &existing.provenance).into());
        }
        let Some(policy) = table.policy(name) else { return Err(self.missing_part(table, "policy", name)) };
        let (part, created) = (policy.oid, policy.provenance.created);
        self.bury_part(table, Object::Policy(table.oid, part), "policy", name, created, new, cx);
        let policies = self.catalog.relation_mut(table.oid).map(|r| &mut r.policies);
        if let Some(policy) = policies.and_then(|p| p.iter_mut().find(|p| p.oid == part)) {
            policy.name = new.clone();
            policy.provenance.change(cx.origin, ChangeKind::Name);
        }
        Ok(())
    }

    /// Renames a constraint, but not its index (`pg_constraint.c: RenameConstraintById`).
    fn set_constraint_name(&mut self, table: Oid, constraint: Oid, new: &Name, cx: &Context) -> Exec {
        let Some(relation) = self.catalog.shared_relation(table) else { return Ok(()) };
        let Some(old) = relation.constraints.iter().find(|c| c.oid == constraint) else { return Ok(()) };
        if let Some(existing) = relation.constraint(new) {
            return Err(part_exists(&relation, "constraint", "relation", new, &existing.provenance).into());
        }
        let object = Object::Constraint(table, constraint);
        self.bury_part(&relation, object, "constraint", &old.name, old.provenance.created, new, cx);
        self.catalog.rename_constraint(table, constraint, new.clone());
        let constraints = self.catalog.relation_mut(table).map(|r| &mut r.constraints);
        if let Some(renamed) = constraints.and_then(|c| c.iter_mut().find(|c| c.oid == constraint)) {
            renamed.provenance.change(cx.origin, ChangeKind::Name);
        }
        Ok(())
    }

    /// 42704 for a part of a table, with what became of it.
    pub(super) fn missing_part(&self, table: &Relation, kind: &str, name: &Name) -> Stop {
        let of = if kind == "rule" { "relation" } else { "table" };
        let message = format!("{kind} \"{name}\" for {of} \"{}\" does not exist", table.name);
        let error = SqlError::new("42704", message);
        let mut error = error.about(About::Part(table.name.to_string(), name.to_string()));
        lookup::explain(&self.catalog, &mut error, |t| {
            t.kind == kind && t.object.relation() == Some(table.oid) && t.name == *name
        });
        match self.catalog.taint.of_relation(table.schema, &table.name, Some(table.provenance.created)) {
            Some(unknown) => lookup::maybe(error, unknown),
            None => error.into(),
        }
    }

    // ---- everything else ----

    fn rename_object(&mut self, object: &ObjectRef, new: &Name, cx: &Context) -> Exec {
        // A type that is no domain is refused later, with other words (`typecmds.c: RenameType`).
        let kind = if object.kind == ObjectKind::Domain { ObjectKind::Type } else { object.kind };
        if let crate::sql::ast::ObjectName::OfDomain { domain, .. } = &object.name {
            let ty = self.argument_type(domain)?;
            self.check_renamable_type(ty, ObjectKind::Domain, domain.loc)?;
        }
        let Some(found) = self.resolve_object(&ObjectRef { kind, ..object.clone() })? else {
            if let (ObjectKind::Database, crate::sql::ast::ObjectName::Plain(old)) = (object.kind, &object.name) {
                let owner = self.catalog.other_database(&old.name).flatten();
                self.catalog.set_other_database(old.name.clone(), None);
                self.catalog.set_other_database(new.clone(), owner);
                return Ok(());
            }
            return Err(Opaque::new("RENAME of this kind of object is not executed yet", Touches::Expressions).into());
        };
        self.refuse_pinned(found, "RENAME")?;
        match found {
            Object::Schema(oid) => self.rename_schema(oid, new, cx),
            Object::Role(oid) => self.rename_role(oid, new, cx),
            Object::Type(oid) => {
                self.must_own_commented(found, None)?;
                self.check_renamable_type(oid, object.kind, object.loc)?;
                self.rename_type(oid, new, cx)
            }
            Object::DomainConstraint(domain, constraint) => self.rename_domain_constraint(domain, constraint, new, cx),
            Object::Function(oid) => self.rename_function(oid, object, new, cx),
            Object::Publication(oid) => self.rename_publication(oid, new, cx),
            Object::Relation(oid) => self.rename_relation(oid, new, object.loc, cx),
            Object::Operator(_)
            | Object::OpClass(_)
            | Object::OpFamily(_)
            | Object::Collation(_)
            | Object::Conversion(_)
            | Object::TsConfig(_)
            | Object::TsDict(_)
            | Object::Statistics(_) => self.rename_stored(found, new, cx),
            Object::ForeignDataWrapper(_)
            | Object::ForeignServer(_)
            | Object::EventTrigger(_)
            | Object::Language(_) => self.rename_unplaced(found, new, cx),
            Object::Database(_) => self.rename_database(object, new),
            Object::Column(..)
            | Object::Default(..)
            | Object::Constraint(..)
            | Object::Trigger(..)
            | Object::Policy(..)
            | Object::Rule(..)
            | Object::Extension(_)
            | Object::PublicationRelation(..)
            | Object::Cast(_)
            | Object::Transform(_)
            | Object::LargeObject(_)
            | Object::DefaultAcl(_) => {
                Err(Opaque::new("renaming this kind of object is not executed", Touches::Everything).into())
            }
        }
    }

    /// `schemacmds.c: RenameSchema`
    fn rename_schema(&mut self, oid: Oid, new: &Name, cx: &Context) -> Exec {
        if let Some(existing) = self.catalog.schema_named(new) {
            let error = SqlError::new("42P06", format!("schema \"{new}\" already exists"));
            let error = error.related(existing.provenance.created, format!("schema \"{new}\" made here"));
            return Err(error.about(About::Schema(new.to_string())).into());
        }
        self.must_own_commented(Object::Schema(oid), None)?;
        if new.starts_with("pg_") {
            let error = SqlError::new("42939", format!("unacceptable schema name \"{new}\""));
            return Err(error.detail("The prefix \"pg_\" is reserved for system schemas.").into());
        }
        let Some(schema) = self.catalog.schema(oid) else { return Ok(()) };
        let tombstone = renamed(Object::Schema(oid), "schema", None, &schema.name, &schema.provenance, new, cx);
        self.catalog.bury(tombstone);
        self.catalog.rename_schema(oid, new.clone());
        if let Some(schema) = self.catalog.schema_mut(oid) {
            schema.provenance.change(cx.origin, ChangeKind::Name);
        }
        Ok(())
    }

    /// `user.c: RenameRole`
    fn rename_role(&mut self, oid: Oid, new: &Name, cx: &Context) -> Exec {
        if oid == self.session.session_user {
            return Err(SqlError::new("0A000", "session user cannot be renamed").into());
        }
        if oid == self.session.current_user {
            return Err(SqlError::new("0A000", "current user cannot be renamed").into());
        }
        let Some(role) = self.catalog.role(oid) else { return Ok(()) };
        for name in [&role.name, new] {
            if name.starts_with("pg_") {
                let error = SqlError::new("42939", format!("role name \"{name}\" is reserved"));
                return Err(error.detail("Role names starting with \"pg_\" are reserved.").into());
            }
        }
        if matches!(new.as_str(), "public" | "none") {
            return Err(SqlError::new("42939", format!("role name \"{new}\" is reserved")).into());
        }
        if let Some(existing) = self.catalog.role_named(new) {
            let error = SqlError::new("42710", format!("role \"{new}\" already exists"));
            let error = error.related(existing.provenance.created, format!("role \"{new}\" made here"));
            return Err(error.about(About::Role(new.to_string())).into());
        }
        self.may_rename_role(oid)?;
        let Some(role) = self.catalog.role(oid) else { return Ok(()) };
        let tombstone = renamed(Object::Role(oid), "role", None, &role.name, &role.provenance, new, cx);
        self.catalog.bury(tombstone);
        self.catalog.rename_role(oid, new.clone());
        if let Some(role) = self.catalog.role_mut(oid) {
            role.provenance.change(cx.origin, ChangeKind::Name);
        }
        Ok(())
    }

    /// `publicationcmds.c` has no rename of its own: `alter.c: AlterObjectRename_internal`.
    fn rename_publication(&mut self, oid: Oid, new: &Name, cx: &Context) -> Exec {
        if let Some(existing) = self.catalog.publication_named(new) {
            let error = SqlError::new("42710", format!("publication \"{new}\" already exists"));
            let error = error.related(existing.provenance.created, format!("publication \"{new}\" made here"));
            return Err(error.about(About::Publication(new.to_string())).into());
        }
        let Some(publication) = self.catalog.publication_mut(oid) else { return Ok(()) };
        let old = std::mem::replace(&mut publication.name, new.clone());
        let tombstone = renamed(Object::Publication(oid), "publication", None, &old, &publication.provenance, new, cx);
        publication.provenance.change(cx.origin, ChangeKind::Name);
        self.catalog.bury(tombstone);
        Ok(())
    }

    // ---- types ----

    /// DOMAIN names domains only; row types and array types follow what they belong to (`typecmds.c: RenameType`).
    pub(in crate::replay) fn check_renamable_type(&self, oid: Oid, kind: ObjectKind, loc: Loc) -> Exec {
        let Some(ty) = self.catalog.type_(oid) else { return Ok(()) };
        let path = self.path();
        let name = |oid| self.catalog.format_type_be(oid, &path);
        let refuse = |message: String| SqlError::new("42809", message).at(loc);
        if kind == ObjectKind::Domain && !matches!(ty.kind, TypeKind::Domain(_)) {
            return Err(refuse(format!("{} is not a domain", name(oid))).into());
        }
        match &ty.kind {
            TypeKind::Composite(relation) => {
                let own = self.catalog.relation(*relation).map(|r| &r.kind);
                if !matches!(own, Some(RelationKind::CompositeType)) {
                    let error = refuse(format!("{} is a table's row type", name(oid)));
                    return Err(error.hint("Use ALTER TABLE instead.").into());
                }
                Ok(())
            }
            TypeKind::Array(element) => {
                let hint = format!("You can alter type {}, which will alter the array type as well.", name(*element));
                Err(refuse(format!("cannot alter array type {}", name(oid))).hint(hint).into())
            }
            TypeKind::Base(_)
            | TypeKind::Enum(_)
            | TypeKind::Domain(_)
            | TypeKind::Range(_)
            | TypeKind::Multirange(_)
            | TypeKind::Shell => Ok(()),
        }
    }

    fn rename_type(&mut self, oid: Oid, new: &Name, cx: &Context) -> Exec {
        let Some(ty) = self.catalog.type_(oid) else { return Ok(()) };
        let (schema, own_relation) = match ty.kind {
            TypeKind::Composite(relation) => (ty.schema, Some(relation)),
            _ => (ty.schema, None),
        };
        let kind = if matches!(ty.kind, TypeKind::Domain(_)) { "domain" } else { "type" };
        let schema_name: Name = self.catalog.schema_name(schema).into();
        let tombstone = renamed(Object::Type(oid), kind, Some(schema_name), &ty.name, &ty.provenance, new, cx);
        if let Some(relation) = own_relation {
            // The relation behind a composite type has its name, among those of the tables.
            self.skip_existing_relation(schema, new, false, Loc::NONE, cx)?;
            self.free_type_name(schema, new)?;
            self.catalog.move_relation(relation, schema, new.clone());
        } else {
            self.free_type_name(schema, new)?;
        }
        self.catalog.bury(tombstone);
        self.move_type_with_array(oid, schema, new.clone());
        if let Some(ty) = self.catalog.type_mut(oid) {
            ty.provenance.change(cx.origin, ChangeKind::Name);
        }
        Ok(())
    }

    pub(super) fn move_type_with_array(&mut self, oid: Oid, schema: Oid, name: Name) {
        let array = self.catalog.type_(oid).and_then(|ty| ty.array);
        self.catalog.move_type(oid, schema, name.clone());
        if let Some(array) = array {
            let name = self.array_type_name(schema, &name);
            self.catalog.move_type(array, schema, name);
        }
    }

    fn rename_domain_constraint(&mut self, domain: Oid, constraint: Oid, new: &Name, cx: &Context) -> Exec {
        let Some(ty) = self.catalog.type_(domain) else { return Ok(()) };
        let TypeKind::Domain(definition) = &ty.kind else { return Ok(()) };
        if let Some(existing) = definition.checks.iter().find(|c| c.name == *new) {
            // `pg_constraint.c: RenameConstraintById`
            let domain = self.catalog.format_type_be(domain, &self.path());
            let message = format!("constraint \"{new}\" for domain {domain} already exists");
            let error = SqlError::new("42710", message);
            let error = error.related(existing.provenance.created, format!("constraint \"{new}\" made here"));
            return Err(error.about(About::Part(ty.name.to_string(), new.to_string())).into());
        }
        self.catalog.rename_domain_check(domain, constraint, new.clone(), cx.origin);
        Ok(())
    }

    // ---- functions ----

    fn rename_function(&mut self, oid: Oid, object: &ObjectRef, new: &Name, cx: &Context) -> Exec {
        let Some(schema) = self.catalog.function(oid).map(|f| f.schema) else { return Ok(()) };
        // `alter.c: AlterObjectRename_internal`
        self.must_own_commented(Object::Function(oid), None)?;
        self.may_create_in(schema)?;
        self.refuse_function_name(oid, schema, new, object.loc)?;
        self.move_function(oid, schema, new, cx);
        Ok(())
    }

    fn move_function(&mut self, oid: Oid, schema: Oid, name: &Name, cx: &Context) {
        let Some(function) = self.catalog.function(oid) else { return };
        self.catalog.bury(Tombstone {
            object: Object::Function(oid),
            kind: "function",
            schema: Some(self.catalog.schema_name(function.schema).into()),
            relation: None,
            name: function.name.clone(),
            created: function.provenance.created,
            ended: cx.origin,
            how: Ending::Renamed { schema: Some(self.catalog.schema_name(schema).into()), name: name.clone() },
        });
        self.catalog.move_function(oid, schema, name.clone());
        if let Some(function) = self.catalog.function_mut(oid) {
            function.provenance.change(cx.origin, ChangeKind::Name);
        }
    }

    /// `functioncmds.c: IsThereFunctionInNamespace`
    fn refuse_function_name(&self, oid: Oid, schema: Oid, name: &Name, loc: Loc) -> Exec {
        let Some(function) = self.catalog.function(oid) else { return Ok(()) };
        let same = |f: &&crate::catalog::Function| f.input_types().eq(function.input_types());
        let Some(existing) = self.catalog.functions_in(schema, name).find(same) else { return Ok(()) };
        let path = self.path();
        let types: Vec<String> = function.input_types().map(|ty| self.catalog.format_type_be(ty, &path)).collect();
        let signature = format!("{name}({})", types.join(", "));
        let message = format!("function {signature} already exists in schema \"{}\"", self.catalog.schema_name(schema));
        let error = SqlError::new("42723", message).at(loc);
        let error = error.related(existing.provenance.created, format!("function {signature} made here"));
        Err(error.about(About::Function(name.to_string())).into())
    }
}

/// A part of a table of that name exists: 42710.
pub(super) fn part_exists(table: &Relation, kind: &str, of: &str, name: &Name, made: &Provenance) -> SqlError {
    let message = format!("{kind} \"{name}\" for {of} \"{}\" already exists", table.name);
    SqlError::new("42710", message)
        .related(made.created, format!("{kind} \"{name}\" made here"))
        .about(About::Part(table.name.to_string(), name.to_string()))
}

/// What is left of a name that has given way to `new`, in the same schema.
fn renamed(
    object: Object,
    kind: &'static str,
    schema: Option<Name>,
    old: &Name,
    made: &Provenance,
    new: &Name,
    cx: &Context,
) -> Tombstone {
    Tombstone {
        object,
        kind,
        schema: schema.clone(),
        relation: None,
        name: old.clone(),
        created: made.created,
        ended: cx.origin,
        how: Ending::Renamed { schema, name: new.clone() },
    }
}
