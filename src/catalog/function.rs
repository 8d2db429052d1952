//! Functions, procedures, and what stands outside schemas: roles, extensions, publications.

use super::{Acl, AttrNumber, Oid, Provenance, StoredExpr, TypeRef};
use crate::catalog::tree::Query;
use crate::sql::ast::{Code, Name, ParamMode, Volatility};

/// A schema.
#[derive(Clone, Debug)]
pub struct Schema {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// Its owner.
    pub owner: Oid,
    /// Privileges; nothing means the default ones.
    pub acl: Option<Acl>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

impl Schema {
    /// It is a session's own, for temporary objects (`namespace.c: isAnyTempNamespace`).
    pub fn is_temporary(&self) -> bool {
        self.name.starts_with("pg_temp_")
    }
}

/// A function or procedure that a script or an extension made.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its OID.
    pub oid: Oid,
    /// Its schema.
    pub schema: Oid,
    /// Its name.
    pub name: Name,
    /// Its owner.
    pub owner: Oid,
    /// What it is.
    pub kind: FunctionKind,
    /// Its parameters, the columns of RETURNS TABLE included.
    pub params: Vec<Param>,
    /// What it returns; nothing for a procedure without OUT parameters.
    pub returns: Option<TypeRef>,
    /// It returns a set.
    pub returns_set: bool,
    /// Its language.
    pub language: Name,
    /// Its body.
    pub body: FunctionBody,
    /// `IMMUTABLE`, `STABLE`, `VOLATILE`.
    pub volatility: Volatility,
    /// `STRICT`.
    pub strict: bool,
    /// `SECURITY DEFINER`.
    pub security_definer: bool,
    /// `LEAKPROOF`.
    pub leakproof: bool,
    /// `PARALLEL`: `u`, `r` or `s`.
    pub parallel: char,
    /// `COST`, where it was given.
    pub cost: Option<String>,
    /// `ROWS`, where it was given.
    pub rows: Option<String>,
    /// `SET parameter`: name and value.
    pub config: Vec<(Name, String)>,
    /// `TRANSFORM FOR TYPE`: the types.
    pub transforms: Vec<Oid>,
    /// What makes it an aggregate.
    pub aggregate: Option<Box<Aggregate>>,
    /// Privileges; nothing means the default ones.
    pub acl: Option<Acl>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

/// What an aggregate has beside its signature (`pg_aggregate`). Functions and types that it has not are
/// [`Oid::INVALID`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// How it is called.
    pub kind: AggregateKind,
    /// How many of its arguments are direct ones.
    pub direct_args: usize,
    /// `SFUNC`
    pub transition: Oid,
    /// `STYPE`
    pub transition_type: Oid,
    /// `SSPACE`
    pub space: i32,
    /// `FINALFUNC`
    pub final_function: Oid,
    /// `FINALFUNC_EXTRA`
    pub final_extra: bool,
    /// `FINALFUNC_MODIFY`: `r`ead only, `s`hareable, read-`w`rite.
    pub final_modify: char,
    /// `COMBINEFUNC`
    pub combine: Oid,
    /// `SERIALFUNC`
    pub serial: Oid,
    /// `DESERIALFUNC`
    pub deserial: Oid,
    /// `INITCOND`
    pub initial: Option<String>,
    /// `MSFUNC`
    pub moving_transition: Oid,
    /// `MINVFUNC`
    pub moving_inverse: Oid,
    /// `MSTYPE`
    pub moving_type: Oid,
    /// `MSSPACE`
    pub moving_space: i32,
    /// `MFINALFUNC`
    pub moving_final: Oid,
    /// `MFINALFUNC_EXTRA`
    pub moving_final_extra: bool,
    /// `MFINALFUNC_MODIFY`
    pub moving_final_modify: char,
    /// `MINITCOND`
    pub moving_initial: Option<String>,
    /// `SORTOP`
    pub sort_operator: Oid,
}

impl Aggregate {
    /// One of which only the signature is known.
    pub fn called(kind: AggregateKind, direct_args: usize) -> Aggregate {
        Aggregate {
            kind,
            direct_args,
            transition: Oid::INVALID,
            transition_type: Oid::INVALID,
            space: 0,
            final_function: Oid::INVALID,
            final_extra: false,
            final_modify: 'r',
            combine: Oid::INVALID,
            serial: Oid::INVALID,
            deserial: Oid::INVALID,
            initial: None,
            moving_transition: Oid::INVALID,
            moving_inverse: Oid::INVALID,
            moving_type: Oid::INVALID,
            moving_space: 0,
            moving_final: Oid::INVALID,
            moving_final_extra: false,
            moving_final_modify: 'r',
            moving_initial: None,
            sort_operator: Oid::INVALID,
        }
    }
}

