//! The order in which a script makes things: each after what it cannot be without (`pg_dump_sort.c`).

use rustc_hash::FxHashSet;

use crate::catalog::{
    Catalog, ConstraintKind, DependencyKind, IndexKeyKind, Object, Oid, Relation, RelationKind, TypeKind,
};
use crate::report::schema::model::SchemaDoc;

/// What is made, in order.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
    /// Defaults and checks that cannot be written where their table or domain is made, because what they need comes
    /// later.
    pub later: FxHashSet<Object>,
}

/// A thing that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A view that something needs that the view needs itself: its columns only.
    Stub(Oid),
    /// The whole.
    Make(Object),
}

impl Plan {
    pub(super) fn new(doc: &SchemaDoc, catalog: &Catalog) -> Plan {
        let extensions = doc.extensions.iter().map(|e| Object::Extension(e.oid));
        let sequences = doc.sequences.iter().map(|s| Object::Relation(s.oid));
        let types = doc.types.iter().map(|t| Object::Type(t.oid));
        let functions = doc.functions.iter().map(|f| Object::Function(f.oid));
        let tables = doc.tables.iter().map(|t| Object::Relation(t.oid));
        let views = doc.views.iter().chain(&doc.materialized_views).map(|v| Object::Relation(v.oid));
        let wrappers = doc.foreign_data_wrappers.iter().map(|w| Object::ForeignDataWrapper(w.oid));
        let servers = doc.servers.iter().map(|s| Object::ForeignServer(s.oid));
        let languages = doc.languages.iter().map(|l| Object::Language(l.oid));
        let transforms = doc.transforms.iter().map(|t| Object::Transform(t.oid));
        // Nothing says that something needs a cast.
        let stored = stored(catalog);
        let unplaced = languages.chain(wrappers).chain(servers).chain(transforms);
        // Sequences need nothing, and a text may name one without our seeing it.
        let all: Vec<Object> = extensions
            .chain(sequences)
            .chain(types)
            .chain(functions)
            .chain(stored)
            .chain(tables)
            .chain(views)
            .chain(unplaced)
            .collect();
        let mut walk = Walk {
            catalog,
            listed: all.iter().copied().collect(),
            done: FxHashSet::default(),
            in_progress: Vec::new(),
            stubs: Vec::new(),
            plan: Plan::default(),
        };
        for object in all {
            walk.visit(object);
        }
        walk.plan
    }
}

struct Walk<'a> {
    catalog: &'a Catalog,
    listed: FxHashSet<Object>,
    done: FxHashSet<Object>,
    /// What is being made, the outermost first.
    in_progress: Vec<Object>,
    /// Views of which there is a stub, with what they wait for.
    stubs: Vec<(Object, Object)>,
    plan: Plan,
}

