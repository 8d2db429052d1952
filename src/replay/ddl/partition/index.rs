//! Indexes of partitioned tables: one in each partition, cloned or attached (`indexcmds.c: DefineIndex`, `parse_utilcmd.c:
//! generateClonedIndexStmt`, `index.c: CompareIndexInfo`, `tablecmds.c: ATExecAttachPartitionIdx`).

use crate::catalog::tree::map_stored;
use crate::catalog::{
    ColumnMap, Constraint as Stored, ConstraintKind as StoredKind, Index, IndexKey, IndexKeyKind, Object, Oid,
    PartitionKey, Provenance, Relation, RelationKind, StoredExpr,
};
use crate::replay::ddl::constraint::{Adding, join_column_names};
use crate::replay::{Context, Exec, Replay, SqlError, Stop, lookup};
use crate::sql::ast::{Name, PartitionStrategy, RangeVar};

/// The index, and its constraint, that an index of a partition is a part of.
#[derive(Clone, Copy)]
pub(in crate::replay::ddl) struct ParentIndex {
    pub index: Oid,
    pub constraint: Option<Oid>,
}

impl Replay {
    /// Makes an index like another one, with a constraint if that has one, on a table with the same columns.
    pub(in crate::replay::ddl) fn clone_index(
        &mut self,
        source: Oid,
        table: Oid,
        map: &ColumnMap,
        parent: Option<ParentIndex>,
        how: Adding,
        cx: &Context,
    ) -> Exec<Oid> {
        let (Some(source), Some(target)) = (self.catalog.shared_relation(source), self.catalog.shared_relation(table))
        else {
            return Ok(Oid::INVALID);
        };
        let Some(old) = source.as_index() else { return Ok(Oid::INVALID) };
        let whole_row = || -> Stop {
            let detail = format!("Index \"{}\" contains a whole-row table reference.", source.name);
            SqlError::new("0A000", "cannot convert whole-row table reference").detail(detail).into()
        };
        let mapped = |expr: &StoredExpr| map_stored(expr, old.table, table, map).ok_or_else(whole_row);
        let keys: Vec<IndexKey> = old
            .keys
            .iter()
            .map(|key| {
                let what = match &key.what {
                    IndexKeyKind::Column(number) => IndexKeyKind::Column(map.get(*number).unwrap_or(0)),
                    IndexKeyKind::Expr(expr) => IndexKeyKind::Expr(mapped(expr)?),
                };
                Ok(IndexKey { what, statistics: None, ..key.clone() })
            })
            .collect::<Exec<_>>()?;
        let predicate = old.predicate.as_ref().map(mapped).transpose()?;
        let constraint = old.constraint.and_then(|oid| {
            let owner = self.catalog.relation(old.table)?;
            owner.constraints.iter().find(|c| c.oid == oid).cloned()
        });
        let new = Index {
            table,
            keys,
            including: map.all(&old.including),
            predicate,
            constraint: None,
            valid: true,
            clustered: false,
            ready: true,
            ..old.clone()
        };
        let name = self.name_of_index(&target, &new, constraint.as_ref().map(|c| &c.kind));
        let origin = cx.origin;
        if old.primary
            && (parent.is_some() || matches!(how, Adding::Alter { .. }))
            && let Some(existing) = target.primary_key()
        {
            let message = format!("multiple primary keys for table \"{}\" are not allowed", target.name);
            let error = SqlError::new("42P16", message);
            return Err(error.related(existing.provenance.created, "the primary key made here").into());
        }
        if old.primary && !self.records_not_null() {
            new.keys.iter().filter_map(IndexKey::as_column).for_each(|n| self.set_not_null(table, n, origin));
        }
        let operators = match constraint.as_ref().map(|c| &c.kind) {
            Some(StoredKind::Exclusion { operators, .. } | StoredKind::Key { operators, .. }) => operators.as_slice(),
            _ => &[],
        };
        self.check_partitioned_key(&target, &new, operators)?;
        drop(target);
        let mut needs: Vec<Object> = Vec::new();
        for key in &new.keys {
            if let IndexKeyKind::Expr(expr) = &key.what {
                needs.extend(expr.depends_on.iter().copied());
            }
            needs.extend([Object::OpClass(key.opclass), Object::Collation(key.collation)]);
        }
        needs.extend(new.predicate.iter().flat_map(|p| p.depends_on.iter().copied()));
        let columns: Vec<i16> = match &constraint {
            Some(c) => c.columns.iter().map(|&n| if n == 0 { 0 } else { map.get(n).unwrap_or(0) }).collect(),
            None => Vec::new(),
        };
        let index = self.insert_index(&name, new, source.options.clone(), origin)?;
        self.depend_on_all(Object::Relation(index), &needs, Some(table));
        let mut own_constraint = None;
        if let Some(old) = constraint {
            let kind = match &old.kind {
                StoredKind::Key { primary, operators, .. } => {
                    StoredKind::Key { primary: *primary, index, operators: operators.clone() }
                }
                StoredKind::Exclusion { operators, .. } => {
                    StoredKind::Exclusion { index, operators: operators.clone() }
                }
                other @ (StoredKind::Check { .. }
                | StoredKind::ForeignKey(_)
                | StoredKind::Trigger(_)
                | StoredKind::NotNull { .. }) => other.clone(),
            };
            let oid = self.catalog.new_oid();
            let above = parent.and_then(|p| p.constraint);
            self.catalog.add_constraint(
                table,
                Stored {
                    oid,
                    name,
                    kind,
                    columns,
                    validated: true,
                    is_local: above.is_none(),
                    inherit_count: i16::from(above.is_some()),
                    parent: above,
                    comment: None,
                    provenance: Provenance::new(origin),
                    ..old
                },
            );
            if above.is_some() {
                self.catalog.make_inheritable(oid);
            }
            self.own_index(index, oid);
            own_constraint = Some(oid);
        }
        if let Some(parent) = parent {
            self.catalog.add_parent(index, parent.index);
        }
        self.index_partitions(index, own_constraint, how, cx)?;
        Ok(index)
    }

