//! Relations and what belongs to them: one shared record each.

use std::sync::Arc;

use super::{
    Acl, AttrNumber, Oid, Parent, PartitionBound, PartitionKey, Provenance, StoredExpr, StoredQuery, TypeRef, tree,
};
use crate::sql::ast::{
    FiringState, ForeignKeyAction, ForeignKeyMatch, Name, Persistence, PolicyCommand, ReplicaIdentity, RuleEvent,
    TriggerEvents, TriggerTiming,
};

/// Anything in `pg_class`, with its columns, constraints, triggers and policies.
#[derive(Clone, Debug)]
pub struct Relation {
    /// Its OID.
    pub oid: Oid,
    /// Its schema.
    pub schema: Oid,
    /// Its name.
    pub name: Name,
    /// Its owner.
    pub owner: Oid,
    /// What it is.
    pub kind: RelationKind,
    /// How long it lives.
    pub persistence: Persistence,
    /// Its columns by number, dropped ones included; `columns[i].number == i + 1`.
    pub columns: Vec<Column>,
    /// Its constraints in order of creation.
    pub constraints: Vec<Constraint>,
    /// Its indexes (of a table or materialized view) in order of creation.
    pub indexes: Vec<Oid>,
    /// Its triggers in order of creation.
    pub triggers: Vec<Trigger>,
    /// Its policies in order of creation.
    pub policies: Vec<Policy>,
    /// Its rewrite rules in order of creation, without the one that makes a view a view.
    pub rules: Vec<Rule>,
    /// Row-level security is enabled (`relrowsecurity`).
    pub row_security: bool,
    /// It is forced on the owner too (`relforcerowsecurity`).
    pub force_row_security: bool,
    /// Something inherits from it, or did when it was last analysed (`relhassubclass`).
    pub has_subclass: bool,
    /// `REPLICA IDENTITY`.
    pub replica_identity: ReplicaIdentity,
    /// Storage parameters and view options, as name and value, in the order in which they were set.
    pub options: Vec<(Name, String)>,
    /// Its row type; indexes and sequences have none.
    pub row_type: Option<Oid>,
    /// `OF type`: the composite type of a typed table (`reloftype`).
    pub of_type: Option<Oid>,
    /// What it inherits from, in order; of a partition, the partitioned table.
    pub parents: Vec<Parent>,
    /// What inherits from it directly, by number.
    pub children: Vec<Oid>,
    /// The bound of a partition.
    pub bound: Option<Box<PartitionBound>>,
    /// Privileges; nothing means the default ones.
    pub acl: Option<Acl>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

/// The kinds of relation, with what only they have.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RelationKind {
    /// An ordinary table.
    Table,
    /// A partitioned table.
    PartitionedTable(Box<PartitionKey>),
    /// A foreign table.
    ForeignTable(Box<ForeignTable>),
    /// A view.
    View(StoredQuery),
    /// A materialized view; true if it is populated.
    MaterializedView(StoredQuery, bool),
    /// A sequence.
    Sequence(Box<Sequence>),
    /// An index.
    Index(Box<Index>),
    /// A composite type.
    CompositeType,
}

/// What only a foreign table has (`pg_foreign_table`).
#[derive(Clone, Debug)]
pub struct ForeignTable {
    /// Its server.
    pub server: Oid,
    /// `OPTIONS`
    pub options: Vec<(Name, String)>,
    /// Those of its columns (`attfdwoptions`), by number.
    pub columns: Vec<(AttrNumber, Vec<(Name, String)>)>,
}

impl ForeignTable {
    /// The options of a column.
    pub fn column_options(&self, number: AttrNumber) -> &[(Name, String)] {
        self.columns.iter().find(|(n, _)| *n == number).map_or(&[], |(_, options)| options.as_slice())
    }
}

