//! `DEPENDS ON EXTENSION`, and what indexes are to their tables besides: `CLUSTER ON`, `REPLICA IDENTITY`.

use super::Script;
use crate::catalog::{DependencyKind, FunctionKind, Object, Oid, Relation, RelationKind};
use crate::report::schema::model::Table;
use crate::sql::ast::ReplicaIdentity;

impl Script<'_> {
    /// What goes with an extension that it is no part of.
    pub(super) fn depends_on_extensions(&mut self) {
        let catalog = self.catalog;
        let mut statements = Vec::new();
        for extension in catalog.extensions() {
            for edge in catalog.dependencies.on(Object::Extension(extension.oid)) {
                if edge.kind == DependencyKind::AutoExtension
                    && let Some(object) = self.dependent_in_words(edge.dependent)
                {
                    statements.push(format!("ALTER {object} DEPENDS ON EXTENSION {}", self.ident(&extension.name)));
                }
            }
        }
        statements.sort();
        statements.into_iter().for_each(|statement| self.statement(statement));
    }

    fn dependent_in_words(&self, object: Object) -> Option<String> {
        let catalog = self.catalog;
        match object {
            Object::Function(oid) => {
                let word = match catalog.function(oid)?.kind {
                    FunctionKind::Procedure => "PROCEDURE",
                    FunctionKind::Function | FunctionKind::Window | FunctionKind::Aggregate => "FUNCTION",
                };
                Some(format!("{word} {}", self.function_with_types(oid)?))
            }
            Object::Trigger(table, oid) => {
                let relation = catalog.relation(table)?;
                let trigger = relation.triggers.iter().find(|t| t.oid == oid)?;
                let table = self.placed(relation.schema, &relation.name);
                Some(format!("TRIGGER {} ON {table}", self.ident(&trigger.name)))
            }
            Object::Relation(oid) => {
                let relation = catalog.relation(oid)?;
                let word = match relation.kind {
                    RelationKind::Index(_) => "INDEX",
                    RelationKind::MaterializedView(..) => "MATERIALIZED VIEW",
                    RelationKind::Table
                    | RelationKind::PartitionedTable(_)
                    | RelationKind::ForeignTable(_)
                    | RelationKind::View(_)
                    | RelationKind::Sequence(_)
                    | RelationKind::CompositeType => return None,
                };
                Some(format!("{word} {}", self.placed(relation.schema, &relation.name)))
            }
            // `gram.y: AlterObjectDependsStmt` has no others.
            Object::Schema(_)
            | Object::Column(..)
            | Object::Default(..)
            | Object::Constraint(..)
            | Object::Policy(..)
            | Object::Rule(..)
            | Object::Type(_)
            | Object::DomainConstraint(..)
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

    /// `CLUSTER ON` the index on which a table or materialized view was clustered last.
    pub(super) fn clustered(&mut self, oid: Oid) {
        let Some(relation) = self.catalog.relation(oid).filter(|_| self.platform.relation(oid).is_none()) else {
            return;
        };
        let mut indexes = relation.indexes.iter().filter_map(|index| self.catalog.relation(*index));
        let clustered = indexes.find(|relation| relation.as_index().is_some_and(|index| index.clustered));
        if let Some(index) = clustered {
            let (name, index) = (self.placed(relation.schema, &relation.name), self.ident(&index.name));
            self.statement(format!("ALTER TABLE {name} CLUSTER ON {index}"));
        }
    }

    /// What names an index of a table.
    pub(super) fn after_indexes(&mut self, table: &Table) {
        self.clustered(table.oid);
        let before = self.platform.relation(table.oid).map(|r| r.replica_identity.clone());
        let relation = self.catalog.relation(table.oid);
        let now = relation.map(|r| r.replica_identity.clone());
        let name = self.name(&table.schema, &table.name);
        // The index may be gone: there is no saying that again.
        let has_index = |of: &Relation, name: &str| {
            of.indexes.iter().any(|index| self.catalog.relation(*index).is_some_and(|i| i.name == name))
        };
        let lost = match (relation, &now) {
            (Some(relation), Some(ReplicaIdentity::Index(index))) => !has_index(relation, index),
            _ => false,
        };
        match &table.replica_identity {
            Some(identity) if before != now && !lost => {
                self.statement(format!("ALTER TABLE ONLY {name} REPLICA IDENTITY {identity}"));
            }
            None if before.is_some() && before != now => {
                self.statement(format!("ALTER TABLE ONLY {name} REPLICA IDENTITY DEFAULT"));
            }
            Some(_) | None => {}
        }
    }
}
