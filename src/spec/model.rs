//! What specs demand, after loading and merging.

use super::date::Date;
use super::names::{Pattern, quote};
use crate::replay::About;
use crate::report::Severity;
use crate::source::Place;
use crate::sql::ast::{Expr, ForeignKeyAction, Name, PolicyCommand, TypeName};

/// All requirements of a project's specs.
#[derive(Clone, Debug, Default)]
pub struct Specs {
    /// In the order of the specs and of their lines.
    pub requirements: Vec<Requirement>,
}

/// One thing that a spec asks for: one line of a traceability table.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// A stable name, derived from what is required: `column public.vehicles.tesla_id`.
    pub id: String,
    /// Where it is required.
    pub place: Place,
    /// What is required.
    pub demand: Demand,
    /// The schema of names without one in its types and expressions.
    pub default_schema: Name,
    /// Why, in the author's words.
    pub because: Option<Name>,
    /// Where the text stands that it comes from, as the author wrote it: `docs/T02_S02.md:37`.
    pub from: Option<Name>,
    /// How bad it is if it does not hold.
    pub severity: Severity,
    /// Its excuse.
    pub waiver: Option<Waiver>,
}

/// Excuses a requirement for some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Why.
    pub reason: Name,
    /// The last day on which it excuses.
    pub until: Date,
    /// Who decided it.
    pub by: Option<Name>,
    /// Where it stands.
    pub place: Place,
}

/// What is required.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Demand {
    /// Nothing that matches may exist.
    Forbidden(Forbidden),
    /// A table exists.
    Table(RelationName),
    /// A column exists and is as described.
    Column(RelationName, ColumnDemand),
    /// An index exists.
    Index(RelationName, IndexDemand),
    /// A constraint exists.
    Constraint(RelationName, ConstraintDemand),
    /// Row-level security is switched as described.
    RowSecurity(RelationName, RowSecurityDemand),
    /// A policy exists.
    Policy(RelationName, PolicyDemand),
}

impl Demand {
    /// The object that is asked for or forbidden, if it has a name of its own, as errors of PostgreSQL name it.
    pub fn object(&self) -> Option<About> {
        let text = |name: &Name| name.to_string();
        match self {
            Demand::Forbidden(forbidden) => {
                let name = forbidden.name.literal()?.to_owned();
                let relation = || Some(forbidden.relation.as_ref()?.literal()?.to_owned());
                match forbidden.kind {
                    ForbiddenKind::Table
                    | ForbiddenKind::Index
                    | ForbiddenKind::View
                    | ForbiddenKind::MaterializedView
                    | ForbiddenKind::Sequence => Some(About::Relation(name)),
                    ForbiddenKind::Column => Some(About::Column(relation()?, name)),
                    ForbiddenKind::Trigger | ForbiddenKind::Policy | ForbiddenKind::Constraint => {
                        Some(About::Part(relation()?, name))
                    }
                    ForbiddenKind::Type | ForbiddenKind::Domain => Some(About::Type(name)),
                    ForbiddenKind::Function => Some(About::Function(name)),
                    ForbiddenKind::Schema => Some(About::Schema(name)),
                    ForbiddenKind::Extension => Some(About::Extension(name)),
                    ForbiddenKind::Role => Some(About::Role(name)),
                    ForbiddenKind::Publication => Some(About::Publication(name)),
                }
            }
            Demand::Table(table) => Some(About::Relation(text(&table.name))),
            Demand::Column(table, column) => Some(About::Column(text(&table.name), text(&column.name))),
            Demand::Index(_, index) => Some(About::Relation(text(index.name.as_ref()?))),
            Demand::Constraint(table, constraint) => {
                Some(About::Part(text(&table.name), text(constraint.name.as_ref()?)))
            }
            Demand::Policy(table, policy) => Some(About::Part(text(&table.name), text(policy.name.as_ref()?))),
            Demand::RowSecurity(..) => None,
        }
    }
}

/// A relation by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelationName {
    /// Its schema.
    pub schema: Name,
    /// Its name.
    pub name: Name,
}

impl std::fmt::Display for RelationName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", quote(&self.schema), quote(&self.name))
    }
}

/// A pattern of objects that may not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forbidden {
    /// Their kind.
    pub kind: ForbiddenKind,
    /// The schema; any if nothing is written.
    pub schema: Option<Pattern>,
    /// The relation, for what belongs to one; any if nothing is written.
    pub relation: Option<Pattern>,
    /// The name.
    pub name: Pattern,
}

impl std::fmt::Display for Forbidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = self.schema.iter().chain(&self.relation).chain([&self.name]);
        for (i, part) in parts.enumerate() {
            write!(f, "{}{}", if i > 0 { "." } else { "" }, part.display())?;
        }
        Ok(())
    }
}

/// The kinds of object that can be forbidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ForbiddenKind {
    /// Ordinary, partitioned and foreign tables, and views that stand in for them.
    Table,
    /// A column of any relation.
    Column,
    /// An index.
    Index,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A sequence.
    Sequence,
    /// A type of any kind, domains included.
    Type,
    /// A domain.
    Domain,
    /// A function, procedure or aggregate.
    Function,
    /// A trigger of a relation.
    Trigger,
    /// A policy of a table.
    Policy,
    /// A constraint of a table.
    Constraint,
    /// A schema.
    Schema,
    /// An extension.
    Extension,
    /// A role.
    Role,
    /// A publication.
    Publication,
}