/// How an aggregate is called (`aggkind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AggregateKind {
    /// `f(x)`
    Normal,
    /// `f(x) WITHIN GROUP (ORDER BY y)`
    OrderedSet,
    /// The same, where the direct arguments are a row that is ranked among the others.
    Hypothetical,
}

impl Function {
    /// The types of its input arguments: its identity together with its name.
    pub fn input_types(&self) -> impl Iterator<Item = Oid> + '_ {
        self.params.iter().filter(|p| p.is_input()).map(|p| p.ty.oid)
    }
}

/// Functions, procedures, and the kinds that only extensions make so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FunctionKind {
    /// A function.
    Function,
    /// A procedure.
    Procedure,
    /// An aggregate.
    Aggregate,
    /// A window function.
    Window,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: Option<Name>,
    /// Its type.
    pub ty: TypeRef,
    /// Its mode.
    pub mode: ParamMode,
    /// Its default.
    pub default: Option<StoredExpr>,
}

impl Param {
    /// It is passed by the caller.
    pub fn is_input(&self) -> bool {
        match self.mode {
            ParamMode::In | ParamMode::InOut | ParamMode::Variadic => true,
            ParamMode::Out | ParamMode::Table => false,
        }
    }
}

/// The body of a function.
#[derive(Clone, Debug)]
pub enum FunctionBody {
    /// Source text and the place it comes from.
    Source(Code, crate::source::FileId),
    /// SQL-standard syntax.
    Sql(std::sync::Arc<SqlBodyTree>),
    /// C code: nothing is known about what it does. Where it is, unless an extension made the function.
    Native(Option<Box<NativeCode>>),
}

/// Where the C code of a function is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NativeCode {
    /// The object file (`pg_proc.probin`); none for a function of the server itself.
    pub file: Option<String>,
    /// The C function (`pg_proc.prosrc`).
    pub symbol: String,
}

/// A body in SQL-standard syntax (`pg_proc.prosqlbody`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SqlBodyTree {
    /// `RETURN expression`, as a query that selects it.
    Return(Query),
    /// `BEGIN ATOMIC …`
    Atomic(Vec<Query>),
}

/// A role.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// Its attributes.
    pub attributes: RoleAttributes,
    /// The roles that it is a member of.
    pub member_of: Vec<Membership>,
    /// Settings of its sessions: name and value.
    pub config: Vec<(Name, String)>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

/// The attributes of a role (`pg_authid`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RoleAttributes {
    /// `SUPERUSER`
    pub superuser: bool,
    /// `INHERIT`
    pub inherit: bool,
    /// `CREATEROLE`
    pub create_role: bool,
    /// `CREATEDB`
    pub create_db: bool,
    /// `LOGIN`
    pub login: bool,
    /// `REPLICATION`
    pub replication: bool,
    /// `BYPASSRLS`
    pub bypass_rls: bool,
}

/// A role's membership in another (`pg_auth_members`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Membership {
    /// Its number (16).
    pub oid: Oid,
    /// The group.
    pub role: Oid,
    /// Who granted it. From 16 on several may have.
    pub grantor: Oid,
    /// `WITH ADMIN OPTION`.
    pub admin: bool,
    /// `WITH INHERIT` (16); before, as the member's own attribute says.
    pub inherit: Option<bool>,
    /// `WITH SET` (16).
    pub set: bool,
}

/// An extension.
#[derive(Clone, Debug)]
pub struct Extension {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// The schema of its objects.
    pub schema: Oid,
    /// Its owner.
    pub owner: Oid,
    /// Its version, where it is known.
    pub version: Option<Name>,
    /// We do not know what is in it.
    pub unknown: bool,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

/// A publication.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// Its owner.
    pub owner: Oid,
    /// `FOR ALL TABLES`.
    pub all_tables: bool,
    /// Its tables.
    pub relations: Vec<PublicationRelation>,
    /// Its schemas.
    pub schemas: Vec<Oid>,
    /// `WITH (…)`: name and value.
    pub options: Vec<(Name, String)>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

/// A table in a publication.
#[derive(Clone, Debug)]
pub struct PublicationRelation {
    /// The table.
    pub relation: Oid,
    /// Its published columns; empty for all.
    pub columns: Vec<AttrNumber>,
    /// `WHERE (…)`.
    pub filter: Option<StoredExpr>,
    /// What put it there.
    pub provenance: Provenance,
}
