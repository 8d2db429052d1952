//! Statements.

use super::*;
use crate::sql::span::Span;

/// A statement and the text it takes up, without the semicolon and the white space and comments around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// What it says.
    pub kind: StatementKind,
    /// Where it stands.
    pub span: Span,
}

/// All statements.
///
/// A statement whose clauses are not modelled at all is [`StatementKind::Unmodelled`] under PostgreSQL's command tag,
/// with what it may touch; the replay makes it opaque.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StatementKind {
    // Schemas, extensions, roles
    CreateSchema(Box<CreateSchema>),
    CreateExtension(Box<CreateExtension>),
    AlterExtension(Box<AlterExtension>),
    CreateRole(Box<CreateRole>),
    AlterRole(Box<AlterRole>),
    AlterRoleSet(Box<AlterRoleSet>),
    // Relations
    CreateTable(Box<CreateTable>),
    CreateTableAs(Box<CreateTableAs>),
    AlterTable(Box<AlterTable>),
    CreateIndex(Box<CreateIndex>),
    CreateSequence(Box<CreateSequence>),
    AlterSequence(Box<AlterSequence>),
    CreateView(Box<CreateView>),
    RefreshMatView {
        relation: RangeVar,
        concurrently: bool,
        no_data: bool,
    },
    CreateRule(Box<CreateRule>),
    CreateStatistics(Box<CreateStatistics>),
    AlterStatistics(Box<AlterStatistics>),
    // Types
    CreateEnum {
        name: QualifiedName,
        labels: Vec<String>,
    },
    AlterEnum(Box<AlterEnum>),
    CreateDomain(Box<CreateDomain>),
    AlterDomain(Box<AlterDomain>),
    CreateCompositeType {
        name: QualifiedName,
        columns: Vec<ColumnDef>,
    },
    CreateRangeType {
        name: QualifiedName,
        options: Vec<DefElem>,
    },
    /// CREATE TYPE of a base type or a shell, CREATE AGGREGATE, OPERATOR, COLLATION, TEXT SEARCH …
    Define(Box<Define>),
    /// `ALTER TYPE … SET`, `ALTER TEXT SEARCH DICTIONARY`
    AlterOptions(Box<AlterOptions>),
    // What types and indexes work with
    CreateCast(Box<CreateCast>),
    CreateConversion(Box<CreateConversion>),
    AlterOperator(Box<AlterOperator>),
    CreateOpClass(Box<CreateOpClass>),
    CreateOpFamily(Box<CreateOpFamily>),
    AlterOpFamily(Box<AlterOpFamily>),
    AlterTsConfig(Box<AlterTsConfig>),
    // Functions and triggers
    CreateFunction(Box<CreateFunction>),
    AlterFunction(Box<AlterFunction>),
    Do(Box<Do>),
    Call(Box<FuncCall>),
    CreateTrigger(Box<CreateTrigger>),
    CreateEventTrigger(Box<CreateEventTrigger>),
    AlterEventTrigger(Box<AlterEventTrigger>),
    CreateLanguage(Box<CreateLanguage>),
    CreateTransform(Box<CreateTransform>),
    // Row-level security
    CreatePolicy(Box<CreatePolicy>),
    AlterPolicy(Box<AlterPolicy>),
    // Privileges
    Grant(Box<Grant>),
    GrantRole(Box<GrantRole>),
    AlterDefaultPrivileges(Box<AlterDefaultPrivileges>),
    // Publications
    CreatePublication(Box<CreatePublication>),
    AlterPublication(Box<AlterPublication>),
    // Databases and the server
    CreateDatabase(Box<DatabaseDef>),
    AlterDatabase(Box<DatabaseDef>),
    /// `ALTER DATABASE … REFRESH COLLATION VERSION`
    RefreshDatabase(Name),
    DropDatabase {
        name: Name,
        missing_ok: bool,
    },
    AlterSystem(Box<SetVariable>),
    /// `ALTER COLLATION … REFRESH VERSION`
    RefreshCollation(QualifiedName),
    // Foreign data
    CreateForeignDataWrapper(Box<ForeignDataWrapperDef>),
    AlterForeignDataWrapper(Box<ForeignDataWrapperDef>),
    CreateServer(Box<CreateServer>),
    AlterServer(Box<ServerDef>),
    // Every kind of object
    Comment(Box<Comment>),
    Rename(Box<Rename>),
    AlterObjectSchema(Box<AlterObjectSchema>),
    AlterOwner(Box<AlterOwner>),
    AlterObjectDepends(Box<AlterObjectDepends>),
    Drop(Box<Drop>),
    DropRole {
        roles: Vec<RoleSpec>,
        missing_ok: bool,
    },
    DropOwned {
        roles: Vec<RoleSpec>,
        behavior: DropBehavior,
    },
    ReassignOwned {
        roles: Vec<RoleSpec>,
        to: RoleSpec,
    },
    // Sessions and transactions
    Set(Box<SetVariable>),
    /// `SHOW`; `all` is `SHOW ALL`.
    Show(String),
    Transaction(Box<Transaction>),
    SetConstraints {
        /// The constraints; none for `ALL`.
        constraints: Vec<RangeVar>,
        deferred: bool,
    },
    Discard {
        all: bool,
        temp: bool,
    },
    // Data
    Select(Box<Query>),
    Insert(Box<Insert>),
    Update(Box<Update>),
    Delete(Box<Delete>),
    Merge(Box<Merge>),
    Truncate {
        relations: Vec<RangeVar>,
        restart_identity: bool,
        behavior: DropBehavior,
    },
    Copy(Box<Copy>),
    Prepare(Box<Prepare>),
    Execute(Box<Execute>),
    /// `DEALLOCATE`, of all if there is no name.
    Deallocate(Option<Name>),
    // Without effect on the catalog
    DeclareCursor(Box<DeclareCursor>),
    Notify {
        channel: Name,
        payload: Option<String>,
    },
    Explain(Box<Explain>),
    // Of tables as a whole
    Lock {
        relations: Vec<RangeVar>,
        mode: LockMode,
    },
    Cluster(Box<Cluster>),
    Reindex(Box<Reindex>),
    Vacuum(Box<Vacuum>),
    Utility(Utility),
    /// A statement that is not modelled: opaque.
    Unmodelled(Box<Unmodelled>),
}