    /// `indexcmds.c: ChooseIndexName`
    /// The name that an index of a partition gets when it is cloned.
    pub(in crate::replay::ddl) fn name_of_cloned_index(&self, table: Oid, index: Oid) -> Option<Name> {
        let (table, index) = (self.catalog.relation(table)?, self.catalog.relation(index)?.as_index()?);
        let constraint = table.constraints.iter().find(|c| Some(c.oid) == index.constraint);
        Some(self.name_of_index(table, index, constraint.map(|c| &c.kind)))
    }

    fn name_of_index(&self, table: &Relation, index: &Index, constraint: Option<&StoredKind>) -> Name {
        let joined = join_column_names(index.column_names.iter().map(Name::as_str));
        let (columns, label, for_constraint) = match constraint {
            Some(StoredKind::Key { primary: true, .. }) => (None, "pkey", true),
            Some(StoredKind::Key { primary: false, operators, .. }) if operators.is_empty() => {
                (Some(joined.as_str()), "key", true)
            }
            // The clone of a key with operators is told by them.
            Some(StoredKind::Key { primary: false, .. } | StoredKind::Exclusion { .. }) => {
                (Some(joined.as_str()), "excl", true)
            }
            Some(
                StoredKind::Check { .. }
                | StoredKind::ForeignKey(_)
                | StoredKind::Trigger(_)
                | StoredKind::NotNull { .. },
            )
            | None => (Some(joined.as_str()), "idx", false),
        };
        self.choose_relation_name(&table.name, columns, label, table.schema, for_constraint)
    }

