//! The syntax tree of PL/pgSQL (`plpgsql.h`).
//!
//! Spans and places are offsets in the file where the body is verbatim there, else offsets in the body's own text.

use crate::sql::ast::{Expr, Name, QualifiedName, Query, StatementKind, TypeName};
use crate::sql::span::Span;

/// A body: the block of a function, a procedure or a DO statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// The outermost block.
    pub block: Block,
    /// What a name means that a variable and a column have: `#variable_conflict`.
    pub conflict: VariableConflict,
}

/// `#variable_conflict`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum VariableConflict {
    /// An error.
    #[default]
    Error,
    /// The variable.
    UseVariable,
    /// The column.
    UseColumn,
}

/// `[<<label>>] [DECLARE …] BEGIN … [EXCEPTION …] END`.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Its label.
    pub label: Option<Name>,
    /// Its declarations.
    pub declarations: Vec<Declaration>,
    /// Its statements.
    pub body: Vec<Stmt>,
    /// Its exception handlers; a block with any is a sub-transaction.
    pub handlers: Vec<Handler>,
}

/// A declaration.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// The name.
    pub name: Name,
    /// What it declares.
    pub kind: DeclarationKind,
    /// The declaration, without the semicolon.
    pub span: Span,
}

/// What a declaration declares.
#[derive(Clone, Debug, PartialEq)]
pub enum DeclarationKind {
    /// A variable.
    Variable {
        /// `CONSTANT`
        constant: bool,
        /// Its type.
        ty: DataType,
        /// `COLLATE`
        collation: Option<QualifiedName>,
        /// `NOT NULL`
        not_null: bool,
        /// Its initial value.
        default: Option<Fragment<Query>>,
    },
    /// `name ALIAS FOR other`: another name of a variable, possibly `$1`.
    Alias(Vec<Name>),
    /// `name CURSOR (args) FOR query`.
    Cursor {
        /// Its parameters.
        params: Vec<(Name, DataType)>,
        /// Its query.
        query: Fragment<StatementKind>,
    },
}

/// The type of a variable.
#[derive(Clone, Debug, PartialEq)]
pub enum DataType {
    /// A type by its name. `refcursor`, `record` too are types.
    Named(TypeName),
    /// `name%TYPE`: of a variable, or of a column where the last name is the column's; with `[]` behind it an array.
    Of {
        /// The names.
        names: Vec<Name>,
        /// `[]`
        array: bool,
        /// Where they stand.
        span: Span,
    },
    /// `relation%ROWTYPE`.
    RowOf(QualifiedName),
}

/// Embedded SQL.
#[derive(Clone, Debug, PartialEq)]
pub struct Fragment<T> {
    /// What it says.
    pub sql: T,
    /// Where it stands.
    pub span: Span,
}

/// An exception handler.
#[derive(Clone, Debug, PartialEq)]
pub struct Handler {
    /// Its conditions.
    pub conditions: Vec<Condition>,
    /// Its statements.
    pub body: Vec<Stmt>,
}

/// A condition of a handler or of RAISE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Which errors.
    pub kind: ConditionKind,
    /// Where it stands.
    pub span: Span,
}

/// Which errors a condition names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConditionKind {
    /// `OTHERS`
    Others,
    /// A condition name: `duplicate_object`.
    Name(Name),
    /// `SQLSTATE '42710'`
    SqlState(String),
}

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Stmt {
    /// What it does.
    pub kind: StmtKind,
    /// Where it stands, without the semicolon.
    pub span: Span,
}

/// A variable that a statement assigns to, as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// `variable`, `record.field`, `label.variable`, …
    pub names: Vec<Name>,
    /// Subscripts and fields behind a subscript. They are not followed yet.
    pub subscripts: Vec<Fragment<Query>>,
    /// Where it stands.
    pub span: Span,
}

/// `INTO [STRICT] targets`.
#[derive(Clone, Debug, PartialEq)]
pub struct Into {
    /// `STRICT`
    pub strict: bool,
    /// One record or row variable, or a list of scalar ones.
    pub targets: Vec<Target>,
}