impl ForbiddenKind {
    /// The kinds with the keys that specs use.
    pub(super) const ALL: [(&'static str, ForbiddenKind); 16] = [
        ("table", ForbiddenKind::Table),
        ("column", ForbiddenKind::Column),
        ("index", ForbiddenKind::Index),
        ("view", ForbiddenKind::View),
        ("materialized_view", ForbiddenKind::MaterializedView),
        ("sequence", ForbiddenKind::Sequence),
        ("type", ForbiddenKind::Type),
        ("domain", ForbiddenKind::Domain),
        ("function", ForbiddenKind::Function),
        ("trigger", ForbiddenKind::Trigger),
        ("policy", ForbiddenKind::Policy),
        ("constraint", ForbiddenKind::Constraint),
        ("schema", ForbiddenKind::Schema),
        ("extension", ForbiddenKind::Extension),
        ("role", ForbiddenKind::Role),
        ("publication", ForbiddenKind::Publication),
    ];

    /// The kind in PostgreSQL's words.
    pub fn words(self) -> &'static str {
        match self {
            ForbiddenKind::Table => "table",
            ForbiddenKind::Column => "column",
            ForbiddenKind::Index => "index",
            ForbiddenKind::View => "view",
            ForbiddenKind::MaterializedView => "materialized view",
            ForbiddenKind::Sequence => "sequence",
            ForbiddenKind::Type => "type",
            ForbiddenKind::Domain => "domain",
            ForbiddenKind::Function => "function",
            ForbiddenKind::Trigger => "trigger",
            ForbiddenKind::Policy => "policy",
            ForbiddenKind::Constraint => "constraint",
            ForbiddenKind::Schema => "schema",
            ForbiddenKind::Extension => "extension",
            ForbiddenKind::Role => "role",
            ForbiddenKind::Publication => "publication",
        }
    }

    /// Where objects of the kind are.
    pub(super) fn home(self) -> Home {
        match self {
            ForbiddenKind::Table
            | ForbiddenKind::Index
            | ForbiddenKind::View
            | ForbiddenKind::MaterializedView
            | ForbiddenKind::Sequence
            | ForbiddenKind::Type
            | ForbiddenKind::Domain
            | ForbiddenKind::Function => Home::Schema,
            ForbiddenKind::Column | ForbiddenKind::Trigger | ForbiddenKind::Policy | ForbiddenKind::Constraint => {
                Home::Relation
            }
            ForbiddenKind::Schema | ForbiddenKind::Extension | ForbiddenKind::Role | ForbiddenKind::Publication => {
                Home::Database
            }
        }
    }
}

/// What an object's name is unique in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    Database,
    Schema,
    Relation,
}

/// A piece of SQL in a spec. Two are equal if they are written with the same words.
#[derive(Clone, Debug)]
pub struct SqlText<T> {
    /// The text with single spaces.
    pub text: Name,
    /// What it says.
    pub ast: T,
    /// Where it stands.
    pub place: Place,
}

impl<T> PartialEq for SqlText<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for SqlText<T> {}

/// A value with the place where a spec says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

/// An expression in a spec.
pub type ExprText = SqlText<Expr>;

/// A type in a spec.
pub type TypeText = SqlText<TypeName>;

/// What a column must be. What is not said is not asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDemand {
    /// Its name.
    pub name: Name,
    /// Its type: one of these; none asks for nothing.
    pub types: Vec<TypeText>,
    /// NULL is allowed.
    pub nullable: Option<Placed<bool>>,
    /// Its default.
    pub default: Option<Placed<DefaultDemand>>,
    /// It is unique by itself.
    pub unique: Option<Placed<bool>>,
}

/// What a column's default must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefaultDemand {
    /// There is none.
    None,
    /// This expression.
    Expr(ExprText),
}

/// What an index must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexDemand {
    /// Its name, if that matters.
    pub name: Option<Name>,
    /// Its keys in their order.
    pub keys: Vec<KeyDemand>,
    /// Whether it is unique, if that matters.
    pub unique: Option<bool>,
    /// Its access method.
    pub method: Name,
    /// Its predicate; nothing for an index of the whole table.
    pub predicate: Option<ExprText>,
    /// More keys may follow.
    pub prefix: bool,
}

/// A key of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyDemand {
    /// A column.
    Column(Name),
    /// An expression.
    Expr(ExprText),
}

/// What a constraint must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstraintDemand {
    /// Its name, if that matters.
    pub name: Option<Name>,
    /// What it demands.
    pub kind: ConstraintDemandKind,
}

/// The kinds of constraint that can be required.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConstraintDemandKind {
    /// A primary key on these columns.
    PrimaryKey(Vec<Name>),
    /// A unique constraint on these columns.
    Unique(Vec<Name>),
    /// A foreign key.
    ForeignKey(ForeignKeyDemand),
    /// A condition.
    Check(ExprText),
}

/// What a foreign key must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKeyDemand {
    /// The referencing columns.
    pub columns: Vec<Name>,
    /// The referenced table.
    pub table: RelationName,
    /// The referenced columns in the order of the referencing ones; none for its primary key.
    pub referenced: Vec<Name>,
    /// `ON DELETE`, if that matters.
    pub on_delete: Option<ForeignKeyAction>,
    /// `ON UPDATE`, if that matters.
    pub on_update: Option<ForeignKeyAction>,
}

/// What row-level security must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowSecurityDemand {
    /// It is enabled.
    pub enabled: Option<Placed<bool>>,
    /// It is forced on the owner too.
    pub forced: Option<Placed<bool>>,
}

/// What a policy must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyDemand {
    /// Its name, if that matters.
    pub name: Option<Name>,
    /// The command it is for.
    pub command: PolicyCommand,
    /// The roles it is for, sorted, if that matters; `public` is PUBLIC.
    pub roles: Option<Vec<Name>>,
    /// It is permissive, which is what CREATE POLICY makes by default.
    pub permissive: bool,
    /// `USING`, if that matters.
    pub using: Option<ExprText>,
    /// `WITH CHECK`, if that matters.
    pub check: Option<ExprText>,
}
