//! Failed migrations, and what follows from their failure.

use rustc_hash::FxHashMap;

use crate::catalog::{Catalog, Relation};
use crate::replay::{About, Failure};
use crate::report::{Diagnostic, Label, Severity};
use crate::source::{FileId, Place, SourceMap};
use crate::sql::ast::{AlterTableAction, ObjectKind, QualifiedName, RangeVar, RenameTarget, StatementKind};
use crate::sql::{self, Segment};

/// Failed migrations, each with those that failed because of it.
#[derive(Default)]
pub(super) struct Failures {
    pub(super) findings: Vec<Diagnostic>,
    /// What a failed migration would have made or dropped, with that migration and the finding about it.
    lost: FxHashMap<About, (FileId, usize)>,
}

/// Something that a failed migration would have made or dropped.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lost {
    /// The migration.
    pub(super) file: FileId,
    /// Where the finding is under which its failure is reported.
    pub(super) reported_at: Place,
}

impl Failures {
    /// Adds a failed migration. The catalog is that of before it.
    pub(super) fn add(
        &mut self,
        file: FileId,
        failure: &Failure,
        lost: &[About],
        catalog: &Catalog,
        sources: &SourceMap,
    ) {
        let error = &failure.error;
        let source = sources.file(file);
        let path = source.path();
        let root = error.about.as_ref().and_then(|about| self.lost.get(about)).map(|&(_, finding)| finding);
        let finding = match root {
            Some(root) => {
                let text = format!("so {path} fails too, with {}: {}", error.sqlstate, error.message);
                self.findings[root].labels.push(Label { place: failure.place, text });
                root
            }
            None => {
                let message = format!("{path} fails with {}: {}", error.sqlstate, error.message);
                let mut finding = Diagnostic::new("migration-failed", Severity::Error, message)
                    .label(failure.place, error.detail.clone().unwrap_or_default());
                for (origin, text) in &error.related {
                    finding = finding.label(origin.place, text.clone());
                }
                finding.help.clone_from(&error.hint);
                self.findings.push(finding);
                self.findings.len() - 1
            }
        };
        let intended = intended(source.text());
        let missed = intended.iter().filter(|name| error.about.as_ref() != Some(*name) && !exists(catalog, name));
        for name in lost.iter().chain(missed) {
            self.lost.entry(name.clone()).or_insert((file, finding));
        }
    }

    /// What was lost in the end.
    pub(super) fn lost(&mut self) -> FxHashMap<About, Lost> {
        let place = |finding: usize| self.findings[finding].labels.first().map(|label| label.place);
        let lost = std::mem::take(&mut self.lost).into_iter();
        lost.filter_map(|(about, (file, finding))| Some((about, Lost { file, reported_at: place(finding)? }))).collect()
    }
}

/// The names that the statements of a script were meant to make, by their syntax alone. The replay knows what a failed
/// script would have made but for its error; this adds what the failed statement itself would have.
fn intended(script: &str) -> Vec<About> {
    let mut names = Vec::new();
    for segment in sql::parse(script) {
        match segment {
            Segment::Statement(statement) => made_by(&statement.kind, &mut names),
            Segment::SyntaxError(_) | Segment::Unparsed { .. } | Segment::MetaCommand { .. } => {}
        }
    }
    names
}

