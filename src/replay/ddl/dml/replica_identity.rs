//! Who writes rows that are published says which rows they were: by a replica identity
//! (`execReplication.c: CheckCmdReplicaIdentity`).

use std::sync::Arc;

use super::Written;
use crate::catalog::{
    AttrNumber, ConstraintKind, Oid, Publication, PublicationRelation, Relation, RelationKind, StoredExpr,
};
use crate::expr::analyze::updatable;
use crate::replay::{Exec, Opaque, Replay, SqlError};
use crate::sql::ast::{FiringState, MergeAction, Persistence, ReplicaIdentity, RuleEvent, Touches, TriggerTiming};

/// What happens to rows that are there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Update,
    Delete,
}

impl Change {
    fn event(self) -> RuleEvent {
        match self {
            Change::Update => RuleEvent::Update,
            Change::Delete => RuleEvent::Delete,
        }
    }
}

/// The changes that the clauses of a MERGE make, in their order.
pub(super) fn changes_of_merge(stmt: &crate::sql::ast::Merge) -> Vec<Change> {
    let change = |action: &MergeAction| match action {
        MergeAction::Update(_) => Some(Change::Update),
        MergeAction::Delete => Some(Change::Delete),
        MergeAction::Insert { .. } | MergeAction::Nothing => None,
    };
    stmt.clauses.iter().filter_map(|clause| change(&clause.action)).collect()
}

/// What all publications of a table ask for (`pg_publication.h: PublicationDesc`).
#[derive(Default)]
struct Published {
    update: bool,
    delete: bool,
    bad_filter: Vec<Change>,
    bad_columns: Vec<Change>,
    bad_generated: Vec<Change>,
}

impl Replay {
    /// 55000 and 42P10 for a table whose changes could not be published.
    pub(super) fn refuse_replica_identity(&self, written: &Written<'_>, target: &Relation) -> Exec {
        // Which children are visited is known where no condition leaves some of them out.
        let children = !written.relation.only && written.all_rows;
        written.changes.iter().try_for_each(|&change| self.refuse_unidentified(target, change, children))
    }

    /// The same of one change, of the relation's children, too, where they are visited for certain.
    pub(super) fn refuse_unidentified(&self, target: &Relation, change: Change, children: bool) -> Exec {
        if self.catalog.publications().next().is_none() || self.catalog.taint.everything().is_some() {
            return Ok(());
        }
        let Some(table) = self.table_behind(target.oid, change) else { return Ok(()) };
        let mut tables = vec![Arc::clone(&table)];
        if children {
            let children = self.catalog.inheritors(table.oid).into_iter().skip(1);
            tables.extend(children.filter_map(|(child, _)| self.catalog.shared_relation(child)));
        }
        let refused: Vec<_> = tables.iter().filter_map(|table| self.check_identity(table, change).err()).collect();
        match refused.as_slice() {
            [] => Ok(()),
            [_, _, ..] if table.is_partitioned() => {
                let reason = "several partitions have no replica identity: which is found first is not known";
                Err(Opaque::undecided(reason, Touches::Nothing).into())
            }
            [first, ..] => Err(first.clone()),
        }
    }

    /// Where a change of the relation ends: behind views. Nothing where rules or triggers do it, or if that is not known.
    fn table_behind(&self, relation: Oid, change: Change) -> Option<Arc<Relation>> {
        let mut relation = self.catalog.shared_relation(relation)?;
        loop {
            if self
                .catalog
                .taint
                .of_relation(relation.schema, &relation.name, Some(relation.provenance.created))
                .is_some()
            {
                return None;
            }
            let replaces = |rule: &crate::catalog::Rule| {
                let fires = matches!(rule.enabled, FiringState::Enabled | FiringState::Always);
                rule.event == change.event() && fires && rule.instead
            };
            if relation.rules.iter().any(replaces) {
                return None;
            }
            let RelationKind::View(query) = &relation.kind else { return Some(relation) };
            if relation.triggers.iter().any(|t| t.timing == TriggerTiming::InsteadOf) {
                return None;
            }
            let (base, _) = updatable::base_columns(&query.tree)?;
            relation = self.catalog.shared_relation(base)?;
        }
    }

    fn check_identity(&self, table: &Relation, change: Change) -> Exec {
        // Nothing but tables that stay is published (`pg_publication.c: is_publishable_class`); of a partitioned table it
        // is partitions that are written.
        if !matches!(table.kind, RelationKind::Table) || table.persistence != Persistence::Permanent {
            return Ok(());
        }
        let identity = self.replica_identity_columns(table);
        let published = self.published(table, identity.as_deref().unwrap_or_default());
        let (verb, acting, action) = match change {
            Change::Update => ("update", "updating the table", "updates"),
            Change::Delete => ("delete from", "deleting from the table", "deletes"),
        };
        let wrong = |detail: &str| {
            let error = SqlError::new("42P10", format!("cannot {verb} table \"{}\"", table.name));
            Err(error.detail(detail).into())
        };
        if published.bad_filter.contains(&change) {
            return wrong("Column used in the publication WHERE expression is not part of the replica identity.");
        }
        if published.bad_columns.contains(&change) {
            return wrong("Column list used by the publication does not cover the replica identity.");
        }
        if published.bad_generated.contains(&change) {
            return wrong("Replica identity must not contain unpublished generated columns.");
        }
        let is_published = if change == Change::Update { published.update } else { published.delete };
        if identity.is_some() || table.replica_identity == ReplicaIdentity::Full || !is_published {
            return Ok(());
        }
        let message = format!(
            "cannot {verb} table \"{}\" because it does not have a replica identity and publishes {action}",
            table.name
        );
        let hint = format!("To enable {acting}, set REPLICA IDENTITY using ALTER TABLE.");
        Err(SqlError::new("55000", message).hint(hint).into())
    }

