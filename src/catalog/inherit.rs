//! Who inherits from whom (`pg_inherits`): tables from tables, partitions from partitioned tables, and the indexes of
//! partitions from those of partitioned tables.

use super::{AttrNumber, Catalog, Constraint, Object, Oid, Relation, RelationKind};

/// A parent of a relation: a row of `pg_inherits`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    /// The parent.
    pub relation: Oid,
    /// Its position among the parents (`inhseqno`).
    pub seqno: i32,
    /// `DETACH PARTITION … CONCURRENTLY` is under way.
    pub detach_pending: bool,
}

/// The columns of one relation as those of another: for each number, from 1, the other's number, 0 if there is none
/// (`attmap.h: AttrMap`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnMap(pub Vec<AttrNumber>);

impl ColumnMap {
    /// The columns of `from` by the names of those of `to` (`attmap.c: build_attrmap_by_name`).
    pub fn by_name(from: &Relation, to: &Relation) -> ColumnMap {
        let number = |c: &super::Column| match c.dropped {
            true => 0,
            false => to.column(&c.name).map_or(0, |c| c.number),
        };
        ColumnMap(from.columns.iter().map(number).collect())
    }

    /// The number of a column in the other relation. Whole rows and system columns stay what they are.
    pub fn get(&self, number: AttrNumber) -> Option<AttrNumber> {
        match usize::try_from(number) {
            Ok(0) | Err(_) => Some(number),
            Ok(n) => self.0.get(n - 1).copied().filter(|&n| n != 0),
        }
    }

    /// The same of several columns, as far as they have one.
    pub fn all(&self, numbers: &[AttrNumber]) -> Vec<AttrNumber> {
        numbers.iter().filter_map(|&n| self.get(n)).collect()
    }
}

impl Catalog {
    /// Makes `child` inherit from `parent` (`tablecmds.c: StoreCatalogInheritance1`).
    pub(crate) fn add_parent(&mut self, child: Oid, parent: Oid) {
        let Some(record) = self.relation_mut(child) else { return };
        let seqno = record.parents.iter().map(|p| p.seqno).max().unwrap_or(0) + 1;
        record.parents.push(Parent { relation: parent, seqno, detach_pending: false });
        if let Some(record) = self.relation_mut(parent) {
            record.has_subclass = true;
            if let Err(at) = record.children.binary_search(&child) {
                record.children.insert(at, child);
            }
        }
    }

    /// Ends that; false if it was not so (`pg_inherits.c: DeleteInheritsTuple`).
    pub(crate) fn remove_parent(&mut self, child: Oid, parent: Oid) -> bool {
        let is_child = self.relation(child).is_some_and(|r| r.parents.iter().any(|p| p.relation == parent));
        if is_child {
            if let Some(record) = self.relation_mut(child) {
                record.parents.retain(|p| p.relation != parent);
            }
            if let Some(record) = self.relation_mut(parent) {
                record.children.retain(|&c| c != child);
            }
        }
        is_child
    }

    /// The relation and all that inherit from it, nearer ones first, each with the number of its parents among them
    /// (`pg_inherits.c: find_all_inheritors`).
    pub fn inheritors(&self, relation: Oid) -> Vec<(Oid, i16)> {
        let mut found = vec![(relation, 0)];
        let mut next = 0;
        while let Some(&(oid, _)) = found.get(next) {
            next += 1;
            for &child in self.relation(oid).map_or(&[][..], |r| &r.children) {
                match found.iter_mut().find(|(oid, _)| *oid == child) {
                    Some((_, parents)) => *parents += 1,
                    None => found.push((child, 1)),
                }
            }
        }
        found
    }

    /// The partitioned table, or partitioned index, that a partition belongs to (`partition.c: get_partition_parent`).
    pub fn partition_parent(&self, partition: Oid) -> Option<Oid> {
        let record = self.relation(partition).filter(|r| r.is_partition())?;
        record.parents.first().map(|p| p.relation)
    }

    /// The partitioned tables above a partition, the nearest first (`partition.c: get_partition_ancestors`).
    pub fn partition_ancestors(&self, partition: Oid) -> Vec<Oid> {
        std::iter::successors(self.partition_parent(partition), |&oid| self.partition_parent(oid)).collect()
    }

