//! Definitions of objects.

use super::*;

/// A role as written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RoleSpec {
    /// A name.
    Name(Name),
    /// `CURRENT_ROLE`, `CURRENT_USER`
    CurrentUser,
    /// `SESSION_USER`
    SessionUser,
    /// `PUBLIC`
    Public,
}

/// The kinds of object that COMMENT, DROP, RENAME, OWNER TO … name (`ObjectType` of `parsenodes.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ObjectKind {
    AccessMethod,
    Aggregate,
    Attribute,
    Cast,
    Collation,
    Column,
    Conversion,
    Database,
    DefaultPrivileges,
    Domain,
    DomainConstraint,
    EventTrigger,
    Extension,
    ForeignDataWrapper,
    ForeignServer,
    ForeignTable,
    Function,
    Index,
    Language,
    LargeObject,
    MaterializedView,
    OpClass,
    OpFamily,
    Operator,
    Parameter,
    Policy,
    Procedure,
    Publication,
    Role,
    Routine,
    Rule,
    Schema,
    Sequence,
    Statistics,
    Subscription,
    Table,
    TableConstraint,
    Tablespace,
    Transform,
    Trigger,
    TsConfiguration,
    TsDictionary,
    TsParser,
    TsTemplate,
    Type,
    UserMapping,
    View,
}

/// A reference to an object.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectRef {
    /// Its kind, as written.
    pub kind: ObjectKind,
    /// Its name.
    pub name: ObjectName,
    /// Where it stands, where the grammar tells.
    pub loc: Loc,
}

/// The forms of an object's name.
#[derive(Clone, Debug, PartialEq)]
pub enum ObjectName {
    /// `name` or `schema.name`.
    Plain(QualifiedName),
    /// A part of a relation: column, constraint, trigger, policy, rule.
    OfRelation { relation: QualifiedName, name: Name },
    /// A constraint of a domain.
    OfDomain { domain: TypeName, name: Name },
    /// A function, procedure or aggregate, with argument types if they are written.
    Function(FunctionRef),
    /// A type or domain.
    Type(TypeName),
    /// An operator.
    Operator(OperatorRef),
    /// A cast.
    Cast { source: TypeName, target: TypeName },
    /// A transform of a type for a language.
    Transform { ty: TypeName, language: Name },
    /// An operator class or family of an access method.
    OfMethod { method: Name, name: QualifiedName },
    /// A form that is not modelled (user mappings, …), as it reads.
    Other(String),
}

/// A function as DROP, ALTER, GRANT and COMMENT name it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FunctionRef {
    /// Its name.
    pub name: QualifiedName,
    /// The types of its input arguments; nothing if no list is written.
    pub args: Option<Vec<TypeName>>,
    /// The mode of an argument is written: IN, OUT …
    pub modes: bool,
}

// ---- schemas, extensions, roles ----

/// `CREATE SCHEMA`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateSchema {
    /// Its name; nothing for `CREATE SCHEMA AUTHORIZATION role`.
    pub name: Option<Name>,
    /// `AUTHORIZATION`.
    pub authorization: Option<RoleSpec>,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// Statements inside.
    pub elements: Vec<StatementKind>,
}

/// `CREATE EXTENSION`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateExtension {
    /// Its name.
    pub name: Name,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `SCHEMA`.
    pub schema: Option<Name>,
    /// `VERSION`.
    pub version: Option<String>,
    /// `CASCADE`.
    pub cascade: bool,
}

/// `ALTER EXTENSION`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterExtension {
    /// Its name.
    pub name: Name,
    /// What happens.
    pub action: AlterExtensionAction,
}

/// The forms of `ALTER EXTENSION`.
#[derive(Clone, Debug, PartialEq)]
pub enum AlterExtensionAction {
    /// `UPDATE [TO version]`
    Update(Option<String>),
    /// `ADD object`
    Add(ObjectRef),
    /// `DROP object`
    Drop(ObjectRef),
}

/// `CREATE ROLE`, `CREATE USER`, `CREATE GROUP`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateRole {
    /// Its name.
    pub name: Name,
    /// `CREATE USER` was written, so LOGIN is the default.
    pub user: bool,
    /// Options; a password's text is already dropped.
    pub options: Vec<DefElem>,
}

/// `ALTER ROLE … WITH options`, `ALTER GROUP … ADD USER`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterRole {
    /// The role.
    pub role: RoleSpec,
    /// The new options; a password's text is already dropped.
    pub options: Vec<DefElem>,
    /// `ADD` (true) or `DROP` (false) for members.
    pub add: bool,
}

/// `ALTER ROLE … [IN DATABASE …] SET …`, `ALTER DATABASE … SET …`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterRoleSet {
    /// The role; nothing for `ALL` and for a database's setting.
    pub role: Option<RoleSpec>,
    /// The database, if any.
    pub database: Option<Name>,
    /// The setting.
    pub set: SetVariable,
}