impl Relation {
    /// A trigger runs in place of what would change rows of the view (`view_has_instead_trigger`).
    pub(crate) fn has_instead_trigger(&self, event: RuleEvent) -> bool {
        let of_event = |events: &TriggerEvents| match event {
            RuleEvent::Insert => events.insert,
            RuleEvent::Update => events.update,
            RuleEvent::Delete => events.delete,
            RuleEvent::Select => false,
        };
        self.triggers.iter().any(|t| t.timing == TriggerTiming::InsteadOf && of_event(&t.events))
    }

    /// A relation without columns that nothing more is said of.
    pub(crate) fn new(
        oid: Oid,
        schema: Oid,
        name: Name,
        owner: Oid,
        kind: RelationKind,
        provenance: Provenance,
    ) -> Relation {
        Relation {
            oid,
            schema,
            name,
            owner,
            kind,
            persistence: Persistence::Permanent,
            columns: Vec::new(),
            constraints: Vec::new(),
            indexes: Vec::new(),
            triggers: Vec::new(),
            policies: Vec::new(),
            rules: Vec::new(),
            row_security: false,
            force_row_security: false,
            has_subclass: false,
            replica_identity: ReplicaIdentity::Nothing,
            options: Vec::new(),
            row_type: None,
            of_type: None,
            parents: Vec::new(),
            children: Vec::new(),
            bound: None,
            acl: None,
            comment: None,
            provenance,
        }
    }

    /// The live column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| !c.dropped && c.name == name)
    }

    /// The live column of that name, to change.
    pub(crate) fn column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|c| !c.dropped && c.name == name)
    }

    /// The column of that number, dropped or not.
    pub fn column_at(&self, number: AttrNumber) -> Option<&Column> {
        usize::try_from(number).ok().and_then(|n| self.columns.get(n.checked_sub(1)?))
    }

    /// The column of that number, to change.
    pub(crate) fn column_at_mut(&mut self, number: AttrNumber) -> Option<&mut Column> {
        usize::try_from(number).ok().and_then(|n| self.columns.get_mut(n.checked_sub(1)?))
    }

    /// Its columns, without dropped ones.
    pub fn live_columns(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|c| !c.dropped)
    }

    /// The constraint of that name.
    pub fn constraint(&self, name: &str) -> Option<&Constraint> {
        self.constraints.iter().find(|c| c.name == name)
    }

    /// What makes the column NOT NULL, where that is a constraint (18).
    pub fn not_null(&self, number: AttrNumber) -> Option<&Constraint> {
        let of_column = |c: &&Constraint| c.columns.first() == Some(&number);
        self.constraints.iter().filter(|c| matches!(c.kind, ConstraintKind::NotNull { .. })).find(of_column)
    }

    /// The trigger of that name.
    pub fn trigger(&self, name: &str) -> Option<&Trigger> {
        self.triggers.iter().find(|t| t.name == name)
    }

    /// The policy of that name.
    pub fn policy(&self, name: &str) -> Option<&Policy> {
        self.policies.iter().find(|p| p.name == name)
    }

    /// The rule of that name.
    pub fn rule(&self, name: &str) -> Option<&Rule> {
        self.rules.iter().find(|r| r.name == name)
    }

    /// Its primary key.
    pub fn primary_key(&self) -> Option<&Constraint> {
        self.constraints.iter().find(|c| matches!(c.kind, ConstraintKind::Key { primary: true, .. }))
    }

    /// What makes it an index, if it is one.
    pub fn as_index(&self) -> Option<&Index> {
        match &self.kind {
            RelationKind::Index(index) => Some(index),
            RelationKind::Table
            | RelationKind::PartitionedTable(_)
            | RelationKind::ForeignTable(_)
            | RelationKind::View(_)
            | RelationKind::MaterializedView(..)
            | RelationKind::Sequence(_)
            | RelationKind::CompositeType => None,
        }
    }

    /// What makes it an index, to change.
    pub(crate) fn as_index_mut(&mut self) -> Option<&mut Index> {
        if let RelationKind::Index(index) = &mut self.kind { Some(index) } else { None }
    }

    /// What makes it a sequence, to change.
    pub(crate) fn as_sequence_mut(&mut self) -> Option<&mut Sequence> {
        if let RelationKind::Sequence(sequence) = &mut self.kind { Some(sequence) } else { None }
    }

    /// What makes it a sequence, if it is one.
    pub fn as_sequence(&self) -> Option<&Sequence> {
        match &self.kind {
            RelationKind::Sequence(sequence) => Some(sequence),
            RelationKind::Table
            | RelationKind::PartitionedTable(_)
            | RelationKind::ForeignTable(_)
            | RelationKind::View(_)
            | RelationKind::MaterializedView(..)
            | RelationKind::Index(_)
            | RelationKind::CompositeType => None,
        }
    }

    /// A view or a materialized view.
    pub fn is_view(&self) -> bool {
        matches!(self.kind, RelationKind::View(_) | RelationKind::MaterializedView(..))
    }

    /// A table in the wide sense: ordinary, partitioned or foreign.
    pub fn is_table(&self) -> bool {
        matches!(self.kind, RelationKind::Table | RelationKind::PartitionedTable(_) | RelationKind::ForeignTable(_))
    }

    /// Its kind in PostgreSQL's words: `table`, `view`, `index` …
    pub fn kind_name(&self) -> &'static str {
        match &self.kind {
            RelationKind::Table | RelationKind::PartitionedTable(_) => "table",
            RelationKind::ForeignTable(_) => "foreign table",
            RelationKind::View(_) => "view",
            RelationKind::MaterializedView(..) => "materialized view",
            RelationKind::Sequence(_) => "sequence",
            RelationKind::Index(_) => "index",
            RelationKind::CompositeType => "composite type",
        }
    }
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its number, starting at 1.
    pub number: AttrNumber,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeRef,
    /// `COLLATE`, where it differs from its type's ([`super::Catalog::column_collation`]).
    pub collation: Option<Oid>,
    /// `NOT NULL`.
    pub not_null: bool,
    /// Its default.
    pub default: Option<StoredExpr>,
    /// It is generated from this expression.
    pub generated: Option<Generated>,
    /// It is an identity column.
    pub identity: Option<Identity>,
    /// It was dropped; number, name and provenance stay.
    pub dropped: bool,
    /// It was defined here, not only inherited (`attislocal`).
    pub is_local: bool,
    /// How many parents it is inherited from (`attinhcount`).
    pub inherit_count: i16,
    /// `STORAGE`, where it was set.
    pub storage: Option<Name>,
    /// `COMPRESSION`, where it was set.
    pub compression: Option<Name>,
    /// `SET STATISTICS`.
    pub statistics: Option<i32>,
    /// Options (`n_distinct` …).
    pub options: Vec<(Name, String)>,
    /// Privileges on the column alone.
    pub acl: Option<Acl>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

