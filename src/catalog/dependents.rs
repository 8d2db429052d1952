//! What needs what: recorded edges together with what the records themselves say.

use super::{Catalog, ConstraintKind, Dependency, DependencyKind, IndexKeyKind, Object, Oid, RelationKind};

use DependencyKind::{Auto, Internal, Normal};

impl Catalog {
    /// Everything that needs `object`, directly (`pg_depend` by referenced object).
    pub fn dependents(&self, object: Object) -> Vec<Dependency> {
        let mut edges: Vec<Dependency> = self.dependencies.on(object).collect();
        let mut add = |dependent, kind| edges.push(Dependency { referenced: object, dependent, kind });
        match object {
            Object::Schema(schema) => {
                for relation in self.relations_in(schema) {
                    match &relation.kind {
                        // An index has no edge to its schema of its own, it goes with its table.
                        RelationKind::Index(_) | RelationKind::CompositeType => {}
                        RelationKind::Table
                        | RelationKind::PartitionedTable(_)
                        | RelationKind::ForeignTable(_)
                        | RelationKind::View(_)
                        | RelationKind::MaterializedView(..)
                        | RelationKind::Sequence(_) => add(Object::Relation(relation.oid), Normal),
                    }
                }
                // A multirange type has an edge to its schema of its own, which counts where the range type is elsewhere
                // (`pg_type.c: GenerateTypeDependencies`).
                let elsewhere = |ty: &super::Type| match &ty.kind {
                    super::TypeKind::Multirange(range) => self.type_(*range).is_some_and(|r| r.schema != schema),
                    super::TypeKind::Array(_)
                    | super::TypeKind::Composite(_)
                    | super::TypeKind::Base(_)
                    | super::TypeKind::Enum(_)
                    | super::TypeKind::Domain(_)
                    | super::TypeKind::Range(_)
                    | super::TypeKind::Shell => false,
                };
                for ty in self.types_in(schema).filter(|t| self.owner_of_type(t.oid).is_none() || elsewhere(t)) {
                    add(Object::Type(ty.oid), Normal);
                }
                for function in self.functions_of_schema(schema) {
                    add(Object::Function(function.oid), Normal);
                }
                for object in self.stored_in(schema) {
                    add(object, Normal);
                }
                for extension in self.extensions().filter(|e| e.schema == schema) {
                    add(Object::Extension(extension.oid), Normal);
                }
            }
            Object::Relation(oid) => self.parts_of_relation(oid, &mut add),
            Object::Column(rel, number) => self.dependents_of_column(rel, number, &mut add),
            Object::Constraint(rel, constraint) => {
                let kind = self.relation(rel).and_then(|r| r.constraints.iter().find(|c| c.oid == constraint));
                match kind.map(|c| &c.kind) {
                    Some(ConstraintKind::Key { index, .. } | ConstraintKind::Exclusion { index, .. }) => {
                        add(Object::Relation(*index), Internal);
                    }
                    Some(
                        ConstraintKind::Check { .. }
                        | ConstraintKind::ForeignKey(_)
                        | ConstraintKind::NotNull { .. }
                        | ConstraintKind::Trigger(_),
                    )
                    | None => {}
                }
                for (table, child) in self.constraint_children(rel, constraint) {
                    add(Object::Constraint(table, child.oid), if table == rel { Internal } else { Auto });
                }
            }
            Object::Type(oid) => {
                if let Some(array) = self.type_(oid).and_then(|t| t.array) {
                    add(Object::Type(array), Internal);
                }
                if let Some(super::TypeKind::Range(range)) = self.type_(oid).map(|t| &t.kind)
                    && range.multirange != Oid::INVALID
                {
                    add(Object::Type(range.multirange), Internal);
                }
                if let Some(super::TypeKind::Domain(domain)) = self.type_(oid).map(|t| &t.kind) {
                    for check in &domain.checks {
                        add(Object::DomainConstraint(oid, check.oid), Auto);
                    }
                }
                if let Some(super::TypeKind::Composite(rel)) = self.type_(oid).map(|t| &t.kind)
                    && self.relation(*rel).is_some_and(|r| matches!(r.kind, RelationKind::CompositeType))
                {
                    add(Object::Relation(*rel), Internal);
                }
            }
            Object::Publication(publication) => {
                for member in self.publication(publication).into_iter().flat_map(|p| &p.relations) {
                    add(Object::PublicationRelation(publication, member.relation), Auto);
                }
            }
            // The constraint of a constraint trigger is a part of it (`trigger.c: CreateTriggerFiringOn`).
            Object::Trigger(rel, trigger) => {
                let found = self.relation(rel).and_then(|r| r.triggers.iter().find(|t| t.oid == trigger));
                if let Some(constraint) = found.and_then(|t| t.constraint) {
                    add(Object::Constraint(rel, constraint), Internal);
                }
                for table in self.relation(rel).into_iter().flat_map(|r| &r.children) {
                    let triggers = self.relation(*table).into_iter().flat_map(|r| &r.triggers);
                    for clone in triggers.filter(|t| t.parent == Some(trigger)) {
                        add(Object::Trigger(*table, clone.oid), Auto);
                    }
                }
            }
            // The edges of PostgreSQL's own are not recorded.
            Object::Extension(super::PLPGSQL_EXTENSION) if self.language(super::PLPGSQL_LANGUAGE).is_some() => {
                add(Object::Language(super::PLPGSQL_LANGUAGE), DependencyKind::Extension);
            }
            Object::Language(oid) => {
                if let Some(language) = self.language(oid).filter(|l| l.is_procedural()) {
                    for function in self.functions().filter(|f| f.language == language.name) {
                        add(Object::Function(function.oid), Normal);
                    }
                }
            }
            Object::Default(..)
            | Object::Policy(..)
            | Object::Rule(..)
            | Object::DomainConstraint(..)
            | Object::Function(_)
            | Object::Role(_)
            | Object::Extension(_)
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
            | Object::Transform(_)
            | Object::Database(_)
            | Object::LargeObject(_) => {}
        }
        edges
    }