// ---- relations ----

/// `CREATE TABLE`, `CREATE FOREIGN TABLE`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateTable {
    /// The table.
    pub relation: RangeVar,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// Columns, constraints and LIKE clauses in their order.
    pub elements: Vec<TableElement>,
    /// `INHERITS (…)`.
    pub inherits: Vec<RangeVar>,
    /// `PARTITION OF parent bound`.
    pub partition_of: Option<Box<PartitionOf>>,
    /// `PARTITION BY …`.
    pub partition_by: Option<PartitionBy>,
    /// `OF type`.
    pub of_type: Option<TypeName>,
    /// `WITH (…)`.
    pub options: Vec<DefElem>,
    /// `ON COMMIT`.
    pub on_commit: OnCommit,
    /// `TABLESPACE`.
    pub tablespace: Option<Name>,
    /// `USING method`.
    pub access_method: Option<Name>,
    /// `SERVER` of a foreign table and its options.
    pub server: Option<(Name, Vec<DefElem>)>,
}

/// An element of a table definition.
#[derive(Clone, Debug, PartialEq)]
pub enum TableElement {
    /// A column.
    Column(ColumnDef),
    /// A table constraint.
    Constraint(Constraint),
    /// `LIKE table INCLUDING …`.
    Like(LikeClause),
}

/// `LIKE table INCLUDING …`.
#[derive(Clone, Debug, PartialEq)]
pub struct LikeClause {
    /// The table to copy.
    pub relation: RangeVar,
    /// What else is copied: PostgreSQL's `CREATE_TABLE_LIKE_…` bits.
    pub options: u32,
}

impl LikeClause {
    /// `INCLUDING COMMENTS`
    pub const COMMENTS: u32 = 1 << 0;
    /// `INCLUDING COMPRESSION`
    pub const COMPRESSION: u32 = 1 << 1;
    /// `INCLUDING CONSTRAINTS`
    pub const CONSTRAINTS: u32 = 1 << 2;
    /// `INCLUDING DEFAULTS`
    pub const DEFAULTS: u32 = 1 << 3;
    /// `INCLUDING GENERATED`
    pub const GENERATED: u32 = 1 << 4;
    /// `INCLUDING IDENTITY`
    pub const IDENTITY: u32 = 1 << 5;
    /// `INCLUDING INDEXES`
    pub const INDEXES: u32 = 1 << 6;
    /// `INCLUDING STATISTICS`
    pub const STATISTICS: u32 = 1 << 7;
    /// `INCLUDING STORAGE`
    pub const STORAGE: u32 = 1 << 8;

    /// Whether that is copied too.
    pub fn includes(&self, option: u32) -> bool {
        self.options & option != 0
    }
}

/// What happens to a temporary table at the end of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum OnCommit {
    /// Nothing is written.
    #[default]
    Noop,
    /// `PRESERVE ROWS`
    PreserveRows,
    /// `DELETE ROWS`
    DeleteRows,
    /// `DROP`
    Drop,
}

/// `PARTITION OF`.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionOf {
    /// The partitioned table.
    pub parent: RangeVar,
    /// The bound.
    pub bound: PartitionBoundSpec,
}

/// A partition's bound and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionBoundSpec {
    /// The bound.
    pub bound: PartitionBound,
    /// Where it stands.
    pub loc: Loc,
}

/// A partition's bound.
#[derive(Clone, Debug, PartialEq)]
pub enum PartitionBound {
    /// `DEFAULT`
    Default,
    /// `FOR VALUES IN (…)`
    List(Vec<Expr>),
    /// `FOR VALUES FROM (…) TO (…)`; MINVALUE and MAXVALUE are column references of that name.
    Range(Vec<Expr>, Vec<Expr>),
    /// `FOR VALUES WITH (MODULUS m, REMAINDER r)`
    Hash { modulus: i32, remainder: i32 },
}

/// `PARTITION BY`.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionBy {
    /// How rows are divided.
    pub strategy: PartitionStrategy,
    /// The key.
    pub key: Vec<IndexElem>,
    /// Where it stands.
    pub loc: Loc,
}

/// Partitioning strategies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartitionStrategy {
    /// `LIST`
    List,
    /// `RANGE`
    Range,
    /// `HASH`
    Hash,
}

/// A column definition.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ColumnDef {
    /// Its name.
    pub name: Name,
    /// Its type; nothing in a typed table or a partition.
    pub ty: Option<TypeName>,
    /// Column constraints in their order, with DEFAULT, NOT NULL, GENERATED among them.
    pub constraints: Vec<Constraint>,
    /// `COLLATE`.
    pub collation: Option<QualifiedName>,
    /// `STORAGE`.
    pub storage: Option<Name>,
    /// `COMPRESSION`.
    pub compression: Option<Name>,
    /// Options of a foreign table's column.
    pub fdw_options: Vec<DefElem>,
    /// Where it stands.
    pub loc: Loc,
}

