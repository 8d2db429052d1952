//! The syntax tree: what a statement says, before anybody asks whether it makes sense.
//!
//! It follows PostgreSQL's raw parse tree (`parsenodes.h`) but has types where PostgreSQL has flags and lists, and it
//! holds places ([`Loc`]) instead of whole-text copies. Identifiers are folded and cut at 63 bytes already, as the
//! scanner does.

mod ddl;
mod define;
mod expr;
mod json;
mod query;
mod rule;
mod stmt;
mod xml;

pub use ddl::*;
pub use define::*;
pub use expr::*;
pub use json::*;
pub use query::*;
pub use rule::*;
pub use stmt::*;
pub use xml::*;

use super::span::Loc;

/// An identifier, folded to lower case unless it was quoted.
pub type Name = ecow::EcoString;

/// An identifier and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ident {
    /// The identifier.
    pub name: Name,
    /// Where it stands.
    pub loc: Loc,
}

/// A possibly qualified name: `name`, `schema.name` or `database.schema.name`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct QualifiedName {
    /// The schema, if the name is qualified.
    pub schema: Option<Name>,
    /// The last part.
    pub name: Name,
    /// Where it stands, where the grammar tells.
    pub loc: Loc,
}

impl QualifiedName {
    /// An unqualified name without a place.
    pub fn bare(name: impl Into<Name>) -> Self {
        QualifiedName { schema: None, name: name.into(), loc: Loc::NONE }
    }

    /// A qualified name without a place.
    pub fn in_schema(schema: impl Into<Name>, name: impl Into<Name>) -> Self {
        QualifiedName { schema: Some(schema.into()), name: name.into(), loc: Loc::NONE }
    }
}

/// What DROP and REVOKE do with dependents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum DropBehavior {
    /// Refuse if anything depends on the object; the default.
    #[default]
    Restrict,
    /// Drop dependents too.
    Cascade,
}

/// A name of a type as written: `numeric(8,2)[]`, `public.citext`, `users.email%TYPE`, `SETOF text`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct TypeName {
    /// The name; the grammar has turned `int` to `pg_catalog.int4` and so on.
    pub name: QualifiedName,
    /// `%TYPE`: then `name` has the relation, and this the column.
    pub percent_type: Option<Name>,
    /// Type modifiers in parentheses or of an INTERVAL.
    pub typmods: Vec<Expr>,
    /// Number of `[]` (PostgreSQL does not keep the bounds).
    pub array_dims: u32,
    /// `SETOF`.
    pub setof: bool,
    /// Where it stands.
    pub loc: Loc,
}

/// `name = value` or `name` in a WITH list, an option list, and so on (`DefElem`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DefElem {
    /// `toast` in `toast.autovacuum_enabled`.
    pub namespace: Option<Name>,
    /// The option.
    pub name: Name,
    /// Its value, if one is given.
    pub value: Option<DefValue>,
    /// `ADD`, `SET` or `DROP` in lists that alter options.
    pub action: DefAction,
    /// Where it stands.
    pub loc: Loc,
}

/// How a [`DefElem`] changes an existing list of options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum DefAction {
    /// None is written.
    #[default]
    Unspecified,
    /// `SET`.
    Set,
    /// `ADD`.
    Add,
    /// `DROP`.
    Drop,
}

/// The value of a [`DefElem`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DefValue {
    /// A word or a quoted string.
    String(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction or beyond 32 bits, as written.
    Float(String),
    /// `true` or `false`.
    Boolean(bool),
    /// A type name (also how a bare word can arrive).
    Type(TypeName),
    /// A name of one or more parts.
    Names(Vec<Name>),
    /// A list of values.
    List(Vec<DefValue>),
    /// `*`.
    Star,
    /// An expression.
    Expr(Box<Expr>),
}