    /// What `object` is a part of, where dropping the part alone is refused or means dropping the whole
    /// (`pg_depend` by dependent object, kinds internal and extension).
    pub fn owner_of(&self, object: Object) -> Option<(Object, DependencyKind)> {
        let structural = match object {
            Object::Relation(oid) => self.relation(oid).and_then(|r| match &r.kind {
                RelationKind::Index(index) => index.constraint.map(|c| Object::Constraint(index.table, c)),
                RelationKind::CompositeType => r.row_type.map(Object::Type),
                RelationKind::Sequence(sequence) if sequence.identity => {
                    sequence.owned_by.map(|(table, column)| Object::Column(table, column))
                }
                RelationKind::Sequence(_)
                | RelationKind::Table
                | RelationKind::PartitionedTable(_)
                | RelationKind::ForeignTable(_)
                | RelationKind::View(_)
                | RelationKind::MaterializedView(..) => None,
            }),
            Object::Type(oid) => self.owner_of_type(oid),
            Object::Constraint(rel, constraint) => self.relation(rel).and_then(|r| {
                // A foreign key to a partition is a part of that to the partitioned table (`addFkConstraint`).
                let parent = r.constraints.iter().find(|c| c.oid == constraint).and_then(|c| c.parent);
                if let Some(parent) = parent.filter(|&p| r.constraints.iter().any(|c| c.oid == p)) {
                    return Some(Object::Constraint(rel, parent));
                }
                let trigger = r.triggers.iter().find(|t| t.constraint == Some(constraint))?;
                Some(Object::Trigger(rel, trigger.oid))
            }),
            Object::Language(super::PLPGSQL_LANGUAGE) => {
                let extension = self.extension(super::PLPGSQL_EXTENSION);
                return extension.map(|e| (Object::Extension(e.oid), DependencyKind::Extension));
            }
            Object::Schema(_)
            | Object::Column(..)
            | Object::Default(..)
            | Object::Trigger(..)
            | Object::Policy(..)
            | Object::Rule(..)
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
        };
        structural.map(|owner| (owner, Internal)).or_else(|| {
            let strong = |k| matches!(k, Internal | DependencyKind::Extension);
            let mut found = self.dependencies.of(object).filter(|d| strong(d.kind));
            // A range's cast is a part of its types and of its function, which is named.
            let found = if matches!(object, Object::Cast(_)) { found.last() } else { found.next() };
            found.map(|d| (d.referenced, d.kind))
        })
    }

