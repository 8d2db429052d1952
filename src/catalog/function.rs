//! Functions, procedures, and what stands outside schemas: roles, extensions, publications.

use super::{Acl, AttrNumber, Oid, Provenance, StoredExpr, TypeRef};
use crate::sql::ast::{Code, Name, ParamMode, SqlBody, Volatility};

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
    /// Privileges; nothing means the default ones.
    pub acl: Option<Acl>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
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
    Sql(std::sync::Arc<SqlBody>),
    /// C code: nothing is known about what it does.
    Native,
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
    /// The group.
    pub role: Oid,
    /// `WITH ADMIN OPTION`.
    pub admin: bool,
    /// `WITH INHERIT` (16); nothing is as the member's own attribute says.
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