/// A constraint of a column, a table or a domain.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// `CONSTRAINT name`.
    pub name: Option<Name>,
    /// What it demands.
    pub kind: ConstraintKind,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
    /// `NOT VALID`.
    pub not_valid: bool,
    /// `NOT ENFORCED` (18).
    pub not_enforced: bool,
    /// Where it stands.
    pub loc: Loc,
}

/// The kinds of constraint.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ConstraintKind {
    /// `NULL`
    Null,
    /// `NOT NULL [NO INHERIT]`; as a table constraint (18) with the column's name.
    NotNull { column: Option<Name>, no_inherit: bool },
    /// `DEFAULT expr`
    Default(Expr),
    /// `GENERATED … AS IDENTITY (…)`
    Identity { always: bool, options: Vec<DefElem> },
    /// `GENERATED ALWAYS AS (expr) STORED|VIRTUAL`
    Generated { expr: Expr, stored: bool },
    /// `CHECK (expr) [NO INHERIT]`
    Check { expr: Expr, no_inherit: bool },
    /// `PRIMARY KEY` and `UNIQUE`
    Key(KeyConstraint),
    /// `EXCLUDE`
    Exclusion(Box<ExclusionConstraint>),
    /// `FOREIGN KEY`, `REFERENCES`
    ForeignKey(Box<ForeignKey>),
    /// `DEFERRABLE`, `NOT DEFERRABLE`, `INITIALLY …`, `[NOT] ENFORCED` as elements of their own after a column
    /// constraint, which the replay attaches to the constraint before them.
    Attribute(ConstraintAttribute),
}

/// Attributes that follow a column constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConstraintAttribute {
    Deferrable,
    NotDeferrable,
    InitiallyDeferred,
    InitiallyImmediate,
    Enforced,
    NotEnforced,
}

/// `PRIMARY KEY` or `UNIQUE`.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyConstraint {
    /// PRIMARY KEY rather than UNIQUE.
    pub primary: bool,
    /// The columns; empty for a column constraint.
    pub columns: Vec<Name>,
    /// `INCLUDE`.
    pub including: Vec<Name>,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// `WITHOUT OVERLAPS` (18).
    pub without_overlaps: bool,
    /// `USING INDEX name`.
    pub using_index: Option<Name>,
    /// `WITH (…)`.
    pub options: Vec<DefElem>,
    /// `USING INDEX TABLESPACE`.
    pub tablespace: Option<Name>,
}

/// `EXCLUDE`.
#[derive(Clone, Debug, PartialEq)]
pub struct ExclusionConstraint {
    /// The index method, if written.
    pub method: Option<Name>,
    /// What is compared with which operator.
    pub elements: Vec<(IndexElem, QualifiedName)>,
    /// `INCLUDE`.
    pub including: Vec<Name>,
    /// `WHERE`.
    pub filter: Option<Expr>,
    /// `WITH (…)`.
    pub options: Vec<DefElem>,
    /// `USING INDEX TABLESPACE`.
    pub tablespace: Option<Name>,
}

/// `FOREIGN KEY`.
#[derive(Clone, Debug, PartialEq)]
pub struct ForeignKey {
    /// The referencing columns; empty for a column constraint.
    pub columns: Vec<Name>,
    /// The referenced table.
    pub references: RangeVar,
    /// The referenced columns; empty for the primary key.
    pub referenced_columns: Vec<Name>,
    /// `MATCH`.
    pub match_type: ForeignKeyMatch,
    /// `ON DELETE`.
    pub on_delete: ForeignKeyAction,
    /// The columns of `ON DELETE SET NULL (…)`.
    pub on_delete_columns: Vec<Name>,
    /// `ON UPDATE`.
    pub on_update: ForeignKeyAction,
    /// `PERIOD` before the last referencing column (18).
    pub with_period: bool,
    /// `PERIOD` before the last referenced column (18).
    pub referenced_with_period: bool,
}

/// `MATCH` of a foreign key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum ForeignKeyMatch {
    /// `MATCH SIMPLE`
    #[default]
    Simple,
    /// `MATCH FULL`
    Full,
    /// `MATCH PARTIAL`
    Partial,
}

/// What a foreign key does when the referenced row goes or changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub enum ForeignKeyAction {
    /// `NO ACTION`
    #[default]
    NoAction,
    /// `RESTRICT`
    Restrict,
    /// `CASCADE`
    Cascade,
    /// `SET NULL`
    SetNull,
    /// `SET DEFAULT`
    SetDefault,
}