/// A statement that is known by its kind alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Unmodelled {
    /// PostgreSQL's command tag: `CREATE EVENT TRIGGER`.
    pub tag: &'static str,
    /// What it may change.
    pub touches: Touches,
}

/// What a statement that is not executed may change, as far as its syntax bounds it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Touches {
    /// Anything.
    Everything,
    /// Only objects of kinds that no other statement's success and no requirement rests on (tablespaces,
    /// subscriptions, text search parsers, …), under their command tag.
    Nothing,
    /// These relations: whether they exist, and everything about them.
    Relations(Vec<QualifiedName>),
    /// Functions, operators, casts and the like: names that expressions may use.
    Expressions,
    /// Foreign-data wrappers and servers: names that foreign tables use.
    Servers,
    /// Large objects.
    LargeObjects,
    /// Types of this name.
    Type(QualifiedName),
}

/// Statements without effect on the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Utility {
    Checkpoint,
    ClosePortal,
    Fetch,
    Listen,
    Load,
    Unlisten,
}

/// The modes of LOCK that ask for different privileges (`lockcmds.c: LockTableAclCheck`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LockMode {
    /// `ACCESS SHARE`
    AccessShare,
    /// `ROW SHARE`
    RowShare,
    /// `ROW EXCLUSIVE`
    RowExclusive,
    /// The stronger ones.
    Stronger,
}

/// `CLUSTER`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// The table, unless it is all that were clustered before.
    pub relation: Option<RangeVar>,
    /// `USING index`.
    pub index: Option<Name>,
    /// Its options.
    pub options: Vec<DefElem>,
}

/// `REINDEX`.
#[derive(Clone, Debug, PartialEq)]
pub struct Reindex {
    /// What is rebuilt.
    pub target: ReindexTarget,
    /// Its options, `CONCURRENTLY` among them.
    pub options: Vec<DefElem>,
}