fn made_by(statement: &StatementKind, names: &mut Vec<About>) {
    let relation = |relation: &RangeVar| About::Relation(relation.name.name.to_string());
    let ty = |name: &QualifiedName| About::Type(name.name.to_string());
    let part = |table: &RangeVar, name: &str| About::Part(table.name.name.to_string(), name.to_owned());
    match statement {
        StatementKind::CreateSchema(stmt) => {
            names.extend(stmt.name.iter().map(|name| About::Schema(name.to_string())));
            stmt.elements.iter().for_each(|element| made_by(element, names));
        }
        StatementKind::CreateExtension(stmt) => names.push(About::Extension(stmt.name.to_string())),
        StatementKind::CreateRole(stmt) => names.push(About::Role(stmt.name.to_string())),
        StatementKind::CreateTable(stmt) => names.push(relation(&stmt.relation)),
        StatementKind::CreateTableAs(stmt) => names.push(relation(&stmt.into.relation)),
        StatementKind::CreateIndex(stmt) => {
            names.extend(stmt.name.iter().map(|name| About::Relation(name.to_string())));
        }
        StatementKind::CreateSequence(stmt) => names.push(relation(&stmt.relation)),
        StatementKind::CreateView(stmt) => names.push(relation(&stmt.relation)),
        StatementKind::CreateEnum { name, .. }
        | StatementKind::CreateCompositeType { name, .. }
        | StatementKind::CreateRangeType { name, .. } => names.push(ty(name)),
        StatementKind::CreateDomain(stmt) => names.push(ty(&stmt.name)),
        StatementKind::Define(stmt) if stmt.kind == ObjectKind::Type => names.push(ty(&stmt.name)),
        StatementKind::Define(stmt) if stmt.kind == ObjectKind::Aggregate => {
            names.push(About::Function(stmt.name.name.to_string()));
        }
        StatementKind::CreateFunction(stmt) => names.push(About::Function(stmt.name.name.to_string())),
        StatementKind::CreateTrigger(stmt) => names.push(part(&stmt.table, &stmt.name)),
        StatementKind::CreatePolicy(stmt) => names.push(part(&stmt.table, &stmt.name)),
        StatementKind::CreateRule(stmt) => names.push(part(&stmt.relation, &stmt.name)),
        StatementKind::CreatePublication(stmt) => names.push(About::Publication(stmt.name.to_string())),
        StatementKind::CreateForeignDataWrapper(stmt) => names.push(About::Unplaced(stmt.name.to_string())),
        StatementKind::CreateEventTrigger(stmt) => names.push(About::Unplaced(stmt.name.to_string())),
        StatementKind::CreateLanguage(stmt) => names.push(About::Unplaced(stmt.name.to_string())),
        StatementKind::CreateServer(stmt) => names.push(About::Unplaced(stmt.server.name.to_string())),
        StatementKind::AlterTable(stmt) => {
            let table = &stmt.relation.name.name;
            for command in &stmt.commands {
                if let AlterTableAction::AddColumn(column) = &command.action {
                    names.push(About::Column(table.to_string(), column.name.to_string()));
                }
            }
        }
        StatementKind::Rename(stmt) => match &stmt.target {
            RenameTarget::Relation { .. } => names.push(About::Relation(stmt.new_name.to_string())),
            RenameTarget::Column { relation, .. } => {
                names.push(About::Column(relation.name.name.to_string(), stmt.new_name.to_string()));
            }
            RenameTarget::OfRelation { relation, .. } => names.push(part(relation, &stmt.new_name)),
            RenameTarget::Object(_) => {}
        },
        // These make nothing that has a name of its own.
        StatementKind::AlterExtension(_)
        | StatementKind::AlterRole(_)
        | StatementKind::AlterRoleSet(_)
        | StatementKind::AlterSequence(_)
        | StatementKind::RefreshMatView { .. }
        | StatementKind::AlterEnum(_)
        | StatementKind::AlterDomain(_)
        | StatementKind::AlterFunction(_)
        | StatementKind::Define(_)
        | StatementKind::AlterOptions(_)
        | StatementKind::CreateCast(_)
        | StatementKind::CreateConversion(_)
        | StatementKind::AlterOperator(_)
        | StatementKind::CreateOpClass(_)
        | StatementKind::CreateOpFamily(_)
        | StatementKind::AlterOpFamily(_)
        | StatementKind::AlterTsConfig(_)
        | StatementKind::Do(_)
        | StatementKind::Call(_)
        | StatementKind::AlterPolicy(_)
        | StatementKind::Grant(_)
        | StatementKind::GrantRole(_)
        | StatementKind::AlterDefaultPrivileges(_)
        | StatementKind::AlterPublication(_)
        | StatementKind::AlterForeignDataWrapper(_)
        | StatementKind::AlterServer(_)
        | StatementKind::CreateDatabase(_)
        | StatementKind::AlterDatabase(_)
        | StatementKind::RefreshDatabase(_)
        | StatementKind::DropDatabase { .. }
        | StatementKind::AlterSystem(_)
        | StatementKind::RefreshCollation(_)
        | StatementKind::Comment(_)
        | StatementKind::AlterObjectSchema(_)
        | StatementKind::AlterOwner(_)
        | StatementKind::AlterObjectDepends(_)
        | StatementKind::Drop(_)
        | StatementKind::DropRole { .. }
        | StatementKind::DropOwned { .. }
        | StatementKind::ReassignOwned { .. }
        | StatementKind::Set(_)
        | StatementKind::Transaction(_)
        | StatementKind::CreateStatistics(_)
        | StatementKind::AlterStatistics(_)
        | StatementKind::AlterEventTrigger(_)
        | StatementKind::CreateTransform(_)
        | StatementKind::SetConstraints { .. }
        | StatementKind::Prepare(_)
        | StatementKind::Execute(_)
        | StatementKind::Deallocate(_)
        | StatementKind::Show(_)
        | StatementKind::DeclareCursor(_)
        | StatementKind::Notify { .. }
        | StatementKind::Discard { .. }
        | StatementKind::Select(_)
        | StatementKind::Insert(_)
        | StatementKind::Update(_)
        | StatementKind::Delete(_)
        | StatementKind::Merge(_)
        | StatementKind::Truncate { .. }
        | StatementKind::Copy(_)
        | StatementKind::Lock { .. }
        | StatementKind::Cluster(_)
        | StatementKind::Reindex(_)
        | StatementKind::Vacuum(_)
        | StatementKind::Explain(_)
        | StatementKind::Utility(_)
        | StatementKind::Unmodelled(_) => {}
    }
}

/// Whether something of that name is there in any schema: then its absence is not what a later error is about.
fn exists(catalog: &Catalog, name: &About) -> bool {
    let named = |name: &str, is: &dyn Fn(&Relation) -> bool| {
        catalog.schemas().filter_map(|schema| catalog.relation_in(schema.oid, name)).any(is)
    };
    match name {
        About::Schema(name) => catalog.schema_named(name).is_some(),
        About::Relation(name) => named(name, &|_| true),
        About::Column(table, column) => named(table, &|relation| relation.column(column).is_some()),
        About::Part(table, part) => named(table, &|relation| {
            relation.constraints.iter().any(|constraint| constraint.name == *part)
                || relation.policies.iter().any(|policy| policy.name == *part)
                || relation.triggers.iter().any(|trigger| trigger.name == *part)
        }),
        About::Type(name) => catalog.types().any(|ty| ty.name == *name),
        About::Function(name) => catalog.functions().any(|function| function.name == *name),
        About::Role(name) => catalog.role_named(name).is_some(),
        About::Extension(name) => catalog.extension_named(name).is_some(),
        About::Publication(name) => catalog.publication_named(name).is_some(),
        About::Unplaced(name) => {
            catalog.foreign_data_wrapper_named(name).is_some()
                || catalog.foreign_server_named(name).is_some()
                || catalog.event_trigger_named(name).is_some()
                || catalog.language_named(name).is_some()
        }
    }
}
