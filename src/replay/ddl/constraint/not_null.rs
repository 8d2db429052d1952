//! NOT NULL as a constraint of its own, as it is from PostgreSQL 18 on (`heap.c: AddRelationNotNullConstraints`,
//! `pg_constraint.c: AdjustNotNullInheritance`, `tablecmds.c: ATExecSetNotNull, ATExecDropNotNull`).
//!
//! Before, a column is NOT NULL or is not, and [`crate::catalog::Column::not_null`] says all that there is to say.

use super::{Adding, refuse_repeated};
use crate::catalog::{
    AttrNumber, ChangeKind, Constraint as Stored, ConstraintKind as StoredKind, Object, Oid, Origin, Provenance,
    Relation,
};
use crate::expr::is_system_column;
use crate::replay::{Context, Exec, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::*;
use crate::sql::span::Loc;

/// NOT NULL of a column, as nobody wrote it.
pub(in crate::replay::ddl) fn implied_not_null(column: &Name, loc: Loc) -> Constraint {
    Constraint {
        name: None,
        kind: ConstraintKind::NotNull { column: Some(column.clone()), no_inherit: false },
        deferrable: false,
        initially_deferred: false,
        not_valid: false,
        not_enforced: false,
        loc,
    }
}

/// The column that a NOT NULL is about, and whether it is NO INHERIT.
pub(in crate::replay::ddl) fn written_not_null<'c>(
    constraint: &'c Constraint,
    column: Option<&'c Name>,
) -> Option<(&'c Name, bool)> {
    match &constraint.kind {
        ConstraintKind::NotNull { column: own, no_inherit } => Some((own.as_ref().or(column)?, *no_inherit)),
        ConstraintKind::Null
        | ConstraintKind::Default(_)
        | ConstraintKind::Identity { .. }
        | ConstraintKind::Generated { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::Key(_)
        | ConstraintKind::Exclusion(_)
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Attribute(_) => None,
    }
}

/// `AdjustNotNullInheritance`, `ATExecSetNotNull`
fn cannot_change_inheritance(state: &'static str, constraint: &Stored, relation: &Relation) -> SqlError {
    let message = format!(
        "cannot change NO INHERIT status of NOT NULL constraint \"{}\" on relation \"{}\"",
        constraint.name, relation.name
    );
    SqlError::new(state, message)
}

fn conflicting(column: &Name, what: &str) -> SqlError {
    SqlError::new("42601", format!("conflicting NO INHERIT {what} on column \"{column}\""))
}

const MAKE_INHERITABLE: &str =
    "You might need to make the existing constraint inheritable using ALTER TABLE ... ALTER CONSTRAINT ... INHERIT.";
const VALIDATE: &str = "You might need to validate it using ALTER TABLE ... VALIDATE CONSTRAINT.";

impl Replay {
    /// NOT NULL is a constraint with a name.
    pub(in crate::replay::ddl) fn records_not_null(&self) -> bool {
        self.catalog.version() >= 18
    }

    /// A column's definition says NOT NULL, perhaps once more (`parse_utilcmd.c: transformColumnDefinition`).
    pub(in crate::replay::ddl) fn see_not_null(
        &self,
        rel: Oid,
        seen: &mut Option<Constraint>,
        constraint: &Constraint,
        def: &ColumnDef,
        serial: bool,
    ) -> Exec {
        let Some((_, no_inherit)) = written_not_null(constraint, Some(&def.name)) else { return Ok(()) };
        self.refuse_private_not_null(rel, no_inherit)?;
        let public = serial
            || def.constraints.iter().any(|c| match &c.kind {
                ConstraintKind::Identity { .. } => true,
                ConstraintKind::Key(key) => key.primary,
                _ => false,
            });
        let conflict = || conflicting(&def.name, "declarations for not-null constraints");
        if public && no_inherit {
            return Err(conflict().into());
        }
        let Some(first) = seen else {
            *seen = Some(Constraint {
                kind: ConstraintKind::NotNull { column: Some(def.name.clone()), no_inherit },
                ..constraint.clone()
            });
            return Ok(());
        };
        if let (Some(one), Some(other)) = (&first.name, &constraint.name)
            && one != other
        {
            let message = format!("conflicting not-null constraint names \"{one}\" and \"{other}\"");
            return Err(SqlError::new("XX000", message).into());
        }
        if written_not_null(first, None).is_some_and(|(_, private)| private != no_inherit) {
            return Err(conflict().into());
        }
        if first.name.is_none() {
            first.name.clone_from(&constraint.name);
        }
        Ok(())
    }

    fn refuse_private_not_null(&self, rel: Oid, no_inherit: bool) -> Exec {
        if no_inherit && self.catalog.relation(rel).is_some_and(Relation::is_partitioned) {
            let message = "not-null constraints on partitioned tables cannot be NO INHERIT";
            return Err(SqlError::new("0A000", message).into());
        }
        Ok(())
    }

    /// The not-null constraints of a table, by name (`RelationGetNotNullConstraints`).
    fn not_nulls_by_name(relation: &Relation) -> Vec<(&Stored, AttrNumber, bool)> {
        let found = relation.constraints.iter().filter_map(|constraint| match constraint.kind {
            StoredKind::NotNull { no_inherit } => Some((constraint, *constraint.columns.first()?, no_inherit)),
            StoredKind::Check { .. }
            | StoredKind::Key { .. }
            | StoredKind::Exclusion { .. }
            | StoredKind::ForeignKey(_)
            | StoredKind::Trigger(_) => None,
        });
        let mut found: Vec<_> = found.collect();
        found.sort_by(|a, b| a.0.name.cmp(&b.0.name));
        found
    }

    /// What a LIKE clause takes without being asked: NOT NULL, with the names.
    pub(in crate::replay::ddl) fn copied_not_nulls(&self, source: Oid, loc: Loc) -> Vec<(Constraint, Option<Name>)> {
        let Some(source) = self.catalog.relation(source) else { return Vec::new() };
        let copies = Self::not_nulls_by_name(source).into_iter().filter_map(|(constraint, number, no_inherit)| {
            let column = source.column_at(number)?.name.clone();
            let kind = ConstraintKind::NotNull { column: Some(column.clone()), no_inherit };
            let copy = Constraint { name: Some(constraint.name.clone()), kind, ..implied_not_null(&column, loc) };
            Some((copy, Some(column)))
        });
        copies.collect()
    }

    // ---- CREATE TABLE ----

    /// The not-null constraints of a new table: those written, those of the primary key, those of its parents
    /// (`AddRelationNotNullConstraints`).
    pub(in crate::replay::ddl) fn define_not_nulls(
        &mut self,
        rel: Oid,
        parents: &[Oid],
        written: &[(Constraint, Option<Name>)],
        cx: &Context,
    ) -> Exec {
        let Some(relation) = self.catalog.shared_relation(rel) else { return Ok(()) };
        // By column of the new table, with the name that the parent has for it.
        let mut inherited: Vec<(AttrNumber, Name)> = Vec::new();
        for parent in parents.iter().filter_map(|&parent| self.catalog.relation(parent)) {
            for (constraint, number, no_inherit) in Self::not_nulls_by_name(parent) {
                let own = parent.column_at(number).and_then(|column| relation.column(&column.name));
                inherited.extend(own.filter(|_| !no_inherit).map(|own| (own.number, constraint.name.clone())));
            }
        }
        let is_check = |c: &&Stored| c.is_local && matches!(c.kind, StoredKind::Check { .. });
        let mut taken: Vec<Name> = relation.constraints.iter().filter(is_check).map(|c| c.name.clone()).collect();
        let mut given: Vec<Name> = Vec::new();
        let mut done: Vec<AttrNumber> = Vec::new();
        for (at, (constraint, of)) in written.iter().enumerate() {
            let Some((column, no_inherit)) = written_not_null(constraint, of.as_ref()) else { continue };
            self.refuse_private_not_null(rel, no_inherit)?;
            let number = self.not_null_column(&relation, column, constraint.loc)?;
            if done.contains(&number) {
                continue;
            }
            done.push(number);
            let mut name = constraint.name.clone();
            for (other, of) in &written[at + 1..] {
                let Some((_, private)) = written_not_null(other, of.as_ref()).filter(|(c, _)| *c == column) else {
                    continue;
                };
                if private != no_inherit {
                    return Err(conflicting(column, "declaration for not-null constraint").into());
                }
                match (&name, &other.name) {
                    (Some(one), Some(other)) if one != other => {
                        let message = format!("conflicting not-null constraint names \"{one}\" and \"{other}\"");
                        return Err(SqlError::new("42601", message).into());
                    }
                    (None, Some(other)) => name = Some(other.clone()),
                    (Some(_) | None, Some(_) | None) => {}
                }
            }
            let count = inherited.iter().filter(|(n, _)| *n == number).count();
            inherited.retain(|(n, _)| *n != number);
            if count > 0 && no_inherit {
                let message = format!("cannot define not-null constraint with NO INHERIT on column \"{column}\"");
                let detail = "The column has an inherited not-null constraint.";
                return Err(SqlError::new("42804", message).detail(detail).into());
            }
            let name = match name {
                Some(name) if given.contains(&name) => {
                    let message = format!("constraint \"{name}\" for relation \"{}\" already exists", relation.name);
                    return Err(SqlError::new("42710", message).at(constraint.loc).into());
                }
                Some(name) => {
                    given.push(name.clone());
                    name
                }
                None => self.choose_constraint_name(&relation, Some(column), "not_null"),
            };
            taken.push(name.clone());
            let new = NotNull { number, no_inherit, validated: true, is_local: true, count: inherit_count(count) };
            self.store_not_null(rel, name, &new, cx.at(constraint.loc))?;
        }
        while let Some((number, first)) = inherited.first().cloned() {
            let count = inherited.iter().filter(|(n, _)| *n == number).count();
            inherited.retain(|(n, _)| *n != number);
            let column = relation.column_at(number).map(|c| c.name.clone()).unwrap_or_default();
            let name = if taken.contains(&first) {
                self.choose_constraint_name(&relation, Some(&column), "not_null")
            } else {
                first
            };
            taken.push(name.clone());
            let new =
                NotNull { number, no_inherit: false, validated: true, is_local: false, count: inherit_count(count) };
            self.store_not_null(rel, name, &new, cx.origin)?;
        }
        Ok(())
    }

    /// The comments of the source's not-null constraints, which the copies have the names of.
    pub(in crate::replay::ddl) fn copy_comments_of_not_nulls(&mut self, rel: Oid, source: &Relation) {
        for (constraint, ..) in Self::not_nulls_by_name(source) {
            let Some(copy) = self.catalog.relation(rel).and_then(|r| r.constraint(&constraint.name)) else { continue };
            let (oid, comment) = (copy.oid, constraint.comment.clone());
            self.change_inheritance_of_constraint(rel, oid, |copy| copy.comment = comment.or(copy.comment.take()));
        }
    }

    fn not_null_column(&self, relation: &Relation, column: &Name, loc: Loc) -> Exec<AttrNumber> {
        match relation.column(column) {
            Some(found) => Ok(found.number),
            None if is_system_column(column) => {
                let message = format!("cannot add not-null constraint on system column \"{column}\"");
                Err(SqlError::new("0A000", message).into())
            }
            None => Err(lookup::undefined_column(&self.catalog, relation, column, loc)),
        }
    }

    /// `heap.c: StoreRelNotNull`
    fn store_not_null(&mut self, rel: Oid, name: Name, new: &NotNull, origin: Origin) -> Exec {
        if self.catalog.relation(rel).is_some_and(|r| r.constraint(&name).is_some()) {
            // That the name is taken is found by the index only.
            let message =
                "duplicate key value violates unique constraint \"pg_constraint_conrelid_contypid_conname_index\"";
            return Err(SqlError::new("23505", message).into());
        }
        let oid = self.catalog.new_oid();
        self.catalog.add_constraint(
            rel,
            Stored {
                oid,
                name,
                kind: StoredKind::NotNull { no_inherit: new.no_inherit },
                columns: vec![new.number],
                deferrable: false,
                initially_deferred: false,
                enforced: true,
                validated: new.validated,
                is_local: new.is_local,
                inherit_count: new.count,
                parent: None,
                comment: None,
                provenance: Provenance::new(origin),
            },
        );
        self.set_not_null(rel, new.number, origin);
        Ok(())
    }

    // ---- ALTER TABLE ----

    /// ADD CONSTRAINT … NOT NULL (`ATAddCheckNNConstraint`).
    pub(in crate::replay::ddl) fn add_not_null(
        &mut self,
        rel: Oid,
        constraint: &Constraint,
        column: Option<&Name>,
        how: Adding,
        cx: &Context,
    ) -> Exec {
        let Some((column, no_inherit)) = written_not_null(constraint, column) else { return Ok(()) };
        let Some(relation) = self.catalog.shared_relation(rel) else { return Ok(()) };
        let is_local = how != Adding::Inherited;
        if is_local {
            self.refuse_private_not_null(rel, no_inherit)?;
        }
        let number = self.not_null_column(&relation, column, constraint.loc)?;
        if let Some(existing) = relation.not_null(number) {
            return self.adjust_not_null(&relation, existing, constraint, (column, no_inherit), is_local);
        }
        let name = match &constraint.name {
            Some(name) => {
                self.refuse_constraint_name(rel, name, constraint, cx)?;
                name.clone()
            }
            None => self.choose_constraint_name(&relation, Some(column), "not_null"),
        };
        let count = i16::from(!is_local);
        let new = NotNull { number, no_inherit, validated: !constraint.not_valid, is_local, count };
        self.store_not_null(rel, name.clone(), &new, cx.at(constraint.loc))?;
        if no_inherit {
            return Ok(());
        }
        if how == (Adding::Alter { recurse: false }) && !relation.children.is_empty() {
            return Err(SqlError::new("42P16", "constraint must be added to child tables too").into());
        }
        let named = Constraint { name: Some(name), ..constraint.clone() };
        let children = relation.children.clone();
        children.into_iter().try_for_each(|child| self.add_not_null(child, &named, Some(column), Adding::Inherited, cx))
    }

    /// The column has one, which gets one more source (`AdjustNotNullInheritance`).
    fn adjust_not_null(
        &mut self,
        relation: &Relation,
        existing: &Stored,
        constraint: &Constraint,
        (column, no_inherit): (&Name, bool),
        is_local: bool,
    ) -> Exec {
        if existing.is_private() != no_inherit {
            return Err(cannot_change_inheritance("55000", existing, relation).hint(MAKE_INHERITABLE).into());
        }
        if !constraint.not_valid && !existing.validated {
            let message =
                format!("incompatible NOT VALID constraint \"{}\" on relation \"{}\"", existing.name, relation.name);
            return Err(SqlError::new("55000", message).hint(VALIDATE).into());
        }
        if let Some(name) = constraint.name.as_ref().filter(|name| is_local && **name != existing.name) {
            let message = format!(
                "cannot create not-null constraint \"{name}\" on column \"{column}\" of table \"{}\"",
                relation.name
            );
            let detail = format!("A not-null constraint named \"{}\" already exists for this column.", existing.name);
            return Err(SqlError::new("55000", message).detail(detail).into());
        }
        self.change_inheritance_of_constraint(relation.oid, existing.oid, |c| {
            c.is_local |= is_local;
            c.inherit_count += i16::from(!is_local);
        });
        Ok(())
    }

    /// SET NOT NULL; a child's constraint gets the name of its parent's (`ATExecSetNotNull`).
    pub(in crate::replay::ddl) fn set_not_null_everywhere(
        &mut self,
        rel: Oid,
        column: &Name,
        recurse: bool,
        from_parent: Option<&Name>,
        cx: &Context,
    ) -> Exec {
        let number = self.column_number(rel, column)?;
        let Some(relation) = self.catalog.shared_relation(rel) else { return Ok(()) };
        if let Some(existing) = relation.not_null(number) {
            if existing.is_private() && recurse {
                return Err(cannot_change_inheritance("0A000", existing, &relation).into());
            }
            if from_parent.is_none() && existing.is_local && !existing.validated {
                return self.validate_not_null(rel, existing.oid, recurse, cx);
            }
            self.change_inheritance_of_constraint(rel, existing.oid, |c| match from_parent {
                Some(_) => c.inherit_count += 1,
                None => c.is_local = true,
            });
            return Ok(());
        }
        let only = !recurse && !relation.children.is_empty();
        if only && relation.is_partitioned() {
            let error = SqlError::new("42P16", "constraint must be added to child tables too");
            return Err(error.hint("Do not specify the ONLY keyword.").into());
        }
        let name = match from_parent {
            Some(name) => {
                self.refuse_constraint_name(rel, name, &implied_not_null(column, Loc::NONE), cx)?;
                name.clone()
            }
            None => self.choose_constraint_name(&relation, Some(column), "not_null"),
        };
        let is_local = from_parent.is_none();
        let new = NotNull { number, no_inherit: only, validated: true, is_local, count: i16::from(!is_local) };
        self.store_not_null(rel, name.clone(), &new, cx.origin)?;
        if !recurse {
            return Ok(());
        }
        let children = relation.children.clone();
        children.into_iter().try_for_each(|child| self.set_not_null_everywhere(child, column, true, Some(&name), cx))
    }

    /// `QueueNNConstraintValidation`
    pub(in crate::replay::ddl) fn validate_not_null(
        &mut self,
        rel: Oid,
        constraint: Oid,
        recurse: bool,
        cx: &Context,
    ) -> Exec {
        let Some(relation) = self.catalog.shared_relation(rel) else { return Ok(()) };
        let Some(found) = relation.constraints.iter().find(|c| c.oid == constraint) else { return Ok(()) };
        if found.validated {
            return Ok(());
        }
        let mut all = vec![(rel, constraint)];
        if !found.is_private() {
            let column = found.columns.first().and_then(|&n| relation.column_at(n)).map_or("", |c| &c.name);
            for (child, _) in self.catalog.inheritors(rel).into_iter().skip(1) {
                if !recurse {
                    return Err(SqlError::new("42P16", "constraint must be validated on child tables too").into());
                }
                let table = self.catalog.relation(child);
                let own = table.and_then(|t| t.not_null(t.column(column)?.number)).filter(|c| !c.validated);
                all.extend(own.map(|own| (child, own.oid)));
            }
        }
        for (table, oid) in all {
            self.change_inheritance_of_constraint(table, oid, |c| {
                c.validated = true;
                c.provenance.change(cx.origin, ChangeKind::Definition);
            });
        }
        Ok(())
    }

    /// DROP NOT NULL (`ATExecDropNotNull`).
    pub(in crate::replay::ddl) fn drop_not_null_everywhere(
        &mut self,
        rel: Oid,
        name: &Name,
        recurse: bool,
        cx: &Context,
    ) -> Exec {
        let number = self.column_number(rel, name)?;
        let Some(relation) = self.catalog.shared_relation(rel) else { return Ok(()) };
        let Some(column) = relation.column_at(number).filter(|c| c.not_null) else { return Ok(()) };
        if column.identity.is_some() {
            let message = format!("column \"{name}\" of relation \"{}\" is an identity column", relation.name);
            return Err(SqlError::new("42601", message).into());
        }
        let parent = self.catalog.partition_parent(rel).and_then(|p| self.catalog.relation(p));
        if parent.is_some_and(|p| p.column(name).is_some_and(|c| c.not_null)) {
            let message = format!("column \"{name}\" is marked NOT NULL in parent table");
            return Err(SqlError::new("42P16", message).into());
        }
        let Some(constraint) = relation.not_null(number) else {
            let touches = Touches::Relations(vec![QualifiedName::bare(relation.name.clone())]);
            return Err(Opaque::new(format!("what makes column \"{name}\" NOT NULL is not known"), touches).into());
        };
        let how = Dropping { behavior: DropBehavior::Restrict, recurse, recursing: false };
        self.drop_not_null_constraint(rel, constraint.oid, how, cx)
    }

    /// `dropconstraint_internal`
    pub(in crate::replay::ddl) fn drop_not_null_constraint(
        &mut self,
        rel: Oid,
        constraint: Oid,
        how: Dropping,
        cx: &Context,
    ) -> Exec {
        let Some(relation) = self.catalog.shared_relation(rel) else { return Ok(()) };
        let Some(found) = relation.constraints.iter().find(|c| c.oid == constraint) else { return Ok(()) };
        let Some(column) = found.columns.first().and_then(|&n| relation.column_at(n)) else { return Ok(()) };
        let (name, table) = (&column.name, &relation.name);
        let refuse = |state, message: String| {
            let made = format!("constraint \"{}\" made here", found.name);
            Err(SqlError::new(state, message).related(found.provenance.created, made).into())
        };
        if found.inherit_count > 0 && !how.recursing {
            let constraint = &found.name;
            return refuse(
                "42P16",
                format!("cannot drop inherited constraint \"{constraint}\" of relation \"{table}\""),
            );
        }
        if relation.primary_key().is_some_and(|key| key.columns.contains(&column.number)) {
            return refuse("42P16", format!("column \"{name}\" is in a primary key"));
        }
        if self.in_replica_identity(&relation, column.number) {
            return refuse("42P16", format!("column \"{name}\" is in index used as replica identity"));
        }
        if column.identity.is_some() {
            return refuse("55000", format!("column \"{name}\" of relation \"{table}\" is an identity column"));
        }
        self.delete_objects(&[Object::Constraint(rel, constraint)], how.behavior, cx)?;
        if let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(column.number)) {
            column.not_null = false;
            column.provenance.change(cx.origin, ChangeKind::NotNull);
        }
        if found.is_private() {
            return Ok(());
        }
        for &child in &relation.children {
            let own = self.catalog.relation(child).and_then(|t| t.not_null(t.column(name)?.number));
            let Some((oid, count, is_local)) = own.map(|c| (c.oid, c.inherit_count, c.is_local)) else { continue };
            if how.recurse && count == 1 && !is_local {
                self.drop_not_null_constraint(child, oid, Dropping { recursing: true, ..how }, cx)?;
            } else {
                self.change_inheritance_of_constraint(child, oid, |c| {
                    c.inherit_count -= 1;
                    c.is_local |= !how.recurse && c.inherit_count == 0;
                });
            }
        }
        Ok(())
    }

    /// ALTER CONSTRAINT … [NO] INHERIT (`ATExecAlterConstrInheritability`).
    pub(in crate::replay::ddl) fn alter_inheritability(
        &mut self,
        rel: Oid,
        constraint: Oid,
        no_inherit: bool,
        cx: &Context,
    ) -> Exec {
        let Some(relation) = self.catalog.shared_relation(rel) else { return Ok(()) };
        let Some(found) = relation.constraints.iter().find(|c| c.oid == constraint) else { return Ok(()) };
        let (name, table) = (&found.name, &relation.name);
        if !matches!(found.kind, StoredKind::NotNull { .. }) {
            let message = format!("constraint \"{name}\" of relation \"{table}\" is not a not-null constraint");
            return Err(SqlError::new("42809", message).into());
        }
        if no_inherit && found.inherit_count > 0 {
            let message = format!("cannot alter inherited constraint \"{name}\" on relation \"{table}\"");
            return Err(SqlError::new("55000", message).into());
        }
        if found.is_private() == no_inherit {
            return Ok(());
        }
        self.change_inheritance_of_constraint(rel, constraint, |c| {
            c.kind = StoredKind::NotNull { no_inherit };
            c.provenance.change(cx.origin, ChangeKind::Definition);
        });
        let column = found.columns.first().and_then(|&n| relation.column_at(n)).map(|c| c.name.clone());
        let column = column.unwrap_or_default();
        for &child in &relation.children {
            if !no_inherit {
                self.set_not_null_everywhere(child, &column, true, Some(name), cx)?;
                continue;
            }
            let own = self.catalog.relation(child).and_then(|t| t.not_null(t.column(&column)?.number));
            if let Some(own) = own.map(|c| c.oid) {
                self.change_inheritance_of_constraint(child, own, |c| {
                    c.inherit_count -= 1;
                    c.is_local = true;
                });
            }
        }
        Ok(())
    }

    // ---- PRIMARY KEY ----

    /// The columns of primary keys that ALTER TABLE adds are made NOT NULL: what has to be added for that
    /// (`ATPrepAddPrimaryKey`).
    pub(in crate::replay::ddl) fn not_nulls_of_new_key(
        &self,
        rel: Oid,
        constraint: &Constraint,
        recurse: bool,
    ) -> Exec<Vec<(Constraint, Option<Name>)>> {
        let (Some(relation), ConstraintKind::Key(key)) = (self.catalog.relation(rel), &constraint.kind) else {
            return Ok(Vec::new());
        };
        if !key.primary || !self.records_not_null() {
            return Ok(Vec::new());
        }
        // The columns of an index are not looked at beforehand.
        if let Some(index) = &key.using_index {
            let index = relation.indexes.iter().filter_map(|&i| self.catalog.relation(i)).find(|i| i.name == *index);
            let keys = index.and_then(Relation::as_index).map_or(&[][..], |i| &i.keys);
            let columns = keys.iter().filter_map(|key| relation.column_at(key.as_column()?));
            return Ok(columns.map(|c| (implied_not_null(&c.name, constraint.loc), Some(c.name.clone()))).collect());
        }
        let names: Vec<&Name> = key.columns.iter().collect();
        refuse_repeated(&names, true, constraint.loc)?;
        let mut added = Vec::new();
        for name in &key.columns {
            match relation.column(name).and_then(|c| relation.not_null(c.number)) {
                Some(existing) => {
                    self.refuse_unfit_for_key(relation, existing, name)?;
                    continue;
                }
                None if !recurse => self.refuse_nullable_children(relation, name)?,
                None => {}
            }
            added.push((implied_not_null(name, constraint.loc), Some(name.clone())));
        }
        Ok(added)
    }

    fn refuse_nullable_children(&self, relation: &Relation, name: &Name) -> Exec {
        for child in relation.children.iter().filter_map(|&child| self.catalog.relation(child)) {
            let Some(own) = child.column(name).and_then(|c| child.not_null(c.number)) else {
                let message = format!("column \"{name}\" of table \"{}\" is not marked NOT NULL", child.name);
                return Err(SqlError::new("XX000", message).into());
            };
            self.refuse_unfit_for_key(child, own, name)?;
        }
        Ok(())
    }

    /// `verifyNotNullPKCompatible`
    fn refuse_unfit_for_key(&self, relation: &Relation, constraint: &Stored, column: &Name) -> Exec {
        let (what, hint) = match (constraint.is_private(), constraint.validated) {
            (true, _) => ("NO INHERIT", MAKE_INHERITABLE),
            (false, false) => ("NOT VALID", VALIDATE),
            (false, true) => return Ok(()),
        };
        let message = format!("cannot create primary key on column \"{column}\"");
        let detail = format!(
            "The constraint \"{}\" on column \"{column}\" of table \"{}\", marked {what}, is incompatible with a primary key.",
            constraint.name, relation.name
        );
        Err(SqlError::new("55000", message).detail(detail).hint(hint).into())
    }

    /// The columns are NOT NULL by now (`index.c: index_check_primary_key`).
    pub(super) fn refuse_nullable_key(&self, rel: Oid, columns: &[AttrNumber]) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        match columns.iter().filter_map(|&n| relation.column_at(n)).find(|c| !c.not_null) {
            Some(column) => {
                let message = format!("primary key column \"{}\" is not marked NOT NULL", column.name);
                Err(SqlError::new("42P16", message).into())
            }
            None => Ok(()),
        }
    }
}

/// A not-null constraint to be stored.
struct NotNull {
    number: AttrNumber,
    no_inherit: bool,
    validated: bool,
    is_local: bool,
    count: i16,
}

/// How a not-null constraint is dropped.
#[derive(Clone, Copy)]
pub(in crate::replay::ddl) struct Dropping {
    pub behavior: DropBehavior,
    /// Without ONLY.
    pub recurse: bool,
    /// Because that of a parent is.
    pub recursing: bool,
}

fn inherit_count(parents: usize) -> i16 {
    i16::try_from(parents).unwrap_or(i16::MAX)
}