impl Column {
    /// A column of that type that nothing more is said of.
    pub(crate) fn new(number: AttrNumber, name: Name, ty: TypeRef, provenance: Provenance) -> Column {
        Column {
            number,
            name,
            ty,
            collation: None,
            not_null: false,
            default: None,
            generated: None,
            identity: None,
            dropped: false,
            is_local: true,
            inherit_count: 0,
            storage: None,
            compression: None,
            statistics: None,
            options: Vec::new(),
            acl: None,
            comment: None,
            provenance,
        }
    }
}

/// A generation expression.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The expression.
    pub expr: StoredExpr,
    /// `STORED` rather than `VIRTUAL`.
    pub stored: bool,
}

/// `GENERATED … AS IDENTITY`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// `ALWAYS`
    Always,
    /// `BY DEFAULT`
    ByDefault,
}

/// A constraint of a table.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// What it demands.
    pub kind: ConstraintKind,
    /// The columns it is about (`conkey`): those of the key, or those that a CHECK mentions.
    pub columns: Vec<AttrNumber>,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
    /// It is enforced: up to 17 all are, and then checks and foreign keys unless they are `NOT ENFORCED`
    /// (`conenforced`).
    pub enforced: bool,
    /// It was validated; what is not enforced is not.
    pub validated: bool,
    /// It was defined here, not only inherited (`conislocal`).
    pub is_local: bool,
    /// How many parents it is inherited from (`coninhcount`).
    pub inherit_count: i16,
    /// The constraint of a partitioned table that it was cloned from or attached to (`conparentid`).
    pub parent: Option<Oid>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

