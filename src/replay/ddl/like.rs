//! CREATE TABLE (LIKE table …) (`parse_utilcmd.c: transformTableLikeClause, expandTableLikeClause`).

use super::constraint::Adding;
use super::inherit::whole_row_in_constraint;
use crate::catalog::tree::map_stored;
use crate::catalog::{
    Column, ColumnMap, Constraint as Stored, ConstraintKind as StoredKind, DependencyKind, Identity, Object, Oid,
    Provenance, Relation, Sequence,
};
use crate::expr::is_system_column;
use crate::replay::{Context, Exec, Replay, SqlError};
use crate::sql::ast::LikeClause;

// `parsenodes.h: TableLikeOption`
const COMMENTS: u32 = 1 << 0;
const COMPRESSION: u32 = 1 << 1;
const CONSTRAINTS: u32 = 1 << 2;
const DEFAULTS: u32 = 1 << 3;
const GENERATED: u32 = 1 << 4;
const IDENTITY: u32 = 1 << 5;
const INDEXES: u32 = 1 << 6;
const STATISTICS: u32 = 1 << 7;
const STORAGE: u32 = 1 << 8;

/// `INCLUDING IDENTITY`
pub(super) fn with_identity(like: &LikeClause) -> bool {
    like.options & IDENTITY != 0
}

