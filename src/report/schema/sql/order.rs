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
        let unplaced = languages.chain(wrappers).chain(servers).chain(transforms);
        // Sequences need nothing, and a text may name one without our seeing it.
        let all: Vec<Object> = extensions
            .chain(sequences)
            .chain(types)
            .chain(functions)
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
                    needs.extend(domain.default.iter().flat_map(|d| &d.depends_on));
                }
                Some(TypeKind::Composite(relation)) => {
                    needs.extend(self.catalog.relation(*relation).into_iter().flat_map(column_types));
                }
                Some(TypeKind::Range(range)) => needs.push(Object::Type(range.subtype)),
                Some(
                    TypeKind::Base(_)
                    | TypeKind::Array(_)
                    | TypeKind::Enum(_)
                    | TypeKind::Multirange(_)
                    | TypeKind::Shell,
                )
                | None => {}
            },
            Object::Relation(oid) => {
                let Some(relation) = self.catalog.relation(oid) else { return needs };
                needs.extend(column_types(relation));
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
            | Object::Transform(_) => {
                needs.extend(self.catalog.dependencies.of(object).map(|edge| edge.referenced));
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
            | Object::Operator(_)
            | Object::Cast(_)
            | Object::OpClass(_)
            | Object::OpFamily(_)
            | Object::Collation(_)
            | Object::Conversion(_)
            | Object::TsConfig(_)
            | Object::TsDict(_)
            | Object::Statistics(_)
            | Object::EventTrigger(_)
            | Object::Database(_)
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
            | Object::Operator(_)
            | Object::Cast(_)
            | Object::OpClass(_)
            | Object::OpFamily(_)
            | Object::Collation(_)
            | Object::Conversion(_)
            | Object::TsConfig(_)
            | Object::TsDict(_)
            | Object::Statistics(_)
            | Object::EventTrigger(_)
            | Object::Database(_) => None,
        }
    }
}

fn column_types(relation: &Relation) -> impl Iterator<Item = Object> + '_ {
    relation.live_columns().map(|column| Object::Type(column.ty.oid))
}