    /// What a type is an implementation detail of: an array type of its element, a row type of its relation.
    fn owner_of_type(&self, oid: Oid) -> Option<Object> {
        match &self.type_(oid)?.kind {
            super::TypeKind::Array(element) => Some(Object::Type(*element)),
            super::TypeKind::Composite(rel) => {
                let relation = self.relation(*rel)?;
                (!matches!(relation.kind, RelationKind::CompositeType)).then_some(Object::Relation(*rel))
            }
            super::TypeKind::Multirange(range) => Some(Object::Type(*range)),
            super::TypeKind::Base(_)
            | super::TypeKind::Enum(_)
            | super::TypeKind::Domain(_)
            | super::TypeKind::Range(_)
            | super::TypeKind::Shell => None,
        }
    }

    fn parts_of_relation(&self, oid: Oid, add: &mut impl FnMut(Object, DependencyKind)) {
        let Some(relation) = self.relation(oid) else { return };
        if let Some(row_type) = relation.row_type
            && !matches!(relation.kind, RelationKind::CompositeType)
        {
            add(Object::Type(row_type), Internal);
        }
        for &child in &relation.children {
            let Some(record) = self.relation(child) else { continue };
            // A partition goes with its table, what merely inherits does not (`child_dependency_type`).
            add(Object::Relation(child), if record.is_partition() { Auto } else { Normal });
        }
        for column in relation.live_columns() {
            if column.default.is_some() || column.generated.is_some() {
                add(Object::Default(oid, column.number), Auto);
            }
        }
        for constraint in &relation.constraints {
            add(Object::Constraint(oid, constraint.oid), Auto);
        }
        for &index in &relation.indexes {
            // A constraint's index goes with the constraint.
            if self.relation(index).and_then(|i| i.as_index()).is_some_and(|i| i.constraint.is_none()) {
                add(Object::Relation(index), Auto);
            }
        }
        for trigger in &relation.triggers {
            add(Object::Trigger(oid, trigger.oid), Auto);
        }
        for policy in &relation.policies {
            add(Object::Policy(oid, policy.oid), Auto);
        }
        for rule in &relation.rules {
            add(Object::Rule(oid, rule.oid), Auto);
        }
    }

    fn dependents_of_column(&self, rel: Oid, number: i16, add: &mut impl FnMut(Object, DependencyKind)) {
        let Some(relation) = self.relation(rel) else { return };
        if relation.column_at(number).is_some_and(|c| c.default.is_some() || c.generated.is_some()) {
            add(Object::Default(rel, number), Auto);
        }
        // A key needs the columns that its index includes as well (`pg_constraint.c: CreateConstraintEntry`).
        let includes = |kind: &ConstraintKind| {
            let index = match kind {
                ConstraintKind::Key { index, .. } | ConstraintKind::Exclusion { index, .. } => self.relation(*index),
                ConstraintKind::Check { .. }
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::NotNull { .. }
                | ConstraintKind::Trigger(_) => None,
            };
            index.and_then(|index| index.as_index()).is_some_and(|index| index.including.contains(&number))
        };
        for constraint in relation.constraints.iter().filter(|c| c.columns.contains(&number) || includes(&c.kind)) {
            add(Object::Constraint(rel, constraint.oid), Auto);
        }
        for &oid in &relation.indexes {
            let Some(index) = self.relation(oid).and_then(|i| i.as_index()) else { continue };
            let in_keys = index.keys.iter().any(|k| match &k.what {
                IndexKeyKind::Column(n) => *n == number,
                IndexKeyKind::Expr(_) => false,
            });
            if index.constraint.is_none() && (in_keys || index.including.contains(&number)) {
                add(Object::Relation(oid), Auto);
            }
            // A constraint needs the columns of INCLUDE, too (`pg_constraint.c: CreateConstraintEntry`).
            if let Some(constraint) = index.constraint
                && index.including.contains(&number)
            {
                add(Object::Constraint(rel, constraint), Auto);
            }
        }
        for trigger in relation.triggers.iter().filter(|t| t.columns.contains(&number)) {
            add(Object::Trigger(rel, trigger.oid), Normal);
        }
        // A partitioned table is nothing without its key (`heap.c: StorePartitionKey`).
        if relation.partition_key().is_some_and(|key| key.mentions(number)) {
            add(Object::Relation(rel), Normal);
        }
    }
}
