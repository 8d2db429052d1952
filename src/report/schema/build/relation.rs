//! Tables, views and sequences with their parts.

use super::Builder;
use crate::catalog::{self, AclKind, ConstraintKind, Object, Relation, RelationKind, TypeRef};
use crate::report::schema::model::*;
use crate::sql::ast::{FiringState, Persistence, PolicyCommand, ReplicaIdentity};

impl Builder<'_> {
    fn common(&self, relation: &Relation, kind: AclKind) -> Common {
        Common {
            owner: self.owner(relation.owner),
            comment: self.comment(relation.comment.as_ref()),
            privileges: self.privileges(relation.acl.as_ref(), kind, relation.owner),
            platform: false,
            history: self.history(&relation.provenance, self.doubt_of_relation(relation)),
        }
    }

    pub(super) fn table(&self, relation: &Relation) -> Table {
        let common = self.common(relation, AclKind::Table);
        let (mut partition_by, mut server) = (None, None);
        let mut foreign_options = std::collections::BTreeMap::new();
        match &relation.kind {
            RelationKind::PartitionedTable(key) => {
                partition_by = Some(self.text(&self.texts().partition_key(relation, key)));
            }
            RelationKind::ForeignTable(foreign) => {
                server = self.server_name(foreign.server);
                foreign_options = self.foreign_options(&foreign.options);
            }
            RelationKind::Table
            | RelationKind::View(_)
            | RelationKind::MaterializedView(..)
            | RelationKind::Sequence(_)
            | RelationKind::Index(_)
            | RelationKind::CompositeType => {}
        }
        let mut constraints: Vec<Constraint> =
            relation.constraints.iter().filter_map(|c| self.constraint(relation, c)).collect();
        constraints.sort_by(|a, b| a.name.cmp(&b.name));
        let mut policies: Vec<Policy> = relation.policies.iter().map(|p| self.policy(relation, p)).collect();
        policies.sort_by(|a, b| a.name.cmp(&b.name));
        Table {
            schema: self.schema_name(relation.schema),
            name: relation.name.to_string(),
            unlogged: relation.persistence == Persistence::Unlogged,
            partition_by,
            partition_bound: self.bound(relation),
            inherits: self.parents(relation),
            of_type: relation.of_type.map(|ty| self.catalog.format_type(TypeRef::plain(ty), &[])),
            server,
            foreign_options,
            options: self.options(&relation.options),
            replica_identity: self.replica_identity(&relation.replica_identity),
            row_security: relation.row_security,
            force_row_security: relation.force_row_security,
            columns: self.columns(relation),
            constraints,
            indexes: self.indexes(relation),
            policies,
            triggers: self.triggers(relation),
            common,
            oid: relation.oid,
        }
    }

    /// The bound of a partition.
    pub(in crate::report::schema) fn bound(&self, relation: &Relation) -> Option<String> {
        let bound = relation.bound.as_deref()?;
        Some(self.text(&self.texts().partition_bound(bound)))
    }

    /// What a table inherits from, as SQL takes it.
    pub(in crate::report::schema) fn parents(&self, relation: &Relation) -> Vec<String> {
        let parents = relation.parents.iter().filter_map(|p| self.catalog.relation(p.relation));
        parents.map(|parent| self.name(parent.schema, &parent.name)).collect()
    }

    pub(super) fn view(&self, relation: &Relation) -> View {
        let definition = self.texts().view(relation).unwrap_or_default();
        View {
            schema: self.schema_name(relation.schema),
            name: relation.name.to_string(),
            options: self.options(&relation.options),
            not_populated: matches!(relation.kind, RelationKind::MaterializedView(_, false)),
            columns: self.columns(relation),
            definition: self.text(&definition),
            indexes: self.indexes(relation),
            triggers: self.triggers(relation),
            common: self.common(relation, AclKind::Table),
            oid: relation.oid,
        }
    }

    pub(super) fn sequence(&self, relation: &Relation, sequence: &catalog::Sequence) -> Sequence {
        let greatest = catalog::Sequence::of_type(sequence.ty).max;
        // `sequence.c: init_params`
        let (min, max) = if sequence.increment > 0 { (1, greatest) } else { (-greatest - 1, -1) };
        let unless = |value: i64, default: i64| (value != default).then_some(value);
        let first = if sequence.increment > 0 { sequence.min } else { sequence.max };
        let owner = sequence.owned_by.filter(|_| !sequence.identity).and_then(|(table, column)| {
            let table = self.catalog.relation(table)?;
            let column = table.column_at(column)?;
            let column = self.catalog.quote_identifier(&column.name);
            Some(format!("{}.{column}", self.name(table.schema, &table.name)))
        });
        Sequence {
            schema: self.schema_name(relation.schema),
            name: relation.name.to_string(),
            ty: self.catalog.format_type(TypeRef::plain(sequence.ty), &[]),
            start: unless(sequence.start, first),
            increment: unless(sequence.increment, 1),
            min: unless(sequence.min, min),
            max: unless(sequence.max, max),
            cache: unless(sequence.cache, 1),
            cycle: sequence.cycle,
            unlogged: relation.persistence == Persistence::Unlogged,
            owned_by: owner,
            common: self.common(relation, AclKind::Sequence),
            oid: relation.oid,
        }
    }

    // ---- columns ----

    pub(super) fn columns(&self, relation: &Relation) -> Vec<Column> {
        relation.live_columns().map(|column| self.column(relation, column)).collect()
    }

    fn column(&self, relation: &Relation, column: &catalog::Column) -> Column {
        let texts = self.texts();
        let ty = texts.type_name(column.ty);
        let mut history = self.history(&column.provenance, None);
        if ty.is_none() {
            history.unknown = Some("its type could not be inferred".to_owned());
        }
        Column {
            name: column.name.to_string(),
            ty,
            collation: texts.collation(column),
            not_null: column.not_null,
            default: column.default.as_ref().map(|d| self.text(&texts.expr(relation.oid, d))),
            generated: column
                .generated
                .as_ref()
                .map(|g| Generated { expression: self.text(&texts.expr(relation.oid, &g.expr)), stored: g.stored }),
            identity: column.identity.map(|identity| Identity {
                generation: match identity {
                    catalog::Identity::Always => "ALWAYS",
                    catalog::Identity::ByDefault => "BY DEFAULT",
                },
                sequence: self.identity_sequence(relation, column),
            }),
            storage: column.storage.as_ref().map(|s| s.to_uppercase().into()),
            compression: column.compression.as_ref().map(ToString::to_string),
            statistics: column.statistics,
            options: self.options(&column.options),
            comment: self.comment(column.comment.as_ref()),
            privileges: self.privileges(column.acl.as_ref(), AclKind::Column, relation.owner),
            history,
            foreign_options: match &relation.kind {
                RelationKind::ForeignTable(foreign) => self.foreign_options(foreign.column_options(column.number)),
                RelationKind::Table
                | RelationKind::PartitionedTable(_)
                | RelationKind::View(_)
                | RelationKind::MaterializedView(..)
                | RelationKind::Sequence(_)
                | RelationKind::Index(_)
                | RelationKind::CompositeType => Default::default(),
            },
            number: column.number,
        }
    }

    fn identity_sequence(&self, relation: &Relation, column: &catalog::Column) -> Option<Sequence> {
        let edges = self.catalog.dependencies.on(Object::Column(relation.oid, column.number));
        let mut sequences = edges.filter_map(|edge| match edge.dependent {
            Object::Relation(oid) => self.catalog.relation(oid),
            _ => None,
        });
        sequences.find_map(|r| r.as_sequence().filter(|s| s.identity).map(|s| self.sequence(r, s)))
    }

    // ---- constraints, indexes ----

    /// A constraint; a constraint trigger is listed as a trigger.
    fn constraint(&self, relation: &Relation, constraint: &catalog::Constraint) -> Option<Constraint> {
        // Of a foreign key to a partitioned table there is one to each partition, which comes with it.
        if constraint.parent.is_some_and(|above| relation.constraints.iter().any(|c| c.oid == above)) {
            return None;
        }
        let (ty, index) = match &constraint.kind {
            ConstraintKind::Check { .. } => ("check", None),
            ConstraintKind::Key { primary: true, index, .. } => ("primary key", Some(*index)),
            ConstraintKind::Key { primary: false, index, .. } => ("unique", Some(*index)),
            ConstraintKind::Exclusion { index, .. } => ("exclude", Some(*index)),
            ConstraintKind::ForeignKey(_) => ("foreign key", None),
            ConstraintKind::NotNull { .. } => ("not null", None),
            ConstraintKind::Trigger(_) => return None,
        };
        let index = index.and_then(|index| self.catalog.relation(index));
        Some(Constraint {
            name: constraint.name.to_string(),
            ty,
            definition: self.text(&self.texts().constraint(relation, constraint)),
            index_options: index.map(|i| self.options(&i.options)).unwrap_or_default(),
            index_comment: index.and_then(|i| self.comment(i.comment.as_ref())),
            comment: self.comment(constraint.comment.as_ref()),
            history: self.history(&constraint.provenance, None),
            oid: constraint.oid,
        })
    }

    fn indexes(&self, relation: &Relation) -> Vec<Index> {
        let mut indexes: Vec<Index> = relation
            .indexes
            .iter()
            .filter_map(|&oid| self.catalog.relation(oid))
            .filter_map(|index| {
                let details = index.as_index().filter(|details| details.constraint.is_none())?;
                Some(Index {
                    name: index.name.to_string(),
                    definition: self.text(&self.texts().index(index)?),
                    invalid: !details.valid,
                    statistics: details.statistics().collect(),
                    comment: self.comment(index.comment.as_ref()),
                    history: self.history(&index.provenance, None),
                    oid: index.oid,
                })
            })
            .collect();
        indexes.sort_by(|a, b| a.name.cmp(&b.name));
        indexes
    }

    pub(in crate::report::schema) fn replica_identity(&self, identity: &ReplicaIdentity) -> Option<String> {
        match identity {
            ReplicaIdentity::Default => None,
            ReplicaIdentity::Full => Some("FULL".to_owned()),
            ReplicaIdentity::Nothing => Some("NOTHING".to_owned()),
            ReplicaIdentity::Index(name) => Some(format!("USING INDEX {}", self.catalog.quote_identifier(name))),
        }
    }

    // ---- policies, triggers ----

    fn policy(&self, relation: &Relation, policy: &catalog::Policy) -> Policy {
        let texts = self.texts();
        let mut roles: Vec<String> = policy.roles.iter().map(|&r| self.catalog.role_name(r).to_owned()).collect();
        if roles.is_empty() {
            roles.push("public".to_owned());
        }
        roles.sort();
        Policy {
            name: policy.name.to_string(),
            command: match policy.command {
                PolicyCommand::All => "ALL",
                PolicyCommand::Select => "SELECT",
                PolicyCommand::Insert => "INSERT",
                PolicyCommand::Update => "UPDATE",
                PolicyCommand::Delete => "DELETE",
            },
            restrictive: !policy.permissive,
            roles,
            using: policy.using.as_ref().map(|e| self.text(&texts.expr(relation.oid, e))),
            with_check: policy.check.as_ref().map(|e| self.text(&texts.expr(relation.oid, e))),
            comment: self.comment(policy.comment.as_ref()),
            history: self.history(&policy.provenance, None),
            oid: policy.oid,
        }
    }

    fn triggers(&self, relation: &Relation) -> Vec<Trigger> {
        let mut triggers: Vec<Trigger> = relation
            .triggers
            .iter()
            .map(|trigger| Trigger {
                name: trigger.name.to_string(),
                definition: self.text(&self.texts().trigger(relation, trigger)),
                firing: match trigger.enabled {
                    FiringState::Enabled => None,
                    FiringState::Always => Some("ENABLE ALWAYS"),
                    FiringState::Replica => Some("ENABLE REPLICA"),
                    FiringState::Disabled => Some("DISABLE"),
                },
                comment: self.comment(trigger.comment.as_ref()),
                history: self.history(&trigger.provenance, None),
                oid: trigger.oid,
            })
            .collect();
        triggers.sort_by(|a, b| a.name.cmp(&b.name));
        triggers
    }
}