    /// The columns of the index that identifies rows (`relcache.c: RelationGetReplicaIndex`).
    fn replica_identity_columns(&self, table: &Relation) -> Option<Vec<AttrNumber>> {
        let index = match &table.replica_identity {
            ReplicaIdentity::Default => {
                let key = table.primary_key().filter(|key| !key.deferrable)?;
                match key.kind {
                    ConstraintKind::Key { index, .. } => index,
                    ConstraintKind::Exclusion { .. }
                    | ConstraintKind::Check { .. }
                    | ConstraintKind::ForeignKey(_)
                    | ConstraintKind::Trigger(_)
                    | ConstraintKind::NotNull { .. } => return None,
                }
            }
            ReplicaIdentity::Index(name) => {
                *table.indexes.iter().find(|&&i| self.catalog.relation(i).is_some_and(|i| i.name == *name))?
            }
            ReplicaIdentity::Full | ReplicaIdentity::Nothing => return None,
        };
        let index = self.catalog.relation(index).and_then(Relation::as_index).filter(|index| index.valid)?;
        Some(index.keys.iter().filter_map(|key| key.as_column()).collect())
    }

    /// `relcache.c: RelationBuildPublicationDesc`
    fn published(&self, table: &Relation, identity: &[AttrNumber]) -> Published {
        let mut above = vec![table.oid];
        above.extend(self.catalog.partition_ancestors(table.oid));
        let mut found = Published::default();
        for publication in self.catalog.publications() {
            let member = |rel: &Oid| {
                let schema = self.catalog.relation(*rel).map(|r| r.schema);
                publication.relations.iter().any(|r| r.relation == *rel)
                    || schema.is_some_and(|schema| publication.schemas.contains(&schema))
            };
            if !publication.all_tables && !above.iter().any(member) {
                continue;
            }
            let option = |name: &str| publication.options.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
            let publish = option("publish").unwrap_or("insert, update, delete, truncate");
            let is_published = |what: &str| publish.split(',').any(|word| word.trim().eq_ignore_ascii_case(what));
            let (update, delete) = (is_published("update"), is_published("delete"));
            found.update |= update;
            found.delete |= delete;
            let changes = [(Change::Update, update), (Change::Delete, delete)];
            let changes = || changes.iter().filter(|(_, published)| *published).map(|(change, _)| *change);
            let entry = self.entry_of(publication, table, &above);
            let full = table.replica_identity == ReplicaIdentity::Full;
            if let Some((rel, entry)) = entry {
                if !full && entry.filter.as_ref().is_some_and(|filter| self.names_other(filter, rel, table, identity)) {
                    found.bad_filter.extend(changes());
                }
                let listed = |number: &AttrNumber| {
                    let number = self.number_in(table, *number, rel);
                    number.is_some_and(|number| entry.columns.contains(&number))
                };
                if !entry.columns.is_empty() && (full || !identity.iter().all(listed)) {
                    found.bad_columns.extend(changes());
                }
            }
            let whole = entry.is_none_or(|(_, entry)| entry.columns.is_empty());
            if self.catalog.version() >= 18 && (whole || full) {
                let stored =
                    option("publish_generated_columns").is_some_and(|value| value.eq_ignore_ascii_case("stored"));
                let unpublished = |number: AttrNumber| {
                    let generated = table.column_at(number).and_then(|column| column.generated.as_ref());
                    generated.is_some_and(|generated| !(generated.stored && stored))
                };
                let all = || table.live_columns().any(|column| unpublished(column.number));
                if if full { all() } else { identity.iter().any(|&number| unpublished(number)) } {
                    found.bad_generated.extend(changes());
                }
            }
        }
        found
    }

    /// What the publication says of the table, or of the topmost table above it that it publishes it as
    /// (`pg_publication.c: GetTopMostAncestorInPublication`).
    fn entry_of<'p>(
        &self,
        publication: &'p Publication,
        table: &Relation,
        above: &[Oid],
    ) -> Option<(Oid, &'p PublicationRelation)> {
        let of = |rel: Oid| publication.relations.iter().find(|r| r.relation == rel).map(|entry| (rel, entry));
        let via_root = publication.options.iter().any(|(name, value)| {
            name == "publish_via_partition_root" && !matches!(value.to_lowercase().as_str(), "false" | "off" | "0")
        });
        if !via_root {
            return of(table.oid);
        }
        above.iter().rev().find_map(|&rel| of(rel))
    }

    /// The filter, over columns of `rel`, names others than those of the identity.
    fn names_other(&self, filter: &StoredExpr, rel: Oid, table: &Relation, identity: &[AttrNumber]) -> bool {
        let of_rel: Vec<_> = identity.iter().filter_map(|&number| self.number_in(table, number, rel)).collect();
        filter.tree.columns().iter().any(|number| !of_rel.contains(number))
    }

    /// The number that a column of the table has in one that is above it.
    fn number_in(&self, table: &Relation, number: AttrNumber, rel: Oid) -> Option<AttrNumber> {
        if rel == table.oid {
            return Some(number);
        }
        let name = &table.column_at(number)?.name;
        self.catalog.relation(rel)?.column(name).map(|column| column.number)
    }
}