/// `CREATE TABLE … AS`, `CREATE MATERIALIZED VIEW`; `SELECT INTO` is a query.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateTableAs {
    /// The relation and its column names.
    pub into: IntoTable,
    /// What fills it, unless that is `execute`.
    pub query: Option<Query>,
    /// `EXECUTE` of a prepared statement that fills it.
    pub execute: Option<Box<Execute>>,
    /// A materialized view rather than a table.
    pub materialized_view: bool,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
}

/// `ALTER TABLE` and its like for indexes, views, sequences, foreign tables, composite types.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterTable {
    /// The relation.
    pub relation: RangeVar,
    /// The kind of relation that was written.
    pub kind: ObjectKind,
    /// `IF EXISTS`.
    pub missing_ok: bool,
    /// What happens.
    pub commands: Vec<AlterTableCommand>,
}

/// A sub-command of ALTER TABLE.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterTableCommand {
    /// What it does.
    pub action: AlterTableAction,
    /// `CASCADE`.
    pub behavior: DropBehavior,
    /// `IF [NOT] EXISTS`.
    pub missing_ok: bool,
}

/// The sub-commands of ALTER TABLE (`AlterTableType` of `parsenodes.h`).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum AlterTableAction {
    AddColumn(ColumnDef),
    DropColumn(Name),
    ColumnDefault {
        column: Name,
        default: Option<Expr>,
    },
    DropNotNull(Name),
    SetNotNull(Name),
    /// `SET EXPRESSION` (17)
    SetExpression {
        column: Name,
        expr: Expr,
    },
    DropExpression(Name),
    SetStatistics {
        column: ColumnOrNumber,
        value: Option<i32>,
    },
    SetColumnOptions {
        column: Name,
        options: Vec<DefElem>,
        reset: bool,
    },
    SetStorage {
        column: Name,
        storage: Name,
    },
    SetCompression {
        column: Name,
        method: Name,
    },
    AddIdentity {
        column: Name,
        always: bool,
        options: Vec<DefElem>,
    },
    SetIdentity {
        column: Name,
        options: Vec<DefElem>,
    },
    DropIdentity(Name),
    AlterColumnType {
        column: Name,
        ty: TypeName,
        collation: Option<QualifiedName>,
        using: Option<Expr>,
        loc: Loc,
    },
    AddConstraint(Constraint),
    AlterConstraint {
        name: Name,
        /// Deferrable and initially deferred; nothing if neither is written, which before 18 makes it not deferrable.
        deferrability: Option<(bool, bool)>,
        /// `[NOT] ENFORCED` (18)
        enforced: Option<bool>,
        /// `NO INHERIT` (true) or `INHERIT` (18)
        no_inherit: Option<bool>,
    },
    ValidateConstraint(Name),
    DropConstraint(Name),
    ChangeOwner(RoleSpec),
    ClusterOn(Name),
    DropCluster,
    SetLogged,
    SetUnlogged,
    SetAccessMethod(Option<Name>),
    SetTablespace(Name),
    SetOptions(Vec<DefElem>),
    ResetOptions(Vec<DefElem>),
    SetTriggers {
        which: TriggerSelection,
        state: FiringState,
    },
    SetRule {
        name: Name,
        state: FiringState,
    },
    AddInherit(RangeVar),
    DropInherit(RangeVar),
    AddOf(TypeName),
    DropOf,
    ReplicaIdentity(ReplicaIdentity),
    EnableRowSecurity,
    DisableRowSecurity,
    ForceRowSecurity,
    NoForceRowSecurity,
    ForeignOptions(Vec<DefElem>),
    ForeignColumnOptions {
        column: Name,
        options: Vec<DefElem>,
    },
    AttachPartition {
        partition: RangeVar,
        bound: Option<PartitionBoundSpec>,
    },
    DetachPartition {
        partition: RangeVar,
        concurrently: bool,
    },
    DetachPartitionFinalize(RangeVar),
    /// A sub-command that is not modelled, under PostgreSQL's name for it.
    Unmodelled(&'static str),
}

/// The column of an `ALTER INDEX … ALTER COLUMN 1 SET STATISTICS`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnOrNumber {
    /// By name.
    Name(Name),
    /// By number.
    Number(i32),
}

/// The triggers that ENABLE or DISABLE names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriggerSelection {
    /// One.
    Name(Name),
    /// `ALL`
    All,
    /// `USER`
    User,
}

/// When a trigger or rule fires (`tgenabled`, `ev_enabled`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub enum FiringState {
    /// `ENABLE`: in origin and local mode
    #[default]
    Enabled,
    /// `ENABLE ALWAYS`
    Always,
    /// `ENABLE REPLICA`
    Replica,
    /// `DISABLE`
    Disabled,
}