impl Constraint {
    /// It is a CHECK.
    pub(crate) fn is_check(&self) -> bool {
        matches!(self.kind, ConstraintKind::Check { .. })
    }

    /// It is `NO INHERIT`: of the kinds that children inherit.
    pub(crate) fn is_private(&self) -> bool {
        match self.kind {
            ConstraintKind::Check { no_inherit, .. } | ConstraintKind::NotNull { no_inherit } => no_inherit,
            ConstraintKind::Key { .. }
            | ConstraintKind::Exclusion { .. }
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::Trigger(_) => false,
        }
    }
}

/// The kinds of constraint.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ConstraintKind {
    /// `CHECK`
    Check {
        /// The condition.
        expr: StoredExpr,
        /// `NO INHERIT`
        no_inherit: bool,
    },
    /// `PRIMARY KEY` and `UNIQUE`
    Key {
        /// `PRIMARY KEY`
        primary: bool,
        /// Its index.
        index: Oid,
        /// The operators of `WITHOUT OVERLAPS` (18), one for each key of the index; without it, none.
        operators: Vec<Oid>,
    },
    /// `EXCLUDE`
    Exclusion {
        /// Its index.
        index: Oid,
        /// The operators, one for each key of the index, as written.
        operators: Vec<Oid>,
    },
    /// `FOREIGN KEY`
    ForeignKey(Box<ForeignKey>),
    /// A constraint trigger's entry: the trigger.
    Trigger(Oid),
    /// A not-null constraint, which there is of each column that is NOT NULL from 18 on.
    NotNull {
        /// `NO INHERIT`
        no_inherit: bool,
    },
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The referenced table.
    pub table: Oid,
    /// The referenced columns, in the order of the referencing ones.
    pub columns: Vec<AttrNumber>,
    /// The unique index that it rests on.
    pub index: Oid,
    /// `MATCH`.
    pub match_type: ForeignKeyMatch,
    /// `ON DELETE`.
    pub on_delete: ForeignKeyAction,
    /// The columns of `ON DELETE SET NULL (…)`.
    pub on_delete_columns: Vec<AttrNumber>,
    /// `ON UPDATE`.
    pub on_update: ForeignKeyAction,
    /// The last of both sides is a `PERIOD` (18).
    pub period: bool,
    /// By what each pair of columns is compared.
    pub operators: Vec<KeyOperators>,
}

/// The operators for a pair of columns of a foreign key; what is not known is [`Oid::INVALID`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyOperators {
    /// The referenced value with the referencing one (`conpfeqop`).
    pub pk_fk: Oid,
    /// Two referenced values (`conppeqop`).
    pub pk_pk: Oid,
    /// Two referencing values (`conffeqop`).
    pub fk_fk: Oid,
}

/// What makes a relation an index.
#[derive(Clone, Debug)]
pub struct Index {
    /// The table.
    pub table: Oid,
    /// The access method.
    pub method: Name,
    /// `UNIQUE`.
    pub unique: bool,
    /// It is the primary key's.
    pub primary: bool,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// It is complete and used (`indisvalid`).
    pub valid: bool,
    /// Rows are put into it (`indisready`).
    pub ready: bool,
    /// The table was clustered on it last (`indisclustered`).
    pub clustered: bool,
    /// The keys.
    pub keys: Vec<IndexKey>,
    /// `INCLUDE`.
    pub including: Vec<AttrNumber>,
    /// The names of its own columns (`attname`), keys first, which names made from it use. They do not follow renames.
    pub column_names: Vec<Name>,
    /// `WHERE`.
    pub predicate: Option<StoredExpr>,
    /// The constraint that it belongs to.
    pub constraint: Option<Oid>,
}

impl Index {
    /// The statistics targets of its columns, by their numbers.
    pub fn statistics(&self) -> impl Iterator<Item = (usize, i32)> + '_ {
        (1..).zip(&self.keys).filter_map(|(number, key)| Some((number, key.statistics?)))
    }
}