impl Walk<'_> {
    fn visit(&mut self, object: Object) {
        if self.done.contains(&object) || self.in_progress.contains(&object) {
            return;
        }
        self.in_progress.push(object);
        for needed in self.needs(object) {
            if self.in_progress.contains(&needed) {
                self.break_cycle(needed);
            }
            self.visit(needed);
        }
        for (part, needs) in self.parts(object) {
            let needs: Vec<Object> = needs.into_iter().filter(|&needed| needed != object).collect();
            if needs.iter().any(|&needed| self.waits_for_something(needed, &mut FxHashSet::default())) {
                self.plan.later.insert(part);
            } else {
                needs.into_iter().for_each(|needed| self.visit(needed));
            }
        }
        self.in_progress.pop();
        self.done.insert(object);
        if !self.stubs.iter().any(|(view, awaited)| *view == object && *awaited != object) {
            self.plan.steps.push(Step::Make(object));
        }
        let waiting: Vec<Object> = self
            .stubs
            .iter()
            .filter(|(view, awaited)| *awaited == object && *view != object)
            .map(|(v, _)| *v)
            .collect();
        self.plan.steps.extend(waiting.into_iter().map(Step::Make));
    }

    /// What is being made needs, over some steps, `needed`, which is being made too. A view among them is made without
    /// its query first (`pg_dump_sort.c: repairViewRuleLoop`); there is no cycle without one.
    fn break_cycle(&mut self, needed: Object) {
        let from = self.in_progress.iter().position(|&object| object == needed).unwrap_or(0);
        let is_view = |object: &Object| match object {
            Object::Relation(oid) => {
                self.catalog.relation(*oid).is_some_and(|r| matches!(r.kind, RelationKind::View(_)))
            }
            _ => false,
        };
        let inside_out = self.in_progress[from..].iter().rev();
        let view = Some(needed).filter(is_view).or_else(|| inside_out.copied().find(is_view));
        if let Some(view) = view
            && let Object::Relation(oid) = view
            && !self.stubs.iter().any(|(stub, _)| *stub == view)
        {
            self.stubs.push((view, needed));
            self.plan.steps.push(Step::Stub(oid));
        }
    }

    /// The object needs, directly or not, something that is not made yet because it waits for others itself.
    fn waits_for_something(&self, object: Object, seen: &mut FxHashSet<Object>) -> bool {
        if self.done.contains(&object) || !seen.insert(object) {
            return false;
        }
        self.in_progress.contains(&object)
            || self.needs(object).into_iter().any(|needed| self.waits_for_something(needed, seen))
    }

    /// What the object cannot be made without.
    fn needs(&self, object: Object) -> Vec<Object> {
        let mut needs: Vec<Object> = Vec::new();
        match object {
            Object::Type(oid) => match self.catalog.type_(oid).map(|t| &t.kind) {
                Some(TypeKind::Domain(domain)) => {
                    needs.push(Object::Type(domain.base.oid));
                    needs.extend(domain.collation.map(Object::Collation));
                    needs.extend(domain.default.iter().flat_map(|d| &d.depends_on));
                }
                Some(TypeKind::Composite(relation)) => {
                    for column in self.catalog.relation(*relation).into_iter().flat_map(Relation::live_columns) {
                        needs.push(Object::Type(column.ty.oid));
                        needs.extend(column.collation.map(Object::Collation));
                    }
                }
                Some(TypeKind::Range(range)) => {
                    needs.push(Object::Type(range.subtype));
                    needs.push(Object::Collation(range.collation));
                    needs.push(Object::OpClass(range.opclass));
                    needs.extend([range.canonical, range.subtype_diff].map(Object::Function));
                }
                Some(TypeKind::Base(_)) => {
                    needs.extend(self.catalog.dependencies.of(object).map(|edge| edge.referenced));
                }
                Some(TypeKind::Array(_) | TypeKind::Enum(_) | TypeKind::Multirange(_) | TypeKind::Shell) | None => {}
            },
            Object::Relation(oid) => {
                let Some(relation) = self.catalog.relation(oid) else { return needs };
                needs.extend(column_types(relation));
                needs.extend(relation.live_columns().filter_map(|column| column.collation).map(Object::Collation));
                needs.extend(self.stored_needed(object));
                needs.extend(relation.parents.iter().map(|parent| Object::Relation(parent.relation)));
                needs.extend(relation.of_type.map(Object::Type));
                if let Some(key) = relation.partition_key() {
                    let exprs = key.columns.iter().filter_map(|column| match &column.what {
                        IndexKeyKind::Expr(expr) => Some(expr),
                        IndexKeyKind::Column(_) => None,
                    });
                    needs.extend(exprs.flat_map(|expr| &expr.depends_on));
                }
                needs.extend(
                    relation.live_columns().filter_map(|c| c.generated.as_ref()).flat_map(|g| &g.expr.depends_on),
                );
                match &relation.kind {
                    RelationKind::ForeignTable(foreign) => needs.push(Object::ForeignServer(foreign.server)),
                    RelationKind::View(query) | RelationKind::MaterializedView(query, _) => {
                        needs.extend(&query.depends_on);
                    }
                    RelationKind::Table
                    | RelationKind::PartitionedTable(_)
                    | RelationKind::Sequence(_)
                    | RelationKind::Index(_)
                    | RelationKind::CompositeType => {}
                }
            }
            Object::Function(_)
            | Object::Extension(_)
            | Object::ForeignDataWrapper(_)
            | Object::ForeignServer(_)
            | Object::Language(_)
            | Object::Operator(_)
            | Object::Cast(_)
            | Object::OpClass(_)
            | Object::OpFamily(_)
            | Object::Collation(_)
            | Object::Conversion(_)
            | Object::TsConfig(_)
            | Object::TsDict(_)
            | Object::Transform(_) => {
                needs.extend(self.catalog.dependencies.of(object).map(|edge| edge.referenced));
                if let Object::OpFamily(oid) = object {
                    let (operators, functions) = super::stored::loose_members(self.catalog, oid);
                    needs.extend(operators.iter().map(|member| Object::Operator(member.operator)));
                    needs.extend(operators.iter().map(|member| Object::OpFamily(member.sort_family)));
                    needs.extend(functions.iter().map(|member| Object::Function(member.function)));
                }
                if let Object::OpClass(oid) = object
                    && let Some(class) = self.catalog.opclass(oid)
                {
                    let members = class.operators.iter().filter_map(|&(left, right, strategy)| {
                        self.catalog.family_operator(class.family, left, right, strategy)
                    });
                    needs.extend(members.map(|member| Object::OpFamily(member.sort_family)));
                }
                // There is a shell of a type before its functions.
                needs.retain(|&needed| {
                    let its_needs = || self.catalog.dependencies.of(needed).map(|edge| edge.referenced);
                    !matches!(needed, Object::Type(_)) || !its_needs().any(|back| back == object)
                });
                if let Object::Function(oid) = object
                    && let Some(function) = self.catalog.function(oid)
                {
                    needs.extend(self.catalog.language_named(&function.language).map(|l| Object::Language(l.oid)));
                }
            }
            // Made before and after all others, or a part of one.
            Object::Schema(_)
            | Object::Role(_)
            | Object::Publication(_)
            | Object::PublicationRelation(..)
            | Object::DefaultAcl(_)
            | Object::Statistics(_)
            | Object::EventTrigger(_)
            | Object::Database(_)
            | Object::LargeObject(_)
            | Object::Column(..)
            | Object::Default(..)
            | Object::Constraint(..)
            | Object::Trigger(..)
            | Object::Policy(..)
            | Object::Rule(..)
            | Object::DomainConstraint(..) => {}
        }
        self.listed_among(needs).filter(|needed| *needed != object).collect()
    }

    /// Defaults and checks with what they need: they can be made later.
    fn parts(&self, object: Object) -> Vec<(Object, Vec<Object>)> {
        let mut parts = Vec::new();
        match object {
            Object::Type(oid) => {
                if let Some(TypeKind::Domain(domain)) = self.catalog.type_(oid).map(|t| &t.kind) {
                    for check in &domain.checks {
                        let part = Object::DomainConstraint(oid, check.oid);
                        parts.push((part, self.listed_among(check.expr.depends_on.clone()).collect()));
                    }
                }
            }
            Object::Relation(oid) => {
                let Some(relation) = self.catalog.relation(oid) else { return parts };
                for column in relation.live_columns() {
                    if let Some(default) = &column.default {
                        let part = Object::Default(oid, column.number);
                        parts.push((part, self.listed_among(default.depends_on.clone()).collect()));
                    }
                }
                for constraint in &relation.constraints {
                    let needs = match &constraint.kind {
                        ConstraintKind::Check { expr, .. } => expr.depends_on.clone(),
                        ConstraintKind::Exclusion { index, .. } => {
                            let edges = self.catalog.dependencies.of(Object::Relation(*index));
                            edges.map(|edge| edge.referenced).collect()
                        }
                        ConstraintKind::Key { .. }
                        | ConstraintKind::ForeignKey(_)
                        | ConstraintKind::Trigger(_)
                        | ConstraintKind::NotNull { .. } => continue,
                    };
                    let part = Object::Constraint(oid, constraint.oid);
                    parts.push((part, self.listed_among(needs).collect()));
                }
            }
            Object::Schema(_)
            | Object::Function(_)
            | Object::Extension(_)
            | Object::Role(_)
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
            | Object::LargeObject(_)
            | Object::Column(..)
            | Object::Default(..)
            | Object::Constraint(..)
            | Object::Trigger(..)
            | Object::Policy(..)
            | Object::Rule(..)
            | Object::DomainConstraint(..) => {}
        }
        parts
    }

    /// The operators, collations and so on that a relation or its columns need.
    fn stored_needed(&self, object: Object) -> impl Iterator<Item = Object> + '_ {
        self.catalog.dependencies.of(object).map(|edge| edge.referenced).filter(|needed| match needed {
            Object::Operator(_)
            | Object::OpClass(_)
            | Object::OpFamily(_)
            | Object::Collation(_)
            | Object::TsConfig(_)
            | Object::TsDict(_) => true,
            Object::Schema(_)
            | Object::Relation(_)
            | Object::Column(..)
            | Object::Default(..)
            | Object::Constraint(..)
            | Object::Trigger(..)
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
            | Object::Cast(_)
            | Object::Conversion(_)
            | Object::Statistics(_)
            | Object::ForeignDataWrapper(_)
            | Object::ForeignServer(_)
            | Object::EventTrigger(_)
            | Object::Language(_)
            | Object::Transform(_)
            | Object::Database(_)
            | Object::LargeObject(_) => false,
        })
    }

    /// The steps that make these objects, without what is there before the script.
    fn listed_among(&self, objects: Vec<Object>) -> impl Iterator<Item = Object> + '_ {
        objects.into_iter().filter_map(|object| self.step_of(object)).filter(|object| self.listed.contains(object))
    }

    /// The thing whose making makes this object too.
    fn step_of(&self, object: Object) -> Option<Object> {
        let extension = self.catalog.dependencies.of(object).find(|edge| edge.kind == DependencyKind::Extension);
        if let Some(edge) = extension {
            return Some(edge.referenced);
        }
        match object {
            Object::Type(oid) => match &self.catalog.type_(oid)?.kind {
                TypeKind::Array(element) => self.step_of(Object::Type(*element)),
                TypeKind::Multirange(range) => self.step_of(Object::Type(*range)),
                TypeKind::Composite(relation) => match self.catalog.relation(*relation)?.kind {
                    RelationKind::CompositeType => Some(object),
                    RelationKind::Table
                    | RelationKind::PartitionedTable(_)
                    | RelationKind::ForeignTable(_)
                    | RelationKind::View(_)
                    | RelationKind::MaterializedView(..)
                    | RelationKind::Sequence(_)
                    | RelationKind::Index(_) => Some(Object::Relation(*relation)),
                },
                TypeKind::Base(_) | TypeKind::Enum(_) | TypeKind::Domain(_) | TypeKind::Range(_) | TypeKind::Shell => {
                    Some(object)
                }
            },
            Object::Relation(oid) => {
                let relation = self.catalog.relation(oid)?;
                match &relation.kind {
                    RelationKind::Index(index) => Some(Object::Relation(index.table)),
                    RelationKind::CompositeType => relation.row_type.map(Object::Type),
                    RelationKind::Sequence(sequence) if sequence.identity => {
                        sequence.owned_by.map(|(table, _)| Object::Relation(table))
                    }
                    RelationKind::Table
                    | RelationKind::PartitionedTable(_)
                    | RelationKind::ForeignTable(_)
                    | RelationKind::View(_)
                    | RelationKind::MaterializedView(..)
                    | RelationKind::Sequence(_) => Some(object),
                }
            }
            Object::Column(relation, _)
            | Object::Default(relation, _)
            | Object::Constraint(relation, _)
            | Object::Trigger(relation, _)
            | Object::Policy(relation, _)
            | Object::Rule(relation, _) => self.step_of(Object::Relation(relation)),
            Object::DomainConstraint(domain, _) => Some(Object::Type(domain)),
            Object::Function(_)
            | Object::Operator(_)
            | Object::Cast(_)
            | Object::OpClass(_)
            | Object::OpFamily(_)
            | Object::Collation(_)
            | Object::Conversion(_)
            | Object::TsConfig(_)
            | Object::TsDict(_)
            | Object::Extension(_)
            | Object::ForeignDataWrapper(_)
            | Object::ForeignServer(_)
            | Object::Language(_)
            | Object::Transform(_) => Some(object),
            Object::Schema(_)
            | Object::Role(_)
            | Object::Publication(_)
            | Object::PublicationRelation(..)
            | Object::DefaultAcl(_)
            | Object::Statistics(_)
            | Object::EventTrigger(_)
            | Object::Database(_)
            | Object::LargeObject(_) => None,
        }
    }
}