    /// A new index of a partitioned table reaches its partitions.
    pub(in crate::replay::ddl) fn index_partitions(
        &mut self,
        index: Oid,
        constraint: Option<Oid>,
        how: Adding,
        cx: &Context,
    ) -> Exec {
        let Some(record) = self.catalog.shared_relation(index) else { return Ok(()) };
        let Some(definition) = record.as_index() else { return Ok(()) };
        let Some(table) = self.catalog.shared_relation(definition.table) else { return Ok(()) };
        if !table.is_partitioned() {
            return Ok(());
        }
        if matches!(how, Adding::Alter { recurse: false }) {
            if !table.children.is_empty() {
                self.set_valid(index, false);
            }
            return Ok(());
        }
        let parent = ParentIndex { index, constraint };
        for &partition in &table.children {
            let Some(child) = self.catalog.shared_relation(partition) else { continue };
            if matches!(child.kind, RelationKind::ForeignTable(_)) {
                if definition.unique {
                    let message = format!("cannot create unique index on partitioned table \"{}\"", table.name);
                    let detail = format!("Table \"{}\" contains partitions that are foreign tables.", table.name);
                    return Err(SqlError::new("42809", message).detail(detail).into());
                }
                continue;
            }
            let map = ColumnMap::by_name(&table, &child);
            match self.matching_index(&record, &child, &map, constraint.is_some()) {
                Some(found) => {
                    self.set_parent_index(found, parent, partition);
                    if !self.catalog.relation(found).and_then(Relation::as_index).is_some_and(|i| i.valid) {
                        self.set_valid(index, false);
                    }
                }
                None => {
                    drop(child);
                    self.clone_index(index, partition, &map, Some(parent), how, cx)?;
                }
            }
        }
        Ok(())
    }

    /// An index of the partition that fits the partitioned table's and is not a part of another one.
    pub(super) fn matching_index(
        &self,
        index: &Relation,
        partition: &Relation,
        map: &ColumnMap,
        with_constraint: bool,
    ) -> Option<Oid> {
        partition.indexes.iter().copied().find(|&oid| {
            let Some(own) = self.catalog.relation(oid).filter(|r| r.parents.is_empty()) else { return false };
            let has_constraint = own.as_index().is_some_and(|i| i.constraint.is_some());
            (!with_constraint || has_constraint) && self.same_index(own, index, map)
        })
    }

    /// `index.c: CompareIndexInfo`
    fn same_index(&self, own: &Relation, theirs: &Relation, map: &ColumnMap) -> bool {
        let (Some(a), Some(b)) = (own.as_index(), theirs.as_index()) else { return false };
        let same_text = |x: &StoredExpr, y: &StoredExpr| {
            map_stored(y, b.table, a.table, map).is_some_and(|y| self.same_expression(x, &y))
        };
        if a.unique != b.unique
            || a.nulls_not_distinct != b.nulls_not_distinct
            || a.method != b.method
            || a.keys.len() != b.keys.len()
            || a.including.len() != b.including.len()
            || map.all(&b.including) != a.including
            || self.is_exclusion(own.oid)
            || self.is_exclusion(theirs.oid)
        {
            return false;
        }
        let keys = a.keys.iter().zip(&b.keys).all(|(x, y)| {
            let what = match (&x.what, &y.what) {
                (IndexKeyKind::Column(x), IndexKeyKind::Column(y)) => map.get(*y) == Some(*x),
                (IndexKeyKind::Expr(x), IndexKeyKind::Expr(y)) => same_text(x, y),
                (IndexKeyKind::Column(_), IndexKeyKind::Expr(_)) | (IndexKeyKind::Expr(_), IndexKeyKind::Column(_)) => {
                    false
                }
            };
            let family = |key: &IndexKey| self.catalog.opclass_info(key.opclass).map(|class| class.family);
            what && x.collation == y.collation && family(x) == family(y)
        });
        let predicate = match (&a.predicate, &b.predicate) {
            (None, None) => true,
            (Some(x), Some(y)) => same_text(x, y),
            (Some(_), None) | (None, Some(_)) => false,
        };
        keys && predicate
    }