/// A key of an index.
#[derive(Clone, Debug)]
pub struct IndexKey {
    /// What is indexed.
    pub what: IndexKeyKind,
    /// The operator class; none where it is not known, as with an unknown extension's access method.
    pub opclass: Oid,
    /// The options of the operator class, as they are written in SQL.
    pub opclass_options: Vec<(Name, String)>,
    /// The statistics target of its column, which only that of an expression may have (`attstattarget`).
    pub statistics: Option<i32>,
    /// The collation; none if it has none.
    pub collation: Oid,
    /// `DESC`.
    pub descending: bool,
    /// `NULLS FIRST`; the default for DESC.
    pub nulls_first: bool,
}

/// What a key of an index is.
#[derive(Clone, Debug)]
pub enum IndexKeyKind {
    /// A column.
    Column(AttrNumber),
    /// An expression.
    Expr(StoredExpr),
}

/// What makes a relation a sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// `smallint`, `integer` or `bigint`.
    pub ty: Oid,
    /// `START`.
    pub start: i64,
    /// `INCREMENT`.
    pub increment: i64,
    /// `MINVALUE`.
    pub min: i64,
    /// `MAXVALUE`.
    pub max: i64,
    /// `CACHE`.
    pub cache: i64,
    /// `CYCLE`.
    pub cycle: bool,
    /// `OWNED BY`: the table and the column.
    pub owned_by: Option<(Oid, AttrNumber)>,
    /// It belongs to an identity column rather than to a serial one.
    pub identity: bool,
}

/// A trigger.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// Its function; nothing if it is a built-in one.
    pub function: Oid,
    /// Its arguments.
    pub args: Vec<String>,
    /// When it fires.
    pub timing: TriggerTiming,
    /// `FOR EACH ROW`.
    pub row: bool,
    /// Its events.
    pub events: TriggerEvents,
    /// `UPDATE OF`.
    pub columns: Vec<AttrNumber>,
    /// `WHEN`.
    pub when: Option<StoredExpr>,
    /// `ENABLE`/`DISABLE`.
    pub enabled: FiringState,
    /// The constraint of a constraint trigger.
    pub constraint: Option<Oid>,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
    /// `FROM table` of a constraint trigger.
    pub constraint_from: Option<Oid>,
    /// `REFERENCING OLD TABLE AS`.
    pub old_table: Option<Name>,
    /// `REFERENCING NEW TABLE AS`.
    pub new_table: Option<Name>,
    /// The trigger of a partitioned table that it was cloned from (`tgparentid`).
    pub parent: Option<Oid>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

/// A policy of row-level security.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// Permissive rather than restrictive.
    pub permissive: bool,
    /// The command it is for.
    pub command: PolicyCommand,
    /// The roles it is for, sorted; empty means PUBLIC.
    pub roles: Vec<Oid>,
    /// `USING`.
    pub using: Option<StoredExpr>,
    /// `WITH CHECK`.
    pub check: Option<StoredExpr>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

impl Rule {
    /// It fires in a session that replicates nothing (`matchLocks`).
    pub(crate) fn fires(&self) -> bool {
        match self.enabled {
            FiringState::Enabled | FiringState::Always => true,
            FiringState::Replica | FiringState::Disabled => false,
        }
    }
}

/// A rewrite rule (`pg_rewrite`).
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// The event; not SELECT.
    pub event: RuleEvent,
    /// `INSTEAD`.
    pub instead: bool,
    /// WHERE and the actions.
    pub body: Arc<RuleBody>,
    /// `ENABLE`/`DISABLE`.
    pub enabled: FiringState,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

/// What a rule does, where OLD is table 1 and NEW table 2.
#[derive(Debug, PartialEq, Eq)]
pub struct RuleBody {
    /// WHERE.
    pub qual: Option<tree::Expr>,
    /// The actions; a query that does nothing for NOTHING.
    pub actions: Vec<tree::Query>,
}