/// `REPLICA IDENTITY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplicaIdentity {
    /// `DEFAULT`
    Default,
    /// `FULL`
    Full,
    /// `NOTHING`
    Nothing,
    /// `USING INDEX`
    Index(Name),
}

/// `CREATE INDEX`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateIndex {
    /// Its name, if one is given.
    pub name: Option<Name>,
    /// The table.
    pub table: RangeVar,
    /// The access method; the grammar fills in `btree`.
    pub method: Name,
    /// `UNIQUE`.
    pub unique: bool,
    /// `CONCURRENTLY`.
    pub concurrently: bool,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// The keys.
    pub keys: Vec<IndexElem>,
    /// `INCLUDE`.
    pub including: Vec<IndexElem>,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// `WITH (…)`.
    pub options: Vec<DefElem>,
    /// `TABLESPACE`.
    pub tablespace: Option<Name>,
    /// `WHERE`.
    pub filter: Option<Expr>,
}

/// `CREATE SEQUENCE`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateSequence {
    /// The sequence.
    pub relation: RangeVar,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// Its options (`as`, `increment`, `owned_by` …).
    pub options: Vec<DefElem>,
}

/// `ALTER SEQUENCE`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterSequence {
    /// The sequence.
    pub relation: RangeVar,
    /// `IF EXISTS`.
    pub missing_ok: bool,
    /// The new options.
    pub options: Vec<DefElem>,
}

/// `CREATE VIEW`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateView {
    /// The view.
    pub relation: RangeVar,
    /// Its column names.
    pub columns: Vec<Name>,
    /// Its query.
    pub query: Query,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// `WITH (…)`.
    pub options: Vec<DefElem>,
    /// `WITH [LOCAL|CASCADED] CHECK OPTION`: true for cascaded.
    pub check_option: Option<bool>,
}

// ---- types ----

/// `ALTER TYPE … ADD VALUE` and `RENAME VALUE`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterEnum {
    /// The type.
    pub name: QualifiedName,
    /// What happens.
    pub action: AlterEnumAction,
}

/// The forms of ALTER TYPE for enums.
#[derive(Clone, Debug, PartialEq)]
pub enum AlterEnumAction {
    /// `ADD VALUE [IF NOT EXISTS] label [BEFORE|AFTER neighbour]`
    Add { label: String, if_not_exists: bool, neighbour: Option<String>, before: bool },
    /// `RENAME VALUE from TO to`
    Rename { from: String, to: String },
}

/// `CREATE DOMAIN`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateDomain {
    /// Its name.
    pub name: QualifiedName,
    /// The base type.
    pub ty: TypeName,
    /// `COLLATE`.
    pub collation: Option<QualifiedName>,
    /// Constraints and the default.
    pub constraints: Vec<Constraint>,
}

/// `ALTER DOMAIN`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterDomain {
    /// The domain.
    pub name: QualifiedName,
    /// What happens.
    pub action: AlterDomainAction,
}

/// The forms of ALTER DOMAIN.
#[derive(Clone, Debug, PartialEq)]
pub enum AlterDomainAction {
    /// `SET DEFAULT` / `DROP DEFAULT`
    Default(Option<Expr>),
    /// `SET NOT NULL`
    SetNotNull,
    /// `DROP NOT NULL`
    DropNotNull,
    /// `ADD CONSTRAINT`
    AddConstraint(Constraint),
    /// `DROP CONSTRAINT`
    DropConstraint { name: Name, missing_ok: bool, behavior: DropBehavior },
    /// `VALIDATE CONSTRAINT`
    ValidateConstraint(Name),
}

// ---- functions and triggers ----

/// `CREATE FUNCTION`, `CREATE PROCEDURE`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateFunction {
    /// Its name.
    pub name: QualifiedName,
    /// A procedure.
    pub procedure: bool,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// Parameters, with the columns of RETURNS TABLE at the end.
    pub params: Vec<FunctionParam>,
    /// `RETURNS`.
    pub returns: Option<TypeName>,
    /// `LANGUAGE`.
    pub language: Option<Name>,
    /// `AS 'body'`, or object file and symbol.
    pub body: Vec<Code>,
    /// A body in SQL-standard syntax (`RETURN …` or `BEGIN ATOMIC … END`).
    pub sql_body: Option<SqlBody>,
    /// `IMMUTABLE`, `STABLE`, `VOLATILE`.
    pub volatility: Option<Volatility>,
    /// `STRICT`.
    pub strict: Option<bool>,
    /// `SECURITY DEFINER`.
    pub security_definer: Option<bool>,
    /// `LEAKPROOF`.
    pub leakproof: Option<bool>,
    /// `PARALLEL`.
    pub parallel: Option<Name>,
    /// `WINDOW`.
    pub window: bool,
    /// `COST`.
    pub cost: Option<String>,
    /// `ROWS`.
    pub rows: Option<String>,
    /// `SET parameter …`.
    pub set: Vec<SetVariable>,
    /// `SUPPORT`.
    pub support: Option<QualifiedName>,
    /// `TRANSFORM FOR TYPE …`.
    pub transform: Vec<TypeName>,
    /// Where an option stands that was given before.
    pub repeated: Option<Loc>,
}