/// What REINDEX rebuilds.
#[derive(Clone, Debug, PartialEq)]
pub enum ReindexTarget {
    /// `INDEX`
    Index(RangeVar),
    /// `TABLE`
    Table(RangeVar),
    /// `SCHEMA`
    Schema(Name),
    /// `SYSTEM`, with the database's name from 16 on optional.
    System(Option<Name>),
    /// `DATABASE`, with a name that is optional from 16 on.
    Database(Option<Name>),
}

/// `VACUUM` and `ANALYZE`.
#[derive(Clone, Debug, PartialEq)]
pub struct Vacuum {
    /// It is VACUUM.
    pub vacuum: bool,
    /// The tables and the columns that are listed for each; none for all.
    pub relations: Vec<(RangeVar, Vec<Name>)>,
    /// Its options.
    pub options: Vec<DefElem>,
}

/// `PREPARE`.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepare {
    /// Its name.
    pub name: Name,
    /// The types of the parameters, as far as they are written.
    pub types: Vec<TypeName>,
    /// The statement.
    pub statement: StatementKind,
}

/// `EXECUTE`.
#[derive(Clone, Debug, PartialEq)]
pub struct Execute {
    /// The name of the prepared statement.
    pub name: Name,
    /// The parameters.
    pub params: Vec<Expr>,
}

/// `DECLARE … CURSOR`.
#[derive(Clone, Debug, PartialEq)]
pub struct DeclareCursor {
    /// Its name.
    pub name: Name,
    /// PostgreSQL's `CURSOR_OPT_…` bits.
    pub options: i32,
    /// The query.
    pub query: StatementKind,
}

/// `DO`.
#[derive(Clone, Debug, PartialEq)]
pub struct Do {
    /// The language, if named.
    pub language: Option<Name>,
    /// The body.
    pub body: Code,
}

/// A body of code inside a string literal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Code {
    /// The text after unescaping.
    pub text: String,
    /// The offset of the text's first byte, where it stands unescaped in the source (always so between dollar quotes).
    /// Then a place in the text plus this is a place in the source.
    pub verbatim_at: Loc,
}

/// `EXPLAIN [ANALYZE] …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Explain {
    /// The statement is executed.
    pub analyze: bool,
    /// The statement.
    pub statement: StatementKind,
}

/// `SET`, `RESET`, `ALTER … SET` of a configuration parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct SetVariable {
    /// The parameter, `TIME ZONE` and the like under their real names; nothing for `RESET ALL`.
    pub name: Option<String>,
    /// `SET LOCAL`.
    pub local: bool,
    /// The new value.
    pub value: SetValue,
}

/// What a parameter is set to.
#[derive(Clone, Debug, PartialEq)]
pub enum SetValue {
    /// A list of values, each as text.
    Values(Vec<String>),
    /// `TO DEFAULT`, or RESET.
    Default,
    /// `FROM CURRENT`.
    Current,
    /// `SET TRANSACTION …`, `SET SESSION CHARACTERISTICS …`: modes without effect here.
    TransactionModes,
}

/// Transaction control.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Transaction {
    /// `BEGIN`, `START TRANSACTION`
    Begin,
    /// `COMMIT [AND CHAIN]`
    Commit { chain: bool },
    /// `ROLLBACK [AND CHAIN]`
    Rollback { chain: bool },
    /// `SAVEPOINT name`
    Savepoint(Name),
    /// `RELEASE name`
    Release(Name),
    /// `ROLLBACK TO name`
    RollbackTo(Name),
    /// `PREPARE TRANSACTION 'identifier'`
    Prepare(String),
    /// `COMMIT PREPARED 'identifier'`
    CommitPrepared(String),
    /// `ROLLBACK PREPARED 'identifier'`
    RollbackPrepared(String),
}

/// `COPY`.
#[derive(Clone, Debug, PartialEq)]
pub struct Copy {
    /// The table, unless a query is copied.
    pub relation: Option<RangeVar>,
    /// Its columns, if listed.
    pub columns: Vec<Name>,
    /// `FROM` (the table is written).
    pub from: bool,
    /// The query or data-modifying statement whose rows are copied.
    pub query: Option<StatementKind>,
    /// `WHERE`.
    pub filter: Option<Expr>,
    /// Options, those of the old syntax too.
    pub options: Vec<DefElem>,
    /// From or to the client: data lines follow in the file.
    pub stdio: bool,
}
