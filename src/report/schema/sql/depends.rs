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
                let function = catalog.function(oid)?;
                let word = match function.kind {
                    FunctionKind::Procedure => "PROCEDURE",
                    FunctionKind::Function | FunctionKind::Window | FunctionKind::Aggregate => "FUNCTION",
                };
                let inputs = function.params.iter().filter(|p| p.is_input());
                let types: Vec<String> = inputs.map(|p| catalog.format_type(p.ty, &[])).collect();
                let name = self.name(catalog.schema_name(function.schema), &function.name);
                Some(format!("{word} {name}({})", types.join(", ")))
            }
            Object::Trigger(table, oid) => {
                let relation = catalog.relation(table)?;
                let trigger = relation.triggers.iter().find(|t| t.oid == oid)?;
                let table = self.name(catalog.schema_name(relation.schema), &relation.name);
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
                Some(format!("{word} {}", self.name(catalog.schema_name(relation.schema), &relation.name)))
            }
            _ => None,
        }
    }

    /// `CLUSTER ON` the index on which a table or materialized view was clustered last.
    pub(super) fn clustered(&mut self, oid: Oid) {
        let clustered = |relation: &Relation| relation.as_index().is_some_and(|index| index.clustered);
        let index_of = |relation: &Relation| {
            let mut indexes = relation.indexes.iter().filter_map(|index| self.catalog.relation(*index));
            indexes.find(|index| clustered(index)).map(|index| index.name.clone())
        };
        let Some(relation) = self.catalog.relation(oid) else { return };
        let Some(index) = index_of(relation) else { return };
        if self.platform.relation(oid).is_none() {
            let name = self.name(self.catalog.schema_name(relation.schema), &relation.name);
            self.statement(format!("ALTER TABLE {name} CLUSTER ON {}", self.ident(&index)));
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