/// A body in SQL-standard syntax.
#[derive(Clone, Debug, PartialEq)]
pub enum SqlBody {
    /// `RETURN expr`
    Return(Expr),
    /// `BEGIN ATOMIC … END`
    Atomic(Vec<StatementKind>),
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionParam {
    /// Its name.
    pub name: Option<Name>,
    /// Its type.
    pub ty: TypeName,
    /// Its mode.
    pub mode: ParamMode,
    /// Its default.
    pub default: Option<Expr>,
}

/// Modes of parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ParamMode {
    /// `IN`
    In,
    /// `OUT`
    Out,
    /// `INOUT`
    InOut,
    /// `VARIADIC`
    Variadic,
    /// A column of `RETURNS TABLE`
    Table,
}

/// Volatility.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Volatility {
    /// `IMMUTABLE`
    Immutable,
    /// `STABLE`
    Stable,
    /// `VOLATILE`
    #[default]
    Volatile,
}

/// `ALTER FUNCTION … options`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterFunction {
    /// Function, procedure or routine, as written.
    pub kind: ObjectKind,
    /// The function.
    pub function: FunctionRef,
    /// `IMMUTABLE` …
    pub volatility: Option<Volatility>,
    /// `STRICT` …
    pub strict: Option<bool>,
    /// `SECURITY DEFINER` …
    pub security_definer: Option<bool>,
    /// `LEAKPROOF` …
    pub leakproof: Option<bool>,
    /// `PARALLEL`
    pub parallel: Option<Name>,
    /// `COST`
    pub cost: Option<String>,
    /// `ROWS`
    pub rows: Option<String>,
    /// `SET`, `RESET`
    pub set: Vec<SetVariable>,
    /// `SUPPORT`
    pub support: Option<QualifiedName>,
    /// Where an option stands that was given before.
    pub repeated: Option<Loc>,
}

/// `CREATE TRIGGER`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateTrigger {
    /// Its name.
    pub name: Name,
    /// The table.
    pub table: RangeVar,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// `BEFORE`, `AFTER`, `INSTEAD OF`.
    pub timing: TriggerTiming,
    /// `FOR EACH ROW`.
    pub row: bool,
    /// The events.
    pub events: TriggerEvents,
    /// `UPDATE OF columns`.
    pub columns: Vec<Name>,
    /// `WHEN`.
    pub when: Option<Expr>,
    /// The function.
    pub function: QualifiedName,
    /// Its arguments.
    pub args: Vec<String>,
    /// `CONSTRAINT`.
    pub constraint: bool,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
    /// `FROM table` of a constraint trigger.
    pub constraint_from: Option<RangeVar>,
    /// `REFERENCING`: (new rather than old, name).
    pub transition_tables: Vec<(bool, Name)>,
    /// `REFERENCING OLD ROW` or `NEW ROW` is there, which PostgreSQL only parses.
    pub transition_rows: bool,
}

/// When a trigger fires, relative to its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TriggerTiming {
    /// `BEFORE`
    Before,
    /// `AFTER`
    After,
    /// `INSTEAD OF`
    InsteadOf,
}

/// The events of a trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct TriggerEvents {
    /// `INSERT`
    pub insert: bool,
    /// `UPDATE`
    pub update: bool,
    /// `DELETE`
    pub delete: bool,
    /// `TRUNCATE`
    pub truncate: bool,
}

// ---- row-level security ----

/// The command that a policy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum PolicyCommand {
    /// `ALL`
    #[default]
    All,
    /// `SELECT`
    Select,
    /// `INSERT`
    Insert,
    /// `UPDATE`
    Update,
    /// `DELETE`
    Delete,
}

/// `CREATE POLICY`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreatePolicy {
    /// Its name.
    pub name: Name,
    /// The table.
    pub table: RangeVar,
    /// `AS PERMISSIVE` rather than RESTRICTIVE.
    pub permissive: bool,
    /// `FOR`.
    pub command: PolicyCommand,
    /// `TO`.
    pub roles: Vec<RoleSpec>,
    /// `USING`.
    pub using: Option<Expr>,
    /// `WITH CHECK`.
    pub check: Option<Expr>,
}