    pub(super) fn set_valid(&mut self, index: Oid, valid: bool) {
        if let Some(index) = self.catalog.relation_mut(index).and_then(Relation::as_index_mut) {
            index.valid = valid;
        }
    }

    /// `IndexSetParentIndex`, `ConstraintSetParentConstraint`
    pub(super) fn set_parent_index(&mut self, index: Oid, parent: ParentIndex, table: Oid) {
        self.catalog.add_parent(index, parent.index);
        let own = self.catalog.relation(index).and_then(Relation::as_index).and_then(|i| i.constraint);
        if let (Some(own), Some(above)) = (own, parent.constraint) {
            self.set_parent_constraint(table, own, Some(above));
        }
    }

    /// `pg_constraint.c: ConstraintSetParentConstraint`
    pub(super) fn set_parent_constraint(&mut self, table: Oid, constraint: Oid, parent: Option<Oid>) {
        let constraints = self.catalog.relation_mut(table).map(|r| &mut r.constraints);
        if let Some(c) = constraints.and_then(|c| c.iter_mut().find(|c| c.oid == constraint)) {
            c.parent = parent;
            c.is_local = parent.is_none();
            c.inherit_count = if parent.is_some() { c.inherit_count + 1 } else { (c.inherit_count - 1).max(0) };
        }
    }

    /// A unique index of a partitioned table has the whole partition key in it.
    ///
    /// `operators` are those of an exclusion constraint.
    pub(in crate::replay::ddl) fn check_partitioned_key(
        &self,
        table: &Relation,
        index: &Index,
        operators: &[Oid],
    ) -> Exec {
        let exclusion = !operators.is_empty();
        let Some(key) = table.partition_key().filter(|_| index.unique || exclusion) else { return Ok(()) };
        let what = match (index.primary, index.unique) {
            (true, _) => "PRIMARY KEY",
            (false, true) => "UNIQUE",
            (false, false) => "EXCLUDE",
        };
        for part in &key.columns {
            if index.method != "btree" && !exclusion {
                let message =
                    format!("cannot match partition key to an index using access method \"{}\"", index.method);
                return Err(SqlError::new("0A000", message).into());
            }
            let IndexKeyKind::Column(number) = part.what else {
                let message = format!("unsupported {what} constraint with partition key definition");
                let detail = format!("{what} constraints cannot be used when partition keys include expressions.");
                return Err(SqlError::new("0A000", message).detail(detail).into());
            };
            let column = table.column_at(number);
            // The key must hold the same values for the same.
            let equality = |opclass: Oid, strategy: i16| {
                let class = self.catalog.opclass_info(opclass)?;
                Some(self.catalog.opfamily_member(class.family, class.input_type, class.input_type, strategy))
            };
            let wanted = equality(part.opclass, if key.strategy == PartitionStrategy::Hash { 1 } else { 3 });
            let mut found = false;
            for (i, own) in index.keys.iter().enumerate() {
                if own.as_column() != Some(number) || own.collation != part.collation {
                    continue;
                }
                let operator = if exclusion { operators.get(i).copied() } else { equality(own.opclass, 3) };
                if operator == wanted {
                    found = true;
                    break;
                }
                if exclusion {
                    let message = format!(
                        "cannot match partition key to index on column \"{}\" using non-equal operator \"{}\"",
                        column.map_or("", |c| &c.name),
                        operator.and_then(|o| self.catalog.operator_info(o)).map_or("", |o| o.name)
                    );
                    return Err(SqlError::new("0A000", message).into());
                }
            }
            if found {
                continue;
            }
            let message = "unique constraint on partitioned table must include all partitioning columns";
            let name = column.map_or("", |c| &c.name);
            let detail = format!(
                "{what} constraint on table \"{}\" lacks column \"{name}\" which is part of the partition key.",
                table.name
            );
            return Err(SqlError::new("0A000", message).detail(detail).into());
        }
        Ok(())
    }