    /// The default partition of a partitioned table.
    pub fn default_partition(&self, table: Oid) -> Option<Oid> {
        let is_default = |oid: &Oid| {
            self.relation(*oid).is_some_and(|r| r.bound.as_deref() == Some(&super::PartitionBound::Default))
        };
        self.relation(table)?.children.iter().copied().find(is_default)
    }

    /// The index of a partition that is a part of a partitioned index (`partition.c: index_get_partition`).
    pub fn index_of_partition(&self, index: Oid, partition: Oid) -> Option<Oid> {
        let of_partition =
            |oid: &Oid| self.relation(*oid).and_then(Relation::as_index).is_some_and(|index| index.table == partition);
        self.relation(index)?.children.iter().copied().find(of_partition)
    }

    /// The constraints of which this one is the parent (`conparentid`), each with its relation: those of partitions, and of
    /// a foreign key to a partitioned table those to its partitions, which belong to the same table.
    pub fn constraint_children(&self, relation: Oid, constraint: Oid) -> Vec<(Oid, &Constraint)> {
        let Some(record) = self.relation(relation) else { return Vec::new() };
        let tables = std::iter::once(record).chain(record.children.iter().filter_map(|&c| self.relation(c)));
        tables
            .flat_map(|table| table.constraints.iter().map(move |c| (table.oid, c)))
            .filter(|(_, c)| c.parent == Some(constraint))
            .collect()
    }

    /// What a part of a partition is a part of, where it was cloned from or attached to: dropping it means dropping that
    /// (`DEPENDENCY_PARTITION_PRI`).
    pub fn partition_owner(&self, object: Object) -> Option<Object> {
        let parent_table = |rel| self.partition_parent(rel);
        match object {
            Object::Relation(oid) => {
                let record = self.relation(oid)?;
                record.as_index()?;
                record.parents.first().map(|p| Object::Relation(p.relation))
            }
            Object::Constraint(rel, oid) => {
                let parent = self.relation(rel)?.constraints.iter().find(|c| c.oid == oid)?.parent?;
                // Otherwise it is the same table's, and an internal part.
                let table = parent_table(rel)?;
                let is_there = self.relation(table)?.constraints.iter().any(|c| c.oid == parent);
                is_there.then_some(Object::Constraint(table, parent))
            }
            Object::Trigger(rel, oid) => {
                let parent = self.relation(rel)?.triggers.iter().find(|t| t.oid == oid)?.parent?;
                Some(Object::Trigger(parent_table(rel)?, parent))
            }
            Object::Schema(_)
            | Object::Column(..)
            | Object::Default(..)
            | Object::Policy(..)
            | Object::Rule(..)
            | Object::Type(_)
            | Object::DomainConstraint(..)
            | Object::Function(_)
            | Object::Role(_)
            | Object::Extension(_)
            | Object::Publication(_)
            | Object::PublicationRelation(..)
            | Object::DefaultAcl(_)
            | Object::Operator(_)
            | Object::Cast(_)
            | Object::OpClass(_)
            | Object::OpFamily(_)
            | Object::Collation(_)
            | Object::Conversion(_)
            | Object::TsConfig(_)
            | Object::TsDict(_)
            | Object::Statistics(_)
            | Object::ForeignDataWrapper(_)
            | Object::ForeignServer(_)
            | Object::EventTrigger(_)
            | Object::Language(_)
            | Object::Transform(_)
            | Object::Database(_)
            | Object::LargeObject(_) => None,
        }
    }
}

impl Relation {
    /// A partition, of a table or of an index (`relispartition`).
    pub fn is_partition(&self) -> bool {
        self.bound.is_some() || self.as_index().is_some() && !self.parents.is_empty()
    }

    /// The partition key, if it is a partitioned table.
    pub fn partition_key(&self) -> Option<&super::PartitionKey> {
        if let RelationKind::PartitionedTable(key) = &self.kind { Some(key) } else { None }
    }

    /// A partitioned table.
    pub fn is_partitioned(&self) -> bool {
        self.partition_key().is_some()
    }
}