/// `ALTER POLICY`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterPolicy {
    /// Its name.
    pub name: Name,
    /// The table.
    pub table: RangeVar,
    /// `TO`; empty if not written.
    pub roles: Vec<RoleSpec>,
    /// `USING`.
    pub using: Option<Expr>,
    /// `WITH CHECK`.
    pub check: Option<Expr>,
}

// ---- privileges ----

/// `GRANT` or `REVOKE` on objects.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// GRANT rather than REVOKE.
    pub grant: bool,
    /// What it is about.
    pub target: GrantTarget,
    /// The privileges.
    pub privileges: Privileges,
    /// To or from whom.
    pub grantees: Vec<RoleSpec>,
    /// `WITH GRANT OPTION`; in REVOKE, `GRANT OPTION FOR`.
    pub grant_option: bool,
    /// `GRANTED BY`.
    pub grantor: Option<RoleSpec>,
    /// `CASCADE` of REVOKE.
    pub behavior: DropBehavior,
}

/// What a GRANT is about.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum GrantTarget {
    /// `[TABLE] …` (views and sequences may be named so too)
    Tables(Vec<RangeVar>),
    /// `SEQUENCE …`
    Sequences(Vec<RangeVar>),
    /// `FUNCTION`, `PROCEDURE`, `ROUTINE`
    Functions { kind: ObjectKind, functions: Vec<FunctionRef> },
    /// `SCHEMA …`
    Schemas(Vec<Ident>),
    /// `TYPE`, `DOMAIN`
    Types { kind: ObjectKind, names: Vec<QualifiedName> },
    /// `ALL TABLES|SEQUENCES|FUNCTIONS|… IN SCHEMA …`
    AllInSchema { kind: ObjectKind, schemas: Vec<Ident> },
    /// `DATABASE`, `LANGUAGE`, `FOREIGN SERVER`, … : kinds whose privileges are not modelled
    Other { kind: ObjectKind, names: Vec<String> },
}

/// A list of privileges.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Privileges {
    /// `ALL [PRIVILEGES]`
    All,
    /// A list: `SELECT`, `UPDATE (a, b)`, in lower case as the grammar gives them. `ALL (a)` has the name `all`.
    List(Vec<Privilege>),
}

/// One privilege.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Privilege {
    /// Its name in lower case.
    pub name: Name,
    /// The columns it is limited to.
    pub columns: Vec<Name>,
}

/// `GRANT role TO role`.
#[derive(Clone, Debug, PartialEq)]
pub struct GrantRole {
    /// GRANT rather than REVOKE.
    pub grant: bool,
    /// The roles that get members.
    pub roles: Vec<Name>,
    /// The members.
    pub members: Vec<RoleSpec>,
    /// `WITH ADMIN|INHERIT|SET …`.
    pub options: Vec<DefElem>,
    /// `GRANTED BY`.
    pub grantor: Option<RoleSpec>,
    /// `CASCADE`.
    pub behavior: DropBehavior,
}

/// `ALTER DEFAULT PRIVILEGES`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterDefaultPrivileges {
    /// `FOR ROLE`; empty for the current role.
    pub roles: Vec<RoleSpec>,
    /// `IN SCHEMA`.
    pub schemas: Vec<Name>,
    /// GRANT rather than REVOKE.
    pub grant: bool,
    /// `TABLES`, `SEQUENCES`, `FUNCTIONS`, `TYPES`, `SCHEMAS`, as the kind in the singular.
    pub kind: ObjectKind,
    /// The privileges.
    pub privileges: Privileges,
    /// To or from whom.
    pub grantees: Vec<RoleSpec>,
    /// `WITH GRANT OPTION`; in REVOKE, `GRANT OPTION FOR`.
    pub grant_option: bool,
}

// ---- publications ----

/// `CREATE PUBLICATION`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreatePublication {
    /// Its name.
    pub name: Name,
    /// `FOR ALL TABLES`.
    pub all_tables: bool,
    /// `FOR …`.
    pub objects: Vec<PublicationObject>,
    /// `WITH (…)`.
    pub options: Vec<DefElem>,
}

/// An element of a publication.
#[allow(clippy::large_enum_variant)] // Publications are few.
#[derive(Clone, Debug, PartialEq)]
pub enum PublicationObject {
    /// `TABLE t (columns) WHERE (…)`
    Table { relation: RangeVar, columns: Vec<Name>, filter: Option<Expr>, loc: Loc },
    /// `TABLES IN SCHEMA s`
    Schema(Name),
    /// `TABLES IN SCHEMA CURRENT_SCHEMA`
    CurrentSchema,
}