/// Operators, casts and so on that a script made.
pub(super) fn stored(catalog: &Catalog) -> impl Iterator<Item = Object> + '_ {
    let placed = (catalog.collations().map(|c| (c.schema, Object::Collation(c.oid))))
        .chain(catalog.operators().map(|o| (o.schema, Object::Operator(o.oid))))
        .chain(catalog.opfamilies().map(|f| (f.schema, Object::OpFamily(f.oid))))
        .chain(catalog.opclasses().map(|c| (c.schema, Object::OpClass(c.oid))))
        .chain(catalog.conversions().map(|c| (c.schema, Object::Conversion(c.oid))))
        .chain(catalog.ts_dicts().map(|d| (d.schema, Object::TsDict(d.oid))))
        .chain(catalog.ts_configs().map(|c| (c.schema, Object::TsConfig(c.oid))));
    let lasting = placed.filter(|(schema, _)| catalog.schema(*schema).is_some_and(|s| !s.is_temporary()));
    let mut casts: Vec<Oid> = catalog.user_casts().map(|cast| cast.oid).collect();
    casts.sort_unstable();
    // A range's cast to its multirange comes with it.
    let comes_with_another = |object: &Object| {
        let by_itself = |kind| kind != DependencyKind::Extension && kind != DependencyKind::Internal;
        catalog.dependencies.of(*object).any(|edge| !by_itself(edge.kind))
    };
    let objects = lasting.map(|(_, object)| object).chain(casts.into_iter().map(Object::Cast));
    objects.filter(move |object| !comes_with_another(object))
}

fn column_types(relation: &Relation) -> impl Iterator<Item = Object> + '_ {
    relation.live_columns().map(|column| Object::Type(column.ty.oid))
}