    /// ALTER INDEX … ATTACH PARTITION (`ATExecAttachPartitionIdx`)
    pub(super) fn attach_index(&mut self, parent: Oid, name: &RangeVar, cx: &Context) -> Exec {
        let oid = self.relation(name)?;
        let (Some(own), Some(above)) = (self.catalog.shared_relation(oid), self.catalog.shared_relation(parent)) else {
            return Ok(());
        };
        let (Some(child), Some(theirs)) = (own.as_index(), above.as_index()) else {
            let error = SqlError::new("42P17", format!("\"{}\" is not an index", name.name.name));
            let (origin, text) = lookup::made_here(&own);
            return Err(error.related(origin, text).into());
        };
        let refuse = |state, detail: String| {
            let message = format!("cannot attach index \"{}\" as a partition of index \"{}\"", own.name, above.name);
            Err(SqlError::new(state, message).detail(detail).into())
        };
        let (Some(partition), Some(table)) =
            (self.catalog.shared_relation(child.table), self.catalog.shared_relation(theirs.table))
        else {
            return Ok(());
        };
        if own.parents.first().map(|p| p.relation) == Some(parent) {
            self.validate_index(parent);
            return Ok(());
        }
        if self.catalog.index_of_partition(parent, partition.oid).is_some() {
            let detail = format!("Another index is already attached for partition \"{}\".", partition.name);
            return refuse("55000", detail);
        }
        if !own.parents.is_empty() {
            return refuse("55000", format!("Index \"{}\" is already attached to another index.", own.name));
        }
        if !table.children.contains(&partition.oid) {
            let detail =
                format!("Index \"{}\" is not an index on any partition of table \"{}\".", own.name, table.name);
            return refuse("55000", detail);
        }
        let map = ColumnMap::by_name(&table, &partition);
        if !self.same_index(&own, &above, &map) {
            return refuse("42P17", "The index definitions do not match.".to_owned());
        }
        if theirs.constraint.is_some() && child.constraint.is_none() {
            let detail = format!(
                "The index \"{}\" belongs to a constraint in table \"{}\" but no constraint exists for index \"{}\".",
                above.name, table.name, own.name
            );
            return refuse("42P17", detail);
        }
        let (constraint, table) = (theirs.constraint, partition.oid);
        drop((own, above, partition));
        self.set_parent_index(oid, ParentIndex { index: parent, constraint }, table);
        self.validate_index(parent);
        if let Some(relation) = self.catalog.relation_mut(oid) {
            relation.provenance.change(cx.origin, crate::catalog::ChangeKind::Definition);
        }
        Ok(())
    }

    /// A partitioned index is valid as soon as each partition has a valid one (`validatePartitionedIndex`).
    pub(super) fn validate_index(&mut self, index: Oid) {
        let Some(record) = self.catalog.relation(index) else { return };
        let Some(definition) = record.as_index().filter(|i| !i.valid) else { return };
        let is_valid = |oid: &&Oid| self.catalog.relation(**oid).and_then(Relation::as_index).is_some_and(|i| i.valid);
        let valid = record.children.iter().filter(is_valid).count();
        let partitions = self.catalog.relation(definition.table).map_or(0, |t| t.children.len());
        let above = record.parents.first().map(|p| p.relation);
        if valid != partitions {
            return;
        }
        self.set_valid(index, true);
        if let Some(above) = above {
            self.validate_index(above);
        }
    }
}

/// The access method whose operator classes compare keys of this strategy.
pub(super) fn method_of(key: &PartitionKey) -> &'static str {
    match key.strategy {
        PartitionStrategy::Hash => "hash",
        PartitionStrategy::List | PartitionStrategy::Range => "btree",
    }
}