/// `ALTER PUBLICATION`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterPublication {
    /// Its name.
    pub name: Name,
    /// `ADD`, `DROP`, or `SET`; with `objects` empty the options are set.
    pub action: DefAction,
    /// `SET FOR ALL TABLES`-like form.
    pub all_tables: bool,
    /// The objects.
    pub objects: Vec<PublicationObject>,
    /// `SET (…)`.
    pub options: Vec<DefElem>,
}

// ---- databases ----

/// `CREATE DATABASE` and `ALTER DATABASE` with options.
#[derive(Clone, Debug, PartialEq)]
pub struct DatabaseDef {
    /// Its name.
    pub name: Name,
    /// The options.
    pub options: Vec<DefElem>,
}

// ---- foreign data ----

/// `CREATE FOREIGN DATA WRAPPER` and `ALTER FOREIGN DATA WRAPPER`.
#[derive(Clone, Debug, PartialEq)]
pub struct ForeignDataWrapperDef {
    /// Its name.
    pub name: Name,
    /// `handler` and `validator` with the function's name; without one for `NO HANDLER`, `NO VALIDATOR`.
    pub functions: Vec<DefElem>,
    /// `OPTIONS`; the text of a password is already dropped.
    pub options: Vec<DefElem>,
}

/// `CREATE SERVER`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateServer {
    /// Its name, version and options.
    pub server: ServerDef,
    /// `TYPE`
    pub server_type: Option<String>,
    /// `FOREIGN DATA WRAPPER`
    pub wrapper: Name,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
}

/// `ALTER SERVER`, and what CREATE SERVER has in common with it.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerDef {
    /// Its name.
    pub name: Name,
    /// `VERSION`, which may be NULL.
    pub version: Option<Option<String>>,
    /// `OPTIONS`; the text of a password is already dropped.
    pub options: Vec<DefElem>,
}

// ---- every kind of object ----

/// `COMMENT ON`.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    /// The object.
    pub object: ObjectRef,
    /// The comment; nothing removes it.
    pub text: Option<String>,
}

/// `ALTER … RENAME TO`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rename {
    /// What is renamed.
    pub target: RenameTarget,
    /// Its new name.
    pub new_name: Name,
    /// `IF EXISTS`.
    pub missing_ok: bool,
    /// `CASCADE` for an attribute of a composite type.
    pub behavior: DropBehavior,
}

/// What RENAME renames.
#[derive(Clone, Debug, PartialEq)]
pub enum RenameTarget {
    /// A table, view, index, sequence, …: the relation and the kind that was written.
    Relation { kind: ObjectKind, relation: RangeVar },
    /// A column of a relation, whose written kind is given.
    Column { kind: ObjectKind, relation: RangeVar, column: Name },
    /// A constraint, trigger, policy or rule.
    OfRelation { kind: ObjectKind, relation: RangeVar, name: Name },
    /// Anything else.
    Object(ObjectRef),
}

/// `ALTER … SET SCHEMA`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterObjectSchema {
    /// The object.
    pub object: ObjectRef,
    /// The new schema.
    pub new_schema: Name,
    /// `IF EXISTS`.
    pub missing_ok: bool,
}

/// `ALTER … [NO] DEPENDS ON EXTENSION`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterObjectDepends {
    /// The object.
    pub object: ObjectRef,
    /// The extension.
    pub extension: Name,
    /// `NO`
    pub remove: bool,
}

/// `CREATE LANGUAGE … HANDLER`; without a handler it is CREATE EXTENSION.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateLanguage {
    /// Its name.
    pub name: Name,
    /// `OR REPLACE`
    pub or_replace: bool,
    /// `TRUSTED`
    pub trusted: bool,
    /// `HANDLER`
    pub handler: QualifiedName,
    /// `INLINE`
    pub inline: Option<QualifiedName>,
    /// `VALIDATOR`
    pub validator: Option<QualifiedName>,
}

/// `CREATE TRANSFORM`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateTransform {
    /// `FOR`
    pub ty: TypeName,
    /// `LANGUAGE`
    pub language: Name,
    /// `OR REPLACE`
    pub or_replace: bool,
    /// `FROM SQL WITH FUNCTION`
    pub from_sql: Option<FunctionRef>,
    /// `TO SQL WITH FUNCTION`
    pub to_sql: Option<FunctionRef>,
}

/// `ALTER … OWNER TO` of anything but a relation.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterOwner {
    /// The object.
    pub object: ObjectRef,
    /// The new owner.
    pub new_owner: RoleSpec,
}

/// `DROP`.
#[derive(Clone, Debug, PartialEq)]
pub struct Drop {
    /// The kind that was written.
    pub kind: ObjectKind,
    /// The objects.
    pub objects: Vec<ObjectRef>,
    /// `IF EXISTS`.
    pub missing_ok: bool,
    /// `CASCADE`.
    pub behavior: DropBehavior,
    /// `CONCURRENTLY`.
    pub concurrently: bool,
}
