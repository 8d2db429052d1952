//! What is refused before a table is made: its statement is read first, and looked at as a whole (`parse_utilcmd.c:
//! transformCreateStmt`, `heap.c: CheckAttributeNamesTypes`).

use super::super::sequence::refuse_identity_type;
use super::serial::serial_type;
use crate::catalog::{Oid, Relation, RelationKind, Sequence, TypeKind, TypeRef};
use crate::expr::is_system_column;
use crate::replay::{Exec, Replay, SqlError, lookup};
use crate::sql::ast::*;
use crate::sql::span::Loc;

/// A key of the statement: its columns, whether it is the primary key, and where it stands.
struct Key<'s> {
    constraint: &'s KeyConstraint,
    column: Option<&'s Name>,
    loc: Loc,
}

/// A column has one value (`tablecmds.c: BuildDescForRelation`).
pub(in crate::replay::ddl) fn refuse_set(def: &ColumnDef) -> Exec {
    match &def.ty {
        Some(ty) if ty.setof => {
            Err(SqlError::new("42P16", format!("column \"{}\" cannot be declared SETOF", def.name)).into())
        }
        Some(_) | None => Ok(()),
    }
}

impl Replay {
    /// Types and LIKE clauses in their order, then keys, then names and types of columns. `of_type` is the type of a
    /// typed table, `parents` are those of its columns that it inherits.
    pub(super) fn transform_create(&self, schema: Oid, stmt: &CreateTable, of_type: Option<Oid>) -> Exec {
        let table = &stmt.relation.name.name;
        // Names of columns in their order, and the types of those that are written.
        let mut names: Vec<Name> = Vec::new();
        let mut types: Vec<(&ColumnDef, TypeRef)> = Vec::new();
        let mut keys: Vec<Key<'_>> = Vec::new();
        for element in &stmt.elements {
            match element {
                TableElement::Column(def) => {
                    names.push(def.name.clone());
                    if def.ty.is_some() {
                        let (ty, serial) = self.written_type(def)?;
                        self.written_collation(def.collation.as_ref(), ty.oid, def.loc)?;
                        self.check_sources(table, def, serial.is_some())?;
                        self.check_nulls(table, def, serial.is_some())?;
                        types.push((def, ty));
                    }
                    for constraint in &def.constraints {
                        if let ConstraintKind::Key(key) = &constraint.kind {
                            keys.push(Key { constraint: key, column: Some(&def.name), loc: constraint.loc });
                        }
                    }
                }
                TableElement::Constraint(constraint) => {
                    if matches!(constraint.kind, ConstraintKind::Exclusion(_))
                        && stmt.partition_by.is_some()
                        && self.catalog.version() < 17
                    {
                        let message = "exclusion constraints are not supported on partitioned tables";
                        return Err(SqlError::new("0A000", message).at(constraint.loc).into());
                    }
                    if let ConstraintKind::Key(key) = &constraint.kind {
                        keys.push(Key { constraint: key, column: None, loc: constraint.loc });
                    }
                }
                TableElement::Like(like) => {
                    let source = self.like_source(like, stmt.server.is_some())?;
                    let source = self.catalog.relation(source);
                    names.extend(source.into_iter().flat_map(Relation::live_columns).map(|c| c.name.clone()));
                }
            }
        }
        // Parents are opened only for what is not in the statement; that they are not there is said later.
        let parents = self.parents_of(stmt);
        let known = parents.is_ok() || stmt.inherits.is_empty() && stmt.partition_of.is_none();
        let inherited = parents.into_iter().flatten().chain(of_type.and_then(|ty| self.relation_of_composite(ty)));
        let inherited: Vec<&Relation> = inherited.filter_map(|oid| self.catalog.relation(oid)).collect();
        let exists = |name: &Name| {
            !known
                || names.contains(name)
                || is_system_column(name)
                || inherited.iter().any(|r| r.column(name).is_some())
        };
        // The period of a key: its type, if a column has it.
        let is_period = |name: &Name, loc: Loc| {
            let written = types.iter().find(|(def, _)| def.name == *name).map(|(_, ty)| *ty);
            let ty = written.or_else(|| inherited.iter().find_map(|r| r.column(name)).map(|c| c.ty));
            match ty {
                Some(ty) => self.check_period_type(name, ty.oid, loc),
                None if is_system_column(name) => self.check_period_type(name, Oid::INVALID, loc),
                None => Ok(()),
            }
        };
        Self::check_keys(table, &keys, exists, is_period)?;
        // Sequences of identity columns are made before the table.
        for (def, ty) in &types {
            for constraint in &def.constraints {
                if let ConstraintKind::Identity { options, .. } = &constraint.kind {
                    refuse_identity_type(ty.oid)?;
                    Sequence { identity: true, ..Sequence::of_type(ty.oid) }.apply_to_identity(options)?;
                }
            }
        }
        if let Some(taken) = self.sequence_chosen_twice(schema, stmt) {
            return Err(SqlError::new("42P07", format!("relation \"{taken}\" already exists")).into());
        }
        let parents = self.parents_of(stmt)?;
        if of_type.is_some() || stmt.partition_of.is_some() {
            return Ok(());
        }
        // `tablecmds.c: MergeAttributes` counts what the statement has, `heap.c` what comes from it.
        for (i, name) in names.iter().enumerate() {
            if names[i + 1..].contains(name) {
                return Err(SqlError::new("42701", format!("column \"{name}\" specified more than once")).into());
            }
        }
        if !parents.is_empty() {
            // They are merged first.
            return Ok(());
        }
        if let Some(name) = names.iter().find(|name| is_system_column(name)) {
            let message = format!("column name \"{name}\" conflicts with a system column name");
            return Err(SqlError::new("42701", message).into());
        }
        types.iter().try_for_each(|(def, _)| refuse_set(def))?;
        types.iter().try_for_each(|(def, ty)| self.check_column_type(*ty, &def.name, def.loc))
    }