impl Replay {
    /// The columns of a LIKE clause: names, types, collations, nullability, and what else of the columns alone is to be
    /// copied. The table that it names, and the number of its columns. `position` columns were written before.
    pub(super) fn copy_columns(
        &mut self,
        rel: Oid,
        like: &LikeClause,
        foreign: bool,
        position: i16,
        cx: &Context,
    ) -> Exec<(Oid, i16)> {
        let oid = self.like_source(like, foreign)?;
        let Some(source) = self.catalog.shared_relation(oid) else { return Ok((oid, 0)) };
        let wants = |option: u32| like.options & option != 0;
        // From 18 on it is the constraint that is copied.
        let recorded = self.records_not_null();
        let is_not_null = |column: &Column| column.not_null && (!recorded || source.not_null(column.number).is_some());
        let mut count = 0;
        for column in source.live_columns() {
            count += 1;
            let own = self.catalog.relation(rel).and_then(|r| r.column(&column.name)).cloned();
            let number = match own {
                Some(own) if own.is_local => {
                    let message = format!("column \"{}\" specified more than once", column.name);
                    return Err(SqlError::new("42701", message).into());
                }
                // A parent has it, too.
                Some(own) => {
                    let def = crate::sql::ast::ColumnDef { name: column.name.clone(), ..Default::default() };
                    self.merge_column(rel, &def, position + count, column.ty, cx)?;
                    own.number
                }
                None if is_system_column(&column.name) => {
                    let message = format!("column name \"{}\" conflicts with a system column name", column.name);
                    return Err(SqlError::new("42701", message).into());
                }
                None => self.push_copy(rel, column, like, cx),
            };
            if let Some(copy) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number)) {
                copy.not_null |= is_not_null(column);
            }
            if wants(IDENTITY)
                && let Some(identity) = column.identity
            {
                self.copy_identity(rel, number, &source, column.number, identity, cx)?;
            }
        }
        Ok((oid, count))
    }

    fn push_copy(&mut self, rel: Oid, column: &Column, like: &LikeClause, cx: &Context) -> i16 {
        let wants = |option: u32| like.options & option != 0;
        let number = self.catalog.relation(rel).map_or(0, |r| r.columns.len()) as i16 + 1;
        let copy = Column {
            collation: column.collation,
            storage: column.storage.clone().filter(|_| wants(STORAGE)),
            compression: column.compression.clone().filter(|_| wants(COMPRESSION)),
            comment: column.comment.clone().filter(|_| wants(COMMENTS)),
            ..Column::new(number, column.name.clone(), column.ty, Provenance::new(cx.at(like.relation.name.loc)))
        };
        if let Some(relation) = self.catalog.relation_mut(rel) {
            relation.columns.push(copy);
        }
        let ty = Object::Type(column.ty.oid);
        self.catalog.dependencies.add(Object::Column(rel, number), ty, DependencyKind::Normal);
        number
    }

    /// The new column counts by itself, with the options of the old one's sequence.
    fn copy_identity(
        &mut self,
        rel: Oid,
        number: i16,
        source: &Relation,
        column: i16,
        identity: Identity,
        cx: &Context,
    ) -> Exec {
        let Some(old) = self.identity_sequence(source.oid, column) else { return Ok(()) };
        let Some(old) = self.catalog.relation(old).and_then(Relation::as_sequence).cloned() else { return Ok(()) };
        // The options are copied, and the type is none of them (`sequence.c: sequence_options`).
        let sequence =
            Sequence { owned_by: Some((rel, number)), identity: true, ty: crate::catalog::type_oid::INT8, ..old };
        self.make_owned_sequence(rel, number, sequence, None, cx)?;
        if let Some(copy) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number)) {
            copy.identity = Some(identity);
            copy.not_null = true;
        }
        Ok(())
    }

    /// What a LIKE clause copies once all columns are there: defaults, checks, indexes.
    pub(super) fn expand_like(&mut self, rel: Oid, like: &LikeClause, source: Oid, cx: &Context) -> Exec {
        let (Some(source), Some(copy)) = (self.catalog.shared_relation(source), self.catalog.shared_relation(rel))
        else {
            return Ok(());
        };
        let wants = |option: u32| like.options & option != 0;
        let map = ColumnMap::by_name(&source, &copy);
        drop(copy);
        for column in source.live_columns() {
            let (expr, stored) = match (&column.default, &column.generated) {
                (Some(default), _) if wants(DEFAULTS) => (default, None),
                (None, Some(generated)) if wants(GENERATED) => (&generated.expr, Some(generated.stored)),
                (Some(_) | None, Some(_) | None) => continue,
            };
            let Some(mapped) = map_stored(expr, source.oid, rel, &map) else {
                let detail = format!(
                    "Generation expression for column \"{}\" contains a whole-row reference to table \"{}\".",
                    column.name, source.name
                );
                return Err(SqlError::new("0A000", "cannot convert whole-row table reference").detail(detail).into());
            };
            if let Some(number) = map.get(column.number) {
                self.forget_source(rel, number);
                self.store_source(rel, number, mapped, stored);
            }
        }
        if wants(COMMENTS) {
            self.copy_comments_of_not_nulls(rel, &source);
        }
        if wants(CONSTRAINTS) {
            self.copy_checks(rel, &source, &map, wants(COMMENTS), cx)?;
        }
        if wants(INDEXES) {
            for &index in &source.indexes {
                let copy = self.clone_index(index, rel, &map, None, Adding::Alter { recurse: true }, cx)?;
                if wants(COMMENTS) {
                    self.copy_index_comments(index, copy);
                }
            }
        }
        if wants(STATISTICS) {
            self.copy_statistics(rel, source.oid, &map, wants(COMMENTS), cx)?;
        }
        Ok(())
    }

    fn copy_checks(&mut self, rel: Oid, source: &Relation, map: &ColumnMap, comments: bool, cx: &Context) -> Exec {
        for check in &source.constraints {
            let StoredKind::Check { expr, no_inherit } = &check.kind else { continue };
            let Some(mapped) = map_stored(expr, source.oid, rel, map) else {
                return Err(whole_row_in_constraint(&check.name, &source.name));
            };
            // One that is inherited, too, is merged (`heap.c: MergeWithExistingConstraint`).
            let existing = self.catalog.relation(rel).and_then(|r| r.constraint(&check.name));
            let inherited = existing.filter(|c| !c.is_local).and_then(|c| match &c.kind {
                StoredKind::Check { expr, no_inherit: false } if !no_inherit => Some((c.oid, expr.clone())),
                _ => None,
            });
            if let Some((oid, expr)) = inherited
                && self.same_expression(&expr, &mapped)
            {
                self.notice(format!("merging constraint \"{}\" with inherited definition", check.name), cx);
                self.change_inheritance_of_constraint(rel, oid, |c| c.is_local = true);
                continue;
            }
            if let Some(relation) = self.catalog.relation(rel)
                && relation.constraint(&check.name).is_some()
            {
                let message =
                    format!("constraint \"{}\" for relation \"{}\" already exists", check.name, relation.name);
                return Err(SqlError::new("42710", message).into());
            }
            if let Some(relation) =
                self.catalog.relation(rel).filter(|relation| *no_inherit && relation.is_partitioned())
            {
                let message = format!("cannot add NO INHERIT constraint to partitioned table \"{}\"", relation.name);
                return Err(SqlError::new("42P16", message).into());
            }
            let oid = self.catalog.new_oid();
            let needs = mapped.depends_on.clone();
            self.catalog.add_constraint(
                rel,
                Stored {
                    oid,
                    kind: StoredKind::Check { expr: mapped, no_inherit: *no_inherit },
                    columns: map.all(&check.columns),
                    validated: check.enforced,
                    is_local: true,
                    inherit_count: 0,
                    parent: None,
                    comment: check.comment.clone().filter(|_| comments),
                    provenance: Provenance::new(cx.origin),
                    ..check.clone()
                },
            );
            self.depend_on_all(Object::Constraint(rel, oid), &needs, Some(rel));
        }
        Ok(())
    }

    /// The comment of the index alone: that of its constraint is not copied (`expandTableLikeClause`).
    fn copy_index_comments(&mut self, from: Oid, to: Oid) {
        let comment = self.catalog.relation(from).and_then(|r| r.comment.clone());
        if let Some(copy) = self.catalog.relation_mut(to) {
            copy.comment = comment;
        }
    }
}