/// The statements.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StmtKind {
    /// A nested block.
    Block(Box<Block>),
    /// `target := expression`
    Assign { target: Target, value: Fragment<Query> },
    /// `IF … ELSIF … ELSE … END IF`
    If { branches: Vec<(Fragment<Query>, Vec<Stmt>)>, otherwise: Vec<Stmt> },
    /// `CASE … END CASE`
    Case(Box<Case>),
    /// `LOOP … END LOOP`
    Loop(Loop),
    /// `WHILE … LOOP`
    While { condition: Fragment<Query>, body: Loop },
    /// `FOR i IN [REVERSE] a..b [BY c] LOOP`
    ForInteger(Box<ForInteger>),
    /// `FOR r IN query LOOP`
    ForQuery { targets: Vec<Target>, query: Fragment<StatementKind>, body: Loop },
    /// `FOR r IN EXECUTE text USING … LOOP`
    ForExecute { targets: Vec<Target>, text: Fragment<Query>, using: Vec<Fragment<Query>>, body: Loop },
    /// `FOR r IN cursor(args) LOOP`
    ForCursor { target: Name, cursor: Name, args: Vec<CursorArg>, body: Loop },
    /// `FOREACH x [SLICE n] IN ARRAY a LOOP`
    ForEach { targets: Vec<Target>, slice: u32, array: Fragment<Query>, body: Loop },
    /// `EXIT`, `CONTINUE`
    Exit { exit: bool, label: Option<Name>, when: Option<Fragment<Query>> },
    /// `RETURN [expression]`
    Return(Option<Fragment<Query>>),
    /// `RETURN NEXT [expression]`
    ReturnNext(Option<Fragment<Query>>),
    /// `RETURN QUERY query`
    ReturnQuery(Fragment<StatementKind>),
    /// `RETURN QUERY EXECUTE text USING …`
    ReturnQueryExecute { text: Fragment<Query>, using: Vec<Fragment<Query>> },
    /// `RAISE`
    Raise(Box<Raise>),
    /// `ASSERT condition [, message]`
    Assert { condition: Fragment<Query>, message: Option<Fragment<Query>> },
    /// A SQL statement.
    Sql { statement: Fragment<StatementKind>, into: Option<Into> },
    /// `PERFORM query`
    Perform(Fragment<Query>),
    /// `EXECUTE text [INTO …] [USING …]`
    Execute { text: Fragment<Query>, into: Option<Into>, using: Vec<Fragment<Query>> },
    /// `GET [CURRENT|STACKED] DIAGNOSTICS target = item, …`
    GetDiagnostics { stacked: bool, items: Vec<(Target, Name)> },
    /// `OPEN cursor …`
    Open(Box<Open>),
    /// `FETCH … INTO`
    /// `next`: it goes to the next row; other directions are not modelled.
    Fetch { cursor: Name, next: bool, into: Option<Into> },
    /// `MOVE`
    Move { cursor: Name, next: bool },
    /// `CLOSE`
    Close { cursor: Name },
    /// `COMMIT [AND CHAIN]`
    Commit,
    /// `ROLLBACK [AND CHAIN]`
    Rollback,
    /// `NULL`
    Null,
}

/// A loop's label and statements.
#[derive(Clone, Debug, PartialEq)]
pub struct Loop {
    /// Its label.
    pub label: Option<Name>,
    /// Its statements.
    pub body: Vec<Stmt>,
}

/// `CASE [operand] WHEN … THEN … ELSE … END CASE`.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What is compared; then a branch has a list of values, else one condition.
    pub operand: Option<Fragment<Query>>,
    /// The branches.
    pub branches: Vec<(Vec<Fragment<Expr>>, Vec<Stmt>)>,
    /// `ELSE`; without one, a CASE without a match is an error.
    pub otherwise: Option<Vec<Stmt>>,
}

/// `FOR i IN [REVERSE] low..high [BY step] LOOP`.
#[derive(Clone, Debug, PartialEq)]
pub struct ForInteger {
    /// The loop's variable, which the loop declares.
    pub variable: Name,
    /// `REVERSE`
    pub reverse: bool,
    /// The first value.
    pub low: Fragment<Query>,
    /// The last value.
    pub high: Fragment<Query>,
    /// `BY`
    pub step: Option<Fragment<Query>>,
    /// What is repeated.
    pub body: Loop,
}

/// An argument of a cursor.
#[derive(Clone, Debug, PartialEq)]
pub struct CursorArg {
    /// `name :=`
    pub name: Option<Name>,
    /// The value.
    pub value: Fragment<Query>,
}

/// `OPEN`.
#[derive(Clone, Debug, PartialEq)]
pub struct Open {
    /// The cursor variable.
    pub cursor: Name,
    /// What it is opened for.
    pub source: OpenSource,
}

/// What a cursor is opened for.
#[derive(Clone, Debug, PartialEq)]
pub enum OpenSource {
    /// Its own query, with arguments.
    Bound(Vec<CursorArg>),
    /// `FOR query`
    Query(Fragment<StatementKind>),
    /// `FOR EXECUTE text USING …`
    Execute { text: Fragment<Query>, using: Vec<Fragment<Query>> },
}

/// `RAISE`.
#[derive(Clone, Debug, PartialEq)]
pub struct Raise {
    /// How severe.
    pub level: RaiseLevel,
    /// Its condition, format or nothing (to raise the current error again).
    pub what: RaiseWhat,
    /// `USING option = expression, …`
    pub options: Vec<(RaiseOption, Fragment<Query>)>,
}

/// Severities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RaiseLevel {
    /// `DEBUG`
    Debug,
    /// `LOG`
    Log,
    /// `INFO`
    Info,
    /// `NOTICE`
    Notice,
    /// `WARNING`
    Warning,
    /// `EXCEPTION`
    Exception,
}

/// What RAISE raises.
#[derive(Clone, Debug, PartialEq)]
pub enum RaiseWhat {
    /// The current error once more.
    Again,
    /// `'format', arguments`
    Format { format: String, args: Vec<Fragment<Query>> },
    /// A condition.
    Condition(Condition),
    /// Nothing but options.
    OptionsOnly,
}

/// The options of RAISE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RaiseOption {
    ErrCode,
    Message,
    Detail,
    Hint,
    Column,
    Constraint,
    DataType,
    Table,
    Schema,
}