    fn relation_of_composite(&self, ty: Oid) -> Option<Oid> {
        match self.catalog.type_(ty)?.kind {
            TypeKind::Composite(relation) => Some(relation),
            _ => None,
        }
    }

    /// The type that a column is written with, which may be serial.
    pub(in crate::replay::ddl) fn written_type(&self, def: &ColumnDef) -> Exec<(TypeRef, Option<Oid>)> {
        let Some(type_name) = &def.ty else { return Ok((TypeRef::plain(Oid::INVALID), None)) };
        let serial = serial_type(type_name);
        if serial.is_some() && type_name.array_dims > 0 {
            return Err(SqlError::new("0A000", "array of serial is not implemented").at(type_name.loc).into());
        }
        let ty = match serial {
            // The type behind takes its modifiers.
            Some(oid) if !type_name.typmods.is_empty() => {
                let name = self.catalog.format_type_be(oid, &self.path());
                let message = format!("type modifier is not allowed for type \"{name}\"");
                return Err(SqlError::new("42601", message).at(type_name.loc).into());
            }
            Some(oid) => TypeRef::plain(oid),
            None => lookup::resolve_type(&self.catalog, &self.path(), type_name)?,
        };
        Ok((ty, serial))
    }

    /// `parse_utilcmd.c: transformIndexConstraint`: one primary key, and columns that are there, each once.
    /// The last of a key WITHOUT OVERLAPS is a period.
    fn check_keys(
        table: &str,
        keys: &[Key<'_>],
        exists: impl Fn(&Name) -> bool,
        is_period: impl Fn(&Name, Loc) -> Exec,
    ) -> Exec {
        let mut primary = false;
        for key in keys {
            let constraint = key.constraint;
            if constraint.using_index.is_some() {
                let message = "cannot use an existing index in CREATE TABLE";
                return Err(SqlError::new("0A000", message).at(key.loc).into());
            }
            if constraint.primary && std::mem::replace(&mut primary, true) {
                let message = format!("multiple primary keys for table \"{table}\" are not allowed");
                return Err(SqlError::new("42P16", message).at(key.loc).into());
            }
            let own = key.column.filter(|_| constraint.columns.is_empty());
            let mut seen: Vec<&Name> = Vec::new();
            for name in own.into_iter().chain(&constraint.columns) {
                if !exists(name) {
                    return Err(Self::missing_key_column(name, key.loc));
                }
                if seen.contains(&name) {
                    let kind = if constraint.primary { "primary key" } else { "unique" };
                    let message = format!("column \"{name}\" appears twice in {kind} constraint");
                    return Err(SqlError::new("42701", message).at(key.loc).into());
                }
                if constraint.without_overlaps && constraint.columns.last() == Some(name) {
                    is_period(name, key.loc)?;
                }
                seen.push(name);
            }
            if constraint.without_overlaps && seen.len() < 2 {
                let message = "constraint using WITHOUT OVERLAPS needs at least two columns";
                return Err(SqlError::new("42601", message).into());
            }
            if let Some(name) = constraint.including.iter().find(|name| !exists(name)) {
                return Err(Self::missing_key_column(name, key.loc));
            }
        }
        Ok(())
    }

    fn missing_key_column(name: &str, loc: Loc) -> crate::replay::Stop {
        SqlError::new("42703", format!("column \"{name}\" named in key does not exist")).at(loc).into()
    }

    /// NULL and NOT NULL of one column. That primary keys are NOT NULL is known at once from 18 on.
    fn check_nulls(&self, table: &str, def: &ColumnDef, serial: bool) -> Exec {
        let mut not_null = None;
        for constraint in &def.constraints {
            let says = match &constraint.kind {
                ConstraintKind::Null => false,
                ConstraintKind::NotNull { .. } | ConstraintKind::Identity { .. } => true,
                ConstraintKind::Key(key) if key.primary && self.records_not_null() => true,
                _ => continue,
            };
            if not_null.is_some_and(|not_null| not_null != says) {
                return Err(Self::conflicting_null(table, &def.name));
            }
            not_null = Some(says);
        }
        if serial && not_null == Some(false) {
            return Err(Self::conflicting_null(table, &def.name));
        }
        Ok(())
    }

    /// The relation of a LIKE clause, which must have columns to copy (`transformTableLikeClause`).
    pub(in crate::replay::ddl) fn like_source(&self, like: &LikeClause, foreign: bool) -> Exec<Oid> {
        if foreign && self.catalog.version() < 18 {
            return Err(SqlError::new("0A000", "LIKE is not supported for creating foreign tables").into());
        }
        let oid = self.relation(&like.relation)?;
        let Some(source) = self.catalog.relation(oid) else { return Ok(oid) };
        match &source.kind {
            RelationKind::Table
            | RelationKind::PartitionedTable(_)
            | RelationKind::ForeignTable(_)
            | RelationKind::View(_)
            | RelationKind::MaterializedView(..)
            | RelationKind::CompositeType => Ok(oid),
            RelationKind::Sequence(_) | RelationKind::Index(_) => {
                let message = format!("relation \"{}\" is invalid in LIKE clause", source.name);
                let detail = format!("This operation is not supported for {}.", self.catalog.kinds_in_words(source));
                let (origin, text) = lookup::made_here(source);
                let error = SqlError::new("42809", message).detail(detail).at(like.relation.name.loc);
                Err(error.related(origin, text).into())
            }
        }
    }
}
