//! Takes one object out of the catalog, and leaves a tombstone.

use crate::catalog::{AttrNumber, ChangeKind, Ending, Object, Oid, Origin, Tombstone, TypeKind};
use crate::replay::Replay;
use crate::sql::ast::Name;

impl Replay {
    /// Removes one object, whose dependents are gone already, and leaves a tombstone.
    pub(in crate::replay::ddl) fn remove(&mut self, object: Object, how: Ending, origin: Origin) {
        let buried = self.tombstone(object, how, origin);
        self.catalog.dependencies.remove_of(object);
        match object {
            Object::Schema(oid) => self.remove_schema(oid),
            Object::Relation(oid) => self.remove_relation(oid),
            Object::Column(rel, number) => self.remove_column(rel, number),
            Object::Default(rel, number) => {
                if let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number)) {
                    column.default = None;
                    column.generated = None;
                    column.provenance.change(origin, ChangeKind::Default);
                }
            }
            Object::Constraint(rel, oid) => {
                self.catalog.remove_constraint(rel, oid);
            }
            Object::Trigger(rel, oid) => {
                if let Some(relation) = self.catalog.relation_mut(rel) {
                    relation.triggers.retain(|t| t.oid != oid);
                }
            }
            Object::Policy(rel, oid) => {
                if let Some(relation) = self.catalog.relation_mut(rel) {
                    relation.policies.retain(|p| p.oid != oid);
                }
            }
            Object::Rule(rel, oid) => {
                if let Some(relation) = self.catalog.relation_mut(rel) {
                    relation.rules.retain(|r| r.oid != oid);
                }
            }
            Object::Type(oid) => {
                self.catalog.remove_type(oid);
            }
            Object::DomainConstraint(domain, oid) => {
                self.catalog.remove_domain_check(domain, oid);
            }
            Object::Function(oid) => {
                self.catalog.remove_function_from_families(oid);
                self.catalog.remove_function(oid);
            }
            Object::Role(oid) => {
                self.catalog.remove_role(oid);
            }
            Object::Extension(oid) => {
                self.catalog.remove_extension(oid);
            }
            Object::Publication(oid) => {
                self.catalog.remove_publication(oid);
            }
            Object::PublicationRelation(publication, rel) => {
                if let Some(publication) = self.catalog.publication_mut(publication) {
                    publication.relations.retain(|r| r.relation != rel);
                }
            }
            Object::DefaultAcl(oid) => {
                if let Some(key) = self.catalog.default_acl_key(oid) {
                    self.catalog.set_default_acl(key, None);
                }
            }
            Object::Operator(oid) => {
                self.unlink_operator(oid);
                self.catalog.remove_operator(oid);
            }
            Object::Cast(oid) => {
                self.catalog.remove_cast(oid);
            }
            Object::OpClass(oid) => {
                self.catalog.remove_opclass(oid);
            }
            Object::OpFamily(oid) => {
                self.catalog.remove_opfamily(oid);
            }
            Object::Collation(oid) => {
                self.catalog.remove_collation(oid);
            }
            Object::Conversion(oid) => {
                self.catalog.remove_conversion(oid);
            }
            Object::TsConfig(oid) => {
                self.catalog.remove_ts_config(oid);
            }
            Object::Statistics(oid) => {
                self.catalog.remove_statistics(oid);
            }
            Object::TsDict(oid) => {
                self.catalog.remove_ts_dict(oid);
            }
            Object::ForeignDataWrapper(oid) => {
                self.catalog.remove_foreign_data_wrapper(oid);
            }
            Object::ForeignServer(oid) => {
                self.catalog.remove_foreign_server(oid);
            }
            Object::EventTrigger(oid) => {
                self.catalog.remove_event_trigger(oid);
            }
            Object::Language(oid) => {
                self.catalog.remove_language(oid);
            }
            Object::Transform(oid) => {
                self.catalog.remove_transform(oid);
            }
            Object::LargeObject(oid) => {
                self.catalog.remove_large_object(oid);
            }
            Object::Database(_) => {}
        }
        if let Some(tombstone) = buried {
            self.catalog.bury(tombstone);
        }
    }

    /// Publications and default privileges lose it (`pg_publication_namespace`, `pg_default_acl` depend on it).
    fn remove_schema(&mut self, oid: Oid) {
        self.catalog.remove_schema(oid);
        let published = self.catalog.publications().filter(|p| p.schemas.contains(&oid)).map(|p| p.oid);
        for publication in published.collect::<Vec<Oid>>() {
            if let Some(publication) = self.catalog.publication_mut(publication) {
                publication.schemas.retain(|&s| s != oid);
            }
        }
        let defaults = self.catalog.default_acls().map(|(key, _)| key).filter(|key| key.schema == Some(oid));
        for key in defaults.collect::<Vec<_>>() {
            self.catalog.set_default_acl(key, None);
        }
    }

    fn remove_relation(&mut self, oid: Oid) {
        let Some(relation) = self.catalog.remove_relation(oid) else { return };
        if let Some(index) = relation.as_index()
            && let Some(table) = self.catalog.relation_mut(index.table)
        {
            table.indexes.retain(|&i| i != oid);
        }
        let publications: Vec<Oid> = self.catalog.publications().map(|p| p.oid).collect();
        for publication in publications {
            let member = |p: &crate::catalog::Publication| p.relations.iter().any(|r| r.relation == oid);
            if self.catalog.publication(publication).is_some_and(member)
                && let Some(publication) = self.catalog.publication_mut(publication)
            {
                publication.relations.retain(|r| r.relation != oid);
            }
        }
        for column in &relation.columns {
            self.catalog.dependencies.remove_of(Object::Column(oid, column.number));
            self.catalog.dependencies.remove_of(Object::Default(oid, column.number));
        }
    }

    /// `heap.c: RemoveAttributeById`
    fn remove_column(&mut self, rel: Oid, number: AttrNumber) {
        self.catalog.dependencies.remove_of(Object::Default(rel, number));
        if let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number)) {
            column.dropped = true;
            column.not_null = false;
            column.default = None;
            column.generated = None;
            column.identity = None;
        }
    }

    /// What is left of an object; nothing for parts that nobody asks for by name.
    fn tombstone(&self, object: Object, how: Ending, ended: Origin) -> Option<Tombstone> {
        let created = self.made_by(object)?;
        let stone = |kind, schema: Option<Name>, relation: Option<Name>, name: Name| {
            Some(Tombstone { object, kind, schema, relation, name, created, ended, how: how.clone() })
        };
        let schema_name = |oid| Some(Name::from(self.catalog.schema_name(oid)));
        let part = |rel: Oid, kind, name: Option<Name>| {
            let relation = self.catalog.relation(rel)?;
            stone(kind, schema_name(relation.schema), Some(relation.name.clone()), name?)
        };
        match object {
            Object::Schema(oid) => stone("schema", None, None, self.catalog.schema(oid)?.name.clone()),
            Object::Relation(oid) => {
                let relation = self.catalog.relation(oid)?;
                let table = relation.as_index().and_then(|i| self.catalog.relation(i.table)).map(|t| t.name.clone());
                stone(relation.kind_name(), schema_name(relation.schema), table, relation.name.clone())
            }
            Object::Column(rel, number) => {
                part(rel, "column", self.catalog.relation(rel)?.column_at(number).map(|c| c.name.clone()))
            }
            Object::Constraint(rel, oid) => {
                let name =
                    self.catalog.relation(rel)?.constraints.iter().find(|c| c.oid == oid).map(|c| c.name.clone());
                part(rel, "constraint", name)
            }
            Object::Trigger(rel, oid) => {
                let name = self.catalog.relation(rel)?.triggers.iter().find(|t| t.oid == oid).map(|t| t.name.clone());
                part(rel, "trigger", name)
            }
            Object::Policy(rel, oid) => {
                let name = self.catalog.relation(rel)?.policies.iter().find(|p| p.oid == oid).map(|p| p.name.clone());
                part(rel, "policy", name)
            }
            Object::Rule(rel, oid) => {
                let name = self.catalog.relation(rel)?.rules.iter().find(|r| r.oid == oid).map(|r| r.name.clone());
                part(rel, "rule", name)
            }
            Object::Type(oid) => {
                // Nobody names an array type that is gone.
                let ty = self.catalog.type_(oid).filter(|ty| !matches!(ty.kind, TypeKind::Array(_)))?;
                stone("type", schema_name(ty.schema), None, ty.name.clone())
            }
            Object::Function(oid) => {
                let function = self.catalog.function(oid)?;
                stone("function", schema_name(function.schema), None, function.name.clone())
            }
            Object::Role(oid) => stone("role", None, None, self.catalog.role(oid)?.name.clone()),
            Object::Extension(oid) => stone("extension", None, None, self.catalog.extension(oid)?.name.clone()),
            Object::Publication(oid) => stone("publication", None, None, self.catalog.publication(oid)?.name.clone()),
            Object::Operator(oid) => {
                let operator = self.catalog.operator(oid)?;
                stone("operator", schema_name(operator.schema), None, operator.name.clone())
            }
            Object::OpClass(oid) => {
                let class = self.catalog.opclass(oid)?;
                stone("operator class", schema_name(class.schema), None, class.name.clone())
            }
            Object::OpFamily(oid) => {
                let family = self.catalog.opfamily(oid)?;
                stone("operator family", schema_name(family.schema), None, family.name.clone())
            }
            Object::Collation(oid) => {
                let collation = self.catalog.collation(oid)?;
                stone("collation", schema_name(collation.schema), None, collation.name.clone())
            }
            Object::Conversion(oid) => {
                let conversion = self.catalog.conversion(oid)?;
                stone("conversion", schema_name(conversion.schema), None, conversion.name.clone())
            }
            Object::TsConfig(oid) => {
                let config = self.catalog.ts_config(oid)?;
                stone("text search configuration", schema_name(config.schema), None, config.name.clone())
            }
            Object::Statistics(oid) => {
                let found = self.catalog.statistics(oid)?;
                stone("statistics object", schema_name(found.schema), None, found.name.clone())
            }
            Object::TsDict(oid) => {
                let dict = self.catalog.ts_dict(oid)?;
                stone("text search dictionary", schema_name(dict.schema), None, dict.name.clone())
            }
            Object::ForeignDataWrapper(_)
            | Object::ForeignServer(_)
            | Object::EventTrigger(_)
            | Object::Language(_) => {
                let found = self.catalog.unplaced(object)?;
                stone(found.kind, None, None, found.name)
            }
            Object::LargeObject(oid) => stone("large object", None, None, oid.0.to_string().into()),
            Object::Default(..)
            | Object::DomainConstraint(..)
            | Object::PublicationRelation(..)
            | Object::Transform(_)
            | Object::Database(_)
            | Object::Cast(_)
            | Object::DefaultAcl(_) => None,
        }
    }
}
